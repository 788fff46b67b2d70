"""Hold kyrgyzstan-1991-2015 against the memo's table of state capacity by region and period, and print the tables of its document.

    python benchmarks/table_2.py [--seeds 200] [--write]

A cell holds in a run when both its regions have the memo's class for more than half of the period's days, failed spells aside.
Fitting was done on seeds 1 to 400; seeds from 20001 on were never used for it. ``--write`` puts the tables into
docs/kyrgyzstan_1991_2015.md.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import pathlib
import sys
from collections.abc import Iterable, Mapping, Sequence

import attrs
import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from benchmarks.document import FIRST_SEED, fitted_line, put_tables
from exercise.content import prepare
from exercise.rehearsal.ensemble import Plan
from exercise.rehearsal.record import compare
from exercise.rehearsal.watch import Span, class_spans, followed

SCENARIO, CUT = "kyrgyzstan-1991-2015", "whole"
DOCUMENT = pathlib.Path(__file__).parent.parent / "docs" / "kyrgyzstan_1991_2015.md"
SIDES: Mapping[str, tuple[str, str]] = {"Talas and Chui": ("talas", "chui"), "Osh and Jalal-Abad": ("osh", "jalal_abad")}
SOUTH = SIDES["Osh and Jalal-Abad"]
PERIODS = (dt.date(1991, 8, 31), dt.date(1997, 1, 1), dt.date(2005, 1, 1), dt.date(2010, 1, 1), dt.date(2016, 1, 1))
"""Ends of the memo's periods, which share their years: a period begins with the first day of the year that it shares."""
NAMES = ("1991–1997", "1997–2005", "2005–2010", "2010–2015")
TABLE: Mapping[str, tuple[str, ...]] = {
    "Talas and Chui": ("degraded", "captured", "degraded", "degraded"),
    "Osh and Jalal-Abad": ("degraded", "captured", "captured", "degraded"),
}
"""The memo's table; in the south short spells of failure lie in the third period and after its end."""
SPELLS = (2005, 2010)
TWO_QUARTERS = 184.0
OTHERS = ("default", "reform")
"""Doctrines under which another path is expected."""

Run = Mapping[str, Sequence[Span]]


@attrs.frozen(slots=True)
class Held:
    """What one run shows: each cell by side and period, and in the south a short failed spell by year."""

    cells: Mapping[tuple[str, int], bool]
    spells: Mapping[int, bool]

    @property
    def has_all(self) -> bool:
        """Whether all eight cells hold."""
        return all(self.cells.values())

    @property
    def has_spells_too(self) -> bool:
        """Whether all eight hold and both spells are there and short."""
        return self.has_all and all(self.spells.values())


def main() -> None:
    """Run the ensembles and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    seeds = range(FIRST_SEED, FIRST_SEED + asked.seeds)
    text = "\n\n".join([_history(seeds), *(_other(doctrine, seeds) for doctrine in OTHERS), _wear(seeds)])
    print(text)
    if asked.write:
        put_tables(DOCUMENT, text)


def held_by(doctrine: str, seeds: Sequence[int]) -> list[Held]:
    """What each run under a doctrine shows."""
    regions = [region for side in SIDES.values() for region in side]
    return [_held(run) for run in class_spans(Plan(SCENARIO, CUT, {"all": doctrine}), seeds, regions)]


def _held(run: Run) -> Held:
    cells = {
        (side, number): all(_keeps(run[region], TABLE[side][number], number) for region in regions)
        for side, regions in SIDES.items()
        for number in range(len(PERIODS) - 1)
    }
    return Held(cells, {year: all(_fails_briefly(run[region], year) for region in SOUTH) for year in SPELLS})


def _keeps(spans: Sequence[Span], name: str, period: int) -> bool:
    """Whether a region has a class for more than half of a period's days, failed ones aside."""
    first, last = _day(PERIODS[period]), _day(PERIODS[period + 1])
    days = {"failed": 0.0, name: 0.0}
    for span in spans:
        days[span.name] = days.get(span.name, 0.0) + span.days_within(first, last)
    return days[name] > 0.5 * (last - first - days["failed"])


def _fails_briefly(spans: Sequence[Span], year: int) -> bool:
    """Whether a region fails once in a year, and is out of it within two quarters of the reading that found it failed."""
    first, last = _day(dt.date(year, 1, 1)), _day(dt.date(year + 1, 1, 1))
    failed = [span for span in spans if span.name == "failed" and first <= span.start <= last]
    return len(failed) == 1 and failed[0].end - failed[0].start <= TWO_QUARTERS


def _day(date: dt.date) -> float:
    return float((date - PERIODS[0]).days)


# --- tables -------------------------------------------------------------------------------------------------------------------------


def _history(seeds: Sequence[int]) -> str:
    program = prepare(SCENARIO, CUT)
    runs = held_by("history", seeds)
    facts = compare(program, Plan(SCENARIO, CUT, {"all": "history"}), seeds)
    lines = ["### The recorded decisions (`--doctrine all=history`)", "", *_cells(runs), ""]
    lines += ["| | share of runs |", "|---|---|"]
    lines += [
        f"| Osh and Jalal-Abad fail in {year}, once, for at most two quarters | {_share(run.spells[year] for run in runs)} |"
        for year in SPELLS
    ]
    lines += [f"| **all eight cells** | **{_share(run.has_all for run in runs)}** |"]
    lines += [f"| all eight cells and both spells | {_share(run.has_spells_too for run in runs)} |", ""]
    lines += ["| at the end | published | 10 % | median | 90 % | inside the published range, share of runs |", "|---|---|---|---|---|---|"]
    for one in facts:
        published = _figure(one.fact.low) if one.fact.low == one.fact.high else f"{_figure(one.fact.low)}–{_figure(one.fact.high)}"
        spread = " | ".join(_figure(number) for number in (one.spread.low, one.spread.median, one.spread.high))
        lines.append(f"| {one.fact.title} | {published} | {spread} | {one.share:.0%} |")
    cells = sum(len(row) for row in TABLE.values())
    lines += ["", f"{cells} cells, each of two regions. {fitted_line(program)}"]
    return "\n".join(lines)


def _other(doctrine: str, seeds: Sequence[int]) -> str:
    runs = held_by(doctrine, seeds)
    all_eight = _share(run.has_all for run in runs)
    return "\n".join([f"### Another path (`--doctrine all={doctrine}`)", "", *_cells(runs), "", f"All eight: {all_eight}."])


def _cells(runs: Sequence[Held]) -> list[str]:
    lines = [f"| share of runs in which the cell holds | {' | '.join(NAMES)} |", "|---|" + "---|" * len(NAMES)]
    for side in SIDES:
        shown = [f"{TABLE[side][number]} {_share(run.cells[side, number] for run in runs)}" for number in range(len(NAMES))]
        lines.append(f"| {side} | {' | '.join(shown)} |")
    return lines


def _wear(seeds: Sequence[int]) -> str:
    """How institutions wear, by period: the ledger's slow wear, with the largest fall in the third period and little repair after it."""
    regions = [region for side in SIDES.values() for region in side]
    values = followed(Plan(SCENARIO, CUT, {"all": "history"}), seeds, [(region, "institutions") for region in regions]).mean(axis=1)
    ends = [PERIODS[0], *(turn.end for turn in prepare(SCENARIO, CUT).calendar.turns)]
    at = [float(np.median(values[ends.index(date)])) for date in PERIODS]
    dates = " | ".join(f"{date:%-d %B %Y}" for date in PERIODS)
    lines = ["### How offices wear", "", f"| institutions, mean of the four regions, median of runs | {dates} |"]
    lines += ["|---|" + "---|" * len(PERIODS), "| points | " + " | ".join(f"{one:.1f}" for one in at) + " |", ""]
    years = [(end - start).days / 365.25 for start, end in itertools.pairwise(PERIODS)]
    paces = [(after - before) / length for (before, after), length in zip(itertools.pairwise(at), years, strict=True)]
    return "\n".join([*lines, "Points a year in the four periods: " + ", ".join(f"{one:+.1f}" for one in paces) + "."])


def _share(truths: Iterable[bool]) -> str:
    return f"{np.mean(list(truths)):.0%}"


def _figure(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 10 or number == int(number) else f"{number:.1f}"


if __name__ == "__main__":
    main()
