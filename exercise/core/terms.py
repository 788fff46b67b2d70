"""Clauses compiled: for whom each can stand, the cells that it moves and by which it is judged, the causes that it is told as."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import attrs

from exercise.core.bindings import Bound
from exercise.core.clauses import CONDITION, ORDER_PROMISE, RESTRAINT, SECRECY, TRANCHE, ClauseDefinition, ClauseEffect
from exercise.core.definitions import Content
from exercise.core.doctrines import chain_of
from exercise.core.layout import PUBLIC_SEAT
from exercise.core.lowering import Arguments, Cause, Workshop, duration_days
from exercise.language import Builder, Names, Number, parse_unit, static_index

Roles = tuple[str, str, str | None]
"""Giver, receiver and target of a clause."""


@attrs.frozen(slots=True)
class CompiledEffect:
    """A change with the cell that it moves for each filling of the roles; ``days`` is how long it lasts (None: for good)."""

    cells: Mapping[Roles, int]
    add: float
    days: float | None = None
    span: str = ""


@attrs.frozen(slots=True)
class ClauseCauses:
    """The numbers of a clause's causes between two seats: what it brings about, its breach, and their endings by span."""

    kept: int
    breach: int
    endings: Mapping[tuple[int, str], int]


@attrs.frozen(slots=True)
class CompiledClause:
    """A clause with everything looked up. ``causes`` are found by giver, receiver and whether the agreement is public; ``truths`` by
    target, ``readings`` by whose copy of the report and target; ``needs`` by giver.
    """

    definition: ClauseDefinition
    targets: tuple[str | None, ...]
    kept: tuple[CompiledEffect, ...] = ()
    breach: tuple[CompiledEffect, ...] = ()
    causes: Mapping[tuple[str, str, bool], ClauseCauses] = attrs.field(factory=dict)
    truths: Mapping[str, int] = attrs.field(factory=dict)
    readings: Mapping[tuple[str, str], int] = attrs.field(factory=dict)
    needs: Mapping[str, int | None] = attrs.field(factory=dict)

    def reading(self, giver: str, receiver: str, target: str) -> int | None:
        """The cell of the figure by which the condition is judged: the public one, else the receiver's, else the giver's."""
        for owner in (PUBLIC_SEAT, receiver, giver):
            if (owner, target) in self.readings:
                return self.readings[owner, target]
        return None


def lower_clauses(workshop: Workshop, content: Content, views: Mapping[str, Names]) -> tuple[CompiledClause, ...]:
    """Every clause of the content. What its kind lacks, or names in vain, the lint tells."""
    return tuple(_Lowering(workshop, content, views, clause).compiled() for clause in content.clauses)


def lower_accepts(
    workshop: Workshop, content: Content, views: Mapping[str, Names]
) -> dict[tuple[str, str], tuple[tuple[str, int | None], ...]]:
    """What each doctrine signs: clauses with the query of the condition over (seat,), the amount and the days; its base's after its own."""
    by_key = {(one.seat, one.id): one for one in content.doctrines}
    clauses = {clause.id: clause for clause in content.clauses}
    accepted: dict[tuple[str, str], list[tuple[str, int | None]]] = {key: [] for key in by_key}
    for key, lines in accepted.items():
        for link in chain_of(by_key, key):
            bound = Bound({"seat": (0, "seat")}, ((workshop.layout.places[link.seat][1],),))
            for number, line in enumerate(link.accepts):
                if line.clause in clauses:
                    name, wanted = f"doctrine:{link.seat}.{link.id}.accept{number}", [line.when] if line.when else []
                    asked = workshop.conditions(name, bound, wanted, views[link.seat], sizes_of(clauses[line.clause]))
                    lines.append((line.clause, asked))
    return {key: tuple(lines) for key, lines in accepted.items()}


def sizes_of(clause: ClauseDefinition) -> Arguments:
    """What expressions about a clause may name beside the seat: its amount and its days, as the parties have filled them in."""
    amount = clause.amount
    unit, low, high = ("number", 0.0, 1.0) if amount is None else (amount.unit, amount.low, amount.high)
    days = clause.days
    first, last = (0.0, 1.0) if days is None else (float(days.low), float(days.high))
    return {"amount": (0, Number(parse_unit(unit), low, high, False)), "days": (1, Number(parse_unit("days"), first, last, False))}


def bound_seats(content: Content, clause: ClauseDefinition) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who can be the giver and who the receiver: of secrecy everybody."""
    seats = tuple(seat.id for seat in content.seats)
    if clause.kind == SECRECY:
        return seats, seats
    return tuple(one for one in clause.givers if one in seats), tuple(one for one in clause.receivers if one in seats)


@attrs.frozen(slots=True)
class _Lowering:
    """One clause being looked up."""

    workshop: Workshop
    content: Content
    views: Mapping[str, Names]
    clause: ClauseDefinition

    def compiled(self) -> CompiledClause:
        targets = self._targets()
        givers, receivers = bound_seats(self.content, self.clause)
        pairs = [(giver, receiver) for giver, receiver in product(givers, receivers) if giver != receiver]
        roles = [(giver, receiver, target) for giver, receiver in pairs for target in targets]
        kept = self._effects(self.clause.kept, roles)
        breach = self._effects(self.clause.breach, roles)
        return CompiledClause(
            definition=self.clause,
            targets=targets,
            kept=kept,
            breach=breach,
            causes={(*pair, public): self._causes(pair, kept, breach, public=public) for pair in pairs for public in (False, True)},
            truths=self._truths(targets),
            readings=self._readings(targets),
            needs={giver: self._needs(giver) for giver in givers if self.clause.needs},
        )

    def _targets(self) -> tuple[str | None, ...]:
        clause, layout = self.clause, self.workshop.layout
        if clause.kind in (CONDITION, TRANCHE) and clause.of:
            kind = clause.of.partition(".")[0]
            known = layout.entities.get(kind, ())
            return tuple(target for target in (clause.targets or known) if target in known)
        if clause.kind in (ORDER_PROMISE, RESTRAINT):
            orders = {clause.order} if clause.kind == ORDER_PROMISE else set(clause.orders)
            aimed = dict.fromkeys(
                target for one in layout.orders if one.definition.id in orders and one.seat in clause.givers for target in one.targets
            )
            chosen = tuple(target for target in aimed if not clause.targets or target in clause.targets)
            return chosen if clause.kind == ORDER_PROMISE else (None, *(target for target in chosen if target is not None))
        return (None,)

    def _effects(self, effects: tuple[ClauseEffect, ...], roles: list[Roles]) -> tuple[CompiledEffect, ...]:
        return tuple(one for effect in effects if (one := self._effect(effect, roles)) is not None)

    def _effect(self, effect: ClauseEffect, roles: list[Roles]) -> CompiledEffect | None:
        """The cells of an effect; where the path leads nowhere the problem is kept."""
        places = self.workshop.layout.places
        variables = {"giver": (0, "seat"), "receiver": (1, "seat")}
        kinds = {places[target][0] for *_, target in roles if target is not None}
        if len(kinds) == 1 and all(target is not None for *_, target in roles):
            variables["target"] = (2, kinds.pop())
        builder = Builder(self.workshop.scope(Bound(variables, ())))
        address = self.workshop.attempt(effect.on, builder.address)
        days = duration_days(effect.lasts) if effect.lasts else None
        if effect.lasts and days is None:
            self.workshop.problem(effect.on, "duration", f"cannot read the duration '{effect.lasts}'", "write '60 days'")
        if address is None:
            return None
        block, index = address
        if block.values or block.date:
            self.workshop.problem(effect.on, "effect-mode", "a clause adds to numbers, not to dates or listed values")
            return None
        cells: dict[Roles, int] = {}
        for giver, receiver, target in roles:
            row = (places[giver][1], places[receiver][1], 0 if target is None else places[target][1])
            cells[giver, receiver, target] = block.cells[static_index(builder, index, row)]
        return CompiledEffect(cells, effect.add, days, " ".join(effect.lasts.split()))

    def _causes(
        self, pair: tuple[str, str], kept: tuple[CompiledEffect, ...], breach: tuple[CompiledEffect, ...], *, public: bool
    ) -> ClauseCauses:
        clause = self.clause
        known_to = () if public else pair
        words = f"an agreement was broken: {clause.title[:1].lower()}{clause.title[1:]}"
        made = self.workshop.cause(Cause("agreement", clause.id, clause.because, clause.claims, clause.source, known_to=known_to))
        broken = self.workshop.cause(Cause("agreement", f"{clause.id}.breach", words, clause.claims, clause.source, known_to=known_to))
        endings = {
            (cause, effect.span): self.workshop.later(cause, effect.span, ending=True)
            for cause, effects in ((made, kept), (broken, breach))
            for effect in effects
            if effect.days is not None
        }
        return ClauseCauses(made, broken, endings)

    def _truths(self, targets: tuple[str | None, ...]) -> dict[str, int]:
        kind, _, name = self.clause.of.partition(".")
        if (kind, name) not in self.workshop.layout.quantities:
            return {}
        return {target: self.workshop.layout.cell(target, name) for target in targets if target is not None}

    def _readings(self, targets: tuple[str | None, ...]) -> dict[tuple[str, str], int]:
        return {
            (copy.owner, entity): cell
            for copy in self.workshop.layout.reports
            if copy.definition.id == self.clause.monitor and self.clause.of == f"{copy.kind}.{copy.quantity}"
            for entity, cell in zip(copy.about, copy.values, strict=True)
            if entity in targets
        }

    def _needs(self, giver: str) -> int | None:
        seat = Bound({"seat": (0, "seat")}, ((self.workshop.layout.places[giver][1],),))
        wanted = [need.when for need in self.clause.needs]
        return self.workshop.conditions(f"clause:{self.clause.id}:{giver}", seat, wanted, self.views[giver], sizes_of(self.clause))
