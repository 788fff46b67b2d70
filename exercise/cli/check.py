"""``exercise check``: everything that is wrong with scenarios and rules, at once."""

from __future__ import annotations

import contextlib
import gc
import pathlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import attrs
import click

from exercise.cli.claims import CLAIM_ID, DOCUMENT, Account, held_to_account, lines
from exercise.cli.common import Misuse, json_option, say, say_json

if TYPE_CHECKING:
    from exercise.content import Reading
    from exercise.language.problem import Problem

HEAD = "scenario.toml"


@attrs.define(slots=True)
class Findings:
    """Problems of all paths under the names of real files, each once; ``files`` are the files read."""

    problems: dict[tuple[str, int, int, str, str], Problem] = attrs.field(factory=dict)
    files: dict[pathlib.Path, None] = attrs.field(factory=dict)

    def add(self, reading: Reading, folder: pathlib.Path, more: Iterable[Problem] = ()) -> None:
        """Keep what is wrong with what was read from a folder, with labels such as ``rules/x.toml`` turned into paths."""
        from exercise.content import examine, located

        self.files.update((path.resolve(), None) for path in reading.paths.values())
        for problem in (*examine(reading), *located(tuple(more), reading.texts)):
            label = problem.place.file
            file = str(_near(reading.paths.get(label, folder / label.partition("/")[2])))
            key = (file, problem.place.line, problem.place.column, problem.code, problem.message)
            self.problems.setdefault(key, attrs.evolve(problem, place=attrs.evolve(problem.place, file=file)))

    @property
    def is_broken(self) -> bool:
        """Whether any problem is an error."""
        return any(problem.level == "error" for problem in self.problems.values())

    @property
    def in_order(self) -> list[Problem]:
        """By file, line and column."""
        return [self.problems[key] for key in sorted(self.problems)]


def _near(path: pathlib.Path) -> pathlib.Path:
    """The path as seen from here, if it lies below."""
    here, whole = pathlib.Path.cwd(), pathlib.Path.cwd() / path
    return whole.relative_to(here) if whole.is_relative_to(here) else path


UNPROVEN = frozenset({"claim-without-rule", "claim-without-experiment", "unknown-claim", "unfounded-rule"})
"""Codes of problems of a ledger that is not finished; the experiments that there are can be run all the same."""
QUICK = 4
"""Of so many claims a quick run takes one."""


@click.command("check")
@click.argument("paths", metavar="PATH... [ID...]", nargs=-1, required=True)
@click.option("--claims", is_flag=True, help="Run the experiments on the rulebook's claims: all, or those whose ids are given.")
@click.option(
    "--vary",
    metavar="F",
    type=click.FloatRange(0, 0.95, min_open=True),
    help="Run them also with all assumptions moved within F of their values.",
)
@click.option("--quick", is_flag=True, help="With --claims: one claim in four.")
@json_option
def check_command(*, paths: tuple[str, ...], claims: bool, vary: float | None, quick: bool, as_json: bool) -> int:
    """Find what is wrong with scenarios (folders or ids) and rulebook folders: file:line:column, words, a hint.

    With --claims the experiments on the rulebook's claims are run, too; when all are, docs/claims.md beside the rules is written anew.
    """
    if (vary is not None or quick) and not claims:
        raise Misuse(f"{'--vary' if vary is not None else '--quick'} goes with --claims", "exercise check rules --claims")
    ids = tuple(path for path in paths if claims and CLAIM_ID.fullmatch(path) and not pathlib.Path(path).exists())
    findings = Findings()
    for path in paths:
        if path not in ids:
            with _uncollected():
                _check(path, findings)
    problems = findings.in_order
    is_wrong = findings.is_broken
    is_broken = any(problem.level == "error" and problem.code not in UNPROVEN for problem in problems)
    account = None if is_broken or not claims else _account(paths, ids, vary or 0.0, QUICK if quick else 1)
    if as_json:
        told = {} if account is None else {"claims": list(account.documents), "elapsed_s": account.elapsed_s}
        say_json({"problems": [_document(problem) for problem in problems], "checked": len(findings.files)} | told)
    else:
        for problem in problems:
            say(f"{problem.place}: {problem.level}[{problem.code}] {problem.message}")
            if problem.hint:
                say(f"    {problem.hint}")
        say(_summary(problems, len(findings.files)))
        for line in lines(account) if account is not None else ():
            say(line)
    if is_wrong or (account is not None and not account.is_good):
        raise click.exceptions.Exit(1)
    return 0


def _account(paths: tuple[str, ...], ids: tuple[str, ...], vary: float, every: int) -> Account:
    """Hold the claims of the one rules folder among the paths to account, and write them down when all were."""
    folders = [
        pathlib.Path(path) for path in paths if path not in ids and pathlib.Path(path).is_dir() and not (pathlib.Path(path) / HEAD).exists()
    ]
    if len(folders) != 1:
        raise Misuse("--claims goes with one rules folder", "exercise check rules --claims")
    account = held_to_account(folders[0], ids, vary, every)
    shelf = folders[0].resolve().parent / "docs"
    if not ids and every == 1 and shelf.is_dir():
        from exercise.report.claims import claims_text

        (shelf / DOCUMENT).write_text(claims_text(account.documents, account.titles), encoding="utf-8")
    return account


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Look for no garbage meanwhile: what a cut is lowered to is dropped as a whole, and cycles in it take a quarter of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _check(path: str, findings: Findings) -> None:
    """Check the scenario or the rules that a path means; a file stands for the folder that it belongs to."""
    from exercise.content import ContentError, find, on_worlds, read_rules, read_scenario, worlds_of

    place = pathlib.Path(path)
    if place.is_file():
        place = next((folder for folder in place.parents if (folder / HEAD).is_file()), place.parent)
    if place.is_dir() and not (place / HEAD).exists():
        if not any(place.rglob("*.toml")):
            raise Misuse(f"{path} holds no content files", "name a scenario's folder or id, or a rules folder")
        for world in worlds_of(place):
            findings.add(read_scenario(world), world)
        reading = read_rules(place)
        findings.add(reading, place, on_worlds(reading.content, place) if reading.is_sound and not findings.is_broken else ())
        return
    try:
        folder = place if place.is_dir() else find(path)
    except ContentError as failure:
        raise Misuse(failure.problems[0].message, failure.problems[0].hint) from failure
    findings.add(read_scenario(folder), folder)


def _document(problem: Problem) -> dict[str, Any]:
    place = problem.place
    return {
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "level": problem.level,
        "code": problem.code,
        "message": problem.message,
        "hint": problem.hint,
    }


def _summary(problems: list[Problem], files: int) -> str:
    errors = sum(problem.level == "error" for problem in problems)
    warnings = len(problems) - errors
    if not problems:
        return f"{files} files, nothing wrong"
    told = [f"{count} {word}{'s' if count > 1 else ''}" for count, word in ((errors, "error"), (warnings, "warning")) if count]
    return f"{files} files: {', '.join(told)}"
