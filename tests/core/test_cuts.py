"""One scenario, several cuts: what a cut does without, and how it begins."""

from __future__ import annotations

from textwrap import dedent

import pytest

from exercise.content import load_texts
from exercise.core.compile import compile_exercise
from exercise.core.decisions import OrderDecision
from exercise.core.legality import refusal
from exercise.core.policy import decide
from exercise.core.program import Program
from exercise.core.turns import open_turn, play_out
from exercise.core.world import digest
from tests.core.scenes import shipped
from tests.worlds import COMMON, value

WINTER = """
[[quantity]]
id = "snow"
kind = "region"
name = "Snow"
meaning = "how deep it lies"
known = "public"

[[rule]]
id = "winter.falls"
stage = "drift"
for = "region r"
per = "day"
effects = [{ on = "r.snow", add = "1" }]
because = "it snowed"
"""

LATE = """
[[cut]]
id = "late"
title = "Later"
summary = "In winter."
minutes = 20
start = 2010-12-01
calendar = [{ days = 1, count = 3 }]

[[seat]]
id = "plough"
name = "The plough"
playable = false
module = "winter"

[[order]]
id = "clear"
seats = ["town", "plough"]
title = "Clear"
purpose = "relief"
text = "Roads are cleared."
target = "region r"
effects = [{ on = "r.snow", add = "-1" }]
because = "roads were cleared"
module = "winter"

[[order]]
id = "calm"
seats = ["town"]
title = "Calm"
purpose = "relief"
text = "People are told to wait."
needs = [{ when = "north.snow < 50", say = "the roads are closed", module = "winter" }]
effects = [
    { on = "north.heat", add = "-1" },
    { on = "north.heat", add = "-2", instead_of = "winter" },
    { on = "north.snow", add = "-2", module = "winter" },
]
because = "people waited"

[[doctrine]]
id = "default"
seat = "town"
text = "Clears and calms."
orders = [{ order = "clear", target = "north", when = "north.snow > 0" }, { order = "calm" }]

[[doctrine]]
id = "default"
seat = "guest"
text = "Waits."

[[doctrine]]
id = "default"
seat = "plough"
text = "Waits."

[[start]]
cuts = "late"
entity = "north"
values = [{ quantity = "heat", value = 5 }, { quantity = "snow", value = 60 }]
name = "The white north"
about = "Snowed in."
assumption = true
reason = "a test"

[[start]]
cuts = ["late"]
entity = "town"
about = "It is winter."
public_aims = ["Open roads"]

[[start]]
cuts = ["late"]
entity = "calm"
values = [{ quantity = "times_given", value = 3 }, { quantity = "last_given", value = "2010-11-30" }]
assumption = true
reason = "a test"
"""


def program(cut: str, late: str = LATE) -> Program:
    """A cut of a small world whose rulebook has a module of winter; the week does without it."""
    head = COMMON.replace("modules = []", 'modules = ["winter"]').replace("count = 1 }]", 'count = 1 }]\nwithout = ["winter"]')
    files = (("rules/winter.toml", WINTER), ("scenario/common.toml", head), ("scenario/extra.toml", late))
    return compile_exercise(load_texts(files), cut)


def test_a_cut_plays_as_if_the_modules_that_it_does_without_had_never_been_written() -> None:
    """Same digest as a scenario without the module, its seat, its order and its need: not a cell of them is left."""
    bare = (
        dedent(COMMON)
        + """
[[order]]
id = "calm"
seats = ["town"]
title = "Calm"
purpose = "relief"
text = "People are told to wait."
effects = [{ on = "north.heat", add = "-1" }, { on = "north.heat", add = "-2" }]
because = "people waited"
"""
    )
    alone = compile_exercise(load_texts((("scenario/common.toml", bare),)))
    week = program("week")
    assert digest(week.startex(7)) == digest(alone.startex(7))
    assert [seat.id for seat in week.seats] == ["town", "guest"]
    assert week.order("town", "clear") is None


def test_lines_of_a_doctrine_on_what_a_cut_does_without_are_passed_over() -> None:
    """The doctrine names an order of the module and one of its own; in the week only the second is left."""
    week = program("week")
    world = open_turn(week, week.startex(1)).world
    assert decide(week, world, "town", "default") == (OrderDecision("town", "calm", None, None),)


def test_a_cut_begins_with_its_own_values_and_words() -> None:
    """Over the entity's values; what is not named stays; the week knows nothing of it."""
    late, week = program("late"), program("week")
    begun = late.startex(1)
    assert (value(late, begun, "north.heat"), value(late, begun, "north.snow"), value(late, begun, "south.heat")) == (5.0, 60.0, 20.0)
    assert value(week, week.startex(1), "north.heat") == 20.0
    assert next((entity.name, entity.about) for entity in late.content.entities) == ("The white north", "Snowed in.")
    assert (late.seat("town").briefing, week.seat("town").briefing) == ("It is winter.", "You are the town.")
    assert (late.seat("town").public_aims, week.seat("town").public_aims) == (("Open roads",), ())


def test_a_cut_can_begin_with_what_was_decided_before() -> None:
    """Counters of an order and its last day, counted from the cut's own STARTEX; what belongs to other cuts is not applied."""
    late, week = program("late"), program("week")
    begun = late.startex(1)
    assert (value(late, begun, "calm.times_given"), value(late, begun, "calm.last_given")) == (3.0, -1.0)
    assert value(week, week.startex(1), "calm.times_given") == 0.0


def test_needs_and_effects_of_a_module_hold_only_where_it_stands() -> None:
    """The need of the winter keeps the order from being given in the late cut; the week does not ask."""
    late = program("late")
    world = open_turn(late, late.startex(1)).world
    given = OrderDecision("town", "calm", None)
    refused = refusal(late, world, given)
    assert refused is not None
    assert refused.why == "the roads are closed"
    week = program("week")
    assert refusal(week, open_turn(week, week.startex(1)).world, given) is None
    heat = [
        [effect.add.text for effect in order.instance.definition.effects if effect.add and effect.on.text == "north.heat"]
        for one in (week, late)
        if (order := one.order("town", "calm")) is not None
    ]
    assert heat == [["-1", "-2"], ["-1"]]


KNOWN = {
    "history": "f9fa3a00b6eb01a4ec38dbab53fdd099fe781136fd96a98147ac438513dc2d79",
    "default": "79f81c7374d82b83613e2613d971c46e62b5c6bd3ccd5ea1b1ed8f00cf019720",
}
"""Digests of the june-days cut under seed 7. They change with the content of that cut or of the rules that it reads, and with nothing else."""


@pytest.mark.parametrize("doctrine", KNOWN)
def test_the_june_days_know_nothing_of_the_other_cuts(doctrine: str) -> None:
    """Whatever is added for other windows of the calendar, the default cut plays the world that it always had, to the last bit."""
    june = shipped()
    assert june.cut.id == "june-days"
    assert digest(play_out(june, 7, doctrine)) == KNOWN[doctrine]
