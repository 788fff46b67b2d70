"""The doors measured: memory of a session, connection to first view, key to repaint while twenty people type, a new turn for all at once.

    python -m benchmarks.doors                    measure the ssh door and the web door with 20 sessions
    python -m benchmarks.doors --sessions 40      with more of them; --door ssh measures one door
    python -m benchmarks.doors --soak 10          at the end everybody types slowly for ten minutes
    python -m benchmarks.doors serve              both doors to a practice exercise of one's own, with any ticket, until ctrl+c

A door process serves scripted seats (no engine behind them), as a child with nothing else to do; this process types and reads. A key counts
as answered when the first bytes of its repaint have come. What a screen showed and when is found out afterwards, by a terminal in memory
that reads what came at which moment: while it is measured, this process does nothing but listen.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import json
import os
import pathlib
import random
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any, Protocol

import pyte

SESSIONS = 20
SECONDS = 12.0
KEYS_A_SECOND = 1.25
SLOW_KEYS_A_SECOND = 0.2
IDLE_S = 10.0
PATIENCE_S = 60.0
QUIET_S = 0.5
"""Without a byte for so long, a screen is taken to be painted."""
BEAT_S = 0.01
"""The door process looks at its clock that often while it is watched: what comes later than that is a stop."""
COLUMNS, LINES = 120, 36
DOWN, UP = b"\x1b[B", b"\x1b[A"
KEYS = (DOWN, DOWN, UP, DOWN, UP, UP, b"4", b"2")
"""Light keys, up and down a list, and now and then another pane and back."""
SLOW_KEYS = (*KEYS, b"?", b"\x1b", DOWN, UP, b"b", b"\x1b")
"""The same, and dialogs."""
SESSION: dict[str, Any] = {
    "frame": "session",
    "status": "running",
    "turn": 1,
    "turns": 9,
    "phase": "orders",
    "phases": [{"id": "orders", "title": "Orders", "acts": []}],
    "left": 1_800.0,
    "length": 1_800.0,
    "timer": "running",
    "seats": [],
    "people": [],
    "listening": False,
    "role": "head",
    "acts": ["order", "message"],
}
"""What a host says of a phase whose clock runs."""


# --- the process that is measured -------------------------------------------------------------------------------------------------


class Watch:
    """Looks how long the process's loop stops at a time."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None
        self._longest = 0.0
        self._long = 0

    def begin(self) -> None:
        """From now on."""
        self.end()
        self._longest, self._long = 0.0, 0
        self._task = asyncio.get_running_loop().create_task(self._beat())

    def end(self) -> dict[str, Any]:
        """Up to now."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        return {"longest stop, ms": ms(self._longest), "stops over 50 ms": self._long}

    async def _beat(self) -> None:
        while True:
            due = time.perf_counter() + BEAT_S
            await asyncio.sleep(BEAT_S)
            late = time.perf_counter() - due
            self._longest = max(self._longest, late)
            self._long += late > 0.05


async def serve_scripted(folder: pathlib.Path) -> None:
    """Both doors to scripted seats. Told what to do a line at a time, and answers each with one."""
    from exercise.cli.house import SeatHouse
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
    watch = Watch()

    def links() -> Iterable[Any]:
        return [link for each in office.inside if not each.closed for link in each.links.values()]

    def session(timer: str) -> None:
        for link in links():
            link.push({**SESSION, "timer": timer})

    def close_turn() -> None:
        for link in links():  # each by itself, as frames from a host come
            asyncio.get_running_loop().call_soon(link.close_turn)

    todo: dict[str, Callable[[], object]] = {
        "watch": watch.begin,
        "unwatch": watch.end,
        "clock": lambda: session("running"),
        "stop": lambda: session("stopped"),
        "turn": close_turn,
        "garbage": garbage,
    }

    def told() -> None:
        word = sys.stdin.readline().strip()
        print(json.dumps(todo[word]() if word in todo else None), flush=True)

    asyncio.get_running_loop().add_reader(sys.stdin.fileno(), told)
    print(json.dumps({"ssh": ssh_door.port, "web": web_door.port}), flush=True)
    await asyncio.Event().wait()


def garbage() -> dict[str, int]:
    """Collect everything; how much there was that nobody needed."""
    gc.unfreeze()
    return {"pieces of garbage": gc.collect()}


async def serve_practice(ssh_port: int, web_port: int) -> None:
    """Both doors to practice exercises: every guest has one of their own."""
    from exercise.cli.house import SeatHouse
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
    """What came and when, and a screen that shows it."""

    def __init__(self) -> None:
        self.bytes = 0
        self.last = time.perf_counter()
        self._came: list[tuple[float, bytes]] = []
        self._screen = pyte.Screen(COLUMNS, LINES)
        self._stream = pyte.ByteStream(self._screen)
        self._next: asyncio.Future[float] | None = None

    def take(self, data: bytes) -> None:
        """Something came."""
        self.last = time.perf_counter()
        self.bytes += len(data)
        self._came.append((self.last, data))
        if self._next is not None and not self._next.done():
            self._next.set_result(self.last)

    def next(self) -> asyncio.Future[float]:
        """The moment at which something comes."""
        self._next = asyncio.get_running_loop().create_future()
        return self._next

    def read(self, *conditions: Callable[[str], bool]) -> list[float | None]:
        """Read all that came since the last time; the moment at which the screen first met each condition."""
        met: list[float | None] = [None] * len(conditions)
        came, self._came = self._came, []
        for at, data in came:
            self._stream.feed(data)
            text = self.text
            for number, holds in enumerate(conditions):
                if met[number] is None and holds(text):
                    met[number] = at
        return met

    @property
    def text(self) -> str:
        """What the screen shows, as far as it was read."""
        return "\n".join(self._screen.display)


async def settled(terminals: Iterable[Terminal]) -> None:
    """Wait until no screen is painted any more."""
    end = time.perf_counter() + PATIENCE_S
    await asyncio.sleep(BEAT_S)  # whatever came while this process read screens is heard first
    while (left := QUIET_S - (time.perf_counter() - max(each.heard.last for each in terminals))) > 0:
        assert time.perf_counter() < end, "the screens do not come to rest"
        await asyncio.sleep(left)


async def painted(terminals: list[Terminal], holds: Callable[[str], bool], what: str, patience: float = PATIENCE_S) -> list[float]:
    """Wait until every screen meets a condition and is at rest; the moments at which they first did."""
    end = time.perf_counter() + patience
    moments: dict[int, float] = {}
    while True:
        await settled(terminals)
        for number, each in enumerate(terminals):
            (moment,) = each.heard.read(holds)
            if moment is not None:
                moments.setdefault(number, moment)
        behind = [each for each in terminals if not holds(each.heard.text)]
        if not behind:
            return list(moments.values())
        if time.perf_counter() > end:
            raise SystemExit(f"{what} did not come on {len(behind)} screens; one of them shows\n{behind[0].heard.text}")
        await asyncio.sleep(QUIET_S)


async def press(terminals: list[Terminal], key: bytes, holds: Callable[[str], bool], what: str) -> list[float]:
    """Everybody presses a key at once; how long it took until the screens met a condition."""
    began = time.perf_counter()
    for each in terminals:
        each.heard.last = began
        each.type(key)
    return [moment - began for moment in await painted(terminals, holds, what)]


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
        channel, screen = await connection.create_session(Screen, term_type="xterm-256color", term_size=(COLUMNS, LINES), encoding=None)
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
        await ws.send(json.dumps({"hello": 1, "secret": ticket, "columns": COLUMNS, "lines": LINES}))
        screen = Screen(ws)
        hearing = asyncio.create_task(screen.hear())
        yield screen
        hearing.cancel()


Connect = Callable[[int, str], contextlib.AbstractAsyncContextManager[Terminal]]


class Door:
    """The process that is measured, and what it is told."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.pid = process.pid

    async def hear(self) -> Any:
        """A line of it."""
        assert self._process.stdout is not None
        return json.loads(await self._process.stdout.readline())

    async def tell(self, word: str) -> Any:
        """Tell it something."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{word}\n".encode())
        return await self.hear()


async def measure(kind: str, sessions: int, seconds: float, soak: float) -> dict[str, Any]:
    """All that is to be known of one door."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "TEXTUAL_FPS": "120", "TEXTUAL_ANIMATIONS": "none"}
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.doors", "scripted", folder, stdin=pipe, stdout=pipe, env=environment
        )
        door = Door(process)
        try:
            port = (await door.hear())[kind]
            return await _measure(door, port, by_ssh if kind == "ssh" else by_web, sessions, seconds, soak)
        finally:
            process.terminate()
            await process.wait()


async def _measure(door: Door, port: int, connect: Connect, sessions: int, seconds: float, soak: float) -> dict[str, Any]:
    result: dict[str, Any] = {}
    async with contextlib.AsyncExitStack() as stack:
        tickets = iter(range(2_000))

        async def come(count: int) -> tuple[list[Terminal], list[float], list[float]]:
            """Terminals that connect at once, how long to the content note, and from Enter to the briefing."""
            began = time.perf_counter()
            came = list(
                await asyncio.gather(*(stack.enter_async_context(connect(port, f"ticket-{next(tickets)}")) for _one in range(count)))
            )
            await painted(came, lambda text: "Before you start" in text, "the content note")
            ends = [each.heard.last - began for each in came]
            return came, ends, await press(came, b"\r", lambda text: "It is Thursday" in text, "the briefing")

        spent = cpu_s(door.pid)
        await asyncio.sleep(IDLE_S / 3)
        alone_idle = (cpu_s(door.pid) - spent) / (IDLE_S / 3)
        terminals, _notes, _briefings = await come(1)  # imports, caches
        before = memory_kib(door.pid)
        notes: list[float] = []
        briefings: list[float] = []
        for _one in range(3):
            came, note, briefing = await come(1)
            terminals += came
            notes += note
            briefings += briefing
        await door.tell("watch")
        spent = cpu_s(door.pid)
        rest, rest_notes, rest_briefings = await come(sessions - len(terminals))
        terminals += rest
        result["connect to content note, all of it, alone, ms (p50)"] = ms(statistics.median(notes))
        result["from Enter to the briefing, alone, ms (p50)"] = ms(statistics.median(briefings))
        result[f"{len(rest)} more at once"] = {
            "to content note, ms (p50, max)": spread(rest_notes),
            "from Enter to the briefing, ms (p50, max)": spread(rest_briefings),
            "CPU each, ms": ms((cpu_s(door.pid) - spent) / len(rest)),
            **await door.tell("unwatch"),
        }
        result["memory a session, MiB"] = round((memory_kib(door.pid) - before) / 1024 / (len(terminals) - 1), 2)
        result["process, MiB"] = round(memory_kib(door.pid) / 1024, 1)
        await press(terminals, b"\x1b", lambda text: "F10 leave" in text, "the seat's screen")
        await press(terminals, b"2", lambda text: "▸[2]" in text, "the reports' pane")
        result["idle"] = await idling(door, terminals, alone_idle)
        result["key to repaint"] = await typing(door, terminals, seconds, KEYS, KEYS_A_SECOND)
        if soak:
            result["soak"] = await soaking(door, terminals, soak)
        result["new turn"] = await turning(door, terminals)
    return result


async def idling(door: Door, terminals: list[Terminal], alone: float) -> dict[str, Any]:
    """Nobody types, and a clock runs on every screen."""
    await door.tell("clock")
    await asyncio.sleep(2.0)
    spent, sent = cpu_s(door.pid), sum(each.heard.bytes for each in terminals)
    await asyncio.sleep(IDLE_S)
    used = (cpu_s(door.pid) - spent) / IDLE_S
    came = sum(each.heard.bytes for each in terminals) - sent
    await door.tell("stop")
    await painted(terminals, lambda text: "clock stopped" in text, "the clock")
    return {
        "CPU of a session whose clock runs, %": round(100 * (used - alone) / len(terminals), 3),
        "bytes a second": round(came / IDLE_S / len(terminals)),
    }


async def typing(door: Door, terminals: list[Terminal], seconds: float, keys: tuple[bytes, ...], pace: float) -> dict[str, Any]:
    """Everybody types at their own pace."""
    luck = random.Random(7)
    taken: dict[str, list[float]] = {"light": [], "other": []}
    sizes: dict[str, list[int]] = {"light": [], "other": []}
    spent = cpu_s(door.pid)
    end = time.perf_counter() + seconds
    await door.tell("watch")

    async def person(terminal: Terminal, luck: random.Random) -> None:
        await asyncio.sleep(luck.random() / pace)
        step = 0
        while time.perf_counter() < end:
            key = keys[step % len(keys)]
            kind = "light" if key in (DOWN, UP) else "other"
            step += 1
            before = terminal.heard.bytes
            began = time.perf_counter()
            answered = terminal.heard.next()
            terminal.type(key)
            with contextlib.suppress(asyncio.TimeoutError):
                done = await asyncio.wait_for(answered, 1.0)  # an arrow at the end of a list changes nothing
                taken[kind].append(done - began)
            await asyncio.sleep(luck.uniform(0.5, 1.5) / pace)
            sizes[kind].append(terminal.heard.bytes - before)

    await asyncio.gather(*(person(each, random.Random(luck.random())) for each in terminals))
    used = cpu_s(door.pid) - spent
    result: dict[str, Any] = {
        "CPU of one core, %": round(100 * used / seconds, 1),
        "CPU of a key, ms": round(1000 * used / max(1, sum(map(len, sizes.values()))), 1),
        **await door.tell("unwatch"),
    }
    for kind, times in taken.items():
        times.sort()
        result[f"{kind} keys"] = len(sizes[kind])
        if times:
            result[f"{kind}: p50, p95, p99, max, ms"] = [
                ms(times[min(len(times) - 1, int(len(times) * part))]) for part in (0.5, 0.95, 0.99, 1.0)
            ]
            result[f"{kind}: bytes (p50, max)"] = [int(statistics.median(sizes[kind])), max(sizes[kind])]
        result[f"{kind}: unanswered within 1 s"] = len(sizes[kind]) - len(times)
    await settled(terminals)
    for each in terminals:
        each.heard.read()
    return result


async def soaking(door: Door, terminals: list[Terminal], minutes: float) -> dict[str, Any]:
    """Everybody types slowly, for long."""
    before = memory_kib(door.pid)
    typed = await typing(door, terminals, minutes * 60, SLOW_KEYS, SLOW_KEYS_A_SECOND)
    await press(terminals, b"\x1b", lambda text: "F10 leave" in text, "the seat's screen")
    after = memory_kib(door.pid)
    left = await door.tell("garbage")
    memory = [round(each / 1024, 1) for each in (before, after, memory_kib(door.pid))]
    return {"minutes": minutes, "memory before, after, and without garbage, MiB": memory, **left, **typed}


async def turning(door: Door, terminals: list[Terminal]) -> dict[str, Any]:
    """A new turn for everybody at once."""
    spent = cpu_s(door.pid)
    await door.tell("watch")
    began = time.perf_counter()
    await door.tell("turn")
    for each in terminals:
        each.heard.last = time.perf_counter()
    end = began + PATIENCE_S
    headers: dict[int, float] = {}
    views: dict[int, float] = {}
    while len(views) < len(terminals) and time.perf_counter() < end:
        await settled(terminals)
        for number, each in enumerate(terminals):
            header, view = each.heard.read(lambda text: "turn 2" in text, lambda text: "What changed and why ·" in text)
            if header is not None:
                headers.setdefault(number, header - began)
            if view is not None:
                views.setdefault(number, view - began)
    stops = await door.tell("unwatch")
    return {
        "header on all screens, ms": ms(max(headers.values())),
        "full view, ms (p50, max)": spread(list(views.values())),
        "all painted after, ms": ms(max(each.heard.last for each in terminals) - began),
        "screens that show it": len(views),
        "CPU each, ms": round(1000 * (cpu_s(door.pid) - spent) / len(terminals), 1),
        **stops,
    }


def spread(times: list[float]) -> list[int]:
    """The middle one and the longest, in milliseconds."""
    return [ms(statistics.median(times)), ms(max(times))] if times else []


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
    parser.add_argument("--soak", type=float, default=0.0, metavar="MINUTES")
    parser.add_argument("--door", choices=("ssh", "web"))
    parser.add_argument("--ssh", type=int, default=2222)
    parser.add_argument("--web", type=int, default=8022)
    given = parser.parse_args()
    if given.what == "scripted":
        asyncio.run(serve_scripted(given.folder))
    elif given.what == "serve":
        asyncio.run(serve_practice(given.ssh, given.web))
    else:
        for kind in (given.door,) if given.door else ("ssh", "web"):
            result = asyncio.run(measure(kind, given.sessions, given.seconds, given.soak))
            print(json.dumps({kind: result}, indent=1), flush=True)


if __name__ == "__main__":
    main()
