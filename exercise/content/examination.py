"""Everything that is wrong with content, once each: structure, references, sources, reach and expressions.

Each part looks at what it can in spite of what the others found. What only follows from an earlier finding is left out: the uses of a name
whose definition is wrong, words that a table which could not be read would have defined, what two parts both found.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from typing import TypeVar

import attrs

from exercise.content.lint import lint
from exercise.content.loading import Reading
from exercise.content.measures import is_playable, is_value
from exercise.content.positions import NAME, Path, located
from exercise.content.references import BUILT_IN_KINDS, kinds_that_begin
from exercise.core.compile import CompileError, attempt_compile
from exercise.core.definitions import (
    NOWHERE,
    BodyDefinition,
    Content,
    Cut,
    EntityDefinition,
    QuantityDefinition,
    SeatDefinition,
    StartDefinition,
    TurnSpan,
)
from exercise.core.layout import BUILT_IN
from exercise.core.program import Program
from exercise.core.references import DANGLING
from exercise.language.problem import Problem

FOLLOWS = frozenset({"broken-name"})
"""Codes of problems that only repeat one told elsewhere."""
BASIS = frozenset({"source", "assumption", "reason", NAME})
"""Keys that say where numbers come from (or one that no table has, which may have been meant for one of them)."""
WANTING = {"missing-source": BASIS, "missing-reason": BASIS, "unfounded-rule": BASIS | {"claims"}}
"""For codes of problems that miss something: the keys which, unread, may have said it."""


def examine(reading: Reading) -> tuple[Problem, ...]:
    """Every problem with its place, in order of file, line and column. Nothing is emitted or run."""
    found = list(lint(reading.content))
    found += _unsaid(_compiled(reading, found), found)
    misplaced, unbound = _misplaced(reading.content), _unbound(found)
    told = [
        problem
        for problem in found
        if not _follows(problem, reading, misplaced.get(problem.code, frozenset()))
        and not (problem.code == "unknown-name" and _is_within(problem, unbound))
    ]
    if reading.is_sound and not any(problem.level == "error" for problem in told):
        told = found  # nothing else is wrong, so nothing follows from anything
    return tuple(sorted({*reading.problems, *located(told, reading.texts)}, key=_order))


def _order(problem: Problem) -> tuple[object, ...]:
    return (problem.place.file, problem.place.line, problem.place.column, problem.level, problem.code, problem.message)


def _compiled(reading: Reading, found: list[Problem]) -> list[Problem]:
    """What the compiler says of every cut, as far as it gets."""
    content, told = playable(reading.content), list[Problem]()
    excused = not reading.is_sound or any(problem.level == "error" for problem in found)
    for cut in content.cuts:
        try:
            told += attempt_compile(content, cut)[1]
        except Exception:  # what is wrong already may stop the compiler short; what is sound may not
            if not excused:
                raise
    return told


def rules_program(content: Content) -> Program:
    """A program of a rulebook alone, without entities: what its rules read and change can be looked at. Raises ``CompileError``."""
    whole = playable(content)
    program, problems = attempt_compile(whole, whole.cuts[0])
    if program is None or problems:
        raise CompileError(problems)
    return program


def playable(content: Content) -> Content:
    """The content without what no program can be made of, so that its expressions can be looked at all the same: with the cuts that can be
    laid out (one of a single turn when there is none) and the values at STARTEX that are some.
    """
    cuts = tuple(cut for cut in content.cuts if is_playable(cut))
    quantities = tuple(one if is_value(one, one.start) else attrs.evolve(one, start=_any_start(one)) for one in content.quantities)
    known = {(one.kind, one.id): one for one in quantities}

    def sound(owner: AnyOwner, kind: str) -> AnyOwner:
        kept = tuple(one for one in owner.start if (kind, one.quantity) not in known or is_value(known[kind, one.quantity], one.value))
        return owner if kept == owner.start else attrs.evolve(owner, start=kept)

    engines = {(one.kind, one.id): one for one in BUILT_IN}
    kinds = kinds_that_begin(content)

    def begun(start: StartDefinition) -> StartDefinition:
        of = {one.quantity: {**known, **engines}.get((kinds.get(start.entity, ""), one.quantity)) for one in start.values}
        kept = tuple(one for one in start.values if (quantity := of[one.quantity]) is None or is_value(quantity, one.value))
        return start if kept == start.values else attrs.evolve(start, values=kept)

    return attrs.evolve(
        content,
        cuts=cuts or (_any_cut(content),),
        quantities=quantities,
        entities=tuple(sound(entity, entity.kind) for entity in content.entities),
        seats=tuple(sound(seat, "seat") for seat in content.seats),
        bodies=tuple(sound(body, "body") for body in content.bodies),
        starts=tuple(begun(start) for start in content.starts),
    )


AnyOwner = TypeVar("AnyOwner", EntityDefinition, SeatDefinition, BodyDefinition)


def _any_start(quantity: QuantityDefinition) -> float | str:
    return "never" if quantity.unit == "date" and not quantity.values else 0.0


def _any_cut(content: Content) -> Cut:
    start = content.cuts[0].start if content.cuts else datetime.date(2000, 1, 1)
    return Cut(id="cut", title="", summary="", minutes=1, start=min(start, datetime.date(9000, 1, 1)), calendar=(TurnSpan(days=1),))


def _misplaced(content: Content) -> dict[str, frozenset[str]]:
    """Ids of tables that exist and cannot be found where they belong, since their own kind or seat is a word that leads nowhere; by the
    code of the problems that follow from it.
    """
    kinds, seats = {*BUILT_IN_KINDS, *(kind.id for kind in content.kinds)}, {seat.id for seat in content.seats}
    quantities = frozenset(one.id for one in content.quantities if one.kind not in kinds)
    relations = frozenset(word for one in content.relations if not {one.of, one.to} <= kinds for word in (one.id, one.inverse) if word)
    entities = frozenset(one.id for one in content.entities if one.kind not in kinds)
    orders = frozenset(order.id for order in content.orders if not seats.issuperset(order.seats))
    aimless = frozenset(order.id for order in content.orders if order.target and order.target.split()[0] not in kinds)
    follow = {
        "unknown-quantity": quantities | relations,
        "unknown-relation": relations,
        "unknown-name": entities | orders,
        "unknown-order": orders,
        "unknown-target": aimless,
    }
    return {
        **follow,
        **{f"unknown-{kind}": entities for kind in kinds if entities},
        "unknown-entity": entities,
        DANGLING: quantities | entities,
    }


def _unbound(found: Iterable[Problem]) -> frozenset[tuple[str, Path]]:
    """Tables whose binding (``for`` or ``target``) is wrong, so that none of their variables means anything."""
    return frozenset((one.place.file, one.place.path[:-1]) for one in found if one.place.path[-1:] in (("for",), ("target",)))


def _is_within(problem: Problem, tables: frozenset[tuple[str, Path]]) -> bool:
    path = problem.place.path
    return any((problem.place.file, path[:length]) in tables for length in range(len(path) + 1))


def _unsaid(later: Iterable[Problem], earlier: Iterable[Problem]) -> list[Problem]:
    """Those problems of the compiler that the lint has not told already, with more care for the place."""
    told = list(earlier)
    missed = {_last_word(problem) for problem in told}
    places = {
        (problem.code, problem.place.file, problem.place.path[:length])
        for problem in told
        for length in range(1, len(problem.place.path) + 1)
    }
    return [
        problem
        for problem in later
        if not (problem.code == DANGLING and _last_word(problem) in missed)
        and not (problem.place.line == 0 and (problem.code, problem.place.file, problem.place.path) in places)
    ]


def _last_word(problem: Problem) -> str:
    """The word that leads nowhere, in problems about one."""
    return problem.message.rpartition(" ")[2]


def _follows(problem: Problem, reading: Reading, misplaced: frozenset[str]) -> bool:
    """Whether a problem is only a consequence of another that is told."""
    if problem.code in FOLLOWS or problem.place.file == NOWHERE.file:
        return True
    return _is_in_damage(problem, reading) or _is_about_lost(problem, reading) or _names(problem, misplaced)


def _is_in_damage(problem: Problem, reading: Reading) -> bool:
    """Whether it is about a table or value that could not be read as it stands."""
    file, path = problem.place.file, problem.place.path
    if problem.place.line:
        return False
    keys = reading.damaged.get((file, path))
    if keys is not None and (problem.code not in WANTING or keys & WANTING[problem.code]):
        return True
    return any(path[length] in reading.damaged.get((file, path[:length]), ()) for length in range(len(path)))


def _is_about_lost(problem: Problem, reading: Reading) -> bool:
    """Whether it misses a word that something which could not be read would have defined."""
    if not problem.code.startswith(("unknown-", "no-", "missing-partner")):
        return False
    return reading.blind or _names(problem, reading.lost)


def _names(problem: Problem, words: Iterable[str]) -> bool:
    """Whether a problem's words hold one of these."""
    return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", problem.message) for word in words)
