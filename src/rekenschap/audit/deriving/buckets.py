# SPDX-License-Identifier: EUPL-1.2
"""Rows into Parquet, spread over files by the person they are about: a page reads one small file.

Measured elsewhere: in one large file the footer alone takes longer than the answer may (engine notes, 5).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from rekenschap.audit.deriving.columns import Whole, in_order

BUCKETS = 64
_ROWS = 8_192
_LARGE = 131_072


def bucket_of(hi: int) -> int:
    """Give the bucket of a person."""
    return hi & (BUCKETS - 1)


def files_of(folder: str, people: Iterable[int]) -> list[str]:
    """Name the files in which the rows of these people are."""
    return [f"{folder}/{each:02}.parquet" for each in sorted({bucket_of(hi) for hi in people})]


def every_file(folder: str) -> list[str]:
    """Name all files of a folder."""
    return [f"{folder}/{each:02}.parquet" for each in range(BUCKETS)]


def write_buckets(rows: pa.Table, folder: Path, *, by: str, then: str) -> None:
    """Write rows sorted by the bucket of `by`, `by` and `then`; there is a file for every bucket."""
    folder.mkdir(parents=True)
    buckets: Whole = np.asarray(rows.column(by), dtype=np.int64) & (BUCKETS - 1)
    order = in_order(
        pa.table({"bucket": buckets, by: rows.column(by), then: rows.column(then)}), ["bucket", by, then]
    )
    ends = np.searchsorted(buckets[order], np.arange(BUCKETS + 1))
    for each in range(BUCKETS):
        part = rows.take(pa.array(order[ends[each] : ends[each + 1]]))
        write_rows(part, folder / f"{each:02}.parquet", group=_ROWS)


def write_sorted(rows: pa.Table, path: Path, *, by: tuple[str, ...]) -> None:
    """Write rows in one file, sorted."""
    write_rows(rows.take(pa.array(in_order(rows, by))), path, group=_LARGE if len(rows) > _LARGE else _ROWS)


def write_rows(rows: pa.Table, path: Path, *, group: int) -> None:
    """Write rows as they stand."""
    texts = [field.name for field in rows.schema if pa.types.is_dictionary(field.type)]
    pq.write_table(
        rows, path, row_group_size=group, compression="zstd", compression_level=1, use_dictionary=texts,
        write_statistics=True, store_schema=False,
    )  # fmt: skip
