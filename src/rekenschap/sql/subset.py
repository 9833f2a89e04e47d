# SPDX-License-Identifier: EUPL-1.2
"""The SQL that means the same on every engine, as lists of what is allowed on the parsed tree.

What is not listed is refused: of 76 constructs measured on DuckDB and Spark, 18 differed and 7 of those
without an error. Knows no query folder; see `lint`.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlglot
from sqlglot import exp

from rekenschap.errors import ConfigurationError

FUNCTIONS: frozenset[type[exp.Expr]] = frozenset(
    {
        exp.Abs, exp.Avg, exp.Case, exp.Cast, exp.Coalesce, exp.Count, exp.Exp, exp.Greatest, exp.If,
        exp.Lag, exp.Lead, exp.Least, exp.Length, exp.Ln, exp.Lower, exp.Max, exp.Min, exp.Nullif,
        exp.Rank, exp.RowNumber, exp.Sqrt, exp.StartsWith, exp.Sum, exp.Upper, exp.And, exp.Or,
    }
)  # fmt: skip
"""Functions with one meaning on both engines."""

SHAPES: frozenset[type[exp.Expr]] = frozenset(
    {
        exp.Add, exp.Alias, exp.Between, exp.Boolean, exp.Column, exp.CTE, exp.DataType, exp.Distinct,
        exp.Div, exp.EQ, exp.Except, exp.Filter, exp.From, exp.Group, exp.GT, exp.GTE, exp.Having,
        exp.Identifier, exp.In, exp.IntDiv, exp.Is, exp.Join, exp.Limit, exp.Literal, exp.LT, exp.LTE,
        exp.Mod, exp.Mul, exp.Neg, exp.NEQ, exp.Not, exp.Null, exp.NullSafeEQ, exp.NullSafeNEQ,
        exp.Order, exp.Ordered, exp.Paren, exp.Placeholder, exp.Qualify, exp.Select, exp.Star, exp.Sub,
        exp.Table, exp.TableAlias, exp.Tuple, exp.Union, exp.Where, exp.Window, exp.WindowSpec,
        exp.With,
    }
)  # fmt: skip
"""Shapes of the tree that may occur; subqueries are written as named CTEs, so they can be read."""

JOINS = ("INNER", "LEFT", "SEMI", "ANTI")
CASTS = ("DOUBLE", "BIGINT")
_RANKED = (exp.RowNumber, exp.Rank, exp.Lag, exp.Lead)

_WHY: dict[type[exp.Expr], str] = {
    exp.Exists: "write a semi join: a correlated exists costs four times as much",
    exp.Subquery: "give the subquery a name in the with clause",
    exp.DateDiff: "count in microseconds or days: engines count date parts differently",
    exp.CurrentTimestamp: "bind the time as a parameter: a query has no clock",
    exp.Rand: "bind what is drawn as a relation: a query draws nothing",
}


def check_subset(sql: str, *, reads: Iterable[str], parameters: Iterable[str], query_id: str) -> None:
    """Raise ConfigurationError when the text leaves the subset, or uses names not declared."""
    tree = _parsed(sql, query_id)
    for check in _CHECKS:
        if fault := check(tree):
            raise _refused(query_id, *fault)
    ctes = {each.alias for each in tree.find_all(exp.CTE)}
    tables = {each.name for each in tree.find_all(exp.Table)}
    _check_same(tables - ctes, set(reads), "relations it reads", query_id)
    _check_same(
        {each.name for each in tree.find_all(exp.Placeholder)}, set(parameters), "parameters", query_id
    )


def output_columns(sql: str, *, query_id: str) -> tuple[str, ...]:
    """Give the names of the columns a SELECT answers with, in order."""
    return tuple(_parsed(sql, query_id).named_selects)


_Fault = tuple[str, str, str] | None


def _parsed(sql: str, query_id: str) -> exp.Query:
    try:
        trees = sqlglot.parse(sql, dialect="duckdb")
    except sqlglot.errors.SqlglotError:
        raise _refused(
            query_id, "SQL that can be parsed", "a fault in the grammar", "run it in DuckDB"
        ) from None
    if len(trees) != 1 or not isinstance(trees[0], exp.Query):
        raise _refused(query_id, "one SELECT", f"{len(trees)} statements or another kind", "split the folder")
    return trees[0]


def _check_nodes(tree: exp.Expr) -> _Fault:
    for node in tree.walk():
        kind = type(node)
        if kind not in SHAPES and kind not in FUNCTIONS:
            name = node.name if isinstance(node, exp.Anonymous) else kind.__name__
            return (
                "only the portable subset",
                name.lower(),
                _WHY.get(kind, "see docs/reference/sql-subset.md"),
            )
    return None


def _check_stars(tree: exp.Expr) -> _Fault:
    stars = (star for star in tree.find_all(exp.Star) if not isinstance(star.parent, exp.Count))
    return (
        ("named columns", "select *", "name the columns that are read") if any(True for _ in stars) else None
    )


def _check_joins(tree: exp.Expr) -> _Fault:
    for join in tree.find_all(exp.Join):
        kind = join.kind or join.side or "INNER"
        if kind not in JOINS or join.method or join.args.get("using"):
            return (
                f"joins {', '.join(JOINS)} with on",
                f"{join.method or kind} join".lower(),
                "write it as one of those",
            )
        if not any(_joins_columns(each) for each in _conjuncts(join.args.get("on"))):
            return "an equality of two columns in each join", "none", "add the key both sides share"
    return None


def _check_divisions(tree: exp.Expr) -> _Fault:
    bare = (each for each in tree.find_all(exp.Div) if not isinstance(each.expression, exp.Nullif))
    fault = (
        "a division by nullif(…, 0), or //",
        "a bare /",
        "division by zero is inf on one engine and stops the other",
    )
    return fault if any(True for _ in bare) else None


def _check_casts(tree: exp.Expr) -> _Fault:
    for cast in tree.find_all(exp.Cast):
        kind = cast.to.sql(dialect="duckdb").upper()
        whole = kind == "BIGINT" and not isinstance(cast.this, exp.Null)
        if kind not in CASTS or whole:
            return (
                "casts to double, or of null to bigint",
                f"a cast to {kind.lower()}",
                "engines round differently",
            )
    return None


def _check_forms(tree: exp.Expr) -> _Fault:
    for form in tree.find_all(exp.With, exp.Union, exp.Window):
        if form.args.get("recursive"):
            return (
                "named queries that do not call themselves",
                "with recursive",
                "give the steps a relation each",
            )
        if form.args.get("by_name"):
            return "a union by place", "union by name", "name the columns in the same order"
        if isinstance(form, exp.Window) and form.find(exp.Distinct):
            return (
                "windows over all rows",
                "a distinct window",
                "make the rows distinct in a named query first",
            )
    return None


def _check_order(tree: exp.Expr) -> _Fault:
    for window in tree.find_all(exp.Window):
        if isinstance(window.this, _RANKED) and not window.args.get("order"):
            return "an order in each ranking window", "none", "order by time and then by entry"
    for limit in tree.find_all(exp.Limit):
        if limit.parent is None or not limit.parent.args.get("order"):
            return "an order where there is a limit", "none", "order by something that has no ties"
    return None


_CHECKS = (
    _check_nodes,
    _check_forms,
    _check_stars,
    _check_joins,
    _check_divisions,
    _check_casts,
    _check_order,
)


def _conjuncts(condition: exp.Expr | None) -> Iterable[exp.Expr]:
    if condition is None:
        return ()
    return condition.flatten() if isinstance(condition, exp.And) else (condition,)


def _joins_columns(condition: exp.Expr) -> bool:
    """Say whether this is `a.x = b.y`, of two relations."""
    sides = (condition.this, condition.expression) if isinstance(condition, exp.EQ) else ()
    names = {side.table for side in sides if isinstance(side, exp.Column) and side.table}
    return len(names) == 2


def _check_same(found: set[str], declared: set[str], what: str, query_id: str) -> None:
    for names, word in ((found - declared, "not declared"), (declared - found, "declared but not used")):
        if names:
            raise _refused(
                query_id,
                f"the {what} as declared",
                f"{', '.join(sorted(names))} {word}",
                "correct query.toml",
            )


def _refused(query_id: str, expected: str, found: str, remedy: str) -> ConfigurationError:
    return ConfigurationError(expected=f"{expected} in query {query_id}", found=found, remedy=remedy)
