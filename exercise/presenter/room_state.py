"""The room around a seat: where the exercise stands, who is here, how the line is. What facilitators see of it stands in ``control``.

These frames are absolute: each tells all, and the newest counts. Nothing here is part of a seat's stream. The clock is counted down at the
screen from when the frame came, on a clock that the caller reads.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from exercise.presenter.frames import Data, items, number, text, texts, truth, whole
from exercise.presenter.words import _


@attrs.frozen(slots=True)
class SeatHere:
    """A seat: who moves it (``human``, ``doctrine`` or ``empty``), how many people sit at it now, whether it is ready, and how many are
    away: their line is gone, and a door keeps their place for a while.
    """

    seat: str
    by: str
    here: int
    ready: bool
    away: int = 0


@attrs.frozen(slots=True)
class PersonHere:
    """Somebody who plays."""

    seats: tuple[str, ...]
    name: str
    role: str
    here: bool
    away: bool = False


@attrs.frozen(slots=True)
class RoomState:
    """Where the exercise stands. ``status`` is empty where there is no room around the seat: on one terminal.

    ``ends_at`` is when the phase is up, in seconds of the caller's clock, None without a limit or while it stands still; ``rest`` what is
    left while it stands still.
    """

    status: str = ""
    turn: int = 0
    turns: int = 0
    phase: str = ""
    phases: tuple[tuple[str, str], ...] = ()
    ends_at: float | None = None
    rest: float | None = None
    length: float = 0.0
    paused_by: str = ""
    why: str = ""
    seats: tuple[SeatHere, ...] = ()
    people: tuple[PersonHere, ...] = ()
    listening: bool = False
    role: str = ""
    acts: frozenset[str] = frozenset()
    name: str = ""
    code: str = ""
    link: str = "live"
    link_why: str = ""
    ms: int | None = None
    control: Data = attrs.field(factory=dict)

    @property
    def is_hosted(self) -> bool:
        """Whether there is a room at all."""
        return bool(self.status)

    @property
    def is_open(self) -> bool:
        """Whether play goes on: begun, not paused, not frozen; on one terminal always."""
        return self.status in ("", "running", "over")

    @property
    def only_watches(self) -> bool:
        """Whether this person says and decides nothing here."""
        return self.role in ("evaluator", "observer")

    @property
    def may_note(self) -> bool:
        """Whether this person takes notes, which they may in every phase."""
        return "note" in self.acts

    @property
    def waited_for(self) -> tuple[SeatHere, ...]:
        """Seats that people play: once play goes on also those at which nobody sits, for which no doctrine decides either."""
        return tuple(one for one in self.seats if one.by == "human" or (one.by == "empty" and self.status != "lobby"))

    def left(self, now: float) -> float | None:
        """Seconds until the phase is up, or None without a limit."""
        return self.rest if self.ends_at is None else max(0.0, self.ends_at - now)

    def phase_title(self) -> str:
        """The phase in the host's words."""
        return dict(self.phases).get(self.phase, self.phase)


def fold_room(state: RoomState, frame: Data, now: float) -> RoomState:
    """The room after one frame; frames that are none of its own change nothing."""
    match text(frame, "frame"):
        case "joined":
            return attrs.evolve(
                state, role=text(frame, "role"), name=text(frame, "name"), code=text(frame, "code") or state.code, link="live", link_why=""
            )
        case "session":
            return _session(state, frame, now)
        case "control":
            return attrs.evolve(state, control=frame)
        case "link":
            ms = whole(frame, "ms") if isinstance(frame.get("ms"), int | float) else None
            how = text(frame, "state") or ("live" if truth(frame, "live") else "lost")
            return attrs.evolve(state, link=how, link_why=text(frame, "why"), ms=ms)
        case "bye":
            return attrs.evolve(state, link="refused", link_why=" ".join((text(frame, "why"), text(frame, "hint"))).strip())
    return state


def _session(state: RoomState, frame: Data, now: float) -> RoomState:
    left = number(frame, "left") if isinstance(frame.get("left"), int | float) else None
    runs = text(frame, "timer") == "running"
    return attrs.evolve(
        state,
        status=text(frame, "status"),
        turn=whole(frame, "turn"),
        turns=whole(frame, "turns"),
        phase=text(frame, "phase"),
        phases=tuple((text(one, "id"), text(one, "title")) for one in items(frame, "phases")),
        ends_at=now + left if left is not None and runs else None,
        rest=left if left is not None and not runs else None,
        length=number(frame, "length"),
        paused_by=text(frame, "paused_by"),
        why=text(frame, "why"),
        seats=tuple(
            SeatHere(text(one, "seat"), text(one, "by"), whole(one, "here"), truth(one, "ready"), whole(one, "away"))
            for one in items(frame, "seats")
        ),
        people=tuple(
            PersonHere(texts(one, "seats"), text(one, "name"), text(one, "role"), truth(one, "here"), truth(one, "away"))
            for one in items(frame, "people")
        ),
        listening=truth(frame, "listening"),
        role=text(frame, "role"),
        acts=frozenset(texts(frame, "acts")),
    )


def clock_words(state: RoomState, now: float) -> str:
    """What is left of the phase, as minutes and seconds; empty without a limit."""
    left = state.left(now)
    if left is None:
        return ""
    seconds = int(left + 0.999)
    figure = f"{seconds // 60}:{seconds % 60:02}"
    return _("{time} left", time=figure) if state.ends_at is not None else _("{time} (clock stopped)", time=figure)


def role_words(role: str, note: str = "O") -> str:
    """Why somebody of a role decides nothing here, and what they do instead (``note`` takes one); empty for who decides."""
    return {
        "member": _("The head of your seat does that; what you order is suggested to them."),
        "evaluator": _("You evaluate: you read what the seat reads, and {key} takes a note.", key=note),
        "observer": _("You observe: nothing is said or decided from here."),
    }.get(role, "")


def stop_words(state: RoomState) -> str:
    """Why nothing can be done now, in one line; empty while play goes on."""
    match state.status:
        case "lobby":
            return _("The exercise has not begun")
        case "paused":
            who = _("Paused by {who}", who=state.paused_by) if state.paused_by else _("Paused")
            return f"{who}: {state.why}" if state.why else who
        case "frozen":
            return state.why
    return ""


def line_words(state: RoomState) -> str:
    """What is wrong with the line, and what to do; empty while it is live."""
    if state.link == "lost":
        return _("Connection lost: it is tried again by itself; what you had sent is not lost")
    if state.link == "refused":
        return state.link_why or _("The host closed the line")
    return ""


def is_held(state: RoomState, seat: str) -> bool:
    """Whether a doctrine plays a seat, once the exercise has begun."""
    return state.status in ("running", "paused") and any(one.seat == seat and one.by == "doctrine" for one in state.seats)


def held_words() -> str:
    """What somebody is told whose seat a facilitator has handed to a doctrine."""
    return _("A doctrine plays your seat; a facilitator can give it back")


def handed_words(before: RoomState, after: RoomState, seat: str) -> str:
    """What somebody is told at whose seat a doctrine has come or gone; empty where nothing changed."""
    if not before.seats or is_held(before, seat) == is_held(after, seat):
        return ""
    if is_held(after, seat):
        return _("{words}. You can read and write meanwhile.", words=held_words())
    return _("Your seat is yours again.")


def heard_words(before: RoomState, after: RoomState) -> str:
    """What seats are told when facilitators begin to listen, and when they stop; empty where nothing changed."""
    if not before.seats or before.listening == after.listening:
        return ""
    if after.listening:
        return _("The facilitators listen from now on to letters and rooms.")
    return _("The facilitators listen no more.")


def ready_words(state: RoomState, names: Mapping[str, str], but: str = "") -> str:
    """Which seats that people play are not ready yet, by their short names; one that knows it of itself is left out."""
    waiting = [names.get(one.seat, one.seat) for one in state.waited_for if not one.ready and one.seat != but]
    return ", ".join(waiting)
