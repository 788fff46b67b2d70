"""What is asked of an exercise at its end: the model's numbers for the facts of the record, objectives in truth, classes."""

from __future__ import annotations

from exercise.core.program import Program
from exercise.core.world import World

CLASS_QUANTITY = "capacity"
"""The listed quantity by whose values entities are classed."""


def facts_of(program: Program, world: World) -> dict[str, float]:
    """The model's number for every fact of the record at the end of an exercise, by fact id."""
    end = float((program.calendar.end - program.calendar.startex).days)
    return {fact.definition.id: float(program.ask(fact.query, world.cells, world, end, ())[0]) for fact in program.facts}


def true_scores(program: Program, world: World, seat: str) -> dict[str, float]:
    """The seat's objectives in truth, 0..100 points each, by id."""
    turns = program.calendar.turns
    now = turns[min(world.turn, len(turns) - 1)].day
    scores: dict[str, float] = {}
    for objective in program.objectives.get(seat, ()):
        answer = program.ask(objective.true, world.cells, world, now, objective.binding)
        if answer:
            scores[objective.definition.id] = min(max(float(answer[0]), 0.0), 100.0)
    return scores


def scores_of(program: Program, world: World) -> dict[str, dict[str, float]]:
    """Every objective in truth, by seat and id; seats without any are left out."""
    scores = {seat.id: true_scores(program, world, seat.id) for seat in program.seats}
    return {seat: told for seat, told in scores.items() if told}


def classes_of(program: Program, world: World) -> dict[str, str]:
    """The class of every entity that has one, by entity."""
    classed = [entity for entity in program.content.entities if (entity.kind, CLASS_QUANTITY) in program.layout.quantities]
    return {
        entity.id: program.layout.quantities[entity.kind, CLASS_QUANTITY].values[
            int(world.cells[program.layout.cell(entity.id, CLASS_QUANTITY)])
        ]
        for entity in classed
    }
