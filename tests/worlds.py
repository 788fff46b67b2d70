"""Small worlds for tests: the TOML of a scenario stands in a test's docstring or beside it, on top of a few common tables."""

from __future__ import annotations

from textwrap import dedent

from exercise.content import load_texts
from exercise.core.compile import compile_exercise
from exercise.core.decisions import Decision
from exercise.core.program import Program
from exercise.core.turns import TurnResult, close_turn, open_turn
from exercise.core.world import World

COMMON = """
[scenario]
id = "small-world"
title = "A small world"
summary = "Two regions, two seats."
content_note = "Invented."
modules = []
default_cut = "week"

[[cut]]
id = "week"
title = "A week"
summary = "Three days and a week."
minutes = 20
start = 2010-06-10
calendar = [{ days = 1, count = 3 }, { days = 7, count = 1 }]

[[stage]]
id = "drift"
title = "Drift"

[[kind]]
id = "region"
name = "Region"
meaning = "a province"

[[quantity]]
id = "heat"
kind = "region"
name = "heat"
meaning = "how angry a region is"
start = 20
assumption = true
reason = "a test"

[[quantity]]
id = "people"
kind = "region"
name = "people"
unit = "people"
meaning = "who lives there"
start = 1000
known = "public"
assumption = true
reason = "a test"

[[quantity]]
id = "funds"
kind = "seat"
name = "funds"
unit = "million dollars"
meaning = "money at hand"
start = 10
known = "owner"
assumption = true
reason = "a test"

[[entity]]
id = "north"
kind = "region"
name = "North"

[[entity]]
id = "south"
kind = "region"
name = "South"

[[seat]]
id = "town"
name = "The town"
briefing = "You are the town."

[[seat]]
id = "guest"
name = "The guest"
briefing = "You are the guest."
"""


def world_of(text: str | None) -> Program:
    """The program of the common tables with those in ``text`` (a docstring: what stands after the first line that is only ``---``)."""
    assert text is not None
    told = dedent(text.partition("---\n")[2]) if "---\n" in text else text
    return compile_exercise(load_texts((("scenario/common.toml", COMMON), ("scenario/extra.toml", told))))


def play_turn(program: Program, world: World, *decisions: Decision) -> tuple[TurnResult, TurnResult]:
    """Open and close one turn with these decisions."""
    opening = open_turn(program, world)
    return opening, close_turn(program, opening.world, decisions)


def value(program: Program, world: World, path: str) -> float:
    """The value of ``entity.quantity`` in a world."""
    entity, _, quantity = path.partition(".")
    return world.cells[program.layout.cell(entity, quantity)]
