"""``exercise door``: the process that serves ssh and browsers for a host. Nobody types this command; ``exercise host`` starts it.

It leads to the host by a socket of this machine and speaks the same session protocol as everybody; whoever comes through it shows a ticket
of their own. It has no authority, and when it breaks the exercise goes on.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import pathlib
import signal
import ssl
import sys
from typing import TYPE_CHECKING, Any

import click

from exercise.cli.common import Misuse, Wrong, need_terminal, part
from exercise.cli.house import FACILITATOR, GUEST, GuestVenue, MakeVenue, SeatHouse
from exercise.cli.remote import back_words, leaving_words
from exercise.presenter.link import VenueError

if TYPE_CHECKING:
    from exercise.net.doorway import Guest

LOOPBACK = "127.0.0.1"
ORPHAN_S = 1.0
"""How soon this process notices that the one that started it is gone."""


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
            status, farewell = run_facilitator(
                venue.take(venue.seats)[venue.seats[0]], leaving=leaving_words(resume), afterwards=back_words(resume)
            )
        else:
            status, farewell = run_seat(venue, venue.seats, note_read=is_back)
    finally:
        venue.close()
    part(status, farewell)
