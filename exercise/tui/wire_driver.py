"""The driver between Textual and a terminal at the other end of a wire: bytes come in by ``feed`` and go out by a callback.

One process serves many such terminals, so nothing here belongs to the process: no signal, no file, no environment. What a player of one
terminal could do to the machine behind it (open a browser, write a file, stop the process) does nothing. Keys are asked for in the plain
old way: the newer protocols are not yet carried by every multiplexer on the way.
"""

from __future__ import annotations

import asyncio
import codecs
import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, Literal, TextIO

import attrs
from textual import constants, events
from textual._xterm_parser import XTermParser
from textual.app import App, ScreenStackError
from textual.driver import Driver
from textual.geometry import Size

from exercise.presenter.legible import ascii_only
from exercise.presenter.words import _
from exercise.tui.colour_depth import Depth, Rgb, codes_at, with_depth
from exercise.tui.shown import Shown

Send = Callable[[bytes], None]

LARGEST = (500, 200)
"""Columns and lines of the largest terminal that is believed."""
MOST_WAITING = 2_000
"""Keys and other messages that may wait for an application; what comes on top is dropped."""
MOST_UNREAD = 1 << 16
"""Characters of one key or paste that has no end; then they are forgotten."""

BEGIN = (
    "\x1b[?1049h"  # the other screen
    "\x1b[?1000h\x1b[?1002h\x1b[?1006h"  # mouse: buttons and dragging; mere movement is not worth its bytes
    "\x1b[?25l\x1b[?1004h\x1b[?2004h\x1b[?7l"  # no cursor; focus told; pastes marked; long lines cut
)
END = "\x1b[?7h\x1b[?2004l\x1b[?1004l\x1b[?1006l\x1b[?1002l\x1b[?1000l\x1b[0m\x1b[?1049l\x1b[?25h"


def believable(columns: int, lines: int) -> tuple[int, int]:
    """The size of a terminal within reason; one that says nothing has 80 columns and 24 lines."""
    return (min(columns, LARGEST[0]) if columns > 0 else 80, min(lines, LARGEST[1]) if lines > 0 else 24)


@attrs.define(slots=True)
class Wire:
    """A terminal as its driver sees it: where bytes go, what it can show, the colour of an empty screen, and who hears of each frame."""

    send: Send
    depth: Depth = Depth.FULL
    ascii: bool = False
    page: Rgb = (0, 0, 0)
    painted: Callable[[], None] = lambda: None


class WireDriver(Driver):
    """Drives one terminal. Of each frame it sends what changed. ``hold`` skips frames while the wire is full; ``release`` paints what was
    skipped.
    """

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None, wire: Wire | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size or (80, 24))
        self._wire = wire or Wire(lambda _data: None)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._parser = XTermParser()
        self._unread = 0
        self._listening = True
        self._held = False
        self._tick: asyncio.TimerHandle | None = None
        self._shown = self._nothing_shown()

    # --- from the terminal ----------------------------------------------------------------------------------------------------

    def feed(self, data: bytes) -> None:
        """What was typed. Called on the loop's own thread."""
        if not self._listening or self._app.message_queue_size > MOST_WAITING:
            return
        text = self._decoder.decode(data)
        if not text:  # half a character; empty text would mean to the parser that all is over
            return
        before = self._unread
        self._unread += len(text)
        for message in self._parser.feed(text):
            self._unread = 0
            self._take(message)
        if self._unread > MOST_UNREAD and before:
            self._parser, self._unread = XTermParser(), 0
        if self._unread and self._tick is None:
            self._tick = self._loop.call_later(constants.ESCAPE_DELAY + 0.005, self._end_escape)

    def _end_escape(self) -> None:
        """An escape that nothing followed was the key of that name."""
        self._tick = None
        if self._listening:
            for message in self._parser.tick():
                self._unread = 0
                self._take(message)

    def _take(self, message: Any) -> None:
        if isinstance(message, events.Event):
            self.process_message(message)

    def send_message(self, message: Any) -> None:
        """Hand a message to the application; we are on its thread."""
        self._app.post_message(message)

    def resize(self, columns: int, lines: int) -> None:
        """The terminal has another size now."""
        self._size = believable(columns, lines)
        self._shown = self._nothing_shown()  # what a terminal makes of its cells then is its own affair
        if self._listening:
            size = Size(*self._size)
            self._app.post_message(events.Resize(size, size))

    # --- to the terminal ------------------------------------------------------------------------------------------------------

    def write(self, data: str) -> None:
        """Send what changes with a frame, unless the wire is full."""
        if self._held:
            return
        frame = ascii_only(data) if self._wire.ascii else data
        changes = self._shown.changes(frame)
        if changes is None:
            changes = with_depth(frame, self._wire.depth, self._wire.page)
        if changes:
            self._wire.send(changes.encode("utf-8", "replace"))
            self._wire.painted()

    def _put(self, data: str) -> None:
        """Send codes of our own, after which nothing is known of the screen."""
        self._shown.forget()
        self._wire.send(data.encode("ascii"))

    def _nothing_shown(self) -> Shown:
        depth, page = self._wire.depth, self._wire.page
        takes_back = depth is not Depth.NONE  # the oldest terminals know no code that takes bold alone back
        return Shown(*(self._size or (80, 24)), lambda codes: codes_at(codes, depth, page), takes_back=takes_back)

    def hold(self) -> None:
        """The wire is full: skip frames."""
        self._held = True

    def release(self) -> None:
        """There is room again: paint what was skipped."""
        if self._held:
            self._held = False
            self._paint()

    def repaint(self) -> None:
        """Paint everything anew, whatever the terminal shows: something else has written on it."""
        self._shown.forget()
        self._paint()

    def _paint(self) -> None:
        with contextlib.suppress(ScreenStackError):
            self._app.screen.refresh()

    def take_over(self) -> None:
        """Go on at another terminal, or at the same one after its line was lost: take it over and paint everything."""
        self._decoder.reset()
        self._parser, self._unread = XTermParser(), 0
        self._shown = self._nothing_shown()
        if self._listening:
            self._put(BEGIN)
            self._held = False
            self._paint()

    def start_application_mode(self) -> None:
        """Take the terminal over."""
        self._put(BEGIN)
        self.resize(*(self._size or (80, 24)))

    def disable_input(self) -> None:
        """Hear no more keys."""
        self._listening = False
        if self._tick is not None:
            self._tick.cancel()
            self._tick = None

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was, also when frames are being skipped."""
        self.disable_input()
        self._put(END)

    # --- what does not exist at the other end of a wire -----------------------------------------------------------------------

    def open_url(self, url: str, new_tab: bool = True) -> None:
        """Open nothing: the browser would be the host's."""

    def deliver_binary(
        self,
        binary: BinaryIO | TextIO,
        *,
        delivery_key: str,
        save_path: Path,
        open_method: Literal["browser", "download"] = "download",
        encoding: str | None = None,
        mime_type: str | None = None,
        name: str | None = None,
    ) -> None:
        """Save nothing: the disk would be the host's."""
        del save_path, open_method, encoding, mime_type
        binary.close()
        error = PermissionError(_("files are not delivered over this terminal"))
        self._app.post_message(events.DeliveryFailed(key=delivery_key, exception=error, name=name))
