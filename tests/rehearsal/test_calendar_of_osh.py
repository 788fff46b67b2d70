"""The whole calendar of osh-2010: every cut plays to its end, and what happens in it hangs on decisions, not on dates."""

from __future__ import annotations

import functools
import json

import pytest

from exercise.content import load
from exercise.core.compile import compile_exercise
from exercise.core.ending import facts_of
from exercise.core.program import Program
from exercise.core.turns import play_out
from exercise.core.world import World
from tests.worlds import value

CUTS = ("june-days", "april", "police-group", "half-day", "full")
SEED = 20_301


@functools.cache
def program(cut: str) -> Program:
    """A cut of the shipped scenario, compiled once."""
    return compile_exercise(load("osh-2010"), cut)


@functools.cache
def played(cut: str, **chosen: str) -> World:
    """The end of a cut by the recorded decisions, but for seats whose doctrine is named."""
    return play_out(program(cut), SEED, "history", dict(chosen))


@pytest.mark.parametrize("cut", CUTS)
def test_every_cut_ends_on_its_day_by_the_recorded_decisions(cut: str) -> None:
    """All turns are played, every seat has something to read, and the facts that are events come out as recorded."""
    made = program(cut)
    world = played(cut)
    assert world.turn == len(made.calendar.turns)
    assert sum(turn.minutes for turn in made.calendar.turns) == made.cut.minutes
    assert all(made.seat(seat).briefing.strip() for seat in made.playable)
    numbers = facts_of(made, world)
    events = [fact.definition for fact in made.facts if fact.definition.low == fact.definition.high == 1]
    missed = [fact.id for fact in events if numbers[fact.id] != 1]
    assert not missed, json.dumps(numbers, indent=1)


@pytest.mark.parametrize("cut", ["april", "full"])
def test_a_ruling_circle_that_gives_way_stays_and_the_exercise_goes_on(cut: str) -> None:
    """No rule makes it fall: where prices and posts are given back on the first evening it is still there, and all turns are played."""
    world = played(cut, ruling_circle="prevention")
    assert value(program(cut), world, "kyrgyzstan.old_guard") == 1
    assert world.turn == len(program(cut).calendar.turns)
    assert value(program(cut), world, "appeal_for_troops.times_given") == 0


def test_the_government_can_only_govern_once_it_does() -> None:
    """On the first day of April its orders are closed with words; the opposition's are open."""
    made = program("april")
    open_now = {
        order.instance.definition.id: all(made.ask(order.needs, made.startex(1).cells, made.startex(1), 0.0, order.bound.tuples[0], 1.0))
        for order in made.orders
        if order.instance.seat == "kyrgyz_government"
    }
    assert open_now["call_people_out"]
    assert not any(open_now[order] for order in ("declare_emergency", "appeal_for_troops", "appoint_governors", "replace_mayor"))
