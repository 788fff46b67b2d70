"""Whether the causes that a seat knows account for a figure's change, or only stood by while the source's count changed.

Reports are rough, rounded and late, so a figure may fall while everything known to the seat pushed it up. Then its causes are no reason for
the change, and saying so would teach the wrong thing.
"""

from __future__ import annotations

import attrs

from exercise.presenter.causes import Cause
from exercise.presenter.frames import QuantityCard
from exercise.presenter.known import Reading
from exercise.presenter.seat_state import SeatState
from exercise.presenter.words import _

EXPLAINED = 0.5
"""Known causes that make up less than this part of a change do not explain it."""
WHOLE = 0.995
"""A cause with this share of a movement is the whole of it; a share need not be told."""
UNDISCLOSED = "undisclosed"
NO_BREAK = "\N{NO-BREAK SPACE}"


@attrs.frozen(slots=True)
class Account:
    """``explains``: the known causes account for the change. ``rest`` is what they leave unexplained, None where only shares are told.

    ``within_error``: the change is no more than the source errs by, so that it may be none.
    """

    explains: bool
    rest: float | None = None
    within_error: bool = False


def is_known(cause: Cause) -> bool:
    """Whether a cause names something; what is kept from the seat is counted together as one that does not."""
    return UNDISCLOSED not in (cause.kind, cause.id)


def reason_words(cause: Cause) -> str:
    """What a cause did, in words: what comes late, or ends, is not told with the words of what begins."""
    words = cause.because or cause.id
    if cause.ending:
        return _("wears off after {span}: {words}", span=cause.span, words=words) if cause.span else _("wears off: {words}", words=words)
    return _("{words}, after {span}", span=cause.span, words=words) if cause.span else words


def account(reading: Reading, card: QuantityCard) -> Account:
    """Whether a reading's known causes explain how it differs from the same source's figure before."""
    if reading.previous is None or reading.value == reading.previous or card.unit in ("date", "flag"):
        return Account(explains=True)
    change = reading.value - reading.previous
    if abs(change) <= reading.error:
        return Account(explains=False, within_error=True)
    if not reading.causes:
        return Account(explains=True)
    known = [cause for cause in reading.causes if is_known(cause)]
    if all(cause.amount is not None for cause in reading.causes):
        moved = sum(cause.amount or 0.0 for cause in known)
        return Account(moved / change >= EXPLAINED, change - moved)
    pushed = sum(cause.share or 0.0 for cause in known)
    hidden = sum(abs(cause.share or 0.0) for cause in reading.causes if not is_known(cause))
    return Account(pushed * change > 0 and abs(pushed) >= EXPLAINED * (abs(pushed) + hidden))


def moved_in(state: SeatState, reading: Reading) -> int:
    """The turn in which a figure moved, as ``exercise explain`` counts: what happened while turn N was resolved is turn N's.

    A report tells it when a later turn opens; its day says which turn had ended when it was taken.
    """
    if not reading.report:
        return reading.turn
    ended = [plan.turn for plan in state.welcome.calendar if plan.start < reading.as_of]
    return max(ended, default=max(1, reading.turn - 1))


def is_against(cause: Cause, reading: Reading) -> bool:
    """Whether a cause pulled the other way than the figure went."""
    pull = cause.amount if cause.amount is not None else cause.share
    return pull is not None and reading.previous is not None and pull * (reading.value - reading.previous) < 0


def push(share: float) -> str:
    """A cause's share of all movement, with the direction in which it pulled: ``▲ 45 %``."""
    percent = f"{abs(share) * 100:.0f}"
    return f"{'▲' if share >= 0 else '▼'}{NO_BREAK}{'<1' if percent == '0' else percent}{NO_BREAK}%"
