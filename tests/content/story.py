"""A small sound scenario, and what a docstring says about the content in it."""

from __future__ import annotations

import inspect
import re

import attrs

from exercise.content import examine, read_texts
from exercise.content.folders import Files
from exercise.language.problem import Problem

FILE = "scenario/told.toml"

RULEBOOK = """
[[stage]]
id = "drift"
title = "Drift"

[[kind]]
id = "country"
name = "Country"
meaning = "a state"

[[kind]]
id = "region"
name = "Region"
meaning = "a part of a state"

[[relation]]
id = "country"
of = "region"
to = "country"
inverse = "regions"

[[quantity]]
id = "heat"
kind = "region"
name = "Heat"
meaning = "how hot it is"
known = "public"

[[quantity]]
id = "funds"
kind = "seat"
name = "Funds"
unit = "million dollars"
meaning = "money at hand"
known = "owner"

[[source]]
id = "almanac"
title = "The Almanac"
"""

SCENARIO = """
[scenario]
id = "small"
title = "Small"
summary = "A small scenario."
content_note = "Nobody comes to harm."
modules = ["weather"]
default_cut = "week"

[[cut]]
id = "week"
title = "A week"
summary = "Seven days."
minutes = 20
start = 2030-05-01
calendar = [{ days = 1, count = 7 }]

[[entity]]
id = "arden"
kind = "country"
name = "Arden"

[[entity]]
id = "north"
kind = "region"
name = "The north"
relations = { country = "arden" }

[[seat]]
id = "town"
name = "Town"
briefing = "You are the town."

[[seat]]
id = "guard"
name = "Guard"
playable = false

[[order]]
id = "sprinkle"
seats = ["town"]
title = "Sprinkle"
purpose = "relief"
text = "Water is carried."
target = "region r"
effects = [{ on = "r.heat", add = "-1" }]
because = "water was carried"

[[body]]
id = "council"
name = "Council"
short = "Council"
rule_text = "All agree."
decision = "consensus"
members = [{ seat = "town" }]

[[body.motions]]
id = "shade"
title = "Shade"
text = "Trees are planted."
may_table = ["town"]
because = "trees were planted"

[[doctrine]]
id = "default"
seat = "town"
text = "Waits."

[[doctrine]]
id = "default"
seat = "guard"
text = "Waits."
"""

SMALL: Files = (("rules/weather.toml", RULEBOOK), ("scenario/scenario.toml", SCENARIO))
"""Files without any problem."""

_MARK = re.compile(r"# +\^ (?P<code>[\w-]+)(?:: (?P<hint>.*))?$")


@attrs.frozen(slots=True)
class Mark:
    """Where a docstring says that a problem stands: ``# ^ code: words of the hint`` in a line of its own, below the word."""

    line: int
    column: int
    code: str
    hint: str


@attrs.frozen(slots=True)
class Story:
    """The content of a docstring, the marks in it, and what is said of it beside the small scenario."""

    text: str
    marks: tuple[Mark, ...]
    problems: tuple[Problem, ...]

    def assert_told(self) -> None:
        """The problems are those that are marked, no more and no fewer; each has words, and the marked words in its hint."""
        found = [(one.place.file, one.place.line, one.place.column, one.code) for one in self.problems]
        assert found == [(FILE, mark.line, mark.column, mark.code) for mark in self.marks], "\n".join(map(str, self.problems))
        for problem, mark in zip(self.problems, self.marks, strict=True):
            assert problem.message
            assert mark.hint in problem.hint, problem


def story_of(docstring: str | None) -> Story:
    """What is said of the content that a docstring holds below its first empty line."""
    text = inspect.cleandoc(docstring or "").partition("\n\n")[2] + "\n"
    return Story(text, marks_of(text), examine(read_texts(with_told(text))))


def marks_of(text: str) -> tuple[Mark, ...]:
    """The marks of a text: each for the nearest line above that holds none, at the column of its ``^``."""
    marks: list[Mark] = []
    line = 0
    for number, words in enumerate(text.split("\n"), 1):
        match = _MARK.match(words)
        if match is None:
            line = number
        else:
            marks.append(Mark(line, words.index("^") + 1, match["code"], match["hint"] or ""))
    return tuple(sorted(marks, key=lambda mark: (mark.line, mark.column)))


def with_told(text: str) -> Files:
    """The small scenario and one more file."""
    return tuple(sorted((*SMALL, (FILE, text))))
