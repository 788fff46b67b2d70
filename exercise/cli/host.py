"""``exercise host``: an exercise that seats elsewhere join, on this machine."""

from __future__ import annotations

import contextlib
import hashlib
import json
import pathlib
import secrets
import shlex
import signal
import sys
import threading
from typing import TYPE_CHECKING, Any

import click

from exercise.cli.common import HIGHEST_SEED, Misuse, Wrong, cut_option, json_option, say
from exercise.cli.completion import complete_scenario

if TYPE_CHECKING:
    from exercise.cli.doors import Doors
    from exercise.cli.hosting import Hosted, Plan

PORTS = click.IntRange(0, 65_535)


@click.command("host")
@click.argument("scenario", required=False, shell_complete=complete_scenario)
@cut_option
@click.option("--bind", metavar="ADDR", default="", help="Listen on this address alone; all addresses of this machine if not given.")
@click.option("--port", metavar="N", type=PORTS, help="Listen on this port: 4747 if not given, 0 for any that is free.")
@click.option("--ssh", metavar="PORT", type=PORTS, help="Also let people in by ssh, on this port.")
@click.option("--web", metavar="PORT", type=PORTS, help="Also let people in by a browser, on this port.")
@click.option(
    "--log", metavar="FILE", type=click.Path(dir_okay=False, path_type=pathlib.Path), help="Where the log goes, or the unfinished one."
)
@click.option("--practice", is_flag=True, help="To try things out: nothing is kept.")
@click.option("--isolate", is_flag=True, help="A process of its own for everybody who comes by ssh or browser.")
@click.option("--headless", is_flag=True, help="No console here; it starts when all seats are there and ready.")
@click.option("--plain", is_flag=True, help="A console of lines: for screen readers, braille displays and thin links.")
@json_option
@click.option("--seed", type=click.IntRange(0, HIGHEST_SEED), help="Keys the dice; drawn if not given.")
@click.option("--phases", type=click.Choice(["full", "one"]), default="full", help="Phases of a turn, or everything at once.")
@click.option("--untimed", is_flag=True, help="No time limit: phases end when everybody is ready, or when a facilitator says so.")
@click.option("--seat", "seats", metavar="SEAT", multiple=True, help="A seat that people may take; all if none is named.")
@click.option("--sheet", metavar="FILE", type=click.Path(dir_okay=False, path_type=pathlib.Path), help="Write the tickets to print.")
@click.option("--per-address", metavar="N", type=click.IntRange(1), help="Connections that one address may have: 100 if not given.")
def host_command(  # noqa: PLR0913 - one parameter for each option
    *,
    scenario: str | None,
    cut: str | None,
    bind: str,
    port: int | None,
    ssh: int | None,
    web: int | None,
    log: pathlib.Path | None,
    practice: bool,
    isolate: bool,
    headless: bool,
    plain: bool,
    as_json: bool,
    seed: int | None,
    phases: str,
    untimed: bool,
    seats: tuple[str, ...],
    sheet: pathlib.Path | None,
    per_address: int | None,
) -> None:
    """Run an exercise that people join from elsewhere: prints a ticket for every seat, for exercise join.

    An unfinished log given with --log goes on where it was, and everybody comes back with the ticket that they had.
    """
    from exercise.cli.doors import Doors, door_command
    from exercise.cli.hosting import Hosted
    from exercise.net.lines import Limits
    from exercise.record.scratch import Scratch

    if isolate and ssh is None and web is None:
        raise Misuse("--isolate is about people who come by ssh or browser", "add --ssh PORT or --web PORT")
    if practice and log is not None:
        raise Misuse("of practice nothing is kept, so it takes no --log", "leave out --log")
    with contextlib.ExitStack() as stack:
        place = stack.enter_context(Scratch("practice-")).path / "practice.jsonl" if practice else log
        plan = _plan(scenario, cut, seed, place, seats, phases, timed=not untimed)
        limits = Limits() if per_address is None else Limits(per_address=per_address)
        stop = _stop_on_signals()
        hosted = Hosted.begin(plan, bind=bind, port=port, limits=limits)
        doors = None
        try:
            if ssh is not None or web is not None:
                try:
                    doors = Doors.begin(door_command(hosted, ssh=ssh, web=web, bind=bind, isolate=isolate), hosted.server.alert)
                except Wrong:
                    hosted.give_up()
                    raise
            hosted.tell_ways(ways(hosted, doors))
            if sheet is not None:
                _write_sheet(hosted, sheet, doors)
            again = "" if practice else _again(hosted, doors, bind=bind, isolate=isolate, headless=headless, plain=plain)
            _announce(hosted, doors, again, as_json=as_json)
            _run(hosted, stop, again, headless=headless or as_json, plain=plain)
        finally:
            if doors is not None:
                doors.close()
            hosted.close()
    _last_word(hosted, again)


def _again(hosted: Hosted, doors: Doors | None, *, bind: str, isolate: bool, headless: bool, plain: bool) -> str:
    """The command with which this host goes on: with the doors that it had, or the people at them would stand before closed ones."""
    words = ["exercise", "host", "--log", str(hosted.journal.path), *(["--bind", bind] if bind else [])]
    for door in ("ssh", "web"):
        port = doors.port(door) if doors is not None else None
        words += [f"--{door}", str(port)] if port is not None else []
    words += [option for option, given in (("--isolate", isolate), ("--headless", headless), ("--plain", plain)) if given]
    return shlex.join(words)


def _plan(
    scenario: str | None, cut: str | None, seed: int | None, log: pathlib.Path | None, seats: tuple[str, ...], phases: str, *, timed: bool
) -> Plan:
    from exercise.cli.exercises import DEFAULT_SCENARIO, prepare_program
    from exercise.cli.hosting import check_agreement, fresh_plan, plan_of_log
    from exercise.cli.venue import new_log_path

    if log is not None and log.exists():
        plan = plan_of_log(log, phases=phases, timed=timed)
        check_agreement(log, plan.past, ((scenario, "scenario", "scenario"), (cut, "cut", "cut"), (seed, "seed", "seed")))
        if seats and set(seats) != set(plan.seats):
            raise Misuse(f"in {log} people play {', '.join(plan.seats)}", "leave out --seat; a facilitator can hand over seats")
        return plan
    program = prepare_program(scenario or DEFAULT_SCENARIO, cut)
    place = log or new_log_path(program.content.scenario.id, program.cut.id)
    return fresh_plan(program, place, secrets.randbelow(HIGHEST_SEED) if seed is None else seed, seats, phases=phases, timed=timed)


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()
    for one in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(one, lambda *_: stop.set())
    return stop


# --- what is printed --------------------------------------------------------------------------------------------------------------------


def ways(hosted: Hosted, doors: Doors | None = None) -> dict[str, str]:
    """How people come in, for facilitators to tell them: what they type or open, and what they compare."""
    from exercise.net.tls import certificate_of

    told = {"join": hosted.way, "fingerprint": hosted.fingerprint}
    port = doors.port("ssh") if doors is not None else None
    if doors is not None and port is not None:
        told |= {"ssh": f"ssh -p {port} {hosted.address}", "ssh_key": doors.ssh_fingerprint}
    page = _page(hosted, doors) if doors is not None else ""
    if page:
        told |= {"web": page, "web_key": certificate_text(certificate_of(hosted.identity))}
    return told


def strips(hosted: Hosted, doors: Doors | None = None) -> list[dict[str, Any]]:
    """What every ticket needs on paper: seat, role, and the three ways in. A ticket that was used already has none."""
    open_ways = ways(hosted, doors)
    ssh, page = open_ways.get("ssh", ""), open_ways.get("web", "")
    found = []
    for one in hosted.tickets():
        seat = one.seats[0] if one.seats else ""
        found.append(
            {
                "seat": seat,
                "ticket": hosted.ticket_text(one),
                "ssh": ssh if one.words else "",
                "web": f"{page}#{one.words}" if page and one.words else "",
                "role": one.role,
                "id": one.id,
                "name": hosted.plan.program.seat(seat).name if seat else one.role.capitalize(),
                "words": one.words,
                "state": one.state,
            }
        )
    return found


def _page(hosted: Hosted, doors: Doors) -> str:
    """The page of the web door as other machines find it: a door that listens everywhere has no address of its own."""
    from exercise.cli.hosting import ANYWHERE
    from exercise.net.ticket import place_text

    address, port = str(doors.told.get("web", {}).get("address", "")), doors.port("web")
    if not doors.web_url or port is None or address not in ANYWHERE:
        return doors.web_url
    return f"{doors.web_url.partition(':')[0]}://{place_text(hosted.address, port)}/"


def _announce(hosted: Hosted, doors: Doors | None, again: str, *, as_json: bool) -> None:
    """Say that the host is ready: one line of JSON, or the same for people."""
    from exercise.net.ticket import place_text
    from exercise.record.commitment import promise_mark

    tickets = strips(hosted, doors)
    place = place_text(hosted.address, hosted.server.port)
    by_ssh = doors.ssh_fingerprint if doors is not None else ""
    if as_json:
        document = {
            "address": place,
            "fingerprint": hosted.fingerprint,
            "ssh_fingerprint": by_ssh,
            "seed_commitment": hosted.promise.commitment,
            "log": str(hosted.journal.path),
            "resumed": hosted.resumed,
            "socket": str(hosted.server.socket),
            "tickets": tickets,
        }
        click.echo(json.dumps(document))
        return
    say(_title(hosted))
    say(f"Address      {place}")
    say(f"Fingerprint  {hosted.fingerprint}")
    if by_ssh:
        say(f"Ssh key      {by_ssh}")
    say(f"Seed promise {promise_mark(hosted.promise.commitment)}")
    say(f"Log          {hosted.journal.path}")
    say()
    for one in tickets:
        told = f"exercise join {shlex.quote(one['ticket'])}" if one["ticket"] else f"({one['state']}: whoever had it comes back with it)"
        say(f"{one['name']} ({one['role']})" if one["seat"] else one["name"])
        for line in (told, one["ssh"] and f"{one['ssh']}   ticket: {one['words']}", one["web"]):
            if line:
                say(f"    {line}")
    say()
    say(f"Ready. Ctrl-C ends it; it goes on with: {again}" if again else "Ready. Ctrl-C ends it; of practice nothing is kept.")


def _title(hosted: Hosted) -> str:
    return f"{hosted.plan.program.content.scenario.title}: {hosted.plan.program.cut.title}"


def _write_sheet(hosted: Hosted, place: pathlib.Path, doors: Doors | None) -> None:
    """The tickets on paper, one strip for everybody: a page to print, or text when the file is called so. It is as secret as they are."""
    from exercise.net.keepsake import write_privately
    from exercise.net.tls import certificate_of
    from exercise.report.sheet import sheet, sheet_text

    prints = {"ssh": doors.ssh_fingerprint, "web": certificate_text(certificate_of(hosted.identity))} if doors is not None else {}
    make = sheet_text if place.suffix == ".txt" else sheet
    try:
        write_privately(place, make(strips(hosted, doors), prints, title=_title(hosted)))
    except OSError as error:
        raise Misuse(f"{place} cannot be written: {error.strerror}", "name another file with --sheet") from error


def certificate_text(certificate: bytes) -> str:
    """A certificate's fingerprint as browsers show it."""
    return hashlib.sha256(certificate).digest().hex(":").upper()


def _last_word(hosted: Hosted, again: str) -> None:
    if hosted.room.failure is not None:
        click.echo(f"exercise: {hosted.room.why}", err=True)
    if again:
        if hosted.room.status != "over":
            click.echo(f"exercise: it goes on with: {again}", err=True)
        click.echo(f"exercise: the log is {hosted.journal.path}", err=True)
        click.echo(f"exercise: its head is {hosted.journal.head}", err=True)


# --- while it runs ----------------------------------------------------------------------------------------------------------------------


def _run(hosted: Hosted, stop: threading.Event, again: str, *, headless: bool, plain: bool) -> None:
    """The facilitator's console at a terminal, until it is left; without one, until somebody ends it."""
    if headless or not (plain or (sys.stdin.isatty() and sys.stdout.isatty())):
        _wait(hosted, stop)
        return
    kept = f"It goes on with: {again}" if again else "It is practice: nothing of it is kept."
    leaving = f"The exercise stops for everybody when the host ends. {kept}"
    if plain:
        from exercise.tui.plain_facilitator import run_plain_facilitator

        for one in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(one, signal.default_int_handler)  # a line is being read: it is ended like ctrl-c
        run_plain_facilitator(hosted.console(), leaving=leaving)
        return
    from exercise.tui.run import run_facilitator

    status, words = run_facilitator(hosted.console(), leaving=leaving)
    if hosted.server.trouble is not None:
        raise hosted.server.trouble
    if words and status == 1:
        # A console that broke must not take the exercise with it.
        stop = _stop_on_signals()
        click.echo(f"exercise: {words}", err=True)
        click.echo("exercise: the exercise goes on without a console; join with a facilitator's ticket. Ctrl-C ends it.", err=True)
        _wait(hosted, stop)


def _wait(hosted: Hosted, stop: threading.Event, *, every_s: float = 0.5) -> None:
    """Until somebody ends it. What the facilitators are warned of also goes to stderr, where nobody looks at a console."""
    told = 0
    frozen = False
    while not stop.wait(every_s):
        alerts = list(hosted.room.alerts)
        for alert in alerts:
            if alert["n"] > told:
                told = alert["n"]
                click.echo(f"exercise: {alert['text']}", err=True)
        if hosted.room.status == "frozen" and not frozen:
            frozen = True
            click.echo(f"exercise: {hosted.room.why}", err=True)
        if hosted.server.trouble is not None:
            raise hosted.server.trouble
