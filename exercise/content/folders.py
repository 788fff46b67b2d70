"""Where content lies: the search path of scenarios and rulebooks, and their files, read only when it is safe to.

User's folders come before the shipped ones. Only regular files inside a folder are read, none through a link, none over the limits;
whatever is refused becomes a problem with the name of its file.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import attrs
import platformdirs
import tomli

from exercise.content.limits import FILE_BYTES, FILES, TOTAL_BYTES, decoded, text_problem
from exercise.language import did_you_mean
from exercise.language.problem import Place, Problem

Files = tuple[tuple[str, str], ...]
"""(name, text) of every file, named ``rules/x.toml`` and ``scenario/x.toml``."""

HEAD = "scenario.toml"
WORLDS = "worlds"
"""Folder within a rulebook that holds the small worlds of its experiments, each laid out as a scenario."""
BASE_MODULES = ("kinds", "stages", "sources")
"""Files of the rulebook that every scenario stands on."""
MODULE = re.compile(r"[a-z][a-z0-9_-]{0,60}")
"""How a module may be called: a plain word, so that it leads nowhere but into a rules folder."""

_FILE_NAME = re.compile(r"[\w][\w .,()+-]{0,120}\.toml")
_OPENING = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


class ContentError(Exception):
    """Content that cannot be read: ``problems`` says everything that is wrong, with places."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems) or "content cannot be read")
        self.problems = tuple(problems)


@attrs.frozen(slots=True)
class Found:
    """A scenario folder: its ``id`` and ``title`` as its head names them (the folder's name if the head cannot be read)."""

    folder: Path
    id: str
    title: str


# --- where scenarios are ------------------------------------------------------------------------------------------------------------


def shipped() -> Path:
    """The folder that holds the shipped ``scenarios`` and ``rules``: inside the installed package, or the checkout it runs from."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "_content"
    return inside if inside.is_dir() else package.parent


def search_path() -> tuple[Path, ...]:
    """Folders that hold ``scenarios`` and ``rules``, the user's first."""
    own = Path(platformdirs.user_data_dir("situation-room"))
    return tuple(dict.fromkeys((Path.cwd(), own, shipped())))


def find_scenarios(roots: Sequence[Path] | None = None) -> tuple[Found, ...]:
    """Every scenario on the search path; of two with one id the first counts."""
    found: dict[str, Found] = {}
    for root in roots or search_path():
        folder = root / "scenarios"
        for head in sorted(folder.glob(f"*/{HEAD}")) if folder.is_dir() else []:
            one = _found(head)
            found.setdefault(one.id, one)
    return tuple(found.values())


def _found(head: Path) -> Found:
    collector = Collector()
    collector.file(head, f"scenario/{HEAD}")
    table = _head_table(collector.files)
    name = head.parent.name
    return Found(head.parent, str(table.get("id", name.replace("_", "-"))), str(table.get("title", name)))


def find(scenario: str | Path) -> Path:
    """The folder of a scenario named by id or path. Raises ``ContentError`` with the nearest ids."""
    path = Path(scenario)
    if (path / HEAD).is_file():
        return path
    found = find_scenarios()
    for one in found:
        if str(scenario) in (one.id, one.folder.name):
            return one.folder
    ids = [one.id for one in found]
    hint = did_you_mean(str(scenario), ids, f"scenarios are {', '.join(ids) or 'none'}; a folder with {HEAD} can be named too")
    raise ContentError((Problem(Place(str(scenario), 1, 1), "error", "unknown-scenario", f"there is no scenario {scenario}", hint),))


# --- their files --------------------------------------------------------------------------------------------------------------------


def scenario_collected(folder: Path) -> Collector:
    """The files of a scenario's folder and of the modules that it names."""
    collector = Collector()
    collector.folder(folder, "scenario")
    rules = _rules_folders(folder)
    named = _modules(collector.files)
    for module in dict.fromkeys((*BASE_MODULES, *named)):
        path = next((base / f"{module}.toml" for base in rules if MODULE.fullmatch(module) and (base / f"{module}.toml").is_file()), None)
        if path is not None:
            collector.file(path, f"rules/{module}.toml")
        elif module in named:
            known = sorted({found.stem for base in rules if base.is_dir() for found in base.glob("*.toml")})
            place = Place(f"scenario/{HEAD}", 0, 0, ("scenario", "modules", named.index(module)))
            hint = did_you_mean(module, known, f"modules are {', '.join(known)}")
            collector.problems.append(Problem(place, "error", "unknown-module", f"the rulebook has no module {module[:80]}", hint))
            collector.blind = True
    return collector


def rules_collected(folder: Path) -> Collector:
    """The files of a rules folder alone."""
    collector = Collector()
    collector.folder(folder, "rules", but=frozenset({WORLDS}))
    return collector


def find_world(rules: Path, world: str) -> Path:
    """The folder of the world that an experiment names: a small one of the rulebook, or a scenario. Raises ``ContentError``."""
    own = rules / WORLDS / world.replace("-", "_")
    return own if MODULE.fullmatch(world) and (own / HEAD).is_file() else find(world)


def worlds_of(rules: Path) -> tuple[Path, ...]:
    """The folders of a rulebook's small worlds."""
    return tuple(sorted(head.parent for head in (rules / WORLDS).glob(f"*/{HEAD}")))


def _head_table(files: Iterable[tuple[str, str]]) -> dict[str, Any]:
    for name, text in files:
        if name == f"scenario/{HEAD}" and text_problem(name, text) is None:
            try:
                table = tomli.loads(text).get("scenario", {})
            except (ValueError, RecursionError):
                return {}
            return table if isinstance(table, dict) else {}
    return {}


def _modules(files: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    modules = _head_table(files).get("modules", ())
    return tuple(module for module in modules if isinstance(module, str)) if isinstance(modules, list) else ()


def _rules_folders(scenario: Path) -> tuple[Path, ...]:
    shelf = scenario.resolve().parent
    beside = shelf.parent if shelf.name == WORLDS else shelf.parent / "rules"
    return tuple(dict.fromkeys((beside, *(root / "rules" for root in search_path()))))


@attrs.define(slots=True)
class Collector:
    """Reads files from disk. ``paths`` are the places of all files met, by name; ``blind``: some could not be read, so that words defined
    in them are unknown.
    """

    files: list[tuple[str, str]] = attrs.field(factory=list)
    problems: list[Problem] = attrs.field(factory=list)
    paths: dict[str, Path] = attrs.field(factory=dict)
    blind: bool = False
    total: int = 0

    def folder(self, folder: Path, label: str, but: frozenset[str] = frozenset()) -> None:
        """Every TOML file below a folder, by name; what begins with a dot belongs to editors and is passed over, as are folders ``but``."""
        unreadable: list[OSError] = []
        for base, folders, names in os.walk(folder, onerror=unreadable.append, followlinks=False):
            folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in but)
            for name in (*folders, *sorted(names)):
                path = Path(base, name)
                inner = f"{label}/{path.relative_to(folder).as_posix()}"
                if name in folders:
                    if path.is_symlink():
                        self._refuse(path, inner, "not-a-file", "links to folders are not followed", "copy the folder itself here")
                elif name.endswith(".toml") and not name.startswith("."):
                    self.file(path, inner)
        for error in unreadable:
            path = Path(os.fsdecode(error.filename or folder))
            name = "/".join(part for part in (label, path.relative_to(folder).as_posix()) if part != ".")
            self._refuse(path, name, "unreadable", f"the folder cannot be read: {error.strerror}", "its permissions decide that")

    def file(self, path: Path, name: str) -> None:
        """One file, if it may be read."""
        if not _FILE_NAME.fullmatch(path.name):
            plain = "/".join(re.sub(r"[^\w .,()+/-]", "\N{REPLACEMENT CHARACTER}", part)[:120] for part in name.split("/"))
            self._refuse(
                path, plain, "file-name", "the file's name holds signs that names of content files do not have", "letters, digits, - and _"
            )
            return
        try:
            raw = self._bytes(path, name)
        except OSError as error:
            self._refuse(path, name, "unreadable", f"the file cannot be read: {error.strerror}", "its permissions decide that")
            return
        if raw is None:
            return
        self.total += len(raw)
        self.paths[name] = path
        text, problem = decoded(name, raw)
        if problem is not None:
            self.problems.append(problem)
            self.blind = True
        else:
            self.files.append((name, text))

    def _bytes(self, path: Path, name: str) -> bytes | None:
        """What the file holds. Opened without waiting and looked at when it is open, so that nothing can be put in its place in between."""
        if not stat.S_ISREG(path.lstat().st_mode):
            self._refuse(path, name, "not-a-file", "only regular files are read, no links or devices", "copy the file itself here")
            return None
        if len(self.files) >= FILES:
            self._refuse(path, name, "too-many", f"at most {FILES} files are read", "put several tables into one file")
            return None
        handle = os.open(path, _OPENING)
        with os.fdopen(handle, "rb") as file:
            facts = os.fstat(handle)
            if not stat.S_ISREG(facts.st_mode):
                self._refuse(path, name, "not-a-file", "only regular files are read, no links or devices", "copy the file itself here")
                return None
            if self.total + min(facts.st_size, FILE_BYTES) > TOTAL_BYTES:
                self._refuse(path, name, "too-large", f"at most {TOTAL_BYTES:,} bytes of content are read", "split the content")
                return None
            return file.read(FILE_BYTES + 1)

    def _refuse(self, path: Path, name: str, code: str, message: str, hint: str) -> None:
        self.paths[name] = path
        self.problems.append(Problem(Place(name, 1, 1), "error", code, message, hint))
        self.blind = True
