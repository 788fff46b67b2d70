"""What came of an own order, as far as this seat was told: the figures among whose causes it stands, or that none was reported."""

from __future__ import annotations

import attrs

from exercise.presenter.account import push, reason_words
from exercise.presenter.causes import Cause
from exercise.presenter.figures import NOTHING, inline_name, reading_words, signed
from exercise.presenter.frames import text, truth
from exercise.presenter.known import Event, Reading
from exercise.presenter.rows import Row, Run, Subject, wrap
from exercise.presenter.seat_state import SeatState
from exercise.presenter.words import _, many

MOST = 4
"""Figures named in a line; the others are counted."""


@attrs.frozen(slots=True)
class Effect:
    """A figure that an order is known to have moved, and its part in that."""

    reading: Reading
    cause: Cause


def effects_of(state: SeatState, event: Event) -> tuple[Effect, ...]:
    """The figures that this seat knows its order to have moved when it was carried out, its price left out; the target's first."""
    found: dict[str, Effect] = {}
    for readings in state.readings.values():
        for reading in readings:
            if reading.seq > event.seq and reading.turn <= event.turn + 1 and not _is_price(state, event, reading):
                for cause in reading.causes:
                    if (cause.kind, cause.id) == ("order", event.cause) and not cause.span and _is_worth_telling(state, reading, cause):
                        found.setdefault(reading.key, Effect(reading, cause))
    target = text(event.data, "target")
    if target and _was_given_elsewhere(state, event):
        found = {key: effect for key, effect in found.items() if _entity(key) == target}
    return tuple(
        sorted(found.values(), key=lambda one: (_entity(one.reading.key) != target, -abs(one.cause.share or 0.0), one.reading.key))
    )


def outcome_words(state: SeatState, event: Event) -> str:
    """What came of a carried-out order, in a line."""
    told = [effect_words(state, each) for each in effects_of(state, event)]
    words = "; ".join(told[:MOST])
    if len(told) > MOST:
        words += many("; {count} more figure", "; {count} more figures", len(told) - MOST)
    later = later_words(state, event)
    if words:
        return f"{words}; {later}" if later else words
    return _("carried out; {later}", later=later) if later else _("carried out; no report of what it changed has reached you")


def later_words(state: SeatState, event: Event) -> str:
    """When what an order does later will take effect; empty when it does nothing later."""
    card = state.welcome.order(text(event.data, "order"))
    if card is None or not card.delays:
        return ""
    return _("some of it takes effect only after {spans}", spans=_(" and ").join(card.delays))


def effect_words(state: SeatState, effect: Effect) -> str:
    """``access in Osh city +5``; where only shares are told, its part in the movement."""
    card = state.welcome.quantity(effect.reading.key)
    entity = _entity(effect.reading.key)
    name = inline_name(card) if entity == state.seat else _("{figure} in {place}", figure=inline_name(card), place=_place(state, entity))
    if card.unit in {"date", "flag"} or card.values:
        return _("{figure} now {value}", figure=name, value=reading_words(effect.reading, card))
    if effect.cause.amount is not None:
        return f"{name} {signed(effect.cause.amount, card.unit)}"
    if effect.cause.share is None:
        return name
    return _("{figure} ({share} of its movement)", figure=name, share=push(effect.cause.share))


def effect_rows(state: SeatState, event: Event, width: int) -> tuple[Row, ...]:
    """The figures that an order moved, a line each, and what is still to come."""
    rows = [
        Row(
            wrap([Run("• ", "dim"), Run(effect_words(state, each)), Run(f"  {reason_words(each.cause)}", "dim")], width, indent=2),
            Subject("figure", each.reading.key),
        )
        for each in effects_of(state, event)
    ]
    later = later_words(state, event)
    if later or not rows:
        words = later or _("No report of what it changed has reached you.")
        rows.append(Row(wrap([Run("• " if later else "", "dim"), Run(words, "dim")], width, indent=2)))
    return tuple(rows)


def result_order(state: SeatState, event: Event) -> int:
    """The place of an own order among those of its turn, as this seat gave them; after them all where that is not known."""
    given = [(each.order, each.target) for each in state.given]
    key = text(event.data, "order"), text(event.data, "target")
    return given.index(key) if key in given else len(given)


def _entity(key: str) -> str:
    return key.rpartition(".")[0]


def _place(state: SeatState, entity: str) -> str:
    return state.welcome.entity_name(entity)


def _is_worth_telling(state: SeatState, reading: Reading, cause: Cause) -> bool:
    """Whether it moved the figure by anything that can be read."""
    card = state.welcome.quantity(reading.key)
    is_measured = cause.amount is not None and card.unit not in {"date", "flag"} and not card.values
    return not is_measured or signed(cause.amount or 0.0, card.unit) not in NOTHING


def _is_price(state: SeatState, event: Event, reading: Reading) -> bool:
    card = state.welcome.order(text(event.data, "order"))
    entity, _dot, quantity = reading.key.rpartition(".")
    return entity == state.seat and card is not None and any(price.resource == quantity for price in card.prices)


def _was_given_elsewhere(state: SeatState, event: Event) -> bool:
    """Whether the same order was carried out on another target in the turn: then its cause alone does not say which did what."""
    same = [each for each in state.events if (each.kind, each.turn, each.cause) == ("order_result", event.turn, event.cause)]
    return sum(truth(each.data, "done") for each in same) > 1
