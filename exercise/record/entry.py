"""An entry of the exercise log and the line that holds it.

Each line carries the SHA-256 of the line before and of itself, so a log can only grow at its end: nothing before can be changed, left out
or moved without every later hash changing too.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

import attrs

from exercise.record import canonical
from exercise.record.canonical import EntryError
from exercise.record.shapes import digest, refuse_shape

NO_ENTRY = "0" * 64
"""``prev`` of the first line."""
HEADER_BYTES = 20 * 1024 * 1024
"""Longest first line: it holds the content files (8 MiB together, at most doubled by escapes)."""
TURN_BYTES = 8 * 1024 * 1024
"""Longest line that closes a turn: it holds all outcomes of the turn."""
ENTRY_BYTES = 1024 * 1024
"""Longest line of any other type."""

_FIELDS = frozenset({"n", "prev", "type", "data", "hash"})
_AT = re.compile(r"\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")


@attrs.frozen(slots=True)
class Entry:
    """One line of the log.

    ``n`` counts from 1; ``prev`` and ``hash`` are SHA-256 in hexadecimal; ``type`` and ``data`` as in ``exercise.record.shapes``; ``at`` is
    wall time (UTC, ISO 8601) for people, and nothing is ever computed from it.
    """

    n: int
    prev: str
    type: str
    data: dict[str, Any]
    hash: str
    at: str | None = None


def longest(kind: str) -> int:
    """The longest line, in bytes, that an entry of this type may take."""
    return {"exercise": HEADER_BYTES, "turn_closed": TURN_BYTES}.get(kind, ENTRY_BYTES)


def seal(n: int, prev: str, kind: str, data: dict[str, Any], at: str | None = None) -> tuple[Entry, bytes]:
    """Make entry ``n`` after the entry with hash ``prev``; returns it with its line, newline included.

    The entry holds a copy of ``data`` as it will be read back. Raises ``EntryError`` if it may not be recorded.
    """
    refuse_shape(kind, data)
    if at is not None and not _AT.fullmatch(at):
        raise EntryError("at", "wall time is written as 2030-01-31T12:00:00Z")
    body = canonical.encode({"n": n, "prev": prev, "type": kind, "data": data} | ({} if at is None else {"at": at}))
    sealed = hashlib.sha256(body).hexdigest()
    place = body.rindex(b',"n":')
    line = b'%b,"hash":"%b"%b\n' % (body[:place], sealed.encode(), body[place:])
    if len(line) > longest(kind):
        raise EntryError("too-long", f"an entry of type '{kind}' takes at most {longest(kind):,} bytes, this one {len(line):,}")
    return Entry(n, prev, kind, canonical.decode(body)["data"], sealed, at), line


def unseal(line: bytes, n: int, prev: str) -> Entry:
    """Read the line (without its newline) that should be entry ``n`` after ``prev``. Raises ``EntryError`` if it is not."""
    body = canonical.decode(line)
    if not isinstance(body, dict) or not _FIELDS <= body.keys() <= _FIELDS | {"at"}:
        raise EntryError("fields", "the line is not an entry: it needs n, prev, type, data and hash, and may have at")
    if not digest(body["hash"]) or body["hash"] != hashlib.sha256(_without_hash(line)).hexdigest():
        raise EntryError("hash", "the line does not match its own hash")
    _check_place(body, n, prev)
    kind, at = body["type"], body.get("at")
    if not isinstance(kind, str) or not (at is None or (isinstance(at, str) and _AT.fullmatch(at))):
        raise EntryError("fields", "type or wall time of the entry is malformed")
    refuse_shape(kind, body["data"])
    if len(line) >= longest(kind):
        raise EntryError("too-long", f"an entry of type '{kind}' takes at most {longest(kind):,} bytes")
    return Entry(n, prev, kind, body["data"], body["hash"], at)


def _check_place(body: dict[str, Any], n: int, prev: str) -> None:
    if type(body["n"]) is not int or body["n"] != n:
        raise EntryError("number", f"the line stands where entry {n} should be and says that it is entry {str(body['n'])[:20]}")
    if body["prev"] != prev:
        raise EntryError("chain", "the line does not follow the line before it")
    if (n == 1) != (body["type"] == "exercise"):
        raise EntryError("header", "the first line, and only the first, describes the exercise")


def _without_hash(line: bytes) -> bytes:
    """The bytes that were hashed. Keys are sorted and nothing after ``hash`` holds free text, so its last mention is the entry's own."""
    place = line.rindex(b',"hash":"')
    return line[:place] + line[place + len(b',"hash":""') + 64 :]
