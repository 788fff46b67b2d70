"""Why a quantity is what it is: every contribution in order, each starting where the one before ended."""

from __future__ import annotations

import attrs

from exercise.core.adjudicate import Phase
from exercise.core.lowering import Cause
from exercise.core.program import Program
from exercise.core.telling import cause_of
from exercise.core.verdicts import Verdict


@attrs.frozen(slots=True)
class Margin:
    """One comparison of a rule's condition: its words and by how much it held (left - right, in the compared unit)."""

    text: str
    left: float
    right: float


@attrs.frozen(slots=True)
class Crossing:
    """Where an axis of an assessed class stood: the ``cell`` it is measured in (None: in none that is kept), its ``value``, the
    ``threshold`` that held then, the ``line`` and the ``margin`` beyond it (line None: not fixed), and whether this changed the class.
    """

    cell: int | None
    text: str
    value: float
    threshold: float
    line: float | None
    margin: float
    holds: bool
    crossed: bool


@attrs.frozen(slots=True)
class Contribution:
    """One change of one quantity. ``step`` counts drift steps over the exercise from 0; ``stage`` is the stage of the turn.

    ``crossings`` are the axes of a class, ``parts`` the cells that an assessed number is made of.
    """

    turn: int
    step: int
    stage: str
    cause: Cause
    before: float
    after: float
    margins: tuple[Margin, ...]
    crossings: tuple[Crossing, ...] = ()
    parts: tuple[int, ...] = ()


def contributions(program: Program, phases: tuple[Phase, ...], cell: int) -> tuple[Contribution, ...]:
    """Every contribution to a cell in these phases, in the order in which they acted."""
    found: list[Contribution] = []
    for phase in phases:
        draft = program.machine.facts.get(phase.stage)
        for kernel, _, binding, touched, before, after, margins in phase.records:
            if touched != cell or before == after:
                continue
            staged = draft is not None and kernel >= 0
            cause = cause_of(program, draft.causes[kernel] if draft is not None and staged else kernel)
            texts = draft.comparisons[kernel] if draft is not None and staged else ()
            told = tuple(Margin(texts[number], left, right) for number, left, right in margins if number < len(texts))
            verdict = program.verdicts.get(cause.id) if cause.kind == "assessment" else None
            crossings = _crossings(verdict, binding, before, margins, texts) if verdict is not None else ()
            parts = verdict.parts[binding] if verdict is not None and verdict.parts else ()
            found.append(Contribution(phase.turn, phase.step, phase.stage, cause, before, after, told, crossings, parts))
    return tuple(found)


def _crossings(
    verdict: Verdict, binding: int, before: float, margins: tuple[tuple[int, float, float], ...], texts: tuple[str, ...]
) -> tuple[Crossing, ...]:
    """Where each axis of a class stood when it changed."""
    sides = {number: (left, right) for number, left, right in margins}
    standing = [one for one in verdict.thresholds if one.comparison in sides]
    holds = {one.comparison: one.holds(*sides[one.comparison]) for one in standing}
    crossed = verdict.crossed(int(before), holds)
    return tuple(
        Crossing(
            cell=one.cells[binding] if one.cells else None,
            text=texts[one.comparison],
            value=sides[one.comparison][0],
            threshold=sides[one.comparison][1],
            line=one.line,
            margin=one.margin,
            holds=holds[one.comparison],
            crossed=one.comparison in crossed,
        )
        for one in standing
    )
