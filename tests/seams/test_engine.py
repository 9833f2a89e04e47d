# SPDX-License-Identifier: EUPL-1.2
"""What every engine keeps to, whichever it is."""

from collections.abc import Iterator

import pyarrow as pa
import pytest

from rekenschap.adapters.engines.duckdb import DuckDbEngine
from rekenschap.errors import EngineError
from rekenschap.seams.engine import Engine

ROWS = pa.table(
    {
        "look": pa.array([1, 2, 3], pa.int64()),
        "staff": pa.array([-(2**63), 2**63 - 1, None], pa.int64()),
        "happened_day": pa.array([1, None, 3], pa.int32()),
        "team": pa.array(["wmo", None, "belasting ’s-Graveland"]),
        "score": pa.array([0.1, None, 1e300]),
        "explained": pa.array([True, False, None]),
    }
)
ALL = "select look, staff, happened_day, team, score, explained from verdict order by look"


@pytest.fixture(params=["duckdb", pytest.param("spark", marks=pytest.mark.spark)])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    if request.param == "spark":
        yield request.getfixturevalue("spark")
        return
    engine = DuckDbEngine(threads=1, memory_limit="256MB")
    yield engine
    engine.close()


def test_what_is_bound_comes_back_unchanged(engine: Engine):
    engine.bind("verdict", ROWS)
    answer = engine.answer(ALL, {}, query_id="all")
    assert answer.to_pylist() == ROWS.to_pylist()
    assert [field.type for field in answer.schema] == [field.type for field in ROWS.schema]


def test_no_rows_keep_their_columns(engine: Engine):
    engine.bind("verdict", ROWS.schema.empty_table())
    answer = engine.answer(ALL, {}, query_id="none")
    assert (answer.num_rows, answer.column_names) == (0, ROWS.column_names)


def test_rows_in_pieces_are_all_there_also_when_the_first_is_empty(engine: Engine):
    empty = ROWS.slice(0, 0)
    engine.bind("verdict", pa.concat_tables([empty, ROWS.slice(0, 1), empty, ROWS.slice(1)]))
    assert engine.answer(ALL, {}, query_id="all").to_pylist() == ROWS.to_pylist()


def test_binding_again_takes_the_place_of_what_was_bound(engine: Engine):
    engine.bind("verdict", ROWS)
    engine.bind("verdict", ROWS.slice(2))
    answer = engine.answer("select count(*) as n from verdict", {}, query_id="count")
    assert answer["n"].to_pylist() == [1]


@pytest.mark.parametrize(
    ("column", "parameter", "found"),
    [
        ("staff", 2**63 - 1, [2]),
        ("score", 0.1, [1]),
        ("explained", True, [1]),
        ("team", "belasting ’s-Graveland", [3]),
        ("team", "' or '1' = '1", []),
        ("team", "\\' or 1 = 1 -- ", []),
        ("team", "$other ? :other {}", []),
    ],
)
def test_a_parameter_is_bound_and_never_read_as_sql(
    engine: Engine, column: str, parameter: object, found: list[int]
):
    engine.bind("verdict", ROWS)
    sql = f"select look from verdict where {column} = $wanted"  # noqa: S608 - the column is one of ours
    assert engine.answer(sql, {"wanted": parameter}, query_id="one")["look"].to_pylist() == found  # type: ignore[dict-item]


def test_a_text_with_a_backslash_is_itself(engine: Engine):
    engine.bind("verdict", pa.table({"team": ["a\\b", "a\nb"]}))
    for text in ("a\\b", "a\nb"):
        answer = engine.answer(
            "select count(*) as n from verdict where team = $team", {"team": text}, query_id="one"
        )
        assert answer["n"].to_pylist() == [1]


@pytest.mark.parametrize("given", [{}, {"wanted": 1, "other": 2}, {"other": 2}])
def test_parameters_are_exactly_those_that_are_named(engine: Engine, given: dict[str, int]):
    engine.bind("verdict", ROWS)
    with pytest.raises(EngineError):
        engine.answer("select look from verdict where look = $wanted", given, query_id="one")


def test_a_failure_names_the_query_and_never_the_value(engine: Engine, capfd: pytest.CaptureFixture[str]):
    engine.bind("verdict", pa.table({"team": ["Jansen-de Wit"]}))
    with pytest.raises(EngineError) as caught:
        engine.answer("select cast(team as bigint) as n from verdict", {}, query_id="reads_a_name")
    assert caught.value.statement_id == "reads_a_name"
    assert caught.value.__cause__ is None
    shown = "".join(capfd.readouterr()) + str(caught.value) + repr(caught.value.__dict__)
    assert "Jansen" not in shown


@pytest.mark.parametrize(
    "sql", ["select nothing from verdict", "select look from nowhere", "select from where"]
)
def test_sql_that_cannot_be_answered_is_trouble(engine: Engine, sql: str):
    engine.bind("verdict", ROWS)
    with pytest.raises(EngineError):
        engine.answer(sql, {}, query_id="cannot")


def test_an_engine_goes_on_after_a_failure(engine: Engine):
    engine.bind("verdict", ROWS)
    with pytest.raises(EngineError):
        engine.answer("select nothing from verdict", {}, query_id="cannot")
    assert engine.answer("select look from verdict", {}, query_id="can").num_rows == 3


def test_duckdb_reads_no_file_and_no_variable():
    engine = DuckDbEngine(threads=1)
    hidden = pa.table({"a": [1]})
    for sql in ("select a from hidden", "select count(*) as n from read_csv('/etc/hostname')"):
        with pytest.raises(EngineError):
            engine.answer(sql, {}, query_id="outside")
    assert hidden.num_rows == 1
    engine.close()


def test_settings_that_duckdb_does_not_know_are_trouble():
    with pytest.raises(EngineError, match="settings"):
        DuckDbEngine(memory_limit="much")
