"""Writing to other seats."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input

from exercise.presenter.desk import Desk
from exercise.presenter.mail import MOST_CHARACTERS, recipients
from exercise.presenter.rows import Row, Rows, Run, Subject
from exercise.presenter.words import _
from exercise.tui.row_view import RowView
from exercise.tui.seat_dialog import SeatDialog
from exercise.tui.text_field import TextField


class LetterScreen(SeatDialog[None]):
    """The message dialog: seats to tick, and a line to type in."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", show=False), Binding("ctrl+s", "send", show=False, priority=True)]

    def __init__(self, desk: Desk, to: tuple[str, ...] = ()) -> None:
        super().__init__(desk)
        self.to = to

    def compose(self) -> ComposeResult:
        """The recipients and the field."""
        with Vertical(classes="dialog"):
            yield RowView(self.make_rows, id="rows")
            yield TextField(longest=MOST_CHARACTERS)

    def on_mount(self) -> None:
        """Start where something is still missing."""
        super().on_mount()
        if self.to:
            self.query_one(TextField).focus()

    def words(self) -> str:
        """The title."""
        return _("New message")

    def foot(self) -> str:
        """The keys."""
        return _("enter ticks a seat · tab to the text · enter there sends · esc closes")

    def make_rows(self, _width: int, _height: int) -> Rows:
        """The seats, those chosen with a tick."""
        return tuple(
            Row(((Run("✓ " if seat in self.to else "○ ", "ok" if seat in self.to else "dim"), Run(name)),), Subject("choice", seat))
            for seat, name in recipients(self.state)
        )

    def choose(self, subject: Subject) -> None:
        """Tick or untick a seat; everybody stands alone."""
        if subject.id in self.to:
            self.to = tuple(seat for seat in self.to if seat != subject.id)
        elif subject.id == "all":
            self.to = ("all",)
        else:
            self.to = (*(seat for seat in self.to if seat != "all"), subject.id)
        self.query_one(RowView).reload()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Send."""
        event.stop()
        self.action_send()

    def action_send(self) -> None:
        """Send, unless something is missing."""
        text = self.query_one(TextField).value.strip()
        if not self.to:
            self.app.notify(_("Tick who should read it."))
            self.query_one(RowView).focus()
        elif not text:
            self.app.notify(_("There is nothing to send yet."))
            self.query_one(TextField).focus()
        else:
            self.desk.write(self.to, text)
            self.dismiss(None)
