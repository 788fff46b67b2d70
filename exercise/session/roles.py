"""What a role may do, in one place: every act that reaches a room is looked up here before anything else.

    head          everything that its seats may do
    member        reads what the head reads, drafts (``suggest``) and writes messages
    evaluator     reads a seat's stream and takes notes
    observer      reads what is public
    facilitator   runs the exercise; several facilitators share it (co-facilitators)

Whoever is in the room may call a pause and say who they are.
"""

from __future__ import annotations

from exercise.session.phases import BARGAINS, DONE, ORDERS, TEAM, WORDS

ANYBODY = frozenset({"pause", "name"})
HEAD, MEMBER, EVALUATOR, OBSERVER, FACILITATOR = "head", "member", "evaluator", "observer", "facilitator"

RUNNING = frozenset({"start", "next", "resume", "extend", "stop_timer", "inject", "take_over", "ticket", "revoke", "reissue"})
"""How a facilitator runs an exercise."""

MAY: dict[str, frozenset[str]] = {
    HEAD: ANYBODY | WORDS | TEAM | DONE | BARGAINS | ORDERS | {"motion", "vote"},
    MEMBER: ANYBODY | WORDS | {"suggest"},
    EVALUATOR: ANYBODY | {"note"},
    OBSERVER: ANYBODY,
    FACILITATOR: ANYBODY | RUNNING | {"announce", "listen", "slip", "note"},
}
"""Role -> acts."""

SEATED = frozenset({HEAD, MEMBER, EVALUATOR})
"""Roles whose ticket names seats."""
PLAYING = frozenset({HEAD, MEMBER})
"""Roles that act for a seat."""


def may(role: str, act: str) -> bool:
    """Whether somebody of this role may do this at all."""
    return act in MAY.get(role, frozenset())
