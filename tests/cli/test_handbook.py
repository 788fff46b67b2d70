"""``exercise handbook --paper``: sheets from a log that is not over, or from a scenario's beginning."""

from __future__ import annotations

import pathlib
import stat

import pytest

from exercise.cli.exercises import header
from exercise.content import prepare
from exercise.record.journal import Journal
from tests.session.assembly import Assembly


@pytest.fixture
def open_log(shell, valley) -> pathlib.Path:
    """A log of the starter scenario with one turn closed and the second open."""
    assert shell("run", valley, "--seed", 3, "--turns", 1, "--log", "open.jsonl", "--json").code == 0
    return pathlib.Path("open.jsonl")


def test_a_log_is_printed_where_it_stands(shell, open_log):
    """The open turn, each seat's own sheet and the facilitator's, in one text."""
    before = open_log.read_bytes()
    done = shell("handbook", "--paper", open_log)
    assert done.code == 0
    assert "turn 2 of 5" in done.out
    assert done.out.count("*** FOR ") == 2
    assert done.out.count("*** FACILITATOR ONLY ***") == 1
    assert "Injects that may still come" in done.out
    assert open_log.read_bytes() == before, "printing writes nothing"


def test_a_seats_sheet_has_no_inject_and_no_other_seats_menu(shell, open_log):
    """What the facilitator alone may know is not on it."""
    mine = shell("handbook", "--paper", open_log, "--seat", "relief").out
    control = shell("handbook", "--paper", open_log, "--seat", "facilitator").out
    assert "FACILITATOR ONLY" not in mine
    assert "Expected:" in control
    assert "Weather warning" not in control, "it has come"
    assert "The bridge is closed" in control
    assert "Expected:" not in mine
    assert "Send boats" in mine


def test_an_inject_that_has_come_is_no_longer_announced(shell, valley):
    """Also one whose condition held, and that no calendar could tell from those to come."""
    assert shell("run", valley, "--seed", 3, "--turns", 2, "--log", "later.jsonl", "--json").code == 0
    released = shell("show", "later.jsonl", "--json").document["injects"]["released"]
    assert "bridge" in released
    assert "The bridge is closed" not in shell("handbook", "--paper", "later.jsonl", "--seat", "facilitator").out


def test_a_scenario_is_printed_from_its_beginning(shell, valley):
    """For a day on which the network is not trusted."""
    done = shell("handbook", "--paper", valley, "--seat", "relief")
    assert done.code == 0
    assert "turn 1 of 5" in done.out


def test_a_hosted_exercise_is_printed_in_the_phase_in_which_its_host_died(shell, valley):
    """The phase, what was committed and written in it, and who plays; the host's own lock is no obstacle, nothing is written."""
    program, path = prepare(valley, ""), pathlib.Path("hosted.jsonl")
    with Journal.create(path, header(program, 3, "00" * 16)) as journal:
        room = Assembly.open(program=program, seats=("relief", "council"), book=journal)
        relief, council, facilitator = room.come("head", "relief"), room.come("head", "council"), room.come("facilitator")
        assert room.act(facilitator, "start")["frame"] == "ack"
        while room.room.host.phase.id != "negotiation":
            assert room.act(facilitator, "next", turn=1, phase=room.room.host.phase.id)["frame"] == "ack"
        assert shell("handbook", "--paper", path).out.count("phase: negotiation") == 3
        while room.room.host.phase.id != "orders":
            assert room.act(facilitator, "next", turn=1, phase=room.room.host.phase.id)["frame"] == "ack"
        assert room.act(relief, "order", order="send_boats", target="valley", amount=2)["frame"] == "ack"
        assert room.act(council, "message", to=["relief"], text="Where are the boats?")["frame"] == "ack"
        done = shell("handbook", "--paper", path)
    assert done.code == 0, done.err
    assert done.out.count("phase: orders") == 3
    mine, _feed, rest = done.out.partition("\f\nRELIEF AGENCY")
    assert "Send boats → The valley" not in mine
    assert "Send boats → The valley, 2.0 M$" in " ".join(rest.split())
    assert "Where are the boats? (not answered)" in " ".join(rest.split())


@pytest.mark.parametrize(("option", "suffix"), [((), ".html"), (("--text",), ".txt")])
def test_files_are_written_for_their_owner_alone(shell, open_log, option, suffix):
    """One for each seat and one for the facilitator, which nobody else on the machine can read; written over, they stay so."""
    folder = pathlib.Path("sheets")
    for _again in range(2):
        done = shell("handbook", "--paper", open_log, "-o", folder, *option)
        assert done.code == 0
        found = sorted(folder.iterdir())
        assert [path.name for path in found if path.stem == "facilitator"] == [f"facilitator{suffix}"]
        assert sorted(done.out.split()) == [str(path) for path in found]
        assert {stat.S_IMODE(path.stat().st_mode) for path in found} == {0o600}
        found[0].chmod(0o644)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ((), 2, "say what to print: --paper LOG or --paper SCENARIO"),
        (("--paper", "nowhere"), 2, "nowhere"),
        (("--paper", "open.jsonl", "--cut", "whole"), 2, "a log has its cut already"),
        (("--paper", "open.jsonl", "--seat", "reliev"), 2, "did you mean 'relief'?"),
    ],
)
def test_misuse_is_told_in_one_line(shell, open_log, arguments, code, words):
    """One line with a hint and the exit code of the contract."""
    done = shell("handbook", *arguments)
    assert done.code == code
    assert words in done.err
    assert len(done.err.strip().splitlines()) == 1


def test_an_exercise_that_is_over_has_no_paper(shell, log):
    """There is nothing left to decide; the command that tells how it ended is named."""
    done = shell("handbook", "--paper", log)
    assert done.code == 1
    assert "the exercise is over" in done.err
    assert "exercise show" in done.err
