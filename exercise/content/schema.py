"""JSON Schemas of the content files, for editors, from the same classes that the loader reads.

One schema serves all files, since any file may hold any table: editors with a TOML language server complete keys and show their meaning.
"""

from __future__ import annotations

import datetime as dt
import types
import typing
from typing import Any

import attrs

from exercise.content.loading import SINGLE, TABLES
from exercise.content.structure import SPELLED
from exercise.core.definitions import Expression

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, dict[str, Any]]:
    """File name -> schema: ``content.schema.json`` for every file of scenarios and rules."""
    definitions: dict[str, Any] = {}
    properties: dict[str, Any] = {}
    for key, (_, cls) in TABLES.items():
        properties[key] = {"type": "array", "items": _reference(cls, definitions)}
    for key, (_, cls) in SINGLE.items():
        properties[key] = _reference(cls, definitions)
    document = {
        "$schema": DIALECT,
        "title": "Situation Room content",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "$defs": dict(sorted(definitions.items())),
    }
    return {"content.schema.json": document}


def _reference(cls: type, definitions: dict[str, Any]) -> dict[str, str]:
    if cls.__name__ not in definitions:
        definitions[cls.__name__] = {}
        definitions[cls.__name__] = _table(cls, definitions)
    return {"$ref": f"#/$defs/{cls.__name__}"}


def _table(cls: type, definitions: dict[str, Any]) -> dict[str, Any]:
    hints = typing.get_type_hints(cls)
    properties: dict[str, Any] = {}
    required: list[str] = []
    for attribute in attrs.fields(cls):
        if attribute.name == "place":
            continue
        key = SPELLED.get(attribute.name, attribute.name)
        told = _value(hints[attribute.name], definitions)
        if attribute.metadata.get("choices"):
            told = {"enum": list(attribute.metadata["choices"])}
        properties[key] = {**told, "description": attribute.metadata.get("doc", "")}
        if attribute.default is attrs.NOTHING:
            required.append(key)
    summary = (cls.__doc__ or "").strip().split("\n")[0]
    return {"type": "object", "description": summary, "properties": properties, "required": required, "additionalProperties": False}


def _value(wanted: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    origin, arguments = typing.get_origin(wanted), typing.get_args(wanted)
    if origin is tuple:
        item = _value(arguments[0], definitions)
        return {"anyOf": [item, {"type": "array", "items": item}]}
    if origin is dict:
        return {"type": "object", "additionalProperties": _value(arguments[1], definitions)}
    if origin in (types.UnionType, typing.Union):
        kept = [_value(argument, definitions) for argument in arguments if argument is not type(None)]
        return kept[0] if len(kept) == 1 else {"anyOf": kept}
    if wanted is Expression:
        return {"type": ["string", "number", "boolean"]}
    if attrs.has(wanted):
        return dict(_reference(wanted, definitions))
    return {
        str: {"type": "string"},
        int: {"type": "integer"},
        float: {"type": "number"},
        bool: {"type": "boolean"},
        dt.date: {"type": "string", "format": "date"},
    }[wanted]
