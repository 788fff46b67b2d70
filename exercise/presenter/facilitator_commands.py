"""A facilitator's typed commands: what a line means, and what it prints. No terminal here: lines in, rows out.

What cannot be taken back lightly (ending a phase for people who are not ready, a ticket taken back, an inject) is asked for twice: the
first line says what would happen, the same line again does it.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import attrs

from exercise.presenter.command_list import Command
from exercise.presenter.control import InjectLine, SeatLine
from exercise.presenter.facilitator import (
    EXTENSION_MINUTES,
    ROLES,
    SEATED,
    Console,
    facilitator_status,
    next_step,
)
from exercise.presenter.facilitator_rows import (
    inject_rows,
    log_rows,
    menu_rows,
    next_question,
    release_words,
    seat_rows,
    sittings_now,
    ticket_for,
    ticket_rows,
)
from exercise.presenter.naming import Named, match
from exercise.presenter.room_state import stop_words
from exercise.presenter.rows import Row, Rows, Run, note, wrap
from exercise.presenter.ticket_card import ticket_card
from exercise.presenter.words import _

QUOTES = "\"'\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}"
LONGEST_MINUTES = 24 * 60
HELP_COLUMN = 26


def facilitator_commands() -> tuple[Command, ...]:
    """Every command, in the order in which help tells them."""
    return (
        Command("look", "", _("where the exercise stands and what to do next")),
        Command("who", "", _("seats and people: here, ready, idle, how they came")),
        Command("sittings", "", _("while bodies sit: what lies before them, who has voted and how, who is missing")),
        Command("start", "", _("begin the exercise; asks if somebody is not ready")),
        Command("next", "", _("end this phase for all; asks if somebody is not ready")),
        Command("pause", _("[why]"), _("stop the exercise for everybody")),
        Command("resume", "", _("go on after a pause")),
        Command("extend", _("[MINUTES]"), _("more time for this phase, five minutes if not said")),
        Command("stop", _("timer"), _("take this phase's limit away")),
        Command("injects", "", _("injects: not yet, comes with this turn, came")),
        Command("inject", _("NUMBER or id"), _("let an inject come with this turn; asks first")),
        Command("take", _("SEAT by doctrine [NAME]"), _("let a doctrine play a seat")),
        Command("give", _("SEAT back"), _("give a seat back to its people")),
        Command("tickets", _("[TICKET]"), _("for whom, words to read out, whether somebody came in; of one: every way in")),
        Command("new", _("ticket ROLE [SEAT]"), _("make a ticket: head, member, observer, evaluator, facilitator")),
        Command("revoke", _("TICKET"), _("take a ticket back and send its holder away; asks first")),
        Command("reissue", _("TICKET"), _("take a ticket back and make another of the same kind; asks first")),
        Command("say", _('"text"'), _("say something to everybody")),
        Command("listen", _("on or off"), _("hear what seats say to each other; everybody is shown that you do")),
        Command("slip", _("SEAT ..."), _("type in what a seat handed in on paper")),
        Command("menu", _("SEAT"), _("a seat's orders with the numbers that stand for them on slips")),
        Command("note", _("text"), _("put a note of yours into the log")),
        Command("log", "", _("alerts and messages, newest first")),
        Command("help", "", _("this list")),
        Command("quit", "", _("leave; asks first")),
    )


@attrs.define(slots=True)
class FacilitatorLines:
    """A facilitator's line mode. ``leaving`` says what leaving means, to be asked first."""

    console: Console
    width: int = 80
    leaving: str = ""
    quit: bool = False
    _typed: str = ""
    _asked: str = ""
    """The line that was asked about and not done."""
    _asked_in: tuple[int, str] = (0, "")
    _sure: bool = False

    def hear(self, line: str) -> Rows:
        """Do what a line says; the rows to print."""
        words = line.strip().split()
        if not words:
            return ()
        plain = " ".join(words).lower()
        room = self.console.state.room
        # What was asked about was this phase: the same words in the next one are a new question.
        where = (room.turn, room.phase)
        self._sure = self._asked == plain and self._asked_in == where
        self._asked, self._asked_in = "", where
        found = _match(words[0].lower())
        if found is None:
            return self._say(_("“{word}” is not a command; help lists them.", word=words[0]))
        self._typed = plain
        return _ACTIONS[found](self, line.strip()[len(words[0]) :].strip())

    def _say(self, text: str) -> Rows:
        return (note(text, self.width, role=""),)

    def _ask(self, question: str) -> Rows | None:
        """None when the same line was just asked about and came again."""
        if self._sure or not question:
            return None
        self._asked = self._typed
        return (*self._say(question), *self._say(_("Type the same again to do it.")))

    # --- what is told ---------------------------------------------------------------------------------------------------------

    def look(self, _rest: str = "") -> Rows:
        """Where the exercise stands, and what to do next."""
        words, _key, _does = next_step(self.console)
        return (Row((facilitator_status(self.console, self.width),)), note(words, self.width, role=""))

    def who(self, _rest: str) -> Rows:
        """Seats and people."""
        return seat_rows(self.console, self.width)

    def sittings(self, _rest: str) -> Rows:
        """Bodies while they sit."""
        return sittings_now(self.console, self.width)[1:] or self._say(_("Nothing lies before a body that sits now."))

    def injects(self, _rest: str) -> Rows:
        """Injects."""
        return inject_rows(self.console, self.width)

    def tickets(self, rest: str) -> Rows:
        """Tickets, or one of them with every way in."""
        found = self.console.control.ticket(rest.strip().lower())
        return ticket_card(self.console, found, self.width) if found is not None else ticket_rows(self.console, self.width)

    def log(self, _rest: str) -> Rows:
        """Alerts and messages."""
        rows = log_rows(self.console, self.width)
        self.console.read()
        return rows

    def help(self, _rest: str) -> Rows:
        """Every command."""
        rows = []
        for each in facilitator_commands():
            head = f"{each.word} {each.after}".strip()
            gap = " " * max(2, HELP_COLUMN - len(head))
            rows.append(Row(wrap((Run(head, "key"), Run(gap), Run(each.help)), self.width, indent=HELP_COLUMN)))
        return tuple(rows)

    # --- running it -----------------------------------------------------------------------------------------------------------

    def start(self, _rest: str) -> Rows:
        """Begin."""
        if self.console.state.room.status != "lobby":
            return self._say(_("The exercise has begun already."))
        asked = self._ask(next_question(self.console))
        if asked is not None:
            return asked
        self.console.start()
        return self._say(_("Start asked for."))

    def next(self, _rest: str) -> Rows:
        """End the phase."""
        room = self.console.state.room
        if room.status == "lobby":
            return self.start("")
        if room.status != "running":
            return self._say(stop_words(room) or _("The exercise is not running."))
        asked = self._ask(next_question(self.console))
        if asked is not None:
            return asked
        self.console.next_phase(room.turn, room.phase)
        return self._say(_("End of this phase asked for."))

    def pause(self, rest: str) -> Rows:
        """Stop."""
        self.console.pause(rest.strip(QUOTES))
        return self._say(_("Pause asked for."))

    def resume(self, _rest: str) -> Rows:
        """Go on."""
        self.console.resume()
        return self._say(_("Resume asked for."))

    def extend(self, rest: str) -> Rows:
        """More time."""
        try:
            minutes = float(rest.split(maxsplit=1)[0].replace(",", ".")) if rest else EXTENSION_MINUTES
        except ValueError:
            minutes = math.nan
        if not 0 < minutes <= LONGEST_MINUTES:
            return self._say(_("Say how many minutes: extend 5"))
        self.console.extend(minutes)
        return self._say(_("{minutes} minutes more asked for.", minutes=f"{minutes:g}"))

    def stop(self, rest: str) -> Rows:
        """Stop the timer; nothing else is stopped by this word."""
        if rest.lower() != "timer":
            return self._say(_("stop timer takes the limit away; pause stops the exercise; quit leaves."))
        self.console.stop_timer()
        return self._say(_("Without a limit: the phase ends when everybody is ready, or with next."))

    def inject(self, rest: str) -> Rows:
        """Release an inject."""
        found = self._inject(rest)
        if found is None:
            return self._say(_("Which inject? Give its number or id; injects lists them."))
        if found.status != "pending":
            return self._say(_("That inject came already, or comes with this turn."))
        asked = self._ask(release_words(found))
        if asked is not None:
            return asked
        self.console.release(found.id)
        return self._say(_("Release asked for: {title}", title=found.title or found.id))

    def _inject(self, rest: str) -> InjectLine | None:
        wanted = rest.strip().lower()
        found = [one for one in self.console.control.injects if wanted and wanted in (one.number.lower(), one.id.lower())]
        return found[0] if len(found) == 1 else None

    # --- seats ----------------------------------------------------------------------------------------------------------------

    def _seat(self, rest: str) -> tuple[SeatLine | None, tuple[str, ...], Rows]:
        """The seat that words name, what follows it, and what to say where none is clear."""
        seats = self.console.control.seats
        welcome = self.console.state.welcome
        things = [Named(one.id, one.name or one.id, (welcome.seat_short(one.id),)) for one in seats]
        found = match(rest.split(), things)
        if found.clear is not None:
            return next(one for one in seats if one.id == found.clear.id), found.rest, ()
        if found.found:
            return None, (), self._say(_("Which one? {names}", names=", ".join(each.name for each in found.found)))
        return None, (), self._say(_("Name a seat: {names}", names=", ".join(each.name for each in things)))

    def take(self, rest: str) -> Rows:
        """A doctrine plays a seat."""
        seat, after, trouble = self._seat(rest)
        if seat is None:
            return trouble
        words = [word.lower() for word in after]
        if words[:2] != ["by", "doctrine"] or len(words) > 3:
            return self._say(_("Say by which doctrine: take {seat} by doctrine {names}", seat=seat.id, names="|".join(seat.doctrines)))
        wanted = words[2] if len(words) == 3 else "default" if "default" in seat.doctrines else next(iter(seat.doctrines), "")
        doctrine = next((one for one in seat.doctrines if one.lower() == wanted), "")
        if not doctrine:
            return self._say(_("{seat} has the doctrines: {names}", seat=seat.name, names=", ".join(seat.doctrines)))
        self.console.take_over(seat.id, "doctrine", doctrine)
        return self._say(_("Asked for: doctrine {doctrine} plays {seat}.", doctrine=doctrine, seat=seat.name))

    def give(self, rest: str) -> Rows:
        """People play it again."""
        words = rest.split()
        seat, _after, trouble = self._seat(" ".join(words[:-1]) if words[-1:] and words[-1].lower() == "back" else rest)
        if seat is None:
            return trouble
        self.console.take_over(seat.id, "human")
        return self._say(_("Asked for: {seat} goes back to its people.", seat=seat.name))

    # --- tickets --------------------------------------------------------------------------------------------------------------

    def new(self, rest: str) -> Rows:
        """A ticket."""
        words = rest.split()
        words = words[1:] if words[:1] and words[0].lower() == "ticket" else words
        role = words[0].lower() if words else ""
        if role not in ROLES:
            return self._say(_("Say for which role: new ticket {roles}", roles="|".join(ROLES)))
        if role not in SEATED:
            self.console.new_ticket(role)
            return self._say(_("Asked for: its words are told when it is made."))
        seat, _after, trouble = self._seat(" ".join(words[1:]))
        if seat is None:
            return trouble
        self.console.new_ticket(role, seat.id)
        return self._say(_("Asked for: its words are told when it is made."))

    def revoke(self, rest: str) -> Rows:
        """Take a ticket back."""
        return self._ticket(rest, self.console.revoke, _("Take this ticket back and send away whoever came in with it? {ticket}"))

    def reissue(self, rest: str) -> Rows:
        """Take a ticket back and make another."""
        question = _("Take this ticket back, send away whoever came in with it, and make another? {ticket}")
        return self._ticket(rest, self.console.reissue, question)

    def _ticket(self, rest: str, do: Callable[[str], None], question: str) -> Rows:
        found = next((one for one in self.console.control.tickets if rest and one.id.lower() == rest.lower()), None)
        if found is None:
            return self._say(_("Give a ticket by the name that tickets prints before it."))
        if self.console.is_of_the_host(found.id):
            return self._say(_("That is the ticket of the host's own console."))
        asked = self._ask(question.replace("{ticket}", f"{found.id} {ticket_for(self.console, found)}"))
        if asked is not None:
            return asked
        do(found.id)
        return self._say(_("Asked for."))

    # --- words ----------------------------------------------------------------------------------------------------------------

    def say(self, rest: str) -> Rows:
        """To everybody."""
        said = rest.strip().strip(QUOTES).strip()
        if not said:
            return self._say(_('Say what: say "The border opens at six."'))
        self.console.announce(said)
        return self._say(_("Announcement sent."))

    def listen(self, rest: str) -> Rows:
        """Hear what seats say to each other."""
        if rest.lower() not in ("on", "off"):
            return self._say(_("listen on, or listen off. Everybody is shown that you listen."))
        self.console.set_listening(on=rest.lower() == "on")
        return self._say(_("Asked for."))

    def slip(self, rest: str) -> Rows:
        """What a seat handed in."""
        words, is_slip = self.console.slip(rest)
        return self._say(_("Handed in: {slip}", slip=words) if is_slip else words)

    def menu(self, rest: str) -> Rows:
        """A seat's orders, by number."""
        seat, _after, trouble = self._seat(rest)
        return menu_rows(self.console, seat.id, self.width) if seat is not None else trouble

    def note(self, rest: str) -> Rows:
        """Into the log."""
        said = rest.strip().strip(QUOTES).strip()
        if not said:
            return self._say(_("There is nothing in it."))
        self.console.note(said)
        return self._say(_("Noted."))

    def leave(self, _rest: str) -> Rows:
        """Leave."""
        asked = self._ask(self.leaving)
        if asked is not None:
            return asked
        self.quit = True
        return ()


def _match(word: str) -> str | None:
    names = [each.word for each in facilitator_commands()]
    if word in names:
        return word
    if word in ("?", "h"):
        return "help"
    if word in ("exit", "q"):
        return "quit"
    begun = [name for name in names if len(word) > 1 and name.startswith(word)]
    return begun[0] if len(begun) == 1 else None


_ACTIONS: dict[str, Callable[[FacilitatorLines, str], Rows]] = {
    "look": FacilitatorLines.look,
    "who": FacilitatorLines.who,
    "sittings": FacilitatorLines.sittings,
    "start": FacilitatorLines.start,
    "next": FacilitatorLines.next,
    "pause": FacilitatorLines.pause,
    "resume": FacilitatorLines.resume,
    "extend": FacilitatorLines.extend,
    "stop": FacilitatorLines.stop,
    "injects": FacilitatorLines.injects,
    "inject": FacilitatorLines.inject,
    "take": FacilitatorLines.take,
    "give": FacilitatorLines.give,
    "tickets": FacilitatorLines.tickets,
    "new": FacilitatorLines.new,
    "revoke": FacilitatorLines.revoke,
    "reissue": FacilitatorLines.reissue,
    "say": FacilitatorLines.say,
    "listen": FacilitatorLines.listen,
    "slip": FacilitatorLines.slip,
    "menu": FacilitatorLines.menu,
    "note": FacilitatorLines.note,
    "log": FacilitatorLines.log,
    "help": FacilitatorLines.help,
    "quit": FacilitatorLines.leave,
}
