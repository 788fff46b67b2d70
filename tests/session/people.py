"""What people do in simulated exercises: a script that depends on the seed and the phase alone, or whatever comes into their heads."""

from __future__ import annotations

import random
from typing import Any

from exercise.core.program import Program
from tests.session.simulation import Faults, Guest, Simulation

Acts = list[dict[str, Any]]
SEND = {"body": "council", "motion": "send"}
WORDS: Acts = [
    {"act": "message", "to": "all", "text": "hello"},
    {"act": "message", "to": ["trader"], "text": "между нами"},
    {"act": "message", "to": ["facilitator"], "text": "is this so?"},
    {"act": "open_room", "with": ["town", "guest"], "name": "corner"},
    {"act": "message", "room": "guest+town#1", "text": "in the room, if there is one"},
    {"act": "statement", "text": "we say this to the press"},
    {"act": "message", "to": "nobody", "text": "who is this?"},
]
ORDERS: dict[str, Acts] = {
    "town": [
        {"act": "order", "order": "cool", "target": "north", "amount": 4},
        {"act": "order", "order": "cool", "target": "south", "amount": 2.5},
        {"act": "withdraw", "order": "cool", "target": "north"},
        {"act": "order", "order": "visit"},
        {"act": "withdraw", "order": "visit"},
        {"act": "order", "order": "plot", "target": "north"},
    ],
    "guest": [
        {"act": "order", "order": "plot", "target": "north", "amount": 3},
        {"act": "order", "order": "plot", "target": "south"},
        {"act": "withdraw", "order": "plot", "target": "north"},
        {"act": "order", "order": "visit"},
        {"act": "withdraw", "order": "visit"},
    ],
}
TEAM: Acts = [{"act": "suggest", "order": "visit", "text": "shall we?"}, {"act": "suggest", "text": "wait"}, *WORDS[:3]]


def orders_of(program: Program, seat: str) -> Acts:
    """Orders of a seat to choose among, in whatever exercise."""
    if seat in ORDERS and program.content.scenario.id == "small-world":
        return ORDERS[seat]
    found = [(one.instance.definition.id, one.targets) for one in program.orders if one.instance.seat == seat]
    orders = [{"act": "order", "order": order, "target": targets[0] if targets else None} for order, targets in found[:6]]
    return orders + [{**one, "act": "withdraw"} for one in orders[:2]]


def script(seed: int, seat: str, turn: int, phase: str) -> Acts:
    """What a head does in a phase, the same however the lines are."""
    dice = random.Random(f"{seed}/{seat}/{turn}/{phase}")
    acts: Acts = dice.choices(WORDS, k=dice.randint(0, 2))
    if phase == "orders":
        acts += dice.choices(ORDERS[seat], k=dice.randint(0, 6))
        acts += [{"act": "dismiss", "suggested": dice.randint(1, 3)}] if dice.random() < 0.3 else []
    elif phase == "negotiation" and seat == "town" and dice.random() < 0.5:
        acts.append({"act": "motion", **SEND})
    elif phase == "sittings":
        acts += [{"act": "vote", **SEND, "vote": dice.choice(["yes", "no", "abstain"]), "say": dice.choice(["", "because"])}]
        acts += dice.choices(ORDERS[seat], k=dice.randint(0, 1))
    return acts


# --- settled: everybody waits for everybody ------------------------------------------------------------------------------------------


THINKS_S = 6.0


def settled_head(guest: Guest) -> None:
    """Does what the script says in each phase, and is ready when all of it was answered."""
    stands = guest.session
    if guest.asked or not stands or stands["status"] != "running" or stands["phase"] in ("resolution", "debrief"):
        return
    key = stands["turn"], stands["phase"]
    if key not in guest.done:
        guest.done.add(key)
        for act in script(guest.sim.seed, guest.joined["seats"][0], *key):
            guest.ask(**act)
    if not guest.asked and (*key, "ready") not in guest.done:
        guest.done.add((*key, "ready"))
        # At a pace that the host hears out: acts of a minute are limited, and whoever is refused for that gives up here.
        guest.sim.later(THINKS_S, lambda: guest.ask("ready"))


def settled_facilitator(guest: Guest) -> None:
    """Starts when the seats are taken, and presses the key twice."""
    stands = guest.session
    if stands and stands["status"] == "lobby" and "start" not in guest.done:
        heads = {seat for one in stands["people"] if one["role"] == "head" and one["here"] for seat in one["seats"]}
        if heads >= set(guest.sim.human):
            guest.done.add("start")
            guest.ask("start")
            guest.ask("start")
    key = (stands.get("turn"), stands.get("phase"))
    if stands and stands["status"] == "running" and key not in guest.done:
        guest.done.add(key)
        dice = random.Random(f"{guest.sim.seed}/{key}")
        guest.ask(**dice.choice([{"act": "announce", "text": "go on"}, {"act": "listen", "on": True}, {"act": "note", "text": "well"}]))


def settled_member(guest: Guest) -> None:
    """Suggests this and that."""
    key = guest.session.get("turn"), guest.session.get("phase")
    if guest.session and guest.session["status"] == "running" and key not in guest.done:
        guest.done.add(key)
        for act in random.Random(f"{guest.sim.seed}/{guest.name}/{key}").choices(TEAM, k=2):
            guest.ask(**act)


def silent(_guest: Guest) -> None:
    """Looks on."""


def settled(seed: int, faults: Faults, **how: Any) -> Simulation:
    """An exercise whose acts do not depend on faults."""
    sim = Simulation(seed, faults, **how)
    sim.invite("control", "facilitator", plays=settled_facilitator)
    for seat in sim.human:
        sim.invite(seat, "head", seat, plays=settled_head)
    sim.invite("aide", "member", sim.human[0], plays=settled_member)
    sim.invite("second aide", "member", *sim.human, plays=silent, after=10 * sim.dice.random())
    sim.invite("press", "observer", plays=silent, after=10 * sim.dice.random())
    sim.invite("rater", "evaluator", sim.human[-1], plays=silent, after=10 * sim.dice.random())
    return sim


# --- wild: anything ------------------------------------------------------------------------------------------------------------------


def wild_head(guest: Guest) -> None:
    """Acts whenever it likes."""

    def again() -> None:
        sim = guest.sim
        if guest.gone or sim.is_healed:
            return
        for _ in range(sim.dice.randint(0, 3) if guest.joined else 0):
            seat = sim.dice.choice(guest.joined["seats"])
            both = {"seat": seat} if len(guest.joined["seats"]) > 1 else {}
            pool = [*orders_of(sim.program, seat), *WORDS, *[{"act": "ready"}] * 4, {"act": "unready"}, {"act": "motion", **SEND}]
            pool += [{"act": "vote", **SEND, "vote": "no"}, {"act": "pause", "why": "a break"}, {"act": "name", "name": f"{guest.name} II"}]
            guest.ask(**(both | sim.dice.choice(pool)))
        sim.later(sim.dice.expovariate(0.5), again)

    if guest.joined and "acts" not in guest.done:
        guest.done.add("acts")
        again()


def wild_member(guest: Guest) -> None:
    """Suggests whenever it likes."""

    def again() -> None:
        if guest.gone or guest.sim.is_healed:
            return
        if guest.joined:
            guest.ask(**guest.sim.dice.choice(TEAM))
        guest.sim.later(guest.sim.dice.expovariate(0.2), again)

    if guest.joined and "acts" not in guest.done:
        guest.done.add("acts")
        again()


def wild_facilitator(guest: Guest) -> None:
    """Presses every key there is, some twice; whoever gets a new ticket comes in with it."""
    for ticket in guest.control.get("tickets", ()):
        if ticket["state"] == "unused" and (known := ticket["words"]) not in guest.sim.words:
            guest.sim.words.add(known)
            plays = {"head": wild_head, "member": wild_member, "facilitator": silent}.get(ticket["role"], silent)
            guest.sim.let(f"{ticket['id']}", known, plays, after=2 * guest.sim.dice.random())
    if guest.session and guest.control and "acts" not in guest.done:
        guest.done.add("acts")
        _press(guest)


def _press(guest: Guest) -> None:
    sim, stands = guest.sim, guest.session
    if guest.gone or sim.is_healed:
        return
    if stands["status"] == "lobby":
        act: dict[str, Any] = {"act": "start"}
    elif stands["status"] == "paused":
        act = {"act": "resume"}
    else:
        tickets = [one["id"] for one in guest.control["tickets"] if one["role"] != "facilitator"]
        seat = sim.dice.choice(sim.human)
        act = sim.dice.choice(
            [
                *[{"act": "next", "turn": stands["turn"], "phase": stands["phase"]}] * 5,
                {"act": "pause"},
                {"act": "resume"},
                {"act": "extend", "seconds": sim.dice.choice([10, 60.5])},
                {"act": "stop_timer"},
                {"act": "inject", "inject": "fire"},
                {"act": "take_over", "seat": seat, "by": sim.dice.choice(["doctrine", "human", "human"]), "doctrine": "idle"},
                {"act": "announce", "text": "листен"},
                {"act": "listen", "on": sim.dice.random() < 0.5},
                {"act": "slip", "seat": seat, "slip": sim.dice.choice([*orders_of(sim.program, seat), {"act": "ready"}])},
                {"act": "ticket", "role": sim.dice.choice(["observer", "member"]), "seats": []},
                {"act": "ticket", "role": "member", "seats": [seat]},
                {"act": "revoke", "ticket": sim.dice.choice(tickets)},
                {"act": "reissue", "ticket": sim.dice.choice(tickets)},
                {"act": "note", "text": "noted"},
            ]
        )
    for _ in range(sim.dice.choice([1, 1, 2]) if guest.joined else 0):
        guest.ask(**act)
    sim.later(sim.dice.expovariate(0.3), lambda: _press(guest))


def wild(seed: int, faults: Faults, **how: Any) -> Simulation:
    """An exercise in which anything may be done at any time."""
    sim = Simulation(seed, faults, timed=True, **how)
    sim.invite("control", "facilitator", plays=wild_facilitator)
    sim.invite("second control", "facilitator", plays=wild_facilitator, after=5.0)
    for seat in sim.human:
        sim.invite(seat, "head", seat, plays=wild_head, after=sim.dice.random())
    sim.invite("both", "head", *sim.human, plays=wild_head, after=20 * sim.dice.random())
    sim.invite("aide", "member", sim.human[0], plays=wild_member, after=60 * sim.dice.random())
    sim.invite("press", "observer", plays=silent, after=100 * sim.dice.random())
    return sim
