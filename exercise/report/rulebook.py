"""The rulebook as a document for people who do not program: each mechanism in words, its formula, its numbers and where they come from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from exercise.core.cuts import module_of
from exercise.core.definitions import Assessment, Basis, Content, Effect, Parameter, Rule
from exercise.core.influence import Influence
from exercise.report.drawing import circle, columns

OVERVIEW = "drives.svg"

HEAD = """\
# The rulebook

How the model works, mechanism by mechanism, written from the very rules that run. A rule has a condition (*when*), named parts, and
changes. `+` adds so much for each day or month that the line names; *toward* moves a quantity a share of the way to a value.
Quantities in points run from 0 to 100. *Assumption* means that the size is our judgement, for the reason given; *fitted* that a number was
set against the record. Claims are those of [claims.md](claims.md).

![Which quantity drives which](images/drives.svg)

Each line leads, in the colour of the kind of what drives, to what is driven. Below, every module has a picture of its own.
"""


def rulebook_pages(content: Content, found: Sequence[Influence]) -> dict[str, str]:
    """File name -> text: ``rulebook.md`` and the pictures that it shows, in ``images``."""
    names = {(one.kind, one.id): one.name for one in content.quantities}
    mechanisms: tuple[Rule | Assessment, ...] = (*content.rules, *content.assessments)
    modules = list(dict.fromkeys(module for one in mechanisms if (module := module_of(one.place))))
    pages = {f"images/{OVERVIEW}": circle([(one.cause, one.effect) for one in found], names, "Which quantity drives which")}
    parts = [HEAD, "\n".join(_contents(content, modules))]
    for module in modules:
        own = [one for one in mechanisms if module_of(one.place) == module]
        ids = {one.id for one in own}
        arrows = [(one.cause, one.effect) for one in found if one.rule in ids]
        picture = f"images/rules_{module}.svg"
        pages[picture] = columns(arrows, names, f"Module {module}: read on the left, changed on the right")
        parts.append(f"## {module}\n\n![What the module {module} reads and changes]({picture})\n")
        parts += ["\n".join(_mechanism(one, names, found)) for one in own]
        parameters = [one for one in content.parameters if module_of(one.place) == module]
        parts.append("\n".join(_parameters(module, parameters)))
    parts.append("\n".join(_quantities(content, found)))
    parts.append("\n".join(_sources(content)))
    return pages | {"rulebook.md": "\n".join(part.rstrip() + "\n" for part in parts if part.strip())}


def _contents(content: Content, modules: Iterable[str]) -> Iterator[str]:
    yield "| module | rules | parameters |"
    yield "|---|---|---|"
    for module in modules:
        rules = sum(module_of(one.place) == module for group in (content.rules, content.assessments) for one in group)
        yield f"| [{module}](#{module}) | {rules} | {sum(module_of(one.place) == module for one in content.parameters)} |"


def _mechanism(one: Rule | Assessment, names: Mapping[tuple[str, str], str], found: Sequence[Influence]) -> Iterator[str]:
    yield f"### {one.id}\n"
    yield f"{one.because[:1].upper()}{one.because[1:]}.\n"
    yield "```"
    if one.for_:
        yield f"for each {one.for_}"
    for name, text in one.let.items():
        yield f"{name} = {text.text}"
    if isinstance(one, Rule):
        if one.when is not None:
            yield f"when {one.when.text}"
        for effect in one.effects:
            yield _effect(effect, one.per)
    else:
        yield f"{one.on.text} = {one.set.text}"
    yield "```\n"
    changed = sorted({influence.effect for influence in found if influence.rule == one.id})
    read = sorted({influence.cause for influence in found if influence.rule == one.id})
    if read:
        yield f"Reads {_listed(read, names)}; changes {_listed(changed, names)}.\n"
    yield f"{_basis(one)}{_claims(one.claims)}\n"


def _effect(effect: Effect, per: str) -> str:
    if effect.add is not None:
        text = f"{effect.on.text} + {effect.add.text}{f' per {per}' if per else ''}"
    elif effect.set is not None:
        text = f"{effect.on.text} = {effect.set.text}"
    else:
        assert effect.toward is not None
        assert effect.rate is not None
        text = f"{effect.on.text} toward {effect.toward.text}, {effect.rate.text} of the way per {per or 'day'}"
    text += f", after {effect.after}" if effect.after else ""
    text += f", for {effect.lasts}" if effect.lasts else ""
    return text + (f", when {effect.when.text}" if effect.when is not None else "")


def _listed(found: Iterable[tuple[str, str]], names: Mapping[tuple[str, str], str]) -> str:
    return ", ".join(f"{names.get(one, one[1].replace('_', ' ')).lower()} ({one[0]})" for one in found)


def _basis(one: Basis) -> str:
    parts = [f"Sources: {', '.join(f'[{source}](#sources)' for source in one.source)}"] if one.source else []
    if one.assumption:
        parts.append(f"assumption{', fitted' if one.fitted else ''}: {one.reason.rstrip('.')}")
    text = "; ".join(parts) or "No number of its own"
    return f"{text[:1].upper()}{text[1:]}."


def _claims(claims: Sequence[str]) -> str:
    return f" Claims: {', '.join(claims)}." if claims else ""


def _parameters(module: str, parameters: Sequence[Parameter]) -> Iterator[str]:
    if not parameters:
        return
    yield f"### Parameters of {module}\n"
    yield "| parameter | value | sensible range | meaning | where it comes from |"
    yield "|---|---|---|---|---|"
    for one in parameters:
        unit = "" if one.unit == "number" else f" {one.unit}"
        span = "" if one.low is None or one.high is None else f"{one.low:g} to {one.high:g}"
        yield f"| `{one.id}` | {one.value:g}{unit} | {span} | {_cell(one.meaning)} | {_cell(_basis(one))} |"


def _quantities(content: Content, found: Sequence[Influence]) -> Iterator[str]:
    yield "## Quantities\n"
    yield "| quantity | unit | meaning | changed by |"
    yield "|---|---|---|---|"
    for one in content.quantities:
        by = sorted({influence.rule for influence in found if influence.effect == (one.kind, one.id)})
        unit = ", ".join(one.values) if one.values else one.unit
        yield f"| {one.kind}: {_cell(one.name)} | {unit} | {_cell(one.meaning)} | {', '.join(f'`{rule}`' for rule in by)} |"


def _sources(content: Content) -> Iterator[str]:
    yield "## Sources\n"
    for one in content.sources:
        told = ", ".join(part for part in (one.author, one.title, str(one.year or "")) if part)
        yield f"- **{one.id}**: {told}.{f' <{one.url}>' if one.url else ''}{f' {one.note}' if one.note else ''}"


def _cell(text: str) -> str:
    return text.replace("|", "/").replace("\n", " ")
