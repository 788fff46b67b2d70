"""Laws that every shipped scenario keeps, whatever happens in it: ranges, what is neither made nor lost, and steps that may be halved."""

from __future__ import annotations

import attrs
import numpy as np
import pytest

from exercise.content import load
from exercise.core.calendar import Turn
from exercise.core.compile import attempt_compile, choose_cut
from exercise.core.ending import CLASS_QUANTITY
from exercise.core.layout import bounds
from exercise.core.program import Program
from exercise.rehearsal.lanes import Ensemble, Finished, Hand, Lanes

CUTS = [
    ("osh-2010", "june-days", "default"),
    ("osh-2010", "police-group", "history"),
    ("rasht-2010", "whole", "history"),
    ("kyrgyzstan-1991-2015", "whole", "history"),
    ("assistance-2001-2016", "whole", "history"),
]
RUNS = 48


def made(scenario: str, cut: str, step_days: int | None = None) -> Program:
    """A cut's program, if wanted with steps of at most so many days."""
    content = load(scenario)
    chosen = choose_cut(content, cut)
    program, problems = attempt_compile(content, chosen if step_days is None else attrs.evolve(chosen, step_days=step_days))
    assert program is not None, problems
    return program


class Watching(Hand):
    """Sees that no number leaves its range at the end of any turn."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.strayed: set[str] = set()

    def close(self, lanes: Lanes, turn: Turn) -> None:
        """Look at every named cell."""
        del turn
        for cell, known in enumerate(self.program.layout.cells):
            if known is not None:
                low, high = bounds(known.quantity)
                row = lanes.cells[cell]
                if not (np.isfinite(row).all() and (row >= low).all() and (row <= high).all()):
                    self.strayed.add(self.program.layout.name(cell))


@pytest.mark.parametrize(("scenario", "cut", "doctrine"), CUTS)
def test_no_number_leaves_its_range(scenario: str, cut: str, doctrine: str) -> None:
    """In no run, at the end of no turn; and every number is one."""
    program = made(scenario, cut)
    watching = Watching(program)
    Ensemble(program, {"all": doctrine}).play(range(1, RUNS + 1), hand=watching)
    assert not watching.strayed


@pytest.mark.parametrize(("scenario", "cut", "doctrine"), CUTS)
def test_people_stay_who_they_are(scenario: str, cut: str, doctrine: str) -> None:
    """Nobody is born or lost: populations do not change, and no more people of a place have fled than live there."""
    program = made(scenario, cut)
    end = Ensemble(program, {"all": doctrine}).play(range(1, RUNS + 1))
    layout = program.layout
    for entity, (kind, _) in layout.places.items():
        if (kind, "population") in layout.blocks:
            cell = layout.cell(entity, "population")
            assert (end.cells[cell] == layout.start[cell]).all(), f"people of {entity}"
            if (kind, "displaced") in layout.blocks:
                assert (end.cells[layout.cell(entity, "displaced")] <= end.cells[cell]).all(), f"displaced of {entity}"


def test_money_promised_is_paid_or_still_promised() -> None:
    """While nobody promises more, what donors have promised for recovery and what they have paid are together what they were."""
    program = made("osh-2010", "police-group")
    layout = program.layout
    pledged, paid = (layout.cell("kyrgyzstan", name) for name in ("recovery_pledged", "recovery_paid"))

    class Promised(Hand):
        """Eleven hundred million at the beginning, and no order that touches it."""

        def __init__(self) -> None:
            self.sums: list[float] = []

        def begin(self, lanes: Lanes) -> None:
            lanes.cells[pledged] = 1100.0
            lanes.cells[layout.cell("donors_meet", "released")] = 1.0  # it has met: that is where the promises are from

        def order(self, lanes: Lanes, turn: Turn) -> None:
            del turn
            for order in program.orders:
                if any("recovery_" in effect.on.text for effect in order.instance.definition.effects):
                    lanes.cells[list(order.gate)] = 0.0

        def close(self, lanes: Lanes, turn: Turn) -> None:
            del turn
            self.sums += (lanes.cells[pledged] + lanes.cells[paid]).tolist()

    hand = Promised()
    end = Ensemble(program, {"all": "history"}).play(range(1, 9), hand=hand)
    assert hand.sums == pytest.approx([1100.0] * len(hand.sums))
    assert (end.cells[paid] > 1).all(), "some of it is paid"


HALVED = {
    ("osh-2010", "june-days"): 3,
    ("osh-2010", "police-group"): 3,
    ("rasht-2010", "whole"): 2,
    ("kyrgyzstan-1991-2015", "whole"): 15,
    ("assistance-2001-2016", "whole"): 15,
}
"""Days of a step at most, about half of what the cut has; a cut that goes day by day is held against one of every other day instead."""
WITHIN, MOST_WITHIN = 5.0, 0.97
FURTHEST = {"osh-2010": 12.0, "kyrgyzstan-1991-2015": 9.0, "rasht-2010": 5.0, "assistance-2001-2016": 4.0}
"""Points by which nearly every mean may move when steps are halved, the share of quantities of which that is asked, and the furthest of all."""


@pytest.mark.parametrize(("scenario", "cut", "doctrine"), CUTS)
def test_halving_the_step_changes_little(scenario: str, cut: str, doctrine: str) -> None:
    """The class that most runs end in is the same for every place, and means of quantities in points hardly move.

    Steps are the program's way of reckoning, not the world's: a hazard that was drawn once a step would double here.
    """
    whole, halved = made(scenario, cut), made(scenario, cut, HALVED[scenario, cut])
    assert len(halved.calendar.steps) != len(whole.calendar.steps)
    ends = [Ensemble(program, {"all": doctrine}).play(range(1, 2 * RUNS + 1)) for program in (whole, halved)]
    moved = _moved((whole, halved), ends)
    furthest = max(moved, key=lambda name: moved[name])
    assert moved[furthest] <= FURTHEST[scenario], f"{furthest} moved by {moved[furthest]:.1f} points beyond luck"
    assert np.mean([by <= WITHIN for by in moved.values()]) >= MOST_WITHIN
    for entity, (kind, _) in whole.layout.places.items():
        if (kind, CLASS_QUANTITY) in whole.layout.quantities:
            classes = [
                np.bincount(end.cells[program.layout.cell(entity, CLASS_QUANTITY)].astype(int), minlength=4).argmax()
                for program, end in zip((whole, halved), ends, strict=True)
            ]
            assert classes[0] == classes[1], f"class of {entity}"


def _moved(programs: tuple[Program, Program], ends: list[Finished]) -> dict[str, float]:
    """How far the mean of each quantity in points lies apart, less two standard errors of the difference."""
    moved: dict[str, float] = {}
    for entity, (kind, _) in programs[0].layout.places.items():
        for (of, name), quantity in programs[0].layout.quantities.items():
            if of == kind and quantity.unit == "points" and kind in {"country", "region", "group", "agency"}:
                one, other = (end.cells[program.layout.cell(entity, name)] for program, end in zip(programs, ends, strict=True))
                luck = 2 * np.sqrt(one.var() / len(one) + other.var() / len(other))
                moved[f"{entity}.{name}"] = abs(float(one.mean() - other.mean())) - float(luck)
    return moved
