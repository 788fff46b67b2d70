"""The command ``exercise``: one group whose commands are imported only when they are used.

``exercise --help`` and shell completion need nothing but the table below, so they stay quick whatever the commands import. Every failure
ends here as one line on stderr: exit 1 when the thing looked at is wrong, 2 when the command was used wrongly, 70 for a fault of ours.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

import exercise

COMMANDS = {
    "list": ("content_commands", "list_command", "Scenarios found, their cuts and seats, and unfinished logs."),
    "play": ("play", "play_command", "Take a seat on this terminal; doctrines play the others."),
    "host": ("host", "host_command", "Run an exercise that people join from elsewhere."),
    "join": ("join", "join_command", "Take the seat that a ticket names, of an exercise hosted elsewhere."),
    "run": ("run", "run_command", "Play a whole exercise headless, every seat by its doctrine."),
    "rehearse": ("rehearse", "rehearse_command", "Play a scenario many times by doctrines and tell what came of it."),
    "check": ("check", "check_command", "Find what is wrong with scenarios and rules, all at once."),
    "new": ("content_commands", "new_command", "Begin a scenario: a small commented one, or a copy to edit."),
    "schema": ("content_commands", "schema_command", "Write JSON Schemas of the content files for editors."),
    "rulebook": ("rulebook", "rulebook_command", "Write the rules as a document with pictures."),
    "handbook": ("handbook", "handbook_command", "Sheets for going on, on paper, when the network has died."),
    "replay": ("replay", "replay_command", "Look through a log turn by turn, truth beside what a seat knew."),
    "show": ("log_commands", "show_command", "The world after a turn, as truth or as a seat knew it."),
    "verify": ("log_commands", "verify_command", "Check a log's chain and recompute every turn."),
    "explain": ("log_commands", "explain_command", "Why a number changed: every contribution with its cause."),
    "branch": ("branch", "branch_command", "What if: keep a log's beginning, change something, play on."),
    "diff": ("log_commands", "diff_command", "Two logs side by side: decisions, quantities, how they ended."),
}
"""Command -> module in this package, its attribute, and the line shown in the help."""

HIDDEN = {"door": ("door", "door_command", "")}
"""Commands that other commands start."""

COMPLETION = "_EXERCISE_COMPLETE"
"""Set by the shell when it asks for completions."""

EXIT_WRONG = 1
EXIT_USAGE = 2
EXIT_FAULT = 70
EXIT_INTERRUPTED = 130


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is called, not before."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order in which people meet them."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command; None for a name that does not exist."""
        del ctx
        known = COMMANDS | HIDDEN
        if cmd_name not in known:
            return None
        if sys.platform == "win32":
            from exercise.cli.common import Wrong

            raise Wrong("Windows itself cannot run this", "join by ssh or in a browser, or run it under WSL")
        module, attribute, _ = known[cmd_name]
        command: click.Command = getattr(importlib.import_module(f"exercise.cli.{module}"), attribute)
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command asked for, or say which one may have been meant."""
        if args and args[0] not in COMMANDS | HIDDEN and not args[0].startswith("-"):
            from exercise.cli.common import nearest

            raise click.UsageError(f"there is no command {args[0]!r}{nearest(args[0], COMMANDS)}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from the table, without importing any."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, _, line) in COMMANDS.items()])


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="Start with: exercise play. Every command has --help; the facilitator's guide is facilitator_guide.md.",
)
@click.version_option(exercise.__version__, "--version", prog_name="exercise", message="%(prog)s %(version)s")
def group() -> None:
    """Situation Room: tabletop exercises in a terminal."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave the process with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A name that the terminal's character set lacks is shown as '?', and never ends a command.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    sys.exit(_status(arguments))


def _status(arguments: Sequence[str] | None) -> int:
    try:
        _invoke(list(sys.argv[1:] if arguments is None else arguments))
        sys.stdout.flush()
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.ClickException as failure:
        return _complain(failure)
    except BrokenPipeError:
        from exercise.cli.common import abandon_output

        abandon_output()
        return 0
    except (KeyboardInterrupt, click.Abort):
        return EXIT_INTERRUPTED
    except Exception as fault:
        if os.environ.get("EXERCISE_TRACEBACK"):
            raise
        _write_error(
            f"a fault of the program: {type(fault).__name__}: {fault} (set EXERCISE_TRACEBACK=1 to see where, and please report it)"
        )
        return EXIT_FAULT
    else:
        return 0


def _invoke(arguments: list[str]) -> None:
    if COMPLETION in os.environ:
        group.main(arguments, prog_name="exercise", complete_var=COMPLETION)
    # Not group.main: it answers a closed pipe and Ctrl-C in its own way.
    with group.make_context("exercise", arguments) as context:
        group.invoke(context)


def _complain(failure: click.ClickException) -> int:
    hint = getattr(failure, "hint", "")
    if not hint and isinstance(failure, click.UsageError) and failure.ctx is not None:
        hint = f"see: {failure.ctx.command_path} --help"
    message = failure.format_message().rstrip(".")
    _write_error(f"{message} ({hint})" if hint else message)
    return failure.exit_code


def _write_error(line: str) -> None:
    from exercise.cli.common import abandon_output, one_line

    try:
        click.echo(f"exercise: {one_line(line)}", err=True)
    except OSError:
        abandon_output()
