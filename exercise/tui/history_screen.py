"""History: every figure that a seat was given about one thing."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from exercise.presenter.desk import Desk
from exercise.presenter.history import history_rows
from exercise.presenter.rows import Rows
from exercise.presenter.words import _
from exercise.tui.seat_dialog import SeatDialog


class HistoryScreen(SeatDialog[None]):
    """The history panel."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("h", "close", show=False)]

    def __init__(self, desk: Desk, key: str) -> None:
        super().__init__(desk)
        self.key = key

    def words(self) -> str:
        """The title."""
        return _("History")

    def make_rows(self, width: int, _height: int) -> Rows:
        """The readings."""
        return history_rows(self.state, self.key, width)
