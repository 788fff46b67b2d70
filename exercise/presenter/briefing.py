"""During play: a seat's briefing, and how its objectives stand."""

from __future__ import annotations

from exercise.presenter.link import SeatOffer
from exercise.presenter.lobby import offer_rows
from exercise.presenter.rows import BLANK, Row, Rows, Run, Subject, heading, note, spread
from exercise.presenter.seat_state import SeatState
from exercise.presenter.words import _
from exercise.record.commitment import promise_mark


def briefing_rows(state: SeatState, width: int) -> Rows:
    """The seat's briefing during play, with its objectives as they stand."""
    seat = state.welcome.seat
    card = SeatOffer(seat.id, seat.name, "", seat.briefing, seat.public_aims, seat.private_interests, seat.red_lines)
    return (*offer_rows(card, width), BLANK, *objectives_rows(state, width), *_promise_rows(state, width))


def _promise_rows(state: SeatState, width: int) -> Rows:
    """What was promised of the seed, while it is secret: to write down, and to compare when it is told."""
    promised = state.welcome.seed_commitment
    if not promised or state.ending is not None:
        return ()
    words = _(
        "The dice are settled before the first turn: their seed is promised as {promise}, and shown at the end.",
        promise=promise_mark(promised),
    )
    return (BLANK, note(words, width))


def objectives_rows(state: SeatState, width: int) -> Rows:
    """Objectives with their scores of 100 points, public ones and private ones apart."""
    scores = {score.objective: score.score for score in state.scores}
    rows: list[Row] = []
    for private, title in ((False, _("Objectives, in public")), (True, _("Interests, in private"))):
        aims = [aim for aim in state.welcome.seat.objectives if aim.private is private]
        if not aims:
            continue
        rows += [BLANK, heading(title)] if rows else [heading(title)]
        for aim in aims:
            left = (Run(f"  {aim.title}", "private" if private else ""),)
            rows.append(Row((spread(left, score_runs(scores.get(aim.id)), width),), Subject("objective", aim.id)))
    return tuple(rows)


def score_runs(score: float | None) -> tuple[Run, ...]:
    """A score as a bar and a figure."""
    if score is None:
        return (Run(_("not known yet"), "dim"),)
    filled = min(10, max(0, round(score / 10)))
    return (Run("█" * filled, "bar"), Run("░" * (10 - filled), "dim"), Run(f" {score:>3.0f}", "strong"))
