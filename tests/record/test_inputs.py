"""Decisions and outcomes survive the log unchanged."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercise.core.agreements import Clause
from exercise.core.decisions import (
    AgreementDecision,
    Disclosure,
    InjectRelease,
    MotionDecision,
    OrderDecision,
    RuledEffect,
    Ruling,
    VoteDecision,
)
from exercise.core.outcomes import Outcome
from exercise.record.entry import NO_ENTRY, Entry, seal
from exercise.record.inputs import clauses_of, decision_of, entry_of, is_input, outcome_data, outcome_of, taken_after, withdrawal_of
from exercise.record.marks import differing, marks_of

AID = OrderDecision("north", "aid", "valley", 2.5)
HELP = OrderDecision("north", "aid", "town", 1.0)
PAY = Clause("pay", "north", "south", "valley", 2.0, 30.5, 7, "yes", "council.send")
YES = VoteDecision("north", "council", "send", "yes", "we always said so")
NO = VoteDecision("north", "council", "send", "no")


def recorded(kind: str, data: dict, n: int = 2) -> Entry:
    """The entry as the log gives it back."""
    return seal(n, NO_ENTRY, kind, data)[0]


@pytest.mark.parametrize(
    "decision",
    [
        AID,
        OrderDecision("north", "wait"),
        MotionDecision("north", "council", "send"),
        YES,
        NO,
        InjectRelease("flood"),
        AgreementDecision("n:north+south#1", "north", ("north", "south"), (PAY, Clause("quiet")), 30, secret=True),
        Disclosure("north", "n:north+south#1"),
        Ruling((RuledEffect("valley", "heat", "add", -3.25, 14.0), RuledEffect("valley", "heat", "set", 10.0)), "the room agreed"),
    ],
    ids=lambda decision: type(decision).__name__,
)
def test_a_decision_is_read_back_from_its_entry(decision):
    """Every kind of decision, with and without what may be left out."""
    assert decision_of(recorded(*entry_of(decision, 3, "script"))) == decision


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_an_amount_keeps_every_bit(amount):
    """An order's size is the same double after the log, or replay would drift."""
    entry = recorded(*entry_of(OrderDecision("north", "aid", "valley", amount), 1))
    again = decision_of(entry)
    assert isinstance(again, OrderDecision)
    assert repr(again.amount) == repr(amount)


def test_an_entry_that_is_no_decision_gives_none():
    """Messages, notes and withdrawals decide nothing by themselves."""
    assert decision_of(recorded("note", {"turn": 1, "text": "x"})) is None
    assert decision_of(recorded(*withdrawal_of(AID, 1))) is None


def test_a_withdrawal_takes_out_that_order_alone():
    """Another target of the same order stays."""
    taken = taken_after((AID, HELP), recorded(*withdrawal_of(AID, 1)))
    assert taken == (HELP,)
    assert taken_after(taken, recorded(*withdrawal_of(AID, 1))) == (HELP,)


def test_a_second_vote_replaces_the_first():
    """A member may change its mind until the turn closes; other motions and seats are not touched."""
    other = VoteDecision("south", "council", "send", "no")
    taken: tuple = ()
    for decision in (YES, other, NO):
        taken = taken_after(taken, recorded(*entry_of(decision, 1)))
    assert taken == (other, NO)


@pytest.mark.parametrize("to", ["all", ("north", "south"), ()])
def test_an_outcome_is_read_back(to):
    """Kind, audience, cause and data come back as they were."""
    outcome = Outcome("report", to, "drift.heating", {"entity": "valley", "value": 31.5, "causes": [{"id": "a", "share": 0.5}]})
    assert (
        outcome_of(recorded("turn_closed", {"turn": 1, "digest": NO_ENTRY, "outcomes": [outcome_data(outcome)]}).data["outcomes"][0])
        == outcome
    )


def test_marks_tell_which_numbers_differ():
    """One changed bit in a number is seen in its mark, and only there; a missing or unreadable record differs everywhere."""
    cells = [0.1 * number for number in range(500)]
    changed = list(cells)
    changed[17] += 1e-12
    changed[400] = -changed[400]
    assert differing(marks_of(cells), cells) == ()
    assert differing(marks_of(cells), changed) == (17, 400)
    assert differing(marks_of(cells), cells[:-1]) == (499,)
    assert len(differing("!", cells)) == 500
    assert len(marks_of(cells)) < 1400


def test_amounts_of_agreements_are_of_one_kind() -> None:
    """However a line writes two million, it is the same number to the digest."""
    one, other = ({"clauses": [{"clause": "pay", "amount": amount, "line": amount}]} for amount in (2, 2.0))
    assert repr(clauses_of(one)) == repr(clauses_of(other))


def test_only_what_binds_is_an_input() -> None:
    """A proposal is talk; the last signature and a publication bear on the turn."""
    steps = {
        step: Entry(2, "0" * 64, "agreement", {"turn": 1, "step": step, "seat": "town", "agreement": "x"}, "0" * 64)
        for step in ("propose", "sign", "decline", "retract", "in_force", "disclose")
    }
    assert {step for step, entry in steps.items() if is_input(entry)} == {"in_force", "disclose"}
