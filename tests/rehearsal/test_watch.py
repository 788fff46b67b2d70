"""Classes followed through many runs are those that the live exercise goes through."""

from __future__ import annotations

import datetime as dt
import itertools

from exercise.content import prepare
from exercise.core.ending import classes_of
from exercise.core.turns import play_out
from exercise.rehearsal.ensemble import Plan
from exercise.rehearsal.watch import class_spans, followed

PLAN = Plan("kyrgyzstan-1991-2015", "two-falls", {"all": "history"})
SEED = 7


def test_spans_are_those_of_the_live_exercise():
    """Turn by turn, from STARTEX to the end."""
    program = prepare(PLAN.scenario, PLAN.cut)
    (run,) = class_spans(PLAN, [SEED], ["osh", "talas"])
    days = [0, *((turn.end - program.calendar.startex).days for turn in program.calendar.turns)]
    assert len({span.name for span in run["osh"]}) > 2, "a run that changes its class, or nothing is tested"
    for turns in range(len(days)):
        live = classes_of(program, play_out(program, SEED, "history", turns=turns))
        for entity, spans in run.items():
            shown = next((span.name for span in spans if span.start <= days[turns] < span.end), spans[-1].name)
            assert shown == live[entity], (entity, program.calendar.startex + dt.timedelta(days[turns]))


def test_spans_follow_one_another_without_a_gap():
    """And days within a window are counted."""
    for run in class_spans(PLAN, range(1, 4), ["osh"]):
        spans = run["osh"]
        assert all(before.end == after.start and before.name != after.name for before, after in itertools.pairwise(spans))
        assert spans[0].start == 0.0
        assert sum(span.days_within(100.0, 300.0) for span in spans) == 200.0


def test_quantities_begin_with_startex_and_each_seed_is_its_own():
    """World 0 is STARTEX; a lane is the exercise of its seed."""
    values = followed(PLAN, range(1, 4), [("osh", "institutions"), ("kyrgyzstan", "family")])
    program = prepare(PLAN.scenario, PLAN.cut)
    assert values.shape == (len(program.calendar.turns) + 1, 2, 3)
    assert set(values[0, 0]) == {program.startex(1).cells[program.layout.cell("osh", "institutions")]}
    live = play_out(program, 2, "history")
    assert values[-1, 1, 1] == live.cells[program.layout.cell("kyrgyzstan", "family")]


def test_a_quantity_that_nothing_else_reads_is_followed():
    """A rehearsal leaves out what bears on none of its columns; whoever follows it wants it all the same."""
    values = followed(PLAN, [SEED], [("osh", "failed_days")])
    program = prepare(PLAN.scenario, PLAN.cut)
    live = play_out(program, SEED, "history").cells[program.layout.cell("osh", "failed_days")]
    assert values[-1, 0, 0] == live > 0
