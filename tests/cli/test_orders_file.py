"""Scripts of decisions for headless runs."""

from __future__ import annotations

import pathlib

import pytest

from exercise.cli.common import Wrong
from exercise.cli.orders_file import read_orders
from exercise.core.agreements import Clause
from exercise.core.decisions import (
    AgreementDecision,
    Disclosure,
    InjectRelease,
    MotionDecision,
    OrderDecision,
    RuledEffect,
    Ruling,
    VoteDecision,
)

WHOLE = """
[[turn]]
number = 3

[[turn.order]]
seat = "russia"
order = "send_relief"
target = "osh_city"
amount = 5

[[turn.order]]
seat = "china"
order = "fly_out_citizens"

[[turn.motion]]
seat = "kyrgyz_government"
body = "csto"
motion = "deploy_peacekeepers"

[[turn.vote]]
seat = "russia"
body = "csto"
motion = "deploy_peacekeepers"
vote = "abstain"

[[turn.ruling]]
reason = "the road was cut"
effects = [{ entity = "osh_city", quantity = "access", add = -20, lasts_days = 3 }, { entity = "osh", quantity = "unrest", set = 5.5 }]

[[turn]]
number = 1
inject = [{ inject = "reserve" }]
"""


def test_every_sort_of_decision_can_be_scripted(tmp_path: pathlib.Path) -> None:
    """The documented tables become the decisions that they name, by turn."""
    path = tmp_path / "orders.toml"
    path.write_text(WHOLE)
    assert read_orders(path) == {
        3: (
            OrderDecision("russia", "send_relief", "osh_city", 5.0),
            OrderDecision("china", "fly_out_citizens"),
            MotionDecision("kyrgyz_government", "csto", "deploy_peacekeepers"),
            VoteDecision("russia", "csto", "deploy_peacekeepers", "abstain"),
            Ruling((RuledEffect("osh_city", "access", "add", -20.0, 3.0), RuledEffect("osh", "unrest", "set", 5.5)), "the road was cut"),
        ),
        1: (InjectRelease("reserve"),),
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[trun]]\nnumber = 1", "unknown key 'trun'; did you mean 'turn'?"),
        ("turn = 3", "written as [[turn]] tables"),
        ("[[turn]]\nnumber = 0", "[[turn]] 1: needs number = N"),
        ("[[turn]]\nnumber = 1\n[[turn]]\nnumber = 1", "turn 1 is given twice"),
        ("[[turn]]\nnumber = 1\n[[turn.orders]]\nseat = 'x'", "turn 1: unknown key 'orders'; did you mean 'order'?"),
        ("[[turn]]\nnumber = 1\n[turn.order]\nseat = 'x'", "write [[turn.order]]"),
        (
            "[[turn]]\nnumber = 1\n[[turn.order]]\nseat = 'x'\norder = 'y'\namont = 3",
            "turn 1, order 1: unknown key 'amont'; did you mean 'amount'?",
        ),
        ("[[turn]]\nnumber = 1\n[[turn.order]]\nseat = 'x'", 'turn 1, order 1: needs order = "..."'),
        ("[[turn]]\nnumber = 1\n[[turn.order]]\nseat = 'x'\norder = 'y'\namount = 'lots'", "amount is a number"),
        ("[[turn]]\nnumber = 1\n[[turn.vote]]\nseat = 'x'\nbody = 'b'\nmotion = 'm'\nvote = 'maybe'", "vote is one of yes, no, abstain"),
        ("[[turn]]\nnumber = 1\n[[turn.ruling]]\nreason = 'r'\neffects = [{ entity = 'a', quantity = 'b' }]", "either add or set"),
        (
            "[[turn]]\nnumber = 1\n[[turn.ruling]]\nreason = 'r'\neffects = [{ entity = 'a', quantity = 'b', set = 1, lasts_days = 2 }]",
            "goes with add",
        ),
        ("[[turn]]\nnumber = 1\n[[turn.ruling]]\nreason = 'r'", "needs effects"),
        ("number = ", "is not TOML"),
    ],
)
def test_a_mistake_in_a_script_is_named(tmp_path: pathlib.Path, text: str, words: str) -> None:
    """Each slip gives its place in the file and what was probably meant."""
    path = tmp_path / "orders.toml"
    path.write_text(text)
    with pytest.raises(Wrong) as refused:
        read_orders(path)
    assert words in refused.value.message


def test_several_mistakes_are_counted(tmp_path: pathlib.Path) -> None:
    """The message tells the first finding and how many more there are."""
    path = tmp_path / "orders.toml"
    path.write_text("[[turn]]\nnumber = 1\n[[turn.order]]\nseat = 1\n[[turn.order]]\nseat = 2\n[[turn.vote]]\n")
    with pytest.raises(Wrong, match="2 more findings"):
        read_orders(path)


@pytest.mark.parametrize(("content", "words"), [(b"\xff\xfe", "is not TOML"), (b"x = '" + b"a" * 2_000_000 + b"'", "larger than")])
def test_a_script_is_small_text(tmp_path: pathlib.Path, content: bytes, words: str) -> None:
    """What is not UTF-8, or larger than a script can be, is refused before it is parsed."""
    path = tmp_path / "orders.toml"
    path.write_bytes(content)
    with pytest.raises(Wrong, match=words):
        read_orders(path)


AGREEMENT = """
[[turn]]
number = 2

[[turn.agreement]]
between = ["town", "guest"]
days = 30
secret = true
clauses = [
    { clause = "pay", giver = "town", receiver = "guest", amount = 2, by_days = 0 },
    { clause = "silence" },
]

[[turn.disclose]]
seat = "guest"
agreement = "town:guest+town#1"
"""


def test_an_agreement_can_be_scripted(tmp_path: pathlib.Path) -> None:
    """Who signs, what, for how long; who is named first has proposed it, and its id is made when its turn has come."""
    path = tmp_path / "orders.toml"
    path.write_text(AGREEMENT)
    pay = Clause("pay", "town", "guest", amount=2.0, by_days=0)
    assert read_orders(path) == {
        2: (
            AgreementDecision("", "town", ("guest", "town"), (pay, Clause("silence")), 30, secret=True),
            Disclosure("guest", "town:guest+town#1"),
        )
    }


@pytest.mark.parametrize(
    ("right", "wrong", "words"),
    [
        ('between = ["town", "guest"]', 'between = "town"', "between"),
        ("days = 30", "days = 3.5", "days is a whole number"),
        ("days = 30", "", "needs days"),
        ("secret = true", "secret = 1", "true or false"),
        ("by_days = 0", "by = 0", "unknown key 'by'"),
        ('{ clause = "silence" }', "{ }", 'needs clause = "..."'),
    ],
)
def test_a_slip_in_an_agreement_is_told(tmp_path: pathlib.Path, right: str, wrong: str, words: str) -> None:
    """With the table in which it stands."""
    path = tmp_path / "orders.toml"
    path.write_text(AGREEMENT.replace(right, wrong))
    with pytest.raises(Wrong, match="turn 2, agreement 1") as failure:
        read_orders(path)
    assert words in str(failure.value)
