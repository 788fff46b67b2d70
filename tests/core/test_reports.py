"""Knowing is a capability: what a report says, when, to whom, how wrong, and which causes it names."""

from __future__ import annotations

import itertools
import math
import statistics

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercise.core.decisions import OrderDecision
from exercise.core.program import Program
from exercise.core.telling import SHARE_GRAIN, _grains
from exercise.core.turns import TurnResult, close_turn, open_turn
from tests.core.scenes import audiences, play, shipped, told, world
from tests.worlds import COMMON, play_turn, value

HEATING = """
[[rule]]
id = "drift.heating"
stage = "drift"
effects = [{ on = "north.heat", add = "7" }]
because = "it is summer"
"""


def thermometer(keys: str = "", to: str = '["town"]', id: str = "thermometer") -> str:
    """A report of the regions' heat with these keys of its own."""
    return f'\n[[report]]\nid = "{id}"\nof = "region.heat"\nto = {to}\nmeasured_by = "a thermometer"\n{keys}\n'


def figures(program: Program, turns: int, seat: str = "town", entity: str = "north", seed: int = 1) -> list[tuple[float, str] | None]:
    """What each turn's opening told a seat of an entity's heat, and of which day."""
    found: list[tuple[float, str] | None] = []
    for opening, _ in play(program, *[[] for _ in range(turns)], seed=seed):
        reports = told(opening, "report", seat, entity=entity)
        found.append((reports[0]["value"], reports[0]["as_of"]) if reports else None)
    return found


# --- whom, when -----------------------------------------------------------------------------------------------------------------------


def test_a_report_goes_to_its_seats_and_says_who_measured() -> None:
    """Nobody else learns of it; it says what was measured, of when, and how it stood before."""
    program = world(HEATING + thermometer('about = ["north"]'))
    _, (opening, _) = play(program, [], [])
    assert audiences(opening.outcomes, "report") == [("town",)]
    [one] = told(opening, "report", "town")
    assert one | {"causes": []} == {
        "report": "thermometer",
        "entity": "north",
        "quantity": "region.heat",
        "value": 27.0,
        "previous": 20.0,
        "as_of": "2010-06-11",
        "measured_by": "a thermometer",
        "causes": [],
    }


def test_a_public_report_is_one_copy_and_a_report_to_all_is_one_for_each() -> None:
    """Noise included: what is public is the same for everybody; each seat's own measurement has its own error."""
    program = world(
        thermometer('noise = "5"\nabout = ["north"]', '["public"]') + thermometer('noise = "5"\nabout = ["north"]', '["all"]', "own")
    )
    opening = open_turn(program, program.startex(1))
    assert audiences(opening.outcomes, "report") == ["all", ("town",), ("guest",)]
    assert told(opening, "report", "town", report="thermometer") == told(opening, "report", "guest", report="thermometer")
    assert told(opening, "report", "town", report="own") != told(opening, "report", "guest", report="own")


@pytest.mark.parametrize(
    ("delay", "expected"),
    [
        (0, [(20.0, "2010-06-10"), (27.0, "2010-06-11"), (34.0, "2010-06-12"), (41.0, "2010-06-13")]),
        (1, [(20.0, "2010-06-10"), None, (27.0, "2010-06-11"), (34.0, "2010-06-12")]),
        (2, [(20.0, "2010-06-10"), None, None, (27.0, "2010-06-11")]),
        (9, [(20.0, "2010-06-10"), None, None, None]),
    ],
)
def test_a_delayed_report_tells_the_truth_of_then_and_says_of_when(delay: int, expected: list[tuple[float, str] | None]) -> None:
    """At first the state at STARTEX; then nothing new until a figure of that age exists."""
    assert figures(world(HEATING + thermometer(f"delay_days = {delay}")), 4) == expected


def test_a_figure_that_has_been_told_is_not_measured_again(program: Program) -> None:
    """Until a fresher figure exists the seat's view stays what it was told: no second throw of the dice over the same day.

    ---
    [[report]]
    id = "thermometer"
    of = "region.heat"
    to = ["town"]
    measured_by = "an old thermometer"
    delay_days = 9
    noise = "5"
    round_to = 0

    [[seat]]
    id = "watcher"
    name = "The watcher"

    [[report]]
    id = "watch"
    of = "region.heat"
    to = ["watcher"]
    measured_by = "the watch"
    delay_days = 9
    noise = "5"
    round_to = 0
    """
    cells = [cell for group in program.reports for copy in group.copies for cell in copy.values]
    played = play(program, [], [], [])
    first = [played[0][0].world.cells[cell] for cell in cells]
    assert first != [20.0] * 4
    assert [[opening.world.cells[cell] for cell in cells] for opening, _ in played] == [first] * 3
    assert told(played[1][0], "report") == []


def test_without_its_condition_nothing_is_measured_and_the_last_figure_ages() -> None:
    """The station closes when it gets hot: no report of the third turn, though the heat goes on rising."""
    program = world(HEATING + thermometer('when = "e.heat < 30"'))
    assert figures(program, 4) == [(20.0, "2010-06-10"), (27.0, "2010-06-11"), None, None]
    [group] = program.reports
    [copy] = group.copies
    ended = play(program, [], [], [])[-1][1].world
    assert [ended.cells[cells[0]] for cells in (copy.values, copy.days)] == [27.0, 1.0]


# --- how wrong ------------------------------------------------------------------------------------------------------------------------


def test_noise_is_keyed_by_seat_entity_and_turn() -> None:
    """Another seat, region, turn or seed has another error; another report beside it changes none."""
    program = world(thermometer('noise = "5"\nround_to = 0', '["town", "guest"]'))
    north = [one[0] for one in figures(program, 3) if one is not None]
    assert len(set(north)) == 3
    assert figures(program, 3) == figures(program, 3)
    assert not set(north) & {one[0] for one in figures(program, 3, "guest") if one is not None}
    assert not set(north) & {one[0] for one in figures(program, 3, entity="south") if one is not None}
    assert not set(north) & {one[0] for one in figures(program, 3, seed=2) if one is not None}
    beside = world(thermometer('noise = "5"\nround_to = 0', '["guest", "town"]') + thermometer('noise = "5"', '["town"]', "zz"))
    assert [one[0] for one in figures(beside, 3) if one is not None] == north


def test_noise_has_the_declared_spread_and_no_bias() -> None:
    """Over 300 seeds a figure of 50 with a spread of 5 has a mean near 50, a spread near 5, and stays within three spreads."""
    program = world(
        thermometer('noise = "5"\nround_to = 0')
        + '[[rule]]\nid = "drift.n"\nstage = "drift"\neffects = [{ on = "north.heat", add = "0" }]\nbecause = "no"\n'
    )
    found = [open_turn(program, program.startex(seed)) for seed in range(300)]
    values = [told(opening, "report", entity="north")[0]["value"] for opening in found]
    assert statistics.mean(values) == pytest.approx(20.0, abs=1.0)
    assert statistics.stdev(values) == pytest.approx(5.0, rel=0.15)
    assert all(5.0 <= one <= 35.0 for one in values)


def test_a_bias_is_added_and_may_depend_on_the_measured_entity() -> None:
    """An office that hides a quarter of the heat reports 15 of 20."""
    program = world(thermometer('bias = "-e.heat / 4"'))
    assert figures(program, 1) == [(15.0, "2010-06-10")]


def test_a_figure_stays_within_the_quantitys_range() -> None:
    """A thermometer of 100 points does not say 180, nor less than nothing."""
    program = world(thermometer('bias = "160"', id="over") + thermometer('bias = "-160"', id="under"))
    opening = open_turn(program, program.startex(1))
    assert [one["value"] for one in told(opening, "report", entity="north")] == [100.0, 0.0]


@pytest.mark.parametrize(
    ("grain", "start", "expected"), [(5, 22.4, 20.0), (5, 22.5, 25.0), (10, 20.4, 20.0), (1, 20.4, 20.0), (0, 20.4, 20.4)]
)
def test_figures_are_rounded_from_the_first_on(grain: float, start: float, expected: float) -> None:
    """To the nearest multiple, halves upwards; also at STARTEX, when the figure is the truth itself."""
    program = world(
        thermometer(f'round_to = {grain}\nabout = ["coast"]')
        + f'[[entity]]\nid = "coast"\nkind = "region"\nname = "Coast"\nstart = [{{ quantity = "heat", value = {start} }}]\n'
    )
    assert figures(program, 2, entity="coast")[0] == (expected, "2010-06-10")


def test_rounding_does_not_lead_beyond_the_range() -> None:
    """The nearest multiple of forty to a full hundred is a hundred and twenty; a figure of points stays a hundred."""
    program = world(thermometer('round_to = 40\nbias = "100"'))
    assert figures(program, 2) == [(100.0, "2010-06-10"), (100.0, "2010-06-11")]


def test_rounding_a_rounded_figure_changes_nothing() -> None:
    """A third of a point as grain: a figure that stays comes out the same at every turn."""
    program = world(thermometer("round_to = 0.3"))
    values = {one[0] for one in figures(program, 4) if one is not None}
    assert values == {math.floor(20 / 0.3 + 0.5) * 0.3}


# --- causes ---------------------------------------------------------------------------------------------------------------------------

CAUSES = """
[[rule]]
id = "drift.a"
stage = "drift"
effects = [{ on = "north.heat", add = "6" }]
because = "summer"

[[rule]]
id = "drift.b"
stage = "drift"
effects = [{ on = "north.heat", add = "-2" }]
because = "rain"

[[order]]
id = "stir"
seats = ["guest"]
title = "Stir"
purpose = "information"
text = "Stirs."
visibility = "covert"
effects = [{ on = "north.heat", add = "12" }]
because = "the guest stirred"
"""


def shares(result: TurnResult, seat: str) -> dict[str, int]:
    """The causes of the north's heat that a seat's report names, in percent of all movement."""
    [one] = told(result, "report", seat, entity="north")
    return {cause["cause"]: cause["share"] for cause in one["causes"]}


def second_report(program: Program, *decisions: OrderDecision) -> TurnResult:
    """The second turn's opening."""
    return play(program, decisions, [])[1][0]


def test_a_report_names_the_causes_with_their_shares_of_all_movement() -> None:
    """Six up and two down: 75 and -25 percent, greatest first."""
    opening = second_report(world(CAUSES + thermometer()))
    assert shares(opening, "town") == {"rule:drift.a": 75, "rule:drift.b": -25}
    assert [one["cause"] for one in told(opening, "report", entity="north")[0]["causes"]] == ["rule:drift.a", "rule:drift.b"]


def test_a_covert_cause_is_undisclosed_to_all_but_its_seat() -> None:
    """The guest's stirring is three fifths of the movement: it reads its order, the town and the public read of something unknown."""
    program = world(CAUSES + thermometer("", '["town", "guest", "public"]'))
    opening = second_report(program, OrderDecision("guest", "stir"))
    copies = {
        outcome.to: outcome.data["causes"] for outcome in opening.outcomes if outcome.kind == "report" and outcome.data["entity"] == "north"
    }
    named = {to: {cause["cause"]: cause["share"] for cause in causes} for to, causes in copies.items()}
    assert named["guest",] == {"order:stir": 60, "rule:drift.a": 30, "rule:drift.b": -10}
    assert named["town",] == named["all"] == {"undisclosed": 60, "rule:drift.a": 30, "rule:drift.b": -10}


def test_a_quiet_rule_and_a_clamp_are_undisclosed_together() -> None:
    """What a covert mechanism and the end of the range did is counted in one figure that names neither."""
    program = world(
        '[[rule]]\nid = "drift.q"\nstage = "drift"\nquiet = true\neffects = [{ on = "north.heat", add = "100" }]\nbecause = "secret"\n'
        '[[rule]]\nid = "drift.r"\nstage = "drift"\neffects = [{ on = "north.heat", add = "40" }]\nbecause = "summer"\n' + thermometer()
    )
    assert shares(second_report(program), "town") == {"undisclosed": 50, "rule:drift.r": 50}


def test_several_unknown_causes_are_one() -> None:
    """Two quiet rules and an open one: what is undisclosed is the sum of both."""
    rule = (
        '[[rule]]\nid = "drift.{id}"\nstage = "drift"\nquiet = {quiet}\neffects = [{{ on = "north.heat", add = "{add}" }}]\nbecause = "b"\n'
    )
    rules = (("a", "true", 3), ("b", "true", 9), ("c", "false", 12))
    program = world("".join(rule.format(id=id, quiet=quiet, add=add) for id, quiet, add in rules) + thermometer())
    assert shares(second_report(program), "town") == {"undisclosed": 50, "rule:drift.c": 50}


def test_a_covert_cause_is_not_named_beside_what_everybody_sees() -> None:
    """The guest secretly drives people out and empties the town's purse: the figures are told, the guest is not; the guest reads its part."""
    plot = CAUSES.replace(
        'effects = [{ on = "north.heat", add = "12" }]',
        'effects = [{ on = "north.people", add = "-30 people" }, { on = "town.funds", add = "-2" }, { on = "guest.funds", add = "2" }]',
    )
    [(_, closing)] = play(world(plot), [OrderDecision("guest", "stir")])
    [people], [purse] = told(closing, "public", "town"), told(closing, "own", "town")
    assert (people["value"], people["causes"]) == (970.0, [])
    assert (purse["value"], purse["causes"]) == (8.0, [])
    assert told(closing, "own", "guest")[0]["causes"] == [{"cause": "order:stir", "amount": 2.0}]


def test_an_aged_report_names_the_causes_of_the_days_it_speaks_of() -> None:
    """A figure two days old is explained by what moved it then, not by what happened since."""
    program = world(CAUSES + thermometer("delay_days = 1"))
    played = play(program, [OrderDecision("guest", "stir")], [], [], [])
    assert shares(played[2][0], "town") == {"undisclosed": 60, "rule:drift.a": 30, "rule:drift.b": -10}
    assert shares(played[3][0], "town") == {"rule:drift.a": 75, "rule:drift.b": -25}


def test_an_aged_report_knows_what_the_opening_of_its_day_moved() -> None:
    """A timed inject of the first turn is among the causes of the figure taken at that turn's end, when that is at last told."""
    program = world(
        CAUSES
        + thermometer("delay_days = 1")
        + '[[inject]]\nid = "fire"\nnumber = 1\ntitle = "A fire"\nkind = "timed"\non = 2010-06-10\nfrom = "r"\nto = ["all"]\nmethod = "r"\n'
        'text = "t"\nexpected_action = "e"\nobjective = "o"\nbecause = "fire"\neffects = [{ on = "north.heat", add = "12" }]\n'
    )
    assert shares(play(program, [], [], [])[2][0], "town") == {"inject:fire": 60, "rule:drift.a": 30, "rule:drift.b": -10}


def test_a_cause_of_less_than_a_grain_is_not_named() -> None:
    """One part in a hundred is no finding: shares are rounded to five percent, and nought is left out."""
    program = world(
        '[[rule]]\nid = "drift.a"\nstage = "drift"\neffects = [{ on = "north.heat", add = "20" }]\nbecause = "summer"\n'
        '[[rule]]\nid = "drift.b"\nstage = "drift"\neffects = [{ on = "north.heat", add = "0.2" }]\nbecause = "a candle"\n' + thermometer()
    )
    assert shares(second_report(program), "town") == {"rule:drift.a": 100}


def test_public_quantities_and_a_seats_own_are_told_without_a_report() -> None:
    """Everybody hears that people left; only its owner hears what became of the funds; heat is told to nobody."""
    program = world(
        '[[rule]]\nid = "drift.a"\nstage = "drift"\nbecause = "summer"\neffects = [{ on = "north.people", add = "-5 people" },'
        ' { on = "guest.funds", add = "3" }, { on = "north.heat", add = "1" }]\n'
    )
    opened = open_turn(program, program.startex(1))
    closing = close_turn(program, opened.world, ())
    assert told(closing, "public", "town") == [
        {
            "entity": "north",
            "quantity": "region.people",
            "value": 995.0,
            "previous": 1000.0,
            "causes": [{"cause": "rule:drift.a", "amount": -5.0}],
        }
    ]
    assert [(outcome.to, outcome.data["value"]) for outcome in closing.outcomes if outcome.kind == "own"] == [(("guest",), 13.0)]
    assert len(closing.outcomes) == 2
    assert value(program, closing.world, "north.heat") == 21.0


# --- totals ---------------------------------------------------------------------------------------------------------------------------

COUNT = """
[[quantity]]
id = "dead"
kind = "region"
name = "dead"
unit = "people"
total = {total}
meaning = "people killed since the start"

[[rule]]
id = "drift.killing"
stage = "drift"
for = "region r"
effects = [{{ on = "r.dead", add = "10 people" }}]
because = "there is a fight"

[[report]]
id = "count"
of = "region.dead"
to = ["town"]
measured_by = "a clerk"
noise = "0.3 * e.dead"
round_to = 1
"""


def counts(total: str, seed: int) -> list[float]:
    """What a clerk counted in the north, turn by turn."""
    return [figure[0] for figure in figures(world(COUNT.format(total=total)), 4, seed=seed) if figure]


def test_a_count_since_the_start_never_falls_and_errs_in_one_way() -> None:
    """A source that overcounts overcounts throughout, by the same share; one that throws its error anew each day takes figures back."""
    for seed in range(20):
        figures_ = counts("true", seed)
        assert figures_ == sorted(figures_)
        errors = [figure / (10 * turn) for turn, figure in enumerate(figures_[1:], 1)]
        assert max(errors) - min(errors) < 0.11, "the same share, but for rounding"
    assert any(counts("false", seed) != sorted(counts("false", seed)) for seed in range(20))


def test_no_source_of_the_shipped_exercise_takes_a_count_back() -> None:
    """Deaths, injured, displaced and refugees in all, houses: every seat's figures over all turns."""
    program = shipped()
    totals = [copy for group in program.reports if group.totals for copy in group.copies]
    assert {copy.quantity for copy in totals} >= {"deaths", "injured", "displaced_total", "refugees_total"}
    for (_, before), (_, after) in itertools.pairwise(play(program, *[[] for _ in range(8)], seed=3)):
        for copy in totals:
            for cell in copy.values:
                assert after.world.cells[cell] >= before.world.cells[cell], (copy.id, program.layout.name(cell))


@given(amounts=st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=12))
def test_rounded_shares_are_never_more_than_the_whole(amounts: list[float]) -> None:
    """Three thirds of a movement are not 35 percent each: what is told adds up to a hundred at most, and never to a negative nought."""
    total = sum(abs(amount) for amount in amounts)
    grains = _grains(amounts, total)
    assert sum(grains) * SHARE_GRAIN <= 100
    assert all(grain >= 0 for grain in grains)


def test_a_rule_of_every_step_is_one_cause_of_a_long_turn() -> None:
    """Three steps of drift in a turn of a quarter, one line with their sum in what a seat is told of its own means."""
    long = COMMON.replace("calendar = [{ days = 1, count = 3 }, { days = 7, count = 1 }]", "calendar = [{ days = 90, count = 2 }]")
    program = world(
        '[[rule]]\nid = "drift.rest"\nstage = "drift"\neffects = [{ on = "town.funds", add = "1 million_dollars" }]\nbecause = "taxes"\n',
        common=long,
    )
    _, closing = play(program, [])[0]
    [own] = [data for data in told(closing, "own", "town") if data["quantity"] == "seat.funds"]
    assert own["causes"] == [{"cause": "rule:drift.rest", "amount": 3.0}]


ERRING = """
[[report]]
id = "guess"
of = "region.people"
to = ["guest"]
measured_by = "a guess"
noise = "0.1 * e.people + 1 people * e.heat"
round_to = 0
assumption = true
reason = "a test"
"""


def test_a_source_declares_its_error_at_the_figure_that_it_gives_and_never_by_what_is_true() -> None:
    """The error goes with the figure told and with STARTEX; a truth that moved since cannot be read off it."""
    program = world(ERRING)
    startex = program.startex(1)

    def errors(heat: float) -> list[tuple[float, float]]:
        cells = list(startex.cells)
        for place in ("north", "south"):
            cells[program.layout.cell(place, "heat")] = heat
        opening, _ = play_turn(program, attrs.evolve(startex, cells=tuple(cells)))
        return [(one["value"], one["error"]) for one in told(opening, "report", "guest")]

    for heat in (20.0, 90.0):
        assert errors(heat)
        assert all(error == float(f"{0.1 * figure + 20.0:.2g}") for figure, error in errors(heat))
    assert errors(20.0) != errors(90.0)


def test_a_source_that_does_not_err_declares_no_error() -> None:
    """Its figure moves only when what it counts moves."""
    opening, _ = play(world(ERRING.replace('noise = "0.1 * e.people + 1 people * e.heat"', "")), ())[0]
    assert all("error" not in one for one in told(opening, "report", "guest"))
