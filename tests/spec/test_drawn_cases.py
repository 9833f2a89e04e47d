# SPDX-License-Identifier: EUPL-1.2
"""Every drawn case of every query, on each engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import rekenschap
from rekenschap.adapters.engines.duckdb import DuckDbEngine
from rekenschap.seams.engine import Engine
from rekenschap.sql.cases import answered_rows, read_drawn
from rekenschap.sql.query import Query, load_queries
from rekenschap.sql.workspace import bind_upstream, run

CATALOGUE = load_queries(Path(rekenschap.__file__).parent)
DRAWINGS = [
    pytest.param(query, path, id=f"{query.id}-{path.stem}") for query in CATALOGUE for path in query.drawings
]


@pytest.fixture(scope="module")
def duckdb() -> Iterator[Engine]:
    engine = DuckDbEngine(threads=1)
    yield engine
    engine.close()


@pytest.mark.parametrize(("query", "path"), DRAWINGS)
def test_a_drawn_case_comes_out_on_duckdb(duckdb: Engine, query: Query, path: Path) -> None:
    _check(duckdb, query, path)


@pytest.mark.spark
@pytest.mark.parametrize(("query", "path"), DRAWINGS)
def test_a_drawn_case_comes_out_on_spark(spark: Engine, query: Query, path: Path) -> None:
    _check(spark, query, path)


def _check(engine: Engine, query: Query, path: Path) -> None:
    drawn = read_drawn(path, query, catalogue=CATALOGUE)
    for name, rows in drawn.given.items():
        engine.bind(name, rows)
    bind_upstream(engine, query.reads, known={*drawn.given}, catalogue=CATALOGUE)
    assert answered_rows(run(engine, query), drawn.columns) == drawn.expected, drawn.says
