"""Content made ready for experiments: what claims rest on can be left out run by run, opposite rules planted, numbers measured.

Everything is content again: a switch is a parameter that the compiler gives a cell (``compile.attempt_compile`` with ``tuned``), what hangs
on it asks for it in its condition, a planted rule hangs on one that is off, a measure is a fact. So an experiment runs the very rules that
people play, and runs that differ in a switch share their luck.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import attrs

from exercise.core.definitions import Content, Effect, Experiment, Expression, Fact, Parameter, Rule

SWITCH = "switch_of."
"""Beginning of the ids of parameters that leave something out (0) or let it stand (1)."""
STRENGTH = "strength_of."
"""Beginning of the ids of parameters that scale the changes of a rule whose sizes are assumptions."""
PLANTED = "planted."
"""Beginning of the names of planted rules' switches, before the experiment's id."""

_TERM = re.compile(r"\s*([+-]?)\s*([A-Za-z_][A-Za-z0-9_]*)\s*")


@attrs.frozen(slots=True)
class Laboratory:
    """Content for experiments: ``switches`` gives the parameter of everything that can be left out or planted, by its name.

    ``missing`` are names that the content does not have.
    """

    content: Content
    switches: Mapping[str, str]
    missing: frozenset[str]


def laboratory(content: Content, experiments: Iterable[Experiment], names: Iterable[str]) -> Laboratory:
    """The content with a switch for each of ``names``, the experiments' planted rules and, as its only facts, their measures."""
    experiments = tuple(experiments)
    missing: set[str] = set()
    switches: dict[str, str] = {}
    for name in dict.fromkeys(names):
        switch = f"{SWITCH}s{len(switches)}"
        switched = _switched(content, name, switch)
        if switched is None:
            missing.add(name)
            continue
        content, switches[name] = switched, switch
    planted: list[Rule] = []
    for experiment in experiments:
        if experiment.plant:
            switch = switches[PLANTED + experiment.id] = f"{SWITCH}p{len(switches)}"
            planted += [attrs.evolve(rule, when=_on(rule.when, switch, rule)) for rule in experiment.plant]
    made = tuple(
        Parameter(id=switch, value=0.0 if name.startswith(PLANTED) else 1.0, meaning="whether it stands")
        for name, switch in switches.items()
    )
    facts = tuple(
        Fact(id=one.id, title=one.says, value=one.measure, unit=one.unit, low=0.0, high=0.0, place=one.place) for one in experiments
    )
    ready = attrs.evolve(content, parameters=(*content.parameters, *made), rules=(*content.rules, *planted), facts=facts)
    return Laboratory(ready, switches, frozenset(missing))


def with_strengths(content: Content) -> Content:
    """The content with a factor, 1 unless tuned, on all changes of each rule whose sizes are assumptions (``strength_of`` names it).

    Rates are kept within 0..1, since a parameter that is one may be moved as well.
    """
    weighed = [rule for rule in content.rules if rule.assumption]
    made = tuple(
        Parameter(
            id=strength_of(rule), value=1.0, meaning=f"strength of {rule.id}", assumption=True, reason=rule.reason, fitted=rule.fitted
        )
        for rule in weighed
    )
    rules = tuple(_scaled(rule, strength_of(rule) if rule.assumption else "1") for rule in content.rules)
    return attrs.evolve(content, rules=rules, parameters=(*content.parameters, *made))


def strength_of(rule: Rule) -> str:
    """The parameter that scales a rule's changes."""
    return STRENGTH + rule.id


def _scaled(rule: Rule, strength: str) -> Rule:
    def scaled(effect: Effect) -> Effect:
        if effect.add is not None and strength != "1":
            return attrs.evolve(effect, add=Expression(f"({effect.add.text}) * {strength}", effect.add.place))
        if effect.rate is not None:
            return attrs.evolve(effect, rate=Expression(f"clamp(({effect.rate.text}) * {strength}, 0, 1)", effect.rate.place))
        return effect

    return attrs.evolve(rule, effects=tuple(scaled(effect) for effect in rule.effects))


def contrast_of(experiment: Experiment) -> dict[str, float]:
    """The weight of each arm in what is compared. Raises ``ValueError`` with what is wrong."""
    arms = [arm.id for arm in experiment.arms]
    if not experiment.contrast:
        if not arms:
            raise ValueError("an experiment has at least one arm")
        return {arms[0]: 1.0} if len(arms) == 1 else {arms[0]: 1.0, arms[1]: -1.0}
    weights: dict[str, float] = {}
    at = 0
    while at < len(experiment.contrast):
        term = _TERM.match(experiment.contrast, at)
        if term is None or (at and not term[1]):
            raise ValueError(f"'{experiment.contrast[at:][:20].strip()}' is not + or - and an arm")
        if term[2] not in arms:
            raise ValueError(f"there is no arm {term[2]}; arms are {', '.join(arms)}")
        weights[term[2]] = weights.get(term[2], 0.0) + (-1.0 if term[1] == "-" else 1.0)
        at = term.end()
    return weights


# --- leaving out ----------------------------------------------------------------------------------------------------------------


def _on(when: Expression | None, switch: str, owner: Any) -> Expression:
    """A condition that also asks for a switch."""
    if when is None:
        return Expression(f"{switch} > 0", owner.place)
    return Expression(f"({when.text}) and {switch} > 0", when.place)


def _switched(content: Content, name: str, switch: str) -> Content | None:
    """The content with what a name means hanging on a switch; None where the name means nothing."""
    for field, hang in _BY_FIELD.items():
        group = getattr(content, field)
        if any(one.id == name for one in group):
            hung: dict[str, Any] = {field: tuple(hang(one, switch) if one.id == name else one for one in group)}
            return attrs.evolve(content, **hung)
    body_id, _, rest = name.partition(".")
    for number, body in enumerate(content.bodies):
        if body.id == body_id:
            changed = _in_body(body, rest, switch)
            if changed is not None:
                return attrs.evolve(content, bodies=(*content.bodies[:number], changed, *content.bodies[number + 1 :]))
    return None


def _hang_condition(one: Any, switch: str) -> Any:
    return attrs.evolve(one, when=_on(one.when, switch, one))


def _hang_assessment(one: Any, switch: str) -> Any:
    return attrs.evolve(one, set=Expression(f"({one.set.text}) if {switch} > 0 else {one.on.text}", one.set.place))


def _hang_effects(one: Any, switch: str) -> Any:
    return attrs.evolve(one, effects=_hung(one.effects, switch))


def _hung(effects: tuple[Effect, ...], switch: str) -> tuple[Effect, ...]:
    return tuple(attrs.evolve(effect, when=_on(effect.when, switch, effect)) for effect in effects)


_BY_FIELD: dict[str, Callable[[Any, str], Any]] = {
    "rules": _hang_condition,
    "assessments": _hang_assessment,
    "reports": _hang_condition,
    "orders": _hang_effects,
    "injects": _hang_effects,
}


def _in_body(body: Any, rest: str, switch: str) -> Any:
    """A body with what ``rest`` means hanging on a switch: a stage of all motions' tests, a motion, its stage or a member's position."""
    first, _, second = rest.partition(".")
    if not second and any(test.stage == first for test in body.tests):
        return attrs.evolve(body, tests=_passing(body.tests, first, switch))
    for number, motion in enumerate(body.motions):
        if motion.id != first:
            continue
        changed = _in_motion(motion, second, switch)
        return None if changed is None else attrs.evolve(body, motions=(*body.motions[:number], changed, *body.motions[number + 1 :]))
    return None


def _in_motion(motion: Any, part: str, switch: str) -> Any:
    if not part:
        return attrs.evolve(motion, effects=_hung(motion.effects, switch), refused_effects=_hung(motion.refused_effects, switch))
    if any(test.stage == part for test in motion.tests):
        return attrs.evolve(motion, tests=_passing(motion.tests, part, switch))
    member = "*" if part == "everybody" else part
    if any(position.member == member for position in motion.positions):
        positions = tuple(_hang_condition(one, switch) if one.member == member else one for one in motion.positions)
        return attrs.evolve(motion, positions=positions)
    return None


def _passing(tests: tuple[Any, ...], stage: str, switch: str) -> tuple[Any, ...]:
    """Tests of which those of a stage pass while a switch is off."""
    return tuple(
        attrs.evolve(test, passes=Expression(f"({test.passes.text}) or {switch} == 0", test.passes.place)) if test.stage == stage else test
        for test in tests
    )
