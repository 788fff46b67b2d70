"""One of several: rows from a presenter, of which those with a subject can be chosen."""

from __future__ import annotations

from exercise.presenter.rows import Rows, Subject
from exercise.presenter.words import _
from exercise.tui.dialog import Dialog
from exercise.tui.row_view import RowSource


class ChoiceScreen(Dialog[str]):
    """Its result is the id of what was chosen."""

    def __init__(self, title: str, source: RowSource) -> None:
        super().__init__()
        self._title, self._source = title, source

    def words(self) -> str:
        """The title."""
        return self._title

    def foot(self) -> str:
        """The keys."""
        return _("enter chooses · esc goes back")

    def make_rows(self, width: int, height: int) -> Rows:
        """What there is to choose."""
        return self._source(width, height)

    def choose(self, subject: Subject) -> None:
        """That one."""
        self.dismiss(subject.id)


class CardScreen(Dialog[str]):
    """One thing in full, with nothing to choose."""

    def __init__(self, title: str, source: RowSource) -> None:
        super().__init__()
        self._title, self._source = title, source

    def words(self) -> str:
        """The title."""
        return self._title

    def make_rows(self, width: int, height: int) -> Rows:
        """The thing."""
        return self._source(width, height)
