"""Which cells a block of code reads and which its effects change, worked out from its bindings without running it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from exercise.language.form import Block, Code, RelationTable
from exercise.language.kernels import KernelEffect
from exercise.language.plan import reached

Bindings = Sequence[tuple[int, ...]]


def cells_of(code: Code, effect: KernelEffect, bindings: Bindings) -> tuple[int, ...]:
    """The cell that an effect changes, for each binding."""
    places = _places(code, effect.index, bindings)
    assert places is not None, "an effect changes no cell of a loop's item"
    return tuple(effect.block.cells[place] for place in places)


def cells_read(code: Code, roots: Iterable[int], bindings: Bindings) -> set[int]:
    """The cells, now or earlier, on which some values can depend under these bindings; within loops all cells of a quantity."""
    found: set[int] = set()
    for number in reached(code, roots):
        instruction = code.instructions[number]
        if instruction.op in ("cell", "past"):
            block = instruction.data if instruction.op == "cell" else instruction.data[0]  # type: ignore[index]
            assert isinstance(block, Block)
            places = _places(code, instruction.args[0], bindings)
            found.update(block.cells if places is None else (block.cells[place] for place in places))
    return found


def _places(code: Code, index: int, bindings: Bindings) -> list[int] | None:
    """The entity that an index means, for each binding; None where it is the item of a loop."""
    path: list[RelationTable] = []
    instruction = code.instructions[index]
    while instruction.op == "follow":
        assert isinstance(instruction.data, RelationTable)
        path.append(instruction.data)
        instruction = code.instructions[instruction.args[0]]
    if instruction.op == "item":
        return None
    assert isinstance(instruction.data, int)
    places = [instruction.data if instruction.op == "place" else binding[instruction.data] for binding in bindings]
    for table in reversed(path):
        places = [table.rows[near][0] for near in places]
    return places
