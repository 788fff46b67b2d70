"""The parser: operator precedence by binding power (Pratt), own tokens, own tree. CPython's parser never sees content.

1  a if c else b       2  or       3  and       4  not       5  < <= > >= == != between       6  + -       7  * /       8  unary -
"""

from __future__ import annotations

import functools

from exercise.language.errors import ExpressionError, did_you_mean
from exercise.language.tokens import MAX_NUMBER, RESERVED, Token, tokenize
from exercise.language.tree import Between, Binary, Boolean, Call, Choose, Compare, Literal, Node, Path, Relation, Text, Unary

MAX_DEPTH = 32
"""How deep brackets, calls, choices and signs may stand in each other."""

FUNCTIONS = {
    "min": (2, 20),
    "max": (2, 20),
    "clamp": (3, 3),
    "sqrt": (1, 1),
    "abs": (1, 1),
    "past": (2, 2),
    "days_since": (1, 1),
    "days_until": (1, 1),
    "active": (1, 1),
    "today": (0, 0),
    "in_days": (1, 1),
    "step_days": (0, 0),
    "over_step": (1, 1),
    "chance": (1, 2),
    "noise": (0, 1),
    "draw": (1, 1),
}
"""Functions and how many arguments they take, at least and at most."""
REDUCED = frozenset({"sum", "mean", "lowest", "highest"})
"""Relations that reduce an expression: sum(EXPR for x in PATH where COND)."""
COUNTED = frozenset({"count", "any", "all"})
"""Relations that ask about entities: count(x in PATH where COND)."""

_POWER = {"or": 2, "and": 3, "<": 5, "<=": 5, ">": 5, ">=": 5, "==": 5, "!=": 5, "between": 5, "+": 6, "-": 6, "*": 7, "/": 7}
_CHOICE, _OR, _NOT, _COMPARE, _SUM, _UNARY = 1, 2, 4, 5, 6, 8


def parse(text: str) -> Node:
    """Read an expression. Raises ``ExpressionError``: ``too-long``, ``too-deep`` or ``syntax``, at the offending word."""
    if not isinstance(text, str):
        raise ExpressionError("syntax", "an expression is text")
    return _read(text)


@functools.lru_cache(maxsize=4096)
def _read(text: str) -> Node:
    # Trees are values: a text that stands in many places (each seat's copy of an order) is read once.
    parser = _Parser(text, tokenize(text))
    node = parser.expression(_CHOICE)
    parser.close()
    return node


class _Parser:
    def __init__(self, text: str, tokens: list[Token]) -> None:
        self.text = text
        self.tokens = tokens
        self.position = 0
        self.depth = 0

    # --- tokens -------------------------------------------------------------------------------------------------------------------

    @property
    def next(self) -> Token:
        return self.tokens[self.position]

    @property
    def end(self) -> int:
        """Offset behind the last token taken."""
        return self.tokens[self.position - 1].end

    def take(self) -> Token:
        token = self.next
        if token.kind != "end":
            self.position += 1
        return token

    def sees(self, text: str) -> bool:
        return self.next.text == text and self.next.kind in ("sign", "word")

    def accept(self, text: str) -> bool:
        if self.sees(text):
            self.position += 1
            return True
        return False

    def expect(self, text: str, after: str) -> None:
        if not self.accept(text):
            raise self.wrong(f"expected '{text}' {after}")

    def wrong(self, message: str, hint: str = "", at: Token | None = None) -> ExpressionError:
        token = at or self.next
        found = "the text ends here" if token.kind == "end" else f"found '{token.text}'"
        return ExpressionError("syntax", f"{message}; {found}", hint, token.at)

    def close(self) -> None:
        token = self.next
        if token.kind == "end":
            return
        if token.text == ")":
            raise self.wrong("a bracket is closed that was never opened")
        hint = "put an operator such as * between two values" if token.kind in ("word", "number") or token.text == "(" else ""
        raise self.wrong("expected an operator or the end", hint)

    def deeper(self, token: Token) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ExpressionError("too-deep", f"an expression nests at most {MAX_DEPTH} deep", "name parts of it with let", token.at)

    # --- expressions --------------------------------------------------------------------------------------------------------------

    def expression(self, power: int) -> Node:
        """An expression of operators that bind at least as strongly as ``power``."""
        start = self.next.at
        left = self.prefix()
        while True:
            operator = self.next.text if self.next.kind in ("sign", "word") else ""
            if operator == "if" and power <= _CHOICE:
                left = self.choice(left, start)
            elif _POWER.get(operator, 0) >= max(power, _OR):
                left = self.infix(left, operator, start)
            else:
                return left

    def infix(self, left: Node, operator: str, start: int) -> Node:
        left_end = self.end
        self.take()
        node: Node
        if operator == "between":
            node = self.between(left, start, left_end)
        else:
            right = self.expression(_POWER[operator] + 1)
            if _POWER[operator] != _COMPARE:
                return Binary(start, self.end, operator, left, right)
            node = Compare(start, self.end, operator, left, right, self.text[start : self.end])
        if _POWER.get(self.next.text) == _COMPARE:
            raise ExpressionError("syntax", "comparisons cannot be chained", "write a < b and b < c, or b between a and c", self.next.at)
        return node

    def between(self, value: Node, start: int, value_end: int) -> Node:
        low_start = self.next.at
        low = self.expression(_SUM)
        low_end = self.end
        if not self.sees("and"):
            raise self.wrong("expected 'and' after the lower end of between", "x between 20 and 40")
        self.take()
        high_start = self.next.at
        high = self.expression(_SUM)
        about = self.text[start:value_end]
        texts = (f"{about} >= {self.text[low_start:low_end]}", f"{about} <= {self.text[high_start : self.end]}")
        return Between(start, self.end, value, low, high, texts)

    def choice(self, then: Node, start: int) -> Node:
        self.deeper(self.take())
        condition = self.expression(_OR)
        self.expect("else", "after the condition of 'if'")
        otherwise = self.expression(_CHOICE)
        self.depth -= 1
        return Choose(start, self.end, condition, then, otherwise)

    def prefix(self) -> Node:
        token = self.take()
        if token.kind == "number":
            return self.number(token)
        if token.kind == "text":
            return Text(token.at, token.end, token.text[1:-1])
        if token.text in ("(", "-", "not"):
            return self.nested(token)
        if token.kind == "word":
            return self.word(token)
        raise self.wrong("expected a value", "", token)

    def nested(self, token: Token) -> Node:
        self.deeper(token)
        if token.text == "(":
            node = self.expression(_CHOICE)
            if not self.accept(")"):
                raise self.wrong("the bracket is not closed")
        elif token.text == "-":
            operand = self.expression(_UNARY)
            node = Unary(token.at, self.end, "-", operand)
        else:
            operand = self.expression(_NOT)
            node = Unary(token.at, self.end, "not", operand)
        self.depth -= 1
        return node

    def number(self, token: Token) -> Node:
        value = float(token.text.replace("_", ""))
        if value > MAX_NUMBER:
            raise ExpressionError("syntax", f"numbers go up to {MAX_NUMBER:.0f}", "", token.at)
        if self.accept("%"):
            return Literal(token.at, self.end, value / 100.0, "", percent=True)
        follower = self.next
        if follower.kind == "word" and follower.at == token.end:
            raise self.wrong("a number ends before a letter", "put a blank before a unit; write large numbers in full")
        if follower.kind == "word" and follower.text not in RESERVED and self.tokens[self.position + 1].text not in (".", "("):
            self.take()
            return Literal(token.at, self.end, value, follower.text)
        return Literal(token.at, token.end, value)

    def word(self, token: Token) -> Node:
        if token.text in ("true", "false"):
            return Boolean(token.at, token.end, token.text == "true")
        if token.text in RESERVED:
            raise self.wrong("expected a value", "", token)
        if self.sees("("):
            self.deeper(token)
            self.take()
            node = self.relation(token) if token.text in REDUCED | COUNTED else self.call(token)
            self.depth -= 1
            return node
        return self.path(token)

    def path(self, first: Token) -> Path:
        parts, offsets = [first.text], [first.at]
        while self.accept("."):
            token = self.take()
            if token.kind != "word":
                raise self.wrong("expected a name after the dot", "", token)
            parts.append(token.text)
            offsets.append(token.at)
        return Path(first.at, self.end, tuple(parts), tuple(offsets))

    # --- calls --------------------------------------------------------------------------------------------------------------------

    def call(self, name: Token) -> Node:
        if name.text not in FUNCTIONS:
            hint = did_you_mean(name.text, (*FUNCTIONS, *REDUCED, *COUNTED), "functions are " + ", ".join(FUNCTIONS))
            raise ExpressionError("unknown-function", f"there is no function {name.text}", hint, name.at)
        arguments: list[Node] = []
        while not self.sees(")"):
            arguments.append(self.expression(_CHOICE))
            if not self.accept(","):
                break
        if not self.accept(")"):
            raise self.wrong(f"{name.text}(...) is not closed")
        least, most = FUNCTIONS[name.text]
        if not least <= len(arguments) <= most:
            wanted = str(least) if least == most else f"{least} to {most}"
            raise ExpressionError("syntax", f"{name.text} takes {wanted} values, not {len(arguments)}", "", name.at)
        return Call(name.at, self.end, name.text, tuple(arguments))

    def relation(self, name: Token) -> Node:
        value: Node | None = None
        if name.text in REDUCED:
            value = self.expression(_CHOICE)
            if not self.accept("for"):
                raise self.wrong(f"expected 'for' in {name.text}(...)", f"{name.text}(x.quantity for x in r.relation where x.quantity > 1)")
        variable = self.take()
        if variable.kind != "word" or variable.text in RESERVED:
            raise self.wrong(
                "expected a name for the entities gone through", f"{name.text}({'... for ' if value else ''}x in r.relation)", variable
            )
        self.expect("in", "after the name of the entities gone through")
        start = self.take()
        if start.kind != "word" or start.text in RESERVED:
            raise self.wrong("expected a relation or a kind after 'in'", "", start)
        path = self.path(start)
        condition = self.expression(_CHOICE) if self.accept("where") else None
        if condition is None and name.text == "all":
            raise self.wrong("all(...) needs a condition", "all(x in r.relation where x.quantity > 1)")
        if not self.accept(")"):
            raise self.wrong(f"{name.text}(...) is not closed")
        return Relation(name.at, self.end, name.text, value, variable.text, variable.at, path, condition)
