"""What facilitators run an exercise by, read from the frame ``control``: who is here, tickets, injects, who moves which seat, alerts.

The frame is absolute: the newest one tells all. Whatever it holds, reading it gives a value.
"""

from __future__ import annotations

import attrs

from exercise.presenter.frames import Data, items, table, text, texts, truth, whole


@attrs.frozen(slots=True)
class ClientLine:
    """Somebody who came in: with which ticket, how, and how their line is. ``idle_s`` counts from their last act."""

    id: str
    ticket: str
    seats: tuple[str, ...]
    role: str
    name: str
    via: str
    origin: str
    here: bool
    idle_s: int
    behind: bool
    away: bool = False


@attrs.frozen(slots=True)
class TicketLine:
    """A ticket. ``words`` are there until somebody came in with it."""

    id: str
    role: str
    seats: tuple[str, ...]
    words: str
    state: str


@attrs.frozen(slots=True)
class InjectLine:
    """An inject: ``released``, ``chosen`` (it comes with this turn) or ``pending``; ``on`` is the day that it comes on, if it has one."""

    id: str
    number: str
    title: str
    kind: str
    on: str
    status: str


@attrs.frozen(slots=True)
class SeatLine:
    """A seat: who moves it, by which doctrine if a doctrine does, and the doctrines that could."""

    id: str
    name: str
    by: str
    doctrine: str
    doctrines: tuple[str, ...]


@attrs.frozen(slots=True)
class Ways:
    """How people come in, for facilitators to tell them; what is not open or not known is empty.

    ``join`` is what stands before a ticket's words for ``exercise join``, ``ssh`` a command, ``web`` a page. The others are what people
    compare before they trust one of them.
    """

    join: str = ""
    fingerprint: str = ""
    ssh: str = ""
    ssh_key: str = ""
    web: str = ""
    web_key: str = ""


@attrs.frozen(slots=True)
class AlertLine:
    """Something to be wary of."""

    number: int
    text: str


@attrs.frozen(slots=True)
class Control:
    """All of it."""

    clients: tuple[ClientLine, ...] = ()
    tickets: tuple[TicketLine, ...] = ()
    injects: tuple[InjectLine, ...] = ()
    seats: tuple[SeatLine, ...] = ()
    alerts: tuple[AlertLine, ...] = ()
    log: str = ""
    ways: Ways = attrs.field(factory=Ways)

    def seat(self, id: str) -> SeatLine | None:
        """A seat by id."""
        return next((one for one in self.seats if one.id == id), None)

    def ticket(self, id: str) -> TicketLine | None:
        """A ticket by id."""
        return next((one for one in self.tickets if one.id == id), None)

    def inject(self, id: str) -> InjectLine | None:
        """An inject by id."""
        return next((one for one in self.injects if one.id == id), None)

    def at(self, seat: str) -> tuple[ClientLine, ...]:
        """Who sits at a seat, here or not."""
        return tuple(one for one in self.clients if seat in one.seats and one.role in ("head", "member"))


def read_control(frame: Data) -> Control:
    """The frame as a value."""
    return Control(
        clients=tuple(_client(one) for one in items(frame, "clients")),
        tickets=tuple(
            TicketLine(text(one, "id"), text(one, "role"), texts(one, "seats"), text(one, "words"), text(one, "state"))
            for one in items(frame, "tickets")
        ),
        injects=tuple(_inject(one) for one in items(frame, "injects")),
        seats=tuple(
            SeatLine(text(one, "seat"), text(one, "name"), text(one, "by"), text(one, "doctrine"), texts(one, "doctrines"))
            for one in items(frame, "seats")
        ),
        alerts=tuple(AlertLine(whole(one, "n"), text(one, "text")) for one in items(frame, "alerts")),
        log=text(frame, "log"),
        ways=Ways(**{name: text(table(frame, "ways"), name) for name in attrs.fields_dict(Ways)}),
    )


def _client(one: Data) -> ClientLine:
    return ClientLine(
        id=text(one, "id"),
        ticket=text(one, "ticket"),
        seats=texts(one, "seats"),
        role=text(one, "role"),
        name=text(one, "name"),
        via=text(one, "via"),
        origin=text(one, "from"),
        here=truth(one, "here"),
        away=truth(one, "away"),
        idle_s=whole(one, "idle_s"),
        behind=truth(one, "behind"),
    )


def _inject(one: Data) -> InjectLine:
    number = one.get("number")
    return InjectLine(
        id=text(one, "inject"),
        number=str(number) if isinstance(number, int | str) else "",
        title=text(one, "title"),
        kind=text(one, "kind"),
        on=text(one, "on"),
        status=text(one, "status"),
    )
