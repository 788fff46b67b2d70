"""The syntax tree of an expression, and questions that can be asked of it without knowing what its words mean."""

from __future__ import annotations

from collections.abc import Iterator

import attrs


@attrs.frozen(slots=True)
class Literal:
    """A number, with the word of its unit when it was given one. ``40%`` is 0.4."""

    at: int
    end: int
    value: float
    unit: str = ""
    percent: bool = False


@attrs.frozen(slots=True)
class Boolean:
    """``true`` or ``false``."""

    at: int
    end: int
    value: bool


@attrs.frozen(slots=True)
class Text:
    """A word in quotes: the purpose of a draw."""

    at: int
    end: int
    value: str


@attrs.frozen(slots=True)
class Path:
    """Words joined by dots; ``offsets`` says where each begins."""

    at: int
    end: int
    parts: tuple[str, ...]
    offsets: tuple[int, ...]

    def __str__(self) -> str:
        return ".".join(self.parts)


@attrs.frozen(slots=True)
class Unary:
    """``-x`` or ``not x``."""

    at: int
    end: int
    op: str
    operand: Node


@attrs.frozen(slots=True)
class Binary:
    """``+ - * /``, ``and``, ``or``."""

    at: int
    end: int
    op: str
    left: Node
    right: Node


@attrs.frozen(slots=True)
class Compare:
    """A comparison with its text as written."""

    at: int
    end: int
    op: str
    left: Node
    right: Node
    text: str


@attrs.frozen(slots=True)
class Between:
    """``value between low and high``, both ends included."""

    at: int
    end: int
    value: Node
    low: Node
    high: Node
    texts: tuple[str, str]


@attrs.frozen(slots=True)
class Choose:
    """``then if condition else otherwise``."""

    at: int
    end: int
    condition: Node
    then: Node
    otherwise: Node


@attrs.frozen(slots=True)
class Call:
    """A function with its arguments."""

    at: int
    end: int
    name: str
    arguments: tuple[Node, ...]


@attrs.frozen(slots=True)
class Relation:
    """A reduction over the entities that ``path`` leads to, each called ``variable`` in turn."""

    at: int
    end: int
    function: str
    value: Node | None
    variable: str
    variable_at: int
    path: Path
    filter: Node | None


Node = Literal | Boolean | Text | Path | Unary | Binary | Compare | Between | Choose | Call | Relation
"""Any part of an expression. ``at`` and ``end`` are its span in the text."""


def walk(node: Node) -> Iterator[Node]:
    """Every part of a tree, the node itself first, in the order of the text for the parts of one level."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        waiting.extend(reversed(_parts(one)))


def _parts(node: Node) -> tuple[Node, ...]:
    parts: tuple[Node | None, ...] = ()
    if isinstance(node, Unary):
        parts = (node.operand,)
    elif isinstance(node, Binary | Compare):
        parts = (node.left, node.right)
    elif isinstance(node, Between):
        parts = (node.value, node.low, node.high)
    elif isinstance(node, Choose):
        parts = (node.then, node.condition, node.otherwise)
    elif isinstance(node, Call):
        parts = node.arguments
    elif isinstance(node, Relation):
        parts = (node.value, node.path, node.filter)
    return tuple(part for part in parts if part is not None)


def names_read(node: Node) -> frozenset[tuple[str, ...]]:
    """Every path in an expression, as its words: ``r.country.openness`` gives ("r", "country", "openness").

    Words that a relation binds (``for x in``) are included where they are read.
    """
    return frozenset(part.parts for part in walk(node) if isinstance(part, Path))


def functions_used(node: Node) -> frozenset[str]:
    """Names of all functions and relations (sum, count ...) that an expression calls."""
    calls = {part.name for part in walk(node) if isinstance(part, Call)}
    return frozenset(calls | {part.function for part in walk(node) if isinstance(part, Relation)})


def numbers_written(node: Node) -> tuple[float, ...]:
    """Every number written in an expression, in order; ``40%`` counts as 40, the turns of ``past`` not at all."""
    turns = {part.arguments[1].at for part in walk(node) if isinstance(part, Call) and part.name == "past"}
    numbers = [part for part in walk(node) if isinstance(part, Literal) and part.at not in turns]
    return tuple(part.value * 100.0 if part.percent else part.value for part in numbers)
