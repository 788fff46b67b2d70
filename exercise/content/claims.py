"""The ledger of claims: that every claim is expressed and shown, that experiments can be run."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import attrs

from exercise.content.findings import Problems, at, error, unknown
from exercise.content.folders import ContentError, find_world
from exercise.content.loading import load
from exercise.core.compile import CompileError, attempt_compile, choose_cut
from exercise.core.definitions import Assessment, Content, Experiment, Rule
from exercise.core.laboratory import contrast_of, laboratory
from exercise.language.problem import Problem


def ledger(content: Content) -> Problems:
    """What is wrong within a rulebook's claims and experiments. A rulebook without a claim has no ledger, and nothing is asked of it."""
    if not content.claims:
        return
    claims = {claim.id for claim in content.claims}
    tables: tuple[Rule | Assessment, ...] = (*content.rules, *content.assessments)
    for table in tables:
        for index, claim in enumerate(table.claims):
            if claim not in claims:
                yield unknown(at(table.place, "claims", index), "claim", claim, claims)
    yield from _claims(content, claims)
    for experiment in content.experiments:
        yield from _experiment(experiment, claims)


def _claims(content: Content, claims: set[str]) -> Problems:
    sources = {source.id for source in content.sources}
    shown = {claim for experiment in content.experiments for claim in experiment.claims}
    for claim in content.claims:
        for index, source in enumerate(claim.source):
            if source not in sources:
                yield unknown(at(claim.place, "source", index), "source", source, sources)
        for index, other in enumerate(claim.same_as):
            if other not in claims:
                yield unknown(at(claim.place, "same_as", index), "claim", other, claims)
        if claim.same_as:
            continue
        if not claim.rules:
            yield error(at(claim.place, "id"), "claim-without-rule", f"no rule expresses {claim.id}", 'rules = ["module.rule"]')
        if claim.id not in shown:
            hint = f'an [[experiment]] with claims = ["{claim.id}"]'
            yield error(at(claim.place, "id"), "claim-without-experiment", f"no experiment shows {claim.id}", hint)


def _experiment(experiment: Experiment, claims: set[str]) -> Problems:
    for index, claim in enumerate(experiment.claims):
        if claim not in claims:
            yield unknown(at(experiment.place, "claims", index), "claim", claim, claims)
    ids = [arm.id for arm in experiment.arms]
    for index, arm in enumerate(ids):
        if arm in ids[:index]:
            yield error(at(experiment.arms[index].place, "id"), "duplicate", f"there are two arms {arm}", "each has a word of its own")
    try:
        contrast_of(experiment)
    except ValueError as wrong:
        yield error(at(experiment.place, "contrast"), "contrast", str(wrong), "write 'one - other'")
    if experiment.expect == "between" and (experiment.low is None or experiment.high is None):
        yield error(at(experiment.place, "expect"), "missing-key", "what lies between needs low and high", "low = 0, high = 1")
    if not experiment.seeds > 1:
        yield error(at(experiment.place, "seeds"), "too-few", "an experiment has at least two seeds", "seeds = 16")


# --- on their worlds ------------------------------------------------------------------------------------------------------------


def on_worlds(content: Content, rules: Path) -> Iterable[Problem]:
    """What is wrong with experiments on the worlds that they name: measures that mean nothing there, rules that stand in none of them."""
    found: set[str] = set()
    by_world: dict[str, list[Experiment]] = {}
    for experiment in content.experiments:
        by_world.setdefault(experiment.world, []).append(experiment)
    shown = {claim for experiment in content.experiments for claim in experiment.claims}
    named = {name for claim in content.claims if claim.id in shown for name in claim.rules}
    for world, experiments in by_world.items():
        place = at(experiments[0].place, "world")
        try:
            whole = load(find_world(rules, world))
        except ContentError as failure:
            first = failure.problems[0]
            yield error(place, "unknown-world", f"the world {world} cannot be used: {first.message}", first.hint)
            return
        found |= named - laboratory(whole, (), sorted(named)).missing
        for cut in dict.fromkeys(experiment.cut for experiment in experiments):
            ready = laboratory(whole, [experiment for experiment in experiments if experiment.cut == cut], sorted(named)).content
            try:
                _, problems = attempt_compile(ready, choose_cut(whole, cut))
            except CompileError as failure:
                problems = failure.problems
            yield from (
                attrs.evolve(problem, place=problem.place if problem.place.file.startswith("rules/") else place) for problem in problems
            )
    for claim in content.claims:
        for index, name in enumerate(claim.rules):
            if name in named - found:
                message = f"nothing called {name} stands in a world of the experiments on {claim.id}"
                hint = "an id of a rule, assessment, order, inject or report, or body.motion.stage"
                yield error(at(claim.place, "rules", index), "unknown-rule", message, hint)
