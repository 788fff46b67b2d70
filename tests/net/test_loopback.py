"""A host on a thread of its own, and its seats' lines: every frame in order, and nothing acknowledged that is not recorded."""

from __future__ import annotations

import inspect
import pathlib
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from types import ModuleType
from typing import Any

import pytest

from exercise.core import adjudicate, legality, policy, telling, turns
from exercise.net.loopback import Loopback
from exercise.record.inputs import INPUTS
from exercise.record.journal import Journal
from exercise.record.testing import Fault, FaultyDisk
from exercise.session import host as hosting
from exercise.session import running as runs
from exercise.session.host import Host
from exercise.session.running import Running
from tests.record.played import header_of
from tests.session.room import Book, Frame, Room, bytes_of, exercise, numbered

COOL = {"act": "order", "order": "cool", "target": "north", "amount": 5.0}


def loopback(seats: Iterable[str] = ("town", "guest"), book: Any = None) -> Loopback:
    """The small exercise over loopback."""
    chosen = tuple(seats)
    return Loopback(chosen, lambda deliver: Host.start(Running.begin(exercise(), 7, book), chosen, deliver))


def heard(loop: Loopback) -> dict[str, list[Frame]]:
    """Lists that fill with what each seat hears from now on."""
    frames: dict[str, list[Frame]] = {seat: [] for seat in loop.links}
    for seat, link in loop.links.items():
        link.listen(lambda frame, seat=seat: frames[seat].append(dict(frame)))
    return frames


def kinds(frames: Iterable[Mapping[str, Any]]) -> list[str]:
    """Kinds of frames, in order."""
    return [frame["frame"] for frame in frames]


def test_a_seat_hears_every_frame_from_the_first_on_in_order() -> None:
    """Also those that were sent before anybody listened; the stream is the one that the host alone would give, byte for byte."""
    loop = loopback()
    loop.links["town"].send({"ref": "1", **COOL})
    frames = heard(loop)
    for act in ({"ref": "2", "act": "message", "to": "all", "text": "hello"}, {"ref": "3", "act": "ready"}):
        loop.links["town"].send(act)
    loop.links["guest"].send({"ref": "4", "act": "ready"})
    loop.close()
    room = Room.open()
    for seat, act in (
        ("town", {"ref": "1", **COOL}),
        ("town", {"ref": "2", "act": "message", "to": "all", "text": "hello"}),
        ("town", {"ref": "3", "act": "ready"}),
        ("guest", {"ref": "4", "act": "ready"}),
    ):
        room.host.hear(seat, act)
    for seat in ("town", "guest"):
        assert [frame["seq"] for frame in numbered(frames[seat])] == list(range(1, len(numbered(frames[seat])) + 1))
        assert bytes_of(frames[seat]) == bytes_of(room.frames[seat])


def test_many_lines_at_once_are_each_answered_in_their_own_order() -> None:
    """Two seats on two threads send a hundred acts each: every one is answered once, on the line that sent it, in the order sent."""
    loop = loopback()
    frames = heard(loop)

    def talk(seat: str) -> None:
        for number in range(100):
            loop.links[seat].send({"ref": f"{seat}-{number}", "act": "withdraw", "order": "visit"})

    threads = [threading.Thread(target=talk, args=(seat,)) for seat in loop.links]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    loop.close()
    for seat in loop.links:
        answers = [frame["ref"] for frame in frames[seat] if frame["frame"] == "refused"]
        assert answers == [f"{seat}-{number}" for number in range(100)]


def test_closing_finishes_what_was_sent_and_stops_the_thread() -> None:
    """Acts handed over before the end are answered; a second closing does nothing."""
    loop = loopback(["town"])
    frames = heard(loop)
    loop.links["town"].send({"ref": "1", **COOL})
    loop.close()
    assert [frame["ref"] for frame in frames["town"] if frame["frame"] == "ack"] == ["1"]
    assert not loop._thread.is_alive()
    loop.close()


def test_a_seat_that_left_hears_nothing_more_and_others_do() -> None:
    """Leaving twice is leaving once; the exercise goes on for who stays."""
    loop = loopback()
    frames = heard(loop)
    loop.links["guest"].close()
    loop.links["guest"].close()
    before = len(frames["guest"])
    loop.links["town"].send({"act": "message", "to": "all", "text": "hello"})
    loop.close()
    assert len(frames["guest"]) == before
    assert frames["town"][-1]["text"] == "hello"


def test_a_seat_that_leaves_before_it_listened_hears_nothing() -> None:
    """What waited for it is forgotten with it."""
    loop = loopback(["town"])
    loop.links["town"].close()
    loop.links["town"].send({"act": "ready"})
    loop.close()
    assert loop.host.running.turn == 2


def test_frames_are_copies_that_a_screen_may_do_with_as_it_likes() -> None:
    """Whatever a listener changes in a frame, the host's stream keeps what was sent."""
    loop = loopback(["town"])
    loop.links["town"].listen(lambda frame: dict(frame).clear() or frame.clear())  # type: ignore[attr-defined]
    loop.close()
    assert kinds(loop.host.streams["town"].frames)[0] == "welcome"
    assert loop.links["town"].failure is None


def test_a_listener_that_fails_cuts_its_own_line_and_no_other() -> None:
    """A screen's fault is its own: the host is not frozen, the other seat hears everything, the failure is kept."""
    loop = loopback()
    frames = heard(loop)
    loop.links["guest"].listen(lambda _: 1 / 0 and None)
    loop.links["town"].send({"ref": "1", "act": "message", "to": "all", "text": "hello"})
    loop.links["town"].send({"ref": "2", **COOL})
    loop.close()
    assert isinstance(loop.links["guest"].failure, ZeroDivisionError)
    assert loop.failure is None
    assert [frame["ref"] for frame in frames["town"] if frame["frame"] == "ack"] == ["1", "2"]


@pytest.mark.parametrize("act", [None, [], "ready", 7, {"act": ["ready"]}, {"act": "order", "amount": 10**400}, {"act": float("nan")}])
def test_a_hostile_act_freezes_nothing(act: Any) -> None:
    """It is refused like any other nonsense, and the next act is answered."""
    loop = loopback(["town"])
    frames = heard(loop)
    loop.links["town"].send(act)
    loop.links["town"].send({"ref": "after", **COOL})
    loop.close()
    assert loop.failure is None
    assert kinds(frames["town"])[-3:] == ["refused", "ack", "turn"]


def test_when_the_log_cannot_be_written_the_exercise_freezes_and_says_so(tmp_path: pathlib.Path) -> None:
    """The order on the failing disk has no answer; every seat is told; whatever comes later is refused with the reason; the log is sound."""
    journal = Journal.create(tmp_path / "log.jsonl", header_of(exercise(), 7), disk=FaultyDisk(Fault("sync", 3, error=5)))
    loop = loopback(book=journal)
    frames = heard(loop)
    for number, act in enumerate((COOL, {**COOL, "target": "south"}, {"act": "ready"}, {"act": "message", "to": "all", "text": "?"})):
        loop.links["town"].send({"ref": str(number), **act})
    loop.links["town"].send([])  # type: ignore[arg-type]
    loop.close()
    journal.close()
    assert [frame["ref"] for frame in frames["town"] if frame["frame"] == "ack"] == ["0"]
    assert [(frame["ref"], frame["code"]) for frame in frames["town"] if frame["frame"] == "refused"] == [
        ("2", "frozen"),
        ("3", "frozen"),
        ("", "frozen"),
    ]
    for seat in ("town", "guest"):
        [notice] = [frame for frame in frames[seat] if frame["frame"] == "notice"]
        assert "frozen" in notice["text"]
        assert "was not recorded" in notice["text"], "what happened to the log is for everybody"
    assert loop.failure is not None
    again, entries = Journal.open(tmp_path / "log.jsonl")
    again.close()
    assert [entry.data["target"] for entry in entries if entry.type == "order"][:1] == ["north"]


# --- failures inside --------------------------------------------------------------------------------------------------------------------

CANARY = "osh_city.arms_diffusion is 71.25"
"""Something that no seat may read."""
ACTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("guest", {"act": "order", "order": "plot", "target": "south", "amount": 3.0}),
    ("guest", {"act": "motion", "body": "council", "motion": "send"}),
    ("town", {"act": "vote", "body": "council", "motion": "send", "vote": "no"}),
    ("town", COOL),
    ("town", {"act": "withdraw", "order": "cool", "target": "north"}),
    ("town", {**COOL, "target": "south"}),
    ("guest", {"act": "ready"}),
    ("town", {"act": "ready"}),
    ("town", {"act": "order", "order": "visit"}),
    ("guest", {"act": "ready"}),
    ("town", {"act": "ready"}),
)


def functions_of(module: ModuleType) -> list[tuple[ModuleType, str]]:
    """A module's own functions."""
    return [(module, name) for name, one in vars(module).items() if inspect.isfunction(one) and one.__module__ == module.__name__]


FUNCTIONS = [place for module in (adjudicate, telling, legality, policy, turns, hosting, runs) for place in functions_of(module)]


SURELY_CALLED = {"open_turn", "close_turn", "work_closing", "tell_closing", "_drift", "refusal", "legal", "turn_frame", "decide"}


def failing(canary: str) -> Callable[..., Any]:
    """A function that fails with what nobody may read."""

    def fail(*_args: object, **_options: object) -> None:
        raise RuntimeError(canary)

    return fail


def plant(monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str) -> None:
    """Let a function fail wherever the program has it at hand."""
    original = getattr(module, name)
    for holder in [one for one in sys.modules.values() if getattr(one, "__name__", "").startswith("exercise.")]:
        if getattr(holder, name, None) is original:
            monkeypatch.setattr(holder, name, failing(CANARY))


def shown(part: object) -> str:
    """The id of a case: module and function."""
    return part.__name__.rpartition(".")[2] if isinstance(part, ModuleType) else str(part)


@pytest.mark.parametrize(("module", "name"), FUNCTIONS, ids=shown)
def test_fault_44_no_seat_reads_what_failed_inside_and_the_log_goes_on(
    module: ModuleType, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each function of the engine in turn fails in the middle of play.

    No seat is told what the failure said; every acknowledged act is recorded, and none beside the one that failed; the log can be taken up,
    leads through every recorded turn, and is played to the end.
    """
    book = Book()
    loop = loopback(book=book)
    plant(monkeypatch, module, name)
    frames = heard(loop)
    for number, (seat, act) in enumerate(ACTS):
        loop.links[seat].send({"ref": str(number), **act})
    loop.close()
    monkeypatch.undo()
    assert loop.failure is not None or name not in SURELY_CALLED
    for seat in frames:
        assert CANARY.encode() not in b"".join(bytes_of(frames[seat]))
        assert ("notice" in kinds(frames[seat])) == (loop.failure is not None)
    acknowledged = {int(frame["ref"]) for seat in frames for frame in frames[seat] if frame["frame"] == "ack"}
    given = [(seat, act["act"]) for number, (seat, act) in enumerate(ACTS) if number in acknowledged and act["act"] in INPUTS]
    recorded = [(entry.data["seat"], entry.type) for entry in book.entries if entry.data.get("by") == "human" and entry.type in INPUTS]
    assert recorded[: len(given)] == given
    assert len(recorded) <= len(given) + 1
    resumed = Room.open(past=book.entries)
    assert resumed.running.world.turn == book.kinds().count("turn_closed")
    resumed.play_to_the_end()
