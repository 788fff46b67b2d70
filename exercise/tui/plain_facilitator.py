"""The facilitator's console in lines: prints lines and reads commands, nothing is cleared and nothing moves."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable

import attrs

from exercise.presenter.facilitator import Console
from exercise.presenter.facilitator_commands import FacilitatorLines
from exercise.presenter.link import Frame, Link
from exercise.presenter.mail import correspondents
from exercise.presenter.words import _
from exercise.tui.plain import ANSWER_S, Read, Write, _print, _printer, _width


class Post:
    """A console's line at a terminal of lines: what came, and what of it was told."""

    def __init__(self, link: Link, say: Write, *, leaving: str = "") -> None:
        self.lines = FacilitatorLines(Console(link), _width(), leaving)
        self._say = say
        self._inbox: queue.SimpleQueue[Frame] = queue.SimpleQueue()
        self._alerts = self._letters = 0
        self._where = ("", 0, "")
        link.listen(self._inbox.put)

    @property
    def console(self) -> Console:
        """The console."""
        return self.lines.console

    def hear(self, wait_for: Callable[[], bool] | None = None, seconds: float = ANSWER_S) -> None:
        """Fold what came; with ``wait_for``, wait until it holds or the time is over."""
        until = time.monotonic() + seconds
        while True:
            try:
                waiting = wait_for is not None and not wait_for()
                frame = self._inbox.get(timeout=max(0.0, until - time.monotonic())) if waiting else self._inbox.get_nowait()
            except queue.Empty:
                return
            self.console.hear((frame,))

    def tell(self) -> None:
        """What is new: where the exercise stands, alerts, messages."""
        state, room = self.console.state, self.console.state.room
        where = (room.status, room.turn, room.phase)
        if where != self._where:
            self._where = where
            _print(self.lines.look(), self._say)
        for alert in self.console.control.alerts:
            if alert.number > self._alerts:
                self._alerts = alert.number
                self._say(_("Alert: {text}", text=alert.text))
        for letter in state.letters[self._letters :]:
            if letter.sender != state.seat:
                self._say(f"{correspondents(state, letter)}: {letter.text}")
        self._letters = len(state.letters)

    def do(self, line: str) -> None:
        """A line typed, and the host's answer."""
        _print(self.lines.hear(line), self._say)
        self.hear(lambda: not self.console.state.asked)
        refused = self.console.state.refused
        if refused is not None:
            self._say(_("Refused: {why}", why=f"{refused.why}. {refused.hint}".rstrip(". ")))
            self.console.state = attrs.evolve(self.console.state, refused=None)


def run_plain_facilitator(link: Link, *, leaving: str = "", read: Read = input, write: Write | None = None) -> tuple[int, str]:
    """Run the exercise in lines until ``quit`` or the end of the input. Returns the exit status and what to print afterwards."""
    say = write or _printer()
    post = Post(link, say, leaving=leaving)
    try:
        post.hear(lambda: post.console.state.room.is_hosted and post.console.state.room.control != {})
        say(_("You run this exercise. Type help for the commands; an empty line tells what is new."))
        while not post.lines.quit and post.console.state.room.link != "refused":
            post.hear()
            post.tell()
            post.do(read(_("facilitator > ")))
            if post.console.state.room.link == "refused":
                say(post.console.state.room.link_why)
    except (EOFError, KeyboardInterrupt):
        pass
    finally:
        link.close()
    return 0, ""
