"""Words: one catalogue for every string, and placeholders that reach nothing."""

from __future__ import annotations

from exercise.presenter.words import _, fill, many, use_language


def test_places_are_filled_and_nothing_else_is_interpreted() -> None:
    """A player's text in a placeholder stays text, and a catalogue cannot reach into values."""
    assert _("turn {turn} of {turns}", turn=1, turns=9) == "turn 1 of 9"
    assert fill("{seat.__class__} {0} {seat}", {"seat": "{turn}"}) == "{seat.__class__} {0} {turn}"


def test_counts_choose_singular_or_plural() -> None:
    """One order is not 1 orders."""
    assert many("{count} order left", "{count} orders left", 1) == "1 order left"
    assert many("{count} order left", "{count} orders left", 2) == "2 orders left"


def test_a_language_without_catalogue_leaves_english() -> None:
    """English is the fallback, and asking for it is no failure."""
    assert not use_language("tlh")
    assert use_language("en_GB")
    assert _("Map") == "Map"
