"""What a doctrine decides: the best within allowance and budget, from the seat's own view, on its dates."""

from __future__ import annotations

import datetime

import pytest

from exercise.core.decisions import Decision, MotionDecision, OrderDecision, VoteDecision
from exercise.core.policy import decide
from exercise.core.program import Program
from exercise.core.turns import close_turn, open_turn, play_out
from exercise.core.world import World, digest
from tests.core.scenes import play, world

ORDERS = """
[[order]]
id = "cool"
seats = ["town"]
title = "Cool a region"
purpose = "security"
text = "Cools."
target = "region r"
amount = { unit = "points", low = 2, high = 30, default = 10, what = "cooling" }
costs = [{ resource = "funds", amount = "4" }]
effects = [{ on = "r.heat", add = "-amount" }]
because = "the town cools it"

[[order]]
id = "walk"
seats = ["town"]
title = "Walk"
purpose = "diplomacy"
text = "Walks."
because = "the town walked"

[[order]]
id = "bribe"
seats = ["town"]
title = "Bribe"
purpose = "politics"
text = "Bribes."
costs = [{ resource = "funds", amount = "7" }]
because = "money changed hands"

[[entity]]
id = "coast"
kind = "region"
name = "Coast"
start = [{ quantity = "heat", value = 60 }]

[[report]]
id = "thermometer"
of = "region.heat"
to = ["town"]
measured_by = "a thermometer"
"""

TODAY = datetime.date(2010, 6, 10)


def doctrine(lines: str, id: str = "default", keys: str = "") -> str:
    """A doctrine of the town with these orders."""
    return f'\n[[doctrine]]\nid = "{id}"\nseat = "town"\ntext = "t"\n{keys}\norders = [\n{lines}\n]\n'


def decided(program: Program, turn: int = 1, wanted: str = "default", earlier: tuple[Decision, ...] = ()) -> list[Decision]:
    """What the town's doctrine decides in a turn of an exercise in which nobody did anything before."""
    before = play(program, *[[] for _ in range(turn - 1)])
    now = before[-1][1].world if before else program.startex(1)
    return list(decide(program, open_turn(program, now).world, "town", wanted, earlier))


def names(decisions: list[Decision]) -> list[str]:
    """Orders by id and target."""
    return [f"{one.order}:{one.target or '-'}" for one in decisions if isinstance(one, OrderDecision)]


def test_the_best_lines_are_taken_within_the_allowance() -> None:
    """Four are wanted, three are allowed: highest scores first, whatever order they stand in."""
    lines = """
      { order = "cool", target = "north", score = "20" },
      { order = "walk", score = "90" },
      { order = "cool", target = "coast", score = "60" },
      { order = "cool", target = "south", score = "10" },
    """
    program = world(
        ORDERS + 'start = [{ quantity = "funds", value = 100 }]'
        if False
        else ORDERS.replace('amount = "4"', 'amount = "1"') + doctrine(lines)
    )
    assert names(decided(program)) == ["walk:-", "cool:coast", "cool:north"]


def test_what_the_budget_does_not_bear_is_passed_over_for_what_it_does() -> None:
    """Ten million: seven go to the best, four more are too many for the second, and the third is free."""
    lines = '{ order = "bribe", score = "90" }, { order = "cool", target = "north", score = "80" }, { order = "walk", score = "1" }'
    assert names(decided(world(ORDERS + doctrine(lines)))) == ["bribe:-", "walk:-"]


def test_a_binding_considers_each_target_with_its_own_score_and_condition() -> None:
    """The hottest first, of equals the first by id, those below thirty not at all."""
    program = world(ORDERS + doctrine('{ order = "cool", target = "region r", score = "r.heat" }'))
    assert names(decided(program)) == ["cool:coast", "cool:north"], "funds for two"
    few = world(ORDERS + doctrine('{ order = "cool", target = "region r", when = "r.heat > 30", score = "r.heat" }'))
    assert names(decided(few)) == ["cool:coast"]


def test_ties_are_broken_by_order_and_target_id() -> None:
    """Equal scores: by the order's id, then by the target's, not by their place in the file."""
    lines = '{ order = "walk" }, { order = "cool", target = "south" }, { order = "cool", target = "coast" }, { order = "bribe" }'
    program = world(ORDERS.replace('amount = "7"', 'amount = "0"') + doctrine(lines))
    assert names(decided(program)) == ["bribe:-", "cool:coast", "cool:south"]


def test_a_doctrine_decides_by_its_seats_view() -> None:
    """With a thermometer nine days old the doctrine goes on cooling what in truth has cooled."""
    rain = '[[rule]]\nid = "drift.rain"\nstage = "drift"\neffects = [{ on = "coast.heat", set = "0" }]\nbecause = "rain"\n'
    line = doctrine('{ order = "cool", target = "region r", when = "r.heat > 30" }')
    fresh = world(ORDERS + rain + line)
    old = world(ORDERS.replace('measured_by = "a thermometer"', 'measured_by = "a thermometer"\ndelay_days = 9') + rain + line)
    assert [names(decided(fresh, turn)) for turn in (1, 2)] == [["cool:coast"], []]
    assert [names(decided(old, turn)) for turn in (1, 2)] == [["cool:coast"], ["cool:coast"]]


@pytest.mark.parametrize(("wanted", "given"), [("12.5", 12.5), ("200", 30.0), ("-3", 2.0), ("r.heat / 3", 20.0)])
def test_an_amount_is_kept_within_the_orders_range(wanted: str, given: float) -> None:
    """A doctrine that asks for too much or too little gives what may be given."""
    program = world(ORDERS + doctrine(f'{{ order = "cool", target = "region r", when = "r == coast", amount = "{wanted}" }}'))
    assert decided(program) == [OrderDecision("town", "cool", "coast", given)]


def test_an_order_of_the_smallest_size_is_given_by_default() -> None:
    """Fifty dollars are 0.00005 million: a default that Python would write with an exponent, and content does not."""
    small = ORDERS.replace("low = 2, high = 30, default = 10", "low = 0.00001, high = 30, default = 0.00005")
    assert decided(world(small + doctrine('{ order = "cool", target = "coast" }'))) == [OrderDecision("town", "cool", "coast", 0.00005)]


def test_without_an_amount_the_orders_default_is_given() -> None:
    """An order without a size has none."""
    program = world(ORDERS + doctrine('{ order = "cool", target = "coast" }, { order = "walk" }'))
    assert decided(program) == [OrderDecision("town", "cool", "coast", 10.0), OrderDecision("town", "walk", None, None)]


@pytest.mark.parametrize(
    ("dates", "turns"),
    [
        ("on = 2010-06-11", [2]),
        ("on = 2010-06-16", [4]),
        ("from = 2010-06-12", [3, 4]),
        ("from = 2010-06-19", [4]),
        ("from = 2010-06-20", []),
        ("until = 2010-06-11", [1, 2]),
        ("until = 2010-06-09", []),
        ("from = 2010-06-11, until = 2010-06-12", [2, 3]),
        ("from = 2010-06-14, until = 2010-06-15", [4]),
    ],
)
def test_a_line_holds_in_the_turns_of_its_dates(dates: str, turns: list[int]) -> None:
    """A turn that holds one of the days counts, the first and the last day included."""
    program = world(ORDERS + doctrine(f'{{ order = "walk", {dates} }}'))
    assert [turn for turn in range(1, 5) if decided(program, turn)] == turns


def test_a_doctrine_builds_on_its_base_and_the_bases_base() -> None:
    """Lines of the whole chain are wanted together; a chain that bites its tail ends."""
    text = (
        ORDERS.replace('amount = "7"', 'amount = "0"')
        + doctrine('{ order = "walk", score = "10" }', "default", 'base = "bold"')
        + doctrine('{ order = "cool", target = "north", score = "20" }', "history", 'base = "default"')
        + doctrine('{ order = "bribe", score = "5" }', "bold", 'base = "history"')
    )
    program = world(text)
    assert names(decided(program, wanted="history")) == ["cool:north", "walk:-", "bribe:-"]
    assert names(decided(program, wanted="default")) == ["cool:north", "walk:-", "bribe:-"]


def test_a_seat_without_the_wanted_doctrine_takes_its_default_and_without_one_decides_nothing() -> None:
    """A run with ``history`` for all plays seats that have none by their default."""
    program = world(ORDERS + doctrine('{ order = "walk" }'))
    assert names(decided(program, wanted="history")) == ["walk:-"]
    now = open_turn(program, program.startex(1)).world
    assert decide(program, now, "guest", "default") == ()


def test_what_was_decided_before_counts() -> None:
    """A person gave two orders and left: the doctrine has one left, and does not repeat what was given."""
    program = world(
        ORDERS.replace('amount = "7"', 'amount = "0"')
        + doctrine('{ order = "walk", score = "9" }, { order = "cool", target = "north" }, { order = "bribe" }')
    )
    earlier = (OrderDecision("town", "walk"), OrderDecision("town", "cool", "south"))
    assert names(decided(program, earlier=earlier)) == ["bribe:-"]


COUNCIL = """
[[body]]
id = "council"
name = "The council"
short = "Council"
rule_text = "by consensus"
decision = "consensus"
members = [{ seat = "town" }, { seat = "guest" }]

[[body.motions]]
id = "send"
title = "Send"
text = "Sends."
may_table = ["town"]
because = "b"

[[body.motions]]
id = "talk"
title = "Talk"
text = "Talks."
may_table = ["guest"]
because = "b"
"""


def test_a_doctrine_tables_motions_and_votes_by_condition_and_date() -> None:
    """It tables once what it may, when its day or condition has come, and of several votes casts the first whose condition holds."""
    keys = """
motions = [
  { body = "council", motion = "send", on = 2010-06-11 },
  { body = "council", motion = "talk" },
]
votes = [
  { body = "council", motion = "send", vote = "no", when = "coast.heat < 50", say = "not needed" },
  { body = "council", motion = "send", vote = "abstain", when = "coast.heat > 50", say = "no view" },
  { body = "council", motion = "send", vote = "yes", say = "of course" },
]
"""
    program = world(ORDERS + COUNCIL + doctrine("", keys=keys))
    vote = VoteDecision("town", "council", "send", "abstain", "no view")
    assert [decided(program, turn) for turn in (1, 2, 3)] == [[vote], [MotionDecision("town", "council", "send"), vote], [vote]]


def test_doctrines_alone_play_an_exercise_to_its_end() -> None:
    """Turn by turn with ``decide`` or at once with ``play_out``: the same last world; doctrines by seat may differ from the rest's."""
    program = world(ORDERS + doctrine('{ order = "cool", target = "region r", score = "r.heat", amount = "2" }') + doctrine("", "idle"))
    now: World = program.startex(3)
    for _ in program.calendar.turns:
        opened = open_turn(program, now).world
        now = close_turn(program, opened, decide(program, opened, "town", "default")).world
    assert digest(now) == digest(play_out(program, 3)) == digest(play_out(program, 3, "idle", {"town": "default"}))
    assert digest(now) != digest(play_out(program, 3, "idle"))
    assert play_out(program, 3, turns=2).turn == 2
