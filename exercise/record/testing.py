"""Disks that fail on cue, for tests of whatever keeps an exercise log.

``sample_log`` writes logs that nobody has to compute. ``FaultyDisk`` is the local file system with chosen calls failing or taking fewer
bytes, each call written down; ``FullDisk`` is one with a few bytes left. ``CachedDisk`` lives in memory and knows the difference between
what was written and what was synced, so that a power cut can be played in every way a medium allows.
"""

from __future__ import annotations

import errno
import os
import random
from collections import Counter
from pathlib import Path
from typing import Any

import attrs

from exercise.record.commitment import commitment
from exercise.record.disk import LOCAL, Disk, LocalDisk
from exercise.record.journal import Journal
from exercise.record.shapes import FORMAT, SEMANTICS

BLOCK_BYTES = 512
"""What a medium writes whole or not at all."""


def sample_header(seed: int = 7) -> dict[str, Any]:
    """The data of a first line."""
    return {
        "format": FORMAT,
        "semantics": SEMANTICS,
        "engine": "0.1.0",
        "scenario": "two-valleys",
        "cut": "days",
        "seed": seed,
        "seats": ["north", "south"],
        "files": [["scenario/scenario.toml", '[scenario]\nid = "two-valleys"\n']],
        "seed_commitment": commitment(seed, "00"),
        "salt": "00",
    }


def sample_message(number: int = 0, size: int = 0) -> dict[str, Any]:
    """The data of a ``message`` entry, with so many further characters."""
    return {"turn": 1, "from": "north", "to": ["south"], "text": f"message {number}: Ош, [31.5]" + "x" * size}


def sample_log(path: Path, entries: int = 5, *, disk: Disk = LOCAL) -> Journal:
    """A log of so many entries in all, the header among them; its journal is open."""
    journal = Journal.create(path, sample_header(), disk=disk)
    for number in range(entries - 1):
        journal.append("message", sample_message(number))
    return journal


@attrs.frozen(slots=True)
class Fault:
    """The ``nth`` (from 1) ``call`` of a disk, such as ``write`` or ``sync``, goes wrong, and every later one with ``forever``.

    With ``error`` it raises that errno; otherwise a write takes only ``taken`` bytes and says so.
    """

    call: str
    nth: int
    error: int = 0
    taken: int = 0
    forever: bool = False

    def strikes(self, call: str, nth: int) -> bool:
        """Whether this call is the one."""
        return call == self.call and (nth == self.nth or (self.forever and nth > self.nth))


class FaultyDisk(LocalDisk):
    """The local file system with faults. ``calls`` lists every call made, in order, as (name, path or handle)."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__()
        self.faults = faults
        self.calls: list[tuple[str, Path | int]] = []
        self._made: Counter[str] = Counter()

    def create(self, path: Path) -> int:
        """As the local disk, or as the fault says."""
        self._pass("create", path)
        return super().create(path)

    def open(self, path: Path, *, writable: bool) -> int:
        """As the local disk, or as the fault says."""
        self._pass("open", path)
        return super().open(path, writable=writable)

    def read(self, handle: int, size: int) -> bytes:
        """As the local disk, or as the fault says."""
        self._pass("read", handle)
        return super().read(handle, size)

    def write(self, handle: int, data: bytes) -> int:
        """As the local disk, or as the fault says; a fault with ``taken`` writes so many bytes."""
        fault = self._pass("write", handle)
        return super().write(handle, data[: fault.taken] if fault else data) if data else 0

    def sync(self, handle: int) -> None:
        """As the local disk, or as the fault says."""
        self._pass("sync", handle)
        super().sync(handle)

    def sync_folder(self, folder: Path) -> None:
        """As the local disk, or as the fault says."""
        self._pass("sync_folder", folder)
        super().sync_folder(folder)

    def truncate(self, handle: int, size: int) -> None:
        """As the local disk, or as the fault says."""
        self._pass("truncate", handle)
        super().truncate(handle, size)

    def _pass(self, call: str, subject: Path | int) -> Fault | None:
        self.calls.append((call, subject))
        self._made[call] += 1
        fault = next((fault for fault in self.faults if fault.strikes(call, self._made[call])), None)
        if fault and fault.error:
            raise OSError(fault.error, os.strerror(fault.error), str(subject))
        return fault


class FullDisk(LocalDisk):
    """The local file system with room for so many bytes more; like a real one it takes what fits and complains at the next write."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self.room = room

    def write(self, handle: int, data: bytes) -> int:
        """Take what there is room for; ENOSPC when there is none."""
        if self.room <= 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        taken = super().write(handle, data[: self.room])
        self.room -= taken
        return taken


@attrs.define(slots=True, eq=False)
class _Content:
    """One file's bytes: as programs see them, and as the medium has them."""

    seen: bytearray = attrs.field(factory=bytearray)
    kept: bytes = b""


class CachedDisk:
    """A file system in memory whose writes and names are lost in a power cut unless they were synced."""

    def __init__(self) -> None:
        self._names: dict[Path, _Content] = {}
        self._kept_names: dict[Path, _Content] = {}
        self._open: dict[int, tuple[_Content, int]] = {}
        self._next = 3

    def power_cut(self, dice: random.Random) -> CachedDisk:
        """The disk after the power came back: synced bytes and names, and of the rest whatever the dice leave.

        Of the bytes after the last sync any prefix may have arrived, and blocks within it may be zeros: media reorder writes.
        """
        after = CachedDisk()
        for path, content in self._names.items():
            if self._kept_names.get(path) is content or dice.random() < 0.5:
                after._names[path] = _Content(bytearray(_survivors(content, dice)))
        for path, content in after._names.items():
            content.kept = bytes(content.seen)
            after._kept_names[path] = content
        return after

    def content(self, path: Path) -> bytes:
        """What programs see in the file; KeyError if there is none."""
        return bytes(self._names[path].seen)

    def create(self, path: Path) -> int:
        """Make a new file; its name is durable only after ``sync_folder``."""
        if path in self._names:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
        self._names[path] = _Content()
        return self.open(path, writable=True)

    def open(self, path: Path, *, writable: bool) -> int:  # noqa: ARG002 - the protocol's
        """Open an existing file."""
        if path not in self._names:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
        handle, self._next = self._next, self._next + 1
        self._open[handle] = self._names[path], 0
        return handle

    def read(self, handle: int, size: int) -> bytes:
        """The next bytes."""
        content, place = self._open[handle]
        data = bytes(content.seen[place : place + size])
        self._open[handle] = content, place + len(data)
        return data

    def write(self, handle: int, data: bytes) -> int:
        """Append to what programs see."""
        self._open[handle][0].seen += data
        return len(data)

    def sync(self, handle: int) -> None:
        """Let the medium keep what programs see."""
        content, _ = self._open[handle]
        content.kept = bytes(content.seen)

    def sync_folder(self, folder: Path) -> None:
        """Let the medium keep the names in that folder."""
        kept = {path: content for path, content in self._kept_names.items() if path.parent != folder}
        self._kept_names = kept | {path: content for path, content in self._names.items() if path.parent == folder}

    def truncate(self, handle: int, size: int) -> None:
        """Cut what programs see."""
        del self._open[handle][0].seen[size:]

    def rewind(self, handle: int) -> None:
        """Read from the beginning next."""
        self._open[handle] = self._open[handle][0], 0

    def lock(self, handle: int, path: Path) -> str:  # noqa: ARG002 - the protocol's
        """Nobody else is here."""
        return ""

    def release(self, handle: int, path: Path) -> None:  # noqa: ARG002 - the protocol's
        """Give the handle back."""
        self.close(handle)

    def close(self, handle: int) -> None:
        """Give the handle back."""
        del self._open[handle]

    def remove(self, path: Path) -> None:
        """Take the name away."""
        del self._names[path]

    def make_folder(self, folder: Path) -> None:
        """Folders are everywhere."""

    def exists(self, path: Path) -> bool:
        """Whether there is a file of that name."""
        return path in self._names

    def leads_to(self, path: Path, handle: int) -> bool:
        """Whether the name is still that of the open file."""
        return self._names.get(path) is self._open[handle][0]


def _survivors(content: _Content, dice: random.Random) -> bytes:
    seen, kept = bytes(content.seen), content.kept
    if not seen.startswith(kept):
        # The file was cut since the last sync: the medium has the old or the new length.
        return kept if dice.random() < 0.5 else seen
    arrived = bytearray(seen if dice.random() < 0.5 else seen[: dice.randint(len(kept), len(seen))])
    for start in range(len(kept) - len(kept) % BLOCK_BYTES + BLOCK_BYTES, len(arrived), BLOCK_BYTES):
        if dice.random() < 0.3:
            arrived[start : start + BLOCK_BYTES] = bytes(len(arrived[start : start + BLOCK_BYTES]))
    return bytes(arrived)
