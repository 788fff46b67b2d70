"""What a person feels: start-up, check, a turn, a whole run, the first paint, a key. Prints a table of medians and ratios.

Usage: python benchmarks/live.py [rounds]      (rounds of each measurement, default 5)
"""

from __future__ import annotations

import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from benchmarks.terminal import PtyProgram

SCENARIO = "osh-2010"
ESCAPE, DOWN = "\x1b", "\x1b[B"
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


def playing(*arguments: str) -> PtyProgram:
    """``exercise play`` on a pty, in an empty folder that stands for a person's own."""
    folder = pathlib.Path(tempfile.mkdtemp())
    return PtyProgram(*EXERCISE, "play", "--seed", "7", *arguments, folder=folder, XDG_DATA_HOME=str(folder))


def painted(words: str) -> Measurement:
    """Seconds from starting ``exercise play`` until its screen shows these words; without words, anything at all."""

    def measure() -> float:
        program = playing()
        try:
            return program.until(lambda text: words in text if words else bool(text.strip()), "a first screen")
        finally:
            program.kill()

    return measure


def key_answer(keys: str, rounds: int = 4) -> Measurement:
    """Seconds from a key on the seat's screen, the reports in focus, until the terminal shows an answer; the median of some presses."""

    def measure() -> float:
        program = playing(SCENARIO, "--seat", "uzbekistan")
        try:
            program.shows("Osh 2010")
            program.settle(1)
            program.send("\r")
            program.shows("esc closes")  # the briefing
            program.send(ESCAPE)
            program.shows("TO DO")
            program.settle(1)
            answers = []
            for _ in range(rounds):
                for back in (ESCAPE, "2"):
                    program.send(back)
                    before = program.settle()
                program.send(keys)
                answers.append(program.until(lambda text, before=before: text != before, "an answer to a key"))  # type: ignore[misc]
                program.settle()
            return statistics.median(answers)
        finally:
            program.kill()

    return measure


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
        "key: cursor": (key_answer(DOWN), python),
        "key: pane": (key_answer("4"), python),
        "key: why": (key_answer("w"), python),
        "key: help": (key_answer("?"), python),
        "key: orders": (key_answer("a"), python),
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
