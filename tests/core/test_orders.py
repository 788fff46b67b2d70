"""What an order costs, when it is legal, when it works, and who sees it."""

from __future__ import annotations

import pytest

from exercise.core.decisions import Decision, OrderDecision, Refusal
from exercise.core.legality import legal, refusal
from exercise.core.program import Program
from exercise.core.telling import _amount_said
from exercise.core.turns import open_turn
from exercise.core.world import World
from tests.core.scenes import play, told, world
from tests.worlds import value

WORDS = 'purpose = "security"\ntext = "Does it."\nbecause = "it was ordered"\n'


def order(id: str, keys: str, seats: str = '["town"]') -> str:
    """An order with these keys of its own."""
    return f'\n[[order]]\nid = "{id}"\ntitle = "Do {id}"\nseats = {seats}\n{WORDS}{keys}\n'


COOL = order(
    "cool",
    'target = "region r"\namount = { unit = "points", low = 2, high = 30, default = 10, what = "cooling" }\n'
    'costs = [{ resource = "funds", amount = "amount * 0.2 million_dollars" }]\neffects = [{ on = "r.heat", add = "-amount" }]',
)


def opened(program: Program, *decisions: Decision) -> World:
    """The second turn's open world, after a first turn with these decisions."""
    [(_, closing)] = play(program, decisions)
    return open_turn(program, closing.world).world


def start(program: Program) -> World:
    """The first turn's open world."""
    return open_turn(program, program.startex(1)).world


def refused(program: Program, now: World, decision: Decision, *earlier: Decision) -> Refusal:
    """Why a decision cannot be taken."""
    why = refusal(program, now, decision, earlier)
    assert why is not None
    return why


# --- costs and allowance --------------------------------------------------------------------------------------------------------------


def test_an_order_takes_its_price_and_says_that_it_was_done() -> None:
    """Ten points at 0.2 each: two of ten million are gone, the region is cooler, the town is told, with the chain of causes."""
    program = world(COOL)
    [(_, closing)] = play(program, [OrderDecision("town", "cool", "north")])
    assert (value(program, closing.world, "town.funds"), value(program, closing.world, "north.heat")) == (8.0, 10.0)
    [result] = told(closing, "order_result")
    assert result == {
        "seat": "town",
        "order": "cool",
        "title": "Do cool",
        "target": "north",
        "amount": 10.0,
        "unit": "points",
        "done": True,
        "why": "",
    }
    assert [(one["value"], one["causes"]) for one in told(closing, "own", "town")] == [(8.0, [{"cause": "order:cool", "amount": -2.0}])]
    assert told(closing, "own", "guest") == []


def test_an_order_acts_in_its_own_turn_alone() -> None:
    """A committed order is not given again by itself in the turns after."""
    program = world(COOL)
    played = play(program, [OrderDecision("town", "cool", "north")], [], [])
    assert [value(program, closing.world, "north.heat") for _, closing in played] == [10.0, 10.0, 10.0]
    assert value(program, played[-1][1].world, "cool.times_given") == 1.0


def test_what_is_committed_already_counts_against_the_purse() -> None:
    """Six of ten million are pledged to the north: twenty-one points for the south cost more than the rest, twenty do not."""
    program = world(COOL)
    now, first = start(program), OrderDecision("town", "cool", "north", 30.0)
    assert refusal(program, now, OrderDecision("town", "cool", "south", 20.0), (first,)) is None
    why = refused(program, now, OrderDecision("town", "cool", "south", 21.0), first)
    assert (why.code, why.why) == ("too-dear", "costs 4.2 M$; you have 4.0 M$")
    assert refusal(program, now, OrderDecision("town", "cool", "south", 21.0), (OrderDecision("guest", "cool", "north", 30.0),)) is None


def test_an_order_that_costs_the_last_cent_is_legal_and_one_more_is_not() -> None:
    """The purse may be emptied, not overdrawn."""
    program = world(
        order("buy", 'costs = [{ resource = "funds", amount = "10" }]') + order("beg", 'costs = [{ resource = "funds", amount = "10.5" }]')
    )
    assert refusal(program, start(program), OrderDecision("town", "buy")) is None
    assert refused(program, start(program), OrderDecision("town", "beg")).code == "too-dear"
    assert value(program, opened(program, OrderDecision("town", "buy")), "town.funds") == 0.0


def test_a_seat_has_its_allowance_of_orders_a_turn() -> None:
    """Three by the scenario, one for a seat with an allowance of its own; other seats' orders do not count."""
    program = world(
        "".join(order(f"do{number}", "", '["town", "lazy"]') for number in range(4))
        + '[[seat]]\nid = "lazy"\nname = "The lazy"\nallowance = 1\n'
    )
    now = start(program)
    orders = [OrderDecision("town", f"do{number}") for number in range(4)]
    assert refusal(program, now, orders[2], tuple(orders[:2])) is None
    why = refused(program, now, orders[3], *orders[:3])
    assert (why.code, why.why) == ("allowance", "3 orders a turn are all a seat has")
    assert refusal(program, now, OrderDecision("lazy", "do0"), tuple(orders[:3])) is None
    assert refused(program, now, OrderDecision("lazy", "do1"), OrderDecision("lazy", "do0")).code == "allowance"


def test_the_same_order_on_the_same_target_is_given_once_a_turn() -> None:
    """Once more on another target is another order."""
    program = world(COOL)
    now, first = start(program), OrderDecision("town", "cool", "north", 3.0)
    assert refused(program, now, OrderDecision("town", "cool", "north", 4.0), first).code == "committed"
    assert refusal(program, now, OrderDecision("town", "cool", "south", 4.0), (first,)) is None


def test_an_order_rests_for_its_cooldown() -> None:
    """Given on day 0 with two days' rest: refused on day 1, legal on day 2; the refusal says from which day."""
    program = world(order("rest", "cooldown_days = 2"))
    give = OrderDecision("town", "rest")
    (_, first), (_, second) = play(program, [give], [])
    why = refused(program, open_turn(program, first.world).world, give)
    assert (why.code, why.why) == ("cooldown", "given on 10 June; again from 12 June")
    assert refusal(program, open_turn(program, second.world).world, give) is None


def test_an_order_rests_for_each_target_apart() -> None:
    """Given in the north, it can be given in the south next day; the north waits, and is told why. Where content says that the seat itself
    rests, nowhere is open. How often and when the order was given at all counts every target.
    """
    program = world(order("rest", 'target = "region r"\ncooldown_days = 2'))
    give = {target: OrderDecision("town", "rest", target) for target in ("north", "south")}
    (_, first), (_, second), _ = play(program, [give["north"]], [give["south"]], [])
    now = open_turn(program, first.world).world
    why = refused(program, now, give["north"])
    assert (why.code, why.why) == ("cooldown", "given here on 10 June; again from 12 June")
    assert refusal(program, now, give["south"]) is None
    assert {one.target: one.legal for one in legal(program, now, "town")} == {"north": False, "south": True}
    third = open_turn(program, second.world).world
    assert refusal(program, third, give["north"]) is None
    assert refused(program, third, give["south"]).why == "given here on 11 June; again from 13 June"
    assert (value(program, third, "rest.times_given"), value(program, third, "rest.last_given")) == (2.0, 1.0)
    office = world(order("rest", 'target = "region r"\ncooldown_days = 2\ncooldown_for = "seat"'))
    [(_, once)] = play(office, [give["north"]])
    assert refused(office, open_turn(office, once.world).world, give["south"]).why == "given on 10 June; again from 12 June"


def test_what_was_given_before_startex_rests_everywhere() -> None:
    """A cut says of an order that it was given, not where: every target waits."""
    before = """
[[start]]
cuts = "week"
entity = "rest"
values = [{ quantity = "last_given", value = "2010-06-09" }]
assumption = true
reason = "a test"
"""
    program = world(order("rest", 'target = "region r"\ncooldown_days = 2') + before)
    now = open_turn(program, program.startex(1)).world
    assert {one.target: one.why for one in legal(program, now, "town")} == dict.fromkeys(
        ("north", "south"), "given here on 9 June; again from 11 June"
    )


# --- what it takes --------------------------------------------------------------------------------------------------------------------


def test_what_is_legal_is_read_from_the_view_and_what_works_from_the_truth(program: Program) -> None:
    """The thermometer lags a day behind: on day 1 it still says 20. The order is accepted, fails in truth, and its seat learns why.

    ---
    [[report]]
    id = "thermometer"
    of = "region.heat"
    to = ["town"]
    measured_by = "an old thermometer"
    delay_days = 1

    [[rule]]
    id = "drift.heating"
    stage = "drift"
    for = "region r"
    effects = [{ on = "r.heat", add = "50" }]
    because = "it is summer"

    [[order]]
    id = "visit"
    seats = ["town"]
    title = "Visit"
    purpose = "diplomacy"
    text = "Shows interest."
    target = "region r"
    needs = [{ when = "r.heat < 50", say = "too hot, it is said" }]
    possible = [{ when = "r.heat < 60", say = "nobody could go there" }]
    costs = [{ resource = "funds", amount = "1" }]
    effects = [{ on = "r.people", add = "5 people" }]
    because = "guests stay"
    """
    visit = OrderDecision("town", "visit", "north")
    (_, first), (second, tried), (third, _) = play(program, [visit], [visit], [])
    assert told(first, "order_result")[0]["done"] is True
    assert value(program, second.world, "north.heat") == 70.0
    assert refusal(program, second.world, visit) is None, "the seat's report still says 20"
    [failed] = told(tried, "order_result", "town")
    assert (failed["done"], failed["why"]) == (False, "nobody could go there")
    assert value(program, tried.world, "north.people") == 1005.0
    assert value(program, tried.world, "town.funds") == 8.0, "an attempt costs what it costs"
    assert refused(program, third.world, visit).why == "too hot, it is said"


def test_whether_it_works_is_told_as_it_was_decided_after_costs_were_paid(program: Program) -> None:
    """An order that needs two million left after its price of two: with three in the purse it does nothing, and is not told as done.

    ---
    [[order]]
    id = "invest"
    seats = ["town"]
    title = "Invest"
    purpose = "assistance"
    text = "Invests."
    costs = [{ resource = "funds", amount = "8" }]
    possible = [{ when = "seat.funds >= 5", say = "no reserve was left" }]
    effects = [{ on = "north.heat", add = "-5" }]
    because = "the town invested"
    """
    [(_, closing)] = play(program, [OrderDecision("town", "invest")])
    [result] = told(closing, "order_result")
    assert (value(program, closing.world, "north.heat"), result["done"], result["why"]) == (20.0, False, "no reserve was left")
    assert told(closing, "order_seen") == []


def test_orders_of_a_turn_all_act_on_the_state_before_them() -> None:
    """Each of two seats halves the heat that both found: 20 becomes 0, whoever is first."""
    program = world(order("halve", 'effects = [{ on = "north.heat", add = "-north.heat / 2" }]', '["town", "guest"]'))
    assert value(program, opened(program, OrderDecision("guest", "halve"), OrderDecision("town", "halve")), "north.heat") == 0.0


# --- amounts and names ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("amount", [2.0, 30.0, 2, 17.25])
def test_an_amount_may_lie_anywhere_within_its_range(amount: float) -> None:
    """Ends included, whole or not; what was asked for is what acts."""
    program = world(COOL)
    give = OrderDecision("town", "cool", "north", amount)
    assert refusal(program, start(program), give) is None
    assert value(program, opened(program, give), "north.heat") == max(0.0, 20.0 - amount)


@pytest.mark.parametrize("amount", [1.999, 30.001, 0.0, -5.0, 1e300, float("inf"), float("-inf"), float("nan")])
def test_an_amount_beyond_its_range_is_refused_with_the_range(amount: float) -> None:
    """Also what is no number at all."""
    program = world(COOL)
    why = refused(program, start(program), OrderDecision("town", "cool", "north", amount))
    assert why.code == "amount-range"
    assert "2 to 30 points" in why.why


def test_an_order_without_an_amount_takes_none() -> None:
    """Nothing, or 1, which is how it is counted."""
    program = world(order("walk", ""))
    assert [refusal(program, start(program), OrderDecision("town", "walk", None, amount)) for amount in (None, 1.0)] == [None, None]
    assert refused(program, start(program), OrderDecision("town", "walk", None, 2.0)).code == "no-amount"


def test_unknown_names_are_refused_with_what_was_meant() -> None:
    """An order or target that does not exist, a missing one, one too many, and an order that belongs to somebody else."""
    program = world(COOL + order("walk", "", '["guest"]'))
    now = start(program)

    def answer(*given: object) -> tuple[str, str]:
        why = refused(program, now, OrderDecision(*given))  # type: ignore[arg-type]
        return why.code, why.hint

    assert answer("town", "col", "north") == ("unknown-order", "did you mean cool?")
    assert answer("town", "cool", "nort") == ("unknown-target", "did you mean north?")
    assert answer("town", "cool", "xyz") == ("unknown-target", "targets are north, south")
    assert answer("town", "cool") == ("unknown-target", "targets are north, south")
    assert answer("guest", "walk", "north") == ("unknown-target", "it has no target")
    assert answer("nobody", "cool", "north") == ("unknown-order", "")
    assert answer("town", "walk")[0] == answer("town", "wolk")[0] == "unknown-order", "another seat's order is as unknown as none"


def test_an_order_is_offered_on_the_targets_that_its_filter_lets_pass() -> None:
    """A filter on fixed facts leaves the south off the menu, and an order on it is refused."""
    program = world(order("dig", 'target = "region r"\nwhere = "r == north"\neffects = [{ on = "r.heat", add = "-5" }]'))
    assert [(choice.order, choice.target) for choice in legal(program, start(program), "town")] == [("dig", "north")]
    assert refused(program, start(program), OrderDecision("town", "dig", "south")).code == "unknown-target"
    assert value(program, opened(program, OrderDecision("town", "dig", "north")), "north.heat") == 15.0


# --- who sees it ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "seen_by"),
    [
        ('visibility = "public"', ["guest", "third"]),
        ('visibility = "covert"\nshown_to = ["third"]', []),
        ('visibility = "target"\nshown_to = ["third", "town"]', ["third"]),
    ],
)
def test_an_order_is_seen_by_those_whom_its_visibility_names(keys: str, seen_by: list[str]) -> None:
    """Public: everybody else; covert: nobody; target: the seats named. Its own seat has the result and never the news."""
    program = world(order("plan", keys) + '[[seat]]\nid = "third"\nname = "The third"\n')
    [(_, closing)] = play(program, [OrderDecision("town", "plan")])
    assert [seat for seat in ("town", "guest", "third") if told(closing, "order_seen", seat)] == seen_by
    assert [seat for seat in ("town", "guest", "third") if told(closing, "order_result", seat)] == ["town"]


def test_news_of_an_order_fill_three_placeholders_and_nothing_else() -> None:
    """Seat, target and amount; anything else in braces stays as it was written."""
    program = world(COOL.replace('id = "cool"', 'id = "cool"\nnews = "{seat} cools {target} by {amount}: {seat.__class__} {0} {order}"', 1))
    [(_, closing)] = play(program, [OrderDecision("town", "cool", "north", 2.5)])
    assert [one["text"] for one in told(closing, "order_seen", "guest")] == ["The town cools North by 2.5: {seat.__class__} {0} {order}"]


# --- menus and refusals -----------------------------------------------------------------------------------------------------------------


def test_a_menu_shows_the_least_price_and_why_not() -> None:
    """Each target of each order once, with its price at the least amount and the reason that a refusal would give."""
    program = world(COOL + order("buy", 'costs = [{ resource = "funds", amount = "11" }]'))
    choices = legal(program, start(program), "town", (OrderDecision("town", "cool", "south", 2.0),))
    assert [(one.order, one.target, one.legal, dict(one.costs)) for one in choices] == [
        ("cool", "north", True, {"funds": 0.4}),
        ("cool", "south", False, {"funds": 0.4}),
        ("buy", None, False, {"funds": 11.0}),
    ]
    assert choices[1].why == "already among your orders this turn"
    assert choices[2].why.startswith("costs 11.0 M$")
    assert legal(program, start(program), "guest") == ()


def test_a_menu_offers_nothing_when_the_allowance_is_used() -> None:
    """With three orders given, a fourth is not called legal: menus and refusals come from one place."""
    program = world("".join(order(f"do{number}", "") for number in range(4)))
    taken = tuple(OrderDecision("town", f"do{number}") for number in range(3))
    choices = legal(program, start(program), "town", taken)
    assert [one.legal for one in choices] == [False, False, False, False]
    assert choices[3].why == "3 orders a turn are all a seat has"


@pytest.mark.parametrize(
    ("size", "unit", "text", "said"),
    [
        (2.0, "million dollars", "sends relief worth {amount} to {target}", "2.0 M$"),
        (1300.0, "people", "sends {amount} to {target}", "1,300 people"),
        (0.45, "share", "pays {amount}", "45 %"),
        (60.0, "points", "opens to {amount}", "60"),
        (300.0, "people", "sends {amount} people", "300"),
        (10.0, "million dollars", "pays {amount} M$", "10.0"),
    ],
)
def test_amounts_in_news_have_their_unit_once(size: float, unit: str, text: str, said: str) -> None:
    """A bare "worth 2" says nothing; what the text says already is not said twice."""
    assert _amount_said(size, unit, text) == said
