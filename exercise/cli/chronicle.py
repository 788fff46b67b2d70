"""A log as the replay viewer reads it: the truth and every seat's stream, turn by turn, made from the replayed log and kept."""

from __future__ import annotations

import itertools
import pathlib
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from exercise.core.adjudicate import Phase
from exercise.core.definitions import Content
from exercise.core.explain import contributions
from exercise.core.lowering import Cause
from exercise.core.outcomes import Outcome
from exercise.core.program import Program
from exercise.core.telling import cause_data, causes_by_key
from exercise.presenter.replay import ChronicleError
from exercise.record.branching import branched, doctrines_named
from exercise.record.commitment import Promise
from exercise.record.entry import Entry
from exercise.record.journal import Journal
from exercise.record.reading import LogError
from exercise.record.replay import Replayed
from exercise.report.documents import crossing_document
from exercise.session.host import Host
from exercise.session.phases import plan_of
from exercise.session.running import ClosedTurn, Running
from exercise.session.welcome import welcome

Data = dict[str, Any]

SHOWN_KINDS_LEFT_OUT = frozenset({"motion", "ballot", "inject", "order"})
"""Built-in kinds that the viewer tells as decisions and outcomes rather than as figures."""
ACTS = frozenset({"order", "motion", "vote", "message", "inject", "ruling"})


@attrs.define(slots=True, eq=False)
class LogChronicle:
    """What the viewer asks for (``exercise.presenter.replay.Chronicle``). A turn's number means the moment at which it opened."""

    replayed: Replayed
    entries: tuple[Entry, ...]
    path: pathlib.Path
    _causes: Mapping[str, Cause] = attrs.field(init=False)
    _streams: dict[str, tuple[list[Data], list[int]]] = attrs.field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        """Name the causes once."""
        self._causes = causes_by_key(self.replayed.program)

    @property
    def last_turn(self) -> int:
        """Number of the last closed turn."""
        return len(self.replayed.turns)

    def card(self) -> Data:
        """What stays the same during the exercise, for nobody in particular."""
        program = self.replayed.program
        return {**welcome(program, program.seats[0].id), "seq": 1, "branch": 0, "seat": {}, "menu": []}

    def show(self, turn: int) -> Mapping[str, Mapping[str, float]]:
        """The true world: entity -> quantity -> value."""
        program, world = self.replayed.program, self.replayed.worlds[turn - 1]
        truth: dict[str, dict[str, float]] = {}
        for cell, known in enumerate(program.layout.cells):
            if known is not None and known.quantity.kind not in SHOWN_KINDS_LEFT_OUT:
                truth.setdefault(known.entity, {})[known.quantity.id] = world.cells[cell]
        return truth

    def stream(self, seat: str, turn: int) -> Iterable[Data]:
        """The frames that a seat had received when the turn opened."""
        if seat not in self._streams:
            self._streams[seat] = self._streamed(seat)
        frames, opened = self._streams[seat]
        return frames[: opened[min(turn, len(opened)) - 1]]

    def decisions(self, turn: int) -> Iterable[Data]:
        """What was decided in a turn, in recorded order, without orders that were taken back."""
        titles = _titles(self.replayed.program.content)
        told: list[Data] = []
        for entry in self.entries:
            data = entry.data
            if data.get("turn") != turn:
                continue
            if entry.type == "withdraw":
                _take_back(told, data)
            elif entry.type in ACTS:
                seat = data.get("seat", data.get("from", ""))
                told.append({"by": "", **data, "act": entry.type, "seat": seat, "title": titles.get(_subject(entry), "")})
        return told

    def outcomes(self, turn: int) -> Iterable[Data]:
        """Every outcome of closing a turn, to whomever it went."""
        return [self._told(outcome) for outcome in self.replayed.turns[turn - 1].closing.outcomes]

    def contributions(self, key: str, turn: int) -> Iterable[Data]:
        """What moved a true figure from one opening to the next, in order."""
        program, played = self.replayed.program, self.replayed.turns[turn - 1]
        entity, _, quantity = key.rpartition(".")
        phases: tuple[Phase, ...] = (*played.opening.phases, *played.closing.phases)
        return [
            {
                **cause_data(one.cause),
                "before": one.before,
                "after": one.after,
                "step": one.step,
                "stage": one.stage,
                "margins": [{"text": margin.text, "left": margin.left, "right": margin.right} for margin in one.margins],
                "crossings": [crossing_document(program, way) for way in one.crossings],
            }
            for one in contributions(program, phases, program.layout.cell(entity, quantity))
        ]

    # --- what if --------------------------------------------------------------------------------------------------------------

    def alternatives(self) -> Iterable[Data]:
        """Doctrines by which a seat, or all that have one of that name (``all``), could have been moved and was not."""
        program = self.replayed.program
        moved = doctrines_named(self.entries)
        told: list[Data] = []
        for doctrine in dict.fromkeys(id for _, id in program.doctrines):
            seats = [seat.id for seat in program.seats if (seat.id, doctrine) in program.doctrines and moved.get(seat.id) != doctrine]
            told += [{"seat": "all", "doctrine": doctrine}] if len(seats) > 1 else []
            told += [{"seat": seat, "doctrine": doctrine} for seat in seats if program.seat(seat).playable]
        return sorted(told, key=lambda one: one["seat"] != "all")

    def what_if(self, turn: int, seat: str, doctrine: str) -> Data:
        """The exercise played on from a turn with a seat moved by a doctrine, beside the exercise as it went."""
        from exercise.cli.branch import Change, Source, play_branch, source_story
        from exercise.cli.exercises import doctrines_chosen
        from exercise.cli.refusals import refusal_words
        from exercise.report.comparison import compare
        from exercise.report.comparison_lines import decision_lines, end_rows, value_words

        source = Source(self.path, self.entries, self.replayed, turn)
        change = Change(script={}, doctrines=doctrines_chosen(self.replayed.program, [f"{seat}={doctrine}"]), seed=None)
        played, refused = play_branch(source, change, source.turns, None)
        difference = compare(source_story(source, source.turns), source.story(played))
        names = _end_names(self.replayed.program)
        return {
            "ends": [[names.get(name, name), value_words(a), value_words(b)] for name, a, b in end_rows(difference["end"])],
            "decided": [line for line in decision_lines(difference["turns"]) if line],
            "refused": [refusal_words(one) for one in refused],
        }

    def by_hand(self, turn: int) -> str:
        """Write a log that holds the turns before this one, for people to go on with; returns the command that does. Raises
        ``ChronicleError`` when it cannot be written.
        """
        target = next(
            path
            for number in itertools.count(1)
            if not (path := self.path.with_name(f"{self.path.stem}-turn-{turn}{'' if number == 1 else f'-{number}'}.jsonl")).exists()
        )
        try:
            Journal.create_from(target, branched(self.entries, turn)).close()
        except (LogError, OSError) as failure:
            raise ChronicleError(f"{target} cannot be written: {failure}") from failure
        return f"exercise play --log {target}"

    # --- a seat's stream ------------------------------------------------------------------------------------------------------

    def _streamed(self, seat: str) -> tuple[list[Data], list[int]]:
        """All frames of a seat, and how many of them it had when each turn opened (the last number: at the end)."""
        frames: list[Data] = []
        program = self.replayed.program
        first = self.entries[0].data
        running = Running.begin(program, first["seed"], promise=Promise.of_header(first))
        turns = [ClosedTurn(one.number, one.opening, one.closing, one.decisions) for one in self.replayed.turns]
        plan = plan_of(self.entries)
        Host.start(running, [seat], lambda _, frame: frames.append(frame), past=self.entries[1:], plan=plan, worked=turns)
        opened: dict[int, int] = {}
        for place, frame in enumerate(frames, 1):
            if frame["frame"] == "turn":
                opened.setdefault(frame["turn"], place)
        return frames, [*opened.values(), *([len(frames)] if running.is_over else [])]

    def _told(self, outcome: Outcome) -> Data:
        """An outcome as a stream carries it: causes spelled out."""
        data = dict(outcome.data)
        if "causes" in data:
            data["causes"] = [
                {**cause_data(self._causes[one["cause"]]), **{k: v for k, v in one.items() if k != "cause"}} for one in data["causes"]
            ]
        return {"kind": outcome.kind, "cause": outcome.cause, **data}


def _end_names(program: Program) -> dict[str, str]:
    """What rows of a comparison of two ends are called for people, by what they are called for scripts."""
    names = {
        f"{fact.definition.id} ({fact.definition.unit})": f"{fact.definition.title} ({fact.definition.unit})" for fact in program.facts
    }
    names |= {f"{entity.id}: class": f"{entity.name}: class of capacity" for entity in program.content.entities}
    return names | {f"{seat.id}: {one.id}": f"{seat.short or seat.name}: {one.title}" for seat in program.seats for one in seat.objectives}


def _take_back(told: list[Data], data: Mapping[str, Any]) -> None:
    for place in reversed(range(len(told))):
        one = told[place]
        if one["act"] == "order" and all(one.get(key) == data.get(key) for key in ("seat", "order", "target")):
            del told[place]
            return


def _subject(entry: Entry) -> tuple[str, ...]:
    """What an entry speaks of, as ``_titles`` names it."""
    data = entry.data
    return {
        "order": ("order", data.get("order", "")),
        "motion": ("motion", data.get("body", ""), data.get("motion", "")),
        "vote": ("motion", data.get("body", ""), data.get("motion", "")),
        "inject": ("inject", data.get("inject", "")),
    }.get(entry.type, ())


def _titles(content: Content) -> dict[tuple[str, ...], str]:
    titles: dict[tuple[str, ...], str] = {("order", order.id): order.title for order in content.orders}
    titles.update({("inject", inject.id): inject.title for inject in content.injects})
    titles.update({("motion", body.id, motion.id): motion.title for body in content.bodies for motion in body.motions})
    return titles
