"""The seat's screen: panes and pages, keys, mouse, and the panels behind them."""

from __future__ import annotations

from typing import Any

import pytest

from exercise.presenter.keys import PANES
from exercise.presenter.rows import Subject
from exercise.tui.composer_screen import ComposerScreen
from exercise.tui.jump_screen import JumpScreen
from exercise.tui.map_view import MapView
from exercise.tui.pane import Pane
from exercise.tui.register_screen import RegisterScreen
from exercise.tui.row_view import RowView
from exercise.tui.seat_screen import SeatScreen
from tests.presenter import osh_frames
from tests.tui.conftest import Sit
from tests.tui.driving import Seated, until


def table(seated: Seated) -> SeatScreen:
    """The seat's screen."""
    assert isinstance(seated.app.screen, SeatScreen)
    return seated.app.screen


@pytest.mark.asyncio
async def test_numbers_and_tab_reach_every_pane(sit: Sit) -> None:
    """The number in a pane's title is its key."""
    async with sit() as seated:
        for number, name in enumerate(PANES, 1):
            await seated.press(str(number))
            assert table(seated).pane == name
            assert seated.app.focused is not None
            assert any(isinstance(each, Pane) and each.number == number for each in seated.app.focused.ancestors)
        await seated.press("tab")
        assert table(seated).pane == "map"
        await seated.press("shift+tab")
        assert table(seated).pane == "bodies"


@pytest.mark.asyncio
async def test_at_120_columns_all_panes_stand_side_by_side(sit: Sit) -> None:
    """Nothing has to be opened to be seen."""
    async with sit(size=(120, 36)) as seated:
        for number in range(1, 7):
            assert f"[{number}]" in seated.text


@pytest.mark.asyncio
async def test_at_80_columns_panes_are_pages_with_the_same_numbers(sit: Sit) -> None:
    """The row of tabs replaces the frames; the keys stay."""
    async with sit(size=(80, 24)) as seated:
        await seated.press("5")
        assert "▸5 Orders 0/3" in seated.text
        assert "[5]" not in seated.text
        assert "add an order, 3 left" in seated.text
        await seated.press("2")
        assert "Ethnic tension" in seated.text
        assert "add an order, 3 left" not in seated.text


@pytest.mark.asyncio
async def test_fault_54_any_size_and_a_storm_of_sizes_is_survived(sit: Sit) -> None:
    """The screen degrades and comes back; it never refuses."""
    async with sit(size=(120, 36)) as seated:
        for size in ((40, 12), (1, 1), (60, 20), (2, 50), (200, 60), (80, 24), (10, 3), (120, 36)) * 3:
            await seated.pilot.resize_terminal(*size)
        await seated.pilot.pause()
        await seated.shows("[6]")
        assert "UZBEKISTAN" in seated.text


@pytest.mark.asyncio
async def test_at_40_columns_a_turn_can_still_be_ended(sit: Sit) -> None:
    """A braille display's width is enough to play."""
    async with sit(size=(40, 12)) as seated:
        await seated.press("5")
        assert "add an order" in seated.text
        await seated.press("ctrl+s", "enter")
        await until(seated.pilot, lambda: {"act": "ready"} in seated.acts)


@pytest.mark.asyncio
async def test_w_explains_and_h_shows_history(sit: Sit) -> None:
    """The two keys that are the soul of the seat."""
    async with sit() as seated:
        await seated.next_turn()
        await seated.press("space", "2", "down")
        await seated.press("w")
        await seated.shows("Why it moved by +14 in turn 1")
        await seated.press("h")
        await seated.shows("turn 1    10 Jun")
        await seated.press("escape")
        assert isinstance(seated.app.screen, SeatScreen)


@pytest.mark.asyncio
async def test_a_place_on_the_map_opens_its_reports(sit: Sit) -> None:
    """Arrows choose a place, enter shows what is known about it, escape shows everything again."""
    async with sit() as seated:
        await seated.press("1")
        assert table(seated).query_one(MapView).entity == "osh_city"
        await seated.press("down", "enter")
        await seated.shows("Reports · Osh region")
        await seated.press("escape")
        await seated.shows("Reports · all")


@pytest.mark.asyncio
async def test_the_map_is_there_as_a_list(sit: Sit) -> None:
    """For narrow screens and readers; l goes there and back."""
    async with sit() as seated:
        await seated.press("1", "l")
        await seated.shows("Naryn and Issyk…")
        assert "KAZAKHSTAN" not in seated.text
        await seated.press("l")
        await seated.shows("KAZAKHSTAN")


@pytest.mark.asyncio
async def test_find_narrows_the_reports_and_escape_widens_them(sit: Sit) -> None:
    """The field says how to get everything back."""
    async with sit() as seated:
        await seated.press("slash", *"batken", "enter")
        await seated.shows("“batken”")
        assert "Jalal-Abad  D degraded" not in seated.text
        await seated.press("escape")
        await seated.shows("Reports · all")


@pytest.mark.asyncio
async def test_the_palette_runs_commands_by_name(sit: Sit) -> None:
    """Type some letters, enter runs the first."""
    async with sit() as seated:
        await seated.press("ctrl+p", *"brief", "enter")
        await seated.shows("What you will not accept")


@pytest.mark.asyncio
async def test_help_is_about_the_pane_and_its_keys_work(sit: Sit) -> None:
    """Reading about a key and using it are one step apart."""
    async with sit() as seated:
        await seated.press("5", "question_mark")
        await seated.shows("Orders committed for this turn")
        await seated.press("enter")
        await until(seated.pilot, lambda: isinstance(seated.app.screen, ComposerScreen))


@pytest.mark.asyncio
async def test_jump_letters_go_to_panes(sit: Sit) -> None:
    """ctrl+o and a letter works from anywhere."""
    async with sit() as seated:
        await seated.press("ctrl+o")
        assert isinstance(seated.app.screen, JumpScreen)
        await seated.press("h")
        assert table(seated).pane == "bodies"


@pytest.mark.asyncio
async def test_zoom_gives_one_pane_the_whole_screen(sit: Sit) -> None:
    """Z there, z or escape back."""
    async with sit() as seated:
        await seated.press("6", "z")
        await seated.shows("Heads of state agree, slowly")
        assert "[2]" not in seated.text
        await seated.press("escape")
        await seated.shows("[2]")


@pytest.mark.asyncio
async def test_a_motion_is_tabled_and_voted_on_from_its_dialog(sit: Sit) -> None:
    """Enter opens it, t tables it, y n a vote; what cannot be done is said."""
    async with sit() as seated:
        await seated.next_turn()
        await seated.press("space", "6", "enter")
        await seated.shows("Vehicles, helicopters and fuel")
        await seated.press("enter")
        await seated.shows("What would change it")
        await seated.press("t")
        await seated.shows("your seat cannot table it")
        await seated.press("n")
        assert {"act": "vote", "body": "csto", "motion": "deploy_peacekeepers", "vote": "no"} in seated.acts
        await seated.shows("You have voted: no")
        await seated.press("escape", "escape")
        await seated.shows("you voted no")
        await seated.press("down", "t")
        await seated.shows("A statement on the events")
        await seated.press("t")
        assert {"act": "motion", "body": "sco", "motion": "statement"} in seated.acts


@pytest.mark.asyncio
async def test_a_message_is_written_to_ticked_seats(sit: Sit) -> None:
    """Tick, type, send; the message stands in the list."""
    async with sit() as seated:
        await seated.press("n")
        await seated.press("down", "enter")
        await seated.press("tab", *"Come and talk", "ctrl+s")
        assert {"act": "message", "to": ["kyrgyz_government"], "text": "Come and talk"} in seated.acts
        await seated.shows("you → Kyrgyz interim government")


@pytest.mark.asyncio
async def test_a_vote_may_be_explained(sit: Sit) -> None:
    """What is typed before the vote goes with it; the keys of the vote are letters while typing."""
    async with sit() as seated:
        await seated.next_turn()
        await seated.press("space", "6", "enter", "enter", "e", *"not any day", "enter", "n")
        vote = {"act": "vote", "body": "csto", "motion": "deploy_peacekeepers", "vote": "no", "say": "not any day"}
        assert seated.acts[-1] == vote


@pytest.mark.asyncio
async def test_a_message_from_others_shows_wherever_the_player_is(sit: Sit) -> None:
    """A toast names the sender; the message stands in the list as unread."""
    async with sit() as seated:
        await seated.press("2")
        seated.link.push({"frame": "message", "from": "russia", "to": ["uzbekistan"], "text": "Shall we talk?", "turn": 1})
        await seated.shows("Russia → you: Shall we talk?")
        assert "3 unread" in seated.text
        seated.link.push({"frame": "notice", "text": "the exercise is frozen: the disk is full"})
        await seated.shows("the host: the exercise is frozen")


@pytest.mark.asyncio
async def test_a_lost_line_is_said_in_the_first_line(sit: Sit) -> None:
    """The player sees that nothing comes any more, and when it comes again."""
    async with sit() as seated:
        seated.link.push({"frame": "link", "live": False})
        await seated.shows("○ lost")
        seated.link.push({"frame": "link", "live": True})
        await seated.shows("● live")


@pytest.mark.asyncio
async def test_a_news_item_is_read_when_it_is_opened_and_not_before(sit: Sit) -> None:
    """Going through the pane reads nothing; opening one item reads that one, under its own title; news cannot be answered."""
    async with sit() as seated:
        assert "2 unread" in seated.text
        await seated.press("2", "4")
        assert "2 unread" in seated.text
        await seated.press("r")
        await seated.shows("News cannot be answered")
        await seated.press("enter")
        await seated.shows("╭─ News")
        await seated.press("escape")
        await seated.shows("1 unread")
        seated.link.push({"frame": "message", "from": "russia", "to": ["uzbekistan"], "text": "Shall we talk?", "turn": 1})
        await seated.shows("2 unread")
        await seated.press("home", "enter")
        await seated.shows("╭─ Message")
        await seated.press("escape")
        await seated.shows("1 unread")


@pytest.mark.asyncio
async def test_the_footer_follows_the_pane_at_once(sit: Sit) -> None:
    """Whatever brought the focus there, the keys are those of the pane."""
    async with sit() as seated:
        for key, words in (("2", "h history"), ("5", "x withdraw"), ("1", "l map as a list"), ("4", "r reply")):
            await seated.press(key)
            assert words in seated.text.splitlines()[-1]
        await seated.press("ctrl+o", "s")
        assert "h history" in seated.text.splitlines()[-1]


@pytest.mark.asyncio
async def test_an_order_is_withdrawn_from_its_line(sit: Sit) -> None:
    """X takes back the committed order in focus."""
    async with sit() as seated:
        await seated.press("a", "enter", "enter")
        await seated.shows("Orders · 1 of 3")
        await seated.press("5", "home", "x")
        await seated.shows("Orders · 0 of 3")
        assert {"act": "withdraw", "order": "open_border"} in seated.acts


@pytest.mark.asyncio
async def test_the_mouse_chooses_rows_keys_and_tabs(sit: Sit) -> None:
    """A click moves the cursor, a second one opens; the footer's keys and the tabs can be clicked."""
    async with sit() as seated:
        await seated.pilot.click("#reports", offset=(6, 2))
        assert table(seated).pane == "reports"
        subject = table(seated).query_one("#reports", RowView).subject
        assert subject is not None
        assert subject.id == "osh_city.unrest"
        await seated.pilot.click("#reports", offset=(6, 2))
        await seated.shows("Unrest, Osh city")
        await seated.press("escape")
        await seated.pilot.click("#keys", offset=(3, 0))
        await seated.shows("Unrest, Osh city")
        await seated.press("escape")
        await seated.pilot.resize_terminal(80, 24)
        await seated.shows("▸2 Reports")
        column = seated.text.splitlines()[2].index("5 Orders")
        await seated.pilot.click("#tabs", offset=(column, 0))
        await seated.shows("▸5 Orders")


@pytest.mark.asyncio
async def test_a_click_on_the_map_chooses_the_place_under_it(sit: Sit) -> None:
    """Land and labels are both targets."""
    async with sit() as seated:
        await seated.pilot.click("#map", offset=(24, 13))
        assert table(seated).query_one(MapView).entity == "osh"


@pytest.mark.asyncio
async def test_themes_change_and_nothing_is_lost(sit: Sit) -> None:
    """Dark, light and high contrast show the same words."""
    async with sit() as seated:
        before = [line for line in seated.text.splitlines() if "Reports" in line or "Unrest" in line]
        for theme in ("light", "clear", "dark"):
            await seated.press("ctrl+t")
            assert seated.app.theme == theme
            assert [line for line in seated.text.splitlines() if "Reports" in line or "Unrest" in line] == before


@pytest.mark.asyncio
async def test_no_color_paints_every_pane_and_panel(sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Textual's filter for NO_COLOR fails on unstyled cells; ours all carry a style, and letters carry the meaning."""
    monkeypatch.setenv("NO_COLOR", "1")
    async with sit() as seated:
        assert seated.app.no_color
        await seated.next_turn()
        await seated.press("space")
        for keys in (("1",), ("2", "down", "w"), ("escape", "h"), ("escape", "6", "enter"), ("escape", "a"), ("escape", "question_mark")):
            await seated.press(*keys)
        await seated.press("escape")
        assert "▸OSH CITY F!" in seated.text


@pytest.mark.asyncio
async def test_only_changed_lines_are_painted_again(sit: Sit) -> None:
    """What did not change is not painted: a report costs its line, a frame about something else nothing."""
    async with sit() as seated:
        view = table(seated).query_one("#reports", RowView)
        painted: list[Any] = []
        view.refresh = lambda *regions, **_: painted.append(regions)  # type: ignore[method-assign,assignment]
        table(seated).reload()
        assert painted == []
        outcome = osh_frames.report("osh_city", "unrest", 43, 42, "2010-06-10", "border service")
        seated.app.sitting.desk.hear([{"seq": 9_000, "branch": 0, "frame": "outcome", "turn": 1, "outcome": outcome}])  # type: ignore[union-attr]
        table(seated).reload()
        assert [region.height for regions in painted for region in regions] == [1]


@pytest.mark.asyncio
async def test_every_motion_is_reached_from_the_low_pane(sit: Sit) -> None:
    """A body with several motions opens as a list, whichever of enter, t and y is pressed; the second one opens as well."""
    async with sit() as seated:
        await seated.next_turn()
        await seated.press("space", "6")
        for key in ("enter", "t", "y"):
            await seated.press(key)
            await seated.shows("Vehicles, helicopters and fuel")
            await seated.press("down", "enter")
            await seated.shows("Equipment and advisers for the Kyrgyz forces.")
            await seated.press("escape", "escape")


@pytest.mark.asyncio
async def test_zooming_the_bodies_keeps_the_body(sit: Sit) -> None:
    """The line for a body and its card are the same thing: the cursor stays with it there and back, also from one of its motions."""
    async with sit() as seated:
        await seated.press("6", "down", "down", "z")
        await until(seated.pilot, lambda: "All fifty-six agree" in seated.text)
        assert table(seated).subject == Subject("body", "osce_pc")
        await seated.press("up")
        assert table(seated).subject == Subject("motion", "sco.statement")
        await seated.press("z")
        await until(seated.pilot, lambda: "All fifty-six agree" not in seated.text)
        assert table(seated).subject == Subject("body", "sco")


@pytest.mark.asyncio
async def test_a_motion_of_the_summary_opens_where_its_keys_work(sit: Sit) -> None:
    """What is offered there is done there: n votes no."""
    async with sit() as seated:
        await seated.next_turn()
        await seated.press("down", "down", "enter")
        await seated.shows("y yes · n no")
        await seated.press("n")
        assert seated.acts[-1]["vote"] == "no"
        await seated.press("escape", "w")
        await seated.shows("What would change it")
        assert "y yes" not in seated.text


@pytest.mark.asyncio
async def test_the_footer_offers_tabling_and_voting_only_to_those_who_can(sit: Sit) -> None:
    """A seat without a part in any body is not told of keys that do nothing for it."""
    async with sit() as seated:
        await seated.press("6")
        assert "t table a motion" in seated.text
        idle = [{**motion, "can_table": False, "can_vote": False} for motion in osh_frames.motion_states()]
        seated.link.push(osh_frames.turn(1, motions=idle))
        await until(seated.pilot, lambda: "t table a motion" not in seated.text)
        assert "y vote" not in seated.text


@pytest.mark.asyncio
@pytest.mark.parametrize("pane", range(1, 7))
async def test_the_register_opens_from_every_pane(sit: Sit, pane: int) -> None:
    """A list that took ``g`` for its first line hid the register from every pane but the map."""
    async with sit(size=(120, 36)) as seated:
        await seated.press(str(pane))
        await seated.press("g")
        assert isinstance(seated.app.screen, RegisterScreen)
