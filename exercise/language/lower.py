"""From the syntax tree to typed values: what words mean, which units fit, which ranges are safe."""

from __future__ import annotations

from collections.abc import Callable

import attrs

from exercise.language import ranges
from exercise.language.assemble import Assembler
from exercise.language.errors import ExpressionError
from exercise.language.lookup import Lookup
from exercise.language.scope import Scope
from exercise.language.tree import Between, Binary, Boolean, Call, Choose, Compare, Literal, Node, Path, Relation, Text, Unary
from exercise.language.units import NUMBER, Unit, parse_unit
from exercise.language.values import TRUTH, Choice, DateType, EntityType, Number, Truth, Type, Value, describe

_OPERATIONS = {"+": "add", "-": "sub", "*": "mul", "/": "div"}


class Lowering(Lookup):
    """Lowers trees into one assembler. ``dates`` says that today() and in_days() may stand here."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope, Assembler())
        self.dates = "today" in scope.features
        self.purposes: set[str] = set()
        self.depth = 0
        """How many relations stand around what is lowered now."""
        self.by_node: dict[type, Callable[..., Value]] = {
            Literal: self.literal,
            Boolean: self.boolean,
            Text: self.quoted,
            Path: self.path,
            Unary: self.unary,
            Binary: self.binary,
            Compare: self.compare,
            Between: self.between,
            Choose: self.choose,
            Call: self.call,
            Relation: self.relation,
        }

    def lower(self, node: Node, expected: Choice | None = None) -> Value:
        """The value of a tree; ``expected`` is the list that a bare listed word belongs to."""
        if expected is not None and isinstance(node, Path | Choose):
            return self.by_node[type(node)](node, expected)
        return self.by_node[type(node)](node)

    # --- literals and signs -------------------------------------------------------------------------------------------------------

    def literal(self, node: Literal) -> Value:
        """A number as written."""
        unit = NUMBER
        if node.unit:
            try:
                unit = parse_unit(node.unit)
            except ExpressionError as error:
                hint = error.hint
                if self.knows(node.unit):
                    hint = "put an operator such as * between two values"
                raise ExpressionError("unknown-unit", error.message, hint, node.end - len(node.unit)) from None
            if dict(unit.powers).get("date"):
                raise ExpressionError("date-condition", "a date cannot be written as a number", "", node.at)
        return self.assembler.number(node.value, Number(unit, adaptable=not node.unit))

    def boolean(self, node: Boolean) -> Value:
        """``true`` or ``false``."""
        return self.assembler.truth(node.value)

    def quoted(self, node: Text) -> Value:
        """A quoted word has no value of its own."""
        raise ExpressionError("syntax", "a quoted word only names the purpose of a draw", "listed values stand without quotes", node.at)

    def unary(self, node: Unary) -> Value:
        """``not x`` and ``-x``."""
        if node.op == "not":
            return self.assembler.negate(self.truth(node.operand))
        value = self.number(node.operand)
        of = _number(value)
        unit = NUMBER if of.unit.is_plain else of.unit
        return self.assembler.negative(value, attrs.evolve(of, unit=unit, low=-of.high, high=-of.low))

    # --- arithmetic ---------------------------------------------------------------------------------------------------------------

    def binary(self, node: Binary) -> Value:
        """``and``, ``or`` and arithmetic."""
        # A chain such as a + b + c leans left and may be hundreds of terms long: walked down by hand, not by recursion.
        chain = [node]
        while isinstance(chain[-1].left, Binary):
            chain.append(chain[-1].left)
        value = self.operand(chain[-1], chain[-1].left)
        for one in reversed(chain):
            value = self.combine(one, value, self.operand(one, one.right), one is not chain[-1])
        return value

    def operand(self, node: Binary, part: Node) -> Value:
        """A side of an operator: a condition for and/or, else a number."""
        return self.truth(part) if node.op in ("and", "or") else self.number(part)

    def combine(self, node: Binary, left: Value, right: Value, inner: bool) -> Value:
        """Both sides under their operator; ``inner``: the left one is itself the result of an operator."""
        if node.op in ("and", "or"):
            left = self.as_truth(left, node.left.at) if inner else left
            return self.assembler.connect(node.op, left, right)
        left = self.as_number(left, node.left.at) if inner else left
        return self.arithmetic(_OPERATIONS[node.op], left, right, node.right.at)

    def arithmetic(self, op: str, left: Value, right: Value, at: int) -> Value:
        """One of add, sub, mul, div with its units and range; ``at`` is where the right side stands."""
        a, b = _number(left), _number(right)
        if op == "div" and ranges.holds_zero((b.low, b.high)):
            message = f"the divisor can be 0: it lies between {_short(b.low)} and {_short(b.high)}"
            raise ExpressionError("zero-divisor", message, "keep it away from 0, for example with max(1, ...)", at)
        if op in ("add", "sub"):
            of = self.united(left, right, at, "added" if op == "add" else "subtracted")
        elif op == "mul":
            of = _scaled(a.unit.times(b.unit), a, b)
        else:
            of = _scaled(a.unit.over(b.unit), a, b)
        return self.assembler.two(op, left, right, self.bounded(of, ranges.BOUNDS[op]((a.low, a.high), (b.low, b.high)), at))

    def united(self, left: Value, right: Value, at: int, done: str = "compared") -> Number:
        """The common type of two numbers that are added, compared or chosen between (its range is that of the left)."""
        a, b = _number(left), _number(right)
        if a.unit == b.unit:
            # A flag added to a flag is a number, no longer a condition.
            return Number(NUMBER if a.unit.is_plain else a.unit, a.low, a.high, a.adaptable and b.adaptable)
        if a.adaptable or b.adaptable:
            return attrs.evolve(a if b.adaptable else b, adaptable=False, low=a.low, high=a.high)
        hint = ""
        if a.unit.is_plain or b.unit.is_plain:
            hint = f"multiply by a number of {b.unit if a.unit.is_plain else a.unit}, or divide by one, so that both sides agree"
        raise ExpressionError("unit-mismatch", f"{a.unit} and {b.unit} cannot be {done}", hint, at)

    def bounded(self, of: Number, bounds: ranges.Range, at: int) -> Number:
        """The type with its range; refused when the range runs beyond what numbers can hold."""
        if ranges.too_large(bounds):
            raise ExpressionError("too-large", "this can grow beyond all numbers", "give the quantities in it a highest value", at)
        return attrs.evolve(of, low=bounds[0], high=bounds[1])

    # --- comparisons and choices --------------------------------------------------------------------------------------------------

    def compare(self, node: Compare) -> Value:
        """A comparison of two values of one type."""
        left, right = self.sides(node)
        if isinstance(left.type, DateType) or isinstance(right.type, DateType):
            at = node.left.at if isinstance(left.type, DateType) else node.right.at
            raise _date_read(at)
        if isinstance(left.type, Number) and isinstance(right.type, Number):
            self.united(left, right, node.right.at)
            return self.assembler.compare(node.op, left, right, self.shown(node.text))
        if left.type != right.type or isinstance(left.type, Truth):
            message = f"{describe(left.type)} cannot be compared with {describe(right.type)}"
            raise ExpressionError("type-mismatch", message, "", node.right.at)
        if node.op not in ("==", "!="):
            raise ExpressionError("type-mismatch", f"{describe(left.type)} has no order", "compare with == or !=", node.at)
        if isinstance(left.type, EntityType):
            same = self.assembler.same(left, right)
            return self.assembler.negate(same) if node.op == "!=" else same
        return self.assembler.compare(node.op, left, right, self.shown(node.text))

    def shown(self, text: str) -> str:
        """The text of a comparison, or nothing inside a relation: there it has no one margin."""
        return "" if self.depth else text

    def sides(self, node: Compare) -> tuple[Value, Value]:
        """Both sides; a bare listed word takes its list from the other side."""
        if self.is_listed_word(node.left) and not self.is_listed_word(node.right):
            right = self.lower(node.right)
            return self.lower(node.left, right.type if isinstance(right.type, Choice) else None), right
        left = self.lower(node.left)
        return left, self.lower(node.right, left.type if isinstance(left.type, Choice) else None)

    def between(self, node: Between) -> Value:
        """Both ends included."""
        value, low, high = self.number(node.value), self.number(node.low), self.number(node.high)
        self.united(value, low, node.low.at)
        self.united(value, high, node.high.at)
        above = self.assembler.compare(">=", value, low, self.shown(node.texts[0]))
        return self.assembler.connect("and", above, self.assembler.compare("<=", value, high, self.shown(node.texts[1])))

    def choose(self, node: Choose, expected: Choice | None = None) -> Value:
        """``a if c else b``."""
        condition = self.truth(node.condition)
        then, otherwise = self.lower(node.then, expected), self.lower(node.otherwise, expected)
        if isinstance(then.type, Truth) or isinstance(otherwise.type, Truth):
            then, otherwise = self.as_truth(then, node.then.at), self.as_truth(otherwise, node.otherwise.at)
        return self.assembler.select(condition, then, otherwise, self.joined(then, otherwise, node.otherwise.at))

    def joined(self, left: Value, right: Value, at: int) -> Type:
        """The type of a value that is one or the other."""
        a, b = left.type, right.type
        if isinstance(a, Number) and isinstance(b, Number):
            of = self.united(left, right, at, "alternatives")
            if a.unit.is_flag and b.unit.is_flag:
                of = attrs.evolve(of, unit=a.unit)
            low, high = ranges.join((a.low, a.high), (b.low, b.high))
            return attrs.evolve(of, low=low, high=high)
        if isinstance(a, DateType) and isinstance(b, DateType):
            return DateType(min(a.low, b.low), max(a.high, b.high))
        if a == b:
            return a
        raise ExpressionError("type-mismatch", f"{describe(a)} and {describe(b)} cannot be alternatives", "", at)

    # --- what a part must be ------------------------------------------------------------------------------------------------------

    def truth(self, node: Node) -> Value:
        """A condition."""
        return self.as_truth(self.lower(node), node.at)

    def number(self, node: Node) -> Value:
        """A number."""
        return self.as_number(self.lower(node), node.at)

    def as_truth(self, value: Value, at: int) -> Value:
        """A value as a condition: a condition itself, or a quantity of unit flag."""
        if isinstance(value.type, Truth):
            return value
        if isinstance(value.type, Number) and value.type.unit.is_flag:
            return Value(self.assembler.holds(value).id, TRUTH)
        raise ExpressionError(
            "type-mismatch", f"expected a condition, found {describe(value.type)}", "compare it, for example with > 50", at
        )

    def as_number(self, value: Value, at: int) -> Value:
        """A value that must be a number."""
        if isinstance(value.type, Number):
            return value
        if isinstance(value.type, DateType):
            raise _date_read(at)
        hint = "write 1 if ... else 0" if isinstance(value.type, Truth) else ""
        raise ExpressionError("type-mismatch", f"expected a number, found {describe(value.type)}", hint, at)

    def fits(self, value: Value, unit: Unit, at: int) -> Value:
        """A number whose unit is this one, or adapts to it."""
        of = _number(self.as_number(value, at))
        if of.unit == unit or of.adaptable:
            return value
        hint = f"multiply by a number of {unit}" if of.unit.is_plain else f"divide by a number of {of.unit}" if unit.is_plain else ""
        raise ExpressionError("unit-mismatch", f"expected {unit}, found {of.unit}", hint, at)

    def call(self, node: Call) -> Value:
        """A function; the table of functions is ``exercise.language.functions``."""
        raise NotImplementedError

    def relation(self, node: Relation) -> Value:
        """A reduction over a relation or a kind; see ``exercise.language.functions``."""
        raise NotImplementedError


def _number(value: Value) -> Number:
    assert isinstance(value.type, Number)
    return value.type


def _scaled(unit: Unit, a: Number, b: Number) -> Number:
    """The type of a product or quotient: a literal times points stays adaptable, people divided by people do not become so."""
    return Number(unit, adaptable=a.unit.is_plain and b.unit.is_plain and (a.adaptable or b.adaptable))


def _short(value: float) -> str:
    return f"{value:g}"


def _date_read(at: int) -> ExpressionError:
    return ExpressionError("date-condition", "a date can be read only by its distance", "use days_since, days_until or active", at)
