"""Dialogs about what one seat knows: they follow its state while they are open."""

from __future__ import annotations

from typing import TypeVar

from exercise.presenter.desk import Desk
from exercise.presenter.seat_state import SeatState
from exercise.tui.dialog import Dialog

Result = TypeVar("Result")


class SeatDialog(Dialog[Result]):
    """A dialog of a seat."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk

    @property
    def state(self) -> SeatState:
        """What the seat knows now."""
        return self.desk.state
