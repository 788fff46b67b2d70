"""What if: a log that shares its beginning with another and then differs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from exercise.record.disk import LOCAL, Disk
from exercise.record.entry import Entry
from exercise.record.journal import Journal
from exercise.record.reading import LogError, read_log


def branch(source: Path, target: Path, turn: int, *, seed: int | None = None, at: str | None = None, disk: Disk = LOCAL) -> Journal:
    """Begin ``target`` with the lines of ``source`` before turn ``turn``, verbatim, and a ``branched`` entry that names the source's head.

    With ``seed`` the luck from that turn on is another. Raises ``LogError`` if the source is damaged or never reached that turn.
    """
    entries = tuple(read_log(source, disk=disk))
    kept = tuple(entries_before(entries, turn))
    closed = sum(entry.type == "turn_closed" for entry in kept)
    if turn < 1 or closed != turn - 1:
        reached = sum(entry.type == "turn_closed" for entry in entries) + 1
        raise LogError(source, "no-such-turn", f"the log cannot be branched at turn {turn}", hint=f"it reached turn {reached}")
    journal = Journal.create_from(target, kept, disk=disk)
    new_seed = {} if seed is None else {"seed": seed}
    journal.append("branched", {"from_head": entries[-1].hash, "turn": turn} | new_seed, at)
    return journal


def entries_before(entries: Iterable[Entry], turn: int) -> Iterator[Entry]:
    """The entries up to the one that closed the turn before ``turn``; for turn 1 the header and who took which seat."""
    rest = iter(entries)
    if turn == 1:
        for entry in rest:
            if entry.type not in {"exercise", "seat"}:
                return
            yield entry
    for entry in rest:
        yield entry
        if entry.type == "turn_closed" and entry.data["turn"] == turn - 1:
            return
