# SPDX-License-Identifier: EUPL-1.2
"""Runs queries over named relations on one engine, and gives relations that are absent their empty form.

Knows the order only by what each query reads and writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyarrow as pa

from rekenschap.errors import ConfigurationError
from rekenschap.model.relations import SEARCHED_RELATIONS
from rekenschap.seams.engine import Engine, Parameter
from rekenschap.sql.derived import DERIVED, derived_schema
from rekenschap.sql.query import Query
from rekenschap.tables import work_schema


def run(engine: Engine, query: Query, settings: Mapping[str, Parameter] | None = None) -> pa.Table:
    """Answer one query with its defaults, or with `settings` in their place; raises EngineError."""
    given = {name: value for name, value in (settings or {}).items() if name in query.defaults}
    answered = engine.answer(query.sql, {**query.defaults, **given}, query_id=query.id)
    return answered.cast(derived_schema(query.columns))


def bind_all(engine: Engine, relations: Mapping[str, pa.Table]) -> None:
    """Bind what is given, and every relation of facts that is not given without rows (work form)."""
    absent = {
        name: work_schema(each).empty_table()
        for name, each in SEARCHED_RELATIONS.items()
        if name not in relations
    }
    for name, rows in {**absent, **relations}.items():
        engine.bind(name, rows)


def bind_upstream(
    engine: Engine, wanted: Iterable[str], *, known: set[str], catalogue: Iterable[Query]
) -> None:
    """Bind the relations in `wanted` that are not `known`, running the query that writes each, deepest first.

    `known` grows by what is bound. Facts, and what no query writes, are bound without rows.
    Raises ConfigurationError when a name is no relation at all.
    """
    queries = tuple(catalogue)
    for name in wanted:
        if name in known:
            continue
        known.add(name)
        writers = [query for query in queries if query.writes == name]
        if len(writers) == 1:
            bind_upstream(engine, writers[0].reads, known=known, catalogue=queries)
            engine.bind(name, run(engine, writers[0]))
        elif name in SEARCHED_RELATIONS:
            engine.bind(name, work_schema(SEARCHED_RELATIONS[name]).empty_table())
        elif name in DERIVED:
            engine.bind(name, derived_schema(DERIVED[name]).empty_table())
        else:
            raise ConfigurationError(
                expected="a relation of facts or one that a query writes",
                found=f"'{name}'",
                remedy="correct reads in query.toml",
            )
