"""``exercise play`` up to the first screen: names, languages, resuming, and the venue that the screens talk to."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys
import threading
import time

import pytest

from exercise.cli import venue as venues
from exercise.presenter.link import VenueError
from exercise.record.reading import read_log

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


class Table:
    """A person at a seat without a screen: keeps every frame and waits for those it needs."""

    def __init__(self, link) -> None:
        self.link = link
        self.frames: list[dict] = []
        self.came = threading.Condition()
        link.listen(self.hear)

    def hear(self, frame) -> None:
        """Keep a frame."""
        with self.came:
            self.frames.append(dict(frame))
            self.came.notify_all()

    def wait(self, holds, timeout_s: float = 20.0) -> dict:
        """The first frame that satisfies the condition."""
        limit = time.monotonic() + timeout_s
        with self.came:
            while not (found := [frame for frame in self.frames if holds(frame)]):
                assert self.came.wait(limit - time.monotonic()), [frame["frame"] for frame in self.frames]
            return found[0]

    def play_turn(self, turn: int) -> None:
        """Say that the turn's orders stand and wait for what comes of it."""
        self.wait(lambda frame: frame["frame"] == "turn" and frame["turn"] == turn)
        self.link.send({"ref": f"r{turn}", "act": "ready"})
        self.wait(lambda frame: frame["frame"] == "end" or (frame["frame"] == "turn" and frame["turn"] == turn + 1))


@pytest.fixture
def begun(valley):
    """A venue of the starter scenario, closed afterwards."""
    venue = venues.begin(valley, None, 3, pathlib.Path("play.jsonl"))
    yield venue
    venue.close()


def test_the_lobby_says_what_is_played_and_writes_nothing(begun):
    """Title, content note, cut and seats come from content alone; no log exists before somebody takes a seat."""
    lobby = begun.lobby()
    assert (lobby.title, lobby.minutes, lobby.turns, lobby.start) == ("Valley flood", 30, 5, "2031-05-02")
    assert lobby.content_note
    assert [seat.id for seat in lobby.seats] == ["council", "relief"]
    assert lobby.resume == "exercise play --log play.jsonl"
    assert not pathlib.Path("play.jsonl").exists()


def test_the_lobby_tells_seats_what_the_chosen_cut_tells_them():
    """A briefing that a cut has of its own stands in the lobby too, before anybody has taken a seat."""
    said = {cut: venues.begin("rasht-2010", cut, 1, None).lobby().seats[0].briefing for cut in ("whole", "ambush")}
    assert "Thursday 1 July 2010" in said["whole"]
    assert "Monday 16 August 2010" in said["ambush"]


def test_a_seat_plays_to_the_end_and_the_log_verifies(shell, begun):
    """With one seat taken and doctrines for the rest, saying ready five times leads to ENDEX; the log recomputes and names the player."""
    table = Table(begun.take(("council",))["council"])
    for turn in range(1, 6):
        table.play_turn(turn)
    assert table.frames[-1]["frame"] == "end"
    begun.close()
    assert shell("verify", "play.jsonl").code == 0
    entries = list(read_log(pathlib.Path("play.jsonl")))
    assert {entry.data["seat"]: entry.data["by"] for entry in entries if entry.type == "seat"} == {"council": "human", "relief": "doctrine"}
    assert entries[-1].type == "ended"
    assert all(entry.at for entry in entries)


def test_an_exercise_goes_on_where_it_was_left(shell, begun):
    """Quit in the middle of a turn and resume: the order given before is still there, and the stream begins at STARTEX again."""
    table = Table(begun.take(("council",))["council"])
    table.play_turn(1)
    table.wait(lambda frame: frame["frame"] == "turn" and frame["turn"] == 2)
    table.link.send({"ref": "o", "act": "order", "order": "evacuate", "target": "valley", "amount": 1500})
    table.wait(lambda frame: frame["frame"] == "ack" and frame["ref"] == "o")
    begun.close()

    path = pathlib.Path("play.jsonl")
    resumed = venues.take_up(path, tuple(read_log(path)))
    try:
        assert resumed.played_before == ("council",)
        again = Table(resumed.take(("council",))["council"])
        turn = again.wait(lambda frame: frame["frame"] == "turn" and frame["turn"] == 2 and frame["committed"])
        assert turn["committed"] == [{"order": "evacuate", "target": "valley", "amount": 1500.0}]
        assert again.frames[0]["frame"] == "welcome"
        for number in range(2, 6):
            again.play_turn(number)
    finally:
        resumed.close()
    assert shell("verify", "play.jsonl").code == 0


def test_a_resumed_log_is_played_under_its_own_content(shell, begun, valley):
    """Editing the scenario meanwhile changes nothing for an exercise that has begun."""
    Table(begun.take(("council",))["council"]).play_turn(1)
    begun.close()
    world = pathlib.Path("scenarios/valley_flood/world.toml")
    world.write_text(world.read_text().replace("value = 14", "value = 20"))
    path = pathlib.Path("play.jsonl")
    resumed = venues.take_up(path, tuple(read_log(path)))
    try:
        Table(resumed.take(("council",))["council"]).play_turn(2)
    finally:
        resumed.close()
    assert shell("verify", "play.jsonl").code == 0


def test_a_branch_is_played_on_by_people_and_the_rest_by_the_doctrines_of_the_log(shell, valley):
    """Left open at turn 2, taken up by the council: the agency is moved by the doctrine that the log names for it, not by its default."""
    seats = pathlib.Path("scenarios/valley_flood/seats.toml")
    idle = '[[doctrine]]\nid = "idle"\nseat = "relief"\ntext = "Waits."\nassumption = true\nreason = "a test"\n'
    seats.write_text(f"{seats.read_text()}\n{idle}")
    assert shell("run", valley, "--seed", 3, "--doctrine", "relief=idle", "--log", "source.jsonl").code == 0
    assert shell("branch", "source.jsonl", "--turn", 2, "--turns", 1, "--log", "ours.jsonl").code == 0
    path = pathlib.Path("ours.jsonl")
    resumed = venues.take_up(path, tuple(read_log(path)))
    try:
        table = Table(resumed.take(("council",))["council"])
        for number in range(2, 6):
            table.play_turn(number)
    finally:
        resumed.close()
    assert shell("verify", path).code == 0
    assert "relief" not in [entry.data["seat"] for entry in read_log(path) if entry.type == "order"]


def test_a_torn_tail_is_told_to_the_players(begun):
    """What a crash left unfinished is set aside, and the seat hears of it."""
    Table(begun.take(("council",))["council"]).play_turn(1)
    begun.close()
    path = pathlib.Path("play.jsonl")
    with path.open("ab") as file:
        file.write(b'{"data":{"am')
    sound = tuple(entry for entry in read_log_until_torn(path))
    resumed = venues.take_up(path, sound)
    try:
        table = Table(resumed.take(("council",))["council"])
        assert "torn-1" in table.wait(lambda frame: frame["frame"] == "notice")["text"]
    finally:
        resumed.close()


def read_log_until_torn(path):
    """The sound entries of a log whose last line is torn."""
    from exercise.record.reading import LogError

    entries = read_log(path)
    while True:
        try:
            yield next(entries)
        except (LogError, StopIteration):
            return


def test_several_people_play_in_turn(begun):
    """Two seats at one terminal: the turn closes when both are ready, and each has its own stream."""
    links = begun.take(("council", "relief"))
    tables = {seat: Table(link) for seat, link in links.items()}
    for table in tables.values():
        table.wait(lambda frame: frame["frame"] == "turn")
        table.link.send({"ref": "r", "act": "ready"})
    for seat, table in tables.items():
        table.wait(lambda frame: frame["frame"] == "turn" and frame["turn"] == 2)
        assert table.frames[0]["seat"]["id"] == seat


def test_a_log_in_use_is_not_opened_twice(begun):
    """The second venue is told who has the log, in words for people."""
    begun.take(("council",))
    path = pathlib.Path("play.jsonl")
    second = venues.take_up(path, tuple(read_log(path)))
    with pytest.raises(VenueError, match="in use"):
        second.take(("council",))
    second.close()


def test_content_that_cannot_be_used_is_told_at_the_lobby(shell, valley):
    """The screens learn in one line what is wrong and which command tells more."""
    world = pathlib.Path("scenarios/valley_flood/world.toml")
    world.write_text(world.read_text().replace("[[rule]]", "[[rul]]", 1))
    with pytest.raises(VenueError, match="exercise check valley-flood"):
        venues.begin(valley, None, 1, None).lobby()


def test_the_lobby_tells_of_the_seats_as_the_cut_begins(shell):
    """A briefing of June before an exercise of April would tell what nobody knows yet."""
    offers = {cut: {one.id: one for one in venues.begin("osh-2010", cut, 1, None).lobby().seats} for cut in ("june-days", "april")}
    june, april = (offers[cut]["kyrgyz_government"] for cut in ("june-days", "april"))
    assert (june.name, april.name) == ("Interim government of Kyrgyzstan", "Opposition, then interim government")
    assert "10 June 2010" in june.briefing
    assert "6 April 2010" in april.briefing
    assert april.public_aims != june.public_aims


def test_a_log_without_a_name_lands_among_the_users_data(own_home, valley):
    """Fresh logs get a name of their own in a private folder, so that nobody has to think of one."""
    venue = venues.begin(valley, None, 1, None)
    try:
        venue.take(("council",))
        assert venue.place().parent == own_home / "data" / "situation-room" / "logs"
        assert venue.place().stat().st_mode & 0o777 == 0o600
        assert venue.place().parent.stat().st_mode & 0o777 == 0o700
    finally:
        venue.close()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["valley-flod"], "valley-flood"),
        (["valley-flood", "--seat", "counsil"], "did you mean 'council'?"),
        (["valley-flood", "--cut", "flod"], "did you mean 'flood'?"),
        (["valley-flood", "--lang", "tlh"], "no catalogue"),
    ],
)
def test_a_misspelt_name_is_refused_before_any_screen(shell, valley, arguments, words):
    """Exit code 2 and one line, while the terminal is still untouched."""
    done = shell("play", *arguments)
    assert (done.code, done.out) == (2, "")
    assert words in done.err


@pytest.mark.parametrize("arguments", [["osh-2010"], ["--seed", "4"], ["--cut", "other"], ["--seat", "nobody"]])
def test_resuming_contradicting_the_log_is_a_misuse(shell, valley, arguments):
    """What the log records cannot be changed from the command line."""
    assert shell("run", valley, "--seed", 3, "--turns", 2, "--log", "early.jsonl", "--json").code == 0
    assert shell("play", "--log", "early.jsonl", *arguments).code == 2


def test_a_finished_log_is_not_played_on(shell, log):
    """It is for the replay viewer, and the message says so."""
    done = shell("play", "--log", log)
    assert done.code == 1
    assert "exercise replay" in done.err


def test_screens_are_not_painted_into_a_pipe(shell, valley, log):
    """Without a terminal the full screens are refused with the way that works; nothing is written."""
    for arguments, words in ((["play", valley], "--plain"), (["replay", log], "exercise show")):
        done = shell(*arguments)
        assert (done.code, done.out, words in done.err) == (2, "", True)


def test_the_plain_mode_plays_over_a_pipe(valley):
    """``--plain`` reads commands and prints lines without any terminal, and leaves a log to go on with."""
    done = subprocess.run(
        [sys.executable, "-m", "exercise", "play", valley, "--plain", "--seat", "council", "--seed", "3", "--log", "plain.jsonl"],
        input="\ndone\ndone\nquit\n",
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "exercise play --log plain.jsonl" in done.stdout
    assert "turn_closed" in [entry.type for entry in read_log(pathlib.Path("plain.jsonl"))]
