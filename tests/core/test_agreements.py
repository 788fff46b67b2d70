"""Agreements: every kind of clause kept and broken, what is found, and what stays the same whoever else agrees on what."""

from __future__ import annotations

import itertools

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exercise.content import load
from exercise.core.agreements import Agreement, Clause, name_of
from exercise.core.compile import compile_exercise
from exercise.core.decisions import AgreementDecision, Decision, Disclosure, MotionDecision, OrderDecision, VoteDecision
from exercise.core.legality import refusal
from exercise.core.program import Program
from exercise.core.turns import TurnResult, close_turn, open_turn
from exercise.core.world import World, digest
from tests.core.scenes import told, world
from tests.worlds import COMMON, value

TERMS = """
[[seat]]
id = "third"
name = "The third"
briefing = "You are the third."

[[report]]
id = "survey"
of = "region.heat"
to = ["public"]
measured_by = "surveyors"
round_to = 1
bias = "-5"
assumption = true
reason = "a test"

[[order]]
id = "march"
seats = ["town"]
title = "March"
purpose = "security"
text = "Soldiers march."
target = "region r"
effects = [{ on = "r.heat", add = "10" }]
because = "soldiers marched"
assumption = true
reason = "a test"

[[order]]
id = "whisper"
seats = ["town"]
title = "Whisper"
purpose = "information"
text = "Rumours are spread."
visibility = "covert"
effects = []
because = "rumours were spread"

[[order]]
id = "feast"
seats = ["guest"]
title = "Feast"
purpose = "relief"
text = "Money is spent."
effects = []
costs = [{ resource = "funds", amount = "8" }]
because = "a feast was held"
assumption = true
reason = "a test"

[[body]]
id = "council"
name = "Council"
short = "Council"
rule_text = "All agree."
decision = "consensus"
members = [{ seat = "town" }, { seat = "guest" }, { seat = "third" }]

[[body.motions]]
id = "shade"
title = "Shade"
text = "Trees are planted."
may_table = ["town", "guest", "third"]
because = "trees were planted"

[[clause]]
id = "pay"
kind = "tranche"
title = "Money"
text = "{giver} pays {receiver} {amount} {days}."
givers = ["guest", "town"]
receivers = ["town", "third", "guest"]
resource = "funds"
amount = { unit = "million dollars", low = 1, high = 50, default = 2, what = "paid" }
days = { low = 0, high = 10, default = 0 }
kept = [{ on = "giver.trust", add = 5 }]
breach = [{ on = "giver.trust", add = -20, lasts = "3 days" }]
because = "what was agreed was paid"
assumption = true
reason = "a test"

[[clause]]
id = "pay_if_calm"
kind = "tranche"
title = "Money for calm"
text = "{giver} pays {receiver} {amount} {days} if heat in {target} is below {line}."
givers = ["guest"]
receivers = ["town"]
resource = "funds"
amount = { unit = "million dollars", low = 1, high = 50, default = 2, what = "paid" }
of = "region.heat"
sense = "below"
line = { unit = "points", low = 10, high = 90, default = 30, what = "heat" }
monitor = "survey"
days = { low = 0, high = 10, default = 0 }
because = "calm was paid for"
assumption = true
reason = "a test"

[[clause]]
id = "calm"
kind = "condition"
title = "Calm"
text = "{giver} sees to it that heat in {target} stands below {amount} {days}."
givers = ["town"]
receivers = ["guest"]
of = "region.heat"
sense = "below"
amount = { unit = "points", low = 5, high = 90, default = 30, what = "heat" }
monitor = "survey"
targets = ["north"]
days = { low = 1, high = 10, default = 1 }
breach = [{ on = "giver.trust", add = -10 }, { on = "target.heat", add = 1 }]
because = "calm was promised"
assumption = true
reason = "a test"

[[clause]]
id = "marching"
kind = "order_promise"
title = "Marching"
text = "{giver} gives: {order}, {target}, {days}."
givers = ["town"]
receivers = ["guest"]
order = "march"
days = { low = 0, high = 10, default = 1 }
because = "a march was promised"
assumption = true
reason = "a test"

[[clause]]
id = "whispering"
kind = "order_promise"
title = "Whispering"
text = "{giver} gives: {order}."
givers = ["town"]
receivers = ["guest"]
order = "whisper"
days = { low = 0, high = 10, default = 1 }
because = "whispers were promised"
assumption = true
reason = "a test"

[[clause]]
id = "ballot"
kind = "vote_promise"
title = "A vote"
text = "{giver} votes {vote} on {motion}."
givers = ["town"]
receivers = ["guest"]
motions = ["council.shade"]
breach = [{ on = "receiver.trust", add = -3 }]
because = "a vote was promised"
assumption = true
reason = "a test"

[[clause]]
id = "peace"
kind = "restraint"
title = "Peace"
text = "{giver} does not: {order}."
givers = ["town"]
receivers = ["guest"]
orders = ["march", "whisper"]
kept = [{ on = "giver.trust", add = 2 }]
because = "peace was promised"

[[clause]]
id = "silence"
kind = "secrecy"
title = "Silence"
text = "No party publishes this."
breach = [{ on = "giver.trust", add = -7 }]
because = "silence was promised"
assumption = true
reason = "a test"

[[quantity]]
id = "trust"
kind = "seat"
name = "Trust"
unit = "points"
start = 50
meaning = "how far others believe a seat"
known = "public"
"""

TWO, PAIR = ("guest", "town"), "guest+town"
ID = name_of("guest", TWO, 1)


def small() -> Program:
    """A small world with one clause of every sort."""
    return world(TERMS)


def agreed(*clauses: Clause, secret: bool = False, days: int = 30, number: int = 1, by: str = "guest") -> AgreementDecision:
    """An agreement of guest and town that comes into force."""
    return AgreementDecision(name_of(by, TWO, number), by, TWO, clauses, days, secret)


def play(program: Program, *turns: tuple[Decision, ...]) -> list[tuple[World, TurnResult]]:
    """Turns with these decisions, each of which can be taken: for each the open world, and what closing gave."""
    now, played = program.startex(1), []
    for decisions in turns:
        opened = open_turn(program, now).world
        taken: tuple[Decision, ...] = ()
        for one in decisions:
            assert refusal(program, opened, one, taken) is None, refusal(program, opened, one, taken)
            taken = (*taken, one)
        closing = close_turn(program, opened, taken)
        now = closing.world
        played.append((opened, closing))
    return played


def stands(result: TurnResult, number: int = 0) -> tuple[str, str, str]:
    """How the first agreement stands, and its clause: as known and in truth."""
    agreement: Agreement = result.world.agreements[0]
    return agreement.status, agreement.standing[number].status, agreement.standing[number].truth


def test_money_is_paid_on_its_day() -> None:
    """A tranche moves from purse to purse, at once or later, and nothing is lost on the way."""
    program = small()
    now, later = Clause("pay", "guest", "town", amount=2.0, by_days=0), Clause("pay", "guest", "town", amount=3.0, by_days=2)
    played = play(program, (agreed(now, later),), (), ())
    purses = [(value(program, one.world, "guest.funds"), value(program, one.world, "town.funds")) for _, one in played]
    assert purses == [(8, 12), (8, 12), (5, 15)]
    assert stands(played[0][1]) == ("in force", "kept", "kept")
    assert stands(played[2][1], 1) == ("kept", "kept", "kept")
    assert value(program, played[2][1].world, "guest.trust") == 60
    assert [one["step"] for one in told(played[0][1], "agreement", "town")] == ["in_force", "kept"]
    assert not told(played[0][1], "agreement", "nobody", step="kept", secret=True)


def test_money_that_is_not_there_is_a_breach() -> None:
    """Orders are paid for first; the breach costs trust for a time, ends the agreement, and moves no money."""
    program = small()
    played = play(program, (agreed(Clause("pay", "guest", "town", amount=5.0, by_days=0)), OrderDecision("guest", "feast")), (), (), ())
    assert stands(played[0][1]) == ("breached", "breached", "breached")
    assert (value(program, played[0][1].world, "guest.funds"), value(program, played[0][1].world, "town.funds")) == (2, 10)
    assert [value(program, one.world, "guest.trust") for _, one in played] == [30, 30, 50, 50]
    public = told(played[0][1], "public", "third", entity="guest", quantity="seat.trust")
    assert public[0]["causes"] == [{"cause": "agreement:pay.breach", "amount": -20.0}]


def test_nobody_passes_on_what_is_paid_in_the_same_turn() -> None:
    """Two payments in a circle are made out of what each seat held before."""
    program = small()
    there = agreed(Clause("pay", "guest", "town", amount=10.0, by_days=0))
    back = agreed(Clause("pay", "town", "guest", amount=15.0, by_days=0), by="town")
    ((_, closing),) = play(program, (there, back))
    assert [one.status for one in closing.world.agreements] == ["kept", "breached"]


def test_a_tranche_waits_for_its_condition() -> None:
    """As the monitor measures it: what is withheld is paid once the figure meets the line."""
    program = small()
    calm = Clause("pay_if_calm", "guest", "town", "north", 2.0, 20.0, 0)
    march, rest = OrderDecision("town", "march", "north"), ()
    strict = attrs.evolve(calm, line=10.0)
    paid = play(program, (agreed(calm),))
    assert stands(paid[0][1]) == ("kept", "kept", "kept")
    assert paid[0][1].world.agreements[0].standing[0].reading == 15
    held = play(program, (agreed(strict, days=2),), (march,), rest)
    assert [stands(one)[:2] for _, one in held] == [("in force", "withheld"), ("expired", "withheld"), ("expired", "withheld")]
    assert len(told(held[0][1], "agreement", "town", step="withheld")) == 1
    assert not told(held[1][1], "agreement", "town", step="withheld")


@pytest.mark.parametrize(("line", "status", "truth"), [(30.0, "kept", "kept"), (18.0, "kept", "breached"), (10.0, "breached", "breached")])
def test_a_condition_is_judged_by_the_monitors_figure(line: float, status: str, truth: str) -> None:
    """Heat is 20 and the surveyors say 15: between the two the parties believe what is not so."""
    program = small()
    played = play(program, (agreed(Clause("calm", "town", "guest", "north", line, None, 1)),), ())
    assert stands(played[0][1]) == ("in force", "open", "open")
    assert stands(played[1][1]) == (status, status, truth)
    assert value(program, played[1][1].world, "town.trust") == (40 if status == "breached" else 50)
    assert value(program, played[1][1].world, "north.heat") == (21 if status == "breached" else 20)
    assert "truth" not in told(played[1][1], "agreement", "guest", clause="calm")[0]


def test_a_promised_order() -> None:
    """Given in time it is kept; its absence is seen by whoever would have seen the order."""
    program = small()
    promise = agreed(Clause("marching", "town", "guest", "north", by_days=1))
    kept = play(program, (promise,), (OrderDecision("town", "march", "north"),))
    assert stands(kept[1][1]) == ("kept", "kept", "kept")
    elsewhere = play(program, (promise,), (OrderDecision("town", "march", "south"),))
    assert stands(elsewhere[1][1]) == ("breached", "breached", "breached")


def test_a_promised_order_that_nobody_sees() -> None:
    """Whether it was given is true and not known."""
    program = small()
    promise = agreed(Clause("whispering", "town", "guest", by_days=1))
    kept = play(program, (promise, OrderDecision("town", "whisper")), ())
    broken = play(program, (promise,), ())
    assert stands(kept[1][1])[1:] == ("lapsed", "kept")
    assert stands(broken[1][1])[1:] == ("lapsed", "breached")
    assert [one["why"] for one in told(kept[1][1], "agreement", "guest")] == [
        one["why"] for one in told(broken[1][1], "agreement", "guest")
    ]


@pytest.mark.parametrize(("cast", "status"), [("no", "kept"), ("yes", "breached")])
def test_a_promised_vote(cast: str, status: str) -> None:
    """It counts when the motion comes to the vote, not before."""
    program = small()
    promise = agreed(Clause("ballot", "town", "guest", vote="no", motion="council.shade"))
    table, vote = MotionDecision("guest", "council", "shade"), VoteDecision("town", "council", "shade", cast)
    played = play(program, (promise,), (table, vote))
    assert stands(played[0][1])[1] == "open"
    assert stands(played[1][1]) == (status, status, status)
    assert value(program, played[1][1].world, "guest.trust") == (47 if status == "breached" else 50)


def test_a_vote_that_never_came() -> None:
    """A promise that was never called for lapses."""
    program = small()
    played = play(program, (agreed(Clause("ballot", "town", "guest", vote="no", motion="council.shade"), days=1),))
    assert stands(played[0][1]) == ("expired", "lapsed", "lapsed")


def test_restraint() -> None:
    """Kept when its time has run; an order that the other party sees breaks it, one that it does not see breaks it in truth only."""
    program = small()
    promise = agreed(Clause("peace", "town", "guest"), days=2)
    kept = play(program, (promise,), ())
    assert stands(kept[1][1]) == ("kept", "kept", "kept")
    seen = play(program, (promise, OrderDecision("town", "march", "north")))
    assert stands(seen[0][1]) == ("breached", "breached", "breached")
    unseen = play(program, (promise,), (OrderDecision("town", "whisper"),))
    assert stands(unseen[1][1]) == ("kept", "kept", "breached")
    assert value(program, unseen[1][1].world, "town.trust") == 52
    assert told(unseen[1][1], "agreement", "guest") == told(kept[1][1], "agreement", "guest")


def test_restraint_somewhere() -> None:
    """With a target it binds there alone."""
    program = small()
    promise = agreed(Clause("peace", "town", "guest", "north"), days=2)
    played = play(program, (promise, OrderDecision("town", "march", "south")), ())
    assert stands(played[1][1]) == ("kept", "kept", "kept")


def test_secrecy() -> None:
    """Whoever publishes the agreement breaks it, and everybody learns of it."""
    program = small()
    secret = agreed(Clause("silence"), Clause("pay", "guest", "town", amount=1.0, by_days=0), secret=True)
    played = play(program, (secret,), (Disclosure("town", ID),))
    assert not told(played[0][1], "agreement", "third")
    assert not told(played[0][1], "public", "third", entity="guest")[0]["causes"]
    assert stands(played[1][1]) == ("breached", "breached", "breached")
    assert [one["step"] for one in told(played[1][1], "agreement", "third")] == ["disclosed", "breached", "ended"]
    assert value(program, played[1][1].world, "town.trust") == 43
    kept = play(program, (attrs.evolve(secret, days=2),), ())
    assert stands(kept[1][1]) == ("kept", "kept", "kept")


def test_what_cannot_be_agreed() -> None:
    """Refusals say what is wrong with the terms."""
    program = small()
    opened = open_turn(program, program.startex(1)).world
    good = agreed(Clause("pay", "guest", "town", amount=2.0, by_days=0))
    pay = good.clauses[0]

    def code(decision: Decision) -> str:
        why = refusal(program, opened, decision)
        return why.code if why is not None else ""

    assert code(good) == ""
    for changed, expected in (
        ({"amount": 51.0}, "amount-range"),
        ({"amount": None}, "amount-range"),
        ({"amount": float("nan")}, "amount-range"),
        ({"by_days": None}, "days"),
        ({"by_days": 11}, "days"),
        ({"target": "north"}, "unknown-target"),
        ({"giver": "third"}, "terms"),
        ({"receiver": "guest"}, "terms"),
        ({"vote": "yes"}, "terms"),
        ({"line": 1.0}, "no-amount"),
        ({"clause": "pai"}, "unknown-clause"),
    ):
        assert code(attrs.evolve(good, clauses=(attrs.evolve(pay, **changed),))) == expected, changed
    assert code(attrs.evolve(good, clauses=())) == "clauses"
    assert code(attrs.evolve(good, clauses=(pay, pay))) == "clauses"
    assert code(attrs.evolve(good, clauses=tuple(attrs.evolve(pay, amount=float(n)) for n in range(1, 14)))) == "clauses"
    assert code(attrs.evolve(good, parties=("guest",))) == "parties"
    assert code(attrs.evolve(good, parties=("guest", "nobody"))) == "unknown-seat"
    assert code(attrs.evolve(good, days=0)) == "days"
    assert code(attrs.evolve(good, agreement="x")) == "agreement-id"
    assert code(attrs.evolve(good, clauses=(Clause("silence"),))) == "secret"
    assert code(attrs.evolve(good, clauses=(Clause("ballot", "town", "guest", vote="no", motion="council.sun"),))) == "unknown-motion"
    assert code(Disclosure("third", ID)) == code(Disclosure("town", ID)) == "unknown-agreement"


def test_at_most_eight_run_between_the_same_parties() -> None:
    """And only those between exactly these count."""
    program = small()
    opened = open_turn(program, program.startex(1)).world
    many = [agreed(Clause("pay", "guest", "town", amount=1.0, by_days=1), number=number) for number in range(1, 10)]
    why = refusal(program, opened, many[8], tuple(many[:8]))
    assert why is not None
    assert why.code == "agreements"
    others = AgreementDecision(
        "guest:guest+third#1", "guest", ("guest", "third"), (Clause("pay", "guest", "third", amount=1.0, by_days=1),), 5
    )
    assert refusal(program, opened, others, tuple(many[:8])) is None


def test_arrival_does_not_matter() -> None:
    """The same decisions in any order give the same world and the same outcomes."""
    program = small()
    decisions: tuple[Decision, ...] = (
        agreed(Clause("pay", "guest", "town", amount=7.0, by_days=0)),
        agreed(Clause("pay", "guest", "town", amount=6.0, by_days=0), number=2),
        OrderDecision("town", "march", "north"),
        agreed(Clause("peace", "town", "guest"), number=3),
    )
    opened = open_turn(program, program.startex(1)).world
    results = [close_turn(program, opened, order) for order in itertools.permutations(decisions)]
    assert len({digest(one.world) for one in results}) == 1
    assert all(one.outcomes == results[0].outcomes for one in results)
    assert [one.status for one in results[0].world.agreements] == ["kept", "breached", "breached"]


def test_without_telling_the_world_is_the_same() -> None:
    """Rehearsals and what-if runs come to the same bits."""
    program = small()
    opened = open_turn(program, program.startex(1)).world
    decisions = (agreed(Clause("pay", "guest", "town", amount=7.0, by_days=0)), OrderDecision("town", "march", "north"))
    told_, quiet = close_turn(program, opened, decisions), close_turn(program, opened, decisions, telling=False)
    assert told_.world == quiet.world
    assert digest(told_.world) == digest(quiet.world)


def test_a_digest_knows_the_agreements_and_only_if_there_are_any() -> None:
    """Worlds without agreements have the digests that they always had."""
    program = small()
    bare = program.startex(1)
    one = Agreement(ID, "guest", TWO, False, 0.0, 5, (), ())
    assert digest(bare) == digest(attrs.evolve(bare, agreements=()))
    assert (
        len(
            {
                digest(bare),
                digest(attrs.evolve(bare, agreements=(one,))),
                digest(attrs.evolve(bare, agreements=(attrs.evolve(one, days=6),))),
            }
        )
        == 3
    )


def test_what_two_agree_on_is_nothing_to_the_third() -> None:
    """The outcomes that reach a third seat are the same, byte for byte, as if nothing had been agreed, but for public numbers that moved."""
    program = small()
    quiet = [Clause("pay", "guest", "town", amount=2.0, by_days=0), Clause("pay_if_calm", "guest", "town", "north", 1.0, 10.0, 0)]
    terms = [attrs.evolve(clause, clause="pay_if_calm", target="north", line=90.0) for clause in quiet]
    secret = agreed(*terms, secret=True)
    plain, agreeing = play(program, (), ()), play(program, (secret,), ())

    def heard(played: list[tuple[World, TurnResult]]) -> str:
        return repr([outcome for _, closing in played for outcome in closing.outcomes if outcome.reaches("third")])

    assert heard(plain) == heard(agreeing)


def test_shipped_clauses_stand_in_every_cut() -> None:
    """A cut without a module does without what the clauses of that module would speak of, and nothing dangles."""
    content = load("osh-2010")
    for cut in content.cuts:
        program = compile_exercise(content, cut.id)
        clauses = {one.definition.id: one for one in program.clauses}
        assert {"open_crossings", "budget_tranche", "csto_vote", "no_units_in_quarters", "in_confidence"} <= set(clauses)
        assert clauses["open_crossings"].targets == (None,)
        assert all(one.reading("russia", "kyrgyz_government", "osh_city") is not None for one in [clauses["budget_tranche"]])
        seats = {seat.id for seat in program.seats}
        assert all({*one.definition.givers, *one.definition.receivers} <= seats for one in program.clauses)


def test_a_cut_leaves_out_what_it_has_no_module_for() -> None:
    """The clause on an order that is not there, and a doctrine's line on it, go with the order."""
    late = TERMS.replace('id = "whisper"\n', 'id = "whisper"\nmodule = "late"\n').replace('"march", "whisper"]', '"march"]')
    common = COMMON.replace("modules = []", 'modules = ["late"]').replace("calendar =", 'without = ["late"]\ncalendar =')
    doctrine = (
        '\n[[doctrine]]\nid = "default"\nseat = "guest"\ntext = "Signs."\naccepts = [{ clause = "whispering" }, { clause = "peace" }]\n'
    )
    program = world(late + doctrine, common=common)
    assert "whispering" not in {one.definition.id for one in program.clauses}
    assert [clause for clause, _ in program.accepts["guest", "default"]] == ["peace"]


AMOUNTS = st.lists(
    st.tuples(st.sampled_from(["guest", "town"]), st.integers(1, 50), st.integers(0, 3)), min_size=1, max_size=6, unique=True
)


@given(AMOUNTS)
@settings(max_examples=60, deadline=None)
def test_no_money_is_made_or_lost(payments: list[tuple[str, int, int]]) -> None:
    """Whatever is agreed, purses hold together what they held, none below nothing, and what was paid is what is called kept."""
    program = small()
    other = {"guest": "town", "town": "guest"}
    deals = tuple(
        agreed(Clause("pay", giver, other[giver], amount=float(amount), by_days=days), number=number)
        for number, (giver, amount, days) in enumerate(payments, 1)
    )
    played = play(program, deals, (), (), ())
    paid = {"guest": 0.0, "town": 0.0}
    for one in played[-1][1].world.agreements:
        if one.standing[0].status == "kept":
            paid[one.clauses[0].giver] += one.clauses[0].amount or 0.0
    purses = [value(program, played[-1][1].world, f"{seat}.funds") for seat in ("guest", "town")]
    assert sum(purses) == 20
    assert min(purses) >= 0
    assert purses[0] == 10 - paid["guest"] + paid["town"]
