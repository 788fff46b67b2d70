"""Messages as threads: all of them, letters, the press, words with the facilitators, and each room by itself."""

from __future__ import annotations

import attrs

from exercise.presenter.known import Event, Letter
from exercise.presenter.legible import clip
from exercise.presenter.rows import Row, Rows, Run, Subject, note, spread, wrap
from exercise.presenter.seat_state import SeatState, unread
from exercise.presenter.talks import FACILITATOR, TalkRoom
from exercise.presenter.words import _, many

ALL, NEWS, LETTERS, PRESS, FACILITATORS = "", "news", "letters", "press", "facilitator"
ROOM = "room:"
"""What a room's thread begins with, before the room's id."""
PRESS_FORMS = ("statement", "announcement")


@attrs.frozen(slots=True)
class Thread:
    """A thread: its id, its name, how much is in it and how much of that was not read."""

    id: str
    name: str
    count: int
    unread: int

    @property
    def words(self) -> str:
        """Its name with what is new."""
        return f"{self.name} • {self.unread}" if self.unread else self.name


def threads(state: SeatState) -> tuple[Thread, ...]:
    """Every thread, all messages first, then rooms in the order in which they were opened."""
    rooms = [(f"{ROOM}{room.id}", room_name(state, room)) for room in state.talks.rooms.values()]
    named = [
        (ALL, _("Everything")),
        (NEWS, _("News")),
        (LETTERS, _("Letters")),
        (PRESS, _("Press and announcements")),
        (FACILITATORS, _("Facilitator")),
        *rooms,
    ]
    fresh = unread(state)
    posts: tuple[Event | Letter, ...] = (*state.news, *state.letters)
    return tuple(Thread(id, name, sum(belongs(each, id) for each in posts), sum(belongs(each, id) for each in fresh)) for id, name in named)


def thread_of(state: SeatState, id: str) -> Thread:
    """A thread by id; everything where there is none."""
    found = threads(state)
    return next((each for each in found if each.id == id), found[0])


def belongs(post: Event | Letter, thread: str) -> bool:
    """Whether a news item or a message belongs to a thread."""
    if isinstance(post, Event):
        return thread in (ALL, NEWS)
    if thread.startswith(ROOM):
        return post.room == thread.removeprefix(ROOM)
    with_facilitator = post.form not in PRESS_FORMS and (post.sender in ("", FACILITATOR) or FACILITATOR in post.to)
    belonging = {
        ALL: True,
        PRESS: post.form in PRESS_FORMS,
        FACILITATORS: with_facilitator,
        LETTERS: post.form == "letter" and not with_facilitator,
    }
    return belonging.get(thread, False)


def room_name(state: SeatState, room: TalkRoom) -> str:
    """A room by its name, or by who is in it."""
    return room.name or ", ".join(state.welcome.seat_short(seat) for seat in room.members if seat != state.seat)


def room_words(state: SeatState, by: str, name: str, where: str) -> str:
    """What somebody is told whom another seat has taken into a room; empty for who opened it."""
    if by == state.seat:
        return ""
    named = f" “{name}”" if name else ""
    return _("{seat} has opened a room{named} with you; {where}", seat=state.welcome.seat_name(by), named=named, where=where)


def members_words(state: SeatState, room: TalkRoom) -> str:
    """Who is in a room."""
    return ", ".join(_("you") if seat == state.seat else state.welcome.seat_name(seat) for seat in room.members)


def listening_words(state: SeatState) -> str:
    """Whether facilitators hear what seats say to each other; empty where nobody facilitates."""
    if not state.room.is_hosted:
        return ""
    if state.room.listening:
        return _("The facilitators listen to letters and rooms now.")
    return _("Facilitators may listen to letters and rooms; they do not now, and say so when they begin.")


def thread_rows(state: SeatState, width: int, *, keys: bool = True) -> Rows:
    """The list of threads, to choose one; ``keys`` where there are any to name."""
    rows: list[Row] = []
    for each in threads(state):
        count = Run(many("{count} message", "{count} messages", each.count) if each.count else "", "dim")
        mark = Run("● " if each.unread else "  ", "unread")
        name = [mark, Run(clip(each.words, width - 3 - count.width), "strong" if each.unread else "")]
        lines = [spread(name, (count,), width)]
        room = state.talks.rooms.get(each.id.removeprefix(ROOM)) if each.id.startswith(ROOM) else None
        if room is not None:
            lines += wrap([Run(members_words(state, room), "dim")], width, indent=4, first=4)
        rows.append(Row(tuple(lines), Subject("thread", each.id)))
    if not state.talks.rooms:
        empty = _("You are in no room yet. o opens one with the seats that you choose; no other seat learns of it.")
        rows.append(note(empty if keys else _("You are in no room yet; room new opens one."), width))
    heard = listening_words(state)
    if heard:
        rows.append(note(heard, width, role="alarm" if state.room.listening else "dim"))
    return tuple(rows)


def mail_title(state: SeatState, thread: str) -> str:
    """What stands above the messages: the thread, and how much in it was not read."""
    at = thread_of(state, thread)
    name = _("Messages and news") if thread == ALL else _("Messages · {thread}", thread=at.name)
    return f"{name} · {_('{count} unread', count=at.unread)}" if at.unread else name
