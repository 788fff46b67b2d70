"""Rules in time: rates, approaches, assessments, past values, listed values, and why a quantity is what it is."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exercise.core.compile import CompileError
from exercise.core.decisions import OrderDecision, RuledEffect, Ruling
from exercise.core.explain import contributions
from exercise.core.program import Program
from exercise.core.turns import close_turn, open_turn, play_out
from tests.core.scenes import play, told, world
from tests.worlds import value

CUTS = """
[[cut]]
id = "whole"
title = "Whole"
summary = "A month at once."
minutes = 10
start = 2010-06-10
calendar = [{ days = 30, count = 1 }]

[[cut]]
id = "halves"
title = "Halves"
summary = "The same month in two turns."
minutes = 10
start = 2010-06-10
calendar = [{ days = 15, count = 2 }]

[[cut]]
id = "days"
title = "Days"
summary = "The same month day by day."
minutes = 10
start = 2010-06-10
calendar = [{ days = 1, count = 30 }]
"""

RULE = '[[rule]]\nid = "drift.r"\nstage = "drift"\nfor = "region r"\nbecause = "b"\n'


def at_end(program: Program, path: str, start: float | None = None) -> float:
    """A value at the end of all turns, with the north's heat ruled to ``start`` before the first if given."""
    now = program.startex(1)
    cells = list(now.cells)
    if start is not None:
        cells[program.layout.cell("north", "heat")] = start
    now = attrs.evolve(now, cells=tuple(cells), history=(tuple(cells),))
    for _ in program.calendar.turns:
        now = close_turn(program, open_turn(program, now).world, ()).world
    return value(program, now, path)


@pytest.mark.parametrize(("per", "amount"), [("day", 0.5), ("month", 15.21875)])
def test_a_rate_adds_the_same_however_time_is_cut(per: str, amount: float) -> None:
    """Half a point a day, or thirty times that a month: after thirty days fifteen points more, in one step, two or thirty."""
    text = CUTS + RULE + f'per = "{per}"\neffects = [{{ on = "r.heat", add = "{amount}" }}]\n'
    assert [at_end(world(text, cut), "north.heat") for cut in ("whole", "halves", "days")] == pytest.approx([35.0] * 3, abs=1e-9)


@given(st.integers(0, 50), st.integers(0, 100), st.integers(0, 100))
@settings(max_examples=40)
def test_halving_a_step_moves_an_approach_little(percent: int, target: int, start: int) -> None:
    """One step or two of half the length: they differ by less than a quarter of the squared share of the gap, and neither overshoots."""
    text = CUTS + RULE + f'per = "month"\neffects = [{{ on = "r.heat", toward = "{target}", rate = "{percent}%" }}]\n'
    whole, halves = (at_end(world(text, cut), "north.heat", start) for cut in ("whole", "halves"))
    gap, rate = abs(target - start), percent / 100
    assert abs(whole - halves) <= gap * rate * rate / 4 + 1e-9
    for ended in (whole, halves):
        assert min(start, target) - 1e-9 <= ended <= max(start, target) + 1e-9


def test_an_approach_never_overshoots_even_in_a_long_step() -> None:
    """The whole gap asked for every day, over a month at once: most of the way, and not beyond."""
    text = CUTS + RULE + 'effects = [{ on = "r.heat", toward = "90", rate = "1" }]\n'
    assert at_end(world(text, "whole"), "north.heat") == pytest.approx(20 + 70 * 30 / 31)
    assert at_end(world(text, "days"), "north.heat") == pytest.approx(90.0, abs=1e-6)


def test_assessments_read_the_state_after_drift(program: Program) -> None:
    """A region's class follows from the day's heat, not from yesterday's; listed values compare by name.

    ---
    [[quantity]]
    id = "mood"
    kind = "region"
    name = "mood"
    unit = "number"
    values = ["calm", "tense", "wild"]
    start = "calm"
    meaning = "a class"
    known = "public"

    [[rule]]
    id = "drift.heating"
    stage = "drift"
    for = "region r"
    effects = [{ on = "r.heat", add = "20 + (10 if r.mood == tense else 0)" }]
    because = "summer"

    [[assessment]]
    id = "mood.class"
    for = "region r"
    on = "r.mood"
    set = "wild if r.heat >= 70 else tense if r.heat >= 40 else calm"
    because = "hot heads"
    """
    played = play(program, [], [], [])
    assert [value(program, closing.world, "north.heat") for _, closing in played] == [40.0, 70.0, 90.0]
    assert [value(program, closing.world, "north.mood") for _, closing in played] == [1.0, 2.0, 2.0]
    [change] = told(played[0][1], "public", entity="north")
    assert (change["quantity"], change["previous"], change["value"]) == ("region.mood", 0.0, 1.0)


def test_past_values_reach_back_over_turn_ends_and_stop_at_startex(program: Program) -> None:
    """Two turn-ends ago, the end of the last turn being the first; before that many have passed, STARTEX.

    ---
    [[rule]]
    id = "drift.heating"
    stage = "drift"
    effects = [{ on = "north.heat", add = "10" }, { on = "south.heat", set = "past(north.heat, 2)" }]
    because = "memory"
    """
    played = play(program, [], [], [], [])
    assert [value(program, closing.world, "south.heat") for _, closing in played] == [20.0, 20.0, 30.0, 40.0]


def test_a_lasting_state_ends_by_its_date(program: Program) -> None:
    """A curfew of three days is active while its end lies ahead: rules see it on days 0, 1 and 2.

    ---
    [[quantity]]
    id = "curfew_until"
    kind = "region"
    name = "curfew"
    unit = "date"
    start = "never"
    meaning = "until when there is a curfew"
    known = "public"

    [[order]]
    id = "curfew"
    seats = ["town"]
    title = "Impose a curfew"
    purpose = "security"
    text = "Nobody goes out."
    target = "region r"
    effects = [{ on = "r.curfew_until", set = "in_days(3)" }]
    because = "a curfew"

    [[rule]]
    id = "drift.calm"
    stage = "drift"
    for = "region r"
    per = "day"
    when = "active(r.curfew_until)"
    effects = [{ on = "r.heat", add = "-2" }]
    because = "streets are empty"
    """
    played = play(program, [OrderDecision("town", "curfew", "north")], [], [], [])
    assert [value(program, closing.world, "north.heat") for _, closing in played] == [18.0, 16.0, 14.0, 14.0]
    [change] = told(played[0][1], "public", entity="north")
    assert (change["quantity"], change["date"]) == ("region.curfew_until", "2010-06-13")


def test_a_contribution_tells_its_rule_its_step_and_by_how_much_its_condition_held() -> None:
    """Heat of 20 stood 5 above the line of 15: the margin is in the record with the words of the comparison."""
    text = (
        CUTS.replace("days = 30", "days = 60")
        + RULE
        + ('when = "r.heat > 15 and r.people >= 1000 people"\neffects = [{ on = "r.heat", add = "4" }]\n')
    )
    program = world(text, "whole")
    closing = close_turn(program, open_turn(program, program.startex(1)).world, ())
    first, second = contributions(program, closing.phases, program.layout.cell("north", "heat"))
    assert (first.turn, first.step, first.stage, first.cause.id, first.cause.because) == (1, 0, "drift", "drift.r", "b")
    assert (first.before, first.after, second.before, second.after, second.step) == (20.0, 24.0, 24.0, 28.0, 1)
    assert [(margin.text, margin.left, margin.right) for margin in second.margins] == [
        ("r.heat > 15", 24.0, 15.0),
        ("r.people >= 1000 people", 1000.0, 1000.0),
    ]


def test_a_ruling_stands_in_the_chain_behind_what_the_rules_gave() -> None:
    """The record shows both: the rules' result, and the facilitator's change on top of it, with its clamp."""
    program = world(RULE + 'effects = [{ on = "r.heat", add = "4" }]\n')
    ruling = Ruling((RuledEffect("north", "heat", "add", 500.0),), "the room agreed")
    closing = close_turn(program, open_turn(program, program.startex(1)).world, (ruling,))
    chain = contributions(program, closing.phases, program.layout.cell("north", "heat"))
    assert [(one.cause.kind, one.before, one.after) for one in chain] == [
        ("rule", 20.0, 24.0),
        ("ruling", 24.0, 524.0),
        ("clamp", 524.0, 100.0),
    ]


def test_rulings_of_a_turn_come_in_an_order_that_does_not_depend_on_their_arrival() -> None:
    """Setting and adding do not commute; the world is the same whichever was spoken first."""
    program = world(RULE + "effects = []\n")
    opened = open_turn(program, program.startex(1)).world
    one, other = Ruling((RuledEffect("north", "heat", "set", 50.0),), "a"), Ruling((RuledEffect("north", "heat", "add", 7.0),), "b")
    assert close_turn(program, opened, (one, other)).world == close_turn(program, opened, (other, one)).world


def test_a_step_knows_its_length_and_a_report_has_none() -> None:
    """A month in one step, in halves and in days; what is measured at a moment runs in no step."""
    rule = RULE + 'effects = [{ on = "r.heat", set = "step_days() / 1 days" }]\n'
    assert [at_end(world(CUTS + rule, cut), "north.heat") for cut in ("whole", "halves", "days")] == [30.0, 15.0, 1.0]
    report = '[[report]]\nid = "seen"\nof = "region.heat"\nto = ["public"]\nmeasured_by = "eyes"\nnoise = "step_days() / 1 days"\n'
    with pytest.raises(CompileError, match="rules and effects"):
        world(report)


def test_a_chance_of_a_day_does_not_depend_on_how_time_is_cut() -> None:
    """Three in a hundred a day for a month: as often in one step as in thirty, within four standard deviations."""
    rule = RULE + 'when = "r.heat < 50 and chance(over_step(3%))"\neffects = [{ on = "r.heat", set = "60" }]\n'
    runs = 300
    for cut in ("whole", "halves", "days"):
        program = world(CUTS + rule, cut)
        sparks = sum(value(program, play_out(program, seed), "north.heat") > 50 for seed in range(runs))
        assert abs(sparks / runs - (1 - 0.97**30)) < 4 * (0.6 * 0.4 / runs) ** 0.5
