"""What a linter cannot say about this project, said once and checked for every file."""

from __future__ import annotations

import ast
import pathlib
import re
from collections.abc import Iterator

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "exercise"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "_content" not in path.parts)
PURE = [path for path in MODULES if path.relative_to(PACKAGE).parts[0] in {"core", "language"}]
TESTS = sorted((ROOT / "tests").rglob("test_*.py"))
TEXTS = sorted(
    path
    for pattern in (
        "*.md",
        "*.toml",
        ".ci/*",
        "docs/**/*.md",
        "rules/**/*.toml",
        "scenarios/**/*.toml",
        "benchmarks/**/*.py",
        "tests/**/*.py",
        "exercise/**/*.py",
    )
    for path in ROOT.glob(pattern)
    if path.is_file()
)

LONGEST_MODULE = 500
LONGER_MODULES: dict[str, int] = {}
MAY_PRINT = {"tui/plain.py"}
CLOCK_CALLS = {"today", "now", "utcnow", "time", "monotonic", "perf_counter", "localtime", "gmtime"}


def name_of(path: pathlib.Path) -> str:
    """A file as findings name it."""
    return path.relative_to(ROOT).as_posix()


def tree_of(path: pathlib.Path) -> ast.Module:
    """The file, parsed."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def calls(path: pathlib.Path) -> Iterator[tuple[int, str]]:
    """Line and dotted name of every call of a plain or attribute name."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            yield node.lineno, ast.unparse(node.func)


def public_definitions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """Functions, classes and methods that other modules may use: no name on the way begins with an underscore."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        for node in ast.iter_child_nodes(waiting.pop()):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                yield node
                if isinstance(node, ast.ClassDef):
                    waiting.append(node)


@pytest.mark.parametrize("path", PURE, ids=name_of)
def test_the_rules_of_the_game_ask_no_clock(path: pathlib.Path) -> None:
    """Core and language may hold scenario days as data; asking for the present would make two replays differ."""
    asked = [f"{line}: {call}" for line, call in calls(path) if call.rpartition(".")[2] in CLOCK_CALLS and "." in call]
    assert not asked


@pytest.mark.parametrize("path", PURE, ids=name_of)
def test_the_rules_of_the_game_open_no_door(path: pathlib.Path) -> None:
    """The import contract forbids modules; this forbids what needs no import: files, input, hidden imports, unordered sums.

    ``hash`` and ``id`` differ between processes.
    """
    refused = {"open", "input", "print", "__import__", "eval", "hash", "id", "globals", "vars", "breakpoint"}
    assert not [f"{line}: {call}" for line, call in calls(path) if call in refused]


@pytest.mark.parametrize("path", PURE, ids=name_of)
def test_the_rules_of_the_game_add_in_a_fixed_way(path: pathlib.Path) -> None:
    """``sum`` over floats differs between Python 3.11 and 3.12, so that sums of amounts are written as loops; counting with it is fine."""

    def counts(node: ast.Call) -> bool:
        return len(node.args) == 1 and isinstance(node.args[0], ast.GeneratorExp) and ast.unparse(node.args[0].elt) == "1"

    sums = [
        node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call) and ast.unparse(node.func) in {"sum", "math.fsum", "fsum"}
    ]
    assert not [f"{node.lineno}: {ast.unparse(node)}" for node in sums if not counts(node)]


@pytest.mark.parametrize("path", PURE, ids=name_of)
def test_the_rules_of_the_game_never_walk_a_set(path: pathlib.Path) -> None:
    """The order of a set of strings changes with the hash seed, so no loop and no comprehension runs over a set written in place."""

    def unordered(node: ast.expr) -> bool:
        return isinstance(node, ast.Set | ast.SetComp) or (isinstance(node, ast.Call) and ast.unparse(node.func) in {"set", "frozenset"})

    walked = [node.iter for node in ast.walk(tree_of(path)) if isinstance(node, ast.For | ast.comprehension)]
    assert not [f"{node.lineno}: {ast.unparse(node)}" for node in walked if unordered(node)]


def test_no_content_is_ever_executed() -> None:
    """Only the emitters' own output is compiled: ``exec`` and ``compile`` stand in one module of the language and nowhere else."""
    users = {name_of(path) for path in MODULES for _, call in calls(path) if call in {"exec", "eval", "compile", "__import__"}}
    assert {name.split("/")[1] for name in users} <= {"language"}
    assert len(users) <= 1


def test_no_text_is_ever_unpickled() -> None:
    """Logs and content are data only: nothing that builds objects by name reads them (fault row 61). The one module that keeps compiled
    programs for this user reads only what this user wrote, never a file that came from elsewhere.
    """
    forbidden = re.compile(r"^\s*(?:import|from)\s+(?:pickle|marshal|shelve|dill|yaml)\b", re.MULTILINE)
    users = [name_of(path) for path in MODULES if forbidden.search(path.read_text(encoding="utf-8"))]
    assert users == ["exercise/content/prepared.py"]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_the_plain_line_mode_prints(path: pathlib.Path) -> None:
    """Commands print through one function that makes control characters visible; screens through their own door."""
    if path.relative_to(PACKAGE).as_posix() in MAY_PRINT:
        return
    assert not [line for line, call in calls(path) if call == "print"]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_modules_stay_small_enough_to_read(path: pathlib.Path) -> None:
    """A module is read in one sitting."""
    limit = LONGER_MODULES.get(path.relative_to(PACKAGE).as_posix(), LONGEST_MODULE)
    assert path.read_text(encoding="utf-8").count("\n") <= limit


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_everything_public_says_what_it_means(path: pathlib.Path) -> None:
    """Every module, class and function that others may use has a docstring."""
    tree = tree_of(path)
    silent = [f"{node.lineno}: {node.name}" for node in public_definitions(tree) if not ast.get_docstring(node)]
    assert not silent
    assert ast.get_docstring(tree), "the module itself"


@pytest.mark.parametrize("path", TESTS, ids=name_of)
def test_every_test_says_what_it_proves(path: pathlib.Path) -> None:
    """A test's name is a sentence and its docstring says what it proves."""
    tests = [
        node
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    ]
    assert not [f"{node.lineno}: {node.name}" for node in tests if not ast.get_docstring(node)]


def test_test_files_mirror_the_rooms() -> None:
    """Tests stand in a folder named like the room that they test, so that they are found without searching."""
    rooms = {path.name for path in PACKAGE.iterdir() if path.is_dir()}
    strays = [name_of(path) for path in TESTS if path.parent != ROOT / "tests" and path.relative_to(ROOT / "tests").parts[0] not in rooms]
    assert not strays


@pytest.mark.parametrize("path", TEXTS, ids=name_of)
def test_no_file_carries_marks_of_unfinished_work_or_of_one_machine(path: pathlib.Path) -> None:
    """Unfinished work belongs to the tracker, and a path or host of somebody's machine helps nobody else."""
    marks = "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"))
    places = "|".join(("/wo" + "rk/", "/ho" + "me/", "/ro" + "ot/", "/Use" + "rs/", "/tm" + "p/", "file" + ":///"))
    text = path.read_text(encoding="utf-8")
    # TO DO with a space is a line of the screen; the mark is one word, in capitals.
    found = [match.group() for match in re.finditer(rf"\b(?:{marks})\b(?!\w)|(?<![\w}}])(?:{places})", text)]
    assert not found


@pytest.mark.parametrize("path", TEXTS, ids=name_of)
def test_every_file_is_plain_utf8_text(path: pathlib.Path) -> None:
    """UTF-8 without a mark at the start, lines that end with a line feed, no trailing blanks in code, a line feed at the end."""
    raw = path.read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw or path.suffix == ".py"
    assert not raw or raw.endswith(b"\n")


def translated(tree: ast.Module) -> set[int]:
    """Ids of the string constants that stand inside a call of the catalogue's functions."""
    inside: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in {"_", "many"}:
            inside.update(id(constant) for constant in ast.walk(node) if isinstance(constant, ast.Constant))
    return inside


SENTENCE = re.compile(r"[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}")


@pytest.mark.parametrize("path", [path for path in MODULES if path.relative_to(PACKAGE).parts[0] in {"tui", "presenter"}], ids=name_of)
def test_sentences_on_screens_go_through_the_catalogue(path: pathlib.Path) -> None:
    """A text of three words or more in a screen or presenter is translatable, unless it is a docstring, an exception or a style sheet."""
    tree = tree_of(path)
    exempt = translated(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            exempt.update(id(each.value) for each in node.body if isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))
        if isinstance(node, ast.Raise):
            exempt.update(id(constant) for constant in ast.walk(node) if isinstance(constant, ast.Constant))
        if isinstance(node, ast.Assign | ast.AnnAssign) and "CSS" in ast.unparse(node).partition("=")[0]:
            exempt.update(id(constant) for constant in ast.walk(node) if isinstance(constant, ast.Constant))
    # A string alone on its line documents the name above it.
    exempt.update(id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    plain = [
        f"{node.lineno}: {node.value[:60]!r}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in exempt and SENTENCE.search(node.value)
    ]
    assert not plain
