"""One exercise over bad lines, with a host that dies, in one thread and on a clock of its own: one seed gives all of it again.

A line keeps order while it lives. When it is cut, what was on the way is lost from some moment on; the host may learn of it late, so that
the old line's last texts arrive after its client came back on another. Hosts end at any call to their disk and between any two texts that
they send, and lose with the power what was not synced. What people do depends on the seed and on where the exercise stands alone
(``Settled``), or on everything (``Wild``: timers, pauses, keys pressed twice, tickets taken back, seats handed over).
"""

from __future__ import annotations

import errno
import functools
import hashlib
import heapq
import itertools
import json
import pathlib
import random
from collections.abc import Callable
from typing import Any

import attrs

from exercise.core.program import Program
from exercise.core.world import digest
from exercise.net.client import PASSING
from exercise.net.conversation import Conversation, LineError
from exercise.net.keepsake import Keepsake
from exercise.record.entry import Entry
from exercise.record.journal import Journal
from exercise.record.reading import read_log
from exercise.record.testing import CachedDisk
from exercise.session.host import Host
from exercise.session.phases import FULL, Plan
from exercise.session.room import Room, Say
from exercise.session.running import Running
from exercise.session.streams import FACILITATORS, PUBLIC
from tests.record.played import header_of
from tests.session.room import exercise

Frame = dict[str, Any]
LOG = pathlib.Path("/log.jsonl")
VERSION = "1.2.3"
BEHIND, LONGEST_QUEUE = 30, 120
"""Texts that may wait for a slow reader before the host is told, and before the line is closed."""


class Ended(BaseException):
    """The host's program is gone."""


@attrs.frozen(slots=True)
class Faults:
    """How bad it is: seconds between cuts of a line, deaths of a seat's program and ends of the host on average, or never; the slowest text."""

    cut_s: float = 0.0
    dies_s: float = 0.0
    end_s: float = 0.0
    delay_s: float = 0.02
    half_open: float = 0.0
    power_cuts: bool = False
    stalls: bool = False
    disk_errors: bool = False


NONE = Faults()


def some_faults(dice: random.Random) -> Faults:
    """As bad as the dice say."""
    return Faults(
        cut_s=dice.choice([0.0, 3.0, 12.0]),
        dies_s=dice.choice([0.0, 0.0, 15.0, 60.0]),
        end_s=dice.choice([0.0, 4.0, 15.0]),
        delay_s=dice.choice([0.01, 0.3, 1.5]),
        half_open=dice.choice([0.0, 0.5, 1.0]),
        power_cuts=dice.random() < 0.5,
        stalls=dice.random() < 0.3,
        disk_errors=dice.random() < 0.3,
    )


class Medium(CachedDisk):
    """A disk in memory under a program that ends before or after a chosen call, or whose syncs fail from one on."""

    def __init__(self, pass_by: Callable[[], None]) -> None:
        super().__init__()
        self.pass_by = pass_by
        self.fails = False

    @classmethod
    def holding(cls, disk: CachedDisk, pass_by: Callable[[], None]) -> Medium:
        """What another disk holds, under a new program."""
        medium = cls(pass_by)
        medium._names, medium._kept_names = disk._names, disk._kept_names
        return medium

    def write(self, handle: int, data: bytes) -> int:
        """Take all or, when the program ends meanwhile, none or a part."""
        self.pass_by()
        taken = super().write(handle, data)
        self.pass_by()
        return taken

    def sync(self, handle: int) -> None:
        """Sync, unless it fails."""
        self.pass_by()
        if self.fails:
            raise OSError(errno.EIO, "the medium reports an error")
        super().sync(handle)
        self.pass_by()


@attrs.define(eq=False)
class Connection:
    """A line: whether each end still holds it, and when the last text of each direction arrives."""

    number: int
    guest: Guest
    host_holds: bool = True
    guest_holds: bool = True
    up_at: float = 0.0
    down_at: float = 0.0
    waiting: int = 0
    stalled_until: float = 0.0


@attrs.define(eq=False)
class Guest:
    """Somebody at a program, which is the shipped one but for its sockets (``Conversation``), on lines of the simulation.

    ``asked`` and ``answers`` go by the names of acts on the wire; so do ``acts``, which also knows the answered ones. When the program dies
    another is started with what was kept for the ticket: it knows nothing of acts that were not answered, and hears everything again.
    """

    sim: Simulation
    name: str
    secret: str
    plays: Callable[[Guest], None]
    talk: Conversation = attrs.field(init=False)
    conn: Connection | None = None
    gone: str = ""
    session: Frame = attrs.field(factory=dict)
    control: Frame = attrs.field(factory=dict)
    sessions: list[tuple[Any, ...]] = attrs.field(factory=list)
    streams: dict[str, list[Frame]] = attrs.field(factory=dict)
    asked: set[str] = attrs.field(factory=set)
    answers: dict[str, Frame] = attrs.field(factory=dict)
    acts: dict[str, Frame] = attrs.field(factory=dict)
    done: set[Any] = attrs.field(factory=set)
    runs: int = 0
    _listens: set[str] = attrs.field(factory=set)
    _run: str = ""
    _numbers: Any = attrs.field(factory=itertools.count)

    def __attrs_post_init__(self) -> None:
        self._start(Keepsake(program=self._draw("program")))

    @property
    def joined(self) -> Frame:
        """The host's newest answer to this program's hello."""
        return self.talk.joined

    def _draw(self, what: str) -> str:
        return hashlib.sha256(f"{self.sim.seed}/{self.name}/{what}".encode()).hexdigest()[:16]

    def start_again(self) -> None:
        """Start the program again, with what was kept for the ticket. It has not come in yet."""
        kept = self.talk.keepsake
        self._start(Keepsake(program=kept.program, token=kept.token, code=kept.code))

    def _start(self, keepsake: Keepsake) -> None:
        self.runs += 1
        self.asked, self.streams, self._listens = set(), {}, set()
        self._run, self._numbers = self._draw(f"run {self.runs}"), itertools.count(1)
        self.talk = Conversation(self.secret, VERSION, said={"name": self.name}, keepsake=keepsake, session=self._run)

    def dial(self) -> None:
        """Open a line and say hello."""
        if self.conn is not None or self.gone:
            return
        self.conn = self.sim.connect(self)
        if self.conn is None:
            self.sim.later(0.2 + self.sim.dice.random(), self.dial)
            return
        self.sim.send_up(self.conn, self.talk.hello())

    def ask(self, act: str, **fields: Any) -> str:
        """An act, to be sent until it is answered; returns its name."""
        name = f"{self._run}:{next(self._numbers)}"
        frame = {"act": act, "ref": name, **fields}
        self.asked.add(name)
        self.acts[name] = frame
        links = self.talk.links
        self.talk.ask(frame, links.get(fields.get("seat", "")) or next(iter(links.values())))
        self._send()
        return name

    def hear(self, text: str) -> None:
        """A text from the host."""
        frame = json.loads(text)
        if "seq" in frame:
            known = self.streams.get(frame["stream"], ())
            assert not known or frame["seq"] > known[-1]["seq"], (self.name, "twice or out of order", frame["seq"])
        try:
            self.talk.hear(text)
        except LineError as farewell:
            self._leave(farewell)
        for stream, link in self.talk.links.items():
            if stream not in self._listens:
                self._listens.add(stream)
                link.listen(functools.partial(self._take, stream))
                assert link.hearing.failure is None, link.hearing.failure
        self._send()
        self.plays(self)

    def _leave(self, farewell: LineError) -> None:
        self.sim.note(f"{self.name} is told bye {farewell.code}")
        assert farewell.code in ("replaced", "revoked", "ticket", "again", "slow", "closing", "too-many"), farewell.words
        if farewell.code not in PASSING:
            self.gone = farewell.code
            self.talk.give_up(farewell.words)

    def _take(self, stream: str, frame: Frame) -> None:
        """What the program's screen hears; what belongs to no stream is told on all of them."""
        if "seq" in frame:
            self.streams.setdefault(stream, []).append(frame)
        elif frame["frame"] in ("ack", "refused"):
            self.asked.remove(frame["ref"])
            self.answers[frame["ref"]] = frame
        elif frame["frame"] == "control":
            self.control = frame
        elif frame["frame"] == "session" and frame is not self.session:
            self.session = frame
            self.sessions.append((frame["status"], frame["turn"], frame["phase"]))

    def lost(self) -> None:
        """The line is gone."""
        self.conn = None
        if not self.gone:
            self.sim.later(0.1 + 0.5 * self.sim.dice.random(), self.dial)

    def _send(self) -> None:
        if self.conn is not None:
            for text in self.talk.to_send():
                self.sim.send_up(self.conn, text)


@attrs.define(eq=False)
class Simulation:
    """One exercise. ``host`` is the room of the program that runs now, if one does."""

    seed: int
    faults: Faults
    program: Program = attrs.field(factory=exercise)
    timed: bool = False
    plan: Plan = FULL
    human: tuple[str, ...] = ("town", "guest")
    now: float = 0.0
    dice: random.Random = attrs.field(init=False)
    disk: Medium = attrs.field(init=False)
    kept: str = ""
    room: Room | None = None
    journal: Journal | None = None
    life: int = 0
    ends: int = 0
    cuts: int = 0
    deaths: int = 0
    is_healed: bool = False
    guests: list[Guest] = attrs.field(factory=list)
    story: list[str] = attrs.field(factory=list)
    words: set[str] = attrs.field(factory=set)
    _steps: int = -1
    _events: list[tuple[float, int, Callable[[], None]]] = attrs.field(factory=list)
    _order: Any = attrs.field(factory=itertools.count)
    _conns: dict[int, Connection] = attrs.field(factory=dict)
    _conn_numbers: Any = attrs.field(factory=lambda: itertools.count(1))
    _draws: Any = attrs.field(factory=itertools.count)
    _tick_at: float | None = None

    def __attrs_post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.disk = Medium(self._pass_by)
        Journal.create(LOG, header_of(self.program, self.seed), disk=self.disk).close()
        self._begin_life()

    # --- time -----------------------------------------------------------------------------------------------------------------

    def later(self, seconds: float, do: Callable[[], None]) -> None:
        """Do something in so many seconds."""
        self.at(self.now + seconds, do)

    def at(self, moment: float, do: Callable[[], None]) -> None:
        """Do something then; of two things at one moment the one that was asked for first."""
        heapq.heappush(self._events, (moment, next(self._order), do))

    def note(self, words: str) -> None:
        """What happened, for whoever looks for a fault."""
        self.story.append(f"{self.now:9.3f} {words}")

    def run(self, until: float, stop: Callable[[], bool] = lambda: False) -> None:
        """Let things happen until then, or until ``stop`` says so."""
        while self._events and self._events[0][0] <= until and not stop():
            self.now, _, do = heapq.heappop(self._events)
            do()
        if not stop():
            self.now = max(self.now, until)

    def heal(self) -> None:
        """No more faults: everybody comes back and everything arrives."""
        self.is_healed = True
        self._steps = -1
        self.disk.fails = False
        if self.room is not None and self.room.status == "frozen":
            self.end(power=False)

    # --- the host's program ----------------------------------------------------------------------------------------------------

    def _draw(self, size: int) -> bytes:
        return hashlib.sha256(f"{self.seed}:{next(self._draws)}".encode()).digest()[:size]

    def _pass_by(self) -> None:
        """A moment at which the program may end."""
        if self._steps >= 0:
            self._steps -= 1
            if self._steps < 0:
                raise Ended

    def _begin_life(self) -> None:
        self.life += 1
        self._tick_at = None
        if self.faults.end_s and not self.is_healed:
            life = self.life
            self.later(self.dice.expovariate(1 / self.faults.end_s), lambda: self._doom(life))
        try:
            self.journal, past = Journal.open(LOG, disk=self.disk)
            self.room = self.open_room(past)
            self._pump()
        except Ended:
            self.end(power=False)

    def open_room(self, past: tuple[Entry, ...], journal: Journal | None = None) -> Room:
        """A room that takes up a log and what was kept beside it."""
        book = journal or self.journal

        def make(deliver: Any) -> Host:
            streams = (*self.program.playable, PUBLIC, FACILITATORS)
            running = Running.begin(self.program, self.seed, book)
            return Host.start(running, streams, deliver, past=past[1:], human=self.human, plan=self.plan)

        kept = json.loads(self.kept) if self.kept else None
        return Room.open(make, self._draw, VERSION, now=self.now, kept=kept, timed=self.timed)

    def _doom(self, life: int) -> None:
        """Some moment soon is this program's last, or its disk's."""
        if life != self.life or self.is_healed:
            return
        if self.faults.disk_errors and self.dice.random() < 0.5:
            self.disk.fails = True
            self.note("the disk fails")
        else:
            self._steps = self.dice.randint(0, 40)

    def end(self, *, power: bool | None = None) -> None:
        """The program ends, with the power or without."""
        self.ends += 1
        self._steps = -1
        cut = self.faults.power_cuts and self.dice.random() < 0.5 if power is None else power
        self.note(f"the host ends{' with the power' if cut else ''}")
        kept: CachedDisk = self.disk.power_cut(self.dice) if cut else self.disk
        self.disk = Medium.holding(kept, self._pass_by)
        self.room = self.journal = None
        self.life += 1
        conns, self._conns = self._conns, {}
        for conn in conns.values():
            conn.host_holds = False
            self.later(self.dice.random() * 2, lambda conn=conn: self._guest_loses(conn))
        self.later(0.3 + 2 * self.dice.random(), self._begin_life)

    def at_host(self, do: Callable[[Room], None]) -> None:
        """Something happens at the host, and what follows from it."""
        if self.room is None:
            return
        try:
            do(self.room)
            self._pump()
        except Ended:
            self.end()
        else:
            if self.room.status == "frozen" and (self.disk.fails or self.is_healed):
                life = self.life
                self.later(1.0, lambda: self.end(power=False) if life == self.life else None)

    def _pump(self) -> None:
        """What the server does after everything: keep, send, begin a job, wait."""
        room = self.room
        assert room is not None
        if room.changed:
            kept = json.dumps(room.keep(self.now))
            self._pass_by()
            self.kept = kept
            self._pass_by()
        for one in room.drain():
            conn = self._conns.get(one.conn)
            if conn is None:
                continue
            if isinstance(one, Say):
                if self.dice.random() < 0.05:
                    self._pass_by()
                one.text.encode()
                self._send_down(conn, one.text)
            else:
                self._host_loses(conn, told=True)
        job = room.job()
        if job is not None:
            self._work(job)
        due = room.due()
        if due is not None and (self._tick_at is None or due < self._tick_at):
            self._tick_at = due
            life = self.life
            self.later(max(0.0, due - self.now) + 0.001, lambda: self._tick(life))

    def _tick(self, life: int) -> None:
        if life == self.life:
            self._tick_at = None
            self.at_host(lambda room: room.tick(self.now))

    def _work(self, job: Callable[[], None]) -> None:
        """Adjudication on another thread: it takes its time, and its end is noticed a little later."""
        life = self.life
        takes = self.dice.choice([0.0, 0.2, 3.0])

        def finish() -> None:
            if life != self.life:
                return
            try:
                job()
            except Ended:
                self.end()
                return
            self.later(self.dice.random() * 0.1, lambda: self.at_host(lambda room: room.done(self.now)) if life == self.life else None)

        self.later(takes, finish)

    # --- lines ----------------------------------------------------------------------------------------------------------------

    def connect(self, guest: Guest) -> Connection | None:
        """A line to the host, if one runs."""
        if self.room is None:
            return None
        conn = Connection(next(self._conn_numbers), guest)
        self._conns[conn.number] = conn
        self.at_host(lambda room: room.connect(conn.number, self.now))
        if self.faults.cut_s and not self.is_healed:
            self.later(self.dice.expovariate(1 / self.faults.cut_s), lambda: self.cut(conn))
        if self.faults.stalls and not self.is_healed and self.dice.random() < 0.2:
            conn.stalled_until = self.now + 20
        return conn

    def cut(self, conn: Connection) -> None:
        """A line breaks. The host may go on believing in it, and hear what was on the way."""
        if self.is_healed or not (conn.host_holds and conn.guest_holds):
            return
        self.cuts += 1
        self.note(f"{conn.guest.name}'s line {conn.number} is cut")
        if self.dice.random() < self.faults.half_open:
            self.later(self.dice.random() * 8, lambda: self._host_loses(conn))
        else:
            self._host_loses(conn)
        self._guest_loses(conn)

    def kill(self, guest: Guest) -> None:
        """Somebody's program dies, and is started again."""
        if self.is_healed or guest.gone:
            return
        self.deaths += 1
        self.note(f"{guest.name}'s program dies")
        guest.start_again()
        if guest.conn is not None:
            self.cut(guest.conn)
        if guest.conn is not None:  # the host had given the line up already
            self._guest_loses(guest.conn)
        self.later(self.dice.expovariate(1 / self.faults.dies_s), lambda: self.kill(guest))

    def _guest_loses(self, conn: Connection) -> None:
        if conn.guest_holds:
            conn.guest_holds = False
            if conn.guest.conn is conn:
                conn.guest.lost()

    def _host_loses(self, conn: Connection, *, told: bool = False) -> None:
        if not conn.host_holds:
            return
        conn.host_holds = False
        self._conns.pop(conn.number, None)
        if told:
            self.later(max(0.0, conn.down_at - self.now) + 0.01, lambda: self._guest_loses(conn))
        else:
            self.at_host(lambda room: room.lose(conn.number, self.now))

    def send_up(self, conn: Connection, text: str) -> None:
        """A text to the host."""
        conn.up_at = max(conn.up_at, self.now + self._delay())

        def arrive() -> None:
            if conn.host_holds:
                self.at_host(lambda room: room.receive(conn.number, text, self.now))

        self.at(conn.up_at, arrive)

    def _send_down(self, conn: Connection, text: str) -> None:
        stalled = max(0.0, conn.stalled_until - self.now) if not self.is_healed else 0.0
        conn.down_at = max(conn.down_at, self.now + stalled + self._delay())
        conn.waiting += 1
        if conn.waiting == LONGEST_QUEUE and stalled:
            self.note(f"{conn.guest.name} is too slow")
            self.later(0.0, lambda: self._host_loses(conn))
            self.later(0.0, lambda: self._guest_loses(conn))
        elif conn.waiting == BEHIND:
            self.later(0.0, lambda: self.at_host(lambda room: room.behind(conn.number, True, self.now)))

        def arrive() -> None:
            conn.waiting -= 1
            if conn.guest_holds:
                conn.guest.hear(text)

        self.at(conn.down_at, arrive)

    def _delay(self) -> float:
        return self.dice.random() * self.faults.delay_s

    # --- people ---------------------------------------------------------------------------------------------------------------

    def invite(self, name: str, role: str, *seats: str, plays: Callable[[Guest], None], after: float = 0.0) -> Guest:
        """Somebody gets a ticket now and comes in so much later."""
        assert self.room is not None
        ticket = self.room.issue(role, seats)
        self._pump()
        self.words.add(ticket.words)
        return self.let(name, ticket.words, plays, after)

    def let(self, name: str, words: str, plays: Callable[[Guest], None], after: float = 0.0) -> Guest:
        """Somebody comes with these words."""
        guest = Guest(self, name, words, plays)
        self.guests.append(guest)
        self.later(after, guest.dial)
        if self.faults.dies_s:
            self.later(after + self.dice.expovariate(1 / self.faults.dies_s), lambda: self.kill(guest))
        return guest

    def world(self) -> str:
        """The digest of the world as it stands."""
        assert self.room is not None
        return digest(self.room.host.running.world)

    def entries(self) -> tuple[Entry, ...]:
        """The log as it lies on the disk now."""
        return tuple(read_log(LOG, disk=self.disk))
