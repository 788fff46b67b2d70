"""Before the exercise: the content note, who can be taken, and the briefing of a seat. Read before anything else is loaded."""

from __future__ import annotations

from exercise.presenter.dates import long_day
from exercise.presenter.legible import paragraphs
from exercise.presenter.link import Lobby, SeatOffer
from exercise.presenter.rows import BLANK, Row, Rows, Run, Subject, heading, note, spread, wrap
from exercise.presenter.words import _, many


def _text_rows(text: str, width: int) -> Rows:
    rows: list[Row] = []
    for block in paragraphs(text):
        if rows:
            rows.append(BLANK)
        rows.append(Row(wrap([Run(block)], width)))
    return tuple(rows)


def note_rows(lobby: Lobby, width: int) -> Rows:
    """The content note: what players should know before they start."""
    length = many("{count} turn", "{count} turns", lobby.turns)
    facts = [lobby.cut_title, length, _("{count} minutes", count=lobby.minutes), long_day(lobby.start)]
    return (
        *_text_rows(lobby.summary, width),
        BLANK,
        Row(wrap([Run(" · ".join(fact for fact in facts if fact), "dim")], width)),
        BLANK,
        heading(_("Before you start")),
        *_text_rows(lobby.content_note, width),
    )


def seat_rows(lobby: Lobby, chosen: tuple[str, ...], width: int) -> Rows:
    """The seats as a list; those chosen carry a tick."""
    rows = []
    for seat in lobby.seats:
        mark = Run("✓ ", "ok") if seat.id in chosen else Run("○ ", "dim") if not seat.taken_by else Run("● ", "dim")
        name = Run(seat.name, "strong" if seat.id in chosen else "dim" if seat.taken_by else "")
        rows.append(Row((spread((mark, name), (Run(seat.taken_by, "dim"),), width),), Subject("seat", seat.id)))
    return tuple(rows)


def offer_rows(seat: SeatOffer, width: int) -> Rows:
    """A seat's briefing, as read before taking it."""
    rows = [heading(seat.name)]
    if seat.about:
        rows.append(note(seat.about, width))
    rows += [BLANK, *_text_rows(seat.briefing, width)]
    rows += _list_rows(_("What you say you want"), seat.public_aims, width)
    rows += _list_rows(_("What you also want"), seat.private_interests, width, role="private")
    rows += _list_rows(_("What you will not accept"), seat.red_lines, width)
    return tuple(rows)


def _list_rows(title: str, lines: tuple[str, ...], width: int, role: str = "") -> Rows:
    if not lines:
        return ()
    return (BLANK, heading(title), *(Row(wrap([Run("• ", "dim"), Run(each, role)], width, indent=4, first=2)) for each in lines))


def farewell(failure: str, *, resume: str = "", replay: str = "", practice: bool = False) -> str:
    """What is said after a terminal was left: what broke, if anything did, and the command that comes back or looks again."""
    lines = []
    if failure:
        lines.append(_("The screen stopped ({failure}). Nothing that was taken is lost.", failure=failure))
    if practice:
        lines.append(_("That was practice; nothing of it is kept. To begin: {command}", command="exercise play"))
        return "\n".join(lines)
    if resume:
        lines.append(_("Your exercise is saved, resume with: {command}", command=resume))
    if replay:
        lines.append(_("The exercise is over, look at it again with: {command}", command=replay))
    return "\n".join(lines)
