"""Programs ready to run: compiled content is kept in the user's cache folder, so that a scenario compiles once and then starts at once.

The key is a digest of every content file, the cut, this Python and the program's own code, so nothing stale is ever taken. A kept program
holds code, so only a file that belongs to this user, that nobody else may write and that bears the digest of what it holds is opened.
Without a usable folder everything works, only slower.
"""

from __future__ import annotations

import contextlib
import hashlib
import marshal
import os
import pickle
import stat
import sys
import tempfile
from functools import cache, partial
from pathlib import Path
from typing import Any

import attrs
import platformdirs

import exercise
from exercise.content.folders import Files, find
from exercise.content.loading import load_texts, scenario_files
from exercise.core.compile import choose_cut, compile_exercise
from exercise.core.machine import FORMS, Machine
from exercise.core.program import Program
from exercise.language import Generated

KEPT = 40
"""Programs kept; the oldest go."""
ENOUGH_BYTES = 64 * 1024 * 1024
SEAL_BYTES = 32
"""A kept file begins with the SHA-256 of its key and of everything behind it."""

_OPENING = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
_UNREADABLE = (OSError, ValueError, EOFError, TypeError, AttributeError, ImportError, LookupError, pickle.UnpicklingError)


def prepare(scenario: str | Path, cut: str = "") -> Program:
    """The program of a scenario named by id or folder. Raises ``ContentError`` or ``CompileError``."""
    return prepare_texts(scenario_files(find(scenario)), cut)


def prepare_texts(files: Files, cut: str = "") -> Program:
    """The program of embedded files. Raises ``ContentError`` or ``CompileError``."""
    key = _key(files, cut)
    path = _folder() / f"{key}.program"
    program = _taken(path, key)
    if program is None:
        content = load_texts(files)
        program = compile_exercise(content, choose_cut(content, cut).id)
        _keep(program, path, key)
    return program


def _folder() -> Path:
    return Path(platformdirs.user_cache_dir("situation-room")) / "programs"


def _key(files: Files, cut: str) -> str:
    told = hashlib.sha256()
    for part in (sys.version, exercise.__version__, _own_code(), cut, *(word for file in files for word in file)):
        raw = part.encode("utf-8", "surrogatepass")
        told.update(len(raw).to_bytes(8, "little"))
        told.update(raw)
    return told.hexdigest()


@cache
def _own_code() -> str:
    """A mark of the code that reads and compiles: names, sizes and times of its files."""
    package = Path(exercise.__file__).parent
    marks = [
        f"{path.name}:{facts.st_size}:{facts.st_mtime_ns}"
        for room in ("language", "core", "content")
        for path in sorted((package / room).glob("*.py"))
        for facts in [path.stat()]
    ]
    return "|".join(marks)


def _taken(path: Path, key: str) -> Program | None:
    """A kept program, or None when there is none that can be trusted and read."""
    try:
        handle = os.open(path, _OPENING)
        with os.fdopen(handle, "rb") as file:
            if not _is_ours(os.fstat(handle)):
                return None
            seal, held = file.read(SEAL_BYTES), file.read(ENOUGH_BYTES)
        if seal != _seal(key, held):
            return None
        program, codes, lowered = pickle.loads(held)  # noqa: S301 - our own file: this user's, written by nobody else, and whole
        kept = {form: Generated(marshal.loads(code), tables, names) for form, (code, tables, names) in codes.items()}  # noqa: S302
    except _UNREADABLE:
        return None
    if not isinstance(program, Program):
        return None
    return attrs.evolve(program, machine=attrs.evolve(program.machine, lower=partial(pickle.loads, lowered), kept=kept))


def _is_ours(facts: os.stat_result) -> bool:
    """Whether a file is a plain one of this user that nobody else may write."""
    return stat.S_ISREG(facts.st_mode) and facts.st_uid == _user() and not facts.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _seal(key: str, held: bytes) -> bytes:
    return hashlib.sha256(key.encode() + held).digest()


def _keep(program: Program, path: Path, key: str) -> None:
    """Write a program beside the others; a folder that cannot be used is left alone."""
    codes: dict[str, Any] = {}
    for form in FORMS:
        generated = program.machine.generated(form)
        codes[form] = (marshal.dumps(generated.code), generated.tables, generated.names)
    bare = attrs.evolve(program, machine=Machine(program.machine.facts))
    with contextlib.suppress(OSError, pickle.PicklingError, RecursionError):
        # What was lowered lies inside as bytes of its own: only rehearsals read it.
        held = pickle.dumps((bare, codes, pickle.dumps(program.machine.lowered, protocol=5)), protocol=5)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_seal(key, held) + held)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
        for old in sorted(path.parent.glob("*.program"), key=lambda one: one.stat().st_mtime)[:-KEPT]:
            old.unlink(missing_ok=True)


def _user() -> int:
    return os.getuid() if hasattr(os, "getuid") else 0
