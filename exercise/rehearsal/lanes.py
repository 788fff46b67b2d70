"""Whole exercises by doctrines, many at a time: each is a lane of NumPy arrays, bit for bit what ``exercise.core.turns.play_out`` gives.

The order of a turn is that of ``exercise.core.adjudicate``, step by step; where a scalar exercise would skip, a lane is masked. What
doctrines decide is in ``exercise.rehearsal.lane_policy``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

import attrs
import numpy as np
import numpy.typing as npt

from exercise.core.adjudicate import nearest_beginning, opens_statically, sitting_day, votes_on
from exercise.core.calendar import Step, Turn
from exercise.core.compile import INJECTS, ORDER_COSTS, ORDERS
from exercise.core.layout import bounds
from exercise.core.policy import doctrine_of
from exercise.core.procedure import SITTING, CompiledMotion, sitting_stage
from exercise.core.program import ASSESSMENTS, CompiledInject, Program, ReportGroup
from exercise.core.world import World
from exercise.language import Block
from exercise.rehearsal.lane_machine import Bools, Floats, Keys, LaneMachine, LaneStage, Question, run_keys, step_keys
from exercise.rehearsal.lane_policy import TABLED, Decided, policy_of, question_of

SHORT_GAP = 8
"""Rows between two that are remembered, up to which they are copied along."""


@attrs.frozen(slots=True, eq=False)
class Finished:
    """What came of the lanes: ``cells`` and ``pending`` as in ``World``, each (rows, lanes)."""

    seeds: tuple[int, ...]
    turn: int
    cells: Floats
    pending: Floats

    def world(self, lane: int) -> World:
        """One lane as a world, without its history."""
        return World(self.turn, tuple(self.cells[:, lane].tolist()), tuple(self.pending[:, lane].tolist()), self.seeds[lane], ())


class Hand:
    """What is done to runs from outside, beside what doctrines decide: nothing here, something in experiments."""

    def begin(self, lanes: Lanes) -> None:
        """Before STARTEX is remembered."""

    def open(self, lanes: Lanes, turn: Turn) -> None:
        """Before the turn's injects and reports."""

    def table(self, lanes: Lanes, turn: Turn) -> None:
        """After doctrines have tabled and voted, before bodies sit."""

    def order(self, lanes: Lanes, turn: Turn) -> None:
        """After doctrines have committed their orders, before these are carried out."""

    def close(self, lanes: Lanes, turn: Turn) -> None:
        """After the turn's assessments."""


NO_HAND = Hand()


@attrs.frozen(slots=True, eq=False)
class Figures:
    """The reports of a group that are made: rows of their figures, with grain and bounds as columns."""

    group: ReportGroup
    rows: npt.NDArray[np.intp]
    grains: Floats
    low: Floats
    high: Floats


class Ensemble:
    """A program made ready for many runs by doctrines: ``doctrines`` maps seats to doctrine ids, ``all`` standing for the rest. With
    ``cells`` only those, facts, objectives and what bears on them are worked out; other cells hold anything in the end.
    """

    def __init__(self, program: Program, doctrines: Mapping[str, str], cells: Iterable[int] | None = None) -> None:
        self.program = program
        rest = doctrines.get("all", "default")
        found = [(seat.id, doctrine_of(program, seat.id, doctrines.get(seat.id, rest))) for seat in program.seats]
        self.policies = tuple(policy_of(program, seat, doctrine) for seat, doctrine in found if doctrine is not None)
        cell = program.layout.cell
        self.ballots = tuple((cell(motion.entity, "status"), list(votes_on(program.layout, motion))) for motion in program.motions)
        self.machine = LaneMachine(program, self._questions(), None if cells is None else {*cells, *self._read()})
        self.start = program.startex(0)
        self.figures = [
            _figures(program, group, self.machine.stages[group.stage]) for group in program.reports if group.stage in self.machine.stages
        ]
        past = past_reads(self.machine)
        self.reach = 1 + max([0, *(lag for one in self.figures for lag in one.group.lag), *(turns for _, turns in past)])
        self.remembered = _runs(cells_looked_back_at(self.machine, [one.group for one in self.figures]))
        self.landing = np.array([row.base for row in program.pending], dtype=np.intp)
        self._spare: list[Floats] = []

    def play(self, seeds: Sequence[int], turns: int | None = None, hand: Hand = NO_HAND, *, withheld: Sequence[str] = ()) -> Finished:
        """Play these seeds to the end, or until so many turns are closed. ``withheld`` names for each of them an order that its seat's
        doctrine has to do without (nothing: none).
        """
        with np.errstate(all="ignore"):
            lanes = Lanes(self, seeds, hand, withheld)
            last = len(self.program.calendar.turns) if turns is None else min(turns, len(self.program.calendar.turns))
            for number in range(1, last + 1):
                lanes.turn(self.program.turn(number))
        self._spare = lanes.history
        return Finished(tuple(seeds), last, lanes.cells, lanes.pending)

    def fresh(self, rows: int, count: int) -> Floats:
        """An array to be filled: one of the last chunk's where there is one of that shape, since new memory is slow to come by."""
        while self._spare:
            one = self._spare.pop()
            if one.shape == (rows, count):
                return one
        return np.empty((rows, count))

    def ask(self, query: int, binding: tuple[int, ...], finished: Finished, now: float) -> Floats:
        """A query's first answer for each lane when it is over, on a day."""
        with np.errstate(all="ignore"):
            answer = self.machine.ask((query, (binding,)), finished.cells, (), now)[0]
        return cast("Floats", np.broadcast_to(np.asarray(answer, dtype=np.float64), (len(finished.seeds),)))

    def _questions(self) -> list[Question]:
        program = self.program
        asked: list[Question | None] = [question_of(inject.condition, ((),)) for inject in program.injects]
        asked += [question_of(fact.query, ((),)) for fact in program.facts]
        asked += [question_of(one.true, (one.binding,)) for several in program.objectives.values() for one in several]
        for policy in self.policies:
            for line in policy.lines:
                asked += [line.wants, line.needs, line.costs]
            for motion in policy.motions:
                asked += motion[1:3]
            asked += [vote[3] for vote in policy.votes]
        return [one for one in asked if one is not None]

    def _read(self) -> Iterator[int]:
        """The cells that are read by no stage and no question, but here and by doctrines."""
        layout = self.program.layout
        yield from (layout.cell(inject.definition.id, "released") for inject in self.program.injects)
        yield from (status for status, _ in self.ballots)
        for policy in self.policies:
            yield from policy.resources
            yield from (row for line in policy.lines for row in line.rests)
            yield from (layout.cell(one[0].entity, "status") for one in (*policy.motions, *policy.votes))


class Lanes:
    """Exercises in progress."""

    def __init__(self, ensemble: Ensemble, seeds: Sequence[int], hand: Hand = NO_HAND, withheld: Sequence[str] = ()) -> None:
        self.ensemble = ensemble
        self.program = ensemble.program
        self.machine = ensemble.machine
        self.count = len(seeds)
        self.offered: Mapping[str, Bools] = {
            order: np.array([one != order for one in withheld]) for order in dict.fromkeys(withheld) if order
        }
        self.keys = run_keys(seeds)
        self._step_keys, self._key_place = self.keys, (-1, -1)
        self.cells = self._lanes(ensemble.start.cells)
        self.pending = self._lanes(ensemble.start.pending)
        self.history: list[Floats] = []
        self._remember()
        self.now = 0.0
        self.hand = hand
        if hand is not NO_HAND:
            hand.begin(self)
            self.history.clear()
            self._remember()

    def turn(self, turn: Turn) -> None:
        """Play one turn."""
        self.now = turn.day
        self.hand.open(self, turn)
        self._open(turn)
        decided = [Decided(self, policy, turn) for policy in self.ensemble.policies]
        self._table_and_cast(turn, decided)
        self.hand.table(self, turn)
        self._sit(turn)
        for one in decided:
            one.commit()
        self.hand.order(self, turn)
        first = turn.steps[0]
        self.run(turn, ORDER_COSTS, turn.day, first.days, first.number, 0)
        self.run(turn, ORDERS, turn.day, first.days, first.number, 0)
        for part, step in enumerate(turn.steps, 1):
            self._drift(turn, step, part)
        self.run(turn, ASSESSMENTS, turn.steps[-1].end, 0.0, turn.steps[-1].number, 0)
        self.hand.close(self, turn)
        self._clear_decisions()
        self._remember()

    def run(
        self,
        turn: Turn,
        stage: str,
        now: float,
        days: float,
        waits_from: int,
        part: int,
        state: Floats | None = None,
        *,
        thrown: int | None = None,
    ) -> None:
        """Run a stage, as ``Working.run`` does."""
        made = self.machine.stages.get(stage)
        if made is None:
            return
        target = self.cells[made.rows]
        if isinstance(made.rows, slice):
            target = target.copy()
        keys = self._keys_of(turn.number if thrown is None else thrown, part) if made.throws_dice else None
        made.run(self.cells if state is None else state, target, self.pending, self.history, now, days, waits_from, keys)
        _clamp(target, made.low, made.high)
        self.cells[made.rows] = target

    def _keys_of(self, turn: int, part: int) -> Keys:
        """The keys of a step, worked out once for all its stages."""
        if self._key_place != (turn, part):
            self._key_place, self._step_keys = (turn, part), step_keys(self.keys, turn, part)
        return self._step_keys

    def ask(self, question: Question | None, now: float, *arguments: Any) -> tuple[Any, ...]:
        """Answers on the cells as they stand; an empty tuple when there is nothing to ask."""
        return () if question is None else self.machine.ask(question, self.cells, self.history, now, *arguments)

    def holds(self, question: Question | None, now: float) -> Bools:
        """Whether all answers to a question hold, for each lane; what asks nothing holds."""
        holding = np.ones(self.count, dtype=np.bool_)
        for answer in self.ask(question, now):
            holding &= answer
        return holding

    # --- opening --------------------------------------------------------------------------------------------------------------

    def _open(self, turn: Turn) -> None:
        layout, program = self.program.layout, self.program
        for body in program.content.bodies:
            self.cells[layout.cell(body.id, "sitting")] = 0.0 if sitting_day(body, turn) is None else 1.0
        due = []
        for inject in program.injects:
            if opens_statically(program, inject, turn):
                open_ = self.cells[layout.cell(inject.definition.id, "released")] <= 0
                if inject.definition.kind == "absence":
                    answer = self.ask(question_of(inject.condition, ((),)), turn.day)
                    open_ = open_ & np.logical_not(answer[0] if answer else False)
                due.append((inject, open_))
        self._release(turn, due, turn.day, turn.steps[0], turn.steps[0].number)
        for figures in self.ensemble.figures:
            self._report(turn, figures)

    def _report(self, turn: Turn, figures: Figures) -> None:
        group, number = figures.group, turn.number
        lag = group.lag[number - 1]
        if number > 1 and lag == group.lag[number - 2] + 1:
            return
        state = self.cells if lag == 0 else self.history[max(0, len(self.history) - 1 - lag)]
        before = max(0, number - 1 - lag)
        day = turn.day if before == number - 1 else self.program.turn(before + 1).day
        told = self.cells[figures.rows] if group.totals and number > 1 else None
        self.run(turn, group.stage, day, 0.0, turn.steps[0].number, 0, state, thrown=0 if group.totals else None)
        values, grains = self.cells[figures.rows], figures.grains
        values = np.where(grains > 0, np.floor(values / np.where(grains > 0, grains, 1.0) + 0.5) * grains, values)
        _clamp(values, figures.low, figures.high)
        if told is not None:
            np.copyto(values, told, where=told > values)
        self.cells[figures.rows] = values

    def _release(self, turn: Turn, due: Sequence[tuple[CompiledInject, Bools]], now: float, step: Step, waits_from: int) -> None:
        """Release injects in the lanes where they are due."""
        due = [(inject, mask) for inject, mask in due if mask.any()]
        if not due:
            return
        for inject, mask in due:
            self.cells[inject.due] = mask
        self.run(turn, INJECTS, now, step.days, waits_from, 0)
        for inject, _ in due:
            self.cells[inject.due] = 0.0

    # --- closing --------------------------------------------------------------------------------------------------------------

    def put_on_table(self, motion: CompiledMotion, mask: Bools, turn: Turn) -> None:
        """Table a motion in some lanes."""
        for name, value in (("status", TABLED), ("tabled_on", turn.day), ("size", motion.definition.size), ("objections", 0.0)):
            row = self.program.layout.cell(motion.entity, name)
            self.cells[row] = np.where(mask, value, self.cells[row])

    def _table_and_cast(self, turn: Turn, decided: Sequence[Decided]) -> None:
        for one in decided:
            for motion, mask in one.tabled:
                self.put_on_table(motion, mask, turn)
            for row, vote, mask in one.cast:
                self.cells[row] = np.where(mask, vote, self.cells[row])

    def _sit(self, turn: Turn) -> None:
        days = [(sitting_day(body, turn), body.id) for body in self.program.content.bodies]
        step = turn.steps[0]
        for day, body in sorted((day, body) for day, body in days if day is not None):
            for part in SITTING:
                self.run(turn, sitting_stage(body, part), day, step.days, nearest_beginning(turn, day), 0)

    def _drift(self, turn: Turn, step: Step, part: int) -> None:
        for stage in self.program.content.stages:
            self.run(turn, stage.id, step.start, step.days, step.number, part)
        self._land(step)
        layout, day = self.program.layout, self.program.calendar.date(step.end - 1)
        due = []
        for inject in self.program.injects:
            definition = inject.definition
            if (
                definition.kind == "conditional"
                and (definition.not_before is None or day >= definition.not_before)
                and (definition.by is None or day <= definition.by)
                and inject.condition is not None
            ):
                (answer,) = self.ask((inject.condition, ((),)), step.end)
                due.append((inject, np.logical_and(self.cells[layout.cell(definition.id, "released")] <= 0, answer)))
        self._release(turn, due, step.end, step, step.number + 1)

    def _land(self, step: Step) -> None:
        rows = self.program.pending
        if not rows:
            return
        amounts = self.pending[self.ensemble.landing + step.number]
        touched: dict[int, None] = {}
        for number in np.flatnonzero((amounts != 0.0).any(axis=1)):
            amount, cell = amounts[number], rows[number].cell
            self.cells[cell] += np.where(amount != 0.0, amount, -0.0)
            touched[cell] = None
        for cell in touched:
            known = self.program.layout.cells[cell]
            if known is not None:
                low, high = bounds(known.quantity)
                _clamp(self.cells[cell], low, high)

    def _clear_decisions(self) -> None:
        for order in self.program.orders:
            for cell in order.gate:
                self.cells[cell] = 0.0
        for status, votes in self.ensemble.ballots:
            stands = self.cells[status] == TABLED
            if not stands.all():
                self.cells[votes] = np.where(stands, self.cells[votes], 0.0)

    def _remember(self) -> None:
        """Keep the cells as they stand among the earlier states: of both no more than anything reads."""
        full = len(self.history) == self.ensemble.reach
        kept = self.history.pop(0) if full else self.ensemble.fresh(*self.cells.shape)
        for first, stop in self.ensemble.remembered:
            kept[first:stop] = self.cells[first:stop]
        self.history.append(kept)

    def _lanes(self, values: Sequence[float]) -> Floats:
        lanes = np.empty((len(values), self.count))
        lanes[:] = np.array(values, dtype=np.float64)[:, None]
        return lanes


# --- laying out ---------------------------------------------------------------------------------------------------------------------


def past_reads(machine: LaneMachine) -> list[tuple[Block, int]]:
    """Every past value that is read, with how many turn-ends back it looks."""
    codes = [kernel.code for draft in machine.drafts.values() for kernel in draft.kernels]
    codes += [query.code for query, _ in machine.queries]
    return [cast("tuple[Block, int]", one.data) for code in codes for one in code.instructions if one.op == "past"]


def cells_looked_back_at(machine: LaneMachine, reports: Iterable[ReportGroup]) -> list[int]:
    """Cells of earlier states that anything reads: past values, and what reports of some age are made of."""
    blocks = [block for block, _ in past_reads(machine)]
    for group in reports:
        if any(group.lag):
            codes = [kernel.code for kernel in machine.drafts[group.stage].kernels]
            blocks += [cast("Block", one.data) for code in codes for one in code.instructions if one.op == "cell"]
    return sorted({cell for block in blocks for cell in block.cells if cell >= 0})


def _figures(program: Program, group: ReportGroup, stage: LaneStage) -> Figures:
    quantities, made = program.layout.quantities, set(stage.cells)
    each = [
        (cell, copy.definition.round_to, *bounds(quantities[copy.kind, copy.quantity]))
        for copy in group.copies
        for cell in copy.values
        if cell in made
    ]
    table = np.array(each, dtype=np.float64).reshape(-1, 4)
    return Figures(group, table[:, 0].astype(np.intp), table[:, 1:2], table[:, 2:3], table[:, 3:4])


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Sorted numbers as runs, first and last + 1; short gaps are filled."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and number - runs[-1][1] < SHORT_GAP:
            runs[-1] = (runs[-1][0], number + 1)
        else:
            runs.append((number, number + 1))
    return runs


def _clamp(values: Floats, low: Any, high: Any) -> None:
    """Bring values within their bounds in place; a zero keeps its sign, which ``numpy.clip`` does not promise."""
    under = values < low
    if under.any():
        np.copyto(values, low, where=under)
    over = values > high
    if over.any():
        np.copyto(values, high, where=over)
