"""The register of risks: the quantities that content lists in one, place by place, as far as the seat has figures of them."""

from __future__ import annotations

from exercise.presenter.dates import short_day
from exercise.presenter.figures import figure, movement
from exercise.presenter.frames import QuantityCard
from exercise.presenter.rows import BLANK, Row, Rows, Run, Subject, heading, note, table_row
from exercise.presenter.seat_state import SeatState
from exercise.presenter.words import _

BAR = 10
"""Cells of a bar for the whole range of a quantity."""
NAME, VALUE, MOVED, DAY = 34, -5, 8, 6
"""Widths of a row's columns; the bar stands between name and value."""
NARROW = 80
"""Below this width names get less room, and who measured is left out."""


def register_rows(state: SeatState, width: int) -> Rows:
    """Every register, each entity's risks in the order of the content; what nobody told the seat says so."""
    rows: list[Row] = []
    for title in dict.fromkeys(card.register for card in state.welcome.quantities.values() if card.register):
        listed = {key: card for key, card in state.welcome.quantities.items() if card.register == title}
        rows += [BLANK] if rows else []
        rows.append(heading(title))
        for entity, described in state.welcome.entities.items():
            own = [(f"{entity}.{key.partition('.')[2]}", card) for key, card in listed.items() if key.partition(".")[0] == described.kind]
            if any(key in state.readings for key, _card in own):
                rows += [BLANK, Row(((Run(described.name, "strong"),),)), *(_risk(state, key, card, width) for key, card in own)]
    if not rows:
        return (note(_("This exercise keeps no register of risks."), width),)
    if not any(row.subject for row in rows):
        rows.append(note(_("No figure of it has reached your seat."), width))
    return tuple(rows)


def _risk(state: SeatState, key: str, card: QuantityCard, width: int) -> Row:
    """A risk with its bar, its figure, how it moved, when and by whom it was measured."""
    name = NAME if width >= NARROW else NAME - 12
    reading = state.latest(key)
    if reading is None:
        return table_row(((Run(card.name),), (Run(_("no report"), "dim"),)), (name, BAR))
    low, high = card.low or 0.0, card.high if card.high is not None else 100.0
    filled = min(BAR, max(0, round(BAR * (reading.value - low) / (high - low)))) if high > low else 0
    cells = [
        (Run(card.name),),
        (Run("█" * filled, "bar"), Run("░" * (BAR - filled), "dim")),
        (Run(figure(reading.value, card), "strong"),),
        movement(reading, card),
        (Run(short_day(reading.as_of), "dim"),),
    ]
    widths = [name, BAR, VALUE, MOVED, DAY]
    if width >= NARROW:
        cells.append((Run(reading.measured_by, "dim"),))
        widths.append(width - sum(abs(one) for one in widths) - 2 * len(widths))
    return table_row(tuple(cells), tuple(widths), Subject("figure", key))
