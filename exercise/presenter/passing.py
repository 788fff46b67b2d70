"""What happens in a hosted exercise while somebody is typing, in a line each: phases, pauses, messages, proposals, votes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs

from exercise.presenter.frames import Data, table, text, texts
from exercise.presenter.legible import clip, legible
from exercise.presenter.room_state import RoomState, clock_words, fold_room, handed_words, heard_words, line_words, stop_words
from exercise.presenter.seat_state import SeatState
from exercise.presenter.sittings import cast_words
from exercise.presenter.talks import FACILITATOR, Cast
from exercise.presenter.threads import room_name, room_words
from exercise.presenter.words import _

LONGEST = 160


@attrs.define(slots=True)
class Passing:
    """Hears every frame as it comes, also while nobody looks. ``knows`` gives what the seat knew when it looked last."""

    knows: Callable[[], SeatState]
    clock: Callable[[], float]
    _room: RoomState = attrs.field(factory=RoomState)
    _rooms: dict[str, str] = attrs.field(factory=dict)

    def hear(self, frame: Data) -> str:
        """A line to be shown at once; empty when there is nothing to say."""
        before, self._room = self._room, fold_room(self._room, frame, self.clock())
        if not before.is_hosted:
            return ""
        told = _TOLD.get(text(frame, "frame"))
        return legible(told(self, before, frame)) if told is not None else ""

    def _session(self, before: RoomState, _frame: Data) -> str:
        room = self._room
        handed = handed_words(before, room, self.knows().seat) or heard_words(before, room)
        if handed:
            return handed
        if (before.status, before.turn, before.phase) == (room.status, room.turn, room.phase):
            return ""
        if stop_words(room):
            return stop_words(room)
        if room.status == "over" or room.phase == "debrief":
            return _("The exercise has ended; press enter for the end summary.") if before.phase != room.phase else ""
        if room.phase == "resolution":
            return _("The turn is being resolved.")
        clock = clock_words(room, self.clock())
        phase = _("Turn {turn}: {phase}", turn=room.turn, phase=room.phase_title())
        news = _("; press enter for what changed") if room.turn > before.turn else ""
        return f"{phase}{f', {clock}' if clock else ''}{news}."

    def _line(self, before: RoomState, _frame: Data) -> str:
        if before.link == self._room.link:
            return ""
        return line_words(self._room) or _("Connected again.")

    def _message(self, _before: RoomState, frame: Data) -> str:
        state, sender = self.knows(), text(frame, "from")
        if sender == state.seat:
            return ""
        name = _("The facilitator") if sender == FACILITATOR else state.welcome.seat_name(sender)
        name_of = self._rooms.get(text(frame, "room")) or self._known_room(text(frame, "room"))
        room = _(" in {room}", room=name_of) if name_of else _(" in a room")
        forms = {"statement": _(" to the press"), "announcement": _(" to everybody"), "room": room}
        return clip(f"{name}{forms.get(text(frame, 'form'), '')}: {text(frame, 'text')}", LONGEST)

    def _known_room(self, id: str) -> str:
        state = self.knows()
        return room_name(state, state.talks.rooms[id]) if id in state.talks.rooms else ""

    def _opened(self, _before: RoomState, frame: Data) -> str:
        state = self.knows()
        self._rooms[text(frame, "room")] = text(frame, "name")
        if text(frame, "room") in state.talks.rooms:
            return ""
        return room_words(state, text(frame, "by"), text(frame, "name"), _("rooms lists it"))

    def _agreement(self, _before: RoomState, frame: Data) -> str:
        state, told = self.knows(), table(frame, "agreement")
        if text(told, "status") != "draft" or state.seat not in texts(told, "parties") or state.seat in texts(told, "signed"):
            return ""
        return _("A proposal of {seat} waits for you; agreements lists it.", seat=state.welcome.seat_name(text(told, "by")))

    def _cast(self, _before: RoomState, frame: Data) -> str:
        state = self.knows()
        key = f"{text(frame, 'body')}.{text(frame, 'motion')}"
        return clip(cast_words(state, key, text(frame, "by"), Cast(text(frame, "vote"), text(frame, "say"), 0)), LONGEST)


_TOLD: dict[str, Callable[[Passing, RoomState, Any], str]] = {
    "session": Passing._session,  # noqa: SLF001 - the table of this module's own class
    "link": Passing._line,  # noqa: SLF001
    "joined": Passing._line,  # noqa: SLF001
    "message": Passing._message,  # noqa: SLF001
    "room": Passing._opened,  # noqa: SLF001
    "agreement": Passing._agreement,  # noqa: SLF001
    "cast": Passing._cast,  # noqa: SLF001
}
