"""A person at a shell: runs commands in this process, in an empty folder, with the starter scenario at hand."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Callable
from typing import Any

import attrs
import pytest

from exercise.cli import main as cli


@attrs.frozen
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Its stdout as the one JSON document that it must be."""
        return json.loads(self.out)


Shell = Callable[..., Done]


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Run ``exercise ARGUMENTS`` in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EXERCISE_TRACEBACK", "1")

    def run(*arguments: object) -> Done:
        capsys.readouterr()
        with pytest.raises(SystemExit) as leaving:
            cli.main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Done(int(leaving.value.code or 0), captured.out, captured.err)

    return run


@pytest.fixture
def valley(shell: Shell) -> str:
    """The id of the starter scenario, begun in this folder."""
    assert shell("new", "valley-flood").code == 0
    return "valley-flood"


@pytest.fixture
def log(shell: Shell, valley: str) -> pathlib.Path:
    """A finished log of it."""
    assert shell("run", valley, "--seed", 3, "--log", "valley.jsonl", "--json").code == 0
    return pathlib.Path("valley.jsonl")
