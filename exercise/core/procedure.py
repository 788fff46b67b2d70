"""How bodies decide: one procedure for all of them, with every difference in content.

A motion moves through its body's procedure at each sitting, as a table of states:

    none -- tabled by a seat (or as a fallback) --> tabled
    tabled -- the first test that fails refuses ---> refused      (agenda, request, mandate ...: it is named)
    tabled -- the first test that fails waits -----> tabled       (tried again at the next sitting; later tests are not reached)
    tabled -- the pace has run, the rule is met ---> adopted      (size as delay has left it; effects follow)
    tabled -- the pace has run, the rule is not ---> tabled       (objections recorded; tried again at the next sitting)
    tabled -- its life has run --------------------> lapsed
    refused with a fallback -----------------------> the fallback is tabled

Members vote by hand or by their standing positions; positions are recorded also for a motion that fails its tests, so that a debrief can
show who would have objected. Everything here is lowered to kernels, so it runs in every back end alike.

Sources: the memo on the CSTO, SCO and OSCE in 2010 (mandate tests, consensus, host and local consent, missions that shrink with delay);
the OSCE's rules on consensus and silence.
"""

from __future__ import annotations

import attrs

from exercise.core.bindings import Bound
from exercise.core.definitions import NOWHERE, BodyDefinition, Effect, Expression, MotionDefinition, Test
from exercise.core.layout import ballot_id, motion_id
from exercise.core.lowering import Cause, Workshop, key_place, number_text
from exercise.language import Kernel, did_you_mean

SITTING = ("1.tests", "2.votes", "3.decision", "4.effects", "5.fallback")
"""The stages of a sitting, in order; each body has its own (``sitting_stage``), since bodies sit on different days of a turn."""
CALLED = "0.called"
"""Landmark of the state that a sitting finds: what its tests read."""

RULES = {
    "consensus": "motion.objections == 0",
    "silence": "motion.objections == 0",
    "consensus_minus_one": "motion.objections <= 1",
    "majority": "sum(v.weight for v in motion.ballots where v.result == yes) * 2 > sum(v.weight for v in motion.ballots)",
}
"""A body's decision rules as conditions on a motion."""


@attrs.frozen(slots=True)
class CompiledMotion:
    """A motion with the questions that tell its story: ``tests`` answers each test in order, ``positions`` each standing position."""

    entity: str
    body: BodyDefinition
    definition: MotionDefinition
    tests: tuple[Test, ...]
    story: int | None
    cause: int

    @property
    def pace_days(self) -> int:
        """Days between tabling and the earliest decision."""
        return self.body.pace_days if self.definition.pace_days is None else self.definition.pace_days

    @property
    def decision(self) -> str:
        """Its decision rule."""
        return self.definition.decision or self.body.decision


Drafts = dict[str, list[tuple[Kernel | None, int]]]


def sitting_stage(body: str, part: str) -> str:
    """Name of a stage of a body's sitting."""
    return f"sitting.{body}.{part}"


def lower_bodies(workshop: Workshop, bodies: tuple[BodyDefinition, ...]) -> tuple[CompiledMotion, ...]:
    """Lower every body's procedure to the stages of its sitting."""
    motions: list[CompiledMotion] = []
    for body in bodies:
        drafts: Drafts = {part: [] for part in SITTING}
        motions += [_lower_motion(workshop, body, motion, drafts) for motion in body.motions]
        for part in SITTING:
            workshop.stage(sitting_stage(body.id, part), drafts[part])
    return tuple(motions)


def _lower_motion(workshop: Workshop, body: BodyDefinition, motion: MotionDefinition, drafts: Drafts) -> CompiledMotion:
    entity = motion_id(body.id, motion.id)
    places = workshop.layout.places
    bound = Bound({"motion": (0, "motion"), "body": (1, "body")}, ((places[entity][1], places[body.id][1]),))
    cause = workshop.cause(Cause("motion", entity, motion.because, motion.claims, motion.source))
    tests = (*body.tests, *motion.tests)
    compiled = CompiledMotion(entity, body, motion, tests, None, cause)
    if compiled.decision not in RULES:
        workshop.problem(
            Expression("", key_place(motion.place, "decision")),
            "unknown-decision",
            f"no decision rule {compiled.decision}",
            f"rules are {', '.join(RULES)}",
        )
        return compiled
    story = workshop.conditions(f"tests:{entity}", bound, [test.passes for test in tests])
    if story is not None:
        drafts[SITTING[0]].append((_tests_kernel(workshop, compiled, bound), cause))
    drafts[SITTING[1]].extend((kernel, cause) for kernel in _ballot_kernels(workshop, compiled))
    drafts[SITTING[2]].append((_decision_kernel(workshop, compiled, bound), cause))
    drafts[SITTING[3]].append((_effects_kernel(workshop, compiled, bound, "adopted", motion.effects), cause))
    drafts[SITTING[3]].append((_effects_kernel(workshop, compiled, bound, "refused", motion.refused_effects), cause))
    if motion.fallback:
        drafts[SITTING[4]].append((_fallback_kernel(workshop, compiled, bound), cause))
    return attrs.evolve(compiled, story=story)


def _text(text: str) -> Expression:
    return Expression(text, NOWHERE)


def _set(on: str, value: str, when: str = "") -> Effect:
    return Effect(on=_text(on), set=_text(value), when=_text(when) if when else None)


def _tests_kernel(workshop: Workshop, compiled: CompiledMotion, bound: Bound) -> Kernel | None:
    let = {f"test_{number}": test.passes for number, test in enumerate(compiled.tests, 1)}
    refusing = _first_failing(compiled.tests, waiting_counts=False)
    effects = (
        _set("motion.failed_test", _first_failing(compiled.tests, waiting_counts=True)),
        _set("motion.status", "refused", f"{refusing} > 0"),
        _set("motion.decided_on", "today()", f"{refusing} > 0"),
    )
    return workshop.kernel(
        f"tests:{compiled.entity}", bound, compiled.cause, effects, let=let, when=[_text("motion.status == tabled and body.sitting")]
    )


def _first_failing(tests: tuple[Test, ...], *, waiting_counts: bool) -> str:
    """Text for the number of the first failing test, 0 when all pass (or when it is one that waits, and those do not count)."""
    text = "0"
    for number, test in reversed(list(enumerate(tests, 1))):
        text = f"({text} if test_{number} else {number if waiting_counts or test.then == 'refuse' else 0})"
    return text


def _ballot_kernels(workshop: Workshop, compiled: CompiledMotion) -> list[Kernel | None]:
    places = workshop.layout.places
    motion, body = places[compiled.entity][1], places[compiled.body.id][1]
    kernels: list[Kernel | None] = []
    for member in compiled.body.members:
        ballot = ballot_id(compiled.entity, member.seat)
        bound = Bound(
            {"motion": (0, "motion"), "body": (1, "body"), "member": (2, "seat"), "ballot": (3, "ballot")},
            ((motion, body, places[member.seat][1], places[ballot][1]),),
        )
        grounds = [(n, p) for n, p in enumerate(compiled.definition.positions, 1) if p.member in (member.seat, "*")]
        let = {f"ground_{number}": position.when for number, position in grounds}
        ground, result = "0", "yes"
        for vote in ("abstain", "no"):
            for number, position in reversed(grounds):
                if position.vote == vote:
                    ground = f"({number} if ground_{number} else {ground})"
                    result = f"({vote} if ground_{number} else {result})"
        effects = (
            _set("ballot.ground", f"0 if ballot.cast != none else {ground}"),
            _set("ballot.result", f"ballot.cast if ballot.cast != none else {result}"),
        )
        when = [_text("body.sitting and (motion.status == tabled or days_since(motion.decided_on) == 0)")]
        kernels.append(workshop.kernel(f"ballot:{ballot}", bound, compiled.cause, effects, let=let, when=when))
    return kernels


def _decision_kernel(workshop: Workshop, compiled: CompiledMotion, bound: Bound) -> Kernel | None:
    life = compiled.body.life_days if compiled.definition.life_days is None else compiled.definition.life_days
    let = {
        "voted": _text(f"body.sitting and motion.failed_test == 0 and days_since(motion.tabled_on) >= {compiled.pace_days} days"),
        "against": _text("count(v in motion.ballots where v.result == no)"),
        "carried": _text(f"voted and ({RULES[compiled.decision].replace('motion.objections', 'against')})"),
        "spent": _text(f"not carried and days_since(motion.tabled_on) >= {life} days"),
    }
    effects = [
        _set("motion.objections", "against", "voted"),
        _set("motion.status", "adopted", "carried"),
        _set("motion.status", "lapsed", "spent"),
        _set("motion.decided_on", "today()", "carried or spent"),
    ]
    if compiled.definition.size_now is not None:
        let["size_now"] = compiled.definition.size_now
        effects.append(_set("motion.size", "size_now", "carried"))
    return workshop.kernel(f"decision:{compiled.entity}", bound, compiled.cause, effects, let=let, when=[_text("motion.status == tabled")])


def _effects_kernel(workshop: Workshop, compiled: CompiledMotion, bound: Bound, status: str, effects: tuple[Effect, ...]) -> Kernel | None:
    when = [_text(f"motion.status == {status} and days_since(motion.decided_on) == 0 days")]
    return workshop.kernel(f"{status}:{compiled.entity}", bound, compiled.cause, effects, when=when)


def _fallback_kernel(workshop: Workshop, compiled: CompiledMotion, bound: Bound) -> Kernel | None:
    fallback = motion_id(compiled.body.id, compiled.definition.fallback)
    if fallback not in workshop.layout.places:
        at = Expression("", key_place(compiled.definition.place, "fallback"))
        own = [motion.id for motion in compiled.body.motions]
        hint = did_you_mean(compiled.definition.fallback, own)
        workshop.problem(at, "unknown-motion", f"there is no motion {compiled.definition.fallback}", hint)
        return None
    size = next(motion.size for motion in compiled.body.motions if motion.id == compiled.definition.fallback)
    effects = (
        _set(f"{fallback}.status", "tabled"),
        _set(f"{fallback}.tabled_on", "today()"),
        _set(f"{fallback}.size", number_text(size)),
    )
    when = [_text("motion.status == refused and days_since(motion.decided_on) == 0 days"), _text(f"{fallback}.status == none")]
    return workshop.kernel(f"fallback:{compiled.entity}", bound, compiled.cause, effects, when=when)
