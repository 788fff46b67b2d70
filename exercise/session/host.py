"""The host: one exercise, a stream for every seat that people play, and what each may say when.

Sans-IO: frames go in and out as plain data, and nobody here waits or listens. A seat's stream is a function of the outcomes
addressed to it and of its own acts. The table of what a seat may do:

    phase     order  withdraw  motion  vote  message  ready  unready
    orders    yes    yes       yes     yes   yes      yes    yes        (until every played seat is ready; then the turn closes)
    ended     no     no        no      no    yes      no     no
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import attrs

from exercise.core.decisions import MotionDecision, OrderDecision, Refusal, VoteDecision
from exercise.core.layout import MOTION_STATUS, NEVER
from exercise.core.legality import legal, standing_vote, table_refusal, vote_refusal
from exercise.core.lowering import Cause
from exercise.core.outcomes import Outcome
from exercise.core.program import Program
from exercise.core.telling import cause_data, causes_by_key
from exercise.core.world import digest
from exercise.record.branching import has_other_luck
from exercise.record.entry import Entry
from exercise.session.running import ClosedTurn, Running
from exercise.session.welcome import Frame, welcome

MAX_TEXT = 2_000
"""Longest message or explanation, in characters."""
MAX_ID = 100
LARGEST = 1e300
"""Amounts beyond are no numbers."""
TRUTH_KINDS = ("country", "region", "group", "agency", "body", "seat")

Act = Mapping[str, Any]


@attrs.define(slots=True)
class Stream:
    """What a seat has been sent, in order. ``ready`` says that its orders for the turn stand."""

    seat: str
    frames: list[Frame] = attrs.field(factory=list)
    ready: bool = False

    def push(self, frame: Frame) -> Frame:
        """Give a frame its place in the stream."""
        placed = {"seq": len(self.frames) + 1, "branch": 0, **frame}
        self.frames.append(placed)
        return placed


Deliver = Callable[[str, Frame], None]


@attrs.define(slots=True)
class Host:
    """Runs an exercise for the seats in ``streams``; the rest decide by ``doctrines`` (seat -> doctrine id, default ``default``)."""

    running: Running
    deliver: Deliver
    doctrines: dict[str, str] = attrs.field(factory=dict)
    streams: dict[str, Stream] = attrs.field(factory=dict)
    _causes: dict[str, Cause] = attrs.field(factory=dict, init=False)

    @classmethod
    def start(
        cls,
        running: Running,
        seats: Iterable[str],
        deliver: Deliver,
        doctrines: Mapping[str, str] | None = None,
        past: Sequence[Entry] = (),
    ) -> Host:
        """Seat the players and send them their streams from STARTEX on; ``past`` are the entries of a log that is taken up again."""
        host = cls(running, deliver, dict(doctrines or {}), {seat: Stream(seat) for seat in seats})
        host._causes = causes_by_key(running.program)
        for seat in host.streams:
            host._send(seat, welcome(running.program, seat))
        host._publish_opening()
        host._send_turns()
        running.follow(past, host._relive)
        if past:
            host._send_turns()
        if running.is_over:
            host._end()
        return host

    @property
    def program(self) -> Program:
        """The compiled exercise."""
        return self.running.program

    # --- what seats say -------------------------------------------------------------------------------------------------------

    def hear(self, seat: str, act: Any) -> None:
        """Answer one act of a seat with ``ack`` or ``refused``; nothing that a seat can send raises, and who has no seat is not heard."""
        if seat not in self.streams:
            return
        said: Act = act if isinstance(act, Mapping) else {}
        what, ref = _word(said, "act"), _word(said, "ref")
        answer = self._ACTS.get(what)
        if answer is None:
            why: Refusal | None = Refusal("unknown-act", "the host does not know this act")
        elif self.running.is_over and what != "message":
            why = Refusal("over", "the exercise is over")
        else:
            why = answer(self, seat, said)
        if why is None:
            self._send(seat, {"frame": "ack", "ref": ref})
        else:
            self._send(seat, {"frame": "refused", "ref": ref, "code": why.code, "why": why.why, "hint": why.hint})
        if why is None and what in ("order", "withdraw", "motion", "vote", "unready"):
            self._send_turn(seat)
        if why is None and what == "ready" and all(stream.ready for stream in self.streams.values()):
            self.close_turn()

    def close_turn(self) -> ClosedTurn:
        """Let doctrines decide for everybody else, close the turn and publish what came of it."""
        for one in self.program.seats:
            if one.id not in self.streams:
                self.running.decide_by_doctrine(one.id, self.doctrines.get(one.id, "default"))
        result = self.running.close()
        self._publish(result)
        if self.running.is_over:
            self._end()
        return result

    def _order(self, seat: str, act: Act) -> Refusal | None:
        amount = act.get("amount")
        if amount is not None and not _is_number(amount):
            return Refusal("amount", "an amount is a number")
        size = None if amount is None else float(amount)
        return self.running.take(OrderDecision(seat, _word(act, "order"), _target(act), size), "human")

    def _withdraw(self, seat: str, act: Act) -> Refusal | None:
        return self.running.withdraw(seat, _word(act, "order"), _target(act), "human")

    def _motion(self, seat: str, act: Act) -> Refusal | None:
        return self.running.take(MotionDecision(seat, _word(act, "body"), _word(act, "motion")), "human")

    def _vote(self, seat: str, act: Act) -> Refusal | None:
        say = _text(act, "say")
        why = None if act.get("say") in (None, "") else refuse_text(say)
        if why is not None:
            return why
        return self.running.take(VoteDecision(seat, _word(act, "body"), _word(act, "motion"), _word(act, "vote"), say), "human")

    def _message(self, seat: str, act: Act) -> Refusal | None:
        said = _text(act, "text")
        why = refuse_text(said)
        if why is not None:
            return why
        asked, everyone = act.get("to", "all"), [one.id for one in self.program.seats]
        named = everyone if asked == "all" else asked if isinstance(asked, list | tuple) else [asked]
        unknown = [one for one in named if one not in everyone]
        if unknown or not named:
            strange = _short(unknown[0]) if unknown and isinstance(unknown[0], str) else ""
            return Refusal("unknown-seat", f"there is no seat {strange}" if strange else "no seat is named")
        wanted = list(dict.fromkeys(named))
        self.running.write("message", {"turn": self.running.turn, "from": seat, "to": "all" if asked == "all" else wanted, "text": said})
        self._deliver_message(seat, wanted, said)
        return None

    def _ready(self, seat: str, _act: Act) -> Refusal | None:
        self.streams[seat].ready = True
        return None

    def _unready(self, seat: str, _act: Act) -> Refusal | None:
        self.streams[seat].ready = False
        return None

    _ACTS = {  # noqa: RUF012 - a table of this class's own methods, never changed
        "order": _order,
        "withdraw": _withdraw,
        "motion": _motion,
        "vote": _vote,
        "message": _message,
        "ready": _ready,
        "unready": _unready,
    }

    # --- what the host says ---------------------------------------------------------------------------------------------------

    def _send(self, seat: str, frame: Frame) -> None:
        self.deliver(seat, self.streams[seat].push(frame))

    def _deliver_message(self, sender: str, wanted: Iterable[str], said: str) -> None:
        receivers = list(wanted)
        frame = {"frame": "message", "from": sender, "to": receivers, "text": said, "turn": self.running.turn}
        for seat in self.streams:
            if seat in receivers or seat == sender:
                self._send(seat, frame)

    def _publish(self, result: ClosedTurn) -> None:
        self._publish_outcomes(result.closing.outcomes, result.turn)
        for stream in self.streams.values():
            stream.ready = False
        self._publish_opening()
        self._send_turns()

    def _publish_opening(self) -> None:
        if self.running.opening is not None:
            self._publish_outcomes(self.running.opening.outcomes, self.running.turn)

    def _publish_outcomes(self, outcomes: Iterable[Outcome], turn: int) -> None:
        for outcome in outcomes:
            for seat in self.streams:
                if outcome.reaches(seat):
                    self._send(seat, {"frame": "outcome", "turn": turn, "outcome": self._told(outcome)})

    def _told(self, outcome: Outcome) -> Frame:
        data = dict(outcome.data)
        if "causes" in data:
            data["causes"] = [self._cause(told) for told in data["causes"]]
        return {"kind": outcome.kind, "cause": outcome.cause, **data}

    def _cause(self, told: Mapping[str, Any]) -> Frame:
        known = cause_data(self._causes[told["cause"]])
        return {**known, **{name: value for name, value in told.items() if name != "cause"}}

    def _relive(self, happened: ClosedTurn | Entry) -> None:
        if isinstance(happened, ClosedTurn):
            self._publish_outcomes(happened.closing.outcomes, happened.turn)
            self._publish_opening()
            self._send_turns()
        elif has_other_luck(happened):
            self._publish_opening()
        elif happened.type == "message":
            wanted = happened.data["to"]
            everyone = [one.id for one in self.program.seats]
            self._deliver_message(happened.data["from"], everyone if wanted == "all" else wanted, happened.data["text"])

    def _send_turns(self) -> None:
        for seat in self.streams:
            self._send_turn(seat)

    def _send_turn(self, seat: str) -> None:
        if not self.running.is_over:
            self._send(seat, turn_frame(self.running, seat, self.streams[seat].ready))

    def _end(self) -> None:
        for seat in self.streams:
            self._send(seat, end_frame(self.running, seat))


def refuse_text(text: str) -> Refusal | None:
    """Why a person's text cannot be passed on: empty, too long, or holding control characters other than line ends."""
    if not text.strip():
        return Refusal("empty", "there is nothing in it")
    if len(text) > MAX_TEXT:
        return Refusal("too-long", f"at most {MAX_TEXT} characters")
    if any(
        (ord(character) < 32 and character != "\n") or 127 <= ord(character) < 160 or 0xD800 <= ord(character) < 0xE000
        for character in text
    ):
        return Refusal("control-characters", "it holds control characters")
    return None


def _text(act: Act, name: str) -> str:
    """A person's words; empty where something else was sent."""
    value = act.get(name)
    return value if isinstance(value, str) else ""


def _word(act: Act, name: str) -> str:
    """An id or reference."""
    return _short(_text(act, name))


def _short(text: str) -> str:
    """Text cut to the length of ids; half characters, which no wire can carry, become question marks."""
    return text[:MAX_ID].encode("utf-8", "replace").decode("utf-8")


def _target(act: Act) -> str | None:
    return None if act.get("target") is None else _word(act, "target")


def _is_number(value: object) -> bool:
    # Compared, not converted: a whole number may be larger than any float.
    return isinstance(value, int | float) and not isinstance(value, bool) and -LARGEST < value < LARGEST


# --- frames of a turn ---------------------------------------------------------------------------------------------------------------


def turn_frame(running: Running, seat: str, ready: bool = False) -> Frame:
    """Where the turn stands for a seat: what it may do, what it has, what it has committed."""
    program, world = running.program, running.world
    turn = program.turn(world.turn + 1)
    own = tuple(one for one in running.decisions if isinstance(one, OrderDecision) and one.seat == seat)
    return {
        "frame": "turn",
        "turn": turn.number,
        "date": turn.start.isoformat(),
        "days": turn.days,
        "minutes": turn.minutes,
        "phase": "orders",
        "ready": ready,
        "legal": [
            {
                "order": one.order,
                "target": one.target,
                "legal": one.legal,
                "why": one.why,
                "costs": dict(one.costs),
                "costs_most": dict(one.costs_most),
            }
            for one in legal(program, world, seat, own)
        ],
        "motions": motion_states(running, seat),
        "own": own_quantities(program, world.cells, seat),
        "objectives": objective_scores(program, running, seat, true=False),
        "committed": [{"order": one.order, "target": one.target, "amount": one.amount} for one in own],
    }


def motion_states(running: Running, seat: str) -> list[Frame]:
    """Every motion's public state, and whether this seat may table it or vote on it now: nothing once the exercise is over."""
    program, world = running.program, running.world
    own = tuple(one for one in running.decisions if getattr(one, "seat", "") == seat) if not running.is_over else ()
    over = Refusal("over", "the exercise is over")
    layout = program.layout
    states: list[Frame] = []
    for motion in program.motions:
        status = MOTION_STATUS[int(world.cells[layout.cell(motion.entity, "status")])]
        tabled = world.cells[layout.cell(motion.entity, "tabled_on")]
        decided = world.cells[layout.cell(motion.entity, "decided_on")]
        why = over if running.is_over else table_refusal(program, world, motion, seat)
        no_vote = over if running.is_over else vote_refusal(program, world, motion, seat, own)
        mine = MotionDecision(seat, motion.body.id, motion.definition.id) in own
        is_new = any(isinstance(one, VoteDecision) and (one.body, one.motion) == (motion.body.id, motion.definition.id) for one in own)
        is_member = any(member.seat == seat for member in motion.body.members)
        my_vote = standing_vote(program, world, motion, seat, own) if is_member else ""
        states.append(
            {
                "body": motion.body.id,
                "motion": motion.definition.id,
                "status": status,
                "tabled_on": None if tabled <= NEVER else program.calendar.date(tabled).isoformat(),
                "decided_on": None if decided <= NEVER else program.calendar.date(decided).isoformat(),
                "size": world.cells[layout.cell(motion.entity, "size")],
                "can_table": why is None and not mine,
                "why": "you have tabled it this turn" if mine else (why.why if why is not None else ""),
                "can_vote": no_vote is None,
                "no_vote": f"{no_vote.why}; {no_vote.hint}".rstrip("; ") if no_vote is not None else "",
                "my_vote": my_vote,
                "vote_stands": bool(my_vote) and not is_new,
                "tabled_by_me": mine,
            }
        )
    return states


def own_quantities(program: Program, cells: Sequence[float], seat: str) -> dict[str, float]:
    """The seat's own quantities."""
    return {name: cells[program.layout.cell(seat, name)] for (kind, name) in program.layout.quantities if kind == "seat"}


def objective_scores(program: Program, running: Running, seat: str, true: bool) -> list[Frame]:
    """Scores of a seat's objectives (0..100 points): as it can judge them, or in truth."""
    world = running.world
    now = float((program.calendar.end - program.calendar.startex).days) if running.is_over else program.turn(world.turn + 1).day
    scores: list[Frame] = []
    for objective in program.objectives[seat]:
        answer = program.ask(objective.true if true else objective.seen, world.cells, world, now, objective.binding)
        score = min(max(float(answer[0]), 0.0), 100.0) if answer else 0.0
        told = objective.definition
        scores.append({"objective": told.id, "title": told.title, "score": score, "private": told.private, "weight": told.weight})
    return scores


def end_frame(running: Running, seat: str) -> Frame:
    """ENDEX: objectives in truth beside what the seat believed, the true world, its digest and the seed."""
    program, world = running.program, running.world
    seen = {one["objective"]: one["score"] for one in objective_scores(program, running, seat, true=False)}
    objectives = [{**one, "seen": seen[one["objective"]]} for one in objective_scores(program, running, seat, true=True)]
    truth: dict[str, dict[str, float]] = {}
    for cell, known in enumerate(program.layout.cells):
        if known is not None and known.quantity.kind in TRUTH_KINDS:
            truth.setdefault(known.entity, {})[known.quantity.id] = world.cells[cell]
    return {
        "frame": "end",
        "turn": world.turn,
        "motions": motion_states(running, seat),
        "objectives": objectives,
        "truth": truth,
        "digest": digest(world),
        "seed": world.seed,
    }
