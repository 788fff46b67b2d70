"""The line mode's commands: a whole turn by typing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import pytest

from exercise.presenter.commands import Lines, commands
from exercise.presenter.desk import Desk
from exercise.presenter.rows import text_of
from exercise.presenter.seat_state import SeatState


@attrs.define
class Recorder:
    """A link that keeps what was sent."""

    acts: list[Mapping[str, Any]] = attrs.field(factory=list)

    def send(self, act: Mapping[str, Any]) -> None:
        """Keep an act."""
        self.acts.append(act)

    def listen(self, hear: object) -> None:
        """Nothing comes."""

    def close(self) -> None:
        """Nothing to close."""


@pytest.fixture
def lines(second_turn: SeatState) -> Lines:
    """Uzbekistan in turn 2."""
    return Lines(Desk(Recorder(), second_turn), 80)


def said(lines: Lines, line: str) -> str:
    """What a line prints."""
    return text_of(lines.hear(line))


def sent(lines: Lines) -> list[Mapping[str, Any]]:
    """What was sent, without references."""
    link = lines.desk.link
    assert isinstance(link, Recorder)
    return [{name: value for name, value in act.items() if name != "ref"} for act in link.acts]


def test_numbers_refer_to_the_last_list(lines: Lines) -> None:
    """``why 3`` is about line 3 as printed."""
    listing = said(lines, "reports osh city tension").splitlines()
    number = next(line.split()[0] for line in listing if "Ethnic tension" in line)
    assert "rumours of attacks" in said(lines, f"why {number}")
    assert "border service" in said(lines, f"history {number}")
    assert "Give the number" in said(lines, "why 99")


def test_an_order_can_be_typed_by_name_target_and_amount(lines: Lines) -> None:
    """Names may be ids or titles; what is missing is asked for."""
    assert "Say which target" in said(lines, "order send_relief")
    assert "Sent: Send relief across the border ▸ Jalal-Abad ▸ 4.0 M$" in said(lines, "order send relief across the border jalal-abad 4")
    assert sent(lines) == [{"act": "order", "order": "send_relief", "target": "jalal_abad", "amount": 4.0}]


def test_an_order_can_be_given_by_its_number_in_the_menu(lines: Lines) -> None:
    """The menu's numbers work in ``order`` and in ``why``."""
    assert "Open the border" in said(lines, "menu")
    assert "everybody will see it" in said(lines, "why 1")
    said(lines, "order 1 80")
    assert sent(lines) == [{"act": "order", "order": "open_border", "amount": 80.0}]


def test_what_cannot_be_done_is_said_before_it_is_sent(lines: Lines) -> None:
    """Refusals in words, and nothing on the wire."""
    assert "the border is not open" in said(lines, "order close_border")
    assert "no such order" in said(lines, "order 77")
    assert "is not a number" in said(lines, "order send_relief jalal much")
    assert sent(lines) == []


def test_beginnings_of_words_are_enough_where_they_are_clear(lines: Lines) -> None:
    """Order and target by how they begin; the menu need not be listed for its numbers."""
    said(lines, "order send jalal 4")
    said(lines, "order 1 80")
    said(lines, "order warn")
    said(lines, "order open those 60")
    assert [(act["order"], act.get("target"), act.get("amount")) for act in sent(lines)] == [
        ("send_relief", "jalal_abad", 4.0),
        ("open_border", None, 80.0),
        ("warn_moscow", None, None),
        ("open_border", None, 60.0),
    ]


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("order send osh 4", "Which one? Osh city; Osh region"),
        ("order border", "Which one? Open the border to those who flee; Send relief across the border; Close the border"),
        ("order send jalal 4 now", "“now” is too much"),
        ("order warn loudly", "“loudly” is too much"),
        ("order send mars 4", "“mars 4” is no target of it."),
        ("table sco statement today", "“today” is too much"),
        ("vote csto", "Give the number of a motion"),
    ],
)
def test_what_is_not_clear_is_asked_about_and_never_guessed(lines: Lines, line: str, answer: str) -> None:
    """Several candidates are listed, words too many are refused, and nothing is sent."""
    assert answer in " ".join(said(lines, line).split())
    assert sent(lines) == []


def test_motions_go_by_the_beginnings_of_their_titles(lines: Lines) -> None:
    """As help says: a body and a motion, in any of their names."""
    said(lines, "table sco a statement")
    said(lines, "vote csto send no we said why")
    said(lines, "vote collective send peacekeepers abstain")
    assert [(act["motion"], act.get("vote"), act.get("say")) for act in sent(lines)] == [
        ("statement", None, None),
        ("deploy_peacekeepers", "no", "we said why"),
        ("deploy_peacekeepers", "abstain", None),
    ]


def test_lines_name_no_keys_of_the_screens(lines: Lines) -> None:
    """Where nothing but words can be typed, no list speaks of a key."""
    told = " ".join(said(lines, each.word) for each in commands() if each.word not in ("quit", "help"))
    told += " ".join(said(lines, f"why {number}") for number in range(1, 8) if said(lines, "bodies"))
    for key in ("y yes", "t tables", "vote: y", "left  a", "n writes", "x withdraws", "ctrl+"):
        assert key not in told


def test_votes_and_motions_by_number_or_name(lines: Lines) -> None:
    """The number of a motion in the bodies' list, or body and motion by id."""
    listing = said(lines, "bodies").splitlines()
    number = next(line.split()[0] for line in listing if "Send peacekeepers" in line)
    said(lines, f"vote {number} no not in our valley")
    said(lines, "table sco statement")
    assert sent(lines) == [
        {"act": "vote", "body": "csto", "motion": "deploy_peacekeepers", "vote": "no", "say": "not in our valley"},
        {"act": "motion", "body": "sco", "motion": "statement"},
    ]
    assert "cannot table" in said(lines, "table csto aid_package")


def test_messages_go_to_seats_by_any_of_their_names(lines: Lines) -> None:
    """Ids and short names are understood; unknown names are answered with the list."""
    said(lines, "write moscow We count on you.")
    said(lines, "write all Calm, please.")
    assert [act["to"] for act in sent(lines)] == [["russia"], "all"]
    assert "Write to one of" in said(lines, "write nobody hello")


def test_done_asks_once_and_is_forgotten_by_anything_else(lines: Lines) -> None:
    """Ending a turn takes the word twice in a row."""
    assert "3 orders are not used" in said(lines, "done")
    said(lines, "look")
    assert "Type done again" in said(lines, "done")
    said(lines, "done")
    assert [act["act"] for act in sent(lines)] == ["ready"]


def test_every_command_of_the_help_is_understood(lines: Lines) -> None:
    """Help lists nothing that is not there; short forms and nonsense are answered."""
    for each in commands():
        if each.word != "quit":
            assert "is not a command" not in said(lines, each.word)
    assert "is not a command" in said(lines, "fly")
    assert "UZBEKISTAN" in said(lines, "loo")
