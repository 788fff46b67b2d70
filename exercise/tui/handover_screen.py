"""Between two seats at one terminal: hides the one and waits for the other."""

from __future__ import annotations

import time
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from exercise.presenter.rows import BLANK, Row, Rows, Run, note, wrap
from exercise.presenter.words import _
from exercise.tui.quiet_screen import QuietScreen
from exercise.tui.row_view import RowView

PAUSE_S = 0.4
"""A key counts after so long a pause: one that is held down, or was on its way, is still the last seat's."""


class HandoverScreen(QuietScreen[bool]):
    """A blank screen that names who comes next. It covers everything, so that no seat reads another's screen."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "ready", show=False, priority=True)]

    def __init__(self, seat: str, turn: int) -> None:
        super().__init__()
        self._seat = seat
        self._turn = turn
        self._quiet_since = time.monotonic()

    def compose(self) -> ComposeResult:
        """The name and nothing else."""
        with Vertical(classes="page"):
            yield RowView(self.make_rows, id="rows")

    def make_rows(self, width: int, height: int) -> Rows:
        """Who comes next."""
        top = (BLANK,) * max(0, height // 3)
        return (
            *top,
            note(_("Hand the keyboard to"), width),
            BLANK,
            Row(wrap([Run(self._seat.upper(), "title")], width)),
            BLANK,
            note(_("turn {turn}", turn=self._turn), width),
            BLANK,
            Row(wrap([Run("enter", "key"), Run(_(" when only they can see this screen"))], width)),
        )

    def reload(self) -> None:
        """Nothing here follows the state."""

    def action_ready(self) -> None:
        """The next seat is here, unless the key came right after another."""
        waited, self._quiet_since = time.monotonic() - self._quiet_since, time.monotonic()
        if waited >= PAUSE_S:
            self.dismiss(result=True)
