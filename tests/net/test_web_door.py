"""The web door: what it serves, to whom its wire is open, and a seat in a browser."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import shutil
import tempfile
import urllib.request
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from exercise.cli import house as cli_house
from exercise.net import doorway, web_door
from exercise.net.doorway import words_of
from exercise.net.web_door import ASSETS, LONGEST_FRAME, WebDoor
from tests.net.guests import Office, Reading, house_of, until

TICKET = "lusab-babad-gutih"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong ticket costs no second here, and nobody is waited for."""
    monkeypatch.setattr(web_door, "PENALTY_S", 0.0)
    monkeypatch.setattr(cli_house, "KEEP_S", 0.0)


@pytest.fixture
def office() -> Office:
    """Three tickets."""
    return Office(TICKET, "second-ticket", "third-ticket")


@pytest_asyncio.fixture
async def door(office: Office) -> AsyncIterator[WebDoor]:
    """An open door."""
    with house_of(office) as house:
        opened = WebDoor(house)
        await opened.open("127.0.0.1", 0)
        yield opened
        await opened.close()


async def ask(door: WebDoor, head: str) -> tuple[int, dict[str, str], bytes]:
    """Say something to the port as it stands; status, headers and body of the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    writer.write(head.replace("\n", "\r\n").encode() + b"\r\n\r\n")
    raw = await asyncio.wait_for(reader.read(-1), 20)
    writer.close()
    top, _blank, body = raw.partition(b"\r\n\r\n")
    lines = top.decode().split("\r\n")
    headers = {name.strip().lower(): value.strip() for name, _colon, value in (line.partition(":") for line in lines[1:])}
    return int(lines[0].split()[1]) if lines[0] else 0, headers, body


async def get(door: WebDoor, path: str, host: str = "") -> tuple[int, dict[str, str], bytes]:
    """Ask for a path."""
    return await ask(door, f"GET {path} HTTP/1.1\nHost: {host or f'127.0.0.1:{door.port}'}")


class Browser:
    """What the page does, without a browser."""

    def __init__(self, ws: ClientConnection) -> None:
        self.ws = ws
        self.terminal = Reading()
        self.told: list[dict[str, Any]] = []
        self.hearing = asyncio.create_task(self._hear())

    async def _hear(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for message in self.ws:
                if isinstance(message, bytes):
                    self.terminal.take(message)
                else:
                    self.told.append(json.loads(message))

    async def tell(self, **document: Any) -> None:
        """Send a document."""
        await self.ws.send(json.dumps(document))

    async def is_told(self, name: str) -> Any:
        """Wait until something is told."""
        await until(lambda: any(name in each for each in self.told), lambda: str(self.told))
        return next(each[name] for each in self.told if name in each)

    @property
    def said(self) -> str:
        """All that the line mode said."""
        return "".join(each.get("say", "") for each in self.told)


@contextlib.asynccontextmanager
async def browser(door: WebDoor, **hello: Any) -> AsyncIterator[Browser]:
    """A page that said hello."""
    origin: Any = f"http://127.0.0.1:{door.port}"
    async with connect(f"ws://127.0.0.1:{door.port}/wire", origin=origin, compression=None, max_size=None) as ws:
        page = Browser(ws)
        if hello:
            await page.tell(hello=1, columns=100, lines=30, **hello)
        yield page
        page.hearing.cancel()


@pytest.mark.asyncio
async def test_everything_that_the_page_needs_comes_from_here(door: WebDoor) -> None:
    """Every asset is served with its type, nothing refers to another place, and the policy lets nothing else in."""
    for path, (_file, kind) in ASSETS.items():
        status, headers, body = await get(door, path)
        assert (status, headers["content-type"]) == (200, kind)
        assert len(body) == int(headers["content-length"]) > 0
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; ")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
    for path in ("/", "/page.js", "/page.css", "/xterm.css"):
        _status, _headers, body = await get(door, path)
        assert not re.search(rb"(?:src|href|url\(|@import|fetch\()\s*[=(]?\s*[\"']?(?:https?:)?//", body)
    assert b"Copyright (c)" in (await get(door, "/licences"))[2]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "path",
    [
        "/../web_door.py",
        "/..%2fweb_door.py",
        "/web/",
        "/static",
        "//page.js",
        "/page.js/",
        "/.",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/page.html",
        "/PAGE.JS",
        "/\\..\\",
    ],
)
async def test_there_is_nothing_beside_the_assets(door: WebDoor, path: str) -> None:
    """No traversal, no listing, no other spelling."""
    status, _headers, body = await get(door, path)
    assert (status, body) == (404, b"there is nothing here\n")


@pytest.mark.asyncio
async def test_nothing_may_stand_in_the_query(door: WebDoor) -> None:
    """What stands behind a question mark ends in histories and logs; a page that is asked for so tells nobody to do it."""
    assert (await get(door, f"/?ticket={TICKET}"))[0] == 400
    assert (await get(door, f"/wire?ticket={TICKET}"))[0] == 400


@pytest.mark.asyncio
@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "a b", "127.0.0.1:1; script-src *", ""])
async def test_a_door_of_this_machine_answers_to_names_of_this_machine(door: WebDoor, host: str) -> None:
    """A page elsewhere whose name is pointed at this machine gets nothing."""
    status, headers, _body = await ask(door, f"GET / HTTP/1.1\nHost: {host}")
    assert status == 400
    assert "evil" not in headers["content-security-policy"]
    assert (await ask(door, f"GET / HTTP/1.1\nHost: localhost:{door.port}\nHost: evil.example"))[0] == 400


@pytest.mark.asyncio
async def test_the_wire_is_for_the_page_of_this_door(door: WebDoor) -> None:
    """Another site, another port, another scheme, a sandboxed frame and a program without an origin are all refused before a word is heard."""
    for origin in (
        "http://evil.example",
        f"http://127.0.0.1:{door.port + 1}",
        f"https://127.0.0.1:{door.port}",
        "null",
        f"http://localhost:{door.port}",
        None,
    ):
        with pytest.raises(InvalidStatus) as refused:
            async with connect(f"ws://127.0.0.1:{door.port}/wire", origin=origin):  # type: ignore[arg-type]
                pass
        assert refused.value.response.status_code == 403
    assert (await get(door, "/wire"))[0] == 403


@pytest.mark.asyncio
async def test_a_ticket_leads_to_the_seat(door: WebDoor, office: Office) -> None:
    """The content note, keys, a new size, leaving; the page is told the code that lets it in again."""
    async with browser(door, secret=TICKET) as page:
        assert await page.is_told("code") == f"code-{TICKET}"
        await page.terminal.shows("Before you start")
        await page.ws.send(b"\r")
        await page.terminal.shows("You are the government of Uzbekistan")
        page.terminal.screen.resize(40, 120)
        await page.tell(resize=[120, 40])
        await until(lambda: page.terminal.text.split("\n")[39].strip() != "")
        await page.ws.send(b"\x11")
        await page.terminal.shows("Leave the exercise?")
        await page.ws.send(b"\r")
        assert "resume with: this page, and the code" in await page.is_told("bye")
    assert [(guest.via, guest.came_from, guest.key) for guest in office.asked] == [("web", "127.0.0.1", "")]
    await until(lambda: office.gone)


@pytest.mark.asyncio
async def test_a_browser_that_is_gone_comes_back_by_its_code(door: WebDoor, office: Office) -> None:
    """A dropped connection gives the place back; the spent ticket opens nothing any more, the code does."""
    async with browser(door, secret=TICKET) as page:
        await page.terminal.shows("Before you start")
        page.ws.transport.abort()
    await until(lambda: office.gone)
    async with browser(door, secret=TICKET) as page:
        assert "nobody knows this ticket" in await page.is_told("refused")
    async with browser(door, secret=f"code-{TICKET}") as page:
        await page.terminal.shows("turn 1 of")


@pytest.mark.asyncio
async def test_five_wrong_tickets_and_no_more(door: WebDoor, office: Office) -> None:
    """Then the line is closed, whatever comes."""
    async with browser(door) as page:
        for secret in ["wrong", "", 7, None, ["x"], "second-ticket"]:
            with contextlib.suppress(ConnectionClosed):
                await page.tell(secret=secret)
        await asyncio.wait_for(page.ws.wait_closed(), 20)
    assert len(page.told) == 5
    assert page.told[-1]["last"] is True
    assert "second-ticket" in office.tickets


@pytest.mark.asyncio
async def test_lines_for_screen_readers(door: WebDoor, office: Office) -> None:
    """The same seat as a log and a field: text only, an order, and a way out."""
    async with browser(door, secret=TICKET, plain=True) as page:
        await until(lambda: "Before you start" in page.said)
        await page.tell(line="order open_border 80\x1b[2J")
        await page.tell(line="order open_border 80")
        await until(lambda: "Sent: Open the border" in page.said, lambda: page.said)
        assert "\x1b" not in page.said
        await page.tell(line="quit")
        assert "resume with" in await page.is_told("bye")
    assert "order" in [act["act"] for act in office.inside[0].links["uzbekistan"].acts]


@pytest.mark.asyncio
async def test_frames_are_bounded(door: WebDoor, office: Office) -> None:
    """A frame beyond the bound closes the line with its code, before it is read; the neighbour plays on."""
    async with browser(door, secret=TICKET) as page, browser(door, secret="second-ticket") as neighbour:
        await page.terminal.shows("Before you start")
        with contextlib.suppress(ConnectionClosed):
            await page.ws.send(b"x" * (LONGEST_FRAME + 1))
        await asyncio.wait_for(page.ws.wait_closed(), 20)
        assert page.ws.close_code == 1009
        await neighbour.terminal.shows("Before you start")
        await neighbour.ws.send(b"\r")
        await neighbour.terminal.shows("You are the government")
    await until(lambda: len(office.gone) == 2)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "message",
    [
        "",
        "null",
        "[]",
        "{",
        '{"resize":[1e9,2]}',
        '{"resize":["a",-1]}',
        '{"resize":{}}',
        "[" * 5000,
        '{"line":1}',
        '{"resize":[true,5]}',
        b"\xff\xfe\x80",
    ],
)
async def test_nonsense_changes_nothing(door: WebDoor, message: str | bytes) -> None:
    """Whatever stands on the wire after the ticket, the seat goes on."""
    async with browser(door, secret=TICKET) as page:
        await page.terminal.shows("Before you start")
        await page.ws.send(message)
        await page.ws.send(b"\r")
        await page.terminal.shows("You are the government")


@pytest.mark.asyncio
async def test_there_are_so_many_places_and_no_more(door: WebDoor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next one is told so, politely."""
    monkeypatch.setattr(web_door, "MOST_CONNECTIONS", 1)
    async with browser(door, secret=TICKET) as page:
        await page.terminal.shows("Before you start")
        with pytest.raises(InvalidStatus) as refused:
            async with browser(door, secret="second-ticket"):
                pass
        assert refused.value.response.status_code == 503


def test_one_machine_does_not_take_all_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections are counted by address, but for this machine's own."""
    monkeypatch.setattr(doorway, "MOST_FROM_ONE", 2)
    others = ["192.0.2.7", "192.0.2.7", "192.0.2.8", "127.0.0.1", "127.0.0.1"]
    assert [doorway.is_crowded(address, others) for address in ("192.0.2.7", "192.0.2.8", "127.0.0.1")] == [True, False, False]


def test_a_whole_ticket_is_as_good_as_its_words() -> None:
    """People copy what stands on the sheet."""
    assert words_of(" 192.168.1.20:4747/abcde-fghij/lusab-babad-gutih \n") == TICKET
    assert words_of(TICKET) == TICKET
    assert words_of(None) == words_of(7) == words_of("") == ""


# --- a real browser -----------------------------------------------------------------------------------------------------------


class Chromium:
    """A headless browser, driven over its own wire."""

    def __init__(self, ws: ClientConnection) -> None:
        self._ws, self._last = ws, 0
        self.asked_for: list[str] = []
        self.complaints: list[str] = []

    async def call(self, method: str, **values: Any) -> dict[str, Any]:
        """Do something, and keep what is told meanwhile."""
        self._last += 1
        await self._ws.send(json.dumps({"id": self._last, "method": method, "params": values}))
        while True:
            told = json.loads(await asyncio.wait_for(self._ws.recv(), 30))
            if told.get("id") == self._last:
                return told["result"]
            if told.get("method") == "Network.requestWillBeSent":
                self.asked_for.append(told["params"]["request"]["url"])
            if told.get("method") in ("Log.entryAdded", "Runtime.exceptionThrown"):
                self.complaints.append(json.dumps(told["params"]))

    async def value(self, script: str) -> Any:
        """What a script gives."""
        return (await self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True))["result"].get("value")

    async def shows(self, words: str) -> None:
        """Wait until the page shows some words."""
        text = ""
        for _count in range(400):
            text = await self.value("document.body?.innerText.replaceAll('\\u00a0', ' ')") or ""
            if words in text:
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"{words!r} is not on the page:\n{text}\n{self.complaints}")

    async def is_ready(self, words: str) -> None:
        """Wait until the page shows some words and has read its scripts."""
        await self.shows(words)
        await self.holds("document.readyState === 'complete'")

    async def holds(self, script: str) -> None:
        """Wait until a script gives true."""
        for _count in range(400):
            if await self.value(script) is True:
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"{script} does not come to hold")

    async def with_ctrl(self, letter: str, *commands: str) -> None:
        """Press a letter with ctrl, as a browser does that edits by these commands."""
        for kind, done in (("rawKeyDown", list(commands)), ("keyUp", [])):
            code = {"key": letter, "code": f"Key{letter.upper()}", "windowsVirtualKeyCode": ord(letter.upper())}
            await self.call("Input.dispatchKeyEvent", type=kind, modifiers=2, commands=done, **code)

    async def enter(self) -> None:
        """Press enter."""
        for kind in ("keyDown", "keyUp"):
            text = {"text": "\r"} if kind == "keyDown" else {}
            await self.call("Input.dispatchKeyEvent", type=kind, key="Enter", code="Enter", windowsVirtualKeyCode=13, **text)


@contextlib.asynccontextmanager
async def chromium() -> AsyncIterator[Chromium]:
    """The browser with an empty page."""
    quiet = (
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    )
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        program = await asyncio.create_subprocess_exec(
            "chromium",
            "--headless=new",
            "--no-sandbox",
            *quiet,
            f"--user-data-dir={folder}",
            "--remote-debugging-port=0",
            "about:blank",
            stderr=-1,
        )
        try:
            assert program.stderr is not None
            found = None
            while found is None:
                found = re.search(rb"ws://([\w.:]+)/devtools", await asyncio.wait_for(program.stderr.readline(), 30))
            listing = await asyncio.to_thread(lambda: urllib.request.urlopen(f"http://{found[1].decode()}/json").read())
            place = next(tab["webSocketDebuggerUrl"] for tab in json.loads(listing) if tab["type"] == "page")
            async with connect(place, max_size=None) as ws:
                browser = Chromium(ws)
                for domain in ("Page", "Log", "Runtime", "Network"):
                    await browser.call(f"{domain}.enable")
                yield browser
        finally:
            with contextlib.suppress(ProcessLookupError):
                program.terminate()
            await program.wait()


@pytest.mark.asyncio
@pytest.mark.skipif(shutil.which("chromium") is None, reason="there is no chromium on this machine")
async def test_a_real_browser_pastes_and_copies_and_breaks_lines_once(door: WebDoor) -> None:
    """Ctrl+v and, with something marked, ctrl+c are the browser's; the log's lines fit its window; the next ticket finds nothing of the last."""
    async with chromium() as page:
        address = f"http://127.0.0.1:{door.port}/"
        await page.call("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"], origin=address)
        await page.call("Emulation.setDeviceMetricsOverride", width=520, height=500, deviceScaleFactor=1, mobile=False)
        await page.call("Page.navigate", url=f"{address}#{TICKET}")
        await page.is_ready("Join with screens")
        await page.enter()
        await page.shows("Before you start")
        await page.value("navigator.clipboard.writeText('from elsewhere')")
        await page.enter()
        await page.shows("You are the government")
        await page.enter()
        await page.holds("!document.body.innerText.includes('You are the government')")
        await page.value("terminal.input('/')")
        await page.shows("Find in reports")
        await page.with_ctrl("v", "paste")
        await page.shows("from elsewhere")
        await page.value("terminal.selectAll()")
        await page.with_ctrl("c")
        await page.holds("!terminal.hasSelection()")
        assert "from elsewhere" in await page.value("navigator.clipboard.readText()")
        await page.value("part('other').click()")
        await page.holds("terminal.selectAll(), terminal.getSelection().trim() === ''")
        await page.value("part('secret').value = 'second-ticket'")
        await page.value("part('lines').click()")
        await page.shows("Type help for the commands.")
        assert await page.value("Math.max(...[...part('log').children].map((row) => row.textContent.length))") < 60
        assert (
            await page.value("[...part('log').children].filter((row) => row.getClientRects()[0].height > 30).map((row) => row.textContent)")
            == []
        )
    await until(lambda: not door.sessions)


@pytest.mark.asyncio
@pytest.mark.skipif(shutil.which("chromium") is None, reason="there is no chromium on this machine")
async def test_a_real_browser_plays(door: WebDoor) -> None:
    """A ticket behind the #, which is wiped; the terminal paints; lines as well; nothing is asked of another place, and the browser complains
    of nothing, least of all of the content policy.
    """
    async with chromium() as page:
        address = f"http://127.0.0.1:{door.port}/"
        await page.call("Page.navigate", url=f"{address}#{TICKET}")
        await page.is_ready("Join with screens")
        assert await page.value("location.href") == address
        assert await page.value("document.getElementById('secret').value") == TICKET
        await page.enter()
        await page.shows("Before you start")
        await page.enter()
        await page.shows("You are the government of Uzbekistan")
        assert await page.value("sessionStorage.getItem('situation-room-code')") == f"code-{TICKET}"
        await page.call("Page.reload")
        await page.is_ready("You have a seat here.")
        await page.enter()
        await page.shows("turn 1 of")
        lost = next(iter(door.sessions))
        lost._ws.transport.abort()
        await until(lambda: door.sessions and lost not in door.sessions)  # the page came back by itself
        await page.holds("document.getElementById('parted').hidden")
        await page.shows("turn 1 of")
        await page.value("sessionStorage.clear()")
        await page.call("Page.navigate", url="about:blank")
        await page.call("Page.navigate", url=f"{address}#second-ticket")
        await page.is_ready("Join in lines")
        await page.value("document.getElementById('lines').click()")
        await page.shows("Type help for the commands.")
        assert await page.value("document.activeElement.id") == "line"
        await page.call("Input.insertText", text="quit")
        await page.enter()
        await page.shows("resume with: this page")
        assert page.complaints == []
        assert [url for url in page.asked_for if not url.startswith((address, "about:", f"ws://127.0.0.1:{door.port}/"))] == []
    await until(lambda: not door.sessions)
