"""Why a class is what a report says: which axis went over its line, told from figures that reached the seat and from nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from exercise.presenter.happenings import summary_rows
from exercise.presenter.rows import Rows, Subject
from exercise.presenter.seat_state import SeatState, fold_all, mark_seen
from exercise.presenter.why import why_rows
from tests.presenter import osh_frames

CLASS = Subject("figure", "osh_city.capacity")


@pytest.fixture
def seen() -> SeatState:
    """Turn 2 seen, by a seat that was told what the class goes by."""
    card = {**osh_frames.quantities()["region.capacity"]}
    card["axes"] = [{"quantity": "capability", "line": 50, "margin": 2}, {"quantity": "willingness", "line": 50, "margin": 2}]
    card["classes"] = {"hegemonic": [True, True], "captured": [True, False], "degraded": [False, True], "failed": [False, False]}
    axes = {name: {**osh_frames.quantities()["region.ethnic_tension"], "name": name.split(".")[1].capitalize()} for name in
            ("region.capability", "region.willingness")}  # fmt: skip
    welcome = osh_frames.welcome(quantities={**osh_frames.quantities(), "region.capacity": card, **axes})
    frames = [welcome, *osh_frames.opening()[1:], *osh_frames.second_turn()]
    return mark_seen(fold_all(SeatState(), osh_frames.numbered(frames)))


def told(state: SeatState, *reports: dict[str, Any]) -> SeatState:
    """The state after more reports."""
    frames = [{"frame": "outcome", "turn": state.turn, "outcome": one} for one in reports]
    return fold_all(state, osh_frames.numbered(frames, state.seq + 1))


def report(quantity: str, value: float, previous: float | None, *causes: Any) -> dict[str, Any]:
    """What analysts say of the city."""
    return osh_frames.report("osh_city", quantity, value, previous, "2010-06-12", "analysts", *causes)


def words(rows: Rows) -> str:
    """All the rows' text on one line."""
    return " ".join(" ".join(row.text.split()) for row in rows)


ASSESSED = osh_frames.cause(100, "capability and willingness together make the class", "capacity.region_class")
SPELL = osh_frames.cause(-100, "in open fighting offices stand by", "capacity.paralysis_spell")


def test_a_class_that_changed_names_the_axis_and_leads_on_to_what_moved_it(seen: SeatState) -> None:
    """Not that both make the class, but which of the two fell below its line, the seat's own figure of it, and its causes."""
    state = told(seen, report("capacity", 0, 1, ASSESSED), report("willingness", 45, 55, SPELL), report("capability", 40, 40))
    why = words(why_rows(state, CLASS, 100))
    assert "willingness fell below 50; it changes sides 2 beyond that line" in why
    assert "capability stays below 50" in why
    assert why.index("your figure: 45 ▼ 10") < why.index("Why willingness moved by -10") < why.index("in open fighting offices stand by")
    assert "together make the class" not in why
    assert "degraded → failed: willingness fell below 50" in words(summary_rows(state, 120, state.seen))


def test_what_no_figure_tells_is_said_to_be_unknown(seen: SeatState) -> None:
    """The class says on which side an axis is; where it stands there, only a report can tell."""
    why = words(why_rows(told(seen, report("capacity", 0, 1, ASSESSED)), CLASS, 100))
    assert "willingness fell below 50" in why
    assert why.count("no figure of it has reached you") == 2
    assert "your figure" not in why


def test_a_figure_that_does_not_agree_with_the_class_is_not_hidden(seen: SeatState) -> None:
    """Both come from sources that err."""
    why = words(why_rows(told(seen, report("capacity", 0, 1, ASSESSED), report("willingness", 55, 60, SPELL)), CLASS, 100))
    assert "your figure: 55 ▼ 5" in why
    assert "it says otherwise: both are estimates" in why


def test_a_class_that_stood_still_says_what_it_goes_by(seen: SeatState) -> None:
    """Without a change there is no crossing to tell."""
    why = words(why_rows(told(seen, report("capacity", 1, 1)), CLASS, 100))
    assert "What it goes by" in why
    assert "capability stays below 50" in why
    assert "willingness stays above 50" in why
