"""What a server keeps for each line: how many there may be, what may wait for a reader, how much a line may send."""

from __future__ import annotations

import asyncio
import json
from collections import Counter, deque
from collections.abc import Callable, Mapping
from typing import Any

import attrs
from websockets.asyncio.server import ServerConnection, broadcast
from websockets.exceptions import ConnectionClosed

from exercise.net.hearing import Hearing
from exercise.presenter.link import Hear

HURRY_BYTES = 64 * 1024
"""So much may wait in a connection's own buffer before texts are queued for it here."""
BEHIND = 64
"""Texts that wait for a reader before the facilitator is shown that it is behind."""
GOING_AWAY, POLICY = 1001, 1008


@attrs.frozen(slots=True)
class Limits:
    """What one host takes on.

    ``lines`` in all and ``per_address``; seconds until a handshake must be done; pings; texts and bytes that may wait for a reader when
    something new comes; texts per second that a line may send in the long run, and how many at once; pieces of one text.
    """

    lines: int = 1_100
    per_address: int = 100
    open_s: float = 5.0
    ping_s: float = 10.0
    ping_timeout_s: float = 20.0
    queued: int = 256
    queued_bytes: int = 8 * 1024 * 1024
    per_s: float = 30.0
    at_once: int = 300
    fragments: int = 100


class Gate:
    """Counts connections, all of them and by address."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._total = 0
        self._by_address: Counter[str] = Counter()

    def enter(self, address: str) -> bool:
        """Count a connection; whether there is room for it."""
        self._total += 1
        self._by_address[address] += 1
        return self._total <= self._limits.lines and self._by_address[address] <= self._limits.per_address

    def leave(self, address: str) -> None:
        """A connection is gone."""
        self._total -= 1
        self._by_address[address] -= 1
        if not self._by_address[address]:
            del self._by_address[address]

    def counted(self) -> type[ServerConnection]:
        """A kind of connection that is counted from the first moment, before anything is read from it."""
        gate = self

        class Counted(ServerConnection):
            address = ""

            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                peer = transport.get_extra_info("peername")
                self.address = str(peer[0]) if isinstance(peer, tuple) else "here"
                super().connection_made(transport)
                if not gate.enter(self.address):
                    self.transport.abort()

            def connection_lost(self, exc: Exception | None) -> None:
                gate.leave(self.address)
                super().connection_lost(exc)

        return Counted


class Allowance:
    """How much a line may send: ``at_once``, filled up again by ``per_s``."""

    def __init__(self, limits: Limits, now: float) -> None:
        self._limits, self._left, self._at = limits, float(limits.at_once), now

    def spend(self, now: float) -> float:
        """Count one text; how long the line has to wait before the next is read."""
        self._left = min(self._limits.at_once, self._left + (now - self._at) * self._limits.per_s) - 1.0
        self._at = now
        return max(0.0, -self._left / self._limits.per_s)


class SocketPeer:
    """Whoever is behind a websocket. Texts go out at once while they flow, and wait here when they do not."""

    def __init__(self, ws: ServerConnection, limits: Limits, watch: Callable[[bool], None]) -> None:
        self._ws, self._limits, self._watch = ws, limits, watch
        self._queue: deque[bytes] = deque()
        self._waiting = 0
        self._sending: asyncio.Task[None] | None = None
        self._is_behind = False
        self._last_code = ""

    def say(self, texts: list[bytes]) -> None:
        """Send texts. A reader for whom too much waits already is dropped instead; what comes in one piece is never too much."""
        if self._last_code:
            return
        if len(self._queue) > self._limits.queued or self._waiting + self._buffered() > self._limits.queued_bytes:
            self.drop("slow")
            return
        sent = 0
        if not self._queue and self._sending is None:
            while sent < len(texts) and self._buffered() < HURRY_BYTES:
                broadcast((self._ws,), texts[sent], text=True)
                sent += 1
        rest = texts[sent:]
        if rest:
            self._queue.extend(rest)
            self._waiting += sum(map(len, rest))
            self._judge()
            self._go_on()

    def hang_up(self, code: str) -> None:
        """Close after what waits was sent."""
        if not self._last_code:
            self._last_code = code
            self._go_on()

    def drop(self, code: str) -> None:
        """Close at once; what waits is not sent any more."""
        self._last_code = code
        self._queue.clear()
        self._ws.transport.abort()

    def _buffered(self) -> int:
        return self._ws.transport.get_write_buffer_size()

    def _go_on(self) -> None:
        if self._sending is None:
            self._sending = asyncio.get_running_loop().create_task(self._send())

    def _judge(self) -> None:
        behind = len(self._queue) >= BEHIND
        if behind != self._is_behind and (behind or not self._queue):
            self._is_behind = behind
            self._watch(behind)

    async def _send(self) -> None:
        try:
            while self._queue:
                text = self._queue.popleft()
                self._waiting -= len(text)
                await self._ws.send(text, text=True)
                self._judge()
            if self._last_code:
                await self._ws.close(GOING_AWAY if self._last_code == "closing" else POLICY, self._last_code)
        except ConnectionClosed:
            self._queue.clear()
        finally:
            self._sending = None


class HereLink:
    """The line of somebody in this very process: the facilitator's console."""

    def __init__(self, submit: Callable[[str], None], leave: Callable[[], None]) -> None:
        self._submit, self._leave = submit, leave
        self._hearing = Hearing()
        self._closed = False

    def send(self, act: Mapping[str, Any]) -> None:
        """Hand an act to the room."""
        if not self._closed:
            self._submit(json.dumps(act))

    def listen(self, hear: Hear) -> None:
        """Hear every frame from the first on, on the server's thread."""
        self._hearing.listen(hear)

    def close(self) -> None:
        """Leave."""
        if not self._closed:
            self._closed = True
            self._hearing.close()
            self._leave()

    def say(self, texts: list[bytes]) -> None:
        """Frames from the room."""
        for text in texts:
            self._hearing.receive(json.loads(text))

    def hang_up(self, code: str) -> None:
        """The room closed the line; why stands in the frame before."""
        del code
        self._closed = True

    def drop(self, code: str) -> None:
        """The same."""
        self.hang_up(code)
