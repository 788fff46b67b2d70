"""What a role may do, in one place: every act that reaches a room is looked up here before anything else.

    head          everything that its seats may do
    member        reads what the head reads, drafts (``suggest``) and writes messages
    evaluator     reads a seat's stream and takes notes
    observer      reads what is public
    facilitator   runs the exercise; several facilitators share it (co-facilitators)

What somebody is sent follows from the role as well: their seats' streams, what is public, or the facilitators' stream. That one also knows
every seat's menu, so that what seats hand in on paper can be typed in wherever a facilitator sits.

Whoever is in the room may call a pause and say who they are.
"""

from __future__ import annotations

from exercise.session.phases import BARGAINS, DONE, ORDERS, TEAM, WORDS
from exercise.session.streams import FACILITATORS, PUBLIC

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


def streams_of(role: str, seats: tuple[str, ...]) -> tuple[str, ...]:
    """The streams that somebody of this role is sent: everything that they are told of the exercise."""
    if role in SEATED:
        return seats
    return (FACILITATORS,) if role == FACILITATOR else (PUBLIC,)


def knows_menus(stream: str) -> bool:
    """Whether a stream tells every seat's menu. A menu is a secret of its seat: another seat may guess from it what is prepared."""
    return stream == FACILITATORS
