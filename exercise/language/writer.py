"""Writes values of the intermediate form as Python text."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import attrs

from exercise.language.form import Block, Code, Instruction, Reduction, RelationTable
from exercise.language.plan import Plan, comparisons_in, is_trivial, reached

CHOICE, OR, AND, NOT, COMPARE, SUM, PRODUCT, SIGN, ATOM = range(9)
Form = tuple[str, int, tuple[int, ...]]
"""How an operation is written, the level at which it binds, and the levels at which its operands stand without brackets."""

_FORMS: dict[str, Form] = {
    "add": ("{0} + {1}", SUM, (SUM, PRODUCT)),
    "sub": ("{0} - {1}", SUM, (SUM, PRODUCT)),
    "mul": ("{0} * {1}", PRODUCT, (PRODUCT, SIGN)),
    "div": ("{0} / {1}", PRODUCT, (PRODUCT, SIGN)),
    "neg": ("-{0}", SIGN, (SIGN,)),
    "sqrt": ("sqrt({0})", ATOM, (CHOICE,)),
    "min": ("{1} if {1} < {0} else {0}", CHOICE, (SUM, SUM)),
    "max": ("{1} if {1} > {0} else {0}", CHOICE, (SUM, SUM)),
    "less": ("{0} < {1}", COMPARE, (SUM, SUM)),
    "at_most": ("{0} <= {1}", COMPARE, (SUM, SUM)),
    "equal": ("{0} == {1}", COMPARE, (SUM, SUM)),
    "and": ("{0} and {1}", AND, (AND, NOT)),
    "or": ("{0} or {1}", OR, (OR, AND)),
    "not": ("not {0}", NOT, (NOT,)),
    "select": ("{1} if {0} else {2}", CHOICE, (OR, OR, CHOICE)),
}


@attrs.frozen(slots=True)
class SiteTable:
    """The sites of a draw, one for each binding: worked out when the source is compiled, since the language keys no dice itself."""

    kernel: str
    names: tuple[tuple[str, ...], ...]
    purpose: str
    number: int


class Tables:
    """Static data of generated code, by names made from its content: equal tables of different functions are one."""

    def __init__(self) -> None:
        self.known: dict[str, Any] = {}
        self._names: dict[tuple[str, Any], str] = {}

    def name(self, letter: str, data: Any) -> str:
        """The global name of a table."""
        name = self._names.get((letter, data))
        if name is None:
            digest = hashlib.blake2b(repr(data).encode(), digest_size=8).hexdigest()
            name = self._names[letter, data] = f"{letter}_{digest}"
            self.known[name] = data
        return name


class Writer:
    """Lines of one function body, for one block of code after another."""

    FORMS: ClassVar[Mapping[str, Form]] = _FORMS

    def __init__(self, tables: Tables, indent: int) -> None:
        self.tables = tables
        self.lines: list[str] = []
        self.indent = indent
        self.turns: set[int] = set()
        self.used: set[str] = set()
        """Names of the binding, the gate and arguments that the text reads."""
        self.names: dict[int, str] = {}
        self.open: frozenset[int] = frozenset()
        self.kernel = ""
        self.sites: tuple[tuple[str, ...], ...] = ()

    def begin(self, plan: Plan, kernel: str = "", sites: tuple[tuple[str, ...], ...] = ()) -> None:
        """Start a new block of code."""
        self.plan = plan
        self.code: Code = plan.code
        self.names = {}
        self.used = set()
        self.kernel, self.sites = kernel, sites

    def line(self, text: str) -> None:
        """Add a line."""
        self.lines.append(" " * self.indent + text)

    # --- statements ---------------------------------------------------------------------------------------------------------------

    def prepare(self, roots: Sequence[int], only: frozenset[int] | None = None) -> None:
        """Name every value that the roots need by name and that can be known here (of ``only``, when given)."""
        for one in reached(self.code, roots, self.names):
            if one in self.plan.local and self.plan.free[one] <= self.open and (only is None or one in only):
                self.define(one)

    def define(self, value: int) -> None:
        """Give one value its name."""
        if self.code.instructions[value].op == "reduce":
            self.loop(value)
        else:
            text = self.text(value, CHOICE)
            self.line(f"v{value} = {text}")
        self.names[value] = f"v{value}"

    def loop(self, value: int) -> None:
        """A reduction, as a loop over a static tuple."""
        instruction = self.code.instructions[value]
        reduction = instruction.data
        assert isinstance(reduction, Reduction)
        start, condition, body = instruction.args
        name = f"v{value}"
        self.line(f"{name} = {'False' if reduction.operation == 'any' else '0.0'}")
        if reduction.operation in ("mean", "lowest", "highest"):
            self.line(f"n{value} = 0.0")
        self.line(f"for x{reduction.depth} in {self.row(start, reduction)}:")
        saved, outer, indent = dict(self.names), self.open, self.indent
        self.open = outer | {reduction.depth}
        self.indent += 1
        self.prepare([condition])
        if self.code.instructions[condition].op != "constant":
            self.line(f"if {self.text(condition, CHOICE)}:")
            self.indent += 1
        elif not self.code.instructions[condition].data:
            self.line("break")
        self.gather(reduction.operation, name, f"n{value}", body)
        self.names, self.open, self.indent = saved, outer, indent
        if reduction.operation == "mean":
            self.line(f"{name} = {name} / n{value} if n{value} > 0.0 else 0.0")

    def gather(self, operation: str, name: str, count: str, body: int) -> None:
        """What a loop does with one element."""
        if operation == "any":
            self.line(f"{name} = True")
            self.line("break")
            return
        if operation == "count":
            self.line(f"{name} = {name} + 1.0")
            return
        self.prepare([body])
        text = self.text(body, PRODUCT)
        if operation in ("sum", "mean"):
            self.line(f"{name} = {name} + {text}")
        else:
            sign = "<" if operation == "lowest" else ">"
            self.line(f"w = {text}")
            self.line(f"if {count} == 0.0 or w {sign} {name}: {name} = w")
        if operation != "sum":
            self.line(f"{count} = {count} + 1.0")

    # --- expressions --------------------------------------------------------------------------------------------------------------

    def text(self, value: int, level: int = CHOICE) -> str:
        """A value as text that can stand where operators bind at ``level`` or more strongly."""
        known = self.names.get(value)
        if known is not None:
            return known
        text, own = self.inline(self.code.instructions[value])
        return text if own >= level else f"({text})"

    def inline(self, instruction: Instruction) -> tuple[str, int]:
        """An instruction's text and the level at which it binds."""
        args = instruction.args
        if instruction.op == "same":
            return f"{self.index(args[0])} == {self.index(args[1])}", COMPARE
        if instruction.op not in self.FORMS:
            return self.read(instruction)
        form, own, levels = self.FORMS[instruction.op]
        return form.format(*(self.text(arg, level) for arg, level in zip(args, levels, strict=True))), own

    def read(self, instruction: Instruction) -> tuple[str, int]:
        """What is read from outside the block."""
        op, data = instruction.op, instruction.data
        if op == "constant":
            return repr(data), SIGN if isinstance(data, float) and repr(data).startswith("-") else ATOM
        if op in ("now", "days"):
            return op, ATOM
        if op == "argument":
            return self.use(f"a{data}"), ATOM
        if op == "draw":
            purpose, number = data  # type: ignore[misc]
            return f"draw(key, {self.site(purpose, number)}[{self.use('b')}])", ATOM  # type: ignore[has-type]
        if op == "cell":
            assert isinstance(data, Block)
            return f"S[{self.index(instruction.args[0], data.cells)}]", ATOM
        assert op == "past", op
        block, turns = data  # type: ignore[misc]
        self.turns.add(turns)  # type: ignore[has-type]
        return f"H{turns}[{self.index(instruction.args[0], block.cells)}]", ATOM  # type: ignore[has-type]

    def use(self, name: str) -> str:
        """Note that the text reads a name of the function's surroundings."""
        self.used.add(name)
        return name

    def site(self, purpose: str, number: int) -> str:
        """The table of a draw's sites."""
        if not self.kernel or not self.sites:
            raise ValueError(f"the draw for {purpose!r} needs a kernel with an id and the names of its bindings")
        return self.tables.name("D", SiteTable(self.kernel, self.sites, purpose, number))

    # --- indices ------------------------------------------------------------------------------------------------------------------

    def chain(self, value: int) -> tuple[Instruction, tuple[int, ...] | None]:
        """An index as the entity it starts from and the static table from that to the entity meant (None: itself)."""
        tables: list[RelationTable] = []
        instruction = self.code.instructions[value]
        while instruction.op == "follow":
            assert isinstance(instruction.data, RelationTable)
            tables.append(instruction.data)
            instruction = self.code.instructions[instruction.args[0]]
        if not tables:
            return instruction, None
        reach = tuple(row[0] for row in tables[-1].rows)
        for table in reversed(tables[:-1]):
            reach = tuple(table.rows[near][0] for near in reach)
        return instruction, reach

    def index(self, value: int, cells: tuple[int, ...] | None = None) -> str:
        """An entity's index, or the cell that it selects, as text."""
        root, reach = self.chain(value)
        table = reach if cells is None else cells if reach is None else tuple(cells[near] for near in reach)
        assert isinstance(root.data, int)
        if root.op == "place":
            return str(root.data if table is None else table[root.data])
        variable = self.variable(root)
        if table is None:
            return variable
        base = table[0] if table else 0
        if table == tuple(range(base, base + len(table))):
            return f"{base}+{variable}" if base else variable
        return f"{self.tables.name('C', table)}[{variable}]"

    def variable(self, root: Instruction) -> str:
        """The name of a bound entity or a loop's element."""
        return f"x{root.data}" if root.op == "item" else self.use(f"e{root.data}")

    def row(self, start: int, reduction: Reduction) -> str:
        """The static tuple that a loop runs over."""
        root, reach = self.chain(start)
        rows = reduction.rows if reach is None else tuple(reduction.rows[near] for near in reach)
        assert isinstance(root.data, int)
        if root.op == "place":
            return self.tables.name("R", rows[root.data])
        return f"{self.tables.name('R', rows)}[{self.variable(root)}]"

    # --- traces -------------------------------------------------------------------------------------------------------------------

    def margins(self, conditions: Sequence[int]) -> str:
        """The comparisons that decided, each with its number and both sides, as a tuple."""
        numbers = comparisons_in(self.code, conditions)
        parts = [
            f"({number}, {self.text(self.code.comparisons[number].left)}, {self.text(self.code.comparisons[number].right)})"
            for number in numbers
        ]
        return f"({', '.join(parts)},)" if parts else "()"


def compared(code: Code, conditions: Sequence[int]) -> list[int]:
    """Both sides of the comparisons that decide conditions."""
    chosen = [code.comparisons[number] for number in comparisons_in(code, conditions)]
    return [side for comparison in chosen for side in (comparison.left, comparison.right) if not is_trivial(code.instructions[side])]
