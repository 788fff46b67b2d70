"""What is wrong with content beyond its structure: words that lead nowhere, numbers without a source, injects that can never come.

Expressions are looked at by the compiler; here only the numbers written in them count, since every number says where it comes from. The
checks of words that name other tables are in ``references``, those of amounts, dates and lengths in ``measures``, those of what can never
happen in ``reach``, those of what is left open in ``gaps``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import attrs

from exercise.content.claims import ledger
from exercise.content.clauses import clauses
from exercise.content.findings import Problems, at, error, plural, unknown
from exercise.content.gaps import gaps
from exercise.content.loading import TABLES
from exercise.content.measures import measures
from exercise.content.reach import reach
from exercise.content.references import references
from exercise.core.definitions import Basis, Claim, Content, Cut, Experiment, Expression, MapDefinition, ScenarioHead, SourceText
from exercise.language import ExpressionError, numbers_written, parse
from exercise.language.problem import Place, Problem

STRUCTURAL = frozenset({0.0, 1.0, 2.0, 50.0, 100.0})
"""Numbers that mean ends and middles of scales and need no source."""
UNSOURCED = (Cut, ScenarioHead, SourceText, MapDefinition, Claim, Experiment)
"""Tables whose numbers are plans, coordinates and questions, not claims about the world."""
PLANNING_FIELDS = frozenset({"number", "year", "priority", "round_to", "weight", "allowance", "step", "default"})
"""Fields of the exercise's design rather than of its model."""
MOST_PROBLEMS = 400
"""Problems told at once; more would help nobody."""

ID = re.compile(r"[a-z][a-z0-9_]*")
DOTTED_ID = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*")
FREE_ID = re.compile(r"[A-Za-z0-9][\w.-]*")
SCENARIO_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_DOTTED = frozenset({"parameter", "rule", "assessment"})
_NAMELESS = frozenset({"start"})
_FREE = frozenset({"source", "cut", "report", "doctrine", "fact", "inject", "claim", "experiment"})


def lint(content: Content) -> tuple[Problem, ...]:
    """Every problem found, with places not yet looked up (see ``positions.located``)."""
    checks: tuple[Callable[[Content], Problems], ...] = (
        _ids,
        _duplicates,
        _sources,
        _bases,
        references,
        clauses,
        measures,
        reach,
        gaps,
        ledger,
    )
    return tuple(islice((problem for check in checks for problem in check(content)), MOST_PROBLEMS))


# --- ids ----------------------------------------------------------------------------------------------------------------------------


def _named_tables() -> list[tuple[str, tuple[str, type]]]:
    """Tables that have an id."""
    return [(key, found) for key, found in TABLES.items() if key not in _NAMELESS]


def _ids(content: Content) -> Problems:
    for key, (field, _) in _named_tables():
        pattern, sort = (
            (DOTTED_ID, "module.name")
            if key in _DOTTED
            else (FREE_ID, "a plain word")
            if key in _FREE
            else (ID, "small letters, digits and _")
        )
        for one in getattr(content, field):
            if not pattern.fullmatch(one.id):
                yield error(at(one.place, "id"), "id", f"{one.id!r} cannot be the id of a {key}", sort)
    for body in content.bodies:
        for motion in body.motions:
            if not ID.fullmatch(motion.id):
                yield error(at(motion.place, "id"), "id", f"{motion.id!r} cannot be the id of a motion", "small letters, digits and _")
    if content.scenario.id and not SCENARIO_ID.fullmatch(content.scenario.id):
        hint = "small letters, digits and hyphens, such as osh-2010"
        yield error(at(content.scenario.place, "id"), "id", f"{content.scenario.id!r} cannot be the id of a scenario", hint)


_DISTINCT = {"quantity": "kind", "relation": "of", "doctrine": "seat"}
"""Tables whose ids need to differ only from those of the same kind or seat, and the field that holds it."""


def _duplicates(content: Content) -> Problems:
    for key, (field, _) in _named_tables():
        seen: dict[tuple[str, str], Place] = {}
        for one in getattr(content, field):
            own = (one.id, getattr(one, _DISTINCT[key]) if key in _DISTINCT else "")
            if own in seen:
                yield error(
                    at(one.place, "id"), "duplicate", f"there are two {plural(key)} {one.id}", f"the other is in {_file(seen[own])}"
                )
            seen.setdefault(own, one.place)
    for what, group, within in _inner(content):
        known: set[str] = set()
        for one in group:
            if one.id in known:
                yield error(
                    at(one.place, "id"), "duplicate", f"there are two {plural(what)} {one.id} in {within}", "each has an id of its own"
                )
            known.add(one.id)
    yield from _shared_ids(content)


def _inner(content: Content) -> Iterator[tuple[str, tuple[Any, ...], str]]:
    for seat in content.seats:
        yield "objective", seat.objectives, seat.id
    for body in content.bodies:
        yield "motion", body.motions, body.id


def _shared_ids(content: Content) -> Problems:
    """Everything that expressions name by its id has one that nothing else has."""
    orders = [
        (order, "order", order.id if len(order.seats) == 1 else f"{order.id}_{seat}") for order in content.orders for seat in order.seats
    ]
    motions = [(motion, "motion", f"{body.id}_{motion.id}") for body in content.bodies for motion in body.motions]
    groups: list[tuple[tuple[Any, ...], str]] = [
        (content.entities, "entity"),
        (content.seats, "seat"),
        (content.bodies, "body"),
        (content.injects, "inject"),
    ]
    named: list[tuple[Any, str, str]] = [*((one, what, one.id) for group, what in groups for one in group), *orders, *motions]
    spoken: dict[str, str] = {}
    for one, what, id in named:
        other = spoken.setdefault(id, what)
        if other != what:
            yield error(
                at(one.place, "id"),
                "duplicate",
                f"{id} is the id of {_article(what)} and of {_article(other)}",
                "no two things share an id",
            )


def _article(what: str) -> str:
    return f"an {what}" if what[0] in "aeiou" else f"a {what}"


def _file(place: Place) -> str:
    """A file as a hint names it."""
    return place.file.removeprefix("scenario/")


# --- sources and numbers ------------------------------------------------------------------------------------------------------------


def _sources(content: Content) -> Problems:
    known = {source.id for source in content.sources}
    for one, _ in _tables(content):
        if isinstance(one, Basis):
            for index, source in enumerate(one.source):
                if source not in known:
                    yield unknown(at(one.place, "source", index), "source", source, known)
            if one.assumption and not one.reason.strip():
                yield error(at(one.place, "assumption"), "missing-reason", "an assumption needs a reason", 'reason = "..." in a sentence')


def _bases(content: Content) -> Problems:
    """Numbers that say neither source nor assumption, each table once, at the first of them; and rules that say nothing at all."""
    told: list[Place] = []
    for one, covered in _tables(content):
        place = None if covered else next(_numbers(one), None)
        if place is not None:
            told.append(place)
            hint = 'source = ["id"], or assumption = true and reason = "..."'
            yield error(place, "missing-source", f"{_name(one)} has a number that names no source", hint)
    for rule in content.rules:
        # A rule whose numbers miss a source has been told of already: what mends that mends this.
        if not (rule.claims or rule.source or rule.assumption or any(_is_in(place, rule.place) for place in told)):
            hint = "name its claims or its source, or say assumption = true with a reason"
            yield error(at(rule.place, "id"), "unfounded-rule", f"nothing says what {rule.id} stands on", hint)


def _is_in(place: Place, table: Place) -> bool:
    return place.file == table.file and place.path[: len(table.path)] == table.path


def _name(one: Any) -> str:
    return getattr(one, "id", "") or f"this {type(one).__name__.lower().removesuffix('definition').removeprefix('clause')}"


def _tables(content: Content) -> Iterator[tuple[Any, bool]]:
    """Every table, and whether its numbers have a basis (its own or that of a table around it)."""
    for field, _ in TABLES.values():
        for one in getattr(content, field):
            if not isinstance(one, UNSOURCED):
                yield from _nested(one, covered=False)


def _nested(one: Any, *, covered: bool) -> Iterator[tuple[Any, bool]]:
    # An assumption without a reason is told once, as that.
    own = isinstance(one, Basis) and bool(one.source or one.assumption)
    yield one, covered or own
    for field in attrs.fields(type(one)):
        value = getattr(one, field.name)
        for item in value if isinstance(value, tuple) else (value,):
            if attrs.has(type(item)) and not isinstance(item, Expression | Place):
                yield from _nested(item, covered=covered or own)


def _numbers(one: Any) -> Iterator[Place]:
    """Where a table itself states numbers: in its own fields and in its own expressions."""
    for field in attrs.fields(type(one)):
        value = getattr(one, field.name)
        if field.name in PLANNING_FIELDS or isinstance(value, bool):
            continue
        if isinstance(value, int | float) and float(value) not in STRUCTURAL and value != field.default:
            yield at(one.place, field.name)
        for text in value.values() if isinstance(value, dict) else (value,):
            if isinstance(text, Expression) and any(number not in STRUCTURAL for number in _written(text.text)):
                yield text.place


def _written(text: str) -> tuple[float, ...]:
    """The numbers in an expression; one that cannot be read is for the compiler to tell."""
    try:
        return numbers_written(parse(text))
    except ExpressionError:
        return ()
