"""Page 7: agreements and proposals, those first that wait for this seat; each in full with its terms in words and how they stand."""

from __future__ import annotations

from exercise.presenter.dates import day_words
from exercise.presenter.frames import text
from exercise.presenter.known import Event
from exercise.presenter.legible import paragraphs
from exercise.presenter.rows import BLANK, Row, Rows, Run, Subject, heading, line, note, wrap
from exercise.presenter.seat_state import SeatState
from exercise.presenter.stakes import stakes_words
from exercise.presenter.talks import DRAFT, IN_FORCE, SIGNED, Agreement, Term
from exercise.presenter.words import _, many


def status_words(status: str) -> tuple[str, str]:
    """How an agreement or a clause stands, and its role."""
    known = {
        "draft": (_("proposed"), "strong"),
        "signed": (_("signed by all: in force once the turn is resolved"), "ok"),
        "in force": (_("in force"), "ok"),
        "kept": (_("kept"), "ok"),
        "breached": (_("broken"), "alarm"),
        "withheld": (_("withheld: its condition was not met"), "alarm"),
        "lapsed": (_("over; it did not come up"), "dim"),
        "expired": (_("expired"), "dim"),
        "declined": (_("declined"), "alarm"),
        "replaced": (_("replaced by a counter-proposal"), "dim"),
        "retracted": (_("taken back"), "dim"),
        "open": (_("not yet due"), "dim"),
    }
    return known.get(status or "open", (status, ""))


def others_words(state: SeatState, agreement: Agreement) -> str:
    """With whom."""
    names = [_("you") if seat == state.seat else state.welcome.seat_short(seat) for seat in agreement.parties]
    return ", ".join(names)


def waiting_agreements(state: SeatState) -> tuple[Agreement, ...]:
    """Proposals that wait for this seat's answer."""
    return tuple(each for each in state.talks.agreements.values() if each.waits_for(state.seat))


def in_order(state: SeatState) -> tuple[Agreement, ...]:
    """Every agreement as the list tells them: those that wait for this seat, own proposals, those in force, then what is over."""
    return tuple(sorted(state.talks.agreements.values(), key=lambda each: (_group(state, each), -each.turn)))


def _group(state: SeatState, agreement: Agreement) -> int:
    if agreement.waits_for(state.seat):
        return 0
    mine = state.seat in agreement.parties
    match agreement.status:
        case "draft":
            return 1
        case "signed" | "in force":
            return 2 if mine else 3
    return 4 if mine else 5


def _titles() -> tuple[str, ...]:
    return (
        _("Waiting for you"),
        _("Waiting for others"),
        _("In force"),
        _("In force between others"),
        _("Over"),
        _("Over, between others"),
    )


def agreement_rows(state: SeatState, width: int, *, keys: bool = True) -> Rows:
    """The page: agreements by how they stand; ``keys`` where there are any to name."""
    if not state.talks.agreements:
        if not state.talks.clauses:
            return (note(_("There is nothing that your seat could agree on in this exercise."), width),)
        empty = _("No agreements yet. What is agreed here is held by the engine: payments are made, a broken word is found and costs.")
        return (note(empty, width), note(_("n proposes one.") if keys else _("propose SEAT writes one."), width))
    rows: list[Row] = []
    group = -1
    for each in in_order(state):
        if _group(state, each) != group:
            rows += [BLANK] if rows else []
            group = _group(state, each)
            rows.append(heading(_titles()[group]))
        rows.append(_brief_row(state, each, width))
    return tuple(rows)


def _brief_row(state: SeatState, agreement: Agreement, width: int) -> Row:
    words, role = status_words(agreement.status)
    waits = agreement.waits_for(state.seat)
    runs = [
        Run("! " if waits else "◆ ", "alarm" if waits else role),
        Run(others_words(state, agreement), "strong"),
        Run("  "),
        Run(words, role),
    ]
    if agreement.secret:
        runs.append(Run(_("  published") if agreement.disclosed else _("  secret"), "private"))
    if agreement.status == IN_FORCE and agreement.until:
        runs.append(Run(_("  until {day}", day=day_words(agreement.until)), "dim"))
    lines = [*wrap(runs, width, indent=4)]
    for term in agreement.terms:
        lines += wrap(_term_runs(term, agreement), width, indent=6, first=2)
    return Row(tuple(lines), Subject("agreement", agreement.id))


def _term_runs(term: Term, agreement: Agreement) -> list[Run]:
    runs = [Run("· ", "dim"), Run(term.says or term.title or term.clause)]
    if agreement.status not in (DRAFT, SIGNED, "declined", "replaced", "retracted"):
        words, role = status_words(term.status)
        runs += [Run("  "), Run(words, role)]
    return runs


def full_rows(state: SeatState, agreement: Agreement, width: int, *, keys: bool = True) -> Rows:
    """One agreement: parties, terms, signatures, how long, what became of it, and what this seat can do."""
    words, role = status_words(agreement.status)
    rows = [
        Row(
            wrap(
                [Run(_("Between {parties}", parties=others_words(state, agreement)), "title"), Run("  "), Run(words, role)], width, indent=2
            )
        ),
        Row(wrap([Run(_proposer(state, agreement), "dim")], width)),
        BLANK,
        heading(_("Terms")),
    ]
    for number, term in enumerate(agreement.terms, 1):
        rows.append(_full_term(state, term, agreement, number, width))
    rows += [BLANK, *_standing_rows(state, agreement, width)]
    if agreement.text:
        rows += [BLANK, heading(_("What was said with it")), *(Row(wrap([Run(block)], width)) for block in paragraphs(agreement.text))]
    rows += _history_rows(state, agreement, width)
    rows += [BLANK, *_can_rows(state, agreement, width, keys=keys)]
    return tuple(rows)


def _proposer(state: SeatState, agreement: Agreement) -> str:
    by = _("you") if agreement.by == state.seat else state.welcome.seat_name(agreement.by)
    words = _("proposed by {by}", by=by)
    if agreement.answers:
        words += _(", in answer to an earlier proposal")
    return words


def _full_term(state: SeatState, term: Term, agreement: Agreement, number: int, width: int) -> Row:
    runs = [Run(f"{number}. ", "dim"), Run(term.says or term.title or term.clause, "strong")]
    lines = list(wrap(runs, width, indent=3))
    if agreement.status not in (DRAFT, SIGNED, "declined", "replaced", "retracted"):
        words, role = status_words(term.status)
        told = [Run(words, role)]
        if term.day:
            told.append(Run(_(" on {day}", day=day_words(term.day)), "dim"))
        if term.reading is not None:
            told.append(Run(_(", the figure read {value}", value=f"{term.reading:,.4g}"), "dim"))
        if term.truth and term.truth != term.status:
            told.append(Run(_("; in truth: {truth}", truth=status_words(term.truth)[0]), "alarm"))
        lines += wrap(told, width, indent=5, first=3)
    if agreement.status in (DRAFT, SIGNED, IN_FORCE) and stakes_words(state, term):
        lines += wrap([Run(stakes_words(state, term), "dim")], width, indent=5, first=3)
    return Row(tuple(lines), Subject("term", f"{agreement.id}|{number}"))


def _standing_rows(state: SeatState, agreement: Agreement, width: int) -> Rows:
    names = [_("you") if seat == state.seat else state.welcome.seat_name(seat) for seat in agreement.signed]
    missing = [
        _("you") if seat == state.seat else state.welcome.seat_name(seat) for seat in agreement.parties if seat not in agreement.signed
    ]
    runs = [Run(_("Signed: "), "dim"), Run(", ".join(names) or _("nobody"))]
    if missing and agreement.status == DRAFT:
        runs += [Run(_("  still missing: "), "dim"), Run(", ".join(missing), "alarm")]
    rows = [Row(wrap(runs, width, indent=2))]
    length = many("It runs {count} day once all have signed.", "It runs {count} days once all have signed.", agreement.days)
    if agreement.until:
        length = _("From {since} until {until}.", since=day_words(agreement.since), until=day_words(agreement.until))
    rows.append(note(length, width, role=""))
    if agreement.secret:
        told = (
            _("Secret, and published by a party.")
            if agreement.disclosed
            else _("Secret: only its parties and the facilitators know of it.")
        )
        rows.append(note(told, width, role="private"))
    else:
        rows.append(note(_("Public: everybody reads its terms once it is in force."), width))
    return tuple(rows)


def agreement_events(state: SeatState, id: str) -> tuple[Event, ...]:
    """What happened to an agreement, oldest first."""
    return tuple(each for each in state.events if each.kind == "agreement" and text(each.data, "agreement") == id)


def step_words(step: str) -> tuple[str, str]:
    """What happened to an agreement or one of its clauses."""
    match step:
        case "in_force":
            return _("came into force"), "ok"
        case "disclosed":
            return _("was published"), "alarm"
        case "ended":
            return _("is over"), "dim"
    return status_words(step)


def event_runs(state: SeatState, event: Event) -> list[Run]:
    """What happened to an agreement: to all of it, or to a clause, with who and why."""
    words, role = step_words(text(event.data, "step"))
    says = text(event.data, "says")
    runs = [Run(f"{says} " if says else ""), Run(words, role)]
    by = text(event.data, "by")
    if by and text(event.data, "step") in ("breached", "disclosed"):
        runs.append(Run(_(" by {seat}", seat=_("you") if by == state.seat else state.welcome.seat_name(by))))
    why = text(event.data, "why")
    if why:
        runs.append(Run(f": {status_words(why)[0] if text(event.data, 'step') == 'ended' else why}"))
    return [run for run in runs if run.text]


def _history_rows(state: SeatState, agreement: Agreement, width: int) -> Rows:
    """What came of it, and what it moved."""
    rows = [
        Row(wrap([Run(_("turn {turn}  ", turn=event.turn), "dim"), *event_runs(state, event)], width, indent=4, first=2))
        for event in agreement_events(state, agreement.id)
    ]
    moved = [
        (reading, cause)
        for readings in state.readings.values()
        for reading in readings
        for cause in reading.causes
        if cause.kind == "agreement" and cause.id in {term.clause for term in agreement.terms}
    ]
    for reading, cause in moved:
        entity = reading.key.rpartition(".")[0]
        whose = _("you") if entity == state.seat else state.welcome.entity_name(entity)
        runs = [Run(_("turn {turn}  ", turn=reading.turn), "dim"), Run(f"{whose}, {state.welcome.quantity(reading.key).name}"),
                Run(f": {cause.because}")]  # fmt: skip
        rows.append(Row(wrap(runs, width, indent=4, first=2), Subject("figure", reading.key)))
    return (BLANK, heading(_("What came of it")), *rows) if rows else ()


def can_answer(state: SeatState, agreement: Agreement) -> frozenset[str]:
    """What this seat can do about an agreement now: ``sign``, ``decline``, ``counter``, ``retract``, ``disclose``."""
    found = set()
    if agreement.waits_for(state.seat):
        found |= {"sign", "decline", "counter"}
    elif agreement.status == DRAFT and state.seat in agreement.signed:
        found.add("retract")
    elif agreement.secret and not agreement.disclosed and agreement.since and state.seat in agreement.parties:
        found.add("disclose")
    acts = {"counter": "propose"}
    return frozenset(each for each in found if state.may(acts.get(each, each)))


def answer_keys(state: SeatState, agreement: Agreement) -> list[tuple[str, str]]:
    """The keys of what this seat can do about an agreement."""
    can = can_answer(state, agreement)
    known = [
        ("sign", "s", _("signs it")),
        ("decline", "d", _("declines, with words")),
        ("counter", "c", _("answers with other terms")),
        ("retract", "x", _("takes it back") if agreement.by == state.seat else _("takes your signature back")),
        ("disclose", "p", _("publishes it, against its secrecy")),
    ]
    return [(key, words) for act, key, words in known if act in can]


def _can_rows(state: SeatState, agreement: Agreement, width: int, *, keys: bool) -> Rows:
    can = answer_keys(state, agreement)
    if not can:
        if agreement.waits_for(state.seat):
            return (note(_("It waits for you; it can be answered in the phases Negotiation and Orders."), width),)
        return ()
    if not keys:
        return (note(_("You can: {acts}", acts=", ".join(sorted(can_answer(state, agreement)))), width),)
    return tuple(Row((line((key, "key"), f" {words}"),)) for key, words in can)


def sign_rows(state: SeatState, agreement: Agreement, width: int) -> Rows:
    """What is asked before a signature."""
    others = [seat for seat in agreement.parties if seat not in agreement.signed and seat != state.seat]
    rows: list[Row] = [_full_term(state, term, agreement, number, width) for number, term in enumerate(agreement.terms, 1)]
    rows.append(BLANK)
    if others:
        names = ", ".join(state.welcome.seat_name(seat) for seat in others)
        rows.append(note(_("Then it waits for {seats}; until all have signed you can take your signature back.", seats=names), width))
    else:
        rows.append(note(_("Yours is the last signature: it binds from this turn's resolution on, and cannot be taken back."), width))
    return tuple(Row(row.lines) for row in rows)
