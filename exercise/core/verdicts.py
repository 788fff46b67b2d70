"""Assessed classes: on which comparisons a listed value stands, which axis each of them measures, and which one changed sides.

A class is set by an assessment whose value is a choice between listed names: ``(hegemonic if willing else captured) if able else ...``.
Every comparison in it is a threshold on an axis, and a line that moves with the class itself is a line with a margin (hysteresis). All
of that stands in the intermediate form and is read off it, so content says it once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import attrs

from exercise.language import Block, Code, Kernel, KernelEffect, Reduction
from exercise.language.meaning import Inputs, evaluate
from exercise.language.plan import comparisons_in, reached

SENSES = {"less": ("<", ">"), "at_most": ("<=", ">="), "equal": ("==", "==")}
"""How a comparison was written, by its operation: as it stands, and with its sides exchanged."""


@attrs.frozen(slots=True)
class Threshold:
    """One comparison that a class stands on: its number in the kernel's code and the ``sense`` in which it was written.

    ``axis`` is the quantity that it measures and ``cells`` that quantity's cell for each binding, empty where it measures no quantity.
    ``line`` is what it is compared with and ``margin`` how far beyond the line it has to go; None where that is not fixed.
    """

    comparison: int
    sense: str
    axis: str = ""
    cells: tuple[int, ...] = ()
    line: float | None = None
    margin: float = 0.0

    def holds(self, left: float, right: float) -> bool:
        """Whether it holds of these two sides."""
        return {"<": left < right, ">": left > right, "<=": left <= right, ">=": left >= right, "==": left == right}[self.sense]


@attrs.frozen(slots=True)
class Verdict:
    """How an assessment comes to its value. ``paths`` lead to listed values: (the value, the comparisons on the way and what they say).

    ``parts`` are, for each binding, the cells that it is made of, where it sets a number; ``of`` is the kind.quantity that it sets.
    """

    of: str = ""
    thresholds: tuple[Threshold, ...] = ()
    paths: tuple[tuple[int, tuple[tuple[int, bool], ...]], ...] = ()
    parts: tuple[tuple[int, ...], ...] = ()

    def crossed(self, before: int, holds: Mapping[int, bool]) -> frozenset[int]:
        """Numbers of the comparisons that led away from ``before``: those on the way to the value now that had said otherwise."""
        now = {number for _, path in self.paths if all(holds.get(number) == wanted for number, wanted in path) for number, _ in path}
        ways = [{number for number, wanted in path if holds.get(number) != wanted} & now for value, path in self.paths if value == before]
        return frozenset(min(ways, key=len, default=()))

    @property
    def sides(self) -> dict[int, tuple[bool, ...]]:
        """For each listed value, on which side of each threshold it stands; empty where that is not all there is to know."""
        told: dict[int, tuple[bool, ...]] = {}
        for value, path in self.paths:
            needed = dict(path)
            if value in told or {one.comparison for one in self.thresholds} != needed.keys():
                return {}
            told[value] = tuple(needed[one.comparison] for one in self.thresholds)
        return told


def verdicts_of(kernels: Sequence[Kernel]) -> dict[str, Verdict]:
    """The verdicts of a stage of assessments, by the assessment's id."""
    return {kernel.id: _verdict(kernel, effect, kernels) for kernel in kernels for effect in kernel.effects if effect.mode == "set"}


def _verdict(kernel: Kernel, effect: KernelEffect, stage: Sequence[Kernel]) -> Verdict:
    of = f"{effect.block.kind}.{effect.block.name}"
    if not effect.block.values:
        return Verdict(of, parts=tuple(_parts(kernel.code, effect, binding) for binding in kernel.bindings))
    paths = tuple(_paths(kernel.code, effect.value))
    numbers = comparisons_in(kernel.code, [effect.value])
    return Verdict(of, tuple(_threshold(kernel, effect, number, stage) for number in numbers), paths)


# --- from a value back to its comparisons -------------------------------------------------------------------------------------------------


def _paths(code: Code, value: int, way: tuple[tuple[int, bool], ...] = ()) -> Iterator[tuple[int, tuple[tuple[int, bool], ...]]]:
    """Every way through the choices to a listed value. Choices on anything but a single comparison lead nowhere."""
    instruction = code.instructions[value]
    if instruction.op == "constant":
        yield int(instruction.data), way  # type: ignore[call-overload]
    elif instruction.op == "select":
        condition, then, otherwise = instruction.args
        side = True
        while code.instructions[condition].op == "not":
            (condition,), side = code.instructions[condition].args, not side
        number = next((number for number, one in enumerate(code.comparisons) if one.value == condition), None)
        if number is not None:
            yield from _paths(code, then, (*way, (number, side)))
            yield from _paths(code, otherwise, (*way, (number, not side)))


def _threshold(kernel: Kernel, effect: KernelEffect, number: int, stage: Sequence[Kernel]) -> Threshold:
    code, comparison = kernel.code, kernel.code.comparisons[number]
    instruction = code.instructions[comparison.value]
    sense = SENSES[instruction.op][instruction.args != (comparison.left, comparison.right)]
    axis = _axis(kernel, effect, comparison.left, stage)
    ends = sorted(set(_ends(code, comparison.right)))
    found = Threshold(number, sense, *axis)
    if not ends or len(ends) > 2:
        return found
    return attrs.evolve(found, line=(ends[0] + ends[-1]) / 2, margin=(ends[-1] - ends[0]) / 2)


def _ends(code: Code, value: int) -> Iterator[float]:
    """The numbers that a line can be; not a number where one of them is not fixed."""
    instruction = code.instructions[value]
    if instruction.op == "select":
        for branch in instruction.args[1:]:
            yield from _ends(code, branch)
    elif instruction.op == "constant":
        yield float(instruction.data)  # type: ignore[arg-type]
    else:
        # Three different numbers: too many for a line and its margin.
        yield from (0.0, 1.0, 2.0)


def _axis(kernel: Kernel, effect: KernelEffect, left: int, stage: Sequence[Kernel]) -> tuple[str, tuple[int, ...]]:
    """The quantity that stands at the left: a quantity itself, or one that another assessment of the stage sets by the same formula."""
    code, instruction = kernel.code, kernel.code.instructions[left]
    if instruction.op == "cell":
        block = instruction.data
        assert isinstance(block, Block)
        found = [_place(code, instruction.args[0], binding) for binding in kernel.bindings]
        return block.name, tuple(block.cells[one] for one in found if one is not None)
    formula = _formula(code, left)
    for other in stage:
        for same in other.effects:
            is_like = same.mode == "set" and not same.block.values and other.bindings == kernel.bindings
            owns = (same.block.kind, _formula(other.code, same.index)) == (effect.block.kind, _formula(code, effect.index))
            if is_like and owns and _formula(other.code, same.value) == formula:
                places = [_place(other.code, same.index, binding) for binding in other.bindings]
                return same.block.name, tuple(same.block.cells[one] for one in places if one is not None)
    return "", ()


def _formula(code: Code, value: int) -> object:
    """A value as what is worked out, whatever block it stands in."""
    instruction = code.instructions[value]
    return instruction.op, instruction.data, tuple(_formula(code, arg) for arg in instruction.args)


# --- what a number is made of -------------------------------------------------------------------------------------------------------


def _parts(code: Code, effect: KernelEffect, binding: tuple[int, ...]) -> tuple[int, ...]:
    """The cells that a number is made of, its own left out, in the order in which they are read."""
    needed = reached(code, [effect.value])
    loops = {}
    for one in needed:
        instruction = code.instructions[one]
        if instruction.op == "reduce":
            assert isinstance(instruction.data, Reduction)
            start = _place(code, instruction.args[0], binding)
            loops[instruction.data.depth] = () if start is None else instruction.data.rows[start]
    own = _place(code, effect.index, binding)
    found: dict[int, None] = {}
    for one in needed:
        instruction = code.instructions[one]
        if instruction.op == "cell":
            assert isinstance(instruction.data, Block)
            index = code.instructions[instruction.args[0]]
            rows = loops.get(index.data, ()) if index.op == "item" else (_place(code, instruction.args[0], binding),)  # type: ignore[call-overload]
            found.update({instruction.data.cells[row]: None for row in rows if row is not None})
    if own is not None:
        found.pop(effect.block.cells[own], None)
    return tuple(found)


def _place(code: Code, value: int, binding: tuple[int, ...]) -> int | None:
    """The entity that an index means; None inside a loop."""
    if any(code.instructions[one].op == "item" for one in reached(code, [value])):
        return None
    return int(evaluate(code, value, Inputs(binding=binding)))
