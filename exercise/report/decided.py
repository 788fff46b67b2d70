"""Decisions as documents and in words."""

from __future__ import annotations

from typing import Any

from exercise.core.decisions import (
    AgreementDecision,
    Decision,
    Disclosure,
    InjectRelease,
    MotionDecision,
    OrderDecision,
    Ruling,
    VoteDecision,
)

Document = dict[str, Any]


def decision_words(decision: Decision) -> str:
    """What was decided, by whom, without its size: as a refusal names it."""
    match decision:
        case OrderDecision(seat, order, target):
            words = f"{seat}: {order} {target or ''}".strip()
        case MotionDecision(seat, body, motion):
            words = f"{seat}: motion {body} {motion}"
        case VoteDecision(seat, body, motion, vote):
            words = f"{seat}: vote {vote} on {body} {motion}"
        case InjectRelease(inject):
            words = f"release of inject {inject}"
        case Ruling(_, reason):
            words = f"ruling ({reason})"
        case AgreementDecision(agreement=agreement):
            words = f"agreement {agreement}"
        case Disclosure(seat, agreement):
            words = f"{seat}: publication of agreement {agreement}"
    return words


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
