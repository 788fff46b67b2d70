"""The seat's screen: its panes, what is painted in them, and which of them has the focus.

At 120 columns all panes stand side by side; below that they are pages with the same numbers; from 180 there are three columns. Everything
shown comes from the presenters.
"""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from exercise.presenter.bodies import body_rows, idle_keys
from exercise.presenter.desk import Desk
from exercise.presenter.guide import guide_line
from exercise.presenter.happenings import happening_rows
from exercise.presenter.keys import PANES, Key, footer, pane_titles, seat_keys
from exercise.presenter.mail import mail_rows
from exercise.presenter.map_view import map_size, place_rows
from exercise.presenter.orders import order_rows
from exercise.presenter.reports import ReportView, filter_words, report_rows
from exercise.presenter.rows import Line, Rows, Subject
from exercise.presenter.seat_state import SeatState
from exercise.presenter.status import purse_words, status_line, todo_line
from exercise.presenter.tabs import seat_tabs, tabs_line
from exercise.presenter.threads import mail_title
from exercise.presenter.words import _
from exercise.tui.jump_screen import JumpScreen
from exercise.tui.key_bar import KeyBar
from exercise.tui.line_bar import LineBar
from exercise.tui.map_view import MapView
from exercise.tui.pane import Pane
from exercise.tui.quiet_screen import QuietScreen
from exercise.tui.row_view import RowView
from exercise.tui.terminal import VERY_WIDE, WIDE

LEAST_PANE_ROWS = 30
"""Below this height panes become pages as well."""


class SeatPanes(QuietScreen[None]):
    """The panes of one desk; ``show_desk`` gives them to another seat. ``thread`` is what the messages pane shows."""

    AUTO_FOCUS = ""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.reports = ReportView()
        self.pane = "mail"
        self.map_listed = False
        self.zoomed = False
        self.thread = ""

    @property
    def state(self) -> SeatState:
        """What the seat knows."""
        return self.desk.state

    # --- composition ----------------------------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Lines, panes, keys."""
        yield LineBar(lambda width: status_line(self.state, width, now=self.desk.clock()), id="status")
        yield LineBar(self._second_line, id="todo")
        yield LineBar(lambda width: tabs_line(seat_tabs(self.state), self.pane, width), id="tabs")
        with Horizontal(id="panes"):
            with Vertical(id="left", classes="column"):
                yield Pane(1, "map", MapView(lambda: self.state, id="map"), RowView(self._place_rows, id="places"))
                yield self._pane(3, "happened", self._happening_rows)
            with Vertical(id="rest", classes="column"):
                with Vertical(id="middle", classes="column"):
                    yield self._pane(2, "reports", self._report_rows)
                with Vertical(id="right", classes="column"):
                    yield self._pane(4, "mail", self._mail_rows)
                    yield self._pane(5, "orders", self._order_rows)
                    yield self._pane(6, "bodies", self._body_rows)
        yield KeyBar(self._keys, id="keys")

    def _pane(self, number: int, name: str, source: Callable[[int, int], Rows]) -> Pane:
        return Pane(number, name, RowView(source, id=name))

    def _place_rows(self, width: int, _height: int) -> Rows:
        return place_rows(self.state, width)

    def _report_rows(self, width: int, _height: int) -> Rows:
        return report_rows(self.state, width, self.reports)

    def _happening_rows(self, width: int, _height: int) -> Rows:
        return happening_rows(self.state, width)

    def _mail_rows(self, width: int, _height: int) -> Rows:
        return mail_rows(self.state, width, thread=self.thread)

    def _order_rows(self, width: int, height: int) -> Rows:
        return order_rows(self.state, width, height)

    def _body_rows(self, width: int, height: int) -> Rows:
        return body_rows(self.state, width, height)

    def _keys(self) -> tuple[tuple[Key, ...], tuple[Key, ...]]:
        way_out = tuple(key for key in seat_keys() if key.action == "leave")
        return footer(self.pane, idle_keys(self.state), beginning=self.state.turn == 1), way_out

    # --- what is shown --------------------------------------------------------------------------------------------------------

    def _second_line(self, width: int) -> Line:
        """What is to do; in a practice turn, what to try."""
        guide = self.desk.guide
        return todo_line(self.state, width) if guide is None else guide_line(guide, self.state, width)

    def on_mount(self) -> None:
        """Begin with what is new."""
        self._arrange()
        self.call_after_refresh(self._focus_pane)
        self.set_interval(1.0, self._tick)

    def _tick(self) -> None:
        """A second of the clock, where there is one."""
        if self.state.room.ends_at is not None:
            self.query_one("#status", LineBar).reload()

    def on_resize(self, _event: events.Resize) -> None:
        """Choose panes or pages for the size."""
        self._arrange()

    def show_desk(self, desk: Desk) -> None:
        """Give the screen to another seat: nothing of the one before stays."""
        self.desk = desk
        self.reports = ReportView()
        self.pane, self.zoomed, self.map_listed, self.thread = "mail", False, False, ""
        self.query_one(MapView).entity = ""
        self._arrange()
        self._focus_pane()

    def open_turn(self) -> None:
        """A new turn: lists begin at their newest line again."""
        for name in ("happened", "mail"):
            self.query_one(f"#{name}", RowView).restart()
        self.reload()

    def reload(self) -> None:
        """Paint what changed; hidden panes are filled when they are shown."""
        self._retitle()
        for bar in self.query(LineBar):
            bar.reload()
        self._reload_panes()

    def announce(self) -> None:
        """Paint the two lines above: what is new, before everything that follows from it."""
        self.query_one("#status", LineBar).reload()
        self.query_one("#todo", LineBar).reload()

    def _reload_panes(self) -> None:
        for view in self.query(RowView):
            if view.region or view.is_on_screen:
                view.reload()
        self.query_one(MapView).reload()

    def _arrange(self) -> None:
        width, height = self.app.size
        paged = width < WIDE or height < LEAST_PANE_ROWS
        self.set_class(paged, "paged")
        self.set_class(not paged, "panes")
        self.set_class(not paged and width >= VERY_WIDE, "tall")
        self.set_class(self.zoomed and not paged, "zoomed")
        map_width, map_height = map_size(self.state)
        listed = self.map_listed or map_width == 0 or (paged and (width < map_width or height < map_height + 6))
        self.set_class(listed, "listed")
        self.query_one("#map").display = not listed
        self.query_one("#places").display = listed
        self._mark_current()
        self.call_after_refresh(self.reload)

    def _mark_current(self) -> None:
        """Tell the style sheet which pane is shown where only one is; marks that nothing depends on would only cost time."""
        if self.has_class("panes") and not self.zoomed:
            return
        for pane in self.query(Pane):
            current = pane.pane == self.pane
            pane.set_class(current, "current")
        for column in self.query(".column"):
            column.set_class(bool(column.query(f"#pane-{self.pane}")), "current")

    def _retitle(self) -> None:
        state, titles = self.state, pane_titles()
        used = _("{count} of {allowance}", count=len(state.committed), allowance=state.welcome.allowance)
        details = {
            "reports": f"{titles[1]} · {filter_words(state, self.reports)}",
            "mail": mail_title(state, self.thread),
            "orders": " · ".join(part for part in (titles[4], used, purse_words(state)) if part),
        }
        for pane in self.query(Pane):
            pane.title(details.get(pane.pane, titles[pane.number - 1]))

    # --- focus ----------------------------------------------------------------------------------------------------------------

    def _view_of(self, pane: str) -> Widget:
        if pane == "map":
            return self.query_one("#map") if self.query_one("#map").display else self.query_one("#places")
        return self.query_one(f"#{pane}")

    def _focus_pane(self) -> None:
        self._view_of(self.pane).focus()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Remember which pane has the focus."""
        pane = next((each.pane for each in event.widget.ancestors if isinstance(each, Pane)), self.pane)
        if pane != self.pane:
            self.pane = pane
            self._mark_current()
        self._follow_pane()

    def _follow_pane(self) -> None:
        """The lines that depend on the pane in focus."""
        self.query_one("#keys", KeyBar).reload()
        self.query_one("#tabs", LineBar).reload()

    def action_pane(self, number: int) -> None:
        """Go to a pane or page."""
        name = PANES[number - 1]
        if name == "bodies":
            self.desk.did("bodies")
            self.query_one("#todo", LineBar).reload()
        if name != self.pane:
            self.pane = name
            self._mark_current()
        self._focus_pane()
        self._follow_pane()
        if self.has_class("paged") or self.zoomed:
            self.call_after_refresh(self.reload)  # a page that was hidden has not followed the state

    def action_next_pane(self, steps: int) -> None:
        """The next pane or page."""
        self.action_pane((PANES.index(self.pane) + steps) % len(PANES) + 1)

    def action_zoom(self) -> None:
        """One pane on the whole screen, and back."""
        self.zoomed = not self.zoomed
        self._arrange()

    def action_unzoom(self) -> None:
        """All panes again; in the reports, all reports."""
        if self.zoomed:
            self.action_zoom()
        elif self.thread and self.pane == "mail":
            self.show_thread("")
        elif self.reports != ReportView(place=self.reports.place):
            self.reports = ReportView(place=self.reports.place)
            self.reload()

    def action_list_map(self) -> None:
        """The map as a list, and back."""
        self.map_listed = not self.map_listed
        self._arrange()
        self.call_after_refresh(self._focus_pane)

    def action_jump(self) -> None:
        """Letters on panes."""
        panes = sorted((pane for pane in self.query(Pane) if pane.region), key=lambda pane: pane.number)
        spots = [(pane.pane, pane.region.offset) for pane in panes]
        self.app.push_screen(JumpScreen(spots), self._jumped)

    def _jumped(self, name: str | None) -> None:
        if name in PANES:
            self.action_pane(PANES.index(name) + 1)

    @property
    def subject(self) -> Subject | None:
        """The thing in focus."""
        view = self._view_of(self.pane)
        return view.subject if isinstance(view, RowView | MapView) else None

    def show_thread(self, thread: str) -> None:
        """Show a thread in the messages pane."""
        self.thread = thread
        self.query_one("#mail", RowView).restart()
        self.action_pane(PANES.index("mail") + 1)
        self.call_after_refresh(self.reload)
