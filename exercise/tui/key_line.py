"""Keys one after another: each is given to the screen that the key before it led to.

A terminal may deliver several keys in one read: a paste, a held key, a slow link. Textual hands each of them to whatever has the focus at
that moment, before the first one was acted on; so the second Enter reaches a dialog that the first one closed, or the pane beneath a
dialog that is only about to open. Here keys stand in line instead. The first goes at once, so that a single key costs nothing; the next
goes when nothing is left to do of the one before.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from textual import events
from textual.app import App, ScreenStackError
from textual.message_pump import MessagePump

if TYPE_CHECKING:
    from textual.screen import Screen

QUIET_ROUNDS = 4
"""Rounds of the event loop without a message under way after which a key counts as done."""
PATIENCE_S = 2.0
"""How long a key may keep the others waiting."""
MOST_WAITING = 4096
"""Keys that may stand in line; more of them is a pasted book, and is dropped."""


class KeyLine:
    """The keys that wait, for one application."""

    def __init__(self, app: App[None]) -> None:
        self._app = app
        self._waiting: deque[events.Key] = deque()
        self._feeding: asyncio.Task[None] | None = None

    @property
    def is_free(self) -> bool:
        """Whether a key may go at once; otherwise it must be queued."""
        return self._feeding is None or self._feeding.done()

    def queue(self, key: events.Key) -> None:
        """Let a key wait for those before it."""
        if len(self._waiting) < MOST_WAITING:
            self._waiting.append(key)

    def forget(self) -> None:
        """Drop the keys that wait: they were meant for somebody or something that is no longer there."""
        self._waiting.clear()

    def follow(self) -> None:
        """A key went: watch until it is done, then let the next one go."""
        if self.is_free:
            self._feeding = asyncio.get_running_loop().create_task(self._feed(), name="key-line")

    async def _feed(self) -> None:
        await self._quiet()
        while self._waiting and self._app.is_running:
            self._app.post_message(Due(self._waiting.popleft()))
            await self._quiet()

    async def _quiet(self) -> None:
        """Wait until no message of the application, of its screen or of what has the focus is under way."""
        loop = asyncio.get_running_loop()
        end, quiet = loop.time() + PATIENCE_S, 0
        while quiet < QUIET_ROUNDS and loop.time() < end and self._app.is_running:
            await asyncio.sleep(0)
            quiet = quiet + 1 if self._is_quiet() else 0

    def _is_quiet(self) -> bool:
        try:
            screen: Screen[object] = self._app.screen
        except ScreenStackError:
            return True
        pumps: list[MessagePump] = [self._app, screen]
        pumps += list(screen.focused.ancestors_with_self) if screen.focused is not None else []
        return screen.is_mounted and not any(pump.message_queue_size for pump in pumps)


class Due(events.Event, bubble=False):
    """The next key in line may go."""

    def __init__(self, key: events.Key) -> None:
        super().__init__()
        self.key = key
