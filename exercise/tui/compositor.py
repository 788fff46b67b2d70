"""Painting what changed, and nothing behind it.

For a partial update Textual renders every line of every widget that overlaps the smallest rectangle around all changes, whatever covers it:
a key that changes a row and the footer renders the whole screen. Here a widget renders only lines on which something changed that no
widget in front of it has painted. The cells are the same.

A strip that is not divided remembers itself as its own only part, in Textual, so that every painted line is left to the garbage collector.
Here it is not asked to, and goes when nobody needs it any more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import cast

import textual.screen
from textual._compositor import ChopsUpdate, Compositor
from textual._styles_cache import StylesCache
from textual.color import Color
from textual.geometry import Region
from textual.strip import Strip
from textual.style import Style


class QuickCompositor(Compositor):
    """Textual's compositor with partial updates that cost what changed."""

    def render_partial_update(self) -> ChopsUpdate | None:
        """Render what is marked as changed, front to back, until every changed cell is painted."""
        screen = self.size.region
        changed = [region.intersection(screen) for region in self._dirty_regions]
        self._dirty_regions.clear()
        spans = list(self._regions_to_spans(region for region in changed if region))
        if not spans:
            return None
        cuts = self.cuts
        chops: list[dict[int, Strip | None]] = [{} for _line in cuts]
        bare: dict[int, set[int]] = {}
        for y, left, right in spans:
            line = cuts[y]
            if y not in bare:
                chops[y] = dict.fromkeys(line[:-1])
                bare[y] = set()
            bare[y].update(start for start, end in pairwise(line) if start < right and end > left)
        for widget, (region, clip) in self.visible_widgets.items():
            seen = region.intersection(clip)
            first, last = seen.column_span
            lines = [y for y in bare if seen.y <= y < seen.bottom and any(first <= cut < last for cut in bare[y])]
            if not lines:
                continue
            top = min(lines)
            strips = widget.render_lines(Region(seen.x - region.x, top - region.y, seen.width, max(lines) + 1 - top))
            for y in lines:
                within = [cut for cut in cuts[y] if first <= cut <= last]
                parts = _parts(strips[y - top], [cut - seen.x for cut in within[1:]])
                for cut, part in zip(within, parts, strict=False):
                    if cut in bare[y]:
                        bare[y].discard(cut)
                        chops[y][cut] = part
                if not bare[y]:
                    del bare[y]
            if not bare:
                break
        return ChopsUpdate(chops, spans, [line[1:] for line in cuts])

    def _render_chops(self, crop: Region, is_rendered_line: Callable[[int], bool]) -> Sequence[Mapping[int, Strip]]:
        """Render everything within a rectangle, as Textual does."""
        cuts = self.cuts
        chops: list[dict[int, Strip | None]] = [dict.fromkeys(line[:-1]) for line in cuts]
        for region, clip, strips in self._get_renders(crop):
            seen = region.intersection(clip)
            first, last = seen.column_span
            for y, strip in zip(seen.line_range, strips, strict=False):
                if is_rendered_line(y):
                    within = [cut for cut in cuts[y] if first <= cut <= last]
                    for cut, part in zip(within, _parts(strip, [cut - seen.x for cut in within[1:]]), strict=False):
                        if chops[y].get(cut) is None:
                            chops[y][cut] = part
        return cast("Sequence[Mapping[int, Strip]]", chops)


def _parts(strip: Strip, cuts: list[int]) -> Sequence[Strip]:
    return (strip,) if cuts == [strip.cell_length] else strip.divide(cuts)


_INNER_OUTER = StylesCache.get_inner_outer.__wrapped__


@lru_cache(maxsize=1024)
def _inner_outer(base: Color, background: Color) -> tuple[Style, Style]:
    """The styles inside and outside of a widget's border."""
    return _INNER_OUTER(StylesCache, base, background)


def _forgetful(_cache: StylesCache, base: Color, background: Color) -> tuple[Style, Style]:
    return _inner_outer(base, background)


def use() -> None:
    """Have Textual's screens use it from now on, once in a process.

    The styles inside and outside of a border are remembered by the colours alone: Textual remembers them by the widget's own paint as well,
    and so keeps all that the last thousand widgets have painted, which dialogs that come and go make 100 MiB and more.
    """
    textual.screen.Compositor = QuickCompositor  # type: ignore[attr-defined]
    StylesCache.get_inner_outer = _forgetful  # type: ignore[method-assign,assignment]
