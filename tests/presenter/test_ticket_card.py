"""A ticket on the console: every way in that is open, what to compare, and a QR code that holds what it should, where there is room."""

from __future__ import annotations

import pytest
import segno

from exercise.net.ticket import parse_ticket
from exercise.presenter.control import TicketLine, Ways
from exercise.presenter.facilitator import Console
from exercise.presenter.qr import MARKS, QUIET, qr_lines
from exercise.presenter.rows import Rows, line_width, plain, text_of
from exercise.presenter.ticket_card import scanned, ticket_card
from tests.presenter.gathering import facilitated

WORDS = "lusab-babad-gutih"
FINGERPRINT = "abcde-fghij-klmno-pqrst-uvwxy"
JOIN = f"192.168.43.100:4747/{FINGERPRINT}/"
WAYS = {
    "join": JOIN,
    "fingerprint": FINGERPRINT,
    "ssh": "ssh -p 2222 192.168.43.100",
    "ssh_key": "SHA256:9qT0cXy1Jq2m3kLw8vQeR5tYuIoPaSdFgHjKlZxCvBn",
    "web": "https://192.168.43.100:8443/",
    "web_key": ":".join(["3F"] * 32),
}
TICKET = TicketLine("t1", "head", ("town",), WORDS, "unused")
ROOMY = ((116, 31), (74, 20), (60, 60))
TIGHT = ((60, 30), (40, 31), (74, 15))


def console(**ways: str) -> Console:
    """A console that was told these ways."""
    room, made, link = facilitated()
    room.room.ways = ways
    made.announce("now you know")
    link.deliver()
    return made


def drawn(rows: Rows) -> list[str]:
    """The lines of the QR code in some rows."""
    return [run.text for row in rows for line in row.lines for run in line if run.role == "qr"]


@pytest.mark.parametrize("content", [f"{JOIN}{WORDS}", f"https://192.168.43.100:8443/#{WORDS}", "[fe80::1]:7410/A/b"])
def test_the_code_drawn_is_the_symbol_of_the_text(content: str) -> None:
    """Module for module, with a quiet margin, and nothing but light below an odd last row."""
    expected = [[bool(cell) for cell in row] for row in segno.make(content, error="l", micro=False).matrix_iter(border=QUIET)]
    pairs = {mark: pair for pair, mark in MARKS.items()}
    rows = [list(row) for line in qr_lines(content) for row in zip(*(pairs[mark] for mark in line), strict=True)]
    assert rows[: len(expected)] == expected
    assert not any(any(row) for row in rows[len(expected) :])


@pytest.mark.parametrize("size", [*ROOMY, *TIGHT])
def test_the_words_and_the_fingerprints_stand_there_in_every_size(size: tuple[int, int]) -> None:
    """With the code or without, beside it or above: nothing is wider than the terminal, and nothing that must be read is left out."""
    rows = ticket_card(console(**WAYS), TICKET, *size)
    assert all(line_width(line) <= size[0] for row in rows for line in row.lines)
    left = "".join(plain(tuple(run for run in line if run.role != "qr")) for row in rows for line in row.lines).replace(" ", "")
    for told in (WORDS, "LUSAB", f"exercisejoin{JOIN}{WORDS}", f"fingerprint{FINGERPRINT}", *WAYS.values()):
        assert told.replace(" ", "") in left, told
    assert bool(drawn(rows)) == (size in ROOMY)
    if size in ROOMY:
        assert drawn(rows) == list(qr_lines(f"https://192.168.43.100:8443/#{WORDS}"))
        lines = [line for row in rows for line in row.lines]
        assert max(number for number, line in enumerate(lines) if any(run.role == "qr" for run in line)) < size[1], "it is not seen whole"


def test_what_is_scanned_is_the_page_that_others_can_open_or_the_ticket() -> None:
    """A page of the host's own machine opens on no phone; without any way there is nothing to scan."""
    assert scanned(Ways(**WAYS), WORDS) == f"https://192.168.43.100:8443/#{WORDS}"
    for web in ("", "https://127.0.0.1:8443/", "https://[::1]:8443/"):
        held = scanned(Ways(**{**WAYS, "web": web}), WORDS)
        assert str(parse_ticket(held)) == f"{JOIN}{WORDS}"
        assert len(qr_lines(held)) <= 17, "it would not fit a terminal of 24 lines"
    by_interface = f"[fe80::1%eth0]:4747/{FINGERPRINT}/"
    assert scanned(Ways(join=by_interface), WORDS) == f"{by_interface}{WORDS}"
    assert scanned(Ways(), WORDS) == ""
    assert "on the host's own machine" in text_of(ticket_card(console(**{**WAYS, "web": "https://127.0.0.1:8443/"}), TICKET, 90, 50))


def test_ways_that_are_shut_are_not_told() -> None:
    """And where nothing is known there are the words alone, without an empty code."""
    only = text_of(ticket_card(console(join=JOIN, fingerprint=FINGERPRINT), TICKET, 90, 50))
    assert "ssh" not in only
    assert "browser" not in only
    bare = ticket_card(console(), TICKET, 90, 50)
    assert WORDS in text_of(bare)
    assert drawn(bare) == []
