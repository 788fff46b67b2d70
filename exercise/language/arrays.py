"""Generated NumPy from kernels and queries: many exercises at once, each a lane of the arrays, with the bits of the scalar form.

A cell is a row of lanes. Bindings stand along a leading axis, so a value is a scalar, (lanes,) or (bindings, lanes). Where the scalar form
skips, this one computes and masks: ``T += where(mask, amount, -0.0)`` leaves every bit of an unmasked lane, zeros' signs included. What a
stage writes stands in ``T``, a compact copy of the rows that it may write, so that all its rules read the state at its start. Sums run in
the scalar form's order; ``numpy.sum`` adds in pairs and is never used.

The array functions come with the namespace (``where``, ``logical_and`` ...; see ``ARRAY_NAMES``): the language itself imports no NumPy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import attrs

from exercise.language.cells import cells_of
from exercise.language.emit import Clamp, Source, StageText, effect_roots, past_lines
from exercise.language.form import Instruction, Reduction
from exercise.language.kernels import DelaySlot, Kernel, KernelEffect, Query
from exercise.language.plan import Plan, plan
from exercise.language.writer import ATOM, CHOICE, COMPARE, PRODUCT, SUM, Form, SiteTable, Tables, Writer

ARRAY_NAMES = ("where", "logical_and", "logical_or", "logical_not", "sqrt", "any", "count_nonzero", "flatnonzero", "spread", "draw")
"""What generated text calls: ``draw(key, sites)`` as in the scalar form, ``spread`` is ``broadcast_to``, the others as in NumPy."""

_ARRAY_FORMS: dict[str, Form] = {
    "min": ("where({1} < {0}, {1}, {0})", ATOM, (SUM, SUM)),
    "max": ("where({1} > {0}, {1}, {0})", ATOM, (SUM, SUM)),
    "and": ("logical_and({0}, {1})", ATOM, (CHOICE, CHOICE)),
    "or": ("logical_or({0}, {1})", ATOM, (CHOICE, CHOICE)),
    "not": ("logical_not({0})", ATOM, (CHOICE,)),
    "select": ("where({0}, {1}, {2})", ATOM, (CHOICE, CHOICE, CHOICE)),
}


@attrs.frozen(slots=True)
class IndexTable:
    """A static table of indices, as an array: ``values[i]``; with ``columns`` as a column of rows."""

    values: tuple[int, ...]


@attrs.frozen(slots=True)
class RowTable:
    """The rows of a relation, as loops over positions: for each position the partners of all entities and, where rows are not of one
    length, which of them exist.
    """

    rows: tuple[tuple[int, ...], ...]

    @property
    def is_full(self) -> bool:
        """Whether all rows are of one length, so that no position has to be masked."""
        return len({len(row) for row in self.rows}) <= 1


@attrs.frozen(slots=True)
class DrawTable:
    """The sites of a kernel's draws, thrown together: an array over (draws, bindings, 1)."""

    draws: tuple[SiteTable, ...]


@attrs.frozen(slots=True)
class ArrayStage:
    """A stage in arrays: its source, and the cells that it may write with their bounds; ``T`` has their rows in this order.

    The function is ``NAME(S, T, P, H, now, days, step, key)``, its arguments as in ``emit_stage`` but for arrays of rows of lanes.
    """

    source: Source
    rows: tuple[int, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


def emit_array_stage(name: str, kernels: Sequence[Kernel], clamps: Sequence[Clamp]) -> ArrayStage:
    """One function for all kernels of a stage; see ``ArrayStage``. Cells of ``rows`` outside ``clamps`` have no bounds."""
    active = [kernel for kernel in kernels if kernel.bindings and kernel.effects]
    rows = tuple(
        sorted({cell for kernel in active for effect in kernel.effects for cell in cells_of(kernel.code, effect, kernel.bindings)})
    )
    stage = _ArrayStage({cell: row for row, cell in enumerate(rows)})
    for kernel in active:
        stage.kernel(kernel)
    head = f"def {name}(S, T, P, H, now, days, step, key):"
    text = "\n".join([head, *stage.head(), *stage.writer.lines, " return None"]) + "\n"
    limits = {cell: (low, high) for first, stop, low, high in clamps for cell in range(first, stop)}
    unbounded = (-float("inf"), float("inf"))
    return ArrayStage(
        Source(name, text, stage.tables.known),
        rows,
        tuple(limits.get(cell, unbounded)[0] for cell in rows),
        tuple(limits.get(cell, unbounded)[1] for cell in rows),
    )


def emit_array_query(name: str, query: Query, bindings: Sequence[tuple[int, ...]]) -> Source:
    """A function ``NAME(S, H, now, arguments...)`` that answers for all of these bindings at once, along the leading axis.

    With one binding the answers have no such axis. They may be scalars where nothing depends on the state.
    """
    tables = Tables()
    writer = ArrayWriter(tables, 1)
    writer.bind(bindings)
    writer.begin(plan(query.code, query.outputs))
    writer.prepare(query.outputs)
    answer = "(" + "".join(f"{writer.text(value)}, " for value in query.outputs) + ")"
    lines = [*writer.entity_lines(""), *writer.lines, f" return {answer}"]
    arguments = "".join(f", a{number}" for number in range(query.arguments))
    head = f"def {name}(S, H, now{arguments}):"
    return Source(name, "\n".join([head, *past_lines(writer), *lines]) + "\n", tables.known)


class ArrayWriter(Writer):
    """Writes values as text over arrays."""

    FORMS: ClassVar[Mapping[str, Form]] = {**Writer.FORMS, **_ARRAY_FORMS}

    def bind(self, bindings: Sequence[tuple[int, ...]], *, some: bool = False) -> None:
        """Say which entities are bound; ``some``: only those bindings run whose numbers are in ``b``."""
        self.bindings = tuple(bindings)
        self.single = len(self.bindings) == 1
        self.some = some and not self.single
        self.draws: dict[object, int] = {}
        """Where the kernel's draws stand among those that were thrown."""
        self.wide: set[int] = set()
        """Depths of the loops whose item differs between bindings."""

    def entity_lines(self, subset: str) -> list[str]:
        """Lines that name the bound entities that the text reads."""
        lines = []
        for position in range(len(self.bindings[0]) if not self.single else 0):
            if f"e{position}" in self.used:
                table = self.tables.name("E", IndexTable(tuple(binding[position] for binding in self.bindings)))
                lines.append(" " * self.indent + f"e{position} = {table}{subset}")
        return lines

    # --- loops --------------------------------------------------------------------------------------------------------------------

    def loop(self, value: int) -> None:
        """A reduction: a loop over positions in the rows, in order."""
        instruction = self.code.instructions[value]
        reduction = instruction.data
        assert isinstance(reduction, Reduction)
        start, condition, body = instruction.args
        name, count, depth = f"v{value}", f"n{value}", reduction.depth
        self.line(f"{name} = {'False' if reduction.operation == 'any' else '0.0'}")
        if reduction.operation in ("mean", "lowest", "highest"):
            self.line(f"{count} = 0.0")
        saved, outer, indent = dict(self.names), self.open, self.indent
        mask = self.enter(start, reduction)
        self.open = outer | {depth}
        self.prepare([condition])
        constant = self.code.instructions[condition]
        if constant.op != "constant":
            text = self.text(condition)
            self.line(f"k{depth} = " + (f"logical_and({mask}, {text})" if mask else text))
            mask = f"k{depth}"
        elif not constant.data:
            self.line("break")
        self.collect(reduction.operation, name, count, body, mask)
        self.names, self.open, self.indent = saved, outer, indent
        self.wide.discard(depth)
        if reduction.operation == "mean":
            self.line(f"{name} = where({count} > 0.0, {name} / where({count} > 0.0, {count}, 1.0), 0.0)")

    def enter(self, start: int, reduction: Reduction) -> str:
        """The head of a loop; returns the name of what says for which bindings there is such a position, or nothing: for all."""
        root, reach = self.chain(start)
        rows = reduction.rows if reach is None else tuple(reduction.rows[near] for near in reach)
        depth = reduction.depth
        known = self.known(root)
        if known is not None or not self.is_wide(root):
            one = f"{self.tables.name('R', rows)}[{self.variable(root)}]" if known is None else self.tables.name("R", rows[known])
            self.line(f"for x{depth} in {one}:")
            self.indent += 1
            return ""
        self.wide.add(depth)
        fixed = self.fixed(root)
        table = RowTable(rows if fixed is None else tuple(rows[near] for near in fixed))
        mask = "" if table.is_full else f"k{depth}"
        if fixed is not None:
            self.line(f"for x{depth}{', ' + mask if mask else ''} in {self.tables.name('Q', table)}:")
            self.indent += 1
            return mask
        near = self.variable(root)
        self.line(f"for y{depth}{f', z{depth}' if mask else ''} in {self.tables.name('Q', table)}:")
        self.indent += 1
        self.line(f"x{depth} = y{depth}[{near}]")
        if mask:
            self.line(f"{mask} = z{depth}[{near}]")
        return mask

    def collect(self, operation: str, name: str, count: str, body: int, mask: str) -> None:
        """What a loop does with one position."""
        if operation == "any":
            self.line(f"{name} = logical_or({name}, {mask or 'True'})")
            return
        one = f"where({mask}, 1.0, 0.0)" if mask else "1.0"
        if operation == "count":
            self.line(f"{name} = {name} + {one}")
            return
        self.prepare([body])
        if operation in ("sum", "mean"):
            self.line(f"{name} = {name} + " + (f"where({mask}, {self.text(body)}, -0.0)" if mask else self.text(body, PRODUCT)))
        else:
            sign = "<" if operation == "lowest" else ">"
            self.line(f"w = {self.text(body)}")
            better = f"logical_or({count} == 0.0, w {sign} {name})"
            self.line(f"{name} = where({f'logical_and({mask}, {better})' if mask else better}, w, {name})")
        if operation != "sum":
            self.line(f"{count} = {count} + {one}")

    # --- reading ------------------------------------------------------------------------------------------------------------------

    def inline(self, instruction: Instruction) -> tuple[str, int]:
        """An instruction's text and the level at which it binds."""
        if instruction.op != "same":
            return super().inline(instruction)
        text = f"{self.index(instruction.args[0])} == {self.index(instruction.args[1])}"
        wide = any(self.is_wide(self.chain(arg)[0]) for arg in instruction.args)
        return (f"({text})[:, None]", ATOM) if wide else (text, COMPARE)

    def read(self, instruction: Instruction) -> tuple[str, int]:
        """What is read from outside the block."""
        if instruction.op != "draw":
            return super().read(instruction)
        purpose, number = instruction.data  # type: ignore[misc]
        if not self.draws:
            # All draws of a kernel at once, before the first line that uses one.
            draws = [self.code.instructions[one].data for one in sorted(self.plan.free) if self.code.instructions[one].op == "draw"]
            self.draws = {draw: place for place, draw in enumerate(draws)}
            table = self.tables.name("D", DrawTable(tuple(SiteTable(self.kernel, self.sites, *draw) for draw in draws)))  # type: ignore[misc]
            at = "[:, 0]" if self.single else f"[:, {self.use('b')}]" if self.some else ""
            self.line(f"r = draw(key, {table}{at})")
        return f"r[{self.draws[purpose, number]}]", ATOM  # type: ignore[has-type]

    def known(self, root: Instruction) -> int | None:
        """The index of an entity that is the same for all bindings, where it is known now."""
        assert isinstance(root.data, int)
        if root.op == "place":
            return root.data
        return self.bindings[0][root.data] if root.op == "entity" and self.single else None

    def is_wide(self, root: Instruction) -> bool:
        """Whether an entity differs between bindings."""
        return root.data in self.wide if root.op == "item" else root.op == "entity" and not self.single

    def fixed(self, root: Instruction) -> tuple[int, ...] | None:
        """The entity of each binding, where it is bound and all bindings run."""
        if root.op != "entity" or self.some:
            return None
        assert isinstance(root.data, int)
        return tuple(binding[root.data] for binding in self.bindings)

    def index(self, value: int, cells: tuple[int, ...] | None = None) -> str:
        """An entity's index, or the cell that it selects, as text: one for each binding (cells in a row as a slice), or one for all."""
        root, reach = self.chain(value)
        table = reach if cells is None else cells if reach is None else tuple(cells[near] for near in reach)
        known = self.known(root)
        if known is not None:
            return str(known if table is None else table[known])
        fixed = self.fixed(root)
        if fixed is not None and table is not None:
            chosen = tuple(table[near] for near in fixed)
            return (cells and run_of(chosen)) or self.tables.name("C", IndexTable(chosen))
        variable = self.variable(root)
        if table is None:
            return variable
        base = table[0] if table else 0
        if table == tuple(range(base, base + len(table))):
            return f"{base}+{variable}" if base else variable
        return f"{self.tables.name('C', IndexTable(table))}[{variable}]"


def run_of(cells: tuple[int, ...]) -> str:
    """Cells as a slice's text, where they follow one another in even steps; one cell that all mean as itself. Else nothing."""
    first, step = cells[0], cells[1] - cells[0] if len(cells) > 1 else 1
    if step == 0 and len(set(cells)) == 1:
        return str(first)
    if step > 0 and cells == tuple(range(first, first + step * len(cells), step)):
        return f"{first}:{cells[-1] + 1}" if step == 1 else f"{first}:{cells[-1] + 1}:{step}"
    return ""


class _ArrayStage(StageText[ArrayWriter]):
    """The body of a stage's function over arrays."""

    def __init__(self, places: dict[int, int]) -> None:
        super().__init__(ArrayWriter(Tables(), 1))
        self.places = places

    def kernel(self, kernel: Kernel) -> None:
        """All bindings of a kernel at once."""
        writer, outer = self.writer, self.writer.lines
        gated = kernel.gate is not None
        roots = [root for effect in kernel.effects for root in effect_roots(effect)]
        writer.bind(kernel.bindings, some=gated)
        writer.begin(self.planned(kernel, roots), kernel.id, kernel.names)
        writer.lines, writer.indent = [], 2 if gated else 1
        mask = "m" if gated else ""
        if kernel.guard is not None:
            writer.prepare([kernel.guard])
            guard = writer.text(kernel.guard)
            writer.line(f"m = logical_and(m, {guard})" if gated else f"m = {guard}")
            writer.line("if count_nonzero(m):")
            writer.indent += 1
            mask = "m"
        self.changes(kernel, mask)
        body, writer.lines, writer.indent = writer.lines, outer, 1
        if kernel.gate is None:
            writer.lines += writer.entity_lines("")
        else:
            self.gate(kernel.gate)
        writer.lines += body

    def planned(self, kernel: Kernel, roots: list[int]) -> Plan:
        """Analyse a kernel's code."""
        conditions = [kernel.guard] if kernel.guard is not None else []
        return plan(kernel.code, [*conditions, *roots])

    def gate(self, gate: tuple[int, ...]) -> None:
        """Leave a kernel out where no lane has its gate open, and its closed bindings."""
        writer = self.writer
        if writer.single:
            writer.line(f"a0 = S[{gate[0]}]")
            writer.line("m = a0 != 0.0")
            writer.line("if count_nonzero(m):")
            return
        writer.line(f"a0 = S[{self.tables.name('G', IndexTable(gate))}]")
        writer.line("m = a0 != 0.0")
        writer.line("if count_nonzero(m):")
        writer.indent += 1
        writer.line("b = flatnonzero(any(m, 1))")
        writer.line("a0 = a0[b]")
        writer.line("m = m[b]")
        writer.lines += writer.entity_lines("[b]")
        writer.indent -= 1

    # --- effects ------------------------------------------------------------------------------------------------------------------

    def changes(self, kernel: Kernel, mask: str) -> None:
        """All changes of a kernel: each over its bindings at once where no cell is changed by two of them, else in the scalar order."""
        targets = [cells_of(kernel.code, effect, kernel.bindings) for effect in kernel.effects]
        owners: dict[int, set[int]] = {}
        for cells in targets:
            for number, cell in enumerate(cells):
                owners.setdefault(cell, set()).add(number)
        together = all(len(numbers) == 1 for numbers in owners.values())
        later: list[str] = []
        for number, (effect, cells) in enumerate(zip(kernel.effects, targets, strict=True)):
            self.change(number, effect, cells, mask, None if together else later)
        if later:
            writer = self.writer
            count = "b" if writer.some else self.tables.name("R", tuple(range(len(kernel.bindings))))
            writer.use("b")
            writer.line(f"for i, c in enumerate({count}):")
            for line in later:
                writer.line(f" {line}")

    def change(self, number: int, effect: KernelEffect, cells: tuple[int, ...], mask: str, later: list[str] | None) -> None:
        """One change: at once, or as a line of the loop over bindings."""
        writer = self.writer
        writer.prepare(effect_roots(effect))
        if effect.guard is not None:
            text = writer.text(effect.guard)
            writer.line(f"q{number} = logical_and({mask}, {text})" if mask else f"q{number} = {text}")
            mask = f"q{number}"
        amount = self.amount(effect)
        rows = tuple(self.places[cell] for cell in cells)
        if effect.delay is not None:
            writer.line(f"d{number} = {amount}")
            amount = f"d{number}"
            self.wait(effect.delay, amount, mask)
            if not effect.delay.reverse:
                return
        if effect.mode == "set":
            self.write(number, rows, amount, mask, later, adding=False)
        else:
            self.write(number, rows, f"where({mask}, {amount}, -0.0)" if mask else amount, mask, later, adding=True)

    def write(self, number: int, rows: tuple[int, ...], text: str, mask: str, later: list[str] | None, *, adding: bool) -> None:
        """Write the rows of ``T``."""
        writer = self.writer
        if later is None:
            at = self.select("C", rows)
            if adding:
                writer.line(f"T[{at}] += {text}")
            else:
                writer.line(f"T[{at}] = " + (f"where({mask}, {text}, T[{at}])" if mask else text))
            return
        # Every binding's own share, along the leading axis and over all lanes, to be added one after another. The mask of a gated kernel
        # has that shape, and gives it to what it masks.
        table = self.tables.name("R", rows)
        if writer.some:
            writer.line(f"w{number} = {text if adding else f'where({mask}, {text}, 0.0)'}")
        else:
            writer.line(f"w{number} = spread({text}, ({len(rows)}, S.shape[1]))")
            if mask and not adding:
                writer.line(f"o{number} = spread({mask}, ({len(rows)}, S.shape[1]))")
                mask = f"o{number}"
        if adding:
            later.append(f"T[{table}[c]] += w{number}[i]")
        elif mask:
            later.append(f"T[{table}[c]] = where({mask}[i], w{number}[i], T[{table}[c]])")
        else:
            later.append(f"T[{table}[c]] = w{number}[i]")

    def select(self, letter: str, rows: tuple[int, ...]) -> str:
        """Text that selects these rows, or those of the bindings that run."""
        if self.writer.single:
            return str(rows[0])
        if not self.writer.some and len(set(rows)) > 1 and (run := run_of(rows)):
            return run
        table = self.tables.name(letter, IndexTable(rows))
        return f"{table}[{self.writer.use('b')}]" if self.writer.some else table

    def amount(self, effect: KernelEffect) -> str:
        """What an effect adds or sets."""
        writer = self.writer
        if effect.mode == "set":
            return writer.text(effect.value)
        if effect.mode == "toward":
            return self.toward(effect, writer.index(effect.index, effect.block.cells))
        return self.timed(effect)

    def wait(self, delay: DelaySlot, amount: str, mask: str) -> None:
        """An amount that waits: the opposite of one that lasts."""
        writer = self.writer
        landing = self.landing(delay)
        slots = tuple(delay.base + number * delay.steps for number in range(len(writer.bindings)))
        at = f"{slots[0]}" if writer.single else self.tables.name("C", IndexTable(slots))
        if writer.some:
            at = f"{at}[{writer.use('b')}]"
        sign, nothing = ("-", "0.0") if delay.reverse else ("+", "-0.0")
        writer.line(f"if {landing} >= 0:")
        writer.line(f" P[{at} + {landing}] {sign}= " + (f"where({mask}, {amount}, {nothing})" if mask else amount))
