"""Agreements on their way: proposals, counter-proposals, signatures, refusals in words, and publication.

Everything is made from entries: what a seat does becomes an entry ``agreement`` with its step, and an entry becomes frames in the streams
that it reaches. The last signature is one entry with all the terms (step ``in_force``), so that there is no moment at which everybody has
signed and nothing is agreed; the turn's resolution brings it into force. A proposal is known to its parties alone. Its id is made of them
and of how many the same seat has proposed between exactly these, so that neither ids nor refusals tell anybody of what others are about.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

import attrs

from exercise.core.agreeing import agreement_of, refuse_more, refuse_signature, refuse_terms
from exercise.core.agreement_telling import agreement_data, clause_data
from exercise.core.agreements import MOST_CLAUSES, MOST_PARTIES, MOST_RUNNING, Agreement, Clause, name_of
from exercise.core.clauses import ClauseEffect, Size
from exercise.core.decisions import AgreementDecision, Disclosure, Refusal
from exercise.core.policy import accepts
from exercise.core.program import Program
from exercise.core.terms import bound_seats
from exercise.record.entry import Entry
from exercise.record.inputs import AGREED, DISCLOSED, clauses_of, terms_data
from exercise.session.acts import Act, Put, is_number, refuse_text, text, word
from exercise.session.running import ClosedTurn, Running
from exercise.session.streams import FACILITATORS, Frame

DRAFT, SIGNED, DECLINED, REPLACED, RETRACTED = "draft", "signed", "declined", "replaced", "retracted"
UNKNOWN = Refusal("unknown-agreement", "you are in no such agreement")
LONGEST_ID = 2_000
NO_INSTRUCTIONS = "We have no instructions to sign this."
"""What a seat that nobody plays answers when its doctrine does not sign."""

Sent = Iterator[tuple[str, Frame]]
"""Streams and the frames that go into them."""


@attrs.frozen(slots=True)
class Draft:
    """A proposal and where it stands. ``signed`` are the seats that signed, its proposer first; ``text`` the last words about it."""

    id: str
    by: str
    parties: tuple[str, ...]
    clauses: tuple[Clause, ...]
    days: int
    secret: bool
    answers: str = ""
    text: str = ""
    status: str = DRAFT
    signed: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it can still be signed."""
        return self.status == DRAFT


@attrs.define(slots=True)
class Bargaining:
    """All proposals of an exercise, folded from its entries."""

    program: Program
    drafts: dict[str, Draft] = attrs.field(factory=dict)

    # --- what a seat does, as an entry ------------------------------------------------------------------------------------------

    def propose(self, running: Running, seat: str, act: Act, by: str = "human") -> Refusal | Put:
        """A proposal or, with ``answers``, a counter-proposal in place of one. Whoever proposes has signed."""
        read = _terms(seat, act)
        if isinstance(read, Refusal):
            return read
        parties, clauses, days, secret = read
        answers = text(act, "answers")[:LONGEST_ID]
        why = refuse_terms(self.program, seat, parties, clauses, days, secret=secret) or self._refuse_room(parties, answers)
        why = why or refuse_signature(self.program, running.world, seat, clauses)
        if why is not None:
            return why
        data = {"agreement": self._new_id(running, seat, parties), **terms_data(parties, clauses, days, secret=secret), "answers": answers}
        return "agreement", {**_said(running, "propose", seat, by, act), **data}

    def sign(self, running: Running, seat: str, act: Act, by: str = "human") -> Refusal | Put:
        """A signature; the last one carries all the terms."""
        draft = self._open_to(seat, act)
        if isinstance(draft, Refusal):
            return draft
        if seat in draft.signed:
            return Refusal("signed", "you have signed this already", "retract takes a signature back")
        why = refuse_signature(self.program, running.world, seat, draft.clauses)
        why = why or refuse_more(running.world, draft.parties, running.decisions)
        if why is not None:
            return why
        if {*draft.signed, seat} != set(draft.parties):
            return "agreement", {**_said(running, "sign", seat, by, act), "agreement": draft.id}
        why = running.refuse(AgreementDecision(draft.id, draft.by, draft.parties, draft.clauses, draft.days, draft.secret))
        terms = terms_data(draft.parties, draft.clauses, draft.days, secret=draft.secret)
        return why or ("agreement", {**_said(running, AGREED, seat, by, act), "agreement": draft.id, "proposer": draft.by, **terms})

    def decline(self, running: Running, seat: str, act: Act, by: str = "human") -> Refusal | Put:
        """A party will not sign: the proposal is off the table."""
        draft = self._open_to(seat, act)
        if isinstance(draft, Refusal):
            return draft
        if seat in draft.signed:
            return Refusal("signed", "you have signed this", "retract takes a signature back")
        return "agreement", {**_said(running, "decline", seat, by, act), "agreement": draft.id}

    def retract(self, running: Running, seat: str, act: Act, by: str = "human") -> Refusal | Put:
        """Whoever proposed takes the proposal back, another party its signature, while not everybody has signed."""
        draft = self._open_to(seat, act)
        if isinstance(draft, Refusal):
            return draft
        if seat not in draft.signed:
            return Refusal("not-signed", "you have not signed this", "decline says no")
        return "agreement", {**_said(running, "retract", seat, by, act), "agreement": draft.id}

    def disclose(self, running: Running, seat: str, act: Act, by: str = "human") -> Refusal | Put:
        """A party publishes an agreement that has come into force."""
        id = text(act, "agreement")[:LONGEST_ID]
        draft = self.drafts.get(id)
        if draft is not None and seat in draft.parties and agreement_of(running.world, id) is None:
            return Refusal("not-in-force", "nothing is in force that could be published")
        why = running.refuse(Disclosure(seat, id)) or _refuse_words(act)
        return why or ("agreement", {**_said(running, DISCLOSED, seat, by, act), "agreement": id})

    def consider(self, running: Running, seat: str, act: Act, by: str = "human") -> Refusal | Put:
        """The entry that an act about agreements becomes, or why it cannot be taken."""
        return _refuse_words(act) or self.acts[word(act, "act")](running, seat, act, by)

    @property
    def acts(self) -> Mapping[str, Callable[[Running, str, Act, str], Refusal | Put]]:
        """What considers an act, by its name."""
        return {
            "propose": self.propose,
            "sign": self.sign,
            "decline": self.decline,
            "retract": self.retract,
            "disclose": self.disclose,
        }

    def answer_of_doctrines(self, running: Running, human: Collection[str], doctrines: Mapping[str, str]) -> Put | None:
        """The next answer that a seat which nobody plays owes to a proposal: a signature if its doctrine signs, else no in words."""
        waiting = ((draft, seat) for draft in self.drafts.values() if draft.is_open for seat in draft.parties)
        for draft, seat in waiting:
            if seat in human or seat in draft.signed:
                continue
            named: dict[str, Any] = {"agreement": draft.id}
            if accepts(self.program, running.world, seat, doctrines.get(seat, "default"), draft.clauses):
                put = self.sign(running, seat, named, "doctrine")
                if not isinstance(put, Refusal):
                    return put
            put = self.decline(running, seat, {**named, "text": NO_INSTRUCTIONS}, "doctrine")
            if not isinstance(put, Refusal):
                return put
        return None

    def _open_to(self, seat: str, act: Act) -> Draft | Refusal:
        """The open proposal that a party speaks of; one between others and none are the same to it."""
        draft = self.drafts.get(text(act, "agreement")[:LONGEST_ID])
        if draft is None or seat not in draft.parties:
            return UNKNOWN
        if draft.is_open:
            return draft
        words = "everybody has signed: it is in force once the turn is resolved" if draft.status == SIGNED else f"it was {draft.status}"
        return Refusal(draft.status, words)

    def _refuse_room(self, parties: tuple[str, ...], answers: str) -> Refusal | None:
        """Whether there is a proposal to answer, and room for another between exactly these seats."""
        answered = self.drafts.get(answers)
        if answers and (answered is None or answered.parties != parties or not answered.is_open):
            return Refusal("unknown-agreement", "there is no such open proposal between these seats")
        waiting = sum(draft.is_open and draft.parties == parties for draft in self.drafts.values())
        if waiting - bool(answers) >= MOST_RUNNING:
            return Refusal("agreements", f"at most {MOST_RUNNING} proposals wait between the same parties", "sign, decline or retract one")
        return None

    def _new_id(self, running: Running, seat: str, parties: tuple[str, ...]) -> str:
        """The id after the highest that the same seat has proposed between the same parties, in this log or the one it branched from."""
        number = 1
        while (id := name_of(seat, parties, number)) in self.drafts or agreement_of(running.world, id) is not None:
            number += 1
        return id

    # --- entries as frames ------------------------------------------------------------------------------------------------------

    def frames(self, entry: Entry, running: Running, streams: Sequence[str], *, listening: bool = False) -> Sent:
        """Take an entry ``agreement`` in, and what it sends."""
        data, turn = entry.data, entry.data["turn"]
        if data["step"] == DISCLOSED:
            found = agreement_of(running.world, data["agreement"])
            if found is not None:
                yield from self._of(attrs.evolve(found, disclosed=True), turn, streams, listening=listening)
            return
        for draft in self._taken_in(data):
            self.drafts[draft.id] = draft
            frame = {"frame": "agreement", "turn": turn, "agreement": self._draft_data(draft)}
            yield from ((stream, frame) for stream in streams if stream in draft.parties or (listening and stream == FACILITATORS))

    def closed(self, result: ClosedTurn, streams: Sequence[str], *, listening: bool = False) -> Sent:
        """What became of agreements when a turn was resolved."""
        before = {one.id: one for one in result.opening.world.agreements}
        for one in result.closing.world.agreements:
            if before.get(one.id) != one and _shown(before.get(one.id)) != _shown(one):
                yield from self._of(one, result.turn, streams, listening=listening)

    def _taken_in(self, data: Mapping[str, Any]) -> Iterator[Draft]:
        """The proposals that an entry changes, as they are after it."""
        seat, said, draft = data["seat"], data.get("text", ""), self.drafts.get(data["agreement"])
        match data["step"]:
            case "propose":
                answered = self.drafts.get(data["answers"])
                if answered is not None:
                    yield attrs.evolve(answered, status=REPLACED)
                yield _proposed(data, seat, (seat,), said)
            case "in_force":
                known = draft or _proposed(data, data["proposer"], (), said)
                others = tuple(party for party in known.parties if party not in known.signed)
                yield attrs.evolve(known, status=SIGNED, signed=(*known.signed, *others), text=said or known.text)
            case "sign" if draft is not None:
                yield attrs.evolve(draft, signed=(*draft.signed, seat), text=said or draft.text)
            case "decline" if draft is not None:
                yield attrs.evolve(draft, status=DECLINED, text=said)
            case "retract" if draft is not None and seat == draft.by:
                yield attrs.evolve(draft, status=RETRACTED, text=said)
            case "retract" if draft is not None:
                yield attrs.evolve(draft, signed=tuple(party for party in draft.signed if party != seat), text=said)

    def _draft_data(self, draft: Draft) -> Frame:
        return {
            "id": draft.id,
            "parties": list(draft.parties),
            "by": draft.by,
            "status": draft.status,
            "secret": draft.secret,
            "disclosed": False,
            "days": draft.days,
            "since": None,
            "until": None,
            "clauses": [{**clause_data(self.program, clause), "status": "open"} for clause in draft.clauses],
            "signed": list(draft.signed),
            "answers": draft.answers,
            "text": draft.text,
        }

    def _of(self, agreement: Agreement, turn: int, streams: Sequence[str], *, listening: bool) -> Sent:
        """An agreement as its parties and, if it is public, everybody else may know it. What was said and answered is the parties'."""
        draft = self.drafts.get(agreement.id)
        known = agreement_data(self.program, agreement) | {"signed": list(agreement.parties)}
        own = {"answers": draft.answers, "text": draft.text} if draft is not None else {"answers": "", "text": ""}
        for stream in streams:
            if stream in agreement.parties or (listening and stream == FACILITATORS):
                yield stream, {"frame": "agreement", "turn": turn, "agreement": known | own}
            elif agreement.is_public:
                yield stream, {"frame": "agreement", "turn": turn, "agreement": known | {"answers": "", "text": ""}}


def _shown(agreement: Agreement | None) -> Any:
    """What of an agreement its parties see: how clauses stand in truth, and what is still to be taken back, change no frame."""
    if agreement is None:
        return None
    return agreement.status, agreement.disclosed, [(one.status, one.day, one.reading) for one in agreement.standing]


def _proposed(data: Mapping[str, Any], by: str, signed: tuple[str, ...], said: str) -> Draft:
    terms = tuple(data["parties"]), clauses_of(dict(data)), data["days"], data["secret"]
    return Draft(data["agreement"], by, *terms, answers=data.get("answers", ""), text=said, signed=signed)


# --- acts without trust -------------------------------------------------------------------------------------------------------------


def _said(running: Running, step: str, seat: str, by: str, act: Act) -> dict[str, Any]:
    """What every step says."""
    return {"turn": running.turn, "step": step, "seat": seat, "text": text(act, "text"), "by": by}


def _refuse_words(act: Act) -> Refusal | None:
    return None if act.get("text") in (None, "") else refuse_text(text(act, "text"))


def _terms(seat: str, act: Act) -> tuple[tuple[str, ...], tuple[Clause, ...], int, bool] | Refusal:
    """Parties, clauses, days and secrecy of a proposal, or what cannot be read."""
    named, given, days, secret = act.get("with"), act.get("clauses"), act.get("days"), act.get("secret", False)
    others = named if isinstance(named, list | tuple) else [named]
    if len(others) >= MOST_PARTIES * 2 or not all(isinstance(one, str) for one in others):
        return Refusal("parties", f"an agreement is between 2 to {MOST_PARTIES} seats, its proposer among them")
    parties = tuple(sorted({seat, *(word({"seat": one}, "seat") for one in others)}))
    if not isinstance(given, list | tuple) or len(given) > MOST_CLAUSES or not all(isinstance(one, Mapping) for one in given):
        return Refusal("clauses", f"an agreement has 1 to {MOST_CLAUSES} clauses")
    if not isinstance(days, int) or isinstance(days, bool):
        return Refusal("days", "the days that it runs are a whole number")
    if not isinstance(secret, bool):
        return Refusal("secret", "an agreement is secret or not: true or false")
    clauses: list[Clause] = []
    for one in given:
        clause = _clause(one)
        if isinstance(clause, Refusal):
            return clause
        clauses.append(clause)
    return parties, tuple(clauses), days, secret


def _clause(act: Act) -> Clause | Refusal:
    amount, line, by_days = act.get("amount"), act.get("line"), act.get("by_days")
    if not all(value is None or is_number(value) for value in (amount, line)):
        return Refusal("amount", "an amount is a number")
    if by_days is not None and (not isinstance(by_days, int) or isinstance(by_days, bool)):
        return Refusal("days", "the days of a clause are a whole number")
    return Clause(
        clause=word(act, "clause"),
        giver=word(act, "giver"),
        receiver=word(act, "receiver"),
        target=word(act, "target") or None,
        amount=None if amount is None else float(amount),
        line=None if line is None else float(line),
        by_days=by_days,
        vote=word(act, "vote"),
        motion=word(act, "motion"),
    )


# --- what can be agreed -------------------------------------------------------------------------------------------------------------


def clause_cards(program: Program, seat: str) -> list[Frame]:
    """The clauses that a seat can give or receive, for its welcome: what can be filled in, and within which limits."""
    cards: list[Frame] = []
    for known in program.clauses:
        definition = known.definition
        givers, receivers = bound_seats(program.content, definition)
        if seat not in givers and seat not in receivers:
            continue
        days = definition.days
        report = next((one for one in program.content.reports if one.id == definition.monitor), None)
        cards.append(
            {
                "clause": definition.id,
                "kind": definition.kind,
                "title": definition.title,
                "text": definition.text,
                "givers": list(definition.givers),
                "receivers": list(definition.receivers),
                "targets": list(known.targets) if any(known.targets) else [],
                "amount": _size(definition.amount),
                "line": _size(definition.line),
                "of": definition.of,
                "sense": definition.sense,
                "monitor": report.measured_by if report is not None else "",
                "resource": definition.resource,
                "motions": list(definition.motions),
                "orders": list(definition.orders or ((definition.order,) if definition.order else ())),
                "days": None if days is None else {"low": days.low, "high": days.high, "default": days.default},
                "kept": _stakes(definition.kept),
                "breach": _stakes(definition.breach),
                "needs": [need.say for need in definition.needs] if seat in givers else [],
            }
        )
    return cards


def _stakes(effects: tuple[ClauseEffect, ...]) -> list[Frame]:
    """What a kept or a broken clause changes, by whom or what it belongs to."""
    return [{"on": one.on.text, "add": one.add} for one in effects]


def _size(size: Size | None) -> Frame | None:
    if size is None:
        return None
    return {"unit": size.unit, "low": size.low, "high": size.high, "default": size.default, "step": size.step, "what": size.what}
