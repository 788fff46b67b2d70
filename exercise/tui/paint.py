"""Lines of runs as strips of cells, styled by the theme in use."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from textual import events
from textual.app import App
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget

from exercise.presenter.rows import Line
from exercise.tui.colours import PALETTES
from exercise.tui.plain_text import Palette, plain_text


@runtime_checkable
class Painted(Protocol):
    """A widget that keeps what it has painted."""

    def forget_paint(self) -> None:
        """Drop it, after the theme changed."""


def palette_in_use(app: App[object]) -> Palette:
    """The palette of the app's theme."""
    return PALETTES.get(app.theme, PALETTES["dark"])


def strip_of(line: Line, width: int, widget: Widget, over: Style | None = None) -> Strip:
    """A line painted in a widget's own colours, cut or padded to so many cells; ``over`` lies under the runs' own styles."""
    base = widget.visual_style if over is None else widget.visual_style + over
    segments = plain_text(line, palette_in_use(widget.app)).render_segments(base)
    # The padding carries a style: a segment without one breaks Textual's filter for NO_COLOR.
    return Strip(segments).adjust_cell_length(width, base.rich_style)


def take_focus(widget: Widget, event: events.Focus | events.Blur, *, has_focus: bool) -> None:
    """Do what Textual does when the focus comes or goes, except to style and paint the whole widget anew: ten milliseconds a key."""
    event.prevent_default()
    widget.has_focus = has_focus
    if widget.parent is not None:
        widget.parent.post_message(events.DescendantFocus(widget) if has_focus else events.DescendantBlur(widget))
