"""Before a hosted exercise begins: who is here, who is ready, how to come back."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from exercise.presenter.rows import Rows
from exercise.presenter.waiting import waiting_rows
from exercise.presenter.words import _
from exercise.tui.briefing_screen import BriefingScreen
from exercise.tui.letter_screen import LetterScreen
from exercise.tui.quiet_screen import is_on_top
from exercise.tui.seat_dialog import SeatDialog


class LobbyScreen(SeatDialog[None]):
    """The lobby, over the seat's screen; it closes when the exercise begins."""

    SHAPE: ClassVar[str] = "wide"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r,ctrl+s", "ready", show=False),
        Binding("b", "briefing", show=False),
        Binding("n", "write", show=False),
    ]

    def words(self) -> str:
        """The title."""
        return _("Lobby · {title}", title=self.state.welcome.title)

    def foot(self) -> str:
        """The keys."""
        ready = _("r not ready") if self.state.ready else _("r ready")
        return _("{ready} · b briefing · n message · esc looks around · F10 leaves", ready=ready)

    def make_rows(self, width: int, _height: int) -> Rows:
        """Who is here, and the screen check."""
        size = self.app.size
        return waiting_rows(self.state, width, (size.width, size.height))

    def reload(self) -> None:
        """Follow who comes and goes; close when the exercise has begun."""
        if self.state.room.status != "lobby":
            if is_on_top(self):
                self.dismiss(None)
            return
        super().reload()

    def action_ready(self) -> None:
        """Say that you are ready, or not any more."""
        if self.state.ready:
            self.desk.take_back()
        elif self.state.may("ready"):
            self.desk.end_turn()

    def action_briefing(self) -> None:
        """The briefing."""
        self.app.push_screen(BriefingScreen(self.desk))

    def action_write(self) -> None:
        """Write to the others."""
        self.app.push_screen(LetterScreen(self.desk))
