"""The real program on a real pty: it starts, paints, leaves, and gives the terminal back."""

from __future__ import annotations

import pathlib
import signal
from collections.abc import Callable, Iterator

import pytest

from benchmarks.live import EXERCISE
from benchmarks.terminal import PtyProgram

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

Start = Callable[..., PtyProgram]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start ``exercise ARGUMENTS`` on a pty."""
    running: list[PtyProgram] = []

    def begin(*arguments: object) -> PtyProgram:
        command = (*EXERCISE, *(str(argument) for argument in arguments))
        running.append(PtyProgram(*command, folder=pathlib.Path.cwd(), PYTHONPATH=str(ROOT)))
        return running[-1]

    yield begin
    for program in running:
        program.kill()


def test_play_paints_its_scenario_and_leaves_a_way_back(start: Start, valley: str) -> None:
    """From the content note to the seat's screen; F10 leaves, the terminal is restored and the command to resume stands on it."""
    program = start("play", valley, "--seat", "council", "--seed", "3", "--log", "pty.jsonl")
    program.shows("Valley flood")
    program.send("\r")
    program.until(lambda text: "turn 1 of 5" in text and "TOWN COUNCIL" in text)
    program.send("\x1b[21~")
    program.shows("Leave the exercise?")
    program.send("\r")
    program.shows("exercise play --log")
    assert program.leave() == 0
    assert pathlib.Path("pty.jsonl").stat().st_size > 0


def test_fault_64_play_ends_with_its_terminal_and_its_log_goes_on(start: Start, valley: str) -> None:
    """A closed window ends the exercise's process in order; the log is whole and the exercise resumes from it."""
    program = start("play", valley, "--seat", "council", "--seed", "3", "--log", "pty.jsonl")
    program.shows("Valley flood")
    program.send("\r")
    program.shows("TOWN COUNCIL")
    assert program.hang_up() == 128 + signal.SIGHUP
    again = start("play", "--log", "pty.jsonl")
    again.until(lambda text: "turn 1 of 5" in text and "TOWN COUNCIL" in text)
    assert again.hang_up() == 128 + signal.SIGHUP


def test_replay_paints_truth_beside_knowledge(start: Start, log: pathlib.Path) -> None:
    """The viewer shows the first turn of the log, closes, and ends with its terminal."""
    program = start("replay", log)
    program.until(lambda text: "REPLAY" in text and "Valley flood" in text)
    program.send("v")
    program.shows("known to Town council")
    assert program.hang_up() == 128 + signal.SIGHUP


def test_a_practice_turn_guides_and_keeps_nothing(start: Start, valley: str, own_home: pathlib.Path) -> None:
    """Line 2 says what to try and goes on when it is done; after leaving there is no log anywhere."""
    program = start("play", valley, "--practice", "--seat", "council", "--seed", "3")
    program.shows("Valley flood")
    program.send("\r")
    program.shows("esc closes")
    program.send("\x1b")
    program.shows("PRACTICE 1 of 5")
    program.send("2")
    program.settle()
    program.send("\x1b[B")
    program.settle()
    program.send("w")
    program.settle()
    program.send("\x1b")
    program.shows("PRACTICE 2 of 5")
    program.send("\x1b[21~")
    program.shows("Leave the exercise?")
    program.send("\r")
    program.shows("That was practice")
    assert program.leave() == 0
    assert "exercise play --log" not in program.text
    assert list(own_home.rglob("*.jsonl")) == []
