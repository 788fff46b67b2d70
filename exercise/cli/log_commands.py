"""``exercise show``, ``verify``, ``explain`` and ``diff``: looking into logs. None of them takes a lock or writes."""

from __future__ import annotations

import pathlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from exercise.cli.common import Misuse, Wrong, choice_of, json_option, nearest, progress, say, say_json
from exercise.cli.exercises import is_older, log_failure, read_entries, recompute, story_of_log, story_of_recomputed

if TYPE_CHECKING:
    from exercise.record.entry import Entry

log_argument = click.argument("log", type=click.Path(exists=True, dir_okay=False, path_type=pathlib.Path))
turn_option = click.option("--turn", metavar="N", type=click.IntRange(min=0), help="After which turn; without it, the last.")


@click.command("show")
@log_argument
@turn_option
@click.option("--seat", metavar="SEAT", help="As this seat knew it; without it, the truth.")
@json_option
def show_command(*, log: pathlib.Path, turn: int | None, seat: str | None, as_json: bool) -> None:
    """The world after a turn (0 is STARTEX), as truth or as a seat knew it."""
    from exercise.report import plain
    from exercise.report.documents import world_document
    from exercise.report.seat_document import seat_document

    recorded = read_entries(log)
    if is_older(recorded[0]):
        _show_recorded(recorded, turn, seat, as_json=as_json)
        return
    replayed, story, entries = story_of_log(log)
    story = story.until(_closed_turn(turn, story.last_turn))
    if seat is None:
        if as_json:
            say_json(world_document(story))
        else:
            _say_lines(plain.world_lines(story))
        return
    choice_of(seat, [one.id for one in story.program.seats], "seat")
    opened = replayed.turns[story.last_turn - 1].opening.world if story.last_turn else None
    messages = [entry.data for entry in entries if entry.type == "message" and entry.data["turn"] <= story.last_turn]
    document = seat_document(story, seat, opened, messages)
    if as_json:
        say_json(document)
    else:
        _say_lines(plain.seat_lines(document))


def _show_recorded(entries: tuple[Entry, ...], turn: int | None, seat: str | None, *, as_json: bool) -> None:
    """A log of older semantics from the outcomes that it recorded: those of a turn, or of all; what a seat was told, or everything."""
    from exercise.record.inputs import outcome_data
    from exercise.record.replay import recorded_outcomes
    from exercise.report.plain import recorded_lines

    head = entries[0].data
    if seat is not None:
        choice_of(seat, head["seats"], "seat")
    by_turn = recorded_outcomes(entries)
    wanted = _closed_turn(turn, max(by_turn, default=0))
    told = {
        number: [outcome for outcome in outcomes if seat is None or outcome.reaches(seat)]
        for number, outcomes in by_turn.items()
        if turn is None or number == wanted
    }
    if as_json:
        turns = [{"turn": number, "outcomes": [outcome_data(one) for one in outcomes]} for number, outcomes in told.items()]
        document = {"scenario": head["scenario"], "cut": head["cut"], "seed": head["seed"], "semantics": head["semantics"], "seat": seat}
        say_json(document | {"recomputed": False, "turns": turns})
        return
    say(f"{head['scenario']}, {head['cut']}: written by version {head['engine']} under older rules. Its worlds were not recomputed;")
    say("this is what it recorded.")
    _say_lines(recorded_lines(told))


@click.command("explain")
@log_argument
@click.argument("quantity", metavar="ENTITY.QUANTITY")
@click.option("--turn", metavar="N", type=click.IntRange(min=1), help="In which turn; without it, over the whole log.")
@json_option
def explain_command(*, log: pathlib.Path, quantity: str, turn: int | None, as_json: bool) -> None:
    """Why a number changed: every contribution in order, with its cause, claim and source."""
    from exercise.report import plain
    from exercise.report.documents import explanation

    _, story, _ = story_of_log(log)
    last = _closed_turn(turn, story.last_turn)
    entity, _, name = quantity.rpartition(".")
    layout = story.program.layout
    if not entity:
        raise Misuse(f"{quantity!r} names no entity", "write ENTITY.QUANTITY, such as osh_city.ethnic_tension")
    if entity not in layout.places:
        raise Misuse(f"there is no entity {entity!r}{nearest(entity, layout.places)}", "exercise show LOG lists them")
    kind = layout.places[entity][0]
    choice_of(name, [of_kind for kind_of, of_kind in layout.quantities if kind_of == kind], f"quantity of {entity}")
    document = explanation(story, entity, name, last if turn is not None else 1, last)
    if as_json:
        say_json(document)
    else:
        _say_lines(plain.explanation_lines(document))


@click.command("verify")
@log_argument
@click.option("--head", metavar="HASH", help="The hash of the last entry, as you kept it.")
@json_option
def verify_command(*, log: pathlib.Path, head: str | None, as_json: bool) -> None:
    """Check the chain, recompute every turn, and name the first difference."""
    from exercise.record.reading import LogError
    from exercise.record.replay import verify_log

    try:
        with progress("verified bytes", log.stat().st_size) as step:
            report = verify_log(log, head, progress=lambda _entries, size: step(size))
    except LogError as failure:
        raise log_failure(failure) from failure
    difference = report.first_difference
    if as_json:
        told = None if difference is None else {"line": difference.line, "turn": difference.turn, "what": difference.what}
        document = {"ok": report.ok, "head": report.head, "entries": report.entries, "turns": report.turns}
        say_json(document | {"recomputed": report.recomputed, "first_difference": told})
        if not report.ok:
            raise click.exceptions.Exit(1)
        return
    if difference is not None:
        turn = f", turn {difference.turn}" if difference.turn is not None else ""
        raise Wrong(f"{log}: line {difference.line}{turn}: {difference.what}", f"{report.entries} entries before it are sound")
    again = f"{report.turns} turns recomputed" if report.recomputed else "written under older rules: its worlds were not recomputed"
    say(f"{log}: whole. {report.entries} entries, {again}.")
    say(f"head {report.head}")
    if report.after_head:
        line = report.entries - report.after_head
        say(f"The head that you kept is that of line {line}, at ENDEX or after it; {report.after_head} more follow.")


@click.command("diff")
@click.argument("log", type=click.Path(exists=True, dir_okay=False, path_type=pathlib.Path))
@click.argument("other", metavar="LOG", type=click.Path(exists=True, dir_okay=False, path_type=pathlib.Path))
@json_option
def diff_command(*, log: pathlib.Path, other: pathlib.Path, as_json: bool) -> None:
    """Two logs of one scenario side by side: decisions, injects, quantities and how they ended."""
    from exercise.report.comparison import changed_files, compare, first_difference, shared_entries
    from exercise.report.comparison_lines import diff_lines

    entries = [read_entries(path) for path in (log, other)]
    headers = [read[0] for read in entries]
    for key in ("scenario", "cut"):
        a, b = (header.data[key] for header in headers)
        if a != b:
            raise Misuse(f"{log} is of {key} {a}, {other} of {key} {b}", "only logs of one scenario and cut can be compared")
    stories = [story_of_recomputed(recompute(read, path)) for read, path in zip(entries, (log, other), strict=True)]
    document: dict[str, object] = {
        name: {"log": str(path), "seed": story.worlds[0].seed, "turn": story.last_turn, "finished": story.is_finished, "entries": len(read)}
        for name, path, story, read in zip("ab", (log, other), stories, entries, strict=True)
    }
    document |= {
        "first_difference": first_difference(*entries),
        "shared_entries": shared_entries(*entries),
        "content": changed_files(*headers),
        **compare(*stories),
    }
    if as_json:
        say_json(document)
    else:
        _say_lines(diff_lines(document))


def _closed_turn(turn: int | None, last: int) -> int:
    if turn is None:
        return last
    if turn > last:
        raise Misuse(f"turn {turn} was not closed in this log", f"the last closed turn is {last}")
    return turn


def _say_lines(lines: Iterable[str]) -> None:
    for line in lines:
        say(line)
