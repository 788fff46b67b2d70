"""The driver between Textual and the terminal, with faults of the stock one mended: what happens when the terminal goes away.

When a window is closed or a link drops, the kernel hangs the terminal up and sends SIGHUP *and* SIGCONT. The stock driver takes any SIGCONT
for a return from Ctrl+Z and starts itself a second time; its writer thread dies at the first failed write, after which its queue fills
and the application waits for ever to be allowed to end; and a failed read of the keyboard counts as a crash. The first two leave a process
behind that nobody can see (fault 64).
"""

from __future__ import annotations

import contextlib
import signal
from typing import TYPE_CHECKING, TextIO, cast

from textual.drivers.linux_driver import LinuxDriver

if TYPE_CHECKING:
    from io import TextIOWrapper

    from textual.app import App


class FadingFile:
    """A text file that may go away: what is written after that is dropped, so that its writer can come to an end."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, text: str) -> None:
        """Write, or drop it."""
        with contextlib.suppress(OSError):
            self._file.write(text)

    def flush(self) -> None:
        """Pass on what was written, or drop it."""
        with contextlib.suppress(OSError):
            self._file.flush()

    def fileno(self) -> int:
        """The number of the file beneath."""
        return self._file.fileno()

    def isatty(self) -> bool:
        """Whether the file beneath is a terminal."""
        return self._file.isatty()


class TerminalDriver(LinuxDriver):
    """The stock driver over a file that may go away; it resumes only what was suspended."""

    def __init__(self, app: App[object], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._file = cast("TextIOWrapper", FadingFile(cast("TextIO", self._file)))

    def _run_input_thread(self) -> None:
        """Read keys until the terminal goes away, which is a hang-up and no fault of the program."""
        try:
            self.run_input_thread()
        except OSError:
            self._app.call_later(self._app.exit, return_code=128 + signal.SIGHUP)

    def _sigcont_application(self, *_arguments: object) -> None:
        """Go on after Ctrl+Z, and only then."""
        if self._must_signal_resume:
            super()._sigcont_application()
