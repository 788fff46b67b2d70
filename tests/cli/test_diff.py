"""``exercise diff``: two logs side by side."""

from __future__ import annotations

import pathlib

import pytest

NO_DIFFERENCE = {"turn": 5, "finished": True, "classes": [], "objectives": [], "facts": []}


@pytest.fixture
def early(shell, valley, log) -> pathlib.Path:
    """The same exercise with an early evacuation in turn 1 and a vote by hand in turn 2."""
    path = pathlib.Path("early.toml")
    path.write_text(
        "[[turn]]\nnumber = 1\n"
        '[[turn.order]]\nseat = "council"\norder = "evacuate"\ntarget = "valley"\namount = 5000\n'
        "[[turn]]\nnumber = 2\n"
        '[[turn.vote]]\nseat = "relief"\nbody = "staff"\nmotion = "army"\nvote = "no"\n'
    )
    assert shell("run", valley, "--seed", 3, "--orders", path, "--log", "early.jsonl").code == 0
    return pathlib.Path("early.jsonl")


def mirrored(document):
    """The document with the two sides changed about."""
    if isinstance(document, list):
        return [mirrored(one) for one in document]
    if not isinstance(document, dict):
        return document
    names = {"a": "b", "b": "a", "line_a": "line_b", "line_b": "line_a", "only_a": "only_b", "only_b": "only_a"}
    return {names.get(key, key): mirrored(value) for key, value in document.items() if key != "what"}


def test_a_log_does_not_differ_from_itself(shell, log):
    """No first difference, every turn shared, nothing at the end."""
    document = shell("diff", log, log, "--json").document
    assert (document["first_difference"], document["shared_turns"], document["turns"]) == (None, 5, [])
    assert document["end"] == NO_DIFFERENCE
    assert "the two logs say the same" in shell("diff", log, log).out


def test_two_logs_are_compared_turn_by_turn(shell, log, early):
    """The first line that differs, then decisions, votes as cast and counted, quantities with the largest first, and the end."""
    document = shell("diff", log, early, "--json").document
    first = document["first_difference"]
    assert first["line_a"] == first["line_b"] == document["shared_entries"] + 1
    assert "council: evacuate valley (turn 1)" in first["what"]
    assert document["shared_turns"] == 0
    one = document["turns"][0]
    assert one["orders"] == {"a": [], "b": [{"seat": "council", "order": "evacuate", "target": "valley", "amount": 5000.0}]}
    sheltered = next(one for one in one["quantities"] if one["quantity"] == "valley.sheltered")
    assert (sheltered["a"], sheltered["b"]) == (0.0, 5000.0)
    for turn in document["turns"]:
        shares = [one["share"] for one in turn["quantities"]]
        assert shares == sorted(shares, reverse=True)
        assert all(share > 0 for share in shares)
    votes = [vote for turn in document["turns"] for vote in turn["votes"]["b"]]
    assert {"body": "staff", "motion": "army", "member": "relief", "vote": "no", "counted": False} in votes
    assert any(one["objective"] == "lives" for one in document["end"]["objectives"])
    show = [shell("show", path, "--turn", 2, "--json").document["entities"]["valley"]["quantities"] for path in (log, early)]
    second = document["turns"][1]
    assert second["turn"] == 2
    for one in second["quantities"]:
        entity, _, quantity = one["quantity"].partition(".")
        if entity == "valley":
            assert (one["a"], one["b"]) == (show[0][quantity], show[1][quantity])


def test_changing_the_logs_about_changes_the_sides_and_nothing_else(shell, log, early):
    """What a has and b has are exchanged; turns, order of quantities and lines stay."""
    one, other = (shell("diff", *pair, "--json").document for pair in ((log, early), (early, log)))
    assert mirrored(other) == mirrored(mirrored(one)), "twice mirrored: as it was, without the words of the first difference"


def test_people_read_signs_and_columns(shell, log, early):
    """Which log is which, where they part, what each alone has, and how much more there is than is shown."""
    out = shell("diff", log, early).out
    assert out.startswith("- a  valley.jsonl: seed 3, finished\n+ b  early.jsonl: seed 3, finished\nthe same up to line ")
    assert "the same decisions and worlds in no turn" in out
    assert "turn 1, 2031-05-02\n  + council: evacuate valley 5,000\n" in out
    assert "    valley.sheltered                                   0       5,000  +5,000\n" in out
    assert "relief: no on staff army (by hand)" in out
    assert "after ENDEX" in out


def test_a_log_that_stops_earlier_is_compared_as_far_as_it_goes(shell, valley, log):
    """The first two turns are the same; where one has ended is named by its line; facts wait for ENDEX."""
    shell("run", valley, "--seed", 3, "--turns", 2, "--log", "open.jsonl")
    document = shell("diff", log, "open.jsonl", "--json").document
    assert document["first_difference"]["line_b"] is None
    assert document["first_difference"]["what"].startswith("b ends here; the other goes on with ")
    assert (document["shared_turns"], document["turns"], document["end"]) == (2, [], {**NO_DIFFERENCE, "turn": 2, "finished": False})
    assert "+ b  open.jsonl: seed 3, turns 1 to 2 closed" in shell("diff", log, "open.jsonl").out


def test_changed_content_is_named_by_file(shell, valley, log):
    """A rule edited between two runs: the first lines differ, the file is named, and the worlds are compared all the same."""
    path = pathlib.Path("scenarios/valley_flood/world.toml")
    path.write_text(path.read_text().replace("value = 14", "value = 15"))
    shell("run", valley, "--seed", 3, "--log", "wetter.jsonl")
    document = shell("diff", log, "wetter.jsonl", "--json").document
    assert document["content"] == {"changed": ["scenario/world.toml"], "only_a": [], "only_b": []}
    assert document["first_difference"] == {"line_a": 1, "line_b": 1, "what": "the first lines differ in files"}
    assert any(one["quantity"] == "valley.water" for one in document["turns"][0]["quantities"])
    assert "content changed: scenario/world.toml" in shell("diff", log, "wetter.jsonl").out


def test_logs_of_other_scenarios_or_cuts_are_not_compared(shell, valley, log):
    """One line that names both; exit code 2."""
    shell("new", "hill-fire")
    shell("run", "hill-fire", "--log", "fire.jsonl")
    done = shell("diff", log, "fire.jsonl")
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert "valley.jsonl is of scenario valley-flood, fire.jsonl of scenario hill-fire" in done.err


def test_a_log_that_is_missing_or_damaged_is_told_in_one_line(shell, log):
    """Neither a traceback nor half an answer, on whichever side it stands."""
    damaged = pathlib.Path("damaged.jsonl")
    damaged.write_bytes(log.read_bytes().replace(b'"seat":"relief"', b'"seat":"Relief"', 1))
    for arguments, code in (((log, "none.jsonl"), 2), ((log, damaged), 1), ((damaged, log), 1)):
        done = shell("diff", *arguments)
        assert (done.code, done.out, done.err.count("\n")) == (code, "", 1)


def test_neither_log_is_locked_or_written(shell, log, early):
    """Both may be in play: nothing is made beside them, and their bytes stay."""
    before = {path: path.read_bytes() for path in pathlib.Path().iterdir() if path.is_file()}
    for path in (log, early):
        path.chmod(0o400)
    assert shell("diff", log, early).code == 0
    assert {path: path.read_bytes() for path in pathlib.Path().iterdir() if path.is_file()} == before
