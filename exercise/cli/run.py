"""``exercise run``: a whole exercise without people."""

from __future__ import annotations

import contextlib
import pathlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import click

from exercise.cli.common import HIGHEST_SEED, cut_option, json_option, progress, say, say_json
from exercise.cli.completion import complete_scenario
from exercise.cli.exercises import doctrines_by_seat, header, log_failure, prepare_program
from exercise.cli.orders_file import Script, read_orders
from exercise.cli.refusals import note_refusals, refusal_document, refuse_mistakes

if TYPE_CHECKING:
    from exercise.core.program import Program
    from exercise.record.journal import Journal
    from exercise.session.headless import Refused
    from exercise.session.running import ClosedTurn


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
    refuse_mistakes(program, script, orders)
    from exercise.report.documents import world_document
    from exercise.report.story import story_of

    played, refused = _play(program, seed, chosen, script, turns, log)
    note_refusals(refused)
    story = story_of(program, program.startex(seed), played)
    document = world_document(story)
    if as_json:
        say_json(document | {"refused": [refusal_document(one) for one in refused]})
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
