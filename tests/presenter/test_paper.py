"""Sheets of paper: what a seat knows, codes that can be typed, slips to fill in, and nobody else's secrets."""

from __future__ import annotations

import json
from typing import Any

from exercise.presenter.codes import codes_of
from exercise.presenter.paper import Page, facilitator_page, is_open, seat_page, votes_now
from exercise.presenter.seat_state import SeatState, fold_all
from exercise.presenter.slips import Slip, parse
from tests.session.room import Room


def blocks(page: Page, kind: str) -> list[dict[str, Any]]:
    """The blocks of one kind."""
    return [block for block in page["blocks"] if block["block"] == kind]


def table(page: Page, heading: str) -> list[Any]:
    """The rows of the first table under a heading."""
    places = [place for place, block in enumerate(page["blocks"]) if block["block"] == "heading" and block["text"] == heading]
    assert places, f"no heading {heading}"
    return next(block["rows"] for block in page["blocks"][places[0] :] if block["block"] == "table")


def fields(slip: dict[str, Any]) -> dict[str, Any]:
    """A slip's fields by label."""
    return {field["label"]: field for field in slip["fields"]}


def told(room: Room, seat: str) -> SeatState:
    """What a seat of a room knows."""
    return fold_all(SeatState(), room.frames[seat])


def test_a_seats_sheets_say_where_it_stands(second_turn: SeatState) -> None:
    """Turn, day, what is left to spend, what is on record, and each report with its source and age."""
    page = seat_page(second_turn)
    assert (page["title"], page["mark"]) == ("Uzbekistan", "For Uzbekistan only")
    facts = dict(blocks(page, "facts")[0]["facts"])
    assert facts["turn"] == f"2 of {len(second_turn.welcome.calendar)}"
    assert "June 2010" in facts["day"]
    assert facts["funds"].endswith(" M$")
    rows = [row for row in table(page, "Reports, as you know them") if isinstance(row, list)]
    assert len(rows) == sum(1 for key in second_turn.readings if not key.startswith("uzbekistan."))
    told = {row[0]: row[1:] for row in rows}
    disputed = next(row for row in rows if "\N{EN DASH}" in row[1])
    assert "; " in disputed[3], "each source of a range is named with its figure"
    assert any("today" in cells[2] for cells in told.values())
    assert any("Jun (" in cells[2] for cells in told.values())


def test_the_menu_has_every_order_with_a_number_that_can_be_typed(second_turn: SeatState) -> None:
    """Numbers and target codes of the sheet, typed in, are the orders of the menu; what cannot be given now says why."""
    codes = codes_of([second_turn.welcome])
    rows = [row for row in table(seat_page(second_turn), "Your orders") if isinstance(row, list)]
    assert {row[1] for row in rows} == {card.title for card in second_turn.welcome.menu}
    for number, title, targets, amount, _cost, know in rows:
        card = next(card for card in second_turn.welcome.menu if card.title == title)
        assert len(targets.split()) == len(card.targets)
        for target in targets.replace("(", "").replace(")", "").split() or [""]:
            size = f" {card.amount.low:.15g}" if card.amount else ""
            found = parse(f"uzbekistan {number} {target}{size}", codes)
            assert isinstance(found, Slip), found
            assert found.act["order"] == card.order
        assert bool(amount) == (card.amount is not None)
        legal = any(offer.legal for offer in second_turn.offers if offer.order == card.order)
        assert know.startswith("Not now: ") is not legal


def test_there_are_as_many_order_slips_as_orders_and_a_vote_slip_for_each_open_motion(second_turn: SeatState) -> None:
    """Each slip names its seat and turn, so that a loose one finds its way, and has a line to sign on."""
    page = seat_page(second_turn)
    slips = blocks(page, "slip")
    titles = [slip["title"] for slip in slips]
    assert sum(title.startswith("Order ") for title in titles) == second_turn.welcome.allowance
    votes = [slip for slip in slips if slip["title"] == "Vote"]
    waiting = [card for body in second_turn.welcome.bodies for card in body.motions if votes_now(second_turn, card)]
    assert [fields(slip)["motion"]["value"].partition(" — ")[2] for slip in votes] == [card.title for card in waiting]
    assert votes, "the scene has a motion to vote on"
    assert fields(votes[0])["vote"]["boxes"] == ["yes", "no", "abstain"]
    for slip in slips:
        assert slip["seat"].endswith(" — Uzbekistan")
        assert slip["when"] == "turn 2"
        assert "signed" in fields(slip)


def test_a_message_is_open_until_its_sender_is_answered() -> None:
    """What others wrote to this seat and got no word back for is marked; notes of the host and own letters are not."""
    room = Room.open()
    room.say("guest", "message", to=["town"], text="Will you wait?")
    room.say("town", "message", to=["trader"], text="Sell us grain.")
    state = told(room, "town")
    assert [is_open(state, letter) for letter in state.letters] == [True, False]
    assert any(row[2] == "Will you wait? (not answered)" for row in table(seat_page(state), "Messages"))
    room.say("town", "message", to=["guest"], text="We will.")
    assert not any(is_open(told(room, "town"), letter) for letter in told(room, "town").letters)


def test_orders_on_record_are_printed_with_what_is_left() -> None:
    """A seat whose order had reached the host before the network died need not write it again."""
    room = Room.open()
    assert room.say("town", "order", order="cool", target="north", amount=4)["frame"] == "ack"
    page = seat_page(told(room, "town"))
    assert [row[0] for row in table(page, "On record for this turn")] == ["Cool a region → North, 4"]
    facilitators = facilitator_page({seat: told(room, seat) for seat in ("town", "guest")}, {"town": "people"}, ())
    assert {row[1]: (row[2], row[3]) for row in table(facilitators, "What to collect")} == {
        "The town": ("people", "Cool a region → North, 4"),
        "The guest": ("", "nothing"),
    }


def test_what_others_do_in_secret_changes_nothing_on_a_seats_sheets() -> None:
    """Orders, messages and readiness of others leave the sheets as they are, and the facilitator's sheet tells them."""
    sheets, control = [], []
    for secret in (False, True):
        room = Room.open()
        room.pass_turn()
        if secret:
            room.say("guest", "order", order="plot", target="south", amount=30)
            room.say("guest", "message", to=["trader"], text="Nobody must know.")
            room.say("guest", "ready")
        sheets.append(seat_page(told(room, "town")))
        control.append(facilitator_page({seat: told(room, seat) for seat in ("town", "guest")}, {}, ()))
    assert sheets[0] == sheets[1]
    assert control[0] != control[1]
    assert "Plot" not in json.dumps(sheets)
    assert "Plot" in json.dumps(control)


def test_the_facilitators_lines_can_be_typed_as_they_stand(second_turn: SeatState) -> None:
    """Every instance on the sheet is a slip; injects come with the codes of those who receive them."""
    inject = {"number": "3", "due": "2010-06-14", "title": "Who pays?", "to": "uzbekistan all", "text": "They ask.", "expected": "Answer."}
    page = facilitator_page({"uzbekistan": second_turn}, {}, [inject])
    assert page["mark"] == "FACILITATOR ONLY"
    ways = [row[2] for row in table(page, "How to type a slip in")]
    assert len(ways) == 7
    for line in ways:
        assert isinstance(parse(line, codes_of([second_turn.welcome])), Slip), line
    row = table(page, "Injects that may still come, the next ones first")[0]
    assert row == ["3", "2010-06-14", "Who pays? They ask. Expected: Answer.", "UZ all"]


def test_text_from_people_commands_nothing_on_paper() -> None:
    """Characters that a terminal obeys or that reorder others are made visible before anything is printed."""
    room = Room.open()
    state = told(room, "town")
    frame = {"frame": "message", "seq": 999, "branch": 0, "from": "guest", "to": ["town"], "text": "a\u202eb\x1b[2Jc\nd", "turn": 1}
    words = json.dumps(seat_page(fold_all(state, [frame])), ensure_ascii=False)
    assert not any(letter in words for letter in ("\u202e", "\x1b", "\\u001b", "\\n"))
