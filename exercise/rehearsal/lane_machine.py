"""A program's stages and queries as functions over arrays: generated once, called for thousands of exercises at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from exercise.core import chance
from exercise.core.lowering import StageDraft
from exercise.core.program import Program
from exercise.language import (
    ARRAY_NAMES,
    ArrayStage,
    DrawTable,
    IndexTable,
    RowTable,
    Source,
    cells_read,
    emit_array_query,
    emit_array_stage,
    functions_of,
    generate,
    sites_of,
)
from exercise.rehearsal.bearing import bearing_on

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Keys = npt.NDArray[np.uint64]

_SHIFTS = tuple(np.uint64(bits) for bits in (30, 27, 31, 11))
_FACTORS = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_GOLDEN = np.uint64(chance.GOLDEN)
_UNIT = 2.0**-53


def mix64(z: Keys) -> Keys:
    """SplitMix64's finalizer over an array, which it uses up."""
    z ^= z >> _SHIFTS[0]
    z *= _FACTORS[0]
    z ^= z >> _SHIFTS[1]
    z *= _FACTORS[1]
    z ^= z >> _SHIFTS[2]
    return z


def draw(key: Keys, site: Keys) -> Floats:
    """``chance.draw`` over arrays: a column of sites gives a row of draws for each."""
    z = mix64(key + site)
    z >>= _SHIFTS[3]
    drawn = z.view(np.int64).astype(np.float64)
    drawn *= _UNIT
    return drawn


def run_keys(seeds: Sequence[int]) -> Keys:
    """``chance.run_key`` of each seed."""
    return np.array([chance.run_key(seed) for seed in seeds], dtype=np.uint64)


def step_keys(runs: Keys, turn: int, step: int) -> Keys:
    """``chance.step_key`` of each run."""
    return mix64(mix64(runs + np.uint64(turn + 1) * _GOLDEN) + np.uint64(step + 1) * _GOLDEN)


@attrs.frozen(slots=True, eq=False)
class LaneStage:
    """A stage over arrays: its function, the ``cells`` that it may write, those as an index of ``rows``, their bounds as columns, and
    whether it needs keys for draws.
    """

    run: Callable[..., None]
    cells: tuple[int, ...]
    rows: Any
    low: Floats
    high: Floats
    throws_dice: bool


Question = tuple[int, tuple[tuple[int, ...], ...]]
"""A query by number, with the bindings for which it is asked."""


class LaneMachine:
    """The generated functions of a program. ``questions`` are all that will be asked; with ``cells`` only what bears on those and on the
    answers is worked out.
    """

    def __init__(self, program: Program, questions: Sequence[Question], cells: Iterable[int] | None = None) -> None:
        wanted = list(dict.fromkeys(questions))
        self.drafts: Mapping[str, StageDraft] = program.machine.drafts
        self.queries = [(program.machine.queries[number], bindings) for number, bindings in wanted]
        if cells is not None:
            read = (cells_read(query.code, query.outputs, bindings) for query, bindings in self.queries)
            self.drafts = bearing_on(self.drafts, set(cells).union(*read))
        stages = {
            name: emit_array_stage(f"stage_{number}", draft.kernels, draft.clamps)
            for number, (name, draft) in enumerate(self.drafts.items())
            if draft.kernels
        }
        stages = {name: stage for name, stage in stages.items() if stage.rows}  # a motion without effects writes nothing
        sources = [emit_array_query(f"query_{number}", query, bindings) for number, (query, bindings) in enumerate(self.queries)]
        made = array_functions([*(stage.source for stage in stages.values()), *sources])
        self.stages: Mapping[str, LaneStage] = {name: _lane_stage(stage, made[stage.source.name]) for name, stage in stages.items()}
        self._answers = {one: made[f"query_{number}"] for number, one in enumerate(wanted)}

    def ask(self, question: Question, state: Floats, history: Sequence[Floats], now: float, *arguments: Any) -> tuple[Any, ...]:
        """The answers of a question, over (bindings, lanes) where they are not the same for all."""
        answer: tuple[Any, ...] = self._answers[question](state, history, now, *arguments)
        return answer


def _lane_stage(stage: ArrayStage, function: Callable[..., None]) -> LaneStage:
    rows = stage.rows
    contiguous = rows == tuple(range(rows[0], rows[0] + len(rows)))
    return LaneStage(
        function,
        rows,
        slice(rows[0], rows[0] + len(rows)) if contiguous else np.array(rows, dtype=np.intp),
        np.array(stage.low)[:, None],
        np.array(stage.high)[:, None],
        any(isinstance(table, DrawTable) for table in stage.source.tables.values()),
    )


def array_functions(
    sources: Sequence[Source], draw: Callable[[Keys, Any], Floats] = draw, site: Callable[[str, Sequence[str], str], int] = chance.site
) -> dict[str, Callable[..., Any]]:
    """The functions of array sources by name; ``draw`` and ``site`` throw the dice."""
    namespace: dict[str, Any] = {name: getattr(np, name) for name in ARRAY_NAMES if hasattr(np, name)}
    namespace |= {"spread": np.broadcast_to, "draw": draw}
    return functions_of(generate(sources), namespace, lambda table: _array(table, site))


def _array(table: Any, site: Callable[[str, Sequence[str], str], int]) -> Any:
    """A static table as generated array code reads it."""
    if isinstance(table, IndexTable):
        return np.array(table.values, dtype=np.intp)
    if isinstance(table, DrawTable):
        return np.array([sites_of(one, site) for one in table.draws], dtype=np.uint64)[:, :, None]
    if isinstance(table, RowTable):
        places = range(max(map(len, table.rows), default=0))
        partners = [np.array([row[place] if place < len(row) else 0 for row in table.rows], dtype=np.intp) for place in places]
        if table.is_full:
            return tuple(partners)
        exist = [np.array([place < len(row) for row in table.rows])[:, None] for place in places]
        return tuple(zip(partners, exist, strict=True))
    return table
