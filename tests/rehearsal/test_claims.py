"""Claims held to account: what holds is told from what does not, and what shows nothing is caught."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import attrs
import pytest

from exercise.content import load_texts, read_rules, read_texts
from exercise.core.definitions import Content
from exercise.core.laboratory import contrast_of
from exercise.rehearsal.claims import Finding, judge, student, try_claims, vary_claims
from exercise.rehearsal.trials import TrialError
from tests.core.scenes import tables_of
from tests.worlds import COMMON

WORLD = """
[[parameter]]
id = "fire.pace"
value = 4
unit = "points"
meaning = "heat of a day"
assumption = true
reason = "a test"

[[rule]]
id = "fire.grows"
stage = "drift"
for = "region r"
let = { strength = "fire.pace", switch = "1" }
per = "day"
effects = [{ on = "r.heat", add = "strength * switch + noise()" }]
because = "fires grow"
assumption = true
reason = "a test"

[[source]]
id = "memo"
title = "A memo"

[[parameter]]
id = "fire.last"
value = 1
meaning = "share of a great heat that goes in a day"
assumption = true
reason = "a test"

[[rule]]
id = "fire.burns_out"
stage = "drift"
for = "region r"
let.strength = "r.heat"
when = "strength > 90"
per = "day"
effects = [{ on = "r.heat", toward = "0", rate = "fire.last" }]
because = "the greatest fires burn out"
source = ["memo"]

[[body]]
id = "council"
name = "Council"
short = "Council"
rule_text = "The town decides."
members = [{ seat = "town" }]
decision = "consensus"

[[body.motions]]
id = "deplore"
title = "Deplore the fire"
text = "Words."
may_table = ["town"]
because = "words were found"

[[order]]
id = "pour"
seats = ["town"]
title = "Pour water"
purpose = "relief"
text = "Water on the fire."
target = "region r"
effects = [{ on = "r.heat", add = "-10" }]
because = "water cools"
assumption = true
reason = "a test"
"""


def found(doc: str | None) -> dict[str, Finding]:
    """What comes of the claims in a test's docstring, on the small world."""
    content = claims_of(doc)
    return {one.claim.id: one for one in try_claims(content.claims, content.experiments, world)}


def claims_of(doc: str | None) -> Content:
    """The claims and experiments in a docstring."""
    reading = read_texts((("rules/claims.toml", tables_of(doc)),), head_needed=False)
    assert reading.is_sound, reading.problems
    return reading.content


def world(name: str) -> Content:
    """The one small world."""
    assert name == "fire"
    return load_texts((("scenario/common.toml", COMMON), ("scenario/extra.toml", WORLD)))


def test_a_claim_holds_and_is_caught_without_its_rules() -> None:
    """Fires grow; without the rule that makes them grow they do not.

    ---
    [[claim]]
    id = "F-1"
    text = "Fires grow."
    rules = ["fire.grows"]

    [[experiment]]
    id = "F-1.grows"
    claims = ["F-1"]
    says = "the north is hotter in the end"
    world = "fire"
    measure = "north.heat"
    over = "change"
    arms = [{ id = "one" }]
    expect = "above"
    than = 20
    """
    one = found(test_a_claim_holds_and_is_caught_without_its_rules.__doc__)["F-1"]
    assert one.holds
    assert one.caught
    assert one.verdicts[0].effect == pytest.approx(40, abs=5)
    assert one.against[0].effect == 0


def test_a_claim_that_would_hold_either_way_is_not_caught() -> None:
    """What is compared has nothing to do with the rule that the claim names.

    ---
    [[claim]]
    id = "F-2"
    text = "Fires grow."
    rules = ["fire.grows"]

    [[experiment]]
    id = "F-2.set"
    claims = ["F-2"]
    says = "set hotter, it is hotter"
    world = "fire"
    measure = "north.heat"
    set = [{ on = "region.heat", to = 5 }]
    arms = [{ id = "hot", set = [{ on = "north.heat", add = 10 }] }, { id = "cold" }]
    expect = "above"
    than = 5
    """
    one = found(test_a_claim_that_would_hold_either_way_is_not_caught.__doc__)["F-2"]
    assert one.holds
    assert not one.caught
    assert one.verdicts[0].effect == pytest.approx(10), "both arms have the same luck"
    assert one.verdicts[0].high - one.verdicts[0].low < 1e-9


def test_a_claim_of_no_effect_catches_the_opposite_rule() -> None:
    """People do not feed the fire; a planted rule by which they do is caught.

    ---
    [[claim]]
    id = "F-3"
    text = "How many people live there does not matter."
    rules = ["fire.grows"]

    [[experiment]]
    id = "F-3.people"
    claims = ["F-3"]
    says = "many people or few, as hot"
    world = "fire"
    measure = "north.heat"
    arms = [{ id = "many", set = [{ on = "north.people", times = 5 }] }, { id = "few" }]
    expect = "about"
    than = 1

    [[experiment.plant]]
    id = "fire.people_feed_it"
    stage = "drift"
    for = "region r"
    effects = [{ on = "r.heat", add = "r.people / 1000 people" }]
    because = "planted"
    assumption = true
    reason = "the opposite of the claim"
    """
    one = found(test_a_claim_of_no_effect_catches_the_opposite_rule.__doc__)["F-3"]
    assert one.holds
    assert one.caught
    assert one.against[0].effect > 10


def test_orders_and_arms_without_a_rule() -> None:
    """An order is carried out in the turns named; an arm may leave a rule out; three arms are weighed by the contrast.

    ---
    [[claim]]
    id = "F-4"
    text = "Water cools."
    rules = ["pour"]

    [[experiment]]
    id = "F-4.water"
    claims = ["F-4"]
    says = "two turns of water cool by twenty"
    world = "fire"
    measure = "north.heat"
    without = ["fire.grows"]
    set = [{ on = "region.heat", to = 60 }]
    arms = [
        { id = "wet", orders = [{ seat = "town", order = "pour", target = "north", turn = 2, until = 3 }] },
        { id = "dry" },
    ]
    contrast = "wet - dry"
    expect = "between"
    low = -20
    high = -20
    """
    one = found(test_orders_and_arms_without_a_rule.__doc__)["F-4"]
    assert one.holds, one.verdicts
    assert one.caught


def test_a_claim_that_hangs_on_one_number_is_told_by_its_name() -> None:
    """Whether twenty points are passed hangs on the pace (or the strength, which multiplies it) and on nothing else.

    ---
    [[claim]]
    id = "F-5"
    text = "Fires grow by forty points."
    rules = ["fire.grows"]

    [[experiment]]
    id = "F-5.forty"
    claims = ["F-5"]
    says = "forty and no less"
    world = "fire"
    measure = "north.heat"
    over = "change"
    arms = [{ id = "one" }]
    expect = "above"
    than = 39
    """
    content = claims_of(test_a_claim_that_hangs_on_one_number_is_told_by_its_name.__doc__)
    (firm,) = vary_claims(content.claims, (attrs.evolve(content.experiments[0], than=5.0),), world, 0.5)
    (loose,) = vary_claims(content.claims, content.experiments, world, 0.5)
    assert firm.survives
    assert firm.share == 1
    assert not loose.survives
    assert loose.hangs_on in ("fire.pace", "strength_of.fire.grows")
    assert loose.explained > 0.2


def test_a_motion_that_does_nothing_can_be_put_on_the_table() -> None:
    """It passes where it is tabled and nowhere else; nothing else is written in its sitting.

    ---
    [[claim]]
    id = "F-7"
    text = "Words can be had."
    rules = ["fire.grows"]

    [[experiment]]
    id = "F-7.words"
    claims = ["F-7"]
    says = "words are agreed on where they are asked for"
    world = "fire"
    measure = "1 if council_deplore.status == adopted else 0"
    unit = "flag"
    arms = [{ id = "asked", motions = [{ body = "council", motion = "deplore" }] }, { id = "not" }]
    expect = "above"
    than = 0.5
    """
    assert found(test_a_motion_that_does_nothing_can_be_put_on_the_table.__doc__)["F-7"].holds


CONTRAST = """
[[experiment]]
id = "c"
claims = []
says = ""
world = "fire"
measure = "1"
arms = [{{ id = "a" }}, {{ id = "b" }}, {{ id = "both" }}, {{ id = "none" }}]
contrast = "{contrast}"
expect = "above"
"""


@pytest.mark.parametrize(
    ("contrast", "weights"),
    [
        ("", {"a": 1, "b": -1}),
        ("b", {"b": 1}),
        ("both - a - b + none", {"both": 1, "a": -1, "b": -1, "none": 1}),
        ("-a+b", {"a": -1, "b": 1}),
    ],
)
def test_contrasts(contrast: str, weights: dict[str, float]) -> None:
    """Sums and differences of arms; the first less the second unless something else is said."""
    content = read_texts((("rules/claims.toml", CONTRAST.format(contrast=contrast)),), head_needed=False).content
    assert contrast_of(content.experiments[0]) == weights


@pytest.mark.parametrize("contrast", ["a b", "a * b", "a - wrong", "a -"])
def test_contrasts_that_mean_nothing(contrast: str) -> None:
    """They are refused with what is wrong."""
    content = read_texts((("rules/claims.toml", CONTRAST.format(contrast=contrast)),), head_needed=False).content
    with pytest.raises(ValueError, match=r"there is no arm|is not \+ or -"):
        contrast_of(content.experiments[0])


def test_an_experiment_that_cannot_be_carried_out_says_why() -> None:
    """What is set must be there.

    ---
    [[claim]]
    id = "F-6"
    text = "x"
    rules = ["fire.grows"]

    [[experiment]]
    id = "F-6.wrong"
    claims = ["F-6"]
    says = "x"
    world = "fire"
    measure = "north.heat"
    set = [{ on = "north.cold", to = 5 }]
    arms = [{ id = "one" }]
    expect = "above"
    """
    with pytest.raises(TrialError, match=r"F-6\.wrong: there is no north\.cold to set"):
        found(test_an_experiment_that_cannot_be_carried_out_says_why.__doc__)


def test_the_interval_is_students() -> None:
    """The 97.5 % points of the tables, and the mean of paired differences."""
    assert [student(freedom) for freedom in (5, 10, 30)] == pytest.approx([2.571, 2.228, 2.042], abs=0.03)
    content = read_texts((("rules/claims.toml", CONTRAST.format(contrast="")),), head_needed=False).content
    verdict = judge(content.experiments[0], {"a": [3.0, 5.0, 4.0], "b": [1.0, 2.0, 3.0], "both": [0.0] * 3, "none": [0.0] * 3})
    assert verdict.effect == pytest.approx(2)
    assert not verdict.holds, "with three seeds that differ by one it may be nothing"


# --- the command ----------------------------------------------------------------------------------------------------------------

RULES = {
    "kinds.toml": '[[kind]]\nid = "region"\nname = "Region"\nmeaning = "a place"\n',
    "stages.toml": '[[stage]]\nid = "drift"\ntitle = "Drift"\n',
    "sources.toml": '[[source]]\nid = "memo"\ntitle = "A memo"\n',
    "fire.toml": '[[quantity]]\nid = "heat"\nkind = "region"\nname = "Heat"\nmeaning = "how hot"\n\n'
    '[[rule]]\nid = "fire.grows"\nstage = "drift"\nfor = "region r"\neffects = [{ on = "r.heat", add = "1" }]\nbecause = "it grows"\nclaims = ["F-1"]\n',
    "smoke.toml": '[[quantity]]\nid = "smoke"\nkind = "region"\nname = "Smoke"\nmeaning = "how thick"\n',
    "claims.toml": '[[claim]]\nid = "F-1"\nsource = ["memo"]\ntext = "Fires grow."\nrules = ["fire.grows"]\n',
    "experiments/fire.toml": '[[experiment]]\nid = "F-1.grows"\nclaims = ["F-1"]\nsays = "hotter"\nworld = "hill"\nmeasure = "hill.heat"\n'
    'arms = [{ id = "one" }]\nexpect = "above"\n',
    "worlds/hill/scenario.toml": '[scenario]\nid = "hill"\ntitle = "A hill"\nsummary = "One hill."\ncontent_note = "Invented."\nmodules = ["fire", "smoke"]\n'
    'default_cut = "days"\n\n[[cut]]\nid = "days"\ntitle = "Days"\nsummary = "Three days."\nminutes = 3\nstart = 2010-06-10\n'
    'calendar = [{ days = 1, count = 3 }]\n\n[[cut]]\nid = "clear"\ntitle = "Clear days"\nsummary = "No smoke."\nminutes = 3\nstart = 2010-06-10\n'
    'calendar = [{ days = 1, count = 2 }]\nwithout = ["smoke"]\n\n[[entity]]\nid = "hill"\nkind = "region"\nname = "Hill"\n\n'
    '[[seat]]\nid = "watcher"\nname = "Watcher"\nbriefing = "You watch."\n\n[[doctrine]]\nid = "default"\nseat = "watcher"\ntext = "Watches."\n',
}

Checked = Callable[..., tuple[int, dict[str, object]]]


@pytest.fixture
def check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Checked:
    """Run ``exercise check rules`` on the rulebook above with one text in one file replaced."""
    from exercise.cli.main import main

    def checked(*options: str, file: str = "", old: str = "", new: str = "") -> tuple[int, dict[str, object]]:
        for name, text in RULES.items():
            path = tmp_path / "rules" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.replace(old, new) if name == file else text)
        (tmp_path / "docs").mkdir(exist_ok=True)
        with pytest.raises(SystemExit) as left:
            main(["check", str(tmp_path / "rules"), *options, "--json"])
        code = left.value.code
        return code if isinstance(code, int) else 0, json.loads(capsys.readouterr().out)

    return checked


def test_a_planted_rule_is_examined_in_the_cut_of_its_experiment(check: Checked) -> None:
    """What it speaks of need not be there in the cuts of other experiments."""
    other = (
        'expect = "above"\n\n[[experiment]]\nid = "F-1.clear"\nclaims = ["F-1"]\nsays = "hotter"\nworld = "hill"\ncut = "clear"\n'
        'measure = "hill.heat"\narms = [{ id = "one" }]\nexpect = "above"\n\n[[experiment]]\nid = "F-1.smoke"\nclaims = ["F-1"]\nsays = "no smoke"\n'
        'world = "hill"\nmeasure = "hill.smoke"\narms = [{ id = "one" }]\nexpect = "about"\n\n[[experiment.plant]]\nid = "fire.smokes"\n'
        'stage = "drift"\nfor = "region r"\neffects = [{ on = "r.smoke", add = "r.heat" }]\nbecause = "it smokes"\n'
        'assumption = true\nreason = "planted"\n'
    )
    status, document = check(file="experiments/fire.toml", old='expect = "above"\n', new=other)
    assert [one for one in document["problems"] if one["level"] == "error"] == []  # type: ignore[attr-defined]
    assert status == 0


def test_the_command_runs_the_claims_and_writes_them_down(check: Checked, tmp_path: Path) -> None:
    """All of them, into docs beside the rules."""
    status, document = check("--claims")
    assert status == 0, document
    assert document["claims"][0]["holds"] is True  # type: ignore[index]
    assert document["claims"][0]["ablated_fails"] is True  # type: ignore[index]
    assert "Fires grow." in (tmp_path / "docs" / "claims.md").read_text()


def test_the_command_fails_on_a_claim_that_does_not_hold(check: Checked) -> None:
    """With exit code 1; claims that were not asked for are not run."""
    status, document = check("--claims", "F-1", file="experiments/fire.toml", old='expect = "above"', new='expect = "below"')
    assert status == 1
    assert document["claims"][0]["holds"] is False  # type: ignore[index]


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("claims.toml", 'rules = ["fire.grows"]', "", "claim-without-rule"),
        ("claims.toml", '"fire.grows"', '"fire.shrinks"', "unknown-rule"),
        ("claims.toml", '"memo"', '"other"', "unknown-source"),
        ("fire.toml", 'claims = ["F-1"]', 'claims = ["F-9"]', "unknown-claim"),
        ("fire.toml", 'claims = ["F-1"]', "", "unfounded-rule"),
        ("experiments/fire.toml", 'claims = ["F-1"]', "claims = []", "claim-without-experiment"),
        ("experiments/fire.toml", '"hill"', '"valley"', "unknown-world"),
        ("experiments/fire.toml", "hill.heat", "hill.cold", "unknown-quantity"),
        ("experiments/fire.toml", '{ id = "one" }', '{ id = "one" }, { id = "one" }', "duplicate"),
        ("experiments/fire.toml", 'expect = "above"', 'expect = "between"', "missing-key"),
        ("worlds/hill/scenario.toml", 'kind = "region"', 'kind = "regoin"', "unknown-kind"),
    ],
)
def test_a_ledger_that_is_not_whole_is_told(check: Checked, file: str, old: str, new: str, code: str) -> None:
    """A claim that nothing expresses or shows, a rule that stands on nothing, an experiment that cannot be run: each at its place."""
    status, document = check(file=file, old=old, new=new)
    problems = document["problems"]
    assert status == 1
    assert any(problem["code"] == code and problem["line"] > 0 for problem in problems), problems  # type: ignore[attr-defined]


def test_the_shipped_ledger_reads(tmp_path: Path) -> None:
    """It is the rulebook's own."""
    del tmp_path
    from exercise.content import shipped

    assert read_rules(shipped() / "rules").is_sound
