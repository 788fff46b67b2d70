"""Generated NumPy: the bits of generated Python in every lane."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercise.language import Query, compile_source, emit_array_query, emit_array_stage, emit_query
from exercise.rehearsal.lane_machine import array_functions
from tests.language.test_emit import AMOUNTS, CONDITIONS, DICE, KEY, RULES, bits, build, draw, run, site, whole


def draws(key, sites):
    """The dice of the scalar tests, over arrays."""
    shape = np.broadcast(key, sites).shape
    keys, places = np.broadcast_to(key, shape).ravel(), np.broadcast_to(sites, shape).ravel()
    return np.array([draw(int(one), int(at)) for one, at in zip(keys, places, strict=True)]).reshape(shape)


@given(
    rules=st.lists(RULES, min_size=1, max_size=3),
    seeds=st.lists(st.integers(0, 10**6), min_size=1, max_size=4),
    step=st.integers(0, 2),
    days=st.sampled_from((1.0, 10.0, 30.4375)),
    past=st.integers(0, 3),
)
def test_a_stage_gives_the_same_bits_in_every_lane(world, rules, seeds: list[int], step: int, days: float, past: int) -> None:
    """Random kernels over random states: cells and pending amounts as generated Python leaves them, to the sign of a zero."""
    kernels = [build(world, number, rule) for number, rule in enumerate(rules)]
    # Zeros of either sign: a masked lane must keep even that.
    states = [[-0.0 if value == 0.0 and seed % 2 else value for value in world.state(seed)] for seed in seeds]
    histories = [[world.state(seed + 1 + turn) for turn in range(past)] for seed in seeds]
    made = emit_array_stage("stage", kernels, whole(world))
    function = array_functions([made.source], draws, site)["stage"]
    cells = np.array(states).T.copy()
    pending, target = np.zeros((200, len(seeds))), cells[list(made.rows)]
    earlier = [np.array([history[turn] for history in histories]).T for turn in range(past)]
    with np.errstate(all="ignore"):
        function(cells, target, pending, earlier, 5.0, days, step, np.full(len(seeds), KEY, dtype=np.uint64))
    under, over = np.array(made.low)[:, None], np.array(made.high)[:, None]
    target = np.where(target < under, under, np.where(target > over, over, target))
    cells[list(made.rows)] = target
    for lane, (state, history) in enumerate(zip(states, histories, strict=True)):
        alone = run(kernels, whole(world), False, state, history, days=days, step=step)
        assert bits(cells[:, lane]) == bits(alone.target)
        assert bits(pending[:, lane]) == bits(alone.pending)


@given(
    amount=AMOUNTS.filter(lambda text: "{n}" not in text),
    condition=CONDITIONS.filter(lambda text: "{n}" not in text),
    seed=st.integers(0, 10**6),
)
@pytest.mark.parametrize("single", [False, True], ids=["all bindings", "one binding"])
def test_a_query_gives_the_same_answers_in_every_lane(world, amount: str, condition: str, seed: int, single: bool) -> None:
    """For all bindings at once, or for one: numbers to the last bit, conditions as truth."""
    builder = world.builder(frozenset({"past"}))
    builder.define("pressure", "r.tension / 100 * (1 - g.share)")
    number, truth = builder.lower(amount), builder.condition(condition)
    query = Query(id="q", code=builder.finish(), outputs=(number.id, truth.id), arity=2)
    bindings = world.bindings[:1] if single else world.bindings
    states = [world.state(seed), world.state(seed + 1)]
    alone = compile_source(emit_query(query, name="q"), DICE)["q"]
    together = array_functions([emit_array_query("q", query, bindings)], draws, site)["q"]
    with np.errstate(all="ignore"):
        answers = together(np.array(states).T, [], 5.0)
    shape = (2,) if single else (len(bindings), 2)
    numbers, truths = (np.broadcast_to(answer, shape).reshape(len(bindings), 2) for answer in answers)
    for place, binding in enumerate(bindings):
        for lane, state in enumerate(states):
            expected = alone(state, [], 5.0, *binding)
            assert float(numbers[place, lane]).hex() == float(expected[0]).hex()
            assert bool(truths[place, lane]) == expected[1]
