"""Where ``play`` takes its seats: an exercise on this machine, begun anew or taken up from its log.

The screens see a ``Venue`` (``exercise.presenter.link``) and nothing else: they ask for the lobby, take seats, and get a line to a host
that runs on a thread of its own. The log is written before anything happens.
"""

from __future__ import annotations

import datetime
import pathlib
import secrets
import shlex
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

import attrs
import click

from exercise.cli.common import HIGHEST_SEED, Wrong
from exercise.cli.exercises import header, load_content, log_failure, logs_folder, recorded_content
from exercise.presenter.link import Link, Lobby, SeatOffer, VenueError

if TYPE_CHECKING:
    from exercise.core.definitions import Content, Cut, SeatDefinition
    from exercise.core.program import Program
    from exercise.net.loopback import Loopback
    from exercise.presenter.link import Frame
    from exercise.record.commitment import Promise
    from exercise.record.entry import Entry
    from exercise.record.journal import Journal
    from exercise.record.scratch import Scratch
    from exercise.session.host import Host

T = TypeVar("T")


def wall_time() -> str:
    """Now, in UTC to the second, as logs annotate entries."""
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def new_log_path(scenario: str, cut: str) -> pathlib.Path:
    """A fresh place for a log among the user's own data."""
    stamp = datetime.datetime.now(datetime.UTC).strftime("%Y%m%d-%H%M%S")
    return logs_folder() / f"{scenario}-{cut}-{stamp}-{secrets.token_hex(2)}.jsonl"


@attrs.define(slots=True, eq=False)
class LocalVenue:
    """An exercise played here. ``read`` gives its content and is called when the screens ask for the lobby, not before, so that the first
    screen need not wait for it. ``past`` are the entries of a log that is taken up again; without ``log`` a new one gets a name of its own.
    Of a practice turn (``is_practice``) nothing is kept.
    """

    read: Callable[[], Content]
    cut: str
    seed: int
    log: pathlib.Path | None = None
    past: tuple[Entry, ...] = ()
    is_practice: bool = False
    _content: Content | None = attrs.field(default=None, init=False)
    _loopback: Loopback | None = attrs.field(default=None, init=False)
    _journal: Journal | None = attrs.field(default=None, init=False)
    _folder: Scratch | None = attrs.field(default=None, init=False)

    def lobby(self) -> Lobby:
        """What is played and who can be taken, as the cut begins. Raises ``VenueError`` when the content cannot be used."""
        from exercise.core.cuts import content_of_cut

        content = self.content()
        cut = self._chosen_cut(content)
        head = content.scenario
        return Lobby(
            title=head.title,
            summary=head.summary,
            content_note=head.content_note,
            cut_title=cut.title,
            minutes=cut.minutes,
            turns=sum(span.count for span in cut.calendar),
            start=cut.start.isoformat(),
            seats=tuple(_offer(seat) for seat in content_of_cut(content, cut).seats if seat.playable),
            resume="" if self.is_practice else self.resume_command,
            replay="" if self.is_practice else self.replay_command,
            practice=self.is_practice,
        )

    def content(self) -> Content:
        """What is played, read when first asked for. Raises ``VenueError``."""
        if self._content is None:
            self._content = _in_words(self.read)
        return self._content

    def place(self) -> pathlib.Path:
        """Where the log is, or will be."""
        if self.log is None and self.is_practice:
            from exercise.record.scratch import Scratch

            self._folder = Scratch("practice-")
            self.log = self._folder.path / "practice.jsonl"
        if self.log is None:
            content = self.content()
            self.log = new_log_path(content.scenario.id, self._chosen_cut(content).id)
        return self.log

    @property
    def resume_command(self) -> str:
        """What to type to come back to this exercise."""
        return f"exercise play --log {shlex.quote(str(self.place()))}"

    @property
    def replay_command(self) -> str:
        """What to type to look at this exercise when it is over."""
        return f"exercise replay {shlex.quote(str(self.place()))}"

    @property
    def played_before(self) -> tuple[str, ...]:
        """Seats that people played in the log that is taken up."""
        by = {entry.data["seat"]: entry.data["by"] for entry in self.past if entry.type == "seat"}
        return tuple(seat for seat, whom in by.items() if whom == "human")

    def take(self, seats: tuple[str, ...]) -> Mapping[str, Link]:
        """Begin or take up the exercise. Raises ``VenueError`` with the reason in one line."""
        from exercise.net.loopback import Loopback

        known = [seat.id for seat in self._playable(self.content())]
        unknown = [seat for seat in seats if seat not in known]
        if unknown or not seats:
            raise VenueError(f"there is no seat {unknown[0]}" if unknown else "nobody took a seat")
        self._loopback = _in_words(lambda: Loopback(seats, lambda deliver: self._host(seats, deliver)))
        return self._loopback.links

    def close(self) -> None:
        """Stop the host and close the log."""
        if self._loopback is not None:
            self._loopback.close()
        if self._journal is not None:
            self._journal.close()
        if self._folder is not None:
            self._folder.close()

    def _chosen_cut(self, content: Content) -> Cut:
        wanted = self.cut or content.scenario.default_cut
        for cut in content.cuts:
            if cut.id == wanted:
                return cut
        raise VenueError(f"there is no cut {wanted}")

    def _playable(self, content: Content) -> list[SeatDefinition]:
        """The seats that can be taken, with the words that they have where the chosen cut begins."""
        from exercise.core.cuts import content_of_cut

        return [seat for seat in content_of_cut(content, self._chosen_cut(content)).seats if seat.playable]

    def _host(self, seats: Sequence[str], deliver: Callable[[str, Frame], None]) -> Host:
        from exercise.content import located, prepare_texts
        from exercise.core.compile import CompileError
        from exercise.record.branching import doctrines_named
        from exercise.record.canonical import EntryError
        from exercise.record.reading import LogError
        from exercise.session.host import Host
        from exercise.session.running import ResumeError, Running

        try:
            program = prepare_texts(self.content().files, self.cut)
            journal, promise = self._open_journal(program, seats)
            self._journal = journal
            running = Running.begin(program, self.seed, journal, wall_time, promise)
            host = Host.start(running, seats, deliver, doctrines_named(self.past), past=self.past[1:])
        except CompileError as failure:
            first = located(failure.problems, self.content().files)[0]
            raise Wrong(str(first), "exercise check names everything that is wrong") from failure
        except LogError as failure:
            raise log_failure(failure) from failure
        except (EntryError, ResumeError) as failure:
            raise click.ClickException(str(failure)) from failure
        for notice in journal.notices:
            for seat in seats:
                deliver(seat, host.streams[seat].push({"frame": "notice", "text": notice}))
        return host

    def _open_journal(self, program: Program, seats: Sequence[str]) -> tuple[Journal, Promise]:
        from exercise.record.commitment import Promise, fresh_salt
        from exercise.record.journal import Journal

        if self.past:
            journal, entries = Journal.open(self.place())
            self.past, first = entries, entries[0].data
        else:
            first = header(program, self.seed, fresh_salt())
            journal = Journal.create(self.place(), first, wall_time())
        recorded = {entry.data["seat"]: entry.data["by"] for entry in self.past if entry.type == "seat"}
        for seat in self.content().seats:
            by = "human" if seat.id in seats else "doctrine"
            if recorded.get(seat.id) != by:
                journal.append("seat", {"seat": seat.id, "by": by, "doctrine": None if by == "human" else "default"}, wall_time())
        return journal, Promise.of_header(first)


def begin(scenario: str, cut: str | None, seed: int | None, log: pathlib.Path | None, *, is_practice: bool = False) -> LocalVenue:
    """A venue for a fresh exercise; nothing is read before the lobby is asked for, and nothing written before a seat is taken."""
    luck = secrets.randbelow(HIGHEST_SEED) if seed is None else seed
    return LocalVenue(lambda: load_content(scenario), cut or "", luck, log, is_practice=is_practice)


def take_up(log: pathlib.Path, entries: tuple[Entry, ...]) -> LocalVenue:
    """A venue for an exercise that goes on from its log, under the content that the log holds."""
    data = entries[0].data
    return LocalVenue(lambda: recorded_content(data, log), data["cut"], data["seed"], log, entries)


def _in_words(attempt: Callable[[], T]) -> T:
    """Do something; a failure that the command line has words for becomes a ``VenueError`` with the same words."""
    try:
        return attempt()
    except click.ClickException as failure:
        hint = getattr(failure, "hint", "")
        raise VenueError(f"{failure.format_message()} ({hint})" if hint else failure.format_message()) from failure


def _offer(seat: SeatDefinition) -> SeatOffer:
    return SeatOffer(
        id=seat.id,
        name=seat.name,
        about=seat.public_aims[0] if seat.public_aims else "",
        briefing=seat.briefing,
        public_aims=seat.public_aims,
        private_interests=seat.private_interests,
        red_lines=seat.red_lines,
    )
