"""Writing to other seats, to the facilitator or into a room."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from exercise.presenter.desk import Desk
from exercise.presenter.mail import MOST_CHARACTERS, recipients
from exercise.presenter.rows import Row, Rows, Run, Subject
from exercise.presenter.threads import ROOM, listening_words, members_words, room_name
from exercise.presenter.words import _
from exercise.tui.row_view import RowView
from exercise.tui.seat_dialog import SeatDialog
from exercise.tui.text_box import TextBox


class LetterScreen(SeatDialog[None]):
    """The message dialog: seats to tick or a room, and lines to type in."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", show=False), Binding("ctrl+s", "send", show=False, priority=True)]

    def __init__(self, desk: Desk, to: tuple[str, ...] = ()) -> None:
        super().__init__(desk)
        self.to = to

    def compose(self) -> ComposeResult:
        """The recipients and the editor."""
        with Vertical(classes="dialog"):
            yield RowView(self.make_rows, id="rows")
            yield TextBox(longest=MOST_CHARACTERS)

    def on_mount(self) -> None:
        """Start where something is still missing."""
        super().on_mount()
        if self.to:
            self.query_one(TextBox).focus()

    def words(self) -> str:
        """The title, with whether somebody listens."""
        heard = listening_words(self.state) if self.state.room.listening else ""
        return f"{_('New message')} · {heard}" if heard else _("New message")

    def foot(self) -> str:
        """The keys."""
        return _("enter ticks · tab to the text · ctrl+s sends · esc closes")

    def make_rows(self, _width: int, _height: int) -> Rows:
        """The seats and rooms, those chosen with a tick; an answer names its own alone."""
        rooms = [
            (f"{ROOM}{room.id}", _("room {name}: {members}", name=room_name(self.state, room), members=members_words(self.state, room)))
            for room in self.state.talks.rooms.values()
        ]
        return tuple(
            Row(((Run("✓ " if seat in self.to else "○ ", "ok" if seat in self.to else "dim"), Run(name)),), Subject("choice", seat))
            for seat, name in (*rooms, *recipients(self.state))
        )

    def choose(self, subject: Subject) -> None:
        """Tick or untick; everybody and a room stand alone."""
        if subject.id in self.to:
            self.to = tuple(seat for seat in self.to if seat != subject.id)
        elif subject.id == "all" or subject.id.startswith(ROOM):
            self.to = (subject.id,)
        else:
            self.to = (*(seat for seat in self.to if seat != "all" and not seat.startswith(ROOM)), subject.id)
        self.query_one(RowView).reload()

    def action_send(self) -> None:
        """Send, unless something is missing."""
        text = self.query_one(TextBox).text.strip()
        if not self.to:
            self.app.notify(_("Tick who should read it."))
            self.query_one(RowView).focus()
        elif not text:
            self.app.notify(_("There is nothing to send yet."))
            self.query_one(TextBox).focus()
        else:
            self.desk.write(self.to, text)
            self.dismiss(None)
