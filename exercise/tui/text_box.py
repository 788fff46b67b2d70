"""Several lines to type in: what is typed or pasted is made legible at once, line by line, and kept to a length."""

from __future__ import annotations

from textual.widgets import TextArea
from textual.widgets.text_area import Edit, EditResult

from exercise.presenter.legible import legible


def legible_lines(text: str) -> str:
    """The same lines, each legible."""
    return "\n".join(legible(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))


class TextBox(TextArea):
    """Textual's editor with the text door in front of it. Tab leaves it; a paste is cut to what still fits."""

    def __init__(self, text: str = "", *, longest: int, id: str | None = None) -> None:
        super().__init__(legible_lines(text)[:longest], id=id, compact=True, highlight_cursor_line=False)
        self.longest = longest
        self.cursor_blink = False

    def edit(self, edit: Edit) -> EditResult:
        """Put in what is legible and fits."""
        top, bottom = sorted((edit.from_location, edit.to_location))
        gone = len(self.document.get_text_range(top, bottom))
        room = max(0, self.longest - len(self.text) + gone)
        edit.text = legible_lines(edit.text)[:room]
        return super().edit(edit)
