"""``exercise play``: a seat, or several in turn, on one terminal; doctrines play the others."""

from __future__ import annotations

import os
import pathlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from exercise.cli.common import HIGHEST_SEED, Misuse, Wrong, choice_of, cut_option, need_terminal, part
from exercise.cli.completion import complete_scenario

if TYPE_CHECKING:
    from exercise.cli.venue import LocalVenue

DEFAULT_SCENARIO = "osh-2010"


@click.command("play")
@click.argument("scenario", required=False, shell_complete=complete_scenario)
@cut_option
@click.option("--seat", "seats", metavar="SEAT", multiple=True, help="The seat you take; more than once to play several in turn.")
@click.option("--seed", type=click.IntRange(0, HIGHEST_SEED), help="Keys the dice; drawn if not given.")
@click.option(
    "--log", metavar="FILE", type=click.Path(dir_okay=False, path_type=pathlib.Path), help="Where the log goes, or the unfinished one."
)
@click.option("--lang", metavar="L", help="Language of the screens, such as ru.")
@click.option("--practice", is_flag=True, help="A first turn with a guide that says what to try; nothing of it is kept.")
@click.option("--plain", is_flag=True, help="Print lines and read commands: for screen readers, braille displays and thin links.")
def play_command(
    *,
    scenario: str | None,
    cut: str | None,
    seats: tuple[str, ...],
    seed: int | None,
    log: pathlib.Path | None,
    lang: str | None,
    practice: bool,
    plain: bool,
) -> int:
    """Take a seat on this terminal (the scenario is osh-2010 if none is named); doctrines play the others.

    Nothing is lost when you leave: exercise play --log FILE goes on there.
    """
    choose_language(lang)
    if practice and log is not None:
        raise Misuse("of a practice turn nothing is kept, so it takes no --log", "leave out --log")
    if log is not None and log.exists():
        venue = _resumed(log, scenario, cut, seed)
        _check_seats(seats, [one.id for one in venue.content().seats if one.playable])
        seats = seats or venue.played_before
    else:
        from exercise.cli.venue import begin

        if scenario or cut or seats:
            _check_names(scenario or DEFAULT_SCENARIO, cut, seats)
        venue = begin(scenario or DEFAULT_SCENARIO, cut, seed, log, is_practice=practice)
    return _run(venue, seats, plain=plain, resumed=bool(venue.past))


def _run(venue: LocalVenue, seats: tuple[str, ...], *, plain: bool, resumed: bool) -> int:
    try:
        if plain:
            from exercise.tui.plain import run_plain

            status, farewell = run_plain(venue, seats, note_read=resumed)
        else:
            need_terminal("exercise play --plain prints lines and reads commands anywhere")
            from exercise.tui.run import run_seat

            status, farewell = run_seat(venue, seats, note_read=resumed)
    finally:
        venue.close()
    part(status, farewell)
    return 0


def _resumed(log: pathlib.Path, scenario: str | None, cut: str | None, seed: int | None) -> LocalVenue:
    """The venue of an unfinished log; what else was said on the command line must agree with it."""
    from exercise.cli.exercises import read_entries, refuse_older
    from exercise.cli.venue import take_up

    entries = read_entries(log)
    header = entries[0].data
    if any(entry.type == "ended" for entry in entries):
        raise Wrong(f"{log} is finished", f"exercise replay {log} looks at it; name another file for a new exercise")
    refuse_older(entries[0], log)
    for given, recorded, what in ((scenario, header["scenario"], "scenario"), (cut, header["cut"], "cut"), (seed, header["seed"], "seed")):
        if given not in {None, recorded}:
            raise Misuse(f"{log} holds an exercise of {what} {recorded}, not {given}", f"leave out the {what} to go on with it")
    return take_up(log, entries)


def _check_names(scenario: str, cut: str | None, seats: tuple[str, ...]) -> None:
    """Refuse names that do not exist before any screen is painted."""
    from exercise.cli.catalogue import card_of

    card = card_of(scenario)
    if cut is not None:
        choice_of(cut, [one["id"] for one in card["cuts"]], "cut")
    _check_seats(seats, [one["id"] for one in card["seats"]])


def _check_seats(seats: Iterable[str], known: Iterable[str]) -> None:
    offered = list(known)
    for seat in seats:
        choice_of(seat, offered, "seat")


def choose_language(lang: str | None) -> None:
    """Read the catalogue asked for, or the one of the environment."""
    from exercise.presenter.words import use_language

    if lang is None:
        use_environment_language()
    elif not use_language(lang):
        raise Misuse(f"there is no catalogue for language {lang!r}", "English is built in")


def use_environment_language() -> None:
    """Read the catalogue of the environment's language, if there is one."""
    from exercise.presenter.words import use_language

    wanted = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    use_language(wanted.partition(".")[0])
