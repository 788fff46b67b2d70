"""``exercise branch``: what if."""

from __future__ import annotations

import json
import pathlib

import pytest

from exercise.cli import common
from exercise.cli.chronicle import LogChronicle
from exercise.cli.exercises import read_entries, recompute
from exercise.record.reading import read_log

EVACUATE = """
[[turn]]
number = 1
[[turn.order]]
seat = "council"
order = "evacuate"
target = "valley"
amount = 5000
"""
TWO_TURNS = """
[[turn]]
number = 4

[[turn.order]]
seat = "uzbekistan"
order = "open_border"
amount = 100

[[turn]]
number = 5

[[turn.pass]]
seat = "uzbekistan"
"""


def orders(text: str) -> pathlib.Path:
    """An orders file."""
    path = pathlib.Path("orders.toml")
    path.write_text(text)
    return path


@pytest.fixture
def unfinished(shell, valley) -> pathlib.Path:
    """A log that stands open in turn 3."""
    assert shell("run", valley, "--seed", 3, "--turns", 2, "--log", "open.jsonl").code == 0
    return pathlib.Path("open.jsonl")


# --- nothing changed ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("turn", [1, 3, 5])
def test_without_a_change_the_branch_is_the_source(shell, log, turn):
    """The world document is that of the source, with where it was branched; nothing is refused, nothing differs, nothing is written."""
    before = sorted(pathlib.Path().iterdir())
    head = list(read_log(log))[-1].hash
    told = shell("branch", log, "--turn", turn, "--json")
    assert told.err == ""
    document = told.document
    assert document.pop("branched") == {
        "from": "valley.jsonl", "turn": turn, "head": head, "seed_after": None, "doctrines": {}, "log": None,
    }  # fmt: skip
    assert document.pop("refused") == []
    assert document.pop("differences") == {
        "turns": [], "end": {"turn": 5, "finished": True, "classes": [], "objectives": [], "facts": []},
    }  # fmt: skip
    assert document == shell("show", log, "--json").document
    assert sorted(pathlib.Path().iterdir()) == before
    assert "after ENDEX: the same facts, objectives and classes" in shell("branch", log, "--turn", turn).out


def test_an_unfinished_log_is_played_on_and_compared_with_itself_played_on(shell, valley, log, unfinished):
    """Doctrines go on where the log ends: here they are those of the whole run, so the branch ends as that one."""
    done = shell("branch", unfinished, "--turn", 2)
    assert "open.jsonl ends in turn 3: it is played on here by doctrines, with nothing changed" in done.out
    assert "the same facts, objectives and classes" in done.out
    assert shell("branch", unfinished, "--turn", 3, "--json").document["digest"] == shell("show", log, "--json").document["digest"]


# --- something changed ----------------------------------------------------------------------------------------------------------------


def test_an_orders_file_changes_its_turn_and_what_follows(shell, log):
    """People read what was decided otherwise and what came of it; a script finds the same in the document."""
    done = shell("branch", log, "--turn", 1, "--orders", orders(EVACUATE))
    assert done.code == 0
    assert "turn 1, 2031-05-02\n  + council: evacuate valley 5,000" in done.out
    assert "council: lives" in done.out
    differences = shell("branch", log, "--turn", 1, "--orders", orders(EVACUATE), "--json").document["differences"]
    assert differences["turns"][0]["orders"] == {
        "a": [],
        "b": [{"seat": "council", "order": "evacuate", "target": "valley", "amount": 5000.0}],
    }
    lives = next(one for one in differences["end"]["objectives"] if one["objective"] == "lives")
    assert lives["b"] > lives["a"]


def test_what_became_illegal_is_dropped_with_its_reason(shell, log):
    """The council's standing is ruled away: its recorded orders are refused, named on stdout for people, as items and notes for scripts."""
    path = orders(
        '[[turn]]\nnumber = 1\n[[turn.ruling]]\nreason = "a scandal"\neffects = [{ entity = "council", quantity = "standing", set = 0 }]\n'
    )
    done = shell("branch", log, "--turn", 1, "--orders", path)
    assert "council: evacuate valley was refused: the council has no standing left to ask this of people" in done.out
    assert "+ ruling: a scandal (council.standing = 0)" in done.out
    told = shell("branch", log, "--turn", 1, "--orders", path, "--json")
    first = told.document["refused"][0]
    assert (first["decision"], first["code"], first["recorded"]) == ("council: evacuate valley", "need", True)
    assert "note: turn 2: council: evacuate valley was refused" in told.err


def test_a_seat_can_be_made_to_pass(shell, log):
    """What if the agency had sent no boats on the second day."""
    path = orders('[[turn]]\nnumber = 2\n[[turn.pass]]\nseat = "relief"\n')
    done = shell("branch", log, "--turn", 2, "--orders", path)
    assert "- relief: send_boats valley 2" in done.out


def test_other_luck_from_the_turn_on(shell, log):
    """The same decisions under other dice: the past is the same, the future is not, and the document says which luck."""
    other = shell("branch", log, "--turn", 3, "--seed-after", 4, "--json").document
    assert (other["branched"]["seed_after"], other["seed"]) == (4, 4)
    assert other["digest"] != shell("show", log, "--json").document["digest"]
    assert [turn["turn"] for turn in other["differences"]["turns"]] == [3, 4, 5]
    assert "with other luck (seed 4)" in shell("branch", log, "--turn", 3, "--seed-after", 4).out


def test_a_doctrine_decides_instead_of_the_log(shell, valley):
    """A log in which the council never acted: with its doctrine from turn 2 on it evacuates."""
    path = orders("".join(f'[[turn]]\nnumber = {n}\n[[turn.pass]]\nseat = "council"\n' for n in range(1, 6)))
    shell("run", valley, "--seed", 3, "--orders", path, "--log", "idle.jsonl")
    assert "council" not in shell("branch", "idle.jsonl", "--turn", 2).out
    for who in ("council", "all"):
        assert "+ council: evacuate valley" in shell("branch", "idle.jsonl", "--turn", 2, "--doctrine", f"{who}=default").out
    shell("branch", "idle.jsonl", "--turn", 2, "--doctrine", "council=default", "--log", "moved.jsonl")
    seats = [entry.data for entry in read_log(pathlib.Path("moved.jsonl")) if entry.type == "seat"]
    assert seats[-1] == {"seat": "council", "by": "doctrine", "doctrine": "default"}


# --- the log of a branch --------------------------------------------------------------------------------------------------------------


def test_a_branch_is_a_log_like_any_other(shell, log):
    """It begins with the source's lines, verifies, shows, explains, and equal arguments give equal bytes."""
    path = orders(EVACUATE.replace("number = 1", "number = 3"))
    before = log.read_bytes()
    for name in ("new.jsonl", "again.jsonl"):
        done = shell("branch", log, "--turn", 3, "--orders", path, "--log", name)
        assert (done.code, f"exercise diff {log} {name}" in done.out) == (0, True)
    new = pathlib.Path("new.jsonl")
    assert new.read_bytes() == pathlib.Path("again.jsonl").read_bytes()
    assert log.read_bytes() == before
    lines, kept = new.read_bytes().splitlines(), before.splitlines()
    place = next(place for place, line in enumerate(lines) if line.endswith(b'"type":"branched"}'))
    assert lines[:place] == kept[:place]
    assert json.loads(lines[place])["data"] == {"turn": 3, "from_head": list(read_log(log))[-1].hash}
    assert shell("verify", new).code == 0
    document = shell("branch", log, "--turn", 3, "--orders", path, "--json").document
    assert shell("show", new, "--json").document["digest"] == document["digest"]
    assert shell("explain", new, "valley.sheltered", "--json").document["contributions"]
    assert shell("branch", new, "--turn", 2, "--json").document["digest"] == document["digest"]


def test_the_replay_viewer_reads_a_branch_with_other_luck(shell, log):
    """Truth and a seat's stream at every turn, the last figures being those of the new luck."""
    shell("branch", log, "--turn", 3, "--seed-after", 4, "--log", "new.jsonl")
    entries = read_entries(pathlib.Path("new.jsonl"))
    chronicle = LogChronicle(recompute(entries, pathlib.Path("new.jsonl")), entries, pathlib.Path("new.jsonl"))
    assert chronicle.last_turn == 5
    frames = list(chronicle.stream("relief", 6))
    assert len([frame for frame in frames if frame["frame"] == "outcome"]) > 20
    shown = shell("show", "new.jsonl", "--json").document["entities"]["valley"]["quantities"]
    assert chronicle.show(6)["valley"]["water"] == shown["water"]


def test_a_branch_can_be_left_open_for_people(shell, log):
    """``--turns`` stops before the turn; the log is unfinished, listed, and verifies when it was played on by others."""
    done = shell("branch", log, "--turn", 3, "--turns", 2, "--log", "ours.jsonl")
    assert "exercise play --log ours.jsonl" in done.out
    assert "ours.jsonl" in shell("list").out
    assert shell("branch", "ours.jsonl", "--turn", 3, "--log", "end.jsonl").code == 0
    assert shell("verify", "end.jsonl").code == 0
    assert shell("branch", log, "--turn", 3, "--turns", 1).code == 2
    assert shell("branch", log, "--turn", 3, "--turns", 99, "--json").document["turn"] == 5


def test_a_torn_log_is_branched_where_it_is_sound(shell, log):
    """A line cut short by a power failure is left out with a note; the source is not mended by looking at it."""
    torn = pathlib.Path("torn.jsonl")
    torn.write_bytes(log.read_bytes()[:-20])
    before = torn.read_bytes()
    done = shell("branch", torn, "--turn", 2, "--log", "new.jsonl")
    assert (done.code, done.err.count("\n")) == (0, 1)
    assert torn.read_bytes() == before
    assert shell("verify", "new.jsonl").code == 0
    assert sorted(path.name for path in pathlib.Path().glob("torn*")) == ["torn.jsonl"]


# --- many futures ---------------------------------------------------------------------------------------------------------------------


def test_many_futures_are_spread_beside_those_of_the_source(shell, log):
    """Each run names its luck and is the branch with that luck; both sides have 10, 50 and 90 %, and people see what differs."""
    arguments = ("branch", log, "--turn", 2, "--orders", orders(EVACUATE.replace("number = 1", "number = 2")))
    document = shell(*arguments, "-n", 8, "--json").document
    assert [run["run"] for run in document["runs"]] == list(range(1, 9))
    assert len({run["seed_after"] for run in document["runs"]}) == 8
    assert document["branched"]["seed_after"] is None
    run = document["runs"][2]
    alone = shell(*arguments, "--seed-after", run["seed_after"], "--json").document
    assert run["objectives"]["council"] == alone["seats"]["council"]["objectives"]
    lives = [document["distribution"][side]["objectives"]["council"]["lives"] for side in ("source", "branch")]
    assert all(one["low"] <= one["median"] <= one["high"] for one in lives)
    assert lives[0]["median"] < lives[1]["median"]
    done = shell(*arguments, "-n", 8)
    assert "at ENDEX, 8 runs: 10 / 50 / 90 %" in done.out
    assert done.err == ""


def test_futures_with_nothing_changed_need_one_column(shell, log):
    """The source's own spread from that turn on."""
    done = shell("branch", log, "--turn", 2, "-n", 3)
    assert "log and branch" in done.out
    assert "council: lives" in done.out


def test_progress_is_shown_on_a_terminal_only(shell, log, monkeypatch):
    """Turns of the branch and runs of both sides are counted where somebody looks."""
    steps = []

    class Terminal:
        def isatty(self) -> bool:
            return True

        def write(self, text: str) -> None:
            steps.append(text)

        def flush(self) -> None:
            pass

    monkeypatch.setattr(common.sys, "stderr", Terminal())
    shell("branch", log, "--turn", 2, "--orders", orders(EVACUATE.replace("number = 1", "number = 2")), "-n", 3)
    assert "\r\x1b[Krun 6 of 6" in steps
    assert "\r\x1b[Kturn 5 of 5" in steps


# --- used wrongly ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--turn", 6], 2, "cannot be branched at turn 6 (its last turn is 5)"),
        (["--turn", 0], 2, "--turn"),
        ([], 2, "--turn"),
        (["--turn", 2, "--doctrine", "counsil=default"], 2, "did you mean 'council'?"),
        (["--turn", 2, "--doctrine", "council=defalt"], 2, "did you mean 'default'?"),
        (["--turn", 2, "--doctrine", "council"], 2, "takes SEAT=NAME"),
        (["--turn", 2, "--orders", "none.toml"], 2, "none.toml"),
        (["--turn", 2, "--orders", "orders.toml"], 1, "turn 1 lies before the branch (the branch begins at turn 2)"),
        (["--turn", 1, "--orders", "nobody.toml"], 1, "there is no seat 'counsil'; did you mean 'council'?"),
        (["--turn", 1, "--log", "valley.jsonl"], 2, "never written over"),
        (["--turn", 3, "--turns", 1], 2, "--turns 2 leaves turn 3 open"),
        (["--turn", 3, "--turns", 3, "-n", 2], 2, "leave out --turns"),
        (["--turn", 3, "-n", 0], 2, "-n"),
    ],
)
def test_a_slip_is_told_in_one_line(shell, log, arguments, code, words):
    """What is wrong and what to do; nothing on stdout, and nothing is written."""
    orders(EVACUATE)
    pathlib.Path("nobody.toml").write_text('[[turn]]\nnumber = 1\n[[turn.pass]]\nseat = "counsil"\n')
    before = {path: path.read_bytes() for path in pathlib.Path().iterdir() if path.is_file()}
    done = shell("branch", log, *arguments)
    assert (done.code, done.out, done.err.count("\n")) == (code, "", 1)
    assert words in done.err
    assert {path: path.read_bytes() for path in pathlib.Path().iterdir() if path.is_file()} == before


def test_a_log_that_is_none_or_is_damaged_is_told_in_one_line(shell, log):
    """A file that is not there, one that is no log, and one with a changed letter."""
    assert shell("branch", "none.jsonl", "--turn", 1).code == 2
    pathlib.Path("text.jsonl").write_text("hello\n")
    damaged = pathlib.Path("damaged.jsonl")
    damaged.write_bytes(log.read_bytes().replace(b'"seat":"relief"', b'"seat":"Relief"', 1))
    for path in ("text.jsonl", damaged):
        done = shell("branch", path, "--turn", 1)
        assert (done.code, done.out, done.err.count("\n")) == (1, "", 1)


# --- the shipped exercise -------------------------------------------------------------------------------------------------------------


def test_the_border_of_june_2010_kept_open(shell):
    """The history of seed 7, branched at turn 4: unchanged it is itself to the end; with the border opened wide and not shut on the next
    day more people cross, the inject at the wire comes later, the later order to open is refused, and the log verifies.
    """
    assert shell("run", "osh-2010", "--seed", 7, "--doctrine", "all=history", "--log", "history.jsonl").code == 0
    end = shell("show", "history.jsonl", "--json").document
    same = shell("branch", "history.jsonl", "--turn", 4, "--json").document
    assert (same["digest"], same["refused"], same["differences"]["turns"]) == (end["digest"], [], [])
    document = shell("branch", "history.jsonl", "--turn", 4, "--orders", orders(TWO_TURNS), "--log", "open.jsonl", "--json").document
    assert shell("verify", "open.jsonl").code == 0
    crossed = next(one for one in document["differences"]["end"]["facts"] if one["fact"] == "crossed_border")
    assert crossed["b"] > crossed["a"] + 10_000
    assert [(one["turn"], one["decision"], one["recorded"]) for one in document["refused"]] == [(6, "uzbekistan: open_border", True)]
    injects = {turn["turn"]: turn["injects"] for turn in document["differences"]["turns"]}
    assert injects[5]["a"] == [{"inject": "people_at_wire", "by_hand": False}]
    assert document["differences"]["turns"][0]["turn"] == 4
    diff = shell("diff", "history.jsonl", "open.jsonl", "--json").document
    assert (diff["shared_turns"], diff["end"]) == (3, document["differences"]["end"])
