"""One seat at one terminal: what it knows, and what it can ask of its host. Screens and the line mode act through this."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

import attrs

from exercise.presenter.frames import Data
from exercise.presenter.guide import Guide
from exercise.presenter.link import Link
from exercise.presenter.memory import Recalled, kept, memory_of, recalled, with_drafts, with_read
from exercise.presenter.orders import Draft, drafted, undrafted
from exercise.presenter.room_state import fold_room
from exercise.presenter.seat_state import SeatState, asking, fold, mark_read, mark_seen
from exercise.presenter.threads import ROOM

OF_A_PHASE = frozenset({"order", "withdraw", "motion", "vote", "ready", "unready"})
"""Acts that are meant for the phase in which they were decided: one that comes late must not count in the next."""
OF_THE_ROOM = frozenset({"session", "control", "joined", "link", "bye"})
"""Frames that are no part of a seat's stream."""


@attrs.define(slots=True)
class Desk:
    """A seat's state and its line to the host. Acts return at once; what comes of them arrives as frames.

    ``replay`` is the command that looks at the exercise when it is over. A line that is lost and found again says so with frames of its
    own, ``{"frame": "link", …}``, which are no part of the host's stream. ``guide`` leads through a practice turn; ``clock`` reads seconds.
    """

    link: Link
    state: SeatState = attrs.field(factory=SeatState)
    replay: str = ""
    guide: Guide | None = None
    clock: Callable[[], float] = time.monotonic
    _acts: int = attrs.field(default=0, init=False)
    _before: Recalled = attrs.field(factory=Recalled, init=False)

    def __attrs_post_init__(self) -> None:
        """Begin with what was kept from before."""
        self._before = recalled(memory_of(self.link))
        self.state = with_drafts(self.state, self._before)

    def hear(self, frames: Iterable[Data]) -> bool:
        """Fold frames into the state; whether that changed anything."""
        before = self.state
        for frame in frames:
            if frame.get("frame") in OF_THE_ROOM:
                self.state = attrs.evolve(self.state, room=fold_room(self.state.room, frame, self.clock()))
            else:
                self.state = fold(self.state, frame)
                if frame.get("frame") in ("outcome", "message"):
                    self.state = with_read(self.state, self._before)
        return self.state != before

    @property
    def live(self) -> bool:
        """Whether frames still come."""
        return self.state.room.link == "live"

    def did(self, what: str) -> None:
        """Tell the guide of a practice turn, where there is one, what was done."""
        if self.guide is not None:
            self.guide.did(what)

    def give(self, draft: Draft) -> None:
        """Commit an order; keep it for later where orders are not taken now; a member of a team suggests it to the head."""
        self.did("order")
        if self.state.may("order") or not self.state.room.is_hosted:
            self._ask("order", order=draft.order, target=draft.target or None, amount=draft.amount)
        elif self.state.room.role == "member":
            self.suggest(draft)
        else:
            self.state = drafted(self.state, draft)
            self._remember()

    def send_drafts(self) -> None:
        """Commit every order that was kept."""
        for each in self.state.drafts:
            self._ask("order", order=each.order, target=each.target or None, amount=each.amount)
        self.state = attrs.evolve(self.state, drafts=())
        self._remember()

    def forget(self, order: str, target: str) -> None:
        """Drop an order that was not sent."""
        self.state = undrafted(self.state, order, target)
        self._remember()

    def suggest(self, draft: Draft, text: str = "") -> None:
        """Suggest an order to the head of the seat, or only words."""
        self._ask("suggest", order=draft.order or None, target=draft.target or None, amount=draft.amount, text=text or None)

    def take_up(self, suggestion: int) -> None:
        """The head commits what was suggested, or keeps it until orders are taken."""
        found = self.state.suggested.get(suggestion)
        if found is not None and found.order:
            self.give(Draft(found.order, found.target, found.amount))
        self.dismiss(suggestion)

    def dismiss(self, suggestion: int) -> None:
        """The head has seen a suggestion and wants it no more."""
        self._ask("dismiss", suggested=suggestion)

    def pause(self, why: str = "") -> None:
        """Stop the exercise for everybody."""
        self._ask("pause", why=why or None)

    def call(self, name: str) -> None:
        """Say what the others call this person."""
        self._ask("name", name=name)
        self.state = attrs.evolve(self.state, room=attrs.evolve(self.state.room, name=name))

    def note(self, text: str) -> None:
        """An evaluator's note."""
        self._ask("note", text=text)

    def withdraw(self, order: str, target: str) -> None:
        """Take back a committed order."""
        self._ask("withdraw", order=order, target=target or None)

    def table(self, body: str, motion: str) -> None:
        """Table a motion."""
        self._ask("motion", body=body, motion=motion)

    def vote(self, body: str, motion: str, vote: str, say: str = "") -> None:
        """Vote ``yes``, ``no`` or ``abstain`` on a motion, with an explanation or none."""
        self._ask("vote", body=body, motion=motion, vote=vote, say=say or None)

    def write(self, to: tuple[str, ...], text: str) -> None:
        """Send a message to seats, to ``all``, or into a room (``room:ID``)."""
        rooms = [each.removeprefix(ROOM) for each in to if each.startswith(ROOM)]
        if rooms:
            self._ask("message", room=rooms[0], text=text)
        else:
            self._ask("message", to="all" if "all" in to else list(to), text=text)

    def end_turn(self) -> None:
        """Say that this seat's turn is done."""
        self.did("turn")
        self._ask("ready")

    def take_back(self) -> None:
        """Take the end of the turn back, while others still play."""
        self._ask("unready")

    def read(self, key: str = "") -> None:
        """A news item or message has been looked at, or without its key all of them."""
        self.did("news")
        before, self.state = self.state, mark_read(self.state, key)
        if self.state is not before:
            self._remember()

    def read_all(self, keys: Iterable[str]) -> None:
        """Several news items and messages have been looked at."""
        for key in keys:
            self.state = mark_read(self.state, key)
        self._remember()

    def seen(self) -> None:
        """The summary of what happened has been looked at."""
        self.state = mark_seen(self.state)

    def ask(self, kind: str, **fields: Any) -> str:
        """Send an act about words or agreements; the reference under which it is answered."""
        return self._ask(kind, **fields)

    def _remember(self) -> None:
        memory = memory_of(self.link)
        if memory is not None:
            memory.keep(kept(self.state))

    def _ask(self, kind: str, **fields: Any) -> str:
        self._acts += 1
        # The branch and sequence make the reference new after a reconnect as well.
        ref = f"{self.state.branch}-{self.state.seq}-{self._acts}"
        act = {"ref": ref, "act": kind, **{name: value for name, value in fields.items() if value is not None}}
        if self.state.room.is_hosted and kind in OF_A_PHASE:
            act |= {"turn": self.state.turn, "phase": self.state.phase}
        self.state = asking(self.state, act)
        self.link.send(act)
        return ref
