"""Bodies while they sit: what is on the table, and what members and facilitators hear of each vote as it is cast.

Where members decide at one table (by consensus, consensus minus one or majority) a vote is cast before all of them, with its explanation.
Under silence a text goes round in writing and whoever objects tells the chair: that a member has answered is known, how only when it is
decided. Nobody outside hears anything before the decision, which is public with every vote. Votes that a member brings into the sitting,
from an earlier turn or from before it began, are heard when it begins.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from exercise.core.decisions import TAKEN_BACK, MotionDecision, VoteDecision
from exercise.core.definitions import BodyDefinition
from exercise.core.layout import MOTION_STATUS, ballot_id
from exercise.core.legality import decides_at_once, standing_vote
from exercise.core.procedure import CompiledMotion
from exercise.session.running import Running
from exercise.session.streams import FACILITATORS, Frame

IN_WRITING = frozenset({"silence"})
"""Decision rules under which members do not hear how others vote."""
ANSWERED = "cast"
"""Stands in place of a vote that was cast and is not told."""

Told = Iterator[tuple[str, Frame]]
"""Frames with the streams that they belong to."""


@attrs.define(slots=True)
class Sittings:
    """The sittings of a turn. ``_heard`` are the members (motion, seat) of whom it is known that they have answered in writing."""

    _heard: set[tuple[str, str]] = attrs.field(factory=set)

    def begin(self, running: Running, streams: Iterable[str]) -> Told:
        """Members and facilitators learn what is on the table, also what was tabled in this turn, and the votes that stand already."""
        self._heard.clear()
        tabled = _tabled(running)
        for body in running.program.content.bodies:
            motions = [one for one in running.program.motions if one.body is body and _is_open(running, one, tabled)]
            fresh = sorted((one for one in motions if one.entity in tabled), key=lambda one: one.definition.id)
            votes = [vote for one in motions for vote in self._standing(running, one)]
            if not fresh and not votes:
                continue
            named = [_named(running, one, tabled[one.entity]) for one in fresh]
            frame: Frame = {"frame": "agenda", "turn": running.turn, "motions": named, "votes": votes}
            yield from ((stream, frame) for stream in _at_the_table(body, streams))

    def cast(self, running: Running, vote: Mapping[str, Any], streams: Iterable[str]) -> Told:
        """A vote was cast, changed or taken back: what the others at the table hear of it."""
        motion = next((one for one in running.program.motions if (one.body.id, one.definition.id) == (vote["body"], vote["motion"])), None)
        if motion is None or not _is_open(running, motion, _tabled(running)):
            return  # in advance, on what is not on the table
        told = {name: vote.get(name, "") for name in ("body", "motion", "vote", "say")}
        if motion.decision in IN_WRITING:
            key, has = (motion.entity, vote["seat"]), vote["vote"] != TAKEN_BACK
            if has == (key in self._heard):
                return  # another answer in place of one: that, too, would be telling
            (self._heard.add if has else self._heard.discard)(key)
            told |= {"vote": ANSWERED if has else TAKEN_BACK, "say": ""}
        frame: Frame = {"frame": "cast", "turn": running.turn, "by": vote["seat"], **told}
        yield from ((stream, frame) for stream in _at_the_table(motion.body, streams) if stream != vote["seat"])

    def _standing(self, running: Running, motion: CompiledMotion) -> Iterator[Frame]:
        where = {"body": motion.body.id, "motion": motion.definition.id}
        for member in motion.body.members:
            own = tuple(one for one in running.decisions if isinstance(one, VoteDecision) and one.seat == member.seat)
            vote = standing_vote(running.program, running.world, motion, member.seat, own)
            if not vote:
                continue
            if motion.decision in IN_WRITING:
                self._heard.add((motion.entity, member.seat))
                yield {**where, "by": member.seat, "vote": ANSWERED, "say": ""}
            else:
                yield {**where, "by": member.seat, "vote": vote, "say": _said(running, motion, member.seat)}


def _named(running: Running, motion: CompiledMotion, by: set[str]) -> Frame:
    """A motion that was tabled in this turn, by whom, and whether it may be decided in it: else members vote on it from the next one on."""
    now = decides_at_once(motion, running.program.turn(running.turn))
    return {"body": motion.body.id, "motion": motion.definition.id, "by": sorted(by), "now": now}


def _tabled(running: Running) -> dict[str, set[str]]:
    """Motions (by entity) that were tabled in this turn, and by whom."""
    found: dict[str, set[str]] = {}
    for one in running.decisions:
        if isinstance(one, MotionDecision):
            entity = next(each.entity for each in running.program.motions if (each.body.id, each.definition.id) == (one.body, one.motion))
            found.setdefault(entity, set()).add(one.seat)
    return found


def _is_open(running: Running, motion: CompiledMotion, tabled: Mapping[str, set[str]]) -> bool:
    status = MOTION_STATUS[int(running.world.cells[running.program.layout.cell(motion.entity, "status")])]
    return status == "tabled" or motion.entity in tabled


def _said(running: Running, motion: CompiledMotion, seat: str) -> str:
    """The explanation of a vote that stands."""
    for one in reversed(running.decisions):
        if isinstance(one, VoteDecision) and (one.seat, one.body, one.motion) == (seat, motion.body.id, motion.definition.id):
            return one.say
    return running.world.said.get(ballot_id(motion.entity, seat), "")


def _at_the_table(body: BodyDefinition, streams: Iterable[str]) -> list[str]:
    """Streams of those who hear what is said there: members, and facilitators, who run the sitting."""
    known = set(streams)
    return [stream for stream in (*(member.seat for member in body.members), FACILITATORS) if stream in known]
