"""Units of quantities, and how they combine.

Points, share, number and flag are one family without dimension. Every other unit is a dimension of its own: people and days can be
multiplied and divided but never added. ``per day``, ``per month`` and ``per step`` at the end of a unit are left out of the algebra: a
rule says itself (``per``) over what time its amounts are counted.
"""

from __future__ import annotations

import attrs

from exercise.language.errors import ExpressionError, did_you_mean

_PLAIN = ("number", "points", "share", "flag", "percent")
_SINGULAR = {
    "person": "people",
    "day": "days",
    "house": "houses",
    "tonne": "tonnes",
    "post": "posts",
    "point": "points",
    "household": "households",
    "tent": "tents",
    "weapon": "weapons",
    "vehicle": "vehicles",
    "kilogram": "kilograms",
    "kilometre": "kilometres",
    "million_dollar": "million_dollars",
}
_DIMENSIONS = (
    "people",
    "days",
    "date",
    "houses",
    "tonnes",
    "million_dollars",
    "posts",
    "households",
    "tents",
    "weapons",
    "vehicles",
    "kilograms",
    "kilometres",
)
_TIMES = ("day", "days", "month", "step")
KNOWN_UNITS = (*_PLAIN, *_DIMENSIONS)
"""Every word that names a unit (singular forms are understood too)."""


@attrs.frozen(slots=True, cache_hash=True)
class Unit:
    """A unit: its dimensions with their powers, sorted. Two units are equal when their powers are; ``name`` is only how it was written."""

    powers: tuple[tuple[str, int], ...] = ()
    name: str = attrs.field(default="number", eq=False)

    @property
    def is_plain(self) -> bool:
        """Whether it belongs to the family without dimension."""
        return not self.powers

    @property
    def is_flag(self) -> bool:
        """Whether it was written as ``flag``: 0 or 1, usable as a condition."""
        return self.name == "flag"

    def times(self, other: Unit) -> Unit:
        """The unit of a product."""
        return _combined(self, other, 1)

    def over(self, other: Unit) -> Unit:
        """The unit of a quotient."""
        return _combined(self, other, -1)

    def root(self) -> Unit | None:
        """The unit of a square root, or None when there is none."""
        if any(power % 2 for _, power in self.powers):
            return None
        return _unit({word: power // 2 for word, power in self.powers})

    def __str__(self) -> str:
        return self.name.replace("_", " ")


NUMBER = Unit()
"""No dimension."""
DAYS = Unit((("days", 1),), "days")
"""Days."""
FLAG = Unit((), "flag")
"""0 or 1."""


def parse_unit(text: str) -> Unit:
    """The unit written as ``people``, ``million dollars``, ``points per month`` or ``tonnes/people``.

    Raises ``ExpressionError`` with code ``unknown-unit``, offset 0.
    """
    written = " ".join(text.replace("_", " ").split())
    top, *below = [part.strip() for part in written.replace("/", " per ").split(" per ")]
    powers = dict(_word(top, text).powers)
    for part in below:
        if part in _TIMES and part is below[-1]:
            continue
        for word, power in _word(part, text).powers:
            powers[word] = powers.get(word, 0) - power
    return Unit(_sorted(powers), written)


def _word(word: str, text: str) -> Unit:
    joined = word.strip().replace(" ", "_")
    plural = _SINGULAR.get(joined, joined)
    if plural in _PLAIN:
        return Unit((), plural)
    if plural in _DIMENSIONS:
        return Unit(((plural, 1),), plural)
    hint = did_you_mean(joined, (*KNOWN_UNITS, *_SINGULAR), f"units are {', '.join(KNOWN_UNITS)}")
    raise ExpressionError("unknown-unit", f"{text.strip()!r} is not a unit", hint, 0)


def _combined(left: Unit, right: Unit, sign: int) -> Unit:
    if right.is_plain:
        return Unit(left.powers, left.name if left.powers else "number")
    powers = dict(left.powers)
    for word, power in right.powers:
        powers[word] = powers.get(word, 0) + sign * power
    return _unit(powers)


def _sorted(powers: dict[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted((word, power) for word, power in powers.items() if power))


def _unit(powers: dict[str, int]) -> Unit:
    kept = _sorted(powers)
    top = " * ".join(word if power == 1 else f"{word}^{power}" for word, power in kept if power > 0)
    below = "".join(f" / {word}" if power == -1 else f" / {word}^{-power}" for word, power in kept if power < 0)
    return Unit(kept, (top or "1") + below if kept else "number")
