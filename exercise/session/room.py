"""The room: who is connected, as what, and what each of them is sent. Sans-IO: texts go in and out, and the caller reads the clock.

A room keeps the phases of a host and carries its streams to everybody who may read them. Lines come and go; whoever shows the token of a
client is that client, and is sent what it has not had. The order is the host's: an act is recorded before it is acknowledged, and published
after. Adjudication is a job that the caller does elsewhere; acts that come meanwhile wait, and what came of a turn is published at a fixed
moment, so that neither tells how much there was to work out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

import attrs

from exercise.core.decisions import Refusal
from exercise.record.reading import LogError
from exercise.session import console
from exercise.session.acts import Act, refuse_text, text, word
from exercise.session.console import named
from exercise.session.correspondence import MAX_NAME
from exercise.session.host import Host
from exercise.session.joining import Barred, Client, Door, Draw, Let, Ticket
from exercise.session.lines import Hang, Line, Lines, Say
from exercise.session.phases import DEBRIEF, IN_LOBBY, IN_PAUSE, RESOLUTION, SITTINGS, Phase, after
from exercise.session.roles import FACILITATOR, HEAD, PLAYING, SEATED, may
from exercise.session.room_frames import control_frame, lobby_of, session_frame
from exercise.session.running import ClosedTurn
from exercise.session.streams import FACILITATORS, PUBLIC, Frame
from exercise.session.timing import Timer
from exercise.session.wire import Malformed, read, write

PROTOCOL = 1
"""Version of the session protocol: a client of another one is told so and sent away."""
HELLO_S = 10.0
"""How long a line may stay without saying who it is."""
WORDS_COST = 3
"""As how many acts words count."""
MAX_LINES = 1_200
MAX_ALERTS = 50
KEEP_S = 10.0
"""How often the time left is kept while it runs."""
PUBLISH_S = 1.0
"""What came of a turn is published so long after its last phase, or at a multiple of it."""
FROZEN = "the exercise is frozen"

__all__ = ["PROTOCOL", "Hang", "Line", "Room", "Say"]


@attrs.define(slots=True)
class Room:
    """Everybody around one host. Make it with ``open``."""

    host: Host
    door: Door
    version: str
    log: str = ""
    timed: bool = True
    publish_s: float = PUBLISH_S
    status: str = "lobby"
    paused_by: str = ""
    why: str = ""
    lines: Lines = attrs.field(factory=Lines)
    alerts: list[Frame] = attrs.field(factory=list)
    timer: Timer = attrs.field(factory=Timer)
    _held: deque[tuple[int, str]] = attrs.field(factory=deque)
    _job: Callable[[], None] | None = None
    _result: ClosedTurn | None = None
    _failure: Exception | None = None
    _resolving: float | None = None
    _stale: bool = True
    _kept_at: float = 0.0
    _alert_count: int = 0

    @classmethod
    def open(
        cls,
        make_host: Callable[[Callable[[str, Frame], None]], Host],
        draw: Draw,
        version: str,
        *,
        now: float,
        kept: dict[str, Any] | None = None,
        log: str = "",
        timed: bool = True,
        publish_s: float = PUBLISH_S,
    ) -> Room:
        """A room around the host that ``make_host`` makes, given how to deliver. ``kept`` is what an earlier room of this log kept.

        An exercise whose log says that a phase was begun goes on where it stood; a new one waits in the lobby.
        """
        lines = Lines()
        door = Door(draw) if kept is None else Door.kept(draw, kept["door"])
        room = cls(make_host(lines.deliver), door, version, log, timed=timed, publish_s=publish_s, lines=lines)
        host = room.host
        if host.running.is_over:
            room.status = "over"
        elif host.begun:
            room._go_on(now, kept)
        return room

    # --- lines ------------------------------------------------------------------------------------------------------------------

    def connect(self, conn: int, now: float, *, trusted: bool = False) -> None:
        """A line was opened. A trusted one (a door of this machine) is believed how its people came."""
        self.lines.open(conn, Line(now, trusted))
        if len(self.lines) > MAX_LINES:
            self.bye(conn, "full", "the room is full", "come back later")

    def receive(self, conn: int, said: str, now: float) -> None:
        """A text came on a line. Nothing that it can be raises."""
        line = self.lines.get(conn)
        if line is None:
            return
        try:
            frame = read(said)
        except Malformed as wrong:
            self.bye(conn, "bad", f"what was sent is {wrong}", "use the same version as the host")
            return
        if "hello" in frame:
            self._hello(conn, line, frame, now)
        elif "ping" in frame and "act" not in frame:
            self.lines.say(conn, {"frame": "pong", "ping": frame["ping"] if isinstance(frame["ping"], int | float | str) else 0})
        elif line.client is None:
            self.bye(conn, "bad", "say hello first")
        elif self._busy:
            self._held.append((conn, said))
        else:
            self._hear(conn, line, line.client, frame, now)
        self._flush(now)

    def lose(self, conn: int, now: float) -> None:
        """A line is gone; its client may come back on another."""
        line = self.lines.drop(conn)
        if line is not None and line.client is not None:
            self._stale = True
            self._flush(now)

    def behind(self, conn: int, is_behind: bool, now: float) -> None:
        """Whether much is waiting to be sent on a line."""
        line = self.lines.get(conn)
        if line is not None and line.behind != is_behind:
            line.behind = is_behind
            self._stale = True
            self._flush(now)

    def drain(self) -> list[Say | Hang]:
        """What is to be sent, in order; it is handed over once."""
        return self.lines.drain()

    # --- time -------------------------------------------------------------------------------------------------------------------

    def tick(self, now: float) -> None:
        """Time has passed."""
        for conn, line in self.lines:
            if line.client is None and now - line.at >= HELLO_S:
                self.bye(conn, "bad", "nobody said hello on this line")
        if self._resolving is not None and self._result is not None and now >= self._resolving:
            try:
                self._publish(self._result, now)
            except Exception as error:  # noqa: BLE001 - as in _hear
                self._freeze(error)
        if self.status == "running" and not self._busy and self.timer.is_up(now):
            self.advance("timer", now)
        if self.timer.runs and now - self._kept_at >= KEEP_S:
            self.door.changed = True
        self._flush(now)

    def due(self) -> float | None:
        """When to tick next, if anything waits for time."""
        waits = [line.at + HELLO_S for _, line in self.lines if line.client is None]
        if self._resolving is not None:
            waits.append(self._resolving)
        elif self.status == "running" and self.timer.deadline is not None:
            waits += [self.timer.deadline, self._kept_at + KEEP_S]
        return min(waits, default=None)

    def job(self) -> Callable[[], None] | None:
        """Work for another thread, once: call it, then ``done``."""
        job, self._job = self._job, None
        return job

    def done(self, now: float) -> None:
        """The job is done. What came of the turn is published when its moment comes."""
        if self._failure is not None:
            self._freeze(self._failure)
            self._resolving = None
            self._release(now)
        elif self._resolving is not None and now > self._resolving:
            missed = int((now - self._resolving) / self.publish_s) + 1 if self.publish_s else 0
            self._resolving += missed * self.publish_s
        self.tick(now)

    # --- what must be kept ----------------------------------------------------------------------------------------------------

    @property
    def changed(self) -> bool:
        """Whether there is something new to be kept beside the log."""
        return self.door.changed

    def keep(self, now: float) -> dict[str, Any]:
        """What a later room needs that the log must not hold: tickets, tokens, the time left. For the host's own eyes."""
        self._kept_at = now
        where = [self.host.running.turn, self.host.phase.id]
        return {"door": self.door.keep(), "phase": where, "left_s": self.timer.left(now)}

    # --- coming in ------------------------------------------------------------------------------------------------------------

    def issue(self, role: str, seats: tuple[str, ...] = ()) -> Ticket:
        """A new ticket; its ``words`` are what is handed out."""
        self._stale = True
        return self.door.issue(role, seats)

    def _hello(self, conn: int, line: Line, frame: Frame, now: float) -> None:
        if line.client is not None:
            self.bye(conn, "bad", "hello was said already")
            return
        if frame["hello"] != PROTOCOL:
            why = f"the host speaks protocol {PROTOCOL} (version {self.version}), you have version {text(frame, 'version')[:20] or '?'}"
            self.bye(conn, "version", why, "install the same version on both sides")
            return
        if line.trusted:
            line.via, line.origin = word(frame, "via") or "here", word(frame, "from")
        key = word(frame, "key") if line.trusted else ""
        answer = self.door.enter(text(frame, "secret"), now, key=key, program=word(frame, "client"))
        if isinstance(answer, Barred):
            if answer.alert:
                self._alert(answer.alert)
            self.bye(conn, answer.code, answer.why, answer.hint)
            return
        name = text(frame, "name").strip()
        if name and not answer.client.name and refuse_text(name, MAX_NAME) is None:
            answer.client.name = name
            self.door.changed = True
        self._let_in(conn, line, answer, frame.get("since"), now)

    def _let_in(self, conn: int, line: Line, let: Let, since: Any, now: float) -> None:
        client = let.client
        for other, theirs in self.lines:
            if theirs.client is client:
                self.bye(other, "replaced", "you came in from somewhere else", "this line is closed")
        seats = self._streams_of(client)
        line.client, line.streams, line.acted = client, seats, now
        joined: Frame = {
            "frame": "joined",
            "protocol": PROTOCOL,
            "version": self.version,
            "client": client.id,
            "role": client.role,
            "seats": list(client.seats),
            "streams": list(seats),
            "name": client.name,
            "token": let.token,
            "code": let.code,
            "lobby": lobby_of(self.host.program),
        }
        self.lines.say(conn, joined)
        for seat in seats:
            have = since.get(seat, 0) if isinstance(since, dict) else since
            self.lines.catch_up(conn, seat, have if isinstance(have, int) and not isinstance(have, bool) else 0)
        if client.role == HEAD and not self._busy:
            self._take_empty_seats(client)
        self._stale = True

    def _streams_of(self, client: Client) -> tuple[str, ...]:
        if client.role in SEATED:
            return tuple(seat for seat in client.seats if seat in self.host.streams)
        return (FACILITATORS,) if client.role == FACILITATOR else (PUBLIC,)

    def _take_empty_seats(self, client: Client) -> None:
        """A seat that a doctrine held because nobody had come is its head's from now on."""
        for seat in client.seats:
            if seat not in self.host.human and seat not in self.host.handed_over:
                self.record("seat", {"seat": seat, "by": "human", "doctrine": None, "player": client.name or None})

    # --- acts -----------------------------------------------------------------------------------------------------------------

    def _hear(self, conn: int, line: Line, client: Client, act: Act, now: float) -> None:
        what, ref = word(act, "act"), word(act, "ref")
        once = f"{client.id}/{ref}" if ref else ""
        if self.host.once.knows(once):
            self.lines.answer(conn, ref, self.host.once.answer(once))
            return
        line.acted = now
        try:
            why = self._refuse(line, client, what, now)
            if why is None and client.role in PLAYING and what not in ("pause", "name"):
                self._hear_seat(conn, client, act, once, now)
                return
            if why is None:
                why = console.ACTS[what](self, client, act, once, now)
            self._settle(conn, ref, once, why)
        except Exception as error:  # noqa: BLE001 - whatever fails, people must be told and nothing more may be acknowledged
            self._freeze(error)
            self.lines.answer(conn, ref, Refusal("frozen", self.why))
        finally:
            self._stale = True

    def _settle(self, conn: int, ref: str, once: str, why: Refusal | None) -> None:
        """Answer an act, and remember what came of it."""
        if why is None:
            self.host.once.did(once)
        else:
            self.host.once.refuse(once, why)
        self.lines.answer(conn, ref, why)

    def _refuse(self, line: Line, client: Client, what: str, now: float) -> Refusal | None:
        """What keeps this client from acting at all now."""
        if not may(client.role, what):
            return Refusal("unknown-act", "the host does not know this act")
        if self.status == "frozen":
            return Refusal("frozen", self.why)
        is_free = line.spends(WORDS_COST if what in ("message", "statement", "open_room", "propose") else 1, now)
        return None if is_free else Refusal("rate", "too much at once", "wait a little and send it again")

    def _hear_seat(self, conn: int, client: Client, act: Act, once: str, now: float) -> None:
        what, ref = word(act, "act"), word(act, "ref")
        seat = word(act, "seat") or (client.seats[0] if len(client.seats) == 1 else "")
        why: Refusal | None = None
        if seat not in client.seats:
            why = Refusal("seat", "say for which of your seats", f"your seats: {', '.join(client.seats)}")
        elif self.status == "lobby" and what not in IN_LOBBY:
            why = Refusal("lobby", "the exercise has not begun", "say that you are ready")
        elif self.status == "paused" and what not in IN_PAUSE:
            why = Refusal("paused", "the exercise is paused", "a facilitator resumes it")
        elif seat not in self.host.human and what not in ("message", "suggest"):
            why = Refusal("doctrine", "a doctrine plays your seat now", "a facilitator can give it back to you")
        if why is not None:
            self._settle(conn, ref, once, why)
        else:
            self.host.hear(seat, act, lambda frame: self.lines.say(conn, frame), once=once)
            self.move_on(now)

    def move_on(self, now: float) -> None:
        """A phase ends when everybody is ready for that; the lobby too where no facilitator is there to start."""
        if not self.host.all_ready or self._busy:
            return
        is_run = any(line.client is not None and line.client.role == FACILITATOR for _, line in self.lines)
        if self.status == "running" and not self.host.running.is_over:
            self.advance("everybody", now)
        elif self.status == "lobby" and not is_run:
            self.start("everybody", now)

    # --- phases ---------------------------------------------------------------------------------------------------------------

    def start(self, by: str, now: float) -> None:
        """Begin the exercise: STARTEX."""
        self._hold_empty_seats()
        self.status = "running"
        self._open_phase(self.host.plan[0], by, now)

    def _go_on(self, now: float, kept: dict[str, Any] | None) -> None:
        """An exercise that had begun: in its phase, with the time that was left."""
        self.status, self.paused_by, self.why = ("paused", *self.host.pause) if self.host.pause else ("running", "", "")
        phase = self.host.phase
        if phase is RESOLUTION:
            self._begin_resolution(now)
            return
        is_same = kept is not None and kept["phase"] == [self.host.running.turn, phase.id]
        left = kept["left_s"] if kept is not None and is_same else self._length(phase) if self.timed else None
        self.timer.set(left, now, runs=self.status == "running")

    def _hold_empty_seats(self) -> None:
        """Seats to which nobody has come are played by their doctrine until somebody does."""
        here = {seat for _, line in self.lines if line.client is not None and line.client.role == HEAD for seat in line.client.seats}
        for seat in sorted(self.host.human - here):
            if not any(client.role == HEAD and seat in client.seats and not client.gone for client in self.door.clients.values()):
                doctrine = self.host.doctrines.get(seat, "default")
                self.record("seat", {"seat": seat, "by": "doctrine", "doctrine": doctrine, "empty": True})

    def _open_phase(self, phase: Phase, by: str, now: float) -> None:
        if phase is SITTINGS:
            self.host.decide_for_others(votes=False)
        self.host.open_phase(phase, by)
        self.timer.set(self._length(phase) if self.timed else None, now)
        self.door.changed = True

    def _length(self, phase: Phase) -> float:
        """Seconds of a phase, from the turn's minutes."""
        minutes = self.host.program.turn(self.host.running.turn).minutes
        return round(60.0 * minutes * phase.share)

    def advance(self, by: str, now: float) -> None:
        """End the phase: the next one begins, or the turn is resolved."""
        try:
            following = after(self.host.plan, self.host.phase)
            if following is RESOLUTION:
                self.host.decide_for_others(votes=True if SITTINGS in self.host.plan else None)
                self.host.open_phase(RESOLUTION, by)
                self._begin_resolution(now)
            else:
                self._open_phase(following, by, now)
        except Exception as error:  # noqa: BLE001 - as in _hear: people are told, and nothing more is acknowledged
            self._freeze(error)
        self._stale = True

    @property
    def _busy(self) -> bool:
        """Whether a turn is being resolved: what people do meanwhile waits."""
        return self._resolving is not None

    def _begin_resolution(self, now: float) -> None:
        self.timer.clear()
        self._result, self._failure = None, None
        self._resolving = now + self.publish_s

        def resolve() -> None:
            try:
                self._result = self.host.running.close()
            except Exception as error:  # noqa: BLE001 - told and frozen in ``done``, on the caller's own thread
                self._failure = error

        self._job = resolve

    def _publish(self, result: ClosedTurn, now: float) -> None:
        self._result = self._resolving = None
        self.host.publish_turn(result)
        if self.host.running.is_over:
            self.status = "over"
            self.record("phase", {"turn": self.host.running.turn, "phase": DEBRIEF.id, "by": "host"})
        else:
            self._open_phase(self.host.plan[0], "host", now)
        for _, line in self.lines:
            if line.client is not None and line.client.role == HEAD:
                self._take_empty_seats(line.client)  # whoever came while the turn was resolved
        self._stale = True
        self._release(now)

    def _release(self, now: float) -> None:
        """What was said while a turn was resolved is heard now."""
        held, self._held = self._held, deque()
        for conn, said in held:
            self.receive(conn, said, now)

    # --- what is sent ---------------------------------------------------------------------------------------------------------

    def record(self, kind: str, data: Frame) -> None:
        """Record something that is no act of a seat, and publish it."""
        self.host.record(kind, data)
        self._stale = True

    def record_timer(self, now: float, once: str) -> None:
        """Write down that somebody changed the time of a phase."""
        where = {"turn": self.host.running.turn, "phase": self.host.phase.id}
        self.record("timer", {**where, "left_s": self.timer.left(now), "runs": self.timer.runs, "by": "facilitator", **named(once)})
        self.door.changed = True

    def bye(self, conn: int, code: str, why: str, hint: str = "") -> None:
        """Send somebody away."""
        self.lines.bye(conn, code, why, hint)
        self._stale = True

    def _alert(self, words: str) -> None:
        self._alert_count += 1
        self.alerts = [*self.alerts, {"n": self._alert_count, "turn": self.host.running.turn, "text": words}][-MAX_ALERTS:]
        self._stale = True

    def alert(self, words: str, now: float) -> None:
        """Tell the facilitators something that is not for the seats."""
        self._alert(words)
        self._flush(now)

    def _freeze(self, error: Exception) -> None:
        """Nothing more is acknowledged. What a log says of its medium is for everybody; what failed inside may speak of secrets."""
        told = str(error) if isinstance(error, LogError) else f"the engine failed ({type(error).__name__})"
        self.status = "frozen"
        self.why = f"{FROZEN}: {told}. What was acknowledged is in the log; start the host again to go on."
        self._failure = error
        self._resolving = None
        self.timer.clear()
        self._stale = True

    @property
    def failure(self) -> Exception | None:
        """What froze the exercise, for whoever runs the program."""
        return self._failure

    def _flush(self, now: float) -> None:
        """Tell everybody where the exercise stands, if that has changed for them."""
        if not self._stale:
            return
        self._stale = False
        made: dict[str, tuple[str, str]] = {}
        control = ""
        for conn, line in self.lines:
            if line.client is None:
                continue
            role = line.client.role
            if role not in made:
                frame = session_frame(self, role, now)
                # What is left of the time passes without being told; it is no reason to tell anything.
                made[role] = write({**frame, "left": None}), write(frame)
            known, said = made[role]
            if line.told != known:
                line.told = known
                self.lines.say_text(conn, said)
            if role == FACILITATOR:
                control = control or write(control_frame(self, now))
                self.lines.say_text(conn, control)
