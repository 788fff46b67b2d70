"""What facilitators do, and the few things that anybody may do beside play: each act answered by a refusal or done.

Who may do which stands in ``exercise.session.roles``; nothing here asks again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from exercise.core.decisions import InjectRelease, Refusal
from exercise.record.inputs import entry_of
from exercise.session.acts import MAX_NAME, Act, refuse_name, refuse_text, text, word
from exercise.session.joining import Client
from exercise.session.roles import HEAD, MAY, SEATED, may
from exercise.session.streams import Frame

if TYPE_CHECKING:
    from exercise.session.room import Room

Answer = Callable[["Room", Client, Act, str, float], Refusal | None]
"""Does an act of a client, known by a name for ever, at a moment; or says why not."""
LONGEST_EXTENSION_S = 24 * 3600.0


def named(once: str) -> Frame:
    """The name of an act as its entry has it."""
    return {"ref": once} if once else {}


def _start(room: Room, _client: Client, _act: Act, _once: str, now: float) -> Refusal | None:
    if room.status != "lobby":
        return Refusal("begun", "the exercise has begun already")
    room.start("facilitator", now)
    return None


def _next(room: Room, _client: Client, act: Act, _once: str, now: float) -> Refusal | None:
    """End a phase that is named, so that a second press does not end the one after."""
    if room.status == "paused":
        return Refusal("paused", "the exercise is paused", "resume it first")
    if room.status != "running":
        return Refusal("not-running", "the exercise is not running")
    meant = act.get("turn"), act.get("phase")
    if meant != (room.host.running.turn, room.host.phase.id):
        return Refusal("past", "that phase is over already")
    room.advance("facilitator", now)
    return None


def _pause(room: Room, client: Client, act: Act, once: str, now: float) -> Refusal | None:
    """Anybody may stop the exercise: no reason is asked for, and none is refused."""
    if room.status != "running":
        return Refusal("not-running", "the exercise is not running")
    said = text(act, "why").strip()
    why = said if said and refuse_text(said, MAX_NAME * 4) is None else ""
    by = client.name or (client.seats[0] if client.seats else client.role)
    room.timer.stop(now)
    room.record("paused", {"turn": room.host.running.turn, "by": by, "reason": why, **named(once)})
    room.status, room.paused_by, room.why = "paused", by, why
    room.door.changed = True
    return None


def _resume(room: Room, _client: Client, _act: Act, once: str, now: float) -> Refusal | None:
    if room.status != "paused":
        return Refusal("not-paused", "the exercise is not paused")
    room.record("resumed", {"turn": room.host.running.turn, "by": "facilitator", **named(once)})
    room.status, room.paused_by, room.why = "running", "", ""
    room.timer.go(now)
    room.door.changed = True
    room.move_on(now)
    return None


def _extend(room: Room, _client: Client, act: Act, once: str, now: float) -> Refusal | None:
    seconds = act.get("seconds")
    if not isinstance(seconds, int | float) or isinstance(seconds, bool) or not 0 < seconds <= LONGEST_EXTENSION_S:
        return Refusal("seconds", "say by how many seconds, at most a day")
    room.timer.extend(float(seconds), now, runs=room.status == "running")
    room.record_timer(now, once)
    return None


def _stop_timer(room: Room, _client: Client, _act: Act, once: str, now: float) -> Refusal | None:
    room.timer.clear()
    room.record_timer(now, once)
    return None


def _inject(room: Room, _client: Client, act: Act, once: str, _now: float) -> Refusal | None:
    decision = InjectRelease(word(act, "inject"))
    if decision in room.host.running.decisions:
        return Refusal("released", "that inject is to be released with this turn already")
    why = room.host.running.refuse(decision)
    if why is None:
        kind, data = entry_of(decision, room.host.running.turn, "facilitator")
        room.record(kind, data | named(once))
    return why


def _take_over(room: Room, _client: Client, act: Act, _once: str, now: float) -> Refusal | None:
    seat, by = word(act, "seat"), word(act, "by")
    if seat not in room.host.program.playable or by not in ("human", "doctrine"):
        return Refusal("seat", "name a seat, and whether people or a doctrine play it")
    doctrine = word(act, "doctrine") or room.host.doctrines.get(seat, "default")
    if by == "doctrine" and (seat, doctrine) not in room.host.program.doctrines:
        return Refusal("doctrine", f"{seat} has no doctrine {doctrine}")
    room.record("seat", {"seat": seat, "by": by, "doctrine": doctrine if by == "doctrine" else None})
    room.move_on(now)
    return None


def _ticket(room: Room, _client: Client, act: Act, _once: str, _now: float) -> Refusal | None:
    role, seats = word(act, "role"), act.get("seats")
    named = tuple(one for one in seats if isinstance(one, str)) if isinstance(seats, list) else ()
    unknown = [one for one in named if one not in room.host.program.playable]
    if role not in MAY or unknown or (role in SEATED) != bool(named):
        return Refusal("ticket", "name a role, and for heads, members and evaluators one or more seats")
    room.issue(role, named)
    return None


def _revoke(room: Room, _client: Client, act: Act, _once: str, _now: float) -> Refusal | None:
    id = word(act, "ticket")
    if id not in room.door.tickets or room.door.tickets[id].own:
        return Refusal("ticket", "there is no such ticket")
    if room.door.tickets[id].state == "revoked":
        return Refusal("revoked", "that ticket was taken back already")
    gone = room.door.revoke(id)
    for conn, line in room.lines:
        if line.client in gone:
            room.bye(conn, "revoked", "the facilitator took your ticket back", "ask for a new one")
    return None


def _reissue(room: Room, client: Client, act: Act, once: str, now: float) -> Refusal | None:
    id = word(act, "ticket")
    why = _revoke(room, client, act, once, now)
    if why is None:
        old = room.door.tickets[id]
        room.issue(old.role, old.seats)
    return why


def _announce(room: Room, _client: Client, act: Act, once: str, _now: float) -> Refusal | None:
    put = room.host.words.announcement(act, room.host.running.turn)
    if isinstance(put, Refusal):
        return put
    room.record(put[0], put[1] | named(once))
    return None


def _listen(room: Room, _client: Client, act: Act, once: str, _now: float) -> Refusal | None:
    """Whether facilitators hear what seats say to each other; everybody is shown that they do."""
    room.record("listening", {"turn": room.host.running.turn, "on": act.get("on") is True, "by": "facilitator", **named(once)})
    return None


def _slip(room: Room, _client: Client, act: Act, once: str, now: float) -> Refusal | None:
    """An act that a seat handed in on paper, typed in by a facilitator."""
    seat, slip = word(act, "seat"), act.get("slip")
    if seat not in room.host.program.playable or not isinstance(slip, dict):
        return Refusal("slip", "name a seat and what it handed in")
    if not may(HEAD, word(slip, "act")):
        return Refusal("unknown-act", "a slip cannot say that")
    answers: list[Frame] = []
    room.host.hear(seat, slip, answers.append, once=once, by="facilitator")
    room.move_on(now)
    refused = next((one for one in answers if one["frame"] == "refused"), None)
    return None if refused is None else Refusal(refused["code"], refused["why"], refused["hint"])


def _note(room: Room, client: Client, act: Act, once: str, _now: float) -> Refusal | None:
    said = text(act, "text")
    why = refuse_text(said)
    if why is None:
        by = client.name or client.role
        room.record("note", {"turn": room.host.running.turn, "text": said, "by": by, **named(once)})
    return why


def _name(room: Room, client: Client, act: Act, _once: str, _now: float) -> Refusal | None:
    said = text(act, "name").strip()
    why = refuse_name(said)
    if why is None:
        client.name = said
        room.door.changed = True
    return why


ACTS: dict[str, Answer] = {
    "start": _start,
    "next": _next,
    "pause": _pause,
    "resume": _resume,
    "extend": _extend,
    "stop_timer": _stop_timer,
    "inject": _inject,
    "take_over": _take_over,
    "ticket": _ticket,
    "revoke": _revoke,
    "reissue": _reissue,
    "announce": _announce,
    "listen": _listen,
    "slip": _slip,
    "note": _note,
    "name": _name,
}
