"""``exercise rehearse``: a scenario played many times by doctrines, before the class."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from exercise.cli.common import HIGHEST_SEED, cut_option, json_option, progress, say, say_json
from exercise.cli.completion import complete_scenario
from exercise.cli.exercises import doctrines_by_seat, prepare_program

if TYPE_CHECKING:
    from exercise.core.program import Program
    from exercise.rehearsal.ensemble import Plan
    from exercise.rehearsal.lane_machine import Floats
    from exercise.rehearsal.pairs import OrderEffect

BACKEND = "numpy"
MOST_PAIRS, MOST_SETTINGS, ENOUGH_SETTINGS = 10_000, 10_000, 1024
STRONGEST = 10
"""Orders whose effect people are shown."""
FOREMOST = 3
"""Parameters shown of each outcome."""

Document = dict[str, Any]


def _pairs(runs: int) -> int:
    """Seeds an order is tried on where nobody said how many: a part of the rehearsal's own, few enough not to outlast it by far."""
    return min(runs, max(8, runs // 16), 64)


@click.command("rehearse")
@click.argument("scenario", shell_complete=complete_scenario)
@click.option("-n", "runs", metavar="N", type=click.IntRange(1, 10_000_000), default=1000, show_default=True, help="How many exercises.")
@cut_option
@click.option("--seed", type=click.IntRange(0, HIGHEST_SEED), default=1, show_default=True, help="Seed of the first; the others follow.")
@click.option(
    "--doctrine",
    "doctrines",
    metavar="SEAT=NAME",
    multiple=True,
    help="Who is moved by which doctrine; all=NAME for every seat that has it.",
)
@click.option(
    "--pairs",
    metavar="P",
    type=click.IntRange(0, MOST_PAIRS),
    help="Seeds on which each order is withheld to see what it does; a sixteenth of N unless given (8 to 64).",
)
@click.option(
    "--settings",
    metavar="M",
    type=click.IntRange(0, MOST_SETTINGS),
    help="Runs with all parameters drawn anew, to see what hangs on which; N unless given (at most 1,024).",
)
@click.option("--jobs", metavar="J", type=click.IntRange(1, 256), default=1, show_default=True, help="Processes to share the work.")
@json_option
def rehearse_command(  # noqa: PLR0913 - the options of the command
    *,
    scenario: str,
    runs: int,
    cut: str | None,
    seed: int,
    doctrines: tuple[str, ...],
    pairs: int | None,
    settings: int | None,
    jobs: int,
    as_json: bool,
) -> None:
    """Play a scenario many times by doctrines and tell what came of it.

    Shown are distributions of facts, objectives and classes, injects that never or always fire, orders that are never given, and what
    giving each order does. Run k is the exercise of seed SEED + k: exercise run with that seed and the same doctrines plays it again and
    writes its log.
    """
    began = time.perf_counter()
    program = prepare_program(scenario, cut)
    chosen = doctrines_by_seat(program, doctrines)
    from exercise.rehearsal.ensemble import Plan, samples
    from exercise.rehearsal.sensitivity import sensitivity
    from exercise.rehearsal.tally import Tally

    plan = Plan(scenario, program.cut.id, chosen)
    tally = Tally(program)
    seeds = range(seed, seed + runs)
    first_s = None
    with progress("exercises", runs) as step:
        for rows in samples(plan, seeds, jobs):
            first_s = first_s or time.perf_counter() - began
            tally.add(rows)
            step(tally.runs)
    elapsed_s = time.perf_counter() - began
    paired = seeds[: _pairs(runs) if pairs is None else pairs]
    effects, counted = _effects(plan, program, paired, tally.first(len(paired)), jobs)
    many = min(runs, ENOUGH_SETTINGS) if settings is None else settings
    document = tally.document(effects) | {
        "dominated": [order for order, effect in effects.items() if effect.is_dominated],
        "pairs": counted,
        "sensitivity": sensitivity(program, plan, range(seed, seed + many)),
        "scenario": program.content.scenario.id,
        "cut": program.cut.id,
        "seed": seed,
        "doctrines": dict(chosen),
        "elapsed_s": elapsed_s,
        "first_result_s": first_s,
        "exercises_per_s": runs / elapsed_s,
        "backend": BACKEND,
        "jobs": jobs,
    }
    if as_json:
        say_json(document)
        return
    for line in rehearsal_lines(document):
        say(line)


def _effects(plan: Plan, program: Program, seeds: range, rows: Floats, jobs: int) -> tuple[Mapping[str, OrderEffect], Document]:
    """What giving each order does, over pairs of these seeds; how many that were and how long they took."""
    from exercise.rehearsal.pairs import order_effects, other_halves

    began = time.perf_counter()
    total = len(other_halves(program, rows))
    with progress("runs without an order", total) as step:
        found = order_effects(plan, seeds, rows, jobs, step) if total else {}
    return found, {"seeds": len(seeds), "runs": total, "elapsed_s": time.perf_counter() - began}


def rehearsal_lines(document: Mapping[str, Any]) -> Iterator[str]:
    """What came of a rehearsal, for a person."""
    outcomes = document["outcomes"]
    yield f"{document['scenario']}, {document['cut']}: {document['n']:,} exercises from seed {document['seed']}"
    yield f"{document['elapsed_s']:.1f} s, {document['exercises_per_s']:,.0f} a second"
    if outcomes["facts"]:
        yield from _table("Facts of the record: 10 %, median, 90 % of runs; published", _fact_rows(outcomes["facts"]))
    yield from _table("Seats' results in points: 10 %, median, 90 %", _seat_rows(outcomes["seats"]))
    yield from _table("Class of capacity at the end, share of runs", _share_rows(outcomes["classes"]))
    yield from _table("Motions at the end, share of runs", _share_rows(outcomes["motions"]))
    fired = document["injects"]
    yield from _list("Injects that never fired", [one for one, share in fired.items() if share == 0])
    yield from _list("Injects that always fired", [one for one, share in fired.items() if share == 1])
    yield from _list("Orders never given", [one for one, use in document["orders"].items() if use["share"] == 0])
    title = f"What giving an order does to its seat's public and private result, in points; 95 % of {document['pairs']['seeds']} pairs"
    yield from _table(title, _effect_rows(document["orders"]))
    yield from _list("Orders that their seats do better without", document["dominated"])
    title = (
        f"What facts and objectives hang on, in {document['sensitivity']['runs']:,} settings of the parameters: share that each explains"
    )
    yield from _table(title, _sensitivity_rows(document["sensitivity"]))


def _fact_rows(facts: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for fact in facts.values():
        low, high = fact["published"]
        published = f"{low:,g}" if low == high else f"{low:,g} to {high:,g}"
        yield fact["title"], _figure(fact["low"]), _figure(fact["median"]), _figure(fact["high"]), f"{published} {fact['unit']}"


def _seat_rows(seats: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for seat, results in seats.items():
        for name, spread in results.items():
            yield f"{seat}, {name}", _figure(spread["low"]), _figure(spread["median"]), _figure(spread["high"])


def _share_rows(shares: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for entity, by_name in shares.items():
        yield entity, ", ".join(f"{name} {_percent(share)}" for name, share in sorted(by_name.items(), key=lambda one: -one[1]))


def _sensitivity_rows(told: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """The parameters with which each outcome goes most."""
    named = {**told["facts"], **{f"{seat}, {one}": found for seat, several in told["objectives"].items() for one, found in several.items()}}
    for outcome, found in named.items():
        if found["parameters"]:
            strongest = found["parameters"][:FOREMOST]
            yield (
                outcome,
                ", ".join(f"{'+' if one['correlation'] > 0 else '-'}{one['parameter']} {_percent(one['share'])}" for one in strongest),
            )


def _effect_rows(orders: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """The orders that surely do something, the strongest first."""
    found = []
    for order, use in orders.items():
        effects = [use["effect"][name] for name in ("public", "private")] if use["effect"] else []
        sure = [abs(one["mean"]) for one in effects if one and one["low"] is not None and not one["low"] <= 0 <= one["high"]]
        if sure:
            found.append((max(sure), (order, *map(_effect, effects))))
    yield from (row for _, row in sorted(found, key=lambda one: -one[0])[:STRONGEST])


def _effect(effect: Mapping[str, float] | None) -> str:
    return f"{effect['mean']:+.1f} ({effect['low']:+.1f} to {effect['high']:+.1f})" if effect else "-"


def _percent(share: float) -> str:
    """A share; what is rare or not quite certain does not round to never or always."""
    percent = 100 * share
    if 0 < percent < 0.5:
        return "< 1 %"
    return "> 99 %" if 99.5 <= percent < 100 else f"{percent:.0f} %"


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.1f}"


def _table(title: str, rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    lines = list(rows)
    if not lines:
        return
    yield ""
    yield title
    widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
    for first, *others in lines:
        cells = [cell.rjust(width) if len(others) > 1 else cell for cell, width in zip(others, widths[1:], strict=True)]
        yield f"  {first.ljust(widths[0])}  {'  '.join(cells)}".rstrip()


def _list(title: str, names: list[str]) -> Iterator[str]:
    if names:
        yield ""
        yield f"{title} ({len(names)}): {', '.join(names)}"
