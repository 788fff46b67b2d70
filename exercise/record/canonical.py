"""One spelling for every value: the JSON in which entries are hashed, and a reader that accepts nothing else.

Keys are sorted by code point, no space is written, text stays UTF-8 and floats are Python's shortest ``repr``, so equal values have equal
bytes on every machine. What comes from a file is measured before it is parsed (size, depth, digits), then compared with its own canonical
spelling: a second way to write the same value is refused, which leaves no bit of a line without meaning.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

MAX_DEPTH = 32
"""Deepest nesting of lists and objects, the outermost counted."""
MAX_DIGITS = 20
"""Longest whole number in characters: 64 bits and a sign."""

_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_SQUARE = bytes.maketrans(b"{}", b"[]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_KEY_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")


class EntryError(ValueError):
    """A value that no entry may hold. ``code`` is a short stable word for programs; the message is for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def encode(value: Any) -> bytes:
    """The canonical spelling.

    Raises ``EntryError`` for what JSON cannot hold exactly: NaN, infinity, keys that are not text, lone surrogates, control characters
    other than newline, carriage return and tab, nesting beyond ``MAX_DEPTH``.
    """
    _check(value, MAX_DEPTH)
    return _spell(value)


def decode(line: bytes) -> Any:
    """The value of a canonical line. Raises ``EntryError`` if it is not JSON, is not canonical or holds what ``encode`` refuses.

    The caller has capped the length of ``line``; depth is measured here before anything is parsed.
    """
    if is_deep(line):
        raise EntryError("too-deep", f"brackets are nested deeper than {MAX_DEPTH} or are not closed")
    value = _parse(line)
    _check(value, MAX_DEPTH)
    if _spell(value) != line:
        raise EntryError("not-canonical", "the line is not in canonical form (sorted keys, no spaces, shortest numbers)")
    return value


def _parse(line: bytes) -> Any:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise EntryError("not-utf8", f"byte {error.start + 1} of the line is not UTF-8") from None
    try:
        return _DECODER.decode(text)
    except EntryError:
        raise
    except (ValueError, RecursionError) as error:
        raise EntryError("not-json", f"the line is not JSON: {error}") from None


def _spell(value: Any) -> bytes:
    try:
        return _ENCODER.encode(value).encode("utf-8")
    except UnicodeEncodeError:
        raise EntryError("surrogate", "text holds half of a surrogate pair, which is no character") from None


def is_deep(line: bytes) -> bool:
    """Whether brackets outside of strings nest deeper than allowed. Every pass takes off the innermost level, as fast as ``replace``."""
    if line.count(b"[") + line.count(b"{") <= MAX_DEPTH:
        return False
    brackets = _STRING.sub(b"", line).translate(_SQUARE, delete=_NOT_BRACKETS)
    for _ in range(MAX_DEPTH):
        if not brackets:
            return False
        brackets = brackets.replace(b"[]", b"")
    return bool(brackets)


def _check(value: Any, depth: int) -> None:
    """Refuse what has no exact spelling. ``depth`` is how many further levels are allowed."""
    if isinstance(value, str):
        if not value.isprintable() and _CONTROL.search(value):
            raise EntryError("control-character", "text holds a control character")
    elif value is None or isinstance(value, bool):
        return
    elif isinstance(value, int):
        _check_digits(str(value) if value.bit_length() <= 128 else "9" * (MAX_DIGITS + 1))
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise EntryError("not-finite", "NaN and infinity are no amounts")
    else:
        _check_container(value, depth)


def _check_container(value: Any, depth: int) -> None:
    if depth == 0:
        raise EntryError("too-deep", f"nested deeper than {MAX_DEPTH}")
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise EntryError("key", f"keys are text, not {type(key).__name__}")
            if not key.isprintable() and _KEY_CONTROL.search(key):
                raise EntryError("control-character", "a key holds a control character")
            _check(item, depth - 1)
    elif isinstance(value, list | tuple):
        for item in value:
            _check(item, depth - 1)
    else:
        raise EntryError("type", f"an entry cannot hold a {type(value).__name__}")


def _check_digits(text: str) -> None:
    if len(text) > MAX_DIGITS:
        raise EntryError("number-too-long", f"whole numbers have at most {MAX_DIGITS} characters")


def _whole(text: str) -> int:
    _check_digits(text)
    return int(text)


def _fraction(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise EntryError("not-finite", "the number is beyond the range of a double")
    return value


def _constant(text: str) -> float:
    raise EntryError("not-finite", f"{text} is no amount")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise EntryError("duplicate-key", "an object names a key twice")
    return found


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
_DECODER = json.JSONDecoder(parse_int=_whole, parse_float=_fraction, parse_constant=_constant, object_pairs_hook=_object)
