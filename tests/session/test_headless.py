"""Exercises without people: doctrines decide, and a script where it speaks."""

from __future__ import annotations

import pathlib

from exercise.core.decisions import InjectRelease, MotionDecision, OrderDecision, VoteDecision
from exercise.core.turns import play_out
from exercise.core.world import digest
from exercise.record.journal import Journal
from exercise.record.replay import verify_log
from exercise.session.headless import Script, run
from exercise.session.running import ClosedTurn
from tests.record.played import header_of
from tests.session.room import Book, exercise


def given(book: Book, turn: int = 1) -> list[tuple[str, str, str]]:
    """Who gave which order in a turn, and who decided."""
    return [
        (entry.data["seat"], entry.data["order"], entry.data["by"])
        for entry in book.entries
        if entry.type == "order" and entry.data["turn"] == turn
    ]


def test_doctrines_play_every_seat_by_default() -> None:
    """Town and trader have a default doctrine, the guest has none; it is the exercise that a rehearsal plays."""
    book = Book()
    played = run(exercise(), 3, book=book)
    assert [(seat, by) for seat, _, by in given(book)] == [("town", "doctrine"), ("town", "doctrine"), ("trader", "doctrine")]
    assert played.running.is_over
    assert digest(played.running.world) == digest(play_out(exercise(), 3))


def test_doctrines_are_chosen_by_seat_or_for_all() -> None:
    """The town idles by its own choice; with ``all`` everybody takes that doctrine, or its default where it has none of that name."""
    for chosen in ({"town": "idle"}, {"all": "idle"}):
        book = Book()
        run(exercise(), 3, doctrines=chosen, turns=1, book=book)
        assert [seat for seat, _, _ in given(book)] == ["trader"]
    book = Book()
    run(exercise(), 3, doctrines={"all": "idle", "town": "default"}, turns=1, book=book)
    assert [seat for seat, _, _ in given(book)] == ["town", "town", "trader"]


def test_a_script_replaces_a_seats_decisions_of_that_sort_in_that_turn() -> None:
    """The town's scripted visit stands for all its orders of turn 1; in turn 2 the doctrine is back; other seats go on."""
    script: Script = {1: (OrderDecision("town", "visit"),)}
    book = Book()
    run(exercise(), 3, script=script, turns=2, book=book)
    assert given(book) == [("town", "visit", "script"), ("trader", "trade", "doctrine")]
    assert [seat for seat, _, _ in given(book, 2)] == ["town", "town", "trader"]


def test_a_scripted_vote_leaves_the_seats_orders_to_its_doctrine() -> None:
    """What is replaced is only what is of the same sort."""
    script: Script = {1: (VoteDecision("town", "council", "send", "no"), MotionDecision("guest", "council", "send"))}
    book = Book()
    played = run(exercise(), 3, script=script, turns=1, book=book)
    assert [entry.type for entry in book.entries if entry.type in ("vote", "motion")] == ["motion", "vote"]
    assert [seat for seat, _, _ in given(book)] == ["town", "town", "trader"]
    assert played.refused == []


def test_a_scripted_decision_that_cannot_be_taken_is_kept_with_its_reason() -> None:
    """It is not recorded, and the doctrine does not step in for what the script meant to do."""
    wrong = OrderDecision("town", "cool", "moon")
    book = Book()
    played = run(exercise(), 3, script={1: (wrong,)}, turns=1, book=book)
    [refused] = played.refused
    assert (refused.turn, refused.decision, refused.refusal.code) == (1, wrong, "unknown-target")
    assert [seat for seat, _, _ in given(book)] == ["trader"]


def test_an_inject_in_a_script_is_the_facilitators() -> None:
    """It stands in the log as released by the facilitator."""
    book = Book()
    run(exercise(), 3, script={2: (InjectRelease("fire"),)}, turns=2, book=book)
    assert [entry.data for entry in book.entries if entry.type == "inject"] == [{"turn": 2, "inject": "fire", "by": "facilitator"}]


def test_a_run_stops_after_the_turns_it_was_asked_for() -> None:
    """Every closed turn is told as it closes; asking for more turns than there are plays them all."""
    book, heard = Book(), []
    played = run(exercise(), 3, turns=2, book=book)
    assert (played.running.world.turn, played.running.is_over, book.kinds().count("turn_closed")) == (2, False, 2)
    played.play(99, heard.append)
    assert [turn.turn for turn in heard if isinstance(turn, ClosedTurn)] == [3, 4]
    assert book.kinds()[-1] == "ended"


def test_two_runs_with_one_seed_and_script_give_equal_bytes_and_another_seed_does_not(tmp_path: pathlib.Path) -> None:
    """No wall time, no order of sets, nothing of the machine enters the log of a run."""
    script: Script = {1: (OrderDecision("guest", "plot", "north", 3.0),), 3: (MotionDecision("guest", "council", "send"),)}
    logs = []
    for name, seed in (("one", 11), ("two", 11), ("three", 12)):
        with Journal.create(tmp_path / name, header_of(exercise(), seed)) as journal:
            run(exercise(), seed, script=script, book=journal)
        assert verify_log(tmp_path / name).ok
        logs.append((tmp_path / name).read_bytes())
    assert logs[0] == logs[1] != logs[2]
