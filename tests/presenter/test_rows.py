"""Rows: wrapping, fitting and tables never exceed the width they are given."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from exercise.presenter.rows import Run, fit, line_width, plain, spread, table_row, wrap

TEXT = st.text(alphabet=st.sampled_from("ab  é中-."), max_size=60)


@given(st.lists(TEXT, max_size=4), st.integers(min_value=4, max_value=40), st.integers(min_value=0, max_value=2))
def test_wrapped_lines_fit_and_lose_no_word(texts: list[str], width: int, indent: int) -> None:
    """Whatever the text, no line is wider than the pane, and every letter is still there."""
    lines = wrap([Run(text) for text in texts], width, indent=indent, first=indent)
    assert all(line_width(line) <= width for line in lines)
    kept = "".join("".join(run.text for run in line) for line in lines).replace(" ", "")
    assert kept == "".join(texts).replace(" ", "")


@given(TEXT, TEXT, st.integers(min_value=0, max_value=30))
def test_fitted_and_spread_lines_have_exactly_the_width(left: str, right: str, width: int) -> None:
    """Right-hand parts stand at the right edge; what does not fit is cut, with a sign that it was."""
    assert line_width(fit([Run(left)], width)) <= width
    assert line_width(spread([Run(left)], [Run(right)], width)) <= width


def test_a_table_row_sets_numbers_to_the_right() -> None:
    """A negative width stands for a column of figures."""
    row = table_row(((Run("violence"),), (Run("81"),)), (10, -6))
    assert plain(row.lines[0]) == "violence        81"
