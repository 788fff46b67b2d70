"""What a seat can know of, as values: figures, events, messages, offers, motions, orders, scores, and the end."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from exercise.presenter.causes import Cause
from exercise.presenter.frames import Data

Key = str
"""``entity.quantity``; a seat's own quantities stand under its id."""


@attrs.frozen(slots=True)
class Reading:
    """A figure as it reached this seat. ``report`` is empty for what is public or the seat's own; ``error`` is what its source errs by."""

    key: Key
    report: str
    value: float
    previous: float | None
    as_of: str
    measured_by: str
    turn: int
    causes: tuple[Cause, ...]
    seq: int = 0
    day: str = ""
    error: float = 0.0


@attrs.frozen(slots=True)
class Event:
    """Something that happened: ``data`` is the outcome's, ``number`` its place in the state's events."""

    number: int
    seq: int
    turn: int
    kind: str
    cause: str
    data: Data

    @property
    def key(self) -> str:
        """What it is known by among what was read."""
        return f"event {self.number}"


@attrs.frozen(slots=True)
class Letter:
    """A message between seats, or from the host (no sender); ``number`` is its place in the state's letters.

    ``form`` is ``letter``, ``room`` (said in the room with that id), ``statement`` (to the press) or ``announcement`` of facilitators.
    """

    number: int
    turn: int
    sender: str
    to: tuple[str, ...]
    text: str
    seq: int = 0
    form: str = "letter"
    room: str = ""

    @property
    def key(self) -> str:
        """What it is known by among what was read."""
        return f"message {self.number}"


@attrs.frozen(slots=True)
class Offer:
    """An order and target as the host offers them: legal, or why not; ``costs`` by resource at the least amount, and at the most."""

    order: str
    target: str
    legal: bool
    why: str
    costs: Mapping[str, float]
    costs_most: Mapping[str, float]


@attrs.frozen(slots=True)
class MotionState:
    """Where a motion stands, and what this seat may do about it."""

    body: str
    motion: str
    status: str
    can_table: bool
    why: str
    can_vote: bool
    no_vote: str
    tabled_on: str
    decided_on: str
    size: float


@attrs.frozen(slots=True)
class Committed:
    """An order that the host has on record for this turn."""

    order: str
    target: str
    amount: float | None


@attrs.frozen(slots=True)
class Suggestion:
    """What somebody of this seat's team suggests to its head: an order, words, or both."""

    id: int
    turn: int
    order: str
    target: str
    amount: float | None
    text: str


@attrs.frozen(slots=True)
class Score:
    """How an objective stands, 0 to 100 points. At the end ``score`` is the truth and ``seen`` what the seat itself could judge."""

    objective: str
    score: float
    private: bool
    seen: float | None = None


@attrs.frozen(slots=True)
class Refused:
    """The host's no to something this seat asked for."""

    act: Data
    why: str
    hint: str

    @property
    def words(self) -> str:
        """The no and what can be done about it, in one line."""
        return "; ".join(part for part in (self.why.rstrip(". "), self.hint) if part)


@attrs.frozen(slots=True)
class Ending:
    """What is told at ENDEX: the truth beside which knowledge is measured, and what is needed to check the exercise.

    ``salt`` opens what was promised of the seed before play; ``head`` is the hash of the log's entry that says it is over.
    """

    objectives: tuple[Score, ...]
    truth: Mapping[Key, float]
    digest: str
    seed: str
    salt: str
    head: str
    log: str
