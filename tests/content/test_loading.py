"""From folders and texts to one content: what is merged, what is kept of tables with mistakes, what stands for what."""

from __future__ import annotations

import pathlib

import pytest

from exercise.content import ContentError, examine, load, load_texts, read_texts
from tests.content.pieces import ROOT, reading, valley
from tests.worlds import COMMON

RULE = '[[rule]]\nid = "a.b"\nstage = "drift"\nfor = "region r"\nbecause = "b"\nassumption = true\nreason = "r"\n'


def test_texts_of_a_folder_give_the_same_content_as_the_folder() -> None:
    """A log embeds the files and replays without any: both ways lead to equal values, file by file."""
    content = load("osh-2010")
    assert load_texts(content.files) == content
    names = [name for name, _ in content.files]
    assert names == sorted(names)
    assert {name.partition("/")[0] for name in names} == {"rules", "scenario"}


def test_line_ends_of_windows_give_the_same_content(tmp_path: pathlib.Path) -> None:
    """Files saved with CRLF are read as if they were not, and are kept with plain line ends; texts given with CRLF say the same."""
    for name, text in valley():
        path = tmp_path / ("rules" if name.startswith("rules/") else "scenarios/valley") / name.partition("/")[2]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.replace("\n", "\r\n").encode())
    content = load(tmp_path / "scenarios" / "valley")
    assert content == load_texts(valley())
    returned = load_texts(tuple((name, text.replace("\n", "\r\n")) for name, text in valley()))
    assert (returned.rules, returned.seats, returned.map) == (content.rules, content.seats, content.map)


def test_a_scenario_sets_a_parameter_of_the_rulebook() -> None:
    """The scenario's table of the same id stands in place of the module's, where that stood; a third of that id is one too many."""

    def parameter(value: int, unit: str = "points", id: str = "drift.pace") -> str:
        return f'[[parameter]]\nid = "{id}"\nvalue = {value}\nunit = "{unit}"\nmeaning = "m"\nassumption = true\nreason = "r"\n'

    rules = ("rules/drift.toml", parameter(5) + parameter(7, id="drift.other"))
    own = ("scenario/own.toml", parameter(9))
    content = load_texts((rules, ("scenario/common.toml", COMMON), own))
    assert [(one.id, one.value) for one in content.parameters] == [("drift.pace", 9.0), ("drift.other", 7.0)]
    found = read_texts((rules, ("scenario/common.toml", COMMON), ("scenario/own.toml", parameter(9, "people")))).problems
    assert [(one.code, one.place.line, one.hint) for one in found] == [("unit-mismatch", 4, 'write unit = "points"')]
    twice = read_texts((rules, ("scenario/common.toml", COMMON), ("scenario/own.toml", parameter(9) + parameter(8))))
    assert "duplicate" in {one.code for one in examine(twice)}


def test_all_mistakes_of_all_files_are_told_at_once() -> None:
    """Two mistakes in the TOML of one file, one in a table of another, and loading refuses with all of them, in order of place."""
    texts = (
        ("scenario/a.toml", '[[kind]]\nid = "x\n\n[[kind]]\nid = "y"\nname = 5\nmeaning = "m"\n\n[[kind]]\nid "z"\n'),
        ("scenario/common.toml", COMMON),
        ("scenario/z.toml", "[[stage]]\nid = 3\n"),
    )
    with pytest.raises(ContentError) as refused:
        load_texts(texts)
    told = [(one.place.file, one.place.line, one.place.column, one.code) for one in refused.value.problems]
    assert told == [
        ("scenario/a.toml", 2, 6, "toml"),
        ("scenario/a.toml", 6, 8, "type"),
        ("scenario/a.toml", 10, 4, "toml"),
        ("scenario/z.toml", 1, 1, "missing-key"),
        ("scenario/z.toml", 2, 6, "type"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "column", "word"),
    [
        ('a = 1\nb = "never closed\n\n[[stage]]\nid = "s"\ntitle = "S"\n', 2, 5, "not closed"),
        ('[[stage]]\nid = """never closed\n\n[[stage]]\nid = "s"\ntitle = "S"\n', 2, 6, "never closed"),
        ('[[rule]]\neffects = [\n    { on = "a" },\n\n[[stage]]\nid = "s"\ntitle = "S"\n', 2, 11, "never closed"),
        ('[[stage]]\nid = s\ntitle = "S"\n', 2, 6, "invalid value"),
        ('[[stage]]\nid "s"\ntitle = "S"\n', 2, 4, "expected '='"),
        ('[[stage]]\nid = "s"\ntitle = "S"\nid = "t"\n', 4, 1, "second time"),
        ('[map]\nrows = "a"\n[map]\nrows = "b"\n', 3, 2, "second time"),
    ],
)
def test_a_mistake_in_toml_is_told_where_it_was_made(text: str, line: int, column: int, word: str) -> None:
    """Not where a reader first stumbles, which may be pages later; and the table after it is read."""
    problem = next(one for one in reading(text).problems if one.code in ("toml", "duplicate-key"))
    assert (problem.place.line, problem.place.column) == (line, column), problem
    assert word in problem.message
    assert problem.hint


def test_a_table_with_a_misspelt_key_is_still_there_for_others() -> None:
    """The key that was meant is taken, so that words that the table defines are not told as unknown; nothing else is said."""
    text = '[[quantity]]\nid = "rain"\nkind = "region"\nnmae = "rain"\nmeaning = "m"\n' + RULE
    found = examine(reading(text + 'effects = [{ on = "r.rain", add = "1" }]\n'))
    assert [one.code for one in found if one.place.file == "scenario/extra.toml"] == ["unknown-key"]


def test_words_of_a_table_that_could_not_be_read_are_not_missed() -> None:
    """A quantity whose table is no TOML would have been there: its uses are not told, other mistakes are."""
    text = (
        '[[quantity]]\nid = "rain"\nkind = region\n\n'
        + RULE
        + 'when = "r.rain > 5 or r.haet > 5"\neffects = [{ on = "r.heat", add = "r.haet" }]\n'
    )
    found = [(one.code, one.place.line) for one in examine(reading(text)) if one.place.file == "scenario/extra.toml"]
    assert found == [("toml", 3), ("unknown-quantity", 13)]


def test_keys_above_all_tables_are_told_as_such() -> None:
    """A line that lost its table's name says so, instead of being taken for a table."""
    found = reading('id = "x"\n[[stage]]\nid = "s"\ntitle = "S"\n').problems
    assert [(one.code, one.place.line) for one in found] == [("no-table", 1)]
    assert "[[rule]]" in found[0].hint


def test_a_table_that_stands_once_is_told_of_its_second() -> None:
    """Two heads in two files: the second is told, with where the first is."""
    found = reading("[scenario]\n").problems
    assert [(one.code, one.hint) for one in found] == [("duplicate", "the other is in common.toml")]


def test_a_single_table_of_many_is_told_and_read() -> None:
    """[stage] for [[stage]] is a slip that many make: it is told once, and the stage is there."""
    found = reading('[stage]\nid = "s"\ntitle = "S"\n')
    assert [(one.code, one.hint) for one in found.problems] == [("type", "write [[stage]]")]
    assert "s" in [stage.id for stage in found.content.stages]


def test_a_value_of_the_wrong_type_is_told_and_the_rest_is_read() -> None:
    """Each with what was expected and what was found; the table stands with the ordinary value in its place."""
    text = '[[quantity]]\nid = "rain"\nkind = "region"\nname = 5\nmeaning = ["m"]\nlow = "deep"\nknown = "everyone"\nunit = "pints"\n'
    found = reading(text)
    told = {one.place.line: (one.code, one.message) for one in found.problems}
    assert told[4] == ("type", "expected text, not a number")
    assert told[5] == ("type", "expected text, not a list")
    assert told[6] == ("type", "expected a number, not the text 'deep'")
    assert told[7][0] == "unknown-word"
    assert told[8][0] == "unknown-unit"
    assert "rain" in [one.id for one in found.content.quantities]


def test_the_shipped_rulebook_has_a_root_of_its_own() -> None:
    """The folders that the tests stand on are those of the checkout."""
    assert (ROOT / "rules" / "kinds.toml").is_file()
