"""A terminal's program as a process of its own, on a pseudo-terminal: what ``--isolate`` gives every guest.

It costs a process's memory and start for each of them, and in return nothing that one of them does or breaks can touch another, not even
for a moment. When this process ends, however it ends, the pseudo-terminals go away and the programs with them.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import struct
import termios
from collections.abc import Awaitable, Callable, Mapping, Sequence

from exercise.net.doorway import Ended, TerminalLook

CHUNK = 16 * 1024
MOST_TYPED = 64 * 1024
"""Bytes typed ahead of a program that does not read."""
PARTING_S = 3.0
"""How long a program may take to end when its terminal is gone."""


class PtyProgram:
    """One program on a pseudo-terminal. ``before`` is done first, such as leaving a place that the program takes over."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        look: TerminalLook,
        send: Callable[[bytes], None],
        before: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._command, self._environment, self._look, self._send, self._before = command, environment, look, send, before
        self._size = (max(1, min(look.columns, 500)), max(1, min(look.lines, 200)))
        self._typed = bytearray()
        self._handle = -1
        self._is_held = False
        self._gone = False
        self._ended = asyncio.Event()

    def feed(self, data: bytes) -> None:
        """What was typed."""
        if len(self._typed) < MOST_TYPED:
            self._typed += data
            self._pass_on()

    def resize(self, columns: int, lines: int) -> None:
        """The terminal has another size now."""
        self._size = (max(1, min(columns, 500)), max(1, min(lines, 200)))
        self._tell_size()

    def hold(self) -> None:
        """Read no more of what it paints; it waits, as on any terminal that is stopped."""
        if self._handle >= 0 and not self._is_held:
            self._is_held = True
            asyncio.get_running_loop().remove_reader(self._handle)

    def release(self) -> None:
        """Read on."""
        if self._handle >= 0 and self._is_held:
            self._is_held = False
            asyncio.get_running_loop().add_reader(self._handle, self._read)

    def hang_up(self) -> None:
        """The line is gone, and with it the terminal."""
        self._gone = True
        self._ended.set()
        self._close()

    async def run(self) -> Ended:
        """Run it to its end."""
        if self._before is not None:
            await self._before()
        if self._gone:
            return 0, ""
        loop = asyncio.get_running_loop()
        self._handle, beneath = os.openpty()
        os.set_blocking(self._handle, False)
        self._tell_size()
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command, stdin=beneath, stdout=beneath, stderr=beneath, env=dict(self._environment), start_new_session=True
            )
        finally:
            os.close(beneath)
        loop.add_reader(self._handle, self._read)
        self._pass_on()
        try:
            ending = loop.create_task(process.wait())
            gone = loop.create_task(self._ended.wait())
            await asyncio.wait((ending, gone), return_when=asyncio.FIRST_COMPLETED)
            gone.cancel()
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(ending, PARTING_S)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
            self._read()
            self._close()
        return max(0, process.returncode or 0), ""

    # --- the pseudo-terminal --------------------------------------------------------------------------------------------------

    def _read(self) -> None:
        """Pass on what it painted."""
        while self._handle >= 0:
            try:
                data = os.read(self._handle, CHUNK)
            except BlockingIOError:
                return
            except OSError:  # the program's side is closed
                data = b""
            if not data:
                asyncio.get_running_loop().remove_reader(self._handle)
                return
            self._send(data)
            if self._is_held:
                return

    def _pass_on(self) -> None:
        """Write what was typed, as far as it is taken."""
        if self._handle < 0:
            return
        loop = asyncio.get_running_loop()
        try:
            while self._typed:
                del self._typed[: os.write(self._handle, self._typed[:CHUNK])]
        except BlockingIOError:
            loop.add_writer(self._handle, self._pass_on)
            return
        except OSError:
            self._typed.clear()
        loop.remove_writer(self._handle)

    def _tell_size(self) -> None:
        if self._handle >= 0:
            columns, lines = self._size
            fcntl.ioctl(self._handle, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def _close(self) -> None:
        if self._handle >= 0:
            loop = asyncio.get_running_loop()
            loop.remove_reader(self._handle)
            loop.remove_writer(self._handle)
            os.close(self._handle)
            self._handle = -1
