"""Many futures of a branch: each is the branch with its luck, and they are counted as published."""

from __future__ import annotations

from exercise.core.chance import other_luck
from exercise.core.decisions import OrderDecision, RuledEffect, Ruling
from exercise.core.ending import scores_of
from exercise.record.branching import Recording, branched
from exercise.rehearsal.futures import distribution, play_futures
from exercise.session.headless import Headless
from exercise.session.running import Running
from tests.session.room import book_of, exercise


def standing(turn: int = 2) -> Headless:
    """A branch of a small exercise at the opening of a turn."""
    book = book_of(exercise())
    running = Running.begin(exercise(), 7, book)
    while not running.is_over:
        running.take(OrderDecision("town", "cool", "north", 5.0), "human")
        running.close()
    headless = Headless.take_up(exercise(), branched(book.entries, turn))
    headless.recording = Recording.of(book.entries, turn)
    return headless


def test_every_run_is_the_branch_with_its_own_luck() -> None:
    """Runs are numbered from 1, name their seed and what was refused, and leave the branch where it stands."""
    headless, heard = standing(), []
    before = headless.running.world
    ends = play_futures(headless, 4, heard.append)
    assert headless.running.world == before
    assert heard == [1, 2, 3, 4]
    assert [(end["run"], end["seed_after"], end["refused"]) for end in ends] == [(n, other_luck(7, n), 0) for n in range(1, 5)]
    again = standing()
    again.running = again.running.rehearsed(other_luck(7, 3))
    assert scores_of(exercise(), again.play().world) == ends[2]["objectives"]
    assert play_futures(standing(), 2) == ends[:2]


def test_what_was_refused_is_counted_run_by_run() -> None:
    """The town's money is ruled away at the branch: its two later orders are refused in every run, and in no other's count."""
    headless = standing()
    headless.script = {2: (Ruling((RuledEffect("town", "funds", "set", 0.0),), "the bank failed"),)}
    assert [end["refused"] for end in play_futures(headless, 3)] == [2, 2, 2]
    assert headless.refused == []


def test_the_middle_and_both_ends_are_told() -> None:
    """10, 50 and 90 % of numbers by nearest rank; shares of classes, the greatest first."""
    ends = [
        {
            "facts": {"deaths": float(n)},
            "objectives": {"town": {"calm": 100.0 - n}},
            "classes": {"north": "failed" if n < 3 else "degraded"},
        }
        for n in range(10)
    ]
    assert distribution(ends) == {
        "facts": {"deaths": {"low": 1.0, "median": 5.0, "high": 9.0}},
        "objectives": {"town": {"calm": {"low": 92.0, "median": 96.0, "high": 100.0}}},
        "classes": {"north": {"degraded": 0.7, "failed": 0.3}},
    }
    assert list(distribution(ends)["classes"]["north"]) == ["degraded", "failed"]
