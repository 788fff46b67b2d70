"""An entry and its line: what may be said, and that a line is the entry it says it is."""

from __future__ import annotations

import hashlib
import json

import pytest

from exercise.record.canonical import EntryError
from exercise.record.entry import ENTRY_BYTES, NO_ENTRY, seal, unseal
from exercise.record.testing import sample_header, sample_message


def refusal(kind: str, data: dict, n: int = 2, **options) -> EntryError:
    """With what an entry is refused."""
    with pytest.raises(EntryError) as refused:
        seal(n, NO_ENTRY, kind, data, **options)
    return refused.value


def test_the_hash_is_that_of_the_canonical_entry_without_it():
    """The format is what the documentation says, checked with nothing but the standard library."""
    entry, line = seal(2, "ab" * 32, "message", sample_message(), at="2026-11-22T10:00:00Z")
    body = json.loads(line)
    assert body.pop("hash") == entry.hash
    spelled = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    assert hashlib.sha256(spelled.encode()).hexdigest() == entry.hash


def test_a_line_is_read_back_as_its_entry():
    """Sealing and unsealing are inverse, with and without a wall time."""
    for at in (None, "2026-11-22T10:00:00.123Z"):
        entry, line = seal(2, NO_ENTRY, "message", sample_message(), at)
        assert unseal(line[:-1], 2, NO_ENTRY) == entry


def test_an_entry_keeps_what_was_recorded_when_the_callers_data_changes_later():
    """What is in memory is what is in the file."""
    data = sample_message()
    entry, _ = seal(2, NO_ENTRY, "message", data)
    data["to"].append("everybody")
    assert entry.data["to"] == ["south"]


@pytest.mark.parametrize(
    ("kind", "data", "says"),
    [
        ("gossip", {}, "no entry of type 'gossip'"),
        ("message", {"turn": 1, "from": "a", "to": "all"}, "'text' is missing"),
        ("message", {"turn": 1, "from": "a", "to": "all", "text": "x", "txt": "y"}, "'txt' is not known"),
        ("message", {"turn": True, "from": "a", "to": "all", "text": "x"}, "'turn'"),
        ("message", {"turn": 1, "from": "a", "to": "someone", "text": "x"}, "'to'"),
        ("order", {"turn": 1, "seat": "a", "order": "aid", "amount": "much"}, "'amount'"),
        ("order", {"turn": -1, "seat": "a", "order": "aid"}, "'turn'"),
        ("ruling", {"turn": 1, "effects": [{"entity": "a"}], "reason": "r"}, "'effects'"),
        ("ended", {"digest": "XYZ"}, "'digest'"),
        ("note", [], "must be an object"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_an_entry_of_the_wrong_shape_is_refused_by_name(kind, data, says):
    """A field that is missing, misspelt or of the wrong type is named."""
    assert says in str(refusal(kind, data))


def test_an_entry_longer_than_its_limit_is_refused():
    """A line has a limit, so that a reader never needs unlimited memory."""
    effects = [{"entity": "e" * 200, "quantity": "q" * 200, "mode": "add", "value": 1.0}] * 100
    ratings = {"turn": 1, "of": "x", "rating": ["y" * 19_000] * 60}
    assert refusal("rating", ratings).code == "too-long"
    seal(2, NO_ENTRY, "ruling", {"turn": 1, "effects": effects, "reason": "r"})


def test_a_text_longer_than_its_limit_is_refused():
    """Nobody can put a book into one message."""
    assert refusal("message", sample_message(size=20_001)).code == "shape"


def test_wall_time_is_utc_in_iso_form_or_nothing():
    """Years beyond 2038 and 9999 are fine; a local time or a number is not."""
    for at in ("2038-01-19T03:14:08Z", "12026-01-01T00:00:00Z"):
        seal(2, NO_ENTRY, "message", sample_message(), at)
    for at in ("2026-11-22 10:00", "2026-11-22T10:00:00+01:00", "1700000000"):
        assert refusal("message", sample_message(), at=at).code == "at"


@pytest.mark.parametrize(
    ("n", "prev", "code"),
    [(3, NO_ENTRY, "number"), (2, "ab" * 32, "chain")],
)
def test_a_line_in_another_place_is_refused(n, prev, code):
    """A line knows its number and its predecessor."""
    _, line = seal(2, NO_ENTRY, "message", sample_message())
    with pytest.raises(EntryError) as refused:
        unseal(line[:-1], n, prev)
    assert refused.value.code == code


def test_only_the_first_line_describes_the_exercise():
    """A second header, or none, is refused although every hash is right."""
    _, line = seal(2, NO_ENTRY, "exercise", sample_header())
    with pytest.raises(EntryError, match="first line"):
        unseal(line[:-1], 2, NO_ENTRY)
    _, line = seal(1, NO_ENTRY, "message", sample_message())
    with pytest.raises(EntryError, match="first line"):
        unseal(line[:-1], 1, NO_ENTRY)


def test_a_long_line_of_a_short_type_is_refused_on_reading():
    """The limit of a type holds for the reader too, whoever wrote the line."""
    body = {"data": {"of": "x", "rating": "y" * ENTRY_BYTES, "turn": 1}, "n": 2, "prev": NO_ENTRY, "type": "rating"}
    spelled = json.dumps(body, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(spelled.encode()).hexdigest()
    line = spelled.replace(',"n":2', f',"hash":"{digest}","n":2').encode()
    with pytest.raises(EntryError) as refused:
        unseal(line, 2, NO_ENTRY)
    assert refused.value.code == "too-long"


def test_a_hash_inside_the_data_is_not_taken_for_the_entrys_own():
    """Free text that looks like the end of a line changes nothing."""
    data = sample_message() | {"text": ',"hash":"' + "0" * 64 + '","n":2'}
    entry, line = seal(2, NO_ENTRY, "message", data)
    assert unseal(line[:-1], 2, NO_ENTRY) == entry
    rating = {"turn": 1, "of": "x", "rating": {"a": 1, "hash": "0" * 64, "n": 9}}
    entry, line = seal(2, NO_ENTRY, "rating", rating)
    assert unseal(line[:-1], 2, NO_ENTRY).data == rating
