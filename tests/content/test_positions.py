"""Where values stand: every one of them, to the character."""

from __future__ import annotations

import tomli
from hypothesis import given, settings
from hypothesis import strategies as st

from exercise.content.positions import NAME, Outline, inside, line_and_column, locate, located
from exercise.language.problem import Place, Problem

WORDS = st.text(alphabet="abcxyz_-", min_size=1, max_size=6)
TEXTS = st.text(alphabet="ab \"\\'#[]{}=,.\u00e9\n\t", max_size=12)
BLANKS = st.sampled_from(["", " ", "  ", "\t"])


def basic(text: str) -> str:
    """A text within double quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


@st.composite
def written(draw: st.DrawFn) -> tuple[str, int]:
    """A text as TOML writes it, and how far in its content begins."""
    text = draw(TEXTS)
    ways = [(basic(text), 1), ('"""\n' + text.replace("\\", "\\\\").replace('"', '\\"') + '"""', 4)]
    if "'" not in text and "\n" not in text:
        ways.append((f"'{text}'", 1))
    if "'" not in text:
        ways.append((f"'''{text}'''" if not text.startswith("\n") else f"'''\n{text}'''", 3 if not text.startswith("\n") else 4))
    return draw(st.sampled_from(ways))


@st.composite
def values(draw: st.DrawFn, depth: int = 2) -> tuple[str, list[tuple[tuple[str | int, ...], int]]]:
    """A value as written, with the paths inside it and their offsets."""
    kind = draw(st.sampled_from(["text", "number", "list", "table"] if depth else ["text", "number"]))
    if kind == "text":
        text, start = draw(written())
        return text, [((), start)]
    if kind == "number":
        return draw(st.sampled_from(["1", "-2.5", "true", "2010-06-10", "1e3", "0x1f", "inf", "22:30:00"])), [((), 0)]
    opening, closing = ("[", "]") if kind == "list" else ("{", "}")
    text, found = opening, [((), 0)]
    keys = draw(st.lists(WORDS, unique=True, max_size=3))
    for index, key in enumerate(keys):
        text += draw(BLANKS)
        if kind == "table":
            text += f"{key}{draw(BLANKS)}={draw(BLANKS)}"
        inner, offsets = draw(values(depth - 1))
        step: str | int = key if kind == "table" else index
        found += [((step, *path), len(text) + at) for path, at in offsets]
        text += inner + draw(BLANKS) + ("," if index < len(keys) - 1 else "")
    return text + closing, found


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, list[tuple[tuple[str | int, ...], int]]]:
    """A whole text with comments and tables, and where every value stands."""
    text, found = "", []
    counts: dict[str, int] = {}
    for _ in range(draw(st.integers(0, 4))):
        text += draw(st.sampled_from(["", "# a [[comment]] = 'x\n", "\n\n"]))
        many, name = draw(st.booleans()), draw(WORDS)
        path: tuple[str | int, ...] = (f"{'m' if many else 's'}_{name}",)
        if not many and path[0] in counts:
            continue
        number = counts[str(path[0])] = counts.get(str(path[0]), -1) + 1
        if many:
            path = (*path, number)
        found.append((path, len(text)))
        text += f"[[{path[0]}]]\n" if many else f"[{path[0]}]\n"
        for key in draw(st.lists(WORDS, unique=True, max_size=4)):
            quoted = draw(st.sampled_from([key, basic(key)]))
            text += draw(BLANKS)
            found.append(((*path, key, NAME), len(text)))
            text += f"{quoted} = "
            value, offsets = draw(values())
            found += [((*path, key, *inner), len(text) + at) for inner, at in offsets]
            text += value + draw(st.sampled_from(["\n", "  # why\n"]))
    return text, found


@given(documents())
@settings(max_examples=200)
def test_every_value_of_a_document_is_found_at_its_first_character(document):
    """Documents are built with the place of every table, key and value known; the scanner finds exactly those, as the reader accepts them."""
    text, known = document
    tomli.loads(text)
    outline = Outline.of(text)
    assert outline.broken is None
    for path, offset in known:
        assert outline.nearest(path) == (offset, True), (path, text[offset : offset + 20])
        assert locate(text, path) == line_and_column(text, offset)


@given(written(), st.data())
def test_a_character_of_a_text_is_found_behind_escapes(spelled, data):
    """An offset counts characters as they are meant; in the file an escape takes up to ten."""
    raw, start = spelled
    meant = tomli.loads(f"x = {raw}")["x"]
    offset = data.draw(st.integers(0, len(meant)))
    place = inside(f"x = {raw}", start + 4, offset)
    if offset < len(meant):
        shown = f"x = {raw}"[place]
        assert shown == meant[offset] or shown == "\\"
    else:
        assert f"x = {raw}"[place] in "\"'"


@given(st.text(alphabet="ab[]{}='\"\\#.,\n -1", max_size=80))
@settings(max_examples=300)
def test_no_text_stops_the_scanner(text):
    """Whatever the text, looking up a place gives one within it."""
    outline = Outline.of(text)
    assert outline.broken is None or 0 <= outline.broken <= len(text)
    line, column = locate(text, ("a", 0, "b"))
    assert 1 <= line <= text.count("\n") + 1
    assert 1 <= column <= len(text.split("\n")[line - 1]) + 1


def test_line_ends_of_windows_move_nothing():
    """The place in a text with CRLF is on the same line and column."""
    text = '[[rule]]\nid = "a"\nwhen = """\nr.x\n  > y"""\n'
    path = ("rule", 0, "when")
    assert locate(text, path) == locate(text.replace("\n", "\r\n"), path) == (4, 1)


def test_problems_are_sorted_each_once():
    """Two parts of the program may find the same; a place that leads nowhere is that of the table around it."""
    files = (("a.toml", '[[rule]]\nid = "x"\n'),)
    found = [Problem(Place("a.toml", 0, 0, path), "error", "c", "m") for path in (("rule", 0, "id"), ("rule", 0, "no"), ("rule", 0, "id"))]
    assert [(one.place.line, one.place.column) for one in located(found, files)] == [(1, 1), (2, 7)]
