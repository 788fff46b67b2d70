"""Turns, steps of drift, when delayed effects land and how old a figure is."""

from __future__ import annotations

import datetime
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercise.core.calendar import MONTH_DAYS, Calendar, calendar_of
from exercise.core.definitions import Cut, TurnSpan

START = datetime.date(2010, 6, 10)


def calendar(*spans: int | tuple[int, int]) -> Calendar:
    """Turns of so many days, or (days, count)."""
    told = [span if isinstance(span, tuple) else (span, 1) for span in spans]
    turns = tuple(TurnSpan(days=days, count=count) for days, count in told)
    return calendar_of(Cut(id="c", title="c", summary="", minutes=1, start=START, calendar=turns))


def test_turns_follow_each_other_without_a_gap() -> None:
    """Numbers from 1, days from STARTEX, dates on the calendar, leap days and years included."""
    laid = calendar((1, 2), 7, 365)
    assert [(turn.number, turn.start.isoformat(), turn.days, turn.day) for turn in laid.turns] == [
        (1, "2010-06-10", 1, 0.0),
        (2, "2010-06-11", 1, 1.0),
        (3, "2010-06-12", 7, 2.0),
        (4, "2010-06-19", 365, 9.0),
    ]
    assert (laid.end, laid.date(9.0), laid.date(9.999)) == (
        datetime.date(2011, 6, 19),
        datetime.date(2010, 6, 19),
        datetime.date(2010, 6, 19),
    )
    assert [turn.holds(datetime.date(2010, 6, 18)) for turn in laid.turns] == [False, False, True, False]
    assert [turn.holds(datetime.date(2010, 6, 19)) for turn in laid.turns] == [False, False, False, True]


@pytest.mark.parametrize(("days", "steps"), [(1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (92, 4), (365, 12), (366, 13)])
def test_a_turn_drifts_in_equal_steps_of_at_most_a_mean_month(days: int, steps: int) -> None:
    """As many as the month of 30.4375 days asks for."""
    [turn] = calendar(days).turns
    assert len(turn.steps) == steps
    assert {step.days for step in turn.steps} == {days / steps}
    assert max(step.days for step in turn.steps) <= MONTH_DAYS


SPANS = st.lists(st.integers(1, 800), min_size=1, max_size=4)


@given(SPANS)
def test_steps_meet_exactly_and_end_with_their_turn(spans: list[int]) -> None:
    """No rounding of the clock: each step begins where the one before ends, the last ends on the turn's last midnight."""
    laid = calendar(*spans)
    assert all(earlier.end == later.start for earlier, later in itertools.pairwise(laid.steps))
    assert [step.number for step in laid.steps] == list(range(len(laid.steps)))
    for turn in laid.turns:
        assert turn.steps[0].start == turn.day
        assert turn.steps[-1].end == turn.day + turn.days
        assert laid.date(turn.steps[-1].end - 1) == turn.end - datetime.timedelta(days=1)


@given(SPANS, st.integers(0, 900))
def test_a_delayed_effect_lands_at_the_first_step_that_ends_so_much_later(spans: list[int], delay: int) -> None:
    """Never earlier than asked, never a step later than needed; past the end it does not land; one entry more for the end itself."""
    laid = calendar(*spans)
    landing = laid.landing(float(delay))
    assert len(landing) == len(laid.steps) + 1
    assert landing[-1] == -1
    for step, lands in zip(laid.steps, landing, strict=False):
        due = step.start + delay
        late = [later.number for later in laid.steps[step.number :] if later.end >= due]
        assert lands == (min(late) if late else -1)
    for turn in laid.turns:
        assert laid.landing(float(turn.days))[turn.steps[0].number] == turn.steps[-1].number


@given(SPANS, st.integers(0, 900))
def test_a_figure_is_taken_at_the_turn_end_nearest_to_its_age(spans: list[int], delay: int) -> None:
    """Of two as near the older one; figures never go back in time as turns go on."""
    laid = calendar(*spans)
    lag = laid.lag(float(delay))
    taken = [turn.number - 1 - back for turn, back in zip(laid.turns, lag, strict=True)]
    assert all(0 <= earlier <= later for earlier, later in itertools.pairwise([0, *taken]))
    for turn, number in zip(laid.turns, taken, strict=True):
        days = [one.day for one in laid.turns[: turn.number]]
        best = min(abs(turn.day - day - delay) for day in days)
        assert number == min(place for place, day in enumerate(days) if abs(turn.day - day - delay) == best)


def test_a_cut_can_ask_for_shorter_steps() -> None:
    """Turns keep their days and drift in as many equal steps as the longest step asks for; a month stays the most that a step can have."""
    spans = (TurnSpan(days=1), TurnSpan(days=7), TurnSpan(days=61))
    fine = calendar_of(Cut(id="c", title="c", summary="", minutes=1, start=START, calendar=spans, step_days=2.0))
    assert [len(turn.steps) for turn in fine.turns] == [1, 4, 31]
    assert [(turn.steps[0].days, turn.steps[-1].end) for turn in fine.turns] == [(1.0, 1.0), (1.75, 8.0), (61 / 31, 69.0)]
    coarse = calendar_of(Cut(id="c", title="c", summary="", minutes=1, start=START, calendar=spans, step_days=300.0))
    assert [len(turn.steps) for turn in coarse.turns] == [1, 1, 3]
