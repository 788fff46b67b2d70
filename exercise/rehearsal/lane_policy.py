"""What doctrines decide in many exercises at once: by the same scores, ties and limits as ``exercise.core.policy`` and
``exercise.core.legality``.
"""

from __future__ import annotations

from typing import Any, Protocol, cast

import attrs
import numpy as np

from exercise.core.calendar import Turn
from exercise.core.layout import BALLOTS, MOTION_STATUS
from exercise.core.legality import decides_at_once
from exercise.core.policy import is_in_season
from exercise.core.procedure import CompiledMotion
from exercise.core.program import CompiledDoctrine, CompiledLine, CompiledOrder, Program
from exercise.rehearsal.lane_machine import Bools, Floats, Question

NONE, TABLED, ADOPTED = (float(MOTION_STATUS.index(status)) for status in ("none", "tabled", "adopted"))


class OpenLanes(Protocol):
    """Exercises whose turn is open, as doctrines see them."""

    program: Program
    count: int
    cells: Floats

    def ask(self, question: Question | None, now: float, *arguments: Any) -> tuple[Any, ...]:
        """Answers on the cells as they stand; an empty tuple when there is nothing to ask."""

    def holds(self, question: Question | None, now: float) -> Bools:
        """Whether all answers to a question hold, for each lane; what asks nothing holds."""


@attrs.frozen(slots=True)
class Candidate:
    """An order that a doctrine may choose: its line, the binding of the line, and which (order, target) it is in the seat's menu. ``cell``
    is the row of its amount, ``rest`` that of the day on which it was last given there; None where the order rests as a whole.
    """

    line: int
    binding: int
    pair: int
    cell: int
    rest: int | None


@attrs.frozen(slots=True)
class Line:
    """A doctrine's line with the questions that decide it. ``resources`` are columns of the seat's prices, ``rests`` for each binding the
    row of the day on which the order was last given there.
    """

    compiled: CompiledLine
    order: CompiledOrder
    wants: Question | None
    needs: Question | None
    costs: Question | None
    resources: tuple[int, ...]
    rests: tuple[int, ...]


@attrs.frozen(slots=True)
class Policy:
    """How a seat decides, laid out for lanes. ``candidates`` stand in the order in which ties are broken."""

    doctrine: CompiledDoctrine
    allowance: int
    resources: tuple[int, ...]
    lines: tuple[Line, ...]
    candidates: tuple[Candidate, ...]
    pairs: int
    motions: tuple[tuple[CompiledMotion, Question | None, Question | None, Any], ...]
    votes: tuple[tuple[CompiledMotion, int, float, Question | None], ...]


class Decided:
    """What a seat's doctrine decides in each lane, on the open world."""

    def __init__(self, lanes: OpenLanes, policy: Policy, turn: Turn) -> None:
        self.lanes = lanes
        self.policy = policy
        self.day = turn.day
        self.given: list[tuple[Candidate, Floats, Bools]] = []
        self._choose(turn)
        self.tabled = self._motions(turn)
        self.cast = self._votes(turn)

    def commit(self) -> None:
        """Put the committed amounts where the stages of orders read them, and the day where each target's rest is counted from."""
        cells = self.lanes.cells
        for one, amount, mask in self.given:
            cells[one.cell] = np.where(mask, amount, cells[one.cell])
            if one.rest is not None:
                cells[one.rest] = np.where(mask, self.day, cells[one.rest])

    # --- orders ---------------------------------------------------------------------------------------------------------------

    def _choose(self, turn: Turn) -> None:
        """Within the allowance and what can be paid, the best by score; candidates of a score in their own order."""
        policy, count = self.policy, self.lanes.count
        wanted = [self._wanted(line, turn) for line in policy.lines]
        live = [number for number, one in enumerate(policy.candidates) if wanted[one.line] is not None]
        rows: list[tuple[Candidate, Bools, Floats, Floats, Floats]] = []
        for number in live:
            one = policy.candidates[number]
            valid, score, amount, prices = cast("tuple[Any, ...]", wanted[one.line])
            mask = valid[one.binding]
            if mask.any():
                rows.append((one, mask, score[one.binding], amount[one.binding], prices[:, one.binding]))
        if not rows:
            return
        valid = np.array([row[1] for row in rows])
        score = np.where(valid, -np.array([row[2] for row in rows]), np.inf)
        prices = np.array([row[4] for row in rows])
        paid_in = np.zeros((len(rows), len(policy.resources)), dtype=np.bool_)
        for number, row in enumerate(rows):
            paid_in[number, list(policy.lines[row[0].line].resources)] = True
        pairs = np.array([row[0].pair for row in rows])
        ranks = np.argsort(score, axis=0, kind="stable")
        across = np.arange(count)
        left = self.lanes.cells[list(policy.resources)]
        spent = np.zeros_like(left)
        taken_pairs = np.zeros((policy.pairs, count), dtype=np.bool_)
        taken = np.zeros((len(rows), count), dtype=np.bool_)
        used = np.zeros(count, dtype=np.intp)
        for rank in range(int(valid.sum(axis=0).max())):
            row = ranks[rank]
            price = prices[row, :, across].T
            pays = paid_in[row].T
            affordable = np.logical_not(np.logical_and(pays, price > left - spent).any(axis=0))
            takes = valid[row, across] & affordable & np.logical_not(taken_pairs[pairs[row], across]) & (used < policy.allowance)
            if not takes.any():
                continue
            spent = np.where(np.logical_and(takes, pays), spent + price, spent)
            used += takes
            taken[row, across] |= takes
            taken_pairs[pairs[row], across] |= takes
        for number, mask in enumerate(taken):
            if mask.any():
                self.given.append((rows[number][0], rows[number][3], mask))

    def _wanted(self, line: Line, turn: Turn) -> tuple[Bools, Floats, Floats, Floats] | None:
        """For each binding of a line: whether it is wanted and possible to give, its score, its amount, and its price by resource."""
        if line.wants is None or not is_in_season(line.compiled.definition, turn):
            return None
        lanes, bindings = self.lanes, len(line.compiled.bindings)
        shape = (bindings, lanes.count)
        holds, score, amount = (_spread(part, shape) for part in lanes.ask(line.wants, turn.day))
        valid = holds.astype(np.bool_)
        if not valid.any():
            return None
        sized = line.order.instance.definition.amount
        if sized is None:
            amount = np.ones(shape)
        else:
            amount = np.where(sized.low > amount, sized.low, amount)
            amount = np.where(sized.high < amount, sized.high, amount)
        argument = amount[0] if bindings == 1 else amount
        for need in lanes.ask(line.needs, turn.day, argument):
            valid &= _spread(need, shape).astype(np.bool_)
        since = turn.day - lanes.cells[list(line.rests)]
        valid &= np.logical_not(since < line.order.instance.definition.cooldown_days)
        prices = np.zeros((len(self.policy.resources), *shape))
        for resource, price in zip(line.resources, lanes.ask(line.costs, turn.day, argument), strict=True):
            prices[resource] = _spread(price, shape)
        return valid, score, amount, prices

    # --- motions and votes ----------------------------------------------------------------------------------------------------

    def _motions(self, turn: Turn) -> list[tuple[CompiledMotion, Bools]]:
        lanes, found = self.lanes, []
        for motion, when, needs, on in self.policy.motions:
            if on is not None and not turn.holds(on):
                continue
            mask = lanes.holds(when, turn.day)
            status = lanes.cells[lanes.program.layout.cell(motion.entity, "status")]
            mask &= (status != TABLED) & (status != ADOPTED)
            mask &= lanes.holds(needs, turn.day)
            if mask.any():
                found.append((motion, mask))
        return found

    def _votes(self, turn: Turn) -> list[tuple[int, float, Bools]]:
        """The first line that holds decides a motion's vote, if the motion is open to this seat (``legality.vote_refusal``)."""
        lanes, found = self.lanes, []
        tabled = {motion.entity: mask for motion, mask in self.tabled}
        undecided: dict[str, Bools] = {}
        for motion, row, vote, when in self.policy.votes:
            free = undecided.setdefault(motion.entity, np.ones(lanes.count, dtype=np.bool_))
            mask = lanes.holds(when, turn.day) & free
            free &= np.logical_not(mask)
            status = lanes.cells[lanes.program.layout.cell(motion.entity, "status")]
            is_open = (status == TABLED) | tabled.get(motion.entity, False)
            if decides_at_once(motion, turn):
                is_open |= status == NONE
            mask &= is_open
            if row >= 0 and mask.any():
                found.append((row, vote, mask))
        return found


# --- laying out ---------------------------------------------------------------------------------------------------------------------


def policy_of(program: Program, seat: str, doctrine: CompiledDoctrine) -> Policy:
    """A seat's doctrine, laid out."""
    layout = program.layout
    resources: dict[str, int] = {}
    pairs: dict[tuple[str, str | None], int] = {}
    lines: list[Line] = []
    found: list[tuple[tuple[str, str, int], Candidate]] = []
    for number, written in enumerate(doctrine.lines):
        order = program.order(seat, written.instance.definition.id)
        assert order is not None
        # What the order cannot be aimed at would be refused.
        aimed = [one for one in zip(written.bindings, written.targets, strict=True) if one[1] in order.targets]
        line = attrs.evolve(written, bindings=tuple(one[0] for one in aimed), targets=tuple(one[1] for one in aimed))
        costs = tuple(resources.setdefault(cost.resource, len(resources)) for cost in order.instance.definition.costs)
        at = tuple(order.bound.tuples[order.targets.index(target)] for target in line.targets)
        rests = tuple(order.rests[order.targets.index(target)] for target in line.targets)
        for binding, target in enumerate(line.targets):
            pair = pairs.setdefault((line.instance.definition.id, target), len(pairs))
            cell = order.instance.given + order.instance.targets.index(target)
            key = (line.instance.definition.id, target or "", len(found))
            found.append((key, Candidate(number, binding, pair, cell, rests[binding] if order.rests_by_target else None)))
        asked = (question_of(line.query, line.bindings), question_of(order.needs, at), question_of(order.costs, at))
        lines.append(Line(line, order, *asked, costs, rests))
    motions = []
    for one, query in doctrine.motions:
        motion = program.motion(one.body, one.motion)
        if motion is not None and seat in motion.definition.may_table:
            places = layout.places
            at_motion = (places[motion.entity][1], places[motion.body.id][1], places[seat][1])
            needs = question_of(program.motion_needs[motion.entity, seat], (at_motion,))
            motions.append((motion, question_of(query, (doctrine.binding,)), needs, one.on))
    return Policy(
        doctrine=doctrine,
        allowance=program.allowance(seat),
        resources=tuple(layout.cell(seat, name) for name in resources),
        lines=tuple(lines),
        candidates=tuple(candidate for _, candidate in sorted(found, key=lambda pair: pair[0])),
        pairs=len(pairs),
        motions=tuple(motions),
        votes=tuple(_votes(program, seat, doctrine)),
    )


def _votes(program: Program, seat: str, doctrine: CompiledDoctrine) -> list[tuple[CompiledMotion, int, float, Question | None]]:
    found = []
    for vote, query in doctrine.votes:
        motion = program.motion(vote.body, vote.motion)
        if motion is not None:
            member = any(one.seat == seat for one in motion.body.members)
            row = program.layout.cell(f"{motion.entity}/{seat}", "cast") if member else -1
            found.append((motion, row, float(BALLOTS.index(vote.vote)), question_of(query, (doctrine.binding,))))
    return found


def question_of(query: int | None, bindings: tuple[tuple[int, ...], ...]) -> Question | None:
    """A query with the bindings for which it is asked; None when there is nothing to ask."""
    return None if query is None or not bindings else (query, bindings)


def _spread(value: Any, shape: tuple[int, int]) -> Any:
    """An answer over bindings and lanes."""
    return np.broadcast_to(value, shape)
