"""Any tree of the grammar, sensible or not, is lowered, emitted and answered, or refused as an expression error; nothing else happens."""

from __future__ import annotations

import contextlib

from hypothesis import given
from hypothesis import strategies as st

from exercise.language import ExpressionError, Query, compile_source, emit_query
from exercise.language.meaning import Inputs, evaluate
from exercise.language.values import EntityType

WORDS = (
    "r",
    "g",
    "osh",
    "x",
    "kyrgyzstan",
    "region",
    "amount",
    "failed",
    "nobody",
    "0",
    "1",
    "2.5",
    "40%",
    "3 days",
    "7 people",
    "true",
    "false",
)
PATHS = (
    "r.tension",
    "r.population",
    "r.closed",
    "r.capacity",
    "r.curfew_until",
    "r.country",
    "r.country.capital",
    "r.groups",
    "x.trust",
    "x.country",
)
FAR = ("g.region.country.openness", "r.country.capital.curfew_until", "unrest.slope", "unrest.crowd", "today()", "noise()")
LEAVES = st.sampled_from((*WORDS, *PATHS, *FAR))
MODES = ("add", "set", "toward")


def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Every form of the grammar over any parts."""
    return st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(("+", "-", "*", "/", "and", "or", "<", "<=", ">", ">=", "==", "!=")), inner),
        st.builds("({} {})".format, st.sampled_from(("-", "not")), inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
        st.builds("({} between {} and {})".format, inner, inner, inner),
        st.builds("{}({}, {})".format, st.sampled_from(("min", "max", "chance", "past")), inner, inner),
        st.builds("{}({})".format, st.sampled_from(("sqrt", "abs", "days_since", "days_until", "active", "in_days", "chance")), inner),
        st.builds("clamp({}, {}, {})".format, inner, inner, inner),
        st.builds("past({}, {})".format, inner, st.integers(0, 3)),
        st.builds("{}({} for x in {} where {})".format, st.sampled_from(("sum", "mean", "lowest", "highest")), inner, inner, inner),
        st.builds("{}(x in {} where {})".format, st.sampled_from(("count", "any", "all")), inner, inner),
    )


TREES = st.recursive(LEAVES, larger, max_leaves=10)


@given(text=TREES, seed=st.integers(0, 1_000))
def test_any_tree_is_answered_or_refused(world, text: str, seed: int) -> None:
    """What passes the check runs and agrees with the reference."""
    builder = world.builder(frozenset({"past", "today"}))
    try:
        value = builder.lower(text)
    except ExpressionError as error:
        refused = error
    else:
        if not isinstance(value.type, EntityType):
            state = world.state(seed)
            query = Query(id="salad", arity=2, arguments=1, code=builder.finish(), outputs=(value.id,))
            answer = compile_source(emit_query(query, traced=True, name="salad"))["salad"](state, [], 4.0, 0, 1, 2.0)
            assert answer[0] == (evaluate(query.code, value.id, Inputs(cells=state, now=4.0, binding=(0, 1), arguments=(2.0,))),)
        return
    assert refused.code
    assert refused.message
    assert 0 <= refused.offset <= len(text)


@given(
    text=TREES, on=st.sampled_from(("r.tension", "r.closed", "r.capacity", "r.curfew_until", "r.population")), mode=st.sampled_from(MODES)
)
def test_any_tree_as_an_effect_is_lowered_or_refused(world, text: str, on: str, mode: str) -> None:
    """Also as a value to add or set, a rate, an address, a local name and a constant."""
    builder = world.builder()
    block, _ = builder.address(on)
    for action, arguments in (
        (builder.value_for, (text, block, mode)),
        (builder.rate, (text,)),
        (builder.address, (text,)),
        (builder.constant, (text,)),
        (builder.condition, (text,)),
        (builder.define, ("fresh", text)),
    ):
        with contextlib.suppress(ExpressionError):
            action(*arguments)
