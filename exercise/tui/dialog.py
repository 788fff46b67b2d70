"""The frame of every dialog: a title, rows, and a line of keys. Dialogs on one thing each are subclasses in files of their own."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from exercise.presenter.rows import Rows, Subject
from exercise.presenter.words import _
from exercise.tui.plain_text import plain_text
from exercise.tui.quiet_screen import QuietModal, is_on_top
from exercise.tui.row_view import RowView

Result = TypeVar("Result")


class Dialog(QuietModal[Result | None]):
    """A dialog over rows. Escape closes it with no result."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "close", show=False)]
    SHAPE: ClassVar[str] = ""
    """``wide`` for long texts, ``small`` for questions."""

    def compose(self) -> ComposeResult:
        """A frame with one view."""
        with Vertical(classes=f"dialog {self.SHAPE}"):
            yield RowView(self.make_rows, id="rows")

    def on_mount(self) -> None:
        """Write the frame's words."""
        self.retitle()

    def retitle(self) -> None:
        """Set the frame's title and foot."""
        frame = self.query_one(".dialog")
        frame.border_title = plain_text(self.words())
        frame.border_subtitle = plain_text(self.foot())

    def words(self) -> str:
        """The title."""
        return ""

    def foot(self) -> str:
        """The keys."""
        return _("esc closes")

    def make_rows(self, width: int, height: int) -> Rows:
        """The rows for a width and height."""
        raise NotImplementedError

    def reload(self) -> None:
        """Make everything again after frames came."""
        self.retitle()
        for view in self.query(RowView):
            view.reload()

    def action_close(self) -> None:
        """Close without a result."""
        self.dismiss(None)

    def on_row_view_chosen(self, event: RowView.Chosen) -> None:
        """Pass a choice on."""
        event.stop()
        if is_on_top(self):
            self.choose(event.subject)

    def choose(self, subject: Subject) -> None:
        """A row was chosen."""
