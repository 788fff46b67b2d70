"""Acts by name, each done once: what was said twice, because an answer was lost, is answered again and not done again.

A client names its acts ``run:number``, counts them, and sends them in order. What was done stands in the log with its name. A refusal does
not; but whatever has a lower number than something that was done, and was not done, must have been refused. So an act that was refused
before a restart is refused after it, and cannot come true behind the back of what its client did next.
"""

from __future__ import annotations

from collections import OrderedDict

import attrs

from exercise.core.decisions import Refusal

REMEMBERED = 4_096
"""Refusals that are remembered word for word."""
BEFORE = Refusal("before", "this was refused before", "ask again, if you still want it")


@attrs.define(slots=True)
class Once:
    """Names of acts and what came of them. An empty name is nobody's and never known."""

    done: set[str] = attrs.field(factory=set)
    refused: OrderedDict[str, Refusal] = attrs.field(factory=OrderedDict)
    _reached: dict[str, int] = attrs.field(factory=dict)

    def knows(self, name: str) -> bool:
        """Whether an act of this name was heard before."""
        run, number = _parts(name)
        return bool(name) and (name in self.done or name in self.refused or 0 < number <= self._reached.get(run, 0))

    def answer(self, name: str) -> Refusal | None:
        """What came of an act that was heard before: None when it was done."""
        return None if name in self.done else self.refused.get(name, BEFORE)

    def did(self, name: str) -> None:
        """It was done."""
        if name:
            self.done.add(name)
            self._reach(name)

    def refuse(self, name: str, why: Refusal) -> None:
        """It was refused."""
        if name:
            self.refused[name] = why
            self._reach(name)
            if len(self.refused) > REMEMBERED:
                self.refused.popitem(last=False)

    def _reach(self, name: str) -> None:
        run, number = _parts(name)
        self._reached[run] = max(number, self._reached.get(run, 0))


def _parts(name: str) -> tuple[str, int]:
    """The run of a client and the number of an act in it; 0 where the name is not of that form."""
    run, _, number = name.rpartition(":")
    return (run, int(number)) if run and number.isascii() and number.isdigit() and len(number) < 16 else (name, 0)
