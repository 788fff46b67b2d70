"""From text in content to kernels and queries of the intermediate form, collecting every problem on the way.

A kernel changes cells (rules, orders' effects, votes); a query answers (conditions, scores, amounts). Both are lowered by
``exercise.language``; this module adds places, bindings and the slots of delayed effects.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TypeVar

import attrs

from exercise.core.bindings import Bound, bind
from exercise.core.calendar import Calendar
from exercise.core.definitions import Effect, Expression
from exercise.core.layout import Layout, ReportCopy
from exercise.language import (
    Block,
    Builder,
    DelaySlot,
    ExpressionError,
    Kernel,
    KernelEffect,
    Names,
    Number,
    Query,
    Scope,
    Value,
    static_index,
)
from exercise.language.problem import Place, Problem

STEPPED = frozenset({"draw", "past", "step"})
CHANCE = frozenset({"draw", "past"})
FIXED = frozenset({"past"})
ORDINARY = Bound({}, ((),))
BROKEN_NAME = "broken-name"
Arguments = Mapping[str, tuple[int, Number]]

T = TypeVar("T")

_DURATION = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(day|days|week|weeks|month|months)\s*")
_DAYS = {"day": 1.0, "days": 1.0, "week": 7.0, "weeks": 7.0, "month": 30.4375, "months": 30.4375}


@attrs.frozen(slots=True)
class Cause:
    """What stands behind a change: its ``kind`` (rule, order, inject, motion, assessment, ruling, clamp, report, engine), id, reason,
    claims and sources. ``quiet`` causes are disclosed to nobody in play; ``known_to`` names the only seats that may learn of it (empty:
    everybody may).

    What a cause did at once and what comes of it later are two causes, so that neither is told with the other's words: one with a ``span``
    took effect after so long, and an ``ending`` is the taking back of what lasted for that span.
    """

    kind: str
    id: str
    because: str
    claims: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    quiet: bool = False
    known_to: tuple[str, ...] = ()
    ending: bool = False
    span: str = ""

    def is_open_to(self, seat: str) -> bool:
        """Whether a seat may learn that this was a cause."""
        return not self.quiet and (not self.known_to or seat in self.known_to)


@attrs.frozen(slots=True)
class PendingRow:
    """A row of delayed effects: ``base`` its first slot (one for each step), the ``cell`` it lands on, and the ``cause`` of the landing:
    that of the effect with its span, as an arrival or as an ending.
    """

    base: int
    cell: int
    cause: int


@attrs.frozen(slots=True)
class StageDraft:
    """Kernels that run together: all read the state at the stage's start. ``causes`` gives each kernel's cause by number."""

    name: str
    kernels: tuple[Kernel, ...]
    causes: tuple[int, ...]
    clamps: tuple[tuple[int, int, float, float], ...]


@attrs.define(slots=True)
class Workshop:
    """Everything lowered so far for one program."""

    layout: Layout
    calendar: Calendar
    truth: Names
    problems: list[Problem] = attrs.field(factory=list)
    causes: list[Cause] = attrs.field(factory=list)
    pending: list[PendingRow] = attrs.field(factory=list)
    pending_size: int = 0
    queries: list[Query] = attrs.field(factory=list)
    stages: dict[str, StageDraft] = attrs.field(factory=dict)
    _later: dict[tuple[int, str, bool], int] = attrs.field(factory=dict, init=False)

    # --- problems -------------------------------------------------------------------------------------------------------------

    def report(self, expression: Expression, error: ExpressionError) -> None:
        """Keep an expression's error as a problem at its place; that of a name whose own text was wrong is kept there already."""
        if error.code == BROKEN_NAME:
            return
        place = expression.place.shifted(error.offset)
        self.problems.append(Problem(place, "error", error.code, error.message, error.hint))

    def attempt(self, expression: Expression, action: Callable[[str], T]) -> T | None:
        """Run an action on the expression's text; its error becomes a problem and the answer None."""
        try:
            return action(expression.text)
        except ExpressionError as error:
            self.report(expression, error)
            return None

    def cause(self, cause: Cause) -> int:
        """Number a cause."""
        self.causes.append(cause)
        return len(self.causes) - 1

    def later(self, cause: int, span: str, *, ending: bool) -> int:
        """The number of what comes of a cause after a span: its arrival, or its ending."""
        key = cause, span, ending
        if key not in self._later:
            self._later[key] = self.cause(attrs.evolve(self.causes[cause], span=span, ending=ending))
        return self._later[key]

    def bound(self, text: str, owner: Expression, where: Expression | None = None, fixed: Bound | None = None) -> Bound:
        """The bindings of a text; a bad one is a problem at ``owner`` and binds nothing."""
        try:
            return bind(text, self.truth, where, fixed)
        except ExpressionError as error:
            self.report(where if where is not None and error.offset >= 0 and not _is_binding_error(error) else owner, error)
            return Bound({}, ())

    def scope(
        self, bound: Bound, names: Names | None = None, arguments: Arguments | None = None, features: frozenset[str] = FIXED
    ) -> Scope:
        """What expressions may name: bound variables over truth (or a view), scalar arguments, and features."""
        return Scope(names=names or self.truth, variables=bound.variables, arguments=arguments or {}, features=features)

    # --- kernels --------------------------------------------------------------------------------------------------------------

    def kernel(  # noqa: PLR0913 - the keys that tables of effects have
        self,
        id: str,
        bound: Bound,
        cause: int,
        effects: Sequence[Effect],
        *,
        let: Mapping[str, Expression] | None = None,
        when: Sequence[Expression] = (),
        per: str = "",
        arguments: Arguments | None = None,
        gate: tuple[int, ...] | None = None,
        features: frozenset[str] = STEPPED,
    ) -> Kernel | None:
        """Lower one table of effects. Returns None when anything in it was wrong (the problems are kept)."""
        before = len(self.problems)
        builder = Builder(self.scope(bound, arguments=arguments, features=features))
        self.define(builder, let or {})
        guard = self.all_of(builder, when)
        lowered = [part for effect in effects for part in self._effect(builder, effect, per, bound, cause)]
        if len(self.problems) > before:
            return None
        names = tuple(tuple(self._name(bound, position, index) for position, index in enumerate(row)) for row in bound.tuples)
        return Kernel(
            id=id,
            bindings=bound.tuples,
            names=names,
            code=builder.finish(),
            guard=guard.id if guard else None,
            effects=tuple(lowered),
            gate=gate,
        )

    def define(self, builder: Builder, let: Mapping[str, Expression]) -> None:
        """Add local names in order."""
        for name, expression in let.items():
            self.attempt(expression, lambda text, name=name: builder.define(name, text))  # type: ignore[misc]

    def all_of(self, builder: Builder, conditions: Sequence[Expression]) -> Value | None:
        """The conjunction of conditions, or None when there is none (or all are wrong)."""
        values = [value for condition in conditions if (value := self.attempt(condition, builder.condition)) is not None]
        return builder.both(values) if values else None

    def _name(self, bound: Bound, position: int, index: int) -> str:
        kind = next(kind for place, kind in bound.variables.values() if place == position)
        return self.layout.entities[kind][index]

    def _effect(self, builder: Builder, effect: Effect, per: str, bound: Bound, cause: int) -> list[KernelEffect]:
        address = self.attempt(effect.on, builder.address)
        guard = self.all_of(builder, [effect.when]) if effect.when else None
        mode, value, rate = self._change(builder, effect, address[0] if address else None)
        if address is None or value is None:
            return []
        block, index = address
        base = KernelEffect(mode=mode, block=block, index=index.id, value=value.id, rate=rate.id if rate else None, per=per)
        base = attrs.evolve(base, guard=guard.id if guard else None)
        if not effect.after and not effect.lasts:
            return [base]
        return self._delayed(builder, effect, base, index, bound, cause)

    def _change(self, builder: Builder, effect: Effect, block: Block | None) -> tuple[str, Value | None, Value | None]:
        given = [(mode, text) for mode, text in (("add", effect.add), ("set", effect.set), ("toward", effect.toward)) if text is not None]
        if len(given) != 1:
            self.problem(effect.on, "effect-mode", "an effect has exactly one of add, set and toward")
            return "add", None, None
        mode, expression = given[0]
        if (mode == "toward") != (effect.rate is not None):
            self.problem(effect.on, "effect-mode", "toward goes with a rate, and rate with toward")
        if block is None:
            return mode, None, None
        value = self.attempt(expression, lambda text: builder.value_for(text, block, mode))
        rate = self.attempt(effect.rate, builder.rate) if effect.rate is not None else None
        return mode, value, rate

    def problem(self, at: Expression, code: str, message: str, hint: str = "") -> None:
        """Add a problem of our own at an expression."""
        self.problems.append(Problem(at.place, "error", code, message, hint))

    def _delayed(self, builder: Builder, effect: Effect, base: KernelEffect, index: Value, bound: Bound, cause: int) -> list[KernelEffect]:
        if base.mode != "add":
            self.problem(effect.on, "effect-mode", "only add can be delayed or lasting")
            return []
        parts: list[KernelEffect] = []
        if effect.after:
            parts.append(attrs.evolve(base, delay=self._slot(builder, effect, effect.after, index, base, bound, cause, reverse=False)))
        if effect.lasts and not effect.after:
            parts.append(attrs.evolve(base, delay=self._slot(builder, effect, effect.lasts, index, base, bound, cause, reverse=True)))
        if effect.lasts and effect.after:
            self.problem(effect.on, "effect-mode", "an effect is delayed (after) or lasting (lasts), not both", "write two effects")
        return parts

    def _slot(
        self, builder: Builder, effect: Effect, text: str, index: Value, base: KernelEffect, bound: Bound, cause: int, *, reverse: bool
    ) -> DelaySlot | None:
        days = duration_days(text)
        if days is None:
            self.problem(effect.on, "duration", f"cannot read the duration '{text}'", "write '7 days'")
            return None
        steps = len(self.calendar.steps)
        first = self.pending_size
        landing = self.later(cause, " ".join(text.split()), ending=reverse)
        for number, row in enumerate(bound.tuples):
            cell = base.block.cells[static_index(builder, index, row)]
            self.pending.append(PendingRow(first + number * steps, cell, landing))
        self.pending_size += steps * len(bound.tuples)
        return DelaySlot(base=first, landing=self.calendar.landing(days), steps=steps, reverse=reverse)

    def report_kernel(self, copy: ReportCopy) -> Kernel | None:
        """A report as one seat gets it: the truth at that age, with its bias and noise, and the day it speaks of."""
        report = copy.definition
        indices = tuple(self.layout.places[entity][1] for entity in copy.about)
        bound = Bound({"e": (0, copy.kind)}, tuple((index,) for index in indices))
        builder = Builder(self.scope(bound, features=CHANCE))
        before = len(self.problems)
        truth = self.layout.blocks[copy.kind, copy.quantity]
        parts = {"figure": Expression(f"e.{copy.quantity}", report.place)}
        for error in (report.bias, report.noise):
            if error is not None:
                self.attempt(error, lambda text: builder.value_for(text, truth, "set"))
        if len(self.problems) > before:
            return None
        if report.bias is not None:
            parts["systematic"] = report.bias
        if report.noise is not None:
            parts["spread"] = Expression(f"({report.noise.text}) * noise()", report.noise.place)
        self.define(builder, parts)
        total = self.attempt(Expression(" + ".join(parts), report.place), lambda text: builder.value_for(text, truth, "set"))
        guard = self.all_of(builder, [report.when] if report.when else [])
        if len(self.problems) > before or total is None:
            return None
        dates = self.layout.blocks["order", "last_given"]
        place, day = builder.lower("e"), builder.value_for("today()", dates, "set")
        effects = tuple(
            KernelEffect(
                mode="set", block=attrs.evolve(block, cells=_spread(cells, indices, len(truth.cells))), index=place.id, value=value.id
            )
            for block, cells, value in ((truth, copy.values, total), (dates, copy.days, day))
        )
        names = tuple((entity,) for entity in copy.about)
        return Kernel(
            id=copy.id, bindings=bound.tuples, names=names, code=builder.finish(), guard=guard.id if guard else None, effects=effects
        )

    def error_query(self, copy: ReportCopy) -> int | None:
        """The question by how much a report errs about an entity; None where it does not, or only chance can say."""
        truth = self.layout.blocks[copy.kind, copy.quantity]
        if copy.definition.noise is None or truth.values or truth.date:
            return None
        builder = Builder(self.scope(Bound({"e": (0, copy.kind)}, ((0,),)), features=CHANCE))
        error = builder.value_for(copy.definition.noise.text, truth, "set")
        code = builder.finish()
        if any(instruction.op == "draw" for instruction in code.instructions):
            return None
        self.queries.append(Query(id=f"error:{copy.definition.id}", arity=1, code=code, outputs=(error.id,)))
        return len(self.queries) - 1

    def stage(self, name: str, drafts: Sequence[tuple[Kernel | None, int]]) -> None:
        """Finish a stage: its kernels in id order with their causes, and the clamps of every range that they touch."""
        ordered = sorted(((kernel, cause) for kernel, cause in drafts if kernel is not None), key=lambda pair: pair[0].id)
        kernels = tuple(kernel for kernel, _ in ordered)
        self.stages[name] = StageDraft(name, kernels, tuple(cause for _, cause in ordered), clamps_of(kernels))

    # --- queries --------------------------------------------------------------------------------------------------------------

    def query(
        self,
        id: str,
        bound: Bound,
        outputs: Callable[[Builder], Sequence[Value | None]],
        *,
        names: Names | None = None,
        arguments: Arguments | None = None,
    ) -> int | None:
        """Lower one question; returns its number, or None when something in it was wrong."""
        builder = Builder(self.scope(bound, names, arguments))
        values = outputs(builder)
        if any(value is None for value in values):
            return None
        ids = tuple(value.id for value in values if value is not None)
        self.queries.append(Query(id=id, arity=len(bound.variables), arguments=len(arguments or {}), code=builder.finish(), outputs=ids))
        return len(self.queries) - 1

    def conditions(
        self, id: str, bound: Bound, wanted: Sequence[Expression], names: Names | None = None, arguments: Arguments | None = None
    ) -> int | None:
        """A question whose answers are these conditions' truth values, in order."""
        return self.query(
            id, bound, lambda builder: [self.attempt(one, builder.condition) for one in wanted], names=names, arguments=arguments
        )


def key_place(place: Place, key: str) -> Place:
    """The place of a key's value in the table that stands at ``place``."""
    return attrs.evolve(place, path=(*place.path, key))


def number_text(value: float) -> str:
    """A number as the content language reads it: all digits, no exponent."""
    return format(Decimal(repr(value)), "f")


def duration_days(text: str) -> float | None:
    """Days in a duration such as ``7 days``, ``2 weeks``, ``1 month`` (30.4375 days); None if it cannot be read."""
    match = _DURATION.fullmatch(text)
    return float(match.group(1)) * _DAYS[match.group(2)] if match else None


def clamps_of(kernels: Sequence[Kernel]) -> tuple[tuple[int, int, float, float], ...]:
    """The cell ranges that kernels write, with their bounds: (first, last + 1, low, high), in cell order."""
    blocks = {tuple(cell for cell in effect.block.cells if cell >= 0): effect.block for kernel in kernels for effect in kernel.effects}
    return tuple(sorted((min(cells), max(cells) + 1, block.low, block.high) for cells, block in blocks.items() if cells))


def _spread(cells: tuple[int, ...], indices: tuple[int, ...], count: int) -> tuple[int, ...]:
    """Cells of a few entities as a table over all entities of the kind; -1 where there is none."""
    table = [-1] * count
    for cell, index in zip(cells, indices, strict=True):
        table[index] = cell
    return tuple(table)


def _is_binding_error(error: ExpressionError) -> bool:
    return error.code in ("syntax", "unknown-kind")
