"""An exercise as far as it was played, told turn by turn: what every document is made from."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Protocol

import attrs

from exercise.core.adjudicate import Phase
from exercise.core.decisions import Decision
from exercise.core.outcomes import Outcome
from exercise.core.program import Program
from exercise.core.turns import TurnResult
from exercise.core.world import World


@attrs.frozen(slots=True)
class ToldTurn:
    """A closed turn: ``number`` from 1, what seats decided, every outcome of its opening and closing, and every contribution."""

    number: int
    decisions: tuple[Decision, ...]
    outcomes: tuple[Outcome, ...]
    phases: tuple[Phase, ...] = attrs.field(repr=False)


@attrs.frozen(slots=True)
class Story:
    """A program, its closed worlds (``worlds[0]`` is STARTEX) and its closed turns in order."""

    program: Program
    worlds: tuple[World, ...]
    turns: tuple[ToldTurn, ...]

    @property
    def last_turn(self) -> int:
        """Number of the last closed turn, 0 at STARTEX."""
        return len(self.turns)

    @property
    def is_finished(self) -> bool:
        """Whether ENDEX was reached."""
        return self.last_turn == len(self.program.calendar.turns)

    def date(self, turn: int) -> datetime.date:
        """The last scenario day of a turn; for turn 0 the day of STARTEX."""
        if turn == 0:
            return self.program.calendar.startex
        return self.program.turn(turn).end - datetime.timedelta(days=1)

    def until(self, turn: int) -> Story:
        """The story as far as the end of that turn."""
        return Story(self.program, self.worlds[: turn + 1], self.turns[:turn])


class Played(Protocol):
    """A closed turn, fresh from a session or recomputed from a log."""

    @property
    def opening(self) -> TurnResult:
        """What opening it gave."""

    @property
    def closing(self) -> TurnResult:
        """What closing it gave."""

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """What was decided in it."""


def story_of(program: Program, startex: World, turns: Iterable[Played]) -> Story:
    """Put a story together from STARTEX and the closed turns in order."""
    worlds, told = [startex], []
    for number, turn in enumerate(turns, 1):
        worlds.append(turn.closing.world)
        outcomes = (*turn.opening.outcomes, *turn.closing.outcomes)
        told.append(ToldTurn(number, turn.decisions, outcomes, (*turn.opening.phases, *turn.closing.phases)))
    return Story(program, tuple(worlds), tuple(told))
