"""Colours for terminals that have fewer of them.

In a process that serves many terminals Textual paints for one colour depth: styles, with the codes in which they are written, are shared
between applications. So all of them paint in 24-bit colours, and what a poorer terminal cannot show is translated on the way to it.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from functools import lru_cache


class Depth(enum.Enum):
    """How many colours a terminal shows."""

    NONE = 0
    SIXTEEN = 16
    MANY = 256
    FULL = 1 << 24


Rgb = tuple[int, int, int]

_PAINT = re.compile(r"\x1b\[([\d;]*)m")
_COLOURLESS = re.compile(r"^(?:|dumb|unknown|vt\d.*|ansi-m|.*-m(?:ono)?)$")
_RICH = ("direct", "truecolor", "kitty", "alacritty", "ghostty", "wezterm", "foot", "contour", "iterm")

ANSI: tuple[Rgb, ...] = (
    (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
    (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255), (255, 255, 255),
)  # fmt: skip
"""The sixteen colours as most terminals show them."""
_STEPS = (0, 95, 135, 175, 215, 255)

LEAST_CONTRAST = 3.0
"""Below this, letters in sixteen colours become black or white."""
RAISED = 1.5
"""A ground this much lighter or darker than the page is shown as reverse video where there are no colours."""


def depth_of(term: str, colorterm: str = "", *, no_color: bool = False) -> Depth:
    """What a terminal can show, from what it says of itself."""
    name = term.lower()
    if no_color or _COLOURLESS.match(name):
        return Depth.NONE
    if colorterm.lower() in ("truecolor", "24bit") or any(each in name for each in _RICH):
        return Depth.FULL
    return Depth.MANY if "256" in name else Depth.SIXTEEN


def with_depth(text: str, depth: Depth, page: Rgb = (0, 0, 0)) -> str:
    """Text with escape codes, its 24-bit colours in what the terminal has; ``page`` is the colour of an empty screen."""
    if depth is Depth.FULL or "\x1b[" not in text:
        return text
    return _PAINT.sub(lambda found: f"\x1b[{codes_at(found[1], depth, page)}m", text)


@lru_cache(maxsize=8192)
def codes_at(codes: str, depth: Depth, page: Rgb = (0, 0, 0)) -> str:
    """The codes of a style, its 24-bit colours in what the terminal has."""
    if depth is Depth.FULL:
        return codes
    kept: list[str] = []
    colours: dict[bool, Rgb] = {}
    for code in _codes(codes):
        if isinstance(code, str):
            kept.append(code)
        else:
            is_ground, colour = code
            colours[is_ground] = colour
    if depth is Depth.MANY:
        kept += [f"{48 if is_ground else 38};5;{_of_many(colour)}" for is_ground, colour in colours.items()]
    elif depth is Depth.SIXTEEN:
        kept += _of_sixteen(colours, page)
    elif True in colours and _contrast(colours[True], page) >= RAISED and "7" not in kept:
        kept.append("7")
    return ";".join(kept)


def _codes(codes: str) -> Iterator[str | tuple[bool, Rgb]]:
    """Codes that are no colours as they stand, and colours as whether of the ground and which."""
    parts = iter(codes.split(";"))
    for part in parts:
        if part in ("38", "48"):
            kind = next(parts, "")
            if kind == "2":
                red, green, blue = (min(255, int(next(parts, "0") or 0)) for _place in range(3))
                yield part == "48", (red, green, blue)
            else:
                yield part == "48", _numbered(min(255, int(next(parts, "0") or 0)))
        elif part.isdigit() and (30 <= int(part) <= 37 or 40 <= int(part) <= 47):
            yield int(part) >= 40, ANSI[int(part) % 10]
        elif part.isdigit() and (90 <= int(part) <= 97 or 100 <= int(part) <= 107):
            yield int(part) >= 100, ANSI[int(part) % 10 + 8]
        else:
            yield part


def _numbered(number: int) -> Rgb:
    if number < 16:
        return ANSI[number]
    if number >= 232:
        grey = 8 + (number - 232) * 10
        return (grey, grey, grey)
    red, rest = divmod(number - 16, 36)
    return (_STEPS[red], _STEPS[rest // 6], _STEPS[rest % 6])


def _of_many(colour: Rgb) -> int:
    """The nearest of the 240 colours that every such terminal shows alike."""
    return min(range(16, 256), key=lambda number: _apart(_numbered(number), colour))


def _of_sixteen(colours: dict[bool, Rgb], page: Rgb) -> list[str]:
    """The nearest of the sixteen; letters that would be lost on their ground become black or white."""
    ground = _nearest(colours.get(True, page))
    codes = [f"{(40 if ground < 8 else 92) + ground}"] if True in colours else []
    if False in colours:
        ink = _nearest(colours[False])
        if _contrast(ANSI[ink], ANSI[ground]) < LEAST_CONTRAST:
            ink = max((0, 15), key=lambda each: _contrast(ANSI[each], ANSI[ground]))
        codes.append(f"{(30 if ink < 8 else 82) + ink}")
    return codes


def _nearest(colour: Rgb) -> int:
    return min(range(16), key=lambda number: _apart(ANSI[number], colour))


def _apart(one: Rgb, other: Rgb) -> int:
    """How different two colours look: the eye tells green apart better than red, and red better than blue."""
    red, green, blue = (first - second for first, second in zip(one, other, strict=True))
    return 3 * red * red + 4 * green * green + 2 * blue * blue


def _contrast(one: Rgb, other: Rgb) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Rgb) -> float:
    red, green, blue = (float((part / 255) ** 2.2) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
