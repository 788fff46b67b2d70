"""A facilitator's or seat's line into a whole room in memory: real frames, no network."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from exercise.presenter.facilitator import Console
from exercise.presenter.link import Frame, Hear
from tests.session.assembly import Assembly, Person


class RoomLink:
    """One person's line. What the room says after any act, by whomever, is heard with ``deliver``; a person's own acts deliver at once."""

    def __init__(self, room: Assembly, person: Person) -> None:
        self.room, self.person = room, person
        self.acts: list[Mapping[str, Any]] = []
        self.closed = False
        self._hear: Hear | None = None
        self._told = 0
        self._refs = itertools.count(1)

    def listen(self, hear: Hear) -> None:
        """From the first frame on."""
        self._hear = hear
        self.deliver()

    def send(self, act: Mapping[str, Any]) -> None:
        """Into the room."""
        self.acts.append(act)
        self.room.send(self.person, dict(act))
        self.deliver()

    def deliver(self) -> None:
        """Hand on what the room has said."""
        while self._hear is not None and self._told < len(self.person.frames):
            self._told += 1
            self._hear(self.person.frames[self._told - 1])

    def push(self, frame: Frame) -> None:
        """A frame that no room said."""
        if self._hear is not None:
            self._hear(frame)

    def close(self) -> None:
        """Leave."""
        self.closed = True


def console_of(room: Assembly, link: RoomLink) -> Console:
    """A console that hears its line at once; its clock is the room's."""
    console = Console(link, clock=lambda: room.now)
    link.listen(lambda frame: console.hear((frame,)) and None)
    return console


def facilitated(**how: Any) -> tuple[Assembly, Console, RoomLink]:
    """A room with a facilitator in it."""
    room = Assembly.open(**how)
    link = RoomLink(room, room.come("facilitator", name="Control"))
    return room, console_of(room, link), link
