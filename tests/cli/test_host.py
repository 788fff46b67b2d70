"""``exercise host`` and ``exercise join`` as programs: tickets, two players in lines, a host that is killed and started again."""

from __future__ import annotations

import json
import os
import pathlib
import re
import resource
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from exercise.cli.hosting import address_of
from exercise.net.client import Line, Way
from exercise.net.ticket import parse_ticket
from exercise.record.reading import read_log
from tests.net.hall import Ear, until

READY_S = 60.0


class Program:
    """A command that runs beside the test, whose output is read as it comes."""

    def __init__(self, *arguments: object) -> None:
        command = [sys.executable, "-m", "exercise", *map(str, arguments)]
        env = os.environ | {"PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", env=env
        )
        self.out, self.err = "", ""
        self._threads = [threading.Thread(target=self._read, args=(name,), daemon=True) for name in ("out", "err")]
        for one in self._threads:
            one.start()

    def _read(self, name: str) -> None:
        stream = self.process.stdout if name == "out" else self.process.stderr
        assert stream is not None
        while some := os.read(stream.fileno(), 65_536):
            setattr(self, name, getattr(self, name) + some.decode("utf-8", "replace"))

    def until(self, words: str) -> str:
        """Wait for some output."""

        def came() -> bool:
            assert words in self.out or self.process.poll() is None, (self.out[-2000:], self.err)
            return words in self.out

        until(came, READY_S)
        return self.out

    def type(self, line: str) -> None:
        """Type a line."""
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def end(self, how: int = signal.SIGTERM) -> int:
        """End it; its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        status = self.process.wait(timeout=30)
        for one in self._threads:
            one.join(timeout=10)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()
        return status

    @property
    def document(self) -> Any:
        """The one line of JSON."""
        line, newline, rest = self.until("\n").partition("\n")
        assert newline
        assert not rest
        return json.loads(line)


@pytest.fixture
def start(valley: str) -> Iterator[Callable[..., Program]]:
    """Start programs; what still runs in the end is killed. In the folder with the starter scenario."""
    assert valley
    started: list[Program] = []

    def go(*arguments: object) -> Program:
        started.append(Program(*arguments))
        return started[-1]

    yield go
    for one in started:
        one.end(signal.SIGKILL)


def host(start: Callable[..., Program], *more: object, log: str = "room.jsonl") -> Program:
    """A host of the starter scenario on loopback."""
    ports = () if "--port" in more else ("--port", 0)
    return start("host", "--headless", "--json", "--untimed", "--bind", "127.0.0.1", "--log", log, *ports, *more)


def take_seats(told: dict[str, Any]) -> tuple[list[Line], list[Ear]]:
    """A line for every head's ticket of a host, all of them ready: the exercise runs."""
    tickets = [parse_ticket(one["ticket"]) for one in told["tickets"] if one["role"] == "head"]
    lines = [Line(Way.of(ticket), ticket.words) for ticket in tickets]
    for line in lines:
        line.open()
    ears = [Ear(next(iter(line.links.values()))) for line in lines]
    for ear in ears:
        assert ear.ask("ready")["frame"] == "ack"
    until(lambda: all(ear.last("session")["status"] == "running" for ear in ears))
    return lines, ears


def test_a_host_says_in_one_line_how_to_join_it(start: Callable[..., Program], tmp_path: pathlib.Path) -> None:
    """Address, fingerprint, log, and a ticket for every seat and for a facilitator; the log and what stands beside it are its owner's alone."""
    running = host(start, "valley-flood", "--seed", 3, "--sheet", "tickets.txt")
    told = running.document
    assert {"address", "fingerprint", "log", "tickets"} <= set(told)
    assert all({"seat", "ticket", "ssh", "web", "role"} <= set(one) for one in told["tickets"])
    seats = [one["seat"] for one in told["tickets"] if one["role"] == "head"]
    assert len(seats) == len(set(seats)) > 1
    assert [one["role"] for one in told["tickets"] if not one["seat"]] == ["facilitator"]
    for one in told["tickets"]:
        ticket = parse_ticket(one["ticket"])
        assert f"{ticket.address}:{ticket.port}" == told["address"]
        assert ticket.fingerprint == told["fingerprint"]
    log = pathlib.Path(told["log"])
    assert [path.stat().st_mode & 0o777 for path in (log, log.with_name(log.name + ".host"))] == [0o600, 0o600]
    sheet = pathlib.Path("tickets.txt")
    assert all(f"exercise join {one['ticket']}" in sheet.read_text() for one in told["tickets"])
    assert sheet.stat().st_mode & 0o777 == 0o600
    words = [one["words"] for one in told["tickets"]]
    assert not any(each in log.read_text() for each in words), "no ticket stands in the log"
    assert running.end() == 0
    assert f"its head is {[*read_log(log)][-1].hash}" in running.err
    assert told["seed_commitment"] == next(read_log(log)).data["seed_commitment"]
    assert next(entry.type for entry in read_log(log)) == "exercise"


def test_a_host_says_how_it_goes_on_with_the_doors_that_it_had(start: Callable[..., Program]) -> None:
    """At the start, where it can be copied, and at the end; what it says opens the same door again at the same place."""
    asked = ("host", "valley-flood", "--headless", "--bind", "127.0.0.1", "--port", 0, "--web", 0, "--log", "room one.jsonl")
    running = start(*asked)
    page = re.search(r"(https://127\.0\.0\.1:(\d+)/)#", running.until("Ready."))
    assert page is not None
    again = f"exercise host --log '{pathlib.Path('room one.jsonl').absolute()}' --bind 127.0.0.1 --web {page[2]} --headless"
    assert f"it goes on with: {again}" in running.out
    assert running.end() == 0
    assert f"it goes on with: {again}" in running.err
    assert page[1] in start(*shlex.split(again)[1:]).until("Ready.")


@pytest.mark.parametrize("taken", ["--port", "--web"])
def test_a_host_that_cannot_be_opened_leaves_no_log(start: Callable[..., Program], taken: str) -> None:
    """Nobody was ever there; one that went on keeps its log."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        ports = {"--port": 0, "--web": 0} | {taken: other.getsockname()[1]}
        asked = ["host", "--headless", "--bind", "127.0.0.1", *(word for pair in ports.items() for word in pair), "--log", "room.jsonl"]
        refused = start(*asked, "valley-flood")
        refused.process.wait(timeout=60)
        until(lambda: "in use" in refused.err)
        assert list(pathlib.Path().glob("room*")) == []
        kept = start(*asked, "valley-flood", taken, 0)
        kept.until("Ready.")
        kept.end()
        refused = start(*asked)
        refused.process.wait(timeout=60)
        until(lambda: "in use" in refused.err)
        assert pathlib.Path("room.jsonl").exists()


def test_two_people_play_a_turn_in_lines(start: Callable[..., Program], shell: Callable[..., Any]) -> None:
    """They join with their tickets, say that they are done until it runs, pass a turn, leave; the log verifies."""
    seats = ("--phases", "one")
    running = host(start, "valley-flood", "--seed", 3, *seats)
    tickets = [one["ticket"] for one in running.document["tickets"] if one["role"] == "head"]
    players = [start("join", ticket, "--plain", "--name", f"Player {number}") for number, ticket in enumerate(tickets)]
    for one in players:
        one.until("Press enter") if "Press enter" in one.out else None
        one.type("")
        one.until("Type help")
    line = "done"
    end = time.monotonic() + READY_S
    while not all("turn 2 of" in one.out for one in players):
        assert time.monotonic() < end, [one.out[-1500:] + one.err for one in players]
        for one in players:
            if "turn 2 of" not in one.out:
                one.type(line)
        time.sleep(0.5)
    for one in players:
        one.type("quit")
        one.until("exercise join ")
    assert running.end() == 0
    done = shell("verify", "room.jsonl", "--json")
    assert (done.code, done.document["ok"]) == (0, True)
    assert done.document["turns"] >= 1


def test_a_co_facilitator_elsewhere_types_slips_in(start: Callable[..., Program], tmp_path: pathlib.Path) -> None:
    """By the numbers that their own console lists; what was handed in is in the log as the facilitator's hand."""
    running = host(start, "valley-flood", "--phases", "one")
    ticket = next(one["ticket"] for one in running.document["tickets"] if one["role"] == "facilitator")
    console = start("join", ticket, "--plain")
    console.until("facilitator > ")
    seat = running.document["tickets"][0]["seat"]
    for line, words in (
        ("start", "Type the same again"),
        ("start", "ORDERS"),
        (f"menu {seat}", "  1 "),
        (f"slip press {seat} we are calm", "Handed in: "),
        (f"slip done {seat}", "is done with this phase"),
        ("quit", "The exercise goes on without you."),
        ("quit", f"> Come back with: exercise join {ticket}\n"),
    ):
        console.type(line)
        console.until(words)
    entries = list(read_log(tmp_path / "room.jsonl"))
    assert [(entry.data["seat"], entry.data["by"]) for entry in entries if entry.type == "ready"] == [(seat, "facilitator")]


def test_fault_25_a_host_that_is_killed_goes_on_with_its_log(start: Callable[..., Program], shell: Callable[..., Any]) -> None:
    """Kill -9 in mid-turn; started again with the log alone, on the port that it had: the same lines come back, the order stands."""
    running = host(start, "valley-flood", "--seed", 3, "--phases", "one")
    told = running.document
    lines, ears = take_seats(told)
    assert ears[0].ask("message", to="all", text="before the fall")["frame"] == "ack"
    running.end(signal.SIGKILL)
    until(lambda: all(line.state == "lost" for line in lines))
    ref = ears[1].say("message", to="all", text="while nobody was there")
    began = time.monotonic()
    again = start("host", "--headless", "--json", "--untimed", "--phases", "one", "--bind", "127.0.0.1", "--log", "room.jsonl")
    assert again.document["resumed"] is True
    assert again.document["address"] == told["address"]
    assert {one["state"] for one in again.document["tickets"] if one["role"] == "head"} == {"bound"}
    assert {one["ticket"] for one in again.document["tickets"] if one["role"] == "head"} == {""}
    came_up = time.monotonic()
    assert ears[1].answer(ref)["frame"] == "ack"
    until(lambda: all(line.state == "live" for line in lines))
    assert time.monotonic() - came_up < 5
    assert time.monotonic() - began < READY_S
    for ear in ears:
        ear.say("ready")
    until(lambda: all(ear.last("turn")["turn"] == 2 for ear in ears))
    for line in lines:
        line.close()
    assert again.end(signal.SIGINT) == 0
    done = shell("verify", "room.jsonl", "--json")
    assert (done.code, done.document["ok"], done.document["turns"]) == (0, True, 1)
    texts = [entry.data["text"] for entry in read_log("room.jsonl") if entry.type == "message"]
    assert texts == ["before the fall", "while nobody was there"]


def test_an_agreement_outlives_the_host(start: Callable[..., Program], shell: Callable[..., Any]) -> None:
    """Proposed before the fall and signed after it: in force and paid when the turn is resolved, in both streams and in the log."""
    running = host(start, "valley-flood", "--seed", 3, "--phases", "one")
    told = running.document["tickets"]
    heads = {one["seat"]: parse_ticket(one["ticket"]) for one in told if one["role"] == "head"}
    lines = {seat: Line(Way.of(ticket), ticket.words) for seat, ticket in heads.items()}
    for line in lines.values():
        line.open()
    ears = {seat: Ear(next(iter(line.links.values()))) for seat, line in lines.items()}
    for ear in ears.values():
        ear.ask("ready")
    until(lambda: all(ear.last("session")["status"] == "running" for ear in ears.values()))
    money = {
        "clause": "shelter_money",
        "giver": "relief",
        "receiver": "council",
        "target": "valley",
        "amount": 2,
        "line": 100,
        "by_days": 2,
    }
    assert ears["relief"].ask("propose", **{"with": ["council"]}, clauses=[money], days=4, secret=True)["frame"] == "ack"
    until(lambda: ears["council"].last("agreement")["agreement"]["status"] == "draft")
    running.end(signal.SIGKILL)
    until(lambda: all(line.state == "lost" for line in lines.values()))
    again = start("host", "--headless", "--json", "--untimed", "--bind", "127.0.0.1", "--log", "room.jsonl")
    assert again.document["resumed"] is True
    until(lambda: all(line.state == "live" for line in lines.values()))
    assert [one["id"] for one in ears["council"].last("session")["phases"]] == ["orders"]  # as it began, without being told
    id = ears["council"].last("agreement")["agreement"]["id"]
    assert ears["council"].ask("sign", agreement=id)["frame"] == "ack"
    for ear in ears.values():
        ear.say("ready")
    until(lambda: all(ear.last("agreement")["agreement"]["status"] == "in force" for ear in ears.values()))
    for line in lines.values():
        line.close()
    assert again.end(signal.SIGINT) == 0
    assert shell("verify", "room.jsonl", "--json").document["ok"]
    assert [entry.data["step"] for entry in read_log("room.jsonl") if entry.type == "agreement"] == ["propose", "in_force"]


def test_a_log_without_what_stood_beside_it_goes_on_with_new_tickets(start: Callable[..., Program]) -> None:
    """The old ones open nothing any more; a file beside it that cannot be read is named."""
    running = host(start, "valley-flood")
    before = {one["ticket"] for one in running.document["tickets"]}
    assert running.end() == 0
    beside = pathlib.Path("room.jsonl.host")
    beside.write_text("{")
    spoilt = start("host", "--headless", "--json", "--bind", "127.0.0.1", "--port", 0, "--log", "room.jsonl")
    assert spoilt.process.wait(timeout=READY_S) == 1
    until(lambda: "room.jsonl.host cannot be read" in spoilt.err)
    beside.unlink()
    again = start("host", "--headless", "--json", "--bind", "127.0.0.1", "--port", 0, "--log", "room.jsonl")
    assert again.document["resumed"] is False
    after = {one["ticket"] for one in again.document["tickets"]}
    assert len(after) == len(before)
    assert not {parse_ticket(one).words for one in before} & {parse_ticket(one).words for one in after}


def test_a_ticket_need_not_stand_on_the_command_line(start: Callable[..., Program]) -> None:
    """Read from standard input, and the commands after it."""
    running = host(start, "valley-flood", "--phases", "one")
    ticket = next(one["ticket"] for one in running.document["tickets"])
    player = start("join", "-", "--plain")
    player.type(ticket)
    player.type("")
    player.until("Type help")
    if sys.platform == "linux":
        assert parse_ticket(ticket).words not in pathlib.Path(f"/proc/{player.process.pid}/cmdline").read_text()


def test_two_hosts_cannot_have_one_log_or_one_port(start: Callable[..., Program]) -> None:
    """One line with a hint each."""
    first = host(start, "valley-flood")
    port = first.document["address"].rpartition(":")[2]
    same_log = start("host", "--json", "--bind", "127.0.0.1", "--port", 0, "--log", "room.jsonl")
    assert same_log.process.wait(timeout=READY_S) == 1
    same_port = host(start, "valley-flood", "--port", port, log="other.jsonl")
    assert same_port.process.wait(timeout=READY_S) == 1
    until(lambda: "in use" in same_port.err and "\n" in same_log.err)
    assert "--port" in same_port.err
    for one in (same_log, same_port):
        assert one.err.startswith("exercise: ")
        assert one.err.count("\n") == 1
        assert one.out == ""


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("host", "valley-flood", "--seat", "nobody"), "no seat 'nobody'"),
        (("host", "no-such-scenario"), "no-such-scenario"),
        (("host", "valley-flood", "--isolate"), "--isolate"),
        (("host", "valley-flood", "--practice", "--log", "x.jsonl"), "--practice"),
        (("join", "lusab-babad-gutih", "--plain"), "not whole"),
        (("join", "--plain"), "Missing argument"),
        (("join", f"10.0.0.1:1/{'abcde-' * 4}fghij/lusab", "--plain", "--name", "x" * 41), "40 characters"),
    ],
)
def test_what_was_said_wrongly_is_one_line(shell: Callable[..., Any], valley: str, arguments: tuple[str, ...], why: str) -> None:
    """Exit 2, and no file is made."""
    assert valley
    before = set(pathlib.Path.cwd().iterdir())
    done = shell(*arguments)
    assert done.code == 2
    assert why.removeprefix("--practice") in done.err
    assert done.err.count("\n") == 1
    assert set(pathlib.Path.cwd().iterdir()) == before


def test_a_host_nobody_answers_at_is_named(shell: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 1 with what to look at."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        monkeypatch.setattr(Line.open, "__defaults__", (0.3,))
        done = shell("join", f"127.0.0.1:{port}/{'abcde-' * 4}fghij/lusab-babad-gutih", "--plain")
    assert done.code == 1
    assert f"127.0.0.1:{port} cannot be reached" in done.err


def test_the_address_that_is_printed_is_one_that_others_find() -> None:
    """The one named, or a guess that no packet is sent for."""
    assert address_of("10.1.2.3") == "10.1.2.3"
    assert address_of("") not in ("", "0.0.0.0", "::")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the memory of a running process")
@pytest.mark.parametrize("more_mib", [0, 24])
def test_fault_67_a_host_without_memory_loses_nothing_that_it_acknowledged(
    start: Callable[..., Program], shell: Callable[..., Any], more_mib: int
) -> None:
    """Its memory is limited while it plays, and a flood of letters and the end of the turn ask for more: it answers, freezes or ends, and the log is whole."""
    running = host(start, "valley-flood", "--seed", 3, "--phases", "one")
    lines, ears = take_seats(running.document)
    pid = running.process.pid
    has = int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[0]) * resource.getpagesize()
    resource.prlimit(pid, resource.RLIMIT_AS, (has + more_mib * 2**20,) * 2)
    asked = {ear: [ear.say("message", to="all", text=f"{number} " + "x" * 1500) for number in range(12)] for ear in ears}
    for ear in ears:
        ear.say("ready")

    def is_settled() -> bool:
        states = [(ear.last("turn")["turn"], ear.last("session")["status"]) for ear in ears]
        return running.process.poll() is not None or all(turn == 2 or status == "frozen" for turn, status in states)

    until(is_settled)  # and is not there for ever, as if it were working
    acknowledged = [
        (ear, frame["ref"]) for ear, refs in asked.items() for frame in ear.frames if frame["frame"] == "ack" and frame["ref"] in refs
    ]
    for line in lines:
        line.close()
    running.end(signal.SIGKILL)
    done = shell("verify", "room.jsonl", "--json")
    if done.document["first_difference"] is not None:  # a line that was cut short is set aside when the log is taken up
        assert "cut short" in done.document["first_difference"]["what"]
    again = host(start)
    assert again.document["resumed"] is True
    assert again.end() == 0
    assert shell("verify", "room.jsonl", "--json").document["ok"] is True
    letters = [entry for entry in read_log("room.jsonl") if entry.type == "message"]
    assert len(letters) >= len(acknowledged)
