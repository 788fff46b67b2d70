"""The order composer: an order, then its target, then its size; beside it what it does, costs and who will see it."""

from __future__ import annotations

from typing import ClassVar

import attrs
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input

from exercise.presenter.desk import Desk
from exercise.presenter.orders import (
    Draft,
    begin,
    breadcrumbs,
    card_rows,
    giving_words,
    menu_rows,
    needs_target,
    range_words,
    read_amount,
    refusal,
    stepped,
    target_rows,
    why_not,
)
from exercise.presenter.rows import BLANK, Row, Rows, Run, Subject, note
from exercise.presenter.words import _
from exercise.tui.row_view import RowView
from exercise.tui.seat_dialog import SeatDialog
from exercise.tui.text_field import TextField


class ComposerScreen(SeatDialog[None]):
    """The composer. ``place`` is the entity chosen on the map: offered as the target where it can be one."""

    SHAPE: ClassVar[str] = "wide"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", show=False),
        Binding("plus,right", "step(1)", show=False),
        Binding("minus,left", "step(-1)", show=False),
    ]

    def __init__(self, desk: Desk, place: str = "", draft: Draft | None = None) -> None:
        super().__init__(desk)
        self.place = place
        self.draft = draft or Draft()
        self.shown = self.draft
        self.wrong = ""

    def compose(self) -> ComposeResult:
        """Choices at the left, under the amount once it is asked for; the card at the right."""
        with Vertical(classes="dialog wide"), Horizontal(classes="halves"):
            with Vertical(classes="first"):
                yield TextField(longest=20, id="amount")
                yield RowView(self.make_rows, id="rows")
            yield RowView(self._card, id="card", classes="second")

    def on_mount(self) -> None:
        """Begin with the menu."""
        super().on_mount()
        self.query_one("#card", RowView).can_focus = False
        self._show_stage()

    # --- what is shown --------------------------------------------------------------------------------------------------------

    @property
    def stage(self) -> str:
        """What is asked for now: order, target or size."""
        if not self.draft.order:
            return "order"
        return "target" if needs_target(self.state, self.draft) else "size"

    def words(self) -> str:
        """How far the order is composed."""
        return breadcrumbs(self.state, self.draft)

    def foot(self) -> str:
        """The keys."""
        if self.stage == "size":
            sized = self.draft.amount is not None
            _whole, does = giving_words(self.state)
            keys = _("enter {does} · esc back", does=does)
            return _("type an amount, or + and - · {keys}", keys=keys) if sized else keys
        return _("enter chooses · esc back")

    def make_rows(self, width: int, _height: int) -> Rows:
        """The choices of the stage."""
        match self.stage:
            case "order":
                return menu_rows(self.state, width)
            case "target":
                return target_rows(self.state, self.draft, width)
            case _:
                return self._size_rows(width)

    def _size_rows(self, width: int) -> Rows:
        rows: list[Row] = []
        card = self.state.welcome.order(self.draft.order)
        if card is not None and card.amount is not None:
            rows += [note(card.amount.what or _("size"), width), note(_("from {range}", range=range_words(card.amount)), width), BLANK]
        if self.wrong:
            rows += [note(self.wrong, width, role="alarm"), BLANK]
        return (*rows, Row(((Run(giving_words(self.state)[0], "strong"), Run("  enter", "key")),), Subject("choice", "commit")))

    def _card(self, width: int, _height: int) -> Rows:
        return card_rows(self.state, self.shown, width)

    def _show_stage(self) -> None:
        self.shown = self.draft
        field = self.query_one("#amount", TextField)
        field.display = self.stage == "size" and self.draft.amount is not None
        if field.display:
            field.value = f"{self.draft.amount:.10g}"
            field.focus()
            field.action_select_all()
        else:
            self.query_one("#rows", RowView).focus()
        self.reload()
        self._preview(self.query_one("#rows", RowView).subject)

    def _preview(self, subject: Subject | None) -> None:
        """Show the card of what is under the cursor."""
        if subject is not None and self.stage == "order":
            self.shown = begin(self.state, subject.id, self.place)
        elif subject is not None and self.stage == "target":
            self.shown = attrs.evolve(self.draft, target=subject.id)
        else:
            self.shown = self.draft
        self.query_one("#card", RowView).reload()

    def on_row_view_moved(self, event: RowView.Moved) -> None:
        """Follow the cursor with the card."""
        event.stop()
        if event.view.id == "rows":
            self._preview(event.subject)

    # --- what is done ---------------------------------------------------------------------------------------------------------

    def choose(self, subject: Subject) -> None:
        """Take the choice of the stage."""
        match self.stage:
            case "order":
                self._choose_order(subject.id)
            case "target":
                self._choose_target(subject.id)
            case _:
                self._commit()

    def _choose_order(self, order: str) -> None:
        reason = why_not(self.state, order)
        if reason:
            self.app.notify(reason)
            return
        self.draft = begin(self.state, order, self.place)
        self._show_stage()
        if self.draft.target:
            return
        self.query_one("#rows", RowView).action_edge(-1)

    def _choose_target(self, target: str) -> None:
        chosen = begin(self.state, self.draft.order, target)
        reason = refusal(self.state, chosen)
        if reason and self.draft.amount is None:
            self.app.notify(reason)
            return
        self.draft = chosen
        self._show_stage()

    def _commit(self) -> None:
        reason = self.wrong or refusal(self.state, self.draft)
        if reason:
            self.app.notify(reason)
            return
        self.desk.give(self.draft)
        self.dismiss(None)

    def action_back(self) -> None:
        """One stage back; from the menu, close."""
        if self.stage == "order":
            self.dismiss(None)
            return
        was, self.wrong = self.draft, ""
        targets = [offer for offer in self.state.offers if offer.order == was.order]
        to_target = self.stage == "size" and was.target and len(targets) > 1
        self.place = "" if to_target else self.place
        self.draft = attrs.evolve(was, target="") if to_target else Draft()
        self._show_stage()
        self.query_one("#rows", RowView).select(Subject("choice", was.target if to_target else was.order))

    def action_step(self, steps: int) -> None:
        """A step more or less."""
        if self.stage == "size" and self.draft.amount is not None:
            self.draft = stepped(self.state, self.draft, steps)
            self.query_one("#amount", TextField).value = f"{self.draft.amount:.10g}"

    def on_input_changed(self, event: Input.Changed) -> None:
        """Read the amount as it is typed; plus and minus step it."""
        event.stop()
        if self.stage != "size":
            return
        typed = event.value
        if typed.endswith(("+", "-")):
            self.action_step(1 if typed.endswith("+") else -1)
            self.query_one("#amount", TextField).value = f"{self.draft.amount:.10g}"
            return
        self.draft, self.wrong = read_amount(self.state, self.draft, typed)
        self.shown = self.draft
        self.reload()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Commit."""
        event.stop()
        self._commit()
