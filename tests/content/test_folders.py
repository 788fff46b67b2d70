"""Files are read only when it is safe to, and scenarios are found where a person would look."""

from __future__ import annotations

import os
import pathlib
import stat

import pytest

from exercise.content import ContentError, find, find_scenarios, load, read_scenario
from exercise.content.folders import FILES, scenario_collected
from exercise.content.limits import FILE_BYTES
from tests.content.pieces import valley

SECRET = '[[seat]]\nid = "canary"\n'


@pytest.fixture
def folder(tmp_path: pathlib.Path) -> pathlib.Path:
    """A scenario on disk, with something beside it that is not its own."""
    (tmp_path / "secret.toml").write_text(SECRET, encoding="utf-8")
    for name, text in valley():
        path = tmp_path / ("rules" if name.startswith("rules/") else "scenarios/valley") / name.partition("/")[2]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "scenarios" / "valley"


def link_out(path: pathlib.Path) -> None:
    """A link to a file outside."""
    path.symlink_to(path.parent.parent.parent / "secret.toml")


def link_to_nothing(path: pathlib.Path) -> None:
    """A link that leads nowhere."""
    path.symlink_to("nowhere")


def link_to_device(path: pathlib.Path) -> None:
    """A link to a device that never ends."""
    path.symlink_to("/dev/zero")


def pipe(path: pathlib.Path) -> None:
    """A named pipe, on which a careless reader waits for ever."""
    os.mkfifo(path)


def folder_of_that_name(path: pathlib.Path) -> None:
    """A folder that is called like a file."""
    path.mkdir()


def too_large(path: pathlib.Path) -> None:
    """A file of a gigabyte, most of it a hole."""
    with path.open("wb") as file:
        file.truncate(1024 * FILE_BYTES)


def no_text(path: pathlib.Path) -> None:
    """Bytes."""
    path.write_bytes(b"\xff\xfe\x00")


REFUSED = [(link_out, "not-a-file"), (link_to_nothing, "not-a-file"), (link_to_device, "not-a-file"), (pipe, "not-a-file")]
REFUSED += [(too_large, "too-large"), (no_text, "encoding")]


@pytest.mark.parametrize(("make", "code"), REFUSED, ids=[make.__name__ for make, _ in REFUSED])
def test_fault_58_only_plain_files_are_read(folder: pathlib.Path, make, code: str) -> None:
    """What is no plain file of fair size is refused under its own name; nothing of it is read, and the rest of the scenario is."""
    make(folder / "planted.toml")
    reading = read_scenario(folder)
    assert [(one.place.file, one.place.line, one.code) for one in reading.problems] == [("scenario/planted.toml", 1, code)]
    assert "canary" not in str(reading)
    assert len(reading.files) == len(valley())
    with pytest.raises(ContentError):
        load(folder)


def test_fault_58_a_link_to_a_folder_is_not_followed(folder: pathlib.Path) -> None:
    """It is told, since what it leads to is missing; a circle of links is no trap."""
    (folder / "more").symlink_to(folder.parent.parent)
    (folder / "round").symlink_to(folder)
    reading = read_scenario(folder)
    assert [(one.place.file, one.code) for one in reading.problems] == [("scenario/more", "not-a-file"), ("scenario/round", "not-a-file")]
    assert "canary" not in str(reading)


@pytest.mark.parametrize("module", ["../secret", "../../secret", "/etc/passwd", "kinds/../../secret", "..", ""])
def test_fault_58_a_module_cannot_lead_out_of_the_rulebook(folder: pathlib.Path, module: str) -> None:
    """A module is a plain word: anything else is told as unknown, whether or not there is such a file."""
    head = folder / "scenario.toml"
    head.write_text(head.read_text(encoding="utf-8").replace("modules = []", f'modules = ["{module}"]'), encoding="utf-8")
    reading = read_scenario(folder)
    assert [one.code for one in reading.problems] == ["unknown-module"]
    assert "canary" not in str(reading)


def test_fault_58_a_pipe_in_place_of_a_head_stops_nobody(folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking for scenarios opens every head there is: one that is a pipe, a device or a bomb is passed over."""
    for name, make in (("pipe", pipe), ("zero", link_to_device), ("large", too_large), ("bytes", no_text)):
        (folder.parent / name).mkdir()
        make(folder.parent / name / "scenario.toml")
    (folder.parent / "bomb").mkdir()
    (folder.parent / "bomb" / "scenario.toml").write_text("a = " + "[" * 100_000, encoding="utf-8")
    monkeypatch.chdir(folder.parent.parent)
    assert {"valley", "bomb", "pipe", "zero"} <= {found.id for found in find_scenarios()}
    assert find("valley").resolve() == folder.resolve()


def test_fault_58_a_file_that_cannot_be_read_is_told(folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Permission, not a traceback; the same for a folder."""
    real = os.open

    def refuse(path, *rest):
        if pathlib.Path(path).name == "seats.toml":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, *rest)

    monkeypatch.setattr(os, "open", refuse)
    reading = read_scenario(folder)
    assert [(one.place.file, one.code) for one in reading.problems] == [("scenario/seats.toml", "unreadable")]
    assert "Permission denied" in reading.problems[0].message


def test_fault_58_names_of_files_cannot_forge_anything(folder: pathlib.Path) -> None:
    """A line end or an escape in a file's name is refused and never printed."""
    (folder / "a\nb\x1b[2J.toml").write_text(SECRET, encoding="utf-8")
    [problem] = read_scenario(folder).problems
    assert problem.code == "file-name"
    assert problem.place.file.isprintable()


def test_too_many_files_are_told(folder: pathlib.Path) -> None:
    """The limit is told at the first file beyond it."""
    for number in range(FILES):
        (folder / f"x{number:03}.toml").write_text("", encoding="utf-8")
    assert {one.code for one in scenario_collected(folder).problems} == {"too-many"}


def test_fault_59_archives_are_not_read(folder: pathlib.Path) -> None:
    """An archive is no folder: naming one finds nothing, and one inside a scenario is passed over like any file that is not TOML."""
    archive = folder / "more.zip"
    archive.write_bytes(b"PK\x03\x04" + b"\0" * 100)
    with pytest.raises(ContentError):
        load(archive)
    assert read_scenario(folder).problems == ()
    assert stat.S_ISREG(archive.stat().st_mode)


def test_files_of_editors_are_passed_over(folder: pathlib.Path) -> None:
    """Locks and drafts begin with a dot: the dangling link of an editor that has a file open is no mistake of the author's."""
    link_to_nothing(folder / ".#seats.toml")
    (folder / ".drafts").mkdir()
    (folder / ".drafts" / "seats.toml").write_text(SECRET, encoding="utf-8")
    assert read_scenario(folder).problems == ()


def test_own_scenarios_come_before_shipped_ones(folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two with one id the one in the folder where we are is played; the nearest id is offered for one that is not there."""
    head = folder / "scenario.toml"
    head.write_text(head.read_text(encoding="utf-8").replace('id = "valley"', 'id = "osh-2010"'), encoding="utf-8")
    monkeypatch.chdir(folder.parent.parent)
    assert find("osh-2010") == pathlib.Path.cwd() / "scenarios" / "valley"
    with pytest.raises(ContentError) as refused:
        find("osh-2011")
    assert refused.value.problems[0].hint == "did you mean osh-2010?"
