"""Words of several lines: a statement to the press, a covering note, why a proposal is declined."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from exercise.presenter.mail import MOST_CHARACTERS
from exercise.presenter.words import _
from exercise.tui.plain_text import plain_text
from exercise.tui.quiet_screen import QuietModal
from exercise.tui.text_box import TextBox


class WordsScreen(QuietModal[str | None]):
    """Asks for words. Its result is what was typed, which may be empty only where ``may_be_empty``; None when it was left with escape."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", show=False, priority=True),
        Binding("ctrl+s", "send", show=False, priority=True),
    ]

    def __init__(self, title: str, text: str = "", *, foot: str = "", may_be_empty: bool = False) -> None:
        super().__init__()
        self._title, self._text, self._foot = title, text, foot or _("ctrl+s sends · esc goes back")
        self._may_be_empty = may_be_empty

    def compose(self) -> ComposeResult:
        """The editor."""
        with Vertical(classes="dialog small"):
            yield TextBox(self._text, longest=MOST_CHARACTERS)

    def on_mount(self) -> None:
        """Write the frame's words."""
        frame = self.query_one(".dialog")
        frame.border_title = plain_text(self._title)
        frame.border_subtitle = plain_text(self._foot)
        self.query_one(TextBox).focus()

    def reload(self) -> None:
        """Nothing here follows the state."""

    def action_send(self) -> None:
        """Take the words."""
        said = self.query_one(TextBox).text.strip()
        if said or self._may_be_empty:
            self.dismiss(said)
        else:
            self.app.notify(_("There is nothing to send yet."))

    def action_close(self) -> None:
        """Leave it."""
        self.dismiss(None)
