"""What a seat knows: the fold of the frames in its stream.

``fold(state, frame)`` is the only way to a new state, so a reconnect, a rewind and a replay of the same frames give the same screens. The
state holds what came, not what it means: presenters read it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import attrs

from exercise.presenter.causes import read_causes
from exercise.presenter.frames import Data, Welcome, figures, items, number, read_welcome, table, text, texts, truth, whole
from exercise.presenter.known import Committed, Ending, Event, Key, Letter, MotionState, Offer, Reading, Refused, Score, Suggestion
from exercise.presenter.room_state import RoomState, is_held
from exercise.presenter.talks import Talks, fold_talks

OF_THE_HELD = frozenset({"message", "suggest", "pause", "note"})
"""Acts of somebody whose seat a doctrine plays."""


@attrs.frozen(slots=True)
class SeatState:
    """Everything one seat knows, from its stream alone; beside it the ``room``, and the ``drafts`` of orders that were not sent yet."""

    branch: int = 0
    seq: int = -1
    welcome: Welcome = attrs.field(factory=Welcome)
    welcomed: bool = False
    turn: int = 0
    date: str = ""
    days: int = 1
    minutes: int = 0
    phase: str = ""
    acts: frozenset[str] | None = None
    offers: tuple[Offer, ...] = ()
    motions: Mapping[str, MotionState] = attrs.field(factory=dict)
    committed: tuple[Committed, ...] = ()
    given: tuple[Committed, ...] = ()
    """The orders that stood when the last turn closed, as they were given."""
    scores: tuple[Score, ...] = ()
    readings: Mapping[Key, tuple[Reading, ...]] = attrs.field(factory=dict)
    events: tuple[Event, ...] = ()
    letters: tuple[Letter, ...] = ()
    asked: Mapping[str, Data] = attrs.field(factory=dict)
    refused: Refused | None = None
    votes: Mapping[str, str] = attrs.field(factory=dict)
    standing: frozenset[str] = frozenset()
    tabled: frozenset[str] = frozenset()
    ready: bool = False
    seen: int = -1
    shown_from: int = -1
    read: frozenset[str] = frozenset()
    ending: Ending | None = None
    suggested: Mapping[int, Suggestion] = attrs.field(factory=dict)
    room: RoomState = attrs.field(factory=RoomState)
    drafts: tuple[Committed, ...] = ()
    talks: Talks = attrs.field(factory=Talks)

    @property
    def seat(self) -> str:
        """This seat's id."""
        return self.welcome.seat.id

    @property
    def is_up_to_date(self) -> bool:
        """Whether the seat knows where the exercise stands: over a network that is not so before the newest turn has come."""
        room = self.room
        return bool(self.phase) and (not room.role or room.status in ("lobby", "over") or (room.is_hosted and self.turn >= room.turn))

    @property
    def may_act(self) -> bool:
        """Whether orders are taken now and this seat has not said that it is ready."""
        return self.may("order") and not self.ready

    @property
    def is_open(self) -> bool:
        """Whether a turn is open: something may still be decided in it, now or in a later phase."""
        return self.phase not in ("", "closed", "resolution", "ended", "debrief")

    @property
    def may_draft(self) -> bool:
        """Whether orders can be composed now, to be sent later or to be suggested to the head."""
        return self.is_open and self.room.is_hosted and not self.is_held and (self.room.role == "head" or self.may("suggest"))

    @property
    def is_held(self) -> bool:
        """Whether a doctrine plays this seat, in a hosted exercise that has begun: who sits here looks on, and can write."""
        return is_held(self.room, self.seat)

    def may(self, act: str) -> bool:
        """Whether the phase, and in a hosted exercise the room and this person's role, allow an act now."""
        if self.is_held and act not in OF_THE_HELD:
            return False
        in_phase = act in self.acts if self.acts is not None else self.phase == "orders"
        return in_phase and (not self.room.is_hosted or act in self.room.acts)

    def latest(self, key: Key) -> Reading | None:
        """The newest reading of a figure from any source."""
        found = self.readings.get(key)
        return found[-1] if found else None

    def by_source(self, key: Key) -> tuple[Reading, ...]:
        """The newest reading of each source, newest source first."""
        newest: dict[str, Reading] = {}
        for reading in self.readings.get(key, ()):
            newest.pop(reading.report, None)
            newest[reading.report] = reading
        return tuple(reversed(newest.values()))

    def own(self, quantity: str) -> float | None:
        """A quantity of the seat itself."""
        reading = self.latest(f"{self.seat}.{quantity}")
        return None if reading is None else reading.value

    @property
    def news(self) -> tuple[Event, ...]:
        """News in the order in which it came."""
        return tuple(event for event in self.events if event.kind == "news")


def fold(state: SeatState, frame: Data) -> SeatState:
    """The state after one frame. Frames seen before change nothing; a new branch starts from nothing.

    A frame without a number (an answer, a word from the host itself) is no part of the stream and has no place to be missed at.
    """
    if "seq" not in frame:
        step = _STEPS.get(text(frame, "frame"))
        return state if step is None else step(state, frame)
    branch, seq = whole(frame, "branch", state.branch), whole(frame, "seq", state.seq + 1)
    if branch < state.branch or (branch == state.branch and seq <= state.seq):
        return state
    if branch > state.branch:
        kept = Talks(clauses=state.talks.clauses)
        state = SeatState(branch=branch, welcome=state.welcome, welcomed=state.welcomed, room=state.room, drafts=state.drafts, talks=kept)
    step = _STEPS.get(text(frame, "frame"))
    state = attrs.evolve(state, branch=branch, seq=seq, talks=fold_talks(state.talks, frame))
    return state if step is None else step(state, frame)


def fold_all(state: SeatState, frames: Iterable[Data]) -> SeatState:
    """The state after some frames."""
    for frame in frames:
        state = fold(state, frame)
    return state


def asking(state: SeatState, act: Data) -> SeatState:
    """The state after this seat sent an act that has not been answered."""
    return attrs.evolve(state, asked={**state.asked, text(act, "ref"): act}, refused=None)


def unread(state: SeatState) -> tuple[Event | Letter, ...]:
    """News, and messages from others, that this seat has not looked at."""
    posts: list[Event | Letter] = [*state.news, *(letter for letter in state.letters if letter.sender != state.seat)]
    return tuple(each for each in posts if each.key not in state.read)


def mark_read(state: SeatState, key: str = "") -> SeatState:
    """The state after the seat has looked at a news item or message by its key, or without one at all of them."""
    fresh = frozenset(each.key for each in unread(state) if key in ("", each.key))
    return attrs.evolve(state, read=state.read | fresh) if fresh else state


def mark_seen(state: SeatState) -> SeatState:
    """The state after the seat has been shown what happened: the next summary begins here."""
    return attrs.evolve(state, shown_from=state.seen, seen=state.seq)


def _welcome(state: SeatState, frame: Data) -> SeatState:
    return attrs.evolve(state, welcome=read_welcome(frame), welcomed=True)


def _turn(state: SeatState, frame: Data) -> SeatState:
    turn = whole(frame, "turn")
    opened = turn != state.turn
    moved = attrs.evolve(
        state,
        turn=turn,
        date=text(frame, "date"),
        days=whole(frame, "days", 1),
        minutes=whole(frame, "minutes"),
        phase=text(frame, "phase"),
        acts=frozenset(texts(frame, "acts")) if "acts" in frame else None,
        offers=tuple(_offer(each) for each in items(frame, "legal")),
        motions=_motions(frame),
        given=state.committed if opened else state.given,
        committed=tuple(_committed(each) for each in items(frame, "committed")),
        scores=tuple(_score(each) for each in items(frame, "objectives")),
        ready=truth(frame, "ready") if "ready" in frame else state.ready and not opened,
        votes={_motion_key(m): text(m, "my_vote") for m in items(frame, "motions") if text(m, "my_vote")},
        standing=frozenset(_motion_key(m) for m in items(frame, "motions") if truth(m, "vote_stands")),
        tabled=frozenset(_motion_key(m) for m in items(frame, "motions") if truth(m, "tabled_by_me")),
    )
    return _own_figures(moved, figures(frame, "own"))


def _own_figures(state: SeatState, own: Mapping[str, float]) -> SeatState:
    for quantity, value in own.items():
        key = f"{state.seat}.{quantity}"
        last = state.latest(key)
        if last is None or last.value != value:
            state = _add(state, Reading(key, "", value, last.value if last else None, state.date, "", state.turn, (), state.seq))
    return state


def _offer(data: Data) -> Offer:
    return Offer(
        text(data, "order"),
        text(data, "target"),
        truth(data, "legal"),
        text(data, "why"),
        figures(data, "costs"),
        figures(data, "costs_most"),
    )


def _motion_key(data: Data) -> str:
    return f"{text(data, 'body')}.{text(data, 'motion')}"


def _motions(frame: Data) -> dict[str, MotionState]:
    return {_motion_key(each): _motion(each) for each in items(frame, "motions")}


def _motion(data: Data) -> MotionState:
    return MotionState(
        body=text(data, "body"),
        motion=text(data, "motion"),
        status=text(data, "status") or "none",
        can_table=truth(data, "can_table"),
        why=text(data, "why"),
        can_vote=truth(data, "can_vote"),
        no_vote=text(data, "no_vote"),
        tabled_on=text(data, "tabled_on"),
        decided_on=text(data, "decided_on"),
        size=number(data, "size"),
    )


def _committed(data: Data) -> Committed:
    return Committed(text(data, "order"), text(data, "target"), number(data, "amount") if data.get("amount") is not None else None)


def _score(data: Data) -> Score:
    seen = number(data, "seen") if isinstance(data.get("seen"), int | float) else None
    return Score(text(data, "objective"), number(data, "score"), truth(data, "private"), seen)


def _outcome(state: SeatState, frame: Data) -> SeatState:
    outcome = table(frame, "outcome")
    data = table(outcome, "data") or outcome
    kind, turn = text(outcome, "kind"), whole(frame, "turn", state.turn)
    if kind in ("report", "public", "own"):
        return _add(state, _reading(state, kind, turn, data))
    if kind == "objective":
        return state  # the turn frame has all scores
    event = Event(len(state.events), state.seq, turn, kind, text(outcome, "cause"), data)
    return attrs.evolve(state, events=(*state.events, event))


def _reading(state: SeatState, kind: str, turn: int, data: Data) -> Reading:
    entity = state.seat if kind == "own" else text(data, "entity")
    key = f"{entity}.{text(data, 'quantity').rpartition('.')[2]}"
    return Reading(
        key=key,
        report=text(data, "report") if kind == "report" else "",
        value=number(data, "value"),
        previous=number(data, "previous") if isinstance(data.get("previous"), int | float) else None,
        as_of=text(data, "as_of") or state.date,
        measured_by=text(data, "measured_by"),
        turn=turn,
        causes=read_causes(data),
        day=text(data, "date"),
        error=number(data, "error"),
        seq=state.seq,
    )


def _add(state: SeatState, reading: Reading) -> SeatState:
    earlier = state.readings.get(reading.key, ())
    if earlier and not reading.causes and earlier[-1].turn == reading.turn and _same(earlier[-1], reading):
        return state
    return attrs.evolve(state, readings={**state.readings, reading.key: (*earlier, reading)})


def _same(one: Reading, other: Reading) -> bool:
    return (one.report, one.value, one.as_of) == (other.report, other.value, other.as_of)


def _message(state: SeatState, frame: Data) -> SeatState:
    letter = Letter(
        len(state.letters),
        whole(frame, "turn", state.turn),
        text(frame, "from"),
        texts(frame, "to"),
        text(frame, "text"),
        state.seq,
        text(frame, "form") or "letter",
        text(frame, "room"),
    )
    return attrs.evolve(state, letters=(*state.letters, letter))


def _suggested(state: SeatState, frame: Data) -> SeatState:
    id = whole(frame, "id")
    others = {key: one for key, one in state.suggested.items() if key != id}
    if truth(frame, "gone"):
        return attrs.evolve(state, suggested=others)
    amount = number(frame, "amount") if isinstance(frame.get("amount"), int | float) else None
    one = Suggestion(id, whole(frame, "turn"), text(frame, "order"), text(frame, "target"), amount, text(frame, "text"))
    return attrs.evolve(state, suggested={**others, id: one})


def _notice(state: SeatState, frame: Data) -> SeatState:
    """A word from the host itself stands among the messages, without a sender."""
    letter = Letter(len(state.letters), whole(frame, "turn", state.turn), "", (), text(frame, "text"), state.seq)
    return attrs.evolve(state, letters=(*state.letters, letter))


def _ack(state: SeatState, frame: Data) -> SeatState:
    act = state.asked.get(text(frame, "ref"))
    if act is None:
        return state
    moved = attrs.evolve(state, asked=_without(state.asked, text(frame, "ref")))
    step = _ACKED.get(text(act, "act"))
    return moved if step is None else step(moved, act)


def _refused(state: SeatState, frame: Data) -> SeatState:
    ref = text(frame, "ref")
    refused = Refused(state.asked.get(ref, {}), text(frame, "why"), text(frame, "hint"))
    return attrs.evolve(state, asked=_without(state.asked, ref), refused=refused)


def _without(asked: Mapping[str, Data], ref: str) -> dict[str, Data]:
    return {key: value for key, value in asked.items() if key != ref}


def _acked_order(state: SeatState, act: Data) -> SeatState:
    order = _committed(act)
    others = tuple(each for each in state.committed if (each.order, each.target) != (order.order, order.target))
    return attrs.evolve(state, committed=(*others, order))


def _acked_withdraw(state: SeatState, act: Data) -> SeatState:
    gone = (text(act, "order"), text(act, "target"))
    return attrs.evolve(state, committed=tuple(each for each in state.committed if (each.order, each.target) != gone))


def _acked_vote(state: SeatState, act: Data) -> SeatState:
    key = _motion_key(act)
    return attrs.evolve(state, votes={**state.votes, key: text(act, "vote")}, standing=state.standing - {key})


def _acked_motion(state: SeatState, act: Data) -> SeatState:
    return attrs.evolve(state, tabled=state.tabled | {_motion_key(act)})


def _end(state: SeatState, frame: Data) -> SeatState:
    truths = {
        f"{entity}.{quantity}": float(value)
        for entity, values in table(frame, "truth").items()
        if isinstance(values, dict)
        for quantity, value in values.items()
        if isinstance(value, int | float)
    }
    ending = Ending(
        objectives=tuple(_score(each) for each in items(frame, "objectives")) or state.scores,
        truth=truths,
        digest=text(frame, "digest"),
        seed=str(frame.get("seed") if frame.get("seed") is not None else ""),
        salt=text(frame, "salt"),
        head=text(frame, "head"),
        log=text(frame, "log"),
    )
    # Nobody decides anything any more: what could be tabled or voted on in the last turn must not be offered.
    left = _motions(frame) or {key: attrs.evolve(each, can_table=False, can_vote=False) for key, each in state.motions.items()}
    state = attrs.evolve(state, motions=left, votes={}, standing=frozenset(), tabled=frozenset())
    return attrs.evolve(state, ending=ending, phase="ended", committed=(), offers=(), asked={}, ready=False)


_STEPS: dict[str, Callable[[SeatState, Data], SeatState]] = {
    "welcome": _welcome,
    "turn": _turn,
    "outcome": _outcome,
    "message": _message,
    "notice": _notice,
    "suggested": _suggested,
    "ack": _ack,
    "refused": _refused,
    "end": _end,
}

_ACKED: dict[str, Callable[[SeatState, Data], SeatState]] = {
    "order": _acked_order,
    "withdraw": _acked_withdraw,
    "vote": _acked_vote,
    "motion": _acked_motion,
    "ready": lambda state, _act: attrs.evolve(state, ready=True),
    "unready": lambda state, _act: attrs.evolve(state, ready=False),
}
