"""The world: one vector of numbers, the effects still to come, and what came before.

A world is a value. ``cells`` is laid out by ``exercise.core.layout``; ``pending`` holds delayed effects by the step at which they land;
``history`` the vectors at earlier turn ends (the first is STARTEX), for past values and aged reports.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping

import attrs

from exercise.core.agreements import Agreement, packed

Causes = dict[int, tuple[tuple[int, float], ...]]
"""For a turn: cell -> (number of the cause, amount added), in the order in which they acted.

Kept beside the world to explain aged reports."""


@attrs.frozen(slots=True)
class World:
    """The state between turns.

    ``turn`` is the number of the last closed turn (0 at STARTEX); ``is_open`` says that the next turn was opened on top of it. ``seed``
    keys the dice. ``causes`` and ``opening_causes`` say what closing and opening each turn moved; ``said`` holds, by ballot, the words with
    which a vote that still stands was cast. ``agreements`` are those that ever came into force, by id.
    """

    turn: int
    cells: tuple[float, ...]
    pending: tuple[float, ...]
    seed: int
    history: tuple[tuple[float, ...], ...] = attrs.field(repr=False)
    causes: tuple[Causes, ...] = attrs.field(default=(), eq=False, repr=False)
    opening_causes: tuple[Causes, ...] = attrs.field(default=(), eq=False, repr=False)
    said: Mapping[str, str] = attrs.field(factory=dict, eq=False, repr=False)
    is_open: bool = False
    agreements: tuple[Agreement, ...] = ()


def digest(world: World) -> str:
    """SHA-256 of the world's numbers as little-endian IEEE doubles, and of its agreements if it has any: the same on every machine."""
    numbers = struct.pack(f"<q{len(world.cells)}d{len(world.pending)}d", world.turn, *world.cells, *world.pending)
    return hashlib.sha256(numbers + packed(world.agreements)).hexdigest()
