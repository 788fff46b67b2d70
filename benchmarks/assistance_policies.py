"""Donors' policies in assistance-2001-2016 against each other under common seeds, and the model against the record.

    python -m benchmarks.assistance_policies [--seeds 200] [--write]

Every policy is played over the same seeds, so that differences are paired. They begin with 40001: seeds 1 to 100 and 20001 to 20060 were
looked at while this scenario was tuned, so that those of the other benchmarks would not do here. ``--write`` puts the tables into
docs/assistance_2001_2016.md.
"""

from __future__ import annotations

import argparse
import itertools
import math
import pathlib
from collections.abc import Callable, Mapping, Sequence

import attrs
import numpy as np
import numpy.typing as npt

from benchmarks.document import fitted_line, put_tables
from benchmarks.osh_2010_record import _events, _numbers
from exercise.content import prepare
from exercise.rehearsal.columns import Columns, sample
from exercise.rehearsal.ensemble import Plan
from exercise.rehearsal.lanes import Ensemble, Finished
from exercise.rehearsal.record import compare

Floats = npt.NDArray[np.float64]

SCENARIO, CUT = "assistance-2001-2016", "whole"
DOCUMENT = pathlib.Path(__file__).parent.parent / "docs" / "assistance_2001_2016.md"
FIRST_SEED = 40001
"""Seeds from here on were never looked at while the scenario was tuned."""
POLICIES = ("none", "surge", "staged", "conditional", "hub", "civic")
RECORD_CUTS = ("whole", "first-decade", "lessons")
SHORT, LONG = 5, 16
"""Turns at whose end is looked: the end of 2005, four years after the money began, and the end of 2016."""
DONORS = ("state_department", "defense_department", "russia", "european_union", "china", "osce")
WITHIN = 1.96
"""Half the width of a 95 % interval, in standard errors of the mean paired difference."""


@attrs.frozen(slots=True)
class Outcome:
    """Something that donors want: read from cells at the end of a turn; ``sign`` is -1 where less is better."""

    title: str
    turn: int
    sign: int
    read: Callable[[Callable[[str], Floats]], Floats]


def _one(title: str, turn: int, sign: int, *cells: str) -> Outcome:
    """The sum of some cells."""
    return Outcome(title, turn, sign, lambda cell: np.sum([cell(name) for name in cells], axis=0))


BOTH = ("kyrgyzstan", "tajikistan")
SPENT = tuple(f"{donor}_{country}.spent" for donor in ("state", "defense", "russian", "european", "chinese", "osce") for country in BOTH)
OUTCOMES = (
    _one("capability, Kyrgyzstan, end of 2005", SHORT, 1, "kyrgyzstan.capability"),
    _one("capability, Tajikistan, end of 2005", SHORT, 1, "tajikistan.capability"),
    _one("felt safety, both, end of 2005", SHORT, 1, *(f"{country}.perceived_safety" for country in BOTH)),
    _one("worst abuse, both, end of 2005", SHORT, -1, *(f"{country}.worst_abuse" for country in BOTH)),
    _one("capability, Kyrgyzstan", LONG, 1, "kyrgyzstan.capability"),
    _one("capability, Tajikistan", LONG, 1, "tajikistan.capability"),
    _one("accountability, Kyrgyzstan", LONG, 1, "kyrgyzstan.accountability"),
    _one("accountability, Tajikistan", LONG, 1, "tajikistan.accountability"),
    _one("worst abuse, Kyrgyzstan", LONG, -1, "kyrgyzstan.worst_abuse"),
    _one("worst abuse, Tajikistan", LONG, -1, "tajikistan.worst_abuse"),
    _one("ethnic tension, Osh city", LONG, -1, "osh_city.ethnic_tension"),
    _one("elite division, Kyrgyzstan", LONG, -1, "kyrgyzstan.elite_division"),
    _one("moral hazard, both", LONG, -1, *(f"{country}.moral_hazard" for country in BOTH)),
    _one("leakage, both", LONG, -1, *(f"{country}.risk_leakage" for country in BOTH)),
    _one("repression, Tajikistan", LONG, -1, "tajikistan.repression"),
    _one("trade in few hands, Tajikistan", LONG, -1, "tajikistan.trade_centralized"),
    Outcome(
        "opiates seized, percent of both flows",
        LONG,
        1,
        lambda cell: 50 * (cell("kyrgyzstan.seizure_share") + cell("tajikistan.seizure_share")),
    ),
    _one("attacks in all, both", LONG, -1, *(f"{country}.attacks_total" for country in BOTH)),
    _one(
        "influence of State and Defense, both",
        LONG,
        1,
        *(f"{donor}_{country}.influence" for donor in ("state", "defense") for country in BOTH),
    ),
    _one("money of all donors, million dollars", LONG, -1, *SPENT),
)


def main() -> None:
    """Play every policy over the same seeds and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    seeds = range(FIRST_SEED, FIRST_SEED + asked.seeds)
    results = {policy: outcomes_under(policy, seeds) for policy in POLICIES}
    text = "\n\n".join([*_policies(results), *(_record(cut, seeds) for cut in RECORD_CUTS)])
    print(text)
    if asked.write:
        put_tables(DOCUMENT, text)


@attrs.frozen(slots=True)
class Result:
    """A policy's runs: outcomes in their order, and donors' scores, each a number per seed."""

    outcomes: tuple[Floats, ...]
    scores: Mapping[tuple[str, str], Floats]


def outcomes_under(policy: str, seeds: Sequence[int]) -> Result:
    """All outcomes of all runs while donors follow a policy."""
    program = prepare(SCENARIO, CUT)
    ensemble, columns = Ensemble(program, {"all": policy}), Columns.of(program)
    ends: dict[int, Finished] = {turn: ensemble.play(seeds, turn) for turn in (SHORT, LONG)}

    def reader(turn: int) -> Callable[[str], Floats]:
        def cell(name: str) -> Floats:
            entity, quantity = name.split(".")
            row: Floats = ends[turn].cells[program.layout.cell(entity, quantity)]
            return row

        return cell

    rows = sample(ensemble, columns, ends[LONG])
    first = columns.slices()["objectives"].start
    scores = {key: rows[:, first + number] for number, key in enumerate(columns.objectives) if key[0] in DONORS}
    return Result(tuple(one.read(reader(one.turn)) for one in OUTCOMES), scores)


def paired(better: Floats, than: Floats) -> tuple[float, float]:
    """Mean and half width of the 95 % interval of the paired difference."""
    difference = better - than
    return float(difference.mean()), WITHIN * float(difference.std(ddof=1)) / math.sqrt(len(difference))


def verdicts(one: Result, other: Result) -> list[int]:
    """For every outcome: 1 where ``one`` is better and the interval excludes 0, -1 where it is worse, else 0."""
    told = []
    for outcome, mine, theirs in zip(OUTCOMES, one.outcomes, other.outcomes, strict=True):
        mean, half = paired(outcome.sign * mine, outcome.sign * theirs)
        told.append(0 if abs(mean) <= half else 1 if mean > 0 else -1)
    return told


def dominates(one: Result, other: Result) -> bool:
    """Whether ``other`` is worse in every outcome, each with an interval that excludes 0."""
    return all(verdict == 1 for verdict in verdicts(one, other))


def _policies(results: Mapping[str, Result]) -> list[str]:
    lines = ["### Outcomes under six policies", "", f"| outcome (better) | {' | '.join(f'`{policy}`' for policy in POLICIES)} |"]
    lines.append("|---" * (len(POLICIES) + 1) + "|")
    for number, outcome in enumerate(OUTCOMES):
        means = {policy: float(results[policy].outcomes[number].mean()) for policy in POLICIES}
        best = max(means, key=lambda policy: outcome.sign * means[policy])
        shown = " | ".join(f"**{means[one]:.1f}**" if one == best else f"{means[one]:.1f}" for one in POLICIES)
        lines.append(f"| {outcome.title} ({'more' if outcome.sign > 0 else 'less'}) | {shown} |")
    pairs = ["### Pairs: outcomes in which the row is better, worse, neither (95 % paired intervals)", ""]
    pairs += [f"| | {' | '.join(f'`{policy}`' for policy in POLICIES)} |", "|---" * (len(POLICIES) + 1) + "|"]
    for one in POLICIES:
        cells = []
        for other in POLICIES:
            told = verdicts(results[one], results[other])
            cells.append("" if one == other else f"{told.count(1)} / {told.count(-1)} / {told.count(0)}")
        pairs.append(f"| `{one}` | {' | '.join(cells)} |")
    strict = [pair for pair in itertools.permutations(POLICIES, 2) if dominates(results[pair[0]], results[pair[1]])]
    weak = [pair for pair in itertools.permutations(POLICIES, 2) if -1 not in verdicts(results[pair[0]], results[pair[1]])]
    pairs += ["", _named("Dominates (the other is worse in every outcome)", strict)]
    pairs += [_named("Dominates weakly (the other is better in none)", weak)]
    return ["\n".join(lines), "\n".join(pairs), _beside_none(results), _seats(results)]


def _named(title: str, pairs: Sequence[tuple[str, str]]) -> str:
    named = ", ".join(f"`{one}` over `{other}`" for one, other in pairs)
    return f"{title}: {named or 'no policy over any other'}."


def _beside_none(results: Mapping[str, Result]) -> str:
    """What each policy changes beside doing nothing, with its interval."""
    others = [policy for policy in POLICIES if policy != "none"]
    lines = ["### Differences from `none`, with 95 % paired intervals", "", f"| outcome | {' | '.join(f'`{one}`' for one in others)} |"]
    lines.append("|---" * (len(others) + 1) + "|")
    for number, outcome in enumerate(OUTCOMES):
        cells = []
        for policy in others:
            mean, half = paired(results[policy].outcomes[number], results["none"].outcomes[number])
            cells.append(f"{mean:+.1f} ± {half:.1f}")
        lines.append(f"| {outcome.title} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _seats(results: Mapping[str, Result]) -> str:
    """Donors' own objectives under each policy, at ENDEX."""
    lines = ["### What donors' seats score at the end", "", f"| seat, objective | {' | '.join(f'`{policy}`' for policy in POLICIES)} |"]
    lines.append("|---" * (len(POLICIES) + 1) + "|")
    for key in results[POLICIES[0]].scores:
        means = [float(results[policy].scores[key].mean()) for policy in POLICIES]
        best = max(means)
        shown = " | ".join(f"**{mean:.0f}**" if mean == best else f"{mean:.0f}" for mean in means)
        lines.append(f"| {key[0]}, {key[1]} | {shown} |")
    return "\n".join(lines)


def _record(cut: str, seeds: Sequence[int]) -> str:
    """The cut's facts beside runs by the recorded decisions."""
    program = prepare(SCENARIO, cut)
    history = compare(program, Plan(SCENARIO, cut, {"all": "history"}), seeds)
    missed = sum(1 for one in history if not (one.covers or (one.is_tighter and not one.is_event)))
    lines = [f"### `{cut}`: {program.cut.title}", "", *_numbers(history), "", *_events(history), ""]
    lines += [f"{len(history) - missed} of {len(history)} facts matched, {missed} missed. {fitted_line(program)}"]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
