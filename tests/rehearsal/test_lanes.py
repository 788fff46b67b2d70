"""Whole exercises in arrays: every lane is, digest by digest, the exercise that the live engine plays."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exercise.content import prepare
from exercise.core.program import Program
from exercise.core.turns import play_out
from exercise.core.world import digest
from exercise.rehearsal.columns import Columns, sample
from exercise.rehearsal.lanes import Ensemble
from tests.core.scenes import world
from tests.core.test_properties import CONDITION, rulebooks

SEEDS = (0, 1, 7, 2**53 - 1)


@pytest.fixture(scope="module")
def osh() -> Program:
    """The shipped exercise."""
    return prepare("osh-2010")


def assert_lanes_agree(program: Program, doctrines: dict[str, str], seeds: tuple[int, ...], turns: int | None = None) -> None:
    """Each lane's digest is that of the exercise played alone; and where only what is sampled is worked out, that is the same."""
    ensemble = Ensemble(program, doctrines)
    finished = ensemble.play(seeds, turns)
    rest = doctrines.get("all", "default")
    alone = [digest(play_out(program, seed, rest, doctrines, turns)) for seed in seeds]
    assert [digest(finished.world(lane)) for lane in range(len(seeds))] == alone
    if turns is None:
        columns = Columns.of(program)
        bare = Ensemble(program, doctrines, columns.cells(program))
        whole = sample(ensemble, columns, finished)
        assert np.array_equal(sample(bare, columns, bare.play(seeds)), whole)


DOCTRINE = """
[[report]]
id = "thermometer"
of = "region.heat"
to = ["town"]
measured_by = "the town's thermometer"
noise = "2"
round_to = 0.5
delay_days = {age}
assumption = true
reason = "a test"

[[doctrine]]
id = "eager"
seat = "town"
text = "Gives what it can."
orders = [{orders}]
"""


@st.composite
def eager_rulebooks(draw: st.DrawFn) -> str:
    """A random rulebook, and a doctrine that gives its orders under random conditions and by random scores, from reports of some age."""
    text = draw(rulebooks())
    lines = [
        f'{{ order = "order{number}", target = "region r", when = "{draw(CONDITION)}", score = "{draw(st.integers(0, 3))} + r.heat / 50" }}'
        for number in range(text.count("[[order]]"))
    ]
    return text + DOCTRINE.format(orders=", ".join(lines), age=draw(st.integers(0, 4)))


@given(eager_rulebooks(), st.integers(0, 2**32))
@settings(max_examples=40)
def test_any_rulebook_gives_the_same_bits_in_every_lane(text: str, seed: int) -> None:
    """Random rules that feed each other, delays, clamps and orders by doctrine: five lanes, five digests, all as played alone."""
    assert_lanes_agree(world(text), {"town": "eager"}, tuple(range(seed, seed + 5)))


@pytest.mark.parametrize("doctrine", ["default", "history", "prevention"])
def test_the_shipped_exercise_gives_the_same_bits_in_every_lane(osh: Program, doctrine: str, campaign) -> None:
    """Osh 2010 to its end: reports, bodies, injects, orders by doctrine. 4 seeds (200 with --long)."""
    more = tuple(range(100, 100 + campaign(0, 196)))
    assert_lanes_agree(osh, {"all": doctrine}, SEEDS + more)


@pytest.mark.parametrize(
    ("scenario", "cut"),
    [
        *(("osh-2010", cut) for cut in ("april", "police-group", "half-day", "full")),
        *(("rasht-2010", cut) for cut in ("whole", "ambush")),
        *(("kyrgyzstan-1991-2015", cut) for cut in ("whole", "independence", "two-falls")),
        *(("assistance-2001-2016", cut) for cut in ("whole", "first-decade", "lessons")),
    ],
)
def test_every_cut_gives_the_same_bits_in_every_lane(scenario: str, cut: str, campaign) -> None:
    """Long turns in several steps, other start values, elections and missions: by default and history, 1 seed each (50 with --long)."""
    program = prepare(scenario, cut)
    for doctrine in ("default", "history"):
        assert_lanes_agree(program, {"all": doctrine}, tuple(range(20, 20 + campaign(1, 50))))


def test_seats_may_follow_doctrines_of_their_own(osh: Program) -> None:
    """One seat prevents while the others repeat history; the first turns agree as well."""
    assert_lanes_agree(osh, {"all": "history", "kyrgyz_government": "prevention"}, (3, 4), 5)


def test_a_lane_does_not_depend_on_its_neighbours(osh: Program) -> None:
    """The same seed among others, in another place and alone."""
    ensemble = Ensemble(osh, {"all": "default"})
    one, many = ensemble.play((11,), 4), ensemble.play((5, 11, 6), 4)
    assert digest(one.world(0)) == digest(many.world(1))


RESTS = """
[[order]]
id = "soothe"
seats = ["town"]
title = "Soothe"
purpose = "relief"
text = "Soothes a region."
target = "region r"
cooldown_days = 3
{whose}
effects = [{{ on = "r.heat", add = "-1" }}]
because = "it was soothed"

[[body]]
id = "council"
name = "The council"
short = "Council"
rule_text = "all agree"
decision = "consensus"
pace_days = 1
life_days = 2
members = [{{ seat = "town" }}, {{ seat = "guest" }}]

[[body.motions]]
id = "send"
title = "Send help"
text = "Sends help."
may_table = ["town", "guest"]
effects = [{{ on = "north.heat", add = "-5" }}]
because = "help was sent"
positions = [{{ member = "guest", when = "true", say = "never" }}]

[[body.motions]]
id = "note"
title = "Take note"
text = "Is decided at once."
may_table = ["town"]
pace_days = 0
effects = [{{ on = "south.heat", add = "-5" }}]
because = "it was noted"

[[doctrine]]
id = "default"
seat = "town"
text = "Soothes both, asks for help."
orders = [{{ order = "soothe", target = "region r", when = "r.heat > 5" }}]
motions = [{{ body = "council", motion = "send", when = "council_send.status != tabled" }}, {{ body = "council", motion = "note" }}]
votes = [{{ body = "council", motion = "send", vote = "{own}" }}]

[[doctrine]]
id = "default"
seat = "guest"
text = "Votes when it is hot, and at times takes it back."
votes = [
  {{ body = "council", motion = "send", vote = "yes", when = "north.heat > {line}" }},
  {{ body = "council", motion = "note", vote = "no", when = "south.heat > {line}" }},
  {{ body = "council", motion = "send", vote = "none", when = "north.heat < {line} - 6" }},
]
"""


@pytest.mark.parametrize("whose", ["", 'cooldown_for = "seat"'])
@pytest.mark.parametrize("line", [10, 18, 24])
@pytest.mark.parametrize("own", ["abstain", "no"])
def test_standing_votes_and_rests_give_the_same_bits_in_every_lane(whose: str, line: int, own: str) -> None:
    """Votes that stand, change, are taken back or given in advance, motions tabled again, orders that rest here and not there."""
    program = world(HEATING + RESTS.format(whose=whose, line=line, own=own))
    assert_lanes_agree(program, {"all": "default"}, SEEDS)


HEATING = """
[[report]]
id = "thermometer"
of = "region.heat"
to = ["all"]
measured_by = "the thermometer"
noise = "2"
delay_days = 1
assumption = true
reason = "a test"

[[rule]]
id = "drift.heating"
stage = "drift"
for = "region r"
per = "day"
effects = [{ on = "r.heat", add = "3 + 8 * noise()" }]
because = "it is summer"
"""
