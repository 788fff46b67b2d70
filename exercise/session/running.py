"""An exercise in progress: validate, append and fsync, apply; publishing is left to whoever asked.

A ``Running`` owns the world, the decisions of the open turn and the journal. A decision is acknowledged only after the journal has it; when
the journal cannot take it, nothing has happened. Opening a log again replays its entries through the same code.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import attrs

from exercise.core.decisions import Decision, OrderDecision, Refusal
from exercise.core.legality import refusal
from exercise.core.policy import decide
from exercise.core.program import Program
from exercise.core.turns import TurnResult, close_turn, is_finished, open_turn
from exercise.core.world import World, digest
from exercise.record.branching import has_other_luck
from exercise.record.commitment import Promise
from exercise.record.entry import NO_ENTRY, Entry
from exercise.record.inputs import decision_of, entry_of, taken_after, turn_data, withdrawal_of, withdraws

Clock = Callable[[], str]
"""Gives wall time as ISO 8601 text in UTC; annotation only."""

NOT_COMMITTED = Refusal("not-committed", "that order is not among this turn's orders")


class Book(Protocol):
    """Where entries are recorded: a journal, or nothing when an exercise is played without a log."""

    def append(self, kind: str, data: dict[str, Any], at: str | None = None) -> Entry:
        """Record one entry; returns only when it is durable."""


class ResumeError(Exception):
    """A log that cannot be played on: its entries do not lead to the world that it recorded."""


@attrs.frozen(slots=True)
class ClosedTurn:
    """A closed turn: its number, what opening and closing gave, and the decisions that were taken."""

    turn: int
    opening: TurnResult
    closing: TurnResult
    decisions: tuple[Decision, ...]


@attrs.define(slots=True)
class Running:
    """An exercise in progress. ``book`` is None when nothing is recorded; ``clock`` is None where wall time must not enter the log;
    ``ended`` is the hash of the entry that says that the exercise is over, once it does.

    Without ``telling`` the worlds are the same to the last bit, and nobody learns why: for many runs of which only the end is asked.
    """

    program: Program
    book: Book | None
    clock: Clock | None
    world: World
    opening: TurnResult | None = None
    decisions: tuple[Decision, ...] = ()
    ended: str = ""
    telling: bool = True
    promise: Promise | None = None
    _unopened: World | None = attrs.field(default=None, init=False, repr=False)

    @classmethod
    def begin(
        cls, program: Program, seed: int, book: Book | None = None, clock: Clock | None = None, promise: Promise | None = None
    ) -> Running:
        """A fresh exercise with its first turn open. The header must have been written; ``promise`` is what it says of the seed."""
        running = cls(program, book, clock, program.startex(seed), promise=promise)
        running._open()
        return running

    @property
    def turn(self) -> int:
        """Number of the open turn, or of the last one when the exercise is over."""
        return min(self.world.turn + 1, len(self.program.calendar.turns))

    @property
    def is_over(self) -> bool:
        """Whether the last turn is closed."""
        return is_finished(self.program, self.world)

    def take(self, decision: Decision, by: str) -> Refusal | None:
        """Record and accept a decision for the open turn, or say why not; ``by`` is human, doctrine, script or facilitator."""
        why = self.refuse(decision)
        if why is None:
            self.put_in(*entry_of(decision, self.turn, by))
        return why

    def refuse(self, decision: Decision) -> Refusal | None:
        """Why a decision cannot be taken for the open turn, after what was accepted so far; None when it can."""
        if self.is_over:
            return Refusal("over", "the exercise is over")
        return refusal(self.program, self.world, decision, self.decisions)

    def withdrawal(self, seat: str, order: str, target: str | None, by: str) -> Refusal | tuple[str, dict[str, Any]]:
        """The entry that takes back an order of the open turn, or why there is nothing to take back."""
        found = self._committed(seat, order, target)
        return NOT_COMMITTED if found is None else withdrawal_of(found, self.turn, by)

    def put_in(self, kind: str, data: dict[str, Any]) -> Entry:
        """Append an entry; only then does it count among the decisions of the open turn, if it is one."""
        entry = self.write(kind, data)
        self.decisions = taken_after(self.decisions, entry)
        return entry

    def repeat(self, entry: Entry) -> Refusal | None:
        """Take an input that another log recorded for this turn, as it was recorded, or say why it cannot be taken here."""
        decision = decision_of(entry)
        if decision is not None:
            why = refusal(self.program, self.world, decision, self.decisions)
        else:
            why = None if any(withdraws(entry, one) for one in self.decisions) else NOT_COMMITTED
        if why is None:
            self.put_in(entry.type, entry.data)
        return why

    def change_luck(self, entry: Entry) -> None:
        """Let other dice fall from the open turn on, as another log's ``branched`` entry says. Nothing may have been decided yet."""
        self._apply(self.write(entry.type, entry.data))

    def rehearsed(self, seed: int) -> Running:
        """The same exercise at the opening of the same turn under another luck, recorded nowhere and told to nobody."""
        if self._unopened is None or self.is_over:
            raise ResumeError("no turn is open")
        other = Running(self.program, None, None, attrs.evolve(self._unopened, seed=seed), telling=False)
        other._open()
        return other

    def decide_by_doctrine(self, seat: str, doctrine: str) -> None:
        """Let a seat's doctrine decide, after what has been accepted so far."""
        for decision in decide(self.program, self.world, seat, doctrine, self.decisions):
            self.take(decision, "doctrine")

    def close(self) -> ClosedTurn:
        """Close the turn, record it, and open the next one unless the exercise is over."""
        result = self._resolve()
        outcomes = (*result.opening.outcomes, *result.closing.outcomes)
        self.write("turn_closed", turn_data(result.closing.world, outcomes))
        self._advance(result)
        self.finish()
        return result

    def finish(self) -> bool:
        """Write down that the exercise is over, if it is and the log does not say so yet. Whether it was written now."""
        if not self.is_over or self.ended:
            return False
        self.ended = self.write("ended", {"digest": digest(self.world)}).hash
        return True

    def write(self, kind: str, data: dict[str, Any]) -> Entry:
        """Append an entry to the book; without one it is made but kept nowhere."""
        if self.book is None:
            return Entry(0, NO_ENTRY, kind, data, NO_ENTRY)
        return self.book.append(kind, data, self.clock() if self.clock is not None else None)

    def follow(
        self,
        entries: Sequence[Entry],
        heard: Callable[[ClosedTurn | Entry], None] = lambda _: None,
        worked: Sequence[ClosedTurn] = (),
    ) -> None:
        """Apply recorded entries without recording them again; ``heard`` is told of every closed turn and other entry in order.

        Turns that were ``worked`` out already are not worked out again. Raises ``ResumeError`` when a turn does not lead to the recorded
        digest.
        """
        for entry in entries:
            if entry.type == "turn_closed":
                result = worked[self.turn - 1] if self.turn <= len(worked) else self._resolve()
                if digest(result.closing.world) != entry.data["digest"]:
                    raise ResumeError(f"turn {result.turn} does not lead to the recorded world; see exercise verify")
                self._advance(result)
                heard(result)
            else:
                self._apply(entry)
                heard(entry)

    # --- inside ---------------------------------------------------------------------------------------------------------------

    def _open(self) -> None:
        self._unopened = self.world
        self.opening = open_turn(self.program, self.world, self.telling)
        self.world = self.opening.world
        self.decisions = ()

    def _resolve(self) -> ClosedTurn:
        if self.opening is None or self.is_over:
            raise ResumeError("no turn is open")
        closing = close_turn(self.program, self.world, self.decisions, self.telling)
        return ClosedTurn(self.turn, self.opening, closing, self.decisions)

    def _advance(self, result: ClosedTurn) -> None:
        self.world = result.closing.world
        self.opening = None
        if not self.is_over:
            self._open()

    def _apply(self, entry: Entry) -> None:
        if entry.type == "ended":
            self.ended = entry.hash
        self.decisions = taken_after(self.decisions, entry)
        if has_other_luck(entry) and self._unopened is not None and not self.is_over:
            self.world = attrs.evolve(self._unopened, seed=entry.data["seed"])
            self._open()

    def _committed(self, seat: str, order: str, target: str | None) -> OrderDecision | None:
        for decision in self.decisions:
            if isinstance(decision, OrderDecision) and (decision.seat, decision.order, decision.target) == (seat, order, target):
                return decision
        return None
