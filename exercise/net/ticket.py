"""Tickets as people copy them: where the host is, how to know it, and the words that open the door, in one text without blanks.

    192.168.1.20:4747/k7q2m-3xabc-5defg-hijkl-mnopq/lusab-babad-gutih

An IPv6 address stands in brackets. The middle part is the beginning of the SHA-256 of the host's certificate; the words are secret.
"""

from __future__ import annotations

import base64
import ipaddress
import re

import attrs

PORT = 4747
"""Where a host listens unless it is told otherwise."""
FINGERPRINT_CHARACTERS = 25
"""Base32 characters of a fingerprint: 125 bits, which nobody can hit by trying."""
GROUP = 5
HIGHEST_PORT = 65_535
LONGEST = 400
COMMAND = "exercise join "
"""What stands before a ticket on its sheet."""

_MISREAD = str.maketrans("018", "olb")
"""Characters that base32 leaves out because people read them as these."""
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?")
_WORDS = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class TicketError(ValueError):
    """A text that is no ticket. The message says what is wrong with it, ``hint`` what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


LOOK_AGAIN = "a ticket looks like 192.168.1.20:4747/abcde-fghij-klmno-pqrst-uvwxy/lusab-babad-gutih: copy the whole of it"


@attrs.frozen(slots=True)
class Ticket:
    """Where a host is and what opens its door. ``fingerprint`` and ``words`` are in the form in which they are printed."""

    address: str
    port: int
    fingerprint: str
    words: str

    def __str__(self) -> str:
        """The ticket as it is printed."""
        return f"{place_text(self.address, self.port)}/{self.fingerprint}/{self.words}"


def place_text(address: str, port: int) -> str:
    """Address and port as one text, an IPv6 address in brackets."""
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def fingerprint_text(digest: bytes) -> str:
    """The beginning of a SHA-256 as people compare it: base32 in groups of five."""
    letters = base64.b32encode(digest).decode().lower()[:FINGERPRINT_CHARACTERS]
    return "-".join(letters[place : place + GROUP] for place in range(0, FINGERPRINT_CHARACTERS, GROUP))


def parse_ticket(text: str) -> Ticket:
    """The ticket that a text is, or the whole line to type; blanks around its parts, blanks for hyphens and the case of letters do not
    matter. Raises ``TicketError``.
    """
    stripped = text.strip().removeprefix(COMMAND).strip()
    if not stripped or len(stripped) > LONGEST:
        raise TicketError("this is no ticket", LOOK_AGAIN)
    if stripped.lower().startswith(("http:", "https:")):
        raise TicketError("this is the address for a browser", f"open it in one; {LOOK_AGAIN}")
    parts = [part.strip() for part in stripped.split("/")]
    if len(parts) != 3 or not all(parts):
        told = "this ticket is not whole" if len(parts) < 3 else "this ticket has too many parts"
        raise TicketError(f"{told}: it needs an address, a fingerprint and words, with / between them", LOOK_AGAIN)
    address, port = _place(parts[0])
    return Ticket(address, port, _fingerprint(parts[1]), _words(parts[2]))


def _place(text: str) -> tuple[str, int]:
    address, colon, digits = text.rpartition(":")
    if not colon or text.endswith("]"):
        raise TicketError(f"the address {_shown(text)} names no port", LOOK_AGAIN)
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 5 and 0 < int(digits) <= HIGHEST_PORT):
        raise TicketError(f"{_shown(digits)} is no port", LOOK_AGAIN)
    if address.startswith("[") and address.endswith("]"):
        return _bracketed(address[1:-1]), int(digits)
    if ":" in address:
        raise TicketError("an IPv6 address stands in brackets, such as [fe80::1]:4747", LOOK_AGAIN)
    if _HOST.fullmatch(address) is None:
        raise TicketError(f"{_shown(address)} is no address", LOOK_AGAIN)
    return address, int(digits)


def _bracketed(address: str) -> str:
    bare, _, zone = address.partition("%")
    try:
        whole = str(ipaddress.IPv6Address(bare))
    except ValueError:
        raise TicketError(f"{_shown(address)} is no IPv6 address", LOOK_AGAIN) from None
    if zone and re.fullmatch(r"[A-Za-z0-9._-]{1,32}", zone) is None:
        raise TicketError(f"{_shown(zone)} is no network interface", LOOK_AGAIN)
    return f"{whole}%{zone}" if zone else whole


def _fingerprint(text: str) -> str:
    letters = text.lower().replace("-", "").replace(":", "").translate(_MISREAD)
    if len(letters) != FINGERPRINT_CHARACTERS or re.fullmatch(r"[a-z2-7]+", letters) is None:
        raise TicketError(f"the fingerprint (the part in the middle) is not {FINGERPRINT_CHARACTERS} letters and digits", LOOK_AGAIN)
    return "-".join(letters[place : place + GROUP] for place in range(0, FINGERPRINT_CHARACTERS, GROUP))


def _words(text: str) -> str:
    words = "-".join(re.split(r"[\s._-]+", text.lower()))
    if len(words) > 100 or _WORDS.fullmatch(words) is None:
        raise TicketError("the words at the end are letters with - between them", LOOK_AGAIN)
    return words


def _shown(text: str) -> str:
    """A piece of what was typed, short and harmless for a terminal."""
    short = text if len(text) <= 40 else text[:39] + "…"
    return ascii(short)
