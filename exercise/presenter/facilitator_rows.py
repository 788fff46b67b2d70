"""What a facilitator's panes and dialogs show, as rows."""

from __future__ import annotations

from exercise.presenter.control import ClientLine, InjectLine, SeatLine, TicketLine
from exercise.presenter.dates import short_day
from exercise.presenter.facilitator import SEATED, Console, facilitator_keys, played, waiting_for
from exercise.presenter.legible import clip
from exercise.presenter.mail import correspondents
from exercise.presenter.orders import range_words
from exercise.presenter.room_state import SeatHere
from exercise.presenter.rows import BLANK, Line, Row, Rows, Run, Subject, heading, note, spread, wrap
from exercise.presenter.sittings import before_bodies, sitting_rows
from exercise.presenter.words import _, many

IDLE_S = 120
"""Shown as idle from so many seconds without an act."""
MOST_LINES = 4
"""Lines of a message in the pane."""

# --- seats --------------------------------------------------------------------------------------------------------------------------------


def _waiting() -> str:
    return _("Waiting for the room.")


def seat_rows(console: Console, width: int) -> Rows:
    """Every seat: who moves it, whether they are here and ready, who they are, and what is wrong with their line."""
    control, room = console.control, console.state.room
    if not control.seats:
        return (note(_waiting(), width),)
    here = {one.seat: one for one in room.seats}
    rows: list[Row] = []
    for seat in control.seats:
        lines = [_seat_line(console, seat, here.get(seat.id, SeatHere(seat.id, seat.by, 0, ready=False)), width)]
        lines += [line for one in control.at(seat.id) if one.here or one.away for line in person_lines(one, width)]
        rows.append(Row(tuple(lines), Subject("seat", seat.id)))
    rows += sittings_now(console, width)
    others = [one for one in control.clients if one.role not in ("head", "member") and (one.here or one.away)]
    if others:
        rows += [BLANK, heading(_("Others here"))]
        rows += [Row(person_lines(one, width)) for one in others]
    return tuple(rows)


def sittings_now(console: Console, width: int) -> Rows:
    """While bodies sit: every motion before them with its votes, who is missing, and by which rule it is decided."""
    rows: list[Row] = []
    for card in before_bodies(console.state):
        body = console.state.welcome.body(card.body)
        name = body.short if body is not None and body.short else card.body
        rows += [BLANK, Row(wrap((Run(f"{name}: ", "title"), Run(card.title, "strong")), width, indent=2))]
        rows += sitting_rows(console.state, card, width)[2:]
    return tuple(rows)


def _seat_line(console: Console, seat: SeatLine, at: SeatHere, width: int) -> Line:
    mark = Run("✓ ", "ok") if at.ready else Run("● ", "strong") if at.here else Run("○ ", "dim")
    return spread((mark, Run(seat.name or seat.id, "strong" if at.here else "")), (_seat_words(console, seat, at),), width)


def _seat_words(console: Console, seat: SeatLine, at: SeatHere) -> Run:
    if seat.by == "doctrine":
        return Run(_("doctrine {name}", name=seat.doctrine), "private")
    if at.ready:
        return Run(_("ready"), "ok")
    if at.here:
        return Run(_("here"), "")
    if at.away:
        return Run(_("away"), "alarm")
    came = bool(console.control.at(seat.id))
    if console.state.room.status == "lobby":
        return Run(_("not here") if came else _("nobody yet"), "dim")
    return Run(_("gone") if came else _("nobody there"), "alarm")


def person_lines(one: ClientLine, width: int) -> tuple[Line, ...]:
    """Somebody: who they are, how they came, and what is wrong with their line."""
    told = [one.name or (_("the host's console") if one.via == "here" else _("(no name)")), one.role]
    if one.via and one.via != "here":
        told.append(_("{via} from {place}", via=one.via, place=one.origin) if one.origin else one.via)
    if one.idle_s >= IDLE_S:
        told.append(many("idle for {count} minute", "idle for {count} minutes", one.idle_s // 60))
    runs = [Run(" · ".join(told), "dim")]
    if one.away:
        runs.append(Run(_(" · line gone, place kept"), "alarm"))
    elif one.behind:
        runs.append(Run(_(" · slow line, behind"), "alarm"))
    return wrap(runs, width, first=4, indent=4)


def seat_choices(seat: SeatLine, width: int) -> Rows:
    """To whom a seat can be given."""
    now = _("people") if seat.by == "human" else _("doctrine {name}", name=seat.doctrine)
    rows = [note(_("{seat} is moved by: {who}", seat=seat.name or seat.id, who=now), width), BLANK]
    if seat.by != "human":
        rows.append(Row(((Run(_("Give it back to its people")),),), Subject("choice", "human")))
    rows += [
        Row(((Run(_("Doctrine {name} plays it", name=each)),),), Subject("choice", f"doctrine {each}"))
        for each in seat.doctrines
        if not (seat.by == "doctrine" and each == seat.doctrine)
    ]
    if seat.by == "human":
        rows += [BLANK, note(_("Whoever sits there stays in the room and can be given the seat back at any time."), width)]
    return tuple(rows)


# --- tickets ------------------------------------------------------------------------------------------------------------------------------


def ticket_rows(console: Console, width: int) -> Rows:
    """Tickets: for whom, the words to read out, and whether somebody came in with them."""
    shown = [one for one in console.control.tickets if one.state != "revoked"]
    rows = [Row((_ticket_line(console, one, width),), Subject("ticket", one.id)) for one in shown]
    revoked = len(console.control.tickets) - len(shown)
    if revoked:
        rows.append(note(many("{count} ticket was taken back", "{count} tickets were taken back", revoked), width))
    return tuple(rows) or (note(_("No tickets. K makes one.") if console.is_told else _waiting(), width),)


def _ticket_line(console: Console, one: TicketLine, width: int) -> Line:
    end = Run(one.words, "strong") if one.words else Run(_ticket_state(one), "dim")
    whom = ", ".join(map(console.seat_name, one.seats)) if one.role == "head" else ticket_for(console, one)
    head = Run(f"{one.id} ", "key")
    room = max(0, width - head.width - end.width - 1)
    return spread((head, Run(clip(whom, room), "" if one.words else "dim")), (end,), width)


def ticket_for(console: Console, one: TicketLine) -> str:
    """For whom a ticket is."""
    seats = ", ".join(console.seat_name(seat) for seat in one.seats)
    return f"{seats} · {role_words(one.role)}" if seats else role_words(one.role)


def role_words(role: str) -> str:
    """A role in words."""
    return {
        "head": _("head"),
        "member": _("member of the team"),
        "observer": _("observer"),
        "evaluator": _("evaluator"),
        "facilitator": _("co-facilitator"),
    }.get(role, role)


def _ticket_state(one: TicketLine) -> str:
    return {"bound": _("in use"), "revoked": _("taken back"), "unused": _("not used")}.get(one.state, one.state)


def new_ticket_choices(console: Console) -> Rows:
    """What a new ticket can be for."""
    rows: list[Row] = []
    rows += [Row(((Run(role_words(role)),),), Subject("choice", role)) for role in ("facilitator", "observer")]
    for role in SEATED:
        rows += [BLANK, heading(role_words(role))]
        rows += [
            Row(((Run(f"  {one.name or one.id}"),),), Subject("choice", f"{role} {one.id}")) for one in console.control.seats
        ]  # fmt: skip
    return tuple(rows)


# --- injects ------------------------------------------------------------------------------------------------------------------------------


def inject_rows(console: Console, width: int) -> Rows:
    """Injects: what comes when, what can be released by hand, what came."""
    found = console.control.injects
    if not found:
        return (note(_("This exercise has no injects.") if console.is_told else _waiting(), width),)
    rows: list[Row] = []
    parts = ((_("Comes with this turn"), "chosen"), (_("Not yet"), "pending"), (_("Came"), "released"))
    for title, status in parts:
        those = [one for one in found if one.status == status]
        if those:
            rows += [heading(title), *(_inject_row(one, width) for one in those)]
    rows += [_inject_row(one, width) for one in found if one.status not in ("pending", "chosen", "released")]
    return tuple(rows)


def _inject_row(one: InjectLine, width: int) -> Row:
    role = {"pending": "", "chosen": "strong"}.get(one.status, "dim")
    day = f"  {short_day(one.on)}" if one.on else ""
    number = f"{one.number} " if one.number else ""
    runs = (Run(number, "key"), Run(one.title or one.id, role), Run(f"  {one.kind}", "dim"), Run(day, "dim"))
    return Row(wrap(runs, width, indent=len(number)), Subject("inject", one.id))


def release_words(one: InjectLine) -> str:
    """What is asked before an inject is released by hand."""
    name = f"{one.number} {one.title}".strip() or one.id
    if one.on:
        return _("Let it come with this turn, whatever its day is? {name} comes by itself on {day}.", name=name, day=short_day(one.on))
    return _("Let it come with this turn? {name}", name=name)


# --- alerts and messages ------------------------------------------------------------------------------------------------------------------


def log_rows(console: Console, width: int) -> Rows:
    """Alerts first, newest on top; then messages to the facilitators, announcements and statements, and while listening all messages."""
    state, control = console.state, console.control
    rows = [Row(wrap((Run("! ", "alarm"), Run(one.text, "alarm")), width, indent=2)) for one in reversed(control.alerts)]
    turn = -1
    for letter in reversed(state.letters):
        if letter.turn != turn:
            turn = letter.turn
            rows.append(note(_("turn {turn}", turn=turn), width))
        fresh = "● " if letter.sender != state.seat and letter.key not in state.read else "  "
        runs = (Run(fresh, "unread"), Run(correspondents(state, letter), "letter"), Run(f"  {letter.text}"))
        rows.append(Row(wrap(runs, width, indent=2)[:MOST_LINES], Subject("message", str(letter.number))))
    if not rows:
        what = _("Nothing yet. Messages to the facilitators come here")
        more = _("and while you listen all messages.") if not state.room.listening else _("and, as you listen, all messages.")
        return (note(f"{what}, {more}", width),)
    return tuple(rows)


# --- slips --------------------------------------------------------------------------------------------------------------------------------


def menu_rows(console: Console, seat: str, width: int) -> Rows:
    """A seat's orders with what stands for them on its slips: number, target and amount."""
    codes = console.codes
    rows: list[Row] = [heading(f"{codes.seat(seat)} {console.seat_name(seat)}")]
    purpose = ""
    for number, card in codes.menus.get(seat, ()):
        if card.purpose != purpose:
            purpose = card.purpose
            rows.append(note(purpose, width))
        wants = [_("target") if len(card.targets) > 1 else "", range_words(card.amount) if card.amount is not None else ""]
        after = ", ".join(want for want in wants if want)
        runs = (Run(f"{number:>3} ", "key"), Run(card.title), Run(f"  {after}" if after else "", "dim"))
        rows.append(Row(wrap(runs, width, indent=4)))
    return tuple(rows) if len(rows) > 1 else (note(_("Its menu is not known here."), width),)


# --- questions ----------------------------------------------------------------------------------------------------------------------------


def next_question(console: Console) -> str:
    """What is asked before a phase is ended for all; empty where everybody is ready and nothing need be asked."""
    room = console.state.room
    if room.status == "lobby":
        missing = [console.seat_name(one.seat) for one in played(console) if not one.ready]
        if not missing:
            return ""
        return _("Start although these are not ready? {seats}. A doctrine plays a seat until its head comes.", seats=", ".join(missing))
    waiting = [console.seat_name(seat) for seat in waiting_for(console)]
    if not waiting:
        return ""
    gone = [console.seat_name(one.seat) for one in console.state.room.waited_for if not one.here]
    words = _("End this phase for everybody? Not ready: {seats}.", seats=", ".join(waiting))
    return f"{words} {_('Not here: {seats}.', seats=', '.join(gone))}" if gone else words


def help_rows(width: int) -> Rows:
    """Every key."""
    rows = [heading(_("Keys"))]
    rows += [
        Row(wrap((Run(f"{key.show:<8}", "key"), Run(key.help)), width, indent=8), Subject("choice", key.action))
        for key in facilitator_keys()
    ]
    rows.append(Row(wrap((Run(f"{'1 2 3 4':<8}", "key"), Run(_("go to a pane or page"))), width, indent=8)))
    return tuple(rows)


def who_rows(console: Console, width: int) -> Rows:
    """Seats and everybody here: what the line mode prints."""
    return (heading(_("Seats")), *seat_rows(console, width))
