"""The ssh door: a seat for whoever has ``ssh`` and nothing else.

It gives the seat's program and nothing of the machine: no shell, no commands, no files, no forwarding of anything. Any user name will do.
An ssh key proves who somebody is, never that they may come in: one that came in with a ticket before comes in again, everybody else is
asked for a ticket or a resume code.

asyncssh is an optional dependency (the extra ``ssh``); this module is imported when the door is opened, and says when it is missing.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from pathlib import Path
from typing import Any

try:
    import asyncssh
except ImportError as missing:  # pragma: no cover - depends on what is installed
    raise ImportError("the ssh door needs asyncssh: pip install 'situation-room[ssh]'") from missing

from exercise.net.doorway import (
    ATTEMPTS,
    HANDSHAKE_S,
    MOST_CONNECTIONS,
    MOST_LINES,
    PENALTY_S,
    Admitted,
    Ended,
    Guest,
    House,
    LineTalk,
    NotAdmitted,
    Program,
    TerminalLook,
    Typed,
    Valve,
    admit,
    is_crowded,
    leave,
    with_ascii,
    words_of,
)

LOGIN_S = 120
"""How long somebody may look for their ticket."""
KEEPALIVE_S, KEEPALIVES = 15, 3
"""A line that is silent for so long is asked whether it is there, so many times."""
REKEY_S = 3600
COMMAND = "plain"
"""The only word that may stand behind the host's name: it asks for the line mode."""
QUESTION = "Ticket or resume code: "
FAREWELL_S = 2.0
"""How long the last words may take to arrive."""


def host_key(path: Path) -> asyncssh.SSHKey:
    """The key by which this host is known again: made once, and readable for its owner alone."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = asyncssh.generate_private_key("ssh-ed25519", comment="situation-room")
        with contextlib.suppress(FileExistsError):
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(key.export_private_key())
    return asyncssh.read_private_key(str(path))


class SshDoor:
    """An open ssh door. ``fingerprint`` is what people compare before they believe it."""

    def __init__(self, house: House, key: asyncssh.SSHKey) -> None:
        self.house = house
        self.fingerprint: str = key.get_fingerprint()
        self.port = 0
        self.callers: set[_Caller] = set()
        self.tasks: set[asyncio.Task[Any]] = set()
        self._listener: asyncssh.SSHAcceptor | None = None
        self._key = key

    async def open(self, address: str, port: int) -> None:
        """Listen; port 0 takes a free one."""
        self._listener = await asyncssh.create_server(
            lambda: _Caller(self),
            address,
            port,
            server_host_keys=[self._key],
            server_version="SituationRoom",
            encoding=None,
            line_editor=False,
            password_auth=False,
            kbdint_auth=True,
            public_key_auth=True,
            host_based_auth=False,
            gss_host=None,
            gss_kex=False,
            gss_auth=False,
            authorized_client_keys=None,
            agent_forwarding=False,
            x11_forwarding=False,
            allow_scp=False,
            sftp_factory=None,
            compression_algs=None,
            login_timeout=LOGIN_S,
            keepalive_interval=KEEPALIVE_S,
            keepalive_count_max=KEEPALIVES,
            rekey_seconds=REKEY_S,
            backlog=50,
        )
        self.port = self._listener.get_port()

    async def close(self) -> None:
        """Hang up on everybody and listen no more."""
        if self._listener is not None:
            self._listener.close()
        for caller in list(self.callers):
            caller.hang_up()
        if self.tasks:
            await asyncio.wait(self.tasks, timeout=FAREWELL_S)
        if self._listener is not None:
            await self._listener.wait_closed()


async def open_ssh_door(house: House, key: Path, address: str, port: int) -> SshDoor:
    """Open a door with the host key of that file, which is made when it is missing."""
    door = SshDoor(house, await asyncio.to_thread(host_key, key))
    await door.open(address, port)
    return door


class _Caller(asyncssh.SSHServer):
    """One connection: at most one session, whose terminal shows the place that its ticket opened."""

    def __init__(self, door: SshDoor) -> None:
        self.door = door
        self.place: Admitted | None = None
        self.came_from = ""
        self.key = ""
        self.wrong = 0
        self._offered = ""
        self._conn: asyncssh.SSHServerConnection | None = None
        self._handshake: asyncio.TimerHandle | None = None
        self._session: _Session | None = None

    # --- the connection -------------------------------------------------------------------------------------------------------

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """Somebody connects."""
        self._conn = conn
        peer = conn.get_extra_info("peername")
        self.came_from = str(peer[0]) if peer else ""
        if len(self.door.callers) >= MOST_CONNECTIONS or is_crowded(self.came_from, (each.came_from for each in self.door.callers)):
            conn.abort()
            return
        self.door.callers.add(self)
        self._handshake = asyncio.get_running_loop().call_later(HANDSHAKE_S, conn.abort)

    def connection_lost(self, _error: Exception | None) -> None:
        """The line is gone; the seat is kept."""
        self._greeted()
        self.door.callers.discard(self)
        place, self.place = self.place, None
        if self._session is None and place is not None:  # came in, and asked for nothing
            self.start(leave(place))

    def start(self, work: Any) -> None:
        """Do something beside, until it is done."""
        task = asyncio.get_running_loop().create_task(work)
        self.door.tasks.add(task)
        task.add_done_callback(self.door.tasks.discard)

    def hang_up(self) -> None:
        """Close the connection."""
        if self._conn is not None:
            self._conn.close()

    def waiting(self) -> int:
        """Bytes that wait to be sent, for lack of a reader."""
        transport = getattr(self._conn, "_transport", None)
        return transport.get_write_buffer_size() if transport is not None else 0

    def _greeted(self) -> None:
        if self._handshake is not None:
            self._handshake.cancel()
            self._handshake = None

    # --- who it is ------------------------------------------------------------------------------------------------------------

    def begin_auth(self, _username: str) -> bool:
        """The handshake is done; whatever the name, somebody must say who they are."""
        self._greeted()
        return True

    def public_key_auth_supported(self) -> bool:
        """A key is taken as a name."""
        return True

    def validate_public_key(self, _username: str, key: asyncssh.SSHKey) -> bool:
        """Any key, if its holder proves to hold it, which is looked at after this."""
        self._offered = key.get_fingerprint()
        return True

    def auth_completed(self) -> None:
        """Proven: by the key offered last, unless a ticket was shown."""
        if self.place is None:
            self.key = self._offered

    def kbdint_auth_supported(self) -> bool:
        """Tickets are asked for."""
        return True

    def get_kbdint_challenge(self, _username: str, _lang: str, _submethods: str) -> Any:
        """Ask for a ticket."""
        self._offered = ""  # a key that was only mentioned
        return self._question("")

    async def validate_kbdint_response(self, _username: str, responses: Any) -> Any:
        """Look at the ticket; after a wrong one, ask again."""
        try:
            place = await self.admit(responses[0] if len(responses) == 1 else "")
        except NotAdmitted as no:
            return self._question(no.line)
        self._offered = ""
        if place is None:
            return False
        self.place = place
        return True

    def _question(self, said: str) -> Any:
        return "Situation Room", said, "en", [(QUESTION, True)]

    async def admit(self, secret: str) -> Admitted | None:
        """Ask the house; None when it was asked too often, or is not there for this caller any more.

        Raises:
            NotAdmitted: a wrong ticket.
        """
        if self.wrong >= ATTEMPTS:
            return None
        guest = Guest("ssh", self.came_from, words_of(secret), self.key)
        if not guest.secret and not guest.key:
            self.wrong += 1
            raise NotAdmitted("A ticket or a resume code is needed.", "It stands on the sheet that the facilitator gave you.")
        try:
            return await admit(self.door.house, guest)
        except NotAdmitted:
            if guest.secret:
                self.wrong += 1
                await asyncio.sleep(PENALTY_S)
            if self.wrong >= ATTEMPTS:
                self.hang_up()
                return None
            raise

    # --- what is asked for ----------------------------------------------------------------------------------------------------

    def session_requested(self) -> Any:
        """One session a connection."""
        if self._session is not None:
            return False
        self._session = _Session(self)
        return self._session

    def connection_requested(self, _dest_host: str, _dest_port: int, _orig_host: str, _orig_port: int) -> bool:
        """No tunnel leads on from here."""
        return False

    def unix_connection_requested(self, _dest_path: str) -> bool:
        """None to a socket either."""
        return False

    def server_requested(self, _listen_host: str, _listen_port: int) -> bool:
        """Nobody listens here for others."""
        return False

    def unix_server_requested(self, _listen_path: str) -> bool:
        """Not on a socket either."""
        return False


class _Session(asyncssh.SSHServerSession[bytes]):
    """The terminal of one connection."""

    def __init__(self, caller: _Caller) -> None:
        self._caller = caller
        self._chan: Any = None
        self._look = TerminalLook()
        self._has_terminal = False
        self._plain = False
        self._program: Program | None = None
        self._valve: Valve | None = None
        self._typed: Typed | None = None
        self._talk: LineTalk | None = None
        self._asked: asyncio.Queue[str | None] = asyncio.Queue()
        self._ended = False

    # --- what the client asks for ---------------------------------------------------------------------------------------------

    def connection_made(self, chan: Any) -> None:
        """The session's channel is open."""
        self._chan = chan

    def pty_requested(self, term_type: str, term_size: Any, term_modes: Any) -> bool:
        """There is a terminal."""
        del term_modes
        self._has_terminal = True
        self._look = TerminalLook(max(0, term_size[0]), max(0, term_size[1]), term_type[:64])
        return True

    def shell_requested(self) -> bool:
        """The seat."""
        return True

    def exec_requested(self, command: str) -> bool:
        """The seat in lines, and no other command."""
        self._plain = command.strip() == COMMAND
        return self._plain

    def subsystem_requested(self, _subsystem: str) -> bool:
        """No sftp, and nothing like it."""
        return False

    def session_started(self) -> None:
        """Everything was asked for."""
        said = {name: str(self._chan.get_environment().get(name, ""))[:64] for name in ("LANG", "COLORTERM", "NO_COLOR")}
        self._look = TerminalLook(
            self._look.columns, self._look.lines, self._look.term, said["COLORTERM"], said["LANG"], no_color=bool(said["NO_COLOR"])
        )
        self._plain = self._plain or not self._has_terminal or self._look.term in ("", "dumb")
        self._typed = Typed(self._send, edits=self._has_terminal)
        self._caller.start(self._serve())

    # --- bytes ----------------------------------------------------------------------------------------------------------------

    def data_received(self, data: bytes, _datatype: Any) -> None:
        """Something was typed."""
        if self._program is not None:
            self._program.feed(data)
        elif self._typed is not None:
            for line in self._typed.feed(data):
                self._take(line)

    def eof_received(self) -> bool:
        """No more will be typed; what there is to say is still said."""
        self._take(None)
        return True

    def terminal_size_changed(self, width: int, height: int, _pixwidth: int, _pixheight: int) -> None:
        """The window has another size."""
        if self._program is not None:
            self._program.resize(width, height)

    def connection_lost(self, _error: Exception | None) -> None:
        """The line is gone."""
        self._ended = True
        if self._valve is not None:
            self._valve.close()
        if self._program is not None:
            self._program.hang_up()
        self._take(None)

    def _take(self, line: str | None) -> None:
        if self._talk is not None:
            self._talk.typed(line)
        elif line is None or self._asked.qsize() < MOST_LINES:
            self._asked.put_nowait(line)

    def _send(self, data: bytes) -> None:
        if not self._ended and self._chan is not None:
            self._chan.write(data)
            if self._valve is not None:
                self._valve.look()

    def _say(self, text: str) -> None:
        shown = with_ascii(text, self._look)
        self._send((shown.replace("\n", "\r\n") if self._has_terminal else shown).encode("utf-8", "replace"))

    # --- the seat -------------------------------------------------------------------------------------------------------------

    async def _serve(self) -> None:
        place = self._caller.place
        self._caller.place = None
        try:
            place = place or await self._ask()
            status, words = (1, "") if place is None else await self._play(place)
        except Exception as error:  # noqa: BLE001 - one session's end is not the others'
            status, words = 1, f"The seat's program stopped ({type(error).__name__}). Nothing that was taken is lost; connect again."
        finally:
            if place is not None:
                await leave(place)
        if words:
            self._say(words + "\n")
        if not self._ended:
            self._chan.exit(min(status, 255))

    async def _ask(self) -> Admitted | None:
        """Who came with a key: let them in if it is known, or ask on the terminal. None when they do not get in."""
        with contextlib.suppress(NotAdmitted):
            return await self._caller.admit("")
        while not self._ended:
            self._say(QUESTION)
            line = None
            with contextlib.suppress(asyncio.TimeoutError):
                line = await asyncio.wait_for(self._asked.get(), LOGIN_S)
            if line is None:
                return None
            try:
                return await self._caller.admit(line)
            except NotAdmitted as no:
                self._say(no.line + "\n")
        return None

    async def _play(self, place: Admitted) -> Ended:
        if self._ended:
            return 0, ""
        if place.code:
            self._say(f"Should the line drop, come back with: {place.code}\n")
        house = self._caller.door.house
        if self._plain:
            self._talk = LineTalk(self._say)
            while not self._asked.empty():
                self._talk.typed(self._asked.get_nowait())
            return await self._talk.run(lambda read, write: house.lines(place, self._look, read, write))
        self._program = house.screen(place, self._look, self._send)
        self._valve = Valve(lambda: self._chan.get_write_buffer_size() + self._caller.waiting(), self._program)
        try:
            return await self._program.run()
        finally:
            self._valve.close()
            self._program, self._valve = None, None
