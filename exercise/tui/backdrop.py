"""The screen behind a dialog, dimmed. Textual mixes every run of letters anew; a screen has few styles, so here each is mixed once."""

from __future__ import annotations

from functools import lru_cache

from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.renderables.background_screen import BackgroundScreen


class Backdrop(BackgroundScreen):
    """What Textual's background of a modal screen paints, at half the price of opening a dialog."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The segments of the screen behind, each in its dimmed style."""
        for text, style, control in console.render(self.screen._compositor, options):  # noqa: SLF001 - as the class above does
            yield Segment(text, style if control else dimmed(style, self.color), control)


@lru_cache(maxsize=4096)
def dimmed(style: Style | None, colour: Color) -> Style:
    """The style under a veil of this colour, without links and actions."""
    (segment,) = BackgroundScreen.process_segments([Segment("", style)], colour)
    return segment.style or Style.null()
