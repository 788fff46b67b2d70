"""Page 7: the list of agreements, and one of them in full with what can be done about it."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from exercise.presenter.agreements import agreement_rows, answer_keys, can_answer, full_rows, sign_rows
from exercise.presenter.bargain import Proposal, counter
from exercise.presenter.desk import Desk
from exercise.presenter.rows import Rows, Subject, note
from exercise.presenter.talks import Agreement
from exercise.presenter.words import _
from exercise.tui.ask_screen import AskScreen
from exercise.tui.proposal_screen import ProposalScreen
from exercise.tui.row_view import RowView
from exercise.tui.seat_dialog import SeatDialog
from exercise.tui.words_screen import WordsScreen

ANSWERS: tuple[BindingType, ...] = (
    Binding("s", "sign", show=False),
    Binding("d", "decline", show=False),
    Binding("c", "counter", show=False),
    Binding("x", "retract", show=False),
    Binding("p", "disclose", show=False),
)


class Answering(SeatDialog[None]):
    """What can be done about the agreement at hand: signing, declining, answering, taking back, publishing."""

    @property
    def at_hand(self) -> Agreement | None:
        """The agreement that keys act on."""
        raise NotImplementedError

    def _can(self, act: str) -> Agreement | None:
        """The agreement, if that can be done about it now; otherwise the player is told."""
        found = self.at_hand
        if found is not None and act in can_answer(self.state, found):
            return found
        self.app.notify(_("That cannot be done about it now.") if found is not None else _("Choose an agreement first."))
        return None

    def action_sign(self) -> None:
        """Sign, after asking."""
        found = self._can("sign")
        if found is not None:
            source = lambda width, _height: sign_rows(self.state, found, width)  # noqa: E731
            self._ask_first(_("Sign this?"), source, _("Sign it"), "sign", found)

    def action_retract(self) -> None:
        """Take a proposal or a signature back."""
        found = self._can("retract")
        if found is not None:
            self.desk.ask("retract", agreement=found.id)

    def action_disclose(self) -> None:
        """Publish, after asking."""
        found = self._can("disclose")
        if found is not None:
            words = _("Everybody will read its terms. It was agreed in secret: a party that promised secrecy breaks its word by this.")
            source = lambda width, _height: (note(words, width, role="alarm"),)  # noqa: E731
            self._ask_first(_("Publish this agreement?"), source, _("Publish it"), "disclose", found)

    def _ask_first(self, title: str, source: object, yes: str, act: str, found: Agreement) -> None:
        def answered(sure: bool | None) -> None:
            if sure:
                self.desk.ask(act, agreement=found.id)

        self.app.push_screen(AskScreen(title, source, yes), answered)  # type: ignore[arg-type]

    def action_decline(self) -> None:
        """Decline, with words."""
        found = self._can("decline")
        if found is None:
            return

        def said(words: str | None) -> None:
            if words is not None:
                self.desk.ask("decline", agreement=found.id, text=words or None)

        foot = _("ctrl+s declines · esc goes back")
        self.app.push_screen(WordsScreen(_("Decline: say why, if you like"), foot=foot, may_be_empty=True), said)

    def action_counter(self) -> None:
        """Answer with other terms."""
        found = self._can("counter")
        if found is not None:
            self.app.push_screen(ProposalScreen(self.desk, counter(found, self.state.seat)))


class AgreementScreen(Answering):
    """One agreement in full."""

    BINDINGS: ClassVar[list[BindingType]] = list(ANSWERS)

    def __init__(self, desk: Desk, id: str) -> None:
        super().__init__(desk)
        self._agreement = id

    @property
    def at_hand(self) -> Agreement | None:
        """The agreement shown."""
        return self.state.talks.agreements.get(self._agreement)

    def words(self) -> str:
        """The title."""
        return _("Agreement")

    def foot(self) -> str:
        """The keys that do something now."""
        found = self.at_hand
        keys = [f"{key} {words}" for key, words in answer_keys(self.state, found)] if found is not None else []
        return " · ".join([*keys, _("esc closes")])

    def make_rows(self, width: int, _height: int) -> Rows:
        """All of it."""
        found = self.at_hand
        return full_rows(self.state, found, width) if found is not None else ()


class AgreementsScreen(Answering):
    """The list."""

    SHAPE: ClassVar[str] = "wide"
    BINDINGS: ClassVar[list[BindingType]] = [
        *ANSWERS,
        Binding("n,a", "propose", show=False),
        Binding("w", "open", show=False),
        Binding("7", "close", show=False),
        *(Binding(str(number), f"elsewhere({number})", show=False) for number in range(1, 7)),
    ]

    @property
    def at_hand(self) -> Agreement | None:
        """The agreement in focus."""
        subject = self.query_one(RowView).subject
        return self.state.talks.agreements.get(subject.id) if subject is not None else None

    def words(self) -> str:
        """The title, as the panes have it."""
        return _("[7] Agreements")

    def foot(self) -> str:
        """The keys."""
        return _("enter opens · n proposes · s d c x answer · esc closes")

    def make_rows(self, width: int, _height: int) -> Rows:
        """The agreements."""
        return agreement_rows(self.state, width)

    def choose(self, subject: Subject) -> None:
        """Open one."""
        if subject.id in self.state.talks.agreements:
            self.app.push_screen(AgreementScreen(self.desk, subject.id))

    def action_open(self) -> None:
        """Open the one in focus: its effects and reasons stand there."""
        if self.at_hand is not None:
            self.app.push_screen(AgreementScreen(self.desk, self.at_hand.id))

    def action_propose(self) -> None:
        """Write a proposal."""
        if self.state.talks.clauses:
            self.app.push_screen(ProposalScreen(self.desk, Proposal()))
        else:
            self.app.notify(_("There is nothing that your seat could agree on in this exercise."))

    def action_elsewhere(self, number: int) -> None:
        """Another page."""
        self.dismiss(None)
        self.app.call_later(self.app.run_action, f"screen.pane({number})")
