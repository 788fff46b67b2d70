"""An exercise in progress: recorded before it counts, taken up again from its entries, the same bytes for the same inputs."""

from __future__ import annotations

import pathlib
import random

import pytest

from exercise.core.decisions import Decision, InjectRelease, OrderDecision, RuledEffect, Ruling, VoteDecision
from exercise.core.world import digest
from exercise.record.entry import Entry
from exercise.record.inputs import entry_of
from exercise.record.journal import Journal, JournalFrozen
from exercise.record.reading import read_log
from exercise.record.replay import replay, verify_log
from exercise.record.testing import Fault, FaultyDisk
from exercise.session.host import Host
from exercise.session.running import ClosedTurn, ResumeError, Running
from tests.record.played import at_random, branch, header_of
from tests.session.room import Frame, Room, bytes_of, exercise, is_recordable

COOL = OrderDecision("town", "cool", "north", 5.0)


def played_at_random(seed: int, turns: int = 4) -> Room:
    """Two seats and a facilitator do what the rules let pass; doctrines move the third."""
    room, dice = Room.open(seed=seed), random.Random(seed)
    choose = at_random(dice)
    while room.running.turn <= turns and not room.running.is_over:
        decision = choose(exercise(), room.running.world, room.running.decisions)
        if decision is not None and is_recordable(entry_of(decision, room.running.turn)):
            room.running.take(decision, "human" if hasattr(decision, "seat") else "facilitator")
        if dice.random() < 0.4:
            room.say(
                dice.choice(["town", "guest"]), "message", to=dice.choice(["all", ["guest"], ["town", "trader"]]), text=f"{dice.random()}"
            )
        if decision is None:
            room.pass_turn()
    return room


def story(frames: list[Frame]) -> list[bytes]:
    """What a seat was told and written, without the numbers of the frames and without answers to its own acts."""
    return bytes_of({**frame, "seq": 0} for frame in frames if frame["frame"] in ("welcome", "outcome", "message", "end"))


# --- taken up again ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_a_log_taken_up_again_tells_each_seat_the_same_story_byte_for_byte(seed: int) -> None:
    """Welcome, outcomes, messages and end in the same order with the same words; the open turn stands where it stood."""
    live = played_at_random(seed, turns=2 + seed)
    again = Room.open(seed=seed, past=live.book.entries)
    assert digest(again.running.world) == digest(live.running.world)
    assert again.running.decisions == live.running.decisions
    assert again.book.entries == [], "nothing is recorded twice"
    for seat in live.frames:
        assert story(again.frames[seat]) == story(live.frames[seat])
        if not live.running.is_over:
            assert {**again.last(seat, "turn"), "seq": 0, "ready": False} == {**live.last(seat, "turn"), "seq": 0, "ready": False}


def test_play_goes_on_as_if_it_had_never_stopped() -> None:
    """Stopped in the middle of the second turn and taken up, the rest of the exercise has the same entries and the same last world."""
    whole, first = Room.open(), Room.open()
    for room in (whole, first):
        room.pass_turn()
        room.say("town", "order", order="cool", target="south", amount=3.5)
        room.say("guest", "vote", body="council", motion="send", vote="no", say="not us")
    second = Room.open(past=first.book.entries)
    whole.play_to_the_end()
    second.play_to_the_end()
    kept = [(entry.type, entry.data) for entry in (*first.book.entries, *second.book.entries)]
    assert kept == [(entry.type, entry.data) for entry in whole.book.entries]
    assert digest(second.running.world) == digest(whole.running.world)


def test_fault_43_who_comes_late_or_again_is_sent_what_a_seat_present_all_along_was_sent() -> None:
    """The trader's seat is taken after two turns, the guest's anew: each stream is the fold of the same outcomes, and no richer."""
    present = Room.open(["town", "guest", "trader"])
    late = Room.open(["town", "guest"], doctrines={"trader": "none"})
    for room in (present, late):
        room.say("town", "order", order="cool", target="north", amount=5.0)
        room.say("guest", "order", order="plot", target="south", amount=5.0)
        room.say("town", "message", to=["trader"], text="are you coming?")
        room.say("town", "message", to=["guest"], text="the trader is late")
        if room is late:
            room.running.take(OrderDecision("trader", "trade"), "doctrine")
        else:
            room.say("trader", "order", order="trade")
        room.pass_turn()
    taken = Room.open(["trader", "guest"], past=late.book.entries)
    for seat in ("trader", "guest"):
        assert story(taken.frames[seat]) == story(present.frames[seat])


def test_withdrawn_orders_and_replaced_votes_come_back_as_they_stood() -> None:
    """An order given, taken back and given anew; two votes, of which the second counts."""
    room = Room.open()
    for amount in (5.0, 7.0):
        room.say("town", "order", order="cool", target="north", amount=amount)
        if amount == 5.0:
            room.say("town", "withdraw", order="cool", target="north")
    for vote in ("yes", "no"):
        room.say("town", "vote", body="council", motion="send", vote=vote)
    again = Room.open(past=room.book.entries)
    assert again.running.decisions == (OrderDecision("town", "cool", "north", 7.0), VoteDecision("town", "council", "send", "no"))


def test_an_exercise_that_had_ended_is_shown_to_its_end() -> None:
    """Taken up after the end: the end frame comes, nothing can be given any more, messages can."""
    room = Room.open()
    room.play_to_the_end()
    room.say("town", "message", to="all", text="thank you")
    again = Room.open(past=room.book.entries)
    assert again.running.ended
    assert story(again.frames["guest"]) == story(room.frames["guest"])
    assert [frame["frame"] for frame in again.frames["guest"][-2:]] == ["end", "message"]
    assert again.say("town", "order", order="cool", target="north")["code"] == "over"


def test_a_log_that_leads_to_another_world_is_not_played_on() -> None:
    """Another seed, a changed order: the first turn whose digest differs stops the resumption."""
    room = Room.open()
    room.say("town", "order", order="cool", target="north", amount=5.0)
    room.pass_turn()
    with pytest.raises(ResumeError, match="turn 1 does not lead"):
        Room.open(seed=8, past=room.book.entries)
    first, *rest = room.book.entries
    changed = Entry(first.n, first.prev, first.type, {**first.data, "amount": 6.0}, first.hash)
    with pytest.raises(ResumeError, match="turn 1 does not lead"):
        Room.open(past=[changed, *rest])
    room.play_to_the_end()
    closed = [entry for entry in room.book.entries if entry.type == "turn_closed"]
    with pytest.raises(ResumeError, match="no turn is open"):
        Room.open(past=[*room.book.entries, closed[-1]])


# --- journals --------------------------------------------------------------------------------------------------------------------------

DECISIONS: tuple[tuple[Decision, ...], ...] = (
    (COOL, VoteDecision("guest", "council", "send", "abstain", "no view")),
    (InjectRelease("fire"), OrderDecision("guest", "plot", "south", 3.0)),
    (Ruling((RuledEffect("north", "heat", "add", 10.0, 1.0),), "the room agreed"),),
    (OrderDecision("town", "cool", "south"),),
)


def run(path: pathlib.Path, clock: str | None = None) -> Running:
    """Play a whole exercise into a journal."""
    with Journal.create(path, header_of(exercise(), 7)) as journal:
        running = Running.begin(exercise(), 7, journal, None if clock is None else lambda: clock)
        for decisions in DECISIONS:
            for decision in decisions:
                assert running.take(decision, "script") is None
            running.close()
    return running


def test_two_runs_with_one_seed_give_equal_bytes(tmp_path: pathlib.Path) -> None:
    """And the log verifies: every world and outcome comes out of it again."""
    ended = run(tmp_path / "one.jsonl")
    run(tmp_path / "two.jsonl")
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()
    assert verify_log(tmp_path / "one.jsonl").ok
    assert b'"at"' not in (tmp_path / "one.jsonl").read_bytes()
    assert digest(replay(read_log(tmp_path / "one.jsonl")).worlds[-1]) == digest(ended.world)


def test_the_clock_annotates_entries_and_changes_nothing_else(tmp_path: pathlib.Path) -> None:
    """With wall time in every entry of play: the same data, in the same order, to the same world."""
    plain, timed = run(tmp_path / "plain.jsonl"), run(tmp_path / "timed.jsonl", "2030-01-31T12:00:00Z")
    assert digest(plain.world) == digest(timed.world)
    one, other = ([*read_log(tmp_path / f"{name}.jsonl")][1:] for name in ("plain", "timed"))
    assert [(entry.type, entry.data) for entry in one] == [(entry.type, entry.data) for entry in other]
    assert {entry.at for entry in other} == {"2030-01-31T12:00:00Z"}


def test_a_journal_is_taken_up_and_goes_on(tmp_path: pathlib.Path) -> None:
    """Closed in mid-turn, opened again, played to the end: one log that verifies as a whole, words after the end included."""
    path, frames = tmp_path / "log.jsonl", []
    with Journal.create(path, header_of(exercise(), 7)) as journal:
        host = Host.start(Running.begin(exercise(), 7, journal), ["town"], lambda _seat, frame: frames.append(frame))
        host.hear("town", {"act": "order", "order": "cool", "target": "north", "amount": 5})
        host.hear("town", {"act": "ready"})
        host.hear("town", {"act": "order", "order": "cool", "target": "south", "amount": 3})
    journal, entries = Journal.open(path)
    with journal:
        host = Host.start(Running.begin(exercise(), 7, journal), ["town"], lambda _seat, frame: frames.append(frame), past=entries[1:])
        while not host.running.is_over:
            host.hear("town", {"act": "ready"})
        host.hear("town", {"act": "message", "to": "all", "text": "thank you"})
    report = verify_log(path)
    assert report.ok, report
    assert report.turns == 4


def test_a_branch_with_other_luck_is_played_on_as_it_is_replayed(tmp_path: pathlib.Path) -> None:
    """Branched at turn 3 with another seed: the host that takes it up goes the way that a replay of its log goes."""
    run(tmp_path / "log.jsonl")
    branch(tmp_path / "log.jsonl", tmp_path / "branch.jsonl", 3, seed=99).close()
    journal, entries = Journal.open(tmp_path / "branch.jsonl")
    with journal:
        running = Running.begin(exercise(), 7, journal)
        running.follow(entries[1:])
        assert (running.turn, running.world.seed) == (3, 99)
        told: list[Frame] = []
        host = Host.start(Running.begin(exercise(), 7), ["town"], lambda _seat, frame: told.append(frame), past=entries[1:])
        assert host.running.world == running.world
        assert running.opening is not None
        reports = [outcome.data["value"] for outcome in running.opening.outcomes if outcome.kind == "report" and outcome.reaches("town")]
        shown = [frame["outcome"]["value"] for frame in told if frame["frame"] == "outcome" and frame["outcome"]["kind"] == "report"]
        assert shown[-len(reports) :] == reports, "the last figures shown are those of the branch"
        while not running.is_over:
            running.close()
    report = verify_log(tmp_path / "branch.jsonl")
    assert report.ok, report
    assert digest(running.world) == digest(replay(read_log(tmp_path / "branch.jsonl")).worlds[-1])


@pytest.mark.parametrize("write", [3, 5, 8])
def test_a_disk_that_fails_in_play_loses_nothing_that_was_acknowledged(tmp_path: pathlib.Path, write: int) -> None:
    """Whichever write fails: the log holds exactly the decisions that were accepted, and leads to the last published world."""
    path = tmp_path / "log.jsonl"
    journal = Journal.create(path, header_of(exercise(), 7), disk=FaultyDisk(Fault("sync", write, error=5, forever=True)))
    running, accepted, published = Running.begin(exercise(), 7, journal), [], []

    def play_on() -> None:
        for decisions in DECISIONS:
            for decision in decisions:
                assert running.take(decision, "script") is None
                accepted.append(decision)
            published.append(running.close())

    with pytest.raises(JournalFrozen):
        play_on()
    journal.close()
    again, entries = Journal.open(path)
    again.close()
    resumed = Running.begin(exercise(), 7)
    closed: list[ClosedTurn] = []
    resumed.follow(entries[1:], lambda happened: closed.append(happened) if isinstance(happened, ClosedTurn) else None)
    assert len(closed) >= len(published)
    # A line may have reached the medium although its sync failed: then it was recorded and not yet acknowledged.
    recorded = [entry for entry in entries if entry.type in ("order", "vote", "inject", "ruling")]
    assert len(accepted) <= len(recorded) <= len(accepted) + 1
    for one, other in zip(published, closed, strict=False):
        assert digest(one.closing.world) == digest(other.closing.world)
