"""A chronicle of the two scripted turns, for tests of the replay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tests.presenter import osh_frames

Data = Mapping[str, Any]


class ScriptedChronicle:
    """Two closed turns; the truth is a little worse than what was reported."""

    last_turn = 2

    def card(self) -> Data:
        """The welcome without a seat."""
        return osh_frames.welcome(seat={}, menu=[])

    def show(self, turn: int) -> Mapping[str, Mapping[str, float]]:
        """A city that gets worse."""
        tension = {1: 70.0, 2: 85.0, 3: 88.0}[turn]
        return {
            "osh_city": {
                "capacity": 0.0 if turn > 1 else 1.0,
                "ethnic_tension": tension,
                "violence": 12.0 * turn,
                "deaths": 90.0 * (turn - 1),
            },
            "osh": {"capacity": 1.0, "ethnic_tension": 58.0 + 5 * turn},
            "bishkek": {"capacity": 2.0, "ethnic_tension": 20.0},
        }

    def stream(self, seat: str, turn: int) -> Iterable[Data]:
        """What Uzbekistan received; the others receive the welcome only."""
        if seat != "uzbekistan":
            return list(osh_frames.numbered([osh_frames.welcome()]))
        frames = osh_frames.opening()
        return list(osh_frames.numbered([*frames, *osh_frames.second_turn()] if turn > 1 else frames))

    def decisions(self, turn: int) -> Iterable[Data]:
        """Orders, a motion and a vote."""
        if turn == 2:
            return []
        return [
            {
                "act": "order",
                "seat": "uzbekistan",
                "by": "human",
                "order": "open_border",
                "title": "Open the border to those who flee",
                "amount": 60.0,
            },
            {
                "act": "order",
                "seat": "russia",
                "by": "doctrine",
                "order": "aid",
                "title": "Fly in relief",
                "target": "osh_city",
                "amount": 2.0,
            },
            {"act": "motion", "seat": "kyrgyz_government", "by": "doctrine", "body": "csto", "motion": "deploy_peacekeepers"},
            {"act": "vote", "seat": "uzbekistan", "by": "human", "body": "csto", "motion": "deploy_peacekeepers", "vote": "no"},
            {"act": "ruling", "by": "facilitator", "reason": "the road was cut in the night"},
        ]

    def outcomes(self, turn: int) -> Iterable[Data]:
        """What came of it."""
        return [frame["outcome"] for frame in osh_frames.second_turn() if frame["frame"] == "outcome"] if turn == 1 else []

    def contributions(self, key: str, turn: int) -> Iterable[Data]:
        """Two contributions without a gap."""
        if key != "osh_city.ethnic_tension" or turn != 1:
            return []
        base = {"kind": "rule", "claims": ["SCN-12"], "sources": ["w24"], "step": 0, "stage": "tension"}
        margin = {"text": "r.rumours > 40", "left": 70.0, "right": 40.0}
        return [
            {**base, "id": "posture.rumours", "because": "rumours spread", "before": 70.0, "after": 82.5, "margins": [margin]},
            {**base, "id": "violence.fear", "because": "violence feeds fear", "before": 82.5, "after": 85.0, "margins": []},
        ]

    def alternatives(self) -> Iterable[Data]:
        """One for all, one for a seat."""
        return [{"seat": "all", "doctrine": "prevention"}, {"seat": "russia", "doctrine": "history"}]

    def what_if(self, turn: int, seat: str, doctrine: str) -> Data:
        """A better end; hostile words come through as words."""
        return {
            "ends": [["deaths (people)", "450", "40"]],
            "decided": [f"turn {turn}", f"  + {seat}: mediators, by {doctrine} [@click=app.bell]x[/]"],
            "refused": ["uzbekistan: open_border was refused: the border is open"],
        }

    def by_hand(self, turn: int) -> str:
        """A command."""
        return f"exercise play --log log-turn-{turn}.jsonl"
