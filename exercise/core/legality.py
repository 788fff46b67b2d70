"""What a seat may do, and why not: the one place from which menus and refusals come.

Legality is decided from the seat's own view. An order that is legal there but impossible in truth is accepted and fails at resolution, so
that a refusal never tells a seat what it was not told.
"""

from __future__ import annotations

import datetime
import math

from exercise.core.adjudicate import sitting_day
from exercise.core.agreeing import refuse_agreement, refuse_disclosure
from exercise.core.calendar import Turn
from exercise.core.decisions import (
    TAKEN_BACK,
    VOTES,
    AgreementDecision,
    Choice,
    Decision,
    Disclosure,
    InjectRelease,
    MotionDecision,
    OrderDecision,
    Refusal,
    RuledEffect,
    Ruling,
    VoteDecision,
)
from exercise.core.definitions import QuantityDefinition
from exercise.core.layout import BALLOTS, BUILT_IN, MOTION_STATUS, NEVER, ballot_id
from exercise.core.procedure import CompiledMotion
from exercise.core.program import CompiledOrder, Program
from exercise.core.world import World
from exercise.language import did_you_mean

ENGINES_OWN = frozenset((quantity.kind, quantity.id) for quantity in BUILT_IN)
"""Quantities that only the engine moves: a body's procedure, counters of orders and injects."""
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
TINY = 1e-9
"""What binary fractions leave of a tenth."""
LONGEST_DAYS = 100_000.0
"""Days that a lasting ruling can run."""
MAX_RULED_EFFECTS = 12
"""Effects that one ruling may hold."""


def legal(program: Program, world: World, seat: str, committed: tuple[OrderDecision, ...] = ()) -> tuple[Choice, ...]:
    """Every order and target on the seat's menu, legal or with the reason why not, given what it has committed this turn."""
    choices: list[Choice] = []
    for order in program.orders:
        if order.instance.seat == seat:
            for number, target in enumerate(order.targets):
                choices.append(_choice(program, world, order, number, target, committed))
    return tuple(choices)


def refusal(program: Program, world: World, decision: Decision, earlier: tuple[Decision, ...] = ()) -> Refusal | None:
    """Why a decision cannot be taken on the open world, after what was accepted ``earlier`` in the turn; None when it can."""
    match decision:
        case OrderDecision():
            why = _refuse_order(program, world, decision, earlier)
        case MotionDecision():
            why = _refuse_motion(program, world, decision, earlier)
        case VoteDecision():
            why = _refuse_vote(program, world, decision, earlier)
        case Ruling():
            why = _refuse_ruling(program, world, decision, earlier)
        case AgreementDecision():
            why = refuse_agreement(program, world, decision, earlier)
        case Disclosure():
            why = refuse_disclosure(world, decision, earlier)
        case InjectRelease():
            why = _refuse_release(program, world, decision)
    return why


def table_refusal(program: Program, world: World, motion: CompiledMotion, seat: str) -> Refusal | None:
    """Why this seat cannot table this motion; None when it can."""
    if seat not in motion.definition.may_table:
        name = next((one.name for one in program.seats if one.id == seat), seat)
        return Refusal("not-yours", f"{name} cannot table this motion")
    status = MOTION_STATUS[int(world.cells[program.layout.cell(motion.entity, "status")])]
    if status == "tabled":
        return Refusal("open-already", "the motion is tabled already", "vote on it")
    if status == "adopted":
        return Refusal("adopted", "the motion is adopted already", "what it set out to do is decided")
    places = program.layout.places
    binding = (places[motion.entity][1], places[motion.body.id][1], places[seat][1])
    now = program.turn(world.turn + 1).day
    answers = program.ask(program.motion_needs[motion.entity, seat], world.cells, world, now, binding)
    for need, holds in zip(motion.definition.needs, answers, strict=False):
        if not holds:
            return Refusal("need", need.say)
    return None


def vote_refusal(program: Program, world: World, motion: CompiledMotion, seat: str, own: tuple[Decision, ...] = ()) -> Refusal | None:
    """Why this seat cannot vote on this motion, after its ``own`` decisions of the turn; None when it can.

    A motion is open to a seat that sees it on the table or has just tabled it itself. What others table in the same turn no seat can see;
    on a motion that would then be decided unseen a vote is taken in advance, and counts if it is tabled.
    """
    if seat not in [member.seat for member in motion.body.members]:
        return Refusal("not-a-member", f"{seat} is not a member of {motion.body.short}", "only members vote")
    status = MOTION_STATUS[int(world.cells[program.layout.cell(motion.entity, "status")])]
    if status == "tabled" or MotionDecision(seat, motion.body.id, motion.definition.id) in own:
        return None
    if status == "none":
        if decides_at_once(motion, program.turn(world.turn + 1)):
            return None
        return Refusal("not-tabled", "the motion is not on the table", "members vote once it is tabled; whoever tables it may vote at once")
    decided = world.cells[program.layout.cell(motion.entity, "decided_on")]
    words = {"adopted": "was adopted", "refused": "was refused", "lapsed": "has lapsed"}[status]
    day = f" on {_day(program.calendar.date(decided))}" if decided > NEVER else ""
    return Refusal(status, f"the motion {words}{day}", "" if status == "adopted" else "members vote again once it is tabled again")


def standing_vote(program: Program, world: World, motion: CompiledMotion, seat: str, own: tuple[Decision, ...] = ()) -> str:
    """The vote with which a member goes into the sitting: what it cast this turn, else what stands from earlier; empty if neither."""
    for one in reversed(own):
        if isinstance(one, VoteDecision) and (one.seat, one.body, one.motion) == (seat, motion.body.id, motion.definition.id):
            return "" if one.vote == TAKEN_BACK else one.vote
    cast = BALLOTS[int(world.cells[program.layout.cell(ballot_id(motion.entity, seat), "cast")])]
    return "" if cast == "none" else cast


def decides_at_once(motion: CompiledMotion, turn: Turn) -> bool:
    """Whether a motion that is tabled in this turn can be decided in it, so that members who did not table it see it only afterwards."""
    day = sitting_day(motion.body, turn)
    return day is not None and day - turn.day >= motion.pace_days


# --- orders -------------------------------------------------------------------------------------------------------------------------


def order_costs(
    program: Program, world: World, order: CompiledOrder, binding: tuple[int, ...], amount: float
) -> tuple[tuple[str, float], ...]:
    """Price of an order by resource, in the resource's unit."""
    now = program.turn(world.turn + 1).day
    prices = program.ask(order.costs, world.cells, world, now, binding, amount)
    return tuple((cost.resource, price) for cost, price in zip(order.instance.definition.costs, prices, strict=False))


def _choice(
    program: Program, world: World, order: CompiledOrder, number: int, target: str | None, committed: tuple[OrderDecision, ...]
) -> Choice:
    definition = order.instance.definition
    least = definition.amount.low if definition.amount is not None else 1.0
    why = _obstacle(program, world, order, number, least, committed)
    costs = order_costs(program, world, order, order.bound.tuples[number], least)
    if why is None and any((taken.order, taken.target) == (definition.id, target) for taken in committed):
        why = Refusal("committed", "already among your orders this turn")
    if why is None:
        why = _no_more(program, order.instance.seat, committed)
    most = () if definition.amount is None else order_costs(program, world, order, order.bound.tuples[number], definition.amount.high)
    return Choice(definition.id, target, why is None, why.why if why else "", costs, most)


def _obstacle(
    program: Program, world: World, order: CompiledOrder, number: int, amount: float, committed: tuple[OrderDecision, ...]
) -> Refusal | None:
    definition = order.instance.definition
    binding = order.bound.tuples[number]
    now = program.turn(world.turn + 1).day
    for need, holds in zip(definition.needs, program.ask(order.needs, world.cells, world, now, binding, amount), strict=False):
        if not holds:
            return Refusal("need", need.say)
    given = world.cells[order.rests[number]]
    if now - given < definition.cooldown_days:
        again = program.calendar.date(given + definition.cooldown_days)
        here = "given here" if order.rests_by_target else "given"
        return Refusal("cooldown", f"{here} on {_day(program.calendar.date(given))}; again from {_day(again)}")
    return _too_dear(program, world, order, binding, amount, committed)


def _too_dear(
    program: Program, world: World, order: CompiledOrder, binding: tuple[int, ...], amount: float, committed: tuple[OrderDecision, ...]
) -> Refusal | None:
    spent = _spent(program, world, committed)
    for resource, price in order_costs(program, world, order, binding, amount):
        quantity = program.layout.quantities["seat", resource]
        left = world.cells[program.layout.cell(order.instance.seat, resource)] - spent.get(resource, 0.0)
        if price > left:
            return Refusal("too-dear", f"costs {_sum(price, quantity, up=True)}; you have {_sum(left, quantity, up=False, name=False)}")
    return None


def _sum(value: float, quantity: QuantityDefinition, *, up: bool, name: bool = True) -> str:
    """A price or what is left as screens show them: rounded so that what is called too dear is never shown as payable."""
    tenths = (math.ceil(value * 10 - TINY) if up else math.floor(max(0.0, value) * 10 + TINY)) / 10
    if quantity.unit == "million dollars":
        return f"{tenths:,.1f} M$"
    figure = f"{tenths:,.0f}" if tenths.is_integer() else f"{tenths:,.1f}"
    return f"{figure} {quantity.name.lower()}" if name else figure


def _day(date: datetime.date) -> str:
    """A scenario day without its year."""
    return f"{date.day} {MONTHS[date.month - 1]}"


def _spent(program: Program, world: World, committed: tuple[OrderDecision, ...]) -> dict[str, float]:
    spent: dict[str, float] = {}
    for taken in committed:
        order = program.order(taken.seat, taken.order)
        if order is not None and taken.target in order.targets:
            binding = order.bound.tuples[order.targets.index(taken.target)]
            for resource, price in order_costs(program, world, order, binding, size_of(order, taken)):
                spent[resource] = spent.get(resource, 0.0) + price
    return spent


def size_of(order: CompiledOrder, decision: OrderDecision) -> float:
    """The amount of a decision: as given, or the order's default; 1 for an order without a size."""
    amount = order.instance.definition.amount
    if amount is None:
        return 1.0
    return amount.default if decision.amount is None else decision.amount


def _refuse_order(program: Program, world: World, decision: OrderDecision, earlier: tuple[Decision, ...]) -> Refusal | None:
    order = program.order(decision.seat, decision.order)
    if order is None:
        own = [o.instance.definition.id for o in program.orders if o.instance.seat == decision.seat]
        return Refusal("unknown-order", f"{decision.seat} has no order {decision.order}", did_you_mean(decision.order, own))
    definition = order.instance.definition
    if decision.target not in order.targets:
        offered = [target for target in order.targets if target]
        hint = did_you_mean(decision.target or "", offered, f"targets are {', '.join(offered)}" if offered else "it has no target")
        return Refusal("unknown-target", f"{definition.title} cannot be aimed at {decision.target or 'nothing'}", hint)
    if definition.amount is None and decision.amount not in (None, 1.0):
        return Refusal("no-amount", f"{definition.title} has no amount")
    size = size_of(order, decision)
    if definition.amount is not None and not (math.isfinite(size) and definition.amount.low <= size <= definition.amount.high):
        limits = f"{definition.amount.low:,.10g} to {definition.amount.high:,.10g} {definition.amount.unit}"
        return Refusal("amount-range", f"{definition.title} takes {limits}, not {size:,.10g}")
    own_orders = tuple(one for one in earlier if isinstance(one, OrderDecision) and one.seat == decision.seat)
    if any((one.order, one.target) == (decision.order, decision.target) for one in own_orders):
        return Refusal("committed", f"{definition.title} is already among the orders of this turn", "withdraw it first to change it")
    why = _no_more(program, decision.seat, own_orders)
    return why or _obstacle(program, world, order, order.targets.index(decision.target), size, own_orders)


def _no_more(program: Program, seat: str, committed: tuple[OrderDecision, ...]) -> Refusal | None:
    """Whether the seat's allowance of orders is used up."""
    allowance = program.allowance(seat)
    if len(committed) < allowance:
        return None
    words = "one order a turn is" if allowance == 1 else f"{allowance} orders a turn are"
    return Refusal("allowance", f"{words} all a seat has", "withdraw one first")


# --- motions, votes, the facilitator ------------------------------------------------------------------------------------------------


def _find_motion(program: Program, body: str, motion: str) -> CompiledMotion | Refusal:
    found = program.motion(body, motion)
    if found is not None:
        return found
    motions = [one.definition.id for one in program.motions if one.body.id == body]
    if not motions:
        return Refusal("unknown-body", f"there is no body {body}", did_you_mean(body, [one.id for one in program.content.bodies]))
    return Refusal("unknown-motion", f"{body} has no motion {motion}", did_you_mean(motion, motions, f"motions are {', '.join(motions)}"))


def _refuse_motion(program: Program, world: World, decision: MotionDecision, earlier: tuple[Decision, ...]) -> Refusal | None:
    motion = _find_motion(program, decision.body, decision.motion)
    if isinstance(motion, Refusal):
        return motion
    tabled = any(isinstance(one, MotionDecision) and (one.body, one.motion) == (decision.body, decision.motion) for one in earlier)
    # A motion that another seat has just tabled is accepted again: a refusal would tell of the other seat's unpublished act.
    if tabled and decision in earlier:
        return Refusal("open-already", "you have tabled this motion already this turn")
    return table_refusal(program, world, motion, decision.seat)


def _refuse_vote(program: Program, world: World, decision: VoteDecision, earlier: tuple[Decision, ...]) -> Refusal | None:
    motion = _find_motion(program, decision.body, decision.motion)
    if isinstance(motion, Refusal):
        return motion
    if decision.vote not in (*VOTES, TAKEN_BACK):
        return Refusal("unknown-vote", f"a vote is {', '.join(VOTES)}, not {decision.vote}")
    why = vote_refusal(program, world, motion, decision.seat, earlier)
    if why is None and decision.vote == TAKEN_BACK and not standing_vote(program, world, motion, decision.seat, earlier):
        return Refusal("no-vote", "there is no vote to take back", f"a vote is {', '.join(VOTES)}")
    return why


def _refuse_ruling(program: Program, world: World, ruling: Ruling, earlier: tuple[Decision, ...]) -> Refusal | None:
    if not ruling.reason.strip():
        return Refusal("no-reason", "a ruling needs a reason", "say in a sentence why the rules' result is changed")
    if not 1 <= len(ruling.effects) <= MAX_RULED_EFFECTS:
        return Refusal("effects", f"a ruling has 1 to {MAX_RULED_EFFECTS} effects")
    free = sum(1 for cell in program.ruling_cells if world.cells[cell] < 0)
    together = [effect for one in (*earlier, ruling) if isinstance(one, Ruling) for effect in one.effects]
    if sum(1 for effect in together if effect.is_lasting) > free:
        return Refusal("slots", "too many lasting rulings run at once", "wait until one has ended")
    return next((why for effect in ruling.effects if (why := _refuse_effect(program, effect)) is not None), None)


def _refuse_effect(program: Program, effect: RuledEffect) -> Refusal | None:
    kind = program.layout.places.get(effect.entity, ("",))[0]
    if (kind, effect.quantity) in ENGINES_OWN:
        return Refusal("engines-own", f"{effect.entity}.{effect.quantity} is kept by the procedure itself and cannot be ruled")
    if (kind, effect.quantity) not in program.layout.quantities:
        hint = did_you_mean(effect.entity, program.layout.places)
        return Refusal("unknown-quantity", f"there is no {effect.entity}.{effect.quantity}", hint)
    if effect.mode not in ("add", "set") or not math.isfinite(effect.amount) or not 0 <= effect.lasts_days < LONGEST_DAYS:
        return Refusal("effect", "an effect of a ruling adds or sets a finite amount, for a time if it adds")
    return None


def _refuse_release(program: Program, world: World, decision: InjectRelease) -> Refusal | None:
    ids = [inject.definition.id for inject in program.injects]
    if decision.inject not in ids:
        return Refusal("unknown-inject", f"there is no inject {decision.inject}", did_you_mean(decision.inject, ids))
    if world.cells[program.layout.cell(decision.inject, "released")] > 0:
        return Refusal("released", "that inject has been released already")
    return None
