"""The map as a widget: cells, a chosen place, and a line about it; or the places as a list."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from exercise.presenter.map_view import entity_at, legend_line, map_lines, map_size, place_line, places, step
from exercise.presenter.reports import entities
from exercise.presenter.rows import Line, Subject, fit
from exercise.presenter.seat_state import SeatState
from exercise.tui.paint import strip_of, take_focus


class MapView(Widget, can_focus=True):
    """The map. Arrows choose the nearest place in their direction; a click chooses what lies under it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1, 0)", show=False),
        Binding("right", "step(1, 0)", show=False),
        Binding("up,k", "step(0, -1)", show=False),
        Binding("down,j", "step(0, 1)", show=False),
        Binding("enter", "choose", show=False),
    ]

    class Moved(Message):
        """Another place was chosen."""

        def __init__(self, entity: str) -> None:
            super().__init__()
            self.entity = entity

    class Chosen(Message):
        """The place under the cursor was opened."""

        def __init__(self, subject: Subject) -> None:
            super().__init__()
            self.subject = subject

    def __init__(self, state: Callable[[], SeatState], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._state = state
        self._lines: tuple[Line, ...] = ()
        self._strips: dict[int, Strip] = {}
        self._high = 0
        self.entity = ""

    @property
    def subject(self) -> Subject | None:
        """The chosen place."""
        return Subject("place", self.entity) if self.entity else None

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines shown: the map, the line about the chosen place, the legend."""
        return self._lines

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """The map's rows, the chosen place's line and the legend."""
        return map_size(self._state())[1] + 2

    def reload(self) -> None:
        """Make the lines again and paint those that changed."""
        if not self.content_size:
            return
        state = self._state()
        if not self.entity:
            drawn = places(state)
            self.entity = next((entity for entity in entities(state) if entity in drawn), next(iter(drawn), ""))
        high = map_size(state)[1]
        if high != self._high:
            self._high = high
            self.refresh(layout=True)
        lines = self._make(state)
        if len(lines) != len(self._lines):
            self._lines = lines
            self.forget_paint()
            self.refresh(layout=True)
            return
        for y, (before, after) in enumerate(zip(self._lines, lines, strict=True)):
            if before != after:
                self._strips.pop(y, None)
                self.refresh(Region(0, y, self.size.width, 1))
        self._lines = lines

    def _make(self, state: SeatState) -> tuple[Line, ...]:
        width = self.content_size.width
        drawn = map_lines(state, self.entity)
        room = max(0, self.content_size.height - 2)
        return (*(fit(line, width) for line in drawn[:room]), place_line(state, self.entity, width), legend_line(width))

    def forget_paint(self) -> None:
        """Drop painted lines, after the theme changed."""
        self._strips.clear()
        self.refresh()

    def on_resize(self, _event: events.Resize) -> None:
        """Cut the lines for the new size."""
        self._strips.clear()
        self.reload()

    def render_line(self, y: int) -> Strip:
        """One line of the map."""
        if y >= len(self._lines):
            return Strip.blank(self.content_size.width, self.visual_style.rich_style)
        strip = self._strips.get(y)
        if strip is None:
            strip = self._strips[y] = strip_of(self._lines[y], self.content_size.width, self)
        return strip

    def on_focus(self, event: events.Focus) -> None:
        """The map looks the same with the focus: its pane's title says where it is."""
        take_focus(self, event, has_focus=True)

    def on_blur(self, event: events.Blur) -> None:
        """The same."""
        take_focus(self, event, has_focus=False)

    def watch_has_focus(self, has_focus: bool) -> None:
        """No style hangs on the focus."""

    def choose(self, entity: str) -> None:
        """Choose a place."""
        if entity and entity != self.entity:
            self.entity = entity
            self.reload()
            self.post_message(self.Moved(entity))

    def action_step(self, right: int, down: int) -> None:
        """The nearest place in a direction."""
        self.choose(step(self._state(), self.entity, right, down))

    def action_choose(self) -> None:
        """Open the chosen place."""
        if self.subject is not None:
            self.post_message(self.Chosen(self.subject))

    def on_click(self, event: events.Click) -> None:
        """Choose the place under the pointer; a second click opens it."""
        place = event.get_content_offset(self)
        entity = entity_at(self._state(), place.x, place.y) if place is not None else ""
        if entity and entity == self.entity:
            self.action_choose()
        else:
            self.choose(entity)
