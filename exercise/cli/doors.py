"""The process with the doors for ssh and browsers, as the host keeps it: started, watched, started once more, stopped.

It has no authority of its own: whoever comes through it shows a ticket to the host like everybody else.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from exercise.cli.hosting import Hosted

STOP_S = 5.0
TRIES = 2


@attrs.define(slots=True, eq=False)
class Doors:
    """The door process. It runs until ``close``; when it dies it is started once more, and the facilitators are told."""

    hosted: Hosted
    command: list[str]
    _process: subprocess.Popen[bytes] | None = None
    _closing: threading.Event = attrs.field(factory=threading.Event)
    _watcher: threading.Thread | None = None

    @classmethod
    def begin(cls, hosted: Hosted, *, ssh: int | None, web: int | None, bind: str, isolate: bool) -> Doors:
        """Open the doors."""
        command = [sys.executable, "-m", "exercise", "door", "--socket", str(hosted.server.socket)]
        if ssh is not None:
            command += ["--ssh", str(ssh)]
        if web is not None:
            command += ["--web", str(web), "--certificate", str(hosted.identity)]
        if bind:
            command += ["--bind", bind]
        if isolate:
            command.append("--isolate")
        doors = cls(hosted, command)
        doors._process = doors._start()
        doors._watcher = threading.Thread(target=doors._watch, name="doors", daemon=True)
        doors._watcher.start()
        return doors

    def close(self) -> None:
        """Close the doors; those behind them keep their seats."""
        self._closing.set()
        process = self._process
        if process is not None and process.poll() is None:
            process.terminate()
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if self._watcher is not None:
            self._watcher.join(STOP_S)

    def _start(self) -> subprocess.Popen[bytes]:
        # Its words belong on stderr: stdout is the host's one document. A group of its own, so that Ctrl-C is for the host to pass on.
        return subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=sys.stderr, start_new_session=True)  # noqa: S603 - ourselves

    def _watch(self) -> None:
        for left in reversed(range(TRIES)):
            process = self._process
            assert process is not None
            status = process.wait()
            if self._closing.is_set():
                return
            again = "they are opened once more" if left else "they stay closed; start the host again to open them"
            with contextlib.suppress(Exception):
                self.hosted.server.alert(f"the doors for ssh and browsers stopped (exit {status}): {again}")
            if left:
                self._process = self._start()
