"""What a line is sent, text by text and at which moment, does not depend on what others do in secret; and leaks, planted, are found.

Pairs of exercises have the same public acts (who comes and goes, is ready, speaks to the press, when the facilitator presses which key) and
differ in everything else. Observed are a head, a member of the same seat, an observer who comes late and a head whose line is cut, over a
restart of the host. Twenty thousand pairs and more::

    python -m pytest --long tests/session/test_wire_secrecy.py -n 2
"""

from __future__ import annotations

import functools
import itertools
import json
import random
from collections.abc import Callable
from typing import Any

import attrs
import pytest

from exercise.core.program import Program
from exercise.session.lines import Lines
from exercise.session.phases import FULL
from exercise.session.room import Room, Say
from exercise.session.room_frames import session_frame
from tests.record.played import valleys
from tests.session.assembly import Assembly, Person
from tests.session.room import TRADER
from tests.session.test_bargaining import TERMS
from tests.session.test_secrecy import PLANTED, RIVAL

Acts = list[dict[str, Any]]
PHASE_S = 10.0
"""How long a phase lasts, by the facilitator's key."""
TURNS = 3
CLAUSES = TERMS[TERMS.index("[[clause]]") : TERMS.index("[[doctrine]]")]
DEAL = {
    "with": ["rival"],
    "secret": True,
    "days": 5,
    "clauses": [{"clause": "pay", "giver": "guest", "receiver": "rival", "amount": 1, "by_days": 0}],
}


@functools.cache
def world(secret: int) -> Program:
    """The small exercise with a rival whose briefing, interests, purse, aims and menu are a secret, and with clauses to agree on."""
    words = ("grow rich", "win the war without anybody noticing")[secret]
    return valleys(TRADER + RIVAL % (words, words, 3 + 40 * secret, words, words) + CLAUSES)


SECRETS: list[tuple[str, dict[str, Any]]] = [
    ("guest", {"act": "order", "order": "plot", "target": "north", "amount": 30}),
    ("guest", {"act": "order", "order": "plot", "target": "south", "amount": 2.5}),
    ("guest", {"act": "withdraw", "order": "plot", "target": "north"}),
    ("guest", {"act": "order", "order": "nonsense"}),
    ("guest", {"act": "message", "to": ["rival"], "text": "the town must not know of this, not a word of it"}),
    ("guest", {"act": "open_room", "with": ["rival"], "name": "a corner"}),
    ("guest", {"act": "message", "room": "guest+rival#1", "text": "nobody hears us here"}),
    ("guest", {"act": "message", "to": ["facilitator"], "text": "may we?"}),
    ("guest", {"act": "propose", **DEAL}),
    ("guest", {"act": "retract", "agreement": "guest:guest+rival#1"}),
    ("guest", {"act": "dismiss", "suggested": 1}),
    ("aide", {"act": "suggest", "order": "plot", "target": "north", "text": "hit them"}),
    ("aide", {"act": "message", "to": ["rival"], "text": "psst"}),
    ("rival", {"act": "order", "order": "hoard"}),
    ("rival", {"act": "withdraw", "order": "hoard"}),
    ("rival", {"act": "sign", "agreement": "guest:guest+rival#1"}),
    ("rival", {"act": "decline", "agreement": "guest:guest+rival#1", "text": "no"}),
    ("rival", {"act": "disclose", "agreement": "no such"}),
    ("rival", {"act": "vote", "body": "council", "motion": "send", "vote": "yes"}),
    ("rival", {"act": "message", "to": "nobody", "text": "lost"}),
    ("facilitator", {"act": "note", "text": "they plot"}),
]
"""What others may do without anybody's noticing; the log of it is long or short, taken or refused."""
TOWN: Acts = [
    {"act": "order", "order": "cool", "target": "north", "amount": 4},
    {"act": "order", "order": "cool", "target": "south"},
    {"act": "order", "order": "plot", "target": "north", "amount": 4},
    {"act": "withdraw", "order": "cool", "target": "north"},
    {"act": "order", "order": "visit"},
    {"act": "motion", "body": "council", "motion": "send"},
    {"act": "vote", "body": "council", "motion": "send", "vote": "no", "say": "not now"},
    {"act": "message", "to": "all", "text": "hello"},
    {"act": "open_room", "with": ["guest"], "name": "talks"},
    {"act": "message", "room": "guest+rival#1", "text": "do you hear me?"},
    {"act": "sign", "agreement": "guest:guest+rival#1"},
    {"act": "disclose", "agreement": "guest:guest+rival#1"},
    {"act": "propose", **DEAL, "with": ["guest"], "clauses": [{"clause": "silence"}]},
    {"act": "suggest", "text": "wait"},
]
PUBLIC: list[tuple[str, dict[str, Any]]] = [
    ("guest", {"act": "statement", "text": "we want peace"}),
    ("rival", {"act": "ready"}),
    ("rival", {"act": "unready"}),
    ("guest", {"act": "ready"}),
    ("facilitator", {"act": "announce", "text": "ten minutes"}),
    ("facilitator", {"act": "listen", "on": True}),
    ("facilitator", {"act": "extend", "seconds": 30}),
    ("guest", {"act": "pause", "why": "a break"}),
    ("facilitator", {"act": "resume"}),
    ("rival", {"act": "name", "name": "R."}),
]


@attrs.define
class Play:
    """An exercise on its way, and what was sent on the observed lines, with the moment."""

    hall: Assembly
    people: dict[str, Person]
    tokens: dict[str, str]
    seen: list[tuple[float, str, str]] = attrs.field(factory=list)
    taken: int = 0

    def observe(self) -> None:
        """Take down what is about to be sent to those who are observed; deliver the rest."""
        names = {person.conn: name for name, person in self.people.items() if name in ("town", "member", "press", "second")}
        for one in self.hall.room.lines._out:
            if one.conn in names:
                self.seen.append((round(self.hall.now, 6), names[one.conn], one.text if isinstance(one, Say) else f"closed {one.code}"))
        self.hall.room.lines.drain()
        if self.hall.room.changed:
            self.hall.kept = self.hall.room.keep(self.hall.now)


def played(program: Program, public: int, secret: int | None, working_s: float) -> tuple[list[tuple[float, str, str]], int]:
    """Three turns: what the observed lines were sent, and how many secret acts were done. Working out a turn takes ``working_s``."""
    hall = Assembly.open(program=program, seats=("town", "guest", "rival"), timed=True)
    roles = {"facilitator": ("facilitator",), "town": ("head", "town"), "guest": ("head", "guest"), "rival": ("head", "rival")}
    roles |= {"aide": ("member", "guest"), "member": ("member", "town")}
    people = {name: hall.come(*role) for name, role in roles.items()}
    tokens = {name: person.last("joined")["token"] for name, person in people.items()}
    play = Play(hall, people, tokens)
    late = hall.room.issue("observer").words
    events = schedule(public, secret)
    running: list[tuple[float, Callable[[], None]]] = []
    public_refs, secret_refs = itertools.count(1), itertools.count(1)
    while events or running:
        room = play.hall.room
        soon = min((moment for moment, _ in running), default=1e9)
        due = room.due() or 1e9
        moment = min(events[0][0] if events else 1e9, soon, due)
        play.hall.now = max(play.hall.now, moment)
        if soon <= moment:
            job = running.pop(0)[1]
            job()
            room.done(play.hall.now)
        elif due <= moment:
            room.tick(play.hall.now)
        else:
            _, who, act = events.pop(0)
            if act["act"] == "restart" and room.busy:  # a host that dies then begins the work anew, or has it done: that shows, once
                events = sorted([*events, (play.hall.now + 2, who, act)], key=lambda event: event[0])
                continue
            ref = f"h:{next(secret_refs)}" if "secret act" in act else f"p:{next(public_refs)}"
            happen(play, who, act, ref, late)
        job_now = play.hall.room.job()
        if job_now is not None:
            running.append((play.hall.now + working_s, job_now))
        play.observe()
    return play.seen, play.taken


def happen(play: Play, who: str, act: dict[str, Any], ref: str, late: str) -> None:
    """One thing happens."""
    hall, what = play.hall, act["act"]
    if what == "restart":
        play.hall = again = hall.restarted(program=hall.room.host.program, seats=("town", "guest", "rival"), timed=True)
        again.now, again.conns = hall.now, hall.conns
        for name in list(play.people):
            come_in(play, name, play.tokens[name])
    elif what == "come":
        come_in(play, who, late)
    elif what == "cut":
        hall.room.lose(play.people[who].conn, hall.now)
        come_in(play, who, play.tokens[who], act["since"])
    elif what == "next":
        hall.room.receive(
            play.people[who].conn, as_text({**act, "turn": hall.room.turn, "phase": hall.room.host.phase.id, "ref": ref}), hall.now
        )
    else:
        before = len(hall.book.entries)
        hall.room.receive(play.people[who].conn, as_text({**act, "ref": ref}), hall.now)
        play.taken += "secret act" in act and len(hall.book.entries) > before


def come_in(play: Play, name: str, secret: str, since: int = 0) -> None:
    """Somebody comes, or comes back."""
    hall = play.hall
    person = Person(next(hall.conns), secret)
    play.people[name] = person
    hall.room.connect(person.conn, hall.now)
    hall.room.receive(person.conn, as_text({"hello": 1, "version": "1.2.3", "secret": secret, "since": since, "client": name}), hall.now)
    if secret != play.tokens.get(name):
        play.tokens[name] = secret  # a ticket that its own program may show again


def as_text(frame: dict[str, Any]) -> str:
    """A frame as it is sent."""
    return json.dumps(frame)


def schedule(public: int, secret: int | None) -> list[tuple[float, str, dict[str, Any]]]:
    """What happens when: public acts by one number, secret ones, at moments of their own, by another."""
    dice = random.Random(public)
    events: list[tuple[float, str, dict[str, Any]]] = [(0.5, "facilitator", {"act": "start"})]
    end = PHASE_S * len(FULL) * TURNS
    events += [(PHASE_S * number, "facilitator", {"act": "next"}) for number in range(1, len(FULL) * TURNS + 1)]
    events += [(dice.uniform(1, end), dice.choice(["town", "town", "member"]), dice.choice(TOWN)) for _ in range(25)]
    events += [(dice.uniform(1, end), *dice.choice(PUBLIC)) for _ in range(8)]
    events += [(dice.uniform(1, end), "town", {"act": "cut", "since": dice.choice([0, 3, 10])}) for _ in range(2)]
    turn_s = PHASE_S * len(FULL)
    for start in (turn_s * turn for turn in range(TURNS)):  # orders in their phase; and somebody who comes back while the turn is resolved
        events += [(start + dice.uniform(2 * PHASE_S, 3 * PHASE_S), "town", dice.choice(TOWN[:5])) for _ in range(3)]
        events.append((start + turn_s + dice.uniform(0, 1), dice.choice(["town", "guest"]), {"act": "cut", "since": 0}))
    events += [(dice.uniform(1, end), "press", {"act": "come"}), (dice.uniform(30, end + 5), "facilitator", {"act": "restart"})]
    if secret is not None:
        hidden = random.Random(f"{public}/{secret}")
        events += [
            (hidden.uniform(1, end), who, {**act, "secret act": True})
            for who, act in (hidden.choice(SECRETS) for _ in range(hidden.choice([3, 15, 40])))
        ]
    return sorted([*events, (end + 8, "town", {"act": "message", "to": "all", "text": "that was all"})], key=lambda event: event[0])


def differing(one: list[Any], other: list[Any]) -> Any:
    """The first difference, for people."""
    return next((pair for pair in itertools.zip_longest(one, other) if pair[0] != pair[1]), None)


PARTS = 4


@pytest.mark.timeout(0)
@pytest.mark.parametrize("part", range(PARTS))
def test_fault_42_what_others_do_in_secret_changes_no_text_on_a_line(part: int, campaign: Callable[[int, int], int]) -> None:
    """Number, order, length, content and moment; answers, refusals, session frames, what comes after a cut and after a restart."""
    done = 0
    for public in range(part, campaign(24, 960), PARTS):
        usual, _ = played(world(0), public, None, 0.1)
        for secret in range(21):
            seen, taken = played(world(secret % 2), public, secret, (0.0, 0.4, 0.9)[secret % 3])
            assert seen == usual, (public, secret, differing(usual, seen))
            done += taken
    assert done > 100


# --- planted leaks ---------------------------------------------------------------------------------------------------------------------


def leaks() -> bool:
    """Whether one of a few pairs differs."""
    pairs = itertools.product(range(8), (1, 2, 3, 4))
    return any(played(world(secret % 2), public, secret, 0.9)[0] != played(world(0), public, None, 0.1)[0] for public, secret in pairs)


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_fault_42_a_planted_leak_is_found_on_the_wire(plant: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """The twelve of the host, seen from a line."""
    plant(monkeypatch)
    assert leaks()


def early_turn(patch: pytest.MonkeyPatch) -> None:
    """A session frame shows the turn that was worked out and is not published."""
    patch.setattr(Room, "turn", property(lambda room: room.host.running.turn))


def told_at_once(patch: pytest.MonkeyPatch) -> None:
    """What came of a turn is published when it is worked out."""
    done = Room.done

    def at_once(room: Room, now: float) -> None:
        if room._resolving is not None and room._result is not None:
            room._resolving = now
        done(room, now)

    patch.setattr(Room, "done", at_once)


def session_after_every_act(patch: pytest.MonkeyPatch) -> None:
    """Where the exercise stands is told after every act, changed or not."""
    flush = Room._flush

    def again(room: Room, now: float) -> None:
        for _, line in room.lines:
            line.told = "" if room.stale else line.told
        flush(room, now)

    patch.setattr(Room, "_flush", again)


def count_in_session(patch: pytest.MonkeyPatch) -> None:
    """A session frame counts what was recorded."""
    patch.setattr(
        "exercise.session.room.session_frame",
        lambda room, role, now: {**session_frame(room, role, now), "entries": len(room.host.running.book.entries)},
    )


def shared_allowance(patch: pytest.MonkeyPatch) -> None:
    """What all together may say in a minute is limited."""
    from exercise.session.joining import Client, deque

    spends, shared = Client.spends, deque()

    def together(client: Client, cost: int, now: float) -> bool:
        client.spent = shared
        return spends(client, cost * 6, now)

    patch.setattr(Client, "spends", together)


def full_catch_up(patch: pytest.MonkeyPatch) -> None:
    """Who comes back is sent everything of all streams that was never compacted away."""
    catch_up = Lines.catch_up

    def more(lines: Lines, conn: int, stream: str, since: int) -> None:
        catch_up(lines, conn, stream, since)
        for other in ("guest", "rival"):
            lines._out += [Say(conn, text) for _, text in lines._texts.get(other, [])]

    patch.setattr(Lines, "catch_up", more)


def menus_for_all(patch: pytest.MonkeyPatch) -> None:
    """Every stream tells every seat's menu, which is for the facilitators' alone."""
    patch.setattr("exercise.session.welcome.knows_menus", lambda _stream: True)


def observers_read_on(patch: pytest.MonkeyPatch) -> None:
    """An observer is sent the facilitators' stream."""
    from exercise.session import roles

    usual = roles.streams_of
    patch.setattr("exercise.session.entrance.streams_of", lambda role, seats: usual("facilitator" if role == "observer" else role, seats))


ROOMS = [early_turn, session_after_every_act, count_in_session, shared_allowance, full_catch_up, menus_for_all, observers_read_on]


@pytest.mark.parametrize("plant", ROOMS, ids=lambda plant: plant.__name__)
def test_fault_42_a_leak_of_the_room_is_found(plant: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that only a room can have."""
    plant(monkeypatch)
    assert leaks()


def test_fault_47_how_long_a_turn_takes_to_work_out_shows_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long it takes within the second, every text is sent at the same moment; published when it is done, it would show."""
    times = [played(world(0), 5, 7, working_s)[0] for working_s in (0.0, 0.3, 0.99)]
    assert times[0] == times[1] == times[2]
    told_at_once(monkeypatch)
    assert played(world(0), 5, 7, 0.3)[0] != times[0]


def test_fault_47_a_turn_that_takes_long_is_published_at_a_full_second_and_nobody_spins() -> None:
    """Between the seconds nothing is told, also to whoever comes in meanwhile; and nothing asks to be woken in the past."""
    hall = Assembly.open()
    hall.come("head", "town")
    hall.room.start("test", 0.0)
    for _ in FULL:
        hall.room.advance("test", 0.0)
    job = hall.room.job()
    assert job is not None
    for number in range(1, 20):
        hall.now = number / 10
        due = hall.room.due()
        assert due is not None
        assert due > hall.now - 0.11, "it would spin"
        hall.room.tick(hall.now)
        if number == 13:
            job()
    watch = hall.come("observer")
    hall.room.done(hall.now)
    assert (watch.last("session")["turn"], watch.last("session")["phase"]) == (1, "resolution")
    hall.wait(0.09)
    assert watch.last("session")["turn"] == 1
    hall.wait(0.01)
    assert watch.last("session")["turn"] == 2
