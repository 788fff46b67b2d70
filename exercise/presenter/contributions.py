"""Why a true figure moved: every contribution in order, and of a class the axes that changed it with what moved them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from exercise.presenter.account import reason_words
from exercise.presenter.causes import read_cause
from exercise.presenter.figures import figure
from exercise.presenter.frames import Data, items, number, text, truth
from exercise.presenter.replay import Chronicle, Scene
from exercise.presenter.rows import BLANK, Row, Rows, Run, heading, note, wrap
from exercise.presenter.why import source_words
from exercise.presenter.words import _

Told = Sequence[Data]
"""Contributions as a chronicle gives them."""


def gather(chronicle: Chronicle, now: Scene, key: str) -> tuple[Told, Mapping[str, Told]]:
    """The contributions of the turn that led here, and those of each axis that changed a class; as slow as the chronicle is."""
    turn = now.view.turn - 1
    if turn < 1:
        return (), {}
    told = tuple(chronicle.contributions(key, turn))
    crossed = dict.fromkeys(text(way, "quantity") for each in told for way in items(each, "crossings") if truth(way, "crossed"))
    return told, {axis: tuple(chronicle.contributions(axis, turn)) for axis in crossed if _is_figure(now, axis)}


def _is_figure(now: Scene, axis: str) -> bool:
    return axis in now.truth.readings


def contribution_rows(now: Scene, key: str, told: Told, width: int, axes: Mapping[str, Told] | None = None) -> Rows:
    """What moved a true figure in the turn that led here: every contribution, from the value before to the value after."""
    card = now.welcome.quantity(key)
    rows: list[Row] = [heading(f"{card.name}, {now.welcome.entity_name(key.rpartition('.')[0])}")]
    if card.meaning:
        rows.append(note(card.meaning, width))
    if now.view.turn == 1:
        return (*rows, note(_("This is STARTEX; nothing has moved yet."), width))
    if not told:
        return (*rows, note(_("It did not move in turn {turn}.", turn=now.view.turn - 1), width))
    rows += [BLANK, heading(_("Why it moved in turn {turn}", turn=now.view.turn - 1))]
    rows += [_contribution_row(now, key, each, width) for each in told]
    for axis, chain in (axes or {}).items():
        title = _("Why {figure} moved in turn {turn}", figure=_figure_name(now, axis), turn=now.view.turn - 1)
        rows += [BLANK, heading(title), *(_contribution_row(now, axis, each, width) for each in chain)]
    return tuple(rows)


def _figure_name(now: Scene, key: str) -> str:
    card = now.welcome.quantity(key)
    return f"{card.name.lower()} ({now.welcome.entity_name(key.rpartition('.')[0])})"


def _contribution_row(now: Scene, key: str, data: Data, width: int) -> Row:
    card = now.welcome.quantity(key)
    before, after = number(data, "before"), number(data, "after")
    values = f"{_exact(before)} → {_exact(after)}" if not card.values else f"{figure(before, card)} → {figure(after, card)}"
    cause = read_cause(data)
    head = [Run(f"{values:<20}", "strong"), Run(reason_words(cause))]
    lines = list(wrap(head, width, indent=20))
    small = " · ".join((cause.id, *cause.claims, *(source_words(now.truth, source) for source in cause.sources)))
    lines += wrap([Run(small, "dim")], width, indent=20, first=20)
    crossings = items(data, "crossings")
    for way in crossings:
        lines += wrap([Run(_crossing_words(now, way), "strong" if truth(way, "crossed") else "dim")], width, indent=22, first=20)
    for margin in () if crossings else items(data, "margins"):
        words = f"{text(margin, 'text')}   ({number(margin, 'left'):.4g}, {number(margin, 'right'):.4g})"
        lines += wrap([Run(words, "dim")], width, indent=22, first=20)
    return Row(tuple(lines))


def _crossing_words(now: Scene, way: Data) -> str:
    """On which side of its line an axis stands and by how much; what changed the class is said to have risen or fallen."""
    value, threshold = number(way, "value"), number(way, "threshold")
    axis = text(way, "quantity")
    named = {"axis": _figure_name(now, axis) if _is_figure(now, axis) else axis, "value": _exact(value), "line": _exact(threshold)}
    above = value >= threshold
    if truth(way, "crossed"):
        words = _("{axis} rose to {value}, {line} or more", **named) if above else _("{axis} fell to {value}, below {line}", **named)
    else:
        words = _("{axis} is {value}, still {line} or more", **named) if above else _("{axis} is {value}, still below {line}", **named)
    if isinstance(way.get("line"), int | float):
        words += _(" (line {line}, margin {margin})", line=_exact(number(way, "line")), margin=_exact(number(way, "line_margin")))
    return _("{words}, by {by}", words=words, by=_exact(abs(value - threshold)))


def _exact(value: float) -> str:
    return f"{value:,.2f}".rstrip("0").rstrip(".")
