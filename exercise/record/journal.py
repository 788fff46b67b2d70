"""The log of a running exercise: one writer, and an entry counts only when the medium has it.

The host's order is always validate, append, apply, publish. ``append`` returns after fsync and not before; when a write or an fsync fails
nobody can know what reached the medium, so the journal is frozen for good: nothing is written to that handle again, and play goes on from
the last recorded entry in another file (``continue_at``) or after the file has been opened and verified anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from exercise.record.disk import LOCAL, Disk
from exercise.record.entry import NO_ENTRY, Entry, seal
from exercise.record.reading import LogError, Progress
from exercise.record.tape import Contents, Tape, not_created, real_path, words


class JournalFrozen(LogError):  # noqa: N818 - the state of the journal, which hosts ask for by name
    """Nothing more can be recorded in this journal: a write or an fsync failed, or it was closed. What was acknowledged is safe."""


class Journal:
    """An exercise log open for appending, held by this process alone.

    ``path``, ``count`` entries of ``size`` bytes and ``head`` (hash of the last) describe what is recorded; ``notices`` what opening had to
    say; ``frozen`` is why nothing can be appended any more, or empty.
    """

    def __init__(self, tape: Tape, count: int, size: int, head: str, notices: tuple[str, ...] = ()) -> None:
        self.path, self.count, self.size, self.head = tape.path, count, size, head
        self.notices = notices
        self.frozen = ""
        self._tape = tape

    @classmethod
    def create(cls, path: Path | str, header: dict[str, Any], at: str | None = None, *, disk: Disk = LOCAL) -> Self:
        """Begin a log with its header (the data of an ``exercise`` entry). On return file and name are on the medium.

        Raises ``LogError`` if the file exists or cannot be made, ``EntryError`` if the header cannot be recorded.
        """
        entry, line = seal(1, NO_ENTRY, "exercise", header, at)
        tape = Tape.new(real_path(path), disk)
        try:
            tape.write(line)
            disk.sync_folder(tape.path.parent)
        except OSError as error:
            tape.discard()
            raise not_created(tape.path, error) from error
        except BaseException:
            tape.discard()
            raise
        return cls(tape, 1, len(line), entry.hash)

    @classmethod
    def create_from(cls, path: Path | str, entries: Iterable[Entry], *, disk: Disk = LOCAL) -> Self:
        """Begin a log with the entries of another, verbatim. Raises ``LogError`` as ``create`` does, or if they do not form a chain."""
        tape = Tape.new(real_path(path), disk)
        try:
            for entry in entries:
                tape.add(seal(entry.n, entry.prev, entry.type, entry.data, entry.at)[1])
            found = tape.read()
        except OSError as error:
            tape.discard()
            raise not_created(tape.path, error) from error
        except BaseException:
            tape.discard()
            raise
        return cls(tape, len(found.entries), found.size, found.head)

    @classmethod
    def open(cls, path: Path | str, *, disk: Disk = LOCAL, progress: Progress | None = None) -> tuple[Self, tuple[Entry, ...]]:
        """Open a log for more entries after verifying all of it; a torn tail is set aside beside the file (``notices`` says so).

        Raises ``LogError``: somebody else has it (code ``locked``), damage, a read-only medium, a newer version.
        """
        tape = Tape.existing(real_path(path), disk)
        try:
            found = tape.read(progress)
        except OSError as error:
            tape.close()
            raise LogError(tape.path, "not-opened", f"the log cannot be opened for play: {words(error)}") from error
        except BaseException:
            tape.close()
            raise
        return cls(tape, len(found.entries), found.size, found.head, found.notices), found.entries

    def append(self, kind: str, data: dict[str, Any], at: str | None = None) -> Entry:
        """Record an entry; on return it is on the medium.

        Raises ``EntryError`` (nothing happened, the journal goes on) if it may not be recorded, ``JournalFrozen`` if it could not be, then
        and ever after.
        """
        if self.frozen:
            raise self._frozen_error()
        entry, line = seal(self.count + 1, self.head, kind, data, at)
        try:
            self._tape.write(line)
            self.count, self.size, self.head = entry.n, self.size + len(line), entry.hash
        except OSError as error:
            self.frozen = f"entry {entry.n} was not recorded: {words(error)}"
            raise self._frozen_error() from error
        except BaseException:
            # An interrupt in the midst of a write leaves the tail as unknown as a failed write does.
            self.frozen = f"entry {entry.n} was interrupted while it was recorded"
            raise
        return entry

    def continue_at(self, path: Path | str) -> Self:
        """Go on in a new file: copy what was acknowledged to ``path``, verify the copy and return the journal there.

        Meant for a frozen journal (disk full, medium gone bad). The old file is only read; this journal is closed once the new one stands.
        """
        self.frozen = self.frozen or "the exercise goes on in another file"
        tape = Tape.new(real_path(path), self._tape.disk)
        try:
            for chunk in self._tape.beginning(self.size):
                tape.add(chunk)
            found = self._unchanged(tape.read())
        except OSError as error:
            tape.discard()
            raise not_created(tape.path, error) from error
        except BaseException:
            tape.discard()
            raise
        self.close()
        return type(self)(tape, len(found.entries), found.size, found.head)

    def close(self) -> None:
        """Let go of the file and its lock. Everything acknowledged is recorded already; closing twice does nothing."""
        self.frozen = self.frozen or "it was closed"
        self._tape.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _unchanged(self, found: Contents) -> Contents:
        if found.head != self.head:
            raise LogError(self.path, "unreadable", "the file no longer holds what was recorded in it")
        return found

    def _frozen_error(self) -> JournalFrozen:
        hint = f"the {self.count} entries before are safe; continue in another file, or mend the medium and open the log again"
        return JournalFrozen(self.path, "frozen", f"nothing can be recorded any more: {self.frozen}", hint=hint)
