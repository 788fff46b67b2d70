"""The facilitator's console on a screen, over a whole room in memory: keys, questions, pages, hostile texts; and in lines."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import attrs
import pytest
from textual.pilot import Pilot

from exercise.presenter.qr import qr_lines
from exercise.tui.facilitator_app import FacilitatorApp
from exercise.tui.plain_facilitator import run_plain_facilitator
from tests.presenter.gathering import RoomLink
from tests.session.assembly import Assembly, Person
from tests.tui.driving import screen_text, until
from tests.tui.hostile_frames import PAYLOADS, payloads_from, poisoned
from tests.tui.test_plain import Typist

SIZES = ((120, 36), (80, 24), (60, 18))


@attrs.define
class Running:
    """A console on a screen, its room, and the head of a seat."""

    app: FacilitatorApp
    pilot: Pilot[Any]
    room: Assembly
    link: RoomLink
    town: Person

    @property
    def text(self) -> str:
        """What the terminal shows."""
        return screen_text(self.app)

    async def press(self, *keys: str) -> None:
        """Press keys, and let the screen settle."""
        for key in keys:
            await self.pilot.press(key)
        await self.pilot.pause()

    async def shows(self, words: str) -> None:
        """Wait until some words are on the screen."""
        await until(self.pilot, lambda: words in self.text)

    @property
    def acts(self) -> list[str]:
        """What was sent."""
        return [str(act["act"]) for act in self.link.acts]


@asynccontextmanager
async def running(size: tuple[int, int] = (120, 36), *, leaving: str = "It stops for everybody.", **how: Any) -> AsyncIterator[Running]:
    """A room with a facilitator at a screen and the head of the town."""
    room = Assembly.open(**how)
    link = RoomLink(room, room.come("facilitator", name="Control"))
    town = room.come("head", "town", name="Ana")
    app = FacilitatorApp(link, leaving=leaving)
    async with app.run_test(size=size, notifications=True) as pilot:
        seen = Running(app, pilot, room, link, town)
        await seen.shows("LOBBY")
        yield seen


@pytest.mark.asyncio
async def test_a_slip_is_typed_in_for_a_seat_and_nonsense_is_not() -> None:
    """What the town wrote on paper is in everybody's stream and in the log as the facilitator's hand; a line that is no slip sends nothing."""
    async with running() as at:
        await at.press("I", *"nonsense", "enter")
        await at.shows("is no seat")
        assert at.acts == []
        await at.press("I", *'say town all "by hand"', "enter")
        await until(at.pilot, lambda: at.acts == ["slip"])
        await at.shows("to all: by hand")
        await until(at.pilot, lambda: any(frame.get("text") == "by hand" for frame in at.town.frames))
        assert next(entry.data["from"] for entry in at.room.book.entries if entry.type == "message") == "town"


@pytest.mark.asyncio
async def test_a_whole_turn_is_run_with_keys() -> None:
    """Start, pause, resume, more time, no limit, next phase: what each key does is seen in line 1."""
    async with running(timed=True) as at:
        assert "Ana · head · network" in at.text
        await at.press("N")
        await at.shows("Start the exercise?")
        await at.press("escape")
        assert at.acts == []
        await at.press("n", "y")
        await at.shows("BRIEFING")
        await at.press("space")
        await at.shows("PAUSED")
        await at.press("space")
        await at.shows("BRIEFING")
        await at.press("plus", "S")
        await until(at.pilot, lambda: "left" not in at.text.splitlines()[0])
        await at.press("N")
        await at.shows("Not ready")
        await at.press("y")
        await at.shows("NEGOTIATION")
        assert at.acts == ["start", "pause", "resume", "extend", "stop_timer", "next"]


@pytest.mark.asyncio
async def test_a_question_that_stands_open_ends_the_phase_that_it_asked_about() -> None:
    """When the phase has ended meanwhile, the answer is refused; the phase after goes on."""
    async with running() as at:
        await at.press("N", "y")
        await at.shows("BRIEFING")
        await at.press("N")
        await at.shows("Next phase?")
        other = at.room.come("facilitator")
        assert at.room.act(other, "next", turn=1, phase="briefing")["frame"] == "ack"
        at.link.deliver()
        await at.shows("NEGOTIATION")
        await at.press("y")
        await at.shows("that phase is over already")
        assert "NEGOTIATION" in at.text


@pytest.mark.asyncio
async def test_a_seat_is_given_to_a_doctrine_and_back() -> None:
    """The choices are its doctrines; afterwards its people stand first."""
    async with running() as at:
        await at.press("T")
        await at.shows("Who plays this seat?")
        await at.press("down", "enter")
        await at.shows("doctrine idle")
        await at.press("T", "enter")
        await until(at.pilot, lambda: at.acts == ["take_over", "take_over"])
        assert [act.get("by") for act in at.link.acts] == ["doctrine", "human"]


@pytest.mark.asyncio
async def test_an_inject_is_released_after_asking() -> None:
    """One key opens the question, another answers it."""
    async with running() as at:
        await at.press("3", "G")
        await at.shows("Release an inject?")
        await at.press("escape")
        assert at.acts == []
        await at.press("G", "y")
        await at.shows("Comes with this turn")


@pytest.mark.asyncio
async def test_tickets_are_made_shown_and_taken_back() -> None:
    """A new one is shown to be read out and stays in focus, as one is that takes another's place; taking one back asks."""
    async with running() as at:
        at.room.room.ways = {"join": "10.0.0.5:4747/abcde/", "fingerprint": "abcde"}
        await at.press("K")
        await at.shows("A ticket for whom?")
        await at.press("down", "enter")
        await until(at.pilot, lambda: "ticket" in at.acts)
        words = at.app.desk.control.tickets[-1].words
        await at.shows(words)
        await at.shows(f"10.0.0.5:4747/abcde/{words}")
        assert all(line in at.text for line in qr_lines(f"10.0.0.5:4747/abcde/{words}".upper()))
        await at.pilot.resize_terminal(80, 14)
        await until(at.pilot, lambda: "█" not in at.text)
        await at.shows(f"10.0.0.5:4747/abcde/{words}")
        await at.pilot.resize_terminal(120, 36)
        await at.press("escape", "R", "y")
        await until(at.pilot, lambda: at.app.desk.control.tickets[-1].words not in ("", words))
        words = at.app.desk.control.tickets[-1].words
        await at.shows(f"10.0.0.5:4747/abcde/{words}")
        await at.press("escape", "X", "y")
        await until(at.pilot, lambda: "revoke" in at.acts)
        await until(at.pilot, lambda: words not in at.text)


@pytest.mark.asyncio
async def test_words_are_typed_to_everybody_and_listening_is_asked_about() -> None:
    """An announcement reaches the seats; listening is shown to them."""
    async with running() as at:
        await at.press("B")
        await at.shows("Announce to everybody")
        await at.press(*"six", "enter")
        await until(at.pilot, lambda: at.town.all("message") != [])
        assert at.town.last("message")["text"] == "six"
        await at.press("L", "y")
        await at.shows("LISTENING")
        await at.press("L")
        await until(at.pilot, lambda: "LISTENING" not in at.text)


@pytest.mark.asyncio
async def test_a_message_to_the_facilitators_is_told_and_can_be_read_in_full() -> None:
    """A toast first; then it stands in pane 4."""
    async with running() as at:
        at.room.act(at.town, "message", to=["facilitator"], text="first")
        at.room.act(at.town, "message", to=["facilitator"], text="we need a break")
        at.link.deliver()
        await at.shows("we need a break")
        await at.press("4", "enter")
        await at.shows("turn 1")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.asyncio
async def test_every_pane_is_there_at_every_size(size: tuple[int, int]) -> None:
    """Side by side, or as pages with the same numbers; every key that opens something opens it."""
    async with running(size) as at:
        for number, words in (("1", "Ana"), ("2", "co-facilitator"), ("3", "A fire"), ("4", "Nothing yet")):
            await at.press(number)
            await at.shows(words)
        for key in ("question_mark", "T", "K", "B", "L", "N", "O"):
            await at.press("1", key)
            await at.press("escape")
        assert len(at.app.screen_stack) == 2
        await at.press("z", "z", "tab", "shift+tab", "ctrl+t")
        assert at.app.failure == ""


@pytest.mark.asyncio
async def test_leaving_asks_first_and_a_second_press_leaves() -> None:
    """It would stop the exercise for everybody."""
    async with running() as at:
        await at.press("f10")
        await at.shows("It stops for everybody.")
        await at.press("escape")
        assert at.app.is_running
        await at.press("f10", "f10")
        await until(at.pilot, lambda: not at.app.is_running or at.app._exit)


@pytest.mark.asyncio
async def test_a_closed_line_is_told_with_its_reason() -> None:
    """A ticket that was taken back: why, in line 2."""
    async with running() as at:
        at.link.push({"frame": "bye", "code": "revoked", "why": "the facilitator took your ticket back", "hint": "ask for a new one"})
        await at.shows("the facilitator took your ticket back")
        assert "closed" in at.text.splitlines()[0]


@pytest.mark.parametrize("start", range(0, len(PAYLOADS), 6))
@pytest.mark.asyncio
async def test_hostile_texts_neither_break_nor_command(start: int) -> None:
    """Every text of every frame is poisoned; all panes and dialogs are opened."""
    async with running((80, 24)) as at:
        payloads = payloads_from(start)
        for frame in list(at.link.person.frames):
            if frame["frame"] in ("control", "session", "welcome"):
                at.link.push(poisoned(frame, payloads))
        for text in PAYLOADS:
            at.link.push({"frame": "message", "from": text, "to": [text], "text": text, "turn": 1})
        at.link.push({"frame": "refused", "ref": "x", "why": PAYLOADS[start], "hint": PAYLOADS[start]})
        await at.pilot.pause()
        for number in "1234":
            await at.press(number, "enter", "escape")
        await at.press("2", "X", "escape", "R", "escape", "K", "escape", "3", "G", "escape", "question_mark", "escape")
        assert at.app.failure == ""
        assert "\x1b" not in at.text


# --- in lines -----------------------------------------------------------------------------------------------------------------------------


def run_lines(*lines: str, leaving: str = "It stops for everybody.") -> tuple[Typist, RoomLink]:
    """Type lines at a room in memory with the head of the town in it."""
    room = Assembly.open()
    link = RoomLink(room, room.come("facilitator", name="Control"))
    room.come("head", "town", name="Ana")
    typist = Typist(*lines)
    assert run_plain_facilitator(link, leaving=leaving, read=typist.read, write=typist.write) == (0, "")
    return typist, link


def test_the_exercise_is_run_in_lines() -> None:
    """What is new is told between the lines; an answer that refuses is read out; leaving is asked about."""
    typist, link = run_lines("start", "start", "next", "next", "resume", "who", "quit", "quit", "never read")
    text = typist.text
    parts = [
        "LOBBY",
        "Type the same again",
        "BRIEFING",
        "NEGOTIATION",
        "Refused: the exercise is not paused",
        "Ana · head",
        "It stops for everybody.",
    ]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)
    assert [act["act"] for act in link.acts] == ["start", "next", "resume"]
    assert link.closed


def test_what_happens_while_a_line_is_typed_is_said_at_once() -> None:
    """Phases, who is waited for, alerts, letters and the line: below what is being typed, and once."""
    room = Assembly.open()
    link = RoomLink(room, room.come("facilitator", name="Control"))
    town = room.come("head", "town", name="Ana")
    typist = Typist()
    heard: list[str] = []

    def read(_prompt: str) -> str:
        """A line, before which this happens."""
        steps = (
            lambda: room.act(town, "pause", why="a break") and None,
            lambda: room.act(town, "message", to=["facilitator"], text="may we?") and None,
            lambda: room.room.alert("somebody tried the door", room.now),
            lambda: link.push({"frame": "link", "state": "lost", "live": False, "ms": None, "why": ""}),
            lambda: link.push({"frame": "link", "state": "live", "live": True, "ms": None, "why": ""}),
        )
        number = len(heard)
        if number in (0, 1):
            heard.append("start")
            return "start"
        if number - 2 >= len(steps):
            raise EOFError
        before = len(typist.printed)
        steps[number - 2]()
        room.work()
        link.deliver()
        heard.append("\n".join(typist.printed[before:]))
        return ""

    run_plain_facilitator(link, read=read, write=typist.write)
    for told, words in zip(
        heard[2:], ("PAUSED", "may we?", "Alert: somebody tried the door", "Connection lost", "Connected again"), strict=True
    ):
        assert words in told
        assert told.startswith("\n")
        assert typist.text.count(words) == 1


def test_the_end_of_the_input_leaves() -> None:
    """A closed terminal is a way to leave."""
    _, link = run_lines("look")
    assert link.closed


def test_the_facilitator_s_line_mode_does_without_textual() -> None:
    """It starts on machines and links where a screen would be a burden."""
    import subprocess
    import sys

    code = "import sys, exercise.tui.plain_facilitator; sys.exit('textual' in sys.modules or 'rich' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
