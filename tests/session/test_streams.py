"""Streams: what a late joiner is sent folds to what everybody else knows, and a host that starts again numbers everything as before."""

from __future__ import annotations

import random
from typing import Any

import attrs
import pytest

from exercise.presenter.seat_state import SeatState, fold_all
from exercise.session.streams import compact
from tests.session.assembly import Assembly, Person
from tests.session.room import Frame, numbered

ORDERS: list[dict[str, Any]] = [
    {"act": "order", "order": "cool", "target": "north", "amount": 4},
    {"act": "order", "order": "cool", "target": "south"},
    {"act": "order", "order": "plot", "target": "north", "amount": 3},
    {"act": "order", "order": "visit"},
    {"act": "withdraw", "order": "visit"},
    {"act": "withdraw", "order": "cool", "target": "north"},
    {"act": "motion", "body": "council", "motion": "send"},
    {"act": "vote", "body": "council", "motion": "send", "vote": "no", "say": "not now"},
    {"act": "message", "to": "all", "text": "hello"},
    {"act": "message", "to": ["town"], "text": "to the town"},
    {"act": "open_room", "with": ["guest", "town"], "name": "corner"},
    {"act": "statement", "text": "we say this to the press"},
    {"act": "suggest", "order": "visit", "text": "shall we?"},
    {"act": "ready"},
    {"act": "unready"},
]


def played(key: int, until: float = 1.0) -> Assembly:
    """A room in which people did this and that, to a share of the way to the end."""
    dice = random.Random(key)
    hall = Assembly.open()
    runs = hall.come("facilitator")
    players: list[Person] = [hall.come("head", "town"), hall.come("head", "guest"), hall.come("member", "town")]
    hall.act(runs, "start")
    steps = int(20 * until)
    for _ in range(steps):
        for _ in range(dice.randint(0, 6)):
            hall.act(dice.choice(players), **dice.choice(ORDERS))
        stands = runs.last("session")
        hall.act(runs, "next", turn=stands["turn"], phase=stands["phase"])
        hall.wait(2)
    return hall


def folded(frames: list[Frame]) -> SeatState:
    """What a seat knows of these frames, but for the numbers by which they came."""
    return attrs.evolve(fold_all(SeatState(), numbered(frames)), seq=0)


@pytest.mark.parametrize("key", range(8))
def test_fault_43_who_comes_late_knows_what_everybody_knows(key: int) -> None:
    """The frames that are left out are idle: the fold of what is sent is the fold of all, for seats and observers, at any time."""
    hall = played(key, until=key / 7)
    for stream in hall.room.host.streams.values():
        assert folded(compact(stream.frames)) == folded(stream.frames)
        assert len(compact(stream.frames)) <= len(stream.frames)
    late = hall.come("member", "guest")
    assert folded(late.frames) == folded(hall.room.host.streams["guest"].frames)


@pytest.mark.parametrize("key", range(6))
def test_fault_43_who_comes_back_is_sent_what_is_missing_and_nothing_else(key: int) -> None:
    """Cut anywhere, two pieces fold to the whole, and nothing that was had is sent again."""
    hall = played(key, until=key / 5)
    for stream in hall.room.host.streams.values():
        for have in random.Random(key).sample(range(len(stream.frames) + 1), min(12, len(stream.frames))):
            rest = stream.since(have)
            assert all(frame["seq"] > have for frame in rest)
            assert folded([*stream.frames[:have], *rest]) == folded(stream.frames)


@pytest.mark.parametrize("key", range(6))
def test_fault_25_a_host_that_starts_again_makes_the_same_streams(key: int) -> None:
    """Frame by frame and number by number, answers apart: nobody needs to be sent anything twice."""
    hall = played(key, until=key / 5)
    again = hall.restarted()
    for name, stream in hall.room.host.streams.items():
        assert again.room.host.streams[name].frames == stream.frames, name
    assert (again.room.status, again.room.host.phase) == (hall.room.status, hall.room.host.phase)


def test_a_stream_holds_nothing_of_what_was_said_elsewhere() -> None:
    """A letter to the town is in the town's stream and the sender's, in no other."""
    hall = Assembly.open()
    hall.come("facilitator")
    guest = hall.come("head", "guest")
    hall.act(guest, "message", to=["town"], text="between us")
    reached = [name for name, stream in hall.room.host.streams.items() if any(frame.get("text") == "between us" for frame in stream.frames)]
    assert sorted(reached) == ["guest", "town"]
