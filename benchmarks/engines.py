"""Whole exercises a second of one small model in several engines, in one run: ratios to scalar C, and whether the bits agree.

Usage: python benchmarks/engines.py [rounds]      (default 3; needs gcc; Mesa and PettingZoo are measured where they are installed)
"""

from __future__ import annotations

import ctypes
import importlib.util
import pathlib
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from benchmarks.mini_osh import model
from exercise.content import load_texts
from exercise.core import chance
from exercise.core.compile import compile_exercise
from exercise.core.program import Program
from exercise.core.turns import close_turn, open_turn, play_out
from exercise.rehearsal.lanes import Ensemble

Values = dict[str, float]


def in_c(folder: pathlib.Path) -> Callable[[int], Any]:
    """Scalar C by gcc -O3, without contraction of multiply and add."""
    source, library = folder / "mini.c", folder / "mini.so"
    source.write_text(model.c_text())
    subprocess.run(["gcc", "-O3", "-ffp-contract=off", "-shared", "-fPIC", "-o", library, source], check=True)
    play = ctypes.CDLL(str(library)).play
    play.argtypes = [ctypes.c_uint64, ctypes.c_uint64, ctypes.c_void_p]

    def run(count: int) -> Any:
        out = np.empty((count, len(model.NAMES)))
        play(0, count, out.ctypes.data)
        return out

    return run


def ends_of(program: Program, cells: Any) -> Any:
    """The model's numbers of cells (cells, lanes), a row for each lane."""
    rows = [program.layout.cell(*name.split("_", 1)) for name in model.NAMES]
    return np.asarray(cells)[rows].T


def live(program: Program, *, traced: bool) -> Callable[[int], Any]:
    """The live engine, exercise by exercise; traced as when people play, or not."""

    def one(seed: int) -> Any:
        if not traced:
            return play_out(program, seed).cells
        world = program.startex(seed)
        for _ in range(model.TURNS):
            world = close_turn(program, open_turn(program, world).world, ()).world
        return world.cells

    return lambda count: ends_of(program, np.array([one(seed) for seed in range(count)]).T)


def in_arrays(program: Program) -> Callable[[int], Any]:
    """This project's NumPy back end."""
    ensemble = Ensemble(program, {})
    return lambda count: ends_of(program, ensemble.play(range(count)).cells)


def rows(ends: list[Values]) -> Any:
    """Ends as an array."""
    return np.array([[end[name] for name in model.NAMES] for end in ends])


def in_mesa() -> Callable[[int], Any]:
    """Mesa: a model of eight agents."""
    import mesa

    class Seat(mesa.Agent):  # type: ignore[misc]
        """A seat."""

        def __init__(self, owner: Any, number: int) -> None:
            super().__init__(owner)
            self.number = number

        def step(self) -> None:
            """Act."""
            model.act(self.model.values, self.number, chance.draw(self.model.key, model.SITES[self.number]))

    class Crisis(mesa.Model):  # type: ignore[misc]
        """The model."""

        def __init__(self, seed: int) -> None:
            super().__init__()
            self.luck, self.turn, self.values = seed, 0, dict(model.MODEL["init"])
            for number in range(model.SEATS):
                Seat(self, number)

        def step(self) -> None:
            """A turn."""
            self.turn += 1
            self.key = model.step_key(self.luck, self.turn)
            self.agents.do("step")
            model.happen(self.values, self.key)

    def one(seed: int) -> Values:
        crisis = Crisis(seed)
        for _ in range(model.TURNS):
            crisis.step()
        return crisis.values

    return lambda count: rows([one(seed) for seed in range(count)])


def in_pettingzoo() -> Callable[[int], Any]:
    """PettingZoo: a parallel environment over plain dicts; actions are what the seats draw."""
    from pettingzoo import ParallelEnv

    class Crisis(ParallelEnv):  # type: ignore[misc]
        """The environment."""

        metadata = {"name": "mini_osh"}  # noqa: RUF012 - as PettingZoo declares it

        def __init__(self) -> None:
            self.possible_agents = [f"s{number}" for number in range(model.SEATS)]

        def reset(self, seed: int | None = None, options: Any = None) -> Any:
            """Begin."""
            del options
            self.luck, self.turn, self.values = seed or 0, 0, dict(model.MODEL["init"])
            self.agents = list(self.possible_agents)
            return {agent: dict(self.values) for agent in self.agents}, {agent: {} for agent in self.agents}

        def step(self, actions: dict[str, float]) -> Any:
            """A turn."""
            self.turn += 1
            for number, agent in enumerate(self.agents):
                model.act(self.values, number, actions[agent])
            model.happen(self.values, model.step_key(self.luck, self.turn))
            over = self.turn == model.TURNS
            seen = {agent: dict(self.values) for agent in self.agents}
            return seen, dict.fromkeys(self.agents, 0.0), dict.fromkeys(self.agents, over), dict.fromkeys(self.agents, False), {}

    def one(seed: int) -> Values:
        crisis = Crisis()
        crisis.reset(seed)
        for turn in range(1, model.TURNS + 1):
            key = model.step_key(seed, turn)
            crisis.step({f"s{number}": chance.draw(key, model.SITES[number]) for number in range(model.SEATS)})
        return crisis.values

    return lambda count: rows([one(seed) for seed in range(count)])


def engines(folder: pathlib.Path) -> dict[str, tuple[Callable[[int], Any], int]]:
    """Every engine with the number of exercises that a measurement takes."""
    program = compile_exercise(load_texts((("scenario/mini.toml", model.scenario_text()),)), "year")
    found: dict[str, tuple[Callable[[int], Any], int]] = {
        "C scalar, gcc -O3": (in_c(folder), 100_000),
        "arrays, NumPy": (in_arrays(program), 8192),
        "live engine": (live(program, traced=False), 50),
        "live engine, traced and told": (live(program, traced=True), 10),
        "plain Python dicts and closures": (lambda count: rows([model.play_python(seed) for seed in range(count)]), 300),
    }
    for name, package, make in (("Mesa", "mesa", in_mesa), ("PettingZoo", "pettingzoo", in_pettingzoo)):
        if importlib.util.find_spec(package):
            found[name] = make(), 200
    return found


def main() -> None:
    """Measure in interleaved rounds, compare the bits, print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with tempfile.TemporaryDirectory() as folder:
        found = engines(pathlib.Path(folder))
        for play, _ in found.values():
            play(2)
        seconds: dict[str, list[float]] = {name: [] for name in found}
        for _ in range(rounds):
            for name, (play, count) in found.items():
                began = time.process_time()
                play(count)
                seconds[name].append((time.process_time() - began) / count)
        expected = [struct.pack("d", value) for value in found["C scalar, gcc -O3"][0](10).ravel()]
        agree = {name: [struct.pack("d", value) for value in play(10).ravel()] == expected for name, (play, _) in found.items()}
    base = statistics.median(seconds["C scalar, gcc -O3"])
    print(f"{'':32}  {'exercises/s':>11}  {'over scalar C':>13}  same bits")
    for name, each in seconds.items():
        median = statistics.median(each)
        print(f"{name:32}  {1 / median:11,.0f}  {base / median:13.4f}  {'yes' if agree[name] else 'NO'}")


if __name__ == "__main__":
    main()
