"""History: every figure a seat was given about one thing, source by source, with a small chart."""

from __future__ import annotations

from exercise.presenter.dates import short_day
from exercise.presenter.figures import figure, movement, value_role
from exercise.presenter.frames import QuantityCard
from exercise.presenter.known import Reading
from exercise.presenter.rows import BLANK, Row, Rows, Run, heading, note, table_row, wrap
from exercise.presenter.seat_state import SeatState
from exercise.presenter.words import _

SPARKS = "▁▂▃▄▅▆▇█"


def spark_line(values: list[float], low: float | None = None, high: float | None = None) -> str:
    """Values as a row of bars; the range is the values' own unless given."""
    if not values:
        return ""
    bottom = min(values) if low is None else low
    top = max(values) if high is None else high
    if top <= bottom:
        return SPARKS[3] * len(values)
    scale = (len(SPARKS) - 1) / (top - bottom)
    return "".join(SPARKS[min(len(SPARKS) - 1, max(0, round((value - bottom) * scale)))] for value in values)


def history_rows(state: SeatState, key: str, width: int) -> Rows:
    """All readings of a figure, newest first, grouped by source."""
    card = state.welcome.quantity(key)
    rows: list[Row] = [heading(f"{card.name}, {state.welcome.entity_name(key.rpartition('.')[0])}")]
    readings = state.readings.get(key, ())
    if not readings:
        return (*rows, note(_("Nothing about this has reached your seat."), width))
    if card.meaning:
        rows.append(note(card.meaning, width))
    for source in dict.fromkeys(reading.report for reading in reversed(readings)):
        rows += [BLANK, *_source_rows([each for each in readings if each.report == source], card, width)]
    return tuple(rows)


def _source_rows(readings: list[Reading], card: QuantityCard, width: int) -> Rows:
    name = readings[-1].measured_by or _("on record")
    chart = "" if card.values or card.unit == "date" else spark_line([each.value for each in readings][-40:], *_chart_range(card))
    rows = [Row(wrap([Run(f"{name}  ", "strong"), Run(chart, "bar")], width))]
    for reading in reversed(readings):
        value = figure(reading.value, card)
        cells = (
            (Run(_("turn {turn}", turn=reading.turn), "dim"),),
            (Run(short_day(reading.as_of), "dim"),),
            (Run(value, value_role(reading.value, card)),),
            movement(reading, card),
        )
        rows.append(table_row(cells, (8, 6, -12, 14)))
    return tuple(rows)


def _chart_range(card: QuantityCard) -> tuple[float | None, float | None]:
    if card.unit in ("points", "share"):
        return card.low, card.high
    return None, None
