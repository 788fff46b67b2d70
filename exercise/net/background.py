"""An event loop on a thread of its own, for what must go on while screens paint and people think."""

from __future__ import annotations

import asyncio
import concurrent.futures
import functools
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
LAST_WORDS_S = 1.0
"""How long what is cancelled may take to put things in order."""


class Background:
    """A running loop. The thread is a daemon: a program that is left does not wait for it."""

    def __init__(self, name: str) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name=name, daemon=True)
        self._thread.start()

    def start(self, work: Coroutine[Any, Any, T]) -> concurrent.futures.Future[T]:
        """Begin work on the loop, from any other thread."""
        return asyncio.run_coroutine_threadsafe(work, self.loop)

    def call(self, do: Callable[..., object], *arguments: object) -> bool:
        """Call something soon on the loop, from any thread. False when the loop has stopped."""
        try:
            self.loop.call_soon_threadsafe(do, *arguments)
        except RuntimeError:
            return False
        return True

    def stop(self) -> None:
        """Stop the loop and wait for its thread; what still runs on it is cancelled."""
        if self.call(self.loop.stop):
            self._thread.join(timeout=10)

    def _serve(self) -> None:
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_forever()
        finally:
            left = asyncio.all_tasks(self.loop)
            for task in left:
                task.cancel()
            if left:
                self.loop.run_until_complete(asyncio.wait(left, timeout=LAST_WORDS_S))
            self.loop.run_until_complete(self.loop.shutdown_asyncgens())
            self.loop.close()


@functools.cache
def shared() -> Background:
    """The one loop on which all lines of this program live."""
    return Background("lines")
