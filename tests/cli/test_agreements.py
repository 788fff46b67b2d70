"""Agreements at the shell: scripted, shown as truth and as seats knew them, explained, verified, branched."""

from __future__ import annotations

import pathlib

import pytest

DEAL = """
[[turn]]
number = 1

[[turn.agreement]]
between = ["relief", "council"]
days = 4
secret = true
clauses = [
    { clause = "shelter_money", giver = "relief", receiver = "council", target = "valley", amount = 2, line = 100, by_days = 2 },
    { clause = "shelter_money", giver = "relief", receiver = "council", target = "highlands", amount = 1, line = 9000, by_days = 1 },
]
"""
ID = "relief:council+relief#1"


@pytest.fixture
def agreed(shell, valley) -> pathlib.Path:
    """A log of an exercise in which relief and council have agreed on money for shelters."""
    pathlib.Path("deal.toml").write_text(DEAL)
    done = shell("run", valley, "--seed", 3, "--orders", "deal.toml", "--log", "agreed.jsonl")
    assert (done.code, done.err) == (0, "")
    return pathlib.Path("agreed.jsonl")


def test_what_was_agreed_is_shown(shell, agreed):
    """As truth, and to a party without how things stand in truth."""
    (one,) = shell("show", agreed, "--json").document["agreements"]
    assert (one["id"], one["status"], one["secret"]) == (ID, "expired", True)
    assert [(clause["status"], clause["truth"]) for clause in one["clauses"]] == [("kept", "kept"), ("withheld", "withheld")]
    assert (
        one["clauses"][0]["says"]
        == "Relief agency to Town council: 2 M$ within 2 days, once at least 100 people of The valley are in shelter."
    )
    (known,) = shell("show", agreed, "--seat", "council", "--json").document["agreements"]
    assert all("truth" not in clause for clause in known["clauses"])
    assert "withheld: Relief agency" in shell("show", agreed, "--seat", "council").out


def test_why_says_who_agreed(shell, agreed):
    """A payment is a contribution with its clause."""
    turns = [shell("explain", agreed, "council.funds", "--turn", turn, "--json").document for turn in range(1, 6)]
    causes = [(one["kind"], one["id"], one["after"] - one["before"]) for turn in turns for one in turn["contributions"]]
    assert causes == [("agreement", "shelter_money", 2.0)]


def test_the_log_verifies_and_a_branch_keeps_the_agreement(shell, agreed):
    """Replay gives the same worlds; a branch follows what was signed."""
    assert shell("verify", agreed).code == 0
    same = shell("branch", agreed, "--turn", 1, "--json").document
    assert same["digest"] == shell("show", agreed, "--json").document["digest"]
    assert [one["status"] for one in same["agreements"]] == ["expired"]


def test_a_seat_that_decides_anew_in_a_branch_has_signed_nothing(shell, agreed):
    """What it signed in the log goes with its other decisions."""
    other = shell("branch", agreed, "--turn", 1, "--doctrine", "council=default", "--json").document
    assert other["agreements"] == []


def test_with_or_without_a_log_the_digest_is_the_same(shell, valley, agreed):
    """Amounts are numbers of one kind, whether they were read back from a line or not."""
    bare = shell("run", valley, "--seed", 3, "--orders", "deal.toml", "--json").document
    assert bare["digest"] == shell("show", agreed, "--json").document["digest"]


@pytest.mark.parametrize(
    ("right", "wrong", "words"),
    [
        ('clause = "shelter_money"', 'clause = "shelter_maney"', "did you mean shelter_money?"),
        ("amount = 2,", "amount = 9,", "1 to 5 million dollars"),
        ("by_days = 2", "by_days = 5", "beyond the end"),
        ('"relief", "council"]', '"relief", "counsel"]', "there is no seat counsel"),
    ],
)
def test_a_mistake_is_told_before_anything_is_played(shell, valley, right, wrong, words):
    """What no turn could make legal is an error of the script."""
    pathlib.Path("deal.toml").write_text(DEAL.replace(right, wrong, 1))
    done = shell("run", valley, "--orders", "deal.toml", "--log", "never.jsonl")
    assert done.code == 1
    assert words in done.err
    assert not pathlib.Path("never.jsonl").exists()
