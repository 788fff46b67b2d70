"""``exercise branch``: what if. A log's beginning is kept, a turn and those after it are played anew; only what is changed changes."""

from __future__ import annotations

import contextlib
import pathlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import attrs
import click

from exercise.cli.common import HIGHEST_SEED, Misuse, Wrong, json_option, progress, say, say_json
from exercise.cli.exercises import doctrines_chosen, log_failure, read_entries, recompute, story_of_recomputed
from exercise.cli.log_commands import log_argument
from exercise.cli.orders_file import Script, read_orders
from exercise.cli.refusals import note_refusals, refusal_document, refusal_words, refuse_mistakes

if TYPE_CHECKING:
    from exercise.core.program import Program
    from exercise.record.entry import Entry
    from exercise.record.journal import Journal
    from exercise.record.replay import Replayed
    from exercise.report.story import Story
    from exercise.session.headless import Headless, Refused
    from exercise.session.running import ClosedTurn

Document = dict[str, Any]

MOST_RUNS = 10_000


@attrs.frozen(slots=True, kw_only=True)
class Change:
    """What is otherwise from the branch on: a script, seats that follow a doctrine instead of the recording, other dice."""

    script: Script
    doctrines: dict[str, str]
    seed: int | None


@attrs.frozen(slots=True)
class Source:
    """A log, recomputed, and the turn at which it is branched."""

    path: pathlib.Path
    entries: tuple[Entry, ...]
    replayed: Replayed
    turn: int

    @property
    def program(self) -> Program:
        """What is played."""
        return self.replayed.program

    @property
    def turns(self) -> int:
        """How many turns there are."""
        return len(self.program.calendar.turns)

    def headless(self, change: Change, book: Journal | None, beginning: Sequence[Entry]) -> Headless:
        """The branch with its turn open, and who decides from there on."""
        from exercise.record.branching import Recording, doctrines_named
        from exercise.session.headless import Headless

        recording = Recording.of(self.entries, self.turn)
        headless = Headless.take_up(self.program, beginning, book)
        headless.doctrines = doctrines_named(self.entries) | change.doctrines
        headless.script = change.script
        headless.recording = recording if change.seed is None else recording.without_luck()
        headless.freed = frozenset(change.doctrines)
        return headless

    def story(self, played: Sequence[ClosedTurn]) -> Story:
        """The turns before the branch and those played after."""
        from exercise.report.story import story_of

        return story_of(self.program, self.replayed.startex, [*self.replayed.turns[: self.turn - 1], *played])


@click.command("branch")
@log_argument
@click.option("--turn", metavar="N", type=click.IntRange(min=1), required=True, help="The first turn that is played anew.")
@click.option(
    "--orders", metavar="FILE.toml", type=click.Path(exists=True, dir_okay=False, path_type=pathlib.Path), help="What is decided otherwise."
)
@click.option(
    "--doctrine",
    "doctrines",
    metavar="SEAT=NAME",
    multiple=True,
    help="Who is moved by a doctrine from turn N on, not by the log; all=NAME for every seat that has it.",
)
@click.option("--seed-after", metavar="N", type=click.IntRange(0, HIGHEST_SEED), help="Other luck from turn N on; without it, the same.")
@click.option("--turns", metavar="N", type=click.IntRange(min=0), help="Stop after so many turns in all, for people to go on.")
@click.option("-n", "runs", metavar="RUNS", type=click.IntRange(1, MOST_RUNS), help="Play the future so often, each time with other luck.")
@click.option("--log", "target", metavar="NEW", type=click.Path(dir_okay=False, path_type=pathlib.Path), help="Write the branch as a log.")
@json_option
def branch_command(  # noqa: PLR0913 - the options of the command
    *,
    log: pathlib.Path,
    turn: int,
    orders: pathlib.Path | None,
    doctrines: tuple[str, ...],
    seed_after: int | None,
    turns: int | None,
    runs: int | None,
    target: pathlib.Path | None,
    as_json: bool,
) -> None:
    """What if: keep a log's turns before N, change something, and play on under the same luck.

    Whoever is not told otherwise decides as recorded in LOG. LOG itself is only read.
    """
    source = _source(log, turn)
    last = _last_turn(source, turns, runs)
    change = Change(script=_script(source, orders), doctrines=doctrines_chosen(source.program, doctrines), seed=seed_after)
    played, refused = play_branch(source, change, last, target)
    branch, compared = source.story(played), source_story(source, last)
    from exercise.report.comparison import compare

    difference = compare(compared, branch)
    futures = _futures(source, change, runs) if runs else {}
    if as_json:
        note_refusals(refused)
        say_json(_document(source, change, branch, target) | _told(difference, refused) | futures)
        return
    for line in _lines(source, change, difference, refused):
        say(line)
    if futures:
        from exercise.report.comparison_lines import distribution_lines

        for line in distribution_lines(futures["distribution"], len(futures["runs"])):
            say(line)
    if target is not None:
        go_on = f"exercise diff {log} {target}" if branch.is_finished else f"exercise play --log {target}"
        say(f"\nlog: {target}   (exercise verify {target}; {go_on})")


# --- what is asked ------------------------------------------------------------------------------------------------------------------


def _source(log: pathlib.Path, turn: int) -> Source:
    entries = read_entries(log)
    replayed = recompute(entries, log)
    reached = len(replayed.turns) + (replayed.opening is not None)
    if turn > reached:
        raise Misuse(f"{log} cannot be branched at turn {turn}", f"its last turn is {reached}")
    return Source(log, entries, replayed, turn)


def _last_turn(source: Source, turns: int | None, runs: int | None) -> int:
    """The turn after which the branch stops."""
    if turns is None:
        return source.turns
    if runs:
        raise Misuse("-n plays every future to the end", "leave out --turns")
    if turns < source.turn - 1:
        raise Misuse(
            f"--turns {turns} stops before the branch at turn {source.turn}", f"--turns {source.turn - 1} leaves turn {source.turn} open"
        )
    return min(turns, source.turns)


def _script(source: Source, orders: pathlib.Path | None) -> Script:
    if orders is None:
        return {}
    script = read_orders(orders)
    refuse_mistakes(source.program, script, orders)
    early = [number for number in script if number < source.turn]
    if early:
        raise Wrong(f"{orders}: turn {early[0]} lies before the branch", f"the branch begins at turn {source.turn}")
    return script


# --- playing ------------------------------------------------------------------------------------------------------------------------


def play_branch(source: Source, change: Change, last: int, target: pathlib.Path | None) -> tuple[list[ClosedTurn], list[Refused]]:
    """The branch itself: the turns that it closed, and what was refused."""
    from exercise.record.reading import LogError

    played: list[ClosedTurn] = []
    try:
        with _beginning(source, change, target) as (book, beginning), progress("turn", last) as step:
            headless = source.headless(change, book, beginning)
            if book is not None:
                for seat, doctrine in change.doctrines.items():
                    book.append("seat", {"seat": seat, "by": "doctrine", "doctrine": doctrine})

            def heard(turn: ClosedTurn) -> None:
                played.append(turn)
                step(turn.turn)

            headless.play(last, heard)
    except LogError as failure:
        raise log_failure(failure) from failure
    return played, headless.refused


@contextlib.contextmanager
def _beginning(source: Source, change: Change, target: pathlib.Path | None) -> Iterator[tuple[Journal | None, Sequence[Entry]]]:
    """The journal of the branch, or None without ``--log``, and the entries with which the branch begins."""
    from exercise.record.branching import branched
    from exercise.record.journal import Journal

    beginning = branched(source.entries, source.turn, seed=change.seed)
    if target is None:
        yield None, beginning
        return
    with Journal.create_from(target, beginning) as book:
        yield book, beginning


def source_story(source: Source, last: int) -> Story:
    """The source as far as the branch went; where it was not finished it is played on as the branch is, with nothing changed."""
    if len(source.replayed.turns) < last:
        return source.story(play_branch(source, Change(script={}, doctrines={}, seed=None), last, None)[0])
    return story_of_recomputed(source.replayed).until(last)


def _futures(source: Source, change: Change, runs: int) -> Document:
    """The ends of many futures of the branch, each under a luck of its own, and their spread beside that of the source with nothing
    changed under the same lucks.
    """
    from exercise.record.branching import branched
    from exercise.rehearsal.futures import distribution, play_futures

    same = attrs.evolve(change, script={}, doctrines={})
    kinds = [change] if change == same else [change, same]
    ends: list[list[Document]] = []
    with progress("run", runs * len(kinds)) as step:
        for kind in kinds:
            headless = source.headless(kind, None, branched(source.entries, source.turn, seed=kind.seed))
            ends.append(play_futures(headless, runs, lambda done: step(len(ends) * runs + done)))
    return {"runs": ends[0], "distribution": {"source": distribution(ends[-1]), "branch": distribution(ends[0])}}


# --- what is said -------------------------------------------------------------------------------------------------------------------


def _document(source: Source, change: Change, branch: Story, target: pathlib.Path | None) -> Document:
    from exercise.report.documents import world_document

    branched = {
        "from": str(source.path),
        "turn": source.turn,
        "head": source.entries[-1].hash,
        "seed_after": change.seed,
        "doctrines": change.doctrines,
        "log": None if target is None else str(target),
    }
    return world_document(branch) | {"branched": branched}


def _told(difference: Document, refused: Sequence[Refused]) -> Document:
    turns = [{key: value for key, value in turn.items() if key != "quantities"} for turn in difference["turns"]]
    return {
        "refused": [refusal_document(one) | {"recorded": one.recorded} for one in refused],
        "differences": {"turns": turns, "end": difference["end"]},
    }


def _lines(source: Source, change: Change, difference: Document, refused: Sequence[Refused]) -> Iterator[str]:
    from exercise.report.comparison_lines import decision_lines, end_lines

    program = source.program
    luck = "the same luck" if change.seed is None else f"other luck (seed {change.seed})"
    day = program.turn(source.turn).start.isoformat()
    yield f"{program.content.scenario.title}, {program.cut.id}: {source.path} branched at turn {source.turn}, {day}, with {luck}"
    if len(source.replayed.turns) < difference["end"]["turn"]:
        yield f"{source.path} ends in turn {len(source.replayed.turns) + 1}: it is played on here by doctrines, with nothing changed"
    if refused:
        yield ""
        yield "refused"
        yield from (f"  turn {one.turn}, {refusal_words(one)}" for one in refused)
    decided = [*decision_lines(difference["turns"])]
    if decided:
        yield ""
        yield "otherwise (- in the log only, + in the branch only)"
    yield from decided
    yield from end_lines(difference["end"], "log", "branch")
