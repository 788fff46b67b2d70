"""The composer's model: what is offered, what it costs, and why something cannot be given."""

from __future__ import annotations

import attrs

from exercise.presenter.figures import budget_words
from exercise.presenter.known import Committed
from exercise.presenter.orders import (
    Draft,
    begin,
    breadcrumbs,
    card_rows,
    menu_rows,
    needs_target,
    order_rows,
    read_amount,
    refusal,
    stepped,
    target_rows,
    total_costs,
    why_not,
)
from exercise.presenter.rows import Subject, text_of
from exercise.presenter.seat_state import SeatState, fold
from exercise.presenter.status import purse_words
from exercise.presenter.why import why_rows


def test_the_menu_is_by_purpose_with_prices_and_reasons(first_turn: SeatState) -> None:
    """What cannot be given stays in sight, with the reason in words."""
    words = text_of(menu_rows(first_turn, 60))
    assert words.index("Relief") < words.index("Open the border") < words.index("Diplomacy") < words.index("Security")
    assert "5.0 M$" in words
    assert "✗ Close the border\n    the border is not open" in words


def test_an_order_with_several_targets_asks_for_one(first_turn: SeatState) -> None:
    """Targets that cannot be chosen come last and say why."""
    draft = begin(first_turn, "send_relief")
    assert needs_target(first_turn, draft)
    rows = [row.text for row in target_rows(first_turn, draft, 50)]
    assert rows[0].startswith("  Osh region")
    assert rows[-1] == "✗ Osh city\n    the road to Osh city is cut"


def test_the_place_chosen_on_the_map_becomes_the_target(first_turn: SeatState) -> None:
    """An order begun on the map is aimed already, if the place can be its target."""
    assert begin(first_turn, "send_relief", "jalal_abad").target == "jalal_abad"
    assert begin(first_turn, "send_relief", "bishkek").target == ""


def test_the_price_follows_the_amount(first_turn: SeatState) -> None:
    """Between the least and the most amount the price is on a straight line."""
    draft = begin(first_turn, "send_relief", "osh")
    assert total_costs(first_turn, draft) == {"funds": 5.0}
    assert total_costs(first_turn, stepped(first_turn, draft, 3)) == {"funds": 8.0}


def test_without_the_price_of_the_most_a_price_grows_with_its_amount(first_turn: SeatState) -> None:
    """A host that tells one price only is not misread: what speaks of the amount grows with it, the rest stands."""
    offers = tuple(attrs.evolve(offer, costs_most={}) for offer in first_turn.offers)
    state = attrs.evolve(first_turn, offers=offers)
    assert total_costs(state, begin(state, "send_relief", "osh")) == {"funds": 5.0}
    assert total_costs(state, begin(state, "open_border")) == {"standing": 4.0}


def test_an_amount_stays_within_its_range(first_turn: SeatState) -> None:
    """Steps stop at the ends; typed amounts outside are refused in words."""
    draft = begin(first_turn, "send_relief", "osh")
    assert stepped(first_turn, draft, 500).amount == 20
    assert stepped(first_turn, draft, -500).amount == 1
    assert read_amount(first_turn, draft, "7.5")[0].amount == 7.5
    assert read_amount(first_turn, draft, "700") == (draft, "The amount must be from 1 to 20 M$.")
    assert read_amount(first_turn, draft, "many") == (draft, "“many” is not a number.")


def test_what_is_committed_cannot_be_spent_twice(first_turn: SeatState) -> None:
    """The composer counts orders that are committed before the host has to refuse."""
    state = attrs.evolve(first_turn, committed=(Committed("send_relief", "osh", 18.0),))
    why = refusal(state, Draft("send_relief", "jalal_abad", 5.0))
    assert why == "costs 5.0 M$; you have 2.0 M$"


def test_a_full_allowance_says_what_frees_a_place(first_turn: SeatState) -> None:
    """The last order of a turn is not a dead end."""
    state = attrs.evolve(first_turn, committed=tuple(Committed(f"order{number}", "", None) for number in range(3)))
    assert "withdraw one first" in refusal(state, Draft("warn_moscow"))


def test_the_card_says_who_will_see_it(first_turn: SeatState) -> None:
    """Covert, shown to some and public orders read differently."""
    assert "nobody sees it but you" in text_of(card_rows(first_turn, Draft("quiet_valley"), 70))
    assert "seen by Russia, CSTO secretariat" in text_of(card_rows(first_turn, Draft("warn_moscow"), 70))
    assert "everybody will see it" in text_of(card_rows(first_turn, Draft("open_border"), 70))


def test_breadcrumbs_show_how_far_the_order_is(first_turn: SeatState) -> None:
    """Order, target and amount appear as they are chosen."""
    assert breadcrumbs(first_turn, begin(first_turn, "send_relief")) == "Send relief across the border"
    assert breadcrumbs(first_turn, Draft("send_relief", "osh", 5.0)) == "Send relief across the border ▸ Osh region ▸ 5.0 M$"


def test_an_order_without_legal_target_gives_its_reason(first_turn: SeatState) -> None:
    """The reason is the host's, word for word."""
    assert why_not(first_turn, "close_border") == "the border is not open"
    assert why_not(first_turn, "send_relief") == ""


def test_the_pane_lists_orders_and_what_is_left(first_turn: SeatState) -> None:
    """Committed orders with their price, the next key, and the resources."""
    state = attrs.evolve(first_turn, committed=(Committed("send_relief", "osh", 5.0),))
    words = text_of(order_rows(state, 60))
    assert "1 ✓ Send relief across the border → Osh region, 5.0 M$" in words
    assert "+ add an order, 2 left  a" in words
    assert "Funds 15.0 M$ left, 5.0 M$ committed" in words


def test_why_of_a_committed_order_tells_its_own_price_and_no_refusal(first_turn: SeatState) -> None:
    """The dialog's price is the line's, not that of the least amount; "already among your orders" is no obstacle to itself."""
    state = attrs.evolve(first_turn, committed=(Committed("send_relief", "osh", 18.0),))
    words = text_of(why_rows(state, Subject("order", "send_relief|osh"), 80))
    assert "cost   18.0 M$" in words
    assert "✓ committed" in words
    assert "✗" not in words


def test_why_of_an_order_carried_out_tells_its_price_and_the_day_from_which_it_can_be_given_again(first_turn: SeatState) -> None:
    """What was done is not refused in hindsight; the day counts from the turn in which it was given."""
    data = {"kind": "order_result", "cause": "", "order": "open_border", "title": "Open the border", "target": None, "amount": None,
            "unit": "", "done": True, "why": ""}  # fmt: skip
    menu = tuple(attrs.evolve(card, cooldown_days=7) if card.order == "open_border" else card for card in first_turn.welcome.menu)
    state = attrs.evolve(first_turn, welcome=attrs.evolve(first_turn.welcome, menu=menu))
    state = fold(state, {"seq": state.seq + 1, "branch": 0, "frame": "outcome", "turn": 4, "outcome": data})
    words = text_of(why_rows(state, Subject("event", str(state.events[-1].number)), 80))
    assert "carried out" in words
    assert "given on 13 June; again from 20 June" in words
    assert "✗" not in words


def test_a_price_is_rounded_up_and_what_is_left_down(first_turn: SeatState) -> None:
    """A refusal is never contradicted by its own figures."""
    assert budget_words(3.47698, "points") == "3.4"
    assert budget_words(3.47698, "points", up=True) == "3.5"
    assert budget_words(5.0, "points") == "5"
    assert budget_words(0.1 + 0.2, "million dollars", up=True) == "0.3 M$"


def test_what_is_left_in_the_title_is_less_what_is_committed(first_turn: SeatState) -> None:
    """Twenty million with five committed are fifteen to spend."""
    state = attrs.evolve(first_turn, committed=(Committed("send_relief", "osh", 5.0),))
    assert purse_words(state) == "15.0 M$ left"


def test_the_first_offer_of_an_amount_is_never_more_than_can_be_paid(first_turn: SeatState) -> None:
    """With three million left the composer starts at three, not at the five that would be refused."""
    state = attrs.evolve(first_turn, committed=(Committed("send_relief", "osh", 17.0),))
    assert begin(state, "send_relief", "jalal_abad").amount == 3.0
    assert refusal(state, begin(state, "send_relief", "jalal_abad")) == ""


def test_names_keep_their_words_whole_in_a_narrow_menu(first_turn: SeatState) -> None:
    """Where name and price do not fit side by side, the price goes under the name instead of crushing it."""
    rows = [row.text for row in target_rows(first_turn, begin(first_turn, "send_relief"), 18)]
    assert rows[0] == "  Osh region\n    5.0 M$"


def test_prices_stand_in_the_order_of_the_resources(first_turn: SeatState) -> None:
    """Funds before standing, however the host lists them."""
    costs = {resource.quantity: 1.0 for resource in reversed(first_turn.welcome.resources)}
    offers = tuple(attrs.evolve(offer, costs=costs, costs_most={}) for offer in first_turn.offers)
    words = text_of(card_rows(attrs.evolve(first_turn, offers=offers), Draft("open_border"), 100))
    names = [resource.name.lower() for resource in first_turn.welcome.resources if resource.unit == "points"]
    assert words.index("M$") < words.index(names[0]) < words.index(names[1])
