"""A hall for tests of lines: a room that is served for real, a faulty way between, and people who write down what they hear."""

from __future__ import annotations

import asyncio
import contextlib
import json
import pathlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import attrs
from websockets.exceptions import InvalidMessage
from websockets.sync.client import ClientConnection, connect

from exercise.net.background import Background
from exercise.net.client import Line, Way
from exercise.net.conversation import StreamLink
from exercise.net.keepsake import Keepsake
from exercise.net.lines import Limits
from exercise.net.server import Server
from exercise.net.tls import certificate_of, fingerprint_of, host_context, host_identity, seat_context
from exercise.session.host import Host
from exercise.session.phases import ONE
from exercise.session.room import Room
from exercise.session.running import Running
from exercise.session.streams import FACILITATORS, PUBLIC
from tests.session.assembly import VERSION, dice
from tests.session.room import Book, exercise

Frame = dict[str, Any]
LOOPBACK = "127.0.0.1"
COOL = {"act": "order", "order": "cool", "target": "north", "amount": 5.0}
PATIENCE_S = 20.0


def until(holds: Callable[[], Any], seconds: float = PATIENCE_S) -> Any:
    """Wait until something holds, and return it."""
    end = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.005)
    return found


@attrs.define
class Hall:
    """A served room. ``kept`` is what was written down last."""

    book: Book
    room: Room
    server: Server
    fingerprint: str
    kept: list[dict[str, Any]]

    @property
    def way(self) -> Way:
        """The straight way."""
        return Way(self.server.bind, self.server.port, self.fingerprint)

    def words(self, role: str, *seats: str) -> str:
        """The words of a new ticket."""
        return self.server.do(lambda _now: self.room.issue(role, seats).words)

    def here(self) -> int:
        """How many lines the room has."""
        return self.server.do(lambda _now: len(self.room.lines))

    def stream(self, name: str) -> list[Frame]:
        """Everything that was published in a stream."""
        return self.server.do(lambda _now: [dict(frame) for frame in self.room.host.streams[name].frames])


@contextlib.contextmanager
def hall(
    folder: pathlib.Path,
    *,
    limits: Limits | None = None,
    bind: str = LOOPBACK,
    port: int = 0,
    seats: tuple[str, ...] = ("town", "guest"),
    after: Hall | None = None,
    publish_s: float = 0.02,
) -> Iterator[Hall]:
    """A hall, or with ``after`` the one that takes up its log and what it kept."""
    identity = host_identity(folder)
    book = Book() if after is None else after.book
    past = () if after is None else tuple(book.entries)
    kept: list[dict[str, Any]] = []

    def make(deliver: Any) -> Host:
        streams = (*exercise().playable, PUBLIC, FACILITATORS)
        return Host.start(Running.begin(exercise(), 7, book), streams, deliver, past=past, human=seats, plan=ONE)

    before = None if after is None else after.kept[-1]
    drawn = 1 if after is None else 2
    room = Room.open(make, dice(drawn), VERSION, now=time.monotonic(), kept=before, timed=False, publish_s=publish_s)
    server = Server(room, bind=bind, port=port, tls=host_context(identity), keep=kept.append, limits=limits)
    server.start()
    try:
        yield Hall(book, room, server, fingerprint_of(certificate_of(identity)), kept)
        assert server.trouble is None
    finally:
        server.stop()


class Ear:
    """Hears one stream of a line."""

    def __init__(self, link: StreamLink) -> None:
        self.frames: list[Frame] = []
        self.link = link
        self._refs = iter(range(10**9))
        link.listen(lambda frame: self.frames.append(dict(frame)))

    def say(self, act: str, **fields: Any) -> str:
        """Send an act; returns what it is called."""
        ref = f"r{next(self._refs)}"
        self.link.send({"act": act, "ref": ref, **fields})
        return ref

    def answer(self, ref: str) -> Frame:
        """The answer to an act."""
        return until(lambda: next((one for one in list(self.frames) if one.get("ref") == ref and "seq" not in one), None))

    def ask(self, act: str, **fields: Any) -> Frame:
        """Send an act and wait for its answer."""
        return self.answer(self.say(act, **fields))

    def numbered(self) -> list[Frame]:
        """The frames of the stream, as they were published."""
        return [{name: value for name, value in one.items() if name != "stream"} for one in list(self.frames) if "seq" in one]

    def last(self, kind: str) -> Frame:
        """The newest frame of a kind, when there is one."""
        return until(lambda: next((one for one in reversed(list(self.frames)) if one["frame"] == kind), None))

    def states(self) -> list[str]:
        """How the line stood, one after the other."""
        return [one["state"] for one in list(self.frames) if one["frame"] == "link"]


@contextlib.contextmanager
def joined(hall: Hall, secret: str, *, way: Way | None = None, keepsake: Keepsake | None = None, **said: str) -> Iterator[Line]:
    """Somebody with a line."""
    line = Line(way or hall.way, secret, keepsake=keepsake, **said)
    try:
        line.open()
        yield line
    finally:
        line.close()


@contextlib.contextmanager
def raw(hall: Hall, secret: str = "", **hello: Any) -> Iterator[ClientConnection]:
    """A bare websocket to the hall; with a secret it has said hello and was let in."""
    with _connected(f"wss://{LOOPBACK}:{hall.server.port}/") as ws:
        if secret:
            ws.send(json.dumps({"hello": 1, "version": VERSION, "secret": secret, "since": 0, **hello}))
            assert json.loads(ws.recv())["frame"] == "joined"
        yield ws


def _connected(address: str, tries: int = 3) -> ClientConnection:
    """On a machine under load a handshake may outlast the host's patience; a program tries again, and so does this."""
    for number in range(1, tries + 1):
        try:
            return connect(address, ssl=seat_context(), compression=None, proxy=None, max_size=None, close_timeout=1)
        except InvalidMessage:
            if number == tries:
                raise
    raise AssertionError


def tls_socket(port: int) -> ssl.SSLSocket:
    """A bare TLS connection."""
    return seat_context().wrap_socket(socket.create_connection((LOOPBACK, port)), server_hostname="room")


class Proxy:
    """A way between that can be cut, frozen, slowed and led elsewhere. ``passed`` counts bytes by direction."""

    def __init__(self, to: tuple[str, int]) -> None:
        self.to = to
        self.delay_s = 0.0
        self.frozen = threading.Event()
        self.refusing = False
        self.muted = False
        self.passed = {"up": 0, "down": 0}
        self.opened = 0
        self.cut_after: int | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._background = Background("proxy")
        self._server = self._background.start(asyncio.start_server(self._serve, LOOPBACK, 0)).result()
        self.port = self._server.sockets[0].getsockname()[1]

    def way(self, hall: Hall) -> Way:
        """The way to the hall that leads through here."""
        return Way(LOOPBACK, self.port, hall.fingerprint)

    def cut(self) -> None:
        """Break every connection that there is."""

        async def work() -> None:
            for writer in list(self._writers):
                writer.transport.abort()

        self._background.start(work()).result()

    def close(self) -> None:
        """Nobody comes through any more."""

        async def work() -> None:
            self._server.close()
            await asyncio.sleep(0.05)  # whoever was being let in is there then

        self._background.start(work()).result()
        self.cut()
        self._background.stop()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.opened += 1
        if self.refusing:
            writer.transport.abort()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection(*self.to)
        except OSError:
            writer.transport.abort()
            return
        both = {writer, far_writer}
        self._writers |= both
        frozen = self.frozen
        pumps = [
            asyncio.ensure_future(self._pump(reader, far_writer, "up", frozen)),
            asyncio.ensure_future(self._pump(far_reader, writer, "down", frozen)),
        ]
        await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        for one in both:
            one.transport.abort()
        await asyncio.wait(pumps)
        self._writers -= both

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, which: str, frozen: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65_536):
                if frozen.is_set():
                    await asyncio.get_running_loop().create_future()  # nothing ever comes out of it again
                if self.delay_s:
                    await asyncio.sleep(self.delay_s)
                if self.muted and which == "down":
                    continue
                self.passed[which] += len(data)
                if self.cut_after is not None and sum(self.passed.values()) >= self.cut_after:
                    self.cut_after = None
                    return
                writer.write(data)
                await writer.drain()


@contextlib.contextmanager
def proxy(hall: Hall) -> Iterator[Proxy]:
    """A faulty way to the hall."""
    between = Proxy((hall.server.bind, hall.server.port))
    try:
        yield between
    finally:
        between.close()


def acts_recorded(book: Book, kind: str) -> list[Mapping[str, Any]]:
    """What was recorded of a kind."""
    return [entry.data for entry in book.entries if entry.type == kind]
