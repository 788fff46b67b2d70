"""Writing a proposal: parties, clauses from the typed menu, secrecy, days and a covering note, asked for one thing after another.

The screens and the line mode ask the same questions: ``next_question`` says what is still open in the clause at hand, ``answer`` takes what
was typed or chosen. The host judges the terms; what it would refuse in any case is said here already.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs

from exercise.presenter.frames import AmountRange
from exercise.presenter.naming import Named, match
from exercise.presenter.procedure import vote_words
from exercise.presenter.rows import BLANK, Row, Rows, Run, Subject, heading, note, wrap
from exercise.presenter.seat_state import SeatState
from exercise.presenter.stakes import stakes_words
from exercise.presenter.talks import Agreement, ClauseCard, Term
from exercise.presenter.words import _, many

MOST_PARTIES, MOST_CLAUSES, LONGEST_DAYS = 6, 12, 3_660
FIRST_DAYS = 30
"""Days that a proposal runs unless its parties choose others."""
VOTES = ("yes", "no", "abstain")
SECRECY = "secrecy"
NOTHING = Term("", "", "", "")


@attrs.frozen(slots=True)
class Proposal:
    """A proposal being written. ``parties`` are the others; ``at_hand`` is the clause whose questions are being answered."""

    parties: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()
    days: int = FIRST_DAYS
    secret: bool = False
    text: str = ""
    answers: str = ""
    at_hand: Term | None = None


@attrs.frozen(slots=True)
class Question:
    """Something asked about a clause: options to choose from, or a range to stay in."""

    field: str
    words: str
    options: tuple[Named, ...] = ()
    range: AmountRange | None = None


def counter(agreement: Agreement, seat: str) -> Proposal:
    """A proposal in answer to another, filled in with its terms."""
    others = tuple(each for each in agreement.parties if each != seat)
    terms = tuple(attrs.evolve(each, status="", says="") for each in agreement.terms)
    return Proposal(others, terms, agreement.days, agreement.secret, "", agreement.id)


# --- what can be chosen -------------------------------------------------------------------------------------------------------------


def partners(state: SeatState) -> tuple[Named, ...]:
    """Seats with which something can be agreed, those that people can play first; actors only where a clause names them."""
    able = {seat for card in state.talks.clauses for seat in (*card.givers, *card.receivers)}
    anybody = any(card.kind == SECRECY for card in state.talks.clauses)
    others = [seat for seat in state.welcome.seats if seat.id != state.seat and (seat.id in able or (anybody and seat.playable))]
    return tuple(Named(seat.id, seat.name, (seat.short,)) for seat in sorted(others, key=lambda seat: not seat.playable))


def with_party(state: SeatState, proposal: Proposal, seat: str) -> Proposal:
    """The proposal with a party more, or without it; clauses between seats that are no party any more go."""
    if seat in proposal.parties:
        left = tuple(each for each in proposal.parties if each != seat)
    else:
        left = (*proposal.parties, seat)[: MOST_PARTIES - 1]
    inside = {state.seat, *left}
    kept = tuple(each for each in proposal.terms if not each.giver or {each.giver, each.receiver} <= inside)
    return attrs.evolve(proposal, parties=left, terms=kept)


def _pairs(state: SeatState, proposal: Proposal, card: ClauseCard) -> list[tuple[str, str]]:
    inside = [state.seat, *proposal.parties]
    if card.kind == SECRECY:
        return [("", "")]
    return [
        (giver, receiver) for giver in card.givers for receiver in card.receivers if giver != receiver and {giver, receiver} <= set(inside)
    ]


def clause_choices(state: SeatState, proposal: Proposal) -> tuple[Named, ...]:
    """Clauses that these parties can agree on."""
    return tuple(Named(card.clause, card.title) for card in state.talks.clauses if _pairs(state, proposal, card))


def clause_rows(state: SeatState, proposal: Proposal, width: int) -> Rows:
    """The menu of clauses, each with its words."""
    rows: list[Row] = []
    for card in state.talks.clauses:
        if not _pairs(state, proposal, card):
            continue
        lines = [
            *wrap([Run(card.title, "strong")], width, indent=2),
            *wrap([Run(_open_words(state, card), "dim")], width, indent=4, first=2),
        ]
        if card.needs:
            lines += wrap([Run(_("its giver cannot sign where: {needs}", needs="; ".join(card.needs)), "dim")], width, indent=4, first=2)
        rows.append(Row(tuple(lines), Subject("choice", card.clause)))
    return tuple(rows) or (note(_("There is nothing that these seats can agree on."), width),)


def _open_words(state: SeatState, card: ClauseCard) -> str:
    """A clause in words before it is filled in."""
    words = card.text
    for place, word in (
        ("{giver}", _("the giver")), ("{receiver}", _("the receiver")), ("{target}", _("a place")), ("{amount}", _("so much")),
        ("{line}", _("a line")), ("{days}", _("by a day")), ("{vote}", _("yes or no")), ("{motion}", _("a motion")),
    ):  # fmt: skip
        words = words.replace(place, word)
    return words.replace("{order}", _order_words(state, card))


def begin_clause(proposal: Proposal, clause: str) -> Proposal:
    """Begin to fill in a clause."""
    return attrs.evolve(proposal, at_hand=attrs.evolve(NOTHING, clause=clause))


def next_question(state: SeatState, proposal: Proposal) -> Question | None:
    """What is still open in the clause at hand; None when nothing is."""
    term = proposal.at_hand
    card = state.talks.clause(term.clause) if term is not None else None
    if term is None or card is None:
        return None
    pairs = _pairs(state, proposal, card)
    seats = state.welcome.seat_name
    if card.kind != SECRECY and not term.giver:
        return Question("giver", _("Who gives?"), tuple(Named(each, seats(each)) for each in dict.fromkeys(giver for giver, _r in pairs)))
    if card.kind != SECRECY and not term.receiver:
        able = dict.fromkeys(receiver for giver, receiver in pairs if giver == term.giver)
        return Question("receiver", _("To whom?"), tuple(Named(each, seats(each)) for each in able))
    return _question_of_content(state, card, term) or _question_of_size(card, term)


def _question_of_content(state: SeatState, card: ClauseCard, term: Term) -> Question | None:
    if card.targets and not term.target:
        return Question("target", _("About what?"), tuple(Named(each, state.welcome.entity_name(each)) for each in card.targets))
    if card.motions and not term.motion:
        return Question("motion", _("On which motion?"), tuple(Named(each, motion_name(state, each)) for each in card.motions))
    if card.kind == "vote_promise" and not term.vote:
        return Question("vote", _("Which vote?"), tuple(Named(each, vote_words(each)[0]) for each in VOTES))
    return None


def _question_of_size(card: ClauseCard, term: Term) -> Question | None:
    if card.amount is not None and term.amount is None:
        return Question("amount", card.amount.what or _("How much?"), range=card.amount)
    if card.line is not None and term.line is None:
        return Question("line", card.line.what or _("Which line?"), range=card.line)
    if card.days is not None and term.by_days is None:
        return Question("by_days", _("Within how many days of coming into force? 0: at once"), range=card.days)
    return None


def answer(state: SeatState, proposal: Proposal, question: Question, words: str) -> tuple[Proposal, str]:
    """The proposal with a question answered, or what is wrong with the answer; empty words take the value offered first."""
    term = proposal.at_hand
    if term is None:
        return proposal, ""
    if question.range is not None:
        value, wrong = read_number(words, question.range, whole=question.field == "by_days")
        if wrong:
            return proposal, wrong
        filled = _filled(term, question.field, int(value) if question.field == "by_days" else value)
    else:
        chosen = choose(words, question.options)
        if not isinstance(chosen, Named):
            return proposal, chosen
        filled = _filled(term, question.field, chosen.id)
    return settled(state, attrs.evolve(proposal, at_hand=filled)), ""


def _filled(term: Term, field: str, value: Any) -> Term:
    changes: dict[str, Any] = {field: value}
    return attrs.evolve(term, **changes)


def choose(words: str, options: Sequence[Named]) -> Named | str:
    """An option by its number, name or the beginning of it; or what is wrong."""
    if words.isdigit() and 0 < int(words) <= len(options):
        return options[int(words) - 1]
    exact = next((each for each in options if each.id == words), None)
    found = match(words.split(), options)
    if exact is not None or (found.clear is not None and not found.rest):
        return exact or found.found[0]
    return _("Choose one: {names}", names="; ".join(each.name for each in (found.found or options)))


def read_number(words: str, limits: AmountRange, *, whole: bool = False) -> tuple[float, str]:
    """A number within a range, or what is wrong; no words take the value offered first."""
    if not words.strip():
        return limits.default, ""
    try:
        value = float(words.replace(",", "."))
    except ValueError:
        return 0.0, _("Type a number.")
    if not limits.low <= value <= limits.high or (whole and value != int(value)):
        return 0.0, _("From {low} to {high}.", low=f"{limits.low:,.10g}", high=f"{limits.high:,.10g}")
    return value, ""


def settled(state: SeatState, proposal: Proposal) -> Proposal:
    """Answer what has one answer only; put the clause among the terms when nothing is open."""
    while (question := next_question(state, proposal)) is not None and len(question.options) == 1 and proposal.at_hand is not None:
        proposal = attrs.evolve(proposal, at_hand=_filled(proposal.at_hand, question.field, question.options[0].id))
    term = proposal.at_hand
    if question is not None or term is None:
        return proposal
    card = state.talks.clause(term.clause)
    secret = proposal.secret or (card is not None and card.kind == SECRECY)
    days = max(proposal.days, term.by_days or 0)
    return attrs.evolve(proposal, terms=(*proposal.terms, term), at_hand=None, secret=secret, days=days)


def without_term(proposal: Proposal, number: int) -> Proposal:
    """The proposal without its clause of a number, from 0."""
    return attrs.evolve(proposal, terms=tuple(each for place, each in enumerate(proposal.terms) if place != number))


def as_it_is(question: Question, term: Term) -> Question:
    """A question about a clause that is asked anew: what it says now comes first."""
    value = getattr(term, question.field, None)
    if question.range is not None and isinstance(value, int | float):
        return attrs.evolve(question, range=attrs.evolve(question.range, default=float(value)))
    return attrs.evolve(question, options=tuple(sorted(question.options, key=lambda each: each.id != value)))


def reworded(proposal: Proposal, number: int, before: int) -> Proposal:
    """The proposal with its newest clause in the place of the one that it answers; as it was where none has come."""
    if len(proposal.terms) <= before:
        return proposal
    *terms, new = proposal.terms
    terms[number] = new
    return attrs.evolve(proposal, terms=tuple(terms))


# --- in words -----------------------------------------------------------------------------------------------------------------------


def motion_name(state: SeatState, motion: str) -> str:
    """A motion with its body."""
    body, _dot, name = motion.partition(".")
    card, whose = state.welcome.motion(body, name), state.welcome.body(body)
    return f"{whose.short if whose is not None else body}: {card.title if card is not None else name}"


def _order_words(state: SeatState, card: ClauseCard) -> str:
    known = [state.welcome.order(each) for each in card.orders]
    return " / ".join(found.title if found is not None else id.replace("_", " ") for id, found in zip(card.orders, known, strict=True))


def _sized(value: float | None, limits: AmountRange | None) -> str:
    """A number with its unit, in the words in which the engine tells a clause."""
    if value is None or limits is None:
        return ""
    known = {"share": f"{value * 100:,.0f} %", "million dollars": f"{value:,.10g} M$", "number": f"{value:,.10g}", "flag": f"{value:,.10g}"}
    return known.get(limits.unit, f"{value:,.10g} {limits.unit}")


def says(state: SeatState, term: Term) -> str:
    """A clause in words, as it is filled in."""
    card = state.talks.clause(term.clause)
    if card is None:
        return term.says or term.title or term.clause
    days = (
        ""
        if term.by_days is None
        else _("at once")
        if term.by_days == 0
        else many("within {count} day", "within {count} days", term.by_days)
    )
    words = card.text
    for place, word in (
        ("{giver}", state.welcome.seat_name(term.giver)),
        ("{receiver}", state.welcome.seat_name(term.receiver)),
        ("{target}", state.welcome.entity_name(term.target) if term.target else _("anywhere")),
        ("{amount}", _sized(term.amount, card.amount)),
        ("{line}", _sized(term.line, card.line)),
        ("{days}", days),
        ("{vote}", term.vote),
        ("{motion}", motion_name(state, term.motion).partition(": ")[2] if term.motion else ""),
        ("{order}", _order_words(state, card)),
    ):
        words = words.replace(place, word)
    return words


def problem(state: SeatState, proposal: Proposal) -> str:
    """What keeps the proposal from being made; empty when nothing does."""
    late = max((term.by_days or 0 for term in proposal.terms), default=0)
    kinds = {card.kind for term in proposal.terms if (card := state.talks.clause(term.clause)) is not None}
    wrong = (
        (not proposal.parties, _("Choose with whom.")),
        (not proposal.terms, _("Add a clause.")),
        (len(proposal.terms) > MOST_CLAUSES, _("At most {count} clauses.", count=MOST_CLAUSES)),
        (late > proposal.days, _("A clause has its day after the end: let it run {count} days or more.", count=late)),
        (SECRECY in kinds and not proposal.secret, _("A clause promises secrecy: the agreement has to be secret.")),
        (not state.may("propose"), _("Agreements cannot be proposed now; it can be done in the phases Negotiation and Orders.")),
    )
    return next((words for is_wrong, words in wrong if is_wrong), "")


def act_of(proposal: Proposal) -> dict[str, Any]:
    """The fields of the act that makes the proposal."""
    names = ("clause", "giver", "receiver", "target", "amount", "line", "by_days", "vote", "motion")
    clauses = [{name: value for name in names if (value := getattr(term, name)) not in (None, "")} for term in proposal.terms]
    fields: dict[str, Any] = {"with": list(proposal.parties), "clauses": clauses, "days": proposal.days, "secret": proposal.secret}
    return {**fields, "answers": proposal.answers or None, "text": proposal.text or None}


def form_rows(state: SeatState, proposal: Proposal, width: int, refused: str = "") -> Rows:
    """The proposal as a form: each line can be chosen."""
    names = ", ".join(state.welcome.seat_name(seat) for seat in proposal.parties) or _("nobody yet")
    rows = [_field("parties", _("With"), names, width), BLANK, heading(_("Clauses"))]
    for number, term in enumerate(proposal.terms):
        runs = [Run(f"{number + 1}. ", "dim"), Run(says(state, term)), Run(_("  x removes it"), "dim")]
        rows.append(Row(wrap(runs, width, indent=3), Subject("term", str(number))))
    rows.append(Row(((Run(_("+ add a clause"), "key"),),), Subject("choice", "clause")))
    kind = (
        _("secret: only its parties and the facilitators know") if proposal.secret else _("public: everybody reads it once it is in force")
    )
    rows += [BLANK, _field("days", _("Runs"), many("{count} day", "{count} days", proposal.days), width)]
    rows += [_field("secret", _("Kind"), kind, width), _field("note", _("Note"), proposal.text or _("none"), width), BLANK]
    wrong = refused or problem(state, proposal)
    if wrong:
        rows.append(note(wrong, width, role="alarm"))
    rows.append(Row(((Run(_("Propose it"), "strong"), Run("  ctrl+s", "key")),), Subject("choice", "propose")))
    return tuple(rows)


def _field(name: str, label: str, value: str, width: int) -> Row:
    return Row(wrap([Run(f"{label}  ", "dim"), Run(value, "strong")], width, indent=6), Subject("choice", name))


def preview_rows(state: SeatState, proposal: Proposal, width: int) -> Rows:
    """The proposal in words, as the others will read it."""
    names = ", ".join(state.welcome.seat_name(seat) for seat in (state.seat, *proposal.parties))
    kind = _("secret") if proposal.secret else _("public")
    length = many("{count} day", "{count} days", proposal.days)
    rows = [Row(wrap([Run(_("Between {parties}: {kind}, {length}", parties=names, kind=kind, length=length), "strong")], width, indent=2))]
    for number, term in enumerate(proposal.terms, 1):
        rows.append(Row(wrap([Run(f"{number}. ", "dim"), Run(says(state, term))], width, indent=3)))
        hangs = stakes_words(state, term)
        if hangs:
            rows.append(note(hangs, width, indent=3))
    if proposal.text:
        rows.append(Row(wrap([Run(f"“{proposal.text}”")], width)))
    return tuple(rows)
