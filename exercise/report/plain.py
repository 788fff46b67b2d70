"""The same documents in words and columns, line by line, for a person at a shell. Eighty columns where names allow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from exercise.core.outcomes import Outcome
from exercise.report.documents import Document, world_document
from exercise.report.story import Story

WIDTH = 26
"""Columns of a quantity's name."""


def amount(value: Any) -> str:
    """A value for reading: at most one decimal, thousands apart; two digits of what is smaller than 1; names and days as they are."""
    if value is None:
        return "never"
    if isinstance(value, str):
        return value
    if 0 < abs(value) < 1:
        return f"{value:.2g}"
    rounded = round(float(value), 1)
    return f"{rounded:,.0f}" if rounded == int(rounded) else f"{rounded:,.1f}"


def signed(value: float) -> str:
    """A change: with its sign."""
    return f"{'+' if value >= 0 else '-'}{amount(abs(value))}"


def reason(one: Document) -> str:
    """Why a contribution was made; what comes late, or ends, is not told with the words of what begins."""
    if one["ending"]:
        return f"wears off after {one['span']}: {one['because']}" if one["span"] else f"wears off: {one['because']}"
    return f"{one['because']}, after {one['span']}" if one["span"] else str(one["because"])


def crossing_words(way: Document) -> str:
    """On which side of its line an axis of a class stands, and by how much; ``crossed`` is what changed the class."""
    above = way["value"] >= way["threshold"]
    verb = ("rose to at least" if above else "fell below") if way["crossed"] else ("stays at or above" if above else "stays below")
    line = f" (line {amount(way['line'])}, margin {amount(way['line_margin'])})" if way["line"] is not None else ""
    return f"{way['quantity']} {amount(way['value'])} {verb} {amount(way['threshold'])}{line}, by {amount(abs(way['by']))}"


def world_lines(story: Story) -> Iterator[str]:
    """The world after the story's last turn: what moved since STARTEX, motions, injects, scores."""
    now, before = world_document(story), world_document(story.until(0))
    ending = "ENDEX" if now["finished"] else f"of {now['turns']}"
    yield f"{now['title']}, {now['cut']}: after turn {now['turn']} {ending}, {now['date']}   (seed {now['seed']})"
    names = {entity.id: entity.name for entity in story.program.content.entities}
    for entity, told in now["entities"].items():
        yield from _entity_lines(names[entity], entity, told, before["entities"][entity])
    yield from _register_lines(now["registers"], names)
    yield from _body_lines(now["bodies"])
    yield from _section("agreements", _agreement_lines(now["agreements"]))
    yield ""
    yield f"injects: {len(now['injects']['released'])} released, {len(now['injects']['pending'])} may still come"
    yield ""
    yield f"{'seat':{WIDTH}}  public  private"
    for seat, told in now["seats"].items():
        if told["objectives"]:
            yield f"{seat:{WIDTH}}  {_score(told['public']):>6}  {_score(told['private']):>7}"
    yield ""
    yield f"digest {now['digest']}"


def _register_lines(registers: Document, names: Mapping[str, str]) -> Iterator[str]:
    """Registers with something in them; what stands at nothing is left out."""
    for title, entities in registers.items():
        if any(value for listed in entities.values() for value in listed.values()):
            yield ""
            yield title
            for entity, listed in entities.items():
                found = [f"{name} {amount(value)}" for name, value in listed.items() if value]
                if found:
                    yield f"  {names[entity]}: {', '.join(found)}"


def seat_lines(document: Document) -> Iterator[str]:
    """What a seat knew."""
    yield f"{document['seat']}: what it knew after turn {document['turn']}, {document['date']}"
    yield ""
    yield f"{'report':{WIDTH + 14}}  {'value':>12}  {'change':>8}  as of       by"
    for name, figure in document["reports"].items():
        for one in (figure, *figure.get("others", [])):
            change = signed(one["trend"]) if one["trend"] is not None else ""
            yield f"{name:{WIDTH + 14}}  {amount(one['value']):>12}  {change:>8}  {one['as_of']}  {one['source']}"
    yield from _section("news", (f"{one['date']}  {one['headline']}" for one in document["news"]))
    yield from _section("orders", (_order_line(one) for one in document["orders"]["committed"]))
    yield from _section("could not", (f"{_target(one)}: {one['why']}" for one in document["orders"]["refused"]))
    yield from _section("agreements", _agreement_lines(document["agreements"]))
    yield from _section("messages", (f"turn {one['turn']}, {one['from']}: {one['text']}" for one in document["messages"]))
    yield from _section(
        "objectives as it could judge them", (f"{name:{WIDTH}}  {amount(score)}" for name, score in document["objectives"].items())
    )


def _agreement_lines(agreements: Sequence[Document]) -> Iterator[str]:
    """Each agreement with its clauses: how they stand as the parties know it and, where that is asked for and another thing, in truth."""
    for one in agreements:
        kind = "published" if one["disclosed"] else "secret" if one["secret"] else "public"
        yield f"{one['id']} ({kind}): {one['status']}, {one['since']} to {one['until']}"
        for clause in one["clauses"]:
            truth = clause.get("truth", clause["status"])
            yield f"  {clause['status']}: {clause['says']}" + (f"   (in truth {truth})" if truth != clause["status"] else "")


def explanation_lines(document: Document) -> Iterator[str]:
    """A chain of contributions, each with its reason, what it stands on and the comparisons that let it act; a class leads to its axes."""
    first, last = document["from"] + 1, document["to"]
    span = f"turn {last}" if first == last else f"turns {first} to {last}"
    yield f"{document['quantity']} ({document['name']}, {document['unit']}), {span}:"
    yield f"  {amount(document['before'])} -> {amount(document['after'])}"
    if not document["contributions"]:
        yield "  nothing changed it"
    for one in document["contributions"]:
        yield from _contribution_lines(one)
        yield from _axis_lines(document, one)
    for part in (part for each in (document, *document["axes"]) for part in each["parts"]):
        yield f"  made of {part['quantity']}: {amount(part['before'])} -> {amount(part['after'])}"


def _axis_lines(document: Document, one: Document) -> Iterator[str]:
    """What moved the axes that changed a class, in the turn in which it changed."""
    crossed = [way["quantity"] for way in one["crossings"] if way["crossed"]]
    for axis in document["axes"]:
        if axis["quantity"] in crossed:
            yield f"      why {axis['quantity']} moved in turn {one['turn']}:"
            chain = (each for each in axis["contributions"] if each["turn"] == one["turn"])
            yield from (f"    {line}" for each in chain for line in _contribution_lines(each))


def _contribution_lines(one: Document) -> Iterator[str]:
    before, after = one["before"], one["after"]
    change = signed(after - before) if isinstance(before, float) and isinstance(after, float) else f"{amount(before)} to"
    yield f"  turn {one['turn']:<3} {change:>12} = {amount(after):<10} {one['kind']} {one['id']}: {reason(one)}"
    grounds = [", ".join(one["claims"]), ", ".join(one["sources"])]
    if any(grounds):
        yield f"      [{'; '.join(filter(None, grounds))}]"
    for way in one["crossings"]:
        yield f"      {crossing_words(way)}"
    for held in () if one["crossings"] else one["comparisons"]:
        yield f"      {held['text']}  ({amount(held['left'])} against {amount(held['right'])})"


def _entity_lines(name: str, entity: str, now: Document, before: Document) -> Iterator[str]:
    changed = {key: value for key, value in now["quantities"].items() if value != before["quantities"][key]}
    if not changed and "capacity" not in now:
        return
    yield ""
    yield f"{name} ({entity})" + (f": {now['capacity']}" if "capacity" in now else "")
    for key, value in changed.items():
        was = before["quantities"][key]
        is_number = isinstance(value, float) and isinstance(was, float)
        yield f"  {key:{WIDTH}}{amount(value):>12}  {signed(value - was) if is_number else f'was {amount(was)}'}"


def _body_lines(bodies: Document) -> Iterator[str]:
    for body, told in bodies.items():
        for motion in told["motions"]:
            yield ""
            by = ", ".join(motion["by"]) or "as a fallback"
            yield f"{body}: {motion['title']}: tabled {motion['tabled']} ({by}), {motion['outcome']} {motion['decided'] or ''}".rstrip()
            yield from (f"  {reason}" for reason in motion["reasons"])


def _score(value: float | None) -> str:
    return "-" if value is None else amount(value)


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    told = list(lines)
    if told:
        yield ""
        yield title
        yield from (f"  {line}" for line in told)


def _order_line(one: Document) -> str:
    size = f" {amount(one['amount'])}" if one["amount"] is not None else ""
    return f"{_target(one)}{size}"


def _target(one: Document) -> str:
    return f"{one['order']} {one['target'] or ''}".rstrip()


def recorded_lines(turns: Mapping[int, Sequence[Outcome]]) -> Iterator[str]:
    """Recorded outcomes by turn: for logs of which nothing but these is known."""
    for number, outcomes in turns.items():
        yield ""
        yield f"turn {number}"
        yield from (f"  {_recorded(outcome.kind, outcome.data)}" for outcome in outcomes)


def _recorded(kind: str, data: Mapping[str, Any]) -> str:
    match kind:
        case "news":
            return f"news: {data['headline']}"
        case "report" | "public" | "own":
            before = "" if data.get("previous") is None else f", was {amount(data['previous'])}"
            name = data["quantity"].rpartition(".")[2]
            by = f"  ({data['measured_by']}, as of {data['as_of']})" if kind == "report" else ""
            return f"{data['entity']}.{name}: {amount(data['value'])}{before}{by}"
        case "order_result" | "order_seen":
            target = f", {data['target']}" if data.get("target") else ""
            failed = "" if data.get("done", True) else f": not done, {data['why']}"
            return f"order: {data['seat']}: {data['title']}{target}{failed}"
        case "motion_step" | "vote" | "motion_outcome":
            passed = f"{data.get('stage')} {'passed' if data.get('passed') else 'failed'}"
            said = {"vote": f"{data.get('member')} {data.get('vote')}", "motion_step": passed}.get(kind, data.get("outcome"))
            return f"motion: {data['body']}, {data['title']}: {said}"
        case _:
            known = [f"{name} {amount(value)}" for name, value in data.items() if isinstance(value, str | int | float)]
            return f"{kind}: {', '.join(known)}"
