"""Folders that live as long as a program: a host's socket, the log of a practice turn.

A program that is killed cannot clear up behind itself; the next one does. Each folder holds a file that its program keeps locked: the
system lets go of the lock when the program is gone, however it went, and a folder whose file nobody locks is nobody's.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pathlib
import shutil
import stat
import tempfile
from types import TracebackType
from typing import Self

PREFIX = "situation-room-"
LOCK = "alive"


class Scratch:
    """A folder for its owner alone, gone after ``close``; making one clears those away whose programs are dead."""

    def __init__(self, kind: str = "") -> None:
        clear_dead()
        self.path = pathlib.Path(tempfile.mkdtemp(prefix=f"{PREFIX}{kind}"))  # 0700
        # Locked under another name first: whoever finds the file by its own finds it locked.
        fresh = self.path / f".{LOCK}"
        self._lock = os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        fresh.rename(self.path / LOCK)

    def close(self) -> None:
        """Clear the folder away. A second call does nothing."""
        if self._lock >= 0:
            shutil.rmtree(self.path, ignore_errors=True)
            os.close(self._lock)
            self._lock = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        self.close()


def clear_dead() -> None:
    """Clear away the folders of this user's programs that are gone. Whatever cannot be told or done is left as it is."""
    with contextlib.suppress(OSError), os.scandir(tempfile.gettempdir()) as found:
        for each in found:
            if each.name.startswith(PREFIX):
                with contextlib.suppress(OSError):
                    _clear_if_dead(pathlib.Path(each.path))


def _clear_if_dead(folder: pathlib.Path) -> None:
    told = folder.lstat()
    if not stat.S_ISDIR(told.st_mode) or told.st_uid != os.geteuid():
        return
    lock = os.open(folder / LOCK, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # raises BlockingIOError while somebody lives there
        shutil.rmtree(folder)
    finally:
        os.close(lock)
