"""Classes that are read from other figures: which axis went over its line.

What a class goes by is open to every seat; where its axes truly stand is not, so that only figures that reached the seat are told of them.
"""

from __future__ import annotations

import attrs

from exercise.presenter.figures import figure, inline_name, thousands
from exercise.presenter.frames import AxisCard
from exercise.presenter.known import Reading
from exercise.presenter.seat_state import SeatState
from exercise.presenter.words import _


@attrs.frozen(slots=True)
class Side:
    """On which side of its line an axis stands, as the class says; ``crossed``: the class before said the other side."""

    axis: AxisCard
    key: str
    above: bool
    crossed: bool


def sides(state: SeatState, reading: Reading) -> tuple[Side, ...]:
    """The axes of a class as the reading of it says; none for a figure that is no such class."""
    card = state.welcome.quantity(reading.key)
    now = card.sides.get(figure(reading.value, card), ()) if card.values else ()
    before = card.sides.get(figure(reading.previous, card), now) if card.values and reading.previous is not None else now
    if not len(card.axes) == len(now) == len(before):
        return ()
    entity = reading.key.rpartition(".")[0]
    return tuple(
        Side(axis, f"{entity}.{axis.quantity}", above, above != was) for axis, above, was in zip(card.axes, now, before, strict=True)
    )


def side_words(state: SeatState, side: Side) -> str:
    """``willingness fell below 50``, or that it stays where it is."""
    named = {"axis": inline_name(state.welcome.quantity(side.key)), "line": line_words(side.axis.line)}
    if side.crossed:
        return _("{axis} rose above {line}", **named) if side.above else _("{axis} fell below {line}", **named)
    return _("{axis} stays above {line}", **named) if side.above else _("{axis} stays below {line}", **named)


def crossed_words(state: SeatState, reading: Reading) -> str:
    """Which axes changed a class, in a line; empty when that cannot be read off it."""
    return _(" and ").join(side_words(state, side) for side in sides(state, reading) if side.crossed)


def line_words(line: float) -> str:
    """A line or a margin as people say it."""
    return thousands(line, 0 if float(line).is_integer() else 1)


def axis_reading(state: SeatState, side: Side, told: Reading) -> Reading | None:
    """The figure of an axis that belongs to the reading of a class: of the same turn and source where there is one, else the newest."""
    readings = state.readings.get(side.key, ())
    same = [each for each in readings if each.turn == told.turn]
    for found in ([each for each in same if each.measured_by == told.measured_by], same, readings):
        if found:
            return found[-1]
    return None
