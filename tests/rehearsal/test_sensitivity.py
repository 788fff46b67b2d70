"""What facts and objectives hang on: parameters drawn at random, and what goes with which."""

from __future__ import annotations

import numpy as np
import pytest

from exercise.core.definitions import Parameter
from exercise.core.program import Program
from exercise.rehearsal.ensemble import Plan
from exercise.rehearsal.sensitivity import Settings, drawn, hangs_on, sensitivity
from tests.core.scenes import world

TABLES = """
[[parameter]]
id = "summer.sun"
value = 2
low = 0
high = 4
meaning = "heat of a day"
assumption = true
reason = "a test"

[[parameter]]
id = "summer.rain"
value = 0.5
low = 0
high = 0.6
meaning = "heat that rain takes in a day"
assumption = true
reason = "a test"

[[parameter]]
id = "summer.moon"
value = 3
low = 1
high = 9
meaning = "nothing"
assumption = true
reason = "a test"

[[parameter]]
id = "summer.fixed"
value = 0.1
meaning = "a number without room"
assumption = true
reason = "a test"

[[rule]]
id = "drift.heating"
stage = "drift"
for = "region r"
per = "day"
effects = [{ on = "r.heat", add = "summer.sun - summer.rain + summer.fixed * noise() + 0 * summer.moon" }]
because = "it is summer"

[[fact]]
id = "north_heat"
title = "heat of the north at the end"
value = "north.heat"
unit = "points"
low = 0
high = 100
source = ["s"]

[[fact]]
id = "still"
title = "people of the north at the end"
value = "north.people"
unit = "people"
low = 0
high = 1000
source = ["s"]

[[seat]]
id = "mayor"
name = "The mayor"
objectives = [{ id = "calm", title = "Keep the north calm", score = "100 - north.heat", private = true }]

[[report]]
id = "thermometer"
of = "region.heat"
to = ["mayor"]
measured_by = "the mayor's thermometer"
assumption = true
reason = "a test"
"""


@pytest.fixture(scope="module")
def summer() -> Program:
    """A world that heats by the sun."""
    return world(TABLES)


def test_an_outcome_hangs_on_what_moves_it(summer: Program) -> None:
    """The sun first and by far, rain against it, the moon not at all; what never differs hangs on nothing."""
    told = sensitivity(summer, Plan("small-world"), range(256))
    assert (told["runs"], told["parameters"], told["unmoved"]) == (256, 3, ["summer.fixed"])
    heat = told["facts"]["north_heat"]
    assert heat["parameters"][0]["parameter"] == "summer.sun"
    assert heat["parameters"][0]["correlation"] > 0.9
    assert 0.9 < heat["explained"] <= 1
    assert "summer.moon" not in [one["parameter"] for one in heat["parameters"]]
    calm = told["objectives"]["mayor"]["calm"]
    assert calm["parameters"][0]["correlation"] == pytest.approx(-heat["parameters"][0]["correlation"])
    assert told["facts"]["still"] == {"explained": 0.0, "parameters": []}


def test_few_runs_tell_nothing(summer: Program) -> None:
    """All parameters stay as they are then."""
    for few in (0, 5):
        told = sensitivity(summer, Plan("small-world"), range(few))
        assert (told["runs"], told["facts"]) == (0, {})
        assert len(told["unmoved"]) == 4


def test_settings_are_a_latin_hypercube(summer: Program) -> None:
    """Each stratum of each parameter once, within its range, in orders of their own, the same for the same seeds."""
    seeds = range(7, 27)
    settings = drawn(summer.content.parameters, seeds)
    assert settings.parameters == ("summer.sun", "summer.rain", "summer.moon")
    orders = []
    for values, (low, high) in zip(settings.values, ((0, 4), (0, 0.6), (1, 9)), strict=True):
        strata = np.floor((values - low) / (high - low) * 20).astype(int)
        assert sorted(strata.tolist()) == list(range(20))
        orders.append(tuple(strata.tolist()))
    assert len(set(orders)) == 3
    assert np.array_equal(settings.values, drawn(summer.content.parameters, seeds).values)


def test_a_share_stays_one() -> None:
    """Whatever its range says, since rules may not multiply by more."""
    share = Parameter(id="a.share", value=0.5, low=0.2, high=1.5, unit="share", meaning="a test")
    assert drawn([share], range(50)).values.max() <= 1.0


def test_what_chance_explains_is_not_told() -> None:
    """An outcome of its own beside twenty parameters; one that follows the first by rank though not in a line."""
    dice = np.random.default_rng(1)
    settings = Settings(tuple(f"p{number}" for number in range(20)), dice.random((20, 200)))
    assert hangs_on(settings, dice.random(200))["parameters"] == []
    followed = hangs_on(settings, np.exp(20 * settings.values[0]))
    assert followed["parameters"][0] == {"parameter": "p0", "correlation": pytest.approx(1.0), "share": pytest.approx(1.0)}
