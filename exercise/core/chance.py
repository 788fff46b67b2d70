"""Chance: counter-based draws, keyed by identity. No state, no order: a draw is a function of where it stands.

The generator is SplitMix64 read at a key. A site is the 64-bit BLAKE2b of ``rule|entity,entity|purpose``; the step key comes from seed,
run, turn and step; a draw is ``mix64(key + site) >> 11`` times 2**-53. Since sites are named by ids, adding a rule or giving an order
disturbs nobody else's dice, and two branches of an exercise share their luck. docs/chance.md has known answers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

GOLDEN = 0x9E3779B97F4A7C15
"""The odd constant of SplitMix64: 2**64 divided by the golden ratio."""
_MASK = 0xFFFFFFFFFFFFFFFF
_UNIT = 2.0**-53


def mix64(value: int) -> int:
    """SplitMix64's finalizer: a permutation of 0..2**64-1. ``value`` is taken modulo 2**64."""
    z = value & _MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return z ^ (z >> 31)


def run_key(seed: int, run: int = 0) -> int:
    """Key of one run of a seed (run 0 is the exercise itself, others are rehearsals). Both are taken modulo 2**64."""
    return mix64(mix64(seed + GOLDEN) + (run + 1) * GOLDEN)


def other_luck(seed: int, run: int) -> int:
    """The seed under which run ``run`` of a branch goes on: the lower 53 bits of its run key, exact in every reader of JSON."""
    return run_key(seed, run) & (1 << 53) - 1


def step_key(run: int, turn: int, step: int) -> int:
    """Key of one step of one turn, from a run key."""
    return mix64(mix64(run + (turn + 1) * GOLDEN) + (step + 1) * GOLDEN)


def site(rule_id: str, entity_ids: Sequence[str], purpose: str) -> int:
    """Where a draw is used: the first 8 bytes (big-endian) of BLAKE2b-64 of ``rule|entity,entity|purpose`` in UTF-8."""
    text = f"{rule_id}|{','.join(entity_ids)}|{purpose}"
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


def draw(key: int, site: int) -> float:
    """A number in 0..1 (1 excluded), uniform, with 53 bits."""
    z = (key + site) & _MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return ((z ^ (z >> 31)) >> 11) * _UNIT
