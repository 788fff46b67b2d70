"""Types of values: numbers with a unit and a range, conditions, entities, listed values and dates."""

from __future__ import annotations

import attrs

from exercise.language.units import NUMBER, Unit


@attrs.frozen(slots=True)
class Number:
    """A number: its unit, the lowest and highest value that it can take, and whether it is adaptable.

    A bare literal, or a product of one with numbers without dimension, is adaptable: it takes on whatever unit stands beside it.
    """

    unit: Unit = NUMBER
    low: float = -1e15
    high: float = 1e15
    adaptable: bool = False


@attrs.frozen(slots=True)
class Truth:
    """A condition: true or false."""


@attrs.frozen(slots=True)
class EntityType:
    """An entity of a kind; its value is the entity's index within the kind."""

    kind: str


@attrs.frozen(slots=True)
class Choice:
    """One of the listed values; its value is the index in the list."""

    values: tuple[str, ...]


@attrs.frozen(slots=True)
class DateType:
    """A date, as days from STARTEX."""

    low: float = -1e15
    high: float = 1e15


Type = Number | Truth | EntityType | Choice | DateType
"""The type of any value."""

TRUTH = Truth()


@attrs.frozen(slots=True)
class Value:
    """A value of a block under construction: its number (``id``) in single-assignment order, and its type."""

    id: int
    type: Type


def describe(of: Type) -> str:
    """A type in words, for messages."""
    if isinstance(of, Number):
        return f"a number in {of.unit}" if of.unit.powers else "a number"
    if isinstance(of, Truth):
        return "a condition"
    if isinstance(of, EntityType):
        return f"an entity of kind {of.kind}"
    if isinstance(of, Choice):
        return f"one of {', '.join(of.values)}"
    return "a date"
