"""assistance-2001-2016: the same aid makes different states, terms trade the short against the long run, and no policy of donors dominates."""

from __future__ import annotations

import itertools
import pathlib
from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt
import pytest

from benchmarks.assistance_policies import POLICIES, Result, dominates, outcomes_under, verdicts
from exercise.content import prepare
from exercise.rehearsal.lanes import Ensemble, Finished
from tests.rehearsal.test_lanes import assert_lanes_agree

Floats = npt.NDArray[np.float64]

SCENARIO = "assistance-2001-2016"
SEEDS: Sequence[int] = range(1, 33)
SHORT, LONG = 5, 16


@cache
def _ended(policy: str, turn: int) -> Finished:
    return Ensemble(prepare(SCENARIO, "whole"), {"all": policy}).play(SEEDS, turn)


@cache
def _result(policy: str) -> Result:
    return outcomes_under(policy, SEEDS)


def cell(policy: str, name: str, turn: int = LONG) -> Floats:
    """A quantity in every run at the end of a turn."""
    entity, quantity = name.split(".")
    row: Floats = _ended(policy, turn).cells[prepare(SCENARIO, "whole").layout.cell(entity, quantity)]
    return row


def gain(policy: str, name: str, turn: int = LONG) -> float:
    """Mean difference that a policy makes beside no aid, over common seeds."""
    return float((cell(policy, name, turn) - cell("none", name, turn)).mean())


@pytest.mark.parametrize(("cut", "policy"), [("whole", "conditional"), ("first-decade", "history"), ("lessons", "default")])
def test_lanes_are_the_live_exercise(cut: str, policy: str) -> None:
    """Digest by digest, in every cut."""
    assert_lanes_agree(prepare(SCENARIO, cut), {"all": policy}, (1, 2), 4)


def test_a_closed_and_united_state_turns_kit_into_strength_faster() -> None:
    """SSA-04, SSA-08: the same surge of equipment and centres."""
    assert gain("surge", "tajikistan.capability", SHORT) > 1.5 * gain("surge", "kyrgyzstan.capability", SHORT) > 0
    assert gain("surge", "tajikistan.capability") > 3 * gain("surge", "kyrgyzstan.capability")


def test_and_pays_for_it_later_in_accountability_abuse_and_moral_hazard() -> None:
    """SSA-09, SSA-10, SSA-11, SSA-56: small at the end of 2005, large at the end of 2016, and larger than in the open state."""
    for name, sign in (("accountability", -1), ("worst_abuse", 1), ("moral_hazard", 1), ("repression", 1)):
        early, late = (sign * gain("surge", f"tajikistan.{name}", turn) for turn in (SHORT, LONG))
        assert late > max(early, 0), name
        assert late > sign * gain("surge", f"kyrgyzstan.{name}"), name


def test_an_open_state_gains_accountability_where_civic_partners_are_paid() -> None:
    """SSA-07, SSA-55: later, and more than the closed one."""
    assert gain("civic", "kyrgyzstan.accountability") > gain("civic", "kyrgyzstan.accountability", SHORT) > 0
    assert gain("civic", "kyrgyzstan.accountability") > 3 * max(gain("civic", "tajikistan.accountability"), 0.5)


def test_unconditional_aid_leaves_accountability_where_it_was_or_lower() -> None:
    """SSA-53, SSA-30."""
    assert abs(gain("surge", "kyrgyzstan.accountability")) < 4
    assert gain("surge", "tajikistan.accountability") < -2


def test_moral_hazard_follows_quota_times_aid_times_lack_of_accountability() -> None:
    """X1: the memos differ on the sign; with nobody to answer to it comes, and audits hold it down."""
    assert gain("surge", "tajikistan.moral_hazard") > 2 * gain("surge", "kyrgyzstan.moral_hazard") > 0
    assert cell("conditional", "tajikistan.moral_hazard").mean() < cell("default", "tajikistan.moral_hazard").mean()


def test_terms_on_hiring_and_conduct_work_where_somebody_looks_and_cost_division() -> None:
    """SSA-40, SSA-41, beside the same money without terms."""
    for name, sign in (("uzbeks_osh_city.force_share", 1), ("uzbeks_osh_city.abuse", -1), ("pamiris.abuse", -1)):
        assert (sign * (cell("conditional", name) - cell("default", name))).mean() > 0, name
    assert gain("conditional", "tajikistan.capability", SHORT) < gain("surge", "tajikistan.capability", SHORT)
    assert gain("conditional", "kyrgyzstan.elite_division") > gain("staged", "kyrgyzstan.elite_division")


def test_accountability_does_not_reach_every_group() -> None:
    """X2: in the open state a low-abuse mean hides one group."""
    assert (cell("history", "uzbeks_osh_city.abuse") - cell("history", "kyrgyz_osh_city.abuse")).mean() > 10


def test_work_on_the_hubs_seizes_more_for_less() -> None:
    """SSA-42, beside the same money spread."""
    for country in ("kyrgyzstan", "tajikistan"):
        assert (cell("hub", f"{country}.seizure_share") - cell("default", f"{country}.seizure_share")).mean() > 0


def test_a_surge_leaks_and_wastes_more_than_increments() -> None:
    """SSA-39: for the Tajik capability of ``staged``, twice the money and more leakage."""
    assert (cell("surge", "tajikistan.risk_leakage") - cell("staged", "tajikistan.risk_leakage")).mean() > 5
    assert abs((cell("surge", "tajikistan.capability") - cell("staged", "tajikistan.capability")).mean()) < 4


def test_no_policy_dominates() -> None:
    """SSA-12: of any two, each is better in something."""
    results = {policy: _result(policy) for policy in POLICIES}
    for one, other in itertools.permutations(POLICIES, 2):
        assert not dominates(results[one], results[other])
        assert 1 in verdicts(results[other], results[one]), f"{other} is better in nothing than {one}"


WORLD = """
[scenario]
id = "shelters"
title = "Shelters"
summary = "A country and its officials."
content_note = "Trade in human beings."
modules = ["human_trafficking"]
default_cut = "years"

[[cut]]
id = "years"
title = "Years"
summary = "Ten years."
minutes = 10
start = 2005-01-01
calendar = [{ days = 365, count = 10 }]

[[entity]]
id = "land"
kind = "country"
name = "Land"
assumption = true
reason = "a test"
start = [{ quantity = "trafficking_officials", value = OFFICIALS }, { quantity = "trafficking_budget", value = BUDGET }]

[[entity]]
id = "province"
kind = "region"
name = "Province"
relations = { country = ["land"] }

[[seat]]
id = "donor"
name = "Donor"
briefing = "You pay."
relations = { country = ["land"] }

[[order]]
id = "pay_shelters"
seats = ["donor"]
title = "Pay shelters"
purpose = "relief"
text = "Shelters."
because = "shelters were paid"
assumption = true
reason = "a test"
effects = [{ on = "land.trafficking_bypass", add = "3" }]

[[doctrine]]
id = "default"
seat = "donor"
text = "Pays while it pays."
orders = [{ order = "pay_shelters", when = "PAYS" }]
"""


def _shelters(folder: pathlib.Path, officials: int, budget: float, pays: str) -> dict[str, float]:
    here = folder / f"{officials}-{budget}-{len(pays)}"
    here.mkdir()
    text = WORLD.replace("OFFICIALS", str(officials)).replace("BUDGET", str(budget)).replace("PAYS", pays)
    (here / "scenario.toml").write_text(text, encoding="utf-8")
    program = prepare(here)
    finished = Ensemble(program, {}).play((1,))
    names = ("trafficking_capacity", "trafficking_service", "trafficking_harm")
    return {name: float(finished.cells[program.layout.cell("land", name)][0]) for name in names}


def test_human_trafficking_men_without_money_and_shelters_in_place_of_the_state(tmp_path: pathlib.Path) -> None:
    """CAP-33 to CAP-35."""
    few, many = (_shelters(tmp_path, officials, 0, "false") for officials in (6, 300))
    paid, served = _shelters(tmp_path, 300, 1.5, "false"), _shelters(tmp_path, 300, 0, "true")
    assert few["trafficking_capacity"] < many["trafficking_capacity"] < 20 < 3 * many["trafficking_capacity"] < paid["trafficking_capacity"]
    assert served["trafficking_service"] > many["trafficking_service"] + 30
    assert served["trafficking_capacity"] < many["trafficking_capacity"]
    ended = _shelters(tmp_path, 300, 0, "pay_shelters.times_given < 3")
    assert ended["trafficking_service"] < served["trafficking_service"] - 15
