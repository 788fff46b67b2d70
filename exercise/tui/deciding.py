"""The seat's screen: keys by which a seat decides, ends its part of a turn, or stops the exercise."""

from __future__ import annotations

from exercise.presenter.room_state import held_words, role_words, stop_words
from exercise.presenter.words import _
from exercise.tui.line_screen import LineScreen
from exercise.tui.lobby_screen import LobbyScreen
from exercise.tui.seat_panes import SeatPanes
from exercise.tui.turn_end_screen import TurnEndScreen


class Deciding(SeatPanes):
    """Withdrawals, the end of a turn or phase, pauses, notes."""

    def action_withdraw(self) -> None:
        """Take back the order in focus."""
        subject = self.subject
        if subject is not None and subject.kind == "draft":
            order, _bar, target = subject.id.partition("|")
            self.desk.forget(order, target)
            self.reload()
        elif subject is not None and subject.kind == "suggestion":
            self.desk.dismiss(int(subject.id))
        elif subject is None or subject.kind != "order":
            self.app.notify(_("Choose a committed order in pane 5 first."))
        elif self.state.may("withdraw"):
            order, _bar, target = subject.id.partition("|")
            self.desk.withdraw(order, target)
            self.reload()

    def action_commit(self) -> None:
        """Send what was drafted; else end the turn or phase after asking, or take its end back."""
        if self.state.drafts and self.state.may("order"):
            self.desk.send_drafts()
            self.reload()
        elif not self.state.may("ready"):
            self.app.notify(self._why_not(_("No turn is open.")))
        elif self.state.ready:
            self.desk.take_back()
        elif self.state.room.is_hosted and not self.state.may("order"):
            self._end_turn(sure=True)  # it can be taken back, and nothing is lost by it
        else:
            self.app.push_screen(TurnEndScreen(self.desk), self._end_turn)

    def _end_turn(self, sure: bool | None) -> None:
        if sure:
            self.desk.end_turn()
            self.reload()

    def _why_not(self, otherwise: str) -> str:
        return stop_words(self.state.room) or role_words(self.state.room.role) or (held_words() if self.state.is_held else otherwise)

    def action_pause(self) -> None:
        """Stop the exercise for everybody, after asking: anybody may."""
        if self.state.room.status == "running":
            title = _("Pause for everybody? Say why, if you like")
            self.app.push_screen(LineScreen(title, foot=_("enter pauses · esc goes back"), may_be_empty=True), self._pause)
        else:
            self.app.notify(stop_words(self.state.room) or _("Nothing runs that could be paused."))

    def _pause(self, why: str | None) -> None:
        if why is not None:
            self.desk.pause(why)

    def action_people(self) -> None:
        """Who is here, and how to come back."""
        if self.state.room.is_hosted:
            self.app.push_screen(LobbyScreen(self.desk))
        else:
            self.app.notify(_("You play at this terminal alone; nobody else can come."))

    def action_note(self) -> None:
        """An evaluator's note."""
        if self.state.room.may_note:
            self.app.push_screen(
                LineScreen(_("A note for the log; no seat is shown it")), lambda said: self.desk.note(said) if said else None
            )
        else:
            self.app.notify(_("Evaluators of a hosted exercise take notes."))
