"""Documents fail the build when they rot: their commands are run, their links followed, their tables compared with the program."""

from __future__ import annotations

import os
import pathlib
import re
import shlex
import subprocess
import sys

import pytest

from exercise.cli.main import COMMANDS, group

ROOT = pathlib.Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/*.md")])
PLAYED = ("README.md", "facilitator_guide.md")


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks of one language, without the indentation of a list that holds them."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^\1```$", text, re.MULTILINE | re.DOTALL)
    return ["\n".join(line.removeprefix(indent) for line in body.splitlines()) for indent, body in found]


@pytest.mark.parametrize("name", PLAYED)
def test_every_command_that_a_document_shows_works(name: str, tmp_path: pathlib.Path) -> None:
    """The lines that begin with ``$`` are run in order in an empty folder, as a reader would, and each succeeds."""
    commands = [
        line[2:]
        for block in blocks((ROOT / name).read_text(encoding="utf-8"), "console")
        for line in block.splitlines()
        if line.startswith("$ ")
    ]
    assert commands, "the document shows no commands"
    for command in commands:
        program, *arguments = shlex.split(command)
        assert program == "exercise"
        done = subprocess.run(
            [sys.executable, "-m", "exercise", *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, ""), f"{command}\n{done.stderr}"
        assert done.stdout.strip()


def test_the_readme_needs_exactly_two_commands() -> None:
    """One command plays and one tests; each is one line that stands alone."""
    commands = blocks((ROOT / "README.md").read_text(encoding="utf-8"), "sh")
    assert [command.count("\n") for command in commands] == [0, 0]
    assert commands[0].endswith("exercise play")
    assert commands[1].endswith("python -m pytest -n auto")
    assert all(command.startswith("python3 -m venv .venv && .venv/bin/pip install ") for command in commands)


def test_the_gate_runs_the_readmes_own_test_command() -> None:
    """``.ci/run`` does what the README tells a newcomer to do, word for word."""
    command = blocks((ROOT / "README.md").read_text(encoding="utf-8"), "sh")[1]
    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_the_readme_lists_the_commands_that_exist() -> None:
    """Its table names every command, in the program's order, and no other."""
    listed = re.findall(r"^\| `exercise (\w+)", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert listed == list(COMMANDS)


@pytest.mark.parametrize("name", list(COMMANDS))
def test_the_command_reference_shows_every_option(name: str) -> None:
    """The heading of a command in docs/commands.md names exactly the options that the program takes."""
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    heading = re.search(rf"^### `exercise {name}\b(.*)`$", text, re.MULTILINE)
    assert heading, f"no heading for {name}"
    context = group.make_context("exercise", [name, "--help"], resilient_parsing=True)
    command = group.get_command(context, name)
    assert command is not None
    taken = {option for parameter in command.params for option in parameter.opts if option.startswith("--")}
    assert set(re.findall(r"--[a-z-]+", heading[1])) == taken


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_between_documents_lead_somewhere(path: pathlib.Path) -> None:
    """Every relative link and picture of a document exists."""
    targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
    missing = [target for target in targets if "://" not in target and not (path.parent / target).exists()]
    assert not missing


def test_the_changelog_keeps_its_form() -> None:
    """Keep a Changelog: an Unreleased section first, then versions newest first, and only the known sorts of change."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE)[0] == "[Unreleased]"
    assert set(re.findall(r"^### (.+)$", text, re.MULTILINE)) <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
