"""A body's motions, where the pane shows one line for each body: choose one to open it."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from exercise.presenter.bodies import body_motions, first_motion
from exercise.presenter.desk import Desk
from exercise.presenter.frames import BodyCard
from exercise.presenter.rows import BLANK, Row, Rows, Run, Subject, wrap
from exercise.presenter.words import _
from exercise.tui.motion_screen import MotionScreen
from exercise.tui.row_view import RowView
from exercise.tui.seat_dialog import SeatDialog


class BodyScreen(SeatDialog[None]):
    """The list of a body's motions. The keys that its lines name open the motion, where they do what they say."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("t,y", "open", show=False)]

    def __init__(self, desk: Desk, card: BodyCard) -> None:
        super().__init__(desk)
        self.card = card

    def on_mount(self) -> None:
        """Begin at the motion that the seat most likely wants."""
        super().on_mount()
        first = first_motion(self.state, self.card)
        if first is not None:
            view = self.query_one(RowView)
            self.call_after_refresh(view.select, Subject("motion", first.id))

    def words(self) -> str:
        """The title."""
        return self.card.name

    def foot(self) -> str:
        """The keys."""
        return _("enter opens · esc closes")

    def make_rows(self, width: int, _height: int) -> Rows:
        """The body's rule and its motions."""
        rule = (Row(wrap([Run(self.card.rule_text, "dim")], width)), BLANK) if self.card.rule_text else ()
        return (*rule, *body_motions(self.state, self.card, width))

    def action_open(self) -> None:
        """Open the motion in focus."""
        subject = self.query_one(RowView).subject
        if subject is not None:
            self.choose(subject)

    def choose(self, subject: Subject) -> None:
        """Open a motion."""
        card = next((each for each in self.card.motions if each.id == subject.id), None)
        if card is not None:
            self.app.push_screen(MotionScreen(self.desk, card))
