"""The tables of a rulebook, and what every table of content has: expressions, places, and where numbers come from.

Every field is a key of the table; see ``exercise.core.definitions``.
"""

from __future__ import annotations

from typing import Any

import attrs

from exercise.language.problem import Place

NOWHERE = Place("<built in>", 1, 1)


@attrs.frozen(slots=True)
class Expression:
    """A condition or amount as written, and where: ``text`` is content language, at most 2,000 characters."""

    text: str
    place: Place = NOWHERE


def key(doc: str, *, choices: tuple[str, ...] = (), unit: bool = False, **options: Any) -> Any:
    """A field of a content table: its meaning, the words it may hold, whether it is a unit, and attrs' own options."""
    return attrs.field(metadata={"doc": doc, "choices": choices, "unit": unit}, **options)


def module_key() -> Any:
    """The field of a table that may belong to a module."""
    return key("the module it belongs to; it is left out of cuts that do without that module", default="")


def place_key() -> Any:
    """The field of the place at which a table stands; the loader fills it."""
    return attrs.field(default=NOWHERE, metadata={"place": True}, eq=False, repr=False)


@attrs.frozen(slots=True, kw_only=True)
class Basis:
    """Where the numbers of a table come from."""

    source: tuple[str, ...] = key("ids from the register of sources", default=())
    assumption: bool = key("the numbers are our own judgement", default=False)
    reason: str = key("why this assumption, in a sentence", default="")
    fitted: bool = key("the number was set against the record", default=False)
    place: Place = place_key()


# --- rulebook -------------------------------------------------------------------------------------------------------------------


@attrs.frozen(slots=True, kw_only=True)
class SourceText:
    """A work that content relies on (``[[source]]``)."""

    id: str = key("short id, used in source = [...]")
    title: str = key("title of the work")
    author: str = key("author or publisher", default="")
    year: int | None = key("year of publication", default=None)
    url: str = key("address", default="")
    note: str = key("what it is used for, caveats", default="")
    place: Place = place_key()


@attrs.frozen(slots=True, kw_only=True)
class Stage:
    """One stage of drift (``[[stage]]``); stages run in the order in which the rulebook lists them."""

    id: str = key("stage id")
    title: str = key("name on screen")
    place: Place = place_key()


@attrs.frozen(slots=True, kw_only=True)
class KindDefinition:
    """A kind of entity (``[[kind]]``). Built in: seat, body, motion, order, inject."""

    id: str = key("kind id, e.g. region")
    name: str = key("name on screen")
    meaning: str = key("what such an entity is")
    place: Place = place_key()


@attrs.frozen(slots=True, kw_only=True)
class QuantityDefinition(Basis):
    """A named number of a kind (``[[quantity]]``)."""

    id: str = key("quantity id, unique within its kind")
    kind: str = key("the kind that has it")
    name: str = key("name on screen")
    unit: str = key("points, share, people, days, date, flag, million dollars, houses, tonnes, number ...", unit=True, default="points")
    low: float | None = key("lowest value; default by unit (points, share, flag, people: 0)", default=None)
    high: float | None = key("highest value; default by unit (points 100, share 1, flag 1)", default=None)
    values: tuple[str, ...] = key("names of the values, lowest first, for a quantity that is one of a list", default=())
    start: float | str = key("value at STARTEX unless the entity says otherwise (a name from values, or never for dates)", default=0.0)
    meaning: str = key("what it measures, in a sentence")
    known: str = key(
        "public (everybody reads it), owner (a seat's own) or reports (only through reports)",
        choices=("public", "owner", "reports"),
        default="reports",
    )
    better: str = key("high, low or neither: which direction most seats prefer", choices=("high", "low", "neither"), default="neither")
    register: str = key("title of the register that lists it on screen, such as 'Risks of assistance'", default="")
    total: bool = key("a count since the start: no later figure of one source is below an earlier one", default=False)


@attrs.frozen(slots=True, kw_only=True)
class RelationDefinition:
    """A relation between kinds (``[[relation]]``); entities name their partners under the relation's id."""

    id: str = key("relation id, read as entity.id")
    of: str = key("the kind it starts from")
    to: str = key("the kind it leads to")
    one: bool = key("true: exactly one partner (region.country); false: any number", default=True)
    inverse: str = key("name of the relation read from the other side (country.regions), always many", default="")
    meaning: str = key("what it says", default="")
    place: Place = place_key()


@attrs.frozen(slots=True, kw_only=True)
class Parameter(Basis):
    """A named constant of a module (``[[parameter]]``), read in expressions by its dotted id."""

    id: str = key("module.name")
    value: float = key("its value")
    unit: str = key("its unit", unit=True, default="number")
    low: float | None = key("lowest sensible value", default=None)
    high: float | None = key("highest sensible value", default=None)
    meaning: str = key("what it stands for")
    module: str = module_key()


@attrs.frozen(slots=True, kw_only=True)
class Effect:
    """One change. Exactly one of ``add``, ``set``, ``toward`` is given."""

    on: Expression = key("what changes: variable.quantity or variable.relation.quantity or entity.quantity")
    add: Expression | None = key("amount added (times the step's length where the rule has per)", default=None)
    set: Expression | None = key("new value", default=None)
    toward: Expression | None = key("value approached; needs rate", default=None)
    rate: Expression | None = key(
        "share of the gap closed per `per` of the rule (per day if the rule has none); a constant 0..1", default=None
    )
    when: Expression | None = key("extra condition for this effect alone", default=None)
    after: str = key("delay such as '7 days': lands at the first step that ends that much later; with add only", default="")
    lasts: str = key("duration such as '14 days': taken back at the step that ends that much later; with add only", default="")
    module: str = module_key()
    instead_of: str = key("the module that takes its place: it stands only in cuts that do without that module", default="")
    place: Place = place_key()


@attrs.frozen(slots=True, kw_only=True)
class Rule(Basis):
    """A mechanism of the rulebook (``[[rule]]``): condition and effects with a reason and claims."""

    id: str = key("module.name")
    stage: str = key("the stage of drift it belongs to")
    for_: str = key("binding such as 'region r' or 'region r, group g in r.groups'; empty for none", default="")
    where: Expression | None = key("which bound entities it speaks of (fixed facts only: names, relations)", default=None)
    let: dict[str, Expression] = key("local names, in order", factory=dict)
    when: Expression | None = key("condition", default=None)
    per: str = key("day or month: effects are rates; empty: once per step", choices=("", "day", "month"), default="")
    effects: tuple[Effect, ...] = key("what changes")
    because: str = key("the reason shown to people: one plain clause")
    claims: tuple[str, ...] = key("ids from the claims ledger", default=())
    quiet: bool = key("true: not offered to seats as a cause (covert mechanisms)", default=False)


@attrs.frozen(slots=True, kw_only=True)
class Assessment(Basis):
    """A judgement made after drift (``[[assessment]]``), such as a capacity class; all read the state after drift, in file order by id."""

    id: str = key("module.name")
    for_: str = key("binding", default="")
    let: dict[str, Expression] = key("local names, in order", factory=dict)
    on: Expression = key("the quantity that it sets")
    set: Expression = key("the value")
    because: str = key("the reason shown to people")
    claims: tuple[str, ...] = key("ids from the claims ledger", default=())
