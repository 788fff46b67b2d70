"""The replay viewer: turns, eyes, differences, and why."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import pytest
from textual import events
from textual.pilot import Pilot

from exercise.presenter.replay import ChronicleError
from exercise.presenter.rows import Subject
from exercise.tui.replay_app import ReplayApp
from exercise.tui.row_view import RowView
from tests.tui.driving import screen_text, until
from tests.tui.scripted_chronicle import ScriptedChronicle


@asynccontextmanager
async def viewing(size: tuple[int, int] = (120, 36)) -> AsyncIterator[tuple[ReplayApp, Pilot[None]]]:
    """The viewer with its first scene shown."""
    app = ReplayApp(ScriptedChronicle())
    async with app.run_test(size=size, notifications=True) as pilot:
        await until(pilot, lambda: "turn 1 of 2" in screen_text(app))
        yield app, pilot


@pytest.mark.asyncio
async def test_turns_go_on_and_back_to_the_ends() -> None:
    """Brackets and arrows step; beyond the ends nothing happens."""
    async with viewing() as (app, pilot):
        for keys, shown in (
            ("right", "turn 2 of 2"),
            ("right_square_bracket", "after turn 2"),
            ("right", "after turn 2"),
            ("left", "turn 2 of 2"),
        ):
            await pilot.press(keys)
            await until(pilot, lambda shown=shown: shown in screen_text(app))


@pytest.mark.asyncio
async def test_keys_pressed_faster_than_scenes_come_add_up() -> None:
    """Two steps on are two turns on, and six eyes on are six seats on, though the scenes between are never shown."""
    async with viewing() as (app, pilot):
        for key in ("right", "right"):
            app.post_message(events.Key(key, None))
        await until(pilot, lambda: "after turn 2" in screen_text(app))
        for key in ("left", *"vvvvv"):
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await until(pilot, lambda: "known to Uzbekistan" in screen_text(app) and "turn 2 of 2" in screen_text(app))


@pytest.mark.asyncio
async def test_a_seats_eyes_stand_beside_the_truth() -> None:
    """The key v goes through the seats; x leaves only what it had wrong."""
    async with viewing() as (app, pilot):
        await pilot.press("right")
        for name in ("Kyrgyz interim", "Southern", "Security", "Uzbek community", "Uzbekistan"):
            await pilot.press("v")
            await until(pilot, lambda name=name: f"known to {name}" in screen_text(app))
        assert "66 ≠" in screen_text(app)
        await pilot.press("x")
        await until(pilot, lambda: "differences only" in screen_text(app))
        knowledge = [line for line in screen_text(app).splitlines() if "Ethnic tension" in line]
        assert knowledge == []


@pytest.mark.asyncio
async def test_why_shows_every_contribution_and_history_the_course() -> None:
    """The truth's own causes, each from the value before to the value after."""
    async with viewing() as (app, pilot):
        await pilot.press("right")
        await until(pilot, lambda: "turn 2 of 2" in screen_text(app))
        await pilot.press("1", "down", "w")
        await until(pilot, lambda: "82.5 → 85" in screen_text(app))
        await pilot.press("escape", "h")
        await until(pilot, lambda: "Over all turns" in screen_text(app) and "turn 1" in screen_text(app))
        await pilot.press("escape", "question_mark")
        await until(pilot, lambda: "whose" in screen_text(app) or "eyes" in screen_text(app))


@pytest.mark.asyncio
async def test_pages_below_120_columns_have_the_same_numbers() -> None:
    """The viewer degrades as the seat's screen does."""
    async with viewing((80, 24)) as (app, pilot):
        await pilot.press("2")
        await until(pilot, lambda: "Open the border to those who flee" in screen_text(app))
        assert "▸2 Decided" in screen_text(app)
        for size in ((40, 12), (1, 1), (200, 60), (120, 36)):
            await pilot.resize_terminal(*size)
        await until(pilot, lambda: "[4] Map, in truth" in screen_text(app))


@pytest.mark.asyncio
async def test_the_line_of_turns_can_be_clicked() -> None:
    """A click goes to the turn under it."""
    async with viewing() as (app, pilot):
        line = next(text for text in screen_text(app).splitlines() if text.rstrip().endswith("end"))
        await pilot.click("#time", offset=(line.index("end"), 0))
        await until(pilot, lambda: "after turn 2" in screen_text(app))


@pytest.mark.asyncio
async def test_a_log_that_cannot_be_recomputed_says_why() -> None:
    """The reason stands where the exercise would have stood; the viewer closes as ever."""

    class Broken(ScriptedChronicle):
        """A chronicle whose log has been edited."""

        def card(self):
            """Nothing to show."""
            raise ChronicleError("line 7: the rules recomputed 81, the log says 80")

    app = ReplayApp(Broken())
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "line 7: the rules recomputed 81, the log says 80" in screen_text(app))
        await pilot.press("f10")
        await until(pilot, lambda: not app.is_running)


@pytest.mark.asyncio
async def test_what_if_shows_both_futures_side_by_side() -> None:
    """The key i asks what is otherwise from this turn on; the answer has the end as it went beside the end what if, and what was refused."""
    async with viewing() as (app, pilot):
        await pilot.press("i")
        await until(pilot, lambda: "What if, from turn 1 on" in screen_text(app) and "every seat that has it" in screen_text(app))
        await pilot.press("down", "enter")
        await until(pilot, lambda: "as it went" in screen_text(app))
        shown = screen_text(app)
        assert next(line.split()[-3:] for line in shown.splitlines() if "deaths (people)" in line)[:2] == ["450", "40"]
        assert "+ all: mediators, by prevention [@click=app.bell]x[/]" in shown
        assert "No longer possible" in shown
        await pilot.press("escape")
        await until(pilot, lambda: "as it went" not in screen_text(app))


@pytest.mark.asyncio
async def test_what_if_by_hand_names_the_command_that_goes_on() -> None:
    """The first line makes a log with the turn left open; at the end of the log there is nothing to change."""
    async with viewing() as (app, pilot):
        await pilot.press("right", "i")
        await until(pilot, lambda: "What if, from turn 2 on" in screen_text(app))
        await pilot.press("enter")
        await until(pilot, lambda: "log-turn-2.jsonl" in screen_text(app))
        await pilot.press("escape", "right")
        await until(pilot, lambda: "after turn 2" in screen_text(app))
        await pilot.press("i")
        await until(pilot, lambda: "Go to a turn that was played first." in screen_text(app))


@pytest.mark.asyncio
async def test_the_row_that_was_chosen_is_found_again_when_it_comes_back() -> None:
    """A figure that a turn in between does not show is in focus again afterwards, for why and history alike, not its place."""

    class Patchy(ScriptedChronicle):
        """In turn 2 nobody knows the tension in Osh."""

        def show(self, turn: int) -> Mapping[str, Mapping[str, float]]:
            truth = {name: dict(figures) for name, figures in super().show(turn).items()}
            if turn == 2:
                del truth["osh_city"]["ethnic_tension"]
            return truth

    app = ReplayApp(Patchy())
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await until(pilot, lambda: "turn 1 of 2" in screen_text(app))
        view = app.screen.query_one("#knowledge", RowView)
        chosen = Subject("figure", "osh_city.ethnic_tension")
        view.select(chosen)
        await pilot.press("right")
        await until(pilot, lambda: "turn 2 of 2" in screen_text(app))
        assert view.subject != chosen
        await pilot.press("right")
        await until(pilot, lambda: "after turn 2" in screen_text(app))
        assert view.subject == chosen
        await pilot.press("h")
        await until(pilot, lambda: "Ethnic tension" in screen_text(app) and "Over all turns" in screen_text(app))
