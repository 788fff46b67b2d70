"""``exercise door``: the process that serves ssh and browsers for a host. Nobody types this command; ``exercise host`` starts it.

It leads to the host by a socket of this machine and speaks the same session protocol as everybody; whoever comes through it shows a ticket
of their own. It has no authority, and when it breaks the exercise goes on.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import hmac
import json
import os
import pathlib
import signal
import ssl
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

import attrs
import click

from exercise.cli.common import Misuse, Wrong, need_terminal, part
from exercise.cli.remote import leaving_words
from exercise.presenter.link import Link, Lobby, VenueError

if TYPE_CHECKING:
    from exercise.net.doorway import Admitted, Ended, Guest, Program, Read, TerminalLook, Write
    from exercise.tui.crowd import AppProgram, Crowd, Look

GUEST = "EXERCISE_DOOR_GUEST"
"""Carries a guest to a process of their own: the environment is for this user's eyes, a command line for everybody's."""
LOOPBACK = "127.0.0.1"
ORPHAN_S = 1.0
"""How soon this process notices that the one that started it is gone."""
KEEP_S = 90.0
"""How long a program waits for a guest whose line was lost. Meanwhile everybody is shown that they are away, and their place is kept."""
PARTING_S = 0.3
"""How long last words have to reach their terminals."""
FACILITATOR = "facilitator"
ASKING = 32
"""Guests for whom the host is asked at the same time."""


class GuestVenue(Protocol):
    """A venue that a guest's ticket opens: ``exercise.cli.remote`` has one."""

    resume: str

    @property
    def seats(self) -> tuple[str, ...]:
        """The seats of the ticket."""

    @property
    def roles(self) -> tuple[str, ...]:
        """What the ticket makes its holder."""

    @property
    def codes(self) -> tuple[str, ...]:
        """What lets the guest in again."""

    @property
    def is_back(self) -> bool:
        """Whether the guest comes back."""

    def open(self) -> None:
        """Come in. Raises ``VenueError``."""

    def lobby(self) -> Lobby:
        """What is played."""

    def take(self, seats: tuple[str, ...]) -> Mapping[str, Link]:
        """The lines of the seats."""

    def be_away(self, *, away: bool) -> None:
        """Whoever sits here lost their line, or is back."""

    def close(self) -> None:
        """Leave; the seats are kept."""


MakeVenue = Callable[["Guest"], GuestVenue]
Send = Callable[[bytes], None]


@attrs.define(slots=True, eq=False)
class Place:
    """A guest whom the host let in, and the program of their screens while there is one. ``code`` lets them in again."""

    guest: Guest
    venue: GuestVenue
    code: str = ""
    program: AppProgram | None = None
    running: asyncio.Task[Ended] | None = None
    sitting: Sitting | None = None
    patience: asyncio.TimerHandle | None = None

    @property
    def is_kept(self) -> bool:
        """Whether the program runs, with a terminal or without."""
        return self.running is not None and not self.running.done()

    def close(self) -> None:
        """Leave, if nothing runs here any more; the seat is kept."""
        if not self.is_kept:
            self.venue.close()


class Sitting:
    """One terminal at a place. When its line is lost, the program goes on for a while, so that whoever comes back finds it as it was."""

    def __init__(self, place: Place, begin: Callable[[], asyncio.Task[Ended]], look: Look, send: Send) -> None:
        self._place, self._begin, self._look, self._send = place, begin, look, send
        self._over: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def feed(self, data: bytes) -> None:
        """What was typed."""
        if self._mine is not None:
            self._mine.feed(data)

    def resize(self, columns: int, lines: int) -> None:
        """The terminal has another size now."""
        if self._mine is not None:
            self._mine.resize(columns, lines)

    def hold(self) -> None:
        """The wire is full."""
        if self._mine is not None:
            self._mine.hold()

    def release(self) -> None:
        """There is room on the wire again."""
        if self._mine is not None:
            self._mine.release()

    def hang_up(self) -> None:
        """The line is lost: keep the program for whoever comes back."""
        place, program = self._place, self._mine
        if program is not None:
            program.detach()
            place.sitting = None
            place.venue.be_away(away=True)
            place.patience = asyncio.get_running_loop().call_later(KEEP_S, program.hang_up)
        self._end("")

    async def run(self) -> Ended:
        """Until the program ends, the line is lost, or the place goes on at another terminal."""
        if self._over.done():
            return 0, ""
        place = self._place
        if place.sitting is not None:
            place.sitting.part("Your seat goes on at another terminal.")
        place.sitting = self
        if place.patience is not None:
            place.patience.cancel()
        if place.program is not None and place.is_kept:
            place.program.attach(self._look, self._send)
            place.venue.be_away(away=False)
        else:
            place.running = self._begin()
        assert place.running is not None
        await asyncio.wait((place.running, self._over), return_when=asyncio.FIRST_COMPLETED)
        if self._over.done():
            return 0, self._over.result()
        return place.running.result()

    def part(self, why: str) -> None:
        """End here, with these words: the terminal is given back as it was, and what the program paints from now on goes nowhere."""
        program = self._mine
        if program is not None:
            from exercise.tui.wire_driver import END

            program.detach()
            self._send(END.encode())
        self._end(why)

    @property
    def _mine(self) -> AppProgram | None:
        return self._place.program if self._place.sitting is self else None

    def _end(self, why: str) -> None:
        if not self._over.done():
            self._over.set_result(why)


class SeatHouse:
    """Leads guests to their seats. ``way_back`` says in words how somebody comes back by this door; with ``alone`` (a command) every screen
    is a process of its own.
    """

    def __init__(self, make_venue: MakeVenue, crowd: Crowd, way_back: Callable[[Guest, str], str], alone: tuple[str, ...] = ()) -> None:
        self._make_venue, self._crowd, self._way_back, self._alone = make_venue, crowd, way_back, alone
        self._askers = concurrent.futures.ThreadPoolExecutor(ASKING, "asking")
        self._places: set[Place] = set()
        self._talking: dict[Place, Write] = {}

    async def admit(self, guest: Guest) -> Place:
        """Ask the host, or find the place that is still kept for the same guest. Raises ``NotAdmitted``."""
        from exercise.net.doorway import NotAdmitted

        kept = self._kept_for(guest)
        if kept is not None:
            return kept
        place = Place(guest, self._make_venue(guest))
        try:
            await asyncio.get_running_loop().run_in_executor(self._askers, place.venue.open)
        except VenueError as no:
            raise NotAdmitted(str(no)) from no
        place.code = next(iter(place.venue.codes), "") or guest.secret  # a code that let somebody in is not told again
        place.venue.resume = self._way_back(guest, place.code)
        return place

    def _kept_for(self, guest: Guest) -> Place | None:
        """The place whose program waits for this guest, by the host's own secret: the resume code, or the key that was proven."""
        for place in self._places:
            secret = place.code if guest.secret else place.guest.key
            shown = guest.secret or guest.key
            if place.is_kept and secret and hmac.compare_digest(secret.encode(), shown.encode()):
                return place
        return None

    def screen(self, place: Admitted, look: TerminalLook, send: Send) -> Program:
        """The seat's application, here or in a process of its own."""
        assert isinstance(place, Place)
        if self._alone:
            return self._apart(place, look, send)
        from exercise.tui.crowd import Look, facilitator_program, seat_program

        seen = Look(look.columns, look.lines, look.term, look.colorterm, look.lang, look.no_color)

        def begin() -> asyncio.Task[Ended]:
            self._places.add(place)
            venue = place.venue
            if FACILITATOR in venue.roles:
                link = venue.take(venue.seats)[venue.seats[0]]
                place.program = facilitator_program(self._crowd, link, seen, send, leaving=leaving_words(venue.resume))
            else:
                place.program = seat_program(self._crowd, venue, seen, send, seats=venue.seats, note_read=venue.is_back)
            running = asyncio.get_running_loop().create_task(place.program.run())
            running.add_done_callback(lambda _ended: self._left(place))
            return running

        return Sitting(place, begin, seen, send)

    async def part(self) -> None:
        """The host ends, or is gone: tell everybody at a terminal how to come back. A page comes back by itself."""
        for place in list(self._places):
            if place.sitting is not None and place.guest.via == "ssh":
                place.sitting.part(self._parting(place))
        for place, write in list(self._talking.items()):
            if place.guest.via == "ssh":
                write(f"\n{self._parting(place)}\n")
        await asyncio.sleep(PARTING_S)

    def _parting(self, place: Place) -> str:
        way = self._way_back(place.guest, place.code)
        return f"The host is not there any more. Your seat is kept; when it is there again, come back with: {way}"

    def _left(self, place: Place) -> None:
        """The program ended, whoever was there: leave the place."""
        self._places.discard(place)
        self._askers.submit(place.venue.close)

    def lines(self, place: Admitted, look: TerminalLook, read: Read, write: Write) -> Ended:
        """The seat in lines."""
        from exercise.tui.plain import COLUMNS

        assert isinstance(place, Place)
        COLUMNS.set(look.columns)
        self._talking[place] = write
        try:
            return self._lines_at(place, read, write)
        finally:
            self._talking.pop(place, None)

    def _lines_at(self, place: Place, read: Read, write: Write) -> Ended:
        if not place.is_kept:
            return _in_lines(place.venue, read, write)
        # A program with screens waits there. The host lets the same guest in once more, and what came before is over.
        venue = self._make_venue(attrs.evolve(place.guest, secret=place.code))
        try:
            venue.open()
            venue.resume = place.venue.resume
            return _in_lines(venue, read, write)
        except VenueError as no:
            return 1, str(no)
        finally:
            venue.close()

    def _apart(self, place: Place, look: TerminalLook, send: Callable[[bytes], None]) -> Program:
        from exercise.net.doorway import leave
        from exercise.net.pty_program import PtyProgram

        code = place.code or place.guest.secret
        guest = attrs.asdict(attrs.evolve(place.guest, secret=code)) | {"resume": place.venue.resume, "is_back": place.venue.is_back}
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TEXTUAL", "COLORTERM", "NO_COLOR", "LC_"))}
        terminal = {"TERM": look.term, "COLORTERM": look.colorterm, "LANG": look.lang or "C.UTF-8"}
        wish = {"NO_COLOR": "1"} if look.no_color else {}
        environment = {**kept, **terminal, **wish, GUEST: json.dumps(guest)}
        return PtyProgram(self._alone, environment, look, send, before=lambda: leave(place))


def _in_lines(venue: GuestVenue, read: Read, write: Write) -> Ended:
    """A seat in lines, or a facilitator's console."""
    if FACILITATOR in venue.roles:
        from exercise.tui.plain_facilitator import run_plain_facilitator

        link = venue.take(venue.seats)[venue.seats[0]]
        return run_plain_facilitator(link, leaving=leaving_words(venue.resume), read=read, write=write)
    from exercise.tui.plain import run_plain

    return run_plain(venue, venue.seats, note_read=venue.is_back, read=read, write=write)


@click.command("door", hidden=True)
@click.option("--socket", "socket", metavar="PATH", required=True, type=click.Path(path_type=pathlib.Path), help="Where the host is.")
@click.option("--ssh", "ssh_port", metavar="PORT", type=click.IntRange(0, 65535), help="Open an ssh door there; 0 takes a free port.")
@click.option("--web", "web_port", metavar="PORT", type=click.IntRange(0, 65535), help="Open a web door there; 0 takes a free port.")
@click.option("--bind", metavar="ADDR", default="", help="Listen there; if not given, ssh everywhere and the web on this machine alone.")
@click.option("--certificate", metavar="FILE", type=click.Path(exists=True, dir_okay=False), help="The web door speaks HTTPS with it.")
@click.option("--certificate-key", metavar="FILE", type=click.Path(exists=True, dir_okay=False), help="Its key, if not in the same file.")
@click.option("--host-key", metavar="FILE", type=click.Path(dir_okay=False, path_type=pathlib.Path), help="The ssh door's own key.")
@click.option("--isolate", is_flag=True, help="Give every screen a process of its own.")
@click.option("--seat", "one_seat", is_flag=True, help="Be the process of one screen.")
def door_command(  # noqa: PLR0913 - one parameter for each option
    *,
    socket: pathlib.Path,
    ssh_port: int | None,
    web_port: int | None,
    bind: str,
    certificate: str | None,
    certificate_key: str | None,
    host_key: pathlib.Path | None,
    isolate: bool,
    one_seat: bool,
) -> None:
    """Serve ssh and browsers for a host that runs on this machine. Says on one line, as JSON, where the doors are."""
    if one_seat:
        _sit(socket)
        return
    if ssh_port is None and web_port is None:
        raise Misuse("no door is to be opened", "give --ssh PORT or --web PORT")
    from exercise.net.doorway import is_address_of_this_machine

    if web_port is not None and certificate is None and not is_address_of_this_machine(bind or LOOPBACK):
        raise Misuse("over a network the web door needs HTTPS: tickets would be read by everybody on it", "give --certificate FILE")
    if ssh_port is not None:
        _need_asyncssh()
    tls = _tls(certificate, certificate_key)
    # Before anything of Textual is imported: it reads these once.
    os.environ["TEXTUAL_COLOR_SYSTEM"] = "truecolor"
    os.environ["TEXTUAL_ANIMATIONS"] = "none"
    os.environ.setdefault("TEXTUAL_FPS", "120")
    alone = (sys.executable, "-m", "exercise", "door", "--socket", str(socket), "--seat") if isolate else ()
    asyncio.run(_serve(remote_venues(socket), ssh_port, web_port, bind, tls, host_key or host_key_path(), alone))


def remote_venues(socket: pathlib.Path) -> MakeVenue:
    """Venues at the host behind a socket of this machine."""

    def venue(guest: Guest) -> GuestVenue:
        from exercise.cli.remote import RemoteVenue
        from exercise.net.client import Line, Way

        line = Line(Way(socket=socket), guest.secret, via=guest.via, key=guest.key, came_from=guest.came_from)
        return RemoteVenue([line])

    return venue


def host_key_path() -> pathlib.Path:
    """Where the ssh door keeps its key, so that people's machines know it again next time."""
    import platformdirs

    return pathlib.Path(platformdirs.user_data_dir("situation-room")) / "ssh_host_ed25519_key"


def _need_asyncssh() -> None:
    try:
        import asyncssh  # noqa: F401
    except ImportError:
        raise Wrong("the ssh door needs asyncssh", "pip install 'situation-room[ssh]'") from None


def _tls(certificate: str | None, key: str | None) -> ssl.SSLContext | None:
    if certificate is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(certificate, key)
    except (ssl.SSLError, OSError) as error:
        raise Wrong(f"{certificate} cannot be used: {error.strerror or error}") from error
    return context


async def _serve(
    make_venue: MakeVenue,
    ssh_port: int | None,
    web_port: int | None,
    bind: str,
    tls: ssl.SSLContext | None,
    host_key: pathlib.Path,
    alone: tuple[str, ...],
) -> None:
    """Open the doors, say where they are, and keep them open until somebody ends this process."""
    from exercise.tui.crowd import Crowd, prepare_process

    prepare_process()
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(each, ended.set)
    watch = loop.create_task(_outlive_nobody(ended))
    crowd = Crowd()
    house = SeatHouse(make_venue, crowd, way_back, alone)
    told: dict[str, Any] = {}
    async with contextlib.AsyncExitStack() as stack:
        try:
            if ssh_port is not None:
                from exercise.net.ssh_door import open_ssh_door

                ssh_door = await open_ssh_door(house, host_key, bind, ssh_port)
                stack.push_async_callback(ssh_door.close)
                told["ssh"] = {"address": bind, "port": ssh_door.port, "fingerprint": ssh_door.fingerprint}
            if web_port is not None:
                from exercise.net.ticket import place_text
                from exercise.net.web_door import WebDoor

                web_door = WebDoor(house, tls)
                address = bind or LOOPBACK
                await web_door.open(address, web_port)
                stack.push_async_callback(web_door.close)
                told["web"] = {
                    "address": address,
                    "port": web_door.port,
                    "url": f"{web_door.scheme}://{place_text(address, web_door.port)}/",
                }
        except OSError as error:
            raise Wrong(
                f"no door can be opened at {bind or 'the addresses of this machine'}: {error.strerror or error}", "is the port in use?"
            ) from error
        click.echo(json.dumps(told))
        sys.stdout.flush()
        await ended.wait()
        await house.part()
    watch.cancel()
    crowd.close()


async def _outlive_nobody(ended: asyncio.Event) -> None:
    """End when the process that started this one is gone, however it went."""
    parent = os.getppid()
    while os.getppid() == parent:  # noqa: ASYNC110 - nobody but the system knows
        await asyncio.sleep(ORPHAN_S)
    ended.set()


def way_back(guest: Guest, code: str) -> str:
    """How to come back, in words."""
    way = "the same ssh command" if guest.via == "ssh" else "this page"
    return f"{way}, and the code {code}" if code else way


def ssh_fingerprint(host_key: pathlib.Path | None = None) -> str:
    """By what people know the ssh door, for the sheet that they compare it with. Raises ``Wrong`` without asyncssh."""
    _need_asyncssh()
    from exercise.net.ssh_door import host_key as key_of

    return key_of(host_key or host_key_path()).get_fingerprint()


def _sit(socket: pathlib.Path) -> None:
    """One guest's seat, on the pseudo-terminal that a door gave this process."""
    import fcntl
    import termios

    given = json.loads(os.environ.pop(GUEST, "{}"))
    if not given:
        raise Misuse("a door starts this, with a guest", "see: exercise host --help")
    with contextlib.suppress(OSError):
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # so that its size and its end are told to this process
    need_terminal("a door gives one")
    from exercise.net.doorway import Guest
    from exercise.tui.run import run_facilitator, run_seat

    resume, is_back = given.pop("resume", ""), given.pop("is_back", False)
    venue = remote_venues(socket)(Guest(**given))
    venue.resume = resume
    try:
        try:
            venue.open()
        except VenueError as trouble:
            raise Wrong(str(trouble)) from trouble
        if FACILITATOR in venue.roles:
            status, farewell = run_facilitator(venue.take(venue.seats)[venue.seats[0]], leaving=leaving_words(resume))
        else:
            status, farewell = run_seat(venue, venue.seats, note_read=is_back)
    finally:
        venue.close()
    part(status, farewell)
