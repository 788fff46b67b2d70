"""The footer: at most five keys of the pane in focus, and the way out. Every key can be clicked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.message import Message

from exercise.presenter.keys import Key
from exercise.presenter.rows import Line, Run, line_width, spread
from exercise.tui.line_bar import LineBar

Keys = Callable[[], tuple[Sequence[Key], Sequence[Key]]]
"""The keys at the left and at the right."""


class KeyBar(LineBar):
    """A line of keys."""

    class Used(Message):
        """A key was clicked."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    def __init__(self, keys: Keys, *, id: str | None = None) -> None:
        super().__init__(self._keys_line, id=id)
        self._keys = keys

    def _keys_line(self, width: int) -> Line:
        left, right = self._keys()
        ends = _runs(right)
        room = width - line_width(ends) - 2
        shown = list(left)
        while shown and line_width(_runs(shown)) > room:
            shown.pop()
        return spread((Run(" "), *_runs(shown)), (*ends, Run(" ")), width)

    def on_line_bar_pressed(self, event: LineBar.Pressed) -> None:
        """Find the key under the cell and use it."""
        event.stop()
        left, right = self._keys()
        for start, keys in ((1, left), (self.size.width - 1 - line_width(_runs(right)), right)):
            at = start
            for key in keys:
                end = at + len(key.show) + 1 + Run(key.label).width
                if at <= event.column < end and self._shows(key):
                    self.post_message(self.Used(key.action))
                    return
                at = end + 2

    def _shows(self, key: Key) -> bool:
        return any(run.text == f" {key.label}" for run in self.line)


def _runs(keys: Sequence[Key]) -> list[Run]:
    runs: list[Run] = []
    for key in keys:
        if runs:
            runs.append(Run("  "))
        runs += [Run(key.show, "key"), Run(f" {key.label}")]
    return runs
