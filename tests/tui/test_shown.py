"""Only what changed is sent: after every frame the terminal shows what it would show had all of the frame been sent."""

from __future__ import annotations

import asyncio
import gc
import random
from functools import partial

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import get_character_cell_size
from textual.notifications import Notification
from textual.strip import Strip

from exercise.tui.colour_depth import Depth, codes_at, with_depth
from exercise.tui.crowd import Crowd, Look
from exercise.tui.shown import _NARROW, Shown
from exercise.tui.wire_driver import WireDriver
from tests.tui.test_driver import RICH, Wired, crowd, terminals, until

__all__ = ["crowd"]

COLUMNS, LINES = 14, 4
INKS = ("", "38;2;228;232;238", "38;2;140;194;255", "31", "97")
GROUNDS = ("", "48;2;17;21;27", "48;2;41;57;79", "44")
ATTRIBUTES = ("", "1", "2", "1;3", "4", "7", "1;2", "9", "5;7")


class Terminal:
    """A terminal in memory."""

    def __init__(self, columns: int = COLUMNS, lines: int = LINES) -> None:
        self.screen = pyte.Screen(columns, lines)
        self.screen.reset_mode(pyte.modes.DECAWM)
        self._stream = pyte.Stream(self.screen)

    def take(self, text: str) -> None:
        """Something came."""
        self._stream.feed(text)

    @property
    def cells(self) -> list[list[tuple[object, ...]]]:
        """Every cell as it looks; of a blank only what shows."""
        return [[_look(self.screen.buffer[line][column]) for column in range(self.screen.columns)] for line in range(self.screen.lines)]


def _look(cell: pyte.screens.Char) -> tuple[object, ...]:
    shows = cell.underscore or cell.reverse or cell.strikethrough
    if cell.data == " " and not shows:
        return (" ", cell.bg)
    return tuple(cell)


styles = st.builds(
    lambda *codes: ";".join(each for each in codes if each), st.sampled_from(ATTRIBUTES), st.sampled_from(INKS), st.sampled_from(GROUNDS)
)
texts = st.text(alphabet=st.sampled_from("ab  ▸░ │жӣ·漢e\u0301🙂"), min_size=1, max_size=6)
runs = st.lists(st.tuples(styles, texts), min_size=1, max_size=4)
places = st.tuples(st.integers(0, LINES - 1), st.integers(0, COLUMNS - 1))
frames = st.lists(st.tuples(places, runs), max_size=6)


def _frame(pieces: list[tuple[tuple[int, int], list[tuple[str, str]]]], cursor: tuple[int, int]) -> str:
    """A frame as Textual writes it, cut at the edge of the screen as Textual cuts it."""
    written: list[str] = []
    for (line, column), texts in pieces:
        written.append(f"\x1b[{line + 1};{column + 1}H")
        room = COLUMNS - column
        for codes, text in texts:
            kept = ""
            for letter in text:
                width = get_character_cell_size(letter)
                if width > room or (width == 0 and not kept):
                    break
                kept, room = kept + letter, room - width
            written.append(f"\x1b[{codes}m{kept}\x1b[0m" if codes else kept)
        written.append("\n" if line < LINES - 1 else "")
    return "".join(written) + f"\x1b[{cursor[0] + 1};{cursor[1] + 1}H"


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(frames, places), min_size=1, max_size=8),
    st.sampled_from((Depth.FULL, Depth.MANY, Depth.SIXTEEN, Depth.NONE)),
    st.data(),
)
def test_changes_lead_to_the_same_screen_as_whole_frames(
    many: list[tuple[list[tuple[tuple[int, int], list[tuple[str, str]]]], tuple[int, int]]], depth: Depth, data: st.DataObject
) -> None:
    """Any frames, at any depth; and what is forgotten on the way is painted again."""
    whole, changed = Terminal(), Terminal()
    shown = Shown(COLUMNS, LINES, partial(codes_at, depth=depth), takes_back=depth is not Depth.NONE)
    for pieces, cursor in many:
        frame = _frame(pieces, cursor)
        changes = shown.changes(frame)
        assert changes is not None
        whole.take(with_depth(frame, depth))
        changed.take(changes)
        assert changed.cells == whole.cells
        if cursor != (0, 0):
            assert (changed.screen.cursor.y, changed.screen.cursor.x) == (whole.screen.cursor.y, whole.screen.cursor.x)
        if data.draw(st.booleans()):
            shown.forget()


def test_a_frame_that_is_known_costs_nothing_and_what_was_forgotten_all() -> None:
    """The same frame twice, then after forgetting."""
    shown = Shown(COLUMNS, LINES, str)
    frame = "\x1b[1;1H\x1b[1;31mred\x1b[0m  plain\n\x1b[2;1Hmore\x1b[1;1H"
    first = shown.changes(frame)
    assert first
    assert shown.changes(frame) == ""
    shown.forget()
    assert shown.changes(frame) == first


def test_blanks_take_the_style_at_hand_where_it_shows_nothing() -> None:
    """A word becomes muted and its neighbour bold: one code each, and none for the blanks between."""
    shown = Shown(COLUMNS, LINES, str)
    shown.changes("\x1b[1;1H\x1b[31;44mab\x1b[0m\x1b[37;44m  \x1b[0m\x1b[32;44mcd\x1b[0m\x1b[1;1H")
    assert shown.changes("\x1b[1;1H\x1b[1;31;44mab\x1b[0m\x1b[37;44m  \x1b[0m\x1b[1;32;44mcd\x1b[0m\x1b[1;1H") == (
        "\x1b[1;1H\x1b[1;31;44mab  \x1b[32mcd\x1b[m"
    )


@pytest.mark.parametrize("odd", ["\x1b]8;;https://example.org\x1b\\link", "\x1b[2J", "\x1b[5", "a\tb", "\x9b31m", "no place yet"])
def test_what_is_not_understood_is_passed_on_and_nothing_is_believed_after_it(odd: str) -> None:
    """Links, screens erased, halves of codes, tabs, control characters of eight bits."""
    shown = Shown(COLUMNS, LINES, str)
    frame = "\x1b[1;1Hab\x1b[1;1H"
    assert shown.changes(frame)
    assert shown.changes(odd) is None
    assert shown.changes(frame)


def test_bells_and_clipboards_pass_and_leave_the_screen() -> None:
    """What has nothing to do with cells."""
    shown = Shown(COLUMNS, LINES, str)
    frame = "\x1b[1;1Hab\x1b[1;1H"
    shown.changes(frame)
    assert shown.changes("\x07") == "\x07"
    assert shown.changes("\x1b]52;c;YWI=\x07") == "\x1b]52;c;YWI=\x07"
    assert shown.changes(frame) == ""


def test_letters_taken_for_narrow_are_narrow() -> None:
    """One cell each by the tables of the screen library."""
    narrow = [chr(code) for code in range(0x20, 0x3000) if _NARROW.fullmatch(chr(code))]
    assert len(narrow) > 1_000
    assert {each for each in narrow if get_character_cell_size(each) != 1} == set()


KEYS = (
    *(b"\x1b[B",) * 6, *(b"\x1b[A",) * 3, b"\x1b[C", b"\x1b[D", b"1", b"2", b"3", b"4", b"5", b"6", b"\t", b"\r", b"?", b"\x1b",
    b"\x1b[6~", b"z", b"b", b"a", b"w", b"g", b"/", b"x", b"\x14", b"f",
)  # fmt: skip
LOOK_S, CALM = 0.08, 2
"""How often a terminal is looked at, in seconds, and how often in a row nothing new must be there."""
LOOKS = (
    RICH,
    Look(80, 24, "xterm-256color"),
    Look(120, 36, "linux"),
    Look(100, 30, "vt100", lang="C"),
)


@pytest.mark.asyncio
@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.term}-{look.columns}")
async def test_whatever_is_typed_the_terminal_shows_what_a_full_repaint_would(
    crowd: Crowd, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys, dialogs, themes, other sizes and a new turn at random; now and then everything is painted again elsewhere and compared."""
    monkeypatch.setattr(Notification, "time_left", 60.0)  # none goes by itself between two looks
    luck = random.Random(look.term)
    async with terminals(crowd, look) as (seat,):
        for step in range(48):
            key = luck.choice(KEYS)
            seat.program.feed(key)
            if step % 20 == 13:
                size = luck.choice(((80, 24), (120, 36), (100, 30), (60, 20)))
                seat.screen.resize(size[1], size[0])
                seat.program.resize(*size)
            if step == 40:
                next(iter(seat.venue.links.values())).close_turn()
            if step % 4 == 0:
                await _quiet(seat)
                assert _cells(seat.screen) == _cells(await _repainted(seat)), f"after {key!r}, step {step}"


@pytest.mark.asyncio
async def test_a_key_moves_the_cursor_for_few_bytes_and_another_paints_what_something_else_wrote_over(crowd: Crowd) -> None:
    """At most 300 bytes where it took 750; and ctrl+l mends a screen."""
    async with terminals(crowd, RICH) as (seat,):
        seat.program.feed(b"2")
        await _quiet(seat)
        for _row in range(6):
            before = len(seat.raw)
            seat.program.feed(b"\x1b[B")
            await until(lambda: len(seat.raw) > before)  # noqa: B023 - called in the same round
            await _quiet(seat)
            assert len(seat.raw) - before <= 300
        seat.screen.erase_in_display(2)
        seat.program.feed(b"\x0c")
        await seat.shows("[2] Reports")
        assert _cells(seat.screen) == _cells(await _repainted(seat))


async def _quiet(seat: Wired) -> None:
    """Wait until nothing more is painted, for as long as the loop has kept up with its timers: on a machine under load a paint may be late."""
    loop = asyncio.get_running_loop()
    written, calm = -1, 0
    while calm < CALM:
        began = loop.time()
        await asyncio.sleep(LOOK_S)
        is_calm = written == len(seat.raw) and loop.time() - began < 2 * LOOK_S
        written, calm = len(seat.raw), calm + 1 if is_calm else 0


async def _repainted(seat: Wired) -> pyte.Screen:
    """The same application as it looks on a terminal that knew nothing."""
    elsewhere = pyte.Screen(seat.screen.columns, seat.screen.lines)
    stream = pyte.ByteStream(elsewhere)
    driver = seat.program.driver
    assert isinstance(driver, WireDriver)
    before = len(seat.raw)
    driver.repaint()
    await until(lambda: len(seat.raw) > before)
    await _quiet(seat)
    stream.feed(seat.raw[before:])
    return elsewhere


def _cells(screen: pyte.Screen) -> list[list[tuple[object, ...]]]:
    return [[_look(screen.buffer[line][column]) for column in range(screen.columns)] for line in range(screen.lines)]


@pytest.mark.asyncio
async def test_what_a_closed_dialog_has_painted_is_let_go(crowd: Crowd) -> None:
    """However often dialogs come and go, no more painted lines are kept than after the first few."""
    async with terminals(crowd, RICH) as (seat,):
        kept: list[int] = []
        for _round in range(3):
            for key in (b"?", b"\x1b", b"b", b"\x1b") * 3:
                seat.program.feed(key)
                await _quiet(seat)
            gc.unfreeze()
            gc.collect()
            kept.append(sum(type(each) is Strip for each in gc.get_objects()))
        assert kept[2] <= kept[0] + 50, kept
