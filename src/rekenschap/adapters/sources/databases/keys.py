# SPDX-License-Identifier: EUPL-1.2
"""Of whom a query reads, when its conditions confine it to keys it names. When in doubt: unknown (None)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from sqlglot import exp


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A value in the text of a query, or the name of the parameter that holds it; `is_array`: {a,b}."""

    value: str
    is_parameter: bool = False
    is_array: bool = False


Keys: TypeAlias = tuple[Key, ...] | None
_Made: TypeAlias = dict[str, exp.Expr]


def keys_of(tree: exp.Expr, columns: frozenset[str]) -> Keys:
    """Give the keys the whole statement is confined to; a branch of a UNION that is not makes it None."""
    made = {cte.alias.lower(): cte.this for cte in tree.find_all(exp.CTE)}
    if isinstance(tree, exp.Copy | exp.Create | exp.Insert):
        inner = tree.args.get("expression") or tree.this
        return _of_query(inner, columns, made) if isinstance(inner, exp.Query) else None
    return _of_query(tree, columns, made)


def _of_query(tree: exp.Expr | None, columns: frozenset[str], made: _Made) -> Keys:
    if isinstance(tree, exp.Subquery | exp.Paren):
        return _of_query(tree.this, columns, made)
    if isinstance(tree, exp.SetOperation):
        branches = [_of_query(side, columns, made) for side in (tree.this, tree.expression)]
        if any(branch is None for branch in branches):
            return None
        return tuple(dict.fromkeys(key for branch in branches for key in branch or ()))
    if not isinstance(tree, exp.Select | exp.Update | exp.Delete):
        return None
    where = tree.args.get("where")
    for each in _all_of(where.this) if where else ():
        if (found := _of_condition(each, columns, made)) is not None:
            return found
    return _of_source(tree, columns, made)


def _of_source(tree: exp.Expr, columns: frozenset[str], made: _Made) -> Keys:
    """Look into what a query reads from, when that is one query itself and nothing is joined to it."""
    source = tree.args.get("from_")
    if source is None or tree.args.get("joins"):
        return None
    inner = source.this
    if isinstance(inner, exp.Table) and not inner.db and inner.name.lower() in made:
        rest = {name: each for name, each in made.items() if name != inner.name.lower()}
        return _of_query(made[inner.name.lower()], columns, rest)
    return _of_query(inner, columns, made) if isinstance(inner, exp.Subquery) else None


def _all_of(condition: exp.Expr) -> Iterator[exp.Expr]:
    """Give the conditions that must all hold."""
    waiting = [condition]
    while waiting:
        each = waiting.pop().unnest()
        if isinstance(each, exp.And):
            waiting += [each.expression, each.this]
        else:
            yield each


def _of_condition(condition: exp.Expr, columns: frozenset[str], made: _Made) -> Keys:
    if isinstance(condition, exp.EQ):
        for left, right in ((condition.this, condition.expression), (condition.expression, condition.this)):
            if _names(left, columns):
                return _of_value(right, columns, made)
        return None
    if isinstance(condition, exp.In) and _names(condition.this, columns):
        if (query := condition.args.get("query")) is not None:
            return _of_query(query, columns, made)
        found = [_of_value(each, columns, made) for each in condition.expressions]
        if found and all(found):
            return tuple(dict.fromkeys(key for keys in found for key in keys or ()))
    return None


def _names(side: exp.Expr, columns: frozenset[str]) -> bool:
    plain = _bare(side)
    return isinstance(plain, exp.Column) and plain.name.lower() in columns


def _bare(side: exp.Expr) -> exp.Expr:
    """Take brackets, casts and TRIM off."""
    while isinstance(side, exp.Paren | exp.Cast | exp.Trim | exp.National) and isinstance(
        side.this, exp.Expr
    ):
        side = side.this
    return side


def _of_value(side: exp.Expr, columns: frozenset[str], made: _Made) -> Keys:
    plain = _bare(side)
    if isinstance(plain, exp.Literal | exp.National):
        return (Key(value=plain.name),)
    if isinstance(plain, exp.Parameter | exp.Placeholder):
        return (Key(value=plain.name, is_parameter=True),)
    if isinstance(plain, exp.Subquery):
        return _of_query(plain, columns, made)
    if isinstance(plain, exp.Any):
        return _of_list(_bare(plain.this))
    return None


def _of_list(inner: exp.Expr) -> Keys:
    if isinstance(inner, exp.Array):
        values = [_bare(each) for each in inner.expressions]
        return tuple(Key(value=each.name) for each in values) if all(map(_is_literal, values)) else None
    if _is_literal(inner):
        return (Key(value=inner.name, is_array=True),)
    if isinstance(inner, exp.Parameter | exp.Placeholder):
        return (Key(value=inner.name, is_parameter=True),)
    return None


def _is_literal(each: exp.Expr) -> bool:
    return isinstance(each, exp.Literal)


def items_of(text: str) -> list[str]:
    """Give the items of an array as PostgreSQL writes one: {a,"b"}."""
    if not (text.startswith("{") and text.endswith("}")):
        return [text]
    return [item.strip().strip('"') for item in text[1:-1].split(",") if item.strip()]
