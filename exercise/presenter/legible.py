"""Text from people, logs and content made safe and measurable: one line, one width, nothing that a terminal obeys.

The wire and the loader refuse control characters already; this is the second wall, for what comes from an old log or a hostile host.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

UNSHOWABLE = "\N{REPLACEMENT CHARACTER}"
"""Stands for a character that would hide, reorder or command."""

STACKED_MARKS = 2
"""Combining marks kept on one letter; more of them climb over neighbouring lines."""

_CONTROL_PICTURES = 0x2400
_SPACES = "\t\n\r\v\f\u0085\u2028\u2029"

_ASCII = str.maketrans(
    "▲▼▬▸◂●○◆✓✗•·…│┃║─━═┌┐└┘╭╮╰╯├┤╞╡█▉▊▋▌▍▎▏░▒▓▁▂▃▄▅▆▇\u2013\u2014\u2019\u2018\u201c\u201d→←↑↓\u00d7≈±≥≤",
    "^v=><*o*+x*-~|||--=++++++++++++#####|||.:%__--==#--''\"\"><^vx~+><",
)
"""Our glyphs and their stand-ins, place by place."""


def ascii_only(text: str) -> str:
    """The same text, cell for cell, for a terminal that shows ASCII only: our glyphs get stand-ins, other letters lose their accents."""
    translated = text.translate(_ASCII)
    if translated.isascii():
        return translated
    return "".join(_ascii_letter(letter) for letter in translated)


def _ascii_letter(letter: str) -> str:
    if letter.isascii():
        return letter
    base = unicodedata.normalize("NFKD", letter)[:1]
    return base if base.isascii() else "?" * cell_width(letter)


def legible(text: str) -> str:
    """One line of text that shows what it holds and commands nothing.

    Line breaks and tabs become spaces, control characters their pictures, and characters that reorder, hide or extend beyond their cell
    (bidirectional controls, zero-width characters, private use, surrogates, variation selectors) the replacement character; of combining
    marks two are kept on a letter. Applying it twice changes nothing.
    """
    return text if text.isascii() and text.isprintable() else _made_legible(text)


@lru_cache(maxsize=8192)
def _made_legible(text: str) -> str:
    shown: list[str] = []
    marks = STACKED_MARKS  # a mark that opens the text has no letter to stand on
    for letter in unicodedata.normalize("NFC", text):
        if unicodedata.combining(letter) or unicodedata.category(letter) in ("Mn", "Me"):
            marks += 1
            if marks <= STACKED_MARKS and not _selects_variation(letter):
                shown.append(letter)
            continue
        shown.append(_showable(letter))
        marks = 0 if shown[-1] != UNSHOWABLE else STACKED_MARKS
    return "".join(shown)


def _selects_variation(letter: str) -> bool:
    return "\ufe00" <= letter <= "\ufe0f" or "\U000e0100" <= letter <= "\U000e01ef"


def _showable(letter: str) -> str:
    if letter in _SPACES:
        return " "
    category = unicodedata.category(letter)
    if category == "Cc":
        code = ord(letter)
        return chr(_CONTROL_PICTURES + code) if code < 0x20 else "\u2421" if code == 0x7F else UNSHOWABLE
    return UNSHOWABLE if category[0] == "C" else letter


def paragraphs(text: str) -> tuple[str, ...]:
    """A longer text as its paragraphs, each legible; single line breaks inside a paragraph are the author's wrapping and go."""
    blocks: list[list[str]] = [[]]
    for line in text.replace("\r\n", "\n").split("\n"):
        if line.strip():
            blocks[-1].append(line.strip())
        elif blocks[-1]:
            blocks.append([])
    return tuple(legible(" ".join(block)) for block in blocks if block)


@lru_cache(maxsize=8192)
def cell_width(text: str) -> int:
    """Cells that a legible text takes: two for wide East Asian letters and emoji, none for combining marks."""
    if text.isascii():
        return len(text)
    return sum(_cells(letter) for letter in text)


def _cells(letter: str) -> int:
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def clip(text: str, width: int) -> str:
    """The text cut to so many cells, with an ellipsis where something was cut."""
    if cell_width(text) <= width:
        return text
    kept, used = [], 0
    for letter in text:
        used += _cells(letter)
        if used > width - 1:
            break
        kept.append(letter)
    return "".join(kept).rstrip() + "…" if width > 0 else ""
