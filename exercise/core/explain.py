"""Why a quantity is what it is: every contribution in order, each starting where the one before ended."""

from __future__ import annotations

import attrs

from exercise.core.adjudicate import Phase
from exercise.core.lowering import Cause
from exercise.core.program import Program
from exercise.core.telling import cause_of


@attrs.frozen(slots=True)
class Margin:
    """One comparison of a rule's condition: its words and by how much it held (left - right, in the compared unit)."""

    text: str
    left: float
    right: float


@attrs.frozen(slots=True)
class Contribution:
    """One change of one quantity. ``step`` counts drift steps over the exercise from 0; ``stage`` is the stage of the turn."""

    turn: int
    step: int
    stage: str
    cause: Cause
    before: float
    after: float
    margins: tuple[Margin, ...]


def contributions(program: Program, phases: tuple[Phase, ...], cell: int) -> tuple[Contribution, ...]:
    """Every contribution to a cell in these phases, in the order in which they acted."""
    found: list[Contribution] = []
    for phase in phases:
        draft = program.machine.facts.get(phase.stage)
        for kernel, _, _, touched, before, after, margins in phase.records:
            if touched != cell or before == after:
                continue
            staged = draft is not None and kernel >= 0
            cause = cause_of(program, draft.causes[kernel] if draft is not None and staged else kernel)
            texts = draft.comparisons[kernel] if draft is not None and staged else ()
            told = tuple(Margin(texts[number], left, right) for number, left, right in margins if number < len(texts))
            found.append(Contribution(phase.turn, phase.step, phase.stage, cause, before, after, told))
    return tuple(found)
