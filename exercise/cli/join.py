"""``exercise join``: a seat of an exercise that a host elsewhere runs."""

from __future__ import annotations

import shlex
import sys

import click

from exercise.cli.common import Misuse, Wrong, need_terminal, part
from exercise.cli.play import choose_language
from exercise.cli.remote import RemoteVenue, back_words, leaving_words

LONGEST_NAME = 40


@click.command("join")
@click.argument("tickets", metavar="TICKET...", nargs=-1, required=True)
@click.option("--name", metavar="NAME", default="", help="What the others call you.")
@click.option("--lang", metavar="L", help="Language of the screens, such as ru.")
@click.option("--plain", is_flag=True, help="Print lines and read commands: for screen readers, braille displays and thin links.")
def join_command(*, tickets: tuple[str, ...], name: str, lang: str | None, plain: bool) -> None:
    """Take the seat that the ticket names; with several tickets you play their seats in turn. A ticket of - is read from the terminal.

    The same command brings you back to your seat after anything: a lost network, a closed lid, another host on the same log.
    """
    choose_language(lang)
    if len(name) > LONGEST_NAME:
        raise Misuse(f"a name has at most {LONGEST_NAME} characters")
    if not plain:
        need_terminal("exercise join --plain prints lines and reads commands anywhere")
    venue = venue_of(tickets, name)
    from exercise.presenter.link import VenueError

    try:
        try:
            venue.open()
        except VenueError as trouble:
            raise Wrong(str(trouble)) from trouble
        status, farewell = _sit(venue, plain=plain)
    finally:
        venue.close()
    part(status, farewell)


def venue_of(tickets: tuple[str, ...], name: str = "") -> RemoteVenue:
    """The venue of some tickets, not joined yet. Raises ``Misuse`` when one is no ticket."""
    from exercise.net.client import Line, Way
    from exercise.net.keepsake import Keepsake
    from exercise.net.ticket import TicketError, parse_ticket

    lines = []
    for text in tickets:
        try:
            ticket = parse_ticket(_typed() if text == "-" else text)
        except TicketError as wrong:
            raise Misuse(str(wrong), wrong.hint) from wrong
        keepsake = Keepsake.of_ticket(ticket.fingerprint, ticket.words)
        lines.append(Line(Way.of(ticket), ticket.words, name=name, keepsake=keepsake))
    return RemoteVenue(lines, "exercise join " + " ".join(map(shlex.quote, tickets)))


def _typed() -> str:
    """A ticket that is not to stand on the command line, where everybody on this machine can read it."""
    if sys.stdin.isatty():
        return str(click.prompt("Ticket", hide_input=True, err=True))
    return sys.stdin.readline()


def _sit(venue: RemoteVenue, *, plain: bool) -> tuple[int, str]:
    if "facilitator" in venue.roles:
        return _run_it(venue, plain=plain)
    if plain:
        from exercise.tui.plain import run_plain

        return run_plain(venue, venue.seats, note_read=venue.is_back)
    from exercise.tui.run import run_seat

    return run_seat(venue, venue.seats, note_read=venue.is_back)


def _run_it(venue: RemoteVenue, *, plain: bool) -> tuple[int, str]:
    """A co-facilitator's console; the exercise goes on when it is left."""
    if len(venue.seats) != 1:
        raise Misuse("a facilitator's ticket goes alone", "join with the other tickets at another terminal")
    link = venue.take(venue.seats)[venue.seats[0]]
    if plain:
        from exercise.tui.plain_facilitator import run_plain_facilitator

        return run_plain_facilitator(link, leaving=leaving_words(venue.resume), afterwards=back_words(venue.resume))
    from exercise.tui.run import run_facilitator

    return run_facilitator(link, leaving=leaving_words(venue.resume), afterwards=back_words(venue.resume))
