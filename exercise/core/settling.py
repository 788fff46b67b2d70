"""Holding seats to their agreements when a turn is resolved: what falls due is paid, kept or broken, and what of it is found.

It happens once in a turn, after bodies have sat and orders have taken their costs, in order of the agreements' ids: payments come out of
what each seat holds then, and nobody passes on in a turn what it is paid in the same turn. A breach is found only where another party
could see it: an order that reaches it, a vote (all are public), the figure of the monitor, money that does not come. A breach that is found
ends the agreement: its open clauses lapse.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import attrs

from exercise.core.agreements import BREACHED, EXPIRED, KEPT, LAPSED, OPEN, WITHHELD, Agreement, Clause, Landing, Standing
from exercise.core.clauses import CONDITION, ORDER_PROMISE, RESTRAINT, SECRECY, TRANCHE, VOTE_PROMISE
from exercise.core.decisions import AgreementDecision, Decision, Disclosure, OrderDecision
from exercise.core.layout import BALLOTS, NEVER, ballot_id, bounds
from exercise.core.procedure import CompiledMotion
from exercise.core.program import CompiledOrder, Program, Trace
from exercise.core.terms import CompiledClause, CompiledEffect

if TYPE_CHECKING:
    from exercise.core.adjudicate import Working

IN_FORCE_STEP, DISCLOSED_STEP, ENDED_STEP = "in_force", "disclosed", "ended"
"""What can happen to an agreement as a whole; to a clause happens what its status then says."""


@attrs.frozen(slots=True)
class Settled:
    """Something that happened to an agreement in this turn: to clause number ``index``, or (None) to all of it; ``by`` is who did it."""

    agreement: str
    step: str
    index: int | None = None
    by: str = ""
    why: str = ""


@attrs.frozen(slots=True)
class Verdict:
    """What a clause comes to: as the parties see it, in truth, with the figure that decided, who broke it, and why in words."""

    status: str
    truth: str
    reading: float | None = None
    by: str = ""
    why: str = ""


def settle(
    work: Working, decisions: tuple[Decision, ...], on_table: frozenset[str], records: Trace
) -> tuple[tuple[Agreement, ...], tuple[Settled, ...]]:
    """The agreements after the turn and what happened to them; what they move is put into the working's cells and recorded."""
    fresh = [_begun(one, work.turn.day) for one in decisions if isinstance(one, AgreementDecision)]
    judge = _Judge(work, records, done_orders(work, decisions), on_table, {one.agreement: one.seat for one in _disclosures(decisions)})
    judge.told += [Settled(one.id, IN_FORCE_STEP, by=one.by) for one in sorted(fresh, key=lambda one: one.id)]
    after = tuple(judge.held(one) for one in sorted((*work.agreements, *fresh), key=lambda one: one.id))
    for cell in judge.touched:
        work.clamp(cell, records)
    return after, tuple(judge.told)


def due_landings(agreements: tuple[Agreement, ...], step: int) -> tuple[tuple[Agreement, ...], list[Landing]]:
    """The agreements without the endings that fall due at the end of a step, and these."""
    landings = [landing for one in agreements for landing in one.landings if landing.step == step]
    if not landings:
        return agreements, landings
    return tuple(
        attrs.evolve(one, landings=tuple(landing for landing in one.landings if landing.step != step)) for one in agreements
    ), landings


def done_orders(work: Working, decisions: tuple[Decision, ...]) -> dict[tuple[str, str, str | None], float]:
    """The orders of the turn that take effect, with their sizes: what is impossible in truth is not done."""
    done: dict[tuple[str, str, str | None], float] = {}
    for one in decisions:
        order = work.program.order(one.seat, one.order) if isinstance(one, OrderDecision) else None
        if order is None or not isinstance(one, OrderDecision) or one.target not in order.targets:
            continue
        amount = order.instance.definition.amount
        size = 1.0 if amount is None else amount.default if one.amount is None else one.amount
        binding = order.bound.tuples[order.targets.index(one.target)]
        if all(work.program.ask(order.possible, work.cells, work.world, work.turn.day, binding, size)):
            done[one.seat, one.order, one.target] = size
    return done


def seen_by(order: CompiledOrder, seat: str) -> bool:
    """Whether another seat learns that an order was given."""
    definition = order.instance.definition
    return definition.visibility == "public" or (definition.visibility == "target" and seat in definition.shown_to)


def _begun(decision: AgreementDecision, day: float) -> Agreement:
    standing = tuple(Standing() for _ in decision.clauses)
    return Agreement(decision.agreement, decision.by, decision.parties, decision.secret, day, decision.days, decision.clauses, standing)


def _disclosures(decisions: tuple[Decision, ...]) -> list[Disclosure]:
    # Whoever published first is not known here; the first in order stands for all.
    return sorted((one for one in decisions if isinstance(one, Disclosure)), key=lambda one: one.seat, reverse=True)


@attrs.define(slots=True)
class _Judge:
    """Goes through the agreements of one turn."""

    work: Working
    records: Trace
    done: Mapping[tuple[str, str, str | None], float]
    on_table: frozenset[str]
    disclosed: Mapping[str, str]
    told: list[Settled] = attrs.field(factory=list)
    touched: dict[int, None] = attrs.field(factory=dict)
    spendable: dict[int, float] = attrs.field(factory=dict)

    @property
    def program(self) -> Program:
        return self.work.program

    @property
    def end(self) -> float:
        """The day after the turn's last day, from STARTEX."""
        return self.work.turn.day + self.work.turn.days

    @property
    def is_last(self) -> bool:
        return self.work.turn.number == len(self.program.calendar.turns)

    def held(self, agreement: Agreement) -> Agreement:
        """An agreement after the turn."""
        publisher = self.disclosed.get(agreement.id, "") if not agreement.is_public else ""
        if publisher:
            self.told.append(Settled(agreement.id, DISCLOSED_STEP, by=publisher))
            agreement = attrs.evolve(agreement, disclosed=True)
        if not agreement.is_running:
            return agreement
        standing = list(agreement.standing)
        landings = list(agreement.landings)
        for index, clause in enumerate(agreement.clauses):
            verdict = self._judged(agreement, clause, standing[index], publisher)
            if verdict is not None:
                standing[index] = self._settled(agreement, index, standing[index], verdict, landings)
        after = attrs.evolve(agreement, standing=tuple(standing), landings=tuple(landings))
        return self._ended(after)

    def _judged(self, agreement: Agreement, clause: Clause, now: Standing, publisher: str) -> Verdict | None:
        """What a clause comes to in this turn; None while it stays as it is."""
        known = self.program.clause(clause.clause)
        if known is None or now.status not in (OPEN, WITHHELD):
            return None
        if known.definition.kind == SECRECY:
            return Verdict(BREACHED, BREACHED, by=publisher, why="a party published the agreement") if publisher else None
        judge = {
            TRANCHE: self._tranche,
            CONDITION: self._condition,
            ORDER_PROMISE: self._promise,
            VOTE_PROMISE: self._vote,
            RESTRAINT: self._restraint,
        }[known.definition.kind]
        return judge(agreement, known, clause, now)

    # --- the kinds ------------------------------------------------------------------------------------------------------------

    def _tranche(self, agreement: Agreement, known: CompiledClause, clause: Clause, _now: Standing) -> Verdict | None:
        if agreement.since + (clause.by_days or 0) >= self.end:
            return None
        reading: float | None = None
        if known.definition.of:
            reading = self._reading(known, clause)
            if reading is None or clause.line is None or not _meets(known, reading, clause.line):
                return Verdict(WITHHELD, WITHHELD, reading, why="the condition is not met")
        amount = clause.amount or 0.0
        layout = self.program.layout
        purse = layout.cell(clause.giver, known.definition.resource)
        other = layout.cell(clause.receiver, known.definition.resource)
        if self.spendable.setdefault(purse, self.work.cells[purse]) < amount:
            return Verdict(BREACHED, BREACHED, reading, clause.giver, "the money was not there")
        if self.work.cells[other] + amount > bounds(layout.quantities["seat", known.definition.resource])[1]:
            return Verdict(WITHHELD, WITHHELD, reading, why="the receiver can hold no more")
        cause = known.causes[clause.giver, clause.receiver, agreement.is_public].kept
        self.spendable[purse] -= amount
        self.spendable.setdefault(other, self.work.cells[other])
        self.work.put(purse, self.work.cells[purse] - amount, cause, self.records)
        self.work.put(other, self.work.cells[other] + amount, cause, self.records)
        return Verdict(KEPT, KEPT, reading)

    def _condition(self, agreement: Agreement, known: CompiledClause, clause: Clause, _now: Standing) -> Verdict | None:
        due = agreement.since + (clause.by_days or 0)
        if due > self.work.turn.day and not (self.is_last and due < self.end):
            return None
        reading, line = self._reading(known, clause), clause.amount or 0.0
        so = self.work.cells[known.truths[clause.target or ""]]
        truth = KEPT if _meets(known, so, line) else BREACHED
        if reading is None:
            return Verdict(LAPSED, truth, why="nobody measured it")
        if _meets(known, reading, line):
            return Verdict(KEPT, truth, reading)
        return Verdict(BREACHED, truth, reading, clause.giver, "the monitor's figure does not meet the line")

    def _promise(self, agreement: Agreement, known: CompiledClause, clause: Clause, now: Standing) -> Verdict | None:
        order = self.program.order(clause.giver, known.definition.order)
        size = self.done.get((clause.giver, known.definition.order, clause.target))
        is_seen = order is not None and seen_by(order, clause.receiver)
        if size is not None and size >= (clause.amount or 0.0):
            if is_seen:
                return Verdict(KEPT, KEPT)
            if now.truth == OPEN:
                return Verdict(OPEN, KEPT)
        if agreement.since + (clause.by_days or 0) >= self.end:
            return None
        truth = BREACHED if now.truth == OPEN else now.truth
        if is_seen:
            return Verdict(BREACHED, truth, by=clause.giver, why="the order was not given in time")
        return Verdict(LAPSED, truth, why="nobody else can see whether the order was given")

    def _vote(self, _agreement: Agreement, _known: CompiledClause, clause: Clause, _now: Standing) -> Verdict | None:
        body, _, motion_id = clause.motion.partition(".")
        motion = self.program.motion(body, motion_id)
        if motion is None or motion.entity not in self.on_table or not self._came_to_vote(motion):
            return None
        cast = BALLOTS[int(self.work.cells[self.program.layout.cell(ballot_id(motion.entity, clause.giver), "result")])]
        if cast == clause.vote:
            return Verdict(KEPT, KEPT)
        return Verdict(BREACHED, BREACHED, by=clause.giver, why=f"it voted {cast}")

    def _came_to_vote(self, motion: CompiledMotion) -> bool:
        """Whether a motion that was on the table came to the vote at this turn's sitting: it passed its tests and its pace has run."""
        from exercise.core.adjudicate import sitting_day  # noqa: PLC0415 - adjudication holds seats to agreements through this module

        layout, cells = self.program.layout, self.work.cells
        day, tabled = sitting_day(motion.body, self.work.turn), cells[layout.cell(motion.entity, "tabled_on")]
        has_passed = cells[layout.cell(motion.entity, "failed_test")] == 0
        return day is not None and tabled > NEVER and has_passed and day - tabled >= motion.pace_days

    def _restraint(self, agreement: Agreement, known: CompiledClause, clause: Clause, now: Standing) -> Verdict | None:
        found = Verdict(OPEN, now.truth) if now.truth != OPEN else None
        for seat, id, target in sorted(self.done, key=repr):
            if seat != clause.giver or id not in known.definition.orders or clause.target not in (None, target):
                continue
            order = self.program.order(seat, id)
            if order is not None and any(seen_by(order, party) for party in agreement.parties if party != seat):
                return Verdict(BREACHED, BREACHED, by=seat, why=f"it gave the order: {order.instance.definition.title}")
            found = Verdict(OPEN, BREACHED)
        return found

    def _reading(self, known: CompiledClause, clause: Clause) -> float | None:
        cell = known.reading(clause.giver, clause.receiver, clause.target or "")
        return None if cell is None else self.work.cells[cell]

    # --- what comes of it -----------------------------------------------------------------------------------------------------

    def _settled(self, agreement: Agreement, index: int, before: Standing, verdict: Verdict, landings: list[Landing]) -> Standing:
        clause = agreement.clauses[index]
        known = self.program.clause(clause.clause)
        if verdict.status != before.status:
            self.told.append(Settled(agreement.id, verdict.status, index, verdict.by, verdict.why))
            if known is not None and verdict.status in (KEPT, BREACHED):
                landings += self._brought_about(agreement, known, clause, verdict)
        day = self.work.turn.day if verdict.status not in (OPEN, before.status) else before.day
        return Standing(verdict.status, verdict.truth, day, verdict.reading)

    def _brought_about(self, agreement: Agreement, known: CompiledClause, clause: Clause, verdict: Verdict) -> list[Landing]:
        """Put the effects of a kept or broken clause, and return their endings."""
        giver, receiver = clause.giver, clause.receiver
        if known.definition.kind == SECRECY:
            giver = verdict.by
            receiver = next((party for party in agreement.parties if party != giver), giver)
        causes = known.causes.get((giver, receiver, agreement.is_public))
        if causes is None:
            return []
        is_kept = verdict.status == KEPT
        cause = causes.kept if is_kept else causes.breach
        ends: list[Landing] = []
        for effect in known.kept if is_kept else known.breach:
            cell = effect.cells[giver, receiver, clause.target]
            self.work.put(cell, self.work.cells[cell] + effect.add, cause, self.records)
            self.touched[cell] = None
            ends += self._end_of(effect, cell, causes.endings.get((cause, effect.span), cause))
        return ends

    def _end_of(self, effect: CompiledEffect, cell: int, cause: int) -> Sequence[Landing]:
        if effect.days is None:
            return ()
        end = self.work.turn.day + effect.days
        step = next((one.number for one in self.program.calendar.steps if one.end >= end), None)
        return () if step is None else (Landing(step, cell, -effect.add, cause),)

    def _ended(self, agreement: Agreement) -> Agreement:
        """The agreement, over if a breach was found, everything in it is kept, or its time has run."""
        standing = agreement.standing
        if any(one.status == BREACHED for one in standing):
            closed = tuple(_closed(one, LAPSED, self.work.turn.day) for one in standing)
            return self._over(attrs.evolve(agreement, standing=closed, status=BREACHED))
        if all(one.status == KEPT for one in standing):
            return self._over(attrs.evolve(agreement, status=KEPT))
        if agreement.until > self.end or self._waits(agreement):
            return agreement
        after, landings = list(standing), list(agreement.landings)
        for index, clause in enumerate(agreement.clauses):
            if standing[index].status == OPEN:
                known = self.program.clause(clause.clause)
                held = known is not None and known.definition.kind in (RESTRAINT, SECRECY)
                truth = standing[index].truth
                verdict = Verdict(KEPT if held else LAPSED, (KEPT if held else LAPSED) if truth == OPEN else truth)
                after[index] = self._settled(agreement, index, standing[index], verdict, landings)
        status = KEPT if all(one.status == KEPT for one in after) else EXPIRED
        return self._over(attrs.evolve(agreement, standing=tuple(after), landings=tuple(landings), status=status))

    def _waits(self, agreement: Agreement) -> bool:
        """Whether a condition is still to be judged: its day has come, its figure has not."""
        return any(
            one.status == OPEN and known is not None and known.definition.kind == CONDITION
            for one, clause in zip(agreement.standing, agreement.clauses, strict=True)
            for known in [self.program.clause(clause.clause)]
        )

    def _over(self, agreement: Agreement) -> Agreement:
        self.told.append(Settled(agreement.id, ENDED_STEP, why=agreement.status))
        return agreement


def _meets(known: CompiledClause, value: float, line: float) -> bool:
    return value >= line if known.definition.sense == "above" else value <= line


def _closed(standing: Standing, status: str, day: float) -> Standing:
    """A clause that was still open when its agreement ended."""
    if standing.status not in (OPEN, WITHHELD):
        return standing
    truth = status if standing.truth in (OPEN, WITHHELD) else standing.truth
    return attrs.evolve(standing, status=status if standing.status == OPEN else WITHHELD, truth=truth, day=day)
