"""Hostile text on a real terminal: what the program writes holds nothing that a text could have smuggled in."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.terminal import PtyProgram
from tests.tui.hostile_frames import PAYLOADS

ROOT = Path(__file__).resolve().parent.parent.parent

PLAY = """
import sys
from exercise.tui.run import run_seat
from tests.tui.{module} import {venue}
status, words = run_seat({venue}({arguments}), ("uzbekistan",), note_read={note_read})
from exercise.cli.common import part
part(0, words)
sys.exit(status)
"""

SEQUENCE = re.compile(rb"\x1b(\[[0-?]*[ -/]*[@-~]|[()][0-9A-Za-z]|[=>78]|\]22;[a-z-]*(\x07|\x1b\\))")
"""What Textual writes: CSI sequences, charsets, keypad modes, cursor saves, and one OSC, the pointer's shape. No other OSC, DCS or APC."""

ESC, ENTER, CTRL_S, CTRL_P, CTRL_O = "\x1b", "\r", "\x13", "\x10", "\x0f"


def play(module: str, venue: str, arguments: str = "", *, note_read: bool = True, **environment: str) -> PtyProgram:
    """The seat's terminal on a pty."""
    code = PLAY.format(module=module, venue=venue, arguments=arguments, note_read=note_read)
    return PtyProgram(sys.executable, "-c", code, folder=ROOT, **environment)


@pytest.fixture
def started() -> Iterator[list[PtyProgram]]:
    """Programs that are ended with the test."""
    programs: list[PtyProgram] = []
    yield programs
    for program in programs:
        program.kill()


def walk(program: PtyProgram) -> None:
    """Every pane, panel and dialog of two turns and the end."""
    program.shows("Before you start")
    program.send(ENTER)
    program.shows("esc closes")
    program.send(ESC)
    program.shows("TO DO")
    for keys in (
        "1",
        "l",
        "l",
        "2",
        "j",
        "w",
        ESC,
        "h",
        ESC,
        "3",
        "4",
        ENTER,
        ESC,
        "5",
        "6",
        ENTER,
        ESC,
        "b",
        ESC,
        "?",
        ESC,
        CTRL_P,
        ESC,
        CTRL_O,
        ESC,
        "a",
        ENTER,
        ESC,
        "j",
        ESC,
        ESC,
        "n",
        ENTER,
        "\t",
        "\x1b[200~pasted\x1b]52;c;aGFjaw==\x07\x9b31m\u202e[/]\x1b[201~",
        ENTER,
    ):
        program.send(keys)
        program.settle(0.12)
    program.send(ESC)
    program.settle(0.2)
    program.send(CTRL_S)
    program.shows("End your turn?")
    program.send(ENTER)
    program.shows("What changed and why")
    for keys in ("j", "w", ESC, "j", "j", "j", "j", ENTER, ESC, " ", "4", ENTER, ESC, "6", ENTER, "n", ESC, "2", "j", "j", "h", ESC):
        program.send(keys)
        program.settle(0.12)
    program.send(CTRL_S)
    program.shows("End your turn?")
    program.send(ENTER)
    program.shows("The exercise has ended")
    for keys in ("a", "j", "h", ESC, ESC):
        program.send(keys)
        program.settle(0.12)
    program.send("\x1b[21~")
    program.shows("Leave the exercise?")
    program.send("y")


def smuggled(raw: bytes) -> list[bytes]:
    """What is in the output that the program itself does not write."""
    rest = SEQUENCE.sub(b"", raw)
    found = [bytes([byte]) for byte in set(rest) if (byte < 0x20 and byte not in b"\r\n\x1b") or byte == 0x7F]
    found += re.findall(rb"\x1b.{0,8}", rest)
    found += re.findall(rb"\xc2[\x80-\x9f]", rest)
    text = rest.decode("utf-8", "replace")
    found += [letter.encode() for letter in set(text) if letter in "\u200b\u202e\u2066\u2069\ufeff\u2028\u2029"]
    found += re.findall(rb"\x1b\[66;99H|\x1b\[31;5m", raw)
    return found


@pytest.mark.parametrize("start", [0, 17])
def test_fault_49_raw_bytes_hold_nothing_of_the_payloads(started: list[PtyProgram], start: int) -> None:
    """Two turns are played with a payload behind every text; the terminal obeys none of them and the player leaves in good order."""
    program = play("hostile_frames", "HostileVenue", str(start), note_read=False)
    started.append(program)
    walk(program)
    assert program.leave() == 0
    assert smuggled(program.raw) == []


@pytest.mark.long
@pytest.mark.parametrize("start", range(len(PAYLOADS)))
def test_fault_49_every_payload_at_every_surface(started: list[PtyProgram], start: int) -> None:
    """The same walk with the payloads moved on by one each time, so that each text has carried each of them."""
    program = play("hostile_frames", "HostileVenue", str(start), note_read=False)
    started.append(program)
    walk(program)
    assert program.leave() == 0
    assert smuggled(program.raw) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_fault_64_a_signal_restores_the_terminal(started: list[PtyProgram], number: signal.Signals) -> None:
    """The screen is left, the cursor is back, and the status names the signal."""
    program = play("scripted_link", "ScriptedVenue")
    started.append(program)
    program.shows("TO DO")
    os.kill(program.pid, number)
    assert program.leave() == 128 + number
    tail = program.raw[-2_000:]
    assert b"\x1b[?1049l" in tail
    assert b"\x1b[?25h" in tail
    assert "Your exercise is saved" in program.text


@pytest.mark.parametrize("signal_too", [0, signal.SIGTERM], ids=["hang-up alone", "and a signal"])
def test_fault_64_a_program_ends_with_its_terminal(started: list[PtyProgram], signal_too: int) -> None:
    """A closed window leaves no process behind, also when it comes at once with a signal."""
    for _ in range(4):
        program = play("scripted_link", "ScriptedVenue")
        started.append(program)
        program.shows("TO DO")
        program.send("l")
        if signal_too:
            os.kill(program.pid, signal_too)
        assert program.hang_up() in {128 + signal.SIGHUP, 128 + signal.SIGTERM}


def test_fault_64_a_stray_continue_does_not_start_the_driver_twice(started: list[PtyProgram]) -> None:
    """The kernel sends SIGCONT when a terminal hangs up; only a return from Ctrl+Z enters the alternate screen again."""
    program = play("scripted_link", "ScriptedVenue")
    started.append(program)
    program.shows("TO DO")
    os.kill(program.pid, signal.SIGCONT)
    program.settle()
    assert program.raw.count(b"\x1b[?1049h") == 1
    program.send("\x03")
    program.shows("Leave the exercise?")
    program.send(ENTER)
    assert program.leave() == 0


def test_fault_64_ctrl_c_asks_before_leaving(started: list[PtyProgram]) -> None:
    """A reflex on the keyboard loses nothing."""
    program = play("scripted_link", "ScriptedVenue")
    started.append(program)
    program.shows("TO DO")
    program.send("\x03")
    program.shows("Leave the exercise?")
    program.send(ENTER)
    assert program.leave() == 0


def test_fault_55_a_locale_without_unicode_gets_ascii(started: list[PtyProgram]) -> None:
    """No encoding error, and no byte beyond ASCII."""
    program = play("scripted_link", "ScriptedVenue", PYTHONIOENCODING="ascii", PYTHONUTF8="0", LC_ALL="C", PYTHONCOERCECLOCALE="0")
    started.append(program)
    program.shows("TO DO")
    program.send("2")
    program.settle()
    program.send("\x1b[21~")
    program.shows("Leave the exercise?")
    program.send("y")
    assert program.leave() == 0
    assert all(byte < 0x80 for byte in program.raw)
