"""How bodies decide: every state of a motion and what is told of it, whatever the body."""

from __future__ import annotations

import itertools

import pytest

from exercise.core.adjudicate import work_closing
from exercise.core.decisions import Decision, MotionDecision, VoteDecision
from exercise.core.layout import MOTION_STATUS
from exercise.core.legality import refusal
from exercise.core.program import Program
from exercise.core.turns import TurnResult, open_turn
from exercise.core.world import World
from tests.core.scenes import play, told, world
from tests.worlds import value

TABLES = """
[[seat]]
id = "neighbour"
name = "The neighbour"

[[body]]
id = "council"
name = "The council"
short = "Council"
rule_text = "as each test says"
members = [{ seat = "town" }, { seat = "guest" }, { seat = "neighbour", weight = 3 }]
"""
"""Three members, one of weight 3; each test goes on with the council's own keys and its motions."""

SEND = """
[[body.motions]]
id = "send"
title = "Send help"
text = "Sends help."
may_table = ["town", "guest"]
effects = [{ on = "north.heat", add = "-5" }]
because = "help was sent"
"""

TABLE = MotionDecision("town", "council", "send")
NO_TURNS: tuple[Decision, ...] = ()


def vote(seat: str, vote: str, say: str = "", motion: str = "send") -> VoteDecision:
    """A vote in the council."""
    return VoteDecision(seat, "council", motion, vote, say)


def status(program: Program, now: World, motion: str = "council_send") -> str:
    """Where a motion stands."""
    return MOTION_STATUS[int(value(program, now, f"{motion}.status"))]


def votes_of(closing: TurnResult) -> dict[str, tuple[str, str]]:
    """Members' votes as they were told, with their words."""
    return {one["member"]: (one["vote"], one["say"]) for one in told(closing, "vote")}


# --- tests --------------------------------------------------------------------------------------------------------------------------


def test_the_first_refusing_test_ends_a_motion_and_is_named(program: Program) -> None:
    """Agenda passes, mandate fails, means are not looked at any more; the refusal says which test failed and in whose words.

    ---
    decision = "consensus"
    tests = [{ stage = "agenda", passes = "north.heat < 50", say = "not on our agenda" }]

    [[body.motions]]
    id = "send"
    title = "Send help"
    text = "Sends help."
    may_table = ["town"]
    because = "help was sent"
    effects = [{ on = "north.heat", add = "-5" }]
    refused_effects = [{ on = "south.heat", add = "7" }]
    tests = [
      { stage = "mandate", passes = "north.heat > 50", say = "this is an internal matter" },
      { stage = "means", passes = "north.heat > 60", say = "there is no money" },
    ]
    """
    [(_, closing)] = play(program, [TABLE])
    steps = [(step["stage"], step["passed"], step["say"]) for step in told(closing, "motion_step")]
    assert steps == [("tabled", True, ""), ("agenda", True, ""), ("mandate", False, "this is an internal matter")]
    assert status(program, closing.world) == "refused"
    assert value(program, closing.world, "council_send.failed_test") == 2
    assert value(program, closing.world, "council_send.decided_on") == 0
    assert [value(program, closing.world, f"{region}.heat") for region in ("north", "south")] == [20.0, 27.0]
    assert [one["outcome"] for one in told(closing, "motion_outcome")] == ["refused"]


def test_a_waiting_test_keeps_the_motion_open_and_holds_later_tests_back(program: Program) -> None:
    """While consent waits, a mandate test that would refuse is not reached; once consent is given, it refuses.

    ---
    decision = "consensus"

    [[body.motions]]
    id = "send"
    title = "Send help"
    text = "Sends help."
    may_table = ["town"]
    because = "help was sent"
    tests = [
      { stage = "host_consent", passes = "north.heat > 25", say = "the host has not asked", then = "wait" },
      { stage = "mandate", passes = "north.heat > 50", say = "this is an internal matter" },
    ]

    [[rule]]
    id = "drift.heating"
    stage = "drift"
    effects = [{ on = "north.heat", add = "10" }]
    because = "it is summer"
    """
    (_, first), (_, second) = play(program, [TABLE], [])
    assert [step["stage"] for step in told(first, "motion_step")] == ["tabled", "host_consent"]
    assert (status(program, first.world), value(program, first.world, "council_send.failed_test")) == ("tabled", 1)
    assert told(first, "vote") == []
    assert [(step["stage"], step["passed"]) for step in told(second, "motion_step")] == [("host_consent", True), ("mandate", False)]
    assert status(program, second.world) == "refused"


def test_a_waiting_motion_is_adopted_at_the_first_sitting_that_finds_it_ready(program: Program) -> None:
    """The same motion, tried again at each sitting, needs no second tabling.

    ---
    decision = "consensus"

    [[body.motions]]
    id = "send"
    title = "Send help"
    text = "Sends help."
    may_table = ["town"]
    because = "help was sent"
    tests = [{ stage = "request", passes = "north.heat >= 40", say = "nobody asked", then = "wait" }]

    [[rule]]
    id = "drift.heating"
    stage = "drift"
    effects = [{ on = "north.heat", add = "10" }]
    because = "it is summer"
    """
    played = play(program, [TABLE], [], [])
    assert [status(program, closing.world) for _, closing in played] == ["tabled", "tabled", "adopted"]
    assert [step["passed"] for _, closing in played for step in told(closing, "motion_step", stage="request")] == [False, False, True]


def test_members_positions_are_told_also_for_a_motion_that_a_test_refused(program: Program) -> None:
    """Nobody had to vote, yet the debrief can show who would have objected, and with which words.

    ---
    decision = "consensus"

    [[body.motions]]
    id = "send"
    title = "Send help"
    text = "Sends help."
    may_table = ["town"]
    because = "help was sent"
    tests = [{ stage = "mandate", passes = "north.heat > 90", say = "no mandate" }]
    positions = [{ member = "neighbour", when = "north.heat < 50", say = "it would set an example" }]
    """
    [(_, closing)] = play(program, [TABLE])
    votes = {one["member"]: (one["vote"], one["say"]) for one in told(closing, "vote")}
    assert votes == {"town": ("yes", ""), "guest": ("yes", ""), "neighbour": ("no", "it would set an example")}
    assert value(program, closing.world, "council_send.objections") == 0


def test_tests_are_told_as_they_went_when_another_body_sat_before(program: Program) -> None:
    """A body that sits first changes what the next one tests; the story tells the test that was made, not one on the turn's first state.

    ---
    decision = "consensus"

    [[body.motions]]
    id = "send"
    title = "Send help"
    text = "Sends help."
    may_table = ["town"]
    because = "help was sent"
    tests = [{ stage = "request", passes = "north.heat > 50", say = "nobody asked" }]

    [[body]]
    id = "assembly"
    name = "The assembly"
    short = "Assembly"
    rule_text = "by consensus"
    decision = "consensus"
    members = [{ seat = "town" }]

    [[body.motions]]
    id = "stir"
    title = "Stir"
    text = "Stirs."
    may_table = ["town"]
    effects = [{ on = "north.heat", set = "60" }]
    because = "the assembly stirred"
    """
    [(_, closing)] = play(program, [TABLE, MotionDecision("town", "assembly", "stir")])
    assert status(program, closing.world) == "adopted"
    assert [step["passed"] for step in told(closing, "motion_step", motion="send", stage="request")] == [True]


def test_tests_are_told_as_of_the_day_of_the_sitting(program: Program) -> None:
    """In a week's turn the council sits on the seventh day: a test of the motion's age passes then, and is told to have passed.

    ---
    decision = "consensus"

    [[body.motions]]
    id = "send"
    title = "Send help"
    text = "Sends help."
    may_table = ["town"]
    because = "help was sent"
    tests = [{ stage = "means", passes = "days_since(motion.tabled_on) >= 6 days", say = "too early" }]
    """
    *_, (_, closing) = play(program, [], [], [], [TABLE])
    assert status(program, closing.world) == "adopted"
    assert [step["passed"] for step in told(closing, "motion_step", stage="means")] == [True]


# --- pace, sittings, life -----------------------------------------------------------------------------------------------------------


def test_nothing_is_decided_before_the_pace_has_run(program: Program) -> None:
    """A pace of two days: tabled on day 0, open on days 0 and 1, adopted on day 2; the body says from when on it can decide.

    ---
    decision = "consensus"
    pace_days = 2

    [[body.motions]]
    id = "send"
    title = "Send help"
    text = "Sends help."
    may_table = ["town"]
    because = "help was sent"

    [[body.motions]]
    id = "talk"
    title = "Talk"
    text = "Talks."
    may_table = ["town"]
    pace_days = 0
    because = "it talked"
    """
    played = play(program, [TABLE, MotionDecision("town", "council", "talk")], [], [])
    assert [status(program, closing.world) for _, closing in played] == ["tabled", "tabled", "adopted"]
    assert status(program, played[0][1].world, "council_talk") == "adopted", "a motion's own pace goes before the body's"
    assert [one["earliest"] for one in told(played[0][1], "motion_outcome", motion="send")] == ["2010-06-12"]
    assert [len(told(closing, "vote", motion="send")) for _, closing in played] == [0, 0, 3]


@pytest.mark.parametrize(
    ("every", "tabled_in", "decided"),
    [(0, 1, 0), (0, 4, 9), (1, 2, 1), (3, 2, 3), (5, 1, 0), (5, 2, 5), (8, 4, 8), (9, 4, 9), (10, 2, None)],
)
def test_a_body_decides_on_its_sitting_days(every: int, tabled_in: int, decided: int | None) -> None:
    """On the first regular sitting that falls into a turn, also within a week's turn; on its last day if it sits whenever asked."""
    program = world(TABLES + f'decision = "consensus"\nsits_every_days = {every}\n' + SEND)
    turns = [[TABLE] if turn == tabled_in else [] for turn in range(1, 5)]
    ended = play(program, *turns)[-1][1].world
    if decided is None:
        assert status(program, ended) == "tabled"
    else:
        assert (status(program, ended), value(program, ended, "council_send.decided_on")) == ("adopted", decided)


def test_nothing_is_told_of_a_body_that_does_not_sit_but_that_the_motion_was_tabled() -> None:
    """Between regular sittings a motion lies on the table: no tests, no votes, no result."""
    program = world(TABLES + 'decision = "consensus"\nsits_every_days = 3\n' + SEND)
    _, (_, second) = play(program, [], [TABLE])
    assert [one["stage"] for one in told(second, "motion_step")] == ["tabled"]
    assert told(second, "vote") == told(second, "motion_outcome") == []


def test_an_open_motion_lapses_when_its_life_has_run(program: Program) -> None:
    """Objected to on days 0 and 1, it lapses on day 2; it acts neither then nor later, and may be tabled again.

    ---
    decision = "consensus"
    life_days = 2

    [[body.motions]]
    id = "send"
    title = "Send help"
    text = "Sends help."
    may_table = ["town"]
    effects = [{ on = "north.heat", add = "-5" }]
    because = "help was sent"
    positions = [{ member = "guest", when = "true", say = "never" }]
    """
    played = play(program, [TABLE], [], [], [])
    assert [status(program, closing.world) for _, closing in played] == ["tabled", "tabled", "lapsed", "lapsed"]
    assert value(program, played[2][1].world, "council_send.decided_on") == 2
    assert value(program, played[3][1].world, "north.heat") == 20.0
    assert [one["outcome"] for one in told(played[2][1], "motion_outcome")] == ["lapsed"]
    assert told(played[3][1], "motion_outcome") == []
    again = open_turn(program, played[2][1].world).world
    assert refusal(program, again, TABLE) is None


def test_a_motion_that_waits_for_ever_lapses_too(program: Program) -> None:
    """A consent that never comes does not keep a motion open beyond its own life, which goes before the body's.

    ---
    decision = "consensus"
    life_days = 30

    [[body.motions]]
    id = "send"
    title = "Send help"
    text = "Sends help."
    may_table = ["town"]
    life_days = 1
    because = "help was sent"
    tests = [{ stage = "host_consent", passes = "north.heat > 90", say = "no consent", then = "wait" }]
    """
    played = play(program, [TABLE], [])
    assert [status(program, closing.world) for _, closing in played] == ["tabled", "lapsed"]


# --- votes ----------------------------------------------------------------------------------------------------------------------------


def carried(rule: str, cast: tuple[str, str, str]) -> bool:
    """What each rule means, said another way than the engine does: members of weight 1, 1 and 3."""
    against = cast.count("no")
    weight = sum(weight for vote, weight in zip(cast, (1, 1, 3), strict=True) if vote == "yes")
    return {"consensus": against == 0, "silence": against == 0, "consensus_minus_one": against <= 1, "majority": weight > 2.5}[rule]


@pytest.mark.parametrize("rule", ["consensus", "silence", "majority", "consensus_minus_one"])
def test_a_decision_rule_counts_votes_by_hand(rule: str) -> None:
    """All 27 ways in which three members can vote: the rule decides, abstentions stop nobody, every objection is counted."""
    program = world(TABLES + f'decision = "{rule}"\n' + SEND)
    seats = ("town", "guest", "neighbour")
    for cast in itertools.product(("yes", "no", "abstain"), repeat=3):
        [(_, closing)] = play(program, [TABLE, *(vote(seat, one) for seat, one in zip(seats, cast, strict=True))])
        assert status(program, closing.world) == ("adopted" if carried(rule, cast) else "tabled"), cast
        assert value(program, closing.world, "council_send.objections") == cast.count("no")
        assert {one["member"]: one["vote"] for one in told(closing, "vote")} == dict(zip(seats, cast, strict=True))


def test_half_of_the_weight_is_no_majority() -> None:
    """Two of four do not carry a motion, three of five do; who abstains is counted in the whole."""
    equal = TABLES.replace("weight = 3", "weight = 2") + 'decision = "majority"\n' + SEND
    for weight, carries in ((2, False), (3, True)):
        program = world(equal.replace("weight = 2", f"weight = {weight}"))
        [(_, closing)] = play(program, [TABLE, vote("town", "abstain"), vote("guest", "abstain")])
        assert (status(program, closing.world) == "adopted") == carries


def test_objections_are_counted_when_the_vote_is_taken_and_cost_no_size(program: Program) -> None:
    """Before the pace has run nobody has objected yet; an objected motion keeps its size until it is adopted.

    ---
    decision = "consensus"
    pace_days = 1

    [[body.motions]]
    id = "send"
    title = "Send help"
    text = "Sends help."
    may_table = ["town"]
    size = 100
    size_now = "motion.size - 10 * (days_since(motion.tabled_on) / (1 days))"
    because = "help was sent"
    positions = [{ member = "guest", when = "true", say = "never" }]
    """
    played = play(program, [TABLE], [], [vote("guest", "yes")])
    assert [value(program, closing.world, "council_send.objections") for _, closing in played] == [0.0, 1.0, 0.0]
    assert [value(program, closing.world, "council_send.size") for _, closing in played] == [100.0, 100.0, 80.0]


def test_a_vote_stands_until_it_is_changed_and_old_objections_do_not(program: Program) -> None:
    """The guest's yes of day 0 is its yes of day 1 over its standing position, with its words; the town changes its mind, and its new words
    replace the old. Once the motion has lapsed nothing stands: tabled again, positions speak, and no objection is left from before.

    ---
    decision = "consensus"
    life_days = 1

    [[body.motions]]
    id = "send"
    title = "Send help"
    text = "Sends help."
    may_table = ["town", "guest"]
    because = "help was sent"
    positions = [{ member = "guest", when = "true", say = "never" }, { member = "neighbour", when = "true", say = "nor we" }]
    """
    first_votes = (vote("guest", "yes", "for once"), vote("town", "no", "not yet"))
    (_, first), (_, second), (opening, third) = play(program, [TABLE, *first_votes], [vote("town", "abstain")], [TABLE])
    assert votes_of(first) == {"town": ("no", "not yet"), "guest": ("yes", "for once"), "neighbour": ("no", "nor we")}
    assert votes_of(second) == {"town": ("abstain", ""), "guest": ("yes", "for once"), "neighbour": ("no", "nor we")}
    assert [one["member"] for one in told(second, "vote", by_hand=True)] == ["town", "guest"]
    assert (status(program, second.world), value(program, second.world, "council_send.objections")) == ("lapsed", 1)
    again = work_closing(program, opening.world, (TABLE,)).landmarks["tabled"]
    assert again[program.layout.cell("council_send", "objections")] == 0.0
    assert votes_of(third) == {"town": ("yes", ""), "guest": ("no", "never"), "neighbour": ("no", "nor we")}


def test_a_vote_that_is_taken_back_leaves_the_position_to_speak(program: Program) -> None:
    """The guest's yes of day 0 no longer counts on day 1; with nothing standing there is nothing to take back.

    ---
    decision = "consensus"

    [[body.motions]]
    id = "send"
    title = "Send help"
    text = "Sends help."
    may_table = ["town"]
    because = "help was sent"
    positions = [{ member = "guest", when = "true", say = "never" }, { member = "neighbour", when = "true", say = "nor we" }]
    """
    (_, first), (_, second) = play(program, [TABLE, vote("guest", "yes")], [vote("guest", "none")])
    assert (votes_of(first)["guest"], votes_of(second)["guest"]) == (("yes", ""), ("no", "never"))
    now = open_turn(program, first.world).world
    assert refusal(program, now, vote("guest", "none")) is None
    why = refusal(program, now, vote("town", "none"))
    assert why is not None
    assert (why.code, why.why) == ("no-vote", "there is no vote to take back")
    assert refusal(program, now, vote("town", "none"), (vote("town", "no"),)) is None


def test_a_vote_is_taken_on_an_open_motion_only(program: Program) -> None:
    """Not before it is tabled, but by the seat that has just tabled it; not once it was adopted, refused or has lapsed, on a day that is
    told; a motion that is tabled and decided within the turn takes votes in advance, since nobody else would see it in time.

    ---
    decision = "consensus"
    pace_days = 1
    life_days = 2

    [[body.motions]]
    id = "send"
    title = "Send help"
    text = "Sends help."
    may_table = ["town", "guest"]
    because = "help was sent"

    [[body.motions]]
    id = "judge"
    title = "Judge"
    text = "Is refused."
    may_table = ["town"]
    because = "it was judged"
    tests = [{ stage = "mandate", passes = "false", say = "not ours" }]

    [[body.motions]]
    id = "blame"
    title = "Blame"
    text = "Never passes."
    may_table = ["town"]
    because = "somebody was blamed"
    positions = [{ member = "guest", when = "true", say = "never" }]

    [[body.motions]]
    id = "note"
    title = "Take note"
    text = "Is decided at once."
    may_table = ["town"]
    pace_days = 0
    because = "it was noted"
    """
    ids = ("send", "judge", "blame")
    tables = [MotionDecision("town", "council", motion) for motion in ids]
    turns = play(program, tables, [], [])
    worlds = [open_turn(program, now).world for now in (program.startex(1), *(closing.world for _, closing in turns))]

    def whys(turn: int, *earlier: Decision) -> list[tuple[str, str]]:
        found = [refusal(program, worlds[turn], vote("town", "no", motion=motion), earlier) for motion in ids]
        return [("", "") if why is None else (why.code, why.why) for why in found]

    assert whys(0) == [("not-tabled", "the motion is not on the table")] * 3
    assert whys(0, *tables) == [("", "")] * 3
    assert whys(0, *(MotionDecision("guest", "council", motion) for motion in ids))[0][0] == "not-tabled", (
        "it would tell of the guest's act"
    )
    assert whys(1) == [("", ""), ("refused", "the motion was refused on 10 June"), ("", "")]
    assert whys(3) == [
        ("adopted", "the motion was adopted on 11 June"),
        ("refused", "the motion was refused on 10 June"),
        ("lapsed", "the motion has lapsed on 12 June"),
    ]
    assert whys(3, tables[2])[2] == ("", ""), "tabled again by the seat itself"
    why = refusal(program, worlds[3], vote("guest", "yes", motion="blame"))
    assert why is not None
    assert why.hint == "members vote again once it is tabled again"
    assert refusal(program, worlds[0], vote("guest", "no", motion="note")) is None


def test_a_motion_may_have_a_decision_rule_of_its_own(program: Program) -> None:
    """In a body of consensus a motion decided by majority passes over an objection.

    ---
    decision = "consensus"

    [[body.motions]]
    id = "send"
    title = "Send help"
    text = "Sends help."
    may_table = ["town"]
    decision = "majority"
    because = "help was sent"
    positions = [{ member = "guest", when = "true", say = "never" }]
    """
    [(_, closing)] = play(program, [TABLE])
    assert status(program, closing.world) == "adopted"


def test_a_vote_by_hand_overrides_the_standing_position_and_has_its_own_words(program: Program) -> None:
    """The guest's instructions say no; the guest says yes by hand, and its own explanation is told in place of the instruction's.

    ---
    decision = "consensus"

    [[body.motions]]
    id = "send"
    title = "Send help"
    text = "Sends help."
    may_table = ["town"]
    because = "help was sent"
    positions = [
      { member = "guest", when = "true", say = "instructions say no" },
      { member = "*", vote = "abstain", when = "member == town", say = "it is our own motion" },
    ]
    """
    (_, without), (_, by_hand) = play(program, [TABLE], [vote("guest", "yes", "we were called")])
    assert [(one["vote"], one["say"], one["by_hand"]) for one in told(without, "vote")] == [
        ("abstain", "it is our own motion", False),
        ("no", "instructions say no", False),
        ("yes", "", False),
    ]
    assert (status(program, without.world), value(program, without.world, "council_send.objections")) == ("tabled", 1)
    assert (
        told(by_hand, "vote", member="guest")[0] | {"vote": "yes", "say": "we were called", "by_hand": True}
        == told(by_hand, "vote", member="guest")[0]
    )
    assert (status(program, by_hand.world), value(program, by_hand.world, "council_send.objections")) == ("adopted", 0)


def test_an_objection_outranks_an_abstention_and_the_first_ground_is_given(program: Program) -> None:
    """Of several positions that hold, a no is taken before an abstention, and of two noes the one that stands first.

    ---
    decision = "consensus"

    [[body.motions]]
    id = "send"
    title = "Send help"
    text = "Sends help."
    may_table = ["town"]
    because = "help was sent"
    positions = [
      { member = "guest", vote = "abstain", when = "true", say = "no view" },
      { member = "guest", when = "north.heat > 90", say = "too hot" },
      { member = "*", when = "member == guest", say = "we were not asked" },
      { member = "guest", when = "true", say = "we never agree" },
    ]
    """
    [(_, closing)] = play(program, [TABLE])
    assert [(one["vote"], one["say"]) for one in told(closing, "vote", member="guest")] == [("no", "we were not asked")]


# --- what follows -------------------------------------------------------------------------------------------------------------------


def test_an_adopted_motion_acts_once(program: Program) -> None:
    """Its effects, with its size, come on adoption and never again, nor does the motion come up at later sittings.

    ---
    decision = "consensus"

    [[body.motions]]
    id = "send"
    title = "Send help"
    text = "Sends help."
    may_table = ["town"]
    size = 40
    effects = [{ on = "north.heat", add = "motion.size / 4" }]
    refused_effects = [{ on = "south.heat", add = "7" }]
    because = "help was sent"
    """
    played = play(program, [TABLE], [], [])
    assert [value(program, closing.world, "north.heat") for _, closing in played] == [30.0, 30.0, 30.0]
    assert value(program, played[-1][1].world, "south.heat") == 20.0
    assert [len(told(closing, "motion_outcome")) for _, closing in played] == [1, 0, 0]
    again = open_turn(program, played[-1][1].world).world
    why = refusal(program, again, TABLE)
    assert why is not None
    assert why.code == "adopted"


def test_a_refused_motion_acts_once_for_each_refusal(program: Program) -> None:
    """What a refusal costs is paid on that day; tabling the motion again and losing again costs it again.

    ---
    decision = "consensus"

    [[body.motions]]
    id = "send"
    title = "Send help"
    text = "Sends help."
    may_table = ["town"]
    effects = [{ on = "north.heat", add = "-5" }]
    refused_effects = [{ on = "south.heat", add = "7" }]
    because = "help was sent"
    tests = [{ stage = "mandate", passes = "north.heat > 90", say = "no mandate" }]
    """
    played = play(program, [TABLE], [], [TABLE], [])
    assert [value(program, closing.world, "south.heat") for _, closing in played] == [27.0, 27.0, 34.0, 34.0]
    assert value(program, played[-1][1].world, "north.heat") == 20.0


def test_delay_takes_its_share_of_the_size(program: Program) -> None:
    """A force of 100 loses a tenth for every day on the table: adopted on day 2, it is 80 strong, and acts with 80.

    ---
    decision = "consensus"
    pace_days = 2

    [[body.motions]]
    id = "send"
    title = "Send help"
    text = "Sends help."
    may_table = ["town"]
    size = 100
    size_now = "motion.size * (1 - 0.1 * min(days_since(motion.tabled_on) / (1 days), 10))"
    effects = [{ on = "north.heat", add = "motion.size / 10" }]
    because = "help was sent"
    """
    played = play(program, [TABLE], [], [])
    assert [value(program, closing.world, "council_send.size") for _, closing in played] == [100.0, 100.0, 80.0]
    assert value(program, played[-1][1].world, "north.heat") == 28.0
    assert [one["size"] for one in told(played[-1][1], "motion_outcome")] == [80.0]


WEEKS = """
[[cut]]
id = "weeks"
title = "Weeks"
summary = "A day, three weeks, and two months in one turn."
minutes = 20
start = 2010-06-10
calendar = [{ days = 1, count = 1 }, { days = 7, count = 3 }, { days = 60, count = 1 }, { days = 30, count = 2 }]
"""


@pytest.mark.parametrize(
    ("tabled_in", "delay", "lands_in"),
    [
        (1, "1 day", 1),
        (1, "2 days", 2),
        (1, "8 days", 2),
        (2, "3 days", 3),
        (2, "7 days", 3),
        (2, "8 days", 4),
        (5, "20 days", 6),
        (5, "40 days", 7),
    ],
)
def test_what_a_body_decided_works_so_long_after_its_sitting(tabled_in: int, delay: str, lands_in: int) -> None:
    """A body that sits on the last day of a week, or of two months, starts no effect before it has met: delays count from its sitting."""
    motion = SEND.replace('add = "-5" }', f'add = "-5", after = "{delay}" }}')
    program = world(WEEKS + TABLES + 'decision = "consensus"\n' + motion, "weeks")
    turns = [[TABLE] if turn == tabled_in else [] for turn in range(1, 8)]
    heats = [value(program, closing.world, "north.heat") for _, closing in play(program, *turns)]
    assert heats == [15.0 if turn >= lands_in else 20.0 for turn in range(1, 8)]


def test_a_refused_motion_leaves_its_fallback_on_the_table(program: Program) -> None:
    """Troops are refused, a statement is tabled in their place with its own size, told as a fallback, and decided at the next sitting.

    ---
    decision = "consensus"

    [[body.motions]]
    id = "send"
    title = "Send help"
    text = "Sends help."
    may_table = ["town"]
    fallback = "talk"
    because = "help was sent"
    tests = [{ stage = "mandate", passes = "north.heat > 90", say = "no mandate" }]

    [[body.motions]]
    id = "talk"
    title = "Talk"
    text = "Talks."
    may_table = []
    size = 3
    effects = [{ on = "south.heat", add = "-motion.size" }]
    because = "it talked"
    """
    (_, first), (_, second), (_, third), (_, fourth) = play(program, [TABLE], [], [TABLE], [])
    assert (status(program, first.world), status(program, first.world, "council_talk")) == ("refused", "tabled")
    assert value(program, first.world, "council_talk.size") == 3.0
    assert [(step["stage"], step["say"]) for step in told(first, "motion_step", motion="talk")] == [("tabled", "tabled as a fallback")]
    assert status(program, second.world, "council_talk") == "adopted"
    assert value(program, second.world, "south.heat") == 17.0
    assert status(program, third.world, "council_talk") == "adopted", "a decided fallback is not tabled a second time"
    assert value(program, fourth.world, "south.heat") == 17.0


def test_a_fallback_may_be_of_any_size(program: Program) -> None:
    """A hundred-thousandth, which Python would write with an exponent.

    ---
    decision = "consensus"

    [[body.motions]]
    id = "send"
    title = "Send help"
    text = "Sends help."
    may_table = ["town"]
    fallback = "lend"
    because = "help was sent"
    tests = [{ stage = "mandate", passes = "north.heat > 90", say = "no mandate" }]

    [[body.motions]]
    id = "lend"
    title = "Lend"
    text = "Lends."
    may_table = []
    size = 0.00001
    because = "it lent"
    """
    [(_, closing)] = play(program, [TABLE])
    assert value(program, closing.world, "council_lend.size") == 0.00001


# --- tabling and voting: who may -----------------------------------------------------------------------------------------------------


def test_who_may_table_and_vote_is_said_with_a_code(program: Program) -> None:
    """Unknown names get a hint; strangers to a motion, open and decided motions, needs and votes are told apart.

    ---
    decision = "consensus"
    pace_days = 1

    [[body.motions]]
    id = "send"
    title = "Send help"
    text = "Sends help."
    may_table = ["town", "guest"]
    needs = [{ when = "seat.funds > 5", say = "a sender needs funds" }]
    because = "help was sent"

    [[seat]]
    id = "stranger"
    name = "A stranger"
    """
    start = open_turn(program, program.startex(1)).world

    def code(decision: Decision, *earlier: Decision, now: World = start) -> tuple[str, str]:
        why = refusal(program, now, decision, earlier)
        return ("", "") if why is None else (why.code, why.hint)

    assert code(TABLE) == ("", "")
    assert code(MotionDecision("town", "councl", "send")) == ("unknown-body", "did you mean council?")
    assert code(MotionDecision("town", "council", "sent")) == ("unknown-motion", "did you mean send?")
    assert code(MotionDecision("stranger", "council", "send"))[0] == "not-yours"
    assert code(TABLE, TABLE)[0] == "open-already"
    assert code(TABLE, MotionDecision("guest", "council", "send")) == ("", ""), "a refusal would tell of the guest's secret"
    assert code(vote("stranger", "yes"))[0] == "not-a-member"
    assert code(vote("town", "maybe"))[0] == "unknown-vote"
    assert code(VoteDecision("town", "council", "sent", "yes"))[0] == "unknown-motion"
    assert code(vote("town", "no"))[0] == "not-tabled"
    assert code(vote("town", "no"), TABLE) == ("", "")
    (_, first), (_, second) = play(program, [TABLE], [])
    assert code(TABLE, now=open_turn(program, first.world).world)[0] == "open-already"
    third = open_turn(program, second.world).world
    assert (code(TABLE, now=third)[0], code(vote("town", "no"), now=third)[0]) == ("adopted", "adopted")


def test_what_a_motion_needs_is_read_from_the_tabling_seats_own_view(program: Program) -> None:
    """The same need holds for a rich seat and not for a poor one; the refusal says it in the content's words.

    ---
    decision = "consensus"

    [[body.motions]]
    id = "send"
    title = "Send help"
    text = "Sends help."
    may_table = ["town", "poor"]
    needs = [{ when = "seat.funds > 5", say = "a sender needs funds" }]
    because = "help was sent"

    [[seat]]
    id = "poor"
    name = "The poor"
    start = [{ quantity = "funds", value = 1 }]
    """
    start = open_turn(program, program.startex(1)).world
    why = refusal(program, start, MotionDecision("poor", "council", "send"))
    assert why is not None
    assert (why.code, why.why) == ("need", "a sender needs funds")
    assert refusal(program, start, TABLE) is None


def test_a_motion_tabled_by_two_seats_is_tabled_once_by_both() -> None:
    """Neither seat is refused, the motion is decided once, and both are named."""
    program = world(TABLES + 'decision = "consensus"\n' + SEND)
    [(_, closing)] = play(program, [MotionDecision("guest", "council", "send"), TABLE])
    assert [step["by"] for step in told(closing, "motion_step", stage="tabled")] == [["guest", "town"]]
    assert value(program, closing.world, "north.heat") == 15.0
