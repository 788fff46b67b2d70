"""The row of tabs where panes are pages: the same numbers, marks for what is new."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from exercise.presenter.keys import PANES, short_titles
from exercise.presenter.rows import Line, Run, fit, line_width
from exercise.presenter.seat_state import SeatState
from exercise.presenter.status import open_votes, unread_count

SHORT_NAME = 7
"""Letters of a tab's name that are kept before names go altogether."""


@attrs.frozen(slots=True)
class Tab:
    """A page: its name in code, its words, and a mark for what is new there."""

    name: str
    words: str
    mark: str = ""


def seat_tabs(state: SeatState) -> tuple[Tab, ...]:
    """The seat's six pages."""
    unread = unread_count(state)
    marks = {
        "mail": f" •{unread}" if unread else "",
        "bodies": " •" if open_votes(state) else "",
        "orders": f" {len(state.committed)}/{state.welcome.allowance}",
    }
    return tuple(Tab(name, words, marks.get(name, "")) for name, words in zip(PANES, short_titles(), strict=True))


def _fitted(tabs: Sequence[Tab], current: str, width: int) -> list[Line]:
    """The tabs as wide as fits: in full, shortened, or as numbers with only the current one named."""
    fitted: list[Line] = []
    for longest in (100, SHORT_NAME, 0):
        fitted = [
            _tab(number, tab, tab.words if tab.name == current else tab.words[:longest], current) for number, tab in enumerate(tabs, 1)
        ]
        if sum(line_width(each) for each in fitted) + len(fitted) - 1 <= width:
            break
    return fitted


def _tab(number: int, tab: Tab, name: str, current: str) -> Line:
    here = tab.name == current
    words = f"{number} {name}{tab.mark} " if name else f"{number}{tab.mark} "
    return (Run(f"▸{words}" if here else f" {words}", "tab" if here else "dim"),)


def tabs_line(tabs: Sequence[Tab], current: str, width: int) -> Line:
    """The row of tabs."""
    runs: list[Run] = []
    for tab in _fitted(tabs, current, width):
        runs += [Run("│", "dim"), *tab] if runs else tab
    return fit(runs, width)


def tab_at(tabs: Sequence[Tab], current: str, width: int, column: int) -> int:
    """The number of the tab at a column, from 1; 0 when there is none."""
    at = 0
    for number, tab in enumerate(_fitted(tabs, current, width), 1):
        end = at + line_width(tab)
        if at <= column < end:
            return number
        at = end + 1
    return 0


def frame_line(number: int, words: str, width: int, *, focused: bool) -> Line:
    """The line above a pane: its number, its words and a rule, heavier with a mark while the pane has the focus."""
    mark, rule, role = ("▸", "━", "title") if focused else (" ", "─", "rule")
    title = [Run(f"{mark}[{number}] ", role if focused else "dim"), Run(words, role if focused else "strong"), Run(" ")]
    return fit([*title, Run(rule * max(0, width - line_width(title)), role)], width)
