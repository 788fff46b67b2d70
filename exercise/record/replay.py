"""Recomputing an exercise from its log: the content that the log embeds, its seed and its inputs give every world, view and report again.

``Replayer`` takes entry after entry and holds one world; ``replay`` keeps all of them for those who show and explain; ``verify_log``
compares what is recomputed with what was recorded and names the first difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import attrs

from exercise.content import ContentError, load_texts, prepare_texts
from exercise.core.compile import CompileError, compile_exercise
from exercise.core.decisions import Decision
from exercise.core.legality import refusal
from exercise.core.outcomes import Outcome
from exercise.core.program import Program
from exercise.core.turns import TurnResult, close_turn, is_finished, open_turn
from exercise.core.world import World, digest
from exercise.record.commitment import keeps_promise
from exercise.record.disk import LOCAL, Disk
from exercise.record.entry import Entry
from exercise.record.inputs import decision_of, is_input, outcome_data, outcome_of, taken_after, withdraws
from exercise.record.marks import differing
from exercise.record.reading import Difference, LogError, Progress, read_log, verify_chain
from exercise.record.shapes import SEMANTICS

Files = tuple[tuple[str, str], ...]
Build = Callable[[Files, str], Program]
"""Makes a program of content files and the id of a cut. Raises ``ContentError`` or ``CompileError``."""

AFTER_ENDEX = frozenset({"note", "rating", "message", "room", "phase", "timer", "listening", "seat", "paused", "resumed"})
"""Types of entries that may follow ``ended``."""


class ReplayError(Exception):
    """The log does not recompute; ``difference`` says where and how."""

    def __init__(self, difference: Difference) -> None:
        super().__init__(f"line {difference.line}: {difference.what}")
        self.difference = difference


@attrs.frozen(slots=True)
class PlayedTurn:
    """A turn as recomputed: what opening it gave, what was decided, what closing it gave, and the line that closed it."""

    number: int
    opening: TurnResult
    decisions: tuple[Decision, ...]
    closing: TurnResult
    line: int

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """All outcomes of the turn, of its opening first."""
        return (*self.opening.outcomes, *self.closing.outcomes)


@attrs.frozen(slots=True)
class Replayed:
    """An exercise recomputed from its log.

    ``header`` is the data of line 1; ``startex`` world 0; ``turns`` the closed ones. ``opening`` is the turn that is open (None at ENDEX)
    and ``taken`` what was decided in it so far.
    """

    header: dict[str, Any]
    program: Program
    startex: World
    turns: tuple[PlayedTurn, ...]
    opening: TurnResult | None
    taken: tuple[Decision, ...]

    @property
    def worlds(self) -> tuple[World, ...]:
        """The world after every closed turn; the first is STARTEX."""
        return (self.startex, *(turn.closing.world for turn in self.turns))


@attrs.frozen(slots=True)
class VerifyReport:
    """What verifying a log found. ``turns`` were recomputed and agree; ``head`` is the hash of the last sound line of ``entries``.

    ``recomputed`` is false for a log of older semantics: then its chain was checked, and its worlds were not. ``after_head`` entries stand
    after the head that was kept, where that is of ENDEX or later.
    """

    ok: bool
    head: str
    entries: int
    turns: int
    first_difference: Difference | None = None
    recomputed: bool = True
    after_head: int = 0


class Replayer:
    """Takes the entries of a log in order and recomputes. Raises ``ReplayError`` at the first that does not fit what was recomputed.

    ``world`` is the last closed one, ``opening`` the open turn (None at ENDEX), ``taken`` its decisions so far. ``build`` makes the program
    from files and cut: by default from nothing but the log; ``prepare_texts`` is faster where a program was kept.
    """

    def __init__(self, header: Entry, build: Build | None = None) -> None:
        self.header = header.data
        self.program = _program(header, build or _compiled)
        self.world = self.program.startex(self.header["seed"])
        self.has_ended = False
        self._open()

    def take(self, entry: Entry) -> PlayedTurn | None:
        """Take the next entry; returns the turn if it closed one."""
        try:
            return self._taken(entry)
        except (ArithmeticError, LookupError, ValueError) as error:
            # A log is data from anywhere: inputs that no host would have let through may be more than the rules were made for.
            raise self._differs(entry, f"'{entry.type}' cannot be recomputed ({type(error).__name__}: {error})") from error

    def _taken(self, entry: Entry) -> PlayedTurn | None:
        if self.has_ended and entry.type not in AFTER_ENDEX:
            raise self._differs(entry, f"'{entry.type}' after the exercise had ended")
        if is_input(entry):
            self._decide(entry)
        elif entry.type == "turn_closed":
            return self._close(entry)
        elif entry.type == "branched":
            self._branch(entry)
        elif entry.type == "ended":
            self._end(entry)
        return None

    def _open(self) -> None:
        self.taken: tuple[Decision, ...] = ()
        self.opening = None if is_finished(self.program, self.world) else open_turn(self.program, self.world)

    def _opened(self, entry: Entry) -> TurnResult:
        """The open turn, to which the entry must belong."""
        turn = self.world.turn + 1
        if self.opening is None:
            raise self._differs(entry, f"'{entry.type}' after the last turn was closed")
        if entry.data["turn"] != turn:
            raise self._differs(entry, f"'{entry.type}' speaks of turn {entry.data['turn']} while turn {turn} is open")
        return self.opening

    def _decide(self, entry: Entry) -> None:
        world = self._opened(entry).world
        decision = decision_of(entry)
        if entry.data.get("seat") not in {None, *(seat.id for seat in self.program.seats)}:
            raise self._differs(entry, f"'{entry.type}' of a seat that does not exist, '{entry.data['seat'][:40]}'")
        if decision is None:
            if not any(withdraws(entry, earlier) for earlier in self.taken):
                raise self._differs(entry, f"an order '{entry.data['order']}' is withdrawn that was not given")
        else:
            refused = refusal(self.program, world, decision, self.taken)
            if refused is not None:
                raise self._differs(entry, f"'{entry.type}' would have been refused: {refused.why}")
        self.taken = taken_after(self.taken, entry)

    def _close(self, entry: Entry) -> PlayedTurn:
        opening = self._opened(entry)
        closing = close_turn(self.program, opening.world, self.taken)
        played = PlayedTurn(closing.world.turn, opening, self.taken, closing, entry.n)
        what = self._difference(entry.data, played)
        if what:
            raise self._differs(entry, what)
        self.world = closing.world
        self._open()
        return played

    def _branch(self, entry: Entry) -> None:
        self._opened(entry)
        if self.taken:
            raise self._differs(entry, "a branch begins in the midst of a turn")
        if "seed" in entry.data:
            self.world = attrs.evolve(self.world, seed=entry.data["seed"])
            self._open()

    def _end(self, entry: Entry) -> None:
        if entry.data["digest"] != digest(self.world):
            raise self._differs(entry, "the digest of the last world differs from the one recomputed")
        self.has_ended = True

    def _difference(self, recorded: dict[str, Any], played: PlayedTurn) -> str:
        """The first difference between a recorded and a recomputed turn, in words; empty if there is none."""
        world = played.closing.world
        if recorded["digest"] == digest(world):
            return _first_outcome(recorded["outcomes"], played.outcomes)
        return self._first_number(recorded, world) or (
            f"the digest of the world differs; {_first_outcome(recorded['outcomes'], played.outcomes) or 'all outcomes agree'}"
        )

    def _first_number(self, recorded: dict[str, Any], world: World) -> str:
        """The first number of the world that differs, in words; empty if the record has no marks to tell.

        A cell that content knows by name goes before one that the engine keeps for itself, and that before a delayed effect.
        """
        values = (*world.cells, *world.pending)
        found = [place for place in differing(recorded.get("marks", ""), values) if place < len(values)]
        if not found or len(found) == len(values):
            return ""
        named = (place for place in found if place < len(world.cells) and self.program.layout.cells[place] is not None)
        place = next(named, found[0])
        return f"{self._name(place, world)} is {values[place]!r} when recomputed, and was another value when recorded"

    def _name(self, place: int, world: World) -> str:
        """What stands at a place of the world's numbers, its cells first and then the effects to come."""
        slot = place - len(world.cells)
        if slot < 0:
            return self.program.layout.name(place)
        steps = len(self.program.calendar.steps)
        row = next((row for row in self.program.pending if row.base <= slot < row.base + steps), None)
        return "a delayed effect" if row is None else f"a delayed effect on {self.program.layout.name(row.cell)}"

    def _differs(self, entry: Entry, what: str) -> ReplayError:
        turn = self.world.turn + (self.opening is not None)
        return ReplayError(Difference(entry.n, turn, what))


def replay(entries: Iterable[Entry]) -> Replayed:
    """Recompute an exercise from its verified entries. Raises ``ReplayError`` at the first difference from what was recorded."""
    rest = iter(entries)
    replayer = Replayer(next(rest), prepare_texts)
    startex = replayer.world
    turns = [played for entry in rest if (played := replayer.take(entry)) is not None]
    return Replayed(replayer.header, replayer.program, startex, tuple(turns), replayer.opening, replayer.taken)


def verify_log(path: Path, head: str | None = None, *, disk: Disk = LOCAL, progress: Progress | None = None) -> VerifyReport:
    """Check the chain, and the head if one was kept, then recompute every turn and compare. Takes no lock; reads the file twice.

    Raises ``LogError`` only when the file cannot be opened; what is wrong with its contents is in the report.
    """
    chain = verify_chain(path, head, disk=disk, progress=progress)
    if not chain.ok:
        return VerifyReport(False, chain.head, chain.entries, 0, chain.first_difference)
    turns = 0
    try:
        entries = read_log(path, disk=disk)
        header = next(entries)
        if header.data["semantics"] < SEMANTICS:
            return VerifyReport(True, chain.head, chain.entries, 0, recomputed=False, after_head=chain.after_head)
        replayer = Replayer(header)
        for entry in entries:
            turns += replayer.take(entry) is not None
    except ReplayError as error:
        return VerifyReport(False, chain.head, chain.entries, turns, error.difference)
    except LogError as error:
        return VerifyReport(False, chain.head, chain.entries, turns, Difference(error.line, error.turn, error.message))
    return VerifyReport(True, chain.head, chain.entries, turns, after_head=chain.after_head)


def recorded_outcomes(entries: Iterable[Entry]) -> dict[int, tuple[Outcome, ...]]:
    """The outcomes of every closed turn as they were recorded, by turn: what a log of older semantics is shown from."""
    closed = (entry.data for entry in entries if entry.type == "turn_closed")
    return {data["turn"]: tuple(outcome_of(outcome) for outcome in data["outcomes"]) for data in closed}


def _compiled(files: Files, cut: str) -> Program:
    return compile_exercise(load_texts(files), cut)


def _program(header: Entry, build: Build) -> Program:
    data = header.data
    if "salt" in data and not keeps_promise(data["seed_commitment"], data["seed"], data["salt"]):
        raise ReplayError(Difference(header.n, None, "the seed is not the one that was promised to the seats"))
    try:
        program = build(tuple((name, text) for name, text in data["files"]), data["cut"])
    except (ContentError, CompileError, ArithmeticError, LookupError, ValueError) as error:
        raise ReplayError(Difference(header.n, None, f"the content in the log cannot be used: {error}")) from error
    strangers = set(data["seats"]) - {seat.id for seat in program.seats}
    if program.content.scenario.id != data["scenario"] or strangers:
        raise ReplayError(Difference(header.n, None, "the first line names another scenario or other seats than its own content"))
    return program


def _first_outcome(recorded: list[dict[str, Any]], recomputed: tuple[Outcome, ...]) -> str:
    for number, (was, outcome) in enumerate(zip(recorded, recomputed, strict=False), 1):
        now = outcome_data(outcome)
        if was != now:
            return f"outcome {number} ({_named(now)}) differs: {_first_field(was, now)}"
    if len(recorded) > len(recomputed):
        return f"outcome {len(recomputed) + 1} ({_named(recorded[len(recomputed)])}) was recorded and is not recomputed"
    if len(recorded) < len(recomputed):
        return f"outcome {len(recorded) + 1} ({_named(outcome_data(recomputed[len(recorded)]))}) is recomputed and was not recorded"
    return ""


def _named(outcome: dict[str, Any]) -> str:
    data = outcome["data"]
    parts = [
        str(data[key]).rpartition(".")[2] for key in ("entity", "quantity", "body", "motion", "member", "order", "objective") if key in data
    ]
    subject = ".".join(parts)
    return f"{outcome['kind']} {subject}".strip()


def _first_field(was: dict[str, Any], now: dict[str, Any]) -> str:
    before, after = {**was, **was["data"]}, {**now, **now["data"]}
    for field in sorted(before.keys() | after.keys() - {"data"}):
        if field != "data" and before.get(field) != after.get(field):
            return f"{field} was {_short(before.get(field))}, is {_short(after.get(field))} when recomputed"
    return "its fields"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
