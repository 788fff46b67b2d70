"""``exercise replay``: a log on the screens of play, turn by turn, truth beside what a seat knew."""

from __future__ import annotations

import pathlib

import click

from exercise.cli.common import need_terminal, part
from exercise.cli.exercises import read_entries, recompute
from exercise.cli.play import use_environment_language


@click.command("replay")
@click.argument("log", type=click.Path(exists=True, dir_okay=False, path_type=pathlib.Path))
def replay_command(*, log: pathlib.Path) -> int:
    """Look through a log turn by turn, with the truth beside what a seat of your choice knew."""
    from exercise.cli.chronicle import LogChronicle
    from exercise.tui.run import run_replay

    need_terminal("exercise show and exercise explain print what a log holds anywhere")
    use_environment_language()
    entries = read_entries(log)
    status, farewell = run_replay(LogChronicle(recompute(entries, log), entries, log))
    part(status, farewell)
    return 0
