"""Analysis of a block before it is written out: which values are reached, which need a local name, which loops they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs

from exercise.language.form import Code, Instruction, Reduction
from exercise.language.values import EntityType

MAX_HEIGHT = 20
"""How many operations are written inside one another before a value gets a name: keeps brackets far below any parser's limit."""

_TRIVIAL = frozenset({"constant", "now", "days", "argument", "entity", "item", "place", "follow"})


@attrs.frozen(slots=True)
class Plan:
    """What is known of the values reached from some roots.

    ``free`` gives the depths of the loops whose item a value needs, ``local`` the values that get a name because they are used more than
    once, are loops, or stay the same within a loop.
    """

    code: Code
    free: dict[int, frozenset[int]]
    local: frozenset[int]


def is_trivial(instruction: Instruction) -> bool:
    """Whether repeating a value costs no more than naming it."""
    return instruction.op in _TRIVIAL


def reached(code: Code, roots: Iterable[int], known: Iterable[int] = ()) -> list[int]:
    """Every value needed for the roots, in order; values in ``known`` are not looked into."""
    stop = set(known)
    found: set[int] = set()
    waiting = list(roots)
    while waiting:
        one = waiting.pop()
        if one not in found and one not in stop:
            found.add(one)
            waiting.extend(code.instructions[one].args)
    return sorted(found)


def plan(code: Code, roots: Sequence[int], named: Iterable[int] = ()) -> Plan:
    """Analyse a block. ``named`` are values that must get a name in any case."""
    order = reached(code, roots)
    free = _free(code, order)
    local = {one for one in named if one in free and not is_trivial(code.instructions[one])}
    uses = dict.fromkeys(order, 0)
    for one in (*roots, *(arg for value in order for arg in code.instructions[value].args)):
        uses[one] += 1
    height: dict[int, int] = {}
    for one in order:
        local.update(_named_operands(code, one, free))
        instruction = code.instructions[one]
        height[one] = 1 + max((0 if arg in local else height[arg] for arg in instruction.args), default=0)
        if instruction.op == "reduce" or (not is_trivial(instruction) and (uses[one] > 1 or height[one] > MAX_HEIGHT)):
            local.add(one)
    return Plan(code, free, frozenset(one for one in local if not isinstance(code.types[one], EntityType)))


def _free(code: Code, order: Sequence[int]) -> dict[int, frozenset[int]]:
    free: dict[int, frozenset[int]] = {}
    for one in order:
        instruction = code.instructions[one]
        depths = frozenset().union(*(free[arg] for arg in instruction.args))
        if instruction.op == "item":
            assert isinstance(instruction.data, int)
            depths |= {instruction.data}
        if instruction.op == "reduce":
            assert isinstance(instruction.data, Reduction)
            depths -= {instruction.data.depth}
        free[one] = depths
    return free


def _named_operands(code: Code, one: int, free: dict[int, frozenset[int]]) -> list[int]:
    """Operands that get a name: those of min and max (written twice), and those that do not change in the loop that uses them."""
    instruction = code.instructions[one]
    args = [arg for arg in instruction.args if not is_trivial(code.instructions[arg])]
    if instruction.op in ("min", "max"):
        return args
    if instruction.op == "reduce":
        assert isinstance(instruction.data, Reduction)
        return [arg for arg in args if instruction.data.depth not in free[arg]]
    return [arg for arg in args if free[arg] < free[one]]


def conjuncts(code: Code, value: int) -> list[int]:
    """The conditions that are joined by ``and`` in a value, in order."""
    parts: list[int] = []
    waiting = [value]
    while waiting:
        one = waiting.pop()
        instruction = code.instructions[one]
        if instruction.op == "and":
            waiting.extend(reversed(instruction.args))
        else:
            parts.append(one)
    return parts


def comparisons_in(code: Code, values: Iterable[int]) -> list[int]:
    """Numbers of the comparisons that decide these conditions, in order."""
    numbers = {comparison.value: number for number, comparison in enumerate(code.comparisons)}
    found: set[int] = set()
    seen: set[int] = set()
    waiting = list(values)
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        if one in numbers:
            found.add(numbers[one])
        elif code.instructions[one].op in ("and", "or", "not", "select"):
            waiting.extend(code.instructions[one].args)
    return sorted(found)
