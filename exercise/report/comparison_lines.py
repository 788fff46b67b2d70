"""Two exercises side by side in words and columns: ``-`` is what only the first has, ``+`` what only the second has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from exercise.report.documents import Document
from exercise.report.plain import WIDTH, amount, signed

MOST_QUANTITIES = 8
"""Quantities of a turn that people are shown; the rest are counted."""
SPREAD = 30
"""Columns of three numbers."""
LEAST_POINTS = 0.5
"""Objectives that differ by less are counted and not shown to people."""


def diff_lines(document: Document) -> Iterator[str]:
    """Two logs: which they are, where they part, and every turn in which they differ."""
    for mark, side in (("-", "a"), ("+", "b")):
        one = document[side]
        stands = "finished" if one["finished"] else f"{_turns(one['turn'])} closed"
        yield f"{mark} {side}  {one['log']}: seed {one['seed']}, {stands}"
    content = document["content"]
    for words, names in (("changed", content["changed"]), ("only in a", content["only_a"]), ("only in b", content["only_b"])):
        if names:
            yield f"content {words}: {', '.join(names)}"
    first = document["first_difference"]
    if first is None:
        yield "the two logs say the same"
        return
    line = first["line_a"] or first["line_b"]
    yield f"the same up to line {line - 1}; line {line}: {first['what']}"
    yield f"the same decisions and worlds in {_turns(document['shared_turns'])}"
    yield from turn_lines(document["turns"])
    yield from end_lines(document["end"], "a", "b")


def _turns(number: int) -> str:
    return "no turn" if number == 0 else "turn 1" if number == 1 else f"turns 1 to {number}"


def turn_lines(turns: Iterable[Document]) -> Iterator[str]:
    """The turns in which something differs: what was decided and what came of it, then quantities."""
    for turn in turns:
        yield ""
        yield f"turn {turn['turn']}, {turn['date']}"
        lines = [*_decided_lines(turn), *_quantity_lines(turn["quantities"])]
        yield from lines or ["    only what seats were told differs"]


def decision_lines(turns: Iterable[Document]) -> Iterator[str]:
    """The turns in which something was decided or came otherwise, without counted votes and quantities."""
    for turn in turns:
        lines = [*_decided_lines(turn, counted=False)]
        if lines:
            yield ""
            yield f"turn {turn['turn']}, {turn['date']}"
            yield from lines


def end_lines(end: Document, a: str, b: str) -> Iterator[str]:
    """How the two ended, as far as it differs; ``a`` and ``b`` are what they are called."""
    when = "ENDEX" if end["finished"] else f"turn {end['turn']}"
    rows = end_rows(end)
    rest = len(end["facts"]) + len(end["classes"]) + len(end["objectives"]) - len(rows)
    yield ""
    if not rows and not rest:
        yield f"after {when}: the same facts, objectives and classes"
        return
    yield f"{f'after {when}':{WIDTH + 18}}{a:>12}{b:>12}"
    for name, one, other in rows:
        yield f"  {name:{WIDTH + 16}}{value_words(one):>12}{value_words(other):>12}{_change(one, other)}"
    if rest:
        yield f"  and {_count(rest, 'objective', 'objectives')} by less than half a point"


def end_rows(end: Document) -> list[tuple[str, Any, Any]]:
    """What differs between two ends, with both values: facts, classes, then objectives by how much; small differences are left out."""
    rows: list[tuple[str, Any, Any]] = [(f"{one['fact']} ({one['unit']})", one["a"], one["b"]) for one in end["facts"]]
    rows += [(f"{one['entity']}: class", one["a"] or "-", one["b"] or "-") for one in end["classes"]]
    moved = sorted((one for one in end["objectives"] if _points(one) >= LEAST_POINTS), key=_points, reverse=True)
    return rows + [(f"{one['seat']}: {one['objective']}", one["a"], one["b"]) for one in moved]


def value_words(value: Any) -> str:
    """A value at the end, as people read it."""
    return "-" if value is None else amount(value)


def distribution_lines(distribution: Document, runs: int) -> Iterator[str]:
    """End quantities over many runs: 10, 50 and 90 % of the log with nothing changed, and of the branch; classes by their share of runs.

    What is the same in both is counted and not shown, unless everything is.
    """
    a, b = (_spread_rows(distribution[side]) for side in ("source", "branch"))
    objectives = {f"{seat}: {objective}" for seat, scores in distribution["source"]["objectives"].items() for objective in scores}
    unlike = [name for name in a if a[name] != b[name] and (name not in objectives or _is_apart(a[name], b[name]))]
    shown = unlike or list(a)
    yield ""
    columns = f"{'log':>{SPREAD}}{'branch':>{SPREAD}}" if unlike else f"{'log and branch':>{SPREAD}}"
    yield f"{f'at ENDEX, {runs} runs: 10 / 50 / 90 %':{WIDTH + 18}}{columns}"
    for name in shown:
        told = [a[name], b[name]] if unlike else [a[name]]
        yield f"  {name:{WIDTH + 16}}" + "".join(f"{_spread(one):>{SPREAD}}" for one in told)
    if len(shown) < len(a):
        yield f"  and {len(a) - len(shown)} that differ by nothing or by less than half a point"


def _spread_rows(side: Document) -> dict[str, Document]:
    rows: dict[str, Document] = dict(side["facts"])
    rows.update({f"{entity}: class": told for entity, told in side["classes"].items()})
    rows.update({f"{seat}: {objective}": told for seat, scores in side["objectives"].items() for objective, told in scores.items()})
    return rows


def _is_apart(one: Document, other: Document) -> bool:
    """Whether two spreads of an objective differ by what people are shown."""
    return any(abs(one[key] - other[key]) >= LEAST_POINTS for key in one)


def _spread(one: Document) -> str:
    if "median" in one:
        return " / ".join(amount(round(one[key]) if abs(one[key]) >= 1000 else one[key]) for key in ("low", "median", "high"))
    return ", ".join(f"{name} {100 * share:.0f}%" for name, share in one.items())


def _change(one: Any, other: Any) -> str:
    numbers = isinstance(one, int | float) and isinstance(other, int | float)
    return f"  {signed(other - one)}" if numbers else ""


def _decided_lines(turn: Document, *, counted: bool = True) -> Iterator[str]:
    for name, words in _WORDS.items():
        for mark, side in (("-", "a"), ("+", "b")):
            for one in turn[name][side]:
                if counted or not one.get("counted"):
                    yield f"  {mark} {words(one)}"


def _order(one: Document) -> str:
    size = "" if one["amount"] is None else f" {amount(one['amount'])}"
    return f"{one['seat']}: {one['order']} {one['target'] or ''}".rstrip() + size


def _motion(one: Document) -> str:
    tabled = f" tabled by {', '.join(one['tabled_by'])}" if one["tabled_by"] else ""
    size = f" ({amount(one['size'])})" if one["size"] else ""
    outcome = "still open" if one["outcome"] == "tabled" else one["outcome"]
    return f"{one['body']}: motion {one['motion']}{tabled}" + (f", {outcome}{size}" if outcome else "")


def _vote(one: Document) -> str:
    vote = "vote taken back" if one["vote"] == "none" else one["vote"]
    return f"{one['member']}: {vote} on {one['body']} {one['motion']}" + ("" if one["counted"] else " (by hand)")


def _inject(one: Document) -> str:
    return f"inject {one['inject']}" + (" (by hand)" if one["by_hand"] else "")


def _ruling(one: Document) -> str:
    effects = "; ".join(
        f"{effect['entity']}.{effect['quantity']} " + (f"= {amount(effect['set'])}" if "set" in effect else signed(effect["add"]))
        for effect in one["effects"]
    )
    return f"ruling: {one['reason']} ({effects})"


_WORDS: Mapping[str, Callable[[Document], str]] = {
    "orders": _order,
    "motions": _motion,
    "votes": _vote,
    "injects": _inject,
    "rulings": _ruling,
}


def _quantity_lines(quantities: Sequence[Document]) -> Iterator[str]:
    for one in quantities[:MOST_QUANTITIES]:
        yield f"    {one['quantity']:{WIDTH + 14}}{amount(one['a']):>12}{amount(one['b']):>12}{_change(one['a'], one['b'])}"
    rest = len(quantities) - MOST_QUANTITIES
    if rest > 0:
        yield f"    and {_count(rest, 'more quantity', 'more quantities')}"


def _points(one: Document) -> float:
    """By how much an objective differs; one that only one side has differs by all there is."""
    return 100.0 if one["a"] is None or one["b"] is None else abs(float(one["b"]) - float(one["a"]))


def _count(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"
