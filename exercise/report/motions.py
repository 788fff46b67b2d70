"""The way of every motion through its body: who tabled it, which test it failed, who voted how and why, what it shrank to."""

from __future__ import annotations

from typing import Any

from exercise.core.outcomes import Outcome
from exercise.report.story import Story

Document = dict[str, Any]


def motion_documents(story: Story) -> dict[str, list[Document]]:
    """Motions by body in the order in which they were tabled; one that was tabled again after a refusal appears again."""
    found: dict[str, list[Document]] = {}
    open_now: dict[tuple[str, str], Document] = {}
    for turn in story.turns:
        day = story.date(turn.number).isoformat()
        for outcome in turn.outcomes:
            if outcome.kind in {"motion_step", "vote", "motion_outcome"}:
                _add(outcome, day, found, open_now)
    return found


def _add(outcome: Outcome, day: str, found: dict[str, list[Document]], open_now: dict[tuple[str, str], Document]) -> None:
    data = outcome.data
    name = (data["body"], data["motion"])
    if name not in open_now:
        open_now[name] = {
            "id": data["motion"],
            "title": data["title"],
            "tabled": day,
            "by": [],
            "decided": None,
            "outcome": "tabled",
            "reasons": [],
            "votes": {},
            "size": None,
            "size_unit": "",
            "path": [],
        }
        found.setdefault(data["body"], []).append(open_now[name])
    motion = open_now[name]
    if outcome.kind == "motion_step":
        _add_step(motion, data, day)
    elif outcome.kind == "vote":
        motion["votes"][data["member"]] = data["vote"]
        motion["path"].append({"date": day, "stage": "vote", "member": data["member"], "vote": data["vote"], "say": data["say"]})
        if data["vote"] == "no" and data["say"]:
            _remember(motion["reasons"], data["say"])
    else:
        motion.update(outcome=data["outcome"], size=data["size"], size_unit=data["size_unit"])
        if data["outcome"] != "tabled":
            motion["decided"] = day
            motion["path"].append({"date": day, "stage": data["outcome"], "size": data["size"]})
            del open_now[name]


def _add_step(motion: Document, data: dict[str, Any], day: str) -> None:
    by = data.get("by", [])
    motion["by"].extend(seat for seat in by if seat not in motion["by"])
    motion["path"].append({"date": day, "stage": data["stage"], "passed": data["passed"], "say": data["say"], "by": list(by)})
    if not data["passed"]:
        _remember(motion["reasons"], data["say"])


def _remember(reasons: list[str], say: str) -> None:
    if say not in reasons:
        reasons.append(say)
