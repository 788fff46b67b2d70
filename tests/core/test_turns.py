"""A turn, exactly: stages, steps, delays, clamps, draws and the chain of contributions."""

from __future__ import annotations

import inspect
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercise.core.decisions import OrderDecision, RuledEffect, Ruling
from exercise.core.explain import contributions
from exercise.core.program import Program
from exercise.core.turns import close_turn, is_finished, open_turn, play_out
from exercise.core.world import World, digest
from tests.worlds import play_turn, value, world_of

HEATED = """
[[rule]]
id = "drift.heating"
stage = "drift"
for = "region r"
per = "day"
effects = [{ on = "r.heat", add = "5 + noise()" }]
because = "it is summer"
assumption = true
reason = "a test"

[[order]]
id = "cool"
seats = ["town"]
title = "Cool a region"
purpose = "security"
text = "Cools."
target = "region r"
amount = { unit = "points", low = 1, high = 30, default = 10, what = "cooling", assumption = true, reason = "a test" }
costs = [{ resource = "funds", amount = "2" }]
effects = [{ on = "r.heat", add = "-amount" }]
because = "the town cools it"
assumption = true
reason = "a test"
"""


def ends(program: Program, seed: int, *decisions: OrderDecision) -> World:
    """The world after a first turn with these decisions and the rest without any."""
    world = play_turn(program, program.startex(seed), *decisions)[1].world
    while not is_finished(program, world):
        world = play_turn(program, world)[1].world
    return world


def test_rules_of_a_stage_all_read_the_state_at_its_start() -> None:
    """Two rules that swap two quantities swap them, whichever stands first.

    ---
    [[rule]]
    id = "drift.a"
    stage = "drift"
    effects = [{ on = "north.heat", set = "south.heat" }]
    because = "one way"

    [[rule]]
    id = "drift.b"
    stage = "drift"
    effects = [{ on = "south.heat", set = "north.heat" }]
    because = "the other way"

    [[rule]]
    id = "drift.c"
    stage = "drift"
    when = "south.heat == 20 and north.heat == 20"
    effects = [{ on = "north.people", set = "500 people" }]
    because = "both were as at the start"
    assumption = true
    reason = "a test"
    """
    program = world_of(inspect.getdoc(test_rules_of_a_stage_all_read_the_state_at_its_start))
    start = program.startex(1)
    cells = list(start.cells)
    cells[program.layout.cell("north", "heat")] = 70.0
    import attrs

    _, closing = play_turn(program, attrs.evolve(start, cells=tuple(cells)))
    assert (value(program, closing.world, "north.heat"), value(program, closing.world, "south.heat")) == (20.0, 70.0)
    assert value(program, closing.world, "north.people") == 1000.0


def test_a_delayed_effect_lands_at_the_end_of_the_step_that_ends_so_much_later() -> None:
    """An order's effect after two days is not there after one day and is there after two; one that lasts two days is taken back then.

    ---
    [[order]]
    id = "wait"
    seats = ["town"]
    title = "Wait"
    purpose = "security"
    text = "Works later."
    effects = [
      { on = "north.heat", add = "7", after = "2 days" },
      { on = "south.heat", add = "9", lasts = "2 days" },
    ]
    because = "it takes time"
    assumption = true
    reason = "a test"
    """
    program = world_of(inspect.getdoc(test_a_delayed_effect_lands_at_the_end_of_the_step_that_ends_so_much_later))
    _, first = play_turn(program, program.startex(1), OrderDecision("town", "wait"))
    _, second = play_turn(program, first.world)
    assert [value(program, first.world, f"{region}.heat") for region in ("north", "south")] == [20.0, 29.0]
    assert [value(program, second.world, f"{region}.heat") for region in ("north", "south")] == [27.0, 20.0]


def test_a_clamp_is_a_contribution_of_its_own_and_the_chain_has_no_gap() -> None:
    """A quantity pushed over its range ends at the bound, and its contributions lead from start to end without a gap."""
    program = world_of(
        HEATED + '\n[[rule]]\nid = "drift.push"\nstage = "drift"\neffects = [{ on = "north.heat", add = "90" }]\n'
        'because = "a push"\nassumption = true\nreason = "a test"\n'
    )
    opening = open_turn(program, program.startex(3))
    closing = close_turn(program, opening.world, (OrderDecision("town", "cool", "north", 5.0),))
    chain = contributions(program, closing.phases, program.layout.cell("north", "heat"))
    assert [one.cause.kind for one in chain] == ["order", "rule", "rule", "clamp"]
    assert chain[0].before == 20.0
    assert chain[-1].after == value(program, closing.world, "north.heat") == 100.0
    assert all(earlier.after == later.before for earlier, later in itertools.pairwise(chain))


def test_a_world_does_not_depend_on_whether_anybody_asks_why() -> None:
    """Telling outcomes and recording contributions changes no bit of the world."""
    program = world_of(HEATED)
    told = untold = program.startex(11)
    while not is_finished(program, told):
        told = close_turn(program, open_turn(program, told).world, ()).world
        untold = close_turn(program, open_turn(program, untold, telling=False).world, (), telling=False).world
    assert digest(told) == digest(untold) == digest(play_out(program, 11))


@given(st.permutations([OrderDecision("town", "cool", "north", 3.0), OrderDecision("town", "cool", "south", 4.0)]))
def test_the_order_of_arrival_does_not_matter(decisions: list[OrderDecision]) -> None:
    """Decisions give the same world and outcomes in whatever order they came."""
    program = world_of(HEATED)
    opening = open_turn(program, program.startex(5))
    arrived = close_turn(program, opening.world, tuple(decisions))
    sorted_ = close_turn(program, opening.world, (OrderDecision("town", "cool", "north", 3.0), OrderDecision("town", "cool", "south", 4.0)))
    assert (arrived.world, arrived.outcomes) == (sorted_.world, sorted_.outcomes)


def test_an_order_disturbs_nobodys_dice() -> None:
    """The other region's chance is the same with and without an order on this one: draws are keyed, not taken in turn."""
    program = world_of(HEATED)
    plain, cooled = ends(program, 9), ends(program, 9, OrderDecision("town", "cool", "north", 10.0))
    assert value(program, plain, "south.heat") == value(program, cooled, "south.heat")
    assert value(program, plain, "north.heat") != value(program, cooled, "north.heat")


def test_a_ruling_is_applied_after_the_rules_and_a_lasting_one_is_taken_back() -> None:
    """A ruling of +10 for a day is in the world after this turn and gone after the next."""
    program = world_of('[[rule]]\nid = "drift.none"\nstage = "drift"\neffects = [{ on = "north.heat", add = "0" }]\nbecause = "nothing"\n')
    ruling = Ruling((RuledEffect("north", "heat", "add", 10.0, 1.0),), "the room agreed")
    _, first = play_turn(program, program.startex(1), ruling)
    _, second = play_turn(program, first.world)
    assert [value(program, result.world, "north.heat") for result in (first, second)] == [30.0, 20.0]


def test_a_turn_can_only_be_opened_once_and_closed_when_open() -> None:
    """Opening an open turn, closing a closed one and going past the end are errors of the caller."""
    program = world_of(HEATED)
    start = program.startex(1)
    opened = open_turn(program, start).world
    with pytest.raises(ValueError, match="cannot be opened"):
        open_turn(program, opened)
    with pytest.raises(ValueError, match="no turn is open"):
        close_turn(program, start, ())
    with pytest.raises(ValueError, match="cannot be opened"):
        open_turn(program, play_out(program, 1))
