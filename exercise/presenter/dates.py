"""Scenario days in words. Days come as ISO text (``2010-06-13``); anything else is shown as it came."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from exercise.presenter.words import _


@lru_cache(maxsize=2048)
def day(text: str) -> dt.date | None:
    """The day that an ISO text names, or None."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _weekdays() -> tuple[str, ...]:
    return (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))


def _months() -> tuple[str, ...]:
    return (
        _("January"), _("February"), _("March"), _("April"), _("May"), _("June"), _("July"), _("August"), _("September"), _("October"),
        _("November"), _("December"),
    )  # fmt: skip


def _short_months() -> tuple[str, ...]:
    return (_("Jan"), _("Feb"), _("Mar"), _("Apr"), _("May"), _("Jun"), _("Jul"), _("Aug"), _("Sep"), _("Oct"), _("Nov"), _("Dec"))


def long_day(text: str) -> str:
    """``Sun 13 June 2010``."""
    when = day(text)
    if when is None:
        return text
    weekday, month = _weekdays()[when.weekday()], _months()[when.month - 1]
    return _("{weekday} {day} {month} {year}", weekday=weekday, day=when.day, month=month, year=when.year)


def day_words(text: str) -> str:
    """``13 June``."""
    when = day(text)
    return text if when is None else _("{day} {month}", day=when.day, month=_months()[when.month - 1])


def short_day(text: str) -> str:
    """``13 Jun``."""
    when = day(text)
    return text if when is None else _("{day} {month}", day=when.day, month=_short_months()[when.month - 1])


def days_between(earlier: str, later: str) -> int | None:
    """Days from one day to another, or None when one of them is not a day."""
    first, second = day(earlier), day(later)
    return None if first is None or second is None else (second - first).days


def age_words(age: int | None) -> str:
    """``today``, ``1 day old``, ``12 days old``; empty when unknown."""
    if age is None:
        return ""
    if age <= 0:
        return _("today")
    return _("1 day old") if age == 1 else _("{count} days old", count=age)


def short_age(age: int | None) -> str:
    """``now``, ``1d``, ``12d``: an age where there is no room for words."""
    return "" if age is None else _("now") if age <= 0 else _("{count}d", count=age)


def days_later(start: str, days: int) -> str:
    """The ISO day so many days after another; empty when there is no such day."""
    first = day(start)
    try:
        return "" if first is None else (first + dt.timedelta(days=days)).isoformat()
    except OverflowError:
        return ""
