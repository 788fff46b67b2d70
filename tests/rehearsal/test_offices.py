"""The module of offices: quotas, tasks, coordinators and councils do in the small world what the ledger says of them."""

from __future__ import annotations

from functools import cache

import pytest

from exercise.content import find_world, load, read_rules, shipped
from exercise.core.definitions import Content
from exercise.rehearsal.claims import try_claims

RULES = shipped() / "rules"


@cache
def world(name: str) -> Content:
    """A small world by name."""
    return load(find_world(RULES, name))


@pytest.mark.parametrize("claim", ["CAP-24", "CAP-27", "CAP-31", "CAP-32", "CAP-41", "CAP-42", "CAP-43", "CAP-50"])
def test_an_office_does_what_the_ledger_says(claim: str) -> None:
    """It holds in the small world, and no longer without the rules that express it."""
    content = read_rules(RULES).content
    (found,) = try_claims([one for one in content.claims if one.id == claim], content.experiments, world)
    assert found.holds, [(one.experiment.id, one.effect) for one in found.verdicts if not one.holds]
    assert found.caught


def test_every_claim_of_the_series_has_its_experiments() -> None:
    """All 69 stand in the ledger; those that repeat another have none of their own."""
    content = read_rules(RULES).content
    shown = {claim for experiment in content.experiments for claim in experiment.claims}
    series = {claim.id: claim for claim in content.claims if claim.id.startswith("CAP-")}
    assert sorted(series) == [f"CAP-{number:02}" for number in range(1, 70)]
    assert all((claim.id in shown) != bool(claim.same_as) for claim in series.values())
