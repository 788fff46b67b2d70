"""The screen behind a dialog, dimmed. Textual mixes the colours of every run of letters anew, whenever a cell behind the dialog changes; a
screen has few styles and changes in few lines, so here each style is mixed once and each line dimmed when it changed.
"""

from __future__ import annotations

from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.geometry import Size
from textual.renderables.background_screen import BackgroundScreen
from textual.strip import Strip


class Backdrop:
    """The dimmed lines behind one dialog."""

    def __init__(self) -> None:
        self._before: list[Strip] = []
        self._dimmed: list[Strip] = []
        self._look: tuple[Size, Color, Style] | None = None

    def lines(self, behind: BackgroundScreen, size: Size, base: Style) -> list[Strip]:
        """What stands behind now, in as many lines as fit."""
        look = (size, behind.color, base)
        if look != self._look:
            self._look, self._before, self._dimmed = look, [], []
        shown = behind.screen._compositor.render_strips()[: size.height]  # noqa: SLF001 - as Textual's own background does
        dimmed = []
        for number, strip in enumerate(shown):
            if number < len(self._before) and strip == self._before[number]:
                dimmed.append(self._dimmed[number])
            else:
                veiled = Strip([Segment(text, veil(style, behind.color, base), control) for text, style, control in strip])
                dimmed.append(veiled.adjust_cell_length(size.width, base))
        self._before, self._dimmed = shown, dimmed
        return dimmed


@lru_cache(maxsize=4096)
def veil(style: Style | None, colour: Color, base: Style) -> Style:
    """A style under a veil of this colour, without links and actions."""
    (segment,) = BackgroundScreen.process_segments([Segment("", style)], colour)
    return base + segment.style
