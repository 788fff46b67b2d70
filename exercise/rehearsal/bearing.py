"""What of a program bears on what a rehearsal asks: the rest need not be worked out.

Reports to seats whose doctrines do not read them, ballots as members are told of them and days that nobody looks up make up much of a turn.
Nothing that is asked depends on them, so that leaving them out changes no bit of any answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs

from exercise.core.lowering import StageDraft
from exercise.language import Kernel, KernelEffect, cells_of, cells_read
from exercise.language.emit import effect_roots


def bearing_on(drafts: Mapping[str, StageDraft], cells: Iterable[int]) -> dict[str, StageDraft]:
    """The stages with those effects alone on which these cells can depend; stages without any are left out."""
    waiting = [_Waiting(kernel, effect) for draft in drafts.values() for kernel in draft.kernels for effect in kernel.effects]
    wanted = set(cells)
    found = True
    while found:
        found = False
        for one in waiting:
            if not one.bears and not wanted.isdisjoint(one.cells):
                one.bears = found = True
                wanted |= one.reads()
    bearing = {id(one.effect): one for one in waiting if one.bears}
    reduced = {name: _reduced(draft, bearing, wanted) for name, draft in drafts.items()}
    return {name: draft for name, draft in reduced.items() if draft.kernels}


@attrs.define(slots=True)
class _Waiting:
    """An effect of which it is not known yet whether it bears on anything."""

    kernel: Kernel
    effect: KernelEffect
    cells: tuple[int, ...] = attrs.field(init=False)
    bears: bool = False

    def __attrs_post_init__(self) -> None:
        self.cells = cells_of(self.kernel.code, self.effect, self.kernel.bindings)

    def reads(self) -> set[int]:
        kernel, guard = self.kernel, self.kernel.guard
        roots = [*effect_roots(self.effect), *([] if guard is None else [guard])]
        return cells_read(kernel.code, roots, kernel.bindings).union(kernel.gate or ())


def _reduced(draft: StageDraft, bearing: Mapping[int, _Waiting], wanted: set[int]) -> StageDraft:
    kernels = [(_reduced_kernel(kernel, bearing, wanted), cause) for kernel, cause in zip(draft.kernels, draft.causes, strict=True)]
    kept = [(kernel, cause) for kernel, cause in kernels if kernel.effects]
    return attrs.evolve(draft, kernels=tuple(kernel for kernel, _ in kept), causes=tuple(cause for _, cause in kept))


def _reduced_kernel(kernel: Kernel, bearing: Mapping[int, _Waiting], wanted: set[int]) -> Kernel:
    """A kernel with the effects that bear and, where none of them waits (slots are counted by binding), the bindings that do."""
    effects = tuple(effect for effect in kernel.effects if id(effect) in bearing)
    kernel = attrs.evolve(kernel, effects=effects)
    if any(effect.delay is not None for effect in effects):
        return kernel
    changed = zip(*(bearing[id(effect)].cells for effect in effects), strict=True)
    kept = [number for number, cells in enumerate(changed) if not wanted.isdisjoint(cells)]
    return attrs.evolve(
        kernel,
        bindings=tuple(kernel.bindings[number] for number in kept),
        names=tuple(kernel.names[number] for number in kept) if kernel.names else (),
        gate=None if kernel.gate is None else tuple(kernel.gate[number] for number in kept),
    )
