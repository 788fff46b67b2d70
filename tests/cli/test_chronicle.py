"""What the replay viewer reads from a log."""

from __future__ import annotations

import itertools
import pathlib

import pytest

from exercise.cli.chronicle import LogChronicle
from exercise.cli.exercises import read_entries, recompute
from exercise.presenter.replay import ReplayView, scene
from exercise.record.commitment import Promise
from exercise.session.host import Host
from exercise.session.running import Running


@pytest.fixture
def chronicle(shell, log: pathlib.Path) -> LogChronicle:
    """The starter scenario's log."""
    entries = read_entries(log)
    return LogChronicle(recompute(entries, log), entries, log)


def told(frames) -> list:
    """The outcomes among some frames, without their place in the stream."""
    return [(frame["turn"], frame["outcome"]) for frame in frames if frame["frame"] == "outcome"]


def test_the_viewer_sees_what_the_seat_was_sent(chronicle, log):
    """For every seat and turn the frames are those that a host sends to a seat that takes the log up again there: nothing is added."""
    entries = read_entries(log)
    promise = Promise.of_header(entries[0].data)
    for seat, turn in itertools.product(("council", "relief"), range(1, 7)):
        closed = [place for place, entry in enumerate(entries) if entry.type == "turn_closed" and entry.data["turn"] < turn]
        past = entries[1 : closed[-1] + 1] if closed else ()
        sent: list = []
        running = Running.begin(chronicle.replayed.program, 3, promise=promise)
        Host.start(running, [seat], lambda _seat, frame, sent=sent: sent.append(frame), past=past)
        frames = list(chronicle.stream(seat, turn))
        assert told(frames) == told(sent)
        assert {**frames[0]} == {**sent[0]}
        assert [frame["seq"] for frame in frames] == list(range(1, len(frames) + 1))
        if turn < 6:
            assert {**frames[-1], "seq": 0} == {**sent[-1], "seq": 0}


def test_the_truth_starts_at_startex_and_ends_at_the_last_world(chronicle):
    """Turn 1 shows the values at STARTEX, the turn after the last the end."""
    assert chronicle.last_turn == 5
    assert chronicle.show(1)["valley"]["water"] == 35
    assert (
        chronicle.show(6)["valley"]["water"]
        == chronicle.replayed.worlds[-1].cells[chronicle.replayed.program.layout.cell("valley", "water")]
    )


def test_contributions_lead_from_one_opening_to_the_next(chronicle):
    """The chain of a figure has no gap and reaches the next turn's value."""
    for turn in range(1, 6):
        chain = list(chronicle.contributions("valley.water", turn))
        values = [chronicle.show(turn)["valley"]["water"], *(one["after"] for one in chain)]
        assert [one["before"] for one in chain] == values[:-1]
        assert values[-1] == chronicle.show(turn + 1)["valley"]["water"]


def test_decisions_are_named_by_seat_and_title(chronicle):
    """An order of a turn comes with its seat and the words of the menu."""
    orders = [one for turn in range(1, 6) for one in chronicle.decisions(turn) if one["act"] == "order"]
    assert {(one["seat"], one["title"]) for one in orders} == {("council", "Bring people to high ground"), ("relief", "Send boats")}


@pytest.mark.parametrize("eyes", ["", "council"])
def test_every_scene_of_a_log_can_be_gathered(chronicle, eyes):
    """The presenters take what the chronicle gives, for the truth alone and for a seat's eyes, at every turn."""
    for turn in range(1, 7):
        seen = scene(chronicle, ReplayView(turn=turn, eyes=eyes))
        assert seen.truth.latest("valley.water").value == chronicle.show(turn)["valley"]["water"]
        assert (seen.eyes is not None) == bool(eyes)
        if eyes:
            assert seen.eyes.latest("valley.water") is not None


def test_what_if_plays_a_seat_by_another_doctrine_from_a_turn_on(shell):
    """Both ends side by side, what was decided otherwise, and only doctrines that did not move the seat are offered."""
    assert shell("run", "osh-2010", "--seed", 7, "--doctrine", "all=history", "--log", "osh.jsonl").code == 0
    path = pathlib.Path("osh.jsonl")
    entries = read_entries(path)
    osh = LogChronicle(recompute(entries, path), entries, path)
    offered = [(one["seat"], one["doctrine"]) for one in osh.alternatives()]
    assert ("all", "prevention") in offered
    assert ("kyrgyz_government", "history") not in offered
    told = osh.what_if(2, "all", "prevention")
    deaths = next(row for row in told["ends"] if row[0].startswith("Deaths in Osh city"))
    assert float(deaths[2].replace(",", "")) < float(deaths[1].replace(",", ""))
    assert any(line.lstrip().startswith("+") for line in told["decided"])


def test_what_if_by_hand_leaves_the_turn_open_in_a_log_of_its_own(shell, chronicle, log):
    """The log is not touched; the new one verifies, ends before that turn, and a second one does not overwrite it."""
    before = log.read_bytes()
    first, second = chronicle.by_hand(3), chronicle.by_hand(3)
    assert first == "exercise play --log valley-turn-3.jsonl"
    assert second == "exercise play --log valley-turn-3-2.jsonl"
    assert shell("verify", "valley-turn-3.jsonl", "--json").document["turns"] == 2
    assert log.read_bytes() == before
