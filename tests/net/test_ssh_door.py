"""The ssh door: who gets in, what they get, and all that they do not get."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import stat
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncssh
import pytest
import pytest_asyncio

from exercise.cli import house as cli_house
from exercise.net import ssh_door
from exercise.net.doorway import NotAdmitted
from exercise.net.ssh_door import SshDoor, host_key, open_ssh_door
from exercise.tui.wire_driver import END
from tests.net.guests import Office, Reading, house_of, until

TICKET = "lusab-babad-gutih"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong ticket costs no second here, and nobody is waited for."""
    monkeypatch.setattr(ssh_door, "PENALTY_S", 0.0)
    monkeypatch.setattr(cli_house, "KEEP_S", 0.0)


@pytest.fixture
def office() -> Office:
    """Three tickets."""
    return Office(TICKET, "second-ticket", "third-ticket")


@pytest_asyncio.fixture
async def door(office: Office, tmp_path: Path) -> AsyncIterator[SshDoor]:
    """An open door."""
    with house_of(office) as house:
        opened = await open_ssh_door(house, tmp_path / "keys" / "host_key", "127.0.0.1", 0)
        yield opened
        await opened.close()


class Answers(asyncssh.SSHClient):
    """Answers the question for a ticket."""

    def __init__(self, *tickets: str) -> None:
        self.left = list(tickets)
        self.told: list[str] = []

    def kbdint_auth_requested(self) -> str | None:
        """Once."""
        return "" if self.left else None

    def kbdint_challenge_received(self, _name: str, instructions: str, _lang: str, prompts: Any) -> list[str] | None:
        """The next ticket."""
        self.told.append(instructions)
        if not self.left:
            return None
        return [self.left.pop(0) for _prompt in prompts]


@contextlib.asynccontextmanager
async def connected(door: SshDoor, *tickets: str, **options: Any) -> AsyncIterator[asyncssh.SSHClientConnection]:
    """A connection that was let in."""
    options.setdefault("client_keys", None)
    connection, _client = await asyncssh.create_connection(
        lambda: Answers(*tickets), "127.0.0.1", door.port, known_hosts=None, username="anybody", config=None, agent_path=None, **options
    )
    async with connection:
        yield connection


class Screen(asyncssh.SSHClientSession[bytes]):
    """A terminal at the other end."""

    def __init__(self) -> None:
        self.terminal = Reading()
        self.closed = asyncio.Event()

    def data_received(self, data: bytes, _datatype: Any) -> None:
        """Show it."""
        self.terminal.take(data)

    def connection_lost(self, _error: Exception | None) -> None:
        """Over."""
        self.closed.set()


async def sit_down(connection: asyncssh.SSHClientConnection, **options: Any) -> tuple[Any, Screen]:
    """A session with a terminal of 100 columns."""
    options.setdefault("term_type", "xterm-256color")
    channel, session = await connection.create_session(Screen, term_size=(100, 30), encoding=None, **options)
    return channel, session


@pytest.mark.asyncio
async def test_a_ticket_leads_to_the_seat(door: SshDoor, office: Office) -> None:
    """Any user name, a ticket, the content note; keys arrive, the size follows, and leaving says how to come back."""
    async with connected(door, TICKET) as connection:
        channel, session = await sit_down(connection)
        await session.terminal.shows("Before you start")
        channel.write(b"\r")
        await session.terminal.shows("You are the government of Uzbekistan")
        session.terminal.screen.resize(40, 120)
        channel.change_terminal_size(120, 40)
        await until(lambda: session.terminal.text.split("\n")[39].strip() != "")
        channel.write(b"\x11")
        await session.terminal.shows("Leave the exercise?")
        channel.write(b"\r")
        await asyncio.wait_for(session.closed.wait(), 20)
        assert channel.get_exit_status() == 0
        assert f"resume with: the same ssh command, and the code code-{TICKET}" in session.terminal.text
    assert [(guest.via, guest.came_from, guest.key) for guest in office.asked] == [("ssh", "127.0.0.1", "")]
    await until(lambda: len(office.gone) == 1)


@pytest.mark.asyncio
async def test_a_wrong_ticket_is_asked_for_again_five_times_at_most(door: SshDoor, office: Office) -> None:
    """A mistyped ticket is no end; the fifth is, and the right one after it is not even looked at."""
    async with connected(door, "wrong", TICKET) as connection:
        assert connection is not None
    with pytest.raises((asyncssh.PermissionDenied, asyncssh.ConnectionLost, asyncssh.DisconnectError)):
        async with connected(door, *["wrong"] * 5, "second-ticket"):
            pass
    assert "second-ticket" in office.tickets


@pytest.mark.asyncio
async def test_without_a_ticket_nobody_comes_in(door: SshDoor, office: Office) -> None:
    """No password, no empty answer, no user name opens the door."""
    for options in ({"password": TICKET}, {"password": ""}):
        with pytest.raises(asyncssh.Error):
            async with connected(door, preferred_auth=["none", "password"], **options):
                pass
    assert not office.inside


@pytest.mark.asyncio
async def test_there_is_no_shell_no_command_and_no_file(door: SshDoor) -> None:
    """Commands, subsystems, sftp and scp are refused, and one session is all that a connection has."""
    async with connected(door, TICKET) as connection:
        for command in ("sh", "id", "plain; id", "scp -t .", "exercise", ""):
            if command:
                with pytest.raises(asyncssh.ChannelOpenError):
                    await connection.create_session(Screen, command, encoding=None)
        with pytest.raises(asyncssh.Error):
            await connection.start_sftp_client()
        with pytest.raises(asyncssh.Error):
            await connection.create_session(Screen, subsystem="sftp", encoding=None)


@pytest.mark.asyncio
async def test_a_second_session_on_a_connection_is_refused(door: SshDoor) -> None:
    """Multiplexed connections get one seat."""
    async with connected(door, TICKET) as connection:
        _channel, session = await sit_down(connection)
        await session.terminal.shows("Before you start")
        with pytest.raises(asyncssh.ChannelOpenError):
            await sit_down(connection)


@pytest.mark.asyncio
async def test_nothing_is_forwarded(door: SshDoor, office: Office, tmp_path: Path) -> None:
    """No tunnel in either direction, to no port and no socket; no agent, no X11."""
    del office
    async with connected(door, TICKET) as connection:
        with pytest.raises(asyncssh.ChannelOpenError):
            await connection.open_connection("127.0.0.1", door.port)
        with pytest.raises(asyncssh.ChannelOpenError):
            await connection.open_unix_connection(str(tmp_path / "socket"))
        with pytest.raises(asyncssh.ChannelListenError):
            await connection.forward_remote_port("127.0.0.1", 0, "127.0.0.1", 9)
        with pytest.raises(asyncssh.ChannelListenError):
            await connection.forward_remote_path(str(tmp_path / "socket"), str(tmp_path / "other"))
        with pytest.raises(asyncssh.ChannelOpenError):
            await sit_down(connection, x11_forwarding=True, x11_display="127.0.0.1:0")
    async with connected(door, "second-ticket", agent_forwarding=True) as connection:
        _channel, session = await sit_down(connection)
        await session.terminal.shows("Before you start")


@pytest.mark.asyncio
async def test_a_key_is_a_name_and_opens_nothing_by_itself(door: SshDoor, office: Office) -> None:
    """Somebody with a key is asked for a ticket on the terminal; after that the key alone brings them back, and no other key does."""
    mine, theirs = asyncssh.generate_private_key("ssh-ed25519"), asyncssh.generate_private_key("ssh-ed25519")
    async with connected(door, client_keys=[mine]) as connection:
        channel, session = await sit_down(connection)
        await session.terminal.shows("Ticket or resume code:")
        channel.write(b"wrong\r")
        await session.terminal.shows("nobody knows this ticket")
        channel.write(f"{TICKET[:-1]}x\x7f{TICKET[-1]}\r".encode())
        await session.terminal.shows("Before you start")
    await until(lambda: office.gone)
    async with connected(door, client_keys=[mine]) as connection:
        _channel, session = await sit_down(connection)
        await session.terminal.shows("Before you start")
    assert {guest.key for guest in office.asked} == {mine.get_fingerprint()}
    async with connected(door, client_keys=[theirs]) as connection:
        _channel, session = await sit_down(connection)
        await session.terminal.shows("Ticket or resume code:")


@pytest.mark.asyncio
async def test_a_key_that_was_only_mentioned_is_nobodys_name(door: SshDoor, office: Office) -> None:
    """Public keys are public: whoever mentions one without proving to hold it, and then shows a ticket, comes without a key."""
    victim = asyncssh.generate_private_key("ssh-ed25519")
    office.keys[victim.get_fingerprint()] = "code-of-the-victim"
    caller = ssh_door._Caller(door)
    assert caller.validate_public_key("x", victim.convert_to_public())
    caller.get_kbdint_challenge("x", "", "")
    assert await caller.validate_kbdint_response("x", [TICKET]) is True
    caller.auth_completed()
    assert caller.key == ""
    assert [guest.key for guest in office.asked] == [""]


@pytest.mark.asyncio
async def test_whoever_asks_five_times_on_the_terminal_is_sent_away(door: SshDoor, office: Office) -> None:
    """The count holds behind a key as well."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    async with connected(door, client_keys=[key]) as connection:
        channel, session = await sit_down(connection)
        for _count in range(5):
            channel.write(b"wrong\r")
        await asyncio.wait_for(session.closed.wait(), 20)
    assert not office.inside
    assert len([guest for guest in office.asked if guest.secret]) == 5


@pytest.mark.asyncio
@pytest.mark.parametrize(("options", "typed"), [({"term_type": None}, "\n"), ({"command": "plain"}, "\r"), ({"term_type": "dumb"}, "\r")])
async def test_lines_for_whoever_wants_lines(door: SshDoor, office: Office, options: dict[str, Any], typed: str) -> None:
    """Without a terminal, with the word plain, and on a dumb terminal the seat is played in lines, without an escape code."""
    async with connected(door, TICKET) as connection:
        if options.get("term_type", "") is None:
            channel, session = await connection.create_session(Screen, encoding=None, request_pty=False)
        else:
            channel, session = await sit_down(connection, **options)
        await until(lambda: b"Before you start" in session.terminal.raw)
        channel.write(f"order open_border 80{typed}".encode())
        await until(lambda: b"Sent: Open the border" in session.terminal.raw, session.terminal.raw.decode)
        channel.write(f"quit{typed}".encode())
        await asyncio.wait_for(session.closed.wait(), 20)
        assert b"\x1b" not in session.terminal.raw
        assert channel.get_exit_status() == 0
    acts = [act["act"] for act in office.inside[0].links["uzbekistan"].acts]
    assert acts == ["order"]


@pytest.mark.asyncio
async def test_the_end_of_the_input_ends_the_lines(door: SshDoor, office: Office) -> None:
    """A pipe that ends leaves in good order."""
    async with connected(door, TICKET) as connection:
        channel, session = await connection.create_session(Screen, encoding=None, request_pty=False)
        channel.write(b"look\n")
        channel.write_eof()
        await asyncio.wait_for(session.closed.wait(), 20)
        assert b"resume with" in session.terminal.raw
    await until(lambda: office.gone)


@pytest.mark.asyncio
async def test_a_dropped_line_ends_one_session_and_leaves_the_others(door: SshDoor, office: Office) -> None:
    """No goodbye, no more bytes: the place is given back, and the neighbour plays on."""
    async with connected(door, TICKET) as falling, connected(door, "second-ticket") as staying:
        _channel, first = await sit_down(falling)
        channel, second = await sit_down(staying)
        await first.terminal.shows("Before you start")
        await second.terminal.shows("Before you start")
        falling.abort()
        await until(lambda: len(office.gone) == 1)
        channel.write(b"\r")
        await second.terminal.shows("You are the government")


@pytest.mark.asyncio
async def test_whoever_comes_back_soon_finds_everything_as_it_was(door: SshDoor, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line is lost in the middle of a word: by the code, at a terminal of another size and fewer colours, the word is there and goes on."""
    monkeypatch.setattr(cli_house, "KEEP_S", 60.0)
    async with connected(door, TICKET) as connection:
        channel, session = await sit_down(connection)
        await session.terminal.shows("Before you start")
        channel.write(b"\r")
        await session.terminal.shows("You are the government")
        channel.write(b"\r")
        await session.terminal.shows("F10 leave")
        channel.write(b"/")
        await session.terminal.shows("Find in reports")
        channel.write(b"half a wo")
        await session.terminal.shows("half a wo")
        connection.abort()
    async with connected(door, f"code-{TICKET}") as connection:
        channel, session = await sit_down(connection, term_type="linux")
        await session.terminal.shows("half a wo")
        assert b"38;2;" not in session.terminal.raw
        channel.write(b"rd")
        await session.terminal.shows("half a word")
        assert len(office.inside) == 1
        assert not office.gone
        assert office.inside[0].was_away == [True, False]
        async with connected(door, f"code-{TICKET}") as other:
            _channel, newer = await sit_down(other)
            await newer.terminal.shows("half a word")
            await asyncio.wait_for(session.closed.wait(), 20)
            assert session.terminal.raw.endswith(END.encode() + b"Your seat goes on at another terminal.\r\n")
            other.abort()
        async with connected(door, f"code-{TICKET}") as last:
            channel, lines = await last.create_session(Screen, encoding=None, request_pty=False)
            channel.write(b"look\nquit\n")
            await asyncio.wait_for(lines.closed.wait(), 20)
            assert b"turn 1 of 9" in lines.terminal.raw


@pytest.mark.asyncio
async def test_when_the_host_is_gone_terminals_are_given_back_and_told_the_way(door: SshDoor) -> None:
    """Screens leave the terminal as they found it; lines say the same words."""
    async with connected(door, TICKET) as first, connected(door, "second-ticket") as second:
        channel, session = await sit_down(first)
        await session.terminal.shows("Before you start")
        channel.write(b"\r")
        await session.terminal.shows("You are the government")
        _channel, lines = await second.create_session(Screen, encoding=None, request_pty=False)
        await until(lambda: b"Type help" in lines.terminal.raw)
        await door.house.part()  # type: ignore[attr-defined]  # the house has it, doors do not know
        await asyncio.wait_for(session.closed.wait(), 20)
        _frames, end, words = session.terminal.raw.rpartition(END.encode())
        assert end
        told = "when it is there again, come back with: the same ssh command, and the code"
        assert words.decode().endswith(f"{told} code-{TICKET}\r\n")
        await until(lambda: f"{told} code-second-ticket".encode() in lines.terminal.raw)


@pytest.mark.asyncio
async def test_a_code_that_was_taken_back_does_not_open_the_program_that_waits(
    door: SshDoor, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the host's word counts a code leads to the program as it was, however it is typed; after that to the host, who says no."""
    monkeypatch.setattr(cli_house, "KEEP_S", 60.0)
    async with connected(door, TICKET) as connection:
        channel, session = await sit_down(connection)
        await session.terminal.shows("Before you start")
        connection.abort()
    async with connected(door, f"CODE {TICKET.replace('-', ' ')}") as connection:
        channel, session = await sit_down(connection)
        await session.terminal.shows("Before you start")
        assert len(office.inside) == 1
        office.codes.clear()
        office.inside[0].is_refused = True
        with pytest.raises(asyncssh.PermissionDenied):
            async with connected(door, f"code-{TICKET}"):
                pass
        channel.write(b"\x1b[21~")


@pytest.mark.asyncio
async def test_nobody_is_waited_for_for_ever(door: SshDoor, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """After some time the place is given back, and the code leads to it through the host."""
    monkeypatch.setattr(cli_house, "KEEP_S", 0.2)
    async with connected(door, TICKET) as connection:
        _channel, session = await sit_down(connection)
        await session.terminal.shows("Before you start")
        connection.abort()
    await until(lambda: office.gone)
    async with connected(door, f"code-{TICKET}") as connection:
        _channel, session = await sit_down(connection)
        await session.terminal.shows("turn 1 of")
    assert len(office.inside) == 2


@pytest.mark.asyncio
async def test_one_session_that_breaks_says_so_and_leaves_the_others(door: SshDoor, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line for people, exit status 1, and the other session plays on."""
    async with connected(door, TICKET) as falling, connected(door, "second-ticket") as staying:
        channel, first = await sit_down(falling)
        other, second = await sit_down(staying)
        await first.terminal.shows("Before you start")
        await second.terminal.shows("Before you start")
        from exercise.tui.seat_app import SeatApp

        def fall(_app: object) -> None:
            raise ZeroDivisionError

        with monkeypatch.context() as patched:
            patched.setattr(SeatApp, "action_theme", fall)
            channel.write(b"\x14")
            await asyncio.wait_for(first.closed.wait(), 20)
        assert channel.get_exit_status() == 1
        assert "The screen stopped (ZeroDivisionError" in first.terminal.text
        other.write(b"\r")
        await second.terminal.shows("You are the government")


@pytest.mark.asyncio
async def test_whoever_came_in_and_asks_for_nothing_leaves_no_place_behind(door: SshDoor, office: Office) -> None:
    """A ticket was shown, then the connection ends without a session."""
    async with connected(door, TICKET):
        pass
    await until(lambda: office.gone)


@pytest.mark.asyncio
async def test_who_says_nothing_is_hung_up_on(door: SshDoor, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection without a handshake takes a place for a moment only, and there are so many places and no more."""
    monkeypatch.setattr(ssh_door, "HANDSHAKE_S", 0.1)
    monkeypatch.setattr(ssh_door, "MOST_CONNECTIONS", 2)
    lines = [await asyncio.open_connection("127.0.0.1", door.port) for _count in range(3)]
    for reader, _writer in lines:
        await asyncio.wait_for(reader.read(-1), 20)
    await until(lambda: not door.callers)
    for _reader, writer in lines:
        writer.close()


@pytest.mark.asyncio
async def test_a_reader_that_stops_is_not_buffered_for(door: SshDoor, office: Office) -> None:
    """While somebody does not read, frames are skipped; afterwards the screen is right."""
    async with connected(door, TICKET) as connection:
        channel, session = await sit_down(connection)
        await session.terminal.shows("Before you start")
        channel.write(b"\r")
        await session.terminal.shows("You are the government")
        channel.pause_reading()
        server = next(iter(door.callers))
        size = 0
        for step in range(1500):
            channel.change_terminal_size(90 + step % 20, 30)
            await asyncio.sleep(0)
            if step % 50 == 0:
                await asyncio.sleep(0.02)
                session_there = server._session
                size = max(size, session_there._chan.get_write_buffer_size() + server.waiting())
        assert size < 2 * 1024 * 1024
        channel.resume_reading()
        channel.change_terminal_size(100, 30)
        await session.terminal.shows("You are the government")
    assert office.inside


def test_the_host_key_is_made_once_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    """The same key the next time, so that nobody is warned without need; mode 0600 in a folder of 0700."""
    place = tmp_path / "new" / "key"
    first = host_key(place)
    assert host_key(place).get_fingerprint() == first.get_fingerprint()
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
    assert first.get_algorithm() == "ssh-ed25519"


def test_an_answer_of_the_house_is_one_legible_line() -> None:
    """What a host says is shown to somebody who may be nobody: no escape code, one line."""
    assert NotAdmitted("no \x1b[2J\nticket", "look").line == "no \N{SYMBOL FOR ESCAPE}[2J ticket look"


@pytest.mark.asyncio
@pytest.mark.skipif(shutil.which("ssh") is None, reason="there is no ssh on this machine")
async def test_the_ssh_of_everybody(door: SshDoor, office: Office, tmp_path: Path) -> None:
    """The usual client, with a key, without a terminal: asked for a ticket, plays in lines; and it gets no shell."""
    asyncssh.generate_private_key("ssh-ed25519").write_private_key(str(tmp_path / "id"))
    (tmp_path / "id").chmod(0o600)
    usual = ("-F", "none", "-o", "StrictHostKeyChecking=no", "-o", f"UserKnownHostsFile={tmp_path / 'known'}", "-o", "IdentitiesOnly=yes")
    command = ("ssh", *usual, "-i", str(tmp_path / "id"), "-p", str(door.port), "somebody@127.0.0.1")
    surroundings = {**os.environ, "SSH_AUTH_SOCK": ""}
    play = await asyncio.create_subprocess_exec(*command, "-T", stdin=-1, stdout=-1, stderr=-1, env=surroundings)
    out, _err = await asyncio.wait_for(play.communicate(f"{TICKET}\nlook\nquit\n".encode()), 30)
    assert b"Before you start" in out
    assert play.returncode == 0
    shell = await asyncio.create_subprocess_exec(*command, "id", stdin=-1, stdout=-1, stderr=-1, env=surroundings)
    out, err = await asyncio.wait_for(shell.communicate(b""), 30)
    assert b"uid=" not in out + err
    assert shell.returncode != 0
    assert len(office.inside) == 1
