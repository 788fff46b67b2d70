"""Dates as quantities: shown as days or never, not reckoned with, and past ones said to be over."""

from __future__ import annotations

import attrs
import pytest

from exercise.presenter.figures import known, known_movement, value_words
from exercise.presenter.frames import QuantityCard
from exercise.presenter.happenings import summary_rows
from exercise.presenter.known import Ending
from exercise.presenter.reports import report_rows
from exercise.presenter.rows import Subject, plain, text_of
from exercise.presenter.seat_state import SeatState, fold, mark_seen
from exercise.presenter.why import why_rows

CURFEW = "osh_city.curfew_until"
NEVER = -1_000_000.0


@pytest.fixture
def curfew(second_turn: SeatState) -> SeatState:
    """A curfew until 17 June that was never before, told just now."""
    card = QuantityCard("Curfew until", "date", None, None, "day on which the curfew ends", "neither", ())
    welcome = attrs.evolve(second_turn.welcome, quantities={**second_turn.welcome.quantities, "region.curfew_until": card})
    data = {"kind": "public", "cause": "", "entity": "osh_city", "quantity": "region.curfew_until", "value": 7.0, "previous": NEVER,
            "date": "2010-06-17", "causes": [{"kind": "order", "id": "curfew", "because": "Bishkek imposed it", "amount": 1_000_007.0}]}  # fmt: skip
    state = mark_seen(attrs.evolve(second_turn, welcome=welcome))
    return fold(state, {"seq": state.seq + 1, "branch": 0, "frame": "outcome", "turn": 2, "outcome": data})


def test_a_date_that_was_never_before_shows_its_day_alone(curfew: SeatState) -> None:
    """No "was nev…", no "+never", no count of days."""
    item = known(curfew, CURFEW)
    assert item is not None
    assert value_words(curfew, item) == "17 Jun"
    assert plain(known_movement(item, curfew.welcome.quantity(CURFEW))) == ""
    for words in (
        text_of(report_rows(curfew, 60)),
        text_of(summary_rows(curfew, 100, curfew.seen)),
        text_of(why_rows(curfew, Subject("figure", CURFEW), 80)),
    ):
        assert "17 Jun" in words
        assert "nev" not in words.replace("never reaches", "")
    assert "Why it changed" in text_of(why_rows(curfew, Subject("figure", CURFEW), 80))


def test_a_curfew_that_has_run_out_is_said_to_be_over(curfew: SeatState) -> None:
    """On the eighteenth the seventeenth is past."""
    state = attrs.evolve(curfew, date="2010-06-18")
    item = known(state, CURFEW)
    assert item is not None
    assert value_words(state, item) == "17 Jun, over"


def test_the_end_shows_days_beside_days(curfew: SeatState) -> None:
    """Known and true are dates there too, wherever the number came without its day."""
    from exercise.presenter.ending import ending_rows

    ending = Ending((), {CURFEW: 9.0}, "", "", "", "", "")
    words = text_of(ending_rows(attrs.evolve(curfew, ending=ending, phase="ended"), 100))
    row = next(each for each in words.splitlines() if "curfew until" in each)
    assert row.split()[-4:] == ["17", "Jun", "19", "Jun"]
