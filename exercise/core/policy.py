"""What a doctrine decides: orders by score within allowance and budget, motions and votes by condition, which proposals it signs; all from
the seat's own view.
"""

from __future__ import annotations

from collections.abc import Sequence

from exercise.core.agreeing import filled
from exercise.core.agreements import Clause
from exercise.core.calendar import Turn
from exercise.core.decisions import Decision, MotionDecision, OrderDecision, VoteDecision
from exercise.core.definitions import DoctrineOrder
from exercise.core.legality import refusal
from exercise.core.program import CompiledDoctrine, CompiledLine, Program
from exercise.core.world import World

FALLBACKS = ("default",)
"""Doctrines taken, in order, when a seat has none of the wanted id."""


def doctrine_of(program: Program, seat: str, wanted: str) -> CompiledDoctrine | None:
    """The seat's doctrine of that id, else its default one; None when it has neither."""
    for id in (wanted, *FALLBACKS):
        if (seat, id) in program.doctrines:
            return program.doctrines[seat, id]
    return None


def decide(program: Program, world: World, seat: str, doctrine: str, earlier: tuple[Decision, ...] = ()) -> tuple[Decision, ...]:
    """What the seat's doctrine decides on the open world, after what was accepted ``earlier`` this turn."""
    policy = doctrine_of(program, seat, doctrine)
    if policy is None:
        return ()
    taken: list[Decision] = list(earlier)
    for candidate in _candidates(program, world, policy):
        if refusal(program, world, candidate, tuple(taken)) is None:
            taken.append(candidate)
    return tuple(taken[len(earlier) :])


def _candidates(program: Program, world: World, policy: CompiledDoctrine) -> list[Decision]:
    scored = [entry for line in policy.lines for entry in _wanted(program, world, policy, line)]
    scored.sort(key=lambda entry: (-entry[0], entry[1].order, entry[1].target or ""))
    return [*(decision for _, decision in scored), *_motions(program, world, policy), *_votes(program, world, policy)]


def _wanted(program: Program, world: World, policy: CompiledDoctrine, line: CompiledLine) -> list[tuple[float, OrderDecision]]:
    turn = program.turn(world.turn + 1)
    if not is_in_season(line.definition, turn):
        return []
    found: list[tuple[float, OrderDecision]] = []
    sized = line.instance.definition.amount
    for binding, target in zip(line.bindings, line.targets, strict=True):
        answer = program.ask(line.query, world.cells, world, turn.day, binding)
        if answer and answer[0]:
            amount = None
            if sized is not None:
                amount = min(max(float(answer[2]), sized.low), sized.high)
            found.append((float(answer[1]), OrderDecision(policy.definition.seat, line.instance.definition.id, target, amount)))
    return found


def is_in_season(rule: DoctrineOrder, turn: Turn) -> bool:
    """Whether a doctrine's line on an order speaks of this turn at all."""
    if rule.on is not None and not turn.holds(rule.on):
        return False
    return not ((rule.from_ is not None and turn.end <= rule.from_) or (rule.until is not None and turn.start > rule.until))


def _motions(program: Program, world: World, policy: CompiledDoctrine) -> list[Decision]:
    turn = program.turn(world.turn + 1)
    return [
        MotionDecision(policy.definition.seat, motion.body, motion.motion)
        for motion, query in policy.motions
        if (motion.on is None or turn.holds(motion.on)) and all(program.ask(query, world.cells, world, turn.day, policy.binding))
    ]


def _votes(program: Program, world: World, policy: CompiledDoctrine) -> list[Decision]:
    turn = program.turn(world.turn + 1)
    cast: dict[tuple[str, str], Decision] = {}
    for vote, query in policy.votes:
        if all(program.ask(query, world.cells, world, turn.day, policy.binding)):
            cast.setdefault((vote.body, vote.motion), VoteDecision(policy.definition.seat, vote.body, vote.motion, vote.vote, vote.say))
    return list(cast.values())


def accepts(program: Program, world: World, seat: str, doctrine: str, clauses: Sequence[Clause]) -> bool:
    """Whether a seat's doctrine would sign: it has a line on every clause that binds or serves it, and each holds in its own view."""
    policy = doctrine_of(program, seat, doctrine)
    if policy is None:
        return False
    now, binding = program.turn(world.turn + 1).day, (program.layout.places[seat][1],)
    lines = program.accepts.get((seat, policy.definition.id), ())

    def is_signed(clause: Clause) -> bool:
        asked = [query for id, query in lines if id == clause.clause]
        return any(all(program.ask(query, world.cells, world, now, binding, *filled(clause))) for query in asked)

    concerned = [clause for clause in clauses if not clause.giver or seat in (clause.giver, clause.receiver)]
    return all(is_signed(clause) for clause in concerned) and bool(concerned)
