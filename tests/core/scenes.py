"""Playing small worlds turn by turn, and reading what was told to whom."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from textwrap import dedent
from typing import Any

from exercise.content import load, load_texts
from exercise.core.compile import compile_exercise
from exercise.core.decisions import Decision
from exercise.core.layout import bounds
from exercise.core.outcomes import Outcome
from exercise.core.program import Program
from exercise.core.turns import TurnResult
from exercise.core.world import World
from tests.worlds import COMMON, play_turn

FILE = "scenario/extra.toml"
"""The file in which a test's own tables stand."""


def tables_of(doc: str | None) -> str:
    """The TOML of a docstring: what stands below the line that is only ``---``."""
    assert doc is not None
    return dedent(doc.partition("---\n")[2])


def world(text: str, cut: str = "", common: str = COMMON) -> Program:
    """The program of the common tables with these."""
    return compile_exercise(load_texts((("scenario/common.toml", common), (FILE, text))), cut)


@functools.cache
def shipped() -> Program:
    """The scenario that is shipped, compiled once for all tests."""
    return compile_exercise(load("osh-2010"))


def play(program: Program, *turns: Sequence[Decision], seed: int = 1) -> list[tuple[TurnResult, TurnResult]]:
    """The first turns of an exercise with these decisions: what opening and closing each of them gave."""
    now = program.startex(seed)
    played: list[tuple[TurnResult, TurnResult]] = []
    for decisions in turns:
        opening, closing = play_turn(program, now, *decisions)
        now = closing.world
        played.append((opening, closing))
    return played


def told(result: TurnResult, kind: str, seat: str | None = None, **wanted: Any) -> list[dict[str, Any]]:
    """Data of a result's outcomes of one kind, those alone that reach ``seat`` and hold the ``wanted`` values."""
    return [
        outcome.data
        for outcome in result.outcomes
        if outcome.kind == kind
        and (seat is None or outcome.reaches(seat))
        and all(outcome.data.get(name) == value for name, value in wanted.items())
    ]


def audiences(outcomes: Iterable[Outcome], kind: str) -> list[str | tuple[str, ...]]:
    """To whom the outcomes of one kind go."""
    return [outcome.to for outcome in outcomes if outcome.kind == kind]


def out_of_range(program: Program, world: World) -> list[tuple[str, float]]:
    """Quantities of the world beyond what they were declared to hold."""
    found: list[tuple[str, float]] = []
    for number, (cell, now) in enumerate(zip(program.layout.cells, world.cells, strict=True)):
        low, high = bounds(cell.quantity) if cell is not None else (-1e300, 1e300)
        if not low <= now <= high:
            found.append((program.layout.name(number), now))
    return found
