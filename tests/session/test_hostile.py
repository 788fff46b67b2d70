"""Whatever a line may say: no exception, no freeze, nothing changed by what is refused, and no answer that tells more than it must."""

from __future__ import annotations

import hmac
import itertools
import json
import tracemalloc
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exercise.core.world import digest
from exercise.record.entry import Entry
from exercise.session import joining
from exercise.session.joining import RATE, TRIES, TRIES_S
from exercise.session.phases import DEBRIEF, FULL, IN_LOBBY, IN_PAUSE
from exercise.session.roles import MAY, PLAYING, may
from exercise.session.room import WORDS_COST, Hang, Say
from exercise.session.wire import MAX_BYTES
from tests.session.assembly import VERSION, Assembly, Person
from tests.session.room import Book

SEND = {"body": "council", "motion": "send"}
FIELDS: dict[str, dict[str, Any]] = {
    "order": {"order": "visit"},
    "withdraw": {"order": "visit"},
    "motion": SEND,
    "vote": {**SEND, "vote": "no"},
    "message": {"to": "all", "text": "hello"},
    "statement": {"text": "hello"},
    "open_room": {"with": ["guest", "town"]},
    "suggest": {"text": "wait"},
    "dismiss": {"suggested": 1},
    "inject": {"inject": "fire"},
    "take_over": {"seat": "guest", "by": "doctrine"},
    "ticket": {"role": "observer"},
    "revoke": {"ticket": "t3"},
    "reissue": {"ticket": "t3"},
    "announce": {"text": "go on"},
    "listen": {"on": True},
    "slip": {"seat": "guest", "slip": {"act": "message", "to": "all", "text": "on paper"}},
    "note": {"text": "well"},
    "name": {"name": "Ada"},
    "extend": {"seconds": 60},
    "propose": {"with": ["guest"], "clauses": [], "days": 1},
}
ACTS = sorted(set().union(*MAY.values()) | {"nonsense"})
TEXTS = [
    "",
    "\x00",
    "\ufeff{}",
    "null",
    "[]",
    "7",
    '"hello"',
    "{",
    "[" * 60_000,
    '{"a":' * 12_000,
    "[" * 100_000,
    '{"ping":' + "9" * 60_000 + "}",
    '{"ping":' + "9" * 1_000_000 + "}",
    '{"ping":NaN}',
    '{"ping":-Infinity}',
    '{"ping":1e999}',
    '{"ping":"\\ud800"}',
    '{"ping":"\ud800"}',
    '{"ping":{"a":[]}}',
    '{"act":"order","act":"ready","ref":"x:1"}',
    '{"act":["order"],"ref":{"a":1}}',
    '{"act":"message","to":"all","text":"\\ud83d","ref":"\\udfff"}',
    '{"act":"message","to":"all","text":"hello","ref":"\\u0000\\u0001"}',
    '{"act":"message","to":[["town"],{},null],"text":"hello","ref":"x:2"}',
    '{"act":"order","order":"cool","target":"north","amount":1e400,"ref":"x:3"}',
    '{"act":"order","order":"cool","target":7,"amount":true,"ref":"x:4"}',
    '{"act":"suggest","text":"so many","amount":' + "9" * 40 + ',"ref":"x:5"}',
    '{"act":"suggest","text":"so many","amount":1,"ref":"x:6"}',
    '{"act":"dismiss","suggested":true,"ref":"x:7"}',
    '{"act":"open_room","with":["guest"],"name":"one\\ntwo","ref":"x:8"}',
    '{"act":"name","name":"one\\ntwo","ref":"x:9"}',
    '{"act":"order","order":"visit","turn":10000000000000000000000000000000000,"ref":"x:10"}',
    '{"act":"message","to":' + json.dumps(["town"] * 5_000) + ',"text":"hello"}',
    '{"act":"message","to":' + json.dumps(["town"] * 300) + ',"text":"hello","ref":"x:11"}',
    json.dumps({f"field {number}": number for number in range(3_000)}),
    json.dumps({"act": "ready", "ref": "x:12", **{f"field {number}": number for number in range(300)}}),
    json.dumps({"act": "statement", "text": "x" * 65_000}),
    json.dumps({"act": "extend", "seconds": 1e-320, "ref": "x:13"}),
    json.dumps({"hello": 1, "secret": ["x"], "since": {"town": [1]}}),
]
"""What nobody should send."""


def heard(hall: Assembly, person: Person, text: str) -> None:
    """Something comes on somebody's line; what goes out can be sent and read."""
    hall.room.receive(person.conn, text, hall.now)
    for one in hall.room.lines._out:
        assert isinstance(one, Say | Hang)
        if isinstance(one, Say):
            assert isinstance(json.loads(one.text.encode()), dict)
            assert len(one.text) < MAX_BYTES * 4
    hall.work()
    assert hall.room.status != "frozen", hall.room.failure


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: ascii(text[:40]))
@pytest.mark.parametrize("role", ["nobody", *MAY])
def test_fault_33_a_hostile_text_is_refused_or_taken_and_nothing_breaks(role: str, text: str) -> None:
    """From whoever: the line is answered or closed, the exercise goes on, and what was recorded can be read back."""
    hall = Assembly.open()
    person = Person(0, "") if role == "nobody" else hall.come(role, *(["town"] if role in ("head", "member", "evaluator") else []))
    hall.room.start("test", hall.now)
    hall.people[person.conn] = person
    if role == "nobody":
        hall.room.connect(0, hall.now)
    heard(hall, person, text)
    assert hall.act(hall.come("head", "guest"), "message", to="all", text="still here")["frame"] == "ack"


def test_fault_33_giants_cost_no_memory() -> None:
    """Long, deep and wide texts are measured before anything is made of them."""
    hall = Assembly.open()
    tracemalloc.start()
    try:
        for text in TEXTS:
            person = Person(10_000 + len(hall.people), "")
            hall.people[person.conn] = person
            hall.room.connect(person.conn, hall.now)
            heard(hall, person, text)
        assert tracemalloc.get_traced_memory()[1] < 16 * 1024 * 1024
    finally:
        tracemalloc.stop()


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**39), 10**39)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=()), max_size=8)
    | st.sampled_from(
        ["town", "guest", "all", "facilitator", "visit", "cool", "north", "council", "send", "t1", "fire", "x" * 2_500, "\n", "\x00"]
    )
)
JUNK = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3), max_leaves=6
)
NAMES = [
    "ref",
    "seat",
    "order",
    "target",
    "amount",
    "body",
    "motion",
    "vote",
    "say",
    "to",
    "text",
    "room",
    "with",
    "name",
    "suggested",
    "seconds",
    "inject",
    "by",
    "doctrine",
    "role",
    "seats",
    "ticket",
    "on",
    "slip",
    "turn",
    "phase",
    "why",
    "agreement",
    "clauses",
    "days",
    "answers",
    "secret",
]
ODD_ACTS = st.builds(
    lambda act, proper, odd: {"act": act, **(FIELDS.get(act, {}) if proper else {}), **odd},
    st.sampled_from(ACTS) | SCALARS,
    st.booleans(),
    st.dictionaries(st.sampled_from(NAMES), JUNK | st.sampled_from(ACTS).map(lambda act: {"act": act, **FIELDS.get(act, {})}), max_size=4),
)


@given(st.lists(st.tuples(st.sampled_from(sorted(MAY)), ODD_ACTS), min_size=1, max_size=12), st.integers(0, 4))
@settings(max_examples=60)
def test_fault_33_odd_acts_are_answered_and_the_log_holds_what_was_taken(acts: list[tuple[str, dict[str, Any]]], phases: int) -> None:
    """Fields of any type and size in any act of any role, in any phase; a host that takes up the log makes the same streams."""
    hall = Assembly.open()
    people = {role: hall.come(role, *(["town"] if role in ("head", "member", "evaluator") else [])) for role in MAY}
    hall.room.start("test", hall.now)
    for _ in range(phases):
        hall.room.advance("test", hall.now)
        hall.wait(2)
    for role, act in acts:
        heard(hall, people[role], json.dumps(act))
    hall.wait(3)
    assert hall.room.status != "frozen"
    again = hall.restarted()
    assert {name: stream.frames for name, stream in again.room.host.streams.items()} == {
        name: stream.frames for name, stream in hall.room.host.streams.items()
    }


# --- who, when -----------------------------------------------------------------------------------------------------------------------

PHASES = ["lobby", *(phase.id for phase in FULL), "paused", "over"]


def hall_in(phase: str, **how: Any) -> tuple[Assembly, dict[str, Person]]:
    """A room in which the exercise stands there, with somebody of every role; t3 is a member's ticket."""
    hall = Assembly.open(**how)
    people = {
        role: hall.come(role, *(["town"] if role in ("head", "member", "evaluator") else []))
        for role in ("facilitator", "head", "member", "evaluator", "observer")
    }
    if phase == "lobby":
        return hall, people
    hall.act(people["facilitator"], "start")
    while phase == "over" and hall.room.status != "over":
        hall.room.advance("test", hall.now)
        hall.wait(2)
    while phase in {one.id for one in FULL} and hall.room.host.phase.id != phase:
        hall.room.advance("test", hall.now)
    if phase == "paused":
        hall.act(people["facilitator"], "pause")
    hall.wait(0)
    return hall, people


def stands(hall: Assembly) -> tuple[Any, ...]:
    """Everything that an act could change."""
    room = hall.room
    streams = [(stream.ready, len(stream.frames)) for stream in room.host.streams.values()]
    door = room.door.keep()
    timer = (room.timer.deadline, room.timer.rest, room.timer.length)
    return (
        digest(room.host.running.world),
        room.host.running.decisions,
        streams,
        door,
        timer,
        room.status,
        room.host.phase,
        len(hall.book.entries),
    )


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("role", MAY)
def test_fault_34_every_act_of_every_role_in_every_phase(role: str, phase: str) -> None:
    """Taken only where the tables say so; and what is refused changes nothing and is heard by nobody else."""
    hall, people = hall_in(phase)
    for act in ACTS:
        possible = {"lobby": IN_LOBBY, "paused": IN_PAUSE & hall.room.host.phase.acts, "over": DEBRIEF.acts}.get(
            phase, hall.room.host.phase.acts
        )
        allowed = may(role, act) and (role not in PLAYING or act in ("pause", "name") or act in possible)
        before, sizes = stands(hall), sent(people)
        answer = hall.act(people[role], act, **FIELDS.get(act, {}))
        assert allowed or answer["frame"] == "refused", (act, answer)
        if not may(role, act):
            assert answer["code"] == "unknown-act"
        if answer["frame"] == "refused":
            assert stands(hall) == before, act
            assert sent(people) == sizes | {role: sizes[role] + 1}, act
        else:
            hall, people = hall_in(phase)


def sent(people: dict[str, Person]) -> dict[str, int]:
    """How much each was sent, but for how long everybody has been idle."""
    return {role: len(person.frames) - len(person.all("control")) for role, person in people.items()}


def test_fault_34_an_act_meant_for_a_phase_that_is_over_is_not_done_in_the_next() -> None:
    """A client may say which phase it means: its ready, late, does not end the one after."""
    hall, people = hall_in("negotiation")
    assert hall.act(people["head"], "ready", turn=1, phase="briefing")["code"] == "past"
    assert hall.act(people["head"], "message", to="all", text="hello", turn=2)["code"] == "past"
    assert hall.act(people["head"], "ready", turn=1, phase="negotiation")["frame"] == "ack"


def test_fault_35_a_role_that_may_not_and_an_act_that_is_not_are_answered_alike() -> None:
    """Nobody learns from an answer which acts there are for others, or which seats."""
    hall, people = hall_in("orders")
    for role in ("observer", "evaluator", "member"):
        answers = [hall.act(people[role], act, ref="r", **FIELDS.get(act, {})) for act in ("order", "next", "revoke", "nonsense")]
        assert answers == answers[:1] * 4
    answers = [hall.act(people["head"], "order", ref="r", order="visit", seat=seat) for seat in ("guest", "trader", "nobody")]
    assert answers == answers[:1] * 3
    assert answers[0]["code"] == "seat"
    assert "order" not in hall.book.kinds()


def test_fault_35_a_ticket_of_several_seats_acts_for_each_and_no_other() -> None:
    """The seat must be said; every pair of seats."""
    for mine in (("town", "guest"), ("town",), ("guest",)):
        hall = Assembly.open()
        both = hall.come("head", *mine)
        hall.room.start("test", 0.0)
        for _ in range(2):
            hall.room.advance("test", 0.0)
        for seat in ("town", "guest", "trader"):
            answer = hall.act(both, "order", order="visit", seat=seat)
            assert (answer["frame"] == "ack") == (seat in mine), (mine, seat, answer)
        assert hall.act(both, "unready")["frame"] == ("refused" if len(mine) > 1 else "ack")


# --- coming in -----------------------------------------------------------------------------------------------------------------------


def test_fault_36_a_ticket_opens_once_and_the_facilitator_hears_of_the_second_try() -> None:
    """The same program may ask again, because the answer may be lost; another may not."""
    hall = Assembly.open()
    runs = hall.come("facilitator")
    words = hall.room.issue("head", ("town",)).words
    first = hall.enter(words, client="aa")
    assert first.last("joined")["role"] == "head"
    thief = hall.enter(words, client="bb")
    assert (thief.closed, first.closed) == ("ticket", "")
    assert hall.enter(words).closed == "ticket"
    assert any("second time" in alert["text"] for alert in runs.last("control")["alerts"])
    again = hall.enter(words, client="aa")
    assert again.last("joined")["token"] != first.last("joined")["token"]
    assert first.closed == "replaced"
    assert hall.enter(first.last("joined")["token"]).closed == "ticket"


@pytest.mark.parametrize("secret", ["token", "code"])
def test_fault_36_a_revoked_seat_does_not_come_back(secret: str) -> None:
    """Neither by token nor by code, also after a restart; the facilitator is told, once."""
    hall = Assembly.open()
    runs, town = hall.come("facilitator"), hall.come("head", "town")
    hall.act(runs, "start")
    assert hall.act(runs, "revoke", ticket="t2")["frame"] == "ack"
    assert town.closed == "revoked"
    for here in (hall, hall.restarted(drawn=2)):
        watch = here.come("facilitator")
        for _ in range(3):
            assert here.enter(town.last("joined")[secret]).closed in ("revoked", "ticket")
        told = [alert for alert in watch.last("control")["alerts"] if "taken back" in alert["text"]]
        assert told
        assert secret == "code" or len(told) == 1
    assert hall.enter(town.secret).closed == "ticket"


def test_fault_36_a_revoked_ticket_that_was_never_used_opens_nothing() -> None:
    """It is answered as any wrong ticket, and told."""
    hall = Assembly.open()
    runs = hall.come("facilitator")
    words = hall.room.issue("head", ("town",)).words
    hall.act(runs, "revoke", ticket="t2")
    wrong, gone = hall.enter("lusab-babad-gutih"), hall.enter(words)
    assert wrong.frames == gone.frames
    assert any("t2" in alert["text"] for alert in runs.last("control")["alerts"])


def test_fault_36_programs_that_were_sent_away_keep_nobody_out() -> None:
    """A revoked program that tries for ever uses up no tries of others."""
    hall = Assembly.open()
    runs, town = hall.come("facilitator"), hall.come("head", "town")
    hall.act(runs, "revoke", ticket="t2")
    for _ in range(TRIES * 2):
        assert hall.enter(town.last("joined")["token"]).closed == "revoked"
    assert hall.come("head", "guest").last("joined")["role"] == "head"


def test_fault_37_sixty_tries_a_minute_over_all_lines_and_tokens_still_work() -> None:
    """The cap is told to the facilitator; who was in comes back; when the minute is over, tickets open again."""
    hall = Assembly.open()
    runs, town = hall.come("facilitator"), hall.come("head", "town")
    answers = {hall.enter(f"wrong-{number}").closed for number in range(TRIES)}
    assert answers == {"ticket"}
    right = hall.room.issue("head", ("guest",)).words
    assert {hall.enter(f"wrong-{number}").closed for number in range(1_000)} == {"too-many"}
    assert hall.enter(right).closed == "too-many"
    assert any("wrong tickets" in alert["text"] for alert in runs.last("control")["alerts"])
    assert hall.enter(town.last("joined")["token"]).closed == ""
    hall.wait(TRIES_S)
    assert hall.enter(right).closed == ""


def test_fault_37_all_wrong_secrets_are_answered_alike_and_compared_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """No seat, a near miss, a long one, an empty one: the same bytes, after the same number of comparisons of equal length."""
    hall = Assembly.open()
    hall.come("head", "town")
    words = hall.room.issue("head", ("guest",)).words
    near = words[:-1] + ("a" if words[-1] != "a" else "b")
    compared: list[int] = []
    compare = hmac.compare_digest
    monkeypatch.setattr(joining.hmac, "compare_digest", lambda one, other: compared.append(len(one)) or compare(one, other))
    seen = []
    for secret in ("lusab-babad-gutih", near, words[:5] + "-babad-gutih", "x" * 60_000, "\udfff", "f" * 32):
        compared.clear()
        person = hall.enter(secret)
        seen.append((person.frames, person.closed, tuple(compared)))
    assert all(one == seen[0] for one in seen)


@pytest.mark.parametrize("version", [0, 2, "1", None, [1], {"a": 1}, 10**39])
def test_fault_40_another_protocol_is_told_both_versions_and_sent_away(version: Any) -> None:
    """Before any secret is looked at."""
    hall = Assembly.open()
    person = Person(1, "")
    hall.people[1] = person
    hall.room.connect(1, 0.0)
    hall.send(person, {"hello": version, "version": "0.9\x1b[2J", "secret": hall.room.issue("head", ("town",)).words})
    assert person.closed == "version"
    assert VERSION in person.frames[0]["why"]
    assert "0.9" in person.frames[0]["why"]
    assert "\x1b" not in person.frames[0]["why"]
    assert [ticket.state for ticket in hall.room.door.tickets.values()] == ["unused"]


def test_fault_40_another_version_of_the_same_protocol_is_let_in() -> None:
    """What counts is the protocol."""
    hall = Assembly.open()
    assert hall.come("head", "town", version="0.0.1").last("joined")["version"] == VERSION


# --- too much ------------------------------------------------------------------------------------------------------------------------


def test_fault_51_a_client_says_so_much_a_minute_on_however_many_lines() -> None:
    """Ten thousand statements: forty are taken; coming in again gives nothing more; another seat is not kept waiting; a minute later it goes on."""
    hall = Assembly.open()
    town, guest = hall.come("head", "town"), hall.come("head", "guest")
    hall.room.start("test", hall.now)
    token, taken = town.last("joined")["token"], 0
    for number in range(1_000):
        if number % 200 == 199:
            town = hall.enter(token, since=10**6)
        taken += hall.act(town, "statement", text="we say", ref=f"x:{number}")["frame"] == "ack"
    assert taken == RATE // WORDS_COST
    assert hall.act(guest, "statement", text="and we")["frame"] == "ack"
    hall.wait(60)
    assert hall.act(town, "statement", text="again", ref="x:9999")["frame"] == "ack"


def test_fault_51_a_long_statement_is_refused_with_the_limit() -> None:
    """Beyond the limit of words; beyond that of a text the line is closed."""
    hall = Assembly.open()
    town = hall.come("head", "town")
    hall.room.start("test", hall.now)
    answer = hall.act(town, "statement", text="x" * 50_000)
    assert (answer["code"], answer["why"]) == ("too-long", "at most 2000 characters")
    hall.send(town, {"act": "statement", "text": "x" * 100_000})
    assert town.closed == "bad"


def test_fault_51_what_waits_for_a_resolution_is_bounded() -> None:
    """While a turn is worked out acts wait, so many of one line; the rest is refused at once."""
    hall = Assembly.open()
    town = hall.come("head", "town")
    hall.room.start("test", hall.now)
    for _ in FULL:
        hall.room.advance("test", hall.now)
    assert hall.room.busy
    for number in range(RATE * 5):
        hall.room.receive(town.conn, json.dumps({"act": "message", "to": "all", "text": "hello", "ref": f"x:{number}"}), hall.now)
    assert len(hall.room._held) == RATE
    hall.wait(2)
    answers = [frame["code"] if frame["frame"] == "refused" else "ack" for frame in town.frames if frame["frame"] in ("ack", "refused")]
    assert len(answers) == RATE * 5
    assert answers.count("ack") == RATE // WORDS_COST
    assert hall.room.lines.lines[town.conn].held == 0, "the next resolution begins anew"


# --- what must not be told -------------------------------------------------------------------------------------------------------------


def test_no_secret_of_the_door_or_the_dice_is_in_log_streams_or_alerts() -> None:
    """Words, tokens and codes reach the one who came with them and the facilitators' list of unused tickets; the seed nobody before the end."""
    seed = 912_345_678_901
    hall = Assembly.open(seed=seed)
    runs, town, guest = hall.come("facilitator"), hall.come("head", "town"), hall.come("head", "guest")
    spare = hall.room.issue("observer").words
    hall.act(runs, "start")
    hall.enter(town.secret)
    hall.enter("wrong")
    secrets = [spare] + [
        one for person in (runs, town, guest) for one in (person.secret, *(person.last("joined")[name] for name in ("token", "code")))
    ]
    while hall.room.status != "over":
        for person in (runs, town, guest):
            mine = {person.secret, person.last("joined")["token"], person.last("joined")["code"], spare if person is runs else ""}
            sent = json.dumps(person.frames)
            assert [one for one in secrets if one in sent and one not in mine] == []
            assert str(seed) not in sent
        hall.room.advance("test", hall.now)
        hall.wait(2)
    log = json.dumps([[entry.type, entry.data] for entry in hall.book.entries if isinstance(entry, Entry)])
    streams = json.dumps([stream.frames for stream in hall.room.host.streams.values()])
    assert [one for one in secrets if one in log or one in streams or one in json.dumps(hall.room.alerts)] == []
    assert hall.room.host.streams["town"].frames[-1]["seed"] == seed


@pytest.mark.parametrize("phase", PHASES)
def test_a_log_that_fails_freezes_the_exercise_and_raises_nothing(phase: str) -> None:
    """Whoever acts or comes in: everybody is told, nothing more is acknowledged, and a restart goes on with the time that was left."""
    book = Book()
    hall, people = hall_in(phase, book=book, timed=True)
    left = hall.room.timer.left(hall.now)
    book.broken = True
    come = hall.come("head", "guest")
    for role, act in itertools.product(people, ("message", "ready", "pause", "resume", "next", "start", "announce", "note", "listen")):
        fields = {"turn": hall.room.turn, "phase": hall.room.host.phase.id} if act == "next" else FIELDS.get(act, {})
        answer = hall.act(people[role], act, **fields)
        assert answer["frame"] == "refused", (role, act)
    hall.wait(5)
    assert hall.room.status == "frozen"
    assert come.last("session")["status"] == "frozen"
    book.broken = False
    again = hall.restarted(timed=True, drawn=2)
    assert again.room.status == phase if phase in ("lobby", "paused", "over") else "running"
    assert again.room.timer.left(again.now) == left
