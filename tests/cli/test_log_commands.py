"""``exercise show``, ``explain`` and ``verify``."""

from __future__ import annotations

import json
import pathlib

import pytest


def test_show_gives_the_same_world_as_the_run_that_wrote_the_log(shell, valley, log):
    """The log alone leads to the very document that ``run`` printed."""
    run = shell("run", valley, "--seed", 3, "--json").document
    del run["refused"]
    assert shell("show", log, "--json").document == run


def test_show_looks_at_any_turn(shell, log):
    """Turn 0 is STARTEX; without ``--turn`` it is the last; beyond the last is a misuse."""
    start = shell("show", log, "--turn", 0, "--json").document
    assert (start["turn"], start["date"], start["finished"]) == (0, "2031-05-02", False)
    assert start["entities"]["valley"]["quantities"]["water"] == 35
    assert start["injects"] == {"released": [], "pending": ["warning", "bridge", "reporter"], "not_fired": [], "released_on": {}}
    assert shell("show", log, "--json").document["turn"] == 5
    assert shell("show", log, "--turn", 6).code == 2


def test_a_seat_is_shown_only_what_it_was_told(shell, log):
    """The seat's document has the promised keys, its figures come with source and age, and differ from the truth."""
    known = shell("show", log, "--turn", 3, "--seat", "relief", "--json").document
    assert known.keys() >= {
        "scenario",
        "turn",
        "date",
        "seat",
        "reports",
        "news",
        "orders",
        "bodies",
        "messages",
        "agreements",
        "objectives",
    }
    truth = shell("show", log, "--turn", 3, "--json").document["entities"]["valley"]["quantities"]
    figure = known["reports"]["valley.water"]
    assert figure.keys() >= {"value", "as_of", "source", "trend"}
    assert figure["source"] == "river gauge"
    assert figure["value"] != truth["water"]
    assert known["reports"]["valley.deaths"]["as_of"] == "2031-05-03"
    assert [one["order"] for one in known["orders"]["committed"]] == ["send_boats"]
    assert known["orders"].keys() >= {"committed", "legal", "refused"}
    assert known["objectives"].keys() == {"shelter", "budget"}
    assert "council" not in json.dumps(known["orders"])


def test_at_startex_a_seat_knows_nothing_yet(shell, log):
    """Before the first turn opened no report had come."""
    known = shell("show", log, "--turn", 0, "--seat", "relief", "--json").document
    assert (known["reports"], known["news"], known["orders"]["legal"]) == ({}, [], [])


def test_explanations_add_up_without_a_gap(shell, log):
    """Each contribution begins where the one before ended, from the value before to the value after, in any window of turns."""
    for arguments in ([], ["--turn", 2]):
        told = shell("explain", log, "valley.water", *arguments, "--json").document
        values = [told["before"], *(one["after"] for one in told["contributions"])]
        assert [one["before"] for one in told["contributions"]] == values[:-1]
        assert values[-1] == told["after"]
        assert told["contributions"]
    one = told["contributions"][0]
    assert one.keys() >= {"turn", "step", "rule", "id", "before", "after", "claims", "sources", "because", "margin"}
    assert (one["rule"], one["because"]) == ("flood.rain", "it rains and the river rises")


def test_orders_and_injects_are_named_as_causes(shell, log):
    """The chain of a quantity that players move names their orders; of one that an inject moves, the inject."""
    moved = shell("explain", log, "valley.sheltered", "--json").document["contributions"]
    assert {"order", "motion"} <= {one["kind"] for one in moved}
    rain = shell("explain", log, "valley.rain_until", "--json").document["contributions"]
    assert [(one["kind"], one["id"], one["after"]) for one in rain] == [("inject", "warning", "2031-05-05")]


@pytest.mark.parametrize(
    ("quantity", "words"),
    [("valley", "ENTITY.QUANTITY"), ("vally.water", "did you mean 'valley'?"), ("valley.watr", "did you mean 'water'?")],
)
def test_a_misspelt_quantity_is_a_misuse(shell, log, quantity, words):
    """Exit code 2 with what was probably meant."""
    done = shell("explain", log, quantity)
    assert (done.code, done.out) == (2, "")
    assert words in done.err


def test_plain_text_is_for_people(shell, log):
    """Show and explain print lines without escape sequences, with the numbers that matter."""
    assert "valley.water" in shell("show", log, "--seat", "council").out
    assert "(seed 3)" in shell("show", log).out
    told = shell("explain", log, "valley.water", "--turn", 1).out
    assert "rule flood.rain: it rains and the river rises" in told
    assert "\x1b" not in told


def test_verify_agrees_with_a_sound_log(shell, log):
    """Chain and recomputation hold; the head is that of the last line."""
    report = shell("verify", log, "--json").document
    last = json.loads(log.read_text().splitlines()[-1])
    assert (report["ok"], report["turns"], report["first_difference"]) == (True, 5, None)
    assert (report["entries"], report["head"]) == (last["n"], last["hash"])
    assert shell("verify", log, "--head", last["hash"]).code == 0


def test_verify_finds_another_head(shell, log):
    """A head that was kept and differs is a finding: exit code 1."""
    done = shell("verify", log, "--head", "0" * 64, "--json")
    assert (done.code, done.document["ok"]) == (1, False)


def test_verify_names_the_first_difference(shell, log):
    """A changed line is told by number and turn, in one line on stderr, with exit code 1; with ``--json`` in the document."""
    lines = log.read_bytes().splitlines(keepends=True)
    place = next(number for number, line in enumerate(lines) if b'"type":"order"' in line)
    lines[place] = lines[place].replace(b'"seat":"council"', b'"seat":"relief"')
    log.write_bytes(b"".join(lines))
    done = shell("verify", log)
    assert (done.code, done.out, done.err.count("\n")) == (1, "", 1)
    assert f"line {place + 1}" in done.err
    difference = shell("verify", log, "--json").document["first_difference"]
    assert difference["line"] == place + 1
    assert difference["turn"] == json.loads(lines[place])["data"]["turn"]


def test_a_torn_log_is_shown_as_far_as_it_goes(shell, log):
    """After a power cut the sound lines are still good: shown with a note, and verify says what is missing."""
    log.write_bytes(log.read_bytes()[:-30])
    done = shell("show", log, "--json")
    assert done.code == 0
    assert "note:" in done.err
    assert shell("verify", log).code == 1


def test_something_else_than_a_log_is_refused(shell):
    """A file that is no log is told in one line, not in a traceback; one that is not there is a misuse."""
    pathlib.Path("notes.txt").write_text("dear diary\n")
    for command in (["show", "notes.txt"], ["verify", "notes.txt"], ["explain", "notes.txt", "a.b"]):
        done = shell(*command)
        assert (done.code, done.err.count("\n")) == (1, 1), command
    assert shell("show", "nothing.jsonl").code == 2
    assert shell("verify", ".").code == 2


def test_a_class_is_explained_by_the_axis_that_crossed_its_line(shell, tmp_path):
    """From a class to the line that was crossed, and on without a gap to what moved the axis over it."""
    log = tmp_path / "osh.jsonl"
    assert shell("run", "osh-2010", "--seed", 3, "--turns", 3, "--log", log).code == 0
    classes = shell("show", log, "--json").document["classes"]
    changed = next(one["entity"] for one in classes if sum(other["entity"] == one["entity"] for other in classes) > 1)
    told = shell("explain", log, f"{changed}.capacity", "--json").document
    one = told["contributions"][0]
    crossed = [way for way in one["crossings"] if way["crossed"]]
    assert (one["kind"], one["margin"]) == ("assessment", crossed[0]["by"])
    assert {way["quantity"] for way in one["crossings"]} == {f"{changed}.capability", f"{changed}.willingness"}
    assert all(
        way["holds"] == (way["value"] >= way["threshold"]) and abs(way["threshold"] - way["line"]) == way["line_margin"] for way in crossed
    )
    (axis,) = [axis for axis in told["axes"] if axis["quantity"] == crossed[0]["quantity"]]
    values = [axis["before"], *(each["after"] for each in axis["contributions"])]
    assert [each["before"] for each in axis["contributions"]] == values[:-1]
    assert crossed[0]["value"] in values
    assert f"why {axis['quantity']} moved in turn {one['turn']}" in shell("explain", log, f"{changed}.capacity").out


def test_a_log_of_older_rules_is_told_from_what_it_recorded(shell, log, monkeypatch):
    """What a seat was told in a turn is still there, marked as not recomputed; commands that need its worlds say why they do not work."""
    known = shell("show", log, "--turn", 3, "--seat", "relief", "--json").document
    monkeypatch.setattr("exercise.record.shapes.SEMANTICS", 99)
    document = shell("show", log, "--turn", 3, "--seat", "relief", "--json").document
    assert (document["recomputed"], document["seat"], [turn["turn"] for turn in document["turns"]]) == (False, "relief", [3])
    told = [one["data"] for one in document["turns"][0]["outcomes"] if one["kind"] == "report"]
    figures = {f"{one['entity']}.{one['quantity'].rpartition('.')[2]}": one["value"] for one in told}
    assert figures["valley.water"] == known["reports"]["valley.water"]["value"]
    said = shell("show", log)
    assert said.code == 0
    assert "not recomputed" in said.out.replace("\n", " ")
    for command in (("explain", log, "valley.water"), ("branch", log, "--turn", 2), ("diff", log, log)):
        refused = shell(*command)
        assert refused.code == 1
        assert "under older rules" in refused.err
