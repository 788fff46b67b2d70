"""What is wrong with content: a problem has a place, a code, words and a hint."""

from __future__ import annotations

import attrs


@attrs.frozen(slots=True)
class Place:
    """A position in a content file. ``line`` and ``column`` count from 1.

    A ``line`` of 0 says that the position has not been looked up: ``path`` (keys and indices) then leads to the value in the file, and
    ``column`` is an offset in characters within it. Looking up is left to whoever prints a problem, since most content has none.
    """

    file: str
    line: int
    column: int
    path: tuple[str | int, ...] = ()

    def shifted(self, characters: int) -> Place:
        """The place so many characters further on the same line."""
        return Place(self.file, self.line, self.column + characters, self.path)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@attrs.frozen(slots=True)
class Problem:
    """One finding. ``level`` is ``error`` or ``warning``; ``code`` is a short stable word such as ``unknown-quantity``."""

    place: Place
    level: str
    code: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.place}: {self.level}[{self.code}] {self.message}{hint}"
