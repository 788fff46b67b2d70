"""How near a seat thinks it is to what it wants, and how near it is."""

from __future__ import annotations

from exercise.core.program import Program
from exercise.core.turns import open_turn
from tests.core.scenes import audiences, play, told


def test_a_seat_judges_its_objectives_by_what_it_was_told(program: Program) -> None:
    """The north heats by 30 a day; the town's thermometer is a day old, so its calm seems greater than it is.

    ---
    [[rule]]
    id = "drift.heating"
    stage = "drift"
    effects = [{ on = "north.heat", add = "30" }]
    because = "it is summer"

    [[report]]
    id = "thermometer"
    of = "region.heat"
    to = ["mayor"]
    measured_by = "an old thermometer"
    delay_days = 1

    [[seat]]
    id = "mayor"
    name = "The mayor"
    objectives = [
      { id = "calm", title = "Keep the north calm", score = "100 - north.heat" },
      { id = "purse", title = "Keep the money", score = "seat.funds / (10 million_dollars) * 100", private = true },
    ]
    """
    played = play(program, [], [], [])
    scores = [[(one["objective"], one["score"]) for one in told(opening, "objective", "mayor")] for opening, _ in played]
    assert scores == [[("calm", 80.0), ("purse", 100.0)], [("calm", 80.0), ("purse", 100.0)], [("calm", 50.0), ("purse", 100.0)]]
    [calm, _] = program.objectives["mayor"]
    now = played[2][0].world
    assert program.ask(calm.true, now.cells, now, 2.0, calm.binding) == (20.0,)


def test_nobody_else_hears_of_a_seats_objectives(program: Program) -> None:
    """Scores go to their own seat alone, the private ones too.

    ---
    [[seat]]
    id = "mayor"
    name = "The mayor"
    objectives = [{ id = "rich", title = "Be rich", score = "seat.funds / (1 million_dollars)", private = true }]
    """
    opening = open_turn(program, program.startex(1))
    assert audiences(opening.outcomes, "objective") == [("mayor",)]


def test_a_score_lies_within_nought_and_a_hundred(program: Program) -> None:
    """A formula that leads beyond is cut off at the ends.

    ---
    [[seat]]
    id = "mayor"
    name = "The mayor"
    objectives = [
      { id = "over", title = "Over", score = "90 * seat.funds / (1 million_dollars)" },
      { id = "under", title = "Under", score = "-seat.funds / (1 million_dollars)" },
    ]
    """
    opening = open_turn(program, program.startex(1))
    assert [one["score"] for one in told(opening, "objective", "mayor")] == [100.0, 0.0]
