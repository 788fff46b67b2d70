"""Where a value stands in a TOML text: keys and indices to line and column.

The TOML reader gives values without positions, and almost no content ever needs one. So this small scanner runs only when a problem is
printed, over a text that the reader has accepted already (or up to the place where it did not).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import attrs

from exercise.language.problem import Place, Problem

Path = tuple[str | int, ...]

NAME = "="
"""Last part of the path to a key itself rather than to its value: ``("rule", 0, "when", NAME)``."""

DEEPEST = 100
"""How deep lists and tables are followed; far deeper than content may be."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[+-]?(?:inf|nan|[0-9][0-9A-Za-z_.:+-]*(?: [0-9][0-9:.+Zz-]*)?)|true|false")
_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)+")
_TEXT = re.compile(
    r"""\"{3}(?:\r?\n)?(?P<long>[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*+(?:""(?="{3})|"(?="{3}))?)\"{3}
      | '{3}(?:\r?\n)?(?P<raw>[^']*+(?:'(?!'')[^']*+)*+(?:''(?='{3})|'(?='{3}))?)'{3}
      | "(?!"")(?P<short>[^"\\\n]*+(?:\\.[^"\\\n]*+)*+)"
      | '(?!'')(?P<plain>[^'\n]*)'""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|x[0-9A-Fa-f]{2}|.)", re.DOTALL)
_HIDDEN = re.compile(r"(?:\\[ \t]*\r?\n\s*)+")
_ESCAPED = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b", '"': '"', "\\": "\\"}


class _BrokenOffError(Exception):
    """The text cannot be read any further; ``at`` is where what cannot be read begins."""

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


@attrs.define(slots=True)
class Outline:
    """Offsets of everything in a text: ``found`` leads from paths to values (a text: its first character), tables (their first bracket)
    and, with ``NAME`` at the end, keys. ``doubled`` are keys and tables that stand there twice, ``broken`` is where reading stopped,
    ``open`` are the brackets not closed by then.
    """

    text: str
    at: int = 0
    found: dict[Path, int] = attrs.field(factory=dict)
    doubled: list[tuple[Path, int]] = attrs.field(factory=list)
    broken: int | None = None
    open: list[int] = attrs.field(factory=list)
    counts: dict[Path, int] = attrs.field(factory=dict)
    headed: set[Path] = attrs.field(factory=set)

    @classmethod
    def of(cls, text: str) -> Outline:
        """Walk a text once."""
        outline = cls(text)
        table: Path = ()
        try:
            while outline.skip():
                if outline.sees("["):
                    table = outline.header()
                else:
                    outline.pair(table)
        except _BrokenOffError as stopped:
            outline.broken = stopped.at
        return outline

    def nearest(self, path: Path) -> tuple[int, bool]:
        """Offset of the value at a path, or of the nearest table around it; and whether it is the value itself."""
        wanted = path
        while wanted and wanted not in self.found:
            wanted = wanted[:-1]
        return self.found.get(wanted, 0), wanted == path

    # --- reading ----------------------------------------------------------------------------------------------------------------

    def sees(self, sign: str) -> bool:
        """Whether a sign stands here."""
        return self.text.startswith(sign, self.at)

    def take(self, sign: str) -> None:
        """Go past a sign that must stand here."""
        if not self.sees(sign):
            raise _BrokenOffError(self.at)
        self.at += len(sign)

    def skip(self) -> bool:
        """Go past blanks and comments; whether anything follows."""
        match = _BLANK.match(self.text, self.at)
        if match is not None:
            self.at = match.end()
        return self.at < len(self.text)

    def header(self) -> Path:
        """The name of a table: ``[a.b]`` or ``[[a.b]]``."""
        start, many = self.at, self.sees("[[")
        self.take("[[" if many else "[")
        keys = self.keys()
        self.take("]]" if many else "]")
        path: Path = ()
        for position, (name, at) in enumerate(keys):
            path = (*path, name)
            self.found.setdefault((*path, NAME), at)
            if position == len(keys) - 1 and many:
                self.counts[path] = self.counts.get(path, -1) + 1
            if path in self.counts:
                path = (*path, self.counts[path])
                self.found.setdefault((*path, NAME), at)
            self.found.setdefault(path, start)
        if not many:
            if path in self.headed:
                self.doubled.append((path, keys[-1][1]))
            self.headed.add(path)
        return path

    def keys(self) -> list[tuple[str, int]]:
        """The parts of a key, with their offsets."""
        keys: list[tuple[str, int]] = []
        while True:
            self.skip()
            start = self.at
            keys.append((self.key(), start))
            self.skip()
            if not self.sees("."):
                return keys
            self.at += 1

    def key(self) -> str:
        """One word of a key."""
        if self.sees('"') or self.sees("'"):
            opening = self.at
            start = self.string()
            return unescaped(self.text[start : self.at - 1]) if self.text[opening] == '"' else self.text[start : self.at - 1]
        match = _BARE.match(self.text, self.at)
        if match is None:
            raise _BrokenOffError(self.at)
        self.at = match.end()
        return match.group()

    def pair(self, table: Path) -> None:
        """``key = value``."""
        path, keys = table, self.keys()
        for name, at in keys[:-1]:
            path = (*path, name)
            self.found.setdefault((*path, NAME), at)
            self.found.setdefault(path, at)
        path = (*path, keys[-1][0])
        if (*path, NAME) in self.found:
            self.doubled.append((path, keys[-1][1]))
        self.found.setdefault((*path, NAME), keys[-1][1])
        self.skip()
        self.take("=")
        self.skip()
        self.value(path)

    def value(self, path: Path) -> None:
        """Any value; where it begins is noted."""
        if self.sees('"') or self.sees("'"):
            self.found.setdefault(path, self.string())
            return
        self.found.setdefault(path, self.at)
        if self.sees("[") or self.sees("{"):
            self.open.append(self.at)
            if len(self.open) > DEEPEST:
                raise _BrokenOffError(self.at)
            (self.items if self.sees("[") else self.inline)(path)
            self.open.pop()
            return
        match = _SCALAR.match(self.text, self.at)
        if match is None:
            raise _BrokenOffError(self.at)
        self.at = match.end()

    def string(self) -> int:
        """Go past a text; where its content begins."""
        match = _TEXT.match(self.text, self.at)
        if match is None:
            raise _BrokenOffError(self.at)
        self.at = match.end()
        return match.start(match.lastgroup or 0)

    def items(self, path: Path) -> None:
        """A list."""
        self.take("[")
        index = 0
        while self.skip() and not self.sees("]"):
            if self.sees(","):
                self.at += 1
                index += 1
            else:
                self.value((*path, index))
        self.take("]")

    def inline(self, path: Path) -> None:
        """A table within braces."""
        self.take("{")
        while self.skip() and not self.sees("}"):
            if self.sees(","):
                self.at += 1
            else:
                self.pair(path)
        self.take("}")


def unescaped(raw: str) -> str:
    """What a text in double quotes means; only for keys, whose escapes are few."""

    def meant(match: re.Match[str]) -> str:
        word = match.group()[1:]
        return chr(int(word[1:], 16)) if word[0] in "uUx" and len(word) > 1 else _ESCAPED.get(word, "")

    return _ESCAPE.sub(meant, raw)


def inside(text: str, start: int, characters: int) -> int:
    """The offset of the character that is so many further in a text's content as it is meant, when the content begins at ``start``:
    an escape counts as the one character that it stands for.
    """
    if characters <= 0 or not text[:start].rstrip("\r\n").endswith('"'):
        return min(max(0, start + characters), len(text))
    at = _past_hidden(text, start)
    for _ in range(characters):
        if at >= len(text):
            break
        match = _ESCAPE.match(text, at)
        at = _past_hidden(text, match.end() if match is not None else at + (2 if text.startswith("\r\n", at) else 1))
    return at


def _past_hidden(text: str, at: int) -> int:
    """Go past line ends behind a backslash, which stand for nothing."""
    match = _HIDDEN.match(text, at)
    return match.end() if match is not None else at


def locate(text: str, path: Sequence[str | int]) -> tuple[int, int]:
    """Line and column, from 1, of the value at a path; of the nearest table around it when it has none of its own."""
    return line_and_column(text, Outline.of(text).nearest(tuple(path))[0])


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Line and column, from 1, of an offset in characters."""
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1


@attrs.define(slots=True)
class Locator:
    """Looks places up in files, each of which is walked at most once."""

    files: Sequence[tuple[str, str]]
    outlines: dict[str, Outline] = attrs.field(factory=dict)

    def place(self, place: Place) -> Place:
        """The place with line and column; as it is if it has them already, or lies in none of the files."""
        outline = self.outline(place.file) if place.line == 0 else None
        if outline is None:
            return place
        offset, exact = outline.nearest(place.path)
        if exact:
            offset = inside(outline.text, offset, place.column)
        return Place(place.file, *line_and_column(outline.text, offset))

    def outline(self, file: str) -> Outline | None:
        """The walked text of a file."""
        if file not in self.outlines:
            text = next((text for name, text in self.files if name == file), None)
            if text is None:
                return None
            self.outlines[file] = Outline.of(text)
        return self.outlines[file]


def located(problems: Sequence[Problem], files: Sequence[tuple[str, str]]) -> tuple[Problem, ...]:
    """The problems with every place looked up, each once, in order of file, line and column."""
    locator = Locator(files)
    placed = dict.fromkeys(attrs.evolve(problem, place=locator.place(problem.place)) for problem in problems)
    return tuple(sorted(placed, key=lambda one: (one.place.file, one.place.line, one.place.column)))
