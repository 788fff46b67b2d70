"""``exercise run``: a whole exercise without people."""

from __future__ import annotations

import pathlib

import pytest

WORLD_KEYS = {"scenario", "seed", "turn", "date", "finished", "digest", "entities", "bodies", "injects", "seats", "classes"}


def test_a_run_prints_one_world_document(shell, valley):
    """``--json`` gives the promised keys, at ENDEX, and nothing but the document on stdout."""
    done = shell("run", valley, "--seed", 3, "--json")
    assert (done.code, done.err) == (0, "")
    world = done.document
    assert world.keys() >= WORLD_KEYS
    assert (world["scenario"], world["seed"], world["turn"], world["finished"]) == ("valley-flood", 3, 5, True)
    assert world["date"] == "2031-05-12"
    assert world["entities"]["valley"]["kind"] == "region"
    assert world["entities"]["valley"]["capacity"] in {"failed", "degraded", "captured", "hegemonic"}
    assert world["entities"]["valley"]["quantities"]["sheltered"] > 0
    assert world["entities"]["valley"]["quantities"]["rain_until"] == "2031-05-05"
    assert world["seats"]["council"].keys() >= {"public", "private", "objectives"}
    assert world["seats"]["council"]["objectives"].keys() == {"lives", "standing"}
    assert world["injects"]["released"] == ["warning", "bridge"]
    assert world["injects"]["not_fired"] == ["reporter"]
    assert world["classes"][0].keys() == {"entity", "from", "to", "capacity"}


def test_a_motion_shows_its_whole_way(shell, valley):
    """Who tabled it and when, how members voted, what came of it."""
    motion = shell("run", valley, "--seed", 3, "--json").document["bodies"]["staff"]["motions"][0]
    assert motion.keys() >= {"id", "title", "tabled", "outcome", "reasons", "votes"}
    assert (motion["id"], motion["outcome"], motion["by"]) == ("army", "adopted", ["council"])
    assert motion["votes"] == {"council": "yes", "relief": "yes"}
    assert [step["stage"] for step in motion["path"]][:2] == ["tabled", "mandate"]


def test_two_runs_with_one_seed_write_equal_bytes(shell, valley):
    """Nothing of the wall clock, the machine or the process gets into a headless log."""
    for name in ("a.jsonl", "b.jsonl"):
        assert shell("run", valley, "--seed", 11, "--log", name, "--json").code == 0
    assert pathlib.Path("a.jsonl").read_bytes() == pathlib.Path("b.jsonl").read_bytes()
    assert pathlib.Path("a.jsonl").stat().st_mode & 0o777 == 0o600


def test_another_seed_is_another_exercise(shell, valley):
    """The seed reaches the dice."""
    assert shell("run", valley, "--seed", 1, "--json").document["digest"] != shell("run", valley, "--seed", 2, "--json").document["digest"]


def test_a_log_is_never_written_over(shell, valley, log):
    """An existing file is refused and left as it was."""
    before = log.read_bytes()
    done = shell("run", valley, "--log", log)
    assert done.code == 2
    assert "never written over" in done.err
    assert log.read_bytes() == before


def test_turns_stops_early_and_says_so(shell, valley):
    """``--turns`` closes that many turns and the document says that the exercise is not finished."""
    world = shell("run", valley, "--turns", 2, "--json").document
    assert (world["turn"], world["date"], world["finished"]) == (2, "2031-05-03", False)
    assert shell("run", valley, "--turns", 0, "--json").document["date"] == "2031-05-02"
    assert shell("run", valley, "--turns", 99, "--json").document["turn"] == 5


def test_a_script_decides_for_a_seat(shell, valley):
    """Orders, motions, votes, rulings and injects of a script take effect in their turn."""
    pathlib.Path("orders.toml").write_text(
        """
        [[turn]]
        number = 1
        [[turn.order]]
        seat = "council"
        order = "evacuate"
        target = "valley"
        amount = 5000
        [[turn.ruling]]
        reason = "the table agreed"
        effects = [{ entity = "valley", quantity = "sheltered", add = 100 }]
        [[turn]]
        number = 2
        [[turn.motion]]
        seat = "relief"
        body = "staff"
        motion = "army"
        [[turn.vote]]
        seat = "council"
        body = "staff"
        motion = "army"
        vote = "no"
        """
    )
    first = shell("run", valley, "--orders", "orders.toml", "--turns", 1, "--json")
    assert (first.code, first.err) == (0, "")
    assert first.document["entities"]["valley"]["quantities"]["sheltered"] == 5100
    second = shell("run", valley, "--orders", "orders.toml", "--turns", 2, "--json").document
    assert second["bodies"]["staff"]["motions"][0]["votes"]["council"] == "no"


def test_a_refused_order_of_a_script_is_noted_and_the_run_goes_on(shell, valley):
    """What the rules of the day do not allow is told on stderr and in the document, as it would be told to a player."""
    pathlib.Path("orders.toml").write_text(
        "[[turn]]\nnumber = 1\n"
        + "".join(f"[[turn.order]]\nseat = 'council'\norder = 'evacuate'\ntarget = '{t}'\n" for t in ("valley", "highlands", "valley"))
    )
    done = shell("run", valley, "--orders", "orders.toml", "--turns", 1, "--json")
    assert done.code == 0
    assert done.document["refused"][0]["code"] == "committed"
    assert "note: turn 1: council: evacuate valley was refused" in done.err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[turn.order]]\nseat = 'counsil'\norder = 'evacuate'\ntarget = 'valley'", "there is no seat 'counsil'; did you mean 'council'?"),
        ("[[turn.order]]\nseat = 'council'\norder = 'evacuat'\ntarget = 'valley'", "did you mean evacuate?"),
        ("[[turn.order]]\nseat = 'council'\norder = 'evacuate'\ntarget = 'vally'", "did you mean valley?"),
        ("[[turn.order]]\nseat = 'council'\norder = 'evacuate'\ntarget = 'valley'\namount = 99999", "takes 100 to 5,000 people"),
        ("[[turn.motion]]\nseat = 'council'\nbody = 'staff'\nmotion = 'navy'", "staff has no motion navy"),
        ("[[turn.inject]]\ninject = 'wrning'", "did you mean warning?"),
        ("[[turn.ruling]]\nreason = 'r'\neffects = [{ entity = 'valley', quantity = 'watr', set = 1 }]", "there is no valley.watr"),
    ],
)
def test_a_script_that_could_never_work_is_refused_before_anything_is_played(shell, valley, text, words):
    """Names that do not exist and amounts out of range are mistakes of the script: exit code 1 and no log."""
    pathlib.Path("orders.toml").write_text(f"[[turn]]\nnumber = 2\n{text}\n")
    done = shell("run", valley, "--orders", "orders.toml", "--log", "out.jsonl")
    assert done.code == 1
    assert words in done.err
    assert done.err.count("\n") == 1
    assert not pathlib.Path("out.jsonl").exists()


def test_a_turn_beyond_the_calendar_is_refused(shell, valley):
    """A script for turn 9 of 5 would silently do nothing."""
    pathlib.Path("orders.toml").write_text("[[turn]]\nnumber = 9\n")
    done = shell("run", valley, "--orders", "orders.toml")
    assert (done.code, "this cut has 5 turns" in done.err) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["valley-flod"], "valley-flood"),
        (["valley-flood", "--cut", "flod"], "cuts are flood"),
        (["valley-flood", "--doctrine", "default"], "takes SEAT=NAME"),
        (["valley-flood", "--doctrine", "counsil=default"], "did you mean 'council'?"),
        (["valley-flood", "--doctrine", "council=defalt"], "did you mean 'default'?"),
        (["valley-flood", "--doctrine", "all=history"], "there is no doctrine 'history'"),
        (["valley-flood", "--seed", "-1"], "--seed"),
        (["valley-flood", "--orders", "none.toml"], "none.toml"),
    ],
)
def test_a_slip_on_the_command_line_is_a_misuse(shell, valley, arguments, words):
    """Exit code 2, one line with what was probably meant, nothing on stdout."""
    done = shell("run", *arguments)
    assert (done.code, done.out) == (2, "")
    assert words in done.err
    assert done.err.count("\n") == 1


def test_a_scenario_with_errors_is_told_in_one_line(shell, valley):
    """The first problem, how many there are, and how to see all; exit code 1."""
    path = pathlib.Path("scenarios/valley_flood/world.toml")
    path.write_text(path.read_text().replace("r.water - 50", "r.watr - 50"))
    done = shell("run", valley)
    assert done.code == 1
    assert "scenario/world.toml:" in done.err
    assert "exercise check valley-flood" in done.err
    assert done.err.count("\n") == 1


def test_without_json_a_person_reads_what_moved(shell, valley):
    """The plain text names the place, the change since STARTEX and the digest, and asks for no colours."""
    done = shell("run", valley, "--seed", 3)
    assert "after turn 5 ENDEX" in done.out
    assert "The valley (valley)" in done.out
    assert "staff: Call the army" in done.out
    assert "\x1b" not in done.out
