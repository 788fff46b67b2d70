"""One ticket, to be read out, typed or scanned: its words, every way in that is open, and what to compare before trusting it."""

from __future__ import annotations

import re
import shlex

from exercise.presenter.control import TicketLine, Ways
from exercise.presenter.facilitator import Console
from exercise.presenter.facilitator_rows import person_lines, ticket_for
from exercise.presenter.qr import qr_lines
from exercise.presenter.rows import BLANK, Line, Row, Rows, Run, line_width, note, wrap
from exercise.presenter.words import _

LEAST_TEXT = 34
"""Cells that the words keep beside a QR code."""
GAP = 2
LOOPBACK = re.compile(r"https?://(127\.|localhost\b|\[::1\])")


def ticket_card(console: Console, one: TicketLine, width: int, height: int = 0) -> Rows:
    """A ticket: behind the words what whoever has it does, and a QR code where the terminal has room for it. A spent one has no words."""
    if not one.words:
        told = _("Somebody came in with it; its words open nothing any more. Lost their machine and their resume code? R takes it back and "
                 "makes another.")  # fmt: skip
        people = [Row(person_lines(each, width)) for each in console.control.clients if each.ticket == one.id]
        return (note(ticket_for(console, one), width, role="strong"), BLANK, note(told, width), *people)
    code = qr_lines(scanned(console.control.ways, one.words)) if height and scanned(console.control.ways, one.words) else ()
    if code and len(code) <= height and len(code[0]) + GAP + LEAST_TEXT <= width:
        return _beside(_words(console, one, width - len(code[0]) - GAP), code, width)
    rows = _words(console, one, width)
    if code and len(code[0]) <= width and _lines(rows) + 1 + len(code) <= height:
        return (*rows, BLANK, *(Row(((Run(each, "qr"),),)) for each in code))
    return (*rows, BLANK, note(_("A larger terminal shows a QR code here."), width)) if code else rows


def scanned(ways: Ways, words: str) -> str:
    """What the QR code of a ticket holds: the page of the web door if others can open it, else the whole ticket; empty without both."""
    if ways.web and LOOPBACK.match(ways.web) is None:
        return f"{ways.web}#{words}"
    ticket = f"{ways.join}{words}" if ways.join else ""
    # Case does not matter in a ticket, but in the name of a network interface; capitals alone make a smaller code.
    return ticket if "[" in ticket else ticket.upper()


def _words(console: Console, one: TicketLine, width: int) -> Rows:
    ways = console.control.ways
    rows = [note(ticket_for(console, one), width, role="strong"), BLANK]
    rows += [Row(((Run("   "), Run(" ".join(word.upper()), "title")),)) for word in one.words.split("-")]
    rows += [BLANK, note(_("Read it out word by word; capitals do not matter: {words}", words=one.words), width)]
    if ways.join:
        rows += _way(
            _("With the program:"), f"exercise join {shlex.quote(ways.join + one.words)}", _("fingerprint"), ways.fingerprint, width
        )
    if ways.ssh:
        rows += _way(_("By ssh, which asks for these three words:"), ways.ssh, _("the door's key"), ways.ssh_key, width)
    if ways.web:
        alone = LOOPBACK.match(ways.web) is not None
        where = _("In a browser on the host's own machine:") if alone else _("In a browser:")
        rows += _way(where, f"{ways.web}#{one.words}", _("certificate"), ways.web_key, width)
    return (*rows, note(_("It opens once. Whoever came in comes back by themselves, or with their resume code."), width))


def _way(title: str, typed: str, what: str, fingerprint: str, width: int) -> list[Row]:
    rows = [note(title, width), Row(wrap([Run(typed, "strong")], width, indent=4, first=2))]
    if fingerprint:
        rows.append(Row(wrap([Run(f"{what} ", "dim"), Run(fingerprint)], width, indent=4, first=2)))
    return rows


def _lines(rows: Rows) -> int:
    return sum(len(row.lines) for row in rows)


def _beside(rows: Rows, code: tuple[str, ...], width: int) -> Rows:
    """Words at the left, the code at the right."""
    lines: list[Line] = [line for row in rows for line in row.lines]
    at = width - len(code[0])
    shown = []
    for number in range(max(len(lines), len(code))):
        left = lines[number] if number < len(lines) else ()
        right = (Run(" " * (at - line_width(left))), Run(code[number], "qr")) if number < len(code) else ()
        shown.append(Row(((*left, *right),)))
    return tuple(shown)
