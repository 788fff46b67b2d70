"""Why: causes, claims and sources of the thing in focus."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from exercise.presenter.desk import Desk
from exercise.presenter.known import Letter
from exercise.presenter.mail import answer_to
from exercise.presenter.rows import Rows, Subject
from exercise.presenter.why import why_rows, why_title
from exercise.presenter.words import _
from exercise.tui.history_screen import HistoryScreen
from exercise.tui.letter_screen import LetterScreen
from exercise.tui.seat_dialog import SeatDialog


class WhyScreen(SeatDialog[None]):
    """The why panel."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "close", show=False),
        Binding("h", "history", show=False),
        Binding("r", "reply", show=False),
    ]

    def __init__(self, desk: Desk, subject: Subject) -> None:
        super().__init__(desk)
        self.subject = subject

    def words(self) -> str:
        """The title."""
        return why_title(self.state, self.subject)

    def foot(self) -> str:
        """The keys."""
        if self.letter is not None:
            return _("r replies · esc closes")
        return _("h history · esc closes") if self.subject.kind == "figure" else super().foot()

    @property
    def letter(self) -> Letter | None:
        """The message in focus, where it is one that can be answered."""
        letters, subject = self.state.letters, self.subject
        found = letters[int(subject.id)] if subject.kind == "message" and int(subject.id) < len(letters) else None
        return found if found is not None and found.sender else None

    def make_rows(self, width: int, _height: int) -> Rows:
        """The causes."""
        return why_rows(self.state, self.subject, width)

    def action_reply(self) -> None:
        """Answer it, in this dialog's place."""
        if self.letter is not None:
            self.app.switch_screen(LetterScreen(self.desk, answer_to(self.state, self.letter)))

    def action_history(self) -> None:
        """Its history, in this dialog's place."""
        if self.subject.kind == "figure":
            self.app.switch_screen(HistoryScreen(self.desk, self.subject.id))
