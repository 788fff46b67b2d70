"""A host and its seats in one process: frames cross as JSON text, as they would over a socket.

One thread owns the host, so that screens never wait for adjudication. When the log cannot be written the exercise freezes: every seat is
told, and every later act is refused with the reason.
"""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from exercise.presenter.link import Frame, Hear
from exercise.record.reading import LogError
from exercise.session.host import Host

Job = tuple[str, str] | None
MakeHost = Callable[[Callable[[str, Frame], None]], Host]
"""Makes the host, given how to deliver a frame to a seat."""


class LoopbackLink:
    """A seat's line to the host of the same process. ``failure`` is what a listener failed with: that cuts its line alone."""

    def __init__(self, seat: str, jobs: queue.SimpleQueue[Job]) -> None:
        self.failure: Exception | None = None
        self._seat = seat
        self._jobs = jobs
        self._lock = threading.RLock()
        self._hear: Hear | None = None
        self._waiting: list[str] = []

    def send(self, act: Mapping[str, Any]) -> None:
        """Hand an act to the host's thread."""
        self._jobs.put((self._seat, json.dumps(act)))

    def listen(self, hear: Hear) -> None:
        """Call ``hear`` with every frame from the first on."""
        with self._lock:
            self._hear = hear
            waiting, self._waiting = self._waiting, []
            for text in waiting:
                self._tell(text)

    def close(self) -> None:
        """Hear nothing more."""
        with self._lock:
            self._hear = lambda _: None

    def receive(self, frame: Frame) -> None:
        """A frame from the host, called on its thread."""
        text = json.dumps(frame, allow_nan=False)
        with self._lock:
            if self._hear is None:
                self._waiting.append(text)
            else:
                self._tell(text)

    def _tell(self, text: str) -> None:
        assert self._hear is not None
        try:
            self._hear(json.loads(text))
        except Exception as error:  # noqa: BLE001 - whatever a screen fails with, the other seats and the host are not to suffer from it
            self.failure = error
            self.close()


class Loopback:
    """The thread that owns a host. ``failure`` is what froze the exercise, for whoever runs the program; seats are told less."""

    def __init__(self, seats: Iterable[str], make_host: MakeHost) -> None:
        self._jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self.links = {seat: LoopbackLink(seat, self._jobs) for seat in seats}
        self.failure: Exception | None = None
        self._frozen = ""
        self.host = make_host(lambda seat, frame: self.links[seat].receive(frame))
        self._thread = threading.Thread(target=self._serve, name="host", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Finish what was sent and stop the thread."""
        self._jobs.put(None)
        self._thread.join(timeout=10)

    def _serve(self) -> None:
        while (job := self._jobs.get()) is not None:
            seat, text = job
            act = json.loads(text)
            if self._frozen:
                ref = act.get("ref", "") if isinstance(act, dict) else ""
                self.links[seat].receive({"frame": "refused", "ref": ref, "code": "frozen", "why": self._frozen, "hint": ""})
                continue
            try:
                self.host.hear(seat, act)
            except Exception as error:  # noqa: BLE001 - whatever fails, players must be told and nothing more may be acknowledged
                self._freeze(error)

    def _freeze(self, error: Exception) -> None:
        self.failure = error
        # What a log says of its medium is for everybody; what went wrong inside the engine may speak of what a seat is not to know.
        told = str(error) if isinstance(error, LogError) else f"the engine failed ({type(error).__name__})"
        self._frozen = f"the exercise is frozen: {told}. What was acknowledged is in the log; open it again to go on."
        for link in self.links.values():
            link.receive({"frame": "notice", "text": self._frozen})
