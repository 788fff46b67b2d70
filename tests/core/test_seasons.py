"""The shipped scenario in season: what each seat may do when a cut begins, and what becomes possible and impossible as affairs move.

Conditions are on the state, so nothing here asks for a date; what is asserted is what a reader of history would find silly, or would miss.
"""

from __future__ import annotations

import functools

import pytest

from exercise.content import prepare
from exercise.core.decisions import MotionDecision, OrderDecision
from exercise.core.legality import legal, refusal
from exercise.core.policy import decide
from exercise.core.program import Program
from exercise.core.turns import close_turn, open_turn, play_out
from exercise.core.world import World
from tests.worlds import value

APRIL = ("april", "half-day", "full")
RELIEF = (
    "send_relief",
    "fly_medical_supplies",
    "fund_neutral_relief",
    "run_relief_flights",
    "send_convoy",
    "run_mutual_aid",
    "open_access",
)
"""Orders for people who fled or are hurt."""
NOT_YET = {
    "kyrgyz_government": {"prepare_referendum", "declare_emergency", "send_forces_south", "appeal_for_troops", "invite_inquiry", *RELIEF},
    "southern_authorities": {"refuse_bishkek", "rally_for_sovereignty", "open_city_to_relief", "steer_relief", "announce_city_plan"},
    "security_agencies": {"search_for_weapons", "hide_case_files", "found_drug_service", *RELIEF},
    "uzbek_community": {"raise_barricades", "appeal_abroad", "lead_families_out", "stand_with_new_rulers", *RELIEF},
    "uzbekistan": {"build_camps", "invite_unhcr", "speed_returns", "call_bishkek", *RELIEF},
    "kazakhstan": {"carry_resignation", "host_donor_meeting", "convene_permanent_council", *RELIEF},
    "russia": {"pay_budget_support", "send_riot_kit", "set_television_line", "signal_limited_mission", "receive_new_rulers", *RELIEF},
    "united_states": {"assist_referendum", "back_police_group", "send_nonlethal_kit", *RELIEF},
    "european_union": {"draft_police_paper", "call_for_inquiry", "pledge_recovery", *RELIEF},
    "china": {"offer_quiet_loan", "press_sco_statement", "evacuate_nationals", *RELIEF},
    "csto_secretariat": {"draft_measures", "send_riot_specialists", *RELIEF},
    "osce_institutions": {"observe_referendum", "design_police_group", "shrink_mission", "publish_findings", "issue_early_warning"},
}
"""On 6 April a crowd stands in Talas, the old rulers sit in Bishkek, and the south is quiet."""
ALREADY = {
    "kyrgyz_government": {"call_people_out", "win_over_officers"},
    "southern_authorities": {"meet_mahalla_elders", "post_city_squad"},
    "security_agencies": {"secure_armouries", "deploy_riot_police"},
    "uzbek_community": {"calm_own_quarters", "send_elders_to_talks"},
    "uzbekistan": {"close_border", "calm_andijan"},
    "kazakhstan": {"close_kazakh_border", "send_chair_envoy"},
    "russia": {"guard_kant_base"},
    "united_states": {"align_with_moscow"},
    "european_union": {"send_special_representative"},
    "china": {"close_chinese_crossings"},
    "csto_secretariat": {"canvass_members"},
    "osce_institutions": {"host_talks", "send_field_teams", "train_local_mediators"},
}


@functools.cache
def cut(id: str) -> Program:
    """A cut of the scenario, prepared once for this module."""
    return prepare("osh-2010", id)


@functools.cache
def played(id: str, turns: int, seed: int = 7) -> World:
    """The world after so many turns by the recorded decisions, with the next turn open."""
    return open_turn(cut(id), play_out(cut(id), seed, "history", turns=turns)).world


def offered(program: Program, world: World, seat: str) -> set[str]:
    """Ids of the orders that the seat may give, whatever the target."""
    return {choice.order for choice in legal(program, world, seat) if choice.legal}


def why(program: Program, world: World, seat: str, order: str, target: str | None = None) -> str:
    """The reason why an order cannot be given; empty when it can."""
    refused = refusal(program, world, OrderDecision(seat, order, target))
    return refused.why if refused else ""


def why_not_tabled(program: Program, world: World, seat: str, body: str, motion: str) -> str:
    """The reason why a motion cannot be tabled; empty when it can."""
    refused = refusal(program, world, MotionDecision(seat, body, motion))
    return refused.why if refused else ""


@pytest.mark.parametrize("seat", NOT_YET)
@pytest.mark.parametrize("id", APRIL)
def test_on_6_april_nobody_is_offered_what_belongs_to_later_months(id: str, seat: str) -> None:
    """No relief for those who have not fled, no vote that nobody set, no word to a government that is none; whatever luck reports have."""
    for seed in (1, 2):
        world = open_turn(cut(id), cut(id).startex(seed)).world
        may = offered(cut(id), world, seat)
        assert not may & NOT_YET[seat], seed
        assert may >= ALREADY[seat], seed


def test_when_june_begins_the_night_itself_is_on_offer() -> None:
    """On 10 June there is a fight and a vote ahead; nothing is destroyed, nobody asked for outsiders, no mission is decided on."""
    program = cut("june-days")
    world = open_turn(program, program.startex(1)).world
    government, south = offered(program, world, "kyrgyz_government"), offered(program, world, "southern_authorities")
    assert {"declare_emergency", "send_forces_south", "prepare_referendum", "appeal_for_troops"} <= government
    assert not {"invite_inquiry", "offer_force_terms"} & government
    assert "refuse_bishkek" in south
    assert not {"announce_city_plan", "rally_for_sovereignty"} & south
    assert not {"shrink_mission", "publish_findings"} & offered(program, world, "osce_institutions")


def test_on_14_june_fire_and_flight_open_what_they_call_for() -> None:
    """Relief, camps, an appeal that was made; no plan for a city that burns, no memorandum on a mission that nobody decided on."""
    program = cut("police-group")
    world = open_turn(program, program.startex(1)).world
    assert {"invite_inquiry", "prepare_referendum", "open_access"} <= offered(program, world, "kyrgyz_government")
    assert not {"sign_memorandum", "present_recovery_plan", "prepare_election"} & offered(program, world, "kyrgyz_government")
    assert {"rally_for_sovereignty", "open_city_to_relief"} <= offered(program, world, "southern_authorities")
    assert "announce_city_plan" not in offered(program, world, "southern_authorities")
    assert {"build_camps", "invite_unhcr"} <= offered(program, world, "uzbekistan")


@pytest.mark.parametrize("id", APRIL)
def test_who_does_not_govern_tables_nothing_for_the_country(id: str) -> None:
    """The seat opens as the opposition; the country's voice in every body is not its own yet."""
    program = cut(id)
    world = open_turn(program, program.startex(1)).world
    own = [one for one in program.motions if "kyrgyz_government" in one.definition.may_table]
    reasons = {why_not_tabled(program, world, "kyrgyz_government", one.body.id, one.definition.id) for one in own}
    assert len(own) >= 7
    assert reasons <= {"you do not govern yet", "no mission has been decided on that could be redrawn"}
    assert why_not_tabled(program, world, "russia", "csto", "deploy_peacekeepers") == "there is no fighting that a force could end"


def test_a_vote_is_set_then_prepared_then_over() -> None:
    """Preparing needs a vote ahead: set by order after the fall, past once it was held, whatever its readiness."""
    program = cut("half-day")
    before, between, after = played("half-day", 2), played("half-day", 6), played("half-day", 18)
    assert why(program, before, "kyrgyz_government", "prepare_referendum") == "there is no vote ahead"
    assert why(program, before, "kyrgyz_government", "set_referendum") == ""
    assert why(program, between, "kyrgyz_government", "set_referendum") == "the day is set"
    for seat, order in (("kyrgyz_government", "prepare_referendum"), ("united_states", "assist_referendum")):
        assert why(program, between, seat, order) == ""
        assert why(program, after, seat, order) == "there is no vote ahead"
    assert value(program, after, "kyrgyzstan.referendum_held") == 1.0


@pytest.mark.parametrize(("id", "turns"), [("april", 8), ("half-day", 8), ("full", 6)])
def test_offices_that_are_held_can_be_taken_back_and_then_no_more(id: str, turns: int) -> None:
    """Held now and seized at some time are two things: after the order the first is over and the second stays."""
    program, world = cut(id), played(id, turns)
    for region in ("jalal_abad", "osh", "batken"):
        assert value(program, world, f"{region}.seized") > 5.0
        assert why(program, world, "kyrgyz_government", "take_back_offices", region) == ""
    orders = tuple(OrderDecision("kyrgyz_government", "take_back_offices", region) for region in ("jalal_abad", "osh"))
    later = open_turn(program, close_turn(program, world, orders).world).world
    for region in ("jalal_abad", "osh"):
        assert value(program, later, f"{region}.seized") < 5.0
        assert why(program, later, "kyrgyz_government", "take_back_offices", region) == "nobody holds the offices against you there"
    assert value(program, later, "jalal_abad.seized_once") == 1.0
    assert program.layout.quantities["region", "seized_once"].known == "reports"


def test_an_inquiry_has_a_number_that_the_seat_can_count() -> None:
    """Neither after the few dead of May nor by the dead of the capital; in June by the government's own, low count."""
    program = cut("half-day")
    assert why(program, played("half-day", 9), "kyrgyz_government", "invite_inquiry").startswith("fewer than ten are counted dead")
    assert why(program, played("half-day", 15), "kyrgyz_government", "invite_inquiry") == ""


def test_police_advisers_are_not_asked_for_once_they_are_decided_on() -> None:
    """After the Council's decision the question is whether to sign, not whether to ask."""
    program, world = cut("police-group"), played("police-group", 7)
    assert why(program, world, "kyrgyz_government", "request_police_advisers") == "the police group has been decided on"
    assert why(program, world, "kyrgyz_government", "sign_memorandum") == ""


def test_what_a_played_seat_did_not_do_is_not_told_as_done() -> None:
    """A government that names neither president nor day: no decree, no vote, and somebody asks when it comes."""
    program = cut("half-day")
    without = _played_without(program, 7, "kyrgyz_government")
    told = {one: value(program, without, f"{one}.released") for one in ("interim_president", "vote_kept", "no_vote_set", "route_service")}
    assert told == {"interim_president": 0.0, "vote_kept": 0.0, "no_vote_set": 1.0, "route_service": 0.0}
    recorded = play_out(program, 7, "history")
    assert [value(program, recorded, f"{one}.released") for one in ("interim_president", "vote_kept", "no_vote_set")] == [1.0, 1.0, 0.0]


def _played_without(program: Program, seed: int, passing: str) -> World:
    """The world at the end when all but one seat decide as recorded."""
    world = program.startex(seed)
    while world.turn < len(program.calendar.turns):
        world = open_turn(program, world, telling=False).world
        decisions = tuple(one for seat in program.seats if seat.id != passing for one in decide(program, world, seat.id, "history"))
        world = close_turn(program, world, decisions, telling=False).world
    return world
