"""Make the golden logs again: one for each shipped scenario and doctrine set, played to its end.

    python tests/golden/make.py

Only when the meaning of rules or the form of outcomes was changed on purpose; ``SEMANTICS`` in exercise/record/shapes.py must rise with it once a
version is released. A change of content alone needs no new logs: each holds the content under which it was played.
"""

from __future__ import annotations

import lzma
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SETS = {
    "osh-2010": ("default", "history", "prevention"),
    "rasht-2010": ("default", "history", "deals"),
    "kyrgyzstan-1991-2015": ("default", "history", "reform"),
    "assistance-2001-2016": ("default", "history", "conditional"),
}
SEED = 7


def main() -> None:
    """Play and pack."""
    for scenario, doctrines in SETS.items():
        for doctrine in doctrines:
            with tempfile.TemporaryDirectory() as folder:
                log = pathlib.Path(folder) / "log.jsonl"
                command = [
                    sys.executable,
                    "-m",
                    "exercise",
                    "run",
                    scenario,
                    "--seed",
                    str(SEED),
                    "--doctrine",
                    f"all={doctrine}",
                    "--log",
                    log,
                ]
                subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
                packed = lzma.compress(log.read_bytes(), preset=9)
            target = HERE / f"{scenario}-{doctrine}.jsonl.xz"
            target.write_bytes(packed)
            sys.stdout.write(f"{target.name}: {len(packed):,} bytes\n")


if __name__ == "__main__":
    main()
