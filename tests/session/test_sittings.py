"""Bodies while they sit: who hears of a vote, and how it was cast where the body's rule makes that known; nobody else hears anything."""

from __future__ import annotations

import functools
import json
from typing import Any

import pytest

from exercise.core.program import Program
from tests.record.played import valleys
from tests.session.assembly import Assembly, Person
from tests.session.room import TRADER

RING = """
[[body]]
id = "ring"
name = "The ring"
short = "Ring"
rule_text = "a text goes round; silence is consent"
decision = "silence"
pace_days = 40
life_days = 400
members = [{ seat = "town" }, { seat = "guest" }, { seat = "trader" }]
assumption = true
reason = "a test"

[[body.motions]]
id = "call"
title = "A common call"
text = "Calls."
may_table = ["town"]
effects = [{ on = "south.heat", add = "-1" }]
because = "all called"
assumption = true
reason = "a test"
"""
SEND = {"body": "council", "motion": "send"}
CALL = {"body": "ring", "motion": "call"}
People = dict[str, Person]


@functools.cache
def world() -> Program:
    """The small exercise with its council, which votes at a table, and a ring that decides by silence."""
    return valleys(TRADER + RING)


def gathered() -> tuple[Assembly, People]:
    """Everybody: three heads, a facilitator, an observer; the exercise has begun."""
    hall = Assembly.open(program=world(), seats=("town", "guest", "trader"))
    people = {seat: hall.come("head", seat) for seat in ("town", "guest", "trader")}
    people |= {"runs": hall.come("facilitator"), "press": hall.come("observer")}
    hall.act(people["runs"], "start")
    return hall, people


def go_to(hall: Assembly, people: People, phase: str, turn: int = 1) -> None:
    """The facilitator presses the key until the exercise stands there."""
    while (stands := people["runs"].last("session"))["phase"] != phase or stands["turn"] != turn:
        hall.act(people["runs"], "next", turn=stands["turn"], phase=stands["phase"])
        hall.wait(1)


def do(hall: Assembly, person: Person, act: str, **fields: Any) -> None:
    """An act that is taken."""
    assert hall.act(person, act, **fields)["frame"] == "ack"


def heard(people: People, kind: str) -> dict[str, list[dict[str, Any]]]:
    """What everybody was told of a kind, without its place in a stream."""
    idle = ("seq", "stream", "branch", "frame", "turn")
    return {
        name: [{key: value for key, value in frame.items() if key not in idle} for frame in person.all(kind)]
        for name, person in people.items()
    }


def test_members_and_facilitators_hear_how_a_vote_is_cast_at_a_table_and_nobody_else_does() -> None:
    """What a member brings into the sitting when it begins, then each vote with its explanation, changed and taken back."""
    hall, people = gathered()
    go_to(hall, people, "orders")
    do(hall, people["guest"], "motion", **SEND)
    do(hall, people["guest"], "vote", **SEND, vote="yes", say="we asked")
    assert not any(heard(people, "cast").values())
    go_to(hall, people, "sittings")
    begun = {"motions": [{**SEND, "by": ["guest"], "now": True}], "votes": [{**SEND, "by": "guest", "vote": "yes", "say": "we asked"}]}
    assert heard(people, "agenda") == {"town": [begun], "guest": [begun], "trader": [], "runs": [begun], "press": []}
    votes = [("no", "not any day"), ("abstain", ""), ("none", "")]
    for vote, say in votes:
        do(hall, people["town"], "vote", **SEND, vote=vote, say=say)
    cast = [{**SEND, "by": "town", "vote": vote, "say": say} for vote, say in votes]
    assert heard(people, "cast") == {"town": [], "guest": cast, "trader": [], "runs": cast, "press": []}


def written(*votes: tuple[str, str]) -> People:
    """The town answers the ring's text in writing, while the ring sits."""
    hall, people = gathered()
    go_to(hall, people, "negotiation")
    do(hall, people["town"], "motion", **CALL)
    go_to(hall, people, "sittings")
    for vote, say in votes:
        do(hall, people["town"], "vote", **CALL, vote=vote, say=say)
    return people


def test_in_writing_it_is_known_that_a_member_has_answered_and_not_how() -> None:
    """Whatever the answer is, and whether it was changed, the others are sent the same; taken back, it is missing again."""
    usual = written(("yes", ""))
    answered = [{**CALL, "by": "town", "vote": "cast", "say": ""}]
    assert heard(usual, "cast") == {"town": [], "guest": answered, "trader": answered, "runs": answered, "press": []}
    for votes in ([("no", "never")], [("abstain", "hm")], [("yes", ""), ("no", "never")], [("no", "a"), ("no", "b"), ("yes", "")]):
        other = written(*votes)
        for name in ("guest", "trader", "press"):
            assert json.dumps(other[name].frames) == json.dumps(usual[name].frames), (name, votes)
        assert heard(other, "cast") == heard(usual, "cast")
    assert [one["vote"] for one in heard(written(("no", ""), ("none", ""), ("yes", "")), "cast")["guest"]] == ["cast", "none", "cast"]


def test_votes_of_an_earlier_turn_are_heard_again_when_the_sitting_begins() -> None:
    """They stand; in writing it is known of them, too, only that they were given, and another one in their place says nothing."""
    hall, people = gathered()
    go_to(hall, people, "orders")
    do(hall, people["town"], "motion", **CALL)
    do(hall, people["town"], "vote", **CALL, vote="no", say="never")
    go_to(hall, people, "sittings")
    go_to(hall, people, "sittings", turn=2)
    assert [one["motions"] for one in heard(people, "agenda")["trader"]] == [[{**CALL, "by": ["town"], "now": False}], []]
    assert [one["votes"] for one in heard(people, "agenda")["trader"]] == [[{**CALL, "by": "town", "vote": "cast", "say": ""}]] * 2
    do(hall, people["town"], "vote", **CALL, vote="yes")
    assert heard(people, "cast")["trader"] == []


def test_a_vote_on_what_is_not_on_the_table_is_not_heard() -> None:
    """It is taken in advance; that somebody thinks of a motion that nobody has tabled is theirs."""
    hall, people = gathered()
    go_to(hall, people, "sittings")
    do(hall, people["town"], "vote", **SEND, vote="yes")
    assert not any((*heard(people, "cast").values(), *heard(people, "agenda").values()))


@pytest.mark.parametrize("phase", ["sittings", "briefing"])
def test_a_host_that_is_started_again_tells_the_same(phase: str) -> None:
    """Frames of a sitting are made from the log, with the same numbers."""
    hall, people = gathered()
    go_to(hall, people, "negotiation")
    do(hall, people["guest"], "motion", **SEND)
    do(hall, people["town"], "motion", **CALL)
    go_to(hall, people, "sittings")
    for vote in ("no", "none", "yes"):
        do(hall, people["town"], "vote", **CALL, vote=vote)
        do(hall, people["town"], "vote", **SEND, vote=vote)
    go_to(hall, people, phase, turn=1 if phase == "sittings" else 2)
    before = {name: list(stream.frames) for name, stream in hall.room.host.streams.items()}
    again = hall.restarted(program=world(), seats=("town", "guest", "trader"))
    assert {name: list(stream.frames) for name, stream in again.room.host.streams.items()} == before
