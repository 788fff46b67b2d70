"""Where every number of the world stands: the layout is fixed when content is compiled and nothing is born in play.

Cells are laid out kind by kind, quantity by quantity, entity by entity. Beside the quantities that content declares there are built-in
ones for motions, ballots, injects and orders, the committed orders of the turn, and each seat's copies of reports.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import attrs

from exercise.core.definitions import Content, OrderDefinition, Parameter, QuantityDefinition, ReportDefinition, StartValue
from exercise.language import Block, Unit, parse_unit

NEVER = -1_000_000.0
"""A date that never was: days before STARTEX."""
MOTION_STATUS = ("none", "tabled", "refused", "adopted", "lapsed")
BALLOTS = ("none", "yes", "no", "abstain")
RULING_SLOTS = 16
"""How many lasting effects of rulings can run at once."""
PUBLIC_SEAT = "public"
"""Owner of a report's shared copy."""

INFINITE = 1e15
"""Bound of a quantity without a declared highest value; large enough for any unit here, small enough to stay exact."""


def built_in(
    kind: str, name: str, unit: str, *, values: tuple[str, ...] = (), start: float | str = 0.0, meaning: str
) -> QuantityDefinition:
    """A quantity that the engine itself keeps; always public, views narrow it further."""
    low = -INFINITE if unit == "date" else 0.0
    high = 1.0 if unit == "flag" else INFINITE
    return QuantityDefinition(
        id=name,
        kind=kind,
        name=name.replace("_", " "),
        unit=unit,
        low=low,
        high=high,
        values=values,
        start=start,
        meaning=meaning,
        known="public",
    )


BUILT_IN = (
    built_in("motion", "status", "number", values=MOTION_STATUS, start="none", meaning="where a motion stands in its body's procedure"),
    built_in("motion", "tabled_on", "date", start="never", meaning="the day it was tabled"),
    built_in("motion", "decided_on", "date", start="never", meaning="the day it was adopted, refused or lapsed"),
    built_in("motion", "size", "number", meaning="its size in its own unit"),
    built_in("motion", "failed_test", "number", meaning="number of the test that it failed, 0 if none"),
    built_in("motion", "objections", "number", meaning="members that voted no at the last sitting"),
    built_in("ballot", "cast", "number", values=BALLOTS, start="none", meaning="the vote that the member's seat cast and that stands"),
    built_in("ballot", "result", "number", values=BALLOTS, start="none", meaning="the vote as counted"),
    built_in("ballot", "ground", "number", meaning="number of the standing position behind the vote, 0 if none"),
    built_in("ballot", "weight", "number", start=1.0, meaning="weight of the member in the body"),
    built_in("inject", "released", "flag", meaning="whether the inject has been released"),
    built_in("inject", "released_on", "date", start="never", meaning="the day it was released"),
    built_in("inject", "due", "flag", meaning="whether it is released just now"),
    built_in("order", "times_given", "number", meaning="how often the order was given"),
    built_in("order", "last_given", "date", start="never", meaning="the day it was last given"),
    built_in("order", "last_amount", "number", meaning="its last size in its own unit"),
    built_in("body", "sitting", "flag", meaning="whether the body sits this turn"),
)

UNIT_RANGES = {
    "points": (0.0, 100.0),
    "share": (0.0, 1.0),
    "flag": (0.0, 1.0),
    "people": (0.0, 1e10),
    "days": (0.0, 1e7),
    "date": (NEVER, -NEVER),
    "million dollars": (-1e7, 1e7),
    "number": (-1e9, 1e9),
}


@attrs.frozen(slots=True)
class OrderInstance:
    """An order in one seat's hands. ``entity`` is its id as an entity of kind order; ``targets`` entity ids, or (None,) for no target;
    ``given`` the first of its cells, one for each target, that hold this turn's committed amount (0: not given).
    """

    entity: str
    seat: str
    definition: OrderDefinition
    kind: str | None
    variable: str
    targets: tuple[str | None, ...]
    given: int = -1


@attrs.frozen(slots=True)
class ReportCopy:
    """A report as one seat (or the public) has it: cells of the value and of the day it speaks of, by entity index of ``about``."""

    definition: ReportDefinition
    owner: str
    kind: str
    quantity: str
    about: tuple[str, ...]
    values: tuple[int, ...]
    days: tuple[int, ...]

    @property
    def id(self) -> str:
        """The cause id of this copy."""
        return f"{self.definition.id}:{self.owner}"


@attrs.frozen(slots=True)
class Cell:
    """What one cell holds: an entity's quantity."""

    entity: str
    quantity: QuantityDefinition


@attrs.define(slots=True)
class Layout:
    """The cells of a program. ``start`` are the values at STARTEX; ``cells`` names them; ``blocks`` finds them by (kind, quantity)."""

    entities: dict[str, tuple[str, ...]] = attrs.field(factory=dict)
    places: dict[str, tuple[str, int]] = attrs.field(factory=dict)
    quantities: dict[tuple[str, str], QuantityDefinition] = attrs.field(factory=dict)
    blocks: dict[tuple[str, str], Block] = attrs.field(factory=dict)
    priors: dict[tuple[str, str], int] = attrs.field(factory=dict)
    start: list[float] = attrs.field(factory=list)
    cells: list[Cell | None] = attrs.field(factory=list)
    reports: list[ReportCopy] = attrs.field(factory=list)
    orders: tuple[OrderInstance, ...] = ()
    tuned: dict[str, Block] = attrs.field(factory=dict)
    """Parameters that have a cell, by id: in experiments, where runs differ in them."""

    def own_orders(self, seat: str) -> tuple[int, ...]:
        """Indices (as entities of kind order) of the orders that a seat may give."""
        return tuple(index for index, instance in enumerate(self.orders) if instance.seat == seat)

    def cell(self, entity: str, quantity: str) -> int:
        """The cell of an entity's quantity; KeyError if there is none."""
        kind, index = self.places[entity]
        return self.blocks[kind, quantity].cells[index]

    def name(self, cell: int) -> str:
        """``entity.quantity`` of a cell, or ``cell N`` for one that the engine keeps for itself."""
        known = self.cells[cell]
        return f"{known.entity}.{known.quantity.id}" if known else f"cell {cell}"

    def tune(self, parameter: Parameter, low: float, high: float) -> None:
        """Give a parameter a cell, to be set within ``low``..``high`` before a run."""
        cell = self.reserve(1, parameter.value)
        self.tuned[parameter.id] = Block("parameter", parameter.id, (cell,), parse_unit(parameter.unit), low, high)

    def reserve(self, count: int, value: float) -> int:
        """Add so many unnamed cells; returns the first."""
        first = len(self.start)
        self.start.extend([value] * count)
        self.cells.extend([None] * count)
        return first


def bounds(quantity: QuantityDefinition) -> tuple[float, float]:
    """Lowest and highest value of a quantity, from its declaration or its unit."""
    if quantity.values:
        return 0.0, float(len(quantity.values) - 1)
    low, high = UNIT_RANGES.get(quantity.unit, (0.0, 1e10))
    return low if quantity.low is None else quantity.low, high if quantity.high is None else quantity.high


def value_of(quantity: QuantityDefinition, value: float | str, startex_ordinal: int) -> float:
    """A start value as a float: a listed name by its index, a date as days from STARTEX, ``never`` as ``NEVER``."""
    if not isinstance(value, str):
        return float(value)
    if value == "never":
        return NEVER
    if value in quantity.values:
        return float(quantity.values.index(value))
    return float(datetime.date.fromisoformat(value).toordinal() - startex_ordinal)


def unit_of(quantity: QuantityDefinition) -> Unit:
    """The unit of a quantity in the language's terms."""
    return parse_unit("number" if quantity.values else quantity.unit)


def lay_out(content: Content, instances: tuple[OrderInstance, ...], startex_ordinal: int) -> Layout:
    """Give every number of the exercise its cell."""
    layout = Layout()
    starts = {**_start_values(content), **_engine_values(content)}
    for kind, ids in _entities(content, instances).items():
        layout.entities[kind] = ids
        layout.places.update({entity: (kind, index) for index, entity in enumerate(ids)})
    for quantity in (*content.quantities, *BUILT_IN):
        ids = layout.entities.get(quantity.kind, ())
        layout.quantities[quantity.kind, quantity.id] = quantity
        first = len(layout.start)
        for entity in ids:
            value = starts.get((entity, quantity.id), quantity.start)
            layout.start.append(value_of(quantity, value, startex_ordinal))
            layout.cells.append(Cell(entity, quantity))
        layout.blocks[quantity.kind, quantity.id] = block(quantity, tuple(range(first, first + len(ids))))
        layout.priors[quantity.kind, quantity.id] = layout.reserve(1, value_of(quantity, quantity.start, startex_ordinal))
    _place_weights(layout, content)
    _place_reports(layout, content)
    layout.orders = tuple(attrs.evolve(instance, given=layout.reserve(len(instance.targets), 0.0)) for instance in instances)
    return layout


def block(quantity: QuantityDefinition, cells: tuple[int, ...]) -> Block:
    """The language's view of a quantity that stands in these cells."""
    low, high = bounds(quantity)
    return Block(
        kind=quantity.kind,
        name=quantity.id,
        cells=cells,
        unit=unit_of(quantity),
        low=low,
        high=high,
        values=quantity.values,
        date=quantity.unit == "date",
    )


def motion_id(body: str, motion: str) -> str:
    """Entity id of a body's motion."""
    return f"{body}_{motion}"


def ballot_id(motion: str, member: str) -> str:
    """Entity id of a member's ballot on a motion."""
    return f"{motion}/{member}"


def _entities(content: Content, instances: tuple[OrderInstance, ...]) -> dict[str, tuple[str, ...]]:
    kinds: dict[str, list[str]] = {kind.id: [] for kind in content.kinds}
    for entity in content.entities:
        kinds.setdefault(entity.kind, []).append(entity.id)
    kinds["seat"] = [seat.id for seat in content.seats]
    kinds["body"] = [body.id for body in content.bodies]
    kinds["motion"] = [motion_id(body.id, motion.id) for body in content.bodies for motion in body.motions]
    kinds["ballot"] = [
        ballot_id(motion_id(body.id, motion.id), member.seat)
        for body in content.bodies
        for motion in body.motions
        for member in body.members
    ]
    kinds["inject"] = [inject.id for inject in content.injects]
    kinds["order"] = [instance.entity for instance in instances]
    return {kind: tuple(ids) for kind, ids in kinds.items()}


def _start_values(content: Content) -> dict[tuple[str, str], float | str]:
    owners: Iterator[tuple[str, tuple[StartValue, ...]]] = (
        (owner.id, owner.start) for group in (content.entities, content.seats, content.bodies) for owner in group
    )
    return {(owner, start.quantity): start.value for owner, values in owners for start in values}


def _engine_values(content: Content) -> dict[tuple[str, str], float | str]:
    """Values that a cut gives to motions, orders and injects, which have no values of their own, at its beginning."""
    owned = {owner.id for group in (content.entities, content.seats, content.bodies) for owner in group}
    return {(start.entity, value.quantity): value.value for start in content.starts if start.entity not in owned for value in start.values}


def _place_weights(layout: Layout, content: Content) -> None:
    for body in content.bodies:
        for motion in body.motions:
            for member in body.members:
                layout.start[layout.cell(ballot_id(motion_id(body.id, motion.id), member.seat), "weight")] = member.weight


def _place_reports(layout: Layout, content: Content) -> None:
    playable = tuple(seat.id for seat in content.seats)
    for report in content.reports:
        kind, _, name = report.of.partition(".")
        about = report.about or layout.entities.get(kind, ())
        owners = playable if "all" in report.to else tuple(PUBLIC_SEAT if seat == PUBLIC_SEAT else seat for seat in report.to)
        for owner in owners:
            truth = [layout.start[layout.cell(entity, name)] for entity in about]
            first = layout.reserve(2 * len(about), 0.0)
            layout.start[first : first + len(about)] = truth
            values = tuple(range(first, first + len(about)))
            days = tuple(range(first + len(about), first + 2 * len(about)))
            layout.reports.append(ReportCopy(report, owner, kind, name, about, values, days))
