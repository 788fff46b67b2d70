"""Streams: what a seat has been sent, in order; and what of it somebody who comes later needs.

Every frame of a stream is made from an entry of the log, so that a host that is started again makes the same frames with the same numbers.
Beside the seats there are two streams that nobody acts from: what is public, for observers, and the facilitators'.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import attrs

Frame = dict[str, Any]
Deliver = Callable[[str, Frame], None]
"""Hands a frame to whoever reads the stream of that name."""

PUBLIC = "public"
"""The stream of observers: the outcomes that are addressed to everybody."""
FACILITATORS = "facilitator"
"""The facilitators' stream: what is public, messages to them, and, where they listen, messages between others."""
UNPLAYED = frozenset({PUBLIC, FACILITATORS})

SUPERSEDED = "turn"
"""Frames of this kind tell all that there is to tell of a turn, so that those in between do not matter to who comes later."""


@attrs.define(slots=True)
class Stream:
    """What a seat has been sent, in order. ``ready`` says that its orders for the turn stand."""

    seat: str
    frames: list[Frame] = attrs.field(factory=list)
    ready: bool = False

    def push(self, frame: Frame) -> Frame:
        """Give a frame its place in the stream."""
        placed = {"seq": len(self.frames) + 1, "branch": 0, **frame}
        self.frames.append(placed)
        return placed

    def since(self, seq: int) -> list[Frame]:
        """What somebody needs who has everything up to a number: the rest, without frames that a later one makes idle."""
        return compact(self.frames[max(0, seq) :])


def compact(frames: Iterable[Frame]) -> list[Frame]:
    """The same frames without turn frames between the first and the last of their turn: the fold of what is left is the fold of all.

    The first one tells what the turn began with and is where that is first known, the last what was committed when it closed.
    """
    given = list(frames)
    places: dict[Any, list[int]] = {}
    for place, frame in enumerate(given):
        if frame["frame"] == SUPERSEDED:
            places.setdefault(frame["turn"], []).append(place)
    idle = {place for found in places.values() for place in found[1:-1]}
    return [frame for place, frame in enumerate(given) if place not in idle]
