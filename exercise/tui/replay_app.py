"""``exercise replay`` on a terminal. Scenes are gathered off this thread, since recomputing a log takes its time."""

from __future__ import annotations

from textual.message import Message
from textual.worker import get_current_worker

from exercise.presenter.replay import Chronicle, ChronicleError, ReplayView, Scene, scene
from exercise.tui.replay_screen import ReplayScreen
from exercise.tui.terminal import Terminal


class ReplayApp(Terminal):
    """The replay's application."""

    class Gathered(Message):
        """A scene is ready."""

        def __init__(self, scene: Scene) -> None:
            super().__init__()
            self.scene = scene

    class Failed(Message):
        """The exercise cannot be looked at."""

        def __init__(self, why: str) -> None:
            super().__init__()
            self.why = why

    def __init__(self, chronicle: Chronicle, *, view: ReplayView | None = None, theme: str = "") -> None:
        super().__init__(theme=theme)
        self.chronicle = chronicle
        self._view = view or ReplayView()
        self._table = ReplayScreen(chronicle)

    def on_mount(self) -> None:
        """Paint the empty screen, then gather the first scene."""
        super().on_mount()
        self.push_screen(self._table)
        self.call_after_refresh(self._gather, self._view)

    def on_replay_screen_wanted(self, event: ReplayScreen.Wanted) -> None:
        """Gather another scene; a newer wish overtakes an older one."""
        self._gather(event.view)

    def _gather(self, view: ReplayView) -> None:
        def work() -> None:
            message: Message
            try:
                message = self.Gathered(scene(self.chronicle, view))
            except ChronicleError as trouble:
                message = self.Failed(str(trouble))
            if not get_current_worker().is_cancelled:
                self.post_message(message)

        self.run_worker(work, thread=True, exclusive=True)

    def on_replay_app_gathered(self, event: Gathered) -> None:
        """Show a scene."""
        self._table.show(event.scene)

    def on_replay_app_failed(self, event: Failed) -> None:
        """Say why."""
        self._table.fail(event.why)
