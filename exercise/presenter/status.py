"""The two lines above every pane: where am I and how long, and what must I still do."""

from __future__ import annotations

from collections import Counter

import attrs

from exercise.presenter.dates import long_day, short_day
from exercise.presenter.figures import budget_words
from exercise.presenter.orders import left_of
from exercise.presenter.room_state import RoomState, clock_words, held_words, line_words, ready_words, stop_words
from exercise.presenter.rows import Line, Run, line_width, spread
from exercise.presenter.seat_state import SeatState, unread
from exercise.presenter.words import _, many

PATIENT = 60
"""Below this width the phase is worth more than how long frames take."""


def phase_words(state: SeatState) -> str:
    """The phase as one word."""
    room = state.room
    if room.status in ("lobby", "paused", "frozen"):
        return {"lobby": _("LOBBY"), "paused": _("PAUSED"), "frozen": _("FROZEN")}[room.status]
    if room.is_hosted and state.phase != "ended":
        return room.phase_title().upper() if state.is_open else _("RESOLUTION")
    match state.phase:
        case "orders":
            return _("ORDERS")
        case "closed":
            return _("CLOSED")
        case "ended":
            return _("ENDED")
        case _:
            return _("WAITING")


def connection_words(room: RoomState) -> Run:
    """Whether frames still come, and over a network how long they take."""
    if room.link == "live":
        return Run(_("● live") if room.ms is None else _("● live {ms} ms", ms=room.ms), "ok")
    return Run(_("○ lost") if room.link == "lost" else _("○ closed"), "alarm")


def status_line(state: SeatState, width: int, *, now: float = 0.0) -> Line:
    """Exercise, turn, scenario date, phase, time left, seat and connection; the less needful parts go first when it is narrow."""
    welcome = state.welcome
    turns = len(welcome.calendar)
    short = welcome.seat.short or welcome.seat.name
    turn = _("turn {turn} of {turns}", turn=state.turn, turns=turns) if turns else _("turn {turn}", turn=state.turn)
    length = many("{count} day", "{count} days", state.days)
    parts = [
        Run(welcome.title, "title"),
        Run("" if welcome.cut_title in welcome.title else welcome.cut_title),
        Run(turn, "strong"),
        Run(f"{long_day(state.date)}, {length}", "strong"),
        Run(phase_words(state), "phase"),
        Run(clock_words(state.room, now)),
    ]
    role = {"member": _("team"), "evaluator": _("evaluator")}.get(state.room.role, "")
    whole_name, short = (f"{name} · {said}" if role else name for name, said in ((welcome.seat.name.upper(), role.upper()), (short, role)))
    none, brief = Run(""), Run(f"{short_day(state.date)}, {length}", "strong")
    full_ways = [(whole_name, each) for each in ({}, {1: none}, {1: none, 3: brief})] if width >= 80 else []
    short_ways: tuple[dict[int, Run], ...] = (
        {},
        {1: none},
        {1: none, 3: brief},
        {0: none, 1: none},
        {0: none, 1: none, 3: brief},
        {0: none, 1: none, 3: none},
    )
    connection = connection_words(state.room if width >= PATIENT else attrs.evolve(state.room, ms=None))
    for name, changes in (*full_ways, *((short, each) for each in short_ways)):
        right = (Run(name, "seat"), Run("  "), connection)
        shown = [changes.get(place, part) for place, part in enumerate(parts)]
        if line_width(_joined(shown)) + line_width(right) + 4 <= width:
            break
    return spread((Run(" "), *_joined(shown)), (*right, Run(" ")), width)


def _joined(parts: list[Run]) -> list[Run]:
    runs: list[Run] = []
    for part in parts:
        if part.text:
            runs += [Run(" · ", "dim"), part] if runs else [part]
    return runs


@attrs.frozen(slots=True)
class Duty:
    """One thing still to do, and the pane or key that does it."""

    text: str
    key: str
    pressing: bool = False


def in_lines(state: SeatState, duty: Duty) -> str:
    """A duty with the command that does it, for who types commands."""
    sends = "send" if state.drafts else "done"
    command = {"ctrl+s": sends, "a": "menu", "4": "mail", "5": "orders", "6": "bodies", "7": "agreements", "e": "end"}.get(duty.key, "")
    return f"{duty.text}: {command}" if command else duty.text


def duties(state: SeatState) -> tuple[Duty, ...]:
    """What this seat must still do or may want to, most pressing first."""
    if state.phase == "ended":
        return (Duty(_("The exercise has ended"), "e"),)
    broken = line_words(state.room)
    if broken:
        return (Duty(broken, "", pressing=True),)
    stopped = stop_words(state.room)
    if stopped:
        return (Duty(stopped, "", pressing=state.room.status != "lobby"), *_lobby_duties(state), *_reading_duties(state))
    if not state.is_open or state.is_held:
        words = held_words() if state.is_held else _("The turn is being resolved")
        return (Duty(words, "", pressing=state.is_held), *(_reading_duties(state) if state.is_held else ()))
    if state.ready:
        waiting = Duty(_waiting_words(state), "")
        return (waiting, *_vote_duties(state), *_agreement_duties(state), *_reading_duties(state)) if state.room.is_hosted else (waiting,)
    return (*_vote_duties(state), *_agreement_duties(state), *_draft_duties(state), *_order_duties(state), *_reading_duties(state))


def _lobby_duties(state: SeatState) -> tuple[Duty, ...]:
    if state.room.status != "lobby":
        return ()
    if state.ready:
        return (Duty(_("you are ready"), ""),)
    return (Duty(_("say that you are ready"), "ctrl+s"),) if state.may("ready") else ()


def _waiting_words(state: SeatState) -> str:
    """Done, and for whom the others wait."""
    if not state.room.is_hosted:
        return _("Your turn is done; waiting for the others")
    names = {seat.id: seat.short for seat in state.welcome.seats}
    waiting = ready_words(state.room, names, but=state.seat)
    return _("Done; waiting for {seats}", seats=waiting) if waiting else _("Done; waiting for the others")


def _draft_duties(state: SeatState) -> tuple[Duty, ...]:
    found = []
    if state.drafts and state.may("order"):
        found.append(Duty(many("{count} order not sent", "{count} orders not sent", len(state.drafts)), "ctrl+s", pressing=True))
    elif state.drafts:
        found.append(Duty(many("{count} order kept for later", "{count} orders kept for later", len(state.drafts)), "5"))
    if state.suggested and state.room.role == "head":
        found.append(Duty(many("{count} suggestion", "{count} suggestions", len(state.suggested)), "5"))
    return tuple(found)


def open_votes(state: SeatState) -> tuple[str, ...]:
    """Motions, as ``body.motion``, that wait for this seat's first vote; one that stands is not asked for again."""
    if not state.may("vote"):
        return ()
    tabled = {key for key, motion in state.motions.items() if motion.status == "tabled"}
    if state.phase == "sittings" and state.talks.turn == state.turn:
        tabled |= set(state.talks.agenda)  # what was tabled in this turn lies before the body as well
    return tuple(key for key, motion in state.motions.items() if motion.can_vote and key in tabled and key not in state.votes)


def _agreement_duties(state: SeatState) -> tuple[Duty, ...]:
    waiting = sum(each.waits_for(state.seat) for each in state.talks.agreements.values())
    words = many("{count} proposal for you", "{count} proposals for you", waiting)
    return (Duty(words, "7", pressing=True),) if waiting and state.may("sign") else ()


def _vote_duties(state: SeatState) -> tuple[Duty, ...]:
    by_body = Counter(state.motions[key].body for key in open_votes(state))
    duties = []
    for body, count in by_body.items():
        card = state.welcome.body(body)
        words = many("{body} motion open", "{count} {body} motions open", count, body=card.short if card else body)
        duties.append(Duty(words, "6", pressing=True))
    return tuple(duties)


def _order_duties(state: SeatState) -> tuple[Duty, ...]:
    """What is left to be ordered; while bodies sit the orders of the turn are given, and what is composed then is for the next."""
    left = state.welcome.allowance - len(state.committed) - len(state.drafts)
    if state.phase == "sittings":
        return () if open_votes(state) else (Duty(_("nothing to vote on"), ""),)
    if left <= 0 or not (state.may("order") or state.may_draft):
        return ()
    return (Duty(many("{count} order left", "{count} orders left", left), "a"),)


def _reading_duties(state: SeatState) -> tuple[Duty, ...]:
    unread = unread_count(state)
    return (Duty(_("{count} unread", count=unread), "4"),) if unread else ()


def unread_count(state: SeatState) -> int:
    """News and messages from others that this seat has not looked at."""
    return len(unread(state))


def todo_line(state: SeatState, width: int) -> Line:
    """TO DO, what is left, and the key that ends the turn."""
    found = duties(state)
    head: list[Run] = [Run(" "), Run(_("TO DO"), "todo"), Run("  ")]
    end = _next_step(state, width)
    room = width - line_width(head) - line_width(end) - (1 if end else 0)
    runs = _duty_runs(found, room) if found else [Run(_("nothing left"), "ok")]
    return spread([*head, *runs], end, width)


def _duty_runs(found: tuple[Duty, ...], room: int) -> list[Run]:
    """As many duties as fit with their keys; the others are counted."""
    for shown in range(len(found), 0, -1):
        runs: list[Run] = []
        for duty in found[:shown]:
            runs += [Run(" · ", "dim")] if runs else []
            runs.append(Run(duty.text, "alarm" if duty.pressing else ""))
            runs += [Run(" "), Run(duty.key, "key")] if duty.key else []
        if shown < len(found):
            runs.append(Run(_(" · +{count} more", count=len(found) - shown), "dim"))
        if line_width(runs) <= room:
            return runs
    first = [Run(f"{found[0].key} ", "key"), Run(found[0].text, "alarm" if found[0].pressing else "")]
    return [*first, Run(f" +{len(found) - 1}", "dim")] if len(found) > 1 else first


def _next_step(state: SeatState, width: int) -> Line:
    if not state.may("ready") or line_words(state.room):
        return ()
    return (Run("ctrl+s", "key"), Run(f" {step_words(state)} " if width >= 60 else " ", "dim"))


def step_words(state: SeatState) -> str:
    """What ctrl+s does now."""
    if state.drafts and state.may("order"):
        return _("sends your orders")
    if state.ready:
        return _("takes it back")
    if state.room.status == "lobby":
        return _("says that you are ready")
    if len(state.room.phases) > 1:
        return _("done with this phase")
    return _("ends your turn")


def purse_words(state: SeatState) -> str:
    """What is left of the first resource, for a pane's title; empty when the seat has none."""
    for resource in state.welcome.resources[:1]:
        left = left_of(state, resource.quantity)
        if left is not None:
            return _("{amount} left", amount=budget_words(left, resource.unit))
    return ""
