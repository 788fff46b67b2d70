"""Figures in words: values with their units, changes with their direction, sources and ages, and what to do when two sources disagree."""

from __future__ import annotations

import math

import attrs

from exercise.presenter.dates import age_words, days_between, days_later, short_day
from exercise.presenter.frames import QuantityCard
from exercise.presenter.known import Reading
from exercise.presenter.legible import cell_width
from exercise.presenter.rows import Line, Run
from exercise.presenter.seat_state import SeatState
from exercise.presenter.words import _, many

CLASS_LETTERS = {"hegemonic": "H", "captured": "C", "degraded": "D", "failed": "F!"}
"""Capacity classes are letters first; the colour role has the class's own name."""

STALE_DAYS = 3
"""A report older than this, and than the current turn is long, is shown as stale."""

DISAGREEMENT = 0.05
"""Sources disagree when their figures lie apart by more than this part of the larger one."""

TINY = 1e-9
"""What binary fractions leave of a tenth."""

NOTHING = ("0", "0.0", "0 %", "0.0 M$")
"""A movement of this size is none."""

NEVER_DAYS = 900_000
"""Dates further from the scenario than this stand for never."""


def thousands(value: float, digits: int = 0) -> str:
    """``45,000``; a minus sign in front of what is below zero, none before a zero."""
    words = f"{value:,.{digits}f}"
    return words.removeprefix("-") if not float(words.replace(",", "")) else words


def figure(value: float, card: QuantityCard) -> str:
    """A value in its quantity's unit, as short as it can be said."""
    if card.values:
        return card.values[min(max(int(value), 0), len(card.values) - 1)]
    if card.unit == "date":
        return _("never") if abs(value) > NEVER_DAYS else short_day(days_later(card.origin, math.floor(value))) or thousands(value)
    return amount_words(value, card.unit)


def inline_name(card: QuantityCard) -> str:
    """A quantity's name inside a sentence: only its first letter gives way, names within it keep theirs."""
    return card.name[:1].lower() + card.name[1:]


def reading_words(reading: Reading, card: QuantityCard) -> str:
    """A reading's value; a date as its day."""
    if card.unit == "date":
        return short_day(reading.day) if reading.day else figure(reading.value, card)
    return figure(reading.value, card)


def amount_words(value: float, unit: str) -> str:
    """A number with its unit: ``81``, ``45,000``, ``6.0 M$``, ``45 %``, ``yes``, ``12 days``."""
    match unit:
        case "share":
            words = f"{thousands(value * 100)} %"
        case "million dollars":
            words = f"{thousands(value, 1)} M$"
        case "flag":
            words = _("yes") if value >= 0.5 else _("no")
        case "days":
            words = many("{days} day", "{days} days", round(abs(value)), days=thousands(value))
        case "date":
            words = _("never") if abs(value) > NEVER_DAYS else thousands(value)
        case "number" | "":
            words = thousands(value, 0 if float(value).is_integer() else 1)
        case _:
            words = thousands(value)
    return words


def budget_words(value: float, unit: str, *, up: bool = False) -> str:
    """What is left to spend, or with ``up`` a price, to the tenth: rounded so that what cannot be paid never looks as if it could."""
    tenths = (math.ceil(value * 10 - TINY) if up else math.floor(max(0.0, value) * 10 + TINY)) / 10
    if unit == "points":
        return thousands(tenths, 0 if tenths.is_integer() else 1)
    return amount_words(tenths if unit in ("million dollars", "number", "") else value, unit)


COUNTED = ("people", "posts", "houses", "tonnes", "hectares")
"""Units that stand after a number inside a sentence, where no column says what is counted."""


def sized_words(value: float, unit: str) -> str:
    """A size inside a sentence, with its unit: ``1,455 people``, ``5.0 M$``."""
    words = amount_words(value, unit)
    return f"{words} {unit}" if unit in COUNTED else words


def plain_amount(value: float) -> str:
    """A number as people type and read it: ``2,000,000``, ``2.5``."""
    return f"{value:,.10g}"


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
    if card.unit == "date" and abs(reading.previous) > NEVER_DAYS:
        return ()
    if card.values or card.unit in ("flag", "date"):
        if reading.value == reading.previous:
            return (Run("▬", "dim"),)
        return (Run(_("was {before}", before=figure(reading.previous, card)), _direction_role(reading, card)),)
    difference = reading.value - reading.previous
    size = _size(difference, card)
    if size in NOTHING:
        return (Run("▬", "dim"),)
    return (Run(f"{'▲' if difference > 0 else '▼'} {size}", _direction_role(reading, card)),)


def _size(difference: float, card: QuantityCard) -> str:
    return amount_words(abs(difference), card.unit)


def _direction_role(reading: Reading, card: QuantityCard) -> str:
    if reading.previous is None or reading.value == reading.previous or card.better not in ("high", "low"):
        return ""
    return "better" if (reading.value > reading.previous) == (card.better == "high") else "worse"


def signed(difference: float, unit: str) -> str:
    """``+20,000`` or ``-4``; a difference that rounds to nothing has no sign."""
    words = amount_words(abs(difference), unit)
    return words if words in NOTHING else f"{'+' if difference >= 0 else '-'}{words}"


def value_role(value: float, card: QuantityCard) -> str:
    """The role of a value: a class's own, ``strong`` for other figures."""
    word = figure(value, card)
    return word if word in CLASS_LETTERS else "strong"


def class_mark(word: str) -> Run:
    """A capacity class as its letter."""
    return Run(CLASS_LETTERS.get(word, word[:1].upper()), word if word in CLASS_LETTERS else "")


@attrs.frozen(slots=True)
class Known:
    """What a seat knows of one figure: the newest reading, and the range over sources that still speak and disagree.

    ``before`` is that range as it was before the newest turn that brought a figure, each source compared with itself; None when no source
    had said anything.
    """

    reading: Reading
    low: float
    high: float
    sources: int
    age: int | None
    stale: bool
    before: tuple[float, float] | None = None

    @property
    def disputed(self) -> bool:
        """Whether sources disagree."""
        return self.low != self.high

    @property
    def ranged(self) -> bool:
        """Whether its change is that of a range: sources disagree now, or did before."""
        return self.disputed or (self.before is not None and self.sources > 1 and self.before[0] != self.before[1])


def known(state: SeatState, key: str) -> Known | None:
    """A figure as this seat knows it, or None when nothing was ever said about it."""
    readings = state.by_source(key)
    if not readings:
        return None
    first = readings[0]
    age = days_between(first.as_of, state.date)
    stale = age is not None and age > max(STALE_DAYS, state.days)
    fresh = [r for r in readings if (days_between(r.as_of, first.as_of) or 0) <= max(STALE_DAYS, state.days)]
    low, high = _range([r.value for r in fresh], first.value, listed=bool(state.welcome.quantity(key).values))
    earlier = [before for r in fresh if (before := _before(r, first.turn)) is not None]
    own = _before(first, first.turn)
    ends = _range(earlier, earlier[0] if own is None else own, listed=bool(state.welcome.quantity(key).values)) if earlier else None
    return Known(first, low, high, len(fresh), age, stale, ends)


def _before(reading: Reading, turn: int) -> float | None:
    """What a source said before a turn: its figure stands when it said nothing new in it."""
    return reading.previous if reading.turn >= turn else reading.value


def _range(values: list[float], newest: float, *, listed: bool) -> tuple[float, float]:
    """The least and most of some sources' values; the newest one's alone where they agree."""
    low, high = min(values), max(values)
    if listed or high - low <= DISAGREEMENT * max(abs(low), abs(high)):
        return newest, newest
    return low, high


def known_movement(item: Known, card: QuantityCard) -> Line:
    """How a figure moved, compared with the same source; of a range, how both its ends moved and never one source alone."""
    if not item.ranged:
        return movement(item.reading, card)
    rising = range_direction(item)
    if rising is None:
        return (Run("▲▼", ""),) if item.before is not None and item.before != (item.low, item.high) else (Run("▬", "dim"),)
    role = "" if card.better not in ("high", "low") else "better" if rising == (card.better == "high") else "worse"
    return (Run("▲" if rising else "▼", role),)


def range_direction(item: Known) -> bool | None:
    """Whether a range rose: neither end fell and one of them rose; None when its ends moved apart, together, or not at all."""
    if item.before is None or item.before == (item.low, item.high):
        return None
    if item.low >= item.before[0] and item.high >= item.before[1]:
        return True
    return False if item.low <= item.before[0] and item.high <= item.before[1] else None


def range_words(low: float, high: float, card: QuantityCard) -> str:
    """``18,000`` to ``21,000`` with a dash, or one figure where both ends are the same."""
    ends = (figure(low, card), figure(high, card))
    return ends[0] if ends[0] == ends[1] else "\N{EN DASH}".join(ends)


def value_words(state: SeatState, item: Known) -> str:
    """A figure, or its range when sources disagree."""
    card = state.welcome.quantity(item.reading.key)
    if item.disputed:
        return f"{figure(item.low, card)}\N{EN DASH}{figure(item.high, card)}"
    words = reading_words(item.reading, card)
    is_over = card.unit == "date" and item.reading.key.endswith("_until") and reading_day(item.reading, card) < state.date
    return _("{day}, over", day=words) if is_over and abs(item.reading.value) <= NEVER_DAYS else words


def reading_day(reading: Reading, card: QuantityCard) -> str:
    """The scenario day that a date's reading names."""
    return reading.day or days_later(card.origin, math.floor(reading.value))


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
