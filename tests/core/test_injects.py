"""When events of the MSEL come, to whom, and what they change."""

from __future__ import annotations

import inspect

import pytest

from exercise.core.decisions import InjectRelease
from exercise.core.legality import refusal
from exercise.core.program import Program
from exercise.core.turns import open_turn
from tests.core.scenes import audiences, play, tables_of, told, world
from tests.worlds import value

COMMON_KEYS = """
title = "A fire"
from = "the radio"
method = "radio"
text = "There is a fire."
expected_action = "cool it"
objective = "none"
because = "there was a fire"
"""

HEATING = """
[[rule]]
id = "drift.heating"
stage = "drift"
effects = [{ on = "north.heat", add = "10" }]
because = "it is summer"
"""

MONTHS = """
[[cut]]
id = "months"
title = "Months"
summary = "A quarter of a year in one turn, then a week."
minutes = 20
start = 2010-06-10
calendar = [{ days = 90, count = 1 }, { days = 7, count = 1 }]
"""


def fire(keys: str, number: int = 1) -> str:
    """An inject that heats the south by 7 when it comes, with these keys of its own."""
    effects = 'effects = [{ on = "south.heat", add = "7" }]\n' if "effects" not in keys else ""
    to = 'to = ["all"]\n' if "\nto =" not in f"\n{keys}" else ""
    return f'\n[[inject]]\nid = "fire{number}"\nnumber = {number}{COMMON_KEYS}{to}{effects}{keys}\n'


def came(program: Program, turns: int = 4, inject: str = "fire1", **wanted: object) -> list[str]:
    """In which turns an inject was told, with ``o`` for the opening and ``c`` for the closing."""
    played = play(program, *[[] for _ in range(turns)])
    return [
        f"{number}{mark}"
        for number, pair in enumerate(played, 1)
        for mark, result in zip("oc", pair, strict=True)
        for _ in told(result, "news", inject=inject, **wanted)
    ]


@pytest.mark.parametrize(
    ("day", "turn"),
    [("2010-06-10", ["1o"]), ("2010-06-12", ["3o"]), ("2010-06-13", ["4o"]), ("2010-06-16", ["4o"]), ("2010-06-19", ["4o"])],
)
def test_a_timed_inject_opens_the_turn_that_holds_its_day(day: str, turn: list[str]) -> None:
    """Also when its day lies within a long turn, on its last day included; once."""
    program = world(fire(f'kind = "timed"\non = {day}'))
    assert came(program) == turn
    played = play(program, [], [], [], [])
    assert value(program, played[-1][1].world, "south.heat") == 27.0
    assert value(program, played[-1][1].world, "fire1.released") == 1.0


def test_a_timed_inject_acts_before_anybody_decides() -> None:
    """What it changed is in the open world and in its reports, so that decisions can answer it."""
    program = world(
        fire('kind = "timed"\non = 2010-06-10')
        + '[[report]]\nid = "thermometer"\nof = "region.heat"\nto = ["town"]\nmeasured_by = "a thermometer"\n'
    )
    opening = open_turn(program, program.startex(1))
    assert value(program, opening.world, "south.heat") == 27.0
    assert [one["value"] for one in told(opening, "report", "town", entity="south")] == [27.0]


def test_a_conditional_inject_is_tested_after_the_step_and_comes_once() -> None:
    """Heat passes 35 in the second turn: the inject comes at that turn's end, though the condition goes on to hold."""
    program = world(HEATING + fire('kind = "conditional"\nwhen = "north.heat >= 40"'))
    assert came(program) == ["2c"]
    *_, (_, fourth) = play(program, [], [], [], [])
    assert value(program, fourth.world, "south.heat") == 27.0


def test_conditions_are_tested_after_every_step_of_a_long_turn() -> None:
    """In a turn of three steps the inject comes after the second; the third step's rules find it released."""
    text = (
        MONTHS
        + HEATING
        + fire('kind = "conditional"\nwhen = "north.heat >= 40"')
        + '[[rule]]\nid = "drift.panic"\nstage = "drift"\nwhen = "fire1.released"\n'
        'effects = [{ on = "south.people", add = "-100 people" }]\nbecause = "people run"\n'
    )
    program = world(text, "months")
    assert [len(turn.steps) for turn in program.calendar.turns] == [3, 1]
    first, second = (closing.world for _, closing in play(program, [], []))
    assert value(program, first, "fire1.released_on") == 60.0
    assert value(program, first, "south.people") == 900.0
    assert value(program, second, "south.people") == 800.0


@pytest.mark.parametrize(
    ("window", "turns"),
    [
        ("not_before = 2010-06-11", ["2c"]),
        ("not_before = 2010-06-10", ["1c"]),
        ("not_before = 2010-06-13", ["4c"]),
        ("not_before = 2010-06-19", ["4c"]),
        ("not_before = 2010-06-20", []),
        ("by = 2010-06-10", ["1c"]),
        ("by = 2010-06-09", []),
        ("not_before = 2010-06-12\nby = 2010-06-12", ["3c"]),
        ("not_before = 2010-06-12\nby = 2010-06-11", []),
    ],
)
def test_a_conditional_inject_comes_only_within_its_window(window: str, turns: list[str]) -> None:
    """First and last day included, counted by the last day of the step that was just worked out."""
    assert came(world(fire(f'kind = "conditional"\nwhen = "true"\n{window}'))) == turns


@pytest.mark.parametrize(
    ("by", "turns"),
    [("2010-06-09", ["1o"]), ("2010-06-10", ["2o"]), ("2010-06-11", ["3o"]), ("2010-06-12", ["4o"]), ("2010-06-13", [])],
)
def test_an_absence_is_noticed_once_at_the_first_opening_after_its_day(by: str, turns: list[str]) -> None:
    """Nothing was done by then: told when the next turn opens, and never again."""
    assert came(world(fire(f'kind = "absence"\nby = {by}\nunless = "north.heat > 30"'))) == turns


def test_what_was_done_in_time_is_not_missed() -> None:
    """The condition holds on the morning after the day, so the absence never comes, even when the condition fails later."""
    cooling = '[[rule]]\nid = "drift.cooling"\nstage = "drift"\neffects = [{ on = "north.heat", add = "-10" }]\nbecause = "rain"\n'
    assert came(world(cooling + fire('kind = "absence"\nby = 2010-06-10\nunless = "north.heat >= 10"'))) == []
    assert came(world(cooling + fire('kind = "absence"\nby = 2010-06-11\nunless = "north.heat >= 10"'))) == ["3o"]


def test_a_contingency_comes_by_hand_alone() -> None:
    """Left alone it never comes; released, it comes that turn with its effects, and cannot be released twice."""
    program = world(HEATING + fire('kind = "contingency"\nwhen = "true"\non = 2010-06-10'))
    assert came(program) == []
    (_, first), (opening, _) = play(program, [InjectRelease("fire1")], [])
    assert [one["headline"] for one in told(first, "news")] == ["A fire"]
    assert value(program, first.world, "south.heat") == 27.0
    why = refusal(program, opening.world, InjectRelease("fire1"))
    assert why is not None
    assert why.code == "released"
    unknown = refusal(program, opening.world, InjectRelease("fire2"))
    assert unknown is not None
    assert (unknown.code, unknown.hint) == ("unknown-inject", "did you mean fire1?")


@pytest.mark.parametrize("keys", ['kind = "conditional"\nwhen = "north.heat >= 40"', 'kind = "timed"\non = 2010-06-12'])
def test_an_inject_released_by_hand_does_not_come_a_second_time_by_itself(keys: str) -> None:
    """The facilitator may bring forward what the calendar or the rules would have brought later."""
    program = world(HEATING + fire(keys))
    played = play(program, [InjectRelease("fire1")], [], [], [])
    assert [len(told(result, "news")) for pair in played for result in pair] == [0, 1, 0, 0, 0, 0, 0, 0]
    assert value(program, played[-1][1].world, "south.heat") == 27.0


def test_news_go_to_the_addressed_alone() -> None:
    """One inject for the town, one for everybody."""
    program = world(fire('kind = "timed"\non = 2010-06-10\nto = ["town"]') + fire('kind = "timed"\non = 2010-06-10', 2))
    opening = open_turn(program, program.startex(1))
    assert audiences(opening.outcomes, "news") == [("town",), "all"]
    assert [one["inject"] for one in told(opening, "news", "guest")] == ["fire2"]


def test_an_inject_that_nobody_is_told_of_is_nobodys_to_name() -> None:
    """The figure of a town that was not told leaps, and the report says that something unknown moved it."""
    program = world(
        fire('kind = "conditional"\nwhen = "true"\nto = []')
        + '[[report]]\nid = "thermometer"\nof = "region.heat"\nto = ["town"]\nmeasured_by = "a thermometer"\n'
    )
    (_, first), (opening, _) = play(program, [], [])
    assert told(first, "news", "town") == []
    [report] = told(opening, "report", "town", entity="south")
    assert report["causes"] == [{"cause": "undisclosed", "share": 100}]


def test_injects_that_come_together_all_read_the_same_state() -> None:
    """Each of two doubles the heat of the day before: 20 becomes 60, not 80."""
    doubling = 'effects = [{ on = "south.heat", add = "south.heat" }]\n'
    program = world("".join(fire(f'kind = "timed"\non = 2010-06-10\n{doubling}', number) for number in (1, 2)))
    assert value(program, open_turn(program, program.startex(1)).world, "south.heat") == 60.0


@pytest.mark.parametrize(("delay", "lands_in"), [("1 day", 2), ("2 days", 3), ("3 days", 4), ("9 days", 4), ("10 days", None)])
def test_a_conditional_injects_delayed_effect_counts_from_the_end_of_the_step(delay: str, lands_in: int | None) -> None:
    """Released when the first day is over, it lands one day later for a delay of a day; nothing is lost, nothing lands too early."""
    program = world(fire(f'kind = "conditional"\nwhen = "true"\neffects = [{{ on = "south.heat", add = "7", after = "{delay}" }}]'))
    heats = [value(program, closing.world, "south.heat") for _, closing in play(program, [], [], [], [])]
    assert heats == [27.0 if lands_in is not None and turn >= lands_in else 20.0 for turn in range(1, 5)]


@pytest.mark.parametrize(("lasts", "gone_in"), [("1 day", 2), ("2 days", 3)])
def test_a_conditional_injects_lasting_effect_is_taken_back(lasts: str, gone_in: int) -> None:
    """It acts at once and is gone as many days after the end of the step as it lasts."""
    program = world(fire(f'kind = "conditional"\nwhen = "true"\neffects = [{{ on = "south.heat", add = "7", lasts = "{lasts}" }}]'))
    heats = [value(program, closing.world, "south.heat") for _, closing in play(program, [], [], [], [])]
    assert heats == [27.0 if turn < gone_in else 20.0 for turn in range(1, 5)]


def test_a_conditional_inject_after_the_last_step_does_no_harm() -> None:
    """Its delayed effects lie beyond the end: they never come due, and the exercise ends."""
    keys = 'kind = "conditional"\nwhen = "true"\nnot_before = 2010-06-19\neffects = [{ on = "south.heat", add = "7", lasts = "1 day" }]'
    program = world(fire(keys))
    assert came(program) == ["4c"]
    assert value(program, play(program, [], [], [], [])[-1][1].world, "south.heat") == 27.0


def test_an_injects_effects_are_in_the_chain_with_its_reason() -> None:
    """Who asks why a quantity moved finds the inject by name."""
    program = world(fire('kind = "conditional"\nwhen = "true"'))
    [(_, closing)] = play(program, [])
    causes = closing.world.causes[-1][program.layout.cell("south", "heat")]
    assert [(program.causes[number].kind, program.causes[number].because, amount) for number, amount in causes] == [
        ("inject", "there was a fire", 7.0)
    ]


def test_what_a_timed_inject_moved_is_among_the_causes_of_the_next_report() -> None:
    """A report of a leap that an inject made does not name the weather alone.

    ---
    [[report]]
    id = "thermometer"
    of = "region.heat"
    to = ["town"]
    measured_by = "a thermometer"

    [[rule]]
    id = "drift.heating"
    stage = "drift"
    effects = [{ on = "south.heat", add = "7" }]
    because = "it is summer"
    """
    doc = tables_of(inspect.getdoc(test_what_a_timed_inject_moved_is_among_the_causes_of_the_next_report))
    program = world(doc + fire('kind = "timed"\non = 2010-06-11'))
    (_, _), (opening, _) = play(program, [], [])
    [report] = told(opening, "report", "town", entity="south")
    assert (report["previous"], report["value"]) == (20.0, 34.0)
    assert {one["cause"]: one["share"] for one in report["causes"]} == {"rule:drift.heating": 50, "inject:fire1": 50}
