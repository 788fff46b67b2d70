"""Decisions, outcomes and closed turns as the data of entries, and back.

The log holds what people and doctrines put in; this module is the only place that knows how each decision is spelled there.
"""

from __future__ import annotations

from typing import Any

from exercise.core.decisions import Decision, InjectRelease, MotionDecision, OrderDecision, RuledEffect, Ruling, VoteDecision
from exercise.core.outcomes import Outcome
from exercise.core.world import World, digest
from exercise.record.entry import Entry
from exercise.record.marks import marks_of

INPUTS = frozenset({"order", "withdraw", "motion", "vote", "inject", "ruling"})
"""Types of entries that bear on the turn that is open."""


def entry_of(decision: Decision, turn: int, by: str = "human") -> tuple[str, dict[str, Any]]:
    """Type and data of the entry that records a decision taken in that turn; ``by`` is human, doctrine, facilitator or script."""
    match decision:
        case OrderDecision(seat, order, target, amount):
            return "order", {"turn": turn, "seat": seat, "order": order, "target": target, "amount": amount, "by": by}
        case MotionDecision(seat, body, motion):
            return "motion", {"turn": turn, "seat": seat, "body": body, "motion": motion, "by": by}
        case VoteDecision(seat, body, motion, vote, say):
            return "vote", {"turn": turn, "seat": seat, "body": body, "motion": motion, "vote": vote, "say": say, "by": by}
        case InjectRelease(inject):
            return "inject", {"turn": turn, "inject": inject, "by": by}
        case Ruling(effects, reason):
            return "ruling", {"turn": turn, "effects": [_effect_data(effect) for effect in effects], "reason": reason}


def withdrawal_of(decision: OrderDecision, turn: int, by: str = "human") -> tuple[str, dict[str, Any]]:
    """Type and data of the entry that takes an order back."""
    return "withdraw", {"turn": turn, "seat": decision.seat, "order": decision.order, "target": decision.target, "by": by}


def decision_of(entry: Entry) -> Decision | None:
    """The decision that an entry records; None for an entry of another type (a withdrawal too: see ``taken_after``)."""
    data = entry.data
    match entry.type:
        case "order":
            return OrderDecision(data["seat"], data["order"], data.get("target"), data.get("amount"))
        case "motion":
            return MotionDecision(data["seat"], data["body"], data["motion"])
        case "vote":
            return VoteDecision(data["seat"], data["body"], data["motion"], data["vote"], data.get("say", ""))
        case "inject":
            return InjectRelease(data["inject"])
        case "ruling":
            return Ruling(tuple(_effect_of(effect) for effect in data["effects"]), data["reason"])
    return None


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


def _effect_data(effect: RuledEffect) -> dict[str, Any]:
    lasts = {"lasts_days": effect.lasts_days} if effect.lasts_days else {}
    return {"entity": effect.entity, "quantity": effect.quantity, "mode": effect.mode, "value": effect.amount} | lasts


def _effect_of(data: dict[str, Any]) -> RuledEffect:
    return RuledEffect(data["entity"], data["quantity"], data["mode"], data["value"], data.get("lasts_days", 0.0))


def _replaces(decision: Decision, earlier: Decision) -> bool:
    if not isinstance(decision, VoteDecision) or not isinstance(earlier, VoteDecision):
        return False
    return (decision.seat, decision.body, decision.motion) == (earlier.seat, earlier.body, earlier.motion)
