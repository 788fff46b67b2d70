"""Make the pictures of the documents from the real program: ``python docs/pictures.py`` writes docs/images/*.svg.

The seed, the seat and what it does are fixed, so that a picture changes only when the program or its content does.
"""

from __future__ import annotations

import asyncio
import pathlib
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable

from textual.app import App
from textual.pilot import Pilot

from exercise.cli import venue as venues
from exercise.cli.chronicle import LogChronicle
from exercise.cli.exercises import read_entries, recompute
from exercise.presenter.replay import ReplayView
from exercise.tui.replay_app import ReplayApp
from exercise.tui.seat_app import SeatApp
from exercise.tui.seat_screen import SeatScreen

IMAGES = pathlib.Path(__file__).resolve().parent / "images"
SIZE = (120, 36)
SCENARIO, SEAT, SEED = "osh-2010", "uzbekistan", 7
TURN = 4
PATIENCE_S = 60.0

_REMOTE_FONT = re.compile(r",\s*url\(\"https?://[^\"]*\"\) format\(\"[^\"]*\"\)")


def table_of(app: App[None]) -> SeatScreen | None:
    """The seat's screen, once it is there."""
    return next((screen for screen in app.screen_stack if isinstance(screen, SeatScreen)), None)


async def until(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    """Let the program work until something holds."""
    waited_s = 0.0
    while not holds():
        await pilot.pause(0.05)
        waited_s += 0.05
        if waited_s > PATIENCE_S:
            raise TimeoutError


def keep(app: App[None], name: str) -> None:
    """Write the screen as a picture that asks no other machine for its font."""
    IMAGES.mkdir(exist_ok=True)
    (IMAGES / f"{name}.svg").write_text(_REMOTE_FONT.sub("", app.export_screenshot(title="Situation Room")) + "\n", encoding="utf-8")


async def seat_picture(log: pathlib.Path) -> None:
    """A seat at the beginning of a turn in the middle of the violence, and the reasons behind a figure."""
    venue = venues.begin(SCENARIO, None, SEED, log)
    app = SeatApp(venue, (SEAT,), note_read=True)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: table_of(app) is not None)
        table = table_of(app)
        assert table is not None
        for turn in range(1, TURN):
            await until(pilot, lambda turn=turn: table.state.turn == turn)  # type: ignore[misc]
            table.desk.link.send({"ref": f"picture{turn}", "act": "ready"})
        await until(pilot, lambda: table.state.turn == TURN)
        await pilot.pause(0.5)
        while app.screen is not table:
            await pilot.press("escape")
            await pilot.pause(0.2)
        await pilot.press("2", "down")
        await pilot.pause(0.3)
        keep(app, "seat")
        await pilot.press("w")
        await pilot.pause(0.5)
        keep(app, "why")
    venue.close()


async def replay_picture(log: pathlib.Path) -> None:
    """An exercise as it went in 2010: the truth beside what the seat knew."""
    entries = read_entries(log)
    app = ReplayApp(LogChronicle(recompute(entries, log), entries, log), view=ReplayView(turn=TURN, eyes=SEAT))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause(2.0)
        await pilot.press("down", "down", "down")
        await pilot.pause(0.3)
        keep(app, "replay")


def main() -> None:
    """Make all pictures."""
    with tempfile.TemporaryDirectory() as folder:
        played, recorded = pathlib.Path(folder) / "played.jsonl", pathlib.Path(folder) / "history.jsonl"
        asyncio.run(seat_picture(played))
        command = [sys.executable, "-m", "exercise", "run", SCENARIO, "--seed", str(SEED), "--doctrine", "all=history"]
        subprocess.run([*command, "--log", str(recorded)], check=True, stdout=subprocess.DEVNULL)
        asyncio.run(replay_picture(recorded))


if __name__ == "__main__":
    main()
