"""The room around a seat on screens: the lobby, and who is here by key."""

from __future__ import annotations

import pytest

from exercise.presenter.room_state import role_words
from exercise.tui.briefing_screen import BriefingScreen
from exercise.tui.seat_app import SeatApp
from exercise.tui.seat_screen import SeatScreen
from tests.tui.around_a_room import Around, RoomLink
from tests.tui.conftest import Sit
from tests.tui.driving import screen_text, until
from tests.tui.test_negotiating import SIZES, venue


@pytest.mark.asyncio
@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_the_lobby_ends_when_the_exercise_begins_whatever_lies_over_it(sit: Sit, size: tuple[int, int]) -> None:
    """Nobody is left with a lobby that says that nothing has begun."""
    around = Around.open("guest", "town", phase="lobby")
    async with sit(size=size, seats=("guest",), venue=venue(around, "guest")) as seated:
        await seated.shows("Lobby")
        await seated.press("b")
        around.go_on("negotiation")
        await seated.press("escape")
        await seated.shows("NEGOTIATION")
        assert "Lobby" not in seated.text


@pytest.mark.asyncio
@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_who_is_here_shows_the_way_back_and_takes_a_name(sit: Sit, size: tuple[int, int]) -> None:
    """The resume code is found at any time, without scrolling; c says what the others read."""
    around = Around.open("guest", "town")
    town = around.desk("town")
    async with sit(size=size, seats=("guest",), venue=venue(around, "guest")) as seated:
        await seated.press("i")
        await seated.shows("Who is here")
        assert around.links["guest"].person.last("joined")["code"] in seated.text
        await seated.press("c", *"Aida", "enter")
        await seated.shows("You are called Aida")
        await seated.press("c", *" B", "enter", "escape")
    assert [one.name for one in town.state.room.people if "guest" in one.seats] == ["Aida B"]


@pytest.mark.asyncio
async def test_an_evaluator_is_told_what_evaluators_do(sit: Sit) -> None:
    """Keys that decide or speak say so; none of them opens anything."""
    around = Around.open("guest", "town")
    judge = around.assembly.come("evaluator", "guest")
    around.links["guest"] = RoomLink(around, judge)
    async with sit(seats=("guest",), venue=venue(around, "guest")) as seated:
        await seated.shows("EVALUATOR")
        assert "new message" not in seated.text
        assert "take a note" in seated.text
        for key in ("n", "r", "a", "o", "p", "ctrl+s"):
            seated.app.clear_notifications()
            await seated.press(key)
            assert [each.message for each in seated.app._notifications] == [role_words("evaluator")]
            assert len(seated.app.screen_stack) == 2


@pytest.mark.asyncio
@pytest.mark.parametrize("back", [False, True])
async def test_whoever_takes_a_seat_in_a_later_turn_reads_its_briefing_and_whoever_comes_back_does_not(back: bool) -> None:
    """What matters is who has read it, not which turn it is."""
    around = Around.open("guest", "town")
    around.pass_turn()
    app = SeatApp(venue(around, "guest"), ("guest",), note_read=back)
    async with app.run_test(size=(120, 36)) as pilot:
        if not back:
            await until(pilot, lambda: "Before you start" in screen_text(app))
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, BriefingScreen))
            await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, SeatScreen))
