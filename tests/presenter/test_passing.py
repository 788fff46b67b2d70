"""What happens while somebody types is said in a line, and what is not for them is not."""

from __future__ import annotations

import attrs

from exercise.presenter.passing import Passing
from exercise.presenter.seat_state import SeatState, fold
from tests.session.assembly import Assembly, Person


@attrs.define
class Typist:
    """Somebody who hears lines while they type; ``said`` are those that were not empty."""

    person: Person
    state: SeatState = attrs.field(factory=SeatState)
    heard: int = 0
    said: list[str] = attrs.field(factory=list)
    passing: Passing = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Listen."""
        self.passing = Passing(lambda: self.state, lambda: 0.0)

    def listen(self) -> list[str]:
        """The lines since the last time."""
        before = len(self.said)
        for frame in self.person.frames[self.heard :]:
            words = self.passing.hear(frame)
            self.state = fold(self.state, frame)
            self.said += [words] if words else []
        self.heard = len(self.person.frames)
        return self.said[before:]


def gathered() -> tuple[Assembly, Person, Person, Typist]:
    """A facilitator, the guest, and the town, who types."""
    hall = Assembly.open()
    runs, guest = hall.come("facilitator"), hall.come("head", "guest", name="Gus")
    town = Typist(hall.come("head", "town", name="Ann"))
    town.listen()
    return hall, runs, guest, town


def test_phases_and_pauses_are_said_when_they_come() -> None:
    """The beginning, every phase, the resolution, the next turn, and who stopped the exercise."""
    hall, runs, guest, town = gathered()
    hall.act(runs, "start")
    assert town.listen() == ["Turn 1: Briefing."]
    hall.act(guest, "pause", why="a word")
    assert town.listen() == ["Paused by Gus: a word"]
    hall.act(runs, "resume")
    for phase in ("briefing", "negotiation", "orders", "sittings"):
        hall.act(runs, "next", turn=1, phase=phase)
    hall.wait(2)
    assert town.listen() == [
        "Turn 1: Briefing.",
        "Turn 1: Negotiation.",
        "Turn 1: Orders.",
        "Turn 1: Sittings.",
        "The turn is being resolved.",
        "Turn 2: Briefing; press enter for what changed.",
    ]


def test_words_of_others_are_said_and_ones_own_are_not() -> None:
    """A letter, a statement, an announcement, each with who says it and to whom; what somebody is ready with is nobody's business."""
    hall, runs, guest, town = gathered()
    hall.act(runs, "start")
    town.listen()
    hall.act(guest, "message", to=["town"], text="a word with you")
    hall.act(guest, "statement", text="we are calm")
    hall.act(runs, "announce", text="five minutes")
    hall.act(town.person, "message", to=["guest"], text="yes?")
    hall.act(guest, "message", to=["trader"], text="not for the town")
    hall.act(guest, "ready")
    assert town.listen() == [
        "The guest: a word with you",
        "The guest to the press: we are calm",
        "The facilitator to everybody: five minutes",
    ]


def test_a_lost_line_is_said_once_and_its_return() -> None:
    """Also what to do."""
    hall, runs, _guest, town = gathered()
    hall.act(runs, "start")
    town.listen()
    lost, live = ({"frame": "link", "state": state, "why": ""} for state in ("lost", "live"))
    said = [town.passing.hear(frame) for frame in (lost, lost, live, live)]
    assert "tried again by itself" in said[0]
    assert (said[1], said[2], said[3]) == ("", "Connected again.", "")


def test_what_people_write_is_made_legible() -> None:
    """Nothing that they write reaches a terminal as anything but text."""
    _hall, _runs, _guest, town = gathered()
    words = town.passing.hear({"frame": "message", "from": "guest", "to": ["town"], "text": "\x1b]52;c;aGk=\x07 \u202eback"})
    assert "\x1b" not in words
    assert "\u202e" not in words


def test_a_line_that_is_there_again_says_so_once() -> None:
    """The host's greeting comes before the word of the line itself."""
    _hall, _runs, _guest, town = gathered()
    frames = ({"frame": "link", "state": "lost"}, dict(town.person.last("joined")), {"frame": "link", "state": "live"})
    lost, again, live = (town.passing.hear(frame) for frame in frames)
    assert "Connection lost" in lost
    assert again == "Connected again."
    assert live == ""


def test_the_end_is_said_with_what_to_do() -> None:
    """Once, however often the host tells where the exercise stands."""
    hall, runs, _guest, town = gathered()
    hall.act(runs, "start")
    town.listen()
    ended = {**town.person.last("session"), "status": "over", "phase": "debrief"}
    assert [town.passing.hear(ended) for _twice in range(2)] == ["The exercise has ended; press enter for the end summary.", ""]


def test_that_facilitators_begin_and_cease_to_listen_is_said() -> None:
    """Each once."""
    hall, runs, _guest, town = gathered()
    hall.act(runs, "start")
    town.listen()
    said = []
    for on in (True, False):
        assert hall.act(runs, "listen", on=on)["frame"] == "ack"
        said += town.listen()
    assert said == ["The facilitators listen from now on to letters and rooms.", "The facilitators listen no more."]
