"""What has changed in the content since an exercise was recorded: the log replays what it embeds, and shows this on request."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

import attrs


@attrs.frozen(slots=True)
class FileChange:
    """A content file that is no longer what the log embeds. ``what`` is added, removed or changed; ``diff`` in unified form."""

    name: str
    what: str
    diff: str


def content_changes(header: dict[str, Any], files: Iterable[tuple[str, str]]) -> tuple[FileChange, ...]:
    """How ``files`` (name and text) differ from those that a log's header embeds, by name; empty when nothing was edited."""
    then, now = dict(header["files"]), dict(files)
    changes = []
    for name in sorted(then.keys() | now.keys()):
        if then.get(name) != now.get(name):
            what = "added" if name not in then else "removed" if name not in now else "changed"
            changes.append(FileChange(name, what, _diff(name, then.get(name, ""), now.get(name, ""))))
    return tuple(changes)


def _diff(name: str, then: str, now: str) -> str:
    lines = difflib.unified_diff(then.splitlines(), now.splitlines(), f"{name} (in the log)", f"{name} (now)", lineterm="")
    return "\n".join(lines)
