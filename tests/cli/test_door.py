"""The door process: behind a real host, by ssh, with a seat in this process and in one of its own."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from click.testing import CliRunner

from exercise.cli.common import Wrong
from exercise.cli.door import door_command, ssh_fingerprint, way_back
from exercise.net.doorway import Guest
from exercise.record.reading import read_log
from tests.net.guests import PATIENCE_S, Reading, until
from tests.net.test_ssh_door import Answers, Screen


class Hosting:
    """A host with both doors open."""

    def __init__(self, process: asyncio.subprocess.Process, told: dict[str, Any]) -> None:
        self.process, self.told = process, told

    @property
    def ssh_port(self) -> int:
        """Where the ssh door is, by the line that stands on a ticket."""
        return int(self.told["tickets"][0]["ssh"].split()[2])

    @property
    def tickets(self) -> list[str]:
        """The words of the seats' tickets."""
        return [one["words"] for one in self.told["tickets"] if one["seat"]]


@contextlib.asynccontextmanager
async def hosting(folder: Path, *options: str) -> AsyncIterator[Hosting]:
    """The real program, for two seats, with the doors on free ports."""
    command = (
        sys.executable,
        "-m",
        "exercise",
        "host",
        "osh-2010",
        "--json",
        "--bind",
        "127.0.0.1",
        "--port",
        "0",
        "--ssh",
        "0",
        "--web",
        "0",
    )
    seats = ("--seat", "china", "--seat", "russia", "--log", str(folder / "log.jsonl"))
    surroundings = {**os.environ, "XDG_DATA_HOME": str(folder / "data")}
    process = await asyncio.create_subprocess_exec(
        *command, *seats, *options, stdin=asyncio.subprocess.DEVNULL, stdout=-1, stderr=-1, env=surroundings
    )
    try:
        assert process.stdout is not None
        told = json.loads(await asyncio.wait_for(process.stdout.readline(), 60))
        yield Hosting(process, told)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await asyncio.wait_for(process.communicate(), 30)


async def connected(host: Hosting, secret: str) -> asyncssh.SSHClientConnection:
    """A connection to a host's ssh door, let in by a ticket or code."""
    connection, _client = await asyncssh.create_connection(
        lambda: Answers(secret),
        "127.0.0.1",
        host.ssh_port,
        known_hosts=None,
        username="x",
        config=None,
        agent_path=None,
        client_keys=None,
    )
    return connection


@contextlib.asynccontextmanager
async def seat(host: Hosting, ticket: str) -> AsyncIterator[tuple[asyncssh.SSHClientConnection, Any, Reading]]:
    """A terminal over ssh."""
    async with await connected(host, ticket) as connection:
        channel, session = await connection.create_session(Screen, term_type="xterm-256color", term_size=(100, 30), encoding=None)
        yield connection, channel, session.terminal


@pytest.mark.asyncio
@pytest.mark.parametrize("options", [(), ("--isolate",)], ids=["together", "isolated"])
async def test_a_seat_of_a_real_host_is_played_over_ssh(tmp_path: Path, options: tuple[str, ...]) -> None:
    """Ticket, content note, briefing, the seat's screen, a new size; leaving tells the code; the code brings back, past what was read."""
    async with hosting(tmp_path, *options) as host:
        assert host.told["ssh_fingerprint"] == ssh_fingerprint(tmp_path / "data" / "situation-room" / "ssh_host_ed25519_key")
        ticket = host.tickets[0]
        async with seat(host, ticket) as (_connection, channel, terminal):
            await terminal.shows("Before you start")
            channel.write(b"\r")
            await terminal.shows("You are the government of China")
            terminal.screen.resize(36, 120)
            channel.change_terminal_size(120, 36)
            channel.write(b"\r")
            await until(lambda: "F10 leave" in terminal.text.split("\n")[35], lambda: terminal.text)
            channel.write(b"\x1b[21~")
            await terminal.shows("Leave the exercise?")
            channel.write(b"\r")
            await until(lambda: b"resume with: the same ssh command, and the code" in terminal.raw, lambda: terminal.text)
        code = terminal.raw.decode().partition("Should the line drop, come back with: ")[2].split()[0]
        assert terminal.raw.decode().rstrip().endswith(f"and the code {code}")
        async with seat(host, code) as (_connection, channel, terminal):
            await terminal.shows("Lobby")


@pytest.mark.asyncio
async def test_a_ticket_opens_once_and_a_wrong_one_never(tmp_path: Path) -> None:
    """The host decides, not the door: a spent ticket is refused at the door."""
    async with hosting(tmp_path) as host, seat(host, host.tickets[0]) as (_connection, _channel, terminal):
        await terminal.shows("Before you start")
        for wrong in (host.tickets[0], "lusab-babad-gutih"):
            with pytest.raises(asyncssh.Error):
                async with seat(host, wrong):
                    pass


@pytest.mark.asyncio
@pytest.mark.parametrize("options", [(), ("--isolate",)], ids=["together", "isolated"])
async def test_when_the_host_is_killed_the_doors_close(tmp_path: Path, options: tuple[str, ...]) -> None:
    """No process stays behind that nobody can see; whoever sat at a terminal here is told how to come back."""
    async with hosting(tmp_path, *options) as host:
        async with seat(host, host.tickets[0]) as (connection, _channel, terminal):
            await terminal.shows("Before you start")
            mine = children(host.process.pid)
            assert mine
            host.process.send_signal(signal.SIGKILL)
            await asyncio.wait_for(connection.wait_closed(), PATIENCE_S)
            assert (
                b"Your seat is kept; when it is there again, come back with: the same ssh command, and the code" in terminal.raw or options
            )
        await until(lambda: not any(map(is_running, mine)))


@pytest.mark.asyncio
@pytest.mark.parametrize("options", [(), ("--isolate",)], ids=["together", "isolated"])
async def test_fault_69_no_secret_stands_where_others_of_the_machine_can_read_it(tmp_path: Path, options: tuple[str, ...]) -> None:
    """Tickets, codes and seed: on no command line and in no title of any process, in no log, and not in what is said while people play."""
    async with hosting(tmp_path, "--seed", "98127340551", *options) as host:
        async with seat(host, host.tickets[0]) as (_connection, channel, terminal):
            await terminal.shows("Before you start")
            mine = [host.process.pid, *children(host.process.pid)]
            assert len(mine) == (3 if options else 2)
            shown = [shown_of(one) for one in mine]
            channel.write(b"\r")
            await terminal.shows("You are the government of China")
        code = terminal.raw.decode().partition("Should the line drop, come back with: ")[2].split()[0]
        host.process.terminate()
        said = b"".join(part or b"" for part in await asyncio.wait_for(host.process.communicate(), 30)).decode()
    log = "".join(json.dumps(entry.data, ensure_ascii=False) for entry in read_log(tmp_path / "log.jsonl"))
    secrets = [*(one["words"] for one in host.told["tickets"]), code]
    assert all(len(one) == len("lusab-babad-gutih") for one in secrets)
    for one in secrets:
        assert not any(one in text for text in (*shown, log, said)), one
    # The first of them was started with the seed by hand; it hands it on to nobody.
    assert not any("98127340551" in text for text in (*shown[1:], said))
    assert open_to_others(tmp_path) == []


def shown_of(pid: int) -> str:
    """What everybody on the machine can read of a process: its command line and its title."""
    return Path(f"/proc/{pid}/cmdline").read_text() + Path(f"/proc/{pid}/comm").read_text()


def open_to_others(folder: Path) -> list[Path]:
    """The files in a folder that are not for their owner alone."""
    return [path for path in folder.rglob("*") if path.is_file() and path.stat().st_mode & 0o077]


def children(pid: int) -> list[int]:
    """All processes below one."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += [int(child), *children(int(child))]
    return found


def is_running(pid: int) -> bool:
    """Whether a process is there, and no mere entry that its parent has not looked at."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_over_a_network_the_web_door_needs_https() -> None:
    """Nobody's ticket crosses a network in the open by an oversight."""
    result = CliRunner().invoke(door_command, ["--socket", "nowhere", "--web", "0", "--bind", "0.0.0.0"])
    assert result.exit_code == 2
    assert "needs HTTPS" in result.output


def test_a_door_process_has_a_door() -> None:
    """Without one there is nothing to do."""
    result = CliRunner().invoke(door_command, ["--socket", "nowhere"])
    assert result.exit_code == 2
    assert "no door is to be opened" in result.output


def test_without_asyncssh_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an extra, and who needs it learns its name."""
    monkeypatch.setitem(sys.modules, "asyncssh", None)
    with pytest.raises(Wrong, match="the ssh door needs asyncssh") as refused:
        CliRunner().invoke(door_command, ["--socket", "nowhere", "--ssh", "0"], standalone_mode=False, catch_exceptions=False)
    assert refused.value.hint == "pip install 'situation-room[ssh]'"


def test_the_way_back_is_told_in_words() -> None:
    """By the door that somebody came through."""
    assert way_back(Guest("ssh"), "a-b-c") == "the same ssh command, and the code a-b-c"
    assert way_back(Guest("web"), "") == "this page"
