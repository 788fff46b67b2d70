"""What all tests share: the long campaigns' switch, steady properties, and a home of their own for everything that a command may write."""

from __future__ import annotations

import pathlib

import hypothesis
import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Examples are the same on every machine and run; --long looks for new ones. No deadline: a slow moment of a machine is not a failure.
hypothesis.settings.register_profile("steady", deadline=None, derandomize=True, database=None)
hypothesis.settings.register_profile("long", deadline=None, max_examples=5_000)
hypothesis.settings.load_profile("steady")


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--long`` runs the whole campaigns: thousands of kills, every offset of every log."""
    parser.addoption("--long", action="store_true", help="run the long campaigns in full")


def pytest_configure(config: pytest.Config) -> None:
    """Look for new examples in long campaigns."""
    if config.getoption("--long"):
        hypothesis.settings.load_profile("long")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out tests marked long unless asked for."""
    if config.getoption("--long"):
        return
    leave_out = pytest.mark.skip(reason="a long campaign: pytest --long")
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(leave_out)


@pytest.fixture
def campaign(request: pytest.FixtureRequest):
    """``campaign(300, 10_000)``: how often to try, now and in a long campaign."""
    return lambda share, full: full if request.config.getoption("--long") else share


@pytest.fixture
def root() -> pathlib.Path:
    """The folder of the project."""
    return ROOT


@pytest.fixture(scope="session")
def shared_cache(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """Where compiled programs are kept for the whole run, so that a scenario compiles once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def own_home(shared_cache: pathlib.Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """Keep a person's own scenarios and logs out of the tests, and the tests out of them."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(shared_cache))
    for name in ("NO_COLOR", "COLUMNS", "LINES", "LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    return home
