"""References that lead nowhere are told and left out, so that the rest of the content can still be compiled and checked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import attrs

from exercise.core.definitions import BodyDefinition, Content, OrderDefinition, ReportDefinition
from exercise.language import did_you_mean
from exercise.language.problem import Place, Problem

T = TypeVar("T")

DANGLING = "unknown-reference"
"""Code of problems found here; a linter may find the same with more care."""


@attrs.define(slots=True)
class _Keeper:
    """Keeps what can be resolved and tells what cannot."""

    problems: list[Problem] = attrs.field(factory=list)

    def keep(
        self, words: tuple[T, ...], known: Callable[[T], bool], name: Callable[[T], str], what: str, all_known: list[str], at: Place
    ) -> tuple[T, ...]:
        """The words that are known; each of the others becomes a problem."""
        for word in words:
            if not known(word):
                self.problems.append(
                    Problem(at, "error", DANGLING, f"there is no {what} {name(word)}", did_you_mean(name(word), all_known))
                )
        return tuple(word for word in words if known(word))


def resolvable(content: Content) -> tuple[Content, tuple[Problem, ...]]:
    """The content with only the references that lead somewhere, and a problem for each that does not."""
    keeper = _Keeper()
    seats = [seat.id for seat in content.seats]
    kinds = {"seat", "body", "motion", "inject", "order", *(kind.id for kind in content.kinds)}
    kinds_by_id = {entity.id: entity.kind for entity in content.entities}
    kinds_by_id |= {seat.id: "seat" for seat in content.seats} | {body.id: "body" for body in content.bodies}

    def seat_list(words: tuple[str, ...], at: Place, also: tuple[str, ...] = ()) -> tuple[str, ...]:
        return keeper.keep(words, lambda word: word in seats or word in also, str, "seat", seats, at)

    def body(one: BodyDefinition) -> BodyDefinition:
        members = keeper.keep(one.members, lambda member: member.seat in seats, lambda member: member.seat, "seat", seats, one.place)
        motions = tuple(attrs.evolve(motion, may_table=seat_list(motion.may_table, motion.place)) for motion in one.motions)
        return attrs.evolve(one, members=members, motions=motions)

    def order(one: OrderDefinition) -> OrderDefinition:
        return attrs.evolve(one, seats=seat_list(one.seats, one.place))

    def report(one: ReportDefinition) -> ReportDefinition:
        kind = one.of.partition(".")[0]
        own = [entity for entity, of in kinds_by_id.items() if of == kind]
        about = keeper.keep(one.about, lambda entity: entity in own, str, kind, own, one.place)
        return attrs.evolve(one, about=about, to=seat_list(one.to, one.place, ("all", "public")))

    measured = {f"{quantity.kind}.{quantity.id}" for quantity in content.quantities if quantity.kind in kinds}
    reports = keeper.keep(
        content.reports, lambda one: one.of in measured, lambda one: one.of, "quantity", sorted(measured), content.scenario.place
    )
    clean = attrs.evolve(
        content,
        quantities=keeper.keep(
            content.quantities, lambda one: one.kind in kinds, lambda one: one.kind, "kind", sorted(kinds), content.scenario.place
        ),
        bodies=tuple(body(one) for one in content.bodies),
        orders=tuple(order(one) for one in content.orders),
        reports=tuple(report(one) for one in reports),
        doctrines=keeper.keep(
            content.doctrines, lambda one: one.seat in seats, lambda one: one.seat, "seat", seats, content.scenario.place
        ),
    )
    return clean, tuple(keeper.problems)
