"""Two bytes for every number of a world: too few to tell a value, enough to say where two worlds differ first.

The digest of a turn says that a recomputed world differs; the marks beside it say where, without the log repeating the world.
"""

from __future__ import annotations

import base64
import binascii
import struct
import zlib
from collections.abc import Sequence

MARK_BYTES = 2


def marks_of(values: Sequence[float]) -> str:
    """Marks of all values in base64. Equal bits have equal marks; different ones differ but for 1 in 65,536."""
    return base64.b64encode(_packed(values)).decode()


def differing(recorded: str, values: Sequence[float]) -> tuple[int, ...]:
    """Which values, by place, differ from those of which the marks were recorded, lowest first; also those that one side lacks."""
    ours = _packed(values)
    try:
        theirs = base64.b64decode(recorded, validate=True)
    except binascii.Error:
        theirs = b""
    return tuple(place for place in range(max(len(ours), len(theirs)) // MARK_BYTES) if _mark(ours, place) != _mark(theirs, place))


def _mark(packed: bytes, place: int) -> bytes:
    return packed[place * MARK_BYTES : (place + 1) * MARK_BYTES]


def _packed(values: Sequence[float]) -> bytes:
    return b"".join((zlib.crc32(struct.pack("<d", value)) & 0xFFFF).to_bytes(MARK_BYTES, "little") for value in values)
