"""Many terminals in one process: what their applications share, and one program per terminal.

Textual is written for one application a process. ``prepare_process`` mends what is shared without need: captured output, and colours that
follow the environment of the server. ``Crowd`` keeps the garbage collector from stopping everybody, and spreads the work of a new turn.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import gc
import os
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, cast

import attrs
import textual.app
import textual.constants
from textual.app import App
from textual.driver import Driver

from exercise.presenter.link import Link, Venue
from exercise.presenter.lobby import farewell
from exercise.tui.colour_depth import Depth, Rgb, depth_of
from exercise.tui.colours import ALL
from exercise.tui.facilitator_app import FacilitatorApp
from exercise.tui.seat_app import SeatApp
from exercise.tui.terminal import COLLECTOR_THRESHOLDS
from exercise.tui.wire_driver import Send, Wire, WireDriver, believable

QUIET_S = 1.0
"""After an arrival, before what was built is set apart from the collector."""
LEFT_S = 2.0
"""After a departure, before what was left behind is collected."""
READ_S = 4.0
"""After everybody was shown a new turn, before what the turn before has left behind is collected: they read then, and do not type."""
MOST_GONE = 8
"""So many may have gone, some 4 MiB each, before what they left is collected while others play: that stops all of them, with twenty at
their seats for half a second.
"""
HEADERS_S = 0.05
"""After the last terminal heard of a new turn, before the first shows all of it: meanwhile every header is painted."""
LATEST_S = 0.3
"""After the first one heard of it, however many are still to hear."""
STAGGER_S = 0.03
"""Between the beginnings of two terminals' full views of a new turn, at least."""
AT_ONCE = 2
"""Full views under way at the same time, and applications that begin: more of them would stop the loop for all of them together."""
OVERDUE_S = 0.3
"""After that, one is not waited for any more: its terminal may be gone."""
REDIRECTIONS = ("redirect_stdout", "redirect_stderr")
PARTING_S = 5.0
"""How long an application may take to end before it is ended."""


def prepare_process() -> None:
    """Make Textual fit for many applications in this process; called once, before the first of them."""
    # Both would point the whole process's output into whichever player's application came last, and never back.
    for name in REDIRECTIONS:
        setattr(textual.app, name, _leave_alone)
    # Colours are those of the terminals, not of the one in which the process was started; both are read as each application is made.
    textual.constants.COLOR_SYSTEM = "truecolor"  # type: ignore[misc]
    os.environ.pop("NO_COLOR", None)
    gc.set_threshold(*COLLECTOR_THRESHOLDS)


def _leave_alone(_target: object) -> contextlib.AbstractContextManager[None]:
    return contextlib.nullcontext()


class Crowd:
    """What the applications of one process share. All of it runs on the loop's thread."""

    def __init__(self) -> None:
        self.programs: set[AppProgram] = set()
        self._waiting: deque[Callable[[], object]] = deque()
        self._showing: asyncio.TimerHandle | None = None
        self._is_showing = False
        self._under_way: deque[float] = deque()
        self._latest = 0.0
        self._arrived: asyncio.TimerHandle | None = None
        self._left: asyncio.TimerHandle | None = None
        self._gone = 0
        self._beginning = asyncio.Semaphore(AT_ONCE)

    async def begin(self) -> Callable[[], None]:
        """Wait until an application may begin; to be called when it has painted something, or ended before."""
        await self._beginning.acquire()
        overdue: asyncio.TimerHandle | None = None

        def begun() -> None:
            nonlocal overdue
            if overdue is not None:
                overdue.cancel()
                overdue = None
                self._beginning.release()

        overdue = asyncio.get_running_loop().call_later(OVERDUE_S, begun)
        return begun

    def settle(self) -> None:
        """A screen was built that stays: leave it out of collections, soon, with what others have built meanwhile."""
        if self._arrived is None:
            self._arrived = asyncio.get_running_loop().call_later(QUIET_S, self._set_apart)

    def _set_apart(self) -> None:
        self._arrived = None
        gc.collect(1)  # what is new is little, and would never be collected after this
        _set_apart()

    def left(self) -> None:
        """An application ended: some time later, collect what it left behind, if nobody is there to notice or many have gone."""
        self._gone += 1
        if self._left is None and (not self.programs or self._gone >= MOST_GONE):
            self._left = asyncio.get_running_loop().call_later(LEFT_S, self._collect)

    def _collect(self) -> None:
        self._left, self._gone = None, 0
        gc.unfreeze()
        gc.collect()
        _set_apart()

    def in_turn(self, show: Callable[[], object]) -> None:
        """Do the heavy part of showing a new turn when it is this terminal's turn: keys of all others get through in between."""
        self._waiting.append(show)
        if self._is_showing:
            return
        loop = asyncio.get_running_loop()
        if self._showing is None:
            self._latest = loop.time() + LATEST_S
        else:
            self._showing.cancel()
        self._showing = loop.call_at(min(loop.time() + HEADERS_S, self._latest), self._show_next)

    def shown(self) -> None:
        """A terminal shows the new turn."""
        if self._under_way:
            self._under_way.popleft()

    def _show_next(self) -> None:
        loop = asyncio.get_running_loop()
        while self._under_way and self._under_way[0] < loop.time() - OVERDUE_S:
            self._under_way.popleft()
        self._is_showing = bool(self._waiting)
        self._showing = None
        if self._waiting:
            if len(self._under_way) < AT_ONCE:
                self._under_way.append(loop.time())
                self._waiting.popleft()()
            self._showing = loop.call_later(STAGGER_S, self._show_next)
        elif self._left is None:
            self._left = loop.call_later(READ_S, self._collect)

    def close(self) -> None:
        """Forget what is still planned."""
        for planned in (self._arrived, self._left, self._showing):
            if planned is not None:
                planned.cancel()


@attrs.frozen(slots=True)
class Look:
    """A terminal as it describes itself."""

    columns: int = 80
    lines: int = 24
    term: str = "xterm-256color"
    colorterm: str = ""
    lang: str = ""
    no_color: bool = False

    @property
    def depth(self) -> Depth:
        """The colours that it shows."""
        return depth_of(self.term, self.colorterm, no_color=self.no_color)

    @property
    def ascii(self) -> bool:
        """Whether it says that it shows nothing but ASCII. One that says nothing is taken to show everything."""
        return bool(self.lang) and "utf8" not in self.lang.lower().replace("-", "")


class AppProgram:
    """One application on one terminal. ``run`` ends when the player leaves, the line is gone, or something breaks: that harms no other."""

    def __init__(self, crowd: Crowd, app: SeatApp | FacilitatorApp, look: Look, send: Send) -> None:
        self.app = app
        self._crowd = crowd
        self._size = believable(look.columns, look.lines)
        self._task: asyncio.Task[Any] | None = None
        self._gone = False
        app.shared = crowd
        self._wire = Wire(send, look.depth, look.ascii, _page(app))
        app.driver_class = cast("type[Driver]", partial(WireDriver, wire=self._wire))

    @property
    def driver(self) -> WireDriver | None:
        """The driver, once the application has begun."""
        driver = self.app._driver  # noqa: SLF001 - Textual keeps it, and has no public name for it
        return driver if isinstance(driver, WireDriver) else None

    def feed(self, data: bytes) -> None:
        """What was typed."""
        if self.driver is not None:
            self.driver.feed(data)

    def resize(self, columns: int, lines: int) -> None:
        """The terminal has another size now."""
        self._size = believable(columns, lines)
        if self.driver is not None:
            self.driver.resize(columns, lines)

    def hold(self) -> None:
        """The wire is full."""
        if self.driver is not None:
            self.driver.hold()

    def release(self) -> None:
        """There is room on the wire again."""
        if self.driver is not None:
            self.driver.release()

    def detach(self) -> None:
        """The line is lost: go on without a terminal, for a while."""
        self._wire.send = _nowhere
        self.hold()

    def attach(self, look: Look, send: Send) -> None:
        """Somebody came back, perhaps at another terminal: drafts and places in lists are as they were."""
        self._wire.send, self._wire.depth, self._wire.ascii = send, look.depth, look.ascii
        if self.driver is not None:
            self.driver.take_over()
        self.resize(look.columns, look.lines)

    def hang_up(self) -> None:
        """The line is gone: end the application, and send nothing more."""
        self._gone = True
        self._wire.send = _nowhere
        if self._task is not None and not self._task.done():
            self.app.exit()
            asyncio.get_running_loop().call_later(PARTING_S, self._task.cancel)

    async def run(self) -> tuple[int, str]:
        """Run it. Returns an exit status and what to print afterwards."""
        begun = await self._crowd.begin()
        if self._gone:
            begun()
            return 0, ""
        self._wire.painted = begun
        self._crowd.programs.add(self)
        loop = asyncio.get_running_loop()
        # In a context of its own: Textual keeps there which application is meant.
        self._task = loop.create_task(self.app.run_async(size=self._size), context=contextvars.Context())
        try:
            await self._task
        except asyncio.CancelledError:
            if not self._task.cancelled():
                self._task.cancel()
                raise
        except Exception as error:  # noqa: BLE001 - whatever one application dies of, the others go on
            self.app.failure = self.app.failure or _where(error)
        finally:
            begun()
            self._crowd.programs.discard(self)
            self.app.close()
            self._crowd.left()
        words = self.app.farewell
        return self.app.return_code or (1 if self.app.failure else 0), words or farewell(self.app.failure)


def seat_program(crowd: Crowd, venue: Venue, look: Look, send: Send, *, note_read: bool = False, seats: tuple[str, ...] = ()) -> AppProgram:
    """A seat's application on a terminal. With few colours it begins in the theme of plain contrasts."""
    theme = "clear" if look.depth in (Depth.NONE, Depth.SIXTEEN) else ""
    return AppProgram(crowd, SeatApp(venue, seats, theme=theme, note_read=note_read), look, send)


def facilitator_program(crowd: Crowd, link: Link, look: Look, send: Send, *, leaving: str, afterwards: str = "") -> AppProgram:
    """A facilitator's console on a terminal."""
    theme = "clear" if look.depth in (Depth.NONE, Depth.SIXTEEN) else ""
    return AppProgram(crowd, FacilitatorApp(link, leaving=leaving, afterwards=afterwards, theme=theme), look, send)


def _nowhere(_data: bytes) -> None:
    """Where bytes go that nobody waits for."""


def _page(app: App[Any]) -> Rgb:
    colours = next((each for each in ALL if each.name == app.theme), ALL[0]).background
    red, green, blue = (int(colours[place : place + 2], 16) for place in (1, 3, 5))
    return (red, green, blue)


def _where(error: BaseException) -> str:
    """What broke and where, without the values that were at hand: they may be another seat's secrets."""
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    place = f"{Path(at.tb_frame.f_code.co_filename).name}:{at.tb_lineno}" if at is not None else "?"
    return f"{type(error).__name__} at {place}"


def _set_apart() -> None:
    """Leave everything that there is out of collections. Python collects the old only when a quarter as much has come since the last
    time as there was then: it must have counted what is left, which is next to nothing, or keys would leave garbage for hours.
    """
    gc.freeze()
    gc.collect()


@contextlib.contextmanager
def prepared() -> Iterator[Crowd]:
    """A crowd in a process that is prepared for it, and put back afterwards: for tests and measurements."""
    redirections = {name: getattr(textual.app, name) for name in REDIRECTIONS}
    colours, thresholds = textual.constants.COLOR_SYSTEM, gc.get_threshold()
    prepare_process()
    crowd = Crowd()
    try:
        yield crowd
    finally:
        crowd.close()
        for name, redirection in redirections.items():
            setattr(textual.app, name, redirection)
        textual.constants.COLOR_SYSTEM = colours  # type: ignore[misc]
        gc.set_threshold(*thresholds)
        gc.unfreeze()
