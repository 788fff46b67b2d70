"""From the chooser to the end: desks, the frames that reach them, hand-over between seats, summaries, leaving.

Links are called from here and return at once; frames come from any thread and are folded in slices, so that a key is never kept waiting
behind them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from textual.message import Message

from exercise.presenter.desk import Desk
from exercise.presenter.guide import Guide
from exercise.presenter.happenings import summary_rows
from exercise.presenter.known import Refused
from exercise.presenter.legible import clip
from exercise.presenter.link import Frame, Link, Lobby, VenueError
from exercise.presenter.mail import correspondents
from exercise.presenter.room_state import RoomState, handed_words, heard_words
from exercise.presenter.sittings import votable, vote_calls
from exercise.presenter.threads import ROOM, room_words
from exercise.presenter.words import _
from exercise.tui.briefing_screen import BriefingScreen
from exercise.tui.chooser_screen import ChooserScreen
from exercise.tui.ending_screen import EndingScreen
from exercise.tui.handover_screen import HandoverScreen
from exercise.tui.leave_screen import LeaveScreen
from exercise.tui.lobby_screen import LobbyScreen
from exercise.tui.seat_screen import SeatScreen
from exercise.tui.summary_screen import SummaryScreen

if TYPE_CHECKING:
    from exercise.tui.seat_app import SeatApp

TOAST_CELLS = 60
SUMMARY_CELLS = 80
SLICE = 50
"""Frames folded before keys are looked at again."""


class Sitting:
    """The seats played at one terminal. ``desks`` are theirs, by seat."""

    class Begun(Message):
        """The exercise runs, and these links lead to it."""

        def __init__(self, links: Mapping[str, Link]) -> None:
            super().__init__()
            self.links = links

    def __init__(self, app: SeatApp, lobby: Lobby) -> None:
        self.lobby = lobby
        self.desks: dict[str, Desk] = {}
        self.table: SeatScreen | None = None
        self._app = app
        self._inbox: deque[tuple[str, Frame]] = deque()
        self._seat = ""
        self._told: dict[str, int] = {}
        self._ended: set[str] = set()
        self._letters: dict[str, int] = {}
        self._votable: dict[str, tuple[str, ...]] = {}
        self._refused: dict[str, Refused | None] = {}
        self._around: dict[str, tuple[RoomState, frozenset[str]]] = {}
        self._starting = False
        self._waits_to_show = False
        self._trouble = ""
        self.briefing_first = False
        self._briefed: set[str] = set()

    @property
    def desk(self) -> Desk | None:
        """The desk of the seat that is playing now."""
        return self.desks.get(self._seat)

    # --- before the first turn ------------------------------------------------------------------------------------------------

    def choose(self) -> None:
        """After the content note: the chooser, which also waits for the first turn."""
        begun = self._starting or bool(self.desks)
        chooser = ChooserScreen(self.lobby, _("Starting the exercise …") if begun else "")
        self._app.push_screen(chooser)
        if self._trouble:
            self._app.call_after_refresh(chooser.fail, self._trouble)
        self._app.call_after_refresh(self._sit_down)

    def take(self, seats: tuple[str, ...]) -> None:
        """Start the exercise with these seats."""
        self._starting, self._trouble = True, ""
        if isinstance(self._app.screen, ChooserScreen):
            self._app.screen.busy(_("Starting the exercise …"))

        def job() -> None:
            try:
                links = self._app.venue.take(seats)
            except VenueError as trouble:
                self._app.say(self._app.VenueFailed(str(trouble)))
            else:
                self._app.say(self.Begun(links))

        self._app.work(job)

    def fail(self, why: str) -> None:
        """The exercise could not be started."""
        self._starting, self._trouble = False, why
        if isinstance(self._app.screen, ChooserScreen):
            self._app.screen.fail(why)

    def begin(self, links: Mapping[str, Link]) -> None:
        """Listen to the links."""
        self._starting = False
        for seat, link in links.items():
            self.desks[seat] = Desk(link, replay=self.lobby.replay, guide=Guide() if self.lobby.practice else None)
            link.listen(self._hear(seat))
        self._app.call_after_refresh(self._app.settle)

    # --- frames ---------------------------------------------------------------------------------------------------------------

    def _hear(self, seat: str) -> Callable[[Frame], None]:
        def hear(frame: Frame) -> None:
            self._inbox.append((seat, frame))
            self._app.post_message(self._app.FramesCame())

        return hear

    def fold(self) -> None:
        """Fold a slice of what came; when nothing is left, show it."""
        for _count in range(min(SLICE, len(self._inbox))):
            seat, frame = self._inbox.popleft()
            if seat in self.desks:
                self.desks[seat].hear((frame,))
        if self._inbox:
            self._app.post_message(self._app.FramesCame())
        elif not self._waits_to_show:
            self._show_in_turn()

    def _show_in_turn(self) -> None:
        """Show what was folded. Beside other terminals of the process, a new turn's header goes first and the rest when its turn comes."""
        desk, table, shared = self.desk, self.table, self._app.shared
        if shared is None or desk is None or table is None or desk.state.turn <= self._told.get(self._seat, 0):
            self._show()
            return
        self._waits_to_show = True
        table.announce()
        shared.in_turn(lambda: self._app.post_message(self._app.TurnDue()))

    def show_turn(self) -> None:
        """The turn that waited to be shown."""
        self._waits_to_show = False
        self._show()
        if self._app.shared is not None:
            self._app.call_after_refresh(self._app.shared.shown)

    def _show(self) -> None:
        if self.table is None:
            self._sit_down()
            return
        if not isinstance(self._app.screen, HandoverScreen):  # toasts would show on it what is not for everybody's eyes
            self._say_refusal()
            self._say_letters()
            self._say_votes()
            self._say_rooms()
        for screen in self._app.screen_stack:
            reload = getattr(screen, "reload", None)
            if reload is not None and screen.is_mounted and not self._will_be_opened(screen):
                reload()
        self._move_on()

    def _will_be_opened(self, screen: object) -> bool:
        """Whether a new turn is about to be shown on this screen, which makes all of it again."""
        desk = self.desk
        alone = screen is self.table and len(self.desks) == 1
        return alone and desk is not None and desk.state.turn > self._told.get(self._seat, 0) and desk.state.is_open

    def _say_refusal(self) -> None:
        """A toast for a refusal, once: it stays in the state until something else is asked for."""
        refused = self.desk.state.refused if self.desk is not None else None
        is_told, self._refused[self._seat] = refused == self._refused.get(self._seat), refused
        if not is_told and refused is not None and refused.act.get("act") not in ("order", "withdraw"):
            self._app.notify(refused.words, severity="warning")

    def _say_letters(self) -> None:
        """A toast for the newest message from others, unless the player is looking at the messages."""
        desk = self.desk
        if desk is None or self.table is None:
            return
        letters = desk.state.letters
        fresh = [letter for letter in letters[self._letters.get(self._seat, 0) :] if letter.sender != desk.state.seat]
        self._letters[self._seat] = len(letters)
        if fresh and not (self._app.screen is self.table and self.table.pane == "mail"):
            self._app.notify(f"{correspondents(desk.state, fresh[-1])}: {clip(fresh[-1].text, TOAST_CELLS)}")

    def _say_rooms(self) -> None:
        """A room that this seat has just opened is shown; one that another has taken it into, and a doctrine at the seat, are told."""
        desk, table = self.desk, self.table
        if desk is None or table is None:
            return
        state, before = desk.state, self._around.get(self._seat)
        self._around[self._seat] = (state.room, frozenset(state.talks.rooms))
        if before is None:
            return
        words = handed_words(before[0], state.room, state.seat) or heard_words(before[0], state.room)
        for room in (each for id, each in state.talks.rooms.items() if id not in before[1]):
            words = words or room_words(state, room.by, room.name, _("m shows it"))
            if room.by == state.seat and self._app.screen is table:
                table.show_thread(f"{ROOM}{room.id}")
        if words:
            self._app.notify(words)

    def _say_votes(self) -> None:
        """A toast when a motion has come up on which this seat may vote now; other votes show on the body's card alone."""
        state = self.desks[self._seat].state if self._seat in self.desks else None
        if state is None:
            return
        words = vote_calls(self._votable.get(self._seat, ()), state)
        self._votable[self._seat] = votable(state)
        if words:
            self._app.notify(words)

    # --- seats ----------------------------------------------------------------------------------------------------------------

    def _sit_down(self) -> None:
        """Show the first seat's screen once its first turn is known."""
        first = next(iter(self.desks), "")
        if self.table is not None or not first or not isinstance(self._app.screen, ChooserScreen):
            return
        if not self.desks[first].state.is_up_to_date:
            return
        self._seat = first
        for seat, desk in self.desks.items():
            self._told[seat] = desk.state.turn
            self._letters[seat] = len(desk.state.letters)
            self._around[seat] = (desk.state.room, frozenset(desk.state.talks.rooms))
            desk.seen()
        self.table = SeatScreen(self.desks[first])
        self._app.switch_screen(self.table)
        if len(self.desks) > 1:
            self._hand_over(first)
        elif self.desks[first].state.ending is not None:
            self._move_on()
        else:
            if self.desks[first].state.room.status == "lobby":
                self._app.push_screen(LobbyScreen(self.desks[first]))
            self._brief()
        self._app.call_after_refresh(self._app.settle)

    def _brief(self) -> None:
        """Whoever takes a seat that was named beforehand reads its briefing first, in whatever turn they come, as the chooser shows it."""
        desk = self.desk
        if self.briefing_first and desk is not None and self._seat not in self._briefed:
            self._briefed.add(self._seat)
            self._app.push_screen(BriefingScreen(desk, opening=True))

    def _move_on(self) -> None:
        """After frames: hand over, summarize a new turn, tell the end."""
        desk = self.desk
        if desk is None or isinstance(self._app.screen, HandoverScreen):
            return
        state = desk.state
        if state.ending is not None:
            self._tell_end(desk)
        elif state.turn > self._told.get(self._seat, 0) and state.is_open:
            self._open_turn()
        elif state.ready and len(self.desks) > 1:
            waiting = next((seat for seat, each in self.desks.items() if not each.state.ready and each.state.is_open), "")
            if waiting:
                self._hand_over(waiting)

    def _open_turn(self) -> None:
        first = next(iter(self.desks))
        if len(self.desks) > 1 and self._seat != first:
            self._hand_over(first)
        else:
            self._summarize()

    def _summarize(self) -> None:
        desk = self.desk
        if desk is None or desk.state.turn <= self._told.get(self._seat, 0):
            return
        self._told[self._seat] = desk.state.turn
        after = desk.state.seen
        desk.seen()
        self._close_dialogs()
        if self.table is not None:
            self.table.open_turn()
        self._app.push_screen(SummaryScreen(desk, after))

    def _tell_end(self, desk: Desk) -> None:
        if self._seat not in self._ended:
            self._ended.add(self._seat)
            after = desk.state.seen
            desk.seen()
            self._close_dialogs()
            if self.table is not None:
                self.table.open_turn()
            self._app.push_screen(EndingScreen(desk), self._read_end)
            if summary_rows(desk.state, SUMMARY_CELLS, after):
                self._app.push_screen(SummaryScreen(desk, after))

    def _read_end(self, _result: None) -> None:
        """A seat has read its end summary: the next one, that has not, gets its own."""
        waiting = next((seat for seat, desk in self.desks.items() if seat not in self._ended and desk.state.ending is not None), "")
        if waiting:
            self._app.call_later(self._hand_over, waiting)

    def _hand_over(self, seat: str) -> None:
        """Hide the seat that is playing, and call another."""
        self._close_dialogs()
        self._app.clear_notifications()
        self._app.keys.forget()  # what was typed ahead was the other seat's
        self._seat = seat
        state = self.desks[seat].state
        self._app.push_screen(HandoverScreen(state.welcome.seat.name, state.turn), self._handed_over)

    def _handed_over(self, _ready: bool | None) -> None:
        desk = self.desk
        if desk is not None and self.table is not None:
            self.table.show_desk(desk)
            self._brief()
            self._summarize()
            self._move_on()

    def _close_dialogs(self) -> None:
        while self._app.screen is not self.table and self.table in self._app.screen_stack:
            self._app.pop_screen()

    # --- leaving --------------------------------------------------------------------------------------------------------------

    def leave(self) -> bool:
        """Ask whether to leave; a second press leaves at once. False when there is nothing to ask about."""
        if self.table is None:
            return False
        if isinstance(self._app.screen, LeaveScreen):
            self._app.screen.action_yes()
        else:
            command = self.lobby.replay if self.is_over else self.lobby.resume
            self._app.push_screen(LeaveScreen(command, over=self.is_over), self._left)
        return True

    @property
    def is_over(self) -> bool:
        """Whether the exercise has ended."""
        return any(desk.state.ending is not None for desk in self.desks.values())

    def _left(self, sure: bool | None) -> None:
        if sure:
            self._app.exit()

    def close(self) -> None:
        """Leave the links."""
        for desk in self.desks.values():
            desk.link.close()
