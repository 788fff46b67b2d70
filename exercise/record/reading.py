"""Reading a log: line by line in bounded memory, each line verified before it is handed on. Nothing is locked and nothing is written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs

from exercise.record import canonical
from exercise.record.canonical import EntryError
from exercise.record.disk import LOCAL, Disk
from exercise.record.entry import HEADER_BYTES, NO_ENTRY, TURN_BYTES, Entry, unseal
from exercise.record.shapes import FORMAT, SEMANTICS

CHUNK_BYTES = 64 * 1024
UNWRITTEN = bytes(16)
"""A run of zero bytes is a block that never reached the medium: no flipped bit makes it, and no entry holds it."""
PROGRESS_ENTRIES = 1000
"""How many entries are read between two calls of a ``Progress``."""

Progress = Callable[[int, int], None]
"""Told now and then how many entries and bytes have been read."""


class LogError(Exception):
    """A log that cannot be read or kept.

    ``line`` counts from 1 (0: the file as a whole), ``turn`` is the turn that was open there, ``code`` a short stable word, ``hint`` what
    to do.
    """

    def __init__(self, path: Path, code: str, message: str, *, hint: str = "", line: int = 0, turn: int | None = None) -> None:
        where = f"{path}:{line}" if line else str(path)
        super().__init__(f"{where}: {message}" + (f" ({hint})" if hint else ""))
        self.path, self.code, self.message, self.hint, self.line, self.turn = path, code, message, hint, line, turn

    @property
    def good(self) -> int:
        """How many entries before the damage are sound and can be replayed."""
        return max(self.line - 1, 0)


class NewerLogError(LogError):
    """The log was written by a newer version, which is needed to read it."""


@attrs.frozen(slots=True)
class Difference:
    """Where a log first differs from what it should be: the line, the turn that was open there (None before the first), and what."""

    line: int
    turn: int | None
    what: str


@attrs.frozen(slots=True)
class ChainReport:
    """What verifying the chain found. ``entries`` lines are sound, from the first on; ``head`` is the hash of the last of them.

    ``is_torn``: the file ends within a line, as after a power cut; opening it for play sets that tail aside. ``after_head``: how many
    entries stand after the head that was kept, where that is of ENDEX or later.
    """

    ok: bool
    entries: int
    head: str
    first_difference: Difference | None = None
    is_torn: bool = False
    after_head: int = 0


class LogReader:
    """Iterates over the verified entries of an open file, holding one line and one chunk in memory.

    ``count``, ``head`` and ``size`` (bytes) always describe the sound beginning of the file; after the last entry ``tail`` holds the bytes
    of an incomplete line, if any. Raises ``LogError`` at the first whole line that is not the next entry.
    """

    def __init__(self, path: Path, handle: int, disk: Disk = LOCAL, progress: Progress | None = None) -> None:
        self.count, self.size, self.head, self.tail = 0, 0, NO_ENTRY, b""
        self.turn: int | None = None
        self._path, self._handle, self._disk = path, handle, disk
        self._tell = progress or _tell_nobody

    def __iter__(self) -> Iterator[Entry]:
        lines = self._lines()
        for line in lines:
            try:
                entry = self._verified(line)
            except LogError:
                if UNWRITTEN in line and next(lines, None) is None and not self.tail:
                    self.tail = line + b"\n"
                    break
                raise
            self._pass(entry, len(line) + 1)
            yield entry
        self._judge_tail()
        self._tell(self.count, self.size)

    def _lines(self) -> Iterator[bytes]:
        """Whole lines without their newline; what is left over becomes ``tail``."""
        waiting: list[bytes] = []
        length = 0
        while chunk := self._read():
            first, *rest = chunk.split(b"\n")
            waiting.append(first)
            length += len(first)
            for piece in rest:
                yield b"".join(waiting)
                waiting, length = [piece], len(piece)
            longest = TURN_BYTES if self.count else HEADER_BYTES
            if length > longest:
                raise self._error("line-too-long", f"the line is longer than {longest:,} bytes, which no entry is")
        self.tail = b"".join(waiting)

    def _read(self) -> bytes:
        try:
            return self._disk.read(self._handle, CHUNK_BYTES)
        except OSError as error:
            raise self._error("unreadable", f"the file cannot be read any further: {error.strerror}") from error

    def _verified(self, line: bytes) -> Entry:
        try:
            entry = unseal(line, self.count + 1, self.head)
        except EntryError as error:
            if self.count == 0:
                self._refuse_foreign(line)
            if line.endswith(b"\r"):
                raise self._error("crlf", "the line ends in CR LF, as Windows programs and mail write it", hint=_UNTOUCHED) from None
            what = f"entry {self.count + 1} is damaged" if self.count else "the first line is damaged, or this is no exercise log"
            raise self._error(error.code, f"{what}: {error}") from None
        if self.count == 0:
            self._refuse_versions(entry.data["format"], entry.data["semantics"], entry.data["engine"])
        return entry

    def _pass(self, entry: Entry, length: int) -> None:
        self.count, self.head, self.size = entry.n, entry.hash, self.size + length
        if entry.type in {"exercise", "turn_closed"}:
            self.turn = entry.data.get("turn", 0) + 1
        if self.count % PROGRESS_ENTRIES == 0:
            self._tell(self.count, self.size)

    def _judge_tail(self) -> None:
        """A tail is a tear only if it can be the beginning of a line that was being written."""
        if self.count == 0:
            self._refuse_foreign(self.tail)
            what = "the log ends within its first line, so nothing was recorded" if self.tail else "the file is empty"
            raise self._error("no-header", what, hint="the exercise never began; delete the file")
        if self.tail and self._is_entry(self.tail[:-1]):
            raise self._error("newline", f"entry {self.count + 1} is damaged: another byte stands where the line should end")

    def _is_entry(self, line: bytes) -> bool:
        try:
            unseal(line, self.count + 1, self.head)
        except EntryError:
            return False
        return True

    def _refuse_foreign(self, line: bytes) -> None:
        """Say what a first line is that this version cannot read, if it can be told."""
        if line.startswith(b"\xef\xbb\xbf"):
            raise self._error("bom", "the file begins with a byte order mark, which some Windows programs add", hint=_UNTOUCHED)
        if line.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise self._error("utf16", "the file was saved as UTF-16; a log is UTF-8", hint=_UNTOUCHED)
        data = _lenient_header(line)
        stated, semantics = data.get("format"), data.get("semantics")
        if isinstance(stated, int) and isinstance(semantics, int):
            self._refuse_versions(stated, semantics, str(data.get("engine", "?"))[:40], " (unless this line is damaged)")

    def _refuse_versions(self, stated: int, semantics: int, engine: str, doubt: str = "") -> None:
        if stated < 1 or semantics < 1:
            raise self._error("version", f"format {stated} with semantics {semantics} never existed")
        if stated <= FORMAT and semantics <= SEMANTICS:
            return
        message = (
            f"the log was written by version {engine} (format {stated}, semantics {semantics}); "
            f"this version reads format {FORMAT} and semantics {SEMANTICS} at most{doubt}"
        )
        raise NewerLogError(self._path, "newer", message, hint=f"install version {engine} or later", line=1)

    def _error(self, code: str, message: str, hint: str = "") -> LogError:
        return LogError(self._path, code, message, hint=hint, line=self.count + 1, turn=self.turn)


def read_log(path: Path, *, disk: Disk = LOCAL, progress: Progress | None = None) -> Iterator[Entry]:
    """The verified entries of a log, one after the other; without a lock, so a log in play can be read.

    Raises ``LogError`` at damage, also when the last line is incomplete (code ``torn``); every entry before has been handed out by then.
    """
    handle = open_file(path, disk, writable=False)
    try:
        reader = LogReader(path, handle, disk, progress)
        yield from reader
        if reader.tail:
            raise torn(path, reader)
    finally:
        disk.close(handle)


def verify_chain(path: Path, head: str | None = None, *, disk: Disk = LOCAL, progress: Progress | None = None) -> ChainReport:
    """Check every line against its hash and the line before, and the last against ``head`` if one was kept.

    The head that was told at ENDEX will do: what follows it are words of the debriefing, which change no turn.

    Works on a read-only file and takes no lock. Raises ``LogError`` only when the file cannot be opened, never for what it holds.
    """
    handle = open_file(path, disk, writable=False)
    reader = LogReader(path, handle, disk, progress)
    kept = None if head is None else head.strip().lower()
    line_of_head, is_over, after_endex = 0, False, False
    try:
        for entry in reader:
            is_over = is_over or entry.type == "ended"
            if entry.hash == kept:
                line_of_head, after_endex = entry.n, is_over
        if reader.tail:
            raise torn(path, reader)
    except LogError as error:
        return ChainReport(False, reader.count, reader.head, Difference(error.line, error.turn, error.message), error.code == "torn")
    finally:
        disk.close(handle)
    if kept in {None, reader.head}:
        return ChainReport(True, reader.count, reader.head)
    if line_of_head and after_endex:
        return ChainReport(True, reader.count, reader.head, after_head=reader.count - line_of_head)
    return ChainReport(False, reader.count, reader.head, Difference(*_other_head(reader, line_of_head)))


def open_file(path: Path, disk: Disk, *, writable: bool) -> int:
    """Open the file of a log; ``OSError`` becomes a ``LogError`` in words."""
    try:
        return disk.open(path, writable=writable)
    except FileNotFoundError as error:
        raise LogError(path, "missing", "there is no such file") from error
    except OSError as error:
        code = "read-only" if writable else "unreadable"
        raise LogError(path, code, f"the file cannot be opened for {'writing' if writable else 'reading'}: {error.strerror}") from error


def torn(path: Path, reader: LogReader) -> LogError:
    """The error for a file that ends within a line."""
    message = f"the file ends within entry {reader.count + 1}, whose recording was cut short; the {reader.count} before it are sound"
    return LogError(path, "torn", message, hint="opening the log for play sets the rest aside", line=reader.count + 1, turn=reader.turn)


_UNTOUCHED = "ask for the log as it was written, for example in a zip archive: a log is verified byte by byte"


def _other_head(reader: LogReader, line_of_head: int) -> tuple[int, int | None, str]:
    if line_of_head:
        return line_of_head + 1, reader.turn, f"the head that was kept is that of line {line_of_head}; the log goes on after it"
    what = "the chain is whole, but it does not end in the head that was kept: an entry was changed, added or left out"
    return reader.count, reader.turn, what


def _lenient_header(line: bytes) -> dict[str, Any]:
    """The data of a first line that is no entry of ours, if it is JSON at all."""
    if canonical.is_deep(line):
        return {}
    try:
        body = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    data = body.get("data") if isinstance(body, dict) else None
    return data if isinstance(data, dict) else {}


def _tell_nobody(_count: int, _size: int) -> None:
    """Progress for those who did not ask."""
