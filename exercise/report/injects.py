"""The injects that may still come, the next ones first: for a facilitator's sheet, never for a seat's."""

from __future__ import annotations

import datetime

from exercise.core.definitions import InjectDefinition
from exercise.core.program import Program
from exercise.core.world import World

KINDS = {"conditional": "on its condition", "absence": "if nothing was done", "contingency": "by hand"}


def injects_to_come(program: Program, world: World) -> list[dict[str, str]]:
    """Injects not yet released in a world whose turn is open, in the order in which they are due, as words for reading."""
    today = program.turn(world.turn + 1).start
    waiting = [one for one in program.content.injects if not _is_released(program, world, one) and _may_still_come(one, today)]
    return [
        {
            "number": str(one.number),
            "due": _due(one),
            "title": one.title,
            "to": " ".join(one.to),
            "text": one.text,
            "expected": one.expected_action,
        }
        for one in sorted(waiting, key=lambda one: (_first_day(one), one.number))
    ]


def _is_released(program: Program, world: World, one: InjectDefinition) -> bool:
    return world.cells[program.layout.cell(one.id, "released")] > 0


def _may_still_come(one: InjectDefinition, today: datetime.date) -> bool:
    """Whether an inject can be released after the opening of the turn that begins today."""
    if one.kind == "timed":
        return one.on is not None and one.on > today
    return one.kind not in ("conditional", "absence") or one.by is None or one.by >= today


def _first_day(one: InjectDefinition) -> datetime.date:
    """The day by which injects are put in order; what no day is known of comes last."""
    known = {"timed": one.on, "absence": one.by, "conditional": one.not_before or one.by}.get(one.kind)
    return known or datetime.date.max


def _due(one: InjectDefinition) -> str:
    if one.kind == "timed" and one.on is not None:
        return f"{one.on.isoformat()} {one.time}".strip()
    words = KINDS.get(one.kind, one.kind)
    if one.not_before is not None:
        words += f", from {one.not_before.isoformat()}"
    return f"{words}, by {one.by.isoformat()}" if one.by is not None else words
