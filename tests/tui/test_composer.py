"""The composer: an order, its target, its size, with a way back from every step."""

from __future__ import annotations

import pytest

from exercise.tui.composer_screen import ComposerScreen
from exercise.tui.seat_screen import SeatScreen
from tests.tui.conftest import Sit
from tests.tui.driving import until


@pytest.mark.asyncio
async def test_an_order_is_composed_step_by_step(sit: Sit) -> None:
    """Order, target, amount, commit; the card beside follows the cursor."""
    async with sit() as seated:
        await seated.press("a")
        await seated.shows("everybody will see it")
        await seated.press("down", "down")
        await seated.shows("Trucks with food and medicine")
        await seated.press("enter", "down")
        await seated.shows("Send relief across the border")
        await seated.press("enter")
        await seated.shows("▸ Jalal-Abad ▸ 5.0 M$")
        await seated.press("backspace", "7")
        await seated.shows("▸ Jalal-Abad ▸ 7.0 M$")
        await seated.press("plus")
        await seated.shows("▸ Jalal-Abad ▸ 8.0 M$")
        await seated.press("enter")
        await seated.shows("Orders · 1 of 3")
        assert seated.acts == [{"act": "order", "order": "send_relief", "target": "jalal_abad", "amount": 8.0}]


@pytest.mark.asyncio
async def test_typing_replaces_the_first_offer(sit: Sit) -> None:
    """Seven is seven, not 57: the preset is chosen whole until something is typed."""
    async with sit() as seated:
        await seated.press("a", "down", "down", "enter", "enter")
        await seated.shows("▸ 5.0 M$")
        await seated.press("7")
        await seated.shows("▸ 7.0 M$")
        await seated.press("enter")
        assert seated.acts[-1]["amount"] == 7.0


@pytest.mark.asyncio
async def test_a_toast_hides_nothing_of_a_dialog_and_there_is_one_at_a_time(sit: Sit) -> None:
    """Over a dialog it is one line above the frame; a second one takes its place."""
    async with sit(size=(80, 24)) as seated:
        await seated.press("a", "end", "enter")
        await seated.shows("the border is not open")
        before = seated.text.splitlines()
        await seated.press("enter", "enter")
        await until(seated.pilot, lambda: len(seated.app._notifications) == 1)
        after = seated.text.splitlines()
        assert "the border is not open" in after[0]
        assert after[1:] == before[1:]
        assert "esc back" in after[-2] or "esc back" in after[-1]


@pytest.mark.asyncio
async def test_an_amount_out_of_range_is_said_and_not_sent(sit: Sit) -> None:
    """The range stands beside the field; enter says what is wrong."""
    async with sit() as seated:
        await seated.press("a", "down", "enter")
        await seated.press("9", "9")
        await seated.shows("The amount must be from 1 to 10 M$.")
        await seated.press("enter")
        assert isinstance(seated.app.screen, ComposerScreen)
        assert seated.acts == []


@pytest.mark.asyncio
async def test_what_is_not_legal_says_why_and_goes_no_further(sit: Sit) -> None:
    """A dim line can be looked at, not taken."""
    async with sit() as seated:
        await seated.press("a", "end")
        await seated.shows("✗ the border is not open")
        await seated.press("enter")
        assert isinstance(seated.app.screen, ComposerScreen)
        assert seated.app.screen.stage == "order"


@pytest.mark.asyncio
async def test_escape_goes_back_one_step_at_a_time(sit: Sit) -> None:
    """Nothing chosen is lost before it is left."""
    async with sit() as seated:
        await seated.press("a", "down", "down", "enter", "enter")
        screen = seated.app.screen
        assert isinstance(screen, ComposerScreen)
        stages = [screen.stage]
        for _ in range(2):
            await seated.press("escape")
            stages.append(screen.stage)
        assert stages == ["size", "target", "order"]
        await seated.press("escape")
        assert isinstance(seated.app.screen, SeatScreen)


@pytest.mark.asyncio
async def test_an_order_begun_on_the_map_is_aimed(sit: Sit) -> None:
    """The place chosen on the map is the target, if it can be one."""
    async with sit() as seated:
        await seated.press("1", "down", "a", "down", "down", "enter")
        await seated.shows("▸ Osh region ▸ 5.0 M$")


@pytest.mark.asyncio
async def test_a_paste_is_cut_to_what_an_amount_may_hold(sit: Sit) -> None:
    """A megabyte pasted into a field neither stalls nor breaks it, and controls in it become visible."""
    from textual import events

    async with sit() as seated:
        await seated.press("a", "enter")
        seated.app.post_message(events.Paste("9\x1b[31m" * 200_000))
        await seated.pilot.pause()
        assert isinstance(seated.app.screen, ComposerScreen)
        field = seated.app.screen.query_one("#amount")
        assert len(field.value) <= 20  # type: ignore[attr-defined]
        assert "\x1b" not in field.value  # type: ignore[attr-defined]
