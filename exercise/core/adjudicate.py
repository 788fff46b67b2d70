"""A turn, exactly: opening, sitting, resolution, drift, assessment, rulings.

``work_opening`` releases the injects of the turn's days and the reports. ``work_closing`` takes all decisions of the turn and gives
the world after it. Both are pure functions: the same world and decisions give the same answer to the last bit, whatever order the
decisions arrived in.

The order inside ``work_closing``: motions are tabled and votes cast, bodies sit, orders take their costs, agreements are held to what was
promised, orders have their effects; then for
each step of drift every stage in turn, delayed effects that fall due at the step's end, conditional injects; then assessments; then
rulings. Within a stage all rules read the state at its start, changes are added in id order, and each quantity is clamped once.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence

import attrs

from exercise.core import chance
from exercise.core.agreements import Agreement
from exercise.core.calendar import Step, Turn
from exercise.core.compile import INJECTS, ORDER_COSTS, ORDERS
from exercise.core.decisions import (
    AgreementDecision,
    Decision,
    InjectRelease,
    MotionDecision,
    OrderDecision,
    RuledEffect,
    Ruling,
    VoteDecision,
    arrival_free,
)
from exercise.core.definitions import BodyDefinition
from exercise.core.layout import BALLOTS, MOTION_STATUS, Layout, ballot_id, bounds
from exercise.core.procedure import CALLED, SITTING, CompiledMotion, sitting_stage
from exercise.core.program import ASSESSMENTS, CompiledInject, Program, ReportGroup, Trace
from exercise.core.settling import Settled, due_landings, settle
from exercise.core.world import Causes, World

RULING_END_CAUSE = -3
RULING_CAUSE = -2
"""Cause numbers of rulings and of their ends; -1 is the clamp."""
CLAMP_CAUSE = -1
TABLING, AGREEMENTS, LANDING, RULINGS = "tabling", "agreements", "landing", "rulings"
"""Phases made by the engine itself; their records carry a cause number where a stage's carry a kernel's."""


@attrs.frozen(slots=True)
class Phase:
    """The contributions of one stage at one step, in order. ``step`` counts from 0 over the exercise."""

    stage: str
    turn: int
    step: int
    records: Trace


@attrs.define(slots=True)
class Working:
    """A turn being worked out: the vectors as they stand and what has been recorded. ``phases`` is None when nobody asks why."""

    program: Program
    world: World
    turn: Turn
    cells: list[float]
    pending: list[float]
    phases: list[Phase] | None
    released: list[CompiledInject] = attrs.field(factory=list)
    landmarks: dict[str, tuple[float, ...]] = attrs.field(factory=dict)
    said: dict[str, str] = attrs.field(factory=dict)
    agreements: tuple[Agreement, ...] = ()
    settled: tuple[Settled, ...] = ()

    def run(
        self,
        stage: str,
        now: float,
        days: float,
        step: int,
        part: int,
        *,
        state: Sequence[float] | None = None,
        waits_from: int | None = None,
        thrown: int | None = None,
    ) -> None:
        """Run a stage on the cells; ``part`` keys the dice (0: outside drift, k: the turn's k-th step), and the turn, or ``thrown``.

        Delays count from the beginning of the step ``waits_from``, or of this step.
        """
        if not self.program.machine.facts[stage].causes:
            return
        target = list(self.cells)
        trace: Trace | None = None if self.phases is None else []
        key = chance.step_key(chance.run_key(self.world.seed), self.turn.number if thrown is None else thrown, part)
        source = self.cells if state is None else state
        first = step if waits_from is None else waits_from
        self.program.run_stage(stage, source, target, self.pending, self.world, now, days, first, key, trace)
        self.cells = target
        self.record(stage, step, trace)

    def record(self, stage: str, step: int, records: Trace | None) -> None:
        """Keep a phase's contributions."""
        if self.phases is not None and records:
            self.phases.append(Phase(stage, self.turn.number, step, records))

    def put(self, cell: int, value: float, cause: int, records: Trace) -> None:
        """Set a cell with a record of it."""
        if value != self.cells[cell]:
            records.append((cause, 0, 0, cell, self.cells[cell], value, ()))
            self.cells[cell] = value

    def clamp(self, cell: int, records: Trace) -> None:
        """Bring a cell back into its range."""
        known = self.program.layout.cells[cell]
        if known is not None:
            low, high = bounds(known.quantity)
            value = self.cells[cell]
            self.put(cell, low if value < low else min(value, high), CLAMP_CAUSE, records)

    def mark(self, name: str) -> None:
        """Remember the cells as they stand under a name, for telling the story afterwards."""
        if self.phases is not None:
            self.landmarks[name] = tuple(self.cells)


def begin(program: Program, world: World, telling: bool) -> Working:
    """Start working on the turn after ``world.turn`` (or the one that is open)."""
    phases: list[Phase] | None = [] if telling else None
    return Working(
        program,
        world,
        program.turn(world.turn + 1),
        list(world.cells),
        list(world.pending),
        phases,
        said=dict(world.said),
        agreements=world.agreements,
    )


def work_opening(program: Program, world: World, telling: bool = True) -> Working:
    """Open the next turn: bodies' sittings, timed and absence injects, reports. Ask ``opened`` for the world."""
    work = begin(program, world, telling)
    turn = work.turn
    step = turn.steps[0]
    for body in program.content.bodies:
        work.cells[program.layout.cell(body.id, "sitting")] = 0.0 if sitting_day(body, turn) is None else 1.0
    release(work, [inject for inject in program.injects if _opens_with(work, inject)], turn.day, step)
    work.mark("opened")
    for group in program.reports:
        _make_reports(work, group)
    return work


def opened(work: Working) -> World:
    """The world with its turn open."""
    causes = (*work.world.opening_causes, causes_by_cell(work)) if work.phases is not None else ()
    return attrs.evolve(work.world, cells=tuple(work.cells), pending=tuple(work.pending), opening_causes=causes, is_open=True)


def work_closing(program: Program, world: World, decisions: tuple[Decision, ...], telling: bool = True) -> Working:
    """Resolve the open turn. Decisions that cannot be taken must have been refused before (see ``exercise.core.legality``)."""
    work = begin(program, world, telling)
    chosen = arrival_free(decisions)
    first = work.turn.steps[0]
    _table_and_cast(work, chosen)
    work.mark("tabled")
    on_table = frozenset(motion.entity for motion in program.motions if _status(work, motion) == "tabled")
    _sit(work)
    by_hand = {decision.inject for decision in chosen if isinstance(decision, InjectRelease)}
    release(work, [inject for inject in program.injects if inject.definition.id in by_hand], work.turn.day, first)
    _commit_orders(work, chosen)
    work.run(ORDER_COSTS, work.turn.day, first.days, first.number, 0)
    work.mark("paid")
    _hold_to_agreements(work, chosen, on_table)
    work.run(ORDERS, work.turn.day, first.days, first.number, 0)
    for part, step in enumerate(work.turn.steps, 1):
        _drift(work, step, part)
    work.run(ASSESSMENTS, work.turn.steps[-1].end, 0.0, work.turn.steps[-1].number, 0)
    _apply_rulings(work, [decision for decision in chosen if isinstance(decision, Ruling)])
    _clear_decisions(work)
    return work


def closed(work: Working) -> World:
    """The world after the turn."""
    cells = tuple(work.cells)
    causes = (*work.world.causes, causes_by_cell(work)) if work.phases is not None else ()
    history = (*work.world.history, cells)
    standing = work.program.layout.blocks["ballot", "cast"].cells
    ballots = work.program.layout.entities["ballot"]
    said = {ballot: work.said[ballot] for ballot, cell in zip(ballots, standing, strict=True) if cells[cell] and work.said.get(ballot)}
    after = attrs.evolve(
        work.world, turn=work.turn.number, cells=cells, pending=tuple(work.pending), agreements=work.agreements, is_open=False
    )
    return attrs.evolve(after, history=history, causes=causes, said=said)


def release(work: Working, injects: list[CompiledInject], now: float, step: Step, waits_from: int | None = None) -> None:
    """Release injects together: all read the same state. Delays count from the beginning of the step ``waits_from``, or of this step."""
    if not injects:
        return
    for inject in injects:
        work.cells[inject.due] = 1.0
    work.run(INJECTS, now, step.days, step.number, 0, waits_from=waits_from)
    for inject in injects:
        work.cells[inject.due] = 0.0
    work.released.extend(injects)


def causes_by_cell(work: Working) -> Causes:
    """Who moved each cell in this turn, by how much, in order."""
    moved: dict[int, list[tuple[int, float]]] = {}
    for phase in work.phases or ():
        stage = work.program.machine.facts.get(phase.stage)
        for kernel, _, _, cell, before, after, _ in phase.records:
            if cell >= 0 and after != before:
                number = kernel if stage is None or kernel < 0 else stage.causes[kernel]
                moved.setdefault(cell, []).append((number, after - before))
    return {cell: tuple(parts) for cell, parts in moved.items()}


# --- opening ------------------------------------------------------------------------------------------------------------------------


def sitting_day(body: BodyDefinition, turn: Turn) -> float | None:
    """The day of the turn, from STARTEX, on which a body sits.

    Its first regular sitting, or the turn's last day if it sits whenever asked; None if no regular sitting falls into the turn.
    """
    if body.sits_every_days <= 0:
        return turn.day + turn.days - 1
    first = math.ceil(turn.day / body.sits_every_days) * body.sits_every_days
    return float(first) if first < turn.day + turn.days else None


def _opens_with(work: Working, inject: CompiledInject) -> bool:
    if work.cells[work.program.layout.cell(inject.definition.id, "released")] > 0:
        return False
    return opens_statically(work.program, inject, work.turn) and not (inject.definition.kind == "absence" and _holds(work, inject))


def opens_statically(program: Program, inject: CompiledInject, turn: Turn) -> bool:
    """Whether an inject's date falls to the opening of this turn: that of a timed one, or the end of the wait for what should happen."""
    definition = inject.definition
    if definition.kind == "timed":
        return definition.on is not None and turn.holds(definition.on)
    return definition.kind == "absence" and definition.by is not None and _first_after(program, turn, definition.by)


def _first_after(program: Program, turn: Turn, day: datetime.date) -> bool:
    """Whether this is the first turn that begins after a day: what did not happen by then is noticed once."""
    before = program.turn(turn.number - 1).start if turn.number > 1 else datetime.date.min
    return before <= day < turn.start


def _holds(work: Working, inject: CompiledInject) -> bool:
    answer = work.program.ask(inject.condition, work.cells, work.world, work.turn.day, ())
    return bool(answer and answer[0])


def _make_reports(work: Working, group: ReportGroup) -> None:
    """Measure the state as it was so many turn-ends ago (0: as it is now) and round the figures; what was measured then stands."""
    number, lag = work.turn.number, group.lag[work.turn.number - 1]
    if number > 1 and lag == group.lag[number - 2] + 1:
        # No newer state of that age: a second throw of the dice would let a seat's view differ from what the seat was told.
        return
    history = work.world.history
    state = work.cells if lag == 0 else history[max(0, len(history) - 1 - lag)]
    before = list(work.cells)
    # A source that counts errs in one way throughout: its error is thrown once, as if in a turn 0.
    work.run(group.stage, _day_of(work, lag), 0.0, work.turn.steps[0].number, 0, state=state, thrown=0 if group.totals else None)
    for copy in group.copies:
        low, high = bounds(work.program.layout.quantities[copy.kind, copy.quantity])
        for cell in copy.values:
            rounded = _rounded(work.cells[cell], copy.definition.round_to)
            work.cells[cell] = low if rounded < low else min(rounded, high)
            if group.totals and number > 1 and before[cell] > work.cells[cell]:
                work.cells[cell] = before[cell]


def _rounded(value: float, grain: float) -> float:
    """The nearest multiple of the grain, halves upwards; the value itself without one."""
    return math.floor(value / grain + 0.5) * grain if grain > 0 else value


def _day_of(work: Working, lag: int) -> float:
    number = max(0, work.world.turn - lag)
    return work.turn.day if number == work.world.turn else work.program.turn(number + 1).day


# --- closing ------------------------------------------------------------------------------------------------------------------------


def _table_and_cast(work: Working, decisions: tuple[Decision, ...]) -> None:
    layout = work.program.layout
    records: Trace = []
    for decision in decisions:
        if isinstance(decision, MotionDecision):
            motion = work.program.motion(decision.body, decision.motion)
            if motion is not None:
                work.put(layout.cell(motion.entity, "status"), float(MOTION_STATUS.index("tabled")), motion.cause, records)
                work.put(layout.cell(motion.entity, "tabled_on"), work.turn.day, motion.cause, records)
                work.put(layout.cell(motion.entity, "size"), motion.definition.size, motion.cause, records)
                work.put(layout.cell(motion.entity, "objections"), 0.0, motion.cause, records)
        elif isinstance(decision, VoteDecision):
            motion = work.program.motion(decision.body, decision.motion)
            if motion is not None:
                ballot = ballot_id(motion.entity, decision.seat)
                work.put(layout.cell(ballot, "cast"), float(BALLOTS.index(decision.vote)), motion.cause, records)
                work.said[ballot] = decision.say
    work.record(TABLING, work.turn.steps[0].number, records)


def _sit(work: Working) -> None:
    """Every body that sits this turn, in order of its day."""
    days = [(sitting_day(body, work.turn), body.id) for body in work.program.content.bodies]
    step = work.turn.steps[0]
    for day, body in sorted((day, body) for day, body in days if day is not None):
        work.mark(sitting_stage(body, CALLED))
        for part in SITTING:
            stage = sitting_stage(body, part)
            work.run(stage, day, step.days, step.number, 0, waits_from=nearest_beginning(work.turn, day))
            work.mark(stage)


def nearest_beginning(turn: Turn, day: float) -> int:
    """Number of the step that begins nearest to a day of the turn, the next turn's first included: a decision's delays count from it."""
    beginnings = [(step.start, step.number) for step in turn.steps]
    beginnings.append((turn.steps[-1].end, turn.steps[-1].number + 1))
    return min(beginnings, key=lambda one: abs(one[0] - day))[1]


def _commit_orders(work: Working, decisions: tuple[Decision, ...]) -> None:
    for decision in decisions:
        if isinstance(decision, OrderDecision):
            order = work.program.order(decision.seat, decision.order)
            if order is not None and decision.target in order.targets:
                definition = order.instance.definition
                amount = definition.amount.default if definition.amount is not None else 1.0
                cell = order.instance.given + order.instance.targets.index(decision.target)
                work.cells[cell] = amount if decision.amount is None else decision.amount
                if order.rests_by_target:
                    work.cells[order.rests[order.targets.index(decision.target)]] = work.turn.day


def _hold_to_agreements(work: Working, decisions: tuple[Decision, ...], on_table: frozenset[str]) -> None:
    """Bring agreements into force and hold their parties to them: what is paid is left after the orders of the turn have been paid for."""
    if not work.agreements and not any(isinstance(one, AgreementDecision) for one in decisions):
        return
    records: Trace = []
    work.agreements, work.settled = settle(work, decisions, on_table, records)
    work.record(AGREEMENTS, work.turn.steps[0].number, records)


def _status(work: Working, motion: CompiledMotion) -> str:
    return MOTION_STATUS[int(work.cells[work.program.layout.cell(motion.entity, "status")])]


def _drift(work: Working, step: Step, part: int) -> None:
    for stage in work.program.content.stages:
        work.run(stage.id, step.start, step.days, step.number, part)
    _land(work, step)
    due = [inject for inject in work.program.injects if _happens(work, inject, step)]
    release(work, due, step.end, step, waits_from=step.number + 1)


def _land(work: Working, step: Step) -> None:
    """Apply the delayed effects that fall due at the end of a step, then clamp what they touched."""
    records: Trace = []
    touched: dict[int, None] = {}
    for row in work.program.pending:
        amount = work.pending[row.base + step.number]
        if amount != 0.0:
            work.put(row.cell, work.cells[row.cell] + amount, row.cause, records)
            touched[row.cell] = None
    for named, slot, cell in _running_rulings(work):
        amount = work.pending[slot + step.number]
        if amount != 0.0:
            work.put(cell, work.cells[cell] + amount, RULING_END_CAUSE, records)
            work.cells[named] = -1.0
            touched[cell] = None
    work.agreements, landings = due_landings(work.agreements, step.number)
    for landing in landings:
        work.put(landing.cell, work.cells[landing.cell] + landing.amount, landing.cause, records)
        touched[landing.cell] = None
    for cell in touched:
        work.clamp(cell, records)
    work.record(LANDING, step.number, records)


def _happens(work: Working, inject: CompiledInject, step: Step) -> bool:
    definition = inject.definition
    if definition.kind != "conditional" or work.cells[work.program.layout.cell(definition.id, "released")] > 0:
        return False
    day = work.program.calendar.date(step.end - 1)
    if (definition.not_before is not None and day < definition.not_before) or (definition.by is not None and day > definition.by):
        return False
    answer = work.program.ask(inject.condition, work.cells, work.world, step.end, ())
    return bool(answer and answer[0])


def _apply_rulings(work: Working, rulings: list[Ruling]) -> None:
    records: Trace = []
    for ruling in rulings:
        for effect in ruling.effects:
            cell = work.program.layout.cell(effect.entity, effect.quantity)
            value = effect.amount if effect.mode == "set" else work.cells[cell] + effect.amount
            work.put(cell, value, RULING_CAUSE, records)
            work.clamp(cell, records)
            if effect.is_lasting:
                _remember(work, effect, cell)
    work.record(RULINGS, work.turn.steps[-1].number, records)


def _remember(work: Working, effect: RuledEffect, cell: int) -> None:
    """Put the end of a lasting ruling into a free slot; legality has made sure that there is one."""
    end = work.turn.steps[-1].end + effect.lasts_days
    steps = work.program.calendar.steps
    landing = next((step.number for step in steps if step.end >= end), None)
    if landing is None:
        return
    slot = next(slot for slot, named in enumerate(work.program.ruling_cells) if work.cells[named] < 0)
    work.cells[work.program.ruling_cells[slot]] = float(cell)
    work.pending[work.program.ruling_base + slot * len(steps) + landing] = -effect.amount


def _running_rulings(work: Working) -> list[tuple[int, int, int]]:
    """For each lasting ruling: the cell that names it, its first pending slot, the cell that it is taken back from."""
    steps = len(work.program.calendar.steps)
    return [
        (named, work.program.ruling_base + slot * steps, int(work.cells[named]))
        for slot, named in enumerate(work.program.ruling_cells)
        if work.cells[named] >= 0
    ]


def _clear_decisions(work: Working) -> None:
    """Orders are given anew each turn; a vote stands while its motion is on the table."""
    for order in work.program.orders:
        for cell in order.gate:
            work.cells[cell] = 0.0
    for motion in work.program.motions:
        if MOTION_STATUS[int(work.cells[work.program.layout.cell(motion.entity, "status")])] != "tabled":
            for cell in votes_on(work.program.layout, motion):
                work.cells[cell] = 0.0


def votes_on(layout: Layout, motion: CompiledMotion) -> tuple[int, ...]:
    """Cells of the votes that members cast on a motion."""
    return tuple(layout.cell(ballot_id(motion.entity, member.seat), "cast") for member in motion.body.members)
