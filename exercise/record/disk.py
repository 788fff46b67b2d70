"""The few calls that the log makes to the file system, behind one small protocol so that a test can make any of them fail."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import socket
import stat
from pathlib import Path
from typing import Protocol

FILE_MODE = 0o600
"""Mode of every file that belongs to a log: for its owner alone."""
FOLDER_MODE = 0o700
"""Mode of a folder made for logs."""


class Disk(Protocol):
    """What a log needs from a file system. Handles are whole numbers; every call may raise ``OSError``."""

    def create(self, path: Path) -> int:
        """Make a new file (``FileExistsError`` if there is one) and open it for reading and appending."""

    def open(self, path: Path, *, writable: bool) -> int:
        """Open an existing regular file for reading, or for reading and appending."""

    def read(self, handle: int, size: int) -> bytes:
        """The next bytes, at most ``size``; empty at the end."""

    def write(self, handle: int, data: bytes) -> int:
        """Append bytes; returns how many were taken, which may be fewer."""

    def sync(self, handle: int) -> None:
        """Return only when what was written is on the medium."""

    def sync_folder(self, folder: Path) -> None:
        """Return only when the folder's list of names is on the medium."""

    def truncate(self, handle: int, size: int) -> None:
        """Cut the file to its first ``size`` bytes."""

    def rewind(self, handle: int) -> None:
        """Read from the beginning next; what is written still goes to the end."""

    def lock(self, handle: int, path: Path) -> str:
        """Take the file for this process until it is released. Empty if that worked, else who has it, in words."""

    def release(self, handle: int, path: Path) -> None:
        """Give back a file that was locked, or that another process has."""

    def close(self, handle: int) -> None:
        """Give the handle back."""

    def remove(self, path: Path) -> None:
        """Take the file's name out of its folder."""

    def make_folder(self, folder: Path) -> None:
        """Make a folder, and those above it that are missing, durably; nothing happens if it is there."""

    def exists(self, path: Path) -> bool:
        """Whether there is anything of that name."""

    def leads_to(self, path: Path, handle: int) -> bool:
        """Whether the name is still that of the open file: false once it was moved, deleted, or its medium taken away."""


class LocalDisk:
    """The file system of this machine."""

    def __init__(self) -> None:
        self._held: set[int] = set()

    def create(self, path: Path) -> int:
        """Make a new file that only its owner may read, and open it for reading and appending."""
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, FILE_MODE)

    def open(self, path: Path, *, writable: bool) -> int:
        """Open an existing regular file. A pipe or a device is refused, and never waited for."""
        access = os.O_RDWR | os.O_APPEND if writable else os.O_RDONLY
        handle = os.open(path, access | os.O_CLOEXEC | os.O_NONBLOCK)
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise OSError(errno.EINVAL, "not a regular file", str(path))
        return handle

    def read(self, handle: int, size: int) -> bytes:
        """The next bytes, at most ``size``; empty at the end."""
        return os.read(handle, size)

    def write(self, handle: int, data: bytes) -> int:
        """Append bytes; returns how many were taken."""
        return os.write(handle, data)

    def sync(self, handle: int) -> None:
        """Return only when what was written is on the medium. On macOS only F_FULLFSYNC empties the drive's own cache."""
        full = getattr(fcntl, "F_FULLFSYNC", None)
        if full is None:
            os.fsync(handle)
        else:
            fcntl.fcntl(handle, full)

    def sync_folder(self, folder: Path) -> None:
        """Return only when the folder's list of names is on the medium."""
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def truncate(self, handle: int, size: int) -> None:
        """Cut the file to its first ``size`` bytes."""
        os.ftruncate(handle, size)

    def rewind(self, handle: int) -> None:
        """Read from the beginning next; what is written still goes to the end."""
        os.lseek(handle, 0, os.SEEK_SET)

    def lock(self, handle: int, path: Path) -> str:
        """Take the file for this process: by flock, which goes with the process however that ends.

        A small file beside it names the holder; it only serves the message, so it may be missing or stale.
        """
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return _holder(path)
        with contextlib.suppress(OSError):
            _holder_file(path).unlink(missing_ok=True)
            _write_holder(path)
        self._held.add(handle)
        return ""

    def release(self, handle: int, path: Path) -> None:
        """Give back a file that was locked, or that another process has."""
        if handle in self._held:
            self._held.discard(handle)
            with contextlib.suppress(OSError):
                _holder_file(path).unlink(missing_ok=True)
        os.close(handle)

    def close(self, handle: int) -> None:
        """Give the handle back."""
        os.close(handle)

    def remove(self, path: Path) -> None:
        """Take the file's name out of its folder."""
        path.unlink()

    def make_folder(self, folder: Path) -> None:
        """Make a folder for its owner alone, and those above it that are missing, each name durable before the next."""
        if folder.is_dir():
            return
        self.make_folder(folder.parent)
        folder.mkdir(mode=FOLDER_MODE, exist_ok=True)
        self.sync_folder(folder.parent)

    def exists(self, path: Path) -> bool:
        """Whether there is anything of that name."""
        return os.path.lexists(path)

    def leads_to(self, path: Path, handle: int) -> bool:
        """Whether the name is still that of the open file."""
        try:
            return os.path.samestat(path.lstat(), os.fstat(handle))
        except OSError:
            return False


def _holder_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.lock")


def _write_holder(path: Path) -> None:
    handle = os.open(_holder_file(path), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, FILE_MODE)
    try:
        os.write(handle, f"process {os.getpid()} on {socket.gethostname()}".encode())
    finally:
        os.close(handle)


def _holder(path: Path) -> str:
    try:
        with _holder_file(path).open("rb") as file:
            stated = file.read(300).decode("utf-8", "replace")
    except OSError:
        stated = ""
    return stated if stated.isprintable() and stated else "another process"


LOCAL: Disk = LocalDisk()
"""The file system of this machine."""
