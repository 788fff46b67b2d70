"""What a seat knew: the fold of the outcomes addressed to it, its own acts and its menu. Nothing here reads another seat's cells, or an
agreement that is not its own and not public.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from exercise.core.agreement_telling import agreement_data
from exercise.core.decisions import OrderDecision
from exercise.core.legality import legal
from exercise.core.outcomes import Outcome
from exercise.core.program import Program
from exercise.core.world import World
from exercise.report.documents import Document, quantities_of, readable
from exercise.report.motions import motion_documents
from exercise.report.story import Story, ToldTurn


def seat_document(story: Story, seat: str, opened: World | None, messages: Sequence[Mapping[str, Any]] = ()) -> Document:
    """What a seat had in its hands at the end of the story's last turn: what ``show --seat --json`` prints.

    ``opened`` is the world in which that turn's decisions were taken (None at STARTEX): the menu is that turn's. ``messages`` are the data
    of all message entries so far; those of others are left out here.
    """
    known = _addressed(story, seat)
    return {
        "scenario": story.program.content.scenario.id,
        "cut": story.program.cut.id,
        "turn": story.last_turn,
        "date": story.date(story.last_turn).isoformat(),
        "seat": seat,
        "reports": _reports(known),
        "news": _news(known),
        "orders": _orders(known, seat, opened),
        "bodies": {body: {"motions": motions} for body, motions in motion_documents(known).items()},
        "messages": [dict(message) for message in messages if _concerns(message, seat)],
        "agreements": [agreement_data(story.program, one) for one in story.worlds[-1].agreements if one.is_open_to(seat)],
        "objectives": _objectives(known),
        "own": quantities_of(story.program, story.worlds[-1], seat, "seat"),
    }


def _addressed(story: Story, seat: str) -> Story:
    """The same story with only what this seat was told and did."""
    turns = tuple(
        ToldTurn(
            turn.number,
            tuple(one for one in turn.decisions if getattr(one, "seat", "") == seat),
            tuple(outcome for outcome in turn.outcomes if outcome.reaches(seat)),
            (),
        )
        for turn in story.turns
    )
    return Story(story.program, story.worlds, turns)


def _concerns(message: Mapping[str, Any], seat: str) -> bool:
    return message["from"] == seat or message["to"] == "all" or seat in message["to"]


def _reports(known: Story) -> Document:
    """The latest figure of every report, by ``entity.quantity``; where several speak of one thing, the one that the seat trusts first and,
    under ``others``, the rest.
    """
    trust = {report.id: report.priority for report in known.program.content.reports}
    latest: dict[str, dict[str, Outcome]] = {}
    for turn in known.turns:
        for outcome in turn.outcomes:
            if outcome.kind == "report":
                name = f"{outcome.data['entity']}.{outcome.data['quantity'].partition('.')[2]}"
                latest.setdefault(name, {})[outcome.data["report"]] = outcome
    told: Document = {}
    for name, by_report in latest.items():
        ordered = sorted(by_report.items(), key=lambda item: (-trust.get(item[0], 0), item[0]))
        figures = [_figure(known.program, outcome) for _, outcome in ordered]
        told[name] = figures[0] | ({"others": figures[1:]} if len(figures) > 1 else {})
    return told


def _figure(program: Program, outcome: Outcome) -> Document:
    data = outcome.data
    kind, _, name = data["quantity"].partition(".")
    definition = program.layout.quantities[kind, name]
    value, previous = data["value"], data["previous"]
    is_number = not definition.values and definition.unit != "date"
    return {
        "value": readable(program, definition, value),
        "as_of": data["as_of"],
        "source": data["measured_by"],
        "trend": value - previous if is_number and previous is not None else None,
        "unit": definition.unit,
        "report": data["report"],
    }


def _news(known: Story) -> list[Document]:
    told: list[Document] = []
    for turn in known.turns:
        base = {"turn": turn.number, "date": known.date(turn.number).isoformat()}
        for outcome in turn.outcomes:
            if outcome.kind == "news":
                keys = ("headline", "text", "source", "method", "time", "inject")
                told.append({**base, **{key: outcome.data[key] for key in keys if key in outcome.data}})
            elif outcome.kind == "order_seen":
                told.append(
                    {**base, "headline": outcome.data["text"], "text": "", "source": outcome.data["seat"], "order": outcome.data["order"]}
                )
    return told


def _orders(known: Story, seat: str, opened: World | None) -> Document:
    if not known.turns or opened is None:
        return {"committed": [], "legal": [], "refused": []}
    given = [one for one in known.turns[-1].decisions if isinstance(one, OrderDecision)]
    menu = legal(known.program, opened, seat)
    return {
        "committed": [{"order": one.order, "target": one.target, "amount": one.amount} for one in given],
        "legal": [{"order": one.order, "target": one.target, "costs": dict(one.costs)} for one in menu if one.legal],
        "refused": [{"order": one.order, "target": one.target, "why": one.why} for one in menu if not one.legal],
        "results": [
            {"order": data["order"], "target": data["target"], "amount": data["amount"], "done": data["done"], "why": data["why"]}
            for data in (outcome.data for outcome in known.turns[-1].outcomes if outcome.kind == "order_result")
        ],
    }


def _objectives(known: Story) -> Document:
    scores: Document = {}
    for turn in known.turns:
        for outcome in turn.outcomes:
            if outcome.kind == "objective":
                scores[outcome.data["objective"]] = outcome.data["score"]
    return scores
