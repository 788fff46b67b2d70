"""Why, when the figure went against its causes: a noisy, late or other count is named as such, and never explained by what did not do it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercise.presenter.causes import percents
from exercise.presenter.figures import known, known_movement, signed, thousands
from exercise.presenter.happenings import summary_rows
from exercise.presenter.rows import Rows, Subject, plain
from exercise.presenter.seat_state import SeatState, fold, mark_seen
from exercise.presenter.why import why_rows

KEY = "osh_city.injured"


def cause(id_: str, because: str, share: int | None = None, amount: float | None = None) -> dict[str, Any]:
    """A cause as a stream tells it."""
    told: dict[str, Any] = {"kind": "rule", "id": id_, "because": because, "claims": [], "sources": []}
    return {**told, **({"share": share} if share is not None else {"amount": amount})}


UP = cause("shooting", "people are shot", 100)
HOME = cause("return", "families go home", -70)
FLIGHT = cause("flight", "people flee", 30)
HIDDEN = {"kind": "undisclosed", "id": "undisclosed", "because": "causes not known to you", "share": 80, "claims": [], "sources": []}


def told(
    state: SeatState,
    quantity: str,
    value: float,
    previous: float | None,
    *causes: Any,
    by: str = "the hospitals",
    turn: int = 0,
    error: float = 0.0,
) -> SeatState:
    """The state after a report."""
    data = {
        "kind": "report", "cause": "", "report": by, "entity": "osh_city", "quantity": f"territory.{quantity}", "value": value,
        "previous": previous, "as_of": state.date, "measured_by": by, "causes": list(causes), "error": error,
    }  # fmt: skip
    return fold(state, {"seq": state.seq + 1, "branch": 0, "frame": "outcome", "turn": turn or state.turn, "outcome": data})


def words(rows: Rows) -> str:
    """All the rows' text on one line."""
    return " ".join(" ".join(row.text.split()) for row in rows)


def fresh(state: SeatState) -> SeatState:
    """The state with everything up to now seen."""
    return mark_seen(state)


def test_a_figure_that_fell_is_not_explained_by_what_pushed_it_up(second_turn: SeatState) -> None:
    """Injured -188 "because people are shot" is what a trainer must never have to defend."""
    state = told(fresh(second_turn), "injured", 812, 1000, UP)
    line = words(summary_rows(state, 100, state.seen))
    assert "people are shot" not in line
    assert "the count was corrected" in line
    why = words(why_rows(state, Subject("figure", KEY), 100))
    assert "Why it moved" not in why
    assert "differs by -188 from the one before" in why
    assert "Nothing you know explains that" in why
    assert why.index("What acted meanwhile") < why.index("people are shot")
    assert "▲ 100" in why.replace("\N{NO-BREAK SPACE}", " ")


def test_a_figure_that_rose_while_people_went_home_is_a_corrected_count(second_turn: SeatState) -> None:
    """Causes that point down on balance do not explain a rise, even when one of them points up."""
    state = told(fresh(second_turn), "displaced", 61_000, 50_000, HOME, FLIGHT)
    line = words(summary_rows(state, 100, state.seen))
    assert "+11,000: the count was corrected" in line
    assert "families go home" not in line


def test_a_figure_that_went_with_its_causes_is_explained_by_them(second_turn: SeatState) -> None:
    """The rule does not take away what is true; a cause among several keeps its direction."""
    state = told(fresh(second_turn), "displaced", 40_000, 50_000, HOME, FLIGHT)
    line = words(summary_rows(state, 100, state.seen)).replace("\N{NO-BREAK SPACE}", " ")
    assert "families go home (▼ 70 %); people flee (▲ 30 %)" in line
    assert "Why it moved by -10,000" in words(why_rows(state, Subject("figure", "osh_city.displaced"), 100))


def test_a_change_within_the_error_of_its_source_is_told_as_such(second_turn: SeatState) -> None:
    """A cause with the right sign does not make a movement of what may be none; beyond the error it does."""
    state = told(fresh(second_turn), "injured", 1040, 1000, UP, error=50.0)
    line = words(summary_rows(state, 100, state.seen))
    assert "+40: no more than the error of its source" in line
    why = words(why_rows(state, Subject("figure", KEY), 100))
    assert "It errs by about 50, so this may be no movement at all" in why
    assert why.index("What acted meanwhile") < why.index("people are shot")
    state = told(fresh(second_turn), "injured", 1040, 1000, error=50.0)
    assert "+40: no more than the error of its source" in words(summary_rows(state, 100, state.seen))
    assert "What acted meanwhile" not in words(why_rows(state, Subject("figure", KEY), 100))
    state = told(fresh(second_turn), "injured", 1060, 1000, UP, error=50.0)
    assert "+60: people are shot" in words(summary_rows(state, 100, state.seen))


def test_what_wears_off_is_told_as_an_ending(second_turn: SeatState) -> None:
    """A shock that passes raises what it had lowered; in the words of its beginning that would be nonsense."""
    passes = {**cause("shock", "in open fighting offices lose control", 70), "ending": True, "span": "42 days"}
    late = {**cause("aid", "trainers arrive", 30), "span": "7 days"}
    state = told(fresh(second_turn), "injured", 1060, 1000, passes, late)
    for line in (words(summary_rows(state, 200, state.seen)), words(why_rows(state, Subject("figure", KEY), 200))):
        assert "wears off after 42 days: in open fighting offices lose control" in line
        assert "trainers arrive, after 7 days" in line


def test_a_change_that_is_mostly_kept_from_the_seat_is_said_to_be(second_turn: SeatState) -> None:
    """A fifth known and four fifths not is no explanation."""
    state = told(fresh(second_turn), "displaced", 60_000, 50_000, cause("flight", "people flee", 20), HIDDEN)
    assert "the count was corrected" in words(summary_rows(state, 100, state.seen))
    assert "kept from you" in words(why_rows(state, Subject("figure", "osh_city.displaced"), 100))


def test_where_amounts_are_told_the_rest_is_said_in_figures(second_turn: SeatState) -> None:
    """+10 by a cause of +2: eight of it is not explained."""
    data = {"kind": "public", "cause": "", "entity": "osh_city", "quantity": "territory.ethnic_tension", "value": 60.0, "previous": 50.0,
            "causes": [cause("rumour", "rumours spread", amount=2.0)]}  # fmt: skip
    frame = {"seq": second_turn.seq + 1, "branch": 0, "frame": "outcome", "turn": second_turn.turn, "outcome": data}
    why = words(why_rows(fold(fresh(second_turn), frame), Subject("figure", "osh_city.ethnic_tension"), 100))
    assert "+8 of it is not explained by anything you know" in why


def test_explained_changes_stand_before_noise(second_turn: SeatState) -> None:
    """However large the corrected count is, what has a reason comes first."""
    state = told(fresh(second_turn), "injured", 100, 5000, UP)
    state = told(state, "displaced", 45_000, 50_000, HOME)
    line = words(summary_rows(state, 100, state.seen))
    assert line.index("families go home") < line.index("the count was corrected")


def test_the_same_flight_told_by_a_second_source_is_told_once(second_turn: SeatState) -> None:
    """Camps say 18,000, a turn later the agencies say 21,000: not 39,000 people."""
    state = told(fresh(second_turn), "displaced", 0, None, by="the camps", turn=1)
    state = told(state, "displaced", 0, None, by="the agencies", turn=1)
    state = told(state, "displaced", 18_000, 0, FLIGHT, by="the camps", turn=2)
    state = told(fresh(state), "displaced", 21_000, 0, FLIGHT, by="the agencies", turn=3)
    line = words(summary_rows(state, 100, state.seen))
    assert "+21,000" not in line
    assert "now 18,000-21,000, was 0-18,000" in line.replace("\N{EN DASH}", "-")


@pytest.mark.parametrize(
    ("first", "second", "sign"),
    [((100, 200), (300, 400), "▲"), ((200, 100), (400, 300), "▼"), ((100, 200), (400, 300), "▲▼"), ((100, 100), (400, 400), "▬")],
)
def test_the_arrow_of_a_range_is_that_of_both_its_ends(
    second_turn: SeatState, first: tuple[float, float], second: tuple[float, float], sign: str
) -> None:
    """One source that rose among several that fell is no rise; each source is compared with itself."""
    state = second_turn
    for by, (before, _now) in (("one", first), ("other", second)):
        state = told(state, "houses_burned", before, None, by=by, turn=2)
    for by, (before, now) in (("one", first), ("other", second)):
        state = told(state, "houses_burned", now, before, by=by, turn=3)
    item = known(state, "osh_city.houses_burned")
    assert item is not None
    assert plain(known_movement(item, state.welcome.quantity("osh_city.houses_burned"))) == sign


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=9))
def test_shares_worked_out_from_amounts_make_a_hundred(amounts: list[float]) -> None:
    """Rounding never makes more than the whole."""
    shares = percents(amounts)
    if any(amounts):
        assert round(sum(abs(share or 0.0) for share in shares) * 100) == 100
    else:
        assert shares == [None] * len(amounts)


@pytest.mark.parametrize("value", [-0.2, -0.0, 0.0, 0.4])
def test_nothing_has_no_sign(value: float) -> None:
    """Neither a figure nor a change is ever ``-0``."""
    assert thousands(value) == "0"
    assert signed(value, "people") == "0"


def test_what_brought_a_movement_about_is_told_before_what_held_it_back(second_turn: SeatState) -> None:
    """A go-between's success that began with the words for its fading read as a contradiction."""
    brake, first, second = cause("fades", "talks lapse", -40), cause("elders", "elders met", 35), cause("radio", "radio helped", 25)
    state = told(fresh(second_turn), "injured", 1060, 1000, brake, first, second)
    said_now = words(summary_rows(state, 300, state.seen))
    assert said_now.index("elders met") < said_now.index("radio helped") < said_now.index("talks lapse")
