"""What if: a log that shares its beginning with another and then differs, and what the other one recorded from there on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs

from exercise.record.entry import Entry, seal
from exercise.record.inputs import is_input


@attrs.frozen(slots=True)
class Recording:
    """What a log recorded from a turn on: ``inputs`` by turn, as they were put in; ``closed`` is the last turn that was closed, so that the
    inputs of turns up to it are complete. ``luck`` maps a turn to the ``branched`` entry that gave the rest of the log other luck.
    """

    inputs: Mapping[int, tuple[Entry, ...]] = attrs.field(factory=dict)
    closed: int = 0
    luck: Mapping[int, Entry] = attrs.field(factory=dict)

    @classmethod
    def of(cls, entries: Iterable[Entry], turn: int) -> Recording:
        """What the entries of a whole log say about ``turn`` and the turns after it."""
        inputs: dict[int, list[Entry]] = {}
        luck: dict[int, Entry] = {}
        closed = 0
        for entry in entries:
            if entry.type == "turn_closed":
                closed = entry.data["turn"]
            elif is_input(entry) and entry.data["turn"] >= turn:
                inputs.setdefault(entry.data["turn"], []).append(entry)
            elif has_other_luck(entry) and entry.data["turn"] >= turn:
                luck[entry.data["turn"]] = entry
        return cls({number: tuple(found) for number, found in inputs.items()}, closed, luck)

    def without_luck(self) -> Recording:
        """The same inputs; the dice are for another to choose."""
        return attrs.evolve(self, luck={})


def has_other_luck(entry: Entry) -> bool:
    """Whether the log was branched here with a seed of its own: the open turn is opened anew under it."""
    return entry.type == "branched" and "seed" in entry.data


def branched(entries: Sequence[Entry], turn: int, *, seed: int | None = None, at: str | None = None) -> tuple[Entry, ...]:
    """The beginning of a branch: the entries of the source before ``turn``, verbatim, and a ``branched`` entry that names its head.

    With ``seed`` the luck from that turn on is another; without, it is the source's. Raises ``ValueError`` if the source never reached the
    turn, or ended before it.
    """
    reached = sum(entry.type == "turn_closed" for entry in entries) + (not any(entry.type == "ended" for entry in entries))
    if not 1 <= turn <= reached:
        raise ValueError(f"the log cannot be branched at turn {turn}: it reached turn {reached}")
    kept = tuple(entries_before(entries, turn))
    own = Recording.of(entries, turn).luck.get(turn)
    luck = own.data["seed"] if seed is None and own is not None else seed
    data = {"from_head": entries[-1].hash, "turn": turn} | ({} if luck is None else {"seed": luck})
    return (*kept, seal(kept[-1].n + 1, kept[-1].hash, "branched", data, at)[0])


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


def doctrines_named(entries: Iterable[Entry]) -> dict[str, str]:
    """Which doctrine moves which seat, as the log says it last; a seat that people took last is not in it."""
    named: dict[str, str] = {}
    for entry in entries:
        if entry.type == "seat":
            named.pop(entry.data["seat"], None)
            if entry.data.get("doctrine"):
                named[entry.data["seat"]] = entry.data["doctrine"]
    return named
