"""The schema for editors says what the loader takes, no more and no less."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest
import tomli

from exercise.content import schemas
from exercise.content.structure import fields_of
from exercise.core import definitions
from tests.content.pieces import ROOT, reading, valley

SCHEMA = schemas()["content.schema.json"]
SHIPPED = sorted([*(ROOT / "rules").glob("*.toml"), *(ROOT / "scenarios").rglob("*.toml")])
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str, dt.date),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}


def objections(value: Any, schema: dict[str, Any], path: str = "") -> Iterator[str]:
    """What a JSON Schema of the few words that ours uses has against a value."""
    if "$ref" in schema:
        schema = {**SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]], **{key: told for key, told in schema.items() if key != "$ref"}}
    if "anyOf" in schema:
        told = [list(objections(value, one, path)) for one in schema["anyOf"]]
        yield from () if any(not one for one in told) else min(told, key=len)
    if "enum" in schema and value not in schema["enum"]:
        yield f"{path}: {value!r} is not one of {schema['enum']}"
    wanted = schema.get("type", [])
    kinds = tuple(kind for name in ([wanted] if isinstance(wanted, str) else wanted) for kind in TYPES[name])
    if kinds and (not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds)):
        yield f"{path}: {value!r} is no {wanted}"
        return
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from objections(item, schema.get("items", {}), f"{path}[{index}]")
    if isinstance(value, dict):
        yield from (f"{path}: needs {key}" for key in schema.get("required", ()) if key not in value)
        for key, item in value.items():
            inner = schema.get("properties", {}).get(key, schema.get("additionalProperties", {}))
            yield from (f"{path}: has no {key}",) if inner is False else objections(item, inner, f"{path}.{key}")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_shipped_file_is_valid(path) -> None:
    """An editor marks nothing in files that the loader takes."""
    assert list(objections(tomli.loads(path.read_text(encoding="utf-8")), SCHEMA)) == []


def test_the_starter_is_valid() -> None:
    """What ``exercise new`` writes is marked nowhere."""
    assert [told for _, text in valley() for told in objections(tomli.loads(text), SCHEMA)] == []


@pytest.mark.parametrize(
    "text",
    [
        '[[rule]]\nid = "a"\n',
        '[[stage]]\nid = "a"\ntitle = "t"\nmore = 1\n',
        "[[stage]]\nid = 1\ntitle = 2\n",
        "[[rules]]\n",
        "x = 1\n",
        "[stage]\n",
    ],
)
def test_what_the_loader_refuses_an_editor_marks(text: str) -> None:
    """Missing, unknown and mistyped keys, and tables that are none."""
    assert list(objections(tomli.loads(text), SCHEMA))
    assert reading(text).problems


def test_every_key_has_a_meaning() -> None:
    """Editors show it beside the key; every table and every key has one."""
    for name, table in SCHEMA["$defs"].items():
        assert table["description"], name
        assert [key for key, told in table["properties"].items() if not told["description"]] == [], name
        cls = getattr(definitions, name)
        assert table["properties"].keys() == fields_of(cls).keys()
        assert table["required"] == [key for key, field in fields_of(cls).items() if field.required]


def test_the_schema_is_plain_json_and_always_the_same() -> None:
    """It can be written, and two runs write the same bytes."""
    assert json.dumps(schemas(), allow_nan=False) == json.dumps(schemas(), allow_nan=False)
    assert SCHEMA["$schema"].endswith("2020-12/schema")
