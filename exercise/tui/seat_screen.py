"""A seat's screen: its panes, and what keys and clicks do in them; all of it ends in the desk or in a dialog.

The screen is made in layers: ``seat_panes`` paints and knows what is in focus, ``deciding`` and ``negotiating`` have the keys that act, and
here is the rest.
"""

from __future__ import annotations

from typing import ClassVar

import attrs
from textual.binding import Binding, BindingType

from exercise.presenter.keys import PANES, seat_keys
from exercise.presenter.orders import Draft
from exercise.presenter.reports import ReportView, next_filter
from exercise.presenter.rows import Subject
from exercise.presenter.tabs import seat_tabs, tab_at
from exercise.presenter.words import _
from exercise.tui.body_screen import BodyScreen
from exercise.tui.briefing_screen import BriefingScreen
from exercise.tui.composer_screen import ComposerScreen
from exercise.tui.deciding import Deciding
from exercise.tui.ending_screen import EndingScreen
from exercise.tui.find_screen import FindScreen
from exercise.tui.help_screen import HelpScreen
from exercise.tui.history_screen import HistoryScreen
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
from exercise.tui.why_screen import WhyScreen


class SeatScreen(Deciding, Negotiating):
    """The seat's screen for one desk: what keys and clicks do beside deciding and negotiating."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key.keys, key.action, show=False) for key in seat_keys() if key.action not in ("open", "theme", "leave")),
        *(Binding(str(number), f"pane({number})", show=False) for number in range(1, len(PANES) + 1)),
        Binding("tab", "next_pane(1)", show=False),
        Binding("shift+tab", "next_pane(-1)", show=False),
        Binding("escape", "unzoom", show=False),
    ]

    # --- events of the views --------------------------------------------------------------------------------------------------

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
            self.app.notify(self._why_not(_("Orders are not taken now.")))
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
