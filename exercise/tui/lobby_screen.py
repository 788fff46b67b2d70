"""The room of a hosted exercise: before it begins, and later by key: who is here, who is ready, how to come back, what one is called."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from exercise.presenter.desk import Desk
from exercise.presenter.rows import Rows
from exercise.presenter.waiting import LONGEST_NAME, waiting_rows
from exercise.presenter.words import _
from exercise.tui.briefing_screen import BriefingScreen
from exercise.tui.letter_screen import LetterScreen
from exercise.tui.line_screen import LineScreen
from exercise.tui.quiet_screen import is_on_top
from exercise.tui.seat_dialog import SeatDialog


class LobbyScreen(SeatDialog[None]):
    """The room, over the seat's screen. One that was opened in the lobby closes when the exercise begins."""

    SHAPE: ClassVar[str] = "wide"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r,ctrl+s", "ready", show=False),
        Binding("b", "briefing", show=False),
        Binding("n", "write", show=False),
        Binding("c", "call", show=False),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._is_lobby = desk.state.room.status == "lobby"

    def words(self) -> str:
        """The title."""
        title = self.state.welcome.title
        return _("Lobby · {title}", title=title) if self._is_lobby else _("Who is here · {title}", title=title)

    def foot(self) -> str:
        """The keys: those that do something for this person now."""
        ready = ""
        if self._is_lobby and self.state.may("unready" if self.state.ready else "ready"):
            ready = _("r not ready") if self.state.ready else _("r ready")
        rest = _("b briefing · n message · esc looks around") if self._is_lobby else _("esc closes")  # F10 stands in the footer below
        return " · ".join(part for part in (ready, _("c your name"), rest) if part)

    def make_rows(self, width: int, _height: int) -> Rows:
        """Who is here, and before the beginning the screen check."""
        size = self.app.size
        return waiting_rows(self.state, width, (size.width, size.height) if self._is_lobby else None, now=self.desk.clock())

    def reload(self) -> None:
        """Follow who comes and goes; close when the exercise has begun."""
        if not self._close_when_begun():
            super().reload()

    def on_screen_resume(self) -> None:
        """What lay over this is closed; the exercise may have begun meanwhile."""
        self._close_when_begun()

    def _close_when_begun(self) -> bool:
        begun = self._is_lobby and self.state.room.status != "lobby"
        if begun and is_on_top(self):
            self.dismiss(None)
        return begun

    def action_ready(self) -> None:
        """Say that you are ready, or not any more."""
        if not self._is_lobby:
            return
        if self.state.ready and self.state.may("unready"):
            self.desk.take_back()
        elif self.state.may("ready"):
            self.desk.end_turn()

    def action_briefing(self) -> None:
        """The briefing."""
        self.app.push_screen(BriefingScreen(self.desk))

    def action_write(self) -> None:
        """Write to the others."""
        self.app.push_screen(LetterScreen(self.desk))

    def action_call(self) -> None:
        """Say what the others call you."""
        asked = LineScreen(_("What do the others call you?"), text=self.state.room.name, longest=LONGEST_NAME)
        self.app.push_screen(asked, self._called)

    def _called(self, name: str | None) -> None:
        if name:
            self.desk.call(name)
            self.reload()
