"""The real program on a real pty: it starts, paints, leaves, and gives the terminal back."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator

import pytest

from benchmarks.live import EXERCISE, Terminal

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Start ``exercise ARGUMENTS`` on a pty."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    running: list[Terminal] = []

    def begin(*arguments: object) -> Terminal:
        running.append(Terminal(*EXERCISE, *(str(argument) for argument in arguments)))
        return running[-1]

    yield begin
    for terminal in running:
        terminal.close()


def test_play_paints_its_scenario_and_leaves_a_way_back(start, valley) -> None:
    """From the content note to the seat's screen; F10 leaves, the terminal is restored and the command to resume stands on it."""
    scenario = pathlib.Path("scenarios/valley_flood").resolve()
    terminal = start("play", scenario, "--seat", "council", "--seed", "3", "--log", pathlib.Path("pty.jsonl").resolve())
    terminal.until(lambda text: "Valley flood" in text)
    terminal.press(b"\r")
    terminal.until(lambda text: "turn 1 of 5" in text and "TOWN COUNCIL" in text)
    terminal.press(b"\x1b[21~")
    terminal.until(lambda text: "Leave" in text or "leave" in text)
    terminal.press(b"\r")
    terminal.until(lambda text: "exercise play --log" in text)
    assert pathlib.Path("pty.jsonl").stat().st_size > 0


def test_replay_paints_truth_beside_knowledge(start, log) -> None:
    """The viewer shows the first turn of the log, and closes."""
    terminal = start("replay", log.resolve())
    terminal.until(lambda text: "REPLAY" in text and "Valley flood" in text)
    terminal.press(b"v")
    terminal.until(lambda text: "known to Town council" in text)
