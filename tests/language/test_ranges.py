"""Interval analysis: a value never leaves the range that was worked out for it, to the last bit."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercise.language import DateType, ExpressionError, Number, Type
from exercise.language.meaning import Inputs, evaluate
from exercise.language.plan import plan

NUMBERS = (
    "r.tension",
    "r.abuse",
    "g.trust",
    "g.share",
    "amount",
    "r.country.openness",
    "unrest.slope",
    "0.1",
    "3",
    "40%",
    "noise()",
    "draw('u')",
)
CONDITIONS = ("r.closed", "g.region == r", "r.capacity == failed", "active(r.curfew_until)", "chance(30%)")

REDUCED = st.sampled_from(["sum", "mean", "lowest", "highest"])
VARIABLES = st.sampled_from("stuvwxyz")


def numbers(conditions: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Texts of numbers without dimension."""

    def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.one_of(
            st.builds("({} {} {})".format, inner, st.sampled_from("+-*"), inner),
            st.builds("{} / max(0.5, abs({}))".format, inner, inner),
            st.builds("{}({}, {})".format, st.sampled_from(["min", "max"]), inner, inner),
            st.builds("clamp({}, -1, {})".format, inner, inner),
            st.builds("sqrt(max(0, {}))".format, inner),
            st.builds("(-{})".format, inner),
            st.builds("({} if {} {} {} else {})".format, inner, inner, st.sampled_from(["<", "<=", "==", "!=", ">"]), inner, inner),
            st.builds("({} if {} else {})".format, inner, conditions, inner),
            st.builds("{0}({1}.trust * {2} for {1} in r.groups where {1}.share < {3})".format, REDUCED, VARIABLES, inner, inner),
            st.builds("{0}({2} - {1}.tension for {1} in r.neighbours)".format, REDUCED, VARIABLES, inner),
            st.builds(
                "sum(mean(i.share * {0}.abuse for i in {0}.groups) for {0} in r.country.regions where {1} > {0}.unrest)".format,
                VARIABLES,
                inner,
            ),
            st.builds("count({0} in region where {0}.tension > {1})".format, VARIABLES, inner),
            st.builds("past(r.tension, {})".format, st.integers(1, 5)),
            st.builds("days_since(r.curfew_until) / {} days".format, st.integers(1, 9)),
        )

    return st.recursive(st.sampled_from(NUMBERS), larger, max_leaves=12)


REFUSED = ("name-taken", "too-large", "duplicate-purpose", "random-in-relation", "too-long", "too-deep")
TEXTS = numbers(st.sampled_from(CONDITIONS))


def within(value: float, of: Type) -> bool:
    """Whether a value lies in its type's range."""
    return not isinstance(of, Number | DateType) or of.low <= value <= of.high


@given(text=TEXTS, seed=st.integers(0, 10**6))
def test_no_value_leaves_its_range(world, text: str, seed: int) -> None:
    """Every value of a random expression, also those on the way, at a random state whose numbers often lie at the ends of their ranges."""
    builder = world.builder()
    try:
        builder.lower(text)
    except ExpressionError as error:
        assert error.code in REFUSED  # noqa: PT017 - any other refusal is a failure
        return
    code, dice = builder.finish(), random.Random(seed)
    roots = range(len(code.instructions))
    free = plan(code, roots).free
    state, history = world.state(seed), [world.state(seed + 1), world.state(seed + 2)]
    draws = [dice.choice((0.0, 1.0 - 2.0**-53, dice.random())) for _ in range(3)]
    inputs = Inputs(
        cells=state,
        history=history,
        now=dice.choice((0.0, 12.5, 1e6)),
        binding=dice.choice(world.bindings),
        arguments=(dice.choice((0.0, 10.0, 3.3)),),
        draw=lambda _, number: draws[number],
    )
    for value in roots:
        if not free[value]:
            assert within(evaluate(code, value, inputs), code.types[value])


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("r.tension - r.abuse", -100.0, 100.0),
        ("r.tension * -2", -200.0, 0.0),
        ("r.tension / -4", -25.0, 0.0),
        ("100 / max(5, r.tension)", 1.0, 20.0),
        ("abs(r.tension - 30)", 0.0, 70.0),
        ("abs(r.tension + 30)", 30.0, 130.0),
        ("clamp(r.tension, 10, 20)", 10.0, 20.0),
        ("sqrt(r.tension)", 0.0, 10.0),
        ("1 if r.closed else r.tension", 0.0, 100.0),
        ("sum(x.trust for x in r.groups)", 0.0, 200.0),
        ("sum(x.trust + 1 for x in r.groups)", 1.0, 202.0),
        ("sum(x.trust + 1 for x in r.groups where x.share > 1)", 0.0, 202.0),
        ("mean(x.trust + 1 for x in r.groups)", 1.0, 101.0),
        ("mean(x.trust + 1 for x in r.neighbours)", 0.0, 101.0),
        ("lowest(x.tension + 1 for x in region)", 1.0, 101.0),
        ("highest(x.tension + 1 for x in region where x.closed)", 0.0, 101.0),
        ("count(x in r.groups)", 1.0, 2.0),
        ("count(x in r.groups where x.share > 1)", 0.0, 2.0),
        ("noise()", -3.0, 3.0),
        ("draw('u')", 0.0, 1.0),
    ],
)
def test_ranges_are_as_narrow_as_the_parts_allow(world, text: str, low: float, high: float) -> None:
    """Not only safe but useful: what authors rely on when a divisor must exclude 0."""
    text = text.replace("x.trust + 1 for x in r.neighbours", "x.tension + 1 for x in r.neighbours")
    of = world.builder().lower(text).type
    assert isinstance(of, Number)
    assert (of.low, of.high) == (low, high)


def test_a_mean_may_exceed_its_largest_element_by_rounding_and_its_range_knows(world) -> None:
    """Three times 0.1 sum to more than 0.3, so their mean is above 0.1: the range is computed by the same sums."""
    of = world.builder().lower("mean(0.1 for x in region)").type
    assert isinstance(of, Number)
    assert of.high == (0.1 + 0.1 + 0.1) / 3.0 > 0.1


@given(a=st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), b=st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), data=st.data())
def test_each_operation_stays_between_its_corners(a: tuple[float, float], b: tuple[float, float], data: st.DataObject) -> None:
    """The rounded result of any two members lies within the rounded bounds."""
    from exercise.language import ranges

    a, b = (min(a), max(a)), (min(b), max(b))
    x, y = data.draw(st.floats(*a)), data.draw(st.floats(*b))
    results = {"add": x + y, "sub": x - y, "mul": x * y, "min": min(x, y), "max": max(x, y)}
    if not ranges.holds_zero(b) and min(abs(b[0]), abs(b[1])) > 1e-200:
        results["div"] = x / y
    for op, result in results.items():
        low, high = ranges.BOUNDS[op](a, b)
        assert low <= result <= high


def test_reductions_are_bounded_for_every_choice_of_elements() -> None:
    """Brute force over all subsets and end values of rows of up to four elements."""
    from exercise.language import ranges

    value = (-0.3, 0.7)
    for operation, size in itertools.product(("sum", "mean", "lowest", "highest", "count"), range(5)):
        low, high = ranges.reduced(operation, [size], True, value)
        for kept in range(size + 1):
            for elements in itertools.product(value, repeat=kept):
                total = 0.0
                for element in elements:
                    total = total + element
                results = {"sum": total, "mean": total / kept if kept else 0.0, "count": float(kept)}
                results |= {"lowest": min(elements, default=0.0), "highest": max(elements, default=0.0)}
                assert low <= results[operation] <= high
