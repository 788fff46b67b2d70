"""What a room does with a log that another host began: it finishes what that one was in the midst of, and goes on from there.

A host may end between any two entries. What follows from an entry by itself (the end after the last turn, the first phase after a closed
turn, the next phase when everybody is ready) follows from it now.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from exercise.session.phases import RESOLUTION

if TYPE_CHECKING:
    from exercise.session.room import Room


def go_on(room: Room, now: float, kept: dict[str, Any] | None) -> None:
    """Put the room where the log of its host says that the exercise stands; ``kept`` is what stood beside the log."""
    host = room.host
    if host.running.is_over:
        room.end()
        return
    if not host.begun:
        return
    room.status, room.paused_by, room.why = ("paused", *host.pause) if host.pause else ("running", "", "")
    if host.opened[0] != host.running.turn:
        room.open_phase(host.plan[0], "host", now)
    elif host.phase is RESOLUTION:
        room.begin_resolution(now)
    else:
        room.timer.set(_left(room, kept), now, runs=room.status == "running")
        room.move_on(now)


def _left(room: Room, kept: dict[str, Any] | None) -> float | None:
    """Seconds left of the phase: as they were kept, unless the log knows better."""
    host = room.host
    if kept is not None and kept["phase"] == [host.running.turn, host.phase.id] and kept.get("timers", 0) == host.timers:
        left: float | None = kept["left_s"]
        return left
    return host.timer["left_s"] if host.timer else room.length(host.phase)
