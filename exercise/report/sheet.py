"""The ticket sheet: one strip of paper for everybody who joins, to cut off and hand out.

Each strip says in plain words how to join by each door that is open, what to compare before trusting it, and what to do when the line
drops. The address of the browser's door and the ticket itself stand as QR codes as well. A ticket is a secret: so is this sheet.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping
from typing import Any

import segno

from exercise.report.printing import COLUMNS, document, escaped, wrapped

Ticket = Mapping[str, Any]
"""``seat`` (an id), its ``name``, ``role``, ``ticket`` (empty: used already), where these doors are open ``ssh`` (a command) and ``web``
(an address)."""
Way = tuple[str, str, list[str]]
"""How to join: a title, what to type or open, and what to know about it."""

ROLES = {
    "head": "decides for the seat",
    "member": "member of the team: reads, drafts, writes messages",
    "observer": "observer: reads what is public",
    "evaluator": "evaluator: reads, and takes notes",
    "facilitator": "facilitator: runs the exercise",
}

STYLE = """\
@page { size: A4; margin: 8mm 12mm; }
* { box-sizing: border-box; }
html { color: #000; background: #fff; font: 8.2pt/1.26 "Helvetica Neue", Helvetica, Arial, "Liberation Sans", "DejaVu Sans", sans-serif; }
body { margin: 0 auto; max-width: 186mm; }
.strip { break-inside: avoid; border-bottom: 1pt dashed #000; padding: 2.6mm 0; }
.strip:first-of-type { border-top: 1pt dashed #000; }
header { display: flex; justify-content: space-between; align-items: baseline; gap: 6mm; border-bottom: 1.2pt solid #000;
  margin-bottom: 1.4mm; }
header b { font-size: 15pt; line-height: 1.2; }
header span { font-size: 8.6pt; text-align: right; }
.inside { display: grid; grid-template-columns: 1fr auto; gap: 5mm; }
ol { margin: 0; padding-left: 4.5mm; }
li { margin: 0 0 1.1mm; }
li b { display: block; }
code { font: 8.4pt/1.3 "DejaVu Sans Mono", "Liberation Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
li > code { display: block; border: 0.6pt solid #000; padding: 0.6mm 1.4mm; margin: 0.5mm 0; }
.codes { display: flex; flex-direction: column; gap: 1mm; }
figure { margin: 0; text-align: center; }
figcaption { font-size: 7pt; max-width: 33mm; }
figure svg { width: 27mm; height: 27mm; display: block; margin: 0 auto; }
.drops { margin: 1mm 0 0; }
.blank { display: inline-block; border-bottom: 0.6pt solid #000; width: 46mm; }
.note { font-size: 7.4pt; margin: 0 0 3mm; }
@media screen { body { padding: 8mm; max-width: 202mm; } }
"""

WARNING = (
    "Each strip is a secret: whoever holds it can take the seat. The first machine that uses a ticket keeps it; if yours is refused "
    "although you never used it, tell the facilitator, who revokes it and gives you another."
)


def sheet(tickets: Iterable[Ticket], fingerprints: Mapping[str, str] | None = None, *, title: str = "") -> str:
    """The sheet as a printable HTML document that fetches nothing. ``fingerprints`` are those of the doors: ``ssh``, ``web``."""
    prints = fingerprints or {}
    head = f'<p class="note">{escaped(title)}{". " if title else ""}{escaped(WARNING)}</p>'
    return document(f"Tickets: {title}" if title else "Tickets", head + "\n".join(_strip(each, prints, title) for each in tickets), STYLE)


def sheet_text(tickets: Iterable[Ticket], fingerprints: Mapping[str, str] | None = None, *, title: str = "") -> str:
    """The same as text of eighty columns. Commands and addresses stand on lines of their own and are never broken: they can be copied."""
    lines = [*(wrapped(title) if title else []), *wrapped(WARNING)]
    for each in tickets:
        lines += ["", "- " * (COLUMNS // 2), *wrapped(f"{_name(each).upper()}   {_role(each)}")]
        for number, (way, typed, notes) in enumerate(_ways(each, fingerprints or {}), 1):
            lines += [f"{number}. {way}", f"     {typed}"]
            lines += [line for note in notes for line in wrapped(note, "   ", "   ")]
        lines += wrapped(USED) if not each.get("ticket") else []
        lines += [*wrapped(_drops(each)), f"{RESUME} {'_' * 24}"]
    return "\n".join(line.rstrip() for line in lines) + "\n"


RESUME = "Write your resume code here:"


USED = "This ticket was used already. Whoever has it comes back with the same program, or with the resume code."
LOOPBACK = re.compile(r"https?://(127\.|localhost\b|\[::1\])")


def words_of(ticket: str) -> str:
    """The three words of a ticket: what the other doors ask for."""
    return ticket.rpartition("/")[2]


def _ways(ticket: Ticket, fingerprints: Mapping[str, str]) -> list[Way]:
    """Every way to join that this ticket has, the one with the strongest guarantee first."""
    words = f"When it asks for your ticket, type the three words: {words_of(str(ticket.get('ticket') or ''))}"
    checked = "The program checks by itself that it speaks with the right host, and stops if not."
    ways: list[Way] = []
    if ticket.get("ticket"):
        ways.append(("With the program installed, in a terminal:", f"exercise join {shlex.quote(str(ticket['ticket']))}", [checked]))
    if ticket.get("ssh"):
        compare = _compare(fingerprints.get("ssh", ""), "ssh shows a fingerprint at the first connection")
        ways.append(("With nothing installed, in a terminal (also on Windows and macOS):", str(ticket["ssh"]), [*compare, words]))
    if ticket.get("web"):
        if str(ticket["web"]).startswith("http:"):
            safety = ["This way is not encrypted: only on a network that you trust."]
        else:
            safety = _compare(fingerprints.get("web", ""), "The browser warns; open the certificate that it shows")
        where = ["Open on the host's own machine alone."] if LOOPBACK.match(str(ticket["web"])) else []
        ways.append(("In a browser:", str(ticket["web"]), [*where, *safety, words]))
    return ways


def _drops(ticket: Ticket) -> str:
    """How to come back, by the doors that there are: the words of a ticket open once."""
    doors = [name for door, name in (("ssh", "by ssh"), ("web", "in a browser")) if ticket.get(door)]
    where = ", ".join([*doors, "on any other machine"])
    return (
        "When the line drops your seat is kept. The installed program comes back by itself, or by the same command on the same machine. "
        f"{where[0].upper()}{where[1:]}, the resume code opens in place of the three words: your screen shows it when you join, and the "
        "key i at any time."
    )


def _compare(fingerprint: str, where: str) -> list[str]:
    """What to look at before trusting a door; nobody but the reader can do it."""
    return [f"{where}. Go on only if it is", fingerprint] if fingerprint else []


def _name(ticket: Ticket) -> str:
    return str(ticket.get("name") or ticket.get("seat") or ROLES.get(str(ticket.get("role")), ""))


def _role(ticket: Ticket) -> str:
    role = str(ticket.get("role") or "head")
    return ROLES.get(role, role)


def _strip(ticket: Ticket, fingerprints: Mapping[str, str], title: str) -> str:
    ways = "".join(_way(way) for way in _ways(ticket, fingerprints))
    codes = [("the ticket", str(ticket["ticket"]))] if ticket.get("ticket") else []
    codes = [*([("opens the browser's door", str(ticket["web"]))] if ticket.get("web") else []), *codes]
    figures = "".join(f"<figure>{qr_svg(content)}<figcaption>{escaped(caption)}</figcaption></figure>" for caption, content in codes)
    used = "" if ticket.get("ticket") else f"<p>{escaped(USED)}</p>"
    drops = f'{used}<p class="drops">{escaped(_drops(ticket))} {escaped(RESUME)} <span class="blank"></span></p>'
    told = " · ".join(part for part in (title, _role(ticket)) if part)
    return (
        f'<section class="strip"><header><b>{escaped(_name(ticket))}</b><span>{escaped(told)}</span></header>'
        f'<div class="inside"><div><ol>{ways}</ol>{drops}</div><div class="codes">{figures}</div></div></section>'
    )


def _way(way: Way) -> str:
    title, typed, notes = way
    return f"<li><b>{escaped(title)}</b><code>{escaped(typed)}</code>{'<br>'.join(escaped(note) for note in notes)}</li>"


def qr_svg(content: str) -> str:
    """A QR code as markup of its own, with the quiet margin that readers need."""
    return str(segno.make(content, error="m", micro=False).svg_inline(border=4, omitsize=True))
