"""Hold osh-2010 against the record and print the tables of docs/osh_2010.md.

    python benchmarks/osh_2010_record.py [--seeds 200] [--write]

Seeds from 20001 on were never used for fitting (that was done on seeds below 10000). ``--write`` puts the tables into docs/osh_2010.md.
"""

from __future__ import annotations

import pathlib
import sys
from collections.abc import Sequence

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from benchmarks.document import asked, fitted_line, put_tables
from exercise.content import prepare
from exercise.rehearsal.ensemble import Plan
from exercise.rehearsal.record import Comparison, compare

DOCUMENT = pathlib.Path(__file__).parent.parent / "docs" / "osh_2010.md"
CUTS = ("june-days", "april", "police-group", "half-day", "full")
PREVENTED = ("june-days",)
"""Cuts of which the doctrine ``prevention`` is shown as well."""


def main() -> None:
    """Run both ensembles and print."""
    seeds, is_written = asked(__doc__)
    text = "\n\n".join(_cut(cut, seeds) for cut in CUTS)
    print(text)
    if is_written:
        put_tables(DOCUMENT, text)


def _cut(cut: str, seeds: Sequence[int]) -> str:
    """Heading and tables of one cut."""
    program = prepare("osh-2010", cut)
    history = compare(program, Plan("osh-2010", cut, {"all": "history"}), seeds)
    missed = sum(1 for one in history if not (one.covers or (one.is_tighter and not one.is_event)))
    lines = [f"### `{cut}`: {program.cut.title}", "", *_numbers(history), "", *_events(history), ""]
    if cut in PREVENTED:
        lines += [*_prevention(history, compare(program, Plan("osh-2010", cut, {"all": "prevention"}), seeds)), ""]
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


def _prevention(history: tuple[Comparison, ...], prevention: tuple[Comparison, ...]) -> list[str]:
    lines = ["| under prevention | 10 % | median | 90 % | median, share of history's |", "|---|---|---|---|---|"]
    for before, after in zip(history, prevention, strict=True):
        if not before.is_event and before.spread.median > 100:
            spread = " | ".join(_figure(number) for number in (after.spread.low, after.spread.median, after.spread.high))
            lines.append(f"| {after.fact.title} | {spread} | {after.spread.median / before.spread.median:.0%} |")
    return lines


def _verdict(holds: bool) -> str:
    return "yes" if holds else "**miss**"


if __name__ == "__main__":
    main()
