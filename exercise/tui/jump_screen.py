"""A letter on every pane; the letter goes there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Offset

from exercise.presenter.rows import Line, Run
from exercise.tui.line_bar import LineBar, LineSource
from exercise.tui.quiet_screen import QuietModal

LETTERS = "asdfghjkl"


class JumpScreen(QuietModal[str | None]):
    """The jump overlay: ``spots`` are (name, place on screen). Its result is the name that was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,ctrl+o", "close", show=False)]

    def __init__(self, spots: Sequence[tuple[str, Offset]]) -> None:
        super().__init__()
        self._spots = dict(zip(LETTERS, spots, strict=False))

    def compose(self) -> ComposeResult:
        """The letters."""
        for letter, (_name, place) in self._spots.items():
            bar = LineBar(_letter(letter))
            bar.styles.offset = (place.x + 1, place.y)
            yield bar

    def reload(self) -> None:
        """Nothing here follows the state."""

    def on_key(self, event: events.Key) -> None:
        """A letter goes to its pane; any other key closes."""
        event.stop()
        spot = self._spots.get(event.character or "")
        self.dismiss(spot[0] if spot is not None else None)

    def action_close(self) -> None:
        """Close without going anywhere."""
        self.dismiss(None)


def _letter(letter: str) -> LineSource:
    line: Line = (Run(f"  {letter}  "),)
    return lambda _width: line
