"""The host's server: lines from the network over TLS, from doors over a socket of this machine, from the facilitator's console in memory.

It carries texts between people and a room (``exercise.session.room``), reads the clock for it, and does what a room cannot: accept, count,
wait, and hang up. Everything that touches the room happens on one thread; adjudication is done on another while this one goes on answering.
A reader that is too slow loses its own line and nobody else anything; whoever comes back gets what was missed.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import errno
import itertools
import logging
import pathlib
import socket
import ssl
import time
from collections.abc import Callable
from typing import Any, Protocol

from websockets.asyncio.server import Server as Listener
from websockets.asyncio.server import ServerConnection, serve, unix_serve
from websockets.exceptions import ConnectionClosed

from exercise.net.background import Background
from exercise.net.lines import Allowance, Gate, HereLink, Limits, SocketPeer
from exercise.record.scratch import Scratch
from exercise.session.lines import Hang, Say
from exercise.session.wire import MAX_BYTES, write

LOG = logging.getLogger("exercise.net")
LOG.addHandler(logging.NullHandler())
LOG.propagate = False  # what a peer sends is its own affair, and no traceback on the facilitator's screen

ACCEPTED_AT_ONCE = 16
"""Connections taken between two looks at everything else: a flood must not keep honest seats waiting."""
BACKLOG = 512
"""Connections that the system keeps for us meanwhile."""
CLOSE_S = 2.0
BUSY_S = 0.05
STOP_S = 10.0
"""How long a turn that is being worked out is waited for at the end; it is worked out again when the log is taken up.
"""
OPEN_FILES = 8_192


class ServerError(Exception):
    """The server cannot run; ``hint`` says what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class RoomLike(Protocol):
    """What a server asks of a room (see ``exercise.session.room``)."""

    @property
    def changed(self) -> bool:
        """Whether something is to be kept."""

    def connect(self, conn: int, now: float, *, trusted: bool = False, origin: str = "") -> None:
        """A line was opened."""

    def receive(self, conn: int, said: str, now: float) -> None:
        """A text came."""

    def lose(self, conn: int, now: float) -> None:
        """A line is gone."""

    def behind(self, conn: int, is_behind: bool, now: float) -> None:
        """Much waits for a line, or no longer."""

    def drain(self) -> list[Say | Hang]:
        """What is to be sent."""

    def tick(self, now: float) -> None:
        """Time has passed."""

    def due(self) -> float | None:
        """When to tick next."""

    def job(self) -> Callable[[], None] | None:
        """Work for another thread."""

    def done(self, now: float) -> None:
        """It is done."""

    def keep(self, now: float) -> dict[str, Any]:
        """What must be kept."""

    def alert(self, words: str, now: float) -> None:
        """Tell the facilitators."""


Peer = SocketPeer | HereLink


class Server:
    """Serves a room until it is stopped. ``keep`` writes down what the room says must be kept, before anybody is told of it.

    ``bind`` and ``port`` are where the network comes in (port 0: any that is free), ``tls`` how; without ``bind`` it does not. ``socket``
    is where doors of this machine come in, in a folder that is for this user alone.
    """

    def __init__(
        self,
        room: RoomLike,
        *,
        bind: str = "",
        port: int = 0,
        tls: ssl.SSLContext | None = None,
        keep: Callable[[dict[str, Any]], None] | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.room = room
        self.bind, self.port = bind, port
        self.socket: pathlib.Path | None = None
        self._scratch: Scratch | None = None
        self.trouble: Exception | None = None
        self._tls, self._keep, self._limits = tls, keep, limits or Limits()
        self._gate = Gate(self._limits)
        self._peers: dict[int, Peer] = {}
        self._numbers = itertools.count(1)
        self._listeners: list[Listener] = []
        self._worker = concurrent.futures.ThreadPoolExecutor(1, thread_name_prefix="adjudication")
        self._background: Background | None = None
        self._stirred = False
        self._timer: asyncio.TimerHandle | None = None
        self._job: asyncio.Task[None] | None = None
        self._stopping = False

    # --- from any thread ------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Listen. Raises ``ServerError`` when that cannot be."""
        more_open_files()
        self._background = Background("server")
        try:
            self._background.start(self._listen()).result()
        except OSError as error:
            self.stop()
            raise _not_listening(error, self.bind, self.port) from error
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Tell everybody, hang up and end; what was acknowledged is in the log. A second call does nothing."""
        background, self._background = self._background, None
        if background is None:
            return
        with contextlib.suppress(Exception):
            background.start(self._end()).result(timeout=15)
        background.stop()
        self._worker.shutdown(wait=True)
        if self._scratch is not None:
            self._scratch.close()

    def do(self, work: Callable[[float], Any]) -> Any:
        """Do something with the room on its own thread, and return what came of it; ``work`` is told the time."""
        assert self._background is not None

        async def on_the_loop() -> Any:
            found = work(self._now())
            self._stir()
            return found

        return self._background.start(on_the_loop()).result()

    def here(self, secret: str, *, name: str = "") -> HereLink:
        """A line in memory for somebody in this process, who shows this ticket."""
        conn = next(self._numbers)
        link = HereLink(lambda text: self._call(self._receive, conn, text), lambda: self._call(self._lose, conn))

        def enter(now: float) -> None:
            self._peers[conn] = link
            self.room.connect(conn, now, trusted=True)
            self.room.receive(conn, write({"hello": 1, "secret": secret, "since": 0, "client": "", "name": name, "via": "here"}), now)

        self.do(enter)
        return link

    def alert(self, words: str) -> None:
        """Tell the facilitators something."""
        self._call(lambda: self.room.alert(words, self._now()))

    def _call(self, do: Callable[..., object], *arguments: object) -> None:
        def and_stir() -> None:
            do(*arguments)
            self._stir()

        if self._background is not None:
            self._background.call(and_stir)

    # --- listening ------------------------------------------------------------------------------------------------------------

    async def _listen(self) -> None:
        how: dict[str, Any] = {
            "open_timeout": self._limits.open_s,
            "ping_interval": self._limits.ping_s,
            "ping_timeout": self._limits.ping_timeout_s,
            "close_timeout": CLOSE_S,
            "max_size": MAX_BYTES,
            "compression": None,  # no secret beside a guess in one packed text, and quicker on a local network
            "server_header": None,
            "logger": LOG,
        }
        self._scratch = Scratch("host-")
        self.socket = self._scratch.path / "host"
        self._listeners.append(await unix_serve(self._attend_door, str(self.socket), **how))
        if self.bind:
            listening = _listening_socket(self.bind, self.port)
            self.port = listening.getsockname()[1]
            network: dict[str, Any] = {
                "create_connection": self._gate.counted(),
                # A browser names the page that it comes from. No page of ours speaks to this port: that is the web door's business.
                "origins": [None],
                "backlog": ACCEPTED_AT_ONCE,
                "ssl": self._tls,
            }
            self._listeners.append(await serve(self._attend_network, sock=listening, **network, **how))
            with contextlib.suppress(OSError):
                listening.listen(BACKLOG)
        self._stir()

    async def _end(self) -> None:
        if self._job is not None:
            await asyncio.wait([self._job], timeout=STOP_S)
        self._stopping = True
        self._pump()
        last = write({"frame": "bye", "code": "closing", "why": "the host was stopped", "hint": "your place is kept: come back later"})
        for peer in list(self._peers.values()):
            peer.say([last.encode()])
            peer.hang_up("closing")
        for listener in self._listeners:
            listener.close()
        if self._listeners:
            await asyncio.wait([asyncio.ensure_future(one.wait_closed()) for one in self._listeners], timeout=CLOSE_S + 1)
        if self._timer is not None:
            self._timer.cancel()
        if self.room.changed and self._keep is not None:
            self._keep(self.room.keep(self._now()))

    async def _attend_door(self, ws: ServerConnection) -> None:
        await self._attend(ws, trusted=True)

    async def _attend_network(self, ws: ServerConnection) -> None:
        await self._attend(ws, trusted=False)

    async def _attend(self, ws: ServerConnection, *, trusted: bool) -> None:
        """One line from its opening to its end."""
        conn = next(self._numbers)
        peer = SocketPeer(ws, self._limits, lambda behind: self._call(lambda: self.room.behind(conn, behind, self._now())))
        self._peers[conn] = peer
        address = ws.remote_address
        origin = str(address[0]) if isinstance(address, tuple) else ""
        self.room.connect(conn, self._now(), trusted=trusted, origin=origin)
        self._stir()
        allowance = Allowance(self._limits, self._now())
        try:
            while (text := await self._read(ws)) is not None:
                self._receive(conn, text)
                self._stir()
                wait = allowance.spend(self._now())
                if wait:
                    await asyncio.sleep(wait)
        except ConnectionClosed:
            pass
        finally:
            self._lose(conn)
            self._stir()

    async def _read(self, ws: ServerConnection) -> str | None:
        """The next text of a line; None when what comes is no text, or one in too many pieces: the line is closed then."""
        parts: list[str | bytes] = []
        async for part in ws.recv_streaming():
            parts.append(part)
            if not isinstance(part, str) or len(parts) > self._limits.fragments:
                await ws.close(1003 if isinstance(part, bytes) else 1009, "only short texts are heard here")
                return None
        return "".join(part for part in parts if isinstance(part, str))

    # --- the room -------------------------------------------------------------------------------------------------------------

    @staticmethod
    def _now() -> float:
        return time.monotonic()

    def _receive(self, conn: int, text: str) -> None:
        self.room.receive(conn, text, self._now())

    def _lose(self, conn: int) -> None:
        if self._peers.pop(conn, None) is not None:
            self.room.lose(conn, self._now())

    def _stir(self) -> None:
        """Send what there is to send, after everything else that has come by now."""
        if not self._stirred and not self._stopping:
            self._stirred = True
            asyncio.get_running_loop().call_soon(self._pump)

    def _pump(self) -> None:
        self._stirred = False
        try:
            self._write_down()
            self._send()
            self._begin_job()
            self._wait()
        except Exception as error:
            self.trouble = error
            LOG.exception("the room failed")

    def _write_down(self) -> None:
        """Keep what must be kept before anybody hears of it: a token that was given out must open the door again."""
        if self._keep is None or not self.room.changed:
            return
        kept = self.room.keep(self._now())
        try:
            self._keep(kept)
        except OSError as error:
            self.room.alert(f"tickets and tokens cannot be kept: {error.strerror or error}", self._now())

    def _send(self) -> None:
        """Hand over what the room said: each text is encoded once, however many hear it."""
        encoded: dict[int, bytes] = {}
        batches: dict[int, list[bytes]] = {}
        said = self.room.drain()
        for one in said:
            if isinstance(one, Say):
                text = encoded.get(id(one.text))
                if text is None:
                    text = encoded[id(one.text)] = one.text.encode("utf-8", "replace")
                batches.setdefault(one.conn, []).append(text)
        for conn, texts in batches.items():
            peer = self._peers.get(conn)
            if peer is not None:
                peer.say(texts)
        for one in said:
            peer = self._peers.get(one.conn)
            if isinstance(one, Hang) and peer is not None:
                peer.hang_up(one.code)

    def _begin_job(self) -> None:
        job = self.room.job()
        if job is None:
            return

        async def work() -> None:
            try:
                working = asyncio.get_running_loop().run_in_executor(self._worker, job)
            except (RuntimeError, MemoryError):  # there is no room for a thread; the turn is worked out all the same
                job()
            else:
                await working
            self._job = None
            self.room.done(self._now())
            self._stir()

        self._job = asyncio.get_running_loop().create_task(work())

    def _wait(self) -> None:
        """Tick when the room next waits for time."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        due = self.room.due()
        if due is not None and not self._stopping:
            loop = asyncio.get_running_loop()
            # While a turn is worked out its moment may pass: the work's end is what is waited for then.
            soonest = BUSY_S if self._job is not None else 0.0
            self._timer = loop.call_later(max(soonest, due - self._now()), self._tick)

    def _tick(self) -> None:
        self._timer = None
        self.room.tick(self._now())
        self._pump()


def _listening_socket(bind: str, port: int) -> socket.socket:
    """A socket on this address; ``::`` takes IPv4 as well."""
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    # The protocol is named because asyncio turns off the waiting for more to send (TCP_NODELAY) only where it is.
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6 and bind == "::":
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        made.bind((bind, port))
        made.setblocking(False)
    except BaseException:
        made.close()
        raise
    return made


def _not_listening(error: OSError, bind: str, port: int) -> ServerError:
    if error.errno == errno.EADDRINUSE:
        return ServerError(f"port {port} is in use", "another host may be running here: end it, or choose another with --port N")
    if error.errno == errno.EACCES:
        return ServerError(f"port {port} is not for everybody", "choose one above 1023 with --port N")
    if error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
        return ServerError(f"{bind} is no address of this machine", "leave out --bind to listen on all of them")
    return ServerError(f"cannot listen on {bind}: {error.strerror or error}", "look at --bind and --port")


def more_open_files() -> None:
    """Raise this process's limit of open files as far as a full room needs and the system allows."""
    import resource  # noqa: PLC0415 - where there is no such limit there is no such module

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
