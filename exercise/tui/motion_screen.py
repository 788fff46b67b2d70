"""A motion in full: its ladder, votes with reasons, what would change it; tables it or votes on it."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input

from exercise.presenter.bodies import can_be_voted, motion_rows, no_vote_words
from exercise.presenter.desk import Desk
from exercise.presenter.frames import MotionCard
from exercise.presenter.rows import Rows
from exercise.presenter.words import _
from exercise.tui.row_view import RowView
from exercise.tui.seat_dialog import SeatDialog
from exercise.tui.text_field import TextField

LONGEST_EXPLANATION = 300
"""Characters of an explanation of vote."""


class MotionScreen(SeatDialog[None]):
    """The motion dialog."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "table", show=False),
        Binding("y", "vote('yes')", show=False),
        Binding("n", "vote('no')", show=False),
        Binding("a", "vote('abstain')", show=False),
        Binding("e", "explain", show=False),
    ]

    def __init__(self, desk: Desk, card: MotionCard) -> None:
        super().__init__(desk)
        self.card = card

    def compose(self) -> ComposeResult:
        """The motion, and under it a line for an explanation of vote, shown when it is asked for."""
        with Vertical(classes="dialog"):
            yield RowView(self.make_rows, id="rows")
            yield TextField(longest=LONGEST_EXPLANATION, id="explanation")

    def on_mount(self) -> None:
        """Begin without the line."""
        super().on_mount()
        self.query_one(TextField).display = False

    def words(self) -> str:
        """The title."""
        body = self.state.welcome.body(self.card.body)
        return body.name if body is not None else self.card.body

    def foot(self) -> str:
        """The keys that do something now."""
        motion = self.state.motions.get(self.card.id)
        keys = []
        if motion is not None and motion.can_table and self.state.may("motion"):
            keys.append(_("t tables it"))
        if can_be_voted(self.state, self.card.id) and self.state.may("vote"):
            keys.append(_("y yes · n no · a abstain · e say why first"))
        return " · ".join([*keys, super().foot()])

    def make_rows(self, width: int, _height: int) -> Rows:
        """The motion."""
        return motion_rows(self.state, self.card, width, keys=self.state.may("motion") or self.state.may("vote"))

    def action_table(self) -> None:
        """Table it, if this seat may."""
        motion = self.state.motions.get(self.card.id)
        if motion is not None and motion.can_table and self.state.may("motion"):
            self.desk.table(self.card.body, self.card.motion)
        else:
            self.app.notify(motion.why if motion is not None and motion.why else _("You cannot table it now."))

    def action_explain(self) -> None:
        """Type an explanation of vote."""
        field = self.query_one(TextField)
        field.display = True
        field.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """The explanation is kept for the vote that follows."""
        event.stop()
        self.query_one(RowView).focus()
        self.app.notify(_("Now vote: y, n or a."))

    def action_vote(self, vote: str) -> None:
        """Vote, if this seat may."""
        motion = self.state.motions.get(self.card.id)
        if motion is not None and motion.can_vote and self.state.may("vote"):
            self.desk.vote(self.card.body, self.card.motion, vote, self.query_one(TextField).value.strip())
        else:
            self.app.notify(no_vote_words(motion))
