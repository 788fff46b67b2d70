"""Texts from the network as values, within limits: whatever comes is an object or a refusal, and nothing raises."""

from __future__ import annotations

import json
from typing import Any

MAX_BYTES = 64 * 1024
"""Longest text from a client, in bytes."""
MAX_DEPTH = 6
MAX_ITEMS = 400
"""Most elements that one list or object may hold."""
MAX_DIGITS = 40
"""Longest number, in characters."""


class Malformed(Exception):  # noqa: N818 - what the text is
    """A text that is not taken; the words say why, for whoever sent it."""


def read(text: str) -> dict[str, Any]:
    """The object that a text holds. Raises ``Malformed``."""
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise Malformed("too long")
    try:
        value = json.loads(text, parse_constant=_no_number, parse_int=_whole, parse_float=_number, object_pairs_hook=_object)
    except RecursionError:
        raise Malformed("nested too deep") from None
    except ValueError:
        raise Malformed("not JSON") from None
    if not isinstance(value, dict):
        raise Malformed("not an object")
    _refuse_large(value, MAX_DEPTH)
    return value


def write(frame: Any) -> str:
    """A frame as text."""
    return json.dumps(frame, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _no_number(_text: str) -> Any:
    raise Malformed("not a number")


def _whole(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise Malformed("a number is too long")
    return int(digits)


def _number(digits: str) -> float:
    if len(digits) > MAX_DIGITS:
        raise Malformed("a number is too long")
    return float(digits)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed("a name stands twice")
    return found


def _refuse_large(value: Any, depth: int) -> None:
    if isinstance(value, dict | list):
        if depth == 0:
            raise Malformed("nested too deep")
        if len(value) > MAX_ITEMS:
            raise Malformed("too many elements")
        for each in value.values() if isinstance(value, dict) else value:
            _refuse_large(each, depth - 1)
