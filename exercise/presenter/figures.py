"""Figures in words: values with their units, changes with their direction, sources and ages, and what to do when two sources disagree."""

from __future__ import annotations

import attrs

from exercise.presenter.dates import age_words, days_between, short_day
from exercise.presenter.frames import QuantityCard
from exercise.presenter.legible import cell_width
from exercise.presenter.rows import Line, Run
from exercise.presenter.seat_state import Reading, SeatState
from exercise.presenter.words import _

CLASS_LETTERS = {"hegemonic": "H", "captured": "C", "degraded": "D", "failed": "F!"}
"""Capacity classes are letters first; the colour role has the class's own name."""

STALE_DAYS = 3
"""A report older than this, and than the current turn is long, is shown as stale."""

DISAGREEMENT = 0.05
"""Sources disagree when their figures lie apart by more than this part of the larger one."""

NEVER_DAYS = 900_000
"""Dates further from the scenario than this stand for never."""


def thousands(value: float, digits: int = 0) -> str:
    """``45,000``; a minus sign in front of what is below zero."""
    return f"{value:,.{digits}f}"


def figure(value: float, card: QuantityCard) -> str:
    """A value in its quantity's unit, as short as it can be said."""
    if card.values:
        return card.values[min(max(int(value), 0), len(card.values) - 1)]
    return amount_words(value, card.unit)


def inline_name(card: QuantityCard) -> str:
    """A quantity's name inside a sentence: only its first letter gives way, names within it keep theirs."""
    return card.name[:1].lower() + card.name[1:]


def reading_words(reading: Reading, card: QuantityCard) -> str:
    """A reading's value; a date as its day."""
    if card.unit == "date":
        return short_day(reading.day) if reading.day else _("never")
    return figure(reading.value, card)


def amount_words(value: float, unit: str) -> str:
    """A number with its unit: ``81``, ``45,000``, ``6.0 M$``, ``45 %``, ``yes``, ``12 days``."""
    match unit:
        case "share":
            words = f"{value * 100:.0f} %"
        case "million dollars":
            words = f"{thousands(value, 1)} M$"
        case "flag":
            words = _("yes") if value >= 0.5 else _("no")
        case "days":
            words = _("{count} days", count=thousands(value))
        case "date":
            words = _("never") if abs(value) > NEVER_DAYS else thousands(value)
        case "number" | "":
            words = thousands(value, 0 if float(value).is_integer() else 1)
        case _:
            words = thousands(value)
    return words


def short_figure(words: str, width: int) -> str:
    """A figure of a table; millions are shortened where the whole number does not fit: ``1.24 M``."""
    digits = words.replace(",", "").removeprefix("-")
    if cell_width(words) <= width or not digits.isdigit():
        return words
    sign = "-" if words.startswith("-") else ""
    return f"{sign}{int(digits) / 1e6:.2f} M"


def unit_words(unit: str) -> str:
    """A unit after a number: empty for points and shares, which carry none."""
    return "" if unit in ("points", "share", "number", "flag", "") else "M$" if unit == "million dollars" else unit


def movement(reading: Reading, card: QuantityCard) -> Line:
    """How a figure moved since the last one: a sign that points up, down or nowhere, and by how much."""
    if reading.previous is None:
        return ()
    if card.values or card.unit in ("flag", "date"):
        if reading.value == reading.previous:
            return (Run("▬", "dim"),)
        return (Run(_("was {before}", before=figure(reading.previous, card)), _direction_role(reading, card)),)
    difference = reading.value - reading.previous
    size = _size(difference, card)
    if size in ("0", "0.0", "0 %", "0.0 M$"):
        return (Run("▬", "dim"),)
    return (Run(f"{'▲' if difference > 0 else '▼'} {size}", _direction_role(reading, card)),)


def _size(difference: float, card: QuantityCard) -> str:
    return amount_words(abs(difference), card.unit)


def _direction_role(reading: Reading, card: QuantityCard) -> str:
    if reading.previous is None or reading.value == reading.previous or card.better not in ("high", "low"):
        return ""
    return "better" if (reading.value > reading.previous) == (card.better == "high") else "worse"


def signed(difference: float, unit: str) -> str:
    """``+20,000`` or ``-4``."""
    return f"{'+' if difference >= 0 else '-'}{amount_words(abs(difference), unit)}"


def value_role(value: float, card: QuantityCard) -> str:
    """The role of a value: a class's own, ``strong`` for other figures."""
    word = figure(value, card)
    return word if word in CLASS_LETTERS else "strong"


def class_mark(word: str) -> Run:
    """A capacity class as its letter."""
    return Run(CLASS_LETTERS.get(word, word[:1].upper()), word if word in CLASS_LETTERS else "")


@attrs.frozen(slots=True)
class Known:
    """What a seat knows of one figure: the newest reading, and the range over sources that still speak and disagree."""

    reading: Reading
    low: float
    high: float
    sources: int
    age: int | None
    stale: bool

    @property
    def disputed(self) -> bool:
        """Whether sources disagree."""
        return self.low != self.high


def known(state: SeatState, key: str) -> Known | None:
    """A figure as this seat knows it, or None when nothing was ever said about it."""
    readings = state.by_source(key)
    if not readings:
        return None
    first = readings[0]
    age = days_between(first.as_of, state.date)
    stale = age is not None and age > max(STALE_DAYS, state.days)
    fresh = [r for r in readings if (days_between(r.as_of, first.as_of) or 0) <= max(STALE_DAYS, state.days)]
    low, high = min(r.value for r in fresh), max(r.value for r in fresh)
    if state.welcome.quantity(key).values or high - low <= DISAGREEMENT * max(abs(low), abs(high)):
        low = high = first.value
    return Known(first, low, high, len(fresh), age, stale)


def value_words(state: SeatState, item: Known) -> str:
    """A figure, or its range when sources disagree."""
    card = state.welcome.quantity(item.reading.key)
    if item.disputed:
        return f"{figure(item.low, card)}\N{EN DASH}{figure(item.high, card)}"
    return reading_words(item.reading, card)


def source_words(item: Known) -> str:
    """Who says so: the source's name, or how many sources disagree."""
    if item.disputed:
        return _("{count} sources disagree", count=item.sources)
    return item.reading.measured_by or _("on record")


def age_run(item: Known) -> Run:
    """How old a figure is; a stale one carries its day as well as a dim role."""
    if item.stale:
        return Run(_("{age}, stale", age=short_day(item.reading.as_of)), "stale")
    return Run(age_words(item.age), "dim")
