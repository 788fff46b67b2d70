"""Generated Python from kernels and queries, plain and traced: the same arithmetic in the same order, so the same bits.

Content never reaches CPython's parser: the text is made of operators and generated names; ids, purposes and tables of cells are globals.
"""

from __future__ import annotations

import hashlib
import math
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

import attrs

from exercise.language.kernels import DelaySlot, Kernel, KernelEffect, Query
from exercise.language.plan import conjuncts, plan, reached
from exercise.language.writer import PRODUCT, SUM, SiteTable, Tables, Writer, compared

MONTH_DAYS = 30.4375
"""Mean length of a month: what ``per = "month"`` counts in."""
_GOLDEN = 0x9E3779B97F4A7C15
_MASK = 0xFFFFFFFFFFFFFFFF

Clamp = tuple[int, int, float, float]
"""Cells first .. last (given as last + 1) with their lowest and highest value."""


@attrs.frozen(slots=True)
class Source:
    """One generated function: its ``name``, its ``text``, and the static ``tables`` that it reads as globals."""

    name: str
    text: str
    tables: Mapping[str, Any]


def emit_stage(name: str, kernels: Sequence[Kernel], clamps: Sequence[Clamp], traced: bool = False) -> Source:
    """One function for all kernels of a stage: ``NAME(S, T, P, H, now, days, step, key, trace)``.

    ``S`` is the state at the stage's start (read only) and ``T`` its copy that takes the changes; ``P`` pending amounts; ``H`` vectors at
    earlier turn-ends, oldest first; ``now`` the day; ``days`` the length of the step; ``step`` its number; ``key`` its key for draws;
    ``trace`` a list (None in the plain form). Changes are made in the order of kernels, bindings and effects, then each cell of ``clamps``
    is brought within its range.

    Traced, every change appends ``(kernel, effect, binding, cell, before, after, margins)``: numbers counting from 0, the cell of a
    delayed amount being -1 minus its slot; margins ``((comparison, left, right), ...)`` of the conditions that held, and of the choice by
    which a listed value was set. A clamp appends ``(-1, 0, 0, cell, before, after, ())``. Changes that leave the number as it was are not
    noted.

    Raises ``ValueError`` for a name that is none, or a draw in a kernel without names.
    """
    stage = _Stage(traced)
    for number, kernel in enumerate(kernels):
        if kernel.bindings and kernel.effects:
            stage.kernel(number, kernel)
    stage.clamp(clamps)
    head = f"def {_checked(name)}(S, T, P, H, now, days, step, key, trace):"
    return Source(name, "\n".join([head, *stage.head(), *stage.writer.lines, " return None"]) + "\n", stage.tables.known)


def emit_query(query: Query, traced: bool = False, name: str = "") -> Source:
    """One function that answers: ``NAME(S, H, now, entities..., arguments...)`` returns the outputs as a tuple, conditions as bool.

    Traced, it returns ``(outputs, margins)``, the margins as in ``emit_stage`` for the outputs that are conditions. The name is
    ``query_name(query.id)`` unless given. Raises ``ValueError`` for a name that is none, or a draw.
    """
    tables = Tables()
    writer = Writer(tables, 1)
    writer.begin(plan(query.code, query.outputs, compared(query.code, query.outputs) if traced else ()))
    writer.prepare(query.outputs)
    answer = "(" + "".join(f"{_output(writer, value)}, " for value in query.outputs) + ")"
    writer.line(f"return {answer}, {writer.margins(query.outputs)}" if traced else f"return {answer}")
    name = _checked(name or query_name(query.id))
    names = ["S", "H", "now", *(f"e{number}" for number in range(query.arity)), *(f"a{number}" for number in range(query.arguments))]
    return Source(name, "\n".join([f"def {name}({', '.join(names)}):", *past_lines(writer), *writer.lines]) + "\n", tables.known)


def query_name(id: str) -> str:
    """The function name of a query that was given none."""
    return f"query_{hashlib.blake2b(id.encode(), digest_size=8).hexdigest()}"


@attrs.frozen(slots=True)
class Generated:
    """Many sources compiled together: one code object, the static tables that it reads, and the names of its functions. It can be kept
    (``marshal`` for the code) and made into functions later.
    """

    code: types.CodeType
    tables: Mapping[str, Any]
    names: tuple[str, ...]


def generate(sources: Iterable[Source]) -> Generated:
    """Compile sources together. Raises ``ValueError`` when two have one name."""
    given = list(sources)
    names = [one.name for one in given]
    if len(set(names)) < len(names):
        twice = sorted({name for name in names if names.count(name) > 1})
        raise ValueError(f"functions with one name: {', '.join(twice)}")
    tables = {name: table for one in given for name, table in one.tables.items()}
    # Our own text only: see the top of this module.
    return Generated(compile("\n".join(one.text for one in given), "<generated>", "exec", dont_inherit=True), tables, tuple(names))


def functions_of(
    generated: Generated, namespace: Mapping[str, Any] | None = None, table_of: Callable[[Any], Any] | None = None
) -> dict[str, Callable[..., Any]]:
    """The functions by name. ``namespace`` gives ``draw(key, site) -> float`` and ``site(rule id, entity ids, purpose) -> int`` where a
    kernel draws; for array code also ``ARRAY_NAMES``, and ``table_of`` then makes the arrays of its static tables. Raises ``KeyError``
    when a needed function is not given.
    """
    given = dict(namespace or {})
    scope: dict[str, Any] = {"__builtins__": {}, "range": range, "len": len, "enumerate": enumerate, "sqrt": math.sqrt, **given}
    for name, table in generated.tables.items():
        if name not in scope:
            made = table if table_of is None else table_of(table)
            scope[name] = sites_of(made, given["site"]) if isinstance(made, SiteTable) else made
    exec(generated.code, scope)  # noqa: S102 - our own text only: see the top of this module
    return {name: scope[name] for name in generated.names}


def compile_source(source: Source | Iterable[Source], namespace: Mapping[str, Any] | None = None) -> dict[str, Callable[..., Any]]:
    """The functions of one or many sources by name: ``generate`` and ``functions_of`` in one."""
    return functions_of(generate([source] if isinstance(source, Source) else source), namespace)


def sites_of(table: SiteTable, site: Callable[[str, Sequence[str], str], int]) -> tuple[int, ...]:
    """The site of a draw for each binding."""
    return tuple((site(table.kernel, names, table.purpose) + table.number * _GOLDEN) & _MASK for names in table.names)


def _checked(name: str) -> str:
    if not (name.isascii() and name.isidentifier() and len(name) <= 100):
        raise ValueError(f"not a name for a function: {name!r}")
    return name


def past_lines(writer: Writer) -> list[str]:
    """Lines that name the earlier states that the text reads."""
    return [f" H{turns} = (H[-{turns}] if len(H) >= {turns} else H[0]) if H else S" for turns in sorted(writer.turns)]


def _output(writer: Writer, value: int) -> str:
    return writer.text(value)


W = TypeVar("W", bound=Writer)


class StageText(Generic[W]):
    """What the body of a stage's function is made of, in every form: its tables, landings of delays and shares of steps."""

    def __init__(self, writer: W) -> None:
        self.tables = writer.tables
        self.writer = writer
        self.landings: dict[tuple[int, ...], str] = {}
        self.shares: dict[tuple[float, str], str] = {}
        self.months = False

    def head(self) -> list[str]:
        """Lines that the kernels' lines stand on."""
        lines = [f" months = days / {MONTH_DAYS!r}"] if self.months else []
        lines += past_lines(self.writer)
        lines += [f" {name} = {self.tables.name('L', landing)}[step]" for landing, name in self.landings.items()]
        for (rate, length), name in self.shares.items():
            lines += [f" {name} = {rate!r} * {length}", f" {name} = {name} / (1.0 + {name})"]
        return lines

    def timed(self, effect: KernelEffect) -> str:
        """The amount of an add, times the length of the step where it is a rate."""
        length = self.length(effect.per)
        amount = self.writer.text(effect.value, PRODUCT)
        return f"{amount} * {length}" if length else amount

    def toward(self, effect: KernelEffect, cell: str) -> str:
        """The part of the gap that a step closes."""
        return f"({self.writer.text(effect.value, SUM)} - S[{cell}]) * {self.share(effect)}"

    def length(self, per: str) -> str:
        """The name that holds the step's length."""
        if per == "month":
            self.months = True
            return "months"
        return "days" if per == "day" else ""

    def share(self, effect: KernelEffect) -> str:
        """The share of the gap that a step closes."""
        assert effect.rate is not None
        length = self.length(effect.per) or "days"
        rate = self.writer.code.instructions[effect.rate]
        if rate.op == "constant":
            assert isinstance(rate.data, float)
            return self.shares.setdefault((rate.data, length), f"f{len(self.shares)}")
        self.writer.line(f"f = {self.writer.text(effect.rate, PRODUCT)} * {length}")
        self.writer.line("f = f / (1.0 + f)")
        return "f"

    def landing(self, delay: DelaySlot) -> str:
        """The name that holds the step at which a delayed effect lands."""
        return self.landings.setdefault(delay.landing, f"l{len(self.landings)}")


class _Stage(StageText[Writer]):
    """The body of a stage's function in scalar Python."""

    def __init__(self, traced: bool) -> None:
        super().__init__(Writer(Tables(), 1))
        self.traced = traced

    # --- kernels ------------------------------------------------------------------------------------------------------------------

    def kernel(self, number: int, kernel: Kernel) -> None:
        """The loop over a kernel's bindings."""
        writer, outer = self.writer, self.writer.lines
        writer.lines, writer.indent = [], 2
        self.begin(kernel)
        if kernel.guard is not None:
            self.guard(kernel.guard)
        shared = self.shared(kernel)
        for effect_number, effect in enumerate(kernel.effects):
            self.effect(number, effect_number, kernel, effect, shared)
        body, writer.lines, writer.indent = writer.lines, outer, 1
        columns = self.columns(kernel)
        rows = self.tables.name("B", self.rows(kernel, columns))
        writer.line(f"for {', '.join(columns) or 'b'} in {rows}:")
        if kernel.gate is not None:
            writer.lines += ["  a0 = S[g]", "  if a0 == 0.0: continue"]
        writer.lines += body

    def begin(self, kernel: Kernel) -> None:
        """Analyse a kernel's code."""
        roots = [root for effect in kernel.effects for root in effect_roots(effect)]
        conditions = [condition for effect in kernel.effects for condition in decided_by(kernel, effect)]
        if kernel.guard is not None:
            roots.insert(0, kernel.guard)
        named = compared(kernel.code, conditions) if self.traced else ()
        self.writer.begin(plan(kernel.code, roots, named), kernel.id, kernel.names)

    def columns(self, kernel: Kernel) -> list[str]:
        """What a binding's row must hold: only what the text reads."""
        used = self.writer.used
        if "a0" in used and kernel.gate is None:
            raise ValueError(f"kernel {kernel.id} reads an argument but has no gate")
        columns = ["b"] if "b" in used else []
        columns += ["g"] if kernel.gate is not None else []
        arity = len(kernel.bindings[0])
        return columns + [f"e{position}" for position in range(arity) if f"e{position}" in used]

    def rows(self, kernel: Kernel, columns: Sequence[str]) -> tuple[Any, ...]:
        """The static tuple that a kernel's loop runs over."""
        rows: list[tuple[int, ...]] = []
        for number, binding in enumerate(kernel.bindings):
            values = {"b": number, "g": kernel.gate[number] if kernel.gate else 0}
            values.update({f"e{position}": index for position, index in enumerate(binding)})
            rows.append(tuple(values[column] for column in columns))
        if not columns:
            return tuple(range(len(rows)))
        return tuple(row[0] for row in rows) if len(columns) == 1 else tuple(rows)

    def guard(self, condition: int) -> None:
        """Leave the binding as soon as a part of the condition fails; loops of later parts run only when the earlier ones hold."""
        writer = self.writer
        waiting: list[str] = []
        for part in conjuncts(writer.code, condition):
            before = len(writer.lines)
            writer.prepare([part])
            if waiting and len(writer.lines) > before:
                writer.lines.insert(before, " " * writer.indent + _unless(waiting))
                waiting = []
            waiting.append(writer.text(part, 3))
        writer.line(_unless(waiting))

    def shared(self, kernel: Kernel) -> frozenset[int]:
        """Named values that more than one effect reads."""
        seen: set[int] = set()
        twice: set[int] = set()
        for effect in kernel.effects:
            needed = set(reached(kernel.code, effect_roots(effect)))
            twice |= seen & needed
            seen |= needed
        return frozenset(twice)

    # --- effects ------------------------------------------------------------------------------------------------------------------

    def effect(self, number: int, effect_number: int, kernel: Kernel, effect: KernelEffect, shared: frozenset[int]) -> None:
        """One change, behind its own condition when it has one."""
        writer = self.writer
        writer.prepare(effect_roots(effect), shared)
        saved, indent = dict(writer.names), writer.indent
        conditions = decided_by(kernel, effect)
        if effect.guard is not None:
            writer.prepare([effect.guard])
            saved = dict(writer.names)
            writer.line(f"if {writer.text(effect.guard)}:")
            writer.indent += 1
        note = ""
        if self.traced:
            writer.prepare(conditions)
            note = f"trace.append(({number}, {effect_number}, {writer.use('b')}, %s, u, w, {writer.margins(conditions)}))"
        self.change(effect, note)
        if effect.guard is not None:
            writer.names, writer.indent = saved, indent

    def change(self, effect: KernelEffect, note: str) -> None:
        """The change itself, by mode."""
        writer = self.writer
        writer.prepare([root for root in (effect.value, effect.rate) if root is not None])
        cell = writer.index(effect.index, effect.block.cells)
        if effect.mode == "set":
            self.write("T", cell, writer.text(effect.value), "", note)
        elif effect.mode == "toward":
            if not cell.isdigit():
                writer.line(f"c = {cell}")
                cell = "c"
            self.write("T", cell, self.toward(effect, cell), "+", note)
        elif effect.delay is None:
            self.write("T", cell, self.timed(effect), "+", note)
        else:
            self.delayed(effect, effect.delay, cell, note)

    def delayed(self, effect: KernelEffect, delay: DelaySlot, cell: str, note: str) -> None:
        """An amount that waits, or that acts now and whose opposite waits."""
        writer = self.writer
        landing = self.landing(delay)
        amount = self.timed(effect)
        if delay.reverse:
            writer.line(f"d = {amount}")
            amount = "d"
            self.write("T", cell, amount, "+", note)
        writer.line(f"if {landing} >= 0:")
        writer.indent += 1
        slot = f"{delay.base} + {writer.use('b')} * {delay.steps} + {landing}"
        self.write("P", slot, amount, "-" if delay.reverse else "+", note)
        writer.indent -= 1

    def write(self, vector: str, cell: str, amount: str, sign: str, note: str) -> None:
        """Write a cell; traced, with its value before and after."""
        writer = self.writer
        if not note:
            writer.line(f"{vector}[{cell}] {sign}= {amount}")
            return
        if not cell.isdigit() and cell != "c":
            writer.line(f"c = {cell}")
            cell = "c"
        writer.line(f"u = {vector}[{cell}]")
        writer.line(f"{vector}[{cell}] = w = u {sign} {amount}" if sign else f"{vector}[{cell}] = w = {amount}")
        writer.line("if w != u: " + note % (cell if vector == "T" else f"-1 - {cell}"))

    # --- clamps -------------------------------------------------------------------------------------------------------------------

    def clamp(self, clamps: Sequence[Clamp]) -> None:
        """Bring every cell of the ranges within its bounds."""
        if not clamps:
            return
        writer = self.writer
        rows = tuple((int(first), int(stop), float(low), float(high)) for first, stop, low, high in clamps)
        note = "; trace.append((-1, 0, 0, c, u, {}, ()))" if self.traced else ""
        writer.line(f"for first, stop, low, high in {self.tables.name('K', rows)}:")
        writer.line(" for c in range(first, stop):")
        writer.line("  u = T[c]")
        writer.line("  if u < low: T[c] = low" + note.format("low"))
        writer.line("  elif u > high: T[c] = high" + note.format("high"))


def effect_roots(effect: KernelEffect) -> list[int]:
    """The values that an effect needs."""
    return [root for root in (effect.guard, effect.value, effect.rate) if root is not None]


def decided_by(kernel: Kernel, effect: KernelEffect) -> list[int]:
    """The conditions whose comparisons a trace tells: those that let the effect act, and the choice by which a listed value is set."""
    chosen = effect.value if effect.mode == "set" and effect.block.values else None
    return [one for one in (kernel.guard, effect.guard, chosen) if one is not None]


def _unless(conditions: Sequence[str]) -> str:
    if len(conditions) == 1:
        text = conditions[0]
        return f"if not {text}: continue"
    return f"if not ({' and '.join(conditions)}): continue"
