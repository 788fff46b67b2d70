"""Negotiation on the seat's screens, over a real room."""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import pytest

from exercise.presenter.link import Link
from exercise.presenter.talks import SIGNED
from exercise.tui.agreements_screen import AgreementScreen
from exercise.tui.briefing_screen import BriefingScreen
from exercise.tui.seat_screen import SeatScreen
from tests.tui.around_a_room import Around, RoomLink
from tests.tui.conftest import Sit
from tests.tui.driving import Seated
from tests.tui.scripted_link import ScriptedVenue

SIZES = [(80, 24), (120, 36)]


class RoomVenue(ScriptedVenue):
    """A venue that leads to a seat of a real room."""

    def __init__(self, around: Around, seat: str) -> None:
        super().__init__()
        self.around, self.seat = around, seat

    def take(self, seats: tuple[str, ...]) -> Mapping[str, Link]:
        """The seat's line."""
        assert seats == (self.seat,)
        return {self.seat: self.around.links[self.seat]}


def venue(around: Around, seat: str) -> ScriptedVenue:
    """A venue at a seat."""
    return RoomVenue(around, seat)


async def proposes(seated: Seated) -> None:
    """The guest offers the town money, composing by keys."""
    await proposes_up_to_the_form(seated)
    await seated.press("ctrl+s")


async def proposes_up_to_the_form(seated: Seated) -> None:
    """All but the last key."""
    await seated.press("7")
    await seated.shows("No agreements yet")
    await seated.press("n")
    await seated.shows("With whom?")
    await seated.press("enter", "ctrl+s")
    await seated.shows("Which clause?")
    await seated.press("enter")
    await seated.shows("Who gives?")
    await seated.press("enter")
    await seated.shows("paid")
    await seated.press("5", "enter")
    await seated.shows("Within how many days")
    await seated.press("enter")
    await seated.shows("+ add a clause")


@pytest.mark.asyncio
@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_a_proposal_is_composed_and_signed(sit: Sit, size: tuple[int, int]) -> None:
    """Page 7, the composer, the other's duty, the question before the last signature."""
    around = Around.open("guest", "town")
    town = around.desk("town")
    async with sit(size=size, seats=("guest",), venue=venue(around, "guest")) as seated:
        await proposes(seated)
        await seated.shows("Waiting for others")
        assert len(town.state.talks.agreements) == 1
    async with sit(size=size, seats=("town",), venue=venue(around, "town")) as seated:
        await seated.shows("1 proposal for you 7")
        await seated.press("7")
        await seated.shows("Waiting for you")
        await seated.press("enter", "s")
        await seated.shows("last signature")
        await seated.press("y")
        await seated.shows("signed by all")
        assert isinstance(seated.app.screen, AgreementScreen)
    guest = around.desk("guest")
    assert [each.status for each in guest.state.talks.agreements.values()] == [SIGNED]


@pytest.mark.asyncio
@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_a_room_is_opened_written_in_and_read_as_a_thread(sit: Sit, size: tuple[int, int]) -> None:
    """O opens it, n in its thread writes there, in several lines; a hostile paste commands nothing."""
    around = Around.open("guest", "town")
    town = around.desk("town")
    async with sit(size=size, seats=("guest",), venue=venue(around, "guest")) as seated:
        await seated.press("o")
        await seated.shows("A room with whom?")
        await seated.press("enter", "ctrl+s")
        await seated.press(*"Border", "enter")
        await seated.press("m")
        await seated.shows("Threads")
        await seated.shows("Border")
        await seated.press("end", "enter")
        await seated.shows("Nothing here yet")
        await seated.press("n")
        await seated.shows("New message")
        seated.app.screen.query_one("TextBox").insert("one\ntwo\x1b[2J\u202e")  # type: ignore[attr-defined]
        await seated.press("ctrl+s")
        await seated.shows("you in Border")
    assert [each.form for each in town.state.letters] == ["room"]
    assert town.state.letters[0].text.startswith("one\ntwo")
    assert "\x1b" not in town.state.letters[0].text


@pytest.mark.asyncio
async def test_a_statement_asks_before_everybody_reads_it(sit: Sit) -> None:
    """Escape goes back and nothing is said; yes says it."""
    around = Around.open("guest", "town")
    town = around.desk("town")
    async with sit(seats=("guest",), venue=venue(around, "guest")) as seated:
        for answer, count in (("escape", 0), ("y", 1)):
            await seated.press("p", *"We regret it", "ctrl+s")
            await seated.shows("Say this to everybody?")
            await seated.press(answer)
            assert len(town.state.letters) == count


@pytest.mark.asyncio
async def test_a_sitting_shows_votes_and_calls_once(sit: Sit) -> None:
    """A motion tabled this turn comes up: the toast, then who has voted how and who is missing."""
    around = Around.open("guest", "town")
    town = around.desk("town")
    async with sit(seats=("guest",), venue=venue(around, "guest")) as seated:
        motion = next(card for body in town.state.welcome.bodies for card in body.motions if town.state.motions[card.id].can_table)
        town.table(motion.body, motion.motion)
        around.go_to("sittings")
        await seated.shows("You may vote now")
        town.vote(motion.body, motion.motion, "no", "not any day")
        await seated.press("6", "enter")
        await seated.shows("The sitting now")
        await seated.shows("“not any day”")
        await seated.shows("Still to be heard: you")
        await seated.press("y")
        await seated.shows("All members have been heard")


@pytest.mark.asyncio
async def test_an_order_kept_for_later_is_on_the_screen_at_once(sit: Sit) -> None:
    """Composed while another pane has the focus; no frame comes of it."""
    around = Around.open("guest", "town")
    async with sit(size=(120, 36), seats=("town",), venue=venue(around, "town")) as seated:
        await seated.press("4", "a")
        await seated.shows("New order")
        await seated.press("enter")
        for _stage in range(3):
            if "Keep this order until orders are taken" in seated.text:
                break
            await seated.press("enter")
        await seated.press("enter")
        await seated.shows("1 order kept for later")
        await seated.shows("not sent")


@pytest.mark.asyncio
@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_the_clock_goes_on_behind_a_dialog_over_a_dialog(sit: Sit, size: tuple[int, int]) -> None:
    """What a dialog shows behind it is painted anew for the line above, however many dialogs there are."""
    around = Around.open("guest", "town")
    async with sit(size=size, seats=("guest",), venue=venue(around, "guest")) as seated:
        await seated.press("7")
        await seated.shows("No agreements yet")
        await seated.press("n")
        await seated.shows("With whom?")
        (table,) = (screen for screen in seated.app.screen_stack if isinstance(screen, SeatScreen))
        table.desk.state = attrs.evolve(table.desk.state, room=attrs.evolve(table.state.room, status="paused", paused_by="Ana"))
        table.announce()  # as the clock does every second: no frame has come, no dialog makes itself anew
        await seated.shows("PAUSED")


@pytest.mark.asyncio
async def test_a_message_is_answered_where_it_is_read(sit: Sit) -> None:
    """In its dialog r opens the answer to whoever wrote it."""
    around = Around.open("guest", "town")
    town = around.desk("town")
    town.write(("guest",), "Shall we talk?")
    async with sit(seats=("guest",), venue=venue(around, "guest")) as seated:
        await seated.press("4", "home", "enter")
        await seated.shows("r replies")
        await seated.press("r")
        await seated.shows("ctrl+s sends")
        await seated.press(*"Yes", "ctrl+s")
        assert [each.text for each in town.state.letters if each.sender == "guest"] == ["Yes"]


@pytest.mark.asyncio
async def test_a_seat_handed_to_a_doctrine_is_told_on_the_screen(sit: Sit) -> None:
    """A toast and line 2; the composer does not open."""
    around = Around.open("trader", "town")
    async with sit(seats=("trader",), venue=venue(around, "trader")) as seated:
        told = around.assembly.act(around.facilitator, "take_over", seat="trader", by="doctrine", doctrine="default")
        assert told["frame"] == "ack", told
        around.pump()
        await seated.shows("You can read and write meanwhile")
        await seated.shows("A doctrine plays your seat")
        await seated.press("a")
        assert "New order" not in seated.text
        around.assembly.act(around.facilitator, "take_over", seat="trader", by="human")
        around.pump()
        await seated.shows("yours again")


@pytest.mark.asyncio
async def test_a_clause_is_changed_where_it_stands(sit: Sit) -> None:
    """Enter on it asks again; escape leaves it as it was."""
    around = Around.open("guest", "town")
    async with sit(size=(120, 36), seats=("guest",), venue=venue(around, "guest")) as seated:
        await proposes_up_to_the_form(seated)
        await seated.press("down", "enter")
        await seated.shows("Who gives?")
        await seated.press("escape")
        await seated.shows("The town pays The guest 5 M$ at once")
        await seated.press("enter")
        await seated.shows("Who gives?")
        await seated.press("enter")
        await seated.shows("empty: 5")
        await seated.press("7", "enter")
        await seated.shows("Within how many days")
        await seated.press("enter")
        await seated.shows("The town pays The guest 7 M$ at once")
        assert "5 M$ at once" not in seated.text


@pytest.mark.asyncio
async def test_all_messages_of_a_thread_are_done_with_in_one(sit: Sit) -> None:
    """Nobody has to open each."""
    around = Around.open("guest", "town")
    town = around.desk("town")
    for words in ("one", "two", "three"):
        town.write(("guest",), words)
    async with sit(seats=("guest",), venue=venue(around, "guest")) as seated:
        await seated.press("4")
        await seated.shows("3 unread")
        await seated.press("u")
        assert "unread" not in seated.text


@pytest.mark.asyncio
async def test_an_observer_reads_along_and_is_offered_nothing_else(sit: Sit) -> None:
    """Enter goes on from a briefing without aims; no footer names a key for writing or deciding, and the key says why."""
    around = Around.open("guest")
    person = around.assembly.come("observer")
    (stream,) = person.last("joined")["streams"]
    around.links[stream] = RoomLink(around, person)
    async with sit(seats=(stream,), venue=venue(around, stream)) as seated:
        assert seated.app.sitting is not None
        assert seated.app.sitting.desk is not None
        seated.app.push_screen(BriefingScreen(seated.app.sitting.desk, opening=True))
        await seated.shows("decide nothing")
        await seated.press("enter")
        await seated.shows("m threads")
        assert "new message" not in seated.text
        await seated.press("n")
        await seated.shows("You observe")
        await seated.press("5")
        assert "add an order" not in seated.text.splitlines()[-1]
