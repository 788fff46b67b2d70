"""Scripted decisions: the file that ``run --orders`` and ``branch --orders`` read.

It holds ``[[turn]]`` tables with a ``number`` and under each any of ``[[turn.order]]``, ``[[turn.motion]]``, ``[[turn.vote]]``,
``[[turn.pass]]`` (a seat decides nothing), ``[[turn.agreement]]`` (signed by all of ``between``, with its ``clauses`` and ``days``),
``[[turn.disclose]]``, ``[[turn.ruling]]`` (``reason`` and ``effects``) and ``[[turn.inject]]``. Their other keys are the fields of the
decisions in ``exercise.core.decisions``. Whether a decision may be taken is not known here: the exercise refuses it when its turn comes.
"""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import tomli

from exercise.cli.common import Wrong, nearest
from exercise.core.agreements import Clause
from exercise.core.decisions import (
    TAKEN_BACK,
    VOTES,
    AgreementDecision,
    Decision,
    Disclosure,
    InjectRelease,
    MotionDecision,
    OrderDecision,
    RuledEffect,
    Ruling,
    VoteDecision,
)
from exercise.session.headless import Pass

LARGEST_BYTES = 1024 * 1024
MOST_TURNS = 1_000

Script = dict[int, tuple[Decision | Pass, ...]]
"""Turn number -> what is decided in it."""


class _FindingError(Exception):
    """One finding in the file, in words."""


def read_orders(path: pathlib.Path) -> Script:
    """The decisions by turn.

    Raises:
        Wrong: the file cannot be read, is not TOML or says something that no decision can; the message names the table, and how many
            further findings there are.
    """
    document = _document(path)
    findings: list[str] = []
    script: Script = {}
    for where, table in _tables(document, findings):
        try:
            number = _turn_number(table, script)
        except _FindingError as finding:
            findings.append(f"{where}: {finding}")
            continue
        script[number] = tuple(_decisions(table, f"turn {number}", findings))
    if findings:
        more = f"; {len(findings) - 1} more findings in this file" if len(findings) > 1 else ""
        raise Wrong(f"{path}: {findings[0]}{more}", "the tables and keys are in docs/commands.md")
    return script


def _document(path: pathlib.Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_BYTES + 1)
        if len(raw) > LARGEST_BYTES:
            raise Wrong(f"{path} is larger than {LARGEST_BYTES // 1024} KiB", "a script of orders is a small file")
        return tomli.loads(raw.decode("utf-8"))
    except OSError as failure:
        raise Wrong(f"cannot read {path}: {failure.strerror}") from failure
    except (UnicodeDecodeError, tomli.TOMLDecodeError) as failure:
        raise Wrong(f"{path} is not TOML: {failure}") from failure


def _tables(document: Mapping[str, Any], findings: list[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    findings.extend(f"unknown key {key!r}{nearest(key, ['turn'])}" for key in document if key != "turn")
    turns = document.get("turn", [])
    if not isinstance(turns, list) or not all(isinstance(turn, dict) for turn in turns):
        findings.append("turns are written as [[turn]] tables")
        return
    if len(turns) > MOST_TURNS:
        findings.append(f"more than {MOST_TURNS} turns")
        return
    yield from ((f"[[turn]] {place}", turn) for place, turn in enumerate(turns, 1))


def _turn_number(table: Mapping[str, Any], script: Script) -> int:
    number = table.get("number")
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise _FindingError("needs number = N, counting from 1")
    if number in script:
        raise _FindingError(f"turn {number} is given twice")
    return number


def _decisions(turn: Mapping[str, Any], where: str, findings: list[str]) -> Iterator[Decision | Pass]:
    for kind, tables in turn.items():
        if kind == "number":
            continue
        if kind not in _MAKERS:
            findings.append(f"{where}: unknown key {kind!r}{nearest(kind, _MAKERS)}")
        elif not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            findings.append(f"{where}: write [[turn.{kind}]]")
        else:
            for place, table in enumerate(tables, 1):
                try:
                    yield _MAKERS[kind](_Fields(table))
                except _FindingError as finding:
                    findings.append(f"{where}, {kind} {place}: {finding}")


class _Fields:
    """A table being read key by key; what nobody asked for is a finding."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self.table = dict(table)
        self.asked: list[str] = []

    def text(self, key: str, default: str | None = None) -> str:
        value = self._take(key, default)
        if not isinstance(value, str):
            raise _FindingError(f'needs {key} = "..."')
        return value

    def maybe_text(self, key: str) -> str | None:
        return self.text(key) if key in self.table else self._take(key, None)

    def maybe_number(self, key: str) -> float | None:
        value = self._take(key, None)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _FindingError(f"{key} is a number")
        return float(value)

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._take(key, None)
        if not isinstance(value, list) or not value or not all(isinstance(one, str) for one in value):
            raise _FindingError(f'needs {key} = ["...", "..."]')
        return tuple(value)

    def whole(self, key: str) -> int:
        value = self.maybe_whole(key)
        if value is None:
            raise _FindingError(f"needs {key}, a whole number")
        return value

    def maybe_whole(self, key: str) -> int | None:
        value = self._take(key, None)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            raise _FindingError(f"{key} is a whole number")
        return value

    def flag(self, key: str) -> bool:
        value = self._take(key, default=False)
        if not isinstance(value, bool):
            raise _FindingError(f"{key} is true or false")
        return value

    def tables(self, key: str) -> list[_Fields]:
        value = self._take(key, None)
        if not isinstance(value, list) or not value or not all(isinstance(table, dict) for table in value):
            raise _FindingError(f"needs {key}, a list of tables")
        return [_Fields(table) for table in value]

    def done(self) -> None:
        for key in self.table:
            if key not in self.asked:
                raise _FindingError(f"unknown key {key!r}{nearest(key, self.asked)}")

    def _take(self, key: str, default: Any) -> Any:
        self.asked.append(key)
        return self.table.get(key, default)


def _order(fields: _Fields) -> OrderDecision:
    made = OrderDecision(fields.text("seat"), fields.text("order"), fields.maybe_text("target"), fields.maybe_number("amount"))
    fields.done()
    return made


def _motion(fields: _Fields) -> MotionDecision:
    made = MotionDecision(fields.text("seat"), fields.text("body"), fields.text("motion"))
    fields.done()
    return made


def _vote(fields: _Fields) -> VoteDecision:
    vote = fields.text("vote")
    if vote not in (*VOTES, TAKEN_BACK):
        raise _FindingError(f"vote is one of {', '.join(VOTES)}, or {TAKEN_BACK} to take one back, not {vote!r}")
    made = VoteDecision(fields.text("seat"), fields.text("body"), fields.text("motion"), vote, fields.text("say", ""))
    fields.done()
    return made


def _pass(fields: _Fields) -> Pass:
    made = Pass(fields.text("seat"))
    fields.done()
    return made


def _agreement(fields: _Fields) -> AgreementDecision:
    between = fields.texts("between")
    clauses = tuple(_clause(table) for table in fields.tables("clauses"))
    by, days, secret = fields.text("by", between[0]), fields.whole("days"), fields.flag("secret")
    fields.done()
    # Its id is made when its turn has come: it counts what was agreed between the same seats before.
    return AgreementDecision("", by, tuple(sorted(set(between))), clauses, days, secret)


def _clause(fields: _Fields) -> Clause:
    made = Clause(
        clause=fields.text("clause"),
        giver=fields.text("giver", ""),
        receiver=fields.text("receiver", ""),
        target=fields.maybe_text("target"),
        amount=fields.maybe_number("amount"),
        line=fields.maybe_number("line"),
        by_days=fields.maybe_whole("by_days"),
        vote=fields.text("vote", ""),
        motion=fields.text("motion", ""),
    )
    fields.done()
    return made


def _disclose(fields: _Fields) -> Disclosure:
    made = Disclosure(fields.text("seat"), fields.text("agreement"))
    fields.done()
    return made


def _ruling(fields: _Fields) -> Ruling:
    effects = tuple(_effect(table) for table in fields.tables("effects"))
    made = Ruling(effects, fields.text("reason"))
    fields.done()
    return made


def _effect(fields: _Fields) -> RuledEffect:
    entity, quantity = fields.text("entity"), fields.text("quantity")
    added, value = fields.maybe_number("add"), fields.maybe_number("set")
    lasts = fields.maybe_number("lasts_days")
    fields.done()
    if (added is None) == (value is None):
        raise _FindingError("an effect needs either add or set")
    if added is not None:
        return RuledEffect(entity, quantity, "add", added, 0.0 if lasts is None else lasts)
    if lasts is not None:
        raise _FindingError("lasts_days goes with add: what is set stays")
    return RuledEffect(entity, quantity, "set", 0.0 if value is None else value)


def _inject(fields: _Fields) -> InjectRelease:
    made = InjectRelease(fields.text("inject"))
    fields.done()
    return made


_MAKERS: dict[str, Callable[[_Fields], Decision | Pass]] = {
    "order": _order,
    "motion": _motion,
    "vote": _vote,
    "pass": _pass,
    "agreement": _agreement,
    "disclose": _disclose,
    "ruling": _ruling,
    "inject": _inject,
}
