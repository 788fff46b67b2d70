"""The practice turn: a guide that says one thing at a time and goes on when the player has done it."""

from __future__ import annotations

import attrs

from exercise.presenter.legible import clip
from exercise.presenter.rows import Line, Run, line_width, spread
from exercise.presenter.seat_state import SeatState
from exercise.presenter.words import _


@attrs.frozen(slots=True)
class Step:
    """One thing to try: what it is called in ``Guide.did``, in words, the keys on the screens, the command in lines."""

    id: str
    text: str
    keys: str
    command: str


def steps() -> tuple[Step, ...]:
    """What a first turn consists of."""
    return (
        Step("why", _("choose a figure in the reports and ask why it stands there"), "2 ↓ w", "reports, then why 3"),
        Step("news", _("read what has come in"), "4 enter", "mail, then why 1"),
        Step("bodies", _("look at the organizations and what lies before them"), "6", "bodies"),
        Step("order", _("give an order"), "a", "menu, then order 1"),
        Step("turn", _("end your turn; the others act by their doctrines"), "ctrl+s", "done"),
    )


@attrs.define(slots=True)
class Guide:
    """Where a player stands in the practice turn. What was done out of order counts as done."""

    _done: set[str] = attrs.field(factory=set, init=False)

    def did(self, what: str) -> None:
        """Something was done."""
        self._done.add(what)

    def next(self) -> Step | None:
        """What to try next; None when all was tried."""
        return next((step for step in steps() if step.id not in self._done), None)

    @property
    def place(self) -> int:
        """Number of the step that is next, from 1."""
        return 1 + sum(step.id in self._done for step in steps())

    def words(self, *, in_lines: bool) -> str:
        """What to try next and how."""
        step = self.next()
        if step is None:
            way = _("quit leaves") if in_lines else _("F10 leaves")
            return _("Practice is over: play on as you like; {way}, and nothing of it is kept.", way=way)
        how = _("type {command}", command=step.command) if in_lines else step.keys
        return _("Practice {place} of {count}: {text}: {how}", place=self.place, count=len(steps()), text=step.text, how=how)


def guide_line(guide: Guide, state: SeatState, width: int) -> Line:
    """The second line of the screen in a practice turn."""
    if not state.is_open and state.phase != "ended":
        return spread([Run(" "), Run(_("The turn is being resolved"))], (), width)
    step = guide.next()
    if step is None:
        return spread([Run(" "), Run(guide.words(in_lines=False), "ok")], (), width)
    head = [Run(" "), Run(_("PRACTICE {place} of {count}", place=guide.place, count=len(steps())), "todo"), Run("  ")]
    keys = (Run(step.keys, "key"), Run(" "))
    room = width - line_width(head) - line_width(keys) - 1
    return spread([*head, Run(clip(step.text, room))], keys, width)
