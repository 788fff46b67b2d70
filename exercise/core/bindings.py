"""Which entities a table of content speaks of: ``region r``, ``region r, group g in r.groups``, with an optional filter on fixed facts."""

from __future__ import annotations

import re

import attrs

from exercise.core.definitions import Expression
from exercise.language import ExpressionError, Names, Scope, evaluate_fixed

_PART = re.compile(r"\s*([a-z_][a-z0-9_]*)\s+([a-z_][a-z0-9_]*)(?:\s+in\s+([a-z_][a-z0-9_.]*))?\s*")


@attrs.frozen(slots=True)
class Bound:
    """Variables in order (name -> (position, kind)) and every tuple of entity indices that they take."""

    variables: dict[str, tuple[int, str]]
    tuples: tuple[tuple[int, ...], ...]


def bind(text: str, names: Names, where: Expression | None = None, fixed: Bound | None = None) -> Bound:
    """All bindings of a text such as ``region r, group g in r.groups``; ``fixed`` bound variables come first.

    Raises ``ExpressionError`` for an unknown kind, variable or relation.
    """
    variables = dict(fixed.variables) if fixed else {}
    tuples: list[tuple[int, ...]] = list(fixed.tuples) if fixed else [()]
    for part in filter(str.strip, text.split(",")):
        match = _PART.fullmatch(part)
        if match is None:
            raise ExpressionError("syntax", f"cannot read the binding '{part.strip()}'", "write 'region r' or 'group g in r.groups'", 0)
        kind, variable, path = match.groups()
        if kind not in names.kinds:
            raise ExpressionError(
                "unknown-kind", f"there is no kind {kind}", f"kinds are {', '.join(sorted(names.kinds))}", text.index(kind)
            )
        tuples = [(*row, index) for row in tuples for index in _candidates(path, kind, row, variables, names)]
        variables[variable] = (len(variables), kind)
    if where is not None:
        scope = Scope(names=names, variables=variables)
        tuples = [row for row in tuples if evaluate_fixed(where.text, scope, row)]
    return Bound(variables, tuple(tuples))


def _candidates(path: str | None, kind: str, row: tuple[int, ...], variables: dict[str, tuple[int, str]], names: Names) -> tuple[int, ...]:
    if path is None:
        return tuple(range(len(names.kinds[kind])))
    first, *relations = path.split(".")
    if first in variables:
        position, of = variables[first]
        reached: tuple[int, ...] = (row[position],)
    elif first in names.entities:
        of, index = names.entities[first]
        reached = (index,)
    else:
        raise ExpressionError("unknown-name", f"there is no {first} here", "name a variable bound before or an entity", 0)
    for relation in relations:
        table = names.relations.get((of, relation))
        if table is None:
            raise ExpressionError("unknown-relation", f"a {of} has no relation {relation}", "", 0)
        reached = tuple(partner for index in reached for partner in table.rows[index])
        of = table.to
    if of != kind:
        raise ExpressionError("type-mismatch", f"{path} leads to a {of}, not a {kind}", "", 0)
    return reached
