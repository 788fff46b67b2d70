"""Short codes for slips of paper: two or three letters for seats, places, bodies and motions, a number for an order of a seat's menu.

They come from what stays the same during an exercise and what every seat is told alike, so that a slip written in the first turn can be
typed in the last, ``OSH`` is the same place on everybody's sheet, and no code tells anything about somebody else's menu.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

import attrs

from exercise.presenter.frames import OrderCard, Welcome
from exercise.presenter.naming import plain_words
from exercise.presenter.words import _

VERBS = ("order", "withdraw", "table", "vote", "say", "press", "done", "undone")
"""Words that begin or follow in a typed slip; no code is one of them."""
SETTLED = (*VERBS, "all", "facilitator", "yes", "no", "abstain")
"""Words with a meaning of their own in a typed slip."""

LONGEST_SHORT = 5
"""Letters of a short name that can stand as a code: ``CSTO``."""


@attrs.frozen(slots=True)
class Coded:
    """A thing with the code that stands for it on paper; ``others`` are names by which people may call it as well."""

    code: str
    id: str
    name: str
    others: tuple[str, ...] = ()


@attrs.frozen(slots=True)
class Codes:
    """The codes of an exercise. ``menus`` has, for each seat whose welcome frame was given, its orders by number, in menu order."""

    seats: tuple[Coded, ...] = ()
    places: tuple[Coded, ...] = ()
    bodies: tuple[Coded, ...] = ()
    motions: Mapping[str, tuple[Coded, ...]] = attrs.field(factory=dict)
    menus: Mapping[str, tuple[tuple[str, OrderCard], ...]] = attrs.field(factory=dict)

    def seat(self, id: str) -> str:
        """The code of a seat."""
        return _code(self.seats, id)

    def place(self, id: str) -> str:
        """The code of anything that can be the target of an order."""
        return _code(self.places, id)

    def motion(self, body: str, motion: str) -> str:
        """The code of a motion, with its body's: ``CSTO DEP``."""
        return f"{_code(self.bodies, body)} {_code(self.motions.get(body, ()), motion)}"

    def order(self, seat: str, order: str) -> str:
        """The number of an order on a seat's menu."""
        return next((number for number, card in self.menus.get(seat, ()) if card.order == order), order)


def codes_of(welcomes: Iterable[Welcome]) -> Codes:
    """The codes of an exercise from the welcome frames of its seats: one seat's are enough for its own sheet, a facilitator's for all."""
    every = tuple(welcomes)
    if not every:
        return Codes()
    first = every[0]
    seats = coded([(seat.id, seat.name, (seat.short,)) for seat in first.seats if seat.playable], 2)
    seated = {each.id for each in seats}
    places = coded([(id, card.name, ()) for id, card in first.entities.items() if id not in seated], 3, seats)
    return Codes(
        seats=seats,
        places=(*places, *seats),
        bodies=coded([(body.id, body.name, (body.short,)) for body in first.bodies], 3),
        motions={body.id: coded([(card.motion, card.title, ()) for card in body.motions], 3) for body in first.bodies},
        menus={seat: numbered(menu) for each in every for seat, menu in (each.menus or {each.seat.id: each.menu}).items()},
    )


def numbered(menu: Iterable[OrderCard]) -> tuple[tuple[str, OrderCard], ...]:
    """A seat's orders with their numbers, by purpose as its menu shows them."""
    by_purpose: dict[str, list[OrderCard]] = {}
    for card in menu:
        by_purpose.setdefault(card.purpose, []).append(card)
    cards = list(chain.from_iterable(by_purpose.values()))
    return tuple((str(number), card) for number, card in enumerate(cards, 1))


def coded(things: Iterable[tuple[str, str, tuple[str, ...]]], least: int, beside: Iterable[Coded] = ()) -> tuple[Coded, ...]:
    """Give every (id, name, other names) a code of at least so many letters: none twice, and none that is another one's id or name.

    ``beside`` are things with codes among which these will stand.
    """
    every, others_coded = tuple(things), tuple(beside)
    meant: dict[str, set[str]] = {}
    for id, name, others in (*every, *((each.id, each.name, each.others) for each in others_coded)):
        for word in (id, name, *others):
            meant.setdefault(plain_words(word), set()).add(id)
    taken = {each.code.lower() for each in others_coded}
    found = []
    for id, name, others in every:
        short = [plain_words(other) for other in others if other and " " not in other and least <= len(other) <= LONGEST_SHORT]
        free = (one for one in chain(short, _candidates(id, least)) if one not in taken and one not in SETTLED)
        code = next(one for one in free if meant.get(one, {id}) == {id})
        taken.add(code)
        found.append(Coded(code.upper(), id, name, tuple(other for other in others if other)))
    return tuple(found)


def _candidates(id: str, least: int) -> Iterator[str]:
    """Codes for an id, best first: the beginning of a single word, the initials of several, then ever more of it, then with a number."""
    words = [plain_words(word) for word in id.replace("-", "_").split("_") if plain_words(word)] or ["x"]
    whole = "".join(words)
    if len(words) > 1:
        initials = "".join(word[0] for word in words)
        if len(initials) >= least:
            yield initials[: least + 1]
        yield words[0][: least - 1] + words[1][0]
        yield words[0][:least] + words[1][0]
        yield words[0][: least - 1] + words[-1][0]
    for length in range(least, max(least, len(whole)) + 1):
        yield whole[:length]
    number = 2
    while True:
        yield f"{whole[:least]}{number}"
        number += 1


def _code(things: Iterable[Coded], id: str) -> str:
    return next((each.code for each in things if each.id == id), id)


def sought(word: str, things: Iterable[Coded], what: str) -> Coded | str:
    """The thing that a word means, or why it means none: its code or id, else its name, else the beginning of one of these."""
    every, wanted = tuple(things), plain_words(word)
    for names in (_exact, _named):
        found = [each for each in every if wanted and wanted in names(each)]
        if len(found) == 1:
            return found[0]
    begun = [each for each in every if wanted and any(name.startswith(wanted) for name in (*_exact(each), *_named(each)))]
    if len(begun) == 1:
        return begun[0]
    if begun:
        return _("“{word}” may be {names}", word=word, names=", ".join(f"{each.code} ({each.name})" for each in begun))
    return _("“{word}” is no {what}", word=word, what=what)


def _exact(thing: Coded) -> tuple[str, ...]:
    return (thing.code.lower(), plain_words(thing.id))


def _named(thing: Coded) -> tuple[str, ...]:
    return tuple(plain_words(name) for name in (thing.name, *thing.others))
