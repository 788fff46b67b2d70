"""The first screen: what is played, and what players should know before they start."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from exercise.presenter.keys import Key
from exercise.presenter.link import Lobby
from exercise.presenter.lobby import note_rows
from exercise.presenter.rows import BLANK, Line, Rows, Run, note, spread
from exercise.presenter.words import _
from exercise.tui.key_bar import KeyBar
from exercise.tui.line_bar import LineBar
from exercise.tui.quiet_screen import QuietScreen
from exercise.tui.row_view import RowView


class NoteScreen(QuietScreen[bool]):
    """The content note. It is painted before the scenario is read; ``show`` fills it. Its result is True to go on."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "go_on", show=False, priority=True)]

    def __init__(self) -> None:
        super().__init__()
        self._lobby: Lobby | None = None
        self._trouble = ""

    def compose(self) -> ComposeResult:
        """Title, text, keys."""
        yield LineBar(self._title, id="status")
        with Vertical(classes="page"):
            yield RowView(self.make_rows, id="rows")
        yield KeyBar(_keys, id="keys")

    def _title(self, width: int) -> Line:
        name = self._lobby.title if self._lobby is not None else _("Situation Room")
        return spread((Run(" "), Run(name, "title")), (), width)

    def make_rows(self, width: int, _height: int) -> Rows:
        """The note."""
        if self._trouble:
            return (BLANK, note(self._trouble, width, role="alarm"))
        if self._lobby is None:
            return (BLANK, note(_("Opening the scenario …"), width))
        return (BLANK, *note_rows(self._lobby, width))

    def show(self, lobby: Lobby) -> None:
        """Fill the screen."""
        self._lobby = lobby
        self.reload()

    def fail(self, trouble: str) -> None:
        """Say why there is nothing to play."""
        self._trouble = trouble
        self.reload()

    def reload(self) -> None:
        """Paint what changed."""
        for bar in self.query(LineBar):
            bar.reload()
        self.query_one(RowView).reload()

    def on_key_bar_used(self, event: KeyBar.Used) -> None:
        """A key in the footer was clicked."""
        if event.action == "go_on":
            self.action_go_on()
        else:
            self.call_later(self.app.run_action, event.action)

    def action_go_on(self) -> None:
        """Go on, once there is something to play."""
        if self._lobby is not None:
            self.dismiss(result=True)


def _keys() -> tuple[tuple[Key, ...], tuple[Key, ...]]:
    return (
        (Key("enter", "enter", "go_on", _("I have read this"), ""), Key("ctrl+t", "ctrl+t", "theme", _("colours"), "")),
        (Key("f10", "F10", "leave", _("leave"), ""),),
    )
