"""Bodies while they sit: who has voted how and why, who has not, and what the body's rule still asks for."""

from __future__ import annotations

import attrs

from exercise.presenter.frames import BodyCard, MotionCard
from exercise.presenter.procedure import vote_words
from exercise.presenter.rows import BLANK, Row, Rows, Run, heading, note, wrap
from exercise.presenter.seat_state import SeatState
from exercise.presenter.talks import Cast
from exercise.presenter.words import _, many


@attrs.frozen(slots=True)
class Ballot:
    """A member's vote as it is known now; an empty ``vote`` is none. ``standing`` says that it was brought into the sitting."""

    seat: str
    vote: str
    say: str = ""
    standing: bool = False


def sits(state: SeatState) -> bool:
    """Whether the bodies sit now."""
    return state.phase == "sittings"


def on_agenda(state: SeatState, key: str) -> bool:
    """Whether a motion lies before its body while the bodies sit: tabled before or in this turn."""
    motion = state.motions.get(key)
    tabled = motion is not None and motion.status == "tabled"
    return sits(state) and (tabled or (state.talks.turn == state.turn and key in state.talks.agenda))


def is_fresh(state: SeatState, key: str) -> bool:
    """Whether a motion was tabled in this turn, as its body's members learn when the bodies sit."""
    motion = state.motions.get(key)
    is_open = motion is None or motion.status != "tabled"
    return is_open and state.talks.turn == state.turn and key in state.talks.agenda


def waits_for_votes(state: SeatState, key: str) -> bool:
    """Whether a motion lies before the body that it will not decide in this turn: members vote on it from the next one on, but for whoever
    tabled it.
    """
    motion = state.motions.get(key)
    may = motion is not None and motion.can_vote
    return is_fresh(state, key) and key in state.talks.later and not may and key not in state.votes


def ballots(state: SeatState, card: MotionCard, body: BodyCard) -> tuple[Ballot, ...]:
    """What every member has said in this sitting, in the order of members."""
    cast = state.talks.cast.get(card.id, {}) if state.talks.turn == state.turn else {}
    found = []
    for seat, _name, _weight in body.members:
        if seat == state.seat:
            found.append(Ballot(seat, state.votes.get(card.id, ""), standing=card.id in state.standing))
        else:
            vote = cast.get(seat)
            has = vote is not None and vote.vote != "none"
            found.append(Ballot(seat, vote.vote, vote.say, vote.standing) if vote is not None and has else Ballot(seat, ""))
    return tuple(found)


def before_bodies(state: SeatState) -> tuple[MotionCard, ...]:
    """The motions that lie before bodies while they sit."""
    return tuple(card for body in state.welcome.bodies for card in body.motions if on_agenda(state, card.id))


def tally_words(state: SeatState, card: MotionCard) -> str:
    """How far a sitting has come on a motion, in one line; empty where there is none."""
    body = state.welcome.body(card.body)
    if body is None or not on_agenda(state, card.id):
        return ""
    if waits_for_votes(state, card.id):
        return _("members vote on it from the next turn on")
    found = ballots(state, card, body)
    counts = [(vote, sum(each.vote == vote for each in found)) for vote in ("yes", "no", "abstain")]
    words = [f"{count} {vote_words(vote)[0]}" for vote, count in counts if count]
    unheard = sum(each.vote == "cast" for each in found)
    words += [many("{count} has voted", "{count} have voted", unheard)] if unheard else []
    waiting = sum(not each.vote for each in found)
    if waiting:
        words.append(_("{count} not heard yet", count=waiting))
    return _("now: {votes}", votes=", ".join(words))


def cast_words(state: SeatState, key: str, seat: str, vote: Cast) -> str:
    """A vote that was cast, in one line: ``CSTO: Kazakhstan votes no: not our quarrel``."""
    body, name = state.welcome.body(key.partition(".")[0]), state.welcome.seat_name(seat)
    voted = vote_words(vote.vote)[0]
    forms = {"cast": _("{seat} has voted", seat=name), "none": _("{seat} takes the vote back", seat=name), "abstain": f"{name} {voted}"}
    words = forms.get(vote.vote) or _("{seat} votes {vote}", seat=name, vote=voted)
    return f"{body.short if body else ''}: {words}{f': {vote.say}' if vote.say else ''}"


def sitting_rows(state: SeatState, card: MotionCard, width: int) -> Rows:
    """The sitting on a motion: every member's vote with its explanation, and what is missing by the rule."""
    body = state.welcome.body(card.body)
    if body is None or not on_agenda(state, card.id):
        return ()
    rows = [BLANK, heading(_("The sitting now"))]
    tabled = state.talks.agenda.get(card.id, ()) if state.talks.turn == state.turn else ()
    if tabled:
        rows.append(
            note(_("tabled this turn by {seats}", seats=", ".join(state.welcome.seat_name(seat) for seat in tabled)), width, indent=2)
        )
    found, waits = ballots(state, card, body), waits_for_votes(state, card.id)
    for each in found:
        if waits and not each.vote:
            continue
        name = _("you") if each.seat == state.seat else state.welcome.seat_name(each.seat)
        words, role = (
            vote_words(each.vote) if each.vote else (_("has not voted yet") if each.seat != state.seat else _("have not voted yet"), "dim")
        )
        runs = [Run(f"{name} ", "strong"), Run(words, role)]
        if each.standing:
            runs.append(Run(_(" (standing)"), "dim"))
        if each.say:
            runs.append(Run(f"  “{each.say}”"))
        rows.append(Row(wrap(runs, width, indent=4, first=2)))
    later = _("It is not decided in this turn: members vote on it from the next turn on.")
    rows.append(note(later if waits else missing_words(state, body, found), width, indent=2, role=""))
    return tuple(rows)


def missing_words(state: SeatState, body: BodyCard, found: tuple[Ballot, ...]) -> str:
    """Who has still to be heard, and by which rule it is decided."""
    silent = [_("you") if each.seat == state.seat else state.welcome.seat_short(each.seat) for each in found if not each.vote]
    heard = _("Still to be heard: {seats}.", seats=", ".join(silent)) if silent else _("All members have been heard.")
    return f"{heard} {body.rule_text}".strip()


def vote_calls(before: tuple[str, ...], state: SeatState) -> str:
    """What a player is told when a motion is newly open to this seat's vote while the bodies sit; empty when none is."""
    if not sits(state):
        return ""
    fresh = [key for key in votable(state) if key not in before]
    if not fresh:
        return ""
    card = next((card for body in state.welcome.bodies for card in body.motions if card.id == fresh[0]), None)
    name = card.title if card is not None else fresh[0]
    more = _(" and {count} more", count=len(fresh) - 1) if len(fresh) > 1 else ""
    return _("You may vote now: {motion}{more} (6)", motion=name, more=more)


def votable(state: SeatState) -> tuple[str, ...]:
    """Motions before a sitting on which this seat can vote and has not."""
    if not sits(state) or not state.may("vote"):
        return ()
    return tuple(key for key, motion in state.motions.items() if motion.can_vote and key not in state.votes and on_agenda(state, key))
