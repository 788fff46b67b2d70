"""Text made legible: nothing in it commands, hides or reorders; widths are those of a terminal."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercise.presenter.legible import ascii_only, cell_width, clip, legible, paragraphs

HOSTILE = {
    "escape": "a\x1b[31mred",
    "clipboard": "\x1b]52;c;ZWNobw==\x07",
    "c1": "a\x9b31mb",
    "nul": "a\x00b",
    "bidi": "user\u202eexe.txt",
    "zero width": "pay\u200bpal",
    "marks": "Z" + "\u0301" * 200,
    "lines": "one\nTWO forged line\r\nthree\u2028four",
    "tag": "a\U000e0041b",
    "private": "\ue000",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_fault_50_hostile_text_becomes_one_line_that_shows_what_it_holds(text: str) -> None:
    """Controls, overrides, zero-width characters and stacked marks neither stay nor vanish without a trace, and no line is forged."""
    shown = legible(text)
    assert "\n" not in shown
    assert all(unicodedata.category(letter)[0] != "C" for letter in shown if letter != "\N{REPLACEMENT CHARACTER}")
    assert cell_width(shown) <= 3 * len(text)
    assert sum(unicodedata.combining(letter) > 0 for letter in shown) <= 2


@given(st.text())
def test_making_text_legible_twice_changes_nothing(text: str) -> None:
    """The second wall may stand behind the first without harm."""
    once = legible(text)
    assert legible(once) == once


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126)))
def test_plain_text_stays_as_it_is(text: str) -> None:
    """Markup-like text is text: brackets are neither eaten nor escaped."""
    assert legible(text) == text


def test_accents_of_living_languages_stay() -> None:
    """Names keep their letters: two marks on a letter are enough for any of them."""
    assert legible("Сапарбаев, Ömürbek, Ngũgĩ, Việt Nam") == "Сапарбаев, Ömürbek, Ngũgĩ, Việt Nam"


def test_wide_letters_take_two_cells_and_marks_none() -> None:
    """Columns line up for names in any script."""
    assert cell_width("中国") == 4
    assert cell_width(legible("e\u0301")) == 1


@given(st.text(), st.integers(min_value=0, max_value=40))
def test_clipped_text_is_never_wider_than_asked(text: str, width: int) -> None:
    """A long name cannot push a column aside."""
    assert cell_width(clip(legible(text), width)) <= width


@given(st.text())
def test_ascii_stand_ins_keep_the_width(text: str) -> None:
    """On a terminal without Unicode every column stays where it was, and nothing but ASCII is sent."""
    shown = ascii_only(legible(text))
    assert shown.isascii()
    assert cell_width(shown) == cell_width(legible(text)) or any(unicodedata.combining(letter) for letter in legible(text))


def test_paragraphs_are_kept_and_the_authors_wrapping_is_not() -> None:
    """A briefing in the content may be wrapped at any column."""
    assert paragraphs("one\ntwo\n\nthree\n") == ("one two", "three")
