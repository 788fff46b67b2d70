"""The way of motions through bodies, told from outcomes alone."""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from typing import Any

from exercise.core.outcomes import EVERYBODY, Outcome
from exercise.report.motions import motion_documents
from exercise.report.story import Story, ToldTurn


def story(*turns: list[tuple[str, dict[str, Any]]]) -> Story:
    """A story of days from 1 May with these outcomes about one motion."""
    start = datetime.date(2031, 5, 1)
    days = [SimpleNamespace(end=start + datetime.timedelta(days=number + 1)) for number in range(len(turns))]
    program: Any = SimpleNamespace(calendar=SimpleNamespace(startex=start, turns=days), turn=lambda number: days[number - 1])
    base = {"body": "staff", "motion": "army", "title": "Call the army"}
    told = tuple(
        ToldTurn(number, (), tuple(Outcome(kind, EVERYBODY, "staff_army", {**base, **data}) for kind, data in outcomes), ())
        for number, outcomes in enumerate(turns, 1)
    )
    return Story(program, (), told)


def step(stage: str, passed: bool = True, say: str = "", by: tuple[str, ...] = ()) -> tuple[str, dict[str, Any]]:
    """A step of the procedure."""
    return "motion_step", {"stage": stage, "passed": passed, "say": say, "by": list(by)}


def vote(member: str, cast: str, say: str = "") -> tuple[str, dict[str, Any]]:
    """A member's vote."""
    return "vote", {"member": member, "vote": cast, "say": say}


def result(outcome: str, size: float = 0.0) -> tuple[str, dict[str, Any]]:
    """What came of a sitting."""
    return "motion_outcome", {"outcome": outcome, "size": size, "size_unit": "people", "objections": 0}


def test_a_motion_that_waits_is_one_motion() -> None:
    """Tabled on one day, waiting for consent, adopted smaller on another: one entry with both dates and the reason for the wait."""
    told = motion_documents(
        story(
            [step("tabled", by=("council",)), step("host_consent", False, "the host has not agreed"), result("tabled", 100)],
            [step("host_consent"), vote("council", "yes"), vote("relief", "abstain", "too late"), result("adopted", 60)],
        )
    )["staff"]
    assert len(told) == 1
    motion = told[0]
    assert (motion["tabled"], motion["decided"], motion["outcome"], motion["size"]) == ("2031-05-01", "2031-05-02", "adopted", 60)
    assert motion["reasons"] == ["the host has not agreed"]
    assert motion["votes"] == {"council": "yes", "relief": "abstain"}
    assert [one["stage"] for one in motion["path"]] == ["tabled", "host_consent", "host_consent", "vote", "vote", "adopted"]


def test_a_motion_tabled_again_after_a_refusal_is_another_entry() -> None:
    """Each attempt keeps its own reasons; who objected and why is among them."""
    told = motion_documents(
        story(
            [step("tabled", by=("council",)), vote("relief", "no", "not in spring"), result("refused")],
            [step("tabled", by=("relief", "council")), vote("relief", "yes"), result("adopted")],
        )
    )["staff"]
    assert [(one["outcome"], one["by"], one["reasons"]) for one in told] == [
        ("refused", ["council"], ["not in spring"]),
        ("adopted", ["relief", "council"], []),
    ]
