"""A small world for the language's tests: two countries, three regions, four groups, and quantities of every sort."""

from __future__ import annotations

import random
from collections.abc import Mapping

import attrs
import pytest

from exercise.language import Block, Builder, Missing, Names, Number, RelationTable, Scope, parse_unit

KINDS = {
    "country": ("kyrgyzstan", "uzbekistan"),
    "region": ("osh", "jalal_abad", "andijan"),
    "group": ("osh_one", "osh_two", "jalal_abad_one", "andijan_one"),
}
CAPACITY = ("failed", "degraded", "captured", "hegemonic")
QUANTITIES = (
    # kind, quantity, unit, low, high, listed values
    ("region", "tension", "points", 0.0, 100.0, ()),
    ("region", "abuse", "points", 0.0, 100.0, ()),
    ("region", "unrest", "points", 0.0, 100.0, ()),
    ("region", "population", "people", 0.0, 3e6, ()),
    ("region", "displaced", "people", 0.0, 3e6, ()),
    ("region", "relief", "tonnes", 0.0, 1e5, ()),
    ("region", "closed", "flag", 0.0, 1.0, ()),
    ("region", "capacity", "number", 0.0, 3.0, CAPACITY),
    ("region", "curfew_until", "date", -1e7, 1e7, ()),
    ("country", "legitimacy", "points", 0.0, 100.0, ()),
    ("country", "openness", "points", 0.0, 100.0, ()),
    ("country", "aid", "million dollars", -50.0, 400.0, ()),
    ("group", "population", "people", 1.0, 1e6, ()),
    ("group", "trust", "points", 0.0, 100.0, ()),
    ("group", "share", "share", 0.0, 1.0, ()),
)


def relation_tables() -> dict[tuple[str, str], RelationTable]:
    """Regions have a country and neighbours, groups a region, and the way back; a country has a capital."""
    return {
        ("region", "country"): RelationTable("country", "region", "country", True, ((0,), (0,), (1,))),
        ("country", "regions"): RelationTable("regions", "country", "region", False, ((0, 1), (2,))),
        ("country", "capital"): RelationTable("capital", "country", "region", True, ((1,), (2,))),
        ("region", "groups"): RelationTable("groups", "region", "group", False, ((0, 1), (2,), (3,))),
        ("group", "region"): RelationTable("region", "group", "region", True, ((0,), (0,), (1,), (2,))),
        ("region", "neighbours"): RelationTable("neighbours", "region", "region", False, ((1, 2), (0,), ())),
    }


@attrs.frozen(repr=False)
class LittleWorld:
    """Names with their cells, and builders over them."""

    names: Names
    blocks: Mapping[tuple[str, str], Block]
    size: int

    def scope(self, features: frozenset[str] = frozenset({"draw", "past", "step"})) -> Scope:
        """Region r and group g are bound; ``amount`` is an argument of 0..10."""
        variables = {"r": (0, "region"), "g": (1, "group")}
        return Scope(names=self.names, variables=variables, arguments={"amount": (0, Number(low=0.0, high=10.0))}, features=features)

    def builder(self, features: frozenset[str] = frozenset({"draw", "past", "step"})) -> Builder:
        """A new block."""
        return Builder(self.scope(features))

    @property
    def bindings(self) -> tuple[tuple[int, int], ...]:
        """Every region with each of its groups."""
        rows = self.names.relations["region", "groups"].rows
        return tuple((region, group) for region, row in enumerate(rows) for group in row)

    @property
    def entity_ids(self) -> tuple[tuple[str, str], ...]:
        """Names of the bindings."""
        return tuple((KINDS["region"][region], KINDS["group"][group]) for region, group in self.bindings)

    def state(self, seed: int) -> list[float]:
        """A state within every range; some values at the very ends."""
        dice = random.Random(seed)
        cells = [0.0] * self.size
        for block in self.blocks.values():
            for cell in block.cells:
                if block.values:
                    cells[cell] = float(dice.randrange(len(block.values)))
                elif block.date:
                    cells[cell] = float(dice.choice((-1_000_000, dice.randrange(-30, 60))))
                elif block.unit.is_flag:
                    cells[cell] = float(dice.randrange(2))
                else:
                    cells[cell] = dice.choice(
                        (block.low, block.high, dice.uniform(block.low, block.high), dice.uniform(block.low, block.high))
                    )
        return cells


@pytest.fixture(scope="session")
def world() -> LittleWorld:
    """The small world. Cells of trust stand in reverse order, so that not every quantity is contiguous."""
    blocks: dict[tuple[str, str], Block] = {}
    first = 0
    for kind, name, unit, low, high, values in QUANTITIES:
        cells = tuple(range(first, first + len(KINDS[kind])))
        first += len(cells)
        cells = tuple(reversed(cells)) if name == "trust" else cells
        blocks[kind, name] = Block(kind, name, cells, parse_unit(unit), low, high, values, unit == "date")

    def quantity(kind: str, name: str) -> Block | Missing:
        return blocks.get((kind, name)) or Missing(f"a {kind} has no quantity {name}", "see the rulebook")

    names = Names(
        entities={entity: (kind, index) for kind, ids in KINDS.items() for index, entity in enumerate(ids)},
        kinds=KINDS,
        relations=relation_tables(),
        parameters={"unrest.slope": (0.4, parse_unit("number")), "unrest.crowd": (300.0, parse_unit("people"))},
        choices=frozenset(CAPACITY),
        quantity=quantity,
    )
    return LittleWorld(names, blocks, first)
