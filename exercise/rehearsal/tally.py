"""What came of a rehearsal: distributions of facts, objectives, classes and motions, and what of the content was never used.

Means and shares are over all runs. Medians and the ends of the middle 80 % are over the first ``KEPT`` runs, so that memory stays bounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from exercise.core.program import Program
from exercise.rehearsal.columns import Columns, class_names, seat_score, status_names
from exercise.rehearsal.ensemble import Spread
from exercise.rehearsal.lane_machine import Floats
from exercise.rehearsal.pairs import OrderEffect

KEPT = 50_000
"""Runs whose every number is kept for medians: at most some 100 MB."""

Document = dict[str, Any]


class Tally:
    """Counts runs as they come."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.columns = Columns.of(program)
        self.runs = 0
        self._at = self.columns.slices()
        self._kept: list[Floats] = []
        self._sums: Floats | None = None
        self._counts: dict[tuple[int, int], int] = {}
        self._given: Floats | None = None

    def add(self, rows: Floats) -> None:
        """Count these runs."""
        if self.runs < KEPT:
            self._kept.append(rows[: KEPT - self.runs])
        self.runs += len(rows)
        total = rows.sum(axis=0)
        self._sums = total if self._sums is None else self._sums + total
        for group in ("classes", "motions"):
            for column in range(self._at[group].start, self._at[group].stop):
                for value, count in zip(*np.unique(rows[:, column], return_counts=True), strict=True):
                    key = (column, int(value))
                    self._counts[key] = self._counts.get(key, 0) + int(count)
        given = rows[:, self._at["orders"]]
        times = (given > 0).sum(axis=0)
        self._given = times if self._given is None else self._given + times

    def first(self, count: int) -> Floats:
        """The rows of the first runs, at most ``KEPT``."""
        return np.concatenate(self._kept)[:count]

    def document(self, effects: Mapping[str, OrderEffect]) -> Document:
        """Everything that was counted, with what orders were found to do; at least one run must have been."""
        return {
            "n": self.runs,
            "outcomes": {
                "facts": self._facts(),
                "objectives": self._objectives(),
                "seats": self._seats(),
                "classes": {
                    entity: self._shares("classes", number, class_names(self.program, entity))
                    for number, entity in enumerate(self.columns.classes)
                },
                "motions": {motion: self._shares("motions", number, status_names()) for number, motion in enumerate(self.columns.motions)},
            },
            "injects": dict(zip(self.columns.injects, self._means("injects"), strict=True)),
            "orders": self._orders(effects),
        }

    # --- parts ----------------------------------------------------------------------------------------------------------------

    def _facts(self) -> Document:
        told: Document = {}
        for number, fact in enumerate(self.program.facts):
            definition = fact.definition
            told[definition.id] = self._spread("facts", number) | {
                "title": definition.title,
                "unit": definition.unit,
                "published": [definition.low, definition.high],
            }
        return told

    def _objectives(self) -> Document:
        told: Document = {}
        for number, (seat, objective) in enumerate(self.columns.objectives):
            told.setdefault(seat, {})[objective] = self._spread("objectives", number)
        return told

    def _seats(self) -> Document:
        """Public and private result of each seat: weighted means of its objectives."""
        rows = np.concatenate(self._kept)
        told: Document = {}
        for seat in self.program.seats:
            for name, private in (("public", False), ("private", True)):
                result = seat_score(self.program, self.columns, rows, seat.id, private=private)
                if result is not None:
                    told.setdefault(seat.id, {})[name] = _spread(result)
        return told

    def _orders(self, effects: Mapping[str, OrderEffect]) -> Document:
        """Use and effect of each order: the share of runs that gave it, how often a mean run did, and what that changed."""
        assert self._given is not None
        share, times = (self._given / self.runs).tolist(), self._means("orders")
        return {
            order: {"share": share[number], "times": times[number]}
            | (effects[order].document() if order in effects else {"effect": None, "dominated": None})
            for number, order in enumerate(self.columns.orders)
        }

    def _means(self, group: str) -> list[float]:
        assert self._sums is not None
        means: list[float] = (self._sums[self._at[group]] / self.runs).tolist()
        return means

    def _spread(self, group: str, number: int) -> Document:
        column = self._at[group].start + number
        return _spread(np.concatenate([rows[:, column] for rows in self._kept]))

    def _shares(self, group: str, number: int, names: Iterable[str]) -> Document:
        column = self._at[group].start + number
        counted = {name: self._counts.get((column, value), 0) for value, name in enumerate(names)}
        return {name: count / self.runs for name, count in counted.items() if count}


def _spread(values: Floats) -> Document:
    spread = Spread.of(values.tolist())
    return {"low": spread.low, "median": spread.median, "high": spread.high, "mean": float(values.mean())}
