"""``exercise list``, ``new`` and ``schema``: what there is, a beginning of one's own, and help for editors."""

from __future__ import annotations

import json
import pathlib
import re
import shutil

import click

from exercise.cli.common import Misuse, json_option, say, say_json
from exercise.cli.completion import complete_scenario

NAME = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
OWN_ID = re.compile(r"""(^\[scenario\]\s*$[^\[]*?^id\s*=\s*)(?:"[^"]*"|'[^']*')""", re.MULTILINE)
"""The line of a scenario's head that gives its id."""
STARTER = pathlib.Path(__file__).resolve().parent / "starter"


@click.command("list")
@json_option
def list_command(*, as_json: bool) -> None:
    """Scenarios found, their cuts with minutes and turns, their seats, and unfinished logs."""
    from exercise.cli.catalogue import log_cards, scenario_cards

    scenarios, logs = scenario_cards(), log_cards()
    if as_json:
        say_json({"scenarios": scenarios, "logs": logs})
        return
    for card in scenarios:
        say(f"{card['id']}: {card['title']}   ({card['path']})")
        for cut in card["cuts"]:
            default = ", default" if cut["id"] == card["default_cut"] else ""
            say(f"  cut {cut['id']}: {cut['title']}, {cut['minutes']} minutes, {cut['turns']} turns from {cut['start']}{default}")
        for seat in card["seats"]:
            say(f"  seat {seat['id']}: {seat['name']}")
    if not scenarios:
        say("no scenarios found; exercise new NAME begins one")
    for log in logs:
        say(f"unfinished: exercise play --log {log['path']}")
        say(f"  {log['scenario']}, {log['cut']}, turn {log['turn']} closed; played: {', '.join(log['seats']) or 'nobody'}")


@click.command("new")
@click.argument("name")
@click.option("--from", "source", metavar="SCENARIO", shell_complete=complete_scenario, help="Copy this scenario to edit.")
def new_command(*, name: str, source: str | None) -> None:
    """Begin the scenario NAME under ./scenarios: a small working one with comments, or a copy to edit."""
    if not NAME.fullmatch(name) or len(name) > 60:
        raise Misuse(f"{name!r} cannot be a scenario's name", "small letters, digits and hyphens, such as valley-flood")
    id = name.replace("_", "-")
    folder = pathlib.Path("scenarios") / id.replace("-", "_")
    if folder.exists():
        raise Misuse(f"{folder} is there already", "choose another name, or edit what is there")
    if source is None:
        _begin(folder, id)
    else:
        _copy(folder, id, source)
    say(f"{folder}: edit the files, then")
    say(f"  exercise check {folder}")
    say(f"  exercise play {id}")


def _begin(folder: pathlib.Path, id: str) -> None:
    words = {"@ID@": id, "@TITLE@": id.replace("-", " ").capitalize(), "@PATH@": folder.as_posix()}
    folder.mkdir(parents=True)
    for path in sorted(STARTER.glob("*.toml")):
        text = path.read_text(encoding="utf-8")
        for mark, word in words.items():
            text = text.replace(mark, word)
        (folder / path.name).write_text(text, encoding="utf-8")


def _copy(folder: pathlib.Path, id: str, source: str) -> None:
    from exercise.content import ContentError, find

    try:
        origin = find(source)
    except ContentError as failure:
        raise Misuse(failure.problems[0].message, failure.problems[0].hint) from failure
    shutil.copytree(origin, folder, ignore=lambda _, names: [name for name in names if name.startswith(".")])
    head = folder / "scenario.toml"
    text, count = OWN_ID.subn(rf'\g<1>"{id}"', head.read_text(encoding="utf-8"), count=1)
    if not count:
        raise Misuse(f"{head} names no id", "write id under [scenario] by hand")
    head.write_text(text, encoding="utf-8")


@click.command("schema")
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(file_okay=False, path_type=pathlib.Path))
def schema_command(*, directory: pathlib.Path | None) -> None:
    """Write JSON Schemas of the content files into DIR, or print the one for whole files.

    An editor with a TOML language server then completes keys, shows their meaning and marks mistakes.
    """
    from exercise.content import schemas

    made = schemas()
    if directory is None:
        say_json(made["content.schema.json"])
        return
    directory.mkdir(parents=True, exist_ok=True)
    for name, schema in made.items():
        (directory / name).write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        say(str(directory / name))
