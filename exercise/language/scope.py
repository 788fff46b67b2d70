"""What the words of an expression stand for: given by whoever lowers it, so that the language knows nothing of exercises."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import attrs

from exercise.language.form import Block, RelationTable
from exercise.language.units import Unit
from exercise.language.values import Number


@attrs.frozen(slots=True)
class Missing:
    """Answer for a quantity that cannot be read: why, and what would help."""

    message: str
    hint: str = ""
    code: str = "unknown-quantity"


@attrs.frozen(slots=True, kw_only=True)
class Names:
    """All fixed words.

    ``entities``: id -> (kind, index); ``kinds``: id -> entity ids; ``relations``: (kind, word) -> table; ``parameters``: dotted id ->
    (value, unit); ``choices``: every listed value; ``quantity(kind, word)`` finds the cells to read. ``tuned`` are parameters that stand
    in a cell (of a block with that one) instead of being written into the code, so that each run can have its own.
    """

    entities: Mapping[str, tuple[str, int]]
    kinds: Mapping[str, tuple[str, ...]]
    relations: Mapping[tuple[str, str], RelationTable]
    parameters: Mapping[str, tuple[float, Unit]]
    choices: frozenset[str]
    quantity: Callable[[str, str], Block | Missing]
    tuned: Mapping[str, Block] = attrs.field(factory=dict)


@attrs.frozen(slots=True, kw_only=True)
class Scope:
    """What one expression may name: ``variables``: word -> (position in the binding, kind); ``arguments``: word -> (position, type).

    ``features``: ``draw`` allows chance, noise and draw; ``past`` allows past values; ``step`` allows the length of the
    step, which only what runs in one has; ``today`` allows today() and in_days() everywhere
    that a date fits (without it they stand only where a date quantity is set).
    """

    names: Names
    variables: Mapping[str, tuple[int, str]] = attrs.field(factory=dict)
    arguments: Mapping[str, tuple[int, Number]] = attrs.field(factory=dict)
    features: frozenset[str] = frozenset()
