"""Ending a turn, or the phase of orders in it: what is not done yet, asked once before it is handed over."""

from __future__ import annotations

from exercise.presenter.orders import order_rows
from exercise.presenter.procedure import vote_words
from exercise.presenter.rows import BLANK, Row, Rows, Run, Subject, heading, note, wrap
from exercise.presenter.seat_state import SeatState
from exercise.presenter.status import open_votes, unread_count
from exercise.presenter.words import _, many


def open_points(state: SeatState) -> tuple[str, ...]:
    """What this seat has not done this turn, in words; empty when nothing is left."""
    points = []
    left = state.welcome.allowance - len(state.committed)
    if left > 0 and state.may("order"):
        points.append(many("{count} order is not used", "{count} orders are not used", left))
    for key in open_votes(state):
        body, _dot, motion = key.partition(".")
        card, body_card = state.welcome.motion(body, motion), state.welcome.body(body)
        names = (body_card.short if body_card else body, card.title if card else motion)
        points.append(_("{body}: you have not voted on “{motion}”; your standing position counts", body=names[0], motion=names[1]))
    unread = unread_count(state)
    if unread:
        points.append(many("{count} message or news item is unread", "{count} messages or news items are unread", unread))
    waiting = sum(1 for act in state.asked.values() if act.get("act") in ("order", "withdraw", "vote", "motion"))
    if waiting:
        points.append(many("{count} decision is still on its way", "{count} decisions are still on their way", waiting))
    return tuple(points)


def motions_said(state: SeatState) -> tuple[str, ...]:
    """Motions that this seat tables this turn, and the votes that it has cast."""
    told = [_("you table {motion}", motion=_motion_name(state, key)) for key in sorted(state.tabled)]
    for key, vote in ((key, vote) for key, vote in state.votes.items() if key not in state.standing):
        told.append(_("you vote {vote} on {motion}", vote=vote_words(vote)[0], motion=_motion_name(state, key)))
    return tuple(told)


def _motion_name(state: SeatState, key: str) -> str:
    body, _dot, motion = key.partition(".")
    card, body_card = state.welcome.motion(body, motion), state.welcome.body(body)
    return _("{body}: “{motion}”", body=body_card.short if body_card else body, motion=card.title if card else motion)


def turn_end_rows(state: SeatState, width: int, back: str = "ctrl+s") -> Rows:
    """The question's text: what is committed, and what is left undone. ``back`` takes the end of the turn back."""
    rows: list[Row] = [heading(_("Your orders for turn {turn}", turn=state.turn))]
    committed = [row for row in order_rows(state, width) if row.subject is not None and row.subject.kind == "order"]
    rows += [Row(row.lines) for row in committed] or [note(_("None: you let this turn pass."), width, indent=2)]
    said = motions_said(state)
    if said:
        rows += [BLANK, heading(_("In the bodies"))]
        rows += [Row(wrap([Run("• ", "dim"), Run(words)], width, indent=4, first=2)) for words in said]
    points = open_points(state)
    if points:
        rows += [BLANK, heading(_("Not done"))]
        rows += [Row(wrap([Run("• ", "alarm"), Run(point)], width, indent=4, first=2)) for point in points]
    coming = next_phase(state)
    if coming:
        told = _("Next is {phase}, as soon as everybody is done; orders are taken again in the next turn.", phase=coming)
    else:
        told = _("After this the turn is resolved as soon as everybody is done.")
    rows += [BLANK, note(f"{told} {_('Until then {key} takes it back.', key=back)}", width)]
    return tuple(rows)


def next_phase(state: SeatState) -> str:
    """The phase of this turn that comes when everybody is done with the present one; empty when the turn is resolved then."""
    phases = state.room.phases
    places = [place for place, (id, _title) in enumerate(phases) if id == state.room.phase]
    return phases[places[0] + 1][1] if places and places[0] + 1 < len(phases) else ""


def question(state: SeatState) -> str:
    """What is asked."""
    return _("Done with this phase?") if next_phase(state) else _("End your turn?")


def answer_rows(state: SeatState) -> Rows:
    """The two answers."""
    yes = _("Done with it") if next_phase(state) else _("End the turn")
    return (
        Row(((Run(yes, "strong"), Run("  enter", "key")),), Subject("choice", "yes")),
        Row(((Run(_("Go back")), Run("  esc", "key")),), Subject("choice", "no")),
    )
