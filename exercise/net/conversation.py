"""What a seat's program says to a host and hears from it, without a socket: nothing lost, nothing done twice, over many connections.

Acts get a name for ever and are sent again on every new connection until they are answered; the host does each once. Of every stream it is
known how far it was heard, and the rest is asked for. A connection begins with ``hello``; ``to_send`` is what has not been sent on it.
"""

from __future__ import annotations

import itertools
import json
import secrets
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any

import attrs

from exercise.net.hearing import Hearing
from exercise.net.keepsake import Keepsake, Shelf
from exercise.presenter.link import Frame, Hear

PROTOCOL = 1


class LineError(Exception):
    """A host that cannot be reached, does not let us in, or lets us go. ``code`` is the host's, or ``unreachable`` or ``stranger``."""

    def __init__(self, code: str, why: str, hint: str = "") -> None:
        super().__init__(why)
        self.code, self.hint = code, hint

    @property
    def words(self) -> str:
        """What happened and what to do, in one line."""
        return f"{self} ({self.hint})" if self.hint else str(self)


class StreamLink:
    """One stream of a conversation, as screens want it (``exercise.presenter.link.Link``). ``welcome`` is the stream's first frame;
    ``memory`` is where the screen keeps what is its own.
    """

    def __init__(self, stream: str, ask: Callable[[Mapping[str, Any], StreamLink], None], memory: Shelf | None = None) -> None:
        self.stream = stream
        self.memory = memory
        self.hearing = Hearing()
        self.welcome: Future[Frame] = Future()
        self._ask = ask

    def send(self, act: Mapping[str, Any]) -> None:
        """Hand an act to the host."""
        self._ask(act, self)

    def listen(self, hear: Hear) -> None:
        """Hear every frame from the first on."""
        self.hearing.listen(hear)

    def close(self) -> None:
        """Hear nothing more. The line itself belongs to whoever opened it."""
        self.hearing.close()


@attrs.define(slots=True)
class Asked:
    """An act that was not answered yet: the text that is sent, whose it is, and what they call it."""

    text: str
    link: StreamLink
    ref: Any
    sent: bool = False


class Conversation:
    """With one host, by one ticket. ``ask`` is what a link does with an act: handed on to whoever owns the thread of this conversation.

    ``said`` is what a door says of its people: ``name``, ``via``, ``key``, ``from``.
    """

    def __init__(
        self,
        secret: str,
        version: str,
        *,
        said: Mapping[str, str] | None = None,
        keepsake: Keepsake | None = None,
        ask: Callable[[Mapping[str, Any], StreamLink], None] | None = None,
        session: str = "",
    ) -> None:
        self.joined: Frame = {}
        self.links: dict[str, StreamLink] = {}
        self.gone = ""
        """Why nothing will ever be answered any more, or empty."""
        self.is_back = False
        """Whether somebody comes back, with what a ticket was exchanged for earlier."""
        self.keepsake = keepsake or Keepsake()
        self._secret, self._version, self._said = secret, version, dict(said or {})
        self._ask = ask or self.ask
        self._session = session or secrets.token_hex(8)
        self._numbers, self._connections = itertools.count(1), itertools.count(1)
        self._asked: dict[str, Asked] = {}
        self._heard: dict[str, int] = {}
        self._is_in = False
        self.away = False
        self._told_away = False

    def hello(self) -> str:
        """The first text of a new connection. A ticket is not shown before the name that it is exchanged under is written down.

        Connections are counted, so that the host knows one that was given up and arrives late from the one that took its place.
        """
        self._is_in = self._told_away = False
        for asked in self._asked.values():
            asked.sent = False
        if not self.keepsake.token:
            self.keepsake.save()
        return json.dumps(
            {
                "hello": PROTOCOL,
                "version": self._version,
                "secret": self.keepsake.token or self._secret,
                "client": self.keepsake.program,
                "run": self._session,
                "connection": next(self._connections),
                "since": dict(self._heard),
                **{name: one for name, one in self._said.items() if one},
            }
        )

    def ask(self, act: Mapping[str, Any], link: StreamLink) -> None:
        """An act for the host, to be sent until it is answered. Its ``seat`` is added where the ticket holds several."""
        name = f"{self._session}:{next(self._numbers)}"
        seat = {"seat": link.stream} if link.stream in self.joined.get("seats", ()) else {}
        asked = Asked(json.dumps({**seat, **act, "ref": name}), link, act.get("ref", ""))
        if self.gone:
            self._answer_no(asked)
        else:
            self._asked[name] = asked

    def to_send(self) -> list[str]:
        """What has not been sent on this connection, in the order in which it was asked; nothing before the host has let us in.

        Whether whoever sits behind a door is ``away`` comes first: a new connection begins as one of somebody who is here.
        """
        if not self._is_in:
            return []
        news = [json.dumps({"away": self.away})] if self.away != self._told_away else []
        self._told_away = self.away
        fresh = [asked for asked in self._asked.values() if not asked.sent]
        for asked in fresh:
            asked.sent = True
        return [*news, *(asked.text for asked in fresh)]

    def hear(self, text: str | bytes) -> None:
        """A text from the host. Raises ``LineError`` when the host says farewell or cannot be understood."""
        try:
            frame = json.loads(text)
        except ValueError:
            frame = None
        kind = frame.get("frame") if isinstance(frame, dict) else None
        if not isinstance(frame, dict) or not isinstance(kind, str):
            raise LineError("bad", "what the host sent cannot be read", "use the same version as the host")
        if kind == "bye":
            self._hear_farewell(frame)
        elif kind == "joined":
            self._let_in(frame)
        elif "seq" in frame:
            self._hear_stream(frame)
        elif kind in ("ack", "refused"):
            asked = self._asked.pop(str(frame.get("ref", "")), None)
            if asked is not None:
                asked.link.hearing.receive({**frame, "ref": asked.ref})
        elif kind != "pong":
            self.tell(frame)

    def tell(self, frame: Frame) -> None:
        """Tell all listeners something that is part of no stream."""
        for link in self.links.values():
            link.hearing.receive(frame)

    def give_up(self, why: str) -> None:
        """It is over: whatever was asked is answered, and so is whatever will be."""
        self.gone = why
        asked, self._asked = self._asked, {}
        for one in asked.values():
            self._answer_no(one)

    def _hear_farewell(self, frame: Frame) -> None:
        code, why = str(frame.get("code", "")), str(frame.get("why", ""))
        if code == "ticket" and self.keepsake.token and not self.joined:
            # What was kept is not known any more; the ticket may be.
            self.keepsake.token = ""
            raise LineError("again", why)
        raise LineError(code, why, str(frame.get("hint", "")))

    def _let_in(self, frame: Frame) -> None:
        if not self.joined:
            self.is_back = not frame.get("token")
        if frame.get("token"):
            self.keepsake.token, self.keepsake.code = str(frame["token"]), str(frame.get("code", ""))
            self.keepsake.save()
        code = self.keepsake.code
        if not self.keepsake.token:  # no ticket was exchanged: what was shown is the resume code, which the host does not say again
            code = "-".join(self._secret.lower().split())
        self.joined = {name: value for name, value in frame.items() if name != "token"} | {"code": code}
        for stream in frame.get("streams", frame.get("seats", ())):
            self.links.setdefault(stream, StreamLink(stream, self._ask, self.keepsake.shelf(str(stream))))
        self._is_in = True
        self.tell(self.joined)

    def _hear_stream(self, frame: Frame) -> None:
        stream, seq = str(frame.get("stream", "")), frame["seq"]
        link = self.links.get(stream)
        if link is not None and isinstance(seq, int) and seq > self._heard.get(stream, 0):
            self._heard[stream] = seq
            if frame["frame"] == "welcome" and not link.welcome.done():
                link.welcome.set_result(frame)
            link.hearing.receive(frame)

    def _answer_no(self, asked: Asked) -> None:
        asked.link.hearing.receive({"frame": "refused", "ref": asked.ref, "code": "line", "why": self.gone, "hint": ""})
