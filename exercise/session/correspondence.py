"""Words between people: letters, rooms for any subset of seats, statements to the press, announcements of the facilitator.

Everything is made from entries: what somebody says becomes an entry, and an entry becomes frames in the streams that it reaches. The id of
a room is made of its members and of how many rooms these same members have had, so that it tells nobody of rooms of others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from exercise.core.decisions import Refusal
from exercise.record.entry import Entry
from exercise.session.acts import Act, Put, refuse_name, refuse_text, short, text, word
from exercise.session.streams import FACILITATORS, PUBLIC, Frame

MAX_ROOMS = 20
"""Rooms that one seat may open."""


@attrs.frozen(slots=True)
class Room:
    """A room: its members hear what is said in it, and nobody else but facilitators who listen."""

    id: str
    name: str
    by: str
    members: tuple[str, ...]


@attrs.define(slots=True)
class Correspondence:
    """Who can be written to, the rooms there are, and whether the facilitators listen to what seats say to each other."""

    seats: tuple[str, ...]
    rooms: dict[str, Room] = attrs.field(factory=dict)
    listening: bool = False

    # --- what somebody says, as an entry ----------------------------------------------------------------------------------------

    def message(self, sender: str, act: Act, turn: int) -> Refusal | Put:
        """A letter to seats, to all, to the facilitators, or into a room."""
        said = text(act, "text")
        why = refuse_text(said)
        if why is not None:
            return why
        if act.get("room"):
            room = self.rooms.get(word(act, "room"))
            # A room of others and no room are the same to whoever asks.
            if room is None or sender not in room.members:
                return Refusal("unknown-room", "you are in no such room")
            return "message", {"turn": turn, "from": sender, "to": list(room.members), "text": said, "form": "room", "room": room.id}
        to = self._receivers(act.get("to", "all"))
        if isinstance(to, Refusal):
            return to
        return "message", {"turn": turn, "from": sender, "to": to, "text": said}

    def statement(self, sender: str, act: Act, turn: int) -> Refusal | Put:
        """A statement to the press: everybody can read it."""
        said = text(act, "text")
        why = refuse_text(said)
        return why or ("message", {"turn": turn, "from": sender, "to": "all", "text": said, "form": "statement"})

    def announcement(self, act: Act, turn: int) -> Refusal | Put:
        """The facilitator to everybody, observers included."""
        said = text(act, "text")
        why = refuse_text(said)
        return why or ("message", {"turn": turn, "from": FACILITATORS, "to": "all", "text": said, "form": "announcement"})

    def open_room(self, seat: str, act: Act, turn: int) -> Refusal | Put:
        """A room for some seats; whoever opens it is in it."""
        asked = act.get("with")
        named = asked if isinstance(asked, list | tuple) else [asked]
        unknown = [one for one in named if one not in self.seats]
        members = tuple(sorted({seat, *(one for one in named if isinstance(one, str))}))
        if unknown or len(members) < 2:
            strange = short(unknown[0]) if unknown and isinstance(unknown[0], str) else ""
            return Refusal("unknown-seat", f"there is no seat {strange}" if strange else "a room needs another seat")
        if sum(room.by == seat for room in self.rooms.values()) >= MAX_ROOMS:
            return Refusal("rooms", f"a seat opens at most {MAX_ROOMS} rooms", "write into one of yours")
        name = text(act, "name").strip()
        why = refuse_name(name) if name else None
        return why or ("room", {"turn": turn, "seat": seat, "room": self._new_id(members), "members": list(members), "name": name})

    def _receivers(self, asked: Any) -> Refusal | str | list[str]:
        if asked == "all":
            return "all"
        named = asked if isinstance(asked, list | tuple) else [asked]
        unknown = [one for one in named if one not in self.seats and one != FACILITATORS]
        if unknown or not named:
            strange = short(unknown[0]) if unknown and isinstance(unknown[0], str) else ""
            return Refusal("unknown-seat", f"there is no seat {strange}" if strange else "no seat is named")
        return list(dict.fromkeys(named))

    def _new_id(self, members: Sequence[str]) -> str:
        return f"{'+'.join(members)}#{1 + sum(room.members == tuple(members) for room in self.rooms.values())}"

    # --- entries as frames ------------------------------------------------------------------------------------------------------

    def frames(self, entry: Entry, streams: Iterator[str] | Sequence[str]) -> Iterator[tuple[str, Frame]]:
        """What an entry ``message`` or ``room`` sends, and into which of the streams."""
        data = entry.data
        if entry.type == "room":
            room = Room(data["room"], data.get("name", ""), data["seat"], tuple(data["members"]))
            self.rooms[room.id] = room
            frame = {
                "frame": "room",
                "room": room.id,
                "name": room.name,
                "by": room.by,
                "members": list(room.members),
                "turn": data["turn"],
            }
            reached: set[str] = set(room.members)
        else:
            frame, reached = self._message_frame(data)
        if self.listening:
            reached.add(FACILITATORS)
        yield from ((stream, frame) for stream in streams if stream in reached)

    def _message_frame(self, data: Mapping[str, Any]) -> tuple[Frame, set[str]]:
        to, form = data["to"], data.get("form", "letter")
        receivers = list(self.seats) if to == "all" else list(to)
        frame: Frame = {"frame": "message", "from": data["from"], "to": receivers, "text": data["text"], "turn": data["turn"]}
        if form != "letter":
            frame["form"] = form
        if "room" in data:
            frame["room"] = data["room"]
        # What is addressed to everybody is said in public; a letter to all seats is for the seats.
        public = {PUBLIC, FACILITATORS} if form in ("statement", "announcement") else {FACILITATORS} if to == "all" else set()
        return frame, {*receivers, data["from"], *public}
