"""A seat's line to a host elsewhere, kept up by itself on a thread of its own.

Whoever listens also hears how the line stands:

{"frame": "link", "state": "live"|"lost"|"refused", "live": bool, "ms": round trip or null, "why": words}
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import errno
import os
import pathlib
import random
import ssl
import time
from collections.abc import Mapping
from typing import Any

import attrs
from websockets.asyncio.client import ClientConnection, connect, unix_connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, WebSocketException

import exercise
from exercise.net.background import Background, shared
from exercise.net.conversation import Conversation, LineError, StreamLink
from exercise.net.keepsake import Keepsake
from exercise.net.ticket import Ticket, place_text
from exercise.net.tls import is_known, seat_context
from exercise.presenter.link import Frame

FIRST_DELAY_S, LONGEST_DELAY_S = 0.2, 2.0
OPEN_S = 5.0
JOIN_S = 10.0
PING_S, PING_TIMEOUT_S = 4.0, 8.0
"""A line that is silent for so long after a question is given up: the other side, or the way to it, is gone."""
LONGEST_FRAME = 16 * 1024 * 1024
WATCH_S = 1.0
ASLEEP_S = 6.0
"""A clock that jumped so far: this machine slept, and what its connections say of themselves is not true any more."""
LAG_MS = 5
"""Changes of the round trip below this are not worth a repaint."""
PASSING = frozenset({"unreachable", "again", "full", "closing", "slow"})
"""Why a line ended, where coming back makes sense."""
HINT = "is the host running, and this machine on its network?"


@attrs.frozen(slots=True)
class Way:
    """How to reach a host: over the network, known by its fingerprint, or by a socket of this machine."""

    address: str = ""
    port: int = 0
    fingerprint: str = ""
    socket: pathlib.Path | None = None

    @classmethod
    def of(cls, ticket: Ticket) -> Way:
        """The way that a ticket names."""
        return cls(ticket.address, ticket.port, ticket.fingerprint)

    def __str__(self) -> str:
        """The place in words."""
        return str(self.socket) if self.socket is not None else place_text(self.address, self.port)


class Line:
    """One ticket's line to a host. ``open`` returns when the host has let us in; from then on it is kept up until ``close``.

    ``via``, ``key`` and ``came_from`` are how a door says its people came; a host believes that from a socket of its own machine.
    """

    def __init__(
        self,
        way: Way,
        secret: str,
        *,
        name: str = "",
        via: str = "",
        key: str = "",
        came_from: str = "",
        keepsake: Keepsake | None = None,
        background: Background | None = None,
    ) -> None:
        self.way = way
        self.state, self.why = "new", ""
        said = {"name": name, "via": via, "key": key, "from": came_from}
        self._talk = Conversation(secret, exercise.__version__, said=said, keepsake=keepsake, ask=self._send)
        self._background = background or shared()
        self._wake, self._hurry = asyncio.Event(), asyncio.Event()
        self._ws: ClientConnection | None = None
        self._task: asyncio.Task[None] | None = None
        self._first: concurrent.futures.Future[Frame] = concurrent.futures.Future()
        self._ms: int | None = None
        self._closed = False

    @property
    def joined(self) -> Frame:
        """The host's newest answer to our hello, without the token."""
        return self._talk.joined

    @property
    def is_back(self) -> bool:
        """Whether somebody comes back who has been here with another program."""
        return self._talk.is_back

    @property
    def links(self) -> Mapping[str, StreamLink]:
        """The line's streams: those of the ticket's seats, or what is public, or the facilitators'."""
        return self._talk.links

    # --- from any thread ------------------------------------------------------------------------------------------------------

    def open(self, patience_s: float = 6.0) -> Frame:
        """Come in; returns the host's answer to our hello. Tries for so long. Raises ``LineError``."""
        self._background.call(self._begin, patience_s)
        try:
            return self._first.result(timeout=patience_s + JOIN_S + OPEN_S)
        except concurrent.futures.TimeoutError:
            self.close()
            raise LineError("unreachable", f"{self.way} does not answer", HINT) from None

    def close(self) -> None:
        """Leave. A second call does nothing."""
        if self._closed:
            return
        self._closed = True
        for link in list(self.links.values()):
            link.close()
        with contextlib.suppress(Exception):
            self._background.start(self._leave()).result(timeout=2)

    def be_away(self, *, away: bool) -> None:
        """Whoever sits behind this line lost theirs, and their place is kept; or they are here again. A host believes that from a door."""
        self._background.call(self._be_away, away)

    def reconnect(self) -> None:
        """Give the connection up and make another at once."""
        self._background.call(self._drop)

    def _send(self, act: Mapping[str, Any], link: StreamLink) -> None:
        self._background.call(self._ask, dict(act), link)

    # --- keeping the line up --------------------------------------------------------------------------------------------------

    def _begin(self, patience_s: float) -> None:
        self._task = asyncio.get_running_loop().create_task(self._keep_up(time.monotonic() + patience_s))

    async def _keep_up(self, until: float) -> None:
        watch = asyncio.get_running_loop().create_task(self._watch())
        delay = FIRST_DELAY_S
        try:
            while not self._closed:
                began = time.monotonic()
                try:
                    await self._connection()
                except LineError as trouble:
                    if trouble.code not in PASSING or (not self.joined and time.monotonic() >= until):
                        self._refuse(trouble)
                        return
                    self._lost(str(trouble))
                if time.monotonic() - began > LONGEST_DELAY_S:
                    delay = FIRST_DELAY_S
                self._hurry.clear()
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(self._hurry.wait(), delay * random.uniform(0.7, 1.0))  # noqa: S311 - spreads returning seats
                delay = min(LONGEST_DELAY_S, delay * 1.6)
        finally:
            watch.cancel()

    async def _connection(self) -> None:
        """One connection, from hello to its end. Raises ``LineError`` with why it ended."""
        try:
            async with self._dial() as ws:
                self._ws = ws
                try:
                    await self._talk_on(ws)
                finally:
                    self._ws = None
        except LineError:
            raise
        except ssl.SSLError as error:
            if self.joined or isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
                raise LineError("unreachable", "the connection broke", HINT) from None
            raise LineError("stranger", f"{self.way} does not speak TLS as a host does", "look at the address and port") from None
        except InvalidHandshake:
            raise LineError("unreachable", f"{self.way} did not let us connect", "look at the address and port, or try again") from None
        except ConnectionClosed:
            raise LineError("unreachable", "the connection broke", HINT) from None
        except (TimeoutError, OSError, WebSocketException, EOFError) as error:
            raise LineError("unreachable", f"{self.way} cannot be reached ({_reason(error)})", HINT) from None
        raise LineError("unreachable", "the connection was closed", HINT)

    async def _talk_on(self, ws: ClientConnection) -> None:
        await ws.send(self._talk.hello())
        async with asyncio.timeout(JOIN_S):
            self._talk.hear(await ws.recv())
        self.state, self.why = "live", ""
        self._tell_state()
        if not self._first.done():
            self._first.set_result(self.joined)
        sender = asyncio.get_running_loop().create_task(self._send_asked(ws))
        try:
            async for text in ws:
                self._talk.hear(text)
        finally:
            sender.cancel()

    async def _send_asked(self, ws: ClientConnection) -> None:
        with contextlib.suppress(ConnectionClosed):
            while True:
                self._wake.clear()
                for text in self._talk.to_send():
                    await ws.send(text)
                await self._wake.wait()

    def _dial(self) -> connect:
        how: dict[str, Any] = {
            "open_timeout": OPEN_S,
            "ping_interval": PING_S,
            "ping_timeout": PING_TIMEOUT_S,
            "close_timeout": 1,
            "max_size": LONGEST_FRAME,
            "max_queue": 256,
            "compression": None,
            "user_agent_header": None,
        }
        if self.way.socket is not None:
            return unix_connect(str(self.way.socket), "ws://room/", **how)
        return connect(
            "wss://room/",
            host=self.way.address,
            port=self.way.port,
            ssl=seat_context(),
            create_connection=_pinned(self.way.fingerprint),
            proxy=None,  # a ticket is for the host and for nobody between
            **how,
        )

    async def _watch(self) -> None:
        """Measure the round trip, and notice that this machine slept."""
        drift = time.time() - time.monotonic()
        while True:
            await asyncio.sleep(WATCH_S)
            now = time.time() - time.monotonic()
            if abs(now - drift) > ASLEEP_S:
                self._drop()
            drift = now
            if self._ws is not None and self.state == "live" and self._ws.latency:
                ms = max(1, round(self._ws.latency * 1000))
                if self._ms is None or abs(ms - self._ms) >= max(LAG_MS, self._ms // 4):
                    self._ms = ms
                    self._tell_state()

    def _ask(self, act: Mapping[str, Any], link: StreamLink) -> None:
        self._talk.ask(act, link)
        self._wake.set()

    def _be_away(self, away: bool) -> None:
        self._talk.away = away
        self._wake.set()

    def _drop(self) -> None:
        self._hurry.set()
        if self._ws is not None:
            self._ws.transport.abort()

    async def _leave(self) -> None:
        if self._ws is not None:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(self._ws.close(), 1)
        if self._task is not None:
            self._task.cancel()

    # --- how the line stands --------------------------------------------------------------------------------------------------

    def _tell_state(self) -> None:
        self._talk.tell({"frame": "link", "state": self.state, "live": self.state == "live", "ms": self._ms, "why": self.why})

    def _lost(self, why: str) -> None:
        if self.joined and self.state != "lost":
            self.state, self.why, self._ms = "lost", why, None
            self._tell_state()

    def _refuse(self, trouble: LineError) -> None:
        """It is over for this line: whoever waits is told."""
        self.state, self.why = "refused", trouble.words
        self._talk.give_up(self.why)
        self._tell_state()
        self._talk.tell({"frame": "notice", "text": self.why})
        if not self._first.done():
            self._first.set_exception(trouble)


def _reason(error: Exception) -> str:
    """Why nobody could be reached, in the system's words: asyncio's own hold the address once more, as Python writes it."""
    if not isinstance(error, OSError) or not error.strerror:
        return "no answer"
    number = error.errno or 0
    return (os.strerror(number) if number in errno.errorcode else error.strerror).lower()


def _pinned(fingerprint: str) -> type[ClientConnection]:
    """A connection that knows its host: whoever shows another certificate is sent nothing at all, not even what we came for."""

    class Pinned(ClientConnection):
        async def handshake(self, *arguments: Any, **named: Any) -> None:
            tls = self.transport.get_extra_info("ssl_object")
            if tls is None or not is_known(tls.getpeercert(binary_form=True), fingerprint):
                self.transport.abort()
                raise LineError(
                    "stranger",
                    "whoever answers there is not the host of this ticket: the fingerprint differs",
                    "do not go on; compare the fingerprint with the facilitator's screen and ask for a new ticket",
                )
            await super().handshake(*arguments, **named)

    return Pinned
