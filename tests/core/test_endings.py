"""What comes late and what ends: both are told as such, and never with the words of what begins."""

from __future__ import annotations

from exercise.core.decisions import OrderDecision, RuledEffect, Ruling
from exercise.core.explain import contributions
from exercise.core.program import Program
from tests.core.scenes import play, told
from tests.worlds import world_of

TABLES = """
[[order]]
id = "wait"
seats = ["town"]
title = "Wait"
purpose = "security"
text = "Works for a while."
effects = [
  { on = "north.people", add = "7 people", after = "2 days" },
  { on = "south.people", add = "9 people", lasts = "2 days" },
]
because = "people are brought"
assumption = true
reason = "a test"

[[report]]
id = "count"
of = "region.people"
to = ["guest"]
measured_by = "the guest's own"
assumption = true
reason = "a test"
"""


def lasting() -> Program:
    """A world with an order that acts late, and for a while."""
    return world_of(TABLES)


def causes(program: Program, place: str) -> list[list[tuple[str, bool, str]]]:
    """For each of two turns, the causes of what was told of a place's people: id, whether it is an ending, its span."""
    turns = play(program, (OrderDecision("town", "wait"),), ())
    found = []
    for _, closing in turns:
        data = [one for one in told(closing, "public") if (one["entity"], one["quantity"]) == (place, "region.people")]
        found.append([(cause["cause"], cause.get("ending", False), cause.get("span", "")) for one in data for cause in one["causes"]])
    return found


def test_what_wears_off_is_told_as_an_ending_and_not_as_a_beginning() -> None:
    """The cause that began is named again, as one that ended after its span."""
    (begun, ended) = causes(lasting(), "south")
    assert begun == [("order:wait", False, "")]
    assert ended == [("order:wait", True, "2 days")]


def test_what_comes_late_says_how_long_it_was_under_way() -> None:
    """A delayed effect that lands is no ending, and is not told as if it had been done today."""
    (_, landed) = causes(lasting(), "north")
    assert landed == [("order:wait", False, "2 days")]


def test_a_report_shares_out_an_ending_apart_from_the_beginning() -> None:
    """In a turn in which one effect begins and another of the same order ends, each has its own share and sign."""
    turns = play(lasting(), (OrderDecision("town", "wait"),), (OrderDecision("town", "wait"),), ())
    (data,) = told(turns[2][0], "report", "guest", entity="south")
    assert [(one["share"], one.get("ending", False)) for one in data["causes"]] == [(50, False), (-50, True)]


def test_the_end_of_a_lasting_ruling_is_an_ending() -> None:
    """What the facilitator ruled for a while is not ruled a second time when it is taken back."""
    program = world_of(TABLES)
    ruling = Ruling(effects=(RuledEffect("north", "heat", "add", 5.0, lasts_days=1),), reason="a test")
    turns = play(program, (ruling,), ())
    cell = program.layout.cell("north", "heat")
    chain = [(one.after - one.before, one.cause.ending) for _, closing in turns for one in contributions(program, closing.phases, cell)]
    assert chain == [(5.0, False), (-5.0, True)]
