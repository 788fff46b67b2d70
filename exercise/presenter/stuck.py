"""Motions that stand where they stood: told in one line, since the same votes with the same reasons turn after turn hide what is new."""

from __future__ import annotations

from collections.abc import Sequence

from exercise.presenter.frames import text, truth
from exercise.presenter.known import Event
from exercise.presenter.procedure import stage_name
from exercise.presenter.rows import Run
from exercise.presenter.seat_state import SeatState
from exercise.presenter.words import _

OF_MOTIONS = ("motion_step", "vote", "motion_outcome")
FINAL = ("adopted", "refused", "lapsed")


def is_unchanged(state: SeatState, key: str, story: Sequence[Event]) -> bool:
    """Whether a motion went through its body as it had the time before, without being decided."""
    if any(event.kind == "motion_outcome" and text(event.data, "outcome") in FINAL for event in story):
        return False
    first = min((event.number for event in story), default=0)
    earlier = [event for event in state.events[:first] if event.kind in OF_MOTIONS and _key(event) == key]
    latest = max((event.turn for event in earlier), default=None)
    before = [event for event in earlier if event.turn == latest]
    return bool(before) and {_passage(event) for event in before} == {_passage(event) for event in story}


def _key(event: Event) -> str:
    return f"{text(event.data, 'body')}.{text(event.data, 'motion')}"


def _passage(event: Event) -> tuple[object, ...]:
    """What of a step, vote or outcome makes it another one."""
    data = event.data
    return (
        event.kind,
        *(text(data, name) for name in ("stage", "member", "vote", "outcome", "say")),
        truth(data, "passed"),
    )


def unchanged_runs(state: SeatState, story: Sequence[Event]) -> list[Run]:
    """That nothing has changed, and what it is that keeps the motion where it is."""
    failed = [stage_name(text(event.data, "stage")) for event in story if event.kind == "motion_step" and not truth(event.data, "passed")]
    against = [
        state.welcome.seat_short(text(event.data, "member")) for event in story if event.kind == "vote" and text(event.data, "vote") == "no"
    ]
    words = [_("{stage} ✗", stage=stage) for stage in failed]
    if against:
        words.append(_("held up by {seats}", seats=", ".join(against)))
    return [Run("  "), Run(_("unchanged: {why}", why="; ".join(words)) if words else _("unchanged"), "dim")]
