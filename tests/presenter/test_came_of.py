"""What came of own orders: the figures that they are known to have moved, or that none was reported; in the order in which they were given."""

from __future__ import annotations

from typing import Any

from exercise.presenter.happenings import summary_rows
from exercise.presenter.rows import Rows, Subject
from exercise.presenter.seat_state import SeatState, fold_all, mark_seen
from exercise.presenter.why import why_rows
from tests.presenter import osh_frames

Frame = dict[str, Any]


def words(rows: Rows) -> str:
    """All the rows' text on one line."""
    return " ".join(" ".join(row.text.split()) for row in rows).replace("\N{NO-BREAK SPACE}", " ")


def result(order: str, title: str, target: str | None = None, **more: Any) -> Frame:
    """An order's result; its cause is the order's own id."""
    base = {"kind": "order_result", "cause": order, "seat": "uzbekistan", "order": order, "title": title, "target": target}
    return {**base, "amount": None, "unit": "", "done": True, "why": "", **more}


def by_order(order: str, **part: Any) -> Frame:
    """A cause that is an order."""
    return {"kind": "order", "id": order, "because": "it was done", "claims": [], "sources": [], **part}


def figure(entity: str, quantity: str, *causes: Frame) -> Frame:
    """A report a turn later."""
    return osh_frames.report(entity, quantity, 60, 40, "2010-06-12", "hospitals", *causes)


def after(state: SeatState, *outcomes: Frame, committed: tuple[str, ...] = ()) -> SeatState:
    """The seat's state after its orders were committed, the turn closed with these outcomes and the next one opened."""
    state = mark_seen(state)
    turn: Frame = {"frame": "turn", "turn": state.turn, "date": state.date, "days": 1, "phase": "orders"}
    frames = [{**turn, "committed": [{"order": each, "target": "", "amount": None} for each in committed]}]
    frames += [{"frame": "outcome", "turn": state.turn, "outcome": one} for one in outcomes]
    frames.append({**turn, "turn": state.turn + 1, "committed": []})
    return fold_all(state, osh_frames.numbered(frames, state.seq + 1))


def test_an_order_tells_the_figures_that_it_is_known_to_have_moved(second_turn: SeatState) -> None:
    """Its share where the source tells shares, the amount where that is known; on its line and in its why."""
    told = figure("osh_city", "unrest", by_order("talk", share=-40), osh_frames.cause(60, "fear", "fear"))
    open_ = {**figure("osh", "violence", by_order("talk", amount=3)), "kind": "public"}
    state = after(second_turn, result("talk", "Talk to both sides", "osh_city"), told, open_)
    line = words(summary_rows(state, 200, state.seen))
    assert "✓ Talk to both sides → Osh city: unrest in Osh city (▼ 40 % of its movement); violence in Osh region +3" in line
    number = next(event.number for event in state.events if event.cause == "talk")
    why = words(why_rows(state, Subject("event", str(number)), 200))
    assert "What came of it, as far as you know" in why
    assert "unrest in Osh city (▼ 40 % of its movement)" in why


def test_an_order_of_which_nothing_is_reported_says_so(second_turn: SeatState) -> None:
    """A tick alone would say that something was reached."""
    state = after(second_turn, result("talk", "Talk to both sides"))
    assert "✓ Talk to both sides: carried out; no report of what it changed has reached you" in words(summary_rows(state, 200, state.seen))


def test_a_class_or_day_that_an_order_set_is_told_by_what_it_is_now(second_turn: SeatState) -> None:
    """No class or day is so much more than another; an amount too small to be read is no outcome."""
    faint = {**figure("osh_city", "unrest", by_order("talk", amount=0.01)), "kind": "public"}
    changed = {**figure("osh_city", "capacity", by_order("talk", amount=1)), "kind": "public", "value": 2, "previous": 1}
    state = after(second_turn, result("talk", "Talk"), faint, changed)
    line = words(summary_rows(state, 200, state.seen))
    assert "✓ Talk: state capacity in Osh city now captured" in line
    assert "✓ Talk: state capacity in Osh city now captured;" not in line


def test_what_an_order_costs_is_not_what_came_of_it(second_turn: SeatState) -> None:
    """Funds that it took are its price."""
    card = next(card for card in second_turn.welcome.menu if card.prices)
    price = {**figure("uzbekistan", card.prices[0].resource, by_order(card.order, amount=-2)), "kind": "own"}
    price["quantity"] = f"seat.{card.prices[0].resource}"
    state = after(second_turn, result(card.order, card.title), price)
    assert "no report of what it changed has reached you" in words(summary_rows(state, 200, state.seen))


def test_an_order_that_failed_says_why_and_nothing_of_what_came_of_it(second_turn: SeatState) -> None:
    """The reason that the host gives stands alone."""
    state = after(second_turn, result("talk", "Talk to both sides", done=False, why="nobody came"))
    line = words(summary_rows(state, 200, state.seen))
    assert "✗ Talk to both sides: nobody came" in line
    assert "reached you" not in line


def test_the_same_order_on_two_targets_tells_each_its_own(second_turn: SeatState) -> None:
    """One cause stands behind both: what moved elsewhere is not put down to either."""
    told = [figure(place, "unrest", by_order("talk", share=-100)) for place in ("osh_city", "osh", "jalal_abad")]
    state = after(second_turn, result("talk", "Talk", "osh_city"), result("talk", "Talk", "osh"), *told)
    line = words(summary_rows(state, 200, state.seen))
    for place in ("Osh city", "Osh region"):
        assert f"✓ Talk → {place}: unrest in {place} (▼ 100 % of its movement) " in line
    assert "unrest in Jalal-Abad" not in line


def test_own_orders_stand_as_they_were_given(second_turn: SeatState) -> None:
    """The host tells results in an order of its own; the seat finds them in the order of its list."""
    results = [result("aid", "Aid"), result("build", "Build"), result("talk", "Talk")]
    state = after(second_turn, *results, committed=("talk", "aid", "build"))
    line = words(summary_rows(state, 200, state.seen))
    assert line.index("✓ Talk") < line.index("✓ Aid") < line.index("✓ Build")
