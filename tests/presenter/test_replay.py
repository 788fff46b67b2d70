"""The replay: truth beside what a seat knew."""

from __future__ import annotations

from collections.abc import Iterable

from exercise.presenter.contributions import contribution_rows, gather
from exercise.presenter.replay import (
    ReplayView,
    course,
    curve_rows,
    decision_rows,
    gap_of,
    knowledge_rows,
    next_eyes,
    replay_line,
    result_rows,
    scene,
    time_line,
    turn_at,
)
from exercise.presenter.rows import plain, text_of
from tests.tui.scripted_chronicle import Data, ScriptedChronicle

CHRONICLE = ScriptedChronicle()


def test_a_scene_has_truth_and_what_the_seat_knew_then() -> None:
    """At the opening of turn 2 the seat has its second reports, the truth has moved on."""
    now = scene(CHRONICLE, ReplayView(turn=2, eyes="uzbekistan"))
    words = text_of(knowledge_rows(now, 60))
    tension = next(line.split() for line in words.splitlines() if "Ethnic tension" in line)
    assert tension == ["Ethnic", "tension", "85", "81"]
    violence = next(line.split() for line in words.splitlines() if "Violence" in line)
    assert violence == ["Violence", "24", "66", "≠"]


def test_differences_only_leaves_out_what_was_known_well() -> None:
    """The debrief's question, who was wrong about what, is one key away."""
    now = scene(CHRONICLE, ReplayView(turn=2, eyes="uzbekistan", gaps_only=True))
    words = text_of(knowledge_rows(now, 60))
    assert "Violence" in words
    assert "Ethnic tension" not in words


def test_a_range_that_holds_the_truth_is_no_gap() -> None:
    """Two sources that disagree around the truth together knew it."""
    now = scene(CHRONICLE, ReplayView(turn=2, eyes="uzbekistan"))
    assert now.eyes is not None
    assert gap_of(now.eyes, "osh_city.deaths", 90.0) == 0.0
    assert gap_of(now.eyes, "osh_city.mediation", 1.0) is None


def test_decisions_name_who_and_mark_the_chosen_seat() -> None:
    """Orders, motions, votes and rulings of the turn in recorded order."""
    words = text_of(decision_rows(scene(CHRONICLE, ReplayView(eyes="uzbekistan")), 100)).splitlines()
    assert words[0] == "▸ Tashkent: Open the border to those who flee, 60"
    assert "doctrine" in words[1]
    assert words[-1].strip() == "facilitator: rules: the road was cut in the night"


def test_results_tell_for_everybody() -> None:
    """What came of the turn includes what the chosen seat never learned."""
    words = text_of(result_rows(scene(CHRONICLE, ReplayView()), 100))
    assert "Orders" in words
    assert "Send peacekeepers to the south" in words


def test_contributions_chain_without_a_gap_and_carry_margins() -> None:
    """Each starts where the one before ended; comparisons are shown with both sides."""
    now = scene(CHRONICLE, ReplayView(turn=2))
    words = text_of(contribution_rows(now, "osh_city.ethnic_tension", tuple(CHRONICLE.contributions("osh_city.ethnic_tension", 1)), 100))
    assert "70 → 82.5" in words
    assert "82.5 → 85" in words
    assert "r.rumours > 40   (70, 40)" in words


class ClassChronicle(ScriptedChronicle):
    """In the first turn the city's class fell because its tension rose over a line."""

    def contributions(self, key: str, turn: int) -> Iterable[Data]:
        """The class by an assessment, the axis by what moved it."""
        if key != "osh_city.capacity":
            return super().contributions(key, turn)
        way = {"quantity": "osh_city.ethnic_tension", "value": 85.0, "threshold": 82.0, "line": 80.0, "line_margin": 2.0, "crossed": True}
        other = {**way, "quantity": "osh_city.violence", "value": 12.0, "threshold": 52.0, "line": 50.0, "crossed": False}
        base = {"kind": "assessment", "id": "class", "because": "both make the class", "claims": [], "sources": [], "margins": []}
        return [{**base, "before": 1.0, "after": 0.0, "crossings": [other, way]}]


def test_a_class_says_which_axis_crossed_which_line_and_leads_on_to_what_moved_it() -> None:
    """Values, line and margin of every axis; then the whole chain of the one that changed the class."""
    chronicle = ClassChronicle()
    now = scene(chronicle, ReplayView(turn=2))
    told, axes = gather(chronicle, now, "osh_city.capacity")
    words = " ".join(text_of(contribution_rows(now, "osh_city.capacity", told, 200, axes)).split())
    assert "ethnic tension (Osh city) rose to 85, 82 or more (line 80, margin 2), by 3" in words
    assert "violence (Osh city) is 12, still below 52 (line 50, margin 2), by 40" in words
    assert list(axes) == ["osh_city.ethnic_tension"]
    assert words.index("Why ethnic tension (Osh city) moved in turn 1") < words.index("70 → 82.5") < words.index("violence feeds fear")


def test_a_course_shows_truth_and_belief_over_all_turns() -> None:
    """From STARTEX to the end, with the turn in view marked."""
    now = scene(CHRONICLE, ReplayView(turn=2, eyes="uzbekistan"))
    told = course(CHRONICLE, now, "osh_city.ethnic_tension")
    assert told.truths == (70.0, 85.0, 88.0)
    assert [belief.value if belief else None for belief in told.beliefs] == [67, 81, 81]
    assert "end" in text_of(curve_rows(now, "osh_city.ethnic_tension", told, 60))


def test_eyes_go_round_and_start_with_the_truth() -> None:
    """Nobody's eyes are the truth alone; actors that nobody played are left out."""
    now = scene(CHRONICLE, ReplayView())
    assert next_eyes(now, -1).eyes == "osce_institutions"
    assert next_eyes(now, 1).eyes == "kyrgyz_government"


def test_the_line_of_turns_can_be_clicked() -> None:
    """A click goes to the nearest turn."""
    now = scene(CHRONICLE, ReplayView(turn=2))
    line = plain(time_line(now, 60))
    assert "▸2" in line
    assert turn_at(now, 60, line.index("end")) == 3
    assert "turn 2 of 2" in plain(replay_line(now, 80))
