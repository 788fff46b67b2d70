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


class _Quiet(Screen[Result]):
    """What whole screens and dialogs have in common."""

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    _is_due = False
    _paints_again = False

    def _on_timer_update(self) -> None:
        """Lay out and paint; when everything is to be painted anyway, once and not twice."""
        self._is_due, self._paints_again = True, self._layout_required and self._repaint_required
        try:
            super()._on_timer_update()
        finally:
            self._is_due = self._paints_again = False

    def _compositor_refresh(self) -> None:
        """Paint what changed, unless it will be painted in a moment: a dialog that opens would show its frame before its rows."""
        if self._paints_again:
            self._paints_again = False
        elif self._layout_required and not self._is_due:
            self._update_timer.resume()  # a screen that another one resized hears of nothing else
        elif self is self.app.screen or self not in self.app._background_screens:  # noqa: SLF001 - as in Textual's own
            super()._compositor_refresh()
        else:
            self._show_through()

    def _show_through(self) -> None:
        """Have the dialogs above paint what changed behind them, and no more: Textual would paint all of it a second time."""
        regions = tuple(self._compositor._dirty_regions)  # noqa: SLF001
        self._compositor._dirty_regions.clear()  # noqa: SLF001
        self._dirty_widgets.clear()
        stack = self.app.screen_stack
        for above in stack[stack.index(self) + 1 :] if regions else ():
            above.refresh(*regions)

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Close with a result; a screen that is not on top has been closed, or waits under another, and stays as it is."""
        return super().dismiss(result) if is_on_top(self) else AwaitComplete()


class QuietScreen(_Quiet[Result]):
    """A whole screen. It can be dismissed while it is on top, once, and never when it is the last."""


class QuietModal(ModalScreen[Result], _Quiet[Result]):  # in this order: styles follow the first
    """A dialog over a screen; it has the class ``narrow`` where the terminal is narrow."""

    HORIZONTAL_BREAKPOINTS = []  # noqa: RUF012 - declared by Textual without ClassVar
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

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A dialog that is not on top does nothing any more."""
        return super().check_action(action, parameters) if is_on_top(self) else False


def is_on_top(screen: Screen[Any]) -> bool:
    """Whether a screen is the one that the player looks at, with another one beneath to go back to."""
    stack = screen.app.screen_stack
    return len(stack) > 1 and stack[-1] is screen
