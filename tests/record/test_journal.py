"""The journal from its caller's side: begin, append, open again, go on elsewhere."""

from __future__ import annotations

import errno
import os
import pathlib
import stat

import pytest

from exercise.record.canonical import EntryError
from exercise.record.entry import NO_ENTRY, seal
from exercise.record.journal import Journal, JournalFrozen
from exercise.record.reading import LogError, read_log, verify_chain
from exercise.record.testing import Fault, FaultyDisk, sample_header, sample_log, sample_message


def test_what_is_appended_is_read_back_in_order(tmp_path: pathlib.Path):
    """The journal that wrote a log, a journal that opens it and a plain reader agree on every entry."""
    journal = Journal.create(tmp_path / "a.jsonl", sample_header())
    appended = [journal.append("message", sample_message(number), at="2026-11-22T10:00:00Z") for number in range(3)]
    head = journal.head
    journal.close()
    again, entries = Journal.open(journal.path)
    assert list(entries[1:]) == appended == list(read_log(journal.path))[1:]
    assert (again.head, again.count, again.size) == (head, 4, journal.path.stat().st_size)
    again.close()


def test_a_log_opened_again_goes_on_with_the_chain(log: pathlib.Path):
    """Closing and opening leaves no seam: the chain is the one of a log written in one go."""
    journal, _ = Journal.open(log)
    journal.append("message", sample_message(4))
    journal.close()
    straight = sample_log(log.with_name("straight.jsonl"), 6)
    straight.close()
    assert log.read_bytes() == straight.path.read_bytes()


def test_two_headless_logs_of_the_same_entries_are_equal_bytes(tmp_path: pathlib.Path):
    """Without a wall time nothing of the machine or the moment gets into the file."""
    first, second = (sample_log(tmp_path / name, 20).path.read_bytes() for name in ("a", "b"))
    assert first == second


def test_a_refused_entry_leaves_the_journal_as_it_was(log: pathlib.Path):
    """An entry that may not be recorded is the caller's mistake, not the medium's: play goes on."""
    journal, _ = Journal.open(log)
    before = log.read_bytes(), journal.head
    with pytest.raises(EntryError):
        journal.append("message", {"turn": 1})
    assert (log.read_bytes(), journal.head) == before
    journal.append("message", sample_message())
    journal.close()
    assert verify_chain(log).entries == 6


def test_a_log_is_never_written_over(log: pathlib.Path):
    """Beginning a log where there is one fails and leaves it alone."""
    before = log.read_bytes()
    with pytest.raises(LogError) as refused:
        Journal.create(log, sample_header())
    assert refused.value.code == "exists"
    assert log.read_bytes() == before


def test_a_log_is_for_its_owner_alone(tmp_path: pathlib.Path):
    """The file holds the seed and everybody's secrets: 0600, in folders that were made 0700."""
    journal = sample_log(tmp_path / "made" / "for" / "log.jsonl")
    assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(journal.path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "made").stat().st_mode) == 0o700


def test_a_closed_journal_takes_nothing_more(log: pathlib.Path):
    """Closing is final, twice is once, and nothing is left beside the log."""
    with Journal.open(log)[0] as journal:
        pass
    journal.close()
    with pytest.raises(JournalFrozen):
        journal.append("message", sample_message())
    assert [path.name for path in log.parent.iterdir()] == [log.name]


def test_a_header_that_cannot_be_recorded_leaves_no_file(tmp_path: pathlib.Path):
    """A mistake in the header is found before anything is made."""
    with pytest.raises(EntryError):
        Journal.create(tmp_path / "a.jsonl", sample_header() | {"seats": "north"})
    assert not list(tmp_path.iterdir())


def test_a_log_that_could_not_be_begun_leaves_no_file(tmp_path: pathlib.Path):
    """A disk that fails at the first line does not leave half an exercise behind."""
    with pytest.raises(LogError, match="the disk is full"):
        Journal.create(tmp_path / "a.jsonl", sample_header(), disk=FaultyDisk(Fault("write", 1, errno.ENOSPC)))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("make", [lambda path: path.mkdir(), lambda path: path.symlink_to("/dev/zero")], ids=["folder", "device"])
def test_only_a_regular_file_is_opened(tmp_path: pathlib.Path, make):
    """A folder or a device in place of a log is refused in words, at once."""
    path = tmp_path / "odd.jsonl"
    make(path)
    with pytest.raises(LogError):
        Journal.open(path)
    with pytest.raises(LogError):
        list(read_log(path))


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: pathlib.Path):
    """Opening a FIFO would wait for a writer for ever."""
    os.mkfifo(tmp_path / "pipe.jsonl")
    with pytest.raises(LogError):
        verify_chain(tmp_path / "pipe.jsonl")


def test_a_link_to_a_log_opens_the_log_itself(log: pathlib.Path):
    """What is set aside and who has it lies beside the file, not beside the link."""
    link = log.parent / "elsewhere"
    link.mkdir()
    (link / "link.jsonl").symlink_to(log)
    journal, _ = Journal.open(link / "link.jsonl")
    assert journal.path == log.resolve()
    with pytest.raises(LogError) as refused:
        Journal.open(log)
    assert refused.value.code == "locked"
    journal.close()


def test_an_exercise_goes_on_in_another_file(log: pathlib.Path):
    """The copy holds what was acknowledged, is verified, and continues the same chain; the old file stays as it was."""
    journal, _ = Journal.open(log)
    journal.append("message", sample_message(4))
    before = log.read_bytes()
    moved = journal.continue_at(log.with_name("moved.jsonl"))
    assert moved.path.read_bytes() == before == log.read_bytes()
    moved.append("message", sample_message(5))
    moved.close()
    with pytest.raises(JournalFrozen):
        journal.append("message", sample_message(5))
    assert verify_chain(moved.path).entries == 7


def test_an_interrupt_while_recording_freezes_the_journal(log: pathlib.Path, monkeypatch: pytest.MonkeyPatch):
    """Ctrl-C in the midst of a write leaves the tail unknown; nothing may be written after it."""
    journal, _ = Journal.open(log)

    def interrupted(_data: bytes) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(type(journal._tape), "write", lambda _self, data: interrupted(data))
    with pytest.raises(KeyboardInterrupt):
        journal.append("message", sample_message())
    monkeypatch.undo()
    with pytest.raises(JournalFrozen, match="interrupted"):
        journal.append("message", sample_message())


@pytest.mark.parametrize("spoil", ["rewritten", "shorter"])
def test_an_exercise_does_not_go_on_from_a_file_that_was_changed_under_it(log: pathlib.Path, spoil):
    """A copy is only taken over if it ends in the head that was acknowledged; the new file is taken back."""
    journal, entries = Journal.open(log)
    lines, prev = [], NO_ENTRY
    for entry in entries:
        told = {"text": entry.data["text"].swapcase()} if entry.type == "message" else {}
        sealed, line = seal(entry.n, prev, entry.type, entry.data | told)
        lines.append(line)
        prev = sealed.hash
    with log.open("r+b") as file:
        file.write(b"".join(lines))
        file.truncate(journal.size if spoil == "rewritten" else journal.size - 1)
    assert verify_chain(log).ok == (spoil == "rewritten")
    with pytest.raises(LogError, match=r"no longer holds|became shorter"):
        journal.continue_at(log.with_name("moved.jsonl"))
    assert not log.with_name("moved.jsonl").exists()
