"""``exercise play`` and ``exercise join`` on a terminal: from the content note to the end summary.

The first screen is painted before the scenario is read and before the other screens are imported; both happen on a thread meanwhile. What
follows the content note is in ``exercise.tui.sitting``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.message import Message
from textual.worker import get_current_worker

from exercise.presenter.link import Lobby, Venue, VenueError
from exercise.presenter.lobby import farewell
from exercise.tui.note_screen import NoteScreen
from exercise.tui.terminal import Terminal

if TYPE_CHECKING:
    from exercise.tui.chooser_screen import ChooserScreen
    from exercise.tui.sitting import Sitting


class SeatApp(Terminal):
    """The seat's application. With ``seats`` given, the chooser is left out; ``note_read`` leaves the content note out as well."""

    class LobbyRead(Message):
        """The scenario was read, and the other screens are there."""

        def __init__(self, lobby: Lobby, sitting: Sitting) -> None:
            super().__init__()
            self.lobby = lobby
            self.sitting = sitting

    class VenueFailed(Message):
        """The exercise could not be started."""

        def __init__(self, why: str) -> None:
            super().__init__()
            self.why = why

    class FramesCame(Message):
        """Frames wait to be folded."""

        def can_replace(self, message: Message) -> bool:
            """One of these in the queue is enough."""
            return isinstance(message, SeatApp.FramesCame)

    class TurnDue(Message):
        """A new turn whose header is shown already may be shown in full."""

    def __init__(self, venue: Venue, seats: tuple[str, ...] = (), *, theme: str = "", note_read: bool = False) -> None:
        super().__init__(theme=theme)
        self.venue = venue
        self.sitting: Sitting | None = None
        self._wanted = seats
        self._note_read = note_read

    @property
    def farewell(self) -> str:
        """What is said when the terminal is left."""
        sitting = self.sitting
        if sitting is None or not sitting.desks:
            return farewell(self.failure)
        if sitting.lobby.practice:
            return farewell(self.failure, practice=True)
        if sitting.is_over:
            return farewell(self.failure, replay=sitting.lobby.replay)
        return farewell(self.failure, resume=sitting.lobby.resume)

    def on_mount(self) -> None:
        """Paint the first screen, then read the scenario."""
        super().on_mount()
        self.push_screen(NoteScreen(), self._after_note)
        self.call_after_refresh(self.work, self._read_lobby)

    def work(self, job: Callable[[], None]) -> None:
        """Do a job that may block, off this thread."""
        self.run_worker(job, thread=True)

    def say(self, message: Message) -> None:
        """Post a message from a job, unless the application is being left."""
        if not get_current_worker().is_cancelled:
            self.post_message(message)

    def _read_lobby(self) -> None:
        try:
            lobby = self.venue.lobby()
        except VenueError as trouble:
            self.say(self.VenueFailed(str(trouble)))
            return
        from exercise.tui.sitting import Sitting  # noqa: PLC0415 - the other screens are not needed for the first paint

        self.say(self.LobbyRead(lobby, Sitting(self, lobby)))

    def on_seat_app_lobby_read(self, event: LobbyRead) -> None:
        """Show the content note; with a seat already chosen, start meanwhile."""
        self.sitting = event.sitting
        if self._wanted:
            self.sitting.briefing_first = not self._note_read
            self.sitting.take(self._wanted)
        if isinstance(self.screen, NoteScreen):
            self.screen.show(event.lobby)
            if self._note_read:
                self.screen.action_go_on()

    def _after_note(self, _read: bool | None) -> None:
        if self.sitting is not None:
            self.sitting.choose()

    def on_seat_app_venue_failed(self, event: VenueFailed) -> None:
        """Say what went wrong where the player is looking."""
        if isinstance(self.screen, NoteScreen):
            self.screen.fail(event.why)
        elif self.sitting is not None:
            self.sitting.fail(event.why)

    def on_chooser_screen_taken(self, event: ChooserScreen.Taken) -> None:
        """Start the exercise with these seats."""
        if self.sitting is not None:
            self.sitting.take(event.seats)

    def on_sitting_begun(self, event: Sitting.Begun) -> None:
        """The exercise runs."""
        if self.sitting is not None:
            self.sitting.begin(event.links)

    def on_seat_app_frames_came(self, _event: FramesCame) -> None:
        """Fold what came."""
        if self.sitting is not None:
            self.sitting.fold()

    def on_seat_app_turn_due(self, _event: TurnDue) -> None:
        """Show the new turn."""
        if self.sitting is not None:
            self.sitting.show_turn()

    def action_leave(self) -> None:
        """Ask, then leave."""
        if self.sitting is None or not self.sitting.leave():
            self.exit()

    def close(self) -> None:
        """Leave the links; called by ``run_seat`` after the screen is restored. The venue belongs to whoever made it."""
        if self.sitting is not None:
            self.sitting.close()
