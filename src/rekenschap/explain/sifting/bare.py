# SPDX-License-Identifier: EUPL-1.2
"""A ground without its choice of the nearest work: whether there is any is asked at a fraction of the cost.

Works on the parsed tree of any ground, also one of a pack; what it does not recognise it leaves as it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlglot
from sqlglot import exp

from rekenschap.errors import ConfigurationError
from rekenschap.sql.query import Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Bare:
    """A query for the one column `look`, the relations it reads, and what it may read of `look`."""

    tree: exp.Query
    reads: frozenset[str]
    columns: frozenset[str]


def bare(ground: Query, *, upstream: tuple[Query, ...] = ()) -> Bare:
    """Give a SELECT of the looks for which a ground holds, some perhaps more than once.

    What the `upstream` queries write is put inside, as a named part without the columns nobody reads, so that
    an engine can merge it with the rest. Raises ConfigurationError for text that is no SELECT of looks.
    """
    tree = _parsed(ground)
    asked = [each for each in tree.expressions if each.alias_or_name == "look"]
    if not asked or not isinstance(tree, exp.Select):
        raise _refused(ground, "a SELECT that gives the column look")
    if _chooses_nearest(tree):
        tree.set("qualify", None)
    tree.set("expressions", asked)
    for query in upstream:
        if query.writes in _relations(tree):
            _put_first(tree, query)
    for part in tree.ctes:
        part.set("materialized", False)  # DuckDB makes a named part whole unless told otherwise
    reads = _relations(tree)
    others = reads - {"look"}
    columns = frozenset(each.name for each in tree.find_all(exp.Column) if each.table not in others)
    return Bare(tree=tree, reads=reads, columns=columns)


def _relations(tree: exp.Query) -> frozenset[str]:
    """Name what a query reads and does not make itself."""
    parts = {each.alias for each in tree.ctes}
    return frozenset(each.name for each in tree.find_all(exp.Table)) - parts


def _chooses_nearest(tree: exp.Select) -> bool:
    """Say whether the end of the query only picks one row for each look, so that it drops no look."""
    qualify = tree.args.get("qualify")
    same = qualify.this if qualify is not None else None
    if not isinstance(same, exp.EQ) or not isinstance(same.this, exp.Window):
        return False
    window = same.this
    by = [each.name for each in window.args.get("partition_by") or []]
    return isinstance(window.this, exp.RowNumber) and by == ["look"] and same.expression.name == "1"


def _put_first(tree: exp.Select, query: Query) -> None:
    """Put what a query writes before the parts that read it."""
    written = _parsed(query)
    read = {each.name for each in tree.find_all(exp.Column)}
    kept = [at for at, name in enumerate(written.named_selects) if name in read]
    for select in _selects(written):
        select.set("expressions", [select.expressions[at] for at in kept])
    part = exp.CTE(this=written, alias=exp.TableAlias(this=exp.to_identifier(query.writes)))
    held = tree.args.get("with_")
    tree.set("with_", exp.With(expressions=[part, *(held.expressions if held is not None else [])]))


def _selects(tree: exp.Expr) -> list[exp.Select]:
    """Give the SELECTs that a union is made of, or the one."""
    if isinstance(tree, exp.SetOperation):
        return [*_selects(tree.this), *_selects(tree.expression)]
    return [tree] if isinstance(tree, exp.Select) else []


def _parsed(query: Query) -> exp.Query:
    try:
        tree = sqlglot.parse_one(query.sql, dialect="duckdb")
    except sqlglot.errors.SqlglotError:
        raise _refused(query, "SQL that can be parsed") from None
    if not isinstance(tree, exp.Query):
        raise _refused(query, "one SELECT")
    return tree


def _refused(query: Query, expected: str) -> ConfigurationError:
    return ConfigurationError(
        expected=f"{expected} in {query.id}", found="another text", remedy="run the lint of the query folders"
    )
