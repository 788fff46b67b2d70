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
from exercise.record.canonical import EntryError
from exercise.record.reading import LogError
from exercise.session import console, entrance
from exercise.session.acts import Act, word
from exercise.session.console import named
from exercise.session.entrance import PROTOCOL
from exercise.session.host import Host
from exercise.session.joining import RATE, Client, Door, Draw, Ticket
from exercise.session.lines import Hang, Line, Lines, Say
from exercise.session.phases import DEBRIEF, IN_LOBBY, IN_PAUSE, RESOLUTION, SITTINGS, Phase, after
from exercise.session.restart import go_on
from exercise.session.roles import FACILITATOR, HEAD, PLAYING, may
from exercise.session.room_frames import control_frame, session_frame
from exercise.session.running import ClosedTurn
from exercise.session.streams import Frame
from exercise.session.timing import Timer
from exercise.session.wire import Malformed, read, write

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
TOO_MUCH = Refusal("rate", "too much at once", "wait a little and send it again")

__all__ = ["PROTOCOL", "Hang", "Line", "Room", "Say"]


@attrs.define(slots=True)
class Room:
    """Everybody around one host. Make it with ``open``."""

    host: Host
    door: Door
    version: str
    log: str = ""
    ways: Frame = attrs.field(factory=dict)
    """How people come in, in words, for facilitators to tell them: whoever listens for them knows it."""
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
    _closing: int | None = None
    stale: bool = True
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
        room.door.kept_names(host.once)
        go_on(room, now, kept)
        return room

    # --- lines ------------------------------------------------------------------------------------------------------------------

    def connect(self, conn: int, now: float, *, trusted: bool = False, origin: str = "") -> None:
        """A line was opened, from an address. A trusted one (a door of this machine) is believed how its people came."""
        self.lines.open(conn, Line(now, trusted, origin=origin))
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
            entrance.hello(self, conn, line, frame, now)
        elif "ping" in frame and "act" not in frame:
            self.lines.say(conn, {"frame": "pong", "ping": frame["ping"] if isinstance(frame["ping"], int) else 0})
        elif line.client is None:
            self.bye(conn, "bad", "say hello first")
        elif "away" in frame and "act" not in frame and line.trusted:
            self.stale = self.stale or line.away != (frame["away"] is True)
            line.away = frame["away"] is True
        elif self.busy:
            self._hold(conn, line, frame, said)
        else:
            self._hear(conn, line, line.client, frame, now)
        self._flush(now)

    def lose(self, conn: int, now: float) -> None:
        """A line is gone; its client may come back on another."""
        line = self.lines.drop(conn)
        if line is not None and line.client is not None:
            self.stale = True
            self._flush(now)

    def behind(self, conn: int, is_behind: bool, now: float) -> None:
        """Whether much is waiting to be sent on a line."""
        line = self.lines.get(conn)
        if line is not None and line.behind != is_behind:
            line.behind = is_behind
            self.stale = True
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
        if self._resolving is not None and now >= self._resolving:
            if self._result is None:
                self._resolve_later(now)
            else:
                self._publish(self._result, now)
        if self.status == "running" and not self.busy and self.timer.is_up(now):
            self.advance("timer", now)
        if self.timer.runs and now - self._kept_at >= KEEP_S:
            self.door.changed = True
        self._flush(now)

    def due(self) -> float | None:
        """When to tick next, if anything waits for time."""
        waits = [line.at + HELLO_S for _, line in self.lines if line.client is None]
        if self._resolving is not None:
            waits += [self._resolving] if self._result is not None or self.publish_s else []
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
            self.freeze(self._failure, now)
            self._release(now)
        elif self._resolving is not None and now > self._resolving:
            self._resolve_later(now)
        self.tick(now)

    def _resolve_later(self, now: float) -> None:
        """It was not worked out in time: the next moment at which anything may be published."""
        if self._resolving is not None and self.publish_s:
            self._resolving += (int((now - self._resolving) / self.publish_s) + 1) * self.publish_s

    # --- what must be kept ----------------------------------------------------------------------------------------------------

    @property
    def changed(self) -> bool:
        """Whether there is something new to be kept beside the log."""
        return self.door.changed

    def keep(self, now: float) -> dict[str, Any]:
        """What a later room needs that the log must not hold: tickets, tokens, the time left. For the host's own eyes."""
        self._kept_at = now
        where = [self.turn, self.host.phase.id if self.status != "lobby" else "lobby"]
        return {"door": self.door.keep(), "phase": where, "left_s": self.timer.left(now), "timers": self.host.timers}

    # --- coming in ------------------------------------------------------------------------------------------------------------

    def issue(self, role: str, seats: tuple[str, ...] = (), *, own: bool = False) -> Ticket:
        """A new ticket; its ``words`` are what is handed out, or shown by the host's ``own`` console."""
        self.stale = True
        return self.door.issue(role, seats, own=own)

    # --- acts -----------------------------------------------------------------------------------------------------------------

    def _hear(self, conn: int, line: Line, client: Client, act: Act, now: float) -> None:
        what, ref = word(act, "act"), word(act, "ref")
        once = f"{client.id}/{ref}" if ref else ""
        if self.host.once.knows(once):
            self.lines.answer(conn, ref, self.host.once.answer(once))
            return
        if self.status == "frozen":
            # Never remembered as refused: what the medium failed on may stand in the log all the same, and be found there by the next host.
            self.lines.answer(conn, ref, Refusal("frozen", self.why))
            return
        line.acted = now
        try:
            why = self._refuse(client, what, now)
            if why is None and client.role in PLAYING and what not in ("pause", "name"):
                self._hear_seat(conn, client, act, once, now)
                return
            if why is None:
                why = console.ACTS[what](self, client, act, once, now)
            self._settle(conn, ref, once, why)
        except EntryError:
            self._settle(conn, ref, once, Refusal("not-recorded", "no log can hold what was sent"))
        except Exception as error:  # noqa: BLE001 - whatever fails, people must be told and nothing more may be acknowledged
            self.freeze(error, now)
            if not (once and once in self.host.once.done):  # it was done, and answered, and what follows from it failed
                self.lines.answer(conn, ref, Refusal("frozen", self.why))
        finally:
            self.stale = True

    def _settle(self, conn: int, ref: str, once: str, why: Refusal | None) -> None:
        """Answer an act, and remember what came of it."""
        if why is None:
            if once and once not in self.host.once.done:
                self.host.once.did(once)
                self.door.done(once)
        else:
            self.host.once.refuse(once, why)
        self.lines.answer(conn, ref, why)

    def _refuse(self, client: Client, what: str, now: float) -> Refusal | None:
        """What keeps this client from acting at all now."""
        if not may(client.role, what):
            return Refusal("unknown-act", "the host does not know this act")
        is_free = client.spends(WORDS_COST if what in ("message", "statement", "open_room", "propose") else 1, now)
        return None if is_free else TOO_MUCH

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
        if not self.host.all_ready or self.busy:
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
        self.open_phase(self.host.plan[0], by, now)

    def _hold_empty_seats(self) -> None:
        """Seats to which nobody has come are played by their doctrine until somebody does."""
        here = {seat for _, line in self.lines if line.client is not None and line.client.role == HEAD for seat in line.client.seats}
        for seat in sorted(self.host.human - here):
            if not any(client.role == HEAD and seat in client.seats and not client.gone for client in self.door.clients.values()):
                doctrine = self.host.doctrines.get(seat, "default")
                self.record("seat", {"seat": seat, "by": "doctrine", "doctrine": doctrine, "empty": True})

    def open_phase(self, phase: Phase, by: str, now: float) -> None:
        """Begin a phase, and its time."""
        if phase is SITTINGS:
            self.host.decide_for_others(votes=False)
        self.host.open_phase(phase, by)
        self.timer.set(self.length(phase), now)
        self.door.changed = True

    def length(self, phase: Phase) -> float | None:
        """Seconds of a phase, from the turn's minutes; None where there is no limit."""
        if not self.timed:
            return None
        minutes = self.host.program.turn(self.host.running.turn).minutes
        return round(60.0 * minutes * phase.share)

    def advance(self, by: str, now: float) -> None:
        """End the phase: the next one begins, or the turn is resolved."""
        try:
            following = after(self.host.plan, self.host.phase)
            if following is RESOLUTION:
                self.host.decide_for_others(votes=True if SITTINGS in self.host.plan else None)
                self.host.open_phase(RESOLUTION, by)
                self.begin_resolution(now)
            else:
                self.open_phase(following, by, now)
        except Exception as error:  # noqa: BLE001 - as in _hear: people are told, and nothing more is acknowledged
            self.freeze(error, now)
        self.stale = True

    @property
    def busy(self) -> bool:
        """Whether a turn is being resolved: what people do meanwhile waits."""
        return self._resolving is not None

    @property
    def turn(self) -> int:
        """The turn that people are in: one that was closed and not yet published is not over for them."""
        return self.host.running.turn if self._closing is None else self._closing

    @property
    def is_over(self) -> bool:
        """Whether the end was published."""
        return self.host.running.is_over and self._closing is None

    def begin_resolution(self, now: float) -> None:
        """Let the turn be worked out elsewhere."""
        self.timer.clear()
        self._closing = self.host.running.turn
        self._result, self._failure = None, None
        self._resolving = now + self.publish_s

        def resolve() -> None:
            try:
                self._result = self.host.running.close()
            except Exception as error:  # noqa: BLE001 - told and frozen in ``done``, on the caller's own thread
                self._failure = error

        self._job = resolve

    def _publish(self, result: ClosedTurn, now: float) -> None:
        self._result = self._resolving = self._closing = None
        try:
            self._publish_turn(result, now)
        except Exception as error:  # noqa: BLE001 - as in _hear
            self.freeze(error, now)
        self.stale = True
        self._release(now)

    def _publish_turn(self, result: ClosedTurn, now: float) -> None:
        self.host.publish_turn(result)
        if self.host.running.is_over:
            self.end()
        else:
            self.open_phase(self.host.plan[0], "host", now)
        for _, line in self.lines:
            if line.client is not None:
                entrance.take_empty_seats(self, line.client)  # whoever came while the turn was resolved

    def end(self) -> None:
        """ENDEX is over: only words are left."""
        self.status = "over"
        if self.host.begun and self.host.opened != (self.host.running.turn, DEBRIEF.id):
            self.record("phase", {"turn": self.host.running.turn, "phase": DEBRIEF.id, "by": "host"})

    def _hold(self, conn: int, line: Line, act: Act, said: str) -> None:
        """What is said while a turn is resolved waits, as long as it is not too much."""
        line.held += 1
        if line.held > RATE:
            self.lines.answer(conn, word(act, "ref"), TOO_MUCH)
        else:
            self._held.append((conn, said))

    def _release(self, now: float) -> None:
        """What was said while a turn was resolved is heard now."""
        self._flush(now)  # before anything else is heard: when it is told must not depend on who was waiting
        held, self._held = self._held, deque()
        for _, line in self.lines:
            line.held = 0
        for conn, said in held:
            self.receive(conn, said, now)

    # --- what is sent ---------------------------------------------------------------------------------------------------------

    def record(self, kind: str, data: Frame) -> None:
        """Record something that is no act of a seat, and publish it."""
        self.host.record(kind, data)
        self.stale = True

    def record_timer(self, now: float, once: str) -> None:
        """Write down that somebody changed the time of a phase."""
        where = {"turn": self.host.running.turn, "phase": self.host.phase.id}
        self.record("timer", {**where, "left_s": self.timer.left(now), "runs": self.timer.runs, "by": "facilitator", **named(once)})
        self.door.changed = True

    def bye(self, conn: int, code: str, why: str, hint: str = "") -> None:
        """Send somebody away."""
        self.lines.bye(conn, code, why, hint)
        self.stale = True

    def tell(self, words: str) -> None:
        """Tell the facilitators something that is not for the seats, with what else there is to tell."""
        self._alert_count += 1
        self.alerts = [*self.alerts, {"n": self._alert_count, "turn": self.turn, "text": words}][-MAX_ALERTS:]
        self.stale = True

    def alert(self, words: str, now: float) -> None:
        """The same, at once."""
        self.tell(words)
        self._flush(now)

    def freeze(self, error: Exception, now: float) -> None:
        """Nothing more is acknowledged. What a log says of its medium is for everybody; what failed inside may speak of secrets."""
        told = str(error) if isinstance(error, LogError) else f"the engine failed ({type(error).__name__})"
        self.status = "frozen"
        self.why = f"{FROZEN}: {told}. What was acknowledged is in the log; start the host again to go on."
        self._failure = error
        self._resolving = None
        self.timer.stop(now)
        self.stale = True

    @property
    def failure(self) -> Exception | None:
        """What froze the exercise, for whoever runs the program."""
        return self._failure

    def _flush(self, now: float) -> None:
        """Tell everybody where the exercise stands, if that has changed for them."""
        if not self.stale:
            return
        self.stale = False
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
                if line.shown != control:
                    line.shown = control
                    self.lines.say_text(conn, control)
