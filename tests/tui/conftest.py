"""Driving the seat's application over a scripted link."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from exercise.tui import handover_screen
from exercise.tui.plain_text import use_ascii
from exercise.tui.seat_app import SeatApp
from tests.tui.driving import Seated, until
from tests.tui.scripted_link import ScriptedVenue

Sit = Callable[..., AbstractAsyncContextManager[Seated]]


@pytest.fixture(autouse=True)
def steady_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same terminal on every machine: no animation, no theme of the environment, Unicode glyphs."""
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    for name in ("NO_COLOR", "SITUATION_ROOM_THEME"):
        os.environ.pop(name, None)
    use_ascii(ascii_glyphs=False)
    monkeypatch.setattr(handover_screen, "PAUSE_S", 0.0)


@pytest.fixture
def sit() -> Sit:
    """Takes a seat for a test: within the block turn 1 is open and the seat's screen is shown."""

    @asynccontextmanager
    async def seat(
        *, size: tuple[int, int] = (120, 36), seats: tuple[str, ...] = ("uzbekistan",), venue: ScriptedVenue | None = None, theme: str = ""
    ) -> AsyncIterator[Seated]:
        place = venue or ScriptedVenue()
        app = SeatApp(place, seats, theme=theme, note_read=True)
        async with app.run_test(size=size, notifications=True) as pilot:
            await until(pilot, lambda: app.sitting is not None and app.sitting.table is not None)
            await pilot.pause()
            yield Seated(app, pilot, place)

    return seat
