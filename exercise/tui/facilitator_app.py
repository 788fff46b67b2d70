"""``exercise host`` on a terminal, and ``exercise join`` with a facilitator's ticket: the facilitator's console over one line."""

from __future__ import annotations

import queue

from textual.message import Message

from exercise.presenter.facilitator import Console
from exercise.presenter.legible import clip
from exercise.presenter.link import Frame, Link
from exercise.presenter.lobby import farewell
from exercise.presenter.mail import correspondents
from exercise.presenter.words import _
from exercise.tui.ask_screen import AskScreen, in_words
from exercise.tui.facilitator_screen import FacilitatorScreen
from exercise.tui.terminal import Terminal

SLICE = 200
"""Frames folded before keys have their turn."""
TOAST_CELLS = 60


class LeaveConsole(AskScreen):
    """The question before leaving; F10 again answers it."""


class FacilitatorApp(Terminal):
    """The console's application. ``leaving`` is what leaving means: asked before, when it is given; ``afterwards`` is said last."""

    class FramesCame(Message):
        """Frames wait to be folded."""

        def can_replace(self, message: Message) -> bool:
            """One of these in the queue is enough."""
            return isinstance(message, FacilitatorApp.FramesCame)

    def __init__(self, link: Link, *, leaving: str = "", afterwards: str = "", theme: str = "") -> None:
        super().__init__(theme=theme)
        self.desk = Console(link)
        self.table = FacilitatorScreen(self.desk)
        self._leaving, self._afterwards = leaving, afterwards
        self._inbox: queue.SimpleQueue[Frame] = queue.SimpleQueue()
        self._alerts = self._letters = 0

    def on_mount(self) -> None:
        """Show the screen, then listen."""
        super().on_mount()
        self.push_screen(self.table)
        self.call_after_refresh(self.desk.link.listen, self._hear)

    def _hear(self, frame: Frame) -> None:
        """A frame came, on any thread."""
        self._inbox.put(frame)
        self.post_message(self.FramesCame())

    def on_facilitator_app_frames_came(self, _event: FramesCame) -> None:
        """Fold a slice of what came; when nothing is left, show it."""
        for _count in range(SLICE):
            if self._inbox.empty():
                break
            self.desk.hear((self._inbox.get_nowait(),))
        if not self._inbox.empty():
            self.post_message(self.FramesCame())
            return
        self._tell()
        for screen in self.screen_stack:
            reload = getattr(screen, "reload", None)
            if reload is not None and screen.is_mounted:
                reload()

    def _tell(self) -> None:
        """A toast for the newest alert or message, unless the facilitator is looking at them."""
        state, alerts = self.desk.state, self.desk.control.alerts
        number = alerts[-1].number if alerts else 0
        fresh = [letter for letter in state.letters[self._letters :] if letter.sender != state.seat]
        looking = self.screen is self.table and self.table.pane == "log"
        if number > self._alerts and not looking:
            self.notify(alerts[-1].text, severity="warning")
        elif fresh and self._letters and not looking:
            self.notify(f"{correspondents(state, fresh[-1])}: {clip(fresh[-1].text, TOAST_CELLS)}")
        self._alerts, self._letters = number, len(state.letters)

    @property
    def farewell(self) -> str:
        """What is said when the terminal is left."""
        return "\n".join(words for words in (farewell(self.failure), self._afterwards) if words)

    def action_leave(self) -> None:
        """Ask, then leave; a second press leaves at once."""
        if isinstance(self.screen, LeaveConsole):
            self.screen.action_yes()
        elif self._leaving:
            self.push_screen(LeaveConsole(_("Leave?"), in_words(self._leaving), _("Leave")), self._left)
        else:
            self.exit()

    def _left(self, sure: bool | None) -> None:
        if sure:
            self.exit()

    def close(self) -> None:
        """Leave the line; called after the screen is restored."""
        self.desk.link.close()
