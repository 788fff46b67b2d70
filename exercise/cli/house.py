"""Where a door's guests sit: whoever the host let in has a place, and a program on their terminal or their lines.

A place outlasts its line for a while: whoever comes back soon finds their screen as it was, and meanwhile everybody is shown that they are
away.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import hmac
import json
import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol

import attrs

from exercise.cli.remote import back_words, leaving_words
from exercise.presenter.link import Link, Lobby, VenueError

if TYPE_CHECKING:
    from exercise.net.doorway import Admitted, Ended, Guest, Program, Read, TerminalLook, Write
    from exercise.tui.crowd import AppProgram, Crowd, Look

GUEST = "EXERCISE_DOOR_GUEST"
"""Carries a guest to a process of their own: the environment is for this user's eyes, a command line for everybody's."""
KEEP_S = 90.0
"""How long a program waits for a guest whose line was lost. Meanwhile everybody is shown that they are away, and their place is kept."""
PARTING_S = 0.3
"""How long last words have to reach their terminals."""
FACILITATOR = "facilitator"
ASKING = 32
"""Guests for whom the host is asked at the same time."""


class GuestVenue(Protocol):
    """A venue that a guest's ticket opens: ``exercise.cli.remote`` has one."""

    resume: str

    @property
    def seats(self) -> tuple[str, ...]:
        """The seats of the ticket."""

    @property
    def roles(self) -> tuple[str, ...]:
        """What the ticket makes its holder."""

    @property
    def codes(self) -> tuple[str, ...]:
        """What lets the guest in again."""

    @property
    def is_back(self) -> bool:
        """Whether the guest comes back."""

    @property
    def is_refused(self) -> bool:
        """Whether the host has closed the guest's line for good."""

    def open(self) -> None:
        """Come in. Raises ``VenueError``."""

    def lobby(self) -> Lobby:
        """What is played."""

    def take(self, seats: tuple[str, ...]) -> Mapping[str, Link]:
        """The lines of the seats."""

    def be_away(self, *, away: bool) -> None:
        """Whoever sits here lost their line, or is back."""

    def close(self) -> None:
        """Leave; the seats are kept."""


MakeVenue = Callable[["Guest"], GuestVenue]
Send = Callable[[bytes], None]


@attrs.define(slots=True, eq=False)
class Place:
    """A guest whom the host let in, and the program of their screens while there is one. ``code`` lets them in again."""

    guest: Guest
    venue: GuestVenue
    code: str = ""
    program: AppProgram | None = None
    running: asyncio.Task[Ended] | None = None
    sitting: Sitting | None = None
    patience: asyncio.TimerHandle | None = None

    @property
    def is_kept(self) -> bool:
        """Whether the program runs, with a terminal or without."""
        return self.running is not None and not self.running.done()

    def close(self) -> None:
        """Leave, if nothing runs here any more; the seat is kept."""
        if not self.is_kept:
            self.venue.close()


class Sitting:
    """One terminal at a place. When its line is lost, the program goes on for a while, so that whoever comes back finds it as it was."""

    def __init__(self, place: Place, begin: Callable[[], asyncio.Task[Ended]], look: Look, send: Send) -> None:
        self._place, self._begin, self._look, self._send = place, begin, look, send
        self._over: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def feed(self, data: bytes) -> None:
        """What was typed."""
        if self._mine is not None:
            self._mine.feed(data)

    def resize(self, columns: int, lines: int) -> None:
        """The terminal has another size now."""
        if self._mine is not None:
            self._mine.resize(columns, lines)

    def hold(self) -> None:
        """The wire is full."""
        if self._mine is not None:
            self._mine.hold()

    def release(self) -> None:
        """There is room on the wire again."""
        if self._mine is not None:
            self._mine.release()

    def hang_up(self) -> None:
        """The line is lost: keep the program for whoever comes back."""
        place, program = self._place, self._mine
        if program is not None:
            program.detach()
            place.sitting = None
            place.venue.be_away(away=True)
            place.patience = asyncio.get_running_loop().call_later(KEEP_S, program.hang_up)
        self._end("")

    async def run(self) -> Ended:
        """Until the program ends, the line is lost, or the place goes on at another terminal."""
        if self._over.done():
            return 0, ""
        place = self._place
        if place.sitting is not None:
            place.sitting.part("Your seat goes on at another terminal.")
        place.sitting = self
        if place.patience is not None:
            place.patience.cancel()
        if place.program is not None and place.is_kept:
            place.program.attach(self._look, self._send)
            place.venue.be_away(away=False)
        else:
            place.running = self._begin()
        assert place.running is not None
        await asyncio.wait((place.running, self._over), return_when=asyncio.FIRST_COMPLETED)
        if self._over.done():
            return 0, self._over.result()
        return place.running.result()

    def part(self, why: str) -> None:
        """End here, with these words: the terminal is given back as it was, and what the program paints from now on goes nowhere."""
        program = self._mine
        if program is not None:
            from exercise.tui.wire_driver import END

            program.detach()
            self._send(END.encode())
        self._end(why)

    @property
    def _mine(self) -> AppProgram | None:
        return self._place.program if self._place.sitting is self else None

    def _end(self, why: str) -> None:
        if not self._over.done():
            self._over.set_result(why)


class SeatHouse:
    """Leads guests to their seats. ``way_back`` says in words how somebody comes back by this door; with ``alone`` (a command) every screen
    is a process of its own.
    """

    def __init__(self, make_venue: MakeVenue, crowd: Crowd, way_back: Callable[[Guest, str], str], alone: tuple[str, ...] = ()) -> None:
        self._make_venue, self._crowd, self._way_back, self._alone = make_venue, crowd, way_back, alone
        self._askers = concurrent.futures.ThreadPoolExecutor(ASKING, "asking")
        self._places: set[Place] = set()
        self._talking: dict[Place, Write] = {}

    async def admit(self, guest: Guest) -> Place:
        """Ask the host, or find the place that is still kept for the same guest. Raises ``NotAdmitted``."""
        from exercise.net.doorway import NotAdmitted

        kept = self._kept_for(guest)
        if kept is not None:
            return kept
        place = Place(guest, self._make_venue(guest))
        try:
            await asyncio.get_running_loop().run_in_executor(self._askers, place.venue.open)
        except VenueError as no:
            raise NotAdmitted(str(no)) from no
        place.code = next(iter(place.venue.codes), "") or guest.secret  # a code that let somebody in is not told again
        place.venue.resume = self._way_back(guest, place.code)
        return place

    def _kept_for(self, guest: Guest) -> Place | None:
        """The place whose program waits for this guest, by the host's own secret: the resume code, or the key that was proven. One
        whose line the host has closed waits for nobody: its code may have been taken back, and the screens still show the seat.
        """
        from exercise.session.joining import plain_words

        for place in self._places:
            secret = plain_words(place.code) if guest.secret else place.guest.key
            shown = plain_words(guest.secret) or guest.key
            if place.is_kept and not place.venue.is_refused and secret and hmac.compare_digest(secret.encode(), shown.encode()):
                return place
        return None

    def screen(self, place: Admitted, look: TerminalLook, send: Send) -> Program:
        """The seat's application, here or in a process of its own."""
        assert isinstance(place, Place)
        if self._alone:
            return self._apart(place, look, send)
        from exercise.tui.crowd import Look, facilitator_program, seat_program

        seen = Look(look.columns, look.lines, look.term, look.colorterm, look.lang, look.no_color)

        def begin() -> asyncio.Task[Ended]:
            self._places.add(place)
            venue = place.venue
            if FACILITATOR in venue.roles:
                link = venue.take(venue.seats)[venue.seats[0]]
                place.program = facilitator_program(
                    self._crowd, link, seen, send, leaving=leaving_words(venue.resume), afterwards=back_words(venue.resume)
                )
            else:
                place.program = seat_program(self._crowd, venue, seen, send, seats=venue.seats, note_read=venue.is_back)
            running = asyncio.get_running_loop().create_task(place.program.run())
            running.add_done_callback(lambda _ended: self._left(place))
            return running

        return Sitting(place, begin, seen, send)

    async def part(self) -> None:
        """The host ends, or is gone: tell everybody at a terminal how to come back. A page comes back by itself."""
        for place in list(self._places):
            if place.sitting is not None and place.guest.via == "ssh":
                place.sitting.part(self._parting(place))
        for place, write in list(self._talking.items()):
            if place.guest.via == "ssh":
                write(f"\n{self._parting(place)}\n")
        await asyncio.sleep(PARTING_S)

    def _parting(self, place: Place) -> str:
        way = self._way_back(place.guest, place.code)
        return f"The host is not there any more. Your seat is kept; when it is there again, come back with: {way}"

    def _left(self, place: Place) -> None:
        """The program ended, whoever was there: leave the place."""
        self._places.discard(place)
        self._askers.submit(place.venue.close)

    def lines(self, place: Admitted, look: TerminalLook, read: Read, write: Write) -> Ended:
        """The seat in lines."""
        from exercise.tui.plain import COLUMNS

        assert isinstance(place, Place)
        COLUMNS.set(look.columns)
        self._talking[place] = write
        try:
            return self._lines_at(place, read, write)
        finally:
            self._talking.pop(place, None)

    def _lines_at(self, place: Place, read: Read, write: Write) -> Ended:
        if not place.is_kept:
            return _in_lines(place.venue, read, write)
        # A program with screens waits there. The host lets the same guest in once more, and what came before is over.
        venue = self._make_venue(attrs.evolve(place.guest, secret=place.code))
        try:
            venue.open()
            venue.resume = place.venue.resume
            return _in_lines(venue, read, write)
        except VenueError as no:
            return 1, str(no)
        finally:
            venue.close()

    def _apart(self, place: Place, look: TerminalLook, send: Callable[[bytes], None]) -> Program:
        from exercise.net.doorway import leave
        from exercise.net.pty_program import PtyProgram

        code = place.code or place.guest.secret
        guest = attrs.asdict(attrs.evolve(place.guest, secret=code)) | {"resume": place.venue.resume, "is_back": place.venue.is_back}
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TEXTUAL", "COLORTERM", "NO_COLOR", "LC_"))}
        terminal = {"TERM": look.term, "COLORTERM": look.colorterm, "LANG": look.lang or "C.UTF-8"}
        wish = {"NO_COLOR": "1"} if look.no_color else {}
        environment = {**kept, **terminal, **wish, GUEST: json.dumps(guest)}
        return PtyProgram(self._alone, environment, look, send, before=lambda: leave(place))


def _in_lines(venue: GuestVenue, read: Read, write: Write) -> Ended:
    """A seat in lines, or a facilitator's console."""
    if FACILITATOR in venue.roles:
        from exercise.tui.plain_facilitator import run_plain_facilitator

        link = venue.take(venue.seats)[venue.seats[0]]
        return run_plain_facilitator(link, leaving=leaving_words(venue.resume), afterwards=back_words(venue.resume), read=read, write=write)
    from exercise.tui.plain import run_plain

    return run_plain(venue, venue.seats, note_read=venue.is_back, read=read, write=write)
