"""``exercise check``: mistakes that people make in scenarios and rules, planted one by one into a copy of the shipped ones.

Each must be told with the real file, the line and the column of the very word, a code and a hint that helps. Whether the compiler is asked too
is a matter of time alone: mistakes within expressions are planted all at once, so that the whole content is compiled once for them.
"""

from __future__ import annotations

import json
import pathlib
import re
import shutil
import time
from collections.abc import Iterator
from typing import Any

import attrs
import pytest
from click.testing import CliRunner, Result

from exercise.cli.check import check_command
from exercise.content import examination

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SEATS = "scenarios/osh_2010/seats"
RUSSIA, CHINA, BISHKEK = f"{SEATS}/russia.toml", f"{SEATS}/china.toml", f"{SEATS}/kyrgyz_government.toml"
ENTITIES, BODIES, INJECTS = (f"scenarios/osh_2010/{name}.toml" for name in ("entities", "bodies", "injects"))
HEAD, MAP, REPORTS = (f"scenarios/osh_2010/{name}.toml" for name in ("scenario", "map", "reports"))
HISTORY, PREVENTION = (f"scenarios/osh_2010/doctrines/{name}.toml" for name in ("history", "prevention"))
KINDS, UNREST, CAPACITY = (f"rules/{name}.toml" for name in ("kinds", "unrest", "capacity"))

RULE = '[[rule]]\nid = "planted.rule"\nstage = "violence"\nfor = "region r"\nbecause = "planted"\nassumption = true\nreason = "planted"\n'
INJECT = (
    '[[inject]]\nid = "planted"\nnumber = 9999\ntitle = "P"\nfrom = "p"\nto = ["all"]\nmethod = "letter"\ntext = "p"\nexpected_action = "p"\n'
    'objective = "p"\nassumption = true\nreason = "planted"\n'
)
ORDER = (
    '[[order]]\nid = "planted_order"\nseats = ["russia"]\ntitle = "P"\npurpose = "relief"\ntext = "p"\nbecause = "p"\nassumption = true\n'
    'reason = "planted"\n'
)
FACT = '[[fact]]\nid = "planted"\ntitle = "P"\nlow = 0\nhigh = 0\nassumption = true\nreason = "planted"\n'


@attrs.frozen
class Fault:
    """A mistake: in ``file``, the first ``old`` becomes ``new`` (an empty ``old``: ``new`` is added at the end); ``word`` stands where the
    problem is told, with this code and a hint that holds these words.
    """

    file: str
    old: str
    new: str
    word: str
    code: str
    hint: str = ""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A copy of the shipped rules and scenario."""
    place = tmp_path_factory.mktemp("check")
    shutil.copytree(ROOT / "rules", place / "rules")
    shutil.copytree(ROOT / "scenarios" / "osh_2010", place / "scenarios" / "osh_2010")
    return place


@pytest.fixture
def here(copy: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[pathlib.Path]:
    """The copy as the folder where we are; afterwards it is as it was."""
    monkeypatch.chdir(copy)
    before = {path: path.read_bytes() for path in copy.rglob("*.toml")}
    yield copy
    for path in copy.rglob("*"):
        if path.is_symlink() or (path.is_file() and path not in before):
            path.unlink()
    for path, raw in before.items():
        if not path.exists() or path.read_bytes() != raw:
            path.write_bytes(raw)


@pytest.fixture
def uncompiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the compiler out: for mistakes that it has no part in finding."""
    monkeypatch.setattr(examination, "attempt_compile", lambda *_: (None, ()))


def plant(fault: Fault) -> None:
    """Make the mistake."""
    path = pathlib.Path(fault.file)
    text = path.read_text(encoding="utf-8")
    assert fault.old in text, "what the mistake is made of has gone"
    path.write_text(text.replace(fault.old, fault.new, 1) if fault.old else f"{text}\n{fault.new}", encoding="utf-8")


def check(*paths: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(check_command, [*paths, "--json"], catch_exceptions=False)


def problems_of(*paths: str) -> list[dict[str, Any]]:
    """What the command found."""
    done = check(*paths)
    found: list[dict[str, Any]] = json.loads(done.stdout)["problems"]
    assert done.exit_code == any(problem["level"] == "error" for problem in found)
    return found


def word_at(problem: dict[str, Any]) -> str:
    """The rest of the line where a problem is told."""
    lines = pathlib.Path(problem["file"]).read_text(encoding="utf-8").split("\n")
    return lines[problem["line"] - 1][problem["column"] - 1 :]


def assert_tells(problem: dict[str, Any], fault: Fault) -> None:
    """The problem is this mistake, told at its word, with a useful hint."""
    assert (problem["file"], problem["code"]) == (fault.file, fault.code), problem
    assert word_at(problem).startswith(fault.word), (word_at(problem)[:60], problem)
    assert fault.hint in problem["hint"], problem
    assert problem["message"]
    assert problem["hint"] != problem["message"]


TABLES = {
    "a misspelt quantity of an entity": Fault(ENTITIES, '"spillover_fear"', '"spilover_fear"', "spilover_fear", "unknown-quantity", "spillover_fear"),
    "an unknown seat in an order": Fault(RUSSIA, 'seats = ["russia"]', 'seats = ["rusia"]', "rusia", "unknown-seat", "russia"),
    "an unknown seat in an inject": Fault(INJECTS, "", INJECT + 'kind = "contingency"\n'.replace("all", "x") + "", "", "", ""),
    "an inject outside every cut": Fault(INJECTS, "", INJECT + 'kind = "timed"\non = 2011-09-01\n', "2011-09-01", "unreachable", "cuts run from"),
    "an inject whose condition no state can meet": Fault(
        INJECTS, "", INJECT + 'kind = "conditional"\nwhen = "osh_city.unrest > 120"\n', "osh_city.unrest", "unreachable", "ranges"
    ),
    "an absence that is noticed after the end": Fault(
        INJECTS, "", INJECT + 'kind = "absence"\nby = 2011-07-21\nunless = "osh_city.unrest > 20"\n', "2011-07-21", "unreachable", "cuts run from"
    ),
    "a rule that can never fire": Fault(UNREST, "", RULE + 'when = "r.unrest < 0"\neffects = [{ on = "r.unrest", add = "1" }]\n', "r.unrest < 0", "never", "ranges"),
    "a source that is in no register": Fault(BISHKEK, '"w103"', '"w1003"', "w1003", "unknown-source", "w103"),
    "a number without a source": Fault(
        UNREST, "", RULE.partition("assumption")[0] + 'effects = [{ on = "r.unrest", add = "7" }]\n', "7", "missing-source", "assumption = true"
    ),
    "an assumption without a reason": Fault(UNREST, "", RULE.replace('"planted"\n', '""\n').replace('because = ""', 'because = "b"') + "effects = []\n", "true", "missing-reason", "sentence"),
    "a rule that depends on the calendar": Fault(UNREST, "", RULE + "effects = []\nnot_before = 2010-06-12\n", "not_before", "date-condition", "injects"),
    "an unknown order in a doctrine": Fault(HISTORY, '"appeal_for_troops"', '"apeal_for_troops"', "apeal_for_troops", "unknown-order", "appeal_for_troops"),
    "an unknown motion in a doctrine": Fault(HISTORY, 'motion = "deploy_peacekeepers"', 'motion = "deploy_peacekeeper"', "deploy_peacekeeper", "unknown-motion", "deploy_peacekeepers"),
    "a misspelt key": Fault(RUSSIA, "\npurpose = ", "\npurpuse = ", "purpuse", "unknown-key", "purpose"),
    "a misspelt table": Fault(CHINA, "[[seat.objectives]]", "[[seat.objektives]]", "objektives", "unknown-key", "objectives"),
    "a missing key": Fault(UNREST, "", RULE.replace('because = "planted"\n', "") + "effects = []\n", "[[rule]]", "missing-key"),
    "an id given twice": Fault(RUSSIA, "", ORDER.replace("planted_order", "lend_helicopters"), "lend_helicopters", "duplicate", "russia.toml"),
    "a text where a number belongs": Fault(HEAD, "minutes = 90", 'minutes = "90"', "90", "type", "without quotes"),
    "a number where a text belongs": Fault(RUSSIA, 'id = "russia"', "id = 7", "7", "type", "quotes"),
    "an unknown unit": Fault(KINDS, 'unit = "points"', 'unit = "pionts"', "pionts", "unknown-unit", "points"),
    "an unknown stage": Fault(UNREST, 'stage = "violence"', 'stage = "violance"', "violance", "unknown-stage", "violence"),
    "an unknown kind": Fault(KINDS, 'kind = "country"', 'kind = "contry"', "contry", "unknown-kind", "country"),
    "an unknown module": Fault(HEAD, '"unrest"', '"unrset"', "unrset", "unknown-module", "unrest"),
    "a module outside the rulebook": Fault(HEAD, '"unrest"', '"../scenarios/osh_2010/map"', "../scenarios", "unknown-module", "modules are"),
    "a cut that does not exist": Fault(HEAD, 'default_cut = "june-days"', 'default_cut = "june-day"', "june-day", "unknown-cut", "june-days"),
    "a turn without days": Fault(HEAD, "days = 1,", "days = 0,", "0,", "out-of-range", "days"),
    "a body without members": Fault(BODIES, "", '[[body]]\nid = "planted"\nname = "P"\nshort = "P"\nrule_text = "p"\ndecision = "consensus"\nmembers = []\nmotions = [{ id = "p", title = "p", text = "p", may_table = [], because = "p" }]\n', "[]", "no-members", "members"),
    "a member that is no seat": Fault(BODIES, '{ seat = "russia"', '{ seat = "rusia"', "rusia", "unknown-seat", "russia"),
    "a fallback that is no motion": Fault(BODIES, 'fallback = "aid_package"', 'fallback = "aid_pakage"', "aid_pakage", "unknown-motion", "aid_package"),
    "a fallback that leads back": Fault(BODIES, 'fallback = "aid_package"', 'fallback = "deploy_peacekeepers"', "deploy_peacekeepers", "cyclic-fallback", "chain"),
    "a vote that is none": Fault(BODIES, 'vote = "abstain"', 'vote = "abstian"', "abstian", "unknown-word", "abstain"),
    "a label of nowhere": Fault(MAP, 'entity = "talas"', 'entity = "tallas"', "tallas", "unknown-entity", "talas"),
    "a row of the map too short": Fault(MAP, "kkkkkkkkkkk\nk", "kkkkkkkkkk\nk", "kkkkk", "map", "one length"),
    "a report of nothing": Fault(REPORTS, 'of = "region.unrest"', 'of = "region.unrset"', "region.unrset", "unknown-quantity", "region.unrest"),
    "a report to nobody known": Fault(REPORTS, 'to = ["public"]', 'to = ["publik"]', "publik", "unknown-seat", "seats are"),
    "a start beyond its range": Fault(ENTITIES, '"spillover_fear", value = 25', '"spillover_fear", value = 250', "250", "out-of-range", "range"),
    "a placeholder of nothing": Fault(RUSSIA, "{target}", "{tarrget}", "{tarrget}", "placeholder", "{target}"),
    "a partner of the wrong kind": Fault(ENTITIES, 'neighbours = ["osh",', 'neighbours = ["russia",', "russia", "unknown-region", "regions are"),
    "a text never closed": Fault(CHINA, '\nbriefing = """', '\nbriefing = "', '"', "toml", "quotes"),
    "a list never closed": Fault(PREVENTION, "\nmotions = [\n", "\nmotions = [[\n", "[[", "toml", "close it"),
    "a key given twice": Fault(CHINA, '\nname = "', '\nname = "x"\nname = "', "name", "duplicate-key", "once"),
    "a control character": Fault(RUSSIA, 'title = "', 'title = "\x1b', "\x1b", "control-character", "delete"),
    "a control character in disguise": Fault(RUSSIA, 'title = "', 'title = "A \\"b\\" \\u001b', "\\u001b", "control-character", "delete"),
    "a key of forty thousand characters": Fault(UNREST, "", "k." * 20_000 + "k = 1\n", "k.k.", "too-long", "break"),
    "a key of twenty thousand characters": Fault(UNREST, "", "[rule." + "k." * 10_000 + "k]\n", "[rule.k.", "too-deep", "flatten"),
    "a bomb of brackets": Fault(UNREST, "", "k = " + "[" * 5_000 + "\n", "[[[", "too-deep", "flatten"),
}  # fmt: skip
TABLES["an unknown seat in an inject"] = Fault(
    INJECTS, "", INJECT.replace('"all"', '"rusia"') + 'kind = "contingency"\n', "rusia", "unknown-seat", "russia"
)


@pytest.mark.usefixtures("uncompiled")
@pytest.mark.parametrize("fault", TABLES.values(), ids=TABLES)
def test_a_mistake_in_a_table_is_told_at_its_word(here: pathlib.Path, fault: Fault) -> None:
    """One mistake, one problem: nothing that only follows from it is told beside it."""
    plant(fault)
    found = problems_of("scenarios/osh_2010")
    assert len(found) == 1, found
    assert_tells(found[0], fault)


@pytest.mark.usefixtures("uncompiled")
def test_partners_that_lead_in_a_circle_are_told(here: pathlib.Path) -> None:
    """A relation with one partner each within a kind must end somewhere: both ends of a circle are told, at the partners."""
    relation = '[[relation]]\nid = "above"\nof = "region"\nto = "region"\none = true\n'
    plant(Fault(KINDS, "", relation, "", ""))
    for region, above in (("osh_city", "osh"), ("osh", "osh_city")):
        path = pathlib.Path(ENTITIES)
        head, name, tail = path.read_text(encoding="utf-8").partition(f'id = "{region}"\n')
        path.write_text(head + name + tail.replace("relations = { ", f'relations = {{ above = ["{above}"], ', 1), encoding="utf-8")
    found = problems_of("scenarios/osh_2010")
    assert [(problem["code"], word_at(problem)[:7]) for problem in found] == [
        ("cyclic-relation", '["osh"]'),
        ("cyclic-relation", '["osh_c'),
    ]


@pytest.mark.usefixtures("uncompiled")
def test_a_seat_without_a_briefing_is_told(here: pathlib.Path) -> None:
    """Whoever sits down there has nothing to read."""
    path = pathlib.Path(RUSSIA)
    path.write_text(
        re.sub(r'^briefing = """.*?"""\n', "", path.read_text(encoding="utf-8"), count=1, flags=re.DOTALL | re.MULTILINE), encoding="utf-8"
    )
    [problem] = problems_of("scenarios/osh_2010")
    assert_tells(problem, Fault(RUSSIA, "", "", "[[seat]]", "no-briefing", "briefing"))


@pytest.mark.usefixtures("uncompiled")
def test_a_file_that_is_no_utf8_is_told_at_the_byte(here: pathlib.Path) -> None:
    """The column counts characters, not bytes, so that an editor goes to the place; what the file would have defined is not missed."""
    path = pathlib.Path(RUSSIA)
    path.write_bytes(path.read_bytes().replace(b'title = "', 'title = "Ош'.encode() + b"\xff", 1))
    [problem] = problems_of("scenarios/osh_2010")
    line = path.read_bytes().split(b"\n")[problem["line"] - 1]
    assert (problem["file"], problem["code"], "UTF-8" in problem["hint"]) == (RUSSIA, "encoding", True)
    assert line.decode("utf-8", "replace")[problem["column"] - 1] == "\N{REPLACEMENT CHARACTER}"


EXPRESSIONS = {
    "a misspelt quantity": Fault(UNREST, "", RULE + 'effects = [{ on = "r.unrest", add = "r.ethnic_tensoin" }]\n', "ethnic_tensoin", "unknown-quantity", "ethnic_tension"),
    "points added to people": Fault(CAPACITY, "", RULE.replace('rule"', 'rule2"') + 'effects = [{ on = "r.unrest", add = "r.unrest + 5 people" }]\n', "5 people", "unit-mismatch"),
    "a divisor that can be nought": Fault(UNREST, "", RULE.replace('rule"', 'rule3"') + 'effects = [{ on = "r.unrest", add = "10 / r.violence" }]\n', "r.violence", "zero-divisor", "max(1"),
    "a root of what can be negative": Fault(UNREST, "", RULE.replace('rule"', 'rule4"') + 'effects = [{ on = "r.unrest", add = "sqrt(r.unrest - 50)" }]\n', "r.unrest - 50", "negative-root"),
    "the calendar in a condition": Fault(UNREST, "", RULE.replace('rule"', 'rule5"') + 'when = "today() > 5"\neffects = []\n', "today()", "date-condition", "days_since"),
    "dice in a need": Fault(RUSSIA, "", ORDER + 'needs = [{ when = "chance(50%)", say = "no" }]\n', "chance", "random-in-condition", "rules"),
    "an objective without a report": Fault(RUSSIA, "[[seat.objectives]]", '[[seat.objectives]]\nid = "p"\ntitle = "P"\nscore = "mia.rents"\n\n[[seat.objectives]]', "rents", "unknown-quantity", "report"),
    "both add and set": Fault(UNREST, "", RULE.replace('rule"', 'rule6"') + 'effects = [{ on = "r.unrest", add = "1", set = "2" }]\n', "r.unrest", "effect-mode"),
    "a duration that cannot be read": Fault(UNREST, "", RULE.replace('rule"', 'rule7"') + 'effects = [{ on = "r.unrest", add = "1", after = "soon" }]\n', "", "duration", "days"),
    "an unknown parameter": Fault(UNREST, "", RULE.replace('rule"', 'rule8"') + 'when = "r.unrest > unrest.fatige"\neffects = []\n', "unrest.fatige", "unknown-parameter", "unrest.fatigue"),
    "a listed value that is none": Fault(CAPACITY, "", RULE.replace('rule"', 'rule9"') + 'when = "r.capacity == faild"\neffects = []\n', "faild", "unknown-choice", "failed"),
    "a probability beyond one": Fault(UNREST, "", RULE.replace('rule"', 'rule10"') + 'when = "chance(r.unrest)"\neffects = []\n', "r.unrest", "probability-range", "clamp"),
    "a bracket never closed": Fault(INJECTS, "", INJECT + 'kind = "conditional"\nwhen = "(osh_city.unrest > 20"\n', '"', "syntax"),
    "a bomb of brackets": Fault(REPORTS, "", FACT + f'value = "{"(" * 100}1{")" * 100}"\n', "(", "too-deep", "let"),
    "an endless expression": Fault(REPORTS, "", FACT.replace("planted", "planted2") + f'value = "1{" + 1" * 450}"\n', "", "too-long", "let"),
    "a local name of nothing, used three times": Fault(UNREST, "", RULE.replace('rule"', 'rule11"') + 'let.a = "r.unrset"\nlet.b = "a + a"\nwhen = "b > a"\neffects = []\n', "unrset", "unknown-quantity", "unrest"),
    "a word behind escapes": Fault(UNREST, "", RULE.replace('rule"', 'rule12"') + 'when = "chance(10%, \\"a \\u0062\\") or r.unrset > 5"\neffects = []\n', "unrset", "unknown-quantity", "unrest"),
    "a word on the third line": Fault(UNREST, "", RULE.replace('rule"', 'rule13"') + 'when = """\n  r.unrest > 5\n  and r.unrset > 5"""\neffects = []\n', "unrset", "unknown-quantity", "unrest"),
    "a target that is none": Fault(HISTORY, 'target = "osh_city", on = 2010-06-11', 'target = "osh_citty", on = 2010-06-11', "", "unknown-target"),
}  # fmt: skip


@pytest.fixture(scope="module")
def all_at_once(copy: pathlib.Path) -> list[dict[str, Any]]:
    """The problems of a copy with every mistake of ``EXPRESSIONS``, and one in a table and one in TOML beside them."""
    place = copy.parent / "planted"
    shutil.copytree(copy, place)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        for fault in (*EXPRESSIONS.values(), *BESIDE):
            plant(fault)
        began = time.perf_counter()
        found = problems_of("scenarios/osh_2010", "rules")
        assert time.perf_counter() - began < 30
        assert len({json.dumps(problem, sort_keys=True) for problem in found}) == len(found), "nothing is told twice"
        return [{**problem, "word": word_at(problem)} for problem in found]


BESIDE = (TABLES["a misspelt key"], TABLES["a label of nowhere"], TABLES["a key given twice"])


@pytest.mark.parametrize("fault", EXPRESSIONS.values(), ids=EXPRESSIONS)
def test_a_mistake_in_an_expression_is_told_among_all_others(all_at_once: list[dict[str, Any]], fault: Fault) -> None:
    """Each is told once, at its word, though other tables and even the TOML of another file are wrong at the same time."""
    mine = [one for one in all_at_once if (one["file"], one["code"]) == (fault.file, fault.code) and one["word"].startswith(fault.word)]
    assert mine, [one for one in all_at_once if one["file"] == fault.file]
    assert any(fault.hint in one["hint"] for one in mine), mine


def test_as_many_problems_are_told_as_mistakes_were_made(all_at_once: list[dict[str, Any]]) -> None:
    """No mistake hides another, and none is told by two parts of the program."""
    assert len(all_at_once) == len(EXPRESSIONS) + len(BESIDE), [str(one)[:200] for one in all_at_once]


def test_shipped_content_is_clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """Scenario and rules together, as the gate runs it: no error and no warning."""
    monkeypatch.chdir(ROOT)
    done = check("scenarios/osh_2010", "rules")
    assert json.loads(done.stdout)["problems"] == []
    files = len(list((ROOT / "rules").rglob("*.toml"))) + len(list((ROOT / "scenarios" / "osh_2010").rglob("*.toml")))
    assert (done.exit_code, json.loads(done.stdout)["checked"]) == (0, files)


def test_nothing_is_emitted_or_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Checking stops before any code is generated."""
    from exercise.core import machine

    def refuse(*_: object) -> None:
        raise AssertionError("code was generated")

    for name in ("emit_stage", "emit_query", "generate"):
        monkeypatch.setattr(machine, name, refuse)
    monkeypatch.chdir(ROOT)
    assert check("scenarios/osh_2010").exit_code == 0


@pytest.mark.usefixtures("uncompiled")
def test_the_same_place_is_named_from_wherever_one_looks(here: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder, an absolute path, the id and a file inside name one problem once; the path is short where it can be."""
    fault = TABLES["a misspelt key"]
    plant(fault)
    found = problems_of("scenarios/osh_2010", str(here / "scenarios" / "osh_2010"), "osh-2010", RUSSIA)
    assert [problem["file"] for problem in found] == [RUSSIA]
    monkeypatch.chdir(here / "rules")
    assert [problem["file"] for problem in problems_of("../scenarios/osh_2010")] == [f"../{RUSSIA}"]


@pytest.mark.usefixtures("uncompiled")
def test_links_and_devices_are_told_and_not_followed(here: pathlib.Path) -> None:
    """A link out of the scenario is refused under its own name, and nothing of what it leads to is read or shown."""
    secret = here / "secret.txt"
    secret.write_text('[[seat]]\nid = "canary-word"\n', encoding="utf-8")
    (here / "scenarios" / "osh_2010" / "linked.toml").symlink_to(secret)
    done = check("scenarios/osh_2010")
    [problem] = json.loads(done.stdout)["problems"]
    assert (problem["file"], problem["line"], problem["code"]) == ("scenarios/osh_2010/linked.toml", 1, "not-a-file")
    assert "canary-word" not in done.stdout


def test_a_new_scenario_is_clean_and_plays_five_turns(shell, valley) -> None:
    """Not even a warning: what a person begins with shows only what they break themselves."""
    done = shell("check", "scenarios/valley_flood", "--json")
    assert (done.code, done.document["problems"]) == (0, [])
    played = shell("run", valley, "--json").document
    assert (played["finished"], played["turn"]) == (True, 5)


def test_a_copy_of_the_shipped_scenario_is_found_edited_and_played(shell) -> None:
    """``new --from`` gives a scenario of its own: a parameter set in it reaches the world, and the shipped one stays as it is."""
    assert shell("new", "osh-class", "--from", "osh-2010").code == 0
    own = '[[parameter]]\nid = "unrest.fatigue"\nvalue = 0.4\nmeaning = "m"\nassumption = true\nreason = "for tomorrow"\n'
    pathlib.Path("scenarios/osh_class/own.toml").write_text(own, encoding="utf-8")
    assert shell("check", "osh-class", "--json").document["problems"] == []
    mine, shipped = (shell("run", name, "--turns", 2, "--json").document for name in ("osh-class", "osh-2010"))
    assert (mine["scenario"], shipped["scenario"]) == ("osh-class", "osh-2010")
    assert mine["digest"] != shipped["digest"]
