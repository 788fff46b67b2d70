"""The seat's line to its host, as screens see it. ``cli`` makes one: over loopback for ``play``, over a socket for ``join``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import attrs

Frame = Mapping[str, Any]
Hear = Callable[[Frame], None]


class Link(Protocol):
    """One seat's line. Both methods return at once; engine and network work happen elsewhere."""

    def send(self, act: Mapping[str, Any]) -> None:
        """Hand an act (``{"ref": ..., "act": "order", ...}``) to the host; its answer comes as a frame ``ack`` or ``refused``."""

    def listen(self, hear: Hear) -> None:
        """Call ``hear`` with every frame from the stream's first on, in order, one at a time, from any thread."""

    def close(self) -> None:
        """Leave; no frame comes after. A second call does nothing."""


@attrs.frozen(slots=True)
class SeatOffer:
    """A seat that can be taken. ``taken_by`` is empty when it is free."""

    id: str
    name: str
    about: str = ""
    briefing: str = ""
    public_aims: tuple[str, ...] = ()
    private_interests: tuple[str, ...] = ()
    red_lines: tuple[str, ...] = ()
    taken_by: str = ""


@attrs.frozen(slots=True)
class Lobby:
    """What can be read before the exercise runs.

    ``resume`` is the command that comes back to it, ``replay`` the one that looks at it when it is over; both are shown when leaving.
    ``practice``: a practice turn, of which nothing is kept.
    """

    title: str
    summary: str
    content_note: str
    cut_title: str
    minutes: int
    turns: int
    start: str
    seats: tuple[SeatOffer, ...]
    resume: str = ""
    replay: str = ""
    practice: bool = False


class Venue(Protocol):
    """Where seats are taken. The screens call these off their own thread, so they may block."""

    def lobby(self) -> Lobby:
        """What is played and who can be taken: needs the content only, not the compiled exercise."""

    def take(self, seats: tuple[str, ...]) -> Mapping[str, Link]:
        """Start or resume the exercise with these seats played here, doctrines playing the rest. Raises ``VenueError``."""

    def close(self) -> None:
        """Stop the host and close the log; called once, when the terminal is left."""


class VenueError(Exception):
    """The exercise could not be started or resumed; the text says why, in one line for people."""
