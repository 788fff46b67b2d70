"""What is kept of each run of a rehearsal: a row of numbers with fixed columns, so that a million runs cost no more than their rows."""

from __future__ import annotations

from collections.abc import Iterator

import attrs
import numpy as np

from exercise.core.ending import CLASS_QUANTITY
from exercise.core.layout import MOTION_STATUS
from exercise.core.program import CompiledObjective, Program
from exercise.rehearsal.lane_machine import Floats
from exercise.rehearsal.lanes import Ensemble, Finished


@attrs.frozen(slots=True)
class Columns:
    """Ids of the columns, group after group, as they stand in a sample."""

    facts: tuple[str, ...]
    objectives: tuple[tuple[str, str], ...]
    classes: tuple[str, ...]
    motions: tuple[str, ...]
    injects: tuple[str, ...]
    orders: tuple[str, ...]

    @classmethod
    def of(cls, program: Program) -> Columns:
        """The columns of a program."""
        return cls(
            facts=tuple(fact.definition.id for fact in program.facts),
            objectives=tuple((seat, one.definition.id) for seat, one in _objectives(program)),
            classes=tuple(
                entity for entity, (kind, _) in program.layout.places.items() if (kind, CLASS_QUANTITY) in program.layout.quantities
            ),
            motions=tuple(motion.entity for motion in program.motions),
            injects=tuple(inject.definition.id for inject in program.injects),
            orders=tuple(order.instance.entity for order in program.orders),
        )

    def cells(self, program: Program) -> tuple[int, ...]:
        """The cells of classes, motions, injects and orders, in the order of their columns."""
        read = (("classes", CLASS_QUANTITY), ("motions", "status"), ("injects", "released"), ("orders", "times_given"))
        return tuple(program.layout.cell(entity, quantity) for group, quantity in read for entity in getattr(self, group))

    def slices(self) -> dict[str, slice]:
        """Where each group stands in a row."""
        found, at = {}, 0
        for name in attrs.fields_dict(type(self)):
            width = len(getattr(self, name))
            found[name] = slice(at, at + width)
            at += width
        return found


def sample(ensemble: Ensemble, columns: Columns, finished: Finished) -> Floats:
    """A row of numbers for each lane: facts in their units, objectives in points, classes and motions by number, injects 0 or 1, orders
    by how often they were given.
    """
    program = ensemble.program
    end, last = float((program.calendar.end - program.calendar.startex).days), program.calendar.turns[-1].day
    rows: list[Floats] = [ensemble.ask(fact.query, (), finished, end) for fact in program.facts if fact.query is not None]
    for _, one in _objectives(program):
        assert one.true is not None
        score = ensemble.ask(one.true, one.binding, finished, last)
        rows.append(np.minimum(np.maximum(score, 0.0), 100.0))
    rows += [finished.cells[row] for row in columns.cells(program)]
    return np.array(rows).T.copy()


def class_names(program: Program, entity: str) -> tuple[str, ...]:
    """The names of a place's classes by number."""
    kind = program.layout.places[entity][0]
    return program.layout.quantities[kind, CLASS_QUANTITY].values


def status_names() -> tuple[str, ...]:
    """Where a motion can stand, by number."""
    return MOTION_STATUS


def seat_score(program: Program, columns: Columns, rows: Floats, seat: str, *, private: bool) -> Floats | None:
    """A seat's weighted mean over its public objectives or its private interests, for each run; None where it has none."""
    start = columns.slices()["objectives"].start
    weights = {one.definition.id: one.definition.weight for one in program.objectives[seat] if one.definition.private == private}
    found = [(start + number, weights[id]) for number, (of, id) in enumerate(columns.objectives) if of == seat and id in weights]
    total = sum(weight for _, weight in found)
    if total <= 0:
        return None
    result = np.zeros(len(rows))
    for column, weight in found:
        result += weight * rows[:, column]
    return result / total


def _objectives(program: Program) -> Iterator[tuple[str, CompiledObjective]]:
    for seat, several in program.objectives.items():
        for one in several:
            if one.true is not None:
                yield seat, one
