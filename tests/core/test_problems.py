"""What is wrong with content is said all at once, each with its code, its words and the place to mend."""

from __future__ import annotations

import pytest

from exercise.content import load_texts, located
from exercise.core.compile import CompileError, attempt_compile, choose_cut, compile_exercise
from exercise.language.problem import Problem
from tests.core.scenes import FILE
from tests.worlds import COMMON

RULE = '[[rule]]\nid = "drift.r"\nstage = "drift"\nfor = "region r"\nbecause = "b"\n'
ORDER = '[[order]]\nid = "do"\nseats = ["town"]\ntitle = "D"\npurpose = "relief"\ntext = "D"\nbecause = "b"\n'
BODY = '[[body]]\nid = "council"\nname = "C"\nshort = "C"\nrule_text = "r"\ndecision = "consensus"\nmembers = [{ seat = "town" }]\n'
MOTION = '[[body.motions]]\nid = "send"\ntitle = "S"\ntext = "S"\nmay_table = ["town"]\nbecause = "b"\n'
INJECT = (
    '[[inject]]\nid = "fire"\nnumber = 1\ntitle = "t"\nkind = "conditional"\nfrom = "f"\nto = ["all"]\nmethod = "m"\ntext = "t"\n'
    'expected_action = "e"\nobjective = "o"\n'
)
DOCTRINE = '[[doctrine]]\nid = "default"\nseat = "town"\ntext = "t"\n'
REPORT = '[[report]]\nid = "thermometer"\nto = ["town"]\nmeasured_by = "m"\n'
SEAT = '[[seat]]\nid = "mayor"\nname = "M"\n'


def problems_of(text: str) -> list[Problem]:
    """The problems of the common tables with these, with lines and columns."""
    files = (("scenario/common.toml", COMMON), (FILE, text))
    content = load_texts(files)
    _, problems = attempt_compile(content, choose_cut(content, ""))
    return list(located(problems, files))


def stands_at(text: str, problem: Problem) -> str:
    """What stands in the file at the problem's line and column."""
    assert problem.place.file == FILE
    return text.splitlines()[problem.place.line - 1][problem.place.column - 1 :]


def case(id: str, text: str, code: str, at: str) -> object:
    """Tables with one thing wrong, the problem's code, and what stands at its place."""
    return pytest.param(text, code, at, id=id)


EXPRESSIONS = [
    case("a misspelt quantity", RULE + 'effects = [{ on = "r.haet", add = "1" }]', "unknown-quantity", "haet"),
    case("an unknown name", RULE + 'when = "r.heat > q.heat"\neffects = []', "unknown-name", "q.heat"),
    case("people added to points", RULE + 'effects = [{ on = "r.heat", add = "r.heat + 5 people" }]', "unit-mismatch", "5 people"),
    case("points given to people", RULE + 'effects = [{ on = "r.people", add = "r.heat" }]', "unit-mismatch", "r.heat"),
    case("an unknown unit", RULE + 'effects = [{ on = "r.heat", add = "5 parsecs" }]', "unknown-unit", "parsecs"),
    case("dividing by nought", RULE + 'effects = [{ on = "r.heat", add = "9 / r.heat" }]', "zero-divisor", "r.heat"),
    case("a bad root", RULE + 'effects = [{ on = "r.heat", add = "sqrt(r.heat - 50)" }]', "negative-root", "r.heat - 50"),
    case("a number as a condition", RULE + 'when = "r.heat"\neffects = []', "type-mismatch", "r.heat"),
    case("a condition that breaks off", RULE + 'when = "r.heat >"\neffects = []', "syntax", '"'),
    case("the calendar in a condition", RULE + 'when = "today() > 5"\neffects = []', "date-condition", "today()"),
    case("a date as an amount", RULE + 'effects = [{ on = "r.heat", add = "today()" }]', "date-condition", "today()"),
    case("a probability beyond one", RULE + 'effects = [{ on = "r.heat", add = "chance(r.heat)" }]', "probability-range", "r.heat"),
    case("one purpose twice", RULE + 'effects = [{ on = "r.heat", add = "noise() + noise()" }]', "duplicate-purpose", 'noise()"'),
    case("a rate beyond one", RULE + 'effects = [{ on = "r.heat", toward = "50", rate = "2" }]', "rate-range", "2"),
    case("beyond a quantity", RULE + 'effects = [{ on = "r.people.heat", add = "1" }]', "unknown-relation", "people.heat"),
    case("an unknown parameter", RULE + 'effects = [{ on = "r.heat", add = "drift.x" }]', "unknown-name", "drift.x"),
    case("an unknown kind", RULE.replace("region r", "regoin r") + "effects = []", "unknown-kind", "regoin"),
    case("a filter that reads what changes", RULE + 'where = "r.heat > 5"\neffects = []', "not-fixed", "heat"),
    case("a local name of nothing", RULE + 'let = { x = "1", y = "z" }\neffects = []', "unknown-name", "z"),
    case("a need without a report", ORDER + 'needs = [{ when = "north.heat > 5", say = "s" }]', "unknown-quantity", "heat > 5"),
    case("dice in a need", ORDER + 'needs = [{ when = "chance(50%)", say = "s" }]', "random-in-condition", "chance"),
    case("dice in a possibility", ORDER + 'possible = [{ when = "chance(50%)", say = "s" }]', "random-in-condition", "chance"),
    case("a price in people", ORDER + 'costs = [{ resource = "funds", amount = "5 people" }]', "unit-mismatch", "5 people"),
    case("unknown gold", ORDER + 'costs = [{ resource = "gold", amount = "5" }]', "unknown-quantity", "5"),
    case("a lost test", BODY + MOTION + 'tests = [{ stage = "m", passes = "north.heet > 5", say = "s" }]', "unknown-quantity", "heet"),
    case("a motion's blind need", BODY + MOTION + 'needs = [{ when = "north.heat > 5", say = "s" }]', "unknown-quantity", "heat"),
    case("a size of nothing", BODY + MOTION + 'size_now = "north.haet"', "unknown-quantity", "haet"),
    case("a position on nothing", BODY + MOTION + 'positions = [{ member = "town", when = "x", say = "s" }]', "unknown-name", "x"),
    case("an inject's condition", INJECT + 'when = "north.haet > 5"', "unknown-quantity", "haet"),
    case("an error in people", REPORT + 'of = "region.heat"\nnoise = "5 people"', "unit-mismatch", "5 people"),
    case("a blind objective", SEAT + 'objectives = [{ id = "o", title = "t", score = "north.heat" }]', "unknown-quantity", "heat"),
    case("a blind doctrine", ORDER + DOCTRINE + 'orders = [{ order = "do", when = "north.heat > 5" }]', "unknown-quantity", "heat"),
    case("a score in people", ORDER + DOCTRINE + 'orders = [{ order = "do", score = "5 people" }]', "unit-mismatch", "5 people"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "at"), EXPRESSIONS)
def test_a_wrong_expression_is_one_problem_at_the_word_to_mend(text: str, code: str, at: str) -> None:
    """Code, line and column: the place is where the wrong word begins, in whichever table it stands."""
    [problem] = problems_of(text)
    assert (problem.level, problem.code) == ("error", code), problem
    assert stands_at(text, problem).startswith(at), problem
    assert problem.message


EFFECT = RULE + 'effects = [{ on = "r.heat", %s }]'

TABLES = [
    case("two modes", EFFECT % 'add = "1", set = "2"', "effect-mode", "r.heat"),
    case("no mode", EFFECT % 'when = "true"', "effect-mode", "r.heat"),
    case("toward without a rate", EFFECT % 'toward = "50"', "effect-mode", "r.heat"),
    case("a rate without toward", EFFECT % 'add = "50", rate = "0.1"', "effect-mode", "r.heat"),
    case("a delayed set", EFFECT % 'set = "5", after = "2 days"', "effect-mode", "r.heat"),
    case("delayed and lasting", EFFECT % 'add = "5", after = "2 days", lasts = "2 days"', "effect-mode", "r.heat"),
    case("a duration that cannot be read", EFFECT % 'add = "5", after = "soon"', "duration", "r.heat"),
    case("a negative duration", EFFECT % 'add = "5", lasts = "-2 days"', "duration", "r.heat"),
    case("an unknown stage", RULE.replace('"drift"', '"drfit"') + "effects = []", "unknown-stage", "drfit"),
    case("an unknown decision rule", BODY + MOTION + 'decision = "acclaim"', "unknown-decision", "acclaim"),
    case("a fallback that is no motion", BODY + MOTION + 'fallback = "sent"', "unknown-motion", "sent"),
    case("a doctrine's unknown order", ORDER + DOCTRINE + 'orders = [{ order = "to" }]', "unknown-order", "to"),
    case(
        "a doctrine's unknown target",
        ORDER + 'target = "region r"\n' + DOCTRINE + 'orders = [{ order = "do", target = "nort" }]',
        "unknown-target",
        "nort",
    ),
    case("an order's unknown kind of target", ORDER + 'target = "regoin r"\n', "unknown-kind", "regoin"),
]


@pytest.mark.parametrize(("text", "code", "at"), TABLES)
def test_a_table_that_does_not_hang_together_is_one_problem_at_its_key(text: str, code: str, at: str) -> None:
    """What is wrong beside expressions has a code, and the place of the key to mend."""
    [problem] = problems_of(text)
    assert (problem.level, problem.code) == ("error", code), problem
    assert stands_at(text, problem).startswith(at), problem


@pytest.mark.parametrize(
    "text",
    [
        BODY.replace('"town"', '"twon"') + MOTION.replace('["town"]', "[]"),
        BODY + MOTION.replace('["town"]', '["twon"]'),
        ORDER.replace('["town"]', '["twon"]'),
        REPORT + 'of = "region.haet"',
        REPORT + 'of = "region.heat"\nabout = ["nort"]',
        REPORT.replace('["town"]', '["twon"]') + 'of = "region.heat"',
        DOCTRINE.replace('"town"', '"twon"'),
        '[[quantity]]\nid = "q"\nkind = "regoin"\nname = "q"\nmeaning = "m"',
    ],
)
def test_a_reference_that_leads_nowhere_is_told_and_left_out(text: str) -> None:
    """One problem for each, with what was meant; the rest compiles, so that its own problems can be found in the same run."""
    problems = problems_of(text + "\n" + RULE + 'when = "r.x > 1"\neffects = []')
    assert sorted(problem.code for problem in problems) == ["unknown-quantity", "unknown-reference"]
    [dangling] = [problem for problem in problems if problem.code == "unknown-reference"]
    assert dangling.hint.startswith("did you mean")


def test_hints_say_what_was_meant() -> None:
    """The nearest word that exists, for quantities, names and references."""
    text = RULE + 'effects = [{ on = "r.haet", add = "1" }]\n' + ORDER.replace('["town"]', '["twon"]')
    assert {problem.hint for problem in problems_of(text)} == {"did you mean heat?", "did you mean town?"}


def test_everything_that_is_wrong_is_said_at_once() -> None:
    """One wrong table does not hide the next, nor one wrong effect its neighbour; nothing is said twice."""
    text = (
        RULE + 'when = "r.x > 1"\neffects = [{ on = "r.heat", add = "y" }, { on = "r.heat", set = "z" }]\n'
        + ORDER + 'needs = [{ when = "p", say = "s" }]\npossible = [{ when = "q", say = "s" }]\n'
        + 'effects = [{ on = "north.heat", add = "w" }]\n'
        + BODY + MOTION + 'tests = [{ stage = "m", passes = "t", say = "s" }]\n'
    )  # fmt: skip
    files = (("scenario/common.toml", COMMON), (FILE, text))
    with pytest.raises(CompileError) as failure:
        compile_exercise(load_texts(files))
    found = [stands_at(text, problem)[0] for problem in located(failure.value.problems, files)]
    assert sorted(found) == sorted("xyzpqwt")


def test_a_cut_that_does_not_exist_is_named_with_those_that_do() -> None:
    """Asking for a cut of another scenario says which there are."""
    with pytest.raises(CompileError) as failure:
        compile_exercise(load_texts((("scenario/common.toml", COMMON),)), "june-days")
    [problem] = failure.value.problems
    assert (problem.code, problem.hint) == ("unknown-cut", "cuts are week")
