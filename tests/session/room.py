"""A room for tests: a host with its seats, what each was sent, and a book that remembers when things were recorded."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs

from exercise.core.program import Program
from exercise.record.canonical import EntryError
from exercise.record.entry import NO_ENTRY, Entry, seal
from exercise.session.host import Host
from exercise.session.running import Running
from tests.record.played import header_of, valleys

Frame = dict[str, Any]

TRADER = """
[[quantity]]
id = "stock"
kind = "region"
name = "stock"
meaning = "what nobody measures"
start = 50

[[order]]
id = "plot"
seats = ["guest"]
title = "Plot"
purpose = "politics"
text = "Does something that nobody measures."
target = "region r"
amount = { unit = "points", low = 1, high = 30, default = 10, what = "plotting" }
visibility = "covert"
effects = [{ on = "r.stock", add = "-amount" }]
because = "the guest plotted"

[[seat]]
id = "trader"
name = "The trader"

[[order]]
id = "trade"
seats = ["trader"]
title = "Trade"
purpose = "assistance"
text = "Trades."
costs = [{ resource = "funds", amount = "1" }]
because = "the trader traded"

[[doctrine]]
id = "default"
seat = "trader"
text = "Trades every day."
orders = [{ order = "trade" }]

[[doctrine]]
id = "default"
seat = "town"
text = "Cools the hotter region."
orders = [{ order = "cool", target = "region r", score = "r.heat", amount = "4" }]

[[doctrine]]
id = "idle"
seat = "town"
text = "Does nothing."
"""


@functools.cache
def exercise() -> Program:
    """The small exercise with one of everything, a covert order of the guest and a trader whom its doctrine moves; compiled once."""
    return valleys(TRADER)


class Broken(Exception):  # noqa: N818 - the state of the medium
    """The medium is gone."""


@attrs.define
class Book:
    """Keeps entries in memory. ``happened`` is shared with the room, so that recording and sending stand in one order."""

    happened: list[tuple[str, str]] = attrs.field(factory=list)
    entries: list[Entry] = attrs.field(factory=list)
    broken: bool = False

    def append(self, kind: str, data: dict[str, Any], at: str | None = None) -> Entry:
        """Record an entry as a journal would read it back; ``Broken`` while the medium is gone."""
        if self.broken:
            raise Broken
        entry, _ = seal(len(self.entries) + 1, self.entries[-1].hash if self.entries else NO_ENTRY, kind, data, at)
        self.entries.append(entry)
        self.happened.append(("recorded", kind))
        return entry

    def kinds(self) -> list[str]:
        """Types of the entries, in order."""
        return [entry.type for entry in self.entries]


def book_of(program: Program, seed: int = 7) -> Book:
    """A book that begins with the header of an exercise."""
    return Book(entries=[seal(1, NO_ENTRY, "exercise", header_of(program, seed))[0]])


@attrs.define
class Room:
    """A host and all that its seats have been sent."""

    book: Book
    host: Host
    frames: dict[str, list[Frame]]

    @classmethod
    def open(
        cls,
        seats: Iterable[str] = ("town", "guest"),
        *,
        program: Program | None = None,
        seed: int = 7,
        past: Sequence[Entry] = (),
        doctrines: Mapping[str, str] | None = None,
    ) -> Room:
        """Seat the players; the rest is moved by doctrines."""
        book, frames = Book(), {seat: [] for seat in seats}

        def deliver(seat: str, frame: Frame) -> None:
            frames[seat].append(frame)
            book.happened.append((seat, frame["frame"]))

        running = Running.begin(program or exercise(), seed, book)
        host = Host.start(running, tuple(frames), deliver, doctrines, past)
        return cls(book, host, frames)

    @property
    def running(self) -> Running:
        """The exercise in progress."""
        return self.host.running

    def say(self, seat: str, act: str, **fields: Any) -> Frame:
        """What a seat asks for, and the host's answer to it."""
        before = len(self.frames[seat])
        self.host.hear(seat, {"ref": "r1", "act": act, **fields})
        return next(frame for frame in self.frames[seat][before:] if frame["frame"] in ("ack", "refused"))

    def pass_turn(self) -> None:
        """Everybody is ready."""
        for seat in self.frames:
            self.say(seat, "ready")

    def play_to_the_end(self) -> None:
        """Pass until the exercise is over."""
        while not self.running.is_over:
            self.pass_turn()

    def last(self, seat: str, kind: str) -> Frame:
        """The last frame of a kind that a seat was sent."""
        return next(frame for frame in reversed(self.frames[seat]) if frame["frame"] == kind)

    def told(self, seat: str, kind: str) -> list[Frame]:
        """Outcomes of a kind that a seat was told."""
        return [frame["outcome"] for frame in self.frames[seat] if frame["frame"] == "outcome" and frame["outcome"]["kind"] == kind]


def numbered(frames: Iterable[Frame]) -> list[Frame]:
    """The frames that have a place in a stream, without answers."""
    return [frame for frame in frames if "seq" in frame]


def bytes_of(frames: Iterable[Frame]) -> list[bytes]:
    """Frames as they would cross a wire."""
    return [json.dumps(frame, ensure_ascii=False, allow_nan=False).encode() for frame in frames]


def is_recordable(entry: tuple[str, dict[str, Any]]) -> bool:
    """Whether a journal would take this entry."""
    try:
        seal(1, NO_ENTRY, *entry)
    except EntryError:
        return False
    return True
