"""A facilitator's console over a whole room in memory: what its acts do, what its rows say, and the same as typed commands."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from exercise.presenter.control import read_control
from exercise.presenter.desk import Desk
from exercise.presenter.facilitator import Console, facilitator_status, facilitator_todo, next_step, waiting_for
from exercise.presenter.facilitator_commands import FacilitatorLines, facilitator_commands
from exercise.presenter.facilitator_rows import (
    help_rows,
    inject_rows,
    log_rows,
    new_ticket_choices,
    next_question,
    seat_choices,
    seat_rows,
    ticket_rows,
)
from exercise.presenter.rows import line_width, plain, text_of
from exercise.presenter.sittings import before_bodies, sitting_rows, tally_words
from exercise.presenter.ticket_card import ticket_card
from tests.presenter.gathering import RoomLink, facilitated
from tests.session.assembly import Assembly, Person
from tests.session.test_sittings import CALL, SEND, world
from tests.tui.hostile_frames import PAYLOADS

WIDTH = 100


@attrs.define
class Hall:
    """A room, its console, and the heads of two seats."""

    room: Assembly
    console: Console
    link: RoomLink
    town: Person
    guest: Person

    @classmethod
    def open(cls, *, start: bool = True, **how: Any) -> Hall:
        """Everybody is there; the exercise has begun."""
        room, console, link = facilitated(**how)
        hall = cls(room, console, link, room.come("head", "town", name="Ana"), room.come("head", "guest", name="Bo"))
        if start:
            console.start()
        link.deliver()
        return hall

    def act(self, person: Person, act: str, **fields: Any) -> None:
        """Somebody does something, and the console hears of it."""
        answer = self.room.act(person, act, **fields)
        assert answer["frame"] == "ack", answer
        self.link.deliver()

    @property
    def lines(self) -> str:
        """Both lines above the panes."""
        return f"{plain(facilitator_status(self.console, WIDTH))}\n{plain(facilitator_todo(self.console, WIDTH))}"


# --- what is shown ------------------------------------------------------------------------------------------------------------------------


def test_the_two_lines_say_where_the_exercise_stands_and_what_to_do_next() -> None:
    """From the lobby over a phase that all are done with to a pause: always the next step and its key."""
    hall = Hall.open(start=False)
    assert "LOBBY" in hall.lines
    assert "2 of 2 seats here, 0 ready" in hall.lines
    assert hall.lines.rstrip().endswith("N starts the exercise")
    hall.console.start()
    assert "BRIEFING" in hall.lines
    assert "Waiting for 2 seats" in hall.lines
    hall.act(hall.town, "ready")
    assert waiting_for(hall.console) == ("guest",)
    hall.act(hall.guest, "pause", why="a fire alarm")
    assert "PAUSED" in hall.lines
    assert "Paused by Bo: a fire alarm" in hall.lines
    assert hall.lines.rstrip().endswith("space resumes")


def test_the_clock_is_counted_down_here_and_stands_still_in_a_pause() -> None:
    """Seconds pass without any frame."""
    hall = Hall.open(timed=True)
    first = plain(facilitator_status(hall.console, WIDTH))
    hall.room.now += 1.0
    second = plain(facilitator_status(hall.console, WIDTH))
    assert first != second
    hall.console.pause()
    assert "clock stopped" in plain(facilitator_status(hall.console, WIDTH))


def test_seats_show_who_is_here_how_they_came_and_who_is_ready() -> None:
    """A name and role under the seat; a doctrine where nobody came; gone when the line is lost."""
    hall = Hall.open()
    hall.act(hall.town, "ready")
    shown = text_of(seat_rows(hall.console, WIDTH))
    assert "Ana · head · network" in shown
    assert "doctrine default" in shown
    assert shown.splitlines()[0].endswith("ready")
    hall.room.room.lose(hall.guest.conn, hall.room.now)
    hall.room.work()
    hall.link.deliver()
    assert "gone" in text_of(seat_rows(hall.console, WIDTH))
    assert next_step(hall.console)[1] == "T"


def test_whoever_is_away_is_shown_so_and_their_seat_is_not_given_up() -> None:
    """A door keeps their place: seen at once, also before the next phase, and nobody is told to give the seat to a doctrine."""
    hall = Hall.open()
    line = hall.room.room.lines.get(hall.town.conn)
    assert line is not None
    line.trusted = True
    hall.room.send(hall.town, {"away": True})
    hall.link.deliver()
    shown = text_of(seat_rows(hall.console, WIDTH))
    assert shown.splitlines()[0].endswith("away")
    assert "Ana · head · network · line gone, place kept" in shown
    assert next_step(hall.console)[1] == "N"
    assert "Not here: The town" in next_question(hall.console)
    hall.room.room.lose(hall.town.conn, hall.room.now)
    hall.room.work()
    hall.link.deliver()
    assert text_of(seat_rows(hall.console, WIDTH)).splitlines()[0].endswith("gone")
    assert next_step(hall.console)[1] == "T"


def test_a_slow_or_idle_line_is_marked() -> None:
    """Whoever does nothing for minutes, or reads too slowly, is seen without asking."""
    hall = Hall.open()
    hall.room.wait(200.0)
    hall.room.room.behind(hall.town.conn, True, hall.room.now)
    hall.room.work()
    hall.link.deliver()
    shown = text_of(seat_rows(hall.console, WIDTH))
    assert "idle for 3 minutes" in shown
    assert "behind" in shown


def test_a_ticket_is_shown_to_be_read_out_until_somebody_came_in_with_it() -> None:
    """Its words in spaced letters, and the whole command where the way is known; a spent one has none."""
    hall = Hall.open()
    hall.room.room.ways = {"join": "10.0.0.5:4747/abcde/", "fingerprint": "abcde"}
    hall.console.new_ticket("member", "town")
    ticket = hall.console.control.tickets[-1]
    card = text_of(ticket_card(hall.console, ticket, WIDTH))
    assert f"exercise join 10.0.0.5:4747/abcde/{ticket.words}" in card
    assert " ".join(ticket.words.split("-")[0].upper()) in card
    assert "fingerprint abcde" in text_of(typed(hall).hear(f"tickets {ticket.id.upper()}"))
    assert ticket.words in text_of(ticket_rows(hall.console, WIDTH))
    hall.room.enter(ticket.words)
    hall.link.deliver()
    spent = hall.console.control.ticket(ticket.id)
    assert spent is not None
    assert ticket.words not in text_of((*ticket_rows(hall.console, WIDTH), *ticket_card(hall.console, spent, WIDTH)))


def test_messages_to_the_facilitators_come_always_and_those_between_seats_only_while_listening() -> None:
    """What is not heard does not come afterwards either."""
    hall = Hall.open()
    hall.act(hall.town, "message", to=["facilitator"], text="may we leave the room")
    hall.act(hall.town, "message", to=["guest"], text="between us")
    hall.console.set_listening(on=True)
    hall.act(hall.town, "message", to=["guest"], text="now you hear it")
    shown = text_of(log_rows(hall.console, WIDTH))
    assert "may we leave the room" in shown
    assert "now you hear it" in shown
    assert "between us" not in shown
    assert "LISTENING" in hall.lines
    assert hall.guest.last("session")["listening"] is True


def test_what_has_not_come_yet_is_not_said_to_be_missing() -> None:
    """Over a slow line the room is waited for in every pane."""
    for rows in (seat_rows, ticket_rows, inject_rows):
        assert text_of(rows(Console(Hall.open().link), WIDTH)) == "Waiting for the room."


# --- what is done -------------------------------------------------------------------------------------------------------------------------


def test_a_second_press_does_not_end_the_phase_after() -> None:
    """The act names the phase that was meant; the second one is refused, and nothing else happens."""
    hall = Hall.open()
    turn, phase = hall.console.state.room.turn, hall.console.state.room.phase
    hall.console.next_phase(turn, phase)
    after = hall.console.state.room.phase
    hall.console.next_phase(turn, phase)
    assert after != phase
    assert hall.console.state.room.phase == after
    assert "Refused: that phase is over already" in hall.lines
    hall.room.act(hall.room.come("facilitator"), "next", turn=hall.console.state.room.turn, phase=after)
    hall.link.deliver()
    assert "Refused" not in hall.lines, "what was refused in one phase is no news in the next"


def test_every_act_has_a_reference_of_its_own() -> None:
    """Else the room would take the second extension for a repetition of the first."""
    hall = Hall.open(timed=True)
    before = hall.console.state.room.left(hall.room.now)
    hall.console.extend()
    hall.console.extend()
    after = hall.console.state.room.left(hall.room.now)
    assert before is not None
    assert after is not None
    assert after == pytest.approx(before + 600, abs=1)
    hall.console.stop_timer()
    assert hall.console.state.room.left(hall.room.now) is None
    assert len({act["ref"] for act in hall.link.acts}) == len(hall.link.acts)


def test_a_seat_goes_to_a_doctrine_and_back() -> None:
    """Its head stays in the room and plays again."""
    hall = Hall.open()
    hall.console.take_over("town", "doctrine", "idle")
    seat = hall.console.control.seat("town")
    assert seat is not None
    assert (seat.by, seat.doctrine) == ("doctrine", "idle")
    assert "Give it back" in text_of(seat_choices(seat, WIDTH))
    assert hall.room.act(hall.town, "ready")["frame"] == "refused"
    hall.console.take_over("town", "human")
    assert hall.room.act(hall.town, "ready")["frame"] == "ack"


def test_what_is_asked_before_a_phase_ends_names_who_is_not_ready_or_not_here() -> None:
    """When everybody is ready nothing is asked."""
    hall = Hall.open(start=False)
    hall.act(hall.town, "ready")
    assert "not ready? The guest. A doctrine" in next_question(hall.console), "nobody waits for the trader, whom no people play"
    hall.act(hall.guest, "ready")
    assert next_question(hall.console) == ""
    hall.console.start()
    hall.room.room.lose(hall.guest.conn, hall.room.now)
    hall.room.work()
    hall.link.deliver()
    question = next_question(hall.console)
    assert "Not ready" in question
    assert "Not here" in question


def test_the_host_s_own_console_is_not_taken_back_from_itself() -> None:
    """Whoever took its ticket back would leave an exercise that nobody runs."""
    hall = Hall.open(start=False)
    control = hall.console.control
    own = next(one for one in control.clients if one.role == "facilitator")
    hall.console.state = attrs.evolve(
        hall.console.state,
        room=attrs.evolve(
            hall.console.state.room, control={"clients": [{"id": own.id, "ticket": own.ticket, "via": "here", "here": True}], "tickets": []}
        ),
    )
    assert hall.console.is_of_the_host(own.ticket)
    assert not hall.console.is_of_the_host("another")


# --- typed --------------------------------------------------------------------------------------------------------------------------------


def typed(hall: Hall) -> FacilitatorLines:
    """Lines for the hall's console."""
    return FacilitatorLines(hall.console, WIDTH, leaving="It stops for everybody.")


def test_an_exercise_is_run_by_typing() -> None:
    """From start to the next phase, a pause, more time, an inject, a seat handed over, tickets, words."""
    hall = Hall.open(start=False, timed=True)
    lines = typed(hall)

    def say(line: str) -> str:
        return text_of(lines.hear(line))

    assert "Type the same again" in say("start")
    assert hall.console.state.room.status == "lobby"
    say("start")
    assert hall.console.state.room.status == "running"
    say("pause coffee")
    assert hall.console.state.room.why == "coffee"
    say("resume")
    say("extend 5")
    say("stop timer")
    assert hall.console.state.room.left(hall.room.now) is None
    say("take town by doctrine idle")
    found = hall.console.control.seat("town")
    assert found is not None
    assert found.doctrine == "idle"
    say("give town back")
    found = hall.console.control.seat("town")
    assert found is not None
    assert found.by == "human"
    say("new ticket member guest")
    ticket = hall.console.control.tickets[-1]
    assert (ticket.role, ticket.seats) == ("member", ("guest",))
    assert "Type the same again" in say(f"revoke {ticket.id}")
    say(f"revoke {ticket.id}")
    assert "taken back" in say("tickets")
    say('say "The border opens at six."')
    assert hall.town.last("message")["text"] == "The border opens at six."
    say("inject 1")
    say("inject 1")
    assert "Comes with this turn" in text_of(inject_rows(hall.console, WIDTH))
    say("listen on")
    assert hall.console.state.room.listening
    say("note they argue well")
    assert [entry.data["text"] for entry in hall.room.book.entries if entry.type == "note"] == ["they argue well"]
    assert hall.console.state.refused is None


def test_a_question_is_about_one_phase_and_one_line() -> None:
    """Another line between, or another phase, and the same words are asked about anew."""
    hall = Hall.open()
    lines = typed(hall)
    assert "Type the same again" in text_of(lines.hear("next"))
    lines.hear("look")
    assert "Type the same again" in text_of(lines.hear("next"))
    first = hall.console.state.room.phase
    hall.console.next_phase(hall.console.state.room.turn, first)
    second = hall.console.state.room.phase
    assert "Type the same again" in text_of(lines.hear("next"))
    assert hall.console.state.room.phase == second != first


def test_quitting_is_asked_about() -> None:
    """It would stop the exercise for everybody."""
    hall = Hall.open()
    lines = typed(hall)
    assert "It stops for everybody." in text_of(lines.hear("quit"))
    assert not lines.quit
    lines.hear("quit")
    assert lines.quit


def test_a_slip_is_read_by_the_codes_of_the_sheets_and_handed_in() -> None:
    """What the facilitators' stream tells of every menu is enough; a line that is no slip is answered with why, and nothing is sent."""
    hall = Hall.open()
    lines = typed(hall)
    hall.console.start()
    assert "is no seat" in text_of(lines.hear("slip nonsense"))
    numbers = {card.order: number for number, card in hall.console.codes.menus["guest"]}
    assert f"{numbers['plot']} Plot  target, 1 to 30" in text_of(lines.hear("menu guest"))
    assert "out of range" in text_of(lines.hear(f"slip guest {numbers['plot']} north 31"))
    assert waiting_for(hall.console) == ("town", "guest")
    assert text_of(lines.hear("slip done town")) == "Handed in: The town: is done with this phase"
    assert waiting_for(hall.console) == ("guest",)


@pytest.mark.parametrize(
    "line",
    ["extend", "extend x", "extend -5", "extend nan", "extend inf", "stop", "sittings", "inject", "inject 99", "take", "take nobody", "take town", "give",
     "take town by doctrine nonsense", "new", "new ticket king", "new ticket head", "revoke", "revoke t99", "reissue t99", "say", "listen",
     "listen maybe", "slip", "menu", "menu nobody", "menu town", "note", "zzz", "?", "{0.__class__}", *PAYLOADS],
)  # fmt: skip
def test_no_line_breaks_anything(line: str) -> None:
    """Whatever is typed is answered, before anything came and after."""
    for console in (Console(RoomLink(Assembly.open(), Person(0, ""))), Hall.open().console):
        assert isinstance(FacilitatorLines(console).hear(line), tuple)


def test_help_names_every_command() -> None:
    """And every one does something."""
    hall = Hall.open()
    told = text_of(FacilitatorLines(hall.console).hear("help"))
    for each in facilitator_commands():
        assert each.word in told
        assert "is not a command" not in text_of(FacilitatorLines(hall.console).hear(each.word))


# --- whatever comes -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "frame", [{}, {"clients": 3, "tickets": [{}, 4, None], "injects": {"a": 1}, "seats": "x", "alerts": [[]], "log": 7, "ways": [1]}]
)
def test_a_control_frame_of_any_form_is_read(frame: dict[str, Any]) -> None:
    """Nothing raises, and the rows can be made."""
    hall = Hall.open()
    hall.link.push({"frame": "control", **frame})
    assert read_control(frame).clients == ()
    for rows in (seat_rows, ticket_rows, inject_rows, log_rows):
        assert rows(hall.console, 40)


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("width", [38, 78])
def test_hostile_texts_stay_texts(payload: str, width: int) -> None:
    """Names, titles and words of any kind fit their width and command nothing."""
    hall = Hall.open()
    control = {
        "frame": "control",
        "clients": [{"id": "c", "seats": ["town"], "role": payload, "name": payload, "via": payload, "from": payload, "here": True}],
        "tickets": [{"id": payload, "role": payload, "seats": [payload], "words": payload, "state": payload}],
        "injects": [{"inject": payload, "number": payload, "title": payload, "kind": payload, "on": payload, "status": payload}],
        "seats": [{"seat": "town", "name": payload, "by": "doctrine", "doctrine": payload, "doctrines": [payload]}],
        "alerts": [{"n": 1, "text": payload}],
        "log": payload,
        "ways": dict.fromkeys(("join", "fingerprint", "ssh", "ssh_key", "web", "web_key"), payload),
    }
    hall.link.push(control)
    hall.link.push({"frame": "refused", "ref": "x", "why": payload, "hint": payload})
    seat = hall.console.control.seats[0]
    made = [
        *seat_rows(hall.console, width),
        *ticket_rows(hall.console, width),
        *inject_rows(hall.console, width),
        *log_rows(hall.console, width),
    ]
    made += [
        *ticket_card(hall.console, hall.console.control.tickets[0], width, 50),
        *seat_choices(seat, width),
        *new_ticket_choices(hall.console),
    ]
    made += help_rows(width)
    lines = [line for row in made for line in row.lines] + [facilitator_status(hall.console, width), facilitator_todo(hall.console, width)]
    for line in lines:
        assert all(ord(letter) >= 32 and not 127 <= ord(letter) < 160 for letter in plain(line))
    assert all(line_width(line) <= width for line in lines[-2:])


# --- sittings -----------------------------------------------------------------------------------------------------------------------------


def sitting() -> Hall:
    """The guest tabled a motion in the council and voted before the sitting began; a text of the ring goes round in writing."""
    hall = Hall.open(program=world())
    for phase in ("briefing", "negotiation"):
        hall.console.next_phase(1, phase)
    hall.act(hall.guest, "motion", **SEND)
    hall.act(hall.town, "motion", **CALL)
    hall.act(hall.guest, "vote", **SEND, vote="yes", say="we asked")
    hall.console.next_phase(1, "orders")
    return hall


def test_the_console_shows_who_has_voted_and_how_where_the_rule_makes_that_known() -> None:
    """At the table each vote with its words, brought in or cast; in writing only that there is an answer."""
    hall = sitting()
    shown = text_of(seat_rows(hall.console, WIDTH))
    assert "Council: Send help" in shown
    assert "The guest yes (standing)  “we asked”" in shown
    assert "The town has not voted yet" in shown
    hall.act(hall.town, "vote", **SEND, vote="no", say="not any day")
    hall.act(hall.town, "vote", **CALL, vote="no", say="never")
    shown = text_of(seat_rows(hall.console, WIDTH))
    assert "The town no  “not any day”" in shown
    assert "All members have been heard. decides by majority" in shown
    assert "Ring: A common call" in shown
    assert "The town has voted" in shown
    assert "never" not in shown
    assert "It is not decided in this turn: members vote on it from the next turn on." in shown
    assert text_of(typed(hall).hear("sittings")).startswith("Council: Send help")


def test_a_member_is_shown_what_others_brought_into_the_sitting() -> None:
    """The same on the seat's own screens: a standing vote is no silence, and an answer in writing is one without its content."""
    hall = sitting()
    desk = Desk(RoomLink(hall.room, hall.town))
    desk.link.listen(lambda frame: desk.hear((frame,)) and None)
    cards = {card.id: card for card in before_bodies(desk.state)}
    assert "The guest yes (standing)  “we asked”" in text_of(sitting_rows(desk.state, cards["council.send"], WIDTH))
    assert tally_words(desk.state, cards["council.send"]) == "now: 1 yes, 1 not heard yet"
    while (room := hall.console.state.room).turn == 1 or room.phase != "sittings":
        hall.console.next_phase(room.turn, room.phase)
        hall.room.wait(1)
        hall.link.deliver()
    hall.act(hall.guest, "vote", **CALL, vote="no", say="never")
    desk.link.deliver()
    ring = text_of(sitting_rows(desk.state, cards["ring.call"], WIDTH))
    assert "The guest has voted" in ring
    assert "never" not in ring
    assert tally_words(desk.state, cards["ring.call"]) == "now: 1 has voted, 2 not heard yet"


def test_outside_a_sitting_the_console_shows_none() -> None:
    """Neither before it nor after."""
    hall = sitting()
    assert "Nothing lies before a body" not in text_of(typed(hall).hear("sittings"))
    hall.console.next_phase(1, "sittings")
    hall.room.wait(2)
    hall.link.deliver()
    assert "Council" not in text_of(seat_rows(hall.console, WIDTH))
    assert "Nothing lies before a body" in text_of(typed(hall).hear("sittings"))


def test_a_seat_given_back_to_people_who_never_came_is_waited_for() -> None:
    """No doctrine decides for it; whoever types its slips in, or gives it away again, must know that the phase waits for it."""
    hall = Hall.open()
    hall.console.take_over("trader", "human")
    for person in (hall.town, hall.guest):
        hall.act(person, "ready")
    assert waiting_for(hall.console) == ("trader",)
    assert "Nobody sits at: The trader" in hall.lines
    assert "nobody there" in text_of(seat_rows(hall.console, WIDTH))
    typed(hall).hear("slip done trader")
    assert hall.console.state.room.phase == "negotiation"
