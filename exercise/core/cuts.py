"""The content as one cut has it: without the modules that the cut does without, and with the values at which it begins.

A module that is left out takes with it the quantities, parameters, rules and assessments of its file in the rulebook, every table that says
that it belongs to it, and what in other tables only named those: lines of doctrines, members, audiences. Nothing of it has a cell, so a cut
without a module plays as if the module had never been written.
"""

from __future__ import annotations

from typing import Any

import attrs

from exercise.core.definitions import (
    BodyDefinition,
    ClauseDefinition,
    Content,
    Cut,
    DoctrineDefinition,
    Expression,
    InjectDefinition,
    OrderDefinition,
    ReportDefinition,
    StartDefinition,
    StartValue,
)
from exercise.language.problem import Place

RULEBOOK = "rules/"
"""Beginning of the names of files that belong to a module of the rulebook."""
OF_SEATS = ("public_aims", "private_interests", "red_lines")
"""Words of a seat that a cut's beginning may replace."""
OF_FILES = ("quantities", "parameters", "rules", "assessments")
"""Tables of a module that leave with its file."""


def content_of_cut(content: Content, cut: Cut) -> Content:
    """The content that a program of this cut is made of."""
    kept = _without(content, frozenset(cut.without))
    begun = [start for start in content.starts if cut.id in start.cuts]
    return _started(kept, begun) if content.starts else kept


def module_of(place: Place) -> str:
    """The module of the rulebook in whose file a table stands; empty for tables of the scenario."""
    return place.file.removeprefix(RULEBOOK).removesuffix(".toml") if place.file.startswith(RULEBOOK) else ""


# --- what is left out ---------------------------------------------------------------------------------------------------------------


def _without(content: Content, gone: frozenset[str]) -> Content:
    tables: dict[str, Any] = {
        field.name: tuple(
            _pruned(one, gone) for one in group if not (field.name in OF_FILES and module_of(one.place) in gone) and _stays(one, gone)
        )
        for field in attrs.fields(Content)
        if field.name != "files" and isinstance(group := getattr(content, field.name), tuple)
    }
    return _consistent(content, attrs.evolve(content, **tables))


def _stays(one: Any, gone: frozenset[str]) -> bool:
    other = getattr(one, "instead_of", "")
    return getattr(one, "module", "") not in gone and (not other or other in gone)


def _pruned(one: Any, gone: frozenset[str]) -> Any:
    """A table without the tables inside it that belong to what is left out."""
    changed: dict[str, Any] = {}
    for field in attrs.fields(type(one)):
        value = getattr(one, field.name)
        if isinstance(value, tuple) and value and attrs.has(type(value[0])) and not isinstance(value[0], Expression):
            kept = tuple(_pruned(item, gone) for item in value if _stays(item, gone))
            if kept != value:
                changed[field.name] = kept
    return attrs.evolve(one, **changed) if changed else one


def _consistent(whole: Content, kept: Content) -> Content:
    """Without what names seats, orders and motions of the whole that are left out; what leads nowhere in the whole stays, to be told."""
    lost = {seat.id for seat in whole.seats} - {seat.id for seat in kept.seats}
    orders = {order.id for order in whole.orders} - {order.id for order in kept.orders}
    motions = _motions(whole) - _motions(kept)
    entities = {one.id for one in whole.entities} - {one.id for one in kept.entities}
    measured = {(one.kind, one.id) for one in whole.quantities} - {(one.kind, one.id) for one in kept.quantities}
    gone = {
        one.id
        for one in whole.clauses
        if one.order in orders
        or (one.orders and orders.issuperset(one.orders))
        or (one.motions and motions.issuperset(tuple(motion.split(".", 1)) for motion in one.motions))
        or (one.targets and entities.issuperset(one.targets))
        or tuple(one.of.split(".", 1)) in measured
        or _only(one.givers, lost)
        or _only(one.receivers, lost)
    } | ({one.id for one in whole.clauses} - {one.id for one in kept.clauses})

    def seats(words: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(word for word in words if word not in lost)

    def body(one: BodyDefinition) -> BodyDefinition:
        inner = tuple(
            attrs.evolve(
                motion,
                may_table=seats(motion.may_table),
                positions=tuple(position for position in motion.positions if position.member not in lost),
            )
            for motion in one.motions
        )
        return attrs.evolve(one, members=tuple(member for member in one.members if member.seat not in lost), motions=inner)

    def doctrine(one: DoctrineDefinition) -> DoctrineDefinition:
        return attrs.evolve(
            one,
            orders=tuple(line for line in one.orders if line.order not in orders),
            motions=tuple(line for line in one.motions if (line.body, line.motion) not in motions),
            votes=tuple(line for line in one.votes if (line.body, line.motion) not in motions),
            accepts=tuple(line for line in one.accepts if line.clause not in gone),
        )

    def order(one: OrderDefinition) -> OrderDefinition:
        return attrs.evolve(one, seats=seats(one.seats), shown_to=seats(one.shown_to))

    def clause(one: ClauseDefinition) -> ClauseDefinition:
        return attrs.evolve(
            one,
            givers=seats(one.givers),
            receivers=seats(one.receivers),
            orders=tuple(order for order in one.orders if order not in orders),
            motions=tuple(motion for motion in one.motions if tuple(motion.split(".", 1)) not in motions),
            targets=tuple(target for target in one.targets if target not in entities),
        )

    def told(one: InjectDefinition | ReportDefinition) -> Any:
        return attrs.evolve(one, to=seats(one.to))

    return attrs.evolve(
        kept,
        orders=tuple(order(one) for one in kept.orders),
        bodies=tuple(body(one) for one in kept.bodies),
        injects=tuple(told(one) for one in kept.injects),
        reports=tuple(told(one) for one in kept.reports),
        doctrines=tuple(doctrine(one) for one in kept.doctrines if one.seat not in lost),
        clauses=tuple(clause(one) for one in kept.clauses if one.id not in gone),
    )


def _only(seats: tuple[str, ...], lost: set[str]) -> bool:
    """Whether there are seats, and all of them are left out."""
    return bool(seats) and lost.issuperset(seats)


def _motions(content: Content) -> set[tuple[str, str]]:
    return {(body.id, motion.id) for body in content.bodies for motion in body.motions}


# --- how it begins ------------------------------------------------------------------------------------------------------------------


def _started(content: Content, starts: list[StartDefinition]) -> Content:
    """Names, words and own values as these cuts have them; values of what has no table of its own stay in ``starts`` for the layout."""
    by_entity: dict[str, list[StartDefinition]] = {}
    for start in starts:
        by_entity.setdefault(start.entity, []).append(start)

    def begun(owner: Any) -> Any:
        for start in by_entity.get(owner.id, ()):
            words = "briefing" if hasattr(owner, "briefing") else "about"
            given: dict[str, Any] = {"start": _merged(owner.start, start.values)}
            if start.name:
                given["name"] = start.name
            if start.about and hasattr(owner, words):
                given[words] = start.about
            given |= {field: told for field in OF_SEATS if hasattr(owner, field) and (told := getattr(start, field))}
            owner = attrs.evolve(owner, **given)
        return owner

    return attrs.evolve(
        content,
        entities=tuple(begun(one) for one in content.entities),
        seats=tuple(begun(one) for one in content.seats),
        bodies=tuple(begun(one) for one in content.bodies),
        starts=tuple(starts),
    )


def _merged(own: tuple[StartValue, ...], given: tuple[StartValue, ...]) -> tuple[StartValue, ...]:
    replaced = {start.quantity for start in given}
    return (*(start for start in own if start.quantity not in replaced), *given)
