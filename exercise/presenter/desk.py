"""One seat at one terminal: what it knows, and what it can ask of its host. Screens and the line mode act through this."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs

from exercise.presenter.frames import Data
from exercise.presenter.guide import Guide
from exercise.presenter.link import Link
from exercise.presenter.orders import Draft
from exercise.presenter.seat_state import SeatState, asking, fold, mark_read, mark_seen


@attrs.define(slots=True)
class Desk:
    """A seat's state and its line to the host. Acts return at once; what comes of them arrives as frames.

    ``replay`` is the command that looks at the exercise when it is over. ``live`` says that frames still come: a line that is lost and
    found again says so with frames of its own, ``{"frame": "link", "live": false}``, which are no part of the host's stream.
    ``guide`` leads through a practice turn.
    """

    link: Link
    state: SeatState = attrs.field(factory=SeatState)
    live: bool = True
    replay: str = ""
    guide: Guide | None = None
    _acts: int = attrs.field(default=0, init=False)

    def hear(self, frames: Iterable[Data]) -> bool:
        """Fold frames into the state; whether that changed anything."""
        before = (self.state, self.live)
        for frame in frames:
            if frame.get("frame") == "link":
                self.live = frame.get("live") is True
            else:
                self.state = fold(self.state, frame)
        return (self.state, self.live) != before

    def did(self, what: str) -> None:
        """Tell the guide of a practice turn, where there is one, what was done."""
        if self.guide is not None:
            self.guide.did(what)

    def give(self, draft: Draft) -> None:
        """Commit an order."""
        self.did("order")
        self._ask("order", order=draft.order, target=draft.target or None, amount=draft.amount)

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
        """Send a message to seats, or to ``all``."""
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
        self.state = mark_read(self.state, key)

    def seen(self) -> None:
        """The summary of what happened has been looked at."""
        self.state = mark_seen(self.state)

    def _ask(self, kind: str, **fields: Any) -> None:
        self._acts += 1
        # The branch and sequence make the reference new after a reconnect as well.
        ref = f"{self.state.branch}-{self.state.seq}-{self._acts}"
        act = {"ref": ref, "act": kind, **{name: value for name, value in fields.items() if value is not None}}
        self.state = asking(self.state, act)
        self.link.send(act)
