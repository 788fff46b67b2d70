"""The ledger of claims as a document: what each says, what expresses it, what its experiments gave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Document = Mapping[str, Any]

HEAD = """\
# What the rulebook claims, and how it is held to account

The model stands on three policy memos. Each of their claims is a line below, in our own words, with the rules that express it and
experiments that show it. An experiment plays a world several times under the same luck, with one thing different between its arms, and
compares one number. A claim **holds** when the whole 95 % interval of every contrast lies where it is expected. It is **caught** when at
least one experiment fails once the rules named are left out (or, where the claim is that something has no effect, once the opposite rule is
planted): an experiment that comes out either way would show nothing. That a claim holds here says that the model does what the memo says,
not that the world does. The rules were written to express the claims, and the lines of experiments (how much is enough) were drawn by those
who wrote them, with results in view, some after a look at the random settings. What holds and survives is thus no test by a stranger; it
guards against a later change of a rule or a number that would quietly break what the model stands for.

Written by `exercise check rules --claims` (with `--vary 0.5` for how the claims fare when assumptions move). A random setting multiplies
every assumption by a factor of its own: parameters by their names, and as `strength_of.` before a rule's name all that this rule changes.
"""


def claims_text(documents: Sequence[Document], titles: Mapping[str, str]) -> str:
    """The document, in Markdown. ``documents`` are those of ``exercise check --claims --json``, in the ledger's order; ``titles`` those of
    works by id.
    """
    series: dict[str, list[Document]] = {}
    for one in documents:
        series.setdefault(_series(one), []).append(one)
    works = {_title(name, claims, titles): claims for name, claims in series.items()}
    parts = [HEAD, "\n".join(_overview(works)), "\n".join(_findings(documents))]
    for work, claims in works.items():
        parts.append(f"## {work}\n")
        parts += ["\n".join(_claim(one)) for one in claims]
    return "\n".join(part.rstrip() + "\n" for part in parts if part.strip())


def _series(one: Document) -> str:
    """The letters with which a claim's id begins."""
    return str(one["id"]).rstrip("0123456789").rstrip("-")


def _title(series: str, claims: Sequence[Document], titles: Mapping[str, str]) -> str:
    """A series under the name of the work that makes its claims; claims of no work, or of several, are tensions between them."""
    named = {source for one in claims for source in one["source"]}
    if len(named) == 1:
        (source,) = named
        return f"{series}: {titles.get(source, source)}"
    return f"{series}: tensions within and between the works"


def _overview(works: Mapping[str, Sequence[Document]]) -> Iterator[str]:
    varied = any("survival" in one for claims in works.values() for one in claims)
    yield "## Overview\n"
    yield f"| work | claims | repeats | hold | caught | partly expressed |{' survive |' if varied else ''}"
    yield f"|---|---|---|---|---|---|{'---|' if varied else ''}"
    for work, claims in works.items():
        yield f"| {work} {_counts(claims, varied=varied)}"
    yield f"| **all** {_counts([one for claims in works.values() for one in claims], varied=varied)}"


def _counts(claims: Sequence[Document], *, varied: bool) -> str:
    numbers = [
        len(claims),
        sum(bool(one["same_as"]) for one in claims),
        sum(one["holds"] for one in claims),
        sum(one["ablated_fails"] for one in claims),
        sum(bool(one["note"]) for one in claims),
    ]
    if varied:
        numbers.append(sum(one.get("survives", False) for one in claims))
    return "".join(f"| {number} " for number in numbers) + "|"


def _findings(documents: Iterable[Document]) -> Iterator[str]:
    """Open findings, by name: what does not hold, is not caught, or does not survive."""
    found: list[str] = []
    for one in documents:
        if one["same_as"]:
            continue
        if not one["holds"]:
            found.append(f"- **{one['id']}** does not hold: {_worst(one)}")
        elif not one["ablated_fails"]:
            found.append(f"- **{one['id']}** is not caught: it holds without its rules as well.")
        if not one.get("survives", True):
            hangs = f", and hangs most on `{one['hangs_on']}` ({100 * one['explained']:.0f} % of it)" if one["hangs_on"] else ""
            found.append(f"- **{one['id']}** holds in {100 * one['survival']:.0f} % of {one['draws']} settings of the assumptions{hangs}.")
    yield "## Open findings\n"
    if not found:
        yield "None: every claim holds and is caught."
    yield from found


def _worst(one: Document) -> str:
    failing = [each for each in one["experiments"] if not each["holds"]]
    if not failing:
        return "no experiment on it was run."
    return "; ".join(f"{each['id']} gave {_effect(each)}, expected {each['expected']}" for each in failing) + "."


def _claim(one: Document) -> Iterator[str]:
    yield f"### {one['id']}\n"
    place = f" ({one['where']})" if one["where"] else ""
    yield f"{one['text']}{place}\n"
    if one["same_as"]:
        yield f"Repeats {', '.join(one['same_as'])}: {_standing(one)}.\n"
        return
    yield f"Expressed by {', '.join(f'`{rule}`' for rule in one['rules'])}. {_standing(one).capitalize()}.\n"
    if one["note"]:
        yield f"Not expressed: {one['note']}\n"
    if "survival" in one:
        yield f"Holds in {100 * one['survival']:.0f} % of {one['draws']} random settings of the assumptions.\n"
    yield "| experiment | expected | found | without its rules |"
    yield "|---|---|---|---|"
    for each in one["experiments"]:
        where = ", ".join(word for word in (each["world"], each["cut"], f"{each['turns']} turns" if each["turns"] else "") if word)
        other = "opposite planted: " if each["planted"] else ""
        says = each["says"].replace("|", "/")
        asked = f"{says} ({where}; `{each['measure'].replace('|', '/')}`)"
        yield f"| {asked} | {each['expected']} | {_effect(each)} | {other}{_effect(each['ablated'])} |"
    yield ""


def _standing(one: Document) -> str:
    return f"{'holds' if one['holds'] else 'does not hold'}, {'caught' if one['ablated_fails'] else 'not caught'}"


def _effect(one: Document) -> str:
    if one["effect"] is None:
        return "no number"
    low, high = one["interval"]
    between = "" if low is None or high is None or low == high else f" ({_figure(low)} to {_figure(high)})"
    return f"{_figure(one['effect'])}{between}"


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
