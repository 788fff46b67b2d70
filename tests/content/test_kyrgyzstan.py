"""The scenario of a quarter of a century: its ledger's claims as behaviour, on a handful of dice."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from exercise.rehearsal.ensemble import Plan
from exercise.rehearsal.watch import class_spans, followed

SEEDS = range(501, 517)
REGIONS = ("talas", "chui", "osh", "jalal_abad")
YEARS = {1991: 0, 1997: 5, 2005: 13, 2010: 19, 2016: 26}
"""Worlds of the long cut that begin with these years (1991: STARTEX)."""


def whole(doctrine, *quantities):
    """Values of quantities through runs of the long cut: (worlds, quantities, seeds)."""
    return followed(Plan("kyrgyzstan-1991-2015", "whole", {"all": doctrine}), SEEDS, quantities)


@pytest.fixture
def changed(root, tmp_path):
    """``changed(file, old, new)``: a plan of the shorter cut over a copy in which a text is another."""

    def change(*changes):
        # A folder of its own for each: what is prepared of a folder is kept.
        copy = tmp_path / str(len(changes)) / "kyrgyzstan_1991_2015"
        shutil.copytree(root / "scenarios" / "kyrgyzstan_1991_2015", copy)
        for file, old, new in changes:
            path = copy / file
            text = path.read_text(encoding="utf-8")
            assert text.count(old) == 1, old
            path.write_text(text.replace(old, new), encoding="utf-8")
        return Plan(str(copy), "two-falls", {"all": "history"})

    return change


def test_institutions_wear_slowly_most_under_the_second_ruler_and_hardly_mend():
    """SSA-15, SSA-19."""
    values = whole("history", *((region, "institutions") for region in REGIONS)).mean(axis=1)
    at = {year: np.median(values[world]) for year, world in YEARS.items()}
    first, second, third = (at[1991] - at[1997]) / 5.3, (at[1997] - at[2005]) / 8, (at[2005] - at[2010]) / 5
    assert 0 < first < second < third
    assert abs(at[2016] - at[2010]) < 3


def test_gangs_are_freed_by_a_fall_and_the_south_fails_for_a_short_while():
    """SSA-21, CAP-45."""
    crime, failed = np.moveaxis(whole("history", ("osh", "crime_autonomy"), ("osh", "failed_days")), 1, 0)
    before, after = YEARS[2005], YEARS[2005] + 1
    assert np.median(crime[after] - crime[before]) > 10
    spell = failed[before + 2] - failed[before]
    assert 60 < np.median(spell) < 250


def test_a_reformed_quarter_century_has_no_fall_and_ends_able_and_willing():
    """Another path is possible."""
    falls = whole("reform", ("kyrgyzstan", "rulers_fallen"))[-1, 0]
    assert falls.max() == 0
    spans = class_spans(Plan("kyrgyzstan-1991-2015", "whole", {"all": "reform"}), SEEDS, REGIONS)
    assert all(run[region][-1].name == "hegemonic" for run in spans for region in REGIONS)


def test_with_united_elites_the_protests_of_2005_fail(changed):
    """SSA-13: the same vote, the same anger, the same calls; nobody of weight leads."""
    recorded = followed(changed(), SEEDS, [("kyrgyzstan", "rulers_fallen")])
    united = followed(
        changed(
            ("start_2005.toml", '{ quantity = "elite_division", value = 70 }', '{ quantity = "elite_division", value = 25 }'),
            ("start_2005.toml", '{ quantity = "cross_regional", value = 13 }', '{ quantity = "cross_regional", value = 85 }'),
        ),
        SEEDS,
        [("kyrgyzstan", "rulers_fallen")],
    )
    assert recorded[1, 0].mean() > 0.8, "the fall of 2005 comes by the recorded decisions"
    assert united[2, 0].max() == 0
