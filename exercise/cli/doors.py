"""The process with the doors for ssh and browsers, as the host keeps it: started, watched, started once more, stopped.

It has no authority of its own: whoever comes through it shows a ticket to the host like everybody else. On its first line it says where its
doors are and by what people know them.
"""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from exercise.cli.common import Wrong

if TYPE_CHECKING:
    from exercise.cli.hosting import Hosted

OPEN_S = 30.0
STOP_S = 5.0
TRIES = 2
"""So often in a row the process may stop."""
STEADY_S = 60.0
"""One that ran for so long stopped for a reason of its own: it is not counted with those before."""


def door_command(hosted: Hosted, *, ssh: int | None, web: int | None, bind: str, isolate: bool) -> list[str]:
    """The command of the door process."""
    command = [sys.executable, "-m", "exercise", "door", "--socket", str(hosted.server.socket)]
    if ssh is not None:
        command += ["--ssh", str(ssh)]
    if web is not None:
        command += ["--web", str(web), "--certificate", str(hosted.identity)]
    if bind:
        command += ["--bind", bind]
    if isolate:
        command.append("--isolate")
    return command


@attrs.define(slots=True, eq=False)
class Doors:
    """The door process. It runs until ``close``; when it dies it is started again, unless it does so at once, and ``alert`` tells the
    facilitators.
    """

    command: Sequence[str]
    alert: Callable[[str], None]
    told: Mapping[str, Any] = attrs.field(factory=dict)
    _process: subprocess.Popen[bytes] | None = None
    _closing: threading.Event = attrs.field(factory=threading.Event)
    _watcher: threading.Thread | None = None

    @classmethod
    def begin(cls, command: Sequence[str], alert: Callable[[str], None]) -> Doors:
        """Open the doors; returns when they are open. Raises ``Wrong`` when they cannot be: the process itself has said why, on stderr."""
        doors = cls(command, alert)
        lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        process = doors._start(lines.put)
        try:
            doors.told = json.loads(lines.get(timeout=OPEN_S))
        except (queue.Empty, ValueError):
            doors.close()
            raise Wrong("the doors for ssh and browsers could not be opened", "what stands above says why") from None
        doors._watcher = threading.Thread(target=doors._watch, args=(process,), name="doors", daemon=True)
        doors._watcher.start()
        return doors

    def port(self, door: str) -> int | None:
        """Where a door is (``ssh`` or ``web``), None when it was not asked for."""
        return self.told[door]["port"] if door in self.told else None

    @property
    def ssh_fingerprint(self) -> str:
        """By what people know the ssh door."""
        return str(self.told.get("ssh", {}).get("fingerprint", ""))

    @property
    def web_url(self) -> str:
        """The page of the web door."""
        return str(self.told.get("web", {}).get("url", ""))

    def close(self) -> None:
        """Close the doors; those behind them keep their seats. A second call does nothing."""
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

    def _start(self, first_line: Callable[[bytes], None]) -> subprocess.Popen[bytes]:
        # A session of its own, so that Ctrl-C is for the host to pass on.
        process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, start_new_session=True)  # noqa: S603
        self._process = process

        def read() -> None:
            assert process.stdout is not None
            with process.stdout as out:
                first_line(out.readline())
                while out.read(4096):
                    pass

        threading.Thread(target=read, name="doors' words", daemon=True).start()
        return process

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        falls = 0
        while falls < TRIES:
            began = time.monotonic()
            status = process.wait()
            if self._closing.is_set():
                return
            falls = falls + 1 if time.monotonic() - began < STEADY_S else 1
            again = "they are opened once more" if falls < TRIES else "they stay closed; start the host again to open them"
            self.alert(f"the doors for ssh and browsers stopped (exit {status}): {again}")
            if falls < TRIES:
                process = self._start(lambda _line: None)
