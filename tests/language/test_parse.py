"""The parser: what binds how, limits, and that nothing but its own error ever comes out."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from exercise.language import ExpressionError, parse
from exercise.language.parse import COUNTED, FUNCTIONS, MAX_DEPTH, REDUCED
from exercise.language.tokens import MAX_CHARACTERS, MAX_TOKENS, RESERVED
from exercise.language.tree import Between, Binary, Boolean, Call, Choose, Compare, Literal, Node, Path, Relation, Text, Unary, walk

WORDS = [
    *RESERVED,
    *FUNCTIONS,
    *REDUCED,
    *COUNTED,
    "r",
    "x",
    "region",
    "unrest",
    "12",
    "3.5",
    "40%",
    "12 days",
    '"why"',
    *"+-*/<>().,",
    "<=",
    ">=",
    "==",
    "!=",
]


def shape(node: Node) -> str:  # noqa: PLR0911 - one line for each sort of node
    """A tree with every bracket written out."""
    if isinstance(node, Binary | Compare):
        return f"({shape(node.left)} {node.op} {shape(node.right)})"
    if isinstance(node, Unary):
        return f"({node.op} {shape(node.operand)})"
    if isinstance(node, Between):
        return f"({shape(node.value)} between {shape(node.low)} and {shape(node.high)})"
    if isinstance(node, Choose):
        return f"({shape(node.then)} if {shape(node.condition)} else {shape(node.otherwise)})"
    if isinstance(node, Call):
        return f"{node.name}({', '.join(shape(part) for part in node.arguments)})"
    if isinstance(node, Relation):
        value = f"{shape(node.value)} for " if node.value else ""
        where = f" where {shape(node.filter)}" if node.filter else ""
        return f"{node.function}({value}{node.variable} in {node.path}{where})"
    if isinstance(node, Literal):
        return f"{node.value:g}{' ' if node.unit else ''}{node.unit}"
    return str(node) if isinstance(node, Path) else str(node.value).lower() if isinstance(node, Boolean) else repr(node.value)


def refusal(text: str) -> ExpressionError:
    """The error that a text gives."""
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a + b * c - d", "((a + (b * c)) - d)"),
        ("a - b - c", "((a - b) - c)"),
        ("a / b * c", "((a / b) * c)"),
        ("(a - (b - c))", "(a - (b - c))"),
        ("-a * b", "((- a) * b)"),
        ("a * -b", "(a * (- b))"),
        ("- - a", "(- (- a))"),
        ("a < b and c >= d or not e", "(((a < b) and (c >= d)) or (not e))"),
        ("not a == b and c", "((not (a == b)) and c)"),
        ("a or b and c", "(a or (b and c))"),
        ("x between 2 and 4 and y", "((x between 2 and 4) and y)"),
        ("x + 1 between a - 1 and 2 * b", "((x + 1) between (a - 1) and (2 * b))"),
        ("a if b else c if d else e", "(a if b else (c if d else e))"),
        ("a + 1 if b or c else -d", "((a + 1) if (b or c) else (- d))"),
        ("(a if b else c) + 1", "((a if b else c) + 1)"),
        ("40%", "0.4"),
        ("12 days * 2", "(12 days * 2)"),
        ("400_000 people", "400000 people"),
        ("3 if x else 4", "(3 if x else 4)"),
        ("min(a, b, 3)", "min(a, b, 3)"),
        ("today()", "today()"),
        ("past(r.unrest, 3)", "past(r.unrest, 3)"),
        ('chance(10%, "who flees")', "chance(0.1, 'who flees')"),
        ("sum(g.size * 2 for g in r.groups where g.trust < 50)", "sum((g.size * 2) for g in r.groups where (g.trust < 50))"),
        ("sum(1 if a else 2 for g in region)", "sum((1 if a else 2) for g in region)"),
        ("count(x in region) + any(y in c.regions where y.open)", "(count(x in region) + any(y in c.regions where y.open))"),
        ("true and not false", "(true and (not false))"),
    ],
)
def test_operators_bind_as_documented(text: str, expected: str) -> None:
    """Precedence and associativity, one line for each level of the table."""
    assert shape(parse(text)) == expected


@pytest.mark.parametrize(
    ("text", "code", "offset"),
    [
        ("", "syntax", 0),
        ("   ", "syntax", 3),
        ("a +", "syntax", 3),
        ("a b", "syntax", 2),
        ("2 r.unrest", "syntax", 2),
        ("(a", "syntax", 2),
        ("a)", "syntax", 1),
        ("a < b < c", "syntax", 6),
        ("a between 1 and 2 > 3", "syntax", 18),
        ("a between 1", "syntax", 11),
        ("a if b", "syntax", 6),
        ("a = b", "syntax", 2),
        ("r.", "syntax", 2),
        ("r.5", "syntax", 2),
        ("1e6", "syntax", 1),
        ("0x10", "syntax", 1),
        ("9999999999999999999", "syntax", 0),
        ("a ** b", "syntax", 3),
        ("a; b", "syntax", 1),
        ("a\u00a0b", "syntax", 1),
        ("sum(x in region)", "syntax", 6),
        ("sum(1 for if in region)", "syntax", 10),
        ("sum(1 for x of region)", "syntax", 12),
        ("all(x in region)", "syntax", 15),
        ("count(x in 3)", "syntax", 11),
        ("min(1)", "syntax", 0),
        ("today(1)", "syntax", 0),
        ("clamp(1, 2", "syntax", 10),
        ('noise("why', "syntax", 6),
        ("1 + sqr(4)", "unknown-function", 4),
        ("lambda: 1", "syntax", 6),
        ("__import__('os')", "unknown-function", 0),
    ],
)
def test_errors_point_at_the_offending_word(text: str, code: str, offset: int) -> None:
    """Every error names a code and the exact character."""
    error = refusal(text)
    assert (error.code, error.offset) == (code, offset)
    assert error.message


def test_errors_say_what_would_help() -> None:
    """The usual slips of the pen come with a hint."""
    assert "==" in refusal("a = b").hint
    assert "sqrt" in refusal("sqr(4)").hint
    assert "and" in refusal("a & b").hint
    assert "a < b and b < c" in refusal("a < b < c").hint
    assert "*" in refusal("a b").hint


def test_two_thousand_characters_are_read_and_one_more_is_refused() -> None:
    """The limit on length, at the edge."""
    assert parse("1".ljust(MAX_CHARACTERS))
    error = refusal("1".ljust(MAX_CHARACTERS + 1))
    assert (error.code, error.offset) == ("too-long", MAX_CHARACTERS)


def test_four_hundred_tokens_are_read_and_more_are_refused() -> None:
    """The limit on words and signs, at the edge: a sum of 200 terms has 399 tokens."""
    assert len(list(walk(parse("+".join(["1"] * 200))))) == 399
    assert refusal("+".join(["1"] * 201)).code == "too-long"
    assert MAX_TOKENS == 400


@pytest.mark.parametrize(
    "opening",
    [
        "(",
        "-",
        "not ",
        "min(1, ",
        "a if b else ",
        "sum(1 for x in region where ",
        "a < (",
        "a or b and c + d * -(",
        "count(x in region where ",
    ],
)
def test_nesting_bombs_are_refused_before_they_go_off(opening: str) -> None:
    """Whatever nests is refused past the limit by code, never by exhausting the interpreter's stack; half as deep it fails as syntax."""
    assert refusal(opening * (MAX_DEPTH + 1)).code in ("too-deep", "too-long")
    assert refusal(opening * (MAX_DEPTH // 2)).code == "syntax"


def test_brackets_as_deep_as_the_limit_are_read() -> None:
    """32 brackets are fine, 33 are not."""
    assert parse("(" * MAX_DEPTH + "1" + ")" * MAX_DEPTH)
    assert refusal("(" * (MAX_DEPTH + 1) + "1" + ")" * (MAX_DEPTH + 1)).code == "too-deep"


def only_its_own_error(text: str) -> None:
    """Parse; the only exception is ExpressionError with an offset inside the text."""
    error, node = None, None
    try:
        node = parse(text)
    except ExpressionError as refused:
        error = refused
    if error is not None:
        assert error.code
        assert error.message
        assert 0 <= error.offset <= len(text)
    if node is not None:
        assert all(0 <= part.at < part.end <= len(text) for part in walk(node))


@given(st.text(max_size=2_100))
@example("\x00")
@example("\ud800")
@example("\uff19")
@example("²")
@example("\uff41")
@example("1" * 1_999)
@example("a" * 1_999)
@example("." * 300)
@example('"' * 3)
def test_no_text_raises_anything_but_an_expression_error(text: str) -> None:
    """Any Unicode text is read or refused in order."""
    only_its_own_error(text)


@given(st.lists(st.sampled_from(WORDS), max_size=80).map(" ".join))
def test_no_order_of_the_languages_own_words_raises_anything_else(text: str) -> None:
    """Word salad of the language reaches every corner of the parser."""
    only_its_own_error(text)


@given(st.one_of(st.none(), st.integers(), st.binary(), st.lists(st.text())))
def test_what_is_no_text_is_refused(value: object) -> None:
    """Content that is no string at all is an expression error too."""
    with pytest.raises(ExpressionError):
        parse(value)  # type: ignore[arg-type]


def test_a_quoted_word_keeps_its_text() -> None:
    """Purposes may hold blanks and either kind of quote around them."""
    assert isinstance(parse("draw('a b')"), Call)
    (argument,) = parse("draw('a b')").arguments  # type: ignore[union-attr]
    assert isinstance(argument, Text)
    assert argument.value == "a b"
