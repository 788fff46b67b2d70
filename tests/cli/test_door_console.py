"""The facilitator's console behind the doors of a real host: run by ssh and by browser, on screens and in lines, and given to nobody else."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import attrs
import pytest
from websockets.asyncio.client import connect

from exercise.record.reading import read_log
from tests.cli.test_door import Hosting, connected, hosting
from tests.net.guests import Reading, until
from tests.net.test_ssh_door import Screen
from tests.net.test_web_door import Browser

DOORS = ("ssh", "web")
WIDE = (120, 36)


@attrs.define
class Guest:
    """Somebody at a door: what they see, how they type, and how their line is cut without a word."""

    said: Callable[[], str]
    send: Callable[[str], Any]
    cut: Callable[[], None]
    ended: Callable[[], Any]

    async def shows(self, words: str) -> None:
        """Wait for words."""
        await until(lambda: words in self.said(), self.said)

    async def keys(self, keys: str, words: str) -> None:
        """Press keys, and wait for what comes of them."""
        await self.send(keys)
        await self.shows(words)

    async def line(self, line: str, words: str) -> None:
        """Type a line, and wait for something new to be said."""
        before = len(self.said())
        await self.send(line)
        await until(lambda: words in self.said()[before:], lambda: self.said()[before:])


def words_for(host: Hosting, role: str) -> str:
    """The words of the first ticket for a role."""
    return next(str(one["words"]) for one in host.told["tickets"] if one["role"] == role)


@contextlib.asynccontextmanager
async def guest(host: Hosting, door: str, secret: str, *, plain: bool = False) -> AsyncIterator[Guest]:
    """Somebody who came in by a door."""
    async with (by_ssh if door == "ssh" else by_browser)(host, secret, plain) as came:
        yield came


@contextlib.asynccontextmanager
async def by_ssh(host: Hosting, secret: str, plain: bool) -> AsyncIterator[Guest]:
    """With a terminal."""
    async with await connected(host, secret) as connection:
        command = "plain" if plain else None
        channel, session = await connection.create_session(Screen, command, term_type="xterm-256color", term_size=WIDE, encoding=None)
        session.terminal.screen.resize(WIDE[1], WIDE[0])

        async def send(text: str) -> None:
            channel.write((f"{text}\r" if plain else text).encode())

        raw: Reading = session.terminal
        said = (lambda: raw.raw.decode("utf-8", "replace")) if plain else (lambda: raw.text)
        yield Guest(said, send, connection.abort, lambda: asyncio.wait_for(session.closed.wait(), 20))


@contextlib.asynccontextmanager
async def by_browser(host: Hosting, secret: str, plain: bool) -> AsyncIterator[Guest]:
    """As the page does it."""
    address = str(next(one["web"] for one in host.told["tickets"] if one["web"])).partition("#")[0]
    anybody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
    wire = address.replace("https:", "wss:") + "wire"
    async with connect(wire, origin=address.rstrip("/"), ssl=anybody, compression=None, max_size=None) as ws:  # type: ignore[arg-type]
        page = Browser(ws)
        page.terminal.screen.resize(WIDE[1], WIDE[0])
        await page.tell(hello=1, columns=WIDE[0], lines=WIDE[1], secret=secret, plain=plain)

        async def send(text: str) -> None:
            await (page.tell(line=text) if plain else page.ws.send(text.encode()))

        yield Guest((lambda: page.said) if plain else (lambda: page.terminal.text), send, ws.transport.abort, lambda: page.is_told("bye"))
        page.hearing.cancel()


async def code_of(host: Hosting, door: str, secret: str) -> str:
    """A resume code for somebody's ticket, who leaves again."""
    if door == "ssh":
        async with by_ssh(host, secret, True) as came:
            await came.shows("come back with: ")
            return came.said().partition("come back with: ")[2].split()[0]
    async with by_browser(host, secret, True) as came:
        await came.shows(" > ")
        await came.send("quit")
        await came.send("quit")
        said = await came.ended() or came.said()  # a console tells it before it is left, a seat afterwards
        return str(said).partition("the code ")[2].split()[0]


def recorded(folder: Path, kind: str) -> list[dict[str, Any]]:
    """What the host's log has of a kind."""
    return [dict(entry.data) for entry in read_log(folder / "log.jsonl") if entry.type == kind]


@pytest.mark.asyncio
@pytest.mark.parametrize("options", [(), ("--isolate",)], ids=["together", "isolated"])
@pytest.mark.parametrize("door", DOORS)
async def test_an_exercise_is_run_from_a_screen_behind_a_door(tmp_path: Path, door: str, options: tuple[str, ...]) -> None:
    """Started, paused, given more time, an inject released, a seat taken over and a slip typed in; a line that is cut in the middle of a
    question changes nothing, and whoever comes back finds everything as it stands.
    """
    async with hosting(tmp_path, *options) as host, guest(host, "ssh", host.tickets[0]) as player:
        await player.shows("Before you start")
        code = await code_of(host, door, words_for(host, "facilitator"))
        async with guest(host, door, code) as runs:
            await runs.shows("FACILITATOR")
            await runs.keys("N", "Start the exercise?")
            await runs.keys("y", "BRIEFING")
            await runs.keys(" ", "PAUSED")
            await runs.keys(" ", "BRIEFING")
            await runs.keys("++", "10:")
            await runs.keys("3", "Lawyers read the treaty")
            await runs.keys("G", "Let it come with this turn?")
            await runs.keys("y", "Comes with this turn")
            await runs.keys("1\x1b[HT", "Who plays this seat?")
            await runs.keys("\r", "Everybody is ready")
            await runs.keys("I", "A slip, such as")
            await runs.keys("done ru\r", "Russia: is done with this phase")
            await until(lambda: recorded(tmp_path, "ready") != [])
            await runs.keys("L", "You will hear what seats say")
            runs.cut()
        assert [one["by"] for one in recorded(tmp_path, "ready")] == ["facilitator"]
        assert recorded(tmp_path, "listening") == []
        assert len(recorded(tmp_path, "inject")) == 1
        assert [one["by"] for one in recorded(tmp_path, "seat") if one["seat"] == "china"][-1] == "doctrine"
        async with guest(host, door, code) as runs:
            await runs.shows("BRIEFING")
            await runs.shows("FACILITATOR")
            if "Listen?" in runs.said():  # the program waited at the question
                await runs.send("\x1b")
                await until(lambda: "Listen?" not in runs.said(), runs.said)
            await runs.keys(" ", "PAUSED")
        await player.send("\r\r")
        await player.shows("PAUSED")


@pytest.mark.asyncio
@pytest.mark.parametrize("door", DOORS)
async def test_an_exercise_is_run_in_lines_behind_a_door(tmp_path: Path, door: str) -> None:
    """The same for screen readers; the way back is told before leaving, and a line that is cut leaves the exercise as it was."""
    async with hosting(tmp_path) as host:
        code = await code_of(host, door, words_for(host, "facilitator"))
        async with guest(host, door, code, plain=True) as runs:
            await runs.shows("facilitator >")
            await runs.line("start", "Type the same again to do it.")
            await runs.line("start", "BRIEFING")
            await runs.line("pause coffee", "Pause asked for.")
            await runs.line("resume", "Resume asked for.")
            await runs.line("extend 7", "7 minutes more asked for.")
            await runs.line("inject 3", "Let it come with this turn?")
            await runs.line("inject 3", "Release asked for")
            await runs.line("take china by doctrine", "doctrine default plays China")
            await runs.line("menu russia", "  1 ")
            await runs.line("slip done ru", "Handed in: Russia: is done with this phase")
            await runs.line("new ticket observer", "New ticket t4, observer: ")
            await runs.line("tickets t4", "exercise join 127.0.0.1:")
            await runs.line("look", "BRIEFING")
            runs.cut()
        assert [one["by"] for one in recorded(tmp_path, "ready")] == ["facilitator"]
        assert len(recorded(tmp_path, "paused")) == len(recorded(tmp_path, "resumed")) == 1
        assert recorded(tmp_path, "seat")[-1]["seat"] == "china"
        async with guest(host, door, code, plain=True) as runs:
            await runs.shows("BRIEFING")
            await runs.line("quit", "The exercise goes on without you. Come back with: ")
            await runs.send("quit")
            told = await runs.ended()
            assert "Come back with: " in (told if isinstance(told, str) else runs.said().rpartition("quit")[2])
        assert host.process.returncode is None


@pytest.mark.asyncio
@pytest.mark.parametrize("door", DOORS)
async def test_nobody_else_gets_the_console(tmp_path: Path, door: str) -> None:
    """A player and an observer see their own screens, in lines too; what they type of a facilitator's commands does nothing."""
    async with hosting(tmp_path) as host, guest(host, "ssh", words_for(host, "facilitator"), plain=True) as runs:
        await runs.shows("facilitator >")
        await runs.line("new ticket observer", "New ticket t4, observer: ")
        observer = runs.said().rpartition("observer: ")[2].split()[0]
        for secret in (host.tickets[0], observer):
            async with guest(host, door, secret) as other:
                await other.shows("Before you start")
                for key in ("\r", "\r", "N", "y", " "):
                    await other.send(key)
                assert "FACILITATOR" not in other.said()
                other.cut()
        async with guest(host, door, host.tickets[1], plain=True) as other:
            await other.shows("Before you start")
            for line in ("start", "start", "slip done ru", "inject 3", "take china by doctrine", "quit", "quit"):
                await other.send(line)
            await other.ended()
            assert "facilitator >" not in other.said()
        await runs.line("look", "LOBBY")
        for kind in ("phase", "inject", "ready"):
            assert recorded(tmp_path, kind) == []


@pytest.mark.asyncio
@pytest.mark.parametrize("door", DOORS)
async def test_whoever_drops_from_a_door_is_away_at_once(tmp_path: Path, door: str) -> None:
    """On the console, and for the other seats in the lobby; back at once when they are."""
    async with (
        hosting(tmp_path) as host,
        guest(host, "ssh", words_for(host, "facilitator")) as runs,
        guest(host, "web", host.tickets[1]) as other,
    ):
        await runs.shows("FACILITATOR")
        await other.shows("Before you start")
        await other.keys("\r", "You are the")
        await other.keys("\r", "Here: 1 of 12 seats")
        code = await code_of(host, door, host.tickets[0])
        async with guest(host, door, code) as player:
            await player.shows("CHINA")
            await runs.shows("Lobby: 2 of 2 seats here")
            player.cut()
        await runs.shows("away │")
        await runs.shows("Lobby: 1 of 2 seats here")
        await other.shows("away: line gone, place kept")
        async with guest(host, door, code):
            await runs.shows("Lobby: 2 of 2 seats here")
            assert "away │" not in runs.said()
