"""What content may not be, looked at before the TOML reader sees it: too large, too deep, with control characters, or no text at all.

Every check takes time in proportion to the text, so that a file made to choke a reader is refused about as fast as it is read.
"""

from __future__ import annotations

import re

import attrs

from exercise.content.positions import line_and_column
from exercise.language.problem import Place, Problem

FILE_BYTES = 1024 * 1024
TOTAL_BYTES = 8 * 1024 * 1024
FILES = 400
DEPTH = 16
KEY_CHARACTERS = 200
KEY_PARTS = 6
STRING_CHARACTERS = 20_000
LINE_CHARACTERS = 24_000
NUMBER_CHARACTERS = 40
ITEMS = 10_000
SIGNS = {"\n": 30_000, ",": 20_000, "=": 20_000, "[": 10_000, "{": 10_000, '"': 50_000, "'": 50_000}
"""How often a sign may stand in one file: enough for a whole rulebook, and far less than it takes to keep a reader busy."""

FORBIDDEN = re.compile(
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f"  # controls, but for tab and line ends
    "\\u061c\\u180e\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb"  # invisible, or turning the direction of writing
    "\\ud800-\\udfff\\U000e0000-\\U000e007f]"  # halves of pairs, tags
)
"""Characters that steer a terminal, hide, or are none."""

_LEXEME = re.compile(
    r"""(?P<text>\"{3}[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*+(?:\"{3,5}|\Z)   # text over several lines; one never closed runs to the end
          | '{3}[^']*+(?:'(?!'')[^']*+)*+(?:'{3,5}|\Z)
          | "[^"\\\n]*+(?:\\[^\n][^"\\\n]*+)*+["]?
          | '[^'\n]*[']?)
      | (?P<comment>\#[^\n]*)
      | (?P<open>[\[{])
      | (?P<close>[\]}])
      | (?P<mark>[=,\n])
      | (?P<bare>[A-Za-z0-9_+\-.:]{41,})  # longer than a number may be
      | [A-Za-z0-9_+\-.:]++
      | [ \t]++""",
    re.VERBOSE | re.DOTALL,
)
_STRINGS = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")


def decoded(name: str, raw: bytes) -> tuple[str, Problem | None]:
    """The text of a file with plain line ends, or what is wrong with its bytes."""
    if len(raw) > FILE_BYTES:
        return "", _problem(name, "", 0, "too-large", f"the file is larger than {FILE_BYTES:,} bytes", "split it")
    if raw.startswith(b"\xef\xbb\xbf"):
        return "", Problem(
            Place(name, 1, 1), "error", "encoding", "the file begins with a byte-order mark", "save it as plain UTF-8, without the mark"
        )
    try:
        return raw.decode("utf-8").replace("\r\n", "\n"), None
    except UnicodeDecodeError as error:
        sound = raw[: error.start].decode("utf-8")
        place = Place(name, *line_and_column(sound, len(sound)))
        return "", Problem(place, "error", "encoding", f"the file is not UTF-8 here (byte 0x{raw[error.start]:02x})", "save it as UTF-8")


def text_problem(name: str, text: str) -> Problem | None:
    """The first reason not to read a text, or None."""
    if len(text) > FILE_BYTES:
        return _problem(name, "", 0, "too-large", f"the text is larger than {FILE_BYTES:,} characters", "split it")
    control = FORBIDDEN.search(text)
    if control is not None:
        what = f"U+{ord(control.group()):04X}"
        return _problem(
            name, text, control.start(), "control-character", f"a control or invisible character ({what}) stands here", "delete it"
        )
    for sign, most in SIGNS.items():
        if text.count(sign) > most:
            shown = "lines" if sign == "\n" else f"signs {sign}"
            return _problem(name, text, 0, "too-many", f"over {most:,} {shown} in one file", "split it")
    return _long_line(name, text) or _Shape(name, text).problem()


def _long_line(name: str, text: str) -> Problem | None:
    start = 0
    for line in text.split("\n"):
        if len(line) > LINE_CHARACTERS:
            return _problem(name, text, start, "too-long", f"a line of {len(line):,} characters; at most {LINE_CHARACTERS:,}", "break it")
        start += len(line) + 1
    return None


@attrs.define(slots=True)
class _Shape:
    """Walks the words of a text once: how deep brackets stand in each other, how long keys and numbers are."""

    name: str
    text: str
    depth: int = 0
    run: int = 0
    """Where the words since the last separator begin: at an equals sign, the key."""
    in_value: bool = False

    def problem(self) -> Problem | None:
        """The first word that is over a limit."""
        for match in _LEXEME.finditer(self.text):
            told = self.lexeme(match.lastgroup or "", match.group(), match.start(), match.end())
            if told is not None:
                return told
        return None

    def lexeme(self, kind: str, word: str, start: int, end: int) -> Problem | None:
        """Take one word; what is wrong with it."""
        if kind == "mark":
            return self.mark(word, start, end)
        if kind == "open":
            return self.opening(start, end)
        if kind == "close":
            self.depth = max(0, self.depth - 1)
        elif kind == "bare":
            if word.lstrip("+-")[:1].isdigit():
                return self.wrong(start, "too-long", f"a number of over {NUMBER_CHARACTERS} characters", "use fewer digits")
            if len(word) > KEY_CHARACTERS:
                return self.wrong(start, "too-long", f"a word of over {KEY_CHARACTERS} characters", "shorten it")
        return None

    def opening(self, start: int, end: int) -> Problem | None:
        """A bracket opens a list, a table, or the line of a table's name."""
        self.depth += 1
        self.run = end
        if self.depth > DEPTH:
            return self.wrong(start, "too-deep", f"nested over {DEPTH} deep", "flatten it")
        if self.depth == 1 and not self.in_value:
            line_end = self.text.find("\n", start)
            return self.parts(start, len(self.text) if line_end < 0 else line_end)
        return None

    def mark(self, word: str, start: int, end: int) -> Problem | None:
        """An equals sign ends a key, a comma or line end begins the next."""
        told = self.key(self.run, start) if word == "=" else None
        if word == "\n" and self.depth == 0:
            self.in_value = False
        elif word == "=":
            self.in_value = True
        self.run = end
        return told

    def key(self, start: int, end: int) -> Problem | None:
        """A key: so long at most, of so many parts."""
        if end - start > KEY_CHARACTERS and len(words := self.text[start:end].strip()) > KEY_CHARACTERS:
            return self.wrong(self.text.index(words, start), "too-long", f"a key of over {KEY_CHARACTERS} characters", "shorten it")
        return self.parts(start, end)

    def parts(self, start: int, end: int) -> Problem | None:
        """Dots between the words of a key or of a table's name."""
        if self.text.count(".", start, end) < KEY_PARTS or _STRINGS.sub("", self.text[start:end]).partition("#")[0].count(".") < KEY_PARTS:
            return None
        words = self.text[start:end].lstrip()
        return self.wrong(end - len(words), "too-deep", f"a key of over {KEY_PARTS} parts", "flatten it")

    def wrong(self, at: int, code: str, message: str, hint: str) -> Problem:
        """A problem at an offset."""
        return _problem(self.name, self.text, at, code, message, hint)


def _problem(name: str, text: str, offset: int, code: str, message: str, hint: str) -> Problem:
    return Problem(Place(name, *line_and_column(text, offset)), "error", code, message, hint)
