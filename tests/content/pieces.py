"""Files of small scenarios, as text."""

from __future__ import annotations

import pathlib

from exercise.content import Reading, read_texts
from tests.worlds import COMMON

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
Files = tuple[tuple[str, str], ...]


def valley() -> Files:
    """The starter scenario with the common part of the rulebook: one of every table, and nothing wrong."""
    words = {"@ID@": "valley", "@TITLE@": "Valley", "@PATH@": "scenarios/valley"}
    files = []
    for path in (ROOT / "exercise" / "cli" / "starter").glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        for mark, word in words.items():
            text = text.replace(mark, word)
        files.append((f"scenario/{path.name}", text))
    base = [(ROOT / "rules" / f"{name}.toml") for name in ("kinds", "stages", "sources")]
    files += [(f"rules/{path.name}", path.read_text(encoding="utf-8")) for path in base]
    return tuple(sorted(files))


def reading(text: str) -> Reading:
    """The common tables of small worlds with these."""
    return read_texts((("scenario/common.toml", COMMON), ("scenario/extra.toml", text)))
