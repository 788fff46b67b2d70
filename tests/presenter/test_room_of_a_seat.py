"""A seat in a hosted exercise, over a whole room in memory: lobby, phases, drafts, suggestions, pause, and who may only watch."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import attrs

from exercise.presenter.bodies import idle_keys
from exercise.presenter.commands import Lines
from exercise.presenter.desk import Desk
from exercise.presenter.memory import Recalled, recalled
from exercise.presenter.orders import Draft, giving_words, refusal
from exercise.presenter.passing import Passing
from exercise.presenter.rows import plain, text_of
from exercise.presenter.seat_state import unread
from exercise.presenter.status import status_line, todo_line
from exercise.presenter.turn_end import question
from exercise.presenter.waiting import waiting_rows
from tests.presenter.gathering import RoomLink
from tests.session.assembly import Assembly, Person

WIDTH = 110


def seated(room: Assembly, role: str, *seats: str, **fields: Any) -> tuple[Desk, RoomLink]:
    """Somebody comes in; their desk hears its line at once, by the room's clock."""
    link = RoomLink(room, room.come(role, *seats, **fields))
    desk = Desk(link, clock=lambda: room.now)
    link.listen(lambda frame: desk.hear((frame,)) and None)
    return desk, link


def run(room: Assembly, facilitator: Person, act: str, *links: RoomLink, **fields: Any) -> None:
    """What a facilitator does, and everybody hears of it."""
    assert room.act(facilitator, act, **fields)["frame"] == "ack"
    for link in links:
        link.deliver()


def go_to(room: Assembly, facilitator: Person, phase: str, *links: RoomLink) -> None:
    """Phase by phase up to one."""
    if room.room.status == "lobby":
        run(room, facilitator, "start", *links)
    while room.room.host.phase.id != phase:
        run(room, facilitator, "next", *links, turn=room.room.host.running.turn, phase=room.room.host.phase.id)


def lines_of(desk: Desk) -> str:
    """The two lines above the panes."""
    return f"{plain(status_line(desk.state, WIDTH, now=desk.clock()))}\n{plain(todo_line(desk.state, WIDTH))}"


def test_the_lobby_shows_who_is_here_and_how_to_come_back() -> None:
    """Names, readiness, the resume code of this very person."""
    room = Assembly.open()
    town, link = seated(room, "head", "town", name="Ana")
    _guest, other = seated(room, "head", "guest", name="Bo")
    link.deliver()
    assert "LOBBY" in lines_of(town)
    town.end_turn()
    other.deliver()
    shown = text_of(waiting_rows(town.state, WIDTH, (80, 24)))
    assert "Bo" in shown
    assert link.person.last("joined")["code"] in "\n".join(shown.splitlines()[:6])  # seen without scrolling on a small screen
    assert "80 by 24" in shown
    assert town.state.ready
    assert not town.state.may("order")


def test_people_are_called_what_they_say_at_any_time() -> None:
    """In the lobby and later, in lines as on screens; everybody reads it, teams with who is of them, and evaluators see what they are."""
    room = Assembly.open()
    facilitator = room.come("facilitator")
    town, link = seated(room, "head", "town")
    member, member_link = seated(room, "member", "town")
    judge, judge_link = seated(room, "evaluator", "town")
    assert "Nobody knows your name yet" in text_of(Lines(town, WIDTH).hear("who"))
    town.call("Ana")
    go_to(room, facilitator, "briefing", link, member_link, judge_link)
    assert "call you Cem" in text_of(Lines(member, WIDTH).hear("name Cem"))
    assert "at most 40" in text_of(Lines(member, WIDTH).hear(f"name {'x' * 41}"))
    link.deliver()
    shown = text_of(Lines(town, WIDTH).hear("who"))
    assert "You are called Ana; you decide for the seat." in shown
    assert "Turn 1 of" in shown
    assert "Ana, Cem (team), here" in shown
    assert link.person.last("joined")["code"] in shown
    assert "Your screen" not in shown
    assert "· EVALUATOR" in lines_of(judge)
    other, _line = seated(room, "evaluator", "guest")
    own = next(line for line in text_of(Lines(other, WIDTH).hear("who")).splitlines() if other.state.welcome.seat.name in line)
    assert own.endswith("a doctrine plays it")
    assert "· TEAM" in lines_of(member)
    assert {each["name"] for each in facilitator.last("control")["clients"]} >= {"Ana", "Cem"}


def test_the_end_of_the_orders_phase_is_not_the_end_of_the_turn() -> None:
    """What is asked names what comes next; in the last phase nothing is asked."""
    room = Assembly.open()
    facilitator = room.come("facilitator")
    town, link = seated(room, "head", "town")
    _guest, other = seated(room, "head", "guest")
    go_to(room, facilitator, "orders", link, other)
    lines = Lines(town, WIDTH)
    asked = " ".join(text_of(lines.hear("done")).split())
    assert (
        "Next is Sittings, as soon as everybody is done; orders are taken again in the next turn. Until then back takes it back." in asked
    )
    assert "resolved" not in asked
    assert question(town.state) == "Done with this phase?"
    assert "done with this phase" in text_of(lines.hear("done"))
    assert town.state.ready


def test_orders_composed_early_are_kept_and_sent_in_their_phase() -> None:
    """They survive other frames, count nowhere as committed, and become orders with one act each."""
    room = Assembly.open()
    facilitator = room.come("facilitator")
    town, link = seated(room, "head", "town")
    go_to(room, facilitator, "briefing", link)
    town.give(Draft("visit", "", None))
    assert [each.order for each in town.state.drafts] == ["visit"]
    assert link.acts == []
    go_to(room, facilitator, "orders", link)
    assert [each.order for each in town.state.drafts] == ["visit"]
    assert "order not sent" in lines_of(town)
    town.send_drafts()
    assert town.state.drafts == ()
    assert [each.order for each in town.state.committed] == ["visit"]
    town.withdraw("visit", "")
    assert town.state.committed == ()


def test_the_same_order_is_kept_once_and_not_asked_for_while_bodies_sit() -> None:
    """What is kept is said in line 2; the same again takes its place; while bodies sit no order is left to give."""
    room = Assembly.open()
    facilitator = room.come("facilitator")
    town, link = seated(room, "head", "town")
    go_to(room, facilitator, "briefing", link)
    for _twice in range(2):
        town.give(Draft("visit", "", None))
    assert [each.order for each in town.state.drafts] == ["visit"]
    assert "1 order kept for later" in lines_of(town)
    go_to(room, facilitator, "orders", link)
    town.send_drafts()
    assert "among your orders" in refusal(town.state, Draft("visit", "", None))
    go_to(room, facilitator, "sittings", link)
    assert "order" not in lines_of(town)
    assert "nothing to vote on" in lines_of(town)


def test_who_sits_at_a_seat_that_a_doctrine_plays_is_told_and_looks_on() -> None:
    """Line 2, the composer and a line while one types; given back, everything is as it was."""
    room = Assembly.open()
    facilitator = room.come("facilitator")
    town, link = seated(room, "head", "town")
    go_to(room, facilitator, "orders", link)
    heard = []
    passing = Passing(lambda: town.state, lambda: room.now)
    for by in ("doctrine", "human"):
        before = len(link.person.frames)
        passing.hear(link.person.last("session"))
        run(room, facilitator, "take_over", link, seat="town", by=by, doctrine="default" if by == "doctrine" else None)
        heard.append([words for frame in link.person.frames[before:] if (words := passing.hear(frame))])
        held = by == "doctrine"
        assert ("A doctrine plays your seat" in lines_of(town)) == held
        assert town.state.may("order") != held
        assert town.state.may("ready") != held
        assert town.state.may("message")
        assert ("doctrine" in refusal(town.state, Draft("visit", "", None))) == held
    assert [len(each) for each in heard] == [1, 1]
    assert "You can read and write" in heard[0][0]
    assert "yours again" in heard[1][0]


def test_a_member_suggests_and_the_head_takes_it_up() -> None:
    """What is suggested commits nothing by itself; taken up it does, and is a suggestion no more."""
    room = Assembly.open()
    facilitator = room.come("facilitator")
    head, head_link = seated(room, "head", "town", name="Ana")
    member, member_link = seated(room, "member", "town", name="Cem")
    go_to(room, facilitator, "orders", head_link, member_link)
    assert not member.state.may("order")
    assert giving_words(head.state)[1] == "commits"
    assert giving_words(member.state)[1] == "suggests"
    member.give(Draft("visit", "", None))
    head_link.deliver()
    assert [act["act"] for act in member_link.acts] == ["suggest"]
    assert [each.order for each in head.state.suggested.values()] == ["visit"]
    assert head.state.committed == ()
    head.take_up(next(iter(head.state.suggested)))
    assert [each.order for each in head.state.committed] == ["visit"]
    assert not head.state.suggested


def test_anybody_pauses_and_everybody_reads_who_and_why() -> None:
    """Acts of play stop, messages do not; after the pause all goes on."""
    room = Assembly.open()
    facilitator = room.come("facilitator")
    town, link = seated(room, "head", "town", name="Ana")
    guest, other = seated(room, "head", "guest", name="Bo")
    go_to(room, facilitator, "orders", link, other)
    assert town.state.may("order")
    guest.pause("a moment please")
    link.deliver()
    assert "Paused by Bo: a moment please" in lines_of(town)
    assert not town.state.may("order")
    assert town.state.may("message")
    town.write(("guest",), "of course")
    assert town.state.refused is None
    run(room, facilitator, "resume", link)
    assert town.state.may("order")


def test_who_only_watches_is_offered_nothing() -> None:
    """Observers and evaluators see the room and may do no act of play."""
    room = Assembly.open()
    facilitator = room.come("facilitator")
    watcher, one = seated(room, "observer")
    judge, two = seated(room, "evaluator", "town")
    go_to(room, facilitator, "orders", one, two)
    for desk in (watcher, judge):
        assert desk.state.room.status == "running"
        assert not any(desk.state.may(act) for act in ("order", "vote", "motion", "ready", "message", "suggest"))
        assert not desk.state.may_draft
        for line in ("write all hello", "order 1", "done", "vote 1 yes", "propose guest"):
            assert text_of(Lines(desk, WIDTH).hear(line)).startswith(("You evaluate: you read", "You observe:"))
        assert not {"write", "reply", "add_order", "commit"} - idle_keys(desk.state)
    assert "note takes a note" in " ".join(text_of(Lines(judge, WIDTH).hear("done")).split())
    assert (judge.state.room.may_note, watcher.state.room.may_note) == (True, False)
    assert "Noted" in text_of(Lines(judge, WIDTH).hear("note they waited long"))
    assert "Evaluators" in text_of(Lines(watcher, WIDTH).hear("note not mine to take"))
    assert [entry.data["text"] for entry in room.book.entries if entry.type == "note"] == ["they waited long"]


def test_the_clock_counts_down_by_itself_and_stands_in_a_pause() -> None:
    """Without a frame; what is left stays what it was."""
    room = Assembly.open(timed=True)
    facilitator = room.come("facilitator")
    town, link = seated(room, "head", "town")
    go_to(room, facilitator, "briefing", link)
    before = town.state.room.left(room.now)
    room.now += 2.0
    after = town.state.room.left(room.now)
    assert before is not None
    assert after is not None
    assert before - after == 2.0
    town.pause()
    still = town.state.room.left(room.now)
    room.now += 5.0
    assert town.state.room.left(room.now) == still


def test_a_line_that_is_lost_is_told_and_nothing_is_forgotten() -> None:
    """Drafts stay; when the line is back the old sentence goes."""
    room = Assembly.open()
    facilitator = room.come("facilitator")
    town, link = seated(room, "head", "town")
    go_to(room, facilitator, "briefing", link)
    town.give(Draft("visit", "", None))
    link.push({"frame": "link", "state": "lost", "live": False, "ms": None, "why": "gone"})
    assert "Connection lost" in lines_of(town)
    assert "ctrl+s" not in lines_of(town)
    link.push({"frame": "link", "state": "live", "live": True, "ms": 12, "why": ""})
    assert "Connection lost" not in lines_of(town)
    assert "12 ms" in lines_of(town)
    assert [each.order for each in town.state.drafts] == ["visit"]


def test_the_same_is_said_in_lines() -> None:
    """who, an order that is kept, send, pause."""
    room = Assembly.open()
    facilitator = room.come("facilitator")
    town, link = seated(room, "head", "town", name="Ana")
    lines = Lines(town, WIDTH)
    assert "Ana" in text_of(lines.hear("who"))
    go_to(room, facilitator, "briefing", link)
    assert "Kept, not sent yet" in text_of(lines.hear("order visit"))
    assert "kept" in text_of(lines.hear("send"))
    go_to(room, facilitator, "orders", link)
    lines.hear("send")
    assert [each.order for each in town.state.committed] == ["visit"]
    lines.hear("pause coffee")
    assert town.state.room.why == "coffee"


class Drawer:
    """A memory of a test: what was kept last, as a file would give it back."""

    def __init__(self, text: str = "{}") -> None:
        self.text = text

    def recall(self) -> dict[str, Any]:
        """What was kept."""
        return json.loads(self.text)

    def keep(self, kept: Mapping[str, Any]) -> None:
        """Keep it."""
        self.text = json.dumps(kept)


def test_a_program_that_was_killed_comes_back_with_what_was_read_and_not_sent() -> None:
    """Marks of reading by their place in the stream, whatever the host said beside it; orders that were kept, until they are sent."""
    room = Assembly.open()
    facilitator = room.come("facilitator")
    town, link = seated(room, "head", "town")
    link.memory = drawer = Drawer()
    _guest, other = seated(room, "head", "guest")
    go_to(room, facilitator, "briefing", link, other)
    link.person.frames.append({"frame": "notice", "turn": 1, "text": "a word from the host"})
    for words in ("first", "second"):
        _guest.write(("town",), words)
    link.deliver()
    town.read(next(each.key for each in town.state.letters if each.text == "first"))
    town.give(Draft("visit", "", None))
    again = Desk(link, clock=lambda: room.now)
    for frame in link.person.frames:
        if frame["frame"] != "notice":
            again.hear(({name: value for name, value in frame.items() if name != "stream"},))
    assert [each.text for each in unread(again.state)] == [each.text for each in unread(town.state) if each.sender]
    assert [each.order for each in again.state.drafts] == ["visit"]
    again.forget("visit", "")
    assert json.loads(drawer.text)["drafts"] == []


def test_what_was_kept_and_makes_no_sense_is_nothing() -> None:
    """Neither another shape nor another branch costs more than the marks."""
    for text in ("[]", '{"read": 7}', '{"drafts": [{"order": "visit"}]}', '{"read": ["x"]}', '{"drafts": "no"}'):
        assert recalled(Drawer(text)) == Recalled()
    assert recalled(None) == Recalled()


def test_in_lines_every_duty_names_its_command() -> None:
    """In the lobby how to be ready, later how to order and how to send; a line that is lost after the end is nobody's duty."""
    room = Assembly.open()
    facilitator = room.come("facilitator")
    town, link = seated(room, "head", "town")
    lines = Lines(town)
    assert "say that you are ready: done" in text_of(lines.look())
    go_to(room, facilitator, "briefing", link)
    assert "orders left: menu" in text_of(lines.look())
    town.give(Draft("visit", "", None))
    go_to(room, facilitator, "orders", link)
    assert "1 order not sent: send" in text_of(lines.look())
    link.push({"frame": "link", "state": "lost", "live": False, "ms": None, "why": "gone"})
    town.state = attrs.evolve(town.state, phase="ended")
    assert "The exercise has ended: end" in text_of(lines.look())
