"""An exercise without people: doctrines decide, a script may decide for some seats in some turns.

What a script gives for a seat in a turn replaces what the seat's doctrine would have decided of the same sort (orders, motions or votes).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import attrs

from exercise.core.decisions import Decision, MotionDecision, OrderDecision, Refusal, VoteDecision
from exercise.core.policy import decide
from exercise.core.program import Program
from exercise.session.running import Book, Clock, ClosedTurn, Running

Script = Mapping[int, tuple[Decision, ...]]
"""Decisions by turn number."""


@attrs.frozen(slots=True)
class Refused:
    """A scripted decision that could not be taken."""

    turn: int
    decision: Decision
    refusal: Refusal


@attrs.define(slots=True)
class Headless:
    """A running exercise and who decides: ``doctrines`` maps seat to doctrine id, ``all`` standing for every seat not named."""

    running: Running
    doctrines: Mapping[str, str] = attrs.field(factory=dict)
    script: Script = attrs.field(factory=dict)
    refused: list[Refused] = attrs.field(factory=list)

    def play(self, turns: int | None = None, heard: Callable[[ClosedTurn], None] = lambda _: None) -> Running:
        """Play to the end, or until ``turns`` turns are closed in all; ``heard`` is told of every turn."""
        last = len(self.running.program.calendar.turns) if turns is None else turns
        while not self.running.is_over and self.running.world.turn < last:
            self.decide()
            heard(self.running.close())
        return self.running

    def decide(self) -> None:
        """Take the open turn's decisions: the script's first, then the doctrines'."""
        scripted = self.script.get(self.running.turn, ())
        for decision in scripted:
            by = "script" if hasattr(decision, "seat") else "facilitator"
            why = self.running.take(decision, by)
            if why is not None:
                self.refused.append(Refused(self.running.turn, decision, why))
        taken = {(type(one), one.seat) for one in scripted if isinstance(one, OrderDecision | MotionDecision | VoteDecision)}
        for seat in self.running.program.seats:
            doctrine = self.doctrines.get(seat.id, self.doctrines.get("all", "default"))
            for decision in decide(self.running.program, self.running.world, seat.id, doctrine, tuple(self.running.decisions)):
                if (type(decision), seat.id) not in taken:
                    self.running.take(decision, "doctrine")


def run(
    program: Program,
    seed: int,
    *,
    doctrines: Mapping[str, str] | None = None,
    script: Script | None = None,
    turns: int | None = None,
    book: Book | None = None,
    clock: Clock | None = None,
) -> Headless:
    """Play an exercise without people; the journal's header must have been written to ``book``."""
    headless = Headless(Running.begin(program, seed, book, clock), doctrines or {}, script or {})
    headless.play(turns)
    return headless
