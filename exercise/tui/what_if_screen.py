"""What if, in the replay: choose what is decided otherwise from the turn on, and see both futures side by side."""

from __future__ import annotations

from collections.abc import Callable

from textual.message import Message
from textual.worker import get_current_worker

from exercise.presenter.frames import Data
from exercise.presenter.replay import Chronicle, ChronicleError, Scene
from exercise.presenter.rows import Rows, Subject, note
from exercise.presenter.what_if import choice_rows, chosen, command_rows, future_rows
from exercise.presenter.words import _
from exercise.tui.dialog import Dialog


class WhatIfScreen(Dialog[None]):
    """The question, and then its answer. Playing takes a second or two and happens off this thread."""

    SHAPE = "wide"

    class Answered(Message):
        """The rows of an answer are ready."""

        def __init__(self, rows: Callable[[int], Rows]) -> None:
            super().__init__()
            self.rows = rows

    def __init__(self, chronicle: Chronicle, scene: Scene) -> None:
        super().__init__()
        self._chronicle = chronicle
        self._scene = scene
        self._alternatives = tuple(chronicle.alternatives())
        self._answer: Callable[[int], Rows] | None = None
        self._is_asked = False

    def words(self) -> str:
        """The title."""
        return _("What if, from turn {turn} on", turn=self._scene.view.turn)

    def foot(self) -> str:
        """The keys."""
        return super().foot() if self._is_asked else _("enter plays it on · esc closes")

    def make_rows(self, width: int, _height: int) -> Rows:
        """The question, or the answer."""
        if self._answer is not None:
            return self._answer(width)
        if self._is_asked:
            return (note(_("Playing both futures …"), width),)
        return choice_rows(self._scene.welcome, self._scene.view.turn, self._alternatives, width)

    def choose(self, subject: Subject) -> None:
        """Play it on."""
        if self._is_asked:
            return
        self._is_asked = True
        self.reload()
        self.run_worker(lambda: self._play(subject), thread=True)

    def _play(self, subject: Subject) -> None:
        turn, choice = self._scene.view.turn, chosen(subject)
        try:
            rows = self._by_hand(turn) if choice is None else _futures(self._chronicle.what_if(turn, *choice))
        except ChronicleError as trouble:
            rows = _remark(str(trouble))
        if not get_current_worker().is_cancelled:
            self.post_message(self.Answered(rows))

    def _by_hand(self, turn: int) -> Callable[[int], Rows]:
        command = self._chronicle.by_hand(turn)
        words = _("Turn {turn} stands open in a log of its own. Close the viewer and go on with:", turn=turn)
        return lambda width: (note(words, width), *command_rows(command, width))

    def on_what_if_screen_answered(self, event: Answered) -> None:
        """Show the answer."""
        self._answer = event.rows
        self.reload()


def _futures(told: Data) -> Callable[[int], Rows]:
    return lambda width: future_rows(told, width)


def _remark(words: str) -> Callable[[int], Rows]:
    return lambda width: (note(words, width),)
