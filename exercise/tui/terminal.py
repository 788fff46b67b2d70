"""What every application of ours has: themes, no animation, safe toasts, a clean end when something breaks or a signal comes."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, Protocol

from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.notifications import SeverityLevel
from textual.screen import Screen

from exercise.presenter.words import _
from exercise.tui import compositor
from exercise.tui.colours import THEMES, next_theme
from exercise.tui.driver import TerminalDriver
from exercise.tui.key_line import Due, KeyLine
from exercise.tui.paint import Painted
from exercise.tui.plain_text import plain_text, shows_ascii_only
from exercise.tui.wire_driver import WireDriver

NARROW, WIDE, VERY_WIDE = 80, 120, 180
"""Widths in cells at which the layout changes."""

THEME_VARIABLE = "SITUATION_ROOM_THEME"
TOAST_SECONDS = 4.0
COLLECTOR_THRESHOLDS = (20_000, 5, 20)
"""New things before the young are collected, and how many such collections before the older ones are: a screen makes 10,000 at a time. What
has survived five such collections is looked through in some 30 ms, of twenty in 100.
"""


compositor.use()


class Shared(Protocol):
    """What an application leaves to its process when it is not alone there."""

    def settle(self) -> None:
        """What was built up to now stays."""

    def in_turn(self, show: Callable[[], object]) -> None:
        """Do something heavy when this application's turn has come."""

    def shown(self) -> None:
        """It is done."""


class Terminal(App[None]):
    """A Textual application in our colours. ``failure`` says in one line what broke, if anything did; ``shared`` is there when the process
    serves other terminals as well.
    """

    CSS_PATH = Path(__file__).with_name("style.tcss")
    TITLE = "Situation Room"
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - declared by Textual without ClassVar
        (0, "narrow"),
        (NARROW, "middling"),
        (WIDE, "wide"),
        (VERY_WIDE, "very-wide"),
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+t", "theme", show=False),
        Binding("ctrl+l", "repaint", show=False, priority=True),
        Binding("f10,ctrl+q", "leave", show=False, priority=True),
        Binding("ctrl+c", "leave", show=False, priority=True),
    ]

    def __init__(self, *, theme: str = "") -> None:
        super().__init__()
        self.animation_level = "none"
        self.failure = ""
        self.shared: Shared | None = None
        self.keys = KeyLine(self)
        for each in THEMES.values():
            self.register_theme(each)
        wanted = theme or os.environ.get(THEME_VARIABLE, "")
        self.theme = wanted if wanted in THEMES else "dark"
        self.set_class(shows_ascii_only(), "ascii")

    def get_driver_class(self) -> type[Driver]:
        """The driver that ends when its terminal does."""
        return TerminalDriver

    def on_mount(self) -> None:
        """Leave in good order when the system asks for it, and collect garbage less often than a program that makes few things a second.

        Both belong to a process, so that they are somebody else's business where many terminals share it.
        """
        if self.shared is not None:
            return
        gc.set_threshold(*COLLECTOR_THRESHOLDS)
        if threading.current_thread() is threading.main_thread() and not self.is_headless:
            loop = asyncio.get_running_loop()
            for each in (signal.SIGTERM, signal.SIGHUP):
                loop.add_signal_handler(each, self._stop_on_signal, 128 + each)

    async def on_event(self, event: events.Event) -> None:
        """Give keys on one at a time: the next one when the one before has done what it does."""
        if isinstance(event, Due):
            await super().on_event(event.key)
            return
        key = event if isinstance(event, events.Key) and not event.is_forwarded else None
        if key is not None and not self.keys.is_free:
            self.keys.queue(key)
            return
        await super().on_event(event)
        if key is not None:
            self.keys.follow()

    def settle(self) -> None:
        """Say that what was built up to now stays: the collector then looks only at what comes and goes, and never holds up a key.

        Unfrozen, a full collection walks the compiled program and every screen, some 30 ms at a time.
        """
        if self.shared is not None:
            self.shared.settle()
        else:
            gc.freeze()

    def _stop_on_signal(self, return_code: int) -> None:
        self.exit(return_code=return_code)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = TOAST_SECONDS,
        markup: bool = False,
    ) -> None:
        """A toast, made legible and never read as markup; a new one takes the place of the one before."""
        del markup
        self.clear_notifications()
        for screen in self.screen_stack:
            screen.query("ToastHolder").remove()  # Textual leaves them, and each of them a line
        super().notify(plain_text(message).plain, title=plain_text(title).plain, severity=severity, timeout=timeout, markup=False)

    def action_theme(self) -> None:
        """The next theme."""
        self.theme = next_theme(self.theme)
        for screen in self.screen_stack:
            repaint(screen)
        self.notify(_("colours: {name}", name=self.theme), timeout=1.5)

    def action_repaint(self) -> None:
        """Paint everything anew, after something else wrote on the terminal."""
        driver = self._driver
        if isinstance(driver, WireDriver):
            driver.repaint()
        else:
            self.screen.refresh()

    def action_leave(self) -> None:
        """Leave at once; applications with something to say ask first."""
        self.exit()

    def _fatal_error(self) -> None:
        """Textual prints a traceback with local variables here; a seat's terminal says one line instead, after the screen is restored."""
        error = self._exception
        at = error.__traceback__ if error is not None else None
        while at is not None and at.tb_next is not None:
            at = at.tb_next
        where = f"{Path(at.tb_frame.f_code.co_filename).name}:{at.tb_lineno}" if at is not None else "?"
        self.failure = f"{type(error).__name__} at {where}"
        self._close_messages_no_wait()


def repaint(screen: Screen[object]) -> None:
    """Drop everything that a screen's views have painted in the old colours."""
    for widget in screen.query("*"):
        if isinstance(widget, Painted):
            widget.forget_paint()
