"""From the content note to the end: what is asked, what is shown, and what never mixes."""

from __future__ import annotations

import threading

import pytest

from exercise.tui.briefing_screen import BriefingScreen
from exercise.tui.chooser_screen import ChooserScreen
from exercise.tui.ending_screen import EndingScreen
from exercise.tui.handover_screen import HandoverScreen
from exercise.tui.note_screen import NoteScreen
from exercise.tui.seat_app import SeatApp
from exercise.tui.seat_screen import SeatScreen
from exercise.tui.summary_screen import SummaryScreen
from exercise.tui.why_screen import WhyScreen
from tests.presenter import osh_frames
from tests.tui.conftest import Sit
from tests.tui.driving import screen_text, until
from tests.tui.scripted_link import ScriptedLink, ScriptedVenue


class SlowVenue(ScriptedVenue):
    """A venue whose scenario takes its time."""

    def __init__(self) -> None:
        super().__init__()
        self.opened = threading.Event()

    def lobby(self):
        """Wait until the test allows it."""
        self.opened.wait(20)
        return super().lobby()


@pytest.mark.asyncio
async def test_the_first_screen_is_painted_before_the_scenario_is_read() -> None:
    """A slow disk or a long scenario never leaves the terminal empty."""
    venue = SlowVenue()
    app = SeatApp(venue)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "Opening the scenario" in screen_text(app))
        venue.opened.set()
        await until(pilot, lambda: "Anyone may call a pause" in screen_text(app))


@pytest.mark.asyncio
async def test_note_chooser_and_seat_follow_each_other() -> None:
    """The content note comes first, then the seats with their briefing, then the seat's screen."""
    app = SeatApp(ScriptedVenue())
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: "Before you start" in screen_text(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ChooserScreen))
        await pilot.press("down", "down", "down", "down")
        await until(pilot, lambda: "You are Uzbekistan." in screen_text(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, SeatScreen))
        assert "UZBEKISTAN" in screen_text(app)


@pytest.mark.asyncio
async def test_a_venue_that_fails_says_why_and_another_seat_can_be_tried() -> None:
    """The reason stands on the screen where the player looks; nothing ends."""
    venue = ScriptedVenue(trouble="the log is open in another window (pid 7)")
    app = SeatApp(venue, note_read=True)
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, ChooserScreen))
        await pilot.press("enter")
        await until(pilot, lambda: "the log is open in another window (pid 7)" in screen_text(app))
        venue.trouble = ""
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, SeatScreen))


@pytest.mark.asyncio
async def test_with_a_seat_named_the_chooser_is_left_out(sit: Sit) -> None:
    """``--seat`` goes straight to the seat."""
    async with sit() as seated:
        assert isinstance(seated.app.screen, SeatScreen)


@pytest.mark.asyncio
async def test_a_seat_named_beforehand_reads_note_and_briefing_as_the_chooser_shows_them() -> None:
    """``--seat`` leaves out the choosing, not the reading; enter goes on from each, and w explains what the briefing counts."""
    app = SeatApp(ScriptedVenue(), ("uzbekistan",))
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: "Before you start" in screen_text(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, BriefingScreen))
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, WhyScreen))
        await pilot.press("escape", "enter")
        await until(pilot, lambda: isinstance(app.screen, SeatScreen))
        assert "b briefing" in screen_text(app).splitlines()[-1]


class HeldVenue(ScriptedVenue):
    """A venue that takes its time to take up an exercise."""

    def __init__(self) -> None:
        super().__init__()
        self.may_start = threading.Event()

    def take(self, seats):
        """Wait until the test allows it."""
        self.may_start.wait(20)
        return super().take(seats)


@pytest.mark.asyncio
async def test_while_an_exercise_is_taken_up_no_seats_briefing_is_shown() -> None:
    """The screen that waits says so; another seat's private interests never flash by."""
    venue = HeldVenue()
    app = SeatApp(venue, ("uzbekistan",), note_read=True)
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, ChooserScreen))
        for _look in range(20):
            await pilot.pause(0.01)
            assert "What you also want" not in screen_text(app)
            assert "You are " not in screen_text(app)
        assert "Starting the exercise" in screen_text(app)
        venue.may_start.set()
        await until(pilot, lambda: isinstance(app.screen, SeatScreen))


@pytest.mark.asyncio
async def test_a_turn_ends_after_asking_and_is_summarized(sit: Sit) -> None:
    """What is not done is named; the summary tells what changed and why; the new turn is behind it."""
    async with sit() as seated:
        await seated.press("ctrl+s")
        await seated.shows("3 orders are not used")
        await seated.press("escape")
        assert seated.acts == []
        await seated.next_turn()
        assert seated.acts == [{"act": "ready"}]
        await seated.shows("the trucks were turned back at a barricade")
        await seated.press("space")
        await seated.shows("turn 2 of 9")
        await seated.press("s")
        await seated.shows("What changed and why · turn 1, Thu 10 June 2010")


@pytest.mark.asyncio
async def test_the_end_shows_known_beside_true_and_stays_open(sit: Sit) -> None:
    """After the end the screens can still be read, and the summary is one key away."""
    async with sit() as seated:
        await seated.next_turn()
        await seated.press("space", "ctrl+s", "enter")
        await until(seated.pilot, lambda: isinstance(seated.app.screen, EndingScreen))
        await seated.shows("What you knew, and what was true")
        await seated.press("escape", "e")
        await seated.shows("exercise replay osh-2010.jsonl")


@pytest.mark.asyncio
async def test_leaving_asks_and_says_how_to_come_back(sit: Sit) -> None:
    """The exercise is saved, and the player reads with which words it comes back."""
    async with sit() as seated:
        await seated.press("f10")
        await seated.shows("exercise play --log osh-2010.jsonl")
        await seated.press("escape")
        assert isinstance(seated.app.screen, SeatScreen)
        await seated.press("ctrl+q", "ctrl+q")
        await until(seated.pilot, lambda: not seated.app.is_running)
    assert seated.app.farewell == "Your exercise is saved, resume with: exercise play --log osh-2010.jsonl"


@pytest.mark.asyncio
async def test_two_seats_at_one_terminal_never_see_each_other(sit: Sit) -> None:
    """Between them stands a screen that shows nothing but a name."""
    venue = ScriptedVenue(links={"uzbekistan": ScriptedLink(), "russia": ScriptedLink(_frames("russia"))})
    async with sit(seats=("uzbekistan", "russia"), venue=venue) as seated:
        assert isinstance(seated.app.screen, HandoverScreen)
        await seated.press("enter")
        await seated.shows("UZBEKISTAN")
        await seated.press("a")
        await seated.press("escape", "ctrl+s", "enter")
        await until(seated.pilot, lambda: isinstance(seated.app.screen, HandoverScreen))
        assert "RUSSIA" in seated.text
        for secret in ("Tashkent", "Funds", "Reports", "Osh city"):
            assert secret not in seated.text
        await seated.press("enter")
        await seated.shows("turn 1 of 9")
        assert "UZBEKISTAN  " not in seated.text.splitlines()[0]


@pytest.mark.asyncio
async def test_at_the_end_every_seat_gets_its_own_summary_by_handover(sit: Sit) -> None:
    """The seat that ended the last turn reads first; when it closes its summary the keyboard goes on, and nothing is skipped."""
    venue = ScriptedVenue(links={"uzbekistan": ScriptedLink(), "russia": ScriptedLink(_frames("russia"))})
    async with sit(seats=("uzbekistan", "russia"), venue=venue) as seated:
        for _turn in range(2):
            for _seat in range(2):
                await until(seated.pilot, lambda: isinstance(seated.app.screen, HandoverScreen))
                await seated.press("enter")
                if isinstance(seated.app.screen, SummaryScreen):
                    await seated.press("space")
                await seated.press("ctrl+s", "enter")
        await until(seated.pilot, lambda: isinstance(seated.app.screen, EndingScreen))
        assert seated.app.screen.state.seat == "russia"
        await seated.press("escape")
        await until(seated.pilot, lambda: isinstance(seated.app.screen, HandoverScreen))
        await seated.press("enter")
        await until(seated.pilot, lambda: isinstance(seated.app.screen, EndingScreen))
        assert seated.app.screen.state.seat == "uzbekistan"
        await seated.press("escape")
        await until(seated.pilot, lambda: isinstance(seated.app.screen, SeatScreen))


@pytest.mark.asyncio
async def test_the_last_turn_is_summarized_before_the_end(sit: Sit) -> None:
    """What the last turn did is told under its own number and day; behind it stands the end summary; no order stands as committed."""
    async with sit() as seated:
        await seated.next_turn()
        await seated.press("space")
        link = seated.link
        order = {"kind": "order_result", "cause": "", "order": "build_camps", "title": "Build camps", "target": None, "amount": 2.0,
                 "unit": "million dollars", "done": True, "why": ""}  # fmt: skip
        link.push(osh_frames.turn(2, committed=({"order": "build_camps", "target": None, "amount": 2.0},)))
        link.push({"frame": "outcome", "turn": 2, "outcome": order})
        link.push(osh_frames.end())
        await until(seated.pilot, lambda: isinstance(seated.app.screen, SummaryScreen))
        assert "What changed and why · turn 2, Fri 11 June 2010" in seated.text
        assert "Build camps" in seated.text
        await seated.press("space")
        assert isinstance(seated.app.screen, EndingScreen)
        await seated.press("escape", "5")
        assert "1 ✓" not in seated.text


@pytest.mark.asyncio
async def test_all_figures_are_scrolled_to(sit: Sit) -> None:
    """``a`` shows what it adds, not the same screen again."""
    async with sit(size=(100, 24)) as seated:
        seated.link.push(osh_frames.end())
        await until(seated.pilot, lambda: isinstance(seated.app.screen, EndingScreen))
        assert "Objectives, in public" in seated.text
        await seated.press("a")
        assert "Objectives, in public" not in seated.text
        await seated.press("a")
        assert "Objectives, in public" in seated.text


def _frames(seat: str) -> list[dict[str, object]]:
    from tests.tui.scripted_link import frames_for

    return [dict(frame) for frame in frames_for(seat)]


@pytest.mark.asyncio
async def test_frames_from_another_thread_in_a_burst_all_arrive(sit: Sit) -> None:
    """A turn's thousand outcomes are folded in slices, none lost, while keys still work."""
    async with sit() as seated:
        burst = [{"frame": "notice", "text": f"note {number}"} for number in range(1_000)]

        def send() -> None:
            for frame in burst:
                seated.link.push(frame)
            seated.link.push({"frame": "message", "from": "russia", "to": ["uzbekistan"], "text": "after the burst", "turn": 1})

        thread = threading.Thread(target=send)
        thread.start()
        await seated.press("2", "down", "4")
        await seated.shows("after the burst")
        thread.join()


@pytest.mark.asyncio
async def test_a_refused_order_says_why_in_the_pane(sit: Sit) -> None:
    """The host's reason stands where the order would have stood."""
    async with sit() as seated:
        await seated.press("5", "a", "down", "down", "down", "down", "enter")
        await seated.shows("Commit this order")
        await seated.press("enter")
        await seated.shows("not taken: your reserve is at the border; wait a turn")


@pytest.mark.asyncio
async def test_fault_65_a_broken_screen_ends_in_one_line_and_keeps_locals_to_itself(sit: Sit, capsys: pytest.CaptureFixture[str]) -> None:
    """What broke is named by type and place; no traceback, no local variable reaches the terminal."""
    secret = "CANARY-7431"
    failed: list[SeatApp] = []

    def breaks() -> None:
        kept = secret
        raise ZeroDivisionError(f"{kept}")

    async def play() -> None:
        async with sit() as seated:
            failed.append(seated.app)
            seated.app.call_later(breaks)
            await until(seated.pilot, lambda: bool(seated.app.failure))

    with pytest.raises(ZeroDivisionError):
        await play()
    (app,) = failed
    assert app.failure.startswith("ZeroDivisionError at test_seat_app.py:")
    assert secret not in capsys.readouterr().err
    assert app.return_code == 1


@pytest.mark.asyncio
async def test_the_note_can_be_left(sit: Sit) -> None:
    """Whoever does not want to go on leaves from the first screen."""
    app = SeatApp(ScriptedVenue())
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, NoteScreen))
        await pilot.press("f10")
        await until(pilot, lambda: not app.is_running)
