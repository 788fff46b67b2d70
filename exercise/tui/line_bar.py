"""Lines of fixed place: status, what is to do, tabs and keys. Parts of a line can be clicked."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from exercise.presenter.rows import Line
from exercise.tui.paint import strip_of

LineSource = Callable[[int], Line]


class LineBar(Widget):
    """One line from a source; painted again only when it changed. ``Pressed`` tells which cell was clicked."""

    class Pressed(Message):
        """A cell of the line was clicked."""

        def __init__(self, bar: LineBar, column: int) -> None:
            super().__init__()
            self.bar = bar
            self.column = column

    def __init__(self, source: LineSource, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._source = source
        self._line: Line | None = None
        self._strip: Strip | None = None

    @property
    def line(self) -> Line:
        """The line shown."""
        return self._line or ()

    def reload(self) -> None:
        """Make the line again."""
        if not self.size:
            return
        line = self._source(self.size.width)
        if line != self._line:
            self._line, self._strip = line, None
            self.refresh()
            self._refresh_between()

    def _refresh_between(self) -> None:
        """A dialog under another one keeps the picture of what is behind it, and with that an old clock: have it painted anew."""
        stack = self.app.screen_stack
        if self.screen in stack:
            for screen in stack[stack.index(self.screen) + 1 : -1]:
                screen.refresh(self.region)

    def forget_paint(self) -> None:
        """Drop the painted line, after the theme changed."""
        self._strip = None
        self.refresh()

    def on_resize(self, _event: events.Resize) -> None:
        """Fit the line to the new width."""
        self._line = None
        self.reload()

    def render_line(self, y: int) -> Strip:
        """The line, and blanks under it."""
        width = self.size.width
        if y or self._line is None:
            return Strip.blank(width, self.visual_style.rich_style)
        if self._strip is None or self._strip.cell_length != width:
            self._strip = strip_of(self._line, width, self)
        return self._strip

    def on_click(self, event: events.Click) -> None:
        """Say which cell was clicked."""
        self.post_message(self.Pressed(self, event.x))
