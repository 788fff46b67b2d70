"""What a seat's program keeps of its own beside what the host knows: which news and messages were read, which orders are not sent yet.

It outlasts a program that is killed, where there is a place for it: ``exercise join`` keeps it beside the ticket's token.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import attrs

from exercise.presenter.known import Committed, Event, Letter
from exercise.presenter.link import Link
from exercise.presenter.seat_state import SeatState

MOST_DRAFTS = 20


class Memory(Protocol):
    """A place that outlasts the program. Neither method raises; what cannot be read is as good as nothing."""

    def recall(self) -> Mapping[str, Any]:
        """What was kept last."""

    def keep(self, kept: Mapping[str, Any]) -> None:
        """Keep this in place of it."""


@attrs.frozen(slots=True)
class Recalled:
    """What was kept: frames by their numbers, in the branch that they came in, and orders."""

    branch: int = 0
    read: frozenset[int] = frozenset()
    drafts: tuple[Committed, ...] = ()


def memory_of(link: Link) -> Memory | None:
    """The memory that goes with a line, if any."""
    return getattr(link, "memory", None)


def kept(state: SeatState) -> dict[str, Any]:
    """What is to be kept of a state. News and messages are named by their place in the stream, which is the same after any return."""
    return {
        "branch": state.branch,
        "read": sorted({each.seq for each in _posts(state) if each.key in state.read}),
        "drafts": [attrs.asdict(each) for each in state.drafts],
    }


def recalled(memory: Memory | None) -> Recalled:
    """What was kept, as far as it can be understood."""
    told = memory.recall() if memory is not None else {}
    try:
        drafts = [Committed(str(each["order"]), str(each["target"]), _amount(each["amount"])) for each in told.get("drafts", ())]
        return Recalled(int(told.get("branch", 0)), frozenset(map(int, told.get("read", ()))), tuple(drafts[:MOST_DRAFTS]))
    except (KeyError, TypeError, ValueError, AttributeError):
        return Recalled()


def _amount(told: object) -> float | None:
    return float(told) if isinstance(told, int | float) and not isinstance(told, bool) else None


def _posts(state: SeatState) -> tuple[Event | Letter, ...]:
    return (*state.news, *state.letters)


def with_drafts(state: SeatState, before: Recalled) -> SeatState:
    """The state with the orders that were kept."""
    return attrs.evolve(state, drafts=before.drafts) if before.drafts and not state.drafts else state


def with_read(state: SeatState, before: Recalled) -> SeatState:
    """The state with what was read before counted as read."""
    if state.branch != before.branch or not before.read:
        return state
    fresh = {each.key for each in _posts(state) if each.seq in before.read} - state.read
    return attrs.evolve(state, read=state.read | fresh) if fresh else state
