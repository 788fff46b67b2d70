"""``exercise check``: everything that is wrong with scenarios and rules, at once."""

from __future__ import annotations

import pathlib
from typing import TYPE_CHECKING, Any

import attrs
import click

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

    def add(self, reading: Reading, folder: pathlib.Path) -> None:
        """Keep what is wrong with what was read from a folder, with labels such as ``rules/x.toml`` turned into paths."""
        from exercise.content import examine

        self.files.update((path.resolve(), None) for path in reading.paths.values())
        for problem in examine(reading):
            label = problem.place.file
            file = str(_near(reading.paths.get(label, folder / label.partition("/")[2])))
            key = (file, problem.place.line, problem.place.column, problem.code, problem.message)
            self.problems.setdefault(key, attrs.evolve(problem, place=attrs.evolve(problem.place, file=file)))

    @property
    def in_order(self) -> list[Problem]:
        """By file, line and column."""
        return [self.problems[key] for key in sorted(self.problems)]


def _near(path: pathlib.Path) -> pathlib.Path:
    """The path as seen from here, if it lies below."""
    here, whole = pathlib.Path.cwd(), pathlib.Path.cwd() / path
    return whole.relative_to(here) if whole.is_relative_to(here) else path


@click.command("check")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@json_option
def check_command(*, paths: tuple[str, ...], as_json: bool) -> int:
    """Find what is wrong with scenarios (folders or ids) and rulebook folders: file:line:column, words, a hint."""
    findings = Findings()
    for path in paths:
        _check(path, findings)
    problems = findings.in_order
    if as_json:
        say_json({"problems": [_document(problem) for problem in problems], "checked": len(findings.files)})
    else:
        for problem in problems:
            say(f"{problem.place}: {problem.level}[{problem.code}] {problem.message}")
            if problem.hint:
                say(f"    {problem.hint}")
        say(_summary(problems, len(findings.files)))
    if any(problem.level == "error" for problem in problems):
        raise click.exceptions.Exit(1)
    return 0


def _check(path: str, findings: Findings) -> None:
    """Check the scenario or the rules that a path means; a file stands for the folder that it belongs to."""
    from exercise.content import ContentError, find, read_rules, read_scenario

    place = pathlib.Path(path)
    if place.is_file():
        place = next((folder for folder in place.parents if (folder / HEAD).is_file()), place.parent)
    if place.is_dir() and not (place / HEAD).exists():
        if not any(place.rglob("*.toml")):
            raise Misuse(f"{path} holds no content files", "name a scenario's folder or id, or a rules folder")
        findings.add(read_rules(place), place)
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
