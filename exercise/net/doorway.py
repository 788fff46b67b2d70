"""What the ssh door and the web door share: who stands at the door, what they are let in to, and a line mode over bytes.

A door has no authority of its own. It asks the ``House`` to admit somebody, who shows a ticket or a resume code, or comes with an ssh key
that was here before; what the house gives back is shown on their terminal, as a program of its own or as lines.
"""

from __future__ import annotations

import asyncio
import codecs
import contextvars
import queue
import threading
from collections.abc import Callable, Iterable
from typing import Protocol

import attrs

from exercise.presenter.legible import ascii_only, legible

ATTEMPTS = 5
"""Secrets that may be tried on one connection."""
PENALTY_S = 1.0
"""How long a wrong one takes to be answered."""
HANDSHAKE_S = 5.0
"""How long somebody may take before the first sensible word."""
MOST_CONNECTIONS = 200
"""Connections of one door at once; a class is a tenth of that."""
MOST_FROM_ONE = 40
"""Connections from one address: one machine that misbehaves leaves room for the others."""
FULL_BYTES = 256 * 1024
"""When so much waits to be sent, frames are skipped."""
ROOM_BYTES = 64 * 1024
"""When no more than this waits, everything is painted again."""
LOOK_S = 0.05
LONGEST_LINE = 4_096
MOST_LINES = 500
"""Lines typed ahead of a program that does not read."""
LONGEST_SECRET = 500

Read = Callable[[str], str]
Write = Callable[[str], None]
Ended = tuple[int, str]
"""Exit status, and what to say afterwards."""


@attrs.frozen(slots=True)
class Guest:
    """Somebody at a door: how they came, from where, and what they show. ``key`` is the fingerprint of an ssh key that is theirs."""

    via: str
    came_from: str = ""
    secret: str = attrs.field(default="", repr=False)
    key: str = ""


@attrs.frozen(slots=True)
class TerminalLook:
    """A terminal as it describes itself; without one, lines are as wide as ``columns``."""

    columns: int = 80
    lines: int = 24
    term: str = ""
    colorterm: str = ""
    lang: str = ""
    no_color: bool = False


class NotAdmitted(Exception):  # noqa: N818 - an answer, not an error
    """The house does not open. ``hint`` is what may help."""

    def __init__(self, why: str, hint: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.hint = hint

    @property
    def line(self) -> str:
        """Both, for people."""
        return legible(f"{self.why} {self.hint}".strip())


class Admitted(Protocol):
    """Somebody's place in the exercise, kept open."""

    @property
    def code(self) -> str:
        """What lets them in again, if they know it by heart."""

    def close(self) -> None:
        """Leave. The seat is kept."""


class Program(Protocol):
    """What runs on a terminal of bytes."""

    def feed(self, data: bytes) -> None:
        """What was typed."""

    def resize(self, columns: int, lines: int) -> None:
        """The terminal has another size now."""

    def hold(self) -> None:
        """Too much waits to be sent: write no more."""

    def release(self) -> None:
        """There is room again."""

    def hang_up(self) -> None:
        """The line is gone."""

    async def run(self) -> Ended:
        """Run until the player leaves or the line is gone."""


class House(Protocol):
    """What a door leads to."""

    async def admit(self, guest: Guest) -> Admitted:
        """Let somebody in. Raises ``NotAdmitted``."""

    def screen(self, place: Admitted, look: TerminalLook, send: Callable[[bytes], None]) -> Program:
        """A program with screens."""

    def lines(self, place: Admitted, look: TerminalLook, read: Read, write: Write) -> Ended:
        """Play in lines. Blocks, and is called on a thread of its own."""


class Valve:
    """Watches how much waits to be sent to a terminal, and has its program skip frames while it is too much."""

    def __init__(self, waiting: Callable[[], int], program: Program) -> None:
        self._waiting, self._program = waiting, program
        self._looking: asyncio.TimerHandle | None = None

    def look(self) -> None:
        """Something was written."""
        if self._looking is None and self._waiting() > FULL_BYTES:
            self._program.hold()
            self._look_again()

    def _look_again(self) -> None:
        if self._waiting() <= ROOM_BYTES:
            self._looking = None
            self._program.release()
        else:
            self._looking = asyncio.get_running_loop().call_later(LOOK_S, self._look_again)

    def close(self) -> None:
        """Look no more."""
        if self._looking is not None:
            self._looking.cancel()


class Typed:
    """Bytes from a terminal as lines. Where the terminal leaves that to us, letters are shown and can be taken back, and ctrl+c or ctrl+d
    on an empty line ends the input.
    """

    def __init__(self, send: Callable[[bytes], None], *, edits: bool) -> None:
        self._send, self._edits = send, edits
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._line: list[str] = []
        self._code = ""
        self._was_return = False

    def feed(self, data: bytes) -> list[str | None]:
        """Lines that are whole now; None is the end of the input."""
        lines: list[str | None] = []
        for letter in self._decoder.decode(data):
            is_second = letter == "\n" and self._was_return
            self._was_return = letter == "\r"
            if is_second:
                continue
            if letter in "\r\n":
                self._show("\r\n")
                lines.append("".join(self._line))
                self._line.clear()
            elif self._edits and self._is_code(letter):
                continue
            elif self._edits and letter in "\x03\x04\x08\x15\x7f":
                if self._edit(letter):
                    lines.append(None)
            elif letter.isprintable() and len(self._line) < LONGEST_LINE:
                self._line.append(letter)
                self._show(letter)
        return lines

    def _edit(self, letter: str) -> bool:
        """Take letters back. True when the input ends."""
        if letter in "\x08\x7f" and self._line:
            self._line.pop()
            self._show("\b \b")
        elif letter == "\x15":
            self._show("\b \b" * len(self._line))
            self._line.clear()
        return letter == "\x03" or (letter == "\x04" and not self._line)

    def _is_code(self, letter: str) -> bool:
        """Whether a letter belongs to an escape code, of an arrow for example, which means nothing here."""
        if letter == "\x1b":
            self._code = letter
            return True
        if not self._code:
            return False
        self._code += letter
        if self._code in ("\x1b[", "\x1bO"):
            return True
        if not (letter.isdigit() or letter in ";<?") or len(self._code) > 32:
            self._code = ""
        return True

    def _show(self, text: str) -> None:
        if self._edits:
            self._send(text.encode())


class LineTalk:
    """A line mode over a terminal: somebody on the loop types, a program on a thread reads and writes."""

    def __init__(self, put: Callable[[str], None]) -> None:
        self._put = put
        self._lines: queue.Queue[str | None] = queue.Queue(MOST_LINES)
        self._loop = asyncio.get_running_loop()
        self._over = False

    def typed(self, line: str | None) -> None:
        """A line was typed; None: no more will be."""
        if line is None:
            self._over = True
        try:
            self._lines.put_nowait(line)
        except queue.Full:
            return  # a book was pasted; its reader catches up with the beginning

    def read(self, prompt: str) -> str:
        """Ask, and wait for a line. Raises EOFError at the end of the input. Called on the program's thread."""
        self.write(prompt, end="")
        line = None if self._over and self._lines.empty() else self._lines.get()
        if line is None:
            self._over = True
            raise EOFError
        return line

    def write(self, text: str, end: str = "\n") -> None:
        """Say something, made legible. Called on the program's thread."""
        shown = "\n".join(_legible_line(line) for line in text.split("\n")) + end
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._put, shown)

    async def run(self, program: Callable[[Read, Write], Ended]) -> Ended:
        """Run a program on a thread of its own, until it ends."""
        done: asyncio.Future[Ended] = self._loop.create_future()
        context = contextvars.copy_context()

        def work() -> None:
            try:
                result = context.run(program, self.read, self.write)
            except Exception as error:  # noqa: BLE001 - whatever one player's lines die of, the others go on
                self._tell(done, (1, f"The exercise stopped here ({type(error).__name__}). Nothing that was taken is lost."))
            else:
                self._tell(done, result)

        threading.Thread(target=work, name="lines", daemon=True).start()
        try:
            return await done
        finally:
            self.typed(None)

    def _tell(self, done: asyncio.Future[Ended], result: Ended) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(_settle, done, result)


def _settle(done: asyncio.Future[Ended], result: Ended) -> None:
    if not done.done():
        done.set_result(result)


def _legible_line(line: str) -> str:
    stripped = line.rstrip(" ")
    return legible(stripped) + line[len(stripped) :]


def with_ascii(text: str, look: TerminalLook) -> str:
    """Text in what a terminal's locale carries."""
    carries = not look.lang or "utf8" in look.lang.lower().replace("-", "")
    return text if carries else ascii_only(text)


def words_of(shown: object) -> str:
    """The secret in what somebody showed: of a whole ticket, as it stands on the sheet, the words behind the last stroke."""
    return shown.strip()[:LONGEST_SECRET].rpartition("/")[2].strip() if isinstance(shown, str) else ""


def is_address_of_this_machine(address: str) -> bool:
    """Whether nobody else can reach it."""
    return address in ("localhost", "::1") or address.startswith("127.")


def is_crowded(address: str, others: Iterable[str]) -> bool:
    """Whether too many come from one address already. This machine's own is not counted: what runs here is trusted with more."""
    return not is_address_of_this_machine(address) and sum(1 for other in others if other == address) >= MOST_FROM_ONE


async def admit(house: House, guest: Guest) -> Admitted:
    """Ask the house. Whoever hangs up meanwhile leaves no place behind that is open to nobody."""
    asked = asyncio.ensure_future(house.admit(guest))
    try:
        return await asyncio.shield(asked)
    except asyncio.CancelledError:
        asked.add_done_callback(_leave)
        raise


def _leave(asked: asyncio.Future[Admitted]) -> None:
    if not asked.cancelled() and asked.exception() is None:
        asked.result().close()


async def leave(place: Admitted) -> None:
    """Leave a place; that may have to wait for somebody, so it is done elsewhere."""
    await asyncio.get_running_loop().run_in_executor(None, place.close)
