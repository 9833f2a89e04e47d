# SPDX-License-Identifier: EUPL-1.2
"""Any relations, the same rows on DuckDB and on Spark: every query of the explain room, in their order."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import rekenschap
from rekenschap.adapters.engines.duckdb import DuckDbEngine
from rekenschap.model.columns import Column, Kind
from rekenschap.model.relations import RELATIONS
from rekenschap.seams.engine import Engine
from rekenschap.sql.derived import VERDICT, derived_schema
from rekenschap.sql.query import load_queries
from rekenschap.sql.workspace import bind_all, run
from rekenschap.tables import work_schema

QUERIES = {query.id: query for query in load_queries(Path(rekenschap.__file__).parent / "explain")}
UPSTREAM = ("looks", "look_zaak", "zaken")
DRAWN = ("consultation", "staff", "zaak", "task", "assignment", "contact", "relation")
DAY = 86_400_000_000
FIRST_DAY = 20_514


@pytest.fixture(scope="module")
def engines() -> Iterator[tuple[Engine, Engine]]:
    from rekenschap.adapters.engines.spark import SparkEngine

    pair = DuckDbEngine(threads=1), SparkEngine()
    yield pair
    for engine in pair:
        engine.close()


@pytest.mark.spark
@pytest.mark.timeout(1800)  # every query of the room, three times over: minutes where the machine is busy
@settings(
    max_examples=3,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32 - 1), rows=st.integers(1, 40))
def test_both_engines_give_the_same_rows(engines: tuple[Engine, Engine], seed: int, rows: int):
    facts = {
        name: _random_rows(name, rows, np.random.default_rng([seed, at])) for at, name in enumerate(DRAWN)
    }
    one, other = (_answers(engine, facts) for engine in engines)
    for name, answer in one.items():
        assert answer == other[name], name


def _answers(engine: Engine, facts: Mapping[str, pa.Table]) -> dict[str, list[tuple[object, ...]]]:
    bind_all(engine, facts)
    answers: dict[str, list[tuple[object, ...]]] = {}
    explanations: list[pa.Table] = []
    after = [name for name, query in QUERIES.items() if "explanation" in query.reads]
    for name in (*UPSTREAM, *(each for each in QUERIES if each not in (*UPSTREAM, *after)), *after):
        if name in after:
            engine.bind("explanation", pa.concat_tables(explanations))
        answer = run(engine, QUERIES[name])
        if QUERIES[name].writes == "explanation":
            ground, weight = (pa.repeat(pa.scalar(text), len(answer)) for text in (name, "full"))
            explanations.append(answer.append_column("ground", ground).append_column("weight", weight))
        else:
            engine.bind(QUERIES[name].writes, answer)
        if name == "looks":
            engine.bind("verdict", _judged(answer))
        answers[name] = sorted(zip(*(column.to_pylist() for column in answer.columns), strict=True), key=repr)
    return answers


def _judged(looks: pa.Table) -> pa.Table:
    """Give every look a verdict that follows from its number: every other look is explained."""
    look = looks.column("look").to_numpy()
    told = {
        "look": look,
        "explained": look % 2 == 0,
        "weak_only": look % 3 == 0,
        "best_ground": pa.nulls(len(look), pa.string()),
        "best_strength": pa.nulls(len(look), pa.float64()),
        "score": look / 8,
    }
    return pa.table(told).cast(derived_schema(VERDICT))


def _random_rows(name: str, rows: int, rng: np.random.Generator) -> pa.Table:
    """Few different people, zaken and hours, so that rows meet; a fifth of what may be null is."""
    relation, schema = RELATIONS[name], work_schema(RELATIONS[name])
    times = FIRST_DAY * DAY + rng.integers(0, 24 * 60, rows) * (DAY // 48)
    arrays = {column.name: _random_column(column, rows, rng) for column in relation}
    arrays |= {
        "entry": pa.array(rng.permutation(rows), pa.int64()),
        relation.happened: pa.array(
            times, mask=~_required(relation[relation.happened]) & (rng.random(rows) < 0.2)
        ),
        "happened_day": pa.array((times // DAY).astype(np.int32)),
        "happened_minute": pa.array((times % DAY // 60_000_000).astype(np.int32)),
    }
    return pa.table([arrays[field.name].cast(field.type) for field in schema], schema=schema)


def _required(column: Column) -> np.bool_:
    return np.bool_(column.required)


def _random_column(column: Column, rows: int, rng: np.random.Generator) -> pa.Array:
    mask = np.zeros(rows, dtype=np.bool_) if column.required else rng.random(rows) < 0.2
    match column.kind:
        case Kind.TOKEN | Kind.BYTES:
            return pa.array(rng.integers(-3, 4, rows) * 2**61, mask=mask)
        case Kind.TIME:
            return pa.array(FIRST_DAY * DAY + rng.integers(0, 24 * 60, rows) * (DAY // 48), mask=mask)
        case Kind.CODE:
            return pa.array(rng.choice(np.array(column.codes, dtype=object), rows), pa.string(), mask=mask)
        case Kind.FLAG:
            return pa.array(rng.random(rows) < 0.5, mask=mask)
        case Kind.TEXT:
            return pa.array(
                rng.choice(np.array(["wmo", "burger"], dtype=object), rows), pa.string(), mask=mask
            )
        case _:
            return pa.array(rng.integers(0, 5, rows), mask=mask)
