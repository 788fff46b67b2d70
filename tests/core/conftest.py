"""Small worlds from the docstring of the test that asks for one, and the shipped scenario, compiled once."""

from __future__ import annotations

import inspect

import pytest

from exercise.core.program import Program
from tests.core import scenes


@pytest.fixture
def program(request: pytest.FixtureRequest) -> Program:
    """The world whose tables stand in the test's docstring, after those of the module's ``TABLES`` if it has any."""
    return scenes.world(getattr(request.module, "TABLES", "") + scenes.tables_of(inspect.getdoc(request.function)))


@pytest.fixture(scope="session")
def osh() -> Program:
    """The scenario that is shipped."""
    return scenes.shipped()
