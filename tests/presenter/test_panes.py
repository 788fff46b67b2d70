"""The panes: what a seat reads in each, from its own state alone."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from exercise.presenter.bodies import body_motions, body_rows, idle_keys, in_order, motion_rows
from exercise.presenter.briefing import briefing_rows
from exercise.presenter.ending import ending_rows, mean_score
from exercise.presenter.frames import MotionCard, Rung
from exercise.presenter.happenings import happening_rows, summary_rows
from exercise.presenter.help import help_rows, palette_rows
from exercise.presenter.history import history_rows, spark_line
from exercise.presenter.keys import FOOTERS, PANES, footer, seat_keys
from exercise.presenter.known import Committed, Ending, Letter
from exercise.presenter.mail import mail_rows
from exercise.presenter.map_view import entity_at, map_lines, place_rows, places, step
from exercise.presenter.orders import order_rows
from exercise.presenter.reports import ReportView, report_rows
from exercise.presenter.rows import Rows, Subject, line_width, plain, text_of
from exercise.presenter.seat_state import SeatState, fold, mark_read, mark_seen
from exercise.presenter.status import duties, open_votes, status_line, todo_line, unread_count
from exercise.presenter.tabs import frame_line, seat_tabs, tab_at, tabs_line
from exercise.presenter.turn_end import motions_said, open_points, turn_end_rows
from exercise.presenter.what_if import command_rows
from exercise.presenter.why import why_rows
from tests.presenter import osh_frames


def row_with(rows: Rows, words: str) -> str:
    """The text of the first row that holds some words."""
    return next(row.text for row in rows if words in row.text)


# --- the two lines above --------------------------------------------------------------------------------------------------------


def test_the_status_line_says_where_and_when(first_turn: SeatState) -> None:
    """Exercise, turn, scenario date, phase, seat and connection stand in one line."""
    words = plain(status_line(first_turn, 120))
    for part in ("Osh 2010", "turn 1 of 9", "Thu 10 June 2010", "ORDERS", "UZBEKISTAN", "● live"):
        assert part in words


@pytest.mark.parametrize("width", [200, 120, 80, 60, 40, 20])
def test_a_narrow_status_line_keeps_the_turn(first_turn: SeatState, width: int) -> None:
    """What goes first where there is no room is the cut's title, not where the exercise stands."""
    assert " ms" not in plain(status_line(attrs.evolve(first_turn, room=attrs.evolve(first_turn.room, ms=12)), min(width, 59)))
    shown = status_line(first_turn, width)
    assert line_width(shown) == width
    assert "turn 1" in plain(shown) or width < 40


def test_a_long_name_of_a_seat_gives_way_before_what_is_played(first_turn: SeatState) -> None:
    """Where the line is wide enough for either, the seat has its short name and the exercise keeps its own."""
    seat = attrs.evolve(first_turn.welcome.seat, name="The interim government of the whole republic", short="Interim")
    words = plain(status_line(attrs.evolve(first_turn, welcome=attrs.evolve(first_turn.welcome, seat=seat)), 90))
    assert "turn 1 of 9 · Thu 10 June 2010" in words
    assert "Interim  ● live" in words


def test_a_long_order_loses_its_name_before_its_target(first_turn: SeatState) -> None:
    """Whom it concerns and how much it is stay; in the pane and in the question at the turn's end."""
    order = Committed("send_relief_convoys_with_escort_and_interpreters", "osh_city", 4.0)
    state = attrs.evolve(first_turn, committed=(order,))
    for rows in (order_rows(state, 44), turn_end_rows(state, 44)):
        line = next(row.text for row in rows if "✓" in row.text)
        assert "… → Osh city" in line
        assert "send relief" in line


def test_a_command_that_does_not_fit_can_still_be_copied(first_turn: SeatState) -> None:
    """A backslash at the break makes one command of two lines."""
    command = "exercise play --log a-log-with-a-long-name.jsonl"
    assert text_of(command_rows(command, 60)).strip() == command
    lines = [row.text.rstrip() for row in command_rows(command, 40)]
    assert lines == ["exercise play \\", "  --log a-log-with-a-long-name.jsonl"]


def test_the_to_do_line_names_the_key_for_each_thing(second_turn: SeatState) -> None:
    """An open vote comes first, then orders that are left, then what is unread."""
    words = plain(todo_line(second_turn, 120))
    assert (
        words.index("CSTO motion open 6")
        < words.index("3 orders left a")
        < words.index("4 unread 4")
        < words.index("ctrl+s ends your turn")
    )


def test_a_seat_that_is_done_is_told_that_it_waits(first_turn: SeatState) -> None:
    """After ending the turn nothing is asked of the player but patience."""
    (duty,) = duties(attrs.evolve(first_turn, ready=True))
    assert "waiting" in duty.text


# --- reports --------------------------------------------------------------------------------------------------------------------


def test_a_report_shows_value_direction_source_and_age(second_turn: SeatState) -> None:
    """The figure is never shown alone."""
    row = row_with(report_rows(second_turn, 90), "Ethnic tension")
    assert row.split() == ["Ethnic", "tension", "81", "▲", "14", "border", "service", "·", "today"]


def test_two_sources_that_disagree_are_a_range(second_turn: SeatState) -> None:
    """Neither hospital nor community is believed silently."""
    row = row_with(report_rows(second_turn, 90), "Dead")
    assert "75\N{EN DASH}400" in row
    assert "2 sources disagree" in row


def test_a_stale_report_carries_its_day(second_turn: SeatState) -> None:
    """An old figure is dated, not only dimmed."""
    assert "4 Jun, stale" in row_with(report_rows(second_turn, 90), "Reliable forces")


def test_failed_places_come_first(second_turn: SeatState) -> None:
    """What alarms most is at the top of the list."""
    places_ = [row.text for row in report_rows(second_turn, 90) if row.subject is not None and row.subject.kind == "place"]
    assert places_[:2] == ["Osh city  F! failed", "Jalal-Abad  F! failed"]


def test_find_narrows_by_all_words(second_turn: SeatState) -> None:
    """Words of the place and of the quantity may be mixed."""
    rows = report_rows(second_turn, 90, ReportView(find="osh tension"))
    names = [row.text.split()[:2] for row in rows if row.subject is not None and row.subject.kind == "figure"]
    assert names == [["Ethnic", "tension"]] * 2


def test_the_moved_filter_leaves_out_what_stood_still(second_turn: SeatState) -> None:
    """After a summary only figures that moved since it are listed."""
    rows = report_rows(mark_seen(second_turn), 90, ReportView(filter="moved"))
    words = text_of(rows)
    assert "81 ▲ 14" in words
    assert "Batken" not in words


# --- why and history ------------------------------------------------------------------------------------------------------------


def test_why_gives_causes_with_shares_claims_and_sources(second_turn: SeatState) -> None:
    """The soul of the seat: a figure answers with what moved it, and on what that rests."""
    words = text_of(why_rows(second_turn, Subject("figure", "osh_city.ethnic_tension"), 100))
    assert "Why it moved by +14 in turn 1" in words
    assert "▲\N{NO-BREAK SPACE}45\N{NO-BREAK SPACE}%  rumours of attacks spread faster than any denial" in words
    assert "▼\N{NO-BREAK SPACE}10\N{NO-BREAK SPACE}%  elders keep some streets apart" in words
    assert "CAP-07 · Watts: Identifying and Mitigating Risks" in words
    assert "causes not known to you" in words


def test_why_says_plainly_when_nothing_is_known(second_turn: SeatState) -> None:
    """A movement without disclosed causes is not explained by guesses."""
    words = text_of(why_rows(second_turn, Subject("figure", "jalal_abad.violence"), 100))
    assert "not known to your seat" in words


def test_why_lists_what_each_source_says(second_turn: SeatState) -> None:
    """Behind a range stand its sources."""
    words = text_of(why_rows(second_turn, Subject("figure", "osh_city.deaths"), 100))
    assert "400  Uzbek community" in words
    assert "75  hospitals" in words


@pytest.mark.parametrize("subject", [Subject("event", "9999"), Subject("message", "x"), Subject("motion", "no.such"), Subject("nothing")])
def test_why_of_something_unknown_says_so(second_turn: SeatState, subject: Subject) -> None:
    """No subject breaks the panel."""
    assert "nothing to explain" in text_of(why_rows(second_turn, subject, 80))


def test_history_is_newest_first_by_source(second_turn: SeatState) -> None:
    """Every figure that the seat was given, with its day."""
    words = text_of(history_rows(second_turn, "osh_city.ethnic_tension", 80))
    assert words.index("turn 2") < words.index("turn 1")
    assert "border service" in words


def test_a_spark_line_spans_its_range() -> None:
    """The lowest value is the lowest bar, the highest the highest."""
    assert spark_line([0, 50, 100], 0, 100) == "▁▅█"
    assert spark_line([]) == ""


# --- map ------------------------------------------------------------------------------------------------------------------------


def test_classes_on_the_map_are_letters_and_textures(second_turn: SeatState) -> None:
    """Without colour the map still tells a failed place from a degraded one."""
    lines = [plain(line) for line in map_lines(second_turn, "osh_city")]
    assert any("▸OSH CITY F!" in line for line in lines)
    assert any("Talas D" in line for line in lines)
    assert any("▒▒▒" in line for line in lines)
    assert any("░░░" in line for line in lines)


def test_arrows_reach_every_place(first_turn: SeatState) -> None:
    """No place on the map is out of reach of the keyboard."""
    reached, waiting = set(), ["bishkek"]
    while waiting:
        entity = waiting.pop()
        if entity not in reached:
            reached.add(entity)
            waiting += [step(first_turn, entity, right, down) for right, down in ((1, 0), (-1, 0), (0, 1), (0, -1))]
    assert reached == set(places(first_turn))


def test_a_click_on_land_or_label_finds_the_place(first_turn: SeatState) -> None:
    """Mouse and keyboard choose the same things."""
    assert entity_at(first_turn, 20, 11) == "osh_city"
    assert entity_at(first_turn, 30, 7) == "naryn_issyk_kul"
    assert entity_at(first_turn, 500, 500) == ""


def test_places_are_there_as_a_list_too(second_turn: SeatState) -> None:
    """The list says what the map says."""
    assert "F!" in row_with(place_rows(second_turn, 76), "Osh city")


# --- what happened --------------------------------------------------------------------------------------------------------------


def test_the_summary_tells_orders_bodies_movements_news_and_others(second_turn: SeatState) -> None:
    """What the player did comes first, then what bodies and others did, then why figures moved."""
    words = text_of(summary_rows(second_turn, 100, second_turn.seen))
    parts = [
        "✓ Open the border",
        "✗ Send relief",
        "Send peacekeepers to the south",
        "CSTO secretaries",
        "Russia flies relief",
        "State capacity: Jalal-Abad degraded → failed, Osh city degraded → failed",
    ]
    places_ = [words.index(part) for part in parts]
    assert places_ == sorted(places_)
    assert "the trucks were turned back at a barricade" in words
    assert "crossed to Uzbekistan +20,000: abuse in Osh drives people out (▲" in words


def test_one_more_dead_does_not_outweigh_thousands_who_fled(second_turn: SeatState) -> None:
    """Counts are ranked by their order of magnitude."""
    state = fold(
        second_turn, {"frame": "outcome", "turn": 2, "outcome": osh_frames.report("osh", "deaths", 1, 0, "2010-06-11", "hospitals")}
    )
    words = text_of(happening_rows(state, 100))
    assert words.index("+20,000") < words.index("dead +1")


def test_what_was_seen_is_not_told_again(second_turn: SeatState) -> None:
    """The next summary begins where the last one ended."""
    seen = mark_seen(second_turn)
    assert summary_rows(seen, 100, seen.seen) == ()


def test_mail_marks_what_is_unread(second_turn: SeatState) -> None:
    """Newest first, with a point before what was not looked at."""
    assert mail_rows(second_turn, 80)[0].text.startswith("● Russia → you")
    assert mail_rows(second_turn, 80)[1].text.startswith("● CSTO secretaries meet in Moscow tomorrow")
    read = mark_read(second_turn, second_turn.news[-1].key)
    assert mail_rows(read, 80)[1].text.startswith("  CSTO secretaries")
    assert unread_count(read) == unread_count(second_turn) - 1


@pytest.mark.parametrize("width", [120, 100, 80, 70, 60, 50, 40])
def test_the_to_do_line_drops_whole_things_and_counts_them(second_turn: SeatState, width: int) -> None:
    """No key is cut off and no word broken: what does not fit is counted."""
    words = plain(todo_line(second_turn, width))
    assert "ctrl+s" in words
    whole = [words.count(each) for each in ("CSTO motion open 6", "3 orders left a", "4 unread 4")]
    assert f"+{3 - sum(whole)} more" in words or sum(whole) == 3 or "6 CSTO motion open +2" in words
    assert "…" not in words


def test_open_motions_of_one_body_are_one_duty(second_turn: SeatState) -> None:
    """Two votes in the CSTO are "2 CSTO motions open", not the same words twice."""
    motions = {**second_turn.motions}
    motions["csto.aid_package"] = attrs.evolve(motions["csto.aid_package"], status="tabled", can_vote=True)
    assert next(duty.text for duty in duties(attrs.evolve(second_turn, motions=motions))) == "2 CSTO motions open"


def test_a_vote_that_stands_is_said_and_not_asked_for_again(second_turn: SeatState) -> None:
    """With a vote from an earlier turn the motion is no duty, the pane says that it stands, and the turn's end does not repeat it."""
    key = "csto.deploy_peacekeepers"
    assert key in open_votes(second_turn)
    standing = attrs.evolve(second_turn, votes={key: "yes"}, standing=frozenset({key}))
    assert key not in open_votes(standing)
    assert not any("CSTO" in duty.text for duty in duties(standing))
    words = " ".join(text_of(body_rows(standing, 120)).split())
    assert "your vote: yes (standing)" in words
    assert "you may vote" not in words
    assert motions_said(standing) == ()
    fresh = attrs.evolve(standing, standing=frozenset())
    assert "you voted yes" in text_of(body_rows(fresh, 120))
    assert len(motions_said(fresh)) == 1


def test_open_motions_stand_before_closed_ones_newest_first(second_turn: SeatState) -> None:
    """Whatever their order in content: on the table, then what was decided, the newest before the older, then what nobody tabled."""
    csto = next(body for body in second_turn.welcome.bodies if body.id == "csto")
    more = tuple(attrs.evolve(csto.motions[0], motion=name) for name in ("third", "fourth"))
    body = attrs.evolve(csto, motions=(*csto.motions, *more))
    ids = [card.id for card in body.motions]
    old, new, last = ids[0], ids[1], ids[-1]
    bare = attrs.evolve(second_turn.motions[old], status="none")
    motions = {card.id: attrs.evolve(bare, motion=card.motion) for card in body.motions}
    motions[old] = attrs.evolve(motions[old], status="lapsed", decided_on="2010-06-10")
    motions[new] = attrs.evolve(motions[new], status="refused", decided_on="2010-06-11")
    motions[last] = attrs.evolve(motions[last], status="tabled")
    state = attrs.evolve(second_turn, motions=motions, events=(), votes={}, tabled=frozenset())
    expected = [last, new, old, *(key for key in ids if key not in (last, new, old))]
    assert [card.id for card in in_order(state, body)] == expected
    assert [row.subject.id for row in body_motions(state, body, 100) if row.subject is not None] == expected


def test_nothing_asks_for_a_decision_after_the_end(second_turn: SeatState) -> None:
    """A motion that was open when the last turn closed is told as not decided; nobody is asked to vote or to table anything."""
    assert open_votes(second_turn)
    over = fold(
        second_turn, {"frame": "end", "seq": second_turn.seq + 1, "turn": 2, "objectives": [], "truth": {}, "digest": "", "seed": 1}
    )
    assert open_votes(over) == ()
    assert [duty.text for duty in duties(over)] == ["The exercise has ended"]
    shown = text_of((*body_rows(over, 120), *body_rows(over, 120, 5)))
    cards = [card for body in over.welcome.bodies for card in body.motions]
    shown += "".join(text_of(motion_rows(over, card, 100)) for card in cards)
    for asking in ("vote now", "you may", "t tables", "t  tables", "y yes", "y  yes"):
        assert asking not in shown
    assert "nothing is left to decide" in " ".join(shown.split())
    assert not any(motion.can_table or motion.can_vote for motion in over.motions.values())


@pytest.mark.parametrize("width", range(30, 121, 5))
def test_tabs_and_titles_are_never_parts_of_words(second_turn: SeatState, width: int) -> None:
    """A tab has its name, a shorter one or its number alone; a title loses whole parts."""
    known_words = {"Map", "Reports", "What", "happened", "Events", "Messages", "Mail", "Orders", "Bodies"}
    shown = "".join(letter if letter.isalpha() else " " for letter in plain(tabs_line(seat_tabs(second_turn), "orders", width)))
    assert set(shown.split()) <= known_words
    assert "Ord…" not in plain(frame_line(5, "Orders · 0 of 3 · 20.0 M$ left", width, focused=False))
    assert plain(frame_line(5, "Orders · 0 of 3 · 20.0 M$ left", 26, focused=False)).startswith(" [5] Orders · 0 of 3 ─")


# --- bodies ---------------------------------------------------------------------------------------------------------------------


def test_a_motion_is_a_ladder_that_says_what_stopped_it(second_turn: SeatState) -> None:
    """Each rung is passed, failed or not reached; the failed one speaks."""
    card = second_turn.welcome.motion("csto", "deploy_peacekeepers")
    assert card is not None
    words = text_of(motion_rows(second_turn, card, 100))
    assert "tabled ✓ ▸ host's request ✓ ▸ mandate ✗ ▸ means · ▸ vote ·" in words
    assert "“reads only attack from outside or power seized from outside”" in words
    assert "Belarus no  “there is no lawful government to help”" in words
    assert "size 1,455 people, 1,500 people when it was first asked for" in words
    assert "the mandate, once this changes" in words
    assert "Belarus, once it gives up" in words


def test_a_low_pane_has_one_line_for_each_body(second_turn: SeatState) -> None:
    """Where cards do not fit, the most telling motion of each body stands alone."""
    rows = body_rows(second_turn, 56, 4)
    assert [row.text.split()[0] for row in rows] == ["CSTO", "SCO", "OSCE"]
    assert "vote now" in rows[0].text


def passage(state: SeatState, *outcomes: dict[str, Any], turn: int = 2) -> SeatState:
    """The state after a body was seen to do something."""
    for each in outcomes:
        state = fold(state, {"seq": state.seq + 1, "branch": 0, "frame": "outcome", "turn": turn, "outcome": each})
    return state


def statement_with_twins(state: SeatState) -> tuple[SeatState, MotionCard]:
    """The state where the SCO's statement has two tests of one name."""
    rungs = (Rung("agenda", "a member keeps it off the agenda"), Rung("agenda", "nobody asked"))
    bodies = tuple(
        attrs.evolve(body, motions=(attrs.evolve(body.motions[0], rungs=rungs),)) if body.id == "sco" else body
        for body in state.welcome.bodies
    )
    state = attrs.evolve(state, welcome=attrs.evolve(state.welcome, bodies=bodies))
    card = state.welcome.motion("sco", "statement")
    assert card is not None
    return state, card


def test_two_tests_of_one_name_are_told_apart(second_turn: SeatState) -> None:
    """The first agenda passes, the second fails: two rungs with their numbers, one reason, told once."""
    state, card = statement_with_twins(second_turn)
    state = passage(
        state,
        osh_frames.step("sco", "statement", "tabled", passed=True),
        osh_frames.step("sco", "statement", "agenda", passed=True),
        osh_frames.step("sco", "statement", "agenda", passed=False, say="nobody asked"),
    )
    words = text_of(motion_rows(state, card, 100))
    assert "agenda 1 ✓ ▸ agenda 2 ✗" in words
    assert words.count("“nobody asked”") == 2, "once under the ladder, once under what would change it"


def test_a_tabled_motion_that_passed_its_tests_says_what_it_waits_for(second_turn: SeatState) -> None:
    """The day from which it can be decided, or who holds it up."""
    card = second_turn.welcome.motion("sco", "statement")
    assert card is not None
    told = [osh_frames.step("sco", "statement", stage, passed=True) for stage in ("tabled", "agenda")]
    base = {"cause": "", "body": "sco", "motion": "statement", "title": ""}
    result = {**base, "kind": "motion_outcome", "outcome": "tabled", "earliest": "2010-06-20"}
    state = passage(second_turn, *told, result)
    state = attrs.evolve(state, motions={**state.motions, card.id: attrs.evolve(state.motions[card.id], status="tabled")})
    assert "can be decided from 20 June" in text_of(motion_rows(state, card, 100))
    assert "can be decided from 20 June" in row_with(body_rows(state, 90, 4), "SCO")
    vote = {**base, "kind": "vote", "member": "russia", "vote": "no", "say": ""}
    state = passage(state, vote, {**result, "earliest": "2010-06-10"})
    assert "held up by Moscow" in text_of(motion_rows(state, card, 100))


def test_a_long_title_gives_way_to_what_became_of_the_motion(second_turn: SeatState) -> None:
    """In the low pane the title is cut, never the standing or the own vote."""
    assert row_with(body_rows(second_turn, 30, 4), "CSTO").endswith("▸ vote now")
    state = attrs.evolve(second_turn, votes={"csto.deploy_peacekeepers": "yes"})
    assert row_with(body_rows(state, 34, 4), "CSTO").endswith("you voted yes")


def test_a_motion_tabled_this_turn_is_not_said_to_be_untabled(first_turn: SeatState) -> None:
    """The dialog says who tabled it and when motions are judged."""
    card = first_turn.welcome.motion("sco", "statement")
    assert card is not None
    before = text_of(motion_rows(first_turn, card, 100))
    assert "It is not tabled" in before
    assert before.count("Motions are judged before this turn's orders take effect.") == 1
    tabled = text_of(motion_rows(attrs.evolve(first_turn, tabled=frozenset({card.id})), card, 100))
    assert "It is not tabled" not in tabled
    assert "You have tabled it this turn." in tabled


# --- ending ---------------------------------------------------------------------------------------------------------------------


def test_ending_a_turn_names_what_is_not_done(second_turn: SeatState) -> None:
    """The question before the turn ends is asked with its reasons."""
    words = text_of(turn_end_rows(second_turn, 70))
    assert "3 orders are not used" in words
    assert "you have not voted on “Send peacekeepers to the south”" in words
    assert len(open_points(second_turn)) == 3


def test_the_end_puts_the_widest_gap_first(second_turn: SeatState) -> None:
    """Known beside true, and the objectives in public and in private apart."""
    state = fold(second_turn, osh_frames.end())
    words = text_of(ending_rows(state, 100))
    assert words.index("Objectives, in public") < words.index("Interests, in private") < words.index("What you knew, and what was true")
    assert "exercise replay osh-2010.jsonl" in words
    rows = [row.text.split() for row in ending_rows(state, 100) if row.subject is not None and row.subject.kind == "figure"]
    assert rows[0][:2] == ["Osh", "city:"]
    assert rows[0][-2:] == ["20,000", "31,000"]


def test_means_of_objectives_are_weighted(second_turn: SeatState) -> None:
    """A heavier objective counts for more; public and private never mix."""
    state = fold(second_turn, osh_frames.end())
    assert state.ending is not None
    weights = {"shelter": 1.0, "calm": 2.0, "no_force": 2.0}
    assert mean_score(state.ending.objectives, weights, private=False) == pytest.approx((71 + 2 * 22) / 3)
    assert mean_score(state.ending.objectives, weights, private=True) == pytest.approx(100)


def test_the_briefing_shows_how_aims_stand(first_turn: SeatState) -> None:
    """Objectives carry their score as the seat can judge it."""
    assert "52" in row_with(briefing_rows(first_turn, 80), "Shelter those who must flee")


# --- keys, tabs, help -----------------------------------------------------------------------------------------------------------


def test_footers_have_at_most_five_keys_and_every_key_has_help() -> None:
    """Nothing to memorize: five keys in sight, the rest one key away."""
    actions = {key.action for key in seat_keys()}
    assert set(FOOTERS) == set(PANES)
    assert all(set(each) <= actions for each in FOOTERS.values())
    much = attrs.evolve(SeatState(), letters=tuple(Letter(number, 1, "x", (), "…", number) for number in range(3)))
    for state, action in ((SeatState(), "threads"), (much, "read_all")):
        shown = {pane: [key.action for key in footer(pane, idle_keys(state))] for pane in PANES}
        assert all(len(each) <= 5 for each in shown.values())
        assert action in shown["mail"]
    assert all(key.help and key.label for key in seat_keys())


def test_no_key_stands_for_two_actions() -> None:
    """Each key means one thing on the seat's screen."""
    keys = [name for key in seat_keys() for name in key.keys.split(",")]
    assert len(keys) == len(set(keys))
    assert not set(keys) & set("123456")


@pytest.mark.parametrize("pane", PANES)
def test_help_speaks_about_the_thing_in_focus(second_turn: SeatState, pane: str) -> None:
    """Pane, line and keys are those where the player is."""
    words = text_of(help_rows(second_turn, pane, Subject("figure", "osh_city.unrest"), 90))
    assert "Keys here" in words
    assert "You are on a figure" in words


def test_the_palette_puts_names_before_explanations() -> None:
    """Typing a command's first letters finds it first."""
    assert palette_rows("brief", 80)[0].subject == Subject("choice", "briefing")
    assert "No command matches" in text_of(palette_rows("zzz", 80))


@pytest.mark.parametrize("width", [120, 80, 60, 40])
def test_tabs_fit_and_can_be_clicked(second_turn: SeatState, width: int) -> None:
    """Names shorten, numbers stay; a click finds the tab under it."""
    tabs = seat_tabs(second_turn)
    shown = plain(tabs_line(tabs, "orders", width))
    assert len(shown) <= width
    assert "5 Orders 0/3" in shown
    assert tab_at(tabs, "orders", width, shown.index("5 Orders")) == 5


@pytest.mark.parametrize("width", [30, 46, 56, 80, 118])
def test_no_pane_is_wider_than_its_room(second_turn: SeatState, width: int) -> None:
    """At every width the lines fit, so that nothing is cut by the terminal."""
    for rows in (
        report_rows(second_turn, width),
        happening_rows(second_turn, width),
        mail_rows(second_turn, width),
        body_rows(second_turn, width),
        place_rows(second_turn, width),
        briefing_rows(second_turn, width),
    ):
        assert all(line_width(line) <= width for row in rows for line in row.lines)


def test_the_end_names_the_dead_first_and_together(second_turn: SeatState) -> None:
    """Deaths that were badly misreported stand above other gaps, under a line for all places together."""
    truths = {"osh_city.deaths": 310.0, "jalal_abad.deaths": 60.0, "osh_city.ethnic_tension": 2.0}
    state = second_turn
    for entity, value in (("osh_city", 75.0), ("jalal_abad", 58.0)):
        report = osh_frames.report(entity, "deaths", value, None, state.date, "the hospitals")
        state = fold(state, {"seq": state.seq + 1, "branch": 0, "frame": "outcome", "turn": 2, "outcome": report})
    state = attrs.evolve(state, ending=Ending((), truths, "", "", "", "", ""), phase="ended")
    rows = [" ".join(row.text.split()) for row in ending_rows(state, 100)]
    start = next(number for number, row in enumerate(rows) if row.startswith("Dead, all places together"))
    assert rows[start] == "Dead, all places together 133 370"
    assert rows[start + 1] == "Osh city: dead 75 310"
    assert rows[start + 2].startswith("Osh city: ethnic tension")
    assert rows[start + 3] == "Jalal-Abad: dead 58 60"


def test_the_end_tells_what_became_of_motions_and_orders(second_turn: SeatState) -> None:
    """The seat's own decisions and the bodies' stand beside the figures."""
    state = fold(second_turn, {"seq": second_turn.seq + 1, "branch": 0, **osh_frames.end()})
    words = text_of(ending_rows(state, 100))
    assert "Send peacekeepers to the south" in words
    assert "Open the border to those who flee  turn 1" in words
    assert "Send relief across the border → Osh region  not carried out in turn 1" in words
    assert state.committed == ()


@pytest.mark.parametrize("width", [120, 80, 60])
def test_the_first_line_says_how_long_the_turn_is(first_turn: SeatState, width: int) -> None:
    """A week is decided otherwise than a day; a long date gives way to a short one first."""
    week = attrs.evolve(first_turn, days=7)
    assert "June 2010, 7 days" in plain(status_line(week, 120))
    assert "7 days" in plain(status_line(week, width))


def test_a_change_of_the_turns_length_is_said(second_turn: SeatState) -> None:
    """The summary that opens the first longer turn begins with it."""
    calendar = tuple(attrs.evolve(plan, days=7 if plan.turn >= 2 else 1) for plan in second_turn.welcome.calendar)
    state = attrs.evolve(second_turn, welcome=attrs.evolve(second_turn.welcome, calendar=calendar))
    assert summary_rows(state, 100, state.seen)[0].text == "From now on a turn is 7 days long."
    assert "From now on" not in text_of(summary_rows(second_turn, 100, second_turn.seen))


def test_the_question_at_the_end_of_a_turn_names_motions_and_votes(second_turn: SeatState) -> None:
    """What goes to the bodies is committed as well."""
    state = attrs.evolve(second_turn, tabled=frozenset({"sco.statement"}), votes={"csto.deploy_peacekeepers": "no"})
    words = text_of(turn_end_rows(state, 90))
    assert "you table SCO: “A statement on the events”" in words
    assert "you vote no on CSTO: “Send peacekeepers to the south”" in words


def test_results_of_others_orders_carry_their_seat(second_turn: SeatState) -> None:
    """In the replay everybody's results stand together; the seat's own are not named as somebody else's."""
    data = {"kind": "order_result", "cause": "", "seat": "russia", "order": "x", "title": "Send aid", "target": None, "amount": None,
            "unit": "", "done": True, "why": ""}  # fmt: skip
    state = mark_seen(second_turn)
    for seat in ("russia", "uzbekistan"):
        state = fold(state, {"seq": state.seq + 1, "branch": 0, "frame": "outcome", "turn": 2, "outcome": {**data, "seat": seat}})
    rows = [row.text for row in summary_rows(state, 100, state.seen) if "Send aid" in row.text]
    assert rows == ["✓ Moscow: Send aid", "✓ Send aid: carried out; no report of what it changed has reached you"]
