"""``exercise rulebook``: the rules as a document with pictures, for people who do not program."""

from __future__ import annotations

import pathlib

import click

from exercise.cli.common import Misuse, Wrong, say


@click.command("rulebook")
@click.argument("rules", metavar="[RULES]", required=False, type=click.Path(path_type=pathlib.Path))
@click.option(
    "-o", "folder", metavar="DIR", required=True, type=click.Path(file_okay=False, path_type=pathlib.Path), help="Where to write it."
)
def rulebook_command(*, rules: pathlib.Path | None, folder: pathlib.Path) -> None:
    """Write the rulebook for reading: rulebook.md and its pictures. RULES is a rules folder, by default the shipped one."""
    from exercise.content import read_rules, rules_program, shipped
    from exercise.core.compile import CompileError
    from exercise.core.influence import influences
    from exercise.report.rulebook import rulebook_pages

    place = rules if rules is not None else shipped() / "rules"
    if not place.is_dir() or not any(place.glob("*.toml")):
        raise Misuse(f"{place} is no rules folder", "it holds kinds.toml, stages.toml, sources.toml and modules")
    reading = read_rules(place)
    if not reading.is_sound:
        raise Wrong(f"{reading.problems[0].place}: {reading.problems[0].message}", "exercise check tells everything that is wrong")
    try:
        program = rules_program(reading.content)
    except CompileError as failure:
        raise Wrong(
            f"{failure.problems[0].place}: {failure.problems[0].message}", "exercise check tells everything that is wrong"
        ) from failure
    for name, text in rulebook_pages(reading.content, influences(program)).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    say(f"{folder / 'rulebook.md'}")
