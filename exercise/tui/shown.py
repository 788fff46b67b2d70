"""What a terminal at the other end of a wire shows, so that of each frame only the cells that changed are sent.

Textual paints whole stretches of lines: a cursor that moves by one row repaints two rows, and a change of focus a pane. Here a frame is
read as cells and held against what was sent before. What is not understood (and what a terminal may take for wider or narrower than we
do) is passed on as it came, and counts as unknown until it is painted again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from exercise.presenter.legible import cell_width

_TEXT = r"[^\x00-\x1f\x7f-\x9f]"
_PIECE = re.compile(
    r"\x1b\[(\d+);(\d+)H"  # 1, 2: to a line and a column
    rf"|\x1b\[([\d;]*)m({_TEXT}*)\x1b\[0m"  # 3, 4: text in a style
    rf"|({_TEXT}+)"  # 5: text in none
    r"|(\n)"  # 6: a line further; Textual names the place after it
    r"|(\x07|\x1b\](?:22|52);[^\x00-\x1f]*\x07)"  # 7: a bell, the pointer's form, the clipboard: nothing of the screen
)
_MOVE, _STYLED, _PLAIN, _NEXT, _ASIDE = 2, 4, 5, 6, 7

_NARROW = re.compile(
    r"[\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0377\u0384-\u0482\u048a-\u052f\u2010-\u2015\u2018-\u2027\u2030-\u205e\u20a0-\u20bf"
    r"\u2116\u2190-\u2199\u2212\u2500-\u259f\u25a0-\u25fc\u2713\u2717]*"
)
"""Letters and signs that take one cell everywhere."""

UNKNOWN = "\0"
_ATTRIBUTES = {"1": "22", "2": "22", "3": "23", "4": "24", "7": "27"}
"""Attributes that can be taken back by themselves, and by what."""
_ON_BLANKS = frozenset({"4", "7", "9", "21", "51", "52", "53"})
"""Attributes that show on a blank: lines, frames, and colours that change places."""
_MOST_STYLES = 1_000
"""Styles whose codes one terminal remembers."""
_BRIDGE = 4
"""Cells that are painted again rather than leapt over: that many bytes a leap takes as well."""


class Shown:
    """The cells of one terminal. ``style`` makes of a style's codes those that the terminal understands."""

    def __init__(self, columns: int, lines: int, style: Callable[[str], str], *, takes_back: bool = True) -> None:
        self._columns, self._lines = columns, lines
        self._style = style
        self._known: dict[str, str] = {"": ""}
        self._takes_back = takes_back
        self._letters: list[str] = []
        self._styles: list[list[str]] = []
        self.forget()

    def forget(self) -> None:
        """Nothing is known of what the terminal shows."""
        self._letters = [UNKNOWN * self._columns] * self._lines
        self._styles = [[""] * self._columns] * self._lines

    def changes(self, frame: str) -> str | None:
        """What to send so that the terminal shows a frame; None when it cannot be told, and all is forgotten."""
        read = self._read(frame)
        if read is None:
            self.forget()
            return None
        painted, aside, (y, x) = read
        pen = _Pen(self._columns, takes_back=self._takes_back)
        for row in sorted(painted):
            line = painted[row]
            if not line.is_narrow:
                pen.runs(row, line.runs)
            elif line.letters != self._letters[row] or line.styles != self._styles[row]:
                pen.line(row, line, self._letters[row], self._styles[row])
            self._letters[row], self._styles[row] = line.letters, line.styles
        if (y, x) != (0, 0) and 0 <= y < self._lines:  # a text cursor stands where it stands for those who compose letters with it
            pen.end(y, x)
        return "".join(aside) + pen.written()

    def _read(self, frame: str) -> tuple[dict[int, _Painted], list[str], tuple[int, int]] | None:
        """The lines that a frame paints, what it says aside, and where it leaves the cursor; None when it is not understood."""
        painted: dict[int, _Painted] = {}
        aside: list[str] = []
        x = y = -1
        at = 0
        for piece in _PIECE.finditer(frame):
            if piece.start() != at:
                return None
            at = piece.end()
            kind = piece.lastindex
            if kind == _MOVE:
                y, x = int(piece[1]) - 1, int(piece[2]) - 1
            elif kind == _ASIDE:
                aside.append(piece[7])
            elif kind != _NEXT:
                codes, text = (self._codes(piece[3]), piece[4]) if kind == _STYLED else ("", piece[5])
                width = self._put(painted, y, x, codes, text)
                if width is None:
                    return None
                x += width
        return (painted, aside, (y, x)) if at == len(frame) else None

    def _put(self, painted: dict[int, _Painted], y: int, x: int, codes: str, text: str) -> int | None:
        """Paint a text; the cells it takes, or None when it does not fit."""
        width, is_narrow = _width(text)
        if x < 0 or x + width > self._columns or not 0 <= y < self._lines:
            return None
        line = painted.get(y)
        if line is None:
            line = painted[y] = _Painted(self._letters[y], self._styles[y])
        letters = text if is_narrow else UNKNOWN * width
        line.put(x, letters, _cells(letters, codes))
        line.runs.append((x, codes, text))
        line.is_narrow = line.is_narrow and is_narrow
        return width

    def _codes(self, codes: str) -> str:
        known = self._known.get(codes)
        if known is None:
            if len(self._known) >= _MOST_STYLES:
                self._known.clear()
            known = self._known[codes] = self._style(codes)
        return known


class _Painted:
    """A line as it will be, and the runs that a frame paints on it."""

    __slots__ = ("is_narrow", "letters", "runs", "styles")

    def __init__(self, letters: str, styles: list[str]) -> None:
        self.letters, self.styles = letters, styles.copy()
        self.runs: list[tuple[int, str, str]] = []
        self.is_narrow = True

    def put(self, x: int, letters: str, styles: tuple[str, ...]) -> None:
        """Paint from a column on."""
        end = x + len(letters)
        self.letters = self.letters[:x] + letters + self.letters[end:]
        self.styles[x:end] = styles


class _Pen:
    """Writes cells with as little moving and changing of styles as is easily had."""

    def __init__(self, columns: int, *, takes_back: bool) -> None:
        self._columns, self._takes_back = columns, takes_back
        self._out: list[str] = []
        self._y = self._x = -1
        self._style = ""

    def line(self, y: int, line: _Painted, letters: str, styles: list[str]) -> None:
        """The cells of a line that differ from those shown."""
        wanted, looks = line.letters, line.styles
        for x in range(self._columns):
            letter, look = wanted[x], looks[x]
            if letter == letters[x] and look == styles[x]:
                continue
            self._to(y, x, wanted, looks)
            if look != self._style and not (letter == " " and _of_blank(self._style) == look):
                self._change(_next_look(x, wanted, looks) if letter == " " else look)
            self._out.append(letter)
            self._x = x + 1

    def runs(self, y: int, runs: list[tuple[int, str, str]]) -> None:
        """Runs as they came, each at its place."""
        for x, codes, text in runs:
            self._out.append(f"\x1b[{y + 1};{x + 1}H")
            self._change(codes)
            self._out.append(text)
        self._y = self._x = -1

    def end(self, y: int, x: int) -> None:
        """Leave the cursor somewhere."""
        if (y, x) != (self._y, self._x):
            self._out.append(f"\x1b[{y + 1};{x + 1}H")

    def written(self) -> str:
        """All of it, with no style left behind."""
        return "".join(self._out) + ("\x1b[m" if self._style else "")

    def _to(self, y: int, x: int, letters: str, looks: list[str]) -> None:
        """Move to a cell; a few cells in between that the pen could paint as they are, it paints."""
        gap = x - self._x
        if y != self._y or gap < 0 or self._x >= self._columns:
            self._out.append(f"\x1b[{y + 1};{x + 1}H")
        elif 0 < gap <= _BRIDGE and all(
            letters[each] != UNKNOWN and (looks[each] == self._style or (letters[each] == " " and _of_blank(self._style) == looks[each]))
            for each in range(self._x, x)
        ):
            self._out.append(letters[self._x : x])
        elif gap:
            self._out.append(f"\x1b[{gap}C" if gap > 1 else "\x1b[C")
        self._y, self._x = y, x

    def _change(self, style: str) -> None:
        self._out.append(_change_of(self._style, style, self._takes_back))
        self._style = style


def _next_look(x: int, letters: str, looks: list[str]) -> str:
    """The style in which to paint a blank: that of the next letter, if the blank looks the same in it."""
    look = looks[x]
    for each in range(x + 1, len(letters)):
        if looks[each] != look or letters[each] != " ":
            return looks[each] if letters[each] != UNKNOWN and _of_blank(looks[each]) == look else look
    return look


@lru_cache(maxsize=4096)
def _width(text: str) -> tuple[int, bool]:
    """Cells of a text, and whether every letter takes one."""
    if _NARROW.fullmatch(text):
        return len(text), True
    return cell_width(text), False


@lru_cache(maxsize=4096)
def _cells(text: str, codes: str) -> tuple[str, ...]:
    """The style of each cell; that of a blank says only what shows."""
    blank = _of_blank(codes)
    return tuple(blank if letter == " " else codes for letter in text) if blank != codes else (codes,) * len(text)


@lru_cache(maxsize=4096)
def _of_blank(codes: str) -> str:
    attributes, _ink, ground = _parts(codes)
    return codes if not _ON_BLANKS.isdisjoint(attributes) else ground


@lru_cache(maxsize=8192)
def _change_of(before: str, after: str, takes_back: bool) -> str:
    """The shortest code that leads from one style to another."""
    if before == after:
        return ""
    anew = f"\x1b[0;{after}m" if after and before else f"\x1b[{after}m"
    (had, *old), (has, *new) = _parts(before), _parts(after)
    gone = had - has
    if not takes_back or not gone <= _ATTRIBUTES.keys():
        return anew
    codes = sorted({_ATTRIBUTES[each] for each in gone})
    kept = had - {each for each, code in _ATTRIBUTES.items() if code in codes}
    codes += sorted(has - kept, key=int)
    codes += [wanted or nothing for was, wanted, nothing in zip(old, new, ("39", "49"), strict=True) if wanted != was]
    step = f"\x1b[{';'.join(codes)}m"
    return min(step, anew, key=len)


@lru_cache(maxsize=8192)
def _parts(codes: str) -> tuple[frozenset[str], str, str]:
    """Attributes, the codes of the ink and those of the ground."""
    attributes: set[str] = set()
    ink = ground = ""
    parts = iter(codes.split(";") if codes else ())
    for part in parts:
        colour = part
        if part in ("38", "48"):
            kind = next(parts, "")
            colour = ";".join((part, kind, *(next(parts, "0") for _place in range(3 if kind == "2" else 1))))
        number = int(part or "0")
        if number == 38 or 30 <= number <= 37 or 90 <= number <= 97:
            ink = colour
        elif number == 48 or 40 <= number <= 47 or 100 <= number <= 107:
            ground = colour
        elif number == 39:
            ink = ""
        elif number == 49:
            ground = ""
        elif number == 0:
            attributes, ink, ground = set(), "", ""
        else:
            attributes.add(part)
    return frozenset(attributes), ink, ground
