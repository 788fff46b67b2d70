"""The promise about the seed binds the host and tells the seats nothing."""

from __future__ import annotations

import hashlib

from exercise.record.commitment import commitment, fresh_salt, keeps_promise, open_salt


def test_the_promise_is_kept_by_its_seed_and_salt_alone():
    """Another seed or another salt is found out."""
    promised = commitment(7, "ab")
    assert keeps_promise(promised, 7, "ab")
    assert not keeps_promise(promised, 8, "ab")
    assert not keeps_promise(promised, 7, "ac")


def test_equal_seeds_do_not_look_equal():
    """With a fresh salt nobody can try all seeds against the promise."""
    first, second = fresh_salt(), fresh_salt()
    assert first != second
    assert len(first) == 32
    assert commitment(7, first) != commitment(7, second)


def test_a_headless_run_always_makes_the_same_promise():
    """Two runs of one seed give equal bytes."""
    assert open_salt(7) == open_salt(7) != open_salt(8)


def test_the_promise_is_a_known_hash():
    """Anybody can check it with a command line: SHA-256 of three lines."""
    assert commitment(7, "ab") == hashlib.sha256(b"seed\nab\n7").hexdigest()
