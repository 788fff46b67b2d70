"""Starting a terminal from the command line, and what is said after it was left.

Imports stand inside the functions: Textual takes a fifth of a second, and the first screen does not wait for the others' presenters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercise.presenter.link import Link, Venue
from exercise.presenter.lobby import farewell
from exercise.tui.encoding import speaks_unicode

if TYPE_CHECKING:
    from exercise.presenter.replay import Chronicle


def run_seat(venue: Venue, seats: tuple[str, ...] = (), *, theme: str = "", note_read: bool = False) -> tuple[int, str]:
    """Run a seat's terminal until it is left. Returns the exit status and what to print afterwards, one or two lines."""
    from exercise.tui.plain_text import use_ascii  # noqa: PLC0415 - see above
    from exercise.tui.seat_app import SeatApp  # noqa: PLC0415

    use_ascii(ascii_glyphs=not speaks_unicode())
    app = SeatApp(venue, seats, theme=theme, note_read=note_read)
    try:
        app.run(mouse=True)
    finally:
        app.close()
    return app.return_code or (1 if app.failure else 0), app.farewell


def run_replay(chronicle: Chronicle, *, theme: str = "") -> tuple[int, str]:
    """Run the replay viewer until it is closed. Returns the exit status and what to print afterwards."""
    from exercise.tui.plain_text import use_ascii  # noqa: PLC0415 - see above
    from exercise.tui.replay_app import ReplayApp  # noqa: PLC0415

    use_ascii(ascii_glyphs=not speaks_unicode())
    app = ReplayApp(chronicle, theme=theme)
    app.run(mouse=True)
    return app.return_code or (1 if app.failure else 0), farewell(app.failure)


def run_facilitator(link: Link, *, leaving: str = "", afterwards: str = "", theme: str = "") -> tuple[int, str]:
    """Run a facilitator's console until it is left. Returns the exit status and what to print ``afterwards``, and what broke if it did."""
    from exercise.tui.facilitator_app import FacilitatorApp  # noqa: PLC0415 - see above
    from exercise.tui.plain_text import use_ascii  # noqa: PLC0415

    use_ascii(ascii_glyphs=not speaks_unicode())
    app = FacilitatorApp(link, leaving=leaving, afterwards=afterwards, theme=theme)
    try:
        app.run(mouse=True)
    finally:
        app.close()
    return app.return_code or (1 if app.failure else 0), app.farewell
