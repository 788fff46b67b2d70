"""Acts as they come from people: their fields read without trust, and their texts through one door."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from exercise.core.decisions import Refusal

MAX_TEXT = 2_000
"""Longest message or explanation, in characters."""
MAX_NAME = 60
"""Longest name of a room or a person, in characters."""
MAX_ID = 100
LARGEST = 1e300
"""Amounts beyond are no numbers."""

CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")

Act = Mapping[str, Any]
Put = tuple[str, dict[str, Any]]
"""Type and data of the entry that an act becomes."""


def answer_frame(ref: str, why: Refusal | None) -> dict[str, Any]:
    """The answer to an act: done, or why not."""
    if why is None:
        return {"frame": "ack", "ref": ref}
    return {"frame": "refused", "ref": ref, "code": why.code, "why": why.why, "hint": why.hint}


def refuse_text(said: str, longest: int = MAX_TEXT) -> Refusal | None:
    """Why a person's text cannot be passed on: empty, too long, or holding control characters other than line ends."""
    if not said.strip():
        return Refusal("empty", "there is nothing in it")
    if len(said) > longest:
        return Refusal("too-long", f"at most {longest} characters")
    if any(
        (ord(character) < 32 and character != "\n") or 127 <= ord(character) < 160 or 0xD800 <= ord(character) < 0xE000
        for character in said
    ):
        return Refusal("control-characters", "it holds control characters")
    return None


def refuse_name(said: str) -> Refusal | None:
    """Why something cannot be called so: names stand on one line."""
    if "\n" in said:
        return Refusal("control-characters", "a name stands on one line")
    return refuse_text(said, MAX_NAME)


def text(act: Act, name: str) -> str:
    """A person's words; empty where something else was sent."""
    value = act.get(name)
    return value if isinstance(value, str) else ""


def word(act: Act, name: str) -> str:
    """An id or reference."""
    return short(text(act, name))


def short(said: str) -> str:
    """Text cut to the length of ids; half characters and control characters, which no log can hold, become question marks."""
    return CONTROL.sub("?", said[:MAX_ID].encode("utf-8", "replace").decode("utf-8"))


def target(act: Act) -> str | None:
    """What an order is aimed at, if anything."""
    return None if act.get("target") is None else word(act, "target")


def is_number(value: object) -> bool:
    """Whether an amount is a number."""
    # Compared, not converted: a whole number may be larger than any float.
    return isinstance(value, int | float) and not isinstance(value, bool) and -LARGEST < value < LARGEST
