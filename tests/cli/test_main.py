"""The command line as a whole: help, mistakes, faults, pipes."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

import exercise
from exercise.cli import main as cli
from exercise.cli.common import Wrong, visible


def run_process(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    """The real program in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "exercise", *arguments], capture_output=True, text=True, timeout=60, check=False, **options
    )


def leave_with(monkeypatch: pytest.MonkeyPatch, command: object, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Exit code and stderr of ``exercise list`` when its command does what ``command`` does."""
    monkeypatch.setattr(cli.LazyGroup, "get_command", lambda *_: click.Command("list", callback=command))
    with pytest.raises(SystemExit) as leaving:
        cli.main(["list"])
    return leaving.value.code, capsys.readouterr().err


def test_help_names_every_command_without_importing_any() -> None:
    """``exercise --help`` shows the table and imports neither content nor screens, so it is quick."""
    code = """
import sys
from exercise.cli.main import main
try:
    main(["--help"])
except SystemExit:
    print(sorted(name for name in sys.modules if name.startswith(("exercise.", "textual", "attr"))))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert all(f"  {name} " in done.stdout for name in cli.COMMANDS)
    assert "['exercise.cli', 'exercise.cli.main']" in done.stdout


@pytest.mark.parametrize("name", list(cli.COMMANDS))
def test_every_command_in_the_table_exists_and_explains_itself(name: str) -> None:
    """Each entry of the table leads to a command with a help text."""
    done = CliRunner().invoke(cli.group, [name, "--help"])
    assert done.exit_code == 0, done.output
    assert "Usage: " in done.output


def test_the_version_is_the_packages() -> None:
    """One version, in one place."""
    assert run_process("--version").stdout == f"exercise {exercise.__version__}\n"


def test_an_unknown_command_is_a_misuse_with_a_suggestion() -> None:
    """A slip of the finger gives exit code 2, one line on stderr and the command that was probably meant."""
    done = run_process("verfy")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "exercise: there is no command 'verfy'; did you mean 'verify'? (see: exercise --help)\n"


def test_an_unknown_option_is_a_misuse() -> None:
    """Exit code 2, one line, and where to read more."""
    done = run_process("list", "--jsn")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "exercise list --help" in done.stderr


def test_a_wrong_thing_is_told_in_one_line_with_its_hint(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """What a command finds wrong gives exit code 1 and its message and hint on one line."""

    def command() -> None:
        raise Wrong("the log ends\nin line 7", "cut it there")

    assert leave_with(monkeypatch, command, capsys) == (1, "exercise: the log ends in line 7 (cut it there)\n")


def test_a_fault_of_ours_is_never_a_traceback(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """An unexpected exception is told in one line with an exit code of its own."""

    def command() -> None:
        raise ZeroDivisionError("turn 3")

    code, said = leave_with(monkeypatch, command, capsys)
    assert code == 70
    assert said.startswith("exercise: a fault of the program: ZeroDivisionError: turn 3")
    assert said.count("\n") == 1


def test_interruption_is_quiet(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C leaves without words, with the shell's code for it."""

    def command() -> None:
        raise KeyboardInterrupt

    assert leave_with(monkeypatch, command, capsys) == (130, "")


def test_a_closed_pipe_ends_the_command_quietly() -> None:
    """``exercise --help | head -1`` prints no complaint when the reader leaves."""
    script = f"{sys.executable} -m exercise --help | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert (done.stdout, done.stderr) == ("0\n", "")


def test_what_could_steer_a_terminal_is_printed_visibly() -> None:
    """Escape sequences, bidirectional marks and line separators from files arrive as visible text."""
    assert visible("a\x1b]52;c;!\x07\u202eb\u2028\x9bm\nc") == "a\\u001b]52;c;!\\u0007\\u202eb\\u2028\\u009bm\nc"


def test_windows_is_told_what_can_be_done_there(shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line, before anything that is not there is asked for."""
    monkeypatch.setattr("sys.platform", "win32")
    for command in ("join", "play", "list"):
        done = shell(command)
        assert (done.code, done.out) == (1, "")
        assert done.err == "exercise: Windows itself cannot run this (join by ssh or in a browser, or run it under WSL)\n"
