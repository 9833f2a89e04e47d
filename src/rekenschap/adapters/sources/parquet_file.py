# SPDX-License-Identifier: EUPL-1.2
"""Parquet: every column becomes text; a time is written as ISO 8601, with its offset when it has a zone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from rekenschap.adapters.sources.unpacking import chunks_of, source_error
from rekenschap.seams.source import BLOCK_ROWS, MAX_COLUMNS, Block, ReaderOptions
from rekenschap.tables import one_chunk

_MAGIC = b"PAR1"
_MAX_FOOTER = 64 << 20


class ParquetFile:
    """Reads Parquet with flat columns; a nested column is left out."""

    fixed_columns = True

    def blocks(self, path: Path, options: ReaderOptions) -> Iterator[Block]:
        """Give the rows in order, numbered from 1."""
        _check_footer(path)
        given = 0
        try:
            with pq.ParquetFile(path) as opened:
                _check_width(len(opened.schema_arrow))
                for batch in opened.iter_batches(batch_size=BLOCK_ROWS):
                    numbers = pa.array(range(given + 1, given + batch.num_rows + 1), pa.int64())
                    yield Block(rows=_texts(pa.Table.from_batches([batch])), lines=numbers)
                    given += batch.num_rows
        except (pa.ArrowException, OSError):
            raise source_error(
                "a sound Parquet file", "one that is damaged", "ask for the file again"
            ) from None


def _check_footer(path: Path) -> None:
    next(chunks_of(path))  # says what is wrong with the path itself
    with path.open("rb") as stream:
        head = stream.read(4)
        stream.seek(max(0, path.stat().st_size - 8))
        tail = stream.read(8)
    if head != _MAGIC or tail[4:] != _MAGIC:
        raise source_error("a Parquet file", "a file of another kind", "check which profile reads this file")
    if int.from_bytes(tail[:4], "little") > _MAX_FOOTER:
        raise source_error(
            "a Parquet file with few columns", "an index of over 64 MiB", "check what the file is"
        )


def _check_width(columns: int) -> None:
    if columns > MAX_COLUMNS:
        found = f"{columns} columns"
        raise source_error(f"at most {MAX_COLUMNS} columns", found, "check what the file is")


def _texts(rows: pa.Table) -> pa.Table:
    columns = {name: one_chunk(rows.column(name)) for name in rows.column_names}
    flat = {name: column for name, column in columns.items() if not pa.types.is_nested(column.type)}
    return pa.table({name: _text(column) for name, column in flat.items()})


def _text(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_timestamp(column.type) and column.type.tz:
        return pc.strftime(column.cast(pa.timestamp("us", tz="UTC"), safe=False), format="%Y-%m-%dT%H:%M:%SZ")
    if pa.types.is_binary(column.type) or pa.types.is_fixed_size_binary(column.type):
        return pa.array([None if value is None else value.hex() for value in column.to_pylist()], pa.string())
    return column.cast(pa.string())
