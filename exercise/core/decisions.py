"""What seats and the facilitator put in: orders, motions, votes, agreements, rulings and injects released by hand.

A decision that cannot be taken is answered with a ``Refusal``, a value that says why; the world stays as it was.
"""

from __future__ import annotations

import attrs

from exercise.core.agreements import Clause

VOTES = ("yes", "no", "abstain")
TAKEN_BACK = "none"
"""A vote that takes back the one that stands: the member's standing position speaks again."""


@attrs.frozen(slots=True)
class OrderDecision:
    """A seat commits an order. ``target`` is an entity id or None; ``amount`` is in the order's unit or None for its default."""

    seat: str
    order: str
    target: str | None = None
    amount: float | None = None


@attrs.frozen(slots=True)
class MotionDecision:
    """A seat tables a motion in a body."""

    seat: str
    body: str
    motion: str


@attrs.frozen(slots=True)
class VoteDecision:
    """A member casts its vote, with an explanation of vote in its own words or empty. It stands until it is changed, taken back
    (``TAKEN_BACK``), or the motion closes.
    """

    seat: str
    body: str
    motion: str
    vote: str
    say: str = ""


@attrs.frozen(slots=True)
class RuledEffect:
    """One typed effect of a ruling: ``mode`` is add or set, ``amount`` in the quantity's unit. An addition with ``lasts_days`` above 0 is
    taken back at the end of the step that ends so much later.
    """

    entity: str
    quantity: str
    mode: str
    amount: float
    lasts_days: float = 0.0

    @property
    def is_lasting(self) -> bool:
        """Whether there is something to take back later."""
        return self.mode == "add" and self.lasts_days > 0 and self.amount != 0


@attrs.frozen(slots=True)
class Ruling:
    """The facilitator's reasoned change, applied after the rules and logged beside what they alone gave."""

    effects: tuple[RuledEffect, ...]
    reason: str


@attrs.frozen(slots=True)
class InjectRelease:
    """An inject released by hand."""

    inject: str


@attrs.frozen(slots=True)
class AgreementDecision:
    """Seats have signed: the agreement comes into force when the turn is resolved. ``by`` proposed it; ``parties`` are sorted."""

    agreement: str
    by: str
    parties: tuple[str, ...]
    clauses: tuple[Clause, ...]
    days: int
    secret: bool = False


@attrs.frozen(slots=True)
class Disclosure:
    """A party publishes an agreement that has come into force."""

    seat: str
    agreement: str


Decision = OrderDecision | MotionDecision | VoteDecision | Ruling | InjectRelease | AgreementDecision | Disclosure


@attrs.frozen(slots=True)
class Refusal:
    """Why a decision cannot be taken: ``code`` for programs, ``why`` for people, ``hint`` when there is one."""

    code: str
    why: str
    hint: str = ""


@attrs.frozen(slots=True)
class Choice:
    """An order and target as offered to a seat: legal, or why not; its prices by resource at the least and at the most amount."""

    order: str
    target: str | None
    legal: bool
    why: str
    costs: tuple[tuple[str, float], ...] = ()
    costs_most: tuple[tuple[str, float], ...] = ()


def arrival_free(decisions: tuple[Decision, ...]) -> tuple[Decision, ...]:
    """The same decisions in an order that does not depend on when they arrived."""
    return tuple(sorted(decisions, key=repr))
