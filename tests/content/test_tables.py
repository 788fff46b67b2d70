r"""What is wrong with tables: each docstring is content with a mistake, and below each mistaken word stands what is said of it.

A mark ``# ^ code: hint`` stands below the word; its column is the problem's. The docstring is read beside the small scenario of
``story.py``. Mistakes planted into the shipped scenario, and those within expressions, are in ``tests/cli/test_check.py``.
"""

from __future__ import annotations

import pytest

from exercise.content import examine, read_texts
from tests.content.story import RULEBOOK, SCENARIO, SMALL, Story, story_of


@pytest.fixture
def told(request: pytest.FixtureRequest) -> Story:
    """What is said of the content in the test's docstring."""
    return story_of(request.function.__doc__)


def test_the_small_scenario_is_sound():
    """What every other test of this file stands on has no problem of its own, so whatever is said comes from its docstring."""
    assert examine(read_texts(SMALL)) == ()


# --- keys and types -----------------------------------------------------------------------------------------------------------------


def test_a_misspelt_key_is_told_at_the_key(told: Story):
    """The key itself is wrong, not its value; the nearest key is offered, and its absence is not told besides.

      [[entity]]
      id = "south"
      kind = "country"
      nmae = "The south"
    # ^ unknown-key: did you mean name?
    """
    told.assert_told()


def test_a_key_of_nothing_lists_the_keys(told: Story):
    """Where no key is near, all are named.

      [[stage]]
      id = "later"
      title = "Later"
      xyzzy = 1
    # ^ unknown-key: keys are id, title
    """
    told.assert_told()


def test_missing_keys_are_told_together_at_the_table(told: Story):
    """One problem names every missing key: nobody wants to mend them one run at a time.

      [[kind]]
    # ^ missing-key
      id = "road"
    """
    told.assert_told()
    assert "name, meaning" in told.problems[0].message


def test_wrong_types_are_all_told_at_their_values(told: Story):
    """A text for a number, a number for a text, a word for a flag, a time for a day, and a list for an expression, in one go.

      [[parameter]]
      id = "weather.rise"
      value = "7"
    #          ^ type: without quotes
      meaning = 7
    #           ^ type: quotes
      assumption = "yes"
    #               ^ type: without quotes
      [[doctrine]]
      id = "bold"
      seat = "town"
      text = "Carries water."
      orders = [{ order = "sprinkle", target = "north", from = 2030-05-02T07:00:00, score = ["a"] }]
    #                                                          ^ type: 2010-06-10
    #                                                                                       ^ type: quotes
    """
    told.assert_told()


def test_numbers_that_are_none_are_refused(told: Story):
    """Neither infinity nor what is no number, and nothing so large that arithmetic on it is no longer exact.

      [[parameter]]
      id = "weather.one"
      meaning = "one"
      value = nan
    #         ^ not-finite
      low = -inf
    #       ^ not-finite
      high = 9e99
    #        ^ too-large
    """
    told.assert_told()


def test_a_word_that_is_not_of_the_list_is_told_with_the_nearest(told: Story):
    """Fields that hold one of a few words say which.

      [[order]]
      id = "wait"
      seats = ["town"]
      title = "Wait"
      purpose = "releif"
    #            ^ unknown-word: did you mean relief?
      text = "Nothing happens."
      visibility = "secret"
    #               ^ unknown-word: one of public, covert, target
      because = "they waited"
    """
    told.assert_told()


def test_a_table_that_stands_once_and_one_that_stands_often_are_not_mixed_up(told: Story):
    """``[stage]`` is one table where a list of them belongs: what to write is said.

      [stage]
    # ^ type: write [[stage]]
      id = "later"
      title = "Later"
    """
    told.assert_told()


def test_a_second_head_is_told_with_the_file_of_the_first(told: Story):
    """There is one scenario; the other file is named.

      [scenario]
    # ^ duplicate: scenario.toml
      id = "other"
    """
    told.assert_told()


def test_an_escape_brings_no_control_character_in(told: Story):
    r"""What the file does not hold but its text means is refused as well, at the escape.

      [[stage]]
      id = "later"
      title = "La\u001b[2Jter"
    #            ^ control-character: delete
    """
    told.assert_told()


# --- the calendar ---------------------------------------------------------------------------------------------------------------------


def test_rules_have_no_dates(told: Story):
    """The model does not know the day: only injects and doctrines do. Otherwise history would be written into it.

      [[rule]]
      id = "weather.june"
      stage = "drift"
      for = "region r"
      from = 2030-05-02
    # ^ date-condition: only injects and doctrines
      effects = [{ on = "r.heat", add = "1" }]
      because = "summer came"
      assumption = true
      reason = "by the almanac"
    """
    told.assert_told()


def test_a_day_in_an_expression_is_not_taken_for_a_subtraction(told: Story):
    """``2030-05-02`` without quotes is two thousand and twenty-three, which nobody means; days in texts are no matter.

      [[rule]]
      id = "weather.june"
      stage = "drift"
      for = "region r"
      when = 'r.heat > 1 and chance(50%, "since 2030-05-02") and r.heat < 2030-05-02'
    #                                                                     ^ date-condition: days_since
      effects = [{ on = "r.heat", add = "1" }]
      because = "summer came"
      assumption = true
      reason = "an example"
    """
    told.assert_told()


def test_an_inject_outside_every_cut_can_never_come(told: Story):
    """The windows of the cuts are named, so that the day can be chosen.

      [[inject]]
      id = "late"
      number = 1
      title = "Late"
      kind = "timed"
      on = 2030-05-08
    #      ^ unreachable: 2030-05-01 to 2030-05-07
      from = "sky"
      to = ["all"]
      method = "letter"
      text = "It comes."
      expected_action = "Shelter."
      objective = "Shelter."
    """
    told.assert_told()


def test_a_condition_that_is_tested_only_after_the_end_can_never_come(told: Story):
    """``not_before`` lies behind the last day; an absence is noticed in a turn after its day, and there is none.

      [[inject]]
      id = "late"
      number = 1
      title = "Late"
      kind = "conditional"
      when = "north.heat > 50"
      not_before = 2030-06-01
    #              ^ unreachable: cuts run from
      from = "sky"
      to = ["all"]
      method = "letter"
      text = "It comes."
      expected_action = "Shelter."
      objective = "Shelter."
      [[inject]]
      id = "silent"
      number = 2
      title = "Silent"
      kind = "absence"
      by = 2030-05-07
    #      ^ unreachable: cuts run from
      unless = "north.heat > 50"
      from = "sky"
      to = ["all"]
      method = "letter"
      text = "Nothing came."
      expected_action = "Shelter."
      objective = "Shelter."
    """
    told.assert_told()


# --- injects --------------------------------------------------------------------------------------------------------------------------


def test_injects_say_when_they_come_and_to_whom(told: Story):
    """A kind without what it needs, one with what it never looks at, one for nobody, and a number that another inject has.

      [[inject]]
      id = "one"
      number = 7
      title = "One"
      kind = "timed"
    #         ^ missing-key: add on
      from = "sky"
      to = []
    #      ^ nobody: all
      method = "letter"
      text = "It comes."
      expected_action = "Shelter."
      objective = "Shelter."
      [[inject]]
      id = "two"
      number = 7
    #          ^ duplicate: the next free number is 8
      title = "Two"
      kind = "contingency"
      by = 2030-05-03
    #      ^ unused: conditional or absence
      from = "sky"
      to = ["town"]
      method = "letter"
      text = "It comes."
      expected_action = "Shelter."
      objective = "Shelter."
    """
    told.assert_told()


def test_what_players_read_is_not_empty(told: Story):
    """A required text that holds nothing but blanks is as good as missing.

      [[inject]]
      id = "one"
      number = 7
      title = "One"
      kind = "contingency"
      from = "sky"
      to = ["all"]
      method = "letter"
      text = "  "
    #         ^ empty-text: words
      expected_action = ""
    #                    ^ empty-text: words
      objective = "Shelter."
    """
    told.assert_told()


def test_effects_of_an_inject_have_a_cause(told: Story):
    """The cause is what seats are shown; without effects there is nothing to show.

      [[inject]]
    # ^ missing-key: the cause
      id = "one"
      number = 7
      title = "One"
      kind = "contingency"
      from = "sky"
      to = ["all"]
      method = "letter"
      text = "It comes."
      expected_action = "Shelter."
      objective = "Shelter."
      effects = [{ on = "north.heat", add = "1" }]
    """
    told.assert_told()


# --- sources --------------------------------------------------------------------------------------------------------------------------


def test_every_number_has_a_source_or_a_reason(told: Story):
    """A parameter, a start value and a number in an expression without any; structural numbers need none, nor do tables inside one that has.

      [[parameter]]
      id = "weather.rise"
      value = 7
    #         ^ missing-source: assumption = true
      meaning = "how fast it warms"
      [[entity]]
      id = "south"
      kind = "region"
      name = "The south"
      relations = { country = "arden" }
      start = [{ quantity = "heat", value = 33 }, { quantity = "heat", value = 33 }]
    #                                       ^ missing-source
    #                                                           ^ duplicate: keep one
    #                                                                          ^ missing-source
      [[rule]]
      id = "weather.warm"
      stage = "drift"
      for = "region r"
      when = "r.heat > 50 and r.heat < 77"
    #         ^ missing-source: source
      effects = [{ on = "r.heat", add = "2 - 1" }]
      because = "it warms"
      [[rule]]
      id = "weather.cool"
      stage = "drift"
      for = "region r"
      when = "r.heat < 33"
      effects = [{ on = "r.heat", add = "-4" }]
      because = "it cools"
      source = ["almanac"]
    """
    told.assert_told()


def test_sources_are_known_and_assumptions_have_reasons(told: Story):
    """A source must stand in the register; an assumption without a reason is told as that alone.

      [[parameter]]
      id = "weather.rise"
      value = 7
      meaning = "how fast it warms"
      source = ["almanac", "alamnac"]
    #                       ^ unknown-source: did you mean almanac?
      [[parameter]]
      id = "weather.fall"
      value = 7
      meaning = "how fast it cools"
      assumption = true
    #              ^ missing-reason: sentence
    """
    told.assert_told()


# --- words that lead nowhere ----------------------------------------------------------------------------------------------------------


def test_entities_name_their_kind_their_partners_and_their_quantities(told: Story):
    """A kind, a relation, a partner and a quantity that do not exist; a partner of the wrong kind; one that is missing; two for one.

      [[entity]]
      id = "a"
      kind = "regoin"
    #         ^ unknown-kind: did you mean region?
      name = "A"
      [[entity]]
      id = "b"
      kind = "region"
      name = "B"
      relations = { country = "ardne", neighbour = "north" }
    #                          ^ unknown-country: did you mean arden?
    #                                  ^ unknown-relation
      [[entity]]
    # ^ missing-partner: country
      id = "c"
      kind = "region"
      name = "C"
      start = [{ quantity = "haet", value = 1 }]
    #                        ^ unknown-quantity: did you mean heat?
      [[entity]]
      id = "d"
      kind = "region"
      name = "D"
      relations = { country = "town" }
    #                          ^ unknown-country: countries are arden
      [[entity]]
      id = "e"
      kind = "region"
      name = "E"
      relations = { country = ["arden", "arden"] }
    #                         ^ partners: name one
    """
    told.assert_told()


def test_single_partners_do_not_go_round_in_circles(told: Story):
    """A region within a region within the first would have no top.

      [[relation]]
      id = "parent"
      of = "province"
      to = "province"
      [[kind]]
      id = "province"
      name = "Province"
      meaning = "part of a country, or of another province"
      [[entity]]
      id = "a"
      kind = "province"
      name = "A"
      relations = { parent = "b" }
    #                         ^ cyclic-relation: end
      [[entity]]
      id = "b"
      kind = "province"
      name = "B"
      relations = { parent = "a" }
    #                         ^ cyclic-relation: end
    """
    told.assert_told()


def test_orders_name_their_seats_their_price_and_their_target(told: Story):
    """Who may give it, who learns of it, in what it is paid, and at what it may be aimed.

      [[order]]
      id = "wait"
      seats = ["twon"]
    #           ^ unknown-seat: did you mean town?
      title = "Wait"
      purpose = "relief"
      text = "Nothing happens."
      visibility = "target"
      shown_to = ["gaurd"]
    #              ^ unknown-seat: did you mean guard?
      costs = [{ resource = "fund", amount = "1 million_dollars" }]
    #                        ^ unknown-resource: did you mean funds?
      target = "regoin r"
    #           ^ unknown-kind: did you mean region?
      news = "{seat} waits at {place}."
    #                         ^ placeholder: {target}
      because = "they waited"
    """
    told.assert_told()


def test_bodies_name_members_and_motions(told: Story):
    """Members, who may table, whose position it is, and what is tabled instead.

      [[body]]
      id = "board"
      name = "Board"
      short = "Board"
      rule_text = "All agree."
      decision = "consensus"
      members = [{ seat = "town" }, { seat = "gaurd" }, { seat = "town" }]
    #                                         ^ unknown-seat: did you mean guard?
    #                                                             ^ duplicate: once
      [[body.motions]]
      id = "plant"
      title = "Plant"
      text = "Trees are planted."
      may_table = ["twon"]
    #               ^ unknown-seat: did you mean town?
      fallback = "plnat"
    #             ^ unknown-motion
      because = "trees were planted"
    """
    told.assert_told()


def test_doctrines_name_what_their_seat_can_do(told: Story):
    """An order of another seat, a motion that does not exist, one that the seat may not table, and a vote where it has none.

      [[doctrine]]
      id = "bold"
      seat = "guard"
      text = "Does what it cannot."
      base = "defualt"
    #         ^ unknown-doctrine: did you mean default?
      orders = [{ order = "sprinkle", target = "north" }]
    #                      ^ unknown-order: there is no order at all
      motions = [{ body = "council", motion = "shaed" }, { body = "council", motion = "shade" }]
    #                                          ^ unknown-motion: did you mean shade?
    #                                                                                  ^ no-say: town
      votes = [{ body = "council", motion = "shade", vote = "no" }]
    #                    ^ no-say: members are town
    """
    told.assert_told()


def test_every_seat_and_actor_has_a_default_doctrine(told: Story):
    """An exercise can always go on without its people.

      [[seat]]
    # ^ no-doctrine: default
      id = "crowd"
      name = "Crowd"
      playable = false
      [[doctrine]]
      id = "bold"
      seat = "crowd"
      text = "Runs."
    """
    told.assert_told()


def test_the_map_names_entities_and_is_a_rectangle(told: Story):
    """Rows of one length, letters of known entities, labels on the paper.

      [map]
      legend = { n = "north", s = "soth" }
    #                              ^ unknown-entity: did you mean north?
      places = [{ entity = "north", column = 9, row = 0 }]
    #                                        ^ map: 0..2
      rows = "nns"
    """
    told.assert_told()


# --- ids ------------------------------------------------------------------------------------------------------------------------------


def test_two_things_do_not_share_an_id(told: Story):
    """Neither two of one sort, nor a seat and an entity, nor a motion and an order: expressions call them all by their ids.

      [[stage]]
      id = "drift"
    #       ^ duplicate: rules/weather.toml
      title = "Drift again"
      [[entity]]
      id = "town"
      kind = "country"
      name = "Town"
      [[order]]
      id = "council_shade"
      seats = ["town"]
      title = "Shade"
      purpose = "relief"
      text = "Shade."
      because = "shade"
    """
    assert {one.code for one in told.problems} == {"duplicate"}
    assert [one.place.line for one in told.problems if one.place.file != "scenario/scenario.toml"] == [2]
    said = " ".join(one.message for one in told.problems)
    assert "town is the id of a seat and of an entity" in said
    assert "council_shade is the id of a motion and of an order" in said


def test_ids_are_words_that_expressions_can_hold(told: Story):
    """Small letters, and no word of the language itself; a quantity is not hidden behind a relation.

      [[entity]]
      id = "North-West"
    #       ^ id: small letters
      kind = "country"
      name = "North-west"
      [[entity]]
      id = "where"
    #       ^ reserved-word: another id
      kind = "country"
      name = "Where"
      [[quantity]]
      id = "regions"
    #       ^ duplicate: rename
      kind = "country"
      name = "Regions"
      meaning = "how many it has"
    """
    told.assert_told()


# --- more than one thing wrong --------------------------------------------------------------------------------------------------------


def test_a_name_that_is_wrong_where_it_is_defined_is_not_told_at_its_uses(told: Story):
    """The seat's table has a misspelt key, so it is damaged; its orders and its doctrine still count as those of a seat that exists.

      [[seat]]
      id = "crowd"
      nmae = "Crowd"
    # ^ unknown-key: did you mean name?
      playable = false
      [[order]]
      id = "run"
      seats = ["crowd"]
      title = "Run"
      purpose = "relief"
      text = "They run."
      because = "they ran"
      [[doctrine]]
      id = "default"
      seat = "crowd"
      text = "Runs."
      orders = [{ order = "run" }]
    """
    told.assert_told()


def test_a_scenario_that_nobody_can_play_is_told():
    """All seats are actors: the exercise would run by itself."""
    files = (
        ("rules/weather.toml", RULEBOOK),
        ("scenario/scenario.toml", SCENARIO.replace('name = "Town"', 'name = "Town"\nplayable = false')),
    )
    [problem] = examine(read_texts(files))
    assert (problem.code, problem.place.file, problem.place.line) == ("no-seat", "scenario/scenario.toml", 2)


def test_a_scenario_without_a_head_is_told():
    """The table that says what the scenario is; without it nothing else about a scenario is asked."""
    problems = read_texts((("rules/weather.toml", RULEBOOK), ("scenario/scenario.toml", "# nothing\n"))).problems
    assert [(one.code, "exercise new" in one.hint) for one in problems] == [("missing-table", True)]


# --- cuts: what they do without, how they begin ---------------------------------------------------------------------------------------


def test_how_a_cut_begins_is_looked_at_like_any_table(told: Story):
    """Cut, entity and quantity are known words, and values lie within their range.

      [[start]]
      cuts = ["weak"]
    #          ^ unknown-cut: did you mean week?
      entity = "north"
      [[start]]
      cuts = ["week"]
      entity = "nort"
    #           ^ unknown-entity: did you mean north?
      values = [{ quantity = "heat", value = 50 }]
      [[start]]
      cuts = ["week"]
      entity = "north"
      values = [{ quantity = "head", value = 50 }]
    #                         ^ unknown-quantity: did you mean heat?
      [[start]]
      cuts = ["week"]
      entity = "north"
      source = "almanac"
      values = [{ quantity = "heat", value = 120 }]
    #                                        ^ out-of-range: a value of that range
      [[start]]
      cuts = ["week"]
      entity = "council_shade"
      values = [{ quantity = "status", value = "adoptd" }]
    #                                           ^ unknown-value: did you mean adopted?
    """
    told.assert_told()


def test_a_rule_says_what_it_stands_on(told: Story):
    """One without any number as well; not where a key that nobody could read may have said it.

      [[rule]]
      id = "weather.warm"
    #       ^ unfounded-rule: its claims or its source
      stage = "drift"
      for = "region r"
      effects = [{ on = "r.heat", add = "r.heat" }]
      because = "it warms"
      [[rule]]
      id = "weather.cool"
      stage = "drift"
      for = "region r"
      effects = [{ on = "r.heat", add = "-r.heat" }]
      because = "it cools"
      clams = ["W-1"]
    # ^ unknown-key: did you mean claims?
    """
    told.assert_told()


def test_numbers_of_a_start_name_their_source_and_stand_once(told: Story):
    """A number without a basis, and a second value of one quantity for one cut.

      [[start]]
      cuts = ["week"]
      entity = "north"
      values = [{ quantity = "heat", value = 33 }]
    #                                        ^ missing-source
      [[start]]
      cuts = ["week"]
      entity = "north"
      values = [{ quantity = "heat", value = 50 }]
    #                         ^ duplicate: keep one
      [[start]]
      cuts = []
    #        ^ nobody
      entity = "north"
    """
    told.assert_told()


def test_modules_that_tables_belong_to_are_known(told: Story):
    """A cut does without modules of the scenario, and a table belongs to one of them.

      [[cut]]
      id = "short"
      title = "Short"
      summary = "A day."
      minutes = 5
      start = 2030-05-01
      calendar = [{ days = 1 }]
      without = ["wether"]
    #             ^ unknown-module: did you mean weather?
      [[entity]]
      id = "south"
      kind = "region"
      name = "The south"
      relations = { country = "arden" }
      module = "wether"
    #           ^ unknown-module: did you mean weather?
    """
    told.assert_told()


def test_steps_of_a_cut_have_a_length_that_can_be(told: Story):
    """A step of drift of no length would never end, one of more than a month is not taken.

      [[cut]]
      id = "short"
      title = "Short"
      summary = "A day."
      minutes = 5
      start = 2030-05-01
      calendar = [{ days = 1 }]
      step_days = 0
    #             ^ out-of-range: for a month
    """
    told.assert_told()
