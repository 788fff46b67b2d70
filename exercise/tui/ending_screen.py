"""ENDEX: what you knew and what was true."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from exercise.presenter.ending import ending_rows, truth_rows
from exercise.presenter.rows import BLANK, Rows, Subject
from exercise.presenter.words import _
from exercise.tui.agreements_screen import AgreementScreen
from exercise.tui.history_screen import HistoryScreen
from exercise.tui.row_view import RowView
from exercise.tui.seat_dialog import SeatDialog
from exercise.tui.why_screen import WhyScreen


class EndingScreen(SeatDialog[None]):
    """The end summary; ``a`` shows every figure beside the truth."""

    SHAPE: ClassVar[str] = "wide"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "close", show=False),
        Binding("a", "all", show=False),
        Binding("h", "history", show=False),
    ]
    everything = False

    def words(self) -> str:
        """The title."""
        return _("The exercise has ended")

    def foot(self) -> str:
        """The keys."""
        return _("a all figures · h history · esc back to the screen · F10 leaves")

    def make_rows(self, width: int, _height: int) -> Rows:
        """The summary, and every figure when asked for."""
        rows = ending_rows(self.state, width, self.desk.replay)
        return (*rows, BLANK, *truth_rows(self.state, width)) if self.everything else rows

    def action_all(self) -> None:
        """Show every figure, or the summary alone again."""
        self.everything = not self.everything
        view = self.query_one(RowView)
        view.reload()
        view.show_row(len(ending_rows(self.state, view.room, self.desk.replay)) if self.everything else 0)

    def action_history(self) -> None:
        """History of the figure in focus."""
        subject = self.query_one(RowView).subject
        if subject is not None and subject.kind == "figure":
            self.app.push_screen(HistoryScreen(self.desk, subject.id))

    def choose(self, subject: Subject) -> None:
        """Explain a line; an agreement in full."""
        if subject.kind == "agreement":
            self.app.push_screen(AgreementScreen(self.desk, subject.id))
            return
        self.app.push_screen(WhyScreen(self.desk, subject))
