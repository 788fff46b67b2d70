"""Many exercises by doctrines: the same program over many seeds, and what came of it.

One process for each core; each compiles the content once. A run's numbers depend on its seed alone, never on which process played it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor

import attrs

from exercise.content import load
from exercise.core.compile import compile_exercise
from exercise.core.ending import facts_of
from exercise.core.turns import play_out


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


def facts_over(plan: Plan, seeds: Sequence[int], jobs: int | None = None) -> dict[str, list[float]]:
    """Each fact's number at the end of each run, by fact id, in the order of ``seeds``."""
    workers = min(jobs or os.cpu_count() or 1, len(seeds))
    shares = [list(seeds[start::workers]) for start in range(workers)]
    with ProcessPoolExecutor(workers) as pool:
        played = [
            dict(zip(share, runs, strict=True)) for share, runs in zip(shares, pool.map(_play, [plan] * workers, shares), strict=True)
        ]
    by_seed = {seed: run for part in played for seed, run in part.items()}
    return {fact: [by_seed[seed][fact] for seed in seeds] for fact in by_seed[seeds[0]]}


def _play(plan: Plan, seeds: list[int]) -> list[dict[str, float]]:
    program = compile_exercise(load(plan.scenario), plan.cut)
    rest = plan.doctrines.get("all", "default")
    return [facts_of(program, play_out(program, seed, rest, dict(plan.doctrines))) for seed in seeds]
