"""What if: the unchanged branch is the source, and a change changes only what follows from it."""

from __future__ import annotations

import random
from collections.abc import Sequence

import attrs
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from exercise.core.decisions import (
    Decision,
    InjectRelease,
    MotionDecision,
    OrderDecision,
    RuledEffect,
    Ruling,
    VoteDecision,
)
from exercise.core.program import Program
from exercise.core.world import digest
from exercise.record.branching import Recording, branched, doctrines_named
from exercise.record.entry import Entry
from exercise.record.inputs import INPUTS
from exercise.record.replay import Replayer
from exercise.session.headless import Headless, Pass, Script
from exercise.session.running import ClosedTurn, ResumeError, Running
from tests.record.played import everything, valleys
from tests.session.room import TRADER, Book, book_of, exercise

COOL = OrderDecision("town", "cool", "north", 7.0)


def source_of(*by_turn: tuple[Decision, ...], turns: int = 4, doctrine: str = "") -> list[Entry]:
    """The entries of an exercise with these decisions, turn by turn; with ``doctrine`` one decides for the trader too."""
    book = book_of(exercise())
    running = Running.begin(exercise(), 7, book)
    for number in range(turns):
        for decision in by_turn[number] if number < len(by_turn) else ():
            assert running.take(decision, "human" if hasattr(decision, "seat") else "facilitator") is None
        if doctrine:
            running.decide_by_doctrine("trader", doctrine)
        running.close()
    return book.entries


@attrs.frozen
class Branch:
    """A branch that was played: what it wrote, who decided, and the turns that it closed."""

    book: Book
    headless: Headless
    turns: list[ClosedTurn]

    def inputs(self) -> list[tuple[str, dict]]:
        """What was put in after the branching, in order."""
        start = next(
            place for place, entry in reversed(list(enumerate(self.book.entries))) if entry.type == "branched" and self._is_own(place)
        )
        return [(entry.type, entry.data) for entry in self.book.entries[start:] if entry.type in INPUTS]

    def _is_own(self, place: int) -> bool:
        closed = sum(entry.type == "turn_closed" for entry in self.book.entries[:place])
        return closed == self.turns[0].turn - 1


def branch(
    entries: Sequence[Entry],
    turn: int,
    script: Script | None = None,
    *,
    program: Program | None = None,
    doctrines: dict[str, str] | None = None,
    seed: int | None = None,
) -> Branch:
    """Branch an exercise and play it to its end."""
    program = program or exercise()
    beginning = branched(entries, turn, seed=seed)
    book, heard = Book(entries=[*beginning]), []
    headless = Headless.take_up(program, beginning, book)
    headless.doctrines = doctrines_named(entries) | (doctrines or {})
    headless.script = script or {}
    headless.recording = Recording.of(entries, turn) if seed is None else Recording.of(entries, turn).without_luck()
    headless.freed = frozenset(doctrines or {})
    headless.play(heard=heard.append)
    return Branch(book, headless, heard)


def recomputed(program: Program, entries: Sequence[Entry]) -> list:
    """The closed turns of a log, each compared with what it recorded."""
    replayer = Replayer(entries[0], lambda _files, _cut: program)
    return [played for entry in entries[1:] if (played := replayer.take(entry)) is not None]


# --- nothing changed ------------------------------------------------------------------------------------------------------------------


def rule(number: int, pull: int, spread: int, chance: int) -> str:
    """A rule with dice, of any strength."""
    return f"""
[[rule]]
id = "drift.extra{number}"
stage = "drift"
for = "region r"
when = "chance({chance}%)"
per = "day"
effects = [{{ on = "r.heat", add = "(r.heat - 50) * {pull / 100} + {spread} * noise()" }}]
because = "b"
assumption = true
reason = "a test"
"""


RULES = st.lists(st.tuples(st.integers(-40, 40), st.integers(0, 20), st.integers(0, 100)), max_size=3)


def played_at_random(program: Program, dice: random.Random) -> list[Entry]:
    """An exercise with every sort of input, orders taken back, votes changed and doctrines; finished, or left in the midst of a turn."""
    book = book_of(program, dice.randint(0, 99))
    running = Running.begin(program, book.entries[0].data["seed"], book)
    if dice.random() < 0.3:
        running.write("seat", {"seat": "town", "by": "doctrine", "doctrine": dice.choice(["idle", "default"])})
    stop = dice.choice([99, 99, 1, 2, 3])
    while not running.is_over:
        for _ in range(dice.randint(0, 8)):
            decision = dice.choice(everything(program, running.world, running.decisions, dice))
            running.take(decision, "human" if hasattr(decision, "seat") else "facilitator")
            given = [one for one in running.decisions if isinstance(one, OrderDecision)]
            if given and dice.random() < 0.3:
                back = dice.choice(given)
                running.put_in(*running.withdrawal(back.seat, back.order, back.target, "human"))
        if running.turn >= stop:
            break
        if dice.random() < 0.7:
            running.decide_by_doctrine("trader", "default")
        running.close()
    return book.entries


@given(RULES, st.integers(0, 2**32), st.booleans())
@example([(10, 5, 50)], 0, True)
@settings(max_examples=40)
def test_a_branch_without_any_change_is_the_source_to_its_end(rules, key, is_branch) -> None:
    """Whatever was played: same inputs, worlds and outcomes at whichever turn it is branched, also where the source is a branch with luck
    of its own; nothing is refused, and the branch recomputes.
    """
    program = valleys(TRADER + "".join(rule(number, *one) for number, one in enumerate(rules)))
    dice = random.Random(key)
    entries = played_at_random(program, dice)
    reached = sum(entry.type == "turn_closed" for entry in entries) + (not any(entry.type == "ended" for entry in entries))
    if is_branch:
        entries = branch(entries, dice.randint(1, reached), program=program, seed=dice.randint(100, 199)).book.entries
        reached = 4
    source = recomputed(program, entries)
    turn = dice.randint(1, reached)
    new = branch(entries, turn, program=program)
    assert new.headless.refused == []
    turns = recomputed(program, new.book.entries)
    assert len(turns) == 4
    for was, now in zip(source, turns, strict=False):
        assert (digest(now.closing.world), now.outcomes) == (digest(was.closing.world), was.outcomes)
    recorded = [(entry.type, entry.data) for entry in entries if entry.type in INPUTS and entry.data["turn"] >= turn]
    if len(source) == 4:
        assert new.inputs() == recorded
    else:
        assert new.inputs()[: len(recorded)] == recorded


# --- something changed ----------------------------------------------------------------------------------------------------------------

PLAYED = (
    (COOL, MotionDecision("guest", "council", "send")),
    (
        OrderDecision("town", "cool", "south", 20.0),
        MotionDecision("guest", "council", "send"),
        VoteDecision("guest", "council", "send", "no"),
        InjectRelease("fire"),
    ),
    (Ruling((RuledEffect("north", "heat", "add", 10.0, 1.0),), "the room agreed"), OrderDecision("guest", "visit")),
    (OrderDecision("town", "cool", "south"),),
)


def test_a_changed_order_changes_only_what_follows() -> None:
    """Turn 1 is the source's, what others decided stays, and the world differs from the changed turn on."""
    source = source_of(*PLAYED)
    new = branch(source, 2, {3: (OrderDecision("town", "cool", "north", 30.0),)})
    was, now = recomputed(exercise(), source), recomputed(exercise(), new.book.entries)
    assert [digest(a.closing.world) == digest(b.closing.world) for a, b in zip(was, now, strict=True)] == [True, True, False, False]
    assert [(kind, data.get("order"), data.get("by")) for kind, data in new.inputs()] == [
        ("order", "cool", "human"),
        ("motion", None, "human"),
        ("vote", None, "human"),
        ("inject", None, "facilitator"),
        ("order", "cool", "script"),
        ("ruling", None, None),
        ("order", "visit", "human"),
        ("order", "cool", "human"),
    ]


def test_the_dice_fall_as_they_fell() -> None:
    """An order that touches nothing on which a draw depends leaves every draw, every figure and every report as it was; other luck does
    not.
    """
    source = source_of(*PLAYED)
    plot = {2: (OrderDecision("guest", "plot", "south", 9.0),)}
    was = recomputed(exercise(), source)[-1].closing.world
    layout = exercise().layout
    heats = [layout.cell(region, quantity) for region in ("north", "south") for quantity in ("heat", "people")]
    heats += [cell for copy in layout.reports for cell in copy.values]
    now = branch(source, 2, plot).headless.running.world
    assert now.cells[layout.cell("south", "stock")] == was.cells[layout.cell("south", "stock")] - 9.0
    assert [now.cells[cell] for cell in heats] == [was.cells[cell] for cell in heats]
    lucky = branch(source, 2, seed=99).headless.running.world
    assert [lucky.cells[cell] for cell in heats] != [was.cells[cell] for cell in heats]


def test_a_recorded_decision_that_became_illegal_is_dropped_and_named() -> None:
    """The town's money is gone: what it ordered later is refused with the reason, once, and what others did goes on."""
    poor = Ruling((RuledEffect("town", "funds", "set", 0.0),), "the bank failed")
    new = branch(source_of(*PLAYED), 1, {1: (poor,)})
    assert [(one.turn, one.decision.order, one.refusal.code, one.recorded) for one in new.headless.refused] == [
        (2, "cool", "too-dear", True),
        (4, "cool", "too-dear", True),
    ]
    assert "vote" in [kind for kind, _ in new.inputs()]


def test_an_order_that_was_taken_back_is_missed_by_nobody() -> None:
    """Refused in the branch, but withdrawn in the source before the turn closed: no refusal is told."""
    book = book_of(exercise())
    running = Running.begin(exercise(), 7, book)
    running.close()
    running.take(COOL, "human")
    running.put_in(*running.withdrawal("town", "cool", "north", "human"))
    running.close()
    poor = Ruling((RuledEffect("town", "funds", "set", 0.0),), "the bank failed")
    new = branch(book.entries, 1, {1: (poor,)})
    assert new.headless.refused == []
    assert [kind for kind, data in new.inputs() if data["turn"] == 2] == []


def test_a_script_replaces_what_was_recorded_of_that_sort() -> None:
    """The guest's vote is another; its order of the same seat and the others' stay."""
    played = (PLAYED[0], (*PLAYED[1], OrderDecision("guest", "visit")))
    new = branch(source_of(*played), 2, {2: (VoteDecision("guest", "council", "send", "abstain"),)})
    votes = [data["vote"] for kind, data in new.inputs() if kind == "vote"]
    orders = [data["order"] for kind, data in new.inputs() if kind == "order" and data["turn"] == 2]
    assert (votes, orders) == (["abstain"], ["cool", "visit"])


def test_a_seat_that_passes_does_nothing_of_what_was_recorded() -> None:
    """Neither orders nor motions nor votes, but for what the script gives it beside; its next turn is the recording's again."""
    new = branch(source_of(*PLAYED), 1, {1: (Pass("town"), Pass("guest"), OrderDecision("guest", "visit"))})
    assert [(data["turn"], data["seat"], data["order"]) for kind, data in new.inputs() if kind == "order"][:2] == [
        (1, "guest", "visit"),
        (2, "town", "cool"),
    ]
    assert [data["turn"] for kind, data in new.inputs() if kind == "motion"] == [2]


def test_an_inject_released_by_script_and_recording_is_released_once() -> None:
    """The same act of the facilitator from two sides is one act and no refusal."""
    new = branch(source_of(*PLAYED), 2, {2: (InjectRelease("fire"),)})
    assert [kind for kind, _ in new.inputs()].count("inject") == 1
    assert new.headless.refused == []


# --- who decides ----------------------------------------------------------------------------------------------------------------------


def test_a_freed_seat_follows_its_doctrine_instead_of_the_recording() -> None:
    """The town idles from turn 2 on; the others do what they did, and nobody is moved by a doctrine beside the recording."""
    new = branch(source_of(*PLAYED), 2, doctrines={"town": "idle"})
    assert {data.get("seat") for kind, data in new.inputs() if kind == "order"} == {"guest"}
    moved = branch(source_of(*PLAYED), 2, doctrines={"trader": "default"})
    assert [data["turn"] for kind, data in moved.inputs() if data.get("seat") == "trader"] == [2, 3, 4]


def test_where_the_recording_has_run_out_doctrines_go_on() -> None:
    """The trader's and the town's doctrines, as the log names them, move them from the first turn that was not closed."""
    for doctrine, movers in (("idle", {"trader"}), ("default", {"town", "trader"})):
        book = Book(entries=source_of(*PLAYED, turns=2))
        book.append("seat", {"seat": "town", "by": "doctrine", "doctrine": doctrine})
        new = branch(book.entries, 2)
        assert {data["seat"] for kind, data in new.inputs() if kind == "order" and data["turn"] > 2} == movers
        assert {data["seat"] for kind, data in new.inputs() if kind == "order" and data["turn"] == 2} == {"town"}
    book.append("seat", {"seat": "town", "by": "human"})
    assert doctrines_named(book.entries) == {}


def test_a_turn_that_was_left_open_keeps_what_had_been_decided_in_it() -> None:
    """The town had given an order: its doctrine adds none; the trader had not, and its doctrine does."""
    book = Book(entries=source_of(*PLAYED, turns=2))
    running = Running.begin(exercise(), 7, book)
    running.follow(book.entries[1:])
    running.take(OrderDecision("town", "visit"), "human")
    new = branch(book.entries, 3)
    assert [(data["seat"], data["order"]) for kind, data in new.inputs() if kind == "order" and data["turn"] == 3] == [
        ("town", "visit"),
        ("trader", "trade"),
    ]


# --- luck -----------------------------------------------------------------------------------------------------------------------------


def test_luck_that_changed_later_in_the_source_changes_there_again() -> None:
    """A source that is a branch with other luck from turn 3 on, branched at turn 2: its dice change at turn 3; branched at turn 3: they
    change there, once; with a luck that the new branch brings: nowhere else.
    """
    source = branch(source_of(*PLAYED), 3, seed=99).book.entries
    same = branch(source, 2)
    assert [(entry.data["turn"], entry.data.get("seed")) for entry in same.book.entries if entry.type == "branched"] == [(2, None), (3, 99)]
    assert recomputed(exercise(), same.book.entries)[-1].closing.world == recomputed(exercise(), source)[-1].closing.world
    there = branch(source, 3)
    assert [(entry.data["turn"], entry.data.get("seed")) for entry in there.book.entries if entry.type == "branched"] == [(3, 99)]
    assert there.headless.running.world == recomputed(exercise(), source)[-1].closing.world
    other = branch(source, 2, seed=5)
    assert [entry.data["seed"] for entry in other.book.entries if entry.type == "branched"] == [5]


def test_a_rehearsed_future_is_the_branch_with_that_luck() -> None:
    """Played without telling or recording, it comes to the same world; the branch from which it was made stays where it was."""
    source = source_of(*PLAYED)
    told = branch(source, 2, seed=99)
    headless = Headless.take_up(exercise(), branched(source, 2))
    before = headless.running.world
    future = attrs.evolve(headless, running=headless.running.rehearsed(99), recording=Recording.of(source, 2), refused=[])
    assert digest(future.play().world) == digest(told.headless.running.world)
    assert headless.running.world == before
    with pytest.raises(ResumeError, match="no turn is open"):
        told.headless.running.rehearsed(1)


def test_taking_up_what_does_not_recompute_is_refused() -> None:
    """A beginning that leads elsewhere is not played on."""
    first, *rest = source_of(*PLAYED)
    forged = [first, *(attrs.evolve(entry, data={**entry.data, "amount": 9.0}) if entry.n == 2 else entry for entry in rest)]
    with pytest.raises(ResumeError, match="turn 1 does not lead"):
        Headless.take_up(exercise(), branched(forged, 2))
