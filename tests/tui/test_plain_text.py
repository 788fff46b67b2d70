"""The text door: one function, and nothing in the screens that goes around it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import exercise.tui
from exercise.presenter.bodies import body_rows, motion_rows
from exercise.presenter.briefing import briefing_rows
from exercise.presenter.ending import ending_rows, truth_rows
from exercise.presenter.happenings import happening_rows, summary_rows
from exercise.presenter.help import help_rows
from exercise.presenter.history import history_rows
from exercise.presenter.keys import PANES
from exercise.presenter.legible import UNSHOWABLE
from exercise.presenter.mail import mail_rows
from exercise.presenter.map_view import legend_line, map_lines, place_line, place_rows, places
from exercise.presenter.orders import Draft, card_rows, menu_rows, order_rows, target_rows
from exercise.presenter.reports import ReportView, report_rows
from exercise.presenter.rows import Row, Rows, Subject
from exercise.presenter.seat_state import SeatState, fold_all
from exercise.presenter.status import status_line, todo_line
from exercise.presenter.tabs import seat_tabs, tabs_line
from exercise.presenter.turn_end import turn_end_rows
from exercise.presenter.why import why_rows
from exercise.tui.colours import PALETTES
from exercise.tui.plain_text import plain_text, use_ascii
from tests.presenter import osh_frames
from tests.tui.hostile_frames import PAYLOADS, hostile_frames

SOURCES = sorted(Path(exercise.tui.__file__).parent.glob("*.py"))


def surfaces(state: SeatState) -> dict[str, Rows]:
    """Everything that the screens show of a state."""
    subjects = [Subject("figure", key) for key in state.readings]
    subjects += [Subject("event", str(event.number)) for event in state.events]
    subjects += [Subject("message", "0"), Subject("place", "osh_city"), Subject("objective", "shelter"), Subject("body", "csto")]
    cards = [card for body in state.welcome.bodies for card in body.motions]
    return {
        "status": (Row((status_line(state, 120), todo_line(state, 120), tabs_line(seat_tabs(state), "mail", 120))),),
        "map": (Row((*map_lines(state, "osh_city"), legend_line(80), *(place_line(state, entity, 80) for entity in places(state)))),),
        "places": place_rows(state, 80),
        "reports": report_rows(state, 80),
        "found": report_rows(state, 80, ReportView(find="zzz")),
        "happened": happening_rows(state, 80),
        "summary": summary_rows(state, 80, -1),
        "mail": mail_rows(state, 80),
        "orders": order_rows(state, 80),
        "menu": menu_rows(state, 60),
        "cards": tuple(row for card in state.welcome.menu for row in card_rows(state, Draft(card.order), 60)),
        "targets": tuple(row for card in state.welcome.menu for row in target_rows(state, Draft(card.order), 60)),
        "bodies": body_rows(state, 80),
        "motions": tuple(row for card in cards for row in motion_rows(state, card, 80)),
        "why": tuple(row for subject in subjects for row in why_rows(state, subject, 80)),
        "history": tuple(row for key in state.readings for row in history_rows(state, key, 80)),
        "briefing": briefing_rows(state, 80),
        "turn end": turn_end_rows(state, 60),
        "ending": (*ending_rows(state, 100), *truth_rows(state, 100)),
        "help": tuple(row for pane in PANES for row in help_rows(state, pane, subjects[0], 80)),
    }


def unsafe(text: str) -> set[str]:
    """What of a text a terminal could obey or hide."""
    import unicodedata

    return {letter for letter in text if unicodedata.category(letter)[0] == "C" and letter != UNSHOWABLE}


@pytest.mark.parametrize("start", range(0, len(PAYLOADS), 5))
def test_fault_48_every_surface_shows_every_payload_as_literal_text(start: int) -> None:
    """Twenty surfaces by forty payloads: nothing a terminal obeys is left, and brackets stand as they were written."""
    state = fold_all(SeatState(), osh_frames.numbered(hostile_frames(start)))
    shown = ""
    for name, rows in surfaces(state).items():
        for row in rows:
            for line in row.lines:
                content = plain_text(line, PALETTES["dark"])
                assert not unsafe(content.plain), name
                assert "".join(segment.text for segment in content.render_segments()) == content.plain
                shown += content.plain.replace(" ", "")
    literal = [payload for payload in PAYLOADS if payload.isprintable() and " " not in payload and len(payload) < 12]
    assert [payload for payload in literal if payload not in shown] == []


@pytest.mark.parametrize("payload", PAYLOADS, ids=repr)
def test_the_door_reads_no_markup_and_styles_nothing(payload: str) -> None:
    """What comes in plain goes out plain: one span of text, no style, no action, no link."""
    content = plain_text(payload)
    assert content.spans == []
    assert not unsafe(content.plain)
    assert len(payload.strip()) == 0 or content.plain


def test_ascii_terminals_get_ascii_only() -> None:
    """Glyphs have stand-ins; a name in another script keeps its place."""
    use_ascii(ascii_glyphs=True)
    try:
        assert plain_text("▲ Osh — “café” ▸ 中国").plain == '^ Osh - "cafe" > ????'
    finally:
        use_ascii(ascii_glyphs=False)


def _calls(tree: ast.AST) -> list[ast.Call]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_no_module_goes_around_the_door(path: Path) -> None:
    """Only ``plain_text`` makes Content; frames' titles come from it; no widget of Textual's that parses markup is used."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {
        f"{node.module}.{alias.name}" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module for alias in node.names
    }
    if path.name != "plain_text.py":
        assert "textual.content.Content" not in imported
        # The backdrop styles anew what was painted already; it makes no segment of a text.
        painted = {
            "rich.console.Console",
            "rich.console.ConsoleOptions",
            "rich.console.RenderResult",
            "rich.segment.Segment",
            "rich.style.Style",
        }
        allowed = painted if path.name == "backdrop.py" else set()
        assert not {name for name in imported - allowed if name.startswith(("rich.", "textual.visual"))}
    editors = {"textual.widgets.TextArea", "textual.widgets.text_area.Edit", "textual.widgets.text_area.EditResult"}
    fields = {"textual.widgets.Input", *(editors if path.name == "text_box.py" else ())}
    assert {name for name in imported if name.startswith("textual.widgets")} <= fields
    assert not [
        call for call in _calls(tree) if _name(call.func) in ("from_markup", "render_str", "Static", "Label", "Markdown", "RichLog")
    ]
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            targets = [target.attr for target in node.targets if isinstance(target, ast.Attribute)]
            if {"border_title", "border_subtitle", "tooltip"} & set(targets):
                value = node.value
                made = isinstance(value, ast.Call) and _name(value.func) == "plain_text"
                assert made or (isinstance(value, ast.Name) and value.id in ("title", "subtitle")), ast.unparse(node)
