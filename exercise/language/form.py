"""The intermediate form on which every emitter stands: a block of typed instructions, each value assigned once.

An instruction is an operation, the numbers of its argument values (always smaller than its own) and static data. The operations:

    constant data=float or bool          now   days                        argument data=position
    cell (index) data=Block              past (index) data=(Block, turns)
    place data=index                     entity data=position in the binding
    item data=depth of the loop          follow (index) data=RelationTable with exactly one partner each
    add sub mul div  neg sqrt            min max                           IEEE double, correctly rounded
    less at_most equal  same             and or not                        select (condition, then, otherwise)
    draw data=(purpose, number)          reduce (start, filter, value) data=Reduction

``min(a, b)`` is b if b < a else a; ``max(a, b)`` is b if b > a else a. ``same`` compares two entities of a kind. All operations are total
on what the type pass lets through, so an emitter may compute or skip both branches of ``select``, ``and`` and ``or`` as it likes. A
``reduce`` runs over the row ``start`` of its table in order; inside, ``item`` of its depth is the element. A value that needs no item of a
loop may be computed before it. ``exercise.language.meaning`` is the reference meaning; all emitters agree with it to the last bit.
"""

from __future__ import annotations

import attrs

from exercise.language.units import NUMBER, Unit
from exercise.language.values import Type

REDUCTIONS = ("sum", "mean", "count", "any", "lowest", "highest")
"""Operations of ``reduce``. All start from 0 (any: false) and give it for an empty row; mean is the sum divided by the count."""


@attrs.frozen(slots=True, cache_hash=True)
class Block:
    """A quantity of a kind: ``cells[i]`` is the cell of entity i in the state vector; its value lies within ``low``..``high``.

    ``values`` lists the names of a listed quantity, ``date`` marks days from STARTEX that only the date functions may read.
    """

    kind: str
    name: str
    cells: tuple[int, ...]
    unit: Unit = NUMBER
    low: float = 0.0
    high: float = 100.0
    values: tuple[str, ...] = ()
    date: bool = False


@attrs.frozen(slots=True, cache_hash=True)
class RelationTable:
    """A relation between kinds: ``rows[i]`` are the partners of entity i, as indices of kind ``to``. ``one``: each row has exactly one."""

    id: str
    of: str
    to: str
    one: bool
    rows: tuple[tuple[int, ...], ...]


@attrs.frozen(slots=True, cache_hash=True)
class Reduction:
    """Static part of a ``reduce``: what is done, over which rows, and the depth that names its item (0 outermost)."""

    operation: str
    rows: tuple[tuple[int, ...], ...]
    depth: int


@attrs.frozen(slots=True)
class Instruction:
    """One operation: see the module's text for what ``args`` and ``data`` mean."""

    op: str
    args: tuple[int, ...] = ()
    data: object = None


@attrs.frozen(slots=True)
class Comparison:
    """A comparison outside any loop: the value that holds its answer, both sides as written, and its text."""

    value: int
    left: int
    right: int
    text: str


@attrs.frozen(slots=True)
class Code:
    """A finished block: instructions and their types by value number, and its comparisons in the order in which they were written."""

    instructions: tuple[Instruction, ...]
    types: tuple[Type, ...]
    comparisons: tuple[Comparison, ...] = ()
