"""Reading logs as others may have left them."""

from __future__ import annotations

import pathlib

import pytest

from exercise.record.entry import seal
from exercise.record.journal import Journal
from exercise.record.reading import LogError, read_log, verify_chain
from exercise.record.testing import CachedDisk, sample_log


def test_reading_hands_out_every_sound_entry_before_it_names_the_damage(log: pathlib.Path):
    """What can be replayed is handed on; the error says how many entries that were and where the damage is."""
    lines = log.read_bytes().split(b"\n")
    lines[3] = lines[3].replace(b"message 2", b"message 8")
    log.write_bytes(b"\n".join(lines))
    seen = []
    with pytest.raises(LogError) as error:
        seen.extend(entry.n for entry in read_log(log))
    assert (error.value.line, error.value.good, error.value.code, error.value.turn) == (4, 3, "hash", 1)


def test_the_turn_of_the_damage_is_named(tmp_path: pathlib.Path):
    """A facilitator looks for the turn, not for the line."""
    journal = sample_log(tmp_path / "a.jsonl", 2)
    for turn in (1, 2):
        journal.append("turn_closed", {"turn": turn, "digest": "0" * 64, "outcomes": []})
    journal.append("note", {"turn": 3, "text": "x"})
    journal.close()
    content = journal.path.read_bytes()
    journal.path.write_bytes(content[:-3] + b"!" + content[-2:])
    report = verify_chain(journal.path)
    assert report.first_difference is not None
    assert (report.first_difference.line, report.first_difference.turn) == (5, 3)


def test_progress_is_told_and_ends_with_everything(tmp_path: pathlib.Path):
    """Whoever waits for a long log sees how far it is."""
    disk = CachedDisk()
    journal = sample_log(tmp_path / "a.jsonl", 2500, disk=disk)
    told: list[tuple[int, int]] = []
    verify_chain(journal.path, disk=disk, progress=lambda count, size: told.append((count, size)))
    assert [count for count, _ in told] == [1000, 2000, 2500]
    assert told[-1][1] == journal.size


def test_a_log_in_play_can_be_read(tmp_path: pathlib.Path):
    """A reader takes no lock and leaves nothing behind, so the facilitator may verify while the exercise runs."""
    journal = sample_log(tmp_path / "a.jsonl")
    assert verify_chain(journal.path).ok
    assert [entry.n for entry in read_log(journal.path)] == [1, 2, 3, 4, 5]
    journal.append("note", {"turn": 1, "text": "still ours"})


def test_a_read_only_log_can_be_verified(log: pathlib.Path):
    """A log on a read-only medium or out of an archive needs no rights to write."""
    log.chmod(0o400)
    assert verify_chain(log).ok


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no-header"),
        (b"{", "no-header"),
        (b"hello\n", "not-json"),
        (b"[]\n", "fields"),
        (b"\x1f\x8b\x08\x00 packed\n", "not-utf8"),
        (b"\n", "not-json"),
    ],
    ids=["empty", "torn", "text", "list", "gzip", "blank"],
)
def test_a_file_that_is_no_log_is_refused_in_words(tmp_path: pathlib.Path, content, code):
    """Any file may be given by mistake; the answer is one sentence."""
    path = tmp_path / "what.jsonl"
    path.write_bytes(content)
    with pytest.raises(LogError) as refused:
        list(read_log(path))
    assert refused.value.code == code
    assert not verify_chain(path).ok
    with pytest.raises(LogError):
        Journal.open(path)


def test_a_missing_file_is_said_to_be_missing(tmp_path: pathlib.Path):
    """The commonest mistake has its own code."""
    with pytest.raises(LogError) as refused:
        verify_chain(tmp_path / "none.jsonl")
    assert refused.value.code == "missing"


def test_a_head_that_was_kept_finds_lines_added_since(log: pathlib.Path):
    """The head printed at ENDEX is that of the last line; a log that goes on after it is named as such."""
    entries = list(read_log(log))
    report = verify_chain(log, entries[3].hash)
    assert not report.ok
    assert report.first_difference is not None
    assert "line 4" in report.first_difference.what
    assert verify_chain(log, f" {entries[-1].hash.upper()}\n").ok


def test_entries_of_another_log_do_not_fit(log: pathlib.Path, tmp_path: pathlib.Path):
    """A line that is sound in itself but belongs to another exercise breaks the chain."""
    _, line = seal(6, "ab" * 32, "note", {"turn": 1, "text": "from elsewhere"})
    log.write_bytes(log.read_bytes() + line)
    report = verify_chain(log)
    assert (report.ok, report.entries) == (False, 5)
