"""Terminals at the end of a wire: several applications in one process, driven by bytes and read by a terminal in memory."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import io
import os
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pyte
import pytest
import textual.app

from exercise.tui import crowd as crowds
from exercise.tui.colour_depth import Depth, depth_of, with_depth
from exercise.tui.crowd import Crowd, Look, prepared, seat_program
from exercise.tui.wire_driver import BEGIN, END
from tests.tui.scripted_link import ScriptedVenue

PATIENCE_S = 20.0
RICH = Look(120, 36, "xterm-256color", "truecolor")


class Wired:
    """One application on a terminal in memory."""

    def __init__(self, crowd: Crowd, look: Look = RICH, venue: ScriptedVenue | None = None) -> None:
        self.raw = b""
        self.screen = pyte.Screen(look.columns, look.lines)
        self._stream = pyte.ByteStream(self.screen)
        self.venue = venue or ScriptedVenue()
        self.program = seat_program(crowd, self.venue, look, self._receive, note_read=True, seats=("uzbekistan",))
        self.task = asyncio.create_task(self.program.run())

    def _receive(self, data: bytes) -> None:
        self.raw += data
        self._stream.feed(data)

    @property
    def text(self) -> str:
        """What the terminal shows."""
        return "\n".join("".join(line[column].data for column in range(self.screen.columns)) for line in self._lines())

    def _lines(self) -> list[dict[int, pyte.screens.Char]]:
        return [self.screen.buffer[line] for line in range(self.screen.lines)]

    def colours(self) -> set[str]:
        """Every colour on the screen."""
        return {char.fg for line in self._lines() for char in line.values()} | {char.bg for line in self._lines() for char in line.values()}

    async def shows(self, words: str) -> None:
        """Wait until the terminal shows some words."""
        await until(lambda: words in self.text, lambda: self.text)

    async def seated(self) -> Wired:
        """Wait for the seat's screen."""
        await self.shows("ORDERS")
        await self.shows("help")
        return self

    async def leave(self) -> tuple[int, str]:
        """Hang up and wait for the end."""
        self.program.hang_up()
        return await asyncio.wait_for(self.task, PATIENCE_S)


async def until(holds: Callable[[], object], says: Callable[[], str] = str) -> None:
    """Wait for a condition, never for a fixed time."""
    end = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end, says()
        await asyncio.sleep(0.01)


@pytest.fixture
def crowd() -> Iterator[Crowd]:
    """A process that is prepared for many terminals."""
    with prepared() as many:
        yield many


@contextlib.asynccontextmanager
async def terminals(crowd: Crowd, *looks: Look) -> AsyncIterator[list[Wired]]:
    """Seated terminals, hung up at the end."""
    all_of_them = [Wired(crowd, look) for look in looks]
    try:
        yield [await each.seated() for each in all_of_them]
    finally:
        for each in all_of_them:
            with contextlib.suppress(asyncio.CancelledError):
                await each.leave()


@pytest.mark.asyncio
async def test_keys_come_in_as_bytes_and_the_screen_goes_out_as_bytes(crowd: Crowd) -> None:
    """A key, a function key, an arrow in both spellings and a lone escape do what they do on a terminal of one's own."""
    async with terminals(crowd, RICH) as (seat,):
        assert seat.raw.startswith(BEGIN.encode())
        seat.program.feed(b"?")
        await seat.shows("Keys")
        seat.program.feed(b"\x1b")
        await until(lambda: len(seat.program.app.screen_stack) == 2)
        seat.program.feed(b"b")
        await seat.shows("It is Thursday 10 June")
        seat.program.feed(b"\x1b")
        await until(lambda: len(seat.program.app.screen_stack) == 2)
        seat.program.feed(b"\x1b[21~")
        await seat.shows("Leave")


@pytest.mark.asyncio
async def test_letters_of_several_bytes_may_come_in_pieces(crowd: Crowd) -> None:
    """A network splits where it likes: a Cyrillic letter and an escape code come in halves."""
    async with terminals(crowd, RICH) as (seat,):
        for piece in (b"/", "Ош".encode()[:1], "Ош".encode()[1:3], "Ош".encode()[3:]):
            seat.program.feed(piece)
            await asyncio.sleep(0.02)
        await seat.shows("Ош")
        seat.program.feed(b"\x1b[2")
        seat.program.feed(b"1~")
        await seat.shows("Leave")


@pytest.mark.asyncio
async def test_a_paste_is_text_and_an_endless_one_is_forgotten(crowd: Crowd) -> None:
    """Pasted words land in the field; a paste that never ends takes no memory and no key after it."""
    async with terminals(crowd, RICH) as (seat,):
        seat.program.feed(b"/")
        await seat.shows("Find in reports")
        await until(lambda: seat.program.app.focused is not None and seat.program.app.focused.screen is seat.program.app.screen)
        seat.program.feed(b"\x1b[200~two words\x1b[201~")
        await seat.shows("two words")
        seat.program.feed(b"\x1b[200~")
        for _count in range(40):
            seat.program.feed(b"x" * 4096)
        await asyncio.sleep(0.15)
        seat.program.feed(b"\x1b[21~")
        await seat.shows("Leave")


@pytest.mark.asyncio
async def test_the_terminal_may_change_its_size_as_often_as_it_likes(crowd: Crowd) -> None:
    """Sixty sizes in a row, absurd ones among them; the last one is painted."""
    async with terminals(crowd, RICH) as (seat,):
        for step in range(60):
            seat.program.resize(60 + step, 20 + step % 15)
        seat.program.resize(2_000_000_000, 2_000_000_000)
        seat.screen.resize(24, 80)
        seat.program.resize(80, 24)
        await until(lambda: seat.program.app.size == (80, 24))
        await seat.shows("1 Map")


@pytest.mark.asyncio
async def test_each_terminal_gets_the_colours_that_it_has(crowd: Crowd) -> None:
    """Five terminals painted in one process at once: 24-bit, 256, 16, none because of its kind, none by wish."""
    looks = [
        RICH,
        Look(120, 36, "xterm-256color"),
        Look(120, 36, "linux"),
        Look(120, 36, "vt100"),
        Look(120, 36, "xterm-256color", "truecolor", no_color=True),
    ]
    async with terminals(crowd, *looks) as (rich, many, sixteen, plain, wish):
        assert b"38;2;" in rich.raw
        for each in (many, sixteen, plain, wish):
            assert b"38;2;" not in each.raw
            assert b"48;2;" not in each.raw
        assert b"38;5;" in many.raw
        assert b"38;5;" not in sixteen.raw
        assert len(sixteen.colours()) > 2
        assert plain.colours() == wish.colours() == {"default"}
        await until(lambda: rich.text == many.text == plain.text)


@pytest.mark.asyncio
async def test_a_terminal_of_ascii_gets_ascii_while_others_get_everything(crowd: Crowd) -> None:
    """What a locale can carry is a matter of each terminal."""
    async with terminals(crowd, Look(120, 36, lang="C"), Look(120, 36, lang="ru_RU.UTF-8")) as (poor, full):
        assert poor.raw.isascii()
        assert not full.raw.isascii()
        assert len(poor.text) == len(full.text)


@pytest.mark.asyncio
async def test_nothing_is_asked_of_terminals_that_multiplexers_do_not_carry(crowd: Crowd) -> None:
    """No keyboard protocol beyond the old one, no queries; and at the end everything that was set is set back."""
    async with terminals(crowd, RICH) as (seat,):
        assert b"\x1b[>" not in seat.raw
        assert b"$p" not in seat.raw
        seat.program.app.exit()
        await until(seat.task.done)
        assert seat.raw.endswith(END.encode())


@pytest.mark.asyncio
async def test_printing_stays_with_the_process(crowd: Crowd) -> None:
    """Two applications come and go, not in the order in which they came, and what the process prints goes where it went before."""
    before = (sys.stdout, sys.stderr)
    async with terminals(crowd, RICH, RICH) as (first, second):
        assert (sys.stdout, sys.stderr) == before
        await first.leave()
        assert (sys.stdout, sys.stderr) == before
        await second.leave()
    assert (sys.stdout, sys.stderr) == before


@pytest.mark.asyncio
async def test_without_the_repair_printing_would_be_lost() -> None:
    """Textual does capture the process's output: should it stop that, the repair can go."""
    assert textual.app.redirect_stdout is contextlib.redirect_stdout


@pytest.mark.asyncio
async def test_one_that_breaks_harms_no_other_and_says_one_line(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An exception in one player's screen: their terminal is given back with one line, status 1, no values; the neighbour plays on."""
    async with terminals(crowd, RICH, RICH) as (broken, sound):

        def fall() -> None:
            secret = "the border opens at dawn"  # noqa: F841
            raise ValueError("the border opens at dawn")

        monkeypatch.setattr(broken.program.app, "action_theme", fall)
        broken.program.feed(b"\x14")
        status, words = await asyncio.wait_for(broken.task, PATIENCE_S)
        assert status == 1
        assert words.startswith("The screen stopped (ValueError at test_driver.py:")
        assert broken.raw.endswith(END.encode())
        sound.program.feed(b"?")
        await sound.shows("Keys")
    shown = capsys.readouterr()
    assert "dawn" not in shown.out + shown.err + words + broken.raw.decode()


@pytest.mark.asyncio
async def test_frames_are_skipped_while_the_wire_is_full_and_all_is_painted_after(crowd: Crowd) -> None:
    """A reader that stops reading costs nothing; when it reads again it sees the screen as it is, not as it was."""
    async with terminals(crowd, RICH) as (seat,):
        seat.program.hold()
        written = len(seat.raw)
        seat.program.feed(b"?")
        await until(lambda: len(seat.program.app.screen_stack) == 3)
        await asyncio.sleep(0.1)
        assert len(seat.raw) == written
        seat.program.release()
        await seat.shows("Keys")
        assert "turn 1 of 9" in seat.text.splitlines()[0]


@pytest.mark.asyncio
async def test_a_new_turn_shows_its_header_at_once_and_the_rest_in_turn(crowd: Crowd, monkeypatch: pytest.MonkeyPatch) -> None:
    """Six terminals get a new turn together: all have the header while the last still waits for its full view."""
    monkeypatch.setattr(crowds, "STAGGER_S", 0.5)
    async with terminals(crowd, *[Look(100, 30)] * 4) as seats:
        for each in seats:
            next(iter(each.venue.links.values())).close_turn()
        await until(lambda: all("turn 2 of 9" in each.text for each in seats))
        assert "What changed and why ·" not in seats[-1].text
        await seats[-1].shows("What changed and why ·")


@pytest.mark.asyncio
async def test_a_class_that_comes_at_once_begins_two_at_a_time(crowd: Crowd) -> None:
    """While two begin the others wait, so that nobody who plays already waits for all of them; who hangs up meanwhile holds up nobody."""
    seats = [Wired(crowd) for _one in range(5)]
    most = 0

    def all_seated() -> bool:
        nonlocal most
        most = max(
            most, sum(1 for each in seats if each.program in crowd.programs and BEGIN.encode() == each.raw[: len(BEGIN)] == each.raw)
        )
        return all("help" in each.text for each in seats)

    await asyncio.sleep(0)
    assert sum(each.program in crowd.programs for each in seats) == crowds.AT_ONCE
    seats[3].program.hang_up()
    seats.pop(3)
    await until(all_seated, lambda: str([each.text[:80] for each in seats]))
    assert most <= crowds.AT_ONCE
    for each in seats:
        await each.leave()


@pytest.mark.asyncio
async def test_the_collector_is_told_what_stays(crowd: Crowd, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some time after the last arrival what was built is set apart; it is looked through when many have gone, and after a new turn."""
    monkeypatch.setattr(crowds, "QUIET_S", 0.01)
    monkeypatch.setattr(crowds, "READ_S", 0.01)
    monkeypatch.setattr(crowds, "LEFT_S", 0.01)
    monkeypatch.setattr(crowds, "MOST_GONE", 2)
    gc.unfreeze()
    async with terminals(crowd, RICH, RICH, RICH) as (first, second, third):
        await until(lambda: gc.get_freeze_count() > 10_000)
        collected: list[str] = []
        # All of it: nothing is set apart meanwhile.
        gc.callbacks.append(lambda phase, info: collected.append(phase) if info["generation"] == 2 and not gc.get_freeze_count() else None)
        try:
            await first.leave()
            await asyncio.sleep(0.1)
            assert not collected
            await second.leave()
            await until(lambda: collected)
            await until(lambda: gc.get_freeze_count() > 10_000)
            collected.clear()
            next(iter(third.venue.links.values())).close_turn()
            await until(lambda: collected)
        finally:
            gc.callbacks.pop()


@pytest.mark.asyncio
async def test_nothing_leads_to_the_machine_behind(crowd: Crowd, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No browser is opened, no file written, nothing suspended, no signal handled."""
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    async with terminals(crowd, RICH) as (seat,):
        app = seat.program.app
        app.open_url("https://example.org")
        app.deliver_text(io.StringIO("secret"), save_directory=tmp_path, save_filename="x.txt")
        app.action_suspend_process()
        await asyncio.sleep(0.05)
        assert not opened
        assert not os.listdir(tmp_path)  # noqa: PTH208
        loop = asyncio.get_running_loop()
        assert not getattr(loop, "_signal_handlers", {})


@pytest.mark.asyncio
async def test_hanging_up_at_any_moment_ends_the_application(crowd: Crowd) -> None:
    """Before it began, while the first screen is painted, and later."""
    for delay in (None, 0.0, 0.005, 0.02, 0.1):
        seat = Wired(crowd)
        if delay is not None:
            await asyncio.sleep(delay)
        await seat.leave()
    assert not crowd.programs


@pytest.mark.asyncio
async def test_mouse_clicks_are_told_in_cells(crowd: Crowd) -> None:
    """A click on the footer's help does what its key does."""
    async with terminals(crowd, RICH) as (seat,):
        line = seat.text.splitlines()[35]
        column = line.index("help") + 1
        seat.program.feed(f"\x1b[<0;{column};36M\x1b[<0;{column};36m".encode())
        await seat.shows("Keys")


def test_what_a_terminal_shows_is_told_by_what_it_says() -> None:
    """The names under which terminals come, and their colours."""
    told = {
        ("xterm-256color", "truecolor"): Depth.FULL,
        ("xterm-kitty", ""): Depth.FULL,
        ("tmux-256color", ""): Depth.MANY,
        ("screen", ""): Depth.SIXTEEN,
        ("linux", ""): Depth.SIXTEEN,
        ("vt220", ""): Depth.NONE,
        ("dumb", "truecolor"): Depth.NONE,
        ("", ""): Depth.NONE,
    }
    assert {terms: depth_of(*terms) for terms in told} == told


def test_colours_are_translated_and_everything_else_stays() -> None:
    """Bold, reset and cursor movements pass; letters never fall together with their ground; a raised ground becomes reverse video."""
    text = "\x1b[1;38;2;255;0;0;48;2;0;0;0mred\x1b[0m\x1b[2;3Hplain"
    assert with_depth(text, Depth.FULL) == text
    assert with_depth(text, Depth.MANY) == "\x1b[1;38;5;196;48;5;16mred\x1b[0m\x1b[2;3Hplain"
    assert with_depth(text, Depth.SIXTEEN) == "\x1b[1;40;91mred\x1b[0m\x1b[2;3Hplain"
    assert with_depth(text, Depth.NONE) == "\x1b[1mred\x1b[0m\x1b[2;3Hplain"
    dark_on_dark = with_depth("\x1b[38;2;10;10;10;48;2;0;0;0mx", Depth.SIXTEEN)
    assert dark_on_dark == "\x1b[40;97mx"
    assert with_depth("\x1b[38;2;255;255;255;48;2;0;60;120mx", Depth.NONE) == "\x1b[7mx"
