"""On which parameters facts and objectives hang: runs with every parameter drawn anew, and what goes with which.

Parameters are drawn within the ``low`` and ``high`` that they give, by a Latin hypercube: as many strata as runs, each used once by each
parameter, in an order of its own. Every run has its own seed, so that what hangs on luck counts against all parameters.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist
from typing import Any

import attrs
import numpy as np

from exercise.core.chance import site
from exercise.core.compile import attempt_compile
from exercise.core.definitions import Parameter
from exercise.core.program import ASSESSMENTS, Program
from exercise.rehearsal.claims import ceiling
from exercise.rehearsal.columns import Columns, sample
from exercise.rehearsal.ensemble import Plan
from exercise.rehearsal.lane_machine import Floats, draw, run_keys
from exercise.rehearsal.lanes import Ensemble, Hand, Lanes

LARGEST = 10
"""Parameters told of each fact and objective."""
DOUBT = 0.05
"""How often a rehearsal may name anything for an outcome that hangs on no parameter."""
FEWEST = 8
"""Runs without which nothing can be told."""

Document = dict[str, Any]


@attrs.frozen(slots=True, eq=False)
class Settings:
    """Parameters by id, and a row of values for each: one for each run."""

    parameters: tuple[str, ...]
    values: Floats
    ranks: Floats = attrs.field(init=False)
    """Of each parameter the ranks of its values, standardized."""

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "ranks", np.array([_standard(row) for row in self.values]).reshape(self.values.shape))


def sensitivity(program: Program, plan: Plan, seeds: Sequence[int]) -> Document:
    """Of each fact and objective, the parameters with which it goes most over runs of these seeds, and how far they explain it.

    ``unmoved`` are parameters without room; all of them where the rules do not allow what ``low`` and ``high`` allow.
    """
    nothing = Settings((), np.empty((0, len(seeds))))
    settings = drawn(program.content.parameters, seeds) if len(seeds) >= FEWEST else nothing
    ranges = {one: (float(row.min()), float(row.max())) for one, row in zip(settings.parameters, settings.values, strict=True)}
    tuned, _ = attempt_compile(program.content, program.cut, ranges) if ranges else (None, ())
    settings = nothing if tuned is None else settings
    unmoved = [one.id for one in program.content.parameters if one.id not in settings.parameters]
    told: Document = {"runs": 0 if tuned is None else len(seeds), "parameters": len(settings.parameters), "unmoved": unmoved}
    if tuned is None:
        return told | {"facts": {}, "objectives": {}}
    columns = Columns.of(tuned)
    ensemble = Ensemble(tuned, plan.doctrines, columns.cells(tuned))
    rows = sample(ensemble, columns, ensemble.play(seeds, hand=_Turned(tuned, settings)))
    at, facts, objectives = columns.slices(), {}, dict[str, Document]()
    for fact, outcome in zip(columns.facts, rows[:, at["facts"]].T, strict=True):
        facts[fact] = hangs_on(settings, outcome)
    for (seat, objective), outcome in zip(columns.objectives, rows[:, at["objectives"]].T, strict=True):
        objectives.setdefault(seat, {})[objective] = hangs_on(settings, outcome)
    return told | {"facts": facts, "objectives": objectives}


def drawn(parameters: Sequence[Parameter], seeds: Sequence[int]) -> Settings:
    """A Latin hypercube over all parameters that have room, a setting for each seed: the same for the same seeds."""
    moved = [(one, _range(one)) for one in parameters]
    moved = [(one, ends) for one, ends in moved if ends[0] < ends[1]]
    keys = run_keys(seeds)
    values = np.empty((len(moved), len(seeds)))
    for row, (one, (low, high)) in zip(values, moved, strict=True):
        order, within = (draw(keys, np.array(site("sensitivity", [one.id], purpose), dtype=np.uint64)) for purpose in ("stratum", "within"))
        strata = np.argsort(np.argsort(order, kind="stable"))
        row[:] = np.clip(low + (high - low) * (strata + within) / len(seeds), low, high)
    return Settings(tuple(one.id for one, _ in moved), values)


def hangs_on(settings: Settings, outcome: Floats) -> Document:
    """The parameters that go with an outcome by rank, the strongest first, as far as chance does not explain it."""
    bound = NormalDist().inv_cdf(1 - DOUBT / (2 * len(settings.parameters))) / max(1, len(outcome) - 1) ** 0.5
    correlations = (settings.ranks * _standard(outcome)).mean(axis=1)
    order = [number for number in np.argsort(-np.abs(correlations), kind="stable").tolist() if abs(correlations[number]) > bound]
    found = [(settings.parameters[number], float(correlations[number])) for number in order]
    return {
        "explained": min(1.0, sum(one**2 for _, one in found)),
        "parameters": [{"parameter": parameter, "correlation": one, "share": one**2} for parameter, one in found[:LARGEST]],
    }


class _Turned(Hand):
    """Sets each run's parameters before it begins."""

    def __init__(self, program: Program, settings: Settings) -> None:
        self.program = program
        self.settings = settings

    def begin(self, lanes: Lanes) -> None:
        """Set the parameters; then everything is assessed anew."""
        for parameter, values in zip(self.settings.parameters, self.settings.values, strict=True):
            lanes.cells[self.program.layout.tuned[parameter].cells[0]] = values
        lanes.run(self.program.turn(1), ASSESSMENTS, 0.0, 0.0, 0, 0)


def _range(parameter: Parameter) -> tuple[float, float]:
    low = parameter.value if parameter.low is None else parameter.low
    high = parameter.value if parameter.high is None else parameter.high
    return low, min(high, ceiling(parameter))


def _standard(values: Floats) -> Floats:
    """Ranks (equal values share theirs) with mean 0 and deviation 1; all 0 where all values are equal."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts + 1) / 2)[places]
    spread = float(ranks.std())
    return (ranks - ranks.mean()) / spread if spread > 0 else np.zeros(len(values))
