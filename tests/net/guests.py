"""A house for tests of the doors: tickets that open scripted seats."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping

import pyte

from exercise.cli.door import way_back
from exercise.cli.house import SeatHouse
from exercise.net.doorway import Guest
from exercise.presenter.link import Link, Lobby, VenueError
from exercise.tui.crowd import prepared
from tests.tui.scripted_link import ScriptedVenue

PATIENCE_S = 20.0


class TicketVenue(ScriptedVenue):
    """A venue behind a ticket."""

    resume = ""
    roles: tuple[str, ...] = ("head",)
    is_back = False
    is_refused = False

    def __init__(self, office: Office, guest: Guest) -> None:
        super().__init__()
        self.office, self.guest = office, guest
        self.seats: tuple[str, ...] = ()
        self.codes: tuple[str, ...] = ()
        self.was_away: list[bool] = []

    def open(self) -> None:
        """Look at what is shown."""
        self.office.let_in(self)

    def lobby(self) -> Lobby:
        """The scripted one, left by this door."""
        import attrs

        return attrs.evolve(super().lobby(), resume=self.resume)

    def take(self, seats: tuple[str, ...]) -> Mapping[str, Link]:
        """The seats of the ticket, and no others."""
        assert set(seats) <= set(self.seats)
        return super().take(seats)

    def be_away(self, *, away: bool) -> None:
        """What the host would be told."""
        self.was_away.append(away)

    def close(self) -> None:
        """Leave."""
        if not self.closed:
            self.office.gone.append(self)
        super().close()


class Office:
    """Knows tickets, codes and keys, as a host does."""

    def __init__(self, *tickets: str) -> None:
        self.tickets = set(tickets)
        self.codes: dict[str, str] = {}
        self.keys: dict[str, str] = {}
        self.inside: list[TicketVenue] = []
        self.gone: list[TicketVenue] = []
        self.asked: list[Guest] = []
        self._lock = threading.Lock()

    def let_in(self, venue: TicketVenue) -> None:
        """Raises VenueError for whoever shows nothing that is known."""
        guest = venue.guest
        with self._lock:
            self.asked.append(guest)
            if guest.secret in self.tickets:
                self.tickets.remove(guest.secret)
                code = f"code-{guest.secret}"
                self.codes[code] = guest.secret
            elif guest.secret in self.codes:
                code, venue.is_back = guest.secret, True
            elif not guest.secret and guest.key in self.keys:
                code = self.keys[guest.key]
            else:
                raise VenueError("nobody knows this ticket (look at the sheet again)")
            if guest.key:
                self.keys[guest.key] = code
            venue.seats, venue.codes = ("uzbekistan",), (code,)
            self.inside.append(venue)

    def venue(self, guest: Guest) -> TicketVenue:
        """The venue of a guest who was not asked yet."""
        return TicketVenue(self, guest)


@contextlib.contextmanager
def house_of(office: Office, alone: tuple[str, ...] = ()) -> Iterator[SeatHouse]:
    """A house in a process that is prepared for it."""
    with prepared() as crowd:
        yield SeatHouse(office.venue, crowd, way_back, alone)


class Reading:
    """A terminal in memory."""

    def __init__(self, columns: int = 100, lines: int = 30) -> None:
        self.raw = b""
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self.screen)

    def take(self, data: bytes) -> None:
        """Something came."""
        self.raw += data
        self._stream.feed(data)

    @property
    def text(self) -> str:
        """What it shows."""
        buffer, columns = self.screen.buffer, range(self.screen.columns)
        return "\n".join("".join(buffer[line][column].data for column in columns).rstrip() for line in range(self.screen.lines))

    async def shows(self, words: str) -> None:
        """Wait until it shows some words."""
        await until(lambda: words in self.text, lambda: self.text)


async def until(holds: Callable[[], object], says: Callable[[], str] = str) -> None:
    """Wait for a condition, never for a fixed time."""
    loop = asyncio.get_running_loop()
    end = loop.time() + PATIENCE_S
    while not holds():
        assert loop.time() < end, says()
        await asyncio.sleep(0.01)
