"""The rulebook as a document says what the rules that run say."""

from __future__ import annotations

from pathlib import Path

import pytest

from exercise.content import read_rules, rules_program, shipped
from exercise.core.definitions import Content
from exercise.core.influence import Influence, influences
from exercise.report.rulebook import rulebook_pages


@pytest.fixture(scope="module")
def content() -> Content:
    """The shipped rulebook."""
    return read_rules(shipped() / "rules").content


@pytest.fixture(scope="module")
def found(content: Content) -> tuple[Influence, ...]:
    """What drives what in it."""
    return influences(rules_program(content))


def test_what_drives_what_is_read_off_the_rules(found: tuple[Influence, ...]) -> None:
    """``nexus.arms_leak`` multiplies tension, want of capability and abuse into the spread of arms, and its condition reads the first."""
    leak = {(one.cause, one.effect) for one in found if one.rule == "nexus.arms_leak"}
    spread = ("region", "arms_diffusion")
    assert {(("region", "ethnic_tension"), spread), (("region", "capability"), spread), (("group", "abuse"), spread)} <= leak
    assert {effect for _, effect in leak} == {spread}


def test_every_mechanism_and_parameter_stands_in_it(content: Content, found: tuple[Influence, ...]) -> None:
    """With its formula; nothing is left out."""
    text = rulebook_pages(content, found)["rulebook.md"]
    for one in (*content.rules, *content.assessments):
        assert f"### {one.id}\n" in text
    for parameter in content.parameters:
        assert f"| `{parameter.id}` | {parameter.value:g}" in text


def test_the_written_rulebook_is_that_of_the_rules(content: Content, found: tuple[Influence, ...]) -> None:
    """``exercise rulebook rules -o docs`` after every change of the rules."""
    docs = Path(__file__).resolve().parents[2] / "docs"
    for name, text in rulebook_pages(content, found).items():
        assert (docs / name).read_text(encoding="utf-8") == text, f"docs/{name} is not up to date"
