"""The tables of doctrines: how a seat or actor decides when nobody sits there."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import attrs

from exercise.core.clauses import DoctrineAccept
from exercise.core.rulebook import Basis, Expression, key, module_key, place_key
from exercise.language.problem import Place


@attrs.frozen(slots=True, kw_only=True)
class DoctrineOrder:
    """One line of a doctrine: an order it would give."""

    order: str = key("order id")
    target: str = key("entity id, or a binding such as 'region r' to consider each", default="")
    when: Expression | None = key("condition in the seat's own view; target variable may be used", default=None)
    score: Expression | None = key("how much it wants it; the best are taken within the allowance; default 50", default=None)
    amount: Expression | None = key("size; default the order's default", default=None)
    on: datetime.date | None = key("only in the turn that holds this day", default=None)
    from_: datetime.date | None = key("not before this day", default=None)
    until: datetime.date | None = key("not after this day", default=None)
    module: str = module_key()
    place: Place = place_key()


@attrs.frozen(slots=True, kw_only=True)
class DoctrineMotion:
    """A motion that a doctrine tables."""

    body: str = key("body id")
    motion: str = key("motion id")
    when: Expression | None = key("condition in the seat's own view", default=None)
    on: datetime.date | None = key("only in the turn that holds this day", default=None)
    module: str = module_key()
    place: Place = place_key()


@attrs.frozen(slots=True, kw_only=True)
class DoctrineVote:
    """A vote that a doctrine casts in place of the standing instructions."""

    body: str = key("body id")
    motion: str = key("motion id")
    vote: str = key(
        "yes, no or abstain; none takes an earlier vote back, so that the seat's position speaks", choices=("yes", "no", "abstain", "none")
    )
    when: Expression | None = key("condition in the seat's own view", default=None)
    say: str = key("explanation of vote", default="")
    module: str = module_key()
    place: Place = place_key()


@attrs.frozen(slots=True, kw_only=True)
class DoctrineDefinition(Basis):
    """A policy of a seat or actor (``[[doctrine]]``): default, history, prevention ..."""

    id: str = key("doctrine id, e.g. default")
    seat: str = key("whose")
    text: str = key("what this doctrine stands for, in a sentence")
    base: str = key("another doctrine of the seat whose lines come after these", default="")
    orders: tuple[DoctrineOrder, ...] = key("orders it would give", default=())
    motions: tuple[DoctrineMotion, ...] = key("motions it would table", default=())
    votes: tuple[DoctrineVote, ...] = key("votes it would cast", default=())
    accepts: tuple[DoctrineAccept, ...] = key("clauses that it would sign", default=())


def chain_of(by_key: Mapping[tuple[str, str], DoctrineDefinition], key: tuple[str, str]) -> list[DoctrineDefinition]:
    """A doctrine and those that it is based on, nearest first."""
    chain, seen = [by_key[key]], {key[1]}
    while chain[-1].base and chain[-1].base not in seen and (key[0], chain[-1].base) in by_key:
        seen.add(chain[-1].base)
        chain.append(by_key[key[0], chain[-1].base])
    return chain
