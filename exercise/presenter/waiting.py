"""The room of a hosted exercise, as a seat sees it: in the lobby, and whenever somebody asks who is here and how to come back."""

from __future__ import annotations

from exercise.presenter.room_state import PersonHere, clock_words
from exercise.presenter.rows import BLANK, Row, Rows, Run, heading, note, spread, wrap
from exercise.presenter.seat_state import SeatState
from exercise.presenter.words import _

WHOLE = (120, 36)
"""Columns and rows from which all panes stand side by side."""
LONGEST_NAME = 40
"""What somebody can be called."""


def waiting_rows(state: SeatState, width: int, size: tuple[int, int] | None = None, *, now: float = 0.0) -> Rows:
    """Where the exercise stands, who one is oneself, the way back, who is here; with ``size`` of the screen, whether all panes fit.

    The way back stands near the top: it is what somebody has to write down, also on a small screen.
    """
    room = state.room
    rows: list[Row] = [note(_stands(state, now), width), *_own_rows(state, width), BLANK, heading(_("If your line drops"))]
    if room.code:
        rows.append(Row(wrap([Run(_("Your resume code, here and on any other machine: ")), Run(room.code, "strong")], width)))
    else:
        rows.append(note(_("Come back the way you came: by your own key, or on the machine that your ticket was used on."), width))
    here = sum(seat.here > 0 for seat in room.seats)
    rows += [BLANK, heading(_("Here: {count} of {all} seats", count=here, all=len(room.seats))), *_seat_rows(state, width)]
    if size is not None:
        columns, lines = size
        fits = _("all panes fit") if columns >= WHOLE[0] and lines >= WHOLE[1] else _("one page at a time; 120 by 36 shows all at once")
        rows += [BLANK, heading(_("Your screen")), note(_("{columns} by {rows}: {fits}", columns=columns, rows=lines, fits=fits), width)]
        told = _("Glyphs: {glyphs} (if one of them is a box, start with LANG=C for plain ones)", glyphs="● ○ ✓ ▲ ▼ ▸ ═")
        rows.append(note(told, width))
    return tuple(rows)


def _stands(state: SeatState, now: float) -> str:
    room = state.room
    if room.status == "lobby":
        return _("The exercise has not begun; the facilitator begins it, or it begins when everybody is ready.")
    clock = clock_words(room, now)
    where = _("Turn {turn} of {turns}: {phase}", turn=room.turn, turns=room.turns, phase=room.phase_title())
    return f"{where}, {clock}." if clock else f"{where}."


def _own_rows(state: SeatState, width: int) -> Rows:
    """Who one is to the others."""
    does = {
        "head": _("you decide for the seat"),
        "member": _("you are of the seat's team: you suggest, and its head commits"),
        "evaluator": _("you evaluate: you read what the seat reads, and take notes"),
        "observer": _("you observe: you see what everybody can see"),
    }.get(state.room.role, "")
    name = _("You are called {name}", name=state.room.name) if state.room.name else _("Nobody knows your name yet")
    return (note(f"{name}; {does}." if does else f"{name}.", width),)


def _seat_rows(state: SeatState, width: int) -> Rows:
    room = state.room
    names = {seat.id: seat.name for seat in state.welcome.seats}
    rows = []
    for seat in room.seats:
        mark = Run("✓ ", "ok") if seat.ready else Run("● ", "strong") if seat.here else Run("○ ", "dim")
        own = seat.seat == state.seat
        people = [_person(one) for one in room.people if seat.seat in one.seats and (one.here or one.away) and one.name]
        absent = _("away: line gone, place kept") if seat.away else ""
        absent = absent or (_("a doctrine plays it") if room.status != "lobby" and seat.by == "doctrine" else "")
        absent = absent or (_("nobody yet; a doctrine plays it") if room.status == "lobby" else _("nobody there"))
        said = _("ready") if seat.ready else _("here") if seat.here else absent
        words = ", ".join(part for part in (*people, said) if part)
        name = Run(names.get(seat.seat, seat.seat), "strong" if own else "" if seat.here else "dim")
        rows.append(Row((spread((mark, name), (Run(words, "ok" if seat.ready else "dim"),), width),)))
    return tuple(rows)


def _person(one: PersonHere) -> str:
    return _("{name} (team)", name=one.name) if one.role == "member" else one.name
