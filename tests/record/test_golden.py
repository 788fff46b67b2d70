"""Golden logs: exercises recorded once must recompute to the same digests and outcomes from the content that they embed."""

from __future__ import annotations

import lzma
import pathlib

import pytest

from exercise.record.reading import read_log
from exercise.record.replay import verify_log
from exercise.record.shapes import SEMANTICS
from tests.golden.make import SETS

GOLDEN = sorted((pathlib.Path(__file__).parent.parent / "golden").glob("*.jsonl.xz"))


def test_there_is_a_golden_log_for_each_doctrine_set() -> None:
    """Of every shipped scenario; nobody removes one unnoticed."""
    assert {path.name for path in GOLDEN} == {
        f"{scenario}-{doctrine}.jsonl.xz" for scenario, doctrines in SETS.items() for doctrine in doctrines
    }
    scenarios = pathlib.Path(__file__).resolve().parents[2] / "scenarios"
    assert {folder.name.replace("_", "-") for folder in scenarios.iterdir() if folder.is_dir()} == set(SETS)


@pytest.mark.parametrize("packed", GOLDEN, ids=lambda path: path.name.partition(".")[0])
def test_a_golden_log_recomputes(tmp_path: pathlib.Path, packed: pathlib.Path) -> None:
    """Every turn leads to the recorded digest and outcomes. If the meaning was changed on purpose: python tests/golden/make.py."""
    log = tmp_path / "golden.jsonl"
    log.write_bytes(lzma.decompress(packed.read_bytes()))
    report = verify_log(log)
    assert report.ok, report.first_difference
    assert report.recomputed
    assert next(iter(read_log(log))).data["semantics"] == SEMANTICS
