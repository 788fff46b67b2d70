"""Themes and what presenters' roles look like in them.

Letters and shapes carry every meaning; colour repeats it. Blue stands for better and orange for worse, never green and red, so that the
common colour blindnesses see the same screen. Every text colour has a contrast of at least 7 to 1 with its background (WCAG AAA), which
``tests/tui/test_colours.py`` measures.
"""

from __future__ import annotations

import attrs
from textual.color import Color
from textual.style import Style
from textual.theme import Theme


@attrs.frozen(slots=True)
class Colours:
    """The colours of a theme."""

    name: str
    dark: bool
    background: str
    surface: str
    text: str
    dim: str
    accent: str
    better: str
    worse: str
    violet: str
    yellow: str
    cursor: str
    rule: str
    tints: tuple[str, str, str, str, str, str]
    """Backgrounds of land: hegemonic, captured, degraded, failed, not known, abroad."""


DARK = Colours(
    name="dark",
    dark=True,
    background="#11151b",
    surface="#1a2029",
    text="#e4e8ee",
    dim="#a7b1bf",
    accent="#8cc2ff",
    better="#8cc2ff",
    worse="#ffad66",
    violet="#d9b3ff",
    yellow="#ecd07a",
    cursor="#29394f",
    rule="#465263",
    tints=("#16293b", "#2a2040", "#2d2916", "#3d2216", "#1c222b", "#11151b"),
)

LIGHT = Colours(
    name="light",
    dark=False,
    background="#fbfaf6",
    surface="#f0eee7",
    text="#1c2127",
    dim="#474f58",
    accent="#0a468f",
    better="#0a468f",
    worse="#7d3200",
    violet="#5c1f80",
    yellow="#5a4300",
    cursor="#d6e4f5",
    rule="#a3a89f",
    tints=("#e0edfa", "#efe5f7", "#f6efd4", "#fae3d3", "#efede6", "#fbfaf6"),
)

CLEAR = Colours(
    name="clear",
    dark=True,
    background="#000000",
    surface="#000000",
    text="#ffffff",
    dim="#d6d6d6",
    accent="#7fd0ff",
    better="#7fd0ff",
    worse="#ffb000",
    violet="#ffb3e1",
    yellow="#f8ec5c",
    cursor="#003a66",
    rule="#ffffff",
    tints=("#001f33", "#2b0a20", "#1f1c00", "#331f00", "#000000", "#000000"),
)

ALL = (DARK, LIGHT, CLEAR)


def theme_of(colours: Colours) -> Theme:
    """The Textual theme of some colours."""
    return Theme(
        name=colours.name,
        primary=colours.accent,
        secondary=colours.dim,
        accent=colours.accent,
        warning=colours.worse,
        error=colours.worse,
        success=colours.better,
        foreground=colours.text,
        background=colours.background,
        surface=colours.surface,
        panel=colours.surface,
        dark=colours.dark,
        text_alpha=1.0,
        variables={
            "rule": colours.rule,
            "dim-text": colours.dim,
            "row-cursor": colours.cursor,
            "footer-background": colours.surface,
            "input-selection-background": colours.cursor,
            "scrollbar": colours.rule,
            "scrollbar-hover": colours.dim,
            "scrollbar-active": colours.accent,
            "scrollbar-background": colours.background,
            "scrollbar-background-hover": colours.background,
            "scrollbar-background-active": colours.background,
            "scrollbar-corner-color": colours.background,
        },
    )


def palette_of(colours: Colours) -> dict[str, Style]:
    """Styles of all roles in some colours."""

    def ink(colour: str, *, bold: bool | None = None, italic: bool | None = None, reverse: bool | None = None) -> Style:
        return Style(foreground=Color.parse(colour), bold=bold, italic=italic, reverse=reverse)

    land = dict(zip(("hegemonic", "captured", "degraded", "failed", "unknown", "abroad"), colours.tints, strict=True))
    letters = {"hegemonic": colours.better, "captured": colours.violet, "degraded": colours.yellow, "failed": colours.worse}
    letters |= {"unknown": colours.dim, "abroad": colours.dim}
    palette = {
        "dim": ink(colours.dim),
        "rule": ink(colours.rule),
        "stale": ink(colours.dim, italic=True),
        "strong": ink(colours.text, bold=True),
        "title": ink(colours.accent, bold=True),
        "seat": ink(colours.accent, bold=True),
        "phase": ink(colours.accent, bold=True),
        "todo": ink(colours.worse, bold=True),
        "key": ink(colours.accent, bold=True),
        "ok": ink(colours.better),
        "better": ink(colours.better),
        "worse": ink(colours.worse),
        "alarm": ink(colours.worse, bold=True),
        "unread": ink(colours.worse, bold=True),
        "disputed": ink(colours.yellow),
        "private": ink(colours.violet),
        "letter": ink(colours.accent),
        "bar": ink(colours.accent),
        "against": ink(colours.worse),
        "selected": ink(colours.accent, bold=True, reverse=True),
        "place": ink(colours.text, bold=True),
        "hegemonic": ink(colours.better, bold=True),
        "captured": ink(colours.violet, bold=True),
        "degraded": ink(colours.yellow, bold=True),
        "failed": ink(colours.worse, bold=True),
        "water": ink(colours.accent),
        "qr": Style(foreground=Color.parse("#ffffff"), background=Color.parse("#000000")),
        "tab": ink(colours.accent, bold=True, reverse=True),
    }
    for word, tint in land.items():
        ground, full = Color.parse(tint), Color.parse(letters[word])
        # The texture is quiet: it tells classes apart without colour, and leaves the labels to be read.
        texture = full if colours.name == "clear" else ground.blend(full, 0.38)
        palette[f"{word}-land"] = Style(foreground=texture, background=ground)
        palette[f"{word}-land-2"] = Style(foreground=texture, background=ground.blend(full, 0.07))
    return palette


THEMES = {colours.name: theme_of(colours) for colours in ALL}
PALETTES = {colours.name: palette_of(colours) for colours in ALL}


def next_theme(name: str) -> str:
    """The theme after this one."""
    names = list(THEMES)
    return names[(names.index(name) + 1) % len(names)] if name in names else names[0]
