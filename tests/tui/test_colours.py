"""Colours: every text can be read, by everybody."""

from __future__ import annotations

import pytest
from textual.color import Color

from exercise.tui.colours import ALL, PALETTES, THEMES, Colours, next_theme


def contrast(one: Color, other: Color) -> float:
    """The contrast ratio of WCAG 2, 1 to 21."""

    def luminance(colour: Color) -> float:
        parts = [part / 255 for part in colour.rgb]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", ALL, ids=lambda colours: colours.name)
def test_every_text_has_a_contrast_of_seven_to_one(colours: Colours) -> None:
    """WCAG AAA on every background that a text may stand on: screen, bar, cursor line, land."""
    grounds = [Color.parse(each) for each in (colours.background, colours.surface)]
    for role, style in PALETTES[colours.name].items():
        if "-land" in role or role in ("rule", "qr") or style.foreground is None:
            continue  # decoration, and what stands on a ground of its own
        for ground in grounds:
            assert contrast(style.foreground, ground) >= 7, role
    text, cursor = Color.parse(colours.text), Color.parse(colours.cursor)
    assert contrast(text, cursor) >= 7
    for role, style in PALETTES[colours.name].items():
        if "-land" in role and style.background is not None:
            assert contrast(text, style.background) >= 7, role


@pytest.mark.parametrize("colours", ALL, ids=lambda colours: colours.name)
def test_roles_on_the_cursor_line_stay_legible(colours: Colours) -> None:
    """The line in focus keeps at least the contrast of ordinary text."""
    for role, style in PALETTES[colours.name].items():
        if "-land" not in role and role not in ("rule", "qr") and style.foreground is not None:
            assert contrast(style.foreground, Color.parse(colours.cursor)) >= 4.5, role


def test_better_and_worse_differ_without_red_or_green() -> None:
    """Blue and orange differ in the blue channel, which the common colour blindnesses keep."""
    for colours in ALL:
        better, worse = Color.parse(colours.better), Color.parse(colours.worse)
        assert abs(better.b - worse.b) >= 100


def test_themes_go_round() -> None:
    """One key visits all of them and comes back."""
    name = "dark"
    seen = []
    for _ in THEMES:
        name = next_theme(name)
        seen.append(name)
    assert sorted(seen) == sorted(THEMES)


def test_a_qr_code_is_light_on_dark_in_every_theme() -> None:
    """What is drawn are the light modules: on a light page a code in the page's own colours would be inside out."""
    for palette in PALETTES.values():
        style = palette["qr"]
        assert style.foreground == Color.parse("#ffffff")
        assert style.background == Color.parse("#000000")
