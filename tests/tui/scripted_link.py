"""A host of a few turns that answers at once: a link and a venue for tests of screens, with the frames of ``osh_frames``."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from exercise.presenter.link import Frame, Hear, Link, Lobby, SeatOffer, VenueError
from tests.presenter import osh_frames


class ScriptedLink:
    """Plays two turns and the end; a turn closes when all links of ``together`` are ready. ``acts`` is everything that the seat sent."""

    def __init__(self, frames: list[dict[str, Any]] | None = None) -> None:
        self.acts: list[Mapping[str, Any]] = []
        self.closed = False
        self._sent = list(frames if frames is not None else osh_frames.opening())
        self._seq = itertools.count(1)
        self._hear: Hear | None = None
        self._turn = 1
        self._committed: list[dict[str, Any]] = []
        self.ready = False
        self.together: list[ScriptedLink] = [self]

    def listen(self, hear: Hear) -> None:
        """Send what is there."""
        self._hear = hear
        for frame in self._sent:
            self.push(frame)

    def push(self, frame: Mapping[str, Any]) -> None:
        """Send a frame."""
        if self._hear is not None:
            self._hear({"seq": next(self._seq), "branch": 0, **frame})

    def close(self) -> None:
        """Stop."""
        self.closed = True

    def send(self, act: Mapping[str, Any]) -> None:
        """Answer an act."""
        self.acts.append(act)
        if act["act"] == "order" and act["order"] == "quiet_valley":
            self.push({"frame": "refused", "ref": act["ref"], "why": "your reserve is at the border", "hint": "wait a turn"})
            return
        self.push({"frame": "ack", "ref": act["ref"]})
        match act["act"]:
            case "order":
                self._committed.append({"order": act["order"], "target": act.get("target"), "amount": act.get("amount")})
                self._again()
            case "withdraw":
                self._committed = [each for each in self._committed if (each["order"], each["target"]) != (act["order"], act.get("target"))]
                self._again()
            case "message":
                self.push({"frame": "message", "from": "uzbekistan", "to": act["to"], "text": act["text"], "turn": self._turn})
            case "ready":
                self.ready = True
                if all(link.ready for link in self.together):
                    for link in self.together:
                        link.close_turn()
            case "unready":
                self.ready = False

    def _again(self) -> None:
        self.push(osh_frames.turn(self._turn, committed=tuple(self._committed)))

    def close_turn(self) -> None:
        """Go on to the next turn, or to the end."""
        self.ready = False
        self._turn += 1
        self._committed = []
        if self._turn == 2:
            for frame in osh_frames.second_turn():
                self.push(frame)
        else:
            self.push(osh_frames.end())


class ScriptedVenue:
    """A venue whose links are scripted. ``trouble`` is what taking seats fails with."""

    def __init__(self, trouble: str = "", links: Mapping[str, ScriptedLink] | None = None) -> None:
        self.trouble = trouble
        self.links: dict[str, ScriptedLink] = dict(links or {})
        self.closed = False

    def lobby(self) -> Lobby:
        """What is played."""
        seats = tuple(
            SeatOffer(
                seat,
                name,
                about=f"plays {short}",
                briefing=f"You are {name}.\n\nWhat you know stands here.",
                public_aims=("Peace",),
                private_interests=("Quiet at home",),
                red_lines=("None",),
            )
            for seat, name, short, playable in osh_frames.SEATS
            if playable
        )
        note = (
            "This exercise is about real events in which several hundred people were killed and some four hundred thousand fled. No seat "
            "can order an attack on civilians. Anyone may call a pause at any time, without giving a reason."
        )
        return Lobby(
            title="Osh 2010: June days",
            summary="A fight in the southern city of Osh becomes mass violence.",
            content_note=note,
            cut_title="June days",
            minutes=90,
            turns=14,
            start="2010-06-10",
            seats=seats,
            resume="exercise play --log osh-2010.jsonl",
            replay="exercise replay osh-2010.jsonl",
        )

    def take(self, seats: tuple[str, ...]) -> Mapping[str, Link]:
        """Links for the seats."""
        if self.trouble:
            raise VenueError(self.trouble)
        for seat in seats:
            self.links.setdefault(seat, ScriptedLink(frames_for(seat)))
        together = [self.links[seat] for seat in seats]
        for link in together:
            link.together = together
        return dict(zip(seats, together, strict=True))

    def close(self) -> None:
        """Stop."""
        self.closed = True


def frames_for(seat: str) -> list[Frame]:
    """The opening frames with another seat's name on them."""
    frames = [dict(frame) for frame in osh_frames.opening()]
    if seat != "uzbekistan":
        name = next(name for key, name, _short, _playable in osh_frames.SEATS if key == seat)
        frames[0]["seat"] = {**frames[0]["seat"], "id": seat, "name": name, "short": name[:12]}
    return frames
