"""A real program on a real pty, read by a terminal in memory."""

from __future__ import annotations

import codecs
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from pathlib import Path

import pyte

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE_S = 30.0


class PtyProgram:
    """A child process on a pty of 120 by 36. ``raw`` is every byte that it wrote; ``text`` what the terminal shows."""

    def __init__(self, code: str, *, columns: int = 120, lines: int = 36, **environment: str) -> None:
        self.raw = b""
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.Stream(self._screen)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.status: int | None = None
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.chdir(ROOT)
            os.environ.update({"TERM": "xterm-256color", "COLORTERM": "truecolor", "TEXTUAL_ANIMATIONS": "none", **environment})
            os.execv(sys.executable, [sys.executable, "-c", code])
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    @property
    def text(self) -> str:
        """The screen, cell by cell (``pyte``'s own display stumbles over wide letters that were cut)."""
        buffer, columns = self._screen.buffer, range(self._screen.columns)
        return "\n".join("".join(buffer[line][column].data for column in columns).rstrip() for line in range(self._screen.lines))

    def send(self, keys: str) -> None:
        """Type."""
        os.write(self._fd, keys.encode())

    def shows(self, words: str) -> None:
        """Wait until some words are on the screen."""
        end = time.monotonic() + PATIENCE_S
        while words not in self.text:
            if time.monotonic() > end or not self.read(0.2):
                raise AssertionError(f"waited for {words!r} in vain; the screen shows:\n{self.text}")

    def settle(self, quiet_s: float = 0.3) -> None:
        """Read until nothing more comes."""
        while select.select([self._fd], [], [], quiet_s)[0]:
            if not self.read(0):
                return

    def read(self, wait_s: float) -> bool:
        """Read what is there. False when the child has gone."""
        if not select.select([self._fd], [], [], wait_s)[0]:
            return True
        try:
            data = os.read(self._fd, 65_536)
        except OSError:
            data = b""
        self.raw += data
        # pyte knows no private modes with a question mark in reports; what it cannot parse it prints, so such requests are cut out.
        self._stream.feed(self._decoder.decode(data).replace("\x1b[?2026$p", ""))
        return bool(data)

    def leave(self) -> int:
        """Read to the end and return the exit status."""
        while self.read(PATIENCE_S):
            pass
        return self.wait()

    def wait(self) -> int:
        """The exit status."""
        if self.status is None:
            _, status = os.waitpid(self.pid, 0)
            self.status = os.waitstatus_to_exitcode(status)
            os.close(self._fd)
        return self.status

    def kill(self) -> None:
        """End the child, whatever it does."""
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            self.wait()
