"""Coming in: hello is answered with who one is and what one has missed, or with a farewell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from exercise.session.acts import refuse_name, text, word
from exercise.session.joining import Barred, Client, Let
from exercise.session.lines import Line
from exercise.session.roles import HEAD, streams_of
from exercise.session.room_frames import lobby_of
from exercise.session.streams import Frame

if TYPE_CHECKING:
    from exercise.session.room import Room

PROTOCOL = 1
"""Version of the session protocol: a client of another one is told so and sent away."""


def hello(room: Room, conn: int, line: Line, frame: Frame, now: float) -> None:
    """Somebody says who they are, by a secret."""
    if line.client is not None:
        room.bye(conn, "bad", "hello was said already")
        return
    if frame["hello"] != PROTOCOL:
        why = f"the host speaks protocol {PROTOCOL} (version {room.version}), you have version {word(frame, 'version')[:20] or '?'}"
        room.bye(conn, "version", why, "install the same version on both sides")
        return
    run, count = word(frame, "run"), frame.get("connection")
    connection = count if isinstance(count, int) and not isinstance(count, bool) else 0
    if run and connection <= room.lines.newest.get(run, 0):
        room.bye(conn, "replaced", "this program has come in again since", "this line is closed")
        return
    if line.trusted:
        line.via, line.origin = word(frame, "via") or "here", word(frame, "from")
    key = word(frame, "key") if line.trusted else ""
    answer = room.door.enter(text(frame, "secret"), now, key=key, program=word(frame, "client"))
    if isinstance(answer, Barred):
        if answer.alert:
            room.tell(answer.alert)
        room.bye(conn, answer.code, answer.why, answer.hint)
        return
    if run:
        room.lines.came(run, connection)
    name = text(frame, "name").strip()
    if name and not answer.client.name and refuse_name(name) is None:
        answer.client.name = name
        room.door.changed = True
    _let_in(room, conn, line, answer, frame.get("since"), now)


def _let_in(room: Room, conn: int, line: Line, let: Let, since: Any, now: float) -> None:
    client = let.client
    for other, theirs in room.lines:
        if theirs.client is client:
            room.bye(other, "replaced", "you came in from somewhere else", "this line is closed")
    streams = tuple(stream for stream in streams_of(client.role, client.seats) if stream in room.host.streams)
    line.client, line.streams, line.acted = client, streams, now
    joined: Frame = {
        "frame": "joined",
        "protocol": PROTOCOL,
        "version": room.version,
        "client": client.id,
        "role": client.role,
        "seats": list(client.seats),
        "streams": list(streams),
        "name": client.name,
        "token": let.token,
        "code": let.code,
        "lobby": lobby_of(room.host.program),
    }
    room.lines.say(conn, joined)
    for stream in streams:
        have = since.get(stream, 0) if isinstance(since, dict) else since
        room.lines.catch_up(conn, stream, have if isinstance(have, int) and not isinstance(have, bool) else 0)
    if not room.busy:
        try:
            take_empty_seats(room, client)
        except Exception as error:  # noqa: BLE001 - a log that fails stops the exercise, and not whoever comes in
            room.freeze(error, now)
    room.stale = True


def take_empty_seats(room: Room, client: Client) -> None:
    """A seat that a doctrine held because nobody had come is its head's from now on."""
    for seat in client.seats if client.role == HEAD and room.status not in ("frozen", "over") else ():
        if seat not in room.host.human and seat not in room.host.handed_over:
            room.record("seat", {"seat": seat, "by": "human", "doctrine": None, "player": client.name or None})
