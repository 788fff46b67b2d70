"""A block under construction: expressions go in, values of the intermediate form come out."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from exercise.language.errors import ExpressionError
from exercise.language.form import Block, Code
from exercise.language.functions import Reader
from exercise.language.meaning import Inputs, evaluate
from exercise.language.parse import parse
from exercise.language.plan import reached
from exercise.language.scope import Missing, Scope
from exercise.language.tree import Node, Path
from exercise.language.units import NUMBER, Unit, parse_unit
from exercise.language.values import TRUTH, Choice, DateType, EntityType, Number, Truth, Value, describe

_INPUTS = frozenset({"cell", "past", "now", "days", "entity", "argument", "draw"})
"""Operations that read what is not known when content is loaded."""


class Builder:
    """A block under construction, for one kernel or query.

    Every method that takes text (or a tree from ``parse``) raises ``ExpressionError``, with an offset into that text; what was lowered
    before an error stays usable.
    """

    def __init__(self, scope: Scope) -> None:
        self._reader = Reader(scope)

    def define(self, name: str, text: str | Node) -> Value:
        """Add a local name. When its text is wrong, later uses of the name raise ``broken-name``, so that one error is not told twice."""
        self._reader.check_new_name(name, 0)
        self._reader.locals[name] = None
        value = self.lower(text)
        self._reader.locals[name] = value
        return value

    def lower(self, text: str | Node) -> Value:
        """Lower an expression of any type."""
        return self._reader.lower(_tree(text))

    def condition(self, text: str | Node) -> Value:
        """Lower a condition; a quantity of unit flag counts as one."""
        return self._reader.truth(_tree(text))

    def amount(self, text: str | Node, unit: Unit | str = NUMBER) -> Value:
        """Lower a number that fits the unit."""
        node = _tree(text)
        return self._reader.fits(self._reader.lower(node), parse_unit(unit) if isinstance(unit, str) else unit, node.at)

    def value_for(self, text: str | Node, block: Block, mode: str) -> Value:
        """Lower the value of an effect on a quantity; mode is add, set or toward. Dates and listed values can only be set."""
        node = _tree(text)
        if (block.date or block.values) and mode != "set":
            what = "a date" if block.date else "a listed value"
            raise ExpressionError("type-mismatch", f"{block.name} is {what}, which can only be set", "write set = ...", node.at)
        if block.date:
            return self._date(node)
        expected = Choice(block.values) if block.values else None
        value = self._reader.lower(node, expected)
        if expected is not None:
            if value.type != expected:
                raise ExpressionError("type-mismatch", f"expected {describe(expected)}, found {describe(value.type)}", "", node.at)
            return value
        if isinstance(value.type, Truth) and block.unit.is_flag and mode == "set":
            return self._as_flag(value)
        return self._reader.fits(value, block.unit, node.at)

    def rate(self, text: str | Node) -> Value:
        """Lower the rate of a toward effect: without dimension, within 0..1."""
        node = _tree(text)
        value = self.amount(node)
        assert isinstance(value.type, Number)
        if value.type.low < 0.0 or value.type.high > 1.0:
            message = f"a rate lies within 0..1, this one within {value.type.low:g}..{value.type.high:g}"
            raise ExpressionError("rate-range", message, "write clamp(..., 0, 1)", node.at)
        return value

    def address(self, text: str | Node) -> tuple[Block, Value]:
        """The quantity that a path names and the entity (a value of EntityType) whose it is."""
        node = _tree(text)
        if not isinstance(node, Path) or len(node.parts) < 2:
            raise ExpressionError("syntax", "expected a quantity such as r.unrest or r.country.openness", "", node.at)
        if str(node) in self._reader.names.parameters:
            raise ExpressionError("type-mismatch", "a parameter cannot be changed", "", node.at)
        owner = self._reader.owner(node)
        return self._reader.quantity(owner, node.parts[-1], node.offsets[-1]), owner

    def constant(self, text: str | Node) -> float:
        """The value of a number made of nothing but literals and parameters, in its own unit."""
        node = _tree(text)
        value = self._reader.number(node)
        code = self.finish()
        if any(code.instructions[part].op in _INPUTS for part in reached(code, [value.id])):
            raise ExpressionError("not-constant", "expected a fixed number", "only literals and parameters", node.at)
        return float(evaluate(code, value.id, Inputs()))

    def both(self, values: Sequence[Value]) -> Value:
        """All of these conditions (true when there is none)."""
        result = self._reader.assembler.truth(value=True)
        for value in values:
            result = self._reader.assembler.connect("and", result, Value(value.id, TRUTH))
        return result

    def number(self, value: float, unit: Unit | None = None) -> Value:
        """A constant number."""
        return self._reader.assembler.number(value, Number(unit or NUMBER, adaptable=unit is None))

    def finish(self) -> Code:
        """The block as it stands."""
        return self._reader.assembler.code()

    def _date(self, node: Node) -> Value:
        before, self._reader.dates = self._reader.dates, True
        try:
            value = self._reader.lower(node)
        finally:
            self._reader.dates = before
        if not isinstance(value.type, DateType):
            hint = "write today(), in_days(7) or another date"
            raise ExpressionError("type-mismatch", f"expected a date, found {describe(value.type)}", hint, node.at)
        return value

    def _as_flag(self, value: Value) -> Value:
        of = Number(NUMBER, 0.0, 1.0)
        assembler = self._reader.assembler
        return assembler.select(value, assembler.number(1.0, of), assembler.number(0.0, of), of)


def evaluate_fixed(text: str | Node, scope: Scope, binding: Sequence[int]) -> bool:
    """Answer a condition that uses only entity names, relations and parameters (the ``where`` of a binding).

    Raises ``ExpressionError``; code ``not-fixed`` where it reads a quantity.
    """
    fixed = attrs.evolve(scope, names=attrs.evolve(scope.names, quantity=_not_fixed, tuned={}), arguments={}, features=frozenset())
    builder = Builder(fixed)
    value = builder.condition(text)
    return bool(evaluate(builder.finish(), value.id, Inputs(binding=tuple(binding))))


def static_index(builder: Builder, index: Value, binding: Sequence[int]) -> int:
    """The entity index of an address for one binding."""
    assert isinstance(index.type, EntityType)
    return int(evaluate(builder.finish(), index.id, Inputs(binding=tuple(binding))))


def _not_fixed(kind: str, name: str) -> Missing:
    return Missing(f"{kind}.{name} changes in play", "only names and relations are fixed; put the rest into when", "not-fixed")


def _tree(text: str | Node) -> Node:
    return parse(text) if isinstance(text, str) else text
