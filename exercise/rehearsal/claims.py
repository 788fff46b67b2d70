"""Claims held to account: their experiments run, what they rest on left out, opposite rules planted, parameters moved at random.

A claim holds when every experiment on it comes out as expected. It is caught when one fails once the rules that it names are left out (or,
of a claim that something has no effect, once the opposite rule is planted): an experiment that would come out either way shows nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import attrs
import numpy as np

from exercise.core.chance import draw, run_key, site
from exercise.core.compile import CompileError, attempt_compile, choose_cut
from exercise.core.definitions import Claim, Content, Experiment, Parameter
from exercise.core.laboratory import PLANTED, SWITCH, contrast_of, laboratory, with_strengths
from exercise.core.program import Program
from exercise.rehearsal.trials import Trial, play_trials

FITTED_WITHIN = 0.2
"""Parameters set against the record are moved within a fifth at most."""
DRAWS, DRAW_SEEDS = 40, 4
"""Random settings of the parameters, and runs of each arm under one of them."""
SURVIVES = 0.9
"""Share of settings under which a claim that survives holds."""
Z = 1.959964
"""Of the normal distribution, for 95 %."""


@attrs.frozen(slots=True)
class Verdict:
    """What an experiment gave: the mean contrast over seeds, its 95 % interval, and whether it is as expected."""

    experiment: Experiment
    effect: float
    low: float
    high: float
    seeds: int
    holds: bool


@attrs.frozen(slots=True)
class Finding:
    """What came of a claim: its experiments as they are, and as they are without what it rests on (or with the opposite planted)."""

    claim: Claim
    verdicts: tuple[Verdict, ...]
    against: tuple[Verdict, ...]

    @property
    def holds(self) -> bool:
        """Whether all its experiments come out as expected."""
        return bool(self.verdicts) and all(verdict.holds for verdict in self.verdicts)

    @property
    def caught(self) -> bool:
        """Whether some experiment fails without what the claim rests on, or with the opposite planted."""
        planted = [one for one in self.against if one.experiment.plant]
        return any(not one.holds for one in self.against) and all(not one.holds for one in planted)


@attrs.frozen(slots=True)
class Robustness:
    """How a claim fares when parameters move: the share of settings under which it holds, and what it hangs on most where it fails."""

    claim: Claim
    share: float
    draws: int
    hangs_on: str
    explained: float

    @property
    def survives(self) -> bool:
        """Whether it holds nearly always."""
        return self.share >= SURVIVES


Loader = Callable[[str], Content]
Heard = Callable[[int], None]


def judge(experiment: Experiment, numbers: Mapping[str, Sequence[float]]) -> Verdict:
    """Hold an experiment's numbers, by arm and in the order of seeds, against what is expected."""
    weights = contrast_of(experiment)
    contrast = np.sum([weight * np.array(numbers[arm]) for arm, weight in weights.items()], axis=0)
    mean, count = float(contrast.mean()), len(contrast)
    half = student(count - 1) * float(contrast.std(ddof=1)) / math.sqrt(count) if count > 1 else 0.0
    low, high = mean - half, mean + half
    return Verdict(experiment, mean, low, high, count, _is_expected(experiment, mean, low, high))


def _is_expected(experiment: Experiment, mean: float, low: float, high: float) -> bool:
    if math.isnan(mean):
        return False
    if experiment.expect == "above":
        return low > experiment.than
    if experiment.expect == "below":
        return high < experiment.than
    if experiment.expect == "about":
        return abs(low) <= experiment.than and abs(high) <= experiment.than
    return experiment.low is not None and experiment.high is not None and experiment.low <= mean <= experiment.high


def student(freedom: int) -> float:
    """The 97.5 % point of Student's distribution, by the first terms of its expansion (Abramowitz and Stegun 26.7.5)."""
    g1 = (Z**3 + Z) / 4
    g2 = (5 * Z**5 + 16 * Z**3 + 3 * Z) / 96
    return Z + g1 / freedom + g2 / freedom**2 if freedom > 0 else math.inf


# --- experiments --------------------------------------------------------------------------------------------------------------


def try_claims(claims: Sequence[Claim], experiments: Sequence[Experiment], load: Loader, *, heard: Heard = lambda _: None) -> list[Finding]:
    """Run the experiments on these claims. ``load`` gives a world's content by its name.

    Raises ``TrialError`` and ``CompileError``.
    """
    chosen = _chosen(claims, experiments)
    results: dict[tuple[str, str], Verdict] = {}
    for group in _grouped(chosen):
        program, switches = _made(group, claims, load)
        trials, keys = [], []
        for experiment in group:
            seeds = tuple(range(1, 1 + experiment.seeds))
            trials.append(Trial(experiment, seeds))
            keys.append((experiment.id, ""))
            for claim in claims:
                if claim.id in experiment.claims:
                    planted = bool(experiment.plant)
                    without = frozenset() if planted else frozenset(claim.rules)
                    trials.append(Trial(experiment, seeds, without, planted))
                    keys.append((experiment.id, claim.id))
        for key, trial, numbers in zip(keys, trials, play_trials(program, switches, trials, heard), strict=True):
            results[key] = judge(trial.experiment, numbers)
    return [
        Finding(
            claim,
            tuple(results[one.id, ""] for one in chosen if claim.id in one.claims),
            tuple(results[one.id, claim.id] for one in chosen if claim.id in one.claims),
        )
        for claim in claims
    ]


def runs_of(claims: Sequence[Claim], experiments: Sequence[Experiment]) -> int:
    """How many runs ``try_claims`` will hear of."""
    return sum(len(one.arms) * one.seeds * (1 + sum(claim.id in one.claims for claim in claims)) for one in _chosen(claims, experiments))


def _chosen(claims: Iterable[Claim], experiments: Iterable[Experiment]) -> list[Experiment]:
    wanted = {claim.id for claim in claims}
    return [one for one in experiments if wanted & set(one.claims)]


def _grouped(experiments: Iterable[Experiment]) -> list[list[Experiment]]:
    """Experiments that can be run together: of one cut of one world, with its seats moved by the same doctrines."""
    groups: dict[tuple[Any, ...], list[Experiment]] = {}
    for one in experiments:
        groups.setdefault((one.world, one.cut, tuple(sorted(one.doctrines.items()))), []).append(one)
    return list(groups.values())


def names_left_out(claims: Iterable[Claim], experiments: Iterable[Experiment]) -> list[str]:
    """Everything that these experiments leave out, for the claims that they show or in their arms."""
    experiments = list(experiments)
    shown = {claim for one in experiments for claim in one.claims}
    names = [name for claim in claims if claim.id in shown for name in claim.rules]
    names += [name for one in experiments for name in one.without]
    return list(dict.fromkeys([*names, *(name for one in experiments for arm in one.arms for name in arm.without)]))


def _made(group: Sequence[Experiment], claims: Sequence[Claim], load: Loader, vary: float = 0.0) -> tuple[Program, Mapping[str, str]]:
    """The program of a group's world with its switches, and with parameters in cells where they are set or moved."""
    content = load(group[0].world)
    room = laboratory(with_strengths(content) if vary else content, group, names_left_out(claims, group))
    set_by_hand = {act.on for one in group for acts in (one.set, *(arm.set for arm in one.arms)) for act in acts}
    ranges: dict[str, tuple[float, float]] = dict.fromkeys(room.switches.values(), (0.0, 1.0))
    for parameter in room.content.parameters:
        if parameter.id in set_by_hand:
            ranges[parameter.id] = (parameter.value, parameter.value)
        elif vary and (reach := _reach(parameter, vary)):
            ranges[parameter.id] = _range(parameter, reach)
    program, problems = attempt_compile(room.content, choose_cut(content, group[0].cut), ranges)
    if program is None or problems:
        raise CompileError(problems)
    return program, room.switches


# --- robustness ---------------------------------------------------------------------------------------------------------------


def vary_claims(
    claims: Sequence[Claim],
    experiments: Sequence[Experiment],
    load: Loader,
    within: float,
    *,
    draws: int = DRAWS,
    heard: Heard = lambda _: None,
) -> list[Robustness]:
    """Run the experiments under random settings of all assumptions, the same for all arms of a setting.

    Every parameter that is an assumption, and the strength of every rule whose sizes are, is multiplied by a factor within 1 +- ``within``
    (fitted ones within 1 +- 0.2 at most); shares and rates stay at most 1.
    """
    chosen = _chosen(claims, experiments)
    holds: dict[str, list[bool]] = {}
    settings: dict[str, list[dict[str, float]]] = {}
    for group in _grouped(chosen):
        program, switches = _made(group, claims, load, within)
        moved = [
            parameter for parameter in program.content.parameters if parameter.id in program.layout.tuned and _reach(parameter, within)
        ]
        turned = [{parameter.id: _moved(parameter, within, number) for parameter in moved} for number in range(draws)]
        seeds = tuple(range(1, DRAW_SEEDS + 1))
        trials = [Trial(experiment, seeds, turned=setting) for experiment in group for setting in turned]
        for trial, numbers in zip(trials, play_trials(program, switches, trials, heard), strict=True):
            verdict = judge(trial.experiment, numbers)
            by_mean = _is_expected(trial.experiment, verdict.effect, verdict.effect, verdict.effect)
            holds.setdefault(trial.experiment.id, []).append(by_mean)
        settings.update({experiment.id: turned for experiment in group})
    return [_robustness(claim, [one for one in chosen if claim.id in one.claims], holds, settings) for claim in claims]


def _robustness(
    claim: Claim, experiments: Sequence[Experiment], holds: Mapping[str, list[bool]], settings: Mapping[str, list[dict[str, float]]]
) -> Robustness:
    if not experiments:
        return Robustness(claim, 0.0, 0, "", 0.0)
    together = np.logical_and.reduce(np.array([holds[one.id] for one in experiments]))
    weakest = min(experiments, key=lambda one: sum(holds[one.id]))
    name, explained = _hangs_on(holds[weakest.id], settings[weakest.id])
    return Robustness(claim, float(together.mean()), together.size, name, explained)


def _hangs_on(holds: Sequence[bool], settings: Sequence[Mapping[str, float]]) -> tuple[str, float]:
    """The parameter whose value goes most with holding, and the share of it that it explains."""
    outcome = np.array(holds, dtype=np.float64)
    if outcome.std() == 0.0:
        return "", 0.0
    best, explained = "", 0.0
    for name in settings[0]:
        values = np.array([setting[name] for setting in settings])
        if values.std() > 0.0:
            found = float(np.corrcoef(values, outcome)[0, 1]) ** 2
            if found > explained:
                best, explained = name, found
    return best, explained


def _reach(parameter: Parameter, within: float) -> float:
    """How far a parameter is moved, as a share of its value; 0 where its number comes from a source."""
    if parameter.id.startswith((SWITCH, PLANTED)):
        return 0.0
    if parameter.fitted:
        return min(within, FITTED_WITHIN)
    return within if parameter.assumption else 0.0


def _range(parameter: Parameter, reach: float) -> tuple[float, float]:
    ends = (parameter.value * (1 - reach), parameter.value * (1 + reach))
    return min(ends), min(max(ends), ceiling(parameter))


def ceiling(parameter: Parameter) -> float:
    """A share or rate of at most 1 stays one."""
    plain = parameter.unit in ("number", "share") and abs(parameter.value) < 1
    return 1.0 if plain else math.inf


def _moved(parameter: Parameter, within: float, number: int) -> float:
    """The parameter's value in a random setting."""
    share = 2 * draw(run_key(number), site("vary", [parameter.id], "")) - 1
    return min(parameter.value * (1 + _reach(parameter, within) * share), ceiling(parameter))
