"""The threads of messages: choose which one the messages pane shows."""

from __future__ import annotations

from exercise.presenter.rows import Rows, Subject
from exercise.presenter.threads import thread_rows
from exercise.presenter.words import _
from exercise.tui.seat_dialog import SeatDialog


class ThreadScreen(SeatDialog[str]):
    """The list of threads. Its result is the id of the one chosen."""

    def words(self) -> str:
        """The title."""
        return _("Threads")

    def foot(self) -> str:
        """The keys."""
        return _("enter shows it in the messages · esc closes")

    def make_rows(self, width: int, _height: int) -> Rows:
        """The threads."""
        return thread_rows(self.state, width)

    def choose(self, subject: Subject) -> None:
        """A thread."""
        self.dismiss(subject.id)
