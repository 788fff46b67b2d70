"""Words of an expression, within limits that hold before anything is read."""

from __future__ import annotations

import re

import attrs

from exercise.language.errors import ExpressionError

MAX_CHARACTERS = 2_000
MAX_TOKENS = 400
MAX_WORD = 100
MAX_NUMBER = 1e15
"""The largest number that can be written: every integer up to it is exact."""

RESERVED = frozenset({"if", "else", "and", "or", "not", "between", "for", "in", "where", "true", "false"})
"""Words that cannot be names."""

_TOKEN = re.compile(
    r"""(?P<space>[ \t\n]+)
      | (?P<number>[0-9][0-9_]*(?:\.[0-9]+)?)
      | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<text>"[^"\n]*"|'[^'\n]*')
      | (?P<sign><=|>=|==|!=|[-+*/<>()%.,])""",
    re.VERBOSE,
)
_INSTEAD = {
    "=": "write == to compare",
    "&": "write and",
    "|": "write or",
    "!": "write not, or != for 'differs'",
    "^": "there are no powers; multiply",
    "\u00d7": "write *",
    "\u00f7": "write /",
    "\u2212": "write the plain minus -",
    "≤": "write <=",
    "≥": "write >=",
}


@attrs.frozen(slots=True)
class Token:
    """One word or sign: its ``kind`` (number, word, text, sign, end), its characters and where they stand."""

    kind: str
    text: str
    at: int

    @property
    def end(self) -> int:
        """Offset just behind it."""
        return self.at + len(self.text)


def tokenize(text: str) -> list[Token]:
    """The tokens of a text, closed by one of kind ``end``. Raises ``ExpressionError``: ``too-long`` or ``syntax``."""
    if len(text) > MAX_CHARACTERS:
        message = f"an expression has at most {MAX_CHARACTERS} characters, this one {len(text)}"
        raise ExpressionError("too-long", message, "name parts of it with let", MAX_CHARACTERS)
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _unreadable(text, at)
        at = match.end()
        kind = match.lastgroup or "space"
        if kind == "space":
            continue
        if len(tokens) >= MAX_TOKENS:
            message = f"an expression has at most {MAX_TOKENS} words and signs"
            raise ExpressionError("too-long", message, "name parts of it with let", match.start())
        if len(match.group()) > MAX_WORD:
            raise ExpressionError("too-long", f"a word has at most {MAX_WORD} characters", "", match.start())
        tokens.append(Token(kind, match.group(), match.start()))
    tokens.append(Token("end", "", len(text)))
    return tokens


def _unreadable(text: str, at: int) -> ExpressionError:
    character = text[at]
    if character in "\"'":
        return ExpressionError("syntax", "the quoted word is not closed", f"close it with {character}", at)
    shown = character if character.isprintable() else f"U+{ord(character):04X}"
    return ExpressionError("syntax", f"'{shown}' means nothing here", _INSTEAD.get(character, ""), at)
