"""A log of an exercise that nobody has to compute: enough for everything under the replay."""

from __future__ import annotations

import pathlib

import pytest

from exercise.record.testing import sample_log


@pytest.fixture
def log(tmp_path: pathlib.Path) -> pathlib.Path:
    """A closed log of five entries."""
    path = tmp_path / "two-valleys.jsonl"
    sample_log(path).close()
    return path
