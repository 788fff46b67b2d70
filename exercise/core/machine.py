"""The generated functions of a program: emitted from its kernels and queries when first needed, or taken from where they were kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import attrs

from exercise.core import chance
from exercise.core.lowering import StageDraft
from exercise.language import Generated, Query, emit_query, emit_stage, functions_of, generate

DICE = {"draw": chance.draw, "site": chance.site}
"""What generated code calls for chance."""
TRACED, PLAIN, QUERIES = "traced", "plain", "queries"
FORMS = (TRACED, PLAIN, QUERIES)
"""The three sets of functions: stages that record contributions, the same without, and queries."""

Function = Callable[..., Any]


@attrs.frozen(slots=True)
class StageFacts:
    """What can be told of a stage: each kernel's cause by number, and the texts of the comparisons in its conditions."""

    name: str
    causes: tuple[int, ...]
    comparisons: tuple[tuple[str, ...], ...]


Lowered = tuple[Mapping[str, StageDraft], tuple[Query, ...]]
"""The stages by name, in order, and the queries by number: what every emitter starts from."""


def nothing() -> Lowered:
    """What a machine knows that only runs."""
    return {}, ()


@attrs.define(slots=True, eq=False)
class Machine:
    """Runs stages and answers queries. ``lower`` gives what was lowered when an emitter first asks: code kept from an earlier compile runs
    without it.
    """

    facts: Mapping[str, StageFacts]
    lower: Callable[[], Lowered] = nothing
    kept: dict[str, Generated] = attrs.field(factory=dict)
    _lowered: Lowered | None = attrs.field(default=None, init=False, repr=False)
    _stages: dict[str, dict[str, Function]] = attrs.field(factory=dict, init=False, repr=False)
    _queries: tuple[Function, ...] = attrs.field(default=(), init=False, repr=False)

    @classmethod
    def of(cls, drafts: Mapping[str, StageDraft], queries: tuple[Query, ...]) -> Machine:
        """The machine of what was lowered."""
        facts = {
            name: StageFacts(name, draft.causes, tuple(kernel.comparisons for kernel in draft.kernels)) for name, draft in drafts.items()
        }
        return cls(facts, lambda: (dict(drafts), queries))

    @property
    def drafts(self) -> Mapping[str, StageDraft]:
        """The stages that were lowered, by name and in order."""
        return self.lowered[0]

    @property
    def queries(self) -> tuple[Query, ...]:
        """The queries that were lowered, by number."""
        return self.lowered[1]

    @property
    def lowered(self) -> Lowered:
        """What was lowered."""
        if self._lowered is None:
            self._lowered = self.lower()
        return self._lowered

    def stage(self, name: str, *, traced: bool) -> Function:
        """The function of a stage."""
        form = TRACED if traced else PLAIN
        if form not in self._stages:
            made = functions_of(self.generated(form), DICE)
            self._stages[form] = {stage: made[f"stage_{number}"] for number, stage in enumerate(self.facts)}
        return self._stages[form][name]

    def query(self, number: int) -> Function:
        """The function of a query."""
        if not self._queries:
            generated = self.generated(QUERIES)
            made = functions_of(generated, DICE)
            self._queries = tuple(made[name] for name in generated.names)
        return self._queries[number]

    def generated(self, form: str) -> Generated:
        """The code of one of ``FORMS``."""
        if form not in self.kept:
            if form == QUERIES:
                self.kept[form] = generate(emit_query(query, False, f"query_{number}") for number, query in enumerate(self.queries))
            else:
                drafts = enumerate(self.drafts.values())
                self.kept[form] = generate(
                    emit_stage(f"stage_{number}", draft.kernels, draft.clamps, form == TRACED) for number, draft in drafts
                )
        return self.kept[form]
