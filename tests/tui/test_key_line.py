"""Several keys in one read: a paste, a held key, a slow link. Each goes where the one before it led; nothing is closed twice."""

from __future__ import annotations

import itertools
import random

import pytest
from textual import events

from exercise.tui import handover_screen
from exercise.tui.composer_screen import ComposerScreen
from exercise.tui.handover_screen import HandoverScreen
from exercise.tui.seat_screen import SeatScreen
from exercise.tui.turn_end_screen import TurnEndScreen
from tests.tui.conftest import Sit
from tests.tui.driving import Seated, until
from tests.tui.test_hostile_pty import CTRL_O, CTRL_P, CTRL_S, ENTER, ESC, play, started  # noqa: F401 - a fixture


async def at_once(seated: Seated, *keys: str) -> None:
    """Deliver keys in one go, as one read of the terminal does."""
    for key in keys:
        seated.app.post_message(events.Key(key, key if len(key) == 1 else "\r" if key == "enter" else None))
    await until(seated.pilot, lambda: seated.app.keys.is_free)


@pytest.mark.asyncio
async def test_two_letters_after_the_jump_key_go_to_the_pane_and_then_to_what_is_in_it(sit: Sit) -> None:
    """The first letter closes the overlay; the second is the pane's, not a second closing."""
    async with sit() as seated:
        await at_once(seated, "ctrl+o", "f", "a")
        assert isinstance(seated.app.screen, ComposerScreen)
        await at_once(seated, "escape", "ctrl+o", "s", "d", "d")
        assert isinstance(seated.app.screen, SeatScreen)
        assert seated.app.screen.pane == "reports"


@pytest.mark.asyncio
async def test_enter_held_down_in_the_menu_commits_one_order_and_stays_on_the_seat(sit: Sit) -> None:
    """Each Enter is a stage of the composer; none of them falls through to the pane beneath before the composer is there."""
    async with sit() as seated:
        await at_once(seated, "a", "enter", "enter", "enter", "enter")
        assert len([act for act in seated.acts if act["act"] == "order"]) == 1
        assert len(seated.app.screen_stack) <= 4


@pytest.mark.asyncio
async def test_ctrl_s_enter_enter_ends_one_turn(sit: Sit) -> None:
    """The second Enter is not a second end of the turn."""
    async with sit() as seated:
        await at_once(seated, "ctrl+s", "enter", "enter")
        assert [act for act in seated.acts if act["act"] == "ready"] == [{"act": "ready"}]
        assert isinstance(seated.app.screen_stack[1], SeatScreen)


@pytest.mark.asyncio
async def test_a_dialog_that_was_closed_takes_no_more_keys_and_no_more_choices(sit: Sit) -> None:
    """Dismissed twice is dismissed once; the screen beneath stays, and no second answer is heard."""
    async with sit() as seated:
        await seated.press("ctrl+s")
        dialog = seated.app.screen
        assert isinstance(dialog, TurnEndScreen)
        dialog.dismiss(False)
        dialog.dismiss(True)
        dialog.action_yes()
        await seated.pilot.pause()
        assert isinstance(seated.app.screen, SeatScreen)
        assert seated.acts == []


@pytest.mark.asyncio
async def test_keys_typed_before_a_handover_do_not_uncover_the_next_seat(sit: Sit) -> None:
    """Somebody leans on Enter while ending a turn: the other seat's screen stays hidden."""
    async with sit(seats=("uzbekistan", "russia")) as seated:
        await until(seated.pilot, lambda: isinstance(seated.app.screen, HandoverScreen))
        await seated.press("enter")
        seated.app.post_message(events.Key("ctrl+s", None))
        for _count in range(8):
            seated.app.post_message(events.Key("enter", "\r"))
        await until(seated.pilot, lambda: isinstance(seated.app.screen, HandoverScreen) and seated.app.keys.is_free)
        assert isinstance(seated.app.screen, HandoverScreen)


@pytest.mark.asyncio
async def test_a_key_held_down_does_not_pass_a_handover(sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Repeats go on while the screen is hidden; only a key after a pause says that the next seat is there."""
    async with sit(seats=("uzbekistan", "russia")) as seated:
        await until(seated.pilot, lambda: isinstance(seated.app.screen, HandoverScreen))
        monkeypatch.setattr(handover_screen, "PAUSE_S", 1000.0)
        await seated.press(*["enter"] * 10)
        assert isinstance(seated.app.screen, HandoverScreen)
        monkeypatch.setattr(handover_screen, "PAUSE_S", 0.0)
        await seated.press("enter")
        assert isinstance(seated.app.screen, SeatScreen)


@pytest.mark.asyncio
@pytest.mark.parametrize("seed", range(6))
async def test_a_storm_of_keys_in_one_read_leaves_a_screen_that_works(sit: Sit, seed: int) -> None:
    """Any keys in any order, delivered together: no failure, and the seat's screen is there afterwards."""
    keys = ["enter", "escape", "ctrl+o", "ctrl+p", "ctrl+s", "a", "s", "d", "w", "h", "t", "y", "n", "b", "z", "1", "2", "6", "tab", "down"]
    drawn = random.Random(seed).choices(keys, k=60)
    async with sit() as seated:
        await at_once(seated, *drawn)
        await at_once(seated, *itertools.repeat("escape", 8))
        assert seated.app.failure == ""
        assert any(isinstance(screen, SeatScreen) for screen in seated.app.screen_stack)


@pytest.mark.parametrize(
    "keys",
    [CTRL_O + "fd", CTRL_O + "zz", "a" + ENTER * 4, CTRL_S + ENTER * 2, CTRL_P + "brief" + ENTER * 3, "b" + ENTER * 3 + "ww"],
    ids=["jump", "jump-nowhere", "order", "turn", "palette", "briefing"],
)
def test_keys_in_one_write_never_end_or_blank_the_real_program(keys: str, started: list) -> None:  # noqa: F811 - the fixture
    """On a pty: after each bundle the seat's screen still answers, and the program leaves in good order."""
    program = play("scripted_link", "ScriptedVenue")
    started.append(program)
    program.shows("TO DO")
    program.settle()
    program.send(keys)
    program.settle()
    for _count in range(8):
        program.send(ESC)
        program.settle(0.15)
    program.send("1")
    program.shows("UZBEKISTAN")
    program.send("\x11\x11")
    assert program.leave() == 0
