"""Screens as text, compared line by line with pictures that people have looked at.

``UPDATE_PICTURES=1 python -m pytest tests/tui/test_pictures.py`` draws them anew; look at the difference before keeping it. Colours are not
in these pictures: ``tests/tui/look.py`` makes images for that.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from exercise.tui.chooser_screen import ChooserScreen
from exercise.tui.replay_app import ReplayApp
from exercise.tui.seat_app import SeatApp
from tests.tui.conftest import Sit
from tests.tui.driving import screen_text, until
from tests.tui.scripted_chronicle import ScriptedChronicle
from tests.tui.scripted_link import ScriptedVenue

FOLDER = Path(__file__).parent / "pictures"

SEAT_PICTURES: dict[str, tuple[tuple[int, int], tuple[str, ...]]] = {
    "seat_120x36": ((120, 36), ("space", "2", "down")),
    "seat_200x60": ((200, 60), ("space", "2", "down")),
    "reports_80x24": ((80, 24), ("space", "2", "down")),
    "reports_40x12": ((40, 12), ("space", "2", "down")),
    "map_80x24": ((80, 24), ("space", "1")),
    "bodies_80x24": ((80, 24), ("space", "6")),
    "summary_120x36": ((120, 36), ()),
    "why_120x36": ((120, 36), ("space", "2", "down", "w")),
    "motion_80x24": ((80, 24), ("space", "6", "down", "enter")),
    "composer_80x24": ((80, 24), ("space", "a", "down", "down", "enter", "enter")),
    "turn_end_80x24": ((80, 24), ("space", "ctrl+s")),
    "help_80x24": ((80, 24), ("space", "5", "question_mark")),
    "end_120x36": ((120, 36), ("space", "ctrl+s", "enter")),
}


def compare(name: str, shown: str) -> None:
    """Compare a screen with its picture, or draw it."""
    path = FOLDER / f"{name}.txt"
    if os.environ.get("UPDATE_PICTURES"):
        FOLDER.mkdir(exist_ok=True)
        path.write_text(shown + "\n", encoding="utf-8")
    assert shown.splitlines() == path.read_text(encoding="utf-8").splitlines()


@pytest.mark.asyncio
@pytest.mark.parametrize("name", SEAT_PICTURES)
async def test_a_seats_screen_looks_as_it_was_drawn(sit: Sit, name: str) -> None:
    """The second turn in every layout, and the panels and dialogs over it."""
    size, keys = SEAT_PICTURES[name]
    async with sit(size=size) as seated:
        await seated.press("ctrl+s", "enter")
        await until(seated.pilot, lambda: "SummaryScreen" in str(seated.app.screen))
        for key in keys:
            await seated.press(key)
        if name == "end_120x36":
            await seated.shows("To look again")
        await seated.pilot.pause()
        compare(name, seated.text)


@pytest.mark.asyncio
async def test_the_first_screens_look_as_they_were_drawn() -> None:
    """The content note and the chooser."""
    app = SeatApp(ScriptedVenue())
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "Anyone may call a pause" in screen_text(app))
        compare("note_80x24", screen_text(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ChooserScreen) and "You are" in screen_text(app))
        compare("chooser_80x24", screen_text(app))


@pytest.mark.asyncio
async def test_the_replay_looks_as_it_was_drawn() -> None:
    """Truth beside what Uzbekistan knew."""
    app = ReplayApp(ScriptedChronicle())
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: "turn 1 of 2" in screen_text(app))
        for name in ("Kyrgyz interim", "Southern", "Security", "Uzbek community", "Uzbekistan"):
            await pilot.press("v")
            await until(pilot, lambda name=name: f"known to {name}" in screen_text(app))
        compare("replay_120x36", screen_text(app))
