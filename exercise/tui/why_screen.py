"""Why: causes, claims and sources of the thing in focus."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from exercise.presenter.desk import Desk
from exercise.presenter.rows import Rows, Subject
from exercise.presenter.why import why_rows, why_title
from exercise.presenter.words import _
from exercise.tui.history_screen import HistoryScreen
from exercise.tui.seat_dialog import SeatDialog


class WhyScreen(SeatDialog[None]):
    """The why panel."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("w", "close", show=False), Binding("h", "history", show=False)]

    def __init__(self, desk: Desk, subject: Subject) -> None:
        super().__init__(desk)
        self.subject = subject

    def words(self) -> str:
        """The title."""
        return why_title(self.state, self.subject)

    def foot(self) -> str:
        """The keys."""
        return _("h history · esc closes") if self.subject.kind == "figure" else super().foot()

    def make_rows(self, width: int, _height: int) -> Rows:
        """The causes."""
        return why_rows(self.state, self.subject, width)

    def action_history(self) -> None:
        """Its history, in this dialog's place."""
        if self.subject.kind == "figure":
            self.app.switch_screen(HistoryScreen(self.desk, self.subject.id))
