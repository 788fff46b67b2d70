"""An exercise with its room, journal and server, begun anew or taken up from its log: what ``exercise host`` runs.

Beside the log ``LOG`` stands ``LOG.host``, for its owner alone: tickets, digests of tokens, the time left, the port. With both a host that
died goes on where it was, and everybody comes back by themselves. The log alone is enough to go on with new tickets.
"""

from __future__ import annotations

import contextlib
import json
import pathlib
import secrets
import socket
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import attrs

import exercise
from exercise.cli.common import Misuse, Wrong, choice_of
from exercise.cli.exercises import header, log_failure, read_entries, recorded_content, refuse_older
from exercise.cli.venue import wall_time

if TYPE_CHECKING:
    from exercise.core.program import Program
    from exercise.net.lines import HereLink, Limits
    from exercise.net.server import Server
    from exercise.record.commitment import Promise
    from exercise.record.entry import Entry
    from exercise.record.journal import Journal
    from exercise.session.host import Host
    from exercise.session.joining import Ticket
    from exercise.session.room import Room
    from exercise.session.streams import Deliver

FORMAT = 1
ANYWHERE = ("", "0.0.0.0", "::")  # noqa: S104 - a training room's seats come from other machines


@attrs.frozen(slots=True)
class Plan:
    """What is to be hosted. ``seats`` are those that people may take; ``past`` the entries of a log that is taken up again."""

    program: Program
    log: pathlib.Path
    seed: int
    seats: tuple[str, ...]
    phases: str = "full"
    timed: bool = True
    past: tuple[Entry, ...] = ()


def side_file(log: pathlib.Path) -> pathlib.Path:
    """Where a host keeps what the log must not hold."""
    return log.with_name(log.name + ".host")


def read_side_file(log: pathlib.Path) -> dict[str, Any] | None:
    """What an earlier host of this log kept; None if there is nothing. Raises ``Wrong`` when it cannot be read."""
    path = side_file(log)
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        usable = kept["format"] == FORMAT and isinstance(kept["room"]["door"], dict)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Wrong(f"{path} cannot be read", "move it away to go on with new tickets") from error
    if not usable:
        raise Wrong(f"{path} was written by another version", "move it away to go on with new tickets")
    return dict(kept)


@attrs.define(slots=True, eq=False)
class Hosted:
    """A running host. ``address`` is where seats find it, ``fingerprint`` how they know it, ``identity`` its key and certificate;
    ``promise`` is what the log's header says of its seed.
    """

    plan: Plan
    room: Room
    journal: Journal
    promise: Promise
    server: Server
    address: str
    fingerprint: str
    identity: pathlib.Path
    resumed: bool

    @classmethod
    def begin(cls, plan: Plan, *, bind: str = "", port: int | None = None, limits: Limits | None = None) -> Hosted:
        """Open the log, make the room, listen. Raises a ``click`` exception with one line when any of that fails."""
        from exercise.net.keepsake import write_privately
        from exercise.net.server import Server, ServerError
        from exercise.net.ticket import PORT
        from exercise.net.tls import TlsError, certificate_of, fingerprint_of, host_context, host_identity

        try:
            identity = host_identity()
            fingerprint, context = fingerprint_of(certificate_of(identity)), host_context(identity)
        except TlsError as trouble:
            raise Wrong(str(trouble), trouble.hint) from trouble
        kept = read_side_file(plan.log) if plan.past else None
        journal, promise = _open_journal(plan)
        try:
            room = _room(plan, journal, promise, kept)
            chosen = port if port is not None else int((kept or {}).get("port", PORT))

            def keep(state: dict[str, Any]) -> None:
                write_privately(side_file(journal.path), json.dumps({"format": FORMAT, "port": server.port, "room": state}))

            server = Server(room, bind=bind or ANYWHERE[1], port=chosen, tls=context, keep=keep, limits=limits)
            if kept is None:
                _issue(room, plan)
            try:
                server.start()
            except ServerError as trouble:
                raise Wrong(str(trouble), trouble.hint) from trouble
        except BaseException:
            journal.close()
            _forget(plan, journal)
            raise
        return cls(plan, room, journal, promise, server, address_of(bind), fingerprint, identity, kept is not None)

    def close(self) -> None:
        """Tell everybody, stop, and close the log."""
        self.server.stop()
        self.journal.close()

    def give_up(self) -> None:
        """Close before anybody could come: a log that began with this host is nobody's record."""
        self.close()
        _forget(self.plan, self.journal)

    def tickets(self) -> tuple[Ticket, ...]:
        """All tickets that are worth something, those of seats first."""
        found: tuple[Ticket, ...] = self.server.do(
            lambda _now: tuple(attrs.evolve(one) for one in self.room.door.tickets.values() if one.state != "revoked" and not one.own)
        )
        return found

    def ticket_text(self, ticket: Ticket) -> str:
        """A ticket as ``exercise join`` takes it, or empty when it is spent: its words are forgotten then."""
        from exercise.net.ticket import Ticket as Text

        return str(Text(self.address, self.server.port, self.fingerprint, ticket.words)) if ticket.words else ""

    @property
    def way(self) -> str:
        """What stands before a ticket's words for ``exercise join``."""
        from exercise.net.ticket import Ticket as Text

        return str(Text(self.address, self.server.port, self.fingerprint, ""))

    def tell_ways(self, ways: dict[str, str]) -> None:
        """Let facilitators know how people come in."""

        def tell(_now: float) -> None:
            self.room.ways, self.room.stale = ways, True

        self.server.do(tell)

    def console(self) -> HereLink:
        """A facilitator's line for somebody in this process."""
        words = self.server.do(lambda _now: self.room.issue("facilitator", own=True).words)
        return self.server.here(words)


def _forget(plan: Plan, journal: Journal) -> None:
    """Take away a log that was begun for nothing, and what stands beside it."""
    if not plan.past:
        for path in (journal.path, side_file(journal.path)):
            with contextlib.suppress(OSError):
                path.unlink()


def _open_journal(plan: Plan) -> tuple[Journal, Promise]:
    """The log, begun or taken up again, and what its header promises of the seed."""
    from exercise.record.canonical import EntryError
    from exercise.record.commitment import Promise, fresh_salt
    from exercise.record.journal import Journal
    from exercise.record.reading import LogError

    try:
        if plan.past:
            return Journal.open(plan.log)[0], Promise.of_header(plan.past[0].data)
        begun = header(plan.program, plan.seed, fresh_salt())
        journal = Journal.create(plan.log, begun, wall_time())
        for seat in plan.program.seats:
            by = "human" if seat.id in plan.seats else "doctrine"
            journal.append("seat", {"seat": seat.id, "by": by, "doctrine": None if by == "human" else "default"}, wall_time())
    except LogError as failure:
        raise log_failure(failure) from failure
    except EntryError as failure:
        raise Wrong(str(failure)) from failure
    return journal, Promise.of_header(begun)


def _room(plan: Plan, journal: Journal, promise: Promise, kept: dict[str, Any] | None) -> Room:
    from exercise.record.branching import doctrines_named
    from exercise.session.host import Host
    from exercise.session.phases import PLANS, plan_of
    from exercise.session.room import Room
    from exercise.session.running import ResumeError, Running
    from exercise.session.streams import FACILITATORS, PUBLIC

    def make(deliver: Deliver) -> Host:
        running = Running.begin(plan.program, plan.seed, journal, wall_time, promise)
        streams = (*plan.program.playable, PUBLIC, FACILITATORS)
        past, phases = plan.past[1:], PLANS[plan.phases]
        if any(entry.type == "phase" for entry in past):
            phases = plan_of(past)  # an exercise goes on by the phases by which it began
        return Host.start(running, streams, deliver, doctrines_named(past), past, human=plan.seats, plan=phases)

    try:
        return Room.open(
            make,
            secrets.token_bytes,
            exercise.__version__,
            now=time.monotonic(),
            kept=(kept or {}).get("room"),
            log=str(journal.path),
            timed=plan.timed,
        )
    except ResumeError as failure:
        raise Wrong(f"{plan.log}: {failure}", f"see: exercise verify {plan.log}") from failure


def _issue(room: Room, plan: Plan) -> None:
    """A ticket for the head of every seat that people may take, and one for a facilitator elsewhere."""
    for seat in plan.seats:
        room.issue("head", (seat,))
    room.issue("facilitator")


def fresh_plan(program: Program, log: pathlib.Path, seed: int, seats: Sequence[str], **how: Any) -> Plan:
    """What to host when nothing was played yet; without ``seats`` people may take all that can be played. Raises ``Misuse``."""
    for seat in seats:
        choice_of(seat, program.playable, "seat")
    return Plan(program, log, seed, tuple(one for one in program.playable if not seats or one in seats), **how)


def plan_of_log(log: pathlib.Path, **how: Any) -> Plan:
    """What to host when a log is taken up again, under the content that it holds. Raises ``Wrong``."""
    from exercise.content import prepare_texts
    from exercise.core.compile import CompileError

    entries = read_entries(log)
    data = entries[0].data
    if any(entry.type == "ended" for entry in entries):
        raise Wrong(f"{log} is finished", f"exercise replay {log} looks at it; name another file for a new exercise")
    refuse_older(entries[0], log)
    recorded_content(data, log)
    try:
        program = prepare_texts(tuple((name, text) for name, text in data["files"]), data["cut"])
    except CompileError as failure:
        raise Wrong(f"{log}: {failure}", f"see: exercise verify {log}") from failure
    first: dict[str, str] = {}
    for entry in entries:
        if entry.type == "seat":
            first.setdefault(entry.data["seat"], entry.data["by"])
    seats = tuple(seat for seat in program.playable if first.get(seat) == "human")
    return Plan(program, log, data["seed"], seats, past=entries, **how)


def address_of(bind: str) -> str:
    """The address under which other machines find this one: the one named, or the best guess. No packet is sent."""
    if bind not in ANYWHERE:
        return bind
    for family, somewhere in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((somewhere, 9))
            return str(probe.getsockname()[0])
    return "127.0.0.1"


def check_agreement(log: pathlib.Path, entries: Sequence[Entry], given: Sequence[tuple[Any, str, str]]) -> None:
    """What was said on the command line must agree with the log that is taken up. ``given``: value, name in the header, what it is."""
    data = entries[0].data
    for value, name, what in given:
        if value not in (None, "", data[name]):
            raise Misuse(f"{log} holds an exercise of {what} {data[name]}, not {value}", f"leave out the {what} to go on with it")
