"""Panels of the replay: contributions to a figure, its course over all turns, and help."""

from __future__ import annotations

from collections.abc import Callable

from textual.message import Message
from textual.worker import get_current_worker

from exercise.presenter.contributions import contribution_rows, gather
from exercise.presenter.replay import Chronicle, Scene, course, curve_rows
from exercise.presenter.rows import Row, Rows, Run, fit, note, wrap
from exercise.presenter.words import _
from exercise.tui.dialog import Dialog

Panel = Callable[[int], Rows]


class ReplayPanel(Dialog[None]):
    """A panel about one figure; ``kind`` is why, history or help. What it needs is gathered off this thread."""

    class Gathered(Message):
        """The panel can be shown."""

        def __init__(self, panel: Panel) -> None:
            super().__init__()
            self.panel = panel

    def __init__(self, chronicle: Chronicle, scene: Scene | None, key: str, kind: str) -> None:
        super().__init__()
        self._chronicle = chronicle
        self._scene = scene
        self._key = key
        self._kind = kind
        self._panel: Panel | None = _help_rows if kind == "help" else None

    def on_mount(self) -> None:
        """Gather."""
        super().on_mount()
        if self._panel is None:
            self.run_worker(self._gather, thread=True)

    def _gather(self) -> None:
        panel = self._course_panel() if self._kind == "history" else self._why_panel()
        if not get_current_worker().is_cancelled:
            self.post_message(self.Gathered(panel))

    def _course_panel(self) -> Panel:
        now, key = self._scene, self._key
        if now is None:
            return _help_rows
        told = course(self._chronicle, now, key)
        return lambda width: curve_rows(now, key, told, width)

    def _why_panel(self) -> Panel:
        now, key = self._scene, self._key
        if now is None:
            return _help_rows
        told, axes = gather(self._chronicle, now, key)
        return lambda width: contribution_rows(now, key, told, width, axes)

    def on_replay_panel_gathered(self, event: Gathered) -> None:
        """Show what was gathered."""
        self._panel = event.panel
        self.reload()

    def words(self) -> str:
        """The title."""
        return {"why": _("Why, in truth"), "history": _("Over all turns"), "help": _("Help")}[self._kind]

    def make_rows(self, width: int, _height: int) -> Rows:
        """The panel's rows."""
        return self._panel(width) if self._panel is not None else (note(_("Looking it up …"), width),)


def _help_rows(width: int) -> Rows:
    told = (
        ("[ ]", _("the turn before and the next; also the arrows left and right, and space")),
        ("v V", _("the next and the previous seat's eyes: what it knew stands beside the truth")),
        ("x", _("only figures on which the seat was wrong, or all")),
        ("w", _("every contribution that moved the figure in focus in the turn before")),
        ("h", _("the figure in focus over all turns, true and known")),
        ("i", _("what if: from this turn on by hand or by a doctrine, both futures side by side")),
        ("1-4", _("panes: known, decided, what came of it, map; z gives one the whole screen")),
        ("F10", _("closes the viewer")),
    )
    return tuple(Row(wrap([*fit((Run(key, "key"),), 6), Run(words)], width, indent=6)) for key, words in told)
