"""What if: from a turn of a log on, something is decided otherwise under the same luck, and both futures stand side by side."""

from __future__ import annotations

from collections.abc import Iterable

from exercise.presenter.frames import Data, Welcome, text
from exercise.presenter.legible import cell_width
from exercise.presenter.rows import BLANK, Row, Rows, Run, Subject, heading, note, table_row, wrap
from exercise.presenter.words import _

BY_HAND = Subject("choice", "by hand")


def choice_rows(welcome: Welcome, turn: int, alternatives: Iterable[Data], width: int) -> Rows:
    """What can be changed from this turn on: by hand, or a doctrine in a seat's place."""
    rows = [
        note(_("Turns before {turn} stay as they were, with the same luck. What happens from turn {turn} on if …", turn=turn), width),
        BLANK,
        Row(wrap([Run(_("you play it by hand")), Run(_("   writes a log that you go on with"), "dim")], width, indent=4), BY_HAND),
    ]
    for each in alternatives:
        seat, doctrine = text(each, "seat"), text(each, "doctrine")
        who = _("every seat that has it") if seat == "all" else welcome.seat_name(seat)
        words = [Run(_("{seat} follows ", seat=who)), Run(doctrine, "strong")]
        rows.append(Row(wrap(words, width, indent=4), Subject("choice", f"{seat}={doctrine}")))
    return tuple(rows)


def chosen(subject: Subject) -> tuple[str, str] | None:
    """The seat and the doctrine that a line stands for; None for the line ``by hand``."""
    if subject == BY_HAND:
        return None
    seat, _equals, doctrine = subject.id.partition("=")
    return seat, doctrine


def future_rows(told: Data, width: int) -> Rows:
    """Both futures: how they end, where that differs, and what was decided otherwise on the way."""
    rows: list[Row] = []
    ends = _lists(told, "ends")
    columns = (max(16, width - 28), -13, -13)
    if ends:
        rows.append(
            table_row(((Run(_("At the end"), "title"),), (Run(_("as it went"), "dim"),), (Run(_("what if"), "dim"),)), columns, gap=1)
        )
        for name, went, other in ends:
            rows.append(table_row(((Run(name),), (Run(went),), (Run(other, "strong"),)), columns, gap=1))
    else:
        rows.append(note(_("Both futures end with the same facts, classes and objectives."), width))
    decided = _strings(told, "decided")
    if decided:
        rows += [BLANK, heading(_("Decided otherwise:  - as it went, + what if"))]
        rows += [Row(wrap([Run(line, _role(line))], width, indent=4)) for line in decided]
    refused = _strings(told, "refused")
    if refused:
        rows += [BLANK, heading(_("No longer possible"))]
        rows += [note(line, width, indent=2) for line in refused]
    return tuple(rows)


def _role(line: str) -> str:
    return "" if line.lstrip().startswith("-") else "strong" if line.lstrip().startswith("+") else "dim"


def _strings(told: Data, name: str) -> list[str]:
    value = told.get(name)
    return [one for one in value if isinstance(one, str)] if isinstance(value, list | tuple) else []


def _lists(told: Data, name: str) -> list[tuple[str, str, str]]:
    value = told.get(name)
    rows = value if isinstance(value, list | tuple) else []
    return [(str(row[0]), str(row[1]), str(row[2])) for row in rows if isinstance(row, list | tuple) and len(row) == 3]


def command_rows(command: str, width: int) -> Rows:
    """A command that can be copied as it stands: where it does not fit on a line, it goes on after a backslash."""
    lines = [command] if cell_width(command) <= width else command.replace(" --", " \\\n  --").split("\n")
    return tuple(Row(((Run(line, "strong"),),)) for line in lines)
