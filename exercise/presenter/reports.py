"""Reports as this seat knows them: value, direction, source and age, place by place."""

from __future__ import annotations

import attrs

from exercise.presenter.dates import short_age
from exercise.presenter.figures import Known, age_run, known, known_movement, short_figure, source_words, value_role, value_words
from exercise.presenter.legible import cell_width
from exercise.presenter.map_view import calm, place_keys, place_row, places, weight_of_move
from exercise.presenter.rows import Row, Rows, Run, Subject, fit, note, table_row
from exercise.presenter.seat_state import SeatState
from exercise.presenter.words import _

FILTERS = ("all", "moved", "place")
VALUE_WIDTH, MOVE_WIDTH, SOURCE_WIDTH = 7, 8, 18
NARROW = 46
"""Below this width a figure keeps its age and loses its source."""
MOVED = 0.01
"""A figure counts as moved when it went by more than this part of its range."""


@attrs.frozen(slots=True)
class ReportView:
    """What the pane shows: all figures, those that moved since the last summary, or one place; ``find`` narrows by words."""

    filter: str = "all"
    place: str = ""
    find: str = ""


def next_filter(view: ReportView) -> ReportView:
    """The view after the filter key: all, moved, the place chosen on the map, and round again."""
    at = FILTERS.index(view.filter) + 1
    choices = FILTERS if view.place else FILTERS[:2]
    return attrs.evolve(view, filter=choices[at % len(choices)] if at < len(choices) else "all")


def filter_words(state: SeatState, view: ReportView) -> str:
    """The filter, for the pane's title."""
    words = {"all": _("all"), "moved": _("moved"), "place": state.welcome.entity_name(view.place)}[view.filter]
    return f"{words}, “{view.find}”" if view.find else words


def entities(state: SeatState) -> tuple[str, ...]:
    """Entities about which something is known: failed places first, then by violence; the seat itself is left out."""
    seen = dict.fromkeys(key.rpartition(".")[0] for key in state.readings)
    seen.pop(state.seat, None)
    first = [entity for entity in places(state) if entity in seen]
    return tuple(sorted(dict.fromkeys((*first, *seen)), key=lambda entity: calm(state, entity)))


def report_rows(state: SeatState, width: int, view: ReportView | None = None) -> Rows:
    """The pane's rows: a heading for each place, a line for each figure."""
    view = view or ReportView()
    chosen = (view.place,) if view.filter == "place" and view.place else entities(state)
    rows: list[Row] = []
    for entity in chosen:
        lines = _entity_rows(state, entity, width, view)
        if lines:
            rows += [place_row(state, entity), *lines]
    if not rows:
        rows.append(note(_nothing(view), width))
    return tuple(rows)


def _nothing(view: ReportView) -> str:
    if view.find:
        return _("Nothing known matches “{words}”.", words=view.find)
    if view.filter == "moved":
        return _("Nothing you know has moved. f shows all reports.")
    return _("No report has reached you yet.")


def _entity_rows(state: SeatState, entity: str, width: int, view: ReportView) -> list[Row]:
    rows = []
    for key in place_keys(state, entity):
        if key.endswith(".capacity") and not view.find:
            continue
        item = known(state, key)
        if item is not None and _wanted(state, item, view):
            rows.append(_figure_row(state, item, width))
    return rows


def _wanted(state: SeatState, item: Known, view: ReportView) -> bool:
    key = item.reading.key
    if view.filter == "moved" and (item.reading.seq <= state.shown_from or weight_of_move(state, item.reading) < MOVED):
        return False
    if not view.find:
        return True
    words = f"{state.welcome.entity_name(key.rpartition('.')[0])} {state.welcome.quantity(key).name} {item.reading.measured_by}"
    return all(part in words.lower() for part in view.find.lower().split())


def _figure_row(state: SeatState, item: Known, width: int) -> Row:
    """Name, value, direction, source and age; where it is narrow the source goes first, then the direction."""
    card = state.welcome.quantity(item.reading.key)
    subject = Subject("figure", item.reading.key)
    role = "stale" if item.stale else ""
    value = Run(short_figure(value_words(state, item), VALUE_WIDTH), "stale" if item.stale else value_role(item.reading.value, card))
    source_width = SOURCE_WIDTH if width >= NARROW else 4
    name_width = max(10, min(28, width - 2 - VALUE_WIDTH - MOVE_WIDTH - source_width - 3))
    rest = max(0, width - 2 - name_width - VALUE_WIDTH - MOVE_WIDTH - 3)
    name = (Run("  "), Run(card.name, role))
    if cell_width(value.text) > VALUE_WIDTH and (item.disputed or card.values):
        wide = VALUE_WIDTH + MOVE_WIDTH + 1
        value = Run(value_words(state, item), value.role)
        return table_row((name, (value,), _source(item, rest)), (name_width + 2, wide, rest), subject, gap=1)
    moved = known_movement(item, card)
    return table_row((name, (value,), moved, _source(item, rest)), (name_width + 2, -VALUE_WIDTH, MOVE_WIDTH, rest), subject, gap=1)


def _source(item: Known, room: int) -> list[Run]:
    source, age = Run(source_words(item), "disputed" if item.disputed else "dim"), age_run(item)
    if room >= source.width + 3 + age.width:
        return [source, Run(" · ", "dim"), age]
    if room < SOURCE_WIDTH - 4:
        return [Run(short_age(item.age), age.role)]
    if item.stale:
        return [age]
    if item.disputed:
        source = Run(_("sources differ"), "disputed")
    short = Run(short_age(item.age), age.role)
    return [*fit((source,), max(0, min(source.width, room - short.width - 1))), Run(" "), short]
