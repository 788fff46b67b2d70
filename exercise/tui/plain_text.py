"""The one door through which text reaches a screen.

``plain_text`` builds Textual's ``Content`` without markup from presenters' runs, and neutralizes what is left in them: control characters,
bidirectional overrides, zero-width characters, stacked marks. No other module of ``exercise.tui`` makes ``Content`` or hands a string to a
widget; ``tests/tui/test_plain_text.py`` reads the sources for that.
"""

from __future__ import annotations

from collections.abc import Mapping

from textual.content import Content, Span
from textual.style import Style

from exercise.presenter.legible import ascii_only, legible
from exercise.presenter.rows import Line, Run

Palette = Mapping[str, Style]
"""Styles by role; a role that is missing is shown as plain text."""


class _Glyphs:
    """Whether this process may show more than ASCII: one terminal, one answer."""

    ascii = False


def use_ascii(*, ascii_glyphs: bool) -> None:
    """Show ASCII stand-ins only, for terminals whose locale or font has no more."""
    _Glyphs.ascii = ascii_glyphs


def shows_ascii_only() -> bool:
    """Whether ASCII stand-ins are shown."""
    return _Glyphs.ascii


def _style_of(role: str, palette: Palette) -> Style | None:
    """The style of a role; a role may lie over another: ``place+failed-land``."""
    upper, _plus, lower = role.partition("+")
    over, under = palette.get(upper), palette.get(lower)
    return over if under is None else under if over is None else under + over


def plain_text(text: str | Line, palette: Palette | None = None) -> Content:
    """Text or a line of runs as Content: no markup is read, nothing in it can command, hide or reorder."""
    runs = (Run(text),) if isinstance(text, str) else text
    parts: list[str] = []
    spans: list[Span] = []
    at = 0
    for run in runs:
        shown = legible(run.text)
        shown = ascii_only(shown) if _Glyphs.ascii else shown
        style = _style_of(run.role, palette) if palette is not None and run.role else None
        if style is not None and shown:
            spans.append(Span(at, at + len(shown), style))
        parts.append(shown)
        at += len(shown)
    return Content("".join(parts), spans)
