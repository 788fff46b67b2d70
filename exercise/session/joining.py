"""Tickets, and what they are exchanged for: who may come in, as what, and come back.

A ticket is words that the facilitator hands out. The first client that shows it gets a token, which its program keeps, and a resume code,
which a person can type; the ticket is spent by that. A token, a code or a bound ssh key brings the same client back on whatever line.
Tries with wrong words are capped over all lines together; a token of 128 bits cannot be guessed and is never refused for the cap.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections import deque
from collections.abc import Callable
from typing import Any

import attrs

from exercise.session.once import Once

Draw = Callable[[int], bytes]
"""Gives so many bytes that nobody can foresee."""

CONSONANTS, VOWELS = "bdfghjklmnprstvz", "aiou"
WORDS = 3
"""Words of a ticket or resume code: 16 bits each."""
RATE, RATE_S = 120, 60.0
"""Acts that a client may send within so many seconds."""
TRIES, TRIES_S = 60, 60.0
"""Wrong tickets and codes that are looked at within so many seconds, over all lines together."""


def draw_words(draw: Draw) -> str:
    """48 bits as three words that can be read aloud: consonants and vowels in turn, such as ``lusab-babad-gutih``."""
    words: list[str] = []
    for _ in range(WORDS):
        bits = int.from_bytes(draw(2), "big")
        letters: list[str] = []
        for place in range(5):
            alphabet, size = (VOWELS, 2) if place % 2 else (CONSONANTS, 4)
            letters.append(alphabet[bits & (len(alphabet) - 1)])
            bits >>= size
        words.append("".join(letters))
    return "-".join(words)


def plain_words(typed: str) -> str:
    """Words as people type them: case, blanks, dots and underscores for hyphens do not matter."""
    return "-".join("".join(one if one.isalnum() else " " for one in typed.lower()).split())


@attrs.define(slots=True)
class Ticket:
    """A ticket: for which role and seats. ``words`` are forgotten when it is spent or revoked. One of the host's own console (``own``) is
    nobody's to hand out, and ends with the host.
    """

    id: str
    role: str
    seats: tuple[str, ...]
    words: str
    state: str = "unused"
    own: bool = False


@attrs.define(slots=True)
class Client:
    """Somebody who came in: by which ticket, as what. ``token`` and ``code`` are kept as digests, ``key`` is an ssh key's fingerprint."""

    id: str
    role: str
    seats: tuple[str, ...]
    ticket: str
    token: str
    code: str
    name: str = ""
    key: str = ""
    program: str = ""
    """Digest of the random name of the program that exchanged the ticket: it may show the ticket again when the answer was lost."""
    gone: bool = False
    """Whether its ticket was revoked."""
    spent: deque[tuple[float, int]] = attrs.field(factory=deque, metadata={"kept": False})
    """What it sent lately, on whatever lines."""

    def spends(self, cost: int, now: float) -> bool:
        """Whether it may send so much now; if so, it has."""
        while self.spent and now - self.spent[0][0] >= RATE_S:
            self.spent.popleft()
        is_free = sum(one for _, one in self.spent) + cost <= RATE
        if is_free:
            self.spent.append((now, cost))
        return is_free


@attrs.frozen(slots=True)
class Let:
    """Somebody is let in; ``token`` and ``code`` are given out once, when a ticket is exchanged."""

    client: Client
    token: str = ""
    code: str = ""


@attrs.frozen(slots=True)
class Barred:
    """Somebody is not let in. ``alert`` is what the facilitators are told, or empty."""

    code: str
    why: str
    hint: str = ""
    alert: str = ""


WRONG = Barred("ticket", "this ticket opens nothing here", "look at it again, or ask the facilitator for a new one")
SPENT = Barred(
    "ticket",
    "this ticket is spent: somebody came in with it",
    "come back with the resume code, or ask the facilitator for a new ticket",
)
REVOKED = Barred("revoked", "your ticket was taken back", "ask the facilitator for a new one")
TOO_MANY = Barred("too-many", "too many wrong tickets were tried", "wait a minute and try again")


@attrs.define(slots=True)
class Door:
    """Everybody who may come in. ``changed`` says that what must be kept has changed."""

    draw: Draw
    tickets: dict[str, Ticket] = attrs.field(factory=dict)
    clients: dict[str, Client] = attrs.field(factory=dict)
    spent: dict[str, str] = attrs.field(factory=dict)
    names: list[str] = attrs.field(factory=list)
    """Names of acts that were done and stand in no log: about tickets and names."""
    changed: bool = False
    _wrong: deque[float] = attrs.field(factory=deque)
    _alerted: set[str] = attrs.field(factory=set)
    _issued: int = 0

    def issue(self, role: str, seats: tuple[str, ...], *, own: bool = False) -> Ticket:
        """A new ticket. One of the host's own console does not count among those that are handed out."""
        self._issued += not own
        id = f"t{self._issued}" if not own else f"here-{base64.b32encode(self.draw(5)).decode().lower()}"
        ticket = Ticket(id, role, seats, draw_words(self.draw), own=own)
        self.tickets[ticket.id] = ticket
        self.changed = True
        return ticket

    def revoke(self, id: str) -> list[Client]:
        """Make a ticket worthless, and the clients that came with it; returns them."""
        ticket = self.tickets[id]
        if ticket.words:
            self.spent[id] = _digest(ticket.words)
        ticket.state, ticket.words = "revoked", ""
        gone = [client for client in self.clients.values() if client.ticket == id and not client.gone]
        for client in gone:
            client.gone, client.key = True, ""
        self.changed = True
        return gone

    def done(self, name: str) -> None:
        """An act was done that leaves nothing in the log by which it could be known again."""
        self.names.append(name)
        self.changed = True

    def kept_names(self, once: Once) -> None:
        """Let acts that were done before a restart be known."""
        for name in self.names:
            once.did(name)

    def enter(self, secret: str, now: float, *, key: str = "", program: str = "") -> Let | Barred:
        """Somebody shows a ticket, a token or a resume code, or with no secret an ssh key that came in before.

        ``program`` is a random name that the client's program keeps for as long as it runs.
        """
        if not secret:
            known = [client for client in self.clients.values() if key and client.key == key and not client.gone]
            return Let(known[0]) if known else Barred("ticket", "a ticket or resume code is needed")
        token = self._by_digest(secret, "token")
        if token is not None:
            return self._bind(token, key)
        gone = self._by_digest(secret, "token", gone=True)
        if gone is not None:
            return attrs.evolve(REVOKED, alert=self._alert_once(gone.ticket))
        while self._wrong and now - self._wrong[0] >= TRIES_S:
            self._wrong.popleft()
        if len(self._wrong) >= TRIES:
            return TOO_MANY
        return self._by_words(plain_words(secret), key, program) or self._wrong_words(plain_words(secret), now)

    def _by_words(self, words: str, key: str, program: str) -> Let | None:
        """Whom these words let in: a resume code, a ticket, or a spent one that the same program shows again."""
        coded = self._by_digest(words, "code")
        if coded is not None:
            return self._bind(coded, key)
        shown = [ticket for ticket in self.tickets.values() if hmac.compare_digest(ticket.words.encode(), words.encode())]
        if shown and words:
            return self._exchange(shown[0], key, program)
        again = self._shown_again(words, program)
        return None if again is None else self._bind(again, key, renew=True)

    def _alert_once(self, ticket: str) -> str:
        """Programs whose ticket was taken back try again and again; that is told once."""
        is_new = ticket not in self._alerted
        self._alerted.add(ticket)
        return f"somebody whose ticket {ticket} was taken back tried to come in" if is_new else ""

    def _wrong_words(self, words: str, now: float) -> Barred:
        self._wrong.append(now)
        spent = self._spent_ticket(words)
        if spent and self.tickets[spent].state != "revoked":
            return attrs.evolve(SPENT, alert=f"ticket {spent} was shown a second time")
        if spent or self._by_digest(words, "code", gone=True) is not None:
            return attrs.evolve(
                WRONG,
                alert=f"what was taken back with ticket {spent} was shown again"
                if spent
                else "a resume code that was taken back was shown again",
            )
        many = f"{TRIES} wrong tickets within {TRIES_S:.0f} s" if len(self._wrong) == TRIES else ""
        return attrs.evolve(WRONG, alert=many)

    def keep(self) -> dict[str, Any]:
        """Everything that must outlast the host, as JSON. It holds unspent tickets: for the host's own eyes."""
        self.changed = False
        return {
            "issued": self._issued,
            "tickets": [attrs.asdict(ticket) for ticket in self.tickets.values()],
            "clients": [attrs.asdict(client, filter=lambda field, _: field.metadata.get("kept", True)) for client in self.clients.values()],
            "spent": dict(self.spent),
            "done": list(self.names),
        }

    @classmethod
    def kept(cls, draw: Draw, data: dict[str, Any]) -> Door:
        """The same door after a restart."""
        door = cls(draw, spent=dict(data["spent"]), names=list(data.get("done", ())))
        door._issued = data["issued"]
        for one in data["tickets"]:
            ticket = Ticket(**{**one, "seats": tuple(one["seats"])})
            if not ticket.own:
                door.tickets[ticket.id] = ticket
        for one in data["clients"]:
            if one["ticket"] in door.tickets:
                door.clients[one["id"]] = Client(**{**one, "seats": tuple(one["seats"])})
        return door

    def _exchange(self, ticket: Ticket, key: str, program: str) -> Let:
        token, code = self.draw(16).hex(), draw_words(self.draw)
        self.spent[ticket.id] = _digest(ticket.words)
        ticket.state, ticket.words = "bound", ""
        id = base64.b32encode(self.draw(5)).decode().lower()
        client = Client(id, ticket.role, ticket.seats, ticket.id, _digest(token), _digest(code), key=key)
        client.program = _digest(program) if program else ""
        self.clients[id] = client
        self.changed = True
        return Let(client, token, code)

    def _bind(self, client: Client, key: str, *, renew: bool = False) -> Let:
        if key and client.key != key:
            client.key = key
            self.changed = True
        if not renew:
            return Let(client)
        token, code = self.draw(16).hex(), draw_words(self.draw)
        client.token, client.code = _digest(token), _digest(code)
        self.changed = True
        return Let(client, token, code)

    def _shown_again(self, words: str, program: str) -> Client | None:
        """The client that exchanged this ticket, if it is the same program that asks again: the answer did not reach it."""
        ticket = self._spent_ticket(words)
        for client in self.clients.values():
            if ticket and client.ticket == ticket and not client.gone and program and hmac.compare_digest(client.program, _digest(program)):
                return client
        return None

    def _spent_ticket(self, words: str) -> str:
        digest = _digest(words)
        return next((id for id, kept in self.spent.items() if hmac.compare_digest(kept, digest)), "")

    def _by_digest(self, secret: str, what: str, *, gone: bool = False) -> Client | None:
        """Whose secret that is. Digests are compared, all of them, so that time tells nothing."""
        digest = _digest(secret)
        found = None
        for client in self.clients.values():
            if hmac.compare_digest(getattr(client, what), digest) and client.gone == gone:
                found = client
        return found


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
