"""Frames about the room itself: what is played, where it stands, who is here; and for facilitators everything that they run it by.

What everybody is shown is public by the rules of play: who sits where, who is here, who is ready. What somebody is ready with is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercise.core.program import Program
from exercise.session.phases import DEBRIEF, IN_LOBBY, IN_PAUSE, Phase
from exercise.session.roles import ANYBODY, HEAD, MAY, MEMBER, PLAYING
from exercise.session.streams import Frame

if TYPE_CHECKING:
    from exercise.session.joining import Client
    from exercise.session.lines import Line
    from exercise.session.room import Room


def lobby_of(program: Program) -> Frame:
    """What can be read before the exercise runs: the same for everybody."""
    content = program.content
    return {
        "scenario": content.scenario.id,
        "title": content.scenario.title,
        "summary": content.scenario.summary,
        "content_note": content.scenario.content_note,
        "cut": program.cut.id,
        "cut_title": program.cut.title,
        "minutes": program.cut.minutes,
        "turns": len(program.calendar.turns),
        "start": program.calendar.startex.isoformat(),
        "seats": [
            {"id": seat.id, "name": seat.name, "about": seat.public_aims[0] if seat.public_aims else ""}
            for seat in content.seats
            if seat.playable
        ],
    }


def session_frame(room: Room, role: str, now: float) -> Frame:
    """Where the exercise stands and who is here, as everybody of a role is shown it."""
    host = room.host
    left = room.timer.left(now)
    phase = DEBRIEF if room.is_over else host.phase
    return {
        "frame": "session",
        "status": room.status,
        "turn": room.turn,
        "turns": len(host.program.calendar.turns),
        "phase": phase.id if room.status != "lobby" else "lobby",
        "phases": [{"id": one.id, "title": one.title} for one in host.plan],
        "left": None if left is None else round(left),
        "length": round(room.timer.length),
        "timer": "running" if room.timer.runs else "stopped",
        "paused_by": room.paused_by,
        "why": room.why,
        "seats": [_seat(room, seat) for seat in host.program.playable],
        "people": _people(room),
        "listening": host.words.listening,
        "role": role,
        "acts": sorted(_acts(room.status, phase, role)),
    }


def _acts(status: str, phase: Phase, role: str) -> frozenset[str]:
    """What somebody of a role may do now."""
    possible = MAY.get(role, frozenset())
    if status == "frozen":
        return frozenset()
    if role not in PLAYING:
        return possible
    now = {"lobby": IN_LOBBY, "paused": IN_PAUSE}.get(status, phase.acts)
    return possible & (now | ANYBODY)


def _seat(room: Room, seat: str) -> Frame:
    lines = [line for _, line in room.lines if line.client is not None and line.client.role in PLAYING and seat in line.client.seats]
    away = sum(line.away for line in lines)
    came = any(client.role == HEAD and seat in client.seats and not client.gone for client in room.door.clients.values())
    is_free = seat in room.host.human or (room.status == "lobby" and seat not in room.host.handed_over)
    return {
        "seat": seat,
        "by": "doctrine" if not is_free else "human" if came and seat in room.host.human else "empty",
        "here": len(lines) - away,
        "away": away,
        "ready": seat in room.host.streams and seat in room.host.human and room.host.streams[seat].ready,
    }


def _people(room: Room) -> list[Frame]:
    """Everybody who plays and has a name or sits at a seat; observers are not named to the others."""
    lines = {line.client.id: line for _, line in room.lines if line.client is not None}
    return [
        {"seats": list(client.seats), "name": client.name, "role": client.role, **_presence(lines.get(client.id))}
        for client in room.door.clients.values()
        if client.role in (HEAD, MEMBER) and not client.gone
    ]


def _presence(line: Line | None) -> Frame:
    """Whether somebody is here; away is who lost their line to a door that keeps their place for a while."""
    return {"here": line is not None and not line.away, "away": line is not None and line.away}


def control_frame(room: Room, now: float) -> Frame:
    """What facilitators see beside: everybody with how they came, tickets, injects, who moves which seat, what to be wary of."""
    host, program = room.host, room.host.program
    return {
        "frame": "control",
        "clients": [
            {
                "id": client.id,
                "ticket": client.ticket,
                "seats": list(client.seats),
                "role": client.role,
                "name": client.name,
                "via": line.via if line is not None else "",
                "from": line.origin if line is not None else "",
                **_presence(line),
                "idle_s": round((now - line.acted) // 30 * 30) if line is not None else 0,
                "behind": line.behind if line is not None else False,
            }
            for client, line in _clients(room)
        ],
        "tickets": [
            {"id": one.id, "role": one.role, "seats": list(one.seats), "words": one.words, "state": one.state}
            for one in room.door.tickets.values()
            if not one.own
        ],
        "injects": [_inject(room, number) for number in range(len(program.injects))],
        "seats": [
            {
                "seat": seat,
                "name": program.seat(seat).name,
                "by": "human" if seat in host.human else "doctrine",
                "doctrine": host.doctrines.get(seat, "default"),
                "doctrines": [id for of, id in program.doctrines if of == seat],
            }
            for seat in program.playable
        ],
        "alerts": list(room.alerts),
        "log": room.log,
        "ways": dict(room.ways),
    }


def _clients(room: Room) -> list[tuple[Client, Line | None]]:
    lines = {line.client.id: line for _, line in room.lines if line.client is not None}
    return [(client, lines.get(client.id)) for client in room.door.clients.values() if not client.gone]


def _inject(room: Room, number: int) -> Frame:
    program, running = room.host.program, room.host.running
    definition = program.injects[number].definition
    is_out = running.world.cells[program.layout.cell(definition.id, "released")] > 0
    by_hand = any(getattr(one, "inject", "") == definition.id for one in running.decisions)
    return {
        "inject": definition.id,
        "number": definition.number,
        "title": definition.title,
        "kind": definition.kind,
        "on": definition.on.isoformat() if definition.on is not None else "",
        "status": "released" if is_out else "chosen" if by_hand else "pending",
    }
