"""A question before something that cannot be taken back lightly."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from exercise.presenter.rows import BLANK, Row, Rows, Run, Subject, wrap
from exercise.presenter.words import _
from exercise.tui.dialog import Dialog


class AskScreen(Dialog[bool]):
    """Asks; its result is True to go on. The answer that changes nothing stands first."""

    SHAPE: ClassVar[str] = "small"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("y", "yes", show=False), Binding("n", "close", show=False)]

    def __init__(self, title: str, question: str, yes: str) -> None:
        super().__init__()
        self._title, self._question, self._yes = title, question, yes

    def words(self) -> str:
        """The title."""
        return self._title

    def foot(self) -> str:
        """The keys."""
        return _("y does it · n or esc goes back")

    def make_rows(self, width: int, _height: int) -> Rows:
        """The question and its answers."""
        answers = ((_("Go back"), "no"), (self._yes, "yes"))
        question = Row(wrap([Run(self._question)], width))
        return (question, BLANK, *(Row(((Run(words),),), Subject("choice", answer)) for words, answer in answers))

    def choose(self, subject: Subject) -> None:
        """An answer."""
        self.dismiss(result=subject.id == "yes")

    def action_yes(self) -> None:
        """Do it."""
        self.dismiss(result=True)
