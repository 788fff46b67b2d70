"""The replay: a map, true beside known, what was decided and what came of it, and a line of turns."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import attrs
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget

from exercise.presenter.keys import Key
from exercise.presenter.replay import (
    Chronicle,
    ReplayView,
    Scene,
    decision_rows,
    eyes_line,
    eyes_name,
    knowledge_rows,
    next_eyes,
    replay_line,
    replay_tabs,
    result_rows,
    time_line,
    turn_at,
)
from exercise.presenter.rows import Line, Rows, Subject, note
from exercise.presenter.seat_state import SeatState
from exercise.presenter.tabs import tab_at, tabs_line
from exercise.presenter.words import _
from exercise.tui.key_bar import KeyBar
from exercise.tui.line_bar import LineBar, LineSource
from exercise.tui.map_view import MapView
from exercise.tui.pane import Pane
from exercise.tui.quiet_screen import QuietScreen
from exercise.tui.replay_panel import ReplayPanel
from exercise.tui.row_view import RowView
from exercise.tui.terminal import WIDE
from exercise.tui.what_if_screen import WhatIfScreen

PANES = tuple(tab.name for tab in replay_tabs())


class ReplayScreen(QuietScreen[None]):
    """The replay viewer. It shows the scene that it is given and asks for another with ``Wanted``."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left_square_bracket,comma,left", "turn(-1)", show=False),
        Binding("right_square_bracket,full_stop,right,space", "turn(1)", show=False),
        Binding("v", "eyes(1)", show=False),
        Binding("V", "eyes(-1)", show=False),
        Binding("x", "gaps", show=False),
        Binding("w", "why", show=False),
        Binding("h", "history", show=False),
        Binding("i", "what_if", show=False),
        Binding("z", "zoom", show=False),
        Binding("question_mark,f1", "help", show=False),
        Binding("tab", "next_pane(1)", show=False),
        Binding("shift+tab", "next_pane(-1)", show=False),
        *(Binding(str(number), f"pane({number})", show=False) for number in range(1, len(PANES) + 1)),
        Binding("q,escape", "app.leave", show=False),
    ]
    AUTO_FOCUS = ""

    class Wanted(Message):
        """Another scene is wanted."""

        def __init__(self, view: ReplayView) -> None:
            super().__init__()
            self.view = view

    def __init__(self, chronicle: Chronicle) -> None:
        super().__init__()
        self.chronicle = chronicle
        self.scene: Scene | None = None
        self.wish: ReplayView | None = None
        self.pane = PANES[0]
        self.zoomed = False
        self._trouble = ""

    def compose(self) -> ComposeResult:
        """Lines, panes, the line of turns, keys."""
        yield LineBar(self._line(replay_line), id="status")
        yield LineBar(self._line(eyes_line), id="todo")
        yield LineBar(lambda width: tabs_line(replay_tabs(), self.pane, width), id="tabs")
        with Horizontal(id="panes"):
            with Vertical(id="left", classes="column"):
                yield Pane(4, "truth", MapView(self._truth, id="truth"))
                yield Pane(2, "decisions", RowView(self._decisions, id="decisions"))
            with Vertical(id="rest", classes="column"):
                yield Pane(1, "knowledge", RowView(self._knowledge, id="knowledge"))
                yield Pane(3, "results", RowView(self._results, id="results"))
        yield LineBar(self._line(time_line), id="time")
        yield KeyBar(_keys, id="keys")

    def _line(self, make: Callable[[Scene, int], Line]) -> LineSource:
        return lambda width: make(self.scene, width) if self.scene is not None else ()

    def _truth(self) -> SeatState:
        return self.scene.truth if self.scene is not None else SeatState()

    def _knowledge(self, width: int, _height: int) -> Rows:
        if self.scene is not None:
            return knowledge_rows(self.scene, width)
        return (note(self._trouble or _("Recomputing the exercise …"), width, role="alarm" if self._trouble else "dim"),)

    def _decisions(self, width: int, _height: int) -> Rows:
        return decision_rows(self.scene, width) if self.scene is not None else ()

    def _results(self, width: int, _height: int) -> Rows:
        return result_rows(self.scene, width) if self.scene is not None else ()

    # --- what is shown --------------------------------------------------------------------------------------------------------

    def show(self, scene: Scene) -> None:
        """Show a scene."""
        fresh = self.scene is None or self.scene.view.turn != scene.view.turn
        self.scene = scene
        if self.wish is not None and self.wish == scene.view:
            self.wish = None
        if fresh:
            for name in ("decisions", "results"):
                self.query_one(f"#{name}", RowView).restart()
        self._arrange()

    def fail(self, trouble: str) -> None:
        """Say why nothing can be shown."""
        self._trouble = trouble
        self.wish = None
        self.reload()

    def on_mount(self) -> None:
        """Begin with what was known."""
        self._arrange()
        self.call_after_refresh(self.action_pane, 1)

    def on_resize(self, _event: events.Resize) -> None:
        """Choose panes or pages for the size."""
        self._arrange()

    def reload(self) -> None:
        """Paint what changed."""
        titles = {
            "knowledge": _("True, and known to {seat}", seat=eyes_name(self.scene)) if self.scene and self.scene.eyes else _("True"),
            "decisions": _("Decided in this turn"),
            "results": _("What came of it"),
            "truth": _("Map, in truth"),
        }
        for pane in self.query(Pane):
            pane.title(titles[pane.pane])
        for bar in self.query(LineBar):
            bar.reload()
        for view in self.query(RowView):
            view.reload()
        self.query_one(MapView).reload()

    def _arrange(self) -> None:
        paged = self.app.size.width < WIDE
        self.set_class(paged, "paged")
        self.set_class(not paged, "panes")
        self.set_class(self.zoomed and not paged, "zoomed")
        if paged or self.zoomed:
            for pane in self.query(Pane):
                pane.set_class(pane.pane == self.pane, "current")
            for column in self.query(".column"):
                column.set_class(bool(column.query(f"#pane-{self.pane}")), "current")
        self.call_after_refresh(self.reload)

    # --- keys -----------------------------------------------------------------------------------------------------------------

    def action_turn(self, steps: int) -> None:
        """A turn on or back."""
        if self.scene is not None:
            turn = min(max(1, self._wished.turn + steps), self.scene.last_turn + 1)
            self._want(attrs.evolve(self._wished, turn=turn))

    def action_eyes(self, steps: int) -> None:
        """Another seat's eyes."""
        if self.scene is not None:
            self._want(next_eyes(attrs.evolve(self.scene, view=self._wished), steps))

    def action_gaps(self) -> None:
        """Only what differed, or everything again."""
        if self.scene is not None:
            self._want(attrs.evolve(self._wished, gaps_only=not self._wished.gaps_only))

    @property
    def _wished(self) -> ReplayView:
        """The last wish, which the next key goes on from, though its scene may still be on its way."""
        return self.wish or (self.scene.view if self.scene is not None else ReplayView())

    def _want(self, view: ReplayView) -> None:
        if self.scene is not None and view != self._wished:
            self.wish = view
            self.post_message(self.Wanted(view))

    def action_pane(self, number: int) -> None:
        """Go to a pane or page."""
        self.pane = PANES[number - 1]
        self._arrange()
        view: Widget = self.query_one(f"#{self.pane}")
        view.focus()

    def action_next_pane(self, steps: int) -> None:
        """The next pane or page."""
        self.action_pane((PANES.index(self.pane) + steps) % len(PANES) + 1)

    def action_zoom(self) -> None:
        """One pane on the whole screen, and back."""
        self.zoomed = not self.zoomed
        self._arrange()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Remember which pane has the focus."""
        self.pane = next((each.pane for each in event.widget.ancestors if isinstance(each, Pane)), self.pane)

    def on_key_bar_used(self, event: KeyBar.Used) -> None:
        """A key in the footer was clicked."""
        self.call_later(self.run_action, event.action)

    def on_line_bar_pressed(self, event: LineBar.Pressed) -> None:
        """A tab was clicked, or a turn on the line of turns."""
        if event.bar.id == "tabs":
            number = tab_at(replay_tabs(), self.pane, event.bar.size.width, event.column)
            if number:
                self.action_pane(number)
        elif event.bar.id == "time" and self.scene is not None:
            turn = turn_at(self.scene, event.bar.size.width, event.column)
            self._want(attrs.evolve(self._wished, turn=turn or self._wished.turn))

    def on_row_view_chosen(self, event: RowView.Chosen) -> None:
        """Explain a figure."""
        self._panel("why", event.subject)

    def action_why(self) -> None:
        """What moved the figure in focus."""
        self._panel("why", self.query_one("#knowledge", RowView).subject)

    def action_history(self) -> None:
        """The figure in focus over all turns."""
        self._panel("history", self.query_one("#knowledge", RowView).subject)

    def _panel(self, kind: str, subject: Subject | None) -> None:
        if self.scene is None or subject is None or subject.kind not in ("figure", "place"):
            self.app.notify(_("Choose a figure in pane 1 first."))
            return
        key = subject.id if subject.kind == "figure" else f"{subject.id}.capacity"
        self.app.push_screen(ReplayPanel(self.chronicle, self.scene, key, kind))

    def action_what_if(self) -> None:
        """Decide something otherwise from this turn on."""
        if self.scene is None or self.scene.view.turn > self.scene.last_turn:
            self.app.notify(_("Go to a turn that was played first."))
            return
        self.app.push_screen(WhatIfScreen(self.chronicle, self.scene))

    def action_help(self) -> None:
        """What the keys do."""
        self.app.push_screen(ReplayPanel(self.chronicle, self.scene, "", "help"))


def _keys() -> tuple[tuple[Key, ...], tuple[Key, ...]]:
    return (
        (
            Key("", "[ ]", "turn(1)", _("turn"), ""),
            Key("", "v", "eyes(1)", _("whose eyes"), ""),
            Key("", "x", "gaps", _("differences"), ""),
            Key("", "w", "why", _("why"), ""),
            Key("", "i", "what_if", _("what if"), ""),
            Key("", "?", "help", _("help"), ""),
        ),
        (Key("", "F10", "app.leave", _("close"), ""),),
    )
