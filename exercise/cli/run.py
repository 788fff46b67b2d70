"""``exercise run``: a whole exercise without people."""

from __future__ import annotations

import contextlib
import pathlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import click

from exercise.cli.common import HIGHEST_SEED, Wrong, cut_option, json_option, nearest, one_line, progress, say, say_json
from exercise.cli.completion import complete_scenario
from exercise.cli.exercises import doctrines_by_seat, header, log_failure, prepare_program
from exercise.cli.orders_file import Script, read_orders

if TYPE_CHECKING:
    from exercise.core.decisions import Decision
    from exercise.core.program import Program
    from exercise.record.journal import Journal
    from exercise.session.headless import Refused
    from exercise.session.running import ClosedTurn

STATIC_REFUSALS = frozenset(
    {"unknown-order", "unknown-target", "no-amount", "amount-range", "unknown-body", "unknown-motion", "unknown-vote"}
    | {"not-yours", "not-a-member", "no-reason", "effects", "effect", "unknown-quantity", "unknown-inject"}
)
"""Refusals that no turn of the exercise could lift: mistakes in the script, told before anything is played."""


@click.command("run")
@click.argument("scenario", shell_complete=complete_scenario)
@cut_option
@click.option("--seed", type=click.IntRange(0, HIGHEST_SEED), default=1, show_default=True, help="Keys the dice.")
@click.option(
    "--doctrine",
    "doctrines",
    metavar="SEAT=NAME",
    multiple=True,
    help="Who is moved by which doctrine; all=NAME for every seat that has it.",
)
@click.option(
    "--orders", metavar="FILE.toml", type=click.Path(exists=True, dir_okay=False, path_type=pathlib.Path), help="Scripted decisions."
)
@click.option("--turns", metavar="N", type=click.IntRange(min=0), help="Stop after so many turns.")
@click.option("--log", metavar="FILE", type=click.Path(dir_okay=False, path_type=pathlib.Path), help="Write the log of the exercise.")
@json_option
def run_command(
    *,
    scenario: str,
    cut: str | None,
    seed: int,
    doctrines: tuple[str, ...],
    orders: pathlib.Path | None,
    turns: int | None,
    log: pathlib.Path | None,
    as_json: bool,
) -> None:
    """Play a whole exercise headless: every seat by its default doctrine unless told otherwise.

    The same arguments give the same exercise, and the same log byte for byte.
    """
    program = prepare_program(scenario, cut)
    chosen = doctrines_by_seat(program, doctrines)
    script = read_orders(orders) if orders else {}
    _refuse_mistakes(program, script, orders)
    from exercise.report.documents import world_document
    from exercise.report.story import story_of

    played, refused = _play(program, seed, chosen, script, turns, log)
    for one in refused:
        click.echo(f"exercise: note: turn {one.turn}: {one_line(_refusal_words(one))}", err=True)
    story = story_of(program, program.startex(seed), played)
    document = world_document(story)
    if as_json:
        say_json(document | {"refused": [_refusal_document(one) for one in refused]})
        return
    from exercise.report.plain import world_lines

    for line in world_lines(story):
        say(line)
    if log is not None:
        say(f"\nlog: {log}   (exercise verify {log}; exercise explain {log} ENTITY.QUANTITY)")


def _play(
    program: Program, seed: int, chosen: Mapping[str, str], script: Script, turns: int | None, log: pathlib.Path | None
) -> tuple[list[ClosedTurn], list[Refused]]:
    from exercise.record.reading import LogError
    from exercise.session.headless import Headless
    from exercise.session.running import Running

    played: list[ClosedTurn] = []
    total = len(program.calendar.turns) if turns is None else min(turns, len(program.calendar.turns))
    try:
        with _journal(program, seed, chosen, log) as book, progress("turn", total) as step:

            def heard(turn: ClosedTurn) -> None:
                played.append(turn)
                step(turn.turn)

            headless = Headless(Running.begin(program, seed, book), chosen, script)
            headless.play(total, heard)
    except LogError as failure:
        raise log_failure(failure) from failure
    return played, headless.refused


@contextlib.contextmanager
def _journal(program: Program, seed: int, chosen: Mapping[str, str], log: pathlib.Path | None) -> Iterator[Journal | None]:
    """The journal of this run, with its header and who moves each seat; None without ``--log``."""
    if log is None:
        yield None
        return
    from exercise.record.commitment import open_salt
    from exercise.record.journal import Journal

    book = Journal.create(log, header(program, seed, open_salt(seed)))
    with book:
        for seat, doctrine in chosen.items():
            book.append("seat", {"seat": seat, "by": "doctrine", "doctrine": doctrine})
        yield book


# --- what a script asks for ---------------------------------------------------------------------------------------------------------


def _refuse_mistakes(program: Program, script: Script, path: pathlib.Path | None) -> None:
    """Find decisions that could never be taken: names that do not exist, amounts out of range, turns beyond the calendar."""
    if not script:
        return
    from exercise.core.legality import refusal
    from exercise.core.turns import open_turn

    last = len(program.calendar.turns)
    beyond = [number for number in script if number > last]
    if beyond:
        raise Wrong(f"{path}: there is no turn {beyond[0]}", f"this cut has {last} turns")
    world = open_turn(program, program.startex(0), telling=False).world
    for number, decisions in sorted(script.items()):
        for decision in decisions:
            _refuse_unknown_seat(program, decision, f"{path}: turn {number}")
            why = refusal(program, world, decision)
            if why is not None and why.code in STATIC_REFUSALS:
                raise Wrong(f"{path}: turn {number}: {why.why}", why.hint)


def _refuse_unknown_seat(program: Program, decision: Decision, where: str) -> None:
    seats = [seat.id for seat in program.seats]
    seat = getattr(decision, "seat", None)
    if seat is not None and seat not in seats:
        raise Wrong(f"{where}: there is no seat {seat!r}{nearest(seat, seats)}", f"known: {', '.join(seats)}")


def _refusal_words(one: Refused) -> str:
    hint = f" ({one.refusal.hint})" if one.refusal.hint else ""
    return f"{_subject(one.decision)} was refused: {one.refusal.why}{hint}"


def _refusal_document(one: Refused) -> dict[str, object]:
    return {
        "turn": one.turn,
        "decision": _subject(one.decision),
        "code": one.refusal.code,
        "why": one.refusal.why,
        "hint": one.refusal.hint,
    }


def _subject(decision: Decision) -> str:
    from exercise.core.decisions import InjectRelease, MotionDecision, OrderDecision, Ruling, VoteDecision

    match decision:
        case OrderDecision(seat, order, target):
            return f"{seat}: {order} {target or ''}".strip()
        case MotionDecision(seat, body, motion):
            return f"{seat}: motion {body} {motion}"
        case VoteDecision(seat, body, motion, vote):
            return f"{seat}: vote {vote} on {body} {motion}"
        case InjectRelease(inject):
            return f"release of inject {inject}"
        case Ruling(_, reason):
            return f"ruling ({reason})"
