"""From a turn worked out to outcomes: what happened, why, and who may know.

Every outcome is addressed here and nowhere else. Causes are disclosed to a seat only if they are open to it: quiet rules and other seats'
covert orders are never named, and what they did is counted under ``undisclosed`` in a report's shares.
"""

from __future__ import annotations

import math
from typing import Any

import attrs

from exercise.core.adjudicate import CLAMP_CAUSE, RULING_CAUSE, RULING_END_CAUSE, Working, causes_by_cell, sitting_day
from exercise.core.agreement_telling import agreement_outcomes
from exercise.core.decisions import Decision, MotionDecision, OrderDecision, arrival_free
from exercise.core.layout import BALLOTS, MOTION_STATUS, NEVER, PUBLIC_SEAT, ReportCopy, ballot_id
from exercise.core.legality import size_of
from exercise.core.lowering import Cause
from exercise.core.outcomes import EVERYBODY, Audience, Outcome, audience
from exercise.core.procedure import CALLED, SITTING, CompiledMotion, sitting_stage
from exercise.core.program import CompiledInject, CompiledOrder, Program
from exercise.core.world import Causes

CLAMP = Cause("clamp", "clamp", "it cannot go beyond its range")
RULING = Cause("ruling", "ruling", "the facilitator's ruling")
RULING_END = Cause("ruling", "ruling", "the facilitator's ruling", ending=True)
ENGINE_CAUSES = {CLAMP_CAUSE: CLAMP, RULING_CAUSE: RULING, RULING_END_CAUSE: RULING_END}
SHARE_GRAIN = 5
"""Shares of causes in reports are rounded to this many percent: an assessment, not a measurement."""
UNTOLD_KINDS = ("motion", "ballot", "inject", "order")
"""Built-in kinds whose changes have outcomes of their own."""


def tell_opening(work: Working) -> tuple[Outcome, ...]:
    """Outcomes of opening a turn: injects, reports, objectives as each seat can judge them."""
    outcomes = [_inject_news(inject) for inject in work.released]
    fresh = causes_by_cell(work)
    for group in work.program.reports:
        moved = _moved_before(work, group.lag[work.turn.number - 1], fresh)
        outcomes += [outcome for copy in group.copies for outcome in _report(work, copy, moved, group.errors.get(copy.definition.id))]
    outcomes += _changes(work)
    outcomes += objective_outcomes(work)
    return tuple(outcomes)


def tell_closing(work: Working, decisions: tuple[Decision, ...]) -> tuple[Outcome, ...]:
    """Outcomes of closing a turn: motions' stories, orders' results, agreements, injects, what changed."""
    chosen = arrival_free(decisions)
    outcomes = [outcome for motion in work.program.motions for outcome in _motion_story(work, motion, chosen)]
    for decision in chosen:
        if isinstance(decision, OrderDecision):
            outcomes += _order_story(work, decision)
    outcomes += agreement_outcomes(work)
    outcomes += [_inject_news(inject) for inject in work.released]
    outcomes += _changes(work)
    return tuple(outcomes)


def cause_of(program: Program, number: int) -> Cause:
    """The cause behind a number in a record."""
    return ENGINE_CAUSES[number] if number < 0 else program.causes[number]


# --- injects and orders -------------------------------------------------------------------------------------------------------------


def _inject_news(inject: CompiledInject) -> Outcome:
    told = inject.definition
    data = {
        "headline": told.title,
        "text": told.text,
        "source": told.from_,
        "method": told.method,
        "time": told.time,
        "inject": told.id,
        "number": told.number,
    }
    return Outcome("news", audience(told.to), told.id, data)


def _order_story(work: Working, decision: OrderDecision) -> list[Outcome]:
    program = work.program
    order = program.order(decision.seat, decision.order)
    if order is None:
        return []
    why = _why_impossible(work, order, decision)
    definition = order.instance.definition
    size = size_of(order, decision)
    unit = definition.amount.unit if definition.amount is not None else ""
    own = {
        "seat": decision.seat,
        "order": definition.id,
        "title": definition.title,
        "target": decision.target,
        "amount": size,
        "unit": unit,
        "done": not why,
        "why": why,
    }
    outcomes = [Outcome("order_result", (decision.seat,), order.instance.entity, own)]
    reach = _order_audience(program, order)
    if reach and not why:
        seen = {
            "seat": decision.seat,
            "order": definition.id,
            "title": definition.title,
            "target": decision.target,
            "amount": size,
            "unit": unit,
        }
        text = _fill(definition.news or definition.title, program, decision, size)
        outcomes.append(Outcome("order_seen", reach, order.instance.entity, {**seen, "text": text}))
    return outcomes


def _why_impossible(work: Working, order: CompiledOrder, decision: OrderDecision) -> str:
    binding = order.bound.tuples[order.targets.index(decision.target)]
    state = work.landmarks["paid"]
    answers = work.program.ask(order.possible, state, work.world, work.turn.day, binding, size_of(order, decision))
    for need, holds in zip(order.instance.definition.possible, answers, strict=False):
        if not holds:
            return need.say
    return ""


def _order_audience(program: Program, order: CompiledOrder) -> Audience:
    definition = order.instance.definition
    if definition.visibility == "public":
        return tuple(seat.id for seat in program.seats if seat.id != order.instance.seat)
    if definition.visibility == "target":
        return tuple(seat for seat in dict.fromkeys(definition.shown_to) if seat != order.instance.seat)
    return ()


def _fill(text: str, program: Program, decision: OrderDecision, size: float) -> str:
    """Fill the three placeholders that news may hold, nothing else; an amount has its unit where the text does not say it."""
    names, order = entity_names(program), program.order(decision.seat, decision.order)
    amount = order.instance.definition.amount if order is not None else None
    said = _amount_said(size, amount.unit if amount is not None else "", text)
    words = {"{seat}": names[decision.seat], "{target}": names.get(decision.target or "", ""), "{amount}": said}
    for placeholder, word in words.items():
        text = text.replace(placeholder, word)
    return text


def _amount_said(size: float, unit: str, text: str) -> str:
    """An amount as people say it: ``2.0 M$``, ``300 people``, ``45 %``."""
    said_already = text.partition("{amount}")[2].lstrip().lower().startswith((unit.lower(), "m$", "%", "million")) if unit else True
    match unit:
        case "share":
            number, words = f"{size * 100:,.0f}", "%"
        case "million dollars":
            number, words = f"{size:,.1f}", "M$"
        case "number" | "points" | "flag" | "date":
            number, words = f"{size:,.10g}", ""
        case _:
            number, words = f"{size:,.10g}", unit
    return number if said_already or not words else f"{number} {words}"


def entity_names(program: Program) -> dict[str, str]:
    """Names on screen of everything that has one."""
    content = program.content
    named = {entity.id: entity.name for entity in content.entities}
    named.update({seat.id: seat.name for seat in content.seats})
    named.update({body.id: body.name for body in content.bodies})
    return named


# --- bodies -------------------------------------------------------------------------------------------------------------------------


def _motion_story(work: Working, motion: CompiledMotion, decisions: tuple[Decision, ...]) -> list[Outcome]:
    layout = work.program.layout
    cell = layout.cell(motion.entity, "status")
    opened, tabled, done = (MOTION_STATUS[int(state[cell])] for state in (work.world.cells, work.landmarks["tabled"], tuple(work.cells)))
    base = {"body": motion.body.id, "motion": motion.definition.id, "title": motion.definition.title}
    story: list[Outcome] = []
    tablers = [
        one.seat
        for one in decisions
        if isinstance(one, MotionDecision) and (one.body, one.motion) == (motion.body.id, motion.definition.id)
    ]
    if tabled == "tabled" and (opened != "tabled" or tablers):
        story.append(_public(motion, "motion_step", {**base, "stage": "tabled", "passed": True, "say": "", "by": tablers}))
    if tabled == "tabled" and work.landmarks["tabled"][layout.cell(motion.body.id, "sitting")] > 0:
        story += _tests_told(work, motion, base)
        if _is_voted(work, motion, done):
            story += _votes_told(work, motion, base)
        story.append(_result_told(work, motion, base, done))
    elif done == "tabled" and tabled != "tabled":
        story.append(_public(motion, "motion_step", {**base, "stage": "tabled", "passed": True, "say": "tabled as a fallback", "by": []}))
    return story


def _public(motion: CompiledMotion, kind: str, data: dict[str, Any]) -> Outcome:
    return Outcome(kind, EVERYBODY, motion.entity, data)


def _tests_told(work: Working, motion: CompiledMotion, base: dict[str, Any]) -> list[Outcome]:
    places = work.program.layout.places
    binding = (places[motion.entity][1], places[motion.body.id][1])
    state, day = work.landmarks[sitting_stage(motion.body.id, CALLED)], sitting_day(motion.body, work.turn)
    answers = work.program.ask(motion.story, state, work.world, work.turn.day if day is None else day, binding)
    told: list[Outcome] = []
    for test, passed in zip(motion.tests, answers, strict=False):
        say = "" if passed else test.say
        told.append(_public(motion, "motion_step", {**base, "stage": test.stage, "passed": bool(passed), "say": say, "then": test.then}))
        if not passed:
            break
    return told


def _is_voted(work: Working, motion: CompiledMotion, status: str) -> bool:
    """Whether members' votes are told: the motion came to a vote, or was refused, so that it is seen who would have objected."""
    day = sitting_day(motion.body, work.turn)
    layout = work.program.layout
    tabled = work.landmarks["tabled"][layout.cell(motion.entity, "tabled_on")]
    passed = work.landmarks[sitting_stage(motion.body.id, SITTING[0])][layout.cell(motion.entity, "failed_test")] == 0
    return status == "refused" or (passed and day is not None and day - tabled >= motion.pace_days)


def _votes_told(work: Working, motion: CompiledMotion, base: dict[str, Any]) -> list[Outcome]:
    layout = work.program.layout
    told: list[Outcome] = []
    state = work.landmarks[sitting_stage(motion.body.id, SITTING[1])]
    for member in motion.body.members:
        ballot = ballot_id(motion.entity, member.seat)
        vote = BALLOTS[int(state[layout.cell(ballot, "result")])]
        ground = int(state[layout.cell(ballot, "ground")])
        by_hand = state[layout.cell(ballot, "cast")] != 0
        say = motion.definition.positions[ground - 1].say if ground else work.said.get(ballot, "") if by_hand else ""
        data = {**base, "member": member.seat, "vote": vote, "say": say, "by_hand": by_hand}
        told.append(_public(motion, "vote", data))
    return told


def _result_told(work: Working, motion: CompiledMotion, base: dict[str, Any], status: str) -> Outcome:
    layout = work.program.layout
    size = work.cells[layout.cell(motion.entity, "size")]
    objections = int(work.cells[layout.cell(motion.entity, "objections")])
    tabled = work.cells[layout.cell(motion.entity, "tabled_on")]
    earliest = work.program.calendar.date(tabled + motion.pace_days).isoformat() if tabled > NEVER else ""
    data = {
        **base,
        "outcome": status,
        "size": size,
        "size_unit": motion.definition.size_unit,
        "objections": objections,
        "earliest": earliest,
    }
    return _public(motion, "motion_outcome", data)


# --- reports and changes ------------------------------------------------------------------------------------------------------------


def _report(work: Working, copy: ReportCopy, moved: tuple[Causes, ...], error: int | None) -> list[Outcome]:
    """A report's figures that are new since the last turn, with the causes as the measurer sees them."""
    told: list[Outcome] = []
    to: Audience = EVERYBODY if copy.owner == PUBLIC_SEAT else (copy.owner,)
    for position, entity in enumerate(copy.about):
        value, day = work.cells[copy.values[position]], work.cells[copy.days[position]]
        if work.turn.number > 1 and day == work.world.cells[copy.days[position]]:
            continue
        previous = None if work.turn.number == 1 else work.world.cells[copy.values[position]]
        truth = work.program.layout.cell(entity, copy.quantity)
        owner = "" if copy.owner == PUBLIC_SEAT else copy.owner
        data = {
            "report": copy.definition.id,
            "entity": entity,
            "quantity": f"{copy.kind}.{copy.quantity}",
            "value": value,
            "previous": previous,
            "as_of": work.program.calendar.date(day).isoformat(),
            "measured_by": copy.definition.measured_by,
            **_declared_error(work, error, entity, truth, value),
            "causes": _shares(work, [parts for causes in moved for parts in causes.get(truth, ())], owner),
        }
        told.append(Outcome("report", to, copy.definition.id, data))
    return told


def _declared_error(work: Working, error: int | None, entity: str, truth: int, value: float) -> dict[str, float]:
    """By how much a source is known to err at a figure like this one: what a seat may know without learning what is true.

    It is read from STARTEX and from the figure that the seat is told, so that nothing that happened since can be read off it.
    """
    startex = work.world.history[:1]
    if error is None:
        return {}
    state = list(startex[0])
    state[truth] = value
    (size,) = work.program.ask(
        error, state, attrs.evolve(work.world, history=startex), work.turn.day, (work.program.layout.places[entity][1],)
    )
    rough = float(f"{abs(size):.2g}")
    return {"error": rough} if 0 < rough < math.inf else {}


def _moved_before(work: Working, lag: int, fresh: Causes) -> tuple[Causes, ...]:
    """What moved cells between a figure taken ``lag`` turn-ends ago and the one before it.

    A fresh figure is taken after the turn's opening: it knows what that moved (``fresh``), and the figure before it knew the
    opening before.
    """
    turn, world = work.world.turn - lag, work.world
    if not 0 < turn <= len(world.causes):
        return ()
    return (world.causes[turn - 1], fresh) if lag == 0 else (world.opening_causes[turn - 1], world.causes[turn - 1])


def _shares(work: Working, parts: list[tuple[int, float]], owner: str) -> list[dict[str, Any]]:
    """Which causes moved a quantity, as rounded shares of all movement."""
    gathered: dict[int, float] = {}
    for number, amount in parts:
        open_to = number != CLAMP_CAUSE and cause_of(work.program, number).is_open_to(owner or PUBLIC_SEAT)
        gathered[number if open_to else CLAMP_CAUSE] = gathered.get(number if open_to else CLAMP_CAUSE, 0.0) + amount
    total = 0.0
    for amount in gathered.values():
        total += abs(amount)
    shares: list[dict[str, Any]] = []
    for (number, amount), grains in zip(gathered.items(), _grains(list(gathered.values()), total), strict=True):
        share = math.floor(math.copysign(grains, amount)) * SHARE_GRAIN
        if share:
            cause = UNDISCLOSED if number == CLAMP_CAUSE else cause_of(work.program, number)
            shares.append({**named_cause(cause), "share": share})
    return sorted(shares, key=lambda one: (-abs(one["share"]), one["cause"], one.get("ending", False), one.get("span", "")))


def _grains(amounts: list[float], total: float) -> list[int]:
    """The amounts in grains of the total, in order of size, never more than the whole together."""
    if not 0 < total < math.inf:
        return [0] * len(amounts)
    left, grains = 100 // SHARE_GRAIN, [0] * len(amounts)
    for place in sorted(range(len(amounts)), key=lambda one: -abs(amounts[one])):
        grains[place] = min(left, math.floor(abs(amounts[place]) / total * 100 / SHARE_GRAIN + 0.5))
        left -= grains[place]
    return grains


UNDISCLOSED = Cause("undisclosed", "undisclosed", "causes not known to you")


def cause_key(cause: Cause) -> str:
    """How outcomes name a cause: its kind and id."""
    return "undisclosed" if cause is UNDISCLOSED else f"{cause.kind}:{cause.id}"


def named_cause(cause: Cause) -> dict[str, Any]:
    """A cause as outcomes carry it: its key, and what tells a late effect or an ending from the beginning."""
    return {"cause": cause_key(cause), **later_data(cause)}


def later_data(cause: Cause) -> dict[str, Any]:
    """The span after which an effect came or ended, and whether it ended; nothing for what acts at once."""
    return {**({"ending": True} if cause.ending else {}), **({"span": cause.span} if cause.span else {})}


def causes_by_key(program: Program) -> dict[str, Cause]:
    """Every cause of a program by the key that outcomes use."""
    found = {cause_key(cause): cause for cause in (*program.causes, CLAMP, RULING) if not cause.span}
    return {**found, "undisclosed": UNDISCLOSED}


def cause_data(cause: Cause) -> dict[str, Any]:
    """A cause as data for streams and reports."""
    return {
        "kind": cause.kind,
        "id": cause.id,
        "because": cause.because,
        "claims": list(cause.claims),
        "sources": list(cause.sources),
        **later_data(cause),
    }


def _changes(work: Working) -> list[Outcome]:
    """Public quantities and seats' own ones that moved since the world that the turn's work started from."""
    causes = causes_by_cell(work)
    told: list[Outcome] = []
    for cell, known in enumerate(work.program.layout.cells):
        if known is None or known.quantity.kind in UNTOLD_KINDS or work.cells[cell] == work.world.cells[cell]:
            continue
        owner = known.entity if known.quantity.kind == "seat" else ""
        if known.quantity.known != "public" and not owner:
            continue
        if known.quantity.id == "sitting":
            continue
        is_own = bool(owner) and known.quantity.known != "public"
        data = {
            "entity": known.entity,
            "quantity": f"{known.quantity.kind}.{known.quantity.id}",
            "value": work.cells[cell],
            "previous": work.world.cells[cell],
            "causes": _exact(work.program, causes.get(cell, ()), owner if is_own else ""),
        }
        if known.quantity.unit == "date":
            data["date"] = None if work.cells[cell] <= NEVER else work.program.calendar.date(work.cells[cell]).isoformat()
        told.append(Outcome("own" if is_own else "public", (owner,) if is_own else EVERYBODY, "", data))
    return told


def _exact(program: Program, parts: tuple[tuple[int, float], ...], owner: str) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    gathered: dict[int, float] = {}
    for number, amount in parts:
        # A rule that acts in every step of a long turn is one cause.
        gathered[number] = gathered.get(number, 0.0) + amount
    for number, amount in gathered.items():
        cause = cause_of(program, number)
        if cause.is_open_to(owner or PUBLIC_SEAT):
            told.append({**named_cause(cause), "amount": amount})
    return told


def objective_outcomes(work: Working) -> list[Outcome]:
    """Each seat's objectives as it can judge them itself."""
    told: list[Outcome] = []
    for seat, objectives in work.program.objectives.items():
        for objective in objectives:
            answer = work.program.ask(objective.seen, work.cells, work.world, work.turn.day, objective.binding)
            if answer:
                data = {"objective": objective.definition.id, "score": min(max(float(answer[0]), 0.0), 100.0)}
                told.append(Outcome("objective", (seat,), "", data))
    return told
