"""Slips of paper typed in by the facilitator: what a line means, as an act of the seat that wrote the slip.

    SEAT ORDER [TARGET] [AMOUNT]                        uz 12 osh 5         uzbekistan open_border 60
    withdraw SEAT ORDER [TARGET]                        withdraw uz 12 osh
    table SEAT BODY MOTION                              table kg csto dep
    vote SEAT BODY MOTION yes|no|abstain ["reason"]     vote uz csto dep no "not our quarrel"
    say SEAT TO[,TO ...]|all|facilitator "text"         say uz kg,ka "The border opens at six."
    press SEAT "text"                                   press uz "We are host to those who flee."
    done SEAT, undone SEAT                              done uz

Everything is named by its code on the printed sheet, by its id, or by as much of its name as is clear; capitals do not matter, and the word
that begins a line may stand after the seat as well. Whether an act is allowed is the host's to say.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

import attrs

from exercise.presenter.codes import VERBS, Coded, Codes, sought
from exercise.presenter.figures import amount_words
from exercise.presenter.frames import AmountRange, OrderCard
from exercise.presenter.legible import legible
from exercise.presenter.mail import MOST_CHARACTERS
from exercise.presenter.orders import range_words
from exercise.presenter.words import _

VOTES = {"yes": "yes", "y": "yes", "no": "no", "n": "no", "abstain": "abstain", "a": "abstain"}
QUOTES = {'"': '"', "'": "'", "\N{LEFT DOUBLE QUOTATION MARK}": "\N{RIGHT DOUBLE QUOTATION MARK}"}
FACILITATOR = "facilitator"
_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")

Act = dict[str, Any]


@attrs.frozen(slots=True)
class Slip:
    """A slip as it was understood: the seat, and the act as the session takes it."""

    seat: str
    act: Act


@attrs.frozen(slots=True)
class SlipRefusal:
    """A line that is no slip: why, and what could be typed."""

    why: str
    hint: str = ""


class _UnclearError(Exception):
    """Raised inside this module where a word means nothing or several things."""

    def __init__(self, why: str, hint: str = "") -> None:
        super().__init__(why)
        self.refusal = SlipRefusal(why, hint)


def parse(line: str, codes: Codes) -> Slip | SlipRefusal:
    """What a typed line means. It never raises, whatever is typed."""
    words = _Words(line)
    try:
        first = words.take(_("a seat"), _all(codes.seats))
        verb = first.lower() if first.lower() in VERBS else ""
        seat = _sought(words.take(_("a seat"), _all(codes.seats)) if verb else first, codes.seats, _("seat")).id
        if not verb and words.peek().lower() in VERBS:
            verb = words.take("").lower()
        act = _READ[verb or "order"](words, seat, codes)
        words.end()
    except _UnclearError as unclear:
        return unclear.refusal
    return Slip(seat, act)


def written(slip: Slip, codes: Codes) -> str:
    """The line that means a slip, in the codes of the printed sheets: what ``parse`` reads back as the same."""
    act, seat = slip.act, codes.seat(slip.seat)
    match act["act"]:
        case "order" | "withdraw" as kind:
            parts = ["withdraw"] if kind == "withdraw" else []
            parts += [seat, codes.order(slip.seat, act["order"])]
            parts += [codes.place(act["target"])] if act.get("target") else []
            parts += [f"{act['amount']:.15g}"] if act.get("amount") is not None else []
        case "motion":
            parts = ["table", seat, codes.motion(act["body"], act["motion"])]
        case "vote":
            parts = ["vote", seat, codes.motion(act["body"], act["motion"]), act["vote"]]
            parts += [f'"{act["say"]}"'] if act.get("say") else []
        case "message":
            to = act["to"] if isinstance(act["to"], str) else ",".join(codes.seat(each) for each in act["to"])
            parts = ["say", seat, to, f'"{act["text"]}"']
        case "statement":
            parts = ["press", seat, f'"{act["text"]}"']
        case kind:
            parts = ["done" if kind == "ready" else "undone", seat]
    return " ".join(parts)


def told(slip: Slip, codes: Codes) -> str:
    """A slip in words, for the facilitator to look at before it is sent: ``Uzbekistan: Open the border, 60``."""
    act = slip.act
    name = _name(codes.seats, slip.seat)
    match act["act"]:
        case "order" | "withdraw" as kind:
            card = next((card for _number, card in codes.menus.get(slip.seat, ()) if card.order == act["order"]), None)
            words = card.title if card is not None else act["order"]
            words += f" → {_name(codes.places, act['target'])}" if act.get("target") else ""
            if act.get("amount") is not None and card is not None and card.amount is not None:
                words += f", {amount_words(act['amount'], card.amount.unit)}"
            words = words if kind == "order" else _("takes back: {order}", order=words)
        case "motion" | "vote" as kind:
            body, motion = _name(codes.bodies, act["body"]), _name(codes.motions.get(act["body"], ()), act["motion"])
            words = _("tables in {body}: {motion}", body=body, motion=motion)
            if kind == "vote":
                vote = {"yes": _("yes"), "no": _("no")}.get(act["vote"], _("abstains"))
                words = _("{vote} in {body}: {motion}", vote=vote, body=body, motion=motion)
                words += f" “{act['say']}”" if act.get("say") else ""
        case "message":
            to = act["to"] if isinstance(act["to"], str) else ", ".join(_name(codes.seats, each) for each in act["to"])
            words = _("to {whom}: {text}", whom=to, text=act["text"])
        case "statement":
            words = _("to the press: {text}", text=act["text"])
        case "ready":
            words = _("is done with this phase")
        case _:
            words = _("is not done yet")
    return legible(f"{name}: {words}")


# --- reading ----------------------------------------------------------------------------------------------------------------------


class _Words:
    """What is left of a line."""

    def __init__(self, line: str) -> None:
        self.rest = line.strip()

    def peek(self) -> str:
        """The next word, or nothing."""
        return self.rest.split(maxsplit=1)[0] if self.rest else ""

    def take(self, wanted: str, hint: str = "") -> str:
        """The next word."""
        if not self.rest:
            raise _UnclearError(_("{wanted} is missing", wanted=wanted), hint)
        word, *rest = self.rest.split(maxsplit=1)
        self.rest = rest[0] if rest else ""
        return word

    def end(self) -> None:
        """Nothing may follow."""
        if self.rest:
            raise _UnclearError(_("“{words}” is too much", words=_shown(self.rest)), _("nothing was sent"))

    def text(self) -> str:
        """All the rest, without the quotation marks around it."""
        said, self.rest = self.rest, ""
        if len(said) > 1 and QUOTES.get(said[0]) == said[-1]:
            said = said[1:-1]
        if len(said) > MOST_CHARACTERS:
            raise _UnclearError(_("the text is longer than {most} characters", most=MOST_CHARACTERS), _("send it as two messages"))
        return said.strip()


def _order(words: _Words, seat: str, codes: Codes) -> Act:
    card = _card(words, seat, codes)
    target = _target(words, card, codes)
    return {"act": "order", "order": card.order, "target": target, "amount": _amount(words, card.amount)}


def _withdraw(words: _Words, seat: str, codes: Codes) -> Act:
    card = _card(words, seat, codes)
    return {"act": "withdraw", "order": card.order, "target": _target(words, card, codes)}


def _card(words: _Words, seat: str, codes: Codes) -> OrderCard:
    menu = codes.menus.get(seat, ())
    coded = tuple(Coded(number, card.order, card.title) for number, card in menu)
    word = words.take(_("an order"), _("orders of this seat: {orders}", orders=_all(coded)))
    if word.isdecimal():
        # 1 is order 1, never the beginning of order 12.
        coded = tuple(each for each in coded if each.code == str(int(word)))
        if not coded:
            last = menu[-1][0] if menu else "0"
            raise _UnclearError(_("this seat has no order {number}", number=_shown(word)), _("its orders are 1 to {last}", last=last))
        word = coded[0].code
    found = _sought(word, coded, _("order of this seat"))
    return next(card for _number, card in menu if card.order == found.id)


def _target(words: _Words, card: OrderCard, codes: Codes) -> str | None:
    if not card.targets:
        return None
    possible = {id for id, _name in card.targets}
    things = tuple(each for each in codes.places if each.id in possible)
    if len(things) == 1 and (not words.rest or _NUMBER.fullmatch(words.peek())):
        return things[0].id
    return _sought(words.take(_("the target"), _all(things)), things, _("target of “{order}”", order=card.title)).id


def _amount(words: _Words, amount: AmountRange | None) -> float | None:
    if amount is None:
        return None
    asked = _("{what}: {range}", what=amount.what or _("the amount"), range=range_words(amount))
    word = words.take(_("the amount"), asked)
    if not _NUMBER.fullmatch(word):
        raise _UnclearError(_("“{word}” is not a number", word=_shown(word)), asked)
    value = float(word.replace(",", ""))
    if not (math.isfinite(value) and amount.low <= value <= amount.high):
        raise _UnclearError(_("{word} is out of range", word=_shown(word)), asked)
    return value


def _motion(words: _Words, _seat: str, codes: Codes) -> Act:
    return {"act": "motion", **_motion_meant(words, codes)}


def _vote(words: _Words, _seat: str, codes: Codes) -> Act:
    meant = _motion_meant(words, codes)
    word = words.take(_("the vote"), _("yes, no or abstain"))
    vote = VOTES.get(word.lower())
    if vote is None:
        raise _UnclearError(_("“{word}” is no vote", word=_shown(word)), _("yes, no or abstain"))
    said = words.text()
    return {"act": "vote", **meant, "vote": vote, **({"say": said} if said else {})}


def _motion_meant(words: _Words, codes: Codes) -> Mapping[str, str]:
    body = _sought(words.take(_("a body"), _all(codes.bodies)), codes.bodies, _("body"))
    motions = codes.motions.get(body.id, ())
    motion = _sought(words.take(_("a motion"), _all(motions)), motions, _("motion of {body}", body=body.code))
    return {"body": body.id, "motion": motion.id}


def _message(words: _Words, seat: str, codes: Codes) -> Act:
    hint = _("seats by code with commas and no spaces, or all")
    word = words.take(_("whom it is for"), hint).strip(",")
    to: str | list[str]
    if word.lower() == "all":
        to = "all"
    else:
        named = [each for each in word.split(",") if each]
        to = [each if each.lower() == FACILITATOR else _sought(each, codes.seats, _("seat")).id for each in named]
        to = list(dict.fromkeys(each.lower() if each.lower() == FACILITATOR else each for each in to))
        if seat in to or not to:
            raise _UnclearError(_("a seat does not write to itself") if to else _("no seat is named"), hint)
    return {"act": "message", "to": to, "text": _said(words)}


def _statement(words: _Words, _seat: str, _codes: Codes) -> Act:
    return {"act": "statement", "text": _said(words)}


def _said(words: _Words) -> str:
    text = words.text()
    if not text:
        raise _UnclearError(_("the text is missing"), _('such as: say uz all "text"'))
    return text


def _done(_words: _Words, _seat: str, _codes: Codes) -> Act:
    return {"act": "ready"}


def _undone(_words: _Words, _seat: str, _codes: Codes) -> Act:
    return {"act": "unready"}


_READ: dict[str, Callable[[_Words, str, Codes], Act]] = {
    "order": _order,
    "withdraw": _withdraw,
    "table": _motion,
    "vote": _vote,
    "say": _message,
    "press": _statement,
    "done": _done,
    "undone": _undone,
}


def _sought(word: str, things: tuple[Coded, ...], what: str) -> Coded:
    found = sought(_shown(word), things, what)
    if isinstance(found, str):
        raise _UnclearError(found, _all(things))
    return found


def _shown(word: str) -> str:
    return legible(word[:60])


def _all(things: tuple[Coded, ...]) -> str:
    return ", ".join(f"{each.code} {each.name}" for each in things)


def _name(things: tuple[Coded, ...], id: str) -> str:
    return next((each.name for each in things if each.id == id), id)
