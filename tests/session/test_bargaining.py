"""Proposals at the host: signed, countered, refused in words, published; the same after a restart; nothing to whoever is not a party."""

from __future__ import annotations

import functools
import itertools
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from exercise.core.program import Program
from exercise.record.branching import Recording
from exercise.record.entry import Entry
from exercise.record.replay import Replayer
from exercise.session.bargaining import NO_INSTRUCTIONS
from exercise.session.headless import Headless
from exercise.session.running import Running
from tests.record.played import valleys
from tests.session.room import TRADER, Frame, Room, book_of, bytes_of, numbered

TERMS = """
[[seat]]
id = "rival"
name = "The rival"
briefing = "You are the rival."

[[clause]]
id = "pay"
kind = "tranche"
title = "Money"
text = "{giver} pays {receiver} {amount} {days}."
givers = ["town", "guest", "rival"]
receivers = ["guest", "trader", "rival", "town"]
resource = "funds"
amount = { unit = "million dollars", low = 1, high = 50, default = 2, what = "paid" }
days = { low = 0, high = 10, default = 0 }
needs = [{ when = "seat.funds > 0 million_dollars", say = "there is no money at all" }]
because = "what was agreed was paid"
assumption = true
reason = "a test"

[[clause]]
id = "quiet"
kind = "restraint"
title = "No plotting"
text = "{giver} does not: {order}."
givers = ["guest"]
receivers = ["town", "rival"]
orders = ["plot"]
because = "peace was promised"

[[clause]]
id = "silence"
kind = "secrecy"
title = "Silence"
text = "No party publishes this."
because = "silence was promised"

[[doctrine]]
id = "default"
seat = "rival"
text = "Signs nothing."
"""
SIGNING = (
    'text = "Trades every day."\naccepts = [{ clause = "pay", when = "amount >= 3 million_dollars and seat.funds > 0 million_dollars" }]'
)

ID = "guest:guest+town#1"
PAY = {"clause": "pay", "giver": "guest", "receiver": "town", "amount": 2, "by_days": 0}


@functools.cache
def exercise() -> Program:
    """The small exercise with a few clauses; the trader's doctrine sells itself for three million."""
    return valleys(TRADER.replace('text = "Trades every day."', SIGNING) + TERMS)


def room(*seats: str, **how: Any) -> Room:
    """A room in which people play these seats."""
    return Room.open(seats or ("town", "guest", "rival"), program=exercise(), **how)


def agreements(one: Room, seat: str) -> list[Frame]:
    """What a seat was told of agreements in frames of their own."""
    return [frame["agreement"] for frame in one.frames[seat] if frame["frame"] == "agreement"]


def proposed(one: Room, *clauses: dict[str, Any], seat: str = "guest", other: str = "town", **fields: Any) -> Frame:
    """A proposal."""
    return one.say(seat, "propose", **{"with": [other], "clauses": list(clauses or (PAY,)), "days": 10, **fields})


def test_two_sign_and_it_is_in_force_when_the_turn_is_resolved() -> None:
    """Draft, signed, kept: each told to both; the money has moved and why says so."""
    here = room()
    assert proposed(here, text="as we said")["frame"] == "ack"
    assert agreements(here, "town")[-1]["status"] == "draft"
    assert agreements(here, "town")[-1]["signed"] == ["guest"]
    assert agreements(here, "town")[-1]["clauses"][0]["says"] == "The guest pays The town 2 M$ at once."
    assert here.say("town", "sign", agreement=ID)["frame"] == "ack"
    assert agreements(here, "guest")[-1]["status"] == "signed"
    here.pass_turn()
    told = agreements(here, "guest")[-1]
    assert (told["status"], told["clauses"][0]["status"], told["since"], told["text"]) == ("kept", "kept", "2010-06-10", "as we said")
    own = [one for one in here.told("town", "own") if one["quantity"] == "seat.funds"]
    assert any(cause["kind"] == "agreement" and cause["amount"] == 2 for cause in own[0]["causes"])
    assert [one["step"] for one in here.told("rival", "agreement")] == ["in_force", "kept", "ended"]


def test_a_public_agreement_is_nobodys_business_before_it_is_in_force() -> None:
    """Then everybody sees its terms, and not what was said and answered on the way."""
    here = room()
    proposed(here, text="between us")
    here.say("town", "sign", agreement=ID)
    assert not agreements(here, "rival")
    here.pass_turn()
    (seen,) = agreements(here, "rival")
    assert (seen["id"], seen["text"], seen["answers"]) == (ID, "", "")


def test_a_counter_proposal_takes_the_place_of_what_it_answers() -> None:
    """Only an open one between exactly the same seats can be answered."""
    here = room()
    proposed(here)
    more = {**PAY, "amount": 5}
    assert proposed(here, more, seat="town", other="guest", answers="town:guest+town#7")["code"] == "unknown-agreement"
    assert proposed(here, more, seat="town", other="guest", answers=ID)["frame"] == "ack"
    states = {one["id"]: one["status"] for one in agreements(here, "guest")}
    assert states == {ID: "replaced", "town:guest+town#1": "draft"}
    assert here.say("town", "sign", agreement=ID)["code"] == "replaced"
    assert here.say("guest", "sign", agreement="town:guest+town#1")["frame"] == "ack"


def test_no_and_never_mind() -> None:
    """A party declines, the proposer takes it back, a signature is taken back while not all have signed."""
    here = room()
    proposed(here)
    assert here.say("town", "decline", agreement=ID, text="too little")["frame"] == "ack"
    assert (agreements(here, "guest")[-1]["status"], agreements(here, "guest")[-1]["text"]) == ("declined", "too little")
    proposed(here)
    second = "guest:guest+town#2"
    assert here.say("guest", "decline", agreement=second)["code"] == "signed"
    assert here.say("town", "retract", agreement=second)["code"] == "not-signed"
    assert here.say("guest", "retract", agreement=second)["frame"] == "ack"
    three = {**PAY, "receiver": "rival"}
    proposed(here, three, other="town", **{"with": ["town", "rival"]})
    third = "guest:guest+rival+town#1"
    here.say("rival", "sign", agreement=third)
    here.say("rival", "retract", agreement=third)
    assert agreements(here, "town")[-1]["signed"] == ["guest"]
    here.say("rival", "sign", agreement=third)
    here.say("town", "sign", agreement=third)
    assert here.say("rival", "retract", agreement=third)["code"] == "signed"


def test_a_secret_agreement_is_published_by_a_party() -> None:
    """Everybody reads it at once, and the breach is found when the turn is resolved."""
    here = room()
    proposed(here, {"clause": "silence"}, {**PAY, "by_days": 9}, secret=True)
    assert here.say("guest", "disclose", agreement=ID)["code"] == "not-in-force"
    here.say("town", "sign", agreement=ID)
    here.pass_turn()
    assert not agreements(here, "rival")
    assert here.say("rival", "disclose", agreement=ID) == here.say("rival", "disclose", agreement="nothing")
    assert here.say("town", "disclose", agreement=ID, text="people should know")["frame"] == "ack"
    assert agreements(here, "rival")[-1]["disclosed"]
    assert here.say("town", "disclose", agreement=ID)["code"] == "public"
    here.pass_turn()
    assert [one["status"] for one in agreements(here, "rival")] == ["in force", "breached"]


def test_a_seat_that_nobody_plays_answers_by_its_doctrine() -> None:
    """It signs what its doctrine names, as it sees things itself, and declines everything else in words."""
    here = room("town", "guest")
    offer = {**PAY, "receiver": "trader"}
    proposed(here, {**offer, "amount": 2}, other="trader")
    assert (agreements(here, "guest")[-1]["status"], agreements(here, "guest")[-1]["text"]) == ("declined", NO_INSTRUCTIONS)
    proposed(here, {**offer, "amount": 3}, other="trader")
    assert agreements(here, "guest")[-1]["status"] == "signed"
    proposed(here, {**offer, "amount": 3}, {**offer, "amount": 2, "by_days": 1}, other="trader")
    assert agreements(here, "guest")[-1]["status"] == "declined"
    proposed(here, {"clause": "quiet", "giver": "guest", "receiver": "rival"}, other="rival")
    assert agreements(here, "guest")[-1]["status"] == "declined"


def test_what_the_giver_lacks_in_its_own_view_keeps_it_from_signing() -> None:
    """And nothing but its own view."""
    poor = valleys(TRADER + TERMS.replace("seat.funds > 0 million_dollars", "seat.funds > 10 million_dollars"))
    here = Room.open(("town", "guest", "rival"), program=poor)
    assert proposed(here)["code"] == "need"
    assert proposed(here, seat="town", other="guest")["frame"] == "ack"
    assert here.say("guest", "sign", agreement="town:guest+town#1")["code"] == "need"


def test_a_restart_gives_the_same_frames() -> None:
    """In the midst of bargaining and after it."""
    here = room()
    proposed(here, {"clause": "silence"}, PAY, secret=True)
    proposed(here, {**PAY, "by_days": 1})
    here.say("town", "sign", agreement=ID)
    here.pass_turn()
    here.say("town", "sign", agreement="guest:guest+town#2")
    here.say("guest", "disclose", agreement=ID)
    here.pass_turn()
    proposed(here)
    again = room(past=here.book.entries)
    for seat in here.frames:
        assert bytes_of(numbered(here.frames[seat])) == bytes_of(numbered(again.frames[seat]))
    assert again.say("town", "sign", agreement="guest:guest+town#3")["frame"] == "ack"


def test_replay_is_the_exercise_and_a_branch_follows_it() -> None:
    """Recomputed from its entries the log comes to the same worlds; so does a branch that repeats what was put in."""
    here = room()
    book = book_of(exercise())
    proposed(here, {"clause": "silence"}, PAY, secret=True)
    here.say("town", "sign", agreement=ID)
    here.pass_turn()
    here.say("town", "disclose", agreement=ID)
    proposed(here, {"clause": "quiet", "giver": "guest", "receiver": "town"})
    here.say("town", "sign", agreement="guest:guest+town#2")
    here.pass_turn()
    header = Replayer(book.entries[0])
    entries = [Entry(one.n + 1, one.prev, one.type, one.data, one.hash) for one in here.book.entries]
    played = [turn for entry in entries if (turn := header.take(entry)) is not None]
    assert len(played) == 2
    assert header.world == here.running.rehearsed(here.running.world.seed)._unopened
    assert [one.status for one in header.world.agreements] == ["breached", "in force"]
    branch = Headless(Running.begin(exercise(), 7), recording=Recording.of(here.book.entries, 1))
    branch.play(2)
    assert not branch.refused
    assert branch.running.rehearsed(7)._unopened.agreements == header.world.agreements  # type: ignore[union-attr]


def test_an_act_is_done_once() -> None:
    """A proposal that is sent again because its answer was lost is one proposal."""
    here = room()
    for _ in range(2):
        here.host.hear("guest", {"act": "propose", "with": ["town"], "clauses": [PAY], "days": 10}, once="c:1")
    assert len(agreements(here, "town")) == 1


def test_every_seat_knows_what_it_can_agree_on() -> None:
    """The welcome has the clauses that it can give or receive, with their limits."""
    here = room()
    cards = {card["clause"]: card for card in here.frames["rival"][0]["clauses"]}
    assert set(cards) == {"pay", "quiet", "silence"}
    assert cards["pay"]["amount"] == {"unit": "million dollars", "low": 1, "high": 50, "default": 2, "step": 1, "what": "paid"}
    assert cards["pay"]["days"] == {"low": 0, "high": 10, "default": 0}


# --- secrets ------------------------------------------------------------------------------------------------------------------------

JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 5), st.floats(allow_nan=True), st.text(max_size=5), st.lists(st.integers(), max_size=2)
)
CLAUSE = st.fixed_dictionaries({"clause": st.sampled_from(["pay", "quiet", "silence", "no"])}, optional={
    name: st.one_of(JUNK, st.sampled_from(["guest", "rival", "town", 2, 3.0])) for name in ("giver", "receiver", "target", "amount", "by_days", "vote")
})  # fmt: skip
ACT = st.fixed_dictionaries(
    {"act": st.sampled_from(["propose", "sign", "decline", "retract", "disclose"])},
    optional={
        "with": st.one_of(JUNK, st.just(["rival"]), st.just(["guest"])),
        "clauses": st.one_of(JUNK, st.lists(st.one_of(CLAUSE, JUNK), max_size=3)),
        "days": st.one_of(JUNK, st.just(5)),
        "secret": st.one_of(JUNK, st.just(True)),
        "agreement": st.one_of(JUNK, st.sampled_from(["guest:guest+rival#1", "rival:guest+rival#1"])),
        "answers": JUNK,
        "text": JUNK,
    },
)


def towns_bytes(acts: list[tuple[str, dict[str, Any]]]) -> list[bytes]:
    """The town's stream over two turns in which guest and rival bargain with each other, and it tries its luck with their agreements."""
    here = room()
    for turn in (1, 2):
        for seat, act in acts:
            here.host.hear(seat, {"ref": "x", **act})
        here.say("town", "sign", agreement="guest:guest+rival#1")
        here.say("town", "disclose", agreement="guest:guest+rival#1")
        proposed(here, {"clause": "pay", "giver": "town", "receiver": "guest", "amount": 1, "by_days": 0}, seat="town", other="guest")
        here.say("town", "retract", agreement=f"town:guest+town#{turn}")
        here.pass_turn()
    again = room(past=here.book.entries)
    return bytes_of([*here.frames["town"], *again.frames["town"]])


SECRET_PAY = {"clause": "pay", "giver": "guest", "receiver": "rival", "amount": 4, "by_days": 1}
DEAL = [
    (
        "guest",
        {"act": "propose", "with": ["rival"], "clauses": [SECRET_PAY, {"clause": "silence"}], "days": 5, "secret": True, "text": "psst"},
    ),
    ("rival", {"act": "sign", "agreement": "guest:guest+rival#1"}),
    ("rival", {"act": "propose", "with": ["guest"], "clauses": [SECRET_PAY], "days": 9, "secret": True}),
    ("guest", {"act": "decline", "agreement": "rival:guest+rival#1"}),
]


@functools.cache
def usual() -> list[bytes]:
    """What the town sees when the others agree on nothing."""
    return towns_bytes([])


def test_what_others_agree_on_in_secret_changes_no_byte() -> None:
    """Proposals, signatures, payments, refusals: neither number nor order nor length nor content."""
    assert towns_bytes(DEAL) == usual()
    deals = room()
    for seat, act in DEAL:
        deals.host.hear(seat, {"ref": "x", **act})
    deals.pass_turn()
    assert deals.told("rival", "agreement"), "nothing was agreed, so nothing was hidden"


@given(st.lists(st.tuples(st.sampled_from(["guest", "rival"]), ACT.filter(lambda act: act.get("with") != ["town"])), max_size=5))
@settings(max_examples=60, deadline=None)
def test_nothing_that_can_be_sent_raises_or_shows(acts: list[tuple[str, dict[str, Any]]]) -> None:
    """Whatever is sent as an act of bargaining is answered; of secret agreements and of proposals the third seat sees nothing."""
    hidden = [(seat, {**act, "secret": True}) for seat, act in acts if act["act"] != "disclose"]
    assert towns_bytes(hidden) == usual()


def test_ids_count_nothing_that_a_party_may_not_see() -> None:
    """The same proposal has the same id whatever others have proposed before."""
    for others in itertools.product([[], DEAL]):
        here = room()
        for seat, act in others[0]:
            here.host.hear(seat, {"ref": "x", **act})
        proposed(here)
        assert agreements(here, "town")[-1]["id"] == ID
