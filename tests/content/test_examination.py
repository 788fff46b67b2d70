"""Everything that is wrong is told once, whatever is wrong; and nothing that is wrong brings the program down."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exercise.content import examine, read_texts
from tests.content.pieces import reading, valley

INSTEAD = [
    "0",
    "-1",
    "1e400",
    "nan",
    "9" * 20,
    "2010-06-10",
    '"x"',
    '""',
    "true",
    "[]",
    "{}",
    '[""]',
    '{ id = "x" }',
    '"region r"',
    '"never"',
]
INSTEAD += ['"r.water / r.water"', "\"__import__('os')\"", '"{0.__class__}"', '"${HOME}"']
LINES = [
    "[scenario]",
    "[[rule]]",
    "[[seat]]",
    "[map]",
    "[[cut]]",
    "[x]",
    'id = "valley"',
    "on = 2010-01-01",
    "start = 3",
    "]",
    '"""',
    "'''",
]


def mutated(dice: random.Random, text: str, words: list[str]) -> str:
    """The text with one to three slips of the kinds that hands make."""
    lines = text.split("\n")
    for _ in range(dice.choice((1, 1, 2, 3))):
        at, slip = dice.randrange(len(lines)), dice.randrange(8)
        found = list(re.finditer(r"[A-Za-z_]+|[0-9.]+|\"[^\"]*\"", lines[at]))
        if slip == 0 and len(lines) > 5:
            del lines[at : at + dice.randrange(1, 5)]
        elif slip == 1:
            lines.insert(at, dice.choice([*LINES, lines[dice.randrange(len(lines))]]))
        elif slip in (2, 3, 4) and found:
            word = dice.choice(found)
            instead = dice.choice(words if slip == 2 else INSTEAD if slip == 3 else [word.group()[1:], word.group()[:-1]])
            lines[at] = lines[at][: word.start()] + instead + lines[at][word.end() :]
        elif lines[at]:
            where = dice.randrange(len(lines[at]))
            lines[at] = lines[at][:where] + dice.choice(["", *"[]{}\"'=#.,\\ ax0\t"]) + lines[at][where + dice.randrange(2) :]
    return "\n".join(lines)


def test_fault_57_no_slip_of_the_hand_brings_the_program_down(campaign) -> None:
    """Mutated scenarios give problems with places inside their files, words and, almost always, a hint; never another exception."""
    files = dict(valley())
    names = [name for name in files if name != "rules/sources.toml"]
    words = sorted({word for text in files.values() for word in re.findall(r"[a-z_]+", text)})
    for seed in range(campaign(40, 5_000)):
        dice = random.Random(seed)
        name = dice.choice(names)
        texts = tuple(sorted({**files, name: mutated(dice, files[name], words)}.items()))
        found = examine(read_texts(texts))
        shown = {name: text.split("\n") for name, text in texts}
        for problem in found:
            assert problem.message
            assert problem.message.isprintable()
            if problem.place.file in shown:
                assert 1 <= problem.place.line <= len(shown[problem.place.file]), problem
                assert 1 <= problem.place.column <= len(shown[problem.place.file][problem.place.line - 1]) + 1, problem
        assert len(set(found)) == len(found)


def test_fault_57_what_is_sound_has_no_problem() -> None:
    """The starter scenario: no error and no warning."""
    assert examine(read_texts(valley())) == ()


@pytest.mark.parametrize(
    "text", ["__import__('os').system('true')", "{0.__class__}", "${HOME}", "$(id)", "`id`", "%s%n", "r.__class__", "lambda: 0"]
)
def test_fault_60_code_looking_text_is_inert(text: str) -> None:
    """In an expression it is refused at a place; in prose it is prose; in news only three placeholders mean anything."""
    rule = '[[rule]]\nid = "a.b"\nstage = "drift"\nbecause = "b"\nassumption = true\nreason = "r"\neffects = []\n'
    found = [one for one in examine(reading(rule + f'when = """{text}"""\n')) if one.place.file == "scenario/extra.toml"]
    assert [one.place.line for one in found] == [8]
    prose = reading(f'[[source]]\nid = "x"\ntitle = """{text}"""\n')
    assert prose.content.sources[0].title == text
    order = '[[order]]\nid = "go"\nseats = ["town"]\ntitle = "G"\npurpose = "relief"\ntext = "t"\nbecause = "b"\n'
    told = [one for one in examine(reading(order + f'news = """{text}"""\n')) if one.place.file == "scenario/extra.toml"]
    assert {one.code for one in told} <= {"placeholder"}


@given(st.text(alphabet="rx.()+-*/<>=0129 andorifelse\"'{}[]", max_size=60))
@settings(max_examples=100)
def test_no_expression_escapes(text: str) -> None:
    """Any text as a condition is told at a place within it, or is sound."""
    rule = '[[rule]]\nid = "a.b"\nstage = "drift"\nfor = "region r"\nbecause = "b"\neffects = []\nassumption = true\nreason = "r"\nwhen = \'\'\''
    found = [one for one in examine(reading(f"{rule}{text}'''\n")) if one.place.file == "scenario/extra.toml"]
    assert all(one.place.line >= 1 for one in found)


def test_two_parts_of_the_program_do_not_tell_one_thing_twice() -> None:
    """A seat that is none in an order, a report, a body and a doctrine: once each, at the word."""
    text = (
        '[[order]]\nid = "go"\nseats = ["twon"]\ntitle = "G"\npurpose = "relief"\ntext = "t"\nbecause = "b"\n'
        '[[report]]\nid = "r"\nof = "region.heat"\nto = ["twon"]\nmeasured_by = "m"\n'
        '[[body]]\nid = "b"\nname = "B"\nshort = "B"\nrule_text = "r"\ndecision = "majority"\nmembers = [{ seat = "twon" }]\n'
        '[[body.motions]]\nid = "m"\ntitle = "M"\ntext = "t"\nmay_table = ["twon"]\nbecause = "b"\n'
        '[[doctrine]]\nid = "default"\nseat = "twon"\ntext = "t"\n'
    )
    found = [one for one in examine(reading(text)) if "twon" in one.message]
    assert [(one.code, one.hint) for one in found] == [("unknown-seat", "did you mean town?")] * 5
    lines = text.split("\n")
    assert all(lines[one.place.line - 1][one.place.column - 1 :].startswith("twon") for one in found)


def test_a_name_whose_definition_is_wrong_is_told_once() -> None:
    """Its ten uses follow from that and are not told."""
    rule = (
        '[[rule]]\nid = "a.b"\nstage = "drift"\nfor = "region r"\nbecause = "b"\nassumption = true\nreason = "r"\nlet = { a = "r.haet" }\n'
    )
    found = [
        one
        for one in examine(reading(rule + 'when = "a > a + a"\neffects = [{ on = "r.heat", add = "a" }]\n'))
        if "extra" in one.place.file
    ]
    assert [(one.code, one.place.line, one.place.column) for one in found] == [("unknown-quantity", 8, 16)]


def test_a_binding_that_is_wrong_is_told_once() -> None:
    """The variables that it would have bound mean nothing, which is not told of each use."""
    rule = '[[rule]]\nid = "a.b"\nstage = "drift"\nfor = "regoin r"\nbecause = "b"\nassumption = true\nreason = "r"\n'
    effects = 'effects = [{ on = "r.heat", add = "r.heat" }]\n'
    found = [one for one in examine(reading(rule + effects)) if "extra" in one.place.file]
    assert [(one.code, one.place.line) for one in found] == [("unknown-kind", 4)]
