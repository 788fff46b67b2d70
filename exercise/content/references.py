"""Words that name other tables: kinds, seats, orders, motions, entities, and what can be said of them as fixed facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from exercise.content.findings import Problems, at, error, unknown, warning
from exercise.content.positions import NAME
from exercise.core.cuts import module_of
from exercise.core.definitions import (
    NOWHERE,
    BodyDefinition,
    Content,
    DoctrineDefinition,
    EntityDefinition,
    MotionDefinition,
    SeatDefinition,
)
from exercise.core.layout import BUILT_IN, motion_id
from exercise.language.problem import Place

BUILT_IN_KINDS = ("seat", "body", "motion", "order", "inject")
"""Kinds that the engine itself has."""
MOST_ORDERS = 20
"""Orders of its own with which a seat's menu can still be read."""
DECISIONS = ("consensus", "silence", "majority", "consensus_minus_one")
"""Decision rules of bodies."""


def references(content: Content) -> Problems:
    """Every word that leads nowhere."""
    checks: tuple[Callable[[Content], Problems], ...] = (
        _head,
        _kinds,
        _stages,
        _owners,
        _cuts,
        _starts,
        _reports,
        _orders,
        _bodies,
        _injects,
        _doctrines,
        _facts,
        _seats,
        _map,
        _cycles,
    )
    for check in checks:
        yield from check(content)


def each_unknown(place: Place, field: str, words: Iterable[str], what: str, known: Iterable[str], also: tuple[str, ...] = ()) -> Problems:
    """Those words of a list that are not known."""
    names = set(known)
    for index, word in enumerate(words):
        if word not in names and word not in also:
            yield unknown(at(place, field, index), what, word, names)


def _head(content: Content) -> Problems:
    head = content.scenario
    if head.place == NOWHERE:
        return
    cuts = [cut.id for cut in content.cuts]
    if not cuts:
        yield error(head.place, "no-cut", "the scenario has no cut, so there is nothing to play", "add a [[cut]] with its calendar")
    elif head.default_cut not in cuts:
        yield unknown(at(head.place, "default_cut"), "cut", head.default_cut, cuts)


# --- the rulebook -------------------------------------------------------------------------------------------------------------------


def _kinds(content: Content) -> Problems:
    declared = {kind.id for kind in content.kinds}
    kinds = {*declared, *BUILT_IN_KINDS}
    for kind in content.kinds:
        if kind.id in BUILT_IN_KINDS:
            yield error(at(kind.place, "id"), "duplicate", f"the kind {kind.id} is built in", "choose another id")
    for quantity in content.quantities:
        if quantity.kind not in kinds:
            yield unknown(at(quantity.place, "kind"), "kind", quantity.kind, kinds)
    for relation in content.relations:
        for end in ("of", "to"):
            if getattr(relation, end) not in kinds:
                yield unknown(at(relation.place, end), "kind", getattr(relation, end), kinds)
    for entity in content.entities:
        if entity.kind in BUILT_IN_KINDS:
            yield error(at(entity.place, "kind"), "unknown-kind", f"a {entity.kind} has a table of its own", f"write [[{entity.kind}]]")
        elif entity.kind not in declared:
            yield unknown(at(entity.place, "kind"), "kind", entity.kind, declared)


def _stages(content: Content) -> Problems:
    stages = [stage.id for stage in content.stages]
    for rule in content.rules:
        if rule.stage not in stages:
            yield unknown(at(rule.place, "stage"), "stage", rule.stage, stages)


def kinds_of(content: Content) -> dict[str, str]:
    """The kind of everything that relations and reports may speak of, by id."""
    named = {entity.id: entity.kind for entity in content.entities}
    return named | {seat.id: "seat" for seat in content.seats} | {body.id: "body" for body in content.bodies}


def _owners(content: Content) -> Problems:
    """Own values at STARTEX, and partners."""
    quantities = {(quantity.kind, quantity.id) for quantity in content.quantities}
    relations = {(relation.of, relation.id): relation for relation in content.relations}
    kinds, known_kinds = kinds_of(content), {*BUILT_IN_KINDS, *(kind.id for kind in content.kinds)}
    owners: list[EntityDefinition | SeatDefinition | BodyDefinition] = [*content.entities, *content.seats, *content.bodies]
    for owner in owners:
        kind = kinds[owner.id]
        if kind not in known_kinds:
            continue
        for index, start in enumerate(owner.start):
            if (kind, start.quantity) not in quantities:
                known = [name for of, name in quantities if of == kind]
                yield unknown(at(owner.place, "start", index, "quantity"), "quantity", start.quantity, known)
        given = {} if isinstance(owner, BodyDefinition) else owner.relations
        for relation, partners in given.items():
            yield from _partners(at(owner.place, "relations", relation), kind, relation, partners, relations, kinds)
        for (of, name), declared in relations.items():
            if of == kind != declared.to and declared.one and name not in given:
                message = f"{owner.id} has no {name}, and every {kind} has one"
                yield error(owner.place, "missing-partner", message, f'write relations = {{ {name} = ["..."] }}')


def _cuts(content: Content) -> Problems:
    """Modules that cuts do without."""
    modules = modules_of(content)
    for cut in content.cuts:
        yield from each_unknown(cut.place, "without", cut.without, "module", modules)


def modules_of(content: Content) -> tuple[str, ...]:
    """The modules that tables may belong to: those that the scenario names, or of a rulebook alone those whose files were read."""
    if content.scenario.place != NOWHERE:
        return content.scenario.modules
    return tuple({module: None for group in (content.rules, content.parameters) for one in group if (module := module_of(one.place))})


def _starts(content: Content) -> Problems:
    """How cuts begin: the cut, the entity and its quantities."""
    cuts, kinds = [cut.id for cut in content.cuts], kinds_that_begin(content)
    quantities = {(quantity.kind, quantity.id) for quantity in (*content.quantities, *BUILT_IN)}
    met: set[tuple[str, str, str]] = set()
    for start in content.starts:
        yield from each_unknown(start.place, "cuts", start.cuts, "cut", cuts)
        kind = kinds.get(start.entity)
        if kind is None:
            yield unknown(at(start.place, "entity"), "entity", start.entity, kinds)
            continue
        if not start.cuts:
            yield error(at(start.place, "cuts"), "nobody", "no cut begins so", 'cuts = ["..."]')
        known = [name for of, name in quantities if of == kind]
        for index, value in enumerate(start.values):
            place = at(start.place, "values", index, "quantity")
            if value.quantity not in known:
                yield unknown(place, "quantity", value.quantity, known)
            for cut in start.cuts:
                if (cut, start.entity, value.quantity) in met:
                    message = f"{start.entity} has two starts of {value.quantity} in the cut {cut}"
                    yield error(place, "duplicate", message, "keep one")
                met.add((cut, start.entity, value.quantity))


def kinds_that_begin(content: Content) -> dict[str, str]:
    """The kind of everything that a cut can give values to, by id."""
    orders = {(order.id if len(order.seats) == 1 else f"{order.id}_{seat}"): "order" for order in content.orders for seat in order.seats}
    motions = {motion_id(body.id, motion.id): "motion" for body in content.bodies for motion in body.motions}
    return orders | motions | {inject.id: "inject" for inject in content.injects} | kinds_of(content)


def _partners(
    place: Place, kind: str, relation: str, partners: tuple[str, ...], relations: Mapping[tuple[str, str], Any], kinds: Mapping[str, str]
) -> Problems:
    known = relations.get((kind, relation))
    if known is None:
        yield unknown(at(place, NAME), "relation", relation, [name for of, name in relations if of == kind])
        return
    if known.one and len(partners) != 1:
        yield error(place, "partners", f"{relation} leads to exactly one {known.to}, not to {len(partners)}", "name one")
    for index, partner in enumerate(partners if known.to in {*BUILT_IN_KINDS, *kinds.values()} else ()):
        if kinds.get(partner) != known.to:
            yield unknown(at(place, index), known.to, partner, [entity for entity, of in kinds.items() if of == known.to])


def _reports(content: Content) -> Problems:
    measured = {f"{quantity.kind}.{quantity.id}" for quantity in content.quantities}
    seats = [seat.id for seat in content.seats]
    kinds = kinds_of(content)
    for report in content.reports:
        if report.of not in measured:
            yield unknown(at(report.place, "of"), "quantity", report.of, measured)
            continue
        kind = report.of.partition(".")[0]
        yield from each_unknown(report.place, "about", report.about, kind, [one for one, of in kinds.items() if of == kind])
        yield from each_unknown(report.place, "to", report.to, "seat", seats, ("all", "public"))
        if not report.to:
            yield error(at(report.place, "to"), "nobody", "the report reaches nobody", 'to = ["public"], ["all"] or seats')


# --- seats and what they do -----------------------------------------------------------------------------------------------------------


def _orders(content: Content) -> Problems:
    seats = [seat.id for seat in content.seats]
    resources = {quantity.id for quantity in content.quantities if quantity.kind == "seat"}
    for order in content.orders:
        yield from each_unknown(order.place, "seats", order.seats, "seat", seats)
        yield from each_unknown(order.place, "shown_to", order.shown_to, "seat", seats)
        if not order.seats:
            yield error(at(order.place, "seats"), "nobody", f"nobody may give the order {order.id}", "name its seats")
        for index, cost in enumerate(order.costs):
            if cost.resource not in resources:
                yield unknown(at(order.place, "costs", index, "resource"), "resource", cost.resource, resources)


def _bodies(content: Content) -> Problems:
    seats = [seat.id for seat in content.seats]
    for body in content.bodies:
        members = [member.seat for member in body.members]
        for index, member in enumerate(members):
            if member not in seats:
                yield unknown(at(body.place, "members", index, "seat"), "seat", member, seats)
            elif member in members[:index]:
                yield error(
                    at(body.place, "members", index, "seat"), "duplicate", f"{member} is a member of {body.id} twice", "name it once"
                )
        if not members:
            yield error(at(body.place, "members"), "no-members", f"{body.id} has no members", 'members = [{ seat = "..." }]')
        if not body.motions:
            yield error(at(body.place, "motions"), "no-motions", f"{body.id} has nothing to decide on", "add [[body.motions]]")
        for motion in body.motions:
            yield from _motion(body, motion, members, seats)
        yield from _fallbacks(body)


def _motion(body: BodyDefinition, motion: MotionDefinition, members: list[str], seats: list[str]) -> Problems:
    yield from each_unknown(motion.place, "may_table", motion.may_table, "seat", seats)
    for index, position in enumerate(motion.positions):
        if position.member not in ("*", *members) and set(members) <= set(seats):
            yield unknown(at(motion.place, "positions", index, "member"), "member", position.member, members)
    if motion.fallback and motion.fallback not in [other.id for other in body.motions]:
        yield unknown(at(motion.place, "fallback"), "motion", motion.fallback, [other.id for other in body.motions if other is not motion])
    if motion.decision and motion.decision not in DECISIONS:
        yield unknown(at(motion.place, "decision"), "decision", motion.decision, DECISIONS)


def _fallbacks(body: BodyDefinition) -> Problems:
    step = {motion.id: motion.fallback for motion in body.motions if motion.fallback}
    for motion in body.motions:
        if leads_back(motion.id, step):
            message = f"the fallback of {motion.id} leads back to it"
            yield error(at(motion.place, "fallback"), "cyclic-fallback", message, "the last motion of a chain has no fallback")


def leads_back(start: str, step: Mapping[str, str]) -> bool:
    """Whether a chain of single steps comes back to where it began."""
    seen, here = {start}, step.get(start, "")
    while here and here not in seen:
        seen.add(here)
        here = step.get(here, "")
    return here == start


def _injects(content: Content) -> Problems:
    seats = [seat.id for seat in content.seats]
    numbers: dict[int, str] = {}
    for inject in content.injects:
        if inject.number in numbers:
            message = f"injects {numbers[inject.number]} and {inject.id} have one number {inject.number}"
            yield error(at(inject.place, "number"), "duplicate", message, f"the next free number is {max(numbers) + 1}")
        numbers.setdefault(inject.number, inject.id)
        yield from each_unknown(inject.place, "to", inject.to, "seat", seats, ("all",))


def _doctrines(content: Content) -> Problems:
    seats = [seat.id for seat in content.seats]
    orders = {(seat, order.id) for order in content.orders for seat in order.seats}
    motions = {(body.id, motion.id) for body in content.bodies for motion in body.motions}
    own: dict[str, dict[str, str]] = {}
    for doctrine in content.doctrines:
        own.setdefault(doctrine.seat, {})[doctrine.id] = doctrine.base
    for doctrine in content.doctrines:
        if doctrine.seat not in seats:
            yield unknown(at(doctrine.place, "seat"), "seat", doctrine.seat, seats)
            continue
        if doctrine.base and doctrine.base not in own[doctrine.seat]:
            yield unknown(at(doctrine.place, "base"), "doctrine", doctrine.base, own[doctrine.seat])
        elif leads_back(doctrine.id, own[doctrine.seat]):
            message = f"the base of {doctrine.id} leads back to it"
            yield error(at(doctrine.place, "base"), "cyclic-base", message, "the last doctrine of a chain has no base")
        yield from _doctrine_words(doctrine, orders, motions)
    for seat in content.seats:
        if "default" not in own.get(seat.id, {}):
            yield error(seat.place, "no-doctrine", f"{seat.id} has no default doctrine", 'add a [[doctrine]] with id = "default"')


def _doctrine_words(doctrine: DoctrineDefinition, orders: set[tuple[str, str]], motions: set[tuple[str, str]]) -> Problems:
    for index, line in enumerate(doctrine.orders):
        if (doctrine.seat, line.order) not in orders:
            known = [order for seat, order in orders if seat == doctrine.seat]
            yield unknown(at(doctrine.place, "orders", index, "order"), "order", line.order, known)
    bodies = {body for body, _ in motions}
    named = [("motions", index, one.body, one.motion) for index, one in enumerate(doctrine.motions)]
    named += [("votes", index, one.body, one.motion) for index, one in enumerate(doctrine.votes)]
    for field, index, body, motion in named:
        if body not in bodies:
            yield unknown(at(doctrine.place, field, index, "body"), "body", body, bodies)
        elif (body, motion) not in motions:
            yield unknown(at(doctrine.place, field, index, "motion"), "motion", motion, [own for of, own in motions if of == body])


def _facts(content: Content) -> Problems:
    cuts = [cut.id for cut in content.cuts]
    for fact in content.facts:
        yield from each_unknown(fact.place, "cut", fact.cut, "cut", cuts)


def _seats(content: Content) -> Problems:
    counts: dict[str, int] = {}
    able = {seat for order in content.orders for seat in order.seats}
    for order in content.orders:
        if len(order.seats) == 1:
            counts[order.seats[0]] = counts.get(order.seats[0], 0) + 1
    for seat in content.seats:
        if not seat.playable:
            continue
        if seat.id not in able:
            yield warning(seat.place, "orders", f"{seat.id} can be played and can do nothing", "add an [[order]] of its own")
        elif counts.get(seat.id, 0) > MOST_ORDERS:
            yield warning(seat.place, "orders", f"{seat.id} has {counts[seat.id]} orders of its own", f"up to {MOST_ORDERS} fit a menu")
        if not seat.briefing.strip():
            yield error(seat.place, "no-briefing", f"{seat.id} can be played and has no briefing", "briefing = three minutes of reading")


def _map(content: Content) -> Problems:
    if content.map is None:
        return
    known = {entity.id for entity in content.entities}
    for letter, entity in content.map.legend.items():
        if entity not in known:
            yield unknown(at(content.map.place, "legend", letter), "entity", entity, known)
    for place in content.map.places:
        if place.entity not in known:
            yield unknown(at(place.place, "entity"), "entity", place.entity, known)


def _cycles(content: Content) -> Problems:
    """To-one relations within a kind that lead back to where they began."""
    inner = {(relation.of, relation.id) for relation in content.relations if relation.one and relation.of == relation.to}
    for kind, relation in sorted(inner):
        step = {
            entity.id: entity.relations[relation][0]
            for entity in content.entities
            if entity.kind == kind and entity.relations.get(relation)
        }
        for entity in content.entities:
            if entity.kind == kind and leads_back(entity.id, step):
                place = at(entity.place, "relations", relation)
                yield error(
                    place, "cyclic-relation", f"{relation} of {entity.id} leads back to {entity.id}", "a chain of single partners must end"
                )
