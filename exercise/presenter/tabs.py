"""The row of tabs where panes are pages: the same numbers, marks for what is new."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from exercise.presenter.keys import PANES, brief_titles, short_titles
from exercise.presenter.legible import cell_width
from exercise.presenter.rows import Line, Run, fit, line_width
from exercise.presenter.seat_state import SeatState
from exercise.presenter.status import open_votes, unread_count
from exercise.presenter.words import _


@attrs.frozen(slots=True)
class Tab:
    """A page: its name in code, its words, a mark for what is new there, and one short word for where there is little room."""

    name: str
    words: str
    mark: str = ""
    brief: str = ""


def seat_tabs(state: SeatState) -> tuple[Tab, ...]:
    """The seat's six pages, and the agreements where there is something to agree on."""
    unread = unread_count(state)
    marks = {
        "mail": f" •{unread}" if unread else "",
        "bodies": " •" if open_votes(state) else "",
        "orders": f" {len(state.committed)}/{state.welcome.allowance}",
    }
    titles = zip(PANES, short_titles(), brief_titles(), strict=True)
    tabs = tuple(Tab(name, words, marks.get(name, ""), brief) for name, words, brief in titles)
    if not state.talks.clauses and not state.talks.agreements:
        return tabs
    waiting = sum(each.waits_for(state.seat) for each in state.talks.agreements.values())
    return (*tabs, Tab("agreements", _("Agreements"), f" •{waiting}" if waiting else "", _("Deals")))


def _fitted(tabs: Sequence[Tab], current: str, width: int) -> list[Line]:
    """The tabs as wide as fits: in full, briefly, or as numbers with only the current one named; never a part of a word."""
    fitted: list[Line] = []
    for here, others, after in (
        ("words", "words", " "),
        ("words", "brief", " "),
        ("brief", "brief", " "),
        ("brief", "brief", ""),
        ("brief", "", " "),
    ):
        names = (_named(tab, here if tab.name == current else others) for tab in tabs)
        fitted = [_tab(number, tab, name, current, after) for number, (tab, name) in enumerate(zip(tabs, names, strict=True), 1)]
        if sum(line_width(each) for each in fitted) + len(fitted) - 1 <= width:
            break
    return fitted


def _named(tab: Tab, how: str) -> str:
    return "" if not how else tab.brief or tab.words if how == "brief" else tab.words


def _tab(number: int, tab: Tab, name: str, current: str, after: str) -> Line:
    here = tab.name == current
    words = f"{number} {name}{tab.mark}{after}" if name else f"{number}{tab.mark}{after}"
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
    parts = words.split(" · ")
    while len(parts) > 1 and cell_width(" · ".join(parts)) > width - 6:
        parts.pop()
    words = " · ".join(parts)
    title = [Run(f"{mark}[{number}] ", role if focused else "dim"), Run(words, role if focused else "strong"), Run(" ")]
    return fit([*title, Run(rule * max(0, width - line_width(title)), role)], width)
