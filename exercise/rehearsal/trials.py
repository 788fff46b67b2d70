"""Experiments played in arrays: every run of every arm is a lane, and arms of one seed share their luck."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import attrs
import numpy as np

from exercise.core.calendar import Turn
from exercise.core.definitions import Act, Arm, Experiment, GivenOrder, TabledMotion
from exercise.core.laboratory import PLANTED
from exercise.core.layout import bounds, value_of
from exercise.core.procedure import CompiledMotion
from exercise.core.program import ASSESSMENTS, Program
from exercise.rehearsal.lane_machine import Floats, Question
from exercise.rehearsal.lane_policy import question_of
from exercise.rehearsal.lanes import Ensemble, Hand, Lanes

LANES = 1024
"""Runs played together, about."""


class TrialError(Exception):
    """An experiment that cannot be carried out on its world; ``experiment`` is its id."""

    def __init__(self, experiment: Experiment, message: str) -> None:
        super().__init__(f"{experiment.id}: {message}")
        self.experiment = experiment
        self.message = message


@attrs.frozen(slots=True, eq=False)
class Trial:
    """All arms of an experiment under one condition: what is left out or planted beside what the arms say, and the parameters' values.

    ``seeds`` are those of each arm; ``turned`` the values of tuned parameters.
    """

    experiment: Experiment
    seeds: tuple[int, ...]
    without: frozenset[str] = frozenset()
    planted: bool = False
    turned: Mapping[str, float] = attrs.field(factory=dict)

    @property
    def lanes(self) -> int:
        """How many runs it has."""
        return len(self.seeds) * len(self.experiment.arms)


def play_trials(
    program: Program, switches: Mapping[str, str], trials: Sequence[Trial], heard: Callable[[int], None] = lambda _: None
) -> list[dict[str, list[float]]]:
    """For each trial the number measured in each run of each arm, by arm, in the order of its seeds.

    The trials' experiments must all be of this program and move its seats by the same doctrines. Raises ``TrialError``.
    """
    ensemble = Ensemble(program, trials[0].experiment.doctrines, cells=())
    answers: list[dict[str, list[float]]] = [{} for _ in trials]
    last = len(program.calendar.turns)
    order = sorted(range(len(trials)), key=lambda number: trials[number].experiment.turns or last)
    for chunk in _chunks(order, trials):
        crew = _Crew(program, switches, [trials[number] for number in chunk])
        turns = max(trials[number].experiment.turns or last for number in chunk)
        ensemble.play(crew.seeds, turns, crew)
        for number, found in zip(chunk, crew.results(), strict=True):
            answers[number] = found
        heard(sum(trials[number].lanes for number in chunk))
    return answers


def _chunks(order: Iterable[int], trials: Sequence[Trial]) -> Iterable[list[int]]:
    chunk: list[int] = []
    size = 0
    for number in order:
        if chunk and size + trials[number].lanes > LANES:
            yield chunk
            chunk, size = [], 0
        chunk.append(number)
        size += trials[number].lanes
    if chunk:
        yield chunk


@attrs.frozen(slots=True, eq=False)
class _Station:
    """The lanes of one arm of one trial, and what is done to them."""

    trial: Trial
    arm: Arm
    lanes: slice
    cells: tuple[tuple[Act, tuple[int, ...], float], ...]
    orders: tuple[tuple[GivenOrder, int, float], ...]
    motions: tuple[tuple[TabledMotion, CompiledMotion], ...]
    never: tuple[int, ...]
    switched: tuple[tuple[int, float], ...]


class _Crew(Hand):
    """Sets the lanes of several trials, and reads their measures at the end of every turn."""

    def __init__(self, program: Program, switches: Mapping[str, str], trials: Sequence[Trial]) -> None:
        self.program = program
        self.trials = trials
        self.seeds = [seed for trial in trials for _ in trial.experiment.arms for seed in trial.seeds]
        self.stations: list[_Station] = []
        for trial in trials:
            for arm in trial.experiment.arms:
                first = self.stations[-1].lanes.stop if self.stations else 0
                lanes = slice(first, first + len(trial.seeds))
                self.stations.append(_Outfitter(program, switches, trial, arm).station(lanes))
        facts = {fact.definition.id: fact.query for fact in program.facts}
        self.questions: list[Question | None] = [question_of(facts.get(trial.experiment.id), ((),)) for trial in trials]
        self.measured: list[list[Floats]] = [[] for _ in trials]
        """For each trial, a row of its lanes for STARTEX and for the end of each turn of it."""

    def results(self) -> list[dict[str, list[float]]]:
        """For each trial the number of each run, by arm."""
        found = []
        for trial, rows in zip(self.trials, self.measured, strict=True):
            numbers = _summed_up(trial.experiment.over, np.array(rows))
            each = np.split(numbers, len(trial.experiment.arms))
            found.append({arm.id: part.tolist() for arm, part in zip(trial.experiment.arms, each, strict=True)})
        return found

    # --- hands on ---------------------------------------------------------------------------------------------------------------

    def begin(self, lanes: Lanes) -> None:
        """Parameters, switches, and the numbers set before STARTEX; then everything is assessed anew."""
        for station in self.stations:
            for cell, value in station.switched:
                lanes.cells[cell, station.lanes] = value
        self._set(lanes, 0)
        lanes.run(self.program.turn(1), ASSESSMENTS, 0.0, 0.0, 0, 0)
        self._measure(lanes, 0, 0.0)

    def open(self, lanes: Lanes, turn: Turn) -> None:
        """The numbers set at the opening of this turn."""
        self._set(lanes, turn.number)

    def table(self, lanes: Lanes, turn: Turn) -> None:
        """Motions put on the table."""
        for station in self.stations:
            for tabled, motion in station.motions:
                if tabled.turn == turn.number:
                    own = np.zeros(lanes.count, dtype=np.bool_)
                    own[station.lanes] = True
                    lanes.put_on_table(motion, own, turn)

    def order(self, lanes: Lanes, turn: Turn) -> None:
        """Orders carried out, and orders held back."""
        for station in self.stations:
            for cell in station.never:
                lanes.cells[cell, station.lanes] = 0.0
            for given, cell, amount in station.orders:
                if given.turn <= turn.number <= max(given.turn, given.until):
                    lanes.cells[cell, station.lanes] = amount

    def close(self, lanes: Lanes, turn: Turn) -> None:
        """Read what is measured."""
        self._measure(lanes, turn.number, turn.steps[-1].end)

    def _set(self, lanes: Lanes, turn: int) -> None:
        for station in self.stations:
            for act, cells, value in station.cells:
                if act.turn <= turn <= max(act.turn, act.until):
                    for cell in cells:
                        part = lanes.cells[cell, station.lanes]
                        if act.to is not None:
                            part[:] = value
                        elif act.add is not None:
                            part += value
                        else:
                            part *= value
                        _bring_within(self.program, cell, part)

    def _measure(self, lanes: Lanes, turn: int, now: float) -> None:
        first = 0
        for trial, question, rows in zip(self.trials, self.questions, self.measured, strict=True):
            whole = slice(first, first + trial.lanes)
            first = whole.stop
            if question is None or turn > (trial.experiment.turns or turn):
                continue
            history = [earlier[:, whole] for earlier in lanes.history]
            (answer,) = lanes.machine.ask(question, lanes.cells[:, whole], history or [lanes.cells[:, whole]], now)
            rows.append(np.broadcast_to(np.asarray(answer, dtype=np.float64), (trial.lanes,)).copy())


def _summed_up(over: str, rows: Floats) -> Floats:
    """What counts of the numbers at STARTEX (first row) and at the end of each turn."""
    if over == "mean":
        return np.asarray(rows[1:].mean(axis=0))
    if over == "highest":
        return np.asarray(rows[1:].max(axis=0))
    if over == "lowest":
        return np.asarray(rows[1:].min(axis=0))
    return np.asarray(rows[-1] - rows[0] if over == "change" else rows[-1])


def _bring_within(program: Program, cell: int, values: Any) -> None:
    """A number set by hand stays within its quantity's bounds."""
    known = program.layout.cells[cell]
    if known is not None:
        low, high = bounds(known.quantity)
        np.clip(values, low, high, out=values)


@attrs.frozen(slots=True)
class _Outfitter:
    """Finds the cells that an arm of a trial means."""

    program: Program
    switches: Mapping[str, str]
    trial: Trial
    arm: Arm

    def station(self, lanes: slice) -> _Station:
        """The arm's lanes with everything that is done to them."""
        experiment, arm = self.trial.experiment, self.arm
        return _Station(
            self.trial,
            arm,
            lanes,
            tuple(self._act(act) for act in (*experiment.set, *arm.set)),
            tuple(self._order(given) for given in (*experiment.orders, *arm.orders)),
            tuple(self._motion(tabled) for tabled in (*experiment.motions, *arm.motions)),
            tuple(cell for name in (*experiment.never, *arm.never) for cell in self._never(name)),
            tuple(self._switched()),
        )

    def _wrong(self, message: str) -> TrialError:
        return TrialError(self.trial.experiment, message)

    def _act(self, act: Act) -> tuple[Act, tuple[int, ...], float]:
        if [act.to is not None, act.add is not None, act.times is not None].count(True) != 1:
            raise self._wrong(f"{act.on} needs exactly one of to, add and times")
        layout = self.program.layout
        if act.on in layout.tuned:
            return act, layout.tuned[act.on].cells, self._amount(act)
        owner, _, name = act.on.rpartition(".")
        kind, index = layout.places.get(owner, (owner, -1))
        block = layout.blocks.get((kind, name))
        if block is None or kind not in layout.entities:
            raise self._wrong(f"there is no {act.on} to set; write entity.quantity, kind.quantity or a parameter")
        if isinstance(act.to, str):
            quantity = layout.quantities[kind, name]
            if act.to != "never" and act.to not in quantity.values:
                raise self._wrong(f"{act.on} cannot be {act.to}")
            start = self.program.cut.start.toordinal()
            return act, block.cells if index < 0 else (block.cells[index],), value_of(quantity, act.to, start)
        return act, block.cells if index < 0 else (block.cells[index],), self._amount(act)

    @staticmethod
    def _amount(act: Act) -> float:
        return next(float(value) for value in (act.to, act.add, act.times) if value is not None)

    def _order(self, given: GivenOrder) -> tuple[GivenOrder, int, float]:
        order = self.program.order(given.seat, given.order)
        if order is None:
            raise self._wrong(f"{given.seat} has no order {given.order}")
        target = given.target or None
        if target not in order.targets:
            raise self._wrong(f"{given.order} cannot be aimed at {given.target or 'nothing'}")
        sized = order.instance.definition.amount
        amount = 1.0 if sized is None else min(max(sized.default if given.amount is None else given.amount, sized.low), sized.high)
        return given, order.instance.given + order.instance.targets.index(target), amount

    def _motion(self, tabled: TabledMotion) -> tuple[TabledMotion, CompiledMotion]:
        motion = self.program.motion(tabled.body, tabled.motion)
        if motion is None:
            raise self._wrong(f"{tabled.body} has no motion {tabled.motion}")
        return tabled, motion

    def _never(self, name: str) -> Sequence[int]:
        seat, _, id = name.partition(".")
        order = self.program.order(seat, id)
        if order is None:
            raise self._wrong(f"there is no order {name}; write seat.order")
        return range(order.instance.given, order.instance.given + len(order.instance.targets))

    def _switched(self) -> Iterable[tuple[int, float]]:
        """Cells of parameters with the values that they have in these lanes."""
        tuned, experiment = self.program.layout.tuned, self.trial.experiment
        for parameter, value in self.trial.turned.items():
            yield tuned[parameter].cells[0], value
        off = {*self.trial.without, *experiment.without, *self.arm.without}
        for name, switch in self.switches.items():
            if name in off and switch in tuned:
                yield tuned[switch].cells[0], 0.0
        if self.trial.planted:
            switch = self.switches.get(PLANTED + experiment.id, "")
            if switch in tuned:
                yield tuned[switch].cells[0], 1.0
