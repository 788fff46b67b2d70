"""Many exercises by doctrines: the same program over many seeds, chunk by chunk, on one process or several.

A run's numbers depend on its seed alone, never on its chunk or on which process played it: run k of a rehearsal from seed s is the exercise
of seed s + k, and ``exercise run --seed`` writes it as a log.
"""

from __future__ import annotations

import itertools
import multiprocessing
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from functools import cache
from pathlib import Path

import attrs
import numpy as np

from exercise.content import prepare
from exercise.rehearsal.columns import Columns, sample
from exercise.rehearsal.lane_machine import Floats
from exercise.rehearsal.lanes import Ensemble

FIRST_CHUNK, CHUNK = 64, 2048
"""Runs played together: few at first, so that the first result comes soon; then as many as keep the arrays in the caches' reach."""


@attrs.frozen(slots=True)
class Spread:
    """A number over many runs: median and the ends of the middle 80 % (nearest rank), in the number's own unit."""

    low: float
    median: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """The spread of at least one value."""
        ordered = sorted(values)

        def rank(share: float) -> float:
            return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

        return cls(rank(0.1), rank(0.5), rank(0.9))


@attrs.frozen(slots=True)
class Plan:
    """What to play: a scenario (id or folder), a cut, doctrines by seat with ``all`` for the rest."""

    scenario: str
    cut: str = ""
    doctrines: Mapping[str, str] = attrs.field(factory=dict)


@attrs.frozen(slots=True)
class Lot:
    """Runs that are played together: their seeds and, for each, an order that its seat has to do without (nothing: none)."""

    seeds: Sequence[int]
    withheld: Sequence[str] = ()


def samples(plan: Plan, seeds: Sequence[int], jobs: int = 1) -> Iterator[Floats]:
    """The rows of ``columns.sample`` for these seeds, in their order, chunk by chunk as they are played.

    Raises ``ContentError`` or ``CompileError`` before the first when the scenario cannot be used.
    """
    bounds = [0, *range(FIRST_CHUNK, len(seeds), CHUNK), len(seeds)]
    return played(plan, [Lot(seeds[start:stop]) for start, stop in itertools.pairwise(bounds) if stop > start], jobs)


def played(plan: Plan, lots: Sequence[Lot], jobs: int = 1) -> Iterator[Floats]:
    """The rows of ``columns.sample`` for each lot, in their order; raises as ``samples``."""
    if jobs <= 1 or len(lots) <= 1:
        ensemble, columns = made_ready(plan)
        return (sample(ensemble, columns, ensemble.play(lot.seeds, withheld=lot.withheld)) for lot in lots)
    prepare(plan.scenario, plan.cut)
    return _shared(plan, lots, jobs)


def made_ready(plan: Plan) -> tuple[Ensemble, Columns]:
    """The plan's program over lanes, and the columns that are kept of it."""
    return _made_ready(plan.scenario, plan.cut, tuple(sorted(plan.doctrines.items())))


def facts_over(plan: Plan, seeds: Sequence[int], jobs: int = 1) -> dict[str, list[float]]:
    """Each fact's number at the end of each run, by fact id, in the order of ``seeds``."""
    rows = np.concatenate(list(samples(plan, seeds, jobs)))
    _, columns = made_ready(plan)
    return {fact: rows[:, number].tolist() for number, fact in enumerate(columns.facts)}


@cache
def _made_ready(scenario: str, cut: str, doctrines: tuple[tuple[str, str], ...]) -> tuple[Ensemble, Columns]:
    program = prepare(Path(scenario) if Path(scenario).is_dir() else scenario, cut)
    columns = Columns.of(program)
    return Ensemble(program, dict(doctrines), columns.cells(program)), columns


def _shared(plan: Plan, lots: Sequence[Lot], jobs: int) -> Iterator[Floats]:
    """Lots over several processes, no more in flight than are soon wanted, so that memory does not grow with their number."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        waiting: list[Future[Floats]] = []
        rest = iter(lots)
        while True:
            waiting += [pool.submit(_play, plan, lot) for lot in itertools.islice(rest, 2 * jobs - len(waiting))]
            if not waiting:
                return
            yield waiting.pop(0).result()


def _play(plan: Plan, lot: Lot) -> Floats:
    return next(played(plan, [lot]))
