"""Every act in every phase: what the table of the host says, whatever came before."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from exercise.core.world import digest
from tests.session.room import Room, exercise, numbered

SEND = {"body": "council", "motion": "send"}
ACTS: dict[str, dict[str, Any]] = {
    "order": {"order": "visit"},
    "withdraw": {"order": "visit"},
    "motion": SEND,
    "vote": {**SEND, "vote": "no"},
    "message": {"to": "all", "text": "hello"},
    "ready": {},
    "unready": {},
}
LEGAL = {
    "orders": {"order", "motion", "vote", "message", "ready", "unready"},
    "committed": {"withdraw", "vote", "message", "ready", "unready"},
    "ready": {"order", "motion", "vote", "message", "ready", "unready"},
    "closed": {"order", "motion", "vote", "message", "ready", "unready"},
    "ended": {"message"},
}
"""What a seat may do: at first; after an order and a motion of its own; when it alone is ready; in the turn after; at the end."""


def room_in(phase: str) -> Room:
    """A room in that phase."""
    room = Room.open()
    if phase == "committed":
        room.say("town", "order", **ACTS["order"])
        room.say("town", "motion", **ACTS["motion"])
    elif phase == "ready":
        room.say("town", "ready")
    elif phase == "closed":
        room.pass_turn()
    elif phase == "ended":
        room.play_to_the_end()
    return room


@pytest.mark.parametrize("phase", LEGAL)
@pytest.mark.parametrize("act", ACTS)
def test_fault_34_every_act_in_every_phase_is_taken_or_refused_by_the_table(phase: str, act: str) -> None:
    """A refused act leaves world, decisions, readiness and log as they were and tells nobody else anything."""
    room = room_in(phase)

    def stands() -> tuple[object, ...]:
        ready = [stream.ready for stream in room.host.streams.values()]
        return digest(room.running.world), room.running.decisions, ready, len(room.book.entries), len(room.frames["guest"])

    before, sent = stands(), len(room.frames["town"])
    answer = room.say("town", act, **ACTS[act])
    assert (answer["frame"] == "ack") == (act in LEGAL[phase])
    if answer["frame"] == "refused":
        assert answer["code"] in ("over", "not-committed", "committed", "open-already")
        assert stands() == before
        assert len(room.frames["town"]) == sent + 1


class Exercises(RuleBasedStateMachine):
    """Seats act in any order; a small model says where the exercise must stand."""

    @initialize()
    def begin(self) -> None:
        """Two seats sit down."""
        self.room = Room.open()
        self.turn, self.ready = 1, {"town": False, "guest": False}
        self.visits: dict[str, bool] = dict(self.ready)

    @property
    def is_over(self) -> bool:
        """Whether the last turn is closed."""
        return self.turn > len(exercise().calendar.turns)

    def expect(self, seat: str, act: str, *, legal: bool, **fields: Any) -> None:
        """The seat acts, and is answered as the model says; the answer comes on its own line, once."""
        others = {name: len(frames) for name, frames in self.room.frames.items() if name != seat}
        answer = self.room.say(seat, act, **fields)
        assert (answer["frame"] == "ack") == legal, answer
        if not legal:
            assert others == {name: len(self.room.frames[name]) for name in others}

    @rule(seat=st.sampled_from(["town", "guest"]))
    def order(self, seat: str) -> None:
        """Legal once a turn."""
        self.expect(seat, "order", legal=not self.is_over and not self.visits[seat], order="visit")
        self.visits[seat] = not self.is_over

    @rule(seat=st.sampled_from(["town", "guest"]))
    def withdraw(self, seat: str) -> None:
        """Legal after an order."""
        self.expect(seat, "withdraw", legal=not self.is_over and self.visits[seat], order="visit")
        self.visits[seat] = False

    @rule(seat=st.sampled_from(["town", "guest"]), to=st.sampled_from(["all", "trader"]))
    def message(self, seat: str, to: str) -> None:
        """Always legal."""
        self.expect(seat, "message", legal=True, to=to, text="hello")

    @rule(seat=st.sampled_from(["town", "guest"]))
    def unready(self, seat: str) -> None:
        """Legal until the end."""
        self.expect(seat, "unready", legal=not self.is_over)
        self.ready[seat] = False

    @rule(seat=st.sampled_from(["town", "guest"]))
    def pass_turn(self, seat: str) -> None:
        """The last one to be ready closes the turn."""
        self.expect(seat, "ready", legal=not self.is_over)
        self.ready[seat] = not self.is_over
        if all(self.ready.values()):
            self.turn += 1
            self.ready, self.visits = dict.fromkeys(self.ready, False), dict.fromkeys(self.visits, False)

    @invariant()
    def stands_where_the_model_says(self) -> None:
        """Turn, readiness, committed orders; streams without a gap; an end frame at the end and only then."""
        if not hasattr(self, "room"):
            return
        assert self.room.running.is_over == self.is_over
        assert self.room.running.turn == min(self.turn, len(exercise().calendar.turns))
        for seat, frames in self.room.frames.items():
            assert [frame["seq"] for frame in numbered(frames)] == list(range(1, len(numbered(frames)) + 1))
            assert sum(frame["frame"] == "end" for frame in frames) == self.is_over
            if not self.is_over:
                assert self.room.host.streams[seat].ready == self.ready[seat]
                assert [one["order"] for one in self.room.last(seat, "turn")["committed"]] == ["visit"] * self.visits[seat]


TestFault34Exercises = Exercises.TestCase
TestFault34Exercises.settings = settings(max_examples=25, stateful_step_count=20, deadline=None, derandomize=True, database=None)
