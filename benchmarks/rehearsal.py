"""How quick rehearsals are: whole exercises a second, arrays beside the live engine, and where the time goes.

Usage: python benchmarks/rehearsal.py [scenario]      (default osh-2010)
"""

from __future__ import annotations

import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from exercise.content import prepare
from exercise.core.turns import play_out
from exercise.rehearsal.columns import Columns
from exercise.rehearsal.ensemble import CHUNK, FIRST_CHUNK
from exercise.rehearsal.lanes import Ensemble

ROUNDS = 3
ALONE = 3


def cpu_s(work: Callable[[], object]) -> float:
    """Processor seconds of some work."""
    began = time.process_time()
    work()
    return time.process_time() - began


def main() -> None:
    """Measure in interleaved rounds and print the table."""
    scenario = sys.argv[1] if len(sys.argv) > 1 else "osh-2010"
    program = prepare(scenario)
    cells = Columns.of(program).cells(program)  # what a rehearsal keeps of a run
    ready_s = cpu_s(lambda: Ensemble(program, {}, cells))
    ensemble = Ensemble(program, {}, cells)
    ensemble.play(range(8))
    rows: dict[str, tuple[Callable[[], object], int]] = {
        "live engine, one by one": (lambda: [play_out(program, seed) for seed in range(ALONE)], ALONE)
    }
    for chunk in (FIRST_CHUNK, 256, CHUNK // 2, CHUNK, 2 * CHUNK):
        rows[f"arrays, {chunk} together"] = (lambda chunk=chunk: ensemble.play(range(chunk)), chunk)  # type: ignore[misc]
    seconds: dict[str, list[float]] = {name: [] for name in rows}
    for _ in range(ROUNDS):
        for name, (work, count) in rows.items():
            seconds[name].append(cpu_s(work) / count)
    base = statistics.median(seconds["live engine, one by one"])
    print(f"{'':26}  {'exercises/s':>11}  ratio")
    for name, each in seconds.items():
        median = statistics.median(each)
        print(f"{name:26}  {1 / median:11.1f}  {base / median:.1f}")
    most_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nmade ready in {ready_s:.2f} s of processor time; most memory {most_mib:.0f} MiB")
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        bare = ["--pairs", "0", "--settings", "0", "--json"]
        command = [sys.executable, "-m", "exercise", "rehearse", scenario, "-n", str(FIRST_CHUNK), *bare]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder)
        print(f"first result of `exercise rehearse` after {time.perf_counter() - began:.2f} s, start-up included")


if __name__ == "__main__":
    main()
