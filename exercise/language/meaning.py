"""The reference meaning of the intermediate form: a plain interpreter.

Slow and direct; every emitter is tested against it, and fixed facts are worked out with it when content is compiled.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence

import attrs

from exercise.language.form import Block, Code, Instruction, Reduction, RelationTable

Draw = Callable[[str, int], float]
Items = dict[int, int]


def _no_draw(purpose: str, number: int) -> float:
    raise LookupError(f"no draws here: {purpose} {number}")


@attrs.frozen(slots=True, kw_only=True)
class Inputs:
    """What a block reads: the cells now, vectors at earlier turn-ends (oldest first), the day, the binding, arguments and draws."""

    cells: Sequence[float] = ()
    history: Sequence[Sequence[float]] = ()
    now: float = 0.0
    days: float = 0.0
    binding: tuple[int, ...] = ()
    arguments: tuple[float, ...] = ()
    draw: Draw = _no_draw


def evaluate(code: Code, value: int, inputs: Inputs) -> float | bool:
    """The value of one instruction (an entity as its index)."""
    return _Evaluation(code, inputs).of(value, {})


_DIRECT: dict[str, Callable[..., float | bool]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "min": lambda a, b: b if b < a else a,  # noqa: FURB136 - the form's own definition, also where a and b are equal
    "max": lambda a, b: b if b > a else a,  # noqa: FURB136
    "less": operator.lt,
    "at_most": operator.le,
    "equal": operator.eq,
    "same": operator.eq,
    "neg": operator.neg,
    "sqrt": math.sqrt,
    "not": operator.not_,
    "and": lambda a, b: a and b,
    "or": lambda a, b: a or b,
    "select": lambda condition, then, otherwise: then if condition else otherwise,
}


class _Evaluation:
    def __init__(self, code: Code, inputs: Inputs) -> None:
        self.code = code
        self.inputs = inputs

    def of(self, value: int, items: Items) -> float | bool:
        """A value inside loops whose current elements are ``items``, by depth."""
        needed = self.needed(value)
        known: dict[int, float | bool] = {}
        for one in sorted(needed):
            known[one] = self.step(self.code.instructions[one], known, items)
        return known[value]

    def needed(self, value: int) -> set[int]:
        """Values that must be known first; a loop's condition and value are worked out inside it."""
        found: set[int] = set()
        waiting = [value]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                instruction = self.code.instructions[one]
                waiting.extend(instruction.args[:1] if instruction.op == "reduce" else instruction.args)
        return found

    def step(self, instruction: Instruction, known: dict[int, float | bool], items: Items) -> float | bool:
        args = [known[arg] for arg in instruction.args if arg in known]
        if instruction.op in _DIRECT:
            return _DIRECT[instruction.op](*args)
        if instruction.op == "reduce":
            return self.reduce(instruction, int(args[0]), items)
        return self.read(instruction, args, items)

    def read(self, instruction: Instruction, args: Sequence[float], items: Items) -> float | bool:
        op, data, inputs = instruction.op, instruction.data, self.inputs
        if op == "follow":
            assert isinstance(data, RelationTable)
            return data.rows[int(args[0])][0]
        if op == "cell":
            assert isinstance(data, Block)
            return inputs.cells[data.cells[int(args[0])]]
        if op == "past":
            block, turns = data  # type: ignore[misc]
            return past(inputs.cells, inputs.history, turns)[block.cells[int(args[0])]]  # type: ignore[has-type]
        if op == "draw":
            return inputs.draw(*data)  # type: ignore[misc]
        sources: dict[str, Sequence[float] | Items] = {"item": items, "entity": inputs.binding, "argument": inputs.arguments}
        if op in sources:
            assert isinstance(data, int)
            return sources[op][data]
        return {"now": inputs.now, "days": inputs.days}[op] if op in ("now", "days") else data  # type: ignore[return-value]

    def reduce(self, instruction: Instruction, start: int, items: Items) -> float | bool:
        reduction = instruction.data
        assert isinstance(reduction, Reduction)
        _, condition, value = instruction.args
        total, count = 0.0, 0.0
        for element in reduction.rows[start]:
            inner = {**items, reduction.depth: element}
            if not self.of(condition, inner):
                continue
            if reduction.operation == "any":
                return True
            one = self.of(value, inner) if reduction.operation != "count" else 1.0
            total = _fold(reduction.operation, total, one, first=count == 0.0)
            count = count + 1.0
        if reduction.operation == "any":
            return False
        return (total / count if count > 0.0 else 0.0) if reduction.operation == "mean" else total


def _fold(operation: str, total: float, one: float, *, first: bool) -> float:
    if operation == "lowest":
        return one if first or one < total else total
    if operation == "highest":
        return one if first or one > total else total
    return total + one


def past(cells: Sequence[float], history: Sequence[Sequence[float]], turns: int) -> Sequence[float]:
    """The vector so many turn-ends ago; before the first one, the first (STARTEX); with no history at all, the present."""
    if not history:
        return cells
    return history[-turns] if turns <= len(history) else history[0]
