"""What doctrines decide in many exercises at once: by the same scores, ties and limits as ``exercise.core.policy`` and
``exercise.core.legality``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import attrs
import numpy as np
import numpy.typing as npt

from exercise.core.calendar import Turn
from exercise.core.layout import BALLOTS, MOTION_STATUS
from exercise.core.legality import decides_at_once
from exercise.core.policy import is_in_season
from exercise.core.procedure import CompiledMotion
from exercise.core.program import CompiledDoctrine, CompiledLine, CompiledOrder, Program
from exercise.rehearsal.lane_machine import Bools, Floats, Question

Indices = npt.NDArray[np.intp]

NONE, TABLED, ADOPTED = (float(MOTION_STATUS.index(status)) for status in ("none", "tabled", "adopted"))


class OpenLanes(Protocol):
    """Exercises whose turn is open, as doctrines see them."""

    program: Program
    count: int
    cells: Floats
    offered: Mapping[str, Bools]
    """Lanes in which an order may be chosen, where it is withheld in others."""

    def ask(self, question: Question | None, now: float, *arguments: Any) -> tuple[Any, ...]:
        """Answers on the cells as they stand; an empty tuple when there is nothing to ask."""

    def holds(self, question: Question | None, now: float) -> Bools:
        """Whether all answers to a question hold, for each lane; what asks nothing holds."""


@attrs.frozen(slots=True)
class Line:
    """A doctrine's line with the questions that decide it. Its candidates, one for each binding, are those from ``first`` on;
    ``resources`` number the seat's resources in which it costs something, ``rests`` are for each binding the row of the day on which the
    order was last given there.
    """

    compiled: CompiledLine
    order: CompiledOrder
    wants: Question | None
    needs: Question | None
    costs: Question | None
    resources: tuple[int, ...]
    rests: tuple[int, ...]
    first: int


@attrs.frozen(slots=True, eq=False)
class Policy:
    """How a seat decides, laid out for lanes. Of its candidates, line after line: the ``cells`` that take their amounts, the cells of
    the day on which each was last given (``rests``; None where the order rests as a whole), their ``pairs``
    (what may be given once) by number, which resource each ``pays`` in, and the order ``by_name`` in which ties are broken.
    """

    doctrine: CompiledDoctrine
    allowance: int
    resources: tuple[int, ...]
    lines: tuple[Line, ...]
    cells: tuple[int, ...]
    rests: tuple[int | None, ...]
    pairs: Indices
    pays: Bools
    by_name: Indices
    motions: tuple[tuple[CompiledMotion, Question | None, Question | None, Any], ...]
    votes: tuple[tuple[CompiledMotion, int, float, Question | None], ...]


class Menu:
    """What a seat's candidates are in each lane: whether they can be given, score, amount, and price by resource."""

    def __init__(self, policy: Policy, lanes: int) -> None:
        size = (len(policy.cells), lanes)
        self.valid = np.zeros(size, dtype=np.bool_)
        self.score, self.amount = np.empty(size), np.empty(size)
        self.prices = np.empty((len(policy.resources), *size))


class Decided:
    """What a seat's doctrine decides in each lane, on the open world."""

    def __init__(self, lanes: OpenLanes, policy: Policy, turn: Turn) -> None:
        self.lanes = lanes
        self.policy = policy
        self.day = turn.day
        self.given: list[tuple[int, Floats, Bools]] = []
        self._choose(turn)
        self.tabled = self._motions(turn)
        self.cast = self._votes(turn)

    def commit(self) -> None:
        """Put the committed amounts where the stages of orders read them, and the day where each target's rest is counted from."""
        cells = self.lanes.cells
        for candidate, amount, mask in self.given:
            cell, rest = self.policy.cells[candidate], self.policy.rests[candidate]
            cells[cell] = np.where(mask, amount, cells[cell])
            if rest is not None:
                cells[rest] = np.where(mask, self.day, cells[rest])

    # --- orders ---------------------------------------------------------------------------------------------------------------

    def _choose(self, turn: Turn) -> None:
        """Within the allowance and what can be paid, the best by score; candidates of a score in their own order."""
        policy = self.policy
        menu = Menu(policy, self.lanes.count)
        for line in policy.lines:
            if line.wants is not None and is_in_season(line.compiled.definition, turn):
                self._offer(line, menu, turn)
        live = policy.by_name[np.any(menu.valid, axis=1)[policy.by_name]]
        if not len(live):
            return
        for row, mask in enumerate(self._taken(menu, live)):
            if mask.any():
                self.given.append((int(live[row]), menu.amount[live[row]], mask))

    def _taken(self, menu: Menu, live: Indices) -> Bools:
        """Which of the ``live`` candidates are taken: the best first, as long as there is allowance and money."""
        policy, count = self.policy, self.lanes.count
        valid, across = menu.valid[live], np.arange(count)
        ranks = np.argsort(np.where(valid, -menu.score[live], np.inf), axis=0, kind="stable")
        many = valid.sum(axis=0)
        prices, pays = menu.prices[:, live].reshape(len(policy.resources), valid.size), policy.pays[:, live]
        pairs = policy.pairs[live]
        once = None if len(np.unique(pairs)) == len(pairs) else np.zeros((int(pairs.max()) + 1, count), dtype=np.bool_)
        left = self.lanes.cells[list(policy.resources)]
        spent = np.zeros_like(left)
        taken = np.zeros(valid.shape, dtype=np.bool_)
        used = np.zeros(count, dtype=np.intp)
        for rank, row in enumerate(ranks):
            takes = (many > rank) & (used < policy.allowance)
            if not takes.any():
                break
            at = row * count + across
            costs = [(resource, pays[resource][row], price[at]) for resource, price in enumerate(prices)]
            for resource, pay, price in costs:
                takes &= ~(pay & (price > left[resource] - spent[resource]))
            if once is not None:
                takes &= ~once[pairs[row], across]
                once[pairs[row], across] |= takes
            for resource, pay, price in costs:
                spent[resource] = np.where(takes & pay, spent[resource] + price, spent[resource])
            used += takes
            taken.reshape(-1)[at] = takes
        return taken

    def _offer(self, line: Line, menu: Menu, turn: Turn) -> None:
        """Put a line's candidates on the menu: whether they are wanted and possible to give, score, amount, and price by resource."""
        lanes, own = self.lanes, slice(line.first, line.first + len(line.compiled.bindings))
        holds, score, amount = lanes.ask(line.wants, turn.day)
        valid = menu.valid[own]
        valid[...] = holds
        offered = lanes.offered.get(line.order.instance.entity)
        if offered is not None:
            valid &= offered
        if not valid.any():
            return
        definition = line.order.instance.definition
        if definition.amount is None:
            amount = 1.0
        else:
            amount = np.where(definition.amount.low > amount, definition.amount.low, amount)
            amount = np.where(definition.amount.high < amount, definition.amount.high, amount)
        for need in lanes.ask(line.needs, turn.day, amount):
            valid &= need
        valid &= turn.day - lanes.cells[list(line.rests)] >= definition.cooldown_days
        menu.score[own], menu.amount[own] = score, amount
        for resource, price in zip(line.resources, lanes.ask(line.costs, turn.day, amount), strict=True):
            menu.prices[resource, own] = price

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
    pairs: dict[tuple[str, str], int] = {}
    lines: list[Line] = []
    cells: list[int] = []
    rests: list[int | None] = []
    names: list[tuple[str, str]] = []
    for written in doctrine.lines:
        order = program.order(seat, written.instance.definition.id)
        assert order is not None
        # What the order cannot be aimed at would be refused.
        aimed = [one for one in zip(written.bindings, written.targets, strict=True) if one[1] in order.targets]
        compiled = attrs.evolve(written, bindings=tuple(one[0] for one in aimed), targets=tuple(one[1] for one in aimed))
        costs = tuple(resources.setdefault(cost.resource, len(resources)) for cost in order.instance.definition.costs)
        at = tuple(order.bound.tuples[order.targets.index(target)] for target in compiled.targets)
        own = tuple(order.rests[order.targets.index(target)] for target in compiled.targets)
        asked = (question_of(compiled.query, compiled.bindings), question_of(order.needs, at), question_of(order.costs, at))
        lines.append(Line(compiled, order, *asked, costs, own, len(cells)))
        cells += [order.instance.given + order.instance.targets.index(target) for target in compiled.targets]
        rests += own if order.rests_by_target else [None] * len(own)
        names += [(compiled.instance.definition.id, target or "") for target in compiled.targets]
    pays = np.zeros((len(resources), len(cells)), dtype=np.bool_)
    for line in lines:
        pays[list(line.resources), line.first : line.first + len(line.compiled.bindings)] = True
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
        cells=tuple(cells),
        rests=tuple(rests),
        pairs=np.array([pairs.setdefault(name, len(pairs)) for name in names], dtype=np.intp),
        pays=pays,
        by_name=np.array(sorted(range(len(names)), key=lambda number: names[number]), dtype=np.intp),
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
