"""A seat's briefing and how its objectives stand."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from exercise.presenter.briefing import briefing_rows
from exercise.presenter.desk import Desk
from exercise.presenter.rows import Rows, Subject
from exercise.presenter.words import _
from exercise.tui.row_view import RowView
from exercise.tui.seat_dialog import SeatDialog
from exercise.tui.why_screen import WhyScreen


class BriefingScreen(SeatDialog[None]):
    """The briefing. Where it opens the exercise, enter goes on to the desk, as it did from every screen before it."""

    SHAPE: ClassVar[str] = "wide"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("b", "close", show=False),
        Binding("space", "close", show=False),
        Binding("enter", "go_on", show=False),
        Binding("w", "why", show=False),
    ]

    def __init__(self, desk: Desk, *, opening: bool = False) -> None:
        super().__init__(desk)
        self._opening = opening

    def words(self) -> str:
        """The title."""
        return self.state.welcome.seat.name

    def foot(self) -> str:
        """The keys."""
        return _("enter goes on · w why · esc closes") if self._opening else _("enter, w why · esc closes")

    def make_rows(self, width: int, _height: int) -> Rows:
        """The briefing."""
        return briefing_rows(self.state, width)

    def choose(self, subject: Subject) -> None:
        """Explain an objective; at the opening go on."""
        if self._opening:
            self.action_close()
        else:
            self.app.push_screen(WhyScreen(self.desk, subject))

    def action_go_on(self) -> None:
        """At the opening go on, also where there is no objective to choose."""
        if self._opening:
            self.action_close()

    def action_why(self) -> None:
        """Explain the objective in focus."""
        subject = self.query_one(RowView).subject
        if subject is not None:
            self.app.push_screen(WhyScreen(self.desk, subject))
