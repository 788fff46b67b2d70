"""Decisions, outcomes and closed turns as the data of entries, and back.

The log holds what people and doctrines put in; this module is the only place that knows how each decision is spelled there.
"""

from __future__ import annotations

from typing import Any

import attrs

from exercise.core.agreements import Clause
from exercise.core.decisions import (
    AgreementDecision,
    Decision,
    Disclosure,
    InjectRelease,
    MotionDecision,
    OrderDecision,
    RuledEffect,
    Ruling,
    VoteDecision,
)
from exercise.core.outcomes import Outcome
from exercise.core.world import World, digest
from exercise.record.entry import Entry
from exercise.record.marks import marks_of

INPUTS = frozenset({"order", "withdraw", "motion", "vote", "inject", "ruling"})
"""Types of entries that bear on the turn that is open."""
AGREED, DISCLOSED = "in_force", "disclose"
"""Steps of an ``agreement`` that bear on the turn that is open: the last signature, and publication; what leads there is talk."""


def is_input(entry: Entry) -> bool:
    """Whether an entry bears on the turn that is open."""
    return entry.type in INPUTS or (entry.type == "agreement" and entry.data["step"] in {AGREED, DISCLOSED})


def entry_of(decision: Decision, turn: int, by: str = "human") -> tuple[str, dict[str, Any]]:
    """Type and data of the entry that records a decision taken in that turn; ``by`` is human, doctrine, facilitator or script."""
    match decision:
        case OrderDecision(seat, order, target, amount):
            made = "order", {"turn": turn, "seat": seat, "order": order, "target": target, "amount": amount, "by": by}
        case MotionDecision(seat, body, motion):
            made = "motion", {"turn": turn, "seat": seat, "body": body, "motion": motion, "by": by}
        case VoteDecision(seat, body, motion, vote, say):
            made = "vote", {"turn": turn, "seat": seat, "body": body, "motion": motion, "vote": vote, "say": say, "by": by}
        case InjectRelease(inject):
            made = "inject", {"turn": turn, "inject": inject, "by": by}
        case Ruling(effects, reason):
            made = "ruling", {"turn": turn, "effects": [_effect_data(effect) for effect in effects], "reason": reason}
        case AgreementDecision(agreement, proposer, parties, clauses, days, secret):
            terms = terms_data(parties, clauses, days, secret=secret)
            made = (
                "agreement",
                {
                    "turn": turn,
                    "step": AGREED,
                    "seat": proposer,
                    "agreement": agreement,
                    "proposer": proposer,
                    **terms,
                    "by": by,
                },
            )
        case Disclosure(seat, agreement):
            made = "agreement", {"turn": turn, "step": DISCLOSED, "seat": seat, "agreement": agreement, "by": by}
    return made


def withdrawal_of(decision: OrderDecision, turn: int, by: str = "human") -> tuple[str, dict[str, Any]]:
    """Type and data of the entry that takes an order back."""
    return "withdraw", {"turn": turn, "seat": decision.seat, "order": decision.order, "target": decision.target, "by": by}


def decision_of(entry: Entry) -> Decision | None:
    """The decision that an entry records; None for an entry of another type (a withdrawal too: see ``taken_after``)."""
    data = entry.data
    made: Decision | None = None
    match entry.type:
        case "order":
            made = OrderDecision(data["seat"], data["order"], data.get("target"), data.get("amount"))
        case "motion":
            made = MotionDecision(data["seat"], data["body"], data["motion"])
        case "vote":
            made = VoteDecision(data["seat"], data["body"], data["motion"], data["vote"], data.get("say", ""))
        case "inject":
            made = InjectRelease(data["inject"])
        case "ruling":
            made = Ruling(tuple(_effect_of(effect) for effect in data["effects"]), data["reason"])
        case "agreement":
            made = _agreed(data)
    return made


def taken_after(taken: tuple[Decision, ...], entry: Entry) -> tuple[Decision, ...]:
    """The turn's decisions after one more entry: a withdrawal takes the order out, a second vote replaces the first."""
    if entry.type == "withdraw":
        gone = next((decision for decision in reversed(taken) if withdraws(entry, decision)), None)
        return tuple(decision for decision in taken if decision is not gone)
    decision = decision_of(entry)
    if decision is None:
        return taken
    return (*(earlier for earlier in taken if not _replaces(decision, earlier)), decision)


def withdraws(entry: Entry, decision: Decision) -> bool:
    """Whether a ``withdraw`` entry speaks of this decision."""
    data = entry.data
    named = data["seat"], data["order"], data.get("target")
    return isinstance(decision, OrderDecision) and (decision.seat, decision.order, decision.target) == named


def outcome_data(outcome: Outcome) -> dict[str, Any]:
    """An outcome as ``turn_closed`` records it."""
    to = outcome.to if isinstance(outcome.to, str) else list(outcome.to)
    return {"kind": outcome.kind, "to": to, "cause": outcome.cause, "data": outcome.data}


def outcome_of(data: dict[str, Any]) -> Outcome:
    """A recorded outcome."""
    to = data["to"] if isinstance(data["to"], str) else tuple(data["to"])
    return Outcome(data["kind"], to, data["cause"], data["data"])


def turn_data(world: World, outcomes: tuple[Outcome, ...]) -> dict[str, Any]:
    """Data of ``turn_closed``: ``world`` after the turn, ``outcomes`` of its opening and then of its closing."""
    return {
        "turn": world.turn,
        "digest": digest(world),
        "outcomes": [outcome_data(outcome) for outcome in outcomes],
        "marks": marks_of((*world.cells, *world.pending)),
    }


def terms_data(parties: tuple[str, ...], clauses: tuple[Clause, ...], days: int, *, secret: bool) -> dict[str, Any]:
    """The terms of an agreement as an entry holds them: of each clause what its kind has."""
    return {
        "parties": list(parties),
        "clauses": [{key: value for key, value in attrs.asdict(clause).items() if value not in (None, "")} for clause in clauses],
        "days": days,
        "secret": secret,
    }


def clauses_of(data: dict[str, Any]) -> tuple[Clause, ...]:
    """The clauses that an entry holds."""
    return tuple(_clause_of(clause) for clause in data["clauses"])


def _clause_of(data: dict[str, Any]) -> Clause:
    # A log from elsewhere may write a whole number without its point: the digest knows one spelling.
    numbers: dict[str, Any] = {key: float(data[key]) for key in ("amount", "line") if key in data}
    return Clause(**(data | numbers))


def _agreed(data: dict[str, Any]) -> AgreementDecision | Disclosure | None:
    if data["step"] == DISCLOSED:
        return Disclosure(data["seat"], data["agreement"])
    if data["step"] != AGREED:
        return None
    return AgreementDecision(data["agreement"], data["proposer"], tuple(data["parties"]), clauses_of(data), data["days"], data["secret"])


def _effect_data(effect: RuledEffect) -> dict[str, Any]:
    lasts = {"lasts_days": effect.lasts_days} if effect.lasts_days else {}
    return {"entity": effect.entity, "quantity": effect.quantity, "mode": effect.mode, "value": effect.amount} | lasts


def _effect_of(data: dict[str, Any]) -> RuledEffect:
    return RuledEffect(data["entity"], data["quantity"], data["mode"], data["value"], data.get("lasts_days", 0.0))


def _replaces(decision: Decision, earlier: Decision) -> bool:
    if not isinstance(decision, VoteDecision) or not isinstance(earlier, VoteDecision):
        return False
    return (decision.seat, decision.body, decision.motion) == (earlier.seat, earlier.body, earlier.motion)
