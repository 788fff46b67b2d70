"""Amounts, dates, lengths and layouts that cannot be meant: a start value outside its range, a cut without turns, a label off the map."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator

from exercise.content.findings import Problems, at, error, unknown, warning
from exercise.content.positions import NAME
from exercise.content.references import kinds_that_begin
from exercise.core.calendar import MONTH_DAYS
from exercise.core.definitions import (
    BodyDefinition,
    Content,
    Cut,
    EntityDefinition,
    MapDefinition,
    QuantityDefinition,
    SeatDefinition,
)
from exercise.core.layout import BUILT_IN, bounds
from exercise.language import SHORTEST_STEP_DAYS, ExpressionError, parse_unit
from exercise.language.problem import Place

MOST_TURNS = 400
LONGEST_TURN_DAYS = 3_660
MOST_STEPS = 4_000
LONGEST_CUT_DAYS = 36_525
"""A hundred years."""
LONGEST_DELAY_DAYS = 3_660
SHORT_CHARACTERS = 12
MAP_COLUMNS, MAP_ROWS = 60, 18
PLACEHOLDERS = ("{seat}", "{target}", "{amount}")
"""What news of an order may leave open."""

_BRACES = re.compile(r"\{[^{}]*\}")


def measures(content: Content) -> Problems:
    """Every amount, date and length that cannot be meant."""
    checks: tuple[Callable[[Content], Problems], ...] = (
        _cuts,
        _quantities,
        _parameters,
        _starts,
        _reports,
        _orders,
        _bodies,
        _injects,
        _facts,
        _seats,
    )
    for check in checks:
        yield from check(content)
    if content.map is not None:
        yield from _map(content.map)


def breaking(content: Content) -> Problems:
    """What no program can be made of: calendars that cannot be laid out, values at STARTEX that are none. Looked at whenever content is
    loaded; the rest is for ``check``.
    """
    for cut in content.cuts:
        yield from _calendar(cut)
    for place, quantity, value in _given_starts(content):
        if not is_value(quantity, value):
            yield from _value(place, quantity, value)


def is_playable(cut: Cut) -> bool:
    """Whether the cut's calendar can be laid out: it has turns, not too many, and none without length."""
    return next(_calendar(cut), None) is None


def _cuts(content: Content) -> Problems:
    for cut in content.cuts:
        yield from _calendar(cut)
        if cut.minutes < 1:
            yield error(at(cut.place, "minutes"), "out-of-range", "a cut takes at least a minute", "planned minutes of play")


def _calendar(cut: Cut) -> Problems:
    place = at(cut.place, "calendar")
    if not cut.calendar:
        yield error(place, "calendar", f"the cut {cut.id} has no turns", "calendar = [{ days = 1, count = 8 }]")
    if cut.step_days is not None and not SHORTEST_STEP_DAYS <= cut.step_days <= MONTH_DAYS:
        told = f"a step of drift has {SHORTEST_STEP_DAYS:g}..{MONTH_DAYS:g} days, not {cut.step_days:g}"
        yield error(at(cut.place, "step_days"), "out-of-range", told, "leave it out for a month")
        return
    turns = days = 0
    for index, span in enumerate(cut.calendar):
        for name, value, most in (
            ("days", span.days, LONGEST_TURN_DAYS),
            ("count", span.count, MOST_TURNS),
            ("minutes", span.minutes, 24 * 60),
        ):
            if not 1 <= value <= most:
                yield error(
                    at(place, index, name), "out-of-range", f"{name} lies within 1..{most}, not {value}", "turns of one length: days, count"
                )
                return
        turns, days = turns + span.count, days + span.count * span.days
    if turns > MOST_TURNS or days > LONGEST_CUT_DAYS:
        yield error(
            place, "out-of-range", f"at most {MOST_TURNS} turns and {LONGEST_CUT_DAYS:,} days", "make turns longer or the cut shorter"
        )
    elif cut.step_days is not None and days / cut.step_days > MOST_STEPS:
        yield error(at(cut.place, "step_days"), "out-of-range", f"at most {MOST_STEPS:,} steps of drift", "longer steps")
    elif (dt.date.max - cut.start).days <= days + LONGEST_DELAY_DAYS:
        yield error(at(cut.place, "start"), "out-of-range", "the calendar does not reach so far", "an earlier start")


def _quantities(content: Content) -> Problems:
    for quantity in content.quantities:
        low, high = bounds(quantity)
        if quantity.values:
            repeated = next((index for index, value in enumerate(quantity.values) if value in quantity.values[:index]), None)
            if repeated is not None:
                yield error(
                    at(quantity.place, "values", repeated), "duplicate", f"{quantity.values[repeated]} is listed twice", "each value once"
                )
            if len(quantity.values) < 2:
                yield error(at(quantity.place, "values"), "out-of-range", "a listed quantity has at least two values", "lowest first")
        elif low >= high:
            end = "high" if quantity.high is not None else "low"
            yield error(at(quantity.place, end), "out-of-range", f"nothing lies between {low:g} and {high:g}", "low is less than high")


def _value(place: Place, quantity: QuantityDefinition, value: float | str) -> Problems:
    """A value at STARTEX of a quantity: a name of its list, a day, or a number within its range."""
    name = f"{quantity.kind}.{quantity.id}"
    low, high = bounds(quantity)
    if quantity.values and not is_value(quantity, value):
        if isinstance(value, str):
            yield unknown(place, "value", value, quantity.values)
        else:
            yield error(place, "type", f"{name} is one of a list, not a number", f"values are {', '.join(quantity.values)}")
    elif not is_value(quantity, value):
        if quantity.unit == "date":
            yield error(place, "type", f"{name} is a date", '"never", or a day such as "2010-06-10"')
        else:
            yield error(place, "type", f"{name} is a number of {quantity.unit}", "digits alone, without quotes")
    elif isinstance(value, float) and not quantity.values and quantity.unit != "date" and not low <= value <= high:
        yield error(place, "out-of-range", f"{name} lies within {low:g}..{high:g}, not at {value:g}", "a value of that range")


def is_value(quantity: QuantityDefinition, value: float | str) -> bool:
    """Whether a quantity can begin with a value, whatever its range."""
    if quantity.values:
        return value in quantity.values or value == 0.0
    if quantity.unit == "date":
        return value == "never" or _is_day(value)
    return not isinstance(value, str)


def _is_day(value: float | str) -> bool:
    try:
        dt.date.fromisoformat(str(value))
    except ValueError:
        return False
    return isinstance(value, str)


def _parameters(content: Content) -> Problems:
    for parameter in content.parameters:
        low, high = parameter.low, parameter.high
        if (low is not None and parameter.value < low) or (high is not None and parameter.value > high):
            told = f"{'' if low is None else f'{low:g}'}..{'' if high is None else f'{high:g}'}"
            yield error(
                at(parameter.place, "value"),
                "out-of-range",
                f"{parameter.id} lies within {told}, not at {parameter.value:g}",
                "low <= value <= high",
            )


def _given_starts(content: Content) -> Iterator[tuple[Place, QuantityDefinition, float | str]]:
    """Every value at STARTEX that content states, with its quantity."""
    quantities = {(quantity.kind, quantity.id): quantity for quantity in content.quantities}
    for quantity in content.quantities:
        if quantity.start != 0.0 or quantity.values:
            yield at(quantity.place, "start"), quantity, quantity.start
    for owner, kind in owners(content):
        for start in owner.start:
            if (kind, start.quantity) in quantities:
                yield at(start.place, "value"), quantities[kind, start.quantity], start.value
    quantities |= {(quantity.kind, quantity.id): quantity for quantity in BUILT_IN}
    kinds = kinds_that_begin(content)
    for given in content.starts:
        for value in given.values:
            if (kinds.get(given.entity, ""), value.quantity) in quantities:
                yield at(value.place, "value"), quantities[kinds[given.entity], value.quantity], value.value


Owner = EntityDefinition | SeatDefinition | BodyDefinition


def owners(content: Content) -> Iterator[tuple[Owner, str]]:
    """Everything that has values at STARTEX, with its kind."""
    yield from ((entity, entity.kind) for entity in content.entities)
    yield from ((seat, "seat") for seat in content.seats)
    yield from ((body, "body") for body in content.bodies)


def _starts(content: Content) -> Problems:
    for place, quantity, value in _given_starts(content):
        yield from _value(place, quantity, value)
    for owner, _ in owners(content):
        for index, start in enumerate(owner.start):
            if any(start.quantity == before.quantity for before in owner.start[:index]):
                yield error(at(start.place, "quantity"), "duplicate", f"{owner.id} has two starts of {start.quantity}", "keep one")


def _reports(content: Content) -> Problems:
    for report in content.reports:
        if report.round_to <= 0:
            yield error(at(report.place, "round_to"), "out-of-range", "figures are rounded to a multiple of more than 0", "round_to = 1")
        if not 0 <= report.delay_days <= LONGEST_DELAY_DAYS:
            yield error(
                at(report.place, "delay_days"), "out-of-range", f"a delay lies within 0..{LONGEST_DELAY_DAYS} days", "its age in days"
            )


def _orders(content: Content) -> Problems:
    for order in content.orders:
        amount = order.amount
        if amount is not None:
            place = at(order.place, "amount")
            if not 0 < amount.low <= amount.high:
                yield error(
                    at(place, "low"),
                    "out-of-range",
                    f"an order's size lies above 0, and {amount.low:g} below {amount.high:g}",
                    "low, then high",
                )
            elif not amount.low <= amount.default <= amount.high:
                message = f"the size offered first lies within {amount.low:g}..{amount.high:g}, not at {amount.default:g}"
                yield error(at(place, "default"), "out-of-range", message, "a size that can be chosen")
            if amount.step <= 0:
                yield error(at(place, "step"), "out-of-range", "sizes step by more than 0", "step = 1")
        if order.cooldown_days < 0:
            yield error(at(order.place, "cooldown_days"), "out-of-range", "a pause between orders is not negative", "days")
        yield from _news(at(order.place, "news"), order.news)
        if order.shown_to and order.visibility != "target":
            told = f"with visibility {order.visibility}, shown_to has no meaning"
            yield warning(at(order.place, "shown_to"), "unused", told, 'visibility = "target"')


def _news(place: Place, text: str) -> Problems:
    for match in _BRACES.finditer(text):
        if match.group() not in PLACEHOLDERS:
            there = Place(place.file, 0, match.start(), place.path)
            yield error(there, "placeholder", f"{match.group()[:40]} stands for nothing", f"placeholders are {', '.join(PLACEHOLDERS)}")


def _bodies(content: Content) -> Problems:
    for body in content.bodies:
        for index, member in enumerate(body.members):
            if member.weight <= 0:
                yield error(
                    at(body.place, "members", index, "weight"), "out-of-range", "a member weighs more than 0", "its number of states"
                )
        for owner in (body, *body.motions):
            for name in ("pace_days", "life_days", "sits_every_days"):
                days = getattr(owner, name, None)
                if days is not None and not 0 <= days <= LONGEST_DELAY_DAYS:
                    yield error(at(owner.place, name), "out-of-range", f"{name} lies within 0..{LONGEST_DELAY_DAYS}, not {days}", "days")
        for motion in body.motions:
            try:
                parse_unit(motion.size_unit)
            except ExpressionError as failure:
                yield error(at(motion.place, "size_unit"), failure.code, failure.message, failure.hint)


def _injects(content: Content) -> Problems:
    for inject in content.injects:
        for name in {"timed": ("on",), "conditional": ("when",), "absence": ("by", "unless"), "contingency": ()}[inject.kind]:
            if getattr(inject, name) is None:
                yield error(
                    at(inject.place, "kind"), "missing-key", f"a {inject.kind} inject needs {name}", f"add {name}, or change its kind"
                )


def _facts(content: Content) -> Problems:
    for fact in content.facts:
        if fact.low > fact.high:
            yield error(at(fact.place, "low"), "out-of-range", f"{fact.low:g} is more than {fact.high:g}", "low, then high")


def _seats(content: Content) -> Problems:
    for seat in content.seats:
        if len(seat.short) > SHORT_CHARACTERS:
            yield error(
                at(seat.place, "short"), "too-long", f"a short name has at most {SHORT_CHARACTERS} characters", "for narrow columns"
            )
        if seat.allowance is not None and seat.allowance < 0:
            yield error(at(seat.place, "allowance"), "out-of-range", "an allowance is not negative", "orders per turn")
        for objective in seat.objectives:
            if objective.weight <= 0:
                yield error(at(objective.place, "weight"), "out-of-range", "an objective weighs more than 0", "weight = 1")
    if content.scenario.allowance < 0:
        yield error(at(content.scenario.place, "allowance"), "out-of-range", "an allowance is not negative", "orders per turn")


def _map(drawn: MapDefinition) -> Problems:
    rows = drawn.rows.strip("\n").split("\n")
    place = at(drawn.place, "rows")
    before = len(drawn.rows) - len(drawn.rows.lstrip("\n"))
    for number, row in enumerate(rows):
        if len(row) != len(rows[0]):
            there = Place(place.file, 0, before + sum(len(above) + 1 for above in rows[:number]), place.path)
            yield error(there, "map", f"row {number} of the map has {len(row)} characters, the first {len(rows[0])}", "rows of one length")
            return
    if len(rows) > MAP_ROWS or len(rows[0]) > MAP_COLUMNS:
        yield error(
            place, "map", f"the map has {len(rows[0])} x {len(rows)} characters", f"at most {MAP_COLUMNS} x {MAP_ROWS} fit a screen"
        )
    for letter in drawn.legend:
        if len(letter) != 1:
            yield error(
                at(drawn.place, "legend", letter, NAME), "map", f"{letter[:20]!r} is not one character", "one character for each entity"
            )
        elif letter not in drawn.rows:
            yield warning(
                at(drawn.place, "legend", letter, NAME), "unused", f"{letter} stands nowhere on the map", "draw it, or leave it out"
            )
    for label in drawn.places:
        if not (0 <= label.row < len(rows) and 0 <= label.column < len(rows[0])):
            yield error(
                at(label.place, "column"),
                "map",
                f"the label of {label.entity} lies off the map",
                f"0..{len(rows[0]) - 1}, 0..{len(rows) - 1}",
            )
