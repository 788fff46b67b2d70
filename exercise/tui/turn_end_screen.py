"""The question before a turn ends, with what is not done."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from exercise.presenter.rows import BLANK, Rows, Subject
from exercise.presenter.turn_end import answer_rows, question, turn_end_rows
from exercise.presenter.words import _
from exercise.tui.seat_dialog import SeatDialog


class TurnEndScreen(SeatDialog[bool]):
    """Asks whether the turn ends. Its result is True when it does."""

    SHAPE: ClassVar[str] = "small"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s,y", "yes", show=False), Binding("n", "close", show=False)]

    def words(self) -> str:
        """The title."""
        return question(self.state)

    def foot(self) -> str:
        """The keys."""
        return _("enter ends it · esc goes back")

    def make_rows(self, width: int, _height: int) -> Rows:
        """What is committed and what is left, then the answers."""
        return (*turn_end_rows(self.state, width), BLANK, *answer_rows(self.state))

    def choose(self, subject: Subject) -> None:
        """An answer."""
        self.dismiss(result=subject.id == "yes")

    def action_yes(self) -> None:
        """End the turn."""
        self.dismiss(result=True)
