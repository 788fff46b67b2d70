"""What a seat's program shows, prints and leaves behind on its machine, in an exercise full of other seats' secrets, on real lines."""

from __future__ import annotations

import contextlib
import functools
import pathlib
from collections.abc import Iterator

import attrs
import pytest

from exercise.cli.remote import RemoteVenue
from exercise.core.program import Program
from exercise.net.client import Line
from exercise.net.keepsake import Keepsake
from exercise.tui.plain import run_plain
from exercise.tui.seat_app import SeatApp
from tests.net.hall import Ear, Hall, hall, joined, until
from tests.record.played import valleys
from tests.session.room import TRADER
from tests.tui.driving import until as shown
from tests.tui.test_plain import Typist

CANARY = "CANARY-5082"
OWN = "we cool the north before noon"
RIVAL = f"""
[[seat]]
id = "rival"
name = "The rival"
briefing = "{CANARY}: grow rich."
private_interests = ["{CANARY}: win without anybody noticing"]
red_lines = ["{CANARY}: never be seen"]
start = [{{ quantity = "funds", value = 43 }}]
objectives = [{{ id = "rich", title = "{CANARY} rich", score = "seat.funds / (1 million_dollars)", private = true }}]

[[order]]
id = "hoard"
seats = ["rival"]
title = "{CANARY} hoard"
purpose = "politics"
text = "{CANARY} in the north"
visibility = "covert"
costs = [{{ resource = "funds", amount = "1" }}]
effects = [{{ on = "north.stock", add = "-5" }}]
because = "{CANARY} hoarded"
"""


@functools.cache
def full_of_secrets() -> Program:
    """The small exercise with a rival whose every text holds the canary."""
    return valleys(TRADER + RIVAL)


@attrs.frozen
class Seat:
    """The town's program: where it plays, its secrets, and the folder that it may write to."""

    venue: RemoteVenue
    words: str
    keepsake: Keepsake
    folder: pathlib.Path


@pytest.fixture
def seat(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Seat]:
    """The second turn of an exercise in which rival and guest wrote and ordered in secret."""
    monkeypatch.setattr("tests.net.hall.exercise", full_of_secrets)
    with contextlib.ExitStack() as stack:
        place = stack.enter_context(hall(tmp_path / "host", seats=("town", "guest", "rival")))
        words = place.words("head", "town")
        keepsake = Keepsake.of_ticket(place.fingerprint, words, tmp_path / "seat")
        venue = RemoteVenue([Line(place.way, words, keepsake=keepsake)])
        venue.open()
        stack.callback(venue.close)
        _first_turn(stack, place)
        yield Seat(venue, words, keepsake, tmp_path / "seat")


def _first_turn(stack: contextlib.ExitStack, place: Hall) -> None:
    helper = Ear(stack.enter_context(joined(place, place.words("head", "town"))).links["town"])
    rival, guest = (Ear(stack.enter_context(joined(place, place.words("head", who))).links[who]) for who in ("rival", "guest"))
    place.server.do(lambda now: place.room.start("facilitator", now))
    assert rival.ask("order", order="hoard")["frame"] == "ack"
    assert rival.ask("message", to=["guest"], text=f"{CANARY}: the town must not know")["frame"] == "ack"
    assert rival.ask("open_room", **{"with": ["guest"]}, name=f"{CANARY} corner")["frame"] == "ack"
    assert rival.ask("message", to=["facilitator"], text=f"{CANARY}: are we seen?")["frame"] == "ack"
    assert guest.ask("order", order="plot", target="north", amount=3.0)["frame"] == "ack"
    assert helper.ask("message", to="all", text=OWN)["frame"] == "ack"
    for ear in (helper, rival, guest):
        assert ear.ask("ready")["frame"] == "ack"
    until(lambda: place.room.turn == 2)
    until(lambda: CANARY in repr(place.stream("rival")))


def files_of(seat: Seat) -> str:
    """Everything that lies in the folder of the seat's program."""
    return "\n".join(path.read_text(encoding="utf-8") for path in seat.folder.rglob("*") if path.is_file())


def test_fault_45_the_record_of_a_seat_in_lines_holds_only_its_view(seat: Seat) -> None:
    """Every page read out, things asked for that are not the seat's, and why: no text of another seat's, no ticket, no token."""
    pages = (
        "look",
        "reports",
        "menu",
        "orders",
        "bodies",
        "messages",
        "agreements",
        "seats",
        "briefing",
        "help",
        "lobby",
        "history",
        "changes",
    )
    nosy = ("briefing rival", "order hoard", "write rival who are you?", "read rival", "why 1", "why 2", "why 3", "quit")
    typist = Typist("", *pages, *nosy)
    run_plain(seat.venue, seat.venue.seats, read=typist.read, write=typist.write)
    said = typist.text
    assert OWN in said, "the record is empty"
    assert CANARY not in said
    assert seat.words not in said
    assert seat.keepsake.token
    assert seat.keepsake.token not in said
    assert CANARY not in files_of(seat)
    assert seat.words not in files_of(seat)


@pytest.mark.asyncio
async def test_fault_45_pictures_of_a_seat_s_screens_hold_only_its_view(seat: Seat) -> None:
    """Every page as the picture that a terminal program can save of itself, with "why" open, and what the program wrote to its disk."""
    app = SeatApp(seat.venue, seat.venue.seats, note_read=True)
    pictures: list[str] = []
    async with app.run_test(size=(160, 60), notifications=True) as pilot:
        await shown(pilot, lambda: app.sitting is not None and app.sitting.table is not None)
        for key in "123456789":
            await pilot.press(key)
            await pilot.pause(0.1)
            pictures.append(app.export_screenshot())
            await pilot.press("down", "question_mark")
            await pilot.pause(0.1)
            pictures.append(app.export_screenshot())
            await pilot.press("escape")
    plain = "\n".join(pictures).replace("&#160;", " ")
    assert OWN in plain, "the pictures are empty"
    assert CANARY not in plain
    assert not {seat.words, seat.keepsake.token} & set(plain.split())
    assert seat.keepsake.token not in plain
    assert CANARY not in files_of(seat)
