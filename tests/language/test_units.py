"""Units: laws of their algebra, and words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercise.language import KNOWN_UNITS, ExpressionError, Unit, parse_unit

WORDS = st.sampled_from(KNOWN_UNITS)
UNITS = st.lists(WORDS, min_size=1, max_size=3).map(lambda words: product([parse_unit(word) for word in words]))


def product(units: list[Unit]) -> Unit:
    """All units multiplied."""
    result = Unit()
    for unit in units:
        result = result.times(unit)
    return result


@given(a=UNITS, b=UNITS, c=UNITS)
def test_units_multiply_like_numbers(a: Unit, b: Unit, c: Unit) -> None:
    """Commutative, associative, with number as one, and division as the inverse."""
    assert a.times(b) == b.times(a)
    assert a.times(b).times(c) == a.times(b.times(c))
    assert a.times(Unit()) == a
    assert a.times(b).over(b) == a
    assert a.over(a).is_plain


@given(a=UNITS)
def test_a_root_is_the_inverse_of_a_square(a: Unit) -> None:
    """sqrt(a * a) has the unit of a; a unit with an odd power has no root."""
    assert a.times(a).root() == a
    assert (a.root() is None) == any(power % 2 for _, power in a.powers)


@given(word=WORDS)
def test_names_are_read_back(word: str) -> None:
    """A unit's name, with blanks or underscores, gives the unit again."""
    unit = parse_unit(word)
    assert parse_unit(str(unit)) == unit
    assert parse_unit(word.replace("_", " ")) == unit


@pytest.mark.parametrize("word", ["points", "share", "number", "flag"])
def test_points_share_number_and_flag_are_one_family(word: str) -> None:
    """None of them has a dimension."""
    assert parse_unit(word) == Unit()


def test_people_days_houses_tonnes_money_and_posts_are_dimensions_of_their_own() -> None:
    """No two of them are equal."""
    words = ("people", "days", "date", "houses", "tonnes", "million dollars", "posts", "number")
    assert len({parse_unit(word) for word in words}) == len(words)


def test_a_rates_time_is_left_to_the_rule() -> None:
    """A parameter may be declared in points per month; the rule's own per says over what time it is counted."""
    assert parse_unit("people per month") == parse_unit("people")
    assert parse_unit("tonnes per person per day") == parse_unit("tonnes/people")
    assert parse_unit("days per post").powers == (("days", 1), ("posts", -1))


def test_singular_forms_are_understood() -> None:
    """1 day, 1 person."""
    assert parse_unit("day") == parse_unit("days")
    assert parse_unit("person") == parse_unit("people")


@pytest.mark.parametrize(
    ("text", "hint"), [("poeple", "people"), ("tons", "tonnes"), ("", "units are"), ("people per fortnigth", "units are")]
)
def test_a_misspelt_unit_is_refused_with_the_nearest_one(text: str, hint: str) -> None:
    """Code unknown-unit and a hint."""
    with pytest.raises(ExpressionError) as caught:
        parse_unit(text)
    assert caught.value.code == "unknown-unit"
    assert hint in caught.value.hint


@given(st.text(max_size=60))
def test_no_text_makes_units_raise_anything_else(text: str) -> None:
    """Any text is a unit or an expression error."""
    code = "unknown-unit"
    try:
        parse_unit(text)
    except ExpressionError as error:
        code = error.code
    assert code == "unknown-unit"
