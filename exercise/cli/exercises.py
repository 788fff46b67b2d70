"""From names on the command line to programs, logs and stories, with every failure turned into one line."""

from __future__ import annotations

import pathlib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import click

import exercise
from exercise.cli.common import Misuse, Wrong, choice_of, one_line

if TYPE_CHECKING:
    from exercise.core.definitions import Content
    from exercise.core.program import Program
    from exercise.language.problem import Problem
    from exercise.record.entry import Entry
    from exercise.record.reading import LogError
    from exercise.record.replay import Replayed
    from exercise.report.story import Story

DEFAULT_SCENARIO = "osh-2010"


def load_content(scenario: str) -> Content:
    """A scenario by id or folder.

    Raises:
        Misuse: there is no such scenario.
        Wrong: it has errors; the message tells the first and how many there are.
    """
    from exercise.content import ContentError, load

    try:
        return load(scenario)
    except ContentError as failure:
        raise _content_failure(scenario, failure.problems) from failure


def prepare_program(scenario: str, cut: str | None) -> Program:
    """The program of a scenario's cut, the default one if none is named; compiled once and then kept.

    Raises:
        Misuse: there is no such scenario or cut.
        Wrong: the scenario has errors.
    """
    from exercise.content import ContentError, prepare
    from exercise.core.compile import CompileError

    try:
        return prepare(scenario, cut or "")
    except ContentError as failure:
        raise _content_failure(scenario, failure.problems) from failure
    except CompileError as failure:
        raise _content_failure(scenario, _located(scenario, failure.problems)) from failure


def _located(scenario: str, problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    from exercise.content import load, located

    return located(problems, load(scenario).files)


def recorded_content(header_data: Mapping[str, Any], log: pathlib.Path) -> Content:
    """The content that a log was played under, from its first line.

    Raises:
        Wrong: it cannot be used.
    """
    from exercise.content import ContentError, load_texts

    try:
        return load_texts(tuple((name, text) for name, text in header_data["files"]))
    except ContentError as failure:
        raise Wrong(f"{log}: the content in the log cannot be used: {failure.problems[0]}", f"see: exercise verify {log}") from failure


def _content_failure(scenario: str, problems: Iterable[Problem]) -> click.ClickException:
    found = list(problems)
    if [problem.code for problem in found] in (["unknown-scenario"], ["unknown-cut"]):
        return Misuse(found[0].message, found[0].hint or "exercise list shows what there is")
    count = f"{len(found)} problems in {scenario}, the first: " if len(found) > 1 else ""
    return Wrong(f"{count}{found[0]}" if found else f"{scenario} cannot be used", f"exercise check {scenario} lists all of them")


# --- logs ---------------------------------------------------------------------------------------------------------------------------


def logs_folder() -> pathlib.Path:
    """Where ``play`` keeps logs when it is not told otherwise. It need not exist."""
    import platformdirs

    return pathlib.Path(platformdirs.user_data_dir("situation-room")) / "logs"


def header(program: Program, seed: int, salt: str) -> dict[str, Any]:
    """The data of a log's first line."""
    from exercise.record.commitment import commitment
    from exercise.record.shapes import FORMAT, SEMANTICS

    return {
        "format": FORMAT,
        "semantics": SEMANTICS,
        "engine": exercise.__version__,
        "scenario": program.content.scenario.id,
        "cut": program.cut.id,
        "seed": seed,
        "seats": [seat.id for seat in program.seats],
        "files": [[name, text] for name, text in program.content.files],
        "seed_commitment": commitment(seed, salt),
        "salt": salt,
    }


def read_entries(path: pathlib.Path) -> tuple[Entry, ...]:
    """All sound entries of a log; a torn last line is left out with a notice on stderr.

    Raises:
        Wrong: the log is damaged, or is none.
    """
    from exercise.record.reading import LogError, read_log

    entries: list[Entry] = []
    try:
        for entry in read_log(path):
            entries.append(entry)  # noqa: PERF402 - what was read before a torn line must be kept
    except LogError as failure:
        if failure.code != "torn" or not entries:
            raise log_failure(failure) from failure
        click.echo(f"exercise: note: {one_line(failure.message)}", err=True)
    return tuple(entries)


def log_failure(failure: LogError) -> click.ClickException:
    """A log's error as the command line tells it."""
    if failure.code in {"missing", "exists", "not-created"}:
        return Misuse(f"{failure.path}: {failure.message}", failure.hint)
    where = f"{failure.path}:{failure.line}" if failure.line else str(failure.path)
    return Wrong(f"{where}: {failure.message}", failure.hint)


def is_older(header: Entry) -> bool:
    """Whether a log was written when rules meant something else, so that its worlds cannot be recomputed by this version."""
    from exercise.record.shapes import SEMANTICS

    return bool(header.data["semantics"] < SEMANTICS)


def refuse_older(header: Entry, path: pathlib.Path) -> None:
    """Refuse to recompute a log of older semantics. Raises ``Wrong`` with the command that shows what it recorded."""
    if is_older(header):
        engine, number = header.data["engine"], header.data["semantics"]
        raise Wrong(
            f"{path} was written by version {engine} under older rules (semantics {number}): it is not recomputed",
            f"exercise show {path} tells what it recorded",
        )


def recompute(entries: tuple[Entry, ...], path: pathlib.Path) -> Replayed:
    """Play a log again.

    Raises:
        Wrong: it does not recompute; the message names line, turn and what differs.
    """
    from exercise.record.replay import ReplayError, replay

    refuse_older(entries[0], path)
    try:
        return replay(entries)
    except ReplayError as failure:
        difference = failure.difference
        turn = f", turn {difference.turn}" if difference.turn is not None else ""
        raise Wrong(f"{path}: line {difference.line}{turn}: {difference.what}", f"see: exercise verify {path}") from failure


def story_of_log(path: pathlib.Path) -> tuple[Replayed, Story, tuple[Entry, ...]]:
    """A log played again, as a story."""
    entries = read_entries(path)
    replayed = recompute(entries, path)
    return replayed, story_of_recomputed(replayed), entries


def story_of_recomputed(replayed: Replayed) -> Story:
    """All closed turns of a log that was played again."""
    from exercise.report.story import story_of

    return story_of(replayed.program, replayed.startex, replayed.turns)


# --- doctrines ----------------------------------------------------------------------------------------------------------------------


def doctrines_by_seat(program: Program, given: Iterable[str]) -> Mapping[str, str]:
    """Which doctrine moves which seat: ``default``, unless told otherwise (see ``doctrines_chosen``)."""
    return {seat.id: "default" for seat in program.seats} | doctrines_chosen(program, given)


def doctrines_chosen(program: Program, given: Iterable[str]) -> dict[str, str]:
    """The seats named and their doctrines, from ``SEAT=NAME`` in the order given; ``all=NAME`` names every seat that has one of that name.

    Raises:
        Misuse: a seat or doctrine that does not exist.
    """
    seats = [seat.id for seat in program.seats]
    chosen: dict[str, str] = {}
    for text in given:
        seat, equals, name = text.partition("=")
        if not equals:
            raise Misuse(f"--doctrine takes SEAT=NAME, not {text!r}", "for every seat: --doctrine all=history")
        if seat == "all":
            choice_of(name, dict.fromkeys(doctrine for _, doctrine in program.doctrines), "doctrine")
            chosen.update({one: name for one in seats if (one, name) in program.doctrines})
        else:
            choice_of(seat, [*seats, "all"], "seat")
            choice_of(name, [doctrine for of, doctrine in program.doctrines if of == seat], f"doctrine of {seat}")
            chosen[seat] = name
    return chosen
