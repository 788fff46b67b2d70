"""Negotiation on the seat's screens, over a real room."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from exercise.presenter.link import Link
from exercise.presenter.talks import SIGNED
from exercise.tui.agreements_screen import AgreementScreen
from tests.tui.around_a_room import Around
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
    await seated.press("ctrl+s")


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
