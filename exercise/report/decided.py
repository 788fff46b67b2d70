"""Decisions as documents and in words."""

from __future__ import annotations

from typing import Any

from exercise.core.decisions import Decision, InjectRelease, MotionDecision, OrderDecision, Ruling, VoteDecision

Document = dict[str, Any]


def decision_words(decision: Decision) -> str:
    """What was decided, by whom, without its size: as a refusal names it."""
    match decision:
        case OrderDecision(seat, order, target):
            return f"{seat}: {order} {target or ''}".strip()
        case MotionDecision(seat, body, motion):
            return f"{seat}: motion {body} {motion}"
        case VoteDecision(seat, body, motion, vote):
            return f"{seat}: vote {vote} on {body} {motion}"
        case InjectRelease(inject):
            return f"release of inject {inject}"
        case Ruling(_, reason):
            return f"ruling ({reason})"


def ruling_document(ruling: Ruling) -> Document:
    """A ruling: its reason, and what it changes."""
    return {
        "reason": ruling.reason,
        "effects": [
            {"entity": one.entity, "quantity": one.quantity, one.mode: one.amount}
            | ({"lasts_days": one.lasts_days} if one.lasts_days else {})
            for one in ruling.effects
        ],
    }
