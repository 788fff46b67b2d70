"""The model as data, and as a scenario of this project, Python closures and C.

State: ten numbers of each of four regions and one of each of eight seats, all within 0..1. In each of twelve turns every seat draws one
of its six actions, whose three effects follow one another; three noises and two chances act; then thirty rules in order, whose three
effects follow one another when the condition holds. Every number is clamped after every effect.

All engines throw this project's dice (docs/chance.md), so all of them must end with the same bits.
"""

from __future__ import annotations

import json
import pathlib
import re
from collections.abc import Callable, Iterator
from typing import Any

from exercise.core import chance

MODEL = json.loads((pathlib.Path(__file__).parent / "model.json").read_text())
NAMES = list(MODEL["init"])
TURNS: int = MODEL["turns"]
ACTIONS = 6
REGIONS, SEATS = 4, 8


def dotted(text: str) -> str:
    """``r0_capability`` as ``r0.capability``: the entity's quantity in the content language."""
    return re.sub(r"\b([rs]\d)_(\w+)", r"\1.\2", text)


# --- as a scenario --------------------------------------------------------------------------------------------------------------------

HEAD = """
[scenario]
id = "mini-osh"
title = "Mini Osh"
summary = "A benchmark."
content_note = "Invented."
modules = []
default_cut = "year"

[[cut]]
id = "year"
title = "Twelve turns"
summary = "Twelve days."
minutes = 1
start = 2010-06-10
calendar = [{ days = 1, count = 12 }]

[[kind]]
id = "region"
name = "Region"
meaning = "a region"

[[kind]]
id = "party"
name = "Party"
meaning = "a seat of the model; it draws what it does"

[[seat]]
id = "watcher"
name = "Watcher"
short = "Watcher"
briefing = "Watches."

[[doctrine]]
id = "default"
seat = "watcher"
text = "Does nothing."
"""


def scenario_text() -> str:
    """The scenario's TOML: what the model does in sequence stands in stages of one effect each."""
    quantities = [("region", name.partition("_")[2]) for name in NAMES if name.startswith("r0_")] + [("party", "infl")]
    text = HEAD
    for kind, name in quantities:
        text += f'[[quantity]]\nid = "{name}"\nkind = "{kind}"\nname = "{name}"\nunit = "share"\nmeaning = "{name}"\n'
    for kind, name, unit in (("party", "choice", "share"), ("region", "fired", "flag")):
        text += f'[[quantity]]\nid = "{name}"\nkind = "{kind}"\nname = "{name}"\nunit = "{unit}"\nmeaning = "{name}"\n'
    for kind, letter, count in (("region", "r", REGIONS), ("party", "s", SEATS)):
        for number in range(count):
            own = [(name.partition("_")[2], value) for name, value in MODEL["init"].items() if name.startswith(f"{letter}{number}_")]
            start = ", ".join(f'{{ quantity = "{name}", value = {value} }}' for name, value in own)
            text += f'[[entity]]\nid = "{letter}{number}"\nkind = "{kind}"\nname = "{letter}{number}"\nstart = [{start}]\n'
    for number, rules in enumerate(stages()):
        text += f'[[stage]]\nid = "stage_{number:03d}"\ntitle = "{number}"\n'
        for id, when, effects in rules:
            told = ", ".join(effects)
            condition = f'when = "{when}"\n' if when else ""
            text += f'[[rule]]\nid = "{id}"\nstage = "stage_{number:03d}"\nbecause = "b"\n{condition}effects = [{told}]\n'
    return re.sub(r"(\[\[(?:rule|entity)\]\]\n)", r'\1assumption = true\nreason = "a benchmark"\n', text)


Rule = tuple[str, str, list[str]]


def stages() -> Iterator[list[Rule]]:
    """The rules of each stage: id, condition, effects as TOML."""
    yield [(f"choice.{seat}", "", [f'{{ on = "s{seat}.choice", set = "draw(\'act\')" }}']) for seat in range(SEATS)]
    for seat in range(SEATS):
        for place in range(3):
            effects = []
            for action, parts in enumerate(MODEL["actions"][seat]):
                on, amount = parts[place]
                within = f"s{seat}.choice * {ACTIONS} >= {action} and s{seat}.choice * {ACTIONS} < {action + 1}"
                effects.append(f'{{ on = "{dotted(on)}", add = "{dotted(amount)}", when = "{within}" }}')
            yield [(f"act.{seat}.{place}", "", effects)]
    for number, (on, size) in enumerate(MODEL["noise"]):
        yield [(f"noise.{number}", "", [f'{{ on = "{dotted(on)}", add = "{size} * (draw(\'noise\') - 0.5)" }}'])]
    for number, (on, share, size) in enumerate(MODEL["chance"]):
        yield [(f"chance.{number}", f"draw('chance') < {share}", [f'{{ on = "{dotted(on)}", add = "{size}" }}'])]
    for rule in MODEL["rules"]:
        when, then = dotted(rule["when"]), rule["then"]
        first = [
            f'{{ on = "r0.fired", set = "1 if {when} else 0" }}',
            f'{{ on = "{dotted(then[0][0])}", add = "{dotted(then[0][1])}", when = "{when}" }}',
        ]
        yield [(f"{rule['id']}.0", "", first)]
        for place in (1, 2):
            on, amount = then[place]
            yield [(f"{rule['id']}.{place}", "r0.fired > 0", [f'{{ on = "{dotted(on)}", add = "{dotted(amount)}" }}'])]


# --- dice -----------------------------------------------------------------------------------------------------------------------------


def sites() -> list[int]:
    """The sites of a turn's draws in the order in which they are thrown: seats, noises, chances."""
    named = [(f"choice.{seat}", "act") for seat in range(SEATS)]
    named += [(f"noise.{number}", "noise") for number in range(len(MODEL["noise"]))]
    named += [(f"chance.{number}", "chance") for number in range(len(MODEL["chance"]))]
    return [chance.site(rule, (), purpose) for rule, purpose in named]


def step_key(seed: int, turn: int) -> int:
    """The key of the one step of a turn."""
    return chance.step_key(chance.run_key(seed), turn, 1)


# --- as Python ------------------------------------------------------------------------------------------------------------------------

Values = dict[str, float]
Effect = tuple[str, Callable[[Values], float]]


def closure(text: str) -> Callable[[Values], Any]:
    """An expression of the model as a function of the values."""
    body = re.sub(r"\b([rs]\d_\w+)", r'v["\1"]', text)
    made: Callable[[Values], Any] = eval(f"lambda v: {body}")
    return made


def effects_of(parts: list[list[str]]) -> list[Effect]:
    """Effects as closures."""
    return [(on, closure(amount)) for on, amount in parts]


PY_ACTIONS = [[effects_of(parts) for parts in seat] for seat in MODEL["actions"]]
PY_RULES = [(closure(rule["when"]), effects_of(rule["then"])) for rule in MODEL["rules"]]
SITES = sites()


def change(values: Values, on: str, amount: float) -> None:
    """Add and clamp."""
    value = values[on] + amount
    values[on] = 0.0 if value < 0.0 else min(value, 1.0)


def act(values: Values, seat: int, u: float) -> None:
    """A seat's action."""
    for on, amount in PY_ACTIONS[seat][int(u * ACTIONS)]:
        change(values, on, amount(values))


def happen(values: Values, key: int) -> None:
    """Noise, chance and rules."""
    for number, (on, size) in enumerate(MODEL["noise"]):
        change(values, on, size * (chance.draw(key, SITES[SEATS + number]) - 0.5))
    for number, (on, share, size) in enumerate(MODEL["chance"]):
        if chance.draw(key, SITES[SEATS + len(MODEL["noise"]) + number]) < share:
            change(values, on, size)
    for when, effects in PY_RULES:
        if when(values):
            for on, amount in effects:
                change(values, on, amount(values))


def play_python(seed: int) -> Values:
    """A whole exercise in plain Python."""
    values = dict(MODEL["init"])
    for turn in range(1, TURNS + 1):
        key = step_key(seed, turn)
        for seat in range(SEATS):
            act(values, seat, chance.draw(key, SITES[seat]))
        happen(values, key)
    return values


# --- as C -----------------------------------------------------------------------------------------------------------------------------


def c_text() -> str:
    """Scalar C: ``play(first, count, out)`` plays seeds from ``first`` and writes the end states."""
    index = {name: number for number, name in enumerate(NAMES)}

    def c(text: str) -> str:
        words = text.replace(" and ", " && ").replace(" or ", " || ").replace("not (", "!(")
        return re.sub(r"\b([rs]\d_\w+)", lambda match: f"v[{index[match[1]]}]", words)

    def add(on: str, amount: str) -> str:
        return f"v[{index[on]}] = clamp(v[{index[on]}] + {amount});"

    lines = []
    for seat in range(SEATS):
        cases = " ".join(
            f"case {action}: {' '.join(add(on, c(amount)) for on, amount in parts)} break;"
            for action, parts in enumerate(MODEL["actions"][seat])
        )
        lines.append(f"switch ((int)(draw(key, {SITES[seat]}ULL) * {ACTIONS})) {{ {cases} }}")
    for number, (on, size) in enumerate(MODEL["noise"]):
        lines.append(add(on, f"{size} * (draw(key, {SITES[SEATS + number]}ULL) - 0.5)"))
    for number, (on, share, size) in enumerate(MODEL["chance"]):
        lines.append(f"if (draw(key, {SITES[SEATS + len(MODEL['noise']) + number]}ULL) < {share}) {add(on, str(size))}")
    lines += [f"if ({c(rule['when'])}) {{ {' '.join(add(on, c(amount)) for on, amount in rule['then'])} }}" for rule in MODEL["rules"]]
    start = ", ".join(repr(value) for value in MODEL["init"].values())
    body = "\n            ".join(lines)
    return f"""
#include <stdint.h>
#include <string.h>
#define GOLDEN {chance.GOLDEN}ULL
static uint64_t mix64(uint64_t z) {{
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL; z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL; return z ^ (z >> 31);
}}
static double draw(uint64_t key, uint64_t site) {{ return (double)(mix64(key + site) >> 11) * 0x1p-53; }}
static double clamp(double x) {{ return x < 0.0 ? 0.0 : x > 1.0 ? 1.0 : x; }}
static const double start[{len(NAMES)}] = {{{start}}};
void play(uint64_t first, uint64_t count, double *out) {{
    for (uint64_t n = 0; n < count; n++) {{
        double *v = out + n * {len(NAMES)};
        memcpy(v, start, sizeof start);
        uint64_t run = mix64(mix64(first + n + GOLDEN) + GOLDEN);
        for (uint64_t turn = 1; turn <= {TURNS}; turn++) {{
            uint64_t key = mix64(mix64(run + (turn + 1) * GOLDEN) + 2 * GOLDEN);
            {body}
        }}
    }}
}}
"""
