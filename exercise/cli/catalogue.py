"""What there is to play: scenarios with their cuts and seats, and logs of exercises that were not finished.

Read without checking, so that ``list`` and shell completion are quick: what is wrong with a scenario is for ``check`` to say.
"""

from __future__ import annotations

import json
import pathlib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import tomli

from exercise.cli.common import Misuse
from exercise.cli.exercises import logs_folder

LARGEST_BYTES = 1024 * 1024
MOST_LOGS = 200

Card = dict[str, Any]

_SEAT_TABLE = re.compile(r"^\[\[seat\]\][^\n]*\n(?:(?!\[)[^\n]*(?:\n|\Z))*", re.MULTILINE)


def scenario_cards() -> list[Card]:
    """Every scenario found, the user's own first: id, title, summary, path, cuts, seats."""
    from exercise.content import find_scenarios

    return [_card(found.folder, found.id, found.title) for found in find_scenarios()]


def card_of(scenario: str) -> Card:
    """The card of one scenario, by id or folder.

    Raises:
        Misuse: there is no such scenario.
    """
    from exercise.content import ContentError, find

    try:
        folder = find(scenario)
    except ContentError as failure:
        raise Misuse(failure.problems[0].message, failure.problems[0].hint) from failure
    return _card(folder, scenario, scenario)


def log_cards(folders: Iterable[pathlib.Path] = ()) -> list[Card]:
    """Unfinished logs in these folders (by default the user's own and the one where we are), the newest first."""
    places = dict.fromkeys(folders or (pathlib.Path.cwd(), logs_folder()))
    found = sorted((path for place in places if place.is_dir() for path in place.glob("*.jsonl")), key=_age, reverse=True)
    return [card for path in found[:MOST_LOGS] if (card := _log_card(path)) is not None]


def _age(path: pathlib.Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


# --- scenarios ----------------------------------------------------------------------------------------------------------------------


def _card(folder: pathlib.Path, id: str, title: str) -> Card:
    texts = list(_texts(folder))
    head: Mapping[str, Any] = {}
    cuts: list[Card] = []
    for text in texts:
        if "[[cut]]" in text or "[scenario]" in text:
            tables = _parsed(text)
            head = tables.get("scenario", head)
            cuts += [_cut(cut) for cut in tables.get("cut", [])]
    seats = [_seat(seat) for text in texts if "[[seat]]" in text for seat in _seats(text) if seat.get("playable", True)]
    return {
        "id": id,
        "title": title,
        "summary": str(head.get("summary", "")),
        "path": str(folder),
        "default_cut": str(head.get("default_cut", "")),
        "cuts": cuts,
        "seats": seats,
    }


def _texts(folder: pathlib.Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*.toml")):
        try:
            if path.is_file() and not path.is_symlink() and path.stat().st_size <= LARGEST_BYTES:
                yield path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue


def _parsed(text: str) -> dict[str, Any]:
    try:
        return tomli.loads(text)
    except (tomli.TOMLDecodeError, RecursionError):
        return {}


def _seats(text: str) -> list[dict[str, Any]]:
    """The seats of a file. Only the lines of their own tables are parsed: briefings and orders around them are most of a scenario."""
    pieces = _SEAT_TABLE.findall(text)
    seats = [seat for piece in pieces for seat in _parsed(piece).get("seat", [])]
    whole = seats if len(seats) == len(pieces) and all("id" in seat for seat in seats) else _parsed(text).get("seat", [])
    return [seat for seat in whole if isinstance(seat, dict)]


def _cut(cut: Mapping[str, Any]) -> Card:
    spans = cut.get("calendar", [])
    turns = sum(span.get("count", 1) for span in spans if isinstance(span, dict)) if isinstance(spans, list) else 0
    return {
        "id": str(cut.get("id", "")),
        "title": str(cut.get("title", "")),
        "minutes": cut.get("minutes", 0),
        "turns": turns,
        "start": str(cut.get("start", "")),
    }


def _seat(seat: Mapping[str, Any]) -> Card:
    return {"id": str(seat.get("id", "")), "name": str(seat.get("name", ""))}


# --- logs ---------------------------------------------------------------------------------------------------------------------------


def _log_card(path: pathlib.Path) -> Card | None:
    """A card of a log that was begun and not ended; None for anything else. Hashes are not checked here."""
    try:
        with path.open("rb") as file:
            header = _entry(file.readline(32 * LARGEST_BYTES))
            if header.get("type") != "exercise":
                return None
            seats, turn = [], 0
            for line in file:
                if b'"type":"ended"' in line[-40:]:
                    return None
                if line.endswith(b'"type":"turn_closed"}\n'):
                    turn += 1
                elif b'"by":"human"' in line and line.endswith(b'"type":"seat"}\n'):
                    seats.append(_entry(line).get("data", {}).get("seat", ""))
    except OSError:
        return None
    data = header["data"]
    return {"path": str(path), "scenario": data.get("scenario", ""), "cut": data.get("cut", ""), "turn": turn, "seats": seats}


def _entry(line: bytes) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) and isinstance(value.get("data"), dict) else {}
