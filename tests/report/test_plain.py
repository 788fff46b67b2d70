"""Numbers in words and columns."""

from __future__ import annotations

import pytest

from exercise.report.plain import amount, signed


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
