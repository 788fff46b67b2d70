"""The facilitator's console in lines: prints lines and reads commands, nothing is cleared and nothing moves."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator

import attrs

from exercise.presenter.facilitator import Console, next_step
from exercise.presenter.facilitator_commands import FacilitatorLines
from exercise.presenter.facilitator_rows import ticket_for
from exercise.presenter.link import Frame, Link
from exercise.presenter.mail import correspondents
from exercise.presenter.room_state import line_words
from exercise.presenter.sittings import cast_words
from exercise.presenter.talks import Cast
from exercise.presenter.words import _
from exercise.tui.plain import ANSWER_S, Read, Write, _print, _printer, _width


class Post:
    """A console's line at a terminal of lines: what came, and what of it was told.

    Frames come on the line's own thread. While a line is typed what happens is said at once; while one is done it waits for its answer.
    """

    def __init__(self, link: Link, say: Write, *, leaving: str = "") -> None:
        self.lines = FacilitatorLines(Console(link), _width(), leaving)
        self._say = say
        self._inbox: queue.SimpleQueue[Frame] = queue.SimpleQueue()
        self._alerts = self._letters = 0
        self._where, self._step, self._line = ("", 0, ""), "", ""
        self._tickets: frozenset[str] | None = None
        self._cast: dict[tuple[str, str], Cast] = {}
        self._asking, self._lock = False, threading.Lock()
        link.listen(self._ear)

    @property
    def console(self) -> Console:
        """The console."""
        return self.lines.console

    def _ear(self, frame: Frame) -> None:
        self._inbox.put(frame)
        with self._lock:
            if self._asking:
                self.hear()
                self.tell(meanwhile=True)

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

    def tell(self, *, meanwhile: bool = False) -> None:
        """What is new; what happens meanwhile begins on a line of its own, below what is being typed."""
        for words in self._news():
            self._say(f"\n{words}" if meanwhile else words)
            meanwhile = False

    def _news(self) -> Iterator[str]:
        """Where the exercise stands and what it waits for, how the line is, new tickets, votes cast, alerts, messages."""
        state, room = self.console.state, self.console.state.room
        where, step, line = (room.status, room.turn, room.phase), next_step(self.console)[0], line_words(room)
        if line != self._line:
            yield line or _("Connected again.")
        elif where != self._where:
            yield from (row.text for row in self.lines.look())
        elif step != self._step:
            yield step
        self._where, self._step, self._line = where, step, line
        tickets = self.console.control.tickets
        for ticket in tickets if self._tickets is not None else ():
            if ticket.words and ticket.id not in (self._tickets or ()):
                yield _("New ticket {id}, {whom}: {words}", id=ticket.id, whom=ticket_for(self.console, ticket), words=ticket.words)
        self._tickets = frozenset(ticket.id for ticket in tickets)
        cast = {(key, seat): vote for key, votes in state.talks.cast.items() for seat, vote in votes.items()}
        for (key, seat), vote in cast.items():
            if self._cast.get((key, seat)) != vote:
                yield cast_words(state, key, seat, vote)
        self._cast = cast
        for alert in self.console.control.alerts:
            if alert.number > self._alerts:
                self._alerts = alert.number
                yield _("Alert: {text}", text=alert.text)
        for letter in state.letters[self._letters :]:
            if letter.sender != state.seat:
                yield f"{correspondents(state, letter)}: {letter.text}"
        self._letters = len(state.letters)

    def ask(self, read: Read) -> str:
        """What is new, and the next line typed."""
        with self._lock:
            self.hear()
            self.tell()
            self._asking = True
        try:
            return read(_("facilitator > "))
        finally:
            with self._lock:
                self._asking = False

    def do(self, line: str) -> None:
        """A line typed, and the host's answer."""
        self.hear()
        _print(self.lines.hear(line), self._say)
        self.hear(lambda: not self.console.state.asked)
        refused = self.console.state.refused
        if refused is not None:
            self._say(_("Refused: {why}", why=refused.words))
            self.console.state = attrs.evolve(self.console.state, refused=None)


def run_plain_facilitator(
    link: Link, *, leaving: str = "", afterwards: str = "", read: Read = input, write: Write | None = None
) -> tuple[int, str]:
    """Run the exercise in lines until ``quit`` or the end of the input. Returns the exit status and what to print ``afterwards``."""
    say = write or _printer()
    post = Post(link, say, leaving=leaving)
    try:
        post.hear(lambda: post.console.state.room.is_hosted and post.console.state.room.control != {})
        say(_("You run this exercise. Type help for the commands; what happens meanwhile is said as it happens."))
        while not post.lines.quit and post.console.state.room.link != "refused":
            post.do(post.ask(read))
    except (EOFError, KeyboardInterrupt):
        pass
    finally:
        link.close()
    post.tell()
    return 0, afterwards
