"""What the commands share: failures, plain printing, JSON, progress, and the options that several of them take."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import click

HIGHEST_SEED = 2**53 - 1
"""The largest seed: exact in every reader of JSON."""


UNHURRIED_S = 1.0
"""Work that takes less than this needs no word on how long it will still take."""


class Wrong(click.ClickException):
    """The thing looked at is wrong: exit code 1."""

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class Misuse(click.UsageError):
    """The command was used wrongly: exit code 2."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def visible(text: str) -> str:
    """The text with everything that could steer a terminal or hide itself made visible: an escape becomes its number in six characters.

    Logs and content that this program wrote hold no such characters; a file from elsewhere may.
    """
    return "".join(c if c == "\n" or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} else f"\\u{ord(c):04x}" for c in text)


def one_line(text: str) -> str:
    """The text on one line, safe for a terminal."""
    return visible(" ".join(text.split()))


def say(text: str = "") -> None:
    """Print for a person, on stdout."""
    click.echo(visible(text))


def say_json(document: Any) -> None:
    """Print one JSON document, on stdout and nothing else. ASCII: no locale can break it and no terminal obeys it."""
    click.echo(json.dumps(document, indent=2, allow_nan=False))


def abandon_output() -> None:
    """The reader or the terminal went away: point what is left of the output nowhere, so that nothing complains while Python shuts down."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            os.dup2(nowhere, stream.fileno())


def part(status: int, farewell: str) -> None:
    """The last lines after a terminal's screens, if there is still a terminal to print them on, and its exit status.

    Raises:
        click.exceptions.Exit: the status is not 0.
    """
    try:
        for line in farewell.splitlines():
            click.echo(one_line(line))
    except OSError:
        abandon_output()
    if status:
        raise click.exceptions.Exit(status)


def nearest(word: str, known: Iterable[str]) -> str:
    """``; did you mean 'x'?`` or nothing."""
    import difflib

    close = difflib.get_close_matches(word, list(known), 1)
    return f"; did you mean {close[0]!r}?" if close else ""


def choice_of(word: str, known: Iterable[str], what: str) -> str:
    """The word, if it is one of those known.

    Raises:
        Misuse: it is not; the message names the nearest and the hint lists all.
    """
    names = list(known)
    if word in names:
        return word
    raise Misuse(f"there is no {what} {word!r}{nearest(word, names)}", f"known: {', '.join(names)}")


@contextlib.contextmanager
def progress(label: str, total: int) -> Iterator[Callable[[int], None]]:
    """Give a function that shows how far long work is and how long it will still take: on a terminal's stderr, nowhere else."""
    shown = sys.stderr.isatty()
    began = time.monotonic()

    def step(done: int) -> None:
        if shown:
            took_s = time.monotonic() - began
            left_s = took_s * (total - done) / done if done else 0.0
            left = f", {left_s:.0f} s left" if took_s > UNHURRIED_S and left_s >= 1 else ""
            sys.stderr.write(f"\r\x1b[K{label} {done} of {total}{left}")
            sys.stderr.flush()

    try:
        yield step
    finally:
        if shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def need_terminal(hint: str) -> None:
    """Refuse to paint screens into a file or a pipe.

    Raises:
        Misuse: input or output is no terminal.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Misuse("the screens need a terminal for input and output", hint)


json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
cut_option = click.option("--cut", metavar="CUT", help="Which part of the scenario's calendar; the scenario's default if not given.")
