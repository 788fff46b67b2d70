"""What a rehearsal counts: the same numbers as counting the exercises one by one."""

from __future__ import annotations

import numpy as np
import pytest

from exercise.content import prepare
from exercise.core.program import Program
from exercise.core.turns import play_out
from exercise.core.world import World
from exercise.rehearsal import ensemble, tally
from exercise.rehearsal.ensemble import Plan, samples
from exercise.rehearsal.tally import Tally

SEEDS = range(40, 46)


@pytest.fixture(scope="module")
def osh() -> Program:
    """The shipped exercise."""
    return prepare("osh-2010")


@pytest.fixture(scope="module")
def worlds(osh: Program) -> list[World]:
    """The exercises of these seeds, played one by one."""
    return [play_out(osh, seed) for seed in SEEDS]


@pytest.fixture(scope="module")
def counted(osh: Program) -> Tally:
    """The same exercises, rehearsed."""
    whole = Tally(osh)
    for rows in samples(Plan("osh-2010"), SEEDS):
        whole.add(rows)
    return whole


def value(osh: Program, world: World, entity: str, quantity: str) -> float:
    """A number of a world."""
    return world.cells[osh.layout.cell(entity, quantity)]


def test_injects_and_orders_are_counted_as_they_fired_and_were_given(osh: Program, worlds: list[World], counted: Tally) -> None:
    """Share of the exercises, and mean number of times."""
    document = counted.document({})
    assert document["n"] == len(worlds)
    for inject, share in document["injects"].items():
        assert share == pytest.approx(np.mean([value(osh, world, inject, "released") for world in worlds]))
    for order, use in document["orders"].items():
        given = [value(osh, world, order, "times_given") for world in worlds]
        assert use["times"] == pytest.approx(np.mean(given))
        assert use["share"] == pytest.approx(np.mean([times > 0 for times in given]))


def test_classes_and_motions_are_shares_of_the_exercises(osh: Program, worlds: list[World], counted: Tally) -> None:
    """By name, adding up to all."""
    outcomes = counted.document({})["outcomes"]
    for group, quantity in (("classes", "capacity"), ("motions", "status")):
        for entity, shares in outcomes[group].items():
            assert sum(shares.values()) == pytest.approx(1.0)
            kind = osh.layout.places[entity][0]
            names = osh.layout.quantities[kind, quantity].values
            last = [names[int(value(osh, world, entity, quantity))] for world in worlds]
            assert shares == {name: pytest.approx(last.count(name) / len(last)) for name in dict.fromkeys(last)}


def test_a_seats_result_is_the_weighted_mean_that_the_end_of_an_exercise_shows(osh: Program, counted: Tally) -> None:
    """Public and private apart, as ``exercise run --json`` gives them."""
    from exercise.report.documents import world_document
    from exercise.report.story import story_of
    from exercise.session import headless

    played: list = []
    headless.Headless(headless.Running.begin(osh, SEEDS[0])).play(heard=played.append)
    shown = world_document(story_of(osh, osh.startex(SEEDS[0]), played))["seats"]
    alone = Tally(osh)
    for rows in samples(Plan("osh-2010"), SEEDS[:1]):
        alone.add(rows)
    for seat, results in alone.document({})["outcomes"]["seats"].items():
        for name, spread in results.items():
            assert spread["median"] == pytest.approx(shown[seat][name])


def test_what_is_kept_is_bounded_and_the_rest_still_counts(osh: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """Medians come from the first runs that are kept; shares and means from all of them."""
    monkeypatch.setattr(tally, "KEPT", 3)
    bounded = Tally(osh)
    for rows in samples(Plan("osh-2010"), SEEDS):
        bounded.add(rows[:2])
        bounded.add(rows[2:])
    assert sum(len(rows) for rows in bounded._kept) == 3
    assert bounded.document({})["n"] == len(SEEDS)


def test_chunks_and_processes_change_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows of eight exercises in one chunk, in three, and over two processes."""
    plan, seeds = Plan("osh-2010", "", {"all": "history"}), range(8)
    whole = np.concatenate(list(samples(plan, seeds)))
    monkeypatch.setattr(ensemble, "FIRST_CHUNK", 2)
    monkeypatch.setattr(ensemble, "CHUNK", 3)
    assert np.array_equal(whole, np.concatenate(list(samples(plan, seeds))))
    assert np.array_equal(whole, np.concatenate(list(samples(plan, seeds, 2))))
