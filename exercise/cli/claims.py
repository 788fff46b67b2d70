"""``exercise check --claims``: the claims of the works that the rulebook stands on, held to account."""

from __future__ import annotations

import pathlib
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import attrs

from exercise.cli.common import Misuse, Wrong, nearest, progress

if TYPE_CHECKING:
    from exercise.core.definitions import Claim, Content
    from exercise.rehearsal.claims import Finding, Robustness, Verdict

CLAIM_ID = re.compile(r"(?:[A-Z]+-)?[A-Z]*\d+")
"""How the ids of claims look, so that they can stand after ``--claims`` among paths."""
DOCUMENT = "claims.md"

Document = dict[str, Any]


@attrs.frozen(slots=True)
class Account:
    """What came of the claims asked for: a document for each, in the ledger's order, how long it took, and the works' titles by id."""

    documents: tuple[Document, ...]
    elapsed_s: float
    titles: Mapping[str, str] = attrs.field(factory=dict)

    @property
    def is_good(self) -> bool:
        """Whether every claim holds and is caught."""
        return all(one["holds"] and one["ablated_fails"] for one in self.documents)


def held_to_account(rules: pathlib.Path, wanted: Sequence[str], vary: float, every: int = 1) -> Account:
    """Run the experiments on the claims of a rulebook: those wanted, or all; of them one of ``every`` so many.

    Raises:
        Misuse: there is no such claim, or no claim at all.
        Wrong: an experiment cannot be carried out on its world.
    """
    from exercise.content import ContentError, find_world, load, read_rules
    from exercise.core.compile import CompileError
    from exercise.rehearsal.claims import runs_of, try_claims, vary_claims
    from exercise.rehearsal.trials import TrialError

    began = time.perf_counter()
    content = read_rules(rules).content
    claims = _wanted(content.claims, wanted, rules)[::every]
    tried = [claim for claim in claims if not claim.same_as]
    tried += [claim for claim in content.claims if claim not in tried and any(claim.id in one.same_as for one in claims)]

    @cache
    def world(name: str) -> Content:
        return load(find_world(rules, name))

    runs = 0
    try:
        with progress("runs", runs_of(tried, content.experiments)) as step:

            def heard(played: int) -> None:
                nonlocal runs
                runs += played
                step(runs)

            found = try_claims(tried, content.experiments, world, heard=heard)
            moved = vary_claims(tried, content.experiments, world, vary) if vary else []
    except TrialError as failure:
        raise Wrong(f"experiment {failure}", "set, orders, motions and never name what stands in the world of the experiment") from failure
    except (CompileError, ContentError) as failure:
        first = failure.problems[0]
        raise Wrong(f"{first.place}: {first.message}", first.hint) from failure
    by_id = {one.claim.id: one for one in found}
    robust = {one.claim.id: one for one in moved}
    titles = {source.id: f"{source.author}, {source.title}" if source.author else source.title for source in content.sources}
    return Account(tuple(_document(claim, by_id, robust) for claim in claims), time.perf_counter() - began, titles)


def _wanted(claims: Sequence[Claim], wanted: Sequence[str], rules: pathlib.Path) -> list[Claim]:
    known = {claim.id: claim for claim in claims}
    if not known:
        raise Misuse(f"{rules} has no claims", "claims stand in the rulebook, in rules/claims.toml")
    for id in wanted:
        if id not in known:
            raise Misuse(f"there is no claim {id}{nearest(id, known)}", "claims stand in the rulebook, in rules/claims.toml")
    return [claim for claim in claims if claim.id in wanted] if wanted else list(claims)


def _document(claim: Claim, found: Mapping[str, Finding], robust: Mapping[str, Robustness]) -> Document:
    """A claim with what came of it; one that repeats others has theirs."""
    findings = [found[id] for id in (claim.same_as or (claim.id,)) if id in found]
    verdicts = [verdict for finding in findings for verdict in finding.verdicts]
    against = [verdict for finding in findings for verdict in finding.against]
    first = next((one for one in verdicts if not one.holds), verdicts[0] if verdicts else None)
    told: Document = {
        "id": claim.id,
        "source": list(claim.source),
        "where": claim.where,
        "text": claim.text,
        "rules": list(claim.rules),
        "same_as": list(claim.same_as),
        "holds": bool(findings) and all(finding.holds for finding in findings),
        "ablated_fails": bool(findings) and all(finding.caught for finding in findings),
        "effect": None if first is None else _plain(first.effect),
        "interval": None if first is None else [_plain(first.low), _plain(first.high)],
        "seeds": 0 if first is None else first.seeds,
        "note": claim.missing,
        "experiments": [_verdict(one, other) for one, other in zip(verdicts, against, strict=True)],
    }
    moved = [robust[id] for id in (claim.same_as or (claim.id,)) if id in robust]
    if moved:
        weakest = min(moved, key=lambda one: one.share)
        told |= {
            "survives": weakest.survives,
            "survival": weakest.share,
            "draws": weakest.draws,
            "hangs_on": weakest.hangs_on,
            "explained": weakest.explained,
        }
    return told


def _verdict(verdict: Verdict, against: Verdict) -> Document:
    experiment = verdict.experiment
    return {
        "id": experiment.id,
        "says": experiment.says,
        "world": experiment.world,
        "cut": experiment.cut,
        "turns": experiment.turns,
        "measure": experiment.measure.text,
        "unit": experiment.unit,
        "over": experiment.over,
        "expected": expected(experiment),
        "holds": verdict.holds,
        "effect": _plain(verdict.effect),
        "interval": [_plain(verdict.low), _plain(verdict.high)],
        "planted": bool(experiment.plant),
        "ablated": {"holds": against.holds, "effect": _plain(against.effect), "interval": [_plain(against.low), _plain(against.high)]},
        "seeds": verdict.seeds,
    }


def expected(experiment: Any) -> str:
    """What an experiment expects, in words and numbers."""
    unit = "" if experiment.unit in ("number", "flag", "share") else f" {experiment.unit}"
    if experiment.expect == "between":
        return f"between {experiment.low:g} and {experiment.high:g}{unit}"
    if experiment.expect == "about":
        return f"within {experiment.than:g}{unit} of 0"
    return f"{experiment.expect} {experiment.than:g}{unit}"


def _plain(value: float) -> float | None:
    """A number that JSON can carry: rounded to what its luck can tell, and nothing where there is none."""
    return None if value != value or value in (float("inf"), float("-inf")) else round(value, 6)  # noqa: PLR0124 - not a number


def lines(account: Account) -> Iterator[str]:
    """What came of the claims, for a person."""
    for one in account.documents:
        verdict = "holds" if one["holds"] else "FAILS"
        caught = "caught" if one["ablated_fails"] else "NOT CAUGHT without its rules"
        same = f", as {', '.join(one['same_as'])}" if one["same_as"] else ""
        moved = f"; {100 * one['survival']:.0f} % of settings" if "survival" in one else ""
        yield f"{one['id']}: {verdict}, {caught}{same}{moved}"
        for each in one["experiments"]:
            if not each["holds"] or each["ablated"]["holds"]:
                yield f"    {each['id']}: {_effect(each)}, expected {each['expected']}; without its rules {_effect(each['ablated'])}"
    yield _summary(account)


def _effect(one: Mapping[str, Any]) -> str:
    if one["effect"] is None:
        return "no number"
    low, high = one["interval"]
    return f"{one['effect']:.4g} ({'?' if low is None else f'{low:.4g}'} to {'?' if high is None else f'{high:.4g}'})"


def _summary(account: Account) -> str:
    documents = account.documents
    good = sum(one["holds"] and one["ablated_fails"] for one in documents)
    text = f"{good} of {len(documents)} claims hold and are caught, in {account.elapsed_s:.0f} s"
    moved = [one for one in documents if "survives" in one]
    if moved:
        text += f"; {sum(one['survives'] for one in moved)} of {len(moved)} survive in nine of ten settings of the assumptions"
    return text
