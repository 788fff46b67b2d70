"""An exercise without people: doctrines decide, a script may decide for some seats in some turns, a recording for others.

What a script gives for a seat in a turn replaces what would have been decided otherwise of the same sort (orders, motions or votes);
``Pass`` replaces all three by nothing. Behind the script come the inputs of a recording, as they were put in; behind them the doctrines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import attrs

from exercise.core.agreeing import next_name
from exercise.core.decisions import AgreementDecision, Decision, InjectRelease, MotionDecision, OrderDecision, Refusal, VoteDecision
from exercise.core.policy import decide
from exercise.core.program import Program
from exercise.record.branching import Recording
from exercise.record.entry import Entry
from exercise.record.inputs import decision_of, withdraws
from exercise.session.running import Book, Clock, ClosedTurn, Running


@attrs.frozen(slots=True)
class Pass:
    """A seat decides nothing in a turn but what else the script gives for it."""

    seat: str


Script = Mapping[int, tuple[Decision | Pass, ...]]
"""Decisions by turn number."""

SORTS: Mapping[str, type[Decision]] = {
    "order": OrderDecision,
    "withdraw": OrderDecision,
    "motion": MotionDecision,
    "vote": VoteDecision,
}
"""Type of an input of a seat -> the sort of decision that it bears on."""


@attrs.frozen(slots=True)
class Refused:
    """A decision that could not be taken; ``recorded`` says that it came from a recording and not from the script."""

    turn: int
    decision: Decision
    refusal: Refusal
    recorded: bool = False


@attrs.define(slots=True)
class Headless:
    """A running exercise and who decides: ``doctrines`` maps seat to doctrine id, ``all`` standing for every seat not named.

    ``freed`` are the seats that do not follow the ``recording``: their doctrine decides from the beginning, not only where the recording
    has run out.
    """

    running: Running
    doctrines: Mapping[str, str] = attrs.field(factory=dict)
    script: Script = attrs.field(factory=dict)
    recording: Recording = attrs.field(factory=Recording)
    freed: frozenset[str] = frozenset()
    refused: list[Refused] = attrs.field(factory=list)

    @classmethod
    def take_up(cls, program: Program, beginning: Sequence[Entry], book: Book | None = None) -> Headless:
        """An exercise that goes on where the entries of ``beginning`` (its header first) lead; ``book`` has recorded them already.

        Raises ``ResumeError`` when they do not lead to the worlds that they recorded.
        """
        running = Running.begin(program, beginning[0].data["seed"], book)
        running.follow(beginning[1:])
        return cls(running)

    def play(self, turns: int | None = None, heard: Callable[[ClosedTurn], None] = lambda _: None) -> Running:
        """Play to the end, or until ``turns`` turns are closed in all; ``heard`` is told of every turn."""
        last = len(self.running.program.calendar.turns) if turns is None else turns
        while not self.running.is_over and self.running.world.turn < last:
            self.decide()
            heard(self.running.close())
        return self.running

    def decide(self) -> None:
        """Take the open turn's decisions: the script's first, then the recording's, then the doctrines'; the script's votes at the end, so
        that a seat can vote on what it tables this turn, whoever decides that.
        """
        turn = self.running.turn
        luck = self.recording.luck.get(turn)
        if luck is not None and luck.data["seed"] != self.running.world.seed:
            self.running.change_luck(luck)
        scripted = self.script.get(turn, ())
        self._follow_script([one for one in scripted if not isinstance(one, VoteDecision)])
        given = frozenset(_given(scripted))
        recorded = [entry for entry in self.recording.inputs.get(turn, ()) if self._is_followed(entry, given)]
        for entry in recorded:
            self._repeat(entry)
        given |= {(SORTS[entry.type], entry.data["seat"]) for entry in recorded if entry.type in SORTS}
        for seat in self.running.program.seats:
            if turn > self.recording.closed or seat.id in self.freed:
                self._follow_doctrine(seat.id, given)
        self._follow_script([one for one in scripted if isinstance(one, VoteDecision)])

    def _follow_script(self, scripted: Sequence[Decision | Pass]) -> None:
        for decision in scripted:
            if isinstance(decision, Pass):
                continue
            if isinstance(decision, AgreementDecision) and not decision.agreement:
                named = next_name(self.running.world, decision.by, decision.parties, self.running.decisions)
                decision = attrs.evolve(decision, agreement=named)  # noqa: PLW2901 - the same one with its name
            by = "script" if isinstance(decision, AgreementDecision) or hasattr(decision, "seat") else "facilitator"
            why = self.running.take(decision, by)
            if why is not None:
                self.refused.append(Refused(self.running.turn, decision, why))

    def _is_followed(self, entry: Entry, given: frozenset[tuple[type, str]]) -> bool:
        """Whether an input of the recording is to be taken: nobody else decides for its seat."""
        if entry.type in SORTS:
            seat = entry.data["seat"]
            return seat not in self.freed and (SORTS[entry.type], seat) not in given
        if entry.type == "agreement":
            return self.freed.isdisjoint(entry.data.get("parties", (entry.data["seat"],)))
        # What the script has released already cannot be released again.
        return entry.type != "inject" or InjectRelease(entry.data["inject"]) not in self.running.decisions

    def _repeat(self, entry: Entry) -> None:
        why = self.running.repeat(entry)
        decision = decision_of(entry)
        turn = self.running.turn
        if decision is None:
            # An order that was taken back before the turn closed is missed by nobody.
            self.refused = [one for one in self.refused if one.turn != turn or not one.recorded or not withdraws(entry, one.decision)]
        elif why is not None:
            self.refused.append(Refused(turn, decision, why, recorded=True))

    def _follow_doctrine(self, seat: str, given: frozenset[tuple[type, str]]) -> None:
        doctrine = self.doctrines.get(seat, self.doctrines.get("all", "default"))
        for decision in decide(self.running.program, self.running.world, seat, doctrine, tuple(self.running.decisions)):
            if (type(decision), seat) not in given:
                self.running.take(decision, "doctrine")


def _given(scripted: Sequence[Decision | Pass]) -> Iterator[tuple[type, str]]:
    """What the script decides: sort and seat."""
    for one in scripted:
        if isinstance(one, Pass):
            yield from ((sort, one.seat) for sort in (OrderDecision, MotionDecision, VoteDecision))
        elif isinstance(one, OrderDecision | MotionDecision | VoteDecision):
            yield type(one), one.seat


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
