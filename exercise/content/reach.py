"""What can never happen: injects whose day lies outside every cut, conditions that no state can meet.

A condition is looked at by the ranges of the quantities in it: ``r.unrest > 120`` never holds, since unrest ends at 100. What depends on a
parameter is only warned of, since parameters are there to be turned.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from exercise.content.findings import Problems, at, error, warning
from exercise.content.measures import is_playable
from exercise.core.calendar import Calendar, calendar_of
from exercise.core.definitions import NOWHERE, Content, Expression, InjectDefinition
from exercise.core.layout import BUILT_IN, block
from exercise.language import (
    Builder,
    Code,
    ExpressionError,
    Instruction,
    Missing,
    Names,
    Number,
    RelationTable,
    Scope,
    names_read,
    parse,
    parse_unit,
)


def reach(content: Content) -> Problems:
    """Every inject, line and rule that can never come."""
    calendars = [calendar_of(cut) for cut in content.cuts if is_playable(cut)]
    for inject in content.injects:
        for name in _unreachable(inject, calendars) if calendars else ():
            message = f"inject {inject.id} can never come: {getattr(inject, name)} lies outside every cut"
            yield error(at(inject.place, name), "unreachable", message, _windows(calendars))
        if inject.not_before is not None and inject.by is not None and inject.not_before > inject.by:
            yield error(
                at(inject.place, "by"), "unreachable", f"inject {inject.id} can never come: it ends before it begins", "not_before <= by"
            )
    yield from _doctrine_dates(content, calendars)
    yield from _conditions(content)


def _windows(calendars: Sequence[Calendar]) -> str:
    told = [f"{calendar.startex} to {calendar.end - dt.timedelta(days=1)}" for calendar in calendars[:3]]
    return f"cuts run from {', '.join(told)}"


def _unreachable(inject: InjectDefinition, calendars: Sequence[Calendar]) -> Iterator[str]:
    """The keys whose day no cut reaches."""
    if inject.kind == "timed" and inject.on is not None and not any(one.startex <= inject.on < one.end for one in calendars):
        yield "on"
    if inject.kind == "absence" and inject.by is not None and not any(turn.start > inject.by for one in calendars for turn in one.turns):
        yield "by"
    if inject.kind == "conditional":
        if inject.not_before is not None and all(inject.not_before >= one.end for one in calendars):
            yield "not_before"
        if inject.by is not None and all(inject.by < one.startex for one in calendars):
            yield "by"


def _doctrine_dates(content: Content, calendars: Sequence[Calendar]) -> Problems:
    for doctrine in content.doctrines:
        for line in doctrine.orders if calendars else ():
            if line.from_ is not None and line.until is not None and line.from_ > line.until:
                yield error(
                    at(line.place, "until"), "unreachable", f"{line.order} is never given: it ends before it begins", "from <= until"
                )
        days = [(line.on, line.place) for line in doctrine.orders] + [(motion.on, motion.place) for motion in doctrine.motions]
        for day, place in days if calendars else ():
            if day is not None and not any(one.startex <= day < one.end for one in calendars):
                yield warning(at(place, "on"), "unreachable", f"{day} lies outside every cut", _windows(calendars))


# --- conditions that never hold -----------------------------------------------------------------------------------------------------


@attrs.frozen(slots=True)
class _Asked:
    """A condition, what cannot happen without it, and what it may name."""

    what: str
    condition: Expression
    binding: str = ""
    let: tuple[tuple[str, Expression], ...] = ()
    arguments: Mapping[str, tuple[int, Number]] = attrs.field(factory=dict)


def _conditions(content: Content) -> Problems:
    names = fixed_names(content)
    parameters = {parameter.id for parameter in content.parameters}
    for asked in _asked(content):
        if _never(asked, names, alone=content.scenario.place == NOWHERE):
            tunable = any(_depends_on(text.text, parameters) for text in (asked.condition, *(text for _, text in asked.let)))
            tell = warning if tunable else error
            code = "unreachable" if asked.what.startswith("inject ") else "never"
            hint = "the value of a parameter makes it so" if tunable else "look at the ranges of the quantities in it"
            yield tell(asked.condition.place, code, f"{asked.what}: this never holds", hint)


def _asked(content: Content) -> Iterator[_Asked]:
    for rule in content.rules:
        let = tuple(rule.let.items())
        conditions = [rule.when, *(effect.when for effect in rule.effects)]
        yield from (_Asked(f"rule {rule.id} can never fire", one, rule.for_, let) for one in conditions if one is not None)
    for inject in content.injects:
        if inject.kind == "conditional" and inject.when is not None:
            yield _Asked(f"inject {inject.id} can never come", inject.when)
    for order in content.orders:
        binding = f"seat seat, {order.target}" if order.target else "seat seat"
        size = order.amount
        known = {} if size is None else {"amount": (0, Number(parse_unit(size.unit), size.low, size.high))}
        for need in (*order.needs, *order.possible):
            yield _Asked(f"order {order.id} can never work", need.when, binding, arguments=known)


def _depends_on(text: str, parameters: set[str]) -> bool:
    try:
        return any(".".join(parts) in parameters for parts in names_read(parse(text)))
    except ExpressionError:
        return True


def _never(asked: _Asked, names: Names, *, alone: bool) -> bool:
    """Whether a condition holds in no state at all. One that cannot be read is for the compiler to tell; in a rulebook ``alone`` there are
    no entities to count.
    """
    variables: dict[str, tuple[int, str]] = {}
    for part in filter(str.strip, asked.binding.split(",")):
        words = part.split()
        if len(words) < 2 or words[0] not in names.kinds:
            return False
        variables[words[1]] = (len(variables), words[0])
    builder = Builder(Scope(names=names, variables=variables, arguments=asked.arguments, features=frozenset({"draw", "past"})))
    try:
        for name, text in asked.let:
            builder.define(name, text.text)
        value = builder.condition(asked.condition.text)
    except ExpressionError:
        return False
    code = builder.finish()
    if alone and any(instruction.op == "reduce" for instruction in code.instructions):
        return False
    return answers(code)[value.id] is False


def answers(code: Code) -> list[bool | None]:
    """For each value of a block that is a condition, the answer that it always has; None when it depends on the state."""
    known: list[bool | None] = []
    for instruction in code.instructions:
        known.append(_answer(instruction, known, code))
    return known


def _answer(instruction: Instruction, known: Sequence[bool | None], code: Code) -> bool | None:
    if instruction.op == "constant":
        return instruction.data if isinstance(instruction.data, bool) else None
    if instruction.op in ("less", "at_most", "equal"):
        left, right = (code.types[part] for part in instruction.args)
        return _compared(instruction.op, left, right) if isinstance(left, Number) and isinstance(right, Number) else None
    if instruction.op == "not":
        inner = known[instruction.args[0]]
        return None if inner is None else not inner
    if instruction.op in ("and", "or"):
        ends = instruction.op == "or"
        parts = [known[part] for part in instruction.args]
        return ends if ends in parts else None if None in parts else not ends
    return None


def _compared(op: str, left: Number, right: Number) -> bool | None:
    if op == "equal":
        return False if left.high < right.low or right.high < left.low else None
    if left.high < right.low or (op == "at_most" and left.high <= right.low):
        return True
    if left.low > right.high or (op == "less" and left.low >= right.high):
        return False
    return None


# --- what words stand for, as far as types and ranges go ------------------------------------------------------------------------------


def fixed_names(content: Content) -> Names:
    """Names for looking at types and ranges: the cells of quantities are of no account, and what leads nowhere is left out."""
    ids = _ids_by_kind(content)
    entities = {entity: (kind, index) for kind, own in ids.items() for index, entity in enumerate(own)}
    blocks = {(one.kind, one.id): block(one, tuple(range(len(ids.get(one.kind, ()))))) for one in (*content.quantities, *BUILT_IN)}
    return Names(
        entities=entities,
        kinds=ids,
        relations={**_relations(content, ids, entities), **_body_relations(content, ids)},
        parameters={one.id: (one.value, parse_unit(one.unit)) for one in content.parameters},
        choices=frozenset(value for one in (*content.quantities, *BUILT_IN) for value in one.values),
        quantity=lambda kind, name: blocks.get((kind, name), Missing(f"a {kind} has no quantity {name}")),
    )


def _ids_by_kind(content: Content) -> dict[str, tuple[str, ...]]:
    ids: dict[str, list[str]] = {kind.id: [] for kind in content.kinds}
    for entity in content.entities:
        ids.setdefault(entity.kind, []).append(entity.id)
    motions = [f"{body.id}_{motion.id}" for body in content.bodies for motion in body.motions]
    orders = [order.id if len(order.seats) == 1 else f"{order.id}_{seat}" for order in content.orders for seat in order.seats]
    built_in: dict[str, tuple[Any, ...]] = {"seat": content.seats, "body": content.bodies, "inject": content.injects}
    return {
        **{kind: tuple(own) for kind, own in ids.items()},
        **{kind: tuple(one.id for one in group) for kind, group in built_in.items()},
        "motion": tuple(motions),
        "order": tuple(orders),
        "ballot": (),
    }


def _relations(
    content: Content, ids: Mapping[str, tuple[str, ...]], entities: Mapping[str, tuple[str, int]]
) -> dict[tuple[str, str], RelationTable]:
    partners = {owner.id: owner.relations for group in (content.entities, content.seats) for owner in group}
    tables: dict[tuple[str, str], RelationTable] = {}
    for one in content.relations:
        rows = [
            tuple(entities[partner][1] for partner in partners.get(id, {}).get(one.id, ()) if entities.get(partner, ("",))[0] == one.to)
            for id in ids.get(one.of, ())
        ]
        tables[one.of, one.id] = RelationTable(one.id, one.of, one.to, one.one and all(len(row) == 1 for row in rows), tuple(rows))
        if one.inverse:
            back = [tuple(index for index, row in enumerate(rows) if far in row) for far in range(len(ids.get(one.to, ())))]
            tables[one.to, one.inverse] = RelationTable(one.inverse, one.to, one.of, False, tuple(back))
    return tables


def _body_relations(content: Content, ids: Mapping[str, tuple[str, ...]]) -> dict[tuple[str, str], RelationTable]:
    seats = {seat: index for index, seat in enumerate(ids["seat"])}
    members = tuple(tuple(seats[member.seat] for member in body.members if member.seat in seats) for body in content.bodies)
    owners = tuple((index,) for index, body in enumerate(content.bodies) for _ in body.motions)
    return {
        ("body", "members"): RelationTable("members", "body", "seat", False, members),
        ("motion", "body"): RelationTable("body", "motion", "body", True, owners),
    }
