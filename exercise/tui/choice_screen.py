"""Choosing one of several things, or ticking some of them."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from exercise.presenter.naming import Named
from exercise.presenter.rows import Row, Rows, Run, Subject
from exercise.presenter.words import _
from exercise.tui.dialog import Dialog
from exercise.tui.row_view import RowSource, RowView


class ChoiceScreen(Dialog[str]):
    """Asks for one thing; its result is the thing's id. ``source`` paints richer rows than names."""

    def __init__(self, title: str, options: tuple[Named, ...], source: RowSource | None = None) -> None:
        super().__init__()
        self._title, self._options, self._source = title, options, source

    def words(self) -> str:
        """The title."""
        return self._title

    def foot(self) -> str:
        """The keys."""
        return _("enter chooses · esc goes back")

    def make_rows(self, width: int, height: int) -> Rows:
        """The options."""
        if self._source is not None:
            return self._source(width, height)
        return tuple(Row(((Run(each.name),),), Subject("choice", each.id)) for each in self._options)

    def choose(self, subject: Subject) -> None:
        """The thing chosen."""
        self.dismiss(subject.id)


class TickScreen(Dialog[tuple[str, ...]]):
    """Asks for some things; its result is their ids, at least one of them."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "done", show=False)]

    def __init__(self, title: str, options: tuple[Named, ...], ticked: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._title, self._options, self._ticked = title, options, ticked

    def words(self) -> str:
        """The title."""
        return self._title

    def foot(self) -> str:
        """The keys."""
        return _("enter ticks · ctrl+s goes on · esc goes back")

    def make_rows(self, _width: int, _height: int) -> Rows:
        """The options with ticks."""
        return tuple(
            Row(
                ((Run("✓ " if each.id in self._ticked else "○ ", "ok" if each.id in self._ticked else "dim"), Run(each.name)),),
                Subject("choice", each.id),
            )
            for each in self._options
        )

    def choose(self, subject: Subject) -> None:
        """Tick or untick."""
        has = subject.id in self._ticked
        self._ticked = tuple(each for each in self._ticked if each != subject.id) if has else (*self._ticked, subject.id)
        self.query_one(RowView).reload()

    def action_done(self) -> None:
        """Go on with what is ticked."""
        if self._ticked:
            self.dismiss(self._ticked)
        else:
            self.app.notify(_("Tick at least one."))


class CardScreen(Dialog[str]):
    """One thing in full, with nothing to choose."""

    def __init__(self, title: str, source: RowSource) -> None:
        super().__init__()
        self._title, self._source = title, source

    def words(self) -> str:
        """The title."""
        return self._title

    def make_rows(self, width: int, height: int) -> Rows:
        """The thing."""
        return self._source(width, height)
