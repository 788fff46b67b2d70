"""The log gives the exercise back, bit for bit, or says where it does not."""

from __future__ import annotations

import json
import pathlib
import random

import pytest

from exercise.core.decisions import MotionDecision, OrderDecision, VoteDecision
from exercise.core.world import digest
from exercise.record import replay as replaying
from exercise.record.entry import NO_ENTRY, seal
from exercise.record.journal import Journal
from exercise.record.reading import read_log
from exercise.record.replay import ReplayError, recorded_outcomes, replay, verify_log
from tests.record.played import FULL, at_random, branch, play, valleys, withdrawn


@pytest.fixture(scope="module")
def program():
    """The small exercise, compiled once."""
    return valleys()


@pytest.fixture
def full(tmp_path: pathlib.Path, program) -> pathlib.Path:
    """A finished exercise with every kind of input."""
    path = tmp_path / "full.jsonl"
    play(path, program, FULL)
    return path


def rewritten(path: pathlib.Path, change) -> pathlib.Path:
    """The log with its entries changed by ``change(number, type, data)`` and every hash made right again."""
    lines, prev = [], NO_ENTRY
    kept = [change(entry.n, entry.type, json.loads(json.dumps(entry.data))) for entry in read_log(path)]
    for number, (kind, data) in enumerate([pair for pair in kept if pair is not None], 1):
        entry, line = seal(number, prev, kind, data)
        lines.append(line)
        prev = entry.hash
    forged = path.with_name("forged.jsonl")
    forged.write_bytes(b"".join(lines))
    return forged


def difference(path: pathlib.Path) -> str:
    """Where and how a log differs, in words."""
    report = verify_log(path)
    assert not report.ok
    assert report.first_difference is not None
    found = report.first_difference
    return f"line {found.line} turn {found.turn}: {found.what}"


def test_a_log_gives_every_world_and_outcome_back(full: pathlib.Path, program):
    """Recomputed from the file alone: content, seed and inputs come out of the log."""
    replayed = replay(read_log(full))
    recorded = [entry.data for entry in read_log(full) if entry.type == "turn_closed"]
    assert [digest(world) for world in replayed.worlds[1:]] == [data["digest"] for data in recorded]
    assert [turn.number for turn in replayed.turns] == [1, 2, 3, 4]
    assert replayed.opening is None
    assert replayed.worlds[0].turn == 0
    assert recorded_outcomes(read_log(full)) == {turn.number: tuple(turn.outcomes) for turn in replayed.turns}


def test_verifying_a_sound_log_says_so(full: pathlib.Path):
    """Counts, head and the absence of a difference."""
    report = verify_log(full)
    entries = list(read_log(full))
    assert (report.ok, report.entries, report.turns, report.first_difference, report.recomputed) == (True, len(entries), 4, None, True)
    assert report.head == entries[-1].hash
    assert verify_log(full, entries[-1].hash).ok
    assert not verify_log(full, "ab" * 32).ok


@pytest.mark.parametrize("seed", range(5))
def test_random_exercises_recompute(tmp_path: pathlib.Path, program, seed):
    """Whatever was played legally is given back, rulings of any size included."""
    play(tmp_path / "log.jsonl", program, at_random(random.Random(seed)), seed)
    assert verify_log(tmp_path / "log.jsonl").ok


def test_an_unfinished_turn_comes_back_with_its_decisions(tmp_path: pathlib.Path, program):
    """A host that resumes finds the open turn as it was, withdrawals counted."""
    path = tmp_path / "log.jsonl"
    play(path, program, FULL, turns=1)
    journal, _ = Journal.open(path)
    order = {"turn": 2, "seat": "town", "order": "cool", "target": "south", "amount": 3.0}
    journal.append("order", order)
    journal.append("motion", {"turn": 2, "seat": "town", "body": "council", "motion": "send"})
    journal.append("vote", {"turn": 2, "seat": "town", "body": "council", "motion": "send", "vote": "no"})
    journal.append("withdraw", {"turn": 2, "seat": "town", "order": "cool", "target": "south"})
    journal.close()
    replayed = replay(read_log(path))
    assert replayed.taken == (MotionDecision("town", "council", "send"), VoteDecision("town", "council", "send", "no"))
    assert replayed.opening is not None
    assert replayed.opening.world.is_open


def at_line(number: int, **fields):
    """A change of some fields of one line."""
    return lambda n, kind, data: (kind, data | fields if n == number else data)


def of_type(wanted: str, now: str, data_now: dict):
    """A change of every entry of a type."""
    return lambda _n, kind, data: (now, data_now) if kind == wanted else (kind, data)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (at_line(1, seed=8), "line 1 turn None: the seed"),
        (at_line(1, scenario="another"), "line 1 turn None: the first line names another scenario"),
        (at_line(1, seats=["town", "nobody"]), "line 1 turn None: the first line names another scenario or other seats"),
        (at_line(1, cut="year"), "line 1 turn None: the content in the log cannot be used"),
        (at_line(2, seat="nobody"), "line 2 turn 1: 'order' of a seat that does not exist"),
        (at_line(4, body="senate"), "line 4 turn 1: 'motion' would have been refused"),
        (at_line(2, amount=7.25), "line 5 turn 1: north.heat is"),
        (at_line(2, amount=99.0), "line 2 turn 1: 'order' would have been refused"),
        (at_line(2, order="rob"), "line 2 turn 1: 'order' would have been refused"),
        (at_line(3, turn=3), "line 3 turn 1: 'order' speaks of turn 3"),
        (lambda n, kind, data: None if n == 3 else (kind, data), "line 4 turn 1:"),
        (of_type("ended", "ended", {"digest": "0" * 64}), "the digest of the last world"),
        (of_type("turn_closed", "note", {"turn": 1, "text": "x"}), "speaks of turn 2 while turn 1"),
    ],
    ids=[
        "seed",
        "scenario",
        "seats",
        "cut",
        "nobody",
        "body",
        "amount",
        "too much",
        "unknown order",
        "turn",
        "left out",
        "end",
        "turn not closed",
    ],
)
def test_a_log_rewritten_with_a_sound_chain_is_found_by_recomputing(full: pathlib.Path, change, says):
    """The chain is right in every case; the first line that does not fit is named with its turn and what differs."""
    assert says in difference(rewritten(full, change))


def test_a_changed_outcome_is_named_with_its_field(full: pathlib.Path):
    """The world is right, the telling was changed: outcome, subject and both values are shown."""

    def change(n, kind, data):
        if kind == "turn_closed" and data["turn"] == 1:
            report = next(one for one in data["outcomes"] if one["kind"] == "report")
            report["data"]["value"] = 12345.0
        return kind, data

    found = difference(rewritten(full, change))
    assert "line 5 turn 1: outcome" in found
    assert "report north.heat" in found
    assert "value was 12345.0" in found


def test_outcomes_left_out_or_added_are_named(full: pathlib.Path):
    """A shorter or longer list of outcomes is found although the world agrees."""

    def shorter(n, kind, data):
        return kind, data | {"outcomes": data["outcomes"][:-1]} if kind == "turn_closed" else data

    def longer(n, kind, data):
        return kind, data | {"outcomes": [*data["outcomes"], data["outcomes"][0]]} if kind == "turn_closed" else data

    assert "was not recorded" in difference(rewritten(full, shorter))
    assert "is not recomputed" in difference(rewritten(full, longer))


def test_a_log_without_marks_still_names_the_difference(full: pathlib.Path):
    """Marks are a convenience: without them the digest and the first outcome that differs are named."""

    def change(n, kind, data):
        data.pop("marks", None)
        return kind, data | {"amount": 7.25} if n == 2 else data

    found = difference(rewritten(full, change))
    assert "line 5 turn 1: the digest of the world differs; outcome" in found


def test_content_that_no_longer_loads_is_a_difference_of_the_first_line(full: pathlib.Path):
    """A log whose content cannot be used is not an exception but an answer."""

    def change(n, kind, data):
        return kind, data | {"files": [["scenario/scenario.toml", "[scenario"]]} if n == 1 else data

    assert "line 1 turn None: the content in the log cannot be used" in difference(rewritten(full, change))


def test_a_damaged_log_is_reported_by_its_chain(full: pathlib.Path):
    """Nothing is recomputed from a log whose chain is broken."""
    full.write_bytes(full.read_bytes().replace(b'"seat":"guest"', b'"seat":"Guest"', 1))
    report = verify_log(full)
    assert (report.ok, report.turns) == (False, 0)
    assert report.first_difference is not None
    assert report.first_difference.line == 3


def test_nothing_but_talk_follows_the_end(full: pathlib.Path):
    """Notes and ratings of the hot wash are welcome; an order after ENDEX is found."""
    journal, entries = Journal.open(full)
    journal.append("note", {"turn": 4, "text": "what we take home"})
    journal.close()
    assert verify_log(full).ok
    journal, _ = Journal.open(full)
    journal.append("order", {"turn": 5, "seat": "guest", "order": "visit"})
    journal.close()
    assert f"line {len(entries) + 2} turn 4: 'order' after the exercise had ended" in difference(full)


def test_a_log_of_older_semantics_is_shown_from_what_it_recorded(full: pathlib.Path, monkeypatch: pytest.MonkeyPatch):
    """Rules whose meaning has changed since are not recomputed, and the report says so; outcomes are there."""
    monkeypatch.setattr(replaying, "SEMANTICS", replaying.SEMANTICS + 1)
    report = verify_log(full)
    assert (report.ok, report.recomputed, report.turns) == (True, False, 0)
    assert sorted(recorded_outcomes(read_log(full))) == [1, 2, 3, 4]


# --- branches -------------------------------------------------------------------------------------------------------------------------


def test_a_branch_keeps_the_lines_before_and_plays_the_turn_anew(full: pathlib.Path, program):
    """Lines before the turn are the source's, byte for byte; the branch names the source's head and has the same luck."""
    journal = branch(full, full.with_name("branch.jsonl"), 2)
    journal.close()
    source, new = full.read_bytes().splitlines(), journal.path.read_bytes().splitlines()
    assert new[:-1] == source[: len(new) - 1]
    last = list(read_log(journal.path))[-1]
    assert (last.type, last.data) == ("branched", {"from_head": list(read_log(full))[-1].hash, "turn": 2})
    replayed = replay(read_log(journal.path))
    assert replayed.worlds == replay(read_log(full)).worlds[:2]
    assert replayed.taken == ()
    assert verify_log(journal.path).ok


def test_a_branch_with_another_seed_has_other_luck_from_its_turn_on(full: pathlib.Path):
    """The past stays; the dice of the open turn are others."""
    same, other = (branch(full, full.with_name(name), 2, seed=seed) for name, seed in (("a.jsonl", None), ("b.jsonl", 99)))
    for journal in (same, other):
        journal.close()
    first, second = replay(read_log(same.path)), replay(read_log(other.path))
    assert first.worlds[1].cells == second.worlds[1].cells
    assert first.opening is not None
    assert second.opening is not None
    assert first.opening.world.cells != second.opening.world.cells


def test_a_branch_at_the_first_turn_keeps_only_the_header(full: pathlib.Path):
    """Everything may be played anew."""
    journal = branch(full, full.with_name("branch.jsonl"), 1)
    journal.close()
    assert [entry.type for entry in read_log(journal.path)] == ["exercise", "branched"]


@pytest.mark.parametrize("turn", [0, 5, -1])
def test_a_turn_that_was_never_reached_cannot_be_branched(full: pathlib.Path, turn):
    """The message says how far the log came."""
    with pytest.raises(ValueError, match="reached turn 4"):
        branch(full, full.with_name("branch.jsonl"), turn)
    assert not full.with_name("branch.jsonl").exists()


def test_a_branch_in_the_midst_of_a_turn_is_refused(full: pathlib.Path):
    """A forged branch entry after orders of the same turn is found."""
    source = list(read_log(full))

    def change(n, kind, data):
        return ("branched", {"from_head": source[-1].hash, "turn": 1}) if n == 3 else (kind, data)

    with pytest.raises(ReplayError, match="in the midst of a turn"):
        replay(read_log(rewritten(full, change)))


def test_a_withdrawal_of_nothing_is_found(full: pathlib.Path, program):
    """Taking back an order that was not given is no input that a host would have accepted."""

    def change(n, kind, data):
        return withdrawn(OrderDecision("town", "visit"), 1) if n == 3 else (kind, data)

    assert "line 3 turn 1: an order 'visit' is withdrawn that was not given" in difference(rewritten(full, change))
