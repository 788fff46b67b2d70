"""The web door: a seat in a browser, as a terminal or, for screen readers, as a log of lines with one field under it.

Everything that the page needs comes from here; it works in a room without internet. Secrets never stand in an address that is sent: the
page takes a ticket from behind the ``#`` of its address and wipes it, or from its form. Whoever connects must come from a page of this very
door (``Origin``); there are no cookies, so that a browser has no authority that another page could borrow.
"""

from __future__ import annotations

import asyncio
import contextlib
import http
import importlib.resources
import json
import re
import ssl
from collections.abc import Callable
from functools import partial
from typing import Any

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from exercise.net.doorway import (
    ATTEMPTS,
    HANDSHAKE_S,
    LONGEST_LINE,
    MOST_CONNECTIONS,
    PENALTY_S,
    Admitted,
    Ended,
    Guest,
    House,
    LineTalk,
    NotAdmitted,
    TerminalLook,
    Valve,
    admit,
    is_address_of_this_machine,
    is_crowded,
    leave,
    words_of,
)

LONGEST_FRAME = 64 * 1024
PING_S = 15.0
FAREWELL_S = 2.0

ASSETS = {
    "/": ("page.html", "text/html; charset=utf-8"),
    "/page.js": ("page.js", "text/javascript; charset=utf-8"),
    "/page.css": ("page.css", "text/css; charset=utf-8"),
    "/xterm.js": ("xterm.js", "text/javascript; charset=utf-8"),
    "/xterm.css": ("xterm.css", "text/css; charset=utf-8"),
    "/addon-fit.js": ("addon-fit.js", "text/javascript; charset=utf-8"),
    "/icon.svg": ("icon.svg", "image/svg+xml"),
    "/licences": ("licences.txt", "text/plain; charset=utf-8"),
}
"""Every path that there is, and its file. Nothing is looked for on the disk when somebody asks."""
WIRE = "/wire"
_HOST = re.compile(r"\[[0-9a-fA-F:.]+\](?::\d{1,5})?|[A-Za-z0-9._-]{1,253}(?::\d{1,5})?")
_PORT = re.compile(r"(?<![:\[]):\d{1,5}$")
_LOCAL = ("localhost", "127.0.0.1", "[::1]")


class WebDoor:
    """An open web door. With ``tls`` it speaks HTTPS; without, it should stay on this machine."""

    def __init__(self, house: House, tls: ssl.SSLContext | None = None) -> None:
        self.house = house
        self.port = 0
        self.sessions: set[_Session] = set()
        self._tls = tls
        self._is_local = True
        self._server: Server | None = None
        folder = importlib.resources.files("exercise.net").joinpath("web")
        self._bodies = {path: folder.joinpath(file).read_bytes() for path, (file, _kind) in ASSETS.items()}

    @property
    def scheme(self) -> str:
        """How its addresses begin."""
        return "https" if self._tls is not None else "http"

    async def open(self, address: str, port: int) -> None:
        """Listen; port 0 takes a free one."""
        self._is_local = is_address_of_this_machine(address)
        self._server = await serve(
            self._attend,
            address,
            port,
            ssl=self._tls,
            process_request=self._answer,
            compression=None,
            max_size=LONGEST_FRAME,
            max_queue=16,
            open_timeout=HANDSHAKE_S,
            close_timeout=FAREWELL_S,
            ping_interval=PING_S,
            ping_timeout=PING_S,
            server_header=None,
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Hang up on everybody and listen no more."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    # --- pages ----------------------------------------------------------------------------------------------------------------

    def _answer(self, ws: ServerConnection, request: Request) -> Response | None:
        """A page, a refusal, or None: go on to the wire."""
        path, _mark, query = request.path.partition("?")
        hosts = request.headers.get_all("Host")
        host = hosts[0] if len(hosts) == 1 and _HOST.fullmatch(hosts[0]) else ""
        if not host or (self._is_local and _PORT.sub("", host) not in _LOCAL):
            return self._page(http.HTTPStatus.BAD_REQUEST, "", "this address is not the door's")
        if query:
            return self._page(http.HTTPStatus.BAD_REQUEST, host, "nothing may stand behind a question mark here")
        if path == WIRE:
            return self._refuse_wire(ws, request, host)
        if path not in ASSETS:
            return self._page(http.HTTPStatus.NOT_FOUND, host, "there is nothing here")
        return self._page(http.HTTPStatus.OK, host, self._bodies[path], ASSETS[path][1])

    def _refuse_wire(self, ws: ServerConnection, request: Request, host: str) -> Response | None:
        origins = request.headers.get_all("Origin")
        if [each.lower() for each in origins] != [f"{self.scheme}://{host}".lower()]:
            return self._page(http.HTTPStatus.FORBIDDEN, host, "the wire is for the page of this door")
        came_from = _address_of(ws)
        if len(self.sessions) >= MOST_CONNECTIONS or is_crowded(came_from, (each.came_from for each in self.sessions)):
            return self._page(http.HTTPStatus.SERVICE_UNAVAILABLE, host, "too many are here already")
        return None

    def _page(self, status: http.HTTPStatus, host: str, body: bytes | str, kind: str = "text/plain; charset=utf-8") -> Response:
        wires = f" ws://{host} wss://{host}" if host else ""
        headers = Headers(
            {
                "Content-Type": kind,
                "Content-Security-Policy": (
                    f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'{wires}; "
                    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
                ),
                "X-Content-Type-Options": "nosniff",
                "X-Frame-Options": "DENY",
                "Referrer-Policy": "no-referrer",
                "Cross-Origin-Opener-Policy": "same-origin",
                "Cross-Origin-Resource-Policy": "same-origin",
                "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
                "Cache-Control": "no-cache",
                "Connection": "close",
            }
        )
        content = body if isinstance(body, bytes) else (body + "\n").encode()
        headers["Content-Length"] = str(len(content))
        return Response(status.value, status.phrase, headers, content)

    # --- the wire -------------------------------------------------------------------------------------------------------------

    async def _attend(self, ws: ServerConnection) -> None:
        session = _Session(self, ws)
        self.sessions.add(session)
        try:
            with contextlib.suppress(ConnectionClosed):
                await session.serve()
        finally:
            self.sessions.discard(session)


class _Session:
    """One browser. It says hello with a secret and its size; then bytes go both ways, or lines."""

    def __init__(self, door: WebDoor, ws: ServerConnection) -> None:
        self._house, self._ws = door.house, ws
        self.came_from = _address_of(ws)
        self._out: asyncio.Queue[bytes | str] = asyncio.Queue()
        self._waiting = 0
        self._wrong = 0
        self._valve: Valve | None = None

    async def serve(self) -> None:
        """From hello to the end."""
        sender = asyncio.get_running_loop().create_task(self._send_all())
        try:
            let_in = await self._let_in()
            if let_in is None:
                return
            place, hello = let_in
            try:
                self._tell({"joined": True, "code": place.code})
                status, words = await self._play(place, hello)
            finally:
                await leave(place)
            self._tell({"bye": words, "status": status})
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._out.join(), FAREWELL_S)
        finally:
            sender.cancel()

    async def _let_in(self) -> tuple[Admitted, dict[str, Any]] | None:
        """The place of somebody who showed a ticket, and their hello; None for somebody who has none."""
        while self._wrong < ATTEMPTS:
            text = await self._ws.recv()
            hello = _read(text)
            secret = words_of(hello.get("secret"))
            try:
                return await self._ask(secret), hello
            except NotAdmitted as no:
                self._wrong += 1
                await asyncio.sleep(PENALTY_S)
                self._tell({"refused": no.line, "last": self._wrong >= ATTEMPTS})
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._out.join(), FAREWELL_S)
        return None

    async def _ask(self, secret: str) -> Admitted:
        if not secret:
            raise NotAdmitted("A ticket or a resume code is needed.")
        return await admit(self._house, Guest("web", self.came_from, secret))

    async def _play(self, place: Admitted, hello: dict[str, Any]) -> Ended:
        columns, lines = _number(hello, "columns", 100), _number(hello, "lines", 30)
        look = TerminalLook(columns, lines, "xterm-256color", "truecolor", no_color=hello.get("colour") is False)
        end: Callable[[], None]
        if hello.get("plain") is True:
            talk = LineTalk(self._say)
            playing = asyncio.ensure_future(talk.run(lambda read, write: self._house.lines(place, look, read, write)))
            hearing = asyncio.ensure_future(self._hear_lines(talk))
            end = partial(talk.typed, None)
        else:
            program = self._house.screen(place, look, self._send)
            self._valve = Valve(lambda: self._waiting, program)
            playing = asyncio.ensure_future(program.run())
            hearing = asyncio.ensure_future(self._hear_keys(program))
            end = program.hang_up
        try:
            await asyncio.wait((playing, hearing), return_when=asyncio.FIRST_COMPLETED)
            if not playing.done():
                end()
            return await playing
        finally:
            hearing.cancel()
            if self._valve is not None:
                self._valve.close()

    async def _hear_keys(self, program: Any) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for message in self._ws:
                if isinstance(message, bytes):
                    program.feed(message)
                    continue
                size = _read(message).get("resize")
                if isinstance(size, list) and len(size) == 2 and all(map(_is_length, size)):
                    program.resize(*size)

    async def _hear_lines(self, talk: LineTalk) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for message in self._ws:
                line = _read(message).get("line")
                if isinstance(line, str):
                    talk.typed("".join(each for each in line[:LONGEST_LINE] if each.isprintable()))

    # --- to the browser -------------------------------------------------------------------------------------------------------

    def _send(self, data: bytes) -> None:
        self._waiting += len(data)
        self._out.put_nowait(data)
        if self._valve is not None:
            self._valve.look()

    def _tell(self, document: dict[str, Any]) -> None:
        self._out.put_nowait(json.dumps(document))

    def _say(self, text: str) -> None:
        self._tell({"say": text})

    async def _send_all(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            while True:
                message = await self._out.get()
                await self._ws.send(message)  # waits while the browser reads slowly
                self._waiting -= len(message) if isinstance(message, bytes) else 0
                self._out.task_done()


def _address_of(ws: ServerConnection) -> str:
    peer = ws.remote_address
    return str(peer[0]) if peer else ""


def _read(message: str | bytes) -> dict[str, Any]:
    """A small document, or an empty one for whatever else was sent."""
    try:
        document = json.loads(message) if isinstance(message, str) else {}
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _number(hello: dict[str, Any], name: str, usual: int) -> int:
    value = hello.get(name)
    return value if isinstance(value, int) and _is_length(value) else usual


def _is_length(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10_000
