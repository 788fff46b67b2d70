"""What a clause brings to whom: where its promise is kept, where it is found broken, and who judges."""

from __future__ import annotations

from exercise.presenter.seat_state import SeatState
from exercise.presenter.talks import Term
from exercise.presenter.words import _


def stakes_words(state: SeatState, term: Term) -> str:
    """What hangs on a clause, in a line; empty where this seat has not been told of it."""
    card = state.talks.clause(term.clause)
    if card is None:
        return ""
    parts = []
    if card.monitor:
        parts.append(_("judged by {who}", who=card.monitor))
    if card.kept:
        parts.append(_("kept: {what}", what=_changes(state, term, card.kept)))
    if card.breach:
        parts.append(_("broken: {what}", what=_changes(state, term, card.breach)))
    return " · ".join(parts)


def _changes(state: SeatState, term: Term, changes: tuple[tuple[str, float], ...]) -> str:
    return ", ".join(_change(state, term, on, amount) for on, amount in changes)


def _change(state: SeatState, term: Term, on: str, amount: float) -> str:
    side, _dot, quantity = on.partition(".")
    owner = {"giver": term.giver, "receiver": term.receiver, "target": term.target}.get(side, side)
    name = state.welcome.quantity(f"{owner}.{quantity}").name.lower()
    if not owner:
        whose = _("whoever breaks it")
    elif owner == state.seat:
        whose = _("you")
    else:
        whose = state.welcome.seat_name(owner) if owner in {seat.id for seat in state.welcome.seats} else state.welcome.entity_name(owner)
    return _("{whose}: {what} {amount}", whose=whose, what=name, amount=f"{amount:+.10g}")
