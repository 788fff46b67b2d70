"""Rooms, the press and agreements as lines, over a real room; the fold of its frames."""

from __future__ import annotations

import itertools

import attrs
import pytest

from exercise.presenter.agreements import agreement_rows, full_rows
from exercise.presenter.bargain import (
    NOTHING,
    Proposal,
    answer,
    as_it_is,
    begin_clause,
    counter,
    next_question,
    partners,
    preview_rows,
    reworded,
    says,
    settled,
)
from exercise.presenter.commands import Lines
from exercise.presenter.ending import ending_rows
from exercise.presenter.known import Ending
from exercise.presenter.mail import mail_rows
from exercise.presenter.passing import Passing
from exercise.presenter.rows import text_of
from exercise.presenter.seat_state import SeatState, fold, fold_all
from exercise.presenter.stakes import stakes_words
from exercise.presenter.status import duties
from exercise.presenter.threads import PRESS, ROOM, listening_words, thread_of, threads
from exercise.session.welcome import welcome
from tests.core.scenes import shipped
from tests.tui.around_a_room import Around


@pytest.fixture
def around() -> Around:
    """Three seats in negotiation."""
    return Around.open("town", "guest", "rival")


def told(lines: Lines, *typed: str) -> str:
    """What the last of some lines prints."""
    return [text_of(lines.hear(each)) for each in typed][-1]


def proposed(lines: Lines) -> None:
    """The guest pays the town, and plots no more; in secret."""
    told(lines, "propose town", "Money", "guest", "5", "0", "Silence", "note as we said", "done")


def test_a_proposal_is_asked_question_by_question_and_signed(around: Around) -> None:
    """Whole way in lines: proposed, read, signed after asking, in force, kept."""
    guest, town = Lines(around.desk("guest")), Lines(around.desk("town"))
    assert "Which clause?" in told(guest, "propose town")
    assert "Who gives?" in told(guest, "Money")
    assert "from 1 to 50" in told(guest, "The guest")
    assert "From 1 to 50" in told(guest, "900")
    assert "Within how many days" in told(guest, "5")
    assert "The guest" in told(guest, "-")
    assert "Proposed" in told(guest, "done")
    assert any("1 proposal for you" in duty.text and duty.key == "7" for duty in duties(town.state))
    assert "Waiting for you" in told(town, "agreements")
    assert "pays The town 5 M$ at once" in told(town, "agreement 1")
    assert "last signature" in told(town, "sign 1")
    assert "Sent" in told(town, "sign 1")
    assert next(iter(guest.state.talks.agreements.values())).status == "signed"
    around.pass_turn()
    assert "kept" in told(guest, "agreements")
    assert "Agreements" in told(guest, "what") or "kept" in told(guest, "what")


def test_declined_in_words_countered_taken_back_and_published(around: Around) -> None:
    """Every answer that there is."""
    guest, town = Lines(around.desk("guest")), Lines(around.desk("town"))
    proposed(guest)
    assert "Sent" in told(town, 'decline 1 "too little"')
    assert "too little" in told(guest, "agreement 1")
    proposed(guest)
    assert "5 M$" in told(town, "counter 1")
    told(town, "drop 1", "Money", "guest", "9", "0", "done")
    states = {each.by: each.status for each in guest.state.talks.agreements.values() if each.status in ("replaced", "draft")}
    assert states == {"guest": "replaced", "town": "draft"}
    assert "cannot be done" in told(guest, "retract 1")
    told(town, "retract 1")
    assert "taken back" in told(guest, "agreements")
    proposed(guest)
    told(town, "sign 1", "sign 1")
    around.pass_turn()
    assert "published" not in told(town, "agreements")
    number = next(n for n in range(1, 9) if "secret" in told(town, f"agreement {n}").lower() and "From" in told(town, f"agreement {n}"))
    assert "Type the same line again" in told(town, f"disclose {number}")
    assert "you publish it" in told(town, f"disclose {number}")


def test_a_room_is_a_thread_of_its_members_alone(around: Around) -> None:
    """Opened by name, spoken in, unread by thread; a third seat has nothing of it."""
    guest, town, rival = (Lines(around.desk(seat)) for seat in ("guest", "town", "rival"))
    assert "with whom" in told(guest, "room new")
    told(guest, 'room new town "Border"', 'say room 1 "We open it"')
    room = next(iter(town.state.talks.rooms.values()))
    assert thread_of(town.state, f"{ROOM}{room.id}").unread == 1
    assert "Border" in told(town, "rooms")
    assert "We open it" in told(town, "room 1")
    told(town, "reply 1 Good")
    assert guest.state.letters[-1].room == room.id
    assert "You are in no room" in told(rival, "rooms")
    assert not [each for each in rival.state.letters if each.room]


def test_a_letter_is_what_stands_between_its_quotation_marks(around: Around) -> None:
    """As in rooms and in the press; a word alone needs none."""
    guest, town = (Lines(around.desk(seat)) for seat in ("guest", "town"))
    told(guest, 'write town "Shall we talk?"', "write town Tomorrow")
    told(town, "mail", "reply 1 'Yes'")
    assert [each.text for each in guest.state.letters] == ["Shall we talk?", "Tomorrow", "Yes"]


def test_who_is_taken_into_a_room_is_told(around: Around) -> None:
    """In a line while one types; what is said there names the room; who opened it is told nothing."""
    desks = {seat: around.desk(seat) for seat in ("guest", "town")}
    asleep = {seat: desk.state for seat, desk in desks.items()}
    passing = {seat: Passing(lambda seat=seat: asleep[seat], lambda: 0.0) for seat in desks}
    heard = {seat: [passing[seat].hear(around.links[seat].person.last("session"))] for seat in desks}
    before = {seat: len(around.links[seat].person.frames) for seat in desks}
    told(Lines(desks["guest"]), 'room new town "Border"', 'say room 1 "We open it"')
    for seat in desks:
        heard[seat] += [passing[seat].hear(frame) for frame in around.links[seat].person.frames[before[seat] :]]
    assert [words for words in heard["town"] if "Border" in words] == [
        "The guest has opened a room “Border” with you; rooms lists it",
        "The guest in Border: We open it",
    ]
    assert not [words for words in heard["guest"] if words and "room" in words]


def test_a_statement_is_said_twice_and_read_by_everybody(around: Around) -> None:
    """The first time it asks."""
    guest, rival = Lines(around.desk("guest")), Lines(around.desk("rival"))
    assert "again" in told(guest, 'press "We regret it"')
    assert not rival.state.letters
    assert "Said" in told(guest, 'press "We regret it"')
    assert "to the press" in text_of(mail_rows(rival.state, 80, thread=PRESS))


def test_that_somebody_listens_is_shown(around: Around) -> None:
    """Above the messages and among the threads."""
    desk = around.desk("town")
    assert "may listen" in listening_words(desk.state)
    around.assembly.act(around.facilitator, "listen", on=True)
    around.pump()
    assert "listen to letters and rooms now" in text_of(mail_rows(desk.state, 80))


def test_frames_folded_in_any_restart_are_the_same(around: Around) -> None:
    """Taking the stream up again at any frame, with frames repeated, gives the same state."""
    guest = Lines(around.desk("guest"))
    proposed(guest)
    told(guest, 'room new town "Border"', 'say room 1 "Word"')
    town = Lines(around.desk("town"))
    told(town, "sign 1", "sign 1")
    around.pass_turn()
    frames = [frame for frame in around.links["town"].person.frames if "seq" in frame]
    whole = fold_all(SeatState(), frames)
    assert whole.talks.agreements
    assert whole.talks.rooms
    for cut in range(len(frames)):
        again = fold_all(fold_all(SeatState(), frames[:cut]), frames[max(0, cut - 3) :])
        assert (again.talks, again.letters) == (whole.talks, whole.letters)
    newest = {}
    for frame in frames:
        if frame["frame"] == "agreement":
            newest[frame["agreement"]["id"]] = frame
    for order in itertools.permutations(newest.values()):
        numbered = [{**frame, "seq": place} for place, frame in enumerate(order, 1)]
        assert dict(fold_all(SeatState(), numbered).talks.agreements) == dict(whole.talks.agreements)


def test_a_counter_proposal_begins_with_the_terms_it_answers(around: Around) -> None:
    """Clause by clause, and in the same words."""
    guest, town = around.desk("guest"), around.desk("town")
    proposed(Lines(guest))
    found = next(iter(town.state.talks.agreements.values()))
    answer = counter(found, "town")
    assert (answer.parties, answer.answers, answer.secret) == (("guest",), found.id, True)
    assert [says(town.state, each) for each in answer.terms] == [each.says for each in found.terms]


def test_hostile_words_command_nothing() -> None:
    """Ids, names, terms and words of others are shown, never obeyed."""
    evil = "\x1b[2J\u202e[red]x"
    frame = {
        "frame": "agreement",
        "turn": 1,
        "agreement": {
            "id": evil, "parties": ["me", evil], "by": evil, "status": evil, "text": evil, "clauses": [{"says": evil, "status": evil}, 7],
            "signed": evil,
        },
    }  # fmt: skip
    room = {"frame": "room", "room": evil, "name": evil, "members": [evil, 3], "by": 5}
    state = fold_all(SeatState(), [{**frame, "seq": 1}, {**room, "seq": 2}, {"frame": "cast", "seq": 3}, {"frame": "agenda", "seq": 4}])
    shown = text_of((*agreement_rows(state, 40), *full_rows(state, state.talks.agreements[evil], 40)))
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert [each.name for each in threads(state)][-1] == evil


def test_empty_pages_name_the_next_key() -> None:
    """What to press where there is nothing."""
    desk = Around.open("town", "guest").desk("town")
    assert "n proposes one" in text_of(agreement_rows(desk.state, 80))


def test_partners_are_those_that_people_play_first() -> None:
    """In the shipped scenario the European Union is offered no pact with a network of the ousted president, nor with organized crime."""
    state = fold(SeatState(), {"seq": 1, "branch": 0, **welcome(shipped(), "european_union")})
    offered = [one.id for one in partners(state)]
    playable = {seat.id for seat in state.welcome.seats if seat.playable}
    assert "uzbekistan" in offered
    assert set(offered) <= playable - {"european_union"}


def test_what_hangs_on_a_clause_is_told_before_it_is_signed() -> None:
    """To whom it brings what, where it is kept and where it is found broken; a clause that the seat cannot give or receive tells nothing."""
    state = fold(SeatState(), {"seq": 1, "branch": 0, **welcome(shipped(), "uzbekistan")})
    crossings = attrs.evolve(NOTHING, clause="open_crossings", giver="uzbekistan", receiver="kazakhstan", amount=60.0, by_days=1)
    assert stakes_words(state, crossings) == "kept: you: image abroad +3 · broken: you: image abroad -8"
    assert "whoever breaks it: standing -2" in stakes_words(state, attrs.evolve(NOTHING, clause="in_confidence"))
    assert "image abroad -8" in text_of(preview_rows(state, Proposal(("kazakhstan",), (crossings,)), 60))
    assert stakes_words(state, attrs.evolve(NOTHING, clause="nothing of the kind")) == ""


def test_a_clause_that_is_asked_anew_offers_what_it_says_and_keeps_its_place(around: Around) -> None:
    """The old words stay until the last answer."""
    guest = around.desk("guest")
    pay = attrs.evolve(NOTHING, clause="pay", giver="guest", receiver="town", amount=5.0, by_days=3)
    quiet = attrs.evolve(NOTHING, clause="quiet", giver="guest", receiver="town")
    proposal = Proposal(("town",), (pay, quiet))
    again = settled(guest.state, begin_clause(proposal, "pay"))
    assert reworded(attrs.evolve(again, at_hand=None), 0, 2).terms == (pay, quiet)
    for words in ("guest", "", "", ""):
        question = next_question(guest.state, again)
        if question is None:
            break
        asked = as_it_is(question, pay)
        again, wrong = answer(guest.state, again, asked, words or "")
        assert not wrong
    done = reworded(again, 0, 2)
    assert [each.clause for each in done.terms] == ["pay", "quiet"]
    assert (done.terms[0].amount, done.terms[0].by_days) == (5.0, 3)


def test_the_end_tells_what_became_of_agreements_and_how_it_was_in_truth(around: Around) -> None:
    """Those that came into force between this seat and others, and no others."""
    guest, town, rival = (Lines(around.desk(seat)) for seat in ("guest", "town", "rival"))
    proposed(guest)
    told(town, "sign 1", "sign 1")
    around.pass_turn()
    found = next(iter(town.state.talks.agreements.values()))
    terms = (attrs.evolve(found.terms[0], truth="breached"), *found.terms[1:])
    talks = attrs.evolve(town.state.talks, agreements={found.id: attrs.evolve(found, terms=terms)})
    ended = attrs.evolve(town.state, ending=Ending((), {}, "", "", "", "", ""), talks=talks)
    shown = text_of(ending_rows(ended, 100))
    assert "What became of your agreements" in shown
    assert "in truth: broken" in shown
    assert "agreements" not in text_of(ending_rows(attrs.evolve(rival.state, ending=Ending((), {}, "", "", "", "", "")), 100))
