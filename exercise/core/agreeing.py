"""What seats may agree on and what it says in words: the one place from which refusals of proposals and signatures come.

A refusal depends on content, on agreements between exactly the parties named, and on the asking seat's own view; never on what others have
agreed or hold.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from exercise.core.agreements import LONGEST_DAYS, MOST_CLAUSES, MOST_PARTIES, MOST_RUNNING, Agreement, Clause, name_of
from exercise.core.clauses import DATED, ORDER_PROMISE, SECRECY, VOTE_PROMISE, ClauseDefinition, Size
from exercise.core.decisions import VOTES, AgreementDecision, Decision, Disclosure, Refusal
from exercise.core.program import Program
from exercise.core.terms import CompiledClause
from exercise.core.world import World
from exercise.language import did_you_mean


def refuse_agreement(program: Program, world: World, decision: AgreementDecision, earlier: tuple[Decision, ...]) -> Refusal | None:
    """Why an agreement cannot come into force in the open turn; None when it can."""
    why = refuse_terms(program, decision.by, decision.parties, decision.clauses, decision.days, secret=decision.secret)
    if why is not None:
        return why
    if decision.parties != tuple(sorted(decision.parties)):
        return Refusal("parties", "the parties of an agreement are named in order")
    taken = {one.id for one in world.agreements} | {one.agreement for one in earlier if isinstance(one, AgreementDecision)}
    if decision.agreement in taken:
        return Refusal("agreed", "that agreement has been signed already")
    # An id names the parties, so that what is taken is known to whoever is refused.
    if not decision.agreement.startswith(name_of(decision.by, decision.parties, 0)[:-1]):
        return Refusal("agreement-id", "the id of an agreement is made of its parties")
    return refuse_more(world, decision.parties, earlier)


def refuse_more(world: World, parties: Sequence[str], earlier: tuple[Decision, ...]) -> Refusal | None:
    """Whether as many agreements run between exactly these seats as can."""
    same = tuple(sorted(parties))
    running = [one for one in world.agreements if one.is_running and one.parties == same]
    signed = [one for one in earlier if isinstance(one, AgreementDecision) and one.parties == same]
    if len(running) + len(signed) < MOST_RUNNING:
        return None
    return Refusal("agreements", f"at most {MOST_RUNNING} agreements run between the same parties", "wait until one has ended")


def refuse_disclosure(world: World, decision: Disclosure, earlier: tuple[Decision, ...]) -> Refusal | None:
    """Why a seat cannot publish an agreement; one of others and none are the same to it."""
    found = agreement_of(world, decision.agreement)
    if found is None or not found.is_open_to(decision.seat):
        return Refusal("unknown-agreement", "you are in no such agreement")
    told = any(isinstance(one, Disclosure) and one.agreement == found.id for one in earlier)
    return Refusal("public", "everybody knows of that agreement already") if found.is_public or told else None


def agreement_of(world: World, id: str) -> Agreement | None:
    """An agreement that came into force, by id."""
    return next((one for one in world.agreements if one.id == id), None)


def next_name(world: World, by: str, parties: Sequence[str], decided: tuple[Decision, ...]) -> str:
    """The id of the next agreement that a seat proposes between exactly these parties."""
    same = tuple(sorted(parties))
    taken = {one.id for one in world.agreements} | {one.agreement for one in decided if isinstance(one, AgreementDecision)}
    return next(name for number in range(1, len(taken) + 2) if (name := name_of(by, same, number)) not in taken)


# --- terms --------------------------------------------------------------------------------------------------------------------------


def refuse_terms(
    program: Program, by: str, parties: Sequence[str], clauses: Sequence[Clause], days: int, *, secret: bool
) -> Refusal | None:
    """What is wrong with the terms of an agreement, by the content alone."""
    seats = [seat.id for seat in program.seats]
    strange = next((seat for seat in parties if seat not in seats), None)
    if strange is not None:
        return Refusal("unknown-seat", f"there is no seat {strange}", did_you_mean(strange, seats))
    if by not in parties or len(set(parties)) != len(parties) or not 2 <= len(parties) <= MOST_PARTIES:
        return Refusal("parties", f"an agreement is between 2 to {MOST_PARTIES} seats, its proposer among them")
    if not 1 <= len(clauses) <= MOST_CLAUSES:
        return Refusal("clauses", f"an agreement has 1 to {MOST_CLAUSES} clauses")
    if not 1 <= days <= LONGEST_DAYS:
        return Refusal("days", f"an agreement runs 1 to {LONGEST_DAYS} days")
    wrong = (_refuse_clause(program, parties, clause, days, secret=secret) for clause in clauses)
    twice = Refusal("clauses", "two clauses are the same", "leave one out, or choose another day")
    return next((why for why in wrong if why is not None), twice if len(set(clauses)) != len(clauses) else None)


def _refuse_clause(program: Program, parties: Sequence[str], clause: Clause, days: int, *, secret: bool) -> Refusal | None:
    known = program.clause(clause.clause)
    if known is None:
        ids = [one.definition.id for one in program.clauses]
        return Refusal("unknown-clause", f"there is no clause {clause.clause}", did_you_mean(clause.clause, ids))
    definition = known.definition
    if definition.kind == SECRECY:
        return _refuse_secrecy(clause, definition.title, secret=secret)
    return (
        _refuse_roles(parties, clause, definition)
        or _refuse_target(known, clause)
        or _refuse_size(known, "amount", clause.amount, definition.amount)
        or _refuse_size(known, "line", clause.line, definition.line)
        or _refuse_days(known, clause.by_days, days)
        or _refuse_vote(known, clause)
        or _refuse_promised(program, known, clause)
    )


def _refuse_secrecy(clause: Clause, title: str, *, secret: bool) -> Refusal | None:
    if clause != Clause(clause.clause):
        return Refusal("terms", f"{title}: all parties are bound, and there is nothing to fill in")
    return None if secret else Refusal("secret", f"{title}: the agreement itself is public", "make it a secret one")


def _refuse_roles(parties: Sequence[str], clause: Clause, definition: ClauseDefinition) -> Refusal | None:
    for role, seat, able in (("giver", clause.giver, definition.givers), ("receiver", clause.receiver, definition.receivers)):
        if seat not in parties:
            return Refusal("terms", f"{definition.title}: the {role} is a party of the agreement, not {seat or 'nobody'}")
        if seat not in able:
            return Refusal("terms", f"{definition.title}: {seat} cannot be the {role}", f"it can be {', '.join(able)}")
    if clause.giver == clause.receiver:
        return Refusal("terms", f"{definition.title}: the giver and the receiver are two seats")
    return None


def _refuse_target(known: CompiledClause, clause: Clause) -> Refusal | None:
    if clause.target not in known.targets:
        definition = known.definition
        offered = [target for target in known.targets if target]
        hint = did_you_mean(clause.target or "", offered, f"targets are {', '.join(offered)}" if offered else "it has no target")
        return Refusal("unknown-target", f"{definition.title} cannot be about {clause.target or 'nothing'}", hint)
    return None


def _refuse_size(known: CompiledClause, name: str, value: float | None, size: Size | None) -> Refusal | None:
    title = known.definition.title
    if size is None:
        return None if value is None else Refusal("no-amount", f"{title} has no {name}")
    if value is None or not (math.isfinite(value) and size.low <= value <= size.high):
        limits = f"{size.low:,.10g} to {size.high:,.10g} {size.unit}"
        return Refusal("amount-range", f"{title}: the {name} lies within {limits}" + ("" if value is None else f", not at {value:,.10g}"))
    return None


def _refuse_days(known: CompiledClause, by_days: int | None, days: int) -> Refusal | None:
    definition = known.definition
    if definition.kind not in DATED or definition.days is None:
        return None if by_days is None else Refusal("terms", f"{definition.title} runs as long as the agreement and has no day of its own")
    if by_days is None or not definition.days.low <= by_days <= definition.days.high:
        return Refusal("days", f"{definition.title}: within {definition.days.low} to {definition.days.high} days")
    if by_days > days:
        return Refusal("days", f"{definition.title}: its day lies beyond the end of the agreement", "let the agreement run longer")
    return None


def _refuse_vote(known: CompiledClause, clause: Clause) -> Refusal | None:
    definition = known.definition
    if definition.kind != VOTE_PROMISE:
        return Refusal("terms", f"{definition.title} has no vote") if clause.vote or clause.motion else None
    if clause.vote not in VOTES:
        return Refusal("unknown-vote", f"{definition.title}: a vote is {', '.join(VOTES)}, not {clause.vote or 'nothing'}")
    if clause.motion not in definition.motions:
        hint = did_you_mean(clause.motion, definition.motions, f"motions are {', '.join(definition.motions)}")
        return Refusal("unknown-motion", f"{definition.title} is not about {clause.motion or 'no motion'}", hint)
    return None


def _refuse_promised(program: Program, known: CompiledClause, clause: Clause) -> Refusal | None:
    """Whether the giver has the order that it promises, on that target."""
    if known.definition.kind != ORDER_PROMISE:
        return None
    order = program.order(clause.giver, known.definition.order)
    if order is None or clause.target not in order.targets:
        return Refusal("unknown-target", f"{clause.giver} has no order {known.definition.order} on {clause.target or 'nothing'}")
    return None


def refuse_signature(program: Program, world: World, seat: str, clauses: Sequence[Clause]) -> Refusal | None:
    """What a seat lacks, in its own view, to bind itself by these clauses."""
    now = program.turn(world.turn + 1).day
    for clause in clauses:
        known = program.clause(clause.clause)
        if known is None or clause.giver != seat:
            continue
        binding = (program.layout.places[seat][1],)
        answers = program.ask(known.needs.get(seat), world.cells, world, now, binding, *filled(clause))
        for need, holds in zip(known.definition.needs, answers, strict=False):
            if not holds:
                return Refusal("need", f"{known.definition.title}: {need.say}")
    return None


def filled(clause: Clause) -> tuple[float, float]:
    """The amount and the days of a clause as expressions read them."""
    return (0.0 if clause.amount is None else clause.amount), float(clause.by_days or 0)


# --- words --------------------------------------------------------------------------------------------------------------------------


def says(program: Program, clause: Clause) -> str:
    """A clause in words, as its parties filled it in."""
    known = program.clause(clause.clause)
    if known is None:
        return clause.clause
    definition = known.definition
    content = program.content
    names = {one.id: one.name for group in (content.entities, content.seats, content.bodies) for one in group}
    titles = {f"{motion.body.id}.{motion.definition.id}": motion.definition.title for motion in program.motions}
    orders = {order.id: order.title for order in content.orders}
    words = {
        "{giver}": names.get(clause.giver, clause.giver),
        "{receiver}": names.get(clause.receiver, clause.receiver),
        "{target}": names.get(clause.target or "", "anywhere"),
        "{amount}": amount_said(clause.amount, definition.amount),
        "{line}": amount_said(clause.line, definition.line),
        "{days}": "" if clause.by_days is None else days_said(clause.by_days),
        "{vote}": clause.vote,
        "{motion}": titles.get(clause.motion, clause.motion),
        "{order}": " / ".join(orders.get(id, id) for id in (definition.orders or (definition.order,))),
    }
    text = definition.text
    for placeholder, word in words.items():
        text = text.replace(placeholder, word)
    return text


def days_said(days: int) -> str:
    """By when a clause is due, counted from coming into force."""
    return "at once" if days == 0 else f"within {days} day" if days == 1 else f"within {days} days"


def amount_said(value: float | None, size: Size | None) -> str:
    """A number of a clause with its unit, as people say it."""
    if value is None or size is None:
        return ""
    match size.unit:
        case "share":
            return f"{value * 100:,.0f} %"
        case "million dollars":
            return f"{value:,.10g} M$"
        case "number" | "flag":
            return f"{value:,.10g}"
        case _:
            return f"{value:,.10g} {size.unit}"
