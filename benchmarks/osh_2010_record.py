"""Hold a shipped scenario against the record and print the tables of its document in docs/.

    python benchmarks/osh_2010_record.py [osh-2010|rasht-2010] [--seeds 200] [--write]

Seeds from 20001 on were never used for fitting (that was done on seeds below 10000). ``--write`` puts the tables into docs/osh_2010.md or
docs/rasht_2010.md.
"""

from __future__ import annotations

import argparse
import pathlib
import sys
from collections.abc import Sequence

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from benchmarks.document import FIRST_SEED, fitted_line, put_tables
from exercise.content import prepare
from exercise.rehearsal.ensemble import Plan
from exercise.rehearsal.record import Comparison, compare

DOCUMENTS = pathlib.Path(__file__).parent.parent / "docs"
CUTS = {"osh-2010": ("june-days", "april", "police-group", "half-day", "full"), "rasht-2010": ("whole", "ambush")}
ALTERNATIVES = {("osh-2010", "june-days"): "prevention", ("rasht-2010", "whole"): "deals", ("rasht-2010", "ambush"): "deals"}
"""Cuts of which another doctrine is shown beside the recorded decisions."""
LEAST_COMPARED = {"osh-2010": 100, "rasht-2010": 20}
"""Median from which a number is worth a line under another doctrine."""


def main() -> None:
    """Run both ensembles and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenario", nargs="?", choices=tuple(CUTS), default="osh-2010")
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    seeds = range(FIRST_SEED, FIRST_SEED + asked.seeds)
    text = "\n\n".join(_cut(asked.scenario, cut, seeds) for cut in CUTS[asked.scenario])
    print(text)
    if asked.write:
        put_tables(DOCUMENTS / f"{asked.scenario.replace('-', '_')}.md", text)


def _cut(scenario: str, cut: str, seeds: Sequence[int]) -> str:
    """Heading and tables of one cut."""
    program = prepare(scenario, cut)
    history = compare(program, Plan(scenario, cut, {"all": "history"}), seeds)
    missed = sum(1 for one in history if not (one.covers or (one.is_tighter and not one.is_event)))
    lines = [f"### `{cut}`: {program.cut.title}", "", *_numbers(history), "", *_events(history), ""]
    if other := ALTERNATIVES.get((scenario, cut)):
        lines += [*_alternative(other, LEAST_COMPARED[scenario], history, compare(program, Plan(scenario, cut, {"all": other}), seeds)), ""]
    lines += [f"{len(history) - missed} of {len(history)} facts matched, {missed} missed. {fitted_line(program)}"]
    return "\n".join(lines)


def _figure(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 10 or number == int(number) else f"{number:.1f}"


def _numbers(comparisons: tuple[Comparison, ...]) -> list[str]:
    lines = [
        "| quantity | published | 10 % | median | 90 % | published range inside 10–90 % | median within factor 1.5 |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in comparisons:
        if not one.is_event:
            published = _figure(one.fact.low) if one.fact.low == one.fact.high else f"{_figure(one.fact.low)}–{_figure(one.fact.high)}"
            spread = " | ".join(_figure(number) for number in (one.spread.low, one.spread.median, one.spread.high))
            lines.append(f"| {one.fact.title} | {published} | {spread} | {_coverage(one)} | {_verdict(one.is_near)} |")
    return lines


def _coverage(one: Comparison) -> str:
    if one.is_tighter:
        return "tighter"
    return _verdict(one.covers)


def _events(comparisons: tuple[Comparison, ...]) -> list[str]:
    lines = ["| event on record | share of runs | |", "|---|---|---|"]
    lines += [f"| {one.fact.title} | {one.share:.0%} | {_verdict(one.covers)} |" for one in comparisons if one.is_event]
    return lines


def _alternative(doctrine: str, least: float, history: tuple[Comparison, ...], other: tuple[Comparison, ...]) -> list[str]:
    lines = [f"| under {doctrine} | 10 % | median | 90 % | median, share of history's |", "|---|---|---|---|---|"]
    for before, after in zip(history, other, strict=True):
        if not before.is_event and before.spread.median > least:
            spread = " | ".join(_figure(number) for number in (after.spread.low, after.spread.median, after.spread.high))
            lines.append(f"| {after.fact.title} | {spread} | {after.spread.median / before.spread.median:.0%} |")
    return lines


def _verdict(holds: bool) -> str:
    return "yes" if holds else "**miss**"


if __name__ == "__main__":
    main()
