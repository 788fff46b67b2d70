"""The first frame of a seat's stream: everything that stays the same, so that a guest needs no scenario files.

It is built up from content for one seat: its own briefing, menu and objectives, and what everybody may know. Nothing of another seat's
private interests, of doctrines, of injects to come or of the rules' numbers is in it, but for the lines that a class goes by. The
facilitators' has every seat's menu.
"""

from __future__ import annotations

from exercise.core.definitions import Amount, BodyDefinition, Content, MapDefinition, SeatDefinition
from exercise.core.layout import bounds
from exercise.core.program import CompiledOrder, Program
from exercise.core.telling import entity_names
from exercise.core.verdicts import Verdict
from exercise.record.commitment import Promise
from exercise.session.bargaining import clause_cards
from exercise.session.roles import knows_menus
from exercise.session.streams import FACILITATORS, PUBLIC, Frame

NOBODYS: dict[str, Frame] = {
    stream: {
        "id": stream,
        "name": name,
        "short": name,
        "briefing": briefing,
        "public_aims": [],
        "private_interests": [],
        "red_lines": [],
        "objectives": [],
    }
    for stream, name, briefing in (
        (PUBLIC, "Observer", "You see what everybody can see, and decide nothing."),
        (FACILITATORS, "Facilitator", "You run the exercise."),
    )
}
"""What stands in place of a seat's own card in streams that are nobody's seat."""


def welcome(program: Program, seat: str, promise: Promise | None = None) -> Frame:
    """The welcome frame of a seat (without its place in the stream), with what was promised of the seed."""
    content = program.content
    return {
        "frame": "welcome",
        "seed_commitment": promise.commitment if promise is not None else "",
        "scenario": {
            "id": content.scenario.id,
            "title": content.scenario.title,
            "summary": content.scenario.summary,
            "content_note": content.scenario.content_note,
        },
        "cut": {"id": program.cut.id, "title": program.cut.title, "minutes": program.cut.minutes},
        "calendar": [
            {"turn": turn.number, "start": turn.start.isoformat(), "days": turn.days, "minutes": turn.minutes}
            for turn in program.calendar.turns
        ],
        "allowance": 0 if seat in NOBODYS else program.allowance(seat),
        "seat": NOBODYS[seat] if seat in NOBODYS else _seat(program.seat(seat)),
        "seats": [{"id": one.id, "name": one.name, "short": one.short or one.name[:12], "playable": one.playable} for one in content.seats],
        "resources": _resources(program),
        "menu": _menu(program, seat),
        **({"menus": {one: _menu(program, one) for one in program.playable}} if knows_menus(seat) else {}),
        "clauses": clause_cards(program, seat),
        "bodies": [_body(program, body, seat) for body in content.bodies],
        "map": _map(content.map),
        "entities": _entities(content),
        "quantities": _quantities(program),
        "sources": {
            source.id: {"title": source.title, "author": source.author, "year": source.year, "url": source.url}
            for source in content.sources
        },
    }


def _seat(seat: SeatDefinition) -> Frame:
    return {
        "id": seat.id,
        "name": seat.name,
        "short": seat.short or seat.name[:12],
        "briefing": seat.briefing,
        "public_aims": list(seat.public_aims),
        "private_interests": list(seat.private_interests),
        "red_lines": list(seat.red_lines),
        "objectives": [{"id": one.id, "title": one.title, "weight": one.weight, "private": one.private} for one in seat.objectives],
    }


def _resources(program: Program) -> list[Frame]:
    return [
        {"quantity": quantity.id, "name": quantity.name, "unit": quantity.unit, "meaning": quantity.meaning}
        for (kind, _), quantity in program.layout.quantities.items()
        if kind == "seat"
    ]


def _menu(program: Program, seat: str) -> list[Frame]:
    return [_order(program, order) for order in program.orders if order.instance.seat == seat]


def _order(program: Program, order: CompiledOrder) -> Frame:
    definition = order.instance.definition
    names = entity_names(program)
    return {
        "order": definition.id,
        "title": definition.title,
        "purpose": definition.purpose,
        "text": definition.text,
        "expects": definition.expects,
        "visibility": definition.visibility,
        "shown_to": list(definition.shown_to),
        "cooldown_days": definition.cooldown_days,
        "cooldown_for": "target" if order.rests_by_target else "seat",
        "target_kind": order.instance.kind or "",
        "targets": [{"id": target, "name": names.get(target, target)} for target in order.targets if target is not None],
        "amount": _amount(definition.amount),
        "costs": [
            {
                "resource": cost.resource,
                "name": program.layout.quantities["seat", cost.resource].name,
                "unit": program.layout.quantities["seat", cost.resource].unit,
                "text": cost.amount.text,
            }
            for cost in definition.costs
        ],
        "delays": list(dict.fromkeys(" ".join(effect.after.split()) for effect in definition.effects if effect.after)),
    }


def _amount(amount: Amount | None) -> Frame | None:
    if amount is None:
        return None
    return {
        "unit": amount.unit,
        "low": amount.low,
        "high": amount.high,
        "default": amount.default,
        "step": amount.step,
        "what": amount.what,
    }


def _body(program: Program, body: BodyDefinition, seat: str) -> Frame:
    names = entity_names(program)
    return {
        "id": body.id,
        "name": body.name,
        "short": body.short,
        "rule_text": body.rule_text,
        "members": [{"seat": member.seat, "name": names[member.seat], "weight": member.weight} for member in body.members],
        "motions": [
            {
                "motion": motion.id,
                "title": motion.title,
                "text": motion.text,
                "may_table": seat in motion.may_table,
                "tests": [{"stage": test.stage, "say": test.say} for test in (*body.tests, *motion.tests)],
                "size": motion.size,
                "size_unit": motion.size_unit,
            }
            for motion in body.motions
        ],
    }


def _map(drawn: MapDefinition | None) -> Frame:
    if drawn is None:
        return {"rows": [], "legend": {}, "places": []}
    places = [{"entity": place.entity, "column": place.column, "row": place.row, "label": place.label} for place in drawn.places]
    return {"rows": drawn.rows.strip("\n").split("\n"), "legend": dict(drawn.legend), "places": places}


def _entities(content: Content) -> dict[str, Frame]:
    named: dict[str, Frame] = {entity.id: {"name": entity.name, "kind": entity.kind, "about": entity.about} for entity in content.entities}
    named.update({seat.id: {"name": seat.name, "kind": "seat", "about": ""} for seat in content.seats})
    named.update({body.id: {"name": body.name, "kind": "body", "about": body.rule_text} for body in content.bodies})
    return named


def _quantities(program: Program) -> dict[str, Frame]:
    described: dict[str, Frame] = {}
    for quantity in program.content.quantities:
        low, high = bounds(quantity)
        described[f"{quantity.kind}.{quantity.id}"] = {
            "name": quantity.name,
            "unit": quantity.unit,
            "low": low,
            "high": high,
            "meaning": quantity.meaning,
            "better": quantity.better,
            "register": quantity.register,
            "values": list(quantity.values),
        }
    for verdict in program.verdicts.values():
        described[verdict.of].update(_class(program, verdict))
    return described


def _class(program: Program, verdict: Verdict) -> Frame:
    """What a class goes by: its axes with their lines, and for each class whether it stands above each of them."""
    kind = verdict.of.partition(".")[0]
    is_plain = all(one.axis and one.line is not None and one.sense in {">", ">="} for one in verdict.thresholds)
    if not verdict.sides or not is_plain:
        return {}
    values = program.layout.quantities[kind, verdict.of.partition(".")[2]].values
    return {
        "axes": [{"quantity": one.axis, "line": one.line, "margin": one.margin} for one in verdict.thresholds],
        "classes": {values[value]: list(above) for value, above in verdict.sides.items()},
    }
