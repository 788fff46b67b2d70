"""rasht-2010: a deal that is broken leads to a spike of attacks and then a fall; kept deals lead to neither, and cost the centre something."""

from __future__ import annotations

import functools

import pytest

from exercise.content import load
from exercise.core.compile import compile_exercise
from exercise.core.decisions import Decision, OrderDecision, RuledEffect, Ruling
from exercise.core.ending import facts_of, true_scores
from exercise.core.program import Program
from exercise.core.turns import close_turn, open_turn, play_out
from exercise.core.world import World
from tests.worlds import value

CUTS = ("whole", "ambush")
SEEDS = range(20_301, 20_311)
VALLEY = ("gharm", "kamarob", "tavildara")


@functools.cache
def program(cut: str) -> Program:
    """A cut of the shipped scenario, compiled once."""
    return compile_exercise(load("rasht-2010"), cut)


@functools.cache
def played(cut: str, doctrine: str, seed: int) -> World:
    """The end of a cut, every seat by one doctrine."""
    return play_out(program(cut), seed, doctrine)


def silent(cut: str, turns: int, first: tuple[Decision, ...] = (), seed: int = 20_301) -> World:
    """A cut in which nobody decides anything but what is put into its first turn."""
    made = program(cut)
    world = made.startex(seed)
    for turn in range(turns):
        world = open_turn(made, world, telling=False).world
        world = close_turn(made, world, first if turn == 0 else (), telling=False).world
    return world


def ruling(entity: str, quantity: str, amount: float) -> Ruling:
    """Add to one quantity at the end of a turn."""
    return Ruling((RuledEffect(entity, quantity, "add", amount),), "a test")


@pytest.mark.parametrize("cut", CUTS)
def test_the_recorded_decisions_lead_to_what_is_on_record(cut: str) -> None:
    """All turns are played, every seat has something to read, and each event on record comes in most runs."""
    made = program(cut)
    assert sum(turn.minutes for turn in made.calendar.turns) == made.cut.minutes
    assert all(made.seat(seat).briefing.strip() for seat in made.playable)
    runs = [facts_of(made, played(cut, "history", seed)) for seed in SEEDS]
    events = [fact.definition.id for fact in made.facts if fact.definition.low == fact.definition.high == 1]
    shares = {event: sum(run[event] for run in runs) / len(runs) for event in events}
    assert {"ambush_happens", "spike", "badakhshan_quiet"} <= set(events)
    assert {event: share for event, share in shares.items() if share <= 0.5} == {}


@pytest.mark.parametrize("cut", CUTS)
def test_kept_deals_prevent_the_ambush_and_cost_the_centre(cut: str) -> None:
    """No column is lost and papers stay freer; the presidency has more armed men at home and less in its own hands."""
    made = program(cut)
    for seed in SEEDS:
        kept, recorded = played(cut, "deals", seed), played(cut, "history", seed)
        assert max(value(made, kept, f"{region}.worst_ambush") for region in VALLEY) == 0
        assert value(made, kept, "tajikistan.openness") > value(made, recorded, "tajikistan.openness") + 3
        ours, theirs = true_scores(made, kept, "presidency"), true_scores(made, recorded, "presidency")
        assert ours["soldiers_live"] > theirs["soldiers_live"]
        assert ours["no_rivals"] < theirs["no_rivals"]
        assert ours["gather_rents"] < theirs["gather_rents"]


def test_a_deal_that_nobody_touches_holds_and_a_squeezed_one_breaks() -> None:
    """Badakhshan is quiet because its men are paid, not because a rule says so."""
    made = program("ambush")
    calm, squeezed = silent("ambush", 9), silent("ambush", 9, (ruling("badakhshan", "deal_rents", -70),))
    assert value(made, calm, "badakhshan.in_hills") == 0
    assert value(made, squeezed, "badakhshan.in_hills") > 20
    assert value(made, squeezed, "badakhshan.tempo_peak") > value(made, calm, "badakhshan.tempo_peak") + 5


def test_terms_that_are_believed_bring_men_home() -> None:
    """The same offer brings more home where the word of the centre counts, and attacks fall with it."""
    made = program("ambush")
    worlds = {
        "none": silent("ambush", 6),
        "doubted": silent("ambush", 6, (ruling("kamarob", "offer", 60), ruling("tajikistan", "word", -50))),
        "believed": silent("ambush", 6, (ruling("kamarob", "offer", 60),)),
    }
    returned = {case: value(made, world, "kamarob.returned") for case, world in worlds.items()}
    assert returned["none"] == 0 < returned["doubted"] < returned["believed"]
    assert value(made, worlds["believed"], "kamarob.tempo") < value(made, worlds["none"], "kamarob.tempo")


def test_disorder_across_the_border_arrives_a_turn_later() -> None:
    """Bands that move north in one turn are not over the river before the next."""
    made = program("ambush")
    moved = (OrderDecision("armed_groups", "move_north"),)
    at_once = [value(made, silent("ambush", 1, orders), "tavildara.infiltrated") for orders in ((), moved)]
    later = [value(made, silent("ambush", 2, orders), "tavildara.infiltrated") for orders in ((), moved)]
    assert at_once[0] == at_once[1]
    assert later[0] < later[1]


def test_fear_closes_politics_where_offices_answer_to_nobody() -> None:
    """The same alarm brings more repression and less openness at low accountability."""
    made = program("ambush")
    alarm = ruling("tajikistan", "alarm", 60)
    alarmed, checked = silent("ambush", 9, (alarm,)), silent("ambush", 9, (alarm, ruling("tajikistan", "accountability", 70)))
    assert value(made, alarmed, "tajikistan.repression") > value(made, silent("ambush", 9), "tajikistan.repression") + 5
    assert value(made, checked, "tajikistan.repression") < value(made, alarmed, "tajikistan.repression") - 5
    assert value(made, checked, "tajikistan.openness") > value(made, alarmed, "tajikistan.openness")


def test_a_column_needs_men_above_it() -> None:
    """Columns alone kill nobody: where deals hold and no men are in the hills, none is ambushed, whatever the dice."""
    made = program("ambush")
    for seed in SEEDS:
        calm = tuple(ruling(region, quantity, -200) for region in VALLEY for quantity in ("hard_core", "in_hills", "tempo"))
        paid = tuple(ruling(region, "deal_rents", 60) for region in VALLEY)
        world = silent("ambush", 3, (*calm, *paid, ruling("gharm", "columns", 90)), seed)
        assert value(made, world, "gharm.worst_ambush") == 0
