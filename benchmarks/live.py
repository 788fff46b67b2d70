"""What a person feels: start-up, check, a turn, a whole run, the first paint, a key. Prints a table of medians and ratios.

Usage: python benchmarks/live.py [rounds]      (rounds of each measurement, default 5)
"""

from __future__ import annotations

import fcntl
import os
import pathlib
import pty
import select
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable

import pyte

SCENARIO = "osh-2010"
COLUMNS, LINES = 120, 36
PATIENCE_S = 30.0
EXERCISE = (sys.executable, "-m", "exercise")

Measurement = Callable[[], float]


def process(*command: str) -> Measurement:
    """Seconds from start to end of a process."""

    def measure() -> float:
        with tempfile.TemporaryDirectory() as folder:
            began = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder)
            return time.perf_counter() - began

    return measure


class Terminal:
    """A program on a pty of its own, and the screen that it paints."""

    def __init__(self, *command: str) -> None:
        self.screen = pyte.Screen(COLUMNS, LINES)
        self.stream = pyte.ByteStream(self.screen)
        self.folder = tempfile.TemporaryDirectory()
        self.began = time.perf_counter()
        pid, self.handle = pty.fork()
        if pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
            os.chdir(self.folder.name)
            environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "XDG_DATA_HOME": self.folder.name}
            os.execvpe(command[0], command, environment)
        self.pid = pid

    def until(self, holds: Callable[[str], bool]) -> float:
        """Seconds since the start (or the last key) until the screen's text satisfies the condition."""
        while time.perf_counter() - self.began < PATIENCE_S:
            ready, _, _ = select.select([self.handle], [], [], 0.5)
            if ready:
                self.stream.feed(os.read(self.handle, 65536))
                if holds("\n".join(self.screen.display)):
                    return time.perf_counter() - self.began
        raise TimeoutError("\n".join(self.screen.display))

    def settle(self, quiet_s: float = 0.4) -> str:
        """Read until nothing was painted for a while; the text of the screen."""
        while select.select([self.handle], [], [], quiet_s)[0]:
            self.stream.feed(os.read(self.handle, 65536))
        return "\n".join(self.screen.display)

    def press(self, keys: bytes) -> None:
        """Send keys and start the clock."""
        self.began = time.perf_counter()
        os.write(self.handle, keys)

    def close(self) -> None:
        """End the program."""
        os.close(self.handle)
        os.kill(self.pid, 15)
        os.waitpid(self.pid, 0)
        self.folder.cleanup()


def painted(words: str) -> Measurement:
    """Seconds from starting ``exercise play`` until its screen shows these words; without words, anything at all."""

    def measure() -> float:
        terminal = Terminal(*EXERCISE, "play", "--seed", "7")
        try:
            return terminal.until(lambda text: words in text if words else bool(text.strip()))
        finally:
            terminal.close()

    return measure


def key_answer() -> float:
    """Seconds from ``?`` to the help that it opens."""
    terminal = Terminal(*EXERCISE, "play", SCENARIO, "--seed", "7")
    try:
        before = terminal.settle()
        terminal.press(b"?")
        return terminal.until(lambda text: text != before)
    finally:
        terminal.close()


def one_turn(telling: bool) -> Measurement:
    """Seconds for a mean turn of the compiled program, doctrines deciding: told (what play and ``run`` do) or only worked out."""

    def measure() -> float:
        from exercise.content import prepare
        from exercise.core.turns import play_out
        from exercise.session import headless

        program = prepare(SCENARIO)
        play: Callable[[int], object] = (lambda seed: headless.run(program, seed)) if telling else (lambda seed: play_out(program, seed))
        play(7)
        began = time.perf_counter()
        play(8)
        return (time.perf_counter() - began) / len(program.calendar.turns)

    return measure


def measurements() -> dict[str, tuple[Measurement, str]]:
    """Row -> how to measure it, and the row that its ratio is taken to."""
    python, textual = "python -c pass", "python -c 'import textual.app'"
    rules = pathlib.Path(__file__).resolve().parent.parent / "rules"
    return {
        python: (process(sys.executable, "-c", "pass"), python),
        textual: (process(sys.executable, "-c", "import textual.app"), python),
        "help": (process(*EXERCISE, "--help"), python),
        "list": (process(*EXERCISE, "list"), python),
        "check": (process(*EXERCISE, "check", str(rules), SCENARIO), python),
        "run": (process(*EXERCISE, "run", SCENARIO, "--seed", "7", "--json"), python),
        "turn, told": (one_turn(telling=True), python),
        "turn, only worked out": (one_turn(telling=False), python),
        "first paint": (painted(""), textual),
        "content note": (painted("Osh 2010"), textual),
        "key": (key_answer, python),
    }


def main() -> None:
    """Measure all rows in interleaved rounds and print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    rows = measurements()
    seconds: dict[str, list[float]] = {name: [] for name in rows}
    for _ in range(rounds):
        for name, (measure, _) in rows.items():
            seconds[name].append(measure())
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    width = max(map(len, rows))
    print(f"{'':{width}}  {'median':>10}  {'least':>9}  {'most':>9}  ratio")
    for name, (_, base) in rows.items():
        told = [f"{value * 1000:.1f} ms" for value in (medians[name], min(seconds[name]), max(seconds[name]))]
        print(f"{name:{width}}  {told[0]:>10}  {told[1]:>9}  {told[2]:>9}  {medians[name] / medians[base]:.2f} x {base}")


if __name__ == "__main__":
    main()
