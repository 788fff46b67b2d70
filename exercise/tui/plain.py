"""The plain line mode: prints lines and reads commands, nothing is cleared and nothing moves.

For screen readers, braille displays, thin links and logs of a session. The same presenters speak here as on the screens.
"""

from __future__ import annotations

import queue
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar

import attrs

from exercise.presenter.commands import Lines
from exercise.presenter.desk import Desk
from exercise.presenter.ending import ending_rows
from exercise.presenter.guide import Guide
from exercise.presenter.happenings import summary_rows, summary_title
from exercise.presenter.legible import ascii_only
from exercise.presenter.link import Frame, Link, Lobby, Venue, VenueError
from exercise.presenter.lobby import farewell, note_rows, offer_rows, seat_rows
from exercise.presenter.passing import Passing
from exercise.presenter.rows import Rows, heading, note
from exercise.presenter.words import _
from exercise.tui.encoding import speaks_unicode

ANSWER_S = 5.0
"""How long an act may stay unanswered before the player is asked to go on without knowing."""

WIDEST = 100
COLUMNS: ContextVar[int] = ContextVar("columns", default=0)
"""Width of a terminal elsewhere; 0 asks this process's own."""
HANDOVER_LINES = 60

Read = Callable[[str], str]
Write = Callable[[str], None]


def run_plain(
    venue: Venue, seats: tuple[str, ...] = (), *, note_read: bool = False, read: Read = input, write: Write | None = None
) -> tuple[int, str]:
    """Play in lines until the end or ``quit``. Returns the exit status and what to print afterwards."""
    say = write or _printer()
    table: Table | None = None
    try:
        lobby = venue.lobby()
        if not note_read:
            _print((heading(lobby.title), *note_rows(lobby, _width())), say)
            if len(seats) != 1:  # with one seat named, nothing is asked and nothing scrolls away
                read(_("Press enter when you have read this. "))
            _print(tuple(row for seat in lobby.seats if len(seats) == 1 and seat.id in seats for row in offer_rows(seat, _width())), say)
        chosen = seats or _choose(lobby, read, say)
        if not chosen:
            return 0, ""
        say(_("One moment ..."))
        table = Table(venue.take(chosen), read, say, lobby.replay, guided=lobby.practice)
        table.play()
    except VenueError as trouble:
        say(str(trouble))
        return 1, ""
    except (EOFError, KeyboardInterrupt):
        say("")
    if lobby.practice:
        return 0, farewell("", practice=True)
    over = table is not None and table.is_over
    return 0, farewell("", replay=lobby.replay) if over else farewell("", resume=lobby.resume)


def _printer() -> Write:
    plain = not speaks_unicode()

    def say(text: str) -> None:
        sys.stdout.write((ascii_only(text) if plain else text) + "\n")
        sys.stdout.flush()

    return say


def _width() -> int:
    return min(WIDEST, max(40, COLUMNS.get() or shutil.get_terminal_size((80, 24)).columns))


def _print(rows: Rows, say: Write) -> None:
    for row in rows:
        say(row.text)


def _choose(lobby: Lobby, read: Read, say: Write) -> tuple[str, ...]:
    """A seat by its number."""
    width = _width()
    for place, row in enumerate(seat_rows(lobby, (), width - 4), 1):
        say(f"{place:>3} {row.text}")
    while True:
        answer = read(_("Your seat (number, or read and a number for its briefing, or quit): ")).strip().lower()
        reading = answer.startswith("read ")
        number = answer.removeprefix("read ").strip()
        if answer in ("quit", "q", "exit"):
            return ()
        if number.isdigit() and 0 < int(number) <= len(lobby.seats):
            seat = lobby.seats[int(number) - 1]
            if not reading:
                return (seat.id,)
            _print(offer_rows(seat, width), say)
        else:
            say(_("Give a number from the list."))


@attrs.define(slots=True)
class Place:
    """A seat in line mode, and the turn that it was told of last."""

    lines: Lines
    inbox: queue.SimpleQueue[Frame] = attrs.field(factory=queue.SimpleQueue)
    told: int = 0
    ended: bool = False

    @property
    def desk(self) -> Desk:
        """The seat's desk."""
        return self.lines.desk


class Table:
    """One or several seats at this terminal, in turn."""

    def __init__(self, links: Mapping[str, Link], read: Read, say: Write, replay: str = "", *, guided: bool = False) -> None:
        self._places = {
            seat: Place(Lines(Desk(link, replay=replay, guide=Guide() if guided else None), _width())) for seat, link in links.items()
        }
        self._read, self._say = read, say
        self._is_asking = False
        for place in self._places.values():
            place.desk.link.listen(self._ear(place))

    def _ear(self, place: Place) -> Callable[[Frame], None]:
        """Keeps frames until the player looks, and says at once in a line what happens in a hosted exercise meanwhile."""
        passing = Passing(lambda: place.desk.state, place.desk.clock)

        def hear(frame: Frame) -> None:
            place.inbox.put(frame)
            words = passing.hear(frame)
            if words and len(self._places) == 1:
                self._say(f"\n* {words}" if self._is_asking else f"* {words}")

        return hear

    @property
    def is_over(self) -> bool:
        """Whether the exercise has ended."""
        return any(place.ended for place in self._places.values())

    def play(self) -> None:
        """Go round the seats until the end or until somebody quits."""
        while True:
            for seat, place in self._places.items():
                self._hear(place, wait_for=lambda each: each.desk.state.is_up_to_date)
                if len(self._places) > 1 and not place.ended:
                    self._hand_over(place)
                if not self._sit(seat, place):
                    return
            if all(place.ended for place in self._places.values()):
                return

    def _hand_over(self, place: Place) -> None:
        self._say("\n" * HANDOVER_LINES)
        self._read(_("Hand the keyboard to {seat}; press enter when only they can see. ", seat=place.desk.state.welcome.seat.name))

    def _sit(self, seat: str, place: Place) -> bool:
        """One seat's commands until its turn is done. False when the player quits."""
        self._tell(place)
        while not place.ended:
            if place.desk.guide is not None:
                self._say(place.desk.guide.words(in_lines=True))
            self._is_asking = True
            line = self._read(f"{self._name(seat, place)} > ")
            self._is_asking = False
            self._hear(place)
            _print(place.lines.hear(line), self._say)
            if place.lines.quit:
                return False
            self._await_answers(place)
            if place.desk.state.ready and len(self._places) > 1:
                break
            if place.desk.state.turn > place.told or place.desk.state.ending is not None:
                self._tell(place)
                if len(self._places) > 1:
                    break
        return self._last_words(place)

    def _name(self, seat: str, place: Place) -> str:
        """A seat's short name; of whoever only watches, what they are."""
        welcome = place.desk.state.welcome
        return welcome.seat_short(seat) if any(each.id == seat for each in welcome.seats) else welcome.seat.name

    def _last_words(self, place: Place) -> bool:
        """After the end the lists can still be read, until quit."""
        while place.ended and len(self._places) == 1:
            line = self._read(_("ended > "))
            _print(place.lines.hear(line), self._say)
            if place.lines.quit:
                return False
        return True

    def _tell(self, place: Place) -> None:
        """A new turn's summary, or the end."""
        state, width = place.desk.state, place.lines.width
        if state.ending is not None and not place.ended:
            place.ended = True
            summary = summary_rows(state, width, state.seen)
            place.desk.seen()
            _print((heading(summary_title(state)), *summary) if summary else (), self._say)
            _print((heading(_("The exercise has ended")), *ending_rows(state, width, place.desk.replay)), self._say)
        elif state.turn > place.told:
            if place.told:
                summary = summary_rows(state, width, state.seen) or (note(_("Nothing that reached you changed."), width),)
                _print((heading(summary_title(state)), *summary), self._say)
            place.told = state.turn
            place.desk.seen()
            _print(place.lines.look(), self._say)
            self._say(_("Type help for the commands."))

    def _await_answers(self, place: Place) -> None:
        """Wait until the host has answered, and after ``done`` until the turn is resolved unless other seats still play."""
        before = place.desk.state.turn
        self._hear(place, wait_for=lambda each: not each.desk.state.asked)
        refused = place.desk.state.refused
        if refused is not None:
            self._say(_("Refused: {why}", why=refused.words))
            place.desk.state = attrs.evolve(place.desk.state, refused=None)
        alone = len(self._places) == 1
        if place.desk.state.room.is_hosted:
            return  # others play as well, and how it goes on is said when it does
        if place.desk.state.ready and alone:
            self._say(_("The turn is being resolved ..."))
            self._hear(
                place,
                wait_for=lambda each: each.desk.state.turn > before or each.desk.state.ending is not None,
                seconds=60.0,
            )

    def _hear(self, place: Place, wait_for: Callable[[Place], bool] | None = None, seconds: float = ANSWER_S) -> None:
        """Fold what came; with ``wait_for``, wait until it holds or the time is over."""
        until = time.monotonic() + seconds
        while True:
            try:
                waiting = wait_for is not None and not wait_for(place)
                frame = place.inbox.get(timeout=max(0.0, until - time.monotonic())) if waiting else place.inbox.get_nowait()
            except queue.Empty:
                return
            place.desk.hear((frame,))
