"""The seat's screen: keys by which people talk to each other."""

from __future__ import annotations

from exercise.presenter.mail import answer_to, recipients
from exercise.presenter.naming import Named
from exercise.presenter.room_state import role_words
from exercise.presenter.rows import Rows, note
from exercise.presenter.seat_state import unread
from exercise.presenter.talks import FACILITATOR
from exercise.presenter.threads import ROOM, belongs
from exercise.presenter.words import _
from exercise.tui.agreements_screen import AgreementScreen, AgreementsScreen
from exercise.tui.ask_screen import AskScreen
from exercise.tui.choice_screen import TickScreen
from exercise.tui.letter_screen import LetterScreen
from exercise.tui.line_screen import LineScreen
from exercise.tui.seat_panes import SeatPanes
from exercise.tui.thread_screen import ThreadScreen
from exercise.tui.words_screen import WordsScreen

ROOM_NAME = 60


class Negotiating(SeatPanes):
    """Messages, rooms, statements and agreements. ``thread`` is what the messages pane shows."""

    def _may_speak(self) -> bool:
        """Whether this person speaks for the seat; who only watches is told what they do instead."""
        room = self.desk.state.room
        if room.only_watches:
            self.app.notify(role_words(room.role))
        return not room.only_watches

    def action_write(self) -> None:
        """Write to other seats; in a room's thread into that room."""
        if not self._may_speak():
            return
        to = (self.thread,) if self.thread.startswith(ROOM) else (FACILITATOR,) if self.thread == FACILITATOR else ()
        self.app.push_screen(LetterScreen(self.desk, to))

    def action_reply(self) -> None:
        """Answer the message in focus."""
        if not self._may_speak():
            return
        subject, letters = self.subject, self.desk.state.letters
        if subject is not None and subject.kind == "message" and subject.id.isdigit() and int(subject.id) < len(letters):
            self.app.push_screen(LetterScreen(self.desk, answer_to(self.desk.state, letters[int(subject.id)])))
        elif subject is not None and subject.kind == "event":
            self.app.notify(_("News cannot be answered; n writes a message."))
        else:
            self.app.notify(_("Choose a message in pane 4 first; n writes a new one."))

    def action_read_all(self) -> None:
        """All that the messages pane shows counts as read."""
        self.desk.read_all([each.key for each in unread(self.desk.state) if belongs(each, self.thread)])
        self.reload()

    def action_threads(self) -> None:
        """Choose a thread of messages."""
        self.app.push_screen(ThreadScreen(self.desk), self._thread_chosen)

    def _thread_chosen(self, thread: str | None) -> None:
        if thread is not None:
            self.show_thread(thread)

    def action_new_room(self) -> None:
        """Open a room: who, then how it is called."""
        if not self._may_speak():
            return
        if not self.desk.state.may("open_room") and self.desk.state.room.is_hosted:
            self.app.notify(_("Rooms cannot be opened now."))
            return
        seats = tuple(Named(seat, name) for seat, name in recipients(self.desk.state) if seat not in ("all", FACILITATOR))
        self.app.push_screen(TickScreen(_("A room with whom?"), seats), self._room_with)

    def _room_with(self, seats: tuple[str, ...] | None) -> None:
        if seats is None:
            return

        def named(name: str | None) -> None:
            if name is not None:
                self.desk.ask("open_room", **{"with": list(seats), "name": name or None})

        title = _("What is it called? Empty: by who is in it")
        self.app.push_screen(LineScreen(title, foot=_("enter opens the room · esc goes back"), may_be_empty=True, longest=ROOM_NAME), named)

    def action_statement(self) -> None:
        """A statement to the press, after asking: everybody reads it."""
        if not self._may_speak():
            return
        self.app.push_screen(WordsScreen(_("Statement to the press"), foot=_("ctrl+s goes on · esc goes back")), self._confirm_statement)

    def _confirm_statement(self, words: str | None) -> None:
        if words is None:
            return

        def rows(width: int, _height: int) -> Rows:
            told = _("Every seat, the observers and the facilitators read it, under your name. It cannot be taken back.")
            return (note(f"“{words}”", width, role=""), note(told, width, role="alarm"))

        def answered(sure: bool | None) -> None:
            if sure:
                self.desk.ask("statement", text=words)

        self.app.push_screen(AskScreen(_("Say this to everybody?"), rows, _("Say it")), answered)

    def action_agreements(self) -> None:
        """Page 7."""
        self.app.push_screen(AgreementsScreen(self.desk))

    def open_agreement(self, id: str) -> None:
        """One agreement in full."""
        if id in self.desk.state.talks.agreements:
            self.app.push_screen(AgreementScreen(self.desk, id))
