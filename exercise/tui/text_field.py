"""A line to type in: what is typed or pasted is made legible at once and kept to a length."""

from __future__ import annotations

from textual.widgets import Input

from exercise.presenter.legible import legible


class TextField(Input):
    """Textual's input with the text door in front of it. A paste is cut to what still fits instead of being dropped."""

    def __init__(self, value: str = "", *, longest: int, id: str | None = None) -> None:
        super().__init__(value=legible(value), id=id, max_length=longest, select_on_focus=False, compact=True)
        self.cursor_blink = False

    def replace(self, text: str, start: int, end: int) -> None:
        """Replace a part by what is legible."""
        super().replace(legible(text), start, end)

    def insert_text_at_cursor(self, text: str) -> None:
        """Insert what is legible and fits."""
        room = (self.max_length or 0) - len(self.value)
        super().insert_text_at_cursor(legible(text[: max(0, room)]))
