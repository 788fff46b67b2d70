"""Screens that do not paint themselves anew for every key.

Textual repaints a whole screen when the focus moves, and a second time when a screen that was just opened learns its width class. Ours show
the focus in the widgets themselves, and dialogs know their width from the start.
"""

from __future__ import annotations

from typing import TypeVar

from textual.reactive import Reactive
from textual.renderables.background_screen import BackgroundScreen
from textual.screen import ModalScreen, Screen
from textual.widget import Widget

from exercise.tui.backdrop import Backdrop

Result = TypeVar("Result")

NARROW = 80
"""Below this width, in cells, dialogs take the whole width."""


class QuietScreen(Screen[Result]):
    """A whole screen."""

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)


class QuietModal(ModalScreen[Result]):
    """A dialog over a screen; it has the class ``narrow`` where the terminal is narrow."""

    HORIZONTAL_BREAKPOINTS = []  # noqa: RUF012 - declared by Textual without ClassVar
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    def render(self):  # type: ignore[no-untyped-def]  # noqa: ANN201 - its type is Rich's, which only the backdrop imports
        """The screen behind, dimmed."""
        behind = super().render()
        return Backdrop(behind.screen, behind.color) if isinstance(behind, BackgroundScreen) else behind

    def on_resize(self) -> None:
        """Know the width class; it changes nothing in most cases."""
        self.set_class(self.app.size.width < NARROW, "narrow")
