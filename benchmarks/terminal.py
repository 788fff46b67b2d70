"""A real program on a real pty, read by a terminal in memory: for the benchmarks, and for the tests of what reaches a terminal."""

from __future__ import annotations

import codecs
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pyte

PATIENCE_S = 30.0
"""How long a program may let us wait before it counts as stuck."""


class PtyProgram:
    """A child process on a pty. ``raw`` is every byte that it wrote; ``text`` what the terminal shows."""

    def __init__(self, *command: str, folder: Path, columns: int = 120, lines: int = 36, **environment: str) -> None:
        self.raw = b""
        self.status: int | None = None
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.Stream(self._screen)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._asked = time.perf_counter()
        self.pid, self._handle = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
            os.chdir(folder)
            surroundings = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "TEXTUAL_ANIMATIONS": "none"}
            os.execvpe(command[0], command, {**os.environ, **surroundings, **environment})

    @property
    def text(self) -> str:
        """The screen, cell by cell (``pyte``'s own display stumbles over wide letters that were cut)."""
        buffer, columns = self._screen.buffer, range(self._screen.columns)
        return "\n".join("".join(buffer[line][column].data for column in columns).rstrip() for line in range(self._screen.lines))

    def send(self, keys: str) -> None:
        """Type, and start the clock that ``until`` reads."""
        self._asked = time.perf_counter()
        os.write(self._handle, keys.encode())

    def until(self, holds: Callable[[str], bool], wanted: str = "a condition") -> float:
        """Wait until the screen's text satisfies a condition. Seconds since the start, or since the last keys were sent.

        Raises:
            AssertionError: the program ended, or the condition did not come to hold in ``PATIENCE_S``.
        """
        while not holds(self.text):
            if time.perf_counter() - self._asked > PATIENCE_S or not self._read(0.2):
                raise AssertionError(f"waited for {wanted} in vain; the screen shows:\n{self.text}")
        return time.perf_counter() - self._asked

    def shows(self, words: str) -> float:
        """Wait until some words are on the screen; seconds as in ``until``."""
        return self.until(lambda text: words in text, repr(words))

    def settle(self, quiet_s: float = 0.3) -> str:
        """Read until nothing more comes for a while; the text of the screen."""
        while select.select([self._handle], [], [], quiet_s)[0] and self._read(0):
            pass
        return self.text

    def leave(self) -> int:
        """Read to the end and return the exit status.

        Raises:
            AssertionError: the program did not end in ``PATIENCE_S``.
        """
        end = time.perf_counter() + PATIENCE_S
        while self._read(0.2):
            if time.perf_counter() > end:
                raise AssertionError(f"waited in vain for the program to leave; the screen shows:\n{self.text}")
        return self._wait()

    def hang_up(self) -> int:
        """Take the terminal away, as a closed window or a dropped link does, and return the exit status.

        Raises:
            AssertionError: the program did not end in ``PATIENCE_S``.
        """
        os.close(self._handle)
        self._handle = -1
        end = time.perf_counter() + PATIENCE_S
        while os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            if time.perf_counter() > end:
                raise AssertionError("the program outlived its terminal")
            time.sleep(0.01)
        return self._wait()

    def kill(self) -> None:
        """End the child, whatever it does."""
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            self._wait()

    def _read(self, wait_s: float) -> bool:
        """Read what is there. False when the child has gone."""
        if not select.select([self._handle], [], [], wait_s)[0]:
            return True
        try:
            data = os.read(self._handle, 65_536)
        except OSError:
            data = b""
        self.raw += data
        # pyte knows no private modes with a question mark in reports; what it cannot parse it prints, so such requests are cut out.
        self._stream.feed(self._decoder.decode(data).replace("\x1b[?2026$p", ""))
        return bool(data)

    def _wait(self) -> int:
        if self.status is None:
            _, status = os.waitpid(self.pid, 0)
            self.status = os.waitstatus_to_exitcode(status)
            if self._handle >= 0:
                os.close(self._handle)
        return self.status
