# SPDX-License-Identifier: EUPL-1.2
"""A relation in pieces, each fetched by the worker that needs it: what is where the workers are stays there.

A source of Spark's own kind (Python Data Source). Knows no ledger: a piece says itself where its rows are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa
from pyspark.sql.datasource import DataSource, DataSourceReader, InputPartition

_TYPES = {pa.int64(): "bigint", pa.int32(): "int", pa.string(): "string", pa.bool_(): "boolean"}
_BATCH = 65_536


class Piece(Protocol):
    """Some rows of a relation. It travels to a worker by pickle, so it holds where the rows are, not them."""

    def rows(self) -> pa.Table:
        """Fetch the rows, in the schema of the relation."""


@dataclass
class _Place(InputPartition):  # type: ignore[misc]
    """Which piece a task reads."""

    at: int


class _Reader(DataSourceReader):  # type: ignore[misc]
    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = pieces

    def partitions(self) -> list[InputPartition]:
        return [_Place(at) for at in range(len(self._pieces))]

    def read(self, partition: InputPartition) -> Iterator[pa.RecordBatch]:
        rows = self._pieces[partition.at].rows().combine_chunks()
        yield from rows.to_batches(max_chunksize=_BATCH)


def source_of(name: str, pieces: Sequence[Piece]) -> type[DataSource]:
    """Make a kind of source of these pieces: Spark sends the class itself to its workers."""
    held = tuple(pieces)

    class Pieces(DataSource):  # type: ignore[misc]
        @classmethod
        def name(cls) -> str:
            return name

        def reader(self, schema: object) -> DataSourceReader:
            return _Reader(held)

    return Pieces


def columns_of(schema: pa.Schema) -> str:
    """Write a schema in work form as Spark writes one."""
    return ", ".join(f"{field.name} {_TYPES[field.type]}" for field in schema)
