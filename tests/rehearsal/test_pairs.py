"""What orders do: the same exercises without them, under the same luck."""

from __future__ import annotations

import pathlib

import attrs
import numpy as np
import pytest

from exercise.content import load, prepare
from exercise.core.compile import compile_exercise
from exercise.core.definitions import Content
from exercise.core.turns import play_out
from exercise.core.world import digest
from exercise.rehearsal import pairs
from exercise.rehearsal.ensemble import Plan, samples
from exercise.rehearsal.lanes import Ensemble
from exercise.rehearsal.pairs import Effect, OrderEffect, order_effects, student
from tests.worlds import COMMON

ORDERS = """
[[seat]]
id = "mayor"
name = "The mayor"
objectives = [{ id = "calm", title = "Keep the north calm", score = "100 - north.heat" }]

[[rule]]
id = "drift.heating"
stage = "drift"
for = "region r"
per = "day"
effects = [{ on = "r.heat", add = "1 + noise()" }]
because = "it is summer"

[[order]]
id = "cool"
seats = ["mayor"]
title = "Cool"
purpose = "security"
text = "Cools."
effects = [{ on = "north.heat", add = "-2" }]
because = "the mayor cools it"

[[order]]
id = "stoke"
seats = ["mayor"]
title = "Stoke"
purpose = "security"
text = "Heats, sometimes."
effects = [{ on = "north.heat", add = "10" }]
because = "the mayor stokes it"

[[order]]
id = "wave"
seats = ["mayor"]
title = "Wave"
purpose = "security"
text = "Does nothing."
effects = [{ on = "south.heat", add = "0" }]
because = "the mayor waves"

[[order]]
id = "sleep"
seats = ["mayor"]
title = "Sleep"
purpose = "security"
text = "Is never given."
effects = [{ on = "south.heat", add = "0" }]
because = "the mayor sleeps"

[[report]]
id = "thermometer"
of = "region.heat"
to = ["mayor"]
measured_by = "the mayor's thermometer"
assumption = true
reason = "a test"

[[doctrine]]
id = "default"
seat = "mayor"
text = "Cools, stokes where it got cold, and waves."
orders = [{ order = "cool" }, { order = "stoke", when = "north.heat < 18" }, { order = "wave" }]

[[fact]]
id = "north_heat"
title = "heat of the north at the end"
value = "north.heat"
unit = "points"
low = 0
high = 100
source = ["s"]
"""
SEEDS = range(20, 32)


@pytest.fixture
def scenario(tmp_path: pathlib.Path) -> str:
    """A small scenario whose mayor gives three orders."""
    folder = tmp_path / "small_world"
    folder.mkdir()
    (folder / "scenario.toml").write_text(COMMON + ORDERS, encoding="utf-8")
    return str(folder)


def without(content: Content, order: str, seat: str) -> Content:
    """The content with no doctrine of the seat giving the order."""
    doctrines = tuple(
        attrs.evolve(one, orders=tuple(line for line in one.orders if line.order != order)) if one.seat == seat else one
        for one in content.doctrines
    )
    return attrs.evolve(content, doctrines=doctrines)


def test_a_run_without_an_order_is_that_of_a_doctrine_that_lacks_it() -> None:
    """Lanes of one array, each without another order of the shipped exercise: digest by digest as the live engine plays them."""
    program, content, seed, turns = prepare("osh-2010"), load("osh-2010"), 3, 6
    orders = [order.instance for order in program.orders if (order.instance.seat, "prevention") in program.doctrines][:3]
    finished = Ensemble(program, {"all": "prevention"}).play([seed] * 4, turns, withheld=[*(one.entity for one in orders), ""])
    for lane, order in enumerate(orders):
        lacking = compile_exercise(without(content, order.definition.id, order.seat))
        assert digest(finished.world(lane)) == digest(play_out(lacking, seed, "prevention", turns=turns))
    whole = digest(play_out(program, seed, "prevention", turns=turns))
    assert digest(finished.world(3)) == whole
    assert whole not in {digest(finished.world(lane)) for lane in range(3)}


def test_an_effect_is_the_mean_difference_to_the_same_seeds_without_the_order(scenario: str) -> None:
    """Counted one by one with the live engine; an order that is never given has none."""
    plan, content = Plan(scenario), load(scenario)
    found = order_effects(plan, SEEDS, np.concatenate(list(samples(plan, SEEDS))))
    assert list(found) == ["cool", "stoke", "wave"]
    program = compile_exercise(content)
    heat = program.layout.cell("north", "heat")
    played = [play_out(program, seed) for seed in SEEDS]
    for order, effect in found.items():
        bare = compile_exercise(without(content, order, "mayor"))
        gaps = [whole.cells[heat] - play_out(bare, seed).cells[heat] for whole, seed in zip(played, SEEDS, strict=True)]
        assert effect.facts["north_heat"].mean == pytest.approx(np.mean(gaps))
        assert effect.public is not None
        assert effect.public.mean == pytest.approx(-np.mean(gaps))
        assert effect.private is None
        assert (effect.pairs, effect.given) == (
            len(SEEDS),
            sum(world.cells[program.layout.cell(order, "times_given")] > 0 for world in played),
        )
    assert 0 < found["stoke"].given < len(SEEDS)


def test_an_order_is_dominated_where_its_seat_does_better_without_it(scenario: str) -> None:
    """Stoking hurts, cooling helps, and waving neither."""
    plan = Plan(scenario)
    found = order_effects(plan, SEEDS, np.concatenate(list(samples(plan, SEEDS))))
    assert [order for order, effect in found.items() if effect.is_dominated] == ["stoke"]


def test_lots_and_processes_change_no_effect(scenario: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All lanes together, three at a time, and three at a time over two processes."""
    plan = Plan(scenario)
    rows = np.concatenate(list(samples(plan, SEEDS)))
    heard: list[int] = []
    whole = order_effects(plan, SEEDS, rows, heard=heard.append)
    assert heard == [len(pairs.other_halves(compile_exercise(load(scenario)), rows))]
    monkeypatch.setattr(pairs, "CHUNK", 3)
    assert order_effects(plan, SEEDS, rows) == order_effects(plan, SEEDS, rows, 2) == whole


WORSE, UNSURE, BETTER = Effect(-2.0, -3.0, -1.0), Effect(-0.5, -1.5, 0.5), Effect(0.5, -0.5, 1.5)


@pytest.mark.parametrize(
    ("public", "private", "dominated"),
    [
        (WORSE, UNSURE, True),
        (UNSURE, WORSE, True),
        (WORSE, None, True),
        (WORSE, BETTER, False),
        (UNSURE, UNSURE, False),
        (Effect(-2.0, None, None), None, False),
        (None, None, False),
    ],
)
def test_dominated_is_surely_worse_by_one_result_and_no_better_by_the_other(public: Effect, private: Effect, dominated: bool) -> None:
    """As documented: one interval wholly below 0, the other mean not above it."""
    assert OrderEffect(10, 10, public, private, {}).is_dominated is dominated


def test_an_interval_is_students() -> None:
    """Known quantiles; differences that are all alike leave no doubt; too few pairs give no interval."""
    for freedom, quantile in ((2, 4.303), (5, 2.571), (10, 2.228), (63, 1.998)):
        assert student(freedom) == pytest.approx(quantile, rel=0.01)
    effect = Effect.of(np.array([1.0, 2.0, 3.0]))
    assert effect.mean == 2.0
    assert effect.low == pytest.approx(2.0 - student(2) / 3**0.5)
    assert Effect.of(np.zeros(5)) == Effect(0.0, 0.0, 0.0)
    assert Effect.of(np.array([1.0, 4.0])) == Effect(2.5, None, None)
