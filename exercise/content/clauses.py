"""What is wrong with clauses: words that lead nowhere, keys that a kind does not have or cannot do without, ranges that are none.

Paths of effects and conditions are looked at by the compiler.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from exercise.content.findings import Problems, at, error, unknown, warning
from exercise.content.references import each_unknown, kinds_of
from exercise.core.agreements import LONGEST_DAYS
from exercise.core.clauses import (
    CONDITION,
    ORDER_PROMISE,
    RESTRAINT,
    SECRECY,
    TRANCHE,
    VOTE_PROMISE,
    ClauseDefinition,
    Size,
)
from exercise.core.definitions import Content, DoctrineDefinition, OrderDefinition, QuantityDefinition, ReportDefinition
from exercise.core.layout import bounds
from exercise.language.problem import Place

NEEDED = {
    TRANCHE: ("resource", "amount", "days"),
    CONDITION: ("of", "sense", "amount", "monitor", "days"),
    ORDER_PROMISE: ("order", "days"),
    VOTE_PROMISE: ("motions",),
    RESTRAINT: ("orders",),
    SECRECY: (),
}
"""Keys that a clause of each kind needs, beside its parties."""
ALSO = {
    TRANCHE: ("of", "sense", "line", "monitor", "targets"),
    CONDITION: ("targets",),
    ORDER_PROMISE: ("amount", "targets"),
    VOTE_PROMISE: (),
    RESTRAINT: ("targets",),
    SECRECY: (),
}
"""Keys that it may have."""
MEASURED = ("of", "sense", "line", "monitor")
"""Keys of a tranche that has a condition: all of them or none."""
OF_KINDS = ("resource", "amount", "of", "sense", "line", "monitor", "targets", "order", "orders", "motions", "days")
PLACEHOLDERS = ("{giver}", "{receiver}", "{target}", "{amount}", "{line}", "{days}", "{vote}", "{motion}", "{order}")

_BRACES = re.compile(r"\{[^{}]*\}")


def clauses(content: Content) -> Problems:
    """Everything wrong with the clauses of the content, and with what doctrines accept."""
    for clause in content.clauses:
        yield from _parties(content, clause)
        yield from _keys(clause)
        yield from _texts(clause)
        yield from _ranges(clause)
        yield from _money(content, clause)
        yield from _measured(content, clause)
        yield from _orders(content, clause)
        yield from _motions(content, clause)
        yield from _effects(content, clause)
    for doctrine in content.doctrines:
        yield from _accepts(content, doctrine)


def _parties(content: Content, clause: ClauseDefinition) -> Problems:
    seats = [seat.id for seat in content.seats]
    for field in ("givers", "receivers"):
        named = getattr(clause, field)
        yield from each_unknown(clause.place, field, named, "seat", seats)
        if clause.kind == SECRECY and named:
            yield warning(at(clause.place, field), "unused", f"secrecy binds all parties, and nobody looks at {field}", "leave it out")
        elif clause.kind != SECRECY and not named:
            yield error(at(clause.place, field), "nobody", f"{clause.id} has no {field}", f'{field} = ["..."]')
    both = {*clause.givers, *clause.receivers}
    if clause.kind != SECRECY and clause.givers and clause.receivers and len(both) == 1:
        yield error(at(clause.place, "receivers"), "nobody", f"{clause.id} binds {both.pop()} to itself alone", "name another seat")


def _keys(clause: ClauseDefinition) -> Problems:
    given = [key for key in OF_KINDS if getattr(clause, key)]
    for key in NEEDED[clause.kind]:
        if key not in given:
            message = f"a clause of kind {clause.kind} needs {key}"
            yield error(at(clause.place, "kind"), "missing-key", message, f"it needs {', '.join(NEEDED[clause.kind]) or 'nothing more'}")
    for key in given:
        if key not in (*NEEDED[clause.kind], *ALSO[clause.kind]):
            yield warning(at(clause.place, key), "unused", f"a clause of kind {clause.kind} does not look at {key}", "leave it out")
    if clause.kind == TRANCHE:
        missing = [key for key in MEASURED if key not in given]
        if missing and len(missing) < len(MEASURED):
            message = f"the condition of {clause.id} has no {' and no '.join(missing)}"
            yield error(at(clause.place, "kind"), "missing-key", message, f"a condition has {', '.join(MEASURED)}")
        elif missing and clause.targets:
            yield warning(at(clause.place, "targets"), "unused", "without a condition a tranche has no target", "leave it out")
    if clause.kind == SECRECY and clause.kept:
        yield warning(at(clause.place, "kept"), "unused", "nobody in particular keeps a secret", "leave it out; breach has a giver")


def _texts(clause: ClauseDefinition) -> Problems:
    for match in _BRACES.finditer(clause.text):
        if match.group() not in PLACEHOLDERS:
            there = Place(clause.place.file, 0, match.start(), (*clause.place.path, "text"))
            yield error(there, "placeholder", f"{match.group()[:40]} stands for nothing", f"placeholders are {', '.join(PLACEHOLDERS)}")


def _ranges(clause: ClauseDefinition) -> Problems:
    for key in ("amount", "line"):
        size: Size | None = getattr(clause, key)
        if size is None:
            continue
        place = at(clause.place, key)
        if size.low > size.high or (clause.kind in (TRANCHE, ORDER_PROMISE) and key == "amount" and size.low <= 0):
            message = f"{clause.id} offers {size.low:g} to {size.high:g}"
            yield error(at(place, "low"), "out-of-range", message, "low, then high; what is paid lies above 0")
        elif not size.low <= size.default <= size.high:
            message = f"what is offered first lies within {size.low:g}..{size.high:g}, not at {size.default:g}"
            yield error(at(place, "default"), "out-of-range", message, "a size that can be chosen")
        if size.step <= 0:
            yield error(at(place, "step"), "out-of-range", "sizes step by more than 0", "step = 1")
    days = clause.days
    if days is not None and not 0 <= days.low <= days.default <= days.high <= LONGEST_DAYS:
        message = f"{days.low}, {days.default} and {days.high} are no range of days with a default in it"
        yield error(at(clause.place, "days", "low"), "out-of-range", message, f"0 <= low <= default <= high <= {LONGEST_DAYS}")


def _money(content: Content, clause: ClauseDefinition) -> Problems:
    if clause.kind != TRANCHE or not clause.resource:
        return
    resources = {one.id: one for one in content.quantities if one.kind == "seat"}
    if clause.resource not in resources:
        yield unknown(at(clause.place, "resource"), "resource", clause.resource, resources)
    elif clause.amount is not None:
        yield from _same_unit(at(clause.place, "amount", "unit"), clause.amount.unit, resources[clause.resource].unit, clause.resource)


def _same_unit(place: Place, given: str, wanted: str, of: str) -> Problems:
    if given != wanted:
        yield error(place, "unit-mismatch", f"{of} is counted in {wanted}, not in {given}", f'unit = "{wanted}"')


def _measured(content: Content, clause: ClauseDefinition) -> Problems:
    if clause.kind not in (TRANCHE, CONDITION) or not clause.of:
        return
    quantities = {f"{one.kind}.{one.id}": one for one in content.quantities}
    quantity = quantities.get(clause.of)
    if quantity is None:
        yield unknown(at(clause.place, "of"), "quantity", clause.of, quantities)
        return
    if quantity.values or quantity.unit == "date":
        yield error(at(clause.place, "of"), "type-mismatch", f"{clause.of} is no number that stands above or below a line", "name another")
        return
    kind = clause.of.partition(".")[0]
    of_kind = [entity for entity, of in kinds_of(content).items() if of == kind]
    yield from each_unknown(clause.place, "targets", clause.targets, kind, of_kind)
    key = "amount" if clause.kind == CONDITION else "line"
    line: Size | None = getattr(clause, key)
    if line is not None:
        yield from _same_unit(at(clause.place, key, "unit"), line.unit, quantity.unit, clause.of)
        yield from _within(at(clause.place, key, "low"), line, quantity)
    if clause.monitor:
        yield from _monitor(content, clause, of_kind)


def _within(place: Place, line: Size, quantity: QuantityDefinition) -> Problems:
    low, high = bounds(quantity)
    if line.low < low or line.high > high:
        message = f"{quantity.kind}.{quantity.id} lies within {low:g}..{high:g}, the line within {line.low:g}..{line.high:g}"
        yield error(place, "out-of-range", message, "a line that can be met and missed")


def _monitor(content: Content, clause: ClauseDefinition, of_kind: list[str]) -> Problems:
    """The report must be of that quantity, about every target, and reach one of the two seats whoever they are."""
    place = at(clause.place, "monitor")
    reports = {one.id: one for one in content.reports if one.of == clause.of}
    report = reports.get(clause.monitor)
    if report is None:
        yield unknown(place, "report", clause.monitor, reports)
        return
    about = report.about or tuple(of_kind)
    unseen = [target for target in (clause.targets or of_kind) if target in of_kind and target not in about]
    if unseen:
        yield error(place, "monitor", f"{report.id} does not measure {unseen[0]}", "name the targets that it measures")
    if not _reaches(report, clause.givers) and not _reaches(report, clause.receivers):
        hint = "a monitor reaches the public, all givers or all receivers"
        yield error(place, "monitor", f"{report.id} does not reach the parties", hint)


def _reaches(report: ReportDefinition, seats: tuple[str, ...]) -> bool:
    return bool({"public", "all"}.intersection(report.to)) or set(seats) <= set(report.to)


def _orders(content: Content, clause: ClauseDefinition) -> Problems:
    orders = {one.id: one for one in content.orders}
    named: Iterator[tuple[Place, str]]
    if clause.kind == ORDER_PROMISE:
        named = iter([(at(clause.place, "order"), clause.order)] if clause.order else [])
    else:
        named = ((at(clause.place, "orders", index), order) for index, order in enumerate(clause.orders))
    for place, id in named:
        if id not in orders:
            yield unknown(place, "order", id, orders)
        else:
            yield from _order(content, clause, orders[id], place)


def _order(content: Content, clause: ClauseDefinition, order: OrderDefinition, place: Place) -> Problems:
    unable = _missing(content, clause.givers, order.seats)
    if unable and (clause.kind == ORDER_PROMISE or len(unable) == len(clause.givers)):
        yield error(place, "no-say", f"{unable[0]} cannot give the order {order.id}", f"seats that can: {', '.join(order.seats) or 'none'}")
    kind = order.target.strip().partition(" ")[0]
    if clause.targets and not kind:
        yield error(at(clause.place, "targets"), "unknown-target", f"the order {order.id} has no target", "leave targets out")
    elif clause.targets:
        of_kind = [entity for entity, of in kinds_of(content).items() if of == kind]
        yield from each_unknown(clause.place, "targets", clause.targets, kind, of_kind)
    if clause.kind != ORDER_PROMISE:
        return
    hidden = order.visibility == "covert" or (order.visibility == "target" and not set(clause.receivers) <= set(order.shown_to))
    if hidden:
        yield warning(place, "unseen", f"not every receiver learns whether {order.id} was given", "its breach is never found by those")
    if clause.amount is not None and order.amount is None:
        yield error(at(clause.place, "amount"), "no-amount", f"the order {order.id} has no size", "leave amount out")
    elif clause.amount is not None and order.amount is not None:
        yield from _same_unit(at(clause.place, "amount", "unit"), clause.amount.unit, order.amount.unit, order.id)
        if clause.amount.high > order.amount.high:
            message = f"{order.id} takes at most {order.amount.high:g}, the promise {clause.amount.high:g}"
            yield error(at(clause.place, "amount", "high"), "out-of-range", message, "a size that the order can have")


def _motions(content: Content, clause: ClauseDefinition) -> Problems:
    members = {f"{body.id}.{motion.id}": {one.seat for one in body.members} for body in content.bodies for motion in body.motions}
    for index, motion in enumerate(clause.motions):
        place = at(clause.place, "motions", index)
        if motion not in members:
            yield unknown(place, "motion", motion, members)
            continue
        strangers = _missing(content, clause.givers, members[motion])
        if strangers and clause.kind == VOTE_PROMISE:
            yield error(place, "no-say", f"{strangers[0]} has no vote on {motion}", "members vote, and nobody else")


def _missing(content: Content, givers: Iterable[str], able: Iterable[str]) -> list[str]:
    """Givers that cannot do what they promise; nobody, while a word among those who can is no seat and may have been meant for one."""
    seats, can = {seat.id for seat in content.seats}, set(able)
    return [giver for giver in givers if giver not in can] if can <= seats else []


def _effects(content: Content, clause: ClauseDefinition) -> Problems:
    """Amounts as large as the whole range of what they move."""
    quantities = {(one.kind, one.id): one for one in content.quantities}
    for field in ("kept", "breach"):
        for index, effect in enumerate(getattr(clause, field)):
            root, _, name = effect.on.text.strip().rpartition(".")
            kind = "seat" if root in ("giver", "receiver") else kinds_of(content).get(root, "")
            quantity = quantities.get((kind, name))
            if quantity is not None:
                low, high = bounds(quantity)
                if abs(effect.add) > (high - low) / 2:
                    message = f"{effect.add:g} is more than half of the range of {kind}.{name}"
                    place = at(clause.place, field, index, "add")
                    yield error(place, "out-of-range", message, f"at most {(high - low) / 2:g} either way")


def _accepts(content: Content, doctrine: DoctrineDefinition) -> Problems:
    known = {clause.id: clause for clause in content.clauses}
    for index, line in enumerate(doctrine.accepts):
        place, clause = at(doctrine.place, "accepts", index, "clause"), known.get(line.clause)
        if clause is None:
            yield unknown(place, "clause", line.clause, known)
        elif clause.givers and clause.receivers and doctrine.seat not in (*clause.givers, *clause.receivers):
            able = ", ".join(dict.fromkeys((*clause.givers, *clause.receivers)))
            yield error(
                place, "no-say", f"{doctrine.seat} is neither giver nor receiver of {clause.id}", f"seats that are: {able or 'none'}"
            )
