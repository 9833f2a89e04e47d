# SPDX-License-Identifier: EUPL-1.2
"""The machine that answers SQL. Knows relations by name; not what they mean or where they came from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import pyarrow as pa

Parameter = int | float | str | bool
"""What may be bound to a `$name` in a query; times are microseconds UTC, as everywhere in SQL here."""


class Engine(Protocol):
    """One session of an SQL engine.

    Raises EngineError with the query's id and the engine's class of error; never with a value of a row,
    because engines print the value that offended them.
    """

    name: str
    """The sqlglot dialect the engine speaks: `duckdb` or `spark`."""

    def bind(self, name: str, rows: pa.Table) -> None:
        """Make `rows` known as the relation `name`, in place of what had that name."""

    def answer(self, sql: str, parameters: Mapping[str, Parameter], *, query_id: str) -> pa.Table:
        """Run one SELECT in the DuckDB dialect with `$name` parameters bound; give all its rows."""

    def close(self) -> None:
        """Let go of everything held; the engine answers no more."""
