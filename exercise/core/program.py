"""A compiled exercise: what was lowered, and the functions generated from it when it first runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from exercise.core.bindings import Bound
from exercise.core.calendar import Calendar, Turn
from exercise.core.definitions import (
    Content,
    Cut,
    DoctrineDefinition,
    DoctrineMotion,
    DoctrineOrder,
    DoctrineVote,
    Fact,
    InjectDefinition,
    Objective,
    SeatDefinition,
)
from exercise.core.layout import Layout, OrderInstance, ReportCopy
from exercise.core.lowering import Cause, PendingRow
from exercise.core.machine import Machine
from exercise.core.procedure import CompiledMotion
from exercise.core.terms import CompiledClause
from exercise.core.verdicts import Verdict
from exercise.core.world import World

ASSESSMENTS = "assessments"
"""Name of the stage of assessments."""

Trace = list[tuple[int, int, int, int, float, float, tuple[tuple[int, float, float], ...]]]
"""Contributions of one stage: kernel, effect, binding, cell (negative: -1 - pending slot), before, after, margins of the guard."""


@attrs.frozen(slots=True)
class CompiledOrder:
    """An order in a seat's hands, lowered. ``needs``, ``possible`` and ``costs`` number queries over (seat, target) and the amount.

    ``rests`` are the cells that say when the order was last given, one for each target: each its own, or all the same one.
    """

    instance: OrderInstance
    bound: Bound
    targets: tuple[str | None, ...]
    cause: int
    needs: int | None
    possible: int | None
    costs: int | None
    rests: tuple[int, ...] = ()

    @property
    def rests_by_target(self) -> bool:
        """Whether each target has a rest of its own."""
        return len(set(self.rests)) > 1

    @property
    def gate(self) -> tuple[int, ...]:
        """For each binding, the cell that holds the committed amount."""
        return tuple(self.instance.given + self.instance.targets.index(target) for target in self.targets)


@attrs.frozen(slots=True)
class CompiledInject:
    """An inject with the cell that says that it is due, and the query of its condition (``when`` or ``unless``), if it has one."""

    definition: InjectDefinition
    cause: int
    due: int
    condition: int | None


@attrs.frozen(slots=True)
class CompiledObjective:
    """An objective: queries of its score as the seat sees it and in truth, both over (seat,)."""

    definition: Objective
    binding: tuple[int, ...]
    seen: int | None
    true: int | None


@attrs.frozen(slots=True)
class CompiledFact:
    """A fact of the record with the query of the model's number."""

    definition: Fact
    query: int | None


@attrs.frozen(slots=True)
class CompiledLine:
    """A doctrine's line on an order: a query that gives (condition, score, amount) for each binding and target."""

    definition: DoctrineOrder
    instance: OrderInstance
    bindings: tuple[tuple[int, ...], ...]
    targets: tuple[str | None, ...]
    query: int | None


@attrs.frozen(slots=True)
class CompiledDoctrine:
    """A doctrine with its base's lines after its own."""

    definition: DoctrineDefinition
    binding: tuple[int, ...]
    lines: tuple[CompiledLine, ...]
    motions: tuple[tuple[DoctrineMotion, int | None], ...]
    votes: tuple[tuple[DoctrineVote, int | None], ...]


@attrs.frozen(slots=True)
class ReportGroup:
    """Reports of one age: the stage that makes them and, for each turn, how many turn-ends back the figures were taken.

    ``totals`` are counts since the start: a source errs in one way throughout, and takes no figure back. ``errors`` has the query of the
    error of a report over (entity,), by the report's id, for those whose error is thrown anew each time.
    """

    stage: str
    lag: tuple[int, ...]
    copies: tuple[ReportCopy, ...]
    totals: bool = False
    errors: Mapping[str, int] = attrs.field(factory=dict)


@attrs.define(slots=True, eq=False)
class Program:
    """One cut of a scenario, compiled. Everything is fixed; ``machine`` makes its functions when first needed."""

    content: Content
    cut: Cut
    calendar: Calendar
    layout: Layout
    causes: tuple[Cause, ...]
    machine: Machine
    pending: tuple[PendingRow, ...]
    pending_size: int
    ruling_cells: tuple[int, ...]
    ruling_base: int
    orders: tuple[CompiledOrder, ...]
    motions: tuple[CompiledMotion, ...]
    motion_needs: Mapping[tuple[str, str], int | None]
    injects: tuple[CompiledInject, ...]
    reports: tuple[ReportGroup, ...]
    objectives: Mapping[str, tuple[CompiledObjective, ...]]
    doctrines: Mapping[tuple[str, str], CompiledDoctrine]
    facts: tuple[CompiledFact, ...]
    verdicts: Mapping[str, Verdict]
    clauses: tuple[CompiledClause, ...] = ()
    accepts: Mapping[tuple[str, str], tuple[tuple[str, int | None], ...]] = attrs.field(factory=dict)
    """By (seat, doctrine): the clauses that it signs, each with the query of its condition over (seat,), the amount and the days."""

    # --- facts ----------------------------------------------------------------------------------------------------------------

    @property
    def seats(self) -> tuple[SeatDefinition, ...]:
        """Seats and actors in the scenario's order."""
        return self.content.seats

    @property
    def playable(self) -> tuple[str, ...]:
        """Ids of the seats that people can take."""
        return tuple(seat.id for seat in self.content.seats if seat.playable)

    def seat(self, id: str) -> SeatDefinition:
        """A seat or actor by id; KeyError if there is none."""
        for seat in self.content.seats:
            if seat.id == id:
                return seat
        raise KeyError(id)

    def allowance(self, seat: str) -> int:
        """How many orders the seat may commit in a turn."""
        own = self.seat(seat).allowance
        return self.content.scenario.allowance if own is None else own

    def turn(self, number: int) -> Turn:
        """A turn by number from 1."""
        return self.calendar.turns[number - 1]

    def order(self, seat: str, order: str) -> CompiledOrder | None:
        """A seat's order by the order's id."""
        for compiled in self.orders:
            if compiled.instance.seat == seat and compiled.instance.definition.id == order:
                return compiled
        return None

    def motion(self, body: str, motion: str) -> CompiledMotion | None:
        """A body's motion by id."""
        for compiled in self.motions:
            if compiled.body.id == body and compiled.definition.id == motion:
                return compiled
        return None

    def clause(self, clause: str) -> CompiledClause | None:
        """A clause by id."""
        for compiled in self.clauses:
            if compiled.definition.id == clause:
                return compiled
        return None

    def startex(self, seed: int) -> World:
        """World 0: the start values, with classes and other assessments made."""
        cells = tuple(self.layout.start)
        pending = [0.0] * self.pending_size
        bare = World(turn=0, cells=cells, pending=tuple(pending), seed=seed, history=(cells,))
        assessed = list(cells)
        self.run_stage(ASSESSMENTS, cells, assessed, pending, bare, 0.0, 0.0, 0, 0, None)
        start = tuple(assessed)
        return attrs.evolve(bare, cells=start, history=(start,))

    # --- generated functions --------------------------------------------------------------------------------------------------

    def run_stage(  # noqa: PLR0913, PLR0917 - the arguments of a generated function, in its order
        self,
        name: str,
        state: Sequence[float],
        target: list[float],
        pending: list[float],
        world: World,
        now: float,
        days: float,
        step: int,
        key: int,
        trace: Trace | None,
    ) -> None:
        """Run one stage: reads ``state``, adds into ``target`` and ``pending``; with a trace, every contribution is appended to it."""
        function = self.machine.stage(name, traced=trace is not None)
        function(state, target, pending, world.history, now, days, step, key, trace)

    def ask(
        self, query: int | None, state: Sequence[float], world: World, now: float, binding: tuple[int, ...], *arguments: float
    ) -> tuple[Any, ...]:
        """The answers of a query; an empty tuple when there is nothing to ask."""
        if query is None:
            return ()
        answer: tuple[Any, ...] = self.machine.query(query)(state, world.history, now, *binding, *arguments)
        return answer
