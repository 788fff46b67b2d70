"""docs/language.md is true: every example means what it says, every error code is listed with an example that gives it."""

from __future__ import annotations

import pathlib
import re

import pytest
import tomli

from exercise.language import Choice, ExpressionError, Number, parse_unit
from exercise.language.parse import COUNTED, FUNCTIONS, REDUCED

ROOT = pathlib.Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")


def fenced(label: str) -> list[tuple[str, str]]:
    """(what follows the label, line) for every line of the examples with that label."""
    blocks = re.findall(rf"^```{label}([^\n]*)\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)
    return [(rest.strip(), line) for rest, block in blocks for line in block.splitlines()]


def table(heading: str) -> list[list[str]]:
    """Rows of the first table whose head begins with a word."""
    rows = DOCUMENT.split(f"\n| {heading} |")[1].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in row.strip()[1:-1].split("|")] for row in rows]


@pytest.mark.parametrize("line", [line for _, line in fenced("condition")])
def test_documented_conditions_are_conditions(world, line: str) -> None:
    """The words behind two or more blanks are a remark, not part of the example."""
    assert world.builder().condition(re.split(r"\s{3,}", line)[0])


@pytest.mark.parametrize("line", [line for _, line in fenced("value")])
def test_documented_values_are_what_comes_out(world, line: str) -> None:
    """Literals only, so that the answer is known when content is loaded."""
    text, value = line.split("->")
    assert world.builder().constant(text) == float(value)


@pytest.mark.parametrize(("unit", "line"), fenced("amount"))
def test_documented_amounts_fit_their_unit(world, unit: str, line: str) -> None:
    """An amount of people, an amount of points."""
    assert world.builder().amount(line, parse_unit(unit))


@pytest.mark.parametrize(("quantity", "line"), fenced("set"))
def test_documented_values_can_be_set(world, quantity: str, line: str) -> None:
    """Dates, listed values and flags."""
    kind, name = quantity.split(".")
    assert world.builder().value_for(line, world.blocks[kind, name], "set")


def test_the_documented_rule_compiles(world) -> None:
    """Its TOML is read, and every expression in it lowered."""
    ((rule,),) = (tomli.loads("\n".join(line for _, line in fenced("toml")))["rule"],)
    builder = world.builder()
    for name, text in rule["let"].items():
        builder.define(name, text)
    builder.condition(rule["when"])
    for effect in rule["effects"]:
        block, _ = builder.address(effect["on"])
        mode = "add" if "add" in effect else "toward"
        builder.value_for(effect[mode], block, mode)
        if "when" in effect:
            builder.condition(effect["when"])
        if "rate" in effect:
            builder.rate(effect["rate"])


def test_the_world_of_the_examples_is_the_documented_one(world) -> None:
    """The page's table of quantities is the one that these tests use."""
    documented = {}
    for kind, names, unit, low, high in table("kind"):
        for name in names.split(", "):
            documented[kind, name] = (unit, low, high)
    assert set(documented) == set(world.blocks)
    for key, block in world.blocks.items():
        unit, low, high = documented[key]
        if block.values:
            assert tuple(unit.split(", ")) == block.values
        else:
            assert parse_unit(unit) == block.unit
            assert block.date or (float(low), float(high)) == (block.low, block.high)


def documented_codes() -> dict[str, str]:
    """Code -> example (may be empty)."""
    rows = re.findall(r"^\| `([a-z-]+)` \|[^|]*\| ?(?:`([^`]+)`)? ?\|$", DOCUMENT, re.MULTILINE)
    return dict(rows)


def test_every_error_code_is_documented_and_no_other() -> None:
    """Codes are part of the interface: a new one belongs into the table."""
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "exercise" / "language").glob("*.py"))
    raised = set(re.findall(r'ExpressionError\(\s*"([a-z-]+)"', source)) | set(re.findall(r'"(not-fixed|unknown-quantity)"', source))
    assert set(documented_codes()) == raised


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, text in documented_codes().items() if text])
def test_each_documented_mistake_gives_its_code(world, code: str, text: str) -> None:
    """The examples in the table of errors are refused with the code beside them."""
    with pytest.raises(ExpressionError) as caught:
        world.builder().condition(text)
    assert caught.value.code == code


def test_every_function_is_documented() -> None:
    """Each function and relation of the parser stands on the page."""
    missing = [name for name in (*FUNCTIONS, *REDUCED, *COUNTED) if not re.search(rf"`{name}[(`]", DOCUMENT)]
    assert missing == []


def test_numbers_on_the_page_are_typed_as_told(world) -> None:
    """The small claims of the text: a percent is a bare number, a listed value is no number."""
    assert world.builder().lower("40%").type == Number(low=0.4, high=0.4, adaptable=True)
    assert world.builder().lower("r.capacity").type == Choice(("failed", "degraded", "captured", "hegemonic"))
