"""``exercise list``, ``new``, ``schema`` and ``check``."""

from __future__ import annotations

import json
import pathlib
import shutil

import pytest
import tomli

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def test_list_shows_what_can_be_played(shell, valley):
    """Id, title, cuts with minutes and turns, playable seats; the user's own scenarios before the shipped ones."""
    scenarios = {card["id"]: card for card in shell("list", "--json").document["scenarios"]}
    assert next(iter(scenarios)) == "valley-flood"
    assert {"osh-2010", "rasht-2010"} <= set(scenarios)
    own = scenarios["valley-flood"]
    assert own["cuts"] == [{"id": "flood", "title": "The flood", "minutes": 30, "turns": 5, "start": "2031-05-02"}]
    assert own["seats"] == [{"id": "council", "name": "Town council"}, {"id": "relief", "name": "Relief agency"}]
    osh = scenarios["osh-2010"]
    assert ("june-days", 90, 14) in {(cut["id"], cut["minutes"], cut["turns"]) for cut in osh["cuts"]}
    assert len(osh["seats"]) == 12


@pytest.mark.parametrize("scenario", ["osh-2010", "rasht-2010"])
def test_list_agrees_with_what_the_loader_reads(scenario):
    """The quick look at the files and the checked content give the same seats and cuts."""
    from exercise.cli.catalogue import card_of
    from exercise.content import load

    card, content = card_of(scenario), load(scenario)
    assert [seat["id"] for seat in card["seats"]] == [seat.id for seat in content.seats if seat.playable]
    assert [cut["id"] for cut in card["cuts"]] == [cut.id for cut in content.cuts]
    assert [seat["name"] for seat in card["seats"]] == [seat.name for seat in content.seats if seat.playable]


def test_list_shows_unfinished_logs_and_only_those(shell, valley, log):
    """A finished log is not offered for resuming, one that stopped early is, and files that are no logs are passed over."""
    assert shell("run", valley, "--turns", 2, "--log", "early.jsonl", "--json").code == 0
    pathlib.Path("other.jsonl").write_text('{"a": 1}\n[]\n')
    pathlib.Path("empty.jsonl").write_text("")
    logs = shell("list", "--json").document["logs"]
    assert [(pathlib.Path(card["path"]).name, card["scenario"], card["turn"]) for card in logs] == [("early.jsonl", "valley-flood", 2)]
    assert "unfinished: exercise play --log" in shell("list").out


def test_a_broken_scenario_does_not_hide_the_others(shell, valley):
    """What cannot be read is listed under its folder's name, for ``check`` to explain."""
    pathlib.Path("scenarios/broken").mkdir()
    pathlib.Path("scenarios/broken/scenario.toml").write_text("[scenario\n")
    assert {"broken", "valley-flood"} <= {card["id"] for card in shell("list", "--json").document["scenarios"]}


def test_a_new_scenario_is_free_of_errors_and_plays(shell, valley):
    """What ``new`` writes passes ``check`` without an error and runs to its end, also under the name it was given."""
    done = shell("check", "scenarios/valley_flood", "--json")
    assert [problem for problem in done.document["problems"] if problem["level"] == "error"] == []
    assert done.code == 0
    assert shell("run", valley, "--json").document["finished"]


def test_a_copied_scenario_goes_by_its_own_id(shell):
    """``new --from`` copies every file and changes the id alone, so that both can be told apart."""
    assert shell("new", "osh-class", "--from", "osh-2010").code == 0
    copied, original = pathlib.Path("scenarios/osh_class"), ROOT / "scenarios" / "osh_2010"
    files = sorted(path.relative_to(original) for path in original.rglob("*.toml"))
    assert sorted(path.relative_to(copied) for path in copied.rglob("*.toml")) == files
    heads = [tomli.loads((folder / "scenario.toml").read_text(encoding="utf-8")) for folder in (copied, original)]
    assert heads[0]["scenario"].pop("id") == "osh-class"
    assert heads[1]["scenario"].pop("id") == "osh-2010"
    assert heads[0] == heads[1]
    assert "osh-class" in {card["id"] for card in shell("list", "--json").document["scenarios"]}


@pytest.mark.parametrize("name", ["Osh", "../up", "a b", "-x", "", "a" * 61, "1st", "con:1"])
def test_a_name_that_cannot_be_a_folder_is_refused(shell, name):
    """Names are small letters, digits and hyphens: nothing is written anywhere else."""
    assert shell("new", "--", name).code == 2
    assert list(pathlib.Path().iterdir()) == []


def test_nothing_is_overwritten_by_a_new_scenario(shell, valley):
    """A folder of that name is left as it is."""
    before = {path: path.read_bytes() for path in pathlib.Path("scenarios").rglob("*.toml")}
    assert shell("new", valley).code == 2
    assert shell("new", valley, "--from", "osh-2010").code == 2
    assert {path: path.read_bytes() for path in pathlib.Path("scenarios").rglob("*.toml")} == before
    done = shell("new", "other", "--from", "osh-2011")
    assert (done.code, "osh-2010" in done.err) == (2, True)


def test_schemas_describe_every_table(shell):
    """The schema for whole files is JSON Schema with a property for each table, on stdout or in a folder."""
    printed = shell("schema").document
    assert printed["properties"].keys() >= {"scenario", "rule", "seat", "order", "inject", "doctrine", "map"}
    assert shell("schema", "schemas").code == 0
    assert json.loads(pathlib.Path("schemas/content.schema.json").read_text(encoding="utf-8")) == printed


def test_check_names_place_and_hint(shell, valley):
    """``file:line:column: level[code] message`` with the hint below, and the same as JSON; the path can be opened as it is printed."""
    path = pathlib.Path("scenarios/valley_flood/world.toml")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("r.water - 50", "r.watr - 50"), encoding="utf-8")
    done = shell("check", "scenarios/valley_flood", "--json")
    assert done.code == 1
    errors = [problem for problem in done.document["problems"] if problem["level"] == "error"]
    assert len(errors) == 1
    assert errors[0].keys() == {"file", "line", "column", "level", "code", "message", "hint"}
    line = pathlib.Path(errors[0]["file"]).read_text(encoding="utf-8").splitlines()[errors[0]["line"] - 1]
    assert line[errors[0]["column"] - 1 :].startswith(("r.watr", "watr"))
    assert "water" in errors[0]["hint"]
    plain = shell("check", valley)
    assert f"{path}:{errors[0]['line']}:{errors[0]['column']}: error[{errors[0]['code']}]" in plain.out
    assert plain.code == 1


def test_check_tells_everything_at_once(shell, valley):
    """A number without a source, a word that leads nowhere and a unit mismatch in three files are all in one report."""
    folder = pathlib.Path("scenarios/valley_flood")
    for name, old, new in (
        ("msel.toml", 'assumption = true\nreason = "a headline"', ""),
        ("seats.toml", 'may_table = ["council", "relief"]', 'may_table = ["council", "releif"]'),
        ("world.toml", '"flood.rise + 3 * noise()"', '"flood.rise + 3 people"'),
    ):
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new), encoding="utf-8")
    found = {
        pathlib.Path(problem["file"]).name
        for problem in shell("check", folder, "--json").document["problems"]
        if problem["level"] == "error"
    }
    assert found == {"msel.toml", "seats.toml", "world.toml"}


def test_check_accepts_files_ids_and_rules(shell, valley):
    """An id, a folder, a file inside one and a rulebook folder all mean what a person would think."""
    assert shell("check", valley).code == 0
    assert shell("check", "scenarios/valley_flood/seats.toml").code == 0
    done = shell("check", ROOT / "rules", "--json")
    assert done.document["problems"] == []
    assert done.document["checked"] == len(list((ROOT / "rules").rglob("*.toml")))


def test_a_mistake_in_a_rule_is_found_without_any_scenario(shell):
    """The rulebook is checked by itself: a misspelt quantity in a module is found, and only that."""
    shutil.copytree(ROOT / "rules", "rules")
    path = pathlib.Path("rules/unrest.toml")
    path.write_text(path.read_text(encoding="utf-8").replace("r.ethnic_tension", "r.ethnic_tensoin", 1), encoding="utf-8")
    problems = shell("check", "rules", "--json").document["problems"]
    assert {problem["file"] for problem in problems} == {"rules/unrest.toml"}
    assert "ethnic_tension" in problems[0]["hint"]


def test_all_shipped_content_is_free_of_errors(shell):
    """Rules and scenarios pass their own check."""
    done = shell("check", ROOT / "rules", *sorted((ROOT / "scenarios").iterdir()), "--json")
    assert [problem for problem in done.document["problems"] if problem["level"] == "error"] == []
    assert done.code == 0


@pytest.mark.parametrize("arguments", [[], ["nowhere"], ["."]])
def test_checking_nothing_is_a_misuse(shell, arguments):
    """No path, a name that does not exist, or a folder without content: exit code 2."""
    assert shell("check", *arguments).code == 2
