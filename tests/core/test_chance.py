"""Dice: known answers, identity instead of order, and a plain look at their spread."""

from __future__ import annotations

import hashlib
import itertools
import math
import pathlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercise.core.chance import GOLDEN, draw, mix64, other_luck, run_key, site, step_key

DOCUMENT = pathlib.Path(__file__).parents[2] / "docs" / "chance.md"
WORDS = st.integers(min_value=0, max_value=2**64 - 1)


def documented(heading: str) -> list[list[str]]:
    """Rows of the table under a heading of docs/chance.md, cell by cell."""
    section = DOCUMENT.read_text(encoding="utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [line.strip("| ").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip().strip("`") for cell in row] for row in rows[2:]]


@pytest.mark.parametrize(
    ("count", "expected"), [(1, 0xE220A8397B1DCDAF), (2, 0x6E789E6AA1B965F4), (3, 0x06C45D188009454F), (4, 0xF88BB8A8724C81EC)]
)
def test_the_mixer_is_the_published_splitmix64(count: int, expected: int) -> None:
    """The first outputs of SplitMix64 seeded with 0, as every other implementation gives them."""
    assert mix64(count * GOLDEN) == expected


def test_documented_keys_are_what_the_code_gives() -> None:
    """Run and step keys of docs/chance.md: another implementation can check itself against the table."""
    rows = documented("Known answers: keys")
    assert len(rows) >= 4
    for seed, run, turn, step, of_run, of_step in rows:
        key = run_key(int(seed), int(run))
        assert f"{key:016x}" == of_run
        assert f"{step_key(key, int(turn), int(step)):016x}" == of_step


def test_documented_sites_are_what_the_code_gives() -> None:
    """Sites of docs/chance.md, and their definition by BLAKE2b."""
    rows = documented("Known answers: sites")
    assert len(rows) >= 3
    for rule, entities, purpose, expected in rows:
        ids = [entity for entity in entities.split(",") if entity]
        assert f"{site(rule, ids, purpose):016x}" == expected
        assert hashlib.blake2b(f"{rule}|{entities}|{purpose}".encode(), digest_size=8).hexdigest() == expected


def test_documented_draws_are_what_the_code_gives() -> None:
    """Draws of docs/chance.md to the last bit (written in hexadecimal floating point)."""
    rows = documented("Known answers: draws")
    assert len(rows) >= 4
    for key, at, expected in rows:
        assert draw(int(key, 16), int(at, 16)).hex() == float.fromhex(expected).hex()


def test_documented_branches_are_what_the_code_gives() -> None:
    """The seed of a branch's run, as docs/chance.md derives it, small enough for every reader of JSON and other than the one it comes from."""
    rows = documented("Known answers: branches")
    assert len(rows) >= 4
    for seed, run, after in rows:
        assert other_luck(int(seed), int(run)) == int(after) < 2**53
        assert int(after) != int(seed)


def test_every_known_answer_is_read() -> None:
    """The document's tables are found by these tests: a heading renamed would leave them unread."""
    assert len(re.findall(r"^## Known answers: (keys|branches|sites|draws)$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)) == 4


@given(key=WORDS, at=WORDS)
def test_a_draw_is_a_function_of_key_and_site_within_0_and_1(key: int, at: int) -> None:
    """The same place gives the same number, never 1, always a multiple of 2**-53, and the mixer's top bits."""
    value = draw(key, at)
    assert value == draw(key, at)
    assert 0.0 <= value < 1.0
    assert (value * 2**53).is_integer()
    assert value == (mix64(key + at) >> 11) * 2.0**-53


@given(seed=st.integers(), run=st.integers(min_value=0, max_value=10_000), turn=st.integers(0, 500), step=st.integers(0, 5_000))
def test_keys_take_any_seed(seed: int, run: int, turn: int, step: int) -> None:
    """Seeds of any size and sign give 64-bit keys, equal for seeds that are equal modulo 2**64."""
    key = run_key(seed, run)
    assert 0 <= key < 2**64
    assert key == run_key(seed + 2**64, run)
    assert 0 <= step_key(key, turn, step) < 2**64


def test_seeds_runs_turns_and_steps_have_dice_of_their_own() -> None:
    """No two of some thousand neighbouring exercises, runs, turns and steps share a key."""
    keys = {step_key(run_key(seed, run), turn, step) for seed, run, turn, step in itertools.product(range(8), range(8), range(8), range(8))}
    assert len(keys) == 8**4


def test_sites_tell_rules_entities_and_purposes_apart() -> None:
    """Changing any part of a site changes it, and the order of entities counts."""
    sites = {
        site("a", ("x", "y"), "p"),
        site("b", ("x", "y"), "p"),
        site("a", ("y", "x"), "p"),
        site("a", ("x",), "p"),
        site("a", ("x", "y"), "q"),
    }
    assert len(sites) == 5


def test_draws_are_spread_evenly_and_do_not_follow_each_other() -> None:
    """10,000 draws at neighbouring sites: mean 1/2, variance 1/12, no correlation with the next (each within five standard errors)."""
    key = step_key(run_key(2010), 1, 0)
    values = [draw(key, site("rule", (f"entity_{number}",), "test")) for number in range(10_000)]
    mean = math.fsum(values) / 10_000
    variance = math.fsum((value - 0.5) ** 2 for value in values) / 10_000
    following = math.fsum((a - 0.5) * (b - 0.5) for a, b in itertools.pairwise(values)) / 9_999
    assert abs(mean - 0.5) < 5 * math.sqrt(1 / 12 / 10_000)
    assert abs(variance - 1 / 12) < 5 * math.sqrt(1 / 180 / 10_000)
    assert abs(following) < 5 / 12 / 100
