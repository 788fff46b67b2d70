"""The documents that scripts read: plain JSON values whose names and shapes are promised in docs/commands.md.

Each is a pure function of a story. Numbers are rounded nowhere: a document says what the world holds. Listed quantities are given by name
and dates as ISO days (``null`` for never).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from exercise.core.agreement_telling import agreement_data
from exercise.core.definitions import InjectDefinition, QuantityDefinition, SeatDefinition
from exercise.core.ending import CLASS_QUANTITY, true_scores
from exercise.core.explain import Contribution, Crossing, contributions
from exercise.core.layout import NEVER
from exercise.core.program import Program
from exercise.core.world import World, digest
from exercise.report.motions import motion_documents
from exercise.report.story import Story

Document = dict[str, Any]


def world_document(story: Story) -> Document:
    """The world after the story's last turn, as truth: what ``run --json`` and ``show --json`` print."""
    program, world = story.program, story.worlds[-1]
    return {
        "scenario": program.content.scenario.id,
        "title": program.content.scenario.title,
        "cut": program.cut.id,
        "seed": world.seed,
        "turn": story.last_turn,
        "turns": len(program.calendar.turns),
        "date": story.date(story.last_turn).isoformat(),
        "finished": story.is_finished,
        "digest": digest(world),
        "entities": {entity.id: _entity(program, world, entity.id, entity.kind) for entity in program.content.entities},
        "registers": _registers(program, world),
        "bodies": _bodies(story),
        "agreements": [agreement_data(program, one, true=True) for one in world.agreements],
        "injects": _injects(story),
        "seats": {seat.id: _seat(program, world, seat) for seat in program.seats},
        "classes": _classes(story),
    }


def explanation(story: Story, entity: str, quantity: str, first: int, last: int) -> Document:
    """Why a quantity changed in the turns ``first`` to ``last``: a chain of contributions without a gap.

    It leads on: a class to the chains of the axes that changed it (``axes``), an assessed number to what it is made of, where that moved
    (``parts``).

    Raises:
        KeyError: there is no such entity, or it has no such quantity.
    """
    program, layout = story.program, story.program.layout
    cell = layout.cell(entity, quantity)
    definition = layout.quantities[layout.places[entity][0], quantity]
    chain = [one for turn in story.turns[first - 1 : last] for one in contributions(program, turn.phases, cell)]
    axes = dict.fromkeys(layout.name(way.cell) for one in chain for way in one.crossings if way.crossed and way.cell is not None)
    parts = dict.fromkeys(part for one in chain for part in one.parts)
    return {
        "quantity": f"{entity}.{quantity}",
        "name": definition.name,
        "unit": definition.unit,
        "from": first - 1,
        "to": last,
        "before": readable(program, definition, story.worlds[first - 1].cells[cell]),
        "after": readable(program, definition, story.worlds[last].cells[cell]),
        "contributions": [_contribution(program, definition, one) for one in chain],
        "axes": [explanation(story, *_split(axis), first, last) for axis in axes],
        "parts": [_part(story, part, first, last) for part in parts if _has_moved(story, part, first, last)],
    }


def _split(path: str) -> tuple[str, str]:
    entity, _, quantity = path.rpartition(".")
    return entity, quantity


def _part(story: Story, cell: int, first: int, last: int) -> Document:
    before, after = (story.worlds[turn].cells[cell] for turn in (first - 1, last))
    return {"quantity": story.program.layout.name(cell), "before": before, "after": after}


def _has_moved(story: Story, cell: int, first: int, last: int) -> bool:
    return story.worlds[first - 1].cells[cell] != story.worlds[last].cells[cell]


def readable(program: Program, definition: QuantityDefinition, value: float) -> float | str | None:
    """A cell's value as documents give it: a number, the name of a listed value, or an ISO day (None for never)."""
    if definition.values:
        return definition.values[int(value)]
    if definition.unit == "date":
        return None if value <= NEVER else program.calendar.date(value).isoformat()
    return value


def quantities_of(program: Program, world: World, entity: str, kind: str) -> dict[str, float | str | None]:
    """All quantities of an entity by id, in the order of the rulebook."""
    return {
        name: readable(program, definition, world.cells[program.layout.cell(entity, name)])
        for (of, name), definition in program.layout.quantities.items()
        if of == kind
    }


def score_document(seat: SeatDefinition, scores: Mapping[str, float]) -> Document:
    """Public and private result (weighted means, None without objectives of that sort) and every objective's 0..100 points."""
    return {
        "public": _mean((one.weight, scores[one.id]) for one in seat.objectives if not one.private and one.id in scores),
        "private": _mean((one.weight, scores[one.id]) for one in seat.objectives if one.private and one.id in scores),
        "objectives": dict(scores),
    }


# --- parts of the world document ----------------------------------------------------------------------------------------------------


def _registers(program: Program, world: World) -> Document:
    """The registers that content keeps, such as one of risks: by title, entity and name of the quantity, its true value."""
    told: Document = {}
    for quantity in program.content.quantities:
        if quantity.register:
            of_title = told.setdefault(quantity.register, {})
            for entity in program.content.entities:
                if entity.kind == quantity.kind:
                    of_title.setdefault(entity.id, {})[quantity.name] = world.cells[program.layout.cell(entity.id, quantity.id)]
    return told


def _entity(program: Program, world: World, entity: str, kind: str) -> Document:
    quantities = quantities_of(program, world, entity, kind)
    told: Document = {"kind": kind, "quantities": quantities}
    if CLASS_QUANTITY in quantities:
        told[CLASS_QUANTITY] = quantities[CLASS_QUANTITY]
    return told


def _bodies(story: Story) -> Document:
    program, world = story.program, story.worlds[-1]
    motions = motion_documents(story)
    return {
        body.id: {"quantities": quantities_of(program, world, body.id, "body"), "motions": motions.get(body.id, [])}
        for body in program.content.bodies
    }


def _injects(story: Story) -> Document:
    program, world = story.program, story.worlds[-1]
    told: Document = {"released": [], "pending": [], "not_fired": [], "released_on": {}}
    for inject in program.content.injects:
        if world.cells[program.layout.cell(inject.id, "released")] > 0:
            told["released"].append(inject.id)
            told["released_on"][inject.id] = program.calendar.date(world.cells[program.layout.cell(inject.id, "released_on")]).isoformat()
        else:
            told["pending" if _may_still_come(story, inject) else "not_fired"].append(inject.id)
    return told


def _may_still_come(story: Story, inject: InjectDefinition) -> bool:
    if story.is_finished:
        return False
    tomorrow = story.program.turn(story.last_turn + 1).start
    if inject.kind == "timed":
        return inject.on is not None and inject.on >= tomorrow
    if inject.kind == "conditional":
        return inject.by is None or inject.by >= tomorrow
    # Absence is judged when the first turn after its day opens, so it is undecided until that turn has been closed.
    if inject.kind == "absence":
        return not any(inject.by is not None and turn.start > inject.by for turn in story.program.calendar.turns[: story.last_turn])
    return True


def _seat(program: Program, world: World, seat: SeatDefinition) -> Document:
    return {**score_document(seat, true_scores(program, world, seat.id)), "quantities": quantities_of(program, world, seat.id, "seat")}


def _mean(weighted: Iterable[tuple[float, float]]) -> float | None:
    weights = total = 0.0
    for weight, score in weighted:
        weights += weight
        total += weight * score
    return total / weights if weights > 0 else None


def _classes(story: Story) -> list[Document]:
    program = story.program
    spans: list[Document] = []
    for entity in program.content.entities:
        if (entity.kind, CLASS_QUANTITY) not in program.layout.quantities:
            continue
        definition = program.layout.quantities[entity.kind, CLASS_QUANTITY]
        cell = program.layout.cell(entity.id, CLASS_QUANTITY)
        own: list[Document] = []
        for turn, world in enumerate(story.worlds):
            day = story.date(turn).isoformat()
            name = readable(program, definition, world.cells[cell])
            if own:
                own[-1]["to"] = day
            if not own or own[-1][CLASS_QUANTITY] != name:
                own.append({"entity": entity.id, "from": day, "to": day, CLASS_QUANTITY: name})
        spans.extend(own)
    return spans


# --- contributions ------------------------------------------------------------------------------------------------------------------


def _contribution(program: Program, definition: QuantityDefinition, one: Contribution) -> Document:
    cause = one.cause
    ways = [crossing_document(program, way) for way in one.crossings]
    gaps = [way["by"] for way in ways if way["crossed"]] or [margin.left - margin.right for margin in one.margins]
    return {
        "turn": one.turn,
        "step": one.step,
        "stage": one.stage,
        "kind": cause.kind,
        cause.kind: cause.id,
        "id": cause.id,
        "before": readable(program, definition, one.before),
        "after": readable(program, definition, one.after),
        "claims": list(cause.claims),
        "sources": list(cause.sources),
        "because": cause.because,
        "ending": cause.ending,
        "span": cause.span,
        "margin": min(gaps, key=abs) if gaps else None,
        "comparisons": [{"text": margin.text, "left": margin.left, "right": margin.right} for margin in one.margins],
        "crossings": ways,
    }


def crossing_document(program: Program, way: Crossing) -> Document:
    """Where an axis of a class stood against its line."""
    return {
        "quantity": program.layout.name(way.cell) if way.cell is not None else way.text,
        "value": way.value,
        "threshold": way.threshold,
        "by": way.value - way.threshold,
        "line": way.line,
        "line_margin": way.margin,
        "holds": way.holds,
        "crossed": way.crossed,
    }
