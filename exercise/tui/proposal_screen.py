"""The composer of a proposal: a form at the left, the proposal in words at the right; each line of the form asks for its own."""

from __future__ import annotations

from typing import ClassVar

import attrs
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical

from exercise.presenter.bargain import (
    LONGEST_DAYS,
    Proposal,
    Question,
    act_of,
    answer,
    as_it_is,
    begin_clause,
    clause_choices,
    clause_rows,
    form_rows,
    next_question,
    partners,
    preview_rows,
    problem,
    read_number,
    reworded,
    settled,
    with_party,
    without_term,
)
from exercise.presenter.desk import Desk
from exercise.presenter.frames import AmountRange
from exercise.presenter.rows import Rows, Subject
from exercise.presenter.words import _
from exercise.tui.choice_screen import ChoiceScreen, TickScreen
from exercise.tui.line_screen import LineScreen
from exercise.tui.row_view import RowView
from exercise.tui.seat_dialog import SeatDialog
from exercise.tui.words_screen import WordsScreen


class ProposalScreen(SeatDialog[None]):
    """The composer. It closes once the host has taken the proposal; what the host refuses is said in the form."""

    SHAPE: ClassVar[str] = "wide"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "propose", show=False),
        Binding("x,delete", "remove", show=False),
        Binding("a,plus", "clause", show=False),
    ]

    def __init__(self, desk: Desk, proposal: Proposal) -> None:
        super().__init__(desk)
        self.proposal = proposal
        self._sent, self._refused = "", ""
        self._again: int | None = None

    def compose(self) -> ComposeResult:
        """The form and the preview."""
        with Vertical(classes="dialog wide"), Horizontal(classes="halves"):
            with Vertical(classes="first"):
                yield RowView(self.make_rows, id="rows")
            yield RowView(lambda width, _height: preview_rows(self.state, self.proposal, width), id="preview", classes="second")

    def on_mount(self) -> None:
        """Begin with whom."""
        super().on_mount()
        self.query_one("#preview", RowView).can_focus = False
        if not self.proposal.parties:
            self.call_after_refresh(self._ask_parties)

    def words(self) -> str:
        """The title."""
        return _("Counter-proposal") if self.proposal.answers else _("New proposal")

    def foot(self) -> str:
        """The keys."""
        return _("enter changes it · a adds a clause · ctrl+s proposes · esc closes")

    def make_rows(self, width: int, _height: int) -> Rows:
        """The form."""
        return form_rows(self.state, self.proposal, width, self._refused)

    def reload(self) -> None:
        """Follow the host's answer."""
        if self._sent and self._sent not in self.state.asked:
            refused = self.state.refused
            if refused is None or refused.act.get("ref") != self._sent:
                self.dismiss(None)
                return
            self._sent, self._refused = "", refused.words
        super().reload()

    def _change(self, proposal: Proposal) -> None:
        if self._again is not None and proposal.at_hand is None:
            proposal = reworded(proposal, self._again, len(self.proposal.terms))
            self._again = None
        self.proposal, self._refused = proposal, ""
        self.reload()

    def _reword(self, number: int) -> None:
        """Ask for a clause anew; what it says now is offered first, and stays until the last answer."""
        self._again = number
        self._clause(self.proposal.terms[number].clause)

    # --- lines of the form ----------------------------------------------------------------------------------------------------

    def choose(self, subject: Subject) -> None:
        """Change a line."""
        if subject.kind == "term":
            self._reword(int(subject.id))
            return
        match subject.id:
            case "parties":
                self._ask_parties()
            case "clause":
                self.action_clause()
            case "days":
                words = _("For how many days does it run? 1 to {most}", most=LONGEST_DAYS)
                self.app.push_screen(LineScreen(words, foot=_("enter takes it · esc goes back")), self._days)
            case "secret":
                self._change(attrs.evolve(self.proposal, secret=not self.proposal.secret))
            case "note":
                self.app.push_screen(
                    WordsScreen(
                        _("A note to go with it"), self.proposal.text, foot=_("ctrl+s takes it · esc goes back"), may_be_empty=True
                    ),
                    self._note,
                )
            case "propose":
                self.action_propose()

    def _ask_parties(self) -> None:
        self.app.push_screen(TickScreen(_("With whom?"), partners(self.state), self.proposal.parties), self._parties)

    def _parties(self, chosen: tuple[str, ...] | None) -> None:
        if chosen is None:
            return
        proposal = self.proposal
        for seat in {*proposal.parties} ^ {*chosen}:
            proposal = with_party(self.state, proposal, seat)
        self._change(proposal)
        if not proposal.terms:
            self.action_clause()

    def _days(self, typed: str | None) -> None:
        if typed is not None:
            value, wrong = read_number(typed, AmountRange("days", 1, LONGEST_DAYS, self.proposal.days, 1, ""), whole=True)
            if wrong:
                self.app.notify(wrong)
            else:
                self._change(attrs.evolve(self.proposal, days=int(value)))

    def _note(self, typed: str | None) -> None:
        if typed is not None:
            self._change(attrs.evolve(self.proposal, text=typed))

    # --- clauses --------------------------------------------------------------------------------------------------------------

    def action_clause(self) -> None:
        """Add a clause from the menu."""
        if not self.proposal.parties:
            self._ask_parties()
            return
        choices = clause_choices(self.state, self.proposal)
        menu = ChoiceScreen(_("Which clause?"), choices, lambda width, _height: clause_rows(self.state, self.proposal, width))
        self.app.push_screen(menu, self._clause)

    def _clause(self, clause: str | None) -> None:
        if clause is not None:
            self._change(settled(self.state, begin_clause(self.proposal, clause)))
            self._ask_next()

    def _ask_next(self) -> None:
        """The next question about the clause at hand."""
        question = next_question(self.state, self.proposal)
        if question is None:
            return
        if self._again is not None:
            question = as_it_is(question, self.proposal.terms[self._again])
        if question.range is None:
            self.app.push_screen(ChoiceScreen(question.words, question.options), lambda chosen: self._answered(question, chosen))
            return
        limits = question.range
        told = _(
            "from {low} to {high}; empty: {default}",
            low=f"{limits.low:,.10g}",
            high=f"{limits.high:,.10g}",
            default=f"{limits.default:,.10g}",
        )
        unit = f", {limits.unit}" if limits.unit else ""
        self.app.push_screen(
            LineScreen(f"{question.words}{unit}", foot=told, may_be_empty=True), lambda typed: self._answered(question, typed)
        )

    def _answered(self, question: Question, words: str | None) -> None:
        if words is None:
            self._change(attrs.evolve(self.proposal, at_hand=None))
            return
        proposal, wrong = answer(self.state, self.proposal, question, words)
        if wrong:
            self.app.notify(wrong)
        self._change(proposal)
        self._ask_next()

    def action_remove(self) -> None:
        """Take the clause in focus out."""
        subject = self.query_one("#rows", RowView).subject
        if subject is not None and subject.kind == "term":
            self._change(without_term(self.proposal, int(subject.id)))

    def action_propose(self) -> None:
        """Make the proposal."""
        wrong = problem(self.state, self.proposal)
        if wrong:
            self.app.notify(wrong)
        elif not self._sent:
            self._sent = self.desk.ask("propose", **act_of(self.proposal))
            self.reload()
