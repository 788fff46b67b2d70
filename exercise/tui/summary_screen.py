"""After each turn: what changed and why."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from exercise.presenter.desk import Desk
from exercise.presenter.happenings import summary_rows, summary_title
from exercise.presenter.rows import Rows, Subject, note
from exercise.presenter.words import _
from exercise.tui.history_screen import HistoryScreen
from exercise.tui.motion_screen import MotionScreen
from exercise.tui.row_view import RowView
from exercise.tui.seat_dialog import SeatDialog
from exercise.tui.why_screen import WhyScreen


class SummaryScreen(SeatDialog[None]):
    """The turn's summary. ``after`` is the sequence number from which things are told."""

    SHAPE: ClassVar[str] = "wide"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "close", show=False),
        Binding("w", "why", show=False),
        Binding("h", "history", show=False),
    ]

    def __init__(self, desk: Desk, after: int) -> None:
        super().__init__(desk)
        self.after = after

    def words(self) -> str:
        """The title."""
        return summary_title(self.state)

    def foot(self) -> str:
        """The keys."""
        return _("enter opens · w why · h history · space goes on")

    def make_rows(self, width: int, _height: int) -> Rows:
        """What happened."""
        return summary_rows(self.state, width, self.after) or (note(_("Nothing that reached you changed."), width),)

    def choose(self, subject: Subject) -> None:
        """Open a motion, explain any other line."""
        body, _dot, motion = subject.id.partition(".")
        card = self.state.welcome.motion(body, motion) if subject.kind == "motion" else None
        self.app.push_screen(WhyScreen(self.desk, subject) if card is None else MotionScreen(self.desk, card))

    def action_why(self) -> None:
        """Explain the line in focus."""
        subject = self.query_one(RowView).subject
        if subject is not None:
            self.app.push_screen(WhyScreen(self.desk, subject))

    def action_history(self) -> None:
        """History of the figure in focus."""
        subject = self.query_one(RowView).subject
        if subject is not None and subject.kind == "figure":
            self.app.push_screen(HistoryScreen(self.desk, subject.id))
