"""What a script asks for and may not have: mistakes told before anything is played, and refusals told when their turn has come."""

from __future__ import annotations

import pathlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from exercise.cli.common import Wrong, nearest, one_line
from exercise.cli.orders_file import Script

if TYPE_CHECKING:
    from exercise.core.program import Program
    from exercise.session.headless import Refused

STATIC_REFUSALS = frozenset(
    {"unknown-order", "unknown-target", "no-amount", "amount-range", "unknown-body", "unknown-motion", "unknown-vote"}
    | {"unknown-seat", "unknown-clause", "parties", "clauses", "terms", "days", "secret"}
    | {"not-yours", "not-a-member", "no-reason", "effects", "effect", "unknown-quantity", "unknown-inject"}
)
"""Refusals that no turn of the exercise could lift: mistakes in the script, told before anything is played."""


def refuse_mistakes(program: Program, script: Script, path: pathlib.Path | None) -> None:
    """Find decisions that could never be taken: names that do not exist, amounts out of range, turns beyond the calendar.

    Raises:
        Wrong: there is one; the message names its turn.
    """
    if not script:
        return
    from exercise.core.legality import refusal
    from exercise.core.turns import open_turn
    from exercise.session.headless import Pass

    last = len(program.calendar.turns)
    beyond = [number for number in script if number > last]
    if beyond:
        raise Wrong(f"{path}: there is no turn {beyond[0]}", f"this cut has {last} turns")
    world = open_turn(program, program.startex(0), telling=False).world
    for number, decisions in sorted(script.items()):
        for decision in decisions:
            _refuse_unknown_seat(program, decision, f"{path}: turn {number}")
            why = None if isinstance(decision, Pass) else refusal(program, world, decision)
            if why is not None and why.code in STATIC_REFUSALS:
                raise Wrong(f"{path}: turn {number}: {why.why}", why.hint)


def _refuse_unknown_seat(program: Program, decision: object, where: str) -> None:
    seats = [seat.id for seat in program.seats]
    seat = getattr(decision, "seat", None)
    if seat is not None and seat not in seats:
        raise Wrong(f"{where}: there is no seat {seat!r}{nearest(seat, seats)}", f"known: {', '.join(seats)}")


def note_refusals(refused: Iterable[Refused]) -> None:
    """Tell each refusal in a line on stderr, as a player would be told."""
    for one in refused:
        click.echo(f"exercise: note: turn {one.turn}: {one_line(refusal_words(one))}", err=True)


def refusal_words(one: Refused) -> str:
    """What was refused and why, on one line."""
    from exercise.report.decided import decision_words

    hint = f" ({one.refusal.hint})" if one.refusal.hint else ""
    return f"{decision_words(one.decision)} was refused: {one.refusal.why}{hint}"


def refusal_document(one: Refused) -> dict[str, object]:
    """An item of ``refused`` in the JSON of ``run`` and ``branch``."""
    from exercise.report.decided import decision_words

    return {
        "turn": one.turn,
        "decision": decision_words(one.decision),
        "code": one.refusal.code,
        "why": one.refusal.why,
        "hint": one.refusal.hint,
    }
