"""Help about the thing in focus: what the pane is for, what the line you are on means, and which keys work here."""

from __future__ import annotations

from exercise.presenter.keys import FOOTERS, PANES, Key, pane_titles, seat_keys
from exercise.presenter.map_view import legend_line
from exercise.presenter.rows import BLANK, Row, Rows, Run, Subject, fit, heading, note, wrap
from exercise.presenter.seat_state import SeatState
from exercise.presenter.words import _

PANE_ACTIONS: dict[str, tuple[str, ...]] = {
    "map": ("open", "why", "list_map"),
    "reports": ("why", "history", "filter", "find"),
    "happened": ("why", "open", "summary"),
    "mail": ("open", "write", "reply", "threads", "new_room", "statement"),
    "orders": ("add_order", "withdraw", "why", "open", "commit"),
    "bodies": ("open", "table_motion", "vote", "why"),
}


def pane_text(pane: str) -> str:
    """What a pane is for."""
    told = {
        "map": _(
            "Where things are. Fill and letter give each place's capacity class as you know it: H hegemonic, C captured, D degraded, "
            "F! failed. Arrows choose a place; the line below tells what moved there."
        ),
        "reports": _(
            "Figures as someone measured them, never the truth itself. Each has a source and an age; stale ones are dim and dated. "
            "Two sources that disagree are shown as a range."
        ),
        "happened": _("What changed since your last turn: your orders, the bodies, what others did, the figures that moved and why."),
        "mail": _(
            "News and messages, newest first. A point marks what you have not read. Rooms are for their members alone; a statement to the "
            "press is for everybody."
        ),
        "orders": _("Orders committed for this turn and what is left to spend. They are carried out when the turn is resolved."),
        "bodies": _(
            "Organizations that decide. A motion climbs a ladder of tests before the vote; what stops it is said in words, "
            "and every vote has its reason."
        ),
    }
    return told.get(pane, "")


def subject_text(subject: Subject | None) -> str:
    """What the line in focus is."""
    told = {
        "figure": _("You are on a figure. w says what moved it; h shows every figure you were given about it."),
        "place": _("You are on a place. w says why its offices have the class they have."),
        "event": _("You are on something that happened. Enter or w opens it with its reasons."),
        "message": _("You are on a message. Enter opens it, r answers it."),
        "agreement": _("You are on an agreement. 7 lists them all, to sign, decline or answer."),
        "order": _("You are on a committed order. x takes it back until you end the turn."),
        "motion": _("You are on a motion. Enter opens it with votes and what would change it."),
        "body": _("You are on an organization. Enter opens its motions."),
    }
    return told.get(subject.kind, "") if subject else ""


def help_rows(state: SeatState, pane: str, subject: Subject | None, width: int) -> Rows:
    """The help panel."""
    rows: list[Row] = []
    if pane in PANES:
        number = PANES.index(pane)
        rows += [heading(f"[{number + 1}] {pane_titles()[number]}"), Row(wrap([Run(pane_text(pane))], width))]
    if pane == "map":
        rows.append(Row((legend_line(width),)))
    told = subject_text(subject)
    if told:
        rows += [BLANK, Row(wrap([Run(told, "strong")], width))]
    here = PANE_ACTIONS.get(pane, FOOTERS.get(pane, ()))
    keys = seat_keys()
    rows += [BLANK, heading(_("Keys here")), *(_key_row(key, width) for key in keys if key.action in here)]
    rows += [BLANK, heading(_("Keys everywhere")), _numbers_row(width)]
    rows += [_key_row(key, width) for key in keys if key.action not in here and key.action not in _elsewhere(here)]
    if state.is_open and not state.ready:
        rows += [BLANK, note(_("Line 2 always says what you can still do this turn, and the key for it."), width)]
    return tuple(rows)


def _elsewhere(here: tuple[str, ...]) -> set[str]:
    """Actions that belong to other panes: known from their own help, left out here unless they are useful anywhere."""
    anywhere = {"why", "history", "add_order", "write", "open", "new_room", "statement"}
    return {action for actions in PANE_ACTIONS.values() for action in actions} - anywhere - set(here) - {"commit", "summary"}


def _key_row(key: Key, width: int) -> Row:
    lines = wrap([*fit((Run(key.show, "key"),), 9), Run(key.help)], width, indent=11, first=2)
    return Row(lines, Subject("choice", key.action))


def _numbers_row(width: int) -> Row:
    told = _("goes to the pane or page with that number; tab to the next")
    return Row(wrap([*fit((Run("1-6", "key"),), 9), Run(told)], width, indent=11, first=2))


def palette_rows(words: str, width: int) -> Rows:
    """Every command whose name or help holds the letters typed, in their order; names first."""
    wanted = words.lower().split()
    ranked = []
    for number, key in enumerate(seat_keys()):
        if key.action == "palette":
            continue
        rank = _rank(key, wanted)
        if rank is not None:
            ranked.append((rank, number, key))
    rows = [Row((fit((*fit((Run(key.show, "key"),), 8), *fit((Run(key.label, "strong"),), 18), Run(key.help, "dim")), width),),
                Subject("choice", key.action)) for _rank_, _number, key in sorted(ranked, key=lambda each: each[:2])]  # fmt: skip
    return tuple(rows) or (note(_("No command matches."), width),)


def _rank(key: Key, wanted: list[str]) -> int | None:
    label, told = key.label.lower(), f"{key.label} {key.help}".lower()
    if all(label.startswith(word) for word in wanted):
        return 0
    if all(word in label for word in wanted):
        return 1
    return 2 if all(word in told for word in wanted) else None
