"""Two stories side by side: what differs, how much of its range, and nothing else."""

from __future__ import annotations

import pytest

from exercise.core.decisions import Decision, MotionDecision, OrderDecision, RuledEffect, Ruling, VoteDecision
from exercise.record.entry import NO_ENTRY, Entry, seal
from exercise.report.comparison import compare, first_difference
from exercise.report.comparison_lines import decision_lines, distribution_lines, end_lines, turn_lines
from exercise.report.story import Story, story_of
from exercise.session.running import Running
from tests.session.room import exercise

DAY = Ruling((RuledEffect("north", "people", "add", 100.0),), "a count")


def story(*by_turn: tuple[Decision, ...], seed: int = 7, turns: int = 4) -> Story:
    """The story of an exercise with these decisions."""
    running = Running.begin(exercise(), seed)
    startex, closed = exercise().startex(seed), []
    for number in range(turns):
        for decision in by_turn[number] if number < len(by_turn) else ():
            assert running.take(decision, "human") is None
        closed.append(running.close())
    return story_of(exercise(), startex, closed)


def test_equal_stories_share_every_turn() -> None:
    """Nothing in the turns and nothing at the end."""
    document = compare(story(), story())
    assert (document["shared_turns"], document["turns"]) == (4, [])
    assert document["end"] == {"turn": 4, "finished": True, "classes": [], "objectives": [], "facts": []}


def test_a_difference_is_held_against_the_range_of_its_quantity() -> None:
    """Points against their hundred; people, whose range is open, against what both exercises went through."""
    document = compare(story(), story((DAY, OrderDecision("guest", "plot", "south", 25.0))))
    told = {one["quantity"]: one for one in document["turns"][0]["quantities"]}
    assert (told["south.stock"]["a"], told["south.stock"]["b"], told["south.stock"]["share"]) == (50.0, 25.0, 0.25)
    people = [world.cells[exercise().layout.cell("north", "people")] for s in (story(), story((DAY,))) for world in s.worlds]
    assert told["north.people"]["share"] == pytest.approx(100 / (max(people) - min(people)))
    assert document["shared_turns"] == 0


def test_an_order_of_the_default_size_is_the_same_however_it_was_given() -> None:
    """Ten points by default and ten points by hand are one order."""
    one, other = (story((OrderDecision("town", "cool", "north", amount),)) for amount in (None, 10.0))
    assert compare(one, other)["turns"] == []


def test_motions_votes_and_rulings_are_told_by_side() -> None:
    """Who tabled, what came of it, who voted how by hand and as counted, what was ruled and why."""
    tabled = (Ruling((RuledEffect("south", "heat", "set", 90.0),), "it is hot"),)
    one = story(tabled, (MotionDecision("guest", "council", "send"), VoteDecision("town", "council", "send", "yes")))
    other = story(tabled, (MotionDecision("guest", "council", "send"), VoteDecision("town", "council", "send", "no"), DAY))
    turn = compare(one, other)["turns"][0]
    assert turn["turn"] == 2
    votes = {(vote["member"], vote["vote"], vote["counted"]) for vote in turn["votes"]["b"]}
    assert votes >= {("town", "no", False), ("town", "no", True)}
    assert turn["rulings"] == {"a": [], "b": [{"reason": "a count", "effects": [{"entity": "north", "quantity": "people", "add": 100.0}]}]}
    [lines] = ["\n".join(decision_lines([turn]))]
    assert "+ town: no on council send (by hand)" in lines
    assert "+ ruling: a count (north.people +100)" in lines
    assert "town: no on council send\n" not in lines
    assert "- town: yes on council send\n" in "\n".join(turn_lines([turn])) + "\n"


def test_what_only_seats_were_told_is_said() -> None:
    """A turn whose world differs in nothing that has a name is not shown as an empty one."""
    turn = {"turn": 1, "date": "2031-05-01", "quantities": []} | {
        name: {"a": [], "b": []} for name in ("orders", "motions", "votes", "injects", "rulings")
    }
    assert list(turn_lines([turn])) == ["", "turn 1, 2031-05-01", "    only what seats were told differs"]
    assert list(decision_lines([turn])) == []


@pytest.mark.parametrize(
    ("outcome", "size", "words"),
    [
        (None, None, "csto: motion aid tabled by russia"),
        ("tabled", 0.0, "csto: motion aid tabled by russia, still open"),
        ("adopted", 52.0, "csto: motion aid tabled by russia, adopted (52)"),
    ],
)
def test_a_motion_is_told_with_what_came_of_it(outcome, size, words) -> None:
    """Tabled and not yet sat on, left open by the body, decided with its size."""
    motion = {"body": "csto", "motion": "aid", "tabled_by": ["russia"], "outcome": outcome, "size": size}
    turn = {"turn": 1, "date": "2031-05-01", "quantities": []} | {
        name: {"a": [], "b": []} for name in ("orders", "votes", "injects", "rulings")
    }
    assert list(decision_lines([turn | {"motions": {"a": [], "b": [motion]}}]))[-1] == f"  + {words}"


def test_many_quantities_are_cut_short_with_a_count() -> None:
    """Eight are shown and the rest counted."""
    quantities = [{"quantity": f"north.q{n}", "a": 0.0, "b": 1.0, "share": 1.0} for n in range(9)]
    turn = {"turn": 1, "date": "2031-05-01", "quantities": quantities} | {
        name: {"a": [], "b": []} for name in ("orders", "motions", "votes", "injects", "rulings")
    }
    lines = list(turn_lines([turn]))
    assert len(lines) == 2 + 8 + 1
    assert lines[-1] == "    and 1 more quantity"


def test_the_end_shows_what_people_care_about() -> None:
    """Facts and classes always, objectives from half a point on with the largest first, the rest counted; None is what one has not."""
    end = {
        "turn": 4,
        "finished": True,
        "facts": [{"fact": "deaths", "title": "Deaths", "unit": "people", "a": 10.0, "b": None}],
        "classes": [{"entity": "north", "a": "failed", "b": "degraded"}],
        "objectives": [
            {"seat": "town", "objective": "calm", "a": 50.0, "b": 50.2},
            {"seat": "town", "objective": "money", "a": 50.0, "b": 51.0},
            {"seat": "guest", "objective": "name", "a": 50.0, "b": 20.0},
        ],
    }
    text = "\n".join(end_lines(end, "log", "branch"))
    words = [" ".join(line.split()) for line in text.splitlines() if line]
    assert words == [
        "after ENDEX log branch",
        "deaths (people) 10 -",
        "north: class failed degraded",
        "guest: name 50 20 -30",
        "town: money 50 51 +1",
        "and 1 objective by less than half a point",
    ]


def test_a_distribution_shows_what_is_apart() -> None:
    """Facts that differ and objectives from half a point on in two columns; the rest counted; one column when nothing is apart."""

    def side(deaths: float, calm: float, share: float) -> dict:
        spread = {"low": deaths, "median": deaths, "high": deaths}
        scores = {"calm": {"low": calm, "median": calm, "high": calm}}
        return {"facts": {"deaths": spread}, "objectives": {"town": scores}, "classes": {"north": {"failed": share, "degraded": 1 - share}}}

    lines = list(distribution_lines({"source": side(1234.5, 50.0, 0.75), "branch": side(1200.0, 50.3, 0.75)}, 8))
    assert [" ".join(line.split()) for line in lines[1:]] == [
        "at ENDEX, 8 runs: 10 / 50 / 90 % log branch",
        "deaths 1,234 / 1,234 / 1,234 1,200 / 1,200 / 1,200",
        "and 2 that differ by nothing or by less than half a point",
    ]
    same = list(distribution_lines({"source": side(1.0, 50.0, 0.75), "branch": side(1.0, 50.0, 0.75)}, 8))
    assert [" ".join(line.split()) for line in same[1:]] == [
        "at ENDEX, 8 runs: 10 / 50 / 90 % log and branch",
        "deaths 1 / 1 / 1",
        "north: class failed 75%, degraded 25%",
        "town: calm 50 / 50 / 50",
    ]


# --- entries --------------------------------------------------------------------------------------------------------------------------


def log(*inputs: tuple[str, dict], at: str | None = None) -> list[Entry]:
    """Entries that follow each other, without a header."""
    entries: list[Entry] = []
    for kind, data in inputs:
        entries.append(seal(len(entries) + 2, entries[-1].hash if entries else NO_ENTRY, kind, data, at)[0])
    return entries


ORDER = "order", {"turn": 1, "seat": "town", "order": "cool", "target": "north", "amount": 5.0, "by": "human"}
NOTE = "note", {"turn": 1, "text": "x"}


@pytest.mark.parametrize(
    ("a", "b", "told"),
    [
        ([ORDER], [ORDER], None),
        ([NOTE, ORDER], [NOTE], (3, None, "b ends here; the other goes on with town: cool north (turn 1)")),
        ([], [NOTE], (None, 2, "a ends here; the other goes on with 'note' (turn 1)")),
        ([ORDER], [NOTE], (2, 2, "a has town: cool north (turn 1), b has 'note' (turn 1)")),
        ([ORDER], [("order", ORDER[1] | {"amount": 6.0})], (2, 2, "town: cool north (turn 1), with another amount")),
    ],
)
def test_the_first_different_entry_is_named(a, b, told) -> None:
    """Its lines, and in words what stands there; nothing where both say the same."""
    found = first_difference(log(*a), log(*b))
    assert (found and (found["line_a"], found["line_b"], found["what"])) == told


def test_wall_time_is_no_difference() -> None:
    """Two people who played the same at different hours played the same."""
    assert first_difference(log(ORDER, at="2031-05-01T12:00:00Z"), log(ORDER, at="2032-05-01T12:00:00Z")) is None
