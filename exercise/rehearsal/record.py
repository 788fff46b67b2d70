"""The model held against the record: each fact's published range beside the spread of many runs by the recorded decisions."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from exercise.core.definitions import Fact
from exercise.core.program import Program
from exercise.rehearsal.ensemble import Plan, Spread, facts_over

WITHIN_FACTOR = 1.5
"""A median counts as near when it lies within this factor of the published range."""


@attrs.frozen(slots=True)
class Comparison:
    """A fact and what runs gave: ``spread`` of its number; ``share`` of runs inside the published range."""

    fact: Fact
    spread: Spread
    share: float

    @property
    def is_event(self) -> bool:
        """Whether the fact says that something happened or not."""
        return self.fact.low == self.fact.high and self.fact.high in (0.0, 1.0)

    @property
    def covers(self) -> bool:
        """Whether the published range lies inside the 10 to 90 % interval (an event: whether most runs show it)."""
        if self.is_event:
            return self.share > 0.5
        return self.spread.low <= self.fact.low and self.fact.high <= self.spread.high

    @property
    def is_tighter(self) -> bool:
        """Whether the 10 to 90 % interval lies inside the published range: runs differ less than sources do."""
        return self.fact.low <= self.spread.low and self.spread.high <= self.fact.high

    @property
    def is_near(self) -> bool:
        """Whether the median is within a factor of 1.5 of the published range."""
        return self.fact.low / WITHIN_FACTOR <= self.spread.median <= self.fact.high * WITHIN_FACTOR


def compare(program: Program, plan: Plan, seeds: Sequence[int]) -> tuple[Comparison, ...]:
    """Every fact of the cut against runs over these seeds."""
    numbers = facts_over(plan, seeds)
    told: list[Comparison] = []
    for compiled in program.facts:
        fact = compiled.definition
        runs = numbers[fact.id]
        inside = [run for run in runs if fact.low <= run <= fact.high]
        told.append(Comparison(fact, Spread.of(runs), len(inside) / len(runs)))
    return tuple(told)


def fitted_parameters(program: Program) -> tuple[str, ...]:
    """Ids of the parameters and tables that say that they were set against the record."""
    content = program.content
    groups = (content.parameters, content.rules, content.orders, content.injects, content.reports, content.entities)
    return tuple(one.id for group in groups for one in group if one.fitted)
