"""The plain line mode: a whole turn by reading lines and typing words."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any

from exercise.presenter.link import Frame, Hear, Link
from exercise.tui.plain import run_plain
from tests.tui.around_a_room import Around
from tests.tui.scripted_link import ScriptedLink, ScriptedVenue, frames_for


class Typist:
    """Types given lines and keeps what was printed; at the end of the lines the input ends."""

    def __init__(self, *lines: str) -> None:
        self.printed: list[str] = []
        self._lines: Iterator[str] = iter(lines)

    def read(self, prompt: str) -> str:
        """The next line."""
        self.printed.append(prompt)
        try:
            return next(self._lines)
        except StopIteration:
            raise EOFError from None

    def write(self, text: str) -> None:
        """Keep a line."""
        self.printed.append(text)

    @property
    def text(self) -> str:
        """All that was printed."""
        return "\n".join(self.printed)


def play(*lines: str, venue: ScriptedVenue | None = None, seats: tuple[str, ...] = ()) -> tuple[Typist, ScriptedVenue, tuple[int, str]]:
    """Type lines at a scripted venue."""
    typist, place = Typist(*lines), venue or ScriptedVenue()
    result = run_plain(place, seats, read=typist.read, write=typist.write)
    return typist, place, result


def test_with_a_seat_named_the_note_and_its_briefing_come_first() -> None:
    """Nobody plays without the content note; the seat's briefing follows, and no line typed is taken for an answer to it."""
    typist, venue, _ = play("order open_border 80", seats=("uzbekistan",))
    text = typist.text
    assert text.index("Before you start") < text.index("You are Uzbekistan.") < text.index("turn 1 of 9")
    assert [act["act"] for act in venue.links["uzbekistan"].acts] == ["order"]


def test_a_whole_turn_is_played_in_lines() -> None:
    """Note, seat, orders, why, end of turn, summary, end: nothing needs a screen."""
    first = ("look", "menu", "order open_border 80", "orders", "done", "done")
    second = ("reports osh city tension", "why 2", "done", "done", "quit")
    typist, venue, (status, farewell) = play("", "read 5", "5", *first, *second)
    text = typist.text
    parts = [
        "Before you start", "You are Uzbekistan.", "3 orders left", "Sent: Open the border", "Orders", "Type done again",
        "What changed and why", "Why it moved by +14", "The exercise has ended", "What you knew, and what was true",
    ]  # fmt: skip
    places = [text.index(part) for part in parts if part != "Orders"]
    assert places == sorted(places)
    sent = [act["act"] for act in venue.links["uzbekistan"].acts]
    assert sent == ["order", "ready", "ready"]
    assert status == 0
    assert farewell == "The exercise is over, look at it again with: exercise replay osh-2010.jsonl"


def test_a_refusal_is_read_out() -> None:
    """The host's no is a line like any other."""
    typist, _, _ = play("order quiet_valley", seats=("uzbekistan",))
    assert "Refused: your reserve is at the border; wait a turn" in typist.text


def test_the_end_of_input_leaves_in_good_order() -> None:
    """A closed terminal or ctrl+d is a way to leave; the farewell says how to come back."""
    _, _, (status, farewell) = play("look", seats=("uzbekistan",))
    assert (status, farewell) == (0, "Your exercise is saved, resume with: exercise play --log osh-2010.jsonl")


def test_a_venue_that_fails_says_why() -> None:
    """The reason is a line, and the status says that nothing was played."""
    typist, _, (status, _) = play(seats=("uzbekistan",), venue=ScriptedVenue(trouble="the log is in use"))
    assert "the log is in use" in typist.text
    assert status == 1


def test_two_seats_take_turns_at_the_keyboard() -> None:
    """Between them the screen is scrolled empty and the next one is called."""
    venue = ScriptedVenue(links={"uzbekistan": ScriptedLink(), "russia": ScriptedLink([dict(frame) for frame in frames_for("russia")])})
    typist, _, _ = play("", "", "done", "done", "", "look", "quit", seats=("uzbekistan", "russia"), venue=venue)
    text = typist.text
    assert "Hand the keyboard to Russia" in text
    between = text[: text.index("Hand the keyboard to Russia")]
    assert between.endswith("\n" * 50) or "\n" * 50 in between


def test_nobody_takes_a_seat_by_quitting() -> None:
    """Quit at the list of seats starts nothing."""
    _, venue, (status, _) = play("", "quit")
    assert (status, venue.links) == (0, {})


def test_the_line_mode_does_without_textual() -> None:
    """It starts on machines and links where a screen would be a burden: Textual is not even imported."""
    import subprocess
    import sys

    code = "import sys, exercise.tui.plain; sys.exit('textual' in sys.modules or 'rich' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_first_screen_does_not_wait_for_the_others() -> None:
    """What the seat's screen and its panels need is imported after the first paint."""
    import subprocess
    import sys

    code = "import sys, exercise.tui.seat_app; sys.exit('exercise.tui.seat_screen' in sys.modules or 'exercise.presenter.seat_state' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


class SlowVenue(ScriptedVenue):
    """Leads to a line on which frames of a real room come one after the other."""

    def __init__(self, frames: list[Frame]) -> None:
        super().__init__()
        self.frames = frames

    def take(self, seats: tuple[str, ...]) -> Mapping[str, Link]:
        """One line."""
        return {seats[0]: SlowLink(self.frames)}


class SlowLink:
    """Says frame after frame, with time between them."""

    def __init__(self, frames: list[Frame]) -> None:
        self.frames = frames

    def listen(self, hear: Hear) -> None:
        """From a thread of its own, as from a network."""

        def tell() -> None:
            for frame in self.frames:
                time.sleep(0.05)
                hear(frame)

        threading.Thread(target=tell, daemon=True).start()

    def send(self, act: Mapping[str, Any]) -> None:
        """Nothing is asked here."""

    def close(self) -> None:
        """Nothing is open."""


def test_whoever_comes_later_is_told_of_the_turn_that_is_played_and_of_none_before() -> None:
    """However slowly what they missed comes in."""
    around = Around.open("guest", "town")
    around.pass_turn()
    late = around.assembly.come("member", "guest")
    around.pump()
    typist, _venue, _result = play("quit", venue=SlowVenue([dict(frame) for frame in late.frames]), seats=("guest",))
    assert "turn 2 of" in typist.text
    assert "turn 1 of" not in typist.text
