"""States for tests of presenters."""

from __future__ import annotations

import pytest

from exercise.presenter.seat_state import SeatState, fold_all, mark_seen
from tests.presenter import osh_frames


@pytest.fixture
def first_turn() -> SeatState:
    """Uzbekistan with turn 1 open."""
    return fold_all(SeatState(), osh_frames.numbered(osh_frames.opening()))


@pytest.fixture
def second_turn() -> SeatState:
    """Uzbekistan with turn 2 open, after a turn in which things happened; the first turn was seen."""
    frames = osh_frames.opening()
    state = mark_seen(fold_all(SeatState(), osh_frames.numbered(frames)))
    return fold_all(state, osh_frames.numbered(osh_frames.second_turn(), len(frames) + 1))
