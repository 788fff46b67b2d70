"""Frames whose every text carries something hostile: what an old log, a careless scenario or a malicious host may hold."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from exercise.presenter.link import Link, Lobby, SeatOffer
from tests.presenter import osh_frames
from tests.tui.scripted_link import ScriptedLink, ScriptedVenue

PAYLOADS = (
    "[bold red]MARK[/]",
    "[/]",
    "[/bold]",
    "[@click=app.exit]press[/]",
    "[link=https://evil.example]x[/link]",
    "[$primary]x",
    "[OSCE]",
    "\\[escaped]",
    "[[double]]",
    "[not closed",
    "[b][i][u]",
    "[on red]",
    "\x1b[66;99H",
    "\x1b[2J",
    "\x1b[31;5m",
    "\x1b]52;c;aGFjaw==\x07",
    "\x1b]0;title\x07",
    "\x1b]8;;https://evil.example\x07link\x1b]8;;\x07",
    "\x1bP1$qm\x1b\\",
    "\x1b_apc\x1b\\",
    "\x1bc",
    "\x9b31m",
    "\x90dcs\x9c",
    "\x9d0;t\x9c",
    "\x00",
    "\x07\x07",
    "\x08\x08\x08",
    "\x7f",
    "\x0e\x0f",
    "\u202egnp.exe",
    "\u2066x\u2069",
    "pay\u200bpal",
    "\ufeff",
    "a\u2028b\u2029c",
    "Z" + "\u0301" * 120,
    "tab\tnew\nline\r\nforged",
    "{0.__class__} {seat} %s ${HOME}",
    "\U000e0041\U000e0042",
    "\ue000\uf8ff",
    "中" * 30,
    "x" * 400,
)

TEXT_FIELDS = frozenset(
    {
        "title",
        "summary",
        "content_note",
        "name",
        "short",
        "briefing",
        "public_aims",
        "private_interests",
        "red_lines",
        "text",
        "expects",
        "what",
        "why",
        "say",
        "because",
        "measured_by",
        "headline",
        "source",
        "label",
        "meaning",
        "about",
        "author",
        "rule_text",
        "claims",
        "hint",
        "rows",
        "year",
        "digest",
        "log",
    }
)
"""Fields that reach a screen as text; the others are names that only programs read."""


def poisoned(value: Any, payloads: Iterator[str], field: str = "") -> Any:
    """The same frame with a payload behind every text."""
    if isinstance(value, str):
        return f"{value}{next(payloads)}" if field in TEXT_FIELDS else value
    if isinstance(value, Mapping):
        return {key: poisoned(each, payloads, key) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [poisoned(each, payloads, field) for each in value]
    return value


def payloads_from(start: int) -> Iterator[str]:
    """All payloads, round and round, beginning with one of them."""
    return itertools.islice(itertools.cycle(PAYLOADS), start, None)


class HostileLink(ScriptedLink):
    """A host whose every text is hostile, answers included."""

    def __init__(self, start: int) -> None:
        self._payloads = payloads_from(start)
        super().__init__()

    def push(self, frame: Mapping[str, Any]) -> None:
        """Send a frame, poisoned."""
        super().push(poisoned(frame, self._payloads))


class HostileVenue(ScriptedVenue):
    """A venue whose lobby and streams are hostile."""

    def __init__(self, start: int) -> None:
        super().__init__()
        self._start = start

    def lobby(self) -> Lobby:
        """The lobby, poisoned."""
        made, payloads = super().lobby(), payloads_from(self._start)
        seats = tuple(
            SeatOffer(each.id, each.name + next(payloads), each.about + next(payloads), each.briefing + next(payloads), (next(payloads),))
            for each in made.seats
        )
        texts = [text + next(payloads) for text in (made.title, made.summary, made.content_note, made.cut_title, made.resume)]
        return Lobby(texts[0], texts[1], texts[2], texts[3], made.minutes, made.turns, made.start + next(payloads), seats, texts[4])

    def take(self, seats: tuple[str, ...]) -> Mapping[str, Link]:
        """Hostile links."""
        self.links = {seat: HostileLink(self._start) for seat in seats}
        return dict(self.links)


def hostile_frames(start: int) -> list[dict[str, Any]]:
    """Two turns and the end, poisoned."""
    payloads = payloads_from(start)
    frames = [*osh_frames.opening(), *osh_frames.second_turn(), osh_frames.end()]
    return [poisoned(frame, payloads) for frame in frames]
