"""Content from folders or from embedded text: read within limits, structured, merged.

A scenario is a folder with ``scenario.toml``; its modules are files of a ``rules`` folder. What was read stays with the content as
(name, text), so a log carries it and replays without any file. A scenario may set a parameter of the rulebook: its own ``[[parameter]]`` of
the same id stands in place of the module's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs
import tomli

from exercise.content.folders import HEAD, Collector, ContentError, Files, find, rules_collected, scenario_collected
from exercise.content.limits import text_problem
from exercise.content.measures import breaking
from exercise.content.positions import NAME, Outline, line_and_column, located
from exercise.content.structure import BAD, Structurer, TooManyProblemsError, closest, kind_of, shown
from exercise.core.cuts import module_of
from exercise.core.definitions import (
    NOWHERE,
    Assessment,
    BodyDefinition,
    Claim,
    ClauseDefinition,
    Content,
    Cut,
    DoctrineDefinition,
    EntityDefinition,
    Experiment,
    Fact,
    InjectDefinition,
    KindDefinition,
    MapDefinition,
    OrderDefinition,
    Parameter,
    QuantityDefinition,
    RelationDefinition,
    ReportDefinition,
    Rule,
    ScenarioHead,
    SeatDefinition,
    SourceText,
    Stage,
    StartDefinition,
)
from exercise.language.problem import Place, Problem

TABLES: dict[str, tuple[str, type]] = {
    "cut": ("cuts", Cut),
    "source": ("sources", SourceText),
    "stage": ("stages", Stage),
    "kind": ("kinds", KindDefinition),
    "quantity": ("quantities", QuantityDefinition),
    "relation": ("relations", RelationDefinition),
    "parameter": ("parameters", Parameter),
    "rule": ("rules", Rule),
    "assessment": ("assessments", Assessment),
    "report": ("reports", ReportDefinition),
    "entity": ("entities", EntityDefinition),
    "seat": ("seats", SeatDefinition),
    "order": ("orders", OrderDefinition),
    "body": ("bodies", BodyDefinition),
    "inject": ("injects", InjectDefinition),
    "doctrine": ("doctrines", DoctrineDefinition),
    "clause": ("clauses", ClauseDefinition),
    "fact": ("facts", Fact),
    "start": ("starts", StartDefinition),
    "claim": ("claims", Claim),
    "experiment": ("experiments", Experiment),
}
"""Arrays of tables: key -> field of ``Content`` and class."""
SINGLE: dict[str, tuple[str, type]] = {"scenario": ("scenario", ScenarioHead), "map": ("map", MapDefinition)}
"""Tables that stand once."""
STAND_IN = ScenarioHead(id="", title="", summary="", content_note="", modules=(), default_cut="", place=NOWHERE)
"""Head of content that has none: a rulebook alone, or a scenario whose own head cannot be read."""
REFERRED = frozenset({"source", "stage", "kind", "quantity", "relation", "parameter", "entity", "seat", "order", "body", "cut"})
"""Tables that others name: without the id of one, words that seem to lead nowhere may lead to it."""
RECOVERED_CHARACTERS = 100_000
"""Up to this size a file with a mistake in its TOML is read again without the table that holds it."""
RECOVERIES = 8

_HEADER = re.compile(r"^\[{1,2}[ \t]*([A-Za-z\"'][^\]\n]*)", re.MULTILINE)
_ID = re.compile(r"^[ \t]*id[ \t]*=[ \t]*[\"']?([\w.-]+)", re.MULTILINE)


@attrs.frozen(slots=True)
class Reading:
    """What reading gave.

    ``content`` is what could be structured, with stand-ins where there were problems. ``problems`` are located. ``texts`` are the files as
    they were read in the end: without tables whose TOML is wrong. ``damaged``, ``lost`` and ``blind`` say what is missing from the content:
    keys of tables that had problems by file and path, ids of tables that were left out, and whether whole files were. ``paths`` are the
    real places of files.
    """

    content: Content
    problems: tuple[Problem, ...]
    files: Files
    texts: Files = ()
    paths: Mapping[str, Path] = attrs.field(factory=dict)
    damaged: Mapping[tuple[str, tuple[str | int, ...]], frozenset[str]] = attrs.field(factory=dict)
    lost: frozenset[str] = frozenset()
    blind: bool = False

    @property
    def is_sound(self) -> bool:
        """Whether no problem is an error."""
        return all(problem.level != "error" for problem in self.problems)


def load(scenario: str | Path) -> Content:
    """The content of a scenario named by id or folder. Raises ``ContentError``."""
    return _complete(read_scenario(find(scenario)))


def load_texts(files: Files) -> Content:
    """The content of embedded files, named ``rules/x.toml`` and ``scenario/x.toml``. Raises ``ContentError``."""
    return _complete(read_texts(files))


def _complete(reading: Reading) -> Content:
    if not reading.is_sound:
        raise ContentError(reading.problems)
    return reading.content


def scenario_files(folder: Path) -> Files:
    """The files of a scenario and its modules, sorted by name, as a log embeds them. Raises ``ContentError`` when one cannot be read."""
    collector = scenario_collected(folder)
    files = tuple(sorted(collector.files))
    if collector.problems:
        raise ContentError(located(collector.problems, files))
    return files


def read_scenario(folder: Path) -> Reading:
    """Read a scenario's folder and the modules of the rulebook that it names."""
    return _read(scenario_collected(folder), head_needed=True)


def read_rules(folder: Path) -> Reading:
    """Read a rules folder alone (for checking it): the content stands without a scenario."""
    return _read(rules_collected(folder), head_needed=False)


def _read(collector: Collector, *, head_needed: bool) -> Reading:
    reading = read_texts(tuple(sorted(collector.files)), tuple(collector.problems), head_needed=head_needed)
    return attrs.evolve(reading, paths=dict(collector.paths), blind=reading.blind or collector.blind)


def read_texts(files: Files, problems: tuple[Problem, ...] = (), *, head_needed: bool = True) -> Reading:
    """Structure and merge files; every problem is located."""
    merger = _Merger(problems=list(problems))
    for name, text in files:
        merger.file(name, text)
    if head_needed and not merger.head_met:
        hint = "[scenario] names id, title, summary, modules and default_cut; exercise new begins a scenario"
        merger.problems.append(Problem(Place(f"scenario/{HEAD}", 1, 1), "error", "missing-table", "there is no [scenario] table", hint))
    return merger.reading(files)


# --- merging ------------------------------------------------------------------------------------------------------------------------


@attrs.define(slots=True)
class _Merger:
    """Collects the tables of all files."""

    problems: list[Problem]
    lists: dict[str, list[Any]] = attrs.field(factory=lambda: {field: [] for field, _ in TABLES.values()})
    single: dict[str, Any] = attrs.field(factory=dict)
    met: dict[str, str] = attrs.field(factory=dict)
    texts: dict[str, str] = attrs.field(factory=dict)
    damaged: dict[tuple[str, tuple[str | int, ...]], frozenset[str]] = attrs.field(factory=dict)
    lost: set[str] = attrs.field(factory=set)
    blind: bool = False

    @property
    def head_met(self) -> bool:
        """Whether any file has a head, right or wrong; of a file that cannot be read one cannot tell."""
        return "scenario" in self.met or self.blind

    def reading(self, files: Files) -> Reading:
        """All that was read."""
        tables: dict[str, Any] = {"scenario": STAND_IN, **self.single, **{field: tuple(values) for field, values in self.lists.items()}}
        merged = {"parameters": self._parameters(tables["parameters"]), "quantities": _told_once(tables["quantities"])}
        content = Content(**{**tables, **merged}, files=files)
        texts = tuple((name, self.texts.get(name, text)) for name, text in files)
        sound = not self.blind and not self.problems
        found = located([*self.problems, *(breaking(content) if sound else ())], texts)
        return Reading(content, found, files, texts, damaged=self.damaged, lost=frozenset(self.lost), blind=self.blind)

    def file(self, name: str, text: str) -> None:
        """The tables of one file."""
        refused = text_problem(name, text)
        if refused is not None:
            self.problems.append(refused)
            self.blind = True
            return
        data, self.texts[name], problems = read_toml(name, text)
        self.problems += problems
        self.blind |= data is None
        left_out = (line for line, kept in zip(text.split("\n"), self.texts[name].split("\n"), strict=True) if line != kept)
        self.lost.update(_ID.findall("\n".join(left_out)))
        structurer = Structurer(name)
        try:
            for key, value in (data or {}).items():
                self._table(structurer, key, value)
        except TooManyProblemsError:
            self.blind = True
        self.problems += structurer.problems
        self.lost |= structurer.lost
        self.damaged.update({(name, path): frozenset(keys) for path, keys in structurer.damaged.items()})

    def _table(self, structurer: Structurer, key: str, value: object) -> None:
        meant = key
        if key not in TABLES and key not in SINGLE and not _is_table(value):
            structurer.bad(
                (key, NAME), "no-table", f"{shown(key)} stands in no table", "the name of a table, such as [[rule]], stands above its keys"
            )
            return
        if key not in TABLES and key not in SINGLE:
            known = (*TABLES, *SINGLE)
            meant = closest(key, known)
            hint = f"did you mean {meant}?" if meant else f"tables are {', '.join(known)}"
            structurer.bad((key, NAME), "unknown-table", f"there is no table {shown(key)}", hint)
        if meant in TABLES:
            self._rows(structurer, key, meant, value)
        elif meant in SINGLE:
            self._once(structurer, key, meant, value)
        else:
            rows = value if isinstance(value, list) else [value]
            self.lost.update(id for row in rows if isinstance(row, dict) and isinstance(id := row.get("id"), str))

    def _once(self, structurer: Structurer, key: str, meant: str, value: object) -> None:
        field, cls = SINGLE[meant]
        if meant in self.met:
            structurer.bad((key,), "duplicate", f"[{key}] stands in two files", f"the other is in {self.met[meant].partition('/')[2]}")
            return
        self.met[meant] = structurer.file
        one = structurer.table(cls, value, (key,))
        if one is not BAD:
            self.single[field] = one

    def _rows(self, structurer: Structurer, key: str, meant: str, value: object) -> None:
        field, cls = TABLES[meant]
        if isinstance(value, dict):
            structurer.bad((key,), "type", "of these tables there may be many", f"write [[{key}]]")
            made = [structurer.table(cls, value, (key,))]
        elif isinstance(value, list):
            made = [structurer.table(cls, row, (key, index)) for index, row in enumerate(value)]
        else:
            made = [structurer.bad((key,), "type", f"expected tables, not {kind_of(value)}", f"write [[{key}]]")]
        kept = [one for one in made if one is not BAD]
        named = [row for row in value if isinstance(row, dict) and isinstance(row.get("id"), str)] if isinstance(value, list) else kept
        self.blind |= meant in REFERRED and len(named) < len(made)
        self.lists[field].extend(kept)

    def _parameters(self, given: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
        """The parameters, those of the rulebook as the scenario sets them (two of one id within either are for the lint to find)."""
        own = {parameter.id: parameter for parameter in given if _is_own(parameter)}
        replaced = {parameter.id for parameter in given if not _is_own(parameter) and parameter.id in own}
        kept: list[Parameter] = []
        for parameter in given:
            if parameter.id not in replaced:
                kept.append(parameter)
            elif not _is_own(parameter):
                kept.append(self._set(parameter, own[parameter.id]))
            elif own[parameter.id] is not parameter:
                kept.append(parameter)
        return tuple(kept)

    def _set(self, parameter: Parameter, own: Parameter) -> Parameter:
        if own.unit != parameter.unit:
            message = f"{own.id} is given in {own.unit}, and in {parameter.unit} by the rulebook"
            at = attrs.evolve(own.place, path=(*own.place.path, "unit"))
            self.problems.append(Problem(at, "error", "unit-mismatch", message, f'write unit = "{parameter.unit}"'))
        return own


def _told_once(quantities: tuple[QuantityDefinition, ...]) -> tuple[QuantityDefinition, ...]:
    """The quantities, each once that two modules declare in the same words: either may be named without the other."""
    kept: list[QuantityDefinition] = []
    for quantity in quantities:
        if not any(other == quantity and module_of(other.place) != module_of(quantity.place) for other in kept):
            kept.append(quantity)
    return tuple(kept)


def _is_table(value: object) -> bool:
    """Whether a value is a table or a list of them."""
    return isinstance(value, dict) or (isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value))


def _is_own(parameter: Parameter) -> bool:
    """Whether a parameter stands in the scenario rather than in a module of the rulebook."""
    return parameter.place.file.startswith("scenario/")


# --- TOML ---------------------------------------------------------------------------------------------------------------------------


def read_toml(name: str, text: str) -> tuple[dict[str, Any] | None, str, list[Problem]]:
    """What a text holds, the text as it was read in the end, and problems.

    After a mistake the text is read again with the table that holds it blanked out, so that several mistakes are told at once.
    """
    problems: list[Problem] = []
    while True:
        try:
            return tomli.loads(text), text, problems
        except RecursionError:
            problems.append(Problem(Place(name, 1, 1), "error", "too-deep", "tables or keys are nested too deep", "flatten it"))
            return None, text, problems
        except ValueError as error:
            problem, start, end = toml_problem(name, text, error)
        problems.append(problem)
        if len(text) > RECOVERED_CHARACTERS or len(problems) > RECOVERIES or not text[start:end].strip():
            return None, text, problems
        text = text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]


def toml_problem(name: str, text: str, error: Exception) -> tuple[Problem, int, int]:
    """What the TOML reader found, at the word that is wrong, and where the table around it begins and ends."""
    message = str(getattr(error, "msg", error)).partition(" (at")[0]
    lines = text.split("\n")
    offset = min(sum(len(line) + 1 for line in lines[: getattr(error, "lineno", 1) - 1]) + getattr(error, "colno", 1) - 1, len(text))
    outline = Outline.of(text)
    code, offset, message, hint = _told(message, offset, outline)
    start, end = _table_around(text, offset)
    return Problem(Place(name, *line_and_column(text, offset)), "error", code, shown(message), hint), start, end


def _table_around(text: str, offset: int) -> tuple[int, int]:
    """Where the table that holds an offset begins, and where it ends with all tables inside it."""
    headers = [(match.start(), match.group(1).strip()) for match in _HEADER.finditer(text)]
    start, name = max(((at, name) for at, name in headers if at <= offset), default=(0, "."))
    return start, min((at for at, later in headers if at > offset and not later.startswith(f"{name}.")), default=len(text))


def _told(message: str, offset: int, outline: Outline) -> tuple[str, int, str, str]:
    """Code, offset, words and hint of a mistake in TOML, moved to where it was made rather than where the reader noticed."""
    text, broken = outline.text, outline.broken
    if message.startswith(("Cannot", "Duplicate")) and outline.doubled:
        path, at = outline.doubled[0]
        words = ".".join(str(part) for part in path if isinstance(part, str))
        return (
            "duplicate-key",
            at,
            f"{words} stands here a second time",
            "a key stands once in its table; of several tables each begins with [[...]]",
        )
    if message.startswith("Unterminated") and broken is not None and text[broken : broken + 1] in ('"', "'"):
        return "toml", broken, "not TOML: the text that begins here is never closed", "close it with the same quotes"
    if outline.open and any(outline.open[0] < match.start() <= offset for match in _HEADER.finditer(text)):
        sign = text[outline.open[0]]
        return "toml", outline.open[0], "not TOML: what begins here is never closed", f"close it with {']' if sign == '[' else '}'}"
    if message.startswith("Illegal character"):
        at = broken if broken is not None and broken < offset and "\n" not in text[broken:offset] else offset
        return (
            "toml",
            at,
            "not TOML: a text is not closed on its line",
            "close it with the same quotes; a longer text stands between three quotes",
        )
    hint = "text stands in quotes, numbers and days such as 2010-06-10 without; each key on a line of its own"
    if message.startswith("Expected '=' after"):
        hint = "a line is key = value; the name of a table stands in brackets"
    return "toml", offset, f"not TOML: {message[:1].lower()}{message[1:]}", hint
