"""Who may say what when, and what the host answers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exercise.core import adjudicate, telling, turns
from exercise.core.decisions import InjectRelease
from exercise.core.program import Program
from exercise.core.world import digest
from exercise.session.host import MAX_TEXT
from tests.core.scenes import world
from tests.record.played import VALLEYS
from tests.session.room import Broken, Room, bytes_of, numbered

COOL = {"order": "cool", "target": "north", "amount": 5.0}
SEND = {"body": "council", "motion": "send"}


# --- the stream ----------------------------------------------------------------------------------------------------------------------


def test_a_stream_begins_with_everything_a_seat_needs_and_counts_from_one() -> None:
    """First the welcome, then what the opening told, then the turn; the numbers have no gap, whatever follows."""
    room = Room.open()
    kinds = [frame["frame"] for frame in room.frames["town"]]
    assert (kinds[0], kinds[-1]) == ("welcome", "turn")
    assert set(kinds[1:-1]) == {"outcome"}
    room.say("town", "order", **COOL)
    room.say("town", "order", **COOL)
    room.play_to_the_end()
    for seat, frames in room.frames.items():
        assert [frame["seq"] for frame in numbered(frames)] == list(range(1, len(numbered(frames)) + 1)), seat
        assert {frame["branch"] for frame in numbered(frames)} == {0}


def test_a_welcome_holds_a_seats_own_menu_and_briefing_and_nothing_of_others() -> None:
    """The town can read its orders and not the guest's covert one, its briefing and not the guest's, every name and no start value."""
    room = Room.open()
    town, guest = (room.frames[seat][0] for seat in ("town", "guest"))
    assert {card["order"] for card in town["menu"]} == {"cool", "visit"}
    assert {card["order"] for card in guest["menu"]} == {"plot", "visit"}
    assert (town["seat"]["id"], town["seat"]["briefing"]) == ("town", "You are the town.")
    text = json.dumps(town)
    assert "plot" not in text.lower()
    assert "You are the guest." not in text
    assert [one["id"] for one in town["seats"]] == ["town", "guest", "trader"]
    assert [turn["start"] for turn in town["calendar"]] == ["2010-06-10", "2010-06-11", "2010-06-12", "2010-06-13"]


# --- turns ---------------------------------------------------------------------------------------------------------------------------


def test_a_turn_closes_when_every_played_seat_is_ready() -> None:
    """One ready seat waits for the other; taking it back keeps the turn open; with the last one the next turn begins, nobody ready."""
    room = Room.open()
    room.say("town", "ready")
    assert room.running.turn == 1
    room.say("town", "unready")
    assert room.last("town", "turn")["ready"] is False
    room.say("guest", "ready")
    assert room.running.turn == 1
    room.say("town", "ready")
    assert room.running.turn == 2
    for seat in ("town", "guest"):
        frame = room.last(seat, "turn")
        assert (frame["turn"], frame["date"], frame["phase"], frame["ready"], frame["committed"]) == (2, "2010-06-11", "orders", False, [])


def test_being_ready_twice_is_being_ready_once() -> None:
    """A second press of the key does not close the turn for the others, nor the next one."""
    room = Room.open()
    assert [room.say("town", "ready")["frame"] for _ in range(3)] == ["ack"] * 3
    assert room.running.turn == 1
    room.say("guest", "ready")
    assert room.running.turn == 2


def test_a_ready_seat_may_still_change_its_orders() -> None:
    """Until the last seat is ready the turn is open for all."""
    room = Room.open()
    room.say("town", "ready")
    assert room.say("town", "order", **COOL)["frame"] == "ack"
    assert room.last("town", "turn")["ready"] is True
    room.say("guest", "ready")
    assert [result["done"] for result in room.told("town", "order_result")] == [True]


def test_seats_that_nobody_plays_are_moved_by_their_doctrines() -> None:
    """The trader trades by default; the town, when only the guest is played, does what it is set to do."""
    room = Room.open(["guest"])
    room.pass_turn()
    assert {entry.data["seat"]: entry.data["by"] for entry in room.book.entries if entry.type == "order"} == {
        "town": "doctrine",
        "trader": "doctrine",
    }
    idle = Room.open(["guest"], doctrines={"town": "idle"})
    idle.pass_turn()
    assert {entry.data["seat"] for entry in idle.book.entries if entry.type == "order"} == {"trader"}


def test_at_the_end_every_seat_sees_its_scores_beside_the_truth() -> None:
    """The last turn's outcomes, then one end frame with the true world, its digest and the seed, and no turn after it."""
    room = Room.open(seed=99)
    room.play_to_the_end()
    for frames in room.frames.values():
        *_, before, end = frames
        assert (before["frame"], end["frame"]) == ("outcome", "end")
        assert [frame["frame"] for frame in frames].count("end") == 1
        assert (end["seed"], end["digest"], end["turn"]) == (99, digest(room.running.world), 4)
        assert end["truth"]["south"]["stock"] == 50.0
    assert room.book.kinds()[-2:] == ["turn_closed", "ended"]
    assert room.book.entries[-1].data == {"digest": digest(room.running.world)}


def test_at_the_end_scores_are_judged_on_the_last_day() -> None:
    """An order given on the first of ten days was given ten days ago, not three, when the last turn's week is over."""
    program = world(
        '[[order]]\nid = "walk"\nseats = ["mayor"]\ntitle = "Walk"\npurpose = "diplomacy"\ntext = "Walks."\nbecause = "b"\n'
        '[[seat]]\nid = "mayor"\nname = "The mayor"\n'
        'objectives = [{ id = "rest", title = "Rest", score = "min(100, days_since(walk.last_given) / (1 days))" }]\n'
    )
    room = Room.open(["mayor"], program=program)
    room.say("mayor", "order", order="walk")
    room.play_to_the_end()
    [rest] = room.last("mayor", "end")["objectives"]
    assert (rest["score"], rest["seen"]) == (10.0, 10.0)
    assert room.last("mayor", "turn")["objectives"][0]["score"] == 3.0


# --- orders, motions, votes ------------------------------------------------------------------------------------------------------------


def test_an_order_is_acknowledged_with_its_reference_and_shown_as_committed() -> None:
    """The answer names the act it answers; a fresh turn frame shows the order and a menu that no longer offers it."""
    room = Room.open()
    room.host.hear("town", {"ref": "a-17", "act": "order", **COOL})
    ack, turn = room.frames["town"][-2:]
    assert (ack["frame"], ack["ref"]) == ("ack", "a-17")
    assert turn["committed"] == [{"order": "cool", "target": "north", "amount": 5.0}]
    assert {(one["order"], one["target"]): one["legal"] for one in turn["legal"]}["cool", "north"] is False
    assert room.say("town", "withdraw", order="cool", target="north")["frame"] == "ack"
    assert room.last("town", "turn")["committed"] == []
    assert room.say("town", "withdraw", order="cool", target="north")["code"] == "not-committed"
    assert room.book.kinds() == ["order", "withdraw"]


def test_a_refusal_says_why_and_changes_nothing() -> None:
    """Code, words and hint come back with the reference; no entry, no fresh turn frame, the same world and decisions."""
    room = Room.open()
    before = room.running.world, room.running.decisions, len(room.frames["town"])
    answer = room.say("town", "order", order="col", target="north")
    assert (answer["ref"], answer["code"], answer["hint"]) == ("r1", "unknown-order", "did you mean cool?")
    assert (room.running.world, room.running.decisions, len(room.frames["town"]) - 1) == before
    assert room.book.entries == []


def test_a_second_vote_replaces_the_first() -> None:
    """Yes, then no: the turn shows no, and no is what the council counts."""
    room = Room.open()
    room.say("town", "motion", **SEND)
    for vote in ("yes", "no"):
        assert room.say("guest", "vote", **SEND, vote=vote)["frame"] == "ack"
        assert room.last("guest", "turn")["motions"][0]["my_vote"] == vote
    assert room.last("town", "turn")["motions"][0]["my_vote"] == "", "nobody sees how another seat means to vote"
    room.say("town", "vote", **SEND, vote="abstain")
    votes = [decision.vote for decision in room.running.decisions if hasattr(decision, "vote")]
    assert votes == ["no", "abstain"]


def test_a_motion_tabled_this_turn_shows_to_its_seat_alone() -> None:
    """The town sees that it tabled it; for the guest nothing is on the table yet."""
    room = Room.open()
    room.say("town", "motion", **SEND)
    town, guest = (room.last(seat, "turn")["motions"][0] for seat in ("town", "guest"))
    assert (town["tabled_by_me"], town["can_table"], town["status"]) == (True, False, "none")
    assert (guest["tabled_by_me"], guest["can_table"], guest["status"]) == (False, True, "none")
    assert room.say("town", "motion", **SEND)["code"] == "open-already"
    assert room.say("guest", "motion", **SEND)["frame"] == "ack"


def test_a_vote_stands_in_the_next_turn_and_is_told_apart_from_a_new_one() -> None:
    """The guest's no is still its vote a turn later, as standing; a new one is not; the town's frame knows nothing of either."""
    room = Room.open(program=held_up())
    room.say("town", "motion", **SEND)
    assert room.say("guest", "vote", **SEND, vote="no")["frame"] == "ack"
    close(room)
    mine = room.last("guest", "turn")["motions"][0]
    assert (mine["status"], mine["my_vote"], mine["vote_stands"], mine["can_vote"]) == ("tabled", "no", True, True)
    assert room.last("town", "turn")["motions"][0]["my_vote"] == ""
    room.say("guest", "vote", **SEND, vote="abstain")
    mine = room.last("guest", "turn")["motions"][0]
    assert (mine["my_vote"], mine["vote_stands"]) == ("abstain", False)


def test_a_vote_on_a_motion_that_is_not_open_is_refused_as_the_frame_said() -> None:
    """Refused on the first day: a vote on it afterwards is answered with the day and a hint, and the frame has the same words."""
    room = Room.open()
    room.say("town", "motion", **SEND)
    close(room)
    told = room.last("guest", "turn")["motions"][0]
    assert (told["status"], told["can_vote"], told["decided_on"]) == ("refused", False, "2010-06-10")
    answer = room.say("guest", "vote", **SEND, vote="no")
    assert (answer["frame"], answer["code"], answer["why"]) == ("refused", "refused", "the motion was refused on 10 June")
    assert told["no_vote"] == f"{answer['why']}; {answer['hint']}"


def test_nothing_is_left_to_decide_at_the_end() -> None:
    """The last frame tells where motions ended, and that none can be tabled or voted on."""
    room = Room.open(program=held_up())
    room.say("town", "motion", **SEND)
    room.say("guest", "vote", **SEND, vote="no")
    while not room.running.is_over:
        close(room)
    for seat in ("town", "guest"):
        [told] = room.last(seat, "end")["motions"]
        assert (told["status"], told["can_table"], told["can_vote"], told["why"]) == ("tabled", False, False, "the exercise is over")


def held_up() -> Program:
    """The exercise with a council that waits for both members."""
    return world(VALLEYS.replace('decision = "majority"', 'decision = "consensus"').replace("south.heat > 30", "south.heat > 0"))


def close(room: Room) -> None:
    """Both seats end the turn."""
    for seat in ("town", "guest"):
        room.say(seat, "ready")


# --- messages --------------------------------------------------------------------------------------------------------------------------


def messages(room: Room, seat: str) -> list[tuple[str, str]]:
    """From whom and what a seat was written."""
    return [(frame["from"], frame["text"]) for frame in room.frames[seat] if frame["frame"] == "message"]


def test_a_message_reaches_the_addressed_and_its_sender_alone() -> None:
    """One to the guest, one to all; the third seat reads only the second."""
    room = Room.open(["town", "guest", "trader"])
    room.say("town", "message", to=["guest"], text="between us")
    room.say("town", "message", to="all", text="to everybody")
    room.say("guest", "message", to="town", text="yes?")
    assert messages(room, "guest") == [("town", "between us"), ("town", "to everybody"), ("guest", "yes?")]
    assert messages(room, "town") == messages(room, "guest")
    assert messages(room, "trader") == [("town", "to everybody")]
    assert room.last("trader", "message")["to"] == ["town", "guest", "trader"]


def test_messages_may_be_sent_after_the_end_and_nothing_else() -> None:
    """The hot wash has words; orders have had their time."""
    room = Room.open()
    room.play_to_the_end()
    refusals = {
        act: room.say("town", act, **COOL, **SEND, vote="yes")["code"]
        for act in ("order", "withdraw", "motion", "vote", "ready", "unready")
    }
    assert set(refusals.values()) == {"over"}
    assert room.say("town", "message", to="all", text="thank you")["frame"] == "ack"
    assert messages(room, "guest") == [("town", "thank you")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" \n ", "empty"),
        ("x" * (MAX_TEXT + 1), "too-long"),
        ("a\x1b[2J", "control-characters"),
        ("a\x00", "control-characters"),
        ("a\rb", "control-characters"),
        ("a\x9bb", "control-characters"),
        ("a\x7f", "control-characters"),
        ("\ud800", "control-characters"),
        (None, "empty"),
        (7, "empty"),
        (["hello"], "empty"),
        ({"text": "hello"}, "empty"),
    ],
)
def test_text_that_cannot_be_passed_on_is_refused(text: object, code: str) -> None:
    """Empty, too long, no text at all, or able to steer a terminal; the same holds for the words of a vote, which may be left out."""
    room = Room.open()
    assert room.say("town", "message", to="all", text=text)["code"] == code
    assert room.book.entries == []
    answer = room.say("town", "vote", **SEND, vote="yes", say=text)
    if text in (None, ""):
        assert answer["frame"] == "ack"
        assert room.book.entries[0].data["say"] == ""
    else:
        assert answer["code"] == code


def test_the_longest_text_and_several_lines_pass() -> None:
    """Line ends and any script are a person's own business."""
    room = Room.open()
    for text in ("x" * MAX_TEXT, "one\ntwo", "Ош, بشكك, 🕊"):
        assert room.say("town", "message", to="all", text=text)["frame"] == "ack"
    assert [text for _, text in messages(room, "guest")][1:] == ["one\ntwo", "Ош, بشكك, 🕊"]


@pytest.mark.parametrize("to", [[], ["nobody"], ["guest", "nobody"], "nobody", [["guest"]], {"guest": 1}, None, 7, "", [None]])
def test_a_message_to_nobody_that_exists_is_refused(to: object) -> None:
    """One unknown name among known ones too: nothing is sent to anybody."""
    room = Room.open()
    assert room.say("town", "message", to=to, text="hello")["code"] == "unknown-seat"
    assert messages(room, "guest") == []
    assert room.book.entries == []


def test_a_seat_named_twice_is_written_once() -> None:
    """However often it is named, the entry stays small and the message comes once."""
    room = Room.open()
    assert room.say("town", "message", to=["guest"] * 50_000, text="hello")["frame"] == "ack"
    assert messages(room, "guest") == [("town", "hello")]
    assert room.book.entries[0].data["to"] == ["guest"]
    assert room.last("guest", "message")["to"] == ["guest"]


# --- hostile -----------------------------------------------------------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ("ref", "act", "order", "target", "amount", "body", "motion", "vote", "say", "to", "text", "seat", "turn")
WORDS = st.sampled_from(
    [
        "order",
        "withdraw",
        "motion",
        "vote",
        "message",
        "ready",
        "unready",
        "why",
        "cool",
        "visit",
        "north",
        "council",
        "send",
        "yes",
        "town",
        "all",
    ]
)
ACTS = st.dictionaries(st.sampled_from(FIELDS), JSON | WORDS, max_size=8) | JSON


@given(st.lists(st.tuples(st.sampled_from(["town", "guest", "trader", "", "facilitator"]), ACTS), max_size=6))
@settings(max_examples=60)
def test_nothing_that_a_seat_can_send_raises(acts: list[tuple[str, Any]]) -> None:
    """Acts of every JSON type, from seats that exist and that do not: each is answered on its own seat's stream or nowhere."""
    room = Room.open()
    for seat, act in acts:
        before = {known: len(frames) for known, frames in room.frames.items()}
        room.host.hear(seat, act)
        answers = {
            known: [frame["frame"] for frame in frames[before[known] :] if frame["frame"] in ("ack", "refused")]
            for known, frames in room.frames.items()
        }
        assert answers == {known: answers[known] if known == seat else [] for known in answers}
        if seat in answers:
            assert len(answers[seat]) == 1
    for frames in room.frames.values():
        bytes_of(frames)


def test_half_a_character_does_not_reach_a_frame() -> None:
    """JSON can spell what UTF-8 cannot carry; whatever field it comes in, every frame of the answer can be sent."""
    room = Room.open()
    half = "\ud800"
    for act in ("order", "withdraw", "motion", "vote", "message", half):
        room.host.hear(
            "town", dict.fromkeys(("ref", "order", "target", "body", "motion", "vote", "say", "text"), half) | {"act": act, "to": [half]}
        )
        room.host.hear("town", {"ref": half, "act": act, "text": "hello", "to": [half], **COOL, "target": half})
    assert {frame["frame"] for frame in room.frames["town"][-12:]} == {"refused"}
    assert bytes_of(room.frames["town"])


@pytest.mark.parametrize("amount", [10**400, -(10**400), float("nan"), float("inf"), True, "5", [5], {"amount": 5}, "", 1e309])
def test_an_amount_that_is_no_number_is_refused(amount: object) -> None:
    """Numbers beyond any, words, lists, and a yes."""
    room = Room.open()
    assert room.say("town", "order", order="cool", target="north", amount=amount)["code"] in ("amount", "amount-range")
    assert room.running.decisions == ()


@pytest.mark.parametrize(
    "act", [None, [], "ready", 7, [["act", "ready"]], {}, {"act": None}, {"act": ["ready"]}, {"act": {"act": "ready"}}]
)
def test_what_is_no_act_is_refused_as_unknown(act: Any) -> None:
    """And nobody becomes ready by it."""
    room = Room.open(["town"])
    room.host.hear("town", act)
    assert room.frames["town"][-1] == {
        "frame": "refused",
        "ref": "",
        "code": "unknown-act",
        "why": "the host does not know this act",
        "hint": "",
    }
    assert room.running.turn == 1


@pytest.mark.parametrize("act", ["rule", "ruling", "inject", "release", "close", "end", "rewind", "_order", "hear", "seat", "__class__"])
def test_fault_35_a_facilitators_commands_are_unknown_from_a_seat(act: str) -> None:
    """Whatever the facilitator can do, a seat's line cannot: same answer as for any word that means nothing, and nothing happens."""
    room = Room.open()
    effects = [{"entity": "north", "quantity": "heat", "mode": "set", "value": 0.0}]
    answer = room.say("town", act, inject="fire", effects=effects, reason="because", turn=1)
    nonsense = room.say("town", "no such act")
    assert {**answer, "seq": 0} == {**nonsense, "seq": 0}
    assert room.book.entries == []
    assert room.running.decisions == ()


def test_fault_35_a_seat_acts_for_itself_whatever_seat_it_names() -> None:
    """Naming another seat in an act changes nothing: the order, vote and message are those of the line on which they came."""
    room = Room.open()
    guest = {"seat": "guest", "from": "guest", "by": "facilitator"}
    for act in (
        {"act": "order", **COOL},
        {"act": "vote", **SEND, "vote": "no"},
        {"act": "message", "to": "all", "text": "x"},
        {"act": "ready"},
    ):
        room.host.hear("town", {**act, **guest})
    assert [(entry.type, entry.data.get("seat", entry.data.get("from"))) for entry in room.book.entries] == [
        ("order", "town"),
        ("vote", "town"),
        ("message", "town"),
        ("ready", "town"),
    ]
    assert [stream.ready for stream in room.host.streams.values()] == [True, False]


def test_fault_35_another_seats_order_is_as_unknown_as_one_that_does_not_exist() -> None:
    """The town learns nothing of the guest's covert order from how the host refuses it."""
    room = Room.open()
    covert = room.say("town", "order", order="plot", target="north", amount=5.0)
    nothing = room.say("town", "order", order="plxt", target="north", amount=5.0)
    assert {**covert, "seq": 0} == {**nothing, "seq": 0, "why": nothing["why"].replace("plxt", "plot")}


def test_fault_35_who_has_no_seat_is_not_heard() -> None:
    """An observer, or somebody whose seat is moved by a doctrine: no answer, no entry, no change."""
    room = Room.open(["town"])
    before = bytes_of(room.frames["town"])
    for nobody in ("guest", "trader", "observer", ""):
        for act in ({"act": "ready"}, {"act": "order", **COOL}, {"act": "message", "to": "all", "text": "x"}):
            room.host.hear(nobody, act)
    assert bytes_of(room.frames["town"]) == before
    assert room.book.entries == []


# --- the book --------------------------------------------------------------------------------------------------------------------------

GIVEN = {
    "order": COOL,
    "motion": SEND,
    "vote": {**SEND, "vote": "no"},
    "message": {"to": "all", "text": "hello"},
}


@pytest.mark.parametrize("act", [*GIVEN, "withdraw"])
def test_nothing_is_acknowledged_before_it_is_recorded(act: str) -> None:
    """The entry stands before the answer, and before anything that other seats are sent."""
    room = Room.open()
    if act == "withdraw":
        room.say("town", "order", **COOL)
    room.book.happened.clear()
    room.say("town", act, **GIVEN.get(act, COOL))
    assert room.book.happened[0] == ("recorded", act)
    assert ("town", "ack") in room.book.happened[1:]


def test_a_turn_is_published_after_it_was_recorded() -> None:
    """The decisions of doctrines, then the closed turn, then what came of it; the end is recorded before it is shown."""
    room = Room.open()
    for turn in range(1, 5):
        room.say("town", "ready")
        room.book.happened.clear()
        room.say("guest", "ready")
        happened = room.book.happened
        closed = happened.index(("recorded", "turn_closed"))
        sent = [place for place, (who, what) in enumerate(happened) if who != "recorded" and what not in ("ack", "turn")]
        assert min(sent) > closed
        if turn == 4:
            assert happened.index(("recorded", "ended")) < happened.index(("town", "end"))


@pytest.mark.parametrize("act", [*GIVEN, "withdraw"])
def test_what_cannot_be_recorded_has_not_happened(act: str) -> None:
    """The medium is gone: no answer, no message to anybody, the same decisions; and once it is back the act can be tried again."""
    room = Room.open()
    if act == "withdraw":
        room.say("town", "order", **COOL)
    before = room.running.decisions, {seat: bytes_of(frames) for seat, frames in room.frames.items()}
    room.book.broken = True
    with pytest.raises(Broken):
        room.host.hear("town", {"ref": "r1", "act": act, **GIVEN.get(act, COOL)})
    assert (room.running.decisions, {seat: bytes_of(frames) for seat, frames in room.frames.items()}) == before
    room.book.broken = False
    assert room.say("town", act, **GIVEN.get(act, COOL))["frame"] == "ack"


def test_a_turn_that_cannot_be_recorded_is_not_closed() -> None:
    """World, turn and streams stand as before the last seat was ready; no outcome has left the room."""
    room = Room.open(["town"], doctrines={"guest": "idle"})
    room.say("town", "order", **COOL)
    world, decisions = room.running.world, room.running.decisions
    sent = len(room.told("town", "order_result"))
    room.book.broken = True
    with pytest.raises(Broken):
        room.host.hear("town", {"act": "ready"})
    assert (room.running.world, room.running.decisions, room.running.turn) == (world, decisions, 1)
    assert len(room.told("town", "order_result")) == sent
    room.book.broken = False
    room.host.close_turn()
    assert room.running.turn == 2
    assert len(room.told("town", "order_result")) == sent + 1


@pytest.mark.parametrize("name", ["begin", "_sit", "_drift", "_apply_rulings", "closed", "tell_closing", "_changes", "cause_of"])
def test_fault_66_a_failure_in_adjudication_applies_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """World, decisions and streams stand as before; the journal holds the orders and no closed turn; mended, the turn closes as it should."""
    undisturbed, room = Room.open(["town"]), Room.open(["town"])
    for one in (undisturbed, room):
        one.say("town", "order", **COOL)
    world, decisions, sent = room.running.world, room.running.decisions, len(room.frames["town"])

    def fail(*_args: object) -> None:
        raise RuntimeError(name)

    module = adjudicate if hasattr(adjudicate, name) else telling
    for holder in (module, turns):
        monkeypatch.setattr(holder, name, fail, raising=holder is module)
    with pytest.raises(RuntimeError, match=name):
        room.host.hear("town", {"act": "ready"})
    monkeypatch.undo()
    assert (room.running.world, room.running.turn) == (world, 1)
    assert room.running.decisions[: len(decisions)] == decisions
    assert [frame["frame"] for frame in room.frames["town"][sent:]] == ["ack", "turn"]
    assert set(room.book.kinds()) == {"order", "ready"}
    room.host.close_turn()
    undisturbed.pass_turn()
    assert digest(room.running.world) == digest(undisturbed.running.world)


def test_an_inject_released_by_the_facilitator_reaches_the_seats() -> None:
    """The facilitator's inputs go into the same turn, recorded as his; seats hear the news when the turn closes."""
    room = Room.open()
    assert room.running.take(InjectRelease("fire"), "facilitator") is None
    assert room.told("town", "news") == []
    room.pass_turn()
    assert [news["headline"] for news in room.told("town", "news")] == ["A fire"]
    assert room.book.entries[0].data == {"turn": 1, "inject": "fire", "by": "facilitator"}
