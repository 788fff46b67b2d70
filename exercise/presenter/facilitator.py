"""A facilitator's place: what they can ask of the room, the two lines above the panes, and the keys.

A facilitator reads a stream as seats do: what is public, messages to the facilitators, and while they listen all messages. What they run
the exercise by comes beside it, in ``control``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from exercise.presenter.codes import Codes, codes_of
from exercise.presenter.control import Control, read_control
from exercise.presenter.dates import long_day, short_day
from exercise.presenter.desk import Desk
from exercise.presenter.frames import Data, Welcome
from exercise.presenter.keys import Key
from exercise.presenter.room_state import RoomState, SeatHere, clock_words, line_words, stop_words
from exercise.presenter.rows import Line, Run, line_width, spread
from exercise.presenter.slips import SlipRefusal, parse, told
from exercise.presenter.status import connection_words, phase_words
from exercise.presenter.tabs import Tab
from exercise.presenter.words import _, many

PANES = ("seats", "tickets", "injects", "log")
EXTENSION_MINUTES = 5
"""By how much one press of the key extends a phase."""
ROLES = ("head", "member", "observer", "evaluator", "facilitator")
SEATED = ("head", "member", "evaluator")
"""Roles whose ticket names a seat."""


def _standing(room: RoomState) -> tuple[str, int, str]:
    return room.status, room.turn, room.phase


@attrs.define(slots=True)
class Console(Desk):
    """A facilitator's state and line. Every act has a reference of its own, so that whatever is sent twice is done once."""

    _read: tuple[Mapping[str, Any], Control] = attrs.field(factory=lambda: ({}, Control()), init=False)
    _codes: tuple[Welcome, Codes] = attrs.field(factory=lambda: (Welcome(), Codes()), init=False)

    def hear(self, frames: Iterable[Data]) -> bool:
        """Fold frames into the state. What was refused in one phase is no news in the next."""
        stood, refused = _standing(self.state.room), self.state.refused
        changed = super().hear(frames)
        if refused is not None and self.state.refused is refused and _standing(self.state.room) != stood:
            self.state = attrs.evolve(self.state, refused=None)
        return changed

    @property
    def control(self) -> Control:
        """What the exercise is run by, as it was told last."""
        frame = self.state.room.control
        if self._read[0] is not frame:
            self._read = (frame, read_control(frame))
        return self._read[1]

    @property
    def is_told(self) -> bool:
        """Whether the room has told what it is run by: before that, what is not there may only not have come yet."""
        return bool(self.state.room.control)

    def seat_name(self, seat: str) -> str:
        """A seat's name, or its id."""
        found = self.control.seat(seat)
        return found.name if found is not None and found.name else self.state.welcome.seat_name(seat)

    def is_of_the_host(self, ticket: str) -> bool:
        """Whether a ticket is that of the console in the host's own process: without it nobody there could run the exercise."""
        return any(one.ticket == ticket and one.via == "here" and one.here for one in self.control.clients)

    def start(self) -> None:
        """Begin the exercise."""
        self._ask("start")

    def next_phase(self, turn: int, phase: str) -> None:
        """End a phase that was meant, for everybody. A second press, or one of a co-facilitator, does not end the one after."""
        self._ask("next", turn=turn, phase=phase)

    def resume(self) -> None:
        """Go on after a pause."""
        self._ask("resume")

    def extend(self, minutes: float = EXTENSION_MINUTES) -> None:
        """Give the phase more time."""
        self._ask("extend", seconds=minutes * 60)

    def stop_timer(self) -> None:
        """Take the phase's limit away."""
        self._ask("stop_timer")

    def release(self, inject: str) -> None:
        """Let an inject come with this turn."""
        self._ask("inject", inject=inject)

    def take_over(self, seat: str, by: str, doctrine: str = "") -> None:
        """Give a seat to a doctrine, or back to people (``human``)."""
        self._ask("take_over", seat=seat, by=by, doctrine=doctrine or None)

    def new_ticket(self, role: str, seat: str = "") -> None:
        """Make a ticket."""
        self._ask("ticket", role=role, seats=[seat] if seat else [])

    def revoke(self, ticket: str) -> None:
        """Take a ticket back; whoever came in with it is sent away."""
        self._ask("revoke", ticket=ticket)

    def reissue(self, ticket: str) -> None:
        """Take a ticket back and make another of the same kind."""
        self._ask("reissue", ticket=ticket)

    def announce(self, said: str) -> None:
        """Say something to everybody, observers included."""
        self._ask("announce", text=said)

    def set_listening(self, *, on: bool) -> None:
        """Hear what seats say to each other, or no more; everybody is shown that it is so."""
        self._ask("listen", on=on)

    @property
    def codes(self) -> Codes:
        """What stands for what on slips of paper: the codes of the printed sheets."""
        if self._codes[0] is not self.state.welcome:
            self._codes = (self.state.welcome, codes_of([self.state.welcome]))
        return self._codes[1]

    def slip(self, line: str) -> tuple[str, bool]:
        """Hand in for a seat what it wrote on paper. Returns what was understood, or why nothing was, and whether it was a slip."""
        slip = parse(line, self.codes)
        if isinstance(slip, SlipRefusal):
            return f"{slip.why}. {slip.hint}".strip(), False
        self._ask("slip", seat=slip.seat, slip=slip.act)
        return told(slip, self.codes), True


# --- the two lines ------------------------------------------------------------------------------------------------------------------------


def facilitator_status(console: Console, width: int) -> Line:
    """Line 1: exercise, turn, date, phase, clock, how the line is; the less needful parts go first when it is narrow."""
    state, room = console.state, console.state.room
    turn = _("turn {turn} of {turns}", turn=room.turn, turns=room.turns) if room.turns else ""
    parts = [
        Run(state.welcome.title, "title"),
        Run(turn, "strong"),
        Run(long_day(state.date) if state.date else "", "strong"),
        Run(phase_words(state), "phase"),
        Run(clock_words(room, console.clock())),
        Run(_("LISTENING") if room.listening else "", "alarm"),
    ]
    right = (Run(_("FACILITATOR"), "seat"), Run("  "), connection_words(room))
    none, brief = Run(""), Run(short_day(state.date) if state.date else "", "strong")
    changes: tuple[dict[int, Run], ...] = ({}, {2: brief}, {0: none, 2: brief}, {0: none, 2: none}, {0: none, 1: none, 2: none})
    shown: list[Run] = []
    for change in changes:
        shown = _joined([change.get(place, part) for place, part in enumerate(parts)])
        if line_width(shown) + line_width(right) + 4 <= width:
            break
    return spread((Run(" "), *shown), (*right, Run(" ")), width)


def _joined(parts: list[Run]) -> list[Run]:
    runs: list[Run] = []
    for part in parts:
        if part.text:
            runs += [Run(" · ", "dim"), part] if runs else [part]
    return runs


def facilitator_todo(console: Console, width: int) -> Line:
    """Line 2: what to do next, and the key for it."""
    words, key, does = next_step(console)
    refused = console.state.refused
    left = [Run(" "), Run(words, "strong")]
    if refused is not None:
        said = _("Refused: {why}", why=refused.words)
        left = [Run(" "), Run(said, "alarm")]
    right = (Run(key, "key"), Run(f" {does} ", "dim")) if key else ()
    return spread(left, right, width)


def played(console: Console) -> tuple[SeatHere, ...]:
    """Seats that are for people, before the exercise and during it: those that a doctrine was meant to play from the start are not."""
    by_doctrine = {one.id for one in console.control.seats if one.by != "human"}
    return tuple(one for one in console.state.room.seats if one.seat not in by_doctrine or one.here)


def waiting_for(console: Console) -> tuple[str, ...]:
    """Seats that people play and that are not ready."""
    return tuple(one.seat for one in console.state.room.waited_for if not one.ready)


def absent(console: Console) -> tuple[str, ...]:
    """Seats that people play and at which nobody sits now, nor will at once: who is away may be back before a door gives their place up."""
    return tuple(one.seat for one in console.state.room.waited_for if not one.here and not one.away)


def next_step(console: Console) -> tuple[str, str, str]:  # noqa: PLR0911 - one for each state of a room
    """What to do next in words, the key, and what the key does."""
    state, room = console.state, console.state.room
    broken = line_words(room)
    if broken:
        return broken, "", ""
    match room.status:
        case "":
            return _("Waiting for the room"), "", ""
        case "lobby":
            seats = played(console)
            here, ready = sum(one.here > 0 for one in seats), sum(one.ready for one in seats)
            words = _("Lobby: {here} of {seats} seats here, {ready} ready", here=here, seats=len(seats), ready=ready)
            return words, "N", _("starts the exercise")
        case "paused":
            return stop_words(room), "space", _("resumes")
        case "frozen":
            return room.why, "F10", _("leaves")
        case "over":
            return _("The exercise has ended: debrief"), "F10", _("ends it")
    if not state.is_open:
        return _("The turn is being resolved"), "", ""
    gone = absent(console)
    if gone:
        names = ", ".join(console.seat_name(seat) for seat in gone)
        return _("Nobody sits at: {seats}", seats=names), "T", _("gives a seat to a doctrine")
    waiting = waiting_for(console)
    if not waiting:
        return _("Everybody is ready"), "N", _("next phase")
    words = ", ".join(state.welcome.seat_short(seat) for seat in waiting)
    left = many("Waiting for {count} seat: {seats}", "Waiting for {count} seats: {seats}", len(waiting), seats=words)
    return left, "N", _("ends this phase for all")


# --- keys and pages -----------------------------------------------------------------------------------------------------------------------


def facilitator_keys() -> tuple[Key, ...]:
    """Every key of the facilitator's screen but the pane numbers."""
    return (
        Key(
            "enter", "enter", "open", _("open"), _("opens the line you are on: a ticket to read out or scan, a message, a seat, an inject")
        ),
        Key("space", "space", "hold", _("pause"), _("stops the exercise for everybody and takes up a reason, or resumes it")),
        Key(
            "n,N",
            "N",
            "next_phase",
            _("next phase"),
            _("starts the exercise; later ends this phase for all, and asks if not all are ready"),
        ),
        Key("plus", "+", "extend", _("5 min more"), _("gives this phase five minutes more")),
        Key("s,S", "S", "stop_timer", _("stop timer"), _("takes this phase's limit away; it ends when all are ready or by N")),
        Key("g,G", "G", "release", _("release inject"), _("lets the inject you are on come with this turn, after asking")),
        Key("t,T", "T", "take_over", _("seat to"), _("gives the seat you are on to a doctrine, or back to its people")),
        Key("k,K", "K", "new_ticket", _("new ticket"), _("makes a ticket for a head, member, observer, evaluator or co-facilitator")),
        Key("r,R", "R", "reissue", _("re-issue"), _("takes the ticket you are on back and makes another of the same kind, after asking")),
        Key(
            "x,X,delete", "X", "revoke", _("revoke"), _("takes the ticket you are on back, after asking; who came in with it is sent away")
        ),
        Key("i,I", "I", "slip", _("type in a slip"), _("hands in for a seat what it wrote on paper, by the codes of the printed sheets")),
        Key("b,B", "B", "announce", _("announce"), _("says something to everybody")),
        Key("l,L", "L", "listen", _("listen"), _("lets you hear what seats say to each other, or no more; everybody is shown it")),
        Key("o,O", "O", "note", _("note"), _("puts a note of yours into the log")),
        Key("z", "z", "zoom", _("zoom"), _("gives the pane the whole screen, and back")),
        Key("question_mark,f1", "?", "help", _("help"), _("every key")),
        Key("ctrl+t", "ctrl+t", "theme", _("colours"), _("next theme: dark, light, high contrast safe for colour-blind eyes")),
        Key("f10,ctrl+q", "F10", "leave", _("leave"), _("leaves, after asking")),
    )


FOOTERS: dict[str, tuple[str, ...]] = {
    "seats": ("hold", "next_phase", "extend", "take_over", "announce", "stop_timer", "listen", "help"),
    "tickets": ("open", "new_ticket", "reissue", "revoke", "hold", "next_phase", "help"),
    "injects": ("release", "hold", "next_phase", "extend", "help"),
    "log": ("open", "announce", "listen", "hold", "next_phase", "help"),
}
"""Keys in the footer by pane, the most needful first: the bar leaves out the last ones where there is no room."""


def facilitator_footer(pane: str) -> tuple[tuple[Key, ...], tuple[Key, ...]]:
    """The keys at the left and at the right of the footer."""
    by_action = {key.action: key for key in facilitator_keys()}
    return tuple(by_action[action] for action in FOOTERS.get(pane, ("help",))), (by_action["leave"],)


def facilitator_tabs(console: Console) -> tuple[Tab, ...]:
    """The four pages."""
    control, seats = console.control, played(console)
    unused = sum(one.state == "unused" for one in control.tickets)
    pending = sum(one.status == "pending" for one in control.injects)
    marks = {
        "seats": f" {sum(one.here > 0 for one in seats)}/{len(seats)}" if seats else "",
        "tickets": f" {unused}" if unused else "",
        "injects": f" {pending}" if pending else "",
        "log": f" !{len(control.alerts)}" if control.alerts else "",
    }
    return tuple(Tab(name, words, marks[name]) for name, words in zip(PANES, facilitator_titles(), strict=True))


def facilitator_titles() -> tuple[str, ...]:
    """The four panes, in the order of their numbers."""
    return (_("Seats"), _("Tickets"), _("Injects"), _("Alerts and messages"))
