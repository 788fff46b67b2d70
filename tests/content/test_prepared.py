"""Kept programs: the same to the last bit, and taken only when they can be trusted."""

from __future__ import annotations

import os
import pathlib
import pickle

import platformdirs
import pytest

from exercise.content import prepare, prepare_texts, prepared
from exercise.core.turns import play_out
from exercise.core.world import digest
from tests.content.pieces import valley


@pytest.fixture
def folder(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """A cache folder of our own."""
    monkeypatch.setattr(platformdirs, "user_cache_dir", lambda *_: str(tmp_path / "cache"))
    return tmp_path / "cache" / "programs"


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The cuts compiled from now on."""
    done: list[str] = []
    real = prepared.compile_exercise

    def compile_exercise(content, cut):
        done.append(cut)
        return real(content, cut)

    monkeypatch.setattr(prepared, "compile_exercise", compile_exercise)
    return done


def digests(program) -> list[str]:
    """The digest of the world at the end under three seeds."""
    return [digest(play_out(program, seed)) for seed in (1, 2, 3)]


def test_a_kept_program_plays_as_a_fresh_one(folder: pathlib.Path, compiled: list[str]) -> None:
    """Compiled once, taken from then on, and equal in every world."""
    fresh = prepare_texts(valley())
    kept = prepare_texts(valley())
    assert compiled == ["flood"]
    assert digests(fresh) == digests(kept)
    assert kept.content == fresh.content
    assert [path.suffix for path in folder.iterdir()] == [".program"]


def spoil(path: pathlib.Path, how: str) -> None:
    """Do something to a kept file."""
    raw = path.read_bytes()
    if how == "truncated":
        path.write_bytes(raw[: len(raw) // 2])
    elif how == "empty":
        path.write_bytes(b"")
    elif how == "flipped":
        path.write_bytes(raw[:-5] + bytes([raw[-5] ^ 1]) + raw[-4:])
    elif how == "replaced":
        path.write_bytes(pickle.dumps(["something else"]))
    elif how == "of another key":
        path.write_bytes(prepared._seal("0" * 64, raw[32:]) + raw[32:])
    elif how == "writable by the group":
        path.chmod(0o660)
    elif how == "writable by all":
        path.chmod(0o606)
    elif how == "a link":
        path.rename(path.with_suffix(".moved"))
        path.symlink_to(path.with_suffix(".moved"))
    elif how == "a folder":
        path.unlink()
        path.mkdir()
    elif how == "a pipe":
        path.unlink()
        os.mkfifo(path)


HOW = [
    "truncated",
    "empty",
    "flipped",
    "replaced",
    "of another key",
    "writable by the group",
    "writable by all",
    "a link",
    "a folder",
    "a pipe",
]


@pytest.mark.parametrize("how", HOW)
def test_a_kept_program_that_cannot_be_trusted_is_not_taken(folder: pathlib.Path, compiled: list[str], how: str) -> None:
    """It is compiled anew, without a word and without opening what it holds."""
    fresh = prepare_texts(valley())
    [path] = folder.iterdir()
    spoil(path, how)
    again = prepare_texts(valley())
    assert compiled == ["flood", "flood"]
    assert digests(again)[:1] == digests(fresh)[:1]


def test_a_program_of_another_user_is_not_taken(folder: pathlib.Path, compiled: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A kept program holds code: whoever else wrote it may not run it here."""
    prepare_texts(valley())
    monkeypatch.setattr(prepared, "_user", lambda: 4_000_000)
    prepare_texts(valley())
    assert compiled == ["flood", "flood"]


def test_a_changed_file_or_cut_is_another_program(folder: pathlib.Path, compiled: list[str]) -> None:
    """Nothing stale is ever taken: one sign more in any file makes another key."""
    prepare_texts(valley())
    (name, text), *rest = valley()
    prepare_texts(((name, text + "# more\n"), *rest))
    prepare_texts(valley(), "flood")
    assert compiled == ["flood", "flood", "flood"]


def test_a_cache_folder_that_cannot_be_used_does_no_harm(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, compiled: list[str]
) -> None:
    """A file in its place, or a full disk: slower, and otherwise the same."""
    (tmp_path / "cache").write_text("a file where a folder should be", encoding="utf-8")
    monkeypatch.setattr(platformdirs, "user_cache_dir", lambda *_: str(tmp_path / "cache"))
    assert digests(prepare_texts(valley()))[0] == digests(prepare_texts(valley()))[0]
    assert compiled == ["flood", "flood"]


def test_a_disk_that_fails_leaves_nothing_behind(folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Written beside and moved into place: a half-written program is never there."""

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pathlib.Path, "replace", refuse)
    prepare_texts(valley())
    assert list(folder.iterdir()) == []


def test_only_so_many_programs_are_kept(folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest go."""
    monkeypatch.setattr(prepared, "KEPT", 2)
    for number in range(4):
        (name, text), *rest = valley()
        prepare_texts(((name, text + f"# {number}\n"), *rest))
    assert len(list(folder.glob("*.program"))) == 2


def test_kept_files_are_for_their_owner_alone(folder: pathlib.Path) -> None:
    """The folder 0700, the file 0600, whatever the mask."""
    before = os.umask(0)
    try:
        prepare_texts(valley())
    finally:
        os.umask(before)
    [path] = folder.iterdir()
    assert (folder.stat().st_mode & 0o777, path.stat().st_mode & 0o777) == (0o700, 0o600)


def test_the_shipped_scenario_is_prepared_by_its_id(folder: pathlib.Path, compiled: list[str]) -> None:
    """By id and by folder it is one program."""
    one, other = prepare("osh-2010"), prepare("osh-2010", "")
    assert compiled == ["june-days"]
    assert digests(one)[:1] == digests(other)[:1]
