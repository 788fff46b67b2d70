"""The functions and relations of the language."""

from __future__ import annotations

from collections.abc import Callable

import attrs

from exercise.language import ranges
from exercise.language.errors import ExpressionError
from exercise.language.form import Block, Reduction
from exercise.language.lower import Lowering
from exercise.language.scope import Scope
from exercise.language.tree import Call, Literal, Node, Path, Relation, Text
from exercise.language.units import DAYS, NUMBER
from exercise.language.values import TRUTH, DateType, EntityType, Number, Value

MAX_DAY = 1e6
"""The clock of an exercise runs from day 0 to at most this day."""
MAX_PAST = 1_000
"""The furthest turn-end that ``past`` reaches back to."""
MAX_RELATIONS = 4
"""How many relations may stand in each other."""
SHORTEST_STEP_DAYS, LONGEST_STEP_DAYS = 0.25, 30.4375
"""What the steps of an exercise may be long: no step is longer than a mean month."""
_NOW = DateType(0.0, MAX_DAY)
_UNIFORM = Number(NUMBER, 0.0, 1.0, adaptable=True)
_WHOLE_DAYS = (16.0, 8.0, 4.0, 2.0, 1.0)
"""The whole days of the longest step, as a sum of some of these."""


class Reader(Lowering):
    """Lowers every part of the language."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope)
        self.by_name: dict[str, Callable[[Call], Value]] = {
            "min": self.extreme,
            "max": self.extreme,
            "clamp": self.clamp,
            "sqrt": self.root,
            "abs": self.absolute,
            "past": self.past,
            "days_since": self.days,
            "days_until": self.days,
            "active": self.active,
            "today": self.today,
            "in_days": self.in_days,
            "step_days": self.step_days,
            "over_step": self.over_step,
            "chance": self.chance,
            "noise": self.noise,
            "draw": self.draw,
        }

    def call(self, node: Call) -> Value:
        """Any function."""
        return self.by_name[node.name](node)

    # --- arithmetic ---------------------------------------------------------------------------------------------------------------

    def extreme(self, node: Call) -> Value:
        """Min and max, of numbers or of dates."""
        value = self.lower(node.arguments[0])
        if not isinstance(value.type, DateType):
            value = self.as_number(value, node.arguments[0].at)
        for part in node.arguments[1:]:
            value = self.pair(node.name, value, self.lower(part), part.at)
        return value

    def pair(self, op: str, left: Value, right: Value, at: int) -> Value:
        """Min or max of two."""
        bounds = ranges.BOUNDS[op]
        if isinstance(left.type, DateType) and isinstance(right.type, DateType):
            low, high = bounds((left.type.low, left.type.high), (right.type.low, right.type.high))
            return self.assembler.two(op, left, right, DateType(low, high))
        right = self.as_number(right, at)
        left = self.as_number(left, at)
        of = self.united(left, right, at)
        assert isinstance(left.type, Number)
        assert isinstance(right.type, Number)
        low, high = bounds((left.type.low, left.type.high), (right.type.low, right.type.high))
        return self.assembler.two(op, left, right, attrs.evolve(of, low=low, high=high))

    def clamp(self, node: Call) -> Value:
        """The middle of three: min(max(x, low), high)."""
        value, low, high = (self.number(part) for part in node.arguments)
        return self.pair("min", self.pair("max", value, low, node.arguments[1].at), high, node.arguments[2].at)

    def root(self, node: Call) -> Value:
        """Square root of what cannot be negative."""
        part = node.arguments[0]
        value = self.number(part)
        assert isinstance(value.type, Number)
        if value.type.low < 0.0:
            message = f"the square root's argument can be negative: it goes down to {value.type.low:g}"
            raise ExpressionError("negative-root", message, "write sqrt(max(0, ...))", part.at)
        unit = value.type.unit.root()
        if unit is None:
            raise ExpressionError("unit-mismatch", f"{value.type.unit} have no square root", "divide by a number of the same unit", part.at)
        low, high = ranges.root((value.type.low, value.type.high))
        return self.assembler.root(value, Number(unit, low, high, value.type.adaptable))

    def absolute(self, node: Call) -> Value:
        """abs(x) is max(x, -x)."""
        value = self.number(node.arguments[0])
        assert isinstance(value.type, Number)
        of = attrs.evolve(value.type, unit=NUMBER if value.type.unit.is_plain else value.type.unit)
        negative = self.assembler.negative(value, attrs.evolve(of, low=-of.high, high=-of.low))
        low = max(of.low, -of.high, 0.0)
        return self.assembler.two("max", value, negative, attrs.evolve(of, low=low, high=max(of.high, -of.low)))

    # --- time ---------------------------------------------------------------------------------------------------------------------

    def past(self, node: Call) -> Value:
        """A quantity's value at an earlier end of turn."""
        if "past" not in self.scope.features:
            raise ExpressionError("past-forbidden", "past values cannot be read here", "", node.at)
        owner, block = self.quantity_of(node, "past")
        turns = node.arguments[1]
        if (
            not isinstance(turns, Literal)
            or turns.unit
            or turns.percent
            or not turns.value.is_integer()
            or not 1 <= turns.value <= MAX_PAST
        ):
            hint = f"a whole number from 1 to {MAX_PAST}, as in past(r.unrest, 1)"
            raise ExpressionError("syntax", "past needs a number of turns", hint, turns.at)
        return self.read(block, owner, int(turns.value))

    def quantity_of(self, node: Call, name: str) -> tuple[Value, Block]:
        """The owner and the cells of the quantity that a function's first argument names."""
        part = node.arguments[0]
        if not isinstance(part, Path) or len(part.parts) < 2:
            raise ExpressionError("type-mismatch", f"{name} reads a quantity", f"{name}(entity.quantity ...)", part.at)
        owner = self.owner(part)
        return owner, self.quantity(owner, part.parts[-1], part.offsets[-1])

    def date(self, node: Call) -> Value:
        """The date quantity that a date function reads."""
        owner, block = self.quantity_of(node, node.name)
        if not block.date:
            part = node.arguments[0]
            assert isinstance(part, Path)
            raise ExpressionError(
                "type-mismatch", f"{block.name} is not a date", f"{node.name} reads quantities of unit date", part.offsets[-1]
            )
        return self.read(block, owner)

    def present(self) -> Value:
        """The day it is."""
        return self.assembler.put("now", (), None, _NOW)

    def days(self, node: Call) -> Value:
        """days_since and days_until."""
        left, right = self.present(), self.date(node)
        if node.name == "days_until":
            left, right = right, left
        assert isinstance(left.type, DateType)
        assert isinstance(right.type, DateType)
        low, high = ranges.sub((left.type.low, left.type.high), (right.type.low, right.type.high))
        return self.assembler.two("sub", left, right, Number(DAYS, low, high))

    def active(self, node: Call) -> Value:
        """Whether a date lies ahead."""
        return self.assembler.compare("<", self.present(), self.date(node), self.shown(f"active({node.arguments[0]})"))

    def today(self, node: Call) -> Value:
        """The date it is."""
        self.check_dates(node)
        return self.present()

    def in_days(self, node: Call) -> Value:
        """The date so many days ahead."""
        self.check_dates(node)
        days = self.fits(self.lower(node.arguments[0]), DAYS, node.arguments[0].at)
        assert isinstance(days.type, Number)
        low, high = ranges.add((_NOW.low, _NOW.high), (days.type.low, days.type.high))
        return self.assembler.two("add", self.present(), days, DateType(low, high))

    def step_days(self, node: Call) -> Value:
        """The length of the step in which this is worked out."""
        return self.step_length(node, Number(DAYS, SHORTEST_STEP_DAYS, LONGEST_STEP_DAYS))

    def step_length(self, node: Call, of: Number) -> Value:
        """The same as a number of that type."""
        if "step" not in self.scope.features:
            raise ExpressionError("no-step", f"{node.name} stands only in what a step does: rules and effects", "", node.at)
        return self.assembler.put("days", (), None, of)

    def over_step(self, node: Call) -> Value:
        """1 - (1 - p)^n for a step of n days: whole days by squares of (1 - p), a part of a day in proportion."""
        daily = self.probability(node)
        one, share = self.constant(1.0), Number(NUMBER, 0.0, 1.0, adaptable=True)
        rest = self.step_length(node, Number(NUMBER, SHORTEST_STEP_DAYS, LONGEST_STEP_DAYS))
        powers = [self.assembler.two("sub", one, daily, share)]
        for _ in _WHOLE_DAYS[1:]:
            powers.append(self.assembler.two("mul", powers[-1], powers[-1], share))
        none = one
        for days, power in zip(_WHOLE_DAYS, reversed(powers), strict=True):
            count = self.constant(days)
            fits = self.assembler.compare("<=", count, rest)
            none = self.assembler.select(fits, self.assembler.two("mul", none, power, share), none, share)
            left = Number(NUMBER, 0.0, LONGEST_STEP_DAYS)
            rest = self.assembler.select(fits, self.assembler.two("sub", rest, count, left), rest, left)
        part = self.assembler.two("mul", rest, daily, share)
        none = self.assembler.two("mul", none, self.assembler.two("sub", one, part, share), share)
        return self.assembler.two("sub", one, none, Number(NUMBER, 0.0, 1.0))

    def check_dates(self, node: Call) -> None:
        """today() and in_days() stand only where a date is set."""
        if not self.dates:
            message = f"{node.name}() stands only in the value set on a date"
            raise ExpressionError("date-condition", message, "no condition or amount may depend on the calendar; use days_since", node.at)

    # --- chance -------------------------------------------------------------------------------------------------------------------

    def uniform(self, node: Call, purpose_at: int, ordinary: str, count: int = 1) -> list[Value]:
        """So many draws for one purpose."""
        if "draw" not in self.scope.features:
            raise ExpressionError("random-in-condition", f"{node.name} cannot be used here", "chance belongs in rules and effects", node.at)
        if self.depth:
            raise ExpressionError(
                "random-in-relation", f"{node.name} cannot stand inside a relation", "bind the entities with for", node.at
            )
        purpose, at = ordinary, node.at
        if len(node.arguments) > purpose_at:
            part = node.arguments[purpose_at]
            if not isinstance(part, Text) or not part.value:
                raise ExpressionError("syntax", "a purpose is a word in quotes", f'{node.name}(... "who flees")', part.at)
            purpose, at = part.value, part.at
        if purpose in self.purposes:
            hint = 'give each draw a purpose of its own, as in chance(30%, "who flees")'
            raise ExpressionError("duplicate-purpose", f"the purpose '{purpose}' is already drawn for", hint, at)
        self.purposes.add(purpose)
        return [self.assembler.put("draw", (), (purpose, number), _UNIFORM) for number in range(count)]

    def chance(self, node: Call) -> Value:
        """True with a probability."""
        probability = self.probability(node)
        (uniform,) = self.uniform(node, 1, "chance")
        return self.assembler.compare("<", uniform, probability)

    def probability(self, node: Call) -> Value:
        """The first argument, which must lie within 0..1."""
        part = node.arguments[0]
        probability = self.fits(self.lower(part), NUMBER, part.at)
        of = probability.type
        assert isinstance(of, Number)
        if of.low < 0.0 or of.high > 1.0:
            message = f"a probability lies within 0..1, this one within {of.low:g}..{of.high:g}"
            raise ExpressionError("probability-range", message, "write clamp(..., 0, 1)", part.at)
        return probability

    def noise(self, node: Call) -> Value:
        """Mean 0, standard deviation 1, within -3..3: twice the sum of three uniform draws, less 3."""
        one, two, three = self.uniform(node, 0, "noise", 3)
        both = self.arithmetic("add", one, two, node.at)
        total = self.arithmetic("add", both, three, node.at)
        double = self.arithmetic("mul", self.constant(2.0), total, node.at)
        return self.arithmetic("sub", double, self.constant(3.0), node.at)

    def draw(self, node: Call) -> Value:
        """Uniform within 0..1."""
        return self.uniform(node, 0, "draw")[0]

    def constant(self, value: float) -> Value:
        """A bare number."""
        return self.assembler.number(value, Number(adaptable=True))

    # --- relations ----------------------------------------------------------------------------------------------------------------

    def relation(self, node: Relation) -> Value:
        """sum, mean, lowest, highest, count, any, all over a relation or a kind."""
        if self.depth >= MAX_RELATIONS:
            raise ExpressionError("too-deep", f"relations stand at most {MAX_RELATIONS} deep in each other", "name one with let", node.at)
        start, rows, kind = self.domain(node.path)
        self.check_new_name(node.variable, node.variable_at)
        self.locals[node.variable] = self.assembler.put("item", (), self.depth, EntityType(kind))
        self.depth += 1
        try:
            condition = self.truth(node.filter) if node.filter is not None else self.assembler.truth(value=True)
            value = self.number(node.value) if node.value is not None else self.constant(1.0)
        finally:
            self.depth -= 1
            del self.locals[node.variable]
        return self.reduced(node, start, rows, condition, value)

    def reduced(self, node: Relation, start: Value, rows: tuple[tuple[int, ...], ...], condition: Value, value: Value) -> Value:
        """The loop itself, with its type."""
        if node.function in ("any", "all"):
            wanted = self.assembler.negate(condition) if node.function == "all" else condition
            found = self.assembler.reduce(Reduction("any", rows, self.depth), start, wanted, self.constant(1.0), TRUTH)
            return self.assembler.negate(found) if node.function == "all" else found
        assert isinstance(value.type, Number)
        filtered = self.assembler.constant_of(condition) is None
        lengths = [len(row) for row in rows]
        bounds = ranges.reduced(node.function, lengths, filtered, (value.type.low, value.type.high))
        unit = NUMBER if value.type.unit.is_plain else value.type.unit
        of = Number(unit, adaptable=value.type.adaptable and node.function != "count")
        of = self.bounded(of, bounds, _at(node.value, node))
        return self.assembler.reduce(Reduction(node.function, rows, self.depth), start, condition, value, of)


def _at(node: Node | None, otherwise: Relation) -> int:
    return node.at if node is not None else otherwise.at
