# SPDX-License-Identifier: EUPL-1.2
"""DuckDB over relations that are Parquet files in one directory, for what must not be held in memory whole.

No other file is read, nothing is fetched; what does not fit is put aside in a directory of our own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from rekenschap.errors import EngineError
from rekenschap.seams.engine import Parameter


class DuckDbFolder:
    """An engine (see `rekenschap.seams.engine.Engine`) that can also bind files below `folder`.

    `memory_limit` is in DuckDB's words and bounds what the engine holds; a table that is bound counts apart.
    """

    name = "duckdb"

    def __init__(
        self, folder: Path, *, threads: int = 0, memory_limit: str = "", spill: Path | None = None
    ) -> None:
        self._folder = folder.absolute()
        self._of_files: set[str] = set()
        settings: dict[str, str | bool | int | float | list[str]] = {
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "python_enable_replacements": False,
            "preserve_insertion_order": False,  # a relation has no order, and keeping one costs memory
        }
        if threads:
            settings["threads"] = threads
        if memory_limit:
            settings["memory_limit"] = memory_limit
        if spill is not None:
            settings["temp_directory"] = str(spill.absolute())
        try:
            self._session = duckdb.connect(":memory:", config=settings)
            self._session.execute("SET enable_progress_bar = false")  # it would be written into our answers
            self._session.execute("LOAD parquet")  # built in: nothing is fetched
            allowed = [self._folder, *([spill.absolute()] if spill is not None else [])]
            named = ", ".join(f"'{_quoted(str(each))}/'" for each in allowed)
            self._session.execute(f"SET allowed_directories = [{named}]")
            self._session.execute("SET enable_external_access = false")
            self._session.execute("SET lock_configuration = true")
        except duckdb.Error as error:
            raise _scrubbed(error, "settings") from None

    def bind(self, name: str, rows: pa.Table) -> None:
        """Make `rows` known as the relation `name`, in place of what had that name."""
        try:
            if name in self._of_files:
                self._session.execute(f'DROP VIEW "{name}"')
                self._of_files.remove(name)
            self._session.register(name, rows)
        except duckdb.Error as error:
            raise _scrubbed(error, f"bind {name}") from None

    def bind_files(self, name: str, files: Sequence[str]) -> None:
        """Make the rows of Parquet files (names below the folder, one at least) known as `name`."""
        listed = ", ".join(f"'{_quoted(str(self._folder / each))}'" for each in files)
        try:
            if name not in self._of_files:
                self._session.unregister(name)
            self._session.execute(
                f'CREATE OR REPLACE TEMP VIEW "{name}" AS SELECT * FROM read_parquet([{listed}])'  # noqa: S608
            )
            self._of_files.add(name)
        except duckdb.Error as error:
            raise _scrubbed(error, f"bind {name}") from None

    def answer(self, sql: str, parameters: Mapping[str, Parameter], *, query_id: str) -> pa.Table:
        """Run one SELECT in the DuckDB dialect with `$name` parameters bound; give all its rows."""
        try:
            return self._session.sql(sql, params=dict(parameters)).to_arrow_table()
        except duckdb.Error as error:
            raise _scrubbed(error, query_id) from None

    def close(self) -> None:
        """Let go of the session and everything bound to it."""
        self._session.close()


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def _scrubbed(error: duckdb.Error, statement_id: str) -> EngineError:
    """Keep the class of the error and drop its message: DuckDB prints the value that offended it."""
    return EngineError(
        expected=f"DuckDB to answer {statement_id}",
        found=type(error).__name__,
        remedy="run the drawn cases of that query",
        retryable=isinstance(error, duckdb.IOException | duckdb.OperationalError),
        statement_id=statement_id,
    )
