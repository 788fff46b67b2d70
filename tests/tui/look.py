"""Pictures of screens for people to look at: ``python tests/tui/look.py OUT [--size 120x36] [--theme dark] [--keys "1 w"] [--turn 2]``.

Writes OUT.svg, and OUT.png where cairosvg is installed. With ``--live`` it runs in this terminal instead.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))


async def shoot(options: argparse.Namespace) -> None:
    """Drive the application to a screen and save it."""
    from exercise.tui.seat_app import SeatApp
    from exercise.tui.seat_screen import SeatScreen
    from tests.tui.scripted_link import ScriptedVenue

    app = SeatApp(ScriptedVenue(), theme=options.theme)
    width, _x, height = options.size.partition("x")
    async with app.run_test(size=(int(width), int(height)), notifications=True) as pilot:
        await pilot.pause(0.2)
        if options.start != "note":
            await pilot.press("enter")
            await pilot.pause(0.2)
        if options.start == "seat":
            await pilot.press(*["down"] * 4, "enter")
            for _ in range(200):
                await pilot.pause(0.02)
                if isinstance(app.screen, SeatScreen):
                    break
            if options.turn == 2:
                await pilot.press("ctrl+s")
                await pilot.pause(0.1)
                await pilot.press("ctrl+s")
                await pilot.pause(0.3)
        for key in options.keys.split():
            await pilot.press(key)
            await pilot.pause(0.05)
        await pilot.pause(0.2)
        save(app.export_screenshot(), options.out)


async def shoot_replay(options: argparse.Namespace) -> None:
    """Drive the replay to a screen and save it."""
    from exercise.tui.replay_app import ReplayApp
    from tests.tui.scripted_chronicle import ScriptedChronicle

    app = ReplayApp(ScriptedChronicle(), theme=options.theme)
    width, _x, height = options.size.partition("x")
    async with app.run_test(size=(int(width), int(height)), notifications=True) as pilot:
        await pilot.pause(0.3)
        for key in options.keys.split():
            await pilot.press(key)
            await pilot.pause(0.1)
        await pilot.pause(0.2)
        save(app.export_screenshot(), options.out)


def save(picture: str, out: str) -> None:
    """Write the picture, and as PNG where that is possible."""
    Path(f"{out}.svg").write_text(picture, encoding="utf-8")
    try:
        import cairosvg
    except ImportError:
        return
    cairosvg.svg2png(url=f"{out}.svg", write_to=f"{out}.png", output_width=1500)


def live(options: argparse.Namespace) -> None:
    """Run in this terminal."""
    from exercise.tui.run import run_seat
    from tests.tui.scripted_link import ScriptedVenue

    status, words = run_seat(ScriptedVenue(), ("uzbekistan",) if options.start == "seat" else (), theme=options.theme)
    sys.stdout.write(f"{words}\n")
    sys.exit(status)


def main() -> None:
    """Read the options and look."""
    parser = argparse.ArgumentParser()
    parser.add_argument("out", nargs="?", default="screen")
    parser.add_argument("--size", default="120x36")
    parser.add_argument("--theme", default="dark")
    parser.add_argument("--keys", default="")
    parser.add_argument("--turn", type=int, default=1)
    parser.add_argument("--start", choices=("note", "chooser", "seat", "replay"), default="seat")
    parser.add_argument("--live", action="store_true")
    options = parser.parse_args()
    if options.live:
        live(options)
    else:
        asyncio.run(shoot_replay(options) if options.start == "replay" else shoot(options))


if __name__ == "__main__":
    main()
