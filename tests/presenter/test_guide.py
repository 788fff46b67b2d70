"""The practice turn's guide: one thing at a time, in the order of a first turn, and done is done."""

from __future__ import annotations

from exercise.presenter.guide import Guide, guide_line, steps
from exercise.presenter.rows import line_width, plain
from exercise.presenter.seat_state import SeatState


def test_the_guide_goes_on_when_a_thing_is_done_in_any_order() -> None:
    """An order given first is not asked for again; at the end it says that nothing is kept."""
    guide = Guide()
    assert guide.words(in_lines=False).startswith("Practice 1 of 5: choose a figure")
    guide.did("order")
    guide.did("something else")
    for id in ("why", "news", "bodies"):
        step = guide.next()
        assert step is not None
        assert step.id == id
        guide.did(id)
    assert "type done" in guide.words(in_lines=True)
    guide.did("turn")
    assert guide.next() is None
    assert "nothing of it is kept" in guide.words(in_lines=True)


def test_the_guides_line_fits_and_keeps_its_keys() -> None:
    """At 40 columns the words are cut; the keys never are."""
    state = SeatState(phase="orders")
    for done in range(len(steps())):
        guide = Guide()
        for step in steps()[:done]:
            guide.did(step.id)
        for width in (40, 80, 120):
            line = guide_line(guide, state, width)
            assert line_width(line) == width
            assert plain(line).endswith(steps()[done].keys)
