"""The host: one exercise, a stream for every seat that people play, and what each may say when.

Sans-IO: frames go in and out as plain data, and nobody here waits or listens. A seat's stream is a function of the outcomes
addressed to it and of its own acts. What a seat may do in which phase stands in ``exercise.session.phases``; after ENDEX only words are
left.

Everything is done in one order: consider an act, record it, acknowledge it, publish what follows from the entry. A log that is taken up
again is published entry by entry through the same code, so that every stream comes out with the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import attrs

from exercise.core.decisions import Decision, MotionDecision, OrderDecision, Refusal, VoteDecision
from exercise.core.lowering import Cause
from exercise.core.outcomes import Outcome
from exercise.core.policy import decide
from exercise.core.program import Program
from exercise.core.telling import cause_data, causes_by_key
from exercise.record.branching import has_other_luck
from exercise.record.entry import Entry
from exercise.record.inputs import entry_of
from exercise.session.acts import MAX_TEXT, Act, Put, answer_frame, is_number, refuse_text, target, text, word
from exercise.session.bargaining import Bargaining
from exercise.session.correspondence import Correspondence
from exercise.session.once import Once
from exercise.session.phases import DEBRIEF, ONE, SITTINGS, Phase, Plan, phase_of, where
from exercise.session.running import ClosedTurn, Running
from exercise.session.sittings import Sittings
from exercise.session.streams import UNPLAYED, Deliver, Frame, Stream
from exercise.session.turn_frames import end_frame, turn_frame
from exercise.session.welcome import welcome

__all__ = ["MAX_TEXT", "Host", "Stream"]

Reply = Callable[[Frame], None]
"""Answers whoever asked, and nobody else."""


@attrs.define(slots=True)
class Host:
    """Runs an exercise for the seats in ``streams``. Those in ``human`` are played by people; the rest decide by ``doctrines`` (seat ->
    doctrine id, default ``default``). With ``closes_itself`` a turn closes as soon as all people are ready: where nobody keeps the phases.

    ``begun`` says that a phase was begun, ``opened`` which one last, and in which turn; ``timers`` how often time was changed by hand,
    ``timer`` what the log says of that last in this phase; ``pause`` who stopped the exercise and why, while it is stopped; ``handed_over``
    are the seats that facilitators gave to a doctrine; ``once`` what came of acts that have a name.
    """

    running: Running
    deliver: Deliver
    doctrines: dict[str, str] = attrs.field(factory=dict)
    streams: dict[str, Stream] = attrs.field(factory=dict)
    human: set[str] = attrs.field(factory=set)
    plan: Plan = ONE
    phase: Phase = ONE[0]
    closes_itself: bool = True
    begun: bool = attrs.field(default=False, init=False)
    opened: tuple[int, str] = attrs.field(default=(0, ""), init=False)
    timers: int = attrs.field(default=0, init=False)
    timer: Frame = attrs.field(factory=dict, init=False)
    pause: tuple[str, str] | None = attrs.field(default=None, init=False)
    handed_over: set[str] = attrs.field(factory=set, init=False)
    once: Once = attrs.field(factory=Once, init=False)
    words: Correspondence = attrs.field(init=False)
    bargains: Bargaining = attrs.field(init=False)
    sittings: Sittings = attrs.field(factory=Sittings, init=False)
    _causes: dict[str, Cause] = attrs.field(factory=dict, init=False)
    _suggested: dict[str, int] = attrs.field(factory=dict, init=False)

    @classmethod
    def start(
        cls,
        running: Running,
        seats: Iterable[str],
        deliver: Deliver,
        doctrines: Mapping[str, str] | None = None,
        past: Sequence[Entry] = (),
        *,
        human: Iterable[str] | None = None,
        plan: Plan | None = None,
        worked: Sequence[ClosedTurn] = (),
    ) -> Host:
        """Seat the players and send them their streams from STARTEX on; ``past`` are the entries of a log that is taken up again.

        Without ``human`` every seat with a stream is played by people. With a ``plan`` somebody else keeps the phases and closes the turns.
        Turns of the past that were ``worked`` out already are not worked out again. Of what ``running`` promises of its seed everybody is
        told the commitment at once and the salt at ENDEX.
        """
        streams = {seat: Stream(seat) for seat in seats}
        people = set(streams) - UNPLAYED if human is None else set(human)
        steps = plan or ONE
        host = cls(running, deliver, dict(doctrines or {}), streams, set(people), steps, steps[0], closes_itself=plan is None)
        if any(has_other_luck(entry) for entry in past):
            running.promise = None  # a branch that goes on with other luck than it began with promises nothing
        host._causes = causes_by_key(running.program)
        host.words = Correspondence(tuple(one.id for one in running.program.seats))
        host.bargains = Bargaining(running.program)
        for seat in host.streams:
            host._send(seat, welcome(running.program, seat, running.promise))
        host._publish_opening()
        host._send_turns()
        running.follow(past, host._relive, worked)
        if running.finish():
            host._end()
        if plan is None:
            host.human = people  # who plays now, whoever played when the log was begun
        if host.closes_itself and host.all_ready and not running.is_over:
            host._ask_again()
        return host

    @property
    def program(self) -> Program:
        """The compiled exercise."""
        return self.running.program

    @property
    def all_ready(self) -> bool:
        """Whether every seat that people play is ready."""
        played = [stream.ready for seat, stream in self.streams.items() if seat in self.human]
        return bool(played) and all(played)

    # --- what seats say -------------------------------------------------------------------------------------------------------

    def hear(self, seat: str, act: Any, reply: Reply | None = None, *, once: str = "", by: str = "human") -> None:
        """Answer one act of a seat with ``ack`` or ``refused``; nothing that a seat can send raises, and who has no seat is not heard.

        ``once`` names the act for ever: heard a second time, it is acknowledged again and done no more. ``by`` is facilitator for an act
        that was handed in on paper.
        """
        if seat not in self.streams or seat in UNPLAYED:
            return
        said: Act = act if isinstance(act, Mapping) else {}
        answer = reply or (lambda frame: self.deliver(seat, frame))
        ref = word(said, "ref")
        if self.once.knows(once):
            answer(answer_frame(ref, self.once.answer(once)))
            return
        put = self._consider(seat, said, by)
        if isinstance(put, Refusal):
            self.once.refuse(once, put)
            answer(answer_frame(ref, put))
            return
        kind, data = put
        entry = self.running.put_in(kind, data | ({"ref": once} if once else {}))
        answer(answer_frame(ref, None))
        self._publish_entry(entry)
        if entry.type == "agreement":
            self._answer_for_others()
        if self.closes_itself and entry.type == "ready" and self.all_ready:
            self.close_turn()

    def _consider(self, seat: str, said: Act, by: str) -> Refusal | Put:
        """The entry that an act becomes, or why it cannot be taken now."""
        what = word(said, "act")
        consider = self._ACTS.get(what)
        if consider is None:
            return Refusal("unknown-act", "the host does not know this act")
        if self.running.is_over and what not in DEBRIEF.acts:
            return Refusal("over", "the exercise is over")
        meant = said.get("turn", self.running.turn), said.get("phase", self.phase.id)
        if meant != (self.running.turn, self.phase.id):
            return Refusal("past", "that was meant for a phase that is over", "look at where the exercise stands and ask again")
        if what not in (DEBRIEF if self.running.is_over else self.phase).acts:
            possible = where(self.plan, what)
            return Refusal("phase", f"not in this phase ({self.phase.title})", f"possible in {possible}" if possible else "")
        return consider(self, seat, said, by)

    def _order(self, seat: str, act: Act, by: str) -> Refusal | Put:
        amount = act.get("amount")
        if amount is not None and not is_number(amount):
            return Refusal("amount", "an amount is a number")
        size = None if amount is None else float(amount)
        return self._decide(OrderDecision(seat, word(act, "order"), target(act), size), by)

    def _withdraw(self, seat: str, act: Act, by: str) -> Refusal | Put:
        return self.running.withdrawal(seat, word(act, "order"), target(act), by)

    def _motion(self, seat: str, act: Act, by: str) -> Refusal | Put:
        return self._decide(MotionDecision(seat, word(act, "body"), word(act, "motion")), by)

    def _vote(self, seat: str, act: Act, by: str) -> Refusal | Put:
        say = text(act, "say")
        why = None if act.get("say") in (None, "") else refuse_text(say)
        return why or self._decide(VoteDecision(seat, word(act, "body"), word(act, "motion"), word(act, "vote"), say), by)

    def _decide(self, decision: Decision, by: str) -> Refusal | Put:
        return self.running.refuse(decision) or entry_of(decision, self.running.turn, by)

    def _message(self, seat: str, act: Act, _by: str) -> Refusal | Put:
        return self.words.message(seat, act, self.running.turn)

    def _statement(self, seat: str, act: Act, _by: str) -> Refusal | Put:
        return self.words.statement(seat, act, self.running.turn)

    def _open_room(self, seat: str, act: Act, _by: str) -> Refusal | Put:
        return self.words.open_room(seat, act, self.running.turn)

    def _bargain(self, seat: str, act: Act, by: str) -> Refusal | Put:
        return self.bargains.consider(self.running, seat, act, by)

    def _suggest(self, seat: str, act: Act, _by: str) -> Refusal | Put:
        """A team member's draft for the head: an order that the seat could give, or words about one."""
        amount = act.get("amount")
        if amount is not None and not is_number(amount):
            return Refusal("amount", "an amount is a number")
        size = None if amount is None else float(amount)
        order, said = word(act, "order"), text(act, "text")
        if order and self.program.order(seat, order) is None:
            return Refusal("unknown-order", "your seat has no such order")
        why = refuse_text(said) if said or not order else None
        draft = {"order": order, "target": target(act), "amount": size, "text": said}
        return why or ("suggestion", {"turn": self.running.turn, "seat": seat, "id": self._suggested.get(seat, 0) + 1, **draft})

    def _dismiss(self, seat: str, act: Act, _by: str) -> Refusal | Put:
        id = act.get("suggested")
        if not isinstance(id, int) or isinstance(id, bool) or not 1 <= id <= self._suggested.get(seat, 0):
            return Refusal("unknown-suggestion", "there is no such suggestion")
        return "dismissed", {"turn": self.running.turn, "seat": seat, "id": id}

    def _ready(self, seat: str, _act: Act, by: str) -> Refusal | Put:
        return "ready", {"turn": self.running.turn, "phase": self.phase.id, "seat": seat, "ready": True, "by": by}

    def _unready(self, seat: str, _act: Act, by: str) -> Refusal | Put:
        return "ready", {"turn": self.running.turn, "phase": self.phase.id, "seat": seat, "ready": False, "by": by}

    _ACTS = {  # noqa: RUF012 - a table of this class's own methods, never changed
        "order": _order,
        "withdraw": _withdraw,
        "motion": _motion,
        "vote": _vote,
        "message": _message,
        "statement": _statement,
        "open_room": _open_room,
        "propose": _bargain,
        "sign": _bargain,
        "decline": _bargain,
        "retract": _bargain,
        "disclose": _bargain,
        "suggest": _suggest,
        "dismiss": _dismiss,
        "ready": _ready,
        "unready": _unready,
    }

    # --- what whoever runs the exercise does ----------------------------------------------------------------------------------

    def record(self, kind: str, data: dict[str, Any]) -> Entry:
        """Record something that is no act of a seat (a phase, a handover, an announcement) and publish what follows from it."""
        entry = self.running.put_in(kind, data)
        self._publish_entry(entry)
        return entry

    def open_phase(self, phase: Phase, by: str) -> None:
        """Begin a phase of the open turn."""
        self.record("phase", {"turn": self.running.turn, "phase": phase.id, "by": by})

    def decide_for_others(self, *, votes: bool | None = None) -> None:
        """Let doctrines decide for every seat that nobody plays: all, only votes, or everything but votes."""
        self._answer_for_others()
        for one in self.program.seats:
            if one.id not in self.human:
                doctrine = self.doctrines.get(one.id, "default")
                for decision in decide(self.program, self.running.world, one.id, doctrine, self.running.decisions):
                    if votes is None or isinstance(decision, VoteDecision) == votes:
                        self._publish_entry(self.running.put_in(*entry_of(decision, self.running.turn, "doctrine")))

    def _answer_for_others(self) -> None:
        """Let doctrines answer what was proposed to seats that nobody plays."""
        while (put := self.bargains.answer_of_doctrines(self.running, self.human, self.doctrines)) is not None:
            self._publish_entry(self.running.put_in(*put))

    def close_turn(self) -> ClosedTurn:
        """Let doctrines decide for everybody else, close the turn and publish what came of it."""
        self.decide_for_others()
        result = self.running.close()
        self.publish_turn(result)
        return result

    def publish_turn(self, result: ClosedTurn) -> None:
        """Tell every seat what came of a turn that was closed, and the end when there is one."""
        self._publish_closed(result)
        if self.running.ended:
            self._end()

    # --- what the host says ---------------------------------------------------------------------------------------------------

    def _send(self, seat: str, frame: Frame) -> None:
        self.deliver(seat, self.streams[seat].push(frame))

    def _publish_entry(self, entry: Entry) -> None:
        """Send what follows from an entry into the streams that it concerns."""
        data = entry.data
        seat = data.get("seat", data.get("from", ""))
        if "ref" in data:
            self.once.did(data["ref"])
        publish = self._PUBLISHED.get(entry.type)
        if publish is not None:
            publish(self, entry, seat)

    def _publish_act(self, entry: Entry, seat: str) -> None:
        if entry.type == "ready" and seat in self.streams:
            self.streams[seat].ready = entry.data["ready"]
        self._send_turn(seat)
        if entry.type == "vote" and self.phase is SITTINGS:
            self._tell(self.sittings.cast(self.running, entry.data, self.streams))

    def _publish_words(self, entry: Entry, _seat: str) -> None:
        self._tell(self.words.frames(entry, tuple(self.streams)))

    def _publish_bargain(self, entry: Entry, _seat: str) -> None:
        self._tell(self.bargains.frames(entry, self.running, tuple(self.streams), listening=self.words.listening))

    def _publish_suggestion(self, entry: Entry, seat: str) -> None:
        data = entry.data
        gone = entry.type == "dismissed"
        if not gone:
            self._suggested[seat] = data["id"]
        frame = {"frame": "suggested", **{name: value for name, value in data.items() if name not in ("seat", "ref")}, "gone": gone}
        if seat in self.streams:
            self._send(seat, frame)

    def _listen(self, entry: Entry, _seat: str) -> None:
        self.words.listening = entry.data["on"]

    def _pause(self, entry: Entry, _seat: str) -> None:
        is_paused = entry.type == "paused"
        self.pause = (entry.data.get("by", ""), entry.data.get("reason", "")) if is_paused else None

    def _enter(self, entry: Entry, _seat: str) -> None:
        phase = phase_of(self.plan, entry.data["phase"])
        if phase is None:  # the plan was another when this was recorded
            return
        self.phase, self.begun = phase, True
        self.opened, self.timer = (entry.data["turn"], phase.id), {}
        for stream in self.streams.values():
            stream.ready = False
        self._send_turns()
        if phase is SITTINGS:
            self._tell(self.sittings.begin(self.running, self.streams))

    def _retime(self, entry: Entry, _seat: str) -> None:
        self.timers, self.timer = self.timers + 1, entry.data

    def _hand_over(self, entry: Entry, seat: str) -> None:
        data = entry.data
        is_played = data["by"] == "human"
        (self.human.add if is_played else self.human.discard)(seat)
        (self.handed_over.discard if is_played or data.get("empty") else self.handed_over.add)(seat)
        if data.get("doctrine"):
            self.doctrines[seat] = data["doctrine"]

    _PUBLISHED = {  # noqa: RUF012 - a table of this class's own methods, never changed
        "order": _publish_act,
        "withdraw": _publish_act,
        "motion": _publish_act,
        "vote": _publish_act,
        "ready": _publish_act,
        "message": _publish_words,
        "room": _publish_words,
        "agreement": _publish_bargain,
        "suggestion": _publish_suggestion,
        "dismissed": _publish_suggestion,
        "listening": _listen,
        "seat": _hand_over,
        "timer": _retime,
        "phase": _enter,
        "paused": _pause,
        "resumed": _pause,
    }

    def _tell(self, told: Iterable[tuple[str, Frame]]) -> None:
        for stream, frame in told:
            self._send(stream, frame)

    def _publish_closed(self, result: ClosedTurn) -> None:
        self._publish_outcomes(result.closing.outcomes, result.turn)
        self._tell(self.bargains.closed(result, tuple(self.streams), listening=self.words.listening))
        for stream in self.streams.values():
            stream.ready = False
        self.phase = self.plan[0]
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

    def _ask_again(self) -> None:
        """All were ready and the turn did not close: what kept it from closing may do so again, so it waits for the people to say so."""
        for stream in self.streams.values():
            stream.ready = False
        self._send_turns()

    def _relive(self, happened: ClosedTurn | Entry) -> None:
        if isinstance(happened, ClosedTurn):
            self.publish_turn(happened)
        elif has_other_luck(happened):
            self._publish_opening()
        elif happened.type == "ended":
            self._end()
        else:
            self._publish_entry(happened)

    def _send_turns(self) -> None:
        for seat in self.streams:
            self._send_turn(seat)

    def _send_turn(self, seat: str) -> None:
        if seat in self.streams and not self.running.is_over:
            self._send(seat, turn_frame(self.running, seat, self.streams[seat].ready, self.phase))

    def _end(self) -> None:
        self.phase = DEBRIEF
        for seat in self.streams:
            self._send(seat, end_frame(self.running, seat))
