"""The fold: what a seat knows is a function of the frames in its stream."""

from __future__ import annotations

from typing import Any

import attrs
from hypothesis import given
from hypothesis import strategies as st

from exercise.presenter.desk import Desk
from exercise.presenter.orders import Draft
from exercise.presenter.seat_state import SeatState, fold, fold_all, mark_read
from exercise.presenter.status import unread_count
from tests.presenter import osh_frames


def test_the_same_frames_twice_change_nothing(second_turn: SeatState) -> None:
    """A reconnect that sends the stream again leaves the screen as it was."""
    again = fold_all(second_turn, osh_frames.numbered([*osh_frames.opening(), *osh_frames.second_turn()]))
    assert again == second_turn


def test_a_new_branch_starts_from_nothing(second_turn: SeatState) -> None:
    """After a rewind nothing of the turns that did not happen is known."""
    rewound = fold_all(second_turn, osh_frames.numbered(osh_frames.opening(), branch=1))
    fresh = fold_all(SeatState(), osh_frames.numbered(osh_frames.opening(), branch=1))
    assert rewound == fresh


def test_reports_keep_their_history_by_source(second_turn: SeatState) -> None:
    """Both turns' figures are there, the newest first by source."""
    readings = second_turn.readings["osh_city.ethnic_tension"]
    assert [reading.value for reading in readings] == [67, 81]
    assert [reading.value for reading in second_turn.by_source("osh_city.deaths")] == [400, 75]


def test_an_acknowledged_order_counts_before_the_next_turn_frame(first_turn: SeatState) -> None:
    """The list of committed orders follows the host's answer, not the next frame."""
    desk = Desk(_Silent(), first_turn)
    desk.give(Draft("send_relief", "osh", 5.0))
    (act,) = desk.state.asked.values()
    assert desk.state.committed == ()
    desk.hear([{"seq": 999, "branch": 0, "frame": "ack", "ref": act["ref"]}])
    assert [(order.order, order.target, order.amount) for order in desk.state.committed] == [("send_relief", "osh", 5.0)]
    assert desk.state.asked == {}


def test_a_refused_act_tells_why_and_leaves_the_orders(first_turn: SeatState) -> None:
    """A refusal changes nothing but what the player is told."""
    desk = Desk(_Silent(), first_turn)
    desk.give(Draft("quiet_valley"))
    (act,) = desk.state.asked.values()
    desk.hear([{"seq": 999, "branch": 0, "frame": "refused", "ref": act["ref"], "why": "no", "hint": "wait"}])
    assert desk.state.refused is not None
    assert (desk.state.refused.why, desk.state.committed) == ("no", ())


def test_looking_at_the_mail_makes_it_read(second_turn: SeatState) -> None:
    """The count of unread news and messages goes to nothing and stays there."""
    assert unread_count(second_turn) == 4
    assert unread_count(mark_read(second_turn)) == 0


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KINDS = st.sampled_from(["welcome", "turn", "outcome", "ack", "refused", "message", "notice", "end", "why", ""])
FIELDS = st.sampled_from(
    [
        "scenario",
        "cut",
        "calendar",
        "seat",
        "seats",
        "menu",
        "bodies",
        "map",
        "entities",
        "quantities",
        "sources",
        "turn",
        "legal",
        "motions",
        "own",
        "objectives",
        "committed",
        "outcome",
        "ref",
        "truth",
        "text",
        "to",
        "seed",
        "kind",
        "value",
        "causes",
        "entity",
        "quantity",
    ]
)


@given(st.lists(st.tuples(KINDS, st.dictionaries(FIELDS, JSON, max_size=6)), max_size=6))
def test_no_frame_breaks_the_fold(frames: list[tuple[str, dict[str, Any]]]) -> None:
    """Whatever a hostile host sends, the state stays a state."""
    state = SeatState()
    for seq, (kind, fields) in enumerate(frames):
        state = fold(state, {"seq": seq, "branch": 0, "frame": kind, **fields})
    assert isinstance(state, SeatState)


@attrs.define
class _Silent:
    """A link that swallows acts."""

    def send(self, act: object) -> None:
        """Nothing."""

    def listen(self, hear: object) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""
