"""What words in content stand for: in truth, and as one seat knows it.

Truth reads the world's cells. A seat's view reads its own quantities, what is public, and its reports; of the rest it has no more than the
ordinary value (the quantity's start), so that nothing a seat decides by can depend on what it was never told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import attrs

from exercise.core.definitions import Content
from exercise.core.layout import PUBLIC_SEAT, Layout, ballot_id, motion_id
from exercise.core.outcomes import audience
from exercise.language import Block, Missing, Names, RelationTable, did_you_mean, parse_unit

BODY_RELATIONS = (("body", "members", "seat"), ("motion", "body", "body"), ("motion", "ballots", "ballot"), ("ballot", "member", "seat"))


def truth_names(content: Content, layout: Layout) -> Names:
    """Names that read the world itself."""

    def quantity(kind: str, name: str) -> Block | Missing:
        block = layout.blocks.get((kind, name))
        return block if block is not None else _unknown(layout, kind, name)

    return _names(content, layout, quantity)


def view_names(content: Content, layout: Layout, seat: str, base: Names) -> Names:
    """Names that read only what this seat knows."""
    return attrs.evolve(base, quantity=_ViewReader(content, layout, seat))


@attrs.frozen(slots=True)
class _ViewReader:
    """Finds the cells in which a seat reads a quantity."""

    content: Content
    layout: Layout
    seat: str

    def __call__(self, kind: str, name: str) -> Block | Missing:
        """The quantity's block with each entity's cell replaced by what the seat reads."""
        truth = self.layout.blocks.get((kind, name))
        if truth is None:
            return _unknown(self.layout, kind, name)
        prior = self.layout.priors[kind, name]
        known = self._own(kind, truth)
        if known is None:
            known = self._reported(kind, name)
        if known is None:
            known = dict(enumerate(truth.cells)) if self.layout.quantities[kind, name].known == "public" else {}
        if not known and truth.cells:
            return Missing(
                f"{self.seat} has no report of {kind}.{name}", "add a report of it to this seat, or use a quantity that it is told of"
            )
        return attrs.evolve(truth, cells=tuple(known.get(index, prior) for index in range(len(truth.cells))))

    def _own(self, kind: str, truth: Block) -> dict[int, int] | None:
        if kind == "seat" and self.layout.quantities[kind, truth.name].known != "public":
            index = self.layout.places[self.seat][1]
            return {index: truth.cells[index]}
        if kind == "order":
            own = self.layout.own_orders(self.seat)
            return {index: truth.cells[index] for index in own}
        if kind == "inject":
            told = [n for n, inject in enumerate(self.content.injects) if self._hears(inject.to)]
            return {index: truth.cells[index] for index in told}
        return None

    def _hears(self, to: tuple[str, ...]) -> bool:
        reach = audience(to)
        return reach == "all" or self.seat in reach

    def _reported(self, kind: str, name: str) -> dict[int, int] | None:
        if self.layout.quantities[kind, name].known == "public":
            return None
        best: dict[int, tuple[int, int]] = {}
        for copy in self.layout.reports:
            if copy.owner in (self.seat, PUBLIC_SEAT) and (copy.kind, copy.quantity) == (kind, name):
                for entity, cell in zip(copy.about, copy.values, strict=True):
                    index = self.layout.places[entity][1]
                    if index not in best or copy.definition.priority > best[index][0]:
                        best[index] = (copy.definition.priority, cell)
        return {index: cell for index, (_, cell) in best.items()}


def _unknown(layout: Layout, kind: str, name: str) -> Missing:
    own = sorted({quantity for of, quantity in layout.quantities if of == kind})
    return Missing(f"a {kind} has no quantity {name}", did_you_mean(name, own, f"a {kind} has {', '.join(own) or 'no quantities'}"))


def _names(content: Content, layout: Layout, quantity: Callable[[str, str], Block | Missing]) -> Names:
    choices = {value for declared in layout.quantities.values() for value in declared.values}
    return Names(
        entities=dict(layout.places),
        kinds=dict(layout.entities),
        relations=_relations(content, layout),
        parameters={parameter.id: (parameter.value, parse_unit(parameter.unit)) for parameter in content.parameters},
        choices=frozenset(choices),
        quantity=quantity,
        tuned=layout.tuned,
    )


def _relations(content: Content, layout: Layout) -> Mapping[tuple[str, str], RelationTable]:
    partners = {entity.id: entity.relations for group in (content.entities, content.seats) for entity in group}
    tables: dict[tuple[str, str], RelationTable] = {}
    for relation in content.relations:
        rows = tuple(
            tuple(
                layout.places[partner][1]
                for partner in partners.get(entity, {}).get(relation.id, ())
                if layout.places.get(partner, ("",))[0] == relation.to
            )
            for entity in layout.entities.get(relation.of, ())
        )
        one = relation.one and all(len(row) == 1 for row in rows)
        tables[relation.of, relation.id] = RelationTable(relation.id, relation.of, relation.to, one, rows)
        if relation.inverse:
            back = _inverse(rows, len(layout.entities.get(relation.to, ())))
            tables[relation.to, relation.inverse] = RelationTable(relation.inverse, relation.to, relation.of, False, back)
    for of, name, to in BODY_RELATIONS:
        tables[of, name] = RelationTable(name, of, to, name in ("body", "member"), _body_rows(content, layout, name))
    return tables


def _inverse(rows: tuple[tuple[int, ...], ...], count: int) -> tuple[tuple[int, ...], ...]:
    back: list[list[int]] = [[] for _ in range(count)]
    for index, row in enumerate(rows):
        for partner in row:
            back[partner].append(index)
    return tuple(tuple(row) for row in back)


def _body_rows(content: Content, layout: Layout, name: str) -> tuple[tuple[int, ...], ...]:
    def at(entity: str) -> int:
        return layout.places[entity][1]

    rows: list[tuple[int, ...]] = []
    for body in content.bodies:
        seats = [member.seat for member in body.members]
        motions = [motion_id(body.id, motion.id) for motion in body.motions]
        if name == "members":
            rows.append(tuple(at(seat) for seat in seats))
        elif name == "body":
            rows.extend((at(body.id),) for _ in motions)
        elif name == "ballots":
            rows.extend(tuple(at(ballot_id(motion, seat)) for seat in seats) for motion in motions)
        else:
            rows.extend((at(seat),) for _ in motions for seat in seats)
    return tuple(rows)
