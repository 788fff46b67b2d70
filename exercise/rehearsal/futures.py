"""Many futures of one exercise from an open turn on, each under a luck of its own, and what came of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs

from exercise.core.chance import other_luck
from exercise.core.ending import classes_of, facts_of, scores_of
from exercise.rehearsal.ensemble import Spread
from exercise.session.headless import Headless

Document = dict[str, Any]


def play_futures(headless: Headless, runs: int, heard: Callable[[int], None] = lambda _: None) -> list[Document]:
    """The ends of the runs 1 to ``runs``: facts, objectives in truth, classes, and how much was refused on the way.

    ``headless`` stands at the opening of its turn and stays there. Run r has the seed ``other_luck(seed, r)``, told as ``seed_after``, and
    whoever decides in ``headless`` decides in every run; luck that its recording had is left out.
    """
    program, seed = headless.running.program, headless.running.world.seed
    ends: list[Document] = []
    for number in range(1, runs + 1):
        luck = other_luck(seed, number)
        future = attrs.evolve(headless, running=headless.running.rehearsed(luck), recording=headless.recording.without_luck(), refused=[])
        world = future.play().world
        ends.append(
            {
                "run": number,
                "seed_after": luck,
                "refused": len(future.refused),
                "facts": facts_of(program, world),
                "objectives": scores_of(program, world),
                "classes": classes_of(program, world),
            }
        )
        heard(number)
    return ends


def distribution(ends: Sequence[Document]) -> Document:
    """10, 50 and 90 % of every fact and objective; for every entity with a class the share of runs that ended in each, greatest first."""
    first = ends[0]
    return {
        "facts": _spreads([end["facts"] for end in ends]),
        "objectives": {seat: _spreads([end["objectives"][seat] for end in ends]) for seat in first["objectives"]},
        "classes": {
            entity: {name: count / len(ends) for name, count in Counter(end["classes"][entity] for end in ends).most_common()}
            for entity in first["classes"]
        },
    }


def _spreads(numbers: Sequence[Mapping[str, float]]) -> dict[str, Document]:
    return {name: attrs.asdict(Spread.of([one[name] for one in numbers])) for name in numbers[0]}
