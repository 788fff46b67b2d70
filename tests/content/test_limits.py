"""Texts made to choke a reader: each is refused with its place, in little time and memory."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exercise.content import ContentError, examine, load_texts, read_texts
from exercise.content.limits import FILE_BYTES, decoded, text_problem

MEGABYTE = 1024 * 1024
BOMBS = {
    "dotted key": ("a." * 20_000 + "b = 1", "too-long"),
    "dotted key in braces": ("x = { " + "a." * 10_000 + "b = 1 }", "too-long"),
    "dotted table": ("[" + "a." * 10_000 + "b]", "too-deep"),
    "many deep keys": ("\n".join("a." * 90 + f"k{n} = 1" for n in range(5_000)), "too-deep"),
    "many deep quoted keys": ("\n".join('"]#".' * 30 + f"k{n} = 1" for n in range(500)), "too-deep"),
    "quoted key": ('"' + "k" * 20_000 + '" = 1', "too-long"),
    "brackets": ("a = " + "[" * 5_000, "too-deep"),
    "brackets on lines": ("a = " + "[\n" * 5_000, "too-deep"),
    "braces": ("a = " + "{a=" * 5_000, "too-deep"),
    "siblings": ("".join(f"k{n} = 1\n" for n in range(90_000)), "too-many"),
    "fewer siblings": ("".join(f"k{n} = 1\n" for n in range(19_000)), "no-table"),
    "siblings in a table": ("[scenario]\n" + "".join(f"k{n} = 1\n" for n in range(19_000)), "unknown-key"),
    "items": ("a = [" + "1," * 500_000 + "]", "too-many"),
    "items on lines": ("a = [" + "1,\n" * 19_000 + "]", "no-table"),
    "tables": ("".join(f"[k{n}]\n" for n in range(90_000)), "too-many"),
    "empty tables": ("[[rule]]\n" * 4_900, "missing-key"),
    "hexadecimal": ("a = 0x" + "f" * (MEGABYTE - 20), "too-long"),
    "digits": ("a = " + "1" * 20_000, "too-long"),
    "long text": ('a = "' + "x" * (MEGABYTE - 20) + '"', "too-long"),
    "too large": ("x" * (MEGABYTE + 1), "too-large"),
    "quotes never closed": ('a = """' + ('\\"""' * 4_000 + "\n") * 3, "toml"),
    "quotes": ("a = " + '"' * 20_000, "toml"),
    "mistakes": ("[[rule]]\n= \n" * 4_000, "toml"),
    "infinite": ('[[parameter]]\nid = "a"\nmeaning = "m"\nvalue = 1e999999\n', "not-finite"),
    "no number": ('[[parameter]]\nid = "a"\nmeaning = "m"\nvalue = nan\n', "not-finite"),
    "huge number": ('[[parameter]]\nid = "a"\nmeaning = "m"\nvalue = 123456789012345678901234567890\n', "too-large"),
    "twice": ("[scenario]\nid = 1\nid = 2\n", "duplicate-key"),
    "table twice": ("[scenario]\n[scenario]\n", "duplicate-key"),
    "mark": ("\ufeff[scenario]\n", "control-character"),
    "nought": ("a = 1\0", "control-character"),
    "escape": ("a = '\x1b[2J'", "control-character"),
    "turned round": ("a = '\u202e'", "control-character"),
    "half a pair": ("a = '\ud800'", "control-character"),
    "escaped escape": ('[[source]]\nid = "a"\ntitle = "\\u001b]52;c;\\u0007"\n', "control-character"),
    "old line end": ("a = 1\rb = 2", "toml"),
}


@pytest.mark.parametrize(("text", "code"), BOMBS.values(), ids=BOMBS)
def test_fault_56_a_text_made_to_choke_the_reader_is_refused_with_its_place(text: str, code: str) -> None:
    """A known code at a line and column of the text. It takes a quarter of a second at most, asserted four times as loosely."""
    began = time.process_time()
    found = read_texts((("rules/bomb.toml", text),), head_needed=False).problems
    assert time.process_time() - began < 1.0
    assert code in {problem.code for problem in found}, found[:3]
    assert len(found) <= 102
    lines = text.split("\n")
    for problem in found:
        assert problem.place.file == "rules/bomb.toml"
        assert 1 <= problem.place.column <= len(lines[problem.place.line - 1]) + 1
        assert problem.hint or problem.code == "too-many"
        assert len(problem.message) < 300


@pytest.mark.parametrize("name", ["siblings in a table", "items on lines", "empty tables", "mistakes", "many deep keys"])
def test_fault_56_refusing_takes_little_memory(name: str) -> None:
    """Far under 64 MiB, though the reader must build what it refuses."""
    text, _ = BOMBS[name]
    tracemalloc.start()
    try:
        read_texts((("rules/bomb.toml", text),), head_needed=False)
        assert tracemalloc.get_traced_memory()[1] < 32 * MEGABYTE
    finally:
        tracemalloc.stop()


CALENDARS = ["days = 1, count = 1000000000", "days = 1000000000, count = 1", "days = 0", "days = -5", "days = 3000, count = 400"]


@pytest.mark.parametrize("calendar", CALENDARS)
def test_fault_56_a_calendar_without_end_is_never_laid_out(calendar: str) -> None:
    """Loading refuses it, so that neither ``check`` nor ``run`` counts to a thousand million."""
    head = '[scenario]\nid = "a"\ntitle = "a"\nsummary = "a"\ncontent_note = "a"\nmodules = []\ndefault_cut = "c"\n'
    cut = f'[[cut]]\nid = "c"\ntitle = "c"\nsummary = "s"\nminutes = 5\nstart = 2010-06-10\ncalendar = [{{ {calendar} }}]\n'
    with pytest.raises(ContentError) as refused:
        load_texts((("scenario/scenario.toml", head + cut),))
    assert [problem.code for problem in refused.value.problems] == ["out-of-range"]
    assert examine(read_texts((("scenario/scenario.toml", head + cut),)))


def test_fault_56_bytes_that_are_no_text_are_told_by_line_and_character() -> None:
    """The column counts characters; a byte-order mark is told as what it is; line ends of Windows are taken as line ends."""
    problem = decoded("a.toml", "x = 1\nñ = '".encode() + b"\xff'")[1]
    assert problem is not None
    assert (problem.code, problem.place.line, problem.place.column) == ("encoding", 2, 6)
    marked = decoded("a.toml", b"\xef\xbb\xbfx = 1")[1]
    assert marked is not None
    assert (marked.code, "byte-order mark" in marked.message) == ("encoding", True)
    assert decoded("a.toml", b"x = 1\r\ny = 2\r\n") == ("x = 1\ny = 2\n", None)
    large = decoded("a.toml", b" " * (FILE_BYTES + 1))[1]
    assert large is not None
    assert large.code == "too-large"


@pytest.mark.parametrize(
    "text",
    [
        'text = """\n' + "A long line of prose with = and [brackets] and dots . . . . . . . " * 5 + '"""',
        'url = "https://example.org/0123456789abcdef0123456789abcdef0123456789abcdef"',
        "a = [[1, 2], [3, 4]]\nb = { c = { d = [] } }",
        "at = 1979-05-27T07:32:00.999999-07:00",
        "# [[[[[[[[[[[[[[[[[[[[[[ a comment, a.b.c.d.e.f.g.h = 1",
        "a = '''\n[[[[[[[[[[[[[[[[[[[[[['''\nb = \"[[[[[[[[[[[[[[[[[[[[[[[[\"",
        "[body.motions]\n[body.motions.effects]",
    ],
)
def test_ordinary_text_is_not_refused(text: str) -> None:
    """Limits look at keys, numbers and brackets, not at what stands in quotes or comments."""
    assert text_problem("a.toml", text) is None


@given(st.binary(max_size=200))
@settings(max_examples=200)
def test_fault_56_no_bytes_escape_the_loader(raw: bytes) -> None:
    """Any bytes give a text or a problem, and any text problems with places, never another exception."""
    text, problem = decoded("scenario/scenario.toml", raw)
    assert (problem is None) or (text == "" and problem.place.line >= 1)
    with pytest.raises(ContentError) as refused:
        load_texts((("scenario/scenario.toml", text),))
    assert refused.value.problems
