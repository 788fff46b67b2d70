"""What words and paths stand for in a scope."""

from __future__ import annotations

from exercise.language.assemble import Assembler
from exercise.language.errors import ExpressionError, did_you_mean
from exercise.language.form import Block, RelationTable
from exercise.language.parse import COUNTED, FUNCTIONS, REDUCED
from exercise.language.scope import Missing, Scope
from exercise.language.tokens import RESERVED
from exercise.language.tree import Node, Path
from exercise.language.values import Choice, DateType, EntityType, Number, Type, Value

Rows = tuple[tuple[int, ...], ...]


class Lookup:
    """Finds what words mean: local names, bound entities, arguments, entities, parameters, quantities, relations, listed values."""

    def __init__(self, scope: Scope, assembler: Assembler) -> None:
        self.scope = scope
        self.names = scope.names
        self.assembler = assembler
        self.locals: dict[str, Value | None] = {}
        """Names defined by let (None: its text was wrong) and entities bound by a relation."""

    # --- words --------------------------------------------------------------------------------------------------------------------

    def knows(self, word: str) -> bool:
        """Whether a word means something here by itself."""
        scope = self.scope
        return word in self.locals or word in scope.variables or word in scope.arguments or word in self.names.entities

    def word(self, word: str, at: int) -> Value | None:
        """The value of a single word, or None when it has none."""
        if word in self.locals:
            known = self.locals[word]
            if known is None:
                raise ExpressionError("broken-name", f"{word} is itself wrong", "mend its definition first", at)
            return known
        if word in self.scope.variables:
            position, kind = self.scope.variables[word]
            return self.assembler.put("entity", (), position, EntityType(kind))
        if word in self.scope.arguments:
            position, of = self.scope.arguments[word]
            return self.assembler.put("argument", (), position, of)
        if word in self.names.entities:
            kind, index = self.names.entities[word]
            return self.assembler.place(kind, index)
        return None

    def is_listed_word(self, node: Node) -> bool:
        """Whether a part is a bare word that can only be a listed value."""
        return isinstance(node, Path) and len(node.parts) == 1 and node.parts[0] in self.names.choices and not self.knows(node.parts[0])

    def path(self, node: Path, expected: Choice | None = None) -> Value:
        """The value that a path stands for."""
        if len(node.parts) == 1:
            return self.single(node, expected)
        if str(node) in self.names.parameters and not self.knows(node.parts[0]):
            tuned = self.names.tuned.get(str(node))
            if tuned is not None:
                return self.read(tuned, self.assembler.place(tuned.kind, 0))
            value, unit = self.names.parameters[str(node)]
            return self.assembler.number(value, Number(unit))
        owner = self.owner(node)
        word, at = node.parts[-1], node.offsets[-1]
        table = self.names.relations.get((_kind(owner), word))
        if table is not None:
            return self.follow(owner, table, at)
        return self.read(self.quantity(owner, word, at), owner)

    def single(self, node: Path, expected: Choice | None) -> Value:
        """The value of a path of one word."""
        word, at = node.parts[0], node.at
        if expected is not None and word in expected.values:
            return self.assembler.put("constant", (), float(expected.values.index(word)), expected)
        value = self.word(word, at)
        if value is not None:
            return value
        if expected is not None:
            known = f"the values are {', '.join(expected.values)}"
            raise ExpressionError("unknown-choice", f"there is no value {word} here", did_you_mean(word, expected.values, known), at)
        if word in self.names.choices:
            hint = f"write it as in r.quantity == {word}"
            raise ExpressionError("type-mismatch", f"{word} is a listed value and stands only beside its quantity", hint, at)
        if word in self.names.kinds:
            hint = f"go through all of them: count(x in {word})"
            raise ExpressionError("type-mismatch", f"{word} is a kind, not one entity", hint, at)
        raise self.unknown(word, at)

    def unknown(self, word: str, at: int) -> ExpressionError:
        """No such word, with the closest one known."""
        if word in FUNCTIONS or word in REDUCED | COUNTED:
            return ExpressionError("unknown-name", f"{word} is a function", f"write {word}(...)", at)
        known = [*self.locals, *self.scope.variables, *self.scope.arguments, *self.names.entities, *self.names.choices]
        bound = [*self.scope.variables, *self.scope.arguments, *self.locals]
        otherwise = f"known here: {', '.join(bound)}" if bound else ""
        return ExpressionError("unknown-name", f"there is no {word} here", did_you_mean(word, known, otherwise), at)

    def check_new_name(self, word: str, at: int) -> None:
        """A name for a local value or a relation's entities must be a word that means nothing else."""
        plain = word.isascii() and word.isidentifier() and word not in RESERVED and word not in FUNCTIONS
        if not plain or word in REDUCED | COUNTED:
            raise ExpressionError("name-taken", f"{word!r} cannot be a name", "use small letters, digits and _", at)
        if self.knows(word):
            raise ExpressionError("name-taken", f"{word} already means something here", "choose another name", at)

    # --- entities and quantities --------------------------------------------------------------------------------------------------

    def owner(self, node: Path) -> Value:
        """The entity that all words of a path but the last lead to."""
        value = self.start(node)
        for word, at in zip(node.parts[1:-1], node.offsets[1:-1], strict=True):
            value = self.follow(value, self.table(_kind(value), word, at), at)
        return value

    def start(self, node: Path) -> Value:
        """The entity that a path begins with."""
        word = node.parts[0]
        value = self.word(word, node.at)
        if value is None:
            if any(known.startswith(f"{word}.") for known in self.names.parameters):
                hint = did_you_mean(str(node), self.names.parameters)
                raise ExpressionError("unknown-parameter", f"there is no parameter {node}", hint, node.at)
            raise self.unknown(word, node.at)
        if not isinstance(value.type, EntityType):
            raise ExpressionError("type-mismatch", f"{word} is not an entity, nothing follows a dot", "", node.offsets[1])
        return value

    def table(self, kind: str, word: str, at: int) -> RelationTable:
        """A relation of a kind."""
        table = self.names.relations.get((kind, word))
        if table is not None:
            return table
        own = [relation for of, relation in self.names.relations if of == kind]
        otherwise = f"a {kind} has {', '.join(sorted(own))}" if own else f"a {kind} has no relations"
        if isinstance(self.names.quantity(kind, word), Block):
            raise ExpressionError("unknown-relation", f"{word} is a quantity of a {kind}, nothing follows it", "", at)
        raise ExpressionError("unknown-relation", f"a {kind} has no relation {word}", did_you_mean(word, own, otherwise), at)

    def follow(self, owner: Value, table: RelationTable, at: int) -> Value:
        """The one partner of an entity."""
        if not table.one:
            hint = f"go through them: sum(x.quantity for x in ... .{table.id}), count, any, all"
            raise ExpressionError("type-mismatch", f"{table.id} leads to any number of entities of kind {table.to}", hint, at)
        return self.assembler.put("follow", (owner.id,), table, EntityType(table.to))

    def quantity(self, owner: Value, word: str, at: int) -> Block:
        """The cells of a quantity of an entity's kind."""
        kind = _kind(owner)
        found = self.names.quantity(kind, word)
        if isinstance(found, Missing):
            own = [relation for of, relation in self.names.relations if of == kind]
            hint = found.hint or did_you_mean(word, own)
            raise ExpressionError(found.code, found.message, hint, at)
        return found

    def read(self, block: Block, owner: Value, turns: int = 0) -> Value:
        """A quantity's value now, or so many turn-ends ago."""
        op, data = ("past", (block, turns)) if turns else ("cell", block)
        return self.assembler.put(op, (owner.id,), data, type_of(block))

    def domain(self, node: Path) -> tuple[Value, Rows, str]:
        """Where a relation's path starts, the row of entities for each start, and their kind."""
        if len(node.parts) == 1 and node.parts[0] in self.names.kinds:
            kind = node.parts[0]
            return self.assembler.place(kind, 0), (tuple(range(len(self.names.kinds[kind]))),), kind
        if len(node.parts) == 1:
            if self.knows(node.parts[0]):
                raise ExpressionError("type-mismatch", f"{node} is one entity", "name a relation of it, or a kind", node.at)
            hint = did_you_mean(node.parts[0], self.names.kinds, f"kinds are {', '.join(sorted(self.names.kinds))}")
            raise ExpressionError("unknown-name", f"there is no kind or relation {node}", hint, node.at)
        start = self.start(node)
        kind = _kind(start)
        rows: Rows | None = None
        for word, at in zip(node.parts[1:], node.offsets[1:], strict=True):
            table = self.table(kind, word, at)
            rows = table.rows if rows is None else tuple(tuple(far for near in row for far in table.rows[near]) for row in rows)
            kind = table.to
        assert rows is not None
        return start, rows, kind


def type_of(block: Block) -> Type:
    """The type that a quantity's values have."""
    if block.values:
        return Choice(block.values)
    if block.date:
        return DateType(block.low, block.high)
    return Number(block.unit, block.low, block.high)


def _kind(value: Value) -> str:
    assert isinstance(value.type, EntityType)
    return value.type.kind
