"""The one error of the language: what is wrong with an expression, where, and what would help."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class ExpressionError(Exception):
    """An expression that cannot be used.

    ``code`` is a short stable word (``syntax``, ``unknown-name``, ``unit-mismatch`` ...; all are listed in docs/language.md), ``message``
    says what is wrong in words, ``hint`` what would help (may be empty), ``offset`` is the index of the offending word in the text, from 0.
    """

    def __init__(self, code: str, message: str, hint: str = "", offset: int = 0) -> None:
        super().__init__(f"{message} ({hint})" if hint else message)
        self.code = code
        self.message = message
        self.hint = hint
        self.offset = offset


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """A hint with the closest known word, or ``otherwise`` when none is close."""
    close = difflib.get_close_matches(word, sorted(set(known)), 1, 0.6)
    return f"did you mean {close[0]}?" if close else otherwise
