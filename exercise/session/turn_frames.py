"""Frames that tell where a turn stands for a seat, and how the exercise ended."""

from __future__ import annotations

from collections.abc import Sequence

from exercise.core.agreement_telling import agreement_data
from exercise.core.decisions import MotionDecision, OrderDecision, Refusal, VoteDecision
from exercise.core.layout import MOTION_STATUS, NEVER
from exercise.core.legality import legal, standing_vote, table_refusal, vote_refusal
from exercise.core.program import Program
from exercise.core.world import digest
from exercise.session.phases import ALL_AT_ONCE, Phase
from exercise.session.running import Running
from exercise.session.streams import Frame

TRUTH_KINDS = ("country", "region", "group", "agency", "body", "seat")


def turn_frame(running: Running, seat: str, ready: bool = False, phase: Phase = ALL_AT_ONCE) -> Frame:
    """Where the turn stands for a seat: what it may do, what it has, what it has committed."""
    program, world = running.program, running.world
    turn = program.turn(world.turn + 1)
    own = tuple(one for one in running.decisions if isinstance(one, OrderDecision) and one.seat == seat)
    return {
        "frame": "turn",
        "turn": turn.number,
        "date": turn.start.isoformat(),
        "days": turn.days,
        "minutes": turn.minutes,
        "phase": phase.id,
        "acts": sorted(phase.acts),
        "ready": ready,
        "legal": [
            {
                "order": one.order,
                "target": one.target,
                "legal": one.legal,
                "why": one.why,
                "costs": dict(one.costs),
                "costs_most": dict(one.costs_most),
            }
            for one in legal(program, world, seat, own)
        ],
        "motions": motion_states(running, seat),
        "own": own_quantities(program, world.cells, seat),
        "objectives": objective_scores(program, running, seat, true=False),
        "committed": [{"order": one.order, "target": one.target, "amount": one.amount} for one in own],
    }


def motion_states(running: Running, seat: str) -> list[Frame]:
    """Every motion's public state, and whether this seat may table it or vote on it now: nothing once the exercise is over."""
    program, world = running.program, running.world
    own = tuple(one for one in running.decisions if getattr(one, "seat", "") == seat) if not running.is_over else ()
    over = Refusal("over", "the exercise is over")
    layout = program.layout
    states: list[Frame] = []
    for motion in program.motions:
        status = MOTION_STATUS[int(world.cells[layout.cell(motion.entity, "status")])]
        tabled = world.cells[layout.cell(motion.entity, "tabled_on")]
        decided = world.cells[layout.cell(motion.entity, "decided_on")]
        why = over if running.is_over else table_refusal(program, world, motion, seat)
        no_vote = over if running.is_over else vote_refusal(program, world, motion, seat, own)
        mine = MotionDecision(seat, motion.body.id, motion.definition.id) in own
        is_new = any(isinstance(one, VoteDecision) and (one.body, one.motion) == (motion.body.id, motion.definition.id) for one in own)
        is_member = any(member.seat == seat for member in motion.body.members)
        my_vote = standing_vote(program, world, motion, seat, own) if is_member else ""
        states.append(
            {
                "body": motion.body.id,
                "motion": motion.definition.id,
                "status": status,
                "tabled_on": None if tabled <= NEVER else program.calendar.date(tabled).isoformat(),
                "decided_on": None if decided <= NEVER else program.calendar.date(decided).isoformat(),
                "size": world.cells[layout.cell(motion.entity, "size")],
                "can_table": why is None and not mine,
                "why": "you have tabled it this turn" if mine else (why.why if why is not None else ""),
                "can_vote": no_vote is None,
                "no_vote": f"{no_vote.why}; {no_vote.hint}".rstrip("; ") if no_vote is not None else "",
                "my_vote": my_vote,
                "vote_stands": bool(my_vote) and not is_new,
                "tabled_by_me": mine,
            }
        )
    return states


def own_quantities(program: Program, cells: Sequence[float], seat: str) -> dict[str, float]:
    """The seat's own quantities; none for a stream that is nobody's seat."""
    if seat not in program.layout.places:
        return {}
    return {name: cells[program.layout.cell(seat, name)] for (kind, name) in program.layout.quantities if kind == "seat"}


def objective_scores(program: Program, running: Running, seat: str, true: bool) -> list[Frame]:
    """Scores of a seat's objectives (0..100 points): as it can judge them, or in truth."""
    world = running.world
    now = float((program.calendar.end - program.calendar.startex).days) if running.is_over else program.turn(world.turn + 1).day
    scores: list[Frame] = []
    for objective in program.objectives.get(seat, ()):
        answer = program.ask(objective.true if true else objective.seen, world.cells, world, now, objective.binding)
        score = min(max(float(answer[0]), 0.0), 100.0) if answer else 0.0
        told = objective.definition
        scores.append({"objective": told.id, "title": told.title, "score": score, "private": told.private, "weight": told.weight})
    return scores


def end_frame(running: Running, seat: str) -> Frame:
    """ENDEX: objectives in truth beside what the seat believed, the true world with its agreements, and what is needed to check all of it.

    That is the world's digest, the seed with the salt of what was promised, and ``head``, the hash of the log's entry that says it is over.
    """
    program, world = running.program, running.world
    seen = {one["objective"]: one["score"] for one in objective_scores(program, running, seat, true=False)}
    objectives = [{**one, "seen": seen[one["objective"]]} for one in objective_scores(program, running, seat, true=True)]
    truth: dict[str, dict[str, float]] = {}
    for cell, known in enumerate(program.layout.cells):
        if known is not None and known.quantity.kind in TRUTH_KINDS:
            truth.setdefault(known.entity, {})[known.quantity.id] = world.cells[cell]
    return {
        "frame": "end",
        "turn": world.turn,
        "motions": motion_states(running, seat),
        "objectives": objectives,
        "truth": truth,
        "agreements": [agreement_data(program, one, true=True) for one in world.agreements],
        "digest": digest(world),
        "seed": world.seed,
        "salt": running.promise.salt if running.promise is not None else "",
        "head": running.ended,
    }
