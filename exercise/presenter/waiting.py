"""The lobby of a hosted exercise, as a seat sees it while everybody waits for the beginning."""

from __future__ import annotations

from exercise.presenter.rows import BLANK, Row, Rows, Run, heading, note, spread
from exercise.presenter.seat_state import SeatState
from exercise.presenter.words import _

WHOLE = (120, 36)
"""Columns and rows from which all panes stand side by side."""


def waiting_rows(state: SeatState, width: int, size: tuple[int, int]) -> Rows:
    """The lobby of a hosted exercise: who is here and ready, the way back, and whether the screen is large enough for all panes."""
    room = state.room
    names = {seat.id: seat.name for seat in state.welcome.seats}
    here = sum(seat.here > 0 for seat in room.seats)
    rows: list[Row] = [
        note(_("The exercise has not begun; the facilitator begins it, or it begins when everybody is ready."), width),
        BLANK,
        heading(_("Here: {count} of {all} seats", count=here, all=len(room.seats))),
    ]
    for seat in room.seats:
        mark = Run("✓ ", "ok") if seat.ready else Run("● ", "strong") if seat.here else Run("○ ", "dim")
        own = seat.seat == state.seat
        people = [one.name for one in room.people if seat.seat in one.seats and one.here and one.name]
        said = _("ready") if seat.ready else _("here") if seat.here else _("nobody yet; a doctrine plays it") if not own else ""
        words = ", ".join(part for part in (*people, said) if part)
        name = Run(names.get(seat.seat, seat.seat), "strong" if own else "" if seat.here else "dim")
        rows.append(Row((spread((mark, name), (Run(words, "ok" if seat.ready else "dim"),), width),)))
    rows += [BLANK, heading(_("If your line drops"))]
    rows.append(note(_("It comes back by itself. From another machine come back with your resume code:"), width))
    rows.append(Row(((Run("  "), Run(room.code or _("on your ticket's own machine only"), "strong")),)))
    columns, lines = size
    fits = _("all panes fit") if columns >= WHOLE[0] and lines >= WHOLE[1] else _("one page at a time; 120 by 36 shows all at once")
    rows += [BLANK, heading(_("Your screen")), note(_("{columns} by {rows}: {fits}", columns=columns, rows=lines, fits=fits), width)]
    rows.append(note(_("Glyphs: {glyphs} (if one of them is a box, start with LANG=C for plain ones)", glyphs="● ○ ✓ ▲ ▼ ▸ ═"), width))
    return tuple(rows)
