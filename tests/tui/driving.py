"""What tests of screens share: waiting for a condition, and reading a screen as text."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import attrs
from textual.app import App
from textual.pilot import Pilot

from exercise.tui.seat_app import SeatApp
from tests.tui.scripted_link import ScriptedLink, ScriptedVenue

PATIENCE_S = 20.0


async def until(pilot: Pilot[Any], holds: Callable[[], object]) -> None:
    """Let the application run until something holds; never for a fixed time."""
    end = time.monotonic() + PATIENCE_S
    while not holds():
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain; the screen shows:\n{screen_text(pilot.app)}")
        await pilot.pause(0.01)
    await pilot.pause()


def screen_text(app: App[Any]) -> str:
    """The whole terminal as text, dialogs over screens included."""
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


@attrs.define
class Seated:
    """A running application with a seat's screen in front."""

    app: SeatApp
    pilot: Pilot[Any]
    venue: ScriptedVenue

    @property
    def text(self) -> str:
        """What the terminal shows."""
        return screen_text(self.app)

    @property
    def link(self) -> ScriptedLink:
        """The first seat's link."""
        return next(iter(self.venue.links.values()))

    @property
    def acts(self) -> list[dict[str, Any]]:
        """What was sent, without references."""
        return [{name: value for name, value in act.items() if name != "ref"} for act in self.link.acts]

    async def press(self, *keys: str) -> None:
        """Press keys, and let the screen settle."""
        for key in keys:
            await self.pilot.press(key)
        await self.pilot.pause()

    async def shows(self, words: str) -> None:
        """Wait until some words are on the screen."""
        await until(self.pilot, lambda: words in self.text)

    async def next_turn(self) -> None:
        """End the turn and wait for the summary."""
        await self.press("ctrl+s")
        await self.shows("End your turn?")
        await self.press("enter")
        await self.shows("What changed and why ·")
