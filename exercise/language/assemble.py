"""Building blocks of the intermediate form: typed constructors that share equal values (hash-consing) and fold constants."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable

import attrs

from exercise.language.form import Code, Comparison, Instruction, Reduction
from exercise.language.values import TRUTH, EntityType, Number, Truth, Type, Value

_FOLD: dict[str, Callable[[float, float], float]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "min": lambda a, b: b if b < a else a,  # noqa: FURB136 - the form's own definition, also where a and b are equal
    "max": lambda a, b: b if b > a else a,  # noqa: FURB136
}


@attrs.define(slots=True)
class Assembler:
    """Instructions so far. Equal instructions are one value; constants are folded with the arithmetic that the emitters use."""

    instructions: list[Instruction] = attrs.field(factory=list)
    types: list[Type] = attrs.field(factory=list)
    comparisons: list[Comparison] = attrs.field(factory=list)
    _known: dict[tuple[str, tuple[int, ...], object], int] = attrs.field(factory=dict)

    def put(self, op: str, args: tuple[int, ...], data: object, of: Type) -> Value:
        """The value of an instruction, new or known."""
        key = (op, args, repr(data) if op == "constant" else data)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = len(self.instructions)
            self.instructions.append(Instruction(op, args, data))
            self.types.append(of)
        return Value(known, of)

    def code(self) -> Code:
        """The block as it stands."""
        return Code(tuple(self.instructions), tuple(self.types), tuple(self.comparisons))

    def constant_of(self, value: Value) -> float | bool | None:
        """What a constant holds, or None when the value is none."""
        instruction = self.instructions[value.id]
        return instruction.data if instruction.op == "constant" else None  # type: ignore[return-value]

    # --- values -------------------------------------------------------------------------------------------------------------------

    def number(self, value: float, of: Number) -> Value:
        """A constant."""
        return self.put("constant", (), float(value), attrs.evolve(of, low=float(value), high=float(value)))

    def truth(self, value: bool) -> Value:
        """A constant condition."""
        return self.put("constant", (), value, TRUTH)

    def place(self, kind: str, index: int) -> Value:
        """A fixed entity."""
        return self.put("place", (), index, EntityType(kind))

    def two(self, op: str, left: Value, right: Value, of: Type) -> Value:
        """An arithmetic operation on two numbers, folded when both are constant."""
        a, b = self.constant_of(left), self.constant_of(right)
        if a is not None and b is not None and isinstance(of, Number):
            return self.number(_FOLD[op](a, b), of)
        return self.put(op, (left.id, right.id), None, of)

    def negative(self, value: Value, of: Number) -> Value:
        """-value."""
        constant = self.constant_of(value)
        return self.put("neg", (value.id,), None, of) if constant is None else self.number(-constant, of)

    def root(self, value: Value, of: Number) -> Value:
        """sqrt(value)."""
        constant = self.constant_of(value)
        return self.put("sqrt", (value.id,), None, of) if constant is None else self.number(math.sqrt(constant), of)

    # --- conditions ---------------------------------------------------------------------------------------------------------------

    def compare(self, op: str, left: Value, right: Value, text: str = "") -> Value:
        """``< <= > >= == !=`` on two numbers; with a text it is kept as a comparison to be shown with its margin."""
        a, b = (right, left) if op in (">", ">=") else (left, right)
        name = {"<": "less", ">": "less", "<=": "at_most", ">=": "at_most"}.get(op, "equal")
        value = self.put(name, (a.id, b.id), None, TRUTH)
        if text and all(known.value != value.id for known in self.comparisons):
            self.comparisons.append(Comparison(value.id, left.id, right.id, text))
        return self.negate(value) if op == "!=" else value

    def same(self, left: Value, right: Value) -> Value:
        """Whether two entities of a kind are one."""
        return self.put("same", (left.id, right.id), None, TRUTH)

    def negate(self, value: Value) -> Value:
        """Not value."""
        instruction = self.instructions[value.id]
        if instruction.op == "constant":
            return self.truth(not instruction.data)
        if instruction.op == "not":
            return Value(instruction.args[0], TRUTH)
        return self.put("not", (value.id,), None, TRUTH)

    def connect(self, op: str, left: Value, right: Value) -> Value:
        """``and`` / ``or``."""
        neutral = op == "and"
        for one, other in ((left, right), (right, left)):
            constant = self.constant_of(one)
            if constant is not None:
                return other if constant == neutral else one
        return self.put(op, (left.id, right.id), None, TRUTH)

    def select(self, condition: Value, then: Value, otherwise: Value, of: Type) -> Value:
        """Then if condition else otherwise."""
        constant = self.constant_of(condition)
        if constant is not None:
            return Value((then if constant else otherwise).id, of)
        if then.id == otherwise.id:
            return Value(then.id, of)
        return self.put("select", (condition.id, then.id, otherwise.id), None, of)

    def reduce(self, reduction: Reduction, start: Value, condition: Value, value: Value, of: Type) -> Value:
        """A loop over the row ``start`` of the reduction's table."""
        return self.put("reduce", (start.id, condition.id, value.id), reduction, of)

    def holds(self, value: Value) -> Value:
        """A flag as a condition: whether it differs from 0."""
        if isinstance(value.type, Truth):
            return value
        return self.negate(self.put("equal", (value.id, self.number(0.0, Number()).id), None, TRUTH))
