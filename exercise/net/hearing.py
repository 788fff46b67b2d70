"""Whoever listens to a line: hears every frame from the first on, in order, whenever they begin to listen."""

from __future__ import annotations

import threading

from exercise.presenter.link import Frame, Hear


class Hearing:
    """Keeps frames until somebody listens. ``failure`` is what a listener failed with: that cuts its own line and no other."""

    def __init__(self) -> None:
        self.failure: Exception | None = None
        self._lock = threading.RLock()
        self._hear: Hear | None = None
        self._waiting: list[Frame] = []
        self._closed = False

    def listen(self, hear: Hear) -> None:
        """Call ``hear`` with what came, and from now on with what comes."""
        with self._lock:
            self._hear = hear
            waiting, self._waiting = self._waiting, []
            for frame in waiting:
                self.receive(frame)

    def receive(self, frame: Frame) -> None:
        """A frame came."""
        with self._lock:
            if self._closed:
                return
            if self._hear is None:
                self._waiting.append(frame)
                return
            try:
                self._hear(frame)
            except Exception as error:  # noqa: BLE001 - whatever a screen fails with, nobody else is to suffer from it
                self.failure = error
                self._closed = True

    def close(self) -> None:
        """Hear nothing more."""
        with self._lock:
            self._closed = True
            self._waiting.clear()
