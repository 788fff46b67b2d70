"""Generated Python: same meaning as the reference, plain and traced to the last bit; effects, delays, gates, traces."""

from __future__ import annotations

import itertools
import marshal
import re

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercise.language import (
    Builder,
    DelaySlot,
    ExpressionError,
    Kernel,
    KernelEffect,
    Query,
    Source,
    compile_source,
    emit_query,
    emit_stage,
    functions_of,
    generate,
)
from exercise.language.meaning import Inputs, evaluate

KEY = 2010
MONTH = 30.4375


def site(rule: str, entities: tuple[str, ...], purpose: str) -> int:
    """A site that can be told apart by eye, unlike the real ones; any function of the three will do here."""
    text = f"{rule}|{','.join(entities)}|{purpose}"
    return sum(ord(letter) * 31**place for place, letter in enumerate(text)) % 2**64


def draw(key: int, at: int) -> float:
    """Any function of key and site within 0..1."""
    return ((key * 6364136223846793005 + at * 1442695040888963407) % 2**64 >> 11) * 2.0**-53


DICE = {"draw": draw, "site": site}


@attrs.define
class Run:
    """What a stage did: its target, pending amounts and trace."""

    target: list[float]
    pending: list[float]
    trace: list[tuple[int, int, int, int, float, float, tuple[tuple[int, float, float], ...]]]


def run(
    kernels, clamps, traced: bool, state, history=(), *, days: float = 10.0, now: float = 5.0, step: int = 0, pending: int = 200
) -> Run:
    """Emit, compile and run a stage."""
    function = compile_source(emit_stage("stage", kernels, clamps, traced), DICE)["stage"]
    result = Run(list(state), [0.0] * pending, [])
    function(tuple(state), result.target, result.pending, list(history), now, days, step, KEY, result.trace if traced else None)
    return result


def bits(values) -> list[str]:
    """Numbers to the last bit, the sign of zero included."""
    return [float(value).hex() for value in values]


def reference(kernels, clamps, state, history, *, days: float = 10.0, now: float = 5.0, step: int = 0, pending: int = 200) -> Run:
    """The same stage by the interpreter, written as design and docstrings say it."""
    result = Run(list(state), [0.0] * pending, [])
    for kernel in kernels:
        for number, binding in enumerate(kernel.bindings):
            amount = state[kernel.gate[number]] if kernel.gate else 0.0
            if kernel.gate and amount == 0.0:
                continue

            def dice(purpose: str, count: int, kernel=kernel, number=number) -> float:
                return draw(KEY, (site(kernel.id, kernel.names[number], purpose) + count * 0x9E3779B97F4A7C15) % 2**64)

            inputs = Inputs(cells=state, history=history, now=now, days=days, binding=binding, arguments=(amount,), draw=dice)
            if kernel.guard is None or evaluate(kernel.code, kernel.guard, inputs):
                for effect in kernel.effects:
                    if effect.guard is None or evaluate(kernel.code, effect.guard, inputs):
                        apply(effect, kernel.code, inputs, number, result, days, step)
    for first, stop, low, high in clamps:
        for cell in range(first, stop):
            result.target[cell] = min(max(result.target[cell], low), high)
    return result


def apply(effect, code, inputs, number: int, result: Run, days: float, step: int) -> None:
    """One effect of the reference."""
    cell = effect.block.cells[evaluate(code, effect.index, inputs)]
    value = evaluate(code, effect.value, inputs)
    length = days / MONTH if effect.per == "month" else days
    if effect.mode == "set":
        result.target[cell] = value
    elif effect.mode == "toward":
        share = evaluate(code, effect.rate, inputs) * length
        share = share / (1.0 + share)
        result.target[cell] = result.target[cell] + (value - inputs.cells[cell]) * share
    else:
        value = value * length if effect.per else value
        if effect.delay is None or effect.delay.reverse:
            result.target[cell] = result.target[cell] + value
        if effect.delay is not None and effect.delay.landing[step] >= 0:
            slot = effect.delay.base + number * effect.delay.steps + effect.delay.landing[step]
            result.pending[slot] = result.pending[slot] - value if effect.delay.reverse else result.pending[slot] + value


def kernel_of(world, builder: Builder, effects, guard=None, name: str = "test.rule", **options) -> Kernel:
    """A kernel over all bindings of the world."""
    return Kernel(
        id=name,
        bindings=world.bindings,
        names=world.entity_ids,
        code=builder.finish(),
        effects=tuple(effects),
        guard=guard.id if guard else None,
        **options,
    )


def change(builder: Builder, on: str, mode: str, text: str, **options) -> KernelEffect:
    """An effect."""
    block, owner = builder.address(on)
    return KernelEffect(mode=mode, block=block, index=owner.id, value=builder.value_for(text, block, mode).id, **options)


def whole(world) -> list[tuple[int, int, float, float]]:
    """Clamps of every cell of the world."""
    return sorted((min(block.cells), max(block.cells) + 1, block.low, block.high) for block in world.blocks.values())


# --- random kernels -------------------------------------------------------------------------------------------------------------------

AMOUNTS = st.sampled_from(
    (
        "3",
        "g.region.country.capital.unrest / 2",
        "r.tension / (2 * g.population / 1 people) - r.abuse / (3 / (1 + g.share))",
        "r.tension * 5%",
        "0.1 * r.abuse + 0.2 * g.trust",
        "noise({n}) * 2",
        "1 if chance(r.tension / 100, {n}) else -1",
        "draw({n})",
        "sum(x.trust * x.share for x in r.groups where x.trust > r.unrest)",
        "mean(n.tension for n in r.neighbours)",
        "clamp(r.tension - past(r.tension, 2), -5, 5)",
        "highest(n.abuse * pressure for n in region where n.country == r.country)",
        "lowest(x.share for x in r.groups)",
        "max(0, pressure - 0.3) * 4",
        "count(x in region where x.tension > count(y in x.groups where y.trust < x.abuse)) / 3",
        "sqrt(r.tension) - -3",
        "abs(r.abuse - r.tension) / max(1, g.trust)",
        "(r.tension - (r.abuse - r.unrest)) / (1 + r.tension * (r.abuse / 100))",
        "min(pressure, g.share, 0.5) * 8",
        "days_since(r.curfew_until) / 30 days",
        "sum(sum(y.share * x.tension for y in x.groups) for x in r.country.regions where any(z in x.groups where z.trust < 50)) * pressure",
    )
)
CONDITIONS = st.sampled_from(
    (
        "r.tension > 40",
        "r.tension between 20 and 80 or r.closed",
        "pressure >= 0.2 and not g.trust == 3",
        "active(r.curfew_until)",
        "r.capacity == failed or r.abuse <= 50",
        "r.country == kyrgyzstan",
        "any(n in r.neighbours where n.unrest > r.unrest)",
        "all(x in r.groups where x.trust > 20) and r.abuse > 10",
        "chance(60%, {n})",
        "chance(over_step(r.tension / 100), {n})",
        "pressure > 0.1 and sum(x.trust for x in r.groups) > 60 and r.abuse > 5",
        "(r.closed if r.tension > 50 else r.abuse > 50) or r.unrest < 30",
        "true",
    )
)
STEPPED = st.sampled_from(("over_step(g.share) * step_days() / 1 days", "noise({n}) / sqrt(step_days() / 1 days)"))
"""What only a kernel may say: a query runs in no step."""
TARGETS = st.sampled_from(("r.unrest", "r.tension", "r.country.legitimacy", "g.trust", "osh.abuse", "g.region.abuse"))
PLAIN_EFFECTS = st.tuples(
    TARGETS,
    st.sampled_from(("add", "set", "toward", "after", "lasts")),
    AMOUNTS | STEPPED,
    st.sampled_from(("", "day", "month")),
    st.none() | CONDITIONS,
)
RULES = st.tuples(st.none() | CONDITIONS, st.lists(PLAIN_EFFECTS, min_size=1, max_size=4), st.booleans())


def build(world, number: int, rule) -> Kernel:
    """A kernel of a random rule; each draw has its own purpose, each delayed effect its own slots."""
    purposes = (f"'p{count}'" for count in itertools.count())
    condition, effects, gated = rule
    builder = world.builder()
    builder.define("pressure", "r.tension / 100 * (1 - g.share)")
    guard = builder.condition(condition.replace("{n}", next(purposes))) if condition else None
    made = []
    for place, (on, mode, text, per, when) in enumerate(effects):
        options: dict[str, object] = {"per": per if mode != "set" else ""}
        if when:
            options["guard"] = builder.condition(when.replace("{n}", next(purposes))).id
        if mode == "toward":
            options["rate"] = builder.rate("2%" if place % 2 else "g.share * 0.5").id
        if mode in ("after", "lasts"):
            options["delay"] = DelaySlot(base=(number * 4 + place) * 12, landing=(1, 2, -1), steps=3, reverse=mode == "lasts")
        made.append(change(builder, on, mode if mode in ("set", "toward") else "add", text.replace("{n}", next(purposes)), **options))
    gate = tuple(world.blocks["region", "closed"].cells[region] for region, _ in world.bindings) if gated else None
    return kernel_of(world, builder, made, guard, f"test.rule_{number}", gate=gate)


@given(
    rules=st.lists(RULES, min_size=1, max_size=3),
    seed=st.integers(0, 10**6),
    step=st.integers(0, 2),
    days=st.sampled_from((1.0, 10.0, 30.4375)),
)
def test_plain_traced_and_reference_agree_to_the_last_bit(world, rules, seed: int, step: int, days: float) -> None:
    """Random stages: the generated functions and the interpreter give the same cells and the same pending amounts; the trace has no gap."""
    kernels = [build(world, number, rule) for number, rule in enumerate(rules)]
    state, history = world.state(seed), [world.state(seed + 1)] * (seed % 3)
    options = {"days": days, "now": float(seed % 40), "step": step}
    expected = reference(kernels, whole(world), state, history, **options)
    plain = run(kernels, whole(world), False, state, history, **options)
    traced = run(kernels, whole(world), True, state, history, **options)
    assert bits(plain.target) == bits(expected.target)
    assert bits(plain.pending) == bits(expected.pending)
    assert (bits(traced.target), bits(traced.pending)) == (bits(plain.target), bits(plain.pending))
    assert_no_gap(traced, state)


def assert_no_gap(result: Run, state) -> None:
    """Each contribution starts where the last one on its cell ended; replayed from the start they give the end."""
    now: dict[int, float] = dict(enumerate(state))
    for kernel, effect, binding, cell, before, after, margins in result.trace:
        assert before == now.get(cell, 0.0)
        assert before != after
        assert kernel >= -1
        assert effect >= 0
        assert binding >= 0
        assert all(isinstance(number, int) for number, _, _ in margins)
        now[cell] = after
    for cell, value in enumerate(result.target):
        assert now[cell] == value
    for slot, value in enumerate(result.pending):
        assert now.get(-1 - slot, 0.0) == value


# --- effects --------------------------------------------------------------------------------------------------------------------------


def one_effect(world, on: str, mode: str, text: str, **options):
    """State, and what one unconditional effect on region bindings made of it."""
    builder = world.builder()
    if "rate" in options:
        options["rate"] = builder.rate(options["rate"]).id
    days = options.pop("days", 10.0)
    kernel = kernel_of(world, builder, [change(builder, on, mode, text, **options)])
    kernel = attrs.evolve(kernel, bindings=((0, 0),), names=(("osh", "osh_one"),))
    state = [50.0] * world.size
    return state, run([kernel], [], False, state, days=days)


def test_add_gains_the_value_once_or_by_day_or_month(world) -> None:
    """Per day times days, per month times days / 30.4375."""
    cell = world.blocks["region", "unrest"].cells[0]
    for per, factor in (("", 1.0), ("day", 10.0), ("month", 10.0 / MONTH)):
        _, result = one_effect(world, "r.unrest", "add", "3", per=per)
        assert result.target[cell] == 50.0 + 3.0 * factor


def test_set_replaces_the_value(world) -> None:
    """Whatever stood there before."""
    _, result = one_effect(world, "r.unrest", "set", "r.tension / 2 + 1")
    assert result.target[world.blocks["region", "unrest"].cells[0]] == 26.0


def test_toward_closes_a_share_of_the_gap_and_never_overshoots(world) -> None:
    """By x / (1 + x) of the gap, x = rate times length: half at x = 1, and below the goal however long the step."""
    cell = world.blocks["region", "unrest"].cells[0]
    assert one_effect(world, "r.unrest", "toward", "90", rate="10%", days=10.0)[1].target[cell] == 70.0
    assert one_effect(world, "r.unrest", "toward", "90", rate="10%", per="day", days=10.0)[1].target[cell] == 70.0
    assert one_effect(world, "r.unrest", "toward", "90", rate="100%", per="month", days=MONTH)[1].target[cell] == 70.0
    assert 89.9 < one_effect(world, "r.unrest", "toward", "90", rate="100%", days=1e6)[1].target[cell] < 90.0


def test_dates_flags_and_listed_values_are_set_as_numbers(world) -> None:
    """Days from STARTEX, 1 or 0, and the place in the list."""
    _, result = one_effect(world, "r.curfew_until", "set", "in_days(7)")
    assert result.target[world.blocks["region", "curfew_until"].cells[0]] == 12.0
    _, result = one_effect(world, "r.closed", "set", "r.tension > 3")
    assert result.target[world.blocks["region", "closed"].cells[0]] == 1.0
    _, result = one_effect(world, "r.capacity", "set", "captured if r.tension > 3 else failed")
    assert result.target[world.blocks["region", "capacity"].cells[0]] == 2.0


def test_effects_of_a_stage_read_the_state_at_its_start(world) -> None:
    """A second rule does not see what a first one changed; changes add up."""
    builder = world.builder()
    kernel = kernel_of(world, builder, [change(builder, "osh.unrest", "add", "osh.unrest")])
    kernel = attrs.evolve(kernel, bindings=((0, 0),))
    result = run([kernel, kernel], [], True, [50.0] * world.size)
    assert result.target[world.blocks["region", "unrest"].cells[0]] == 150.0
    assert [(number, before, after) for number, _, _, _, before, after, _ in result.trace] == [(0, 50.0, 100.0), (1, 100.0, 150.0)]


def test_each_cell_is_clamped_once_and_the_clamp_is_noted(world) -> None:
    """Kernel -1; the value before is what all rules together made."""
    builder = world.builder()
    kernel = attrs.evolve(kernel_of(world, builder, [change(builder, "osh.unrest", "add", "90")]), bindings=((0, 0),))
    cell = world.blocks["region", "unrest"].cells[0]
    result = run([kernel], whole(world), True, [*world.state(1)[:cell], 50.0, *world.state(1)[cell + 1 :]])
    assert result.target[cell] == 100.0
    assert result.trace[-1] == (-1, 0, 0, cell, 140.0, 100.0, ())


def test_a_delayed_amount_waits_in_its_slot(world) -> None:
    """Slot base + binding * steps + landing; the cell itself does not move; beyond the end nothing is written."""
    builder = world.builder()
    slot = DelaySlot(base=7, landing=(1, 2, -1), steps=3)
    kernel = kernel_of(world, builder, [change(builder, "r.unrest", "add", "4", delay=slot)])
    state = [50.0] * world.size
    for step, landing in ((0, 1), (1, 2)):
        result = run([kernel], [], True, state, step=step)
        assert result.target == state
        assert {slot: value for slot, value in enumerate(result.pending) if value} == {
            7 + binding * 3 + landing: 4.0 for binding in range(4)
        }
        assert [entry[2:6] for entry in result.trace] == [(binding, -1 - (7 + binding * 3 + landing), 0.0, 4.0) for binding in range(4)]
    last = run([kernel], [], True, state, step=2)
    assert last.target == state
    assert not any(last.pending)
    assert not last.trace


def test_a_lasting_amount_acts_now_and_its_opposite_waits(world) -> None:
    """With a reverse slot; beyond the end it is never taken back."""
    builder = world.builder()
    kernel = kernel_of(world, builder, [change(builder, "osh.unrest", "add", "4", delay=DelaySlot(0, (1, -1), 2, reverse=True))])
    kernel = attrs.evolve(kernel, bindings=((0, 0),))
    cell, state = world.blocks["region", "unrest"].cells[0], [50.0] * world.size
    for traced in (False, True):
        first, last = run([kernel], [], traced, state, step=0), run([kernel], [], traced, state, step=1)
        assert (first.target[cell], first.pending[1]) == (54.0, -4.0)
        assert (last.target[cell], any(last.pending)) == (54.0, False)


def test_a_gate_of_nought_skips_the_binding_and_else_gives_the_amount(world) -> None:
    """Orders: the committed amount of each binding, by cell."""
    builder = world.builder()
    kernel = kernel_of(world, builder, [change(builder, "g.trust", "add", "amount * 2")])
    first = world.size
    kernel = attrs.evolve(kernel, gate=tuple(range(first, first + 4)))
    state = [50.0] * world.size + [0.0, 3.0, 0.0, 1.5]
    for traced in (False, True):
        result = run([kernel], [], traced, state)
        changed = {cell: value for cell, value in enumerate(result.target) if value != state[cell]}
        trust = world.blocks["group", "trust"].cells
        assert changed == {trust[1]: 56.0, trust[3]: 53.0}


def test_an_argument_without_a_gate_is_refused(world) -> None:
    """Only a gate gives a kernel its amount."""
    builder = world.builder()
    kernel = kernel_of(world, builder, [change(builder, "g.trust", "add", "amount")])
    with pytest.raises(ValueError, match="gate"):
        emit_stage("stage", [kernel], [])


def test_margins_tell_both_sides_of_the_comparisons_that_decided(world) -> None:
    """Of the rule's condition and of the effect's own, as numbers of Kernel.comparisons."""
    builder = world.builder()
    guard = builder.condition("r.tension > 40 and r.abuse between 10 and 60 or not r.closed")
    when = builder.condition("g.trust < r.tension")
    kernel = kernel_of(
        world, builder, [change(builder, "r.unrest", "add", "1"), change(builder, "r.unrest", "add", "1", guard=when.id)], guard
    )
    kernel = attrs.evolve(kernel, bindings=((0, 0),))
    assert kernel.comparisons == ("r.tension > 40", "r.abuse >= 10", "r.abuse <= 60", "g.trust < r.tension")
    state = [50.0] * world.size
    state[world.blocks["group", "trust"].cells[0]] = 20.0
    first, second = run([kernel], [], True, state).trace
    assert first[6] == ((0, 50.0, 40.0), (1, 50.0, 10.0), (2, 50.0, 60.0))
    assert second[6] == (*first[6], (3, 20.0, 50.0))


def test_draws_belong_to_the_rule_its_entities_and_the_purpose(world) -> None:
    """Adding another rule, or leaving out another binding, does not change a rule's draws."""
    builder = world.builder()
    kernel = kernel_of(world, builder, [change(builder, "g.trust", "set", "draw('u') * 100")])
    other = attrs.evolve(kernel, id="another.rule", effects=(change(builder, "g.share", "set", "draw('v')"),), code=builder.finish())
    state, trust = [0.0] * world.size, world.blocks["group", "trust"].cells
    alone = run([kernel], [], False, state).target
    beside = run([other, kernel], [], False, state).target
    fewer = run([attrs.evolve(kernel, bindings=world.bindings[2:], names=world.entity_ids[2:])], [], False, state).target
    assert [alone[cell] for cell in trust] == [beside[cell] for cell in trust]
    assert [alone[cell] for cell in trust[2:]] == [fewer[cell] for cell in trust[2:]]
    assert alone[trust[3]] == draw(KEY, site("test.rule", ("andijan", "andijan_one"), "u")) * 100.0


def test_noise_is_made_of_three_draws(world) -> None:
    """2 * (u0 + u1 + u2) - 3, the draws at the site plus multiples of the golden constant."""
    builder = world.builder()
    kernel = attrs.evolve(
        kernel_of(world, builder, [change(builder, "osh.unrest", "set", "noise()")]), bindings=((0, 0),), names=(("osh", "osh_one"),)
    )
    one, two, three = (draw(KEY, (site("test.rule", ("osh", "osh_one"), "noise") + n * 0x9E3779B97F4A7C15) % 2**64) for n in range(3))
    assert run([kernel], [], False, [0.0] * world.size).target[world.blocks["region", "unrest"].cells[0]] == 2.0 * (one + two + three) - 3.0


def test_a_draw_needs_the_names_of_its_bindings(world) -> None:
    """Dice are keyed by name, never by position."""
    builder = world.builder()
    kernel = attrs.evolve(kernel_of(world, builder, [change(builder, "g.trust", "set", "draw('u')")]), names=())
    with pytest.raises(ValueError, match="names"):
        emit_stage("stage", [kernel], [])


def test_past_values_stop_at_startex(world) -> None:
    """So many turn-ends ago; before the first, the first; with no history at all, the present."""
    builder = world.builder()
    kernel = attrs.evolve(kernel_of(world, builder, [change(builder, "osh.unrest", "set", "past(osh.tension, 2)")]), bindings=((0, 0),))
    unrest, tension = world.blocks["region", "unrest"].cells[0], world.blocks["region", "tension"].cells[0]

    def of(value: float) -> list[float]:
        return [value if cell == tension else 0.0 for cell in range(world.size)]

    for history, expected in (([], 9.0), ([of(1.0)], 1.0), ([of(1.0), of(2.0)], 1.0), ([of(1.0), of(2.0), of(3.0)], 2.0)):
        assert run([kernel], [], False, of(9.0), history).target[unrest] == expected


def test_min_and_max_keep_the_first_of_equals(world) -> None:
    """min(a, b) is b if b < a else a: of minus nought and nought the first comes out, in every form."""
    builder = world.builder()
    texts = {
        "min(-r.closed, 0)": "-0x0.0p+0",
        "min(0, -r.closed)": "0x0.0p+0",
        "max(-r.closed, 0)": "-0x0.0p+0",
        "max(0, -r.closed)": "0x0.0p+0",
    }
    outputs = tuple(builder.lower(text).id for text in texts)
    query = Query(id="noughts", arity=1, code=builder.finish(), outputs=outputs)
    state = [0.0] * world.size
    answers = compile_source(emit_query(query, name="noughts"))["noughts"](state, [], 0.0, 0)
    assert bits(answers) == list(texts.values())
    assert bits(evaluate(query.code, output, Inputs(cells=state, binding=(0,))) for output in outputs) == list(texts.values())


def test_what_does_not_change_in_a_loop_is_worked_out_before_it(world) -> None:
    """And what several effects read is worked out once."""
    builder = world.builder()
    effects = [change(builder, "r.unrest", "add", f"sum(x.trust * sqrt(r.tension + r.abuse) for x in r.groups) * {n}") for n in (2, 3)]
    text = emit_stage("stage", [kernel_of(world, builder, effects)], []).text
    assert text.count("sqrt") == 1
    assert text.count("for x0 in") == 1
    assert text.index("sqrt") < text.index("for x0 in")


def test_an_empty_stage_runs(world) -> None:
    """No kernels, no bindings, no clamps."""
    builder = world.builder()
    empty = attrs.evolve(kernel_of(world, builder, [change(builder, "r.unrest", "add", "1")]), bindings=(), names=())
    for kernels in ([], [empty]):
        assert run(kernels, [], True, [1.0] * world.size).target == [1.0] * world.size


# --- queries --------------------------------------------------------------------------------------------------------------------------


@given(condition=CONDITIONS.filter(lambda text: "over_step" not in text), amount=AMOUNTS, seed=st.integers(0, 10**6))
def test_queries_answer_as_the_reference_does(world, condition: str, amount: str, seed: int) -> None:
    """Plain and traced, for every binding; a draw has no place in a query."""
    builder = world.builder(frozenset({"past"}))
    builder.define("pressure", "r.tension / 100 * (1 - g.share)")
    try:
        values = [builder.condition(condition), builder.lower(amount), builder.lower("amount * 2")]
    except ExpressionError:
        assert "{n}" in condition + amount, "only draws are refused"
        return
    query = Query(id="seat: needs?", arity=2, arguments=1, code=builder.finish(), outputs=tuple(value.id for value in values))
    functions = compile_source([emit_query(query, False, "plain"), emit_query(query, True, "traced")])
    state, history = world.state(seed), [world.state(seed + 1)]
    for binding in world.bindings:
        inputs = Inputs(cells=state, history=history, now=3.0, binding=binding, arguments=(2.5,))
        expected = tuple(evaluate(query.code, value.id, inputs) for value in values)
        assert functions["plain"](state, history, 3.0, *binding, 2.5) == expected
        outputs, margins = functions["traced"](state, history, 3.0, *binding, 2.5)
        assert outputs == expected
        assert isinstance(outputs[0], bool)
        for number, left, right in margins:
            comparison = query.code.comparisons[number]
            assert (left, right) == (evaluate(query.code, comparison.left, inputs), evaluate(query.code, comparison.right, inputs))


# --- the text -------------------------------------------------------------------------------------------------------------------------

WORDS = re.compile(r"(?<![\w.])[A-Za-z_]\w*")
ALLOWED = re.compile(
    r"[STPH]|H\d+|[abcdefglnuvwx]\d*|[BCDKLR]_[0-9a-f]{16}|now|days|months|step|key|trace|append|first|stop|low|high|stage|query|range|len|draw|sqrt"
    r"|def|for|in|if|elif|else|not|and|or|continue|break|return|True|False|None"
)


@given(rules=st.lists(RULES, min_size=1, max_size=3), traced=st.booleans())
def test_the_emitted_text_holds_nothing_but_the_forms_own_operations(world, rules, traced: bool) -> None:
    """No sum(), no libm but sqrt, no min/max, no name or text of content: every word of the source is one of a closed list."""
    source = emit_stage("stage", [build(world, number, rule) for number, rule in enumerate(rules)], whole(world), traced)
    assert {word for word in WORDS.findall(source.text) if not ALLOWED.fullmatch(word)} == set()
    assert not set(source.text) & set("\"'\\#@;%&|^~`?") - (set(";") if traced else set())


def test_names_of_content_never_reach_the_source(world) -> None:
    """Hostile ids and purposes stay data."""
    hostile = 'x\'); import os; (\'\n"""'
    builder = world.builder()
    effect = change(builder, "g.trust", "set", "draw('import os')")
    kernel = Kernel(id=hostile, bindings=((0, 0),), names=((hostile, hostile),), code=builder.finish(), effects=(effect,))
    source = emit_stage("stage", [kernel], [])
    assert "import" not in source.text
    run([kernel], [], False, [0.0] * world.size)
    value = builder.lower("osh.unrest")
    query = emit_query(Query(id=hostile, code=builder.finish(), outputs=(value.id,)))
    assert "import" not in query.text
    for name in (hostile, "a b", "", "1a", "é"):
        with pytest.raises(ValueError, match="name"):
            emit_stage(name, [], [])


def test_two_functions_of_one_name_are_refused() -> None:
    """A later one would silently replace the other."""
    with pytest.raises(ValueError, match="twice"):
        compile_source([Source("twice", "def twice(): return 1\n", {}), Source("twice", "def twice(): return 2\n", {})])


def test_generated_code_can_be_kept_and_made_into_functions_later(world) -> None:
    """The code object survives marshal; functions made from the kept code give the same bits, with the dice given then."""
    builder = world.builder()
    kernel = kernel_of(world, builder, [change(builder, "g.trust", "set", "draw('u') * 100")])
    made = generate([emit_stage("stage", [kernel], whole(world))])
    kept = attrs.evolve(made, code=marshal.loads(marshal.dumps(made.code)))
    target = [0.0] * world.size
    functions_of(kept, DICE)["stage"]([0.0] * world.size, target, [], [], 5.0, 10.0, 0, KEY, None)
    assert bits(target) == bits(run([kernel], whole(world), False, [0.0] * world.size).target)
    with pytest.raises(KeyError, match="site"):
        functions_of(kept)


def test_generated_functions_see_no_builtins() -> None:
    """What is not given is not there."""
    function = compile_source(Source("probe", "def probe():\n return open\n", {}))["probe"]
    with pytest.raises(NameError):
        function()


def test_deep_chains_of_local_names_compile(world) -> None:
    """Single-use values are written inline only to a bounded height: 1,000 operations in a chain neither nest brackets nor recurse."""
    builder = world.builder()
    builder.define("v0", "r.tension")
    for number in range(1, 121):
        builder.define(f"v{number}", f"2 - (v{number - 1} / (3 + g.share) - (1 - amount / (2 + g.share)))")
    query = Query(id="deep", arity=2, arguments=1, code=builder.finish(), outputs=(builder.lower("v120").id,))
    function = compile_source(emit_query(query, False, "deep"))["deep"]
    state = world.state(3)
    inputs = Inputs(cells=state, binding=(0, 0), arguments=(1.0,))
    assert function(state, [], 0.0, 0, 0, 1.0) == (evaluate(query.code, query.outputs[0], inputs),)


def test_a_loop_of_a_later_condition_runs_only_when_the_earlier_ones_hold(world) -> None:
    """Quick rulebooks: the cheap part of a condition stands before the loop of its expensive part."""
    builder = world.builder()
    guard = builder.condition("r.tension > 40 and sum(x.trust for x in r.groups) > 60")
    text = emit_stage("stage", [kernel_of(world, builder, [change(builder, "r.unrest", "add", "1")], guard)], []).text
    assert text.index("continue") < text.index("for x0 in")
