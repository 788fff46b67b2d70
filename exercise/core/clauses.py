"""The tables of clauses: what agreements between seats can be made of, in six kinds that the engine can hold.

    tranche        the giver pays an amount of a seat's resource on a day; where it has a condition, only while that is met
    condition      a quantity of the target stands above or below a line on a day, as a named report sees it
    order_promise  the giver gives a named order, on a target if it has one, by a day
    vote_promise   the giver votes so on a motion when it comes to the vote
    restraint      the giver gives none of the named orders while the agreement runs
    secrecy        no party publishes the agreement

One clause is one payment, one promise: several tranches are several clauses. What being kept and being broken brings about are fixed
amounts, so that nobody who writes an agreement can write a rule.
"""

from __future__ import annotations

import attrs

from exercise.core.rulebook import Basis, Expression, key, module_key, place_key
from exercise.language.problem import Place

TRANCHE, CONDITION, ORDER_PROMISE, VOTE_PROMISE, RESTRAINT, SECRECY = (
    "tranche", "condition", "order_promise", "vote_promise", "restraint", "secrecy",
)  # fmt: skip
CLAUSE_KINDS = (TRANCHE, CONDITION, ORDER_PROMISE, VOTE_PROMISE, RESTRAINT, SECRECY)
DATED = frozenset({TRANCHE, CONDITION, ORDER_PROMISE})
"""Kinds that have a day; the others run as long as their agreement."""
SENSES = ("above", "below")


@attrs.frozen(slots=True, kw_only=True)
class Size(Basis):
    """A number of a clause that the parties choose within a range."""

    unit: str = key("unit", unit=True)
    low: float = key("least")
    high: float = key("most")
    default: float = key("offered first")
    step: float = key("stepping on screen", default=1.0)
    what: str = key("what it counts, e.g. 'paid'")


@attrs.frozen(slots=True, kw_only=True)
class DayRange:
    """By when, in days from the day on which the agreement comes into force; 0 is that day's turn."""

    low: int = key("soonest", default=0)
    high: int = key("latest")
    default: int = key("offered first")
    place: Place = place_key()


@attrs.frozen(slots=True, kw_only=True)
class ClauseEffect:
    """One change that a kept or broken clause brings about: a fixed amount on a quantity of a party, of the target or of a named entity."""

    on: Expression = key("giver.quantity, receiver.quantity, target.quantity, a relation of theirs, or entity.quantity")
    add: float = key("amount added, in the quantity's unit")
    lasts: str = key("duration such as '60 days': taken back at the step that ends that much later", default="")
    place: Place = place_key()


@attrs.frozen(slots=True, kw_only=True)
class ClauseNeed:
    """What must hold in the giver's own view for it to sign."""

    when: Expression = key("must hold; seat is the giver")
    say: str = key("what is missing when it does not hold, in words")
    place: Place = place_key()


@attrs.frozen(slots=True, kw_only=True)
class ClauseDefinition(Basis):
    """A term that seats can agree on (``[[clause]]``)."""

    id: str = key("clause id")
    kind: str = key("tranche, condition, order_promise, vote_promise, restraint or secrecy", choices=CLAUSE_KINDS)
    title: str = key("title, e.g. 'Budget support in tranches'")
    text: str = key("the term in words; may use {giver} {receiver} {target} {amount} {line} {days} {vote} {motion} {order}")
    givers: tuple[str, ...] = key("seats that can bind themselves (secrecy: nobody, all parties are bound)", default=())
    receivers: tuple[str, ...] = key("seats to which they can bind themselves", default=())
    resource: str = key("tranche: the quantity of kind seat that is paid", default="")
    amount: Size | None = key("tranche: what is paid; condition: the line; order_promise: the least size of the order", default=None)
    of: str = key("kind.quantity that a condition speaks of (tranche: if it has one)", default="")
    sense: str = key("above or below the line", choices=("", *SENSES), default="")
    line: Size | None = key("tranche with a condition: the line", default=None)
    monitor: str = key("id of the report by which the condition is judged", default="")
    targets: tuple[str, ...] = key("entities that it can speak of; empty: all of the kind, or all targets of the order", default=())
    order: str = key("order_promise: the order", default="")
    orders: tuple[str, ...] = key("restraint: the orders that are not given", default=())
    motions: tuple[str, ...] = key("vote_promise: motions as body.motion", default=())
    days: DayRange | None = key("tranche, condition, order_promise: by when", default=None)
    needs: tuple[ClauseNeed, ...] = key("the giver can sign only while these hold in its own view", default=())
    kept: tuple[ClauseEffect, ...] = key("what changes when the parties see it kept", default=())
    breach: tuple[ClauseEffect, ...] = key("what changes when a breach is found", default=())
    because: str = key("the cause shown with its effects")
    claims: tuple[str, ...] = key("ids from the claims ledger", default=())
    module: str = module_key()


@attrs.frozen(slots=True, kw_only=True)
class DoctrineAccept:
    """A clause that a doctrine signs when it is proposed; without a line on each clause that binds or serves its seat, it declines."""

    clause: str = key("clause id")
    when: Expression | None = key("condition in the seat's own view; amount and days are those of the clause", default=None)
    module: str = module_key()
    place: Place = place_key()
