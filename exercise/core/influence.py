"""Which quantity drives which: read off the lowered rules, so that nothing is said that does not run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from exercise.core.program import Program
from exercise.language import Block, Code, reached

Named = tuple[str, str]
"""A quantity as (kind, id)."""


@attrs.frozen(slots=True, order=True)
class Influence:
    """One rule or assessment by which one quantity bears on another."""

    rule: str
    cause: Named
    effect: Named


def influences(program: Program) -> tuple[Influence, ...]:
    """All of them, in order of rules; what a rule's condition reads bears on everything that the rule changes."""
    named = {rule.id for rule in program.content.rules} | {one.id for one in program.content.assessments}
    found: set[Influence] = set()
    for draft in program.machine.drafts.values():
        for kernel in draft.kernels:
            if kernel.id not in named:
                continue
            for effect in kernel.effects:
                roots = [part for part in (kernel.guard, effect.guard, effect.value, effect.rate) if part is not None]
                changed = (effect.block.kind, effect.block.name)
                found.update(Influence(kernel.id, cause, changed) for cause in read_by(kernel.code, roots))
    return tuple(sorted(found))


def read_by(code: Code, roots: Iterable[int]) -> Iterator[Named]:
    """The quantities that these values of a block are made of."""
    for number in reached(code, list(roots)):
        instruction = code.instructions[number]
        block = instruction.data[0] if instruction.op == "past" else instruction.data  # type: ignore[index]
        if instruction.op in ("cell", "past") and isinstance(block, Block):
            yield block.kind, block.name
