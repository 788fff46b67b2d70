"""Where ``join`` and the doors take their seats: an exercise that a host elsewhere runs."""

from __future__ import annotations

import concurrent.futures
import pathlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from exercise.presenter.frames import read_welcome
from exercise.presenter.link import Link, Lobby, SeatOffer, VenueError

if TYPE_CHECKING:
    from exercise.net.client import Line
    from exercise.net.conversation import StreamLink

WELCOME_S = 10.0


@attrs.define(slots=True, eq=False)
class RemoteVenue:
    """The seats of one or several tickets, each with a line of its own. ``resume`` is the command that comes back here."""

    lines: Sequence[Line]
    resume: str = ""
    _links: dict[str, StreamLink] = attrs.field(factory=dict, init=False)
    _is_open: bool = attrs.field(default=False, init=False)

    def open(self) -> None:
        """Come in with every ticket. Raises ``VenueError`` with the reason in one line."""
        from exercise.net.conversation import LineError

        if self._is_open:
            return
        for line in self.lines:
            try:
                joined = line.open()
            except LineError as trouble:
                self.close()
                raise VenueError(trouble.words) from trouble
            for stream in joined["streams"]:
                if stream in self._links:
                    self.close()
                    raise VenueError(f"two of the tickets are for the seat {stream}")
                self._links[stream] = line.links[stream]
        self._is_open = True

    @property
    def seats(self) -> tuple[str, ...]:
        """The seats of all tickets; for observers the stream of what is public, for facilitators theirs."""
        return tuple(self._links)

    @property
    def roles(self) -> tuple[str, ...]:
        """What each ticket makes its holder: head, member, observer, evaluator, facilitator."""
        return tuple(str(line.joined.get("role", "")) for line in self.lines)

    @property
    def codes(self) -> tuple[str, ...]:
        """The resume codes of all tickets, for people who lose their machine."""
        return tuple(str(line.joined.get("code", "")) for line in self.lines)

    @property
    def is_back(self) -> bool:
        """Whether people come back here: what stands before the exercise was read then."""
        return all(line.is_back for line in self.lines)

    @property
    def is_refused(self) -> bool:
        """Whether the host has closed one of the lines for good."""
        return any(line.state == "refused" for line in self.lines)

    def lobby(self) -> Lobby:
        """What is played, as the host tells it, and the seats of these tickets with their briefings."""
        self.open()
        told: Mapping[str, Any] = self.lines[0].joined["lobby"]
        about = {str(one["id"]): str(one.get("about", "")) for one in told.get("seats", ())}
        return Lobby(
            title=str(told.get("title", "")),
            summary=str(told.get("summary", "")),
            content_note=str(told.get("content_note", "")),
            cut_title=str(told.get("cut_title", "")),
            minutes=int(told.get("minutes", 0)),
            turns=int(told.get("turns", 0)),
            start=str(told.get("start", "")),
            seats=tuple(_offer(seat, about.get(seat, ""), link) for seat, link in self._links.items()),
            resume=self.resume,
        )

    def take(self, seats: tuple[str, ...]) -> Mapping[str, Link]:
        """The lines of these seats. Raises ``VenueError``."""
        self.open()
        missing = [seat for seat in seats if seat not in self._links]
        if missing or not seats:
            raise VenueError(f"no ticket here is for the seat {missing[0]}" if missing else "these tickets hold no seat")
        return {seat: self._links[seat] for seat in seats}

    def be_away(self, *, away: bool) -> None:
        """Let the host know that whoever sits here lost their line, or is back."""
        for line in self.lines:
            line.be_away(away=away)

    def close(self) -> None:
        """Leave all lines; the seats are kept for whoever comes back."""
        for line in self.lines:
            line.close()


def venue_of_door(socket: pathlib.Path, secret: str, *, via: str, key: str = "", came_from: str = "", name: str = "") -> RemoteVenue:
    """The venue of somebody who came through a door of the host's own machine: with a ticket or resume code, or known by an ssh ``key``."""
    from exercise.net.client import Line, Way

    return RemoteVenue([Line(Way(socket=socket), secret, via=via, key=key, came_from=came_from, name=name)])


def leaving_words(resume: str) -> str:
    """What a co-facilitator is asked before leaving: nothing stops by that."""
    return f"The exercise goes on without you. {back_words(resume)}"


def back_words(resume: str) -> str:
    """What a co-facilitator is told afterwards, in a line that can be copied."""
    return f"Come back with: {resume}"


def _offer(seat: str, about: str, link: StreamLink) -> SeatOffer:
    """A seat with its briefing, which comes first in its stream."""
    try:
        frame = link.welcome.result(timeout=WELCOME_S)
    except concurrent.futures.TimeoutError:
        return SeatOffer(seat, seat, about)
    held = read_welcome(frame).seat
    return SeatOffer(seat, held.name, about, held.briefing, held.public_aims, held.private_interests, held.red_lines)
