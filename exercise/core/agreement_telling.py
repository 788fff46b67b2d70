"""What is told of agreements: to their parties, and of public ones to everybody. How a clause stands in truth is told at ENDEX only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from exercise.core.agreeing import says
from exercise.core.agreements import Agreement, Clause, Standing
from exercise.core.outcomes import EVERYBODY, Audience, Outcome
from exercise.core.program import Program
from exercise.core.settling import DISCLOSED_STEP, ENDED_STEP, IN_FORCE_STEP, Settled

if TYPE_CHECKING:
    from exercise.core.adjudicate import Working


def agreement_outcomes(work: Working) -> list[Outcome]:
    """One outcome for everything that happened to an agreement in the turn, in order of ids."""
    found = {one.id: one for one in work.agreements}
    return [_told(work.program, found[one.agreement], one) for one in sorted(work.settled, key=lambda one: one.agreement)]


def told_to(agreement: Agreement) -> Audience:
    """Who may know of an agreement."""
    return EVERYBODY if agreement.is_public else agreement.parties


def _told(program: Program, agreement: Agreement, what: Settled) -> Outcome:
    data: dict[str, Any] = {
        "agreement": agreement.id,
        "parties": list(agreement.parties),
        "secret": agreement.secret,
        "step": what.step,
        "by": what.by,
        "why": what.why,
    }
    cause = agreement.id
    if what.index is not None:
        clause = agreement.clauses[what.index]
        cause = clause.clause
        told = clause_data(program, clause, agreement.standing[what.index])
        # An outcome has a kind of its own.
        data |= {"number": what.index + 1, "clause_kind": told.pop("kind", ""), **told}
    elif what.step in (IN_FORCE_STEP, DISCLOSED_STEP):
        data["clauses"] = [clause_data(program, one) for one in agreement.clauses]
        data["until"] = program.calendar.date(agreement.until).isoformat()
    elif what.step == ENDED_STEP:
        data["status"] = agreement.status
    return Outcome("agreement", told_to(agreement), cause, data)


def clause_data(program: Program, clause: Clause, standing: Standing | None = None, *, true: bool = False) -> dict[str, Any]:
    """A clause as data: what its kind has, its words, how it stands as the parties know it and, if asked, in truth."""
    known = program.clause(clause.clause)
    data: dict[str, Any] = {key: value for key, value in attrs.asdict(clause).items() if value not in (None, "")}
    if known is not None:
        data |= {"kind": known.definition.kind, "title": known.definition.title}
    data["says"] = says(program, clause)
    if standing is not None:
        data["status"] = standing.status
        if standing.day is not None:
            data["day"] = program.calendar.date(standing.day).isoformat()
        if standing.reading is not None:
            data["reading"] = standing.reading
        if true:
            data["truth"] = standing.truth
    return data


def agreement_data(program: Program, agreement: Agreement, *, true: bool = False) -> dict[str, Any]:
    """An agreement that came into force as data; with ``true`` also how each clause stands in truth."""
    return {
        "id": agreement.id,
        "parties": list(agreement.parties),
        "by": agreement.by,
        "status": agreement.status,
        "secret": agreement.secret,
        "disclosed": agreement.disclosed,
        "days": agreement.days,
        "since": program.calendar.date(agreement.since).isoformat(),
        "until": program.calendar.date(agreement.until).isoformat(),
        "clauses": [
            clause_data(program, clause, standing, true=true)
            for clause, standing in zip(agreement.clauses, agreement.standing, strict=True)
        ],
    }
