"""A whole room for tests: a host with its journal in memory, people on lines that never fail, a clock that stands until it is moved."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterable, Sequence
from typing import Any

import attrs

from exercise.core.program import Program
from exercise.record.entry import Entry
from exercise.session.host import Host
from exercise.session.phases import FULL, Plan
from exercise.session.room import Hang, Room, Say
from exercise.session.running import Running
from exercise.session.streams import FACILITATORS, PUBLIC
from tests.session.room import Book, Frame, exercise

VERSION = "1.2.3"


def dice(seed: int) -> Any:
    """Bytes that look drawn and are the same in every run."""
    count = itertools.count()
    return lambda size: hashlib.sha256(f"{seed}:{next(count)}".encode()).digest()[:size]


@attrs.define
class Person:
    """Somebody with a line. ``frames`` is what came on all lines so far, ``folded`` the highest number of each stream."""

    conn: int
    secret: str
    frames: list[Frame] = attrs.field(factory=list)
    closed: str = ""
    folded: dict[str, int] = attrs.field(factory=dict)
    acts: Any = attrs.field(factory=lambda: itertools.count(1))

    def last(self, kind: str) -> Frame:
        """The newest frame of a kind."""
        return next(frame for frame in reversed(self.frames) if frame["frame"] == kind)

    def all(self, kind: str) -> list[Frame]:
        """All frames of a kind."""
        return [frame for frame in self.frames if frame["frame"] == kind]


@attrs.define
class Assembly:
    """A room, its book, and everybody in it."""

    book: Book
    room: Room
    now: float = 0.0
    people: dict[int, Person] = attrs.field(factory=dict)
    conns: Any = attrs.field(factory=lambda: itertools.count(1))
    kept: dict[str, Any] | None = None

    @classmethod
    def open(
        cls,
        *,
        program: Program | None = None,
        seed: int = 7,
        past: Sequence[Entry] = (),
        kept: dict[str, Any] | None = None,
        plan: Plan = FULL,
        seats: Iterable[str] = ("town", "guest"),
        book: Book | None = None,
        timed: bool = False,
        publish_s: float = 1.0,
        drawn: int = 1,
    ) -> Assembly:
        """A room with all seats of the small exercise; ``seats`` are those that people may play."""
        book = book or Book()
        compiled = program or exercise()

        def make(deliver: Any) -> Host:
            streams = (*compiled.playable, PUBLIC, FACILITATORS)
            return Host.start(Running.begin(compiled, seed, book), streams, deliver, past=past, human=seats, plan=plan)

        room = Room.open(make, dice(drawn), VERSION, now=0.0, kept=kept, timed=timed, publish_s=publish_s)
        return cls(book, room)

    def enter(self, secret: str, **fields: Any) -> Person:
        """Somebody comes in with a ticket, token or code."""
        person = Person(next(self.conns), secret)
        self.people[person.conn] = person
        self.room.connect(person.conn, self.now)
        self.send(person, {"hello": 1, "version": VERSION, "secret": secret, **fields})
        return person

    def come(self, role: str, *seats: str, **fields: Any) -> Person:
        """Somebody comes in with a new ticket of that role."""
        return self.enter(self.room.issue(role, seats).words, **fields)

    def send(self, person: Person, frame: Any) -> None:
        """A text on somebody's line, and everything that follows at once."""
        self.room.receive(person.conn, frame if isinstance(frame, str) else json.dumps(frame), self.now)
        self.work()

    def act(self, person: Person, act: str, **fields: Any) -> Frame:
        """What somebody asks for, and the answer."""
        ref = fields.pop("ref", f"x:{next(person.acts)}")
        self.send(person, {"act": act, "ref": ref, **fields})
        return next(frame for frame in reversed(person.frames) if frame["frame"] in ("ack", "refused", "bye"))

    def wait(self, seconds: float) -> None:
        """Time passes."""
        end = self.now + seconds
        while (due := self.room.due()) is not None and due <= end:
            self.now = max(self.now, due)
            self.room.tick(self.now)
            self.work()
        self.now = end
        self.room.tick(self.now)
        self.work()

    def work(self) -> None:
        """Do what is to be done and hand over what is to be sent."""
        job = self.room.job()
        if job is not None:
            job()
            self.room.done(self.now)
        for one in self.room.drain():
            person = self.people.get(one.conn)
            if person is None or person.closed:
                continue
            if isinstance(one, Say):
                frame = json.loads(one.text)
                person.frames.append(frame)
                if "seq" in frame:
                    person.folded[frame["stream"]] = max(frame["seq"], person.folded.get(frame["stream"], 0))
            elif isinstance(one, Hang):
                person.closed = one.code
        if self.room.changed:
            self.kept = json.loads(json.dumps(self.room.keep(self.now)))

    def restarted(self, **how: Any) -> Assembly:
        """Another room that takes up the log and what was kept, as after a crash."""
        return Assembly.open(past=self.book.entries, kept=self.kept, book=self.book, **how)
