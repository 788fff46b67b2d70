"""Lines: the connections of a room, and what is waiting to be sent on each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs

from exercise.core.decisions import Refusal
from exercise.session.acts import answer_frame
from exercise.session.joining import Client
from exercise.session.streams import Frame, compact
from exercise.session.wire import write


@attrs.frozen(slots=True)
class Say:
    """Send this text on that line."""

    conn: int
    text: str


@attrs.frozen(slots=True)
class Hang:
    """Close that line, after what was said on it."""

    conn: int
    code: str


@attrs.define(slots=True)
class Line:
    """A connection: when it was opened, whether it is trusted to say how its people came, and who it is, once that is known."""

    at: float
    trusted: bool
    client: Client | None = None
    streams: tuple[str, ...] = ()
    via: str = "network"
    origin: str = ""
    behind: bool = False
    away: bool = False
    """Whether a door keeps the place of somebody whose own line is gone."""
    acted: float = 0.0
    held: int = 0
    """Acts of it that wait for the end of a resolution."""
    told: str = ""
    """What it was told last of where the exercise stands."""
    shown: str = ""
    """What a facilitator's was told last to run it by."""


MOST_RUNS = 4_096


@attrs.define(slots=True)
class Lines:
    """All lines by number. A stream's frame is written once, for everybody who reads it now or comes later.

    ``newest`` is the newest connection of each run of a client's program that came in.
    """

    lines: dict[int, Line] = attrs.field(factory=dict)
    newest: dict[str, int] = attrs.field(factory=dict)
    _out: list[Say | Hang] = attrs.field(factory=list)
    _texts: dict[str, list[tuple[Frame, str]]] = attrs.field(factory=dict)

    def __iter__(self) -> Iterator[tuple[int, Line]]:
        """The lines and their numbers, as they are now."""
        return iter(list(self.lines.items()))

    def __len__(self) -> int:
        """How many lines there are."""
        return len(self.lines)

    def get(self, conn: int) -> Line | None:
        """A line, if it is still there."""
        return self.lines.get(conn)

    def open(self, conn: int, line: Line) -> None:
        """One more line."""
        self.lines[conn] = line

    def came(self, run: str, connection: int) -> None:
        """A program came in on a connection; older ones of its, which it has given up, may still arrive."""
        self.newest.pop(run, None)
        self.newest[run] = connection
        if len(self.newest) > MOST_RUNS:
            del self.newest[next(iter(self.newest))]

    def drop(self, conn: int) -> Line | None:
        """A line is gone."""
        return self.lines.pop(conn, None)

    def drain(self) -> list[Say | Hang]:
        """What is to be sent, in order; it is handed over once."""
        out, self._out = self._out, []
        return out

    def say(self, conn: int, frame: Frame) -> None:
        """Send a frame on one line."""
        self.say_text(conn, write(frame))

    def say_text(self, conn: int, text: str) -> None:
        """Send what is written already."""
        self._out.append(Say(conn, text))

    def answer(self, conn: int, ref: str, why: Refusal | None) -> None:
        """Acknowledge an act, or refuse it."""
        self.say(conn, answer_frame(ref, why))

    def bye(self, conn: int, code: str, why: str, hint: str = "") -> None:
        """Say why, and close the line."""
        self.say(conn, {"frame": "bye", "code": code, "why": why, "hint": hint})
        self._out.append(Hang(conn, code))
        self.drop(conn)

    def deliver(self, stream: str, frame: Frame) -> None:
        """A frame of a stream, to everybody who reads it."""
        said = write({**frame, "stream": stream})
        self._texts.setdefault(stream, []).append((frame, said))
        for conn, line in self.lines.items():
            if stream in line.streams:
                self._out.append(Say(conn, said))

    def catch_up(self, conn: int, stream: str, since: int) -> None:
        """What somebody needs who has everything of a stream up to a number."""
        texts: Sequence[tuple[Frame, str]] = self._texts.get(stream, [])[max(0, since) :]
        wanted = {frame["seq"] for frame in compact(frame for frame, _ in texts)}
        self._out.extend(Say(conn, said) for frame, said in texts if frame["seq"] in wanted)
