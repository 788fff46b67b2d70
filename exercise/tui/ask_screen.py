"""A question with yes and no, over what it is about."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from exercise.presenter.rows import BLANK, Row, Rows, Run, Subject, wrap
from exercise.presenter.words import _
from exercise.tui.dialog import Dialog
from exercise.tui.row_view import RowSource


def in_words(question: str) -> RowSource:
    """A question in a sentence."""
    return lambda width, _height: (Row(wrap([Run(question)], width)),)


class AskScreen(Dialog[bool]):
    """Asks. Its result is True for yes; escape and no go back."""

    SHAPE: ClassVar[str] = "small"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("y", "yes", show=False), Binding("n", "close", show=False)]

    def __init__(self, title: str, rows: RowSource, yes: str) -> None:
        super().__init__()
        self._title, self._source, self._yes = title, rows, yes

    def words(self) -> str:
        """The title."""
        return self._title

    def foot(self) -> str:
        """The keys."""
        return _("enter or y · esc goes back")

    def make_rows(self, width: int, height: int) -> Rows:
        """What it is about, then the answers."""
        answers = [Row(((Run(words, "strong"), Run(f"  {key}", "key")),), Subject("choice", id)) for id, words, key in self._answers()]
        return (*self._source(width, height), BLANK, *answers)

    def _answers(self) -> tuple[tuple[str, str, str], ...]:
        return ("yes", self._yes, "y"), ("no", _("Go back"), "esc")

    def choose(self, subject: Subject) -> None:
        """An answer."""
        self.dismiss(result=subject.id == "yes")

    def action_yes(self) -> None:
        """Yes."""
        self.dismiss(result=True)
