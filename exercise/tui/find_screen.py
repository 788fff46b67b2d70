"""Find: narrows the reports by words."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input

from exercise.presenter.words import _
from exercise.tui.plain_text import plain_text
from exercise.tui.quiet_screen import QuietModal
from exercise.tui.text_field import TextField


class FindScreen(QuietModal[str]):
    """A line to type words in. Its result is the words; empty to show everything."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "clear", show=False)]

    def __init__(self, words: str) -> None:
        super().__init__()
        self._words = words

    def compose(self) -> ComposeResult:
        """The field."""
        with Vertical(classes="dialog small"):
            yield TextField(self._words, longest=60)

    def on_mount(self) -> None:
        """Write the frame's words."""
        frame = self.query_one(".dialog")
        frame.border_title = plain_text(_("Find in reports"))
        frame.border_subtitle = plain_text(_("enter finds · esc shows everything"))

    def reload(self) -> None:
        """Nothing here follows the state."""

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the words."""
        event.stop()
        self.dismiss(event.value.strip())

    def action_clear(self) -> None:
        """Show everything."""
        self.dismiss("")
