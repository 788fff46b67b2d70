"""What adjudication says: facts with their cause and their audience; words are made at the screen.

An outcome's ``to`` is the only thing that decides who may know it: a seat's view is the fold of the outcomes addressed to it.
"""

from __future__ import annotations

from typing import Any

import attrs

EVERYBODY = "all"

Audience = str | tuple[str, ...]
"""``"all"``, or the ids of the seats that may know."""


@attrs.frozen(slots=True)
class Outcome:
    """One fact. ``kind`` is one of the kinds below; ``cause`` the id of the rule, order, inject, motion or ruling behind it;
    ``data`` holds JSON scalars and lists only.

    Kinds: ``news``, ``order_result``, ``order_seen``, ``motion_step``, ``vote``, ``motion_outcome``, ``agreement``, ``report``,
    ``public``, ``own``, ``objective``.
    """

    kind: str
    to: Audience
    cause: str
    data: dict[str, Any]

    def reaches(self, seat: str) -> bool:
        """Whether this seat may know it."""
        return self.to == EVERYBODY or seat in self.to


def audience(seats: tuple[str, ...]) -> Audience:
    """The audience that content names: ``all`` alone stands for everybody."""
    return EVERYBODY if EVERYBODY in seats else tuple(dict.fromkeys(seats))
