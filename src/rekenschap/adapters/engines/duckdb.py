# SPDX-License-Identifier: EUPL-1.2
"""DuckDB inside this process: no files, no network, no extensions; parameters bound by the engine itself."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import pyarrow as pa

from rekenschap.errors import EngineError
from rekenschap.seams.engine import Parameter


class DuckDbEngine:
    """One DuckDB session in memory; see `rekenschap.seams.engine.Engine` for the contract.

    `memory_limit` is in DuckDB's words (`4GB`); empty leaves it to DuckDB (80 %), as does `threads` 0.
    """

    name = "duckdb"

    def __init__(self, *, threads: int = 0, memory_limit: str = "") -> None:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "enable_external_access": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "python_enable_replacements": False,
        }
        if threads:
            settings["threads"] = threads
        if memory_limit:
            settings["memory_limit"] = memory_limit
        try:
            self._session = duckdb.connect(":memory:", config=settings)
        except duckdb.Error as error:
            raise _scrubbed(error, "settings") from None

    def bind(self, name: str, rows: pa.Table) -> None:
        """Make `rows` known as the relation `name`, in place of what had that name."""
        try:
            self._session.register(name, rows)
        except duckdb.Error as error:
            raise _scrubbed(error, f"bind {name}") from None

    def answer(self, sql: str, parameters: Mapping[str, Parameter], *, query_id: str) -> pa.Table:
        """Run one SELECT; one cursor per query, as 2.0 refuses a second while a result is unfetched."""
        try:
            answered = self._session.sql(sql, params=dict(parameters)).to_arrow_table()
        except duckdb.Error as error:
            raise _scrubbed(error, query_id) from None
        return answered

    def close(self) -> None:
        """Let go of the session and everything bound to it."""
        self._session.close()


def _scrubbed(error: duckdb.Error, statement_id: str) -> EngineError:
    """Keep the class of the error and drop its message: DuckDB prints the value that offended it."""
    return EngineError(
        expected=f"DuckDB to answer {statement_id}",
        found=type(error).__name__,
        remedy="run the drawn cases of that query",
        retryable=isinstance(error, duckdb.OperationalError),
        statement_id=statement_id,
    )
