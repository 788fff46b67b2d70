"""Who do you play: the seats, and the briefing of the one under the cursor."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message

from exercise.presenter.keys import Key
from exercise.presenter.link import Lobby, SeatOffer
from exercise.presenter.lobby import offer_rows, seat_rows
from exercise.presenter.rows import Line, Rows, Run, note, spread
from exercise.presenter.words import _
from exercise.tui.key_bar import KeyBar
from exercise.tui.line_bar import LineBar
from exercise.tui.quiet_screen import QuietScreen
from exercise.tui.row_view import RowView


class ChooserScreen(QuietScreen[None]):
    """The seat chooser. Space ticks several seats for play in turns at one terminal; enter takes what is ticked, or the seat in focus."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "tick", show=False),
        Binding("tab", "other_half", show=False, priority=True),
    ]

    class Taken(Message):
        """Seats were chosen."""

        def __init__(self, seats: tuple[str, ...]) -> None:
            super().__init__()
            self.seats = seats

    def __init__(self, lobby: Lobby, starting: str = "") -> None:
        """With ``starting``, the exercise is begun already and these words say so: no briefing is shown to whoever waits."""
        super().__init__()
        self._lobby = lobby
        self._chosen: tuple[str, ...] = ()
        self._says = starting
        self._busy = bool(starting)

    def compose(self) -> ComposeResult:
        """Seats at the left, the briefing at the right."""
        yield LineBar(self._title, id="status")
        yield LineBar(self._state_line, id="todo")
        with Horizontal(classes="halves"):
            yield RowView(self._seats, id="seats", classes="first")
            yield RowView(self._briefing, id="briefing", classes="second")
        yield KeyBar(self._keys, id="keys")

    def on_mount(self) -> None:
        """Begin in the list."""
        self.query_one("#seats").focus()

    def _title(self, width: int) -> Line:
        cut = "" if self._lobby.cut_title in self._lobby.title else f" · {self._lobby.cut_title}"
        return spread((Run(" "), Run(self._lobby.title, "title"), Run(cut)), (), width)

    def _state_line(self, width: int) -> Line:
        words = self._says or _("Choose a seat. Doctrines play the others.")
        return spread((Run(" "), Run(words, "alarm" if self._says and not self._busy else "dim")), (), width)

    def _seats(self, width: int, _height: int) -> Rows:
        return seat_rows(self._lobby, self._chosen, width) or (note(_("There is no seat to play."), width),)

    @property
    def _offer(self) -> SeatOffer | None:
        subject = self.query_one("#seats", RowView).subject
        return next((seat for seat in self._lobby.seats if subject is not None and seat.id == subject.id), None)

    def _briefing(self, width: int, _height: int) -> Rows:
        offer = self._offer
        return offer_rows(offer, width) if offer is not None and not self._busy else ()

    def _keys(self) -> tuple[tuple[Key, ...], tuple[Key, ...]]:
        return (
            (
                Key("enter", "enter", "take", _("take the seat"), ""),
                Key("space", "space", "tick", _("tick several"), ""),
                Key("tab", "tab", "other_half", _("read the briefing"), ""),
                Key("ctrl+t", "ctrl+t", "theme", _("colours"), ""),
            ),
            (Key("f10", "F10", "leave", _("leave"), ""),),
        )

    def reload(self) -> None:
        """Paint what changed."""
        for bar in self.query(LineBar):
            bar.reload()
        for view in self.query(RowView):
            view.reload()

    def busy(self, words: str) -> None:
        """Say that the exercise is being started; nothing more can be chosen."""
        self._busy, self._says = True, words
        self.reload()

    def fail(self, trouble: str) -> None:
        """Say why it could not be started."""
        self._busy, self._says = False, trouble
        self.reload()

    def on_row_view_moved(self, event: RowView.Moved) -> None:
        """Show the briefing of the seat under the cursor, from its beginning."""
        if event.view.id == "seats":
            briefing = self.query_one("#briefing", RowView)
            briefing.reload()
            briefing.scroll_home(animate=False)

    def on_row_view_chosen(self, event: RowView.Chosen) -> None:
        """Take the seat in focus, or those that are ticked."""
        if event.view.id == "seats":
            self.action_take()

    def on_key_bar_used(self, event: KeyBar.Used) -> None:
        """A key in the footer was clicked."""
        target = self.app if event.action in ("theme", "leave") else self
        self.call_later(target.run_action, event.action)

    def action_tick(self) -> None:
        """Tick or untick the seat in focus."""
        offer = self._offer
        if offer is not None and not offer.taken_by and not self._busy:
            kept = tuple(seat for seat in self._chosen if seat != offer.id)
            self._chosen = kept if offer.id in self._chosen else (*kept, offer.id)
            self.reload()

    def action_take(self) -> None:
        """Take seats."""
        offer = self._offer
        seats = self._chosen or ((offer.id,) if offer is not None and not offer.taken_by else ())
        if seats and not self._busy:
            self.post_message(self.Taken(seats))

    def action_other_half(self) -> None:
        """From the list to the briefing and back."""
        seats, briefing = self.query_one("#seats", RowView), self.query_one("#briefing", RowView)
        (briefing if seats.has_focus else seats).focus()
