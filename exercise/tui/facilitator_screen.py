"""A facilitator's screen: two lines above, four panes, one line of keys.

At 120 columns all panes stand side by side; below that they are pages with the same numbers. Everything shown comes from the presenters;
keys end in the console, some of them after a question.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical

from exercise.presenter.facilitator import (
    PANES,
    Console,
    facilitator_footer,
    facilitator_keys,
    facilitator_status,
    facilitator_tabs,
    facilitator_titles,
    facilitator_todo,
)
from exercise.presenter.facilitator_rows import (
    help_rows,
    inject_rows,
    log_rows,
    new_ticket_choices,
    next_question,
    release_words,
    seat_choices,
    seat_rows,
    ticket_for,
    ticket_rows,
)
from exercise.presenter.mail import letter_rows
from exercise.presenter.room_state import stop_words
from exercise.presenter.rows import Rows, Subject
from exercise.presenter.tabs import tab_at, tabs_line
from exercise.presenter.ticket_card import ticket_card
from exercise.presenter.words import _
from exercise.tui.ask_screen import AskScreen, in_words
from exercise.tui.choice_screen import CardScreen, ChoiceScreen
from exercise.tui.key_bar import KeyBar
from exercise.tui.line_bar import LineBar
from exercise.tui.line_screen import LineScreen
from exercise.tui.pane import Pane
from exercise.tui.plain_text import shows_ascii_only
from exercise.tui.quiet_screen import QuietScreen
from exercise.tui.row_view import RowSource, RowView
from exercise.tui.terminal import WIDE

LEAST_PANE_ROWS = 20
"""Below this height panes become pages as well."""
LONGEST_WORDS = 1_000
DIALOG_SHARE, FRAME = 0.92, 2
"""How much of the screen's height a dialog may take, and what its frame takes of that."""


class FacilitatorScreen(QuietScreen[None]):
    """The screen of one console."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key.keys, key.action, show=False) for key in facilitator_keys() if key.action not in ("open", "theme", "leave")),
        *(Binding(str(number), f"pane({number})", show=False) for number in range(1, len(PANES) + 1)),
        Binding("tab", "next_pane(1)", show=False),
        Binding("shift+tab", "next_pane(-1)", show=False),
        Binding("escape", "unzoom", show=False),
    ]

    AUTO_FOCUS = ""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self.console = console
        self.pane = PANES[0]
        self.zoomed = False
        self._known_tickets: set[str] | None = None

    # --- composition ----------------------------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Lines, panes, keys."""
        yield LineBar(lambda width: facilitator_status(self.console, width), id="status")
        yield LineBar(lambda width: facilitator_todo(self.console, width), id="todo")
        yield LineBar(lambda width: tabs_line(facilitator_tabs(self.console), self.pane, width), id="tabs")
        with Horizontal(id="panes"):
            with Vertical(id="left", classes="column"):
                yield self._pane(1, lambda width, _height: seat_rows(self.console, width))
                yield self._pane(4, lambda width, _height: log_rows(self.console, width))
            with Vertical(id="right", classes="column"):
                yield self._pane(2, lambda width, _height: ticket_rows(self.console, width))
                yield self._pane(3, lambda width, _height: inject_rows(self.console, width))
        yield KeyBar(lambda: facilitator_footer(self.pane), id="keys")

    def _pane(self, number: int, source: Callable[[int, int], Rows]) -> Pane:
        name = PANES[number - 1]
        return Pane(number, name, RowView(source, id=name))

    def on_mount(self) -> None:
        """Begin with the seats."""
        self._arrange()
        self.call_after_refresh(self._focus_pane)
        self.set_interval(1.0, self._tick)

    def _tick(self) -> None:
        """A second of the clock, where there is one."""
        if self.console.state.room.ends_at is not None:
            self.query_one("#status", LineBar).reload()

    def on_resize(self, _event: events.Resize) -> None:
        """Choose panes or pages for the size."""
        self._arrange()

    def reload(self) -> None:
        """Paint what changed; hidden panes are filled when they are shown."""
        for pane in self.query(Pane):
            pane.title(facilitator_titles()[pane.number - 1])
        for bar in self.query(LineBar):
            bar.reload()
        for view in self.query(RowView):
            if view.region or view.is_on_screen:
                view.reload()
        self._show_made()

    def _arrange(self) -> None:
        width, height = self.app.size
        paged = width < WIDE or height < LEAST_PANE_ROWS
        self.set_class(paged, "paged")
        self.set_class(not paged, "panes")
        self.set_class(self.zoomed and not paged, "zoomed")
        self._mark_current()
        self.call_after_refresh(self.reload)

    def _mark_current(self) -> None:
        for pane in self.query(Pane):
            pane.set_class(pane.pane == self.pane, "current")
        for column in self.query(".column"):
            column.set_class(bool(column.query(f"#pane-{self.pane}")), "current")

    # --- focus ----------------------------------------------------------------------------------------------------------------

    @property
    def subject(self) -> Subject | None:
        """The thing in focus."""
        return self.query_one(f"#{self.pane}", RowView).subject

    def _focus_pane(self) -> None:
        self.query_one(f"#{self.pane}", RowView).focus()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Remember which pane has the focus."""
        pane = next((each.pane for each in event.widget.ancestors if isinstance(each, Pane)), self.pane)
        if pane != self.pane:
            self.pane = pane
            self._mark_current()
        self.query_one("#keys", KeyBar).reload()
        self.query_one("#tabs", LineBar).reload()

    def action_pane(self, number: int) -> None:
        """Go to a pane or page."""
        self.pane = PANES[number - 1]
        self._mark_current()
        self._focus_pane()
        self.query_one("#keys", KeyBar).reload()
        self.query_one("#tabs", LineBar).reload()
        self.call_after_refresh(self.reload)  # a page that was hidden has not followed the state

    def action_next_pane(self, steps: int) -> None:
        """The next pane or page."""
        self.action_pane((PANES.index(self.pane) + steps) % len(PANES) + 1)

    def action_zoom(self) -> None:
        """One pane on the whole screen, and back."""
        self.zoomed = not self.zoomed
        self._arrange()

    def action_unzoom(self) -> None:
        """All panes again."""
        if self.zoomed:
            self.action_zoom()

    # --- events of the views --------------------------------------------------------------------------------------------------

    def on_row_view_chosen(self, event: RowView.Chosen) -> None:
        """Open a line."""
        match event.subject.kind:
            case "seat":
                self.action_take_over()
            case "ticket":
                self._show_ticket(event.subject.id)
            case "inject":
                self.action_release()
            case "message":
                self._show_letter(event.subject.id)

    def on_key_bar_used(self, event: KeyBar.Used) -> None:
        """A key in the footer was clicked."""
        self._run(event.action)

    def on_line_bar_pressed(self, event: LineBar.Pressed) -> None:
        """A tab or a pane's title was clicked."""
        if event.bar.id == "tabs":
            number = tab_at(facilitator_tabs(self.console), self.pane, event.bar.size.width, event.column)
            if number:
                self.action_pane(number)
        elif isinstance(event.bar.parent, Pane):
            self.action_pane(event.bar.parent.number)

    def _run(self, action: str) -> None:
        """Do what a key does."""
        here = {"open": self._open, "leave": self.app.action_leave, "theme": self.app.action_theme}  # type: ignore[attr-defined]
        do = here.get(action) or getattr(self, f"action_{action}", None)
        if do is not None:
            do()

    def _open(self) -> None:
        self.query_one(f"#{self.pane}", RowView).choose_row()

    def _say(self, words: str) -> None:
        self.app.notify(words)

    def _ask(self, title: str, question: str, yes: str, do: Callable[[], None]) -> None:
        def answered(sure: bool | None) -> None:
            if sure:
                do()

        self.app.push_screen(AskScreen(title, in_words(question), yes), answered)

    def _type(self, title: str, do: Callable[[str], None], *, may_be_empty: bool = False, longest: int = LONGEST_WORDS) -> None:
        def typed(words: str | None) -> None:
            if words is not None:
                do(words)

        self.app.push_screen(LineScreen(title, may_be_empty=may_be_empty, longest=longest), typed)

    def _choose(self, title: str, source: RowSource, do: Callable[[str], None]) -> None:
        def chosen(id: str | None) -> None:
            if id is not None:
                do(id)

        self.app.push_screen(ChoiceScreen(title, (), source), chosen)

    # --- running the exercise -------------------------------------------------------------------------------------------------

    def action_hold(self) -> None:
        """Pause, or resume."""
        room = self.console.state.room
        if room.status == "paused":
            self.console.resume()
        elif room.status == "running":
            # At once: whoever must stop an exercise does not first type why.
            self.console.pause()
        else:
            self._say(stop_words(room) or _("Nothing runs that could be paused."))

    def action_next_phase(self) -> None:
        """Start, or end the phase; asks when somebody is not ready."""
        room = self.console.state.room
        if room.status == "lobby":
            question = next_question(self.console)
            if question:
                self._ask(_("Start the exercise?"), question, _("Start it"), self.console.start)
            else:
                self.console.start()
        elif room.status != "running":
            self._say(stop_words(room) or _("The exercise is not running."))
        elif not self.console.state.is_open:
            self._say(_("The turn is being resolved"))
        else:
            self._end_phase()

    def _end_phase(self) -> None:
        room, question = self.console.state.room, next_question(self.console)

        def end(turn: int = room.turn, phase: str = room.phase) -> None:
            self.console.next_phase(turn, phase)

        if question:
            self._ask(_("Next phase?"), question, _("End {phase} for everybody", phase=room.phase_title()), end)
        else:
            end()

    def action_extend(self) -> None:
        """Five minutes more."""
        self.console.extend()

    def action_stop_timer(self) -> None:
        """No limit."""
        self.console.stop_timer()

    def action_release(self) -> None:
        """Let the inject in focus come."""
        found = self.console.control.inject(self.subject.id) if self.subject is not None and self.subject.kind == "inject" else None
        if found is None:
            self._say(_("Choose an inject in pane 3 first."))
        elif found.status != "pending":
            self._say(_("That inject came already, or comes with this turn."))
        else:
            self._ask(_("Release an inject?"), release_words(found), _("Release it"), lambda: self.console.release(found.id))

    def action_take_over(self) -> None:
        """Give the seat in focus to a doctrine, or back."""
        found = self.console.control.seat(self.subject.id) if self.subject is not None and self.subject.kind == "seat" else None
        if found is None:
            self._say(_("Choose a seat in pane 1 first."))
            return

        def give(choice: str, seat: str = found.id) -> None:
            by, _space, doctrine = choice.partition(" ")
            self.console.take_over(seat, by, doctrine)

        id = found.id

        def choices(width: int, _height: int) -> Rows:
            now = self.console.control.seat(id)
            return seat_choices(now, width) if now is not None else ()

        self._choose(_("Who plays this seat?"), choices, give)

    def action_announce(self) -> None:
        """To everybody."""
        self._type(_("Announce to everybody"), self.console.announce)

    def action_slip(self) -> None:
        """What a seat handed in on paper."""
        self._type(_("A slip, such as: uz 12 osh 5"), self._hand_in)

    def _hand_in(self, line: str) -> None:
        words, is_slip = self.console.slip(line)
        self.app.notify(words, severity="information" if is_slip else "warning")

    def action_note(self) -> None:
        """Into the log."""
        self._type(_("A note for the log; nobody else is shown it"), self.console.note)

    def action_listen(self) -> None:
        """Hear what seats say to each other, or no more."""
        room = self.console.state.room
        if room.listening:
            self.console.set_listening(on=False)
            return
        question = _("You will hear what seats say to each other from now on. Everybody is shown that you do.")
        self._ask(_("Listen?"), question, _("Listen"), lambda: self.console.set_listening(on=True))

    # --- tickets --------------------------------------------------------------------------------------------------------------

    def _ticket(self) -> str:
        """The ticket in focus that can be taken back; says why there is none."""
        subject = self.subject
        if subject is None or subject.kind != "ticket":
            self._say(_("Choose a ticket in pane 2 first."))
        elif self.console.is_of_the_host(subject.id):
            self._say(_("That is the ticket of the host's own console."))
        else:
            return subject.id
        return ""

    def _show_ticket(self, id: str) -> None:
        def card(width: int, _height: int) -> Rows:
            found = self.console.control.ticket(id)
            # The dialog is as high as what it holds: how high it may become is told here. Blocks mean nothing in ASCII.
            room = 0 if shows_ascii_only() else int(self.app.size.height * DIALOG_SHARE) - FRAME
            return ticket_card(self.console, found, width, room) if found is not None else ()

        self.app.push_screen(CardScreen(_("Ticket {id}", id=id), card))

    def action_new_ticket(self) -> None:
        """Make one."""

        def make(choice: str) -> None:
            role, _space, seat = choice.partition(" ")
            self._await_ticket()
            self.console.new_ticket(role, seat)

        self._choose(_("A ticket for whom?"), lambda _width, _height: new_ticket_choices(self.console), make)

    def action_revoke(self) -> None:
        """Take it back."""
        id = self._ticket()
        found = self.console.control.ticket(id)
        if found is not None:
            question = _("{ticket}. Whoever came in with it is sent away.", ticket=ticket_for(self.console, found))
            self._ask(_("Take ticket {id} back?", id=id), question, _("Take it back"), lambda: self.console.revoke(id))

    def action_reissue(self) -> None:
        """Take it back and make another."""
        id = self._ticket()
        found = self.console.control.ticket(id)
        if found is not None:
            question = _("{ticket}. Whoever came in with it is sent away and needs the new words.", ticket=ticket_for(self.console, found))
            self._ask(_("Another ticket for {id}?", id=id), question, _("Take it back and make another"), lambda: self._reissue(id))

    def _reissue(self, id: str) -> None:
        self._await_ticket()
        self.console.reissue(id)

    def _await_ticket(self) -> None:
        """The next ticket that comes is the one that was asked for."""
        self._known_tickets = {one.id for one in self.console.control.tickets}

    def _show_made(self) -> None:
        """A ticket that was asked for has come: it is in focus, and shown to be read out."""
        known = self._known_tickets
        made = [one.id for one in self.console.control.tickets if one.words and one.id not in known] if known is not None else []
        if made:
            self._known_tickets = None
            self.action_pane(2)
            self.query_one(f"#{PANES[1]}", RowView).select(Subject("ticket", made[-1]))
            self._show_ticket(made[-1])

    # --- reading --------------------------------------------------------------------------------------------------------------

    def _show_letter(self, number: str) -> None:
        letters = self.console.state.letters
        if not number.isdigit() or int(number) >= len(letters):
            return
        letter = letters[int(number)]
        self.console.read(letter.key)
        self.reload()
        title = _("Message")
        self.app.push_screen(CardScreen(title, lambda width, _height: letter_rows(self.console.state, letter, width)))

    def action_help(self) -> None:
        """Every key; those that can be used from there are."""
        self._choose(_("Help"), lambda width, _height: help_rows(width), self._run)
