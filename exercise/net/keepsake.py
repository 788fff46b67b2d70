"""What a seat's program keeps so that the same ticket opens the door again after a crash: a token, in a file for its owner alone."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import pathlib
import secrets
from collections.abc import Mapping
from typing import Any

import attrs

FOLDER_MODE = 0o700
FILE_MODE = 0o600


def seats_folder() -> pathlib.Path:
    """Where this user's programs keep the tokens of their seats."""
    import platformdirs  # noqa: PLC0415 - a door's program does not need it

    return pathlib.Path(platformdirs.user_state_dir("situation-room")) / "seats"


@attrs.define(slots=True)
class Keepsake:
    """What is kept for one ticket. ``program`` is a random name that the ticket is exchanged under: it is written down before the ticket is
    shown, so that a program that dies before it has read the answer may ask again. Without ``path`` nothing outlasts the program.
    """

    path: pathlib.Path | None = None
    program: str = attrs.field(factory=lambda: secrets.token_hex(8))
    token: str = ""
    code: str = ""

    @classmethod
    def of_ticket(cls, fingerprint: str, words: str, folder: pathlib.Path | None = None) -> Keepsake:
        """What was kept for a ticket, or nothing yet. A file that cannot be read is as good as none."""
        name = hashlib.sha256(f"{fingerprint}/{words}".encode()).hexdigest()[:32]
        keepsake = cls((folder or seats_folder()) / f"{name}.json")
        assert keepsake.path is not None
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            kept = json.loads(keepsake.path.read_text(encoding="utf-8"))
            keepsake.program, keepsake.token, keepsake.code = str(kept["program"]), str(kept["token"]), str(kept["code"])
        return keepsake

    def shelf(self, stream: str) -> Shelf | None:
        """Where the screen of one of the ticket's seats keeps what is its own."""
        name = hashlib.sha256(stream.encode()).hexdigest()[:8]
        return Shelf(self.path.with_name(f"{self.path.stem}-{name}.desk")) if self.path is not None else None

    def save(self) -> None:
        """Write it down, in one step. A disk that does not take it costs the return after a crash, and nothing else."""
        if self.path is None:
            return
        kept = {"program": self.program, "token": self.token, "code": self.code}
        with contextlib.suppress(OSError):
            self.path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
            write_privately(self.path, json.dumps(kept))


@attrs.frozen(slots=True)
class Shelf:
    """A file for what a seat's screen keeps of its own (``exercise.presenter.memory.Memory``): nothing that the host would miss."""

    path: pathlib.Path

    def recall(self) -> Mapping[str, Any]:
        """What was kept last; nothing where it cannot be read."""
        with contextlib.suppress(OSError, ValueError):
            told = json.loads(self.path.read_text(encoding="utf-8"))
            return told if isinstance(told, dict) else {}
        return {}

    def keep(self, kept: Mapping[str, Any]) -> None:
        """Put it in place of what was there. Not waited for: a machine that dies loses at most this."""
        fresh = self.path.with_name(f".{self.path.name}.{secrets.token_hex(4)}")
        with contextlib.suppress(OSError):
            self.path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
            handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, FILE_MODE)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(json.dumps(kept))
            fresh.replace(self.path)


def write_privately(path: pathlib.Path, text: str) -> None:
    """Put a text into a file for its owner alone: whole or not at all, and on the medium on return. May raise ``OSError``."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, FILE_MODE)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            fresh.unlink()
        raise
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
