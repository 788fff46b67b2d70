"""One value, one spelling; and nothing that comes from a file is trusted before it is measured."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercise.record import canonical
from exercise.record.canonical import EntryError

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30)
SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False) | TEXT
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(TEXT, inner, max_size=5), max_leaves=20)


def code_of(line: bytes) -> str:
    """The code with which a line is refused."""
    with pytest.raises(EntryError) as refused:
        canonical.decode(line)
    return refused.value.code


@given(VALUES)
def test_what_is_written_is_read_back(value):
    """Every value that an entry may hold survives the trip, floats to the last bit."""
    line = canonical.encode(value)
    assert repr(canonical.decode(line)) == repr(json.loads(line))
    assert canonical.encode(canonical.decode(line)) == line


def test_floats_are_spelled_by_repr():
    """The shortest text that gives the same double back, so digests agree on every machine."""
    assert canonical.encode([0.1, 1e22, 5e-324, -0.0, 100.0]) == b"[0.1,1e+22,5e-324,-0.0,100.0]"


def test_keys_are_sorted_and_text_stays_utf8():
    """Equal objects have equal bytes, whatever the order in which they were made."""
    assert canonical.encode({"b": 1, "a": "Ош"}) == '{"a":"Ош","b":1}'.encode()


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (float("nan"), "not-finite"),
        (float("inf"), "not-finite"),
        ("\ud800", "surrogate"),
        ({"\udfff": 1}, "surrogate"),
        ("bell\x07", "control-character"),
        ("\x9b31m", "control-character"),
        ({"two\nlines": 1}, "control-character"),
        ({1: 2}, "key"),
        (10**30, "number-too-long"),
        (object(), "type"),
        (b"bytes", "type"),
        ({1, 2}, "type"),
    ],
    ids=lambda one: "an object" if type(one) is object else repr(one),
)
def test_what_json_cannot_hold_exactly_is_refused(value, code):
    """Nothing is bent into shape on the way to the log."""
    with pytest.raises(EntryError) as refused:
        canonical.encode({"value": [value]})
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b'{"a":1,"a":2}', "duplicate-key"),
        (b'{"a":NaN}', "not-finite"),
        (b'{"a":-Infinity}', "not-finite"),
        (b'{"a":1e999}', "not-finite"),
        (b'{"a":' + b"9" * 1_000_000 + b"}", "number-too-long"),
        (b'{"a":"\\ud800"}', "surrogate"),
        (b'{"a":"\\u001b[0m"}', "control-character"),
        (b'{"a":"\xff"}', "not-utf8"),
        (b'{"a":1', "not-json"),
        (b'{"a":}', "not-json"),
        (b"", "not-json"),
        (b'{"b":1,"a":2}', "not-canonical"),
        (b'{"a": 1}', "not-canonical"),
        (b'{"a":1.50}', "not-canonical"),
        (b'{"a":"\\u0041"}', "not-canonical"),
        (b'{"a":"\\/"}', "not-canonical"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_line_that_is_not_the_one_spelling_is_refused(line, code):
    """A second way to write the same value would be room for a change that no hash sees."""
    assert code_of(line) == code


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'[{"a":'])
def test_deep_nesting_is_refused_before_it_is_parsed(opening):
    """A hundred thousand brackets cost milliseconds and no stack."""
    started = time.perf_counter()
    assert code_of(opening * 100_000) == "too-deep"
    assert time.perf_counter() - started < 2


def test_nesting_up_to_the_limit_is_read():
    """The limit is exact: one level more is refused, by the writer as by the reader."""
    deepest = b"[" * canonical.MAX_DEPTH + b"]" * canonical.MAX_DEPTH
    value = canonical.decode(deepest)
    assert canonical.encode(value) == deepest
    with pytest.raises(EntryError):
        canonical.encode([value])
    assert code_of(b"[" + deepest + b"]") == "too-deep"


def test_brackets_and_quotes_inside_text_do_not_count():
    """Depth is measured outside of strings, escaped quotes included."""
    value = {"say": '"[[[[' * 100 + "\\"}
    assert canonical.decode(canonical.encode(value)) == value


def test_measuring_depth_takes_linear_time():
    """A megabyte of escaped quotes without an end is refused at once: the measure never starts over."""
    started = time.perf_counter()
    code_of(b'"' + b'\\"' * 500_000)
    assert time.perf_counter() - started < 2


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_a_refusal(data):
    """Whatever a file holds, the reader answers with a value or with an ``EntryError``."""
    try:
        canonical.decode(data)
    except EntryError:
        return
    assert canonical.encode(canonical.decode(data)) == data
