"""What each order does: runs beside the same runs without it.

An order is withheld from the seat whose doctrine would give it, in every turn, under the same luck; what it would have cost, its place
among the orders of the turn and its money, is free for what the doctrine would do next. A run in which the order was not given anyhow would
be the same to the last bit, so it is not played again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import NormalDist
from typing import Any

import attrs
import numpy as np

from exercise.core.program import Program
from exercise.rehearsal.columns import Columns, seat_score
from exercise.rehearsal.ensemble import CHUNK, Lot, Plan, made_ready, played
from exercise.rehearsal.lane_machine import Floats

CONFIDENCE = 0.95
FEWEST = 3
"""Pairs without which there is no interval."""

Document = dict[str, Any]


@attrs.frozen(slots=True)
class Effect:
    """A mean of differences, and the interval that holds the true mean with 95 % confidence (Student's t; none for too few pairs)."""

    mean: float
    low: float | None
    high: float | None

    @classmethod
    def of(cls, differences: Floats) -> Effect:
        """The effect that these differences of at least one pair speak for."""
        count, mean = len(differences), float(differences.mean())
        if count < FEWEST:
            return cls(mean, None, None)
        reach = student(count - 1) * float(differences.std(ddof=1)) / count**0.5
        return cls(mean, mean - reach, mean + reach)

    @property
    def is_worse(self) -> bool:
        """Whether the whole interval lies below 0."""
        return self.high is not None and self.high < 0


@attrs.frozen(slots=True)
class OrderEffect:
    """What giving an order does to its seat's results and to the facts, with less without, over ``pairs`` seeds; in ``given`` of them the
    order was given at all. A seat without public or private objectives has no such result.
    """

    pairs: int
    given: int
    public: Effect | None
    private: Effect | None
    facts: Mapping[str, Effect]

    @property
    def is_dominated(self) -> bool:
        """Whether the doctrine without the order does better by one of the seat's results and no worse by the other."""
        results = [one for one in (self.public, self.private) if one is not None]
        return any(one.is_worse for one in results) and all(one.mean <= 0 for one in results)

    def document(self) -> Document:
        """As JSON."""
        return {"effect": attrs.asdict(self), "dominated": self.is_dominated}


def other_halves(program: Program, rows: Floats) -> list[tuple[int, int]]:
    """What has to be played to pair these runs: number of an order that was given, and of a run that gave it."""
    given = rows[:, Columns.of(program).slices()["orders"]] > 0
    return [(number, run) for number, run in np.argwhere(given.T).tolist()]


def order_effects(
    plan: Plan, seeds: Sequence[int], rows: Floats, jobs: int = 1, heard: Callable[[int], None] = lambda _: None
) -> dict[str, OrderEffect]:
    """The effect of each order that doctrines gave in the runs of these seeds, of which ``rows`` came (see ``columns.sample``).

    All ``other_halves`` are lanes of the same arrays; ``heard`` is told how many of them are played.
    """
    ensemble, columns = made_ready(plan)
    others = other_halves(ensemble.program, rows)
    lots = [
        Lot([seeds[run] for _, run in some], [columns.orders[number] for number, _ in some])
        for some in (others[first : first + CHUNK] for first in range(0, len(others), CHUNK))
    ]
    without = {number: rows.copy() for number, _ in others}
    done = 0
    for lot in played(plan, lots, jobs):
        for (number, run), row in zip(others[done : done + len(lot)], lot, strict=True):
            without[number][run] = row
        done += len(lot)
        heard(done)
    return {columns.orders[number]: _effect(ensemble.program, columns, number, rows, bare) for number, bare in without.items()}


def _effect(program: Program, columns: Columns, number: int, rows: Floats, without: Floats) -> OrderEffect:
    seat, at = program.orders[number].instance.seat, columns.slices()
    results = []
    for private in (False, True):
        both = [seat_score(program, columns, some, seat, private=private) for some in (rows, without)]
        results.append(None if both[0] is None or both[1] is None else Effect.of(both[0] - both[1]))
    facts = rows[:, at["facts"]] - without[:, at["facts"]]
    return OrderEffect(
        pairs=len(rows),
        given=int((rows[:, at["orders"]][:, number] > 0).sum()),
        public=results[0],
        private=results[1],
        facts={fact: Effect.of(facts[:, place]) for place, fact in enumerate(columns.facts)},
    )


def student(freedom: int) -> float:
    """How many standard errors a two-sided interval reaches to each side, by degrees of freedom (within 1 % from 2 of them on).

    The normal quantile with the first four terms of its expansion towards Student's (Abramowitz and Stegun, 26.7.5).
    """
    z = float(NormalDist().inv_cdf((1 + CONFIDENCE) / 2))
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / float(freedom**power) for power, term in enumerate(terms, 1))
