# SPDX-License-Identifier: EUPL-1.2
"""What one SQL statement reads: tables, columns, and the keys it names when it reads of those alone.

Knows the text only: no schema, no view behind a name, no rights. Of what it does not understand it is silent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError

from rekenschap.adapters.sources.databases.keys import Key, Keys, items_of, keys_of
from rekenschap.adapters.sources.databases.words import (
    MARK,
    parameters_in,
    remarks_of,
    shape_of,
    unwrapped,
    with_named_parameters,
    words_of,
)

LONGEST = 1 << 16
"""Characters of a statement that is looked into; a longer one is a load and no look."""

_CATALOGUES = frozenset({"pg_catalog", "information_schema", "sys"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A statement understood; `keys` is None when it does not confine itself to keys it names.

    `action`: read, write, export (COPY .. TO), count (only totals), nothing (reads no table), or empty when
    it was not understood.
    """

    action: str = ""
    tables: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    keys: Keys = None
    remarks: Mapping[str, str] = field(default_factory=dict)
    parameters: tuple[str, ...] = ()
    only_catalogue: bool = False


@lru_cache(maxsize=1_024)
def read_statement(text: str, dialect: str, key_columns: frozenset[str]) -> Statement:
    """Understand a statement; `key_columns` are the columns (small letters) that hold who somebody is."""
    if len(text) > LONGEST:
        return Statement()
    known = Dialect.get_or_raise(dialect)
    query, words = unwrapped(text, known)
    named = with_named_parameters(query, words)
    shape, texts = shape_of(named, words if named == query else words_of(named, known))
    found = _of_shape(shape, dialect, key_columns)
    keys = found.keys and tuple(dict.fromkeys(each for key in found.keys for each in _filled_in(key, texts)))
    return replace(found, keys=keys, remarks=remarks_of(words), parameters=tuple(parameters_in(words)))


def _filled_in(key: Key, texts: Sequence[str]) -> Iterator[Key]:
    """Put the text of a mark back; an array gives a key for each item."""
    number = key.value.removeprefix(MARK)
    value = key.value
    if number != key.value and number.isdecimal() and int(number) < len(texts):
        value = texts[int(number)]
    for item in items_of(value) if key.is_array else [value]:
        yield Key(value=item, is_parameter=key.is_parameter)


@lru_cache(maxsize=4_096)
def _of_shape(shape: str, dialect: str, key_columns: frozenset[str]) -> Statement:
    """Understand a query of which the texts are marks; an application has few different ones."""
    known = Dialect.get_or_raise(dialect)
    trees = _parsed(shape, known)
    if len(trees) == 1 and (inner := _executed(trees[0])) is not None:
        query, values = inner
        return _bound(read_statement(query, dialect, key_columns), values)
    if not trees or any(isinstance(tree, exp.Command) for tree in trees):
        return Statement()
    tables = tuple(dict.fromkeys(name for tree in trees for name in _tables(tree)))
    schemas = {name.rpartition(".")[0] for name in tables}
    return Statement(
        action=_action(trees, tables),
        tables=tables,
        fields=tuple(dict.fromkeys(name for tree in trees for name in _fields(tree))),
        keys=_keys(trees, key_columns),
        only_catalogue=bool(tables) and all(_is_catalogue(name, schemas) for name in tables),
    )


def _parsed(query: str, dialect: Dialect) -> list[exp.Expr]:
    try:
        return [tree for tree in dialect.parse(query) if tree is not None]
    except (SqlglotError, RecursionError, ValueError):
        return []


def _is_catalogue(name: str, schemas: set[str]) -> bool:
    schema, _, table = name.rpartition(".")
    return schema in _CATALOGUES or (not schema and table.startswith("pg_") and schemas <= {"", "pg_catalog"})


def _keys(trees: list[exp.Expr], key_columns: frozenset[str]) -> Keys:
    found = [keys_of(tree, key_columns) for tree in trees]
    if any(keys is None for keys in found):
        return None
    return tuple(dict.fromkeys(key for keys in found for key in keys or ()))


def _action(trees: list[exp.Expr], tables: tuple[str, ...]) -> str:
    if any(isinstance(tree, exp.Copy) and not tree.args.get("kind") for tree in trees):
        return "export"
    if any(
        isinstance(tree, exp.DML | exp.Create | exp.Copy | exp.DDL) and not _is_query(tree) for tree in trees
    ):
        return "write"
    if not tables:
        return "nothing" if all(_is_query(tree) for tree in trees) else ""
    return "count" if all(_is_count(tree) for tree in trees) else "read"


def _is_query(tree: exp.Expr) -> bool:
    return isinstance(tree, exp.Query)


def _is_count(tree: exp.Expr) -> bool:
    """Tell whether a query gives totals only: nobody can be read in them."""
    if not isinstance(tree, exp.Select) or tree.args.get("group"):
        return False
    shown = [each.unalias() for each in tree.expressions]
    return bool(shown) and all(isinstance(each, exp.Count | exp.Sum | exp.Avg) for each in shown)


def _tables(tree: exp.Expr) -> Iterator[str]:
    made = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table, bfs=False):
        if table.name and not (table.name.lower() in made and not table.db):
            yield _name(table)


def _name(table: exp.Table) -> str:
    return ".".join(part.name for part in table.parts if part.name)


def _fields(tree: exp.Expr) -> Iterator[str]:
    tables = list(dict.fromkeys(_tables(tree)))
    known = {(table.alias or table.name).lower(): _name(table) for table in tree.find_all(exp.Table)}
    for node in tree.find_all(exp.Column, exp.Star, bfs=False):
        if isinstance(node, exp.Column) and (node.table or len(tables) == 1):
            yield f"{known.get(node.table.lower(), node.table) if node.table else tables[0]}.{node.name}"
        elif isinstance(node, exp.Column):
            yield node.name
        elif isinstance(node.parent, exp.Select):
            yield from (f"{name}.*" for name in tables)
    if isinstance(tree, exp.Copy) and isinstance(tree.this, exp.Schema):
        yield from (f"{name}.{column.name}" for name in tables for column in tree.this.expressions)
    elif isinstance(tree, exp.Copy) and isinstance(tree.this, exp.Table):
        yield from (f"{name}.*" for name in tables)


def _executed(tree: exp.Expr) -> tuple[str, Mapping[str, str]] | None:
    """Give the query inside `exec sp_executesql N'..', N'..', @p='..'` with the values of its parameters."""
    if type(tree).__name__ != "ExecuteSql" or not tree.expressions:
        return None
    first, *rest = tree.expressions
    named = [each for each in rest if isinstance(each, exp.EQ) and isinstance(each.this, exp.Parameter)]
    return first.name, {each.this.name: each.expression.name for each in named}


def _bound(statement: Statement, values: Mapping[str, str]) -> Statement:
    keys = statement.keys and tuple(
        Key(value=values.get(key.value, "")) if key.is_parameter else key for key in statement.keys
    )
    return replace(statement, keys=keys)
