"""The welcome frame as values: everything about the exercise that a seat's screens need, without the world.

Frames are JSON objects from a host that we may not trust: a missing or misshapen field becomes an empty one, and no frame raises. Texts are
kept as sent; they become legible when they are put into rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

Data = Mapping[str, Any]


def text(data: Data, name: str) -> str:
    """A field that should be text; empty when it is not."""
    value = data.get(name)
    return value if isinstance(value, str) else ""


def number(data: Data, name: str, default: float = 0.0) -> float:
    """A field that should be a number; the default when it is not."""
    value = data.get(name)
    return float(value) if isinstance(value, int | float) else default


def whole(data: Data, name: str, default: int = 0) -> int:
    """A field that should be a whole number; the default when it is not."""
    value = data.get(name)
    return int(value) if isinstance(value, int | float) and abs(value) < 2**53 else default


def truth(data: Data, name: str) -> bool:
    """A field that should be true or false."""
    return data.get(name) is True


def table(data: Data, name: str) -> Data:
    """A field that should be an object; empty when it is not."""
    value = data.get(name)
    return value if isinstance(value, dict) else {}


def items(data: Data, name: str) -> tuple[Data, ...]:
    """A field that should be a list of objects; other elements are left out."""
    value = data.get(name)
    return tuple(each for each in value if isinstance(each, dict)) if isinstance(value, list | tuple) else ()


def texts(data: Data, name: str) -> tuple[str, ...]:
    """A field that should be a list of texts, or one text."""
    value = data.get(name)
    if isinstance(value, str):
        return (value,) if value else ()
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list | tuple) else ()


def figures(data: Data, name: str) -> dict[str, float]:
    """A field that should map names to numbers; other values are left out."""
    return {key: float(value) for key, value in table(data, name).items() if isinstance(value, int | float)}


@attrs.frozen(slots=True)
class TurnPlan:
    """A turn of the calendar: number from 1, first day, days, planned minutes of play."""

    turn: int
    start: str
    days: int
    minutes: int


@attrs.frozen(slots=True)
class Aim:
    """Something this seat wants: ``weight`` within its public or its private objectives."""

    id: str
    title: str
    weight: float
    private: bool


@attrs.frozen(slots=True)
class SeatCard:
    """This seat: who you are, what you know at the start and what you want."""

    id: str = ""
    name: str = ""
    short: str = ""
    briefing: str = ""
    public_aims: tuple[str, ...] = ()
    private_interests: tuple[str, ...] = ()
    red_lines: tuple[str, ...] = ()
    objectives: tuple[Aim, ...] = ()


@attrs.frozen(slots=True)
class SeatName:
    """Another seat, or an actor that nobody plays."""

    id: str
    name: str
    short: str
    playable: bool


@attrs.frozen(slots=True)
class Resource:
    """A quantity that this seat spends or guards, such as funds."""

    quantity: str
    name: str
    unit: str
    meaning: str


@attrs.frozen(slots=True)
class AmountRange:
    """The size of an order: its unit, least, most, first offer and step, and what it counts."""

    unit: str
    low: float
    high: float
    default: float
    step: float
    what: str


@attrs.frozen(slots=True)
class Price:
    """What an order takes: the resource and its rule in words or as an expression."""

    resource: str
    name: str
    unit: str
    text: str


@attrs.frozen(slots=True)
class OrderCard:
    """An order of this seat's menu; ``delays`` are the spans after which parts of it take effect."""

    order: str
    title: str
    purpose: str
    text: str
    expects: str
    visibility: str
    shown_to: tuple[str, ...]
    cooldown_days: int
    rests_by_target: bool
    target_kind: str
    targets: tuple[tuple[str, str], ...]
    amount: AmountRange | None
    prices: tuple[Price, ...]
    delays: tuple[str, ...] = ()


@attrs.frozen(slots=True)
class Rung:
    """A step of a body's procedure before the vote, and what it says when it fails."""

    stage: str
    say: str


@attrs.frozen(slots=True)
class MotionCard:
    """Something a body can decide on. ``id`` is ``body.motion``."""

    body: str
    motion: str
    title: str
    text: str
    may_table: bool
    rungs: tuple[Rung, ...]
    size: float
    size_unit: str

    @property
    def id(self) -> str:
        """``body.motion``."""
        return f"{self.body}.{self.motion}"


@attrs.frozen(slots=True)
class BodyCard:
    """An organization that decides: ``members`` are (seat, name, weight)."""

    id: str
    name: str
    short: str
    rule_text: str
    members: tuple[tuple[str, str, float], ...]
    motions: tuple[MotionCard, ...]


@attrs.frozen(slots=True)
class MapLabel:
    """A name on the map at a column and row from 0."""

    entity: str
    column: int
    row: int
    label: str


@attrs.frozen(slots=True)
class MapCard:
    """The map: lines of characters, the entity that each character stands for, and labels."""

    rows: tuple[str, ...] = ()
    legend: Mapping[str, str] = attrs.field(factory=dict)
    places: tuple[MapLabel, ...] = ()


@attrs.frozen(slots=True)
class EntityCard:
    """A thing with quantities."""

    name: str
    kind: str
    about: str


@attrs.frozen(slots=True)
class AxisCard:
    """What a class goes by: a quantity of the same thing, its line, and how far beyond the line it must go to change sides."""

    quantity: str
    line: float
    margin: float


@attrs.frozen(slots=True)
class QuantityCard:
    """A quantity of a kind: its unit, range (None: open), listed values, and which direction most seats prefer.

    Dates are told as days from ``origin``, the first scenario day. A class that is read from others has its ``axes`` and, for each value,
    on which side of each line it stands.
    """

    name: str
    unit: str
    low: float | None
    high: float | None
    meaning: str
    better: str
    values: tuple[str, ...]
    origin: str = ""
    register: str = ""
    """Title of the register that lists it, if one does."""
    axes: tuple[AxisCard, ...] = ()
    sides: Mapping[str, tuple[bool, ...]] = attrs.field(factory=dict)


PLAIN_QUANTITY = QuantityCard("", "number", None, None, "", "neither", ())
"""Stands in for a quantity that the welcome frame does not describe."""


@attrs.frozen(slots=True)
class SourceCard:
    """A work that content relies on."""

    title: str
    author: str
    year: str
    url: str


@attrs.frozen(slots=True)
class Welcome:
    """Everything that stays the same during an exercise, for one seat. ``menus`` are every seat's, as facilitators know them."""

    title: str = ""
    summary: str = ""
    content_note: str = ""
    cut_title: str = ""
    minutes: int = 0
    calendar: tuple[TurnPlan, ...] = ()
    allowance: int = 0
    seat: SeatCard = attrs.field(factory=SeatCard)
    seats: tuple[SeatName, ...] = ()
    resources: tuple[Resource, ...] = ()
    menu: tuple[OrderCard, ...] = ()
    menus: Mapping[str, tuple[OrderCard, ...]] = attrs.field(factory=dict)
    bodies: tuple[BodyCard, ...] = ()
    map: MapCard = attrs.field(factory=MapCard)
    entities: Mapping[str, EntityCard] = attrs.field(factory=dict)
    quantities: Mapping[str, QuantityCard] = attrs.field(factory=dict)
    sources: Mapping[str, SourceCard] = attrs.field(factory=dict)
    claims: Mapping[str, str] = attrs.field(factory=dict)
    seed_commitment: str = ""

    def entity_name(self, entity: str) -> str:
        """An entity's or seat's name, or its id when it was not introduced."""
        card = self.entities.get(entity)
        return card.name if card is not None and card.name else self.seat_name(entity)

    def seat_name(self, seat: str) -> str:
        """A seat's name, or its id when it was not introduced."""
        return next((each.name for each in self.seats if each.id == seat and each.name), seat)

    def seat_short(self, seat: str) -> str:
        """A seat's name for narrow columns."""
        return next((each.short or each.name for each in self.seats if each.id == seat), seat)

    def quantity(self, key: str) -> QuantityCard:
        """What the quantity of an ``entity.quantity`` key measures."""
        entity, _, quantity = key.rpartition(".")
        card = self.entities.get(entity)
        found = self.quantities.get(f"{card.kind if card else 'seat'}.{quantity}")
        if found is None:
            return attrs.evolve(PLAIN_QUANTITY, name=quantity.replace("_", " "))
        return attrs.evolve(found, origin=self.calendar[0].start) if found.unit == "date" and self.calendar else found

    def order(self, order: str) -> OrderCard | None:
        """The menu's card of an order."""
        return next((each for each in self.menu if each.order == order), None)

    def body(self, body: str) -> BodyCard | None:
        """The card of a body."""
        return next((each for each in self.bodies if each.id == body), None)

    def motion(self, body: str, motion: str) -> MotionCard | None:
        """The card of a motion."""
        card = self.body(body)
        return None if card is None else next((each for each in card.motions if each.motion == motion), None)


def read_welcome(frame: Data) -> Welcome:
    """The welcome frame as a value."""
    scenario, cut = table(frame, "scenario"), table(frame, "cut")
    return Welcome(
        title=text(scenario, "title"),
        summary=text(scenario, "summary"),
        content_note=text(scenario, "content_note"),
        cut_title=text(cut, "title"),
        minutes=whole(cut, "minutes"),
        calendar=tuple(_plan(each) for each in items(frame, "calendar")),
        allowance=whole(frame, "allowance"),
        seat=_seat(table(frame, "seat")),
        seats=tuple(SeatName(text(s, "id"), text(s, "name"), text(s, "short"), truth(s, "playable")) for s in items(frame, "seats")),
        resources=tuple(
            Resource(text(r, "quantity"), text(r, "name"), text(r, "unit"), text(r, "meaning")) for r in items(frame, "resources")
        ),
        menu=tuple(_order(each) for each in items(frame, "menu")),
        menus={seat: tuple(_order(each) for each in items(table(frame, "menus"), seat)) for seat in table(frame, "menus")},
        bodies=tuple(_body(each) for each in items(frame, "bodies")),
        map=_map(table(frame, "map")),
        entities={key: EntityCard(text(e, "name"), text(e, "kind"), text(e, "about")) for key, e in _tables(frame, "entities")},
        quantities={key: _quantity(each) for key, each in _tables(frame, "quantities")},
        sources={key: _source(each) for key, each in _tables(frame, "sources")},
        claims={key: value for key, value in table(frame, "claims").items() if isinstance(value, str)},
        seed_commitment=text(frame, "seed_commitment"),
    )


def _tables(data: Data, name: str) -> tuple[tuple[str, Data], ...]:
    return tuple((key, value) for key, value in table(data, name).items() if isinstance(value, dict))


def _plan(data: Data) -> TurnPlan:
    return TurnPlan(whole(data, "turn"), text(data, "start"), whole(data, "days"), whole(data, "minutes"))


def _source(data: Data) -> SourceCard:
    return SourceCard(text(data, "title"), text(data, "author"), str(data.get("year") or ""), text(data, "url"))


def _aim(data: Data) -> Aim:
    return Aim(text(data, "id"), text(data, "title"), number(data, "weight", 1.0), truth(data, "private"))


def _seat(data: Data) -> SeatCard:
    return SeatCard(
        id=text(data, "id"),
        name=text(data, "name"),
        short=text(data, "short"),
        briefing=text(data, "briefing"),
        public_aims=texts(data, "public_aims"),
        private_interests=texts(data, "private_interests"),
        red_lines=texts(data, "red_lines"),
        objectives=tuple(_aim(each) for each in items(data, "objectives")),
    )


def _order(data: Data) -> OrderCard:
    return OrderCard(
        order=text(data, "order"),
        title=text(data, "title"),
        purpose=text(data, "purpose"),
        text=text(data, "text"),
        expects=text(data, "expects"),
        visibility=text(data, "visibility"),
        shown_to=texts(data, "shown_to"),
        cooldown_days=whole(data, "cooldown_days"),
        rests_by_target=text(data, "cooldown_for") == "target",
        target_kind=text(data, "target_kind"),
        targets=tuple((text(each, "id"), text(each, "name")) for each in items(data, "targets")),
        amount=read_amount_range(table(data, "amount")),
        prices=tuple(
            Price(text(each, "resource"), text(each, "name"), text(each, "unit"), text(each, "text")) for each in items(data, "costs")
        ),
        delays=texts(data, "delays"),
    )


def read_amount_range(data: Data) -> AmountRange | None:
    """A range of sizes; None where there is none."""
    if not data:
        return None
    low = number(data, "low")
    high = max(low, number(data, "high", low))
    default = min(high, max(low, number(data, "default", low)))
    return AmountRange(text(data, "unit"), low, high, default, number(data, "step", 1.0) or 1.0, text(data, "what"))


def _body(data: Data) -> BodyCard:
    body = text(data, "id")
    return BodyCard(
        id=body,
        name=text(data, "name"),
        short=text(data, "short"),
        rule_text=text(data, "rule_text"),
        members=tuple((text(each, "seat"), text(each, "name"), number(each, "weight", 1.0)) for each in items(data, "members")),
        motions=tuple(_motion(body, each) for each in items(data, "motions")),
    )


def _motion(body: str, data: Data) -> MotionCard:
    return MotionCard(
        body=body,
        motion=text(data, "motion"),
        title=text(data, "title"),
        text=text(data, "text"),
        may_table=truth(data, "may_table"),
        rungs=tuple(Rung(text(each, "stage"), text(each, "say")) for each in items(data, "tests")),
        size=number(data, "size"),
        size_unit=text(data, "size_unit"),
    )


def _map(data: Data) -> MapCard:
    rows = data.get("rows")
    lines = tuple(rows.strip("\n").split("\n")) if isinstance(rows, str) else texts(data, "rows")
    return MapCard(
        rows=lines,
        legend={key: value for key, value in table(data, "legend").items() if isinstance(value, str) and len(key) == 1},
        places=tuple(
            MapLabel(text(each, "entity"), whole(each, "column"), whole(each, "row"), text(each, "label")) for each in items(data, "places")
        ),
    )


def _quantity(data: Data) -> QuantityCard:
    low, high = data.get("low"), data.get("high")
    return QuantityCard(
        name=text(data, "name"),
        unit=text(data, "unit"),
        low=float(low) if isinstance(low, int | float) else None,
        high=float(high) if isinstance(high, int | float) else None,
        meaning=text(data, "meaning"),
        better=text(data, "better"),
        register=text(data, "register"),
        values=texts(data, "values"),
        axes=tuple(AxisCard(text(each, "quantity"), number(each, "line"), number(each, "margin")) for each in items(data, "axes")),
        sides={name: tuple(side is True for side in each) for name, each in table(data, "classes").items() if isinstance(each, list)},
    )
