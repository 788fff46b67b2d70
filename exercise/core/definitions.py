"""What content says: one attrs class for each table that a rulebook or scenario may hold.

This module is the grammar of the content files. The loader (``exercise.content``) turns TOML tables into these values, the JSON Schemas
for editors are generated from them, and the compiler (``exercise.core.compile``) lowers them. Every field is a key of the table; the
metadata gives its meaning. An ``Expression`` is text in the content language together with the place where it stands.

Quantities carry units, dates are ISO days, and every table that holds a number names its ``source`` or says ``assumption = true`` with a
``reason`` (``fitted = true`` beside it when the number was set against the record).
"""

from __future__ import annotations

import datetime
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


def _module() -> Any:
    return key("the module it belongs to; it is left out of cuts that do without that module", default="")


def _place() -> Any:
    return attrs.field(default=NOWHERE, metadata={"place": True}, eq=False, repr=False)


@attrs.frozen(slots=True, kw_only=True)
class Basis:
    """Where the numbers of a table come from."""

    source: tuple[str, ...] = key("ids from the register of sources", default=())
    assumption: bool = key("the numbers are our own judgement", default=False)
    reason: str = key("why this assumption, in a sentence", default="")
    fitted: bool = key("the number was set against the record", default=False)
    place: Place = _place()


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
    place: Place = _place()


@attrs.frozen(slots=True, kw_only=True)
class Stage:
    """One stage of drift (``[[stage]]``); stages run in the order in which the rulebook lists them."""

    id: str = key("stage id")
    title: str = key("name on screen")
    place: Place = _place()


@attrs.frozen(slots=True, kw_only=True)
class KindDefinition:
    """A kind of entity (``[[kind]]``). Built in: seat, body, motion, order, inject."""

    id: str = key("kind id, e.g. region")
    name: str = key("name on screen")
    meaning: str = key("what such an entity is")
    place: Place = _place()


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
    place: Place = _place()


@attrs.frozen(slots=True, kw_only=True)
class Parameter(Basis):
    """A named constant of a module (``[[parameter]]``), read in expressions by its dotted id."""

    id: str = key("module.name")
    value: float = key("its value")
    unit: str = key("its unit", unit=True, default="number")
    low: float | None = key("lowest sensible value", default=None)
    high: float | None = key("highest sensible value", default=None)
    meaning: str = key("what it stands for")
    module: str = _module()


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
    module: str = _module()
    instead_of: str = key("the module that takes its place: it stands only in cuts that do without that module", default="")
    place: Place = _place()


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


@attrs.frozen(slots=True, kw_only=True)
class ReportDefinition(Basis):
    """How a quantity is measured and who learns it (``[[report]]``)."""

    id: str = key("report id")
    of: str = key("kind.quantity")
    about: tuple[str, ...] = key("entities; empty for all of the kind", default=())
    to: tuple[str, ...] = key("seat ids, or public (one shared copy), or all (every seat its own copy)")
    measured_by: str = key("who measures, as shown: 'border service'")
    delay_days: int = key("age of the figure in days", default=0)
    noise: Expression | None = key("standard deviation in the quantity's unit; may use e, the entity", default=None)
    bias: Expression | None = key("systematic error added, in the quantity's unit; may use e", default=None)
    when: Expression | None = key("measured only while this holds; else the last figure stays and ages", default=None)
    round_to: float = key("rounded to a multiple of this", default=1.0)
    priority: int = key("which report a seat trusts first (higher first)", default=0)
    module: str = _module()


# --- scenario -------------------------------------------------------------------------------------------------------------------


@attrs.frozen(slots=True, kw_only=True)
class TurnSpan:
    """Turns of one length in a cut's calendar."""

    days: int = key("length of each of these turns in days")
    count: int = key("how many", default=1)
    minutes: int = key("planned minutes of play per turn", default=8)
    place: Place = _place()


@attrs.frozen(slots=True, kw_only=True)
class Cut:
    """A playable window of the calendar (``[[cut]]``)."""

    id: str = key("cut id")
    title: str = key("name on screen")
    summary: str = key("what this cut is about")
    minutes: int = key("planned length of play in minutes")
    start: datetime.date = key("scenario day of STARTEX")
    calendar: tuple[TurnSpan, ...] = key("the turns in order")
    step_days: float | None = key("longest step of drift in days, at most a month; default a month", default=None)
    without: tuple[str, ...] = key("modules of the scenario that this cut does without, with all that belongs to them", default=())
    place: Place = _place()


@attrs.frozen(slots=True, kw_only=True)
class ScenarioHead:
    """``[scenario]``: what the exercise is about."""

    id: str = key("scenario id, e.g. osh-2010")
    title: str = key("title")
    summary: str = key("two or three sentences")
    content_note: str = key("what players should know before they start: real suffering, ranges, the right to pause")
    modules: tuple[str, ...] = key("rulebook modules (file stems under rules/)")
    default_cut: str = key("cut played when none is named")
    allowance: int = key("orders a seat may commit per turn", default=3)
    place: Place = _place()


@attrs.frozen(slots=True, kw_only=True)
class StartValue(Basis):
    """An entity's own value at STARTEX."""

    quantity: str = key("quantity id")
    value: float | str = key("value, in the quantity's unit (a name for a listed value, ISO day for a date)")


@attrs.frozen(slots=True, kw_only=True)
class StartDefinition(Basis):
    """How an entity stands when certain cuts begin (``[[start]]``), over what its own table says."""

    cuts: tuple[str, ...] = key("the cuts that begin so, one or a list")
    entity: str = key("an entity, seat, body, motion (body_motion), order or inject")
    values: tuple[StartValue, ...] = key("values at STARTEX in these cuts", default=())
    name: str = key("its name in these cuts, if another", default="")
    about: str = key("what is said of it in these cuts: an entity's sentence, a seat's briefing", default="")
    public_aims: tuple[str, ...] = key("what a seat says it wants in these cuts, if something else", default=())
    private_interests: tuple[str, ...] = key("what it also wants in these cuts, if something else", default=())
    red_lines: tuple[str, ...] = key("what it will not accept in these cuts, if something else", default=())


@attrs.frozen(slots=True, kw_only=True)
class EntityDefinition(Basis):
    """An entity (``[[entity]]``)."""

    id: str = key("entity id")
    kind: str = key("its kind")
    name: str = key("name on screen")
    about: str = key("a sentence on it", default="")
    relations: dict[str, tuple[str, ...]] = key("partners by relation id: one id, or a list", factory=dict)
    start: tuple[StartValue, ...] = key("own values at STARTEX", default=())
    module: str = _module()


@attrs.frozen(slots=True, kw_only=True)
class Objective(Basis):
    """Something a seat wants. ``score`` gives 0..100 points; weighted means give the public and the private result."""

    id: str = key("objective id, unique within the seat")
    title: str = key("in the seat's own words")
    score: Expression = key("0..100 points, from the world; reads only what the seat has reports of")
    weight: float = key("weight within public or private objectives", default=1.0)
    private: bool = key("a private interest rather than a public objective", default=False)
    module: str = _module()


@attrs.frozen(slots=True, kw_only=True)
class SeatDefinition(Basis):
    """A seat, or an actor when not playable (``[[seat]]``). Seats are entities of kind seat with the rulebook's seat quantities."""

    id: str = key("seat id")
    name: str = key("name on screen")
    short: str = key("at most 12 characters, for narrow columns", default="")
    playable: bool = key("false: an actor, moved by its doctrine", default=True)
    briefing: str = key("three minutes of reading: situation, your role, what you know, what you can do", default="")
    public_aims: tuple[str, ...] = key("what you say you want", default=())
    private_interests: tuple[str, ...] = key("what you also want", default=())
    red_lines: tuple[str, ...] = key("what you will not accept", default=())
    relations: dict[str, tuple[str, ...]] = key("partners by relation id", factory=dict)
    start: tuple[StartValue, ...] = key("resources at STARTEX", default=())
    objectives: tuple[Objective, ...] = key("scored objectives", default=())
    allowance: int | None = key("orders per turn, if not the scenario's", default=None)
    module: str = _module()


@attrs.frozen(slots=True, kw_only=True)
class Need:
    """A condition said in words."""

    when: Expression = key("must hold")
    say: str = key("what is missing when it does not hold, in words")
    module: str = _module()
    place: Place = _place()


@attrs.frozen(slots=True, kw_only=True)
class Cost:
    """What an order takes from its seat."""

    resource: str = key("a quantity of kind seat")
    amount: Expression = key("how much; may use amount and the target")
    place: Place = _place()


@attrs.frozen(slots=True, kw_only=True)
class Amount(Basis):
    """The size of an order."""

    unit: str = key("unit", unit=True)
    low: float = key("least, above 0")
    high: float = key("most")
    default: float = key("offered first")
    step: float = key("stepping on screen", default=1.0)
    what: str = key("what it counts, e.g. 'relief sent'")


@attrs.frozen(slots=True, kw_only=True)
class OrderDefinition(Basis):
    """Something a seat can do (``[[order]]``). In expressions: ``seat``, the target variable, ``amount``."""

    id: str = key("order id")
    seats: tuple[str, ...] = key("who may give it")
    title: str = key("an imperative, e.g. 'Send relief'")
    purpose: str = key(
        "menu group: security, relief, diplomacy, politics, information, assistance",
        choices=("security", "relief", "diplomacy", "politics", "information", "assistance"),
    )
    text: str = key("what it does, for whom, with what risk: one to three sentences")
    expects: str = key("expected direction of effects as this seat believes them", default="")
    target: str = key("binding such as 'region r'; empty: no target", default="")
    where: Expression | None = key("which targets (fixed facts only: names, relations)", default=None)
    amount: Amount | None = key("its size, if it has one", default=None)
    costs: tuple[Cost, ...] = key("what it takes", default=())
    needs: tuple[Need, ...] = key("legal only while these hold in the seat's own view", default=())
    possible: tuple[Need, ...] = key("works only if these hold in truth at resolution", default=())
    let: dict[str, Expression] = key("local names for effects", factory=dict)
    effects: tuple[Effect, ...] = key("what changes", default=())
    visibility: str = key(
        "public, covert (own seat only) or target (own seat and the seats in shown_to)",
        choices=("public", "covert", "target"),
        default="public",
    )
    shown_to: tuple[str, ...] = key("further seats that learn of it at once", default=())
    news: str = key("the line others read; may use {target} {amount} {seat}", default="")
    cooldown_days: int = key("days before it can be given again", default=0)
    cooldown_for: str = key(
        "what rests: the target to which it was given, or the seat, which then cannot give it anywhere",
        choices=("target", "seat"),
        default="target",
    )
    because: str = key("the cause shown with its effects")
    claims: tuple[str, ...] = key("ids from the claims ledger", default=())
    module: str = _module()


@attrs.frozen(slots=True, kw_only=True)
class Member:
    """A member of a body."""

    seat: str = key("a seat or an actor")
    weight: float = key("for weighted majorities; a bloc's number of states", default=1.0)
    place: Place = _place()


@attrs.frozen(slots=True, kw_only=True)
class Test:
    """A step of a body's procedure before the vote."""

    stage: str = key("agenda, request, mandate, host_consent, local_consent, means")
    passes: Expression = key("condition on the state; motion is the motion")
    say: str = key("why it failed, in words")
    then: str = key(
        "refuse: the motion ends; wait: it stays open and is tested again next sitting", choices=("refuse", "wait"), default="refuse"
    )
    module: str = _module()
    place: Place = _place()


@attrs.frozen(slots=True, kw_only=True)
class Position:
    """When a member votes against or abstains, unless its seat votes by hand."""

    member: str = key("the seat or actor; * for every member")
    vote: str = key("no or abstain", choices=("no", "abstain"), default="no")
    when: Expression = key("condition on the state; member and motion may be used")
    say: str = key("explanation of vote")
    module: str = _module()
    place: Place = _place()


@attrs.frozen(slots=True, kw_only=True)
class MotionDefinition(Basis):
    """What a body can decide on; one slot each. An entity of kind motion, id body_motion."""

    id: str = key("motion id within the body")
    title: str = key("title")
    text: str = key("what it would do")
    may_table: tuple[str, ...] = key("seats that may table it")
    needs: tuple[Need, ...] = key("can be tabled only while these hold in the tabling seat's view", default=())
    tests: tuple[Test, ...] = key("the procedure before the vote, in order", default=())
    positions: tuple[Position, ...] = key("standing instructions of members", default=())
    decision: str = key("overrides the body's decision rule", default="")
    pace_days: int | None = key("overrides the body's pace", default=None)
    life_days: int | None = key("overrides the body's life of an open motion", default=None)
    size: float = key("size at tabling (people, million dollars), 0 if none", default=0.0)
    size_unit: str = key("unit of the size", default="people")
    size_now: Expression | None = key("size at the moment of decision, from motion.size and motion.age: what delay took", default=None)
    effects: tuple[Effect, ...] = key("on adoption; motion.size may be used", default=())
    refused_effects: tuple[Effect, ...] = key("on refusal", default=())
    fallback: str = key("motion of the same body tabled when this one is refused", default="")
    because: str = key("the cause shown with its effects")
    claims: tuple[str, ...] = key("ids from the claims ledger", default=())
    module: str = _module()


@attrs.frozen(slots=True, kw_only=True)
class BodyDefinition(Basis):
    """An organization that decides (``[[body]]``); an entity of kind body."""

    id: str = key("body id")
    name: str = key("full name")
    short: str = key("abbreviation")
    rule_text: str = key("how it decides, in one sentence")
    members: tuple[Member, ...] = key("who votes")
    decision: str = key(
        "consensus, silence, majority or consensus_minus_one", choices=("consensus", "silence", "majority", "consensus_minus_one")
    )
    pace_days: int = key("days between tabling and the earliest decision", default=0)
    life_days: int = key("days after which an open motion lapses", default=30)
    sits_every_days: int = key("days between regular sittings; 0: whenever asked", default=0)
    start: tuple[StartValue, ...] = key("own values at STARTEX", default=())
    tests: tuple[Test, ...] = key("tests that every motion must pass, before the motion's own", default=())
    motions: tuple[MotionDefinition, ...] = key("what it can decide on")


@attrs.frozen(slots=True, kw_only=True)
class InjectDefinition(Basis):
    """An event of the MSEL (``[[inject]]``). Timed by ``on``; conditional by ``when`` (with ``after`` and ``by`` bounding the window);
    on absence by ``by`` with ``unless``; contingency with ``kind = "contingency"`` (released by hand only).
    """

    id: str = key("inject id")
    number: int = key("MSEL number")
    title: str = key("short title")
    kind: str = key("timed, conditional, absence or contingency", choices=("timed", "conditional", "absence", "contingency"))
    on: datetime.date | None = key("scenario day (timed)", default=None)
    time: str = key("scenario clock time as printed in the MSEL, e.g. 22:30", default="")
    when: Expression | None = key("condition on the state, tested after each step", default=None)
    not_before: datetime.date | None = key("first day on which the condition is tested", default=None)
    by: datetime.date | None = key("absence: the day by which something should have happened; conditional: last day", default=None)
    unless: Expression | None = key("absence: fires after `by` if this does not hold", default=None)
    from_: str = key("simulated sender")
    to: tuple[str, ...] = key("seats that receive it, or all")
    method: str = key("phone, television, letter, rumour, report, meeting ...")
    text: str = key("what players read")
    expected_action: str = key("what a trained player would do")
    objective: str = key("training objective it serves")
    effects: tuple[Effect, ...] = key("what changes", default=())
    because: str = key("the cause shown with its effects", default="")
    module: str = _module()
    instead_of: str = key("the module that takes its place: it stands only in cuts that do without that module", default="")


@attrs.frozen(slots=True, kw_only=True)
class DoctrineOrder:
    """One line of a doctrine: an order it would give."""

    order: str = key("order id")
    target: str = key("entity id, or a binding such as 'region r' to consider each", default="")
    when: Expression | None = key("condition in the seat's own view; target variable may be used", default=None)
    score: Expression | None = key("how much it wants it; the best are taken within the allowance; default 50", default=None)
    amount: Expression | None = key("size; default the order's default", default=None)
    on: datetime.date | None = key("only in the turn that holds this day", default=None)
    from_: datetime.date | None = key("not before this day", default=None)
    until: datetime.date | None = key("not after this day", default=None)
    module: str = _module()
    place: Place = _place()


@attrs.frozen(slots=True, kw_only=True)
class DoctrineMotion:
    """A motion that a doctrine tables."""

    body: str = key("body id")
    motion: str = key("motion id")
    when: Expression | None = key("condition in the seat's own view", default=None)
    on: datetime.date | None = key("only in the turn that holds this day", default=None)
    module: str = _module()
    place: Place = _place()


@attrs.frozen(slots=True, kw_only=True)
class DoctrineVote:
    """A vote that a doctrine casts in place of the standing instructions."""

    body: str = key("body id")
    motion: str = key("motion id")
    vote: str = key(
        "yes, no or abstain; none takes an earlier vote back, so that the seat's position speaks", choices=("yes", "no", "abstain", "none")
    )
    when: Expression | None = key("condition in the seat's own view", default=None)
    say: str = key("explanation of vote", default="")
    module: str = _module()
    place: Place = _place()


@attrs.frozen(slots=True, kw_only=True)
class DoctrineDefinition(Basis):
    """A policy of a seat or actor (``[[doctrine]]``): default, history, prevention ..."""

    id: str = key("doctrine id, e.g. default")
    seat: str = key("whose")
    text: str = key("what this doctrine stands for, in a sentence")
    base: str = key("another doctrine of the seat whose lines come after these", default="")
    orders: tuple[DoctrineOrder, ...] = key("orders it would give", default=())
    motions: tuple[DoctrineMotion, ...] = key("motions it would table", default=())
    votes: tuple[DoctrineVote, ...] = key("votes it would cast", default=())


@attrs.frozen(slots=True, kw_only=True)
class Fact(Basis):
    """What the record says (``[[fact]]``): a number at the end of a cut with its published range, against which runs are held."""

    id: str = key("fact id")
    title: str = key("what is counted, and where")
    value: Expression = key("the model's number at the end, from the world; 1 or 0 for something that happened or not")
    unit: str = key("its unit", unit=True, default="people")
    low: float = key("least published value")
    high: float = key("greatest published value")
    cut: tuple[str, ...] = key("the cut that it is held against, one or a list; empty: every cut", default=())


# --- claims and experiments -----------------------------------------------------------------------------------------------------


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
    place: Place = _place()


@attrs.frozen(slots=True, kw_only=True)
class Act:
    """A number set by hand in an experiment. Exactly one of ``to``, ``add`` and ``times`` is given."""

    on: str = key("entity.quantity, kind.quantity for all entities of the kind, or the id of a parameter")
    to: float | str | None = key("the new value; a name from the quantity's values", default=None)
    add: float | None = key("what is added", default=None)
    times: float | None = key("the factor", default=None)
    turn: int = key("0: before STARTEX; else at the opening of that turn", default=0)
    until: int = key("set again at the opening of every turn up to this one", default=0)
    place: Place = _place()


@attrs.frozen(slots=True, kw_only=True)
class GivenOrder:
    """An order that is carried out in an experiment, whatever its seat would do; it costs nothing and asks no leave."""

    seat: str = key("seat id")
    order: str = key("order id")
    target: str = key("entity id, if it has a target", default="")
    amount: float | None = key("its size; default the order's default", default=None)
    turn: int = key("the turn", default=1)
    until: int = key("given again in every turn up to this one", default=0)
    place: Place = _place()


@attrs.frozen(slots=True, kw_only=True)
class TabledMotion:
    """A motion that is put on the table in an experiment."""

    body: str = key("body id")
    motion: str = key("motion id")
    turn: int = key("the turn", default=1)
    place: Place = _place()


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
    place: Place = _place()


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
    place: Place = _place()


@attrs.frozen(slots=True, kw_only=True)
class MapPlace:
    """A label on the map."""

    entity: str = key("entity id")
    column: int = key("column of the label, from 0")
    row: int = key("row of the label, from 0")
    label: str = key("text; default the entity's name", default="")
    place: Place = _place()


@attrs.frozen(slots=True, kw_only=True)
class MapDefinition:
    """The map (``[map]``): a grid of characters; each character of the legend stands for land of an entity."""

    rows: str = key("the grid, lines of equal length, at most 60 x 18")
    legend: dict[str, str] = key("character -> entity id")
    places: tuple[MapPlace, ...] = key("labels", default=())
    place: Place = _place()


@attrs.frozen(slots=True, kw_only=True)
class Content:
    """Everything one exercise stands on: the rulebook's modules and the scenario, merged. Tables keep file order (files by name)."""

    scenario: ScenarioHead
    cuts: tuple[Cut, ...]
    sources: tuple[SourceText, ...] = ()
    stages: tuple[Stage, ...] = ()
    kinds: tuple[KindDefinition, ...] = ()
    quantities: tuple[QuantityDefinition, ...] = ()
    relations: tuple[RelationDefinition, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    rules: tuple[Rule, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    reports: tuple[ReportDefinition, ...] = ()
    entities: tuple[EntityDefinition, ...] = ()
    seats: tuple[SeatDefinition, ...] = ()
    orders: tuple[OrderDefinition, ...] = ()
    bodies: tuple[BodyDefinition, ...] = ()
    injects: tuple[InjectDefinition, ...] = ()
    doctrines: tuple[DoctrineDefinition, ...] = ()
    facts: tuple[Fact, ...] = ()
    starts: tuple[StartDefinition, ...] = ()
    claims: tuple[Claim, ...] = ()
    experiments: tuple[Experiment, ...] = ()
    map: MapDefinition | None = None
    files: tuple[tuple[str, str], ...] = ()
    """(name, text) of every file read, as embedded in the log."""
