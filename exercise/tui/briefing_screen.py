"""A seat's briefing and how its objectives stand."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from exercise.presenter.briefing import briefing_rows
from exercise.presenter.rows import Rows, Subject
from exercise.tui.seat_dialog import SeatDialog
from exercise.tui.why_screen import WhyScreen


class BriefingScreen(SeatDialog[None]):
    """The briefing."""

    SHAPE: ClassVar[str] = "wide"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("b", "close", show=False)]

    def words(self) -> str:
        """The title."""
        return self.state.welcome.seat.name

    def make_rows(self, width: int, _height: int) -> Rows:
        """The briefing."""
        return briefing_rows(self.state, width)

    def choose(self, subject: Subject) -> None:
        """Explain an objective."""
        self.app.push_screen(WhyScreen(self.desk, subject))
