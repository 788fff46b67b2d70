"""Refusals: values that say why, from the seat's own view, and leave everything as it was."""

from __future__ import annotations

import random

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exercise.core.decisions import Decision, InjectRelease, MotionDecision, OrderDecision, Refusal, RuledEffect, Ruling, VoteDecision
from exercise.core.legality import MAX_RULED_EFFECTS, legal, refusal
from exercise.core.program import Program
from exercise.core.turns import close_turn, open_turn
from exercise.core.world import World, digest
from tests.core.scenes import out_of_range, play, world
from tests.record.played import at_random, valleys
from tests.worlds import value

_KEPT: list[Program] = []


def exercise() -> Program:
    """The small exercise with one of everything, compiled once."""
    if not _KEPT:
        _KEPT.append(valleys())
    return _KEPT[0]


def opened(seed: int = 1) -> World:
    """Its first turn's open world."""
    return open_turn(exercise(), exercise().startex(seed)).world


ODD = st.sampled_from(
    ["", "town", "guest", "cool", "visit", "north", "council", "send", "fire", "heat", "status", "yes", "x" * 300, "\x1b[2J", "Ош"]
)
AMOUNTS = st.none() | st.floats() | st.integers(-(10**6), 10**6)
EFFECTS = st.builds(RuledEffect, ODD, ODD, st.sampled_from(["add", "set", "toward", ""]), st.floats(), st.floats())
DECISIONS: st.SearchStrategy[Decision] = st.one_of(
    st.builds(OrderDecision, ODD, ODD, st.none() | ODD, AMOUNTS),
    st.builds(MotionDecision, ODD, ODD, ODD),
    st.builds(VoteDecision, ODD, ODD, ODD, ODD, ODD),
    st.builds(Ruling, st.lists(EFFECTS, max_size=14).map(tuple), ODD),
    st.builds(InjectRelease, ODD),
)


@given(DECISIONS, st.lists(DECISIONS, max_size=3).map(tuple))
@settings(max_examples=300)
def test_whatever_is_asked_the_answer_is_a_refusal_or_a_decision_that_can_be_taken(asked: Decision, earlier: tuple[Decision, ...]) -> None:
    """No decision raises; the world is as it was; what is not refused closes the turn within every range."""
    now = opened()
    before = digest(now)
    accepted = tuple(one for number, one in enumerate(earlier) if refusal(exercise(), now, one, earlier[:number]) is None)
    why = refusal(exercise(), now, asked, accepted)
    assert digest(now) == before
    if why is None:
        assert out_of_range(exercise(), close_turn(exercise(), now, (*accepted, asked)).world) == []
    else:
        assert isinstance(why, Refusal)
        assert why.code
        assert why.why


@pytest.mark.parametrize("seed", range(4))
def test_a_menu_calls_legal_exactly_what_would_not_be_refused(seed: int) -> None:
    """At the least amount, for every order and target, whatever the seat has committed already."""
    choose = at_random(random.Random(seed))
    program, now, taken = exercise(), opened(seed), ()
    while (decision := choose(program, now, taken)) is not None:
        taken = (*taken, decision)
        for seat in program.playable:
            own = tuple(one for one in taken if isinstance(one, OrderDecision) and one.seat == seat)
            for choice in legal(program, now, seat, own):
                order = program.order(seat, choice.order)
                assert order is not None
                size = order.instance.definition.amount
                asked = OrderDecision(seat, choice.order, choice.target, None if size is None else size.low)
                why = refusal(program, now, asked, taken)
                assert choice.legal == (why is None), (choice, why)
                assert choice.legal or choice.why


def code(program: Program, now: World, decision: Decision, *earlier: Decision) -> str:
    """The code of a refusal, or nothing."""
    why = refusal(program, now, decision, earlier)
    return "" if why is None else why.code


LASTING = RuledEffect("north", "heat", "add", 1.0, 2.0)


@pytest.mark.parametrize(
    ("ruling", "answer"),
    [
        (Ruling((RuledEffect("north", "heat", "set", 5.0),), "the room agreed"), ""),
        (Ruling((RuledEffect("north", "heat", "set", 5.0),), " \n"), "no-reason"),
        (Ruling((), "because"), "effects"),
        (Ruling((LASTING,) * (MAX_RULED_EFFECTS + 1), "because"), "effects"),
        (Ruling((RuledEffect("nort", "heat", "add", 5.0),), "because"), "unknown-quantity"),
        (Ruling((RuledEffect("north", "funds", "add", 5.0),), "because"), "unknown-quantity"),
        (Ruling((RuledEffect("north", "heat", "toward", 5.0),), "because"), "effect"),
        (Ruling((RuledEffect("north", "heat", "add", float("nan")),), "because"), "effect"),
        (Ruling((RuledEffect("north", "heat", "add", 5.0, -1.0),), "because"), "effect"),
        (Ruling((RuledEffect("north", "heat", "add", 5.0, float("inf")),), "because"), "effect"),
    ],
)
def test_a_ruling_needs_a_reason_and_known_finite_effects(ruling: Ruling, answer: str) -> None:
    """Each way in which a ruling can be wrong has its own code."""
    assert code(exercise(), opened(), ruling) == answer


def test_lasting_rulings_of_one_turn_together_fit_their_slots() -> None:
    """Twelve and four run at once, one more does not, however they are spread over rulings; when they end there is room again."""
    program, now = exercise(), opened()
    twelve, four, one = (Ruling((LASTING,) * count, "because") for count in (12, 4, 1))
    assert code(program, now, four, twelve) == ""
    assert code(program, now, one, twelve, four) == "slots"
    assert code(program, now, Ruling((RuledEffect("north", "heat", "set", 1.0, 2.0),) * 12, "set for good"), twelve) == ""
    [(_, first), (_, second), (_, third)] = play(program, [twelve, four], [], [])
    assert code(program, open_turn(program, first.world).world, one) == "slots"
    assert code(program, open_turn(program, second.world).world, one) == "slots"
    assert code(program, open_turn(program, third.world).world, twelve, four) == ""


def test_a_lasting_ruling_of_nothing_takes_no_slot_for_ever() -> None:
    """Sixteen additions of nought for a day: the turn after next the slots are free."""
    program = exercise()
    nothing = Ruling((RuledEffect("north", "heat", "add", 0.0, 1.0),) * 8, "because")
    played = play(program, [nothing, attrs.evolve(nothing, reason="because again")], [], [])
    assert code(program, open_turn(program, played[1][1].world).world, Ruling((LASTING,), "because")) == ""


def test_a_seat_is_never_refused_for_what_another_seat_committed() -> None:
    """Every decision of the town is answered alike, word for word, whatever the guest has committed this turn."""
    program = world(
        "".join(
            f'[[order]]\nid = "do{number}"\nseats = ["town", "guest"]\ntitle = "Do"\npurpose = "relief"\ntext = "Does."\nbecause = "b"\n'
            'costs = [{ resource = "funds", amount = "4" }]\n'
            for number in range(4)
        )
        + '[[body]]\nid = "council"\nname = "C"\nshort = "C"\nrule_text = "r"\ndecision = "consensus"\n'
        'members = [{ seat = "town" }, { seat = "guest" }]\n'
        '[[body.motions]]\nid = "send"\ntitle = "S"\ntext = "S"\nmay_table = ["town", "guest"]\nbecause = "b"\n'
    )
    now = open_turn(program, program.startex(1)).world
    others = (
        *(OrderDecision("guest", f"do{number}") for number in range(3)),
        MotionDecision("guest", "council", "send"),
        VoteDecision("guest", "council", "send", "no"),
    )
    own = [OrderDecision("town", f"do{number}") for number in range(4)]
    asked = [*own, MotionDecision("town", "council", "send"), VoteDecision("town", "council", "send", "yes"), OrderDecision("town", "do9")]
    for decision in asked:
        for committed in ((), (own[0],), (own[0], own[1])):
            assert refusal(program, now, decision, committed) == refusal(program, now, decision, (*others, *committed))
    assert value(program, now, "town.funds") == 10.0
