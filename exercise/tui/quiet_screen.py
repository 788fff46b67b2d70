"""Screens that do not paint themselves anew for every key.

Textual repaints a whole screen when the focus moves, and a second time when a screen that was just opened learns its width class. Ours show
the focus in the widgets themselves, and dialogs know their width from the start.
"""

from __future__ import annotations

from typing import Any, TypeVar

from textual.await_complete import AwaitComplete
from textual.reactive import Reactive
from textual.renderables.background_screen import BackgroundScreen
from textual.screen import ModalScreen, Screen
from textual.widget import Widget, _RenderCache

from exercise.tui.backdrop import Backdrop

Result = TypeVar("Result")

NARROW = 80
"""Below this width, in cells, dialogs take the whole width."""


class QuietScreen(Screen[Result]):
    """A whole screen. It can be dismissed while it is on top, once, and never when it is the last."""

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Close with a result; a screen that is not on top has been closed, or waits under another, and stays as it is."""
        return super().dismiss(result) if is_on_top(self) else AwaitComplete()


class QuietModal(ModalScreen[Result]):
    """A dialog over a screen; it has the class ``narrow`` where the terminal is narrow."""

    HORIZONTAL_BREAKPOINTS = []  # noqa: RUF012 - declared by Textual without ClassVar
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    _backdrop: Backdrop | None = None

    def _render_content(self) -> None:
        """The screen behind, dimmed; only lines that changed are dimmed again."""
        behind = self.render()
        if not isinstance(behind, BackgroundScreen):
            super()._render_content()
            return
        if self._backdrop is None:
            self._backdrop = Backdrop()
        lines = self._backdrop.lines(behind, self.size, self.visual_style.rich_style)
        self._render_cache = _RenderCache(self.size, lines)
        self._dirty_regions.clear()

    def on_resize(self) -> None:
        """Know the width class; it changes nothing in most cases."""
        self.set_class(self.app.size.width < NARROW, "narrow")

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Close with a result; a dialog that is not on top has been closed, or waits under another, and stays as it is."""
        return super().dismiss(result) if is_on_top(self) else AwaitComplete()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A dialog that is not on top does nothing any more."""
        return super().check_action(action, parameters) if is_on_top(self) else False


def is_on_top(screen: Screen[Any]) -> bool:
    """Whether a screen is the one that the player looks at, with another one beneath to go back to."""
    stack = screen.app.screen_stack
    return len(stack) > 1 and stack[-1] is screen
