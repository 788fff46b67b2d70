"""``exercise rehearse``: what it prints for people and for scripts."""

from __future__ import annotations

from tests.cli.conftest import Shell


def test_a_rehearsal_tells_a_script_what_came_of_it(shell: Shell, valley: str) -> None:
    """The keys of the contract, over as many exercises as asked for."""
    told = shell("rehearse", valley, "-n", 20, "--seed", 3, "--json").document
    assert {"n", "elapsed_s", "exercises_per_s", "backend", "outcomes", "injects", "orders", "dominated", "sensitivity"} <= set(told)
    assert (told["n"], told["seed"], told["backend"], told["scenario"]) == (20, 3, "numpy", valley)
    assert all(0 <= share <= 1 for share in told["injects"].values())
    assert set(told["outcomes"]) == {"facts", "objectives", "seats", "classes", "motions"}


def test_a_rehearsal_of_one_is_the_exercise_of_that_seed(shell: Shell, valley: str) -> None:
    """Objectives and orders as ``run`` gives them."""
    told = shell("rehearse", valley, "-n", 1, "--seed", 5, "--json").document
    world = shell("run", valley, "--seed", 5, "--json").document
    for seat, objectives in told["outcomes"]["objectives"].items():
        assert {one: spread["median"] for one, spread in objectives.items()} == world["seats"][seat]["objectives"]
    assert {one for one, share in told["injects"].items() if share} == set(world["injects"]["released"])


def test_a_rehearsal_tells_a_person_what_never_happens(shell: Shell, valley: str) -> None:
    """Tables, then injects and orders that no run saw."""
    done = shell("rehearse", valley, "-n", 10)
    assert f"{valley}, " in done.out
    assert "10 exercises from seed 1" in done.out
    assert "Seats' results in points" in done.out


def test_orders_tell_their_use_and_their_effect(shell: Shell, valley: str) -> None:
    """Of eight pairs unless told otherwise, none when none are wanted; people see the strongest and what is better left."""
    told = shell("rehearse", valley, "-n", 20, "--json").document
    assert told["pairs"]["seeds"] == 8
    for use in told["orders"].values():
        effect = use["effect"]
        assert 0 < effect["given"] <= effect["pairs"] == 8
        assert all(one["low"] <= one["mean"] <= one["high"] for one in (effect["public"], effect["private"]))
    assert told["pairs"]["runs"] == sum(use["effect"]["given"] for use in told["orders"].values())
    assert told["dominated"] == ["send_boats"] == [order for order, use in told["orders"].items() if use["dominated"]]
    assert "Orders that their seats do better without (1): send_boats" in shell("rehearse", valley, "-n", 20).out
    none = shell("rehearse", valley, "-n", 20, "--pairs", 0, "--json").document
    assert none["pairs"]["runs"] == 0
    assert all(use["effect"] is None for use in none["orders"].values())


def test_a_wrong_name_is_one_line_with_a_hint(shell: Shell, valley: str) -> None:
    """Scenario, seat, doctrine and number of runs."""
    for arguments in (
        ("valey-flood",),
        (valley, "--doctrine", "counsil=default"),
        (valley, "--doctrine", "all=nothing"),
        (valley, "-n", "0"),
    ):
        done = shell("rehearse", *arguments)
        assert done.code == 2
        assert len(done.err.strip().splitlines()) == 1
