"""Every command by name: type some letters, enter runs the first."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input

from exercise.presenter.help import palette_rows
from exercise.presenter.rows import Rows, Subject
from exercise.presenter.words import _
from exercise.tui.dialog import Dialog
from exercise.tui.row_view import RowView
from exercise.tui.text_field import TextField


class PaletteScreen(Dialog[str]):
    """The command palette. Its result is an action's name."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", show=False),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
    ]

    def compose(self) -> ComposeResult:
        """A field and the commands under it."""
        with Vertical(classes="dialog fixed"):
            yield TextField(longest=60)
            yield RowView(self.make_rows, id="rows", led=True)

    def on_mount(self) -> None:
        """Type at once."""
        super().on_mount()
        self.query_one(TextField).focus()

    def words(self) -> str:
        """The title."""
        return _("Commands")

    def foot(self) -> str:
        """The keys."""
        return _("type to find · enter runs · esc closes")

    def make_rows(self, width: int, _height: int) -> Rows:
        """The commands that match."""
        return palette_rows(self.query_one(TextField).value, width)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list."""
        event.stop()
        self.query_one(RowView).reload()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Run the command under the cursor."""
        event.stop()
        self.query_one(RowView).choose_row()

    def action_move(self, steps: int) -> None:
        """Move in the list while typing."""
        self.query_one(RowView).action_move(steps)

    def choose(self, subject: Subject) -> None:
        """Run a command."""
        self.dismiss(subject.id)
