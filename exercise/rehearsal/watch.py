"""Quantities followed through many runs: their values at STARTEX and at the end of every turn, where a rehearsal keeps only the end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs
import numpy as np

from exercise.core.calendar import Turn
from exercise.core.ending import CLASS_QUANTITY
from exercise.rehearsal.columns import class_names
from exercise.rehearsal.ensemble import CHUNK, Plan, made_ready
from exercise.rehearsal.lane_machine import Floats
from exercise.rehearsal.lanes import Ensemble, Hand, Lanes


class _Watch(Hand):
    """Keeps some rows of the cells at STARTEX and at every turn's end."""

    def __init__(self, rows: Sequence[int]) -> None:
        self.rows = list(rows)
        self.seen: list[Floats] = []

    def begin(self, lanes: Lanes) -> None:
        """Keep STARTEX."""
        self.seen.append(lanes.cells[self.rows])

    def close(self, lanes: Lanes, turn: Turn) -> None:  # noqa: ARG002 - a hand is told of the turn
        """Keep the turn's end."""
        self.seen.append(lanes.cells[self.rows])


def followed(plan: Plan, seeds: Sequence[int], quantities: Iterable[tuple[str, str]]) -> Floats:
    """Values of quantities, each an entity and a quantity's id: (worlds, quantities, seeds), world 0 being STARTEX."""
    program = made_ready(plan)[0].program
    rows = [program.layout.cell(entity, quantity) for entity, quantity in quantities]
    # An ensemble of its own: that of a rehearsal does not work out what bears on none of its columns.
    ensemble = Ensemble(program, plan.doctrines, rows)
    chunks: list[Floats] = []
    for start in range(0, len(seeds), CHUNK):
        watch = _Watch(rows)
        ensemble.play(seeds[start : start + CHUNK], hand=watch)
        chunks.append(np.stack(watch.seen))
    return np.concatenate(chunks, axis=2)


@attrs.frozen(slots=True)
class Span:
    """A time in which an entity kept one class, as days from STARTEX: from the world that first had it to the first that had another."""

    start: float
    end: float
    name: str

    def days_within(self, first: float, last: float) -> float:
        """How many of its days lie between two days."""
        return max(min(self.end, last) - max(self.start, first), 0.0)


def class_spans(plan: Plan, seeds: Sequence[int], entities: Sequence[str]) -> list[dict[str, list[Span]]]:
    """For each seed, the spans of each entity's class: the same as the ``classes`` of ``exercise run --json``."""
    ensemble, _ = made_ready(plan)
    program = ensemble.program
    days = [0.0, *(turn.day + turn.days for turn in program.calendar.turns)]
    names = {entity: class_names(program, entity) for entity in entities}
    values = followed(plan, seeds, [(entity, CLASS_QUANTITY) for entity in entities])
    return [
        {entity: _spans(values[:, number, lane], days, names[entity]) for number, entity in enumerate(entities)}
        for lane in range(len(seeds))
    ]


def _spans(values: Floats, days: Sequence[float], names: Sequence[str]) -> list[Span]:
    spans: list[Span] = []
    for value, start, end in zip(values, days, days[1:], strict=False):
        name = names[int(value)]
        if spans and spans[-1].name == name:
            spans[-1] = attrs.evolve(spans[-1], end=end)
        else:
            spans.append(Span(start, end, name))
    last = names[int(values[-1])]
    if not spans or spans[-1].name != last:
        spans.append(Span(days[-1], days[-1], last))
    return spans
