"""Many exercises by doctrines: each depends on its seed alone, and what came of them is counted as published."""

from __future__ import annotations

import pathlib

import pytest

from exercise.content import load
from exercise.core.compile import compile_exercise
from exercise.core.ending import facts_of
from exercise.core.turns import play_out
from exercise.rehearsal.ensemble import Plan, Spread, facts_over
from tests.worlds import COMMON

FACTS = """
[[rule]]
id = "drift.heating"
stage = "drift"
for = "region r"
per = "day"
effects = [{ on = "r.heat", add = "5 + noise()" }]
because = "it is summer"

[[order]]
id = "cool"
seats = ["town"]
title = "Cool"
purpose = "security"
text = "Cools."
effects = [{ on = "north.heat", add = "-15" }]
because = "the town cools it"

[[doctrine]]
id = "default"
seat = "town"
text = "Cools."
orders = [{ order = "cool" }]

[[doctrine]]
id = "idle"
seat = "town"
text = "Does nothing."

[[fact]]
id = "north_heat"
title = "heat of the north at the end"
value = "north.heat"
unit = "points"
low = 0
high = 100
source = ["s"]

[[fact]]
id = "rest_days"
title = "days since the last order"
value = "days_since(cool.last_given)"
unit = "days"
low = 0
high = 10
source = ["s"]

[[fact]]
id = "elsewhere"
title = "held against another cut"
value = "1"
unit = "number"
low = 0
high = 1
cut = "other"
source = ["s"]
"""


@pytest.fixture
def scenario(tmp_path: pathlib.Path) -> str:
    """A folder with a small scenario that has facts."""
    folder = tmp_path / "small_world"
    folder.mkdir()
    (folder / "scenario.toml").write_text(COMMON + FACTS, encoding="utf-8")
    return str(folder)


def test_facts_are_counted_at_the_end_of_the_cut_they_belong_to(scenario: str) -> None:
    """Days since an order of the last turn's first day are seven when its week is over; a fact of another cut is left out."""
    program = compile_exercise(load(scenario))
    facts = facts_of(program, play_out(program, 1))
    assert facts.keys() == {"north_heat", "rest_days"}
    assert facts["rest_days"] == 7.0


def test_a_runs_numbers_depend_on_its_seed_and_not_on_the_process_that_played_it(scenario: str) -> None:
    """One worker or two, in any order of seeds: the same number for each seed, as one exercise by itself gives it."""
    seeds = [5, 1, 9, 1]
    alone, shared = (facts_over(Plan(scenario), seeds, jobs) for jobs in (1, 2))
    assert alone == shared
    assert len(set(alone["north_heat"])) == 3
    program = compile_exercise(load(scenario))
    assert alone["north_heat"] == [facts_of(program, play_out(program, seed))["north_heat"] for seed in seeds]


def test_doctrines_are_chosen_by_seat_or_for_all(scenario: str) -> None:
    """An idle town lets the north get hotter, whether it is idle by name or with everybody."""
    cooled, by_name, for_all = (
        facts_over(Plan(scenario, doctrines=chosen), [3], 1)["north_heat"][0] for chosen in ({}, {"town": "idle"}, {"all": "idle"})
    )
    assert cooled < by_name == for_all


@pytest.mark.parametrize(
    ("values", "spread"),
    [
        ([7.0], (7.0, 7.0, 7.0)),
        ([3.0, 1.0, 2.0], (1.0, 2.0, 3.0)),
        (list(range(100)), (10, 50, 90)),
        (list(range(10, 0, -1)), (2, 6, 10)),
    ],
)
def test_a_spread_is_median_and_middle_four_fifths_by_nearest_rank(values: list[float], spread: tuple[float, float, float]) -> None:
    """Of the values themselves, never between two of them, in whatever order they came."""
    found = Spread.of(values)
    assert (found.low, found.median, found.high) == spread
