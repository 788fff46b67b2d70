"""News and messages: one list, newest first, each a line that can be opened."""

from __future__ import annotations

import attrs

from exercise.presenter.frames import text
from exercise.presenter.known import Event, Letter
from exercise.presenter.legible import paragraphs
from exercise.presenter.rows import BLANK, Row, Rows, Run, Subject, heading, note, wrap
from exercise.presenter.seat_state import SeatState, unread
from exercise.presenter.talks import FACILITATOR
from exercise.presenter.threads import ALL, ROOM, belongs, listening_words, room_name
from exercise.presenter.words import _

MOST_LINES = 3
"""Lines of a message shown in the list before it is opened."""

MOST_CHARACTERS = 2_000
"""Longest message that can be sent."""


@attrs.frozen(slots=True)
class _Post:
    """A news item or a message with what the list needs."""

    turn: int
    arrived: int
    row: Row


def mail_rows(state: SeatState, width: int, *, keys: bool = True, thread: str = ALL) -> Rows:
    """The pane: newest first, with a heading where a turn ends, one thread or all; ``keys`` where there are any to name."""
    posts = _posts(state, width, thread)
    rows: list[Row] = []
    if state.room.listening:
        rows.append(note(listening_words(state), width, role="alarm"))
    if not posts:
        empty = _("No news or messages yet.") if thread == ALL else _("Nothing here yet.")
        ways = _("n writes one.") if thread == ALL else _("n writes one, m shows the other threads.")
        return (*rows, note(f"{empty} {ways}" if keys else empty, width))
    turn = posts[0].turn
    for post in posts:
        if post.turn != turn:
            turn = post.turn
            rows.append(note(_("turn {turn}", turn=turn), width))
        rows.append(post.row)
    return tuple(rows)


def _posts(state: SeatState, width: int, thread: str) -> list[_Post]:
    fresh = {each.key for each in unread(state)}
    news = [each for each in state.news if belongs(each, thread)]
    letters = [each for each in state.letters if belongs(each, thread)]
    posts = [_Post(event.turn, event.seq, _news_row(event, width, unread=event.key in fresh)) for event in news]
    posts += [_Post(each.turn, each.seq, _letter_row(state, each, width, unread=each.key in fresh)) for each in letters]
    return sorted(posts, key=lambda post: (-post.turn, -post.arrived))


def _mark(*, unread: bool) -> Run:
    return Run("● " if unread else "  ", "unread")


def _news_row(event: Event, width: int, *, unread: bool) -> Row:
    headline = text(event.data, "headline") or text(event.data, "text")
    runs = [_mark(unread=unread), Run(headline, "strong" if unread else "")]
    if text(event.data, "source"):
        runs.append(Run(f"  {text(event.data, 'source')}", "dim"))
    return Row(wrap(runs, width, indent=2)[:MOST_LINES], Subject("event", str(event.number)))


def _letter_row(state: SeatState, letter: Letter, width: int, *, unread: bool) -> Row:
    runs = [_mark(unread=unread), Run(correspondents(state, letter), "letter"), Run(f"  {letter.text}", "strong" if unread else "")]
    return Row(wrap(runs, width, indent=2)[:MOST_LINES], Subject("message", str(letter.number)))


def correspondents(state: SeatState, letter: Letter) -> str:
    """``Russia → you``, ``you → Uzbekistan, Kazakhstan``."""
    sender = _("you") if letter.sender == state.seat else correspondent(state, letter.sender) or _("the host")
    room = state.talks.rooms.get(letter.room)
    if letter.form == "room":
        return _("{sender} in {room}", sender=sender, room=room_name(state, room) if room is not None else letter.room)
    if letter.form == "statement":
        return _("{sender} to the press", sender=sender)
    if letter.form == "announcement":
        return _("you announce") if letter.sender == state.seat else _("{sender} announces", sender=sender)
    others = [seat for seat in letter.to if seat not in (state.seat, letter.sender)]
    if "all" in letter.to or len(others) + 2 >= len(state.welcome.seats) > 3:
        return f"{sender} → {_('all')}"
    to = ", ".join(_("you") if seat == state.seat else correspondent(state, seat) for seat in letter.to)
    return f"{sender} → {to}" if to else sender


def correspondent(state: SeatState, seat: str) -> str:
    """Whoever writes or is written to, by name."""
    return _("the facilitator") if seat == FACILITATOR else state.welcome.seat_name(seat)


def letter_rows(state: SeatState, letter: Letter, width: int) -> Rows:
    """A message in full."""
    rows = [heading(correspondents(state, letter)), note(_("turn {turn}", turn=letter.turn), width), BLANK]
    rows += [Row(wrap([Run(block)], width)) for block in paragraphs(letter.text)]
    return tuple(rows)


def news_rows(state: SeatState, event: Event, width: int) -> Rows:
    """A news item in full."""
    source = text(event.data, "source")
    words = _("turn {turn}, from {source}", turn=event.turn, source=source) if source else _("turn {turn}", turn=event.turn)
    rows = [Row(wrap([Run(text(event.data, "headline"), "title")], width)), note(words, width), BLANK]
    rows += [Row(wrap([Run(block)], width)) for block in paragraphs(text(event.data, "text"))]
    seat = text(event.data, "seat")
    if seat:
        rows += [BLANK, note(_("It speaks of something that {seat} did.", seat=state.welcome.seat_name(seat)), width)]
    return tuple(rows)


def recipients(state: SeatState) -> tuple[tuple[str, str], ...]:
    """Who can be written to: (seat, name), everybody first, then the facilitator where there is one."""
    others = tuple((seat.id, seat.name) for seat in state.welcome.seats if seat.playable and seat.id != state.seat)
    runs_it = ((FACILITATOR, _("the facilitator")),) if state.room.is_hosted else ()
    return (("all", _("every seat")), *runs_it, *others)


def answer_to(state: SeatState, letter: Letter) -> tuple[str, ...]:
    """Whom a reply goes to: seats, or the room in which it was said as ``room:ID``."""
    if letter.room in state.talks.rooms:
        return (f"{ROOM}{letter.room}",)
    if letter.sender != state.seat:
        return (letter.sender,)
    return tuple(seat for seat in letter.to if seat != state.seat)
