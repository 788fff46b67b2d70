"""The exercise as a pure function: open a turn, close a turn.

    world --open_turn--> open world + outcomes --decisions--> close_turn --> world' + outcomes

``telling=False`` skips outcomes and causes (rehearsal); the world is the same to the last bit.
"""

from __future__ import annotations

import attrs

from exercise.core.adjudicate import Phase, closed, opened, work_closing, work_opening
from exercise.core.decisions import Decision
from exercise.core.outcomes import Outcome
from exercise.core.policy import decide
from exercise.core.program import Program
from exercise.core.telling import tell_closing, tell_opening
from exercise.core.world import World


@attrs.frozen(slots=True)
class TurnResult:
    """What opening or closing a turn gave: the world, the outcomes with their audiences, and every contribution."""

    world: World
    outcomes: tuple[Outcome, ...]
    phases: tuple[Phase, ...] = attrs.field(repr=False)


def open_turn(program: Program, world: World, telling: bool = True) -> TurnResult:
    """Open the turn after ``world.turn``. The world must be closed and the exercise not finished (ValueError)."""
    if world.is_open or is_finished(program, world):
        raise ValueError("this turn cannot be opened: it is open, or the exercise is finished")
    work = work_opening(program, world, telling)
    return TurnResult(opened(work), tell_opening(work) if telling else (), tuple(work.phases or ()))


def close_turn(program: Program, world: World, decisions: tuple[Decision, ...], telling: bool = True) -> TurnResult:
    """Resolve the open turn with these decisions, each of which ``legality.refusal`` must have let pass. ValueError if no turn is open."""
    if not world.is_open:
        raise ValueError("no turn is open")
    work = work_closing(program, world, decisions, telling)
    world_after = closed(work)
    return TurnResult(world_after, tell_closing(work, decisions) if telling else (), tuple(work.phases or ()))


def is_finished(program: Program, world: World) -> bool:
    """Whether the last turn is closed (ENDEX)."""
    return world.turn >= len(program.calendar.turns)


def play_out(
    program: Program, seed: int, doctrine: str = "default", chosen: dict[str, str] | None = None, turns: int | None = None
) -> World:
    """The world at the end of an exercise played by doctrines alone, without telling: ``chosen`` names doctrines by seat."""
    world = program.startex(seed)
    last = len(program.calendar.turns) if turns is None else min(turns, len(program.calendar.turns))
    while world.turn < last:
        world = open_turn(program, world, telling=False).world
        decisions = tuple(
            decision for seat in program.seats for decision in decide(program, world, seat.id, (chosen or {}).get(seat.id, doctrine))
        )
        world = close_turn(program, world, decisions, telling=False).world
    return world
