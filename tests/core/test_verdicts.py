"""Why a class changed: the axis that crossed its line, with the line and the margin, and not the one that stood still."""

from __future__ import annotations

import attrs
import pytest

from exercise.core.explain import Contribution, Crossing, contributions
from tests.worlds import play_turn, world_of

TABLES = """
[[quantity]]
id = "order"
kind = "region"
name = "order"
meaning = "how orderly a region is"
start = 60
assumption = true
reason = "a test"

[[quantity]]
id = "class"
kind = "region"
name = "class"
values = ["wild", "tame", "sullen"]
start = "tame"
meaning = "what the region is"

[[quantity]]
id = "mean"
kind = "region"
name = "mean"
meaning = "heat over all"
start = 20
assumption = true
reason = "a test"

[[assessment]]
id = "judge.class"
for = "region r"
let.calm = "r.heat < (55 if r.class == tame else 45)"
let.orderly = "r.order >= 50"
on = "r.class"
set = "(tame if calm else sullen) if orderly else wild"
because = "heat and order make the class"
assumption = true
reason = "a test"

[[assessment]]
id = "judge.mean"
for = "region r"
on = "r.mean"
set = "sum(o.heat for o in region) / 2"
because = "the mean of all"
assumption = true
reason = "a test"
"""


def class_after(heat: float, order: float, was: float = 1.0) -> tuple[Contribution, dict[str, Crossing]]:
    """What set the north's class after a turn that began with this heat and order, and where its axes stood."""
    program = world_of(TABLES)
    start = program.startex(1)
    cells = list(start.cells)
    for quantity, value in (("heat", heat), ("order", order), ("class", was)):
        cells[program.layout.cell("north", quantity)] = value
    _, closing = play_turn(program, attrs.evolve(start, cells=tuple(cells)))
    (one,) = contributions(program, closing.phases, program.layout.cell("north", "class"))
    return one, {program.layout.name(way.cell): way for way in one.crossings if way.cell is not None}


def test_the_axis_that_crossed_is_told_with_its_line_and_margin() -> None:
    """From tame to sullen by heat alone: beyond the line of 50 by the margin of 5, and by how much."""
    one, ways = class_after(heat=57.0, order=60.0)
    assert (one.before, one.after) == (1.0, 2.0)
    heat, order = ways["north.heat"], ways["north.order"]
    assert (heat.value, heat.threshold, heat.line, heat.margin, heat.crossed) == (57.0, 55.0, 50.0, 5.0, True)
    assert (order.value, order.threshold, order.line, order.margin, order.crossed) == (60.0, 50.0, 50.0, 0.0, False)


@pytest.mark.parametrize(
    ("heat", "order", "was", "crossed"),
    [
        (20.0, 30.0, 1.0, {"north.order"}),
        (70.0, 60.0, 0.0, {"north.order"}),
        (40.0, 60.0, 2.0, {"north.heat"}),
        (70.0, 30.0, 1.0, {"north.order"}),
    ],
)
def test_only_what_had_to_change_for_the_class_to_change_crossed(heat: float, order: float, was: float, crossed: set[str]) -> None:
    """Out of wild whatever the heat is; into wild order alone decides, and the heat that rose too is not blamed."""
    _, ways = class_after(heat, order, was)
    assert {name for name, way in ways.items() if way.crossed} == crossed


def test_an_assessed_number_names_what_it_is_made_of() -> None:
    """The mean leads on to every region's heat."""
    program = world_of(TABLES)
    start = program.startex(1)
    cells = list(start.cells)
    cells[program.layout.cell("south", "heat")] = 80.0
    _, closing = play_turn(program, attrs.evolve(start, cells=tuple(cells)))
    (one,) = contributions(program, closing.phases, program.layout.cell("north", "mean"))
    assert [program.layout.name(part) for part in one.parts] == ["north.heat", "south.heat"]


@pytest.mark.parametrize(("kind", "entity"), [("region", "osh_city"), ("country", "kyrgyzstan")])
def test_classes_of_capacity_go_by_capability_and_willingness(osh, kind: str, entity: str) -> None:
    """Also a country's class, which is read from the formula of its axes, names them."""
    verdict = osh.verdicts[f"capacity.{kind}_class"]
    place = osh.layout.places[entity][1]
    axes = [(osh.layout.name(one.cells[place]), one.line, one.sense) for one in verdict.thresholds]
    assert axes == [(f"{entity}.capability", 50.0, ">="), (f"{entity}.willingness", 50.0, ">=")]
    assert all(one.margin > 0 for one in verdict.thresholds)
    names = osh.layout.quantities[kind, "capacity"].values
    sides = {names[value]: above for value, above in verdict.sides.items()}
    assert sides == {"hegemonic": (True, True), "captured": (True, False), "degraded": (False, True), "failed": (False, False)}
