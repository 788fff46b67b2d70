"""What the shell offers when a person presses Tab."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem


def complete_scenario(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Ids of the scenarios found, then files and folders."""
    del ctx, param
    from exercise.cli.catalogue import scenario_cards

    ids = [CompletionItem(card["id"], help=card["title"]) for card in scenario_cards() if card["id"].startswith(incomplete)]
    return ids or [CompletionItem(incomplete, type="dir")]
