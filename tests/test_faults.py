"""The faults and hostile inputs that this project survives, by number; and those that it does not answer for yet.

Every row of the register has a test named ``test_fault_NN_...``, here or beside the module that survives it, or stands in ``OPEN_ROWS``
with what is missing. That list only gets shorter: whoever adds the test of a row takes the row out of it.
Long campaigns run with ``pytest --long``; otherwise the share that each test states.
"""

from __future__ import annotations

import ast
import contextlib
import errno
import hashlib
import itertools
import json
import os
import pathlib
import random
import re
import signal
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exercise.content import load
from exercise.core.compile import compile_exercise
from exercise.core.decisions import Decision, OrderDecision, RuledEffect, Ruling
from exercise.core.layout import bounds
from exercise.core.legality import legal, refusal
from exercise.core.program import Program
from exercise.core.turns import close_turn, is_finished, open_turn
from exercise.core.world import World, digest
from exercise.record.canonical import EntryError
from exercise.record.disk import LOCAL, Disk
from exercise.record.entry import NO_ENTRY, Entry, seal
from exercise.record.journal import Journal, JournalFrozen
from exercise.record.provenance import content_changes
from exercise.record.reading import LogError, NewerLogError, read_log, verify_chain
from exercise.record.replay import ReplayError, replay, verify_log
from exercise.record.testing import CachedDisk, Fault, FaultyDisk, FullDisk, sample_header, sample_log, sample_message
from tests.record.played import FULL, VALLEYS, at_random, play, scripted, valleys
from tests.worlds import value, world_of

LAST_ROW = 70
OPEN_ROWS: dict[int, str] = {
    13: "there is no older release yet; the first release leaves a golden log behind",
    52: "exports are not built yet",
    53: "reports are not built yet",
    68: "no lock of dependencies yet",
}

MEMORY = pathlib.Path("/log.jsonl")
"""Where a log lies on a disk in memory."""
PIPE_BYTES = 4


def disk_with(content: bytes) -> CachedDisk:
    """A disk in memory that holds this log."""
    disk = CachedDisk()
    handle = disk.create(MEMORY)
    disk.write(handle, content)
    disk.sync(handle)
    disk.sync_folder(MEMORY.parent)
    disk.close(handle)
    return disk


def golden(entries: int = 5) -> bytes:
    """The bytes of a small log, the same on every machine."""
    disk = CachedDisk()
    sample_log(MEMORY, entries, disk=disk).close()
    return disk.content(MEMORY)


def sealed(entries: list[tuple[str, dict, str | None]]) -> bytes:
    """A log of these entries with every hash right, whoever may write it."""
    lines, prev = [], NO_ENTRY
    for number, (kind, data, at) in enumerate(entries, 1):
        entry, line = seal(number, prev, kind, data, at)
        lines.append(line)
        prev = entry.hash
    return b"".join(lines)


# --- the register ---------------------------------------------------------------------------------------------------------------------


def rows_with_tests() -> dict[int, list[str]]:
    """Numbers in the names of tests, wherever they are, each with the files."""
    found: dict[int, list[str]] = {}
    for path in sorted(pathlib.Path(__file__).parent.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (match := re.match(r"test_fault_(\d\d)_\w", node.name)):
                found.setdefault(int(match[1]), []).append(path.name)
    return found


def test_every_row_of_the_register_is_tested_or_open():
    """No row is forgotten; one that has a test no longer counts as open; no test names a row that does not exist."""
    tested = set(rows_with_tests())
    rows = set(range(1, LAST_ROW + 1))
    assert rows - tested - OPEN_ROWS.keys() == set(), "neither tested nor open"
    assert tested & OPEN_ROWS.keys() == set(), "tested: take these out of OPEN_ROWS"
    assert (tested | OPEN_ROWS.keys()) - rows == set(), "there are no such rows"
    assert all(10 < len(reason) <= 140 for reason in OPEN_ROWS.values())


# --- journal and disk: 1 to 16 --------------------------------------------------------------------------------------------------------


def write_until_killed(path: pathlib.Path, acknowledge: int, seed: int) -> None:
    """Be a host: open or begin the log, record entries of all sizes, and tell of each when, and only when, ``append`` has returned."""
    dice = random.Random(seed)
    journal = Journal.open(path)[0] if path.exists() and path.read_bytes().count(b"\n") else fresh(path)
    while True:
        if dice.random() < 0.1:
            journal.append("rating", {"turn": 1, "of": "north", "rating": ["y" * 15_000] * dice.randint(1, 30)})
        else:
            journal.append("message", sample_message(journal.count, dice.randint(0, 5_000)))
        os.write(acknowledge, journal.count.to_bytes(PIPE_BYTES, "big"))


def fresh(path: pathlib.Path) -> Journal:
    """Begin the log; what a host left that was killed before its first line was whole is cleared away, as its message says."""
    path.unlink(missing_ok=True)
    return Journal.create(path, sample_header())


def killed_host(path: pathlib.Path, dice: random.Random) -> int:
    """Fork a host, kill it at a random moment, and give the number of the last entry that it acknowledged."""
    told, tell = os.pipe()
    seed = dice.getrandbits(32)
    child = os.fork()
    if child == 0:
        with contextlib.suppress(BaseException):
            os.close(told)
            write_until_killed(path, tell, seed)
        os._exit(1)
    os.close(tell)
    wanted = dice.randint(0, 4) * PIPE_BYTES
    heard = b""
    while len(heard) < wanted and (more := os.read(told, wanted - len(heard))):
        heard += more
    time.sleep(dice.random() * 0.003)
    os.kill(child, signal.SIGKILL)
    while more := os.read(told, 65536):
        heard += more
    _, status = os.waitpid(child, 0)
    os.close(told)
    assert os.WIFSIGNALED(status), "the host ended by itself"
    return int.from_bytes(heard[-PIPE_BYTES:], "big")


def test_fault_01_a_host_killed_at_any_moment_loses_nothing_it_acknowledged(tmp_path, campaign):
    """300 kills (10,000 with --long) at random moments of beginning, opening and appending.

    Every acknowledged entry is there afterwards, in order and sound, and at most one torn tail is set aside with a notice.
    """
    dice = random.Random(1)
    kills = campaign(300, 10_000)
    acknowledged = torn = 0
    before = 0
    for number in range(kills):
        if number % 10 == 0:
            path, before = tmp_path / f"log-{number // 10}.jsonl", 0
        last = killed_host(path, dice)
        report = verify_chain(path) if path.exists() else None
        assert (report.entries if report else 0) >= max(last, before)
        acknowledged += max(last - before, 0)
        if report and report.entries:
            journal, entries = Journal.open(path)
            assert len(entries) == report.entries
            assert len(journal.notices) == report.is_torn
            torn += report.is_torn
            before = len(entries)
            journal.close()
        if number % 10 == 9:
            for left in tmp_path.iterdir():
                left.unlink()
    assert acknowledged > kills, (acknowledged, torn)


class PowerCut(BaseException):
    """The power goes."""


@attrs.define(slots=True, eq=False)
class CuttingDisk:
    """A disk in memory whose power goes at the n-th call that changes anything, before or after the call takes effect."""

    inner: CachedDisk
    left: int
    effective: bool

    def __getattr__(self, name: str):
        call = getattr(self.inner, name)
        if name not in {"create", "write", "sync", "sync_folder", "truncate"}:
            return call

        def cut(*args):
            self.left -= 1
            if self.left > 0:
                return call(*args)
            if self.effective:
                call(*args)
            raise PowerCut

        return cut


def test_fault_02_a_power_cut_leaves_every_acknowledged_entry(campaign):
    """1,000 exercises (100,000 with --long), each with four crashes of host or machine at any call of the disk.

    Whatever of the unsynced bytes arrives, in whatever order, the acknowledged entries are there, unchanged, and opening needs no hand.
    What opening has shown counts as acknowledged: after a crash of the host alone it may show an entry that was not synced until then.
    """
    for seed in range(campaign(1_000, 100_000)):
        dice = random.Random(seed)
        disk, acknowledged = CachedDisk(), []
        for _ in range(4):
            cutting = CuttingDisk(disk, dice.randint(1, 14), dice.random() < 0.5)
            with contextlib.suppress(PowerCut):
                host_until_cut(cutting, acknowledged, dice)
            if dice.random() < 0.6:
                disk = disk.power_cut(dice)
            if acknowledged:
                journal, entries = Journal.open(MEMORY, disk=disk)
                assert [entry.hash for entry in entries[: len(acknowledged)]] == acknowledged
                assert len(entries) <= len(acknowledged) + 1
                acknowledged = [entry.hash for entry in entries]
                journal.close()


def host_until_cut(disk: Disk, acknowledged: list[str], dice: random.Random) -> None:
    """Record entries until the power goes, keeping the hash of each that was acknowledged."""
    if acknowledged:
        journal, _ = Journal.open(MEMORY, disk=disk)
    else:
        if disk.exists(MEMORY):
            disk.remove(MEMORY)
        journal = Journal.create(MEMORY, sample_header(), disk=disk)
        acknowledged.append(journal.head)
    while True:
        acknowledged.append(journal.append("message", sample_message(journal.count, dice.choice([0, 500, 3000]))).hash)


def test_fault_03_a_write_torn_at_any_byte_is_set_aside_and_nothing_else():
    """A log cut at every byte offset: whole lines stay as they were, the rest of the last is kept beside the file, and play goes on."""
    whole = golden()
    for size in range(len(whole) + 1):
        kept = whole[:size].rfind(b"\n") + 1
        disk = disk_with(whole[:size])
        if kept == 0:
            with pytest.raises(LogError, match=r"nothing was recorded|is empty"):
                Journal.open(MEMORY, disk=disk)
            continue
        journal, entries = Journal.open(MEMORY, disk=disk)
        assert len(entries) == whole[:kept].count(b"\n")
        assert disk.content(MEMORY) == whole[:kept]
        assert len(journal.notices) == (kept < size)
        if kept < size:
            assert disk.content(MEMORY.with_name("log.jsonl.torn-1")) == whole[kept:size]
        journal.append("note", {"turn": 1, "text": "on we go"})
        journal.close()
        assert verify_chain(MEMORY, disk=disk).ok


def test_fault_03_several_torn_tails_are_all_kept(tmp_path):
    """A second crash does not overwrite what the first left."""
    path = tmp_path / "log.jsonl"
    sample_log(path).close()
    for number in (1, 2):
        with path.open("ab") as file:
            file.write(b'{"data":%d' % number)
        journal, _ = Journal.open(path)
        assert f"torn-{number}" in journal.notices[0]
        journal.close()
    assert [(tmp_path / f"log.jsonl.torn-{number}").read_bytes() for number in (1, 2)] == [b'{"data":1', b'{"data":2']
    assert (tmp_path / "log.jsonl.torn-1").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("taken", [1, 7, 100])
def test_fault_04_a_short_write_is_completed(tmp_path, taken):
    """A write that takes fewer bytes than given, without an error, is followed by another until all are on the disk."""
    disk = FaultyDisk(*(Fault("write", nth, taken=taken) for nth in range(1, 40)))
    journal = sample_log(tmp_path / "log.jsonl", 4, disk=disk)
    assert journal.path.read_bytes() == golden(4)
    assert sum(call == "write" for call, _ in disk.calls) > 4


def test_fault_04_a_disk_that_takes_nothing_freezes_the_journal(tmp_path):
    """A medium that accepts no byte and reports no error is not asked for ever."""
    journal = sample_log(tmp_path / "log.jsonl", disk=FaultyDisk(Fault("write", 6, taken=0, forever=True)))
    with pytest.raises(JournalFrozen, match="takes no bytes"):
        journal.append("message", sample_message())


@contextlib.contextmanager
def mounted(folder: pathlib.Path, options: str) -> Iterator[pathlib.Path]:
    """A small disk in memory mounted at the folder; skips where this user may not mount."""
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("no right to mount a disk here; the pretended one is tested")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], capture_output=True, check=False)


@pytest.fixture(params=["mounted", "pretended"])
def small_disk(request, tmp_path) -> Iterator[tuple[pathlib.Path, Disk]]:
    """A folder and its disk of 64 KiB: a real one where mounting is allowed, and one that pretends, everywhere."""
    if request.param == "mounted":
        with mounted(tmp_path / "small", "size=64k") as folder:
            yield folder, LOCAL
    else:
        yield tmp_path, FullDisk(64 * 1024)


def fill(journal: Journal) -> None:
    """Append until something gives."""
    while True:
        journal.append("message", sample_message(journal.count, 700))


def test_fault_05_a_full_disk_acknowledges_nothing_and_play_goes_on_elsewhere(small_disk, tmp_path):
    """On 64 KiB the entry that no longer fits is refused in words, and so is every later one though there be room again.

    What was acknowledged is there, and the exercise goes on in another file with the same chain.
    """
    folder, disk = small_disk
    journal = Journal.create(folder / "log.jsonl", sample_header(), disk=disk)
    with pytest.raises(JournalFrozen, match="the disk is full") as frozen:
        fill(journal)
    acknowledged, head = journal.count, journal.head
    assert acknowledged > 20
    assert f"the {acknowledged} entries before are safe" in str(frozen.value)
    with pytest.raises(JournalFrozen):
        journal.append("note", {"turn": 1, "text": "x"})
    assert verify_chain(journal.path).entries == acknowledged
    if isinstance(disk, FullDisk):
        disk.room = 10**6
    moved = journal.continue_at(tmp_path / "roomy.jsonl")
    moved.append("note", {"turn": 1, "text": "resumed here"})
    entries = list(read_log(moved.path))
    assert (entries[acknowledged - 1].hash, len(entries)) == (head, acknowledged + 1)


def test_fault_05_a_disk_full_while_the_exercise_begins_leaves_no_file(tmp_path):
    """An exercise that cannot be recorded does not begin."""
    with pytest.raises(LogError, match="the disk is full"):
        Journal.create(tmp_path / "log.jsonl", sample_header(), disk=FullDisk(100))
    assert not list(tmp_path.iterdir())


def test_fault_06_a_failed_fsync_is_final(tmp_path):
    """After EIO from fsync nothing is written, synced or cut on that handle again.

    The kernel may have dropped the pages, and a second fsync would lie. The log can still be read, with every acknowledged entry.
    """
    disk = FaultyDisk(Fault("sync", 6, errno.EIO))
    journal = sample_log(tmp_path / "log.jsonl", 5, disk=disk)
    with pytest.raises(JournalFrozen, match="EIO"):
        journal.append("message", sample_message(5))
    calls = len(disk.calls)
    for _ in range(3):
        with pytest.raises(JournalFrozen, match="EIO"):
            journal.append("message", sample_message(6))
    journal.close()
    assert {call for call, _ in disk.calls[calls:]} <= {"read", "open"}
    assert [entry.n for entry in read_log(journal.path)][:5] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("call", ["read", "sync", "sync_folder"])
def test_fault_06_a_disk_that_fails_while_a_log_is_opened_opens_nothing(tmp_path, call):
    """What cannot be verified and made durable is not played on; the lock is given back."""
    path = tmp_path / "log.jsonl"
    sample_log(path).close()
    with pytest.raises(LogError):
        Journal.open(path, disk=FaultyDisk(Fault(call, 1, errno.EIO)))
    Journal.open(path)[0].close()


def test_fault_07_the_name_of_a_new_log_is_durable_before_anything_is_acknowledged(tmp_path):
    """Beginning a log syncs the file and then its folder, and a new folder's name in the folder above it.

    Without that a power cut can take the whole file, as a disk that forgets unsynced names shows.
    """
    disk = FaultyDisk()
    Journal.create(tmp_path / "new" / "log.jsonl", sample_header(), disk=disk).close()
    calls = [call if call in {"create", "write", "sync"} else (call, subject) for call, subject in disk.calls]
    assert calls == [("sync_folder", tmp_path), "create", "write", "sync", ("sync_folder", tmp_path / "new")]
    for seed in range(50):
        cached = CachedDisk()
        Journal.create(MEMORY, sample_header(), disk=cached)
        assert cached.power_cut(random.Random(seed)).exists(MEMORY)


def test_fault_08_every_flipped_bit_is_found_and_its_entry_named():
    """All bits of a small log, one after the other: the damage is found in its line, and the entries before it can be replayed.

    Nothing is set aside as if it were a tear: an acknowledged entry does not vanish over one bit.
    """
    whole = golden(4)
    last = whole[:-1].rfind(b"\n") + 1
    for place, bit in itertools.product(range(len(whole)), range(8)):
        flipped = bytearray(whole)
        flipped[place] ^= 1 << bit
        disk = disk_with(bytes(flipped))
        line = whole[:place].count(b"\n") + 1
        report = verify_chain(MEMORY, disk=disk)
        assert report.first_difference is not None, (place, bit)
        assert (report.ok, report.entries, report.first_difference.line, report.is_torn) == (False, line - 1, line, False)
        if place >= last:
            with pytest.raises(LogError):
                Journal.open(MEMORY, disk=disk)
            assert disk.content(MEMORY) == bytes(flipped)


def test_fault_09_a_line_deleted_doubled_or_moved_breaks_the_chain():
    """Every single deletion, doubling and swap in a log of eight lines is found at the first line that is not where it was.

    Only the last line can be left out unseen by the chain alone: then the head that was kept tells.
    """
    lines = golden(8).splitlines(keepends=True)
    head = json.loads(lines[-1])["hash"]
    changed = [(n, lines[:n] + lines[n + 1 :]) for n in range(7)]
    changed += [(n + 1, [*lines[: n + 1], *lines[n:]]) for n in range(8)]
    for a, b in itertools.combinations(range(8), 2):
        swapped = list(lines)
        swapped[a], swapped[b] = swapped[b], swapped[a]
        changed.append((a, swapped))
    for first, mutated in changed:
        report = verify_chain(MEMORY, disk=disk_with(b"".join(mutated)))
        assert not report.ok
        assert report.first_difference is not None
        assert report.first_difference.line == first + 1
    shorter = disk_with(b"".join(lines[:-1]))
    assert verify_chain(MEMORY, disk=shorter).ok
    assert not verify_chain(MEMORY, head, disk=shorter).ok


def test_fault_09_an_edit_with_the_chain_recomputed_is_found_by_the_head():
    """Whoever rewrites an entry and every hash after it makes a sound chain of another head; the head that was printed tells."""
    entries = list(read_log(MEMORY, disk=disk_with(golden(8))))
    for number in range(1, 8):
        data = [(entry.type, dict(entry.data), entry.at) for entry in entries]
        data[number][1]["text"] = "we never said that"
        forged = disk_with(sealed(data))
        assert verify_chain(MEMORY, disk=forged).ok
        assert not verify_chain(MEMORY, entries[-1].hash, disk=forged).ok
    assert verify_chain(MEMORY, entries[-1].hash, disk=disk_with(golden(8))).ok


def test_fault_10_a_second_host_is_refused_and_told_who_has_the_log(tmp_path):
    """Two processes, one log: the second is told process and machine of the first, and gets the log once the first is gone, however."""
    path = tmp_path / "log.jsonl"
    host = subprocess.Popen(
        [sys.executable, "-c", HOLD, path], cwd=pathlib.Path(__file__).parent.parent, stdout=subprocess.PIPE, stdin=subprocess.PIPE
    )
    try:
        assert host.stdout is not None
        assert host.stdout.readline() == b"held\n"
        with pytest.raises(LogError, match=f"process {host.pid} on {re.escape(os.uname().nodename)}") as refused:
            Journal.open(path)
        assert refused.value.code == "locked"
    finally:
        host.kill()
        host.communicate()
    Journal.open(path)[0].close()


HOLD = """
import sys
from exercise.record.testing import sample_log
from pathlib import Path
journal = sample_log(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_fault_11_a_read_only_medium_is_refused_at_the_start(tmp_path):
    """A log on a medium mounted read-only can be verified but not played on, and none can be begun there."""
    with mounted(tmp_path / "medium", "size=1m") as folder:
        sample_log(folder / "log.jsonl").close()
        subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
        assert verify_chain(folder / "log.jsonl").ok
        with pytest.raises(LogError, match=r"[Rr]ead-only") as refused:
            Journal.open(folder / "log.jsonl")
        assert refused.value.code == "read-only"
        with pytest.raises(LogError, match="read-only"):
            Journal.create(folder / "other.jsonl", sample_header())


def test_fault_11_a_medium_taken_away_in_play_freezes_the_journal(tmp_path):
    """After a lazy unmount the handle still takes bytes that nobody will ever find.

    They are not acknowledged, and play goes on elsewhere with what was.
    """
    with mounted(tmp_path / "medium", "size=1m") as folder:
        journal = sample_log(folder / "log.jsonl")
        subprocess.run(["umount", "-l", folder], check=True)
        with pytest.raises(JournalFrozen, match="taken away"):
            journal.append("message", sample_message())
        moved = journal.continue_at(tmp_path / "elsewhere.jsonl")
        assert verify_chain(moved.path).entries == 5


@pytest.mark.parametrize("lose", [lambda path: path.unlink(), lambda path: path.rename(path.with_name("moved"))], ids=["deleted", "moved"])
def test_fault_11_a_log_moved_or_deleted_in_play_freezes_the_journal(tmp_path, lose):
    """The same without a mount: an entry counts only in the file that others find under the log's name."""
    journal = sample_log(tmp_path / "log.jsonl")
    lose(journal.path)
    with pytest.raises(JournalFrozen, match="moved or deleted"):
        journal.append("message", sample_message())


@pytest.mark.parametrize(
    ("code", "call"), [(errno.EROFS, "open"), (errno.EACCES, "open"), (errno.EROFS, "create"), (errno.EIO, "create")], ids=str
)
def test_fault_11_a_disk_that_refuses_is_reported_in_words(tmp_path, code, call):
    """The same on a disk that pretends, for where nothing can be mounted."""
    path = tmp_path / "log.jsonl"
    disk = FaultyDisk(Fault(call, 1, code))
    if call == "open":
        sample_log(path).close()
    begin = Journal.open if call == "open" else sample_log
    with pytest.raises(LogError):
        begin(path, disk=disk)


@pytest.mark.parametrize("changes", [{"format": 2}, {"semantics": 9}, {"format": 3, "new_field": [1]}], ids=str)
def test_fault_12_a_log_of_a_newer_version_is_refused_with_the_version_it_needs(changes):
    """Nothing of it is half read: not when its first line is like ours, not when lines have another shape."""
    body = {"type": "exercise", "n": 1, "prev": NO_ENTRY, "data": sample_header() | changes | {"engine": "7.3.0"}}
    spelled = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    digest = hashlib.sha256(spelled.encode()).hexdigest()
    ours = json.dumps(body | {"hash": digest}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    for line in (ours, json.dumps(body | {"hash": digest, "signature": "x"})):
        disk = disk_with(line.encode() + b"\n" + b'{"whatever": "a newer version writes"}\n')
        entries: list[Entry] = []
        with pytest.raises(NewerLogError, match=r"install version 7\.3\.0"):
            entries.extend(read_log(MEMORY, disk=disk))
        assert not entries
        with pytest.raises(NewerLogError):
            Journal.open(MEMORY, disk=disk)
        report = verify_chain(MEMORY, disk=disk)
        assert report.first_difference is not None
        assert "7.3.0" in report.first_difference.what


def test_fault_14_a_gigantic_log_is_read_in_bounded_memory(tmp_path, campaign):
    """20,000 entries (1,000,000 with --long) take as much memory as one, with progress told on the way."""
    path = tmp_path / "log.jsonl"
    count = campaign(20_000, 1_000_000)
    prev = NO_ENTRY
    with path.open("wb") as file:
        for number in range(1, count + 1):
            kind, data = ("exercise", sample_header()) if number == 1 else ("message", sample_message(number))
            entry, line = seal(number, prev, kind, data)
            file.write(line)
            prev = entry.hash
    told: list[int] = []
    peak = peak_memory(lambda: verify_chain(path, prev, progress=lambda entries, _size: told.append(entries)))
    assert told[-1] == count
    assert len(told) > count // 1000
    assert peak < 2 * 1024 * 1024


def peak_memory(work: Callable[[], object]) -> int:
    """Most bytes that Python held at once while it did this."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("before", [0, 5], ids=["first line", "later line"])
def test_fault_14_a_line_of_a_gigabyte_is_not_read_to_its_end(tmp_path, before):
    """A line without an end is given up at the longest an entry can be."""
    path = tmp_path / "log.jsonl"
    path.write_bytes(golden(before) if before else b"")
    with path.open("r+b") as file:
        file.truncate(2**30)
    reports: list[LogError] = []

    def read() -> None:
        try:
            for _ in read_log(path):
                pass
        except LogError as error:
            reports.append(error)

    assert peak_memory(read) < 64 * 1024 * 1024
    assert (reports[0].code, reports[0].line) == ("line-too-long", before + 1)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda log: log.replace(b"\n", b"\r\n"), "CR LF"),
        (lambda log: b"\xef\xbb\xbf" + log, "byte order mark"),
        (lambda log: b"\xef\xbb\xbf" + log.replace(b"\n", b"\r\n"), "byte order mark"),
        (lambda log: log.decode().encode("utf-16"), "UTF-16"),
        (lambda log: log.replace(b"\n", b"\r\n", 1), "CR LF"),
        (lambda log: log[:-1] + b"\r\n", "CR LF"),
        (lambda log: log + b"\n", "not JSON"),
    ],
    ids=["crlf", "bom", "both", "utf-16", "first line crlf", "last line crlf", "blank line"],
)
def test_fault_15_a_log_changed_by_windows_or_mail_is_refused_with_what_happened(change, says):
    """The bytes are the record, so nothing is tolerated; the message says what was done to the file and what to ask for."""
    disk = disk_with(change(golden()))
    with pytest.raises(LogError, match=says) as refused:
        list(read_log(MEMORY, disk=disk))
    assert "archive" in str(refused.value) or says == "not JSON"
    with pytest.raises(LogError, match=says):
        Journal.open(MEMORY, disk=disk)


def test_fault_16_clocks_that_jump_change_nothing_but_the_annotation():
    """Back, forth, over a leap day, past 2038 and 9999: order is the order of the lines, whatever the clock said."""
    times = ["2026-10-25T01:30:00Z", "2026-10-25T00:30:00Z", "1970-01-01T00:00:00Z", "2028-02-29T23:59:60Z", "2038-01-19T03:14:08Z"]
    times += ["2106-02-07T06:28:16Z", "10000-01-01T00:00:00Z"]
    disk = CachedDisk()
    journal = Journal.create(MEMORY, sample_header(), times[0], disk=disk)
    for number, at in enumerate(times):
        journal.append("message", sample_message(number), at)
    journal.close()
    entries = list(read_log(MEMORY, disk=disk))
    assert [entry.data["text"] for entry in entries[1:]] == [sample_message(number)["text"] for number in range(len(times))]
    assert [entry.at for entry in entries] == [times[0], *times]


def test_fault_16_worlds_do_not_depend_on_the_clock(tmp_path):
    """The same exercise recorded in two millennia has the same digests and outcomes in every line."""
    program, closed = valleys(), []
    for at in (None, "1969-12-31T23:59:59Z", "9999-12-31T23:59:59Z"):
        path = tmp_path / f"{at}.jsonl"
        play(path, program, FULL, at=at)
        assert verify_log(path).ok
        closed.append([entry.data for entry in read_log(path) if entry.type == "turn_closed"])
    assert closed[0] == closed[1] == closed[2]


# --- replay and determinism: 17 to 23 -------------------------------------------------------------------------------------------------

RECORD = """
import hashlib, pathlib, random, sys, tempfile
sys.path.insert(0, ".")
from tests.record.played import at_random, play, valleys
with tempfile.TemporaryDirectory() as folder:
    path = pathlib.Path(folder) / "log.jsonl"
    play(path, valleys(), at_random(random.Random(5)), seed=5)
    print(hashlib.sha256(path.read_bytes()).hexdigest())
"""


@pytest.mark.parametrize("language", ["C", "tr_TR.UTF-8"])
def test_fault_17_hash_seed_locale_and_time_zone_change_no_byte(language, root):
    """The whole log of an exercise is equal bytes under every hash seed, locale and time zone; other machines are the CI matrix's."""
    made = set()
    for hash_seed, zone in (("0", "UTC"), ("1", "Asia/Bishkek"), ("random", "Pacific/Apia")):
        env = os.environ | {"PYTHONHASHSEED": hash_seed, "LANG": language, "LC_ALL": language, "TZ": zone}
        done = subprocess.run([sys.executable, "-c", RECORD], cwd=root, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        made.add(done.stdout)
    assert len(made) == 1


def test_fault_18_rules_edited_after_the_exercise_do_not_touch_its_replay(tmp_path):
    """The log replays the rules that it embeds; what was edited since is shown on request, file by file."""
    path = tmp_path / "log.jsonl"
    program = valleys()
    play(path, program, FULL)
    edited = world_of(VALLEYS.replace('add = "5 + noise()', 'add = "50 + noise()'))
    replayed = replay(read_log(path))
    assert replayed.program.content.files == program.content.files != edited.content.files
    assert verify_log(path).ok
    assert content_changes(replayed.header, program.content.files) == ()
    changes = content_changes(replayed.header, (*edited.content.files, ("rules/new.toml", "")))
    assert [(change.name, change.what) for change in changes] == [("rules/new.toml", "added"), ("scenario/extra.toml", "changed")]
    assert '-effects = [{ on = "r.heat", add = "5 + noise()' in changes[1].diff
    assert '+effects = [{ on = "r.heat", add = "50 + noise()' in changes[1].diff


def planted(path: pathlib.Path, old: str, new: str) -> pathlib.Path:
    """The log with other rules in its first line and every hash made right again."""
    entries = [(entry.type, entry.data, entry.at) for entry in read_log(path)]
    header = entries[0][1] | {"files": [[name, text.replace(old, new)] for name, text in entries[0][1]["files"]]}
    assert header != entries[0][1]
    changed = path.with_name("planted.jsonl")
    changed.write_bytes(sealed([("exercise", header, None), *entries[1:]]))
    return changed


LATE = """
[[rule]]
id = "drift.late"
stage = "drift"
when = "visit_guest.times_given > 0"
effects = [{ on = "north.heat", set = "south.heat" }]
because = "a visit"
assumption = true
reason = "a test"
"""


@pytest.mark.parametrize(
    ("old", "new", "turn", "cell"),
    [
        ('add = "5 + noise()', 'add = "5.000001 + noise()', 1, "north.heat"),
        ("r.heat > 40 and chance(50%)", "r.heat > 25 and chance(100%)", 2, ".people"),
        ('set = "south.heat"', 'set = "south.heat + 1"', 2, "north.heat"),
    ],
    ids=["rate", "chance", "late"],
)
def test_fault_19_a_rule_changed_in_the_log_is_found_at_the_turn_where_it_first_tells(tmp_path, root, old, new, turn, cell):
    """Replay stops at the first turn that differs and names the first cell; the command line exits with 1 and the same words."""
    path = tmp_path / "log.jsonl"
    late = LATE if "south.heat" in old else ""
    play(path, valleys(late), scripted((), (OrderDecision("guest", "visit"),)), seed=3)
    changed = planted(path, old, new)
    report = verify_log(changed)
    assert report.first_difference is not None
    assert (report.ok, report.turns, report.first_difference.turn) == (False, turn - 1, turn)
    assert cell in report.first_difference.what.partition(" is ")[0]
    with pytest.raises(ReplayError):
        replay(read_log(changed))
    done = subprocess.run([sys.executable, "-m", "exercise", "verify", changed], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert report.first_difference.what in done.stderr


@pytest.fixture(scope="module")
def shipped() -> Program:
    """The scenario that is shipped."""
    return compile_exercise(load("osh-2010"), "")


def random_turn(program: Program, world: World, dice: random.Random) -> tuple[Decision, ...]:
    """Legal decisions for the open turn, in the order in which they were accepted."""
    choose, taken = at_random(dice), ()
    while (decision := choose(program, world, taken)) is not None:
        taken = (*taken, decision)
    return taken


@given(st.randoms(use_true_random=False))
@settings(max_examples=50)
def test_fault_20_the_order_of_arrival_changes_nothing(dice):
    """The same decisions of a turn, shuffled, give the same world to the last bit and the same outcomes in the same order."""
    program = valleys_once()
    world = open_turn(program, program.startex(dice.randint(0, 99))).world
    same_in_any_order(program, world, dice)


def test_fault_20_the_order_of_arrival_changes_nothing_in_the_shipped_scenario(shipped, campaign):
    """The same for 3 turns of the shipped scenario (200 with --long)."""
    dice = random.Random(20)
    for _ in range(campaign(3, 200)):
        same_in_any_order(shipped, open_turn(shipped, shipped.startex(dice.randint(0, 99))).world, dice)


def same_in_any_order(program: Program, world: World, dice: random.Random) -> None:
    """Close the turn with the same random decisions twice, once shuffled, and compare."""
    arrived = list(random_turn(program, world, dice))
    straight = close_turn(program, world, tuple(arrived))
    dice.shuffle(arrived)
    shuffled = close_turn(program, world, tuple(arrived))
    assert (shuffled.world, shuffled.outcomes) == (straight.world, straight.outcomes)
    assert digest(shuffled.world) == digest(straight.world)


_COMPILED: list[Program] = []


def valleys_once() -> Program:
    """The small exercise, compiled once for all examples."""
    if not _COMPILED:
        _COMPILED.append(valleys())
    return _COMPILED[0]


TERMS = [
    "north.heat",
    "south.heat",
    "north.people / (100 people)",
    "-south.heat",
    "noise()",
    "past(north.heat, 1)",
    "max(north.heat, south.heat)",
]


@given(st.lists(st.tuples(st.sampled_from(TERMS), st.sampled_from(TERMS), st.booleans()), min_size=2, max_size=6), st.integers(0, 99))
@settings(max_examples=25)
def test_fault_21_rules_that_feed_each_other_run_once_a_step_and_stay_in_range(rules, seed):
    """Rules in any cycle, each amplifying the others: a turn still ends after one pass per step, within the quantities' ranges."""
    text = "".join(
        f'[[rule]]\nid = "drift.r{number}"\nstage = "drift"\neffects = [{{ on = "{region}.heat", add = "({a}) * ({b})" }}]\n'
        f'because = "a cycle"\nassumption = true\nreason = "a test"\n'
        for number, (a, b, north) in enumerate(rules)
        for region in ["north" if north else "south"]
    )
    program = world_of(text)
    world = program.startex(seed)
    while not is_finished(program, world):
        world = close_turn(program, open_turn(program, world).world, ()).world
        assert_in_range(program, world)


def assert_in_range(program: Program, world: World) -> None:
    """Every cell is a finite number within the declared range of its quantity."""
    for number, (cell, now) in enumerate(zip(program.layout.cells, world.cells, strict=True)):
        assert abs(now) < float("inf"), program.layout.name(number)
        if cell is not None:
            low, high = bounds(cell.quantity)
            assert low <= now <= high, (program.layout.name(number), now)


@pytest.mark.parametrize("amount", [1e30, -1e30, 5e-324, 1e15, -0.0])
@pytest.mark.parametrize("mode", ["add", "set"])
def test_fault_22_amounts_beyond_any_range_saturate(amount, mode):
    """A ruling of any finite size on every quantity of a kind ends at the bound; nothing becomes infinite or not a number."""
    program = valleys()
    world = open_turn(program, program.startex(1)).world
    for cell in program.layout.cells:
        if cell is not None:
            ruling = Ruling((RuledEffect(cell.entity, cell.quantity.id, mode, amount, 0.0),), "as far as it goes")
            assert_in_range(program, close_turn(program, world, (ruling,)).world)


CLOSED_UNTIL = """
[[quantity]]
id = "closed_until"
kind = "region"
name = "closed until"
unit = "date"
meaning = "the day on which its road opens"
start = "never"
known = "public"
assumption = true
reason = "a test"
"""


@pytest.mark.parametrize(
    "effects",
    [
        (RuledEffect("north", "closed_until", "set", 1e30),),
        (RuledEffect("council_send", "status", "set", 1.0), RuledEffect("council_send", "tabled_on", "set", 1e30)),
    ],
    ids=["declared", "kept by the engine"],
)
def test_fault_22_a_date_beyond_the_calendar_is_refused_or_saturates(effects):
    """A ruling that puts a date after the last year of the calendar is refused, or ends at a bound that can still be told."""
    program = valleys(CLOSED_UNTIL)
    world = program.startex(1)
    for ruling in (Ruling(effects, "never again"), None):
        opened = open_turn(program, world).world
        decisions = () if ruling is None or refusal(program, opened, ruling) else (ruling,)
        world = close_turn(program, opened, decisions).world


MOVING = """
[[rule]]
id = "drift.moving"
stage = "drift"
let = { leaving = "min(north.people, 0.3 * north.people + 50 people)", returning = "min(south.people, 120 people)" }
effects = [
  { on = "north.people", add = "returning - leaving" },
  { on = "south.people", add = "leaving - returning" },
]
because = "people move"
assumption = true
reason = "a test"
"""


@given(st.lists(st.tuples(st.sampled_from(["north", "south"]), st.floats(0, 1e6)), max_size=4), st.integers(0, 50))
@settings(max_examples=25)
def test_fault_22_what_moves_is_conserved(shocks, seed):
    """A rule that moves people keeps their number, whatever was ruled before; nobody is moved who is not there."""
    program = world_of(MOVING)
    world = program.startex(seed)
    for turn in range(4):
        rulings = tuple(Ruling((RuledEffect(region, "people", "set", people, 0.0),), "shock") for region, people in shocks[turn : turn + 1])
        before = value(program, world, "north.people") + value(program, world, "south.people")
        world = close_turn(program, open_turn(program, world).world, rulings).world
        north, south = value(program, world, "north.people"), value(program, world, "south.people")
        assert min(north, south) >= 0
        if not rulings:
            assert north + south == pytest.approx(before, rel=1e-12)


def play_at_random(program: Program, dice: random.Random) -> None:
    """Play to the end; at every turn the menu answers, passing works, and every number is within its range."""
    world = program.startex(dice.getrandbits(32))
    for _ in program.calendar.turns:
        opened = open_turn(program, world).world
        for seat in program.playable:
            assert all(choice.legal or choice.why for choice in legal(program, opened, seat))
        close_turn(program, opened, (), telling=False)
        world = close_turn(program, opened, random_turn(program, opened, dice)).world
        assert_in_range(program, world)
    assert is_finished(program, world)


def test_fault_23_random_play_never_sticks(campaign):
    """100 exercises (100,000 with --long) of legal decisions at random: passing is always possible and every exercise ends."""
    dice = random.Random(23)
    for _ in range(campaign(100, 100_000)):
        play_at_random(valleys_once(), dice)


def test_fault_23_random_play_never_sticks_in_the_shipped_scenario(shipped, campaign):
    """One exercise (1,000 with --long) of the shipped scenario."""
    dice = random.Random(23)
    for _ in range(campaign(1, 1_000)):
        play_at_random(shipped, dice)


# --- content and files ----------------------------------------------------------------------------------------------------------------

NAMES = ["", "osh", "north", "town", "guest", "cool", "visit", "council", "send", "heat", "os.system", "__class__", "../x", "set", "all"]
NUMBERS = [True, 0, -1, 1, 2, 4, 10**18, 2**64, 1e300, -1e15, -0.0, 5e-324]
OTHERS = [None, [], {}, [[]], ["town"], {"entity": "north"}, "0" * 64]


def mutated(value: object, dice: random.Random) -> object:
    """The value with one leaf or branch of it replaced, mostly by something of its own type."""
    if isinstance(value, dict) and value and dice.random() < 0.9:
        key = dice.choice(sorted(value))
        return value | {key: mutated(value[key], dice)}
    if isinstance(value, list) and value and dice.random() < 0.9:
        number = dice.randrange(len(value))
        return [*value[:number], mutated(value[number], dice), *value[number + 1 :]]
    if dice.random() < 0.1:
        return dice.choice(OTHERS)
    return dice.choice(NAMES if isinstance(value, str) else NUMBERS)


def test_fault_61_a_hostile_log_is_only_ever_data(campaign):
    """150 logs (100,000 with --long) with up to three odd values anywhere and a sound chain: the answer is always a report.

    Nothing is executed or imported, and no exception escapes. At least a quarter of the values get as far as the replay.
    """
    disk, dice, replayed = CachedDisk(), random.Random(61), 0
    play(MEMORY, valleys_once(), FULL, disk=disk)
    recorded = [(entry.type, entry.data, entry.at) for entry in read_log(MEMORY, disk=disk)]
    logs = campaign(150, 100_000)
    for _ in range(logs):
        entries = list(recorded)
        for _ in range(dice.randint(1, 3)):
            number = dice.randrange(len(entries))
            kind, data, at = entries[number]
            key = dice.choice(sorted(data))
            entries[number] = kind, data | {key: mutated(data[key], dice)}, at
        with contextlib.suppress(EntryError):
            report = verify_log(MEMORY, disk=disk_with(sealed(entries)))
            assert report.ok or report.first_difference is not None
            replayed += 1
    assert replayed > logs / 4


def test_fault_70_everything_that_belongs_to_a_log_is_for_its_owner_alone(tmp_path):
    """The log, what is set aside from it and who has it are 0600; a folder made for it is 0700, whatever the umask."""
    before = os.umask(0)
    try:
        journal = sample_log(tmp_path / "logs" / "log.jsonl")
        journal.close()
        journal.path.write_bytes(journal.path.read_bytes() + b"{")
        journal, _ = Journal.open(journal.path)
        modes = {path.name: path.stat().st_mode & 0o777 for path in journal.path.parent.iterdir()}
        assert modes == {"log.jsonl": 0o600, "log.jsonl.torn-1": 0o600, "log.jsonl.lock": 0o600}
        assert journal.path.parent.stat().st_mode & 0o777 == 0o700
    finally:
        os.umask(before)
