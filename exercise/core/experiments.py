"""The tables in which a rulebook says what it claims and shows it: claims, and experiments with their arms."""

from __future__ import annotations

import attrs

from exercise.core.rulebook import Expression, Rule, key, place_key
from exercise.language.problem import Place


@attrs.frozen(slots=True, kw_only=True)
class Claim:
    """A claim of a work on which the rulebook stands (``[[claim]]``), in our own words, with what expresses it."""

    id: str = key("ledger id, e.g. SSA-36")
    source: tuple[str, ...] = key("the work that makes it, from the register of sources; none for a tension between works", default=())
    where: str = key("where in the work it stands", default="")
    text: str = key("what it says, in our own words")
    rules: tuple[str, ...] = key(
        "what expresses it, each of which an experiment can leave out: ids of rules, assessments, orders, injects and reports; of a body's "
        "procedure body.motion for what a motion does, body.motion.stage or body.stage for a test, body.motion.member for a position",
        default=(),
    )
    same_as: tuple[str, ...] = key("claims that it repeats, in another work: it holds where they hold", default=())
    missing: str = key("what of it the rules do not express, and why", default="")
    place: Place = place_key()


@attrs.frozen(slots=True, kw_only=True)
class Act:
    """A number set by hand in an experiment. Exactly one of ``to``, ``add`` and ``times`` is given."""

    on: str = key("entity.quantity, kind.quantity for all entities of the kind, or the id of a parameter")
    to: float | str | None = key("the new value; a name from the quantity's values", default=None)
    add: float | None = key("what is added", default=None)
    times: float | None = key("the factor", default=None)
    turn: int = key("0: before STARTEX; else at the opening of that turn", default=0)
    until: int = key("set again at the opening of every turn up to this one", default=0)
    place: Place = place_key()


@attrs.frozen(slots=True, kw_only=True)
class GivenOrder:
    """An order that is carried out in an experiment, whatever its seat would do; it costs nothing and asks no leave."""

    seat: str = key("seat id")
    order: str = key("order id")
    target: str = key("entity id, if it has a target", default="")
    amount: float | None = key("its size; default the order's default", default=None)
    turn: int = key("the turn", default=1)
    until: int = key("given again in every turn up to this one", default=0)
    place: Place = place_key()


@attrs.frozen(slots=True, kw_only=True)
class TabledMotion:
    """A motion that is put on the table in an experiment."""

    body: str = key("body id")
    motion: str = key("motion id")
    turn: int = key("the turn", default=1)
    place: Place = place_key()


@attrs.frozen(slots=True, kw_only=True)
class Arm:
    """One of the arms that an experiment compares: what is done in it beside what is done in all."""

    id: str = key("a word for it, used in the contrast")
    says: str = key("what is different in it, in words", default="")
    set: tuple[Act, ...] = key("numbers set by hand", default=())
    orders: tuple[GivenOrder, ...] = key("orders carried out", default=())
    motions: tuple[TabledMotion, ...] = key("motions put on the table", default=())
    never: tuple[str, ...] = key("orders that are never given, as seat.order", default=())
    without: tuple[str, ...] = key("rules and the like that are left out, by the words of a claim's rules", default=())
    place: Place = place_key()


@attrs.frozen(slots=True, kw_only=True)
class Experiment:
    """An experiment on a claim (``[[experiment]]``): arms under common random numbers, one number compared, and what is expected of it."""

    id: str = key("experiment id, e.g. SSA-36.arms_spread")
    claims: tuple[str, ...] = key("the claims that it shows")
    says: str = key("what is compared and what is expected, in words")
    world: str = key("a scenario by id, or a small world of the rulebook by name")
    cut: str = key("the cut; default the world's", default="")
    turns: int = key("how many turns are played; 0: all", default=0)
    seeds: int = key("how many runs each arm has", default=16)
    doctrines: dict[str, str] = key("who is moved by which doctrine; all for the rest", factory=dict)
    set: tuple[Act, ...] = key("numbers set by hand in every arm", default=())
    orders: tuple[GivenOrder, ...] = key("orders carried out in every arm", default=())
    motions: tuple[TabledMotion, ...] = key("motions put on the table in every arm", default=())
    never: tuple[str, ...] = key("orders never given in any arm", default=())
    without: tuple[str, ...] = key("rules and the like left out of every arm", default=())
    measure: Expression = key("the number compared, from the world at the end of a turn")
    unit: str = key("its unit", unit=True, default="points")
    over: str = key(
        "of which turn's end: the last one, the mean, highest or lowest of all, or what the last has more than STARTEX",
        choices=("end", "mean", "highest", "lowest", "change"),
        default="end",
    )
    arms: tuple[Arm, ...] = key("what is compared")
    contrast: str = key("how, such as 'with_aid - without' or 'both - poor - split + neither'; default first less second", default="")
    expect: str = key(
        "above: more than `than`; below: less than `than`; about: within `than` of 0; between: within low..high",
        choices=("above", "below", "about", "between"),
    )
    than: float = key("the line", default=0.0)
    low: float | None = key("least (between)", default=None)
    high: float | None = key("greatest (between)", default=None)
    plant: tuple[Rule, ...] = key("the opposite rules, which must be caught: for claims that something has no effect", default=())
    place: Place = place_key()
