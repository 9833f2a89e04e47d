# SPDX-License-Identifier: EUPL-1.2
"""DuckDB over Parquet files in one directory, for point reads: no other file, no network, no extensions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from rekenschap.errors import EngineError
from rekenschap.seams.engine import Parameter

Given = Parameter | Sequence[int] | Sequence[str]
"""What may be bound to a `$name`: a value, or a list of files or of whole numbers."""


class ParquetFiles:
    """Answers SELECTs over the files in `folder`; may be used by several threads at once.

    Every answer has a cursor of its own, on one session that keeps the footers of files it has read.
    """

    def __init__(self, folder: Path, *, threads: int = 1, memory_limit: str = "1GB") -> None:
        self._folder = folder.absolute()
        settings: dict[str, str | bool | int | float | list[str]] = {
            "threads": threads,
            "memory_limit": memory_limit,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "python_enable_replacements": False,
        }
        try:
            self._session = duckdb.connect(":memory:", config=settings)
            self._session.execute("LOAD parquet")  # built in: nothing is fetched
            self._session.execute("SET parquet_metadata_cache = true")
            self._session.execute(f"SET allowed_directories = ['{_quoted(self._folder)}/']")
            self._session.execute("SET enable_external_access = false")
            self._session.execute("SET lock_configuration = true")
        except duckdb.Error as error:
            raise _scrubbed(error, "settings") from None

    def answer(self, sql: str, given: Mapping[str, Given], *, query_id: str) -> pa.Table:
        """Run one SELECT; a list named `files` holds names below the folder. Raises EngineError."""
        told = dict(given)
        files = told.get("files")
        if isinstance(files, Sequence):
            told["files"] = [str(self._folder / str(name)) for name in files]
        try:
            with self._session.cursor() as cursor:
                return cursor.sql(sql, params=told).to_arrow_table()
        except duckdb.Error as error:
            raise _scrubbed(error, query_id) from None

    def close(self) -> None:
        """Let go of the session."""
        self._session.close()


def _quoted(folder: Path) -> str:
    return str(folder).replace("'", "''")


def _scrubbed(error: duckdb.Error, statement_id: str) -> EngineError:
    """Keep the class of the error and drop its message: DuckDB prints the value that offended it."""
    return EngineError(
        expected=f"DuckDB to answer {statement_id}",
        found=type(error).__name__,
        remedy="derive again with `rekenschap derive`",
        retryable=isinstance(error, duckdb.IOException | duckdb.OperationalError),
        statement_id=statement_id,
    )
