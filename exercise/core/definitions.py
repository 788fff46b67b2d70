"""What content says: one attrs class for each table that a rulebook or scenario may hold.

This module is the grammar of the content files. The loader (``exercise.content``) turns TOML tables into these values, the JSON Schemas
for editors are generated from them, and the compiler (``exercise.core.compile``) lowers them. Every field is a key of the table; the
metadata gives its meaning. An ``Expression`` is text in the content language together with the place where it stands.

Quantities carry units, dates are ISO days, and every table that holds a number names its ``source`` or says ``assumption = true`` with a
``reason`` (``fitted = true`` beside it when the number was set against the record). The tables of the rulebook and those of its claims are
in modules of their own and are named here.
"""

from __future__ import annotations

import datetime

import attrs

from exercise.core.clauses import ClauseDefinition, ClauseEffect, ClauseNeed, DayRange, DoctrineAccept, Size
from exercise.core.doctrines import DoctrineDefinition, DoctrineMotion, DoctrineOrder, DoctrineVote
from exercise.core.experiments import Act, Arm, Claim, Experiment, GivenOrder, TabledMotion
from exercise.core.rulebook import (
    NOWHERE,
    Assessment,
    Basis,
    Effect,
    Expression,
    KindDefinition,
    Parameter,
    QuantityDefinition,
    RelationDefinition,
    Rule,
    SourceText,
    Stage,
    key,
    module_key,
    place_key,
)
from exercise.language.problem import Place


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
    module: str = module_key()


# --- scenario -------------------------------------------------------------------------------------------------------------------


@attrs.frozen(slots=True, kw_only=True)
class TurnSpan:
    """Turns of one length in a cut's calendar."""

    days: int = key("length of each of these turns in days")
    count: int = key("how many", default=1)
    minutes: int = key("planned minutes of play per turn", default=8)
    place: Place = place_key()


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
    place: Place = place_key()


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
    place: Place = place_key()


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
    module: str = module_key()


@attrs.frozen(slots=True, kw_only=True)
class Objective(Basis):
    """Something a seat wants. ``score`` gives 0..100 points; weighted means give the public and the private result."""

    id: str = key("objective id, unique within the seat")
    title: str = key("in the seat's own words")
    score: Expression = key("0..100 points, from the world; reads only what the seat has reports of")
    weight: float = key("weight within public or private objectives", default=1.0)
    private: bool = key("a private interest rather than a public objective", default=False)
    module: str = module_key()


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
    module: str = module_key()


@attrs.frozen(slots=True, kw_only=True)
class Need:
    """A condition said in words."""

    when: Expression = key("must hold")
    say: str = key("what is missing when it does not hold, in words")
    module: str = module_key()
    place: Place = place_key()


@attrs.frozen(slots=True, kw_only=True)
class Cost:
    """What an order takes from its seat."""

    resource: str = key("a quantity of kind seat")
    amount: Expression = key("how much; may use amount and the target")
    place: Place = place_key()


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
    module: str = module_key()


@attrs.frozen(slots=True, kw_only=True)
class Member:
    """A member of a body."""

    seat: str = key("a seat or an actor")
    weight: float = key("for weighted majorities; a bloc's number of states", default=1.0)
    place: Place = place_key()


@attrs.frozen(slots=True, kw_only=True)
class Test:
    """A step of a body's procedure before the vote."""

    stage: str = key("agenda, request, mandate, host_consent, local_consent, means")
    passes: Expression = key("condition on the state; motion is the motion")
    say: str = key("why it failed, in words")
    then: str = key(
        "refuse: the motion ends; wait: it stays open and is tested again next sitting", choices=("refuse", "wait"), default="refuse"
    )
    module: str = module_key()
    place: Place = place_key()


@attrs.frozen(slots=True, kw_only=True)
class Position:
    """When a member votes against or abstains, unless its seat votes by hand."""

    member: str = key("the seat or actor; * for every member")
    vote: str = key("no or abstain", choices=("no", "abstain"), default="no")
    when: Expression = key("condition on the state; member and motion may be used")
    say: str = key("explanation of vote")
    module: str = module_key()
    place: Place = place_key()


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
    module: str = module_key()


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
    module: str = module_key()
    instead_of: str = key("the module that takes its place: it stands only in cuts that do without that module", default="")


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


@attrs.frozen(slots=True, kw_only=True)
class MapPlace:
    """A label on the map."""

    entity: str = key("entity id")
    column: int = key("column of the label, from 0")
    row: int = key("row of the label, from 0")
    label: str = key("text; default the entity's name", default="")
    place: Place = place_key()


@attrs.frozen(slots=True, kw_only=True)
class MapDefinition:
    """The map (``[map]``): a grid of characters; each character of the legend stands for land of an entity."""

    rows: str = key("the grid, lines of equal length, at most 60 x 18")
    legend: dict[str, str] = key("character -> entity id")
    places: tuple[MapPlace, ...] = key("labels", default=())
    place: Place = place_key()


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
    clauses: tuple[ClauseDefinition, ...] = ()
    facts: tuple[Fact, ...] = ()
    starts: tuple[StartDefinition, ...] = ()
    claims: tuple[Claim, ...] = ()
    experiments: tuple[Experiment, ...] = ()
    map: MapDefinition | None = None
    files: tuple[tuple[str, str], ...] = ()
    """(name, text) of every file read, as embedded in the log."""


__all__ = [
    "NOWHERE",
    "Act",
    "Amount",
    "Arm",
    "Assessment",
    "Basis",
    "BodyDefinition",
    "Claim",
    "ClauseDefinition",
    "ClauseEffect",
    "ClauseNeed",
    "Content",
    "Cost",
    "Cut",
    "DayRange",
    "DoctrineAccept",
    "DoctrineDefinition",
    "DoctrineMotion",
    "DoctrineOrder",
    "DoctrineVote",
    "Effect",
    "EntityDefinition",
    "Experiment",
    "Expression",
    "Fact",
    "GivenOrder",
    "InjectDefinition",
    "KindDefinition",
    "MapDefinition",
    "MapPlace",
    "Member",
    "MotionDefinition",
    "Need",
    "Objective",
    "OrderDefinition",
    "Parameter",
    "Position",
    "QuantityDefinition",
    "RelationDefinition",
    "ReportDefinition",
    "Rule",
    "ScenarioHead",
    "SeatDefinition",
    "Size",
    "SourceText",
    "Stage",
    "StartDefinition",
    "StartValue",
    "TabledMotion",
    "Test",
    "TurnSpan",
]
