"""A titled part of a screen: a line with its number and words, and one view under it."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget

from exercise.presenter.rows import Line
from exercise.presenter.tabs import frame_line
from exercise.tui.line_bar import LineBar


class Pane(Vertical):
    """A pane with its number in the title. ``number`` counts from 1.

    Its frame is a line of text rather than a border of the style sheet: a change of border lays the whole screen out again and paints all
    of it, thirty kilobytes for a key that moves the focus; this line costs a hundred bytes.
    """

    def __init__(self, number: int, name: str, *views: Widget) -> None:
        super().__init__(id=f"pane-{name}", classes="pane")
        self.number = number
        self.pane = name
        self._words = ""
        self._views = views

    def compose(self) -> ComposeResult:
        """The title and the views."""
        yield LineBar(self._line, id=f"title-{self.pane}")
        yield from self._views

    def _line(self, width: int) -> Line:
        return frame_line(self.number, self._words, width, focused=self.has_focus_within)

    @property
    def bar(self) -> LineBar:
        """The title's line."""
        return self.query_one(f"#title-{self.pane}", LineBar)

    def title(self, words: str) -> None:
        """Set the words in the title."""
        self._words = words
        self.bar.reload()

    def on_descendant_focus(self) -> None:
        """Show that the focus is here."""
        self.bar.reload()

    def on_descendant_blur(self) -> None:
        """Show that the focus has gone."""
        self.call_later(self.bar.reload)
