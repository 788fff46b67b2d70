"""The phases of a turn as a table: what seats may do in each, how much of the turn's minutes it takes, whether it ends when all are ready.

``play`` uses the plan of one phase, in which everything is allowed; a hosted exercise uses the full one unless told otherwise.

    phase        orders  motions  votes  agreements  messages, rooms, statements
    briefing     no      no       no     no          yes
    negotiation  no      yes      no     yes         yes
    orders       yes     yes      yes    yes         yes
    sittings     no      no       yes    no          yes
    resolution   no      no       no     no          no
    debrief      no      no       no     no          yes        (after ENDEX)
"""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from exercise.record.entry import Entry

WORDS = frozenset({"message", "statement", "open_room"})
"""Acts by which people speak."""
TEAM = frozenset({"suggest", "dismiss"})
"""Acts among the people of one seat."""
DONE = frozenset({"ready", "unready"})
BARGAINS = frozenset({"propose", "sign", "decline", "retract", "disclose"})
"""Acts about agreements."""
ORDERS = frozenset({"order", "withdraw"})

IN_LOBBY = DONE | {"message"}
"""What seats may do before the exercise has begun."""
IN_PAUSE = frozenset({"message"})


@attrs.frozen(slots=True)
class Phase:
    """A part of a turn. ``acts`` are what seats may do in it; ``share`` is its part of the turn's minutes (0..1)."""

    id: str
    title: str
    acts: frozenset[str]
    share: float = 0.0


BRIEFING = Phase("briefing", "Briefing", WORDS | TEAM | DONE, 0.15)
NEGOTIATION = Phase("negotiation", "Negotiation", WORDS | TEAM | DONE | BARGAINS | {"motion"}, 0.4)
COMMITTING = Phase("orders", "Orders", WORDS | TEAM | DONE | BARGAINS | ORDERS | {"motion", "vote"}, 0.3)
SITTINGS = Phase("sittings", "Sittings", WORDS | TEAM | DONE | {"vote"}, 0.15)
RESOLUTION = Phase("resolution", "Resolution", frozenset())
DEBRIEF = Phase("debrief", "Debrief", WORDS)
ALL_AT_ONCE = Phase("orders", "Orders", COMMITTING.acts, 1.0)

Plan = tuple[Phase, ...]
"""The phases of every turn, in order; resolution follows by itself."""
FULL: Plan = (BRIEFING, NEGOTIATION, COMMITTING, SITTINGS)
ONE: Plan = (ALL_AT_ONCE,)
PLANS: dict[str, Plan] = {"full": FULL, "one": ONE}


def phase_of(plan: Plan, id: str) -> Phase | None:
    """A phase of the plan by id, or resolution or debrief; None if there is none."""
    return next((phase for phase in (*plan, RESOLUTION, DEBRIEF) if phase.id == id), None)


def after(plan: Plan, phase: Phase) -> Phase:
    """The phase that follows within a turn: resolution after the last."""
    place = plan.index(phase) if phase in plan else len(plan)
    return plan[place + 1] if place + 1 < len(plan) else RESOLUTION


def where(plan: Plan, act: str) -> str:
    """In which phases an act is possible, in words."""
    titles = [phase.title for phase in plan if act in phase.acts]
    return " and ".join([", ".join(titles[:-1]), titles[-1]] if len(titles) > 1 else titles)


def plan_of(entries: Iterable[Entry]) -> Plan:
    """The plan by which a log was played: that of one phase, unless another phase was begun."""
    begun = {entry.data["phase"] for entry in entries if entry.type == "phase"}
    return FULL if begun & {phase.id for phase in FULL if phase is not COMMITTING} else ONE
