"""One line to type: why a pause is called, what is announced, a note."""

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


class LineScreen(QuietModal[str | None]):
    """Asks for a line. Its result is the line, which may be empty only where ``may_be_empty``; None when it was left with escape."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", show=False)]

    def __init__(self, title: str, *, text: str = "", foot: str = "", may_be_empty: bool = False, longest: int = 200) -> None:
        super().__init__()
        self._title, self._text, self._foot = title, text, foot or _("enter sends · esc goes back")
        self._may_be_empty, self._longest = may_be_empty, longest

    def compose(self) -> ComposeResult:
        """The field."""
        with Vertical(classes="dialog small"):
            yield TextField(self._text, longest=self._longest)

    def on_mount(self) -> None:
        """Write the frame's words."""
        frame = self.query_one(".dialog")
        frame.border_title = plain_text(self._title)
        frame.border_subtitle = plain_text(self._foot)

    def reload(self) -> None:
        """Nothing here follows the state."""

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the line."""
        event.stop()
        said = event.value.strip()
        if said or self._may_be_empty:
            self.dismiss(said)

    def action_close(self) -> None:
        """Leave it."""
        self.dismiss(None)
