"""Help about the thing in focus; its keys can be used from here."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from exercise.presenter.desk import Desk
from exercise.presenter.help import help_rows
from exercise.presenter.rows import Rows, Subject
from exercise.presenter.words import _
from exercise.tui.seat_dialog import SeatDialog


class HelpScreen(SeatDialog[str]):
    """The help panel. Its result is the action of a key that was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("question_mark,f1", "close", show=False)]

    def __init__(self, desk: Desk, pane: str, subject: Subject | None) -> None:
        super().__init__(desk)
        self.pane = pane
        self.subject = subject

    def words(self) -> str:
        """The title."""
        return _("Help")

    def foot(self) -> str:
        """The keys."""
        return _("enter uses the key · esc closes")

    def make_rows(self, width: int, _height: int) -> Rows:
        """The help."""
        return help_rows(self.state, self.pane, self.subject, width)

    def choose(self, subject: Subject) -> None:
        """Use a key."""
        self.dismiss(subject.id)
