"""Key tables as data: bindings, footers, the palette and the help are made from these."""

from __future__ import annotations

import attrs

from exercise.presenter.words import _


@attrs.frozen(slots=True)
class Key:
    """A key: Textual's names for it (comma-separated), how it is shown, the action's name, and what it does in words."""

    keys: str
    show: str
    action: str
    label: str
    help: str


def pane_titles() -> tuple[str, ...]:
    """The seat's six panes, in the order of their numbers."""
    return (_("Map"), _("Reports"), _("What happened and why"), _("Messages and news"), _("Orders"), _("Bodies"))


def short_titles() -> tuple[str, ...]:
    """The same for a row of tabs."""
    return (_("Map"), _("Reports"), _("What happened"), _("Messages"), _("Orders"), _("Bodies"))


def brief_titles() -> tuple[str, ...]:
    """The same in one short word each, for a row of tabs without much room."""
    return (_("Map"), _("Reports"), _("Events"), _("Mail"), _("Orders"), _("Bodies"))


PANES = ("map", "reports", "happened", "mail", "orders", "bodies")


def seat_keys() -> tuple[Key, ...]:
    """Every key of the seat's screen but the pane numbers."""
    return (
        Key("enter", "enter", "open", _("open"), _("opens the line you are on: the whole message, the motion, the order, the figure")),
        Key("w", "w", "why", _("why"), _("says why: causes with their share, the reason, claims and sources, as far as you may know")),
        Key("h", "h", "history", _("history"), _("shows every figure you were given about this, source by source")),
        Key("a", "a", "add_order", _("add an order"), _("opens the menu of orders")),
        Key("x,delete", "x", "withdraw", _("withdraw"), _("takes back the committed order you are on")),
        Key("t", "t", "table_motion", _("table a motion"), _("opens the motion you are on, to table it")),
        Key("y", "y", "vote", _("vote"), _("opens the motion you are on, to vote on it")),
        Key("n", "n", "write", _("new message"), _("writes to other seats")),
        Key("u", "u", "read_all", _("all read"), _("counts all news and messages of this thread as read")),
        Key("m", "m", "threads", _("threads"), _("messages by thread: letters, the press, the facilitator, each room")),
        Key("o", "o", "new_room", _("open a room"), _("opens a room with seats that you choose; no other seat learns of it")),
        Key("p", "p", "statement", _("to the press"), _("makes a statement that everybody reads")),
        Key("7", "7", "agreements", _("agreements"), _("agreements and proposals: read, sign, decline, answer, propose")),
        Key("r", "r", "reply", _("reply"), _("answers the message you are on")),
        Key("b", "b", "briefing", _("briefing"), _("your briefing, your aims and how they stand")),
        Key("g", "g", "register", _("register of risks"), _("the register of risks: what you know of each, place by place")),
        Key("s", "s", "summary", _("what changed"), _("shows the last turn's summary again")),
        Key("f", "f", "filter", _("filter"), _("reports: all, those that moved, the place chosen on the map")),
        Key("slash", "/", "find", _("find"), _("narrows the reports by words")),
        Key("l", "l", "list_map", _("map as a list"), _("shows the map's places as a list, and back")),
        Key("z", "z", "zoom", _("zoom"), _("gives the pane the whole screen, and back")),
        Key("ctrl+s", "ctrl+s", "commit", _("end your turn"), _("asks, then ends your turn; again takes it back while others still play")),
        Key("i", "i", "people", _("who is here"), _("who is here and ready, your resume code, what the others call you")),
        Key("P", "P", "pause", _("call a pause"), _("stops a hosted exercise for everybody; anybody may, and nobody has to say why")),
        Key("O", "O", "note", _("take a note"), _("evaluators: puts a note of yours into the log, which no seat is shown")),
        Key("e", "e", "ending", _("end summary"), _("after the end: what you knew and what was true")),
        Key("ctrl+o", "ctrl+o", "jump", _("jump"), _("puts a letter on every pane; the letter goes there")),
        Key("ctrl+p", "ctrl+p", "palette", _("commands"), _("every command by name")),
        Key("question_mark,f1", "?", "help", _("help"), _("says what the thing you are on is and which keys work there")),
        Key("ctrl+t", "ctrl+t", "theme", _("colours"), _("next theme: dark, light, high contrast safe for colour-blind eyes")),
        Key("f10,ctrl+q", "F10", "leave", _("leave"), _("leaves; your exercise is saved")),
    )


FOOTERS: dict[str, tuple[str, ...]] = {
    "map": ("why", "list_map", "help", "palette"),
    "reports": ("why", "history", "filter", "find", "help"),
    "happened": ("why", "open", "summary", "help", "palette"),
    "mail": ("open", "write", "reply", "read_all", "threads", "note", "help"),
    "orders": ("add_order", "withdraw", "why", "commit", "help"),
    "bodies": ("open", "table_motion", "vote", "help", "palette"),
}
"""At most five keys in a pane's footer; the rest stand behind help and commands."""


MOST_KEYS = 5


def footer(pane: str, without: frozenset[str] = frozenset(), *, beginning: bool = False) -> tuple[Key, ...]:
    """The keys in the footer while a pane has the focus, without some actions that have no use now; at the ``beginning`` the briefing."""
    by_action = {key.action: key for key in seat_keys()}
    actions = [action for action in FOOTERS.get(pane, ("help", "palette")) if action not in without]
    if beginning:
        actions = [action for action in actions if action != "palette"][:MOST_KEYS]
        at = actions.index("help") if "help" in actions else len(actions)
        kept = actions[: min(at, MOST_KEYS - 2)]
        actions = [*kept, "briefing", "help"]
    return tuple(by_action[action] for action in actions)
