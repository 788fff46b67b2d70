"""Exercises over bad lines with hosts that die: whatever happens, the log, the streams and everybody's knowledge agree.

A share runs in CI. Ten thousand and more, beginning at any seed::

    SIMULATION_SEEDS=0:10000 python -m pytest --long tests/session/test_simulation.py -n 2

A seed that fails says how to run it alone.
"""

from __future__ import annotations

import contextlib
import os
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import attrs
import pytest

from exercise.core.world import digest
from exercise.presenter.seat_state import SeatState, fold_all
from exercise.record.entry import Entry
from exercise.record.replay import Replayer
from exercise.session.phases import FULL
from exercise.session.room import Room
from exercise.session.streams import FACILITATORS, PUBLIC, compact
from tests.core.scenes import shipped
from tests.session.people import settled, silent, wild
from tests.session.simulation import NONE, Faults, Guest, Simulation, some_faults

KEPT_APART = frozenset({"start", "next", "take_over", "ticket", "revoke", "reissue", "name"})
"""Acts whose names are not written into the log."""
PLACES = {phase.id: place for place, phase in enumerate(FULL)} | {"resolution": 9, "debrief": 10}


def fold(frames: list[dict[str, Any]]) -> SeatState:
    """What somebody knows of frames of a stream."""
    return attrs.evolve(fold_all(SeatState(), frames), seq=0)


def may_read(guest: Guest) -> set[str]:
    """The streams of somebody's role."""
    role = guest.joined["role"]
    return set(guest.joined["seats"]) if role in ("head", "member", "evaluator") else {FACILITATORS if role == "facilitator" else PUBLIC}


def finish(sim: Simulation) -> Room:
    """Heal everything and let it come to rest."""
    sim.heal()
    sim.run(sim.now + 90)
    assert sim.room is not None
    assert sim.room.status != "frozen", sim.room.why
    return sim.room


def check(sim: Simulation) -> None:
    """Everything that must hold once the lines are whole again."""
    room = finish(sim)
    entries = sim.entries()
    check_log(sim, room, entries)
    check_answers(sim, entries)
    check_restart(sim, room, entries)
    late = [sim.invite("late", "member", *sim.human, plays=silent), sim.invite("late press", "observer", plays=silent)]
    sim.run(sim.now + 20)
    known = {name: fold(stream.frames) for name, stream in room.host.streams.items()}
    for name, stream in room.host.streams.items():
        assert fold(compact(stream.frames)) == known[name], name
    for guest in sim.guests:
        check_guest(room, guest, known)
    assert all(guest.streams.keys() == may_read(guest) for guest in late)


def check_log(sim: Simulation, room: Room, entries: tuple[Entry, ...]) -> None:
    """The log recomputes to the world that the host has, phases only move forward, and the end is written down."""
    replayer = Replayer(entries[0], lambda _files, _cut: sim.program)
    for entry in entries[1:]:
        replayer.take(entry)
    world = replayer.world if replayer.opening is None else replayer.opening.world
    assert digest(world) == digest(room.host.running.world)
    assert replayer.taken == room.host.running.decisions or room.host.running.is_over
    begun = [(entry.data["turn"], PLACES[entry.data["phase"]]) for entry in entries if entry.type == "phase"]
    assert begun == sorted(set(begun)), begun
    kinds = Counter(entry.type for entry in entries)
    assert kinds["ended"] == (room.status == "over")
    assert (begun[-1][1] == PLACES["debrief"]) if room.status == "over" else True
    turns = {turn for turn, place in begun if place == 0}
    if room.host.begun:
        assert turns == set(range(1, room.host.running.turn + 1)), "the beginning of a turn is not written down"


def check_answers(sim: Simulation, entries: tuple[Entry, ...]) -> None:
    """Who is still in has been answered to everything, once; what was acknowledged is in the log, once; what was refused is not."""
    recorded = Counter(entry.data["ref"] for entry in entries if "ref" in entry.data)
    assert not recorded or max(recorded.values()) == 1, [ref for ref, count in recorded.items() if count > 1]
    for guest in sim.guests:
        if guest.gone:
            continue
        assert guest.talk.to_send() == [], guest.name
        assert guest.conn is not None, guest.name
        assert guest.joined, guest.name
        assert not guest.asked, (guest.name, guest.asked)
        for ref, answer in guest.answers.items():
            times = recorded[f"{guest.joined['client']}/{ref}"]
            if answer["frame"] == "ack":
                assert times == (guest.acts[ref]["act"] not in KEPT_APART), (guest.name, guest.acts[ref], answer)
            elif answer["code"] != "frozen":
                assert times == 0, (guest.name, guest.acts[ref], answer)


def check_restart(sim: Simulation, room: Room, entries: tuple[Entry, ...]) -> None:
    """A host that takes the log up makes the same streams, number by number."""
    again = sim.open_room(entries, journal=None)
    for name, stream in room.host.streams.items():
        assert again.host.streams[name].frames == stream.frames, name
        assert again.host.streams[name].ready == stream.ready, name
    assert again.host.once.done == room.host.once.done
    assert (again.status, again.host.phase.id) == (room.status, room.host.phase.id)


def check_guest(room: Room, guest: Guest, known: dict[str, SeatState]) -> None:
    """Somebody has what their streams hold and nothing else, and saw phases go forward."""
    if not guest.joined:
        return
    assert set(guest.streams) <= may_read(guest)
    for name, frames in guest.streams.items():
        whole = room.host.streams[name].frames
        for frame in frames:
            assert {**whole[frame["seq"] - 1], "stream": name} == frame
        if not guest.gone and len(frames) < len(whole):
            assert fold(frames) == known[name], (guest.name, name)
    seen = [(turn, PLACES[phase]) for _, turn, phase in guest.sessions if phase in PLACES]
    assert seen == sorted(seen), (guest.name, seen)


def inputs(sim: Simulation) -> dict[str, list[Any]]:
    """What each seat put in, in its order, without names."""
    found: dict[str, list[Any]] = {}
    for entry in sim.entries():
        if entry.type in ("order", "withdraw", "motion", "vote"):
            data = {name: value for name, value in entry.data.items() if name != "ref"}
            found.setdefault(entry.data["seat"], []).append((entry.type, data))
    return found


def run_settled(seed: int, **how: Any) -> None:
    """An exercise whose acts do not depend on faults ends in the same world as without them."""
    faults = attrs.evolve(some_faults(random.Random(seed)), disk_errors=False, dies_s=0.0)  # refused and forgotten acts are not tried again
    sim, calm = settled(seed, faults, **how), settled(seed, NONE, **how)
    with told(sim, "settled"):
        for one in (sim, calm):
            one.run(600, lambda one=one: bool(one.room and one.room.status == "over"))
        check(sim)
        assert finish(calm).status == finish(sim).status == "over", "it never came to its end"
        assert inputs(sim) == inputs(calm)
        assert sim.world() == calm.world()


def run_wild(seed: int, **how: Any) -> None:
    """An exercise in which anything may be done at any time."""
    sim = wild(seed, some_faults(random.Random(seed)), **how)
    with told(sim, "wild"):
        sim.run(120)
        check(sim)


@contextlib.contextmanager
def told(sim: Simulation, kind: str) -> Iterator[None]:
    """Say how to see a failure again."""
    try:
        yield
    except BaseException as error:
        error.add_note(f"SIMULATION_SEEDS={sim.seed}:{sim.seed + 1} python -m pytest tests/session/test_simulation.py -k {kind}")
        error.add_note("\n".join([str(sim.faults), *sim.story[-40:]]))
        raise


def seeds(part: int, share: int) -> Iterable[int]:
    """The seeds of a part: of a share, or of those that the environment names."""
    first, _, last = os.environ.get("SIMULATION_SEEDS", "").partition(":")
    return (range(int(first), int(last)) if last else range(share))[part::PARTS]


PARTS = 8
"""Parts of a campaign, so that several workers share it."""


@pytest.mark.timeout(0)
@pytest.mark.parametrize("part", range(PARTS))
def test_fault_26_settled_exercises_end_as_if_nothing_had_happened(part: int, campaign: Callable[[int, int], int]) -> None:
    """Lines cut, hosts dead, power lost, texts late, lost and sent again: the inputs of each seat and the world are those without faults."""
    for seed in seeds(part, campaign(64, 5_000)):
        run_settled(seed)


@pytest.mark.timeout(0)
@pytest.mark.parametrize("part", range(PARTS))
def test_fault_24_wild_exercises_lose_nothing_and_do_nothing_twice(part: int, campaign: Callable[[int, int], int]) -> None:
    """Beside all that pauses, timers, keys pressed twice, tickets taken back, seats handed over, slips, injects, full and failing disks."""
    for seed in seeds(part, campaign(64, 5_000)):
        run_wild(seed)


@pytest.mark.parametrize("seed", range(2))
def test_fault_25_the_shipped_scenario_survives_the_death_of_its_host(seed: int) -> None:
    """Three of its turns and more, with two seats that people play."""
    program = shipped()
    sim = wild(
        seed,
        Faults(cut_s=8.0, dies_s=20.0, end_s=6.0, delay_s=0.3, half_open=0.5, power_cuts=True),
        program=program,
        human=program.playable[:2],
    )
    with told(sim, "shipped"):
        sim.run(40)
        check(sim)
    assert sim.ends > 1


def test_one_seed_tells_one_story() -> None:
    """Everything that chance decides hangs on the seed."""
    stories = []
    for _ in range(2):
        sim = wild(3, Faults(cut_s=3.0, dies_s=9.0, end_s=5.0, delay_s=0.5, half_open=0.5, power_cuts=True, stalls=True, disk_errors=True))
        sim.run(60)
        finish(sim)
        stories.append((sim.story, [entry.hash for entry in sim.entries()]))
    assert stories[0] == stories[1]
    assert len(stories[0][0]) > 10
