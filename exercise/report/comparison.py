"""Two exercises of one scenario side by side: what was decided otherwise, what came otherwise, and how they ended.

Plain JSON values, as in ``exercise.report.documents``. Only what differs is in them; ``a`` is what the first has and ``b`` what the second
has, and changing the two about changes nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from exercise.core.decisions import InjectRelease, MotionDecision, OrderDecision, Ruling, VoteDecision
from exercise.core.definitions import QuantityDefinition
from exercise.core.ending import classes_of, facts_of, scores_of
from exercise.core.layout import NEVER, bounds
from exercise.core.legality import size_of
from exercise.core.program import Program
from exercise.core.world import digest
from exercise.record.entry import Entry
from exercise.record.inputs import decision_of
from exercise.report.decided import decision_words, ruling_document
from exercise.report.documents import Document, readable
from exercise.report.story import Story, ToldTurn

TOLD_OTHERWISE = frozenset({"motion", "ballot", "inject", "order"})
"""Built-in kinds that are told as decisions and injects rather than as quantities."""
SCALED = frozenset({"points", "share", "flag"})
"""Units whose range is the same for every quantity."""

Pair = tuple[Story, Story]


def compare(a: Story, b: Story) -> Document:
    """Both stories as far as both were played.

    ``shared_turns`` counts the turns from the first on in which the same was decided and the same world came of it; ``turns`` holds those
    in which something differs; ``end`` what differs after the last.
    """
    last = min(a.last_turn, b.last_turn)
    differences = [_turn((a, b), number) for number in range(1, last + 1)]
    shared = 0
    while shared < last and differences[shared] is None:
        shared += 1
    _add_quantities((a, b), last, differences)
    return {
        "shared_turns": shared,
        "turns": [difference for difference in differences if difference is not None],
        "end": compare_endings(a.program, ending(a.until(last)), ending(b.until(last)), last),
    }


def ending(story: Story) -> Document:
    """What matters at the end of a story: objectives in truth, classes, and at ENDEX the model's numbers for the facts."""
    program, world = story.program, story.worlds[-1]
    facts = facts_of(program, world) if story.is_finished else {}
    return {"facts": facts, "objectives": scores_of(program, world), "classes": classes_of(program, world)}


def compare_endings(program: Program, a: Document, b: Document, turn: int) -> Document:
    """Two endings (see ``ending``) after the same turn: the classes, objectives and facts that differ."""
    facts = {fact.definition.id: fact.definition for fact in program.facts}
    return {
        "turn": turn,
        "finished": turn == len(program.calendar.turns),
        "classes": [{"entity": entity, "a": one, "b": other} for entity, one, other in _unlike(a["classes"], b["classes"])],
        "objectives": [
            {"seat": seat, "objective": objective, "a": one, "b": other}
            for seat in dict.fromkeys((*a["objectives"], *b["objectives"]))
            for objective, one, other in _unlike(a["objectives"].get(seat, {}), b["objectives"].get(seat, {}))
        ],
        "facts": [
            {"fact": fact, "title": facts[fact].title, "unit": facts[fact].unit, "a": one, "b": other}
            for fact, one, other in _unlike(a["facts"], b["facts"])
            if fact in facts
        ],
    }


def _unlike(a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """What is not the same under one name; None where one has nothing of that name."""
    for name in dict.fromkeys((*a, *b)):
        if a.get(name) != b.get(name):
            yield name, a.get(name), b.get(name)


# --- a turn -------------------------------------------------------------------------------------------------------------------------


def _turn(pair: Pair, number: int) -> Document | None:
    """What was decided, tabled, voted, released and ruled otherwise in a turn; None if the two turns are the same to the world's digest."""
    told: Document = {"turn": number, "date": pair[0].date(number).isoformat()}
    for name, items in _SORTS.items():
        a, b = (items(story, story.turns[number - 1]) for story in pair)
        told[name] = {"a": [one for one in a if one not in b], "b": [one for one in b if one not in a]}
    told["quantities"] = []
    differs = any(told[name]["a"] or told[name]["b"] for name in _SORTS)
    worlds = [story.worlds[number] for story in pair]
    return told if differs or digest(worlds[0]) != digest(worlds[1]) else None


def _orders(story: Story, turn: ToldTurn) -> list[Document]:
    return [
        {"seat": one.seat, "order": one.order, "target": one.target, "amount": _amount(story.program, one)}
        for one in turn.decisions
        if isinstance(one, OrderDecision)
    ]


def _amount(program: Program, decision: OrderDecision) -> float | None:
    """The size of an order, the default written out; None where the order has none."""
    order = program.order(decision.seat, decision.order)
    return None if order is None or order.instance.definition.amount is None else size_of(order, decision)


def _motions(_story: Story, turn: ToldTurn) -> list[Document]:
    """Motions that were tabled in the turn or on which a body came to something."""
    found: dict[tuple[str, str], Document] = {}

    def of(body: str, motion: str) -> Document:
        return found.setdefault((body, motion), {"body": body, "motion": motion, "tabled_by": [], "outcome": None, "size": None})

    for one in turn.decisions:
        if isinstance(one, MotionDecision):
            of(one.body, one.motion)["tabled_by"].append(one.seat)
    for outcome in turn.outcomes:
        if outcome.kind == "motion_outcome":
            of(outcome.data["body"], outcome.data["motion"]).update(outcome=outcome.data["outcome"], size=outcome.data["size"])
    for motion in found.values():
        motion["tabled_by"].sort()
    return list(found.values())


def _votes(_story: Story, turn: ToldTurn) -> list[Document]:
    """Votes as seats cast them by hand, and as bodies counted them."""
    cast = [
        {"body": one.body, "motion": one.motion, "member": one.seat, "vote": one.vote, "counted": False}
        for one in turn.decisions
        if isinstance(one, VoteDecision)
    ]
    counted = [
        {key: outcome.data[key] for key in ("body", "motion", "member", "vote")} | {"counted": True}
        for outcome in turn.outcomes
        if outcome.kind == "vote"
    ]
    return [*cast, *counted]


def _injects(story: Story, turn: ToldTurn) -> list[Document]:
    """Injects released in the turn, by hand or by themselves."""
    by_hand = {one.inject for one in turn.decisions if isinstance(one, InjectRelease)}
    before, after = story.worlds[turn.number - 1 : turn.number + 1]
    cells = {inject.id: story.program.layout.cell(inject.id, "released") for inject in story.program.content.injects}
    return [{"inject": id, "by_hand": id in by_hand} for id, cell in cells.items() if before.cells[cell] <= 0 < after.cells[cell]]


def _rulings(_story: Story, turn: ToldTurn) -> list[Document]:
    return [ruling_document(one) for one in turn.decisions if isinstance(one, Ruling)]


_SORTS: Mapping[str, Callable[[Story, ToldTurn], list[Document]]] = {
    "orders": _orders,
    "motions": _motions,
    "votes": _votes,
    "injects": _injects,
    "rulings": _rulings,
}


# --- quantities ---------------------------------------------------------------------------------------------------------------------


def _add_quantities(pair: Pair, last: int, differences: Sequence[Document | None]) -> None:
    """Tell every turn's different quantities, the largest difference first: ``share`` is its size as a part of the quantity's range."""
    cells = [_named_cells(story.program) for story in pair]
    names = [name for name in cells[0] if name in cells[1]]
    shares: dict[str, float] = {}
    for number, told in enumerate(differences, 1):
        if told is None:
            continue
        found: list[Document] = []
        for name in names:
            values = tuple(story.worlds[number].cells[where[name]] for story, where in zip(pair, cells, strict=True))
            if values[0] != values[1]:
                definition = _definition(pair[0].program, cells[0][name])
                if name not in shares:
                    shares[name] = _range(pair, (cells[0][name], cells[1][name]), definition, last)
                a, b = (readable(story.program, definition, value) for story, value in zip(pair, values, strict=True))
                found.append({"quantity": name, "a": a, "b": b, "share": _share(definition, values, shares[name])})
        told["quantities"] = sorted(found, key=lambda one: (-one["share"], one["quantity"]))


def _named_cells(program: Program) -> dict[str, int]:
    return {
        program.layout.name(cell): cell
        for cell, known in enumerate(program.layout.cells)
        if known is not None and known.quantity.kind not in TOLD_OTHERWISE
    }


def _definition(program: Program, cell: int) -> QuantityDefinition:
    known = program.layout.cells[cell]
    assert known is not None
    return known.quantity


def _range(pair: Pair, cells: tuple[int, int], definition: QuantityDefinition, last: int) -> float:
    """The range against which a difference is held: as declared, or where that is open the values that both exercises went through."""
    if definition.unit == "date":
        return float((pair[0].program.calendar.end - pair[0].program.calendar.startex).days)
    if definition.values or definition.unit in SCALED or (definition.low is not None and definition.high is not None):
        low, high = bounds(definition)
        return high - low
    seen = [world.cells[cell] for story, cell in zip(pair, cells, strict=True) for world in story.worlds[: last + 1]]
    return max(seen) - min(seen)


def _share(definition: QuantityDefinition, values: tuple[float, ...], range_: float) -> float:
    if definition.unit == "date" and min(values) <= NEVER:
        return 1.0
    return abs(values[0] - values[1]) / range_ if range_ > 0 else 1.0


# --- entries ------------------------------------------------------------------------------------------------------------------------


def shared_entries(a: Sequence[Entry], b: Sequence[Entry]) -> int:
    """How many entries from the first on say the same in both logs; wall time is not compared."""
    count = 0
    for one, other in zip(a, b, strict=False):
        if (one.type, one.data) != (other.type, other.data):
            break
        count += 1
    return count


def first_difference(a: Sequence[Entry], b: Sequence[Entry]) -> Document | None:
    """The first entry that is not the same in both logs; a line is None where that log has ended before."""
    shared = shared_entries(a, b)
    one, other = (log[shared] if shared < len(log) else None for log in (a, b))
    if one is None and other is None:
        return None
    return {"line_a": one and one.n, "line_b": other and other.n, "what": _what(one, other)}


def changed_files(a: Entry, b: Entry) -> Document:
    """The content files that differ between two first lines, and those that only one has."""
    one, other = (dict(header.data["files"]) for header in (a, b))
    return {
        "changed": [name for name in one if name in other and one[name] != other[name]],
        "only_a": [name for name in one if name not in other],
        "only_b": [name for name in other if name not in one],
    }


def _what(one: Entry | None, other: Entry | None) -> str:
    if one is None or other is None:
        ended, goes_on = ("a", other) if one is None else ("b", one)
        assert goes_on is not None
        return f"{ended} ends here; the other goes on with {_entry_words(goes_on)}"
    if one.type == other.type == "exercise":
        keys = sorted(key for key in one.data.keys() | other.data.keys() if one.data.get(key) != other.data.get(key))
        return f"the first lines differ in {', '.join(keys)}"
    a, b = _entry_words(one), _entry_words(other)
    if a == b:
        keys = sorted(key for key in one.data.keys() | other.data.keys() if one.data.get(key) != other.data.get(key))
        return f"{a}, with another {', '.join(keys)}"
    return f"a has {a}, b has {b}"


def _entry_words(entry: Entry) -> str:
    decision = decision_of(entry)
    turn = f"turn {entry.data['turn']}" if "turn" in entry.data else ""
    subject = entry.data.get("seat", entry.data.get("from", ""))
    words = decision_words(decision) if decision is not None else f"'{entry.type}' {subject}".strip()
    return f"{words} ({turn})" if turn else words
