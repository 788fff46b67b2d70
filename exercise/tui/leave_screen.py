"""The question before leaving."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from exercise.presenter.rows import BLANK, Row, Rows, Run, Subject, note, wrap
from exercise.presenter.words import _
from exercise.tui.dialog import Dialog


class LeaveScreen(Dialog[bool]):
    """Asks whether to leave; says how to come back. Its result is True to leave."""

    SHAPE: ClassVar[str] = "small"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "yes", show=False),
        Binding("n", "close", show=False),
        Binding("f10,ctrl+q", "yes", show=False, priority=True),
    ]

    def __init__(self, command: str, *, over: bool = False) -> None:
        super().__init__()
        self._command = command
        self._over = over

    def words(self) -> str:
        """The title."""
        return _("Leave the exercise?")

    def foot(self) -> str:
        """The keys."""
        return _("enter leaves · esc stays")

    def make_rows(self, width: int, _height: int) -> Rows:
        """That everything is saved, and the way back."""
        saved = _("Your exercise is saved: every order that was taken is on record.")
        practice = _("This is practice: nothing of it is kept.")
        rows = [Row(wrap([Run(saved if self._command else practice)], width))]
        if self._command:
            told = _("Look at it again with") if self._over else _("Come back with")
            rows += [BLANK, note(told, width), Row(wrap([Run(self._command, "strong")], width, indent=4, first=2))]
        answers = ((_("Leave"), "yes"), (_("Stay"), "no"))
        return (*rows, BLANK, *(Row(((Run(words),),), Subject("choice", answer)) for words, answer in answers))

    def choose(self, subject: Subject) -> None:
        """An answer."""
        self.dismiss(result=subject.id == "yes")

    def action_yes(self) -> None:
        """Leave."""
        self.dismiss(result=True)
