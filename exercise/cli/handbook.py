"""``exercise handbook --paper``: sheets on which an exercise goes on when the network has died."""

from __future__ import annotations

import os
import pathlib
from typing import TYPE_CHECKING

import click

from exercise.cli.common import HIGHEST_SEED, Misuse, Wrong, choice_of, cut_option, say, visible
from exercise.cli.exercises import prepare_program, read_entries, recompute

if TYPE_CHECKING:
    from exercise.core.program import Program
    from exercise.presenter.seat_state import SeatState
    from exercise.record.entry import Entry
    from exercise.session.running import Running

FACILITATOR = "facilitator"
"""Name of the facilitator's sheet."""


@click.command("handbook")
@click.option("--paper", metavar="LOG|SCENARIO", help="What is to go on, on paper: a log, or a scenario from its beginning.")
@cut_option
@click.option("--seed", type=click.IntRange(0, HIGHEST_SEED), default=1, show_default=True, help="Keys the dice of a scenario.")
@click.option("--seat", "seats", metavar="SEAT", multiple=True, help="Only this seat; may be given several times. Also: facilitator.")
@click.option("--text", "as_text", is_flag=True, help="Plain text of eighty columns in place of HTML.")
@click.option(
    "-o", "folder", metavar="DIR", type=click.Path(file_okay=False, path_type=pathlib.Path), help="Where to write a file for each seat."
)
def handbook_command(
    *, paper: str | None, cut: str | None, seed: int, seats: tuple[str, ...], as_text: bool, folder: pathlib.Path | None
) -> None:
    """Print sheets for going on without a network: for each seat what it knows now, its orders with codes, and slips to fill in; and one
    sheet for the facilitator. Without -o, as text on stdout.
    """
    from exercise.report.printing import files_of, together

    if paper is None:
        raise Misuse("say what to print: --paper LOG or --paper SCENARIO", "such as: exercise handbook --paper exercise.jsonl -o sheets")
    program, entries = _taken_up(paper, cut)
    playable = list(program.playable)
    wanted = [choice_of(seat, [*playable, FACILITATOR], "seat") for seat in seats] or [*playable, FACILITATOR]
    pages = _pages(program, entries, seed, playable, wanted, paper)
    if folder is None:
        # A form feed begins a new sheet on a printer; everything else that steers a device is made visible.
        click.echo("\f".join(visible(part) for part in together(pages.values()).rstrip("\n").split("\f")))
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files_of(pages, as_text=as_text).items():
        _write_private(folder / name, content)
        say(str(folder / name))


def _taken_up(paper: str, cut: str | None) -> tuple[Program, tuple[Entry, ...]]:
    """The program and the entries of a log, or a scenario's program and none."""
    path = pathlib.Path(paper)
    if not path.is_file():
        return prepare_program(paper, cut), ()
    if cut is not None:
        raise Misuse("a log has its cut already", f"leave out --cut {cut}")
    entries = read_entries(path)
    return recompute(entries, path).program, entries


def _pages(
    program: Program, entries: tuple[Entry, ...], seed: int, playable: list[str], wanted: list[str], paper: str
) -> dict[str, dict[str, object]]:
    from exercise.presenter.paper import facilitator_page, seat_page
    from exercise.report.injects import injects_to_come

    running, states = _now(program, entries, seed, playable)
    if running.is_over:
        raise Wrong(f"{paper}: the exercise is over; nothing is left to decide on paper", f"what it came to: exercise show {paper}")
    played = _played(program, entries)
    pages: dict[str, dict[str, object]] = {seat: seat_page(states[seat]) for seat in wanted if seat != FACILITATOR}
    if FACILITATOR in wanted:
        pages[FACILITATOR] = facilitator_page(states, played, injects_to_come(program, running.world))
    return pages


def _now(program: Program, entries: tuple[Entry, ...], seed: int, playable: list[str]) -> tuple[Running, dict[str, SeatState]]:
    """The exercise as it stands, and what each seat knows: the fold of the stream that a host would send it."""
    from exercise.presenter.seat_state import SeatState, fold
    from exercise.session.host import Host
    from exercise.session.phases import FULL
    from exercise.session.running import Running

    states = dict.fromkeys(playable, SeatState())

    def hear(seat: str, frame: dict[str, object]) -> None:
        states[seat] = fold(states[seat], frame)

    running = Running.begin(program, entries[0].data["seed"] if entries else seed)
    has_phases = any(entry.type == "phase" for entry in entries)
    Host.start(running, playable, hear, past=entries[1:], human=(), plan=FULL if has_phases else None)
    return running, states


def _played(program: Program, entries: tuple[Entry, ...]) -> dict[str, str]:
    """Who moves each seat, in words, as far as a log says."""
    by = {entry.data["seat"]: entry.data for entry in entries if entry.type == "seat"}
    words = {"human": "people", "doctrine": "its doctrine"}
    return {seat.id: words.get(by[seat.id]["by"], str(by[seat.id]["by"])) if seat.id in by else "people" for seat in program.seats}


def _write_private(path: pathlib.Path, content: str) -> None:
    """Write a file that nobody else on this machine can read: it holds a seat's secrets, or all of them."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8", newline="\n") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(content)
