"""What is left open or in vain: texts without words, names that no expression can read, lines of a doctrine where its seat has no say."""

from __future__ import annotations

import re
import typing
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import attrs

from exercise.content.findings import Problems, at, error, unknown, warning
from exercise.content.loading import SINGLE, TABLES
from exercise.content.references import BUILT_IN_KINDS, modules_of
from exercise.content.structure import SPELLED, title_of
from exercise.core.definitions import NOWHERE, Content, DoctrineDefinition, Expression, InjectDefinition
from exercise.language.problem import Place
from exercise.language.tokens import RESERVED

KEYS_OF_INJECTS = {
    "timed": frozenset({"on"}),
    "conditional": frozenset({"when", "not_before", "by"}),
    "absence": frozenset({"by", "unless"}),
    "contingency": frozenset[str](),
}
"""What decides when an inject of a kind comes; other keys of this sort are not looked at."""

_PROSE = frozenset({
    "name", "short", "title", "text", "summary", "content_note", "meaning", "because", "say", "what", "rule_text", "measured_by", "from_",
    "method", "expected_action", "objective",
})  # fmt: skip
"""Fields that people read; what else is text names something, and is missed where it is looked up."""
_NAMED = ("kind", "relation", "quantity", "entity", "seat", "order", "body", "inject")
"""Tables whose ids stand in expressions."""
_PART = re.compile(r"(?:^|,)\s*(?P<kind>\w+)")
_DAY = re.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b")
_QUOTED = re.compile(r"\"[^\"]*\"")


def gaps(content: Content) -> Problems:
    """Every gap."""
    checks: tuple[Callable[[Content], Problems], ...] = (_texts, _words, _modules, _hidden, _bindings, _players, _injects, _say, _days)
    for check in checks:
        yield from check(content)


# --- texts and names ----------------------------------------------------------------------------------------------------------------


def each_table(content: Content) -> Iterator[Any]:
    """Every table and those inside it."""
    for field, _ in (*SINGLE.values(), *TABLES.values()):
        value = getattr(content, field)
        for one in value if isinstance(value, tuple) else (value,):
            if one is not None and one.place != NOWHERE:
                yield from _within(one)


def _within(one: Any) -> Iterator[Any]:
    yield one
    for field in attrs.fields(type(one)):
        value = getattr(one, field.name)
        for item in value if isinstance(value, tuple) else (value,):
            if attrs.has(type(item)) and not isinstance(item, Expression | Place):
                yield from _within(item)


@cache
def _required_texts(cls: type) -> tuple[str, ...]:
    hints = typing.get_type_hints(cls)
    return tuple(one.name for one in attrs.fields(cls) if hints[one.name] is str and one.default is attrs.NOTHING and one.name in _PROSE)


def _texts(content: Content) -> Problems:
    """Texts that people would read, and that hold nothing."""
    for one in each_table(content):
        cls: type = type(one)
        for name in _required_texts(cls):
            if not getattr(one, name).strip():
                key = SPELLED.get(name, name)
                yield error(at(one.place, key), "empty-text", f"{title_of(cls)} has nothing under {key}", "say it in words")


def _words(content: Content) -> Problems:
    """Ids that are words of the language, so that no expression can name their owner."""
    groups: list[tuple[str, tuple[Any, ...]]] = [(key, getattr(content, TABLES[key][0])) for key in _NAMED]
    for what, group in groups:
        for one in group:
            if one.id in RESERVED:
                message = f"{one.id} is a word of the content language, so nothing can name this {what}"
                yield error(at(one.place, "id"), "reserved-word", message, "choose another id")


def _modules(content: Content) -> Problems:
    """Modules that tables say they belong to, or stand in place of."""
    modules = modules_of(content)
    for one in each_table(content):
        for key in ("module", "instead_of"):
            word = getattr(one, key, "")
            if word and word not in modules:
                yield unknown(at(one.place, key), "module", word, modules)


def _hidden(content: Content) -> Problems:
    """Quantities behind a relation of the same name: a path that ends in it leads to the partner."""
    relations = {(one.of, one.id) for one in content.relations} | {(one.to, one.inverse) for one in content.relations if one.inverse}
    for quantity in content.quantities:
        if (quantity.kind, quantity.id) in relations:
            message = f"{quantity.id} is a quantity and a relation of a {quantity.kind}"
            yield error(at(quantity.place, "id"), "duplicate", message, "the relation is read, never the quantity: rename one")


def _bindings(content: Content) -> Problems:
    """Kinds that rules go through and that orders aim at; the compiler looks at them too, but not once a table fails for another reason."""
    kinds = {*BUILT_IN_KINDS, "ballot", *(kind.id for kind in content.kinds)}
    given = [(rule.place, "for", rule.for_) for rule in content.rules] + [(one.place, "for", one.for_) for one in content.assessments]
    given += [(order.place, "target", order.target) for order in content.orders]
    lines = (line for doctrine in content.doctrines for line in doctrine.orders)
    given += [(line.place, "target", line.target) for line in lines if " " in line.target.strip()]
    for place, key, text in given:
        for part in _PART.finditer(text):
            if part["kind"] not in kinds:
                yield unknown(at(place, key).shifted(part.start("kind")), "kind", part["kind"], kinds)


# --- seats, injects, doctrines ------------------------------------------------------------------------------------------------------


def _players(content: Content) -> Problems:
    if content.scenario.place != NOWHERE and not any(seat.playable for seat in content.seats):
        told = "all seats are actors" if content.seats else "there is no seat"
        yield error(content.scenario.place, "no-seat", f"nobody can play: {told}", "add a [[seat]] that is playable")


def _injects(content: Content) -> Problems:
    for inject in content.injects:
        if not inject.to:
            yield error(at(inject.place, "to"), "nobody", f"the inject {inject.id} reaches nobody", 'to = ["all"] or seats')
        if inject.effects and not inject.because.strip():
            yield error(inject.place, "missing-key", f"{inject.id} has effects and needs because", "the cause shown with them, in a clause")
        yield from _idle_keys(inject)


def _idle_keys(inject: InjectDefinition) -> Problems:
    looked_at = KEYS_OF_INJECTS[inject.kind]
    for key in ("on", "when", "not_before", "by", "unless"):
        if getattr(inject, key) is not None and key not in looked_at:
            kinds = " or ".join(kind for kind, keys in KEYS_OF_INJECTS.items() if key in keys)
            message = f"{inject.kind} injects do not look at {key}"
            yield warning(at(inject.place, key), "unused", message, f"leave it out, or make the inject {kinds}")


def _say(content: Content) -> Problems:
    """Motions that a doctrine tables, and votes that it casts, though its seat may not."""
    bodies = {body.id: body for body in content.bodies}
    for doctrine in content.doctrines:
        for index, body_id, motion_id in _tabled(doctrine):
            motion = next((one for one in (bodies[body_id].motions if body_id in bodies else ()) if one.id == motion_id), None)
            if motion is not None and doctrine.seat not in motion.may_table:
                message = f"{doctrine.seat} may not table {motion_id} in {body_id}"
                hint = f"seats that may: {', '.join(motion.may_table) or 'none'}"
                yield error(at(doctrine.place, "motions", index, "motion"), "no-say", message, hint)
        for index, vote in enumerate(doctrine.votes):
            members = [member.seat for member in bodies[vote.body].members] if vote.body in bodies else [doctrine.seat]
            if doctrine.seat not in members:
                message = f"{doctrine.seat} has no vote in {vote.body}"
                yield error(at(doctrine.place, "votes", index, "body"), "no-say", message, f"members are {', '.join(members)}")


def _tabled(doctrine: DoctrineDefinition) -> Iterator[tuple[int, str, str]]:
    return ((index, one.body, one.motion) for index, one in enumerate(doctrine.motions))


def _days(content: Content) -> Problems:
    """Days written into expressions, where they would be a subtraction."""
    for one in each_table(content):
        for field in attrs.fields(type(one)):
            value = getattr(one, field.name)
            for text in value.values() if isinstance(value, dict) else (value,):
                if isinstance(text, Expression) and "-" in text.text:
                    day = _DAY.search(_QUOTED.sub(lambda quoted: " " * len(quoted.group()), text.text))
                    if day is not None:
                        place = text.place.shifted(day.start())
                        hint = "days stand under the keys of injects and doctrines; write it as days_since(entity.quantity)"
                        yield error(place, "date-condition", f"{day.group()} in an expression is a subtraction, not a day", hint)
