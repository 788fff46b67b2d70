"""The content language: conditions and amounts as text, one typed intermediate form, and Python generated from it.

    parse(text) -> Node                                        the language's own parser; limits first
    Scope(names=..., variables=..., arguments=..., features=...)
    builder = Builder(scope); builder.condition(text) ...      typed values of one block; builder.finish() -> Code
    Kernel(...), Query(...)                                    blocks with bindings and effects, or with outputs
    emit_stage(name, kernels, clamps, traced) -> Source        one function for all kernels of a stage
    emit_query(query, traced, name) -> Source                  one function that answers
    emit_array_stage(name, kernels, clamps), emit_array_query  the same over arrays of many exercises at once
    compile_source(sources, {"draw": ..., "site": ...})        name -> function

Every mistake in an expression raises ``ExpressionError``. The language knows nothing of exercises: what words mean comes with ``Names``.
"""

from exercise.language.arrays import ARRAY_NAMES, ArrayStage, DrawTable, IndexTable, RowTable, emit_array_query, emit_array_stage
from exercise.language.builder import Builder, evaluate_fixed, static_index
from exercise.language.cells import cells_of, cells_read
from exercise.language.emit import Generated, Source, compile_source, emit_query, emit_stage, functions_of, generate, sites_of
from exercise.language.errors import ExpressionError, did_you_mean
from exercise.language.form import Block, Code, Comparison, Instruction, Reduction, RelationTable
from exercise.language.functions import SHORTEST_STEP_DAYS
from exercise.language.kernels import DelaySlot, Kernel, KernelEffect, Query
from exercise.language.parse import parse
from exercise.language.plan import reached
from exercise.language.scope import Missing, Names, Scope
from exercise.language.tree import Node, functions_used, names_read, numbers_written
from exercise.language.units import KNOWN_UNITS, Unit, parse_unit
from exercise.language.values import Choice, DateType, EntityType, Number, Truth, Type, Value
from exercise.language.writer import SiteTable

__all__ = [
    "ARRAY_NAMES",
    "KNOWN_UNITS",
    "SHORTEST_STEP_DAYS",
    "ArrayStage",
    "Block",
    "Builder",
    "Choice",
    "Code",
    "Comparison",
    "DateType",
    "DelaySlot",
    "DrawTable",
    "EntityType",
    "ExpressionError",
    "Generated",
    "IndexTable",
    "Instruction",
    "Kernel",
    "KernelEffect",
    "Missing",
    "Names",
    "Node",
    "Number",
    "Query",
    "Reduction",
    "RelationTable",
    "RowTable",
    "Scope",
    "SiteTable",
    "Source",
    "Truth",
    "Type",
    "Unit",
    "Value",
    "cells_of",
    "cells_read",
    "compile_source",
    "did_you_mean",
    "emit_array_query",
    "emit_array_stage",
    "emit_query",
    "emit_stage",
    "evaluate_fixed",
    "functions_of",
    "functions_used",
    "generate",
    "names_read",
    "numbers_written",
    "parse",
    "parse_unit",
    "reached",
    "sites_of",
    "static_index",
]
