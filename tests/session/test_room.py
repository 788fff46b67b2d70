"""A room in ordinary use: the lobby, the phases and their time, who plays what, what a facilitator does, who hears what."""

from __future__ import annotations

import json
from typing import Any

import pytest

from exercise.session.phases import FULL, ONE
from tests.session.assembly import Assembly, Person

COOL = {"order": "cool", "target": "north", "amount": 4}


def started(**how: Any) -> tuple[Assembly, Person, Person, Person]:
    """A room that runs, with its facilitator and two heads."""
    hall = Assembly.open(**how)
    people = hall.come("facilitator"), hall.come("head", "town"), hall.come("head", "guest")
    assert hall.act(people[0], "start")["frame"] == "ack"
    return hall, *people


def go_to(hall: Assembly, runs: Person, phase: str, turn: int = 1) -> None:
    """The facilitator presses the key until the exercise stands there."""
    while (stands := runs.last("session"))["phase"] != phase or stands["turn"] != turn:
        hall.act(runs, "next", turn=stands["turn"], phase=stands["phase"])
        hall.wait(1)


def where(person: Person) -> tuple[Any, ...]:
    """Status, turn and phase as somebody was told."""
    stands = person.last("session")
    return stands["status"], stands["turn"], stands["phase"]


# --- the lobby -------------------------------------------------------------------------------------------------------------------------


def test_whoever_comes_is_told_who_they_are_and_what_is_played() -> None:
    """Before the exercise runs: the scenario, the seats, who is here; the seat's own stream from its first frame."""
    hall = Assembly.open()
    town = hall.come("head", "town", name="Ada")
    joined = town.last("joined")
    assert (joined["role"], joined["seats"], joined["streams"], joined["name"]) == ("head", ["town"], ["town"], "Ada")
    assert [seat["id"] for seat in joined["lobby"]["seats"]] == ["town", "guest", "trader"]
    assert joined["lobby"]["turns"] == 4
    assert town.all("welcome")[0]["seat"] == "town" or town.all("welcome")[0]["seat"]["id"] == "town"
    assert where(town) == ("lobby", 1, "lobby")
    assert {one["seat"]: (one["by"], one["here"]) for one in town.last("session")["seats"]} == {
        "town": ("human", 1),
        "guest": ("empty", 0),
        "trader": ("empty", 0),
    }
    assert hall.act(town, "order", **COOL)["code"] == "lobby"


def test_without_a_facilitator_the_exercise_begins_when_everybody_is_ready() -> None:
    """And with one it waits for the key."""
    for with_facilitator in (False, True):
        hall = Assembly.open()
        heads = hall.come("head", "town"), hall.come("head", "guest")
        if with_facilitator:
            hall.come("facilitator")
        for head in heads:
            hall.act(head, "ready")
        assert hall.room.status == ("lobby" if with_facilitator else "running")


def test_an_empty_seat_is_played_by_its_doctrine_until_somebody_comes() -> None:
    """And then it is theirs, at once; one that a facilitator gave away is not."""
    hall = Assembly.open()
    runs = hall.come("facilitator")
    hall.act(runs, "start")
    assert {one["by"] for one in runs.last("session")["seats"]} == {"doctrine"}
    guest = hall.come("head", "guest")
    assert next(one["by"] for one in guest.last("session")["seats"] if one["seat"] == "guest") == "human"
    assert hall.act(runs, "take_over", seat="town", by="doctrine", doctrine="nonsense")["code"] == "doctrine"
    hall.act(runs, "take_over", seat="town", by="doctrine", doctrine="idle")
    town = hall.come("head", "town")
    go_to(hall, runs, "orders")
    assert hall.act(town, "order", **COOL)["code"] == "doctrine"
    assert hall.act(town, "message", to="all", text="we are here")["frame"] == "ack"
    hall.act(runs, "take_over", seat="town", by="human")
    assert hall.act(town, "order", **COOL)["frame"] == "ack"


# --- phases and time --------------------------------------------------------------------------------------------------------------------


def test_a_turn_goes_through_its_phases_when_everybody_is_ready_and_the_exercise_to_its_end() -> None:
    """Briefing, negotiation, orders, sittings, resolution; debrief after the last; nothing more can be decided then."""
    hall, runs, *heads = started()
    for turn in range(1, 5):
        for phase in FULL:
            assert where(runs) == ("running", turn, phase.id)
            for head in heads:
                assert hall.act(head, "ready")["frame"] == "ack"
        assert where(runs) == ("running", turn, "resolution")
        hall.wait(1)
    assert where(heads[0]) == ("over", 4, "debrief")
    assert heads[0].last("end")["digest"]
    assert hall.act(heads[0], "ready")["code"] == "over"
    assert hall.act(heads[0], "message", to="all", text="well played")["frame"] == "ack"


def test_the_time_of_a_phase_runs_is_extended_stopped_and_stands_in_a_pause() -> None:
    """It is its share of the turn's minutes; what is left after a pause is what was left before; without a limit nothing ends by itself."""
    hall, runs, town, _ = started(timed=True)
    length = town.last("session")["length"]
    assert length == round(hall.room.host.program.turn(1).minutes * 60 * FULL[0].share)
    hall.wait(length - 10)
    hall.act(town, "pause", why="a break")
    assert (where(runs)[0], runs.last("session")["why"], runs.last("session")["timer"]) == ("paused", "a break", "stopped")
    hall.wait(1_000)
    assert hall.act(town, "ready")["code"] == "paused"
    hall.act(runs, "resume")
    assert town.last("session")["left"] == 10
    hall.act(runs, "extend", seconds=60)
    hall.wait(69)
    assert where(town) == ("running", 1, "briefing")
    hall.wait(1)
    assert where(town) == ("running", 1, "negotiation")
    hall.act(runs, "stop_timer")
    hall.wait(100_000)
    assert where(town) == ("running", 1, "negotiation")
    assert hall.room.due() is None or hall.room.due() > hall.now


@pytest.mark.parametrize("seconds", [0, -1, True, "60", 1e9, None])
def test_time_is_extended_by_seconds_alone(seconds: Any) -> None:
    """At most by a day."""
    hall, runs, *_ = started(timed=True)
    left = hall.room.timer.left(hall.now)
    assert hall.act(runs, "extend", seconds=seconds)["code"] == "seconds"
    assert hall.room.timer.left(hall.now) == left


def test_after_a_restart_the_time_that_was_left_is_left() -> None:
    """Also where the log had an extension of which nothing else was kept; in a phase that had just begun, all of it."""
    hall, runs, *_ = started(timed=True)
    hall.wait(20)
    left = hall.room.timer.left(hall.now)
    kept = hall.room.keep(hall.now)
    hall.kept = kept
    assert hall.restarted(timed=True).room.timer.left(0.0) == left
    hall.act(runs, "extend", seconds=100)
    hall.kept = kept
    assert hall.restarted(timed=True).room.timer.left(0.0) == left + 100
    go_to(hall, runs, "orders")
    hall.kept = kept
    assert hall.restarted(timed=True).room.timer.left(0.0) == hall.room.length(hall.room.host.phase)


def test_the_hosts_own_console_has_no_ticket_that_anybody_sees_and_none_after_a_restart() -> None:
    """A facilitator who looks at the tickets finds those that were handed out, however often the host was started again."""
    hall, runs, *_ = started()
    before = [one["id"] for one in runs.last("control")["tickets"]]
    console = hall.enter(hall.room.issue("facilitator", own=True).words)
    own = next(ticket.id for ticket in hall.room.door.tickets.values() if ticket.own)
    assert [one["id"] for one in console.last("control")["tickets"]] == before
    assert hall.act(runs, "revoke", ticket=own)["code"] == "ticket"
    token = console.last("joined")["token"]
    hall.kept = hall.room.keep(hall.now)
    again = hall.restarted()
    assert own not in again.room.door.tickets
    assert [*again.room.door.tickets] == before
    assert again.enter(token).last("bye")["code"] == "ticket"
    assert again.enter(runs.last("joined")["token"]).last("joined")["role"] == "facilitator"


def test_people_who_were_ready_when_the_host_died_do_not_wait_for_ever() -> None:
    """The last ready was recorded and nothing followed from it: it follows after the restart. So does what hung on a pause."""
    hall, runs, town, guest = started()
    hall.act(town, "ready")
    hall.room.host.hear("guest", {"act": "ready"})  # recorded, and then the host dies
    assert where(runs)[2] == "briefing"
    assert hall.restarted().room.host.phase.id == "negotiation"
    hall, runs, town, guest = started()
    hall.act(guest, "ready")
    hall.act(town, "pause")
    hall.act(runs, "take_over", seat="town", by="doctrine", doctrine="idle")
    assert where(runs) == ("paused", 1, "briefing")
    hall.act(runs, "resume")
    assert where(runs) == ("running", 1, "negotiation")


def test_a_plan_of_one_phase_is_hosted_too() -> None:
    """Everything at once, and the next turn after it."""
    hall, runs, town, guest = started(plan=ONE)
    assert hall.act(town, "order", **COOL)["frame"] == "ack"
    for head in (town, guest):
        hall.act(head, "ready")
    hall.wait(1)
    assert where(runs) == ("running", 2, "orders")


# --- the facilitator --------------------------------------------------------------------------------------------------------------------


def test_fault_62_a_key_pressed_twice_does_what_it_does_once() -> None:
    """Start, next, pause, resume, inject, revoke and reissue: two presses, two facilitators, one entry, one ticket."""
    hall = Assembly.open()
    runs, other, _, _ = hall.come("facilitator"), hall.come("facilitator"), hall.come("head", "town"), hall.come("head", "guest")
    for person, act in ((runs, "start"), (other, "start")):
        hall.act(person, act)
    assert hall.book.kinds().count("phase") == 1
    stands = runs.last("session")
    answers = [hall.act(person, "next", turn=stands["turn"], phase=stands["phase"]) for person in (runs, other, runs)]
    assert [one.get("code", "ack") for one in answers] == ["ack", "past", "past"]
    assert where(other) == ("running", 1, "negotiation")
    for act, kind in (("pause", "paused"), ("resume", "resumed")):
        assert [hall.act(person, act)["frame"] for person in (runs, other)] == ["ack", "refused"]
        assert hall.book.kinds().count(kind) == 1
    assert [hall.act(person, "inject", inject="fire")["frame"] for person in (runs, other)] == ["ack", "refused"]
    assert hall.book.kinds().count("inject") == 1
    tickets = len(hall.room.door.tickets)
    assert [hall.act(person, "reissue", ticket="t3")["frame"] for person in (runs, other)] == ["ack", "refused"]
    assert len(hall.room.door.tickets) == tickets + 1
    assert [hall.act(person, "revoke", ticket="t3")["code"] for person in (runs, other)] == ["revoked", "revoked"]


@pytest.mark.parametrize(
    ("act", "fields", "count"),
    [
        ("ticket", {"role": "observer"}, lambda hall: len(hall.room.door.tickets)),
        ("reissue", {"ticket": "t3"}, lambda hall: len(hall.room.door.tickets)),
        ("announce", {"text": "hello"}, lambda hall: len(hall.book.entries)),
        ("listen", {"on": True}, lambda hall: len(hall.book.entries)),
        ("extend", {"seconds": 60}, lambda hall: (len(hall.book.entries), hall.room.timer.left(hall.now))),
    ],
)
def test_fault_62_a_key_whose_answer_was_lost_is_done_once_also_after_a_restart(act: str, fields: dict[str, Any], count: Any) -> None:
    """The console sends it again, by its name, and what it sent after it too."""
    hall, runs, *_ = started(timed=True)
    acts = [("a:7", act, fields), ("a:8", "note", {"text": "noted"})]
    assert [hall.act(runs, what, ref=ref, **how)["frame"] for ref, what, how in acts] == ["ack", "ack"]
    before = count(hall)
    again = hall.restarted(timed=True, drawn=2)
    again.now = hall.now
    again.room.timer.set(again.room.timer.left(0.0), again.now)
    back = again.enter(runs.last("joined")["token"])
    assert [again.act(back, what, ref=ref, **how)["frame"] for ref, what, how in acts] == ["ack", "ack"]
    assert count(again) == before


def test_fault_63_a_substitute_takes_over_and_finds_everything() -> None:
    """A new ticket for the seat; the old token is worth nothing; orders, letters and drafts are there."""
    hall, runs, town, _ = started()
    go_to(hall, runs, "orders")
    hall.act(town, "order", **COOL)
    hall.act(town, "message", to=["guest"], text="between us")
    assert hall.act(runs, "reissue", ticket="t2")["frame"] == "ack"
    assert town.closed == "revoked"
    assert next(one["by"] for one in runs.last("session")["seats"] if one["seat"] == "town") == "empty"
    words = next(one["words"] for one in runs.last("control")["tickets"] if one["state"] == "unused" and one["seats"] == ["town"])
    late = hall.enter(words)
    assert [one["order"] for one in late.last("turn")["committed"]] == ["cool"]
    assert late.last("message")["text"] == "between us"
    assert hall.enter(town.last("joined")["token"]).closed == "revoked"
    assert hall.act(late, "withdraw", order="cool", target="north")["frame"] == "ack"
    assert next(one["by"] for one in runs.last("session")["seats"] if one["seat"] == "town") == "human"


def test_every_seats_menu_is_for_facilitators_alone() -> None:
    """Whoever types slips in must know what they can say; nobody else is told of another seat's menu, on whatever line."""
    hall = Assembly.open()
    seats = {"head": "town", "member": "town", "observer": "", "evaluator": "guest", "facilitator": ""}
    people = {role: hall.come(role, *([seat] if seat else [])) for role, seat in seats.items()}
    for role, person in people.items():
        assert [len(frame["menus"]) for frame in person.all("welcome") if "menus" in frame] == ([3] if role == "facilitator" else []), role
        knows = any("plot" in json.dumps(frame) for frame in person.frames)
        assert knows == (role in ("facilitator", "evaluator")), role  # an evaluator sits with the guest, whose order it is
    assert people["facilitator"].all("welcome")[0]["menus"]["guest"] == people["evaluator"].all("welcome")[0]["menu"]


def test_a_slip_is_the_seats_act_typed_in_by_a_facilitator() -> None:
    """It is recorded as that; what a head may not do no slip can say; a refusal is the seat's."""
    hall, runs, town, _ = started()
    go_to(hall, runs, "orders")
    assert hall.act(runs, "slip", seat="town", slip={"act": "order", **COOL})["frame"] == "ack"
    assert hall.book.entries[-1].data["by"] == "facilitator"
    assert [one["order"] for one in town.last("turn")["committed"]] == ["cool"]
    assert hall.act(runs, "slip", seat="town", slip={"act": "order", **COOL})["code"] == "committed"
    assert hall.act(runs, "slip", seat="town", slip={"act": "next"})["code"] == "unknown-act"
    assert hall.act(runs, "slip", seat="nobody", slip={"act": "ready"})["code"] == "slip"


def test_an_inject_is_released_with_the_turn() -> None:
    """Everybody hears of it when the turn is resolved, and the console shows it."""
    hall, runs, town, _ = started()
    hall.act(runs, "inject", inject="fire")
    assert [one["status"] for one in runs.last("control")["injects"]] == ["chosen"]
    go_to(hall, runs, "briefing", turn=2)
    assert any("fire" in str(frame["outcome"]).lower() for frame in town.all("outcome"))
    assert [one["status"] for one in runs.last("control")["injects"]] == ["released"]


# --- who hears what ---------------------------------------------------------------------------------------------------------------------


def test_everybody_has_the_stream_of_their_role() -> None:
    """A member and an evaluator read the seat's, an observer what is public, the facilitator letters only while listening, which all are shown."""
    hall, runs, town, guest = started()
    member, rater, press = hall.come("member", "town"), hall.come("evaluator", "town"), hall.come("observer")
    hall.act(guest, "message", to=["town"], text="between us")
    heard = [person.all("message")[-1:] != [] for person in (town, member, rater, guest, press, runs)]
    assert heard == [True, True, True, True, False, False]
    hall.act(guest, "statement", text="to the press")
    hall.act(runs, "announce", text="to all")
    assert [one["text"] for one in press.all("message")] == ["to the press", "to all"]
    hall.act(runs, "listen", on=True)
    assert town.last("session")["listening"]
    hall.act(guest, "message", to=["town"], text="is anybody listening?")
    assert runs.last("message")["text"] == "is anybody listening?"
    assert press.last("message")["text"] == "to all"


def test_a_members_draft_reaches_the_head_who_decides() -> None:
    """It is shown to the team and nobody else; the head may take it off the table; a member decides nothing."""
    hall, runs, town, guest = started()
    member = hall.come("member", "town")
    assert hall.act(member, "suggest", text="shall we?", **COOL)["frame"] == "ack"
    assert (town.last("suggested")["text"], town.last("suggested")["amount"], town.last("suggested")["gone"]) == ("shall we?", 4.0, False)
    assert guest.all("suggested") == []
    assert hall.act(town, "dismiss", suggested=1)["frame"] == "ack"
    assert member.last("suggested")["gone"]
    go_to(hall, runs, "orders")
    assert hall.act(member, "order", **COOL)["code"] == "unknown-act"


def test_several_on_one_seat_and_one_on_several_seats() -> None:
    """Two heads of a seat see each other's orders; one head of two seats says which it means; who leaves is shown as away."""
    hall, runs, town, _ = started()
    both = hall.come("head", "town", "guest")
    go_to(hall, runs, "orders")
    hall.act(both, "order", seat="town", **COOL)
    assert [one["order"] for one in town.last("turn")["committed"]] == ["cool"]
    assert hall.act(both, "order", order="visit")["code"] == "seat"
    assert {frame["stream"] for frame in both.all("turn")} == {"town", "guest"}
    assert next(one["here"] for one in runs.last("session")["seats"] if one["seat"] == "town") == 2
    hall.room.lose(both.conn, hall.now)
    hall.work()
    assert next(one["here"] for one in runs.last("session")["seats"] if one["seat"] == "town") == 1


def test_a_slow_reader_is_shown_to_the_facilitator_and_to_nobody_else() -> None:
    """Much that waits on a line is told, once."""
    hall, runs, town, guest = started()
    frames = len(guest.frames)
    hall.room.behind(town.conn, True, hall.now)
    hall.room.behind(town.conn, True, hall.now)
    hall.work()
    assert [one["behind"] for one in runs.last("control")["clients"] if one["seats"] == ["town"]] == [True]
    assert len(guest.frames) == frames


def test_a_line_that_says_nothing_is_closed() -> None:
    """After ten seconds; one that said hello is not."""
    hall, _, town, _ = started()
    silent = Person(99, "")
    hall.people[99] = silent
    hall.room.connect(99, hall.now)
    hall.wait(9)
    assert silent.closed == ""
    hall.wait(1)
    assert (silent.closed, town.closed) == ("bad", "")


def test_a_connection_that_was_given_up_and_arrives_late_does_not_cut_the_one_that_took_its_place() -> None:
    """A program counts its connections; another program with the same ticket's token is another run, and does take the place."""
    hall = Assembly.open()
    words = hall.room.issue("head", ("town",)).words
    second = hall.enter(words, client="a1", run="r1", connection=2)
    late = hall.enter(words, client="a1", run="r1", connection=1)
    assert late.last("bye")["code"] == "replaced"
    assert not second.closed
    assert hall.act(second, "name", name="Still here")["frame"] == "ack"
    other = hall.enter(second.last("joined")["token"], client="a1", run="r2", connection=1)
    assert second.last("bye")["code"] == "replaced"
    assert not other.closed
