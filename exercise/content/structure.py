"""From TOML tables to the values of ``exercise.core.definitions``, driven by the fields of those classes.

The classes are the grammar: a field is a key, its type says what may stand there, and fields without default are required. Whatever is
wrong becomes a problem with the path to its value, and reading goes on: a table with a problem is kept with stand-ins where it can be, so
wrong becomes a problem with the path to its value, and reading goes on: a table with a problem is kept with stand-ins where it can be, so
"""

from __future__ import annotations

import datetime as dt
import difflib
import math
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

import attrs

from exercise.content.limits import FORBIDDEN, ITEMS, STRING_CHARACTERS
from exercise.content.positions import NAME, Path
from exercise.core.definitions import Expression
from exercise.language import ExpressionError, did_you_mean, parse_unit
from exercise.language.problem import Place, Problem

RENAMED = {"for": "for_", "from": "from_"}
"""Keys that are words of Python, and their fields."""
SPELLED = {field: key for key, field in RENAMED.items()}

BAD: Any = object()
"""Stands for a value that had a problem."""

DATE_KEYS = frozenset({"on", "date", "from", "until", "by", "not_before", "not_after"})
"""Keys that tie a table to the calendar; only injects and doctrines have them."""
UNDATED = frozenset({"Rule", "Assessment", "OrderDefinition", "Test", "Position", "Need", "Effect", "MotionDefinition"}) | {"ClauseNeed"}
"""Tables that may not depend on the calendar."""
MOST_PROBLEMS = 100
"""Problems told of one file; then it is not read any further."""
LONGEST_WORD = 80
"""Characters of a word that a message repeats."""


class TooManyProblemsError(Exception):
    """A file has so many problems that reading on helps nobody."""


Reader = Callable[["Structurer", Any, Path], Any]


@attrs.frozen(slots=True)
class Field:
    """A key of a table: its attribute, what reads it, whether it is required, and what stands in for it when it cannot be read (``BAD``:
    the table cannot do without).
    """

    name: str
    read: Reader
    required: bool
    stand_in: Any
    meaning: str = ""


@attrs.define(slots=True)
class Structurer:
    """Reads the tables of one file, collecting problems.

    ``damaged`` gives, for every table with a problem in it, the keys that had one (``NAME`` for a key that no table has); ``lost`` are the
    ids of tables that could not be kept.
    """

    file: str
    problems: list[Problem] = attrs.field(factory=list)
    damaged: dict[Path, set[str]] = attrs.field(factory=dict)
    lost: set[str] = attrs.field(factory=set)

    def table(self, cls: type, data: object, path: Path) -> Any:
        """A table as a value of the class, or ``BAD``."""
        if not isinstance(data, dict):
            return self.bad(path, "type", f"expected a table, not {kind_of(data)}", f"write {title_of(cls)} and its keys below")
        fields = fields_of(cls)
        values: dict[str, Any] = {}
        for key, value in data.items():
            meant = key if key in fields else self._unknown(cls, key, fields, data, path)
            if meant is not None:
                values[meant] = fields[meant].read(self, value, (*path, key))
        missing = [key for key, field in fields.items() if field.required and key not in values]
        if missing:
            self.bad(path, "missing-key", f"{title_of(cls)} needs {', '.join(missing)}", f"{missing[0]}: {fields[missing[0]].meaning}")
        troubled = {key for key, value in values.items() if value is BAD} | set(missing)
        if troubled:
            self._damage(path, troubled)
        return self._made(cls, fields, {key: value for key, value in values.items() if value is not BAD}, troubled, data, path)

    def _made(
        self, cls: type, fields: Mapping[str, Field], values: dict[str, Any], troubled: set[str], data: dict[str, Any], path: Path
    ) -> Any:
        for key in troubled:
            if fields[key].required or fields[key].stand_in is not None:
                values[key] = fields[key].stand_in
        if any(value is BAD for value in values.values()):
            name = data.get("id")
            self.lost.update({name} if isinstance(name, str) else ())
            return BAD
        given = {fields[key].name: value for key, value in values.items()}
        if "place" in attrs.fields_dict(cls):
            given["place"] = Place(self.file, 0, 0, path)
        return cls(**given)

    def bad(self, path: Path, code: str, message: str, hint: str = "", at: int = 0) -> Any:
        """Keep a problem, so many characters into the value; returns ``BAD``."""
        if len(self.problems) >= MOST_PROBLEMS:
            self.problems.append(
                Problem(Place(self.file, 0, 0, path), "error", "too-many", "and more: the rest of this file is not looked at")
            )
            raise TooManyProblemsError
        self.problems.append(Problem(Place(self.file, 0, at, path), "error", code, message, hint))
        for length in range(len(path)):
            self.damaged.setdefault(path[:length], set())
        return BAD

    def _damage(self, path: Path, keys: set[str]) -> None:
        self.damaged.setdefault(path, set()).update(keys)

    def _unknown(self, cls: type, key: str, fields: Mapping[str, Field], data: Mapping[str, Any], path: Path) -> str | None:
        """Tell a key that the table does not have; the key that was probably meant, if it is not given as well."""
        where, word = (*path, key, NAME), shown(key)
        if key in DATE_KEYS and cls.__name__ in UNDATED:
            self.bad(
                where, "date-condition", f"{title_of(cls)} cannot depend on the calendar ({key})", "only injects and doctrines have dates"
            )
            self._damage(path, {NAME})
            return None
        meant = closest(word, fields)
        hint = f"did you mean {meant}?" if meant else f"keys are {', '.join(fields)}"
        self.bad(where, "unknown-key", f"{title_of(cls)} has no key {word}", hint)
        if meant and meant not in data:
            return meant
        self._damage(path, {NAME})
        return None


# --- what may stand under a key -----------------------------------------------------------------------------------------------------


@cache
def fields_of(cls: type) -> Mapping[str, Field]:
    """The keys of a class's table."""
    hints = typing.get_type_hints(cls)
    found: dict[str, Field] = {}
    for attribute in attrs.fields(cls):
        if attribute.name == "place":
            continue
        wanted, choices = hints[attribute.name], attribute.metadata.get("choices", ())
        read = reader_of(wanted)
        if choices:
            read = _one_of(choices)
        elif attribute.metadata.get("unit"):
            read = _unit
        required = attribute.default is attrs.NOTHING
        key = SPELLED.get(attribute.name, attribute.name)
        told = attribute.metadata.get("doc", "")
        found[key] = Field(attribute.name, read, required, _stand_in(key, wanted, choices, required), told)
    return found


def _stand_in(key: str, wanted: Any, choices: tuple[str, ...], required: bool) -> Any:
    """What stands in for a value that could not be read: nothing for an optional one, unless names in it are used elsewhere."""
    if not required:
        return BAD if key == "let" else None
    if key == "id":
        return BAD
    if key == "unit":
        return "number"
    if typing.get_origin(wanted) is tuple:
        return ()
    if typing.get_origin(wanted) is dict:
        return {}
    neutral: dict[Any, Any] = {str: choices[0] if choices else "", float: 1.0, int: 1, bool: False}
    return neutral.get(wanted, BAD)


def reader_of(wanted: Any) -> Reader:
    """What reads a value of a type."""
    origin, arguments = typing.get_origin(wanted), typing.get_args(wanted)
    if origin is tuple:
        return _several(reader_of(arguments[0]))
    if origin is dict:
        return _mapping(reader_of(arguments[1]))
    if origin in (types.UnionType, typing.Union):
        kept = [argument for argument in arguments if argument is not type(None)]
        return reader_of(kept[0]) if len(kept) == 1 else _number_or_text
    if wanted is Expression:
        return _expression
    if attrs.has(wanted):
        return lambda structurer, value, path: structurer.table(wanted, value, path)
    simple: dict[Any, Reader] = {str: _text, int: _whole, float: _number, bool: _flag, dt.date: _date}
    return simple[wanted]


def _several(read: Reader) -> Reader:
    def several(structurer: Structurer, value: Any, path: Path) -> Any:
        if not isinstance(value, list):
            one = read(structurer, value, path)
            return BAD if one is BAD else (one,)
        if len(value) > ITEMS:
            return structurer.bad(path, "too-long", f"a list of {len(value):,} items; at most {ITEMS:,}", "split it")
        items = [read(structurer, item, (*path, index)) for index, item in enumerate(value)]
        return tuple(item for item in items if item is not BAD)

    return several


def _mapping(read: Reader) -> Reader:
    def mapping(structurer: Structurer, value: Any, path: Path) -> Any:
        if not isinstance(value, dict):
            return structurer.bad(path, "type", f"expected a table of names, not {kind_of(value)}", "write { name = value }")
        for key in value:
            if FORBIDDEN.search(key):
                return structurer.bad(
                    (*path, key, NAME), "control-character", f"a control or invisible character stands in the key {shown(key)}", "delete it"
                )
        items = {key: read(structurer, item, (*path, key)) for key, item in value.items()}
        return BAD if any(item is BAD for item in items.values()) else items

    return mapping


def _number_or_text(structurer: Structurer, value: Any, path: Path) -> Any:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value.isoformat()
    return _text(structurer, value, path) if isinstance(value, str) else _number(structurer, value, path)


def _one_of(choices: tuple[str, ...]) -> Reader:
    def one_of(structurer: Structurer, value: Any, path: Path) -> Any:
        if isinstance(value, str) and value in choices:
            return value
        known = f"one of {', '.join(choice for choice in choices if choice)}"
        word = shown(value) if isinstance(value, str) else kind_of(value)
        return structurer.bad(path, "unknown-word", f"{word} cannot stand here", did_you_mean(word, choices, known))

    return one_of


def _unit(structurer: Structurer, value: Any, path: Path) -> Any:
    text = _text(structurer, value, path)
    if text is not BAD and text != "date":
        try:
            parse_unit(text)
        except ExpressionError as error:
            return structurer.bad(path, error.code, error.message, error.hint)
    return text


def _expression(structurer: Structurer, value: Any, path: Path) -> Any:
    if isinstance(value, bool):
        value = "true" if value else "false"
    elif isinstance(value, int | float):
        if not math.isfinite(value):
            return structurer.bad(path, "not-finite", "a number must be finite", "write a number with digits")
        value = format(Decimal(repr(value)), "f") if "e" in repr(value) else repr(value)
    elif not isinstance(value, str):
        hint = 'in quotes, such as "r.unrest > 40"'
        return structurer.bad(path, "type", f"expected an expression, not {kind_of(value)}", hint)
    return BAD if _text(structurer, value, path) is BAD else Expression(value, Place(structurer.file, 0, 0, path))


def _text(structurer: Structurer, value: Any, path: Path) -> Any:
    if not isinstance(value, str):
        return structurer.bad(path, "type", f"expected text, not {kind_of(value)}", "put it in quotes")
    if len(value) > STRING_CHARACTERS:
        return structurer.bad(path, "too-long", f"a text of {len(value):,} characters; at most {STRING_CHARACTERS:,}", "shorten it")
    control = FORBIDDEN.search(value)
    if control is not None:
        what = f"U+{ord(control.group()):04X}"
        return structurer.bad(
            path, "control-character", f"a control or invisible character ({what}) stands here", "delete it", control.start()
        )
    return value


def _flag(structurer: Structurer, value: Any, path: Path) -> Any:
    if isinstance(value, bool):
        return value
    return structurer.bad(path, "type", f"expected true or false, not {kind_of(value)}", "without quotes")


def _whole(structurer: Structurer, value: Any, path: Path) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return value if abs(value) <= LARGEST else structurer.bad(path, "too-large", "no number here is so large", f"at most {LARGEST:g}")
    return structurer.bad(path, "type", f"expected a whole number, not {kind_of(value)}", "digits alone, without quotes")


def _number(structurer: Structurer, value: Any, path: Path) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        if not math.isfinite(value):
            return structurer.bad(path, "not-finite", "a number must be finite", "write a number with digits")
        if abs(value) > LARGEST:
            return structurer.bad(path, "too-large", "no number here is so large", f"at most {LARGEST:g}")
        return float(value)
    return structurer.bad(path, "type", f"expected a number, not {kind_of(value)}", "digits alone, without quotes")


def _date(structurer: Structurer, value: Any, path: Path) -> Any:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    try:
        return dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        return structurer.bad(path, "type", f"expected a day, not {kind_of(value)}", "such as 2010-06-10")


LARGEST = 1e15
"""The largest number that content may state: every integer up to it is exact."""


# --- words for messages -------------------------------------------------------------------------------------------------------------


def closest(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant, or nothing."""
    return next(iter(difflib.get_close_matches(word[:LONGEST_WORD], list(known), 1)), "")


def shown(word: str) -> str:
    """A word as a message repeats it: not too long, and with nothing in it that a terminal obeys."""
    kept = FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", word).replace("\n", " ")
    return kept if len(kept) <= LONGEST_WORD else f"{kept[:LONGEST_WORD]}..."


def kind_of(value: object) -> str:
    """What a value is, in words."""
    if isinstance(value, str):
        return f"the text '{shown(value)[:30]}'" if len(value) <= 30 else "text"
    names = {
        bool: "true or false",
        int: "a number",
        float: "a number",
        list: "a list",
        dict: "a table",
        dt.datetime: "a time",
        dt.time: "a time",
    }
    return names.get(type(value), "a date" if isinstance(value, dt.date) else "this")


def title_of(cls: type) -> str:
    """A table's name as it is written."""
    return f"[[{TITLES.get(cls.__name__, cls.__name__.lower())}]]" if cls.__name__ not in SINGLE_TITLES else SINGLE_TITLES[cls.__name__]


SINGLE_TITLES = {"ScenarioHead": "[scenario]", "MapDefinition": "[map]", "Amount": "amount", "Size": "amount", "DayRange": "days"}
TITLES = {
    "SourceText": "source",
    "KindDefinition": "kind",
    "QuantityDefinition": "quantity",
    "RelationDefinition": "relation",
    "ReportDefinition": "report",
    "EntityDefinition": "entity",
    "StartValue": "start",
    "StartDefinition": "start",
    "SeatDefinition": "seat",
    "Objective": "seat.objectives",
    "OrderDefinition": "order",
    "BodyDefinition": "body",
    "Member": "body.members",
    "MotionDefinition": "body.motions",
    "InjectDefinition": "inject",
    "DoctrineDefinition": "doctrine",
    "DoctrineOrder": "doctrine.orders",
    "DoctrineMotion": "doctrine.motions",
    "DoctrineVote": "doctrine.votes",
    "DoctrineAccept": "doctrine.accepts",
    "ClauseDefinition": "clause",
    "ClauseEffect": "effects",
    "ClauseNeed": "needs",
    "MapPlace": "map.places",
    "TurnSpan": "cut.calendar",
    "Act": "set",
    "GivenOrder": "orders",
    "TabledMotion": "motions",
    "Arm": "experiment.arms",
    "Cost": "order.costs",
    "Need": "needs",
    "Test": "tests",
    "Position": "positions",
    "Effect": "effects",
}
