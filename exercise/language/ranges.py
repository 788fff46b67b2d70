"""Interval analysis: the lowest and highest value of a result from those of its operands.

The bounds are computed with the same rounded operations as the values themselves. Rounding never reverses an order, so a value computed
from numbers within the bounds of its operands lies within the bounds of the result, to the last bit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

Range = tuple[float, float]
"""(lowest, highest)."""

LIMIT = 1e300
"""Results beyond this are refused, so that infinity and NaN cannot arise."""


def add(a: Range, b: Range) -> Range:
    """Bounds of a + b."""
    return a[0] + b[0], a[1] + b[1]


def sub(a: Range, b: Range) -> Range:
    """Bounds of a - b."""
    return a[0] - b[1], a[1] - b[0]


def mul(a: Range, b: Range) -> Range:
    """Bounds of a * b."""
    return hull([x * y for x in a for y in b])


def div(a: Range, b: Range) -> Range:
    """Bounds of a / b; b must exclude 0."""
    return hull([x / y for x in a for y in b])


def least(a: Range, b: Range) -> Range:
    """Bounds of min(a, b)."""
    return min(a[0], b[0]), min(a[1], b[1])


def most(a: Range, b: Range) -> Range:
    """Bounds of max(a, b)."""
    return max(a[0], b[0]), max(a[1], b[1])


def root(a: Range) -> Range:
    """Bounds of sqrt(a); a must be at least 0."""
    return math.sqrt(a[0]), math.sqrt(a[1])


def join(a: Range, b: Range) -> Range:
    """Bounds of a value that is one or the other."""
    return min(a[0], b[0]), max(a[1], b[1])


def hull(values: Sequence[float]) -> Range:
    """Bounds of a set of corners."""
    return min(values), max(values)


def too_large(of: Range) -> bool:
    """Whether bounds run beyond ``LIMIT`` (or are no numbers at all)."""
    return not (abs(of[0]) <= LIMIT and abs(of[1]) <= LIMIT)


def holds_zero(of: Range) -> bool:
    """Whether 0 lies within the bounds."""
    return of[0] <= 0.0 <= of[1]


def reduced(operation: str, lengths: Sequence[int], filtered: bool, value: Range) -> Range:
    """Bounds of a reduction over rows of these lengths; ``filtered``: any part of a row may be left out."""
    longest = max(lengths, default=0)
    counts = range(longest + 1) if filtered else sorted(set(lengths) or {0})
    if operation == "count":
        return float(counts[0]), float(counts[-1])
    if operation in ("lowest", "highest"):
        return join(value, (0.0, 0.0)) if 0 in counts else value
    lows, highs = _partial(value[0], longest), _partial(value[1], longest)
    if operation == "sum":
        return min(lows[n] for n in counts), max(highs[n] for n in counts)
    return min(_mean(lows, n) for n in counts), max(_mean(highs, n) for n in counts)


def _partial(value: float, longest: int) -> list[float]:
    sums = [0.0]
    for _ in range(longest):
        sums.append(sums[-1] + value)
    return sums


def _mean(sums: Sequence[float], count: int) -> float:
    return sums[count] / float(count) if count else 0.0


Bounds = Callable[[Range, Range], Range]
BOUNDS: dict[str, Bounds] = {"add": add, "sub": sub, "mul": mul, "div": div, "min": least, "max": most}
"""Bounds of the two-sided operations by name."""
