"""What people say to each other beside letters, as it reached a seat: rooms, agreements, and what lies before the bodies while they sit.

Frames of agreements and rooms are absolute: each tells everything of one, and the newest counts. So the fold of a stream is the same
whether it was heard at once or taken up again in between.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import attrs

from exercise.presenter.frames import AmountRange, Data, items, number, read_amount_range, table, text, texts, truth, whole

DRAFT, SIGNED, IN_FORCE = "draft", "signed", "in force"
FACILITATOR = "facilitator"


@attrs.frozen(slots=True)
class TalkRoom:
    """A room that this seat is in: what is said there, its members hear."""

    id: str
    name: str
    by: str
    members: tuple[str, ...]
    turn: int = 0


@attrs.frozen(slots=True)
class Term:
    """A clause of an agreement as it was filled in: ``says`` in words, ``status`` as the parties know it. ``truth`` is told at the end."""

    clause: str
    title: str
    says: str
    status: str
    kind: str = ""
    giver: str = ""
    receiver: str = ""
    target: str = ""
    amount: float | None = None
    line: float | None = None
    by_days: int | None = None
    vote: str = ""
    motion: str = ""
    day: str = ""
    reading: float | None = None
    truth: str = ""


@attrs.frozen(slots=True)
class Agreement:
    """An agreement or a proposal of one, as it reached this seat last."""

    id: str
    by: str
    parties: tuple[str, ...]
    status: str
    secret: bool
    disclosed: bool
    days: int
    since: str
    until: str
    terms: tuple[Term, ...]
    signed: tuple[str, ...]
    answers: str
    text: str
    turn: int = 0

    def waits_for(self, seat: str) -> bool:
        """Whether it is a proposal that this seat has neither signed nor declined."""
        return self.status == DRAFT and seat in self.parties and seat not in self.signed


@attrs.frozen(slots=True)
class Cast:
    """A vote that another member has cast while the body sits, or brought into the sitting (``standing``). It is ``cast`` where only that
    is told: how is heard when it is decided.
    """

    vote: str
    say: str
    turn: int
    standing: bool = False


@attrs.frozen(slots=True)
class ClauseCard:
    """A term that this seat can give or receive: what can be filled in, and within which limits."""

    clause: str
    kind: str
    title: str
    text: str
    givers: tuple[str, ...]
    receivers: tuple[str, ...]
    targets: tuple[str, ...]
    amount: AmountRange | None
    line: AmountRange | None
    days: AmountRange | None
    motions: tuple[str, ...]
    orders: tuple[str, ...]
    monitor: str
    sense: str
    needs: tuple[str, ...]
    kept: tuple[tuple[str, float], ...] = ()
    breach: tuple[tuple[str, float], ...] = ()
    """What is added where it is kept and where it is found broken: ``giver.standing``, and by how much."""


@attrs.frozen(slots=True)
class Talks:
    """What was heard. ``agenda`` are motions tabled in a turn and by whom, ``later`` those of them that are not decided in it, ``cast``
    votes by motion and member; all of turn ``turn``.
    """

    clauses: tuple[ClauseCard, ...] = ()
    rooms: Mapping[str, TalkRoom] = attrs.field(factory=dict)
    agreements: Mapping[str, Agreement] = attrs.field(factory=dict)
    turn: int = 0
    agenda: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    later: frozenset[str] = frozenset()
    cast: Mapping[str, Mapping[str, Cast]] = attrs.field(factory=dict)

    def clause(self, id: str) -> ClauseCard | None:
        """The card of a clause."""
        return next((each for each in self.clauses if each.clause == id), None)


def fold_talks(talks: Talks, frame: Data) -> Talks:
    """What was heard after one frame; other frames change nothing."""
    step = _STEPS.get(text(frame, "frame"))
    return talks if step is None else step(talks, frame)


def _welcome(talks: Talks, frame: Data) -> Talks:
    return attrs.evolve(talks, clauses=tuple(_card(each) for each in items(frame, "clauses")))


def _room(talks: Talks, frame: Data) -> Talks:
    room = TalkRoom(text(frame, "room"), text(frame, "name"), text(frame, "by"), texts(frame, "members"), whole(frame, "turn"))
    return attrs.evolve(talks, rooms={**talks.rooms, room.id: room}) if room.id else talks


def _agreement(talks: Talks, frame: Data) -> Talks:
    found = read_agreement(table(frame, "agreement"), whole(frame, "turn"))
    return attrs.evolve(talks, agreements={**talks.agreements, found.id: found}) if found.id else talks


def _agenda(talks: Talks, frame: Data) -> Talks:
    talks = _of_turn(talks, whole(frame, "turn"))
    tabled = {f"{text(each, 'body')}.{text(each, 'motion')}": texts(each, "by") for each in items(frame, "motions")}
    later = {f"{text(each, 'body')}.{text(each, 'motion')}" for each in items(frame, "motions") if each.get("now") is False}
    cast = {key: dict(votes) for key, votes in talks.cast.items()}
    for each in items(frame, "votes"):
        vote = Cast(text(each, "vote"), text(each, "say"), talks.turn, standing=True)
        cast.setdefault(f"{text(each, 'body')}.{text(each, 'motion')}", {})[text(each, "by")] = vote
    return attrs.evolve(talks, agenda={**talks.agenda, **tabled}, later=talks.later | later, cast=cast)


def _end(talks: Talks, frame: Data) -> Talks:
    ended = [read_agreement(each, whole(frame, "turn")) for each in items(frame, "agreements")]
    return attrs.evolve(talks, agreements={**talks.agreements, **{each.id: _ended(talks, each) for each in ended if each.id}})


def _of_turn(talks: Talks, turn: int) -> Talks:
    """What was tabled and cast counts for its own turn only."""
    return talks if talks.turn == turn else attrs.evolve(talks, turn=turn, agenda={}, later=frozenset(), cast={})


def _cast(talks: Talks, frame: Data) -> Talks:
    talks = _of_turn(talks, whole(frame, "turn"))
    key, by = f"{text(frame, 'body')}.{text(frame, 'motion')}", text(frame, "by")
    votes = {**talks.cast.get(key, {}), by: Cast(text(frame, "vote"), text(frame, "say"), talks.turn)}
    return attrs.evolve(talks, cast={**talks.cast, key: votes})


def _ended(talks: Talks, told: Agreement) -> Agreement:
    """What the end tells of an agreement, with the words that only its parties had heard."""
    known = talks.agreements.get(told.id)
    return told if known is None else attrs.evolve(told, text=known.text, answers=known.answers, signed=known.signed, turn=known.turn)


def read_agreement(data: Data, turn: int = 0) -> Agreement:
    """An agreement as a value."""
    return Agreement(
        id=text(data, "id"),
        by=text(data, "by"),
        parties=texts(data, "parties"),
        status=text(data, "status"),
        secret=truth(data, "secret"),
        disclosed=truth(data, "disclosed"),
        days=whole(data, "days"),
        since=text(data, "since"),
        until=text(data, "until"),
        terms=tuple(_term(each) for each in items(data, "clauses")),
        signed=texts(data, "signed"),
        answers=text(data, "answers"),
        text=text(data, "text"),
        turn=turn,
    )


def _term(data: Data) -> Term:
    return Term(
        clause=text(data, "clause"),
        title=text(data, "title"),
        says=text(data, "says"),
        status=text(data, "status"),
        kind=text(data, "kind"),
        giver=text(data, "giver"),
        receiver=text(data, "receiver"),
        target=text(data, "target"),
        amount=_optional(data, "amount"),
        line=_optional(data, "line"),
        by_days=whole(data, "by_days") if isinstance(data.get("by_days"), int | float) else None,
        vote=text(data, "vote"),
        motion=text(data, "motion"),
        day=text(data, "day"),
        reading=_optional(data, "reading"),
        truth=text(data, "truth"),
    )


def _optional(data: Data, name: str) -> float | None:
    return number(data, name) if isinstance(data.get(name), int | float) else None


def _card(data: Data) -> ClauseCard:
    return ClauseCard(
        clause=text(data, "clause"),
        kind=text(data, "kind"),
        title=text(data, "title"),
        text=text(data, "text"),
        givers=texts(data, "givers"),
        receivers=texts(data, "receivers"),
        targets=texts(data, "targets"),
        amount=read_amount_range(table(data, "amount")),
        line=read_amount_range(table(data, "line")),
        days=read_amount_range(table(data, "days")),
        motions=texts(data, "motions"),
        orders=texts(data, "orders"),
        monitor=text(data, "monitor"),
        sense=text(data, "sense"),
        needs=texts(data, "needs"),
        kept=_stakes(data, "kept"),
        breach=_stakes(data, "breach"),
    )


def _stakes(data: Data, name: str) -> tuple[tuple[str, float], ...]:
    return tuple((text(each, "on"), number(each, "add")) for each in items(data, name))


_STEPS: dict[str, Callable[[Talks, Data], Talks]] = {
    "welcome": _welcome,
    "room": _room,
    "agreement": _agreement,
    "agenda": _agenda,
    "cast": _cast,
    "end": _end,
}
