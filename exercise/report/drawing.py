"""Pictures of which quantity drives which, as SVG text: around a circle for all, from left to right for one module."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from html import escape

Named = tuple[str, str]
"""A quantity as (kind, id)."""
Arrow = tuple[Named, Named]

COLOURS = {"country": "#2f6db5", "region": "#c0562a", "group": "#2d8659", "agency": "#8a5aa8", "seat": "#7a7a2a", "body": "#a33b63"}
"""A colour for each kind, dark enough on white for thin lines."""
OTHER = "#5f6b75"
ROW, TOP, COLUMN = 18, 34, 250
"""Height of a row, height of the head, width of a column of words, all in pixels."""


def circle(arrows: Iterable[Arrow], names: Mapping[Named, str], title: str) -> str:
    """Every quantity on a circle, by kind; a line in the colour of what drives leads to what is driven."""
    arrows = sorted({arrow for arrow in arrows if arrow[0] != arrow[1]})
    nodes = sorted(
        {end for arrow in arrows for end in arrow}, key=lambda one: (list(COLOURS).index(one[0]) if one[0] in COLOURS else 99, one)
    )
    radius = max(180.0, len(nodes) * 11 / (2 * math.pi))
    middle = radius + 190
    at = {node: 2 * math.pi * number / len(nodes) for number, node in enumerate(nodes)}
    lines = [
        f'<path d="M{_point(middle, radius, at[cause])} Q{middle:.0f},{middle:.0f} {_point(middle, radius, at[effect])}" '
        f'stroke="{_colour(cause)}" stroke-opacity="0.35"><title>{_told(cause, names)} drives {_told(effect, names)}</title></path>'
        for cause, effect in arrows
    ]
    words = []
    for node in nodes:
        x, y = middle + (radius + 6) * math.cos(at[node]), middle + (radius + 6) * math.sin(at[node])
        turn = math.degrees(at[node])
        flipped = 90 < turn < 270
        turned = f'transform="translate({x:.1f},{y:.1f}) rotate({turn + 180 if flipped else turn:.1f})"'
        anchor = "end" if flipped else "start"
        words.append(f'<text {turned} text-anchor="{anchor}" dy="3" fill="{_colour(node)}">{escape(names.get(node, node[1]))}</text>')
    legend = [
        f'<text x="12" y="{40 + 16 * number}" fill="{COLOURS[kind]}">{kind}</text>'
        for number, kind in enumerate(kind for kind in COLOURS if any(node[0] == kind for node in nodes))
    ]
    return _svg(2 * middle, 2 * middle, title, [*lines, *words, *legend])


def columns(arrows: Iterable[Arrow], names: Mapping[Named, str], title: str) -> str:
    """What is read on the left, what is changed on the right."""
    arrows = sorted(set(arrows))
    left, right = sorted({cause for cause, _ in arrows}), sorted({effect for _, effect in arrows})
    height = TOP + ROW * max(len(left), len(right)) + 12
    width = 2 * COLUMN + 220
    rows = {("left", one): _row(number, len(left), height) for number, one in enumerate(left)}
    rows |= {("right", one): _row(number, len(right), height) for number, one in enumerate(right)}
    lines = []
    for cause, effect in arrows:
        y, z = rows["left", cause], rows["right", effect]
        bend = f"C{COLUMN + 110},{y:.0f} {COLUMN + 110},{z:.0f} {COLUMN + 220},{z:.0f}"
        lines.append(f'<path d="M{COLUMN},{y:.0f} {bend}" stroke="{_colour(cause)}" stroke-opacity="0.55"/>')
    words = [_word(COLUMN - 6, rows["left", one], "end", one, names) for one in left]
    words += [_word(COLUMN + 226, rows["right", one], "start", one, names) for one in right]
    return _svg(width, height, title, [*lines, *words])


def _row(number: int, count: int, height: float) -> float:
    """The height of a row; the shorter column is spread over the longer one."""
    return TOP + (number + 0.5) * (height - TOP - 12) / count


def _word(x: float, y: float, anchor: str, node: Named, names: Mapping[Named, str]) -> str:
    return f'<text x="{x:.0f}" y="{y + 4:.0f}" text-anchor="{anchor}" fill="{_colour(node)}">{escape(_told(node, names))}</text>'


def _told(node: Named, names: Mapping[Named, str]) -> str:
    return f"{names.get(node, node[1])} ({node[0]})"


def _colour(node: Named) -> str:
    return COLOURS.get(node[0], OTHER)


def _point(middle: float, radius: float, angle: float) -> str:
    return f"{middle + radius * math.cos(angle):.1f},{middle + radius * math.sin(angle):.1f}"


def _svg(width: float, height: float, title: str, parts: Sequence[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}" '
        'font-family="sans-serif" font-size="11">'
    )
    body = "\n".join(parts)
    return (
        f'{head}\n<rect width="100%" height="100%" fill="#ffffff"/>\n<g fill="none">\n{body}\n</g>\n'
        f'<text x="12" y="20" font-size="14" font-weight="bold">{escape(title)}</text>\n</svg>\n'
    )
