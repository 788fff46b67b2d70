"""What others do in secret changes no byte of a seat's stream; and a leak, planted, is found."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exercise.core import adjudicate
from exercise.core.decisions import Decision, OrderDecision, Refusal
from exercise.core.program import Program
from exercise.core.world import digest
from exercise.record.entry import Entry
from exercise.session import host as hosting
from exercise.session import running as runs
from exercise.session.host import Host, Stream
from tests.core.scenes import shipped
from tests.record.played import valleys
from tests.session.room import TRADER, Frame, Room, bytes_of

RIVAL = """
[[seat]]
id = "rival"
name = "The rival"
briefing = "%s"
private_interests = ["%s"]
start = [{ quantity = "funds", value = %d }]
objectives = [{ id = "rich", title = "%s", score = "seat.funds / (1 million_dollars)", private = true }]

[[order]]
id = "hoard"
seats = ["rival"]
title = "Hoard"
purpose = "politics"
text = "%s"
visibility = "covert"
costs = [{ resource = "funds", amount = "1" }]
effects = [{ on = "north.stock", add = "-5" }]
because = "the rival hoarded"
"""


@functools.cache
def exercise(secret: int) -> Program:
    """The small exercise with a rival whose briefing, interests, purse, aims and menu are a secret."""
    words = ("grow rich", "win the war without anybody noticing")[secret]
    return valleys(TRADER + RIVAL % (words, words, 3 + 40 * secret, words, words))


Secret = dict[int, list[tuple[str, dict[str, Any]]]]
"""What guest and rival do in each turn, beside the town."""


def plot(target: str, amount: float) -> dict[str, Any]:
    """A covert order of the guest's."""
    return {"act": "order", "order": "plot", "target": target, "amount": amount}


LITTLE: Secret = {1: [], 2: [("guest", {"act": "message", "to": ["rival"], "text": "hm"})], 3: []}
MUCH: Secret = {
    1: [
        ("guest", plot("north", 30.0)),
        ("guest", plot("south", 2.0)),
        ("rival", {"act": "order", "order": "hoard"}),
        ("guest", {"act": "message", "to": ["rival"], "text": "the town must not know of this, not a word of it"}),
    ],
    2: [
        ("guest", plot("north", 7.0)),
        ("guest", {"act": "withdraw", "order": "plot", "target": "north"}),
        ("rival", {"act": "order", "order": "hoard"}),
        ("guest", {"act": "order", "order": "nonsense"}),
        ("guest", plot("south", 11.0)),
    ],
    3: [("rival", {"act": "message", "to": ["guest"], "text": "done"})],
}

TOWN: dict[int, list[dict[str, Any]]] = {
    1: [
        {"act": "order", "order": "cool", "target": "north", "amount": 4.0},
        {"act": "order", "order": "plot", "target": "north", "amount": 4.0},
        {"act": "message", "to": "all", "text": "we cool the north"},
        {"act": "motion", "body": "council", "motion": "send"},
    ],
    2: [
        {"act": "order", "order": "cool", "target": "south"},
        {"act": "order", "order": "cool", "target": "south"},
        {"act": "order", "order": "visit"},
    ],
    3: [{"act": "order", "order": "visit"}, {"act": "vote", "body": "council", "motion": "send", "vote": "no"}],
}
"""What the town does in either world; some of it is refused."""


def seen_by_town(program: Program, secret: Secret) -> list[bytes]:
    """The town's stream over three turns and into the fourth, and once more as it is sent after a restart."""
    room = Room.open(["town", "guest", "rival"], program=program)
    for turn in (1, 2, 3):
        for seat, act in secret[turn]:
            room.host.hear(seat, {"ref": "x", **act})
        for act in TOWN[turn]:
            room.host.hear("town", {"ref": "r", **act})
        room.pass_turn()
    again = Room.open(["town", "guest", "rival"], program=program, past=room.book.entries)
    return bytes_of([*room.frames["town"], *again.frames["town"]])


def test_fault_42_what_others_do_in_secret_changes_no_byte_of_a_stream() -> None:
    """Covert orders, withdrawals, messages, refusals, another purse, briefing and menu: equal number, order, length and content."""
    assert seen_by_town(exercise(0), LITTLE) == seen_by_town(exercise(1), MUCH)


SECRET_ACT = st.one_of(
    st.tuples(st.just("guest"), st.builds(plot, st.sampled_from(["north", "south"]), st.floats(0, 40))),
    st.tuples(
        st.just("guest"), st.sampled_from(["north", "south"]).map(lambda target: {"act": "withdraw", "order": "plot", "target": target})
    ),
    st.tuples(
        st.just("rival"), st.sampled_from([{"act": "order", "order": "hoard"}, {"act": "withdraw", "order": "hoard"}, {"act": "junk"}])
    ),
    st.tuples(
        st.sampled_from(["guest", "rival"]), st.text(max_size=30).map(lambda text: {"act": "message", "to": ["rival"], "text": text})
    ),
    st.tuples(st.sampled_from(["guest", "rival"]), st.sampled_from([{"act": "unready"}, {"act": "order", "order": "cool"}])),
)
SECRETS = st.fixed_dictionaries({turn: st.lists(SECRET_ACT, max_size=4) for turn in (1, 2, 3)})


@functools.cache
def usual() -> list[bytes]:
    """What the town sees when nobody else does anything."""
    return seen_by_town(exercise(0), {1: [], 2: [], 3: []})


@given(SECRETS, st.integers(0, 1))
@settings(max_examples=25)
def test_fault_42_no_secret_whatever_shows(secret: Secret, world: int) -> None:
    """Any mixture of secret acts gives the stream that silence gives."""
    assert seen_by_town(exercise(world), secret) == usual()


def test_a_declared_report_may_tell_what_a_covert_order_did_and_never_who() -> None:
    """The guest plots against a figure that the town measures: the figure differs, its cause is undisclosed, and nothing else of it shows."""
    measured = TRADER.replace('{ on = "r.stock", add = "-amount" }', '{ on = "r.heat", add = "-amount" }')
    program = valleys(measured)
    streams = []
    for acts in ([], [plot("north", 9.0)]):
        room = Room.open(["town", "guest"], program=program)
        for act in acts:
            room.host.hear("guest", {"ref": "x", **act})
        room.pass_turn()
        streams.append(room.frames["town"])
    assert len(streams[0]) == len(streams[1])
    differing = [(one, other) for one, other in zip(*streams, strict=True) if one != other]
    assert {frame["outcome"]["kind"] for pair in differing for frame in pair if frame["frame"] == "outcome"} == {"report"}
    assert b"plot" not in b"".join(bytes_of(streams[1])).lower()
    causes = [cause["kind"] for frame in streams[1] if frame["frame"] == "outcome" for cause in frame["outcome"].get("causes", [])]
    assert "undisclosed" in causes


# --- the shipped scenario --------------------------------------------------------------------------------------------------------------


def is_covert(program: Program, decision: Decision) -> bool:
    """Whether this is an order that nobody else is to see."""
    order = program.order(decision.seat, decision.order) if isinstance(decision, OrderDecision) else None
    return order is not None and order.instance.definition.visibility == "covert"


@pytest.fixture
def nothing_comes_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Covert orders are given, recorded and answered, but cost and change nothing: what is left of them is the secret alone."""
    commit = adjudicate._commit_orders

    def committed(work: adjudicate.Working, decisions: tuple[Decision, ...]) -> None:
        commit(work, tuple(one for one in decisions if not is_covert(work.program, one)))

    monkeypatch.setattr(adjudicate, "_commit_orders", committed)


def covert_acts(program: Program, seat: str) -> list[dict[str, Any]]:
    """The seat's covert orders, each on its first target."""
    orders = [order for order in program.orders if order.instance.seat == seat and order.instance.definition.visibility == "covert"]
    return [{"act": "order", "order": order.instance.definition.id, "target": order.targets[0]} for order in orders]


def conspirators(program: Program) -> list[str]:
    """Playable seats that have covert orders."""
    return [seat for seat in program.playable if covert_acts(program, seat)]


def attempts(program: Program, seat: str) -> list[dict[str, Any]]:
    """What an observed seat does in any world: orders of its menu in turn, some of them refused, a motion and a vote."""
    menu = [order for order in program.orders if order.instance.seat == seat]
    acts: list[dict[str, Any]] = [
        {"act": "order", "order": one.instance.definition.id, "target": one.targets[0]} for one in menu[:4] if one.targets
    ]
    for motion in program.motions[:2]:
        named = {"body": motion.body.id, "motion": motion.definition.id}
        acts += [{"act": "motion", **named}, {"act": "vote", **named, "vote": "abstain"}]
    return acts


def shipped_streams(program: Program, observed: str, plotting: list[str], turns: int) -> tuple[list[bytes], int]:
    """The observed seat's stream, and how many secret acts were taken."""
    room = Room.open([observed, *conspirators(program)[1:3]], program=program, seed=2010)
    taken = 0
    for _ in range(turns):
        for seat in plotting:
            acts = [*covert_acts(program, seat), {"act": "message", "to": [plotting[0]], "text": "the others must not know"}]
            taken += sum(room.say(seat, **act)["frame"] == "ack" for act in acts)
        for act in attempts(program, observed):
            room.host.hear(observed, {"ref": "r", **act})
        if turns > 1:
            room.pass_turn()
    return bytes_of(room.frames[observed]), taken


@pytest.mark.usefixtures("nothing_comes_of_it")
def test_fault_42_in_the_shipped_scenario_secrets_change_no_byte_of_a_stream() -> None:
    """Two turns closed, two seats with covert orders plotting or not: a third one's frames are equal to the byte."""
    program = shipped()
    observed, *plotting = conspirators(program)[:3]
    quiet, none = shipped_streams(program, observed, [], 2)
    loud, taken = shipped_streams(program, observed, plotting, 2)
    assert none == 0
    assert taken >= 4
    assert quiet == loud


def test_fault_42_in_the_shipped_scenario_nothing_shows_before_the_turn_closes() -> None:
    """With the real effects: while others plot, table and vote, the observed seat's answers, menus and motions are the same to the byte."""
    program = shipped()
    observed, *plotting = conspirators(program)[:3]
    quiet, _ = shipped_streams(program, observed, [], 1)
    loud, taken = shipped_streams(program, observed, plotting, 1)
    assert taken
    assert quiet == loud


# --- planted leaks ---------------------------------------------------------------------------------------------------------------------

Plant = Callable[[pytest.MonkeyPatch], None]


def frames_with(patch: pytest.MonkeyPatch, kind: str, extra: Callable[[Host, Frame], Frame]) -> None:
    """Every frame of a kind gets something more, made from the host and the frame."""
    send = Host._send

    def leaking(host: Host, seat: str, frame: Frame) -> None:
        send(host, seat, {**frame, **extra(host, frame)} if frame["frame"] == kind else frame)

    patch.setattr(Host, "_send", leaking)


def orders_of_all(host: Host) -> list[OrderDecision]:
    """The open turn's orders, whosever they are."""
    return [one for one in host.running.decisions if isinstance(one, OrderDecision)]


def ever_given(host: Host) -> int:
    """How often the guest has plotted so far."""
    return int(host.running.world.cells[host.program.layout.cell("plot", "times_given")])


def initial_state(patch: pytest.MonkeyPatch) -> None:
    """The welcome shows every seat's start."""
    frames_with(patch, "welcome", lambda host, _: {"start": host.running.world.cells})


def version_counter(patch: pytest.MonkeyPatch) -> None:
    """Frames are numbered over all streams together."""
    count = [0]

    def push(stream: Stream, frame: Frame) -> Frame:
        count[0] += 1
        stream.frames.append(frame)
        return {"seq": count[0], "branch": 0, **frame}

    patch.setattr(Stream, "push", push)


def redacted_entry(patch: pytest.MonkeyPatch) -> None:
    """Outcomes that are none of a seat's business are sent with their content struck out."""

    def publish(host: Host, outcomes: Iterable[Any], turn: int) -> None:
        for outcome in outcomes:
            for seat in host.streams:
                told = host._told(outcome) if outcome.reaches(seat) else {"kind": "hidden"}
                host._send(seat, {"frame": "outcome", "turn": turn, "outcome": told})

    patch.setattr(Host, "_publish_outcomes", publish)


def ordering(patch: pytest.MonkeyPatch) -> None:
    """Outcomes are sent in an order that depends on how much happened."""
    publish = Host._publish_outcomes

    def turned(host: Host, outcomes: Iterable[Any], turn: int) -> None:
        publish(host, tuple(outcomes)[:: -1 if ever_given(host) % 2 else 1], turn)

    patch.setattr(Host, "_publish_outcomes", turned)


def world_digest(patch: pytest.MonkeyPatch) -> None:
    """Each turn frame shows the digest of the world."""
    frames_with(patch, "turn", lambda host, _: {"digest": digest(host.running.world)})


def public_total(patch: pytest.MonkeyPatch) -> None:
    """Each turn frame shows how many orders were given in all."""
    frames_with(patch, "turn", lambda host, _: {"orders": len(orders_of_all(host))})


def padding(patch: pytest.MonkeyPatch) -> None:
    """Frames are as long as what they hide."""
    frames_with(patch, "turn", lambda host, _: {"pad": " " * len(orders_of_all(host))})


def shared_dice(patch: pytest.MonkeyPatch) -> None:
    """The dice of a turn depend on what was done before."""
    key = adjudicate.chance.step_key
    given: list[int] = []
    begin = adjudicate.begin

    def began(program: Program, world: Any, telling: bool) -> Any:
        given[:] = [int(world.cells[program.layout.cell("plot", "times_given")])]
        return begin(program, world, telling)

    patch.setattr(adjudicate, "begin", began)
    patch.setattr(adjudicate.chance, "step_key", lambda run, turn, step: key(run + given[0], turn, step))


def extra_message(patch: pytest.MonkeyPatch) -> None:
    """Everybody is told that somebody wrote to somebody."""
    publish = Host._publish_entry

    def told(host: Host, entry: Entry) -> None:
        publish(host, entry)
        for seat in host.streams if entry.type == "message" else ():
            host._send(seat, {"frame": "notice", "text": "a message was sent"})

    patch.setattr(Host, "_publish_entry", told)


def refusal_of_others(patch: pytest.MonkeyPatch) -> None:
    """An order is refused when all seats together have given enough."""
    refuse = runs.refusal

    def refused(program: Program, world: Any, decision: Decision, earlier: tuple[Decision, ...] = ()) -> Refusal | None:
        if sum(isinstance(one, OrderDecision) for one in earlier) >= 3:
            return Refusal("allowance", "enough for today")
        return refuse(program, world, decision, earlier)

    patch.setattr(runs, "refusal", refused)


def timer(patch: pytest.MonkeyPatch) -> None:
    """The time left for a turn depends on how much others have done."""
    frames_with(patch, "turn", lambda host, frame: {"minutes": frame["minutes"] - len(orders_of_all(host))})


def rich_snapshot(patch: pytest.MonkeyPatch) -> None:
    """Who comes back is sent every message."""
    relive = Host._relive

    def relived(host: Host, happened: Any) -> None:
        relive(host, happened)
        if getattr(happened, "type", "") == "message":
            for seat in host.streams:
                host._send(seat, {"frame": "message", **happened.data})

    patch.setattr(Host, "_relive", relived)


PLANTED: tuple[Plant, ...] = (
    initial_state,
    version_counter,
    redacted_entry,
    ordering,
    world_digest,
    public_total,
    padding,
    shared_dice,
    extra_message,
    refusal_of_others,
    timer,
    rich_snapshot,
)


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_fault_42_a_planted_leak_is_found(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve ways in which hosts have leaked: with each of them the comparison that passes above fails."""
    plant(monkeypatch)
    assert hosting.Host is Host
    assert seen_by_town(exercise(0), LITTLE) != seen_by_town(exercise(1), MUCH)
