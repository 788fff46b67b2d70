"""A seat's screen: two lines above, six panes, one line of keys.

At 120 columns all panes stand side by side; below that they are pages with the same numbers; from 180 there are three columns. Everything
shown comes from the presenters; keys end in the desk or in a dialog.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import attrs
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from exercise.presenter.bodies import body_rows, idle_keys
from exercise.presenter.desk import Desk
from exercise.presenter.guide import guide_line
from exercise.presenter.happenings import happening_rows
from exercise.presenter.keys import PANES, Key, footer, pane_titles, seat_keys
from exercise.presenter.mail import mail_rows
from exercise.presenter.map_view import map_size, place_rows
from exercise.presenter.orders import Draft, order_rows
from exercise.presenter.reports import ReportView, filter_words, next_filter, report_rows
from exercise.presenter.room_state import held_words
from exercise.presenter.rows import Line, Rows, Subject
from exercise.presenter.seat_state import SeatState
from exercise.presenter.status import purse_words, status_line, todo_line
from exercise.presenter.tabs import seat_tabs, tab_at, tabs_line
from exercise.presenter.threads import mail_title
from exercise.presenter.words import _
from exercise.tui.body_screen import BodyScreen
from exercise.tui.briefing_screen import BriefingScreen
from exercise.tui.composer_screen import ComposerScreen
from exercise.tui.deciding import Deciding
from exercise.tui.ending_screen import EndingScreen
from exercise.tui.find_screen import FindScreen
from exercise.tui.help_screen import HelpScreen
from exercise.tui.history_screen import HistoryScreen
from exercise.tui.jump_screen import JumpScreen
from exercise.tui.key_bar import KeyBar
from exercise.tui.line_bar import LineBar
from exercise.tui.map_view import MapView
from exercise.tui.motion_screen import MotionScreen
from exercise.tui.negotiating import Negotiating
from exercise.tui.palette_screen import PaletteScreen
from exercise.tui.pane import Pane
from exercise.tui.register_screen import RegisterScreen
from exercise.tui.row_view import RowView
from exercise.tui.summary_screen import SummaryScreen
from exercise.tui.terminal import VERY_WIDE, WIDE
from exercise.tui.why_screen import WhyScreen

LEAST_PANE_ROWS = 30
"""Below this height panes become pages as well."""


class SeatScreen(Deciding, Negotiating):
    """The seat's screen for one desk; ``show_desk`` gives it to another seat."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key.keys, key.action, show=False) for key in seat_keys() if key.action not in ("open", "theme", "leave")),
        *(Binding(str(number), f"pane({number})", show=False) for number in range(1, len(PANES) + 1)),
        Binding("tab", "next_pane(1)", show=False),
        Binding("shift+tab", "next_pane(-1)", show=False),
        Binding("escape", "unzoom", show=False),
    ]

    AUTO_FOCUS = ""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.reports = ReportView()
        self.pane = "mail"
        self.map_listed = False
        self.zoomed = False

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

    # --- events of the views --------------------------------------------------------------------------------------------------

    @property
    def subject(self) -> Subject | None:
        """The thing in focus."""
        view = self._view_of(self.pane)
        return view.subject if isinstance(view, RowView | MapView) else None

    def on_row_view_chosen(self, event: RowView.Chosen) -> None:
        """Open a line."""
        self._open(event.subject)

    def on_map_view_chosen(self, event: MapView.Chosen) -> None:
        """A place shows its reports."""
        self._open(event.subject)

    def on_map_view_moved(self, event: MapView.Moved) -> None:
        """The place chosen on the map is the one that the reports' filter offers."""
        self.reports = attrs.evolve(self.reports, place=event.entity)
        if self.reports.filter == "place":
            self.reload()

    def on_key_bar_used(self, event: KeyBar.Used) -> None:
        """A key in the footer was clicked."""
        self._run(event.action)

    def on_line_bar_pressed(self, event: LineBar.Pressed) -> None:
        """A tab or a pane's title was clicked."""
        if event.bar.id == "tabs":
            number = tab_at(seat_tabs(self.state), self.pane, event.bar.size.width, event.column)
            if number > len(PANES):
                self.action_agreements()
            elif number:
                self.action_pane(number)
        elif isinstance(event.bar.parent, Pane):
            self.action_pane(event.bar.parent.number)

    def _open(self, subject: Subject) -> None:
        match subject.kind:
            case "place":
                self._show_reports(ReportView("place", subject.id))
            case "choice":
                self.action_add_order()
            case "motion":
                self._open_motion(subject.id)
            case "body":
                self._open_body(subject.id)
            case "order":
                self._open_order(subject.id)
            case "agreement":
                self.open_agreement(subject.id)
            case "suggestion":
                self.desk.take_up(int(subject.id))
                self.reload()
            case _:
                self._explain(subject)

    def _explain(self, subject: Subject) -> None:
        if subject.kind == "figure":
            self.desk.did("why")
            self.query_one("#todo", LineBar).reload()
        if subject.kind in ("event", "message"):
            self.desk.read(f"{subject.kind} {subject.id}")
            self.call_after_refresh(self.reload)
        self.app.push_screen(WhyScreen(self.desk, subject))

    def _open_motion(self, key: str) -> None:
        body, _dot, motion = key.partition(".")
        card = self.state.welcome.motion(body, motion)
        if card is not None:
            self.app.push_screen(MotionScreen(self.desk, card))

    def _open_body(self, body: str) -> None:
        card = self.state.welcome.body(body)
        if card is not None and len(card.motions) > 1:
            self.app.push_screen(BodyScreen(self.desk, card))
        elif card is not None and card.motions:
            self._open_motion(card.motions[0].id)

    def _open_order(self, key: str) -> None:
        order, _bar, target = key.partition("|")
        amount = next((each.amount for each in self.state.committed if (each.order, each.target) == (order, target)), None)
        self.app.push_screen(ComposerScreen(self.desk, draft=Draft(order, target, amount)), self._composed)

    # --- keys -----------------------------------------------------------------------------------------------------------------

    def _run(self, action: str | None) -> None:
        """Do what a key would do."""
        if action == "open":
            if self.subject is not None:
                self._open(self.subject)
        elif action in ("theme", "leave"):
            self.call_later(self.app.run_action, action)
        elif action:
            self.call_later(self.run_action, action)

    def action_why(self) -> None:
        """Causes of the thing in focus."""
        if self.subject is not None and self.subject.kind != "choice":
            self._explain(self.subject)
        else:
            self.app.notify(_("Nothing is in focus here; arrows choose a line."))

    def action_history(self) -> None:
        """History of the figure in focus."""
        subject = self.subject
        if subject is not None and subject.kind == "place":
            subject = Subject("figure", f"{subject.id}.capacity")
        if subject is not None and subject.kind == "figure":
            self.app.push_screen(HistoryScreen(self.desk, subject.id))
        else:
            self.app.notify(_("Only figures have a history; they stand in pane 2."))

    def action_add_order(self) -> None:
        """Compose an order."""
        if not self.state.may_act and not self.state.may_draft:
            self.app.notify(held_words() if self.state.is_held else _("Orders are not taken now."))
        elif len(self.state.committed) + len(self.state.drafts) >= self.state.welcome.allowance:
            self.app.notify(_("All orders of this turn are used; x in pane 5 withdraws one."))
        else:
            place = self.query_one(MapView).entity if self.pane == "map" else ""
            self.app.push_screen(ComposerScreen(self.desk, place), self._composed)

    def _composed(self, _result: None) -> None:
        """An order that is kept for later comes in no frame: show it."""
        self.reload()

    def action_table_motion(self) -> None:
        """Open the motion in focus."""
        self._open_in_bodies()

    def action_vote(self) -> None:
        """Open the motion in focus."""
        self._open_in_bodies()

    def _open_in_bodies(self) -> None:
        subject = self.subject
        if subject is not None and subject.kind in ("motion", "body"):
            self._open(subject)
        else:
            self.action_pane(PANES.index("bodies") + 1)
            self.app.notify(_("Choose a motion, then t tables it and y votes."))

    def action_briefing(self) -> None:
        """The briefing and objectives."""
        self.app.push_screen(BriefingScreen(self.desk))

    def action_register(self) -> None:
        """The register of risks."""
        self.app.push_screen(RegisterScreen(self.desk))

    def action_summary(self) -> None:
        """The last summary again."""
        self.app.push_screen(SummaryScreen(self.desk, self.state.shown_from))

    def show_thread(self, thread: str) -> None:
        """Show a thread in the messages pane."""
        self.thread = thread
        self.query_one("#mail", RowView).restart()
        self.action_pane(PANES.index("mail") + 1)
        self.call_after_refresh(self.reload)

    def action_filter(self) -> None:
        """The next filter of the reports."""
        self._show_reports(next_filter(self.reports))

    def _show_reports(self, view: ReportView) -> None:
        self.reports = view
        self.action_pane(PANES.index("reports") + 1)
        self.call_after_refresh(self.reload)

    def action_find(self) -> None:
        """Find in the reports."""
        self.app.push_screen(FindScreen(self.reports.find), self._found)

    def _found(self, words: str | None) -> None:
        self._show_reports(attrs.evolve(self.reports, find=words or ""))

    def action_ending(self) -> None:
        """The end summary."""
        if self.state.ending is not None:
            self.app.push_screen(EndingScreen(self.desk))
        else:
            self.app.notify(_("The exercise has not ended."))

    def action_palette(self) -> None:
        """Every command by name."""
        self.app.push_screen(PaletteScreen(), self._run)

    def action_help(self) -> None:
        """Help about the thing in focus."""
        self.app.push_screen(HelpScreen(self.desk, self.pane, self.subject), self._run)
