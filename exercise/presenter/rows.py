"""Rows of styled text: the one shape in which presenters hand things to screens.

A run is text in one role; a line is a tuple of runs; a row is one thing on a screen, of one or more lines, with the subject that keys act
on. Roles are names, not colours: ``dim``, ``strong``, ``title``, ``key``, ``better``, ``worse``, ``alarm``, ``private``, ``ok``, the four
classes ``failed``, ``degraded``, ``captured``, ``hegemonic``, and for the map ``place``, ``water`` and a class
or ``unknown`` or ``abroad`` followed by ``-land``. A screen, or a terminal
without colour, may show any role as plain text: letters and shapes carry the meaning.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs

from exercise.presenter.legible import cell_width, clip, legible


@attrs.frozen(slots=True)
class Run:
    """Legible text in one role."""

    text: str = attrs.field(converter=legible)
    role: str = ""

    @property
    def width(self) -> int:
        """Cells that it takes."""
        return cell_width(self.text)


Line = tuple[Run, ...]


@attrs.frozen(slots=True)
class Subject:
    """What a row is about, so that keys can act on it.

    ``kind`` is one of ``figure`` (id ``entity.quantity``), ``event`` and ``message`` (id: number in the state), ``order`` (id
    ``order`` or ``order|target``), ``motion`` (id ``body.motion``), ``body``, ``place`` (entity), ``objective``, ``seat``, ``choice``
    (a line of a menu), ``pane``, ``agreement`` and ``thread`` (id), ``term`` (of an agreement).
    """

    kind: str
    id: str = ""


def kin(subject: Subject) -> Subject | None:
    """What stands for a subject in a shorter list: for a motion its body."""
    return Subject("body", subject.id.partition(".")[0]) if subject.kind == "motion" else None


@attrs.frozen(slots=True)
class Row:
    """One thing on a screen. A row without a subject is a heading or a blank and cannot be chosen."""

    lines: tuple[Line, ...]
    subject: Subject | None = None

    @property
    def text(self) -> str:
        """The row's words, lines joined by line breaks: what the line mode prints and what tests read."""
        return "\n".join(plain(line) for line in self.lines)


Rows = tuple[Row, ...]

BLANK = Row(((),))


def plain(line: Line) -> str:
    """The words of a line without its roles."""
    return "".join(run.text for run in line).rstrip()


def text_of(rows: Iterable[Row]) -> str:
    """All the words of some rows, a line break between rows."""
    return "\n".join(row.text for row in rows)


def line(*parts: str | tuple[str, str] | Run) -> Line:
    """A line from texts, (text, role) pairs and runs."""
    return tuple(part if isinstance(part, Run) else Run(part) if isinstance(part, str) else Run(*part) for part in parts if part)


def heading(text: str) -> Row:
    """A title line that cannot be chosen."""
    return Row((line((text, "title")),))


def note(text: str, width: int, *, indent: int = 0, role: str = "dim") -> Row:
    """A wrapped remark that cannot be chosen."""
    return Row(wrap(line((text, role)), width, indent=indent, first=indent))


def line_width(runs: Iterable[Run]) -> int:
    """Cells that some runs take together."""
    return sum(run.width for run in runs)


def fit(runs: Sequence[Run], width: int, *, right: bool = False) -> Line:
    """Runs cut or padded to exactly so many cells, padding on the left when they belong to the ``right``."""
    kept: list[Run] = []
    left = width
    for run in runs:
        if run.width > left:
            if left > 0:
                kept.append(Run(clip(run.text, left), run.role))
            left = 0
            break
        kept.append(run)
        left -= run.width
    padding = width - line_width(kept)
    if padding <= 0:
        return tuple(kept)
    space = Run(" " * padding)
    return (space, *kept) if right else (*kept, space)


def spread(left: Sequence[Run], right: Sequence[Run], width: int) -> Line:
    """Some runs at the left end of a line and some at the right; the left ones are cut when there is no room for both."""
    right_width = min(line_width(right), width)
    gap = 1 if right_width and right_width < width else 0
    return (*fit(left, width - right_width - gap), *((Run(" "),) if gap else ()), *fit(right, right_width))


def wrap(runs: Sequence[Run], width: int, *, indent: int = 0, first: int = 0) -> tuple[Line, ...]:
    """Runs broken at spaces into lines of at most so many cells; ``first`` and ``indent`` are the margins of line one and the others."""
    lines: list[list[Run]] = [[Run(" " * first)] if first else []]
    used, fresh = first, True
    for word, role in _words(runs):
        size = cell_width(word)
        if not word.strip() and used + size > width:
            used = width  # the space that does not fit is the break
            continue
        if used + size > width and not fresh and word.strip():
            lines.append([Run(" " * indent)] if indent else [])
            used, fresh = indent, True
        if fresh and not word.strip() and len(lines) > 1:
            continue
        for piece in _pieces(word, max(1, width - used), max(1, width - indent)):
            if piece is None:
                lines.append([Run(" " * indent)] if indent else [])
                used = indent
                continue
            _append(lines[-1], piece, role)
            used += cell_width(piece)
        fresh = fresh and not word.strip()
    return tuple(tuple(each) for each in lines)


def _append(runs: list[Run], text: str, role: str) -> None:
    if runs and runs[-1].role == role:
        runs[-1] = Run(runs[-1].text + text, role)
    else:
        runs.append(Run(text, role))


def _words(runs: Iterable[Run]) -> Iterable[tuple[str, str]]:
    for run in runs:
        word = ""
        for letter in run.text:
            if word and (letter == " ") != (word[-1] == " "):
                yield word, run.role
                word = ""
            word += letter
        if word:
            yield word, run.role


def _pieces(word: str, room: int, width: int) -> Iterable[str | None]:
    """A word, cut into pieces with ``None`` for each line break when it is wider than a whole line."""
    if cell_width(word) <= room:
        yield word
        return
    piece = ""
    for letter in word:
        if cell_width(piece + letter) > room and piece:
            yield piece
            yield None
            piece, room = "", width
        piece += letter
    yield piece


def table_row(cells: Sequence[Sequence[Run]], widths: Sequence[int], subject: Subject | None = None, *, gap: int = 2) -> Row:
    """One line of a table; a negative width stands for a column set to the right."""
    runs: list[Run] = []
    for number, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        if number:
            runs.append(Run(" " * gap))
        runs.extend(fit(cell, abs(width), right=width < 0))
    return Row((tuple(runs),), subject)
