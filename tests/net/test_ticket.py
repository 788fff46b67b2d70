"""Tickets as text: what is printed is understood again, what people mistype is said in one line, and nothing else gets through."""

from __future__ import annotations

import hashlib
import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercise.net.ticket import Ticket, TicketError, fingerprint_text, parse_ticket
from exercise.session.joining import draw_words

MARK = "k7q2m-3xabc-5defg-hijkl-mnopq"
WORDS = "lusab-babad-gutih"

addresses = st.one_of(
    st.ip_addresses(v=4).map(str),
    st.ip_addresses(v=6).map(lambda one: str(ipaddress.IPv6Address(one))),
    st.from_regex(r"[a-z](?:[a-z0-9-]{0,20}[a-z0-9])?(?:\.[a-z]{2,6})?", fullmatch=True),
)


@given(addresses, st.integers(1, 65_535), st.binary(min_size=1, max_size=64), st.randoms(use_true_random=False))
def test_what_is_printed_is_understood_again(address, port, certificate, dice):
    """Also in capitals, and with blanks around it."""
    ticket = Ticket(address, port, fingerprint_text(hashlib.sha256(certificate).digest()), draw_words(dice.randbytes))
    assert parse_ticket(str(ticket)) == ticket
    assert attrs_without_address(parse_ticket(f"  {str(ticket).upper()}\n")) == attrs_without_address(ticket)


def attrs_without_address(ticket: Ticket) -> tuple[int, str, str]:
    """A name of a host keeps its capitals; nothing else does."""
    return ticket.port, ticket.fingerprint, ticket.words


def test_a_fingerprint_holds_more_than_a_hundred_bits():
    """25 letters of 5 bits, in groups that can be read aloud."""
    text = fingerprint_text(b"\xff" * 32)
    assert [len(group) for group in text.split("-")] == [5] * 5


@pytest.mark.parametrize(
    "typed",
    [f"exercise join 10.0.0.5:4747/{MARK}/{WORDS}", f"10.0.0.5:4747 / {MARK} / {WORDS}", f"10.0.0.5:4747/{MARK}/Lusab babad_gutih"],
)
def test_what_people_type_for_a_ticket_is_one(typed):
    """The whole line of the sheet, blanks, words as they were read out."""
    assert str(parse_ticket(typed)) == f"10.0.0.5:4747/{MARK}/{WORDS}"


def test_letters_that_are_misread_do_not_matter():
    """Base32 has no 0, 1 and 8."""
    assert parse_ticket(f"10.0.0.5:4747/{MARK.replace('o', '0').replace('l', '1').replace('b', '8')}/{WORDS}").fingerprint == MARK


def test_an_address_may_name_an_interface():
    """A link-local address of IPv6 is worth nothing without one."""
    ticket = parse_ticket(f"[fe80::1%wlan0]:4747/{MARK}/{WORDS}")
    assert (ticket.address, str(ticket)) == ("fe80::1%wlan0", f"[fe80::1%wlan0]:4747/{MARK}/{WORDS}")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no ticket"),
        ("lusab-babad-gutih", "not whole"),
        (f"10.0.0.5:4747/{MARK}", "not whole"),
        (f"10.0.0.5:4747/{MARK}/{WORDS}/more", "too many parts"),
        (f"10.0.0.5/{MARK}/{WORDS}", "names no port"),
        (f"10.0.0.5:0/{MARK}/{WORDS}", "is no port"),
        (f"10.0.0.5:70000/{MARK}/{WORDS}", "is no port"),
        (f"10.0.0.5:47٤7/{MARK}/{WORDS}", "is no port"),
        (f"fe80::1:4747/{MARK}/{WORDS}", "in brackets"),
        (f"[fe80::1]/{MARK}/{WORDS}", "names no port"),
        (f"[fe80::zz]:4747/{MARK}/{WORDS}", "no IPv6 address"),
        (f"[fe80::1%a b]:4747/{MARK}/{WORDS}", "no network interface"),
        (f"-room:4747/{MARK}/{WORDS}", "is no address"),
        (f"a b:4747/{MARK}/{WORDS}", "is no address"),
        (f"\x1b]52;c;eA==\x07:4747/{MARK}/{WORDS}", "is no address"),
        (f"10.0.0.5:4747/{MARK[:-1]}/{WORDS}", "fingerprint"),
        (f"10.0.0.5:4747/{MARK[:-1]}!/{WORDS}", "fingerprint"),
        (f"10.0.0.5:4747/{MARK}/lusab!babad", "words at the end"),
        (f"https://10.0.0.5:8443/#{WORDS}", "address for a browser"),
        ("x" * 10_000, "no ticket"),
    ],
)
def test_what_is_no_ticket_is_refused_with_what_is_wrong(text, why):
    """One line without control characters, and a hint that shows what a ticket looks like."""
    with pytest.raises(TicketError, match=why) as refusal:
        parse_ticket(text)
    assert "lusab" in refusal.value.hint
    assert str(refusal.value).isprintable()


@given(st.text(max_size=80))
def test_any_text_is_a_ticket_or_a_refusal(text):
    """Nothing else is raised."""
    try:
        ticket = parse_ticket(text)
    except TicketError:
        return
    assert parse_ticket(str(ticket)) == ticket
