"""What can be emitted: kernels, which change cells, and queries, which answer."""

from __future__ import annotations

import attrs

from exercise.language.form import Block, Code


@attrs.frozen(slots=True)
class DelaySlot:
    """Where a delayed effect waits: slot ``base + binding * steps + landing[step]`` of the pending vector.

    A landing of -1 lies beyond the end and never comes due. ``reverse``: the amount acts now and its opposite waits (an effect that
    lasts).
    """

    base: int
    landing: tuple[int, ...]
    steps: int
    reverse: bool = False


@attrs.frozen(slots=True, kw_only=True)
class KernelEffect:
    """One change of a kernel; ``index``, ``value``, ``rate`` and ``guard`` are value numbers of the kernel's code.

    ``mode`` add: the cell gains the value, times days or months (days / 30.4375) with ``per`` day or month. set: it becomes the value.
    toward: it moves by the share x / (1 + x) of the gap to the value, x = rate times days (months with ``per`` month): an implicit step,
    which never overshoots. The gap is measured from the state at the stage's start. Only add may have a ``delay``.
    """

    mode: str
    block: Block
    index: int
    value: int
    rate: int | None = None
    per: str = ""
    guard: int | None = None
    delay: DelaySlot | None = None


@attrs.frozen(slots=True, kw_only=True)
class Kernel:
    """Code that runs for each of its ``bindings`` (tuples of entity indices) and changes cells where its ``guard`` holds.

    ``names`` are the entity ids of each binding (they key its draws). ``gate`` gives each binding a cell: the binding is skipped while that
    cell holds 0, and the cell's value is argument 0 of the code.
    """

    id: str
    bindings: tuple[tuple[int, ...], ...]
    code: Code
    effects: tuple[KernelEffect, ...]
    guard: int | None = None
    names: tuple[tuple[str, ...], ...] = ()
    gate: tuple[int, ...] | None = None

    @property
    def comparisons(self) -> tuple[str, ...]:
        """Texts of the code's comparisons; a trace's margins speak of them by number."""
        return tuple(comparison.text for comparison in self.code.comparisons)


@attrs.frozen(slots=True, kw_only=True)
class Query:
    """Code that answers: ``arity`` bound entities and ``arguments`` scalar arguments in, the values ``outputs`` out."""

    id: str
    code: Code
    outputs: tuple[int, ...]
    arity: int = 0
    arguments: int = 0

    @property
    def comparisons(self) -> tuple[str, ...]:
        """Texts of the code's comparisons; margins speak of them by number."""
        return tuple(comparison.text for comparison in self.code.comparisons)
