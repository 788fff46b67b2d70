"""Content files to core values, or all their problems at once.

load("osh-2010") -> Content            from the search path; ``load_texts(files)`` from text embedded in a log
prepare("osh-2010") -> Program         compiled, kept in the cache folder; ``prepare_texts(files, cut)`` likewise
read_scenario(folder) -> Reading       what could be read and what could not; ``read_rules(folder)`` for a rulebook alone
examine(reading) -> problems           everything that is wrong: structure, references, sources, reach, expressions
on_worlds(content, rules) -> problems  what is wrong with a rulebook's experiments on the worlds that they name
lint(content) -> problems              what is wrong beyond structure and expressions
schemas() -> {name: JSON Schema}       for editors
"""

from exercise.content.claims import on_worlds
from exercise.content.examination import examine, rules_program
from exercise.content.folders import ContentError, Found, find, find_scenarios, find_world, search_path, shipped, worlds_of
from exercise.content.lint import lint
from exercise.content.loading import Reading, load, load_texts, read_rules, read_scenario, read_texts
from exercise.content.positions import located
from exercise.content.prepared import prepare, prepare_texts
from exercise.content.schema import schemas

__all__ = [
    "ContentError",
    "Found",
    "Reading",
    "examine",
    "find",
    "find_scenarios",
    "find_world",
    "lint",
    "load",
    "load_texts",
    "located",
    "on_worlds",
    "prepare",
    "prepare_texts",
    "read_rules",
    "read_scenario",
    "read_texts",
    "rules_program",
    "schemas",
    "search_path",
    "shipped",
    "worlds_of",
]
