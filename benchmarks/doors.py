"""The doors measured: memory of a session, connection to first paint, key to repaint while twenty people type, a new turn for all at once.

    python -m benchmarks.doors                    measure the ssh door and the web door with 20 sessions
    python -m benchmarks.doors serve              both doors to a practice exercise of one's own, with any ticket, until ctrl+c

A door process serves scripted seats (no engine behind them), as a child with nothing else to do; this process types and reads. A key counts
as answered when the bytes of its repaint have come.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import pathlib
import random
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from typing import Any, Protocol

SESSIONS = 20
SECONDS = 12.0
KEYS_A_SECOND = 1.25
PATIENCE_S = 30.0
DOWN, UP = b"\x1b[B", b"\x1b[A"
KEYS = (DOWN, DOWN, UP, DOWN, UP, UP, b"4", b"2")
"""Light keys, up and down a list, and now and then another pane and back."""


# --- the process that is measured -------------------------------------------------------------------------------------------------


async def serve_scripted(folder: pathlib.Path) -> None:
    """Both doors to scripted seats. SIGUSR1 gives everybody a new turn."""
    from exercise.cli.door import SeatHouse
    from exercise.net.doorway import Guest
    from exercise.net.ssh_door import open_ssh_door
    from exercise.net.web_door import WebDoor
    from exercise.tui.crowd import Crowd, prepare_process
    from tests.net.guests import Office, TicketVenue

    prepare_process()
    office = Office(*(f"ticket-{number}" for number in range(2_000)))

    def venue(guest: Guest) -> Any:
        return TicketVenue(office, guest)

    house = SeatHouse(venue, Crowd(), lambda _guest, code: code)
    ssh_door = await open_ssh_door(house, folder / "key", "127.0.0.1", 0)
    web_door = WebDoor(house)
    await web_door.open("127.0.0.1", 0)

    def next_turn() -> None:
        for each in office.inside:
            for link in each.links.values():
                if not each.closed:
                    link.close_turn()

    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, next_turn)
    print(json.dumps({"ssh": ssh_door.port, "web": web_door.port}), flush=True)
    await asyncio.Event().wait()


async def serve_practice(ssh_port: int, web_port: int) -> None:
    """Both doors to practice exercises: every guest has one of their own."""
    from exercise.cli.door import SeatHouse
    from exercise.cli.venue import LocalVenue, begin
    from exercise.net.doorway import Guest
    from exercise.net.ssh_door import open_ssh_door
    from exercise.net.web_door import WebDoor
    from exercise.tui.crowd import Crowd, prepare_process

    class Practice:
        """A local venue that anybody may enter."""

        def __init__(self, inner: LocalVenue) -> None:
            self.inner, self.resume = inner, ""
            self.seats: tuple[str, ...] = ()
            self.codes: tuple[str, ...] = ("any-words-will-do",)
            self.lobby, self.take, self.close = inner.lobby, inner.take, inner.close

        def open(self) -> None:
            """Anybody may."""

    def venue(_guest: Guest) -> Any:
        return Practice(begin("osh-2010", None, None, None, is_practice=True))

    prepare_process()
    house = SeatHouse(venue, Crowd(), lambda _guest, code: code)
    with tempfile.TemporaryDirectory() as folder:
        ssh_door = await open_ssh_door(house, pathlib.Path(folder) / "key", "127.0.0.1", ssh_port)
        web_door = WebDoor(house)
        await web_door.open("127.0.0.1", web_port)
        print(f"ssh -p {ssh_door.port} 127.0.0.1   ({ssh_door.fingerprint})")
        print(f"http://127.0.0.1:{web_door.port}/", flush=True)
        ended = asyncio.Event()
        for each in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(each, ended.set)
        await ended.wait()
        await ssh_door.close()
        await web_door.close()


# --- the ones who type ------------------------------------------------------------------------------------------------------------


class Terminal(Protocol):
    """One session, seen from outside."""

    heard: Heard

    def type(self, keys: bytes) -> None:
        """Type."""


class Heard:
    """What came, and somebody who waits for it."""

    def __init__(self) -> None:
        self.bytes = 0
        self._tail = b""
        self._waiting: list[tuple[Callable[[bytes], bool], asyncio.Future[float]]] = []

    def take(self, data: bytes) -> None:
        """Something came."""
        self.bytes += len(data)
        seen = self._tail + data
        self._tail = seen[-4_000:]
        for holds, done in list(self._waiting):
            if not done.done() and holds(seen):
                done.set_result(time.perf_counter())
        self._waiting = [each for each in self._waiting if not each[1].done()]

    async def until(self, holds: Callable[[bytes], bool]) -> float:
        """The moment at which what came satisfied a condition."""
        done: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._waiting.append((holds, done))
        return await asyncio.wait_for(done, PATIENCE_S)


@contextlib.asynccontextmanager
async def by_ssh(port: int, ticket: str) -> AsyncIterator[Terminal]:
    """A terminal over ssh."""
    import asyncssh

    class Client(asyncssh.SSHClient):
        def kbdint_auth_requested(self) -> str:
            return ""

        def kbdint_challenge_received(self, _name: str, _said: str, _lang: str, prompts: Any) -> list[str]:
            return [ticket for _prompt in prompts]

    class Screen(asyncssh.SSHClientSession[bytes]):
        def __init__(self) -> None:
            self.heard = Heard()
            self.channel: Any = None

        def data_received(self, data: bytes, _kind: Any) -> None:
            self.heard.take(data)

        def type(self, keys: bytes) -> None:
            self.channel.write(keys)

    connection, _client = await asyncssh.create_connection(
        Client, "127.0.0.1", port, known_hosts=None, username="x", config=None, agent_path=None, client_keys=None, compression_algs=None
    )
    async with connection:
        channel, screen = await connection.create_session(Screen, term_type="xterm-256color", term_size=(120, 36), encoding=None)
        assert isinstance(screen, Screen)
        screen.channel = channel
        yield screen


@contextlib.asynccontextmanager
async def by_web(port: int, ticket: str) -> AsyncIterator[Terminal]:
    """A terminal in what might be a browser."""
    from websockets.asyncio.client import ClientConnection, connect
    from websockets.exceptions import ConnectionClosed

    class Screen:
        def __init__(self, ws: ClientConnection) -> None:
            self.ws, self.heard = ws, Heard()
            self.tasks: set[asyncio.Task[None]] = set()

        def type(self, keys: bytes) -> None:
            task = asyncio.create_task(self.ws.send(keys))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

        async def hear(self) -> None:
            with contextlib.suppress(ConnectionClosed):
                async for message in self.ws:
                    if isinstance(message, bytes):
                        self.heard.take(message)

    async with connect(f"ws://127.0.0.1:{port}/wire", origin=f"http://127.0.0.1:{port}", compression=None) as ws:  # type: ignore[arg-type]
        await ws.send(json.dumps({"hello": 1, "secret": ticket, "columns": 120, "lines": 36}))
        screen = Screen(ws)
        hearing = asyncio.create_task(screen.hear())
        yield screen
        hearing.cancel()


Connect = Callable[[int, str], contextlib.AbstractAsyncContextManager[Terminal]]


async def measure(kind: str, connect: Connect, sessions: int, seconds: float) -> dict[str, Any]:
    """All that is to be known of one door."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "TEXTUAL_FPS": "120", "TEXTUAL_ANIMATIONS": "none"}
        door = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.doors", "scripted", folder, stdout=asyncio.subprocess.PIPE, env=environment
        )
        assert door.stdout is not None
        port = json.loads(await door.stdout.readline())[kind]
        try:
            return await _measure(door.pid, port, connect, sessions, seconds)
        finally:
            door.terminate()
            await door.wait()


async def _measure(pid: int, port: int, connect: Connect, sessions: int, seconds: float) -> dict[str, Any]:
    result: dict[str, Any] = {}
    async with contextlib.AsyncExitStack() as stack:

        async def come(number: int) -> tuple[Terminal, float, float]:
            began = time.perf_counter()
            terminal = await stack.enter_async_context(connect(port, f"ticket-{number}"))
            painted = await terminal.heard.until(lambda seen: b"Before you start" in seen)
            terminal.type(b"\r")
            return terminal, painted - began, await terminal.heard.until(lambda seen: b"It is Thursday" in seen) - began

        first, *_times = await come(0)  # imports, caches
        idle = memory_kib(pid)
        alone = [await come(number) for number in (1, 2, 3)]
        began = time.perf_counter()
        rest = await asyncio.gather(*(come(number) for number in range(4, sessions)))
        terminals = [first, *(each[0] for each in (*alone, *rest))]
        result["memory a session, MiB"] = round((memory_kib(pid) - idle) / 1024 / (len(terminals) - 1), 2)
        result["process, MiB"] = round(memory_kib(pid) / 1024, 1)
        result["connect to first paint, alone, ms (p50)"] = ms(statistics.median(each[1] for each in alone))
        result[f"{len(rest)} more at once to seat's screen, ms (p50, max)"] = [
            ms(statistics.median(e[2] for e in rest)),
            ms(max(e[2] for e in rest)),
        ]
        result["all of them there after, ms"] = ms(time.perf_counter() - began)
        for each in terminals:
            each.type(b"\x1b")
        await asyncio.sleep(0.5)
        for each in terminals:
            each.type(b"2")
        await asyncio.sleep(2.5)
        result["key to repaint"] = await typing(pid, terminals, seconds)
        result["new turn"] = await turning(pid, terminals)
    return result


async def typing(pid: int, terminals: list[Terminal], seconds: float) -> dict[str, Any]:
    """Everybody types at their own pace."""
    luck = random.Random(7)
    taken: dict[str, list[float]] = {"light": [], "pane": []}
    sizes: dict[str, list[int]] = {"light": [], "pane": []}
    spent = cpu_s(pid)
    end = time.perf_counter() + seconds

    async def person(terminal: Terminal, pace: random.Random) -> None:
        await asyncio.sleep(pace.random() / KEYS_A_SECOND)
        step = 0
        while time.perf_counter() < end:
            key = KEYS[step % len(KEYS)]
            kind = "light" if key in (DOWN, UP) else "pane"
            step += 1
            before = terminal.heard.bytes
            began = time.perf_counter()
            answered = asyncio.ensure_future(terminal.heard.until(bool))
            terminal.type(key)
            with contextlib.suppress(asyncio.TimeoutError):
                done = await asyncio.wait_for(answered, 1.0)  # an arrow at the end of a list changes nothing
                taken[kind].append(done - began)
            await asyncio.sleep(pace.uniform(0.5, 1.5) / KEYS_A_SECOND)
            sizes[kind].append(terminal.heard.bytes - before)

    await asyncio.gather(*(person(each, random.Random(luck.random())) for each in terminals))
    result: dict[str, Any] = {"CPU of one core, %": round(100 * (cpu_s(pid) - spent) / seconds, 1)}
    for kind, times in taken.items():
        times.sort()
        result[f"{kind} keys"] = len(times)
        result[f"{kind}: p50, p95, p99, max, ms"] = [
            ms(times[min(len(times) - 1, int(len(times) * part))]) for part in (0.5, 0.95, 0.99, 1.0)
        ]
        result[f"{kind}: bytes (p50)"] = int(statistics.median(sizes[kind]))
    return result


async def turning(pid: int, terminals: list[Terminal]) -> dict[str, Any]:
    """A new turn for everybody at once."""
    began = time.perf_counter()
    waiting = [
        (
            asyncio.ensure_future(each.heard.until(lambda seen: b"turn 2" in seen)),
            asyncio.ensure_future(each.heard.until(lambda seen: b"What changed" in seen)),
        )
        for each in terminals
    ]
    await asyncio.sleep(0)
    os.kill(pid, signal.SIGUSR1)
    headers = [await header - began for header, _view in waiting]
    views = [await view - began for _header, view in waiting]
    return {"header on all screens, ms": ms(max(headers)), "full view, ms (p50, max)": [ms(statistics.median(views)), ms(max(views))]}


def memory_kib(pid: int) -> int:
    """Memory that a process has for itself."""
    text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    return sum(int(line.split()[1]) for line in text.splitlines() if line.startswith(("Private_Clean", "Private_Dirty")))


def cpu_s(pid: int) -> float:
    """Seconds that a process has computed."""
    parts = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def ms(seconds: float) -> int:
    """Milliseconds."""
    return round(seconds * 1000)


def main() -> None:
    """See the head of this file."""
    parser = argparse.ArgumentParser(description="Measure the doors, or serve practice through them.")
    parser.add_argument("what", nargs="?", default="measure", choices=("measure", "serve", "scripted"))
    parser.add_argument("folder", nargs="?", type=pathlib.Path)
    parser.add_argument("--sessions", type=int, default=SESSIONS)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--ssh", type=int, default=2222)
    parser.add_argument("--web", type=int, default=8022)
    given = parser.parse_args()
    if given.what == "scripted":
        asyncio.run(serve_scripted(given.folder))
    elif given.what == "serve":
        asyncio.run(serve_practice(given.ssh, given.web))
    else:
        for kind, connect in (("ssh", by_ssh), ("web", by_web)):
            print(json.dumps({kind: asyncio.run(measure(kind, connect, given.sessions, given.seconds))}, indent=1))


if __name__ == "__main__":
    main()
