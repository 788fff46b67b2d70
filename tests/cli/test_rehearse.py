"""``exercise rehearse``: what it prints for people and for scripts."""

from __future__ import annotations

from tests.cli.conftest import Shell


def test_a_rehearsal_tells_a_script_what_came_of_it(shell: Shell, valley: str) -> None:
    """The keys of the contract, over as many exercises as asked for."""
    told = shell("rehearse", valley, "-n", 20, "--seed", 3, "--json").document
    assert {"n", "elapsed_s", "exercises_per_s", "backend", "outcomes", "injects", "orders"} <= set(told)
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
