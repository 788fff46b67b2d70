"""A promise about the seed: seats get a salted hash before play and the seed with its salt at ENDEX, so nobody can change it in between."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Any

import attrs

SALT_BYTES = 16


@attrs.frozen(slots=True)
class Promise:
    """What a log's header says of its seed: the ``commitment`` that seats are told before play, the ``salt`` that opens it at ENDEX."""

    commitment: str
    salt: str

    @classmethod
    def of_header(cls, data: Mapping[str, Any]) -> Promise:
        """The promise in the data of a log's first line. A log without its salt cannot open it."""
        return cls(data["seed_commitment"], data.get("salt", ""))


def fresh_salt() -> str:
    """A salt that nobody can guess, in hexadecimal: for exercises that people play."""
    return secrets.token_hex(SALT_BYTES)


def open_salt(seed: int) -> str:
    """A salt made from the seed itself: for headless runs, which have nobody to hide it from and must give equal bytes when repeated."""
    return hashlib.sha256(f"salt\n{seed}".encode()).hexdigest()[: 2 * SALT_BYTES]


def commitment(seed: int, salt: str) -> str:
    """SHA-256 of salt and seed in hexadecimal. Without the salt no search over seeds finds which one it was."""
    return hashlib.sha256(f"seed\n{salt}\n{seed}".encode()).hexdigest()


def promise_mark(commitment: str) -> str:
    """The first 64 bits of a commitment in groups of four, for people to write down and compare."""
    return " ".join(commitment[at : at + 4] for at in range(0, 16, 4))


def keeps_promise(promised: str, seed: int, salt: str) -> bool:
    """Whether this seed and salt are those that were promised."""
    return hmac.compare_digest(promised, commitment(seed, salt))
