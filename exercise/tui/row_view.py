"""A list of rows with a cursor: the widget behind every pane, panel and dialog."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.color import Color
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style

from exercise.presenter.rows import Line, Row, Rows, Run, Subject, kin
from exercise.tui.paint import strip_of, take_focus

RowSource = Callable[[int, int], Rows]
"""Makes the rows for a width and height in cells."""

MARK = 1
"""Cells kept at the left for the cursor's mark, so that the cursor shows without colour."""


class RowView(ScrollView, can_focus=True):
    """Rows from a source, remade when asked, painted line by line; only lines that changed are painted again.

    A view that is ``led`` shows its cursor without the focus: another widget moves it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", show=False),
        Binding("up,k", "move(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("home", "edge(-1)", show=False),
        Binding("end", "edge(1)", show=False),
        Binding("enter", "choose", show=False),
    ]

    class Moved(Message):
        """The cursor came to another row."""

        def __init__(self, view: RowView, subject: Subject | None) -> None:
            super().__init__()
            self.view = view
            self.subject = subject

    class Chosen(Message):
        """A row was chosen, by enter or by a click on the row under the cursor."""

        def __init__(self, view: RowView, subject: Subject) -> None:
            super().__init__()
            self.view = view
            self.subject = subject

    def __init__(self, source: RowSource, *, id: str | None = None, classes: str | None = None, led: bool = False) -> None:
        super().__init__(id=id, classes=classes)
        self._led = led
        self._source = source
        self._rows: Rows = ()
        self._lines: list[tuple[int, Line]] = []
        self._cursor = -1
        self._chosen: Subject | None = None
        self._made = False
        self._measured: tuple[tuple[int, int], int] | None = None
        self._strips: dict[tuple[int, bool], Strip] = {}

    @property
    def rows(self) -> Rows:
        """The rows shown."""
        return self._rows

    @property
    def subject(self) -> Subject | None:
        """The subject under the cursor."""
        return self._rows[self._cursor].subject if 0 <= self._cursor < len(self._rows) else None

    @property
    def room(self) -> int:
        """Cells that a row may take."""
        return max(4, self.scrollable_content_region.width - MARK)

    # --- rows -----------------------------------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Make the rows again and paint what changed; the cursor stays on its subject, and comes back to it when it was gone meanwhile."""
        if not self.is_attached or not self.size:
            return
        rows = self._source(self.room, self.scrollable_content_region.height)
        self._made = True
        self._measured = None
        if rows == self._rows:
            return
        held = self.subject
        self._rows = rows
        self._relay()
        self._cursor = self._find(self._chosen, held)
        if self.subject != held:
            self.post_message(self.Moved(self, self.subject))

    def restart(self) -> None:
        """Forget the cursor: the next rows begin at the top."""
        self._rows, self._cursor, self._chosen = (), -1, None
        self.scroll_home(animate=False)

    def select(self, subject: Subject) -> None:
        """Bring the cursor to a subject, if it is there."""
        found = next((number for number, row in enumerate(self._rows) if row.subject == subject), None)
        if found is not None:
            self._go(found)

    def show_row(self, number: int) -> None:
        """Scroll so that a row stands at the top, as far as there is something below it."""
        self.call_after_refresh(self.scroll_to, y=self._top(number), animate=False)

    def _relay(self) -> None:
        old = self._lines
        self._lines = [(number, line) for number, row in enumerate(self._rows) for line in row.lines]
        self._strips.clear()
        height = len(self._lines)
        if height != len(old):
            self.virtual_size = Size(self.scrollable_content_region.width, height)
            self.refresh(layout=self.styles.is_auto_height and height != self.size.height)
            return
        for y, (before, after) in enumerate(zip(old, self._lines, strict=True)):
            if before != after:
                self.refresh_line(y)

    def _find(self, *subjects: Subject | None) -> int:
        """The row of the first of these subjects that is there, or of what stands for one; else the nearest."""
        for wanted in (*subjects, *(kin(subject) for subject in subjects if subject is not None)):
            for number, row in enumerate(self._rows):
                if wanted is not None and row.subject == wanted:
                    return number
        choices = self._choices()
        if not choices:
            return -1
        return min(choices, key=lambda number: abs(number - max(0, self._cursor)))

    def _choices(self) -> list[int]:
        return [number for number, row in enumerate(self._rows) if row.subject is not None]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """Lines that the rows take at a width, for views as high as what they hold; asked several times for each layout."""
        asked = (max(4, width - MARK - self.scrollbar_size_vertical), viewport.height)
        if self._measured is None or self._measured[0] != asked:
            self._measured = (asked, max(1, sum(len(row.lines) for row in self._source(*asked))))
        return self._measured[1]

    # --- painting -------------------------------------------------------------------------------------------------------------

    def on_resize(self, _event: events.Resize) -> None:
        """Wrap again for the new width."""
        self._strips.clear()
        self.virtual_size = Size(self.scrollable_content_region.width, len(self._lines))
        self.reload()

    def notify_style_update(self) -> None:
        """Colours changed: paint everything again."""
        super().notify_style_update()
        self._strips.clear()

    def forget_paint(self) -> None:
        """Drop painted lines, after the theme changed."""
        self._strips.clear()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the visible part."""
        if not self._made:
            self.reload()
        at = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        if at >= len(self._lines):
            return Strip.blank(width, self.visual_style.rich_style)
        number, line = self._lines[at]
        on = number == self._cursor and (self.has_focus or self._led)
        strip = self._strips.get((at, on))
        if strip is None:
            first = at == 0 or self._lines[at - 1][0] != number
            mark = Run("▸" if on and first else " ", "key")
            strip = strip_of((mark, *line), width, self, self._cursor_style() if on else None)
            self._strips[at, on] = strip
        return strip

    def _cursor_style(self) -> Style:
        return Style(background=Color.parse(self.app.theme_variables["row-cursor"]))

    def on_focus(self, event: events.Focus) -> None:
        """Show the cursor."""
        take_focus(self, event, has_focus=True)
        self._refresh_row(self._cursor)

    def on_blur(self, event: events.Blur) -> None:
        """Hide the cursor."""
        take_focus(self, event, has_focus=False)
        self._refresh_row(self._cursor)

    def watch_has_focus(self, has_focus: bool) -> None:
        """No style hangs on the focus."""

    def _refresh_row(self, number: int) -> None:
        for y, (row, _line) in enumerate(self._lines):
            if row == number:
                self.refresh_line(y)

    # --- moving ---------------------------------------------------------------------------------------------------------------

    def action_move(self, steps: int) -> None:
        """The next row that can be chosen; without one, a line further."""
        choices = self._choices()
        ahead = [number for number in choices if (number > self._cursor if steps > 0 else number < self._cursor)]
        if not ahead or not self._within_reach(ahead[0] if steps > 0 else ahead[-1]):
            self.scroll_relative(y=steps, animate=False)
            return
        self._go(ahead[0] if steps > 0 else ahead[-1])

    def _within_reach(self, number: int) -> bool:
        """Whether a row's first line is at most a screen away; longer texts between choices are scrolled through."""
        y = self._top(number)
        top, height = self.scroll_offset.y, self.scrollable_content_region.height
        return top - height <= y < top + 2 * height

    def action_page(self, pages: int) -> None:
        """A screen further."""
        height = max(1, self.scrollable_content_region.height - 1)
        self.scroll_relative(y=pages * height, animate=False)
        choices = self._choices()
        if choices and self._cursor >= 0:
            wanted = self._top(self._cursor) + pages * height
            self._go(min(choices, key=lambda number: abs(self._top(number) - wanted)))

    def action_edge(self, side: int) -> None:
        """The first or last row."""
        choices = self._choices()
        if choices:
            self._go(choices[-1] if side > 0 else choices[0])
        if side > 0:
            self.scroll_end(animate=False)
        else:
            self.scroll_home(animate=False)

    def action_choose(self) -> None:
        """Choose the row under the cursor; where there is none the key is left to whatever is around."""
        if self.subject is None:
            raise SkipAction
        self.choose_row()

    def choose_row(self) -> None:
        """Choose the row under the cursor, if there is one."""
        if self.subject is not None:
            self.post_message(self.Chosen(self, self.subject))

    def on_click(self, event: events.Click) -> None:
        """Bring the cursor to a row; a click on the row under the cursor chooses it."""
        at = event.y + self.scroll_offset.y
        if not 0 <= at < len(self._lines):
            return
        number = self._lines[at][0]
        if self._rows[number].subject is None:
            return
        if number == self._cursor:
            self.choose_row()
        else:
            self._go(number)

    def _top(self, number: int) -> int:
        return next((y for y, (row, _line) in enumerate(self._lines) if row == number), 0)

    def _go(self, number: int) -> None:
        before, self._cursor = self._cursor, number
        self._chosen = self.subject
        self._refresh_row(before)
        self._refresh_row(number)
        self._show(number)
        if before != number:
            self.post_message(self.Moved(self, self.subject))

    def _show(self, number: int) -> None:
        top = self._top(number)
        bottom = top + len(self._rows[number].lines)
        height = self.scrollable_content_region.height
        # The headings above the first choice come into view with it.
        if number == next(iter(self._choices()), -1):
            top = 0
        if top < self.scroll_offset.y or bottom - top >= height:
            self.scroll_to(y=top, animate=False)
        elif bottom > self.scroll_offset.y + height:
            self.scroll_to(y=bottom - height, animate=False)


def fixed(rows: tuple[Row, ...]) -> RowSource:
    """A source of rows that do not depend on the width."""
    return lambda _width, _height: rows
