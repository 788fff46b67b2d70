"""The line mode's commands for talking: rooms, letters, the press, agreements. A proposal is asked for one question after another."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from typing import Protocol

import attrs

from exercise.presenter.agreements import agreement_rows, can_answer, full_rows, in_order, sign_rows
from exercise.presenter.bargain import (
    LONGEST_DAYS,
    Proposal,
    Question,
    act_of,
    answer,
    begin_clause,
    choose,
    clause_choices,
    counter,
    next_question,
    partners,
    preview_rows,
    problem,
    read_number,
    settled,
)
from exercise.presenter.desk import Desk
from exercise.presenter.frames import AmountRange
from exercise.presenter.mail import MOST_CHARACTERS, mail_rows, recipients
from exercise.presenter.naming import Named, match
from exercise.presenter.rows import Row, Rows, Run, note
from exercise.presenter.talks import FACILITATOR, Agreement, TalkRoom
from exercise.presenter.threads import LETTERS, PRESS, ROOM, members_words, room_name, thread_rows
from exercise.presenter.words import _

STOP = "stop"


class Listing(Protocol):
    """What a line mode offers its commands."""

    desk: Desk
    width: int
    parley: Parley

    def listing(self, rows: Rows) -> Rows:
        """Rows with numbers."""


@attrs.define(slots=True)
class Parley:
    """What the line mode is in the middle of: a proposal with its open question, or something to be said again to be sure of it."""

    proposal: Proposal | None = None
    asked: str = ""
    sure: tuple[str, str] = ("", "")

    @property
    def is_asking(self) -> bool:
        """Whether the next line answers a question."""
        return self.proposal is not None


def talk_commands() -> tuple[tuple[str, str, str], ...]:
    """Word, what follows it, and help."""
    return (
        ("letters", "", _("letters alone; press shows statements, rooms the rooms")),
        ("press", _("[text]"), _("statements to the press; with text, makes one: everybody reads it")),
        ("rooms", "", _("your rooms and threads, with what is unread")),
        ("room", _('NUMBER, or new SEAT [SEAT ...] "NAME"'), _("what was said in a room; opens a new one")),
        ("say", _("room NUMBER text, or facilitator text"), _("speak in a room, or to the facilitator")),
        ("agreements", "", _("agreements and proposals, those that wait for you first")),
        ("agreement", _("NUMBER"), _("one in full: terms, signatures, what came of it")),
        ("propose", _("SEAT [SEAT ...]"), _("write a proposal, asked question by question; stop leaves it")),
        ("sign", _("NUMBER"), _("sign a proposal")),
        ("decline", _("NUMBER [text]"), _("decline a proposal, with words")),
        ("counter", _("NUMBER"), _("answer a proposal with other terms")),
        ("retract", _("NUMBER"), _("take a proposal or your signature back")),
        ("disclose", _("NUMBER"), _("publish a secret agreement; asks again, for it breaks its secrecy")),
    )  # fmt: skip


def _say(lines: Listing, text: str) -> Rows:
    return (note(text, lines.width, role=""),)


def _room(lines: Listing) -> int:
    return max(20, lines.width - 4)


def unquoted(text: str) -> str:
    """What somebody says, without the quotation marks round it."""
    text = text.strip()
    return text[1:-1].strip() if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()


# --- words --------------------------------------------------------------------------------------------------------------------------


def letters(lines: Listing, _rest: str) -> Rows:
    """Letters alone."""
    return lines.listing(mail_rows(lines.desk.state, _room(lines), keys=False, thread=LETTERS))


def press(lines: Listing, rest: str) -> Rows:
    """Statements, or a new one, said twice to be sure."""
    words = unquoted(rest)
    if not words:
        return lines.listing(mail_rows(lines.desk.state, _room(lines), keys=False, thread=PRESS))
    if len(words) > MOST_CHARACTERS:
        return _say(lines, _("At most {count} characters.", count=MOST_CHARACTERS))
    if not _is_sure(lines, "press", words):
        return _say(lines, _("Everybody will read it, under your name. Type the same line again to say it."))
    lines.desk.ask("statement", text=words)
    return _say(lines, _("Said to the press."))


def _is_sure(lines: Listing, what: str, about: str) -> bool:
    """Whether the same was asked for a moment ago; otherwise it is remembered."""
    was, lines.parley.sure = lines.parley.sure, (what, about)
    if was == (what, about):
        lines.parley.sure = ("", "")
        return True
    return False


def rooms(lines: Listing, _rest: str) -> Rows:
    """Threads, rooms with their numbers."""
    rows = list(thread_rows(lines.desk.state, _room(lines), keys=False))
    known = list(lines.desk.state.talks.rooms.values())
    shown = []
    for row in rows:
        room = next((number for number, each in enumerate(known, 1) if row.subject is not None and row.subject.id == f"{ROOM}{each.id}"), 0)
        head = (Run(_("room {number} ", number=room), "key"),) if room else ()
        shown.append(Row(((*head, *row.lines[0]), *row.lines[1:])))
    return tuple(shown)


def room(lines: Listing, rest: str) -> Rows:
    """A room by its number, or a new one."""
    words = _words(rest)
    if words[:1] == ["new"]:
        return _new_room(lines, words[1:])
    found = _room_of(lines, words[0] if words else "")
    if found is None:
        return _say(lines, _('Give the number of a room from rooms, or room new SEAT "NAME".'))
    state = lines.desk.state
    head = Row(((Run(room_name(state, found), "title"), Run(f"  {members_words(state, found)}", "dim")),))
    return (head, *lines.listing(mail_rows(state, _room(lines), keys=False, thread=f"{ROOM}{found.id}")))


def _room_of(lines: Listing, number: str) -> TalkRoom | None:
    known = list(lines.desk.state.talks.rooms.values())
    return known[int(number) - 1] if number.isdigit() and 0 < int(number) <= len(known) else None


def _new_room(lines: Listing, words: list[str]) -> Rows:
    """Seats first, then the name: whatever is no seat any more."""
    state = lines.desk.state
    seats, rest = _seats(words, _others(lines))
    if not seats:
        known = ", ".join(each.id for each in _others(lines))
        return _say(lines, _("Say with whom: {seats}", seats=known))
    lines.desk.ask("open_room", **{"with": list(seats), "name": " ".join(rest) or None})
    return _say(lines, _("Room asked for with {seats}.", seats=", ".join(state.welcome.seat_name(seat) for seat in seats)))


def _others(lines: Listing) -> tuple[Named, ...]:
    state = lines.desk.state
    return tuple(
        Named(seat, name, (state.welcome.seat_short(seat),)) for seat, name in recipients(state) if seat not in ("all", FACILITATOR)
    )


def _seats(words: list[str], known: tuple[Named, ...]) -> tuple[tuple[str, ...], list[str]]:
    """The seats that words begin with, and the words that follow; commas and a colon are passed over."""
    found: list[str] = []
    while words:
        one = words[0].strip(",:")
        exact = next((each for each in known if each.id == one), None)
        meant = match([one], known)
        if exact is None and (meant.clear is None or not one):
            break
        found.append((exact or meant.found[0]).id)
        words = words[1:]
    return tuple(dict.fromkeys(found)), words


def say(lines: Listing, rest: str) -> Rows:
    """Speak in a room or to the facilitator."""
    where, _space, said = rest.partition(" ")
    if where == FACILITATOR and said.strip():
        lines.desk.write((FACILITATOR,), unquoted(said))
        return _say(lines, _("Message sent."))
    number, _space, text = (said if where == "room" else rest).partition(" ")
    found = _room_of(lines, number)
    if found is None or not text.strip():
        return _say(lines, _("Such as: say room 1 We agree. rooms lists the numbers."))
    lines.desk.write((f"{ROOM}{found.id}",), unquoted(text))
    return _say(lines, _("Said in {room}.", room=room_name(lines.desk.state, found)))


# --- agreements ---------------------------------------------------------------------------------------------------------------------


def agreements(lines: Listing, _rest: str) -> Rows:
    """The list; its numbers are those that the other commands take."""
    rows = agreement_rows(lines.desk.state, _room(lines), keys=False)
    return lines.listing(rows)


def _agreement(lines: Listing, rest: str) -> Agreement | None:
    known = in_order(lines.desk.state)
    number = rest.partition(" ")[0]
    return known[int(number) - 1] if number.isdigit() and 0 < int(number) <= len(known) else None


def agreement(lines: Listing, rest: str) -> Rows:
    """One in full."""
    found = _agreement(lines, rest)
    if found is None:
        return _say(lines, _("Give the number of an agreement from agreements, such as: agreement 1."))
    return tuple(Row(row.lines) for row in full_rows(lines.desk.state, found, lines.width, keys=False))


def _answering(act: str) -> Callable[[Listing, str], Rows]:
    def command(lines: Listing, rest: str) -> Rows:
        found = _agreement(lines, rest)
        if found is None:
            return _say(lines, _("Give the number of an agreement from agreements, such as: {act} 1.", act=act))
        if act not in can_answer(lines.desk.state, found):
            return _say(lines, _("That cannot be done about it now."))
        words = unquoted(rest.partition(" ")[2])
        if act == "sign" and not _is_sure(lines, act, found.id):
            rows = sign_rows(lines.desk.state, found, lines.width)
            return (*rows, *_say(lines, _("Type the same line again to sign it.")))
        if act == "disclose" and not _is_sure(lines, act, found.id):
            return _say(lines, _("It was agreed in secret: publishing it breaks that. Type the same line again to publish it."))
        if act == "counter":
            lines.parley.proposal = counter(found, lines.desk.state.seat)
            return _ask(lines)
        lines.desk.ask(act, agreement=found.id, text=words or None)
        told = {
            "sign": _("Sent: you sign it."),
            "decline": _("Sent: you decline it."),
            "retract": _("Sent: you take it back."),
            "disclose": _("Sent: you publish it."),
        }
        return _say(lines, told[act])

    return command


def propose(lines: Listing, rest: str) -> Rows:
    """Begin a proposal: with whom, then a question at a time."""
    state = lines.desk.state
    known = partners(state)
    if not state.talks.clauses or not known:
        return _say(lines, _("There is nothing that your seat could agree on in this exercise."))
    seats, left = _seats(_words(rest.replace(":", " ")), known)
    if not seats or left:
        return _say(lines, _("Say with whom: {seats}", seats=", ".join(each.id for each in known)))
    lines.parley.proposal = Proposal(parties=seats)
    return _ask(lines)


def _ask(lines: Listing, wrong: str = "") -> Rows:
    """The open question of the proposal being written."""
    proposal, state = lines.parley.proposal, lines.desk.state
    if proposal is None:
        return ()
    head = _say(lines, wrong) if wrong else ()
    question = next_question(state, proposal)
    if question is not None:
        lines.parley.asked = question.field
        return (*head, *_question_rows(lines, question))
    lines.parley.asked = "menu"
    choices = clause_choices(state, proposal)
    rows: list[Row] = [*head, *preview_rows(state, proposal, lines.width)]
    rows += _say(lines, _("Add a clause by its number:") if proposal.terms else _("Which clause? Type its number:"))
    rows += [Row(((Run(f"{number:>3} ", "key"), Run(each.name)),)) for number, each in enumerate(choices, 1)]
    more = _("or: days 30 · secret · public · note TEXT · drop NUMBER · done proposes it · stop leaves it")
    return (*rows, *_say(lines, more))


def _question_rows(lines: Listing, question: Question) -> Rows:
    if question.range is None:
        options = [Row(((Run(f"{number:>3} ", "key"), Run(each.name)),)) for number, each in enumerate(question.options, 1)]
        return (*_say(lines, question.words), *options)
    limits = question.range
    span = _("from {low} to {high}", low=f"{limits.low:,.10g}", high=f"{limits.high:,.10g}")
    usual = _("- takes {default}", default=f"{limits.default:,.10g}")
    unit = f", {limits.unit}" if limits.unit else ""
    return _say(lines, f"{question.words}{unit} ({span}; {usual})")


def hear_answer(lines: Listing, line: str) -> Rows:
    """A line typed while a proposal is being written."""
    proposal, state = lines.parley.proposal, lines.desk.state
    if proposal is None:
        return ()
    words = line.strip()
    if words == STOP:
        lines.parley.proposal = None
        return _say(lines, _("Left; nothing was proposed."))
    question = next_question(state, proposal)
    if question is not None:
        lines.parley.proposal, wrong = answer(state, proposal, question, "" if words == "-" else words or "?")
        return _ask(lines, wrong)
    return _menu(lines, proposal, words)


def _menu(lines: Listing, proposal: Proposal, words: str) -> Rows:
    word, _space, rest = words.partition(" ")
    state, wrong = lines.desk.state, ""
    match word:
        case "done":
            wrong = problem(state, proposal)
            if not wrong:
                lines.desk.ask("propose", **act_of(proposal))
                lines.parley.proposal = None
                return _say(lines, _("Proposed; agreements shows where it stands."))
        case "secret" | "public":
            proposal = attrs.evolve(proposal, secret=word == "secret")
        case "days":
            value, wrong = read_number(rest, AmountRange("days", 1, LONGEST_DAYS, proposal.days, 1, ""), whole=True)
            proposal = proposal if wrong else attrs.evolve(proposal, days=int(value))
        case "note":
            proposal = attrs.evolve(proposal, text=unquoted(rest)[:MOST_CHARACTERS])
        case "drop":
            kept = tuple(each for number, each in enumerate(proposal.terms, 1) if str(number) != rest.strip())
            proposal = attrs.evolve(proposal, terms=kept)
        case _:
            chosen = choose(words, clause_choices(state, proposal))
            if isinstance(chosen, Named):
                proposal = settled(state, begin_clause(proposal, chosen.id))
            else:
                wrong = chosen
    lines.parley.proposal = proposal
    return _ask(lines, wrong)


TALKS: dict[str, Callable[[Listing, str], Rows]] = {
    "letters": letters,
    "press": press,
    "rooms": rooms,
    "room": room,
    "say": say,
    "agreements": agreements,
    "agreement": agreement,
    "propose": propose,
    "sign": _answering("sign"),
    "decline": _answering("decline"),
    "counter": _answering("counter"),
    "retract": _answering("retract"),
    "disclose": _answering("disclose"),
}
