"""The line mode's commands by name: what follows each, and what it does, as help tells it."""

from __future__ import annotations

import attrs

from exercise.presenter.parley import talk_commands
from exercise.presenter.words import _

DECIDING = frozenset({"order", "withdraw", "table", "vote", "write", "reply", "send", "done", "back", "take", "say"}) | frozenset(
    {"propose", "sign", "decline", "counter", "retract", "disclose"}
)
"""Commands that are for who plays a seat."""


@attrs.frozen(slots=True)
class Command:
    """A command: its word, what follows it, and what it does."""

    word: str
    after: str
    help: str


def commands() -> tuple[Command, ...]:
    """Every command, in the order in which help tells them."""
    return (
        Command("look", "", _("where you are and what you can still do")),
        Command("brief", "", _("your briefing and how your aims stand")),
        Command("what", "", _("what happened and why")),
        Command("reports", _("[words]"), _("figures as you know them, all or those that match")),
        Command("map", "", _("places with their class and what moved there")),
        Command("mail", "", _("news and messages")),
        Command("orders", "", _("committed orders and what is left to spend")),
        Command("menu", "", _("orders you can give, by purpose")),
        Command("order", _("NUMBER or NAME [target] [amount]"), _("commit an order")),
        Command("withdraw", _("NUMBER"), _("take back a committed order")),
        Command("bodies", "", _("organizations and their motions")),
        Command("table", _("NUMBER or BODY MOTION"), _("table a motion")),
        Command("vote", _("NUMBER or BODY MOTION, then yes, no or abstain"), _("vote on a motion")),
        Command("why", _("NUMBER"), _("causes, claims and sources of a line of the last list")),
        Command("history", _("NUMBER"), _("every figure you were given about it")),
        Command("register", "", _("the register of risks: what you know of each")),
        Command("write", _("SEAT text"), _("send a message; all sends it to everybody")),
        Command("reply", _("NUMBER text"), _("answer a message of the last list")),
        *(Command(word, after, told) for word, after, told in talk_commands()),
        Command("send", "", _("commit the orders that you composed before they could be given")),
        Command("done", "", _("end your turn, or in a hosted exercise this phase")),
        Command("back", "", _("take the end of your turn back, while others still play")),
        Command("who", "", _("hosted: who is here, who is ready, how to come back")),
        Command("name", _("NAME"), _("hosted: what the others call you")),
        Command("pause", _("[why]"), _("hosted: stop the exercise for everybody; anybody may")),
        Command("note", _("text"), _("evaluators: put a note into the log, which no seat is shown")),
        Command("take", _("NUMBER"), _("head of a team: commit what was suggested, by its number in orders")),
        Command("end", "", _("after the end: what you knew and what was true")),
        Command("quit", "", _("leave; the exercise is saved")),
    )
