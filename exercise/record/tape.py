"""The file under a journal: locked for one host, written to the last byte and synced, repaired after a crash, copied when it fails."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

import attrs

from exercise.record.disk import Disk
from exercise.record.entry import Entry
from exercise.record.reading import LogError, LogReader, Progress, open_file

COPY_BYTES = 1024 * 1024


@attrs.frozen(slots=True)
class Contents:
    """What a file was found to hold: entries, their ``size`` in bytes, ``head`` hash, and what was set aside, in words."""

    entries: tuple[Entry, ...]
    size: int
    head: str
    notices: tuple[str, ...]


@attrs.define(slots=True)
class Tape:
    """A file held by this process alone until ``close``. Methods raise ``OSError`` as the medium reports it."""

    path: Path
    disk: Disk
    handle: int

    @classmethod
    def new(cls, path: Path, disk: Disk) -> Tape:
        """Make the file. Raises ``LogError`` if it exists or cannot be made."""
        try:
            disk.make_folder(path.parent)
            tape = cls(path, disk, disk.create(path))
        except FileExistsError as error:
            raise LogError(path, "exists", "there is a file of that name already", hint="a log is never written over") from error
        except OSError as error:
            raise not_created(path, error) from error
        return tape.locked()

    @classmethod
    def existing(cls, path: Path, disk: Disk) -> Tape:
        """Open the file for more. Raises ``LogError`` if it cannot be opened for writing or somebody else has it."""
        return cls(path, disk, open_file(path, disk, writable=True)).locked()

    def locked(self) -> Tape:
        """This tape, once it is ours alone."""
        holder = self.disk.lock(self.handle, self.path)
        if holder:
            self.disk.release(self.handle, self.path)
            raise LogError(self.path, "locked", f"the log is in use by {holder}", hint="an exercise has one host")
        return self

    def write(self, data: bytes) -> None:
        """Append every byte and return when all of them are on the medium, in the file that others find under this name."""
        self.add(data)
        self.disk.sync(self.handle)
        if not self.disk.leads_to(self.path, self.handle):
            raise OSError("the file was moved or deleted, or its medium was taken away")

    def add(self, data: bytes) -> None:
        """Append every byte; nothing is promised until ``write`` or ``read`` has returned."""
        write_all(self.disk, self.handle, data)

    def read(self, progress: Progress | None = None) -> Contents:
        """Verify and read everything; a torn tail is set aside.

        What a crashed host wrote but did not sync is made durable here, before anybody acts on it.
        """
        self.disk.rewind(self.handle)
        reader = LogReader(self.path, self.handle, self.disk, progress)
        entries = tuple(reader)
        notices = (self._set_aside(reader.tail, reader.size),) if reader.tail else ()
        self.disk.sync(self.handle)
        self.disk.sync_folder(self.path.parent)
        return Contents(entries, reader.size, reader.head, notices)

    def beginning(self, size: int) -> Iterator[bytes]:
        """The first ``size`` bytes in chunks. Raises ``LogError`` if there are not so many any more."""
        self.disk.rewind(self.handle)
        left = size
        while left:
            chunk = self.disk.read(self.handle, min(left, COPY_BYTES))
            if not chunk:
                raise LogError(self.path, "unreadable", "the file became shorter than what was recorded in it")
            yield chunk
            left -= len(chunk)

    def close(self) -> None:
        """Let go of the file and its lock; twice does nothing."""
        if self.handle >= 0:
            handle, self.handle = self.handle, -1
            self.disk.release(handle, self.path)

    def discard(self) -> None:
        """Take back a file that came to nothing, as far as the medium lets us."""
        self.close()
        with contextlib.suppress(OSError):
            self.disk.remove(self.path)

    def _set_aside(self, tail: bytes, size: int) -> str:
        """Copy the tail to a file of its own and only then cut it off: a second crash in between loses nothing."""
        number = 1
        while self.disk.exists(aside := self.path.with_name(f"{self.path.name}.torn-{number}")):
            number += 1
        handle = self.disk.create(aside)
        try:
            write_all(self.disk, handle, tail)
            self.disk.sync(handle)
        finally:
            self.disk.close(handle)
        self.disk.sync_folder(aside.parent)
        self.disk.truncate(self.handle, size)
        return f"the last line was incomplete: {len(tail)} bytes of an entry never acknowledged now lie in {aside.name}"


def write_all(disk: Disk, handle: int, data: bytes) -> None:
    """Write until every byte is taken: one call may take fewer, without an error, when the medium is nearly full."""
    rest = memoryview(data)
    while rest:
        taken = disk.write(handle, bytes(rest))
        if taken <= 0:
            raise OSError("the medium takes no bytes")
        rest = rest[taken:]


def real_path(path: Path | str) -> Path:
    """The file itself rather than a link to it, so that its lock and what is set aside lie in one place."""
    return Path(os.path.realpath(path))


def not_created(path: Path, error: OSError) -> LogError:
    """The error for a log that cannot be begun there."""
    return LogError(path, "not-created", f"the log cannot be created: {words(error)}")


def words(error: OSError) -> str:
    """What the medium reported, for people."""
    known = {
        errno.ENOSPC: "the disk is full",
        errno.EDQUOT: "the disk quota is used up",
        errno.EIO: "the medium reports an error (EIO)",
        errno.EROFS: "the medium is read-only",
        errno.EFBIG: "the file would grow beyond its limit",
    }
    return known.get(error.errno or 0, error.strerror or str(error))
