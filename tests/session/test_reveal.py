"""ENDEX: what was kept from the seats is opened, and everything can be checked against what they were told."""

from __future__ import annotations

import pathlib

import attrs
import pytest

from exercise.presenter.briefing import briefing_rows
from exercise.presenter.ending import ending_rows
from exercise.presenter.rows import Row
from exercise.presenter.seat_state import SeatState, fold_all
from exercise.record.commitment import Promise, commitment, promise_mark
from exercise.record.journal import Journal
from exercise.record.reading import read_log
from exercise.record.replay import verify_log
from exercise.session.host import Host
from exercise.session.running import Running
from tests.record.played import header_of
from tests.session.room import Frame, exercise

SEATS = ("town", "guest")
SEED, SALT = 7, "5a17" * 8


def texts(rows: tuple[Row, ...]) -> str:
    """The words of some rows."""
    return "\n".join("".join(run.text for run in line) for row in rows for line in row.lines)


@attrs.define
class Played:
    """A small exercise with its log on disk, and what each seat was sent of it."""

    log: pathlib.Path
    frames: dict[str, list[Frame]]
    host: Host

    @classmethod
    def begin(cls, log: pathlib.Path) -> Played:
        """Open the log, or take it up again."""
        program = exercise()
        if log.exists():
            journal, past = Journal.open(log)
        else:
            data = {**header_of(program, SEED), "seed_commitment": commitment(SEED, SALT), "salt": SALT}
            journal, past = Journal.create(log, data), tuple(read_log(log))
        frames: dict[str, list[Frame]] = {seat: [] for seat in SEATS}
        host = Host.start(
            Running.begin(program, SEED, journal, promise=Promise.of_header(past[0].data)),
            SEATS,
            lambda seat, frame: frames[seat].append(frame),
            past=past[1:],
        )
        return cls(log, frames, host)

    def play_to_the_end(self) -> None:
        """Everybody passes, and thanks the others afterwards."""
        while not self.host.running.is_over:
            for seat in SEATS:
                self.host.hear(seat, {"act": "ready"})
        self.host.hear("town", {"act": "message", "to": "all", "text": "thank you"})

    def state(self, seat: str = "town") -> SeatState:
        """What a seat knows."""
        return fold_all(SeatState(), self.frames[seat])

    def close(self) -> None:
        """The host's program ends."""
        self.host.running.book.close()


@pytest.fixture
def played(tmp_path: pathlib.Path) -> Played:
    """An exercise whose first turn is open."""
    return Played.begin(tmp_path / "small.jsonl")


def test_fault_46_the_log_opens_to_the_head_and_the_seed_that_the_seats_were_told(played: Played) -> None:
    """The head on everybody's screen is that of the log at ENDEX, also when words follow; the seed is the one that was promised before."""
    played.play_to_the_end()
    for seat in SEATS:
        state = played.state(seat)
        assert state.ending is not None
        report = verify_log(played.log, state.ending.head)
        assert report.ok
        assert report.after_head == 1
        assert state.ending.head in texts(ending_rows(state, 100))
        assert f"{SEED}  as promised before play" in texts(ending_rows(state, 100))
    played.close()


def test_the_promise_is_told_before_play_and_opened_only_at_the_end(played: Played) -> None:
    """Before ENDEX nobody is sent the seed or the salt in any form, and everybody can write the promise down."""
    said = repr(played.frames)
    assert SALT not in said
    assert "'seed'" not in said
    assert promise_mark(commitment(SEED, SALT)) in texts(briefing_rows(played.state(), 100))
    played.play_to_the_end()
    assert [frame["salt"] for frame in played.frames["guest"] if frame["frame"] == "end"] == [SALT]
    assert "is promised as" not in texts(briefing_rows(played.state(), 100))
    played.close()


@pytest.mark.parametrize("changed", [{"seed": 8}, {"salt": "00"}, {"salt": ""}, {"seed": "seven"}])
def test_a_seed_that_is_not_the_promised_one_is_named(played: Played, changed: dict[str, object]) -> None:
    """Also when the salt is kept back."""
    played.play_to_the_end()
    frames = [{**frame, **changed} if frame["frame"] == "end" else frame for frame in played.frames["town"]]
    assert "is NOT the one that was promised before play" in texts(ending_rows(fold_all(SeatState(), frames), 100))
    played.close()


def test_a_log_that_was_changed_after_the_end_is_found_by_the_head(played: Played) -> None:
    """What stands before ENDEX cannot be rewritten behind the seats' backs."""
    played.play_to_the_end()
    head = played.state().ending
    assert head is not None
    played.close()
    other = Played.begin(played.log.with_name("other.jsonl"))
    other.host.hear("guest", {"act": "order", "order": "plot", "target": "north", "amount": 3})
    other.play_to_the_end()
    other.close()
    assert verify_log(other.log).ok
    assert not verify_log(other.log, head.head).ok


def test_a_host_that_died_before_it_wrote_the_end_tells_the_same_end(played: Played, tmp_path: pathlib.Path) -> None:
    """The end is written and told by the next one, in the same place of every stream."""
    played.play_to_the_end()
    played.close()
    cut = tmp_path / "cut.jsonl"
    lines = played.log.read_bytes().splitlines(keepends=True)
    end = next(number for number, entry in enumerate(read_log(played.log)) if entry.type == "ended")
    cut.write_bytes(b"".join(lines[:end]))
    again = Played.begin(cut)
    ends = [[frame for frame in one.frames["town"] if frame["frame"] == "end"] for one in (played, again)]
    assert ends[0] == ends[1]
    assert [entry.type for entry in read_log(cut)][-1] == "ended"
    again.close()
