"""The register of risks, as the seat knows it."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from exercise.presenter.register import register_rows
from exercise.presenter.rows import Rows, Subject
from exercise.presenter.words import _
from exercise.tui.history_screen import HistoryScreen
from exercise.tui.row_view import RowView
from exercise.tui.seat_dialog import SeatDialog
from exercise.tui.why_screen import WhyScreen


class RegisterScreen(SeatDialog[None]):
    """The register panel."""

    SHAPE: ClassVar[str] = "wide"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("g", "close", show=False),
        Binding("w", "why", show=False),
        Binding("h", "history", show=False),
    ]

    def words(self) -> str:
        """The title."""
        return _("Register of risks")

    def foot(self) -> str:
        """The keys."""
        return _("enter or w why · h history · esc closes")

    def make_rows(self, width: int, _height: int) -> Rows:
        """The risks."""
        return register_rows(self.state, width)

    def choose(self, subject: Subject) -> None:
        """Explain a figure."""
        self.app.push_screen(WhyScreen(self.desk, subject))

    def action_why(self) -> None:
        """Explain the figure in focus."""
        subject = self.query_one(RowView).subject
        if subject is not None:
            self.app.push_screen(WhyScreen(self.desk, subject))

    def action_history(self) -> None:
        """History of the figure in focus."""
        subject = self.query_one(RowView).subject
        if subject is not None:
            self.app.push_screen(HistoryScreen(self.desk, subject.id))
