"""A small exercise with one of everything that a log can record, and hosts that play it without people."""

from __future__ import annotations

import pathlib
import random
from collections.abc import Callable

from exercise.core.decisions import Decision, InjectRelease, MotionDecision, OrderDecision, RuledEffect, Ruling, VoteDecision
from exercise.core.layout import BUILT_IN
from exercise.core.legality import legal, refusal
from exercise.core.program import Program
from exercise.core.turns import close_turn, is_finished, open_turn
from exercise.core.world import World, digest
from exercise.record.branching import branched
from exercise.record.commitment import commitment, open_salt
from exercise.record.disk import LOCAL, Disk
from exercise.record.inputs import entry_of, taken_after, turn_data, withdrawal_of
from exercise.record.journal import Journal
from exercise.record.reading import read_log
from exercise.record.testing import sample_header
from tests.worlds import world_of

VALLEYS = """
[[rule]]
id = "drift.heating"
stage = "drift"
for = "region r"
per = "day"
effects = [{ on = "r.heat", add = "5 + noise() + (100 - r.heat) * 0.05" }]
because = "it is summer"
assumption = true
reason = "a test"

[[rule]]
id = "drift.leaving"
stage = "drift"
for = "region r"
when = "r.heat > 40 and chance(50%)"
effects = [{ on = "r.people", add = "-40 people", lasts = "3 days" }]
because = "people flee the heat"
assumption = true
reason = "a test"

[[report]]
id = "thermometer"
of = "region.heat"
to = ["town", "guest"]
measured_by = "the town's thermometer"
noise = "2"
assumption = true
reason = "a test"

[[order]]
id = "cool"
seats = ["town"]
title = "Cool a region"
purpose = "security"
text = "Cools."
target = "region r"
amount = { unit = "points", low = 1, high = 30, default = 10, what = "cooling", assumption = true, reason = "a test" }
costs = [{ resource = "funds", amount = "0.5" }]
effects = [{ on = "r.heat", add = "-amount" }]
because = "the town cools it"
assumption = true
reason = "a test"

[[order]]
id = "visit"
seats = ["town", "guest"]
title = "Visit"
purpose = "diplomacy"
text = "Shows interest."
effects = [{ on = "north.people", add = "10 people", after = "2 days" }]
because = "guests stay"
assumption = true
reason = "a test"

[[body]]
id = "council"
name = "The council"
short = "Council"
rule_text = "decides by majority"
decision = "majority"
members = [{ seat = "town" }, { seat = "guest" }]
assumption = true
reason = "a test"

[[body.motions]]
id = "send"
title = "Send help"
text = "Sends help."
may_table = ["town", "guest"]
tests = [{ stage = "means", passes = "south.heat > 30", say = "the south is not hot enough" }]
effects = [{ on = "south.heat", add = "-20" }]
because = "help was sent"
assumption = true
reason = "a test"

[[inject]]
id = "fire"
number = 1
title = "A fire"
kind = "contingency"
from = "the radio"
to = ["all"]
method = "radio"
text = "There is a fire in the south."
expected_action = "cool it"
objective = "none"
effects = [{ on = "south.heat", add = "15" }]
because = "there was a fire"
assumption = true
reason = "a test"
"""

Choose = Callable[[Program, World, tuple[Decision, ...]], Decision | None]
"""Given the open world and what was taken so far: one more decision, or None to close the turn."""


def valleys(extra: str = "") -> Program:
    """The exercise, compiled."""
    return world_of(VALLEYS + extra)


def header_of(program: Program, seed: int) -> dict:
    """The first line of its log."""
    promise = {"seed": seed, "salt": open_salt(seed), "seed_commitment": commitment(seed, open_salt(seed))}
    content = program.content
    return (
        sample_header()
        | promise
        | {
            "scenario": content.scenario.id,
            "cut": program.cut.id,
            "seats": [seat.id for seat in content.seats],
            "files": [list(file) for file in content.files],
        }
    )


def play(
    path: pathlib.Path, program: Program, choose: Choose, seed: int = 7, turns: int = 99, disk: Disk = LOCAL, at: str | None = None
) -> str:
    """Play and record as a host does: validate, append, apply. Returns the head."""
    journal = Journal.create(path, header_of(program, seed), at, disk=disk)
    world = program.startex(seed)
    while not is_finished(program, world) and world.turn < turns:
        opening = open_turn(program, world)
        taken: tuple[Decision, ...] = ()
        while (decision := choose(program, opening.world, taken)) is not None:
            refused = refusal(program, opening.world, decision, taken)
            assert refused is None, (decision, refused)
            taken = taken_after(taken, journal.append(*entry_of(decision, world.turn + 1), at))
        closing = close_turn(program, opening.world, taken)
        journal.append("turn_closed", turn_data(closing.world, (*opening.outcomes, *closing.outcomes)), at)
        world = closing.world
    if is_finished(program, world):
        journal.append("ended", {"digest": digest(world)}, at)
    journal.close()
    return journal.head


def scripted(*by_turn: tuple[Decision, ...]) -> Choose:
    """Decide what is given for each turn, in order."""

    def choose(_program: Program, world: World, taken: tuple[Decision, ...]) -> Decision | None:
        wanted = by_turn[world.turn] if world.turn < len(by_turn) else ()
        return wanted[len(taken)] if len(taken) < len(wanted) else None

    return choose


def at_random(dice: random.Random) -> Choose:
    """Any legal order, motion, vote, release or ruling, or none: what the rules let pass."""

    def choose(program: Program, world: World, taken: tuple[Decision, ...]) -> Decision | None:
        if dice.random() < 0.2:
            return None
        candidates = [one for one in everything(program, world, taken, dice) if refusal(program, world, one, taken) is None]
        return dice.choice(candidates) if candidates else None

    return choose


def everything(program: Program, world: World, taken: tuple[Decision, ...], dice: random.Random) -> list[Decision]:
    """What anybody could think of: every order on a menu, motions, votes, injects, and a ruling of any size on what content declares."""
    found: list[Decision] = []
    for seat in program.seats:
        committed = tuple(one for one in taken if isinstance(one, OrderDecision) and one.seat == seat.id)
        for choice in legal(program, world, seat.id, committed):
            order = program.order(seat.id, choice.order)
            assert order is not None
            sized = order.instance.definition.amount
            amount = None if sized is None else dice.uniform(sized.low, sized.high)
            found.append(OrderDecision(seat.id, choice.order, choice.target, amount))
        for motion in program.motions:
            found.append(MotionDecision(seat.id, motion.body.id, motion.definition.id))
            vote = VoteDecision(seat.id, motion.body.id, motion.definition.id, dice.choice(["yes", "no", "abstain"]))
            found += [] if any(isinstance(one, VoteDecision) and one.seat == seat.id for one in taken) else [vote]
    found += [InjectRelease(inject.definition.id) for inject in program.injects]
    cell = dice.choice([cell for cell in program.layout.cells if cell is not None and cell.quantity not in BUILT_IN])
    amount = dice.choice([-1.0, 1.0]) * 10 ** dice.uniform(-3, 30)
    found.append(
        Ruling((RuledEffect(cell.entity, cell.quantity.id, dice.choice(["add", "set"]), amount, dice.choice([0.0, 2.0])),), "dice")
    )
    return found


FULL = scripted(
    (OrderDecision("town", "cool", "north", 7.5), OrderDecision("guest", "visit"), MotionDecision("guest", "council", "send")),
    (InjectRelease("fire"), OrderDecision("town", "visit")),
    (Ruling((RuledEffect("north", "heat", "add", 10.0, 1.0),), "the room agreed"), OrderDecision("town", "cool", "south")),
    (MotionDecision("town", "council", "send"), VoteDecision("town", "council", "send", "no", "we need it here")),
)
"""Orders and a motion; an inject; a ruling; a vote against one's own motion."""


def branch(source: pathlib.Path, target: pathlib.Path, turn: int, seed: int | None = None) -> Journal:
    """A log of its own that shares the source's turns before that one, open for more."""
    return Journal.create_from(target, branched([*read_log(source)], turn, seed=seed))


def withdrawn(decision: OrderDecision, turn: int) -> tuple[str, dict]:
    """The entry that takes an order back."""
    return withdrawal_of(decision, turn)
