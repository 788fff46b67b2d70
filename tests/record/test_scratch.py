"""Folders that live as long as a program, and what clears up behind those that were killed."""

from __future__ import annotations

import os
import pathlib
import signal
import stat
import subprocess
import sys
import tempfile

import pytest

from exercise.record.scratch import LOCK, Scratch

LIVES = (
    "import sys, time\nfrom exercise.record.scratch import Scratch\nkept = Scratch('host-')\nprint(kept.path, flush=True)\ntime.sleep(60)\n"
)


@pytest.fixture(autouse=True)
def own_tmp(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A temporary folder that no other program writes into."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def test_a_killed_programs_folder_is_cleared_by_the_next_and_a_living_ones_is_not(tmp_path: pathlib.Path) -> None:
    """Practice logs and sockets do not stay behind; nothing is taken from a program that runs, and nothing that is not ours."""
    foreign, unlocked = tmp_path / "situation-room-notes.txt", tmp_path / "situation-room-other"
    foreign.write_text("mine")
    unlocked.mkdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / LOCK).touch()
    (tmp_path / "situation-room-link").symlink_to(elsewhere)
    with subprocess.Popen([sys.executable, "-c", LIVES], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        folder = pathlib.Path(other.stdout.readline().strip())
        (folder / "practice.jsonl").write_text("secret")
        assert (folder.parent, stat.S_IMODE(folder.stat().st_mode)) == (tmp_path, 0o700)
        with Scratch("practice-") as mine:
            assert folder.exists()
            os.kill(other.pid, signal.SIGKILL)
            other.wait()
            with Scratch("practice-"):
                assert not folder.exists()
                assert mine.path.exists()
    assert not mine.path.exists()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["elsewhere", *sorted((foreign.name, "situation-room-link", unlocked.name))]
    assert (elsewhere / LOCK).exists()


def test_closing_twice_does_nothing() -> None:
    """As everything here that is closed."""
    made = Scratch()
    made.close()
    made.close()
    assert not made.path.exists()
