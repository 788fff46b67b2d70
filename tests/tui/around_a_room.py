"""Desks around a real room: what a seat asks goes through the whole session, and what comes back are real frames."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import attrs

from exercise.presenter.desk import Desk
from exercise.presenter.link import Frame, Hear
from tests.session.assembly import Assembly, Person
from tests.session.test_bargaining import exercise


@attrs.define
class RoomLink:
    """One seat's line into the assembly; ``pump`` hands over what came."""

    around: Around
    person: Person
    told: int = 0
    to: Hear | None = None

    def send(self, act: Mapping[str, Any]) -> None:
        """Ask; everybody hears what follows."""
        self.around.assembly.send(self.person, json.dumps(dict(act)))
        self.around.pump()

    def listen(self, hear: Hear) -> None:
        """Hear everything from the first frame on."""
        self.to, self.told = hear, 0
        self.pump()

    def close(self) -> None:
        """Nothing to close."""

    def pump(self) -> None:
        """Hand over what came since."""
        fresh = self.person.frames[self.told :]
        if self.to is None:
            return
        self.told = len(self.person.frames)
        for frame in fresh:
            self.to(_read(frame))


def _read(frame: Frame) -> Frame:
    return {name: value for name, value in frame.items() if name != "stream"}


@attrs.define
class Around:
    """A room with a facilitator and heads of seats."""

    assembly: Assembly
    facilitator: Person
    links: dict[str, RoomLink] = attrs.field(factory=dict)

    @classmethod
    def open(cls, *seats: str, phase: str = "negotiation") -> Around:
        """The small exercise with clauses, begun and in a phase, or not begun (``lobby``)."""
        assembly = Assembly.open(program=exercise(), seats=seats)
        around = cls(assembly, assembly.come("facilitator"))
        for seat in seats:
            around.links[seat] = RoomLink(around, assembly.come("head", seat))
        if phase != "lobby":
            around.go_on(phase)
        return around

    def go_on(self, phase: str) -> None:
        """Begin, and on to a phase."""
        self.assembly.act(self.facilitator, "start")
        self.go_to(phase)

    def go_to(self, phase: str) -> None:
        """On to a phase of this turn."""
        for _step in range(6):
            now = self.facilitator.last("session")
            if now["phase"] == phase:
                break
            self.assembly.act(self.facilitator, "next", turn=now["turn"], phase=now["phase"])
        self.pump()

    def pass_turn(self) -> None:
        """On to the next turn's negotiation."""
        turn = self.facilitator.last("session")["turn"]
        while self.facilitator.last("session")["turn"] == turn:
            now = self.facilitator.last("session")
            self.assembly.act(self.facilitator, "next", turn=now["turn"], phase=now["phase"])
            self.assembly.wait(2.0)
        self.go_to("negotiation")

    def pump(self) -> None:
        """Hand over what came on every line."""
        for link in self.links.values():
            link.pump()

    def desk(self, seat: str) -> Desk:
        """A desk at a seat."""
        desk = Desk(self.links[seat])
        self.links[seat].listen(lambda frame: desk.hear((frame,)) and None)
        return desk
