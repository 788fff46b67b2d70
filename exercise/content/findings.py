"""How the lint words what it finds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from exercise.content.structure import shown
from exercise.language import did_you_mean
from exercise.language.problem import Place, Problem

Problems = Iterator[Problem]

LISTED = 12
"""Words that a hint lists at most."""


def error(place: Place, code: str, message: str, hint: str = "") -> Problem:
    """Something that must be mended."""
    return Problem(place, "error", code, message, hint)


def warning(place: Place, code: str, message: str, hint: str = "") -> Problem:
    """Something that works and is hardly meant."""
    return Problem(place, "warning", code, message, hint)


def at(place: Place, *path: str | int) -> Place:
    """A place further inside a table."""
    return attrs.evolve(place, path=(*place.path, *path))


def unknown(place: Place, what: str, word: str, known: Iterable[str]) -> Problem:
    """A word that leads nowhere, with the nearest that leads somewhere."""
    names = sorted(set(known))
    more = ", ..." if len(names) > LISTED else ""
    listed = f"{plural(what)} are {', '.join(names[:LISTED])}{more}" if names else f"there is no {what} at all"
    return error(place, f"unknown-{what.replace(' ', '-')}", f"there is no {what} {shown(word)}", did_you_mean(word[:80], names, listed))


def plural(what: str) -> str:
    """Many of them."""
    if what.endswith("y") and not what.endswith("ay"):
        return f"{what[:-1]}ies"
    return f"{what}s"
