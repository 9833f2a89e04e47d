# SPDX-License-Identifier: EUPL-1.2
"""Spark, on this machine or a cluster, for bodies that already run it: the same SQL, carried over by sqlglot.

Knows no query by name. An integration, not a faster way: one DuckDB core does the work of about twelve.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

import pyarrow as pa
import sqlglot
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.logger import PySparkLogger
from pyspark.sql import DataFrame, SparkSession
from sqlglot import exp

from rekenschap.adapters.engines.spark_pieces import Piece, columns_of, source_of
from rekenschap.errors import EngineError
from rekenschap.seams.engine import Parameter


class SparkEngine:
    """One Spark session; see `rekenschap.seams.engine.Engine` for the contract.

    `master` is the address of a cluster (`spark://host:7077`); without it Spark runs here, on so many cores.
    `host` is where the workers of a cluster find this program. Workers need the same Python with rekenschap.
    A process has one Spark session: two of these engines share their relations, so close one before the next.
    """

    name = "spark"

    def __init__(
        self, *, cores: int = 2, memory: str = "1g", master: str = "", host: str = "127.0.0.1"
    ) -> None:
        os.environ.setdefault("SPARK_LOCAL_IP", host)
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        builder = SparkSession.builder.master(master or f"local[{cores}]").appName("rekenschap")
        for name, setting in _settings(memory, host).items():
            builder = builder.config(name, setting)
        try:
            self._session = builder.getOrCreate()
        except (PySparkException, Py4JError) as error:
            raise EngineError(
                expected=f"Spark to begin, at {master}" if master else "Spark to begin here, with Java",
                found=type(error).__name__,
                remedy="look whether it runs, in our version" if master else "install Java 17",
                statement_id="begin",
            ) from None
        self._session.sparkContext.setLogLevel("OFF")
        self._fetched: dict[str, DataFrame] = {}
        _silence()

    def bind(self, name: str, rows: pa.Table) -> None:
        """Make `rows` known as the relation `name`, in place of what had that name."""
        self._let_go(name)
        try:
            # In one piece: of a table whose first piece is empty PySpark 4.3 keeps no row at all.
            self._session.createDataFrame(rows.combine_chunks()).createOrReplaceTempView(name)
        except PySparkException as error:
            raise _scrubbed(error, f"bind {name}") from None

    def bind_pieces(self, name: str, pieces: Sequence[Piece], schema: pa.Schema) -> None:
        """Make rows that the workers fetch themselves known as `name`; each piece is fetched once."""
        if not pieces:
            return self.bind(name, schema.empty_table())
        self._let_go(name)
        try:
            self._session.dataSource.register(source_of(f"pieces_{name}", pieces))
            rows = self._session.read.format(f"pieces_{name}").schema(columns_of(schema)).load().persist()
            rows.createOrReplaceTempView(name)
        except PySparkException as error:
            raise _scrubbed(error, f"bind {name}") from None
        self._fetched[name] = rows

    def _let_go(self, name: str) -> None:
        if (rows := self._fetched.pop(name, None)) is not None:
            rows.unpersist()

    def answer(self, sql: str, parameters: Mapping[str, Parameter], *, query_id: str) -> pa.Table:
        """Carry the DuckDB text over to Spark with its parameters as literals in the tree, and run it."""
        try:
            answered = self._session.sql(to_spark(sql, parameters, query_id=query_id)).toArrow()
        except PySparkException as error:
            raise _scrubbed(error, query_id) from None
        return answered

    def close(self) -> None:
        """Stop the session."""
        self._session.stop()


def to_spark(sql: str, parameters: Mapping[str, Parameter], *, query_id: str) -> str:
    """Rewrite one SELECT in the DuckDB dialect as Spark SQL; literals are written by sqlglot, never by us.

    Raises EngineError when the text does not parse or the parameters are not exactly those it names.
    """
    try:
        tree = sqlglot.parse_one(sql, dialect="duckdb")
    except sqlglot.errors.SqlglotError:
        raise _refused("one SELECT that sqlglot can read", "another text", query_id) from None
    places = list(tree.find_all(exp.Placeholder))
    if {place.name for place in places} != set(parameters):
        raise _refused("a value for each named parameter and no other", "another set of names", query_id)
    for place in places:
        place.replace(exp.convert(parameters[place.name]))
    return tree.sql(dialect="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)


def _silence() -> None:
    """Still the loggers through which PySpark prints the value that offended it, with the whole stack."""
    for name in ("SQLQueryContextLogger", "DataFrameQueryContextLogger"):
        PySparkLogger.getLogger(name).disabled = True


def _settings(memory: str, host: str) -> dict[str, str]:
    return {
        "spark.driver.memory": memory,
        "spark.driver.bindAddress": host,
        "spark.driver.host": host,
        "spark.executor.memory": memory,
        "spark.driver.extraJavaOptions": "-Dlog4j2.level=OFF -Dlog4j2.StatusLogger.level=OFF",
        "spark.log.level": "OFF",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.catalogImplementation": "in-memory",
    }


def _refused(expected: str, found: str, statement_id: str) -> EngineError:
    return EngineError(
        expected=f"{expected} for {statement_id}",
        found=found,
        remedy="run the lint of the query folders",
        statement_id=statement_id,
    )


def _scrubbed(error: PySparkException, statement_id: str) -> EngineError:
    """Keep class and SQL state of the error and drop its message: Spark prints the value that offended it."""
    return EngineError(
        expected=f"Spark to answer {statement_id}",
        found=f"{type(error).__name__} ({error.getCondition() or 'no condition'})",
        remedy="run the drawn cases of that query",
        statement_id=statement_id,
        sql_state=error.getSqlState() or "",
    )
