"""Slips typed in: whatever can be printed can be typed, and whatever is typed is understood as one thing or refused with a hint."""

from __future__ import annotations

import pathlib
import re
import unicodedata
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercise.content import prepare
from exercise.presenter.codes import SETTLED, Coded, Codes, coded, codes_of, sought
from exercise.presenter.frames import read_welcome
from exercise.presenter.slips import Slip, SlipRefusal, parse, told, written
from exercise.session.welcome import welcome
from tests.session.room import Room as SessionRoom

SCENARIOS = ("osh-2010", "rasht-2010", "kyrgyzstan-1991-2015", "assistance-2001-2016")


@cache
def codes(scenario: str = "osh-2010") -> Codes:
    """The codes of a shipped scenario, all menus included."""
    program = prepare(scenario, "")
    return codes_of(read_welcome(welcome(program, seat.id)) for seat in program.content.seats if seat.playable)


def every_slip(of: Codes) -> list[Slip]:
    """Every order with every target at its least and most, every motion with every vote, and a word from every seat to every other."""
    slips = []
    for seat, menu in of.menus.items():
        for _number, card in menu:
            amounts = (None,) if card.amount is None else (card.amount.low, card.amount.default, card.amount.high)
            for target in [id for id, _name in card.targets] or [None]:
                slips += [Slip(seat, {"act": "order", "order": card.order, "target": target, "amount": amount}) for amount in amounts]
                slips.append(Slip(seat, {"act": "withdraw", "order": card.order, "target": target}))
        for body, motions in of.motions.items():
            for motion in motions:
                meant = {"body": body, "motion": motion.id}
                slips.append(Slip(seat, {"act": "motion", **meant}))
                slips += [Slip(seat, {"act": "vote", **meant, "vote": vote}) for vote in ("yes", "no", "abstain")]
                slips.append(Slip(seat, {"act": "vote", **meant, "vote": "no", "say": 'it is "their" affair'}))
        others = [other.id for other in of.seats if other.id != seat]
        slips += [
            Slip(seat, {"act": "message", "to": to, "text": "Hold, please."})
            for to in ("all", ["facilitator"], others, *([o] for o in others))
        ]
        slips += [Slip(seat, {"act": "statement", "text": "'No comment'"}), Slip(seat, {"act": "ready"}), Slip(seat, {"act": "unready"})]
    return slips


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_printed_code_is_read_back_as_what_it_stands_for(scenario: str) -> None:
    """Whatever a seat can hand in, written in the printed codes, is the same act when it is typed, in any capitals."""
    of = codes(scenario)
    slips = every_slip(of)
    assert len(slips) > 100
    for slip in slips:
        line = written(slip, of).replace("facilitator", "FACILITATOR")
        assert parse(line, of) == slip, line
        if slip.act["act"] in ("order", "withdraw", "motion", "vote") and "say" not in slip.act:
            assert parse(line.lower(), of) == slip, line


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_id_can_be_typed_in_place_of_its_code(scenario: str) -> None:
    """Ids of seats, orders, targets, bodies and motions mean themselves, also where one begins another."""
    of = codes(scenario)
    for slip in every_slip(of):
        act = slip.act
        if act["act"] == "order":
            parts = [slip.seat, act["order"], act["target"] or "", "" if act["amount"] is None else f"{act['amount']:.15g}"]
            assert parse(" ".join(parts), of) == slip
        if act["act"] == "vote" and "say" not in act:
            assert parse(f"vote {slip.seat} {act['body']} {act['motion']} {act['vote']}", of) == slip


def test_a_verb_may_stand_after_the_seat_and_names_may_be_cut_short() -> None:
    """People type as they speak; what follows the seat's menu stays what it is."""
    meant = Slip("uzbekistan", {"act": "vote", "body": "csto", "motion": "deploy_peacekeepers", "vote": "yes", "say": "because"})
    for line in (
        'vote uz csto deploy yes "because"',
        "uz vote CSTO dep y because",
        "uzbekistan vote csto send-peace yes \u201cbecause\u201d",
    ):
        assert parse(line, codes()) == meant
    assert parse("uzbekistan open_b 1e3", codes()) == SlipRefusal("“1e3” is not a number", "how far the crossings open: 20 to 100")
    opened = parse("Uz open_b 60", codes())
    assert opened == Slip("uzbekistan", {"act": "order", "order": "open_border", "target": None, "amount": 60.0})
    assert told(opened, codes()) == "Uzbekistan: Open the border, 60"


@pytest.mark.parametrize(
    ("line", "why", "hint"),
    [
        ("", "a seat is missing", "UZ Uzbekistan"),
        ("atlantis 1", "“atlantis” is no seat", "UZ Uzbekistan"),
        ("u 1", "“u” may be US (United States), UC (Uzbek community leaders), UZ (Uzbekistan)", "UZ Uzbekistan"),
        ("uz", "an order is missing", "1 Open the border"),
        ("uz 99", "this seat has no order 99", "its orders are 1 to 9"),
        ("uz 1", "the amount is missing", "how far the crossings open: 20 to 100"),
        ("uz 1 600", "600 is out of range", "how far the crossings open: 20 to 100"),
        ("uz 4 60", "“60” is too much", "nothing was sent"),
        ("uz 3", "the target is missing", "OSC Osh city"),
        ("uz 3 bis", "“bis” is no target of “Send a relief convoy across”", "OSC Osh city"),
        ("vote uz csto dep maybe", "“maybe” is no vote", "yes, no or abstain"),
        ("vote uz csto mission yes", "“mission” is no motion of CSTO", "DEP"),
        ("say uz uz hello", "a seat does not write to itself", "or all"),
        ("say uz all", "the text is missing", "say uz all"),
        ("say uz , hello", "no seat is named", "or all"),
        (f"say uz all {'x' * 2001}", "the text is longer than 2000 characters", "two messages"),
    ],
)
def test_what_is_no_slip_is_refused_with_what_could_be_typed(line: str, why: str, hint: str) -> None:
    """One clear sentence and a hint; never half of an act."""
    found = parse(line, codes())
    assert isinstance(found, SlipRefusal)
    assert found.why == why
    assert hint in found.hint


WORDS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "uz",
            "kg",
            "1",
            "3",
            "vote",
            "say",
            "table",
            "csto",
            "dep",
            "osh",
            "yes",
            "all",
            '"',
            "\x1b]52;c;aGk=\x07",
            "\u202e",
            "99999999999999",
        ]
    ),
)


def commands_nothing(text: str) -> bool:
    """Whether a text is free of characters that a terminal obeys or that hide or reorder others."""
    return not any(unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp") for letter in text)


@given(st.lists(WORDS, max_size=8).map(" ".join))
def test_nothing_that_is_typed_raises_and_what_is_understood_can_be_written(line: str) -> None:
    """Hostile lines are refused in legible words; what is understood has a line that means the same again."""
    found = parse(line, codes())
    if isinstance(found, SlipRefusal):
        assert found.why
        assert commands_nothing(found.why + found.hint)
    else:
        assert commands_nothing(told(found, codes()))
        assert parse(written(found, codes()), codes()) == found


NAMES = st.text(alphabet="abcz_-", min_size=1, max_size=9)


@given(
    st.lists(
        st.tuples(NAMES, st.text(alphabet="abcz ", max_size=6), st.tuples(st.text(alphabet="abcz", max_size=4))),
        max_size=12,
        unique_by=lambda one: one[0].replace("_", "").replace("-", ""),
    )
)
def test_no_two_things_share_a_code_and_no_code_is_anothers_name(things: list[tuple[str, str, tuple[str, ...]]]) -> None:
    """Codes are told apart by whoever writes them, whatever ids content has, and each finds its own thing."""
    found = coded(things, 2)
    assert len({each.code for each in found}) == len(found) == len(things)
    for each in found:
        assert each.code.lower() not in SETTLED
        assert sought(each.code, found, "thing") == each
        assert isinstance(sought(each.id, found, "thing"), Coded) or not each.id.strip("_-")


def test_the_lines_of_the_network_page_can_be_typed() -> None:
    """What a facilitator reads in the documents is understood as it stands."""
    page = (pathlib.Path(__file__).parents[2] / "docs" / "network.md").read_text(encoding="utf-8")
    lines = re.findall(r"^ *\| `([^`]+)` \|", page.partition("When the network dies for good")[2], re.MULTILINE)
    assert len(lines) == 8
    for line in lines:
        assert isinstance(parse(line, codes()), Slip), line


def test_the_session_knows_every_act_that_a_slip_can_be() -> None:
    """A slip is acknowledged, or refused because of where things stand; never because the session does not know what it says."""
    room = SessionRoom.open(("town", "guest", "trader"))
    of = codes_of(read_welcome(welcome(room.running.program, seat)) for seat in room.frames)
    answers = []
    for slip in every_slip(of):
        fields = {name: value for name, value in slip.act.items() if name != "act"}
        if slip.act["act"] == "ready":
            continue  # when all are ready the turn closes
        answer = room.say(slip.seat, slip.act["act"], **fields)
        answers.append(answer["frame"])
        assert answer["frame"] == "ack" or not answer["code"].startswith(("unknown", "amount", "text")), (slip, answer)
    assert answers.count("ack") > 10


def test_codes_do_not_depend_on_whose_menus_are_known() -> None:
    """A seat's own sheet needs nobody else's menu: places, bodies and seats have the same codes."""
    program = prepare("osh-2010", "")
    alone = codes_of([read_welcome(welcome(program, "uzbekistan"))])
    assert (alone.seats, alone.places, alone.bodies, alone.motions) == (codes().seats, codes().places, codes().bodies, codes().motions)
    assert alone.menus["uzbekistan"] == codes().menus["uzbekistan"]
