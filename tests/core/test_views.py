"""What a seat knows: its own quantities, what is public, its reports, and of the rest nothing."""

from __future__ import annotations

import pytest

from exercise.core.compile import CompileError
from exercise.core.decisions import MotionDecision, OrderDecision
from exercise.core.legality import refusal
from exercise.core.program import Program
from exercise.core.turns import open_turn
from exercise.core.world import World
from tests.core.scenes import play, world

HEATING = """
[[rule]]
id = "drift.heating"
stage = "drift"
for = "region r"
effects = [{ on = "r.heat", add = "50" }]
because = "it is summer"

[[entity]]
id = "coast"
kind = "region"
name = "Coast"
start = [{ quantity = "heat", value = 33 }]
"""


def asking(when: str, seat: str = "town") -> str:
    """An order that a seat may give while a condition holds in its own view."""
    return (
        f'\n[[order]]\nid = "ask"\nseats = ["{seat}"]\ntitle = "Ask"\npurpose = "information"\ntext = "Asks."\nbecause = "b"\n'
        f'needs = [{{ when = "{when}", say = "no" }}]\n'
    )


def thermometer(keys: str = "", to: str = '["town"]', id: str = "thermometer") -> str:
    """A report of heat."""
    return f'\n[[report]]\nid = "{id}"\nof = "region.heat"\nto = {to}\nmeasured_by = "a thermometer"\n{keys}\n'


def holds(program: Program, now: World, seat: str = "town") -> bool:
    """Whether the seat's condition holds in its view."""
    return refusal(program, now, OrderDecision(seat, "ask")) is None


def second(program: Program, *decisions: OrderDecision | MotionDecision) -> World:
    """The second turn's open world."""
    return play(program, decisions, [])[1][0].world


def test_a_view_reads_the_report_and_not_the_truth() -> None:
    """In truth the north stands at 70 on day 1; the town's old thermometer says 20, the guest's fresh one says 70."""
    old = world(HEATING + thermometer("delay_days = 9") + asking("north.heat == 20"))
    fresh = world(HEATING + thermometer() + asking("north.heat == 70"))
    assert holds(old, second(old))
    assert holds(fresh, second(fresh))


def test_what_is_not_reported_of_an_entity_is_taken_at_its_ordinary_value() -> None:
    """A thermometer in the north alone: of the coast the town knows no more than that regions stand at 20, though it began at 33."""
    program = world(HEATING + thermometer('about = ["north"]') + asking("coast.heat == 20 and north.heat == 70"))
    assert holds(program, second(program))


def test_the_report_of_highest_priority_is_believed() -> None:
    """Two thermometers disagree: the one with the higher priority counts, of equal ones the first."""
    text = HEATING + thermometer('bias = "5"\npriority = 1') + thermometer('bias = "-5"\npriority = 2', id="better")
    program = world(text + asking("north.heat == 65"))
    assert holds(program, second(program))
    equal = world(text.replace("priority = 1", "priority = 2") + asking("north.heat == 75"))
    assert holds(equal, second(equal))


def test_a_public_report_is_read_by_every_seat_and_a_seats_own_only_by_it() -> None:
    """The guest may use the public figure; of a quantity measured for the town alone it has no words."""
    program = world(HEATING + thermometer("", '["public"]') + asking("north.heat == 70", "guest"))
    assert holds(program, second(program), "guest")
    with pytest.raises(CompileError) as failure:
        world(HEATING + thermometer() + asking("north.heat == 70", "guest"))
    [problem] = failure.value.problems
    assert (problem.code, problem.message) == ("unknown-quantity", "guest has no report of region.heat")


def test_a_view_reads_public_quantities_as_they_are() -> None:
    """What everybody knows needs no report."""
    program = world(
        '[[rule]]\nid = "drift.l"\nstage = "drift"\neffects = [{ on = "north.people", add = "-7 people" }]\nbecause = "b"\n'
        + asking("north.people == 993 people")
    )
    assert holds(program, second(program))


def test_a_seat_reads_its_own_purse_and_of_others_the_ordinary_value() -> None:
    """The guest has 40 million in truth; in the town's view it has the 10 that seats have."""
    rich = '\n[[seat]]\nid = "rich"\nname = "The rich"\nstart = [{ quantity = "funds", value = 40 }]\n'
    program = world(rich + asking("seat.funds == 10 and rich.funds == 10"))
    assert holds(program, open_turn(program, program.startex(1)).world)
    own = world(rich + asking("seat.funds == 40 and rich.funds == 40 and town.funds == 10", "rich"))
    assert holds(own, open_turn(own, own.startex(1)).world, "rich")


def test_what_is_public_of_a_seat_is_read_by_the_others() -> None:
    """A seat's image is told to everybody when it changes, so everybody's conditions may use it."""
    program = world(
        '[[quantity]]\nid = "image"\nkind = "seat"\nname = "image"\nmeaning = "reputation"\nknown = "public"\nstart = 30\n'
        '[[seat]]\nid = "famous"\nname = "The famous"\nstart = [{ quantity = "image", value = 90 }]\n'
        + asking("famous.image == 90 and seat.image == 30")
    )
    assert holds(program, open_turn(program, program.startex(1)).world)


def test_a_seat_knows_how_often_it_gave_an_order_and_not_how_often_others_did() -> None:
    """Both seats have the order; each reads its own counter, and the other's as never given."""
    walk = (
        '[[order]]\nid = "walk"\nseats = ["town", "guest"]\ntitle = "Walk"\npurpose = "diplomacy"\ntext = "Walks."\n'
        'because = "b"\nvisibility = "covert"\n'
    )
    program = world(walk + asking("walk_town.times_given == 1 and walk_guest.times_given == 0"))
    assert holds(program, second(program, OrderDecision("town", "walk"), OrderDecision("guest", "walk")))


def test_a_view_knows_the_injects_it_was_told() -> None:
    """Of two that came, the town heard one: the other is unreleased as far as it knows."""
    inject = (
        '\n[[inject]]\nid = "{id}"\nnumber = {number}\ntitle = "t"\nkind = "timed"\non = 2010-06-10\nfrom = "f"\nto = ["{to}"]\n'
        'method = "m"\ntext = "t"\nexpected_action = "e"\nobjective = "o"\n'
    )
    text = inject.format(id="fire", number=1, to="town") + inject.format(id="flood", number=2, to="guest")
    program = world(text + asking("fire.released and not flood.released"))
    assert holds(program, open_turn(program, program.startex(1)).world)


def test_a_view_knows_where_every_motion_stands() -> None:
    """Status and day of a motion are public, also to a seat outside the body."""
    body = (
        '[[body]]\nid = "council"\nname = "C"\nshort = "C"\nrule_text = "r"\ndecision = "consensus"\nmembers = [{ seat = "guest" }]\n'
        '[[body.motions]]\nid = "send"\ntitle = "S"\ntext = "S"\nmay_table = ["guest"]\nbecause = "b"\n'
    )
    program = world(body + asking("council_send.status == adopted and days_since(council_send.decided_on) == 1 days"))
    assert holds(program, second(program, MotionDecision("guest", "council", "send")))
