"""Numbers in words and columns."""

from __future__ import annotations

import pytest

from exercise.report.plain import amount, reason, signed


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.0, "0"),
        (0.04, "0.04"),
        (-0.0371, "-0.037"),
        (12.0, "12"),
        (12.34, "12.3"),
        (93793.42, "93,793.4"),
        (1e6, "1,000,000"),
        ("degraded", "degraded"),
        (None, "never"),
    ],
)
def test_amounts_are_short_and_never_rounded_to_nothing(value: object, words: str) -> None:
    """A small change is still seen as one, a large figure is not drowned in digits, names and missing days pass."""
    assert amount(value) == words


def test_changes_carry_their_sign() -> None:
    """Up and down are told apart without colour; no change is not a fall."""
    assert (signed(1.5), signed(-0.04), signed(0.0)) == ("+1.5", "-0.04", "+0")


def test_what_wears_off_or_comes_late_is_not_told_as_a_beginning() -> None:
    """A contribution's reason says that it ended, or how long it was under way."""
    begun = {"because": "in open fighting offices lose control", "ending": False, "span": ""}
    assert reason(begun) == "in open fighting offices lose control"
    assert reason({**begun, "ending": True, "span": "42 days"}) == "wears off after 42 days: in open fighting offices lose control"
    assert reason({**begun, "ending": True}) == "wears off: in open fighting offices lose control"
    assert reason({**begun, "span": "7 days"}) == "in open fighting offices lose control, after 7 days"
