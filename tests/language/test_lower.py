"""Meaning of words, units, ranges: what is let through, and where the rest is refused."""

from __future__ import annotations

import pytest

from exercise.language import Choice, DateType, EntityType, ExpressionError, Number, Truth, evaluate_fixed, parse_unit, static_index
from exercise.language.meaning import Inputs, evaluate


def refusal(action, *arguments) -> ExpressionError:
    """The error that an action raises."""
    with pytest.raises(ExpressionError) as caught:
        action(*arguments)
    return caught.value


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("r.population", "people"),
        ("r.population + 5", "people"),
        ("r.population * r.tension / 100", "people"),
        ("r.population / g.population", "number"),
        ("r.relief / g.population", "tonnes/people"),
        ("12 days", "days"),
        ("days_since(r.curfew_until) / 2", "days"),
        ("sqrt(r.population * r.population)", "people"),
        ("max(0, r.population - unrest.crowd)", "people"),
        ("sum(x.population for x in r.groups)", "people"),
        ("mean(x.aid for x in country)", "million dollars"),
        ("count(x in region)", "number"),
        ("r.population if r.closed else 0", "people"),
        ("past(r.population, 2)", "people"),
        ("unrest.slope * r.tension", "number"),
    ],
)
def test_units_follow_the_arithmetic(world, text: str, unit: str) -> None:
    """The unit of a result is worked out from its parts."""
    value = world.builder().lower(text)
    assert isinstance(value.type, Number)
    assert value.type.unit == parse_unit(unit)


@pytest.mark.parametrize("text", ["3", "6 * (r.tension/100) * (1 - r.abuse/100)", "noise() * 2", "1 + 2", "-3", "2 if r.closed else 3"])
def test_a_bare_number_adapts_to_any_unit(world, text: str) -> None:
    """Literals, and products of literals with numbers without dimension, can be added to people as well as to points."""
    for unit in ("people", "points", "million dollars", "days"):
        assert world.builder().amount(text, parse_unit(unit))


@pytest.mark.parametrize(
    "text", ["r.tension", "r.tension / 1 people", "r.population / g.population", "count(x in region)", "unrest.slope", "3 days"]
)
def test_a_number_with_a_meaning_does_not_adapt(world, text: str) -> None:
    """Points are not people, whatever their value."""
    assert refusal(world.builder().amount, text, parse_unit("people")).code == "unit-mismatch"


@pytest.mark.parametrize(
    ("text", "code", "word"),
    [
        ("r.tensoin > 3", "unknown-quantity", "tensoin"),
        ("r.tension > 3 and q.tension > 3", "unknown-name", "q"),
        ("r.tension > treshold", "unknown-name", "treshold"),
        ("r.contry.openness > 1", "unknown-relation", "contry"),
        ("r.tension.openness > 1", "unknown-relation", "tension"),
        ("unrest.slop > 1", "unknown-parameter", "unrest"),
        ("r.capacity == faild", "unknown-choice", "faild"),
        ("captive == r.capacity", "unknown-name", "captive"),
        ("r.capacity > failed", "type-mismatch", "r.capacity"),
        ("r.capacity == 1", "type-mismatch", "1"),
        ("r.capacity + 1 > 1", "type-mismatch", "r.capacity"),
        ("failed == failed", "type-mismatch", "failed"),
        ("r.population > r.tension", "unit-mismatch", "r.tension"),
        ("r.population between 1 days and 3", "unit-mismatch", "1 days"),
        ("1 < min(r.population, 3 days)", "unit-mismatch", "3 days"),
        ("(r.population if r.closed else 3 days) > 1", "unit-mismatch", "3 days"),
        ("r.tension / r.abuse > 1", "zero-divisor", "r.abuse"),
        ("r.tension / (r.abuse - 50) > 1", "zero-divisor", "r.abuse - 50"),
        ("1 / 0 > 1", "zero-divisor", "0"),
        ("sqrt(r.tension - 1) > 1", "negative-root", "r.tension - 1"),
        ("sqrt(r.population) > 1", "unit-mismatch", "r.population"),
        ("r.tension", "type-mismatch", "r.tension"),
        ("r.tension > 1 and 3", "type-mismatch", "3"),
        ("not r.tension", "type-mismatch", "r.tension"),
        ("(r.tension > 1) + 1 > 1", "type-mismatch", "r.tension > 1"),
        ("(r.tension > 1) == (r.abuse > 1)", "type-mismatch", "r.abuse > 1"),
        ("r == kyrgyzstan", "type-mismatch", "kyrgyzstan"),
        ("r < osh", "type-mismatch", "r < osh"),
        ("region == osh", "type-mismatch", "region"),
        ("r.groups.trust > 1", "type-mismatch", "groups"),
        ("amount.tension > 1", "type-mismatch", "tension"),
        ("sum(x.tension for x in regions) > 1", "unknown-name", "regions"),
        ("sum(x.tension for x in r) > 1", "type-mismatch", "r)"),
        ("sum(x.tension for x in r.tension) > 1", "unknown-relation", "tension)"),
        ("sum(r.tension for r in region) > 1", "name-taken", "r in region"),
        ("count(min in region) > 1", "name-taken", "min in"),
        ("sum(chance(10%) for x in region) > 1", "random-in-relation", "chance"),
        ("chance(r.tension)", "probability-range", "r.tension"),
        ("chance(1 days)", "unit-mismatch", "1 days"),
        ('chance(10%, "a") and chance(20%, "a")', "duplicate-purpose", '"a")'),
        ("noise() + noise() > 1", "duplicate-purpose", "noise() > 1"),
        ("draw(3) > 1", "syntax", "3"),
        ('"words" == "words"', "syntax", '"words"'),
        ("today() > 3", "date-condition", "today"),
        ("in_days(3) > 3", "date-condition", "in_days"),
        ("r.curfew_until > 3", "date-condition", "r.curfew_until"),
        ("r.curfew_until + 1 > 3", "date-condition", "r.curfew_until"),
        ("days_since(r.tension) > 3", "type-mismatch", "tension"),
        ("days_since(today()) > 3", "type-mismatch", "today"),
        ("3 date > 3", "date-condition", "3 date"),
        ("past(r.tension, 0) > 1", "syntax", "0"),
        ("past(r.tension, amount) > 1", "syntax", "amount"),
        ("past(r.tension + 1, 1) > 1", "type-mismatch", "r.tension + 1"),
        ("3 fortnights > 1", "unknown-unit", "fortnights"),
        ("min > 1", "unknown-name", "min"),
        (
            "any(a in region where any(b in region where any(c in region where any(d in region where any(e in region)))))",
            "too-deep",
            "any(e",
        ),
    ],
)
def test_mistakes_are_refused_at_the_offending_word(world, text: str, code: str, word: str) -> None:
    """Each kind of mistake has a stable code and the exact place."""
    error = refusal(world.builder().condition, text)
    assert error.code == code
    assert error.offset in (text.find(word), text.rfind(word))


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("r.capacity == faild", "failed"),
        ("unrest.slop > 1", "unrest.slope"),
        ("r.nieghbours.tension > 1", "neighbours"),
        ("tensoin > 1", "known here: r, g, amount"),
        ("oshh == r", "osh"),
        ("r.tension / r.abuse > 1", "max(1"),
        ("r.population > r.tension", "people"),
        ("(r.tension > 1) * 3 > 1", "1 if"),
        ("r.groups.trust > 1", "sum("),
    ],
)
def test_mistakes_come_with_a_hint(world, text: str, hint: str) -> None:
    """The nearest word, or the usual way out."""
    assert hint in refusal(world.builder().condition, text).hint


def test_a_missing_quantity_says_what_whoever_built_the_names_said(world) -> None:
    """Views give their own reasons."""
    error = refusal(world.builder().lower, "r.wealth")
    assert (error.message, error.hint) == ("a region has no quantity wealth", "see the rulebook")


def test_scopes_forbid_chance_and_past_values(world) -> None:
    """Conditions of views have neither dice nor memory unless the scope says so."""
    builder = world.builder(frozenset())
    assert refusal(builder.condition, "chance(10%)").code == "random-in-condition"
    assert refusal(builder.condition, "noise() > 1").code == "random-in-condition"
    assert refusal(builder.condition, "past(r.tension, 1) > 1").code == "past-forbidden"


def test_only_what_runs_in_a_step_knows_its_length(world) -> None:
    """A report or a condition of a seat has none, chance or not."""
    builder = world.builder(frozenset({"draw", "past"}))
    assert refusal(builder.amount, "step_days()", parse_unit("days")).code == "no-step"
    assert refusal(builder.condition, "chance(over_step(10%))").code == "no-step"
    assert refusal(world.builder().condition, "chance(over_step(r.tension))").code == "probability-range"


@pytest.mark.parametrize("days", [0.25, 0.5, 1.0, 2.0, 3.0, 7.0, 13.0, 21.0, 26.5, 30.0, 30.4375])
@pytest.mark.parametrize("daily", [0.0, 0.003, 0.25, 1.0])
def test_a_hazard_of_a_day_adds_up_over_a_step_as_days_do(world, daily: float, days: float) -> None:
    """Exactly 1 - (1 - p)^n for whole days; a part of a day counts in proportion."""
    builder = world.builder()
    value = builder.amount("over_step(g.share)")
    state = [0.0] * world.size
    state[world.blocks["group", "share"].cells[1]] = daily
    whole = int(days)
    expected = 1 - (1 - daily) ** whole * (1 - daily * (days - whole))
    found = evaluate(builder.finish(), value.id, Inputs(cells=state, days=days, binding=(0, 1)))
    assert found == pytest.approx(expected, abs=1e-12)
    assert 0.0 <= found <= 1.0


def test_each_draw_of_a_block_has_its_own_purpose(world) -> None:
    """Also when the draws stand in different texts of one rule."""
    builder = world.builder()
    builder.condition("chance(10%)")
    assert refusal(builder.amount, "1 if chance(20%) else 2").code == "duplicate-purpose"
    assert builder.condition('chance(20%, "another")')


@pytest.mark.parametrize(("text", "unit"), [("2 * r.population", "days"), ("r.population / 2", "days"), ("2 / g.population", "people")])
def test_a_product_with_a_dimension_does_not_adapt(world, text: str, unit: str) -> None:
    """Twice as many people are still people."""
    assert refusal(world.builder().amount, text, parse_unit(unit)).code == "unit-mismatch"


@pytest.mark.parametrize("operator", ["and", "or"])
@pytest.mark.parametrize("left", ["true", "false", "1 < 2", "2 < 1"])
@pytest.mark.parametrize("right", ["true", "false", "1 < 2", "2 < 1"])
def test_conditions_with_constants_keep_their_meaning(world, operator: str, left: str, right: str) -> None:
    """Every row of both truth tables, with literals (which are folded) and comparisons (which are not)."""
    values = {"true": True, "false": False, "1 < 2": True, "2 < 1": False}
    expected = values[left] and values[right] if operator == "and" else values[left] or values[right]
    assert world.builder().constant(f"1 if {left} {operator} {right} else 0") == float(expected)
    assert world.builder().constant(f"1 if not ({left} {operator} {right}) else 0") == float(not expected)


def test_a_flag_is_a_condition_and_a_condition_sets_a_flag(world) -> None:
    """Quantities of unit flag need no comparison, and take true and false."""
    builder = world.builder()
    assert isinstance(builder.condition("r.closed and not r.closed").type, Truth)
    assert isinstance(builder.condition("r.closed if r.tension > 3 else r.abuse > 3").type, Truth)
    assert builder.value_for("r.tension > 3", world.blocks["region", "closed"], "set")
    assert builder.value_for("true", world.blocks["region", "closed"], "set")
    assert refusal(builder.condition, "r.closed + r.closed").code == "type-mismatch"
    assert refusal(builder.value_for, "true", world.blocks["region", "tension"], "set").code == "type-mismatch"


def test_dates_are_set_and_nothing_else(world) -> None:
    """today(), in_days and other dates stand only in the value set on a date; the clock itself is never a number."""
    builder, curfew = world.builder(), world.blocks["region", "curfew_until"]
    for text in ("today()", "in_days(7)", "max(r.curfew_until, in_days(3 days))", "today() if r.closed else osh.curfew_until"):
        assert isinstance(builder.value_for(text, curfew, "set").type, DateType)
    for text, code in (("3", "type-mismatch"), ("today() + 1", "date-condition"), ("in_days(r.population)", "unit-mismatch")):
        assert refusal(builder.value_for, text, curfew, "set").code == code
    for mode in ("add", "toward"):
        assert refusal(builder.value_for, "today()", curfew, mode).code == "type-mismatch"
    assert refusal(builder.value_for, "today()", world.blocks["region", "tension"], "set").code == "date-condition"
    assert refusal(builder.define, "end", "today()").code == "date-condition"


def test_listed_values_are_set_by_name(world) -> None:
    """A classification may choose among the names of its quantity."""
    builder, capacity = world.builder(), world.blocks["region", "capacity"]
    value = builder.value_for("hegemonic if r.tension < 20 else failed if r.abuse > 50 else r.capacity", capacity, "set")
    assert value.type == Choice(capacity.values)
    assert refusal(builder.value_for, "1", capacity, "set").code == "type-mismatch"
    assert refusal(builder.value_for, "faild", capacity, "set").code == "unknown-choice"
    assert refusal(builder.value_for, "1", capacity, "add").code == "type-mismatch"


def test_an_amount_must_fit_the_quantity_that_it_changes(world) -> None:
    """Units are checked where an effect lands."""
    builder = world.builder()
    assert builder.value_for("r.population * 2%", world.blocks["region", "displaced"], "add")
    assert refusal(builder.value_for, "r.population", world.blocks["region", "tension"], "add").code == "unit-mismatch"


def test_a_rate_lies_within_0_and_1(world) -> None:
    """The share of a gap that is closed."""
    builder = world.builder()
    assert builder.rate("5%")
    assert builder.rate("g.share * unrest.slope")
    assert refusal(builder.rate, "1.5").code == "rate-range"
    assert refusal(builder.rate, "0 - g.share").code == "rate-range"
    assert refusal(builder.rate, "1 days").code == "unit-mismatch"


def test_an_address_gives_the_quantity_and_its_owner(world) -> None:
    """Through relations and for entities by name; for each binding the owner's index is known when content is compiled."""
    builder = world.builder()
    block, owner = builder.address("r.country.legitimacy")
    assert block == world.blocks["country", "legitimacy"]
    assert owner.type == EntityType("country")
    assert [static_index(builder, owner, binding) for binding in world.bindings] == [0, 0, 0, 1]
    _, fixed = builder.address("andijan.unrest")
    assert static_index(builder, fixed, ()) == 2
    for text, code in (("r", "syntax"), ("r.unrest + 1", "syntax"), ("unrest.slope", "type-mismatch"), ("r.groups.trust", "type-mismatch")):
        assert refusal(builder.address, text).code == code


def test_local_names_are_used_like_others(world) -> None:
    """Numbers, conditions and entities can be named; a name is given once."""
    builder = world.builder()
    builder.define("pressure", "r.tension / 100")
    builder.define("home", "r.country")
    builder.define("tense", "pressure > 50%")
    assert builder.condition("tense and home.openness < 40 and home == kyrgyzstan")
    for name in ("pressure", "r", "amount", "osh", "if", "max", "sum", "two words", ""):
        assert refusal(builder.define, name, "1").code == "name-taken"


def test_a_broken_local_name_is_told_once(world) -> None:
    """Later uses have a code of their own, so that one mistake does not become ten."""
    builder = world.builder()
    assert refusal(builder.define, "pressure", "r.tensoin").code == "unknown-quantity"
    assert refusal(builder.condition, "pressure > 1").code == "broken-name"


def test_constants_are_made_of_literals_and_parameters(world) -> None:
    """Folded with the same arithmetic as everything else."""
    builder = world.builder()
    assert builder.constant("0.1 + 0.2") == 0.1 + 0.2
    assert builder.constant("unrest.slope * 100 - min(3, 4) / 2") == 0.4 * 100 - 1.5
    assert refusal(builder.constant, "r.tension").code == "not-constant"


def test_fixed_facts_are_answered_when_content_is_compiled(world) -> None:
    """The where of a binding: names and relations only."""
    scope = world.scope()
    text = "r.country == kyrgyzstan and count(x in r.groups) > 1 and not any(n in r.neighbours where n == r)"
    assert [evaluate_fixed(text, scope, binding) for binding in ((0, 0), (1, 0), (2, 0))] == [True, False, False]
    assert evaluate_fixed("all(x in r.neighbours where x.country == uzbekistan)", scope, (2, 0))
    assert refusal(evaluate_fixed, "r.tension > 3", scope, (0, 0)).code == "not-fixed"
    assert refusal(evaluate_fixed, "amount > 3", scope, (0, 0)).code == "unknown-name"
    assert refusal(evaluate_fixed, "chance(50%)", scope, (0, 0)).code == "random-in-condition"


def test_equal_expressions_are_one_value(world) -> None:
    """Hash-consing: what is written twice is worked out once."""
    builder = world.builder()
    first = builder.amount("sum(x.trust for x in r.groups) * 2 + r.tension", parse_unit("points"))
    count = len(builder.finish().instructions)
    assert builder.amount("sum(y.trust for y in r.groups) * 2 + r.tension", parse_unit("points")).id == first.id
    assert len(builder.finish().instructions) == count


def test_values_are_assigned_once_and_before_use(world) -> None:
    """Arguments of an instruction have smaller numbers: the form is in single-assignment order."""
    builder = world.builder()
    builder.define("x", "mean(n.tension for n in r.neighbours where n.closed)")
    builder.condition("x > 3 and clamp(x, 1, 2) < sqrt(abs(x - 3)) or chance(x / 100)")
    for number, instruction in enumerate(builder.finish().instructions):
        assert all(argument < number for argument in instruction.args)


def test_numbers_beyond_all_measure_are_refused(world) -> None:
    """A range that could overflow is an error, so that infinity cannot arise."""
    text = "999999999999999" + " * 999999999999999" * 30
    assert refusal(world.builder().lower, text).code == "too-large"


def test_long_chains_do_not_exhaust_the_stack(world) -> None:
    """200 terms, and conditions as long."""
    assert world.builder().lower(" + ".join(["amount"] * 199))
    assert world.builder().condition(" or ".join(["r.closed"] * 99))
    deep = "(" * 30 + "r.tension + 1" + ")" * 30
    assert world.builder().lower(deep)
