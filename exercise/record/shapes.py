"""What each type of entry says, field by field: the format of the log as a table.

A name ending in ``?`` may be missing. A field that is not in the table is refused, so a misspelt one cannot pass unseen; a new field means
one more line here, and a new ``FORMAT`` if older readers would misread the log without it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from exercise.record.canonical import EntryError

FORMAT = 1
"""Version of the format of the log: how lines are written and chained, and which fields they have."""
SEMANTICS = 2
"""Version of the meaning of rules: two engines of equal semantics compute equal worlds from equal inputs."""

Check = Callable[[Any], bool]
"""Whether a field's value has the right shape."""

HEX = re.compile(r"[0-9a-f]*")
TEXT_CHARACTERS = 20_000
"""Longest text that a person or a scenario may put into one field, in characters."""


def text(value: Any) -> bool:
    """Text of at most ``TEXT_CHARACTERS``."""
    return isinstance(value, str) and len(value) <= TEXT_CHARACTERS


def name(value: Any) -> bool:
    """An id: text of 1 to 200 characters."""
    return isinstance(value, str) and 0 < len(value) <= 200


def agreement_id(value: Any) -> bool:
    """The id of an agreement: it names all its parties, so it may be longer than other ids."""
    return isinstance(value, str) and 0 < len(value) <= 2_000


def digest(value: Any) -> bool:
    """A SHA-256 in lower-case hexadecimal."""
    return isinstance(value, str) and len(value) == 64 and HEX.fullmatch(value) is not None


def hexadecimal(value: Any) -> bool:
    """Bytes in lower-case hexadecimal, at most 64 of them."""
    return isinstance(value, str) and len(value) <= 128 and HEX.fullmatch(value) is not None


def whole(value: Any) -> bool:
    """A whole number from 0 that fits 63 bits."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63


def seed(value: Any) -> bool:
    """A seed: a whole number that fits 64 bits, signed or not."""
    return isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**64


def flag(value: Any) -> bool:
    """True or false."""
    return isinstance(value, bool)


def number(value: Any) -> bool:
    """An amount."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def anything(_value: Any) -> bool:
    """Whatever canonical JSON can hold."""
    return True


def one_of(*values: str) -> Check:
    """One of these words."""
    return lambda value: isinstance(value, str) and value in values


def optional(check: Check) -> Check:
    """The same, or null."""
    return lambda value: value is None or check(value)


def several(check: Check, most: int = 10_000) -> Check:
    """A list of such values."""
    return lambda value: isinstance(value, list | tuple) and len(value) <= most and all(check(item) for item in value)


def record(fields: Mapping[str, Check]) -> Check:
    """An object with these fields."""
    return lambda value: isinstance(value, dict) and not _wrong_field(value, fields)


def file(value: Any) -> bool:
    """A content file: its name and its text, of any length that the line allows."""
    return isinstance(value, list | tuple) and len(value) == 2 and name(value[0]) and isinstance(value[1], str)


def marks(value: Any) -> bool:
    """Marks of all cells in base64, as ``exercise.record.marks`` writes them."""
    return isinstance(value, str)


def audience(value: Any) -> bool:
    """``all``, or a list of seats."""
    return value == "all" or several(name)(value)


TURN: dict[str, Check] = {"turn": whole}
FORM = one_of("letter", "room", "statement", "announcement")
BY = one_of("human", "doctrine", "facilitator", "script", "body")
RULED_EFFECT: dict[str, Check] = {
    "entity": name,
    "quantity": name,
    "mode": one_of("add", "set"),
    "value": number,
    "after_days?": number,
    "lasts_days?": number,
}
OUTCOME: dict[str, Check] = {"kind": name, "to": audience, "cause": text, "data": lambda value: isinstance(value, dict)}

CLAUSE: dict[str, Check] = {
    "clause": name,
    "giver?": name,
    "receiver?": name,
    "target?": name,
    "amount?": number,
    "line?": number,
    "by_days?": whole,
    "vote?": name,
    "motion?": name,
}
STEP = one_of("propose", "sign", "decline", "retract", "disclose", "in_force")

SHAPES: dict[str, dict[str, Check]] = {
    "exercise": {
        "format": whole,
        "semantics": whole,
        "engine": name,
        "scenario": name,
        "cut": name,
        "seed": seed,
        "seats": several(name),
        "files": several(file),
        "seed_commitment": digest,
        "salt?": hexadecimal,
    },
    "seat": {"seat": name, "by": BY, "doctrine?": optional(name), "player?": optional(text), "empty?": flag},
    "order": {**TURN, "seat": name, "order": name, "target?": optional(name), "amount?": optional(number), "by?": BY, "ref?": name},
    "withdraw": {**TURN, "seat": name, "order": name, "target?": optional(name), "by?": BY, "ref?": name},
    "motion": {**TURN, "seat": name, "body": name, "motion": name, "by?": BY, "ref?": name},
    "vote": {**TURN, "seat": name, "body": name, "motion": name, "vote": name, "say?": text, "by?": BY, "ref?": name},
    "message": {**TURN, "from": name, "to": audience, "text": text, "form?": FORM, "room?": text, "ref?": name},
    "room": {**TURN, "seat": name, "room": text, "members": several(name), "name?": text, "ref?": name},
    "suggestion": {
        **TURN,
        "seat": name,
        "id": whole,
        "order?": text,
        "target?": optional(name),
        "amount?": optional(number),
        "text?": text,
        "ref?": name,
    },
    "dismissed": {**TURN, "seat": name, "id": whole, "ref?": name},
    "agreement": {
        **TURN,
        "step": STEP,
        "seat": name,
        "agreement": agreement_id,
        "proposer?": name,
        "parties?": several(name, most=100),
        "clauses?": several(record(CLAUSE), most=100),
        "days?": whole,
        "secret?": flag,
        "answers?": text,
        "text?": text,
        "by?": BY,
        "ref?": name,
    },
    "phase": {**TURN, "phase": name, "by?": name},
    "ready": {**TURN, "phase": name, "seat": name, "ready": flag, "by?": BY, "ref?": name},
    "timer": {**TURN, "phase": name, "left_s": optional(number), "runs": flag, "by?": name, "ref?": name},
    "listening": {**TURN, "on": flag, "by?": name, "ref?": name},
    "inject": {**TURN, "inject": name, "by?": BY, "ref?": name},
    "ruling": {**TURN, "effects": several(record(RULED_EFFECT), most=100), "reason": text},
    "note": {**TURN, "text": text, "by?": name, "ref?": name},
    "rating": {**TURN, "of": name, "rating": anything, "text?": text, "by?": name},
    "turn_closed": {**TURN, "digest": digest, "outcomes": several(record(OUTCOME), most=100_000), "marks?": marks},
    "branched": {"from_head": digest, **TURN, "seed?": seed},
    "paused": {"turn?": whole, "reason?": text, "by?": name, "ref?": name},
    "resumed": {"turn?": whole, "reason?": text, "by?": name, "ref?": name},
    "ended": {"digest": digest},
}


def refuse_shape(kind: str, data: Any) -> None:
    """Raise ``EntryError`` if an entry of this type may not say that."""
    fields = SHAPES.get(kind)
    if fields is None:
        raise EntryError("unknown-type", f"there is no entry of type '{kind[:40]}'")
    if not isinstance(data, dict):
        raise EntryError("shape", f"the data of '{kind}' must be an object")
    wrong = _wrong_field(data, fields)
    if wrong:
        raise EntryError("shape", f"'{kind}': {wrong}")


def _wrong_field(data: Mapping[Any, Any], fields: Mapping[str, Check]) -> str:
    """What is wrong with the fields, in words; empty if nothing is."""
    for field, check in fields.items():
        key = field.removesuffix("?")
        if key not in data:
            if key == field:
                return f"field '{key}' is missing"
        elif not check(data[key]):
            return f"field '{key}' has a value of the wrong shape"
    unknown = sorted(str(key) for key in data if key not in fields and f"{key}?" not in fields)
    return f"field '{unknown[0][:40]}' is not known" if unknown else ""
