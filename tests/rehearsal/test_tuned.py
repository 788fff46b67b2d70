"""Parameters that stand in cells: what runs differ in, and nothing else."""

from __future__ import annotations

import pytest

from exercise.content import load
from exercise.core.compile import attempt_compile, choose_cut
from exercise.core.program import Program
from exercise.rehearsal.lanes import Ensemble, Hand, Lanes


@pytest.fixture(scope="module")
def programs() -> tuple[Program, Program]:
    """The shipped exercise with its parameters written into the code, and with all of them in cells."""
    content = load("osh-2010")
    cut = choose_cut(content, "june-days")
    plain, _ = attempt_compile(content, cut)
    tuned, problems = attempt_compile(content, cut, {one.id: (one.value, one.value) for one in content.parameters})
    assert plain is not None, "the shipped scenario compiles"
    assert tuned is not None, problems
    return plain, tuned


def test_a_parameter_in_a_cell_means_what_it_means_in_the_code(programs: tuple[Program, Program]) -> None:
    """To the last bit, for every quantity of every run."""
    plain = programs[0]
    ends = [Ensemble(program, {"all": "history"}).play((3, 4, 5), 6) for program in programs]
    for entity, (kind, _) in plain.layout.places.items():
        for of, quantity in plain.layout.quantities:
            if of == kind:
                rows = [end.cells[program.layout.cell(entity, quantity)] for program, end in zip(programs, ends, strict=True)]
                assert rows[0].tolist() == rows[1].tolist(), f"{entity}.{quantity}"


def test_each_run_has_its_own_value(programs: tuple[Program, Program]) -> None:
    """Two runs of one seed that differ in one parameter go apart; two that do not are the same."""
    _, tuned = programs
    cell = tuned.layout.tuned["capacity.shock"].cells[0]

    class Turned(Hand):
        def begin(self, lanes: Lanes) -> None:
            lanes.cells[cell, 2] *= 1.5

    end = Ensemble(tuned, {"all": "history"}).play((7, 7, 7), 5, Turned())
    osh = end.cells[tuned.layout.cell("osh_city", "capability")]
    assert osh[0] == osh[1] > osh[2]
