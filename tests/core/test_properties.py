"""Whatever the rulebook says and whatever is played: numbers stay in range, and every change has its cause."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from exercise.core.adjudicate import Phase
from exercise.core.decisions import Decision, InjectRelease, MotionDecision, OrderDecision, VoteDecision
from exercise.core.explain import contributions
from exercise.core.legality import legal, refusal
from exercise.core.program import Program
from exercise.core.turns import close_turn, is_finished, open_turn, play_out
from exercise.core.world import World, digest
from tests.core.scenes import out_of_range, world

READ = ["r.heat", "past(r.heat, 1)", "mean(x.heat for x in region)", "5", "-3", "town.funds / (1 million_dollars)"]


def expressions(*words: str) -> st.SearchStrategy[str]:
    """Amounts of a few words."""
    return st.recursive(
        st.sampled_from(words),
        lambda inner: st.one_of(
            st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(lambda part: f"({' '.join(part)})"),
            st.tuples(inner, inner).map(lambda part: f"min({part[0]}, {part[1]})"),
            st.tuples(inner, inner).map(lambda part: f"({part[0]} / max(1, {part[1]}))"),
        ),
        max_leaves=4,
    )


EXPRESSION = expressions(*READ, "noise()")
CONDITION = st.tuples(expressions(*READ), st.sampled_from(["<", ">", ">=", "=="]), expressions(*READ)).map(" ".join)
CHANGE = st.one_of(
    EXPRESSION.map(lambda amount: f'add = "{amount}"'),
    EXPRESSION.map(lambda amount: f'set = "{amount}"'),
    st.tuples(EXPRESSION, st.integers(0, 100)).map(lambda part: f'toward = "{part[0]}", rate = "{part[1]}%"'),
    st.tuples(EXPRESSION, st.sampled_from(["after", "lasts"]), st.integers(0, 5)).map(
        lambda part: f'add = "{part[0]}", {part[1]} = "{part[2]} days"'
    ),
)
EFFECT = st.tuples(st.sampled_from(["r.heat", "north.heat", "south.heat"]), CHANGE).map(lambda part: f'{{ on = "{part[0]}", {part[1]} }}')


def once(text: str) -> str:
    """The text with every draw given a purpose of its own."""
    for number in range(text.count("noise()")):
        text = text.replace("noise()", f"noise('{number}')", 1)
    return text.replace("('", '(\\"').replace("')", '\\")')


def table(kind: str, number: int, effects: list[str], condition: str, keys: str) -> str:
    """A rule or an order with these effects."""
    return once(
        f'[[{kind}]]\nid = "{kind}{number}"\nbecause = "b"\n{keys}\neffects = [{", ".join(effects)}]\n'
        + (f'when = "{condition}"\n' if kind == "rule" else f'possible = [{{ when = "{condition}", say = "s" }}]\n')
    )


RULE = st.tuples(st.lists(EFFECT, min_size=1, max_size=3), CONDITION, st.sampled_from(["", "day", "month"]))
ORDER = st.tuples(st.lists(EFFECT, min_size=1, max_size=2), CONDITION)


@st.composite
def rulebooks(draw: Any) -> str:
    """A few rules and orders that feed each other in every way that the language lets them."""
    rules = draw(st.lists(RULE, min_size=1, max_size=4))
    orders = draw(st.lists(ORDER, max_size=2))
    text = [
        table("rule", number, effects, condition, f'stage = "drift"\nfor = "region r"\nper = "{per}"')
        for number, (effects, condition, per) in enumerate(rules)
    ]
    keys = (
        'seats = ["town"]\ntitle = "T"\npurpose = "relief"\ntext = "t"\ntarget = "region r"\n'
        'costs = [{ resource = "funds", amount = "0.5" }]'
    )
    text += [table("order", number, effects, condition, keys) for number, (effects, condition) in enumerate(orders)]
    return "".join(text)


def assert_gapless(program: Program, before: World, phases: tuple[Phase, ...], after: World) -> None:
    """Every quantity's contributions lead from its value before to its value after, each from where the last one ended.

    Votes by hand are put away when they have been counted; nobody asks why.
    """
    for cell, known in enumerate(program.layout.cells):
        if known is None or (known.quantity.kind, known.quantity.id) == ("ballot", "cast"):
            continue
        at = before.cells[cell]
        for one in contributions(program, phases, cell):
            assert one.before == at, (program.layout.name(cell), one)
            at = one.after
        assert at == after.cells[cell], program.layout.name(cell)


@given(rulebooks(), st.integers(0, 2**32))
@settings(max_examples=40)
def test_any_rulebook_keeps_its_quantities_in_range_and_accounts_for_every_change(text: str, seed: int) -> None:
    """Random rules and orders: each turn ends in range with chains of contributions without a gap; a rehearsal gives the same bits."""
    program = world(text)
    now = program.startex(seed)
    while not is_finished(program, now):
        opened = open_turn(program, now)
        orders = tuple(
            OrderDecision("town", choice.order, choice.target) for choice in legal(program, opened.world, "town")[:2] if choice.legal
        )
        closing = close_turn(program, opened.world, orders)
        assert out_of_range(program, closing.world) == []
        assert_gapless(program, opened.world, closing.phases, closing.world)
        assert digest(close_turn(program, opened.world, orders, telling=False).world) == digest(closing.world)
        now = closing.world
    assert digest(play_out(program, seed)) == digest(play_out(program, seed))


def random_decisions(program: Program, now: World, dice: random.Random) -> tuple[Decision, ...]:
    """What every seat might do: a few orders of its menu, a motion, a vote; now and then an inject by hand."""
    taken: list[Decision] = []

    def offer(decision: Decision) -> None:
        if refusal(program, now, decision, tuple(taken)) is None:
            taken.append(decision)

    for seat in program.playable:
        menu = [choice for choice in legal(program, now, seat) if choice.legal]
        for choice in dice.sample(menu, min(len(menu), 4)):
            order = program.order(seat, choice.order)
            assert order is not None
            size = order.instance.definition.amount
            offer(OrderDecision(seat, choice.order, choice.target, None if size is None else dice.uniform(size.low, size.high)))
        motion = dice.choice(program.motions)
        offer(MotionDecision(seat, motion.body.id, motion.definition.id))
        offer(VoteDecision(seat, motion.body.id, motion.definition.id, dice.choice(["yes", "no", "abstain"])))
    if dice.random() < 0.3:
        offer(InjectRelease(dice.choice(program.injects).definition.id))
    return tuple(taken)


def test_random_legal_play_of_the_shipped_scenario_never_sticks_and_stays_in_range(osh: Program) -> None:
    """Three exercises by dice alone: every turn opens and closes, passing is always possible, nothing leaves its range."""
    dice = random.Random(2010)
    given = 0
    for game in range(3):
        now = osh.startex(game)
        for turn in osh.calendar.turns:
            opened = open_turn(osh, now)
            decisions = random_decisions(osh, opened.world, dice)
            given += len(decisions)
            closing = close_turn(osh, opened.world, decisions)
            assert out_of_range(osh, closing.world) == []
            if game == 0 and turn.number in (1, 7, 14):
                assert_gapless(osh, opened.world, closing.phases, closing.world)
            now = closing.world
        assert is_finished(osh, now)
    assert given > 500
